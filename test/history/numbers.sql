-- Numbers, naively: at once in the order of posting; deferred ones, at each numbering and each close of the general module, in the order (day, posting) of what waits.

CREATE FUNCTION trial.has_voucher(p_company text, p_no integer) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM trial.gl g WHERE g.company = p_company AND g.no = p_no AND (g.amount <> 0 OR g.currency_amount <> 0));
END
$$;

-- The word of a document's voucher, where the company has words: in red that of what it takes back, else by the money that it moves.
CREATE FUNCTION trial.word_of(p_company text, p_no integer) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	b trial.book;
	original integer := (SELECT reverses FROM trial.document d WHERE d.company = p_company AND d.no = p_no);
	sides text[] := ARRAY(SELECT g.side FROM trial.gl g WHERE g.company = p_company AND g.no = p_no AND g.account IN ('1000', '1010') AND (g.amount <> 0 OR g.currency_amount <> 0));
BEGIN
	SELECT * INTO b FROM trial.book t WHERE t.company = p_company;
	RETURN CASE WHEN NOT b.worded THEN '' WHEN original <> 0 AND NOT b.opposite THEN trial.word_of(p_company, original)
		WHEN 'credit' = ANY (sides) THEN 'P' WHEN 'debit' = ANY (sides) THEN 'R' ELSE 'T' END;
END
$$;

-- What waits of these days gets its numbers: by a step of numbering, or because the days close.
CREATE FUNCTION trial.number_days(p_company text, p_step integer, p_first date, p_last date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE trial.document d SET step = p_step WHERE d.company = p_company AND d.step IS NULL AND d.posting_day BETWEEN p_first AND p_last;
	INSERT INTO trial.number
	SELECT p_company, w.no, w.month, coalesce((SELECT max(n.number) FROM trial.number n WHERE n.company = p_company AND n.month = w.month), 0) + w.place
	FROM (SELECT d.no, to_char(d.posting_day, 'YYYY-MM') AS month, row_number() OVER (PARTITION BY date_trunc('month', d.posting_day) ORDER BY d.posting_day, d.no) AS place
		FROM trial.document d WHERE d.company = p_company AND d.kind = 'credit_note' AND d.posting_day BETWEEN p_first AND p_last
			AND NOT EXISTS (SELECT FROM trial.number n WHERE n.company = p_company AND n.no = d.no)) w;
END
$$;

-- Numbers all that waits, here and in the books.
CREATE FUNCTION trial.number_all(p_company text, p_step integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.assign_numbers(p_company);
	PERFORM trial.number_days(p_company, p_step, '-infinity', 'infinity');
END
$$;

-- Numbers of documents: of invoices in the order in which they were posted in their month, of credit notes as they were given.
CREATE FUNCTION trial.document_number_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'number', coalesce(n.key, t.key), concat_ws(' ', n.code, n.scope_value, n.number), concat_ws(' ', t.code, t.month, t.number)
	FROM (SELECT d.key, s.code, a.scope_value, a.number FROM erp.company c JOIN erp.series s USING (company_id) JOIN erp.assigned_number a USING (company_id, series_id)
		JOIN erp.document d USING (company_id, document_id) WHERE c.code = p_company AND s.target <> 'voucher') n
	FULL JOIN (
		SELECT key, 'INV' AS code, to_char(posting_day, 'YYYY-MM') AS month, row_number() OVER (PARTITION BY date_trunc('month', posting_day) ORDER BY no) AS number
		FROM trial.document WHERE company = p_company AND kind = 'sales_invoice'
		UNION ALL
		SELECT d.key, 'CN', m.month, m.number FROM trial.number m JOIN trial.document d USING (company, no) WHERE m.company = p_company) t ON t.key = n.key
	WHERE (n.code, n.scope_value, n.number) IS DISTINCT FROM (t.code, t.month, t.number)
$$;

-- Numbers of vouchers: all assigned, under each word and in each month each one from 1 on once; those of documents under the
-- word of what they move, receipts and payments (and all, where words are not deferred) in the order of posting, others in that of
-- their numbering, then day, then posting.
CREATE FUNCTION trial.voucher_number_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH numbered AS MATERIALIZED (
		SELECT d.key, coalesce(w.code, '') AS word, to_char(v.day, 'YYYY-MM') AS month, a.number, a.scope_value,
			row_number() OVER (PARTITION BY w.code, date_trunc('month', v.day) ORDER BY a.number) AS place
		FROM erp.company c JOIN erp.voucher v USING (company_id) JOIN erp.document d USING (company_id, document_id)
		LEFT JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id AND w.voucher_word_id <> 0
		LEFT JOIN (erp.assigned_number a JOIN erp.series s USING (company_id, series_id)) ON a.company_id = v.company_id AND a.voucher_id = v.voucher_id AND s.target = 'voucher'
		WHERE c.code = p_company
	), own AS MATERIALIZED (
		SELECT d.*, trial.word_of(p_company, d.no) AS word FROM trial.document d WHERE d.company = p_company AND trial.has_voucher(p_company, d.no)
	)
	SELECT 'voucher number', n.month || ' ' || n.word || ' ' || n.place, concat_ws(' ', n.scope_value, n.number), n.place::text FROM numbered n
	WHERE (n.scope_value, n.number) IS DISTINCT FROM (n.month, n.place)
	UNION ALL
	SELECT 'voucher order', t.key, concat_ws(' ', n.word, n.month, n.rank, n.number), concat_ws(' ', t.word, t.month, t.rank, t.number)
	FROM (SELECT o.key, o.word, to_char(o.posting_day, 'YYYY-MM') AS month, CASE WHEN o.word IN ('R', 'P') THEN row_number() OVER at_once END AS number,
			row_number() OVER (PARTITION BY o.word, date_trunc('month', o.posting_day) ORDER BY CASE WHEN o.word NOT IN ('R', 'P') THEN o.step END,
				CASE WHEN o.word NOT IN ('R', 'P') THEN o.posting_day END, o.no) AS rank
		FROM own o WINDOW at_once AS (PARTITION BY o.word, date_trunc('month', o.posting_day) ORDER BY o.no)) t
	LEFT JOIN (SELECT n.key, n.word, n.month, CASE WHEN n.word IN ('R', 'P') THEN n.number END AS number, row_number() OVER (PARTITION BY n.word, n.month ORDER BY n.number) AS rank
		FROM numbered n WHERE n.key IN (SELECT o.key FROM own o)) n ON n.key = t.key
	WHERE (n.word, n.month, n.rank, n.number) IS DISTINCT FROM (t.word, t.month, t.rank, t.number)
$$;
