-- ledger: the books as of a day, as known at a position of the seal. What stands at a position never changes and
-- nothing comes before it any more, so neither do these; names and numbers, which may come later, are left out.
-- Seals, vouchers and lines are read in this order, by their keys, whatever the statistics say (plan_cache.h).

-- No SET, so that both become part of the queries that use them.
CREATE FUNCTION erp.documents_as_known(company text, seal_position bigint)
RETURNS TABLE (company_id integer, decimals smallint, "position" bigint, document_id bigint)
LANGUAGE sql STABLE
AS $$
	SELECT c.company_id, o.decimals, s.position, s.document_id
	FROM erp.company c
	JOIN erp.currency o ON o.currency_id OPERATOR(pg_catalog.=) c.currency_id
	CROSS JOIN LATERAL (SELECT t.* FROM erp.seal t WHERE t.company_id OPERATOR(pg_catalog.=) c.company_id
		AND t.position OPERATOR(pg_catalog.<=) $2 OFFSET 0) s
	WHERE c.code OPERATOR(pg_catalog.=) $1
$$;
COMMENT ON FUNCTION erp.documents_as_known(text, bigint) IS
'Documents of a company that are sealed up to a position, which is what was known there; the other functions of that kind stand on it. company: code. seal_position: the last position that counts, see erp.seal_head(). Returns a row a document: identity of the company, decimals of its currency, position and identity of the document; none for an unknown company.';

CREATE FUNCTION erp.voucher_lines_as_known(company text, first_day date, last_day date, seal_position bigint)
RETURNS TABLE (company_id integer, decimals smallint, "position" bigint, document_id bigint, voucher_id bigint, voucher_day date,
	period_id integer, voucher_summary text, line_no integer, account_id integer, side text, currency_id integer, party_id integer,
	amount numeric, company_amount numeric, summary text, due_day date)
LANGUAGE sql STABLE
AS $$
	SELECT k.company_id, k.decimals, k.position, k.document_id, v.voucher_id, v.day, v.period_id, v.summary,
		l.line_no, l.account_id, l.side, l.currency_id, l.party_id, l.amount, l.company_amount, l.summary, l.due_day
	FROM erp.documents_as_known($1, $4) k
	CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher t WHERE t.company_id OPERATOR(pg_catalog.=) k.company_id
		AND t.voucher_id OPERATOR(pg_catalog.=) k.document_id
		AND t.day OPERATOR(pg_catalog.>=) COALESCE($2, '-infinity'::pg_catalog.date)
		AND t.day OPERATOR(pg_catalog.<=) COALESCE($3, 'infinity'::pg_catalog.date) OFFSET 0) v
	CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher_line t WHERE t.company_id OPERATOR(pg_catalog.=) k.company_id
		AND t.voucher_id OPERATOR(pg_catalog.=) v.voucher_id OFFSET 0) l
$$;
COMMENT ON FUNCTION erp.voucher_lines_as_known(text, date, date, bigint) IS
'Voucher lines of the documents that are sealed up to a position, as they are stored. company: code. first_day, last_day: days of vouchers, both included; null: no bound. seal_position: the last position that counts. Returns a row a line, in no order: identities as in the tables, amounts on their side in the currency of the line and in the company''s, unrounded, decimals those of the company''s currency; none for an unknown company.';

CREATE FUNCTION erp.journal_as_known(company text, first_day date, last_day date, seal_position bigint)
RETURNS TABLE ("position" bigint, voucher_id bigint, day date, document_kind text, document_key text, reference text,
	line_no integer, account_code text, debit numeric, credit numeric, party_code text, currency text,
	currency_debit numeric, currency_credit numeric, summary text, due_day date, period text, document_id bigint,
	recorded_at timestamptz, recorded_by name)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
	SELECT l.position, l.voucher_id, l.voucher_day, d.kind, d.key, d.reference, l.line_no, a.code,
		round(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END, l.decimals),
		round(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END, l.decimals),
		NULLIF(p.code, ''), m.code,
		round(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END, m.decimals),
		round(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END, m.decimals),
		COALESCE(NULLIF(l.summary, ''), l.voucher_summary), l.due_day, y.code, d.document_id, d.recorded_at, d.recorded_by::name
	FROM erp.voucher_lines_as_known($1, $2, $3, $4) l
	CROSS JOIN LATERAL (SELECT t.* FROM erp.document t WHERE t.company_id = l.company_id AND t.document_id = l.document_id OFFSET 0) d
	CROSS JOIN LATERAL (SELECT t.* FROM erp.account t WHERE t.company_id = l.company_id AND t.account_id = l.account_id OFFSET 0) a
	CROSS JOIN LATERAL (SELECT t.* FROM erp.currency t WHERE t.currency_id = l.currency_id OFFSET 0) m
	LEFT JOIN LATERAL (SELECT t.* FROM erp.period t WHERE t.company_id = l.company_id AND t.period_id = l.period_id OFFSET 0) y ON true
	LEFT JOIN LATERAL (SELECT t.* FROM erp.party t WHERE t.company_id = l.company_id AND t.party_id = l.party_id OFFSET 0) p ON true
	ORDER BY l.voucher_day, l.voucher_id, l.line_no
