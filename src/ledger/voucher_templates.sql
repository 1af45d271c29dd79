-- ledger: templates of vouchers, and what is posted of them.

-- Amounts are formulas; a number is one, too.
CREATE FUNCTION erp_private.with_formulas(lines jsonb, field text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(jsonb_agg(CASE jsonb_typeof(e.value -> field) WHEN 'number' THEN e.value || jsonb_build_object(field, e.value ->> field) ELSE e.value END ORDER BY e.n), '[]')
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
$function$;
COMMENT ON FUNCTION erp_private.with_formulas(jsonb, text) IS 'The rows with a number in the field as its text.';

CREATE FUNCTION erp_private.check_parameters(parameters jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(parameters, path || '[#]', '{"name": "code!", "default": "scalar"}');
	PERFORM erp_private.check_once(parameters, path || '[#]', ARRAY['name']);
	SELECT e.n, e.value ->> 'name' AS name INTO bad FROM jsonb_array_elements(parameters) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'name' !~ '^[a-z][a-z0-9_]*$' OR e.value ->> 'name' IN ('day', 'month', 'year', 'period') ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a parameter has a name of small letters, digits and "_" that is none of day, month, year and period',
			format('%s[%s].name', path, bad.n - 1), bad.name, 'Give it another name.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_parameters(jsonb, text) IS 'Raises LE011 unless the rows are parameters {"name", "default"?}.';

CREATE FUNCTION erp_private.parameter_names(parameters jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(parameters) WITH ORDINALITY AS e (value, n) ORDER BY e.n)
$function$;
COMMENT ON FUNCTION erp_private.parameter_names(jsonb) IS 'The names of parameters, in their order.';

CREATE FUNCTION erp_private.check_formulas(rows jsonb, path text, field text, names text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	-- What is run is the formula within round().
	SELECT e.n, e.value ->> field AS value, p.problem INTO bad
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (SELECT CASE WHEN octet_length(e.value ->> field) > 480 THEN 'a formula has at most 480 bytes' ELSE erp_private.formula_problem(e.value ->> field, names) END AS problem) p
	 WHERE p.problem IS NOT NULL ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE120', format('field "%s", %s', field, bad.problem), format('%s[%s].%s', path, bad.n - 1, field), bad.value,
			CASE cardinality(names) WHEN 0 THEN 'It can name nothing.' ELSE 'It can name ' || array_to_string(names, ', ') || '.' END);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_formulas(jsonb, text, text, text[]) IS 'Raises LE120 at the first row whose field is no formula over the names.';

-- What lines of templates have in common: account, side, party, dimensions, summary.
CREATE FUNCTION erp_private.check_entries(company_id integer, lines jsonb, path text, placeholders text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_choice(lines, path || '[#]', 'side', ARRAY['debit', 'credit']);
	SELECT e.n, e.value ->> 'account' AS account INTO bad FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = $1 AND a.code = e.value ->> 'account') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path || '[#]', 'account', bad.account, 'account', 'Add it with erp.put_accounts().');
	SELECT e.n, x.field, x.value, erp_private.unknown_placeholder(x.value, placeholders) AS name INTO bad
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (
		VALUES ('summary', e.value ->> 'summary'), ('party', e.value ->> 'party')
		UNION ALL
		SELECT 'dimensions', d.value FROM jsonb_each_text(CASE jsonb_typeof(e.value -> 'dimensions') WHEN 'object' THEN e.value -> 'dimensions' ELSE '{}' END) d) AS x (field, value)
	 WHERE erp_private.unknown_placeholder(x.value, placeholders) IS NOT NULL ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE320', format('there is no parameter "%s"', bad.name), format('%s[%s].%s', path, bad.n - 1, bad.field), bad.value,
			'A text in braces is one of: ' || array_to_string(placeholders, ', ') || '.');
	END IF;
	SELECT e.n, x.field, x.value INTO bad
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (
		SELECT 'party' AS field, e.value ->> 'party' AS value WHERE NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = $1 AND p.code = e.value ->> 'party')
		UNION ALL
		SELECT 'dimensions', d.key || ': ' || d.value FROM jsonb_each_text(CASE jsonb_typeof(e.value -> 'dimensions') WHEN 'object' THEN e.value -> 'dimensions' ELSE '{}' END) d
		 WHERE NOT EXISTS (SELECT 1 FROM erp.dimension m JOIN erp.dimension_value v ON v.company_id = m.company_id AND v.dimension_id = m.dimension_id
		                    WHERE m.company_id = $1 AND m.code = d.key AND v.code = d.value)) AS x
	 WHERE x.value <> '' AND x.value NOT LIKE '%{%' ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path || '[#]', bad.field, bad.value, CASE bad.field WHEN 'party' THEN 'party' ELSE 'value of a dimension' END,
		CASE bad.field WHEN 'party' THEN 'Add it with erp.put_parties().' ELSE 'Add it with erp.put_dimensions().' END);
