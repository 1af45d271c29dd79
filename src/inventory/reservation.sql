-- inventory: reservations. One call waits for others in this order: its key, then item by item what is expected, the reservations, the free stock.

CREATE FUNCTION erp.reserve(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_reserve';
COMMENT ON FUNCTION erp.reserve(text, json) IS
	'Reserves stock, or what is expected, for demands. company: code. request: {"key", "mode"?, "demand"?, "warehouse"?, "location"?, "strategy"?, "minimum_shelf_life"?, "allow_expired"?, "expected"?, "require"?, "priority"?, "needed_by"?, "hold_minutes"?, "lines": [{"item", "quantity", "demand"?, "line"?, "lot"?, and what the request says of the others, for this line}]}, at most 10000 lines. key: of reservations, 1 to 200 bytes; the same request under it again returns the first result. demand: what it is reserved for, any reference of 1 to 200 bytes; line: its line, by default the place in the request, from 1. mode: all (the default: a line is reserved wholly or not at all), partial (what there is), all_or_nothing (the whole request or nothing). quantity: above zero, in the item''s unit, up to 6 decimals. warehouse: a code or an array of them, default all; location: of one warehouse; lot: of the item. strategy: fifo (oldest lot first, the default), fefo (first to expire first, nothing expired on the day it is needed), nearest (by code of location). minimum_shelf_life: days that a lot has left at least on the day it is needed, or today (UTC). allow_expired: true: lots past their last day (the earlier of removal_day and expires_on) on that day serve too, which they else do only where the item or the company allows it. expected: true claims what is short on what is expected up to needed_by, where no lot or location is named; it becomes stock when it arrives. require: true: what is short of a line that names no lot, no location and not several warehouses becomes a requirement (erp.requirement_list, event requirement_made): it is served by what arrives next in its warehouse, by priority and age, with an event requirement_served, or by erp.serve_requirements(); erp.release() takes it back. priority: the higher, the later it is freed and the sooner it is served, default 0. hold_minutes: after these it may be released by erp.expire_holds(), default never. Only available stock of the company''s own is reserved. Returns {"complete": nothing is short, "lines": [{"demand", "line", "item", "reserved", "expected": [{"day", "quantity"}], "short"}]}, quantities in the item''s unit; what is short is no error. Errors: LE001 to LE003, LE010 to LE012, LE020.';

CREATE FUNCTION erp.release(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_reservation_call';
COMMENT ON FUNCTION erp.release(text, json) IS
	'Gives back what is reserved for demands. company: code. request: {"key", "lines": [{"demand", "line"?, "item"?, "quantity"?}]}. key: of reservations, 1 to 200 bytes; the same request under it again returns the first result. Without line or item: all of the demand''s. quantity: of the item that is named, in its unit, default all; what is only required goes first, then what is expected, then what was reserved last. Returns {"lines": [{"demand", "line", "item", "quantity"}], "required"?: the same}: what was released, nothing where nothing was reserved, and what is no longer required. Errors: LE001 to LE003, LE010 to LE012, LE020.';

CREATE FUNCTION erp.move_reservation(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_reservation_call';
COMMENT ON FUNCTION erp.move_reservation(text, json) IS
	'Gives what is reserved for one demand to another. company: code. request: {"key", "moves": [{"from", "from_line", "to", "to_line", "item", "quantity"?, "priority"?, "needed_by"?}]}. key: of reservations, 1 to 200 bytes; the same request under it again returns the first result. from, to: references of the demands; quantity: in the item''s unit, default all of it; stock goes first, then what is only expected. priority, needed_by: of the demand that it goes to, default as they were. Returns {"moves": [{"from", "from_line", "to", "to_line", "item", "quantity"}]}. Errors: LE001 to LE003, LE010 to LE012, LE020; LE200 if less is reserved for the demand than is to be moved.';

CREATE FUNCTION erp.put_expected_receipts(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_reservation_call';
COMMENT ON FUNCTION erp.put_expected_receipts(text, json) IS
	'Says what is on its way, so that it can be promised. company: code. request: {"key", "receipts": [{"source", "line"?, "item", "warehouse", "day", "quantity"}]}. key: of reservations, 1 to 200 bytes; the same request under it again returns the first result. source and line (default 1): what it is expected from, such as the line of a purchase order; the same again replaces day, warehouse and quantity. quantity: still expected, in the item''s unit; 0: nothing any more. Less than is claimed on it frees the claims of lowest priority, the latest first, with an event reservation_freed in erp.outbox. Returns {"inserted", "updated", "freed"}: receipts, and reservations that lost something. Errors: LE001 to LE003, LE010 to LE012, LE020; LE201 for another item than the line is of.';

CREATE FUNCTION erp.expire_holds(company text, max integer DEFAULT 1000) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_step';
COMMENT ON FUNCTION erp.expire_holds(text, integer) IS
	'Releases what was reserved for a time that is over. A step that any session or pg_cron may call at any time. company: code. max: how many reservations at most, 1 to 100000. Returns how many were released; fewer than max: there are no more, or others are at work on them. Errors: LE001 to LE003, LE011 for a max out of range, LE012 for an unknown company.';

CREATE FUNCTION erp_private.add_free(company_id integer, position_id bigint, quantity numeric) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'erp_add_free';
COMMENT ON FUNCTION erp_private.add_free(integer, bigint, numeric) IS
	'Gives a quantity back to what is free of a position that has been reserved from.';

-- One item's: what it is expected from first, then the reservations, each ascending.
CREATE FUNCTION erp_private.lock_reservations(company_id integer, item_id integer, ids bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM 1 FROM erp.expected_receipt e
	 WHERE e.company_id = $1 AND e.item_id = $2
	   AND e.expected_receipt_id IN (SELECT r.expected_receipt_id FROM erp.reservation r
	                                  WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = ANY (ids) AND r.expected_receipt_id <> 0)
	 ORDER BY e.expected_receipt_id FOR NO KEY UPDATE;
	PERFORM 1 FROM erp.reservation r
	 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = ANY (ids)
	 ORDER BY r.reservation_id FOR UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_reservations(integer, integer, bigint[]) IS
	'Locks reservations of one item, and what they are expected from.';

CREATE FUNCTION erp_private.record_changes(company_id integer, item_id integer, ids bigint[], quantities numeric[], change text, key text, document_id bigint)
	RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.reservation_change (company_id, reservation_id, lot_id, expected_receipt_id, document_id, item_id, warehouse_id, location_id,
		demand_line, changed_by, change, demand, key, quantity)
	SELECT $1, r.reservation_id, r.lot_id, r.expected_receipt_id, $7, $2, r.warehouse_id, r.location_id, r.demand_line, erp_private.caller(),
	       $5, r.demand, $6, n.quantity
	  FROM unnest($3, $4) AS n (reservation_id, quantity)
	  JOIN erp.reservation r ON r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = n.reservation_id
	 WHERE n.quantity > 0
	 ORDER BY r.reservation_id;
END
$function$;
COMMENT ON FUNCTION erp_private.record_changes(integer, integer, bigint[], numeric[], text, text, bigint) IS
	'Writes what became of reservations of one item, as they are now, into erp.reservation_change. key, document_id: of the call or document that did it.';

CREATE FUNCTION erp_private.split_reservation(company_id integer, item_id integer, reservation_id bigint, part numeric) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	INSERT INTO erp.reservation (company_id, item_id, lot_id, expected_receipt_id, expires_at, reserved_at, warehouse_id, location_id, owner_id, demand_line,
		priority, needed_by, stock_state_id, reserved_by, claim, demand, quantity)
	SELECT r.company_id, r.item_id, r.lot_id, r.expected_receipt_id, r.expires_at, r.reserved_at, r.warehouse_id, r.location_id, r.owner_id, r.demand_line,
		r.priority, r.needed_by, r.stock_state_id, r.reserved_by, r.claim, r.demand, r.quantity - $4
	  FROM erp.reservation r WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = $3 AND r.quantity > $4;
	UPDATE erp.reservation r SET quantity = $4 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = $3 AND r.quantity > $4
$function$;
COMMENT ON FUNCTION erp_private.split_reservation(integer, integer, bigint, numeric) IS
	'Leaves a part of a locked reservation in its row; what it has beyond that becomes a row of its own.';

-- The free stock comes last: whoever waits for it holds what comes before it.
CREATE FUNCTION erp_private.end_reservations(company_id integer, item_id integer, ids bigint[], quantities numeric[], change text, key text, document_id bigint)
	RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	given record;
	ended jsonb;
BEGIN
	PERFORM erp_private.record_changes($1, $2, ids, quantities, change, key, $7);
	IF change <> 'consumed' THEN
		UPDATE erp.expected_receipt e SET claimed = e.claimed - c.quantity
		  FROM (SELECT r.expected_receipt_id, sum(n.quantity) AS quantity
		          FROM unnest(ids, quantities) AS n (reservation_id, quantity)
		          JOIN erp.reservation r ON r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = n.reservation_id
		         WHERE r.expected_receipt_id <> 0 GROUP BY 1) c
		 WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = c.expected_receipt_id;
		SELECT jsonb_agg(jsonb_build_array(p.position_id, p.quantity) ORDER BY p.position_id) INTO ended
		  FROM (SELECT s.position_id, sum(n.quantity) AS quantity
		          FROM unnest(ids, quantities) AS n (reservation_id, quantity)
		          JOIN erp.reservation r ON r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = n.reservation_id
		          JOIN erp_private.stock_position s ON s.company_id = $1 AND s.item_id = $2 AND s.warehouse_id = r.warehouse_id
		               AND s.location_id = r.location_id AND s.lot_id = r.lot_id AND s.owner_id = r.owner_id AND s.stock_state_id = r.stock_state_id
		         WHERE r.expected_receipt_id = 0 AND n.quantity > 0 GROUP BY 1) p;
	END IF;
	DELETE FROM erp.reservation r USING unnest(ids, quantities) AS n (reservation_id, quantity)
	 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = n.reservation_id AND r.quantity = n.quantity;
	UPDATE erp.reservation r SET quantity = r.quantity - n.quantity FROM unnest(ids, quantities) AS n (reservation_id, quantity)
	 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = n.reservation_id AND n.quantity > 0;
	FOR given IN SELECT (e.value ->> 0)::bigint AS position_id, (e.value ->> 1)::numeric AS quantity
	               FROM jsonb_array_elements(COALESCE(ended, '[]')) WITH ORDINALITY AS e (value, n) ORDER BY e.n
	LOOP
		PERFORM erp_private.add_free($1, given.position_id, given.quantity);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.end_reservations(integer, integer, bigint[], numeric[], text, text, bigint) IS
	'Ends quantities of locked reservations of one item: released, expired, freed, or consumed, which alone gives nothing back.';
