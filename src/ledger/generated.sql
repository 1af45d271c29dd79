-- ledger: what templates, schedules, allocations and transfer templates post: documents of the call's key and a number, or drafts
-- where reviews are required, each with its fact.

CREATE FUNCTION erp_private.store_generated_postings(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_store_generated_postings';
COMMENT ON FUNCTION erp_private.store_generated_postings(integer, bigint, jsonb) IS
	'Writes what was posted: company, document of the call, rows as columns of erp.generated_posting.';

-- The row is written, so that a snapshot from before another call is refused (40001).
CREATE FUNCTION erp_private.take_posting_turn(company_id integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	INSERT INTO erp_private.posting_turn AS t (company_id, turn) VALUES (take_posting_turn.company_id, 1)
	ON CONFLICT ON CONSTRAINT posting_turn_key DO UPDATE SET turn = t.turn + 1;
END
$function$;
COMMENT ON FUNCTION erp_private.take_posting_turn(integer) IS
	'Waits for other calls of the company that post what is due, until the transaction ends. Taken before all other locks of a call.';

CREATE FUNCTION erp_private.fill_placeholders(template text, given jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT COALESCE(string_agg(m.part[1] || COALESCE(given ->> m.part[3], m.part[2], ''), '' ORDER BY m.n), '')
	  FROM regexp_matches(template, '([^{]*)(\{([a-z][a-z0-9_]*)\}|\{)?', 'g') WITH ORDINALITY AS m (part, n));
END
$function$;
COMMENT ON FUNCTION erp_private.fill_placeholders(text, jsonb) IS
	'The text with each {name} that is given replaced by its value, once: values are not read again.';

CREATE FUNCTION erp_private.unknown_placeholder(template text, names text[]) RETURNS text
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT m.part[1] FROM regexp_matches(template, '\{([^}]*)', 'g') WITH ORDINALITY AS m (part, n)
	 WHERE m.part[1] <> ALL (names) ORDER BY m.n LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.unknown_placeholder(text, text[]) IS 'The first name in braces that is none of these; null if there is none.';

CREATE FUNCTION erp_private.day_values(day date) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT jsonb_build_object('day', to_char($1, 'YYYY-MM-DD'), 'month', to_char($1, 'MM'), 'year', to_char($1, 'YYYY'), 'period', to_char($1, 'YYYY-MM')));
END
$function$;
COMMENT ON FUNCTION erp_private.day_values(date) IS 'What every summary can name: day, month, year and period, as YYYY-MM.';

CREATE FUNCTION erp_private.drafts_first(company_id integer, kind text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT EXISTS (SELECT 1 FROM erp.company c JOIN erp.document_transition t ON t.kind = $2 AND t.from_state = '' AND t.to_state = 'drafted'
	                WHERE c.company_id = $1 AND c.review_required)
$function$;
COMMENT ON FUNCTION erp_private.drafts_first(integer, text) IS 'Whether documents of the kind post from reviewed drafts only.';

CREATE FUNCTION erp_private.write_vouchers(company_id integer, documents jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	posted jsonb;
BEGIN
	IF erp_private.drafts_first($1, documents #>> '{0,kind}') THEN
		SELECT jsonb_agg(erp_private.save_draft($1, e.value, 0)) INTO posted FROM jsonb_array_elements(documents) AS e (value);
		RETURN posted;
	END IF;
	RETURN erp_private.post_drafted((SELECT c.code FROM erp.company c WHERE c.company_id = $1), documents::text::json);
END
$function$;
COMMENT ON FUNCTION erp_private.write_vouchers(integer, jsonb) IS
	'Posts documents of one kind, or drafts them where reviews are required; returns the array of what posting or drafting returns.';

CREATE FUNCTION erp_private.generated_amount(company_id integer, voucher_key text) RETURNS numeric
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT COALESCE((
		SELECT sum(l.company_amount) FROM erp.document d JOIN erp.voucher_line l ON l.company_id = $1 AND l.voucher_id = d.document_id
		 WHERE d.company_id = $1 AND d.key = $2 AND l.side = 'debit'),
		(SELECT d.amount FROM erp.draft d WHERE d.company_id = $1 AND d.key = $2), 0));
END
$function$;
COMMENT ON FUNCTION erp_private.generated_amount(integer, text) IS 'The debit of the voucher, or draft, of a key, in the company''s currency.';

CREATE FUNCTION erp_private.record_generated(company_id integer, document_id bigint, origin text, rows jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM erp_private.store_generated_postings($1, $2, (
		SELECT jsonb_agg(jsonb_build_object('origin', $3, 'code', e.value ->> 'code', 'day', e.value ->> 'day', 'voucher_key', e.value ->> 'voucher_key',
		       'amount', COALESCE((e.value ->> 'amount')::numeric, erp_private.generated_amount($1, e.value ->> 'voucher_key')),
		       'attempt', CASE $3 WHEN 'template' THEN 0 ELSE 1 + (SELECT COALESCE(max(g.attempt), 0) FROM erp.generated_posting g
		       	WHERE g.company_id = $1 AND g.origin = $3 AND g.code = e.value ->> 'code' AND g.day = (e.value ->> 'day')::date AND g.origin <> 'template') END) ORDER BY e.n)
		  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)));
EXCEPTION WHEN unique_violation THEN
	RAISE serialization_failure USING MESSAGE = 'could not serialize the posting of what is due', HINT = 'Try again.';
END
$function$;
COMMENT ON FUNCTION erp_private.record_generated(integer, bigint, text, jsonb) IS
	'Writes the facts of erp.generated_posting for rows {"code", "day", "voucher_key", "amount"?} of a call; 40001 where another session just did.';

CREATE FUNCTION erp_private.generated_count(company_id integer, document_id bigint) RETURNS bigint
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT count(*) FROM erp.generated_posting g WHERE g.company_id = $1 AND g.document_id = $2
$function$;
COMMENT ON FUNCTION erp_private.generated_count(integer, bigint) IS 'How many vouchers a call has made: the next has the number after that.';

CREATE FUNCTION erp_private.call_key(company_id integer, document_id bigint) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT d.key FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2 $function$;
COMMENT ON FUNCTION erp_private.call_key(integer, bigint) IS 'The key of a call, by its document.';

CREATE FUNCTION erp_private.named_codes(request jsonb, field text, known text[], what text, cure text) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	codes text[] := CASE jsonb_typeof(request -> field) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(request -> field)) END;
	bad record;
BEGIN
	SELECT c.n, c.code INTO bad FROM unnest(codes) WITH ORDINALITY AS c (code, n) WHERE c.code <> ALL (known) ORDER BY c.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE012', format('there is no %s "%s"', what, left(bad.code, 100)), format('$.%s[%s]', field, bad.n - 1), bad.code, cure);
	END IF;
	RETURN codes;
END
$function$;
COMMENT ON FUNCTION erp_private.named_codes(jsonb, text, text[], text, text) IS 'The codes that a field of a request lists; null where it does not. Raises LE012 for one that is none of those known.';

-- Rows: {"code", "day", "document" (without a key), "amount"? (default the debit), "reverses_on"?}, all documents of one kind.
CREATE FUNCTION erp_private.generate_vouchers(company_id integer, document_id bigint, key text, origin text, rows jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	written bigint := erp_private.generated_count($1, $2);
	keyed jsonb;
	posted jsonb;
BEGIN
	IF COALESCE(jsonb_array_length(rows), 0) = 0 THEN
		RETURN jsonb '[]';
	END IF;
	SELECT jsonb_agg(e.value || jsonb_build_object('voucher_key', $3 || '/' || written + e.n) ORDER BY e.n) INTO keyed
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n);
	posted := erp_private.write_vouchers($1, (SELECT jsonb_agg(e.value -> 'document' || jsonb_build_object('key', e.value ->> 'voucher_key') ORDER BY e.n)
	                                            FROM jsonb_array_elements(keyed) WITH ORDINALITY AS e (value, n)));
	PERFORM erp_private.record_generated($1, $2, $4, keyed);
	INSERT INTO erp.planned_reversal (company_id, voucher_key, day)
	SELECT $1, e.value ->> 'voucher_key', CASE e.value ->> 'reverses_on' WHEN 'next_period' THEN NULL ELSE (e.value ->> 'reverses_on')::date END
	  FROM jsonb_array_elements(keyed) AS e (value) WHERE e.value ->> 'reverses_on' <> '';
	RETURN (SELECT jsonb_agg(jsonb_build_object('code', e.value ->> 'code', 'day', e.value ->> 'day', 'voucher', e.value ->> 'voucher_key')
	                         || (posted -> (e.n - 1)::integer) - 'draft' ORDER BY e.n)
	          FROM jsonb_array_elements(keyed) WITH ORDINALITY AS e (value, n));
END
$function$;
COMMENT ON FUNCTION erp_private.generate_vouchers(integer, bigint, text, text, jsonb) IS
	'Posts or drafts what a template, schedule, allocation or transfer template gave, in the name of the call, under keys that begin with this one, writes the facts, and plans reversals. Returns [{"code", "day", "voucher" (its key), and what posting or drafting returns}].';
