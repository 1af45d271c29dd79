-- What the books say of balances and open items, as of several days, against what was derived.

-- Balances of accounts in each currency, as of three days.
CREATE FUNCTION trial.account_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
DECLARE
	as_of date;
BEGIN
	FOREACH as_of IN ARRAY '{2009-03-02,2009-04-14,2010-12-31}'::date[] LOOP
		RETURN QUERY
		SELECT 'balance', concat_ws(' ', coalesce(b.account_code, t.account), coalesce(b.currency, t.currency), as_of),
			concat_ws(' ', b.balance, b.currency_balance), concat_ws(' ', t.amount, t.currency_amount)
		FROM erp.balances_as_of(p_company, as_of) b
		FULL JOIN (SELECT g.account, g.currency, sum(g.amount) AS amount, sum(g.currency_amount) AS currency_amount
			FROM trial.gl g WHERE g.company = p_company AND g.day <= as_of GROUP BY 1, 2) t ON t.account = b.account_code AND t.currency = b.currency
		WHERE (coalesce(b.balance, 0), coalesce(b.currency_balance, 0)) <> (coalesce(t.amount, 0), coalesce(t.currency_amount, 0));
	END LOOP;
END
$$;

-- Balances of parties before and after some days.
CREATE FUNCTION trial.party_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY
	SELECT 'party', concat_ws(' ', coalesce(b.account_code, t.account), coalesce(b.party_code, t.party)), concat_ws(' ', b.opening, b.closing), concat_ws(' ', t.opening, t.closing)
	FROM erp.balances_by_party(p_company, '2009-03-11', '2009-04-19') b
	FULL JOIN (SELECT g.account, g.party, coalesce(sum(g.amount) FILTER (WHERE g.day < '2009-03-11'), 0) AS opening, coalesce(sum(g.amount) FILTER (WHERE g.day <= '2009-04-19'), 0) AS closing
		FROM trial.gl g WHERE g.company = p_company AND trial.has_open_items(g.account) GROUP BY 1, 2) t ON t.account = b.account_code AND t.party = b.party_code
	WHERE (coalesce(b.opening, 0), coalesce(b.closing, 0)) <> (coalesce(t.opening, 0), coalesce(t.closing, 0));
END
$$;

-- Balances of accounts and values of a dimension at the end of each month, and of one that is cut short.
CREATE FUNCTION trial.dimension_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
DECLARE
	dimension text;
BEGIN
	FOREACH dimension IN ARRAY '{DEPT,PROJ,UNIT}'::text[] LOOP
		RETURN QUERY
		SELECT 'dimension', concat_ws(' ', dimension, coalesce(b.month, t.month), coalesce(b.account_code, t.account), coalesce(b.value_code, t.value)), b.closing::text, t.closing::text
		FROM erp.balances_by_dimension(p_company, dimension, '2009-02-10', '2009-06-17') b
		FULL JOIN (SELECT to_char(m, 'YYYY-MM') AS month, g.account, g.dimensions ->> dimension AS value, sum(g.amount) AS closing
			FROM generate_series('2009-02-01'::timestamp, '2009-06-01', '1 month') m JOIN trial.gl g ON g.day < least(m + interval '1 month', '2009-06-18')
			WHERE g.company = p_company AND g.dimensions ? dimension GROUP BY 1, 2, 3) t ON t.month = b.month AND t.account = b.account_code AND t.value = b.value_code
		WHERE coalesce(b.closing, 0) <> coalesce(t.closing, 0);
	END LOOP;
END
$$;

-- What is open, now and as of two days, in both currencies.
CREATE FUNCTION trial.open_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
DECLARE
	as_of date;
