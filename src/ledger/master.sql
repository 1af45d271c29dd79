-- ledger: the chart of a new company, and what the calls on posting rules and dimensions do.

CREATE FUNCTION erp_private.copy_chart(company_id integer, chart text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	accounts bigint;
	rules bigint;
BEGIN
	INSERT INTO erp.dimension_set (company_id, dimension_set_id, dimension_value_ids) VALUES (copy_chart.company_id, 0, '{}');
	INSERT INTO erp.account (company_id, code, name, class, normal_side, control, postable)
	SELECT copy_chart.company_id, c.code, c.name, c.class, c.normal_side, c.control,
	       NOT EXISTS (SELECT 1 FROM erp.chart s WHERE s.chart = c.chart AND s.parent_code = c.code)
	  FROM erp.chart c WHERE c.chart = copy_chart.chart ORDER BY c.code COLLATE "C";
	GET DIAGNOSTICS accounts = ROW_COUNT;
	UPDATE erp.account a SET parent_account_id = p.account_id
	  FROM erp.chart c JOIN erp.account p ON p.company_id = copy_chart.company_id AND p.code = c.parent_code
	 WHERE c.chart = copy_chart.chart AND a.company_id = copy_chart.company_id AND a.code = c.code;
	INSERT INTO erp.posting_rule (company_id, kind, line_role, amount_role, condition, side, account_id)
	SELECT a.company_id, r.kind, r.line_role, r.amount_role, r.condition, r.side, a.account_id
	  FROM erp.chart_rule r JOIN erp.account a ON a.company_id = copy_chart.company_id AND a.code = r.account_code
	 WHERE r.chart = copy_chart.chart ORDER BY r.kind, r.line_role, r.amount_role, r.condition;
	GET DIAGNOSTICS rules = ROW_COUNT;
	RETURN jsonb_build_object('accounts', accounts, 'posting_rules', rules);
END
$function$;
COMMENT ON FUNCTION erp_private.copy_chart(integer, text) IS
	'Gives a new company the accounts and posting rules of a chart (none of chart ""). Returns {"accounts", "posting_rules"}.';

CREATE FUNCTION erp_private.check_posting_rules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"kind": "code!", "line_role": "code!", "amount_role": "code!", "side": "code!",
		"account": "code!", "item_group": "name", "party_group": "name", "warehouse": "code", "tax_code": "code", "condition": "code",
		"merge": "boolean", "carry_dimensions": "boolean", "summary": "name"}');
	PERFORM erp_private.check_once((SELECT jsonb_agg('{"condition": "any"}' || jsonb_strip_nulls(e.value) ORDER BY e.n)
	                                  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)),
		'$[#]', ARRAY['kind', 'line_role', 'amount_role', 'item_group', 'party_group', 'warehouse', 'tax_code', 'condition']);
	PERFORM erp_private.check_choice(request, '$[#]', 'amount_role', ARRAY['amount', 'inventory', 'cost', 'tax', 'total']);
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
END
$function$;
COMMENT ON FUNCTION erp_private.check_posting_rules(integer, jsonb) IS
	'Raises LE011, LE012 or LE042 unless the rows are posting rules; warehouses are checked where they are known.';

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
			condition, side, account_id, merge, carry_dimensions, summary_template)
		SELECT put_posting_rules.company_id, e.value ->> 'kind', e.value ->> 'line_role', e.value ->> 'amount_role',
		       COALESCE(e.value ->> 'item_group', ''), COALESCE(e.value ->> 'party_group', ''),
		       erp_private.warehouse_of_rule(put_posting_rules.company_id, e.n, e.value ->> 'warehouse'), COALESCE(t.tax_code_id, 0),
		       COALESCE(e.value ->> 'condition', 'any'), e.value ->> 'side', a.account_id, COALESCE((e.value ->> 'merge')::boolean, true),
		       COALESCE((e.value ->> 'carry_dimensions')::boolean, true), COALESCE(e.value ->> 'summary', '')
		  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
		  JOIN erp.account a ON a.company_id = put_posting_rules.company_id AND a.code = e.value ->> 'account'
		  LEFT JOIN erp.tax_code t ON t.company_id = put_posting_rules.company_id AND t.code = e.value ->> 'tax_code'
		 ORDER BY 2, 3, 4, 5, 6, 7, 8, 9
		ON CONFLICT (company_id, kind, line_role, amount_role, item_group, party_group, warehouse_id, tax_code_id, condition) DO UPDATE
		SET side = EXCLUDED.side, account_id = EXCLUDED.account_id, merge = EXCLUDED.merge,
		    carry_dimensions = EXCLUDED.carry_dimensions, summary_template = EXCLUDED.summary_template
		WHERE (r.side, r.account_id, r.merge, r.carry_dimensions, r.summary_template)
		      <> (EXCLUDED.side, EXCLUDED.account_id, EXCLUDED.merge, EXCLUDED.carry_dimensions, EXCLUDED.summary_template)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_posting_rules(integer, jsonb) IS 'Does what erp.put_posting_rules() says.';

