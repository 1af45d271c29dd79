-- ledger: a voucher as it is printed and filed.

CREATE FUNCTION erp_private.account_path(company_id integer, account_id integer) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE up AS (
		SELECT a.name, a.parent_account_id, a.code, 1 AS n FROM erp.account a WHERE a.company_id = $1 AND a.account_id = $2
		UNION ALL
		SELECT a.name, a.parent_account_id, u.code, u.n + 1 FROM up u JOIN erp.account a ON a.company_id = $1 AND a.account_id = u.parent_account_id
	)
	SELECT max(u.code) || ' ' || string_agg(u.name, '/' ORDER BY u.n DESC) FROM up u
$function$;
COMMENT ON FUNCTION erp_private.account_path(integer, integer) IS 'Code of an account and its name behind those of the accounts above it.';

CREATE FUNCTION erp_private.voucher_rows(company_id integer, voucher_id bigint, decimals integer, money_id integer, words jsonb, language text) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH line AS MATERIALIZED (
		SELECT l.line_no, jsonb_build_object('summary', COALESCE(NULLIF(l.summary, ''), v.summary), 'title', erp_private.account_path($1, l.account_id)
			|| COALESCE(' ' || (SELECT p.code FROM erp.party p WHERE p.company_id = $1 AND p.party_id = l.party_id AND p.party_id <> 0), ''),
			'currency', CASE WHEN l.currency_id <> $4 THEN m.code || ' ' || erp_private.number_in_groups(round(l.amount, m.decimals), m.decimals) END,
			l.side, round(l.company_amount, $3)) AS cells, CASE l.side WHEN 'debit' THEN l.company_amount END AS debit, CASE l.side WHEN 'credit' THEN l.company_amount END AS credit
		  FROM erp.voucher v
		  JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
		  JOIN erp.currency m ON m.currency_id = l.currency_id
		 WHERE v.company_id = $1 AND v.voucher_id = $2
	)
	SELECT jsonb_agg(r.cells ORDER BY r.rank, r.line_no)
	  FROM (
		SELECT 0 AS rank, l.line_no, l.cells FROM line l
		UNION ALL
		SELECT 1, 0, jsonb_build_object('_style', 'total', 'summary', $5 ->> 'total', 'title', CASE WHEN $3 <= 2 THEN erp.amount_in_words(round(sum(l.debit), $3), $6) END,
			'debit', round(sum(l.debit), $3), 'credit', round(sum(l.credit), $3)) FROM line l) r
$function$;
COMMENT ON FUNCTION erp_private.voucher_rows(integer, bigint, integer, integer, jsonb, text) IS
	'Rows of a printed voucher, and their total with its amount in words. money_id: the company''s currency; other currencies are shown beside.';

CREATE FUNCTION erp_private.voucher_signers(company_id integer, document_id bigint) RETURNS TABLE (prepared text, reviewed text, signed text, posted text, attachments integer)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(max(e.happened_by::text) FILTER (WHERE e.event_no = 1), max(d.recorded_by)), max(e.happened_by::text) FILTER (WHERE e.to_state = 'reviewed'),
	       max(e.happened_by::text) FILTER (WHERE e.to_state = 'signed'), max(d.recorded_by), max(e.attachments)
	  FROM erp.document d
	  LEFT JOIN LATERAL (
		SELECT t.* FROM erp.draft_event p JOIN erp.draft_event t ON t.company_id = p.company_id AND t.draft_id = p.draft_id
		 WHERE p.company_id = d.company_id AND p.document_id = d.document_id AND p.document_id <> 0) e ON true
	 WHERE d.company_id = $1 AND d.document_id = $2
$function$;
COMMENT ON FUNCTION erp_private.voucher_signers(integer, bigint) IS 'Who drafted, reviewed, signed and posted a voucher, and how many attachments its draft had; null where there was no such step.';

CREATE FUNCTION erp.print_voucher(company text, document_key text, options jsonb DEFAULT '{}', form text DEFAULT 'text')
	RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	books record;
	voucher record;
	signer record;
	language text;
	words jsonb;
	names text[];
BEGIN
	PERFORM erp_private.check_object($3, '{"language": "code", "page_lines": "integer"}');
	PERFORM erp_private.check_choice(jsonb_build_array($3), 'options', 'language', ARRAY['zh', 'en']);
	SELECT c.*, o.name INTO books FROM erp_private.company_money c JOIN erp.company o ON o.company_id = c.company_id WHERE c.company = $1;
	SELECT v.*, erp_private.printed_number(NULLIF(w.code, ''), n.number) AS number INTO voucher
	  FROM erp.document d
	  JOIN erp.voucher v ON v.company_id = d.company_id AND v.voucher_id = d.document_id
	  LEFT JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id
	  LEFT JOIN erp_private.number_text n ON n.company_id = v.company_id AND n.document_id = v.document_id AND n.voucher_id = v.voucher_id AND n.target = 'voucher'
	 WHERE d.company_id = books.company_id AND d.key = $2;
	IF voucher.voucher_id IS NULL THEN
		RETURN;
	END IF;
	language := erp_private.print_language($3, books.currency);
	words := erp_private.book_words(language);
	SELECT * INTO signer FROM erp_private.voucher_signers(books.company_id, voucher.document_id);
	names := '{summary,title}' || CASE WHEN EXISTS (SELECT FROM erp.voucher_line l WHERE l.company_id = books.company_id AND l.voucher_id = voucher.voucher_id
		AND l.currency_id <> books.currency_id) THEN '{currency}'::text[] ELSE '{}' END || '{+debit,+credit}'::text[];
	RETURN QUERY
	SELECT p.* FROM erp.print_table(erp_private.book_columns(names, words, books.decimals),
		erp_private.voucher_rows(books.company_id, voucher.voucher_id, books.decimals, books.currency_id, words, language), $4,
		erp_private.print_layout(words, $3, 'summary', words ->> 'voucher', ARRAY[format('%s: %s  %s: %s  %s: %s  %s: %s', words ->> 'company', books.name, words ->> 'day', to_char(voucher.day, 'YYYY-MM-DD'),
			words ->> 'number', voucher.number, words ->> 'attachments', concat_ws(' ', COALESCE(signer.attachments, 0), NULLIF(words ->> 'sheets', '')))],
			ARRAY[format('%s: %s  %s: %s  %s: %s  %s: %s', words ->> 'prepared', signer.prepared, words ->> 'reviewed', signer.reviewed, words ->> 'signed', signer.signed,
			words ->> 'posted', signer.posted)])) p
	 ORDER BY p.page, p.line;
END
$function$;
COMMENT ON FUNCTION erp.print_voucher(text, text, jsonb, text) IS
'Prints a voucher (记账凭证): day, word and number, attachments, lines with the path of their account, the total and its amount in words, and who prepared, reviewed, signed and posted it. company: code. document_key: of the document that posted it. options: {"language"? (zh or en; default zh for books in renminbi, else en), "page_lines"? (rows a page, with what it carries)}. form: text, html or csv. Returns the lines of each page; none for what has no voucher. Errors: LE011.';
