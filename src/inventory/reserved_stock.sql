-- inventory: what posting does to reservations, called by the engine (reserved_stock.c).

CREATE FUNCTION erp_private.lock_item_reservations(company_id integer, item_id integer, demands text[], arrives boolean, followed jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ids bigint[];
BEGIN
	IF arrives THEN
		PERFORM 1 FROM erp.expected_receipt e WHERE e.company_id = $1 AND e.item_id = $2 ORDER BY e.expected_receipt_id FOR NO KEY UPDATE;
	END IF;
	ids := ARRAY(SELECT r.reservation_id FROM erp.reservation r WHERE r.company_id = $1 AND r.item_id = $2 AND r.demand = ANY (demands)
	             UNION SELECT r.reservation_id FROM erp.reservation r
	              WHERE arrives AND r.company_id = $1 AND r.item_id = $2 AND r.expected_receipt_id <> 0
	             UNION SELECT r.reservation_id FROM jsonb_array_elements(followed) AS p (value)
	              JOIN erp.reservation r ON r.company_id = $1 AND r.item_id = $2 AND r.expected_receipt_id = 0 AND r.warehouse_id = (p.value ->> 0)::integer
	                   AND r.location_id = (p.value ->> 1)::integer AND r.lot_id = (p.value ->> 2)::bigint);
	PERFORM erp_private.lock_reservations($1, $2, ids);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_item_reservations(integer, integer, text[], boolean, jsonb) IS
	'Locks what a posting may change of one item: reservations for the demands, if goods arrive all that is expected and claimed on it, and what is reserved at places, an array of [warehouse, location, lot], that a transfer takes goods from with their reservations, or where a loss frees some.';

CREATE FUNCTION erp_private.consume_reservations(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint,
		demand text, demand_line integer, quantity numeric, document_id bigint) RETURNS numeric
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ids bigint[];
	quantities numeric[];
BEGIN
	SELECT array_agg(c.reservation_id), array_agg(least(c.quantity, $8 - c.before)) INTO ids, quantities
	  FROM (SELECT r.reservation_id, r.quantity, sum(r.quantity) OVER (ORDER BY r.reservation_id) - r.quantity AS before
	          -- What was reserved or moved to the demand since this posting locked it is taken only if nobody else is changing it; waiting here would break the order.
	          FROM (SELECT f.reservation_id, f.quantity FROM erp.reservation f
	                 WHERE f.company_id = $1 AND f.item_id = $2 AND f.demand = $6 AND ($7 = 0 OR f.demand_line = $7) AND f.expected_receipt_id = 0
	                   AND f.warehouse_id = $3 AND f.location_id = $4 AND f.lot_id = $5 AND f.owner_id = 0 AND f.stock_state_id = 0
	                   FOR UPDATE SKIP LOCKED) r) c
	 WHERE c.before < $8;
	PERFORM erp_private.end_reservations($1, $2, ids, quantities, 'consumed', '', $9);
	RETURN COALESCE((SELECT sum(q.quantity) FROM unnest(quantities) AS q (quantity)), 0);
END
$function$;
COMMENT ON FUNCTION erp_private.consume_reservations(integer, integer, integer, integer, bigint, text, integer, numeric, bigint) IS
	'Consumes up to a quantity of what is reserved at a place for a demand (line 0: any line), oldest first. Returns how much was reserved for it.';

-- What a transfer carries for a demand, or (demand null) what it carries beyond what is free: then those that would be freed first.
CREATE FUNCTION erp_private.carry_reservations(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint,
		to_warehouse_id integer, to_location_id integer, to_lot_id bigint, demand text, demand_line integer, quantity numeric, document_id bigint) RETURNS numeric
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	held record;
	part numeric;
	carried numeric := 0;
BEGIN
	FOR held IN
		SELECT r.reservation_id, r.quantity FROM erp.reservation r
		 WHERE r.company_id = $1 AND r.item_id = $2 AND r.expected_receipt_id = 0 AND r.owner_id = 0 AND r.stock_state_id = 0
		   AND r.warehouse_id = $3 AND r.location_id = $4 AND r.lot_id = $5 AND ($9 IS NULL OR r.demand = $9 AND ($10 = 0 OR r.demand_line = $10))
		 ORDER BY CASE WHEN $9 IS NULL THEN r.priority END, CASE WHEN $9 IS NULL THEN r.reserved_at END DESC, CASE WHEN $9 IS NULL THEN r.reservation_id END DESC,
		       r.reservation_id
		   FOR UPDATE SKIP LOCKED
	LOOP
		EXIT WHEN carried >= $11;
		part := least(held.quantity, $11 - carried);
		PERFORM erp_private.record_changes($1, $2, ARRAY[held.reservation_id], ARRAY[part], 'carried', '', $12);
		PERFORM erp_private.split_reservation($1, $2, held.reservation_id, part);
		UPDATE erp.reservation r SET warehouse_id = $6, location_id = $7, lot_id = $8
		 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = held.reservation_id;
		carried := carried + part;
	END LOOP;
	RETURN carried;
END
$function$;
COMMENT ON FUNCTION erp_private.carry_reservations(integer, integer, integer, integer, bigint, integer, integer, bigint, text, integer, numeric, bigint) IS
	'Moves up to a quantity of what is reserved at a place to another one, where a transfer brings the goods: of a demand (line 0: any line), oldest first, or of any, of lowest priority first, the latest first. Returns how much.';

CREATE FUNCTION erp_private.firm_reservation(company_id integer, item_id integer, reservation_id bigint, warehouse_id integer, location_id integer,
		lot_id bigint, part numeric, document_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM erp_private.record_changes($1, $2, ARRAY[$3], ARRAY[part], 'firmed', '', $8);
	UPDATE erp.expected_receipt e SET claimed = e.claimed - part FROM erp.reservation r
	 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = $3
	   AND e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = r.expected_receipt_id;
	PERFORM erp_private.split_reservation($1, $2, $3, part);
	UPDATE erp.reservation r SET claim = 'stock', expected_receipt_id = 0, warehouse_id = $4, location_id = $5, lot_id = $6
	 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = $3;
END
$function$;
COMMENT ON FUNCTION erp_private.firm_reservation(integer, integer, bigint, integer, integer, bigint, numeric, bigint) IS
	'Makes a part of a claim on what was expected one on stock at the place.';

CREATE FUNCTION erp_private.firm_reservations(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint,
		expected_ids bigint[], quantity numeric, document_id bigint) RETURNS numeric
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	claim record;
	firmed numeric := 0;
BEGIN
	FOR claim IN
		SELECT r.reservation_id, r.quantity FROM erp.reservation r
		  JOIN erp.expected_receipt e ON e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = r.expected_receipt_id
		 WHERE r.company_id = $1 AND r.item_id = $2 AND r.expected_receipt_id = ANY (expected_ids)
		 ORDER BY r.priority DESC, r.reserved_at, e.day, r.reservation_id
	LOOP
		EXIT WHEN firmed >= $7;
		PERFORM erp_private.firm_reservation($1, $2, claim.reservation_id, $3, $4, $5, least(claim.quantity, $7 - firmed), $8);
		firmed := firmed + least(claim.quantity, $7 - firmed);
	END LOOP;
	RETURN firmed;
END
$function$;
COMMENT ON FUNCTION erp_private.firm_reservations(integer, integer, integer, integer, bigint, bigint[], numeric, bigint) IS
	'Firms up claims on what was expected, up to a quantity, by priority and age. Returns how much.';

CREATE FUNCTION erp_private.receive_expected(company_id integer, item_id integer, expected_id bigint, quantity numeric, document_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	excess numeric;
BEGIN
	SELECT e.claimed - (e.quantity - $4) INTO excess FROM erp.expected_receipt e
	 WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = $3;
	IF excess > 0 THEN
		PERFORM erp_private.free_reservations($1, $2, ARRAY(SELECT r.reservation_id FROM erp.reservation r
			WHERE r.company_id = $1 AND r.item_id = $2 AND r.expected_receipt_id = $3), excess, '', $5);
	END IF;
	UPDATE erp.expected_receipt e SET quantity = e.quantity - $4 WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = $3;
	DELETE FROM erp.expected_receipt e WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = $3 AND e.quantity = 0;
END
$function$;
COMMENT ON FUNCTION erp_private.receive_expected(integer, integer, bigint, numeric, bigint) IS
	'Lowers what is expected by what was received of it; claims on it that are left without goods are freed.';

-- What was received comes off what was expected: of its source first (the reference of the document), then by day.
CREATE FUNCTION erp_private.serve_expected(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint,
		received numeric, arrived numeric, reference text, document_id bigint) RETURNS numeric
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	expected record;
	part numeric;
	rest numeric := received;
	firmed numeric := 0;
	-- What is lent, say, cannot be shipped from where it lies: it serves nobody who waits.
	serving numeric := CASE WHEN erp_private.goods_are_promised((SELECT l.kind FROM erp.location l
		WHERE l.company_id = $1 AND l.location_id = $4 AND l.location_id <> 0)) THEN arrived ELSE 0 END;
BEGIN
	FOR expected IN
		SELECT e.expected_receipt_id, e.quantity FROM erp.expected_receipt e
		 WHERE e.company_id = $1 AND e.item_id = $2 AND e.warehouse_id = $3
		 ORDER BY e.source = reference DESC, e.day, e.expected_receipt_id
	LOOP
		part := least(expected.quantity, rest);
		EXIT WHEN part <= 0;
		firmed := firmed + erp_private.firm_reservations($1, $2, $3, $4, $5, ARRAY[expected.expected_receipt_id], least(part, serving - firmed), $9);
		PERFORM erp_private.receive_expected($1, $2, expected.expected_receipt_id, part, $9);
		rest := rest - part;
	END LOOP;
	IF firmed < serving THEN
		firmed := firmed + erp_private.firm_reservations($1, $2, $3, $4, $5, ARRAY(SELECT e.expected_receipt_id FROM erp.expected_receipt e
			WHERE e.company_id = $1 AND e.item_id = $2 AND e.warehouse_id = $3), serving - firmed, $9);
	END IF;
	RETURN firmed;
END
$function$;
COMMENT ON FUNCTION erp_private.serve_expected(integer, integer, integer, integer, bigint, numeric, numeric, text, bigint) IS
	'What arrives at a place from which goods are promised firms up claims on what was expected in its warehouse; received: how much of it comes off what is expected. Returns how much of it is reserved by that.';

CREATE FUNCTION erp_private.begin_free_stock(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint, quantity numeric)
	RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH begun AS (
		UPDATE erp_private.stock_position p SET position_id = nextval('erp_private.free_stock_position_id_seq')
		 WHERE p.company_id = $1 AND p.item_id = $2 AND p.warehouse_id = $3 AND p.location_id = $4 AND p.lot_id = $5 AND p.owner_id = 0 AND p.stock_state_id = 0
		RETURNING p.position_id
	)
	INSERT INTO erp_private.free_stock (company_id, position_id, slot, quantity) SELECT $1, b.position_id, 0, $6 FROM begun b
$function$;
COMMENT ON FUNCTION erp_private.begin_free_stock(integer, integer, integer, integer, bigint, numeric) IS
	'The first time that something of a place is reserved: what is free of it, in one slot.';

-- Under the lock of the item's pools: nobody else changes what is on hand.
CREATE FUNCTION erp_private.free_place(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint,
		missing numeric, document_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ids bigint[];
BEGIN
	-- What was reserved since this posting locked what is reserved here is freed only if nobody else is changing it; waiting here would break the order.
	ids := ARRAY(SELECT l.reservation_id FROM (SELECT r.reservation_id FROM erp.reservation r
	              WHERE r.company_id = $1 AND r.item_id = $2 AND r.warehouse_id = $3 AND r.location_id = $4 AND r.lot_id = $5
	                AND r.owner_id = 0 AND r.stock_state_id = 0 AND r.expected_receipt_id = 0 FOR UPDATE SKIP LOCKED) l);
	PERFORM erp_private.free_reservations($1, $2, ids, missing, '', $7);
END
$function$;
COMMENT ON FUNCTION erp_private.free_place(integer, integer, integer, integer, bigint, numeric, bigint) IS
	'Frees what is missing at a place of what is reserved there and nobody else is changing.';
