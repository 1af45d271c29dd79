-- ledger: checks of open items and their settlement. Amounts in details are debit positive.

-- Without SET, so that it becomes part of the query that reads it.
CREATE FUNCTION erp_private.control_lines(p_controls text[])
RETURNS TABLE (company_id integer, voucher_id bigint, line_no integer, account_id integer, party_id integer, day date, currency_id integer,
	amount numeric, company_amount numeric)
LANGUAGE sql STABLE
AS $$
	SELECT t.company_id, t.voucher_id, t.line_no, t.account_id, t.party_id, t.day, t.currency_id,
		CASE t.side WHEN 'debit' THEN t.amount ELSE -t.amount END,
		CASE t.side WHEN 'debit' THEN t.company_amount ELSE -t.company_amount END
	FROM erp.account a
	JOIN erp.voucher_line t ON t.company_id = a.company_id AND t.account_id = a.account_id
	WHERE a.control = ANY (p_controls)
$$;
COMMENT ON FUNCTION erp_private.control_lines(text[]) IS
'The voucher lines on the accounts of these controls, debit positive. Part of the checks.';

CREATE FUNCTION erp_private.check_control_accounts()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'control_accounts', c.code, format('account %s, party %s', a.code, COALESCE(p.code, t.party_id::text)),
		format('open items %s, account %s', t.open_amount, t.account_amount)
	FROM (
		SELECT g.company_id, g.account_id, g.party_id, sum(g.open_amount) AS open_amount, sum(g.account_amount) AS account_amount
		FROM (
			SELECT l.company_id, l.account_id, l.party_id, 0::numeric AS open_amount, l.company_amount AS account_amount
			FROM erp_private.control_lines('{receivable,payable,accrued_payable}') l
			UNION ALL
			SELECT o.company_id, o.account_id, o.party_id, o.company_amount, 0
			FROM erp.open_item o
			UNION ALL
			SELECT o.company_id, o.account_id, o.party_id, -s.company_amount, 0
			FROM erp.settlement s
			JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.debit_open_item_id
			UNION ALL
			SELECT o.company_id, o.account_id, o.party_id, s.company_amount, 0
			FROM erp.settlement s
			JOIN erp.open_item o ON o.company_id = s.company_id AND o.open_item_id = s.credit_open_item_id
		) g
		GROUP BY g.company_id, g.account_id, g.party_id
		HAVING sum(g.open_amount) <> sum(g.account_amount)
	) t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	LEFT JOIN erp.account a ON a.company_id = t.company_id AND a.account_id = t.account_id
	LEFT JOIN erp.party p ON p.company_id = t.company_id AND p.party_id = t.party_id
$$;
COMMENT ON FUNCTION erp_private.check_control_accounts() IS
'Law 4: open items less settlements of each party equal the balance of the control account.';

CREATE FUNCTION erp_private.check_settlements()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'open_items', c.code, 'open item ' || o.open_item_id,
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
	SELECT 'open_items', c.code, 'settlement ' || s.settlement_id, 'joins open items of two parties, accounts or currencies'
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

CREATE FUNCTION erp_private.check_open_items()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'open_items', c.code, format('voucher %s, line %s', COALESCE(l.voucher_id, o.voucher_id), COALESCE(l.line_no, o.line_no)),
		CASE WHEN o.open_item_id IS NULL THEN 'a line of a control account is no open item'
			WHEN l.voucher_id IS NULL THEN format('open item %s has no line of a control account', o.open_item_id)
			ELSE format('open item %s: %s, %s of account %s, party %s on %s; line: %s, %s of account %s, party %s on %s', o.open_item_id,
				o.amount, o.company_amount, o.account_id, o.party_id, o.day,
				l.amount, l.company_amount, l.account_id, l.party_id, l.day) END
	FROM erp_private.control_lines('{receivable,payable,accrued_payable}') l
	FULL JOIN erp.open_item o ON o.company_id = l.company_id AND o.voucher_id = l.voucher_id AND o.line_no = l.line_no
	LEFT JOIN erp.company c ON c.company_id = COALESCE(l.company_id, o.company_id)
	WHERE (l.account_id, l.party_id, l.day, l.currency_id, l.amount, l.company_amount)
		IS DISTINCT FROM (o.account_id, o.party_id, o.day, o.currency_id, o.amount, o.company_amount)
		AND NOT (o.open_item_id IS NULL AND l.amount = 0 AND l.company_amount = 0)
	UNION ALL
	SELECT 'voucher_amounts', c.code, 'open item ' || i.open_item_id,
		format('amount %s: more than %s decimals of %s; or %s: more than %s of %s', i.amount, m.decimals, m.code, i.company_amount, o.decimals, o.code)
	FROM erp.open_item i
	JOIN erp.currency m ON m.currency_id = i.currency_id
	JOIN erp.company c ON c.company_id = i.company_id
	JOIN erp.currency o ON o.currency_id = c.currency_id
	WHERE min_scale(i.amount) > m.decimals OR min_scale(i.company_amount) > o.decimals
	UNION ALL
	SELECT s.check_name, s.company, s.object, s.detail
	FROM erp_private.check_settlements() s
$$;
COMMENT ON FUNCTION erp_private.check_open_items() IS
'Law 4: the lines of control accounts are the open items, one to one; none is settled beyond its amount. Law 9: they have no more decimals than their currency.';
