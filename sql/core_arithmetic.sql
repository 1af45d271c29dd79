\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
BEGIN;
-- The engine's arithmetic in 128-bit integers against numeric's own, and the canonical form of JSON against jsonb's equality.
SELECT plan(43);
\o /dev/null
SELECT setseed(0.5);
-- Any length of digits up to the given one, with any number of decimals up to the scale.
CREATE FUNCTION pg_temp.any_number(p_digits integer, p_scale integer) RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < 0.5 THEN -1 ELSE 1 END
		* trunc((random()::numeric + random()::numeric / 1e15) * 10 ^ (random() * p_digits)::integer) / 10 ^ p_scale
$$;
\o

-- round_amount
CREATE TEMP TABLE sample AS
	SELECT trunc(pg_temp.any_number(15 + s, s), s) AS value, s AS scale, d AS decimals
	FROM (SELECT (random() * 14)::integer AS s, (random() * 4)::integer AS d FROM generate_series(1, 100000)) x;
-- Exact halves, which random numbers miss.
INSERT INTO sample
	SELECT (n + 0.5) / 10 ^ d, d + 1, d FROM generate_series(-1000, 1000) n, generate_series(0, 4) d;
SELECT is(count(*), 110005::bigint, 'cases of rounding') FROM sample;
SELECT cmp_ok(count(*), '>', 20000::bigint, 'of which many lie beyond 64 bits') FROM sample WHERE abs(value) * 10 ^ 14 > 9223372036854775807;
SELECT is(count(*), 0::bigint, 'round_amount() rounds as round() does') FROM sample
	WHERE erp.round_amount(value, decimals) IS DISTINCT FROM round(value, decimals);
SELECT is(count(*), 0::bigint, 'and shows as many decimals as asked for') FROM sample
	WHERE scale(erp.round_amount(value, decimals)) <> decimals;
SELECT is(erp.round_amount(2.345, 2), 2.35, '2.345 is 2.35');
SELECT is(erp.round_amount(-2.345, 2), -2.35, '-2.345 is -2.35');
SELECT is(erp.round_amount(-0.004, 2)::text, '0.00', '-0.004 is 0.00 without a sign');
SELECT is(erp.round_amount(999999999999999.9999, 4)::text, '999999999999999.9999', 'the greatest amount is left alone');
SELECT is(erp.round_amount(-999999999999999.9999, 4)::text, '-999999999999999.9999', 'and the least');
SELECT is(erp.round_amount(NULL, 2), NULL, 'of NULL it is NULL');
SELECT throws_ok('SELECT erp.round_amount(999999999999999.99995, 4)', '22003', 'rounded amount is out of range', 'rounded beyond the greatest amount');
SELECT throws_ok('SELECT erp.round_amount(1e15, 2)', '22003', 'rounded amount is out of range', 'beyond the greatest amount');
SELECT throws_ok('SELECT erp.round_amount(1e300, 2)', '22003', 'number is not exact within 14 decimals', 'far beyond it');
SELECT throws_ok('SELECT erp.round_amount(1e-15, 2)', '22003', 'number is not exact within 14 decimals', '15 decimals');
SELECT throws_ok('SELECT erp.round_amount(''NaN'', 2)', '22003', 'number is not exact within 14 decimals', 'NaN');
SELECT throws_ok('SELECT erp.round_amount(''-Infinity'', 2)', '22003', 'number is not exact within 14 decimals', 'infinity');
SELECT throws_ok('SELECT erp.round_amount(1, 5)', '22023', 'decimals of a currency must be between 0 and 4', '5 decimals');
SELECT throws_ok('SELECT erp.round_amount(1, -1)', '22023', 'decimals of a currency must be between 0 and 4', '-1 decimals');

-- allocate: lines of up to 8 weights of either sign whose sum is not zero
CREATE TEMP TABLE shares AS
	SELECT n, total, decimals, weights, erp.allocate(total, weights, decimals) AS parts
	FROM (SELECT n, decimals, round(pg_temp.any_number(12, 4), decimals) AS total,
			(SELECT array_agg(round(pg_temp.any_number(9, 6), 6)) FROM generate_series(1, 1 + n % 8)) AS weights
		FROM (SELECT n, (random() * 4)::integer AS decimals FROM generate_series(1, 20000) n) x) y
	WHERE (SELECT sum(w) FROM unnest(weights) w) <> 0;
SELECT cmp_ok(count(*), '>', 19000::bigint, 'cases of allocation') FROM shares;
SELECT is(count(*), 0::bigint, 'there is a part for each weight') FROM shares WHERE cardinality(parts) <> cardinality(weights);
SELECT is(count(*), 0::bigint, 'the parts add up to the total') FROM shares
	WHERE (SELECT sum(p) FROM unnest(parts) p) IS DISTINCT FROM total;
