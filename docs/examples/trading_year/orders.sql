-- Step 5, otherwise: the documents of the first days one by one, by the calls of a shop. A sale is an order that is delivered and billed at once (erp.order_to_cash()); what is no order - receipts,
-- credit notes, bad debts, invoices that lose or find goods or take services back - is posted as it is. What was posted is no longer staged, so that import.sql posts the rest.
--     psql -d DATABASE -v job=1 -v until=2009-12-31 -f orders.sql          (until=infinity for all)
-- Rows are those of stage.sql. A hundred documents are a transaction; killed and run again, it goes on, since each has its key.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET jit = off;
SET work_mem = '256MB';

-- What the rows of a document say, as the calls take it; is_order: all of it can be ordered.
CREATE TEMP TABLE shop_document AS
SELECT h.row_no, h.document_key,
	bool_and(h.kind = 'sales_invoice' AND l.line_role IN ('sale', 'free', 'service', 'allowance') AND COALESCE(l.quantity::numeric, 1) > 0) AS is_order,
	jsonb_strip_nulls(jsonb_build_object('key', h.document_key, 'kind', h.kind, 'day', h.day, 'time', h.time_of_day, 'party', h.party, 'reference', h.reference, 'tax_code', h.tax_code,
		'lines', jsonb_agg(jsonb_build_object('role', l.line_role, 'item', l.item, 'quantity', l.quantity, 'price', l.unit_price, 'amount', l.amount, 'cost', l.cost,
			'origin', CASE WHEN l.origin_key IS NOT NULL THEN jsonb_build_object('key', l.origin_key, 'line', l.origin_line::integer) END) ORDER BY l.row_no))) AS document
FROM (SELECT s.*, lead(s.row_no, 1, 9223372036854775807) OVER (ORDER BY s.row_no) AS next_row
	FROM erp.staged_line s WHERE s.job_id = :job AND s.kind IS NOT NULL) h
JOIN erp.staged_line l ON l.job_id = :job AND l.row_no >= h.row_no AND l.row_no < h.next_row AND l.document_key = h.document_key
WHERE h.day::date <= :'until'
GROUP BY h.row_no, h.document_key, h.kind, h.day, h.time_of_day, h.party, h.reference, h.tax_code;
CREATE INDEX ON shop_document (row_no);
CREATE INDEX ON shop_document (document_key);
ANALYZE shop_document;

-- What comes back of a sale names the invoice of its order.
UPDATE shop_document d SET document = jsonb_set(d.document, '{lines}', (
	SELECT jsonb_agg(CASE WHEN o.is_order THEN jsonb_set(e.value, '{origin,key}', to_jsonb(o.document_key || '/invoice')) ELSE e.value END ORDER BY e.n)
	FROM jsonb_array_elements(d.document -> 'lines') WITH ORDINALITY AS e (value, n)
	LEFT JOIN shop_document o ON o.document_key = e.value #>> '{origin,key}'))
WHERE d.document -> 'lines' @? '$[*].origin';

CREATE TEMP TABLE shop_place AS SELECT row_number() OVER (ORDER BY d.row_no) AS n, d.row_no FROM shop_document d;
CREATE UNIQUE INDEX ON shop_place (n);
ANALYZE shop_place;

CREATE PROCEDURE pg_temp.post_documents(first bigint, last bigint)
LANGUAGE plpgsql AS $$
DECLARE
	d record;
	documents bigint := (SELECT count(*) FROM shop_place);
BEGIN
	FOR i IN first .. least(last, documents) LOOP
		SELECT t.* INTO d FROM shop_place p JOIN shop_document t ON t.row_no = p.row_no WHERE p.n = i;
		IF d.is_order THEN
			PERFORM erp.order_to_cash('TRADING', d.document_key, (d.document - ARRAY['key', 'kind'])::text::json);
		ELSE
			PERFORM erp.post_document('TRADING', d.document::text::json);
		END IF;
		IF i % 100 = 0 OR i = documents THEN
			COMMIT;
		END IF;
		IF i % 1000 = 0 THEN
			RAISE WARNING '% of % documents', i, documents;
		END IF;
	END LOOP;
END
$$;

-- Tables that were empty have statistics before the many come.
CALL pg_temp.post_documents(1, 100);
ANALYZE erp.document, erp.document_line, erp.document_link, erp.document_tax, erp.voucher, erp.voucher_line, erp.open_item, erp.stock_move, erp.cost_entry,
	erp.sales_order, erp.sales_order_line, erp.sales_order_link, erp.state_event, erp.outbox, erp_private.stock_position, erp_private.cost_pool;
CALL pg_temp.post_documents(101, 9223372036854775807);

-- The rest is imported; what comes back there names the invoices of orders as well.
UPDATE erp.staged_line s SET origin_key = s.origin_key || '/invoice' FROM shop_document o WHERE s.job_id = :job AND o.document_key = s.origin_key AND o.is_order;
DELETE FROM erp.staged_line s USING shop_document d WHERE s.job_id = :job AND s.document_key = d.document_key;
SELECT count(*) FILTER (WHERE is_order) AS orders, count(*) AS documents FROM shop_document;
