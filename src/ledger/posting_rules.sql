-- ledger: posting rules, as requests give them.

CREATE FUNCTION erp_private.expression_problem(expression text, is_condition boolean, line_role text, amount_role text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_expression_problem';
COMMENT ON FUNCTION erp_private.expression_problem(text, boolean, text, text) IS
	'What is wrong with the condition, or the amount expression, of a rule for the line role and amount role, with its position in characters from 1; null if nothing is.';

CREATE FUNCTION erp_private.summary_problem(summary text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_summary_problem';
COMMENT ON FUNCTION erp_private.summary_problem(text) IS
	'What is wrong with the summary of a rule, with its position; null if nothing is. Brackets hold kind, reference, key, description, party or day.';

CREATE FUNCTION erp_private.rule_attributes(line_role text, amount_role text) RETURNS text[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_rule_attributes';
COMMENT ON FUNCTION erp_private.rule_attributes(text, text) IS
	'The attributes that conditions and dimensions of a rule for the line role and amount role may name.';

CREATE FUNCTION erp_private.check_rule_texts(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, x.field, x.value, x.problem INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('when', e.value ->> 'when', erp_private.expression_problem(e.value ->> 'when', true, e.value ->> 'line_role', e.value ->> 'amount_role')),
		('expression', e.value ->> 'expression',
			erp_private.expression_problem(e.value ->> 'expression', false, e.value ->> 'line_role', e.value ->> 'amount_role')),
		('summary', e.value ->> 'summary', erp_private.summary_problem(e.value ->> 'summary'))) AS x (field, value, problem)
	 WHERE x.problem IS NOT NULL ORDER BY e.n, x.field LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE120', format('field "%s", %s', bad.field, bad.problem), format('$[%s].%s', bad.n - 1, bad.field),
			bad.value, 'Mend it at that position; the names are those of erp.put_posting_rules().');
	END IF;
	SELECT e.n, e.value ->> 'expression' AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.document_kind k ON k.kind = e.value ->> 'kind'
	 WHERE e.value ->> 'expression' <> '' AND (e.value ->> 'amount_role' IN ('inventory', 'cost', 'price_variance', 'usage_variance', 'usage', 'unbilled', 'revenue', 'exchange', 'shipped') OR k.poster_role = 'erp_owner')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the amount is posted as it is', format('$[%s].expression', bad.n - 1), bad.value,
			'Values of stock and what the engine posts by itself have no expression; they may have a condition.');
	END IF;
	SELECT e.n, k.poster_role = 'erp_owner' AS by_engine INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.document_kind k ON k.kind = e.value ->> 'kind'
	 WHERE (e.value ->> 'merge_rules')::boolean AND (k.poster_role = 'erp_owner' OR NOT COALESCE((e.value ->> 'merge')::boolean, true))
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', CASE WHEN bad.by_engine THEN 'what the engine posts by itself stays apart by rule'
			ELSE 'a rule whose amounts stay apart does not merge with others' END, format('$[%s].merge_rules', bad.n - 1), 'true',
			CASE WHEN bad.by_engine THEN 'Leave "merge_rules" out.' ELSE 'Leave "merge" or "merge_rules" out.' END);
	END IF;
	SELECT e.n, e.value ->> 'entry' AS value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'entry')::integer NOT BETWEEN 1 AND 999 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'an entry is a number from 1 to 999', format('$[%s].entry', bad.n - 1), bad.value, 'Number the entries from 1.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_rule_texts(jsonb) IS
	'Raises LE120 at the first condition, expression or summary that cannot be read, LE011 for an expression or "merge_rules" where none is, or an entry out of range.';

CREATE FUNCTION erp_private.rule_dimension_rows(company_id integer, request jsonb)
	RETURNS TABLE (row_no bigint, place bigint, dimension text, dimension_id integer, source text, value text, dimension_value_id integer, attributes text[])
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n, x.m, x.value ->> 'dimension', d.dimension_id, x.value ->> 'source', x.value ->> 'value', v.dimension_value_id,
	       erp_private.rule_attributes(e.value ->> 'line_role', e.value ->> 'amount_role')
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(e.value -> 'dimensions') WHEN 'array' THEN e.value -> 'dimensions' ELSE '[]' END)
	       WITH ORDINALITY AS x (value, m)
	  LEFT JOIN erp.dimension d ON d.company_id = rule_dimension_rows.company_id AND d.code = x.value ->> 'dimension'
	  LEFT JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id AND v.code = x.value ->> 'value'
