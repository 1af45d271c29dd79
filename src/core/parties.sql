-- core: what erp.put_parties() does. Their addresses, contacts and identifiers are party_details.sql.

CREATE FUNCTION erp_private.check_party_codes(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, f.field, e.value ->> f.field AS code, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('customer_terms', 'payment terms', 'Add them with erp.put_payment_terms().',
		 EXISTS (SELECT 1 FROM erp.payment_terms t WHERE t.company_id = check_party_codes.company_id AND t.code = e.value ->> 'customer_terms')),
		('supplier_terms', 'payment terms', 'Add them with erp.put_payment_terms().',
		 EXISTS (SELECT 1 FROM erp.payment_terms t WHERE t.company_id = check_party_codes.company_id AND t.code = e.value ->> 'supplier_terms')),
		('tax_zone', 'tax zone', 'Add it with erp.put_tax_zones().',
		 EXISTS (SELECT 1 FROM erp.tax_zone t WHERE t.company_id = check_party_codes.company_id AND t.code = e.value ->> 'tax_zone')),
		('sales_representative', 'sales representative', 'Add him or her with erp.put_sales_representatives().',
		 EXISTS (SELECT 1 FROM erp.sales_representative t WHERE t.company_id = check_party_codes.company_id AND t.code = e.value ->> 'sales_representative')),
		('sales_team', 'sales team', 'Add it with erp.put_sales_teams().',
		 EXISTS (SELECT 1 FROM erp.sales_team t WHERE t.company_id = check_party_codes.company_id AND t.code = e.value ->> 'sales_team'))
	  ) AS f (field, what, cure, known)
	 WHERE e.value ->> f.field IS NOT NULL AND NOT f.known
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.code, bad.what, bad.cure);
END
$function$;
COMMENT ON FUNCTION erp_private.check_party_codes(integer, jsonb) IS 'Raises LE012 unless the payment terms, zones, representatives and teams that the rows name exist.';

