-- ledger: what is missing before a company goes live. Run by every erp.setup().

CREATE OR REPLACE VIEW erp.opening_status AS
SELECT c.company,
	o.live_since,
	a.code AS account_code,
	a.name AS account_name,
	a.account_id = o.opening_account_id AS takes_balances,
	r.account_id IS NOT NULL AS takes_stock,
	COALESCE((
		SELECT pg_catalog.sum(b.debit - b.credit)
		FROM erp.balances b
		WHERE b.company = c.company AND b.account_code = a.code
	), pg_catalog.round(0::numeric, c.decimals)) AS balance
FROM erp_private.company_money c
JOIN erp.company o ON o.company_id = c.company_id
JOIN erp.account a ON a.company_id = c.company_id
LEFT JOIN (
	SELECT DISTINCT p.company_id, p.account_id
	FROM erp.posting_rule p
	WHERE p.kind = 'opening_stock' AND p.amount_role = 'cost'
) r ON r.company_id = a.company_id AND r.account_id = a.account_id
WHERE a.account_id = o.opening_account_id OR r.account_id IS NOT NULL;
COMMENT ON VIEW erp.opening_status IS 'The accounts that balances and stock of the books before these are set against. A company goes live (erp.go_live()) when every balance is 0: then what was taken over adds up, and the stock is worth what the books say.';
COMMENT ON COLUMN erp.opening_status.company IS 'Code of the company.';
COMMENT ON COLUMN erp.opening_status.live_since IS 'From which day on the company is live; null: it is not yet.';
COMMENT ON COLUMN erp.opening_status.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.opening_status.account_name IS 'Its name.';
COMMENT ON COLUMN erp.opening_status.takes_balances IS 'Whether erp.post_opening_balances() sets balances against it.';
COMMENT ON COLUMN erp.opening_status.takes_stock IS 'Whether documents of kind opening_stock are set against it.';
COMMENT ON COLUMN erp.opening_status.balance IS 'Its balance, debit positive, in the company''s currency: what is missing. Positive: more credits than debits were taken over.';
