-- ledger: checks of vouchers, open items and periods. Amounts in details are debit positive.

CREATE FUNCTION erp_private.check_vouchers_balance()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH total AS MATERIALIZED (
		SELECT l.company_id, l.voucher_id, l.currency_id,
			sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END) AS amount,
			sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS company_amount
		FROM erp.voucher_line l
		GROUP BY l.company_id, l.voucher_id, l.currency_id
	)
	SELECT c.code, 'voucher ' || t.voucher_id, format('does not balance in %s: %s', m.code, t.amount)
	FROM total t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	LEFT JOIN erp.currency m ON m.currency_id = t.currency_id
	WHERE t.amount <> 0
	UNION ALL
	SELECT c.code, 'voucher ' || t.voucher_id, format('does not balance in the company''s currency: %s', sum(t.company_amount))
	FROM total t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	GROUP BY c.code, t.company_id, t.voucher_id
	HAVING sum(t.company_amount) <> 0
	UNION ALL
	SELECT c.code, 'voucher ' || v.voucher_id, 'has no lines'
	FROM erp.voucher v
	LEFT JOIN total t ON t.company_id = v.company_id AND t.voucher_id = v.voucher_id
	LEFT JOIN erp.company c ON c.company_id = v.company_id
	WHERE t.voucher_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_vouchers_balance() IS
'Law 1: every voucher has lines and balances in each of its currencies and in the company''s.';

