-- 10,000 price rules over 1,000 items in 20 groups: 4 quantities of each, 3 groups of parties, prices of single parties, discounts and cost stops of the groups.
SELECT erp.put_items('BENCH', 'priced items', (SELECT json_agg(json_build_object('code', 'P' || g, 'name', 'item ' || g, 'kind', 'stock', 'group', 'PG' || g % 20)) FROM generate_series(1, 1000) g));
SELECT erp.put_parties('BENCH', 'priced parties', (SELECT json_agg(json_build_object('code', 'PP' || g, 'name', 'party ' || g, 'roles', json_build_array('customer'), 'group', 'GROUP' || g % 5)) FROM generate_series(1, 200) g));
SELECT erp.put_price_lists('BENCH', 'price list', '[{"code": "STD", "name": "Standard", "currency": "GBP"}]');
SELECT erp.put_price_rules('BENCH', 'price rules', (SELECT json_agg(r) FROM (
	SELECT json_build_object('list', 'STD', 'item', 'P' || g, 'min_quantity', q * 10, 'price', 20 + g % 13 - q) FROM generate_series(1, 1000) g, generate_series(0, 3) q
	UNION ALL SELECT json_build_object('list', 'STD', 'item', 'P' || g, 'party_group', 'GROUP' || p, 'price', 18 + g % 13) FROM generate_series(1, 1000) g, generate_series(0, 2) p
	UNION ALL SELECT json_build_object('list', 'STD', 'item', 'P' || g, 'party', 'PP' || (g * 7 + p * 31) % 200 + 1, 'price', 15 + g % 13) FROM generate_series(1, 987) g, generate_series(1, 3) p WHERE g < 987 OR p < 3
	UNION ALL SELECT json_build_object('list', 'STD', 'item_group', 'PG' || g, 'purpose', 'discount', 'percent', -g - 1) FROM generate_series(0, 19) g
	UNION ALL SELECT json_build_object('list', 'STD', 'item_group', 'PG' || g, 'purpose', 'cost_stop', 'percent', 5, 'action', 'warn') FROM generate_series(0, 19) g) s (r)));

-- The rival has the same rules, and finds the best price and the best discount of each line by a lateral subquery.
CREATE TABLE rival.price_request AS
	SELECT json_agg(json_build_object('item', 'P' || g, 'quantity', g % 40 + 1) ORDER BY g) AS lines FROM generate_series(1, 1000) g;
CREATE TABLE rival.price_item AS
	SELECT i.item_id, i.code, i.item_group FROM erp.item i JOIN erp.company c USING (company_id) WHERE c.code = 'BENCH';
CREATE UNIQUE INDEX ON rival.price_item (code);
CREATE TABLE rival.price_rule AS
	SELECT r.price_rule_id, r.item_id, r.item_group, r.party_id, r.party_group, r.purpose, r.min_quantity, r.valid_from, r.valid_to, r.price, r.percent, l.priority
	  FROM erp.price_rule r JOIN erp.price_list l USING (company_id, price_list_id) JOIN erp.company c USING (company_id) WHERE c.code = 'BENCH';
ALTER TABLE rival.price_rule ADD PRIMARY KEY (price_rule_id);
CREATE INDEX ON rival.price_rule (item_id, item_group, party_id, party_group);
CREATE TABLE rival.price_party AS
	SELECT p.party_id, p.code, p.party_group FROM erp.party p JOIN erp.company c USING (company_id) WHERE c.code = 'BENCH';
CREATE UNIQUE INDEX ON rival.price_party (code);
CREATE FUNCTION rival.price(party text, lines json, day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_agg(jsonb_build_object('item', l.item, 'price', p.price, 'rule', p.price_rule_id, 'discount', d.price_rule_id,
		'net', round(l.quantity * p.price * (100 + coalesce(d.percent, 0)) / 100, 2)) ORDER BY l.n)
	  FROM (SELECT e.n, e.value ->> 'item' AS item, (e.value ->> 'quantity')::numeric AS quantity FROM json_array_elements(lines) WITH ORDINALITY e (value, n)) l
	  JOIN rival.price_item i ON i.code = l.item
	  JOIN rival.price_party y ON y.code = $1
	  LEFT JOIN LATERAL (
		SELECT r.price_rule_id, r.price FROM rival.price_rule r
		 WHERE (r.item_id, r.item_group) IN ((i.item_id, ''), (0, i.item_group), (0, '')) AND r.party_id IN (0, y.party_id) AND r.party_group IN ('', y.party_group)
		   AND r.purpose = 'price' AND r.min_quantity <= l.quantity AND $3 BETWEEN r.valid_from AND r.valid_to
		 ORDER BY r.priority DESC, r.party_id <> 0 DESC, r.party_group <> '' DESC, r.item_id <> 0 DESC, r.item_group <> '' DESC, r.min_quantity DESC, r.valid_from DESC, r.price_rule_id DESC
		 LIMIT 1) p ON true
	  LEFT JOIN LATERAL (
		SELECT r.price_rule_id, r.percent FROM rival.price_rule r
		 WHERE (r.item_id, r.item_group) IN ((i.item_id, ''), (0, i.item_group), (0, '')) AND r.party_id IN (0, y.party_id) AND r.party_group IN ('', y.party_group)
		   AND r.purpose = 'discount' AND r.min_quantity <= l.quantity AND $3 BETWEEN r.valid_from AND r.valid_to
		 ORDER BY r.priority DESC, r.party_id <> 0 DESC, r.party_group <> '' DESC, r.item_id <> 0 DESC, r.item_group <> '' DESC, r.min_quantity DESC, r.valid_from DESC, r.price_rule_id DESC
		 LIMIT 1) d ON true
$$;
