-- ledger: what exports of all formats read: voucher lines with all codes.

CREATE FUNCTION erp_private.dimension_codes(company_id integer)
RETURNS TABLE (dimension_set_id integer, dimensions jsonb)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.dimension_set_id, jsonb_object_agg(d.code, v.code)
	  FROM erp.dimension_set s
	  JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids)
	  JOIN erp.dimension d ON d.company_id = v.company_id AND d.dimension_id = v.dimension_id
	 WHERE s.company_id = $1
	 GROUP BY s.dimension_set_id
$function$;
COMMENT ON FUNCTION erp_private.dimension_codes(integer) IS 'Each combination of dimension values of a company as an object of codes, {dimension: value}; none for the empty one.';

-- The lines of some days are found account by account: there is an index of them.
CREATE FUNCTION erp_private.exported_lines(company_id integer, first_day date, last_day date) 
RETURNS TABLE (day date, voucher_id bigint, line_no integer, period text, voucher_word text, voucher_number text, voucher_summary text,
	document_kind text, document_key text, reference text, recorded_at timestamptz, recorded_by text, account_id integer, account_code
	text, account_name text, side text, currency text, decimals integer, amount numeric, company_amount numeric, quantity numeric,
	unit text, party_code text, dimensions jsonb, tax_code text, cash_flow_item text, due_day date, summary text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.day, l.voucher_id, l.line_no, y.code, NULLIF(w.code, ''), n.number, v.summary, d.kind, d.key, NULLIF(d.reference, ''), d.recorded_at,
		d.recorded_by::text, a.account_id, a.code, a.name, l.side, m.code, m.decimals::integer, l.amount, l.company_amount, l.quantity, NULLIF(u.code, ''),
		p.code, s.dimensions, t.code, f.code, l.due_day, l.summary
	  FROM erp.account a
	 CROSS JOIN LATERAL (
		SELECT x.* FROM erp.voucher_line x WHERE x.company_id = a.company_id AND x.account_id = a.account_id AND x.day BETWEEN $2 AND $3 OFFSET 0) l
	  JOIN erp.voucher v ON v.company_id = l.company_id AND v.voucher_id = l.voucher_id
	  JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.voucher_id
	  JOIN erp.currency m ON m.currency_id = l.currency_id
	  JOIN erp.unit u ON u.unit_id = l.unit_id
	  LEFT JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id
	  LEFT JOIN erp.period y ON y.company_id = v.company_id AND y.period_id = v.period_id
	  LEFT JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id AND l.party_id <> 0
	  LEFT JOIN erp.tax_code t ON t.company_id = l.company_id AND t.tax_code_id = l.tax_code_id AND l.tax_code_id <> 0
	  LEFT JOIN erp.cash_flow_item f ON f.company_id = l.company_id AND f.cash_flow_item_id = l.cash_flow_item_id AND l.cash_flow_item_id <> 0
	  LEFT JOIN erp_private.dimension_codes($1) s ON s.dimension_set_id = l.dimension_set_id
	  LEFT JOIN erp_private.number_text n ON n.company_id = v.company_id AND n.document_id = v.document_id
		AND n.voucher_id = v.voucher_id AND n.target = 'voucher'
	 WHERE a.company_id = $1
	 ORDER BY l.day, l.voucher_id, l.line_no;
END
$function$;
COMMENT ON FUNCTION erp_private.exported_lines(integer, date, date) IS 'The voucher lines of some days, both included, by day, voucher and line. Amounts stand on their side, red letters negative; codes are null where there is none.';
