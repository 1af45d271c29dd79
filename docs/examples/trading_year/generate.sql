-- A small company made up from a seed: about 20,000 lines in the layout of the trading year's file, as CSV on
-- standard output. The same seed gives the same file on every machine.
--     psql -d DATABASE -q -v seed=1 -f generate.sql > FILE.csv
-- It has every case that the rules name: returns with and without an issue before them, walk-ins, free goods, gains,
-- losses, services, foreign countries, credit notes and bad debts, documents of the same time, documents whose lines
-- stand apart or differ in time, customer and country, blanks around fields, codes that differ in case only.

\set ON_ERROR_STOP on
\if :{?seed}
\else
	\set seed 1
\endif
SET client_min_messages = warning;

-- One of 0 to size - 1: 28 bits of a digest of seed, number and purpose.
SELECT set_config('trading_year.seed', :'seed', false) \g /dev/null
CREATE FUNCTION pg_temp.pick(number bigint, purpose text, size integer) RETURNS integer
	LANGUAGE sql STABLE
	RETURN ('x' || substr(md5(current_setting('trading_year.seed') || ' ' || number || ' ' || purpose), 1, 7))::bit(28)::integer % size;

-- 400 stock items and a few services. Of some, two colours differ in the case of their letter.
CREATE TEMP TABLE item AS
SELECT i AS item_no,
	20000 + i / 2 * 7 || CASE WHEN i % 2 = 1 THEN CASE WHEN i % 8 < 4 THEN 'a' ELSE 'A' END WHEN i % 20 = 0 THEN 'A' ELSE '' END AS code,
	(ARRAY['RED', 'BLUE', 'PINK', 'IVORY', 'GLASS', 'WOODEN', 'VINTAGE', 'SET OF 6'])[1 + pg_temp.pick(i, 'look', 8)] || ' ' ||
	(ARRAY['MUG', 'CANDLE, SCENTED', 'LANTERN', 'CUSHION 12"', 'CAKE STAND', 'PICTURE FRAME', 'LUNCH BOX', 'NOTEBOOK'])[1 + pg_temp.pick(i, 'thing', 8)] AS name,
	(290 + pg_temp.pick(i, 'price', 120) * pg_temp.pick(i, 'price level', 90)) * 0.001 AS price
FROM generate_series(0, 399) AS i;

CREATE TEMP TABLE service (service_no integer, code text, name text, price numeric);
INSERT INTO service VALUES
	(0, 'POST', 'POSTAGE', 18.000), (1, 'DOT', 'DOTCOM POSTAGE', 6.950), (2, 'C2', 'CARRIAGE', 50.000),
	(3, 'gift_0001_20', 'Gift voucher', 17.020), (4, '2201X', 'ENGRAVING', 2.335), (5, 'D', 'Discount', -12.345);

-- 1,390 documents from 1 December 2009, 08:00, to January 2011; some begin at the minute of the one before.
CREATE TEMP TABLE document AS
SELECT d.document_no,
	CASE d.kind WHEN 'C' THEN 'C' WHEN 'A' THEN 'A' WHEN 'c' THEN 'c' ELSE '' END || 500000 + d.document_no AS invoice_no,
	d.kind,
	-- What a credit note takes back: lines of a document before it, of any kind.
	GREATEST(d.document_no - 1 - pg_temp.pick(d.document_no, 'takes back', 60), 0) AS origin_no,
	timestamp '2009-12-01 08:00' + (d.document_no - CASE WHEN pg_temp.pick(d.document_no, 'tie', 12) = 0 THEN 1 ELSE 0 END)
		* interval '438 minutes' AS invoice_time,
	1 + pg_temp.pick(d.document_no, 'lines', 31) AS lines
FROM (SELECT n AS document_no,
		CASE WHEN n IN (211, 640, 1203) THEN 'A' WHEN n = 77 THEN 'c'
			WHEN pg_temp.pick(n, 'kind', 9) = 0 THEN 'C'
			WHEN pg_temp.pick(n, 'kind', 40) = 1 THEN 'count' ELSE 'sale' END AS kind
	FROM generate_series(1, 1390) AS n) d;

-- Customer 0 is a walk-in.
CREATE FUNCTION pg_temp.customer_of(document_no bigint, kind text, origin_no bigint) RETURNS integer
	LANGUAGE sql STABLE
	RETURN CASE WHEN kind IN ('count', 'A') THEN 0
		WHEN pg_temp.pick(CASE kind WHEN 'C' THEN origin_no ELSE document_no END, 'walk-in', 7) = 0 THEN 0
		ELSE 1 + pg_temp.pick(CASE kind WHEN 'C' THEN origin_no ELSE document_no END, 'customer', 120) END;

CREATE TEMP TABLE line AS
SELECT d.document_no, n AS line_no, count(*) OVER (PARTITION BY d.document_no) AS lines, d.invoice_no, d.kind, d.invoice_time, d.document_no * 100 + n AS number,
	pg_temp.customer_of(d.document_no, d.kind, d.origin_no) AS customer_no,
	CASE d.kind WHEN 'C' THEN d.origin_no ELSE d.document_no END * 100 + n AS item_number
