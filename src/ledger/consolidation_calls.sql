-- ledger: which companies are a group.

CREATE FUNCTION erp_private.check_consolidation_lists(consolidation jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	list record;
	bad record;
BEGIN
	FOR list IN SELECT * FROM (VALUES
		('accounts', '{"member": "code!", "account": "code!", "becomes": "code!"}', ARRAY['member', 'account']),
		('eliminations', '{"member": "code!", "account": "code!", "party": "code", "partner": "code!"}', ARRAY['member', 'account', 'party']),
		('rates', '{"period": "code!", "currency": "code!", "average_rate": "decimal!"}', ARRAY['period', 'currency'])) AS l (field, fields, once)
	LOOP
		IF consolidation ? list.field THEN
			PERFORM erp_private.check_rows(consolidation -> list.field, format('%s.%s[#]', path, list.field), list.fields::jsonb);
			PERFORM erp_private.check_once(consolidation -> list.field, format('%s.%s[#]', path, list.field), list.once);
		END IF;
	END LOOP;
	SELECT e.n, e.value ->> 'average_rate' AS rate INTO bad
	  FROM jsonb_array_elements(COALESCE(consolidation -> 'rates', '[]')) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'average_rate')::numeric NOT BETWEEN 0.0000000001 AND 999999.9999999999 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a rate is above zero and below a million', format('%s.rates[%s].average_rate', path, bad.n - 1), bad.rate, 'One unit is worth so much in the currency of the group.');
	END IF;
	SELECT e.n, f.field, e.value ->> f.field AS code INTO bad
	  FROM unnest(ARRAY['accounts', 'eliminations']) AS l (field)
	 CROSS JOIN LATERAL jsonb_array_elements(COALESCE(consolidation -> l.field, '[]')) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN (VALUES ('member'), ('partner')) AS f (field)
	 WHERE e.value ? f.field AND NOT (consolidation -> 'members') ? (e.value ->> f.field)
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path, bad.field, bad.code, 'member of the group', 'Name it among its members.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_consolidation_lists(jsonb, text) IS 'Raises LE011 or LE012 unless the lists of a group are such and name its members.';

CREATE FUNCTION erp_private.check_consolidations(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "currency": "code!", "translation_account": "code!",
		"difference_account": "code!", "members": "list!", "accounts": "list", "eliminations": "list", "rates": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, f.field, f.code, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (
		SELECT 'currency' AS field, e.value ->> 'currency' AS code, 'currency' AS what, 'Add it with erp.put_currencies().' AS cure,
			EXISTS (SELECT FROM erp.currency m WHERE m.code = e.value ->> 'currency') AS known
		UNION ALL
		SELECT t.field, e.value ->> t.field, 'account', 'Add it with erp.put_accounts().',
			EXISTS (SELECT FROM erp.account a WHERE a.company_id = $1 AND a.code = e.value ->> t.field)
		  FROM (VALUES ('translation_account'), ('difference_account')) AS t (field)
		UNION ALL
		SELECT 'members', m.code, 'company whose member the caller is', 'erp.company lists them.',
			EXISTS (SELECT FROM erp.company c WHERE c.code = m.code AND pg_has_role(erp_private.caller(), c.member_role, 'MEMBER'))
		  FROM jsonb_array_elements_text(e.value -> 'members') AS m (code)) f
	 WHERE NOT f.known ORDER BY e.n, f.field LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.code, bad.what, bad.cure);
	PERFORM erp_private.check_consolidation_lists(e.value, format('$[%s]', e.n - 1)) FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n);
