\set ECHO none
SET datestyle TO ISO;
\pset format unaligned
\pset tuples_only
\pset pager off
-- Master data: what the calls write, what they refuse, and that a call is made once.
BEGIN;
SELECT plan(79);
\o /dev/null
CREATE ROLE master_admin IN ROLE erp_admin;
CREATE ROLE master_group;
SET LOCAL ROLE master_admin;
SELECT erp.create_company('M', 'company', '{"name": "Master", "currency": "GBP", "chart": "english"}');
SELECT erp.create_company('CN', 'company', '{"name": "某某贸易", "currency": "CNY", "chart": "china_small_enterprise", "reversal_style": "red_letter"}');
\o
-- SQLSTATE, and the DETAIL that says where, of a call of company M.
CREATE FUNCTION pg_temp.refusal(p_call text, p_request text, p_company text DEFAULT 'M') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	detail text;
BEGIN
	EXECUTE format('SELECT erp.%I($1, $2, $3::json)', p_call) USING p_company, 'refused', p_request;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
	RETURN code || ' ' || detail;
END
$$;

-- Companies.
SELECT is((SELECT name || reversal_style || member_role FROM erp.company WHERE code = 'M'), 'Masterred_lettererp_read', 'a company has its defaults');
SELECT is((SELECT c.code || p.code || p.name FROM erp.party p JOIN erp.company c USING (company_id) WHERE c.code = 'M' AND p.party_id = 0), 'Mnone', 'party 0 is none');
SELECT is((SELECT w.code FROM erp.warehouse w JOIN erp.company c USING (company_id) WHERE c.code = 'M'), 'MAIN', 'its first warehouse is MAIN');
SELECT is((SELECT s.target || ' ' || s.scope || ' ' || s.mode FROM erp.series s JOIN erp.company c USING (company_id) WHERE c.code = 'M'), 'voucher month deferred', 'vouchers are numbered by month, later');
SELECT is(erp.create_company('M', 'company', '{"chart": "english", "currency": "GBP", "name": "Master"}'), erp.create_company('M', 'company', '{"name": "Master", "currency": "GBP", "chart": "english"}'), 'the same request again gives the first result');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": "GBP"}'), 'LE011 At company, value "M".', 'a second company of the code is refused');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": "XXX"}', 'N'), 'LE012 At $.currency, value "XXX".', 'unknown currency');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": "GBP", "chart": "x"}', 'N'), 'LE012 At $.chart, value "x".', 'unknown chart');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": "GBP", "member_role": "nobody at all"}', 'N'), 'LE012 At $.member_role, value "nobody at all".', 'unknown role');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": "GBP", "colour": 1}', 'N'), 'LE011 At $.colour, value "1".', 'unknown field');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other"}', 'N'), 'LE011 At $.currency.', 'missing field');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": null}', 'N'), 'LE011 At $.currency.', 'null is not given');
SELECT is(pg_temp.refusal('create_company', '[]', 'N'), 'LE011 At $, value "[]".', 'an array where an object is expected');
SELECT is(pg_temp.refusal('create_company', '{"name": "Other", "currency": "GBP"}', repeat('x', 61)), format('LE011 At company, value "%s".', repeat('x', 61)), 'a code of 61 characters');
SELECT is(pg_temp.refusal('put_warehouses', '[]', 'NOBODY'), 'LE012 At company, value "NOBODY".', 'unknown company');

-- Charts. The 66 accounts of the standard, by its own list of codes, beside those of what is shipped and not billed.
SELECT is((SELECT string_agg(a.code, ' ' ORDER BY a.code) FROM erp.account a JOIN erp.company c USING (company_id) WHERE c.code = 'CN' AND a.parent_account_id = 0 AND a.code NOT IN ('1124', '1406')),
	'1001 1002 1012 1101 1121 1122 1123 1131 1132 1221 1401 1402 1403 1404 1405 1407 1408 1411 1421 1501 1511 1601 1602 1604 1605 1606 1621 1622 1701 1702 1801 1901 '
	'2001 2201 2202 2203 2211 2221 2231 2232 2241 2401 2501 2701 3001 3002 3101 3103 3104 4001 4101 4301 4401 4403 5001 5051 5111 5301 5401 5402 5403 5601 5602 5603 5711 5801',
	'the Chinese chart has the 66 accounts');
