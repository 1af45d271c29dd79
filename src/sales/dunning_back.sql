-- sales: letters of dunning that are taken back.

CREATE FUNCTION erp_private.named_letters(company_id integer, request jsonb) RETURNS TABLE (document_id bigint, letter_no integer, state text, invoice_key text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT t.document_id, t.letter_no, t.state, i.key
	  FROM erp.document d
	  JOIN erp.dunning_letter t ON t.company_id = d.company_id AND t.document_id = d.document_id
	  LEFT JOIN erp.document i ON i.company_id = t.company_id AND i.document_id = t.invoice_document_id AND t.invoice_document_id <> 0
	   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = i.company_id AND r.reverses_document_id = i.document_id)
	 WHERE d.company_id = $1 AND d.key = request ->> 'dunning' AND t.letter_no = COALESCE(CASE WHEN request ->> 'letter' ~ '^[0-9]{1,9}$' THEN (request ->> 'letter')::integer END, t.letter_no)
	 ORDER BY t.letter_no;
END
$function$;
COMMENT ON FUNCTION erp_private.named_letters(integer, jsonb) IS 'The letters that a request names: all of a call, or one of them; invoice_key: of the invoice of its fee and interest that stands, null if there is none.';

CREATE FUNCTION erp_private.lock_take_back_dunning(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_dunning_levels(company_id);
	IF erp_private.is_day(request ->> 'day') THEN
		PERFORM erp_private.lock_for_drafts(lock_take_back_dunning.company_id, array_agg(n.invoice_key ORDER BY n.invoice_key), ARRAY[(request ->> 'day')::date])
		   FROM erp_private.named_letters(company_id, request) n WHERE n.invoice_key IS NOT NULL HAVING count(*) > 0;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_take_back_dunning(integer, jsonb) IS 'Takes what erp.take_back_dunning() waits for.';

CREATE FUNCTION erp_private.take_back_letter(company_id integer, document_id bigint, letter_no integer, details jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	told jsonb;
BEGIN
	IF details ->> 'reverses' IS NOT NULL THEN
		PERFORM erp_private.reverse_drafted((SELECT c.code FROM erp.company c WHERE c.company_id = $1), (details - 'reason')::json);
	END IF;
	UPDATE erp.dunning_letter t SET state = 'taken_back', reason = details ->> 'reason' WHERE t.company_id = $1 AND t.document_id = $2 AND t.letter_no = $3;
	UPDATE erp.dunning_letter_line l SET taken_back = true WHERE l.company_id = $1 AND l.document_id = $2 AND l.letter_no = $3;
	SELECT jsonb_strip_nulls(jsonb_build_object('dunning', t.call_key, 'letter', t.letter_no, 'party', t.party_code, 'currency', t.currency, 'level', t.level, 'invoice', details -> 'reverses', 'reversal', CASE WHEN details ->> 'reverses' IS NOT NULL THEN details -> 'key' END)) INTO told
	  FROM erp.company c
	  JOIN erp.document d ON d.company_id = c.company_id AND d.document_id = $2
	  JOIN erp.dunning_letter_list t ON t.company = c.code AND t.call_key = d.key AND t.letter_no = $3
	 WHERE c.company_id = $1;
	PERFORM erp_private.emit_event($1, 'dunning_taken_back', $2, told || jsonb_build_object('reason', details -> 'reason'));
	RETURN told - 'dunning';
END
$function$;
COMMENT ON FUNCTION erp_private.take_back_letter(integer, bigint, integer, jsonb) IS
	'Takes one letter back. details: {"key", "reverses" (of its invoice; null: nothing is reversed), "day", "reason"}. Returns what erp.take_back_dunning() says of it; event dunning_taken_back.';

CREATE FUNCTION erp_private.take_back_dunning(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	call_key text := (SELECT d.key FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2);
	letter record;
	answers jsonb := jsonb '[]';
BEGIN
	PERFORM erp_private.check_object(request, '{"dunning": "key!", "letter": "integer", "day": "day!", "reason": "reason!"}');
	FOR letter IN SELECT n.* FROM erp_private.named_letters($1, request) n LOOP
		IF letter.state <> 'issued' THEN
			PERFORM erp_private.refuse('LE293', format('letter %s of "%s" was taken back already', letter.letter_no, request ->> 'dunning'), '$.letter', letter.letter_no::text, 'Name a letter that stands: erp.dunning_letter_list shows them.');
		END IF;
		answers := answers || erp_private.take_back_letter($1, letter.document_id, letter.letter_no,
			jsonb_build_object('key', call_key || '/' || letter.letter_no, 'reverses', letter.invoice_key, 'day', request -> 'day', 'reason', request -> 'reason'));
	END LOOP;
	IF answers = '[]' THEN
		PERFORM erp_private.refuse('LE012', format('there is no such letter of dunning "%s"', left(request ->> 'dunning', 100)), '$.dunning', request ->> 'dunning', 'erp.dunning_letter_list shows the letters, each with the key of its call.');
	END IF;
	RETURN jsonb_build_object('letters', answers);
END
$function$;
COMMENT ON FUNCTION erp_private.take_back_dunning(integer, bigint, jsonb) IS 'Does what erp.take_back_dunning() says.';

CREATE FUNCTION erp.take_back_dunning(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.take_back_dunning(text, text, json) IS
	'Takes letters of dunning back: the debts that they asked for are at the level before, as if they had not been sent, and the invoice of fee and interest is reversed with them, unless it was reversed alone. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"dunning" (key of the call of erp.dun()), "letter"? (its number in that call; default all), "day" (of the reversals), "reason" (1 to 500 characters)}. A reversal has the key KEY/NUMBER OF THE LETTER. Returns {"letters": [{"letter", "party", "currency", "level", "invoice"? (its key), "reversal"? (the key of its reversal)}]}. Writes the event dunning_taken_back for each letter. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of erp.reverse_document(), such as LE095 for an invoice that was paid; LE012 also for letters that are not there, LE293 for one that was taken back.';
