-- What changes values without moving goods, naively: bills and statements, other prices, freight; approvals; standards, methods and months. And what documents owe.

-- A receipt that is named: what it brought, at which estimate, by now; what of it was billed.
CREATE FUNCTION others.named(p_company text, p_no integer, p_line integer, OUT quantity numeric, OUT amount numeric, OUT base numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT l.quantity, l.amount, l.base INTO quantity, amount, base FROM others.line l WHERE l.company = p_company AND l.no = p_no AND l.line_no = p_line;
	SELECT named.quantity - coalesce(sum(b.linked), 0), named.amount - coalesce(sum(b.linked_amount), 0), named.base - coalesce(sum(b.linked_base), 0) INTO quantity, amount, base
	FROM others.line b WHERE b.company = p_company AND b.origin = p_no AND b.origin_line = p_line AND b.role IN ('billed', 'settled') AND others.stands(p_company, b.no);
	SELECT named.amount + coalesce(sum(a.amount), 0), named.base + coalesce(sum(a.base), 0) INTO amount, base
	FROM others.line a WHERE a.company = p_company AND a.origin = p_no AND a.origin_line = p_line AND a.role = 'repriced' AND others.stands(p_company, a.no);
END
$$;

-- Joins an amount to the cost of a receipt, which is no later (TR194); it may not come to cost less than nothing (TR195).
CREATE FUNCTION others.join_cost(p_company text, d others.document, l others.line, p_amount numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m others.move;
BEGIN
	SELECT * INTO m FROM others.move t WHERE t.company = p_company AND t.no = l.origin AND t.line_no = l.origin_line AND t.quantity > 0;
	IF m.seq IS NULL OR m.day > d.posting_day THEN
		PERFORM trial.refuse('TR194');
	END IF;
	INSERT INTO others.part VALUES (p_company, d.no, l.line_no, m.seq, p_amount);
	-- By standard cost what was paid is not what goods are worth.
	IF m.paid + (SELECT sum(p.amount) FROM others.part p WHERE p.company = p_company AND p.no = d.no AND p.seq = m.seq) < 0 THEN
		PERFORM trial.refuse('TR195');
	END IF;
END
$$;

-- A bill or statement takes of the estimate what it is of; what it differs by joins the cost; a bill may be ahead. Another price is for all that was received; freight joins as it is.
CREATE FUNCTION others.learn(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	body jsonb := d.body -> 'lines' -> l.line_no - 1;
	n record;
	o others.document;
	whole others.line;
	part numeric;
	estimate numeric := 0;
	estimate_base numeric := 0;
BEGIN
	SELECT * INTO o FROM others.document t WHERE t.company = p_company AND t.no = l.origin;
	SELECT * INTO whole FROM others.line t WHERE t.company = p_company AND t.no = l.origin AND t.line_no = l.origin_line;
	IF l.role = 'settled' AND l.origin IS NULL THEN
		PERFORM trial.refuse('TR051');
	ELSIF l.role <> 'landed' AND (NOT o.kind = ANY ((SELECT r.names FROM others.role r WHERE r.kind = d.kind)::text[]) OR whole.item <> l.item OR whole.role NOT IN ('receipt', 'withdrawn') OR o.party <> d.party)
		OR NOT others.stands(p_company, o.no) OR o.posting_day > d.posting_day OR whole.no IS NULL OR l.role IN ('billed', 'settled') AND o.currency <> d.currency THEN
		PERFORM trial.refuse('TR194');
	END IF;
	n := others.named(p_company, l.origin, l.origin_line);
	IF l.role = 'landed' THEN
		PERFORM others.join_cost(p_company, d, l, l.base);
	ELSIF l.role = 'repriced' THEN
		IF body ? 'price' THEN
			l.amount := round(whole.quantity * (body ->> 'price')::numeric, 2) - (SELECT whole.amount + coalesce(sum(a.amount), 0) FROM others.line a WHERE a.company = p_company AND a.origin = l.origin
				AND a.origin_line = l.origin_line AND a.role = 'repriced' AND a.no <> d.no AND others.stands(p_company, a.no));
			UPDATE others.line t SET amount = l.amount, base = round(l.amount * d.rate, 2) WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no RETURNING t.base INTO l.base;
		END IF;
		PERFORM others.join_cost(p_company, d, l, l.base);
	ELSE
		part := least(l.quantity, greatest(n.quantity, 0));
		IF l.role = 'settled' AND part < l.quantity THEN
			PERFORM trial.refuse('TR218');
		ELSIF part > 0 THEN
			estimate := round(n.amount * part / n.quantity, 2);
			estimate_base := round(n.base * part / n.quantity, 2);
		END IF;
		UPDATE others.line t SET linked = part, linked_amount = estimate, linked_base = estimate_base WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no;
		PERFORM others.join_cost(p_company, d, l, round(l.base * part / l.quantity, 2) - estimate_base);
	END IF;
END
$$;

-- What of a gain or loss is pending: what it cost by now, less what was approved.
CREATE FUNCTION others.pending(p_company text, p_no integer, p_line integer) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT -m.value FROM others.move m WHERE m.company = p_company AND m.no = p_no AND m.line_no = p_line)
		- coalesce((SELECT sum(CASE WHEN a.role LIKE 'gain%' THEN -a.amount ELSE a.amount END) FROM others.line a JOIN others.document d USING (company, no) WHERE a.company = p_company AND a.origin = p_no AND a.origin_line = p_line
			AND d.kind = 'adjustment_approval' AND others.stands(p_company, a.no)), 0);
END
$$;

CREATE FUNCTION others.approve(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	turn integer := CASE WHEN l.role LIKE 'gain%' THEN -1 ELSE 1 END;
	pending numeric;
	o others.document;
BEGIN
	SELECT * INTO o FROM others.document t WHERE t.company = p_company AND t.no = l.origin;
	IF o.no IS NULL OR o.kind <> (CASE turn WHEN 1 THEN 'stock_loss' ELSE 'stock_gain' END) OR o.posting_day > d.posting_day OR NOT others.stands(p_company, o.no) THEN
		PERFORM trial.refuse('TR051');
	END IF;
	-- Its own amount is in what is approved already.
	pending := turn * others.pending(p_company, l.origin, l.origin_line);
	IF pending IS NULL OR pending < 0 THEN
		PERFORM trial.refuse('TR219');
	END IF;
	PERFORM others.post(p_company, d.no, d.posting_day, '1901', -turn * l.amount), others.post(p_company, d.no, d.posting_day, r.counter, turn * l.amount) FROM others.role r WHERE r.kind = d.kind AND r.role = l.role;
END
$$;

-- What a standard, a change or a run of a month says of an item, and what it must not: of another method (TR011, TR210), while something was stated for a later day (TR211),
-- amid a month (TR212), before other months are run (TR186), of lots that none has moved of (TR210). Each pool that there may be has a move, of lots each that there is.
CREATE FUNCTION others.check_restated(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	before text := others.method_on(p_company, l.item, 'infinity');
	wanted text := d.body ->> 'method';
BEGIN
	IF d.kind = 'standard_revaluation' THEN
		PERFORM trial.refuse('TR011') WHERE before <> 'standard';
		PERFORM trial.refuse('TR210') WHERE others.method_on(p_company, l.item, d.day) <> 'standard';
	ELSIF d.kind = 'costing_change' THEN
		PERFORM trial.refuse('TR011') WHERE (wanted = 'standard') <> (l.cost IS NOT NULL);
		PERFORM trial.refuse('TR210') WHERE before = wanted OR EXISTS (SELECT FROM others.item i WHERE i.item = l.item AND (i.pool = 'lot' AND (wanted IN ('standard', 'monthly_average')
			OR NOT EXISTS (SELECT FROM others.pool p WHERE p.company = p_company AND p.item = l.item)) OR i.pool <> 'lot' AND wanted = 'specific'));
		PERFORM trial.refuse('TR211') WHERE EXISTS (SELECT FROM others.move m WHERE m.company = p_company AND m.item = l.item AND m.source IN ('standard', 'change', 'month') AND m.day > d.day);
		PERFORM trial.refuse('TR212') WHERE 'monthly_average' IN (before, wanted) AND extract(day FROM d.day + 1) <> 1;
		PERFORM trial.refuse('TR186') WHERE before = 'monthly_average' AND others.unrun_before(p_company, l.item, date_trunc('month', d.day)::date);
	END IF;
END
$$;

-- A month is run after all months before it in which goods moved (TR186), even if nothing is to be run in it.
CREATE FUNCTION others.check_months(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF d.kind = 'month_cost' THEN
		PERFORM trial.refuse('TR186') FROM others.item i WHERE others.unrun_before(p_company, i.item, date_trunc('month', d.day)::date);
	END IF;
END
$$;

-- Whether something moved in a month before a day, by monthly average, whose cost is not run.
CREATE FUNCTION others.unrun_before(p_company text, p_item text, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM others.move m WHERE m.company = p_company AND m.item = p_item AND m.pool <> '' AND m.quantity <> 0 AND m.day < p_day
		AND others.method_on(p_company, m.item, m.day) = 'monthly_average' AND NOT others.is_run(p_company, m.item, m.day));
END
$$;

CREATE FUNCTION others.restate(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	pools text[] := (SELECT CASE i.pool WHEN 'company' THEN ARRAY[i.item] WHEN 'warehouse' THEN ARRAY[i.item || ' MAIN', i.item || ' NORTH']
		ELSE ARRAY(SELECT p.pool FROM others.pool p WHERE p.company = p_company AND p.item = l.item) END FROM others.item i WHERE i.item = l.item);
BEGIN
	PERFORM others.check_restated(p_company, d, l);
	PERFORM others.add_move(p_company, d, l, 0, 0, ARRAY[split_part(p, ' ', 2), '', '', ''], CASE d.kind WHEN 'standard_revaluation' THEN 'standard' WHEN 'costing_change' THEN 'change' ELSE 'month' END,
		l.cost, NULL, p, CASE d.kind WHEN 'costing_change' THEN d.body ->> 'method' ELSE '' END) FROM unnest(pools) p;
END
$$;

-- A pool that a change or a standard knew nothing of does not begin before it (TR213).
CREATE FUNCTION others.check_left_out(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM others.move m JOIN others.move c ON c.company = m.company AND c.item = m.item AND c.source IN ('change', 'standard') AND (c.day, c.tod) >= (m.day, m.tod) AND c.no <> m.no
		WHERE m.company = p_company AND m.no = d.no AND m.pool <> '' AND m.quantity <> 0
			AND NOT EXISTS (SELECT FROM others.move k WHERE k.company = c.company AND k.no = c.no AND k.pool = m.pool)) THEN
		PERFORM trial.refuse('TR213');
	END IF;
END
$$;

-- What a document owes or is owed, whatever its goods are worth.
CREATE FUNCTION others.post_amounts(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	total numeric := coalesce((SELECT sum(l.amount) FROM others.line l WHERE l.company = p_company AND l.no = d.no), 0);
	base numeric := coalesce((SELECT sum(l.base) FROM others.line l WHERE l.company = p_company AND l.no = d.no), 0);
	joined numeric := coalesce((SELECT sum(p.amount) FROM others.part p WHERE p.company = p_company AND p.no = d.no), 0);
	differs numeric;
BEGIN
	CASE
		WHEN d.kind IN ('goods_receipt', 'borrowing_purchase', 'consignment_withdrawal', 'receipt_amendment') THEN
			PERFORM others.post(p_company, d.no, d.posting_day, '2150', -base, d.currency, -total);
		WHEN d.kind IN ('supplier_bill', 'consignment_statement') THEN
			-- What is billed beside the estimate, in the currency of both.
			differs := coalesce((SELECT sum(CASE WHEN d.reverses = 0 THEN 1 ELSE -1 END * (round(l.amount * l.linked / l.quantity, 2) - l.linked_amount)) FROM others.line l
				WHERE l.company = p_company AND l.no = CASE d.reverses WHEN 0 THEN d.no ELSE d.reverses END), 0);
			PERFORM others.post(p_company, d.no, d.posting_day, '2000', -base, d.currency, -total), others.post(p_company, d.no, d.posting_day, '2150', base - joined, d.currency, total - differs);
		WHEN d.kind = 'landed_cost' THEN PERFORM others.post(p_company, d.no, d.posting_day, '2000', -base, d.currency, -total);
		WHEN d.kind = 'sales_invoice' THEN PERFORM others.post(p_company, d.no, d.posting_day, '1100', total), others.post(p_company, d.no, d.posting_day, '4000', -total);
		WHEN d.kind = 'credit_note' THEN PERFORM others.post(p_company, d.no, d.posting_day, '1100', -total), others.post(p_company, d.no, d.posting_day, '4000', total);
		WHEN d.kind = 'adjustment_approval' AND d.reverses <> 0 THEN
			PERFORM others.post(p_company, d.no, d.posting_day, g.account, -g.amount) FROM others.gl g WHERE g.company = p_company AND g.no = d.reverses;
		ELSE NULL;
	END CASE;
END
$$;
