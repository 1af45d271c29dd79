-- core: what people and BI tools read. Made by erp.setup() as ordinary views of erp_owner.
-- Views only gain columns at the end. Amounts are rounded to their currency's decimals.

CREATE OR REPLACE VIEW erp_private.company_money AS
SELECT c.company_id, c.code AS company, m.currency_id, m.code AS currency, m.decimals::integer AS decimals
FROM erp.company c
JOIN erp.currency m ON m.currency_id = c.currency_id;
COMMENT ON VIEW erp_private.company_money IS 'Companies with the currency of their books.';
COMMENT ON COLUMN erp_private.company_money.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.company_money.company IS 'Code of the company.';
COMMENT ON COLUMN erp_private.company_money.currency_id IS 'Identity of the currency of its books.';
COMMENT ON COLUMN erp_private.company_money.currency IS 'Code of that currency.';
COMMENT ON COLUMN erp_private.company_money.decimals IS 'Decimals that its amounts are rounded to.';

CREATE OR REPLACE VIEW erp_private.number_text AS
SELECT n.company_id, n.document_id, n.voucher_id, s.target,
	CASE WHEN n.scope_value = '' THEN n.number::text ELSE n.scope_value || '/' || n.number::text END AS number
FROM erp.assigned_number n
JOIN erp.series s ON s.company_id = n.company_id AND s.series_id = n.series_id;
COMMENT ON VIEW erp_private.number_text IS 'Assigned numbers as people write them: scope/number, or the number alone in a series that runs for ever.';
COMMENT ON COLUMN erp_private.number_text.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.number_text.document_id IS 'Identity of the numbered document, or of the document of the numbered voucher.';
COMMENT ON COLUMN erp_private.number_text.voucher_id IS 'Identity of the numbered voucher; 0 when a document is numbered.';
COMMENT ON COLUMN erp_private.number_text.target IS 'What the series numbers: voucher, or a kind of document.';
COMMENT ON COLUMN erp_private.number_text.number IS 'The number as people write it.';

CREATE OR REPLACE VIEW erp.document_list AS
SELECT c.company,
	d.document_id,
	d.kind AS document_kind,
	d.key AS document_key,
	n.document_number,
	n.voucher_number,
	d.day,
	d.time_of_day,
	d.posting_day,
	p.code AS party_code,
	p.name AS party_name,
	d.reference,
	m.code AS currency,
	pg_catalog.round(COALESCE(l.net, 0), m.decimals) AS net,
	pg_catalog.round(COALESCE(t.tax, 0), m.decimals) AS tax,
	pg_catalog.round(COALESCE(l.net, 0) + COALESCE(t.tax, 0), m.decimals) AS total,
	COALESCE(l.line_count, 0) AS line_count,
	d.state,
	r.key AS reverses_key,
	x.key AS reversed_by_key,
	d.recorded_at,
	d.recorded_by::pg_catalog.name AS recorded_by,
	d.description,
	(
		SELECT NULLIF(w.code, '')
		FROM erp.voucher v
		JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id
		WHERE v.company_id = d.company_id AND v.voucher_id = d.document_id
	) AS voucher_word
