-- sales: price lists, rules and promotions, by their codes.

CREATE OR REPLACE VIEW erp.price_rule_list AS
SELECT c.code AS company,
	l.code AS price_list,
	m.code AS currency,
	l.tax_included,
	l.priority,
	r.price_rule_id AS rule,
	r.purpose,
	p.code AS party_code,
	r.party_group,
	i.code AS item_code,
	r.item_group,
	u.code AS unit,
	r.min_quantity,
	NULLIF(r.valid_from, '-infinity'::date) AS valid_from,
	NULLIF(r.valid_to, 'infinity'::date) AS valid_to,
	CASE WHEN r.base = 'none'::text AND r.purpose <> 'discount'::text THEN r.price END AS price,
	CASE r.base WHEN 'list'::text THEN b.code WHEN 'cost'::text THEN 'cost'::text END AS base,
	r.percent,
	r.amount,
	r.round_to,
	r.ending,
	r.net,
	NULLIF(r.action, ''::text) AS action,
	l.active AND r.active AS active
FROM erp.company c
JOIN erp.price_list l ON l.company_id = c.company_id
JOIN erp.currency m ON m.currency_id = l.currency_id
JOIN erp.price_rule r ON r.company_id = l.company_id AND r.price_list_id = l.price_list_id
JOIN erp.unit u ON u.unit_id = r.unit_id
LEFT JOIN erp.price_list b ON b.company_id = r.company_id AND b.price_list_id = r.base_list_id
LEFT JOIN erp.party p ON p.company_id = r.company_id AND p.party_id = r.party_id
LEFT JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id;
COMMENT ON VIEW erp.price_rule_list IS 'Rules of price lists; which of those that fit a line counts says erp.put_price_rules().';
COMMENT ON COLUMN erp.price_rule_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.price_rule_list.price_list IS 'Code of the list.';
COMMENT ON COLUMN erp.price_rule_list.currency IS 'Code of its currency.';
COMMENT ON COLUMN erp.price_rule_list.tax_included IS 'Whether its prices are with tax.';
COMMENT ON COLUMN erp.price_rule_list.priority IS 'Of the list: rules of the list with the higher one count.';
COMMENT ON COLUMN erp.price_rule_list.rule IS 'Number of the rule, as erp.price() names it; what was made later has a greater one.';
COMMENT ON COLUMN erp.price_rule_list.purpose IS 'price, discount, floor or cost_stop.';
COMMENT ON COLUMN erp.price_rule_list.party_code IS 'Code of the party that it is for; null: not one alone.';
COMMENT ON COLUMN erp.price_rule_list.party_group IS 'Group of parties that it is for; empty: none.';
COMMENT ON COLUMN erp.price_rule_list.item_code IS 'Code of the item that it is for; null: not one alone.';
COMMENT ON COLUMN erp.price_rule_list.item_group IS 'Group of items that it is for, with those below it; empty: none.';
COMMENT ON COLUMN erp.price_rule_list.unit IS 'Code of the unit of lines that it is for; empty: any, its price is of the item''s own.';
COMMENT ON COLUMN erp.price_rule_list.min_quantity IS 'From which quantity of the line on it counts.';
COMMENT ON COLUMN erp.price_rule_list.valid_from IS 'First day; null: always.';
COMMENT ON COLUMN erp.price_rule_list.valid_to IS 'Last day; null: always.';
COMMENT ON COLUMN erp.price_rule_list.price IS 'Price of one unit; null where it begins from something else.';
COMMENT ON COLUMN erp.price_rule_list.base IS 'What it begins from: the code of a list, or cost; null: nothing.';
COMMENT ON COLUMN erp.price_rule_list.percent IS 'Change of that in percent, or the discount: -10 is ten percent less.';
COMMENT ON COLUMN erp.price_rule_list.amount IS 'Added to one unit after that.';
COMMENT ON COLUMN erp.price_rule_list.round_to IS 'The price is the nearest multiple of it, plus ending; 0: 8 decimals.';
COMMENT ON COLUMN erp.price_rule_list.ending IS 'What the price ends with.';
COMMENT ON COLUMN erp.price_rule_list.net IS 'Whether no discount rule changes it.';
COMMENT ON COLUMN erp.price_rule_list.action IS 'What a price below a floor or cost stop does: warn, approve or refuse; null for prices and discounts.';
COMMENT ON COLUMN erp.price_rule_list.active IS 'Whether list and rule count.';

CREATE OR REPLACE VIEW erp.promotion_list AS
SELECT c.code AS company,
	p.code AS promotion,
	p.name,
	p.kind,
	p.priority,
	p.exclusive_group,
	p.by_code,
	NULLIF(p.valid_from, '-infinity'::date) AS valid_from,
	NULLIF(p.valid_to, 'infinity'::date) AS valid_to,
	p.active,
	NULLIF(p.max_uses, 0) AS max_uses,
	NULLIF(p.max_uses_of_party, 0) AS max_uses_of_party,
	u.uses,
	u.documents
FROM erp.company c
JOIN erp.promotion p ON p.company_id = c.company_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(f.uses), 0::bigint) AS uses, pg_catalog.count(*) AS documents
	FROM erp.promotion_use f
	WHERE f.company_id = p.company_id AND f.promotion_id = p.promotion_id
) u;
COMMENT ON VIEW erp.promotion_list IS 'Promotions, and how often documents have used them.';
COMMENT ON COLUMN erp.promotion_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.promotion_list.promotion IS 'Code of the promotion.';
COMMENT ON COLUMN erp.promotion_list.name IS 'Name of the promotion.';
COMMENT ON COLUMN erp.promotion_list.kind IS 'gift, threshold or bundle.';
COMMENT ON COLUMN erp.promotion_list.priority IS 'They are tried from the highest down, equal ones by code.';
COMMENT ON COLUMN erp.promotion_list.exclusive_group IS 'Of those with the same one only the first that gives something does; empty: it stacks.';
COMMENT ON COLUMN erp.promotion_list.by_code IS 'Whether it counts only where the document gives its code.';
COMMENT ON COLUMN erp.promotion_list.valid_from IS 'First day; null: always.';
COMMENT ON COLUMN erp.promotion_list.valid_to IS 'Last day; null: always.';
COMMENT ON COLUMN erp.promotion_list.active IS 'Whether it counts.';
COMMENT ON COLUMN erp.promotion_list.max_uses IS 'How often it may be used in all; null: no limit.';
COMMENT ON COLUMN erp.promotion_list.max_uses_of_party IS 'How often one party may use it; null: no limit.';
COMMENT ON COLUMN erp.promotion_list.uses IS 'How often it has been used.';
COMMENT ON COLUMN erp.promotion_list.documents IS 'How many documents use it.';
