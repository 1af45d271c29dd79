-- sales: quotes and contracts.

CREATE OR REPLACE VIEW erp.quote_list AS
SELECT c.code AS company, q.code AS quote_code, q.version, q.state, NULLIF(q.reason, '') AS reason, p.code AS party_code, p.name AS party_name, q.day,
	CASE WHEN pg_catalog.isfinite(q.valid_until) THEN q.valid_until END AS valid_until, m.code AS currency, q.total, o.code AS order_code, q.sales_quote_id
FROM erp.sales_quote q
JOIN erp.company c ON c.company_id = q.company_id
JOIN erp.party p ON p.company_id = q.company_id AND p.party_id = q.party_id
JOIN erp.currency m ON m.currency_id = q.currency_id
LEFT JOIN erp.sales_order o ON o.company_id = q.company_id AND o.sales_order_id = q.sales_order_id AND q.sales_order_id <> 0;

COMMENT ON VIEW erp.quote_list IS 'Versions of quotes.';
COMMENT ON COLUMN erp.quote_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.quote_list.quote_code IS 'Code of the quote.';
COMMENT ON COLUMN erp.quote_list.version IS 'Number of the version, from 1; the latest counts.';
COMMENT ON COLUMN erp.quote_list.state IS 'drafted, sent, accepted, ordered, declined, expired, or replaced by a later version.';
COMMENT ON COLUMN erp.quote_list.reason IS 'Why it was declined, or who accepted it; null without one.';
COMMENT ON COLUMN erp.quote_list.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.quote_list.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.quote_list.day IS 'Day of the quote.';
COMMENT ON COLUMN erp.quote_list.valid_until IS 'Last day on which it can be accepted; null if there is none.';
COMMENT ON COLUMN erp.quote_list.currency IS 'Currency of the quote.';
COMMENT ON COLUMN erp.quote_list.total IS 'What it comes to with tax, without options, in its currency.';
COMMENT ON COLUMN erp.quote_list.order_code IS 'Code of the order that it became; null while it did not.';
COMMENT ON COLUMN erp.quote_list.sales_quote_id IS 'Identity of the version: the document of the call that wrote it.';

CREATE OR REPLACE VIEW erp.contract_list AS
SELECT c.code AS company, k.code AS contract_code, k.state, p.code AS party_code, k.day, k.signed_day, k.subject, k.format, k.body, pg_catalog.encode(k.body_hash, 'hex'::text) AS body_hash
FROM erp.sales_contract k
JOIN erp.company c ON c.company_id = k.company_id
JOIN erp.party p ON p.company_id = k.company_id AND p.party_id = k.party_id;

COMMENT ON VIEW erp.contract_list IS 'Contracts with customers.';
COMMENT ON COLUMN erp.contract_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.contract_list.contract_code IS 'Code of the contract.';
COMMENT ON COLUMN erp.contract_list.state IS 'drafted, signed, cancelled, ended.';
COMMENT ON COLUMN erp.contract_list.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.contract_list.day IS 'Day of the contract.';
COMMENT ON COLUMN erp.contract_list.signed_day IS 'Day on which it was signed; null while it was not.';
COMMENT ON COLUMN erp.contract_list.subject IS 'Code and version of the quote that it is about.';
COMMENT ON COLUMN erp.contract_list.format IS 'markdown or html.';
COMMENT ON COLUMN erp.contract_list.body IS 'Its text.';
COMMENT ON COLUMN erp.contract_list.body_hash IS 'SHA-256 of the text in UTF-8, in hexadecimal.';
