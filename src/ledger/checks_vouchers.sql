-- ledger: checks of vouchers and of what is derived from their lines. Amounts in details are debit positive.

CREATE FUNCTION erp_private.check_vouchers() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE c STABLE PARALLEL SAFE
	COST 1000000
	SET search_path = pg_catalog, pg_temp
	SET max_parallel_workers_per_gather = 0
	AS 'MODULE_PATHNAME', 'erp_check_vouchers';
COMMENT ON FUNCTION erp_private.check_vouchers() IS
'Reads documents, their lines and taxes, vouchers, their lines and open items once. Law 1: every voucher has lines and balances in each of its currencies and in the company''s. Law 4: the lines of control accounts are the open items, one to one, and in sum by account and party. Law 6: a line stands on the day of its voucher. Law 9: what a voucher says of amounts, tax and total is what the lines and taxes of its document add up to; amounts have no more decimals than their currency. Law 10: what lines refer to exists; stands in for foreign keys on the hot tables.';

CREATE FUNCTION erp_private.check_dimensions_balance()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'dimensions_balance', c.code, 'voucher ' || t.voucher_id, format('does not balance in %s %s: %s', d.code, x.code, t.company_amount)
	FROM (
		SELECT l.company_id, l.voucher_id, s.dimension_value_id,
			sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS company_amount
		FROM (
			SELECT e.company_id, e.dimension_set_id, w.dimension_value_id
			FROM erp.dimension_set e
			CROSS JOIN LATERAL unnest(e.dimension_value_ids) AS w (dimension_value_id)
			JOIN erp.dimension_value y ON y.company_id = e.company_id AND y.dimension_value_id = w.dimension_value_id
			JOIN erp.dimension b ON b.company_id = y.company_id AND b.dimension_id = y.dimension_id AND b.balancing
		) s
		JOIN erp.voucher_line l ON l.company_id = s.company_id AND l.dimension_set_id = s.dimension_set_id
		GROUP BY l.company_id, l.voucher_id, s.dimension_value_id
		HAVING sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) <> 0
	) t
	JOIN erp.dimension_value x ON x.company_id = t.company_id AND x.dimension_value_id = t.dimension_value_id
	JOIN erp.dimension d ON d.company_id = x.company_id AND d.dimension_id = x.dimension_id
	LEFT JOIN erp.company c ON c.company_id = t.company_id
$$;
COMMENT ON FUNCTION erp_private.check_dimensions_balance() IS
'Law 1: every voucher balances in each value of every balancing dimension.';

CREATE FUNCTION erp_private.check_folded_balances()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'folded_balances', c.code, format('account %s, day %s, currency %s, dimension set %s', COALESCE(f.account_id, t.account_id),
			COALESCE(f.day, t.day), COALESCE(f.currency_id, t.currency_id), COALESCE(f.dimension_set_id, t.dimension_set_id)),
		format('folded debit %s credit %s (company %s, %s), lines debit %s credit %s (company %s, %s)',
			f.debit, f.credit, f.company_debit, f.company_credit, t.debit, t.credit, t.company_debit, t.company_credit)
	FROM (
		SELECT b.*
		FROM erp_private.folded_balance b
		JOIN erp_private.live_cut k ON k.company_id = b.company_id AND k.cut > '0'::xid8
	) f
	FULL JOIN (
		SELECT l.company_id, l.account_id, l.day, l.currency_id, l.dimension_set_id,
			sum(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END) AS debit,
			sum(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END) AS credit,
			sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END) AS company_debit,
			sum(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END) AS company_credit
		FROM erp_private.live_cut k
		JOIN erp.voucher v ON v.company_id = k.company_id AND v.transaction_id < k.cut
		JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
		GROUP BY l.company_id, l.account_id, l.day, l.currency_id, l.dimension_set_id
	) t ON t.company_id = f.company_id AND t.account_id = f.account_id AND t.day = f.day
		AND t.currency_id = f.currency_id AND t.dimension_set_id = f.dimension_set_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(f.company_id, t.company_id)
	WHERE COALESCE(f.debit, 0) <> COALESCE(t.debit, 0)
		OR COALESCE(f.credit, 0) <> COALESCE(t.credit, 0)
		OR COALESCE(f.company_debit, 0) <> COALESCE(t.company_debit, 0)
		OR COALESCE(f.company_credit, 0) <> COALESCE(t.company_credit, 0)
