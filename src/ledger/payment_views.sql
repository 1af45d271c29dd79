-- ledger: views of payment terms and of taxes. Run by every erp.setup().

CREATE OR REPLACE VIEW erp.payment_terms_list AS
SELECT c.company,
	t.code,
	t.name,
	t.net_days,
	t.month_end_days,
	t.next_month_day,
	s.percent AS discount_percent,
	s.days AS discount_days,
	t.active
FROM erp_private.company_money c
JOIN erp.payment_terms t ON t.company_id = c.company_id AND t.payment_terms_id <> 0
LEFT JOIN LATERAL ROWS FROM (pg_catalog.unnest(t.discount_percents), pg_catalog.unnest(t.discount_days)) AS s (percent, days) ON true;

COMMENT ON VIEW erp.payment_terms_list IS 'Payment terms, a row for each discount.';
COMMENT ON COLUMN erp.payment_terms_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.payment_terms_list.code IS 'Code of the terms.';
COMMENT ON COLUMN erp.payment_terms_list.name IS 'Name of the terms.';
COMMENT ON COLUMN erp.payment_terms_list.net_days IS 'Days from the document''s day.';
COMMENT ON COLUMN erp.payment_terms_list.month_end_days IS 'Days after the end of the month that net_days lead to; null: not counted from there.';
COMMENT ON COLUMN erp.payment_terms_list.next_month_day IS 'Day of the month after the one that net_days lead to; null: no fixed day.';
COMMENT ON COLUMN erp.payment_terms_list.discount_percent IS 'Per cent of the discount; null without one.';
COMMENT ON COLUMN erp.payment_terms_list.discount_days IS 'Days from the document''s day within which it is given; null without one.';
COMMENT ON COLUMN erp.payment_terms_list.active IS 'Whether documents may name them.';

CREATE OR REPLACE VIEW erp.payment_instalment_list AS
SELECT c.company,
	t.code,
	t.name,
	i.instalment_no::integer AS instalment_no,
	i.parts,
	w.parts AS parts_in_all,
	pg_catalog.round(100 * i.parts / w.parts, 4) AS percent,
	i.net_days,
	i.month_end_days,
	i.next_month_day,
	t.active
FROM erp_private.company_money c
JOIN erp.payment_terms t ON t.company_id = c.company_id
CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(t.instalment_parts), pg_catalog.unnest(t.instalment_days), pg_catalog.unnest(t.instalment_month_end_days), pg_catalog.unnest(t.instalment_month_days)) WITH ORDINALITY AS i (parts, net_days, month_end_days, next_month_day, instalment_no)
CROSS JOIN LATERAL (
	SELECT pg_catalog.sum(p.parts) AS parts
	FROM pg_catalog.unnest(t.instalment_parts) AS p (parts)
) w;

COMMENT ON VIEW erp.payment_instalment_list IS 'The instalments of payment terms.';
COMMENT ON COLUMN erp.payment_instalment_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.payment_instalment_list.code IS 'Code of the terms.';
COMMENT ON COLUMN erp.payment_instalment_list.name IS 'Name of the terms.';
COMMENT ON COLUMN erp.payment_instalment_list.instalment_no IS 'Which it is, from 1 on.';
COMMENT ON COLUMN erp.payment_instalment_list.parts IS 'What it is of the whole, against parts_in_all.';
COMMENT ON COLUMN erp.payment_instalment_list.parts_in_all IS 'Sum of the parts of all instalments.';
COMMENT ON COLUMN erp.payment_instalment_list.percent IS 'The same in per cent, rounded to 4 decimals.';
COMMENT ON COLUMN erp.payment_instalment_list.net_days IS 'Days from the document''s day.';
COMMENT ON COLUMN erp.payment_instalment_list.month_end_days IS 'Days after the end of the month that net_days lead to; null: not counted from there.';
COMMENT ON COLUMN erp.payment_instalment_list.next_month_day IS 'Day of the month after the one that net_days lead to; null: no fixed day.';
COMMENT ON COLUMN erp.payment_instalment_list.active IS 'Whether documents may name the terms.';

CREATE OR REPLACE VIEW erp.cash_discount_list AS
SELECT o.company,
	o.party_code,
	o.control,
	o.document_key,
	o.currency,
	o.open_amount,
	t.code AS payment_terms,
	(d.day + s.days) AS last_day,
	s.percent,
	pg_catalog.round(o.open_amount * s.percent / 100, m.decimals) AS discount,
	o.open_amount - pg_catalog.round(o.open_amount * s.percent / 100, m.decimals) AS payment,
	o.open_item_id
FROM erp.open_items_by_party o
JOIN erp.company c ON c.code = o.company
JOIN erp.open_item i ON i.company_id = c.company_id AND i.open_item_id = o.open_item_id
JOIN erp.document d ON d.company_id = c.company_id AND d.document_id = i.document_id
JOIN erp.currency m ON m.currency_id = i.currency_id
JOIN erp.payment_terms t ON t.company_id = c.company_id AND t.payment_terms_id = i.payment_terms_id
CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(t.discount_percents), pg_catalog.unnest(t.discount_days)) AS s (percent, days);

