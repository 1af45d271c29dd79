-- The large parts of what the engine's side begins with, in transactions of about 20,000 lines: a row that one transaction
-- changes 300 times has 300 versions, which all that reads it meanwhile must pass.
CREATE SCHEMA fill;

-- 300 layers of 10 of each of 1,000 items, and one that does not end.
CREATE PROCEDURE fill.post_layers(prefix text) LANGUAGE plpgsql AS $$
BEGIN
	FOR start IN 1 .. 301 BY 20 LOOP
		PERFORM erp.post_documents('BENCH', (
			SELECT json_agg(json_build_object('key', prefix || ' layer ' || l, 'kind', 'goods_receipt', 'day', '2026-01-01', 'party', 'S', 'lines', (
				SELECT json_agg(json_build_object('item', prefix || i, 'quantity', CASE WHEN l > 300 THEN 9997000 ELSE 10 END, 'price', 10))
				FROM generate_series(1, 1000) i)) ORDER BY l)
			FROM generate_series(start, LEAST(start + 19, 301)) l));
		COMMIT;
		IF start % 100 = 1 THEN
			RAISE NOTICE 'items %: % of 301 layers', prefix, LEAST(start + 19, 301);
		END IF;
	END LOOP;
END
$$;

-- 280,000 moves of one item: a gain of 10 and a loss of 7 in turn.
CREATE PROCEDURE fill.post_tail() LANGUAGE plpgsql AS $$
BEGIN
	FOR start IN 1 .. 700 BY 50 LOOP
		PERFORM erp.post_documents('BENCH', (
			SELECT json_agg(json_build_object('key', 'tail ' || d, 'kind', 'sales_invoice', 'day', '2026-01-02',
				'time', to_char(time '00:00' + d * interval '1 minute', 'HH24:MI:SS'), 'party', 'C', 'lines', (
				SELECT json_agg(CASE g % 2 WHEN 1 THEN json_build_object('item', 'I1001', 'role', 'gain', 'quantity', 10, 'cost', 100 + g % 37)
					ELSE json_build_object('item', 'I1001', 'role', 'loss', 'quantity', 7) END)
				FROM generate_series(1, 400) g)) ORDER BY d)
			FROM generate_series(start, start + 49) d));
		COMMIT;
		IF start % 200 = 1 THEN
			RAISE NOTICE 'one item: % of 280,000 moves', (start + 49) * 400;
		END IF;
	END LOOP;
END
$$;
