-- ledger: accounts, journal, open items.
-- debit and credit are in the company's currency; a red-letter amount is negative on its own side.

CREATE OR REPLACE VIEW erp.account_list AS
SELECT c.company,
	a.code AS account_code,
	a.name AS account_name,
	h.code AS parent_code,
	a.class,
	a.normal_side,
	a.control,
	a.postable,
	a.active,
	a.money
FROM erp_private.company_money c
JOIN erp.account a ON a.company_id = c.company_id
LEFT JOIN erp.account h ON h.company_id = a.company_id AND h.account_id = a.parent_account_id;

COMMENT ON VIEW erp.account_list IS 'The chart of accounts of each company.';
COMMENT ON COLUMN erp.account_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.account_list.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.account_list.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.account_list.parent_code IS 'Code of the account above it.';
COMMENT ON COLUMN erp.account_list.class IS 'asset, liability, equity, cost, revenue, expense or none.';
COMMENT ON COLUMN erp.account_list.normal_side IS 'Side on which the balance normally stands: debit or credit.';
COMMENT ON COLUMN erp.account_list.control IS 'Subledger that keeps the account: none, receivable, payable, accrued_payable, open_items or inventory.';
COMMENT ON COLUMN erp.account_list.postable IS 'False for a heading.';
COMMENT ON COLUMN erp.account_list.active IS 'False for an account that takes no new lines.';
COMMENT ON COLUMN erp.account_list.money IS 'Whether it is of money: none, cash or bank.';

CREATE OR REPLACE VIEW erp.journal AS
SELECT c.company,
	v.voucher_id,
	n.number AS voucher_number,
	v.day,
	d.kind AS document_kind,
	d.key AS document_key,
	d.reference,
	l.line_no,
	a.code AS account_code,
	a.name AS account_name,
	pg_catalog.round(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END, c.decimals) AS debit,
	pg_catalog.round(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END, c.decimals) AS credit,
	p.code AS party_code,
	p.name AS party_name,
	m.code AS currency,
	pg_catalog.round(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END, m.decimals) AS currency_debit,
	pg_catalog.round(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END, m.decimals) AS currency_credit,
	COALESCE(NULLIF(l.summary, ''), v.summary) AS summary,
	l.due_day,
	y.code AS period,
	d.document_id,
	d.recorded_at,
	d.recorded_by::pg_catalog.name AS recorded_by,
	NULLIF(w.code, '') AS voucher_word
FROM erp_private.company_money c
JOIN erp.account a ON a.company_id = c.company_id
JOIN erp.voucher_line l ON l.company_id = a.company_id AND l.account_id = a.account_id
JOIN erp.voucher v ON v.company_id = l.company_id AND v.voucher_id = l.voucher_id
JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.voucher_id
JOIN erp.currency m ON m.currency_id = l.currency_id
LEFT JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id
LEFT JOIN erp.period y ON y.company_id = v.company_id AND y.period_id = v.period_id
LEFT JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id AND p.party_id <> 0
LEFT JOIN erp_private.number_text n ON n.company_id = v.company_id AND n.document_id = v.document_id
	AND n.voucher_id = v.voucher_id AND n.target = 'voucher';

