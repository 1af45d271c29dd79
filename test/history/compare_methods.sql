-- What the books say of costs that are not final, and of what stock was worth on a day, against what was derived.

-- Issues that are provisional: of months that were not run, and what was not covered, the latest last.
CREATE FUNCTION trial.provisional_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY
	SELECT 'provisional', concat_ws(' ', coalesce(b.document_key, t.key), coalesce(b.line_no, t.line_no)), concat_ws(' ', b.settled_by, b.period, b.quantity, b.amount), concat_ws(' ', t.settled_by, t.period, t.quantity, t.amount)
	FROM (SELECT p.document_key, p.line_no, p.settled_by, p.period, trim_scale(p.quantity) AS quantity, p.amount FROM erp.provisional_costs p WHERE p.company = p_company) b
	FULL JOIN (
		SELECT d.key, m.line_no, 'month_cost' AS settled_by, to_char(m.day, 'YYYY-MM') AS period, trim_scale(m.quantity) AS quantity, m.value AS amount FROM trial.move m JOIN trial.document d USING (company, no) JOIN trial.goods g USING (item)
		WHERE m.company = p_company AND g.method = 'monthly_average' AND m.source IN ('issue', 'component') AND NOT trial.is_run(p_company, m.item, m.day)
		UNION ALL
		SELECT d.key, m.line_no, 'receipt', NULL, trim_scale(-o.quantity), m.value FROM trial.owed o JOIN trial.move m USING (company, seq) JOIN trial.document d USING (company, no) WHERE o.company = p_company
	) t ON t.key = b.document_key AND t.line_no = b.line_no
	WHERE (b.settled_by, b.period, b.quantity, b.amount) IS DISTINCT FROM (t.settled_by, t.period, t.quantity, t.amount);
END
$$;

-- What all stock was worth at the end of some days, as reported, is what the ledger has.
CREATE FUNCTION trial.valuation_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
DECLARE
	as_of date;
BEGIN
	FOREACH as_of IN ARRAY '{2009-01-31,2009-02-20,2010-12-31}'::date[] LOOP
		RETURN QUERY
		SELECT 'valuation', as_of::text, b.value::text, t.value::text
		FROM (SELECT coalesce(sum(v.value), 0) AS value FROM erp.stock_valuation(p_company, as_of) v) b,
			(SELECT coalesce(sum(g.amount), 0) AS value FROM trial.gl g WHERE g.company = p_company AND g.account IN ('1200', '1210') AND g.day <= as_of) t
		WHERE b.value <> t.value;
	END LOOP;
END
$$;
