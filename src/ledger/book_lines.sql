-- ledger: the lines that books list, by the index of accounts and days, after what is folded of them.

-- Of the first hundred lines of a voucher at most five are named.
CREATE FUNCTION erp_private.counter_accounts(company_id integer, voucher_id bigint, side text, account_id integer) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT string_agg(c.code, ', ' ORDER BY c.code)
	  FROM (
		SELECT DISTINCT a.code
		  FROM (SELECT l.account_id, l.side, bool_or(l.side <> $3) OVER () AS other_side
		          FROM (SELECT t.account_id, t.side FROM erp.voucher_line t WHERE t.company_id = $1 AND t.voucher_id = $2
		                 ORDER BY t.line_no LIMIT 100) l) l
		  JOIN erp.account a ON a.company_id = $1 AND a.account_id = l.account_id
		 WHERE CASE WHEN l.other_side THEN l.side <> $3 ELSE l.account_id <> $4 END
		 ORDER BY a.code LIMIT 5) c
$function$;
COMMENT ON FUNCTION erp_private.counter_accounts(integer, bigint, text, integer) IS
	'Codes of the accounts on the other side of a voucher (of other accounts, where all stand on one side): at most five, of its first hundred lines.';

CREATE FUNCTION erp_private.book_lines(company_id integer, accounts integer[], first_day date, last_day date, of_party integer, sets integer[], of_currency integer,
	after jsonb, row_limit integer)
	RETURNS TABLE (day date, voucher_id bigint, line_no integer, account_id integer, side text, party_id integer, tax_code_id integer, dimension_set_id integer,
		currency_id integer, unit_id integer, quantity numeric, amount numeric, company_amount numeric, summary text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	after_day date := COALESCE((after ->> 'day')::date, '-infinity');
	after_voucher bigint := COALESCE((after ->> 'voucher_id')::bigint, 0);
	after_line integer := COALESCE((after ->> 'line_no')::integer, 0);
	begin_day date := GREATEST(first_day, after_day);
BEGIN
	RETURN QUERY
	SELECT l.*
	  FROM unnest(accounts) AS a (account_id)
	 CROSS JOIN LATERAL (
		SELECT t.day, t.voucher_id, t.line_no, t.account_id, t.side, t.party_id, t.tax_code_id, t.dimension_set_id, t.currency_id, t.unit_id, t.quantity,
			t.amount, t.company_amount, t.summary
		  FROM erp.voucher_line t
		 WHERE t.company_id = $1 AND t.account_id = a.account_id AND t.day >= begin_day AND t.day <= $4
		   AND (t.day > after_day OR (t.voucher_id, t.line_no) > (after_voucher, after_line))
		   AND $5 IN (0, t.party_id) AND ($6 IS NULL OR t.dimension_set_id = ANY ($6)) AND $7 IN (0, t.currency_id)
		 ORDER BY t.day, t.voucher_id, t.line_no
		 LIMIT $9) l
	 ORDER BY l.day, l.voucher_id, l.line_no
	 LIMIT $9;
END
$function$;
COMMENT ON FUNCTION erp_private.book_lines(integer, integer[], date, date, integer, integer[], integer, jsonb, integer) IS
	'Lines of accounts in a range of days in the order of books. of_party, sets, of_currency: as party_id, sets, currency_id of erp_private.book_filter(). after: {"day", "voucher_id", "line_no"} of the last line that was read; null: none. row_limit: how many at most; null: all.';

-- What was on the day of the last line that was read, up to it, is read again.
CREATE FUNCTION erp_private.balance_before(company_id integer, accounts integer[], first_day date, party_id integer, value_ids integer[], sets integer[], currency_id integer, after jsonb)
	RETURNS TABLE (balance numeric, currency_balance numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	day date := GREATEST(first_day, (after ->> 'day')::date);
BEGIN
	RETURN QUERY
	SELECT COALESCE(sum(s.balance), 0), COALESCE(sum(s.currency_balance), 0)
	  FROM (
		SELECT b.company_debit - b.company_credit AS balance, b.debit - b.credit AS currency_balance
		  FROM erp_private.balances_on($1, ARRAY[day - 1], $2, $4, $5) b
		 WHERE $7 IN (0, b.currency_id)
		UNION ALL
		SELECT CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END
		  FROM erp_private.book_lines($1, $2, day, day, $4, $6, $7, NULL, NULL) l
		 WHERE (l.day, l.voucher_id, l.line_no) <= ((after ->> 'day')::date, (after ->> 'voucher_id')::bigint, (after ->> 'line_no')::integer)) s;
END
$function$;
COMMENT ON FUNCTION erp_private.balance_before(integer, integer[], date, integer, integer[], integer[], integer, jsonb) IS
	'Balance of accounts together before a day, or after a line of it, debit positive; arguments as of erp_private.book_filter() and erp_private.book_lines(). currency_balance: means something where one currency is asked for.';

CREATE FUNCTION erp_private.check_book_page(filters jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF COALESCE(filters -> 'after', 'null') <> 'null' THEN
		PERFORM erp_private.check_rows(jsonb_build_array(filters -> 'after'), 'filters.after', '{"day": "day!", "voucher_id": "ratio!", "line_no": "integer!"}');
	END IF;
	IF (filters ->> 'limit')::integer < 1 THEN
		PERFORM erp_private.refuse('LE011', 'a page has at least one line', 'filters.limit', filters ->> 'limit', 'Leave it out for all lines.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_book_page(jsonb) IS 'Raises LE011 unless the page that filters ask for, {"limit", "after"}, is one.';

CREATE FUNCTION erp_private.account_book(company text, account text, first_day date, last_day date, filters jsonb, more jsonb)
	RETURNS TABLE (entry text, day date, voucher_id bigint, line_no integer, voucher_word text, voucher_number text, document_kind text, document_key text,
		account_id integer, account_code text, counter_accounts text, party_code text, dimension_set_id integer, summary text, debit numeric, credit numeric,
		balance numeric, currency text, currency_debit numeric, currency_credit numeric, currency_balance numeric, unit_id integer, quantity numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	asked record;
	accounts integer[];
	opening record;
BEGIN
	SELECT * INTO asked FROM erp_private.book_filter($1, $5, '{"after": "object", "limit": "integer"}' || $6);
	IF asked.company_id IS NULL OR $3 IS NULL OR $4 IS NULL THEN
		RETURN;
	END IF;
	PERFORM erp_private.check_book_page($5);
	accounts := erp_private.accounts_named(asked.company_id, jsonb_build_array($2));
	IF accounts = '{}' THEN
		RETURN;
	END IF;
	SELECT round(b.balance, asked.decimals) AS balance, round(b.currency_balance, asked.currency_decimals) AS currency_balance INTO opening
	  FROM erp_private.balance_before(asked.company_id, accounts, $3, asked.party_id, asked.value_ids, asked.sets, asked.currency_id, $5 -> 'after') b;
	RETURN QUERY
	SELECT 'opening', COALESCE(($5 #>> '{after,day}')::date, $3), NULL::bigint, NULL::integer, NULL, NULL, NULL, NULL, NULL::integer, NULL, NULL, NULL, NULL::integer, NULL,
		NULL::numeric, NULL::numeric, opening.balance, asked.currency, NULL::numeric, NULL::numeric, opening.currency_balance, NULL::integer, NULL::numeric
	UNION ALL
	(SELECT 'line', l.day, l.voucher_id, l.line_no, NULLIF(w.code, ''), n.number, d.kind, d.key, l.account_id, a.code,
		erp_private.counter_accounts(asked.company_id, l.voucher_id, l.side, l.account_id), p.code, l.dimension_set_id, COALESCE(NULLIF(l.summary, ''), v.summary),
		x.debit, x.credit, opening.balance + sum(x.debit - x.credit) OVER so_far, m.code, x.currency_debit, x.currency_credit,
		opening.currency_balance + sum(x.currency_debit - x.currency_credit) OVER so_far, l.unit_id, l.quantity
	FROM erp_private.book_lines(asked.company_id, accounts, $3, $4, asked.party_id, asked.sets, asked.currency_id, $5 -> 'after', ($5 ->> 'limit')::integer) l
	CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher t WHERE t.company_id = asked.company_id AND t.voucher_id = l.voucher_id OFFSET 0) v
	CROSS JOIN LATERAL (SELECT t.kind, t.key FROM erp.document t WHERE t.company_id = asked.company_id AND t.document_id = l.voucher_id OFFSET 0) d
	JOIN erp.account a ON a.company_id = asked.company_id AND a.account_id = l.account_id
	JOIN erp.currency m ON m.currency_id = l.currency_id
	CROSS JOIN LATERAL (SELECT round(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END, asked.decimals) AS debit,
		round(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END, asked.decimals) AS credit,
		round(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END, m.decimals) AS currency_debit,
		round(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END, m.decimals) AS currency_credit OFFSET 0) x
	LEFT JOIN erp.voucher_word w ON w.company_id = asked.company_id AND w.voucher_word_id = v.voucher_word_id
	LEFT JOIN erp.party p ON p.company_id = asked.company_id AND p.party_id = l.party_id AND p.party_id <> 0
	LEFT JOIN LATERAL (SELECT t.number FROM erp_private.number_text t WHERE t.company_id = asked.company_id AND t.document_id = l.voucher_id
		AND t.voucher_id = l.voucher_id AND t.target = 'voucher' OFFSET 0) n ON true
	WINDOW so_far AS (ORDER BY l.day, l.voucher_id, l.line_no)
	ORDER BY l.day, l.voucher_id, l.line_no);
END
$function$;
COMMENT ON FUNCTION erp_private.account_book(text, text, date, date, jsonb, jsonb) IS
	'An account, with all below it, line by line as erp.subsidiary_ledger() has it, after a row with its balance before. more: further fields of filters that the caller knows. quantity: debit positive, as lines have it on either side.';