COMMENT ON VIEW erp.journal IS 'The journal: every voucher line with its voucher and document. Order by day, voucher_id, line_no.';
COMMENT ON COLUMN erp.journal.company IS 'Code of the company.';
COMMENT ON COLUMN erp.journal.voucher_id IS 'Identity of the voucher.';
COMMENT ON COLUMN erp.journal.voucher_number IS 'Gapless number of the voucher within its word; null until it is assigned.';
COMMENT ON COLUMN erp.journal.day IS 'Day of the voucher.';
COMMENT ON COLUMN erp.journal.document_kind IS 'Kind of the document that posted it.';
COMMENT ON COLUMN erp.journal.document_key IS 'Key of the document that posted it.';
COMMENT ON COLUMN erp.journal.reference IS 'Reference of the document.';
COMMENT ON COLUMN erp.journal.line_no IS 'Line within the voucher, from 1.';
COMMENT ON COLUMN erp.journal.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.journal.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.journal.debit IS 'Debit in the company''s currency; negative when red-letter.';
COMMENT ON COLUMN erp.journal.credit IS 'Credit in the company''s currency; negative when red-letter.';
COMMENT ON COLUMN erp.journal.party_code IS 'Code of the party; null without one.';
COMMENT ON COLUMN erp.journal.party_name IS 'Name of the party; null without one.';
COMMENT ON COLUMN erp.journal.currency IS 'Currency of currency_debit and currency_credit.';
COMMENT ON COLUMN erp.journal.currency_debit IS 'Debit in the line''s own currency.';
COMMENT ON COLUMN erp.journal.currency_credit IS 'Credit in the line''s own currency.';
COMMENT ON COLUMN erp.journal.summary IS 'Summary of the line, or of its voucher.';
COMMENT ON COLUMN erp.journal.due_day IS 'Day on which a receivable or payable falls due.';
COMMENT ON COLUMN erp.journal.period IS 'Code of the period.';
COMMENT ON COLUMN erp.journal.document_id IS 'Identity of the document.';
COMMENT ON COLUMN erp.journal.recorded_at IS 'When the document was recorded.';
COMMENT ON COLUMN erp.journal.recorded_by IS 'Role that recorded the document.';
COMMENT ON COLUMN erp.journal.voucher_word IS 'Word that the voucher is numbered under; null without one.';

CREATE OR REPLACE VIEW erp.subsidiary_ledger AS
SELECT j.company,
	j.account_code,
	j.account_name,
	j.party_code,
	j.party_name,
	j.day,
	j.voucher_id,
	j.voucher_number,
	j.line_no,
	j.document_kind,
	j.document_key,
	j.reference,
	j.summary,
	j.debit,
	j.credit,
	pg_catalog.sum(j.debit - j.credit) OVER (
		PARTITION BY j.company, j.account_code, j.party_code
		ORDER BY j.day, j.voucher_id, j.line_no
	) AS balance,
	j.due_day
FROM erp.journal j;

COMMENT ON VIEW erp.subsidiary_ledger IS 'Lines of each account and party with their running balance. Order by account_code, party_code, day, voucher_id, line_no.';
COMMENT ON COLUMN erp.subsidiary_ledger.company IS 'Code of the company.';
COMMENT ON COLUMN erp.subsidiary_ledger.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.subsidiary_ledger.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.subsidiary_ledger.party_code IS 'Code of the party; null for lines without one.';
COMMENT ON COLUMN erp.subsidiary_ledger.party_name IS 'Name of the party; null for lines without one.';
COMMENT ON COLUMN erp.subsidiary_ledger.day IS 'Day of the voucher.';
COMMENT ON COLUMN erp.subsidiary_ledger.voucher_id IS 'Identity of the voucher.';
COMMENT ON COLUMN erp.subsidiary_ledger.voucher_number IS 'Gapless number of the voucher; null until it is assigned.';
COMMENT ON COLUMN erp.subsidiary_ledger.line_no IS 'Line within the voucher.';
COMMENT ON COLUMN erp.subsidiary_ledger.document_kind IS 'Kind of the document that posted it.';
COMMENT ON COLUMN erp.subsidiary_ledger.document_key IS 'Key of the document that posted it.';
COMMENT ON COLUMN erp.subsidiary_ledger.reference IS 'Reference of the document.';
COMMENT ON COLUMN erp.subsidiary_ledger.summary IS 'Summary of the line, or of its voucher.';
COMMENT ON COLUMN erp.subsidiary_ledger.debit IS 'Debit in the company''s currency; negative when red-letter.';
COMMENT ON COLUMN erp.subsidiary_ledger.credit IS 'Credit in the company''s currency; negative when red-letter.';
COMMENT ON COLUMN erp.subsidiary_ledger.balance IS 'Balance of the account and party after the line, in the company''s currency; debit positive.';
COMMENT ON COLUMN erp.subsidiary_ledger.due_day IS 'Day on which a receivable or payable falls due.';

