-- ledger: the checks of payment terms and of the tax in cash discounts, derived again without what C does.

CREATE FUNCTION erp_private.check_payment_terms_agreed()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'payment_terms', c.code, 'open item ' || o.open_item_id,
		CASE WHEN t.payment_terms_id IS NULL THEN 'has unknown payment terms: ' || o.payment_terms_id
			WHEN o.due_day <> l.due_day THEN format('is due on %s, its voucher line on %s', o.due_day, l.due_day)
			ELSE format('is due on %s; the terms %s from %s give %s', o.due_day, t.code, d.day, w.due_day) END
	FROM erp.open_item o
	LEFT JOIN erp.payment_terms t ON t.company_id = o.company_id AND t.payment_terms_id = o.payment_terms_id
	LEFT JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
	LEFT JOIN erp.voucher_line l ON l.company_id = o.company_id AND l.voucher_id = o.voucher_id AND l.line_no = o.line_no
	LEFT JOIN erp.company c ON c.company_id = o.company_id
	CROSS JOIN LATERAL (SELECT date_trunc('month', (d.day + t.net_days)::timestamp) AS month) m
	CROSS JOIN LATERAL (SELECT CASE
		WHEN t.month_end_days IS NOT NULL THEN (m.month + interval '1 month')::date - 1 + t.month_end_days
		WHEN t.next_month_day IS NOT NULL THEN least((m.month + interval '1 month')::date + t.next_month_day, (m.month + interval '2 months')::date) - 1
		ELSE d.day + t.net_days END AS due_day) w
	WHERE (o.payment_terms_id <> 0 OR o.due_day_given)
		AND (t.payment_terms_id IS NULL OR o.due_day <> l.due_day OR (NOT o.due_day_given AND o.due_day <> w.due_day))
	UNION ALL
	SELECT 'payment_terms', c.code, 'settlement ' || s.settlement_id, format('is a discount of %s per cent, which no payment terms of its open items give', s.terms_percent)
	FROM erp.settlement s
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE s.terms_percent <> 0 AND (s.reverses_settlement_id <> 0 OR NOT EXISTS (
		SELECT FROM erp.open_item o
		JOIN erp.payment_terms t ON t.company_id = o.company_id AND t.payment_terms_id = o.payment_terms_id
		WHERE o.company_id = s.company_id AND o.open_item_id IN (s.debit_open_item_id, s.credit_open_item_id) AND s.terms_percent = ANY (t.discount_percents)))
$$;
COMMENT ON FUNCTION erp_private.check_payment_terms_agreed() IS
'Law 10: an open item falls due on the day that its document named, or that its payment terms give from the document''s day: net_days on; then to the end of the month and month_end_days on, or to next_month_day of the month after. Its voucher line says the same. A discount by terms is one that the terms of its open item know.';

