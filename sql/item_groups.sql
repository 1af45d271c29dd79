\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Groups of items: a tree, what new items have from it, and the posting rules of a group for those below it.
SELECT plan(25);
\o /dev/null
SELECT trial.make_company('GRP');
CREATE FUNCTION pg_temp.try(p_call text, p_key text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''GRP'', $1, $2::json)', p_call) INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.item(p_code text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', costing_method, cost_pool, tracking, nullif(u.code, '')) FROM erp.item i JOIN erp.unit u USING (unit_id) JOIN erp.company c USING (company_id) WHERE c.code = 'GRP' AND i.code = p_code
$$;
-- The account of revenue that an item's sale hits.
CREATE FUNCTION pg_temp.sell(p_item text, p_extra jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	key text := 's ' || p_item || p_extra::text || random();
BEGIN
	PERFORM erp.post_document('GRP', (jsonb_build_object('key', key, 'kind', 'sales_invoice', 'day', '2009-01-10', 'party', 'C1', 'lines',
		jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', 1, 'price', 5))) || p_extra)::text::json);
	RETURN (SELECT string_agg(account_code, ' ') FROM erp.explain_posting('GRP', key) WHERE account_code ~ '^4');
END
$$;
\o
SELECT is(pg_temp.try('put_item_groups', 'g1', '[{"code": "FOOD", "name": "Food", "method": "moving_average", "unit": "kg"}, {"code": "DAIRY", "name": "Dairy", "parent": "FOOD", "tracking": "lot"},
	{"code": "CHEESE", "name": "Cheese", "parent": "DAIRY", "method": "fifo", "cost_pool": "warehouse"}, {"code": "TOOLS", "name": "Tools"}]'), '{"updated": 0, "inserted": 4}', 'a tree of three levels and a single');
SELECT is((SELECT string_agg(concat_ws(' ', path, costing_method, cost_pool, tracking, unit), ', ' ORDER BY item_group) FROM erp.item_group_list WHERE company = 'GRP'),
	'FOOD > DAIRY > CHEESE fifo warehouse lot kg, FOOD > DAIRY moving_average  lot kg, FOOD moving_average   kg, TOOLS    ', 'each has what it says and what it does not say from above');
SELECT is(pg_temp.try('put_item_groups', 'g2', '[{"code": "FOOD", "name": "Food", "parent": "CHEESE"}]'), 'LE011 | a group cannot be part of itself | At $[0].parent, value "CHEESE".', 'no circle');
SELECT is(pg_temp.try('put_item_groups', 'g3', '[{"code": "A", "name": "A", "parent": "A"}]'), 'LE011 | a group cannot be part of itself | At $[0].parent, value "A".', 'nor one of one');
SELECT is(pg_temp.try('put_item_groups', 'g4', '[{"code": "X", "name": "X", "parent": "NONE"}]'), 'LE012 | there is no item group "NONE" | At $[0].parent, value "NONE".', 'unknown parent');
SELECT is(pg_temp.try('put_item_groups', 'g5', '[{"code": "X", "name": "X"}, {"code": "Y", "name": "Y", "unit": "crate"}]'), 'LE012 | there is no unit "crate" | At $[1].unit, value "crate".', 'unknown unit');
SELECT is(pg_temp.try('put_item_groups', 'g6', '[{"code": "X", "name": "X", "method": "guess"}]'), 'LE011 | field "method" has a value that is not known | At $[0].method, value "guess".', 'a method that no item can have');

-- Items.
SELECT is(pg_temp.try('put_items', 'i1', '[{"code": "BRIE", "name": "Brie", "kind": "stock", "group": "CHEESE"}, {"code": "MILK", "name": "Milk", "kind": "stock", "group": "DAIRY", "unit": "l", "tracking": "none"},
	{"code": "BREAD", "name": "Bread", "kind": "stock", "group": "FOOD"}, {"code": "TASTING", "name": "Tasting", "kind": "service", "group": "CHEESE", "unit": "hour"},
	{"code": "SAW", "name": "Saw", "kind": "stock", "method": "fifo", "group": "TOOLS"}, {"code": "EGG", "name": "Egg", "kind": "stock", "method": "fifo", "group": "EGGS"}]'), '{"updated": 0, "inserted": 6}', 'six items');
SELECT is(pg_temp.item('BRIE'), 'fifo warehouse lot kg', 'cheese says all but what dairy and food say');
SELECT is(pg_temp.item('MILK'), 'moving_average company none l', 'what the item says itself stands');
SELECT is(pg_temp.item('BREAD'), 'moving_average company none kg', 'food');
SELECT is(pg_temp.item('TASTING'), 'none company none hour', 'a service has no method and is not tracked');
SELECT is(pg_temp.item('EGG'), 'fifo company none', 'a group that nobody declared gives nothing');
SELECT is(pg_temp.try('put_items', 'i2', '[{"code": "ROPE", "name": "Rope", "kind": "stock", "group": "TOOLS"}]'), 'LE011 | a stock item needs a costing method and a service has none | At $[0].method.', 'tools have no method');
SELECT is(pg_temp.try('put_items', 'i3', '[{"code": "BREAD", "name": "Bread", "kind": "stock", "group": "CHEESE"}]'), '{"updated": 1, "inserted": 0}', 'an item changes its group');
SELECT is(pg_temp.item('BREAD'), 'moving_average company none kg', 'and keeps what it has');
SELECT is(pg_temp.try('put_item_groups', 'g7', '[{"code": "CHEESE", "name": "Cheese", "method": ""}]'), '{"updated": 1, "inserted": 0}', 'a group no longer says');
SELECT is((SELECT costing_method FROM erp.item_group_list WHERE company = 'GRP' AND item_group = 'CHEESE'), 'moving_average', 'what the one above says again');

-- Rules: of the group itself, of the nearest above, of all.
\o /dev/null
SELECT erp.put_accounts('GRP', 'accounts of groups', '[{"code": "4010", "name": "Food", "class": "revenue", "side": "credit"}, {"code": "4020", "name": "Dairy", "class": "revenue", "side": "credit"}, {"code": "4030", "name": "Food, north", "class": "revenue", "side": "credit"}]');
SELECT trial.receive('GRP', 'r' || i, '2009-01-02', i, 100, 100) FROM unnest(ARRAY['MILK', 'BREAD', 'SAW', 'EGG']) i;
SELECT trial.receive('GRP', 'r north', '2009-01-02', 'MILK', 100, 100, '{"warehouse": "NORTH"}');
\o
SELECT is(pg_temp.sell('MILK'), '4000', 'no rule of a group: that of all');
\o /dev/null
SELECT erp.put_posting_rules('GRP', 'p1', '[{"kind": "sales_invoice", "line_role": "sale", "amount_role": "amount", "side": "credit", "account": "4010", "item_group": "FOOD"}]');
\o
SELECT is(pg_temp.sell('MILK') || pg_temp.sell('BREAD') || pg_temp.sell('SAW') || pg_temp.sell('EGG'), '4010401040004000', 'a rule of food fits dairy and cheese, not tools and eggs');
\o /dev/null
SELECT erp.put_posting_rules('GRP', 'p2', '[{"kind": "sales_invoice", "line_role": "sale", "amount_role": "amount", "side": "credit", "account": "4020", "item_group": "DAIRY"}]');
\o
SELECT is(pg_temp.sell('MILK') || pg_temp.sell('BREAD'), '40204020', 'the rule of the lower group wins: bread is cheese now');
\o /dev/null
SELECT erp.put_items('GRP', 'i4', '[{"code": "BREAD", "name": "Bread", "kind": "stock", "group": "FOOD"}]');
\o
SELECT is(pg_temp.sell('BREAD'), '4010', 'and food again');
\o /dev/null
SELECT erp.put_posting_rules('GRP', 'p3', '[{"kind": "sales_invoice", "line_role": "sale", "amount_role": "amount", "side": "credit", "account": "4030", "item_group": "FOOD", "warehouse": "NORTH"}]');
\o
SELECT is(pg_temp.sell('MILK', '{"warehouse": "NORTH"}') || pg_temp.sell('MILK'), '40304020', 'a rule that says more fields comes before one of a lower group');
\o /dev/null
SELECT erp.put_item_groups('GRP', 'g8', '[{"code": "DAIRY", "name": "Dairy", "parent": ""}]');
\o
SELECT is(pg_temp.sell('MILK', '{"warehouse": "NORTH"}'), '4020', 'where dairy is no longer food, the rules of food do not fit it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