$function$;
COMMENT ON FUNCTION erp_private.rule_dimension_rows(integer, jsonb) IS
	'The dimensions of the rules of a request: number of the rule and place in it (from 1), codes as given, their ids (null if unknown), attributes that may be a source.';

CREATE FUNCTION erp_private.check_rule_dimensions(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	given record;
	bad record;
	path text;
BEGIN
	FOR given IN SELECT e.value -> 'dimensions' AS rows, format('$[%s].dimensions[#]', e.n - 1) AS path
	               FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'dimensions') = 'array'
	LOOP
		PERFORM erp_private.check_rows(given.rows, given.path, '{"dimension": "code!", "source": "code!", "value": "code"}');
		PERFORM erp_private.check_once(given.rows, given.path, ARRAY['dimension']);
	END LOOP;
	SELECT x.*, CASE WHEN x.dimension_id IS NULL THEN 'dimension'
	                 WHEN x.source <> ALL (ARRAY['none', 'line', 'constant'] || x.attributes) THEN 'source'
	                 ELSE 'value' END AS field INTO bad
	  FROM erp_private.rule_dimension_rows(check_rule_dimensions.company_id, request) x
	 WHERE x.dimension_id IS NULL OR x.source <> ALL (ARRAY['none', 'line', 'constant'] || x.attributes)
	    OR (x.source = 'constant') <> (x.dimension_value_id IS NOT NULL) OR (x.source <> 'constant' AND x.value IS NOT NULL)
	 ORDER BY x.row_no, x.place LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	path := format('$[%s].dimensions[#]', bad.row_no - 1);
	IF bad.field = 'source' OR (bad.field = 'value' AND (bad.source = 'constant') = (bad.value IS NULL)) THEN
		PERFORM erp_private.refuse('LE011', CASE bad.field WHEN 'source' THEN 'the dimension cannot come from there'
			ELSE 'a constant has a value, another source has none' END, replace(path, '#', (bad.place - 1)::text) || '.' || bad.field,
			CASE bad.field WHEN 'source' THEN bad.source ELSE bad.value END,
			'A source is one of: ' || array_to_string(ARRAY['none', 'line', 'constant'] || bad.attributes, ', ') || '.');
	END IF;
	PERFORM erp_private.check_known(bad.place, path, bad.field, CASE bad.field WHEN 'value' THEN bad.value ELSE bad.dimension END,
		CASE bad.field WHEN 'value' THEN 'value of the dimension' ELSE 'dimension' END, 'Put it first with erp.put_dimensions().');
END
$function$;
COMMENT ON FUNCTION erp_private.check_rule_dimensions(integer, jsonb) IS
	'Raises LE011 or LE012 unless the dimensions of the rules are known and come from where the rule has them.';