CREATE OR REPLACE VIEW erp.open_items_by_party AS
SELECT c.company,
	p.code AS party_code,
	p.name AS party_name,
	a.control,
	a.code AS account_code,
	d.kind AS document_kind,
	d.key AS document_key,
	d.reference,
	o.day,
	o.due_day,
	m.code AS currency,
	pg_catalog.round(o.amount, m.decimals) AS amount,
	pg_catalog.round(COALESCE(s.amount, 0), m.decimals) AS settled,
	pg_catalog.round(o.amount - COALESCE(s.amount, 0), m.decimals) AS open_amount,
	pg_catalog.round(o.company_amount - COALESCE(s.company_amount, 0), c.decimals) AS company_open_amount,
	o.open_item_id,
	o.voucher_id,
	o.line_no,
	NULLIF(y.code, '') AS payment_terms,
	NULLIF(o.instalment_no, 0) AS instalment_no
FROM erp_private.company_money c
JOIN erp.open_item o ON o.company_id = c.company_id
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.account a ON a.company_id = o.company_id AND a.account_id = o.account_id
JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
JOIN erp.currency m ON m.currency_id = o.currency_id
LEFT JOIN erp.payment_terms y ON y.company_id = o.company_id AND y.payment_terms_id = o.payment_terms_id
LEFT JOIN LATERAL (
	SELECT pg_catalog.sum(t.amount) AS amount, pg_catalog.sum(t.company_amount) AS company_amount
	FROM (
		SELECT e.amount, e.company_amount
		FROM erp.settlement e
		WHERE e.company_id = o.company_id AND e.debit_open_item_id = o.open_item_id
		UNION ALL
		SELECT -e.amount, -e.company_amount
		FROM erp.settlement e
		WHERE e.company_id = o.company_id AND e.credit_open_item_id = o.open_item_id
	) t
) s ON true
WHERE o.amount <> COALESCE(s.amount, 0) OR o.company_amount <> COALESCE(s.company_amount, 0);

COMMENT ON VIEW erp.open_items_by_party IS 'Receivables and payables that are not settled; debit positive (owed to the company), credit negative.';
COMMENT ON COLUMN erp.open_items_by_party.company IS 'Code of the company.';
COMMENT ON COLUMN erp.open_items_by_party.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.open_items_by_party.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.open_items_by_party.control IS 'receivable, payable, accrued_payable or open_items.';
COMMENT ON COLUMN erp.open_items_by_party.account_code IS 'Code of the control account.';
COMMENT ON COLUMN erp.open_items_by_party.document_kind IS 'Kind of the document that opened it.';
COMMENT ON COLUMN erp.open_items_by_party.document_key IS 'Key of the document that opened it.';
COMMENT ON COLUMN erp.open_items_by_party.reference IS 'Reference of the document.';
COMMENT ON COLUMN erp.open_items_by_party.day IS 'Day of the voucher.';
COMMENT ON COLUMN erp.open_items_by_party.due_day IS 'Day on which it falls due.';
COMMENT ON COLUMN erp.open_items_by_party.currency IS 'Currency of amount, settled and open_amount.';
COMMENT ON COLUMN erp.open_items_by_party.amount IS 'Amount as posted.';
COMMENT ON COLUMN erp.open_items_by_party.settled IS 'Part of it that is settled, with the same sign.';
COMMENT ON COLUMN erp.open_items_by_party.open_amount IS 'What is left.';
COMMENT ON COLUMN erp.open_items_by_party.company_open_amount IS 'What is left, in the company''s currency.';
COMMENT ON COLUMN erp.open_items_by_party.open_item_id IS 'Identity of the open item.';
COMMENT ON COLUMN erp.open_items_by_party.voucher_id IS 'Identity of the voucher that opened it.';
COMMENT ON COLUMN erp.open_items_by_party.line_no IS 'Line of that voucher.';
COMMENT ON COLUMN erp.open_items_by_party.payment_terms IS 'Code of its payment terms; null without any.';
COMMENT ON COLUMN erp.open_items_by_party.instalment_no IS 'Which instalment of them it is; null: not parted.';