END
$function$;
COMMENT ON FUNCTION erp_private.check_entries(integer, jsonb, text, text[]) IS
	'Raises LE011, LE012 or LE320 unless account, side, party, dimensions and summary of lines of a template are known; placeholders: the names that may stand in braces.';

CREATE FUNCTION erp_private.check_voucher_template(company_id integer, template jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	parameters jsonb := COALESCE(NULLIF(template -> 'parameters', 'null'), '[]');
	lines jsonb := template -> 'lines';
	names text[];
	unknown text;
BEGIN
	PERFORM erp_private.check_parameters(parameters, path || '.parameters');
	IF jsonb_array_length(lines) < 2 THEN
		PERFORM erp_private.refuse('LE011', 'a voucher has two lines at least', path || '.lines', NULL, 'Give debits and credits.');
	END IF;
	lines := erp_private.with_formulas(lines, 'amount');
	PERFORM erp_private.check_rows(lines, path || '.lines[#]', '{"account": "code!", "side": "code!", "amount": "expression!", "party": "name", "dimensions": "object", "summary": "name"}');
	names := erp_private.parameter_names(parameters);
	PERFORM erp_private.check_formulas(lines, path || '.lines', 'amount', names);
	names := names || ARRAY['day', 'month', 'year', 'period'];
	unknown := erp_private.unknown_placeholder(template ->> 'summary', names);
	IF unknown IS NOT NULL THEN
		PERFORM erp_private.refuse('LE320', format('there is no parameter "%s"', unknown), path || '.summary', template ->> 'summary', 'A text in braces is one of: ' || array_to_string(names, ', ') || '.');
	END IF;
	PERFORM erp_private.check_entries($1, lines, path || '.lines', names);
END
$function$;
COMMENT ON FUNCTION erp_private.check_voucher_template(integer, jsonb, text) IS 'Raises LE011, LE012, LE120 or LE320 unless parameters and lines make a template.';

CREATE FUNCTION erp_private.check_voucher_templates(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "summary": "name", "word": "name", "currency": "name", "parameters": "list", "lines": "list!", "reverses_on": "name", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'reverses_on', ARRAY['', 'next_period']);
	SELECT e.n, f.field, f.value, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('currency', e.value ->> 'currency', 'currency', 'Add it with erp.put_currencies().', EXISTS (SELECT 1 FROM erp.currency m WHERE m.code = e.value ->> 'currency')),
		('word', e.value ->> 'word', 'word', 'Add it with erp.put_voucher_words().', EXISTS (SELECT 1 FROM erp.voucher_word w WHERE w.company_id = $1 AND w.code = e.value ->> 'word'))) AS f (field, value, what, cure, known)
	 WHERE f.value <> '' AND NOT f.known ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.value, bad.what, bad.cure);
	PERFORM erp_private.check_voucher_template($1, e.value, format('$[%s]', e.n - 1)) FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n);
