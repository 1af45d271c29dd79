-- ledger: open items as of any day, and what is read from them. They read tables and views of schema erp only, so whoever may
-- read those may call these.

CREATE FUNCTION erp.open_items(company text, day date)
RETURNS TABLE (party_code text, party_name text, control text, account_code text, document_kind text, document_key text,
	reference text, item_day date, due_day date, currency text, amount numeric, open_amount numeric, company_open_amount numeric,
	open_item_id bigint)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT p.code, p.name, a.control, a.code, d.kind, d.key, d.reference, o.day, o.due_day, m.code, round(o.amount, m.decimals),
		round(o.amount - COALESCE(s.amount, 0), m.decimals), round(o.company_amount - COALESCE(s.company_amount, 0), k.decimals),
		o.open_item_id
	FROM erp.company c
	JOIN erp.currency k ON k.currency_id = c.currency_id
	JOIN erp.open_item o ON o.company_id = c.company_id
	JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
	JOIN erp.account a ON a.company_id = o.company_id AND a.account_id = o.account_id
	JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
	JOIN erp.currency m ON m.currency_id = o.currency_id
	LEFT JOIN (
		SELECT e.open_item_id, sum(e.amount) AS amount, sum(e.company_amount) AS company_amount
		FROM (
			SELECT t.company_id, t.day, t.debit_open_item_id AS open_item_id, t.amount, t.company_amount FROM erp.settlement t
			UNION ALL
			SELECT t.company_id, t.day, t.credit_open_item_id, -t.amount, -t.company_amount FROM erp.settlement t
		) e
		JOIN erp.company f ON f.company_id = e.company_id AND f.code = $1
		WHERE e.day <= $2
		GROUP BY e.open_item_id
	) s ON s.open_item_id = o.open_item_id
	WHERE c.code = $1 AND o.day <= $2
		AND (o.amount <> COALESCE(s.amount, 0) OR o.company_amount <> COALESCE(s.company_amount, 0))
	ORDER BY p.code, a.code, m.code, o.due_day, o.open_item_id
$$;
COMMENT ON FUNCTION erp.open_items(text, date) IS
'Open items of a company as they were at the end of a day, debit positive: those posted by then, less what had been settled by then and was not undone. company: code. day: the last one that counts. Returns a row for each item that had something open, by party, account, currency and due day; none for an unknown company. erp.open_items_by_party shows what is open now.';

