\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Prepaid expenses and deferred revenue spread over months: all parts worked out by hand.
SELECT plan(45);
CREATE FUNCTION pg_temp.call(p_company text, p_call text, p_key text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, p_company) INTO answer USING p_key, p_request::json;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
CREATE FUNCTION pg_temp.plan_of(p_company text, p_code text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat(to_char(day, 'MM-DD'), ' ', amount, CASE WHEN voucher_key IS NOT NULL THEN '*' END), ', ' ORDER BY day) FROM erp.schedule_plan WHERE company = p_company AND code = p_code
$$;
CREATE FUNCTION pg_temp.voucher(p_company text, p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.company_amount), NULLIF(p.code, '')), ', ' ORDER BY l.line_no)
	  FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher_line l ON l.company_id = c.company_id AND l.voucher_id = d.document_id
	  JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = l.account_id JOIN erp.party p ON p.company_id = c.company_id AND p.party_id = l.party_id
	 WHERE c.code = p_company AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.left_of(p_code text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', total, posted, planned, left_amount, next_day) FROM erp.schedule_list WHERE company = 'SCH' AND code = p_code
$$;
\o /dev/null
SELECT erp.create_company('SCH', 'company', '{"name": "Spreads", "currency": "GBP", "chart": "english"}'), erp.create_company('YEN', 'company', '{"name": "Yen", "currency": "JPY", "chart": "english"}');
SELECT erp.create_fiscal_year('SCH', 'y3', '{"code": "2027", "first_day": "2027-01-01"}'), erp.create_fiscal_year('SCH', 'y4', '{"code": "2028", "first_day": "2028-01-01"}'), erp.create_fiscal_year('YEN', 'y', '{"code": "2027", "first_day": "2027-01-01"}');
SELECT erp.put_accounts('SCH', 'accounts', '[{"code": "2350", "name": "Deferred revenue", "class": "liability", "side": "credit"}]');
SELECT erp.put_parties('SCH', 'parties', '[{"code": "S1", "name": "Landlord", "roles": ["supplier"]}]');
SELECT erp.put_dimensions('SCH', 'dimensions', '[{"code": "department", "name": "Department", "values": [{"code": "A", "name": "A"}, {"code": "B", "name": "B"}]}]');
SELECT erp.post_document('SCH', '{"key": "rent", "kind": "manual_voucher", "day": "2027-01-10", "lines": [{"account": "1300", "side": "debit", "amount": "100.00", "party": "S1", "dimensions": {"department": "A"}}, {"account": "1010", "side": "credit", "amount": "100.00"}]}');
SELECT erp.post_document('SCH', '{"key": "sold", "kind": "manual_voucher", "day": "2027-01-10", "lines": [{"account": "1010", "side": "debit", "amount": "366.00"}, {"account": "2350", "side": "credit", "amount": "366.00"}]}');
\o
-- 100.00 in three: 33.33 + 33.33 + 33.34.
SELECT is(pg_temp.call('SCH', 'put_schedules', 's1', '[{"code": "RENT", "name": "Rent", "document": "rent", "line": 1, "to_account": "6200", "first_day": "2027-01-15", "months": 3}]'), '{"updated": 0, "inserted": 1}', 'a schedule from the line of a voucher');
SELECT is((SELECT concat_ws(' ', kind, from_account, to_account, party_code, dimensions, method, residue, first_day, last_day, origin_key, origin_line_no, total) FROM erp.schedule_list WHERE company = 'SCH' AND code = 'RENT'),
	'expense 1300 6200 S1 {"department": "A"} equal_months last 2027-01-15 2027-03-31 rent 1 100.00', 'which says account, amount, party and dimensions');
SELECT is(pg_temp.plan_of('SCH', 'RENT'), '01-31 33.33, 02-28 33.33, 03-31 33.34', 'the last part takes the residue');
-- A leap year by days: 366.00 over 366 days from the 15th of January 2028 to the 14th of January 2029: 17, 29 in February, 14 at the end.
SELECT is(pg_temp.call('SCH', 'put_schedules', 's2', '[{"code": "LICENCE", "name": "Licence", "document": "sold", "line": 2, "to_account": "4100", "first_day": "2028-01-15", "months": 12, "method": "by_days"}]'), '{"updated": 0, "inserted": 1}', 'deferred revenue by days');
SELECT is(pg_temp.plan_of('SCH', 'LICENCE'), (SELECT string_agg(d || '.00', ', ' ORDER BY n) FROM unnest(ARRAY['01-31 17', '02-29 29', '03-31 31', '04-30 30', '05-31 31', '06-30 30', '07-31 31', '08-31 31', '09-30 30', '10-31 31', '11-30 30', '12-31 31', '01-31 14']) WITH ORDINALITY u (d, n)), 'a leap year has 366 days');
SELECT is((SELECT concat_ws(' ', kind, first_day, last_day) FROM erp.schedule_list WHERE company = 'SCH' AND code = 'LICENCE'), 'revenue 2028-01-15 2029-01-14', 'twelve months from its first day on');
-- 10.00 over 31 + 28 + 31 days: 3.444, 3.111, 3.444: the last takes 10.00 - 3.44 - 3.11 = 3.45; by largest remainder the greatest of .444, .111, .444, the first, has the cent.
SELECT is(pg_temp.call('SCH', 'put_schedules', 's3', '[{"code": "D1", "name": "D", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": 10, "first_day": "2027-01-01", "last_day": "2027-03-31", "method": "by_days"},
	{"code": "D2", "name": "D", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": "10", "first_day": "2027-01-01", "last_day": "2027-03-31", "method": "by_days", "residue": "largest_remainder"},
	{"code": "D3", "name": "D", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": "-100", "first_day": "2027-01-01", "months": 3, "residue": "largest_remainder"},
	{"code": "D4", "name": "D", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": "0.01", "first_day": "2027-02-28", "months": 3}]'), '{"updated": 0, "inserted": 4}', 'four at once');
SELECT is(pg_temp.plan_of('SCH', 'D1'), '01-31 3.44, 02-28 3.11, 03-31 3.45', 'by days, the last takes the residue');
SELECT is(pg_temp.plan_of('SCH', 'D2'), '01-31 3.45, 02-28 3.11, 03-31 3.44', 'by largest remainder');
SELECT is(pg_temp.plan_of('SCH', 'D3'), '01-31 -33.34, 02-28 -33.33, 03-31 -33.33', 'a credit, by largest remainder');
SELECT is(pg_temp.plan_of('SCH', 'D4'), '04-30 0.01', 'parts of nothing are not planned');
SELECT is(pg_temp.call('YEN', 'put_schedules', 's', '[{"code": "Y", "name": "Y", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": 1000, "first_day": "2027-01-01", "months": 7}]'), '{"updated": 0, "inserted": 1}', 'a currency without decimals');
-- 1000 / 7 = 142.857: six of 143 and 142.
SELECT is(pg_temp.plan_of('YEN', 'Y'), '01-31 143, 02-28 143, 03-31 143, 04-30 143, 05-31 143, 06-30 143, 07-31 142', 'is spread in whole yen');
-- What is refused.
SELECT is(pg_temp.call('SCH', 'put_schedules', 'x', '[{"code": "X", "name": "X", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": 1, "first_day": "2027-01-01"}]'), 'LE011 | a schedule has either "months" or "last_day" | At $[0].last_day.', 'an end is given');
SELECT is(pg_temp.call('SCH', 'put_schedules', 'x', '[{"code": "X", "name": "X", "kind": "expense", "from_account": "1300", "to_account": "6500", "total": "0.001", "first_day": "2027-01-01", "months": 1}]'), 'LE011 | the total is an amount that is not zero, with the decimals of the currency | At $[0].total, value "0.001".', 'an amount');
SELECT is(pg_temp.call('SCH', 'put_schedules', 'x', '[{"code": "X", "name": "X", "kind": "expense", "from_account": "9999", "to_account": "6500", "total": 1, "first_day": "2027-01-01", "months": 1}]'), 'LE012 | there is no account that can be posted to "9999" | At $[0].from_account, value "9999".', 'accounts are known');
SELECT is(pg_temp.call('SCH', 'put_schedules', 'x', '[{"code": "X", "name": "X", "document": "rent", "line": 3, "to_account": "6500", "first_day": "2027-01-01", "months": 1}]'), 'LE012 | there is no such line of a voucher "rent" | At $[0].document, value "rent".', 'lines are known');
SELECT is(pg_temp.call('SCH', 'put_schedules', 'x', '[{"code": "X", "name": "X", "kind": "expense", "to_account": "6500", "total": 1, "first_day": "2027-01-01", "months": 1}]'), 'LE011 | field "from_account" is missing | At $[0].from_account.', 'or given');
-- Parts are posted once, and their documents lead back.
SELECT is(pg_temp.call('SCH', 'post_schedules', 'p1', '{"through": "2027-02-27", "schedules": ["RENT", "LICENCE", "D3"]}')::jsonb #- '{posted,0,document_id}' #- '{posted,0,voucher_id}' #- '{posted,1,document_id}' #- '{posted,1,voucher_id}',
	'{"posted": [{"day": "2027-01-31", "code": "D3", "number": null, "voucher": "p1/1"}, {"day": "2027-01-31", "code": "RENT", "number": null, "voucher": "p1/2"}]}', 'what is due is posted');
SELECT is(pg_temp.voucher('SCH', 'p1/2'), '6200 debit 33.33 S1, 1300 credit 33.33 S1', 'with the party of the schedule');
SELECT is((SELECT string_agg(DISTINCT v.code, ' ') FROM erp.document d JOIN erp.voucher_line l ON l.voucher_id = d.document_id JOIN erp.dimension_set s ON s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id
	JOIN erp.dimension_value v ON v.dimension_value_id = ANY (s.dimension_value_ids) WHERE d.key = 'p1/2'), 'A', 'and its dimensions');
SELECT is(pg_temp.voucher('SCH', 'p1/1'), '6500 debit -33.34, 1300 credit -33.34', 'a credit stands in red');
SELECT is((SELECT string_agg(concat_ws(' ', origin, code, day, amount, state, call_key), ', ' ORDER BY voucher_key) FROM erp.generated_posting_list WHERE company = 'SCH'), 'schedule D3 2027-01-31 -33.34 posted p1, schedule RENT 2027-01-31 33.33 posted p1', 'the facts say from what');
SELECT is((SELECT concat_ws(' ', document_kind, description, reference, net) FROM erp.document_list WHERE company = 'SCH' AND document_key = 'p1/2'), 'schedule_posting Rent 2027-01 RENT 33.33', 'the document says so too');
SELECT is(pg_temp.call('SCH', 'post_schedules', 'p2', '{"through": "2027-02-27", "schedules": ["RENT", "LICENCE", "D3"]}'), '{"posted": []}', 'once');
SELECT is(pg_temp.left_of('RENT'), '100.00 33.33 66.67 66.67 2027-02-28', 'planned, posted, left');
SELECT is(pg_temp.call('SCH', 'post_schedules', 'x', '{"through": "2027-02-27", "schedules": ["NONE"]}'), 'LE012 | there is no schedule "NONE" | At $.schedules[0], value "NONE".', 'schedules are known');
-- Reversed by hand, a part is due again; nothing else is.
SELECT isnt(pg_temp.call('SCH', 'put_schedules', 's4', '[{"code": "RENT", "name": "Rent", "document": "rent", "line": 1, "to_account": "6200", "first_day": "2027-01-15", "months": 3}]'), '', 'the same again');
SELECT is(pg_temp.plan_of('SCH', 'RENT'), '01-31 33.33*, 02-28 33.33, 03-31 33.34', 'changes nothing');
\o /dev/null
SELECT erp.reverse_document('SCH', '{"key": "undo", "reverses": "p1/2"}');
\o
SELECT is(pg_temp.left_of('RENT'), '100.00 0.00 100.00 100.00 2027-01-31', 'a part that is reversed is planned again');
SELECT matches(pg_temp.call('SCH', 'post_schedules', 'p3', '{"through": "2027-01-31", "schedules": ["RENT"]}'), '"voucher": "p3/1"', 'and posted again');
SELECT is((SELECT string_agg(concat_ws(' ', attempt, state, reversed_by), ', ' ORDER BY attempt) FROM erp.generated_posting_list WHERE company = 'SCH' AND code = 'RENT'), '1 reversed undo, 2 posted', 'as a second attempt');
-- The rest of a schedule that changes: 100.00 - 33.33 = 66.67 over four months: 16.67 three times, and 16.66.
SELECT is(pg_temp.call('SCH', 'put_schedules', 's5', '[{"code": "RENT", "name": "Rent", "document": "rent", "line": 1, "to_account": "6200", "first_day": "2027-01-15", "months": 5}]'), '{"updated": 1, "inserted": 0}', 'more months');
SELECT is(pg_temp.plan_of('SCH', 'RENT'), '01-31 33.33*, 02-28 16.67, 03-31 16.67, 04-30 16.67, 05-31 16.66', 'what was posted stays, the rest is planned anew');
SELECT is(pg_temp.call('SCH', 'put_schedules', 'x', '[{"code": "RENT", "name": "Rent", "kind": "expense", "from_account": "1150", "to_account": "6200", "total": 100, "first_day": "2027-01-15", "months": 5}]'),
	'LE324 | of schedule "RENT" parts were posted: where it spreads from stays | At $[0].from_account, value "RENT".', 'from the same account');
SELECT isnt(pg_temp.call('SCH', 'put_schedules', 's6', '[{"code": "RENT", "name": "Rent", "document": "rent", "line": 1, "to_account": "6200", "first_day": "2027-01-15", "last_day": "2027-01-31"}]'), '', 'less than was posted');
SELECT is(pg_temp.plan_of('SCH', 'RENT'), '01-31 33.33*, 02-28 66.67', 'the rest comes in the month after');
SELECT isnt(pg_temp.call('SCH', 'put_schedules', 's7', '[{"code": "RENT", "name": "Rent", "document": "rent", "line": 1, "to_account": "6200", "first_day": "2027-01-15", "months": 5, "active": false}]'), '', 'stopped');
SELECT is(pg_temp.left_of('RENT'), '100.00 33.33 0.00 66.67', 'nothing is planned of one that is stopped');
-- An account that schedules keep: 100.00 came, 33.33 and -33.34 went; the schedules have 66.67 + 10 + 10 - 66.66 + 0.01 left.
SELECT is(pg_temp.call('SCH', 'put_scheduled_accounts', 'k1', '[{"account": "1300"}, {"account": "2350"}]'), '{"kept": 2, "released": 0}', 'accounts that schedules keep');
SELECT is((SELECT string_agg(detail, ', ') FROM erp.check_integrity() WHERE company = 'SCH'), 'has a balance of 100.0100, and its schedules have 20.0200 left', 'the check finds what does not agree');
\o /dev/null
SELECT erp.post_document('SCH', '{"key": "other", "kind": "manual_voucher", "day": "2027-01-10", "lines": [{"account": "1300", "side": "debit", "amount": "-79.99"}, {"account": "1010", "side": "credit", "amount": "-79.99"}]}');
\o
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'and nothing once it does');
-- A closed period: what is due lands on the first open day.
\o /dev/null
SELECT erp.set_period_state('SCH', 'close', '{"period": "2027-01", "modules": ["general"], "state": "closed", "reason": "closed"}');
\o
SELECT matches(pg_temp.call('SCH', 'post_schedules', 'p4', '{"through": "2027-01-31", "schedules": ["D1"]}'), '"voucher": "p4/1"', 'of a closed month');
SELECT is((SELECT concat_ws(' ', day, posting_day) FROM erp.document WHERE key = 'p4/1'), '2027-01-31 2027-02-01', 'on the first open day');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