SELECT is((SELECT string_agg(a.name, ' ' ORDER BY a.code) FROM erp.account a JOIN erp.account p ON p.company_id = a.company_id AND p.account_id = a.parent_account_id
	JOIN erp.company c ON c.company_id = a.company_id WHERE c.code = 'CN' AND p.name = '应交增值税' AND a.normal_side = 'debit'),
	'进项税额 销项税额抵减 已交税金 转出未交增值税 减免税款 出口抵减内销产品应纳税额', 'debit sub-accounts of value added tax');
SELECT is((SELECT string_agg(a.name, ' ' ORDER BY a.code) FROM erp.account a JOIN erp.account p ON p.company_id = a.company_id AND p.account_id = a.parent_account_id
	JOIN erp.company c ON c.company_id = a.company_id WHERE c.code = 'CN' AND p.name = '应交增值税' AND a.normal_side = 'credit'),
	'销项税额 出口退税 进项税额转出 转出多交增值税', 'and credit ones');
SELECT is((SELECT string_agg(a.name || ' ' || a.control, ', ' ORDER BY a.code) FROM erp.account a JOIN erp.company c USING (company_id) WHERE c.code = 'CN' AND a.control <> 'none'),
	'应收账款 receivable, 预付账款 open_items, 库存商品 inventory, 发出商品 inventory, 应付货款 payable, 暂估应付账款 accrued_payable, 预收账款 open_items', 'its control accounts');
SELECT is((SELECT string_agg(a.name || ' ' || a.control, ', ' ORDER BY a.code) FROM erp.account a JOIN erp.company c USING (company_id) WHERE c.code = 'M' AND a.control <> 'none'),
	'Accounts receivable receivable, Advances to suppliers open_items, Inventory inventory, Goods shipped not billed inventory, Accounts payable payable, Advances from customers open_items, Goods received not billed accrued_payable', 'those of the English chart');
SELECT is_empty($$SELECT a.code FROM erp.account a WHERE a.postable = EXISTS (SELECT FROM erp.account s WHERE s.company_id = a.company_id AND s.parent_account_id = a.account_id)$$, 'exactly the accounts without sub-accounts are postable');
SELECT is_empty($$SELECT c.chart, c.code FROM erp.chart c WHERE c.parent_code <> '' AND NOT EXISTS (SELECT FROM erp.chart p WHERE p.chart = c.chart AND p.code = c.parent_code)$$, 'every parent exists');
SELECT is_empty($$SELECT c.code, c.name, r.kind, r.line_role, a.code FROM erp.posting_rule r JOIN erp.account a ON a.company_id = r.company_id AND a.account_id = r.account_id
	JOIN erp.company c ON c.company_id = r.company_id WHERE NOT a.postable$$, 'rules hit postable accounts only');
