-- ledger: what the calls on years, periods, accounts, rules and dimensions do.

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

CREATE FUNCTION erp_private.check_fiscal_year(company_id integer, code text, first_day date, last_day date) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	years record;
BEGIN
	SELECT min(y.first_day) AS first_day, max(y.last_day) AS last_day, bool_or(y.code = check_fiscal_year.code) AS has_code INTO years
	  FROM erp.fiscal_year y WHERE y.company_id = check_fiscal_year.company_id;
	IF years.has_code THEN
		PERFORM erp_private.refuse('LE011', 'the fiscal year exists already', '$.code', code, 'Use another code.');
	END IF;
	IF first_day <> years.last_day + 1 AND last_day <> years.first_day - 1 THEN
		PERFORM erp_private.refuse('LE011', 'a fiscal year joins those that exist without gap or overlap', '$.first_day', first_day::text,
			format('Begin on %s, or end on %s.', years.last_day + 1, years.first_day - 1));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_fiscal_year(integer, text, date, date) IS
	'Raises LE011 if the code is taken or the days do not join the years that exist.';

CREATE FUNCTION erp_private.make_periods(company_id integer, fiscal_year_id integer, first_day date, months integer) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH made AS (
		INSERT INTO erp.period (company_id, fiscal_year_id, code, first_day, last_day)
		SELECT $1, $2, to_char(m.first_day, 'YYYY-MM'), m.first_day, (m.first_day + interval '1 month - 1 day')::date
		  FROM generate_series(0, months - 1) AS g (n), LATERAL (SELECT ($3 + make_interval(months => g.n))::date AS first_day) m
		 ORDER BY m.first_day
		RETURNING period_id
	)
	INSERT INTO erp.period_lock (company_id, period_id, module, state, changed_by)
	SELECT $1, p.period_id, l.module, 'open', erp_private.caller()
	  FROM made p, unnest(ARRAY['general', 'stock', 'sales', 'purchasing']) AS l (module)
	 ORDER BY p.period_id, l.module
$function$;
COMMENT ON FUNCTION erp_private.make_periods(integer, integer, date, integer) IS
	'Makes the monthly periods of a fiscal year, open for every module.';