CREATE FUNCTION erp.ageing(company text, day date, buckets integer[] DEFAULT ARRAY[30, 60, 90])
RETURNS TABLE (party_code text, party_name text, control text, account_code text, currency text, bucket text, overdue_from integer,
	overdue_to integer, open_amount numeric, company_open_amount numeric, open_items bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF array_ndims(buckets) IS DISTINCT FROM 1 OR array_position(buckets, NULL) IS NOT NULL OR buckets[1] <= 0
		OR buckets <> ARRAY(SELECT DISTINCT b.days FROM unnest(buckets) b (days) ORDER BY b.days) THEN
		RAISE EXCEPTION 'argument "buckets" is not an ascending array of days above zero'
			USING ERRCODE = 'LE011', DETAIL = format('At buckets, value "%s".', buckets), HINT = 'For example ARRAY[30, 60, 90].';
	END IF;
	RETURN QUERY
	WITH step AS (
		SELECT NULL::integer AS low, 0 AS high, 0 AS rank
		UNION ALL
		SELECT COALESCE(buckets[i - 1], 0) + 1, buckets[i], i
		FROM generate_series(1, cardinality(buckets) + 1) AS g (i)
	)
	SELECT o.party_code, o.party_name, o.control, o.account_code, o.currency,
		CASE WHEN s.low IS NULL THEN 'not due' WHEN s.high IS NULL THEN 'over ' || s.low - 1 ELSE s.low || '-' || s.high END,
		s.low, s.high, sum(o.open_amount), sum(o.company_open_amount), count(*)
	FROM erp.open_items($1, $2) o
	JOIN step s ON $2 - o.due_day BETWEEN COALESCE(s.low, -2147483647) AND COALESCE(s.high, 2147483647)
	GROUP BY o.party_code, o.party_name, o.control, o.account_code, o.currency, s.low, s.high, s.rank
	ORDER BY o.party_code, o.account_code, o.currency, s.rank;
END
$$;
COMMENT ON FUNCTION erp.ageing(text, date, integer[]) IS
'Open items of a company as of any day by how long they are overdue then, debit positive. company: code. day: the last one that counts. buckets: last days overdue of each bucket, ascending; {30,60,90} gives not due, 1-30, 31-60, 61-90 and over 90. overdue_from, overdue_to: bounds of the bucket in days, null without. Returns a row for each party, account, currency and bucket that has open items. Errors: LE011 for buckets that are not ascending or not above zero.';

CREATE FUNCTION erp.party_statement(company text, party text, first_day date, last_day date)
RETURNS TABLE (account_code text, currency text, entry text, day date, due_day date, document_kind text, document_key text,
	reference text, debit numeric, credit numeric, balance numeric, company_balance numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH item AS (
		SELECT a.code AS account_code, m.code AS currency, m.decimals, k.decimals AS company_decimals, o.*, d.kind, d.key, d.reference
		FROM erp.company c
		JOIN erp.currency k ON k.currency_id = c.currency_id
		JOIN erp.party p ON p.company_id = c.company_id AND p.code = $2
		JOIN erp.open_item o ON o.company_id = p.company_id AND o.party_id = p.party_id
		JOIN erp.account a ON a.company_id = o.company_id AND a.account_id = o.account_id
		JOIN erp.currency m ON m.currency_id = o.currency_id
		JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
		WHERE c.code = $1 AND o.day <= $4
	), entry AS (
		SELECT i.account_code, i.currency, i.decimals, i.company_decimals, 1 AS rank, 'move' AS entry, i.open_item_id, i.day, i.due_day,
			i.kind, i.key, i.reference, GREATEST(i.amount, 0) AS debit, GREATEST(-i.amount, 0) AS credit, i.amount, i.company_amount
		FROM item i
		WHERE i.day >= $3
		UNION ALL
		SELECT i.account_code, i.currency, i.decimals, i.company_decimals, 0, 'opening', 0, $3, NULL, NULL, NULL, NULL, NULL, NULL,
			COALESCE(sum(i.amount) FILTER (WHERE i.day < $3), 0), COALESCE(sum(i.company_amount) FILTER (WHERE i.day < $3), 0)
		FROM item i
		GROUP BY i.account_code, i.currency, i.decimals, i.company_decimals
		UNION ALL
		SELECT i.account_code, i.currency, i.decimals, i.company_decimals, 2, 'closing', 0, $4, NULL, NULL, NULL, NULL,
			COALESCE(sum(GREATEST(i.amount, 0)) FILTER (WHERE i.day >= $3), 0),
			COALESCE(sum(GREATEST(-i.amount, 0)) FILTER (WHERE i.day >= $3), 0), 0, 0
		FROM item i
		GROUP BY i.account_code, i.currency, i.decimals, i.company_decimals
	)
	SELECT e.account_code, e.currency, e.entry, e.day, e.due_day, e.kind, e.key, e.reference, round(e.debit, e.decimals), round(e.credit, e.decimals),
		round(sum(e.amount) OVER w, e.decimals), round(sum(e.company_amount) OVER w, e.company_decimals)
	FROM entry e
	WINDOW w AS (PARTITION BY e.account_code, e.currency ORDER BY e.rank, e.day, e.open_item_id ROWS UNBOUNDED PRECEDING)
	ORDER BY e.account_code, e.currency, e.rank, e.day, e.open_item_id
$$;
COMMENT ON FUNCTION erp.party_statement(text, text, date, date) IS
'Statement of a party for a range of days, both included, for each of its accounts and currencies: the opening balance, every posting with the balance after it, the closing balance with the sums of debits and credits. company, party: codes. first_day, last_day: posting days. entry: opening, move or closing. debit, credit, balance: in the currency of the row; company_balance: in the company''s; balances are debit positive. A move without debit and credit is a realized exchange difference. Returns no rows for a party without postings up to last_day.';

CREATE FUNCTION erp.credit_exposure(company text, day date)
RETURNS TABLE (party_code text, party_name text, receivable numeric, on_account numeric, exposure numeric, overdue numeric,
	oldest_due_day date, payable numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- x - x is a zero that has the decimals of x.
	SELECT o.party_code, o.party_name,
		sum(CASE WHEN o.control = 'receivable' AND o.amount > 0 THEN x ELSE x - x END),
		sum(CASE WHEN o.control = 'receivable' AND o.amount < 0 THEN -x ELSE x - x END),
		sum(CASE WHEN o.control = 'receivable' THEN x ELSE x - x END),
		sum(CASE WHEN o.control = 'receivable' AND o.amount > 0 AND o.due_day < $2 THEN x ELSE x - x END),
		min(o.due_day) FILTER (WHERE o.control = 'receivable' AND o.amount > 0),
		sum(CASE WHEN o.control = 'receivable' THEN x - x ELSE -x END)
	FROM erp.open_items($1, $2) o
	CROSS JOIN LATERAL (SELECT o.company_open_amount AS x) c
	GROUP BY o.party_code, o.party_name
	ORDER BY o.party_code
$$;
COMMENT ON FUNCTION erp.credit_exposure(text, date) IS
'What each party owes as of any day, in the company''s currency. company: code. day: the last one that counts. receivable: open debits of receivable accounts; on_account: open credits there (payments on account, credit notes); exposure = receivable - on_account; overdue: the part of receivable that was due before the day; payable: what is owed to the party on other accounts, billed or not, less advances. Returns a row for each party with open items.';

CREATE FUNCTION erp.propose_settlements(company text, party text, rule text)
RETURNS TABLE (proposal bigint, account_code text, currency text, document_key text, reference text, due_day date, open_amount numeric,
	amount numeric, item jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF rule IS NULL OR rule NOT IN ('exact', 'reference', 'oldest_first') THEN
		RAISE EXCEPTION 'argument "rule" has a value that is not known'
			USING ERRCODE = 'LE011', DETAIL = format('At rule, value "%s".', rule), HINT = 'It is one of: exact, reference, oldest_first.';
	END IF;
	RETURN QUERY
	WITH open AS MATERIALIZED (
		SELECT o.account_code, o.currency, o.document_key, o.reference, o.due_day, o.open_item_id, o.amount < 0 AS credit,
			abs(o.open_amount) AS open_amount
		FROM erp.open_items_by_party o
		WHERE o.company = $1 AND o.party_code = $2 AND o.open_amount <> 0
	), grouped AS (
		-- The same amount on both sides: the n-th debit of it meets the n-th credit.
		SELECT o.*, o.open_amount || '/' || row_number() OVER (
			PARTITION BY o.account_code, o.currency, o.credit, o.open_amount ORDER BY o.due_day, o.open_item_id) AS mark
		FROM open o
		WHERE rule = 'exact'
		UNION ALL
		-- A reference that is the reference or the key of one on the other side, else the own key.
		SELECT o.*, CASE WHEN EXISTS (
			SELECT FROM open x
			WHERE x.account_code = o.account_code AND x.currency = o.currency AND x.credit <> o.credit AND o.reference <> ''
				AND o.reference IN (x.reference, x.document_key)
		) THEN o.reference ELSE o.document_key END
		FROM open o
		WHERE rule = 'reference'
		UNION ALL
		SELECT o.*, '' FROM open o WHERE rule = 'oldest_first'
	), summed AS (
		SELECT g.*,
			sum(g.open_amount) FILTER (WHERE NOT g.credit) OVER (PARTITION BY g.account_code, g.currency, g.mark) AS debits,
			sum(g.open_amount) FILTER (WHERE g.credit) OVER (PARTITION BY g.account_code, g.currency, g.mark) AS credits,
			sum(g.open_amount) OVER (
				PARTITION BY g.account_code, g.currency, g.mark, g.credit ORDER BY g.due_day, g.open_item_id
			) - g.open_amount AS before
		FROM grouped g
	), part AS (
		SELECT s.*, LEAST(s.open_amount, LEAST(s.debits, s.credits) - s.before) AS amount
		FROM summed s
		WHERE s.debits > 0 AND s.credits > 0
	)
	SELECT dense_rank() OVER (ORDER BY p.account_code, p.currency, p.mark), p.account_code, p.currency, p.document_key, p.reference, p.due_day,
		CASE WHEN p.credit THEN -p.open_amount ELSE p.open_amount END, p.amount,
		jsonb_build_object('open_item_id', p.open_item_id, 'amount', p.amount)
	FROM part p
	WHERE p.amount > 0
	ORDER BY 1, p.credit, p.due_day, p.open_item_id;
END
$$;
COMMENT ON FUNCTION erp.propose_settlements(text, text, text) IS
'Proposes what of a party could be settled now, and writes nothing. company, party: codes. rule: exact (a debit and a credit of the same open amount), reference (items whose reference is that of the other side, or its document''s key) or oldest_first (all items of an account and currency, oldest due day first). A proposal is of one account and currency; item is what erp.settle() takes: {"day", "items": array of the items of a proposal}. Returns a row for each item of each proposal; open_amount is debit positive, amount is what would be settled. Errors: LE011 for an unknown rule.';
