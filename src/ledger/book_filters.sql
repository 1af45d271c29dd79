-- ledger: what books share: which lines a filter takes, and sums of accounts, at a level of the chart, over spans of days.

CREATE FUNCTION erp_private.accounts_named(company_id integer, codes jsonb) RETURNS integer[]
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(array_agg(t.account_id), '{}')
	  FROM erp_private.term_accounts($1, jsonb_build_array(jsonb_build_object('accounts', $2))) t
$function$;
COMMENT ON FUNCTION erp_private.accounts_named(integer, jsonb) IS
	'The accounts of an array of codes as balance terms have them: "1001" with all below it, "1403..1411", "1122*"; none for codes that are not there.';

-- Accounts without a fiscal year are cumulated from 1 January.
CREATE FUNCTION erp_private.year_begin(company_id integer, day date) RETURNS date
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE((SELECT y.first_day FROM erp.fiscal_year y WHERE y.company_id = $1 AND $2 BETWEEN y.first_day AND y.last_day),
		date_trunc('year', $2)::date)
$function$;
COMMENT ON FUNCTION erp_private.year_begin(integer, date) IS 'First day of the fiscal year of a day; of its calendar year if there is none.';

CREATE FUNCTION erp_private.book_filter(company text, filters jsonb, more jsonb DEFAULT '{}')
	RETURNS TABLE (company_id integer, decimals integer, accounts integer[], party_id integer, value_ids integer[], sets integer[], currency_id integer,
		currency text, currency_decimals integer, level integer)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	books record;
	asked_values integer[];
	money record;
BEGIN
	SELECT c.* INTO books FROM erp_private.company_money c WHERE c.company = $1;
	IF books.company_id IS NULL THEN
		RETURN;
	END IF;
	PERFORM erp_private.check_object(COALESCE($2, '{}'), '{"accounts": "list", "party": "code", "dimensions": "object", "currency": "code", "level": "integer"}' || more);
	asked_values := erp_private.dimension_values(books.company_id, $2 -> 'dimensions');
	SELECT m.* INTO money FROM erp.currency m WHERE m.code = $2 ->> 'currency';
	IF money.currency_id IS NULL AND $2 ->> 'currency' IS NOT NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no currency "%s"', $2 ->> 'currency'), 'filters.currency', $2 ->> 'currency', 'erp.currency lists them.');
	ELSIF ($2 ->> 'level')::integer < 1 THEN
		PERFORM erp_private.refuse('LE011', 'a level of the chart is above zero', 'filters.level', $2 ->> 'level', 'The topmost accounts are of level 1.');
	END IF;
	RETURN QUERY
	SELECT books.company_id, books.decimals,
	       CASE WHEN COALESCE($2 -> 'accounts', 'null') <> 'null' THEN erp_private.accounts_named(books.company_id, $2 -> 'accounts') END,
	       erp_private.party_named(books.company_id, $2 ->> 'party'), asked_values,
	       CASE WHEN asked_values <> '{}' THEN ARRAY(SELECT s.dimension_set_id FROM erp.dimension_set s
	             WHERE s.company_id = books.company_id AND s.dimension_value_ids @> asked_values) END,
	       COALESCE(money.currency_id, 0), money.code, money.decimals::integer, ($2 ->> 'level')::integer;
END
$function$;
COMMENT ON FUNCTION erp_private.book_filter(text, jsonb, jsonb) IS
	'What the filters of a book ask for, as ids; no row for an unknown company. more: fields that only this book has. accounts: null for all; party_id, currency_id: 0 for all; sets: those with all of the dimension values, null for all. Errors: LE011, LE012.';

CREATE FUNCTION erp_private.account_at_level(company_id integer, level integer) RETURNS TABLE (account_id integer, shown_id integer, depth integer)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE chart AS (
		SELECT a.account_id, ARRAY[a.account_id] AS path FROM erp.account a WHERE a.company_id = $1 AND a.parent_account_id = 0
		UNION ALL
		SELECT a.account_id, c.path || a.account_id FROM chart c JOIN erp.account a ON a.company_id = $1 AND a.parent_account_id = c.account_id
	)
	SELECT c.account_id, c.path[LEAST($2, cardinality(c.path))], cardinality(c.path) FROM chart c
$function$;
COMMENT ON FUNCTION erp_private.account_at_level(integer, integer) IS
	'Each account and the one of a level of the chart (1: topmost) that it is below or is; itself where it stands higher, and for level null.';

