-- ledger: the books that add up: vouchers by account, dimensions, months, quantities.

CREATE FUNCTION erp_private.vouchers_of_summary(company_id integer, first_day date, last_day date, asked jsonb) RETURNS TABLE (voucher_id bigint)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT v.voucher_id
	  FROM erp.voucher_word w
	  JOIN erp.series s ON s.company_id = w.company_id AND s.voucher_word_id = w.voucher_word_id AND s.target = 'voucher'
	 CROSS JOIN LATERAL (
		SELECT n.voucher_id FROM erp.assigned_number n
		 WHERE n.company_id = $1 AND n.series_id = s.series_id
		   AND n.scope_value = ANY (CASE s.scope WHEN 'ever' THEN ARRAY['']
				ELSE ARRAY(SELECT to_char(g.day, CASE s.scope WHEN 'year' THEN 'YYYY' ELSE 'YYYY-MM' END)
				             FROM generate_series(date_trunc('month', $2::timestamp), $3::timestamp, '1 month') AS g (day)) END)
		   AND n.number BETWEEN COALESCE(($4 ->> 'first_number')::bigint, 1) AND COALESCE(($4 ->> 'last_number')::bigint, 9223372036854775807)
		OFFSET 0) n
	 CROSS JOIN LATERAL (SELECT t.voucher_id, t.day FROM erp.voucher t WHERE t.company_id = $1 AND t.voucher_id = n.voucher_id OFFSET 0) v
	 WHERE w.company_id = $1 AND w.code = COALESCE($4 ->> 'word', w.code) AND v.day BETWEEN $2 AND $3
$function$;
COMMENT ON FUNCTION erp_private.vouchers_of_summary(integer, date, date, jsonb) IS
	'The vouchers of a range of days that have a number, of a word and a range of numbers where {"word", "first_number", "last_number"} say so.';

