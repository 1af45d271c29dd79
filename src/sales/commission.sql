-- sales: commission, derived from what was posted.

CREATE FUNCTION erp_private.commission_documents(company_id integer, first_day date, last_day date) RETURNS bigint[]
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(array_agg(d.document_id), '{}')
	  FROM erp.document d
	 WHERE d.company_id = $1 AND d.kind IN ('sales_invoice', 'credit_note') AND d.reverses_document_id = 0
	   AND d.document_id IN (
		SELECT f.document_id FROM erp.document f WHERE f.company_id = $1 AND f.posting_day BETWEEN $2 AND $3
		UNION ALL
		SELECT f.reverses_document_id FROM erp.document f WHERE f.company_id = $1 AND f.posting_day BETWEEN $2 AND $3
		UNION ALL
		SELECT o.document_id FROM erp.settlement s JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id IN (s.debit_open_item_id, s.credit_open_item_id)
		 WHERE s.company_id = $1 AND s.day BETWEEN $2 AND $3)
	   AND NOT EXISTS (SELECT 1 FROM erp.dunning_letter t WHERE t.company_id = $1 AND t.invoice_document_id = d.document_id AND t.invoice_document_id <> 0)
$function$;
COMMENT ON FUNCTION erp_private.commission_documents(integer, date, date) IS
	'Invoices and credit notes of which something happened from the first to the last day: posted, reversed, settled. What dunning bills is not among them.';

-- Cost of a line: that of its moves, or of the part that it bills of what was shipped and sold before.
CREATE FUNCTION erp_private.billed_cost(company_id integer, document_id bigint, line_no integer) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT -COALESCE(sum(x.amount), 0)
	  FROM (SELECT sum(e.amount) AS amount
	          FROM erp.stock_move m JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
	         WHERE m.company_id = $1 AND m.document_id = $2 AND m.line_no = $3
	        UNION ALL
	        SELECT (SELECT sum(e.amount) FROM erp.stock_move m JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
	                 WHERE m.company_id = $1 AND m.document_id = k.target_document_id AND m.line_no = k.target_line_no) * k.quantity / abs(q.quantity)
	          FROM erp.document_link k
	          JOIN erp.document_line l ON l.company_id = k.company_id AND l.document_id = k.document_id AND l.line_no = k.line_no AND l.line_role = 'invoiced'
	         CROSS JOIN LATERAL (SELECT sum(m.quantity) AS quantity FROM erp.stock_move m
	                              WHERE m.company_id = $1 AND m.document_id = k.target_document_id AND m.line_no = k.target_line_no) q
	         WHERE k.company_id = $1 AND k.document_id = $2 AND k.line_no = $3 AND k.link = 'bills' AND q.quantity <> 0) x
$function$;
COMMENT ON FUNCTION erp_private.billed_cost(integer, bigint, integer) IS
	'What the goods of a line of an invoice or credit note cost, as now known; what comes back is negative. What is billed ahead of its shipment costs nothing here.';