SELECT is_empty($$SELECT x.chart, k.kind, k.line_role, n.amount_role FROM (VALUES ('english'), ('china_small_enterprise')) x (chart), erp.document_kind_role k JOIN erp.line_role l USING (line_role)
	JOIN erp.document_kind d USING (kind), LATERAL (SELECT 'inventory' WHERE NOT l.of_party AND (l.stock_direction <> 'none' AND l.value_source <> 'none' OR l.value_source IN ('spread', 'amended', 'bill'))
		UNION ALL SELECT 'price_variance' WHERE l.value_source = 'returned'
		UNION ALL SELECT unnest('{unbilled,exchange}'::text[]) WHERE l.value_source IN ('sold', 'unsold', 'invoice')
		UNION ALL SELECT 'revenue' WHERE l.value_source = 'invoice'
		UNION ALL SELECT 'shipped' WHERE d.to_location_kind = 'shipped' OR 'shipment' = ANY (k.names_kinds)
		UNION ALL SELECT 'cost' WHERE NOT l.of_party AND l.stock_direction <> 'none' AND l.value_source NOT IN ('amount', 'amended', 'returned', 'none') OR l.value_source = 'bill' OR l.value_source = 'spread' AND d.total_sign = 0
		UNION ALL SELECT 'amount' WHERE NOT l.of_party AND d.total_sign <> 0 AND l.value_source NOT IN ('amount', 'amended', 'returned', 'spread')) n (amount_role)
	WHERE NOT EXISTS (SELECT FROM erp.chart_rule r WHERE (r.chart, r.kind, r.line_role, r.amount_role) = (x.chart, k.kind, k.line_role, n.amount_role))$$, 'every amount of a line has a rule in both charts');
SELECT is_empty($$SELECT x.chart, d.kind FROM (VALUES ('english'), ('china_small_enterprise')) x (chart), erp.document_kind d, (VALUES ('tax'), ('total')) n (amount_role)
	WHERE d.total_sign <> 0 AND (n.amount_role = 'total' OR EXISTS (SELECT FROM erp.document_kind_role k JOIN erp.line_role l USING (line_role) WHERE k.kind = d.kind AND NOT l.names_account AND l.value_source NOT IN ('sold', 'unsold')))
	AND NOT EXISTS (SELECT FROM erp.chart_rule r WHERE (r.chart, r.kind, r.line_role, r.amount_role) = (x.chart, d.kind, 'document', n.amount_role))$$, 'and every tax and total');
SELECT is((SELECT string_agg(DISTINCT r.account_code, ' ' ORDER BY r.account_code) FROM erp.chart_rule r WHERE r.chart = 'english' AND r.amount_role = 'cost' AND r.line_role IN ('sale', 'return')), '5000', 'sales and returns hit cost of sales');
SELECT is((SELECT string_agg(DISTINCT r.account_code, ' ' ORDER BY r.account_code) FROM erp.chart_rule r WHERE r.chart = 'english' AND r.amount_role = 'cost' AND r.line_role IN ('free', 'gain', 'loss')), '4900 5100 5200', 'free goods, losses and gains have accounts of their own');

-- Fiscal years and periods.
SELECT is(erp.create_fiscal_year('M', 'y2010', '{"code": "2010", "first_day": "2010-01-01"}') ->> 'periods', '12', 'a year has twelve periods');
SELECT is((SELECT string_agg(p.code || '=' || p.first_day || '..' || p.last_day, ' ' ORDER BY p.code) FROM erp.period p JOIN erp.company c USING (company_id) WHERE c.code = 'M' AND p.code <= '2010-03'),
	'2010-01=2010-01-01..2010-01-31 2010-02=2010-02-01..2010-02-28 2010-03=2010-03-01..2010-03-31', 'periods are calendar months');
