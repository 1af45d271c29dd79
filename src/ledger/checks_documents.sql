-- ledger: checks of documents against periods and vouchers.

CREATE FUNCTION erp_private.check_closed_periods()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- Documents are first drawn together by kind and day, so that each is not held against each period.
	WITH late AS (
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
	SELECT 'closed_periods', c.code, 'period ' || p.code, format('has no state for module %s', m.module)
	FROM erp.period p
	CROSS JOIN (SELECT DISTINCT unnest(t.modules) AS module FROM erp.document_kind t) m
	LEFT JOIN erp.period_lock k ON k.company_id = p.company_id AND k.period_id = p.period_id AND k.module = m.module
	LEFT JOIN erp.company c ON c.company_id = p.company_id
	WHERE k.period_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_closed_periods() IS
'Law 6: no document was recorded in a period after that was closed for one of its modules; every period has a state for every module.';

-- Without SET, so that it becomes part of the query that reads it.
CREATE FUNCTION erp_private.posted_totals()
RETURNS TABLE (company_id integer, document_id bigint, amount numeric, tax numeric, total numeric)
LANGUAGE sql STABLE
AS $$
	SELECT v.company_id, v.document_id,
		sum(CASE l.side WHEN 'debit' THEN -l.amount ELSE l.amount END) FILTER (WHERE r.amount_role = 'amount'),
		sum(CASE l.side WHEN 'debit' THEN -l.amount ELSE l.amount END) FILTER (WHERE r.amount_role = 'tax'),
		sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END) FILTER (WHERE r.amount_role = 'total')
	FROM erp.voucher_line l
	JOIN erp.posting_rule r ON r.company_id = l.company_id AND r.posting_rule_id = l.posting_rule_id
	JOIN erp.voucher v ON v.company_id = l.company_id AND v.voucher_id = l.voucher_id
	GROUP BY v.company_id, v.document_id
$$;
COMMENT ON FUNCTION erp_private.posted_totals() IS
'What the vouchers of each document say in all of its amounts, taxes and totals, by the roles of their posting rules. Part of check_document_totals().';

CREATE FUNCTION erp_private.check_document_totals()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH line AS MATERIALIZED (
		SELECT l.company_id, l.document_id, l.line_role, l.account_id, l.dimension_set_id, l.voucher_line_no, sum(l.amount) AS amount
		FROM erp.document_line l
		GROUP BY l.company_id, l.document_id, l.line_role, l.account_id, l.dimension_set_id, l.voucher_line_no
	), said AS (
		-- A line whose value is its cost (a receipt) is posted as inventory, not as amount.
		SELECT g.company_id, g.document_id, sum(g.net) AS net, sum(g.amount) AS amount, sum(g.tax) AS tax
		FROM (
			SELECT l.company_id, l.document_id, l.amount AS net,
				CASE r.value_source WHEN 'amount' THEN 0 ELSE l.amount END AS amount, 0::numeric AS tax
			FROM line l
			JOIN erp.line_role r ON r.line_role = l.line_role
			UNION ALL
			SELECT t.company_id, t.document_id, 0, 0, t.tax_amount
			FROM erp.document_tax t
		) g
		GROUP BY g.company_id, g.document_id
	), bad AS MATERIALIZED (
		SELECT DISTINCT l.company_id, l.document_id, l.line_role, l.account_id, l.dimension_set_id, l.voucher_line_no,
			a.account_id IS NULL AND l.account_id <> 0 AS lacks_account,
			s.dimension_set_id IS NULL AND l.dimension_set_id <> 0 AS lacks_dimension_set,
			w.voucher_id IS NULL AND l.voucher_line_no <> 0 AS lacks_voucher_line
		FROM line l
		LEFT JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
		LEFT JOIN erp.dimension_set s ON s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id
		LEFT JOIN erp.voucher v ON v.company_id = l.company_id AND v.document_id = l.document_id AND l.voucher_line_no <> 0
		LEFT JOIN erp.voucher_line w ON w.company_id = v.company_id AND w.voucher_id = v.voucher_id AND w.line_no = l.voucher_line_no
		WHERE (a.account_id IS NULL AND l.account_id <> 0)
			OR (s.dimension_set_id IS NULL AND l.dimension_set_id <> 0)
			OR (w.voucher_id IS NULL AND l.voucher_line_no <> 0)
	)
	SELECT 'document_totals', c.code, 'document ' || s.document_id,
		format('lines %s, tax %s, total %s; posted %s, %s, %s', k.total_sign * s.amount, k.total_sign * s.tax, k.total_sign * (s.net + s.tax),
			COALESCE(p.amount, 0), COALESCE(p.tax, 0), COALESCE(p.total, 0))
	FROM said s
	JOIN erp.document h ON h.company_id = s.company_id AND h.document_id = s.document_id
	JOIN erp.document_kind k ON k.kind = h.kind AND k.total_sign <> 0
	LEFT JOIN erp_private.posted_totals() p ON p.company_id = s.company_id AND p.document_id = s.document_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE k.total_sign * s.amount <> COALESCE(p.amount, 0) OR k.total_sign * s.tax <> COALESCE(p.tax, 0)
		OR k.total_sign * (s.net + s.tax) <> COALESCE(p.total, 0)
	UNION ALL
	SELECT 'voucher_references', c.code, format('document %s, line %s', l.document_id, l.line_no), x.detail
	FROM bad b
	JOIN erp.document_line l ON l.company_id = b.company_id AND l.document_id = b.document_id AND l.line_role = b.line_role
		AND l.account_id = b.account_id AND l.dimension_set_id = b.dimension_set_id AND l.voucher_line_no = b.voucher_line_no
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	CROSS JOIN LATERAL (VALUES
		(CASE WHEN b.lacks_account THEN 'has the unknown account ' || l.account_id END),
		(CASE WHEN b.lacks_dimension_set THEN 'has the unknown dimension set ' || l.dimension_set_id END),
		(CASE WHEN b.lacks_voucher_line THEN 'names a voucher line that does not exist: ' || l.voucher_line_no END)) x (detail)
	WHERE EXISTS (SELECT FROM bad) AND x.detail IS NOT NULL
$$;
COMMENT ON FUNCTION erp_private.check_document_totals() IS
'Law 9: what a voucher says of amounts, tax and total is what the lines and taxes of its document add up to. Law 10: what document lines refer to in the ledger exists; stands in for foreign keys on the hot table.';
