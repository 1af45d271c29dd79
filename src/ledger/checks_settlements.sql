-- ledger: the check of settlements. Amounts in details are debit positive.

CREATE FUNCTION erp_private.check_settlements()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'settlements', c.code, 'open item ' || o.open_item_id,
		format('of %s is settled by %s (company: %s by %s)', o.amount, s.amount, o.company_amount, s.company_amount)
	FROM (
		SELECT g.company_id, g.open_item_id, sum(g.amount) AS amount, sum(g.company_amount) AS company_amount
		FROM (
			SELECT e.company_id, e.debit_open_item_id AS open_item_id, e.amount, e.company_amount FROM erp.settlement e
			UNION ALL
			SELECT e.company_id, e.credit_open_item_id, -e.amount, -e.company_amount FROM erp.settlement e
		) g
		GROUP BY g.company_id, g.open_item_id
	) s
	JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.open_item_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE s.amount * sign(o.amount) NOT BETWEEN 0 AND abs(o.amount)
		OR s.company_amount * sign(o.company_amount) NOT BETWEEN 0 AND abs(o.company_amount)
	UNION ALL
	SELECT 'settlements', c.code, 'settlement ' || s.settlement_id, 'joins open items of two parties, accounts or currencies'
	FROM erp.settlement s
	JOIN erp.open_item d ON d.company_id = s.company_id AND d.open_item_id = s.debit_open_item_id
	JOIN erp.open_item k ON k.company_id = s.company_id AND k.open_item_id = s.credit_open_item_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE (d.party_id, d.account_id, d.currency_id) <> (k.party_id, k.account_id, k.currency_id)
	UNION ALL
	SELECT 'voucher_amounts', c.code, 'settlement ' || s.settlement_id,
		format('amount %s: more than %s decimals of %s; or %s: more than %s of %s', s.amount, m.decimals, m.code, s.company_amount, o.decimals, o.code)
	FROM erp.settlement s
	JOIN erp.open_item i ON i.company_id = s.company_id AND i.open_item_id = s.debit_open_item_id
	JOIN erp.currency m ON m.currency_id = i.currency_id
	JOIN erp.company c ON c.company_id = s.company_id
	JOIN erp.currency o ON o.currency_id = c.currency_id
	WHERE min_scale(s.amount) > m.decimals OR min_scale(s.company_amount) > o.decimals
$$;
COMMENT ON FUNCTION erp_private.check_settlements() IS
'Law 4: settlements join open items of one party, account and currency, and none is settled beyond its amount. Law 9: they have no more decimals than their currency.';
