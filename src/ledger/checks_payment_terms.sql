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
	CROSS JOIN LATERAL (SELECT CASE o.instalment_no WHEN 0 THEN t.net_days ELSE t.instalment_days[o.instalment_no] END AS net_days,
		CASE o.instalment_no WHEN 0 THEN t.month_end_days ELSE t.instalment_month_end_days[o.instalment_no] END AS month_end_days,
		CASE o.instalment_no WHEN 0 THEN t.next_month_day ELSE t.instalment_month_days[o.instalment_no] END AS next_month_day) r
	CROSS JOIN LATERAL (SELECT date_trunc('month', (d.day + r.net_days)::timestamp) AS month) m
	CROSS JOIN LATERAL (SELECT CASE
		WHEN r.month_end_days IS NOT NULL THEN (m.month + interval '1 month')::date - 1 + r.month_end_days
		WHEN r.next_month_day IS NOT NULL THEN least((m.month + interval '1 month')::date + r.next_month_day, (m.month + interval '2 months')::date) - 1
		ELSE d.day + r.net_days END AS due_day) w
	WHERE (o.payment_terms_id <> 0 OR o.due_day_given)
		AND (t.payment_terms_id IS NULL OR o.due_day <> l.due_day OR (NOT o.due_day_given AND o.due_day IS DISTINCT FROM w.due_day))
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
'Law 10: an open item falls due on the day that its document named, or that its payment terms give from the document''s day: net_days on; then to the end of the month and month_end_days on, or to next_month_day of the month after; an instalment on its own, what is not parted with the last. Its voucher line says the same. A discount by terms is one that the terms of its open item know.';

CREATE FUNCTION erp_private.check_instalments_agreed()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- What was one line of its voucher: alike in all but amount and due day.
	WITH item AS MATERIALIZED (
		SELECT o.company_id, o.voucher_id, o.instalment_no, o.payment_terms_id, o.currency_id, o.amount, o.company_amount, o.due_day_given,
			dense_rank() OVER (ORDER BY o.company_id, o.voucher_id, o.account_id, o.party_id, l.side, l.posting_rule_id, l.document_line_no, l.dimension_set_id, l.tax_code_id) AS whole
		FROM erp.open_item o
		JOIN erp.voucher_line l ON l.company_id = o.company_id AND l.voucher_id = o.voucher_id AND l.line_no = o.line_no
		WHERE o.instalment_no <> 0
	), whole AS (
		SELECT i.whole, i.company_id, i.voucher_id, min(i.payment_terms_id) AS payment_terms_id, min(i.currency_id) AS currency_id, sum(i.amount) AS amount,
			sum(i.company_amount) AS company_amount, count(DISTINCT i.payment_terms_id) > 1 OR bool_or(i.due_day_given) AS mixed
		FROM item i
		GROUP BY i.whole, i.company_id, i.voucher_id
	), share AS (
		-- Largest remainder, in whole units: the floor of each share, and one more for those that lost most by it, of equal ones the first.
		SELECT w.*, p.instalment_no, m.decimals, u.units, p.parts, s.parts AS parts_in_all, div(u.units * p.parts, s.parts) AS floor_units,
			row_number() OVER (PARTITION BY w.whole ORDER BY mod(u.units * p.parts, s.parts) DESC, p.instalment_no) AS turn,
			u.units - sum(div(u.units * p.parts, s.parts)) OVER (PARTITION BY w.whole) AS missing
		FROM whole w
		JOIN erp.payment_terms t ON t.company_id = w.company_id AND t.payment_terms_id = w.payment_terms_id
		JOIN erp.currency m ON m.currency_id = w.currency_id
		CROSS JOIN LATERAL unnest(t.instalment_parts) WITH ORDINALITY AS p (parts, instalment_no)
		CROSS JOIN LATERAL (SELECT sum(x.parts) AS parts FROM unnest(t.instalment_parts) AS x (parts)) s
		CROSS JOIN LATERAL (SELECT abs(w.amount) * power(10::numeric, m.decimals) AS units) u
	), wanted AS (
		SELECT h.whole, h.company_id, h.voucher_id, h.instalment_no, h.amount AS total, h.company_amount AS company_total,
			sign(h.amount) * (h.floor_units + CASE WHEN h.turn <= h.missing THEN 1 ELSE 0 END) / power(10::numeric, h.decimals) AS amount
		FROM share h
	)
	SELECT 'instalments', c.code, format('voucher %s, instalment %s', COALESCE(i.voucher_id, w.voucher_id), COALESCE(i.instalment_no, w.instalment_no)),
		CASE WHEN w.whole IS NULL THEN 'is none of its payment terms' WHEN i.whole IS NULL THEN format('is missing: %s of %s', w.amount, w.total)
			ELSE format('%s (company: %s); its share of %s (company: %s) is %s', i.amount, i.company_amount, w.total, w.company_total, w.amount) END
	FROM item i
	FULL JOIN (SELECT x.* FROM wanted x WHERE x.amount <> 0) w ON w.whole = i.whole AND w.instalment_no = i.instalment_no
	LEFT JOIN erp.company c ON c.company_id = COALESCE(i.company_id, w.company_id)
	LEFT JOIN erp.currency n ON n.currency_id = c.currency_id
	WHERE i.whole IS NULL OR w.whole IS NULL OR i.amount <> w.amount
		-- In the company's currency less than one unit from the exact share. Compared without division.
		OR abs(i.company_amount * w.total - w.company_total * i.amount) >= abs(w.total) * power(10::numeric, -n.decimals)
	UNION ALL
	SELECT 'instalments', c.code, format('voucher %s', w.voucher_id), 'has instalments of several terms, or of a due day that its document named'
	FROM whole w
	JOIN erp.company c ON c.company_id = w.company_id
	WHERE w.mixed
$$;
COMMENT ON FUNCTION erp_private.check_instalments_agreed() IS
'Law 9: the open items by the instalments of payment terms are the parts of what their lines of the voucher come to together, by largest remainder: floor of total x part / all parts in units of the currency, and the units that are missing to those that lost most by the floor, of equal ones the first. In the company''s currency each lies less than one unit from its share of the whole.';

CREATE FUNCTION erp_private.check_discount_tax_undone()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
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
COMMENT ON FUNCTION erp_private.check_discount_tax_undone() IS
'Of erp_private.check_discount_tax(): who undoes the tax of a discount gives back what it took, in full, and nobody else does.';

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
	SELECT u.check_name, u.company, u.object, u.detail FROM erp_private.check_discount_tax_undone() u
$$;
COMMENT ON FUNCTION erp_private.check_discount_tax() IS
'Law 9: the tax in a cash discount is what its settlement says; tax and base lie less than one unit of the currency from their exact shares, discount x tax (or base) of the code / total of the document, and the base in the company''s currency from its share of what the rest of the discount came to. What is undone is given back in full.';
