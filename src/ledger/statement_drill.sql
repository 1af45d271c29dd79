-- ledger: from a cell of a statement to the voucher lines that add up to it.

-- A line by formula is made of those that it adds up, each so often.
CREATE FUNCTION erp_private.drilled_terms(owner integer, template text, line_no integer) RETURNS TABLE (term jsonb, weight numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	given integer[];
	formulas text[];
	results integer[];
	weights numeric[];
	place integer;
BEGIN
	SELECT array_agg(l.line_no ORDER BY l.line_no) FILTER (WHERE l.formula = ''), COALESCE(array_agg(l.line_no ORDER BY l.place) FILTER (WHERE l.formula <> ''), '{}'),
	       COALESCE(array_agg(l.formula ORDER BY l.place) FILTER (WHERE l.formula <> ''), '{}')
	  INTO given, results, formulas
	  FROM erp.statement_line l WHERE l.company_id = $1 AND l.template = $2;
	IF $3 <> ALL (given || results) THEN
		PERFORM erp_private.refuse('LE012', format('form "%s" has no line %s', $2, $3), 'line_no', $3::text, 'erp.statement_line lists them.');
	END IF;
	place := array_position(results, $3);
	IF place IS NOT NULL THEN
		weights := (erp_private.formula_weights(ARRAY(SELECT 'L' || g.n FROM unnest(given) AS g (n)), formulas, ARRAY(SELECT 'L' || g.n FROM unnest(results) AS g (n))))
			[(place - 1) * cardinality(given) + 1 : place * cardinality(given)];
		IF array_position(weights, NULL) IS NOT NULL THEN
			PERFORM erp_private.refuse('LE340', format('line %s of form "%s" is no sum of voucher lines', $3, $2), 'line_no', formulas[place],
				'Ask for the lines that its formula names.');
		END IF;
	END IF;
	RETURN QUERY
	SELECT t.term, w.weight
	  FROM unnest(CASE WHEN place IS NULL THEN ARRAY[$3] ELSE given END, CASE WHEN place IS NULL THEN ARRAY[1.0] ELSE weights END) AS w (line_no, weight)
	  JOIN erp.statement_line l ON l.company_id = $1 AND l.template = $2 AND l.line_no = w.line_no
	 CROSS JOIN LATERAL jsonb_array_elements(l.terms) AS t (term)
	 WHERE w.weight <> 0;
END
$function$;
COMMENT ON FUNCTION erp_private.drilled_terms(integer, text, integer) IS
	'The balance terms that a line of a form adds up, its own or those of the lines that its formula names, each so often. Errors: LE012 for an unknown line; LE340 for a formula that is no sum of lines.';

-- What a column takes of the lines of an account: after a day and up to one, the debits and the credits so often; by party, of those whose side the term asks for.
CREATE FUNCTION erp_private.line_takes(company_id integer, cell_column jsonb, terms jsonb, weights numeric[])
RETURNS TABLE (account_id integer, term_no integer, part_no integer, after_day date, until_day date, debits numeric, credits numeric, by_party boolean,
	only_later boolean, without_closing boolean, quantity boolean)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT a.account_id, t.term_no, a.part_no, CASE WHEN t.measure IN ('opening', 'closing') THEN '-infinity' ELSE c.from_day END,
	       CASE t.measure WHEN 'opening' THEN c.from_day ELSE c.to_day END,
	       CASE WHEN t.measure = 'credit' THEN 0 ELSE t.sign * $4[t.term_no] END,
	       CASE t.measure WHEN 'debit' THEN 0 WHEN 'credit' THEN t.sign * $4[t.term_no] ELSE -t.sign * $4[t.term_no] END,
	       t.parties <> 'all' OR t.due <> 'all', t.due = 'over_year', t.without_closing AND t.measure IN ('debit', 'credit', 'net'), t.quantity
	  FROM erp_private.balance_term($3) t
	  JOIN erp_private.term_cells($1, jsonb_build_array($2), $3) c ON c.term_no = t.term_no
	  JOIN erp_private.term_accounts($1, $3) a ON a.term_no = t.term_no
$function$;
COMMENT ON FUNCTION erp_private.line_takes(integer, jsonb, jsonb, numeric[]) IS
	'How the voucher lines of each account count in a cell. weights: how often each term counts. only_later: not the lines themselves, but what is open of items that fall due later.';

-- Of items that fall due later no more counts than the party's balance: the earliest of them first.
CREATE FUNCTION erp_private.later_takes(company_id integer, cell_column jsonb, terms jsonb, weights numeric[], seal_position bigint)
RETURNS TABLE (account_id integer, voucher_id bigint, line_no integer, day date, amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH part AS MATERIALIZED (
		SELECT p.term_no, p.part_no, p.party_id, p.later * t.sign AS later, t.sign * CASE t.due WHEN 'over_year' THEN $4[t.term_no] ELSE -$4[t.term_no] END AS factor,
		       CASE t.measure WHEN 'opening' THEN c.from_day ELSE c.to_day END AS day, c.slice
		  FROM erp_private.sided_parts($1, jsonb_build_array($2), $3, $5) p
		  JOIN erp_private.balance_term($3) t ON t.term_no = p.term_no AND t.due <> 'all'
		  JOIN erp_private.term_cells($1, jsonb_build_array($2), $3) c ON c.term_no = t.term_no
		 WHERE p.later <> 0
	), item AS (
		SELECT p.*, a.account_id, i.voucher_id, i.line_no, i.amount,
		       sum(i.amount) OVER (PARTITION BY p.term_no, p.part_no, p.party_id ORDER BY i.voucher_id, i.line_no) AS total
		  FROM part p
		  JOIN erp_private.term_accounts($1, $3) a ON a.term_no = p.term_no AND a.part_no = p.part_no
		 CROSS JOIN LATERAL erp_private.later_item_lines($1, ARRAY[a.account_id], ARRAY[p.day], $5) i
		  JOIN erp.dimension_set s ON s.company_id = $1 AND s.dimension_set_id = i.dimension_set_id
		 CROSS JOIN LATERAL erp_private.slice($1, jsonb_build_array(p.slice)) k
		 WHERE i.party_id = p.party_id AND s.dimension_value_ids @> k.value_ids AND NOT s.dimension_value_ids && k.excluded_ids
	), capped AS (
		SELECT i.*, erp_private.clip(i.total, i.later) - erp_private.clip(i.total - i.amount, i.later) AS part FROM item i
	)
	SELECT c.account_id, c.voucher_id, c.line_no, l.day, sum(c.factor * c.part)
	  FROM capped c
	  JOIN erp.voucher_line l ON l.company_id = $1 AND l.voucher_id = c.voucher_id AND l.line_no = c.line_no
	 GROUP BY c.account_id, c.voucher_id, c.line_no, l.day
$function$;
COMMENT ON FUNCTION erp_private.later_takes(integer, jsonb, jsonb, numeric[], bigint) IS
	'What open items that fall due later than a year add to a cell, or take off one of what is due within the year.';

CREATE FUNCTION erp_private.drilled_lines(company_id integer, cell_column jsonb, terms jsonb, weights numeric[], seal_position bigint, page_size integer,
	after_day date, after_voucher bigint, after_line integer)
RETURNS TABLE (day date, voucher_id bigint, line_no integer, amount numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH take AS MATERIALIZED (
		SELECT k.*, c.slice FROM erp_private.line_takes($1, $2, $3, $4) k JOIN erp_private.term_cells($1, jsonb_build_array($2), $3) c ON c.term_no = k.term_no
	), party AS MATERIALIZED (
		SELECT p.term_no, p.part_no, p.party_id FROM erp_private.sided_parts($1, jsonb_build_array($2), $3, $5) p WHERE EXISTS (SELECT FROM take k WHERE k.by_party)
	), asked AS MATERIALIZED (
		SELECT k.account_id, min(k.after_day) AS after_day, max(k.until_day) AS until_day, bool_or(b.by_party) AS by_party
		  FROM take k JOIN erp_private.account_by_party b ON b.company_id = $1 AND b.account_id = k.account_id
		 WHERE NOT k.only_later GROUP BY k.account_id
	), sliced AS MATERIALIZED (
		SELECT k.slice, s.* FROM (SELECT DISTINCT t.slice FROM take t) k CROSS JOIN LATERAL erp_private.slice($1, jsonb_build_array(k.slice)) s
	), closing AS MATERIALIZED (
		SELECT d.document_id FROM erp_private.closing_documents($1, (SELECT max(k.until_day) FROM take k), $5) d WHERE EXISTS (SELECT FROM take k WHERE k.without_closing)
	), found AS (
		SELECT l.day, l.voucher_id, l.line_no, l.amount
		  FROM asked a
		 CROSS JOIN LATERAL (
			SELECT t.day, t.voucher_id, t.line_no, w.amount
			  FROM erp.voucher_line t
			 CROSS JOIN LATERAL (SELECT d.dimension_value_ids FROM erp.dimension_set d WHERE d.company_id = $1 AND d.dimension_set_id = t.dimension_set_id OFFSET 0) d
			 CROSS JOIN LATERAL (
				SELECT sum(CASE WHEN k.quantity THEN CASE t.side WHEN 'debit' THEN k.debits * t.quantity ELSE -k.credits * t.quantity END
				           ELSE CASE t.side WHEN 'debit' THEN k.debits ELSE k.credits END * t.company_amount END) AS amount
				  FROM take k JOIN sliced s ON s.slice = k.slice
				 WHERE k.account_id = a.account_id AND NOT k.only_later AND t.day > k.after_day AND t.day <= k.until_day
				   AND d.dimension_value_ids @> s.value_ids AND NOT d.dimension_value_ids && s.excluded_ids
				   AND (NOT k.by_party OR EXISTS (SELECT FROM party p WHERE p.term_no = k.term_no AND p.part_no = k.part_no
				                                     AND p.party_id = CASE WHEN a.by_party THEN t.party_id ELSE 0 END))
				   AND NOT (k.without_closing AND t.voucher_id IN (SELECT c.document_id FROM closing c))) w
			 WHERE t.company_id = $1 AND t.account_id = a.account_id AND t.day > a.after_day AND t.day <= a.until_day
			   AND (t.day, t.voucher_id, t.line_no) > ($7, $8, $9) AND w.amount <> 0
			   AND ($5 IS NULL OR EXISTS (SELECT FROM erp.seal s WHERE s.company_id = $1 AND s.document_id = t.voucher_id AND s.position <= $5 OFFSET 0))
			 ORDER BY t.day, t.voucher_id, t.line_no
			 LIMIT $6) l
		UNION ALL
		SELECT i.day, i.voucher_id, i.line_no, i.amount
		  FROM erp_private.later_takes($1, $2, $3, $4, $5) i
		 WHERE EXISTS (SELECT FROM party p) AND (i.day, i.voucher_id, i.line_no) > ($7, $8, $9)
	)
	SELECT f.day, f.voucher_id, f.line_no, sum(f.amount) FROM found f
	 GROUP BY f.day, f.voucher_id, f.line_no ORDER BY f.day, f.voucher_id, f.line_no LIMIT $6;
END
$function$;
COMMENT ON FUNCTION erp_private.drilled_lines(integer, jsonb, jsonb, numeric[], bigint, integer, date, bigint, integer) IS
	'A page of the voucher lines of a cell: a column (erp_private.term_cells()), terms and how often each counts; the first page_size after a line, in the order of day, voucher and line, with what each adds.';

CREATE FUNCTION erp.statement_drill(company text, template text, line_no integer, column_no integer DEFAULT 1, period text DEFAULT NULL, first_day date DEFAULT NULL, last_day date DEFAULT NULL,
	columns jsonb DEFAULT NULL, dimensions jsonb DEFAULT NULL, seal_position bigint DEFAULT NULL, page_size integer DEFAULT 100, after jsonb DEFAULT NULL)
RETURNS TABLE (day date, document_kind text, document_key text, account_code text, party_code text, debit numeric, credit numeric, amount numeric, summary text,
	voucher_id bigint, voucher_line_no integer, page_key jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	books record;
	form record;
	days record;
	cell_column jsonb;
	terms jsonb;
	weights numeric[];
BEGIN
	SELECT c.company_id, c.decimals, erp_private.statement_owner(c.company_id, $2) AS owner INTO books FROM erp_private.company_money c WHERE c.company = $1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	PERFORM erp_private.check_object(COALESCE($12, '{"day": "0001-01-01", "voucher": 0, "line": 0}'), '{"day": "day!", "voucher": "integer!", "line": "integer!"}');
	SELECT t.* INTO form FROM erp.statement_template t WHERE t.company_id = books.owner AND t.template = $2;
	SELECT * INTO days FROM erp_private.statement_days(books.company_id, $5, $6, $7);
	cell_column := erp_private.statement_columns(books.company_id, form.kind, form.language, days.from_day, days.to_day,
		COALESCE($8, CASE WHEN days.whole_year THEN form.year_columns ELSE form.columns END), $9) -> ($4 - 1);
	IF cell_column IS NULL OR $11 NOT BETWEEN 1 AND 10000 THEN
		PERFORM erp_private.refuse('LE011', 'a cell stands in a column of the statement, and a page has 1 to 10000 lines', 'column_no', $4::text, 'Ask for the columns of erp.statement() by their number.');
	END IF;
	SELECT jsonb_agg(t.term), array_agg(t.weight) INTO terms, weights FROM erp_private.drilled_terms(books.owner, $2, $3) t;
	RETURN QUERY
	SELECT f.day, d.kind, d.key, a.code, NULLIF(p.code, ''), round(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END, books.decimals),
	       round(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END, books.decimals), round(f.amount, books.decimals), COALESCE(NULLIF(l.summary, ''), v.summary),
	       f.voucher_id, f.line_no, jsonb_build_object('day', f.day, 'voucher', f.voucher_id, 'line', f.line_no)
	  FROM erp_private.drilled_lines(books.company_id, cell_column, COALESCE(terms, '[]'), weights, $10, $11,
		COALESCE(($12 ->> 'day')::date, '-infinity'), COALESCE(($12 ->> 'voucher')::bigint, 0), COALESCE(($12 ->> 'line')::integer, 0)) f
	 CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher_line t WHERE t.company_id = books.company_id AND t.voucher_id = f.voucher_id AND t.line_no = f.line_no OFFSET 0) l
	 CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher t WHERE t.company_id = books.company_id AND t.voucher_id = f.voucher_id OFFSET 0) v
	 CROSS JOIN LATERAL (SELECT t.* FROM erp.document t WHERE t.company_id = books.company_id AND t.document_id = v.document_id OFFSET 0) d
	 CROSS JOIN LATERAL (SELECT t.* FROM erp.account t WHERE t.company_id = books.company_id AND t.account_id = l.account_id OFFSET 0) a
	  LEFT JOIN LATERAL (SELECT t.* FROM erp.party t WHERE t.company_id = books.company_id AND t.party_id = l.party_id OFFSET 0) p ON true
	 ORDER BY f.day, f.voucher_id, f.line_no;
END
$function$;
COMMENT ON FUNCTION erp.statement_drill(text, text, integer, integer, text, date, date, jsonb, jsonb, bigint, integer, jsonb) IS
'The voucher lines that add up to a cell of a statement, a page at a time. line_no, column_no: the cell. page_size: how many lines, 1 to 10000. after: page_key of the last line of the page before; null: the first page. The others are those of erp.statement(). Returns a row a voucher line, by day, voucher and line: day, document, account, party, debit and credit in the company''s currency, and amount: what it adds to the cell. The amounts of all pages are the cell. An item that falls due later than a year adds what is open of it to the line of that, and takes it off the other. None for an unknown company. Errors: LE011, LE012, LE340 for a line whose formula is no sum of lines.';