SELECT is((SELECT count(*) || max(l.state) || min(l.state) || max(l.changed_by) FROM erp.period_lock l JOIN erp.company c USING (company_id) WHERE c.code = 'M'), '48openopenmaster_admin', 'open for four modules, by who made them');
SELECT is(pg_temp.refusal('create_fiscal_year', '{"code": "2012", "first_day": "2012-01-01"}'), 'LE011 At $.first_day, value "2012-01-01".', 'a gap is refused');
SELECT is(pg_temp.refusal('create_fiscal_year', '{"code": "2010b", "first_day": "2010-06-01"}'), 'LE011 At $.first_day, value "2010-06-01".', 'so is an overlap');
SELECT is(pg_temp.refusal('create_fiscal_year', '{"code": "2010", "first_day": "2011-01-01"}'), 'LE011 At $.code, value "2010".', 'and a code that is taken');
SELECT is(pg_temp.refusal('create_fiscal_year', '{"code": "2011", "first_day": "2011-02-29"}'), 'LE011 At $.first_day, value "2011-02-29".', 'and a day that is none');
SELECT matches(pg_temp.refusal('create_fiscal_year', '{"code": "2011", "first_day": "2011-01-02"}'), '^LE011 At \$', 'and one that is not the first of a month');
SELECT is(erp.create_fiscal_year('M', 'y2009', '{"code": "2009", "first_day": "2009-12-01", "months": 1}') ->> 'periods', '1', 'a year may come before those that exist');
SELECT is(erp.set_period_state('M', 'p1', '{"period": "2010-01", "modules": ["stock", "sales"], "state": "closed"}'), '{"changed": 2}', 'two modules are closed');
SELECT is(erp.set_period_state('M', 'p2', '{"period": "2010-01", "state": "closed"}'), '{"changed": 2}', 'and then the others');
SELECT is((SELECT string_agg(DISTINCT p.code || l.state, ' ' ORDER BY p.code || l.state) FROM erp.period_lock l JOIN erp.period p USING (company_id, period_id) JOIN erp.company c USING (company_id) WHERE c.code = 'M' AND p.code <= '2010-02'),
	'2009-12open 2010-01closed 2010-02open', 'only that period is closed');
SELECT is(pg_temp.refusal('set_period_state', '{"period": "2010-13", "state": "closed"}'), 'LE012 At $.period, value "2010-13".', 'unknown period');
SELECT is(pg_temp.refusal('set_period_state', '{"period": "2010-01", "modules": ["crm"], "state": "closed"}'), 'LE011 At $.modules, value "crm".', 'unknown module');
SELECT is(pg_temp.refusal('set_period_state', '{"period": "2010-01", "state": "shut"}'), 'LE011 At $.state, value "shut".', 'unknown state');

-- Currencies, units, rates.
SELECT is(erp.put_currencies('M', 'cur', '[{"code": "ISK", "name": "Icelandic krona", "decimals": 0}, {"code": "GBP", "name": "Sterling", "decimals": 2}, {"code": "EUR", "name": "Euro", "decimals": 2}]'), '{"updated": 1, "inserted": 1}', 'currencies: one new, one changed, one as it was');
SELECT is(pg_temp.refusal('put_currencies', '[{"code": "GBP", "name": "Sterling", "decimals": 3}]'), 'LE140 Companies or documents have amounts in it.', 'the decimals of a currency in use stay');
SELECT is(pg_temp.refusal('put_currencies', '[{"code": "gbp", "name": "Sterling", "decimals": 2}]'), 'LE011 At $[0], value "gbp".', 'a code is three capitals');
SELECT is(erp.put_units('M', 'unit', '[{"code": "bale", "name": "bale"}]'), '{"updated": 0, "inserted": 1}', 'a unit');
SELECT is(erp.put_exchange_rates('M', 'rate', '[{"from": "EUR", "to": "GBP", "day": "2010-01-01", "rate": "0.8881"}, {"from": "EUR", "to": "GBP", "day": "2010-01-02", "rate": 0.89}]'), '{"updated": 0, "inserted": 2}', 'two rates');
SELECT is(pg_temp.refusal('put_exchange_rates', '[{"from": "EUR", "to": "GBP", "day": "2010-01-01", "rate": 0}]'), 'LE011 At $[0].rate, value "0".', 'a rate is positive');
SELECT is(pg_temp.refusal('put_exchange_rates', '[{"from": "EUR", "to": "GBP", "day": "2010-01-01", "rate": "1e3"}]'), 'LE011 At $[0].rate, value "1e3".', 'and plainly written');

