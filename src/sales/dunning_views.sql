-- sales: dunning as people read it.

CREATE OR REPLACE VIEW erp.dunning_letter_list AS
SELECT c.company,
	d.key AS call_key,
	t.letter_no,
	p.code AS party_code,
	p.name AS party_name,
	t.day,
	t.level,
	m.code AS currency,
	pg_catalog.round(t.open_amount, m.decimals::integer) AS open_amount,
	pg_catalog.round(t.fee, m.decimals::integer) AS fee,
	pg_catalog.round(t.interest, m.decimals::integer) AS interest,
	i.key AS invoice_key,
	t.body,
	t.state,
	NULLIF(t.reason, ''::text) AS reason
FROM erp_private.company_money c
JOIN erp.dunning_letter t ON t.company_id = c.company_id
JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
JOIN erp.party p ON p.company_id = t.company_id AND p.party_id = t.party_id
JOIN erp.currency m ON m.currency_id = t.currency_id
LEFT JOIN erp.document i ON i.company_id = t.company_id AND i.document_id = t.invoice_document_id AND t.invoice_document_id <> 0;

COMMENT ON VIEW erp.dunning_letter_list IS 'Letters that asked customers to pay what was overdue.';
COMMENT ON COLUMN erp.dunning_letter_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.dunning_letter_list.call_key IS 'Key of the call that made it.';
COMMENT ON COLUMN erp.dunning_letter_list.letter_no IS 'Its number in that call.';
COMMENT ON COLUMN erp.dunning_letter_list.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.dunning_letter_list.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.dunning_letter_list.day IS 'Day of the letter.';
COMMENT ON COLUMN erp.dunning_letter_list.level IS 'The highest level of its lines.';
COMMENT ON COLUMN erp.dunning_letter_list.currency IS 'Currency of its amounts.';
COMMENT ON COLUMN erp.dunning_letter_list.open_amount IS 'What was overdue and asked for.';
COMMENT ON COLUMN erp.dunning_letter_list.fee IS 'Fee of the letter.';
COMMENT ON COLUMN erp.dunning_letter_list.interest IS 'Interest on its lines.';
COMMENT ON COLUMN erp.dunning_letter_list.invoice_key IS 'Key of the invoice of fee and interest; null: they are not billed.';
COMMENT ON COLUMN erp.dunning_letter_list.body IS 'What is printed; empty without a template.';
COMMENT ON COLUMN erp.dunning_letter_list.state IS 'issued, or taken_back: its debts are at the level before then.';
COMMENT ON COLUMN erp.dunning_letter_list.reason IS 'Why it was taken back; null if it was not.';

CREATE OR REPLACE VIEW erp.dunning_item_list AS
SELECT c.company,
	d.key AS call_key,
	t.letter_no,
	p.code AS party_code,
	t.day,
	n.key AS document_key,
	o.due_day,
	l.days_overdue,
	l.level,
	m.code AS currency,
	pg_catalog.round(l.open_amount, m.decimals::integer) AS open_amount,
	l.interest_from,
	l.interest_percent,
	pg_catalog.round(l.interest, m.decimals::integer) AS interest,
	l.open_item_id,
	l.taken_back
FROM erp_private.company_money c
JOIN erp.dunning_letter t ON t.company_id = c.company_id
JOIN erp.dunning_letter_line l ON l.company_id = t.company_id AND l.document_id = t.document_id AND l.letter_no = t.letter_no
JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
JOIN erp.party p ON p.company_id = t.company_id AND p.party_id = t.party_id
JOIN erp.currency m ON m.currency_id = t.currency_id
JOIN erp.open_item o ON o.company_id = l.company_id AND o.open_item_id = l.open_item_id
JOIN erp.document n ON n.company_id = o.company_id AND n.document_id = o.document_id;

COMMENT ON VIEW erp.dunning_item_list IS 'Debts that letters asked for, with the interest on each.';
COMMENT ON COLUMN erp.dunning_item_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.dunning_item_list.call_key IS 'Key of the call that made the letter.';
COMMENT ON COLUMN erp.dunning_item_list.letter_no IS 'Number of the letter in that call.';
COMMENT ON COLUMN erp.dunning_item_list.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.dunning_item_list.day IS 'Day of the letter.';
COMMENT ON COLUMN erp.dunning_item_list.document_key IS 'Key of the document that made the debt.';
COMMENT ON COLUMN erp.dunning_item_list.due_day IS 'Day on which it was due.';
COMMENT ON COLUMN erp.dunning_item_list.days_overdue IS 'Days from there to the letter.';
COMMENT ON COLUMN erp.dunning_item_list.level IS 'Level at which it was asked for.';
COMMENT ON COLUMN erp.dunning_item_list.currency IS 'Currency of its amounts.';
COMMENT ON COLUMN erp.dunning_item_list.open_amount IS 'What was open of it.';
COMMENT ON COLUMN erp.dunning_item_list.interest_from IS 'Day from which interest is counted.';
COMMENT ON COLUMN erp.dunning_item_list.interest_percent IS 'Percent for a year of 365 days.';
COMMENT ON COLUMN erp.dunning_item_list.interest IS 'Interest, each day on what was open then, rounded once.';
COMMENT ON COLUMN erp.dunning_item_list.open_item_id IS 'Identity of the debt.';
COMMENT ON COLUMN erp.dunning_item_list.taken_back IS 'Whether the letter was taken back.';