CREATE FUNCTION erp_private.check_parties(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "roles": "list", "group": "name",
		"country": "name", "payment_days": "integer", "customer_terms": "name", "supplier_terms": "name", "active": "boolean", "credit_limit": "amount",
		"credit_check": "code", "overdue_days": "integer", "overdue_check": "code", "price_list": "name", "tax_zone": "name", "sales_representative": "name",
		"sales_team": "name", "addresses": "list", "contacts": "list", "identifiers": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'credit_check', ARRAY['none', 'warn', 'hold', 'refuse']);
	PERFORM erp_private.check_choice(request, '$[#]', 'overdue_check', ARRAY['none', 'warn', 'hold', 'refuse']);
	SELECT e.n, r.role #>> '{}' AS role INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n),
	       jsonb_array_elements(CASE jsonb_typeof(e.value -> 'roles') WHEN 'array' THEN e.value -> 'roles' ELSE '[]' END) AS r (role)
	 WHERE NOT r.role <@ '["customer", "supplier", "employee", "bank", "other"]' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a role of a party is not known', format('$[%s].roles', bad.n - 1), bad.role,
			'It is one of: customer, supplier, employee, bank, other.');
	END IF;
	SELECT e.n, f.field, e.value ->> f.field AS value, f.message, f.hint INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n),
	       (VALUES ('payment_days', 'the days of payment are 0 to 3650', 'Give the days from the invoice to when it is due.'),
	               ('overdue_days', 'the days are 0 to 3650', 'Give the days after the due day that are still no reason to stop an order.')) AS f (field, message, hint)
	 WHERE (e.value ->> f.field)::integer NOT BETWEEN 0 AND 3650 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.message, format('$[%s].%s', bad.n - 1, bad.field), bad.value, bad.hint);
	END IF;
	PERFORM erp_private.check_party_codes(check_parties.company_id, request);
	SELECT e.n, e.value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE COALESCE(jsonb_typeof(e.value -> 'roles'), 'null') = 'null'
	   AND NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = check_parties.company_id AND p.code = e.value ->> 'code')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'field "roles" is missing', format('$[%s].roles', bad.n - 1), NULL,
			'A new party needs its roles, for example ["customer"].');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_parties(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are parties; their lists are checked by themselves.';

CREATE FUNCTION erp_private.put_party_roles(company_id integer, request jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH given AS MATERIALIZED (
		SELECT p.party_id, e.value -> 'roles' AS roles
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.party p ON p.company_id = $1 AND p.code = e.value ->> 'code'
		 WHERE jsonb_typeof(e.value -> 'roles') = 'array'
	), taken AS (
		DELETE FROM erp.party_role r USING given g
		 WHERE r.company_id = $1 AND r.party_id = g.party_id AND NOT g.roles ? r.role
	)
	INSERT INTO erp.party_role (company_id, party_id, role)
	SELECT DISTINCT $1, g.party_id, r.role FROM given g, jsonb_array_elements_text(g.roles) AS r (role)
	ON CONFLICT DO NOTHING
$function$;
COMMENT ON FUNCTION erp_private.put_party_roles(integer, jsonb) IS 'Gives parties the roles of the request, where it has any.';

CREATE FUNCTION erp_private.lock_put_parties(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.party p WHERE p.company_id = lock_put_parties.company_id
	    AND p.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY p.party_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_parties(integer, jsonb) IS 'Locks the parties of the request.';

-- A party as the request leaves it: what is not given is as it was.
CREATE FUNCTION erp_private.party_put(company_id integer, request jsonb)
	RETURNS TABLE (code text, name text, party_group text, country text, payment_days integer, active boolean, credit_limit numeric, credit_check text,
		customer_terms_id integer, supplier_terms_id integer, overdue_days integer, overdue_check text, price_list_code text, tax_zone_id integer,
		sales_representative_id integer, sales_team_id integer)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.value ->> 'code', e.value ->> 'name', COALESCE(e.value ->> 'group', old.party_group, ''), COALESCE(e.value ->> 'country', old.country, ''),
	       COALESCE((e.value ->> 'payment_days')::integer, old.payment_days, 0), COALESCE((e.value ->> 'active')::boolean, old.active, true),
	       COALESCE((e.value ->> 'credit_limit')::numeric, old.credit_limit, 0),
	       COALESCE(e.value ->> 'credit_check', NULLIF(old.credit_check, 'none'), CASE WHEN e.value ->> 'credit_limit' IS NULL THEN 'none' ELSE 'refuse' END),
	       COALESCE(ct.payment_terms_id, old.customer_terms_id, 0), COALESCE(st.payment_terms_id, old.supplier_terms_id, 0),
	       COALESCE((e.value ->> 'overdue_days')::integer, old.overdue_days, 0),
	       COALESCE(e.value ->> 'overdue_check', NULLIF(old.overdue_check, 'none'), CASE WHEN e.value ->> 'overdue_days' IS NULL THEN 'none' ELSE 'hold' END),
	       COALESCE(e.value ->> 'price_list', old.price_list_code, ''), COALESCE(z.tax_zone_id, old.tax_zone_id, 0),
	       COALESCE(r.sales_representative_id, old.sales_representative_id, 0), COALESCE(t.sales_team_id, old.sales_team_id, 0)
	  FROM jsonb_array_elements(request) AS e (value)
	  LEFT JOIN erp.party old ON old.company_id = $1 AND old.code = e.value ->> 'code'
	  LEFT JOIN erp.payment_terms ct ON ct.company_id = $1 AND ct.code = e.value ->> 'customer_terms'
	  LEFT JOIN erp.payment_terms st ON st.company_id = $1 AND st.code = e.value ->> 'supplier_terms'
	  LEFT JOIN erp.tax_zone z ON z.company_id = $1 AND z.code = e.value ->> 'tax_zone'
	  LEFT JOIN erp.sales_representative r ON r.company_id = $1 AND r.code = e.value ->> 'sales_representative'
	  LEFT JOIN erp.sales_team t ON t.company_id = $1 AND t.code = e.value ->> 'sales_team'
	 ORDER BY 1
$function$;
COMMENT ON FUNCTION erp_private.party_put(integer, jsonb) IS 'The parties of a checked request with all their fields, by code.';

CREATE FUNCTION erp_private.put_parties(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_parties(put_parties.company_id, request);
	PERFORM erp_private.check_party_lists(request);
	WITH put AS (
		INSERT INTO erp.party AS p (company_id, code, name, party_group, country, payment_days, active, credit_limit, credit_check, customer_terms_id,
		                            supplier_terms_id, overdue_days, overdue_check, price_list_code, tax_zone_id, sales_representative_id, sales_team_id)
		SELECT put_parties.company_id, w.code, w.name, w.party_group, w.country, w.payment_days, w.active, w.credit_limit, w.credit_check, w.customer_terms_id,
		       w.supplier_terms_id, w.overdue_days, w.overdue_check, w.price_list_code, w.tax_zone_id, w.sales_representative_id, w.sales_team_id
		  FROM erp_private.party_put(put_parties.company_id, request) w
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, party_group = EXCLUDED.party_group, country = EXCLUDED.country, payment_days = EXCLUDED.payment_days,
		    active = EXCLUDED.active, credit_limit = EXCLUDED.credit_limit, credit_check = EXCLUDED.credit_check,
		    customer_terms_id = EXCLUDED.customer_terms_id, supplier_terms_id = EXCLUDED.supplier_terms_id,
		    overdue_days = EXCLUDED.overdue_days, overdue_check = EXCLUDED.overdue_check, price_list_code = EXCLUDED.price_list_code,
		    tax_zone_id = EXCLUDED.tax_zone_id, sales_representative_id = EXCLUDED.sales_representative_id, sales_team_id = EXCLUDED.sales_team_id
		WHERE (p.name, p.party_group, p.country, p.payment_days, p.active, p.credit_limit, p.credit_check, p.customer_terms_id, p.supplier_terms_id,
		       p.overdue_days, p.overdue_check, p.price_list_code, p.tax_zone_id, p.sales_representative_id, p.sales_team_id)
		      <> (EXCLUDED.name, EXCLUDED.party_group, EXCLUDED.country, EXCLUDED.payment_days, EXCLUDED.active, EXCLUDED.credit_limit, EXCLUDED.credit_check,
		          EXCLUDED.customer_terms_id, EXCLUDED.supplier_terms_id, EXCLUDED.overdue_days, EXCLUDED.overdue_check, EXCLUDED.price_list_code,
		          EXCLUDED.tax_zone_id, EXCLUDED.sales_representative_id, EXCLUDED.sales_team_id)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.put_party_roles(put_parties.company_id, request);
	PERFORM erp_private.put_party_lists(put_parties.company_id, request);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_parties(integer, jsonb) IS 'Does what erp.put_parties() says.';
