-- ledger: reports that take arguments. They read views only, so whoever may read those may call these.

CREATE FUNCTION erp.trial_balance(company text, first_day date, last_day date)
RETURNS TABLE (account_code text, account_name text, opening_debit numeric, opening_credit numeric,
	debit numeric, credit numeric, closing_debit numeric, closing_credit numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- x - x is a zero that has the decimals of x.
	SELECT t.account_code, t.account_name,
		GREATEST(t.opening, t.opening - t.opening), GREATEST(-t.opening, t.opening - t.opening),
		t.debit, t.credit,
		GREATEST(t.closing, t.closing - t.closing), GREATEST(-t.closing, t.closing - t.closing)
	FROM (
		SELECT b.account_code, b.account_name,
			sum((b.debit - b.credit) * (b.day < $2)::integer) AS opening,
			sum(b.debit * (b.day >= $2)::integer) AS debit,
			sum(b.credit * (b.day >= $2)::integer) AS credit,
			sum(b.debit - b.credit) AS closing
		FROM erp.balances b
		WHERE b.company = $1 AND b.day <= $3
		GROUP BY b.account_code, b.account_name
	) t
	ORDER BY t.account_code
$$;
COMMENT ON FUNCTION erp.trial_balance(text, date, date) IS
'Trial balance of a company for any range of days, both included: opening balances, debits, credits and closing balances in the company''s currency, each balance on the side where it stands. company: code. first_day, last_day: posting days. Returns a row for each account that had a line up to last_day, by code; none for an unknown company.';

CREATE FUNCTION erp.account_balance(company text, account_code text, day date)
RETURNS numeric
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT COALESCE((
		SELECT sum(b.debit - b.credit)
		FROM erp.balances b
		WHERE b.company = a.company AND b.account_code = a.account_code AND b.day <= $3
	), 0)
	FROM erp.account_list a
	WHERE a.company = $1 AND a.account_code = $2
$$;
COMMENT ON FUNCTION erp.account_balance(text, text, date) IS
'Balance of an account at the end of a day, in the company''s currency, debit positive. company, account_code: codes. day: the last one that counts. Returns 0 for an account without lines, null if there is no such account.';
