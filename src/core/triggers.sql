-- What a fact table carries.
CREATE FUNCTION erp_private.fact_guard(fact_tables text[])
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT f.table_name, g.trigger_name, g.trigger_name, 'BEFORE', g.events, 'STATEMENT'
	  FROM pg_catalog.unnest(fact_tables) AS f (table_name),
	       (VALUES ('guard_insert', 'INSERT'),
	               ('guard_change', 'UPDATE OR DELETE'),
	               ('guard_truncate', 'TRUNCATE')) AS g (trigger_name, events)
$function$;
COMMENT ON FUNCTION erp_private.fact_guard(text[]) IS
	'The guards of fact tables: nobody but the engine inserts, nobody updates, deletes or truncates.';

-- What master data carries: facts refer to the kept tables, backends have copies of the cached ones.
CREATE FUNCTION erp_private.master_guard(kept_tables text[], cached_tables text[])
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT k.table_name, 'guard_master_delete', 'guard_master_delete', 'BEFORE', 'DELETE OR TRUNCATE', 'STATEMENT'
	  FROM pg_catalog.unnest(kept_tables) AS k (table_name)
	UNION ALL
	SELECT c.table_name, 'touch_master_data', 'touch_master_data', 'AFTER', 'INSERT OR UPDATE OR DELETE OR TRUNCATE', 'STATEMENT'
	  FROM pg_catalog.unnest(cached_tables) AS c (table_name)
$function$;
COMMENT ON FUNCTION erp_private.master_guard(text[], text[]) IS
	'The triggers of master data: rows that facts refer to are not deleted; changes of cached tables reach every backend.';

-- No SET, so that it becomes part of the query that calls it.
CREATE FUNCTION erp_private.drafted_document(company_id integer, key text, kind text) RETURNS TABLE (document_id bigint)
	LANGUAGE sql STABLE
AS $function$
	SELECT d.document_id FROM erp.document d
	 WHERE d.company_id OPERATOR(pg_catalog.=) $1 AND d.key OPERATOR(pg_catalog.=) $2 AND d.kind OPERATOR(pg_catalog.=) $3
	UNION ALL
	SELECT m.document_id
	  FROM (SELECT f.document_id FROM erp.document f
	         WHERE f.company_id OPERATOR(pg_catalog.=) $1 AND f.key OPERATOR(pg_catalog.=) $2 AND f.kind OPERATOR(pg_catalog.=) 'administration' OFFSET 0) c
	 CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document_link f
	                      WHERE f.company_id OPERATOR(pg_catalog.=) $1 AND f.target_document_id OPERATOR(pg_catalog.=) c.document_id
	                        AND f.target_line_no OPERATOR(pg_catalog.=) 0 AND f.link OPERATOR(pg_catalog.=) 'settles' OFFSET 0) l
	 CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document f
	                      WHERE f.company_id OPERATOR(pg_catalog.=) $1 AND f.document_id OPERATOR(pg_catalog.=) l.document_id
	                        AND f.kind OPERATOR(pg_catalog.=) $3 OFFSET 0) m
$function$;
COMMENT ON FUNCTION erp_private.drafted_document(integer, text, text) IS
	'The document that a draft of this key and kind became: the one of its key, or the settlement that the call under its key made. Nothing if it is not posted.';

CREATE FUNCTION erp_private.working_transition() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_working_transition';
COMMENT ON FUNCTION erp_private.working_transition() IS
	'Row trigger of working documents (columns company_id, kind, state, reason, key <table>_id): holds their steps to erp.document_transition (LE070) and writes erp.state_event.';

CREATE FUNCTION erp_private.core_guard()
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT * FROM erp_private.fact_guard(ARRAY['erp.document_line', 'erp.document_link', 'erp.document_tax', 'erp.document_pricing',
		'erp.call_result', 'erp.assigned_number', 'erp.draft_event', 'erp.approval', 'erp.approval_step', 'erp.approval_decision'])
	UNION ALL
	VALUES ('erp.document', 'guard_insert', 'guard_insert', 'BEFORE', 'INSERT', 'STATEMENT'),
	       ('erp.document', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.document', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT'),
	       ('erp.document', 'document_transition', 'document_transition', 'BEFORE', 'UPDATE', 'ROW'),
	       ('erp.document', 'document_written', 'document_transition', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.draft', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.draft', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT'),
	       ('erp.draft', 'draft_transition', 'draft_transition', 'BEFORE', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.draft', 'draft_written', 'draft_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.currency', 'guard_used_currency', 'guard_used_currency', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.staged_master', 'guard_staged_line', 'guard_staged_line', 'BEFORE', 'INSERT OR UPDATE OR DELETE', 'ROW'),
	       ('erp.staged_line', 'guard_staged_line', 'guard_staged_line', 'BEFORE', 'INSERT OR UPDATE OR DELETE', 'ROW')
	UNION ALL
	SELECT * FROM erp_private.master_guard(
		ARRAY['erp.migration', 'erp.currency', 'erp.unit', 'erp.company', 'erp.party', 'erp.payment_terms', 'erp.tax_code', 'erp.tax_rate', 'erp.voucher_word', 'erp.document_kind', 'erp.series',
			'erp.tax_zone', 'erp.sales_team', 'erp.sales_representative', 'erp.party_address', 'erp.party_contact', 'erp.business_calendar'],
		ARRAY['erp.migration', 'erp.currency', 'erp.unit', 'erp.company', 'erp.payment_terms', 'erp.tax_code', 'erp.tax_rate', 'erp.line_role',
			'erp.document_kind', 'erp.document_kind_role', 'erp.document_transition', 'erp.voucher_word', 'erp.series'])
$function$;
COMMENT ON FUNCTION erp_private.core_guard() IS 'The triggers of the tables of core.';
