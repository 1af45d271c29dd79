\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Electronic vouchers from outside: received once, verified, booked, given back. Figures by hand.
CREATE SCHEMA trial;
CREATE FUNCTION trial.row(p_number text, p_amount text, p_more json DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('kind', 'vat_invoice', 'issuer', '91110000600037341L', 'number', p_number, 'day', '2026-01-15', 'amount', p_amount::jsonb,
		'content_type', 'xml', 'content_hash', encode(sha256(convert_to(p_number, 'UTF8')), 'hex')) || p_more::jsonb
$$;
CREATE FUNCTION trial.receive(p_key text, VARIADIC p_rows jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.receive_electronic_vouchers('EV', p_key, array_to_json(p_rows))
$$;
CREATE FUNCTION trial.name(p_number text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('kind', 'vat_invoice', 'issuer', '91110000600037341L', 'number', p_number)
$$;
CREATE FUNCTION trial.verify(p_key text, p_number text, p_valid boolean) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.verify_electronic_vouchers('EV', p_key, jsonb_build_array(trial.name(p_number) || jsonb_build_object('valid', p_valid, 'verified_by', 'tax bureau'))::text::json)
$$;
CREATE FUNCTION trial.book(p_key text, p_document text, VARIADIC p_numbers text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.book_electronic_vouchers('EV', p_key, json_build_object('document', p_document, 'electronic_vouchers', (SELECT json_agg(trial.name(n)) FROM unnest(p_numbers) n)))
$$;
CREATE FUNCTION trial.refusal(p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text; detail text; hint text;
BEGIN
	EXECUTE p_call;
	RAISE EXCEPTION 'accepted' USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
	RETURN 'accepted';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' ', code, COALESCE(NULLIF(detail, ''), 'no detail'), CASE WHEN hint = '' THEN 'no hint' END);
END
$$;
CREATE FUNCTION trial.state(p_number text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', state, document_key, voucher_number) FROM erp.electronic_voucher_list WHERE company = 'EV' AND number = p_number
$$;
SELECT plan(37);
\o /dev/null
SELECT erp.create_company('EV', 'company', '{"name": "电子", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_company('OTHER', 'company', '{"name": "Other", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('EV', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.post_document('EV', '{"key": "rent", "kind": "manual_voucher", "day": "2026-01-20", "description": "一月房租", "lines": [{"account": "5602", "side": "debit", "amount": 1000}, {"account": "1002", "side": "credit", "amount": 1000}]}');
SELECT erp.post_document('EV', '{"key": "travel", "kind": "manual_voucher", "day": "2026-01-21", "lines": [{"account": "5602", "side": "debit", "amount": 50}, {"account": "1002", "side": "credit", "amount": 50}]}');
SELECT erp.assign_numbers('EV');
\o

-- Received.
SELECT is(trial.receive('r1', trial.row('0001', '1000.00', '{"tax": "47.62", "issuer_name": "Landlord", "recipient": "91440300708461136T", "location": "archive/0001.xml"}'), trial.row('0002', '50', '{"kind": "rail_ticket"}')), '{"received": 2}', 'two are received');
SELECT is(trial.receive('r1', trial.row('0001', '1000', '{"tax": "47.62", "issuer_name": "Landlord", "recipient": "91440300708461136T", "location": "archive/0001.xml"}'), trial.row('0002', '50.00', '{"kind": "rail_ticket"}')), '{"received": 2}', 'the same request again has its first result, numbers by value');
SELECT is((SELECT count(*) FROM erp.electronic_voucher_list WHERE company = 'EV'), 2::bigint, 'and adds nothing');
SELECT results_eq($$SELECT kind, issuer, number, day, currency, amount, tax_amount, issuer_name, recipient, content_type, content_hash, location, state, verified_by, received_by, document_key, voucher_number FROM erp.electronic_voucher_list WHERE company = 'EV' AND number = '0001'$$,
	$$VALUES ('vat_invoice', '91110000600037341L', '0001', '2026-01-15'::date, 'CNY', 1000.00, 47.62, 'Landlord', '91440300708461136T', 'xml', '888b19a43b151683c87895f6211d9f8640f97bdc8ef32f03dbe057c8f5e56d32', 'archive/0001.xml', 'received', NULL::text, current_user, NULL::text, NULL::text)$$, 'the register shows what was received; the hash is that of the text 0001 by sha256sum');
SELECT is(trial.refusal($$SELECT trial.receive('r2', trial.row('0001', '1000'))$$), 'LE160 At $[0], value "vat_invoice 0001 of 91110000600037341L".', 'a number of its issuer and kind comes once');
SELECT is(trial.refusal($$SELECT trial.receive('r2', trial.row('0003', '9'), trial.row('0004', '9', json_build_object('content_hash', encode(sha256('0001'), 'hex'))))$$), 'LE160 At $[1], value "vat_invoice 0001 of 91110000600037341L".', 'nor does a file come twice under another number');
SELECT is((SELECT count(*) FROM erp.electronic_voucher_list WHERE company = 'EV'), 2::bigint, 'all or nothing');
SELECT is(erp.receive_electronic_vouchers('OTHER', 'r1', jsonb_build_array(trial.row('0001', '1000'))::text::json), '{"received": 1}', 'another company may have received the same');
SELECT is(trial.receive('red', trial.row('0005', '-20', '{"tax": "-0.95"}')), '{"received": 1}', 'in red it is negative');
SELECT is(trial.refusal(format($$SELECT trial.receive('bad', trial.row('9', %L, %L))$$, b.amount, b.more)), b.refusal, b.what)
FROM (VALUES ('1.001', '{}', 'LE011 At $[0].amount, value "1.001".', 'more decimals than the currency'),
	('1', '{"tax": "1.001"}', 'LE011 At $[0].tax, value "1.001".', 'a tax above the amount'),
	('1', '{"tax": "0.001"}', 'LE011 At $[0].amount, value "1".', 'more decimals of the tax'),
	('1', '{"tax": "-0.1"}', 'LE011 At $[0].tax, value "-0.1".', 'a tax on the other side'),
	('10000000000000000', '{}', 'LE011 At $[0].amount, value "10000000000000000".', 'more digits than an amount has'),
	('1', '{"kind": "poem"}', 'LE011 At $[0].kind, value "poem".', 'an unknown kind'),
	('1', '{"currency": "XXX"}', 'LE012 At $[0].currency, value "XXX".', 'an unknown currency'),
	('1', '{"content_hash": "00"}', 'LE011 At $[0].content_hash, value "00".', 'a hash that is none'),
	('1', '{"content_hash": null}', 'LE011 At $[0].content_hash.', 'no hash'),
	('1', '{"day": "2026-02-30"}', 'LE011 At $[0].day, value "2026-02-30".', 'no day of the calendar'),
	('1', '{"poem": 1}', 'LE011 At $[0].poem, value "1".', 'an unknown field')) AS b (amount, more, refusal, what);

-- Verified and booked.
SELECT is(trial.refusal($$SELECT trial.book('b1', 'rent', '0001')$$), 'LE161 At $.electronic_vouchers[0], value "0001".', 'what was not verified is not booked');
SELECT is(trial.verify('v1', '0001', false), '{"valid": 0, "invalid": 1}', 'found invalid');
SELECT is(trial.refusal($$SELECT trial.book('b1', 'rent', '0001')$$), 'LE161 At $.electronic_vouchers[0], value "0001".', 'and not booked');
SELECT is(trial.verify('v2', '0001', true), '{"valid": 1, "invalid": 0}', 'the last verification counts');
SELECT is(trial.refusal($$SELECT trial.verify('v3', '7777', true)$$), 'LE012 At $[0].number, value "7777".', 'one that was not received is not verified');
SELECT is(trial.refusal($$SELECT trial.book('b1', 'nothing', '0001')$$), 'LE012 At $.document, value "nothing".', 'nor booked with a document that is not there');
SELECT is(trial.refusal($$SELECT trial.book('b1', 'year', '0001')$$), 'LE163 At $.document, value "year".', 'nor with one that has no voucher');
SELECT is(trial.book('b1', 'rent', '0001'), '{"booked": 1}', 'booked');
SELECT is(trial.state('0001'), 'booked rent 2026-01/1', 'with its voucher');
SELECT is(trial.refusal($$SELECT trial.book('b2', 'travel', '0001')$$), 'LE162 At $.electronic_vouchers[0], value "0001".', 'it stands behind one voucher only');
SELECT is(erp.booking_data('EV', 'vat_invoice', '91110000600037341L', '0001') - 'recorded_by',
	'{"electronic_voucher": {"kind": "vat_invoice", "issuer": "91110000600037341L", "number": "0001", "day": "2026-01-15", "amount": 1000.00, "tax": 47.62, "currency": "CNY", "content_hash": "888b19a43b151683c87895f6211d9f8640f97bdc8ef32f03dbe057c8f5e56d32"},
	"company": "EV", "state": "booked", "document": "rent", "voucher_word": "记", "voucher_number": "2026-01/1", "period": "2026-01", "day": "2026-01-20", "reviewed_by": null, "lines": [
	{"line": 1, "summary": "一月房租", "account": "5602", "account_name": "管理费用", "side": "debit", "amount": 1000.00}, {"line": 2, "summary": "一月房租", "account": "1002", "account_name": "银行存款", "side": "credit", "amount": 1000.00}]}', 'how it was booked is given back');
SELECT is(erp.booking_data('EV', 'vat_invoice', '91110000600037341L', '0005') ->> 'state', 'received', 'of one that is not booked, that it is not');
SELECT is(erp.booking_data('OTHER', 'vat_invoice', '91110000600037341L', '7777'), NULL, 'of one that is not there, nothing');
-- A voucher that is reversed rests on nothing.
\o /dev/null
SELECT erp.reverse_document('EV', '{"key": "undo rent", "reverses": "rent", "day": "2026-01-22"}');
\o
SELECT is(trial.state('0001'), 'valid', 'the voucher reversed, it is free');
SELECT is(trial.refusal($$SELECT trial.book('b3', 'rent', '0001')$$), 'LE163 At $.document, value "rent".', 'but not for what was reversed');
SELECT is(trial.book('b4', 'travel', '0001'), '{"booked": 1}', 'another voucher may rest on it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