CREATE FUNCTION erp_private.book_span(company_id integer, first_day date, last_day date, by_month boolean)
	RETURNS TABLE (month text, first_day date, last_day date, year_begin date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT to_char(s.last_day, 'YYYY-MM'), s.first_day, s.last_day, erp_private.year_begin($1, s.last_day)
	  FROM (
		SELECT GREATEST(m.day::date, $2) AS first_day, LEAST((m.day + interval '1 month')::date - 1, $3) AS last_day
		  FROM generate_series(date_trunc('month', $2::timestamp), $3::timestamp, '1 month') AS m (day)
		 WHERE $4
		UNION ALL
		SELECT $2, $3 WHERE NOT $4) s
	 WHERE isfinite($2) AND isfinite($3) AND $2 <= $3
$function$;
COMMENT ON FUNCTION erp_private.book_span(integer, date, date, boolean) IS
	'The months of a range of days, the first and the last from and up to them, or the whole of it; with the first day of the fiscal year in which each ends. None for an endless or an empty range.';

CREATE FUNCTION erp_private.book_sums(company text, first_day date, last_day date, filters jsonb, by_month boolean)
	RETURNS TABLE (month text, account_id integer, account_code text, account_name text, opening numeric, debit numeric, credit numeric, closing numeric,
		year_debit numeric, year_credit numeric, currency text, currency_opening numeric, currency_debit numeric, currency_credit numeric,
		currency_closing numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	asked record;
BEGIN
	SELECT * INTO asked FROM erp_private.book_filter($1, $4);
	IF asked.company_id IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	WITH span AS MATERIALIZED (
		SELECT * FROM erp_private.book_span(asked.company_id, $2, $3, $5)
	), known AS MATERIALIZED (
		SELECT b.day, v.shown_id, sum(b.company_debit) AS debit, sum(b.company_credit) AS credit, sum(b.debit) AS money_debit, sum(b.credit) AS money_credit
		  FROM erp_private.balances_on(asked.company_id, ARRAY(SELECT s.first_day - 1 FROM span s UNION SELECT s.last_day FROM span s
				UNION SELECT s.year_begin - 1 FROM span s), asked.accounts, asked.party_id, asked.value_ids) b
		  JOIN erp_private.account_at_level(asked.company_id, asked.level) v ON v.account_id = b.account_id
		 WHERE asked.currency_id IN (0, b.currency_id)
		 GROUP BY b.day, v.shown_id
	)
	SELECT s.month, a.account_id, a.code, a.name, round(COALESCE(o.debit - o.credit, 0), asked.decimals), round(c.debit - COALESCE(o.debit, 0), asked.decimals),
		round(c.credit - COALESCE(o.credit, 0), asked.decimals), round(c.debit - c.credit, asked.decimals),
		round(c.debit - COALESCE(y.debit, 0), asked.decimals), round(c.credit - COALESCE(y.credit, 0), asked.decimals), asked.currency,
		round(COALESCE(o.money_debit - o.money_credit, 0), asked.currency_decimals), round(c.money_debit - COALESCE(o.money_debit, 0), asked.currency_decimals),
		round(c.money_credit - COALESCE(o.money_credit, 0), asked.currency_decimals), round(c.money_debit - c.money_credit, asked.currency_decimals)
	FROM span s
	JOIN known c ON c.day = s.last_day
	LEFT JOIN known o ON o.day = s.first_day - 1 AND o.shown_id = c.shown_id
	LEFT JOIN known y ON y.day = s.year_begin - 1 AND y.shown_id = c.shown_id
	JOIN erp.account a ON a.company_id = asked.company_id AND a.account_id = c.shown_id
	ORDER BY a.code, s.month;
END
$function$;
COMMENT ON FUNCTION erp_private.book_sums(text, date, date, jsonb, boolean) IS
	'Sums of accounts as erp.general_ledger() and erp.trial_balance_with_year() have them; amounts of a currency are null unless the filters name it.';

CREATE FUNCTION erp_private.balance_side(balance numeric) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE sign(balance) WHEN 1 THEN 'debit' WHEN -1 THEN 'credit' ELSE 'none' END
$function$;
COMMENT ON FUNCTION erp_private.balance_side(numeric) IS 'Where a balance, debit positive, stands: debit, credit or none.';
