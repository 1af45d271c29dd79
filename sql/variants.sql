\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Variants: items that a template and a value of each of its attributes make.
SELECT plan(25);
\o /dev/null
SELECT trial.make_company('VAR');
SELECT erp.put_item_groups('VAR', 'group', '[{"code": "CLOTHES", "name": "Clothes", "method": "fifo", "unit": "piece"}]');
CREATE FUNCTION pg_temp.try(p_call text, p_key text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''VAR'', $1, $2::json)', p_call) INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.variants() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(item_code, ' ' ORDER BY item_code) FROM erp.item_variants WHERE company = 'VAR'
$$;
\o
\set shirt '{"code": "SHIRT", "name": "Shirt", "item": {"kind": "stock", "group": "CLOTHES"}, "code_pattern": "{template}/{colour}-{size}", "name_pattern": "{template}, {colour}, size {size}", "attributes": [{"code": "colour", "name": "Colour", "values": [{"code": "R", "name": "red"}, {"code": "B", "name": "blue"}]}, {"code": "size", "name": "Size", "values": [{"code": "M", "name": "medium"}, {"code": "L", "name": "large"}]}]}'
SELECT is(pg_temp.try('put_item_templates', 't1', '[' || :'shirt' || ']'), '{"updated": 0, "inserted": 1}', 'a shirt in two colours and two sizes');
SELECT is(pg_temp.try('put_item_templates', 't2', '[{"code": "X", "name": "X", "item": {"kind": "stock"}, "attributes": [{"code": "a", "name": "A", "values": [{"code": "1", "name": "1"}]}]}]'), 'LE011 | a stock item needs a costing method and a service has none | At $[0].method.', 'what no item could be');
SELECT is(pg_temp.try('put_item_templates', 't3', '[{"code": "X", "name": "X", "item": {"kind": "service"}, "attributes": []}]'), 'LE011 | a template has an attribute, and an attribute a value | At $[0].attributes.', 'nothing to tell them apart');
SELECT is(pg_temp.try('put_item_templates', 't4', '[{"code": "X", "name": "X", "item": {"kind": "service"}, "attributes": [{"code": "a", "name": "A", "values": []}]}]'), 'LE011 | a template has an attribute, and an attribute a value | At $[0].attributes.', 'an attribute without values');
SELECT is(pg_temp.try('put_item_templates', 't5', '[{"code": "X", "name": "X", "item": {"kind": "service"}, "attributes": [{"code": "a", "name": "A", "values": [{"code": "1", "name": "1"}, {"code": "1", "name": "2"}]}]}]'), 'LE011 | the same row is given twice | At $[0].attributes[0].values[1], value "1".', 'a value twice');
SELECT is(pg_temp.try('put_item_templates', 't6', '[{"code": "X", "name": "X", "item": {"kind": "service"}, "attributes": [{"code": "a", "name": "A", "values": [{"code": 1, "name": "1"}]}]}]'), 'LE011 | field "code" must be a text of 1 to 60 characters without control characters | At $[0].attributes[0].values[0].code, value "1".', 'a code that is no text');
SELECT is((SELECT count(*) FROM erp.item i JOIN erp.company c USING (company_id) WHERE c.code = 'VAR' AND i.code = 'SHIRT'), 0::bigint, 'a template is no item');

SELECT is(pg_temp.try('put_variants', 'v1', '[{"template": "SHIRT", "values": {"colour": "R", "size": "M"}}]'), '{"updated": 0, "inserted": 1}', 'one variant');
SELECT is((SELECT concat_ws(' ', i.name, i.costing_method, i.item_group, u.code) FROM erp.item i JOIN erp.unit u USING (unit_id) JOIN erp.company c USING (company_id) WHERE c.code = 'VAR' AND i.code = 'SHIRT/R-M'), 'Shirt, red, size medium fifo CLOTHES piece', 'code and name by the patterns, the rest from template and group');
SELECT is(pg_temp.try('put_variants', 'v2', '[{"template": "SHIRT", "values": {"size": "L"}}]'), '{"updated": 0, "inserted": 2}', 'all colours of one size');
SELECT is(pg_temp.try('put_variants', 'v3', '[{"template": "SHIRT"}]'), '{"updated": 0, "inserted": 1}', 'all there are: one was missing');
SELECT is(pg_temp.variants(), 'SHIRT/B-L SHIRT/B-M SHIRT/R-L SHIRT/R-M', 'four items');
SELECT is((SELECT attribute_values FROM erp.item_variants WHERE company = 'VAR' AND item_code = 'SHIRT/B-L'), '{"size": "L", "colour": "B"}', 'with their values');
SELECT is(pg_temp.try('put_variants', 'v4', '[{"template": "SHIRT", "values": {"colour": "G"}}]'), 'LE185 | the template has no such attribute or value | At $[0].values, value "{"colour": "G"}".', 'no green ones');
SELECT is(pg_temp.try('put_variants', 'v5', '[{"template": "SHIRT", "values": {"fit": "slim"}}]'), 'LE185 | the template has no such attribute or value | At $[0].values, value "{"fit": "slim"}".', 'nor slim ones');
SELECT is(pg_temp.try('put_variants', 'v6', '[{"template": "SHOE"}]'), 'LE012 | there is no item template "SHOE" | At $[0].template, value "SHOE".', 'no shoes');
SELECT is(pg_temp.try('put_variants', 'v7', '[{"template": "SHIRT", "values": {"colour": "R", "size": "M"}, "name": "The red one"}]'), '{"updated": 1, "inserted": 0}', 'another name for one that is there');
SELECT is(pg_temp.try('put_variants', 'v8', '[{"template": "SHIRT", "values": {"colour": "R", "size": "M"}, "code": "OTHER"}]'), 'LE185 | "OTHER" would be the code of two items, or one variant have two codes | At $[0], value "OTHER".', 'one combination is one item');
SELECT is(pg_temp.try('put_item_templates', 't7', replace('[' || :'shirt' || ']', '{"code": "B", "name": "blue"}', '{"code": "G", "name": "green"}')), 'LE185 | the template has variants: its attributes stay, and the values that they have | At $[0].attributes, value "SHIRT".', 'blue shirts are there');
SELECT is(pg_temp.try('put_item_templates', 't8', replace('[' || :'shirt' || ']', '{"code": "B", "name": "blue"}', '{"code": "B", "name": "blue"}, {"code": "G", "name": "green"}')), '{"updated": 1, "inserted": 0}', 'green ones join them');
SELECT is(pg_temp.try('put_variants', 'v9', '[{"template": "SHIRT", "values": {"colour": "G", "size": "M"}, "code": "F"}]'), 'LE185 | "F" would be the code of two items, or one variant have two codes | At $[0], value "F".', 'a code that another item has');
SELECT is(pg_temp.try('put_variants', 'v10', '[{"template": "SHIRT", "values": {"colour": "G", "size": "M"}, "code": "GREEN"}, {"template": "SHIRT", "values": {"colour": "G", "size": "L"}}]'), '{"updated": 0, "inserted": 2}', 'a code of its own');
SELECT is(erp_private.fill_pattern('a{template}b{x}{y}c{', '{x}', '{"x": "1", "y": "{template}"}'), 'a{x}b1{template}c', 'what is filled in is not filled in again');
-- It is an item like any other.
\o /dev/null
SELECT trial.receive('VAR', 'r', '2009-01-02', 'SHIRT/R-M', 10, 50);
\o
SELECT is((SELECT trim_scale(on_hand) FROM erp.stock_on_hand WHERE company = 'VAR' AND item_code = 'SHIRT/R-M'), 10::numeric, 'variants move');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
