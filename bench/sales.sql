-- Sales of BENCH: five lines of its items, which tax is on, and an item that 10,000 lines wait for.
SELECT erp.put_tax_codes('BENCH', 'tax of sales', '[{"code": "SALE", "name": "Tax of sales", "rates": [{"from": "2020-01-01", "rate": "0.2"}]}]');
CREATE FUNCTION rival.sale(first integer) RETURNS json LANGUAGE sql IMMUTABLE AS $$
	SELECT json_build_object('party', 'C', 'day', '2026-02-01', 'tax_code', 'SALE', 'payment', json_build_object('role', 'bank'), 'lines',
		(SELECT json_agg(json_build_object('item', 'I' || g, 'quantity', 1, 'price', 20)) FROM generate_series(first, first + 4) g))
$$;
CREATE FUNCTION rival.sales_order(first integer) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT (rival.sale(first)::jsonb - 'payment')::json $$;

-- What one sale over the counter inserts is what the plain function inserts, under new keys: identities move on by a stride, codes and keys are new.
-- Rows that a sale only brings up to date (stock, balances) are left out. The tables have the columns, checks, keys, foreign keys and indexes of the engine's.
CREATE SCHEMA sold;
CREATE SEQUENCE sold.number;
SELECT erp.order_to_cash('BENCH', 'SOLD', rival.sale(1)) ->> 'state';
CREATE FUNCTION sold.make() RETURNS void LANGUAGE plpgsql AS $make$
DECLARE
	t text;
	first_move bigint := (SELECT min(m.move_id) FROM erp.stock_move m JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'SOLD/invoice');
	documents text := format('(SELECT document_id FROM erp.document WHERE document_id >= %s)', (SELECT document_id FROM erp.document WHERE key = 'SOLD'));
	vouchers text := '(SELECT voucher_id FROM erp.voucher WHERE document_id IN ' || documents || ')';
	inserts text := '';
	k record;
BEGIN
	FOREACH t IN ARRAY ARRAY['document', 'call_result', 'document_line', 'document_link', 'document_tax', 'stock_move', 'voucher', 'voucher_line', 'cost_entry',
		'open_item', 'settlement', 'sales_order', 'sales_order_line', 'sales_order_link', 'state_event', 'outbox']
	LOOP
		EXECUTE format('CREATE TABLE sold.%1$I (LIKE erp.%1$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', t);
		EXECUTE format('CREATE TABLE sold.%I AS SELECT * FROM erp.%I WHERE %s', 'one_' || t, t, CASE
			WHEN t = 'settlement' THEN 'debit_open_item_id IN (SELECT open_item_id FROM erp.open_item WHERE document_id IN ' || documents || ')'
			WHEN t IN ('voucher_line', 'cost_entry') THEN 'voucher_id IN ' || vouchers
			WHEN t = 'state_event' THEN 'subject_id IN ' || documents || ' AND kind = ''sales_order'''
			WHEN t LIKE 'sales_order%' AND t <> 'sales_order_link' THEN 'sales_order_id IN ' || documents
			ELSE 'document_id IN ' || documents END);
		inserts := inserts || format('INSERT INTO sold.%I OVERRIDING SYSTEM VALUE SELECT %s FROM sold.%I;', t, (
			SELECT string_agg(CASE
				WHEN a.attname = 'source_move_id' THEN format('CASE WHEN %I >= %s THEN %1$I + $1 ELSE %1$I END', a.attname, first_move)
				WHEN a.atttypid = 'bigint'::regtype AND a.attname ~ '_id$' AND a.attname <> 'cost_pool_id' THEN format('CASE %I WHEN 0 THEN 0 ELSE %1$I + $1 END', a.attname)
				WHEN t = 'document' AND a.attname = 'key' THEN 'CASE WHEN key LIKE ''SOLD%'' THEN replace(key, ''SOLD'', $2) ELSE key || $2 END'
				WHEN a.attname = 'code' THEN format('replace(%I, ''SOLD'', $2)', a.attname)
				ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum)
			  FROM pg_attribute a WHERE a.attrelid = format('sold.%I', t)::regclass AND a.attnum > 0), 'one_' || t);
	END LOOP;
	FOR k IN SELECT c.relname, o.conname, pg_get_constraintdef(o.oid) AS definition, f.relname AS target FROM pg_constraint o
		JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class f ON f.oid = o.confrelid
		WHERE o.contype = 'f' AND o.connamespace = 'erp'::regnamespace AND to_regclass('sold.' || c.relname) IS NOT NULL ORDER BY 2
	LOOP
		EXECUTE format('ALTER TABLE sold.%I ADD CONSTRAINT %I %s', k.relname, k.conname, CASE WHEN to_regclass('sold.' || k.target) IS NULL THEN k.definition
			ELSE replace(k.definition, 'REFERENCES erp.', 'REFERENCES sold.') END);
	END LOOP;
	EXECUTE format('CREATE FUNCTION sold.write(bigint, text) RETURNS void LANGUAGE plpgsql AS %L', 'BEGIN ' || inserts || ' END');
