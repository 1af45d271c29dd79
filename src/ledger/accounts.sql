-- ledger: what the calls on accounts do.

CREATE FUNCTION erp_private.check_accounts(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "parent": "code", "class": "code!", "side": "code!",
		"control": "code", "postable": "boolean", "active": "boolean", "money": "code", "by_party": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'class', ARRAY['asset', 'liability', 'equity', 'cost', 'revenue', 'expense', 'none']);
	PERFORM erp_private.check_choice(request, '$[#]', 'side', ARRAY['debit', 'credit']);
	PERFORM erp_private.check_choice(request, '$[#]', 'control', ARRAY['none', 'receivable', 'payable', 'accrued_payable', 'open_items', 'inventory']);
	PERFORM erp_private.check_choice(request, '$[#]', 'money', ARRAY['none', 'cash', 'bank']);
	SELECT e.n, e.value ->> 'parent' AS parent INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'parent' IS NOT NULL
	   AND e.value ->> 'parent' NOT IN (SELECT c.value ->> 'code' FROM jsonb_array_elements(request) AS c (value))
	   AND NOT EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = check_accounts.company_id AND a.code = e.value ->> 'parent')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'parent', bad.parent, 'account', 'Put the parent in the same call, or first.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_accounts(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are accounts.';

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
	IF erp_private.changes_accounts(company_id, request) THEN
		PERFORM erp_private.lock_structure(company_id);
	END IF;
	PERFORM 1 FROM erp.account a WHERE a.company_id = lock_put_accounts.company_id
	    AND a.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY a.account_id FOR NO KEY UPDATE;
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
	WITH put AS (
		INSERT INTO erp.account AS a (company_id, code, name, class, normal_side, control, postable, active, money, by_party)
		SELECT put_accounts.company_id, e.value ->> 'code', e.value ->> 'name', e.value ->> 'class', e.value ->> 'side',
		       COALESCE(e.value ->> 'control', old.control, 'none'),
		       COALESCE((e.value ->> 'postable')::boolean, old.postable,
		                e.value ->> 'code' NOT IN (SELECT c.value ->> 'parent' FROM jsonb_array_elements(request) AS c (value)
		                                            WHERE c.value ->> 'parent' IS NOT NULL)),
		       COALESCE((e.value ->> 'active')::boolean, old.active, true), COALESCE(e.value ->> 'money', old.money, 'none'),
		       COALESCE((e.value ->> 'by_party')::boolean, old.by_party, false)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.account old ON old.company_id = put_accounts.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, class = EXCLUDED.class, normal_side = EXCLUDED.normal_side, control = EXCLUDED.control,
		    postable = EXCLUDED.postable, active = EXCLUDED.active, money = EXCLUDED.money, by_party = EXCLUDED.by_party
		WHERE (a.name, a.class, a.normal_side, a.control, a.postable, a.active, a.money, a.by_party)
		      <> (EXCLUDED.name, EXCLUDED.class, EXCLUDED.normal_side, EXCLUDED.control, EXCLUDED.postable, EXCLUDED.active, EXCLUDED.money,
		          EXCLUDED.by_party)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.link_accounts(put_accounts.company_id, request);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_accounts(integer, jsonb) IS 'Does what erp.put_accounts() says.';