CREATE FUNCTION erp_private.commission_rule_of(company_id integer, sales_representative_id integer, sales_team_id integer, item_group text, day date)
	RETURNS TABLE (commission_rule_id integer, base text, percent numeric, earned text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE path AS (
		SELECT $4 AS code, 0 AS depth
		UNION ALL
		SELECT g.parent_code, p.depth + 1 FROM path p JOIN erp.item_group g ON g.company_id = $1 AND g.code = p.code WHERE g.parent_code <> '' AND p.depth < 100
	)
	SELECT u.commission_rule_id, u.base, u.percent, u.earned
	  FROM erp.commission_rule u
	  LEFT JOIN path t ON t.code = u.item_group AND u.item_group <> ''
	 WHERE u.company_id = $1 AND u.valid_from <= $5 AND u.sales_representative_id IN (0, $2) AND u.sales_team_id IN (0, $3) AND (u.item_group = '' OR t.code IS NOT NULL)
	 ORDER BY u.sales_representative_id = 0, u.sales_team_id = 0, u.item_group = '', t.depth, u.valid_from DESC, u.code
	 LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.commission_rule_of(integer, integer, integer, text, date) IS 'The rule that counts for a line of that group of items on that day; no row without one.';

CREATE FUNCTION erp_private.commission_lines(company_id integer, day date, documents bigint[])
	RETURNS TABLE (document_id bigint, line_no integer, sales_representative_id integer, commission_rule_id integer, base_amount numeric, percent numeric, settled numeric, total numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT d.document_id, l.line_no, r.sales_representative_id, u.commission_rule_id,
	       k.total_sign * round(l.amount * d.rate, c.decimals) - CASE u.base WHEN 'margin' THEN round(erp_private.billed_cost($1, d.document_id, l.line_no), c.decimals) ELSE 0 END,
	       u.percent, CASE u.earned WHEN 'billed' THEN o.total ELSE o.settled END, o.total
	  FROM unnest($3) AS n (document_id)
	  JOIN erp_private.company_money c ON c.company_id = $1
	  JOIN erp.document d ON d.company_id = $1 AND d.document_id = n.document_id
	  JOIN erp.document_kind k ON k.kind = d.kind
	  JOIN erp.party p ON p.company_id = $1 AND p.party_id = d.party_id
	  -- Who was settled with for a document keeps it.
	  JOIN erp.sales_representative r ON r.company_id = $1 AND r.sales_representative_id <> 0 AND r.sales_representative_id = COALESCE((
		SELECT x.sales_representative_id FROM erp.commission_settlement_line x WHERE x.company_id = $1 AND x.billed_document_id = d.document_id LIMIT 1), p.sales_representative_id)
	 CROSS JOIN LATERAL (
		-- A document that opens nothing is paid.
		SELECT COALESCE(NULLIF(sum(abs(f.amount)), 0), 1) AS total, CASE WHEN COALESCE(sum(abs(f.amount)), 0) = 0 THEN 1 ELSE sum(s.amount) END AS settled
		  FROM erp.open_item f
		  JOIN erp.account a ON a.company_id = $1 AND a.account_id = f.account_id AND a.control = 'receivable'
		 CROSS JOIN LATERAL (SELECT COALESCE(sum(x.amount), 0) AS amount FROM erp.settlement x
		                      WHERE x.company_id = $1 AND f.open_item_id IN (x.debit_open_item_id, x.credit_open_item_id) AND x.day <= $2) s
		 WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.party_id = d.party_id) o
	  JOIN erp.document_line l ON l.company_id = $1 AND l.document_id = d.document_id
	  JOIN erp.line_role g ON g.line_role = l.line_role AND NOT g.is_rounding
	  LEFT JOIN erp.item i ON i.company_id = $1 AND i.item_id = l.item_id AND l.item_id <> 0
	 CROSS JOIN LATERAL erp_private.commission_rule_of($1, r.sales_representative_id,
	       CASE WHEN p.sales_team_id = 0 OR r.sales_representative_id <> p.sales_representative_id THEN r.sales_team_id ELSE p.sales_team_id END, COALESCE(i.item_group, ''), d.posting_day) u
	 WHERE d.posting_day <= $2
	   AND NOT EXISTS (SELECT 1 FROM erp.document v WHERE v.company_id = $1 AND v.reverses_document_id = d.document_id AND v.posting_day <= $2)
$function$;
COMMENT ON FUNCTION erp_private.commission_lines(integer, date, bigint[]) IS
	'Lines of these documents that earn commission as of a day: base_amount x percent x settled / total, not rounded. A document that is reversed by then earns nothing.';

-- The sum of a document is rounded once; its lines are rounded down, and what is missing goes to the largest remainders.
CREATE FUNCTION erp_private.commission_at(company_id integer, day date, documents bigint[])
	RETURNS TABLE (document_id bigint, line_no integer, sales_representative_id integer, commission_rule_id integer, base_amount numeric, percent numeric, settled numeric, total numeric, amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH line AS MATERIALIZED (
		SELECT l.*, x.exact, floor(x.exact) AS units,
		       round(sum(l.base_amount * l.percent * l.settled * f.factor) OVER (PARTITION BY l.document_id) / (100.000000000000000000000000 * l.total)) AS wanted, f.factor
		  FROM erp_private.commission_lines($1, $2, $3) l
		  JOIN erp_private.company_money c ON c.company_id = $1
		 CROSS JOIN LATERAL (SELECT 10::numeric ^ c.decimals AS factor) f
		 CROSS JOIN LATERAL (SELECT l.base_amount * l.percent * l.settled * f.factor / (100.000000000000000000000000 * l.total) AS exact) x
	), ranked AS (
		SELECT l.*, l.wanted - sum(l.units) OVER (PARTITION BY l.document_id) AS missing,
		       row_number() OVER (PARTITION BY l.document_id ORDER BY l.exact - l.units DESC, l.line_no) AS place
		  FROM line l
	)
	SELECT r.document_id, r.line_no, r.sales_representative_id, r.commission_rule_id, r.base_amount, r.percent, r.settled, r.total,
	       (r.units + CASE WHEN r.place <= r.missing THEN 1 ELSE 0 END) / r.factor
	  FROM ranked r
$function$;
COMMENT ON FUNCTION erp_private.commission_at(integer, date, bigint[]) IS
	'What lines of these documents have earned by the end of a day, in the company''s currency: the sum of a document rounded once, spread on its lines by largest remainder.';

CREATE FUNCTION erp.commission(company text, first_day date, last_day date)
RETURNS TABLE (representative_code text, representative_name text, party_code text, document_kind text, document_key text, day date, line_no integer, item_code text,
	rule_code text, base text, base_amount numeric, percent numeric, earned text, settled_percent numeric, amount numeric, settled_amount numeric, currency text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT r.code, r.name, p.code, d.kind, d.key, d.posting_day, e.line_no, i.code, u.code, u.base, round(e.base_amount, c.decimals), e.percent, u.earned,
		round(e.settled * 100 / e.total, 2), round(e.amount, c.decimals), round(COALESCE(s.amount, 0), c.decimals), c.currency
	FROM erp_private.company_money c
	CROSS JOIN LATERAL (SELECT erp_private.commission_documents(c.company_id, $2, $3) AS documents OFFSET 0) n
	CROSS JOIN LATERAL (
		SELECT a.document_id, a.line_no, a.sales_representative_id, a.commission_rule_id,
			COALESCE(max(a.base_amount) FILTER (WHERE a.sign = 1), max(a.base_amount)) AS base_amount, max(a.percent) AS percent,
			COALESCE(max(a.settled) FILTER (WHERE a.sign = 1), 0) AS settled, max(a.total) AS total, sum(a.sign * a.amount) AS amount
		FROM (
			SELECT 1 AS sign, t.* FROM erp_private.commission_at(c.company_id, $3, n.documents) t
			UNION ALL
			SELECT -1, t.* FROM erp_private.commission_at(c.company_id, $2 - 1, n.documents) t
		) a
		GROUP BY a.document_id, a.line_no, a.sales_representative_id, a.commission_rule_id
	) e
	JOIN erp.document d ON d.company_id = c.company_id AND d.document_id = e.document_id
	JOIN erp.document_line l ON l.company_id = c.company_id AND l.document_id = e.document_id AND l.line_no = e.line_no
	LEFT JOIN erp.item i ON i.company_id = c.company_id AND i.item_id = l.item_id AND l.item_id <> 0
	JOIN erp.party p ON p.company_id = c.company_id AND p.party_id = d.party_id
	JOIN erp.sales_representative r ON r.company_id = c.company_id AND r.sales_representative_id = e.sales_representative_id
	JOIN erp.commission_rule u ON u.company_id = c.company_id AND u.commission_rule_id = e.commission_rule_id
	CROSS JOIN LATERAL (SELECT sum(x.amount) AS amount FROM erp.commission_settlement_line x
		WHERE x.company_id = c.company_id AND x.billed_document_id = e.document_id AND x.line_no = e.line_no) s
	WHERE c.company = $1 AND e.amount <> 0
	ORDER BY r.code, d.posting_day, d.document_id, e.line_no
$$;
COMMENT ON FUNCTION erp.commission(text, date, date) IS
	'Commission earned from the first to the last day, both included, a row for each line of an invoice or credit note that earned it, by the rule that counts for it (erp.put_commission_rules()). company: code. It is what is earned by the last day less what was by the day before the first, so that periods add up: amount is base_amount x percent / 100, of a rule that counts what is paid times settled_percent, each document rounded once and spread on its lines by largest remainder. Credit notes and reversals take it back, on their day. Representative: that of the customer now; of a document of which something was settled, who it was settled with. base_amount: net revenue, or that less cost as now known, in the company''s currency. settled_percent: how much of what counts for it is settled (100 for what is earned when it is billed). settled_amount: what was settled with representatives of the line by now (erp.settle_commission()).';
