-- inventory: what is expected, the claims on it, and claims that something is missing for.

-- Lowest priority first, the latest of equal ones first.
CREATE FUNCTION erp_private.lowest_reservations(company_id integer, item_id integer, ids bigint[], missing numeric)
	RETURNS TABLE (reservation_id bigint, quantity numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.reservation_id, least(c.quantity, $4 - c.before)
	  FROM (SELECT r.reservation_id, r.quantity,
	               sum(r.quantity) OVER (ORDER BY r.priority, r.reserved_at DESC, r.reservation_id DESC) - r.quantity AS before
	          FROM erp.reservation r WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = ANY ($3)) c
	 WHERE c.before < $4
$function$;
COMMENT ON FUNCTION erp_private.lowest_reservations(integer, integer, bigint[], numeric) IS
	'Which of the reservations of one item, and how much of each, lose what is missing.';

CREATE FUNCTION erp_private.free_reservations(company_id integer, item_id integer, ids bigint[], missing numeric, key text, document_id bigint)
	RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	chosen bigint[];
	quantities numeric[];
	payload jsonb;
BEGIN
	SELECT array_agg(l.reservation_id), array_agg(l.quantity) INTO chosen, quantities
	  FROM erp_private.lowest_reservations($1, $2, ids, missing) l;
	IF chosen IS NULL THEN
		RETURN 0;
	END IF;
	SELECT jsonb_build_object('item', i.code, 'key', $5, 'reservations', jsonb_agg(jsonb_build_object('demand', r.demand, 'line', r.demand_line,
	       'claim', r.claim, 'priority', r.priority, 'quantity', trim_scale(n.quantity)) ORDER BY r.reservation_id))
	  INTO payload
	  FROM unnest(chosen, quantities) AS n (reservation_id, quantity)
	  JOIN erp.reservation r ON r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = n.reservation_id
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = $2
	 GROUP BY i.code;
	PERFORM erp_private.emit_event($1, 'reservation_freed', $6, payload);
	PERFORM erp_private.end_reservations($1, $2, chosen, quantities, 'freed', $5, $6);
	RETURN cardinality(chosen);
END
$function$;
COMMENT ON FUNCTION erp_private.free_reservations(integer, integer, bigint[], numeric, text, bigint) IS
	'Frees what is missing of locked reservations of one item, those of lowest priority first, and says so by event reservation_freed. Returns how many lost something.';

CREATE FUNCTION erp_private.check_expected_receipts(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, '{"key": "key!", "receipts": "list!"}');
	PERFORM erp_private.check_rows(request -> 'receipts', '$.receipts[#]',
		'{"source": "key!", "line": "integer", "item": "code!", "warehouse": "code!", "day": "day!", "quantity": "quantity or zero!"}');
	PERFORM erp_private.check_once(request -> 'receipts', '$.receipts[#]', ARRAY['source', 'line']);
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(request -> 'receipts') WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_expected_receipts.company_id AND i.code = e.value ->> 'item' AND i.kind = 'stock')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.receipts[#]', 'item', bad.item, 'item that is kept in stock', 'Add it with erp.put_items().');
	SELECT e.n, e.value ->> 'warehouse' AS warehouse INTO bad FROM jsonb_array_elements(request -> 'receipts') WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.warehouse w WHERE w.company_id = check_expected_receipts.company_id AND w.code = e.value ->> 'warehouse')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.receipts[#]', 'warehouse', bad.warehouse, 'warehouse', 'Add it with erp.put_warehouses().');
END
$function$;
COMMENT ON FUNCTION erp_private.check_expected_receipts(integer, jsonb) IS 'Raises LE011 or LE012 unless the request is one of erp.put_expected_receipts().';

-- New ones go in before any is locked. Of one source and line there is one item, or LE201.
CREATE FUNCTION erp_private.insert_expected_receipts(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	inserted bigint;
	bad record;
BEGIN
	INSERT INTO erp.expected_receipt (company_id, item_id, warehouse_id, source, source_line, day, quantity)
	SELECT insert_expected_receipts.company_id, i.item_id, w.warehouse_id, e.value ->> 'source', COALESCE((e.value ->> 'line')::integer, 1),
	       (e.value ->> 'day')::date, (e.value ->> 'quantity')::numeric
	  FROM jsonb_array_elements(request -> 'receipts') AS e (value)
	  JOIN erp.item i ON i.company_id = insert_expected_receipts.company_id AND i.code = e.value ->> 'item'
	  JOIN erp.warehouse w ON w.company_id = insert_expected_receipts.company_id AND w.code = e.value ->> 'warehouse'
	 ORDER BY e.value ->> 'source', 5
	ON CONFLICT ON CONSTRAINT expected_receipt_source_key DO NOTHING;
	GET DIAGNOSTICS inserted = ROW_COUNT;
	SELECT e.n, e.value ->> 'item' AS item INTO bad
	  FROM jsonb_array_elements(request -> 'receipts') WITH ORDINALITY AS e (value, n)
	  JOIN erp.item i ON i.company_id = insert_expected_receipts.company_id AND i.code = e.value ->> 'item'
	  JOIN erp.expected_receipt x ON x.company_id = insert_expected_receipts.company_id AND x.source = e.value ->> 'source'
	       AND x.source_line = COALESCE((e.value ->> 'line')::integer, 1) AND x.item_id <> i.item_id
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE201', 'this line is expected to bring another item', format('$.receipts[%s].item', bad.n - 1), bad.item,
			'Put that line to quantity 0, and expect the new item under another line.');
	END IF;
	RETURN inserted;
END
$function$;
COMMENT ON FUNCTION erp_private.insert_expected_receipts(integer, jsonb) IS
	'Inserts what is not expected yet; LE201 where a source and line are of another item. Returns how many are new.';

CREATE FUNCTION erp_private.change_expected_receipt(company_id integer, item_id integer, receipt jsonb, key text) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	row record;
	ids bigint[];
	freed bigint := 0;
	wanted numeric := (receipt ->> 'quantity')::numeric;
BEGIN
	SELECT e.expected_receipt_id, e.claimed INTO row FROM erp.expected_receipt e
	 WHERE e.company_id = $1 AND e.source = receipt ->> 'source' AND e.source_line = COALESCE((receipt ->> 'line')::integer, 1);
	IF row.claimed > wanted THEN
		ids := ARRAY(SELECT r.reservation_id FROM erp.reservation r
		              WHERE r.company_id = $1 AND r.expected_receipt_id = row.expected_receipt_id AND r.expected_receipt_id <> 0);
		PERFORM erp_private.lock_reservations($1, $2, ids);
		freed := erp_private.free_reservations($1, $2, ids, row.claimed - wanted, key, 0);
	END IF;
	UPDATE erp.expected_receipt e SET quantity = wanted, day = (receipt ->> 'day')::date,
		warehouse_id = (SELECT w.warehouse_id FROM erp.warehouse w WHERE w.company_id = $1 AND w.code = receipt ->> 'warehouse')
	 WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = row.expected_receipt_id;
	UPDATE erp.reservation r SET warehouse_id = e.warehouse_id FROM erp.expected_receipt e
	 WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = row.expected_receipt_id AND r.company_id = $1 AND r.item_id = $2
	   AND r.expected_receipt_id = e.expected_receipt_id AND r.expected_receipt_id <> 0 AND r.warehouse_id <> e.warehouse_id;
	DELETE FROM erp.expected_receipt e WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = row.expected_receipt_id AND e.quantity = 0;
	RETURN freed;
END
$function$;
COMMENT ON FUNCTION erp_private.change_expected_receipt(integer, integer, jsonb, text) IS
	'One receipt of erp.put_expected_receipts(), which is locked. Returns how many reservations lost something.';

CREATE FUNCTION erp_private.put_expected_receipts(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	expected record;
	inserted bigint;
	freed bigint := 0;
BEGIN
	PERFORM erp_private.check_expected_receipts(put_expected_receipts.company_id, request);
	inserted := erp_private.insert_expected_receipts(put_expected_receipts.company_id, request);
	FOR expected IN
		SELECT x.item_id, array_agg(x.expected_receipt_id) AS ids, array_agg(e.value ORDER BY x.expected_receipt_id) AS receipts
		  FROM jsonb_array_elements(request -> 'receipts') AS e (value)
		  JOIN erp.expected_receipt x ON x.company_id = put_expected_receipts.company_id AND x.source = e.value ->> 'source'
		       AND x.source_line = COALESCE((e.value ->> 'line')::integer, 1)
		 GROUP BY x.item_id ORDER BY x.item_id
	LOOP
		-- All of an item's before its reservations.
		PERFORM 1 FROM erp.expected_receipt x
		 WHERE x.company_id = put_expected_receipts.company_id AND x.item_id = expected.item_id AND x.expected_receipt_id = ANY (expected.ids)
		 ORDER BY x.expected_receipt_id FOR NO KEY UPDATE;
		FOR i IN 1 .. cardinality(expected.receipts) LOOP
			freed := freed + erp_private.change_expected_receipt(put_expected_receipts.company_id, expected.item_id, expected.receipts[i],
				request ->> 'key');
		END LOOP;
	END LOOP;
	RETURN jsonb_build_object('inserted', inserted, 'updated', jsonb_array_length(request -> 'receipts') - inserted, 'freed', freed);
END
$function$;
COMMENT ON FUNCTION erp_private.put_expected_receipts(integer, jsonb) IS 'Does what erp.put_expected_receipts() says.';
