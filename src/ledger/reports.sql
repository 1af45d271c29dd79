-- ledger: balances, and reports of ranges of days. They read what is folded with the rights of erp_owner (grants.sql).

CREATE FUNCTION erp.balances_as_of(company text, day date, account text DEFAULT NULL, party text DEFAULT NULL,
	dimensions jsonb DEFAULT NULL)
RETURNS TABLE (account_code text, debit numeric, credit numeric, balance numeric, currency text, currency_debit numeric,
	currency_credit numeric, currency_balance numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	books record;
	asked integer;
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	SELECT a.account_id INTO asked FROM erp.account a WHERE a.company_id = books.company_id AND a.code = $3;
	IF books.company_id IS NULL OR asked IS NULL AND $3 IS NOT NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT a.code, round(b.company_debit, books.decimals), round(b.company_credit, books.decimals),
		round(b.company_debit - b.company_credit, books.decimals), m.code,
		round(b.debit, m.decimals), round(b.credit, m.decimals), round(b.debit - b.credit, m.decimals)
	FROM erp_private.balances_on(books.company_id, ARRAY[COALESCE($2, 'infinity')],
		CASE WHEN asked IS NOT NULL THEN erp_private.accounts_under(books.company_id, asked) END,
		erp_private.party_named(books.company_id, $4), erp_private.dimension_values(books.company_id, $5)) b
	JOIN erp.account a ON a.company_id = books.company_id AND a.account_id = b.account_id
	JOIN erp.currency m ON m.currency_id = b.currency_id
	ORDER BY a.code, m.code;
END
$$;
COMMENT ON FUNCTION erp.balances_as_of(text, date, text, text, jsonb) IS
'Balances at the end of a day. company: code. day: the last one that counts; null: all. account: an account, with all below it; null: all. party: lines of that party only; null: all. Accounts of open items, and those declared by_party (erp.put_accounts()), are kept by party; of others the lines are read. dimensions: lines with these values only, {dimension code: value code}; null: all. Returns a row for each account and currency with such lines, by code: sums of debits and credits and their difference, debit positive, in the company''s currency and in that of the lines; none for an unknown company or account. Errors: LE011 for dimensions that are no object, LE012 for an unknown party, dimension or value.';

CREATE FUNCTION erp.account_balance(company text, account_code text, day date, party text DEFAULT NULL, dimensions jsonb DEFAULT NULL)
RETURNS numeric
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM erp.account_list a WHERE a.company = $1 AND a.account_code = $2) THEN
		RETURN COALESCE((SELECT sum(b.balance) FROM erp.balances_as_of($1, $3, $2, $4, $5) b), 0);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION erp.account_balance(text, text, date, text, jsonb) IS
'Balance of an account at the end of a day, in the company''s currency, debit positive; of a heading, that of all accounts below it. company, account_code: codes. day: the last one that counts; null: all. party, dimensions: which lines count, as in erp.balances_as_of(). Returns 0 for an account without such lines, null if there is no such account. Errors: as erp.balances_as_of().';