CREATE FUNCTION erp_private.put_dimension_values(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	given record;
	written bigint;
BEGIN
	FOR given IN SELECT e.value -> 'values' AS rows, format('$[%s].values[#]', e.n - 1) AS path
	               FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'values') = 'array'
	LOOP
		PERFORM erp_private.check_rows(given.rows, given.path, '{"code": "code!", "name": "name!"}');
		PERFORM erp_private.check_once(given.rows, given.path, ARRAY['code']);
	END LOOP;
	WITH put AS (
		INSERT INTO erp.dimension_value AS v (company_id, dimension_id, code, name)
		SELECT put_dimension_values.company_id, d.dimension_id, x.value ->> 'code', x.value ->> 'name'
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.dimension d ON d.company_id = put_dimension_values.company_id AND d.code = e.value ->> 'code',
		       jsonb_array_elements(CASE jsonb_typeof(e.value -> 'values') WHEN 'array' THEN e.value -> 'values' ELSE '[]' END) AS x (value)
		 ORDER BY 2, 3
		ON CONFLICT (company_id, dimension_id, code) DO UPDATE SET name = EXCLUDED.name WHERE v.name <> EXCLUDED.name
		RETURNING 1
	)
	SELECT count(*) INTO written FROM put;
	RETURN written;
END
$function$;
COMMENT ON FUNCTION erp_private.put_dimension_values(integer, jsonb) IS 'Writes the values of the dimensions of a request; returns how many changed.';

CREATE FUNCTION erp_private.lock_put_dimensions(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp.dimension d JOIN erp_private.rows_of(request) AS e (value) ON d.code = e.value ->> 'code'
	            WHERE d.company_id = lock_put_dimensions.company_id AND e.value -> 'balancing' = 'true' AND NOT d.balancing) THEN
		PERFORM erp_private.lock_structure(company_id);
	END IF;
	PERFORM 1 FROM erp.dimension d WHERE d.company_id = lock_put_dimensions.company_id
	    AND d.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY d.dimension_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_dimensions(integer, jsonb) IS
	'Locks the dimensions of the request; if one becomes balancing, waits for the postings under way.';

CREATE FUNCTION erp_private.put_dimensions(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "balancing": "boolean", "values": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	WITH put AS (
		INSERT INTO erp.dimension AS d (company_id, code, name, balancing)
		SELECT put_dimensions.company_id, e.value ->> 'code', e.value ->> 'name',
		       COALESCE((e.value ->> 'balancing')::boolean, old.balancing, false)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.dimension old ON old.company_id = put_dimensions.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, balancing = EXCLUDED.balancing
		WHERE (d.name, d.balancing) <> (EXCLUDED.name, EXCLUDED.balancing)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer || jsonb_build_object('values', erp_private.put_dimension_values(put_dimensions.company_id, request));
END
$function$;
COMMENT ON FUNCTION erp_private.put_dimensions(integer, jsonb) IS 'Does what erp.put_dimensions() says.';
