\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Random rules and lines: the best rule by sorting all rules that fit, one line at a time, in plain SQL that shares nothing with the engine.
SELECT plan(6);
\o /dev/null
SELECT trial.make_company('RANDOM');
SELECT setseed(0.271828);
SELECT erp.put_item_groups('RANDOM', 'tree', '[{"code": "G", "name": "G"}, {"code": "GA", "name": "GA", "parent": "G"}, {"code": "GAA", "name": "GAA", "parent": "GA"}, {"code": "GB", "name": "GB", "parent": "G"}]');
SELECT erp.put_parties('RANDOM', 'groups', '[{"code": "C1", "name": "One", "group": "P1"}, {"code": "C2", "name": "Two", "group": "P1"}, {"code": "C3", "name": "Three", "group": "P2"}, {"code": "S1", "name": "Four"}]');
SELECT erp.put_items('RANDOM', 'more', '[{"code": "I1", "name": "1", "kind": "stock", "method": "fifo", "group": "GAA", "unit": "piece"}, {"code": "I2", "name": "2", "kind": "stock", "method": "fifo", "group": "GA", "unit": "piece"},
	{"code": "I3", "name": "3", "kind": "stock", "method": "moving_average", "group": "GB", "unit": "kg"}, {"code": "I4", "name": "4", "kind": "stock", "method": "fifo", "unit": "kg"}, {"code": "I5", "name": "5", "kind": "service", "group": "NOWHERE"}]');
SELECT trial.receive('RANDOM', 'r' || n, '2009-01-02', 'I' || n, 7, 31 + n) FROM generate_series(1, 3) n;
SELECT erp.put_exchange_rates('RANDOM', 'rate', '[{"from": "USD", "to": "GBP", "day": "2009-01-01", "rate": "0.63"}]');
SELECT erp.put_price_lists('RANDOM', 'l', '[{"code": "L1", "name": "1", "currency": "GBP"}, {"code": "L2", "name": "2", "currency": "GBP", "from": "2009-02-01"}, {"code": "L3", "name": "3", "currency": "GBP", "parties": ["C1"], "party_groups": ["P2"]},
	{"code": "L4", "name": "4", "currency": "GBP", "base_only": true}, {"code": "L5", "name": "5", "currency": "GBP", "priority": 1, "party_groups": ["P1"], "to": "2009-03-31"}, {"code": "L6", "name": "6", "currency": "USD"}, {"code": "L7", "name": "7", "currency": "GBP", "active": false}]');