END
$make$;
SELECT sold.make();
CREATE FUNCTION rival.order_to_cash(key text) RETURNS void LANGUAGE sql AS $$ SELECT sold.write(1000 * nextval('sold.number'), key) $$;
CREATE FUNCTION rival.order_to_cash_told(key text) RETURNS void LANGUAGE sql AS $$ SELECT sold.write(1000 * nextval('sold.number'), key); SELECT pg_notify('erp_outbox', 'order') $$;
SELECT count(rival.order_to_cash('begun sale ' || g)) FROM generate_series(1, 2000) g;

-- Orders that wait to be shipped, and to be billed, for the rows of one step alone: one each for as long as there are such. Plans are made for tables that hold something.
SELECT count(erp.place_order('BENCH', k || g, rival.sales_order(1 + g % 990))) FROM unnest(ARRAY['placed ', 'shipped ']) k, generate_series(1, 20) g;
SELECT count(erp.ship_order('BENCH', 'ship ' || g, json_build_object('order', 'shipped ' || g, 'day', '2026-02-01'))) FROM generate_series(1, 20) g;
ANALYZE erp.document, erp.document_line, erp.document_link, erp.sales_order, erp.sales_order_line, erp.sales_order_link, erp.reservation, erp.requirement, erp.stock_move;
SELECT count(erp.place_order('BENCH', k || g, rival.sales_order(1 + g % 990))) FROM unnest(ARRAY['placed ', 'shipped ']) k, generate_series(21, 3000) g;
SELECT count(erp.ship_order('BENCH', 'ship ' || g, json_build_object('order', 'shipped ' || g, 'day', '2026-02-01'))) FROM generate_series(21, 3000) g;
CREATE SEQUENCE sold.to_ship;
CREATE SEQUENCE sold.to_bill;

-- 10,000 lines wait for each of two items; the first arrives, and shows what that inserts.
SELECT erp.put_items('BENCH', 'waited for', '[{"code": "CAME", "name": "Came", "kind": "stock", "method": "fifo"}, {"code": "WAITED", "name": "Waited for", "kind": "stock", "method": "fifo"}]');
SELECT erp.reserve('BENCH', (SELECT json_build_object('key', 'waiting ' || i, 'demand', 'waiting ' || i, 'require', true,
	'lines', json_agg(json_build_object('item', i, 'quantity', 1, 'priority', g % 5)))
	FROM generate_series(1, 10000) g)) ->> 'complete' FROM unnest(ARRAY['CAME', 'WAITED']) i;
CREATE FUNCTION rival.arrival(item text) RETURNS json LANGUAGE sql IMMUTABLE AS $$
	SELECT json_build_object('key', 'arrival of ' || item, 'kind', 'goods_receipt', 'day', '2026-02-01', 'party', 'S',
		'lines', json_build_array(json_build_object('item', item, 'quantity', 10000, 'price', 1)))
$$;
SELECT erp.post_document('BENCH', rival.arrival('CAME')) ->> 'document_id' AS arrived \gset
CREATE TABLE rival.came_reservation AS SELECT r.* FROM erp.reservation r WHERE r.demand = 'waiting CAME';
CREATE TABLE rival.came_outbox AS SELECT o.* FROM erp.outbox o WHERE o.document_id = :arrived AND o.topic = 'requirement_served';
CREATE TABLE rival.kept_reservation (LIKE erp.reservation INCLUDING ALL);
CREATE TABLE rival.kept_outbox (LIKE erp.outbox INCLUDING ALL);
CREATE FUNCTION rival.write_arrival() RETURNS void LANGUAGE sql AS $$
	INSERT INTO rival.kept_reservation OVERRIDING SYSTEM VALUE SELECT * FROM rival.came_reservation;
	INSERT INTO rival.kept_outbox OVERRIDING SYSTEM VALUE SELECT * FROM rival.came_outbox;
$$;
