-- ledger: companies' own forms of statements: copied from those that ship, and changed.

CREATE FUNCTION erp.put_statements(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_statements(text, text, json) IS
	'Adds or changes a company''s own forms of statements. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"template" (code; that of one that ships takes its place for this company), "copy_of"? (a form of which a new one is a copy; default one that ships under the code, if there is; else it begins empty), "kind"? (balance, profit or cash_flow; required for one that begins empty, as are titles), "form"?, "titles"? ({"en", "zh"}), "language"? (en or zh), "layout"? (list or two_sided), "columns"?, "year_columns"? (as erp.statement() takes them), "lines"? ([{"line_no" (1 to 999), "place"? (default its number), "level"?, "side"? (left or right), "headings"?, "labels"?, "terms"? (balance terms, see erp_private.term_amounts()), "formula"? (over lines, L1 for line 1: of lines without a formula, and of formulas whose place is before), "remove"?}]), "checks"? ([{"left", "comparison" (= or >=), "right"}], which replace all), "at_close"? (whether the close of a month freezes it; with nothing else given the form itself stays as it ships), "remove"? (true: the company''s own form is dropped)}]. What is not given stays as it is. Returns {"put", "removed"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE120 for a formula that cannot be read.';

CREATE FUNCTION erp_private.check_statements(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	path text;
	n integer;
	form jsonb;
	line jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"template": "code!", "copy_of": "code", "kind": "code", "form": "name", "titles": "object", "language": "code",
		"layout": "code", "columns": "list", "year_columns": "list", "lines": "list", "checks": "list", "remove": "boolean", "at_close": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['template']);
	PERFORM erp_private.check_choice(request, '$[#]', 'kind', ARRAY['balance', 'profit', 'cash_flow']);
	PERFORM erp_private.check_choice(request, '$[#]', 'language', ARRAY['en', 'zh']);
	PERFORM erp_private.check_choice(request, '$[#]', 'layout', ARRAY['list', 'two_sided']);
	FOR n, form IN SELECT e.n - 1, e.value FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) LOOP
		path := format('$[%s].', n);
		PERFORM erp_private.check_columns(company_id, c.value) FROM (VALUES (form -> 'columns'), (form -> 'year_columns')) AS c (value) WHERE c.value IS NOT NULL;
		PERFORM erp_private.check_rows(COALESCE(form -> 'lines', '[]'), path || 'lines[#]', '{"line_no": "integer!", "place": "integer", "level": "integer", "side": "code",
			"headings": "object", "labels": "object", "terms": "list", "formula": "expression", "remove": "boolean"}');
		PERFORM erp_private.check_once(COALESCE(form -> 'lines', '[]'), path || 'lines[#]', ARRAY['line_no']);
		PERFORM erp_private.check_choice(COALESCE(form -> 'lines', '[]'), path || 'lines[#]', 'side', ARRAY['left', 'right']);
		PERFORM erp_private.check_rows(COALESCE(form -> 'checks', '[]'), path || 'checks[#]', '{"left": "expression!", "comparison": "code!", "right": "expression!"}');
		PERFORM erp_private.check_choice(COALESCE(form -> 'checks', '[]'), path || 'checks[#]', 'comparison', ARRAY['=', '>=']);
		FOR line IN SELECT e.value FROM jsonb_array_elements(COALESCE(form -> 'lines', '[]')) AS e (value) LOOP
			IF (line ->> 'line_no')::integer NOT BETWEEN 1 AND 999 OR (line ->> 'level')::integer NOT BETWEEN 0 AND 9 THEN
				PERFORM erp_private.refuse('LE011', 'a line has a number from 1 to 999 and a level from 0 to 9', path || 'lines', line ->> 'line_no', 'Mend the number or the level.');
			END IF;
			PERFORM erp_private.check_terms(company_id, COALESCE(line -> 'terms', '[]'), path || 'lines.terms');
		END LOOP;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_statements(integer, jsonb) IS 'Raises LE011 or LE012 unless a request of erp.put_statements() is well formed.';

