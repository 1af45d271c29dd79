-- ledger: which dimensions accounts require and forbid.

CREATE FUNCTION erp_private.lock_put_account_dimensions(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_structure(company_id);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_account_dimensions(integer, jsonb) IS
	'Waits for the postings under way: what commits after the call obeys it.';

CREATE FUNCTION erp_private.put_account_dimensions(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	written bigint;
	removed bigint;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"account": "code!", "dimension": "code!", "rule": "code!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['account', 'dimension']);
	PERFORM erp_private.check_choice(request, '$[#]', 'rule', ARRAY['required', 'optional', 'forbidden']);
	SELECT e.n, CASE WHEN a.account_id IS NULL THEN 'account' ELSE 'dimension' END AS field INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.account a ON a.company_id = put_account_dimensions.company_id AND a.code = e.value ->> 'account'
	  LEFT JOIN erp.dimension d ON d.company_id = put_account_dimensions.company_id AND d.code = e.value ->> 'dimension'
	 WHERE a.account_id IS NULL OR d.dimension_id IS NULL ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, request -> (bad.n - 1)::integer ->> bad.field, bad.field, 'Put it first.');
	WITH wanted AS (
		SELECT a.account_id, d.dimension_id, e.value ->> 'rule' AS rule
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.account a ON a.company_id = put_account_dimensions.company_id AND a.code = e.value ->> 'account'
		  JOIN erp.dimension d ON d.company_id = put_account_dimensions.company_id AND d.code = e.value ->> 'dimension'
	), put AS (
		INSERT INTO erp.account_dimension AS r (company_id, account_id, dimension_id, rule)
		SELECT put_account_dimensions.company_id, w.account_id, w.dimension_id, w.rule
		  FROM wanted w WHERE w.rule <> 'optional' ORDER BY w.account_id, w.dimension_id
		ON CONFLICT (company_id, account_id, dimension_id) DO UPDATE SET rule = excluded.rule WHERE r.rule <> excluded.rule
		RETURNING 1
	), gone AS (
		DELETE FROM erp.account_dimension r USING wanted w
		 WHERE r.company_id = put_account_dimensions.company_id AND r.account_id = w.account_id AND r.dimension_id = w.dimension_id
		   AND w.rule = 'optional'
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM put), (SELECT count(*) FROM gone) INTO written, removed;
	RETURN jsonb_build_object('written', written, 'removed', removed);
END
$function$;
COMMENT ON FUNCTION erp_private.put_account_dimensions(integer, jsonb) IS 'Does what erp.put_account_dimensions() says.';