CREATE FUNCTION erp_private.check_dimensions_balance()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, 'voucher ' || t.voucher_id, format('does not balance in %s %s: %s', d.code, x.code, t.company_amount)
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
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('account %s, day %s, currency %s, dimension set %s', COALESCE(f.account_id, t.account_id),
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

CREATE FUNCTION erp_private.check_control_accounts()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('account %s, party %s', a.code, COALESCE(p.code, t.party_id::text)),
		format('open items %s, account %s', t.open_amount, t.account_amount)
	FROM (
		SELECT g.company_id, g.account_id, g.party_id, sum(g.open_amount) AS open_amount, sum(g.account_amount) AS account_amount
		FROM (
			SELECT l.company_id, l.account_id, l.party_id, 0::numeric AS open_amount,
				CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END AS account_amount
			FROM erp.account b
			JOIN erp.voucher_line l ON l.company_id = b.company_id AND l.account_id = b.account_id
			WHERE b.control IN ('receivable', 'payable', 'accrued_payable')
			UNION ALL
			SELECT o.company_id, o.account_id, o.party_id, o.company_amount, 0
			FROM erp.open_item o
			UNION ALL
			SELECT o.company_id, o.account_id, o.party_id, -s.company_amount, 0
			FROM erp.settlement s
			JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.debit_open_item_id
			UNION ALL
			SELECT o.company_id, o.account_id, o.party_id, s.company_amount, 0
			FROM erp.settlement s
			JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.credit_open_item_id
		) g
		GROUP BY g.company_id, g.account_id, g.party_id
		HAVING sum(g.open_amount) <> sum(g.account_amount)
	) t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	LEFT JOIN erp.account a ON a.company_id = t.company_id AND a.account_id = t.account_id
	LEFT JOIN erp.party p ON p.company_id = t.company_id AND p.party_id = t.party_id
$$;
COMMENT ON FUNCTION erp_private.check_control_accounts() IS
'Law 4: open items less settlements of each party equal the balance of the control account.';

CREATE FUNCTION erp_private.check_open_items()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('voucher %s, line %s', COALESCE(l.voucher_id, o.voucher_id), COALESCE(l.line_no, o.line_no)),
		CASE WHEN o.open_item_id IS NULL THEN 'a line of a control account is no open item'
			WHEN l.voucher_id IS NULL THEN format('open item %s has no line of a control account', o.open_item_id)
			ELSE format('open item %s: %s, %s of account %s, party %s on %s; line: %s, %s of account %s, party %s on %s', o.open_item_id,
				o.amount, o.company_amount, o.account_id, o.party_id, o.day,
				l.amount, l.company_amount, l.account_id, l.party_id, l.day) END
	FROM (
		SELECT t.company_id, t.voucher_id, t.line_no, t.account_id, t.party_id, t.day, t.currency_id,
			CASE t.side WHEN 'debit' THEN t.amount ELSE -t.amount END AS amount,
			CASE t.side WHEN 'debit' THEN t.company_amount ELSE -t.company_amount END AS company_amount
		FROM erp.account a
		JOIN erp.voucher_line t ON t.company_id = a.company_id AND t.account_id = a.account_id
		WHERE a.control IN ('receivable', 'payable', 'accrued_payable')
	) l
	FULL JOIN erp.open_item o ON o.company_id = l.company_id AND o.voucher_id = l.voucher_id AND o.line_no = l.line_no
	LEFT JOIN erp.company c ON c.company_id = COALESCE(l.company_id, o.company_id)
	WHERE (l.account_id, l.party_id, l.day, l.currency_id, l.amount, l.company_amount)
		IS DISTINCT FROM (o.account_id, o.party_id, o.day, o.currency_id, o.amount, o.company_amount)
		AND NOT (o.open_item_id IS NULL AND l.amount = 0 AND l.company_amount = 0)
	UNION ALL
	SELECT c.code, 'open item ' || o.open_item_id,
		format('of %s is settled by %s (company: %s by %s)', o.amount, s.amount, o.company_amount, s.company_amount)
	FROM (
		SELECT g.company_id, g.open_item_id, sum(g.amount) AS amount, sum(g.company_amount) AS company_amount
		FROM (
			SELECT e.company_id, e.debit_open_item_id AS open_item_id, e.amount, e.company_amount FROM erp.settlement e
			UNION ALL
			SELECT e.company_id, e.credit_open_item_id, -e.amount, -e.company_amount FROM erp.settlement e
		) g
		GROUP BY g.company_id, g.open_item_id
	) s
	JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.open_item_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE s.amount * sign(o.amount) NOT BETWEEN 0 AND abs(o.amount)
		OR s.company_amount * sign(o.company_amount) NOT BETWEEN 0 AND abs(o.company_amount)
	UNION ALL
	SELECT c.code, 'settlement ' || s.settlement_id, 'joins open items of two parties, accounts or currencies'
	FROM erp.settlement s
	JOIN erp.open_item d ON d.company_id = s.company_id AND d.open_item_id = s.debit_open_item_id
	JOIN erp.open_item k ON k.company_id = s.company_id AND k.open_item_id = s.credit_open_item_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE (d.party_id, d.account_id, d.currency_id) <> (k.party_id, k.account_id, k.currency_id)
$$;
COMMENT ON FUNCTION erp_private.check_open_items() IS
'Law 4: the lines of control accounts are the open items, one to one; none is settled beyond its amount.';

CREATE FUNCTION erp_private.check_voucher_days()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, 'voucher ' || v.voucher_id,
		CASE WHEN p.period_id IS NULL THEN format('day %s is not in period %s', v.day, v.period_id)
			ELSE format('day %s is not the posting day %s of document %s', v.day, d.posting_day, d.document_id) END
	FROM erp.voucher v
	LEFT JOIN erp.period p ON p.company_id = v.company_id AND p.period_id = v.period_id AND v.day BETWEEN p.first_day AND p.last_day
	LEFT JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.document_id
	LEFT JOIN erp.company c ON c.company_id = v.company_id
	WHERE p.period_id IS NULL OR d.posting_day <> v.day
	UNION ALL
	SELECT c.code, format('voucher %s, line %s', l.voucher_id, l.line_no), format('day %s is not the voucher''s day %s', l.day, v.day)
	FROM erp.voucher_line l
	JOIN erp.voucher v ON v.company_id = l.company_id AND v.voucher_id = l.voucher_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE l.day <> v.day
	UNION ALL
	SELECT c.code, 'document ' || d.document_id, format('is posted on %s, before the day %s that it belongs to', d.posting_day, d.day)
	FROM erp.document d
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	WHERE d.posting_day < d.day
$$;
COMMENT ON FUNCTION erp_private.check_voucher_days() IS
'Law 6: a voucher lies in its period, on the posting day of its document, and so do its lines.';

CREATE FUNCTION erp_private.check_closed_periods()
RETURNS TABLE (company text, object text, detail text)
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
	SELECT c.code, 'document ' || d.document_id,
		format('recorded at %s on %s, in period %s that was closed for %s at %s', d.recorded_at, d.posting_day, l.period_code, l.module, l.changed_at)
	FROM late l
	JOIN erp.document d ON d.company_id = l.company_id AND d.kind = l.kind AND d.posting_day = l.posting_day AND d.recorded_at > l.changed_at
	LEFT JOIN erp.company c ON c.company_id = l.company_id
$$;
COMMENT ON FUNCTION erp_private.check_closed_periods() IS
'Law 6: no document was recorded in a period after that was closed for one of its modules.';

CREATE FUNCTION erp_private.check_voucher_numbers()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('series %s, number %s of scope "%s"', s.code, n.number, n.scope_value),
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

CREATE FUNCTION erp_private.check_voucher_amounts()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, t.object, format('amount %s: more than %s decimals of %s; or %s: more than %s of %s',
		t.amount, m.decimals, m.code, t.company_amount, o.decimals, o.code)
	FROM (
		SELECT l.company_id, format('voucher %s, line %s', l.voucher_id, l.line_no) AS object, l.currency_id, l.amount, l.company_amount
		FROM erp.voucher_line l
		UNION ALL
		SELECT i.company_id, 'open item ' || i.open_item_id, i.currency_id, i.amount, i.company_amount
		FROM erp.open_item i
		UNION ALL
		SELECT s.company_id, 'settlement ' || s.settlement_id, i.currency_id, s.amount, s.company_amount
		FROM erp.settlement s
		JOIN erp.open_item i ON i.company_id = s.company_id AND i.open_item_id = s.debit_open_item_id
	) t
	JOIN erp.currency m ON m.currency_id = t.currency_id
	JOIN erp.company c ON c.company_id = t.company_id
	JOIN erp.currency o ON o.currency_id = c.currency_id
	WHERE t.amount <> round(t.amount, m.decimals) OR t.company_amount <> round(t.company_amount, o.decimals)
$$;
COMMENT ON FUNCTION erp_private.check_voucher_amounts() IS
'Law 9: amounts of vouchers, open items and settlements have no more decimals than their currency.';

CREATE FUNCTION erp_private.check_document_totals()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- A line whose value is its cost (a receipt) is posted as inventory, not as amount.
	WITH said AS (
		SELECT d.company_id, d.document_id, k.total_sign * d.amount AS amount,
			k.total_sign * d.tax AS tax, k.total_sign * (d.net + d.tax) AS total
		FROM (
			SELECT g.company_id, g.document_id, sum(g.net) AS net, sum(g.amount) AS amount, sum(g.tax) AS tax
			FROM (
				SELECT l.company_id, l.document_id, l.amount AS net,
					CASE r.value_source WHEN 'amount' THEN 0 ELSE l.amount END AS amount, 0::numeric AS tax
				FROM erp.document_line l
				JOIN erp.line_role r ON r.line_role = l.line_role
				UNION ALL
				SELECT t.company_id, t.document_id, 0, 0, t.tax_amount
				FROM erp.document_tax t
			) g
			GROUP BY g.company_id, g.document_id
		) d
		JOIN erp.document h ON h.company_id = d.company_id AND h.document_id = d.document_id
		JOIN erp.document_kind k ON k.kind = h.kind AND k.total_sign <> 0
	), posted AS (
		SELECT v.company_id, v.document_id,
			sum(CASE r.amount_role WHEN 'amount' THEN -x.amount ELSE 0 END) AS amount,
			sum(CASE r.amount_role WHEN 'tax' THEN -x.amount ELSE 0 END) AS tax,
			sum(CASE r.amount_role WHEN 'total' THEN x.amount ELSE 0 END) AS total
		FROM (
			SELECT l.company_id, l.voucher_id, l.posting_rule_id, sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END) AS amount
			FROM erp.voucher_line l
			GROUP BY l.company_id, l.voucher_id, l.posting_rule_id
		) x
		JOIN erp.posting_rule r ON r.company_id = x.company_id AND r.posting_rule_id = x.posting_rule_id
		JOIN erp.voucher v ON v.company_id = x.company_id AND v.voucher_id = x.voucher_id
		GROUP BY v.company_id, v.document_id
	)
	SELECT c.code, 'document ' || s.document_id,
		format('lines %s, tax %s, total %s; posted %s, %s, %s', s.amount, s.tax, s.total,
			COALESCE(p.amount, 0), COALESCE(p.tax, 0), COALESCE(p.total, 0))
	FROM said s
	LEFT JOIN posted p ON p.company_id = s.company_id AND p.document_id = s.document_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE s.amount <> COALESCE(p.amount, 0) OR s.tax <> COALESCE(p.tax, 0) OR s.total <> COALESCE(p.total, 0)
