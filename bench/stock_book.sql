-- A company with a year of moves of 1,000 items by FIFO in two warehouses: what comes in goes out again, a little less of it. Documents have
-- 50 lines: a receipt, then an issue of the same items from the same place.
SELECT erp.create_company('STOCK', 'company', '{"name": "Stock", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('STOCK', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('STOCK', 'parties', '[{"code": "S", "name": "Supplier", "roles": ["supplier"]}]');
SELECT erp.put_warehouses('STOCK', 'warehouses', '[{"code": "WEST", "name": "West"}]');
SELECT erp.put_items('STOCK', 'items', (SELECT json_agg(json_build_object('code', 'I' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'fifo')) FROM generate_series(1, 1000) g));

CREATE SCHEMA book;
-- Two halves of the items, so that neither waits for the other's, each with its pairs of documents, and which is the next of each.
CREATE TABLE book.progress (part integer PRIMARY KEY, last bigint NOT NULL, next bigint NOT NULL);
INSERT INTO book.progress SELECT p, :size / 200, 1 FROM generate_series(1, 2) p;
-- Posts what is left of a part, 50 pairs a transaction; folds every twentieth of them.
CREATE PROCEDURE book.post(part integer) LANGUAGE plpgsql AS $$
DECLARE
	half record;
BEGIN
	SELECT * INTO half FROM book.progress p WHERE p.part = post.part;
	FOR start IN half.next .. half.last BY 50 LOOP
		PERFORM erp.post_documents('STOCK', (
			SELECT json_agg(json_strip_nulls(json_build_object('key', k.kind || part || ' ' || g.n, 'kind', k.kind, 'day', date '2026-01-01' + (364 * (g.n - 1) / half.last)::integer,
				'party', k.party, 'warehouse', CASE (g.n / 10) % 2 WHEN 0 THEN 'MAIN' ELSE 'WEST' END,
				'lines', (
					SELECT json_agg(json_strip_nulls(json_build_object('item', 'I' || 500 * (part - 1) + (g.n - 1) % 10 * 50 + i, 'quantity', k.quantity,
						'price', CASE k.kind WHEN 'goods_receipt' THEN 10 + (g.n + i) % 7 END)))
					FROM generate_series(1, 50) i))) ORDER BY g.n, k.kind DESC)
			FROM generate_series(start, LEAST(start + 49, half.last)) AS g (n)
			CROSS JOIN (VALUES ('goods_receipt', 'S', 10), ('free_issue', NULL, 9)) AS k (kind, party, quantity)));
		UPDATE book.progress p SET next = start + 50 WHERE p.part = post.part;
		COMMIT;
		IF start / 50 % 20 = 19 OR start + 50 > half.last THEN
			RAISE NOTICE 'half %: % of % moves', part, LEAST(start + 49, half.last) * 100, half.last * 100;
			PERFORM erp.fold_balances('STOCK');
			COMMIT;
		END IF;
	END LOOP;
END
$$;