FROM erp_private.company_money c
JOIN erp.document d ON d.company_id = c.company_id
JOIN erp.currency m ON m.currency_id = d.currency_id
LEFT JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id AND p.party_id <> 0
LEFT JOIN erp.document r ON r.company_id = d.company_id AND r.document_id = d.reverses_document_id
LEFT JOIN erp.document x ON x.company_id = d.company_id AND x.reverses_document_id = d.document_id AND x.reverses_document_id <> 0
LEFT JOIN LATERAL (
	SELECT pg_catalog.sum(dl.amount) AS net, pg_catalog.count(*) AS line_count
	FROM (
		SELECT sl.amount
		FROM erp.document_line sl
		WHERE sl.company_id = d.company_id AND sl.document_id = d.document_id
		UNION ALL
		SELECT CASE WHEN el.side <> 'debit' THEN 0 WHEN d.reverses_document_id = 0 THEN el.amount ELSE -el.amount END
		FROM erp.voucher_line el
		WHERE d.kind IN (SELECT kr.kind FROM erp.document_kind_role kr WHERE kr.line_role = 'entry') AND el.company_id = d.company_id AND el.posting_rule_id = 0 AND el.document_line_no <> 0
			AND el.voucher_id = CASE d.reverses_document_id WHEN 0 THEN d.document_id ELSE d.reverses_document_id END
	) dl
) l ON true
LEFT JOIN LATERAL (
	SELECT pg_catalog.sum(dt.tax_amount) AS tax
	FROM erp.document_tax dt
	WHERE dt.company_id = d.company_id AND dt.document_id = d.document_id
) t ON true
LEFT JOIN LATERAL (
	SELECT pg_catalog.min(nt.number) FILTER (WHERE nt.voucher_id = 0) AS document_number,
		pg_catalog.min(nt.number) FILTER (WHERE nt.voucher_id <> 0) AS voucher_number
	FROM erp_private.number_text nt
	WHERE nt.company_id = d.company_id AND nt.document_id = d.document_id
) n ON true;

COMMENT ON VIEW erp.document_list IS 'Every document with its amounts, numbers and state; one row a document.';
COMMENT ON COLUMN erp.document_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.document_list.document_id IS 'Identity of the document.';
COMMENT ON COLUMN erp.document_list.document_kind IS 'Kind of the document, as in erp.document_kind.';
COMMENT ON COLUMN erp.document_list.document_key IS 'Idempotency key that the document was posted with.';
COMMENT ON COLUMN erp.document_list.document_number IS 'Number from the series of the document''s kind; null without one.';
COMMENT ON COLUMN erp.document_list.voucher_number IS 'Number of the document''s voucher; null until it is assigned.';
COMMENT ON COLUMN erp.document_list.day IS 'Day that the document belongs to.';
COMMENT ON COLUMN erp.document_list.time_of_day IS 'Local time of day: the order within the day.';
COMMENT ON COLUMN erp.document_list.posting_day IS 'Day on which it stands in the books; later than the day it belongs to when it came late.';
COMMENT ON COLUMN erp.document_list.party_code IS 'Code of the customer or supplier; null without one.';
COMMENT ON COLUMN erp.document_list.party_name IS 'Name of the customer or supplier; null without one.';
COMMENT ON COLUMN erp.document_list.reference IS 'Reference of the other side, e.g. the number of its paper.';
COMMENT ON COLUMN erp.document_list.currency IS 'Currency of net, tax and total.';
COMMENT ON COLUMN erp.document_list.net IS 'Sum of the lines, without tax, in the document''s currency; of a manual voucher, of its debits. Of a cost adjustment: by how much it raises the value of stock, 0 where only the receipts that costs are drawn from changed.';
COMMENT ON COLUMN erp.document_list.tax IS 'Tax, in the document''s currency.';
COMMENT ON COLUMN erp.document_list.total IS 'Net and tax, in the document''s currency.';
COMMENT ON COLUMN erp.document_list.line_count IS 'Number of lines.';
COMMENT ON COLUMN erp.document_list.state IS 'State of the document, as in erp.document_transition.';
COMMENT ON COLUMN erp.document_list.reverses_key IS 'Key of the document that this one reverses.';
COMMENT ON COLUMN erp.document_list.reversed_by_key IS 'Key of the document that reverses this one.';
COMMENT ON COLUMN erp.document_list.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN erp.document_list.recorded_by IS 'Role that recorded it.';
COMMENT ON COLUMN erp.document_list.description IS 'Free text.';
COMMENT ON COLUMN erp.document_list.voucher_word IS 'Word that the document''s voucher is numbered under; null without one.';

