-- sales: carriers, and when what they carry arrives.

CREATE FUNCTION erp_private.check_carriers(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	carrier record;
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "service": "name", "calendar": "name", "cutoff": "name", "lead_times": "list", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, e.value ->> 'cutoff' AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'cutoff' !~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a time of day is written HH:MM', format('$[%s].cutoff', bad.n - 1), bad.value, 'Four in the afternoon is 16:00; "" is none.');
	END IF;
	SELECT e.n, e.value ->> 'calendar' AS code INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'calendar' <> '' AND NOT EXISTS (SELECT 1 FROM erp.business_calendar b WHERE b.company_id = check_carriers.company_id AND b.code = e.value ->> 'calendar')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'calendar', bad.code, 'business calendar', 'Add it with erp.put_business_calendars().');
	FOR carrier IN SELECT e.value -> 'lead_times' AS rows, format('$[%s].lead_times[#]', e.n - 1) AS path
	                 FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'lead_times') = 'array' ORDER BY e.n
	LOOP
		PERFORM erp_private.check_rows(carrier.rows, carrier.path, '{"destination": "name!", "days": "integer!"}');
		PERFORM erp_private.check_once(carrier.rows, carrier.path, ARRAY['destination']);
		SELECT e.n, e.value ->> 'days' AS value INTO bad
		  FROM jsonb_array_elements(carrier.rows) WITH ORDINALITY AS e (value, n) WHERE (e.value ->> 'days')::integer NOT BETWEEN 0 AND 365 ORDER BY e.n LIMIT 1;
		IF FOUND THEN
			PERFORM erp_private.refuse('LE011', 'a carrier takes 0 to 365 working days', replace(carrier.path, '#', (bad.n - 1)::text) || '.days', bad.value, 'Give the working days from its taking over to its delivery.');
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_carriers(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are carriers.';

CREATE FUNCTION erp_private.put_carriers(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_carriers(put_carriers.company_id, request);
	WITH put AS (
		INSERT INTO erp.carrier AS r (company_id, code, name, service, business_calendar_id, cutoff, active)
		SELECT put_carriers.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE(e.value ->> 'service', old.service, ''),
		       CASE WHEN e.value ->> 'calendar' IS NULL THEN old.business_calendar_id ELSE b.business_calendar_id END,
		       CASE WHEN e.value ->> 'cutoff' IS NULL THEN old.cutoff ELSE NULLIF(e.value ->> 'cutoff', '')::time END,
		       COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.carrier old ON old.company_id = put_carriers.company_id AND old.code = e.value ->> 'code'
		  LEFT JOIN erp.business_calendar b ON b.company_id = put_carriers.company_id AND b.code = NULLIF(e.value ->> 'calendar', '')
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, service = EXCLUDED.service, business_calendar_id = EXCLUDED.business_calendar_id, cutoff = EXCLUDED.cutoff, active = EXCLUDED.active
		WHERE (r.name, r.service, r.business_calendar_id, r.cutoff, r.active)
		      IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.service, EXCLUDED.business_calendar_id, EXCLUDED.cutoff, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	DELETE FROM erp.carrier_lead_time t USING erp.carrier r, jsonb_array_elements(request) AS e (value)
	 WHERE r.company_id = put_carriers.company_id AND r.code = e.value ->> 'code' AND jsonb_typeof(e.value -> 'lead_times') = 'array'
	   AND t.company_id = r.company_id AND t.carrier_id = r.carrier_id;
	INSERT INTO erp.carrier_lead_time (company_id, carrier_id, destination, days)
	SELECT r.company_id, r.carrier_id, l.value ->> 'destination', (l.value ->> 'days')::integer
	  FROM jsonb_array_elements(request) AS e (value)
	  JOIN erp.carrier r ON r.company_id = put_carriers.company_id AND r.code = e.value ->> 'code'
	 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(e.value -> 'lead_times') WHEN 'array' THEN e.value -> 'lead_times' ELSE '[]' END) AS l (value);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_carriers(integer, jsonb) IS 'Does what erp.put_carriers() says.';

CREATE FUNCTION erp.put_carriers(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_carriers(text, text, json) IS
	'Adds or changes carriers, each with one of its services. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "service"?, "calendar"? (code of the business calendar that it works by; "", the default: the company''s own), "cutoff"? (HH:MM; what is handed over then or later goes on the next working day; "": none), "lead_times"? ([{"destination" (country, or a zone in it as CN-44; "": everywhere else), "days" (working days, 0 to 365)}], which replace all of before), "active"?}]. A field that is not given keeps its value. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp_private.expected_delivery(company_id integer, carrier_id integer, country text, shipped_day date, shipped_at time DEFAULT NULL) RETURNS date
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.add_working_days($1, w.calendar_id, w.taken, l.days)
	  FROM erp.carrier r
	 CROSS JOIN LATERAL (SELECT t.days FROM erp.carrier_lead_time t
	                      WHERE t.company_id = r.company_id AND t.carrier_id = r.carrier_id AND t.destination IN ($3, split_part($3, '-', 1), '')
	                      ORDER BY length(t.destination) DESC LIMIT 1) l
	 CROSS JOIN LATERAL (SELECT COALESCE(r.business_calendar_id, erp_private.default_calendar($1)) AS calendar_id) c
	 CROSS JOIN LATERAL (SELECT c.calendar_id, erp_private.add_working_days($1, c.calendar_id, $4, CASE WHEN $5 >= r.cutoff AND erp_private.is_working_day($1, c.calendar_id, $4) THEN 1 ELSE 0 END) AS taken) w
	 WHERE r.company_id = $1 AND r.carrier_id = $2
$function$;
COMMENT ON FUNCTION erp_private.expected_delivery(integer, integer, text, date, time) IS
	'The day on which a carrier delivers what is handed over on a day (and at a time, null: before its cut-off): it takes it on that day if it works, else on the next one that it does, and its working days to the destination later (to a zone, else its country, else everywhere else). Null where it does not say how long it takes there.';

CREATE FUNCTION erp.expected_delivery(company text, carrier text, country text, shipped_day date, shipped_at time DEFAULT NULL) RETURNS date
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company_number integer := erp_private.company_number(company);
	carrier_number integer := (SELECT r.carrier_id FROM erp.carrier r WHERE r.company_id = company_number AND r.code = carrier);
BEGIN
	IF carrier_number IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no carrier "%s"', left(carrier, 100)), 'carrier', carrier, 'Add it with erp.put_carriers().');
	END IF;
	RETURN erp_private.expected_delivery(company_number, carrier_number, COALESCE(country, ''), shipped_day, shipped_at);
END
$function$;
COMMENT ON FUNCTION erp.expected_delivery(text, text, text, date, time) IS
	'The day on which a carrier is expected to deliver. company: code. carrier: code. country: where to, or a zone in it as CN-44. shipped_day, shipped_at (local time, null: before the cut-off): when it is handed over; on a day that the carrier does not work, or at its cut-off time or later, it goes on its next working day. Null where the carrier does not say how long it takes there, or for a day that is null. Errors: LE012 for an unknown company or carrier; LE230.';
