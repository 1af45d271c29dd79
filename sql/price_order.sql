\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Orders whose lines bring no price: rules and promotions give it, gifts go out at their cost, floors hold or refuse; figures by hand.
SELECT plan(30);
\o /dev/null
SELECT trial.make_company('PO');
SELECT erp.put_items('PO', 'more', '[{"code": "POT", "name": "Pot", "kind": "stock", "method": "fifo"}, {"code": "CUP", "name": "Cup", "kind": "stock", "method": "fifo"}]');
SELECT trial.receive('PO', 'r1', '2009-01-02', 'POT', 100, 400);
SELECT trial.receive('PO', 'r2', '2009-01-02', 'CUP', 100, 150);
CREATE FUNCTION pg_temp.place(p_code text, p_lines text, p_call text DEFAULT 'place_order') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''PO'', $1, $2)', p_call) INTO answer USING p_code, json_build_object('order', p_code, 'party', 'C1', 'day', '2009-02-01', 'lines', p_lines::json);
	RETURN concat_ws(' ', answer ->> 'state', answer ->> 'total', (SELECT nullif(reason, '') FROM erp.order_list WHERE company = 'PO' AND order_code = p_code));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN concat_ws(' ', code, message);
END
$$;
CREATE FUNCTION pg_temp.lines(p_code text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', line_role, item_code, trim_scale(quantity), trim_scale(unit_price), amount::numeric(9, 2)), ', ' ORDER BY line_no) FROM erp.order_lines WHERE company = 'PO' AND order_code = p_code
$$;
CREATE FUNCTION pg_temp.used() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(promotion || ' ' || uses, ', ' ORDER BY promotion) FROM erp.promotion_list WHERE company = 'PO'
$$;
\o
SELECT is(pg_temp.place('O0', '[{"item": "POT", "quantity": 1}]'), 'confirmed 0', 'without price lists nothing is asked');
\o /dev/null
SELECT erp.put_price_lists('PO', 'l', '[{"code": "STD", "name": "Standard", "currency": "GBP"}]');
SELECT erp.put_price_rules('PO', 'r', '[{"list": "STD", "item": "POT", "price": 10}, {"list": "STD", "item": "CUP", "price": 4}, {"list": "STD", "purpose": "floor", "item": "POT", "price": 5, "action": "approve"}, {"list": "STD", "purpose": "cost_stop", "action": "refuse"}]');
SELECT erp.put_promotions('PO', 'p', '[{"code": "GIFT", "name": "Gift", "kind": "gift", "item": "CUP", "buy_quantity": 5, "gift_quantity": 1, "max_uses": 3}, {"code": "TEN", "name": "Ten percent", "kind": "threshold", "currency": "GBP", "threshold": 100, "percent": -10}]');
\o
SELECT is(pg_temp.place('O1', '[{"item": "CUP", "quantity": 5}, {"item": "POT", "quantity": 9}, {"item": "SV", "role": "service", "quantity": 1, "price": 7}]'), 'confirmed 105.3', '20, 90 and 7 less a tenth');
SELECT is(pg_temp.lines('O1'), 'sale CUP 5 3.6 18.00, sale POT 9 9 81.00, service SV 1 6.3 6.30, free CUP 1 0 0.00', 'each line less its part, and the gift');
SELECT is(pg_temp.used(), 'GIFT 1, TEN 1', 'what it uses');
SELECT is(pg_temp.place('O2', '[{"item": "CUP", "quantity": 3, "amount": 1}, {"item": "POT", "quantity": 1}]'), 'confirmed 11', 'a line with an amount is left as it is');
SELECT is(pg_temp.place('O3', '[{"item": "CUP", "quantity": 26, "price": "3.99"}, {"item": "POT", "quantity": 1}]'), 'confirmed 102.37', '103.74 and 10 less a tenth; a price by hand has its part in promotions');
SELECT is(pg_temp.lines('O3'), 'sale CUP 26 3.59115385 93.37, sale POT 1 9 9.00, free CUP 2 0 0.00', '93.366 in 8 decimals comes to 93.37; two gifts are left of three');
SELECT is(pg_temp.place('O4', '[{"item": "POT", "quantity": 1, "price": "4.99"}, {"item": "CUP", "quantity": 1}]'), 'held 8.99 the price of item "POT" is below its floor: at least 5 without tax', 'below the floor it waits for approval');
SELECT is(pg_temp.place('O5', '[{"item": "POT", "quantity": 1, "price": "3.99"}, {"item": "CUP", "quantity": 1}]'), 'LE240 the price of item "POT" is below its floor', 'below cost it is refused');
SELECT is(pg_temp.place('O6', '[{"item": "F", "quantity": 1}]'), 'LE241 no rule gives item "F" a price', 'and what has no price');
SELECT is(pg_temp.used(), 'GIFT 3, TEN 2', 'what is refused uses nothing');
\o /dev/null
SELECT erp.cancel_order('PO', 'cancel', '{"order": "O3", "reason": "r"}');
\o
SELECT is(pg_temp.used(), 'GIFT 1, TEN 1', 'what is cancelled gives its uses back');
-- Over the counter.
SELECT is(pg_temp.place('O7', '[{"item": "CUP", "quantity": 5}, {"item": "POT", "quantity": 9}]', 'order_to_cash'), 'closed 99', 'sold at once');
SELECT is(trial.balance('PO', '4000'), -99.00, 'revenue of 18 and 81');
SELECT is(trial.balance('PO', '5000'), 43.50, 'cost of sales of 9 x 4 and 5 x 1.50');
SELECT is(trial.balance('PO', '5100'), 1.50, 'the gift at its cost');
SELECT is(pg_temp.place('O8', '[{"item": "POT", "quantity": 1, "price": "4.99"}, {"item": "CUP", "quantity": 1}]', 'order_to_cash'), 'LE240 the price of item "POT" is below its floor: at least 5 without tax', 'nobody approves at the counter');
SELECT is(pg_temp.used(), 'GIFT 2, TEN 2', 'what was sold uses them');
-- Lines that a change adds are priced as another order would be; what is there keeps its prices, and uses add up. Of GIFT one of three is left.
CREATE FUNCTION pg_temp.add(p_code text, p_lines text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; answer jsonb;
BEGIN
	answer := erp.change_order('PO', md5(p_code || p_lines), json_build_object('order', p_code, 'day', '2009-02-02', 'lines', p_lines::json));
	RETURN concat_ws(' ', answer ->> 'state', answer ->> 'total', (SELECT nullif(reason, '') FROM erp.order_list WHERE company = 'PO' AND order_code = p_code));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN concat_ws(' ', code, message);
END
$$;
SELECT is(pg_temp.add('O1', '[{"item": "CUP", "quantity": 5}, {"item": "POT", "quantity": 8, "price": "9.5"}]'), 'confirmed 201.3', '5 cups at 4.00 and 8 pots at 9.50 by hand are 96.00: no tenth less');
SELECT is(pg_temp.lines('O1'), 'sale CUP 5 3.6 18.00, sale POT 9 9 81.00, service SV 1 6.3 6.30, free CUP 1 0 0.00, sale CUP 5 4 20.00, sale POT 8 9.5 76.00, free CUP 1 0 0.00', 'with another gift');
SELECT is(pg_temp.used(), 'GIFT 3, TEN 2', 'which it uses');
SELECT is(pg_temp.add('O2', '[{"item": "CUP", "quantity": 5}]') , 'confirmed 31', 'no gift is left: 5 more at 4.00');
SELECT is(pg_temp.lines('O2'), 'sale CUP 3 0 1.00, sale POT 1 10 10.00, sale CUP 5 4 20.00', 'and none is given');
SELECT is(pg_temp.add('O2', '[{"item": "F", "quantity": 1}]'), 'LE241 no rule gives item "F" a price', 'what has no price is refused');
SELECT is(pg_temp.add('O2', '[{"item": "CUP", "quantity": 1}, {"item": "POT", "quantity": 1, "price": "3.99"}]'), 'LE240 the price of item "POT" is below its floor', 'and what is below cost');
SELECT is(pg_temp.add('O2', '[{"item": "CUP", "quantity": 1}, {"item": "POT", "quantity": 1, "price": "4.99"}]'), 'held 39.99 the price of item "POT" is below its floor: at least 5 without tax', 'below the floor the order is held');
\o /dev/null
SELECT erp.cancel_order('PO', 'cancel 2', '{"order": "O1", "reason": "r"}');
\o
SELECT is(pg_temp.used(), 'GIFT 1, TEN 1', 'cancelled, it gives all of its uses back');
-- With rules for approvals.
\o /dev/null
SELECT erp.put_approval_rules('PO', 'rule', format('[{"code": "BIG", "kind": "sales_order", "own": true, "when": [{"field": "amount", "from": 500}], "steps": [{"signers": [{"person": "%s"}]}]}]', current_user)::json);
\o
SELECT is(pg_temp.place('O9', '[{"item": "POT", "quantity": 1, "price": "4.99"}, {"item": "CUP", "quantity": 1}]'), 'LE240 the price of item "POT" is below its floor: at least 5 without tax', 'nobody is asked to sign it, so it is refused');
SELECT is(pg_temp.place('O9', '[{"item": "POT", "quantity": 1, "price": "4.99"}, {"item": "POT", "quantity": 60}]'), 'pending 544.49', 'where somebody is, it waits for that: 604.99 less a tenth');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