$$;
COMMENT ON FUNCTION erp_private.check_folded_balances() IS
'Law 1: the folded balances equal the sums of the voucher lines below the cut.';

CREATE FUNCTION erp_private.check_voucher_days()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT x.check_name, c.code, 'voucher ' || v.voucher_id, x.detail
	FROM erp.voucher v
	LEFT JOIN erp.period p ON p.company_id = v.company_id AND p.period_id = v.period_id
	LEFT JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.document_id
	LEFT JOIN erp.company c ON c.company_id = v.company_id
	CROSS JOIN LATERAL (VALUES
		('voucher_references', CASE WHEN d.document_id IS NULL THEN 'has no document: ' || v.document_id END),
		('voucher_days', CASE WHEN d.posting_day <> v.day
			THEN format('day %s is not the posting day %s of document %s', v.day, d.posting_day, d.document_id) END),
		('voucher_days', CASE WHEN p.period_id IS NULL OR v.day NOT BETWEEN p.first_day AND p.last_day
			THEN format('day %s is not in period %s', v.day, v.period_id) END)) x (check_name, detail)
	WHERE (d.document_id IS NULL OR d.posting_day <> v.day OR p.period_id IS NULL OR v.day NOT BETWEEN p.first_day AND p.last_day)
		AND x.detail IS NOT NULL
	UNION ALL
	SELECT 'voucher_days', c.code, 'document ' || d.document_id, format('is posted on %s, before the day %s that it belongs to', d.posting_day, d.day)
	FROM erp.document d
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	WHERE d.posting_day < d.day
$$;
COMMENT ON FUNCTION erp_private.check_voucher_days() IS
'Law 6: a voucher lies in its period and on the posting day of its document, which is not before the day that it belongs to. Law 10: the document exists.';

CREATE FUNCTION erp_private.check_voucher_numbers()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'voucher_numbers', c.code, format('series %s, number %s of scope "%s"', s.code, n.number, n.scope_value),
		CASE WHEN v.voucher_id IS NULL THEN format('voucher %s of document %s does not exist', n.voucher_id, n.document_id)
			ELSE format('voucher %s is of %s', v.voucher_id, v.day) END
	FROM erp.assigned_number n
	JOIN erp.series s ON s.company_id = n.company_id AND s.series_id = n.series_id
	LEFT JOIN erp.voucher v ON v.company_id = n.company_id AND v.voucher_id = n.voucher_id AND v.document_id = n.document_id
	LEFT JOIN erp.company c ON c.company_id = n.company_id
	WHERE s.target = 'voucher'
		AND CASE s.scope WHEN 'month' THEN to_char(v.day, 'YYYY-MM') WHEN 'year' THEN to_char(v.day, 'YYYY')
			WHEN 'ever' THEN CASE WHEN v.voucher_id IS NOT NULL THEN '' END END IS DISTINCT FROM n.scope_value
$$;
COMMENT ON FUNCTION erp_private.check_voucher_numbers() IS
'Law 8: the number of a voucher belongs to the scope that its day lies in.';

CREATE FUNCTION erp_private.check_voucher_references()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'voucher_references', c.code, 'reversal of voucher ' || r.reverses_voucher_id, format('voucher %s or the reversed one does not exist', r.voucher_id)
	FROM erp.voucher_reversal r
	LEFT JOIN erp.voucher v ON v.company_id = r.company_id AND v.voucher_id = r.voucher_id
	LEFT JOIN erp.voucher w ON w.company_id = r.company_id AND w.voucher_id = r.reverses_voucher_id
	LEFT JOIN erp.company c ON c.company_id = r.company_id
	WHERE v.voucher_id IS NULL OR w.voucher_id IS NULL
	UNION ALL
	SELECT 'voucher_references', c.code, 'seal ' || s.position, 'has no document: ' || s.document_id
	FROM erp.seal s
	LEFT JOIN erp.document d ON d.company_id = s.company_id AND d.document_id = s.document_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE d.document_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_voucher_references() IS
'Law 10: the vouchers of reversals and the documents of seals exist. What vouchers and their lines refer to is seen where these are read.';
