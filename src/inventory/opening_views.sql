-- inventory: whether the stock that was taken over is what the books say.

CREATE OR REPLACE VIEW erp.opening_stock_difference AS
SELECT c.company,
	a.code AS account_code,
	a.name AS account_name,
	pg_catalog.round(s.stock_value, c.decimals) AS stock_value,
	pg_catalog.round(s.book_value, c.decimals) AS book_value,
	pg_catalog.round(s.book_value - s.stock_value, c.decimals) AS difference
FROM erp_private.company_money c
JOIN (
	SELECT DISTINCT r.company_id, r.account_id
	FROM erp.posting_rule r
	WHERE r.kind = 'opening_stock' AND r.amount_role = 'cost'
) o ON o.company_id = c.company_id
JOIN erp.account a ON a.company_id = o.company_id AND a.account_id = o.account_id
CROSS JOIN LATERAL (
	SELECT COALESCE(-pg_catalog.sum(t.amount) FILTER (WHERE t.kind = 'opening_stock'), 0) AS stock_value,
		COALESCE(pg_catalog.sum(t.amount) FILTER (WHERE t.kind <> 'opening_stock'), 0) AS book_value
	FROM (
		SELECT d.kind, CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END AS amount
		FROM erp.voucher_line l
		JOIN erp.voucher v ON v.company_id = l.company_id AND v.voucher_id = l.voucher_id
		JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.document_id
		WHERE l.company_id = o.company_id AND l.account_id = o.account_id
	) t
) s;
COMMENT ON VIEW erp.opening_stock_difference IS 'Whether the stock that was taken over (documents of kind opening_stock) is worth what the opening vouchers say: one row for each account that the posting rules set the opening stock against. A company goes live when every difference is 0.';
COMMENT ON COLUMN erp.opening_stock_difference.company IS 'Code of the company.';
COMMENT ON COLUMN erp.opening_stock_difference.account_code IS 'Code of the account that opening stock is set against; the opening voucher debits it with the value of the stock in the old books.';
COMMENT ON COLUMN erp.opening_stock_difference.account_name IS 'Name of that account.';
COMMENT ON COLUMN erp.opening_stock_difference.stock_value IS 'Value of the opening stock, by item, place and lot, less what was reversed, in the company''s currency.';
COMMENT ON COLUMN erp.opening_stock_difference.book_value IS 'What all other vouchers debited to the account, in the company''s currency.';
COMMENT ON COLUMN erp.opening_stock_difference.difference IS 'book_value less stock_value: the balance of the account. Positive: the books say more than the stock.';
