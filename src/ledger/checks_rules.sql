-- ledger: what posting rules made of amounts, against the lines that took them.

CREATE FUNCTION erp_private.check_posting_evaluations()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'posting_evaluations', c.code, format('voucher %s, line %s', e.voucher_id, e.line_no),
		CASE WHEN l.voucher_id IS NULL THEN 'rules were asked for a line that does not exist'
			WHEN l.posting_rule_id <> ALL (e.rules) THEN format('posting rules %s gave it, the line names %s', e.rules, l.posting_rule_id)
			ELSE format('the rules made %s of it (company %s), the line has %s (%s)', e.amount, e.company_amount, s.sign * s.amount, s.sign * s.company_amount) END
	FROM (
		SELECT x.company_id, x.voucher_id, x.line_no, array_agg(DISTINCT x.posting_rule_id) AS rules, sum(x.amount) AS amount,
			sum(x.company_amount) AS company_amount
		FROM erp.posting_evaluation x
		GROUP BY x.company_id, x.voucher_id, x.line_no
	) e
	LEFT JOIN erp.voucher_line l ON l.company_id = e.company_id AND l.voucher_id = e.voucher_id AND l.line_no = e.line_no
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	-- A line by instalments has others behind it, alike in all but amount and due day.
	LEFT JOIN LATERAL (
		SELECT sum(p.amount) AS amount, sum(p.company_amount) AS company_amount
		FROM erp.voucher_line p
		JOIN erp.open_item o ON o.company_id = p.company_id AND o.voucher_id = p.voucher_id AND o.line_no = p.line_no AND o.instalment_no <> 0
		WHERE p.company_id = l.company_id AND p.voucher_id = l.voucher_id AND (p.account_id, p.party_id, p.side, p.posting_rule_id, p.document_line_no, p.dimension_set_id, p.tax_code_id)
			= (l.account_id, l.party_id, l.side, l.posting_rule_id, l.document_line_no, l.dimension_set_id, l.tax_code_id)
	) i ON true
	CROSS JOIN LATERAL (SELECT CASE l.side WHEN 'debit' THEN 1 ELSE -1 END AS sign, COALESCE(i.amount, l.amount) AS amount, COALESCE(i.company_amount, l.company_amount) AS company_amount) s
	WHERE l.voucher_id IS NULL OR l.posting_rule_id <> ALL (e.rules) OR (e.amount, e.company_amount) <> (s.sign * s.amount, s.sign * s.company_amount)
$$;
COMMENT ON FUNCTION erp_private.check_posting_evaluations() IS
'Law 10: what rules with a condition or an expression made of amounts, and what several rules gave to one line, adds up to the voucher line, which names one of them.';