-- What a settlement names is looked up by its key, row by row: joined, it is read through company_id alone where statistics are missing.
CREATE OR REPLACE VIEW erp.settlement_list AS
SELECT c.company,
	s.settlement_id,
	s.day,
	(
		SELECT h.key
		FROM erp.document_link n
		CROSS JOIN LATERAL (SELECT t.key FROM erp.document t WHERE t.company_id = n.company_id AND t.document_id = n.target_document_id OFFSET 0) h
		WHERE n.company_id = s.company_id AND n.document_id = s.document_id AND n.line_no = 0 AND n.link = 'settles'
		LIMIT 1
	) AS call_key,
	(SELECT p.code FROM erp.party p WHERE p.company_id = o.company_id AND p.party_id = o.party_id) AS party_code,
	(SELECT a.code FROM erp.account a WHERE a.company_id = o.company_id AND a.account_id = o.account_id) AS account_code,
	(SELECT d.key FROM erp.document d WHERE d.company_id = o.company_id AND d.document_id = o.document_id) AS debit_document_key,
	(SELECT k.key FROM erp.document k WHERE k.company_id = q.company_id AND k.document_id = q.document_id) AS credit_document_key,
	m.code AS currency,
	pg_catalog.round(s.amount, m.decimals) AS amount,
	pg_catalog.round(s.company_amount, c.decimals) AS company_amount,
	CASE WHEN s.reverses_settlement_id <> 0 THEN 'undone'
		WHEN (SELECT t.kind FROM erp.document t WHERE t.company_id = s.company_id AND t.document_id = s.document_id) <> 'settlement' THEN 'reversal'
		ELSE COALESCE((
			SELECT l.line_role
			FROM (VALUES (o.document_id, o.voucher_id, o.line_no), (q.document_id, q.voucher_id, q.line_no)) AS i (document_id, voucher_id, line_no)
			CROSS JOIN LATERAL (SELECT t.document_line_no FROM erp.voucher_line t WHERE t.company_id = s.company_id AND t.voucher_id = i.voucher_id AND t.line_no = i.line_no OFFSET 0) v
			CROSS JOIN LATERAL (SELECT t.line_role FROM erp.document_line t WHERE t.company_id = s.company_id AND t.document_id = s.document_id AND t.line_no = v.document_line_no OFFSET 0) l
			WHERE i.document_id = s.document_id
			LIMIT 1
		), 'settlement') END AS reason,
	(
		SELECT u.settlement_id
		FROM erp.settlement u
		WHERE u.company_id = s.company_id AND u.reverses_settlement_id = s.settlement_id AND u.reverses_settlement_id <> 0
	) AS undone_by_settlement_id,
	NULLIF(s.reverses_settlement_id, 0) AS reverses_settlement_id,
	NULLIF(s.follows_settlement_id, 0) AS follows_settlement_id,
	s.document_id,
	s.debit_open_item_id,
	s.credit_open_item_id,
	pg_catalog.trim_scale(NULLIF(s.terms_percent, 0)) AS terms_percent
FROM erp_private.company_money c
JOIN erp.settlement s ON s.company_id = c.company_id
CROSS JOIN LATERAL (
	SELECT t.company_id, t.document_id, t.voucher_id, t.line_no, t.party_id, t.account_id, t.currency_id
	FROM erp.open_item t WHERE t.company_id = s.company_id AND t.open_item_id = s.debit_open_item_id OFFSET 0
) o
CROSS JOIN LATERAL (
	SELECT t.company_id, t.document_id, t.voucher_id, t.line_no
	FROM erp.open_item t WHERE t.company_id = s.company_id AND t.open_item_id = s.credit_open_item_id OFFSET 0
) q
JOIN erp.currency m ON m.currency_id = o.currency_id;