CREATE FUNCTION erp_private.check_discount_tax()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- Adjustments of settlements whose role is the tax of a discount, with their facts.
	WITH taxed AS (
		SELECT s.company_id, s.settlement_id, s.document_id, s.amount, s.company_amount, s.follows_settlement_id, l.tax_code_id, i.currency_id,
			CASE s.debit_open_item_id WHEN i.open_item_id THEN s.credit_open_item_id ELSE s.debit_open_item_id END AS open_item_id
		FROM erp.document_line l
		JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id AND d.kind = 'settlement'
		JOIN erp.open_item i ON i.company_id = l.company_id AND i.document_id = l.document_id
		JOIN erp.voucher_line v ON v.company_id = i.company_id AND v.voucher_id = i.voucher_id AND v.line_no = i.line_no AND v.document_line_no = l.line_no
		JOIN erp.settlement s ON s.company_id = l.company_id AND s.document_id = l.document_id AND s.reverses_settlement_id = 0
			AND i.open_item_id IN (s.debit_open_item_id, s.credit_open_item_id)
		WHERE l.line_role = 'discount_tax'
			-- Books without any are not read for it.
			AND (EXISTS (SELECT FROM erp.tax_code a WHERE a.discount_reduces_tax) OR EXISTS (SELECT FROM erp.discount_tax))
			AND NOT EXISTS (SELECT FROM erp.settlement r WHERE r.company_id = s.company_id AND r.settlement_id = s.follows_settlement_id
				AND r.document_id <> s.document_id)
	), discount AS (
		-- The whole discount, of which the tax is a part, and the document that it is of.
		SELECT t.company_id, t.settlement_id, o.document_id AS origin_id, f.amount AS rest, f.company_amount AS company_rest,
			f.amount + sum(t.amount) OVER (PARTITION BY t.company_id, t.follows_settlement_id) AS whole
		FROM taxed t
		JOIN erp.settlement f ON f.company_id = t.company_id AND f.settlement_id = t.follows_settlement_id
		JOIN erp.open_item o ON o.company_id = t.company_id AND o.open_item_id = t.open_item_id
	)
	SELECT 'discount_tax', c.code, 'settlement ' || COALESCE(t.settlement_id, x.settlement_id),
		CASE WHEN x.settlement_id IS NULL THEN 'of the tax of a discount says nothing of the taxable amount'
			WHEN t.settlement_id IS NULL THEN 'is not of the tax of a discount'
			ELSE format('tax %s of %s (company: %s), base %s (company: %s), tax code %s; settled: %s (company: %s), tax code %s', x.tax_amount, y.whole,
				x.company_tax_amount, x.base_amount, x.company_base_amount, x.tax_code_id, t.amount, t.company_amount, t.tax_code_id) END
	FROM taxed t
	FULL JOIN (
		SELECT f.* FROM erp.discount_tax f
		LEFT JOIN erp.settlement s ON s.company_id = f.company_id AND s.settlement_id = f.settlement_id
		WHERE COALESCE(s.reverses_settlement_id, 0) = 0
	) x ON x.company_id = t.company_id AND x.settlement_id = t.settlement_id
	LEFT JOIN discount y ON y.company_id = t.company_id AND y.settlement_id = t.settlement_id
	LEFT JOIN erp.document_tax o ON o.company_id = y.company_id AND o.document_id = y.origin_id AND o.tax_code_id = t.tax_code_id
	LEFT JOIN LATERAL (
		SELECT (SELECT sum(l.amount) FROM erp.document_line l WHERE l.company_id = y.company_id AND l.document_id = y.origin_id)
			+ (SELECT sum(a.tax_amount) FROM erp.document_tax a WHERE a.company_id = y.company_id AND a.document_id = y.origin_id) AS total
	) g ON true
	LEFT JOIN erp.currency m ON m.currency_id = t.currency_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(t.company_id, x.company_id)
	LEFT JOIN erp.currency n ON n.currency_id = c.currency_id
	WHERE x.settlement_id IS NULL OR t.settlement_id IS NULL OR o.tax_code_id IS NULL
		OR (x.document_id, x.tax_code_id, x.rate, x.tax_amount, x.company_tax_amount)
			IS DISTINCT FROM (t.document_id, t.tax_code_id, o.rate, t.amount, t.company_amount)
		-- Largest remainder: less than one unit from the exact share. Compared without division.
		OR abs(x.tax_amount * g.total - y.whole * o.tax_amount) >= g.total * power(10::numeric, -m.decimals)
		OR abs(x.base_amount * g.total - y.whole * o.base_amount) >= g.total * power(10::numeric, -m.decimals)
		OR abs(x.company_base_amount * y.rest - y.company_rest * x.base_amount) >= y.rest * power(10::numeric, -n.decimals)
		OR min_scale(x.base_amount) > m.decimals OR min_scale(x.company_base_amount) > n.decimals
	UNION ALL
	SELECT 'discount_tax', c.code, 'settlement ' || s.settlement_id, 'does not give back what the tax of settlement ' || s.reverses_settlement_id || ' took'
	FROM erp.settlement s
	JOIN erp.discount_tax r ON r.company_id = s.company_id AND r.settlement_id = s.reverses_settlement_id
	LEFT JOIN erp.discount_tax x ON x.company_id = s.company_id AND x.settlement_id = s.settlement_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE s.reverses_settlement_id <> 0
		AND (x.document_id, x.tax_code_id, x.rate, x.base_amount, x.company_base_amount, x.tax_amount, x.company_tax_amount)
			IS DISTINCT FROM (s.document_id, r.tax_code_id, r.rate, -r.base_amount, -r.company_base_amount, -r.tax_amount, -r.company_tax_amount)
	UNION ALL
	SELECT 'discount_tax', c.code, 'settlement ' || x.settlement_id, 'undoes no tax of a discount'
	FROM erp.discount_tax x
	JOIN erp.settlement s ON s.company_id = x.company_id AND s.settlement_id = x.settlement_id AND s.reverses_settlement_id <> 0
	LEFT JOIN erp.company c ON c.company_id = x.company_id
	WHERE NOT EXISTS (SELECT FROM erp.discount_tax r WHERE r.company_id = x.company_id AND r.settlement_id = s.reverses_settlement_id)
$$;
COMMENT ON FUNCTION erp_private.check_discount_tax() IS
'Law 9: the tax in a cash discount is what its settlement says; tax and base lie less than one unit of the currency from their exact shares, discount x tax (or base) of the code / total of the document, and the base in the company''s currency from its share of what the rest of the discount came to. What is undone is given back in full.';
