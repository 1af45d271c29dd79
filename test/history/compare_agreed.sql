-- What was agreed on, and what was warned of, against what was derived.

-- When what each document opened falls due, and on which terms.
CREATE FUNCTION trial.due_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY
	SELECT 'due', concat_ws(' ', coalesce(b.key, t.key), coalesce(b.account, t.account), coalesce(b.party, t.party)),
		concat_ws(' ', b.due, b.terms, b.amount), concat_ws(' ', t.due, t.terms, t.amount)
	FROM (SELECT d.key, a.code AS account, p.code AS party, o.due_day AS due, CASE o.payment_terms_id WHEN 0 THEN '' ELSE k.code END AS terms, sum(o.amount) AS amount
		FROM erp.company c JOIN erp.open_item o USING (company_id) JOIN erp.document d USING (company_id, document_id) JOIN erp.account a USING (company_id, account_id)
		JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id JOIN erp.payment_terms k ON k.company_id = o.company_id AND k.payment_terms_id = o.payment_terms_id
		WHERE c.code = p_company AND d.kind <> 'settlement' GROUP BY 1, 2, 3, 4, 5) b
	FULL JOIN (SELECT d.key, i.account, i.party, i.due, i.terms, sum(i.amount) AS amount FROM trial.item i JOIN trial.document d USING (company, no)
		WHERE i.company = p_company GROUP BY 1, 2, 3, 4, 5) t ON t.key = b.key AND t.account = b.account AND t.party = b.party AND t.due = b.due AND t.terms = b.terms
	WHERE b.amount IS DISTINCT FROM t.amount;
END
$$;

-- Which sales took a customer beyond what it may owe.
CREATE FUNCTION trial.credit_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY
	SELECT 'credit warning', coalesce(b.key, t.key), concat_ws(' ', b.party, b.exposure, b.credit_limit), concat_ws(' ', t.party, t.exposure, t.credit_limit)
	FROM (SELECT d.key, p.code AS party, w.exposure, w.credit_limit FROM erp.company c JOIN erp.credit_warning w USING (company_id) JOIN erp.document d USING (company_id, document_id)
		JOIN erp.party p ON p.company_id = w.company_id AND p.party_id = w.party_id WHERE c.code = p_company) b
	FULL JOIN (SELECT d.key, w.party, w.exposure, a.credit_limit FROM trial.credit_warning w JOIN trial.document d USING (company, no) JOIN trial.agreement a ON a.party = w.party
		WHERE w.company = p_company) t ON t.key = b.key
	WHERE (b.party, b.exposure, b.credit_limit) IS DISTINCT FROM (t.party, t.exposure, t.credit_limit);
END
$$;

-- The hard lock.
CREATE FUNCTION trial.lock_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'hard lock', '', b.day::text, t.day::text FROM (SELECT h.day FROM erp.hard_lock h JOIN erp.company c USING (company_id) WHERE c.code = p_company) b
	FULL JOIN (SELECT day FROM trial.hard_lock WHERE company = p_company) t ON true WHERE b.day IS DISTINCT FROM t.day
$$;
