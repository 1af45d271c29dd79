\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/docs/examples/chinese_company/'
\set company_file :example 'company.sql'
\set january_file :example 'january.sql'
\set february_file :example 'february.sql'
\set december_file :example 'december.sql'
SET client_min_messages = warning;
BEGIN;
-- The example company: 会小企01 and 02 for January, February and the year 2026, each figure worked out by hand; lines that are not here are zero.
-- The working behind them is the comment before each.
CREATE SCHEMA trial;
CREATE FUNCTION trial.shown(template text, period text, column_no integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(s.line_no || ' ' || trim_scale(s.amount), ', ' ORDER BY s.line_no)
	  FROM erp.statement('SL', template, period) s WHERE s.column_no = shown.column_no AND s.amount <> 0
$$;
CREATE FUNCTION trial.closed(period text) RETURNS text LANGUAGE sql AS $$
	SELECT erp.close_month('SL', 'close ' || period, json_build_object('period', period)) ->> 'state'
$$;
SELECT plan(23);
\o /dev/null
\i :company_file
\i :january_file
\o
SELECT is(trial.closed('2026-01'), 'closed', 'January is closed');
-- 1: bank 1,000,000 + 200,000 - 135,600 - 24,000 - 33,900 + 21,200 + 100,000 - 80,000 - 17,400 + 50,000 - 30,000 - 5,000 - 50 = 1,045,250; cash 5,000 - 1,500.
-- 4: C1 owes 600 x 180 x 1.13 - 100,000. 9: materials 30,000 - 20,000, production 20,000 + 2,000, goods 400 x 100. 27: 24,000 less a month.
-- 33: S1 100,000 x 1.13 - 80,000. 35: 2,000 + 20,000 - 18,000. 36: output 14,040 + 1,200, input 15,600 + 13,000 + 3,900, tax on wages 600: a debit.
SELECT is(trial.shown('cn_small_balance_sheet', '2026-01', 1),
	'1 1048750, 4 22040, 5 30000, 9 72000, 10 10000, 11 22000, 12 40000, 15 1172790, 18 120000, 20 120000, 27 23000, 29 143000, 30 1315790, '
	'31 200000, 33 33000, 34 50000, 35 4000, 36 -16660, 37 800, 41 271140, 47 271140, 48 1000000, 51 44650, 52 1044650, 53 1315790', '会小企01 of January');
SELECT is(trial.shown('cn_small_balance_sheet', '2026-01', 2), NULL, 'the year began with nothing');
-- 1: 108,000 + 20,000. 2: 600 x 100. 11: wages. 14: wages 12,000, entertainment 1,500, fittings 1,000. 18: interest 800, bank 50.
SELECT is(trial.shown('cn_small_profit', '2026-01', 1),
	'1 128000, 2 60000, 11 8000, 14 14500, 16 1500, 18 850, 19 800, 21 44650, 30 44650, 32 44650', '会小企02 of January');
SELECT is(trial.shown('cn_small_profit', '2026-01', 2), trial.shown('cn_small_profit', '2026-01', 1), 'the year to date is January');
\o /dev/null
\i :february_file
\o
SELECT is(trial.shown('cn_small_balance_sheet', '2026-02', 1),
	'1 1042890, 4 14000, 9 77500, 10 10000, 11 25000, 12 42000, 15 1134390, 18 120000, 19 1000, 20 119000, 25 11900, 26 5000, 27 22000, 29 157900, 30 1292290, '
	'31 200000, 33 33510, 34 24060, 35 5000, 36 -16530, 37 800, 41 246840, 47 246840, 48 1000000, 51 45450, 52 1045450, 53 1292290', 'before the close there is no exchange difference');
SELECT is(trial.closed('2026-02'), 'closed', 'February is closed');
-- 1: bank 1,045,250 + 30,000 - 600 + 10,000 - 300 - 40,000 + 41,500 - 6,360 - 21,300 - 800 - 5,000 - 12,000; cash 3,500 - 1,000.
-- 4: C3 2,000 USD at 7.10. 34: C1 paid 7,960 too much; of C2's 50,000 33,900 are delivered. 9: with overheads of 500 and 300 x 90 - 100 x 100 - 150 x 100 of goods.
-- 33: S1 33,000, S2 27,000 x 1.13 - 30,000. 36: output 19,140, input 36,370, tax on wages 700.
SELECT is(trial.shown('cn_small_balance_sheet', '2026-02', 1),
	'1 1042890, 4 14200, 9 77500, 10 10000, 11 25000, 12 42000, 15 1134590, 18 120000, 19 1000, 20 119000, 25 11900, 26 5000, 27 22000, 29 157900, 30 1292490, '
	'31 200000, 33 33510, 34 24060, 35 5000, 36 -16530, 37 800, 41 246840, 47 246840, 48 1000000, 51 45650, 52 1045650, 53 1292490', '会小企01 of February');
-- 1: 2,000 USD at 7.00, 150 x 200. 2: 250 x 100. 11: advertising 6,000, wages. 14: depreciation 500, wages 12,000, fittings and software 1,100. 20: 41,500 - 40,000.
-- 22: a grant of 10,000, exchange 2,000 x 0.10. 24: late payment 300, a gift 1,000.
SELECT is(trial.shown('cn_small_profit', '2026-02', 1),
	'1 44000, 2 25000, 11 14000, 13 6000, 14 13600, 18 800, 19 800, 20 1500, 21 -7900, 22 10200, 23 10000, 24 1300, 29 300, 30 1000, 32 1000', '会小企02 of February');
SELECT is(trial.shown('cn_small_profit', '2026-02', 2),
	'1 172000, 2 85000, 11 22000, 13 6000, 14 28100, 16 1500, 18 1650, 19 1600, 20 1500, 21 36750, 22 10200, 23 10000, 24 1300, 29 300, 30 45650, 32 45650', 'January and February');
SELECT is_empty($$SELECT * FROM generate_series(3, 11) AS m (month) WHERE trial.closed(to_char(m.month, '"2026-"FM00')) <> 'closed'$$, 'March to November are closed');
-- March provides 5 % of 45,650; what the revaluation of the dollars adds at the end of each month the first of the next takes back.
SELECT is(trial.shown('cn_small_profit', '2026-03', 1), '31 2282.5, 32 -2282.5', 'the tax of a quarter without trade');
SELECT is(trial.shown('cn_small_profit', '2026-11', 1), NULL, 'a month without anything');
\o /dev/null
\i :december_file
\o
SELECT is(trial.closed('2026-12'), 'closed', 'December is closed');
SELECT is(erp.close_year('SL', 'close the year', '{"year": "2026", "appropriations": [{"account": "3101", "percent": 10, "through": "3104.01"}]}') ->> 'state', 'closed', 'the year is closed');
-- 1: bank 1,040,390 + 170,000 - 100,000 - 6,000, 2,000 USD at 7.08; cash 2,500. 4: C1 160,000 x 1.13 - 7,960 - 170,000. 9: goods 50 x 90.
-- 36: VAT 20,800 - 17,230, surcharges 12 % of it, income tax 5 % of 146,681.60, tax on wages 700. 50: 10 % of 139,347.52. 51: that less 13,934.75 and 10,000.
SELECT is(trial.shown('cn_small_balance_sheet', '2026', 1),
	'1 1121050, 4 2840, 9 40000, 10 10000, 11 25000, 12 4500, 15 1163890, 18 120000, 19 11000, 20 109000, 25 10900, 26 5000, 27 12000, 29 136900, 30 1300790, '
	'31 100000, 33 33510, 34 16100, 35 5000, 36 12032.48, 37 800, 38 4000, 41 171442.48, 47 171442.48, 48 1000000, 50 13934.75, 51 115412.77, 52 1129347.52, 53 1300790', '会小企01 of the year');
-- 1: 172,000 + 160,000. 2: 85,000 + 150 x 100 + 250 x 90. 14: 28,100 + 21,000. 22: grant 10,000, dollars 100 when they came and 60 at the end.
SELECT is(trial.shown('cn_small_profit', '2026', 1),
	'1 332000, 2 122500, 3 428.4, 6 249.9, 10 178.5, 11 22000, 13 6000, 14 49100, 16 1500, 18 1650, 19 1600, 20 1500, 21 137821.6, 22 10160, 23 10000, 24 1300, 29 300, '
	'30 146681.6, 31 7334.08, 32 139347.52', '会小企02 of the year');
SELECT is(trial.shown('cn_small_profit', '2026', 2), NULL, 'there was no year before');
SELECT is(trial.shown('cn_small_balance_sheet', '2027-01', 2), trial.shown('cn_small_balance_sheet', '2026', 1), 'the next year begins with what this one ended with');
-- December takes back 200 of November's dollars and earns 160 of them: less than nothing in 22, which is for a loss of 40 in 18 to the accountant to say.
SELECT is((SELECT string_agg(concat_ws(' ', p.code, f.formula, f.column_no, trim_scale(f.left_amount), trim_scale(f.right_amount)), ', ') FROM erp.period p CROSS JOIN (VALUES ('cn_small_balance_sheet'), ('cn_small_profit')) AS t (template)
	CROSS JOIN LATERAL erp.statement_checks('SL', t.template, p.code) f), '2026-12 L22 >= L23 1 -40 0', 'all check formulas hold in all months, but that an exchange loss stands as income below zero');
-- Reopened and closed again, the statements are the same.
\o /dev/null
SELECT trial.shown('cn_small_balance_sheet', '2026', 1) || trial.shown('cn_small_profit', '2026', 1) AS before \gset
SELECT erp.reopen_year('SL', 'reopen the year', '{"year": "2026", "reason": "to be closed again"}');
SELECT erp.reopen_month('SL', 'reopen December', '{"period": "2026-12", "reason": "to be closed again"}');
\o
SELECT is(erp.close_year('SL', 'close again', '{"year": "2026", "appropriations": [{"account": "3101", "percent": 10, "through": "3104.01"}]}') ->> 'state', 'closed', 'closed again, December with it');
SELECT is(trial.shown('cn_small_balance_sheet', '2026', 1) || trial.shown('cn_small_profit', '2026', 1), :'before', 'the same statements');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'all laws hold');
SELECT finish();
ROLLBACK;
