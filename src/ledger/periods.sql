-- ledger: what the calls on fiscal years, periods and the hard lock do.

CREATE FUNCTION erp_private.check_fiscal_year(company_id integer, code text, first_day date, last_day date) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	years record;
BEGIN
	SELECT min(y.first_day) AS first_day, max(y.last_day) AS last_day, bool_or(y.code = check_fiscal_year.code) AS has_code INTO years
	  FROM erp.fiscal_year y WHERE y.company_id = check_fiscal_year.company_id;
	IF years.has_code THEN
		PERFORM erp_private.refuse('LE011', 'the fiscal year exists already', '$.code', code, 'Use another code.');
	END IF;
	IF first_day <> years.last_day + 1 AND last_day <> years.first_day - 1 THEN
		PERFORM erp_private.refuse('LE011', 'a fiscal year joins those that exist without gap or overlap', '$.first_day', first_day::text,
			format('Begin on %s, or end on %s.', years.last_day + 1, years.first_day - 1));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_fiscal_year(integer, text, date, date) IS
	'Raises LE011 if the code is taken or the days do not join the years that exist.';

CREATE FUNCTION erp_private.make_periods(company_id integer, fiscal_year_id integer, first_day date, months integer) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH made AS (
		INSERT INTO erp.period (company_id, fiscal_year_id, code, first_day, last_day)
		SELECT $1, $2, to_char(m.first_day, 'YYYY-MM'), m.first_day, (m.first_day + interval '1 month - 1 day')::date
		  FROM generate_series(0, months - 1) AS g (n), LATERAL (SELECT ($3 + make_interval(months => g.n))::date AS first_day) m
		 ORDER BY m.first_day
		RETURNING period_id
	)
	INSERT INTO erp.period_lock (company_id, period_id, module, state, changed_by)
	SELECT $1, p.period_id, l.module, 'open', erp_private.caller()
	  FROM made p, unnest(ARRAY['general', 'stock', 'sales', 'purchasing']) AS l (module)
	 ORDER BY p.period_id, l.module
$function$;
COMMENT ON FUNCTION erp_private.make_periods(integer, integer, date, integer) IS
	'Makes the monthly periods of a fiscal year, open for every module.';

