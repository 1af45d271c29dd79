\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Costs allocated by shares, quantities and balances, exactly, in order, once a period.
SELECT plan(33);
CREATE FUNCTION pg_temp.call(p_call text, p_key text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, 'ALL') INTO answer USING p_key, p_request::json;
	IF answer ? 'posted' THEN
		RETURN COALESCE((SELECT string_agg(concat_ws(' ', p.value ->> 'code', p.value ->> 'day', p.value ->> 'voucher'), ', ' ORDER BY p.n) FROM jsonb_array_elements(answer -> 'posted') WITH ORDINALITY p (value, n)), 'nothing');
	END IF;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.amount), (SELECT v.code FROM erp.dimension_set s JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids)
		WHERE s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id)), ', ' ORDER BY l.line_no)
	  FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher_line l ON l.company_id = c.company_id AND l.voucher_id = d.document_id
	  JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = l.account_id
	 WHERE c.code = 'ALL' AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.post(p_key text, p_day text, p_account text, p_amount numeric, p_department text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document('ALL', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', json_build_array(
		json_strip_nulls(json_build_object('account', p_account, 'side', 'debit', 'amount', p_amount, 'dimensions', CASE WHEN p_department IS NOT NULL THEN json_build_object('department', p_department) END)),
		json_build_object('account', '1010', 'side', 'credit', 'amount', p_amount))))
