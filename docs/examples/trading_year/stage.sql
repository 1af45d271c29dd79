-- Step 4: the documents as rows of erp.staged_line, in working order. Prints the id of the import job.
--     psql -d DATABASE -f stage.sql
-- Consecutive rows of one document_key are a document; its header stands in its first row.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET work_mem = '256MB';
SET jit = off;
-- Lines are stored in the order of their places: a hash join keeps it, a merge join would sort them again.
SET enable_mergejoin = off;
SET default_statistics_target = 10;
SET DateStyle = 'ISO, YMD';

SELECT erp.start_import('TRADING', 'import', '{"name": "trading year"}') ->> 'job_id' AS job \gset

-- What the lines of a document share, told once.
CREATE TEMPORARY TABLE header AS
SELECT d.document_no, d.first_place, p.receipt_lines_so_far, d.kind, u.party, d.invoice_no,
	'invoice:' || d.invoice_no AS document_key,
	d.invoice_time::date::text AS day,
	d.invoice_time::time::text AS time_of_day,
	CASE WHEN d.country = 'United Kingdom' AND d.kind <> 'bad_debt' THEN 'UK' END AS tax_code
FROM trading_year.document d
JOIN trading_year.customer u ON u.customer_no = d.customer_no
JOIN trading_year.period p ON p.period = d.period;
ANALYZE header (document_no);

-- Lines of the file. Rows are numbered by place, with room for the receipts before them.
-- The engine wants what a line does in its role, not its sign: what is lost, returned or credited is positive.
-- It multiplies quantity and price itself; where their product is not the amount to book, the amount is given.
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, time_of_day, party, reference, tax_code,
	line_role, item, quantity, unit_price, amount, cost, origin_key, origin_line)
SELECT :job,
	l.place + h.receipt_lines_so_far,
	h.document_key,
	CASE WHEN l.place = h.first_place THEN h.kind END,
	CASE WHEN l.place = h.first_place THEN h.day END,
	CASE WHEN l.place = h.first_place THEN h.time_of_day END,
	CASE WHEN l.place = h.first_place THEN h.party END,
	CASE WHEN l.place = h.first_place THEN h.invoice_no END,
	CASE WHEN l.place = h.first_place THEN h.tax_code END,
	l.role,
	CASE WHEN l.role <> 'bad_debt' THEN i.code END,
	CASE WHEN l.role IN ('bad_debt', 'allowance') THEN NULL
		WHEN l.role = 'loss' OR h.kind = 'credit_note' THEN (-l.quantity)::text
		ELSE l.quantity::text END,
	CASE WHEN l.role NOT IN ('bad_debt', 'allowance', 'loss') THEN l.unit_price::text END,
	CASE WHEN l.role = 'bad_debt' OR l.role = 'allowance' AND h.kind = 'credit_note'
			THEN (-round(l.quantity * l.unit_price, 2))::text
		WHEN l.role IN ('allowance', 'loss') THEN round(l.quantity * l.unit_price, 2)::text END,
	w.cost::text,
	w.origin_key,
	w.origin_line::text
FROM trading_year.line l
JOIN header h ON h.document_no = l.document_no
JOIN trading_year.item i ON i.item_no = l.item_no
LEFT JOIN trading_year.worth w ON w.place = l.place;

-- One receipt a period, at the time of the period's first document and in the rows just before it.
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, time_of_day, party, reference,
	line_role, item, quantity, amount)
SELECT :job,
	p.first_place - 1 + p.receipt_lines_so_far - p.receipt_lines + r.line_no,
	'receipt:' || r.period,
	CASE WHEN r.line_no = 1 THEN 'goods_receipt' END,
	CASE WHEN r.line_no = 1 THEN p.first_time::date::text END,
	CASE WHEN r.line_no = 1 THEN p.first_time::time::text END,
	CASE WHEN r.line_no = 1 THEN 'SUPPLIER' END,
	CASE WHEN r.line_no = 1 THEN 'Trading period ' || r.period END,
	'receipt',
	r.item,
	r.quantity::text,
	r.amount::text
FROM trading_year.receipt r
JOIN trading_year.period p ON p.period = r.period
ORDER BY r.period, r.line_no;
RESET default_statistics_target;
ANALYZE erp.staged_line (job_id, row_no, document_key, origin_key);
\echo :job
