-- ledger: the books that are read account by account. They read what is folded with the rights of erp_owner (grants.sql).

CREATE FUNCTION erp.general_ledger(company text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (account_code text, account_name text, month text, opening numeric, debit numeric, credit numeric, closing numeric, side text,
	year_debit numeric, year_credit numeric, currency text, currency_opening numeric, currency_debit numeric, currency_credit numeric, currency_closing numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT s.account_code, s.account_name, s.month, s.opening, s.debit, s.credit, s.closing, erp_private.balance_side(s.closing), s.year_debit, s.year_credit,
		s.currency, s.currency_opening, s.currency_debit, s.currency_credit, s.currency_closing
	FROM erp_private.book_sums($1, $2, $3, $4, true) s
	ORDER BY s.account_code, s.month
$$;
COMMENT ON FUNCTION erp.general_ledger(text, date, date, jsonb) IS
'General ledger: each account month by month, in the company''s currency, balances debit positive. company: code. first_day, last_day: posting days; the first and the last month count from and up to them. filters: {"accounts"? (["1001" (with all below it), "1403..1411", "1122*"]; default all), "party"?, "dimensions"? ({dimension: value}), "currency"? (lines in it only; then currency_* are amounts in it, else null), "level"? (accounts come together in those of this level of the chart, 1 the topmost)}. side: where closing stands, debit, credit or none. year_debit, year_credit: from the first day of the fiscal year up to the end of the month. Returns a row for each account and month with a line by then; none for an unknown company. Errors: LE011, LE012 for filters.';

CREATE FUNCTION erp.trial_balance_with_year(company text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (account_code text, account_name text, opening_debit numeric, opening_credit numeric, debit numeric, credit numeric,
	year_debit numeric, year_credit numeric, closing_debit numeric, closing_credit numeric, currency text, currency_opening numeric,
	currency_debit numeric, currency_credit numeric, currency_closing numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT s.account_code, s.account_name, GREATEST(s.opening, s.opening - s.opening), GREATEST(-s.opening, s.opening - s.opening), s.debit, s.credit,
		s.year_debit, s.year_credit, GREATEST(s.closing, s.closing - s.closing), GREATEST(-s.closing, s.closing - s.closing), s.currency, s.currency_opening,
		s.currency_debit, s.currency_credit, s.currency_closing
	FROM erp_private.book_sums($1, $2, $3, $4, false) s
	ORDER BY s.account_code
$$;
COMMENT ON FUNCTION erp.trial_balance_with_year(text, date, date, jsonb) IS
'Trial balance of some or all accounts with what the fiscal year has brought up to last_day, in the company''s currency, each balance on the side where it stands. company, first_day, last_day, filters: as of erp.general_ledger(). currency_opening, currency_closing: debit positive. Returns a row for each account with a line up to last_day, by code; none for an unknown company. Errors: LE011, LE012 for filters.';

CREATE FUNCTION erp.subsidiary_ledger(company text, account text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (entry text, day date, voucher_id bigint, line_no integer, voucher_word text, voucher_number text, document_kind text, document_key text,
	account_code text, counter_accounts text, party_code text, summary text, debit numeric, credit numeric, side text, balance numeric, currency text,
	currency_debit numeric, currency_credit numeric, currency_balance numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT b.entry, b.day, b.voucher_id, b.line_no, b.voucher_word, b.voucher_number, b.document_kind, b.document_key, b.account_code, b.counter_accounts,
		b.party_code, b.summary, b.debit, b.credit, erp_private.balance_side(b.balance), b.balance, b.currency, b.currency_debit, b.currency_credit,
		b.currency_balance
	FROM erp_private.account_book($1, $2, $3, $4, $5, '{}') b
	ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no
$$;
COMMENT ON FUNCTION erp.subsidiary_ledger(text, text, date, date, jsonb) IS
'Subsidiary ledger of an account: a row with the balance before (entry "opening"), then each line with the balance after it. company: code. account: a code, with all below it, or as accounts of erp.general_ledger(). first_day, last_day: posting days. filters: as of erp.general_ledger() but accounts and level, and {"limit"? (so many lines at most), "after"? ({"day", "voucher_id", "line_no"} of the last line of the page before: the row "opening" then is the balance brought forward)}. counter_accounts: codes on the other side of the voucher, at most five. side: where the balance, debit positive, stands: debit, credit or none. currency_balance: null unless the filters name a currency. Returns none for an unknown company or account. Errors: LE011, LE012 for filters.';

CREATE FUNCTION erp.money_journal(company text, account text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (entry text, day date, voucher_id bigint, line_no integer, voucher_word text, voucher_number text, document_kind text, document_key text,
	counter_accounts text, party_code text, summary text, receipt numeric, payment numeric, balance numeric, currency text,
	currency_receipt numeric, currency_payment numeric, currency_balance numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	other text := (SELECT min(a.code) FROM erp_private.company_money c JOIN erp.account a ON a.company_id = c.company_id
		AND a.account_id = ANY (erp_private.accounts_named(c.company_id, jsonb_build_array($2))) AND a.postable AND a.money = 'none' WHERE c.company = $1);
BEGIN
	IF other IS NOT NULL THEN
		PERFORM erp_private.refuse('LE361', format('account "%s" is not of cash or bank', other), 'account', $2, 'erp.account_list shows which are: money.');
	END IF;
	RETURN QUERY
	WITH book AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no) AS place, b.* FROM erp_private.account_book($1, $2, $3, $4, $5 - 'limit' - 'after', '{}') b
	)
	SELECT r.entry, r.day, r.voucher_id, r.line_no, r.voucher_word, r.voucher_number, r.document_kind, r.document_key, r.counter_accounts, r.party_code, r.summary,
		r.debit, r.credit, r.balance, r.currency, r.currency_debit, r.currency_credit, r.currency_balance
	FROM (
		SELECT b.place, 0 AS rank, b.entry, b.day, b.voucher_id, b.line_no, b.voucher_word, b.voucher_number, b.document_kind, b.document_key, b.counter_accounts, b.party_code,
			b.summary, b.debit, b.credit, b.balance, b.currency, b.currency_debit, b.currency_credit, b.currency_balance
		FROM book b
		UNION ALL
		SELECT max(b.place), 1, 'day', b.day, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, sum(b.debit), sum(b.credit),
			(array_agg(b.balance ORDER BY b.place DESC))[1], $5 ->> 'currency', CASE WHEN $5 ? 'currency' THEN sum(b.currency_debit) END,
			CASE WHEN $5 ? 'currency' THEN sum(b.currency_credit) END, (array_agg(b.currency_balance ORDER BY b.place DESC))[1]
		FROM book b
		WHERE b.entry = 'line'
		GROUP BY b.day) r
	ORDER BY r.place, r.rank;
END
$$;
COMMENT ON FUNCTION erp.money_journal(text, text, date, date, jsonb) IS
'Cash or bank journal: a row with the balance before (entry "opening"), each line, and after those of a day its totals (entry "day"). company, account, first_day, last_day, filters: as of erp.subsidiary_ledger(), but in pages of days, not of lines. receipt, payment: debit and credit. balance: after the line, or at the end of the day. Returns none for an unknown company or account. Errors: LE361 for an account that is not of cash or bank, LE011, LE012 for filters.';

CREATE FUNCTION erp.multi_column_ledger(company text, account text, first_day date, last_day date, filters jsonb DEFAULT '{}')
RETURNS TABLE (entry text, day date, voucher_id bigint, line_no integer, voucher_word text, voucher_number text, document_kind text, document_key text,
	summary text, debit numeric, credit numeric, side text, balance numeric, column_code text, column_name text, column_side text, column_amount numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	asked record;
	asked_dimension integer;
	heading_depth integer;
BEGIN
	SELECT c.company_id INTO asked FROM erp_private.company_money c WHERE c.company = $1;
	SELECT d.dimension_id INTO asked_dimension FROM erp.dimension d WHERE d.company_id = asked.company_id AND d.code = $5 ->> 'columns';
	IF asked_dimension IS NULL AND $5 ->> 'columns' IS NOT NULL AND asked.company_id IS NOT NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no dimension "%s"', left($5 ->> 'columns', 100)), 'filters.columns', $5 ->> 'columns', 'erp.dimension lists them.');
	END IF;
	heading_depth := (SELECT min(v.depth) FROM erp_private.account_at_level(asked.company_id, NULL) v
		WHERE v.account_id = ANY (erp_private.accounts_named(asked.company_id, jsonb_build_array($2))));
	RETURN QUERY
	SELECT b.entry, b.day, b.voucher_id, b.line_no, b.voucher_word, b.voucher_number, b.document_kind, b.document_key, b.summary, b.debit, b.credit,
		erp_private.balance_side(b.balance), b.balance, k.code, k.name, k.side, CASE k.side WHEN 'debit' THEN b.debit - b.credit ELSE b.credit - b.debit END
	FROM erp_private.account_book($1, $2, $3, $4, $5, '{"columns": "code"}') b
	LEFT JOIN LATERAL (
		SELECT a.code, a.name, a.normal_side AS side
		FROM erp_private.account_at_level(asked.company_id, heading_depth + 1) v
		JOIN erp.account a ON a.company_id = asked.company_id AND a.account_id = v.shown_id
		WHERE asked_dimension IS NULL AND v.account_id = b.account_id
		UNION ALL
		SELECT COALESCE(x.code, ''), COALESCE(x.name, ''), a.normal_side
		FROM erp.account a
		JOIN erp.dimension_set s ON s.company_id = a.company_id AND s.dimension_set_id = b.dimension_set_id
		LEFT JOIN erp.dimension_value x ON x.company_id = a.company_id AND x.dimension_id = asked_dimension AND x.dimension_value_id = ANY (s.dimension_value_ids)
		WHERE asked_dimension IS NOT NULL AND a.company_id = asked.company_id AND a.account_id = b.account_id) k ON b.entry = 'line'
	ORDER BY b.entry DESC, b.day, b.voucher_id, b.line_no;
END
$$;
COMMENT ON FUNCTION erp.multi_column_ledger(text, text, date, date, jsonb) IS
'Multi-column ledger of an account: as erp.subsidiary_ledger(), with the column that each line belongs to. filters: as there, and {"columns"? (code of a dimension: a column for each of its values, '''' for lines without; default: a column for each account right below)}. column_side: the side on which its amounts are positive, the normal one of the account: of 2221.01 input tax stands in debit columns, output tax in credit ones. column_amount: in the company''s currency; the columns of a line''s side less those of the other add up to debit less credit. Returns none for an unknown company or account. Errors: LE011, LE012 for filters.';
