-- ledger: the books of a group of companies, read as those of one.

CREATE FUNCTION erp_private.translation_rate(from_currency integer, to_currency integer, day date) RETURNS numeric
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	found_rate numeric := CASE WHEN $1 = $2 THEN 1 ELSE (
		SELECT x.rate FROM erp.exchange_rate x WHERE x.from_currency_id = $1 AND x.to_currency_id = $2 AND x.day <= $3 ORDER BY x.day DESC LIMIT 1) END;
BEGIN
	IF found_rate IS NULL THEN
		PERFORM erp_private.refuse('LE043', format('no rate from %s to %s is known on or before %s', (SELECT m.code FROM erp.currency m WHERE m.currency_id = $1),
			(SELECT m.code FROM erp.currency m WHERE m.currency_id = $2), $3), 'day', $3::text, 'Put it with erp.put_exchange_rates().');
	END IF;
	RETURN found_rate;
END
$function$;
COMMENT ON FUNCTION erp_private.translation_rate(integer, integer, date) IS 'The rate of a day, or the latest before it; 1 within a currency. Errors: LE043 where there is none.';

CREATE FUNCTION erp_private.average_rate(company_id integer, consolidation_id integer, from_currency integer, to_currency integer, day date) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE((
		SELECT r.average_rate FROM erp.consolidation_rate r
		  JOIN erp.period p ON p.company_id = r.company_id AND p.period_id = r.period_id
		 WHERE r.company_id = $1 AND r.consolidation_id = $2 AND r.currency_id = $3 AND $5 BETWEEN p.first_day AND p.last_day),
		erp_private.translation_rate($3, $4, $5))
$function$;
COMMENT ON FUNCTION erp_private.average_rate(integer, integer, integer, integer, date) IS
	'The rate of what was earned, spent and contributed in the span that ends with a day: the average put for its period, else that of the day.';

-- IAS 21.39: assets and liabilities at the closing rate, income and expenses at the rates of their time; equity at the same.
CREATE FUNCTION erp_private.translated_balances(company_id integer, consolidation_id integer, member_id integer, first_day date, last_day date,
	accounts integer[], party_id integer)
