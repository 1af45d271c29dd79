-- Companies of histories of stock: items of one method, and what goes into them or is made of them.

-- ranking: goods are made of those that stand before them, so that no value is its own cause. Nothing is made to standard cost: usage variances are not derived.
CREATE TABLE trial.family (family text PRIMARY KEY, ranking text[] NOT NULL);
INSERT INTO trial.family VALUES ('fifo', '{F,FW,FL}'), ('moving_average', '{A,AW,AL}'), ('monthly_average', '{F,M,A}'), ('specific', '{S,N,FL}'), ('standard', '{T,U,F,A}');

INSERT INTO trial.goods VALUES ('M', 'monthly_average', 'company', 'none'), ('S', 'specific', 'lot', 'lot'), ('N', 'specific', 'lot', 'serial'), ('FL', 'fifo', 'lot', 'lot'),
	('AL', 'moving_average', 'company', 'lot'), ('T', 'standard', 'company', 'none'), ('U', 'standard', 'company', 'none');

CREATE TABLE trial.method_rule (LIKE trial.rule INCLUDING ALL);
INSERT INTO trial.method_rule (kind, line_role, amount_role, side, account) VALUES
	('goods_receipt', 'receipt', 'price_variance', 'debit', '5050'),
	('standard_revaluation', 'standard_cost', 'inventory', 'debit', '1200'),
	('standard_revaluation', 'standard_cost', 'cost', 'debit', '5050');

CREATE OR REPLACE VIEW trial.every_rule AS SELECT * FROM trial.rule UNION ALL SELECT * FROM trial.money_rule UNION ALL SELECT * FROM trial.method_rule;

CREATE FUNCTION trial.family_of(p_company text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT lower(regexp_replace(p_company, '-.*', '')) $$;

CREATE FUNCTION trial.ranking_of(p_company text) RETURNS text[]
LANGUAGE sql STABLE AS $$ SELECT f.ranking FROM trial.family f WHERE f.family = trial.family_of(p_company) $$;

-- By FIFO and moving average stock goes below zero, which the other histories do not allow; by the others in some companies.
-- A few calls, since there are many of them.
CREATE FUNCTION trial.make_method_book(p_company text, p_family text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	b trial.book;
BEGIN
	INSERT INTO trial.book VALUES (p_company, p_seed, p_seed % 2 = 1, false, false, false, 0, 0, false, false, false, false,
		p_family IN ('fifo', 'moving_average') OR p_family IN ('specific', 'standard') AND p_seed % 3 = 0) RETURNING * INTO b;
	PERFORM erp.create_company(p_company, 'company', json_build_object('name', 'Trial', 'currency', 'GBP', 'reversal_style', CASE WHEN b.opposite THEN 'opposite_side' ELSE 'red_letter' END));
	PERFORM erp.create_fiscal_year(p_company, 'year 2009', '{"code": "2009", "first_day": "2009-01-01", "months": 12}');
	PERFORM erp.create_fiscal_year(p_company, 'year 2010', '{"code": "2010", "first_day": "2010-01-01", "months": 12}');
	PERFORM erp.put_accounts(p_company, 'accounts', '[{"code": "1100", "name": "Receivables", "class": "asset", "side": "debit", "control": "receivable"},
		{"code": "1200", "name": "Inventory", "class": "asset", "side": "debit", "control": "inventory"},
		{"code": "1210", "name": "Inventory of group B", "class": "asset", "side": "debit", "control": "inventory"},
		{"code": "1250", "name": "Work in progress", "class": "asset", "side": "debit"},
		{"code": "2150", "name": "Goods received, not billed", "class": "liability", "side": "credit", "control": "accrued_payable"},
		{"code": "4000", "name": "Goods", "class": "revenue", "side": "credit"},
		{"code": "5000", "name": "Cost of sales", "class": "expense", "side": "debit"},
		{"code": "5050", "name": "Variances", "class": "expense", "side": "debit"},
		{"code": "5100", "name": "Free goods", "class": "expense", "side": "debit"},
		{"code": "5200", "name": "Stock losses", "class": "expense", "side": "debit"},
		{"code": "5300", "name": "Stock gains", "class": "expense", "side": "credit"}]');
	PERFORM erp.put_warehouses(p_company, 'warehouses', '[{"code": "NORTH", "name": "North"}]');
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
	PERFORM erp.put_items(p_company, 'items', (SELECT json_agg(json_build_object('code', item, 'name', item, 'kind', 'stock', 'method', method, 'cost_pool', pool, 'tracking', tracking,
		'group', CASE WHEN item LIKE '%W' THEN 'B' ELSE 'A' END)) FROM trial.goods));
	PERFORM erp.put_posting_rules(p_company, 'rules', (SELECT json_agg(json_strip_nulls(json_build_object('kind', r.kind, 'line_role', r.line_role, 'amount_role', r.amount_role,
		'item_group', nullif(r.item_group, ''), 'side', r.side, 'account', r.account))) FROM (SELECT * FROM trial.rule UNION ALL SELECT * FROM trial.method_rule) r
		WHERE r.account IN ('1100', '1200', '1210', '1250', '2150', '4000', '5000', '5050', '5100', '5200', '5300')));
	IF b.below_zero THEN
		PERFORM erp.put_company(p_company, 'below zero', '{"negative_stock": true}');
	END IF;
END
$$;
