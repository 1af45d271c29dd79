-- ledger: the chart of a new company, and what the call on dimensions does.

CREATE FUNCTION erp_private.copy_chart(company_id integer, chart text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	accounts bigint;
	rules bigint;
BEGIN
	INSERT INTO erp.dimension_set (company_id, dimension_set_id, dimension_value_ids) VALUES (copy_chart.company_id, 0, '{}');
	INSERT INTO erp.account (company_id, code, name, class, normal_side, control, postable, money)
	SELECT copy_chart.company_id, c.code, c.name, c.class, c.normal_side, c.control,
	       NOT EXISTS (SELECT 1 FROM erp.chart s WHERE s.chart = c.chart AND s.parent_code = c.code), c.money
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
	UPDATE erp.company c SET opening_account_id = r.account_id FROM erp.posting_rule r
	 WHERE c.company_id = copy_chart.company_id AND r.company_id = c.company_id AND r.kind = 'opening_stock' AND r.amount_role = 'cost';
	INSERT INTO erp.voucher_word (company_id, code, name, rule)
	SELECT copy_chart.company_id, w.code, w.name, w.rule FROM erp.chart_word w WHERE w.chart = copy_chart.chart ORDER BY w.code COLLATE "C";
	PERFORM erp_private.add_word_series(copy_chart.company_id);
	INSERT INTO erp.transfer_template (company_id, code, name, rank, every, terms, parameters, entries, active)
	SELECT copy_chart.company_id, t.code, t.name, t.rank, t.every, t.terms, t.parameters, t.entries, t.active
	  FROM erp.chart_transfer t WHERE t.chart = copy_chart.chart ORDER BY t.rank, t.code COLLATE "C";
	INSERT INTO erp.statement_at_close (company_id, template)
	SELECT copy_chart.company_id, s.template FROM erp.chart_statement s WHERE s.chart = copy_chart.chart;
	INSERT INTO erp.voucher_text (company_id, occasion, template)
	SELECT DISTINCT ON (t.occasion) copy_chart.company_id, t.occasion, t.template
	  FROM erp.chart_text t WHERE t.chart IN ('', copy_chart.chart) ORDER BY t.occasion, t.chart COLLATE "C" DESC;
	RETURN jsonb_build_object('accounts', accounts, 'posting_rules', rules);
END
$function$;
COMMENT ON FUNCTION erp_private.copy_chart(integer, text) IS
	'Gives a new company the accounts, posting rules and voucher words of a chart (none of chart ""), and its voucher texts. Returns {"accounts", "posting_rules"}.';

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