-- Parties.
SELECT is(erp.put_parties('M', 'party', '[{"code": "C1", "name": "One", "roles": ["customer"], "group": "wholesale", "country": "GB", "payment_days": 30}, {"code": "S1", "name": "Two", "roles": ["supplier", "customer"]}]'), '{"updated": 0, "inserted": 2}', 'two parties');
SELECT is(erp.put_parties('M', 'party2', '[{"code": "C1", "name": "One Ltd", "active": false}]'), '{"updated": 1, "inserted": 0}', 'one changes');
SELECT is((SELECT concat_ws(' ', p.name, p.party_group, p.country, p.payment_days, p.active, (SELECT string_agg(r.role, '+') FROM erp.party_role r WHERE r.company_id = p.company_id AND r.party_id = p.party_id)) FROM erp.party p WHERE p.code = 'C1'),
	'One Ltd wholesale GB 30 f customer', 'what is not given stays');
SELECT is((SELECT string_agg(r.role, '+') FROM erp.party p JOIN erp.party_role r USING (company_id, party_id), erp.put_parties('M', 'party3', '[{"code": "S1", "name": "Two", "roles": ["supplier"]}]') WHERE p.code = 'S1'), 'customer+supplier', 'one statement sees the roles of before');
SELECT is((SELECT string_agg(r.role, '+') FROM erp.party p JOIN erp.party_role r USING (company_id, party_id) WHERE p.code = 'S1'), 'supplier', 'the next one those that were given');
SELECT is(pg_temp.refusal('put_parties', '[{"code": "C2", "name": "x"}]'), 'LE011 At $[0].roles.', 'a new party needs roles');
SELECT is(pg_temp.refusal('put_parties', '[{"code": "C2", "name": "x", "roles": ["customer"]}, {"code": "C3", "name": "x", "roles": ["guest"]}]'), 'LE011 At $[1].roles, value "guest".', 'an unknown role');
SELECT is(pg_temp.refusal('put_parties', '[{"code": "C2", "name": "x", "roles": ["customer"]}, {"code": "C2", "name": "y", "roles": ["customer"]}]'), 'LE011 At $[1], value "C2".', 'a row given twice');
SELECT is(pg_temp.refusal('put_parties', '[{"code": "", "name": "x", "roles": ["customer"]}]'), 'LE011 At $[0].code, value "".', 'an empty code');
SELECT is(pg_temp.refusal('put_parties', '[{"code": "a\tb", "name": "x", "roles": ["customer"]}]'), E'LE011 At $[0].code, value "a\tb".', 'a control character in a code');
SELECT is(pg_temp.refusal('put_parties', '[{"code": 7, "name": "x", "roles": ["customer"]}]'), 'LE011 At $[0].code, value "7".', 'a number for a code');

-- Items.
SELECT is(erp.put_items('M', 'items', (SELECT json_agg(json_build_object('code', 'I' || i, 'name', 'Item ' || i, 'kind', 'stock', 'method', 'fifo', 'unit', 'piece')) FROM generate_series(1, 10000) i)), '{"updated": 0, "inserted": 10000}', 'ten thousand items in one call');
SELECT is(erp.put_items('M', 'items2', '[{"code": "I1", "name": "Item 1", "kind": "stock", "group": "toys", "cost_pool": "warehouse"}, {"code": "I2", "name": "Item 2", "kind": "service"}, {"code": "I3", "name": "Item 3", "kind": "stock", "method": "moving_average"}]'), '{"updated": 3, "inserted": 0}', 'three change');
SELECT is((SELECT string_agg(concat_ws(' ', i.code, i.item_group, i.kind, u.code, i.costing_method, i.cost_pool), ', ' ORDER BY i.code) FROM erp.item i JOIN erp.unit u USING (unit_id) WHERE i.code IN ('I1', 'I2', 'I3')),
	'I1 toys stock piece fifo warehouse, I2  service piece none company, I3  stock piece moving_average company', 'to what was given');
SELECT is(pg_temp.refusal('put_items', '[{"code": "X", "name": "x", "kind": "stock"}]'), 'LE011 At $[0].method.', 'a stock item needs a method');
SELECT is(pg_temp.refusal('put_items', '[{"code": "X", "name": "x", "kind": "service", "method": "fifo"}]'), 'LE011 At $[0].method, value "fifo".', 'a service has none');
SELECT is(pg_temp.refusal('put_items', '[{"code": "X", "name": "x", "kind": "stock", "method": "fifo", "unit": "ell"}]'), 'LE012 At $[0].unit, value "ell".', 'an unknown unit');

