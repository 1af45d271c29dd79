-- A small Chinese company and an English one, for the tests of statements. Read into psql with their codes in the variables cn and en; puts into
-- known the position of the seal at the end of January 2026. The figures are worked out where they are compared.
CREATE SCHEMA trial;
CREATE TABLE trial.books AS SELECT :'cn'::text AS cn;
SELECT erp.create_company(:'cn', 'c', '{"name": "青禾商贸有限公司", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year(:'cn', 'y25', '{"code": "2025", "first_day": "2025-01-01"}');
SELECT erp.create_fiscal_year(:'cn', 'y26', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties(:'cn', 'p', '[{"code": "C1", "name": "甲", "roles": ["customer"]}, {"code": "C2", "name": "乙", "roles": ["customer"]},
	{"code": "C3", "name": "丙", "roles": ["customer"]}, {"code": "S1", "name": "丁", "roles": ["supplier"]}, {"code": "S2", "name": "戊", "roles": ["supplier"]},
	{"code": "S3", "name": "己", "roles": ["supplier"]}, {"code": "S4", "name": "庚", "roles": ["supplier"]}]');
SELECT erp.put_dimensions(:'cn', 'd', '[{"code": "DEPT", "name": "部门", "values": [{"code": "N", "name": "北区"}, {"code": "S", "name": "南区"}]},
	{"code": "PROJ", "name": "项目", "values": [{"code": "P", "name": "一期"}]}]');
SELECT erp.create_company(:'en', 'c', '{"name": "Mill & Sons <Ltd>", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year(:'en', 'y', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties(:'en', 'p', '[{"code": "C", "name": "Shop", "roles": ["customer"]}, {"code": "S", "name": "Mill", "roles": ["supplier"]}, {"code": "S2", "name": "Other mill", "roles": ["supplier"]}]');
-- Entries [[account, side, amount, party?]] of one day and one set of dimensions.
CREATE FUNCTION trial.enter(p_company text, p_key text, p_day date, p_entries jsonb, p_dimensions jsonb DEFAULT '{}', p_due date DEFAULT NULL, p_kind text DEFAULT 'manual_voucher')
RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, json_strip_nulls(json_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'due_day', p_due, 'lines', (
		SELECT json_agg(json_build_object('account', e ->> 0, 'side', e ->> 1, 'amount', e -> 2, 'party', e -> 3, 'dimensions', p_dimensions)) FROM jsonb_array_elements(p_entries) e)))) IS NOT NULL
$$;
CREATE FUNCTION trial.book(p_company text, p_key text, p_day date, p_debit text, p_credit text, p_amount numeric, p_dimensions jsonb DEFAULT '{}', p_debtor text DEFAULT NULL,
	p_creditor text DEFAULT NULL, p_due date DEFAULT NULL) RETURNS boolean LANGUAGE sql AS $$
	SELECT trial.enter(p_company, p_key, p_day, jsonb_build_array(jsonb_build_array(p_debit, 'debit', p_amount, p_debtor), jsonb_build_array(p_credit, 'credit', p_amount, p_creditor)), p_dimensions, p_due)
$$;
CREATE FUNCTION trial.transfer(p_key text, p_day date, p_entries jsonb, p_kind text DEFAULT 'profit_transfer') RETURNS boolean LANGUAGE sql AS $$
	SELECT trial.enter((SELECT cn FROM trial.books), p_key, p_day, p_entries, '{}', NULL, p_kind)
$$;
SELECT trial.book(:'cn', 'a1', '2025-12-01', '1002', '3001', 300000);
SELECT trial.book(:'cn', 'a2', '2025-12-10', '1601', '1002', 60000);
SELECT trial.enter(:'cn', 'a3', '2025-12-20', '[["1122", "debit", 11300, "C1"], ["5001", "credit", 10000], ["2221.01.07", "credit", 1300]]');
SELECT trial.book(:'cn', 'a4', '2025-12-30', '5602', '1002', 2000);
SELECT trial.transfer('a5', '2025-12-31', '[["5001", "debit", 10000], ["5602", "credit", 2000], ["3103", "credit", 8000]]');
SELECT trial.transfer('a6', '2025-12-31', '[["3103", "debit", 8000], ["3104.04", "credit", 8000]]', 'year_transfer');
SELECT trial.book(:'cn', 'b1', '2026-01-05', '1403', '2202.01', 20000, '{}', NULL, 'S1');
SELECT trial.book(:'cn', 'b2', '2026-01-08', '4001', '1403', 8000);
SELECT trial.enter(:'cn', 'b3', '2026-01-10', '[["1122", "debit", 22600, "C1"], ["5001", "credit", 20000], ["2221.01.07", "credit", 2600]]', '{"DEPT": "N"}');
SELECT trial.book(:'cn', 'b4', '2026-01-11', '1002', '1122', 4000, '{}', NULL, 'C2');
SELECT trial.book(:'cn', 'b5', '2026-01-12', '1002', '2203', 3000, '{}', NULL, 'C3');
SELECT trial.book(:'cn', 'b6', '2026-01-13', '1123', '1002', 5000, '{}', 'S2');
SELECT trial.book(:'cn', 'b7', '2026-01-14', '1123', '1002', 6000, '{}', 'S3', NULL, '2027-06-30');
SELECT trial.book(:'cn', 'b8', '2026-01-15', '2202.01', '1002', 1500, '{}', 'S4');
SELECT trial.book(:'cn', 'b9', '2026-01-20', '5602', '1002', 3000, '{"DEPT": "N", "PROJ": "P"}');
SELECT trial.book(:'cn', 'b10', '2026-01-20', '5601.02', '1002', 1200, '{"DEPT": "N"}');
SELECT trial.book(:'cn', 'b11', '2026-01-20', '5603', '1002', 100);
SELECT trial.book(:'cn', 'b12', '2026-01-20', '5401', '1403', 9000, '{"DEPT": "S"}');
SELECT trial.book(:'cn', 'b13', '2026-01-31', '5602', '1602', 500, '{"DEPT": "S"}');
SELECT trial.book(:'cn', 'b14', '2026-01-22', '1002', '5301.01', 700);
SELECT trial.book(:'cn', 'b15', '2026-01-23', '5711.04', '1002', 50);
SELECT trial.book(:'cn', 'b16', '2026-01-31', '5403', '2221.12', 240);
SELECT trial.book(:'cn', 'b17', '2026-01-31', '5801', '2221.15', 400);
SELECT erp.seal_documents(:'cn');
SELECT position AS known FROM erp.seal_head(:'cn') \gset
SELECT trial.book(:'cn', 'c1', '2026-02-10', '5602', '1002', 1000, '{"DEPT": "S"}');
SELECT trial.book(:'en', 'e1', '2026-01-02', '1010', '3000', 10000);
SELECT trial.enter(:'en', 'e2', '2026-01-10', '[["1100", "debit", 1200, "C"], ["4000", "credit", 1000], ["2200", "credit", 200]]');
SELECT trial.book(:'en', 'e3', '2026-01-12', '5060', '2000', 400, '{}', NULL, 'S');
SELECT trial.book(:'en', 'e4', '2026-01-20', '6000', '1010', 300);
SELECT trial.book(:'en', 'e5', '2026-01-21', '2000', '1010', 50, '{}', 'S2');