CREATE FUNCTION erp_private.check_posting_rules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"kind": "code!", "line_role": "code!", "amount_role": "code!", "side": "code!",
		"account": "code!", "item_group": "name", "party_group": "name", "warehouse": "code", "tax_code": "code", "condition": "code",
		"entry": "integer", "when": "expression", "expression": "expression", "active": "boolean", "dimensions": "list", "merge": "boolean", "merge_rules": "boolean", "carry_dimensions": "boolean", "summary": "name"}');
	PERFORM erp_private.check_once((SELECT jsonb_agg('{"condition": "any", "entry": 1}' || jsonb_strip_nulls(e.value) ORDER BY e.n)
	                                  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)),
		'$[#]', ARRAY['kind', 'line_role', 'amount_role', 'item_group', 'party_group', 'warehouse', 'tax_code', 'condition', 'entry']);
	PERFORM erp_private.check_choice(request, '$[#]', 'amount_role', ARRAY['amount', 'inventory', 'cost', 'tax', 'total', 'price_variance', 'usage_variance', 'usage', 'unbilled', 'revenue', 'exchange', 'shipped', 'ahead']);
	PERFORM erp_private.check_choice(request, '$[#]', 'side', ARRAY['debit', 'credit']);
	PERFORM erp_private.check_choice(request, '$[#]', 'condition', ARRAY['any', 'debit', 'credit']);
	SELECT e.n, e.value ->> 'line_role' AS line_role, format('line role of a "%s"', e.value ->> 'kind') AS what INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.document_kind k
	                     LEFT JOIN erp.document_kind_role r ON r.kind = k.kind AND r.line_role = e.value ->> 'line_role'
	                    WHERE k.kind = e.value ->> 'kind' AND (r.kind IS NOT NULL OR e.value ->> 'line_role' = 'document'))
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'line_role', bad.line_role, bad.what, 'See erp.document_kind_role; "document" is the header.');
	SELECT e.n, e.value ->> 'account' AS account INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = check_posting_rules.company_id AND a.code = e.value ->> 'account')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'account', bad.account, 'account', 'Add it with erp.put_accounts().');
	SELECT e.n, a.code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.account a ON a.company_id = check_posting_rules.company_id AND a.code = e.value ->> 'account'
	 WHERE NOT (a.postable AND a.active) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE042', 'the account is a heading or is not active', format('$[%s].account', bad.n - 1), bad.code,
			'Use an account that can be posted to.');
	END IF;
	SELECT e.n, e.value ->> 'tax_code' AS tax_code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'tax_code' IS NOT NULL
	   AND NOT EXISTS (SELECT 1 FROM erp.tax_code t WHERE t.company_id = check_posting_rules.company_id AND t.code = e.value ->> 'tax_code')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'tax_code', bad.tax_code, 'tax code', 'Add it with erp.put_tax_codes().');
	PERFORM erp_private.check_rule_texts(request);
	PERFORM erp_private.check_rule_dimensions(check_posting_rules.company_id, request);
END
$function$;
COMMENT ON FUNCTION erp_private.check_posting_rules(integer, jsonb) IS
	'Raises LE011, LE012, LE042 or LE120 unless the rows are posting rules; warehouses are checked where they are known.';

CREATE FUNCTION erp_private.posting_rule_rows(company_id integer, request jsonb)
	RETURNS TABLE (row_no bigint, kind text, line_role text, amount_role text, item_group text, party_group text, warehouse_id integer,
		tax_code_id integer, condition text, entry integer)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT e.n, e.value ->> 'kind', e.value ->> 'line_role', e.value ->> 'amount_role',
	       COALESCE(e.value ->> 'item_group', ''), COALESCE(e.value ->> 'party_group', ''),
	       erp_private.warehouse_of_rule(posting_rule_rows.company_id, e.n, e.value ->> 'warehouse'), COALESCE(t.tax_code_id, 0),
	       COALESCE(e.value ->> 'condition', 'any'), COALESCE((e.value ->> 'entry')::integer, 1)
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.tax_code t ON t.company_id = posting_rule_rows.company_id AND t.code = e.value ->> 'tax_code';
END
$function$;
COMMENT ON FUNCTION erp_private.posting_rule_rows(integer, jsonb) IS
	'What the rules of a request are told apart by, with the number of each (from 1); LE012 for an unknown warehouse.';

