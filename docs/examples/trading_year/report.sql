-- Step 5: what the books say, for people.
--     psql -d DATABASE -q -f report.sql

\set ON_ERROR_STOP on
\pset border 1
\pset footer off
\pset null ''
SET client_min_messages = warning;
SET work_mem = '64MB';
SET jit = off;

SELECT min(b.day) AS first_day, max(b.day) AS last_day FROM erp.balances b WHERE b.company = 'TRADING' \gset

\echo
\echo Trial balance from :first_day to :last_day, in GBP
SELECT t.account_code AS "account", t.account_name AS "name",
	NULLIF(t.closing_debit, 0) AS "debit", NULLIF(t.closing_credit, 0) AS "credit"
FROM erp.trial_balance('TRADING', :'first_day', :'last_day') t
UNION ALL
SELECT '', 'Total', sum(t.closing_debit), sum(t.closing_credit)
FROM erp.trial_balance('TRADING', :'first_day', :'last_day') t;

\echo Profit by month, in GBP
SELECT p.month, p.revenue, p.expense, p.profit,
	CASE WHEN p.profit < 0 THEN '-' ELSE '' END
		|| repeat('█', (30 * abs(p.profit) / NULLIF(max(abs(p.profit)) OVER (), 0))::integer) AS " "
FROM erp.profit_by_month p
WHERE p.company = 'TRADING'
ORDER BY p.month;

\echo The ten items with the highest margin, in GBP
SELECT p.item_code AS "item", left(p.item_name, 36) AS "name", round(p.quantity, 0) AS "sold", p.revenue,
	p.cost_of_sales AS "cost", p.margin
FROM erp.profit_by_item p
WHERE p.company = 'TRADING' AND p.quantity > 0
ORDER BY p.margin DESC, p.item_code
LIMIT 10;
