-- ledger: transfer templates (自定义结转): vouchers worked out of balances at the end of a period.

CREATE FUNCTION erp_private.transfer_names(terms jsonb, parameters jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT ARRAY(SELECT t.key FROM jsonb_object_keys(terms) AS t (key) ORDER BY t.key) || erp_private.parameter_names(parameters)
$function$;
COMMENT ON FUNCTION erp_private.transfer_names(jsonb, jsonb) IS 'What formulas of a transfer template can name: its terms and parameters.';

CREATE FUNCTION erp_private.check_transfer_terms(company_id integer, terms jsonb, parameters jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_parameters(parameters, path || '.parameters');
	SELECT t.key INTO bad FROM jsonb_object_keys(terms) AS t (key)
	 WHERE t.key !~ '^[a-z][a-z0-9_]*$' OR t.key IN ('balance', 'day', 'month', 'year', 'period') OR t.key = ANY (erp_private.parameter_names(parameters)) ORDER BY t.key LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a term has a name of small letters, digits and "_" that is no parameter and none of balance, day, month, year and period', path || '.terms', bad.key, 'Give it another name.');
	END IF;
	SELECT e.n, e.value ->> 'name' AS name INTO bad FROM jsonb_array_elements(parameters) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'name' = 'balance' OR COALESCE(e.value ->> 'default', '') !~ '^-?[0-9]{1,15}([.][0-9]{1,10})?$' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a parameter of a transfer template is a number, and is not called balance', format('%s.parameters[%s]', path, bad.n - 1), bad.name, 'Give it as "default".');
	END IF;
	PERFORM erp_private.check_terms($1, (SELECT COALESCE(jsonb_agg(t.value ORDER BY t.key), '[]') FROM jsonb_each(terms) t), path || '.terms');
END
$function$;
COMMENT ON FUNCTION erp_private.check_transfer_terms(integer, jsonb, jsonb, text) IS 'Raises LE011 or LE012 unless terms and parameters of a transfer template can be named and computed.';

CREATE FUNCTION erp_private.check_transfer_template(company_id integer, template jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	parameters jsonb := COALESCE(NULLIF(template -> 'parameters', 'null'), '[]');
	entries jsonb := erp_private.with_formulas(template -> 'entries', 'formula');
	names text[];
	bad record;
BEGIN
	PERFORM erp_private.check_transfer_terms($1, template -> 'terms', parameters, path);
	PERFORM erp_private.check_rows(entries, path || '.entries[#]', '{"account": "code!", "side": "code!", "formula": "expression!", "by": "name", "party": "name", "dimensions": "object", "summary": "name"}');
	SELECT count(*) AS entries, count(*) FILTER (WHERE e.value ->> 'formula' = 'balance') AS balances, min(e.n) FILTER (WHERE e.value ->> 'formula' = 'balance' AND e.value ->> 'by' <> '') AS by_at INTO bad
	  FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (value, n);
	IF bad.entries < 2 OR bad.balances > 1 OR bad.by_at IS NOT NULL THEN
		PERFORM erp_private.refuse('LE011', 'a transfer template has two entries at least, of which one at most takes the balance, undivided', path || '.entries', NULL, 'Give debits and credits.');
	END IF;
	names := erp_private.transfer_names(template -> 'terms', parameters);
	PERFORM erp_private.check_formulas(entries, path || '.entries', 'formula', names || ARRAY['balance']);
	SELECT e.n, e.value ->> 'formula' AS formula INTO bad FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'formula' <> 'balance' AND erp_private.formula_problem(e.value ->> 'formula', names) IS NOT NULL ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE120', 'balance is all that an entry says, or nothing of it', format('%s.entries[%s].formula', path, bad.n - 1), bad.formula, 'Let another entry take the balance.');
	END IF;
	SELECT e.n, e.value ->> 'by' AS code INTO bad FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'by' <> '' AND NOT EXISTS (SELECT 1 FROM erp.dimension d WHERE d.company_id = $1 AND d.code = e.value ->> 'by') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path || '.entries[#]', 'by', bad.code, 'dimension', 'Add it with erp.put_dimensions().');
	PERFORM erp_private.check_entries($1, entries, path || '.entries', erp_private.parameter_names(parameters) || ARRAY['day', 'month', 'year', 'period']);
END
$function$;
COMMENT ON FUNCTION erp_private.check_transfer_template(integer, jsonb, text) IS 'Raises LE011, LE012, LE120 or LE320 unless terms, parameters and entries make a transfer template.';

CREATE FUNCTION erp_private.put_transfer_templates(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "order": "integer!", "every": "code", "summary": "name", "terms": "object!", "parameters": "list", "entries": "list!", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'every', ARRAY['month', 'quarter', 'year']);
	PERFORM erp_private.check_transfer_template($1, e.value, format('$[%s]', e.n - 1)) FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n);
	WITH put AS (
		INSERT INTO erp.transfer_template AS t (company_id, code, name, rank, every, summary, terms, parameters, entries, active)
		SELECT $1, e.value ->> 'code', e.value ->> 'name', (e.value ->> 'order')::integer, COALESCE(e.value ->> 'every', 'month'), COALESCE(e.value ->> 'summary', ''), e.value -> 'terms',
		       COALESCE(NULLIF(e.value -> 'parameters', 'null'), '[]'), erp_private.with_formulas(e.value -> 'entries', 'formula'), COALESCE((e.value ->> 'active')::boolean, true)
		  FROM jsonb_array_elements(request) AS e (value) ORDER BY 2
		ON CONFLICT ON CONSTRAINT transfer_template_code_key DO UPDATE
		SET name = EXCLUDED.name, rank = EXCLUDED.rank, every = EXCLUDED.every, summary = EXCLUDED.summary, terms = EXCLUDED.terms, parameters = EXCLUDED.parameters,
		    entries = EXCLUDED.entries, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_transfer_templates(integer, jsonb) IS 'Does what erp.put_transfer_templates() says.';

-- One row for all of it, or one for each value of a dimension and one for what has none.
CREATE FUNCTION erp_private.transfer_columns(company_id integer, first_day date, last_day date, dimension text)
	RETURNS TABLE (column_no bigint, value_code text, says jsonb)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT row_number() OVER (ORDER BY x.code NULLS LAST), x.code, x.says || jsonb_build_object('first_day', $2, 'last_day', $3)
	  FROM (
		SELECT v.code, jsonb_build_object('values', jsonb_build_array(v.dimension_value_id)) AS says
		  FROM erp.dimension d JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id
		 WHERE d.company_id = $1 AND d.code = $4
		UNION ALL
		SELECT NULL, COALESCE((SELECT jsonb_build_object('without', d.dimension_id) FROM erp.dimension d WHERE d.company_id = $1 AND d.code = $4), '{}')) x
$function$;
COMMENT ON FUNCTION erp_private.transfer_columns(integer, date, date, text) IS
	'The columns of balance terms (erp_private.cell_amounts()) that an entry asks for: one for each value of its dimension and one for what has none, value_code null; without a dimension, the whole.';

CREATE FUNCTION erp_private.transfer_amounts(company_id integer, terms jsonb, parameters jsonb, formula text, first_day date, last_day date, dimension text)
	RETURNS TABLE (value_code text, amount numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	term_names text[] := ARRAY(SELECT t.key FROM jsonb_object_keys($2) AS t (key) ORDER BY t.key);
	decimals integer := (SELECT m.decimals FROM erp_private.company_money m WHERE m.company_id = $1);
	given jsonb := (SELECT COALESCE(jsonb_object_agg(p.value ->> 'name', p.value -> 'default'), '{}') FROM jsonb_array_elements($3) AS p (value));
BEGIN
	RETURN QUERY
	SELECT c.value_code, (erp_private.formula_amounts(ARRAY[$4], given || x.amounts, decimals))[1]
	  FROM erp_private.transfer_columns($1, $5, $6, $7) c
	  JOIN (SELECT a.column_no, jsonb_object_agg(term_names[a.term_no], a.amount) AS amounts
	          FROM erp_private.cell_amounts($1, (SELECT jsonb_agg(o.says ORDER BY o.column_no) FROM erp_private.transfer_columns($1, $5, $6, $7) o),
	               (SELECT jsonb_agg(t.value ORDER BY t.key) FROM jsonb_each($2) t), NULL) a
	         GROUP BY a.column_no) x ON x.column_no = c.column_no;
END
$function$;
COMMENT ON FUNCTION erp_private.transfer_amounts(integer, jsonb, jsonb, text, date, date, text) IS
	'What a formula over terms and parameters comes to in a period, rounded once: as a whole, or for each value of a dimension and for what has none (value_code null).';

CREATE FUNCTION erp_private.transfer_entries(company_id integer, transfer_template_id integer, first_day date, last_day date) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	template record;
	entry record;
	given jsonb;
	lines jsonb := jsonb '[]';
	balance numeric;
BEGIN
	SELECT t.* INTO template FROM erp.transfer_template t WHERE t.company_id = $1 AND t.transfer_template_id = $2;
	given := (SELECT COALESCE(jsonb_object_agg(p.value ->> 'name', p.value -> 'default'), '{}') FROM jsonb_array_elements(template.parameters) AS p (value)) || erp_private.day_values($4);
	FOR entry IN SELECT e.value, e.n FROM jsonb_array_elements(template.entries) WITH ORDINALITY AS e (value, n) WHERE e.value ->> 'formula' <> 'balance' LOOP
		lines := lines || COALESCE((
			SELECT jsonb_agg(jsonb_build_object('n', entry.n, 'line', erp_private.filled_entry(CASE WHEN a.value_code IS NULL THEN entry.value
			       	ELSE entry.value || jsonb_build_object('dimensions', COALESCE(NULLIF(entry.value -> 'dimensions', 'null'), '{}') || jsonb_build_object(entry.value ->> 'by', a.value_code)) END, a.amount, given)) ORDER BY a.value_code NULLS LAST)
			  FROM erp_private.transfer_amounts($1, template.terms, template.parameters, entry.value ->> 'formula', $3, $4, NULLIF(entry.value ->> 'by', '')) a WHERE a.amount <> 0), '[]');
	END LOOP;
	balance := (SELECT COALESCE(sum(CASE l.value #>> '{line,side}' WHEN 'debit' THEN 1 ELSE -1 END * (l.value #>> '{line,amount}')::numeric), 0) FROM jsonb_array_elements(lines) AS l (value));
	SELECT lines || COALESCE(jsonb_agg(jsonb_build_object('n', e.n, 'line', erp_private.filled_entry(e.value, CASE e.value ->> 'side' WHEN 'debit' THEN -balance ELSE balance END, given))), '[]') INTO lines
	  FROM jsonb_array_elements(template.entries) WITH ORDINALITY AS e (value, n) WHERE e.value ->> 'formula' = 'balance' AND balance <> 0;
	RETURN (SELECT jsonb_agg(l.value -> 'line' ORDER BY (l.value ->> 'n')::integer, l.m) FROM jsonb_array_elements(lines) WITH ORDINALITY AS l (value, m));
END
$function$;
COMMENT ON FUNCTION erp_private.transfer_entries(integer, integer, date, date) IS
	'The lines of the voucher that a transfer template gives for a period, in its order; null where all are zero.';

CREATE FUNCTION erp.put_transfer_templates(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_transfer_templates(text, text, json) IS
	'Adds or changes transfer templates (自定义结转), which post at the end of a period what formulas over balances come to. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "order" (lower ones first; what they post is seen by the later ones), "every"? (month, the default; quarter or year: in the last month of a fiscal quarter or year only), "summary"? (default the name), "terms": {name: balance term}, "parameters"? ([{"name", "default" (a number, e.g. a rate)}]), "entries": [{"account", "side", "formula" (over the names of terms and parameters with + - * /, brackets, min, max, abs and round, rounded once to the currency; or balance: what the other entries leave open; a negative amount stands in red, zero is left out), "by"? (dimension: the formula is worked out for each of its values and for what has none, each a line of that value), "party"?, "dimensions"?, "summary"?}], "active"?}]. A balance term is {"accounts": ["1001" (with all below it), "1403..1411", "1122*"], "measure"? (opening, debit, credit, net or closing, the default), "side"? (debit, the default, or credit: which is positive), "parties"?, "due"?, "dimensions"?, "span"? (period, the default, year or to_date), "closing_vouchers"? (with, the default, or without: transfers of profit are left out), "quantity"?}. In summaries {name} stands for a parameter, {day}, {month}, {year} and {period} for those of the last day. Each is written as given; what is left out is as by default. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown account, dimension, value or party, LE120 for a formula that cannot be read, LE320 for a name in braces that is not known.';
