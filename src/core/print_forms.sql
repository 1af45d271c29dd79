-- core: the forms in which print_table.sql shows pages.

CREATE FUNCTION erp_private.page_heading(layout jsonb, page integer, pages integer) RETURNS text[]
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT ARRAY(SELECT h.value FROM jsonb_array_elements_text(COALESCE(layout -> 'heading', '[]')) WITH ORDINALITY AS h (value, n) ORDER BY h.n)
		|| CASE WHEN pages > 1 THEN ARRAY[replace(replace(COALESCE(layout ->> 'page_title', 'Page {page} of {pages}'),
			'{pages}', pages::text), '{page}', page::text)] ELSE '{}' END
$function$;
COMMENT ON FUNCTION erp_private.page_heading(jsonb, integer, integer) IS 'The lines under the title of a page: the layout''s, and which page it is where there are several.';

CREATE FUNCTION erp_private.text_pages(columns jsonb, rows jsonb, layout jsonb) RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH laid AS MATERIALIZED (
		SELECT * FROM erp_private.table_columns($1)
	), cell AS MATERIALIZED (
		SELECT r.page, r.place, c.column_no, c.align, erp_private.cell_text(r.value -> c.name, c.type, c.decimals, c.blank_zero, 'text') AS shown
		  FROM erp_private.paged_rows($1, $2, $3) r CROSS JOIN laid c
	), sized AS MATERIALIZED (
		SELECT c.column_no, c.title, GREATEST(erp_private.text_width(c.title), (SELECT max(erp_private.text_width(x.shown)) FROM cell x WHERE x.column_no = c.column_no)) AS width
		  FROM laid c
	), fixed AS MATERIALIZED (
		SELECT string_agg(erp_private.pad_text(s.title, s.width, 'center'), ' | ' ORDER BY s.column_no) AS titles,
		       string_agg(repeat('-', s.width), '-+-' ORDER BY s.column_no) AS rule, (sum(s.width + 3) - 3)::integer AS width
		  FROM sized s
	), body AS (
		SELECT x.page, x.place, string_agg(erp_private.pad_text(x.shown, s.width, x.align), ' | ' ORDER BY x.column_no) AS content
		  FROM cell x JOIN sized s ON s.column_no = x.column_no
		 GROUP BY x.page, x.place
	), part AS (
		SELECT g.page, p.rank, p.place, p.content
		  FROM (SELECT DISTINCT b.page FROM body b UNION SELECT 1) g
		 CROSS JOIN fixed f
		 CROSS JOIN LATERAL (
			SELECT 1 AS rank, 0::bigint AS place, erp_private.pad_text($3 ->> 'title', f.width, 'center') AS content WHERE $3 ? 'title'
			UNION ALL
			SELECT 2, h.n, h.value
			  FROM unnest(erp_private.page_heading($3, g.page, (SELECT max(b.page) FROM body b))) WITH ORDINALITY AS h (value, n)
			UNION ALL VALUES (3, 0, f.titles), (4, 0, f.rule)
			UNION ALL SELECT 5, b.place, b.content FROM body b WHERE b.page = g.page
			UNION ALL
			SELECT 6, h.n, h.value FROM jsonb_array_elements_text(COALESCE($3 -> 'footing', '[]')) WITH ORDINALITY AS h (value, n)) p
	)
	SELECT p.page, row_number() OVER (PARTITION BY p.page ORDER BY p.rank, p.place), rtrim(p.content)
	  FROM part p ORDER BY p.page, p.rank, p.place;
END
$function$;
COMMENT ON FUNCTION erp_private.text_pages(jsonb, jsonb, jsonb) IS 'Pages of a table as lines of text; columns stand under each other, double-width characters counted as two.';

