-- ledger: rows of the printed books that list accounts, and the calls that print books and vouchers.

CREATE FUNCTION erp_private.general_ledger_table(company text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
	SELECT erp_private.book_columns('{account,name,period,summary}' || CASE WHEN $4 #> '{filters,currency}' IS NOT NULL THEN '{#currency_debit,#currency_credit,#currency_balance}'::text[] ELSE '{}' END
		|| '{#debit,#credit,>side,=balance}'::text[], erp_private.currency_words($5, $4 #>> '{filters,currency}'), $6), COALESCE((
		SELECT jsonb_agg(r.cells ORDER BY g.account_code, g.month, r.rank)
		  FROM (SELECT t.*, row_number() OVER (PARTITION BY t.account_code ORDER BY t.month) AS n FROM erp.general_ledger($1, $2, $3, $4 -> 'filters') t) g
		 CROSS JOIN LATERAL (
			SELECT 0 AS rank, jsonb_build_object('account', g.account_code, 'name', g.account_name, 'period', g.month, 'summary', $5 ->> 'opening', 'currency_balance', g.currency_opening)
				|| erp_private.printed_balance(g.opening, $5) AS cells WHERE g.n = 1
			UNION ALL
			SELECT 1, jsonb_build_object('account', g.account_code, 'name', g.account_name, 'period', g.month, 'summary', $5 ->> 'month_total', 'debit', g.debit, 'credit', g.credit,
				'currency_debit', g.currency_debit, 'currency_credit', g.currency_credit, 'currency_balance', g.currency_closing)
				|| erp_private.printed_balance(g.closing, $5)
			UNION ALL
			SELECT 2, jsonb_build_object('account', g.account_code, 'name', g.account_name, 'period', g.month, 'summary', $5 ->> 'year_total', 'debit', g.year_debit,
				'credit', g.year_credit, '_style', 'total') || erp_private.printed_balance(g.closing, $5)) r), '[]')
$function$;
COMMENT ON FUNCTION erp_private.general_ledger_table(text, date, date, jsonb, jsonb, integer) IS 'Columns and rows of a printed general ledger: the balance before, and for each month its totals and those of the year.';

CREATE FUNCTION erp_private.account_table(company text, book text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
	WITH line AS MATERIALIZED (
		SELECT t.account_code, t.account_name, ARRAY[t.opening_debit, t.opening_credit, t.debit, t.credit, t.year_debit, t.year_credit, t.closing_debit, t.closing_credit]
			|| CASE WHEN t.currency IS NOT NULL THEN ARRAY[t.currency_opening, t.currency_debit, t.currency_credit, t.currency_closing] ELSE '{}' END AS amounts
		  FROM erp.trial_balance_with_year($1, $3, $4, $5 -> 'filters') t WHERE $2 = 'trial_balance'
		UNION ALL
		SELECT t.account_code, t.account_name, ARRAY[t.debit, t.credit] FROM erp.voucher_summary($1, $3, $4, $5 -> 'filters') t WHERE $2 = 'voucher_summary'
	), title AS (
		SELECT CASE $2 WHEN 'trial_balance' THEN '{opening_debit,opening_credit,period_debit,period_credit,year_debit,year_credit,closing_debit,closing_credit}'::text[]
				|| CASE WHEN $5 #> '{filters,currency}' IS NOT NULL THEN '{currency_opening,currency_debit,currency_credit,currency_closing}'::text[] ELSE '{}' END
			ELSE '{debit,credit}' END AS names
	), shown AS (
		SELECT 0 AS rank, l.account_code AS account, jsonb_build_object('account', l.account_code, 'name', l.account_name) AS cells, l.amounts FROM line l
		UNION ALL
		SELECT 1, '', jsonb_build_object('account', $6 ->> 'total', '_style', 'total'),
		       ARRAY(SELECT sum(l.amounts[g.n]) FROM line l CROSS JOIN generate_subscripts(t.names, 1) AS g (n) GROUP BY g.n ORDER BY g.n)
		  FROM title t
	)
	SELECT erp_private.book_columns(ARRAY['account', 'name'] || ARRAY(SELECT '+' || n.name FROM unnest(t.names) WITH ORDINALITY AS n (name, k) ORDER BY n.k), erp_private.currency_words($6, $5 #>> '{filters,currency}'), $7),
		(SELECT jsonb_agg(s.cells || COALESCE((SELECT jsonb_object_agg(t.names[a.n], a.amount) FROM unnest(s.amounts) WITH ORDINALITY AS a (amount, n)), '{}')
			ORDER BY s.rank, s.account) FROM shown s)
	  FROM title t
$function$;
COMMENT ON FUNCTION erp_private.account_table(text, text, date, date, jsonb, jsonb, integer) IS 'Columns and rows of a printed trial balance or voucher summary, with their totals.';

-- What is told apart (a combination of dimensions, a month) is the columns; how many there are is known by the rows.
CREATE FUNCTION erp_private.analysis_table(company text, book text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	dimensions text[] := ARRAY(SELECT d.code FROM jsonb_array_elements_text(COALESCE($5 -> 'dimensions', '[]')) WITH ORDINALITY AS d (code, n) ORDER BY d.n);
	parties boolean := COALESCE(($5 ->> 'by_party')::boolean, false);
BEGIN
	IF $2 = 'balances_by_dimensions' THEN
		RETURN QUERY
		SELECT erp_private.book_columns('{account,name}' || CASE WHEN parties THEN '{party}'::text[] ELSE '{}' END || dimensions || '{+opening,+debit,+credit,+closing,+year_debit,+year_credit}', $6, $7),
			COALESCE(jsonb_agg(b.combination || jsonb_build_object('account', b.account_code, 'name', b.account_name, 'party', b.party_code, 'opening', b.opening, 'debit', b.debit, 'credit', b.credit,
				'closing', b.closing, 'year_debit', b.year_debit, 'year_credit', b.year_credit) ORDER BY b.account_code, b.n), '[]')
		FROM erp.balances_by_dimensions($1, dimensions, $3, $4, (SELECT array_agg(a.code) FROM jsonb_array_elements_text($5 #> '{filters,accounts}') AS a (code)), parties)
			WITH ORDINALITY AS b (account_code, account_name, combination, opening, debit, credit, closing, year_debit, year_credit, party_code, n);
		RETURN;
	END IF;
	RETURN QUERY
	WITH cost AS MATERIALIZED (
		SELECT * FROM erp.expense_detail($1, $3, $4, $5 -> 'filters')
	), per_account AS (
		SELECT 0 AS rank, c.account_code, c.account_name, jsonb_object_agg(c.month, c.amount) AS months, sum(c.amount) AS total FROM cost c GROUP BY 2, 3
		UNION ALL
		SELECT 1, $6 ->> 'total', NULL, jsonb_object_agg(m.month, m.amount), sum(m.amount)
		FROM (SELECT c.month, sum(c.amount) AS amount FROM cost c GROUP BY 1) m HAVING count(*) > 0
	)
	SELECT erp_private.book_columns('{account,name}' || ARRAY(SELECT DISTINCT '+' || c.month FROM cost c ORDER BY 1) || '{+total}'::text[], $6, $7), COALESCE((
		SELECT jsonb_agg(p.months || jsonb_build_object('account', p.account_code, 'name', p.account_name, 'total', p.total)
			|| CASE p.rank WHEN 1 THEN '{"_style": "total"}' ELSE '{}' END::jsonb ORDER BY p.rank, p.account_code) FROM per_account p), '[]');
END
$function$;
COMMENT ON FUNCTION erp_private.analysis_table(text, text, date, date, jsonb, jsonb, integer) IS 'Columns and rows of printed balances by combination of dimensions, or of expenses by month.';

CREATE FUNCTION erp_private.quantity_table(company text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
	SELECT erp_private.book_columns('{day,number,summary,unit,%debit_quantity,%debit_price,+debit,%credit_quantity,%credit_price,+credit,%balance_quantity,%balance_price,=balance}',
		$5 || (SELECT jsonb_object_agg(s.side || '_' || w.word, ($5 ->> s.side) || CASE WHEN $5 ->> 'total' = 'Total' THEN ' ' ELSE '' END || ($5 ->> w.word))
			FROM (VALUES ('debit'), ('credit'), ('balance')) AS s (side) CROSS JOIN (VALUES ('quantity'), ('price')) AS w (word)), $6), COALESCE((
		SELECT jsonb_agg(jsonb_build_object('day', b.day, 'number', erp_private.printed_number(b.voucher_word, b.voucher_number), 'unit', b.unit,
			'summary', CASE b.entry WHEN 'line' THEN b.summary ELSE $5 ->> 'opening' END, 'debit_quantity', trim_scale(b.debit_quantity), 'debit_price', trim_scale(b.debit_price),
			'debit', b.debit, 'credit_quantity', trim_scale(b.credit_quantity), 'credit_price', trim_scale(b.credit_price), 'credit', b.credit,
			'balance_quantity', trim_scale(b.balance_quantity), 'balance_price', trim_scale(b.balance_price), 'balance', b.balance)
			ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no)
		FROM erp.quantity_ledger($1, $4 ->> 'account', $2, $3, $4 -> 'filters') b), '[]')
$function$;
COMMENT ON FUNCTION erp_private.quantity_table(text, date, date, jsonb, jsonb, integer) IS 'Columns and rows of a printed quantity-and-amount ledger.';

CREATE FUNCTION erp_private.book_table(company text, book text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF $2 = 'general_ledger' THEN
		RETURN QUERY SELECT t.* FROM erp_private.general_ledger_table($1, $3, $4, $5, $6, $7) t;
	ELSIF $2 IN ('subsidiary_ledger', 'money_journal') THEN
		RETURN QUERY SELECT t.* FROM erp_private.ledger_table($1, $2, $3, $4, $5, $6, $7) t;
	ELSIF $2 = 'multi_column_ledger' THEN
		RETURN QUERY SELECT t.* FROM erp_private.multi_column_table($1, $3, $4, $5, $6, $7) t;
	ELSIF $2 IN ('trial_balance', 'voucher_summary') THEN
		RETURN QUERY SELECT t.* FROM erp_private.account_table($1, $2, $3, $4, $5, $6, $7) t;
	ELSIF $2 = 'quantity_ledger' THEN
		RETURN QUERY SELECT t.* FROM erp_private.quantity_table($1, $3, $4, $5, $6, $7) t;
	ELSE
		RETURN QUERY SELECT t.* FROM erp_private.analysis_table($1, $2, $3, $4, $5, $6, $7) t;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.book_table(text, text, date, date, jsonb, jsonb, integer) IS 'Columns and rows, as erp.print_table() has them, of a book.';

CREATE FUNCTION erp_private.print_layout(words jsonb, options jsonb, label_column text, title text, heading text[], footing text[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT jsonb_build_object('title', title, 'heading', to_jsonb(heading), 'footing', to_jsonb(footing), 'label_column', label_column,
		'carried_forward', words -> 'carried_forward', 'brought_forward', words -> 'brought_forward', 'page_title', words -> 'page_title')
		|| CASE WHEN options ? 'page_lines' THEN jsonb_build_object('page_lines', options -> 'page_lines') ELSE '{}' END
$function$;
COMMENT ON FUNCTION erp_private.print_layout(jsonb, jsonb, text, text, text[], text[]) IS 'The layout of erp.print_table() for a book or a voucher.';

CREATE FUNCTION erp_private.print_language(options jsonb, currency text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT COALESCE(options ->> 'language', CASE currency WHEN 'CNY' THEN 'zh' ELSE 'en' END)
$function$;
COMMENT ON FUNCTION erp_private.print_language(jsonb, text) IS 'The language of what is printed: the option''s, else zh for books in renminbi and en for others.';

CREATE FUNCTION erp.print_book(company text, book text, first_day date, last_day date, options jsonb DEFAULT '{}', form text DEFAULT 'text')
	RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	books record;
	named text := $5 ->> 'account';
	words jsonb;
BEGIN
	PERFORM erp_private.check_object(jsonb_build_object('book', $2) || $5, '{"book": "code!", "account": "code", "filters": "object", "language": "code", "page_lines": "integer",
		"carry": "code", "columns": "code", "dimensions": "list", "by_party": "boolean"}');
	PERFORM erp_private.check_choice(jsonb_build_array(jsonb_build_object('book', $2) || $5), 'options', v.field, v.choices)
	   FROM (VALUES ('book', ARRAY['general_ledger', 'subsidiary_ledger', 'money_journal', 'multi_column_ledger', 'trial_balance', 'voucher_summary', 'balances_by_dimensions',
			'expense_detail', 'quantity_ledger']), ('language', ARRAY['zh', 'en']), ('carry', ARRAY['month', 'year'])) AS v (field, choices);
	IF named IS NULL AND $2 IN ('subsidiary_ledger', 'money_journal', 'multi_column_ledger', 'quantity_ledger') THEN
		PERFORM erp_private.refuse('LE011', 'the book is of one account', 'options.account', NULL, 'Name it: {"account": "1001"}.');
	END IF;
	SELECT c.*, a.name AS title INTO books FROM erp_private.company_money c
	  LEFT JOIN erp.account a ON a.company_id = c.company_id AND a.code = named
	 WHERE c.company = $1;
	IF books.company_id IS NULL OR NOT isfinite($3) OR NOT isfinite($4) THEN
		RETURN;
	END IF;
	words := erp_private.book_words(erp_private.print_language($5, books.currency));
	RETURN QUERY
	SELECT p.* FROM erp_private.book_table($1, $2, $3, $4, $5, words, books.decimals) t
	 CROSS JOIN LATERAL erp.print_table(t.columns, t.rows, $6, erp_private.print_layout(words, $5,
		CASE WHEN $2 IN ('trial_balance', 'voucher_summary', 'balances_by_dimensions', 'expense_detail') THEN 'account' ELSE 'summary' END, concat_ws(' ', named, books.title, words ->> $2),
		ARRAY[format('%s: %s  %s: %s - %s  %s: %s', words ->> 'company', (SELECT c.name FROM erp.company c WHERE c.company_id = books.company_id), words ->> 'period', to_char($3, 'YYYY-MM-DD'),
			to_char($4, 'YYYY-MM-DD'),
			words ->> 'currency', books.currency)], '{}')) p
	 ORDER BY p.page, p.line;
END
$function$;
COMMENT ON FUNCTION erp.print_book(text, text, date, date, jsonb, text) IS
'Prints a book. company: code. book: general_ledger, subsidiary_ledger, money_journal, multi_column_ledger, trial_balance (with the year), voucher_summary, balances_by_dimensions, expense_detail or quantity_ledger: what the function of that name says. first_day, last_day: posting days; a subsidiary ledger and a journal begin on the first of a month. options: {"account"? (of the books of one account), "filters"? (as the book has them), "language"? (zh or en; default zh for books in renminbi, else en), "page_lines"? (rows a page; default all on one), "carry"? (what pages of a subsidiary ledger or a journal carry: sums of the "month", the default, or of the "year", both up to the end of the page, and the balance), "columns"? (of a multi-column ledger), "dimensions"?, "by_party"? (of balances by dimensions)}. form: text, html or csv. Returns the lines of each page; none for an unknown company. Errors: LE011, LE012, LE361.';