$$;
\o /dev/null
SELECT erp.create_company('ALL', 'company', '{"name": "Allocates", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('ALL', 'y', '{"code": "2027", "first_day": "2027-01-01"}');
SELECT erp.put_dimensions('ALL', 'dimensions', '[{"code": "department", "name": "Department", "values": [{"code": "A", "name": "A"}, {"code": "B", "name": "B"}, {"code": "C", "name": "C"}]}]');
SELECT pg_temp.post('rent', '2027-01-10', '6200', 100), pg_temp.post('other', '2027-01-11', '6500', 50.01), pg_temp.post('wages', '2027-01-12', '6000', 90),
	pg_temp.post('a', '2027-01-13', '4000', -100, 'A'), pg_temp.post('b', '2027-01-13', '4000', -200, 'B'), pg_temp.post('none', '2027-01-13', '4000', -55),
	pg_temp.post('refund', '2027-02-10', '6200', -10);
\o
SELECT is(pg_temp.call('put_allocation_quantities', 'q1', '[{"measure": "heads", "dimension": "department", "value": "A", "from": "2027-01-31", "quantity": 1}, {"measure": "heads", "dimension": "department", "value": "B", "from": "2026-01-01", "quantity": 1},
	{"measure": "heads", "dimension": "department", "value": "C", "from": "2026-01-01", "quantity": 1}, {"measure": "heads", "dimension": "department", "value": "A", "from": "2027-02-01", "quantity": 2}, {"measure": "heads", "dimension": "department", "value": "B", "from": "2027-02-28", "quantity": 0}]'), '{"written": 5}', 'heads by month');
SELECT is(pg_temp.call('put_allocations', 'a1', '[{"code": "RENT", "name": "Rent by heads", "order": 10, "source": {"accounts": ["6200"], "measure": "net"}, "targets": [{"by": "department", "measure": "heads"}]}]'), '{"updated": 0, "inserted": 1}', 'by quantities');
SELECT is(pg_temp.call('put_allocations', 'a2', '[{"code": "OTHER", "name": "Other by shares", "order": 20, "source": {"accounts": ["6500"], "measure": "net"}, "targets": [{"account": "5100", "dimensions": {"department": "A"}, "share": 60, "summary": "Share of {period}"}, {"account": "5200", "dimensions": {"department": "B"}, "share": "40"}]},
	{"code": "WAGES", "name": "Wages by revenue", "order": 30, "source": {"accounts": ["6000"], "measure": "net"}, "targets": [{"by": "department", "term": {"accounts": ["4000"], "measure": "net", "side": "credit"}}]},
	{"code": "ATEAM", "name": "What A serves others", "order": 15, "source": {"accounts": ["6200"], "measure": "net", "dimensions": {"department": "A"}}, "targets": [{"dimensions": {"department": "B"}, "share": 1}, {"dimensions": {"department": "C"}, "share": 1}]}]'), '{"updated": 0, "inserted": 3}', 'by shares and by balances');
-- 100.00 to three heads: 33.34 + 33.33 + 33.33.
SELECT is((SELECT string_agg(concat_ws(' ', l ->> 'account', l ->> 'side', trim_scale((l ->> 'amount')::numeric)), ', ' ORDER BY n) FROM jsonb_array_elements(erp.dry_run('ALL', '{"call": "run_allocations", "request": {"period": "2027-01", "allocations": ["RENT"]}}') #> '{0,voucher}') WITH ORDINALITY v (l, n)),
	'6200 credit 100, 6200 debit 33.34, 6200 debit 33.33, 6200 debit 33.33', 'a dry run');
SELECT is((SELECT count(*) FROM erp.generated_posting_list WHERE company = 'ALL'), 0::bigint, 'leaves nothing');
SELECT is(pg_temp.call('run_allocations', 'r1', '{"period": "2027-01"}'), 'RENT 2027-01-31 r1/1, ATEAM 2027-01-31 r1/2, OTHER 2027-01-31 r1/3, WAGES 2027-01-31 r1/4', 'they run in their order');
SELECT is(pg_temp.voucher('r1/1'), '6200 credit 100, 6200 debit 33.34 A, 6200 debit 33.33 B, 6200 debit 33.33 C', 'by heads on the last day');
-- A has 33.34 by then: 16.67 and 16.67.
SELECT is(pg_temp.voucher('r1/2'), '6200 credit 33.34 A, 6200 debit 16.67 B, 6200 debit 16.67 C', 'the second sees what the first posted');
-- 60 % and 40 % of 50.01: 30.006 and 20.004.
SELECT is(pg_temp.voucher('r1/3'), '6500 credit 50.01, 5100 debit 30.01 A, 5200 debit 20 B', 'by shares, by largest remainder');
-- 100 : 200 of 90; what has no department counts nothing.
SELECT is(pg_temp.voucher('r1/4'), '6000 credit 90, 6000 debit 30 A, 6000 debit 60 B', 'by balances');
SELECT is((SELECT l.summary FROM erp.document d JOIN erp.voucher_line l ON l.voucher_id = d.document_id WHERE d.key = 'r1/3' AND l.side = 'debit' ORDER BY l.line_no LIMIT 1), 'Share of 2027-01', 'with a summary');
SELECT is((SELECT string_agg(concat_ws(' ', d.kind, d.reference, v.summary, g.amount), ', ') FROM erp.document d JOIN erp.voucher v ON v.voucher_id = d.document_id JOIN erp.generated_posting_list g ON g.voucher_key = d.key AND g.company = 'ALL' WHERE d.key = 'r1/1'), 'cost_allocation RENT Rent by heads 2027-01 100.00', 'and the way back');
SELECT is(pg_temp.call('run_allocations', 'r2', '{"period": "2027-01"}'), 'nothing', 'once a period');
-- February: -10.00 by 2 and 1 heads, B has none any more: -6.67 and -3.33; A gives up -6.67 in turn: -3.34 and -3.33.
SELECT is(pg_temp.call('run_allocations', 'r3', '{"period": "2027-02"}'), 'RENT 2027-02-28 r3/1, ATEAM 2027-02-28 r3/2', 'the next period');
SELECT is(pg_temp.voucher('r3/1'), '6200 credit -10, 6200 debit -6.67 A, 6200 debit -3.33 C', 'a negative amount');
SELECT is(pg_temp.voucher('r3/2'), '6200 credit -6.67 A, 6200 debit -3.34 B, 6200 debit -3.33 C', 'of an odd cent');
-- Undone by reversal, in the opposite order; then it may run again.
\o /dev/null
SELECT erp.reverse_document('ALL', '{"key": "undo 1", "reverses": "r3/1"}');
\o
SELECT matches(pg_temp.call('run_allocations', 'x', '{"period": "2027-02"}'), '^LE326 \| allocation "RENT" comes before "ATEAM", which ran for the period already', 'not before what came later');
\o /dev/null
SELECT erp.reverse_document('ALL', '{"key": "undo 2", "reverses": "r3/2"}');
\o
SELECT is(pg_temp.call('run_allocations', 'r4', '{"period": "2027-02", "allocations": ["RENT"]}'), 'RENT 2027-02-28 r4/1', 'runs again');
SELECT is((SELECT string_agg(concat_ws(' ', attempt, state), ', ' ORDER BY attempt) FROM erp.generated_posting_list WHERE company = 'ALL' AND code = 'RENT' AND day = '2027-02-28'), '1 reversed, 2 posted', 'as a second attempt');
-- Several accounts: each is parted by itself.
\o /dev/null
SELECT pg_temp.post('m1', '2027-03-01', '6100', 1), pg_temp.post('m2', '2027-03-01', '6150', 2), pg_temp.post('m3', '2027-03-01', '6400', 5);
SELECT erp.put_allocations('ALL', 'a3', '[{"code": "SEVERAL", "name": "Several", "order": 5, "source": {"accounts": ["6100..6150"], "measure": "closing"}, "targets": [{"account": "6500", "share": 1}, {"account": "5100", "share": 1}, {"account": "5200", "share": 1}]}]');
\o
SELECT is(pg_temp.call('run_allocations', 'r5', '{"period": "2027-03", "allocations": ["SEVERAL"]}'), 'SEVERAL 2027-03-31 r5/1', 'a range of accounts');
SELECT is(pg_temp.voucher('r5/1'), '6100 credit 1, 6500 debit 0.34, 5100 debit 0.33, 5200 debit 0.33, 6150 credit 2, 6500 debit 0.67, 5100 debit 0.67, 5200 debit 0.66', 'each in its parts');
-- What is refused.
SELECT matches(pg_temp.call('run_allocations', 'x', '{"period": "2027-13"}'), '^LE012', 'periods are known');
SELECT is(pg_temp.call('run_allocations', 'x', '{"period": "2027-03", "allocations": ["NONE"]}'), 'LE012 | there is no allocation "NONE" | At $.allocations[0], value "NONE".', 'allocations are known');
SELECT is(pg_temp.call('put_allocations', 'x', '[{"code": "X", "name": "X", "order": 1, "source": {"accounts": ["6200"]}, "targets": []}]'), 'LE011 | a target takes a share, what a term says, or by a dimension what a term or a measure says of each value | At $[0].targets[0].', 'targets');
SELECT is(pg_temp.call('put_allocations', 'x', '[{"code": "X", "name": "X", "order": 1, "source": {"accounts": ["6200"]}, "targets": [{"measure": "heads"}]}]'), 'LE011 | a target takes a share, what a term says, or by a dimension what a term or a measure says of each value | At $[0].targets[0].', 'a measure is of a dimension');
SELECT is(pg_temp.call('put_allocations', 'x', '[{"code": "X", "name": "X", "order": 1, "source": {"accounts": ["6200"]}, "targets": [{"share": 1, "account": "9999"}]}]'), 'LE012 | there is no account "9999" | At $[0].targets[0].account, value "9999".', 'accounts');
SELECT is(pg_temp.call('put_allocations', 'x', '[{"code": "X", "name": "X", "order": 1, "source": {"accounts": ["6200"]}, "targets": [{"measure": "heads", "by": "colour"}]}]'), 'LE012 | there is no dimension "colour" | At $[0].targets[0].by, value "colour".', 'dimensions');
SELECT matches(pg_temp.call('put_allocations', 'x', '[{"code": "X", "name": "X", "order": 1, "source": {"accounts": ["6200"], "measure": "sum"}, "targets": [{"share": 1}]}]'), '^LE011', 'sources are balance terms');
SELECT is(pg_temp.call('put_allocation_quantities', 'x', '[{"measure": "heads", "dimension": "department", "value": "Z", "from": "2027-01-31", "quantity": 1}]'), 'LE012 | there is no such value of the dimension "Z" | At $[0].value, value "Z".', 'quantities are of values');
\o /dev/null
SELECT erp.put_allocations('ALL', 'a4', '[{"code": "NOBODY", "name": "Nobody", "order": 1, "source": {"accounts": ["6400"], "measure": "net"}, "targets": [{"by": "department", "measure": "desks"}]}]');
\o
SELECT is(pg_temp.call('run_allocations', 'x', '{"period": "2027-03"}'), 'LE325 | what allocation "NOBODY" goes by adds up to zero | At $.period, value "NOBODY".', 'to somebody');
SELECT is(pg_temp.call('run_allocations', 'r6', '{"period": "2027-04"}'), 'nothing', 'where there is something');
-- The close runs them.
\o /dev/null
SELECT erp.put_allocations('ALL', 'a5', '[{"code": "NOBODY", "name": "Nobody", "order": 1, "source": {"accounts": ["6400"], "measure": "net"}, "targets": [{"by": "department", "measure": "desks"}], "active": false}]');
\o
SELECT is((SELECT jsonb_path_query_array(erp.close_month('ALL', 'close', '{"period": "2027-01", "up_to": "allocations"}'), '$.steps[*] ? (@.step == "allocations").state')::text), '["done"]', 'the close finds what ran');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
