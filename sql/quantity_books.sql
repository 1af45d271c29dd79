\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = 'ISO';
-- Books of quantities and amounts, of an account and of an item, and expenses by month before and after their transfer; worked out by hand.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
BEGIN;
SELECT erp.create_company('QUANT', 'company', '{"name": "Quantities", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('QUANT', 'y26', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('QUANT', 'parties', '[{"code": "C", "name": "Customer", "roles": ["customer"]}, {"code": "S", "name": "Supplier", "roles": ["supplier"]}]');
SELECT erp.put_units('QUANT', 'units', '[{"code": "EA", "name": "Each"}, {"code": "KG", "name": "Kilogram"}]');
SELECT erp.put_items('QUANT', 'items', '[{"code": "MUG", "name": "Mug", "kind": "stock", "method": "fifo", "unit": "EA"}, {"code": "TEA", "name": "Tea", "kind": "stock", "method": "fifo", "unit": "KG"}]');
SELECT erp.post_document('QUANT', '{"key": "r1", "kind": "goods_receipt", "day": "2026-01-04", "party": "S", "lines": [{"item": "MUG", "quantity": 2, "price": "6.00"}]}');
SELECT erp.post_document('QUANT', '{"key": "r2", "kind": "goods_receipt", "day": "2026-01-05", "party": "S", "lines": [{"item": "MUG", "quantity": 10, "price": "3.00"}]}');
SELECT erp.post_document('QUANT', '{"key": "i1", "kind": "sales_invoice", "day": "2026-01-07", "party": "C", "lines": [{"item": "MUG", "quantity": 4, "price": "8.00"}]}');
SELECT erp.post_document('QUANT', '{"key": "i2", "kind": "sales_invoice", "day": "2026-02-02", "party": "C", "lines": [{"item": "MUG", "quantity": 5, "price": "8.00"}]}');
CREATE FUNCTION pg_temp.account(p_first date, p_last date, p_filters jsonb DEFAULT '{}') RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', entry, document_key, unit, trim_scale(debit_quantity), trim_scale(debit_price), debit, '/', trim_scale(credit_quantity), trim_scale(credit_price), credit, '/', trim_scale(balance_quantity), trim_scale(balance_price), balance)
	FROM erp.quantity_ledger('QUANT', '1200', p_first, p_last, p_filters)
$$;
CREATE FUNCTION pg_temp.item(p_first date, p_last date) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', entry, document_key, unit, trim_scale(debit_quantity), trim_scale(debit_price), debit, '/', trim_scale(credit_quantity), trim_scale(credit_price), credit, '/', trim_scale(balance_quantity), trim_scale(balance_price), balance)
	FROM erp.quantity_ledger_of_item('QUANT', 'MUG', p_first, p_last)
$$;
\o
SELECT plan(10);
-- 2 at 6.00, 10 at 3.00; 4 go out, the two of 6.00 and two of 3.00; then 5 of 3.00.
SELECT results_eq($$SELECT pg_temp.account('2026-01-01', '2026-01-31')$$, ARRAY['opening EA / / 0 0.00', 'line r1 EA 2 6 12.00 / 0.00 / 2 6 12.00', 'line r2 EA 10 3 30.00 / 0.00 / 12 3.5 42.00',
	'line i1 EA 0.00 / 4 4.5 18.00 / 8 3 24.00'], 'an account: quantity, price and amount of what comes, goes and is left');
SELECT results_eq($$SELECT pg_temp.account('2026-02-01', '2026-02-28')$$, ARRAY['opening EA / / 8 3 24.00', 'line i2 EA 0.00 / 5 3 15.00 / 3 3 9.00'], 'and of a later month');
SELECT results_eq($$SELECT pg_temp.item('2026-01-01', '2026-01-31')$$, ARRAY['opening EA / / 0 0.00', 'line r1 EA 2 6 12.00 / / 2 6 12.00', 'line r2 EA 10 3 30.00 / / 12 3.5 42.00',
	'line i1 EA / 4 4.5 18.00 / 8 3 24.00'], 'an item');
SELECT results_eq($$SELECT pg_temp.item('2026-02-01', '2026-02-28')$$, ARRAY['opening EA / / 8 3 24.00', 'line i2 EA / 5 3 15.00 / 3 3 9.00'], 'and of a later month');
\o /dev/null
SELECT erp.post_document('QUANT', '{"key": "r3", "kind": "goods_receipt", "day": "2026-02-03", "party": "S", "lines": [{"item": "TEA", "quantity": "2.5", "price": "4.00"}]}');
\o
SELECT throws_ok($$SELECT pg_temp.account('2026-02-01', '2026-02-28')$$, 'LE011', 'the account has quantities in several units', 'pieces and kilograms are not added up');
SELECT results_eq($$SELECT pg_temp.account('2026-02-03', '2026-02-28', '{"unit": "KG"}')$$, ARRAY['opening KG / / 0 9.00', 'line r3 KG 2.5 4 10.00 / 0.00 / 2.5 7.6 19.00'], 'of one unit; the balance is the account''s');

-- 100 of expenses in January, 40 in February; January is transferred to the profit of the year.
\o /dev/null
SELECT erp.post_document('QUANT', json_build_object('key', k, 'kind', 'manual_voucher', 'day', d, 'lines', json_build_array(json_build_object('account', '6500', 'side', 'debit', 'amount', a),
	json_build_object('account', '1010', 'side', 'credit', 'amount', a)))) FROM (VALUES ('e1', '2026-01-10', 100), ('e2', '2026-02-10', 40)) v (k, d, a);
\o
SELECT is((SELECT string_agg(month || ' ' || amount, ', ') FROM erp.expense_detail('QUANT', '2026-01-01', '2026-02-28', '{"accounts": ["6500"]}')), '2026-01 100.00, 2026-02 40.00', 'expenses of two months');
\o /dev/null
SELECT erp.post_document('QUANT', '{"key": "transfer", "kind": "profit_transfer", "day": "2026-01-31", "lines": [{"account": "6500", "side": "credit", "amount": 100}, {"account": "3100", "side": "debit", "amount": 100}]}');
\o
SELECT is((SELECT string_agg(month || ' ' || amount, ', ') FROM erp.expense_detail('QUANT', '2026-01-01', '2026-02-28', '{"accounts": ["6500"]}')), '2026-01 100.00, 2026-02 40.00', 'and the same after their transfer');
SELECT is((SELECT string_agg(DISTINCT account_code, ' ') FROM erp.expense_detail('QUANT', '2026-01-01', '2026-02-28')), '5000 6500', 'by default of all accounts of expense');
SELECT is((SELECT string_agg(month || ' ' || closing, ', ') FROM erp.general_ledger('QUANT', '2026-01-01', '2026-02-28', '{"accounts": ["6500"]}')), '2026-01 0.00, 2026-02 40.00', 'balances know the transfer');
SELECT * FROM finish();
ROLLBACK;