CREATE FUNCTION erp_private.put_rule_dimensions(company_id integer, request jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH rule AS MATERIALIZED (
		SELECT x.row_no, r.posting_rule_id
		  FROM erp_private.posting_rule_rows(put_rule_dimensions.company_id, request) x
		  JOIN erp.posting_rule r ON r.company_id = put_rule_dimensions.company_id
		   AND (r.kind, r.line_role, r.amount_role, r.item_group, r.party_group, r.warehouse_id, r.tax_code_id, r.condition, r.entry)
		       = (x.kind, x.line_role, x.amount_role, x.item_group, x.party_group, x.warehouse_id, x.tax_code_id, x.condition, x.entry)
	), wanted AS MATERIALIZED (
		SELECT r.posting_rule_id, d.dimension_id, d.source, COALESCE(d.dimension_value_id, 0) AS dimension_value_id
		  FROM erp_private.rule_dimension_rows(put_rule_dimensions.company_id, request) d JOIN rule r ON r.row_no = d.row_no
	), gone AS (
		DELETE FROM erp.posting_rule_dimension o USING rule r
		 WHERE o.company_id = put_rule_dimensions.company_id AND o.posting_rule_id = r.posting_rule_id
		   AND NOT EXISTS (SELECT 1 FROM wanted w WHERE (w.posting_rule_id, w.dimension_id) = (o.posting_rule_id, o.dimension_id))
	)
	INSERT INTO erp.posting_rule_dimension AS o (company_id, posting_rule_id, dimension_id, source, dimension_value_id)
	SELECT put_rule_dimensions.company_id, w.posting_rule_id, w.dimension_id, w.source, w.dimension_value_id
	  FROM wanted w ORDER BY w.posting_rule_id, w.dimension_id
	ON CONFLICT ON CONSTRAINT posting_rule_dimension_key DO UPDATE
	SET source = EXCLUDED.source, dimension_value_id = EXCLUDED.dimension_value_id
	WHERE (o.source, o.dimension_value_id) <> (EXCLUDED.source, EXCLUDED.dimension_value_id)
$function$;
COMMENT ON FUNCTION erp_private.put_rule_dimensions(integer, jsonb) IS
	'The dimensions of each rule of the request become those that it gives.';

CREATE FUNCTION erp_private.put_posting_rules(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_posting_rules(put_posting_rules.company_id, request);
	WITH put AS (
		INSERT INTO erp.posting_rule AS r (company_id, kind, line_role, amount_role, item_group, party_group, warehouse_id, tax_code_id,
			condition, entry, applies_when, amount_expression, side, account_id, merge, merge_rules, carry_dimensions, summary_template, active)
		SELECT put_posting_rules.company_id, x.kind, x.line_role, x.amount_role, x.item_group, x.party_group, x.warehouse_id, x.tax_code_id,
		       x.condition, x.entry, COALESCE(e.value ->> 'when', ''), COALESCE(e.value ->> 'expression', ''), e.value ->> 'side', a.account_id,
		       COALESCE((e.value ->> 'merge')::boolean, true), COALESCE((e.value ->> 'merge_rules')::boolean, false),
		       COALESCE((e.value ->> 'carry_dimensions')::boolean, true),
		       COALESCE(e.value ->> 'summary', ''), COALESCE((e.value ->> 'active')::boolean, true)
		  FROM erp_private.posting_rule_rows(put_posting_rules.company_id, request) x
		  JOIN jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) ON e.n = x.row_no
		  JOIN erp.account a ON a.company_id = put_posting_rules.company_id AND a.code = e.value ->> 'account'
		 ORDER BY 2, 3, 4, 5, 6, 7, 8, 9, 10
		ON CONFLICT ON CONSTRAINT posting_rule_once DO UPDATE
		SET applies_when = EXCLUDED.applies_when, amount_expression = EXCLUDED.amount_expression, side = EXCLUDED.side,
		    account_id = EXCLUDED.account_id, merge = EXCLUDED.merge, merge_rules = EXCLUDED.merge_rules,
		    carry_dimensions = EXCLUDED.carry_dimensions, summary_template = EXCLUDED.summary_template, active = EXCLUDED.active
		WHERE (r.applies_when, r.amount_expression, r.side, r.account_id, r.merge, r.merge_rules, r.carry_dimensions, r.summary_template, r.active)
		      <> (EXCLUDED.applies_when, EXCLUDED.amount_expression, EXCLUDED.side, EXCLUDED.account_id, EXCLUDED.merge,
		          EXCLUDED.merge_rules, EXCLUDED.carry_dimensions, EXCLUDED.summary_template, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.put_rule_dimensions(put_posting_rules.company_id, request);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_posting_rules(integer, jsonb) IS 'Does what erp.put_posting_rules() says.';
