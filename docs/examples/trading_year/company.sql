-- Step 3: the company and its master data, by the calls that any client makes.
--     psql -d DATABASE -v method=fifo -f company.sql          (or method=moving_average)
-- Every call has a key: run twice with the same file, the second run changes nothing.

\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT erp.create_company('TRADING', 'company',
	'{"name": "Trading year", "currency": "GBP", "chart": "english"}');

-- Fiscal years from December to November, as many as the days of the documents need.
SELECT erp.create_fiscal_year('TRADING', 'year ' || y.code,
	json_build_object('code', y.code, 'first_day', y.first_day, 'months', 12))
FROM (SELECT 'FY' || to_char(g.first_day + interval '11 months', 'YYYY') AS code, g.first_day::date AS first_day
	FROM (SELECT date_trunc('year', min(d.invoice_time) + interval '1 month') - interval '1 month' AS first_day,
			max(d.invoice_time) AS last_time
		FROM trading_year.document d) r,
		generate_series(r.first_day, r.last_time, interval '1 year') AS g (first_day)
	ORDER BY 2) y;

-- The first rate also holds for documents before the day from which it was in force.
SELECT erp.put_tax_codes('TRADING', 'tax', '[{"code": "UK", "name": "VAT of the United Kingdom", "rates": [
	{"from": "0001-01-01", "rate": "0.15"},
	{"from": "2010-01-01", "rate": "0.175"},
	{"from": "2011-01-04", "rate": "0.20"}]}]');

SELECT erp.put_parties('TRADING', 'supplier', '[{"code": "SUPPLIER", "name": "Supplier", "roles": ["supplier"]}]');

-- Ten thousand rows a call.
SELECT erp.put_parties('TRADING', 'customers ' || c.part, c.request)
FROM (SELECT (u.customer_no - 1) / 10000 AS part,
		json_agg(json_build_object('code', u.party, 'name', u.name, 'roles', json_build_array('customer'),
			'country', u.country) ORDER BY u.customer_no) AS request
	FROM trading_year.customer u
	GROUP BY 1) c;

SELECT erp.put_items('TRADING', 'items ' || c.part, c.request)
FROM (SELECT (i.item_no - 1) / 10000 AS part,
		json_agg(CASE WHEN i.is_stock
			THEN json_build_object('code', i.code, 'name', i.name, 'kind', 'stock', 'unit', 'piece', 'method', :'method')
			ELSE json_build_object('code', i.code, 'name', i.name, 'kind', 'service') END ORDER BY i.item_no) AS request
	FROM trading_year.item i
	GROUP BY 1) c;