$$;
COMMENT ON FUNCTION erp.journal_as_known(text, date, date, bigint) IS
'The journal of a range of days as known at a position of the seal: the same rows for ever. company: code. first_day, last_day: days of vouchers, both included; null: no bound. seal_position: the last position that counts, see erp.seal_head() and erp.seal_position_at(). Returns a row a voucher line in the order (day, voucher_id, line_no), with the columns of erp.journal but for names and voucher numbers, which may come later; none for an unknown company. debit and credit are in the company''s currency, negative when red-letter.';

CREATE FUNCTION erp.balances_as_known(company text, day date, seal_position bigint)
RETURNS TABLE (account_code text, debit numeric, credit numeric, balance numeric, currency text, currency_debit numeric,
	currency_credit numeric, currency_balance numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
	WITH total AS MATERIALIZED (
		SELECT l.company_id, l.decimals, l.account_id, l.currency_id,
			sum(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END) AS debit,
			sum(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END) AS credit,
			sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END) AS company_debit,
			sum(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END) AS company_credit
		FROM erp.voucher_lines_as_known($1, NULL, $2, $3) l
		GROUP BY l.company_id, l.decimals, l.account_id, l.currency_id
	)
	SELECT a.code, round(t.company_debit, t.decimals), round(t.company_credit, t.decimals),
		round(t.company_debit - t.company_credit, t.decimals), m.code,
		round(t.debit, m.decimals), round(t.credit, m.decimals), round(t.debit - t.credit, m.decimals)
	FROM total t
	JOIN erp.account a ON a.company_id = t.company_id AND a.account_id = t.account_id
	JOIN erp.currency m ON m.currency_id = t.currency_id
	ORDER BY a.code, m.code
$$;
COMMENT ON FUNCTION erp.balances_as_known(text, date, bigint) IS
'The balance of every account at the end of a day as known at a position of the seal. company: code. day: the last one that counts; null: all. seal_position: the last position that counts. Returns a row for each account and currency with lines, by code: sums of debits and credits and their difference, debit positive, in the company''s currency and in that of the lines; none for an unknown company.';

