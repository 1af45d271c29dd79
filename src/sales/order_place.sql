-- sales: placing an order, and letting go one that was held.

CREATE FUNCTION erp_private.lock_party_credit(company_id integer, party text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.party p WHERE p.company_id = $1 AND p.code = $2 AND (p.credit_check <> 'none' OR p.overdue_check <> 'none') FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_party_credit(integer, text) IS
	'Holds the row of a party that has a credit check: what it may owe is looked at by one at a time.';

CREATE FUNCTION erp_private.lock_place_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_party_credit(company_id, request ->> 'party'); END $function$;
COMMENT ON FUNCTION erp_private.lock_place_order(integer, jsonb) IS 'Takes what erp.place_order() waits for.';

CREATE FUNCTION erp_private.order_code(company_id integer, document_id bigint, request jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	wanted text := COALESCE(request ->> 'order', (SELECT d.key FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2));
BEGIN
	IF EXISTS (SELECT 1 FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = wanted) THEN
		PERFORM erp_private.refuse('LE270', format('there is an order "%s" already', left(wanted, 100)), '$.order', wanted, 'Give the order another code, or change that one with erp.change_order().');
	END IF;
	RETURN wanted;
END
$function$;
COMMENT ON FUNCTION erp_private.order_code(integer, bigint, jsonb) IS
	'The code of a new order: what the request says, by default the key of the call. Error LE270 if there is one.';

-- The state in which an order begins, and why.
CREATE FUNCTION erp_private.first_state(company_id integer, drawn jsonb, day date, OUT state text, OUT reason text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	check_kind text;
BEGIN
	SELECT c.check_kind, c.reason INTO check_kind, reason
	  FROM erp_private.credit_reason($1, (drawn ->> 'party_id')::integer, (drawn ->> 'company_total')::numeric, $3) c;
	state := CASE WHEN check_kind = 'hold' AND reason IS NOT NULL THEN 'held' ELSE 'confirmed' END;
	IF reason IS NOT NULL AND check_kind = 'refuse' THEN
		PERFORM erp_private.refuse('LE123', reason, '$.party', NULL, 'Have it pay first, raise its limit, or have its orders held.');
	END IF;
	reason := COALESCE(reason, '');
END
$function$;
COMMENT ON FUNCTION erp_private.first_state(integer, jsonb, date) IS
	'Whether a drawn-up order of a day is confirmed or held, with the reason; of a party whose credit check only warns the order is confirmed and says why.';

CREATE FUNCTION erp_private.place_order(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	drawn jsonb;
	first record;
	reserved jsonb := '[]';
	code text;
BEGIN
	PERFORM erp_private.check_order(request, '{}');
	code := erp_private.order_code($1, $2, request);
	drawn := erp_private.draw_up(company, erp_private.order_document(request)::text::json);
	first := erp_private.first_state($1, drawn, (request ->> 'day')::date);
	PERFORM erp_private.insert_order($1, $2, code, first.state, first.reason, request, drawn);
	IF first.state = 'confirmed' THEN
		reserved := erp_private.reserve_order($1, $2);
	END IF;
	PERFORM erp_private.emit_event($1, CASE first.state WHEN 'confirmed' THEN 'order_confirmed' ELSE 'order_held' END, $2,
		jsonb_strip_nulls(jsonb_build_object('order', code, 'state', first.state, 'reason', NULLIF(first.reason, ''))));
	RETURN erp_private.order_answer($1, $2, reserved);
END
$function$;
COMMENT ON FUNCTION erp_private.place_order(integer, bigint, jsonb) IS 'Does what erp.place_order() says.';

-- The order that a call names, held until the transaction ends.
CREATE FUNCTION erp_private.lock_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_orders($1, ARRAY[$2 ->> 'order'], '{}'); END $function$;
COMMENT ON FUNCTION erp_private.lock_order(integer, jsonb) IS 'Holds the order that a request names, as postings for it do.';

CREATE FUNCTION erp_private.named_order(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id bigint := (SELECT o.sales_order_id FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = $2 ->> 'order');
BEGIN
	IF id IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no order "%s"', left($2 ->> 'order', 100)), '$.order', $2 ->> 'order', 'erp.order_list shows the orders.');
	END IF;
	RETURN id;
END
$function$;
COMMENT ON FUNCTION erp_private.named_order(integer, jsonb) IS 'The order that a request names; LE012 if there is none.';

CREATE FUNCTION erp_private.lock_release_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_order(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_release_order(integer, jsonb) IS 'Takes what erp.release_order() waits for.';

CREATE FUNCTION erp_private.release_order(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	reserved jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"order": "code!", "reason": "reason!"}');
	id := erp_private.named_order($1, request);
	UPDATE erp.sales_order o SET state = 'confirmed', reason = request ->> 'reason' WHERE o.company_id = $1 AND o.sales_order_id = id AND o.state = 'held';
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE272', format('order "%s" is not held', request ->> 'order'), '$.order', request ->> 'order', 'Only an order that is held is released.');
	END IF;
	reserved := erp_private.reserve_order($1, id);
	PERFORM erp_private.emit_event($1, 'order_confirmed', id, jsonb_build_object('order', request ->> 'order', 'state', 'confirmed', 'reason', request ->> 'reason'));
	RETURN erp_private.order_answer($1, id, reserved);
END
$function$;
COMMENT ON FUNCTION erp_private.release_order(integer, jsonb) IS 'Does what erp.release_order() says.';
