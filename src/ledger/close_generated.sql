-- ledger: the steps of the close that post what is due: schedules, recurring vouchers and reversals, allocations, transfer templates.
-- They post in the name of the call that closes.

CREATE FUNCTION erp_private.closing_answer(posted jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object('documents', COALESCE(jsonb_agg(p.value ->> 'voucher' ORDER BY p.n), '[]'), 'posted', count(*)) FROM jsonb_array_elements(posted) WITH ORDINALITY AS p (value, n)
$function$;
COMMENT ON FUNCTION erp_private.closing_answer(jsonb) IS 'What a step of the close returns of what erp_private.generate_vouchers() posted.';

CREATE FUNCTION erp_private.close_schedules(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	through date := (SELECT p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2);
BEGIN
	RETURN erp_private.closing_answer(erp_private.post_due_parts($1, erp_private.closing_call($1, $2), close_key || '/schedules', through, NULL));
END
$function$;
COMMENT ON FUNCTION erp_private.close_schedules(integer, integer, text) IS 'Step of the close: posts the parts of schedules that are due by its end.';

-- Drafts would block the close that made them: it says so before, and posts what needs none.
CREATE FUNCTION erp_private.check_recurring_posted(company_id integer, period_id integer)
	RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'blocker', format('recurring voucher "%s" of %s is not posted, and needs a review', d.code, d.day), jsonb_build_object('recurring', d.code, 'day', d.day),
	       'Draft it with erp.post_recurring(), have it reviewed and post it.'
	  FROM erp.period p CROSS JOIN LATERAL erp_private.recurring_due($1, p.last_day) d
	  JOIN erp.recurring_voucher r ON r.company_id = $1 AND r.recurring_voucher_id = d.recurring_voucher_id
	 WHERE p.company_id = $1 AND p.period_id = $2 AND erp_private.drafts_first($1, 'manual_voucher')
	   AND erp_private.template_document($1, r.voucher_template_id, d.day, r.given_values, 'values of "' || r.code || '"') IS NOT NULL
	 ORDER BY d.day, d.code
$function$;
COMMENT ON FUNCTION erp_private.check_recurring_posted(integer, integer) IS
	'Check of the close: recurring vouchers that are due by its end are posted, where the company asks for reviews.';

CREATE FUNCTION erp_private.close_recurring(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	through date := (SELECT p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2);
	call bigint := erp_private.closing_call($1, $2);
	posted jsonb;
BEGIN
	posted := erp_private.post_recurring_due($1, call, close_key || '/recurring', through, true);
	-- Those of this month fall due with the next one.
	RETURN erp_private.closing_answer(posted) || jsonb_build_object('reversals', (
		SELECT COALESCE(jsonb_agg(r.value ->> 'voucher'), '[]') FROM jsonb_array_elements(erp_private.post_reversals($1, call, close_key || '/reversals/' || call, through + 1)) AS r (value)));
END
$function$;
COMMENT ON FUNCTION erp_private.close_recurring(integer, integer, text) IS
	'Step of the close: posts the recurring vouchers that are due by its end, and reverses what is to be reversed by then or on the first day after it, where there is a period. Reversals are facts of the month in which they land: reopening leaves them.';

CREATE FUNCTION erp_private.close_allocations(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.closing_answer(erp_private.run_allocations_of($1, erp_private.closing_call($1, $2), close_key || '/allocations', p.first_day, p.last_day, NULL))
	  FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2
$function$;
COMMENT ON FUNCTION erp_private.close_allocations(integer, integer, text) IS 'Step of the close: runs the allocations of the period.';

CREATE FUNCTION erp_private.close_transfers(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.closing_answer(erp_private.run_transfers_of($1, erp_private.closing_call($1, $2), close_key || '/transfers', p.first_day, p.last_day, NULL))
	  FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2
$function$;
COMMENT ON FUNCTION erp_private.close_transfers(integer, integer, text) IS 'Step of the close: runs the transfer templates of the period.';

CREATE FUNCTION erp_private.check_scheduled_balances(company_id integer, period_id integer)
	RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'warning', format('account %s has a balance of %s, and its schedules have %s left', d.account_code, trim_scale(d.balance), trim_scale(d.left_amount)),
	       jsonb_build_object('accounts', jsonb_build_array(d.account_code)), 'Put what is missing under a schedule with erp.put_schedules(), or correct the account.'
	  FROM erp_private.scheduled_differences($1) d ORDER BY d.account_code
$function$;
COMMENT ON FUNCTION erp_private.check_scheduled_balances(integer, integer) IS 'Check of the close: accounts that schedules keep hold what these have left.';
