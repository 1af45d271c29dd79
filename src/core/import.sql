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