COMMENT ON VIEW erp.settlement_list IS 'Settlements of open items, and what undid them; of a meeting of two open items, the row and what follows from it.';
COMMENT ON COLUMN erp.settlement_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.settlement_list.settlement_id IS 'Identity of the settlement.';
COMMENT ON COLUMN erp.settlement_list.day IS 'Day from which it counts.';
COMMENT ON COLUMN erp.settlement_list.call_key IS 'Key of the call, or of the payment, that settled; null for a reversal.';
COMMENT ON COLUMN erp.settlement_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.settlement_list.account_code IS 'Code of the control account.';
COMMENT ON COLUMN erp.settlement_list.debit_document_key IS 'Key of the document that opened the debit item.';
COMMENT ON COLUMN erp.settlement_list.credit_document_key IS 'Key of the document that opened the credit item.';
COMMENT ON COLUMN erp.settlement_list.currency IS 'Currency of amount.';
COMMENT ON COLUMN erp.settlement_list.amount IS 'Amount that both items are settled by; negative when undone.';
COMMENT ON COLUMN erp.settlement_list.company_amount IS 'The same in the company''s currency.';
COMMENT ON COLUMN erp.settlement_list.reason IS 'settlement, discount, discount_tax, write_off or exchange_difference; undone, or reversal of a document.';
COMMENT ON COLUMN erp.settlement_list.undone_by_settlement_id IS 'The settlement that undid this one, if any.';
COMMENT ON COLUMN erp.settlement_list.reverses_settlement_id IS 'The settlement that this one undoes, if any.';
COMMENT ON COLUMN erp.settlement_list.follows_settlement_id IS 'The settlement that this one follows from, if any.';
COMMENT ON COLUMN erp.settlement_list.document_id IS 'Identity of its document.';
COMMENT ON COLUMN erp.settlement_list.debit_open_item_id IS 'Identity of the debit item.';
COMMENT ON COLUMN erp.settlement_list.credit_open_item_id IS 'Identity of the credit item.';
COMMENT ON COLUMN erp.settlement_list.terms_percent IS 'Of a discount by payment terms: the per cent that they gave; null for any other.';

CREATE OR REPLACE VIEW erp.receivables AS
SELECT o.company,
	o.party_code AS customer_code,
	o.party_name AS customer_name,
	o.due_day,
	o.currency,
	pg_catalog.sum(o.open_amount) AS open_amount,
	pg_catalog.sum(o.company_open_amount) AS company_open_amount,
	pg_catalog.count(*) AS open_items
FROM erp.open_items_by_party o
WHERE o.control = 'receivable'
GROUP BY o.company, o.party_code, o.party_name, o.due_day, o.currency;

COMMENT ON VIEW erp.receivables IS 'What customers owe, by customer and due day; what is owed to a customer is negative.';
COMMENT ON COLUMN erp.receivables.company IS 'Code of the company.';
COMMENT ON COLUMN erp.receivables.customer_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.receivables.customer_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.receivables.due_day IS 'Day on which it falls due.';
COMMENT ON COLUMN erp.receivables.currency IS 'Currency of open_amount.';
COMMENT ON COLUMN erp.receivables.open_amount IS 'Open amount, in that currency.';
COMMENT ON COLUMN erp.receivables.company_open_amount IS 'Open amount, in the company''s currency.';
COMMENT ON COLUMN erp.receivables.open_items IS 'Number of open items behind it.';

CREATE OR REPLACE VIEW erp.correction_list AS
SELECT c.company,
	l.link,
	d.key AS document_key,
	NULLIF(dw.code, '') AS voucher_word,
	dn.number AS voucher_number,
	dv.day,
	dv.summary,
	t.key AS corrected_key,
	NULLIF(tw.code, '') AS corrected_word,
	tn.number AS corrected_number,
	tv.day AS corrected_day
FROM erp_private.company_money c
JOIN erp.document_link l ON l.company_id = c.company_id AND l.link IN ('reverses', 'corrects')
JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id
JOIN erp.document t ON t.company_id = l.company_id AND t.document_id = l.target_document_id
LEFT JOIN erp.voucher dv ON dv.company_id = d.company_id AND dv.voucher_id = d.document_id
LEFT JOIN erp.voucher_word dw ON dw.company_id = dv.company_id AND dw.voucher_word_id = dv.voucher_word_id
LEFT JOIN erp_private.number_text dn ON dn.company_id = dv.company_id AND dn.document_id = dv.document_id
	AND dn.voucher_id = dv.voucher_id AND dn.target = 'voucher'
