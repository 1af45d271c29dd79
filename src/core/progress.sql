-- core: how far long work is, told to whoever called it.

CREATE FUNCTION erp_private.report_progress(work text, done bigint, total bigint, started_at timestamptz) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	seconds numeric := GREATEST(extract(epoch FROM clock_timestamp() - started_at), 0.001);
BEGIN
	RAISE NOTICE '%: % of % (% %%)', work, done, total, CASE WHEN total > 0 THEN LEAST(done * 100 / total, 100) ELSE 100 END
		USING DETAIL = format('%s a second; about %s seconds are left.', round(done / seconds),
			CASE WHEN done > 0 THEN round(seconds * GREATEST(total - done, 0) / done)::text ELSE 'some' END);
END
$function$;
COMMENT ON FUNCTION erp_private.report_progress(text, bigint, bigint, timestamptz) IS
	'A NOTICE that says how far some work is, with its rate and the time left. work: what is done. done, total: in its units, such as lines. started_at: when it began.';
