-- Step 2: what the lines mean. Reads trading_year.raw, writes tables of schema trading_year; posts nothing.
--     psql -d DATABASE -f mapping.sql
-- Everything is set-based: hash joins, and one sort of all lines into the order in which they are worked.
-- Texts are compared byte by byte (COLLATE "C"): case matters and no language has a say.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET work_mem = '256MB';
SET jit = off;
-- The lines are read several times over: two processors halve that, if the server has one to spare.
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0.001;
SET enable_mergejoin = off;
-- A tenth of the usual sample is enough to choose these plans.
SET default_statistics_target = 10;

CREATE FUNCTION trading_year.trimmed(field text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN btrim(field, E' \t') COLLATE "C";

-- Invoice numbers as spelled in the file, with and without blanks around them: a few thousand texts to trim
-- instead of one a line.
CREATE UNLOGGED TABLE trading_year.invoice_spelling AS
SELECT r.invoice_no AS spelling,
	trading_year.trimmed(r.invoice_no) AS invoice_no,
	min(r.line_no) AS first_line_no,
	count(*) AS lines
FROM trading_year.raw r
GROUP BY r.invoice_no;
ANALYZE trading_year.invoice_spelling;

-- A document is all lines of one number, wherever they stand; its time, customer and country are those of
-- its first line. Documents are worked by (time, first appearance): document_no counts in that order,
-- and first_place is the place of the document's first line among all lines, from 1.
CREATE UNLOGGED TABLE trading_year.document AS
SELECT (row_number() OVER w)::integer AS document_no,
	(sum(d.lines) OVER w - d.lines + 1)::bigint AS first_place,
	d.invoice_no,
	CASE left(d.invoice_no, 1) WHEN 'A' THEN 'bad_debt' WHEN 'C' THEN 'credit_note' ELSE 'sales_invoice' END AS kind,
	d.invoice_time,
	d.customer_id,
	(dense_rank() OVER (ORDER BY d.customer_id))::integer AS customer_no,
	d.country,
	-- Trading periods of two months, k = 0, 1, 2, ..., the first from December of the year of the first document.
	GREATEST(0, div((extract(year FROM d.invoice_time) - extract(year FROM min(d.invoice_time) OVER ())) * 12
		+ extract(month FROM d.invoice_time) - 12, 2))::integer AS period
FROM (SELECT DISTINCT ON (s.invoice_no) s.invoice_no, r.line_no, r.invoice_time,
		sum(s.lines) OVER (PARTITION BY s.invoice_no) AS lines,
		trading_year.trimmed(r.customer_id) AS customer_id, trading_year.trimmed(r.country) AS country
	FROM trading_year.invoice_spelling s
	JOIN trading_year.raw r ON r.line_no = s.first_line_no
	ORDER BY s.invoice_no, r.line_no) d
WINDOW w AS (ORDER BY d.invoice_time, d.line_no);
ANALYZE trading_year.document (document_no, invoice_no, customer_no, period);

-- One customer a customer_id, of the country of its first document; all walk-ins are one.
-- The prefix keeps the codes of customers apart from any other party's.
CREATE UNLOGGED TABLE trading_year.customer AS
SELECT DISTINCT ON (d.customer_no) d.customer_no,
	CASE d.customer_id WHEN '' THEN 'WALK-IN' ELSE 'C' || d.customer_id END AS party,
	CASE d.customer_id WHEN '' THEN 'Walk-in customers' ELSE 'Customer ' || d.customer_id END AS name,
	CASE d.customer_id WHEN '' THEN '' ELSE d.country END AS country
FROM trading_year.document d
ORDER BY d.customer_no, d.document_no;
ANALYZE trading_year.customer;

-- Codes as spelled in the file, and the items that they name. What begins with five digits is stock, all else
-- a service. The name is the first one that the file gives.
CREATE UNLOGGED TABLE trading_year.code_spelling AS
SELECT r.stock_code AS spelling,
	trading_year.trimmed(r.stock_code) AS stock_code,
	min(r.line_no) FILTER (WHERE r.description <> '') AS named_on
FROM trading_year.raw r
GROUP BY r.stock_code;
ANALYZE trading_year.code_spelling;

CREATE UNLOGGED TABLE trading_year.item AS
SELECT (row_number() OVER (ORDER BY c.stock_code))::integer AS item_no,
	c.stock_code,
	-- An item of the books needs a code: a blank one cannot be a code of the file, which has lost its blanks.
	COALESCE(NULLIF(c.stock_code, ''), ' ') AS code,
	COALESCE(NULLIF(left(regexp_replace(trading_year.trimmed(c.description), '[[:cntrl:]]+', ' ', 'g'), 200), ''),
		c.stock_code) AS name,
	c.stock_code ~ '^[0-9]{5}' AS is_stock
FROM (SELECT DISTINCT ON (s.stock_code) s.stock_code, n.description
	FROM trading_year.code_spelling s
	LEFT JOIN trading_year.raw n ON n.line_no = s.named_on
	ORDER BY s.stock_code, s.named_on) c;
ANALYZE trading_year.item;

-- All lines in working order, place counting them from 1, with the role that each has in the books.
-- Stock leaves with a sale or as a free gift, or is lost; it comes in as a gain or a return; the rest moves none.
CREATE UNLOGGED TABLE trading_year.line AS
SELECT row_number() OVER (ORDER BY d.document_no, r.line_no) AS place,
	d.document_no,
	d.period,
	d.customer_no,
	i.item_no,
	CASE
		WHEN d.kind = 'bad_debt' THEN 'bad_debt'
		WHEN NOT i.is_stock THEN 'service'
		WHEN d.kind = 'credit_note' THEN CASE WHEN r.quantity < 0 THEN 'return' ELSE 'allowance' END
		WHEN r.quantity < 0 THEN 'loss'
		WHEN r.quantity = 0 THEN 'allowance'
		WHEN r.unit_price > 0 THEN 'sale'
		WHEN d.customer_id <> '' THEN 'free'
		ELSE 'gain'
	END AS role,
	r.quantity,
	r.unit_price
FROM trading_year.raw r
JOIN trading_year.invoice_spelling s ON s.spelling = r.invoice_no
JOIN trading_year.document d ON d.invoice_no = s.invoice_no
JOIN trading_year.code_spelling c ON c.spelling = r.stock_code
JOIN trading_year.item i ON i.stock_code = c.stock_code
ORDER BY d.document_no, r.line_no;
ANALYZE trading_year.line (document_no, period, customer_no, item_no, role);

-- The base price of an item is the lower median of the prices at which it was sold: of n sorted prices the one at
-- position floor((n + 1) / 2), counted from 1, which is the first price up to which at least that many stand.
-- 1.000 where there is none.
CREATE UNLOGGED TABLE trading_year.base_price AS
SELECT i.item_no, COALESCE(min(p.unit_price) FILTER (WHERE p.upto >= div(p.all_times + 1, 2)), 1.000) AS base_price
FROM trading_year.item i
LEFT JOIN (SELECT q.item_no, q.unit_price,
		sum(q.times) OVER (PARTITION BY q.item_no ORDER BY q.unit_price) AS upto,
		sum(q.times) OVER (PARTITION BY q.item_no) AS all_times
	FROM (SELECT l.item_no, l.unit_price, count(*) AS times
		FROM trading_year.line l WHERE l.role = 'sale' GROUP BY l.item_no, l.unit_price) q) p ON p.item_no = i.item_no
GROUP BY i.item_no;
ANALYZE trading_year.base_price;

-- Half the base price is paid in period 0, and in every later one 2% of it more than in the one before.
CREATE FUNCTION trading_year.period_cost(base_price numeric, period integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN round(base_price * (0.50 + 0.02 * period), 4);

-- The file has no purchases: what a period will take out of stock is received, with a tenth more, by the dozen,
-- just before its first document.
CREATE UNLOGGED TABLE trading_year.receipt AS
SELECT t.period,
	row_number() OVER (PARTITION BY t.period ORDER BY i.stock_code) AS line_no,
	i.code AS item,
	t.quantity,
	round(t.quantity * trading_year.period_cost(b.base_price, t.period), 2) AS amount
FROM (SELECT l.period, l.item_no, 12 * div(11 * sum(abs(l.quantity)) + 119, 120) AS quantity
	FROM trading_year.line l
	WHERE l.role IN ('sale', 'free', 'loss')
	GROUP BY l.period, l.item_no) t
JOIN trading_year.item i ON i.item_no = t.item_no
JOIN trading_year.base_price b ON b.item_no = t.item_no;

-- Where the receipt of each period stands among the rows: before its first line, after all receipts of earlier periods.
CREATE UNLOGGED TABLE trading_year.period AS
SELECT p.period,
	p.first_place,
	d.invoice_time AS first_time,
	COALESCE(r.lines, 0) AS receipt_lines,
	sum(COALESCE(r.lines, 0)) OVER (ORDER BY p.period)::bigint AS receipt_lines_so_far
FROM (SELECT d.period, min(d.first_place) AS first_place FROM trading_year.document d GROUP BY d.period) p
JOIN trading_year.document d ON d.first_place = p.first_place
LEFT JOIN (SELECT r.period, count(*) AS lines FROM trading_year.receipt r GROUP BY r.period) r ON r.period = p.period;
ANALYZE trading_year.period;

-- What comes back: an item and the customer who returned some of it.
CREATE UNLOGGED TABLE trading_year.returned AS
SELECT DISTINCT l.item_no, l.customer_no FROM trading_year.line l WHERE l.role = 'return';
ANALYZE trading_year.returned;

-- What a return or a gain is worth. A return comes back at the cost of the latest earlier issue of the item to the
-- customer: origin names that line, and the engine finds its cost. Without one, and for gains, it is the period cost.
-- Documents are numbered in the order of places, so that the last issue stands in the highest document of any.
CREATE UNLOGGED TABLE trading_year.worth AS
SELECT t.place,
	'invoice:' || d.invoice_no AS origin_key,
	t.origin_place - d.first_place + 1 AS origin_line,
	CASE WHEN t.origin_place IS NULL
		THEN round(abs(t.quantity) * trading_year.period_cost(b.base_price, t.period), 2) END AS cost
FROM (SELECT l.place, l.role, l.period, l.item_no, l.quantity,
		max(l.place) FILTER (WHERE l.role <> 'return') OVER earlier AS origin_place,
		max(l.document_no) FILTER (WHERE l.role <> 'return') OVER earlier AS origin_document_no
	FROM trading_year.line l
	JOIN trading_year.returned r ON r.item_no = l.item_no AND r.customer_no = l.customer_no
	WHERE l.role IN ('sale', 'free', 'return')
	WINDOW earlier AS (PARTITION BY l.item_no, l.customer_no ORDER BY l.place ROWS UNBOUNDED PRECEDING)
	UNION ALL
	SELECT l.place, l.role, l.period, l.item_no, l.quantity, NULL, NULL
	FROM trading_year.line l
	WHERE l.role = 'gain') t
JOIN trading_year.base_price b ON b.item_no = t.item_no
LEFT JOIN trading_year.document d ON d.document_no = t.origin_document_no
WHERE t.role IN ('return', 'gain');
ANALYZE trading_year.worth;