END
$function$;
COMMENT ON FUNCTION erp_private.check_consolidations(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are groups of companies.';

-- What names something of a member goes by its codes: a name that is not known there is found by the missing row.
CREATE FUNCTION erp_private.put_consolidation_lists(company_id integer, consolidation_id integer, consolidation jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	wrong record;
BEGIN
	DELETE FROM erp.consolidation_account x WHERE x.company_id = $1 AND x.consolidation_id = $2;
	DELETE FROM erp.consolidation_elimination x WHERE x.company_id = $1 AND x.consolidation_id = $2;
	DELETE FROM erp.consolidation_rate x WHERE x.company_id = $1 AND x.consolidation_id = $2;
	DELETE FROM erp.consolidation_member x WHERE x.company_id = $1 AND x.consolidation_id = $2;
	INSERT INTO erp.consolidation_member (company_id, consolidation_id, member_company_id)
	SELECT $1, $2, c.company_id FROM jsonb_array_elements_text($3 -> 'members') AS m (code) JOIN erp.company c ON c.code = m.code;
	SELECT l.field, e.n, COALESCE(a.code, '') AS account, e.value INTO wrong
	  FROM unnest(ARRAY['accounts', 'eliminations', 'rates']) AS l (field)
	 CROSS JOIN LATERAL jsonb_array_elements(COALESCE($3 -> l.field, '[]')) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.company c ON c.code = e.value ->> 'member'
	  LEFT JOIN erp.account a ON a.company_id = c.company_id AND a.code = e.value ->> 'account'
	  LEFT JOIN erp.account g ON g.company_id = $1 AND g.code = e.value ->> 'becomes'
	  LEFT JOIN erp.party p ON p.company_id = c.company_id AND p.code = e.value ->> 'party'
	  LEFT JOIN erp.period y ON y.company_id = $1 AND y.code = e.value ->> 'period'
	  LEFT JOIN erp.currency m ON m.code = e.value ->> 'currency'
	 WHERE CASE l.field WHEN 'rates' THEN y.period_id IS NULL OR m.currency_id IS NULL WHEN 'accounts' THEN a.account_id IS NULL OR g.account_id IS NULL
		ELSE a.account_id IS NULL OR (e.value ? 'party' AND p.party_id IS NULL) END
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE012', 'a code of this row is not known', format('%s[%s]', wrong.field, wrong.n - 1), wrong.value::text,
			'Accounts and parties are those of the member, "becomes" and periods those of the company that keeps the group.');
	END IF;
	INSERT INTO erp.consolidation_account (company_id, consolidation_id, member_company_id, member_account_id, account_id)
	SELECT $1, $2, c.company_id, a.account_id, g.account_id
	  FROM jsonb_array_elements(COALESCE($3 -> 'accounts', '[]')) AS e (value)
	  JOIN erp.company c ON c.code = e.value ->> 'member'
	  JOIN erp.account a ON a.company_id = c.company_id AND a.code = e.value ->> 'account'
	  JOIN erp.account g ON g.company_id = $1 AND g.code = e.value ->> 'becomes';
	INSERT INTO erp.consolidation_elimination (company_id, consolidation_id, member_company_id, member_account_id, party_id, partner_company_id)
	SELECT $1, $2, c.company_id, a.account_id, COALESCE(p.party_id, 0), o.company_id
	  FROM jsonb_array_elements(COALESCE($3 -> 'eliminations', '[]')) AS e (value)
	  JOIN erp.company c ON c.code = e.value ->> 'member'
	  JOIN erp.company o ON o.code = e.value ->> 'partner'
	  JOIN erp.account a ON a.company_id = c.company_id AND a.code = e.value ->> 'account'
	  LEFT JOIN erp.party p ON p.company_id = c.company_id AND p.code = e.value ->> 'party';
	INSERT INTO erp.consolidation_rate (company_id, consolidation_id, currency_id, period_id, average_rate)
	SELECT $1, $2, m.currency_id, y.period_id, (e.value ->> 'average_rate')::numeric
	  FROM jsonb_array_elements(COALESCE($3 -> 'rates', '[]')) AS e (value)
	  JOIN erp.currency m ON m.code = e.value ->> 'currency'
	  JOIN erp.period y ON y.company_id = $1 AND y.code = e.value ->> 'period';
END
$function$;
COMMENT ON FUNCTION erp_private.put_consolidation_lists(integer, integer, jsonb) IS 'Replaces members, accounts, eliminations and rates of a group. Errors: LE012 for a code that is not known.';

CREATE FUNCTION erp_private.put_consolidations(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_consolidations($1, request);
	WITH put AS (
		INSERT INTO erp.consolidation AS g (company_id, code, name, currency_id, translation_account_id, difference_account_id)
		SELECT $1, e.value ->> 'code', e.value ->> 'name', m.currency_id, t.account_id, d.account_id
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.currency m ON m.code = e.value ->> 'currency'
		  JOIN erp.account t ON t.company_id = $1 AND t.code = e.value ->> 'translation_account'
		  JOIN erp.account d ON d.company_id = $1 AND d.code = e.value ->> 'difference_account'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, currency_id = EXCLUDED.currency_id,
			translation_account_id = EXCLUDED.translation_account_id, difference_account_id = EXCLUDED.difference_account_id
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	PERFORM erp_private.put_consolidation_lists($1, g.consolidation_id, e.value)
	  FROM jsonb_array_elements(request) AS e (value) JOIN erp.consolidation g ON g.company_id = $1 AND g.code = e.value ->> 'code';
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_consolidations(integer, jsonb) IS 'Does what erp.put_consolidations() says.';

CREATE FUNCTION erp.put_consolidations(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_consolidations(text, text, json) IS
	'Adds or changes groups of companies whose books are read as those of one (erp.consolidated_trial_balance()). company: code of the one that keeps them, whose chart and periods they have. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "currency" (of the group''s figures), "translation_account", "difference_account" (of its chart: what takes the differences of translation, and what eliminated amounts differ by), "members": [company codes], "accounts"?: [{"member", "account", "becomes" (account of the group''s chart)}] (others go by their code), "eliminations"?: [{"member", "account", "party"? (default all of the account), "partner" (the member at the other end)}], "rates"?: [{"period", "currency", "average_rate" (one unit in the currency of the group)}] (of what is no asset or liability; default the rate of the period''s last day)}]; the lists replace those of before. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for companies that the caller does not work for.';
