-- What a receipt before the 280,000 moves makes the engine write; the rival of writing that again.
SELECT erp.post_document('BENCH', '{"key": "recost first", "kind": "stock_gain", "day": "2026-01-01", "lines": [{"item": "I1001", "quantity": 5, "cost": 61}]}');
CREATE TABLE rival.recost_document AS SELECT d.* FROM erp.document d WHERE d.kind = 'cost_adjustment';
CREATE TABLE rival.recost_document_line AS SELECT l.* FROM erp.document_line l JOIN rival.recost_document USING (company_id, document_id);
CREATE TABLE rival.recost_document_link AS SELECT l.* FROM erp.document_link l JOIN rival.recost_document USING (company_id, document_id);
CREATE TABLE rival.recost_voucher AS SELECT v.* FROM erp.voucher v JOIN rival.recost_document d USING (company_id, document_id);
CREATE TABLE rival.recost_voucher_line AS SELECT l.* FROM erp.voucher_line l JOIN rival.recost_voucher USING (company_id, voucher_id);
CREATE TABLE rival.recost_entry AS SELECT e.* FROM erp.cost_entry e WHERE e.cause = 'replay';
CREATE TABLE rival.kept_document (LIKE erp.document INCLUDING ALL);
CREATE TABLE rival.kept_document_line (LIKE erp.document_line INCLUDING ALL);
CREATE TABLE rival.kept_document_link (LIKE erp.document_link INCLUDING ALL);
CREATE TABLE rival.kept_voucher (LIKE erp.voucher INCLUDING ALL);
CREATE TABLE rival.kept_voucher_line (LIKE erp.voucher_line INCLUDING ALL);
CREATE TABLE rival.kept_entry (LIKE erp.cost_entry INCLUDING ALL);
CREATE FUNCTION rival.write_recost() RETURNS void LANGUAGE sql AS $$
	INSERT INTO rival.kept_document SELECT * FROM rival.recost_document;
	INSERT INTO rival.kept_document_line SELECT * FROM rival.recost_document_line;
	INSERT INTO rival.kept_document_link SELECT * FROM rival.recost_document_link;
	INSERT INTO rival.kept_voucher SELECT * FROM rival.recost_voucher;
	INSERT INTO rival.kept_voucher_line SELECT * FROM rival.recost_voucher_line;
	INSERT INTO rival.kept_entry SELECT * FROM rival.recost_entry;
$$;