RETURNS TABLE (account_id integer, opening numeric, closing numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	member_currency integer := (SELECT c.currency_id FROM erp.company c WHERE c.company_id = $3);
	group_currency integer := (SELECT g.currency_id FROM erp.consolidation g WHERE g.company_id = $1 AND g.consolidation_id = $2);
	decimals integer := (SELECT m.decimals FROM erp.currency m WHERE m.currency_id = group_currency);
	days date[] := ARRAY(
		SELECT $4 - 1 UNION SELECT $5
		UNION SELECT p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.last_day <= $5 AND member_currency <> group_currency ORDER BY 1);
BEGIN
	RETURN QUERY
	WITH balance AS MATERIALIZED (
		SELECT b.account_id, b.day, sum(b.company_debit - b.company_credit) AS balance
		  FROM erp_private.balances_on($3, days, $6, $7, '{}') b GROUP BY b.account_id, b.day
	), moved AS (
		SELECT a.account_id, a.class IN ('asset', 'liability') AS at_closing, d.day, COALESCE(b.balance, 0) AS balance,
		       COALESCE(b.balance, 0) - lag(COALESCE(b.balance, 0), 1, 0::numeric) OVER (PARTITION BY a.account_id ORDER BY d.day) AS change
		  FROM erp.account a
		 CROSS JOIN unnest(days) AS d (day)
		  LEFT JOIN balance b ON b.account_id = a.account_id AND b.day = d.day
		 WHERE a.company_id = $3 AND a.account_id IN (SELECT t.account_id FROM balance t)
	), counted AS MATERIALIZED (
		SELECT m.account_id, m.at_closing, m.day, CASE WHEN m.at_closing THEN m.balance ELSE m.change END AS amount
		  FROM moved m WHERE CASE WHEN m.at_closing THEN m.balance <> 0 AND m.day IN ($4 - 1, $5) ELSE m.change <> 0 END
	), rate AS MATERIALIZED (
		SELECT r.at_closing, r.day, CASE WHEN r.at_closing THEN erp_private.translation_rate(member_currency, group_currency, r.day)
		       ELSE erp_private.average_rate($1, $2, member_currency, group_currency, r.day) END AS rate
		  FROM (SELECT DISTINCT c.at_closing, c.day FROM counted c) r
	)
	SELECT c.account_id, COALESCE(round(sum(c.amount * r.rate) FILTER (WHERE c.day < $4), decimals), 0),
		COALESCE(round(sum(c.amount * r.rate) FILTER (WHERE NOT c.at_closing OR c.day = $5), decimals), 0)
	  FROM counted c JOIN rate r ON r.at_closing = c.at_closing AND r.day = c.day
	 GROUP BY c.account_id;
END
$function$;
COMMENT ON FUNCTION erp_private.translated_balances(integer, integer, integer, date, date, integer[], integer) IS
	'Balances of a member before the first day and at the end of the last one, debit positive, in the currency of the group. Another currency is translated: assets and liabilities at the closing rate, the rest by its changes in each period of the group at the average rate (IAS 21.39). accounts: null for all. party_id: 0 for all. Errors: LE043 for a missing rate.';

CREATE FUNCTION erp_private.group_account(company_id integer, consolidation_id integer, member_id integer, member_account_id integer) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	mapped integer := COALESCE(
		(SELECT m.account_id FROM erp.consolidation_account m WHERE m.company_id = $1 AND m.consolidation_id = $2 AND m.member_company_id = $3 AND m.member_account_id = $4),
		(SELECT g.account_id FROM erp.account a JOIN erp.account g ON g.company_id = $1 AND g.code = a.code WHERE a.company_id = $3 AND a.account_id = $4));
BEGIN
	IF mapped IS NULL THEN
		PERFORM erp_private.refuse('LE390', format('account %s of %s is not in the chart of the group',
			(SELECT a.code FROM erp.account a WHERE a.company_id = $3 AND a.account_id = $4), (SELECT c.code FROM erp.company c WHERE c.company_id = $3)),
			'accounts', NULL, 'Say with erp.put_consolidations() which account of the group it is.');
	END IF;
	RETURN mapped;
END
$function$;
COMMENT ON FUNCTION erp_private.group_account(integer, integer, integer, integer) IS
	'The account of the group''s chart that an account of a member is: as put, else the one of the same code. Errors: LE390 where there is none.';

CREATE FUNCTION erp_private.consolidated_parts(company_id integer, consolidation_id integer, first_day date, last_day date)
RETURNS TABLE (part text, member_id integer, account_id integer, opening numeric, closing numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH books AS MATERIALIZED (
		SELECT m.member_company_id, erp_private.group_account($1, $2, m.member_company_id, b.account_id) AS account_id, b.opening, b.closing
		  FROM erp.consolidation_member m
		 CROSS JOIN LATERAL erp_private.translated_balances($1, $2, m.member_company_id, $3, $4, NULL, 0) b
		 WHERE m.company_id = $1 AND m.consolidation_id = $2
	), eliminated AS MATERIALIZED (
		SELECT e.member_company_id, erp_private.group_account($1, $2, e.member_company_id, b.account_id) AS account_id, -b.opening AS opening, -b.closing AS closing
		  FROM erp.consolidation_elimination e
		 CROSS JOIN LATERAL erp_private.translated_balances($1, $2, e.member_company_id, $3, $4, ARRAY[e.member_account_id], e.party_id) b
		 WHERE e.company_id = $1 AND e.consolidation_id = $2
	)
	SELECT 'member', b.member_company_id, b.account_id, b.opening, b.closing FROM books b
	UNION ALL
	SELECT 'translation', b.member_company_id, g.translation_account_id, -sum(b.opening), -sum(b.closing)
	  FROM books b JOIN erp.consolidation g ON g.company_id = $1 AND g.consolidation_id = $2
	 GROUP BY b.member_company_id, g.translation_account_id HAVING sum(b.opening) <> 0 OR sum(b.closing) <> 0
	UNION ALL
	SELECT 'elimination', e.member_company_id, e.account_id, e.opening, e.closing FROM eliminated e
	UNION ALL
	SELECT 'difference', 0, g.difference_account_id, -sum(e.opening), -sum(e.closing)
	  FROM eliminated e JOIN erp.consolidation g ON g.company_id = $1 AND g.consolidation_id = $2
	 GROUP BY g.difference_account_id HAVING sum(e.opening) <> 0 OR sum(e.closing) <> 0;
END
$function$;
COMMENT ON FUNCTION erp_private.consolidated_parts(integer, integer, date, date) IS
	'What the books of a group are made of, debit positive: what each member has (member), what its translation leaves open (translation), what is left out of it (elimination), and what that differs by (difference). All parts add up to nothing. Errors: LE043, LE390.';

CREATE FUNCTION erp_private.consolidation_named(company text, consolidation text, OUT company_id integer, OUT consolidation_id integer)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	SELECT g.company_id, g.consolidation_id INTO company_id, consolidation_id
	  FROM erp.company c JOIN erp.consolidation g ON g.company_id = c.company_id WHERE c.code = $1 AND g.code = $2;
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE012', format('company "%s" keeps no group "%s"', left($1, 100), left($2, 100)), 'consolidation', $2, 'erp.consolidation_list lists them.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.consolidation_named(text, text) IS 'The identity of a group. Errors: LE012 for an unknown one.';

CREATE FUNCTION erp.consolidated_balances_by_member(company text, consolidation text, first_day date, last_day date)
RETURNS TABLE (account_code text, account_name text, part text, member text, opening numeric, change numeric, closing numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	g record;
BEGIN
	SELECT * INTO g FROM erp_private.consolidation_named($1, $2);
	RETURN QUERY
	SELECT a.code, a.name, p.part, c.code, sum(p.opening), sum(p.closing) - sum(p.opening), sum(p.closing)
	  FROM erp_private.consolidated_parts(g.company_id, g.consolidation_id, $3, $4) p
	  JOIN erp.account a ON a.company_id = g.company_id AND a.account_id = p.account_id
	  LEFT JOIN erp.company c ON c.company_id = p.member_id
	 GROUP BY a.code, a.name, p.part, c.code
	 ORDER BY a.code, p.part, c.code;
END
$function$;
COMMENT ON FUNCTION erp.consolidated_balances_by_member(text, text, date, date) IS
	'What the trial balance of a group is made of, member by member; arguments and errors as erp.consolidated_trial_balance(). part: member, translation, elimination or difference (which has no member).';

CREATE FUNCTION erp.consolidated_trial_balance(company text, consolidation text, first_day date, last_day date)
RETURNS TABLE (account_code text, account_name text, class text, opening numeric, change numeric, closing numeric,
	members numeric, translation numeric, elimination numeric, difference numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT p.account_code, p.account_name, a.class, sum(p.opening), sum(p.change), sum(p.closing),
		sum(p.closing * (p.part = 'member')::integer), sum(p.closing * (p.part = 'translation')::integer),
		sum(p.closing * (p.part = 'elimination')::integer), sum(p.closing * (p.part = 'difference')::integer)
	  FROM erp.consolidated_balances_by_member($1, $2, $3, $4) p
	  JOIN erp.account_list a ON a.company = $1 AND a.account_code = p.account_code
	 GROUP BY p.account_code, p.account_name, a.class
	 ORDER BY p.account_code;
END
$function$;
COMMENT ON FUNCTION erp.consolidated_trial_balance(text, text, date, date) IS
	'The trial balance of a group of companies, debit positive, in its currency. company: code of the one that keeps the group. consolidation: code of the group. first_day, last_day: posting days, both included. Returns for each account of the group''s chart, by code, the balance before, its change, the balance at the end, and what that is made of: what the members have, what their translation leaves open, what is left out because they have it with each other, what that differs by. Closing balances add up to 0. Errors: LE012 for an unknown group, LE043 for a missing exchange rate, LE390 for an account that the group''s chart does not have.';

CREATE FUNCTION erp.intercompany_differences(company text, consolidation text, day date)
RETURNS TABLE (member text, partner text, member_balance numeric, partner_balance numeric, difference numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	g record;
BEGIN
	SELECT * INTO g FROM erp_private.consolidation_named($1, $2);
	RETURN QUERY
	WITH towards AS (
		SELECT e.member_company_id, e.partner_company_id, sum(b.closing) AS balance
		  FROM erp.consolidation_elimination e
		  LEFT JOIN LATERAL erp_private.translated_balances(g.company_id, g.consolidation_id, e.member_company_id, $3, $3, ARRAY[e.member_account_id], e.party_id) b ON true
		 WHERE e.company_id = g.company_id AND e.consolidation_id = g.consolidation_id
		 GROUP BY e.member_company_id, e.partner_company_id
	)
	SELECT c.code, p.code, COALESCE(a.balance, 0), COALESCE(b.balance, 0), COALESCE(a.balance, 0) + COALESCE(b.balance, 0)
	  FROM (SELECT DISTINCT LEAST(t.member_company_id, t.partner_company_id) AS one, GREATEST(t.member_company_id, t.partner_company_id) AS other FROM towards t) k
	  LEFT JOIN towards a ON a.member_company_id = k.one AND a.partner_company_id = k.other
	  LEFT JOIN towards b ON b.member_company_id = k.other AND b.partner_company_id = k.one
	  JOIN erp.company c ON c.company_id = k.one
	  JOIN erp.company p ON p.company_id = k.other
	 ORDER BY c.code, p.code;
END
$function$;
COMMENT ON FUNCTION erp.intercompany_differences(text, text, date) IS
	'What each two members of a group have with each other by the books of both, as of a day, debit positive, in the currency of the group; where the difference is not 0 they do not agree. Arguments and errors as erp.consolidated_trial_balance().';
