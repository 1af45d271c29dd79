-- An example company of our own: 示例商贸有限公司, which trades, makes a little, and keeps its books by the standard for small enterprises.
-- Company SL, chart china_small_enterprise, VAT 13 %, income tax 5 % (小微企业), goods by FIFO. Its statements of January, February and the year 2026
-- stand, worked out by hand, in sql/chinese_company.sql.
SELECT erp.create_company('SL', 'company', '{"name": "示例商贸有限公司", "currency": "CNY", "chart": "china_small_enterprise", "reversal_style": "red_letter"}');
SELECT erp.create_fiscal_year('SL', '2026', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
-- Sub-accounts that 会小企02 tells apart; 5602 and 5603 themselves take the rest.
SELECT erp.put_accounts('SL', 'sub-accounts', '[{"code": "5403.03", "name": "城市维护建设税", "parent": "5403", "class": "expense", "side": "debit"},
	{"code": "5403.07", "name": "教育费附加", "parent": "5403", "class": "expense", "side": "debit"},
	{"code": "5602.02", "name": "业务招待费", "parent": "5602", "class": "expense", "side": "debit"},
	{"code": "5603.01", "name": "利息费用", "parent": "5603", "class": "expense", "side": "debit"}]');
SELECT erp.put_parties('SL', 'parties', '[{"code": "C1", "name": "甲客户", "roles": ["customer"]}, {"code": "C2", "name": "乙客户", "roles": ["customer"]},
	{"code": "C3", "name": "国外客户", "roles": ["customer"]}, {"code": "S1", "name": "甲供应商", "roles": ["supplier"]}, {"code": "S2", "name": "乙供应商", "roles": ["supplier"]}]');
SELECT erp.put_tax_codes('SL', 'taxes', '[{"code": "13", "name": "增值税 13%", "rates": [{"from": "2026-01-01", "rate": 0.13}]}]');
SELECT erp.put_warehouses('SL', 'warehouses', '[{"code": "W", "name": "仓库"}]');
SELECT erp.put_items('SL', 'items', '[{"code": "G", "name": "商品", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_exchange_rates('SL', 'rates', '[{"from": "USD", "to": "CNY", "day": "2026-02-01", "rate": 7.00}, {"from": "USD", "to": "CNY", "day": "2026-02-28", "rate": 7.10},
	{"from": "USD", "to": "CNY", "day": "2026-12-01", "rate": 7.05}, {"from": "USD", "to": "CNY", "day": "2026-12-31", "rate": 7.08}]');

-- The transfers of the chart, but surcharges by sub-account and income tax at the rate of small enterprises of low profit.
SELECT erp.put_transfer_templates('SL', 'transfers', '[
	{"code": "SURCHARGES", "name": "计提附加税", "order": 200, "terms": {"unpaid": {"accounts": ["2221.01.04"], "measure": "net"}},
	 "entries": [{"account": "5403.03", "side": "debit", "formula": "unpaid * 0.07"}, {"account": "5403.07", "side": "debit", "formula": "unpaid * 0.05"},
		{"account": "2221.12", "side": "credit", "formula": "unpaid * 0.07"}, {"account": "2221.13", "side": "credit", "formula": "unpaid * 0.03"},
		{"account": "2221.14", "side": "credit", "formula": "unpaid * 0.02"}]},
	{"code": "INCOME_TAX", "name": "计提企业所得税", "order": 300, "every": "quarter", "parameters": [{"name": "rate", "default": 0.05}], "terms": {
		"income": {"accounts": ["5001", "5051", "5111", "5301"], "measure": "net", "side": "credit", "span": "year", "closing_vouchers": "without"},
		"expense": {"accounts": ["5401", "5402", "5403", "5601", "5602", "5603", "5711"], "measure": "net", "span": "year", "closing_vouchers": "without"},
		"provided": {"accounts": ["5801"], "measure": "net", "span": "year", "closing_vouchers": "without"}},
	 "entries": [{"account": "5801", "side": "debit", "formula": "max((income - expense) * rate, 0) - provided"},
		{"account": "2221.15", "side": "credit", "formula": "max((income - expense) * rate, 0) - provided"}]}]');

-- A voucher of the accountant: [account, debit or nothing, credit or nothing, party or nothing] each line.
CREATE FUNCTION pg_temp.voucher(key text, day date, lines text[]) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('SL', json_build_object('key', $1, 'kind', 'manual_voucher', 'day', $2, 'description', $1, 'lines', (
		SELECT json_agg(json_strip_nulls(json_build_object('account', l[1], 'side', CASE WHEN l[2] <> '' THEN 'debit' ELSE 'credit' END,
			'amount', COALESCE(NULLIF(l[2], ''), l[3])::numeric, 'party', NULLIF(l[4], ''))) ORDER BY n)
		  FROM (SELECT n, ARRAY[lines[n][1], lines[n][2], lines[n][3], lines[n][4]] AS l FROM generate_subscripts(lines, 1) n) t)))
$$;
-- Goods received or sold, a price each; bought goods are billed at once.
CREATE FUNCTION pg_temp.bought(key text, day date, party text, quantity numeric, price numeric) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('SL', json_build_object('key', key || ' 入库', 'kind', 'goods_receipt', 'day', day, 'party', party, 'warehouse', 'W',
		'lines', json_build_array(json_build_object('item', 'G', 'quantity', quantity, 'price', price))));
	SELECT erp.post_document('SL', json_build_object('key', key || ' 发票', 'kind', 'supplier_bill', 'day', day, 'party', party, 'tax_code', '13',
		'lines', json_build_array(json_build_object('role', 'billed', 'item', 'G', 'quantity', quantity, 'price', price,
			'origin', json_build_object('key', key || ' 入库', 'line', 1)))));
$$;
CREATE FUNCTION pg_temp.sold(key text, day date, party text, quantity numeric, price numeric, currency text DEFAULT 'CNY') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('SL', json_strip_nulls(json_build_object('key', key, 'kind', 'sales_invoice', 'day', day, 'party', party, 'warehouse', 'W', 'currency', currency,
		'tax_code', CASE currency WHEN 'CNY' THEN '13' END, 'lines', json_build_array(json_build_object('role', 'sale', 'item', 'G', 'quantity', quantity, 'price', price)))))
$$;
-- Money that comes in or goes out, on account.
CREATE FUNCTION pg_temp.paid(key text, kind text, day date, party text, amount numeric, currency text DEFAULT 'CNY') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('SL', json_build_object('key', key, 'kind', kind, 'day', day, 'party', party, 'currency', currency, 'lines', json_build_array(json_build_object('amount', amount))))
$$;
CREATE FUNCTION pg_temp.offset(key text, day date, party text, variant text, amount numeric) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('SL', json_build_object('key', key, 'kind', 'offset', 'day', day, 'party', party, 'lines', json_build_array(json_build_object('role', variant, 'party', party, 'amount', amount))))
$$;
