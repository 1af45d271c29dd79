-- ledger: schedules spread what waits on an account over months.

-- Twelve equal months from the 15th of January on end with December; twelve months by days with the 14th of January.
CREATE FUNCTION erp_private.schedule_end(first_day date, months integer, method text) RETURNS date
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT (CASE $3 WHEN 'by_days' THEN $1::timestamp ELSE date_trunc('month', $1::timestamp) END + make_interval(months => $2) - interval '1 day')::date);
END
$function$;
COMMENT ON FUNCTION erp_private.schedule_end(date, integer, text) IS 'The last day of a schedule of so many months: equal_months are calendar months, by_days months from its first day on.';

CREATE FUNCTION erp_private.schedule_months(from_day date, to_day date, after date)
	RETURNS TABLE (part_no bigint, first_day date, last_day date)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT row_number() OVER (ORDER BY m.month), GREATEST(m.month::date, $1), LEAST((m.month + interval '1 month - 1 day')::date, $2)
	  FROM generate_series(date_trunc('month', GREATEST($1, COALESCE($3 + 1, $1))::timestamp), $2::timestamp, interval '1 month') AS m (month);
END
$function$;
COMMENT ON FUNCTION erp_private.schedule_months(date, date, date) IS
	'The calendar months from one day to another, cut at both ends; after: only those after the month of this day, null for all.';