CREATE FUNCTION erp_private.html_cell(shown text, type text, align text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT format('<td%s>%s</td>',
		CASE WHEN type = 'number' AND shown LIKE '-%' THEN ' class="red"' WHEN align <> 'left' THEN format(' class="%s"', align) ELSE '' END, shown)
$function$;
COMMENT ON FUNCTION erp_private.html_cell(text, text, text) IS 'A cell of a table in HTML; a number below zero is in red.';

CREATE FUNCTION erp_private.html_pages(columns jsonb, rows jsonb, layout jsonb) RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	title text := erp_private.escape_text(COALESCE($3 ->> 'title', ''), 'html');
	head text := (SELECT string_agg('<th>' || erp_private.escape_text(c.title, 'html') || '</th>', '' ORDER BY c.column_no)
	                FROM erp_private.table_columns($1) c);
BEGIN
	RETURN QUERY
	WITH body AS MATERIALIZED (
		SELECT r.page, r.place, format('<tr%s>', CASE WHEN r.style IS NOT NULL THEN format(' class="%s"', erp_private.escape_text(r.style, 'html')) ELSE '' END)
		       || string_agg(erp_private.html_cell(erp_private.cell_text(r.value -> c.name, c.type, c.decimals, c.blank_zero, 'html'), c.type, c.align), ''
		                     ORDER BY c.column_no) || '</tr>' AS content
		  FROM erp_private.paged_rows($1, $2, $3) r CROSS JOIN erp_private.table_columns($1) c
		 GROUP BY r.page, r.place, r.style
	), size AS (
		SELECT COALESCE(max(b.page), 1) AS pages FROM body b
	), part AS (
		SELECT 1 AS page, 0 AS rank, 0::bigint AS place, '<!DOCTYPE html><html><head><meta charset="utf-8"><title>' || title || '</title><style>'
		       'table{border-collapse:collapse;width:100%}th,td{border:1px solid #000;padding:2px 4px}.right,.red{text-align:right}.center{text-align:center}'
		       '.red{color:#c00}.total,.carried{font-weight:bold}h1{text-align:center}section{page-break-after:always}</style></head><body>' AS content
		UNION ALL
		SELECT g.page, p.rank, p.place, p.content
		  FROM size z
		 CROSS JOIN generate_series(1, z.pages) AS g (page)
		 CROSS JOIN LATERAL (
			VALUES (1, 0::bigint, '<section>' || CASE WHEN title <> '' THEN '<h1>' || title || '</h1>' ELSE '' END),
			       (3, 0, '<table><thead><tr>' || head || '</tr></thead><tbody>'), (5, 0, '</tbody></table>'), (7, 0, '</section>')
			UNION ALL
			SELECT 2, h.n, '<p>' || erp_private.escape_text(h.value, 'html') || '</p>'
			  FROM unnest(erp_private.page_heading($3, g.page, z.pages)) WITH ORDINALITY AS h (value, n)
			UNION ALL SELECT 4, b.place, b.content FROM body b WHERE b.page = g.page
			UNION ALL
			SELECT 6, h.n, '<p>' || erp_private.escape_text(h.value, 'html') || '</p>'
			  FROM jsonb_array_elements_text(COALESCE($3 -> 'footing', '[]')) WITH ORDINALITY AS h (value, n)) AS p (rank, place, content)
		UNION ALL
		SELECT z.pages, 8, 0, '</body></html>' FROM size z
	)
	SELECT p.page, row_number() OVER (PARTITION BY p.page ORDER BY p.rank, p.place), p.content
	  FROM part p ORDER BY p.page, p.rank, p.place;
END
$function$;
COMMENT ON FUNCTION erp_private.html_pages(jsonb, jsonb, jsonb) IS 'Pages of a table as one document of HTML, a section each, which begins a new sheet when printed.';

CREATE FUNCTION erp_private.csv_lines(columns jsonb, rows jsonb) RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 1, 1::bigint, string_agg(erp_private.escape_text(c.title, 'csv'), ',' ORDER BY c.column_no) FROM erp_private.table_columns($1) c;
	RETURN QUERY
	SELECT 1, r.n + 1, string_agg(erp_private.cell_text(r.value -> c.name, c.type, c.decimals, c.blank_zero, 'csv'), ',' ORDER BY c.column_no)
	  FROM jsonb_array_elements($2) WITH ORDINALITY AS r (value, n) CROSS JOIN erp_private.table_columns($1) c
	 GROUP BY r.n ORDER BY r.n;
END
$function$;
COMMENT ON FUNCTION erp_private.csv_lines(jsonb, jsonb) IS 'A table as lines of CSV (RFC 4180), titles first, without pages.';

-- The planner thinks any list long, and would compile what reads it.
CREATE FUNCTION erp.print_table(columns jsonb, rows jsonb, form text DEFAULT 'text', layout jsonb DEFAULT '{}')
	RETURNS TABLE (page integer, line bigint, content text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM erp_private.check_object(layout, '{"title": "name", "heading": "list", "footing": "list", "page_lines": "integer", "label_column": "code",
		"carried_forward": "name", "brought_forward": "name", "page_title": "name"}');
	PERFORM erp_private.check_choice(jsonb_build_array(jsonb_build_object('form', form)), '$', 'form', ARRAY['text', 'html', 'csv']);
	IF jsonb_typeof(rows) IS DISTINCT FROM 'array' THEN
		PERFORM erp_private.refuse('LE011', 'an array of objects is expected', 'rows', NULL, 'Put the rows into an array.');
	ELSIF (layout ->> 'page_lines')::integer < 3 THEN
		PERFORM erp_private.refuse('LE011', 'a page has at least 3 lines', 'layout.page_lines', layout ->> 'page_lines', 'Two of them carry; leave it out for one page.');
	END IF;
	RETURN QUERY
	SELECT t.* FROM erp_private.text_pages(columns, rows, layout) t WHERE form = 'text'
	UNION ALL SELECT t.* FROM erp_private.html_pages(columns, rows, layout) t WHERE form = 'html'
	UNION ALL SELECT t.* FROM erp_private.csv_lines(columns, rows) t WHERE form = 'csv';
END
$function$;
COMMENT ON FUNCTION erp.print_table(jsonb, jsonb, text, jsonb) IS
'Prints a table. columns: [{"name", "title"? (default the name), "type"? ("text", the default, or "number"), "align"? ("left", "right", "center"; default left for texts, right for numbers), "decimals"? (of numbers, at least; default those they have; nothing is rounded), "blank_zero"? (a zero shows nothing), "carry"? (what a page carries to the next: "sum" or "last")}]. rows: [{name of a column: value, "_style"? (a word, class of the row in HTML; a row with one adds nothing to what is carried), "_start"? ({name: number}: sums that are carried begin anew before this row, with these amounts)}]. form: text (lines in which columns stand under each other, double-width characters as two), html (one document, a section a page, negative numbers red) or csv (RFC 4180, titles first, numbers plainly, no pages). layout: {"title"?, "heading"? (lines under it), "footing"? (lines at the end of each page), "page_lines"? (rows a page, with the two that carry; at least 3; default all on one), "label_column"? (where the two are named; default the first), "carried_forward"?, "brought_forward"?, "page_title"? (with {page} and {pages})}. Returns the lines of each page. Errors: LE011.';