CREATE FUNCTION erp_private.create_fiscal_year(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	first_day date;
	last_day date;
	months integer;
	year_id integer;
BEGIN
	PERFORM erp_private.check_object(request, '{"code": "code!", "first_day": "day!", "months": "integer"}');
	first_day := (request ->> 'first_day')::date;
	months := COALESCE((request ->> 'months')::integer, 12);
	IF extract(day FROM first_day) <> 1 OR months NOT BETWEEN 1 AND 24 THEN
		PERFORM erp_private.refuse('LE011', 'a fiscal year begins on the first of a month and has 1 to 24 months', '$', request::text,
			'Periods are calendar months.');
	END IF;
	last_day := (first_day + make_interval(months => months) - interval '1 day')::date;
	-- Years of one company are made one after the other.
	PERFORM 1 FROM erp.company c WHERE c.company_id = create_fiscal_year.company_id FOR NO KEY UPDATE;
	PERFORM erp_private.check_fiscal_year(create_fiscal_year.company_id, request ->> 'code', first_day, last_day);
	INSERT INTO erp.fiscal_year (company_id, code, first_day, last_day)
	VALUES (create_fiscal_year.company_id, request ->> 'code', first_day, last_day)
	RETURNING fiscal_year_id INTO year_id;
	PERFORM erp_private.make_periods(create_fiscal_year.company_id, year_id, first_day, months);
	RETURN jsonb_build_object('fiscal_year_id', year_id, 'periods', months);
END
$function$;
COMMENT ON FUNCTION erp_private.create_fiscal_year(integer, jsonb) IS 'Does what erp.create_fiscal_year() says.';

CREATE FUNCTION erp_private.lock_period_gate(company_id integer, period_id integer) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_lock_period_gate';
COMMENT ON FUNCTION erp_private.lock_period_gate(integer, integer) IS
	'Waits for the postings into the period that are under way and holds up new ones until the transaction ends.';

CREATE FUNCTION erp_private.lock_set_period_state(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_period_gate(p.company_id, p.period_id)
	   FROM erp.period p WHERE p.company_id = lock_set_period_state.company_id AND p.code = request ->> 'period';
END
$function$;
COMMENT ON FUNCTION erp_private.lock_set_period_state(integer, jsonb) IS
	'Takes the gate of the period: before the key of the call, as postings do.';

CREATE FUNCTION erp_private.set_period_state(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	period integer;
	bad text;
	changed bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"period": "code!", "modules": "list", "state": "code!"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'state', ARRAY['open', 'warned', 'closed']);
	SELECT m.module #>> '{}' INTO bad
	  FROM jsonb_array_elements(CASE jsonb_typeof(request -> 'modules') WHEN 'array' THEN request -> 'modules' ELSE '[]' END) AS m (module)
	 WHERE NOT m.module <@ '["general", "stock", "sales", "purchasing"]' LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a module is not known', '$.modules', bad, 'It is one of: general, stock, sales, purchasing.');
	END IF;
	SELECT p.period_id INTO period FROM erp.period p WHERE p.company_id = set_period_state.company_id AND p.code = request ->> 'period';
	IF NOT FOUND THEN
		PERFORM erp_private.check_known(1, '$', 'period', request ->> 'period', 'period', 'Make the fiscal year with erp.create_fiscal_year().');
	END IF;
	UPDATE erp.period_lock l
	   SET state = request ->> 'state', changed_at = clock_timestamp(), changed_by = erp_private.caller()
	 WHERE l.company_id = set_period_state.company_id AND l.period_id = period AND l.state <> request ->> 'state'
	   AND (COALESCE(jsonb_typeof(request -> 'modules'), 'null') = 'null' OR request -> 'modules' ? l.module);
	GET DIAGNOSTICS changed = ROW_COUNT;
	RETURN jsonb_build_object('changed', changed);
END
$function$;
COMMENT ON FUNCTION erp_private.set_period_state(integer, jsonb) IS 'Does what erp.set_period_state() says.';

CREATE FUNCTION erp_private.check_accounts(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "parent": "code", "class": "code!", "side": "code!",
		"control": "code", "postable": "boolean", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'class', ARRAY['asset', 'liability', 'equity', 'cost', 'revenue', 'expense', 'none']);
	PERFORM erp_private.check_choice(request, '$[#]', 'side', ARRAY['debit', 'credit']);
	PERFORM erp_private.check_choice(request, '$[#]', 'control', ARRAY['none', 'receivable', 'payable', 'accrued_payable', 'open_items', 'inventory']);
	SELECT e.n, e.value ->> 'parent' AS parent INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'parent' IS NOT NULL
	   AND e.value ->> 'parent' NOT IN (SELECT c.value ->> 'code' FROM jsonb_array_elements(request) AS c (value))
	   AND NOT EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = check_accounts.company_id AND a.code = e.value ->> 'parent')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'parent', bad.parent, 'account', 'Put the parent in the same call, or first.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_accounts(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are accounts.';

-- What balances and statements were read by stays. "control" is what laws 3 and 4 compare.
CREATE FUNCTION erp_private.check_used_accounts(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, a.code INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.account a ON a.company_id = check_used_accounts.company_id AND a.code = e.value ->> 'code'
	  LEFT JOIN erp.account p ON p.company_id = a.company_id AND p.account_id = a.parent_account_id
	 WHERE ((a.class, a.normal_side, a.control, COALESCE(p.code, ''))
	        <> (e.value ->> 'class', e.value ->> 'side', COALESCE(e.value ->> 'control', a.control), COALESCE(e.value ->> 'parent', p.code, ''))
	        OR a.postable AND NOT (e.value ->> 'postable')::boolean)
	   AND EXISTS (SELECT 1 FROM erp.voucher_line l WHERE l.company_id = a.company_id AND l.account_id = a.account_id)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'class, side, control and parent of an account with voucher lines cannot change, nor can it become a heading',
			format('$[%s]', bad.n - 1), bad.code, 'Make a new account, and deactivate this one.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_used_accounts(integer, jsonb) IS
	'Raises LE011 if a row changes what an account with voucher lines is.';

CREATE FUNCTION erp_private.link_accounts(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad text;
BEGIN
	UPDATE erp.account a SET parent_account_id = p.account_id
	  FROM jsonb_array_elements(request) AS e (value)
	  JOIN erp.account p ON p.company_id = link_accounts.company_id AND p.code = e.value ->> 'parent'
	 WHERE a.company_id = link_accounts.company_id AND a.code = e.value ->> 'code' AND a.parent_account_id <> p.account_id;
	WITH RECURSIVE line (account_id, above_id) AS (
		SELECT a.account_id, a.parent_account_id FROM erp.account a
		  JOIN jsonb_array_elements(request) AS e (value) ON a.company_id = link_accounts.company_id AND a.code = e.value ->> 'code'
		UNION
		SELECT l.account_id, a.parent_account_id FROM line l
		  JOIN erp.account a ON a.company_id = link_accounts.company_id AND a.account_id = l.above_id
	)
	SELECT a.code INTO bad FROM line l JOIN erp.account a ON a.company_id = link_accounts.company_id AND a.account_id = l.account_id
	 WHERE l.account_id = l.above_id ORDER BY a.code LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'an account cannot stand below itself', '$', bad, 'Mend the parents.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.link_accounts(integer, jsonb) IS 'Hangs accounts below their parents; LE011 for a circle.';

CREATE FUNCTION erp_private.changes_accounts(company_id integer, request jsonb) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT EXISTS (
		SELECT 1 FROM erp.account a
		  JOIN erp_private.rows_of(request) AS e (value) ON a.code = e.value ->> 'code'
		  LEFT JOIN erp.account p ON p.company_id = a.company_id AND p.account_id = a.parent_account_id
		 WHERE a.company_id = $1
		   AND (a.class, a.normal_side, a.control, a.postable::text, COALESCE(p.code, ''))
		       <> (e.value ->> 'class', e.value ->> 'side', COALESCE(e.value ->> 'control', a.control),
		           COALESCE(e.value ->> 'postable', a.postable::text), COALESCE(e.value ->> 'parent', p.code, '')))
$function$;
COMMENT ON FUNCTION erp_private.changes_accounts(integer, jsonb) IS
	'Whether a request changes what an account that exists is: class, side, control, postable or parent.';

CREATE FUNCTION erp_private.lock_put_accounts(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- Twice: a row that was waited for may be another by now.
	FOR round IN 1 .. 2 LOOP
		IF erp_private.changes_accounts(company_id, request) THEN
			PERFORM erp_private.lock_structure(company_id);
		END IF;
		PERFORM 1 FROM erp.account a WHERE a.company_id = lock_put_accounts.company_id
		    AND a.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
		  ORDER BY a.account_id FOR NO KEY UPDATE;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_accounts(integer, jsonb) IS
	'Locks the accounts of the request; if what one is changes, waits for the postings under way.';

CREATE FUNCTION erp_private.put_accounts(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_accounts(put_accounts.company_id, request);
	PERFORM erp_private.check_used_accounts(put_accounts.company_id, request);
	WITH put AS (
		INSERT INTO erp.account AS a (company_id, code, name, class, normal_side, control, postable, active)
		SELECT put_accounts.company_id, e.value ->> 'code', e.value ->> 'name', e.value ->> 'class', e.value ->> 'side',
		       COALESCE(e.value ->> 'control', old.control, 'none'),
		       COALESCE((e.value ->> 'postable')::boolean, old.postable,
		                e.value ->> 'code' NOT IN (SELECT c.value ->> 'parent' FROM jsonb_array_elements(request) AS c (value)
		                                            WHERE c.value ->> 'parent' IS NOT NULL)),
		       COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.account old ON old.company_id = put_accounts.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, class = EXCLUDED.class, normal_side = EXCLUDED.normal_side, control = EXCLUDED.control,
		    postable = EXCLUDED.postable, active = EXCLUDED.active
		WHERE (a.name, a.class, a.normal_side, a.control, a.postable, a.active)
		      <> (EXCLUDED.name, EXCLUDED.class, EXCLUDED.normal_side, EXCLUDED.control, EXCLUDED.postable, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.link_accounts(put_accounts.company_id, request);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_accounts(integer, jsonb) IS 'Does what erp.put_accounts() says.';

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
	-- Twice: a row that was waited for may be another by now.
	FOR round IN 1 .. 2 LOOP
		IF EXISTS (SELECT 1 FROM erp.dimension d JOIN erp_private.rows_of(request) AS e (value) ON d.code = e.value ->> 'code'
		            WHERE d.company_id = lock_put_dimensions.company_id AND e.value -> 'balancing' = 'true' AND NOT d.balancing) THEN
			PERFORM erp_private.lock_structure(company_id);
		END IF;
		PERFORM 1 FROM erp.dimension d WHERE d.company_id = lock_put_dimensions.company_id
		    AND d.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
		  ORDER BY d.dimension_id FOR NO KEY UPDATE;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_dimensions(integer, jsonb) IS
	'Locks the dimensions of the request; if one becomes balancing, waits for the postings under way.';

CREATE FUNCTION erp_private.put_dimensions(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "balancing": "boolean", "values": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, e.value ->> 'code' AS code INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.dimension d ON d.company_id = put_dimensions.company_id AND d.code = e.value ->> 'code'
	 WHERE (e.value ->> 'balancing')::boolean AND d.balancing IS NOT TRUE
	   AND EXISTS (SELECT 1 FROM erp.voucher v WHERE v.company_id = put_dimensions.company_id)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a dimension cannot become balancing once there are vouchers', format('$[%s].balancing', bad.n - 1),
			bad.code, 'Vouchers posted before need not balance in it.');
	END IF;
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
