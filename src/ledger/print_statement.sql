-- ledger: statements printed as the official forms are.

CREATE FUNCTION erp_private.statement_heading(content jsonb, kind text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN $1 ->> 'form' = '' THEN '[]' ELSE jsonb_build_array($1 ->> 'form') END || jsonb_build_array(CASE $1 ->> 'language'
		WHEN 'zh' THEN format('编制单位：%s    %s    单位：%s', $1 ->> 'name', d.shown, CASE $1 ->> 'currency' WHEN 'CNY' THEN '元' ELSE $1 ->> 'currency' END)
		ELSE format('%s    %s    %s', $1 ->> 'name', d.shown, $1 ->> 'currency') END)
	  FROM (
		SELECT CASE
			WHEN $1 ->> 'language' = 'zh' AND $2 = 'balance' THEN to_char(l.day, 'FMYYYY"年"FMMM"月"FMDD"日"')
			WHEN $1 ->> 'language' = 'zh' AND erp_private.month_first(l.day) = f.day THEN to_char(l.day, 'FMYYYY"年"FMMM"月"')
			WHEN $1 ->> 'language' = 'zh' THEN to_char(f.day, 'FMYYYY"年"FMMM"月"FMDD"日"') || '至' || to_char(l.day, 'FMYYYY"年"FMMM"月"FMDD"日"')
			WHEN $2 = 'balance' THEN to_char(l.day, 'YYYY-MM-DD')
			ELSE to_char(f.day, 'YYYY-MM-DD') || ' to ' || to_char(l.day, 'YYYY-MM-DD') END AS shown
		  FROM (SELECT ($1 ->> 'first_day')::date AS day) f, (SELECT ($1 ->> 'last_day')::date AS day) l) d
$function$;
COMMENT ON FUNCTION erp_private.statement_heading(jsonb, text) IS 'The lines under the title of a statement: what the form is called; company, day and currency.';

-- One row of the printed form for each line and each heading above one; of two sides they stand beside each other, the last of both in the last row.
CREATE FUNCTION erp_private.statement_rows(company_id integer, content jsonb, two_sided boolean) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH item AS (
		SELECT CASE WHEN $3 THEN l.side ELSE 'left' END AS side, l.place, p.rank, p.label, p.line_no, p.amounts, p.level
		  FROM jsonb_array_elements($2 -> 'lines') AS e (value)
		  JOIN erp.statement_line l ON l.company_id = erp_private.statement_owner($1, $2 ->> 'template') AND l.template = $2 ->> 'template'
		       AND l.line_no = (e.value ->> 'line_no')::integer
		 CROSS JOIN LATERAL (
			SELECT 1 AS rank, l.headings ->> ($2 ->> 'language') AS label, NULL::text AS line_no, '[]'::jsonb AS amounts, 0 AS level
			 WHERE l.headings ->> ($2 ->> 'language') IS NOT NULL
			UNION ALL
			SELECT 2, repeat(CASE $2 ->> 'language' WHEN 'zh' THEN '　' ELSE '  ' END, GREATEST(l.level - 1, 0)) || (e.value ->> 'label'), e.value ->> 'line_no',
			       e.value -> 'amounts', l.level) p
	), counted AS (
		SELECT i.*, row_number() OVER (PARTITION BY i.side ORDER BY i.place, i.rank) AS place_no, count(*) OVER (PARTITION BY i.side) AS items FROM item i
	), placed AS (
		SELECT c.*, CASE WHEN c.place_no = c.items THEN max(c.items) OVER () ELSE c.place_no END AS row_no FROM counted c
	), cell AS (
		SELECT p.row_no, left(p.side, 1) || '_label' AS name, to_jsonb(p.label) AS value FROM placed p
		UNION ALL
		SELECT p.row_no, left(p.side, 1) || '_no', to_jsonb(p.line_no) FROM placed p WHERE p.line_no IS NOT NULL
		UNION ALL
		SELECT p.row_no, left(p.side, 1) || '_' || a.n, a.value FROM placed p CROSS JOIN LATERAL jsonb_array_elements(p.amounts) WITH ORDINALITY AS a (value, n)
	)
	SELECT jsonb_agg(r.row ORDER BY r.row_no) FROM (SELECT c.row_no, jsonb_object_agg(c.name, c.value) AS row FROM cell c GROUP BY c.row_no) r
$function$;
COMMENT ON FUNCTION erp_private.statement_rows(integer, jsonb, boolean) IS 'The rows of a printed statement, of columns l_label, l_no, l_1, l_2 and so on; of a form with two sides r_label and so on too.';

CREATE FUNCTION erp_private.statement_print_columns(content jsonb, two_sided boolean, decimals integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(c.column ORDER BY s.rank, c.place)
	  FROM (VALUES (1, 'l', CASE WHEN $2 THEN '资产' ELSE '项目' END, CASE WHEN $2 THEN 'Assets' ELSE 'Item' END),
	               (2, 'r', '负债和所有者权益', 'Liabilities and equity')) AS s (rank, name, zh, en)
	 CROSS JOIN LATERAL (
		SELECT 0 AS place, jsonb_build_object('name', s.name || '_label', 'title', CASE $1 ->> 'language' WHEN 'zh' THEN s.zh ELSE s.en END) AS column
		UNION ALL
		SELECT 1, jsonb_build_object('name', s.name || '_no', 'title', CASE $1 ->> 'language' WHEN 'zh' THEN '行次' ELSE 'Line' END, 'align', 'center')
		UNION ALL
		SELECT 1 + t.n, jsonb_build_object('name', s.name || '_' || t.n, 'title', t.title, 'type', 'number', 'decimals', $3, 'blank_zero', true)
		  FROM jsonb_array_elements_text($1 -> 'columns') WITH ORDINALITY AS t (title, n)) c
	 WHERE $2 OR s.rank = 1
$function$;
COMMENT ON FUNCTION erp_private.statement_print_columns(jsonb, boolean, integer) IS 'The columns of a printed statement as erp.print_table() takes them.';

CREATE FUNCTION erp_private.print_content(company_id integer, statement jsonb, form text) RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	shape record;
	decimals integer := (SELECT c.decimals FROM erp_private.company_money c WHERE c.company_id = $1);
BEGIN
	SELECT t.kind, t.layout = 'two_sided' AS two_sided INTO shape
	  FROM erp.statement_template t WHERE t.company_id = erp_private.statement_owner($1, $2 ->> 'template') AND t.template = $2 ->> 'template';
	RETURN QUERY
	SELECT p.* FROM erp.print_table(erp_private.statement_print_columns($2, shape.two_sided, decimals), erp_private.statement_rows($1, $2, shape.two_sided), $3,
		jsonb_build_object('title', $2 ->> 'title', 'heading', erp_private.statement_heading($2, shape.kind))) p;
END
$function$;
COMMENT ON FUNCTION erp_private.print_content(integer, jsonb, text) IS 'A statement, as erp.frozen_statement.content keeps it, printed as erp.print_table() does.';

CREATE FUNCTION erp.print_statement(company text, template text, period text DEFAULT NULL, first_day date DEFAULT NULL, last_day date DEFAULT NULL,
	columns jsonb DEFAULT NULL, dimensions jsonb DEFAULT NULL, language text DEFAULT NULL, form text DEFAULT 'text')
RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	asked integer := (SELECT c.company_id FROM erp.company c WHERE c.code = $1);
	days record;
BEGIN
	IF asked IS NULL THEN
		RETURN;
	END IF;
	PERFORM erp_private.statement_owner(asked, $2);
	SELECT * INTO days FROM erp_private.statement_days(asked, $3, $4, $5);
	RETURN QUERY
	SELECT p.* FROM erp_private.print_content(asked, erp_private.statement_content(asked, $2, days.from_day, days.to_day, $6, $7, $8), $9) p;
END
$function$;
COMMENT ON FUNCTION erp.print_statement(text, text, text, date, date, jsonb, jsonb, text, text) IS
'A statement printed as the official form: title, what the form is called, company, day and currency; assets at the left and the rest at the right where the form has two sides; amounts of zero are left blank. The arguments are those of erp.statement(). form: text, html or csv, see erp.print_table(). Returns the lines of each page; none for an unknown company. Errors: LE011, LE012.';

CREATE FUNCTION erp.print_frozen_statement(company text, document_key text, template text DEFAULT NULL, form text DEFAULT 'text')
RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT p.*
	  FROM erp.company c
	  JOIN erp.document d ON d.company_id = c.company_id AND d.key = $2
	  JOIN erp.frozen_statement f ON f.company_id = d.company_id AND f.document_id = d.document_id
	 CROSS JOIN LATERAL erp_private.print_content(c.company_id, f.content, $4) p
	 WHERE c.code = $1 AND ($3 IS NULL OR f.template = $3)
$function$;
COMMENT ON FUNCTION erp.print_frozen_statement(text, text, text, text) IS
'Frozen statements as they were, printed. company: code. document_key: of the call that froze them. template: of one form; null: all of the call. form: as erp.print_statement(). Returns the lines of each page; none if there is no such statement.';
