-- A company with 100,000 open items in euro, which was revalued in January; February has come to its revaluation. The rival inserts what that of
-- January wrote, rows of the same columns, into tables with the same keys and indexes.
SELECT erp.create_company('ITEMS', 'company', '{"name": "Items", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('ITEMS', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_exchange_rates('ITEMS', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-01-01", "rate": 0.85}, {"from": "EUR", "to": "GBP", "day": "2026-01-31", "rate": 0.87}, {"from": "EUR", "to": "GBP", "day": "2026-02-28", "rate": 0.84}]');
SELECT erp.put_parties('ITEMS', 'parties', (SELECT json_agg(json_build_object('code', 'P' || g, 'name', 'Customer ' || g, 'roles', json_build_array('customer'), 'payment_days', 30)) FROM generate_series(1, 5000) g));
SELECT count(erp.post_documents('ITEMS', (
	SELECT json_agg(json_build_object('key', 'item ' || n, 'kind', 'manual_voucher', 'day', date '2026-01-01' + n % 30, 'currency', 'EUR', 'lines', json_build_array(
		json_build_object('account', '1100', 'side', 'debit', 'amount', amount, 'party', 'P' || 1 + n * 7 % 5000), json_build_object('account', '4100', 'side', 'credit', 'amount', amount))) ORDER BY n)
	FROM generate_series(b * 5000 + 1, b * 5000 + 5000) n, LATERAL (SELECT (1 + n * 7919 % 99999)::numeric / 100 AS amount) a)))
FROM generate_series(0, 19) b;
SELECT erp.close_month('ITEMS', 'january', '{"period": "2026-01"}') ->> 'state' AS january,
	erp.close_month('ITEMS', 'february', '{"period": "2026-02", "up_to": "exchange_rates"}') ->> 'state' AS february;
CREATE SCHEMA rival;
CREATE TABLE rival.written AS SELECT d.company_id, d.document_id FROM erp.document d WHERE d.kind = 'exchange_revaluation';
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY '{document,voucher,voucher_line,voucher_reversal,open_item,settlement,document_line,document_link}'::text[] LOOP
		EXECUTE format('CREATE TABLE rival.%I (LIKE erp.%I INCLUDING ALL EXCLUDING IDENTITY EXCLUDING GENERATED)', name, name);
		EXECUTE format('CREATE TABLE rival.%I AS SELECT t.* FROM erp.%I t JOIN rival.written w ON w.company_id = t.company_id AND w.document_id = t.%I', 'of_' || name, name,
			CASE WHEN name IN ('voucher', 'voucher_line', 'voucher_reversal', 'open_item') THEN 'voucher_id' ELSE 'document_id' END);
	END LOOP;
END
$$;
CREATE FUNCTION rival.write_revaluation() RETURNS void LANGUAGE sql AS $$
	INSERT INTO rival.document SELECT * FROM rival.of_document;
	INSERT INTO rival.document_line SELECT * FROM rival.of_document_line;
	INSERT INTO rival.document_link SELECT * FROM rival.of_document_link;
	INSERT INTO rival.voucher SELECT * FROM rival.of_voucher;
	INSERT INTO rival.voucher_line SELECT * FROM rival.of_voucher_line ORDER BY company_id, voucher_id, line_no;
	INSERT INTO rival.voucher_reversal SELECT * FROM rival.of_voucher_reversal;
	INSERT INTO rival.open_item SELECT * FROM rival.of_open_item ORDER BY company_id, open_item_id;
	INSERT INTO rival.settlement SELECT * FROM rival.of_settlement ORDER BY company_id, settlement_id;
$$;