COMMENT ON VIEW erp.cash_discount_list IS 'Discounts that the payment terms of open items give for all that is open, whether their last day has passed or not; owed to the company positive, owed by it negative.';
COMMENT ON COLUMN erp.cash_discount_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.cash_discount_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.cash_discount_list.control IS 'receivable, payable or accrued_payable.';
COMMENT ON COLUMN erp.cash_discount_list.document_key IS 'Key of the document that opened the item.';
COMMENT ON COLUMN erp.cash_discount_list.currency IS 'Currency of the amounts.';
COMMENT ON COLUMN erp.cash_discount_list.open_amount IS 'What is open of the item.';
COMMENT ON COLUMN erp.cash_discount_list.payment_terms IS 'Code of its payment terms.';
COMMENT ON COLUMN erp.cash_discount_list.last_day IS 'Last day of a payment that may take the discount.';
COMMENT ON COLUMN erp.cash_discount_list.percent IS 'Per cent of the discount.';
COMMENT ON COLUMN erp.cash_discount_list.discount IS 'Discount where all that is open is paid.';
COMMENT ON COLUMN erp.cash_discount_list.payment IS 'What is to be paid then.';
COMMENT ON COLUMN erp.cash_discount_list.open_item_id IS 'Identity of the open item.';

-- Where a document of a customer raises what is owed for a sale, one of a supplier what is bought, the sign of its total says.
CREATE OR REPLACE VIEW erp.tax_list AS
SELECT c.company,
	d.posting_day AS day,
	CASE k.party_role WHEN 'customer' THEN 'output' ELSE 'input' END AS direction,
	t.code AS tax_code,
	x.rate,
	m.code AS currency,
	pg_catalog.round(CASE k.party_role WHEN 'customer' THEN k.total_sign ELSE -k.total_sign END * x.base_amount, m.decimals) AS base_amount,
	pg_catalog.round(CASE k.party_role WHEN 'customer' THEN k.total_sign ELSE -k.total_sign END * x.tax_amount, m.decimals) AS tax_amount,
	p.code AS party_code,
	d.kind AS document_kind,
	d.key AS document_key,
	d.key AS origin_key
FROM erp_private.company_money c
JOIN erp.document_tax x ON x.company_id = c.company_id
JOIN erp.document d ON d.company_id = x.company_id AND d.document_id = x.document_id
JOIN erp.document_kind k ON k.kind = d.kind
JOIN erp.tax_code t ON t.company_id = x.company_id AND t.tax_code_id = x.tax_code_id
JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
JOIN erp.currency m ON m.currency_id = d.currency_id
UNION ALL
SELECT c.company,
	d.posting_day,
	CASE k.party_role WHEN 'customer' THEN 'output' ELSE 'input' END,
	t.code,
	x.rate,
	m.code,
	pg_catalog.round(CASE k.party_role WHEN 'customer' THEN -k.total_sign ELSE k.total_sign END * x.base_amount, m.decimals),
	pg_catalog.round(CASE k.party_role WHEN 'customer' THEN -k.total_sign ELSE k.total_sign END * x.tax_amount, m.decimals),
	p.code,
	d.kind,
	d.key,
	o.key
FROM erp_private.company_money c
JOIN erp.discount_tax x ON x.company_id = c.company_id
JOIN erp.settlement s ON s.company_id = x.company_id AND s.settlement_id = x.settlement_id
JOIN erp.document d ON d.company_id = x.company_id AND d.document_id = x.document_id
JOIN erp.tax_code t ON t.company_id = x.company_id AND t.tax_code_id = x.tax_code_id
JOIN erp.open_item i ON i.company_id = s.company_id AND i.open_item_id IN (s.debit_open_item_id, s.credit_open_item_id)
JOIN erp.document o ON o.company_id = i.company_id AND o.document_id = i.document_id AND o.kind <> 'settlement'
JOIN erp.document_kind k ON k.kind = o.kind
JOIN erp.party p ON p.company_id = i.company_id AND p.party_id = i.party_id
JOIN erp.currency m ON m.currency_id = i.currency_id;

COMMENT ON VIEW erp.tax_list IS 'What is taxed and the tax on it, of documents and of the cash discounts that reduce them, by tax code; what a credit note, a reversal or a discount takes back is negative.';
COMMENT ON COLUMN erp.tax_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.tax_list.day IS 'Day on which it stands in the books.';
COMMENT ON COLUMN erp.tax_list.direction IS 'output: of sales; input: of purchases.';
COMMENT ON COLUMN erp.tax_list.tax_code IS 'Code of the tax.';
COMMENT ON COLUMN erp.tax_list.rate IS 'Rate, a fraction; of a discount, that of the document that it is of.';
COMMENT ON COLUMN erp.tax_list.currency IS 'Currency of the amounts.';
COMMENT ON COLUMN erp.tax_list.base_amount IS 'Taxable amount.';
COMMENT ON COLUMN erp.tax_list.tax_amount IS 'Tax.';
COMMENT ON COLUMN erp.tax_list.party_code IS 'Code of the customer or supplier.';
COMMENT ON COLUMN erp.tax_list.document_kind IS 'Kind of the document; settlement for a discount.';
COMMENT ON COLUMN erp.tax_list.document_key IS 'Key of the document.';
COMMENT ON COLUMN erp.tax_list.origin_key IS 'Key of the document that a discount is of; else that of the document itself.';