BEGIN
	FOREACH as_of IN ARRAY '{2009-03-20,2009-04-22,infinity}'::date[] LOOP
		RETURN QUERY
		SELECT 'open', concat_ws(' ', coalesce(b.document_key, t.key), coalesce(b.account_code, t.account), coalesce(b.party_code, t.party), as_of),
			concat_ws(' ', b.currency, b.amount, b.base), concat_ws(' ', t.currency, t.amount, t.base)
		FROM (SELECT o.document_key, o.account_code, o.party_code, o.currency, sum(o.open_amount) AS amount, sum(o.company_open_amount) AS base
			FROM erp.open_items(p_company, as_of) o WHERE as_of < 'infinity' GROUP BY 1, 2, 3, 4
			UNION ALL
			SELECT o.document_key, o.account_code, o.party_code, o.currency, sum(o.open_amount), sum(o.company_open_amount)
			FROM erp.open_items_by_party o WHERE o.company = p_company AND as_of = 'infinity' GROUP BY 1, 2, 3, 4) b
		FULL JOIN (SELECT d.key, i.account, i.party, i.currency, sum(o.amount) AS amount, sum(o.base) AS base
			FROM trial.item i JOIN trial.document d USING (company, no), trial.open(i, as_of) o WHERE i.company = p_company AND i.day <= as_of
			GROUP BY 1, 2, 3, 4) t ON t.key = b.document_key AND t.account = b.account_code AND t.party = b.party_code AND t.currency = b.currency
		WHERE (coalesce(b.amount, 0), coalesce(b.base, 0)) <> (coalesce(t.amount, 0), coalesce(t.base, 0));
	END LOOP;
END
$$;

-- Which items met, by how much and until when; what was given up of each, and its realized differences.
CREATE FUNCTION trial.settlement_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY
	WITH settled AS MATERIALIZED (
		SELECT l.*, l.undone_by_settlement_id IS NOT NULL AS undone FROM erp.settlement_list l WHERE l.company = p_company AND l.reason NOT IN ('undone', 'reversal')
	), stand AS (
		SELECT concat_ws(' ', s.call_key, s.account_code, s.debit_document_key, s.credit_document_key) AS place, s.undone, s.day, sum(s.amount) AS amount, sum(s.company_amount) AS base
		FROM settled s WHERE s.reason = 'settlement' GROUP BY 1, 2, 3
	), met AS (
		SELECT concat_ws(' ', m.call_key, i.account, d.key, k.key) AS place, m.undone_on IS NOT NULL AS undone, m.day, sum(m.amount) AS amount, sum(m.base) AS base
		FROM trial.meeting m JOIN trial.item i ON i.company = m.company AND i.item = m.debit JOIN trial.document d ON d.company = m.company AND d.no = i.no
		JOIN trial.item j ON j.company = m.company AND j.item = m.credit JOIN trial.document k ON k.company = m.company AND k.no = j.no
		WHERE m.company = p_company GROUP BY 1, 2, 3
	), posted AS (
		SELECT concat_ws(' ', s.call_key, s.reason, s.terms_percent, CASE WHEN s.debit_document_key LIKE 'erp:%' THEN s.credit_document_key ELSE s.debit_document_key END) AS place,
			s.undone, s.day, sum(s.amount) AS amount, sum(s.company_amount) AS base
		FROM settled s WHERE s.reason <> 'settlement' AND (s.debit_document_key NOT LIKE 'erp:%' OR s.credit_document_key NOT LIKE 'erp:%') GROUP BY 1, 2, 3
	), given_up AS (
		SELECT concat_ws(' ', t.call_key, t.reason, trim_scale(nullif(t.percent, 0)), d.key) AS place, t.undone_on IS NOT NULL AS undone, t.day, sum(t.amount) AS amount, sum(t.base) AS base
		FROM trial.taking t JOIN trial.item i USING (company, item) JOIN trial.document d USING (company, no) WHERE t.company = p_company AND t.reason <> 'settlement' GROUP BY 1, 2, 3
	)
	SELECT 'settlement', coalesce(s.place, m.place), concat_ws(' ', s.amount, s.base, s.day, s.undone), concat_ws(' ', m.amount, m.base, m.day, m.undone)
	FROM (SELECT * FROM stand UNION ALL SELECT * FROM posted) s
	FULL JOIN (SELECT * FROM met UNION ALL SELECT * FROM given_up) m ON m.place = s.place AND m.undone = s.undone AND m.day = s.day
	WHERE (s.amount, s.base) IS DISTINCT FROM (m.amount, m.base);
END
$$;
