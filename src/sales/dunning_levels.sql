-- sales: the levels of dunning, and what is not dunned.

CREATE FUNCTION erp_private.check_dunning_levels(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"level": "integer!", "currency": "code", "name": "name!", "days": "integer!", "wait_days": "integer", "fee": "amount", "interest_percent": "percent", "fee_item": "name", "interest_item": "name", "template": "name", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['currency', 'level']);
	SELECT e.n, f.field, f.value, f.lowest, f.highest INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES ('level', e.value ->> 'level', 1, 99), ('days', e.value ->> 'days', 1, 3650), ('wait_days', e.value ->> 'wait_days', 0, 3650),
		('interest_percent', e.value ->> 'interest_percent', 0, 100)) AS f (field, value, lowest, highest)
	 WHERE f.value::numeric NOT BETWEEN f.lowest AND f.highest ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', format('field "%s" must lie between %s and %s', bad.field, bad.lowest, bad.highest), format('$[%s].%s', bad.n - 1, bad.field), bad.value, 'Mend it.');
	END IF;
	SELECT e.n, f.field, e.value ->> f.field AS code, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('currency', 'currency', 'Add it with erp.put_currencies().', EXISTS (SELECT 1 FROM erp.currency m WHERE m.code = e.value ->> 'currency')),
		('fee_item', 'service', 'Add it with erp.put_items().', EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = $1 AND i.code = e.value ->> 'fee_item' AND i.kind = 'service')),
		('interest_item', 'service', 'Add it with erp.put_items().', EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = $1 AND i.code = e.value ->> 'interest_item' AND i.kind = 'service')),
		('template', 'template', 'Add it with erp.put_print_templates().', EXISTS (SELECT 1 FROM erp.print_template t WHERE t.company_id = $1 AND t.code = e.value ->> 'template'))) AS f (field, what, cure, known)
	 WHERE e.value ->> f.field <> '' AND NOT f.known ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.code, bad.what, bad.cure);
