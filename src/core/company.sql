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
	INSERT INTO erp.company (code, name, currency_id, member_role, reversal_style, profit_transfer)
	SELECT create_company.code, request ->> 'name', c.currency_id, COALESCE(request ->> 'member_role', 'erp_read'),
	       COALESCE(request ->> 'reversal_style', 'red_letter'),
	       COALESCE((SELECT o.profit_transfer FROM erp.chart_option o WHERE o.chart = request ->> 'chart'), 'year')
	  FROM erp.currency c WHERE c.code = request ->> 'currency'
	ON CONFLICT (code) DO NOTHING
	RETURNING company_id INTO company;
	IF company IS NULL THEN
		RETURN 'null'::jsonb;
	END IF;
	INSERT INTO erp.payment_terms (company_id, payment_terms_id, code, name) VALUES (company, 0, '', 'none');
	INSERT INTO erp.business_calendar (company_id, business_calendar_id, code, name, is_default) VALUES (company, 0, '', 'Monday to Friday', true);
	INSERT INTO erp.tax_zone (company_id, tax_zone_id, code, name) VALUES (company, 0, '', 'none');
	INSERT INTO erp.sales_team (company_id, sales_team_id, code, name) VALUES (company, 0, '', 'none');
	INSERT INTO erp.sales_representative (company_id, sales_representative_id, code, name) VALUES (company, 0, '', 'none');
	INSERT INTO erp.party (company_id, party_id, code, name) VALUES (company, 0, '', 'none');
	INSERT INTO erp.voucher_word (company_id, voucher_word_id, code, name, rule) VALUES (company, 0, '', 'none', 'all');
	answer := erp_private.copy_chart(company, COALESCE(request ->> 'chart', ''));
	INSERT INTO erp.warehouse (company_id, code, name) VALUES (company, 'MAIN', 'Main warehouse');
	PERFORM erp_private.make_shipped_locations(company);
	RETURN jsonb_build_object('company_id', company) || answer;
END
$function$;
COMMENT ON FUNCTION erp_private.create_company(text, jsonb) IS
	'Does what erp.create_company() says; JSON null if the company exists.';

