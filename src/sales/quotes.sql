-- sales: what the calls on quotes and contracts do.

CREATE FUNCTION erp_private.lock_quote(company_id integer, code text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM 1 FROM erp.sales_quote q WHERE q.company_id = $1 AND q.code = $2 ORDER BY q.version FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_quote(integer, text) IS 'Holds all versions of a quote.';

-- The latest version of the quote that a request names.
CREATE FUNCTION erp_private.named_quote(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id bigint := (SELECT q.sales_quote_id FROM erp.sales_quote q WHERE q.company_id = $1 AND q.code = $2 ->> 'quote' ORDER BY q.version DESC LIMIT 1);
BEGIN
	IF id IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no quote "%s"', left($2 ->> 'quote', 100)), '$.quote', $2 ->> 'quote', 'erp.quote_list shows the quotes.');
	END IF;
	RETURN id;
END
$function$;
COMMENT ON FUNCTION erp_private.named_quote(integer, jsonb) IS 'The latest version of the quote that a request names; LE012 if there is none.';

CREATE FUNCTION erp_private.require_quote_state(company_id integer, sales_quote_id bigint, wanted text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	quote record;
BEGIN
	SELECT q.code, q.version, q.state INTO quote FROM erp.sales_quote q WHERE q.company_id = $1 AND q.sales_quote_id = $2;
	IF quote.state <> wanted THEN
		PERFORM erp_private.refuse('LE276', format('version %s of quote "%s" is %s, not %s', quote.version, quote.code, quote.state, wanted), '$.quote', quote.code,
			'A quote is drafted, sent, and accepted once; another version takes its place with erp.quote().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.require_quote_state(integer, bigint, text) IS 'Raises LE276 unless the quote is in that state.';

CREATE FUNCTION erp_private.tell_quote(company_id integer, sales_quote_id bigint, topic text, more jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.emit_event($1, $3, $2, jsonb_build_object('quote', q.code, 'version', q.version) || $4) FROM erp.sales_quote q WHERE q.company_id = $1 AND q.sales_quote_id = $2;
END
$function$;
COMMENT ON FUNCTION erp_private.tell_quote(integer, bigint, text, jsonb) IS 'Writes an event of a quote: {"quote", "version"} and more.';

CREATE FUNCTION erp_private.lock_quote_call(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_quote(company_id, request ->> 'quote'); END $function$;
COMMENT ON FUNCTION erp_private.lock_quote_call(integer, jsonb) IS 'Holds the quote that a request names.';
CREATE FUNCTION erp_private.lock_quote(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_draft_keys(company_id, ARRAY[request ->> 'quote']); END $function$;
COMMENT ON FUNCTION erp_private.lock_quote(integer, jsonb) IS 'Takes what erp.quote() waits for: others that write versions of the same quote.';
CREATE FUNCTION erp_private.lock_send_quote(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_quote_call(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_send_quote(integer, jsonb) IS 'Takes what erp.send_quote() waits for.';
CREATE FUNCTION erp_private.lock_decline_quote(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_quote_call(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_decline_quote(integer, jsonb) IS 'Takes what erp.decline_quote() waits for.';
CREATE FUNCTION erp_private.lock_order_quote(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_quote_call(company_id, request);
	PERFORM erp_private.lock_party_credit(q.company_id, p.code)
	   FROM erp.sales_quote q JOIN erp.party p ON p.company_id = q.company_id AND p.party_id = q.party_id
	  WHERE q.company_id = lock_order_quote.company_id AND q.code = lock_order_quote.request ->> 'quote' ORDER BY q.version DESC LIMIT 1;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_order_quote(integer, jsonb) IS 'Takes what erp.order_quote() waits for.';
CREATE FUNCTION erp_private.lock_accept_quote(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.sales_quote q WHERE q.company_id = lock_accept_quote.company_id AND q.token_hash = sha256(convert_to(COALESCE(lock_accept_quote.request ->> 'token', ''), 'UTF8')) FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_accept_quote(integer, jsonb) IS 'Takes what erp.accept_quote() waits for.';

CREATE FUNCTION erp_private.replace_quote(company_id integer, code text) RETURNS integer
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	last record;
BEGIN
	SELECT q.version, q.state, q.sales_quote_id INTO last FROM erp.sales_quote q WHERE q.company_id = $1 AND q.code = $2 ORDER BY q.version DESC LIMIT 1;
	IF NOT FOUND THEN
		RETURN 1;
	END IF;
	IF last.state IN ('accepted', 'ordered') THEN
		PERFORM erp_private.refuse('LE276', format('quote "%s" is %s', $2, last.state), '$.quote', $2, 'What is accepted stands; quote anew under another code.');
	END IF;
	UPDATE erp.sales_quote q SET state = 'replaced', reason = '', token_hash = NULL WHERE q.company_id = $1 AND q.sales_quote_id = last.sales_quote_id;
	RETURN last.version + 1;
END
$function$;
COMMENT ON FUNCTION erp_private.replace_quote(integer, text) IS 'Lets a version of a quote give way to the next, whose number it returns; LE276 for one that is accepted.';

CREATE FUNCTION erp_private.quote(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	name text := COALESCE(request ->> 'quote', (SELECT d.key FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2));
	next integer;
	priced boolean;
	answer jsonb;
	offer jsonb;
	drawn jsonb;
	whole jsonb;
BEGIN
	PERFORM erp_private.check_order(request, '{"quote": "code", "valid_until": "day"}');
	IF request ? 'order' OR EXISTS (SELECT 1 FROM jsonb_array_elements(request -> 'lines') AS e (value) WHERE jsonb_typeof(COALESCE(e.value -> 'optional', 'true')) <> 'boolean') THEN
		PERFORM erp_private.refuse('LE011', 'a quote is no order yet, and "optional" of a line is true or false', '$', NULL, 'Mend the request.');
	END IF;
	IF length(name) > 60 THEN
		PERFORM erp_private.refuse('LE011', 'a code has at most 60 characters, and the key has more', '$.quote', name, 'Give the quote a code.');
	END IF;
	PERFORM erp_private.lock_quote($1, name);
	next := erp_private.replace_quote($1, name);
	priced := EXISTS (SELECT 1 FROM jsonb_array_elements(request -> 'lines') AS e (value) WHERE erp_private.is_priced_line(e.value) AND e.value ->> 'price' IS NULL);
	IF priced THEN
		answer := erp_private.priced_request($1, request, NULL) -> 'priced';
		PERFORM erp_private.check_prices(answer);
		request := erp_private.priced_before_promotions(request, answer);
	END IF;
	offer := erp_private.make_offer($1, request, '{}', priced);
	IF offer #> '{request,lines}' = 'null' THEN
		PERFORM erp_private.refuse('LE011', 'a quote has a line that is not optional', '$.lines', NULL, 'Offer something.');
	END IF;
	drawn := erp_private.draw_up(company, erp_private.order_document(offer -> 'request')::text::json);
	whole := erp_private.draw_up(company, erp_private.order_document(erp_private.make_offer($1, request, ARRAY(SELECT generate_series(1, jsonb_array_length(request -> 'lines'))), priced) -> 'request')::text::json);
	INSERT INTO erp.sales_quote (company_id, sales_quote_id, code, version, state, party_id, day, valid_until, currency_id, total, priced, request, offer, drawn)
	VALUES ($1, $2, name, next, 'drafted', (drawn ->> 'party_id')::integer, (request ->> 'day')::date, COALESCE((request ->> 'valid_until')::date, 'infinity'),
		(drawn ->> 'currency_id')::integer, (drawn ->> 'total')::numeric, priced, request, offer, drawn || jsonb_build_object('printed', erp_private.printed_offer(request, offer, drawn, whole)));
	RETURN jsonb_build_object('quote', name, 'version', next, 'state', 'drafted', 'total', trim_scale((drawn ->> 'total')::numeric),
		'total_with_options', trim_scale((whole ->> 'total')::numeric));
END
$function$;
COMMENT ON FUNCTION erp_private.quote(integer, bigint, jsonb) IS 'Does what erp.quote() says.';

-- A client that made the token gives its hash: nobody else knows it then. Who sends again gives another token; the one before is of no use any more.
CREATE FUNCTION erp_private.send_quote(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	token text := CASE WHEN request ->> 'token_hash' IS NULL THEN replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '') END;
	hash bytea;
BEGIN
	PERFORM erp_private.check_object(request, '{"quote": "code!", "token_hash": "hash"}');
	hash := COALESCE(sha256(convert_to(token, 'UTF8')), decode(request ->> 'token_hash', 'hex'));
	id := erp_private.named_quote($1, request);
	IF EXISTS (SELECT 1 FROM erp.sales_quote q WHERE q.company_id = $1 AND q.token_hash = hash AND q.sales_quote_id <> id) THEN
		PERFORM erp_private.refuse('LE277', 'the token is of another quote', '$.token_hash', request ->> 'token_hash', 'Make a token for each quote.');
	END IF;
	UPDATE erp.sales_quote q SET state = 'sent', token_hash = hash WHERE q.company_id = $1 AND q.sales_quote_id = id AND q.state IN ('drafted', 'sent');
	IF NOT FOUND THEN
		PERFORM erp_private.require_quote_state($1, id, 'drafted');
	END IF;
	PERFORM erp_private.tell_quote($1, id, 'quote_sent', '{}');
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('quote', q.code, 'version', q.version, 'state', q.state, 'token', token)) FROM erp.sales_quote q WHERE q.company_id = $1 AND q.sales_quote_id = id);
END
$function$;
COMMENT ON FUNCTION erp_private.send_quote(integer, jsonb) IS 'Does what erp.send_quote() says.';

CREATE FUNCTION erp_private.decline_quote(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"quote": "code!", "reason": "reason!"}');
	id := erp_private.named_quote($1, request);
	UPDATE erp.sales_quote q SET state = 'declined', reason = $2 ->> 'reason', token_hash = NULL WHERE q.company_id = $1 AND q.sales_quote_id = id AND q.state IN ('drafted', 'sent');
	IF NOT FOUND THEN
		PERFORM erp_private.require_quote_state($1, id, 'sent');
	END IF;
	PERFORM erp_private.tell_quote($1, id, 'quote_declined', request);
	RETURN jsonb_build_object('quote', request ->> 'quote', 'state', 'declined');
END
$function$;
COMMENT ON FUNCTION erp_private.decline_quote(integer, jsonb) IS 'Does what erp.decline_quote() says.';

CREATE FUNCTION erp_private.accept_quote(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	quote record;
	taken integer[];
	new_offer jsonb;
	total numeric;
BEGIN
	request := jsonb_strip_nulls(request);
	PERFORM erp_private.check_object(request, '{"token": "key!", "day": "day!", "options": "list", "accepted_by": "name"}');
	SELECT q.* INTO quote FROM erp.sales_quote q WHERE q.company_id = $1 AND q.token_hash = sha256(convert_to($2 ->> 'token', 'UTF8'));
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE277', 'the token is of no quote that waits to be accepted', '$.token', NULL, 'A quote is accepted once, and only its latest version.');
	END IF;
	IF quote.state = 'expired' OR quote.valid_until < (request ->> 'day')::date THEN
		PERFORM erp_private.refuse('LE278', format('quote "%s" was valid until %s', quote.code, quote.valid_until), '$.day', request ->> 'day', 'Ask for another version of it.');
	END IF;
	taken := ARRAY(SELECT (e.value #>> '{}')::integer FROM jsonb_array_elements(COALESCE(request -> 'options', '[]')) AS e (value) WHERE jsonb_typeof(e.value) = 'number' AND e.value #>> '{}' ~ '^[1-9][0-9]{0,5}$');
	IF cardinality(taken) < jsonb_array_length(COALESCE(request -> 'options', '[]'))
	   OR EXISTS (SELECT 1 FROM unnest(taken) AS n (n) WHERE (quote.request #>> ARRAY['lines', (n.n - 1)::text, 'optional'])::boolean IS NOT TRUE) THEN
		PERFORM erp_private.refuse('LE011', 'options are numbers of optional lines of the quote', '$.options', request ->> 'options', 'Name lines that are optional.');
	END IF;
	new_offer := quote.offer;
	total := quote.total;
	IF taken <> '{}' THEN
		new_offer := erp_private.make_offer($1, quote.request, taken, quote.priced);
		total := (erp_private.draw_up((SELECT c.code FROM erp.company c WHERE c.company_id = $1), erp_private.order_document(new_offer -> 'request')::text::json) ->> 'total')::numeric;
	END IF;
	UPDATE erp.sales_quote q SET state = 'accepted', reason = COALESCE($2 ->> 'accepted_by', ''), token_hash = NULL, chosen = taken, offer = new_offer
	 WHERE q.company_id = $1 AND q.sales_quote_id = quote.sales_quote_id;
	PERFORM erp_private.tell_quote($1, quote.sales_quote_id, 'quote_accepted', jsonb_build_object('total', trim_scale(total)));
	RETURN jsonb_build_object('quote', quote.code, 'version', quote.version, 'state', 'accepted', 'total', trim_scale(total));
END
$function$;
COMMENT ON FUNCTION erp_private.accept_quote(integer, jsonb) IS 'Does what erp.accept_quote() says.';

-- The last day is over when it is over everywhere.
CREATE FUNCTION erp_private.expire_quotes(company_id integer, max integer) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	due bigint;
	expired bigint := 0;
BEGIN
	FOR due IN
		SELECT q.sales_quote_id FROM erp.sales_quote q
		 WHERE q.company_id = $1 AND q.state = 'sent' AND q.valid_until < 'infinity' AND q.valid_until < (now() AT TIME ZONE 'UTC' - interval '12 hours')::date
		 ORDER BY q.valid_until, q.sales_quote_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		UPDATE erp.sales_quote q SET state = 'expired' WHERE q.company_id = $1 AND q.sales_quote_id = due;
		PERFORM erp_private.tell_quote($1, due, 'quote_expired', '{}');
		expired := expired + 1;
	END LOOP;
	RETURN expired;
END
$function$;
COMMENT ON FUNCTION erp_private.expire_quotes(integer, integer) IS 'Does what erp.expire_quotes() says.';

-- As erp.place_order() does with prices below a floor, where the order would be confirmed.
CREATE FUNCTION erp_private.hold_quoted_order(company_id integer, sales_order_id bigint, approval text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp.approval_rule r WHERE r.company_id = $1 AND r.kind = 'sales_order' AND r.active) THEN
		PERFORM erp_private.refuse('LE240', approval, '$.quote', NULL, 'Have a rule for approvals of kind sales_order ask for a signature on it.');
	END IF;
	UPDATE erp.sales_order o SET state = 'held', reason = approval WHERE o.company_id = $1 AND o.sales_order_id = $2;
	RETURN erp_private.order_answer($1, $2, '[]');
END
$function$;
COMMENT ON FUNCTION erp_private.hold_quoted_order(integer, bigint, text) IS 'Holds an order of a quote whose prices need approval, until it is released; LE240 where rules of approval did not ask for a signature.';

CREATE FUNCTION erp_private.order_quote(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	offer jsonb;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"quote": "code!", "order": "code", "day": "day!", "needed_by": "day", "reference": "name", "priority": "integer", "channel": "name", "short": "code"}');
	id := erp_private.named_quote($1, request);
	PERFORM erp_private.require_quote_state($1, id, 'accepted');
	SELECT q.offer INTO offer FROM erp.sales_quote q WHERE q.company_id = $1 AND q.sales_quote_id = id;
	IF offer -> 'promotions' <> '[]' THEN
		PERFORM erp_private.use_promotions($1, erp_private.order_code($1, $2, request), offer -> 'promotions');
	END IF;
	answer := erp_private.place_order($1, $2, (offer -> 'request') || (request - 'quote'));
	IF offer ->> 'approval' IS NOT NULL AND answer ->> 'state' = 'confirmed' THEN
		answer := erp_private.hold_quoted_order($1, $2, offer ->> 'approval');
	END IF;
	UPDATE erp.sales_quote q SET state = 'ordered', sales_order_id = $2 WHERE q.company_id = $1 AND q.sales_quote_id = id;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.order_quote(integer, bigint, jsonb) IS 'Does what erp.order_quote() says.';

CREATE FUNCTION erp_private.make_contract(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	quote record;
	template record;
	text text;
BEGIN
	PERFORM erp_private.check_object(request, '{"contract": "code!", "quote": "code!", "template": "code!", "day": "day!", "terms": "object"}');
	id := erp_private.named_quote($1, request);
	SELECT q.* INTO quote FROM erp.sales_quote q WHERE q.company_id = $1 AND q.sales_quote_id = id;
	SELECT t.* INTO template FROM erp.print_template t WHERE t.company_id = $1 AND t.code = request ->> 'template';
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE012', format('there is no template "%s"', request ->> 'template'), '$.template', request ->> 'template', 'Add it with erp.put_print_templates().');
	END IF;
	text := erp_private.render_template(template.body, erp_private.printed_quote($1, id) || jsonb_build_object('contract', request ->> 'contract', 'contract_day', request ->> 'day')
		|| jsonb_build_object('terms', COALESCE(request -> 'terms', '{}')), template.format);
	INSERT INTO erp.sales_contract (company_id, sales_contract_id, code, state, party_id, day, subject, format, body, body_hash)
	VALUES ($1, $2, request ->> 'contract', 'drafted', quote.party_id, (request ->> 'day')::date, format('%s/%s', quote.code, quote.version), template.format, text, sha256(convert_to(text, 'UTF8')))
	ON CONFLICT ON CONSTRAINT sales_contract_code_key DO NOTHING;
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE270', format('there is a contract "%s" already', request ->> 'contract'), '$.contract', request ->> 'contract', 'Give it another code.');
	END IF;
	PERFORM erp_private.emit_event($1, 'contract_made', $2, jsonb_build_object('contract', request ->> 'contract', 'quote', quote.code, 'version', quote.version));
	RETURN jsonb_build_object('contract', request ->> 'contract', 'state', 'drafted', 'hash', encode(sha256(convert_to(text, 'UTF8')), 'hex'));
END
$function$;
COMMENT ON FUNCTION erp_private.make_contract(integer, bigint, jsonb) IS 'Does what erp.make_contract() says.';

CREATE FUNCTION erp_private.sign_contract(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	contract record;
BEGIN
	PERFORM erp_private.check_object(request, '{"contract": "code!", "day": "day!", "hash": "hash!"}');
	SELECT c.* INTO contract FROM erp.sales_contract c WHERE c.company_id = $1 AND c.code = request ->> 'contract' FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE012', format('there is no contract "%s"', request ->> 'contract'), '$.contract', request ->> 'contract', 'erp.contract_list shows the contracts.');
	END IF;
	IF contract.state <> 'drafted' OR encode(contract.body_hash, 'hex') <> request ->> 'hash' THEN
		PERFORM erp_private.refuse('LE276', format('contract "%s" is %s, or its text is another than the one that is signed', contract.code, contract.state), '$.hash', request ->> 'hash', 'Sign the text as it is: erp.contract_list has its hash.');
	END IF;
	UPDATE erp.sales_contract c SET state = 'signed', signed_day = (request ->> 'day')::date WHERE c.company_id = $1 AND c.sales_contract_id = contract.sales_contract_id;
	PERFORM erp_private.emit_event($1, 'contract_signed', contract.sales_contract_id, jsonb_build_object('contract', contract.code, 'day', request -> 'day'));
	RETURN jsonb_build_object('contract', contract.code, 'state', 'signed');
END
$function$;
COMMENT ON FUNCTION erp_private.sign_contract(integer, jsonb) IS 'Does what erp.sign_contract() says.';
