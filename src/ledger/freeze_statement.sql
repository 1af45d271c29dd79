-- ledger: statements frozen with their hash, by a call or by the close of a month.

CREATE FUNCTION erp.freeze_statement(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.freeze_statement(text, text, json) IS
	'Freezes a statement: keeps it as it stands, with its SHA-256, as a fact that is sealed with the call. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"template", "period"? or "first_day"? and "last_day"?, "columns"?, "dimensions"?, "language"?}, each as erp.statement() takes it. Returns {"statements": [{"template", "last_day", "hash" (hexadecimal)}]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp_private.store_frozen_statements(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_store_frozen_statements';
COMMENT ON FUNCTION erp_private.store_frozen_statements(integer, bigint, jsonb) IS
	'Writes frozen statements: company, document of the call, rows [{"content"}].';

CREATE FUNCTION erp_private.statement_hash(content jsonb) RETURNS bytea
	LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT sha256(convert_to(erp_private.canonical_json($1::json), 'UTF8'))
$function$;
COMMENT ON FUNCTION erp_private.statement_hash(jsonb) IS 'SHA-256 of the canonical form of a JSON, in UTF-8.';

CREATE FUNCTION erp_private.statement_content(company_id integer, template text, first_day date, last_day date, columns jsonb, dimensions jsonb, language text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	books record;
	form record;
	spoken text;
BEGIN
	SELECT c.code, c.name, m.currency INTO books
	  FROM erp.company c JOIN erp_private.company_money m ON m.company_id = c.company_id WHERE c.company_id = $1;
	SELECT t.* INTO form FROM erp.statement_template t WHERE t.company_id = erp_private.statement_owner($1, $2) AND t.template = $2;
	spoken := COALESCE($7, form.language);
	RETURN (
		WITH shown AS MATERIALIZED (
			SELECT s.*, row_number() OVER () AS n FROM erp.statement(books.code, $2, NULL, $3, $4, $5, $6, NULL, spoken) s
		), line AS (
			SELECT min(s.n) AS n, jsonb_build_object('line_no', s.line_no, 'label', s.label, 'level', s.level,
			       'amounts', jsonb_agg(s.amount ORDER BY s.column_no)) AS line
			  FROM shown s GROUP BY s.line_no, s.label, s.level
		)
		SELECT jsonb_build_object('company', books.code, 'name', books.name, 'template', $2, 'form', form.form, 'title', COALESCE(form.titles ->> spoken, form.titles ->> form.language),
			'language', spoken, 'currency', books.currency, 'first_day', $3, 'last_day', $4,
			'columns', (SELECT jsonb_agg(c.column_title ORDER BY c.column_no) FROM (SELECT DISTINCT s.column_no, s.column_title FROM shown s) c),
			'lines', (SELECT jsonb_agg(l.line ORDER BY l.n) FROM line l),
			'failed_checks', COALESCE((SELECT jsonb_agg(DISTINCT k.formula) FROM erp.statement_checks(books.code, $2, NULL, $3, $4, $5, $6) k), '[]'))
	);
END
$function$;
COMMENT ON FUNCTION erp_private.statement_content(integer, text, date, date, jsonb, jsonb, text) IS 'A statement as erp.frozen_statement.content keeps it. The arguments are those of erp.statement().';

CREATE FUNCTION erp_private.freeze_statements(company_id integer, document_id bigint, contents jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.store_frozen_statements($1, $2, (SELECT jsonb_agg(jsonb_build_object('content', e.value) ORDER BY e.n) FROM jsonb_array_elements($3) WITH ORDINALITY AS e (value, n)));
	RETURN (
		SELECT jsonb_agg(jsonb_build_object('template', f.template, 'last_day', f.last_day, 'hash', encode(f.hash, 'hex')) ORDER BY f.statement_no)
		  FROM erp.frozen_statement f WHERE f.company_id = $1 AND f.document_id = $2);
END
$function$;
COMMENT ON FUNCTION erp_private.freeze_statements(integer, bigint, jsonb) IS 'Writes contents, an array, as frozen statements of a call; returns what erp.freeze_statement() says of them.';

CREATE FUNCTION erp_private.freeze_statement(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	days record;
BEGIN
	PERFORM erp_private.check_object(request, '{"template": "code!", "period": "code", "first_day": "day", "last_day": "day", "columns": "list", "dimensions": "object", "language": "code"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'language', ARRAY['en', 'zh']);
	PERFORM erp_private.statement_owner($1, request ->> 'template');
	SELECT * INTO days FROM erp_private.statement_days($1, request ->> 'period', (request ->> 'first_day')::date, (request ->> 'last_day')::date);
	RETURN jsonb_build_object('statements', erp_private.freeze_statements($1, $2, jsonb_build_array(erp_private.statement_content($1, request ->> 'template',
		days.from_day, days.to_day, request -> 'columns', request -> 'dimensions', request ->> 'language'))));
END
$function$;
COMMENT ON FUNCTION erp_private.freeze_statement(integer, bigint, jsonb) IS 'Does what erp.freeze_statement() says.';

CREATE FUNCTION erp_private.close_statements(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	contents jsonb := (
		SELECT jsonb_agg(erp_private.statement_content($1, s.template, p.first_day, p.last_day, NULL, NULL, NULL) ORDER BY s.template)
		  FROM erp.period p JOIN erp.statement_at_close s ON s.company_id = $1
		 WHERE p.company_id = $1 AND p.period_id = $2);
BEGIN
	RETURN jsonb_build_object('statements', COALESCE(erp_private.freeze_statements($1, erp_private.closing_call($1, $2), contents), '[]'));
END
$function$;
COMMENT ON FUNCTION erp_private.close_statements(integer, integer, text) IS 'A step of the close: freezes the statements of the month that the company names in erp.statement_at_close.';

CREATE FUNCTION erp.verify_frozen_statements(company text, template text DEFAULT NULL)
RETURNS TABLE (document_key text, template text, first_day date, last_day date, hash text, hash_holds boolean, recorded_at timestamptz)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT d.key, f.template, f.first_day, f.last_day, encode(f.hash, 'hex'), f.hash = erp_private.statement_hash(f.content), d.recorded_at
	  FROM erp.company c
	  JOIN erp.frozen_statement f ON f.company_id = c.company_id
	  JOIN erp.document d ON d.company_id = f.company_id AND d.document_id = f.document_id
	 WHERE c.code = $1 AND ($2 IS NULL OR f.template = $2)
	 ORDER BY f.document_id, f.statement_no
$function$;
COMMENT ON FUNCTION erp.verify_frozen_statements(text, text) IS
'Frozen statements, each with whether its content still has its hash; what was altered behind the guards, erp.verify_chain() finds too. company: code. template: of one form; null: all. Returns a row a statement, in the order in which they were frozen: key of the call, form, days, hash, whether it holds, and when it was recorded; none for an unknown company.';

CREATE FUNCTION erp_private.check_frozen_statements() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'frozen_statements', c.code, format('%s of %s, frozen by document %s', f.template, f.last_day, f.document_id), 'its content does not have its hash'
	  FROM erp.frozen_statement f JOIN erp.company c ON c.company_id = f.company_id
	 WHERE f.hash <> erp_private.statement_hash(f.content)
$function$;
COMMENT ON FUNCTION erp_private.check_frozen_statements() IS 'Frozen statements whose content is not what was frozen.';