END
$function$;
COMMENT ON FUNCTION erp_private.check_voucher_templates(integer, jsonb) IS 'Raises LE011, LE012, LE120 or LE320 unless the rows are templates of vouchers.';

CREATE FUNCTION erp_private.put_voucher_templates(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_voucher_templates($1, request);
	WITH put AS (
		INSERT INTO erp.voucher_template AS t (company_id, code, name, summary, word, currency_id, parameters, lines, reverses_on, active)
		SELECT $1, e.value ->> 'code', e.value ->> 'name', COALESCE(e.value ->> 'summary', ''), COALESCE(e.value ->> 'word', ''), COALESCE(m.currency_id, 0),
		       COALESCE(NULLIF(e.value -> 'parameters', 'null'), '[]'), erp_private.with_formulas(e.value -> 'lines', 'amount'),
		       COALESCE(e.value ->> 'reverses_on', ''), COALESCE((e.value ->> 'active')::boolean, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.currency m ON m.code = NULLIF(e.value ->> 'currency', '')
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT voucher_template_code_key DO UPDATE
		SET name = EXCLUDED.name, summary = EXCLUDED.summary, word = EXCLUDED.word, currency_id = EXCLUDED.currency_id, parameters = EXCLUDED.parameters,
		    lines = EXCLUDED.lines, reverses_on = EXCLUDED.reverses_on, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_voucher_templates(integer, jsonb) IS 'Does what erp.put_voucher_templates() says.';

CREATE FUNCTION erp_private.check_values(parameters jsonb, given jsonb, path text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	defaults jsonb := (SELECT COALESCE(jsonb_object_agg(e.value ->> 'name', e.value -> 'default'), '{}') FROM jsonb_array_elements(parameters) AS e (value));
	bad record;
BEGIN
	SELECT g.key, g.value INTO bad FROM jsonb_each(given) g WHERE NOT defaults ? g.key OR jsonb_typeof(g.value) NOT IN ('number', 'string', 'null') ORDER BY g.key LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', CASE WHEN defaults ? bad.key THEN 'a value is a number or a text' ELSE format('there is no parameter "%s"', bad.key) END,
			path || '.' || bad.key, bad.value #>> '{}', 'The parameters are: ' || array_to_string(erp_private.parameter_names(parameters), ', ') || '.');
	END IF;
	defaults := jsonb_strip_nulls(defaults) || jsonb_strip_nulls(given);
	SELECT e.value ->> 'name' AS key INTO bad FROM jsonb_array_elements(parameters) WITH ORDINALITY AS e (value, n) WHERE NOT defaults ? (e.value ->> 'name') ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE321', format('the parameter "%s" has no value', bad.key), path, NULL, 'Give it a value, or a default with the template.');
	END IF;
	RETURN defaults;
END
$function$;
COMMENT ON FUNCTION erp_private.check_values(jsonb, jsonb, text) IS
	'The values of parameters {"name", "default"}: those given, else the defaults. Raises LE011 for a value of none of them, LE321 for one without a value.';

-- A text that is no number is not known to formulas.
CREATE FUNCTION erp_private.formula_amounts(formulas text[], given jsonb, decimals integer) RETURNS numeric[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	names text[];
	amounts numeric[];
BEGIN
	SELECT COALESCE(array_agg(g.key ORDER BY g.key), '{}'), COALESCE(array_agg(g.value::numeric ORDER BY g.key), '{}') INTO names, amounts
	  FROM jsonb_each_text(given) g WHERE g.value ~ '^-?[0-9]{1,15}([.][0-9]{1,10})?$';
	RETURN ARRAY(SELECT round(r.amount, decimals)
	               FROM unnest(erp_private.run_formulas(names, amounts, ARRAY(SELECT format('round((%s), %s)', f.formula, decimals) FROM unnest(formulas) WITH ORDINALITY AS f (formula, n) ORDER BY f.n),
	                    ARRAY(SELECT 'result_' || g.n FROM generate_subscripts(formulas, 1) AS g (n) ORDER BY g.n), decimals, false)) WITH ORDINALITY AS r (amount, n) ORDER BY r.n);
END
$function$;
COMMENT ON FUNCTION erp_private.formula_amounts(text[], jsonb, integer) IS
	'What formulas come to over values of which those that are numbers count, each rounded once. decimals: of the currency. Errors: those of erp_private.run_formulas().';

CREATE FUNCTION erp_private.filled_entry(entry jsonb, amount numeric, given jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('account', entry -> 'account', 'side', entry -> 'side', 'amount', amount::text,
	       'party', NULLIF(erp_private.fill_placeholders(entry ->> 'party', given), ''), 'description', NULLIF(erp_private.fill_placeholders(entry ->> 'summary', given), ''),
	       'dimensions', (SELECT jsonb_object_agg(d.key, erp_private.fill_placeholders(d.value, given)) FROM jsonb_each_text(NULLIF(entry -> 'dimensions', 'null')) d))));
END
$function$;
COMMENT ON FUNCTION erp_private.filled_entry(jsonb, numeric, jsonb) IS 'The entry of a voucher that a line of a template gives for an amount and values.';

CREATE FUNCTION erp_private.template_document(company_id integer, voucher_template_id integer, day date, given jsonb, path text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	template record;
	filled jsonb;
	amounts numeric[];
BEGIN
	SELECT t.*, m.code AS currency, m.decimals, t.currency_id <> 0 AS foreign_currency INTO template
	  FROM erp.voucher_template t JOIN erp.company c ON c.company_id = $1
	  JOIN erp.currency m ON m.currency_id = CASE t.currency_id WHEN 0 THEN c.currency_id ELSE t.currency_id END
	 WHERE t.company_id = $1 AND t.voucher_template_id = $2;
	IF NOT template.active THEN
		PERFORM erp_private.refuse('LE322', format('template "%s" is not active', template.code), path, template.code, 'Activate it with erp.put_voucher_templates().');
	END IF;
	filled := erp_private.check_values(template.parameters, given, path);
	amounts := erp_private.formula_amounts(ARRAY(SELECT e.value ->> 'amount' FROM jsonb_array_elements(template.lines) WITH ORDINALITY AS e (value, n) ORDER BY e.n), filled, template.decimals);
	filled := filled || erp_private.day_values($3);
	RETURN (SELECT CASE WHEN count(*) > 0 THEN jsonb_strip_nulls(jsonb_build_object('kind', 'manual_voucher', 'day', $3, 'word', NULLIF(template.word, ''),
	       'currency', CASE WHEN template.foreign_currency THEN template.currency END,
	       'description', COALESCE(NULLIF(erp_private.fill_placeholders(template.summary, filled), ''), template.name),
	       'lines', jsonb_agg(erp_private.filled_entry(e.value, amounts[e.n], filled) ORDER BY e.n))) END
	  FROM jsonb_array_elements(template.lines) WITH ORDINALITY AS e (value, n) WHERE amounts[e.n] <> 0);
END
$function$;
COMMENT ON FUNCTION erp_private.template_document(integer, integer, date, jsonb, text) IS
	'The voucher that a template gives for a day and values, without a key; null where all its amounts are zero. Raises LE322 for one that is not active, and what erp_private.check_values() does.';

CREATE FUNCTION erp_private.lock_post_template(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF erp_private.is_day(request ->> 'day') THEN
		PERFORM erp_private.lock_for_drafts($1, '{}', ARRAY[(request ->> 'day')::date]);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_post_template(integer, jsonb) IS 'Takes what erp.post_template() waits for.';

CREATE FUNCTION erp_private.check_reverses_on(value text, day date) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT (value IN ('', 'next_period') OR erp_private.is_day(value)) OR (erp_private.is_day(value) AND value::date < day) THEN
		PERFORM erp_private.refuse('LE011', 'a voucher reverses itself in the next period or on a day that is not before its own', '$.reverses_on', value, 'Give next_period or such a day.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_reverses_on(text, date) IS 'Raises LE011 unless the value is empty, next_period or a day from that of the voucher on.';

CREATE FUNCTION erp_private.post_template(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	template record;
	document jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"template": "code!", "day": "day!", "values": "object", "reference": "name", "rate": "decimal", "reverses_on": "name", "late": "boolean"}');
	PERFORM erp_private.check_reverses_on(request ->> 'reverses_on', (request ->> 'day')::date);
	SELECT t.voucher_template_id, t.code, t.reverses_on INTO template FROM erp.voucher_template t WHERE t.company_id = $1 AND t.code = request ->> 'template';
	PERFORM erp_private.check_known(CASE WHEN NOT FOUND THEN 1 END, '$', 'template', request ->> 'template', 'template', 'Add it with erp.put_voucher_templates().');
	document := erp_private.template_document($1, template.voucher_template_id, (request ->> 'day')::date, COALESCE(NULLIF(request -> 'values', 'null'), '{}'), '$.values');
	IF document IS NULL THEN
		PERFORM erp_private.refuse('LE323', 'all amounts of the voucher are zero', '$.values', NULL, 'Give other values.');
	END IF;
	document := document || jsonb_strip_nulls(jsonb_build_object('reference', request -> 'reference', 'rate', request -> 'rate', 'late', request -> 'late'));
	RETURN erp_private.generate_vouchers($1, $2, erp_private.call_key($1, $2), 'template', jsonb_build_array(jsonb_build_object('code', template.code, 'day', request ->> 'day', 'document', document,
		'reverses_on', COALESCE(request ->> 'reverses_on', template.reverses_on)))) -> 0;
END
$function$;
COMMENT ON FUNCTION erp_private.post_template(integer, bigint, jsonb) IS 'Does what erp.post_template() says.';

CREATE FUNCTION erp.put_voucher_templates(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_voucher_templates(text, text, json) IS
	'Adds or changes templates of vouchers. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "summary"? (description of the voucher, default the name), "word"? (erp.put_voucher_words()), "currency"? (of its amounts, default the company''s), "parameters"? ([{"name" (small letters, digits and "_"), "default"? (a number or a text)}]), "lines": [{"account", "side" (debit or credit), "amount" (a number, or a formula over the parameters with + - * /, brackets, min, max, abs and round, rounded once to the currency; a line that comes to zero is left out, a negative amount stands in red), "party"?, "dimensions"?, "summary"?}], "reverses_on"? (next_period: what is posted reverses itself on the first open day from the first of the next period on; "", the default: it does not), "active"?}]. In summaries, party and dimensions {name} stands for the value of a parameter, {day}, {month}, {year} and {period} for those of the day. Each template is written as given; what is left out is as by default. What was posted stays as it was. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown account, party, value of a dimension, currency or word, LE120 for an amount that cannot be read, LE320 for a name in braces that is not known.';

CREATE FUNCTION erp.post_template(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.post_template(text, text, json) IS
	'Posts a voucher by a template: a manual_voucher of the key KEY/1, or where the company asks for reviews its draft. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"template" (code), "day", "values"? ({name: number or text} of its parameters; those not given have their defaults), "reference"?, "rate"? (of its currency), "reverses_on"? (next_period, a day, or "": instead of what the template says), "late"? (true: it lands on the first open day)}. erp.generated_posting_list leads from the voucher to the template. Returns {"code", "day", "voucher" (its key), "document_id", "voucher_id", "number"}, or of a draft {"code", "day", "voucher", "state"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of a manual_voucher (erp.post_document()); LE012 also for an unknown template, LE121 for a formula that cannot be computed, LE321 for a parameter without a value, LE322 for a template that is not active, LE323 where all amounts are zero.';
