-- Step 6: the figures of the year, one a line as `name value`, read back from the books: voucher lines, open items,
-- moves and cost entries. Neither the staged rows nor the importer's counts are looked at.
--     psql -d DATABASE -qAt -f figures.sql

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET work_mem = '64MB';
SET jit = off;

-- The general ledger, by account and month; debit positive.
CREATE TEMP TABLE ledger AS
SELECT a.code AS account, a.control, to_char(b.day, 'YYYY-MM') AS month, sum(b.debit - b.credit) AS balance
FROM erp.balances b
JOIN erp.company c ON c.code = b.company
JOIN erp.account a ON a.company_id = c.company_id AND a.code = b.account_code
WHERE b.company = 'TRADING'
GROUP BY 1, 2, 3;

-- What each move was worth, by what its line did; out of stock negative.
CREATE TEMP TABLE stock AS
SELECT l.line_role AS role, to_char(d.day, 'YYYY-MM') AS month, sum(m.quantity) AS quantity, sum(e.value) AS value
FROM erp.company c
JOIN erp.stock_move m ON m.company_id = c.company_id
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
JOIN erp.document_line l ON l.company_id = m.company_id AND l.document_id = m.document_id AND l.line_no = m.line_no
JOIN (SELECT n.company_id, n.move_id, sum(n.amount) AS value
	FROM erp.cost_entry n GROUP BY n.company_id, n.move_id) e ON e.company_id = m.company_id AND e.move_id = m.move_id
WHERE c.code = 'TRADING'
GROUP BY 1, 2;

CREATE TEMP TABLE trade AS
SELECT to_char(d.day, 'YYYY-MM') AS month, count(*) AS documents
FROM erp.company c
JOIN erp.document d ON d.company_id = c.company_id
WHERE c.code = 'TRADING' AND d.kind IN ('sales_invoice', 'credit_note', 'bad_debt')
GROUP BY 1;

SELECT f.name || ' ' || round(COALESCE(f.value, 0), f.decimals)
FROM (
	SELECT 1, 'documents', (SELECT sum(t.documents) FROM trade t), 0
	UNION ALL SELECT 2, 'ar', (SELECT sum(g.balance) FROM ledger g WHERE g.control = 'receivable'), 2
	UNION ALL SELECT 3, 'goods_revenue', (SELECT -sum(g.balance) FROM ledger g WHERE g.account = '4000'), 2
	UNION ALL SELECT 4, 'service_revenue', (SELECT -sum(g.balance) FROM ledger g WHERE g.account = '4100'), 2
	UNION ALL SELECT 5, 'vat', (SELECT -sum(g.balance) FROM ledger g WHERE g.account = '2200'), 2
	UNION ALL SELECT 6, 'bad_debt', (SELECT sum(g.balance) FROM ledger g WHERE g.account = '6100'), 2
	UNION ALL SELECT 7, 'purchases', (SELECT sum(s.value) FROM stock s WHERE s.role = 'receipt'), 2
	UNION ALL SELECT 8, 'purchase_qty', (SELECT sum(s.quantity) FROM stock s WHERE s.role = 'receipt'), 0
	UNION ALL SELECT 9, 'cogs_sales', (SELECT -sum(s.value) FROM stock s WHERE s.role = 'sale'), 2
	UNION ALL SELECT 10, 'cogs_free', (SELECT -sum(s.value) FROM stock s WHERE s.role = 'free'), 2
	UNION ALL SELECT 11, 'stock_loss', (SELECT -sum(s.value) FROM stock s WHERE s.role = 'loss'), 2
	UNION ALL SELECT 12, 'stock_gain', (SELECT sum(s.value) FROM stock s WHERE s.role = 'gain'), 2
	UNION ALL SELECT 13, 'returns_at_cost', (SELECT sum(s.value) FROM stock s WHERE s.role = 'return'), 2
	UNION ALL SELECT 14, 'closing_qty', (SELECT sum(s.quantity) FROM stock s), 0
	UNION ALL SELECT 15, 'closing_value', (SELECT sum(g.balance) FROM ledger g WHERE g.control = 'inventory'), 2
	UNION ALL SELECT 16, 'integrity_violations', (SELECT count(*) FROM erp.check_integrity()), 0
) AS f (rank, name, value, decimals)
ORDER BY f.rank;

-- Each month that has a document. Revenue is that of goods and services; cost is that of issues, free ones
-- included, less returns.
SELECT format('month %s revenue=%s vat=%s cogs=%s', t.month,
	round(COALESCE((SELECT -sum(g.balance) FROM ledger g WHERE g.month = t.month AND g.account IN ('4000', '4100')), 0), 2),
	round(COALESCE((SELECT -sum(g.balance) FROM ledger g WHERE g.month = t.month AND g.account = '2200'), 0), 2),
	round(COALESCE((SELECT -sum(s.value) FROM stock s
		WHERE s.month = t.month AND s.role IN ('sale', 'free', 'return')), 0), 2))
FROM trade t
ORDER BY t.month;
