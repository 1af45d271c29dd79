-- ledger: checks of documents against periods and vouchers.

CREATE FUNCTION erp_private.check_closed_periods()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- Documents are first drawn together by kind and day, so that each is not held against each period; none is late in whole books.
	WITH late AS MATERIALIZED (
		SELECT g.company_id, g.kind, g.posting_day, p.code AS period_code, k.module, k.changed_at
		FROM (
			SELECT d.company_id, d.kind, d.posting_day, max(d.recorded_at) AS last_recorded_at
			FROM erp.document d
			GROUP BY d.company_id, d.kind, d.posting_day
		) g
		JOIN erp.document_kind t ON t.kind = g.kind
		JOIN erp.period p ON p.company_id = g.company_id AND g.posting_day BETWEEN p.first_day AND p.last_day
		JOIN erp.period_lock k ON k.company_id = p.company_id AND k.period_id = p.period_id
			AND k.module = ANY (t.modules) AND k.state = 'closed'
		WHERE g.last_recorded_at > k.changed_at
	)
	SELECT 'closed_periods', c.code, 'document ' || d.document_id,
		format('recorded at %s on %s, in period %s that was closed for %s at %s', d.recorded_at, d.posting_day, l.period_code, l.module, l.changed_at)
	FROM late l
	JOIN erp.document d ON d.company_id = l.company_id AND d.kind = l.kind AND d.posting_day = l.posting_day AND d.recorded_at > l.changed_at
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	UNION ALL
	SELECT 'closed_periods', c.code, 'document ' || d.document_id,
		format('recorded at %s on %s, not after the hard lock of %s that was set at %s', d.recorded_at, d.posting_day, h.day, h.changed_at)
	FROM erp.hard_lock h
	JOIN erp.document d ON d.company_id = h.company_id AND d.posting_day <= h.day AND d.recorded_at > h.changed_at AND d.kind NOT IN ('administration', 'numbering')
	LEFT JOIN erp.company c ON c.company_id = h.company_id
	UNION ALL
	SELECT 'closed_periods', c.code, 'period ' || p.code, format('has no state for module %s', m.module)
	FROM erp.period p
	CROSS JOIN (SELECT DISTINCT unnest(t.modules) AS module FROM erp.document_kind t) m
	LEFT JOIN erp.period_lock k ON k.company_id = p.company_id AND k.period_id = p.period_id AND k.module = m.module
	LEFT JOIN erp.company c ON c.company_id = p.company_id
	WHERE k.period_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_closed_periods() IS
'Law 6: no document was recorded in a period after that was closed for one of its modules, nor on a day after that was locked for ever; every period has a state for every module.';

CREATE FUNCTION erp_private.check_period_states()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- Calls for one period wait for each other, so their documents are in order.
	WITH said AS (
		SELECT r.company_id, COALESCE(r.request ->> 'period', r.result ->> 'period') AS period, m.module,
			(array_agg(CASE r.call WHEN 'set_period_state' THEN r.request ->> 'state' ELSE r.result ->> 'state' END ORDER BY r.document_id DESC))[1] AS state
		FROM erp.call_result r
		CROSS JOIN unnest('{general,stock,sales,purchasing}'::text[]) AS m (module)
		WHERE (r.call IN ('set_period_state', 'reopen_month') OR r.call IN ('close_month', 'close_year') AND r.result ->> 'state' = 'closed' AND NOT r.result ? 'dry_run')
			AND erp_private.names_module(r.request, m.module)
		GROUP BY r.company_id, COALESCE(r.request ->> 'period', r.result ->> 'period'), m.module
	)
	SELECT 'period_states', c.code, format('period %s, module %s', p.code, k.module),
		format('is %s, the calls say %s', k.state, COALESCE(s.state, 'open'))
	FROM erp.period_lock k
	JOIN erp.period p ON p.company_id = k.company_id AND p.period_id = k.period_id
	LEFT JOIN said s ON s.company_id = k.company_id AND s.period = p.code AND s.module = k.module
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	WHERE k.state <> COALESCE(s.state, 'open')
	UNION ALL
	SELECT 'period_states', c.code, 'hard lock', format('is at %s, the calls say %s', COALESCE(h.day::text, 'no day'), COALESCE(r.day::text, 'no day'))
	FROM erp.hard_lock h
	FULL JOIN (
		SELECT e.company_id, max((e.request ->> 'day')::date) AS day
		FROM erp.call_result e
		WHERE e.call = 'set_hard_lock'
		GROUP BY e.company_id
	) r ON r.company_id = h.company_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(h.company_id, r.company_id)
	WHERE h.day IS DISTINCT FROM r.day
$$;
COMMENT ON FUNCTION erp_private.check_period_states() IS
'Law 6: the states of periods and the hard lock are what the calls that set them say; a state that was changed otherwise is named.';