$$;
COMMENT ON FUNCTION erp_private.check_document_totals() IS
'Law 9: what a voucher says of amounts, tax and total is what the lines and taxes of its document add up to.';

CREATE FUNCTION erp_private.check_voucher_references()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, 'voucher ' || v.voucher_id, 'has no document: ' || v.document_id
	FROM erp.voucher v
	LEFT JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.document_id
	LEFT JOIN erp.company c ON c.company_id = v.company_id
	WHERE d.document_id IS NULL
	UNION ALL
	SELECT c.code, format('voucher %s, line %s', l.voucher_id, l.line_no),
		CASE WHEN v.voucher_id IS NULL THEN 'has no voucher'
			WHEN a.account_id IS NULL THEN 'has the unknown account ' || l.account_id
			WHEN NOT a.postable THEN 'is on the heading ' || a.code
			WHEN p.party_id IS NULL AND l.party_id <> 0 THEN 'has the unknown party ' || l.party_id
			WHEN m.currency_id IS NULL THEN 'has the unknown currency ' || l.currency_id
			WHEN t.tax_code_id IS NULL AND l.tax_code_id <> 0 THEN 'has the unknown tax code ' || l.tax_code_id
			WHEN s.dimension_set_id IS NULL AND l.dimension_set_id <> 0 THEN 'has the unknown dimension set ' || l.dimension_set_id
			WHEN r.posting_rule_id IS NULL AND l.posting_rule_id <> 0 THEN 'has the unknown posting rule ' || l.posting_rule_id
			ELSE 'has the unknown cash-flow item ' || l.cash_flow_item_id END
	FROM erp.voucher_line l
	LEFT JOIN erp.voucher v ON v.company_id = l.company_id AND v.voucher_id = l.voucher_id
	LEFT JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
	LEFT JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id
	LEFT JOIN erp.currency m ON m.currency_id = l.currency_id
	LEFT JOIN erp.tax_code t ON t.company_id = l.company_id AND t.tax_code_id = l.tax_code_id
	LEFT JOIN erp.dimension_set s ON s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id
	LEFT JOIN erp.posting_rule r ON r.company_id = l.company_id AND r.posting_rule_id = l.posting_rule_id
	LEFT JOIN erp.cash_flow_item f ON f.company_id = l.company_id AND f.cash_flow_item_id = l.cash_flow_item_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE v.voucher_id IS NULL OR a.account_id IS NULL OR NOT a.postable OR m.currency_id IS NULL
		OR (p.party_id IS NULL AND l.party_id <> 0)
		OR (t.tax_code_id IS NULL AND l.tax_code_id <> 0)
		OR (s.dimension_set_id IS NULL AND l.dimension_set_id <> 0)
		OR (r.posting_rule_id IS NULL AND l.posting_rule_id <> 0)
		OR (f.cash_flow_item_id IS NULL AND l.cash_flow_item_id <> 0)
	UNION ALL
	SELECT c.code, format('document %s, line %s', l.document_id, l.line_no),
		CASE WHEN a.account_id IS NULL AND l.account_id <> 0 THEN 'has the unknown account ' || l.account_id
			WHEN s.dimension_set_id IS NULL AND l.dimension_set_id <> 0 THEN 'has the unknown dimension set ' || l.dimension_set_id
			ELSE 'names a voucher line that does not exist: ' || l.voucher_line_no END
	FROM erp.document_line l
	LEFT JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
	LEFT JOIN erp.dimension_set s ON s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id
	LEFT JOIN erp.voucher v ON v.company_id = l.company_id AND v.document_id = l.document_id AND l.voucher_line_no <> 0
	LEFT JOIN erp.voucher_line x ON x.company_id = v.company_id AND x.voucher_id = v.voucher_id AND x.line_no = l.voucher_line_no
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE (a.account_id IS NULL AND l.account_id <> 0)
		OR (s.dimension_set_id IS NULL AND l.dimension_set_id <> 0)
		OR (x.voucher_id IS NULL AND l.voucher_line_no <> 0)
	UNION ALL
	SELECT c.code, 'reversal of voucher ' || r.reverses_voucher_id, format('voucher %s or the reversed one does not exist', r.voucher_id)
	FROM erp.voucher_reversal r
	LEFT JOIN erp.voucher v ON v.company_id = r.company_id AND v.voucher_id = r.voucher_id
	LEFT JOIN erp.voucher w ON w.company_id = r.company_id AND w.voucher_id = r.reverses_voucher_id
	LEFT JOIN erp.company c ON c.company_id = r.company_id
	WHERE v.voucher_id IS NULL OR w.voucher_id IS NULL
	UNION ALL
	SELECT c.code, 'seal ' || s.position, 'has no voucher: ' || s.voucher_id
	FROM erp.seal s
	LEFT JOIN erp.voucher v ON v.company_id = s.company_id AND v.voucher_id = s.voucher_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE v.voucher_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_voucher_references() IS
'Law 10: what vouchers and their documents refer to in the ledger exists; stands in for foreign keys on the hot tables.';
