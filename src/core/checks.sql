-- core: the integrity report and the checks of core's own facts.
-- The hot facts are read row by row by C functions of their slices (fact_check.h); the rest by hash joins and aggregates, never
-- by a query per row, and names are joined to what disagrees.
-- erp.integrity_check names its function of schema erp_private. A row says which check it belongs to, for what one scan can
-- see is looked at in one scan: the function of one check may report for others, and several checks may have one function.

-- STABLE: every check sees the facts of one snapshot, whatever is posted meanwhile. By hashing whatever the statistics say:
-- hashes larger than work_mem go to disk in parts, so memory is bounded.
-- All checks are one query, so that processes, where the server has some to spare, take one check after the other, the dearest
-- by their COST first.
-- Starting them takes longer than the check of small books does.
CREATE FUNCTION erp.check_integrity()
RETURNS TABLE (law smallint, check_name text, company text, object text, detail text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET work_mem = '64MB'
SET enable_sort = off
SET enable_mergejoin = off
SET jit = off
SET parallel_setup_cost = 0
AS $$
DECLARE
	checks text;
BEGIN
	IF to_regclass('erp.integrity_check') IS NULL THEN
		RETURN QUERY SELECT 2::smallint, 'guards'::text, NULL::text, 'erp.setup()'::text, 'the tables do not exist: erp.setup() has not run'::text;
		RETURN;
	END IF;
	IF pg_relation_size('erp.document_line') + pg_relation_size('erp.voucher_line') < 16 * 1024 * 1024 THEN
		PERFORM set_config('parallel_setup_cost', '1e9', true);
	END IF;
	SELECT string_agg(CASE WHEN to_regprocedure(format('erp_private.%I()', f.function_name)) IS NULL
			THEN format('SELECT %L, NULL, %L, ''the function of the check is missing''', f.check_name, f.function_name)
			ELSE format('SELECT c.check_name, c.company, c.object, c.detail FROM erp_private.%I() c', f.function_name) END, ' UNION ALL ')
	INTO checks
	FROM (
		SELECT i.function_name, min(i.check_name) AS check_name
		FROM erp.integrity_check i
		GROUP BY i.function_name
	) f;
	RETURN QUERY EXECUTE format('SELECT r.law, c.check_name, c.company, c.object, c.detail FROM (%s) c '
		'LEFT JOIN erp.integrity_check r ON r.check_name = c.check_name ORDER BY r.rank, c.company, c.object, c.detail', checks);
END
$$;
COMMENT ON FUNCTION erp.check_integrity() IS
'Re-derives the laws of the books from the facts and returns one row per violation: law, check, company, object and what disagrees. No rows: the books are whole. law: its number; company: code, null for what companies share; object: what is concerned; detail: the figures that disagree. Reads every fact, with the rights of erp_owner; a check that is missing is a violation too. Books that are larger than four times maintenance_work_mem are read in slices, so that this setting bounds the memory.';

CREATE FUNCTION erp_private.check_guards()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'guards', NULL::text, v.table_name || '.' || v.trigger_name, v.problem
	FROM erp_private.guard_violation() v
$$;
COMMENT ON FUNCTION erp_private.check_guards() IS
'Law 2: every guard stands, and no inheritance or forced row security leads round one.';

CREATE FUNCTION erp_private.check_documents() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE c STABLE PARALLEL SAFE
	COST 100000
	SET search_path = pg_catalog, pg_temp
	SET max_parallel_workers_per_gather = 0
	AS 'MODULE_PATHNAME', 'erp_check_documents';
COMMENT ON FUNCTION erp_private.check_documents() IS
'Reads documents, their taxes and links, results of calls and numbers once. Law 7: one document per company and key, with a request hash of 32 bytes; a call has its result. Law 8: the numbers of every series and scope run from 1 to the counter without a gap, and nothing has two. Law 9: taxes have no more decimals than their currency. Law 10: what documents, taxes, links, reversals and numbers refer to exists.';

CREATE FUNCTION erp_private.check_drafts()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'drafts', c.code, 'draft ' || d.key,
		CASE WHEN e.to_state IS DISTINCT FROM d.state THEN format('is %s, its history ends with %s', d.state, COALESCE(e.to_state, 'nothing'))
			WHEN d.state <> 'posted' THEN format('names document %s but is not posted', e.document_id)
			WHEN e.document_id = 0 THEN 'is posted, and its history names no document'
			ELSE format('is posted, but document %s has not its key and kind', e.document_id) END
	FROM erp.draft d
	LEFT JOIN (
		SELECT v.company_id, v.draft_id, max(v.event_no) AS event_no
		FROM erp.draft_event v
		GROUP BY v.company_id, v.draft_id
	) l ON l.company_id = d.company_id AND l.draft_id = d.draft_id
	LEFT JOIN erp.draft_event e ON e.company_id = l.company_id AND e.draft_id = l.draft_id AND e.event_no = l.event_no
	LEFT JOIN LATERAL erp_private.drafted_document(d.company_id, d.key, d.kind) t ON t.document_id = e.document_id
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	WHERE e.to_state IS DISTINCT FROM d.state OR (d.state = 'posted') <> (e.document_id <> 0) OR e.document_id <> 0 AND t.document_id IS NULL
	UNION ALL
	SELECT 'drafts', c.code, 'draft ' || d.key, 'says another thing than its history'
	FROM erp.draft d
	JOIN (
		SELECT v.company_id, v.draft_id, max(v.event_no) AS event_no
		FROM erp.draft_event v
		WHERE v.request IS NOT NULL
		GROUP BY v.company_id, v.draft_id
	) l ON l.company_id = d.company_id AND l.draft_id = d.draft_id
	JOIN erp.draft_event e ON e.company_id = l.company_id AND e.draft_id = l.draft_id AND e.event_no = l.event_no
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	WHERE (e.request, e.attachments) IS DISTINCT FROM (d.request, d.attachments)
	UNION ALL
	SELECT 'drafts', c.code, format('step %s of draft %s', e.event_no, e.draft_id),
		format('goes from "%s", the step before leads to "%s"', e.from_state, COALESCE(b.to_state, ''))
	FROM erp.draft_event e
	LEFT JOIN erp.draft_event b ON b.company_id = e.company_id AND b.draft_id = e.draft_id AND b.event_no = e.event_no - 1
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	WHERE e.from_state <> COALESCE(b.to_state, '') OR (e.event_no = 1) <> (b.event_no IS NULL)
$$;
COMMENT ON FUNCTION erp_private.check_drafts() IS
'Law 2: a draft is in the state and says what its history tells, which has no gap; it is posted with one document of its key and kind, and names none before.';
