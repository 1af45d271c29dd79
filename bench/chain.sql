-- A company whose 20,000 vouchers are sealed and verified.
SELECT erp.create_fiscal_year('CHAIN', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_accounts('CHAIN', 'accounts', (SELECT json_agg(json_build_object('code', 'B' || g, 'name', 'account ' || g, 'class', 'asset', 'side', 'debit')) FROM generate_series(1, 1000) g));
SELECT count(*) FROM jsonb_array_elements(erp.post_documents('CHAIN', (SELECT json_agg(json_build_object('key', doc::text, 'kind', 'manual_voucher', 'day', day, 'lines', lines) ORDER BY doc)
  FROM (SELECT doc, min(day) AS day, json_agg(json_build_object('account', 'B' || account_id, 'side', CASE WHEN amount > 0 THEN 'debit' ELSE 'credit' END, 'amount', abs(amount)) ORDER BY line) AS lines
          FROM rival.inbox GROUP BY doc) i)));
