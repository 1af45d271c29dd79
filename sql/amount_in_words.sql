\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Amounts in words: the examples of annex 1 of 支付结算办法, and what lies between them, written down by hand.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
\o
BEGIN;
SELECT plan(52);
GRANT USAGE ON SCHEMA public TO erp_read;
SET LOCAL ROLE erp_read;

-- The examples of the annex; of two ways that it allows the one that it names first.
SELECT is(erp.amount_in_words(1409.50), '壹仟肆佰零玖元伍角', 'annex: one zero in the middle');
SELECT is(erp.amount_in_words(6007.14), '陆仟零柒元壹角肆分', 'annex: several zeros in the middle');
SELECT is(erp.amount_in_words(1680.32), '壹仟陆佰捌拾元零叁角贰分', 'annex: no yuan, but jiao');
SELECT is(erp.amount_in_words(107000.53), '壹拾万柒仟元零伍角叁分', 'annex: zeros before and at the yuan');
SELECT is(erp.amount_in_words(16409.02), '壹万陆仟肆佰零玖元零贰分', 'annex: no jiao, but fen');
SELECT is(erp.amount_in_words(325.04), '叁佰贰拾伍元零肆分', 'annex: the same below a thousand');

-- Parts of a yuan.
SELECT is(erp.amount_in_words(0), '零元整', 'nothing');
SELECT is(erp.amount_in_words(0.01), '壹分', 'a fen');
SELECT is(erp.amount_in_words(0.10), '壹角', 'a jiao');
SELECT is(erp.amount_in_words(0.35), '叁角伍分', 'jiao and fen');
SELECT is(erp.amount_in_words(1), '壹元整', 'a yuan');
SELECT is(erp.amount_in_words(5.05), '伍元零伍分', 'fen without jiao');
SELECT is(erp.amount_in_words(10.05), '壹拾元零伍分', 'one zero, not two');
SELECT is(erp.amount_in_words(10.50), '壹拾元零伍角', 'jiao after no yuan');
SELECT is(erp.amount_in_words(12.50), '壹拾贰元伍角', 'nothing after jiao');
SELECT is(erp.amount_in_words(-3.20), '负叁元贰角', 'below zero');

-- Whole yuan.
SELECT is(erp.amount_in_words(10), '壹拾元整', 'ten is written with its one');
SELECT is(erp.amount_in_words(15), '壹拾伍元整', 'so is fifteen');
SELECT is(erp.amount_in_words(100), '壹佰元整', 'a hundred');
SELECT is(erp.amount_in_words(101), '壹佰零壹元整', 'a hundred and one');
SELECT is(erp.amount_in_words(110), '壹佰壹拾元整', 'a hundred and ten');
SELECT is(erp.amount_in_words(1000), '壹仟元整', 'a thousand');
SELECT is(erp.amount_in_words(1001), '壹仟零壹元整', 'two zeros are one');
SELECT is(erp.amount_in_words(1010), '壹仟零壹拾元整', 'a thousand and ten');
SELECT is(erp.amount_in_words(10000), '壹万元整', 'ten thousand');
SELECT is(erp.amount_in_words(10001), '壹万零壹元整', 'three zeros are one');
SELECT is(erp.amount_in_words(10500), '壹万零伍佰元整', 'a zero in the thousands');
SELECT is(erp.amount_in_words(15000), '壹万伍仟元整', 'none');
SELECT is(erp.amount_in_words(100000), '壹拾万元整', 'a hundred thousand');
SELECT is(erp.amount_in_words(101000), '壹拾万壹仟元整', 'zeros that end the ten thousands are not written');
SELECT is(erp.amount_in_words(1010101), '壹佰零壹万零壹佰零壹元整', 'zeros everywhere');
SELECT is(erp.amount_in_words(10000000), '壹仟万元整', 'ten million');
SELECT is(erp.amount_in_words(10001000), '壹仟万壹仟元整', 'zeros that end the group above');
SELECT is(erp.amount_in_words(100000000), '壹亿元整', 'a hundred million');
SELECT is(erp.amount_in_words(100000001), '壹亿零壹元整', 'seven zeros are one');
SELECT is(erp.amount_in_words(100005000), '壹亿零伍仟元整', 'a group of zeros between');
SELECT is(erp.amount_in_words(100010000), '壹亿零壹万元整', 'zeros before the ten thousands');
SELECT is(erp.amount_in_words(110000000), '壹亿壹仟万元整', 'thousands of ten thousands');
SELECT is(erp.amount_in_words(1234567890.12), '壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元零壹角贰分', 'every figure');
SELECT is(erp.amount_in_words(1000000000000), '壹万亿元整', '10^12');
SELECT is(erp.amount_in_words(1200000000000), '壹万贰仟亿元整', 'the hundred millions are said once');
SELECT is(erp.amount_in_words(1000000010000.01), '壹万亿零壹万元零壹分', 'a far ten thousand');
SELECT is(erp.amount_in_words(100000000000000), '壹佰万亿元整', '10^14');

-- English, as on a cheque.
SELECT is(erp.amount_in_words(0.05, 'en'), 'zero and 05/100', 'en: hundredths');
SELECT is(erp.amount_in_words(1409.5, 'en'), 'one thousand four hundred nine and 50/100', 'en: 1,409.50');
SELECT is(erp.amount_in_words(-21000117, 'en'), 'minus twenty-one million one hundred seventeen and 00/100', 'en: a group of zeros');
SELECT is(erp.amount_in_words(340, 'en'), 'three hundred forty and 00/100', 'en: tens alone');
SELECT is(erp.amount_in_words(99999999999999.99, 'en'), 'ninety-nine trillion nine hundred ninety-nine billion nine hundred ninety-nine million nine hundred ninety-nine thousand nine hundred ninety-nine and 99/100', 'en: the greatest');

SELECT is(erp.amount_in_words(NULL), NULL, 'nothing of nothing');
SELECT throws_ok($$SELECT erp.amount_in_words(100000000000000.01)$$, 'LE360', 'the amount cannot be written in words', 'beyond 10^14');
SELECT throws_ok($$SELECT erp.amount_in_words(1.005)$$, 'LE360', 'the amount cannot be written in words', 'a third decimal');
SELECT throws_ok($$SELECT erp.amount_in_words(1, 'fr')$$, 'LE011', 'the language is not known', 'another language');
SELECT * FROM finish();
ROLLBACK;
