\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
BEGIN;
-- Business calendars and what carriers take by them. The National Day of China in 2025: 1 to 8 October free, Sunday 28 September and Saturday 11 October worked.
SELECT plan(46);
\o /dev/null
SELECT erp.create_company('CAL', 'company', '{"name": "Calendar", "currency": "CNY", "chart": "english"}');
CREATE SEQUENCE pg_temp.call;
CREATE FUNCTION pg_temp.call(p_call text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text; code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(''CAL'', %L, %L)', p_call, 'c' || nextval('pg_temp.call'), p_request) INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.add(p_day date, p_days integer, p_calendar text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	RETURN to_char(erp.add_working_days('CAL', p_day, p_days, p_calendar), 'Dy MM-DD');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.arrives(p_carrier text, p_country text, p_day date, p_at time DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	RETURN to_char(erp.expected_delivery('CAL', p_carrier, p_country, p_day, p_at), 'Dy MM-DD');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
\o
-- Without a calendar of its own a company works from Monday to Friday. 26 September 2025 is a Friday.
SELECT is(pg_temp.add('2025-09-26', 0), 'Fri 09-26', 'a working day is itself');
SELECT is(pg_temp.add('2025-09-27', 0), 'Mon 09-29', 'a Saturday is the Monday after');
SELECT is(pg_temp.add('2025-09-26', 1), 'Mon 09-29', 'one day after Friday is Monday');
SELECT is(pg_temp.add('2025-09-27', 1), 'Mon 09-29', 'and one after Saturday');
SELECT is(pg_temp.add('2025-09-26', 5), 'Fri 10-03', 'five days are a week');
SELECT is(pg_temp.add('2025-09-29', -1), 'Fri 09-26', 'one before Monday is Friday');
SELECT is(pg_temp.add('2025-09-28', -1), 'Fri 09-26', 'and one before Sunday');
SELECT is(pg_temp.add('2025-09-26', 250), 'Fri 09-11', 'fifty weeks');
SELECT is(erp.add_working_days('CAL', NULL, 1), NULL::date, 'no day, no answer');
SELECT is(pg_temp.add('2025-09-26', 10001), 'LE011 | working days are counted to 10000 | At days, value "10001".', 'counting has an end');
SELECT is(pg_temp.add('2025-09-26', 1, 'XX'), 'LE012 | there is no business calendar "XX" | At calendar, value "XX".', 'calendars are known');
SELECT throws_ok($$SELECT erp.add_working_days('NONE', '2025-09-26', 1)$$, 'LE012', 'there is no company "NONE"', 'so are companies');

-- China's holidays.
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "CN", "name": "China", "default": true, "days": [
	{"day": "2025-10-01", "to": "2025-10-08", "working": false, "name": "National Day"},
	{"day": "2025-09-28", "working": true, "name": "for 7 October"}, {"day": "2025-10-11", "working": true, "name": "for 8 October"}]},
	{"code": "SIX", "name": "Monday to Saturday", "week_days": [6, 1, 2, 3, 4, 5, 6]}]'), '{"days": 10, "updated": 0, "inserted": 2}', 'ten days that are different');
SELECT is((SELECT string_agg(w, ', ' ORDER BY n) FROM (SELECT n, pg_temp.add('2025-09-26', n) AS w FROM generate_series(1, 7) n) x), 'Sun 09-28, Mon 09-29, Tue 09-30, Thu 10-09, Fri 10-10, Sat 10-11, Mon 10-13', 'the seven working days after 26 September');
SELECT is(pg_temp.add('2025-10-03', 0), 'Thu 10-09', 'a holiday waits for the end of all');
SELECT is(pg_temp.add('2025-10-09', -1), 'Tue 09-30', 'and back');
SELECT is(pg_temp.add('2025-09-26', 1, ''), 'Mon 09-29', 'Monday to Friday is still there');
SELECT is(pg_temp.add('2025-09-26', 1, 'SIX'), 'Sat 09-27', 'and a week of six days');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "CN", "name": "China", "days": [{"day": "2025-10-08", "working": true}, {"day": "2025-10-01", "to": "2025-10-02", "working": false, "name": "National Day"}]}]'), '{"days": 1, "updated": 0, "inserted": 0}', 'one day changes');
SELECT is(pg_temp.add('2025-09-30', 1), 'Wed 10-08', 'and is worked');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "CN", "name": "China", "days": [{"day": "2025-10-01", "to": "2025-10-08", "working": true}, {"day": "2025-10-06", "to": "2025-10-08", "working": false}]}]'), '{"days": 8, "updated": 0, "inserted": 0}', 'of a day given twice the last counts');
SELECT is(pg_temp.add('2025-10-03', 1), 'Sat 10-04', 'five of them are worked');
SELECT is((SELECT string_agg(calendar_code, ' ') FROM erp.business_calendar_list WHERE company = 'CAL' AND is_default AND day = '2025-10-08'), 'CN', 'a company has one default');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "SIX", "name": "Six", "default": true}]') || pg_temp.add('2025-09-26', 1), '{"days": 0, "updated": 1, "inserted": 0}Sat 09-27', 'another one takes its place; its week stays');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "X", "name": "X", "week_days": []}]'), 'LE011 | the days of a week that are worked are one at least, of 1 (Monday) to 7 (Sunday) | At $[0].week_days, value "[]".', 'something is worked');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "X", "name": "X", "week_days": [0]}]'), 'LE011 | the days of a week that are worked are one at least, of 1 (Monday) to 7 (Sunday) | At $[0].week_days, value "[0]".', 'Sunday is 7');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "X", "name": "X", "days": [{"day": "2025-10-08", "to": "2025-10-07", "working": true}]}]'), 'LE011 | the last day is not before the first, and within a year of it | At $[0].days[0].to, value "2025-10-07".', 'days go on');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "X", "name": "X", "days": [{"day": "2025-10-08"}]}]'), 'LE011 | field "working" is missing | At $[0].days[0].working.', 'and are worked or not');
SELECT is(pg_temp.call('put_business_calendars', '[{"code": "SHUT", "name": "Shut", "days": [{"day": "2026-01-01", "to": "2026-12-31", "working": false}, {"day": "2027-01-01", "to": "2027-12-31", "working": false}]}]') || ' ' || pg_temp.add('2026-01-01', 0, 'SHUT'),
	'{"days": 730, "updated": 0, "inserted": 1} LE230 | no day is worked for more than 400 days | At day, value "2025-12-31".', 'two years without work');

