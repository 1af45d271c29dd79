CREATE FUNCTION erp.import_step(company text, job_id bigint, max_rows integer DEFAULT 20000) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	SET jit = off
	AS 'MODULE_PATHNAME', 'erp_import_step';
COMMENT ON FUNCTION erp.import_step(text, bigint, integer) IS
	'Does the next bounded step of an import job: first all rows of erp.staged_line are validated (what is bad stands in erp.import_problem), then whole documents are posted, in the order of the rows. Validation sees at once: fields, codes, amounts, taxes, periods that are missing or closed, keys that were used with another request, manual vouchers that do not balance, words, dimensions and documents to correct that are unknown, posting rules that are missing, origins that are unknown or bad, and in a company that requires reviews every document that posts from a reviewed draft only (LE100). Whether there is enough stock, what an origin still has to give back, and what a document settles, is seen when the document is posted. With skip_bad, a document that is refused then is listed in erp.import_problem and the others are posted; without it the step raises the error, the steps before it stand, and erp.restage_import() takes the job back so that its rows can be mended. A document whose key was posted before, with the same request, is counted and not posted again. company: code. job_id: from erp.start_import(). max_rows: rows of one step, 1 to 200000. Returns {"state", "done_rows", "total_rows", "done_documents", "bad_rows"}; the job is finished in state done, or refused (mend the rows, then call again). Errors: LE070 for an unknown job, 22023 for max_rows out of range, and those of erp.post_documents().';

CREATE FUNCTION erp_private.check_staged_lines(p_company_id integer, p_job_id bigint) RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on
AS $function$
	WITH RECURSIVE run AS MATERIALIZED (
		SELECT r.row_no, r.document_key, row_number() OVER (PARTITION BY r.document_key ORDER BY r.row_no) AS run_no,
		       count(*) OVER (PARTITION BY r.document_key) AS runs
		  FROM (SELECT s.row_no, s.document_key,
		               lag(s.document_key) OVER (ORDER BY s.row_no) IS DISTINCT FROM s.document_key AS starts
		          FROM erp.staged_line s
		         WHERE s.job_id = p_job_id) r
		 WHERE r.starts AND r.document_key IS NOT NULL
	), origin AS MATERIALIZED (
		SELECT s.row_no, s.document_key, s.origin_key,
		       EXISTS (SELECT FROM erp.document d WHERE d.company_id = p_company_id AND d.key = s.origin_key) AS posted
		  FROM erp.staged_line s
		 WHERE s.job_id = p_job_id AND s.origin_key <> ''
	), found AS MATERIALIZED (
		SELECT r.row_no, r.document_key, 'document_key' AS column_name, r.document_key AS value, 'LE020' AS error_code,
		       'the rows of a document stand together: this key was used further '
		       || CASE WHEN r.run_no > 1 THEN 'up' ELSE 'down too' END AS reason
		  FROM run r
		 WHERE r.runs > 1
		UNION ALL
		SELECT o.row_no, o.document_key, 'origin_key', o.origin_key, 'LE051',
		       'no earlier row and no posted document has this key'
		  FROM origin o
		  LEFT JOIN run r ON r.document_key = o.origin_key AND r.run_no = 1
		 WHERE NOT o.posted AND (r.row_no IS NULL OR r.row_no > o.row_no)
	), bad (document_key) AS (
		(SELECT i.document_key FROM erp.import_problem i WHERE i.job_id = p_job_id
		 UNION
		 SELECT f.document_key FROM found f)
		UNION
		SELECT o.document_key FROM bad b JOIN origin o ON o.origin_key = b.document_key AND NOT o.posted
	), everything AS (
		SELECT * FROM found
		UNION ALL
		SELECT o.row_no, o.document_key, 'origin_key', o.origin_key, 'LE051', 'the document that it names is bad itself'
		  FROM origin o JOIN bad b ON b.document_key = o.origin_key
		 WHERE NOT o.posted
	), stored AS (
		INSERT INTO erp.import_problem (job_id, row_no, problem_no, document_key, column_name, value, error_code, reason)
		SELECT p_job_id, f.row_no, 1000 + row_number() OVER (PARTITION BY f.row_no), f.document_key, f.column_name,
		       f.value, f.error_code, f.reason
		  FROM everything f
		RETURNING 1
	)
	SELECT count(*) FROM stored
$function$;
COMMENT ON FUNCTION erp_private.check_staged_lines(integer, bigint) IS
	'Lists in erp.import_problem what only the whole of an import''s rows can tell: a document whose rows stand apart, a return whose origin is neither staged before it nor posted, or is bad. Returns how many were found.';

CREATE FUNCTION erp_private.guard_staged_line() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_staged_line';
COMMENT ON FUNCTION erp_private.guard_staged_line() IS
	'Row trigger of erp.staged_line and erp.staged_master: rows are written by members of the job''s company only (LE003), while the job is in state staging or refused (LE070); a step and a writer exclude each other.';