LEFT JOIN erp.voucher tv ON tv.company_id = t.company_id AND tv.voucher_id = t.document_id
LEFT JOIN erp.voucher_word tw ON tw.company_id = tv.company_id AND tw.voucher_word_id = tv.voucher_word_id
LEFT JOIN erp_private.number_text tn ON tn.company_id = tv.company_id AND tn.document_id = tv.document_id
	AND tn.voucher_id = tv.voucher_id AND tn.target = 'voucher';

COMMENT ON VIEW erp.correction_list IS 'What takes back or corrects what, readable from both ends: reversals, supplementary vouchers, and cost adjustments with the document that brought them about. Numbers as they are by now.';
COMMENT ON COLUMN erp.correction_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.correction_list.link IS 'reverses or corrects.';
COMMENT ON COLUMN erp.correction_list.document_key IS 'Key of the document that takes back or corrects.';
COMMENT ON COLUMN erp.correction_list.voucher_word IS 'Word of its voucher; null without one.';
COMMENT ON COLUMN erp.correction_list.voucher_number IS 'Number of its voucher; null until it is assigned.';
COMMENT ON COLUMN erp.correction_list.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.correction_list.summary IS 'What its voucher says.';
COMMENT ON COLUMN erp.correction_list.corrected_key IS 'Key of the document that is taken back or corrected.';
COMMENT ON COLUMN erp.correction_list.corrected_word IS 'Word of that one''s voucher; null without one.';
COMMENT ON COLUMN erp.correction_list.corrected_number IS 'Number of that one''s voucher; null until it is assigned.';
COMMENT ON COLUMN erp.correction_list.corrected_day IS 'Day of that one''s voucher.';

CREATE OR REPLACE VIEW erp.credit_warning_list AS
SELECT c.company,
	d.key AS document_key,
	d.kind AS document_kind,
	d.day,
	p.code AS party_code,
	p.name AS party_name,
	pg_catalog.round(w.exposure, c.decimals) AS exposure,
	pg_catalog.round(w.credit_limit, c.decimals) AS credit_limit,
	pg_catalog.round(w.exposure - w.credit_limit, c.decimals) AS excess,
	d.recorded_by::pg_catalog.name AS recorded_by,
	d.recorded_at,
	d.document_id
FROM erp_private.company_money c
JOIN erp.credit_warning w ON w.company_id = c.company_id
JOIN erp.document d ON d.company_id = w.company_id AND d.document_id = w.document_id
JOIN erp.party p ON p.company_id = w.company_id AND p.party_id = w.party_id;

COMMENT ON VIEW erp.credit_warning_list IS 'Sales that took their party above its credit limit, where that is only warned of; one row a document and party. Order by document_id.';
COMMENT ON COLUMN erp.credit_warning_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.credit_warning_list.document_key IS 'Key of the document.';
COMMENT ON COLUMN erp.credit_warning_list.document_kind IS 'Its kind.';
COMMENT ON COLUMN erp.credit_warning_list.day IS 'Day that it belongs to.';
COMMENT ON COLUMN erp.credit_warning_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.credit_warning_list.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.credit_warning_list.exposure IS 'What the party owed on receivable accounts with this document, in the company''s currency.';
COMMENT ON COLUMN erp.credit_warning_list.credit_limit IS 'Its credit limit then, in the company''s currency.';
COMMENT ON COLUMN erp.credit_warning_list.excess IS 'exposure - credit_limit.';
COMMENT ON COLUMN erp.credit_warning_list.recorded_by IS 'Role that posted it all the same.';
COMMENT ON COLUMN erp.credit_warning_list.recorded_at IS 'When that was.';
COMMENT ON COLUMN erp.credit_warning_list.document_id IS 'Identity of the document.';