FROM document d
CROSS JOIN LATERAL generate_series(1, CASE d.kind WHEN 'A' THEN 1 + d.document_no % 2 WHEN 'C' THEN 1 + d.lines / 6 ELSE d.lines END) AS n;

CREATE TEMP TABLE cell AS
SELECT l.*,
	CASE WHEN l.kind = 'A' THEN 'B' WHEN s.code IS NOT NULL THEN s.code ELSE i.code END AS stock_code,
	CASE WHEN l.kind = 'A' THEN 'Adjust bad debt' WHEN l.kind = 'count' AND pg_temp.pick(l.number, 'said', 2) = 0 THEN 'damaged?'
		WHEN pg_temp.pick(l.number, 'blank', 150) = 0 THEN '' WHEN s.code IS NOT NULL THEN s.name ELSE i.name END AS description,
	CASE
		WHEN l.kind = 'A' THEN 1
		WHEN l.kind = 'C' THEN CASE pg_temp.pick(l.number, 'credit', 20) WHEN 0 THEN 2 WHEN 1 THEN 0 ELSE -1 - pg_temp.pick(l.number, 'quantity', 9) END
		WHEN l.kind = 'count' THEN CASE WHEN pg_temp.pick(l.number, 'count', 3) = 0 THEN 1 ELSE -1 END * (1 + pg_temp.pick(l.number, 'quantity', 40))
		WHEN pg_temp.pick(l.number, 'odd', 300) = 0 THEN 0
		WHEN pg_temp.pick(l.number, 'odd', 300) = 1 THEN -3
		ELSE (ARRAY[1, 2, 3, 4, 6, 6, 8, 12, 12, 24, 48, 96])[1 + pg_temp.pick(l.number, 'quantity', 12)]
	END AS quantity,
	CASE
		WHEN l.kind = 'A' THEN CASE l.line_no WHEN 1 THEN -1234.565 ELSE 100.005 END
		WHEN l.kind = 'count' THEN 0.000
		WHEN s.code IS NOT NULL THEN s.price
		WHEN pg_temp.pick(l.number, 'free', 120) = 0 THEN 0.000
		WHEN pg_temp.pick(l.number, 'free', 700) = 1 THEN -0.125
		ELSE i.price + (pg_temp.pick(l.number, 'markup', 4) * pg_temp.pick(l.number, 'step', 50)) * 0.005
	END AS unit_price
FROM line l
JOIN item i ON i.item_no = CASE WHEN pg_temp.pick(l.item_number, 'best', 3) = 0 THEN pg_temp.pick(l.item_number, 'item', 40)
	ELSE pg_temp.pick(l.item_number, 'item', 400) END
LEFT JOIN service s ON l.kind <> 'count' AND s.service_no = pg_temp.pick(l.item_number, 'service', 160);

-- The last line of every fortieth document stands 700 lines further down, where its time, customer and country are
-- others: only the first line of a document says them. Some documents stand before earlier ones.
-- Blanks and tabs stand around some fields.
CREATE TEMP TABLE field AS
SELECT row_number() OVER (ORDER BY c.document_no * 100 + c.line_no
		+ CASE WHEN c.document_no % 40 = 7 AND c.line_no > 1 AND c.line_no = c.lines THEN 4400 ELSE 0 END
		- CASE WHEN c.document_no % 90 = 11 THEN 600 ELSE 0 END, c.document_no, c.line_no) AS place,
	c.invoice_no, c.stock_code, c.description, c.quantity,
	to_char(c.invoice_time + CASE WHEN c.document_no % 40 = 7 AND c.line_no > 1 THEN interval '40 days' ELSE interval '0' END,
		'YYYY-MM-DD HH24:MI:SS') AS invoice_time,
	c.unit_price,
	CASE WHEN c.document_no % 40 = 7 AND c.line_no > 1 THEN '99999' WHEN c.customer_no = 0 THEN '' ELSE (12000 + c.customer_no)::text END AS customer_id,
	CASE WHEN c.document_no % 40 = 7 AND c.line_no > 1 THEN 'Utopia'
		WHEN c.customer_no > 0 AND c.customer_no % 11 = 0 THEN (ARRAY['France', 'Germany', 'EIRE', 'united kingdom'])[1 + c.customer_no / 11 % 4]
		ELSE 'United Kingdom' END AS country,
	CASE pg_temp.pick(c.number, 'blanks', 60) WHEN 0 THEN ' ' WHEN 1 THEN '  ' WHEN 2 THEN E'\t' ELSE '' END AS before,
	CASE pg_temp.pick(c.number, 'blanks', 60) WHEN 0 THEN ' ' WHEN 3 THEN ' ' WHEN 2 THEN E' \t' ELSE '' END AS after
FROM cell c;

COPY (
	SELECT f.before || f.invoice_no || f.after AS invoice_no,
		f.after || f.stock_code || f.before AS stock_code,
		f.before || f.description AS description,
		f.after || f.quantity AS quantity,
		f.invoice_time || f.before AS invoice_time,
		f.before || to_char(f.unit_price, 'FM999990.000') AS unit_price,
		f.after || f.customer_id || f.before AS customer_id,
		f.before || f.country || f.after AS country
	FROM field f
	ORDER BY f.place
) TO STDOUT WITH (FORMAT csv, HEADER true);