CREATE FUNCTION erp_private.copy_statement(company_id integer, form jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	code text := form ->> 'template';
	model text := COALESCE(form ->> 'copy_of', (SELECT t.template FROM erp.statement_template t WHERE t.company_id = 0 AND t.template = code));
	owner integer;
BEGIN
	IF EXISTS (SELECT FROM erp.statement_template t WHERE t.company_id = $1 AND t.template = code) THEN
		RETURN;
	ELSIF model IS NULL AND (form ->> 'kind' IS NULL OR form -> 'titles' IS NULL) THEN
		PERFORM erp_private.refuse('LE011', 'a form that is a copy of none has a kind and titles', '$.template', code, 'Give "kind" and "titles", or "copy_of".');
	ELSIF model IS NULL THEN
		INSERT INTO erp.statement_template (company_id, template, kind, titles, columns, year_columns)
		VALUES ($1, code, form ->> 'kind', form -> 'titles', '["period"]', '["period"]');
		RETURN;
	END IF;
	owner := erp_private.statement_owner($1, model);
	INSERT INTO erp.statement_template (company_id, template, kind, form, titles, language, layout, columns, year_columns)
	SELECT $1, code, t.kind, t.form, t.titles, t.language, t.layout, t.columns, t.year_columns
	  FROM erp.statement_template t WHERE t.company_id = owner AND t.template = model;
	INSERT INTO erp.statement_line (company_id, template, line_no, place, level, side, headings, labels, terms, formula)
	SELECT $1, code, l.line_no, l.place, l.level, l.side, l.headings, l.labels, l.terms, l.formula
	  FROM erp.statement_line l WHERE l.company_id = owner AND l.template = model;
	INSERT INTO erp.statement_check (company_id, template, check_no, left_formula, comparison, right_formula)
	SELECT $1, code, k.check_no, k.left_formula, k.comparison, k.right_formula
	  FROM erp.statement_check k WHERE k.company_id = owner AND k.template = model;
END
$function$;
COMMENT ON FUNCTION erp_private.copy_statement(integer, jsonb) IS 'Makes a company''s own form that is not there yet: a copy, or empty. Errors: LE011, LE012.';

CREATE FUNCTION erp_private.put_statement_lines(company_id integer, template text, lines jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	DELETE FROM erp.statement_line l USING jsonb_array_elements($3) AS e (value)
	 WHERE l.company_id = $1 AND l.template = $2 AND l.line_no = (e.value ->> 'line_no')::integer AND (e.value ->> 'remove')::boolean;
	INSERT INTO erp.statement_line AS l (company_id, template, line_no, place, level, side, headings, labels, terms, formula)
	SELECT $1, $2, n.line_no, COALESCE((e.value ->> 'place')::integer, o.place, n.line_no), COALESCE((e.value ->> 'level')::integer, o.level, 1),
	       COALESCE(e.value ->> 'side', o.side, 'left'), COALESCE(e.value -> 'headings', o.headings, '{}'),
	       COALESCE(e.value -> 'labels', o.labels, jsonb_build_object('en', 'Line ' || n.line_no)),
	       COALESCE(e.value -> 'terms', CASE WHEN COALESCE(e.value ->> 'formula', '') = '' THEN o.terms END, '[]'),
	       COALESCE(e.value ->> 'formula', CASE WHEN e.value -> 'terms' IS NULL THEN o.formula END, '')
	  FROM jsonb_array_elements($3) AS e (value)
	 CROSS JOIN LATERAL (SELECT (e.value ->> 'line_no')::integer AS line_no) n
	  LEFT JOIN erp.statement_line o ON o.company_id = $1 AND o.template = $2 AND o.line_no = n.line_no
	 WHERE NOT COALESCE((e.value ->> 'remove')::boolean, false)
	ON CONFLICT (company_id, template, line_no) DO UPDATE
	SET place = EXCLUDED.place, level = EXCLUDED.level, side = EXCLUDED.side, headings = EXCLUDED.headings, labels = EXCLUDED.labels,
	    terms = EXCLUDED.terms, formula = EXCLUDED.formula;
$function$;
COMMENT ON FUNCTION erp_private.put_statement_lines(integer, text, jsonb) IS 'Removes and writes lines of a form; what a line does not say stays as it was.';

CREATE FUNCTION erp_private.check_statement_formulas(company_id integer, template text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT f.at, f.formula, erp_private.formula_problem(f.formula, f.names) AS problem INTO bad
	  FROM (
		SELECT l.place, format('line %s', l.line_no) AS at, l.formula, ARRAY(
			SELECT 'L' || o.line_no FROM erp.statement_line o
			 WHERE o.company_id = $1 AND o.template = $2 AND (o.formula = '' OR o.place < l.place)) AS names
		  FROM erp.statement_line l WHERE l.company_id = $1 AND l.template = $2 AND l.formula <> ''
		UNION ALL
		SELECT 1000 + k.check_no, format('check %s', k.check_no), s.formula, ARRAY(
			SELECT 'L' || o.line_no FROM erp.statement_line o WHERE o.company_id = $1 AND o.template = $2)
		  FROM erp.statement_check k CROSS JOIN LATERAL (VALUES (k.left_formula), (k.right_formula)) AS s (formula)
		 WHERE k.company_id = $1 AND k.template = $2) f
	 WHERE erp_private.formula_problem(f.formula, f.names) IS NOT NULL
	 ORDER BY f.place LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE120', format('%s of form "%s": %s', bad.at, $2, bad.problem), bad.at, bad.formula,
			'A formula names lines that the form has, as L1: those without a formula, and those whose place is before.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_statement_formulas(integer, text) IS 'Raises LE120 at the first formula of a form, of a line or a check, that cannot be read.';

CREATE FUNCTION erp_private.put_statement(company_id integer, form jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	IF $2 -> 'at_close' IS NOT NULL THEN
		DELETE FROM erp.statement_at_close s WHERE s.company_id = $1 AND s.template = $2 ->> 'template' AND NOT ($2 ->> 'at_close')::boolean;
		INSERT INTO erp.statement_at_close (company_id, template) SELECT $1, $2 ->> 'template' WHERE ($2 ->> 'at_close')::boolean ON CONFLICT DO NOTHING;
	END IF;
	IF $2 -> 'at_close' IS NOT NULL AND $2 - ARRAY['template', 'at_close'] = '{}' THEN
		PERFORM erp_private.statement_owner($1, $2 ->> 'template');
		RETURN;
	END IF;
	PERFORM erp_private.copy_statement($1, $2);
	UPDATE erp.statement_template t
	   SET kind = COALESCE($2 ->> 'kind', t.kind), form = COALESCE($2 ->> 'form', t.form), titles = COALESCE($2 -> 'titles', t.titles),
	       language = COALESCE($2 ->> 'language', t.language), layout = COALESCE($2 ->> 'layout', t.layout), columns = COALESCE($2 -> 'columns', t.columns),
	       year_columns = COALESCE($2 -> 'year_columns', $2 -> 'columns', t.year_columns)
	 WHERE t.company_id = $1 AND t.template = $2 ->> 'template';
	PERFORM erp_private.put_statement_lines($1, $2 ->> 'template', COALESCE($2 -> 'lines', '[]'));
	IF $2 -> 'checks' IS NOT NULL THEN
		DELETE FROM erp.statement_check k WHERE k.company_id = $1 AND k.template = $2 ->> 'template';
		INSERT INTO erp.statement_check (company_id, template, check_no, left_formula, comparison, right_formula)
		SELECT $1, $2 ->> 'template', e.n, e.value ->> 'left', e.value ->> 'comparison', e.value ->> 'right'
		  FROM jsonb_array_elements($2 -> 'checks') WITH ORDINALITY AS e (value, n);
	END IF;
	PERFORM erp_private.check_statement_formulas($1, $2 ->> 'template');
END
$function$;
COMMENT ON FUNCTION erp_private.put_statement(integer, jsonb) IS 'Writes one form of erp.put_statements(). Errors: LE011, LE012, LE120.';

CREATE FUNCTION erp_private.put_statements(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	entry jsonb;
	put integer := 0;
	gone integer := 0;
BEGIN
	PERFORM erp_private.check_statements($1, request);
	FOR entry IN SELECT e.value FROM jsonb_array_elements(request) AS e (value) LOOP
		IF (entry ->> 'remove')::boolean THEN
			DELETE FROM erp.statement_at_close s WHERE s.company_id = $1 AND s.template = entry ->> 'template'
			    AND NOT EXISTS (SELECT FROM erp.statement_template t WHERE t.company_id = 0 AND t.template = s.template);
			DELETE FROM erp.statement_check k WHERE k.company_id = $1 AND k.template = entry ->> 'template';
			DELETE FROM erp.statement_line l WHERE l.company_id = $1 AND l.template = entry ->> 'template';
			DELETE FROM erp.statement_template t WHERE t.company_id = $1 AND t.template = entry ->> 'template';
			gone := gone + 1;
		ELSE
			PERFORM erp_private.put_statement($1, entry);
			put := put + 1;
		END IF;
	END LOOP;
	RETURN jsonb_build_object('put', put, 'removed', gone);
END
$function$;
COMMENT ON FUNCTION erp_private.put_statements(integer, jsonb) IS 'Does what erp.put_statements() says.';
