-- core: business calendars, and counting in working days.

CREATE FUNCTION erp_private.check_business_calendars(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	calendar record;
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "week_days": "list", "default": "boolean", "days": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, e.value ->> 'week_days' AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE jsonb_typeof(e.value -> 'week_days') = 'array' AND (e.value -> 'week_days' = '[]' OR NOT e.value -> 'week_days' <@ '[1, 2, 3, 4, 5, 6, 7]')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the days of a week that are worked are one at least, of 1 (Monday) to 7 (Sunday)', format('$[%s].week_days', bad.n - 1), bad.value,
			'Monday to Friday is [1, 2, 3, 4, 5].');
	END IF;
	FOR calendar IN SELECT e.value -> 'days' AS rows, format('$[%s].days[#]', e.n - 1) AS path
	                  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'days') = 'array' ORDER BY e.n
	LOOP
		PERFORM erp_private.check_rows(calendar.rows, calendar.path, '{"day": "day!", "to": "day", "working": "boolean!", "name": "name"}');
		SELECT e.n, e.value ->> 'to' AS value INTO bad
		  FROM jsonb_array_elements(calendar.rows) WITH ORDINALITY AS e (value, n)
		 WHERE (e.value ->> 'to')::date - (e.value ->> 'day')::date NOT BETWEEN 0 AND 366 ORDER BY e.n LIMIT 1;
		IF FOUND THEN
			PERFORM erp_private.refuse('LE011', 'the last day is not before the first, and within a year of it', replace(calendar.path, '#', (bad.n - 1)::text) || '.to', bad.value,
				'Leave it out for a single day.');
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_business_calendars(jsonb) IS 'Raises LE011 unless the rows are business calendars.';

CREATE FUNCTION erp_private.put_calendar_days(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	written bigint;
BEGIN
	WITH put AS (
		INSERT INTO erp.business_calendar_day AS x (company_id, business_calendar_id, day, working, name)
		SELECT DISTINCT ON (c.business_calendar_id, r.day) put_calendar_days.company_id, c.business_calendar_id, r.day, (d.value ->> 'working')::boolean,
		       COALESCE(d.value ->> 'name', '')
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.business_calendar c ON c.company_id = put_calendar_days.company_id AND c.code = e.value ->> 'code'
		 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(e.value -> 'days') WHEN 'array' THEN e.value -> 'days' ELSE '[]' END) WITH ORDINALITY AS d (value, n)
		 CROSS JOIN LATERAL (SELECT (d.value ->> 'day')::date + s.i AS day
		                       FROM generate_series(0, COALESCE((d.value ->> 'to')::date, (d.value ->> 'day')::date) - (d.value ->> 'day')::date) AS s (i)) r
		 ORDER BY c.business_calendar_id, r.day, d.n DESC
		ON CONFLICT (company_id, business_calendar_id, day) DO UPDATE SET working = EXCLUDED.working, name = EXCLUDED.name
		 WHERE (x.working, x.name) <> (EXCLUDED.working, EXCLUDED.name)
		RETURNING 1
	)
	SELECT count(*) INTO written FROM put;
	RETURN written;
END
$function$;
COMMENT ON FUNCTION erp_private.put_calendar_days(integer, jsonb) IS 'Writes the single days of the calendars of a checked request, of a day given twice the last; returns how many changed.';