-- The last part takes what the others leave, or the smallest units go where most was cut off (erp.allocate()).
CREATE FUNCTION erp_private.schedule_amounts(total numeric, weights numeric[], residue text, decimals integer) RETURNS numeric[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	whole numeric := (SELECT sum(w.weight) FROM unnest(weights) AS w (weight));
	parts numeric[];
	last integer := cardinality(weights);
BEGIN
	IF residue = 'largest_remainder' THEN
		RETURN erp.allocate(total, weights, decimals);
	END IF;
	parts := ARRAY(SELECT round(total * w.weight / whole, decimals) FROM unnest(weights) WITH ORDINALITY AS w (weight, n) ORDER BY w.n);
	parts[last] := total - (SELECT COALESCE(sum(p.part), 0) FROM unnest(parts[:last - 1]) AS p (part));
	RETURN parts;
END
$function$;
COMMENT ON FUNCTION erp_private.schedule_amounts(numeric, numeric[], text, integer) IS
	'The parts of a total by weights, which add up to it. residue: last: each part is rounded and the last takes the rest; largest_remainder. decimals: of the currency.';

CREATE FUNCTION erp_private.plan_schedule(company_id integer, schedule_id integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	s record;
	rest numeric;
	latest date;
	amounts numeric[];
	months_after date;
BEGIN
	SELECT t.*, m.decimals INTO s FROM erp.schedule t JOIN erp_private.company_money m ON m.company_id = t.company_id WHERE t.company_id = $1 AND t.schedule_id = $2;
	DELETE FROM erp.schedule_part p
	 WHERE p.company_id = $1 AND p.schedule_id = $2 AND p.day <> ALL (ARRAY(SELECT g.day FROM erp_private.standing_posting g WHERE g.company_id = $1 AND g.origin = 'schedule' AND g.code = s.code));
	SELECT s.total - COALESCE(sum(p.amount), 0), max(p.day) INTO rest, latest FROM erp.schedule_part p WHERE p.company_id = $1 AND p.schedule_id = $2;
	IF NOT s.active OR rest = 0 THEN
		RETURN;
	END IF;
	-- Where all its months were posted, the rest is one part of the month after them.
	months_after := CASE WHEN latest >= s.last_day THEN NULL ELSE latest END;
	IF latest >= s.last_day THEN
		s.first_day := latest + 1;
		s.last_day := (latest + 1 + interval '1 month - 1 day')::date;
	END IF;
	SELECT erp_private.schedule_amounts(rest, array_agg(CASE s.method WHEN 'by_days' THEN (m.last_day - m.first_day + 1)::numeric ELSE 1 END ORDER BY m.part_no), s.residue, s.decimals)
	  INTO amounts FROM erp_private.schedule_months(s.first_day, s.last_day, months_after) m;
	INSERT INTO erp.schedule_part (company_id, schedule_id, day, first_day, last_day, amount)
	SELECT $1, $2, (date_trunc('month', m.first_day::timestamp) + interval '1 month - 1 day')::date, m.first_day, m.last_day, amounts[m.part_no]
	  FROM erp_private.schedule_months(s.first_day, s.last_day, months_after) m WHERE amounts[m.part_no] <> 0;
END
$function$;
COMMENT ON FUNCTION erp_private.plan_schedule(integer, integer) IS
	'Plans what was not posted of a schedule anew: over its months after the last one that was posted; nothing if it is stopped.';

-- A line of a voucher says account, amount, party and dimensions where the row does not.
CREATE FUNCTION erp_private.schedules_of_lines(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> 'document' AS key INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'document' IS NOT NULL
	   AND NOT EXISTS (SELECT 1 FROM erp.document d JOIN erp.voucher_line l ON l.company_id = $1 AND l.voucher_id = d.document_id
	                    WHERE d.company_id = $1 AND d.key = e.value ->> 'document' AND l.line_no = (e.value ->> 'line')::integer) ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'document', bad.key, 'such line of a voucher', 'Name a document and the number of a line of its voucher.');
	RETURN (SELECT jsonb_agg(COALESCE(l.says, '{}') || jsonb_strip_nulls(e.value) ORDER BY e.n)
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN LATERAL (
		SELECT jsonb_strip_nulls(jsonb_build_object('from_account', a.code, 'kind', CASE WHEN a.normal_side = 'debit' THEN 'expense' ELSE 'revenue' END,
		       'total', CASE WHEN l.side = a.normal_side THEN l.company_amount ELSE -l.company_amount END, 'party', NULLIF(p.code, ''),
		       'dimensions', (SELECT jsonb_object_agg(m.code, v.code) FROM erp.dimension_set s JOIN erp.dimension_value v ON v.company_id = $1 AND v.dimension_value_id = ANY (s.dimension_value_ids)
		                        JOIN erp.dimension m ON m.company_id = $1 AND m.dimension_id = v.dimension_id
		                       WHERE s.company_id = $1 AND s.dimension_set_id = l.dimension_set_id))) AS says
		  FROM erp.document d
		  JOIN erp.voucher_line l ON l.company_id = $1 AND l.voucher_id = d.document_id AND l.line_no = (e.value ->> 'line')::integer
		  JOIN erp.account a ON a.company_id = $1 AND a.account_id = l.account_id
		  JOIN erp.party p ON p.company_id = $1 AND p.party_id = l.party_id
		 WHERE d.company_id = $1 AND d.key = e.value ->> 'document') l ON true);
END
$function$;
COMMENT ON FUNCTION erp_private.schedules_of_lines(integer, jsonb) IS
	'The rows of erp.put_schedules() with what the lines of vouchers that they name say; LE012 for a line that is not there.';

CREATE FUNCTION erp_private.check_schedules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_choice(request, '$[#]', 'kind', ARRAY['expense', 'revenue']);
	PERFORM erp_private.check_choice(request, '$[#]', 'method', ARRAY['equal_months', 'by_days']);
	PERFORM erp_private.check_choice(request, '$[#]', 'residue', ARRAY['last', 'largest_remainder']);
	SELECT e.n, f.field, f.value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES ('from_account', e.value ->> 'from_account'), ('to_account', e.value ->> 'to_account')) AS f (field, value)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = $1 AND a.code = f.value AND a.postable AND a.active) ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.value, 'account that can be posted to', 'Add it with erp.put_accounts().');
	PERFORM erp_private.check_entries($1, (SELECT jsonb_agg(jsonb_build_object('account', e.value -> 'from_account', 'side', 'debit', 'party', e.value -> 'party', 'dimensions', e.value -> 'dimensions') ORDER BY e.n)
	                                         FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)), '$', '{}');
	SELECT e.n, f.field, f.value, f.message INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp_private.company_money m ON m.company_id = $1
	 CROSS JOIN LATERAL (VALUES
		(1, 'last_day', e.value ->> 'last_day', 'a schedule has either "months" or "last_day"', (e.value ? 'months') = (e.value ? 'last_day')),
		(2, 'months', e.value ->> 'months', 'a schedule has 1 to 1200 months', (e.value ->> 'months')::integer NOT BETWEEN 1 AND 1200),
		(3, 'last_day', e.value ->> 'last_day', 'the last day lies between the first and 100 years after it', (e.value ->> 'last_day')::date NOT BETWEEN (e.value ->> 'first_day')::date AND (e.value ->> 'first_day')::date + interval '100 years'),
		(4, 'total', e.value ->> 'total', 'the total is an amount that is not zero, with the decimals of the currency', (e.value ->> 'total')::numeric = 0 OR min_scale((e.value ->> 'total')::numeric) > m.decimals)) AS f (rank, field, value, message, wrong)
	 WHERE f.wrong ORDER BY e.n, f.rank LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.message, format('$[%s].%s', bad.n - 1, bad.field), bad.value, 'Mend it.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_schedules(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are schedules.';

CREATE FUNCTION erp_private.check_posted_schedules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> 'code' AS code INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.schedule s ON s.company_id = $1 AND s.code = e.value ->> 'code'
	  JOIN erp.account a ON a.company_id = $1 AND a.account_id = s.from_account_id
	 WHERE (a.code, s.kind) <> (e.value ->> 'from_account', e.value ->> 'kind')
	   AND EXISTS (SELECT 1 FROM erp.generated_posting g WHERE g.company_id = $1 AND g.origin = 'schedule' AND g.code = s.code) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE324', format('of schedule "%s" parts were posted: where it spreads from stays', bad.code), format('$[%s].from_account', bad.n - 1), bad.code,
			'Stop it ("active": false) and spread the rest by another schedule.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_posted_schedules(integer, jsonb) IS 'Raises LE324 for another kind or from account of a schedule of which something was posted.';

CREATE FUNCTION erp_private.lock_put_schedules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.take_posting_turn($1); END $function$;
COMMENT ON FUNCTION erp_private.lock_put_schedules(integer, jsonb) IS 'Takes what erp.put_schedules() waits for: nobody posts parts meanwhile.';

