-- A company with a year's book of vouchers of four lines: a customer, a revenue by department and product, an expense by
-- department, a bank. What is common is more common than what is not; one voucher in ten is up to ten days late.
SELECT erp.create_company('BOOK', 'company', '{"name": "Book", "currency": "GBP"}');
SELECT erp.create_fiscal_year('BOOK', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_accounts('BOOK', 'accounts', (SELECT json_agg(a) FROM (
	SELECT json_build_object('code', '1100', 'name', 'Receivables', 'class', 'asset', 'side', 'debit', 'control', 'receivable') UNION ALL
	SELECT json_build_object('code', 'C' || g, 'name', 'Bank ' || g, 'class', 'asset', 'side', 'debit') FROM generate_series(1, 10) g UNION ALL
	SELECT json_build_object('code', 'R' || g, 'name', 'Revenue ' || g, 'class', 'revenue', 'side', 'credit') FROM generate_series(1, 50) g UNION ALL
	SELECT json_build_object('code', 'E' || g, 'name', 'Expense ' || g, 'class', 'expense', 'side', 'debit') FROM generate_series(1, 100) g) t (a)));
SELECT erp.put_parties('BOOK', 'parties', (SELECT json_agg(json_build_object('code', 'P' || g, 'name', 'Customer ' || g, 'roles', json_build_array('customer'))) FROM generate_series(1, 5000) g));
SELECT erp.put_dimensions('BOOK', 'dimensions', (SELECT json_agg(json_build_object('code', d, 'name', d, 'values', v)) FROM (
	SELECT 'DEPT', json_agg(json_build_object('code', 'D' || g, 'name', 'Department ' || g)) FROM generate_series(0, 9) g UNION ALL
	SELECT 'PRODUCT', json_agg(json_build_object('code', 'I' || g, 'name', 'Product ' || g)) FROM generate_series(0, 49) g) t (d, v)));

CREATE SCHEMA book;
-- Two halves of the vouchers, in the order of the year, and which is the next of each.
CREATE TABLE book.progress (part integer PRIMARY KEY, first bigint NOT NULL, last bigint NOT NULL, next bigint NOT NULL);
INSERT INTO book.progress SELECT p, 1 + (p - 1) * (:size / 8), p * (:size / 8), 1 + (p - 1) * (:size / 8) FROM generate_series(1, 2) p;
-- Posts what is left of a part, 5,000 a transaction; folds every tenth of them.
CREATE PROCEDURE book.post(part integer) LANGUAGE plpgsql AS $$
DECLARE
	half record;
	vouchers bigint := (SELECT max(last) FROM book.progress);
BEGIN
	SELECT * INTO half FROM book.progress p WHERE p.part = post.part;
	FOR start IN half.next .. half.last BY 5000 LOOP
		PERFORM setseed(start::float8 / vouchers);
		PERFORM erp.post_documents('BOOK', (
			SELECT json_agg(json_build_object('key', 'book ' || n, 'kind', 'manual_voucher',
				'day', date '2026-01-01' + GREATEST(365 * (n - 1) / vouchers - CASE WHEN late < 0.1 THEN late * 100 ELSE 0 END, 0)::integer % 365,
				'lines', json_build_array(
					json_build_object('account', '1100', 'side', 'debit', 'amount', amount, 'party', 'P' || 1 + floor(5000 * party * party)),
					json_build_object('account', 'R' || 1 + product, 'side', 'credit', 'amount', amount, 'dimensions', json_build_object('DEPT', 'D' || department, 'PRODUCT', 'I' || product)),
					json_build_object('account', 'E' || 1 + floor(100 * expense * expense), 'side', 'debit', 'amount', amount, 'dimensions', json_build_object('DEPT', 'D' || department)),
					json_build_object('account', 'C' || 1 + floor(10 * party), 'side', 'credit', 'amount', amount))) ORDER BY n)
			FROM (
				SELECT d.*, 5 * d.department + d.of_department AS product
				FROM (
					SELECT g.n, random() AS party, random() AS expense, random() AS late, (1 + floor(random() * 99999))::numeric / 100 AS amount,
						floor(10 * random())::integer AS department, floor(5 * random())::integer AS of_department
					FROM generate_series(start, LEAST(start + 4999, half.last)) AS g (n)
				) d
			) v));
		UPDATE book.progress p SET next = start + 5000 WHERE p.part = post.part;
		COMMIT;
		IF (start - half.first) / 5000 % 10 = 9 THEN
			RAISE NOTICE 'half %: % of % vouchers', part, start - half.first + 5000, half.last - half.first + 1;
			PERFORM erp.fold_balances('BOOK');
			COMMIT;
		END IF;
	END LOOP;
END
$$;