-- Carriers. EXP works Monday to Friday, ROAD by the company's calendar, from Monday to Saturday.
SELECT is(pg_temp.call('put_carriers', '[{"code": "EXP", "name": "Express", "service": "Overnight", "calendar": "CN", "cutoff": "16:00", "lead_times": [{"destination": "CN", "days": 1}, {"destination": "CN-65", "days": 3}, {"destination": "", "days": 5}]},
	{"code": "ROAD", "name": "Road", "lead_times": [{"destination": "CN", "days": 2}]}]'), '{"updated": 0, "inserted": 2}', 'two carriers');
SELECT is(pg_temp.arrives('EXP', 'CN', '2025-09-22'), 'Tue 09-23', 'Monday to Tuesday');
SELECT is(pg_temp.arrives('EXP', 'CN', '2025-09-22', '15:59'), 'Tue 09-23', 'before four');
SELECT is(pg_temp.arrives('EXP', 'CN', '2025-09-22', '16:00'), 'Wed 09-24', 'from four on it is a day later');
SELECT is(pg_temp.arrives('EXP', 'CN', '2025-09-20', '17:00'), 'Tue 09-23', 'on a Saturday there is no cut-off: it goes on Monday');
SELECT is(pg_temp.arrives('EXP', 'CN-65', '2025-09-22'), 'Thu 09-25', 'to a zone');
SELECT is(pg_temp.arrives('EXP', 'CN-44', '2025-09-22'), 'Tue 09-23', 'to one that is not named as to its country');
SELECT is(pg_temp.arrives('EXP', 'DE', '2025-09-22'), 'Sun 09-28', 'to everywhere else five, of which the Sunday that is worked is one');
SELECT is(pg_temp.arrives('ROAD', 'CN', '2025-09-26', '23:00'), 'Mon 09-29', 'by road on Saturday and Monday');
SELECT is(pg_temp.arrives('ROAD', 'DE', '2025-09-26'), NULL, 'nobody knows how long it takes to Germany');
SELECT is(pg_temp.arrives('RAIL', 'DE', '2025-09-26'), 'LE012 | there is no carrier "RAIL" | At carrier, value "RAIL".', 'carriers are known');
SELECT is(pg_temp.call('put_carriers', '[{"code": "EXP", "name": "Express", "cutoff": "", "lead_times": [{"destination": "CN", "days": 0}]}]') || pg_temp.arrives('EXP', 'CN', '2025-09-22', '18:00') || coalesce(pg_temp.arrives('EXP', 'DE', '2025-09-22'), ' never'),
	'{"updated": 1, "inserted": 0}Mon 09-22 never', 'what is given replaces: no cut-off, the same day, and nowhere else');
SELECT results_eq($$SELECT carrier_code, service, calendar, cutoff, destination, days FROM erp.carrier_list WHERE company = 'CAL' ORDER BY 1$$, $$VALUES ('EXP', 'Overnight', 'CN', NULL::time, 'CN', 0), ('ROAD', '', NULL, NULL, 'CN', 2)$$, 'as the list shows');
SELECT is(pg_temp.call('put_carriers', '[{"code": "X", "name": "X", "cutoff": "4pm"}]'), 'LE011 | a time of day is written HH:MM | At $[0].cutoff, value "4pm".', 'times are times');
SELECT is(pg_temp.call('put_carriers', '[{"code": "X", "name": "X", "lead_times": [{"destination": "CN", "days": 366}]}]'), 'LE011 | a carrier takes 0 to 365 working days | At $[0].lead_times[0].days, value "366".', 'days have an end');
SELECT is(pg_temp.call('put_carriers', '[{"code": "X", "name": "X", "calendar": "DE"}]'), 'LE012 | there is no business calendar "DE" | At $[0].calendar, value "DE".', 'calendars are known');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
