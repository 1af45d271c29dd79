-- sales: the rules of commission.

CREATE FUNCTION erp_private.put_commission_rules(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "representative": "name", "team": "name", "item_group": "name", "base": "code!", "percent": "percent!", "earned": "code!", "from": "day!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'base', ARRAY['revenue', 'margin']);
	PERFORM erp_private.check_choice(request, '$[#]', 'earned', ARRAY['billed', 'paid']);
	SELECT e.n, e.value ->> 'percent' AS value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'percent')::numeric NOT BETWEEN 0 AND 100 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a commission is 0 to 100 percent', format('$[%s].percent', bad.n - 1), bad.value, 'Mend it.');
	END IF;
	SELECT e.n, f.field, e.value ->> f.field AS code, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('representative', 'sales representative', 'Add it with erp.put_sales_representatives().', EXISTS (SELECT 1 FROM erp.sales_representative r WHERE r.company_id = $1 AND r.code = e.value ->> 'representative')),
		('team', 'sales team', 'Add it with erp.put_sales_teams().', EXISTS (SELECT 1 FROM erp.sales_team t WHERE t.company_id = $1 AND t.code = e.value ->> 'team'))) AS f (field, what, cure, known)
	 WHERE e.value ->> f.field <> '' AND NOT f.known ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.code, bad.what, bad.cure);
	WITH put AS (
		INSERT INTO erp.commission_rule AS u (company_id, code, sales_representative_id, sales_team_id, item_group, base, percent, earned, valid_from)
		SELECT $1, e.value ->> 'code', COALESCE(r.sales_representative_id, 0), COALESCE(t.sales_team_id, 0), COALESCE(e.value ->> 'item_group', ''), e.value ->> 'base',
		       (e.value ->> 'percent')::numeric, e.value ->> 'earned', (e.value ->> 'from')::date
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.sales_representative r ON r.company_id = $1 AND r.code = NULLIF(e.value ->> 'representative', '')
		  LEFT JOIN erp.sales_team t ON t.company_id = $1 AND t.code = NULLIF(e.value ->> 'team', '')
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT commission_rule_code_key DO UPDATE
		SET sales_representative_id = EXCLUDED.sales_representative_id, sales_team_id = EXCLUDED.sales_team_id, item_group = EXCLUDED.item_group, base = EXCLUDED.base,
		    percent = EXCLUDED.percent, earned = EXCLUDED.earned, valid_from = EXCLUDED.valid_from
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_commission_rules(integer, jsonb) IS 'Does what erp.put_commission_rules() says.';

CREATE FUNCTION erp.put_commission_rules(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_commission_rules(text, text, json) IS
	'Adds or changes rules of commission. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "representative"?, "team"? (codes; "" or none: all), "item_group"? (with those below it; none: all lines), "base" (revenue, margin), "percent" (0 to 100), "earned" (billed: with the document; paid: by the share of it that is settled), "from" (first posting day of documents)}]. Of the rules that fit a line one counts: for the representative, else the team, else all; then of the nearest group, then the latest "from", then by code. Another percentage from a day on is another rule; changing one changes what is earned of all its documents, and the next settlement makes up for it. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';
