CREATE FUNCTION erp_private.guard_used_item() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_item';
COMMENT ON FUNCTION erp_private.guard_used_item() IS
	'Row trigger of erp.item: refuses (LE140) another kind, unit, costing method, cost pool or tracking of an item that has moved.';

CREATE FUNCTION erp_private.guard_used_item_unit() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_item_unit';
COMMENT ON FUNCTION erp_private.guard_used_item_unit() IS
	'Row trigger of erp.item_unit: refuses (LE140) another ratio once the item has moved in the unit or in one of its measure.';

CREATE FUNCTION erp_private.guard_used_unit() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_unit';
COMMENT ON FUNCTION erp_private.guard_used_unit() IS
	'Row trigger of erp.unit: refuses (LE140) another measure or ratio once items or lines of documents name the unit.';

CREATE FUNCTION erp_private.inventory_guard()
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT * FROM erp_private.fact_guard(ARRAY['erp.stock_move', 'erp.cost_entry', 'erp.item_costing', 'erp.expired_issue'])
	UNION ALL
	VALUES ('erp.item', 'guard_used_item', 'guard_used_item', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.item_unit', 'guard_used_item_unit', 'guard_used_item_unit', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.unit', 'guard_used_unit', 'guard_used_unit', 'AFTER', 'UPDATE', 'ROW')
	UNION ALL
	SELECT * FROM erp_private.master_guard(
		ARRAY['erp.item', 'erp.item_group', 'erp.item_unit', 'erp.item_barcode', 'erp.item_template', 'erp.item_variant', 'erp.warehouse', 'erp.location', 'erp.lot', 'erp.stock_state', 'erp.line_role_state'],
		ARRAY['erp.item_group', 'erp.warehouse'])
$function$;
COMMENT ON FUNCTION erp_private.inventory_guard() IS 'The triggers of the tables of inventory.';
