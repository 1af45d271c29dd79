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
AS $function$
BEGIN
	PERFORM erp_private.lock_draft_keys(company_id, ARRAY[request ->> 'order']);
	PERFORM erp_private.lock_party_credit(company_id, request ->> 'party');
END
$function$;
COMMENT ON FUNCTION erp_private.lock_place_order(integer, jsonb) IS 'Takes what erp.place_order() waits for.';

CREATE FUNCTION erp_private.order_code(company_id integer, document_id bigint, request jsonb) RETURNS text
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_order_code';
COMMENT ON FUNCTION erp_private.order_code(integer, bigint, jsonb) IS
	'The code of a new order: what the request says, by default the key of the call. Error LE270 if there is one.';

CREATE FUNCTION erp_private.place_order(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	drawn jsonb;
	name text;
	credit record;
	reserved jsonb;
	priced record;
BEGIN
	PERFORM erp_private.check_order(request, '{}');
	name := erp_private.order_code($1, $2, request);
	priced := erp_private.price_order($1, name, request);
	request := priced.request;
	drawn := erp_private.draw_up(company, erp_private.order_document(request)::text::json);
	IF EXISTS (SELECT 1 FROM erp.approval_rule r WHERE r.company_id = $1 AND r.kind = 'sales_order' AND r.active) THEN
		PERFORM erp_private.insert_order($1, $2, name, 'pending', '', request, drawn);
		PERFORM erp_private.plan_milestones($1, $2, request, drawn);
		reserved := erp_private.submit_order($1, $2, $2, (request ->> 'day')::date);
		IF priced.approval IS NOT NULL AND (SELECT o.state FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2) = 'confirmed' THEN
			PERFORM erp_private.refuse('LE240', priced.approval, '$.lines', NULL, 'Have a rule for approvals of kind sales_order ask for a signature on it.');
		END IF;
		RETURN erp_private.order_answer($1, $2, reserved);
	END IF;
	SELECT c.* INTO credit FROM erp_private.credit_state($1, (drawn ->> 'party_id')::integer, (drawn ->> 'company_total')::numeric, (request ->> 'day')::date) c;
	IF priced.approval IS NOT NULL THEN
		credit.state := 'held';
		credit.reason := concat_ws('; ', NULLIF(credit.reason, ''), priced.approval);
	END IF;
	PERFORM erp_private.insert_order($1, $2, name, credit.state, credit.reason, request, drawn);
	IF erp_private.order_has_gross(request) THEN
		PERFORM erp_private.plan_milestones($1, $2, request, drawn);
	END IF;
	reserved := erp_private.announce_order($1, $2);
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
