-- sales: the whole chain in one call, for the counter.

CREATE FUNCTION erp_private.lock_order_to_cash(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- The gate of the period comes before the party, as in a posting.
	IF erp_private.is_day(request ->> 'day') THEN
		PERFORM erp_private.lock_for_drafts(company_id, '{}', ARRAY[(request ->> 'day')::date]);
	END IF;
	PERFORM erp_private.lock_party_credit(company_id, request ->> 'party');
END
$function$;
COMMENT ON FUNCTION erp_private.lock_order_to_cash(integer, jsonb) IS 'Takes what erp.order_to_cash() waits for.';

CREATE FUNCTION erp_private.sale_of_order(code text, key text, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT erp_private.order_document(request) || jsonb_strip_nulls(jsonb_build_object('key', key || '/invoice', 'time', request -> 'time',
	       'lines', (SELECT jsonb_agg((e.value - ARRAY['needed_by', 'line']) || jsonb_build_object('demand', jsonb_build_object('key', code, 'line', e.n)) ORDER BY e.n)
	                   FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)))));
END
$function$;
COMMENT ON FUNCTION erp_private.sale_of_order(text, text, jsonb) IS 'The invoice with immediate delivery that serves a whole order.';

CREATE FUNCTION erp_private.payment_of_order(key text, request jsonb, total numeric) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('key', key || '/payment', 'kind', 'customer_payment', 'day', request -> 'day', 'time', request -> 'time', 'party', request -> 'party',
	       'currency', request -> 'currency', 'rate', request -> 'rate', 'reference', request -> 'reference',
	       'lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('role', COALESCE(request #> '{payment,role}', '"cash"'), 'account', request #> '{payment,account}',
	       	'amount', COALESCE((request #>> '{payment,amount}')::numeric, total)))),
	       'settles', jsonb_build_array(jsonb_build_object('key', key || '/invoice')))));
END
$function$;
COMMENT ON FUNCTION erp_private.payment_of_order(text, jsonb, numeric) IS 'The payment that settles what erp_private.sale_of_order() billed.';

CREATE FUNCTION erp_private.order_to_cash(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	key text := (SELECT erp_private.short_key(d.key) FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2);
	code text;
	drawn jsonb;
	first record;
	priced record;
	invoice jsonb;
	payment jsonb;
BEGIN
	PERFORM erp_private.check_order(request, '{"time": "code", "payment": "object"}');
	PERFORM erp_private.check_object(COALESCE(request -> 'payment', '{}'), '{"role": "code", "account": "code", "amount": "amount"}');
	IF jsonb_path_exists(request, '$.lines[*].schedule[*]') THEN
		PERFORM erp_private.refuse('LE285', 'what is sold over the counter is delivered at once', '$.lines', NULL, 'Place the order with erp.place_order().');
	END IF;
	IF request ? 'milestones' THEN
		PERFORM erp_private.refuse('LE287', 'what is sold over the counter is billed at once', '$.milestones', NULL, 'Place the order with erp.place_order().');
	END IF;
	code := erp_private.order_code($1, $2, request);
	priced := erp_private.price_order($1, code, request);
	request := priced.request;
	IF priced.approval IS NOT NULL THEN
		PERFORM erp_private.refuse('LE240', priced.approval, '$.lines', NULL, 'Place the order with erp.place_order(), which holds it, and have it released.');
	END IF;
	drawn := erp_private.draw_up(company, erp_private.order_document(request)::text::json);
	IF request -> 'payment' IS NULL OR (request #>> '{payment,amount}')::numeric < (drawn ->> 'total')::numeric THEN
		SELECT c.* INTO first FROM erp_private.credit_state($1, (drawn ->> 'party_id')::integer, (drawn ->> 'company_total')::numeric, (request ->> 'day')::date) c;
		IF first.state = 'held' THEN
			PERFORM erp_private.refuse('LE123', first.reason, '$.party', request ->> 'party', 'Have it pay at once, or place the order with erp.place_order(), which holds it.');
		END IF;
	END IF;
	PERFORM erp_private.insert_order($1, $2, code, 'confirmed', '', request, drawn);
	invoice := erp.post_document(company, erp_private.sale_of_order(code, key, request)::text::json);
	IF request ? 'payment' AND (drawn ->> 'total')::numeric <> 0 THEN
		payment := erp.post_document(company, erp_private.payment_of_order(key, request, (drawn ->> 'total')::numeric)::text::json);
	END IF;
	RETURN erp_private.order_answer($1, $2, '[]') || jsonb_strip_nulls(jsonb_build_object(
		'invoice', invoice || jsonb_build_object('key', key || '/invoice'), 'payment', payment || jsonb_build_object('key', key || '/payment')));
END
$function$;
COMMENT ON FUNCTION erp_private.order_to_cash(integer, bigint, jsonb) IS 'Does what erp.order_to_cash() says.';
