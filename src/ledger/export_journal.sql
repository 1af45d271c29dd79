-- ledger: the books of some days as journals of hledger and ledger (https://hledger.org, https://ledger-cli.org).

-- In these journals a colon parts levels of accounts, two spaces end a name, a semicolon begins a comment, and brackets
-- within a comment are read as dates.
CREATE FUNCTION erp_private.journal_word(value text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT translate(btrim(regexp_replace(value, '[[:cntrl:][:space:]]+', ' ', 'g')), ';:[]()|', ',.{}{}/')
$function$;
COMMENT ON FUNCTION erp_private.journal_word(text) IS 'A text without what hledger and ledger give a meaning: runs of white space are one space, ; : [ ] ( ) | are replaced.';

CREATE FUNCTION erp_private.journal_amount(amount numeric, currency text, decimals integer) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT round(amount, decimals) || ' ' || CASE WHEN currency ~ '^[A-Za-z]+$' THEN currency ELSE '"' || erp_private.journal_word(currency) || '"' END
$function$;
COMMENT ON FUNCTION erp_private.journal_amount(numeric, text, integer) IS 'An amount with its currency, as hledger and ledger read it. decimals: those of the currency.';

CREATE FUNCTION erp_private.journal_account(company_id integer)
RETURNS TABLE (account_id integer, name text)
	LANGUAGE sql STABLE
AS $function$
	WITH RECURSIVE named AS (
		SELECT a.account_id, a.parent_account_id, erp_private.journal_word(a.code || ' ' || a.name) AS name
		  FROM erp.account a WHERE a.company_id = $1
	), path AS (
		SELECT n.account_id, n.name FROM named n WHERE n.parent_account_id = 0
		UNION ALL
		SELECT n.account_id, p.name || ':' || n.name FROM path p JOIN named n ON n.parent_account_id = p.account_id
	)
	SELECT p.account_id, p.name FROM path p
$function$;
COMMENT ON FUNCTION erp_private.journal_account(integer) IS 'Accounts of a company as hledger and ledger name them: code and name, below those of their headings.';

-- A cost has no sign of its own: where the two columns differ in sign, or one is nothing, they are two amounts.
CREATE FUNCTION erp_private.journal_amounts(amount numeric, currency text, decimals integer, company_amount numeric,
	company_currency text, company_decimals integer) RETURNS text[]
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE
		WHEN currency = company_currency THEN ARRAY[erp_private.journal_amount(amount, currency, decimals)]
		WHEN sign(amount) = sign(company_amount) THEN ARRAY[erp_private.journal_amount(amount, currency, decimals) || ' @@ '
			|| erp_private.journal_amount(abs(company_amount), company_currency, company_decimals)]
		ELSE array_remove(ARRAY[
			CASE WHEN amount <> 0 THEN erp_private.journal_amount(amount, currency, decimals) || ' @@ '
				|| erp_private.journal_amount(0, company_currency, company_decimals) END,
			CASE WHEN company_amount <> 0 THEN erp_private.journal_amount(company_amount, company_currency, company_decimals) END], NULL) END
$function$;
COMMENT ON FUNCTION erp_private.journal_amounts(numeric, text, integer, numeric, text, integer) IS
	'What stands behind an account in a journal of hledger or ledger, debit positive: an amount of the company''s currency, or one of another currency at its cost (@@) in the company''s; two where these have not the same sign.';

CREATE FUNCTION erp_private.journal_heading(company_id integer, first_day date, last_day date, program text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN QUERY SELECT format('; %s, %s to %s', erp_private.journal_word(c.name), $2, $3) FROM erp.company c WHERE c.company_id = $1;
	RETURN QUERY
	SELECT CASE program WHEN 'hledger' THEN 'commodity ' || regexp_replace(m.sample, '^(\d+) ', '\1. ')
			ELSE 'commodity ' || split_part(m.sample, ' ', 2) || E'\n    format ' || m.sample END
	  FROM (SELECT erp_private.journal_amount(1000, u.code, u.decimals) AS sample
		  FROM erp.currency u
		 WHERE u.currency_id IN (SELECT t.currency_id FROM erp_private.balances_on($1, ARRAY[$3], NULL, 0, '{}') t)
		    OR u.currency_id = (SELECT t.currency_id FROM erp.company t WHERE t.company_id = $1)) m
	 ORDER BY m.sample;
	RETURN QUERY SELECT 'account ' || a.name FROM erp_private.journal_account($1) a ORDER BY a.name COLLATE "C";
END
$function$;
COMMENT ON FUNCTION erp_private.journal_heading(integer, date, date, text) IS
	'What a journal begins with: the company and the days, the currencies with their decimals, the accounts. program: hledger or ledger.';

CREATE FUNCTION erp_private.journal_opening(company_id integer, first_day date) RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT format(E'\n%s * (opening) balances brought forward\n%s', $2, string_agg(format('    %s  %s', a.name, m.amount), E'\n' ORDER BY a.name COLLATE "C", u.code))
	  FROM erp_private.balances_on($1, ARRAY[$2 - 1], NULL, 0, '{}') b
	  JOIN erp_private.company_money c ON c.company_id = $1
	  JOIN erp.currency u ON u.currency_id = b.currency_id
	  JOIN erp_private.journal_account($1) a ON a.account_id = b.account_id
	 CROSS JOIN LATERAL unnest(erp_private.journal_amounts(b.debit - b.credit, u.code, u.decimals, b.company_debit - b.company_credit,
		c.currency, c.decimals)) AS m (amount)
	 WHERE b.debit <> b.credit OR b.company_debit <> b.company_credit
	HAVING count(*) > 0
$function$;
COMMENT ON FUNCTION erp_private.journal_opening(integer, date) IS 'The balances before a day as one transaction of a journal; no row where there are none.';

-- An account with amounts of other currencies may hold some of the company's currency beside them: that is not asserted.
CREATE FUNCTION erp_private.journal_closing(company_id integer, last_day date) RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH balance AS (
		SELECT a.name, u.code, u.decimals, b.debit - b.credit AS balance, u.currency_id = c.currency_id AS own,
			bool_and(u.currency_id = c.currency_id) OVER (PARTITION BY b.account_id) AS all_own
		  FROM erp_private.balances_on($1, ARRAY[$2], NULL, 0, '{}') b
		  JOIN erp_private.company_money c ON c.company_id = $1
		  JOIN erp.currency u ON u.currency_id = b.currency_id
		  JOIN erp_private.journal_account($1) a ON a.account_id = b.account_id
	)
	SELECT format(E'\n%s * (closing) balances carried forward\n%s', $2, string_agg(format('    %s  %s = %s', b.name,
			erp_private.journal_amount(0, b.code, b.decimals), erp_private.journal_amount(b.balance, b.code, b.decimals)), E'\n'
			ORDER BY b.name COLLATE "C", b.code))
	  FROM balance b
	 WHERE b.all_own OR NOT b.own
	HAVING count(*) > 0
$function$;
COMMENT ON FUNCTION erp_private.journal_closing(integer, date) IS
	'The balances at the end of a day as a transaction of nothing that asserts them: who reads the journal finds out if a line of it is missing.';

CREATE FUNCTION erp_private.journal_tags(party_code text, dimensions jsonb, quantity numeric, unit text, due_day date, red_side text, summary text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT COALESCE('  ; ' || NULLIF(concat_ws(', ', 'party: ' || erp_private.journal_word(party_code),
		(SELECT string_agg(erp_private.journal_word(e.key) || ': ' || erp_private.journal_word(e.value), ', ' ORDER BY e.key) FROM jsonb_each_text(dimensions) e),
		'quantity: ' || NULLIF(trim_scale(quantity), 0)::text || COALESCE(' ' || erp_private.journal_word(unit), ''),
		'due: ' || due_day::text, 'red: ' || red_side, 'summary: ' || NULLIF(erp_private.journal_word(summary), '')), ''), '')
$function$;
COMMENT ON FUNCTION erp_private.journal_tags(text, jsonb, numeric, text, date, text, text) IS
	'What else a line says, as a comment of tags that hledger and ledger read: party, dimensions, quantity, due day, the side of a red-letter amount, its own summary.';

CREATE FUNCTION erp_private.journal_vouchers(company_id integer, first_day date, last_day date) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT format(E'\n%s * (%s) %s  ; document: %s, kind: %s\n%s', l.day, erp_private.journal_word(COALESCE(l.voucher_word || '-', '') || COALESCE(l.voucher_number, l.document_key)),
			COALESCE(NULLIF(erp_private.journal_word(l.voucher_summary), ''), l.document_kind), erp_private.journal_word(l.document_key), l.document_kind,
			string_agg(format('    %s  %s%s', a.name, m.amount, erp_private.journal_tags(l.party_code, l.dimensions, l.quantity,
				l.unit, l.due_day, CASE WHEN l.company_amount < 0 THEN l.side END, l.summary)), E'\n' ORDER BY l.line_no, m.amount_no))
	  FROM erp_private.exported_lines($1, $2, $3) l
	  JOIN erp_private.company_money c ON c.company_id = $1
	  JOIN erp_private.journal_account($1) a ON a.account_id = l.account_id
	 CROSS JOIN LATERAL unnest(erp_private.journal_amounts(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, l.currency, l.decimals,
		CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END, c.currency, c.decimals)) WITH ORDINALITY AS m (amount, amount_no)
	 GROUP BY l.day, l.voucher_id, l.voucher_word, l.voucher_number, l.voucher_summary, l.document_key, l.document_kind
	 ORDER BY l.day, l.voucher_id;
END
$function$;
COMMENT ON FUNCTION erp_private.journal_vouchers(integer, date, date) IS 'The vouchers of some days as transactions of a journal, in their order.';
