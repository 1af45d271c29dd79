-- Neither SET nor SECURITY DEFINER: either would forbid COMMIT. So every name is qualified.
CREATE PROCEDURE erp.run_import(company text, job_id bigint, max_rows integer DEFAULT 20000)
	LANGUAGE plpgsql
AS $procedure$
DECLARE
	state text;
BEGIN
	LOOP
		state := erp.import_step(company, job_id, max_rows) OPERATOR(pg_catalog.->>) 'state';
		COMMIT;
		EXIT WHEN state OPERATOR(pg_catalog.=) ANY (ARRAY['refused', 'done']);
	END LOOP;
END
$procedure$;
COMMENT ON PROCEDURE erp.run_import(text, bigint, integer) IS
	'Runs erp.import_step() until the job is done or refused, each step in its own transaction. Call it outside a transaction block; called again after a crash it goes on where the last step ended. company: code. job_id: from erp.start_import(). max_rows: rows of one step, 1 to 200000. Returns nothing: erp.job_progress shows the state. Errors: those of erp.import_step(); 2D000 within a transaction block.';

CREATE FUNCTION erp.restage_import(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.restage_import(text, text, json) IS
	'Takes an import that was refused, or whose step raises an error, back to state staging: its rows may then be inserted, updated and deleted, and the next erp.import_step() validates them all again. What was posted stays posted: a document with the same key and the same rows is not posted twice; one whose rows were changed is a problem (LE020). company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result and does nothing. request: {"job_id"}. Returns {"job_id", "state"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE070 for an unknown job and one that is done.';

CREATE FUNCTION erp_private.restage_import(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	job bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"job_id": "integer!"}');
	UPDATE erp.job
	   SET state = 'staging', position = 0, done_rows = 0, total_rows = 0, done_documents = 0,
	       phase_started_at = clock_timestamp(), updated_at = clock_timestamp()
	 WHERE company_id = restage_import.company_id AND job_id = (request ->> 'job_id')::bigint AND state <> 'done'
	RETURNING job_id INTO job;
	IF job IS NULL THEN
		PERFORM erp_private.refuse('LE070', 'the company has no import of this id that is not done', '$.job_id', request ->> 'job_id', 'See erp.job_progress.');
	END IF;
	RETURN jsonb_build_object('job_id', job, 'state', 'staging');
END
$function$;
COMMENT ON FUNCTION erp_private.restage_import(integer, jsonb) IS 'Does what erp.restage_import() says.';