-- One of the texts, or null with some probability.
CREATE FUNCTION pg_temp.one(p_none double precision, VARIADIC p_texts text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() >= p_none THEN p_texts[1 + floor(random() * cardinality(p_texts))::integer] END
$$;
CREATE TEMP TABLE wanted AS
SELECT n, CASE purpose WHEN 'price' THEN pg_temp.one(0, 'L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7') ELSE pg_temp.one(0, 'L1', 'L2', 'L3') END AS list, purpose,
	CASE whom WHEN 1 THEN pg_temp.one(0, 'C1', 'C2', 'C3', 'S1') END AS party, CASE whom WHEN 2 THEN pg_temp.one(0, 'P1', 'P2') END AS party_group,
	CASE what WHEN 1 THEN pg_temp.one(0, 'I1', 'I2', 'I3', 'I4', 'I5') END AS item, CASE what WHEN 2 THEN pg_temp.one(0, 'G', 'GA', 'GAA', 'GB', 'NOWHERE') END AS item_group,
	pg_temp.one(0.7, 'piece', 'dozen', 'kg', 'g', 'lb') AS unit, pg_temp.one(0.4, '1', '2.5', '10', '100') AS min_quantity, pg_temp.one(0.5, '2009-01-15', '2009-02-15', '2009-03-15') AS "from",
	pg_temp.one(0.7, '2009-03-31', '2009-04-30') AS "to", random() < 0.3 AS net, CASE WHEN purpose IN ('floor', 'cost_stop') THEN pg_temp.one(0, 'warn', 'approve', 'refuse') END AS action,
	floor(random() * 10)::integer AS kind, round((random() * 100)::numeric, 1 + n % 4) AS price, round((random() * 60 - 40)::numeric, 2) AS percent, round((random() * 4 - 2)::numeric, 2) AS amount
FROM (SELECT n, CASE WHEN n % 10 < 6 THEN 'price' WHEN n % 10 < 8 THEN 'discount' WHEN n % 10 = 8 THEN 'floor' ELSE 'cost_stop' END AS purpose, floor(random() * 3)::integer AS whom, floor(random() * 4)::integer AS what
      FROM generate_series(1, 900) n OFFSET 0) s;
-- Lists begin from those behind them only: L1 from L4, L3 from L1, L5 from L3, L6 from L5.
CREATE TEMP VIEW request AS
SELECT DISTINCT ON (list, purpose, party, party_group, item, item_group, unit, min_quantity, "from") n, json_strip_nulls(json_build_object('list', list, 'purpose', purpose, 'party', party, 'party_group', party_group,
	'item', item, 'item_group', item_group, 'unit', unit, 'min_quantity', min_quantity, 'from', "from", 'to', "to", 'net', net, 'action', action,
	'price', CASE WHEN purpose IN ('price', 'floor') AND (kind < 5 OR list IN ('L2', 'L4', 'L7') AND kind < 8) THEN price END,
	'base_list', CASE WHEN purpose IN ('price', 'floor') AND kind BETWEEN 5 AND 7 THEN CASE list WHEN 'L1' THEN 'L4' WHEN 'L3' THEN 'L1' WHEN 'L5' THEN 'L3' WHEN 'L6' THEN 'L5' END END,
	'base', CASE WHEN purpose IN ('price', 'floor') AND kind > 7 THEN 'cost' END,
	'percent', CASE WHEN purpose IN ('discount', 'cost_stop') OR (purpose IN ('price', 'floor') AND (kind > 7 OR kind BETWEEN 5 AND 7 AND list NOT IN ('L2', 'L4', 'L7'))) THEN percent END,
	'amount', CASE WHEN purpose = 'price' AND (kind > 7 OR kind BETWEEN 5 AND 7 AND list NOT IN ('L2', 'L4', 'L7')) THEN amount END,
	'round_to', CASE WHEN purpose = 'price' AND (kind > 7 OR kind = 7 AND list NOT IN ('L2', 'L4', 'L7')) THEN 0.5 END,
	'ending', CASE WHEN purpose = 'price' AND (kind > 8 OR kind = 7 AND list NOT IN ('L2', 'L4', 'L7')) THEN -0.01 END)) AS row
FROM wanted ORDER BY list, purpose, party, party_group, item, item_group, unit, min_quantity, "from", n;
SELECT erp.put_price_rules('RANDOM', 'price rules', (SELECT json_agg(r.row ORDER BY n) FROM request r));

-- The naive derivation.
CREATE TEMP TABLE line AS
SELECT d, n, party, day, item, unit, quantity, i.item_id, i.company_id, CASE i.code WHEN 'I1' THEN '{GAA,GA,G}' WHEN 'I2' THEN '{GA,G}' WHEN 'I3' THEN '{GB,G}' WHEN 'I4' THEN '{}' ELSE '{NOWHERE}' END::text[] AS groups,
	coalesce((SELECT u.unit_id FROM erp.unit u WHERE u.code = unit), i.unit_id) AS unit_id,
	CASE unit WHEN 'dozen' THEN 12 WHEN 'g' THEN 0.001 WHEN 'lb' THEN 0.45359237 ELSE 1 END AS ratio,
	CASE i.code WHEN 'I1' THEN 32 WHEN 'I2' THEN 33 WHEN 'I3' THEN 34 END / 7.0 AS cost
FROM (SELECT d, n, party, day, item, CASE WHEN item IN ('I1', 'I2') THEN pg_temp.one(0.4, 'piece', 'dozen') WHEN item <> 'I5' THEN pg_temp.one(0.4, 'g', 'kg', 'lb') END AS unit,
	CASE WHEN random() < 0.5 THEN floor(random() * 15 + 1) ELSE floor(random() * 3000 + 1) END::numeric AS quantity
	FROM (SELECT d, pg_temp.one(0, 'C1', 'C2', 'C3', 'S1', 'NOBODY') AS party, date '2009-01-05' + floor(random() * 130)::integer AS day FROM generate_series(1, 30) d OFFSET 0) doc,
	     LATERAL (SELECT n, pg_temp.one(0, 'I1', 'I2', 'I3', 'I4', 'I5') AS item FROM generate_series(1, 10 + d - d) n OFFSET 0) l) s
JOIN erp.company c ON c.code = 'RANDOM' JOIN erp.item i ON i.company_id = c.company_id AND i.code = s.item;
-- The quantity of a pound must be an exact one of the kilogram with six decimals: a million of them.
UPDATE line SET quantity = 1000000 WHERE unit = 'lb';

-- What the best rule makes of one unit; `own`: of the item's own unit, else of the line's.
CREATE FUNCTION pg_temp.best(l line, p_purpose text, p_list text, OUT rule bigint, OUT price numeric, OUT own boolean) LANGUAGE plpgsql AS $$
DECLARE
	r record;
	base record;
	value numeric;
BEGIN
	FOR r IN
		SELECT x.*, p.code AS list, b.code AS base_code, c.code AS currency
		  FROM erp.price_rule x JOIN erp.price_list p USING (company_id, price_list_id) JOIN erp.currency c USING (currency_id)
		  LEFT JOIN erp.price_list b ON b.company_id = x.company_id AND b.price_list_id = x.base_list_id
		  LEFT JOIN erp.party y ON y.company_id = x.company_id AND y.code = l.party,
		       LATERAL (SELECT coalesce(max(CASE WHEN a.party_id = y.party_id THEN 2 WHEN a.party_group <> '' AND a.party_group = y.party_group THEN 1 END), CASE WHEN count(*) = 0 THEN 0 END) AS whom
		                  FROM erp.price_list_party a WHERE a.company_id = p.company_id AND a.price_list_id = p.price_list_id) f
		 WHERE x.company_id = l.company_id AND x.purpose = p_purpose AND x.active AND p.active AND l.day BETWEEN x.valid_from AND x.valid_to AND l.day BETWEEN p.valid_from AND p.valid_to
		   AND CASE WHEN p_list IS NULL THEN f.whom IS NOT NULL AND NOT p.base_only AND c.code = 'GBP' ELSE p.code = p_list END
		   AND (x.party_id = 0 OR x.party_id = y.party_id) AND (x.party_group = '' OR x.party_group = y.party_group)
		   AND (x.item_id = 0 OR x.item_id = l.item_id) AND (x.item_group = '' OR x.item_group = ANY (l.groups))
		   AND (x.unit_id = 0 OR x.unit_id = l.unit_id) AND l.quantity * CASE x.unit_id WHEN 0 THEN l.ratio ELSE 1 END >= x.min_quantity
		 ORDER BY p.priority DESC, greatest(CASE WHEN p.base_only OR p_list IS NOT NULL AND c.code <> 'GBP' THEN 0 ELSE f.whom END, CASE WHEN x.party_id <> 0 THEN 2 WHEN x.party_group <> '' THEN 1 ELSE 0 END) DESC,
		       CASE WHEN x.item_id <> 0 THEN 0 ELSE coalesce(array_position(l.groups, x.item_group), 99) END, x.unit_id <> 0 DESC, x.min_quantity DESC, x.valid_from DESC, x.price_rule_id DESC
	LOOP
		value := r.price;
		IF r.base = 'cost' THEN
			value := l.cost * CASE r.unit_id WHEN 0 THEN 1 ELSE l.ratio END;
		ELSIF r.base = 'list' THEN
			base := pg_temp.best(l, 'price', r.base_code);
			value := base.price * CASE WHEN base.own AND r.unit_id <> 0 THEN l.ratio WHEN NOT base.own AND r.unit_id = 0 THEN 1 / l.ratio ELSE 1 END;
		END IF;
		CONTINUE WHEN value IS NULL;
		IF r.base <> 'none' THEN
			value := value * (100 + r.percent) / 100 + r.amount;
			value := greatest(CASE r.round_to WHEN 0 THEN round(value, 8) ELSE round((value - r.ending) / r.round_to) * r.round_to END + r.ending, 0);
		END IF;
		rule := r.price_rule_id;
		price := value;
		own := r.unit_id = 0;
		RETURN;
	END LOOP;
END
$$;
CREATE TEMP TABLE derived AS
SELECT l.d, l.n, l.quantity, p.rule, round(p.price * CASE WHEN p.own THEN l.ratio ELSE 1 END, 8) AS price, CASE WHEN NOT r.net THEN x.rule END AS discount, CASE WHEN NOT r.net THEN y.percent END AS percent,
	f.rule AS floor_rule, round(l.quantity * round(f.price * CASE WHEN f.own THEN l.ratio ELSE 1 END, 8), 2) AS floor, c.rule AS stop_rule, round(l.quantity * round(c.price * CASE WHEN c.own THEN l.ratio ELSE 1 END, 8), 2) AS stop
FROM line l, LATERAL pg_temp.best(l, 'price', NULL) p LEFT JOIN erp.price_rule r ON r.price_rule_id = p.rule,
     LATERAL pg_temp.best(l, 'discount', NULL) x LEFT JOIN erp.price_rule y ON y.price_rule_id = x.rule,
     LATERAL pg_temp.best(l, 'floor', NULL) f, LATERAL pg_temp.best(l, 'cost_stop', NULL) c;
CREATE TEMP TABLE engine AS
SELECT d.d, (v ->> 'line')::integer AS n, v
FROM (SELECT l.d, nullif(l.party, 'NOBODY') AS party, l.day, json_agg(json_strip_nulls(json_build_object('item', l.item, 'quantity', l.quantity, 'unit', l.unit)) ORDER BY l.n) AS lines FROM line l GROUP BY 1, 2, 3) d,
     LATERAL jsonb_array_elements(erp.price('RANDOM', d.party, d.lines, d.day) -> 'lines') v;
CREATE FUNCTION pg_temp.part(v jsonb, p_effect text, p_field text) RETURNS numeric LANGUAGE sql AS $$
	SELECT (r ->> p_field)::numeric FROM jsonb_array_elements(v -> 'rules') r WHERE r ->> 'effect' = p_effect
$$;
\o
SELECT results_eq('SELECT d, n, pg_temp.part(v, ''price'', ''rule'')::bigint, pg_temp.part(v, ''price'', ''price''), pg_temp.part(v, ''discount'', ''rule'')::bigint FROM engine ORDER BY 1, 2',
	'SELECT d, n, rule, price, discount FROM derived ORDER BY 1, 2', 'rule, price and discount of 300 lines');
SELECT results_eq('SELECT d, n, (v ->> ''net'')::numeric FROM engine ORDER BY 1, 2',
	'SELECT d, n, coalesce(round(quantity * price * (100 + coalesce(percent, 0)) / 100, 2), 0) FROM derived ORDER BY 1, 2', 'net amounts, rounded once');
SELECT results_eq($$SELECT d, n, s ->> 'stop', (s ->> 'rule')::bigint, (s ->> 'limit')::numeric FROM engine, jsonb_array_elements(v -> 'stops') s ORDER BY 1, 2, 3$$,
	$$SELECT * FROM (SELECT e.d, e.n, 'floor', floor_rule, floor FROM derived JOIN engine e USING (d, n) WHERE (v ->> 'net')::numeric < floor AND rule IS NOT NULL
		UNION ALL SELECT e.d, e.n, 'cost_stop', stop_rule, stop FROM derived JOIN engine e USING (d, n) WHERE (v ->> 'net')::numeric < stop AND rule IS NOT NULL
		UNION ALL SELECT d, n, 'no_price', NULL, NULL FROM derived WHERE rule IS NULL) x ORDER BY 1, 2, 3$$, 'floors and cost stops');
SELECT is_empty($$SELECT d, n FROM engine WHERE (v ->> 'net')::numeric <> (SELECT coalesce(sum((r ->> 'amount')::numeric), 0) FROM jsonb_array_elements(v -> 'rules') r)$$, 'the effects add up');
SELECT ok((SELECT count(*) FILTER (WHERE rule IS NOT NULL) > 250 AND count(DISTINCT rule) > 60 AND count(discount) > 60 AND count(floor) > 30 AND count(stop) > 30 FROM derived), 'many rules are met');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
