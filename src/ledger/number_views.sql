-- ledger: numbers as people list and prove them. Run by every erp.setup().

CREATE OR REPLACE VIEW erp.number_list AS
SELECT c.code AS company,
	s.code AS series_code,
	n.scope_value AS scope,
	n.number,
	d.kind AS document_kind,
	d.key AS document_key,
	NULLIF(n.voucher_id, 0) AS voucher_id,
	COALESCE(v.day, d.posting_day) AS day,
	NULLIF(w.code, '') AS voucher_word
FROM erp.assigned_number n
JOIN erp.company c ON c.company_id = n.company_id
JOIN erp.series s ON s.company_id = n.company_id AND s.series_id = n.series_id
JOIN erp.document d ON d.company_id = n.company_id AND d.document_id = n.document_id
LEFT JOIN erp.voucher_word w ON w.company_id = s.company_id AND w.voucher_word_id = s.voucher_word_id
LEFT JOIN erp.voucher v ON v.company_id = n.company_id AND v.voucher_id = n.voucher_id;
COMMENT ON VIEW erp.number_list IS 'Every number that a series gave, with what it is of.';
COMMENT ON COLUMN erp.number_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.number_list.series_code IS 'Code of the series.';
COMMENT ON COLUMN erp.number_list.scope IS 'What the numbers run within: YYYY-MM, YYYY, or empty.';
COMMENT ON COLUMN erp.number_list.number IS 'The number, from 1 in each scope.';
COMMENT ON COLUMN erp.number_list.document_kind IS 'Kind of the document that has it, or whose voucher has it.';
COMMENT ON COLUMN erp.number_list.document_key IS 'Key of that document.';
COMMENT ON COLUMN erp.number_list.voucher_id IS 'The voucher that has it; null if the document itself has.';
COMMENT ON COLUMN erp.number_list.day IS 'Day of the voucher, or posting day of the document.';
COMMENT ON COLUMN erp.number_list.voucher_word IS 'The word whose vouchers the series numbers; null without one.';

-- Distinct numbers from 1 to as many as there are: then none is missing and none is there twice.
CREATE OR REPLACE VIEW erp.number_proof AS
SELECT c.code AS company,
	s.code AS series_code,
	g.scope,
	g.numbers,
	g.first_number,
	g.last_number,
	g.last_number - g.distinct_numbers AS missing,
	g.numbers - g.distinct_numbers AS doubled,
	CASE s.target WHEN 'voucher' THEN (
		SELECT pg_catalog.count(*)
		FROM erp.voucher v
		WHERE v.company_id = g.company_id AND v.voucher_word_id = s.voucher_word_id
			AND (s.scope = 'ever' OR pg_catalog.to_char(v.day, CASE s.scope WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY' END) = g.scope)
			AND NOT EXISTS (SELECT FROM erp.assigned_number n
				WHERE n.company_id = v.company_id AND n.document_id = v.document_id AND n.voucher_id = v.voucher_id AND n.series_id = g.series_id)
	) END AS waiting,
	NULLIF(w.code, '') AS voucher_word
FROM (
	SELECT n.company_id, n.series_id, n.scope_value AS scope, pg_catalog.count(*) AS numbers, pg_catalog.count(DISTINCT n.number) AS distinct_numbers,
		pg_catalog.min(n.number) AS first_number, pg_catalog.max(n.number) AS last_number
	FROM erp.assigned_number n
	GROUP BY n.company_id, n.series_id, n.scope_value
) g
JOIN erp.company c ON c.company_id = g.company_id
JOIN erp.series s ON s.company_id = g.company_id AND s.series_id = g.series_id
LEFT JOIN erp.voucher_word w ON w.company_id = s.company_id AND w.voucher_word_id = s.voucher_word_id;
COMMENT ON VIEW erp.number_proof IS 'For each series and scope, the proof that no number is missing: counted from the numbers themselves, not from the counter.';
COMMENT ON COLUMN erp.number_proof.company IS 'Code of the company.';
COMMENT ON COLUMN erp.number_proof.series_code IS 'Code of the series.';
COMMENT ON COLUMN erp.number_proof.scope IS 'What the numbers run within: YYYY-MM, YYYY, or empty.';
COMMENT ON COLUMN erp.number_proof.numbers IS 'How many were given.';
COMMENT ON COLUMN erp.number_proof.first_number IS 'The lowest; 1 when nothing is wrong.';
COMMENT ON COLUMN erp.number_proof.last_number IS 'The highest.';
COMMENT ON COLUMN erp.number_proof.missing IS 'How many from 1 to the highest are not there; 0 when nothing is wrong.';
COMMENT ON COLUMN erp.number_proof.doubled IS 'How many are there once too often; 0 when nothing is wrong.';
COMMENT ON COLUMN erp.number_proof.voucher_word IS 'The word whose vouchers the series numbers; null without one.';
COMMENT ON COLUMN erp.number_proof.waiting IS 'Vouchers of the scope and word that have no number yet (a deferred series); null for a series of documents.';
