-- core: payment terms.

CREATE FUNCTION erp_private.lock_put_payment_terms(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_structure(company_id);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_payment_terms(integer, jsonb) IS
	'Waits for the postings under way: what they agree on is used, and stays.';

CREATE FUNCTION erp_private.check_discounts(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	terms record;
	bad record;
BEGIN
	FOR terms IN SELECT e.value -> 'discounts' AS steps, format('$[%s].discounts[#]', e.n - 1) AS path
	               FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'discounts') = 'array'
	LOOP
		PERFORM erp_private.check_rows(terms.steps, terms.path, '{"percent": "decimal!", "days": "integer!"}');
		SELECT s.n, s.field, s.value, s.hint INTO bad
		  FROM (SELECT d.n, c.field, d.value ->> c.field AS value, c.hint
		          FROM jsonb_array_elements(terms.steps) WITH ORDINALITY AS d (value, n),
		               LATERAL (VALUES ('percent', (d.value ->> 'percent')::numeric <= 0 OR (d.value ->> 'percent')::numeric >= 100
		                                OR min_scale((d.value ->> 'percent')::numeric) > 4, 'Two per cent is 2; at most 4 decimals.'),
		                               ('days', (d.value ->> 'days')::integer NOT BETWEEN 0 AND 3650, 'Give the days from the document''s day, 0 to 3650.'),
		                               ('days', d.n > 10, 'Payment terms have at most 10 discounts.')) AS c (field, wrong, hint)
		         WHERE c.wrong) s
		 ORDER BY s.n LIMIT 1;
		IF FOUND THEN
			PERFORM erp_private.refuse('LE011', 'a discount is more than 0 and less than 100 per cent, within days from the document''s day',
				replace(terms.path, '#', (bad.n - 1)::text) || '.' || bad.field, bad.value, bad.hint);
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_discounts(jsonb) IS 'Raises LE011 unless the discounts of the payment terms are such.';

CREATE FUNCTION erp_private.check_due_days(rows jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, c.field, e.value ->> c.field AS value, c.hint INTO bad
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n),
	       LATERAL (VALUES ('net_days', (e.value ->> 'net_days')::integer NOT BETWEEN 0 AND 3650, 'Give 0 to 3650 days.'),
	                       ('month_end_days', (e.value ->> 'month_end_days')::integer NOT BETWEEN 0 AND 3650, 'Give 0 to 3650 days.'),
	                       ('next_month_day', (e.value ->> 'next_month_day')::integer NOT BETWEEN 1 AND 31, 'Give a day of the month, 1 to 31.'),
	                       ('next_month_day', e.value ->> 'next_month_day' IS NOT NULL AND e.value ->> 'month_end_days' IS NOT NULL,
	                        'Give days after the end of the month, or a day of the next one.')) AS c (field, wrong, hint)
	 WHERE c.wrong ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the payment terms give no due day', replace(path, '#', (bad.n - 1)::text) || '.' || bad.field, bad.value, bad.hint);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_due_days(jsonb, text) IS 'Raises LE011 unless the rows, of terms or of instalments, say when something falls due. path: where a row stands, # for its place.';

-- What each instalment is of the whole, against all: parts as given, percentages in ten thousandths of a per cent, of which the last may be the rest.
CREATE FUNCTION erp_private.instalment_part(rows jsonb) RETURNS TABLE (n bigint, value jsonb, part numeric)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n, e.value, COALESCE((e.value ->> 'parts')::numeric, 10000 * (e.value ->> 'percent')::numeric,
	                              CASE WHEN e.n = count(*) OVER () THEN 1000000 - sum(10000 * (e.value ->> 'percent')::numeric) OVER () END)
	  FROM jsonb_array_elements(CASE jsonb_typeof(rows) WHEN 'array' THEN rows ELSE '[]' END) WITH ORDINALITY AS e (value, n)
$function$;
COMMENT ON FUNCTION erp_private.instalment_part(jsonb) IS 'The instalments of payment terms and what each is of the whole; null where it does not say.';

CREATE FUNCTION erp_private.check_instalments(rows jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	whole numeric := (SELECT sum(p.part) FROM erp_private.instalment_part(rows) p);
	by_parts boolean := jsonb_path_exists(rows, '$[*].parts ? (@ != null)');
BEGIN
	PERFORM erp_private.check_rows(rows, path, '{"percent": "decimal", "parts": "integer", "net_days": "integer", "month_end_days": "integer", "next_month_day": "integer"}');
	PERFORM erp_private.check_due_days(rows, path);
	IF jsonb_array_length(rows) NOT BETWEEN 2 AND 60 THEN
		PERFORM erp_private.refuse('LE011', 'payment terms have 2 to 60 instalments', split_part(path, '[#]', 1), jsonb_array_length(rows)::text, 'Leave out what is one debt.');
	END IF;
	SELECT s.* INTO bad
	  FROM (SELECT p.n, c.field, p.value ->> c.field AS value, c.hint
	          FROM (SELECT i.*, lag(i.value ->> 'net_days') OVER (ORDER BY i.n) AS before FROM erp_private.instalment_part(rows) i) p,
	               LATERAL (VALUES ('percent', by_parts AND p.value ->> 'percent' IS NOT NULL, 'Give all of them in parts, or all in per cent.'),
	                               ('parts', by_parts AND COALESCE((p.value ->> 'parts')::integer, 0) <= 0, 'Give each a whole number above zero: of 1, 1 and 2 the last is half.'),
	                               ('percent', p.part IS NULL OR p.part <= 0 OR min_scale(p.part) > 0, 'Give more than 0, at most 4 decimals; the last may be left out: it is the rest.'),
	                               ('net_days', COALESCE((p.value ->> 'net_days')::integer, 0) < COALESCE(p.before::integer, 0), 'Give them in the order in which they fall due.'))
	               AS c (field, wrong, hint)
	         WHERE c.wrong) s
	 ORDER BY s.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'an instalment is a part of the whole, and falls due after the one before it', replace(path, '#', (bad.n - 1)::text) || '.' || bad.field,
			bad.value, bad.hint);
	END IF;
	IF NOT by_parts AND whole <> 1000000 THEN
		PERFORM erp_private.refuse('LE011', 'the instalments are not 100 per cent together', split_part(path, '[#]', 1), trim_scale(whole / 10000)::text,
			'Leave out the last percentage: it is the rest.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_instalments(jsonb, text) IS 'Raises LE011 unless the rows are instalments that make a whole. path: where a row stands, # for its place.';

CREATE FUNCTION erp_private.check_payment_terms(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	terms record;
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "net_days": "integer", "month_end_days": "integer",
		"next_month_day": "integer", "discounts": "list", "instalments": "list", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_due_days(request, '$[#]');
	SELECT e.n, f.field, e.value ->> f.field AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n), (VALUES ('net_days'), ('month_end_days'), ('next_month_day')) AS f (field)
	 WHERE jsonb_typeof(e.value -> 'instalments') = 'array' AND e.value -> 'instalments' <> '[]' AND e.value ->> f.field IS NOT NULL ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'each instalment says when it falls due', format('$[%s].%s', bad.n - 1, bad.field), bad.value, 'Say it there.');
	END IF;
	PERFORM erp_private.check_discounts(request);
	FOR terms IN SELECT e.value -> 'instalments' AS rows, format('$[%s].instalments[#]', e.n - 1) AS path
	               FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	              WHERE jsonb_typeof(e.value -> 'instalments') = 'array' AND e.value -> 'instalments' <> '[]' ORDER BY e.n
	LOOP
		PERFORM erp_private.check_instalments(terms.rows, terms.path);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_payment_terms(jsonb) IS 'Raises LE011 unless the rows are payment terms.';

CREATE FUNCTION erp_private.put_payment_terms(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_payment_terms(request);
	WITH put AS (
		INSERT INTO erp.payment_terms AS t (company_id, code, name, net_days, month_end_days, next_month_day, discount_days, discount_percents,
		                                    instalment_parts, instalment_days, instalment_month_end_days, instalment_month_days, active)
		SELECT put_payment_terms.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE((d.value ->> 'net_days')::integer, 0),
		       (d.value ->> 'month_end_days')::integer, (d.value ->> 'next_month_day')::integer, s.days, s.percents,
		       i.parts, i.days, i.month_end_days, i.month_days, COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		 CROSS JOIN LATERAL (SELECT COALESCE(array_agg((d.value ->> 'days')::integer ORDER BY d.n), '{}') AS days,
		                            COALESCE(array_agg((d.value ->> 'percent')::numeric(7,4) ORDER BY d.n), '{}') AS percents
		                       FROM jsonb_array_elements(CASE jsonb_typeof(e.value -> 'discounts') WHEN 'array' THEN e.value -> 'discounts' ELSE '[]' END)
		                            WITH ORDINALITY AS d (value, n)) s
		 CROSS JOIN LATERAL (SELECT COALESCE(array_agg(p.part::bigint ORDER BY p.n), '{}') AS parts,
		                            COALESCE(array_agg(COALESCE((p.value ->> 'net_days')::integer, 0) ORDER BY p.n), '{}') AS days,
		                            COALESCE(array_agg((p.value ->> 'month_end_days')::integer ORDER BY p.n), '{}') AS month_end_days,
		                            COALESCE(array_agg((p.value ->> 'next_month_day')::integer ORDER BY p.n), '{}') AS month_days
		                       FROM erp_private.instalment_part(e.value -> 'instalments') p) i
		 -- What is not parted falls due with the last.
		 CROSS JOIN LATERAL (SELECT COALESCE(e.value #> '{instalments,-1}', e.value) AS value) d
		  LEFT JOIN erp.payment_terms old ON old.company_id = put_payment_terms.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, net_days = EXCLUDED.net_days, month_end_days = EXCLUDED.month_end_days, next_month_day = EXCLUDED.next_month_day,
		    discount_days = EXCLUDED.discount_days, discount_percents = EXCLUDED.discount_percents, instalment_parts = EXCLUDED.instalment_parts,
		    instalment_days = EXCLUDED.instalment_days, instalment_month_end_days = EXCLUDED.instalment_month_end_days,
		    instalment_month_days = EXCLUDED.instalment_month_days, active = EXCLUDED.active
		WHERE (t.name, t.net_days, t.month_end_days, t.next_month_day, t.discount_days, t.discount_percents, t.instalment_parts, t.instalment_days,
		       t.instalment_month_end_days, t.instalment_month_days, t.active)
		      IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.net_days, EXCLUDED.month_end_days, EXCLUDED.next_month_day, EXCLUDED.discount_days,
		          EXCLUDED.discount_percents, EXCLUDED.instalment_parts, EXCLUDED.instalment_days, EXCLUDED.instalment_month_end_days,
		          EXCLUDED.instalment_month_days, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_payment_terms(integer, jsonb) IS 'Does what erp.put_payment_terms() says.';

CREATE FUNCTION erp.put_payment_terms(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_payment_terms(text, text, json) IS
	'Adds or changes payment terms. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "net_days"? (0 to 3650 days from the document''s day, default 0), "month_end_days"? (then to the end of that month and so many days on; 0: the end of the month) or "next_month_day"? (then the day, 1 to 31, of the month after, or its last day), "discounts"? ([{"percent" (above 0, below 100), "days" (within so many days of the document''s day)}], at most 10; of several that fit the highest counts), "instalments"? (instead of days of their own: [{"percent" (above 0, at most 4 decimals; of the last the default is the rest of 100) or "parts" (a whole number: what it is against those of all), "net_days"?, "month_end_days"? or "next_month_day"? (as above)}], 2 to 60 in the order of their days), "active"? (default: as it was)}]. What is not given is none, except active. With instalments, a document other than a manual voucher that names no due day opens an open item for each on a receivable or payable account: parts of the whole by largest remainder, so that they add up to it; one that comes to nothing is left out. What is not parted falls due with the last. What terms say that an open item has does not change (LE140): make new ones. Waits for postings under way. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE140.';