CREATE OR REPLACE VIEW erp.job_progress AS
SELECT c.company,
	j.job_id,
	j.name,
	j.kind,
	j.state,
	j.done_rows,
	j.total_rows,
	CASE WHEN j.state = 'done' THEN 100.0
		WHEN j.total_rows > 0 THEN pg_catalog.round(100.0 * j.done_rows / j.total_rows, 1)
	END AS percent,
	pg_catalog.round(j.done_rows / s.seconds, 0) AS rows_per_second,
	CASE WHEN j.state IN ('validating', 'posting') AND j.done_rows > 0
		THEN pg_catalog.make_interval(secs => pg_catalog.round((j.total_rows - j.done_rows) * s.seconds / j.done_rows, 0)::double precision)
	END AS time_left,
	j.done_documents,
	j.bad_rows,
	j.started_at,
	j.phase_started_at,
	j.updated_at
FROM erp_private.company_money c
JOIN erp.job j ON j.company_id = c.company_id
CROSS JOIN LATERAL (
	SELECT NULLIF(EXTRACT(epoch FROM j.updated_at - j.phase_started_at), 0) AS seconds
) s;

COMMENT ON VIEW erp.job_progress IS 'Jobs and how far they are, as of their last committed step.';
COMMENT ON COLUMN erp.job_progress.company IS 'Code of the company.';
COMMENT ON COLUMN erp.job_progress.job_id IS 'Identity of the job.';
COMMENT ON COLUMN erp.job_progress.name IS 'Name that it was started with.';
COMMENT ON COLUMN erp.job_progress.kind IS 'Kind of job.';
COMMENT ON COLUMN erp.job_progress.state IS 'staging, validating, refused, posting or done.';
COMMENT ON COLUMN erp.job_progress.done_rows IS 'Rows done in the present phase.';
COMMENT ON COLUMN erp.job_progress.total_rows IS 'Rows in all.';
COMMENT ON COLUMN erp.job_progress.percent IS 'Rows done of the rows in all, in percent; null while their number is unknown.';
COMMENT ON COLUMN erp.job_progress.rows_per_second IS 'Rows a second since the present phase began.';
COMMENT ON COLUMN erp.job_progress.time_left IS 'Time that the rest of the phase takes at that rate.';
COMMENT ON COLUMN erp.job_progress.done_documents IS 'Documents posted.';
COMMENT ON COLUMN erp.job_progress.bad_rows IS 'Rows that erp.import_problem names.';
COMMENT ON COLUMN erp.job_progress.started_at IS 'When the job was started.';
COMMENT ON COLUMN erp.job_progress.phase_started_at IS 'When the present phase began.';
COMMENT ON COLUMN erp.job_progress.updated_at IS 'When its last step committed.';

-- A document that neither is a reversal nor was reversed.
CREATE OR REPLACE VIEW erp_private.standing_document AS
SELECT d.company_id, d.document_id, d.kind, d.key, d.posting_day, d.party_id, d.currency_id, d.rate
FROM erp.document d
WHERE d.reverses_document_id = 0
	AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = d.company_id AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0);

COMMENT ON VIEW erp_private.standing_document IS 'Documents that neither are reversals nor were reversed.';
COMMENT ON COLUMN erp_private.standing_document.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.standing_document.document_id IS 'Identity of the document.';
COMMENT ON COLUMN erp_private.standing_document.kind IS 'Kind of document.';
COMMENT ON COLUMN erp_private.standing_document.key IS 'Its key.';
COMMENT ON COLUMN erp_private.standing_document.posting_day IS 'Day on which it landed.';
COMMENT ON COLUMN erp_private.standing_document.party_id IS 'Its party; 0: none.';
COMMENT ON COLUMN erp_private.standing_document.currency_id IS 'Its currency.';
COMMENT ON COLUMN erp_private.standing_document.rate IS 'Rate of that currency in the company''s.';