-- |part - total x weight / sum| < unit, multiplied out so that nothing is divided
SELECT is(count(*), 0::bigint, 'every part lies less than a unit from its exact share') FROM shares,
	LATERAL (SELECT sum(w) AS s FROM unnest(weights) w) x, ROWS FROM (unnest(parts), unnest(weights)) AS y (part, weight)
	WHERE abs(part * s - total * weight) >= abs(s) / 10 ^ decimals;
SELECT is(count(*), 0::bigint, 'the parts of the negated total are the negated parts') FROM shares
	WHERE erp.allocate(-total, weights, decimals) IS DISTINCT FROM (SELECT array_agg(-p ORDER BY o) FROM unnest(parts) WITH ORDINALITY x (p, o));
SELECT is(erp.allocate(100, '{1,1,1}', 2), '{33.34,33.33,33.33}'::numeric[], 'of equal remainders the earliest gets the unit');
SELECT is(erp.allocate(10, '{1,2,4}', 0), '{1,3,6}'::numeric[], '1.43, 2.86 and 5.71 are 1, 3 and 6');
SELECT is(erp.allocate(10, '{3,-1}', 2), '{15.00,-5.00}'::numeric[], 'weights of mixed sign');
SELECT throws_ok('SELECT erp.allocate(1.001, ''{1}'', 2)', '22023', 'total has more than 2 decimals', 'a total with more decimals');
SELECT throws_ok('SELECT erp.allocate(1, ''{1,-1}'', 2)', '22023', 'weights must not add up to zero', 'weights that add up to zero');
SELECT throws_ok('SELECT erp.allocate(1, ''{1,NULL}'', 2)', '22004', 'a weight must not be null', 'a weight that is NULL');
SELECT throws_ok('SELECT erp.allocate(1, ''{}'', 2)', '2202E', NULL, 'no weights');
SELECT throws_ok('SELECT erp.allocate(1, ''{{1},{2}}'', 2)', '2202E', NULL, 'two dimensions');
SELECT throws_ok('SELECT erp.allocate(1e15, ''{1}'', 2)', '22003', 'total is out of range', 'a total beyond the greatest amount');
SELECT throws_ok('SELECT erp.allocate(999999999999999, ''{1e20,1}'', 2)', '22003', 'an amount or a quantity is out of range', 'a product beyond 128 bits');

-- canonical_json
CREATE TEMP TABLE document AS
	SELECT n, format('{%s : [%s, %s], %s: %s}', CASE WHEN n % 3 = 0 THEN '"\u0061"' ELSE '"a"' END, a, b, '"b"', c) AS one,
		format('{"b": %s ,"a":[%s,%s]}', c2, a2, b2) AS other
	FROM generate_series(1, 20000) n,
		LATERAL (SELECT v[1 + (random() * 11)::integer % 12] AS a, v[1 + (random() * 11)::integer % 12] AS a2,
				v[1 + n % 2] AS b, v[1 + n % 2 + (random() * 2)::integer] AS b2, v[9 + n % 4] AS c, v[9 + n % 4] AS c2
			FROM (SELECT ARRAY['1', '1.0', '1.00', '10e-1', '0', '-0.0', '100', '1e2', '"x"', '"\u0078"', '"é"', 'null'] AS v) w) x;
SELECT cmp_ok(count(*) FILTER (WHERE one::jsonb = other::jsonb), '>', 2000::bigint, 'many pairs of documents are equal') FROM document;
SELECT is(count(*), 0::bigint, 'two documents have the same canonical text exactly if jsonb finds them equal') FROM document
	WHERE (erp_private.canonical_json(one::json) = erp_private.canonical_json(other::json)) <> (one::jsonb = other::jsonb);
SELECT is(count(*), 0::bigint, 'the canonical text is the same document') FROM document
	WHERE erp_private.canonical_json(one::json)::jsonb <> one::jsonb;
SELECT is(erp_private.canonical_json('{"b": 1.50, "a": ["\u00e9\n", 1e2, -0]}'), '{"a":["é\u000a",100,0],"b":1.5}', 'as it is written');
SELECT is(erp_private.canonical_json('1e300'), '1e300', 'a great number keeps an exponent');
SELECT throws_ok($$SELECT erp_private.canonical_json('{"a": 1, "a": 1}')$$, 'LE010', 'invalid JSON document: key "a" is given twice', 'a key given twice');
SELECT throws_ok($$SELECT erp_private.canonical_json(('["\u0000"]')::json)$$, 'LE010', NULL, 'a zero character');
SELECT throws_ok($$SELECT erp_private.canonical_json((repeat('[', 17) || repeat(']', 17))::json)$$, 'LE010', 'invalid JSON document: nested deeper than 16 levels', '17 levels');
SELECT throws_ok($$SELECT erp_private.canonical_json('1e10000')$$, 'LE010', 'invalid JSON document: exponent of number lies beyond 9999', 'a huge exponent');
SELECT throws_ok(format('SELECT erp_private.canonical_json(%L)', repeat('1', 41)), 'LE010', 'invalid JSON document: number has more than 40 significant digits', '41 digits');
SELECT * FROM finish();
ROLLBACK;
