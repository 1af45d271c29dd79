-- ledger: what posting rules made of amounts, against the lines that took them.

CREATE FUNCTION erp_private.check_posting_evaluations()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'posting_evaluations', c.code, format('voucher %s, line %s', e.voucher_id, e.line_no),
		CASE WHEN l.voucher_id IS NULL THEN 'rules were asked for a line that does not exist'
			WHEN l.posting_rule_id <> e.posting_rule_id THEN format('posting rule %s was asked, the line names %s', e.posting_rule_id, l.posting_rule_id)
			ELSE format('the rule made %s of it, the line has %s', e.amount, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END) END
	FROM (
		SELECT x.company_id, x.voucher_id, x.line_no, x.posting_rule_id, sum(x.amount) AS amount
		FROM erp.posting_evaluation x
		GROUP BY x.company_id, x.voucher_id, x.line_no, x.posting_rule_id
	) e
	LEFT JOIN erp.voucher_line l ON l.company_id = e.company_id AND l.voucher_id = e.voucher_id AND l.line_no = e.line_no
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	WHERE l.voucher_id IS NULL OR l.posting_rule_id <> e.posting_rule_id
		OR e.amount <> CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END
$$;
COMMENT ON FUNCTION erp_private.check_posting_evaluations() IS
'Law 10: what a rule with a condition or an expression made of amounts adds up to the voucher line that names the rule.';
