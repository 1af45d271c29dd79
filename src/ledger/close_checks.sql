-- ledger: what the close checks, and its own last steps. Checks change nothing.

CREATE FUNCTION erp_private.check_previous_month(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'blocker', format('Month %s before it is not closed.', b.code), jsonb_build_object('period', b.code),
	       format('SELECT erp.close_month(%L, ''<key>'', ''{"period": "%s"}'')', c.code, b.code)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	  JOIN erp.period b ON b.company_id = p.company_id AND b.first_day < p.first_day
	 WHERE p.company_id = $1 AND p.period_id = $2 AND NOT erp_private.period_is_closed(b.company_id, b.period_id)
	 ORDER BY b.first_day
$function$;
COMMENT ON FUNCTION erp_private.check_previous_month(integer, integer) IS 'A check of the close: months before it that are not closed.';

CREATE FUNCTION erp_private.check_close_drafts(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'blocker', format('Draft "%s" of %s, a %s, is %s.', d.key, d.day, d.kind, d.state), jsonb_build_object('drafts', jsonb_build_array(d.key)),
	       format('SELECT erp.%s(%L, ''<key>'', %L)', CASE WHEN d.state = 'drafted' AND c.review_required THEN 'review_draft' ELSE 'post_draft' END, c.code,
	              jsonb_build_object('draft', d.key))
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	  JOIN erp.draft d ON d.company_id = p.company_id AND d.day BETWEEN p.first_day AND p.last_day AND d.state NOT IN ('posted', 'withdrawn')
	 WHERE p.company_id = $1 AND p.period_id = $2
	 ORDER BY d.draft_id
$function$;
COMMENT ON FUNCTION erp_private.check_close_drafts(integer, integer) IS 'A check of the close: drafts of the month that are neither posted nor withdrawn.';

CREATE FUNCTION erp_private.close_numbers(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	call bigint := erp_private.closing_call($1, $2);
BEGIN
	PERFORM erp_private.number_period($1, call, $2, jsonb '{"state": "closed"}');
	RETURN jsonb_build_object('numbers', (SELECT count(*) FROM erp.assigned_number n WHERE n.company_id = $1 AND n.assigning_document_id = call AND n.document_id <> call));
END
$function$;
COMMENT ON FUNCTION erp_private.close_numbers(integer, integer, text) IS 'A step of the close: gives the numbers that the month still lacks, in the name of the call.';

CREATE FUNCTION erp_private.closing_call(company_id integer, period_id integer) RETURNS bigint
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT m.call_document_id FROM erp.month_close m WHERE m.company_id = $1 AND m.period_id = $2 ORDER BY m.round DESC LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.closing_call(integer, integer) IS 'The document of the call that closes a period just now.';

CREATE FUNCTION erp_private.close_lock(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN erp_private.set_period_state($1, erp_private.closing_call($1, $2), jsonb_build_object('state', 'closed',
		'period', (SELECT p.code FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2)));
END
$function$;
COMMENT ON FUNCTION erp_private.close_lock(integer, integer, text) IS
	'The last step of the close: closes all modules of the month as erp.set_period_state() does. The call seals at its end.';
