-- core: what the call on series of numbers does.

CREATE FUNCTION erp_private.word_of_series(company_id integer, series jsonb) RETURNS integer
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN series ->> 'word' IS NULL THEN 0
		ELSE (SELECT w.voucher_word_id FROM erp.voucher_word w WHERE w.company_id = $1 AND w.code = series ->> 'word') END
$function$;
COMMENT ON FUNCTION erp_private.word_of_series(integer, jsonb) IS
	'The word that a series of a request is for: 0 if it names none, null if it is unknown.';

CREATE FUNCTION erp_private.check_series(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "target": "code!", "word": "code", "scope": "code!", "mode": "code!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['target', 'word']);
	PERFORM erp_private.check_choice(request, '$[#]', 'scope', ARRAY['ever', 'year', 'month']);
	PERFORM erp_private.check_choice(request, '$[#]', 'mode', ARRAY['immediate', 'deferred']);
	PERFORM erp_private.check_choice(request, '$[#]', 'target', ARRAY(SELECT 'voucher' UNION ALL SELECT kind FROM erp.document_kind WHERE kind <> 'numbering' ORDER BY 1));
	SELECT e.n, e.value ->> 'word' AS word INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE erp_private.word_of_series(check_series.company_id, e.value) IS NULL ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'word', bad.word, 'voucher word', 'Add it with erp.put_voucher_words().');
	SELECT e.n, e.value ->> 'word' AS word INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'word' IS NOT NULL AND e.value ->> 'target' <> 'voucher' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'only vouchers have words', format('$[%s].word', bad.n - 1), bad.word,
			'Leave the word out, or number vouchers.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_series(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are series.';

CREATE FUNCTION erp_private.lock_put_series(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp.series s JOIN erp_private.rows_of(request) AS e (value) ON s.code = e.value ->> 'code'
	            WHERE s.company_id = lock_put_series.company_id
	              AND (s.target, s.voucher_word_id, s.scope, s.mode) IS DISTINCT FROM (e.value ->> 'target',
	                  erp_private.word_of_series(s.company_id, e.value), e.value ->> 'scope', e.value ->> 'mode')) THEN
		PERFORM erp_private.lock_structure(company_id);
	END IF;
	PERFORM 1 FROM erp.series s WHERE s.company_id = lock_put_series.company_id
	    AND s.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY s.series_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_series(integer, jsonb) IS
	'Locks the series of the request; if target, word, scope or mode of one changes, waits for the postings under way.';

CREATE FUNCTION erp_private.put_series(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_series(put_series.company_id, request);
	SELECT e.n, e.value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.series s ON s.company_id = put_series.company_id AND s.code <> e.value ->> 'code' AND s.target = e.value ->> 'target'
	                   AND s.voucher_word_id = erp_private.word_of_series(s.company_id, e.value)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE080', 'another series numbers this already', format('$[%s].target', bad.n - 1),
			bad.value ->> 'target', 'Change that series, or choose another target.');
	END IF;
	SELECT e.n, e.value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.series s ON s.company_id = put_series.company_id AND s.code = e.value ->> 'code'
	   AND (s.target, s.voucher_word_id, s.scope, s.mode) <> (e.value ->> 'target',
	        erp_private.word_of_series(s.company_id, e.value), e.value ->> 'scope', e.value ->> 'mode')
	 WHERE EXISTS (SELECT 1 FROM erp.assigned_number a WHERE a.company_id = s.company_id AND a.series_id = s.series_id)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE080', 'a series that has given numbers cannot change', format('$[%s]', bad.n - 1),
			bad.value ->> 'code', 'Add another series.');
	END IF;
	-- What it numbers now may be older than where it has looked up to.
	DELETE FROM erp_private.series_cut k USING jsonb_array_elements(request) AS e (value), erp.series s
	 WHERE k.company_id = put_series.company_id AND s.company_id = k.company_id AND s.series_id = k.series_id AND s.code = e.value ->> 'code'
	   AND (s.target, s.voucher_word_id) <> (e.value ->> 'target', erp_private.word_of_series(s.company_id, e.value));
	WITH put AS (
		INSERT INTO erp.series AS s (company_id, code, target, voucher_word_id, scope, mode)
		SELECT put_series.company_id, e.value ->> 'code', e.value ->> 'target', erp_private.word_of_series(put_series.company_id, e.value),
		       e.value ->> 'scope', e.value ->> 'mode'
		  FROM jsonb_array_elements(request) AS e (value) ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET target = EXCLUDED.target, voucher_word_id = EXCLUDED.voucher_word_id,
		    scope = EXCLUDED.scope, mode = EXCLUDED.mode
		WHERE (s.target, s.voucher_word_id, s.scope, s.mode) <> (EXCLUDED.target, EXCLUDED.voucher_word_id, EXCLUDED.scope, EXCLUDED.mode)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_series(integer, jsonb) IS 'Does what erp.put_series() says.';
