-- core: the integrity report and the checks of core's own facts.
-- A check is a function of schema erp_private that returns one row per violation; erp.integrity_check registers it.
-- Each is hash joins and aggregates over the facts, never a query per row; memory for them makes it twice as fast.

-- STABLE: every check sees the facts of one snapshot, whatever is posted meanwhile.
CREATE FUNCTION erp.check_integrity()
RETURNS TABLE (law smallint, check_name text, company text, object text, detail text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET work_mem = '64MB'
SET jit = off
AS $$
DECLARE
	registered record;
BEGIN
	IF to_regclass('erp.integrity_check') IS NULL THEN
		RETURN QUERY SELECT 2::smallint, 'guards'::text, NULL::text, 'erp.setup()'::text, 'the tables do not exist: erp.setup() has not run'::text;
		RETURN;
	END IF;
	FOR registered IN
		SELECT c.law, c.check_name, c.function_name
		FROM erp.integrity_check c
		ORDER BY c.rank, c.check_name
	LOOP
		IF to_regprocedure(format('erp_private.%I()', registered.function_name)) IS NULL THEN
			RETURN QUERY SELECT registered.law, registered.check_name, NULL::text, registered.function_name::text, 'the function of the check is missing'::text;
		ELSE
			RETURN QUERY EXECUTE format('SELECT $1, $2, c.company, c.object, c.detail FROM erp_private.%I() c', registered.function_name)
				USING registered.law, registered.check_name;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION erp.check_integrity() IS
'Re-derives the laws of the books from the facts and returns one row per violation: law, check, company, object and what disagrees. No rows: the books are whole. Reads every fact; the caller needs SELECT on all tables.';

CREATE FUNCTION erp_private.check_guards()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT NULL::text, v.table_name || '.' || v.trigger_name, v.problem
	FROM erp_private.guard_violation() v
$$;
COMMENT ON FUNCTION erp_private.check_guards() IS
'Law 2: every guard stands, on partitions and children too.';

CREATE FUNCTION erp_private.check_document_keys()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, 'document key ' || k.key, format('%s documents have this key', k.documents)
	FROM (
		SELECT d.company_id, d.key, count(*) AS documents
		FROM erp.document d
		GROUP BY d.company_id, d.key
		HAVING count(*) > 1
	) k
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	UNION ALL
	SELECT c.code, 'document ' || COALESCE(d.document_id, r.document_id),
		CASE WHEN r.document_id IS NULL AND d.kind = 'administration' THEN 'the call has no result'
			WHEN d.document_id IS NULL THEN 'the result has no document'
			WHEN r.document_id IS NOT NULL AND d.kind <> 'administration' THEN 'a document of kind ' || d.kind || ' has the result of a call'
			ELSE format('the request hash has %s bytes', octet_length(d.request_hash)) END
	FROM erp.document d
	FULL JOIN erp.call_result r ON r.company_id = d.company_id AND r.document_id = d.document_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(d.company_id, r.company_id)
	WHERE d.document_id IS NULL
		OR (d.kind = 'administration') <> (r.document_id IS NOT NULL)
		OR octet_length(d.request_hash) <> 32
$$;
COMMENT ON FUNCTION erp_private.check_document_keys() IS
'Law 7: one document per company and key, with a request hash of 32 bytes; a call has its result.';

CREATE FUNCTION erp_private.check_numbers()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('series %s, scope "%s"', s.code, COALESCE(n.scope_value, k.scope_value)),
		format('%s numbers from %s to %s, counter at %s', COALESCE(n.numbers, 0), n.first_number, n.last_number,
			COALESCE(k.last_number::text, 'nothing'))
	FROM (
		SELECT a.company_id, a.series_id, a.scope_value, count(*) AS numbers,
			min(a.number) AS first_number, max(a.number) AS last_number
		FROM erp.assigned_number a
		GROUP BY a.company_id, a.series_id, a.scope_value
	) n
	FULL JOIN erp_private.series_counter k
		ON k.company_id = n.company_id AND k.series_id = n.series_id AND k.scope_value = n.scope_value
	LEFT JOIN erp.company c ON c.company_id = COALESCE(n.company_id, k.company_id)
	LEFT JOIN erp.series s ON s.company_id = COALESCE(n.company_id, k.company_id) AND s.series_id = COALESCE(n.series_id, k.series_id)
	WHERE COALESCE(n.first_number, 1) <> 1
		OR COALESCE(n.last_number, 0) <> COALESCE(n.numbers, 0)
		OR COALESCE(n.last_number, 0) <> COALESCE(k.last_number, 0)
	UNION ALL
	SELECT c.code, format('voucher %s, series %s', t.voucher_id, s.code), format('has %s numbers', t.numbers)
	FROM (
		SELECT a.company_id, a.series_id, a.voucher_id, count(*) AS numbers
		FROM erp.assigned_number a
		WHERE a.voucher_id <> 0
		GROUP BY a.company_id, a.series_id, a.voucher_id
		HAVING count(*) > 1
	) t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	LEFT JOIN erp.series s ON s.company_id = t.company_id AND s.series_id = t.series_id
	UNION ALL
	SELECT c.code, format('document %s, series %s', t.document_id, s.code), format('has %s numbers', t.numbers)
	FROM (
		SELECT a.company_id, a.series_id, a.document_id, count(*) AS numbers
		FROM erp.assigned_number a
		WHERE a.voucher_id = 0
		GROUP BY a.company_id, a.series_id, a.document_id
		HAVING count(*) > 1
	) t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	LEFT JOIN erp.series s ON s.company_id = t.company_id AND s.series_id = t.series_id
$$;
COMMENT ON FUNCTION erp_private.check_numbers() IS
'Law 8: the numbers of every series and scope run from 1 to the counter without a gap, and nothing has two.';

CREATE FUNCTION erp_private.check_document_amounts()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('document %s, line %s', l.document_id, l.line_no),
		format('amount %s, cost %s: more than %s decimals of %s or %s of %s', l.amount, l.cost, m.decimals, m.code, o.decimals, o.code)
	FROM erp.document_line l
	JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id
	JOIN erp.currency m ON m.currency_id = d.currency_id
	JOIN erp.company c ON c.company_id = l.company_id
	JOIN erp.currency o ON o.currency_id = c.currency_id
	WHERE l.amount <> round(l.amount, m.decimals) OR l.cost <> round(l.cost, o.decimals)
	UNION ALL
	SELECT c.code, format('document %s, tax code %s', t.document_id, t.tax_code_id),
		format('base %s, tax %s: more than the %s decimals of %s', t.base_amount, t.tax_amount, m.decimals, m.code)
	FROM erp.document_tax t
	JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
	JOIN erp.currency m ON m.currency_id = d.currency_id
	JOIN erp.company c ON c.company_id = t.company_id
	WHERE t.base_amount <> round(t.base_amount, m.decimals) OR t.tax_amount <> round(t.tax_amount, m.decimals)
$$;
COMMENT ON FUNCTION erp_private.check_document_amounts() IS
'Law 9: amounts of documents have no more decimals than their currency.';

CREATE FUNCTION erp_private.check_document_references()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('document %s, line %s', l.document_id, l.line_no),
		CASE WHEN d.document_id IS NULL THEN 'has no document'
			WHEN r.line_role IS NULL THEN 'has the unknown role ' || l.line_role
			WHEN l.tax_code_id <> 0 AND t.tax_code_id IS NULL THEN 'has the unknown tax code ' || l.tax_code_id
			ELSE 'has the unknown unit ' || l.unit_id END
	FROM erp.document_line l
	LEFT JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id
	LEFT JOIN erp.line_role r ON r.line_role = l.line_role
	LEFT JOIN erp.tax_code t ON t.company_id = l.company_id AND t.tax_code_id = l.tax_code_id
	LEFT JOIN erp.unit u ON u.unit_id = l.unit_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE d.document_id IS NULL OR r.line_role IS NULL
		OR (l.tax_code_id <> 0 AND t.tax_code_id IS NULL)
		OR (l.unit_id <> 0 AND u.unit_id IS NULL)
	UNION ALL
	SELECT c.code, format('tax %s of document %s', t.tax_code_id, t.document_id),
		CASE WHEN d.document_id IS NULL THEN 'has no document' ELSE 'has an unknown tax code' END
	FROM erp.document_tax t
	LEFT JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
	LEFT JOIN erp.tax_code x ON x.company_id = t.company_id AND x.tax_code_id = t.tax_code_id
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	WHERE d.document_id IS NULL OR x.tax_code_id IS NULL
	UNION ALL
	SELECT c.code, format('link %s of document %s to %s', l.link, l.document_id, l.target_document_id),
		'one end is no document'
	FROM erp.document_link l
	LEFT JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id
	LEFT JOIN erp.document t ON t.company_id = l.company_id AND t.document_id = l.target_document_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE d.document_id IS NULL OR t.document_id IS NULL
	UNION ALL
	SELECT c.code, 'document ' || d.document_id, 'reverses the unknown document ' || d.reverses_document_id
	FROM erp.document d
	LEFT JOIN erp.document r ON r.company_id = d.company_id AND r.document_id = d.reverses_document_id
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	WHERE d.reverses_document_id <> 0 AND r.document_id IS NULL
	UNION ALL
	SELECT c.code, format('number %s of scope "%s"', n.number, n.scope_value), 'has no document or no series'
	FROM erp.assigned_number n
	LEFT JOIN erp.document d ON d.company_id = n.company_id AND d.document_id = n.document_id
	LEFT JOIN erp.series s ON s.company_id = n.company_id AND s.series_id = n.series_id
	LEFT JOIN erp.company c ON c.company_id = n.company_id
	WHERE d.document_id IS NULL OR s.series_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_document_references() IS
'Law 10: what documents refer to exists; stands in for foreign keys on the hot tables.';
