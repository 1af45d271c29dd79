-- sales: commission is settled with the representatives, and accrued where that is asked for.

-- The rules are written, so that a snapshot from before another settlement is refused (40001).
CREATE FUNCTION erp_private.lock_settle_commission(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.commission_rule u WHERE u.company_id = lock_settle_commission.company_id ORDER BY u.commission_rule_id FOR NO KEY UPDATE;
	UPDATE erp.commission_rule u SET percent = u.percent WHERE u.company_id = lock_settle_commission.company_id;
	IF request -> 'accrual' <> 'null' AND erp_private.is_day(request ->> 'last_day') THEN
		PERFORM erp_private.lock_for_drafts(lock_settle_commission.company_id, '{}', ARRAY[(request ->> 'last_day')::date]);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_settle_commission(integer, jsonb) IS 'Takes what erp.settle_commission() waits for.';

CREATE FUNCTION erp_private.commission_voucher(company_id integer, document_id bigint, request jsonb, answer jsonb) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object('key', d.key || '/accrual', 'kind', 'manual_voucher', 'day', request -> 'last_day', 'description', format('Commission %s to %s', request ->> 'first_day', request ->> 'last_day'),
	       'lines', (SELECT jsonb_agg(jsonb_build_object('account', v.account, 'side', v.side, 'amount', abs(r.amount), 'description', r.representative) ORDER BY r.representative, v.side DESC)
	                   FROM jsonb_to_recordset(answer) AS r (representative text, amount numeric)
	                  CROSS JOIN LATERAL (VALUES (request #>> '{accrual,expense_account}', CASE WHEN r.amount > 0 THEN 'debit' ELSE 'credit' END),
	                  	(request #>> '{accrual,liability_account}', CASE WHEN r.amount > 0 THEN 'credit' ELSE 'debit' END)) AS v (account, side)
	                  WHERE r.amount <> 0))
	  FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2
$function$;
COMMENT ON FUNCTION erp_private.commission_voucher(integer, bigint, jsonb, jsonb) IS
	'The voucher that accrues what a settlement came to, answer as erp.settle_commission() returns it: for each representative the expense against the liability; what is to be given back the other way round. Its lines are null where there is nothing to accrue.';

-- A company that reviews its vouchers has the draft of it.
CREATE FUNCTION erp_private.accrue_commission(company_id integer, document_id bigint, request jsonb, answer jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company record;
	voucher jsonb := erp_private.commission_voucher($1, $2, $3, $4);
BEGIN
	PERFORM erp_private.check_rows(jsonb_build_array(request -> 'accrual'), '$.accrual', '{"expense_account": "code!", "liability_account": "code!"}');
	IF voucher -> 'lines' = 'null' THEN
		RETURN jsonb '{}';
	END IF;
	SELECT c.code, c.review_required INTO company FROM erp.company c WHERE c.company_id = $1;
	IF company.review_required THEN
		RETURN jsonb_build_object('draft', (erp_private.save_draft($1, voucher, 0) || erp_private.submit_draft($1, $2, voucher ->> 'key')) -> 'draft');
	END IF;
	PERFORM erp_private.post_drafted(company.code, jsonb_build_array(voucher)::json);
	RETURN jsonb_build_object('voucher', voucher -> 'key');
END
$function$;
COMMENT ON FUNCTION erp_private.accrue_commission(integer, bigint, jsonb, jsonb) IS
	'Posts the voucher of a settlement of commission, or drafts it where the company requires reviews. Returns {"voucher"} or {"draft"}, its key, or {} where there is nothing to accrue.';

CREATE FUNCTION erp_private.settle_commission(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"first_day": "day!", "last_day": "day!", "accrual": "object"}');
	IF request ->> 'last_day' < request ->> 'first_day' THEN
		PERFORM erp_private.refuse('LE011', 'a period ends before it begins', '$.last_day', request ->> 'last_day', 'Give its first and last day.');
	END IF;
	INSERT INTO erp.commission_settlement (company_id, document_id, first_day, last_day) VALUES ($1, $2, (request ->> 'first_day')::date, (request ->> 'last_day')::date);
	WITH documents AS MATERIALIZED (
		SELECT erp_private.commission_documents($1, (request ->> 'first_day')::date, (request ->> 'last_day')::date) AS ids
	), earned AS MATERIALIZED (
		SELECT t.* FROM documents n CROSS JOIN LATERAL erp_private.commission_at($1, (request ->> 'last_day')::date, n.ids) t
	), settled AS MATERIALIZED (
		SELECT x.billed_document_id, x.line_no, max(x.sales_representative_id) AS sales_representative_id, max(x.commission_rule_id) AS commission_rule_id, sum(x.amount) AS amount
		  FROM documents n JOIN erp.commission_settlement_line x ON x.company_id = $1 AND x.billed_document_id = ANY (n.ids)
		 GROUP BY x.billed_document_id, x.line_no
	)
	INSERT INTO erp.commission_settlement_line (company_id, document_id, billed_document_id, line_no, sales_representative_id, commission_rule_id, amount)
	SELECT $1, $2, COALESCE(e.document_id, s.billed_document_id), COALESCE(e.line_no, s.line_no), COALESCE(e.sales_representative_id, s.sales_representative_id),
	       COALESCE(e.commission_rule_id, s.commission_rule_id), COALESCE(e.amount, 0) - COALESCE(s.amount, 0)
	  FROM earned e
	  FULL JOIN settled s ON s.billed_document_id = e.document_id AND s.line_no = e.line_no
	 WHERE COALESCE(e.amount, 0) <> COALESCE(s.amount, 0);
	SELECT jsonb_agg(jsonb_build_object('representative', t.representative_code, 'amount', t.amount) ORDER BY t.representative_code) INTO answer
	  FROM (SELECT r.code AS representative_code, round(sum(x.amount), max(c.decimals)) AS amount
	          FROM erp.commission_settlement_line x
	          JOIN erp_private.company_money c ON c.company_id = x.company_id
	          JOIN erp.sales_representative r ON r.company_id = x.company_id AND r.sales_representative_id = x.sales_representative_id
	         WHERE x.company_id = $1 AND x.document_id = $2 GROUP BY r.code) t;
	PERFORM erp_private.emit_event($1, 'commission_settled', $2, jsonb_build_object('first_day', request -> 'first_day', 'last_day', request -> 'last_day', 'representatives', COALESCE(answer, '[]')));
	RETURN jsonb_build_object('representatives', COALESCE(answer, '[]'))
	    || CASE WHEN COALESCE(request -> 'accrual', 'null') = 'null' THEN '{}' ELSE erp_private.accrue_commission($1, $2, $3, COALESCE(answer, '[]')) END;
END
$function$;
COMMENT ON FUNCTION erp_private.settle_commission(integer, bigint, jsonb) IS 'Does what erp.settle_commission() says.';

CREATE FUNCTION erp.settle_commission(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.settle_commission(text, text, json) IS
	'Records the commission of a period as settled with the representatives: of every document of which something was posted, reversed or settled in it, what is earned by its last day less what was settled of it before, so that nothing is settled twice, whatever the periods. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"first_day", "last_day", "accrual"? ({"expense_account", "liability_account"}: codes)}. Without "accrual" nothing is posted, and the amounts go to the payroll or a supplier bill; with it a manual voucher of the last day, whose key is KEY/accrual, has for each representative the expense against the liability, which the payroll or the bill then takes away. It is drafted where the company requires reviews. Taxes and contributions on commission, and its cost by dimension, are not in it. Returns {"representatives": [{"representative", "amount" (in the company''s currency; negative: to be given back)}], "voucher"? or "draft"? (its key)}. Writes the event commission_settled. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and, with accrual, of a manual_voucher (erp.post_document()).';
