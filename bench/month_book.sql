-- A company with a month of vouchers of four lines, as those of book.sql, that are folded, numbered and sealed as jobs do it; only the
-- close is left. It has money in ten banks, one of them in euro, and transfers its profit each month.
SELECT erp.create_company('MONTH', 'company', '{"name": "Month", "currency": "GBP", "chart": "english"}');
SELECT erp.put_company('MONTH', 'monthly', '{"profit_transfer": "month"}');
SELECT erp.create_fiscal_year('MONTH', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_exchange_rates('MONTH', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-01-01", "rate": 0.85}, {"from": "EUR", "to": "GBP", "day": "2026-01-31", "rate": 0.87}]');
SELECT erp.put_accounts('MONTH', 'accounts', (SELECT json_agg(a) FROM (
	SELECT json_build_object('code', 'C' || g, 'name', 'Bank ' || g, 'class', 'asset', 'side', 'debit', 'money', 'bank') FROM generate_series(1, 10) g UNION ALL
	SELECT json_build_object('code', 'R' || g, 'name', 'Revenue ' || g, 'class', 'revenue', 'side', 'credit') FROM generate_series(1, 50) g UNION ALL
	SELECT json_build_object('code', 'E' || g, 'name', 'Expense ' || g, 'class', 'expense', 'side', 'debit') FROM generate_series(1, 100) g) t (a)));
SELECT erp.put_parties('MONTH', 'parties', (SELECT json_agg(json_build_object('code', 'P' || g, 'name', 'Customer ' || g, 'roles', json_build_array('customer'))) FROM generate_series(1, 5000) g));
SELECT erp.put_dimensions('MONTH', 'dimensions', (SELECT json_agg(json_build_object('code', d, 'name', d, 'values', v)) FROM (
	SELECT 'DEPT', json_agg(json_build_object('code', 'D' || g, 'name', 'Department ' || g)) FROM generate_series(0, 9) g UNION ALL
	SELECT 'PRODUCT', json_agg(json_build_object('code', 'I' || g, 'name', 'Product ' || g)) FROM generate_series(0, 49) g) t (d, v)));

CREATE SCHEMA book;
-- Two halves of the vouchers, in the order of the month, and which is the next of each.
CREATE TABLE book.progress (part integer PRIMARY KEY, first bigint NOT NULL, last bigint NOT NULL, next bigint NOT NULL);
INSERT INTO book.progress SELECT p, 1 + (p - 1) * (:size / 8), p * (:size / 8), 1 + (p - 1) * (:size / 8) FROM generate_series(1, 2) p;
-- Posts what is left of a part, 5,000 a transaction; folds, numbers and seals every tenth of them, and at the end.
CREATE PROCEDURE book.post(part integer) LANGUAGE plpgsql AS $$
DECLARE
	half record;
	vouchers bigint := (SELECT max(last) FROM book.progress);
BEGIN
	SELECT * INTO half FROM book.progress p WHERE p.part = post.part;
	FOR start IN half.next .. half.last BY 5000 LOOP
		PERFORM setseed(start::float8 / vouchers);
		PERFORM erp.post_documents('MONTH', (
			SELECT json_agg(json_build_object('key', 'month ' || n, 'kind', 'manual_voucher', 'day', date '2026-01-01' + (31 * (n - 1) / vouchers)::integer,
				'lines', json_build_array(
					json_build_object('account', '1100', 'side', 'debit', 'amount', amount, 'party', 'P' || 1 + floor(5000 * party * party)),
					json_build_object('account', 'R' || 1 + product, 'side', 'credit', 'amount', amount, 'dimensions', json_build_object('DEPT', 'D' || department, 'PRODUCT', 'I' || product)),
					json_build_object('account', 'E' || 1 + floor(100 * expense * expense), 'side', 'debit', 'amount', amount, 'dimensions', json_build_object('DEPT', 'D' || department)),
					json_build_object('account', 'C' || 1 + floor(10 * party), 'side', 'credit', 'amount', amount))) ORDER BY n)
			FROM (
				SELECT d.*, 5 * d.department + d.of_department AS product
				FROM (
					SELECT g.n, random() AS party, random() AS expense, (1 + floor(random() * 99999))::numeric / 100 AS amount,
						floor(10 * random())::integer AS department, floor(5 * random())::integer AS of_department
					FROM generate_series(start, LEAST(start + 4999, half.last)) AS g (n)
				) d
			) v));
		UPDATE book.progress p SET next = start + 5000 WHERE p.part = post.part;
		COMMIT;
		IF (start - half.first) / 5000 % 10 = 9 OR start + 5000 > half.last THEN
			RAISE NOTICE 'half %: % of % vouchers', part, LEAST(start - half.first + 5000, half.last - half.first + 1), half.last - half.first + 1;
			PERFORM erp.fold_balances('MONTH');
			COMMIT;
			PERFORM erp.assign_numbers('MONTH');
			COMMIT;
			CALL erp.run_seal('MONTH');
			COMMIT;
		END IF;
	END LOOP;
END
$$;