CREATE FUNCTION erp_private.put_business_calendars(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
	chosen text := (SELECT e.value ->> 'code' FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	                 WHERE e.value -> 'default' = 'true' ORDER BY e.n DESC LIMIT 1);
BEGIN
	PERFORM erp_private.check_business_calendars(request);
	-- Of two that become the default at once the later one does: they wait for each other here.
	PERFORM 1 FROM erp.business_calendar c WHERE c.company_id = put_business_calendars.company_id AND c.business_calendar_id = 0 FOR NO KEY UPDATE;
	WITH put AS (
		INSERT INTO erp.business_calendar AS c (company_id, code, name, week_days)
		SELECT put_business_calendars.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE(w.days, old.week_days, '{1,2,3,4,5}')
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.business_calendar old ON old.company_id = put_business_calendars.company_id AND old.code = e.value ->> 'code'
		 CROSS JOIN LATERAL (SELECT array_agg(DISTINCT d.value::integer) AS days
		                       FROM jsonb_array_elements_text(CASE jsonb_typeof(e.value -> 'week_days') WHEN 'array' THEN e.value -> 'week_days' ELSE '[]' END) AS d (value)) w
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, week_days = EXCLUDED.week_days
		 WHERE (c.name, c.week_days) <> (EXCLUDED.name, EXCLUDED.week_days)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	IF chosen IS NOT NULL THEN
		UPDATE erp.business_calendar c SET is_default = false WHERE c.company_id = put_business_calendars.company_id AND c.is_default AND c.code <> chosen;
		UPDATE erp.business_calendar c SET is_default = true WHERE c.company_id = put_business_calendars.company_id AND NOT c.is_default AND c.code = chosen;
	END IF;
	RETURN answer || jsonb_build_object('days', erp_private.put_calendar_days(put_business_calendars.company_id, request));
END
$function$;
COMMENT ON FUNCTION erp_private.put_business_calendars(integer, jsonb) IS 'Does what erp.put_business_calendars() says.';

CREATE FUNCTION erp.put_business_calendars(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_business_calendars(text, text, json) IS
	'Adds or changes business calendars. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "week_days"? (those that are worked, 1 for Monday to 7 for Sunday, default [1, 2, 3, 4, 5]), "default"? (true: the company''s own from now on), "days"? ([{"day", "to"? (last of several, within a year), "working" (false: a holiday, true: worked whatever day of the week it is), "name"?}], added to those that stand; of a day that is given twice the last counts)}]. A field that is not given keeps its value. Returns {"inserted", "updated", "days"}: calendars, and how many single days changed. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp_private.default_calendar(company_id integer) RETURNS integer
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.business_calendar_id FROM erp.business_calendar c WHERE c.company_id = $1 AND c.is_default
$function$;
COMMENT ON FUNCTION erp_private.default_calendar(integer) IS 'The business calendar of a company.';

CREATE FUNCTION erp_private.is_working_day(company_id integer, calendar_id integer, day date) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE((SELECT x.working FROM erp.business_calendar_day x WHERE x.company_id = $1 AND x.business_calendar_id = $2 AND x.day = $3),
	                (SELECT extract(isodow FROM $3)::integer = ANY (c.week_days) FROM erp.business_calendar c WHERE c.company_id = $1 AND c.business_calendar_id = $2))
$function$;
COMMENT ON FUNCTION erp_private.is_working_day(integer, integer, date) IS 'Whether a day is worked by a calendar; null if there is no such calendar.';

CREATE FUNCTION erp_private.add_working_days(company_id integer, calendar_id integer, day date, days integer) RETURNS date
	LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	step integer := CASE WHEN days < 0 THEN -1 ELSE 1 END;
	reached date := CASE days WHEN 0 THEN day - 1 ELSE day END;
	before date;
BEGIN
	IF day IS NULL OR days IS NULL OR erp_private.is_working_day(company_id, calendar_id, day) IS NULL THEN
		RETURN NULL;
	END IF;
	IF abs(days) > 10000 THEN
		PERFORM erp_private.refuse('LE011', 'working days are counted to 10000', 'days', days::text, 'Count fewer.');
	END IF;
	FOR n IN 1 .. greatest(abs(days), 1) LOOP
		before := reached;
		LOOP
			reached := reached + step;
			EXIT WHEN erp_private.is_working_day(company_id, calendar_id, reached);
			IF abs(reached - before) > 400 THEN
				PERFORM erp_private.refuse('LE230', 'no day is worked for more than 400 days', 'day', before::text, 'Say in the calendar when work goes on.');
			END IF;
		END LOOP;
	END LOOP;
	RETURN reached;
END
$function$;
COMMENT ON FUNCTION erp_private.add_working_days(integer, integer, date, integer) IS
	'The day that is so many working days of a calendar after a day, or before it where days is below zero; of 0 the day itself, or the first one after it that is worked. Null for a null argument or an unknown calendar. Errors: LE011 beyond 10000 days, LE230 where nothing is worked for more than 400 days.';

CREATE FUNCTION erp_private.company_number(company text) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	number integer := (SELECT c.company_id FROM erp.company c WHERE c.code = company);
BEGIN
	IF number IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no company "%s"', left(company, 100)), 'company', company, 'Create it with erp.create_company().');
	END IF;
	RETURN number;
END
$function$;
COMMENT ON FUNCTION erp_private.company_number(text) IS 'Identity of the company of a code; error LE012 if there is none.';

CREATE FUNCTION erp.add_working_days(company text, day date, days integer, calendar text DEFAULT NULL) RETURNS date
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company_number integer := erp_private.company_number(company);
	calendar_number integer;
BEGIN
	calendar_number := CASE WHEN calendar IS NULL THEN erp_private.default_calendar(company_number)
	                   ELSE (SELECT b.business_calendar_id FROM erp.business_calendar b WHERE b.company_id = company_number AND b.code = calendar) END;
	IF calendar_number IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no business calendar "%s"', left(calendar, 100)), 'calendar', calendar, 'Add it with erp.put_business_calendars().');
	END IF;
	RETURN erp_private.add_working_days(company_number, calendar_number, day, days);
END
$function$;
COMMENT ON FUNCTION erp.add_working_days(text, date, integer, text) IS
	'The day that is so many working days after a day. company: code. day. days: below zero counts back; 0 is the day itself if it is worked, else the next one that is. calendar: code of a business calendar, default the company''s own. Null for a day or days that are null. Errors: LE011 beyond 10000 days, LE012 for an unknown company or calendar, LE230 where nothing is worked for more than 400 days.';
