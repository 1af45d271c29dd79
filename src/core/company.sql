-- A new company, with what every domain gives it. This file comes after all domains.

CREATE FUNCTION erp_private.check_company(code text, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	rows jsonb := jsonb_build_array(request);
BEGIN
	PERFORM erp_private.check_object(request, '{"name": "name!", "currency": "code!", "chart": "code", "member_role": "code",
		"reversal_style": "code"}');
	PERFORM erp_private.check_choice(rows, '$', 'reversal_style', ARRAY['red_letter', 'opposite_side']);
	PERFORM erp_private.check_currencies(rows, '$', 'currency');
	IF length(code) > 60 OR code ~ E'[\\x01-\\x1f\\x7f]' THEN
		PERFORM erp_private.refuse('LE011', 'a company''s code has 1 to 60 characters and no control characters', 'company', code, 'Use a shorter code.');
	END IF;
	IF request ->> 'chart' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp.chart c WHERE c.chart = request ->> 'chart') THEN
		PERFORM erp_private.check_known(1, '$', 'chart', request ->> 'chart', 'chart',
			'The charts are: ' || (SELECT string_agg(DISTINCT c.chart, ', ') FROM erp.chart c) || '.');
	END IF;
	IF NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = COALESCE(request ->> 'member_role', 'erp_read')) THEN
		PERFORM erp_private.check_known(1, '$', 'member_role', request ->> 'member_role', 'role', 'Create the role first.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_company(text, jsonb) IS 'Raises LE011 or LE012 unless a company can be made of the request.';

CREATE FUNCTION erp_private.create_company(code text, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company integer;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_company(create_company.code, request);
	INSERT INTO erp.company (code, name, currency_id, member_role, reversal_style)
	SELECT create_company.code, request ->> 'name', c.currency_id, COALESCE(request ->> 'member_role', 'erp_read'),
	       COALESCE(request ->> 'reversal_style', 'red_letter')
	  FROM erp.currency c WHERE c.code = request ->> 'currency'
	ON CONFLICT (code) DO NOTHING
	RETURNING company_id INTO company;
	IF company IS NULL THEN
		RETURN 'null'::jsonb;
	END IF;
	INSERT INTO erp.party (company_id, party_id, code, name) VALUES (company, 0, '', 'none');
	INSERT INTO erp.series (company_id, code, target, scope, mode) VALUES (company, 'voucher', 'voucher', 'month', 'deferred');
	answer := erp_private.copy_chart(company, COALESCE(request ->> 'chart', ''));
	INSERT INTO erp.warehouse (company_id, code, name) VALUES (company, 'MAIN', 'Main warehouse');
	RETURN jsonb_build_object('company_id', company) || answer;
END
$function$;
COMMENT ON FUNCTION erp_private.create_company(text, jsonb) IS
	'Does what erp.create_company() says; JSON null if the company exists.';

CREATE FUNCTION erp_private.check_draft_rules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp.company c WHERE c.company_id = check_draft_rules.company_id
	              AND COALESCE((request ->> 'cashier_signs')::boolean, c.cashier_signs)
	              AND NOT COALESCE((request ->> 'review_required')::boolean, c.review_required)) THEN
		PERFORM erp_private.refuse('LE011', 'the cashier signs what was reviewed', '$.cashier_signs', request ->> 'cashier_signs',
			'Ask for reviews too: "review_required": true.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_draft_rules(integer, jsonb) IS 'Raises LE011 for a company whose cashier signs what nobody must review.';

CREATE FUNCTION erp_private.put_company(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	decimals smallint;
	updated bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"name": "name", "write_off_limit": "decimal", "review_required": "boolean",
		"separate_reviewer": "boolean", "cashier_signs": "boolean"}');
	SELECT m.decimals INTO decimals FROM erp.company c JOIN erp.currency m ON m.currency_id = c.currency_id
	 WHERE c.company_id = put_company.company_id;
	IF (request ->> 'write_off_limit')::numeric < 0 OR min_scale((request ->> 'write_off_limit')::numeric) > decimals THEN
		PERFORM erp_private.refuse('LE011', 'the limit of write-offs is an amount of the company''s currency', '$.write_off_limit',
			request ->> 'write_off_limit', format('Give zero or more, with at most %s decimals.', decimals));
	END IF;
	-- Another call may just change what this one leaves as it is.
	PERFORM 1 FROM erp.company c WHERE c.company_id = put_company.company_id FOR NO KEY UPDATE;
	PERFORM erp_private.check_draft_rules(put_company.company_id, request);
	UPDATE erp.company c SET name = w.name, write_off_limit = w.write_off_limit, review_required = w.review_required,
	       separate_reviewer = w.separate_reviewer, cashier_signs = w.cashier_signs
	  FROM (SELECT o.company_id, COALESCE(request ->> 'name', o.name) AS name,
	               COALESCE((request ->> 'write_off_limit')::numeric, o.write_off_limit) AS write_off_limit,
	               COALESCE((request ->> 'review_required')::boolean, o.review_required) AS review_required,
	               COALESCE((request ->> 'separate_reviewer')::boolean, o.separate_reviewer) AS separate_reviewer,
	               COALESCE((request ->> 'cashier_signs')::boolean, o.cashier_signs) AS cashier_signs
	          FROM erp.company o) w
	 WHERE c.company_id = put_company.company_id AND w.company_id = c.company_id
	   AND (c.name, c.write_off_limit, c.review_required, c.separate_reviewer, c.cashier_signs)
	       <> (w.name, w.write_off_limit, w.review_required, w.separate_reviewer, w.cashier_signs);
	GET DIAGNOSTICS updated = ROW_COUNT;
	RETURN jsonb_build_object('updated', updated);
END
$function$;
COMMENT ON FUNCTION erp_private.put_company(integer, jsonb) IS 'Does what erp.put_company() says.';
