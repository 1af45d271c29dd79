-- What calls on orders post, naively: from a request and the state of the order to documents.

-- Shares of an amount by quantity, in their order: the last takes the rest.
CREATE FUNCTION selling.amount_share(p_amount numeric, p_whole numeric, p_quantity numeric, p_before numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$ SELECT round(p_amount * (p_before + p_quantity) / p_whole, 2) - round(p_amount * p_before / p_whole, 2) $$;

CREATE FUNCTION selling.post_batch(p_company text, p_docs jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	first integer := coalesce((SELECT max(no) FROM selling.document WHERE company = p_company), 0) + 1;
BEGIN
	PERFORM selling.add_document(p_company, d) FROM jsonb_array_elements(p_docs) d;
	PERFORM selling.revalue(p_company, first), selling.promise(p_company, first), selling.follow(p_company, first);
END
$$;

-- Money: what a customer pays settles an invoice, all or a part of it; the rate may have changed. A deposit waits for an offset or goes back.
CREATE FUNCTION selling.pay(p_company text, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d selling.document;
	i selling.item_open;
	paid numeric := (p_doc #>> '{lines,0,amount}')::numeric;
	base numeric;
	part numeric;
	account text := CASE p_doc #>> '{lines,0,role}' WHEN 'cash' THEN '1000' ELSE '1010' END;
BEGIN
	d := (p_company, coalesce((SELECT max(no) FROM selling.document WHERE company = p_company), 0) + 1, p_doc ->> 'key', p_doc ->> 'kind', p_doc ->> 'day', coalesce((p_doc ->> 'time')::time, '00:00'), p_doc ->> 'party',
		coalesce(p_doc ->> 'currency', 'GBP'), selling.rate_on(coalesce(p_doc ->> 'currency', 'GBP'), (p_doc ->> 'day')::date), 0, false, 0, 0);
	INSERT INTO selling.document SELECT d.*;
	base := round(paid * d.rate, 2);
	IF d.kind = 'customer_deposit' THEN
		PERFORM selling.post(d, '1010', base, paid), selling.post(d, '2050', -base, -paid);
		INSERT INTO selling.item_open VALUES (p_company, d.no, -paid, -base);
		RETURN;
	END IF;
	FOR i IN SELECT t.* FROM jsonb_array_elements(p_doc -> 'settles') s JOIN selling.document k ON k.company = p_company AND k.key = s ->> 'key' JOIN selling.item_open t ON t.company = p_company AND t.no = k.no LOOP
		PERFORM trial.refuse('TR091') WHERE paid > abs(i.amount);
		part := sign(i.amount) * CASE paid WHEN abs(i.amount) THEN abs(i.base) ELSE trial.share(abs(i.base), paid, abs(i.amount)) END;
		UPDATE selling.item_open t SET amount = t.amount - sign(i.amount) * paid, base = t.base - part, settled = true WHERE t.company = p_company AND t.no = i.no;
		PERFORM selling.post(d, CASE WHEN i.amount < 0 THEN '2050' ELSE '1100' END, -part, -sign(i.amount) * paid);
		PERFORM selling.post(d, '6400', part - base, 0) WHERE d.kind = 'customer_payment';
	END LOOP;
	PERFORM selling.post(d, account, base, paid) WHERE d.kind = 'customer_payment';
	PERFORM selling.post(d, account, -base, -paid) WHERE d.kind = 'customer_deposit_refund';
END
$$;

CREATE FUNCTION selling.order_of(p_company text, p_code text, p_states text[]) RETURNS selling.ord
LANGUAGE plpgsql STABLE AS $$
DECLARE
	o selling.ord;
BEGIN
	SELECT * INTO o FROM selling.ord t WHERE t.company = p_company AND t.code = p_code;
	PERFORM trial.refuse('TR012') WHERE o.code IS NULL;
	PERFORM trial.refuse('TR272') WHERE NOT o.state = ANY (p_states);
	RETURN o;
END
$$;

CREATE FUNCTION selling.insert_line(p_company text, p_code text, p_line integer, p_said jsonb) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO selling.ord_line SELECT p_company, p_code, p_line, coalesce(p_said ->> 'role', 'sale'), p_said ->> 'item', coalesce(p_said ->> 'warehouse', 'MAIN'), coalesce((p_said ->> 'quantity')::numeric, 1),
		coalesce((p_said ->> 'amount')::numeric, round((p_said ->> 'quantity')::numeric * (p_said ->> 'price')::numeric, 2), 0), 0, p_said
$$;

CREATE FUNCTION selling.place(p_company text, p_key text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO selling.ord VALUES (p_company, coalesce((SELECT max(n) FROM selling.ord WHERE company = p_company), 0) + 1, p_key, r ->> 'party', coalesce(r ->> 'currency', 'GBP'), r ? 'tax_code', 'confirmed',
		coalesce((r ->> 'priority')::integer, 0), coalesce(r ->> 'short', '') = 'accept');
	PERFORM selling.insert_line(p_company, p_key, n::integer, l) FROM jsonb_array_elements(r -> 'lines') WITH ORDINALITY e (l, n);
END
$$;

-- A counter sale: all of it is billed and shipped at once, and paid.
CREATE FUNCTION selling.counter(p_company text, p_key text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	head jsonb := jsonb_build_object('day', r -> 'day', 'time', r -> 'time', 'party', r -> 'party') || CASE WHEN r ? 'currency' THEN jsonb_build_object('currency', r -> 'currency') ELSE '{}' END;
	total numeric;
BEGIN
	PERFORM selling.place(p_company, p_key, r);
	PERFORM selling.post_batch(p_company, jsonb_build_array(head || CASE WHEN r ? 'tax_code' THEN jsonb_build_object('tax_code', r -> 'tax_code') ELSE '{}' END || jsonb_build_object('key', p_key || '/invoice', 'kind', 'sales_invoice',
		'lines', (SELECT jsonb_agg(l || jsonb_build_object('demand', jsonb_build_object('key', p_key, 'line', n)) ORDER BY n) FROM jsonb_array_elements(r -> 'lines') WITH ORDINALITY e (l, n)))));
	total := (SELECT i.amount FROM selling.item_open i JOIN selling.document d USING (company, no) WHERE i.company = p_company AND d.key = p_key || '/invoice');
	IF r ? 'payment' AND total > 0 THEN
		PERFORM selling.pay(p_company, head || jsonb_build_object('key', p_key || '/payment', 'kind', 'customer_payment', 'lines', jsonb_build_array(jsonb_build_object('role', 'cash', 'amount', total)),
			'settles', jsonb_build_array(jsonb_build_object('key', p_key || '/invoice'))));
	END IF;
END
$$;

-- What is billed ahead and not shipped of a line, the oldest first, from where to where of what is shipped next; what is behind that names no invoice.
CREATE FUNCTION selling.spans(p_company text, s selling.state) RETURNS TABLE (invoice integer, invoice_line integer, lower numeric, upper numeric)
LANGUAGE sql STABLE AS $$
	WITH ahead AS (SELECT l.no, l.line_no, q.quantity, sum(q.quantity) OVER (ORDER BY l.no, l.line_no) AS upto FROM selling.line l CROSS JOIN LATERAL selling.open_of(p_company, l.no, l.line_no) q
		WHERE l.company = p_company AND l.code = s.code AND l.ord_line = s.line_no AND l.role = 'invoiced' AND l.origin IS NULL AND selling.stands(p_company, l.no) AND q.quantity > 0)
	SELECT no, line_no, upto - quantity, upto FROM ahead
	UNION ALL SELECT NULL, NULL, coalesce((SELECT max(upto) FROM ahead), 0), 'Infinity'
$$;

-- What is wanted of each line is cut where what is reserved ends, and by what was billed ahead; a document for each invoice, then one of the rest, gifts by themselves where the shipment earns.
CREATE FUNCTION selling.ship(p_company text, p_key text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	o selling.ord := selling.order_of(p_company, r ->> 'order', '{confirmed}');
	at_shipment boolean := (SELECT b.at_shipment FROM selling.book b WHERE b.company = p_company);
	docs jsonb;
BEGIN
	WITH wanted AS (
		SELECT s AS state, coalesce((e.l ->> 'quantity')::numeric, CASE WHEN r ? 'lines' THEN s.quantity - s.cancelled - s.shipped ELSE s.reserved END) AS quantity
		FROM selling.state s LEFT JOIN jsonb_array_elements(r -> 'lines') e (l) ON (e.l ->> 'line')::integer = s.line_no
		WHERE s.company = p_company AND s.code = o.code AND s.role <> 'service' AND (e.l IS NOT NULL OR NOT r ? 'lines')
	), piece AS (
		SELECT w.state, p.lower, p.upper FROM wanted w CROSS JOIN LATERAL (VALUES (0::numeric, least(w.quantity, (w.state).reserved)), (least(w.quantity, (w.state).reserved), w.quantity)) p (lower, upper) WHERE p.lower < p.upper
	), part AS (
		SELECT p.state, a.invoice, a.invoice_line, greatest(p.lower, a.lower) AS lower, least(p.upper, a.upper) AS upper,
			CASE WHEN a.invoice IS NOT NULL THEN 'sales_shipment' WHEN NOT at_shipment THEN 'shipment' WHEN (p.state).role = 'free' THEN 'free_issue' ELSE 'sales_shipment' END AS kind
		FROM piece p CROSS JOIN LATERAL selling.spans(p_company, p.state) a WHERE greatest(p.lower, a.lower) < least(p.upper, a.upper)
	), doc AS (
		SELECT p.invoice, p.kind, row_number() OVER (ORDER BY p.invoice, p.kind DESC) AS n, jsonb_agg(jsonb_build_object('item', (p.state).item, 'warehouse', (p.state).warehouse, 'quantity', p.upper - p.lower,
			'demand', jsonb_build_object('key', o.code, 'line', (p.state).line_no)) || CASE WHEN p.invoice IS NOT NULL THEN jsonb_build_object('origin', jsonb_build_object('key', (SELECT d.key FROM selling.document d WHERE d.company = p_company AND d.no = p.invoice), 'line', p.invoice_line))
			WHEN p.kind = 'sales_shipment' THEN jsonb_build_object('amount', selling.amount_share((p.state).amount, (p.state).quantity, p.upper - p.lower, (p.state).shipped + p.lower)) ELSE '{}' END ORDER BY (p.state).line_no, p.lower) AS lines
		FROM part p GROUP BY 1, 2
	)
	SELECT jsonb_agg(jsonb_build_object('key', p_key || '/shipment' || CASE n WHEN 1 THEN '' ELSE '/' || n END, 'kind', d.kind, 'day', r -> 'day', 'time', r -> 'time', 'lines', d.lines)
		|| CASE d.kind WHEN 'free_issue' THEN '{}' ELSE jsonb_build_object('party', o.party) END || CASE d.kind WHEN 'sales_shipment' THEN jsonb_build_object('currency', o.currency) ELSE '{}' END ORDER BY n) INTO docs FROM doc d;
	PERFORM trial.refuse('TR273') WHERE docs IS NULL;
	PERFORM trial.refuse('TR271') FROM selling.state s JOIN jsonb_array_elements(r -> 'lines') l ON (l ->> 'line')::integer = s.line_no WHERE s.company = p_company AND s.code = o.code
		AND (l ->> 'quantity')::numeric > s.quantity - s.cancelled - s.shipped;
	PERFORM selling.post_batch(p_company, docs);
END
$$;

-- Lines of shipments that stand and came ahead of their invoice, with what is open of each, in the order in which an invoice has them.
CREATE FUNCTION selling.unbilled(p_company text, p_codes text[]) RETURNS TABLE (n integer, line_no integer, key text, shipment_line integer, kind text, quantity numeric, before numeric)
LANGUAGE sql STABLE AS $$
	SELECT s.n, s.line_no, d.key, l.line_no, d.kind, least(q.quantity, s.quantity - s.cancelled - s.billed - q.before), q.before
	FROM selling.state s
	JOIN LATERAL (SELECT l.*, o.quantity AS open, sum(o.quantity) OVER (ORDER BY d.key COLLATE "C", l.line_no) - o.quantity AS before FROM selling.line l JOIN selling.document d USING (company, no) CROSS JOIN LATERAL selling.open_of(p_company, l.no, l.line_no) o
		WHERE l.company = p_company AND l.code = s.code AND l.ord_line = s.line_no AND l.role IN ('shipped', 'sold') AND l.origin IS NULL AND selling.stands(p_company, l.no) AND o.quantity > 0) l ON true
	JOIN selling.document d ON d.company = p_company AND d.no = l.no
	CROSS JOIN LATERAL (SELECT l.open AS quantity, l.before AS before) q
	WHERE s.company = p_company AND s.code = ANY (p_codes) AND s.quantity - s.cancelled - s.billed > q.before
	UNION ALL
	SELECT s.n, s.line_no, NULL, NULL, NULL, s.quantity - s.cancelled - s.billed, 0 FROM selling.state s WHERE s.company = p_company AND s.code = ANY (p_codes) AND s.role = 'service' AND s.billed + s.cancelled < s.quantity
$$;

-- A part is billed at its share of what is left of the line's amount, if anything is.
CREATE FUNCTION selling.bill(p_company text, p_key text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	codes text[] := ARRAY(SELECT jsonb_array_elements_text(r -> 'orders'));
	o selling.ord;
	lines jsonb;
BEGIN
	SELECT * INTO o FROM selling.ord t WHERE t.company = p_company AND t.code = codes[1];
	PERFORM trial.refuse('TR274') FROM selling.ord t WHERE t.company = p_company AND t.code = ANY (codes) AND (t.party, t.currency, t.taxed) <> (o.party, o.currency, o.taxed);
	SELECT jsonb_agg(jsonb_build_object('item', s.item, 'role', CASE u.kind WHEN 'sales_shipment' THEN 'invoiced' ELSE s.role END, 'quantity', u.quantity,
			'amount', selling.amount_share(greatest(round(s.amount * (s.quantity - s.cancelled) / s.quantity, 2) - s.billed_amount, 0), s.quantity - s.cancelled - s.billed, u.quantity, u.before))
		|| CASE WHEN u.key IS NULL THEN jsonb_build_object('demand', jsonb_build_object('key', s.code, 'line', s.line_no)) ELSE jsonb_build_object('origin', jsonb_build_object('key', u.key, 'line', u.shipment_line)) END
		ORDER BY u.n, u.line_no, u.key COLLATE "C", u.shipment_line) INTO lines
	FROM selling.unbilled(p_company, codes) u JOIN selling.state s ON s.company = p_company AND s.n = u.n AND s.line_no = u.line_no;
	PERFORM trial.refuse('TR275') WHERE lines IS NULL;
	PERFORM selling.post_batch(p_company, jsonb_build_array(jsonb_build_object('key', p_key || '/invoice', 'kind', 'sales_invoice', 'day', r -> 'day', 'time', r -> 'time', 'party', o.party, 'currency', o.currency, 'lines', lines)
		|| CASE WHEN o.taxed THEN '{"tax_code": "VAT"}'::jsonb ELSE '{}' END));
END
$$;

CREATE FUNCTION selling.cancel(p_company text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	o selling.ord := selling.order_of(p_company, r ->> 'order', '{confirmed}');
	given_up integer := 0;
	c record;
BEGIN
	FOR c IN SELECT s.line_no, s.quantity - s.cancelled - greatest(s.shipped, s.billed) AS open, coalesce((l ->> 'quantity')::numeric, s.quantity - s.cancelled - greatest(s.shipped, s.billed)) AS quantity
		FROM selling.state s LEFT JOIN jsonb_array_elements(r -> 'lines') l ON (l ->> 'line')::integer = s.line_no WHERE s.company = p_company AND s.code = o.code AND (l IS NOT NULL OR NOT r ? 'lines') ORDER BY 1 LOOP
		PERFORM trial.refuse('TR271') WHERE c.quantity > c.open;
		CONTINUE WHEN c.quantity <= 0;
		PERFORM selling.release(p_company, o.code, c.line_no, c.quantity);
		UPDATE selling.ord_line t SET cancelled = t.cancelled + c.quantity WHERE t.company = p_company AND t.code = o.code AND t.line_no = c.line_no;
		given_up := given_up + 1;
	END LOOP;
	PERFORM trial.refuse('TR272') WHERE given_up = 0;
	PERFORM selling.settle_state(p_company, o.code);
END
$$;

-- A line of which so much is ordered now, at the same terms or another price.
CREATE FUNCTION selling.reorder(p_company text, p_code text, p_line integer, p_says jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	s selling.state;
BEGIN
	UPDATE selling.ord_line t SET said = t.said || p_says - 'line' WHERE t.company = p_company AND t.code = p_code AND t.line_no = p_line;
	UPDATE selling.ord_line t SET quantity = coalesce((t.said ->> 'quantity')::numeric, 1), amount = coalesce((t.said ->> 'amount')::numeric, round((t.said ->> 'quantity')::numeric * (t.said ->> 'price')::numeric, 2), 0)
	WHERE t.company = p_company AND t.code = p_code AND t.line_no = p_line;
	SELECT * INTO s FROM selling.state t WHERE t.company = p_company AND t.code = p_code AND t.line_no = p_line;
	PERFORM trial.refuse('TR271') WHERE s.quantity < greatest(s.shipped, s.billed) + s.cancelled;
END
$$;

CREATE FUNCTION selling.change(p_company text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	o selling.ord := selling.order_of(p_company, r ->> 'order', '{confirmed}');
BEGIN
	UPDATE selling.ord t SET priority = coalesce((r ->> 'priority')::integer, t.priority) WHERE t.company = p_company AND t.code = o.code;
	PERFORM selling.reorder(p_company, o.code, (l ->> 'line')::integer, l) FROM jsonb_array_elements(r -> 'lines') l WHERE l ? 'line';
	PERFORM selling.insert_line(p_company, o.code, (SELECT max(t.line_no) + 1 FROM selling.ord_line t WHERE t.company = p_company AND t.code = o.code), l) FROM jsonb_array_elements(r -> 'lines') l WHERE NOT l ? 'line';
	PERFORM selling.release_excess(p_company, o.code), selling.reserve_order(p_company, o.code), selling.settle_state(p_company, o.code);
END
$$;