CREATE FUNCTION erp.voucher_summary(company text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (account_code text, account_name text, debit numeric, credit numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	asked record;
	by_number boolean := COALESCE($4 ?| ARRAY['word', 'first_number', 'last_number'], false);
BEGIN
	SELECT * INTO asked FROM erp_private.book_filter($1, $4, '{"word": "code", "first_number": "integer", "last_number": "integer"}');
	IF asked.company_id IS NULL OR NOT isfinite($2) OR NOT isfinite($3) THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT s.account_code, s.account_name, s.debit, s.credit
	FROM erp_private.book_sums($1, $2, $3, $4 - ARRAY['word', 'first_number', 'last_number'], false) s
	WHERE NOT by_number AND (s.debit <> 0 OR s.credit <> 0)
	UNION ALL
	(SELECT a.code, a.name, round(sum(l.company_debit), asked.decimals), round(sum(l.company_credit), asked.decimals)
	FROM erp_private.vouchers_of_summary(asked.company_id, $2, $3, $4) v
	CROSS JOIN LATERAL (SELECT t.* FROM erp_private.debit_credit_line t WHERE t.company_id = asked.company_id AND t.voucher_id = v.voucher_id OFFSET 0) l
	JOIN erp_private.account_at_level(asked.company_id, asked.level) x ON x.account_id = l.account_id
	JOIN erp.account a ON a.company_id = asked.company_id AND a.account_id = x.shown_id
	WHERE by_number AND (asked.accounts IS NULL OR l.account_id = ANY (asked.accounts)) AND asked.party_id IN (0, l.party_id)
		AND asked.currency_id IN (0, l.currency_id) AND (asked.sets IS NULL OR l.dimension_set_id = ANY (asked.sets))
	GROUP BY a.code, a.name)
	ORDER BY 1;
END
$$;
COMMENT ON FUNCTION erp.voucher_summary(text, date, date, jsonb) IS
'Voucher summary: debits and credits of each account in a range of days, in the company''s currency. company: code. first_day, last_day: posting days. filters: as of erp.general_ledger(), and {"word"? (of vouchers), "first_number"?, "last_number"? (of vouchers within their month or year; with any of the three, vouchers without a number do not count)}. Returns a row for each account that was posted to, by code; none for an unknown company. Errors: LE011, LE012 for filters.';

-- A line counts for the combination of its values of the dimensions that are asked for. The sum of all lines with one value of them is kept;
-- what belongs to sets with others of them too is taken off it. Of a party the sum of all its lines is kept, and that of each set.
CREATE FUNCTION erp_private.combination_key(company_id integer, dimensions integer[], by_party boolean)
	RETURNS TABLE (set_id integer, value_id integer, value_ids integer[], weight integer)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH value AS MATERIALIZED (
		SELECT v.dimension_value_id AS id FROM erp.dimension_value v WHERE v.company_id = $1 AND v.dimension_id = ANY ($2)
	), of_set AS MATERIALIZED (
		SELECT s.dimension_set_id, p.ids
		  FROM erp.dimension_set s
		 CROSS JOIN LATERAL (SELECT array_agg(u.id ORDER BY u.id) AS ids FROM unnest(s.dimension_value_ids) AS u (id) JOIN value v ON v.id = u.id) p
		 WHERE s.company_id = $1 AND cardinality(p.ids) > CASE WHEN $3 THEN 0 ELSE 1 END
	)
	SELECT 0, v.id, ARRAY[v.id], 1 FROM value v WHERE NOT $3
	UNION ALL SELECT 0, 0, '{}', 1 WHERE $3
	UNION ALL SELECT s.dimension_set_id, 0, s.ids, 1 FROM of_set s
	UNION ALL SELECT s.dimension_set_id, 0, ARRAY[u.id], -1 FROM of_set s CROSS JOIN unnest(s.ids) AS u (id) WHERE NOT $3
	UNION ALL SELECT s.dimension_set_id, 0, '{}', -1 FROM of_set s WHERE $3
$function$;
COMMENT ON FUNCTION erp_private.combination_key(integer, integer[], boolean) IS
	'Which keys of balances (set and value, 0 for all) make up each combination of values of dimensions, and whether each is added (1) or taken off (-1). by_party: of keys by party, the combination without values too.';

CREATE FUNCTION erp_private.unfolded_combination(company_id integer, accounts integer[], dimensions integer[], by_party boolean)
	RETURNS TABLE (day date, account_id integer, party_id integer, value_ids integer[], debit numeric, credit numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT l.day, l.account_id, CASE WHEN $4 THEN l.party_id ELSE 0 END, p.ids, l.company_debit, l.company_credit
	  FROM erp_private.unfolded_line l
	 CROSS JOIN LATERAL (
		SELECT COALESCE(array_agg(v.dimension_value_id ORDER BY v.dimension_value_id), '{}') AS ids
		  FROM erp.dimension_set s
		 CROSS JOIN unnest(s.dimension_value_ids) AS u (id)
		  JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = u.id AND v.dimension_id = ANY ($3)
		 WHERE s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id
		OFFSET 0) p
	 WHERE l.company_id = $1 AND ($2 IS NULL OR l.account_id = ANY ($2)) AND CASE WHEN $4 THEN l.party_id <> 0 ELSE p.ids <> '{}' END
$function$;
COMMENT ON FUNCTION erp_private.unfolded_combination(integer, integer[], integer[], boolean) IS 'The lines that are not folded, with their combination of values of dimensions, and their party (0 where not by party).';

CREATE FUNCTION erp_private.combined_balances(company_id integer, days date[], accounts integer[], dimensions integer[], by_party boolean)
	RETURNS TABLE (day date, account_id integer, party_id integer, value_ids integer[], debit numeric, credit numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET enable_memoize = off
	SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	lines_of integer[] := CASE WHEN by_party THEN ARRAY(SELECT a.account_id FROM erp_private.account_by_party a
		WHERE a.company_id = $1 AND a.by_party AND ($3 IS NULL OR a.account_id = ANY ($3))) ELSE $3 END;
BEGIN
	RETURN QUERY
	WITH asked AS MATERIALIZED (
		SELECT k.balance_key_id, k.account_id, k.party_id, q.value_ids, q.weight
		  FROM erp_private.live_cut c
		 CROSS JOIN erp_private.combination_key($1, $4, $5) q
		 CROSS JOIN unnest(COALESCE(lines_of, ARRAY(SELECT a.account_id FROM erp.account a WHERE a.company_id = $1))) AS u (account_id)
		 CROSS JOIN LATERAL (
			SELECT t.balance_key_id, t.account_id, t.party_id FROM erp_private.balance_key t
			 WHERE t.company_id = $1 AND t.account_id = u.account_id AND t.dimension_set_id = q.set_id AND t.dimension_value_id = q.value_id
			   AND (t.party_id > 0) = $5
			OFFSET 0) k
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8
	), line AS MATERIALIZED (
		SELECT * FROM erp_private.unfolded_combination($1, lines_of, $4, $5)
	)
	SELECT s.day, s.account_id, s.party_id, s.value_ids, sum(s.debit), sum(s.credit)
	  FROM (
		SELECT d.day, k.account_id, k.party_id, k.value_ids, k.weight * f.company_debit AS debit, k.weight * f.company_credit AS credit
		  FROM asked k
		 CROSS JOIN (SELECT DISTINCT u.day FROM unnest($2) AS u (day)) d
		 CROSS JOIN LATERAL erp_private.folded_until($1, k.balance_key_id, d.day) f
		UNION ALL
		SELECT d.day, l.account_id, l.party_id, l.value_ids, l.debit, l.credit
		  FROM line l
		  JOIN (SELECT DISTINCT u.day FROM unnest($2) AS u (day)) d ON l.day <= d.day) s
	 GROUP BY s.day, s.account_id, s.party_id, s.value_ids;
END
$function$;
COMMENT ON FUNCTION erp_private.combined_balances(integer, date[], integer[], integer[], boolean) IS
	'Debits and credits of accounts and combinations of values of dimensions from the beginning up to the end of each day, in the company''s currency. accounts: null for all. Lines with none of the dimensions do not count. by_party: of each party too, on accounts that are kept by party, lines without a dimension with them; party_id is 0 else.';

CREATE FUNCTION erp_private.dimensions_named(company_id integer, codes text[]) RETURNS integer[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad text := (SELECT u.code FROM unnest(codes) AS u (code) WHERE NOT EXISTS (
		SELECT FROM erp.dimension d WHERE d.company_id = dimensions_named.company_id AND d.code = u.code) LIMIT 1);
BEGIN
	IF bad IS NOT NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no dimension "%s"', left(bad, 100)), 'dimensions', bad, 'erp.dimension lists them.');
	END IF;
	RETURN ARRAY(SELECT d.dimension_id FROM erp.dimension d WHERE d.company_id = dimensions_named.company_id AND d.code = ANY (codes));
END
$function$;
COMMENT ON FUNCTION erp_private.dimensions_named(integer, text[]) IS 'The dimensions of codes. Errors: LE012 for an unknown code.';

CREATE FUNCTION erp.balances_by_dimensions(company text, dimensions text[], first_day date, last_day date, accounts text[] DEFAULT NULL, by_party boolean DEFAULT false)
RETURNS TABLE (account_code text, account_name text, combination jsonb, opening numeric, debit numeric, credit numeric, closing numeric,
	year_debit numeric, year_credit numeric, party_code text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	books record;
	year_begin date;
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	IF books.company_id IS NULL OR NOT isfinite($3) OR NOT isfinite($4) OR $3 > $4 THEN
		RETURN;
	END IF;
	year_begin := erp_private.year_begin(books.company_id, $4);
	RETURN QUERY
	WITH known_sum AS (
		SELECT k.account_id, k.party_id, k.value_ids, sum(k.debit) FILTER (WHERE k.day = $3 - 1) AS old_debit, sum(k.credit) FILTER (WHERE k.day = $3 - 1) AS old_credit,
			sum(k.debit) FILTER (WHERE k.day = $4) AS new_debit, sum(k.credit) FILTER (WHERE k.day = $4) AS new_credit,
			sum(k.debit) FILTER (WHERE k.day = year_begin - 1) AS year_debit, sum(k.credit) FILTER (WHERE k.day = year_begin - 1) AS year_credit
		FROM erp_private.combined_balances(books.company_id, ARRAY[$3 - 1, $4, year_begin - 1],
			CASE WHEN $5 IS NOT NULL THEN erp_private.accounts_named(books.company_id, to_jsonb($5)) END, erp_private.dimensions_named(books.company_id, $2), $6) k
		GROUP BY k.account_id, k.party_id, k.value_ids
	)
	SELECT a.code, a.name, COALESCE(n.combination, '{}'), round(COALESCE(s.old_debit - s.old_credit, 0), books.decimals),
		round(s.new_debit - COALESCE(s.old_debit, 0), books.decimals), round(s.new_credit - COALESCE(s.old_credit, 0), books.decimals),
		round(s.new_debit - s.new_credit, books.decimals), round(s.new_debit - COALESCE(s.year_debit, 0), books.decimals),
		round(s.new_credit - COALESCE(s.year_credit, 0), books.decimals), NULLIF(p.code, '')
	FROM known_sum s
	JOIN erp.account a ON a.company_id = books.company_id AND a.account_id = s.account_id
	JOIN erp.party p ON p.company_id = books.company_id AND p.party_id = s.party_id
	CROSS JOIN LATERAL (SELECT jsonb_object_agg(d.code, v.code) AS combination, array_agg(d.code || ' ' || v.code ORDER BY d.code) AS codes
		FROM erp.dimension_value v JOIN erp.dimension d ON d.company_id = v.company_id AND d.dimension_id = v.dimension_id
		WHERE v.company_id = books.company_id AND v.dimension_value_id = ANY (s.value_ids)) n
	WHERE s.new_debit <> 0 OR s.new_credit <> 0 OR s.old_debit <> 0 OR s.old_credit <> 0
	ORDER BY a.code, p.code, n.codes NULLS FIRST;
END
$$;
COMMENT ON FUNCTION erp.balances_by_dimensions(text, text[], date, date, text[], boolean) IS
'Balances of each account and combination of the values of some dimensions (a department and a project), in the company''s currency, debit positive. company, dimensions: codes. first_day, last_day: posting days. accounts: as of erp.general_ledger(); null: all. by_party: of each party too, on the accounts that are kept by party (erp.balances_by_party()). combination: {dimension: value} of those that the lines have; lines with none of the dimensions do not count, unless by party. year_debit, year_credit: from the first day of the fiscal year up to last_day. Returns a row for each account, party and combination with lines up to last_day, by codes; none for an unknown company. Errors: LE012 for an unknown dimension. erp.balances_by_dimension() shows one dimension month by month.';

-- Quantities are not folded: what stood before is added up from the lines of the account.
CREATE FUNCTION erp_private.book_unit(company_id integer, lines_of integer[], unit text) RETURNS integer
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
DECLARE
	units integer[] := ARRAY(
		SELECT DISTINCT t.unit_id FROM unnest(lines_of) AS a (account_id)
		 CROSS JOIN LATERAL (SELECT l.unit_id FROM erp.voucher_line l WHERE l.company_id = $1 AND l.account_id = a.account_id AND l.unit_id <> 0 OFFSET 0) t);
BEGIN
	IF unit IS NOT NULL THEN
		RETURN (SELECT u.unit_id FROM erp.unit u WHERE u.code = unit);
	ELSIF cardinality(units) > 1 THEN
		PERFORM erp_private.refuse('LE011', 'the account has quantities in several units', 'filters.unit', NULL,
			'Name one of: ' || (SELECT string_agg(u.code, ', ' ORDER BY u.code) FROM erp.unit u WHERE u.unit_id = ANY (units)) || '.');
	END IF;
	RETURN units[1];
END
$function$;
COMMENT ON FUNCTION erp_private.book_unit(integer, integer[], text) IS
	'The unit of a code, or the only one that lines of the accounts have quantities in; null without any. Errors: LE011 where there are several.';

CREATE FUNCTION erp.quantity_ledger(company text, account text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (entry text, day date, voucher_id bigint, line_no integer, voucher_word text, voucher_number text, document_kind text, document_key text,
	summary text, unit text, debit_quantity numeric, debit_price numeric, debit numeric, credit_quantity numeric, credit_price numeric, credit numeric,
	balance_quantity numeric, balance_price numeric, balance numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	asked record;
	accounts integer[];
	book_unit integer;
	opening numeric;
BEGIN
	SELECT * INTO asked FROM erp_private.book_filter($1, $5, '{"unit": "code"}');
	IF asked.company_id IS NULL THEN
		RETURN;
	END IF;
	accounts := erp_private.accounts_named(asked.company_id, jsonb_build_array($2));
	book_unit := erp_private.book_unit(asked.company_id, accounts, $5 ->> 'unit');
	opening := (SELECT COALESCE(sum(l.quantity), 0)
		FROM erp_private.book_lines(asked.company_id, accounts, '-infinity', $3 - 1, asked.party_id, asked.sets, asked.currency_id, NULL, NULL) l WHERE l.unit_id = book_unit);
	RETURN QUERY
	SELECT r.entry, r.day, r.voucher_id, r.line_no, r.voucher_word, r.voucher_number, r.document_kind, r.document_key, r.summary,
		(SELECT u.code FROM erp.unit u WHERE u.unit_id = book_unit),
		r.debit_quantity, round(r.debit / NULLIF(r.debit_quantity, 0), 8), r.debit, r.credit_quantity, round(r.credit / NULLIF(r.credit_quantity, 0), 8), r.credit,
		r.quantity, round(r.balance / NULLIF(r.quantity, 0), 8), r.balance
	FROM (
		SELECT b.*, CASE WHEN b.debit <> 0 AND b.unit_id = book_unit THEN b.quantity END AS debit_quantity,
			CASE WHEN b.credit <> 0 AND b.unit_id = book_unit THEN -b.quantity END AS credit_quantity,
			opening + COALESCE(sum(b.quantity) FILTER (WHERE b.unit_id = book_unit) OVER (ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no), 0) AS quantity_after
		FROM erp_private.account_book($1, $2, $3, $4, $5, '{"unit": "code"}') b) AS r (entry, day, voucher_id, line_no, voucher_word, voucher_number, document_kind,
			document_key, account_id, account_code, counter_accounts, party_code, dimension_set_id, summary, debit, credit, balance, currency, currency_debit,
			currency_credit, currency_balance, unit_id, line_quantity, debit_quantity, credit_quantity, quantity)
	ORDER BY r.entry DESC, r.day, r.voucher_id, r.line_no;
END
$$;
COMMENT ON FUNCTION erp.quantity_ledger(text, text, date, date, jsonb) IS
'Quantity-and-amount ledger of an account: as erp.subsidiary_ledger(), with quantity and price of what comes in (debit), goes out (credit) and is left. filters: as there but limit and after, and {"unit"? (default the only one that the account has quantities in)}. Prices: amount / quantity, 8 decimals, null without a quantity; lines without a quantity, or in another unit, move the amount alone. Of goods by item: erp.quantity_ledger_of_item(). Returns none for an unknown company or account. Errors: LE011 for an account of several units, and LE011, LE012 for filters.';

CREATE FUNCTION erp.expense_detail(company text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (account_code text, account_name text, month text, amount numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	named jsonb := CASE WHEN $4 ? 'accounts' THEN $4 ELSE COALESCE($4, '{}') || jsonb_build_object('accounts', COALESCE((
		SELECT jsonb_agg(a.code) FROM erp_private.company_money c JOIN erp.account a ON a.company_id = c.company_id
		WHERE c.company = $1 AND a.class IN ('expense', 'cost')), '[]')) END;
	asked record;
BEGIN
	SELECT * INTO asked FROM erp_private.book_filter($1, named);
	IF asked.company_id IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT s.account_code, s.account_name, s.month, s.debit - s.credit - round(COALESCE(t.amount, 0), asked.decimals)
	FROM erp_private.book_sums($1, $2, $3, named, true) s
	LEFT JOIN (
		SELECT v.shown_id, to_char(l.day, 'YYYY-MM') AS month, sum(l.debit - l.credit) AS amount
		FROM erp_private.closing_lines(asked.company_id, asked.accounts, $2 - 1, $3, NULL) l
		JOIN erp_private.account_at_level(asked.company_id, asked.level) v ON v.account_id = l.account_id
		WHERE asked.party_id IN (0, l.party_id) AND (asked.sets IS NULL OR l.dimension_set_id = ANY (asked.sets))
			AND asked.currency_id IN (0, (SELECT c.currency_id FROM erp_private.company_money c WHERE c.company = $1))
		GROUP BY 1, 2) t ON t.shown_id = s.account_id AND t.month = s.month
	ORDER BY s.account_code, s.month;
END
$$;
COMMENT ON FUNCTION erp.expense_detail(text, date, date, jsonb) IS
'What each account of expense cost month by month, debits less credits, in the company''s currency, without the vouchers that transfer results: a month looks the same before and after its close. company: code. first_day, last_day: posting days; the first and the last month count from and up to them. filters: as of erp.general_ledger(); without accounts, those of class expense and cost. Returns a row for each account and month with a line by then; none for an unknown company. Errors: LE011, LE012 for filters.';
