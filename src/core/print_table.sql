-- core: tables of columns and rows as pages of text, HTML and CSV. Books, vouchers and statements are printed by it.

CREATE FUNCTION erp_private.text_width(value text) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_text_width';
COMMENT ON FUNCTION erp_private.text_width(text) IS 'How many columns of a terminal a text takes: two for each double-width character, none for those that are not shown.';

CREATE FUNCTION erp_private.pad_text(value text, width integer, align text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE align WHEN 'right' THEN repeat(' ', w.room) || value
		WHEN 'center' THEN repeat(' ', w.room / 2) || value || repeat(' ', w.room - w.room / 2)
		ELSE value || repeat(' ', w.room) END
	  FROM (SELECT width - erp_private.text_width(value) AS room) w
$function$;
COMMENT ON FUNCTION erp_private.pad_text(text, integer, text) IS 'A text brought to a width with spaces. align: left, right or center. Wider texts stay as they are.';

-- A figure is never rounded to be printed.
CREATE FUNCTION erp_private.number_in_groups(value numeric, decimals integer) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT to_char(value, 'FM999,999,999,999,999,999,999,990'
		|| CASE WHEN d.digits > 0 THEN '.' || repeat('0', d.digits) ELSE '' END)
	  FROM (SELECT GREATEST(COALESCE(decimals, scale(value)), min_scale(value)) AS digits) d
$function$;
COMMENT ON FUNCTION erp_private.number_in_groups(numeric, integer) IS 'A number with its thousands apart and at least so many decimals; null: those it has.';

CREATE FUNCTION erp_private.cell_text(value jsonb, type text, decimals integer, blank_zero boolean, form text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	shown text := value #>> '{}';
BEGIN
	IF shown IS NULL OR shown = '' THEN
		RETURN '';
	ELSIF type = 'text' THEN
		RETURN CASE form WHEN 'text' THEN regexp_replace(shown, '[[:cntrl:]]', ' ', 'g') ELSE erp_private.escape_text(shown, form) END;
	ELSIF blank_zero AND shown::numeric = 0 AND form <> 'csv' THEN
		RETURN '';
	ELSIF form = 'csv' THEN
		RETURN shown;
	END IF;
	RETURN erp_private.number_in_groups(shown::numeric, decimals);
END
$function$;
COMMENT ON FUNCTION erp_private.cell_text(jsonb, text, integer, boolean, text) IS
	'What a cell of a table shows in a form (text, html, csv): numbers with their thousands apart, in csv plainly; nothing of a text is markup.';

CREATE FUNCTION erp_private.table_columns(columns jsonb)
	RETURNS TABLE (column_no bigint, name text, title text, type text, align text, decimals integer, blank_zero boolean, carry text)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM erp_private.check_rows($1, 'columns[#]', '{"name": "code!", "title": "name", "type": "code", "align": "code", "decimals": "integer",
		"blank_zero": "boolean", "carry": "code"}');
	PERFORM erp_private.check_once($1, 'columns[#]', ARRAY['name']);
	PERFORM erp_private.check_choice($1, 'columns[#]', 'type', ARRAY['text', 'number']);
	PERFORM erp_private.check_choice($1, 'columns[#]', 'align', ARRAY['left', 'right', 'center']);
	PERFORM erp_private.check_choice($1, 'columns[#]', 'carry', ARRAY['sum', 'last']);
	RETURN QUERY
	SELECT e.n, e.value ->> 'name', COALESCE(e.value ->> 'title', e.value ->> 'name'), t.type,
	       COALESCE(e.value ->> 'align', CASE t.type WHEN 'text' THEN 'left' ELSE 'right' END), (e.value ->> 'decimals')::integer,
	       COALESCE((e.value ->> 'blank_zero')::boolean, false), e.value ->> 'carry'
	  FROM jsonb_array_elements($1) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (SELECT COALESCE(e.value ->> 'type', 'text') AS type) t;
END
$function$;
COMMENT ON FUNCTION erp_private.table_columns(jsonb) IS 'The columns of a table as erp.print_table() has them, with what they leave out. Errors: LE011.';

CREATE FUNCTION erp_private.page_of(row_no bigint, row_count bigint, page_lines integer, carries boolean) RETURNS integer
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT (CASE WHEN page_lines IS NULL OR row_count <= page_lines THEN 1
		WHEN NOT carries THEN 1 + (row_no - 1) / page_lines
		WHEN row_no < page_lines THEN 1
		-- What is carried takes the last line of a page but the last, and the first of a page but the first.
		ELSE LEAST(2 + (row_no - page_lines) / (page_lines - 2), 2 + (row_count - page_lines - 1) / (page_lines - 2)) END)::integer
$function$;
COMMENT ON FUNCTION erp_private.page_of(bigint, bigint, integer, boolean) IS
	'The page on which a row of a table stands. page_lines: rows a page, with those that carry; null: all on one.';

-- What a page carries to the next: of a column that sums, the rows since the last that starts anew; of one that keeps the last, its last value.
CREATE FUNCTION erp_private.carried_rows(columns jsonb, rows jsonb, page_lines integer)
	RETURNS TABLE (page integer, carried jsonb)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH line AS MATERIALIZED (
		SELECT e.n, e.value, erp_private.page_of(e.n, jsonb_array_length($2), $3, true) AS page,
		       count(*) FILTER (WHERE e.value ? '_start') OVER (ORDER BY e.n) AS run
		  FROM jsonb_array_elements($2) WITH ORDINALITY AS e (value, n)
	), cell AS (
		SELECT l.n, l.page, c.name, c.carry,
		       sum(COALESCE((l.value -> '_start' ->> c.name)::numeric, 0)
		           + CASE WHEN c.carry = 'sum' AND NOT l.value ? '_style' THEN COALESCE((l.value ->> c.name)::numeric, 0) ELSE 0 END)
		           OVER (PARTITION BY c.name, l.run ORDER BY l.n) AS total,
		       max(l.n) FILTER (WHERE COALESCE(l.value -> c.name, 'null') <> 'null') OVER (PARTITION BY c.name ORDER BY l.n) AS last_n
		  FROM line l
		 CROSS JOIN erp_private.table_columns($1) c
		 WHERE c.carry IS NOT NULL
	), last_line AS (
		SELECT max(l.n) AS n FROM line l GROUP BY l.page
	)
	SELECT x.page, jsonb_object_agg(x.name, CASE x.carry WHEN 'sum' THEN to_jsonb(x.total) ELSE o.value -> x.name END)
	  FROM cell x
	  JOIN last_line t ON t.n = x.n
	  LEFT JOIN line o ON o.n = x.last_n
	 GROUP BY x.page;
END
$function$;
COMMENT ON FUNCTION erp_private.carried_rows(jsonb, jsonb, integer) IS 'For each page of a table what it carries to the next, a row as erp.print_table() has them.';

CREATE FUNCTION erp_private.paged_rows(columns jsonb, rows jsonb, layout jsonb)
	RETURNS TABLE (page integer, place bigint, style text, value jsonb)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	page_lines integer := (layout ->> 'page_lines')::integer;
	carries boolean := EXISTS (SELECT FROM erp_private.table_columns(columns) c WHERE c.carry IS NOT NULL);
	label_column text := COALESCE(layout ->> 'label_column', columns -> 0 ->> 'name');
BEGIN
	RETURN QUERY
	SELECT erp_private.page_of(e.n, jsonb_array_length(rows), page_lines, carries), e.n, e.value ->> '_style', e.value
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n);
	IF carries AND jsonb_array_length(rows) > page_lines THEN
		RETURN QUERY
		WITH carried AS (
			SELECT k.*, max(k.page) OVER () AS pages FROM erp_private.carried_rows(columns, rows, page_lines) k
		)
		SELECT k.page + s.after, CASE s.after WHEN 0 THEN jsonb_array_length(rows) + 1 ELSE 0 END::bigint, 'carried',
		       k.carried || jsonb_build_object(label_column, s.label)
		  FROM carried k
		 CROSS JOIN (VALUES (0, COALESCE(layout ->> 'carried_forward', 'Carried forward')),
		                    (1, COALESCE(layout ->> 'brought_forward', 'Brought forward'))) AS s (after, label)
		 WHERE k.page < k.pages;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.paged_rows(jsonb, jsonb, jsonb) IS
	'The rows of a table on their pages, with those that carry to the next page and from the one before, in the order of place.';
