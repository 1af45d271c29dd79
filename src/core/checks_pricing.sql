-- core: how the amounts of documents follow from what they say of their prices, derived again by plain SQL.

CREATE FUNCTION erp_private.rounded_ratio(numerator numeric, denominator numeric, decimals integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT round(sign(numerator) * div(2 * abs(numerator) * power(10::numeric, decimals) + denominator, 2 * denominator)
		* power(0.1, decimals), decimals)
$$;
COMMENT ON FUNCTION erp_private.rounded_ratio(numeric, numeric, integer) IS
'numerator / denominator (above zero), rounded half away from zero to so many decimals, exactly: nothing is rounded on the way.';

-- Worked on the negated amounts where they add up to less than zero, or to zero and the first that is not zero is below it.
CREATE FUNCTION erp_private.scaled_parts(amounts numeric[], numerator numeric, denominator numeric, total numeric, decimals integer) RETURNS numeric[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(round(r.sign * (r.units + CASE WHEN r.rank <= r.missing THEN 1 ELSE 0 END) * power(0.1, decimals), decimals) ORDER BY r.n)
	FROM (
		SELECT f.n, f.sign, f.units, row_number() OVER (ORDER BY f.exact - f.units * f.unit DESC, f.n) AS rank,
			f.sign * total * power(10::numeric, decimals) - sum(f.units) OVER () AS missing
		FROM (
			SELECT e.n, e.sign, e.exact, e.unit, div(e.exact, e.unit) - CASE WHEN mod(e.exact, e.unit) < 0 THEN 1 ELSE 0 END AS units
			FROM (
				SELECT a.n, s.sign, s.sign * a.amount * numerator * power(10::numeric, decimals) AS exact, denominator AS unit
				FROM unnest(amounts) WITH ORDINALITY AS a (amount, n)
				CROSS JOIN (
					SELECT CASE WHEN COALESCE(NULLIF(sum(x.amount), 0), (array_agg(x.amount ORDER BY x.n) FILTER (WHERE x.amount <> 0))[1], 0) < 0
						THEN -1 ELSE 1 END AS sign
					FROM unnest(amounts) WITH ORDINALITY AS x (amount, n)
				) s
			) e
		) f
	) r
$$;
COMMENT ON FUNCTION erp_private.scaled_parts(numeric[], numeric, numeric, numeric, integer) IS
'amounts x numerator / denominator (above zero) with so many decimals, as parts that add up to total, by largest remainder; of equal remainders the earliest comes first.';

CREATE FUNCTION erp_private.priced_line(OUT company_id integer, OUT document_id bigint, OUT line_no integer, OUT tax_code_id integer,
	OUT is_rounding boolean, OUT prices_include_tax boolean, OUT tax_rounding text, OUT decimals integer, OUT amount numeric, OUT before_discount numeric,
	OUT with_tax numeric, OUT line_problem text) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT l.company_id, l.document_id, l.line_no, l.tax_code_id, r.is_rounding, p.prices_include_tax, p.tax_rounding, m.decimals::integer, l.amount,
		COALESCE(l.price_amount - l.discount, l.amount), COALESCE(l.price_amount - l.discount - l.document_discount, l.amount),
		CASE
			WHEN l.price_amount IS NULL AND NOT r.is_rounding AND (p.prices_include_tax OR p.discount <> 0) THEN 'says not what its price comes to'
			WHEN l.price_amount <> round(l.quantity * l.unit_price, m.decimals) THEN 'price_amount is not quantity x price'
			WHEN l.discount <> round(l.price_amount * l.discount_percent * 0.01, m.decimals) THEN 'discount is not its percentage'
			WHEN l.discount * sign(l.price_amount) NOT BETWEEN 0 AND abs(l.price_amount) THEN 'discount lies not between zero and price_amount'
			WHEN NOT (p.prices_include_tax AND l.tax_code_id <> 0) AND l.amount <> l.price_amount - l.discount - l.document_discount
				THEN 'amount is not price_amount less discounts'
		END
	FROM erp.document_pricing p
	JOIN erp.document d ON d.company_id = p.company_id AND d.document_id = p.document_id
	JOIN erp.currency m ON m.currency_id = d.currency_id
	JOIN erp.document_line l ON l.company_id = p.company_id AND l.document_id = p.document_id
	JOIN erp.line_role r ON r.line_role = l.line_role
$$;
COMMENT ON FUNCTION erp_private.priced_line() IS
'Lines of documents that say how their prices are meant, and how: what they come to before the document''s discount, and after it with tax where it is inside; line_problem: what of a line by itself does not follow from what it says, or null.';

-- The parts of check_document_pricing() name what is wrong, and where in the document.
CREATE FUNCTION erp_private.check_priced_amounts() RETURNS TABLE (company_id integer, document_id bigint, place text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH line AS MATERIALIZED (
		SELECT * FROM erp_private.priced_line()
	), whole AS MATERIALIZED (
		SELECT p.*, x.decimals, x.before, x.numbers, x.lines, x.net,
			(SELECT COALESCE(sum(t.tax_amount), 0) FROM erp.document_tax t WHERE t.company_id = p.company_id AND t.document_id = p.document_id) AS tax
		FROM erp.document_pricing p
		JOIN (
			SELECT l.company_id, l.document_id, max(l.decimals) AS decimals, sum(l.before_discount) FILTER (WHERE NOT l.is_rounding) AS before,
				array_agg(l.line_no ORDER BY l.line_no) AS numbers, sum(l.amount) AS net,
				array_agg(CASE WHEN l.is_rounding THEN 0 ELSE l.before_discount END ORDER BY l.line_no) AS lines
			FROM line l GROUP BY l.company_id, l.document_id
		) x ON x.company_id = p.company_id AND x.document_id = p.document_id
	), spread AS (
		SELECT w.company_id, w.document_id, s.line_no, s.part
		FROM whole w
		CROSS JOIN LATERAL unnest(w.numbers, CASE
			WHEN w.discount_percent IS NOT NULL THEN erp_private.scaled_parts(w.lines, w.discount_percent, 100, w.discount, w.decimals)
			WHEN w.discount = 0 THEN array_fill(0::numeric, ARRAY[cardinality(w.lines)])
			ELSE erp_private.scaled_parts(w.lines, abs(w.discount), abs(w.before), w.discount, w.decimals) END) AS s (line_no, part)
		WHERE w.discount_percent IS NOT NULL OR w.before <> 0 OR w.discount = 0
	)
	SELECT l.company_id, l.document_id, 'line ' || l.line_no, l.line_problem FROM line l WHERE l.line_problem IS NOT NULL
	UNION ALL
	SELECT w.company_id, w.document_id, 'discount', format('is %s, by its percentage %s', w.discount, round(w.before * w.discount_percent * 0.01, w.decimals))
	FROM whole w WHERE w.discount <> round(w.before * w.discount_percent * 0.01, w.decimals)
	UNION ALL
	SELECT w.company_id, w.document_id, 'discount', format('%s lies not between zero and the lines, %s', w.discount, w.before)
	FROM whole w WHERE w.discount * sign(w.before) NOT BETWEEN 0 AND abs(w.before) OR (w.before = 0 AND w.discount <> 0)
	UNION ALL
	SELECT s.company_id, s.document_id, 'line ' || s.line_no, format('has %s of the discount, its part is %s', f.document_discount, s.part)
	FROM spread s
	JOIN erp.document_line f ON f.company_id = s.company_id AND f.document_id = s.document_id AND f.line_no = s.line_no
	WHERE COALESCE(f.document_discount, 0) <> s.part
	UNION ALL
	SELECT w.company_id, w.document_id, 'total', format('%s is no multiple of %s', w.net + w.tax, w.cash_rounding)
	FROM whole w WHERE w.cash_rounding <> 0 AND mod(w.net + w.tax, NULLIF(w.cash_rounding, 0)) <> 0
$$;
COMMENT ON FUNCTION erp_private.check_priced_amounts() IS
'Of documents that say how their prices are meant: amounts of lines, discounts and their parts, totals that are rounded for cash.';

CREATE FUNCTION erp_private.check_priced_taxes() RETURNS TABLE (company_id integer, document_id bigint, place text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH line AS MATERIALIZED (
		SELECT * FROM erp_private.priced_line()
	), code AS MATERIALIZED (
		SELECT l.company_id, l.document_id, l.tax_code_id, l.prices_include_tax, l.tax_rounding, l.decimals, t.rate, t.tax_amount,
			array_agg(l.line_no ORDER BY l.line_no) AS numbers, array_agg(l.with_tax ORDER BY l.line_no) AS amounts, sum(l.with_tax) AS sum,
			CASE
				WHEN l.prices_include_tax AND l.tax_rounding = 'line' THEN sum(erp_private.rounded_ratio(l.with_tax * t.rate, 1 + t.rate, l.decimals))
				WHEN l.prices_include_tax THEN erp_private.rounded_ratio(sum(l.with_tax) * t.rate, 1 + t.rate, l.decimals)
				WHEN l.tax_rounding = 'line' THEN sum(round(l.with_tax * t.rate, l.decimals))
				ELSE round(sum(l.with_tax) * t.rate, l.decimals)
			END AS due
		FROM line l
		JOIN erp.document_tax t ON t.company_id = l.company_id AND t.document_id = l.document_id AND t.tax_code_id = l.tax_code_id
		GROUP BY l.company_id, l.document_id, l.tax_code_id, l.prices_include_tax, l.tax_rounding, l.decimals, t.rate, t.tax_amount
	), net AS (
		SELECT c.company_id, c.document_id, n.line_no,
			CASE c.tax_rounding WHEN 'line' THEN n.amount - erp_private.rounded_ratio(n.amount * c.rate, 1 + c.rate, c.decimals) ELSE n.part END AS part
		FROM code c
		CROSS JOIN LATERAL unnest(c.numbers, c.amounts, erp_private.scaled_parts(c.amounts, 1, 1 + c.rate, c.sum - c.due, c.decimals))
			AS n (line_no, amount, part)
		WHERE c.prices_include_tax
	)
	SELECT c.company_id, c.document_id, 'tax code ' || c.tax_code_id, format('tax %s, by its prices %s', c.tax_amount, c.due)
	FROM code c WHERE c.tax_amount <> c.due
	UNION ALL
	SELECT n.company_id, n.document_id, 'line ' || n.line_no, format('amount %s, without the tax inside it %s', l.amount, n.part)
	FROM net n
	JOIN line l ON l.company_id = n.company_id AND l.document_id = n.document_id AND l.line_no = n.line_no
	WHERE l.amount <> n.part
$$;
COMMENT ON FUNCTION erp_private.check_priced_taxes() IS
'Of documents that say how their prices are meant: taxes by line or by document, and amounts without the tax inside them.';

CREATE FUNCTION erp_private.check_document_pricing() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'document_pricing', c.code, format('document %s, %s', p.document_id, p.place), p.detail
	FROM (SELECT * FROM erp_private.check_priced_amounts() UNION ALL SELECT * FROM erp_private.check_priced_taxes()) p
	LEFT JOIN erp.company c ON c.company_id = p.company_id
	UNION ALL
	SELECT 'document_pricing', c.code, 'document ' || p.document_id, 'says how its prices are meant, and is not there or has no lines'
	FROM erp.document_pricing p
	LEFT JOIN erp.company c ON c.company_id = p.company_id
	WHERE NOT EXISTS (SELECT FROM erp.document d JOIN erp.document_line l ON l.company_id = d.company_id AND l.document_id = d.document_id WHERE d.company_id = p.company_id AND d.document_id = p.document_id)
$$;
COMMENT ON FUNCTION erp_private.check_document_pricing() IS
'Law 9: of documents that say how their prices are meant, a line''s price is quantity x price, discounts are their percentages and the document''s is spread by largest remainder; taxes, and amounts without the tax inside them, follow by line or by document; a total that is rounded for cash is a multiple of its step.';
