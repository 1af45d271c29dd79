-- ledger: reopening the last closed month takes back what its close posted.

-- What is a reversal, or was reversed, stands as it is: its effect is gone already.
CREATE FUNCTION erp_private.reverse_closing(company_id integer, keys text[], reason text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	posted record;
	taken_back jsonb := '[]';
BEGIN
	FOR posted IN
		SELECT d.key, d.posting_day
		  FROM unnest(keys) WITH ORDINALITY AS k (key, n)
		 CROSS JOIN LATERAL (SELECT t.* FROM erp.document t WHERE t.company_id = $1 AND t.key = k.key OFFSET 0) d
		  JOIN erp.document_kind t ON t.kind = d.kind AND t.poster_role <> 'erp_owner'
		 WHERE d.reverses_document_id = 0
		   AND NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0)
		 ORDER BY k.n DESC
	LOOP
		PERFORM erp.reverse_document(company, json_build_object('key', posted.key || '/undone', 'reverses', posted.key, 'day', posted.posting_day, 'description', reason));
		taken_back := taken_back || jsonb_build_array(jsonb_build_object('document', posted.key, 'reversal', posted.key || '/undone'));
	END LOOP;
	RETURN taken_back;
END
$function$;
COMMENT ON FUNCTION erp_private.reverse_closing(integer, text[], text) IS
	'Reverses documents of a close on their own posting days, the last first: the reversal of KEY has the key KEY/undone. Returns [{"document", "reversal"}].';

CREATE FUNCTION erp_private.undo_close(company_id integer, close_id bigint, reason text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	step record;
	part jsonb;
	taken_back jsonb := '[]';
BEGIN
	FOR step IN
		SELECT s.step, s.documents, COALESCE(k.undo_function, '') AS undo_function, m.period_id
		  FROM erp.month_close m
		  JOIN erp.month_close_step s ON s.company_id = m.company_id AND s.month_close_id = m.month_close_id AND s.documents <> '{}'
		  LEFT JOIN erp_private.close_step k ON k.step = s.step
		 WHERE m.company_id = $1 AND m.month_close_id = $2
		 ORDER BY s.rank DESC, s.step DESC
	LOOP
		IF step.undo_function = '' THEN
			part := erp_private.reverse_closing($1, step.documents, reason);
		ELSE
			EXECUTE format('SELECT erp_private.%I($1, $2, $3, $4)', step.undo_function) INTO part USING $1, step.period_id, step.documents, reason;
		END IF;
		taken_back := taken_back || part;
	END LOOP;
	UPDATE erp.month_close m SET state = 'reopened', reason = $3, updated_at = clock_timestamp(), updated_by = erp_private.caller()
	 WHERE m.company_id = $1 AND m.month_close_id = $2;
	RETURN taken_back;
END
$function$;
COMMENT ON FUNCTION erp_private.undo_close(integer, bigint, text) IS
	'Takes back what a close has posted, its last step first; the month is open. Returns [{"document", "reversal"}].';

CREATE FUNCTION erp_private.lock_reopen_month(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_period($1, $2); END $function$;
COMMENT ON FUNCTION erp_private.lock_reopen_month(integer, jsonb) IS 'Takes what erp.reopen_month() waits for.';

CREATE FUNCTION erp_private.closed_after(company_id integer, day date) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT n.code
	  FROM erp.period n
	  JOIN erp.period_lock l ON l.company_id = n.company_id AND l.period_id = n.period_id AND l.state = 'closed'
	 WHERE n.company_id = $1 AND n.first_day > $2
	 ORDER BY n.first_day DESC LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.closed_after(integer, date) IS 'The last period after a day of which a module is closed; null if there is none.';

CREATE FUNCTION erp_private.check_last_closed(company_id integer, period_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	later text;
BEGIN
	IF NOT erp_private.period_is_closed($1, $2) AND NOT EXISTS (
		SELECT FROM erp.month_close m WHERE m.company_id = $1 AND m.period_id = $2 AND m.state <> 'reopened') THEN
		PERFORM erp_private.refuse('LE301', 'the month is not closed', '$.period', request ->> 'period', 'Nothing is to be reopened.');
	END IF;
	later := erp_private.closed_after($1, (SELECT p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2));
	IF later IS NOT NULL THEN
		PERFORM erp_private.refuse('LE300', 'only the last closed month is reopened', '$.period', request ->> 'period', format('Reopen month %s first.', later));
	END IF;
	SELECT y.code INTO later
	  FROM erp.period p
	  JOIN erp.fiscal_year y ON y.company_id = p.company_id AND y.fiscal_year_id = p.fiscal_year_id
	  JOIN erp.year_close m ON m.company_id = y.company_id AND m.fiscal_year_id = y.fiscal_year_id AND m.state = 'closed'
	 WHERE p.company_id = $1 AND p.period_id = $2;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE303', format('fiscal year %s is closed', later), '$.period', request ->> 'period', 'Reopen the year first, with erp.reopen_year().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_last_closed(integer, integer, jsonb) IS 'Raises LE301 for a month that is not closed, LE300 for one after which another is, LE303 for one of a year that is closed.';

CREATE FUNCTION erp_private.reopen_month(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	period integer;
	close_id bigint;
	taken_back jsonb := '[]';
	left_as_is jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"period": "code!", "reason": "reason!"}');
	period := erp_private.named_period($1, request);
	PERFORM erp_private.check_last_closed($1, period, request);
	PERFORM erp_private.set_period_state($1, $2, jsonb_build_object('period', request ->> 'period', 'state', 'open', 'reason', left(request ->> 'reason', 200)));
	SELECT m.month_close_id INTO close_id FROM erp.month_close m WHERE m.company_id = $1 AND m.period_id = period AND m.state <> 'reopened';
	IF FOUND THEN
		taken_back := erp_private.undo_close($1, close_id, request ->> 'reason');
		SELECT jsonb_agg(d.key ORDER BY s.rank, s.step, d.n) INTO left_as_is
		  FROM erp.month_close_step s CROSS JOIN LATERAL unnest(s.documents) WITH ORDINALITY AS d (key, n)
		 WHERE s.company_id = $1 AND s.month_close_id = close_id AND NOT taken_back @> jsonb_build_array(jsonb_build_object('document', d.key));
	END IF;
	RETURN jsonb_build_object('period', request ->> 'period', 'state', 'open', 'taken_back', taken_back, 'left', COALESCE(left_as_is, '[]'));
END
$function$;
COMMENT ON FUNCTION erp_private.reopen_month(integer, bigint, jsonb) IS 'Does what erp.reopen_month() says.';

CREATE FUNCTION erp_private.finish_reopen_month(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.finish_set_period_state($1, jsonb '{"state": "open"}'); END $function$;
COMMENT ON FUNCTION erp_private.finish_reopen_month(integer, jsonb) IS 'A reopening seals all that the company has committed, with the call itself at the end.';