CREATE FUNCTION erp_private.put_schedules(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	rows jsonb;
	ids integer[];
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "kind": "code", "from_account": "code", "to_account": "code!", "party": "name", "dimensions": "object", "total": "signed amount",
		"document": "key", "line": "integer", "first_day": "day!", "last_day": "day", "months": "integer", "method": "code", "residue": "code", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	rows := COALESCE(erp_private.schedules_of_lines($1, request), '[]');
	PERFORM erp_private.check_rows((SELECT COALESCE(jsonb_agg(jsonb_build_object('kind', e.value -> 'kind', 'from_account', e.value -> 'from_account', 'total', e.value -> 'total') ORDER BY e.n), '[]')
	                                  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)), '$[#]', '{"kind": "code!", "from_account": "code!", "total": "signed amount!"}');
	PERFORM erp_private.check_schedules($1, rows);
	PERFORM erp_private.check_posted_schedules($1, rows);
	WITH put AS (
		INSERT INTO erp.schedule AS s (company_id, code, name, kind, from_account_id, to_account_id, party_id, dimensions, total, first_day, last_day, method, residue, origin_key, origin_line_no, active)
		SELECT $1, e.value ->> 'code', e.value ->> 'name', e.value ->> 'kind', f.account_id, t.account_id, COALESCE(p.party_id, 0), COALESCE(e.value -> 'dimensions', '{}'), (e.value ->> 'total')::numeric,
		       (e.value ->> 'first_day')::date, COALESCE((e.value ->> 'last_day')::date, erp_private.schedule_end((e.value ->> 'first_day')::date, (e.value ->> 'months')::integer, COALESCE(e.value ->> 'method', 'equal_months'))),
		       COALESCE(e.value ->> 'method', 'equal_months'), COALESCE(e.value ->> 'residue', 'last'), COALESCE(e.value ->> 'document', ''), COALESCE((e.value ->> 'line')::integer, 0),
		       COALESCE((e.value ->> 'active')::boolean, true)
		  FROM jsonb_array_elements(rows) AS e (value)
		  JOIN erp.account f ON f.company_id = $1 AND f.code = e.value ->> 'from_account'
		  JOIN erp.account t ON t.company_id = $1 AND t.code = e.value ->> 'to_account'
		  LEFT JOIN erp.party p ON p.company_id = $1 AND p.code = NULLIF(e.value ->> 'party', '')
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT schedule_code_key DO UPDATE
		SET name = EXCLUDED.name, kind = EXCLUDED.kind, from_account_id = EXCLUDED.from_account_id, to_account_id = EXCLUDED.to_account_id, party_id = EXCLUDED.party_id,
		    dimensions = EXCLUDED.dimensions, total = EXCLUDED.total, first_day = EXCLUDED.first_day, last_day = EXCLUDED.last_day, method = EXCLUDED.method, residue = EXCLUDED.residue,
		    origin_key = EXCLUDED.origin_key, origin_line_no = EXCLUDED.origin_line_no, active = EXCLUDED.active
		RETURNING *, (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)),
	       array_agg(n.schedule_id) FILTER (WHERE (n.total, n.first_day, n.last_day, n.method, n.residue, n.active) IS DISTINCT FROM (o.total, o.first_day, o.last_day, o.method, o.residue, o.active))
	  INTO answer, ids FROM put n LEFT JOIN erp.schedule o ON o.company_id = $1 AND o.schedule_id = n.schedule_id;
	PERFORM erp_private.plan_schedule($1, i.id) FROM unnest(ids) AS i (id);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_schedules(integer, jsonb) IS 'Does what erp.put_schedules() says.';

CREATE FUNCTION erp_private.put_scheduled_accounts(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	kept bigint;
	released bigint;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"account": "code!", "kept": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['account']);
	SELECT e.n, e.value ->> 'account' AS code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = $1 AND a.code = e.value ->> 'account') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'account', bad.code, 'account', 'Add it with erp.put_accounts().');
	DELETE FROM erp.scheduled_account s USING jsonb_array_elements(request) AS e (value) JOIN erp.account a ON a.company_id = $1 AND a.code = e.value ->> 'account'
	 WHERE s.company_id = $1 AND s.account_id = a.account_id AND (e.value ->> 'kept')::boolean IS FALSE;
	GET DIAGNOSTICS released = ROW_COUNT;
	INSERT INTO erp.scheduled_account (company_id, account_id)
	SELECT $1, a.account_id FROM jsonb_array_elements(request) AS e (value) JOIN erp.account a ON a.company_id = $1 AND a.code = e.value ->> 'account'
	 WHERE (e.value ->> 'kept')::boolean IS NOT FALSE ORDER BY 2
	ON CONFLICT ON CONSTRAINT scheduled_account_key DO NOTHING;
	GET DIAGNOSTICS kept = ROW_COUNT;
	RETURN jsonb_build_object('kept', kept, 'released', released);
END
$function$;
COMMENT ON FUNCTION erp_private.put_scheduled_accounts(integer, jsonb) IS 'Does what erp.put_scheduled_accounts() says.';