-- x - x is a zero that has the decimals of x.
CREATE FUNCTION erp.trial_balance(company text, first_day date, last_day date, dimensions jsonb DEFAULT NULL)
RETURNS TABLE (account_code text, account_name text, opening_debit numeric, opening_credit numeric,
	debit numeric, credit numeric, closing_debit numeric, closing_credit numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	books record;
	opening_day date := LEAST($2 - 1, $3);
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	IF books.company_id IS NULL OR $2 IS NULL OR $3 IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT a.code, a.name, GREATEST(t.opening, t.opening - t.opening), GREATEST(-t.opening, t.opening - t.opening), t.debit, t.credit,
		GREATEST(t.closing, t.closing - t.closing), GREATEST(-t.closing, t.closing - t.closing)
	FROM (
		SELECT b.account_id,
			round(sum((b.company_debit - b.company_credit) * (b.day = opening_day)::integer), books.decimals) AS opening,
			round(sum(b.company_debit * ((b.day = $3)::integer - (b.day = opening_day)::integer)), books.decimals) AS debit,
			round(sum(b.company_credit * ((b.day = $3)::integer - (b.day = opening_day)::integer)), books.decimals) AS credit,
			round(sum((b.company_debit - b.company_credit) * (b.day = $3)::integer), books.decimals) AS closing
		FROM erp_private.balances_on(books.company_id, ARRAY[opening_day, $3], NULL, 0, erp_private.dimension_values(books.company_id, $4)) b
		GROUP BY b.account_id
	) t
	JOIN erp.account a ON a.company_id = books.company_id AND a.account_id = t.account_id
	ORDER BY a.code;
END
$$;
COMMENT ON FUNCTION erp.trial_balance(text, date, date, jsonb) IS
'Trial balance of a company for any range of days, both included: opening balances, debits, credits and closing balances in the company''s currency, each balance on the side where it stands. company: code. first_day, last_day: posting days. dimensions: lines with these values only, {dimension code: value code}; null: all. Returns a row for each account that had a line up to last_day, by code; none for an unknown company. Errors: LE011 for dimensions that are no object, LE012 for an unknown dimension or value.';

CREATE FUNCTION erp.balances_by_party(company text, first_day date, last_day date, account text DEFAULT NULL)
RETURNS TABLE (account_code text, party_code text, party_name text, opening numeric, debit numeric, credit numeric, closing numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	books record;
	asked integer;
	opening_day date := LEAST($2 - 1, $3);
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	SELECT a.account_id INTO asked FROM erp.account a WHERE a.company_id = books.company_id AND a.code = $4;
	IF books.company_id IS NULL OR $2 IS NULL OR $3 IS NULL OR asked IS NULL AND $4 IS NOT NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT a.code, p.code, p.name, t.opening, t.debit, t.credit, t.opening + t.debit - t.credit
	FROM (
		SELECT b.account_id, b.part_id,
			round(sum((b.debit - b.credit) * (b.day = opening_day)::integer), books.decimals) AS opening,
			round(sum(b.debit * ((b.day = $3)::integer - (b.day = opening_day)::integer)), books.decimals) AS debit,
			round(sum(b.credit * ((b.day = $3)::integer - (b.day = opening_day)::integer)), books.decimals) AS credit
		FROM erp_private.balances_by(books.company_id, ARRAY[opening_day, $3],
			CASE WHEN asked IS NOT NULL THEN erp_private.accounts_under(books.company_id, asked) END, 0) b
		GROUP BY b.account_id, b.part_id
	) t
	JOIN erp.account a ON a.company_id = books.company_id AND a.account_id = t.account_id
	JOIN erp.party p ON p.company_id = books.company_id AND p.party_id = t.part_id
	ORDER BY a.code, p.code;
END
$$;
COMMENT ON FUNCTION erp.balances_by_party(text, date, date, text) IS
'Balances of each party on the accounts that are kept by party (those of open items: receivables, payables, advances; those declared by_party, once folded) for any range of days, both included, debit positive, in the company''s currency. company: code. first_day, last_day: posting days. account: an account, with all below it; null: all. Returns a row for each account and party with a line up to last_day, by codes; none for an unknown company or account.';

CREATE FUNCTION erp.balances_by_dimension(company text, dimension text, first_day date, last_day date, account text DEFAULT NULL)
RETURNS TABLE (month text, account_code text, value_code text, value_name text, opening numeric, debit numeric, credit numeric, closing numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	books record;
	asked integer;
	asked_dimension integer;
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	SELECT a.account_id INTO asked FROM erp.account a WHERE a.company_id = books.company_id AND a.code = $5;
	SELECT d.dimension_id INTO asked_dimension FROM erp.dimension d WHERE d.company_id = books.company_id AND d.code = $2;
	IF books.company_id IS NULL OR asked IS NULL AND $5 IS NOT NULL THEN
		RETURN;
	ELSIF asked_dimension IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no dimension "%s"', left($2, 100)), 'dimension', $2, 'erp.dimension lists them.');
	END IF;
	RETURN QUERY
	WITH asked_month AS (
		SELECT $3 - 1 AS day, NULL::text AS month
		UNION ALL
		SELECT LEAST((m.first_day + interval '1 month')::date - 1, $4), to_char(m.first_day, 'YYYY-MM')
		FROM generate_series(erp_private.month_first($3)::timestamp, $4::timestamp, '1 month') m (first_day)
		WHERE $3 <= $4
	), running AS (
		SELECT q.month, b.account_id, b.part_id, round(b.debit, books.decimals) AS debit, round(b.credit, books.decimals) AS credit,
			lag(b.debit) OVER by_day AS debit_before, lag(b.credit) OVER by_day AS credit_before
		FROM erp_private.balances_by(books.company_id, ARRAY(SELECT q.day FROM asked_month q),
			CASE WHEN asked IS NOT NULL THEN erp_private.accounts_under(books.company_id, asked) END, asked_dimension) b
		JOIN asked_month q ON q.day = b.day
		WINDOW by_day AS (PARTITION BY b.account_id, b.part_id ORDER BY b.day)
	)
	SELECT r.month, a.code, v.code, v.name, round(COALESCE(r.debit_before - r.credit_before, 0), books.decimals),
		round(r.debit - COALESCE(r.debit_before, 0), books.decimals), round(r.credit - COALESCE(r.credit_before, 0), books.decimals),
		r.debit - r.credit
	FROM running r
	JOIN erp.account a ON a.company_id = books.company_id AND a.account_id = r.account_id
	JOIN erp.dimension_value v ON v.company_id = books.company_id AND v.dimension_value_id = r.part_id
	WHERE r.month IS NOT NULL
	ORDER BY r.month, a.code, v.code;
END
$$;
COMMENT ON FUNCTION erp.balances_by_dimension(text, text, date, date, text) IS
'Balances of each account and value of a dimension (a department, a project), month by month, for any range of days, both included, debit positive, in the company''s currency. company, dimension: codes. first_day, last_day: posting days; the first and the last month count from and up to them. account: an account, with all below it; null: all. Returns a row for each month YYYY-MM, account and value with a line by then, by month and codes; none for an unknown company or account. Errors: LE012 for an unknown dimension.';
