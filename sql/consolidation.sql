\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- A group of three, kept by P: P and Q in pounds, E in euros. All by hand.
--   1 January   capital: P 1000, Q 500 pounds, E 200 euros
--   15 January  E earns 100 euros
--   20 January  P bills Q 60 for services, who books 60 as office cost and has paid 2 of it, which P does not know yet: 60 against 58
--   21 January  P sells goods for 40 to others
--   10 February E pays 30 euros of rent, account 6100, which the group calls 6000
-- A euro is worth 0.90 pounds on 1 January, 0.92 on 31 January, 0.95 on 28 February, in February 0.93 on average.
SELECT plan(16);
\o /dev/null
CREATE FUNCTION pg_temp.entry(company text, key text, day date, debit text, debit_party text, credit text, credit_party text, amount numeric) RETURNS void
LANGUAGE sql AS $$
	SELECT erp.post_document(company, json_build_object('key', key, 'kind', 'manual_voucher', 'day', day, 'lines', json_build_array(
		json_strip_nulls(json_build_object('account', debit, 'side', 'debit', 'party', debit_party, 'amount', amount)),
		json_strip_nulls(json_build_object('account', credit, 'side', 'credit', 'party', credit_party, 'amount', amount)))))
$$;
SELECT trial.make_company('P'), trial.make_company('Q'), trial.make_company('E', 'EUR');
SELECT erp.put_accounts(c.company, 'equity', '[
	{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"},
	{"code": "3000", "name": "Capital", "class": "equity", "side": "credit"}]') FROM unnest(ARRAY['P', 'Q', 'E']) AS c (company);
SELECT erp.put_accounts('P', 'group', '[{"code": "3900", "name": "Translation", "class": "equity", "side": "credit"},
	{"code": "3950", "name": "In transit", "class": "asset", "side": "debit"}]');
SELECT erp.put_accounts('E', 'rent', '[{"code": "6100", "name": "Rent", "class": "expense", "side": "debit"}]');
SELECT erp.put_exchange_rates('P', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2009-01-01", "rate": 0.9},
	{"from": "EUR", "to": "GBP", "day": "2009-01-31", "rate": 0.92}, {"from": "EUR", "to": "GBP", "day": "2009-02-28", "rate": 0.95}]');
SELECT pg_temp.entry('P', 'capital', '2009-01-01', '1000', NULL, '3000', NULL, 1000);
SELECT pg_temp.entry('Q', 'capital', '2009-01-01', '1000', NULL, '3000', NULL, 500);
SELECT pg_temp.entry('E', 'capital', '2009-01-01', '1000', NULL, '3000', NULL, 200);
SELECT pg_temp.entry('E', 'earned', '2009-01-15', '1000', NULL, '4000', NULL, 100);
SELECT pg_temp.entry('P', 'billed', '2009-01-20', '1100', 'C1', '4100', NULL, 60);
SELECT pg_temp.entry('Q', 'billed', '2009-01-20', '6000', NULL, '2000', 'S1', 58);
SELECT pg_temp.entry('Q', 'paid', '2009-01-20', '6000', NULL, '1000', NULL, 2);
SELECT pg_temp.entry('P', 'sold', '2009-01-21', '1100', 'C2', '4000', NULL, 40);
SELECT pg_temp.entry('E', 'rent paid', '2009-02-10', '6100', NULL, '1000', NULL, 30);
\o
SELECT lives_ok($$SELECT erp.put_consolidations('P', 'group without rent', '[{"code": "G", "name": "Group", "currency": "GBP", "translation_account": "3900", "difference_account": "3950",
	"members": ["P", "Q", "E"]}]')$$, 'a group');
SELECT throws_ok($$SELECT * FROM erp.consolidated_trial_balance('P', 'G', '2009-02-01', '2009-02-28')$$, 'LE390', NULL, 'an account that the group does not have');
SELECT lives_ok($$SELECT * FROM erp.consolidated_trial_balance('P', 'G', '2009-01-01', '2009-01-31')$$, 'before it had a balance, nothing is missing');
\o /dev/null
SELECT erp.put_consolidations('P', 'yen', '[{"code": "Y", "name": "Yen", "currency": "JPY", "translation_account": "3900", "difference_account": "3950", "members": ["P"]}]');
\o
SELECT throws_ok($$SELECT * FROM erp.consolidated_trial_balance('P', 'Y', '2009-01-01', '2009-01-31')$$, 'LE043', NULL, 'no rate');
SELECT is(erp.put_consolidations('P', 'eliminations', '[{"code": "G", "name": "Group", "currency": "GBP", "translation_account": "3900", "difference_account": "3950",
	"members": ["P", "Q", "E"], "accounts": [{"member": "E", "account": "6100", "becomes": "6000"}],
	"eliminations": [{"member": "P", "account": "1100", "party": "C1", "partner": "Q"}, {"member": "P", "account": "4100", "partner": "Q"},
		{"member": "Q", "account": "2000", "party": "S1", "partner": "P"}, {"member": "Q", "account": "6000", "partner": "P"}],
	"rates": [{"period": "2009-02", "currency": "EUR", "average_rate": 0.93}]}]'), '{"inserted": 0, "updated": 1}'::jsonb, 'what its members have with each other');
-- Translation: 300 euros of net assets gained 0.03 each = 9.00, less the rent's 30 x (0.95 - 0.93) = 0.60.
SELECT results_eq($$SELECT account_code, opening, change, closing, members, translation, elimination, difference FROM erp.consolidated_trial_balance('P', 'G', '2009-02-01', '2009-02-28')$$,
	$$VALUES ('1000', 1774.00, -19.50, 1754.50, 1754.50, 0.00, 0.00, 0.00),
		('1100', 40.00, 0.00, 40.00, 100.00, 0.00, -60.00, 0.00),
		('2000', 0.00, 0.00, 0.00, -58.00, 0.00, 58.00, 0.00),
		('3000', -1684.00, 0.00, -1684.00, -1684.00, 0.00, 0.00, 0.00),
		('3900', 0.00, -8.40, -8.40, 0.00, -8.40, 0.00, 0.00),
		('3950', 2.00, 0.00, 2.00, 0.00, 0.00, 0.00, 2.00),
		('4000', -132.00, 0.00, -132.00, -132.00, 0.00, 0.00, 0.00),
		('4100', 0.00, 0.00, 0.00, -60.00, 0.00, 60.00, 0.00),
		('6000', 0.00, 27.90, 27.90, 87.90, 0.00, -60.00, 0.00)$$, 'the group in February');
SELECT is((SELECT sum(closing) FROM erp.consolidated_trial_balance('P', 'G', '2009-02-01', '2009-02-28')), 0.00, 'which balances');
SELECT results_eq($$SELECT part, member, closing FROM erp.consolidated_balances_by_member('P', 'G', '2009-02-01', '2009-02-28') WHERE account_code = '6000'$$,
	$$VALUES ('elimination', 'Q', -60.00), ('member', 'E', 27.90), ('member', 'Q', 60.00)$$, 'member by member');
SELECT results_eq($$SELECT * FROM erp.intercompany_differences('P', 'G', '2009-02-28')$$,
	$$VALUES ('P', 'Q', 0.00, 2.00, 2.00)$$, 'what P and Q have with each other by the books of both');
-- In euros: a pound is worth 1.25 on 28 February and before.
\o /dev/null
SELECT erp.put_exchange_rates('P', 'pounds', '[{"from": "GBP", "to": "EUR", "day": "2008-12-31", "rate": 1.25}]');
\o
SELECT lives_ok($$SELECT erp.put_consolidations('E', 'in euros', '[{"code": "G", "name": "In euros", "currency": "EUR", "translation_account": "3000", "difference_account": "1000",
	"members": ["P"]}]')$$, 'a company may read a group to which it does not belong');
SELECT results_eq($$SELECT account_code, closing FROM erp.consolidated_trial_balance('E', 'G', '2009-01-01', '2009-01-31')$$,
	$$VALUES ('1000', 1250.00), ('1100', 125.00), ('3000', -1250.00), ('4000', -50.00), ('4100', -75.00)$$, 'P in euros');
SELECT throws_ok($$SELECT * FROM erp.consolidated_trial_balance('P', 'NONE', '2009-01-01', '2009-01-31')$$, 'LE012', NULL, 'no such group');
SELECT throws_ok($$SELECT erp.put_consolidations('P', 'x1', '[{"code": "X", "name": "X", "currency": "GBP", "translation_account": "3900", "difference_account": "3950", "members": ["NOBODY"]}]')$$,
	'LE012', NULL, 'no such member');
SELECT throws_ok($$SELECT erp.put_consolidations('P', 'x2', '[{"code": "X", "name": "X", "currency": "GBP", "translation_account": "3900", "difference_account": "3950", "members": ["P"],
	"eliminations": [{"member": "P", "account": "1100", "partner": "Q"}]}]')$$, 'LE012', NULL, 'a partner that is no member');
SELECT throws_ok($$SELECT erp.put_consolidations('P', 'x3', '[{"code": "X", "name": "X", "currency": "GBP", "translation_account": "3900", "difference_account": "3950", "members": ["P", "Q"],
	"eliminations": [{"member": "P", "account": "1100", "party": "NOBODY", "partner": "Q"}]}]')$$, 'LE012', NULL, 'no such party');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'all laws hold');
SELECT finish();
ROLLBACK;