END
$function$;
COMMENT ON FUNCTION erp_private.check_dunning_levels(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are levels of dunning.';

CREATE FUNCTION erp_private.put_dunning_levels(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_dunning_levels($1, request);
	WITH put AS (
		INSERT INTO erp.dunning_level AS v (company_id, currency_id, level, name, days, wait_days, fee, interest_percent, fee_item_id, interest_item_id, template, active)
		SELECT $1, m.currency_id, (e.value ->> 'level')::integer, e.value ->> 'name', (e.value ->> 'days')::integer, COALESCE((e.value ->> 'wait_days')::integer, old.wait_days, 0),
		       round(COALESCE((e.value ->> 'fee')::numeric, old.fee, 0), m.decimals), COALESCE((e.value ->> 'interest_percent')::numeric, old.interest_percent, 0),
		       CASE WHEN e.value ->> 'fee_item' IS NULL THEN COALESCE(old.fee_item_id, 0) ELSE COALESCE(f.item_id, 0) END,
		       CASE WHEN e.value ->> 'interest_item' IS NULL THEN COALESCE(old.interest_item_id, 0) ELSE COALESCE(i.item_id, 0) END,
		       COALESCE(e.value ->> 'template', old.template, ''), COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.company c ON c.company_id = $1
		  JOIN erp.currency k ON k.currency_id = c.currency_id
		  JOIN erp.currency m ON m.code = COALESCE(e.value ->> 'currency', k.code)
		  LEFT JOIN erp.dunning_level old ON old.company_id = $1 AND old.currency_id = m.currency_id AND old.level = (e.value ->> 'level')::integer
		  LEFT JOIN erp.item f ON f.company_id = $1 AND f.code = NULLIF(e.value ->> 'fee_item', '')
		  LEFT JOIN erp.item i ON i.company_id = $1 AND i.code = NULLIF(e.value ->> 'interest_item', '')
		 ORDER BY 2, 3
		ON CONFLICT ON CONSTRAINT dunning_level_key DO UPDATE
		SET name = EXCLUDED.name, days = EXCLUDED.days, wait_days = EXCLUDED.wait_days, fee = EXCLUDED.fee, interest_percent = EXCLUDED.interest_percent,
		    fee_item_id = EXCLUDED.fee_item_id, interest_item_id = EXCLUDED.interest_item_id, template = EXCLUDED.template, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_dunning_levels(integer, jsonb) IS 'Does what erp.put_dunning_levels() says.';

CREATE FUNCTION erp.put_dunning_levels(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_dunning_levels(text, text, json) IS
	'Adds or changes levels of dunning. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"level" (1 to 99), "currency"? (of the debts, default the company''s; a debt in a currency without levels is not dunned), "name", "days" (after the due day, 1 to 3650), "wait_days"? (since the letter before, default 0), "fee"? (of a letter, in the currency), "interest_percent"? (for a year of 365 days, 0 to 100), "fee_item"?, "interest_item"? (services as which erp.dun() bills them: posting rules of their groups say where they go; "": none), "template"? (erp.put_print_templates(); "": none), "active"?}]. A field that is not given keeps its value. Of letters a template names: company, customer, customer_code, day, level, level_name, currency, open_amount, fee, interest, total; of lines: document, reference, item_day, due_day, days_overdue, open_amount, interest. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp_private.put_dunning_stops(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	put bigint;
	lifted bigint;
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"party": "code!", "document": "key", "reason": "reason", "until": "day", "stopped": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['party', 'document']);
	SELECT e.n, e.value ->> 'party' AS code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = $1 AND p.code = e.value ->> 'party') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'party', bad.code, 'party', 'Add it with erp.put_parties().');
	SELECT e.n, e.value ->> 'document' AS code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'document' IS NOT NULL
	   AND NOT EXISTS (SELECT 1 FROM erp.document d JOIN erp.open_item o ON o.company_id = d.company_id AND o.document_id = d.document_id
	                     JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id AND p.code = e.value ->> 'party'
	                    WHERE d.company_id = $1 AND d.key = e.value ->> 'document') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'document', bad.code, 'document by which the party owes anything', 'erp.open_items() shows what is open.');
	DELETE FROM erp.dunning_stop s
	 USING jsonb_array_elements(request) AS e (value)
	  JOIN erp.party p ON p.company_id = $1 AND p.code = e.value ->> 'party'
	  LEFT JOIN erp.document d ON d.company_id = $1 AND d.key = e.value ->> 'document'
	 WHERE s.company_id = $1 AND s.party_id = p.party_id AND s.document_id = COALESCE(d.document_id, 0) AND (e.value ->> 'stopped')::boolean IS FALSE;
	GET DIAGNOSTICS lifted = ROW_COUNT;
	INSERT INTO erp.dunning_stop AS s (company_id, party_id, document_id, reason, until)
	SELECT $1, p.party_id, COALESCE(d.document_id, 0), COALESCE(e.value ->> 'reason', ''), COALESCE((e.value ->> 'until')::date, 'infinity')
	  FROM jsonb_array_elements(request) AS e (value)
	  JOIN erp.party p ON p.company_id = $1 AND p.code = e.value ->> 'party'
	  LEFT JOIN erp.document d ON d.company_id = $1 AND d.key = e.value ->> 'document'
	 WHERE (e.value ->> 'stopped')::boolean IS NOT FALSE
	 ORDER BY 2, 3
	ON CONFLICT ON CONSTRAINT dunning_stop_key DO UPDATE SET reason = EXCLUDED.reason, until = EXCLUDED.until;
	GET DIAGNOSTICS put = ROW_COUNT;
	RETURN jsonb_build_object('stopped', put, 'lifted', lifted);
END
$function$;
COMMENT ON FUNCTION erp_private.put_dunning_stops(integer, jsonb) IS 'Does what erp.put_dunning_stops() says.';

CREATE FUNCTION erp.put_dunning_stops(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_dunning_stops(text, text, json) IS
	'Says what is not dunned, and what is dunned again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"party", "document"? (key of a document by which it owes something; without it all that it owes), "reason"?, "until"? (the last day of it; without it for good), "stopped"? (false: it is dunned again)}]. Returns {"stopped", "lifted"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';
