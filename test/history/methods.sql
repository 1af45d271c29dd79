-- Companies of histories of stock: items of one method, and what goes into them or is made of them.

-- ranking: goods are made of those that stand before them, so that no value is its own cause.
CREATE TABLE trial.family (family text PRIMARY KEY, ranking text[] NOT NULL);
INSERT INTO trial.family VALUES ('fifo', '{F,FW,FL}'), ('moving_average', '{A,AW,AL}'), ('monthly_average', '{F,M,A}'), ('specific', '{S,N,FL}'), ('standard', '{F,T,U,A}');

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
CREATE FUNCTION trial.make_method_book(p_company text, p_family text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	b trial.book;
BEGIN
	INSERT INTO trial.book VALUES (p_company, p_seed, p_seed % 2 = 1, false, false, false, 0, 0, false, false, false, false,
		p_family IN ('fifo', 'moving_average') OR p_family IN ('specific', 'standard') AND p_seed % 3 = 0) RETURNING * INTO b;
	PERFORM trial.make_company(p_company, 'GBP', CASE WHEN b.opposite THEN 'opposite_side' ELSE 'red_letter' END);
	PERFORM erp.put_accounts(p_company, 'variance', '[{"code": "5050", "name": "Variances", "class": "expense", "side": "debit"}]');
	PERFORM erp.put_posting_rules(p_company, 'method rules', (
		SELECT json_agg(json_build_object('kind', kind, 'line_role', line_role, 'amount_role', amount_role, 'side', side, 'account', account)) FROM trial.method_rule));
	PERFORM erp.put_items(p_company, 'method items', (SELECT json_agg(json_build_object('code', item, 'name', item, 'kind', 'stock', 'method', method, 'cost_pool', pool, 'tracking', tracking))
		FROM trial.goods WHERE item NOT IN ('F', 'A', 'FW', 'AW')));
	IF b.below_zero THEN
		PERFORM erp.put_company(p_company, 'below zero', '{"negative_stock": true}');
	END IF;
END
$$;
