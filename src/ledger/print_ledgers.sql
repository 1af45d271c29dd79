-- ledger: rows of the printed books that list lines: subsidiary ledgers, journals, multi-column ledgers, with totals of days, months and the year.

-- What the year brought before the first day, for the cumulative totals.
CREATE FUNCTION erp_private.year_before(company text, account text, first_day date, filters jsonb) RETURNS TABLE (debit numeric, credit numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(sum(s.year_debit), 0), COALESCE(sum(s.year_credit), 0)
	  FROM erp_private.company_money c
	 CROSS JOIN LATERAL (SELECT erp_private.year_begin(c.company_id, $3) AS year_begin OFFSET 0) y
	 CROSS JOIN LATERAL erp_private.book_sums($1, y.year_begin, $3 - 1, COALESCE($4, '{}') || jsonb_build_object('accounts', jsonb_build_array($2)), false) s
	 WHERE c.company = $1
$function$;
COMMENT ON FUNCTION erp_private.year_before(text, text, date, jsonb) IS 'Debits and credits of an account, with all below it, from the first day of the fiscal year up to the day before another.';

CREATE FUNCTION erp_private.printed_lines(company text, account text, first_day date, last_day date, filters jsonb, more jsonb)
	RETURNS TABLE (place bigint, entry text, day date, month text, year_begin date, number text, summary text, counter text, party text, account_id integer,
		dimension_set_id integer, debit numeric, credit numeric, balance numeric, currency_debit numeric, currency_credit numeric, currency_balance numeric,
		unit_id integer, quantity numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT row_number() OVER (ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no), b.entry, b.day, to_char(b.day, 'YYYY-MM'), m.year_begin,
		erp_private.printed_number(b.voucher_word, b.voucher_number), b.summary, b.counter_accounts, b.party_code, b.account_id, b.dimension_set_id, b.debit, b.credit,
		b.balance, b.currency_debit, b.currency_credit, b.currency_balance, b.unit_id, b.quantity
	  FROM erp_private.account_book($1, $2, $3, $4, $5, $6) b
	  JOIN erp_private.company_money c ON c.company = $1
	  JOIN erp_private.book_span(c.company_id, $3, $4, true) m ON b.day BETWEEN m.first_day AND m.last_day
$function$;
COMMENT ON FUNCTION erp_private.printed_lines(text, text, date, date, jsonb, jsonb) IS 'Lines of an account as erp_private.account_book() has them, numbered, with the fiscal year of each.';

CREATE FUNCTION erp_private.printed_balance(balance numeric, words jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT jsonb_build_object('side', $2 ->> ('on_' || erp_private.balance_side($1)), 'balance', abs($1))
$function$;
COMMENT ON FUNCTION erp_private.printed_balance(numeric, jsonb) IS 'A balance, debit positive, as books print it: the side and the amount on it.';

-- place and rank order the rows: lines, then the totals of their day, their month and their year.
CREATE FUNCTION erp_private.ledger_rows(company text, book text, account text, first_day date, last_day date, options jsonb, words jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	filters jsonb := COALESCE($6 -> 'filters', '{}');
	before record;
	rows jsonb;
BEGIN
	SELECT * INTO before FROM erp_private.year_before($1, $3, $4, filters);
	WITH line AS MATERIALIZED (
		SELECT * FROM erp_private.printed_lines($1, $3, $4, $5, filters, '{}')
	), last_place AS (
		SELECT l.month, l.year_begin, max(l.place) AS place, sum(l.debit) AS debit, sum(l.credit) AS credit FROM line l WHERE l.entry = 'line' GROUP BY l.month, l.year_begin
	), shown AS (
		SELECT l.place, 0 AS rank, l.balance, jsonb_build_object('day', l.day, 'number', l.number, 'counter', l.counter, 'party', l.party,
				'summary', CASE l.entry WHEN 'line' THEN l.summary ELSE words ->> CASE WHEN l.day = l.year_begin THEN 'carried_year' ELSE 'opening' END END,
				'debit', l.debit, 'credit', l.credit, 'currency_debit', l.currency_debit, 'currency_credit', l.currency_credit, 'currency_balance', l.currency_balance)
			|| CASE WHEN l.entry = 'opening' AND $6 ->> 'carry' = 'year' THEN jsonb_build_object('_start', jsonb_build_object('debit', before.debit, 'credit', before.credit))
				WHEN l.entry = 'line' AND lag(CASE $6 ->> 'carry' WHEN 'year' THEN l.year_begin::text ELSE l.month END) OVER (ORDER BY l.place)
					IS DISTINCT FROM CASE $6 ->> 'carry' WHEN 'year' THEN l.year_begin::text ELSE l.month END THEN '{"_start": {}}' ELSE '{}' END AS cells
		FROM line l
		UNION ALL
		SELECT max(l.place), 1, NULL, jsonb_build_object('day', l.day, 'summary', words ->> 'day_total', 'debit', sum(l.debit), 'credit', sum(l.credit), '_style', 'total')
		FROM line l
		WHERE l.entry = 'line' AND $2 = 'money_journal'
		GROUP BY l.day
		UNION ALL
		SELECT m.place, 2, NULL, jsonb_build_object('summary', words ->> 'month_total', 'debit', m.debit, 'credit', m.credit, '_style', 'total') FROM last_place m
		UNION ALL
		SELECT m.place, 3, NULL, jsonb_build_object('summary', words ->> 'year_total', '_style', 'total',
			'debit', CASE WHEN m.year_begin <= $4 THEN before.debit ELSE 0 END + sum(m.debit) OVER so_far,
			'credit', CASE WHEN m.year_begin <= $4 THEN before.credit ELSE 0 END + sum(m.credit) OVER so_far)
		FROM last_place m
		WINDOW so_far AS (PARTITION BY m.year_begin ORDER BY m.month)
	)
	SELECT jsonb_agg(s.cells || erp_private.printed_balance(l.balance, words) ORDER BY s.place, s.rank) INTO rows
	  FROM shown s JOIN line l ON l.place = s.place;
	RETURN COALESCE(rows, '[]');
END
$function$;
COMMENT ON FUNCTION erp_private.ledger_rows(text, text, text, date, date, jsonb, jsonb) IS
	'Rows of a printed subsidiary ledger, or a journal (book money_journal) with totals of days; with totals of each month and of the year up to it.';

CREATE FUNCTION erp_private.ledger_table(company text, book text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	names text[] := '{day,number,summary}' || CASE $2 WHEN 'money_journal' THEN '{counter}'::text[] ELSE '{party}' END;
	titles jsonb := $6 || CASE $2 WHEN 'money_journal' THEN jsonb_build_object('debit', $6 ->> 'receipt', 'credit', $6 ->> 'payment') ELSE '{}' END;
	money text := $5 #>> '{filters,currency}';
BEGIN
	IF $2 = 'money_journal' THEN
		PERFORM FROM erp.money_journal($1, $5 ->> 'account', $3, $3 - 1, $5 -> 'filters');
	END IF;
	IF money IS NOT NULL THEN
		names := names || '{+currency_debit,+currency_credit,=currency_balance}';
		titles := erp_private.currency_words(titles, money);
	END IF;
	RETURN QUERY SELECT erp_private.book_columns(names || '{+debit,+credit,>side,=balance}', titles, $7),
		erp_private.ledger_rows($1, $2, $5 ->> 'account', date_trunc('month', $3)::date, $4, $5, $6);
END
$function$;
COMMENT ON FUNCTION erp_private.ledger_table(text, text, date, date, jsonb, jsonb, integer) IS 'Columns and rows of a printed subsidiary ledger or journal; it begins on the first of a month.';

CREATE FUNCTION erp_private.multi_column_table(company text, first_day date, last_day date, options jsonb, words jsonb, decimals integer)
	RETURNS TABLE (columns jsonb, rows jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH line AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no) AS place, b.*
		FROM erp.multi_column_ledger($1, $4 ->> 'account', $2, $3, COALESCE($4 -> 'filters', '{}') || CASE WHEN $4 ? 'columns' THEN jsonb_build_object('columns', $4 -> 'columns') ELSE '{}' END) b
	), analysed AS (
		SELECT array_agg('+/' || k.column_code ORDER BY k.column_side DESC, k.column_code) AS names,
			jsonb_object_agg('/' || k.column_code, concat_ws(' ', $5 ->> ('on_' || k.column_side), k.column_name)) AS titles
		FROM (SELECT DISTINCT l.column_code, l.column_name, l.column_side FROM line l WHERE l.column_code <> '') k
	), shown AS (
		SELECT l.place, 0 AS rank, jsonb_build_object('day', l.day, 'number', erp_private.printed_number(l.voucher_word, l.voucher_number),
			'summary', CASE l.entry WHEN 'line' THEN l.summary ELSE $5 ->> 'opening' END, 'debit', l.debit, 'credit', l.credit)
			|| erp_private.printed_balance(l.balance, $5) || CASE WHEN l.column_code <> '' THEN jsonb_build_object('/' || l.column_code, l.column_amount) ELSE '{}' END AS cells
		FROM line l
		UNION ALL
		SELECT max(t.place), 1, jsonb_build_object('summary', $5 ->> 'total', '_style', 'total', 'debit', sum(t.debit), 'credit', sum(t.credit))
			|| COALESCE((SELECT jsonb_object_agg('/' || k.column_code, k.amount) FROM (SELECT l.column_code, sum(l.column_amount) AS amount FROM line l WHERE l.column_code <> '' GROUP BY 1) k), '{}')
		FROM line t HAVING count(*) > 0
	)
	SELECT erp_private.book_columns('{day,number,summary,+debit,+credit,>side,=balance}' || a.names, $5 || COALESCE(a.titles, '{}'), $6),
		COALESCE((SELECT jsonb_agg(s.cells ORDER BY s.place, s.rank) FROM shown s), '[]')
	FROM analysed a;
END
$function$;
COMMENT ON FUNCTION erp_private.multi_column_table(text, date, date, jsonb, jsonb, integer) IS 'Columns and rows of a printed multi-column ledger, debit columns first.';