CREATE FUNCTION erp.trial_balance_as_known(company text, first_day date, last_day date, seal_position bigint)
RETURNS TABLE (account_code text, opening_debit numeric, opening_credit numeric, debit numeric, credit numeric,
	closing_debit numeric, closing_credit numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
	WITH total AS MATERIALIZED (
		SELECT l.company_id, l.decimals, l.account_id,
			sum(CASE WHEN l.voucher_day >= $2 THEN 0 WHEN l.side = 'debit' THEN l.company_amount ELSE -l.company_amount END) AS opening,
			sum(CASE WHEN l.voucher_day >= $2 AND l.side = 'debit' THEN l.company_amount ELSE 0 END) AS debit,
			sum(CASE WHEN l.voucher_day >= $2 AND l.side = 'credit' THEN l.company_amount ELSE 0 END) AS credit
		FROM erp.voucher_lines_as_known($1, NULL, $3, $4) l
		GROUP BY l.company_id, l.decimals, l.account_id
	), rounded AS (
		SELECT a.code, round(t.opening, t.decimals) AS opening, round(t.debit, t.decimals) AS debit,
			round(t.credit, t.decimals) AS credit, round(t.opening + t.debit - t.credit, t.decimals) AS closing
		FROM total t
		JOIN erp.account a ON a.company_id = t.company_id AND a.account_id = t.account_id
	)
	-- x - x is a zero that has the decimals of x.
	SELECT r.code, GREATEST(r.opening, r.opening - r.opening), GREATEST(-r.opening, r.opening - r.opening), r.debit, r.credit,
		GREATEST(r.closing, r.closing - r.closing), GREATEST(-r.closing, r.closing - r.closing)
	FROM rounded r
	ORDER BY r.code
$$;
COMMENT ON FUNCTION erp.trial_balance_as_known(text, date, date, bigint) IS
'erp.trial_balance() as known at a position of the seal. company: code. first_day, last_day: posting days, both included. seal_position: the last position that counts. Returns a row for each account that had a line up to last_day, by code, in the company''s currency; none for an unknown company.';

-- An item and a settlement become known with their documents.
CREATE FUNCTION erp.open_items_as_known(company text, day date, seal_position bigint)
RETURNS TABLE (party_code text, control text, account_code text, document_kind text, document_key text, reference text,
	day date, due_day date, currency text, amount numeric, settled numeric, open_amount numeric, company_open_amount numeric,
	open_item_id bigint, voucher_id bigint, line_no integer)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
	WITH books AS MATERIALIZED (
		SELECT c.company_id, o.decimals
		FROM erp.company c
		JOIN erp.currency o ON o.currency_id = c.currency_id
		WHERE c.code = $1
	), item AS MATERIALIZED (
		SELECT t.*
		FROM books b
		CROSS JOIN LATERAL (SELECT t.* FROM erp.open_item t WHERE t.company_id = b.company_id AND t.day <= COALESCE($2, 'infinity') OFFSET 0) t
		WHERE EXISTS (SELECT FROM erp.seal s WHERE s.company_id = t.company_id AND s.document_id = t.document_id AND s.position <= $3 OFFSET 0)
	), settled AS MATERIALIZED (
		SELECT g.open_item_id, sum(g.amount) AS amount, sum(g.company_amount) AS company_amount
		FROM books b
		CROSS JOIN LATERAL (SELECT t.* FROM erp.settlement t WHERE t.company_id = b.company_id AND t.day <= COALESCE($2, 'infinity') OFFSET 0) e
		CROSS JOIN LATERAL (VALUES (e.debit_open_item_id, e.amount, e.company_amount),
			(e.credit_open_item_id, -e.amount, -e.company_amount)) g (open_item_id, amount, company_amount)
		WHERE EXISTS (SELECT FROM erp.seal s WHERE s.company_id = e.company_id AND s.document_id = e.document_id AND s.position <= $3 OFFSET 0)
		GROUP BY g.open_item_id
	)
	SELECT p.code, a.control, a.code, d.kind, d.key, d.reference, i.day, i.due_day, m.code,
		round(i.amount, m.decimals), round(COALESCE(t.amount, 0), m.decimals),
		round(i.amount - COALESCE(t.amount, 0), m.decimals),
		round(i.company_amount - COALESCE(t.company_amount, 0), b.decimals), i.open_item_id, i.voucher_id, i.line_no
	FROM books b
	CROSS JOIN item i
	CROSS JOIN LATERAL (SELECT t.* FROM erp.party t WHERE t.company_id = i.company_id AND t.party_id = i.party_id OFFSET 0) p
	CROSS JOIN LATERAL (SELECT t.* FROM erp.account t WHERE t.company_id = i.company_id AND t.account_id = i.account_id OFFSET 0) a
	CROSS JOIN LATERAL (SELECT t.* FROM erp.document t WHERE t.company_id = i.company_id AND t.document_id = i.document_id OFFSET 0) d
	JOIN erp.currency m ON m.currency_id = i.currency_id
	LEFT JOIN settled t ON t.open_item_id = i.open_item_id
	WHERE i.amount <> COALESCE(t.amount, 0) OR i.company_amount <> COALESCE(t.company_amount, 0)
	ORDER BY p.code, i.due_day, i.open_item_id
$$;
COMMENT ON FUNCTION erp.open_items_as_known(text, date, bigint) IS
'Receivables and payables that were open at the end of a day as known at a position of the seal. company: code. day: the last one that counts, of vouchers and settlements; null: all. seal_position: the last position that counts; a settlement is known with its document. Returns a row an open item, by party, due day and identity, with the columns of erp.open_items_by_party but for names; debit positive (owed to the company); none for an unknown company.';
