CREATE FUNCTION erp.import_step(company text, job_id bigint, max_rows integer DEFAULT 20000) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_import_step';
COMMENT ON FUNCTION erp.import_step(text, bigint, integer) IS
	'Does the next bounded step of an import job: first all rows of erp.staged_line are validated (what is bad stands in erp.import_problem), then whole documents are posted. company: code. job_id: from erp.start_import(). max_rows: rows of one step, 1 to 200000. Returns {"state", "done_rows", "total_rows", "done_documents", "bad_rows"}; the job is finished in state done, or refused (call again after mending the rows). Errors: LE070 for an unknown job, 22023 for max_rows out of range, and those of erp.post_documents().';

CREATE FUNCTION erp_private.check_staged_lines(p_company_id integer, p_job_id bigint) RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on
AS $function$
	WITH run AS MATERIALIZED (
		SELECT r.row_no, r.document_key, row_number() OVER (PARTITION BY r.document_key ORDER BY r.row_no) AS run_no
		  FROM (SELECT s.row_no, s.document_key,
		               lag(s.document_key) OVER (ORDER BY s.row_no) IS DISTINCT FROM s.document_key AS starts
		          FROM erp.staged_line s
		         WHERE s.job_id = p_job_id) r
		 WHERE r.starts AND r.document_key IS NOT NULL
	), found AS (
		SELECT r.row_no, r.document_key, 'document_key' AS column_name, r.document_key AS value, 'LE020' AS error_code,
		       'the rows of a document stand together: this key was used further up' AS reason
		  FROM run r
		 WHERE r.run_no > 1
		UNION ALL
		SELECT o.row_no, o.document_key, 'origin_key', o.origin_key, 'LE051',
		       'no earlier row and no posted document has this key'
		  FROM erp.staged_line o
		  LEFT JOIN run r ON r.document_key = o.origin_key AND r.run_no = 1
		 WHERE o.job_id = p_job_id AND o.origin_key <> ''
		   AND (r.row_no IS NULL OR r.row_no > o.row_no)
		   AND NOT EXISTS (SELECT FROM erp.document d WHERE d.company_id = p_company_id AND d.key = o.origin_key)
	), stored AS (
		INSERT INTO erp.import_problem (job_id, row_no, problem_no, document_key, column_name, value, error_code, reason)
		SELECT p_job_id, f.row_no, 1000 + row_number() OVER (PARTITION BY f.row_no), f.document_key, f.column_name,
		       f.value, f.error_code, f.reason
		  FROM found f
		RETURNING 1
	)
	SELECT count(*) FROM stored
$function$;
COMMENT ON FUNCTION erp_private.check_staged_lines(integer, bigint) IS
	'Lists in erp.import_problem what only the whole of an import''s rows can tell: a document whose rows stand apart, a return whose origin is neither staged before it nor posted. Returns how many were found.';
