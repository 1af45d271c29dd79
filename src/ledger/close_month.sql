-- ledger: closing a month, step by step. One row of erp.month_close for each round, one of erp.month_close_step for each step.
-- Postings of the month wait for the call that closes (it holds the gates of the month and of all before it), later ones do not.

CREATE FUNCTION erp_private.named_period(company_id integer, request jsonb) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id integer := (SELECT p.period_id FROM erp.period p WHERE p.company_id = $1 AND p.code = $2 ->> 'period');
BEGIN
	IF id IS NULL THEN
		PERFORM erp_private.check_known(1, '$', 'period', request ->> 'period', 'period', 'Make the fiscal year with erp.create_fiscal_year().');
	END IF;
	RETURN id;
END
$function$;
COMMENT ON FUNCTION erp_private.named_period(integer, jsonb) IS 'The period that a request names by its code; LE012 if there is none.';

CREATE FUNCTION erp_private.lock_named_period(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.take_posting_turn($1);
	PERFORM erp_private.lock_period_gates($1, (SELECT p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.code = $2 ->> 'period'));
END
$function$;
COMMENT ON FUNCTION erp_private.lock_named_period(integer, jsonb) IS
	'Waits for calls that post what is due, then takes the gates of the company, of the period that a request names and of those before it: before the key of the call, as postings do.';

CREATE FUNCTION erp_private.lock_close_month(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_period($1, $2); END $function$;
COMMENT ON FUNCTION erp_private.lock_close_month(integer, jsonb) IS 'Takes what erp.close_month() waits for.';

CREATE FUNCTION erp_private.period_is_closed(company_id integer, period_id integer) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT bool_and(l.state = 'closed') FROM erp.period_lock l WHERE l.company_id = $1 AND l.period_id = $2
$function$;
COMMENT ON FUNCTION erp_private.period_is_closed(integer, integer) IS 'Whether all modules of a period are closed.';

-- Each close has keys of its own: what a round before it posted was taken back.
CREATE FUNCTION erp_private.close_key(company_id integer, close_id bigint) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT format('close/%s/%s', p.code, m.round)
	  FROM erp.month_close m
	  JOIN erp.period p ON p.company_id = m.company_id AND p.period_id = m.period_id
	 WHERE m.company_id = $1 AND m.month_close_id = $2
$function$;
COMMENT ON FUNCTION erp_private.close_key(integer, bigint) IS 'What the keys of the documents of a close begin with: close/PERIOD/ROUND.';

-- Documents of the month that came while the close was not at work, and are not its own.
CREATE FUNCTION erp_private.has_come_since(company_id integer, close_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT EXISTS (
		SELECT FROM erp.month_close m
		  JOIN erp.period p ON p.company_id = m.company_id AND p.period_id = m.period_id
		 CROSS JOIN LATERAL (SELECT d.kind, d.posting_day FROM erp.document d WHERE d.company_id = m.company_id AND d.document_id > m.seen_document_id OFFSET 0) d
		  JOIN erp.document_kind k ON k.kind = d.kind AND k.modules <> '{}'
		 WHERE m.company_id = $1 AND m.month_close_id = $2 AND d.posting_day <= p.last_day)
$function$;
COMMENT ON FUNCTION erp_private.has_come_since(integer, bigint) IS
	'Whether documents landed in the month of a close, or before it, since its last call ended: that held the gates, so what came later has a higher id.';

CREATE FUNCTION erp_private.insert_close(company_id integer, document_id bigint, period_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.month_close (company_id, period_id, month_close_id, round, state, reason, profit_transfer, call_document_id, updated_by)
	SELECT $1, $3, $2, 1 + COALESCE((SELECT max(m.round) FROM erp.month_close m WHERE m.company_id = $1 AND m.period_id = $3), 0), 'under_way',
	       COALESCE(request ->> 'note', ''), COALESCE(request ->> 'profit_transfer', c.profit_transfer), $2, erp_private.caller()
	  FROM erp.company c WHERE c.company_id = $1;
	INSERT INTO erp.month_close_step (company_id, month_close_id, step, rank, title)
	SELECT $1, $2, s.step, s.rank, s.title FROM erp_private.close_step s ORDER BY s.rank, s.step;
	RETURN $2;
END
$function$;
COMMENT ON FUNCTION erp_private.insert_close(integer, bigint, integer, jsonb) IS 'Begins the next round of closing a period, with all steps waiting; returns its id, the call''s document.';

CREATE FUNCTION erp_private.open_close(company_id integer, document_id bigint, period_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	last record;
BEGIN
	SELECT m.month_close_id, m.state INTO last FROM erp.month_close m WHERE m.company_id = $1 AND m.period_id = $3 ORDER BY m.round DESC LIMIT 1;
	IF NOT FOUND OR last.state = 'reopened' THEN
		RETURN erp_private.insert_close($1, $2, $3, request);
	ELSIF last.state = 'closed' OR erp_private.has_come_since($1, last.month_close_id)
		AND EXISTS (SELECT FROM erp.month_close_step s WHERE s.company_id = $1 AND s.month_close_id = last.month_close_id AND s.documents <> '{}') THEN
		-- What was posted into the month since would not be in what the close has posted.
		PERFORM erp_private.undo_close($1, last.month_close_id, 'The month was posted into while it was not closed.');
		RETURN erp_private.insert_close($1, $2, $3, request);
	END IF;
	UPDATE erp.month_close m SET state = 'under_way', call_document_id = $2, updated_at = clock_timestamp(), updated_by = erp_private.caller(),
	       profit_transfer = COALESCE(request ->> 'profit_transfer', m.profit_transfer), reason = COALESCE(request ->> 'note', m.reason)
	 WHERE m.company_id = $1 AND m.month_close_id = last.month_close_id;
	IF erp_private.has_come_since($1, last.month_close_id) THEN
		UPDATE erp.month_close_step s SET state = 'waiting' WHERE s.company_id = $1 AND s.month_close_id = last.month_close_id AND s.state <> 'waiting';
	END IF;
	RETURN last.month_close_id;
END
$function$;
COMMENT ON FUNCTION erp_private.open_close(integer, bigint, integer, jsonb) IS
	'The close of a period that a call goes on with, or begins: where the month was posted into since one that has posted itself, that is taken back and the next round begins.';

CREATE FUNCTION erp_private.close_findings(company_id integer, period_id integer, check_function text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	findings jsonb;
BEGIN
	IF check_function = '' THEN
		RETURN '[]';
	END IF;
	EXECUTE format('SELECT COALESCE(jsonb_agg(to_jsonb(f)), jsonb ''[]'') FROM erp_private.%I($1, $2) f', check_function) INTO findings USING company_id, period_id;
	RETURN findings;
END
$function$;
COMMENT ON FUNCTION erp_private.close_findings(integer, integer, text) IS 'What a check of erp_private.close_step finds, as an array; empty for ''''.';

-- Errors of the server's resources and of concurrency are no findings: who called tries again.
CREATE FUNCTION erp_private.is_finding(code text) RETURNS boolean
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT left(code, 2) IN ('LE', '22', '23', '25') AND code NOT IN ('LE001', 'LE002', 'LE999') $function$;
COMMENT ON FUNCTION erp_private.is_finding(text) IS 'Whether an error of a step is shown as its finding, by its SQLSTATE.';

-- Check and work of a step in a subtransaction: nothing stays of what fails.
CREATE FUNCTION erp_private.try_close_step(company_id integer, close_id bigint, step text, OUT state text, OUT result jsonb, OUT findings jsonb)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	known record;
	message text;
	detail text;
	cure text;
BEGIN
	SELECT s.check_function, s.run_function, m.period_id INTO known
	  FROM erp_private.close_step s
	  JOIN erp.month_close m ON m.company_id = $1 AND m.month_close_id = $2
	 WHERE s.step = $3;
	findings := '[]';
	result := '{}';
	BEGIN
		findings := erp_private.close_findings($1, known.period_id, known.check_function);
		state := CASE WHEN findings @> '[{"severity": "blocker"}]' THEN 'blocked' ELSE 'done' END;
		IF state = 'done' AND known.run_function <> '' THEN
			EXECUTE format('SELECT erp_private.%I($1, $2, $3)', known.run_function) INTO result
				USING $1, known.period_id, erp_private.close_key($1, $2);
		END IF;
	EXCEPTION WHEN OTHERS THEN
		IF NOT erp_private.is_finding(SQLSTATE) THEN
			RAISE;
		END IF;
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, cure = PG_EXCEPTION_HINT;
		state := 'failed';
		result := '{}';
		findings := findings || jsonb_build_array(jsonb_build_object('severity', 'blocker', 'message', message,
			'subject', jsonb_build_object('error', SQLSTATE, 'detail', detail), 'cure', cure));
	END;
	result := COALESCE(result, '{}');
END
$function$;
COMMENT ON FUNCTION erp_private.try_close_step(integer, bigint, text) IS
	'Asks what a step of a close checks, and does its work where nothing blocks it: state done, blocked or failed, what it did, what was found.';

CREATE FUNCTION erp_private.run_close_step(company_id integer, close_id bigint, step text) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	started timestamptz := clock_timestamp();
	tried record;
BEGIN
	tried := erp_private.try_close_step($1, $2, $3);
	UPDATE erp.month_close_step s
	   SET state = tried.state, findings = tried.findings, attempts = s.attempts + 1, ended_at = clock_timestamp(),
	       figures = tried.result - 'documents',
	       documents = ARRAY(SELECT d.key FROM jsonb_array_elements_text(COALESCE(tried.result -> 'documents', '[]')) WITH ORDINALITY AS d (key, n) ORDER BY d.n),
	       elapsed_ms = round((extract(epoch FROM clock_timestamp() - started) * 1000)::numeric, 3)
	 WHERE s.company_id = $1 AND s.month_close_id = $2 AND s.step = $3;
	RETURN tried.state = 'done';
END
$function$;
COMMENT ON FUNCTION erp_private.run_close_step(integer, bigint, text) IS 'Tries a step of a close and records how it went; true where it is done.';

-- Checks are all asked, so that one call shows all that is to be cured; what posts waits until nothing blocks.
CREATE FUNCTION erp_private.run_close(company_id integer, close_id bigint, max_steps integer, up_to text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	step record;
	blocked boolean := false;
	tried integer := 0;
BEGIN
	FOR step IN
		SELECT s.step, k.run_function
		  FROM erp.month_close_step s
		  JOIN erp_private.close_step k ON k.step = s.step
		 WHERE s.company_id = $1 AND s.month_close_id = $2 AND s.state <> 'done'
		   AND (up_to IS NULL OR (s.rank, s.step) <= (SELECT l.rank, l.step FROM erp_private.close_step l WHERE l.step = up_to))
		 ORDER BY s.rank, s.step
	LOOP
		EXIT WHEN tried >= max_steps OR blocked AND step.run_function <> '';
		blocked := NOT erp_private.run_close_step($1, $2, step.step) OR blocked;
		tried := tried + 1;
	END LOOP;
	UPDATE erp.month_close m
	   SET state = CASE WHEN blocked THEN 'blocked' WHEN x.waits THEN 'under_way' ELSE 'closed' END,
	       seen_document_id = (SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 ORDER BY d.document_id DESC LIMIT 1), updated_at = clock_timestamp()
	  FROM (SELECT EXISTS (SELECT FROM erp.month_close_step s WHERE s.company_id = $1 AND s.month_close_id = $2 AND s.state <> 'done')) AS x (waits)
	 WHERE m.company_id = $1 AND m.month_close_id = $2;
END
$function$;
COMMENT ON FUNCTION erp_private.run_close(integer, bigint, integer, text) IS
	'Runs what is left of a close, at most so many steps and none beyond the one named (null: all), and records where it stands.';

CREATE FUNCTION erp_private.close_answer(company_id integer, close_id bigint) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object('period', p.code, 'state', m.state, 'round', m.round,
	       'blockers', (SELECT count(*) FROM erp.month_close_step s CROSS JOIN LATERAL jsonb_array_elements(s.findings) AS f (value)
	                     WHERE s.company_id = $1 AND s.month_close_id = $2 AND f.value ->> 'severity' = 'blocker' AND s.state IN ('blocked', 'failed')),
	       'steps', (SELECT jsonb_agg(jsonb_build_object('step', s.step, 'title', s.title, 'state', s.state, 'figures', s.figures, 'documents', s.documents,
	                        'findings', s.findings, 'elapsed_ms', s.elapsed_ms) ORDER BY s.rank, s.step)
	                   FROM erp.month_close_step s WHERE s.company_id = $1 AND s.month_close_id = $2))
	  FROM erp.month_close m
	  JOIN erp.period p ON p.company_id = m.company_id AND p.period_id = m.period_id
	 WHERE m.company_id = $1 AND m.month_close_id = $2
$function$;
COMMENT ON FUNCTION erp_private.close_answer(integer, bigint) IS 'What erp.close_month() returns of a close.';

-- All of it is taken back; only what variables hold stays.
CREATE FUNCTION erp_private.try_close(company_id integer, document_id bigint, period_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	close_id bigint;
	answer jsonb;
BEGIN
	BEGIN
		close_id := erp_private.open_close($1, $2, $3, request);
		PERFORM erp_private.run_close($1, close_id, COALESCE((request ->> 'max_steps')::integer, 2147483647), request ->> 'up_to');
		answer := erp_private.close_answer($1, close_id) || jsonb '{"dry_run": true}';
		RAISE EXCEPTION USING ERRCODE = 'LE999', MESSAGE = 'a dry run is taken back';
	EXCEPTION WHEN SQLSTATE 'LE999' THEN
		RETURN answer;
	END;
END
$function$;
COMMENT ON FUNCTION erp_private.try_close(integer, bigint, integer, jsonb) IS 'What erp.close_month() would do, without doing it.';

CREATE FUNCTION erp_private.check_close_request(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_object(request, '{"period": "code!", "dry_run": "boolean", "max_steps": "integer", "up_to": "code", "profit_transfer": "code", "note": "name"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'profit_transfer', ARRAY['month', 'year']);
	IF (request ->> 'max_steps')::integer < 1 THEN
		PERFORM erp_private.refuse('LE011', 'at least one step is taken', '$.max_steps', request ->> 'max_steps', 'Give 1 or more, or leave it out for all.');
	END IF;
	IF NOT EXISTS (SELECT FROM erp_private.close_step s WHERE s.step = request ->> 'up_to') THEN
		PERFORM erp_private.check_known(1, '$', 'up_to', request ->> 'up_to', 'step of the close',
			'The steps are: ' || (SELECT string_agg(s.step, ', ' ORDER BY s.rank, s.step) FROM erp_private.close_step s) || '.')
		 WHERE request ->> 'up_to' IS NOT NULL;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_close_request(jsonb) IS 'Raises LE011 or LE012 unless a request says what is to be closed, and how.';

CREATE FUNCTION erp_private.close_month(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	period integer;
	close_id bigint;
BEGIN
	PERFORM erp_private.check_close_request(request);
	period := erp_private.named_period($1, request);
	IF erp_private.period_is_closed($1, period) THEN
		RETURN jsonb_build_object('period', request ->> 'period', 'state', 'closed', 'blockers', 0, 'steps', jsonb '[]',
			'message', 'The month is closed already; nothing was done.');
	ELSIF (request ->> 'dry_run')::boolean THEN
		RETURN erp_private.try_close($1, $2, period, request);
	END IF;
	close_id := erp_private.open_close($1, $2, period, request);
	PERFORM erp_private.run_close($1, close_id, COALESCE((request ->> 'max_steps')::integer, 2147483647), request ->> 'up_to');
	RETURN erp_private.close_answer($1, close_id);
END
$function$;
COMMENT ON FUNCTION erp_private.close_month(integer, bigint, jsonb) IS 'Does what erp.close_month() says.';

CREATE FUNCTION erp_private.finish_close_month(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF erp_private.period_is_closed($1, erp_private.named_period($1, request)) THEN
		PERFORM erp_private.finish_set_period_state($1, jsonb '{"state": "closed"}');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.finish_close_month(integer, jsonb) IS
	'A close seals all that the company has committed, with the call itself at the end.';