-- Taxes, accounts, rules, dimensions, series.
SELECT is(erp.put_tax_codes('M', 'tax', '[{"code": "UK", "name": "VAT", "rates": [{"from": "2009-01-01", "rate": "0.15"}, {"from": "2010-01-01", "rate": 0.175}]}]'), '{"rates": 2, "updated": 0, "inserted": 1}', 'a tax with two rates');
SELECT is(pg_temp.refusal('put_tax_codes', '[{"code": "UK", "name": "VAT", "rates": [{"from": "2009-01-01", "rate": "0.15"}, {"from": "2010-01-01", "rate": 17.5}]}]'), 'LE011 At $[0].rates[1].rate, value "17.5".', 'a rate is a fraction');
SELECT is(erp.put_accounts('M', 'acc', '[{"code": "6201", "name": "Rent of shops", "parent": "6200x", "class": "expense", "side": "debit"}, {"code": "6200x", "name": "Rents", "class": "expense", "side": "debit"}]'), '{"updated": 0, "inserted": 2}', 'an account before its parent in one call');
SELECT is((SELECT string_agg(a.code || a.postable, ' ' ORDER BY a.code) FROM erp.account a JOIN erp.company c USING (company_id) WHERE c.code = 'M' AND a.code IN ('6200x', '6201')), '6200xfalse 6201true', 'the parent is a heading');
SELECT is(pg_temp.refusal('put_accounts', '[{"code": "A", "name": "x", "parent": "B", "class": "asset", "side": "debit"}, {"code": "B", "name": "x", "parent": "A", "class": "asset", "side": "debit"}]'), 'LE011 At $, value "A".', 'a circle of parents');
SELECT is(pg_temp.refusal('put_posting_rules', '[{"kind": "sales_invoice", "line_role": "sale", "amount_role": "amount", "side": "credit", "account": "6200x", "item_group": "toys"}]'), 'LE042 At $[0].account, value "6200x".', 'a rule does not hit a heading');
SELECT is(erp.put_posting_rules('M', 'rule', '[{"kind": "sales_invoice", "line_role": "sale", "amount_role": "amount", "side": "credit", "account": "4100", "item_group": "toys", "warehouse": "MAIN", "tax_code": "UK", "condition": "credit", "merge": false, "summary": "{kind}"}]'), '{"updated": 0, "inserted": 1}', 'a rule with every condition');
SELECT is(erp.put_dimensions('M', 'dim', '[{"code": "department", "name": "Department", "balancing": true, "values": [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]}]'), '{"values": 2, "updated": 0, "inserted": 1}', 'a balancing dimension with two values');
SELECT is(erp.put_series('M', 'series', '[{"code": "INV", "target": "sales_invoice", "scope": "year", "mode": "immediate"}]'), '{"updated": 0, "inserted": 1}', 'a series');

-- Once, and by members only.
SELECT throws_ok($$SELECT erp.put_series('M', 'dim', '[{"code": "X", "target": "credit_note", "scope": "year", "mode": "immediate"}]')$$, 'LE020', NULL, 'a key means one call');
SELECT is((SELECT count(*) FROM erp.call_result r JOIN erp.company c USING (company_id) WHERE c.code = 'M'), 18::bigint, 'every call that went through is stored once');
SELECT throws_ok($$SELECT erp.create_company('G', 'c', '{"name": "Group", "currency": "GBP", "member_role": "master_group"}'), erp.put_warehouses('G', 'w', '[]')$$, 'LE003', NULL, 'a company''s data is for the members of its role');
RESET ROLE;
SELECT throws_ok($$DELETE FROM erp.item WHERE code = 'I9'$$, 'LE060', NULL, 'nobody deletes an item');
SELECT * FROM finish();
ROLLBACK;
