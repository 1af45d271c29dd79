-- ledger: the check of settlements. Amounts in details are debit positive.

CREATE FUNCTION erp_private.check_settled_items()
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
	LEFT JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
	WHERE s.amount * sign(o.amount) NOT BETWEEN 0 AND abs(o.amount)
		OR s.company_amount * sign(o.company_amount) NOT BETWEEN 0 AND abs(o.company_amount)
		OR (s.amount = o.amount AND s.company_amount <> o.company_amount AND (o.amount <> 0 OR s.company_amount <> 0))
		OR (d.kind = 'settlement' AND s.amount <> o.amount)
	UNION ALL
	SELECT 'settlements', c.code, 'open item ' || o.open_item_id, 'of a settlement is not settled'
	FROM erp.document d
	JOIN erp.open_item o ON o.company_id = d.company_id AND o.document_id = d.document_id
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	WHERE d.kind = 'settlement'
		AND NOT EXISTS (SELECT FROM erp.settlement s WHERE s.company_id = o.company_id AND s.debit_open_item_id = o.open_item_id)
		AND NOT EXISTS (SELECT FROM erp.settlement s WHERE s.company_id = o.company_id AND s.credit_open_item_id = o.open_item_id)
$$;
COMMENT ON FUNCTION erp_private.check_settled_items() IS
'Of erp_private.check_settlements(): no open item is settled beyond its amount, and one that is settled in full, or opened by a settlement, is so in both currencies.';

CREATE FUNCTION erp_private.check_settlements()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT i.check_name, i.company, i.object, i.detail FROM erp_private.check_settled_items() i
	UNION ALL
	SELECT 'settlements', c.code, 'settlement ' || s.settlement_id,
		CASE WHEN s.reverses_settlement_id = 0 THEN format('is negative: %s (company: %s), and undoes none', s.amount, s.company_amount)
			ELSE format('is not the opposite of settlement %s, which it undoes', s.reverses_settlement_id) END
	FROM erp.settlement s
	LEFT JOIN erp.settlement r ON r.company_id = s.company_id AND r.settlement_id = s.reverses_settlement_id
	LEFT JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.debit_open_item_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE CASE WHEN s.reverses_settlement_id = 0 THEN s.amount < 0 OR (s.company_amount < 0 AND o.company_amount >= 0)
		ELSE (r.debit_open_item_id, r.credit_open_item_id, -r.amount, -r.company_amount)
			IS DISTINCT FROM (s.debit_open_item_id, s.credit_open_item_id, s.amount, s.company_amount)
			OR s.day < r.day END
	UNION ALL
	SELECT 'settlements', c.code, 'settlement ' || s.settlement_id,
		CASE WHEN d.document_id IS NULL THEN 'has no document: ' || s.document_id
			ELSE format('is of %s; its document is of %s, its open items of %s and %s', s.day, d.posting_day, i.day, k.day) END
	FROM erp.settlement s
	LEFT JOIN erp.document d ON d.company_id = s.company_id AND d.document_id = s.document_id
	LEFT JOIN erp.open_item i ON i.company_id = s.company_id AND i.open_item_id = s.debit_open_item_id
	LEFT JOIN erp.open_item k ON k.company_id = s.company_id AND k.open_item_id = s.credit_open_item_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE d.document_id IS NULL OR s.day <> d.posting_day OR s.day < i.day OR s.day < k.day
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
'Law 4: settlements join open items of one party, account and currency, and none is settled beyond its amount; one that is settled in full is so in the company''s currency too (exchange differences are posted), and what a settlement opens is closed. Negative ones undo another in full; in the company''s currency alone those of a debit that stands on the other side there are negative. Law 6: they stand on the day of their document, not before their open items. Law 9: they have no more decimals than their currency.';