CREATE FUNCTION erp_private.check_limit(company_id integer, request jsonb, field text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	decimals smallint := (SELECT m.decimals FROM erp.company c JOIN erp.currency m ON m.currency_id = c.currency_id
	                       WHERE c.company_id = check_limit.company_id);
	amount numeric := (request ->> field)::numeric;
BEGIN
	IF amount < 0 OR min_scale(amount) > decimals THEN
		PERFORM erp_private.refuse('LE011', format('field "%s" is an amount of the company''s currency', field), '$.' || field,
			request ->> field, format('Give zero or more, with at most %s decimals.', decimals));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_limit(integer, jsonb, text) IS 'Raises LE011 unless the field is missing or an amount of the company''s currency, not below zero.';

CREATE FUNCTION erp_private.check_plain_account(company_id integer, request jsonb, field text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	account record;
BEGIN
	IF request ->> field IS NULL THEN
		RETURN;
	END IF;
	SELECT a.postable AND a.active AND a.control = 'none' AS takes INTO account
	  FROM erp.account a WHERE a.company_id = check_plain_account.company_id AND a.code = request ->> field;
	PERFORM erp_private.check_known(CASE WHEN account IS NULL THEN 1 END, '$', field, request ->> field, 'account', 'Add it with erp.put_accounts().');
	IF NOT account.takes THEN
		PERFORM erp_private.refuse('LE042', 'the account is a heading, is not active or is kept by a subledger', '$.' || field, request ->> field,
			'Use another account.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_plain_account(integer, jsonb, text) IS 'Raises LE012 or LE042 unless the field is missing or an account that takes entries and is kept by no subledger.';

CREATE FUNCTION erp_private.check_rounding_account(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF request ->> 'rounding_account' IS NULL AND (request ->> 'rounding_limit')::numeric > 0
		AND (SELECT c.rounding_account_id = 0 FROM erp.company c WHERE c.company_id = check_rounding_account.company_id) THEN
		PERFORM erp_private.refuse('LE011', 'no account takes rounding differences', '$.rounding_account', NULL, 'Name it beside the limit.');
	END IF;
	PERFORM erp_private.check_plain_account(company_id, request, 'rounding_account');
END
$function$;
COMMENT ON FUNCTION erp_private.check_rounding_account(integer, jsonb) IS 'Raises LE011, LE012 or LE042 unless rounding differences have an account that can take them.';

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
	updated bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"name": "name", "write_off_limit": "decimal", "rounding_limit": "decimal",
		"rounding_account": "code", "review_required": "boolean", "separate_reviewer": "boolean", "cashier_signs": "boolean", "bill_ahead": "boolean", "revenue_at": "code", "cap_returns": "boolean", "negative_stock": "boolean",
		"issue_expired": "boolean", "pending_at_close": "code", "profit_transfer": "code", "opening_account": "code", "tax_rounding": "code", "cash_rounding_method": "code"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'pending_at_close', ARRAY['year', 'warn', 'refuse']);
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'profit_transfer', ARRAY['month', 'year']);
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'tax_rounding', ARRAY['document', 'line']);
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'cash_rounding_method', ARRAY['nearest', 'up', 'down']);
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'revenue_at', ARRAY['invoice', 'shipment']);
	PERFORM erp_private.check_limit(put_company.company_id, request, 'write_off_limit');
	PERFORM erp_private.check_limit(put_company.company_id, request, 'rounding_limit');
	-- Another call may just change what this one leaves as it is.
	PERFORM 1 FROM erp.company c WHERE c.company_id = put_company.company_id FOR NO KEY UPDATE;
	PERFORM erp_private.check_rounding_account(put_company.company_id, request);
	PERFORM erp_private.check_draft_rules(put_company.company_id, request);
	PERFORM erp_private.check_plain_account(put_company.company_id, request, 'opening_account');
	UPDATE erp.company c SET name = w.name, write_off_limit = w.write_off_limit, rounding_limit = w.rounding_limit,
	       rounding_account_id = w.rounding_account_id, opening_account_id = w.opening_account_id, review_required = w.review_required, separate_reviewer = w.separate_reviewer,
	       cashier_signs = w.cashier_signs, bill_ahead = w.bill_ahead, revenue_at = w.revenue_at, cap_returns = w.cap_returns, negative_stock = w.negative_stock, issue_expired = w.issue_expired, pending_at_close = w.pending_at_close, profit_transfer = w.profit_transfer,
	       tax_rounding = w.tax_rounding, cash_rounding_method = w.cash_rounding_method
	  FROM (SELECT COALESCE(request ->> 'name', o.name) AS name,
	               COALESCE((request ->> 'write_off_limit')::numeric, o.write_off_limit) AS write_off_limit,
	               COALESCE((request ->> 'rounding_limit')::numeric, o.rounding_limit) AS rounding_limit,
	               COALESCE(a.account_id, o.rounding_account_id) AS rounding_account_id, COALESCE(p.account_id, o.opening_account_id) AS opening_account_id,
	               COALESCE((request ->> 'review_required')::boolean, o.review_required) AS review_required,
	               COALESCE((request ->> 'separate_reviewer')::boolean, o.separate_reviewer) AS separate_reviewer,
	               COALESCE((request ->> 'cashier_signs')::boolean, o.cashier_signs) AS cashier_signs,
	               COALESCE((request ->> 'bill_ahead')::boolean, o.bill_ahead) AS bill_ahead,
	               COALESCE(request ->> 'revenue_at', o.revenue_at) AS revenue_at,
	               COALESCE((request ->> 'cap_returns')::boolean, o.cap_returns) AS cap_returns,
	               COALESCE((request ->> 'negative_stock')::boolean, o.negative_stock) AS negative_stock,
	               COALESCE((request ->> 'issue_expired')::boolean, o.issue_expired) AS issue_expired,
	               COALESCE(request ->> 'pending_at_close', o.pending_at_close) AS pending_at_close,
	               COALESCE(request ->> 'profit_transfer', o.profit_transfer) AS profit_transfer,
	               COALESCE(request ->> 'tax_rounding', o.tax_rounding) AS tax_rounding,
	               COALESCE(request ->> 'cash_rounding_method', o.cash_rounding_method) AS cash_rounding_method
	          FROM erp.company o
	          LEFT JOIN erp.account a ON a.company_id = o.company_id AND a.code = request ->> 'rounding_account'
	          LEFT JOIN erp.account p ON p.company_id = o.company_id AND p.code = request ->> 'opening_account'
	         WHERE o.company_id = put_company.company_id) AS w
	 WHERE c.company_id = put_company.company_id
	   AND (c.name, c.write_off_limit, c.rounding_limit, c.rounding_account_id, c.opening_account_id, c.review_required, c.separate_reviewer, c.cashier_signs, c.bill_ahead, c.revenue_at, c.cap_returns, c.negative_stock, c.issue_expired, c.pending_at_close, c.profit_transfer, c.tax_rounding, c.cash_rounding_method)
	       <> (w.name, w.write_off_limit, w.rounding_limit, w.rounding_account_id, w.opening_account_id, w.review_required, w.separate_reviewer, w.cashier_signs, w.bill_ahead, w.revenue_at, w.cap_returns, w.negative_stock, w.issue_expired, w.pending_at_close, w.profit_transfer, w.tax_rounding, w.cash_rounding_method);
	GET DIAGNOSTICS updated = ROW_COUNT;
	RETURN jsonb_build_object('updated', updated);
END
$function$;
COMMENT ON FUNCTION erp_private.put_company(integer, jsonb) IS 'Does what erp.put_company() says.';