CREATE FUNCTION erp_private.create_fiscal_year(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	first_day date;
	last_day date;
	months integer;
	year_id integer;
BEGIN
	PERFORM erp_private.check_object(request, '{"code": "code!", "first_day": "day!", "months": "integer"}');
	first_day := (request ->> 'first_day')::date;
	months := COALESCE((request ->> 'months')::integer, 12);
	IF extract(day FROM first_day) <> 1 OR months NOT BETWEEN 1 AND 24 THEN
		PERFORM erp_private.refuse('LE011', 'a fiscal year begins on the first of a month and has 1 to 24 months', '$', request::text,
			'Periods are calendar months.');
	END IF;
	last_day := (first_day + make_interval(months => months) - interval '1 day')::date;
	PERFORM erp_private.check_fiscal_year(create_fiscal_year.company_id, request ->> 'code', first_day, last_day);
	INSERT INTO erp.fiscal_year (company_id, code, first_day, last_day)
	VALUES (create_fiscal_year.company_id, request ->> 'code', first_day, last_day)
	RETURNING fiscal_year_id INTO year_id;
	PERFORM erp_private.make_periods(create_fiscal_year.company_id, year_id, first_day, months);
	RETURN jsonb_build_object('fiscal_year_id', year_id, 'periods', months);
END
$function$;
COMMENT ON FUNCTION erp_private.create_fiscal_year(integer, jsonb) IS 'Does what erp.create_fiscal_year() says.';

CREATE FUNCTION erp_private.lock_period_gate(company_id integer, period_id integer) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_lock_period_gate';
COMMENT ON FUNCTION erp_private.lock_period_gate(integer, integer) IS
	'Waits for the postings into the period that are under way and holds up new ones until the transaction ends.';

CREATE FUNCTION erp_private.require_latest_periods(company_id integer) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_require_latest_periods';
COMMENT ON FUNCTION erp_private.require_latest_periods(integer) IS
	'Raises 40001 under REPEATABLE READ or SERIALIZABLE if the company has a document, of which every posting and every call makes one, that came since the snapshot of this transaction: what it did with periods, drafts or the hard lock would not be seen. Every call that changes periods asks when it has its locks.';

-- Years of one company are made, and its days locked, one after the other: which periods there are stays until the transaction ends.
CREATE FUNCTION erp_private.lock_periods(company_id integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.company c WHERE c.company_id = lock_periods.company_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_periods(integer) IS 'Waits for other calls that make periods of the company, change their states or lock its days.';

CREATE FUNCTION erp_private.lock_period_gates(company_id integer, last_day date) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.keep_structure(company_id);
	PERFORM erp_private.lock_periods(company_id);
	PERFORM erp_private.lock_period_gate(g.company_id, g.period_id)
	   FROM (SELECT p.company_id, p.period_id
	           FROM erp.period p
	          WHERE p.company_id = lock_period_gates.company_id AND p.first_day <= lock_period_gates.last_day
	          ORDER BY p.first_day) g;
	PERFORM erp_private.require_latest_periods(company_id);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_period_gates(integer, date) IS
	'Takes the gate of the company, holds which periods there are, and takes the gates of all that begin up to this day, by day: a posting that reaches later periods holds that of its earliest alone.';

CREATE FUNCTION erp_private.lock_create_fiscal_year(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_periods(company_id);
	PERFORM erp_private.require_latest_periods(company_id);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_create_fiscal_year(integer, jsonb) IS 'Takes what erp.create_fiscal_year() waits for.';

CREATE FUNCTION erp_private.lock_set_period_state(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_period_gates(company_id, (
		SELECT p.last_day FROM erp.period p WHERE p.company_id = lock_set_period_state.company_id AND p.code = request ->> 'period'));
END
$function$;
COMMENT ON FUNCTION erp_private.lock_set_period_state(integer, jsonb) IS
	'Takes the gates of the company, of the period and of those before it: before the key of the call, as postings do.';

CREATE FUNCTION erp_private.check_period_state(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad text;
BEGIN
	PERFORM erp_private.check_object(request, '{"period": "code!", "modules": "list", "state": "code!", "reason": "name"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'state', ARRAY['open', 'warned', 'closed']);
	SELECT m.module #>> '{}' INTO bad
	  FROM jsonb_array_elements(CASE jsonb_typeof(request -> 'modules') WHEN 'array' THEN request -> 'modules' ELSE '[]' END) AS m (module)
	 WHERE NOT m.module <@ '["general", "stock", "sales", "purchasing"]' LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a module is not known', '$.modules', bad, 'It is one of: general, stock, sales, purchasing.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_period_state(jsonb) IS 'Raises LE011 unless the request says which state a period is to have.';

-- The modules that a request names are all of them if it names none.
CREATE FUNCTION erp_private.names_module(request jsonb, module text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN COALESCE(jsonb_typeof(request -> 'modules'), 'null') = 'null' OR request -> 'modules' ? module;
COMMENT ON FUNCTION erp_private.names_module(jsonb, text) IS 'True if a request of erp.set_period_state() concerns the module.';

CREATE FUNCTION erp_private.check_reopening(company_id integer, period_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	locked date;
BEGIN
	IF request ->> 'state' = 'closed' OR NOT EXISTS (
		SELECT FROM erp.period_lock l
		 WHERE l.company_id = check_reopening.company_id AND l.period_id = check_reopening.period_id AND l.state = 'closed'
		   AND erp_private.names_module(request, l.module)) THEN
		RETURN;
	END IF;
	IF COALESCE(request ->> 'reason', '') = '' THEN
		PERFORM erp_private.refuse('LE011', 'whoever reopens a closed period says why', '$.reason', request ->> 'reason', 'Give the reason.');
	END IF;
	SELECT h.day INTO locked
	  FROM erp.hard_lock h
	  JOIN erp.period p ON p.company_id = h.company_id AND p.period_id = check_reopening.period_id AND p.last_day <= h.day
	 WHERE h.company_id = check_reopening.company_id;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE032', 'a period before the hard lock stays closed', '$.period', request ->> 'period',
			format('The hard lock is at %s and never moves back.', locked));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_reopening(integer, integer, jsonb) IS
	'Raises LE011 if a closed period would open without a reason, LE032 if it lies before the hard lock.';

CREATE FUNCTION erp_private.check_no_drafts(company_id integer, period_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	open_draft record;
BEGIN
	IF request ->> 'state' <> 'closed' OR NOT erp_private.names_module(request, 'general') THEN
		RETURN;
	END IF;
	SELECT d.key, d.state INTO open_draft
	  FROM erp.period p
	  JOIN erp.draft d ON d.company_id = p.company_id AND d.day BETWEEN p.first_day AND p.last_day AND d.state NOT IN ('posted', 'withdrawn')
	 WHERE p.company_id = check_no_drafts.company_id AND p.period_id = check_no_drafts.period_id
	 ORDER BY d.draft_id LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE105', 'the period has drafts that are not posted', '$.period', request ->> 'period',
			format('Post or withdraw draft "%s", which is %s, and all others that erp.draft_list shows.', open_draft.key, open_draft.state));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_no_drafts(integer, integer, jsonb) IS
	'Raises LE105 if the general module would close while a draft of the period is open: 财会〔2024〕12号, section 24. The gate of the period keeps new ones out.';

CREATE FUNCTION erp_private.ask_close_checks(company_id integer, period_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	step record;
	answer jsonb;
	answers jsonb := jsonb '{}';
BEGIN
	IF request ->> 'state' = 'closed' THEN
		FOR step IN SELECT s.function_name FROM erp_private.close_check s ORDER BY s.rank LOOP
			EXECUTE format('SELECT erp_private.%I($1, $2, $3)', step.function_name) INTO answer USING company_id, period_id, request;
			answers := answers || COALESCE(answer, '{}');
		END LOOP;
	END IF;
	RETURN answers;
END
$function$;
COMMENT ON FUNCTION erp_private.ask_close_checks(integer, integer, jsonb) IS
	'If the request closes the period, asks what erp_private.close_check names, each of which may refuse; returns what they have to say, {} for nothing.';

CREATE FUNCTION erp_private.number_days(company_id integer, document_id bigint, modules text[], first_day date, last_day date) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_number_days';
COMMENT ON FUNCTION erp_private.number_days(integer, bigint, text[], date, date) IS
	'Gives, in the name of a document, the numbers of deferred series that days which close still lack: of vouchers where the general module closes, of documents where a module of theirs closes, and the general one if they post into it. Waits for whoever numbers. For calls that hold the gates of the days.';

CREATE FUNCTION erp_private.number_period(company_id integer, document_id bigint, period_id integer, request jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.number_days(p.company_id, $2, ARRAY(SELECT m.module FROM erp.period_lock m WHERE m.company_id = p.company_id AND m.period_id = p.period_id
			AND erp_private.names_module($4, m.module)), p.first_day, p.last_day)
	  FROM erp.period p
	 WHERE p.company_id = $1 AND p.period_id = $3 AND $4 ->> 'state' = 'closed'
$function$;
COMMENT ON FUNCTION erp_private.number_period(integer, bigint, integer, jsonb) IS
	'If the request closes the period, gives the numbers that it still lacks, in the name of the call''s document.';

CREATE FUNCTION erp_private.set_period_state(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	period integer;
	changed bigint;
	answers jsonb;
BEGIN
	PERFORM erp_private.check_period_state(request);
	SELECT p.period_id INTO period FROM erp.period p WHERE p.company_id = set_period_state.company_id AND p.code = request ->> 'period';
	IF NOT FOUND THEN
		PERFORM erp_private.check_known(1, '$', 'period', request ->> 'period', 'period', 'Make the fiscal year with erp.create_fiscal_year().');
	END IF;
	PERFORM erp_private.check_reopening(set_period_state.company_id, period, request);
	PERFORM erp_private.check_no_drafts(set_period_state.company_id, period, request);
	answers := erp_private.ask_close_checks(set_period_state.company_id, period, request);
	UPDATE erp.period_lock l
	   SET state = request ->> 'state', changed_at = clock_timestamp(), changed_by = erp_private.caller()
	 WHERE l.company_id = set_period_state.company_id AND l.period_id = period AND l.state <> request ->> 'state'
	   AND erp_private.names_module(request, l.module);
	GET DIAGNOSTICS changed = ROW_COUNT;
	PERFORM erp_private.number_period(set_period_state.company_id, document_id, period, request);
	RETURN jsonb_build_object('changed', changed) || answers;
END
$function$;
COMMENT ON FUNCTION erp_private.set_period_state(integer, bigint, jsonb) IS 'Does what erp.set_period_state() says.';

CREATE FUNCTION erp_private.finish_set_period_state(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF request ->> 'state' <> 'warned' THEN
		PERFORM erp_private.seal_with_call(c.company_id, c.code) FROM erp.company c WHERE c.company_id = finish_set_period_state.company_id;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.finish_set_period_state(integer, jsonb) IS
	'Closing and opening a period seals all that the company has committed, with the call itself at the end.';

CREATE FUNCTION erp_private.finish_set_hard_lock(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.seal_with_call(c.company_id, c.code) FROM erp.company c WHERE c.company_id = finish_set_hard_lock.company_id;
END
$function$;
COMMENT ON FUNCTION erp_private.finish_set_hard_lock(integer, jsonb) IS
	'A hard lock seals all that the company has committed, with the call itself at the end.';

CREATE FUNCTION erp_private.lock_set_hard_lock(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_object(request, '{"day": "day!", "reason": "name!"}');
	PERFORM erp_private.lock_period_gates(company_id, (request ->> 'day')::date);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_set_hard_lock(integer, jsonb) IS
	'Holds which periods there are, and takes the gate of the company and those of all that begin before the lock: before the key of the call, as postings do. Errors: LE011 for a request that is none.';

CREATE FUNCTION erp_private.ask_locked_periods(company_id integer, before date, day date) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH asked AS MATERIALIZED (
		SELECT p.code, erp_private.ask_close_checks(p.company_id, p.period_id, jsonb_build_object('period', p.code, 'state', 'closed', 'modules', p.modules)) AS answers
		  FROM (SELECT o.company_id, o.period_id, o.code, jsonb_agg(l.module ORDER BY l.module) AS modules
		          FROM erp.period o
		          JOIN erp.period_lock l ON l.company_id = o.company_id AND l.period_id = o.period_id AND l.state <> 'closed'
		         WHERE o.company_id = $1 AND o.last_day > COALESCE($2, '-infinity') AND o.last_day <= $3
		         GROUP BY o.company_id, o.period_id
		         ORDER BY o.last_day OFFSET 0) p
	)
	SELECT CASE count(*) WHEN 0 THEN jsonb '{}' ELSE jsonb_build_object('periods', jsonb_object_agg(a.code, a.answers)) END FROM asked a WHERE a.answers <> '{}'
$function$;
COMMENT ON FUNCTION erp_private.ask_locked_periods(integer, date, date) IS
	'Asks what a close asks, for the modules that are not closed, of each period in turn whose last day a hard lock takes in that moves from one day (null: there is none) to another. Returns {"periods": {code: answers}} of those that have something to say, {} for none. Errors: those of the checks.';

CREATE FUNCTION erp_private.set_hard_lock(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	before date;
	answers jsonb;
BEGIN
	SELECT h.day INTO before FROM erp.hard_lock h WHERE h.company_id = set_hard_lock.company_id;
	IF before >= (request ->> 'day')::date THEN
		PERFORM erp_private.refuse('LE032', 'the hard lock only moves forward', '$.day', request ->> 'day', format('It is at %s.', before));
	END IF;
	answers := erp_private.ask_locked_periods(set_hard_lock.company_id, before, (request ->> 'day')::date);
	INSERT INTO erp.hard_lock (company_id, day, changed_by)
	VALUES (set_hard_lock.company_id, (request ->> 'day')::date, erp_private.caller())
	ON CONFLICT (company_id) DO UPDATE
	   SET day = excluded.day, changed_at = clock_timestamp(), changed_by = excluded.changed_by;
	PERFORM erp_private.number_days(set_hard_lock.company_id, document_id, ARRAY['general', 'stock', 'sales', 'purchasing'], '-infinity', (request ->> 'day')::date);
	RETURN jsonb_build_object('day', request ->> 'day', 'before', before) || answers;
END
$function$;
COMMENT ON FUNCTION erp_private.set_hard_lock(integer, bigint, jsonb) IS 'Does what erp.set_hard_lock() says.';
