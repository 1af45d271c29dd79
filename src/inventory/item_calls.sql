-- Calls on items beside erp.put_items(): run as those of core/calls.sql.

CREATE FUNCTION erp.put_item_groups(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_item_groups(text, text, json) IS
	'Adds or changes groups of items. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "parent"? (code of the group that it is part of), "method"?, "cost_pool"?, "unit"?, "tracking"? (what a new item of the group has where it says nothing itself; "": what the group above gives)}]. A field that is not given keeps its value. Items that are there keep what they have. A posting rule of a group fits the items of the groups below it too; of two rules that say as many fields, the one of the lower group wins. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for a group that would be part of itself, LE012 for an unknown group or unit.';

CREATE FUNCTION erp.put_barcodes(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_barcodes(text, text, json) IS
	'Adds or changes barcodes of items. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"barcode", "item" (code), "unit"? (the unit of the item that the barcode is on; default the item''s own), "kind"? (gtin, the default: 8, 12, 13 or 14 digits with their check digit; or own: a code of the company''s own), "active"? (default true)}]. GTINs of different length are one barcode when they are the same number. Each row is written as given. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown item, LE182 for a unit that does not convert into the item''s, LE184 for a GTIN that is none.';

CREATE FUNCTION erp.put_item_templates(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_item_templates(text, text, json) IS
	'Adds or changes templates of items and the attributes that tell their variants apart. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "item" (fields of erp.put_items() that every new variant has: kind, method, group, unit, ...), "attributes": [{"code", "name", "values": [{"code", "name"}]}], "code_pattern"?, "name_pattern"? (how codes and names of variants are made: {template} and {attribute}; default {template}-{first}-{second}...)}]. Each row is written as given. Once there are variants, attributes stay and values may be added (LE185). A template is no item: it does not move. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_variants(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_variants(text, text, json) IS
	'Makes the items that are variants of a template. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"template" (code), "values"? (value by attribute, e.g. {"colour": "RED"}; an attribute that is not named: all its values), "code"?, "name"? (of a single variant; default by the template''s patterns)}]. A variant that is there stays, with another name if one is given; a new one has the fields of its template. Returns {"inserted", "updated"}. Errors: those of erp.put_items(); LE012 for an unknown template, LE185 for a value that the template does not know, and for a code that is another item''s.';

CREATE FUNCTION erp.import_master_data(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.import_master_data(text, text, json) IS
	'Imports the rows of master data that were COPYed into erp.staged_master, all or, if one is bad, none: every bad cell stands then in erp.import_problem (its document_key is the target of the row), and the rows may be mended and imported under a new key. With "skip_bad" of erp.start_import() the good rows are written and the bad ones listed. Rows of one target may name those of another: units come before groups, items, their units, templates, variants, barcodes, warehouses, locations, lots and parties. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"job_id"} (of erp.start_import()). Returns {"state" (done or refused), "rows", "bad_rows"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE070 for an unknown job, or one whose rows were imported.';

CREATE FUNCTION erp.put_item_units(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_item_units(text, text, json) IS
	'Says what units of an item hold, beside those that its own unit''s measure gives it. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"item", "unit" (codes), "numerator", "denominator"? (one unit is numerator / denominator of the item''s own unit, each a whole number of at most 12 digits, denominator by default 1)}]: a box of 12 pieces is 12. Other units of the same measure follow: where a kilogram is 5 pieces, a gram is 1/200. A ratio that a move of the item was entered by cannot change (LE140). Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for an item without a unit, LE012 for an unknown item or unit, LE180 if two units of one measure come to different ratios.';
