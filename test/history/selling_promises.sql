-- What orders are by what was posted for them, and what is reserved for them or waited for, naively.

-- A line's part in an order: what it ships (negative what comes back), bills and returns of the line that it is for. What names a shipment bills it, what is not in stock is delivered when it is billed.
CREATE VIEW selling.done AS
SELECT l.company, l.code, l.ord_line AS line_no,
	coalesce(sum(l.quantity * CASE WHEN l.role IN ('came_back', 'sold_back') THEN -1 WHEN l.role IN ('shipped', 'sold', 'service') OR l.role IN ('sale', 'free') AND l.origin IS NULL THEN 1 ELSE 0 END), 0) AS shipped,
	coalesce(sum(l.quantity) FILTER (WHERE l.role IN ('sale', 'free', 'service', 'invoiced')), 0) AS billed,
	coalesce(sum(l.amount) FILTER (WHERE l.role IN ('sale', 'free', 'service', 'invoiced')), 0) AS billed_amount,
	coalesce(sum(l.quantity) FILTER (WHERE l.role IN ('return', 'gift_return')), 0) AS returned
FROM selling.line l WHERE l.code IS NOT NULL AND selling.stands(l.company, l.no) GROUP BY 1, 2, 3;

-- Lines of orders with what became of them; held: reserved and waited for.
CREATE VIEW selling.state AS
SELECT o.company, o.n, o.code, o.party, o.currency, o.taxed, o.state, o.priority, o.accepts, l.line_no, l.role, l.item, l.warehouse, l.quantity, l.amount, l.cancelled, l.said,
	coalesce(d.shipped, 0) AS shipped, coalesce(d.billed, 0) AS billed, coalesce(d.billed_amount, 0) AS billed_amount, coalesce(d.returned, 0) AS returned,
	coalesce((SELECT sum(r.quantity) FROM selling.reserved r WHERE (r.company, r.code, r.line_no) = (l.company, l.code, l.line_no)), 0) AS reserved,
	coalesce((SELECT sum(w.quantity) FROM selling.waiting w WHERE (w.company, w.code, w.line_no) = (l.company, l.code, l.line_no)), 0) AS required
FROM selling.ord o JOIN selling.ord_line l USING (company, code) LEFT JOIN selling.done d USING (company, code, line_no);

-- What lies in a warehouse, and what of it nobody was promised.
CREATE FUNCTION selling.free(p_company text, p_item text, p_warehouse text, OUT on_hand numeric, OUT reserved numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	on_hand := coalesce((SELECT sum(m.quantity) FROM selling.move m WHERE m.company = p_company AND m.item = p_item AND m.warehouse = p_warehouse AND NOT m.shipped), 0);
	reserved := coalesce((SELECT sum(r.quantity) FROM selling.reserved r JOIN selling.ord_line l USING (company, code, line_no) WHERE r.company = p_company AND l.item = p_item AND l.warehouse = p_warehouse), 0);
END
$$;

CREATE FUNCTION selling.reserve(p_company text, p_code text, p_line integer, p_quantity numeric) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO selling.reserved VALUES (p_company, p_code, p_line, p_quantity) ON CONFLICT (company, code, line_no) DO UPDATE SET quantity = selling.reserved.quantity + excluded.quantity;
	DELETE FROM selling.reserved WHERE company = p_company AND quantity = 0
$$;

CREATE FUNCTION selling.wait(p_company text, p_code text, p_line integer, p_quantity numeric) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO selling.waiting SELECT p_company, coalesce((SELECT max(n) FROM selling.waiting WHERE company = p_company), 0) + 1, p_code, p_line, p_quantity WHERE p_quantity > 0
$$;

-- So much is no longer waited for, the oldest first; returns what was left to take.
CREATE FUNCTION selling.wait_less(p_company text, p_code text, p_line integer, p_quantity numeric) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	w selling.waiting;
	rest numeric := p_quantity;
BEGIN
	FOR w IN SELECT * FROM selling.waiting t WHERE t.company = p_company AND t.code = p_code AND t.line_no = p_line ORDER BY t.n LOOP
		UPDATE selling.waiting t SET quantity = t.quantity - least(t.quantity, greatest(rest, 0)) WHERE t.company = p_company AND t.n = w.n;
		rest := rest - least(w.quantity, greatest(rest, 0));
	END LOOP;
	DELETE FROM selling.waiting t WHERE t.company = p_company AND t.quantity = 0;
	RETURN rest;
END
$$;

-- What is held for a line is let go: what it waits for first, then what is reserved.
CREATE FUNCTION selling.release(p_company text, p_code text, p_line integer, p_quantity numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	rest numeric := selling.wait_less(p_company, p_code, p_line, p_quantity);
	reserved numeric := coalesce((SELECT r.quantity FROM selling.reserved r WHERE r.company = p_company AND r.code = p_code AND r.line_no = p_line), 0);
BEGIN
	PERFORM selling.reserve(p_company, p_code, p_line, -least(rest, reserved)) WHERE least(rest, reserved) > 0;
END
$$;

-- Up to so much of an item in a warehouse is reserved for who waits, by priority and age.
CREATE FUNCTION selling.serve(p_company text, p_item text, p_warehouse text, p_quantity numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	w record;
	rest numeric := p_quantity;
BEGIN
	FOR w IN SELECT t.* FROM selling.waiting t JOIN selling.ord_line l USING (company, code, line_no) JOIN selling.ord o USING (company, code)
		WHERE t.company = p_company AND l.item = p_item AND l.warehouse = p_warehouse ORDER BY o.priority DESC, t.n LOOP
		EXIT WHEN rest <= 0;
		PERFORM selling.reserve(p_company, w.code, w.line_no, least(rest, w.quantity));
		UPDATE selling.waiting t SET quantity = t.quantity - least(rest, w.quantity) WHERE t.company = p_company AND t.n = w.n;
		rest := rest - w.quantity;
	END LOOP;
	DELETE FROM selling.waiting t WHERE t.company = p_company AND t.quantity = 0;
END
$$;

-- What of an order is neither shipped nor held is reserved as far as it is free, and waited for, unless it accepts that.
CREATE FUNCTION selling.reserve_order(p_company text, p_code text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	s selling.state;
	f record;
	missing numeric;
BEGIN
	FOR s IN SELECT * FROM selling.state t WHERE t.company = p_company AND t.code = p_code AND t.role <> 'service' ORDER BY t.line_no LOOP
		missing := s.quantity - s.cancelled - s.shipped - s.reserved - s.required;
		f := selling.free(p_company, s.item, s.warehouse);
		CONTINUE WHEN missing <= 0;
		IF f.on_hand > f.reserved THEN
			PERFORM selling.reserve(p_company, p_code, s.line_no, least(missing, f.on_hand - f.reserved));
			missing := missing - least(missing, f.on_hand - f.reserved);
		END IF;
		PERFORM selling.wait(p_company, p_code, s.line_no, missing) WHERE NOT s.accepts;
	END LOOP;
END
$$;

CREATE FUNCTION selling.release_excess(p_company text, p_code text) RETURNS void
LANGUAGE sql AS $$
	SELECT selling.release(s.company, s.code, s.line_no, s.reserved + s.required - (s.quantity - s.cancelled - s.shipped)) FROM selling.state s
	WHERE s.company = p_company AND s.code = p_code AND s.reserved + s.required > s.quantity - s.cancelled - s.shipped
$$;

-- An order is closed while all that is left of it is shipped and billed.
CREATE FUNCTION selling.settle_state(p_company text, p_code text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE selling.ord o SET state = CASE WHEN NOT s.ended THEN 'confirmed' WHEN s.nothing THEN 'cancelled' ELSE 'closed' END
	FROM (SELECT bool_and(t.shipped + t.cancelled = t.quantity AND t.billed >= t.shipped) AS ended, bool_and(t.cancelled = t.quantity) AS nothing FROM selling.state t WHERE t.company = p_company AND t.code = p_code) s
	WHERE o.company = p_company AND o.code = p_code AND o.state IN ('confirmed', 'closed');
END
$$;

-- Documents from p_first on by line of an order: those that ship or bill more of it, those that ship and those that take back what was shipped.
CREATE FUNCTION selling.followed(p_company text, p_first integer) RETURNS TABLE (code text, line_no integer, more boolean, ships boolean, back boolean)
LANGUAGE sql STABLE AS $$
	SELECT l.code, l.ord_line, bool_or((l.role IN ('came_back', 'sold_back')) = (d.reverses <> 0) AND l.role NOT IN ('return', 'gift_return', 'allowance')),
		bool_or((l.role IN ('came_back', 'sold_back')) = (d.reverses <> 0) AND l.role IN ('shipped', 'sold', 'sale', 'free', 'came_back', 'sold_back') AND NOT (l.role IN ('sale', 'free') AND u.origin IS NOT NULL)),
		bool_or((l.role IN ('came_back', 'sold_back')) <> (d.reverses <> 0) AND l.role IN ('shipped', 'sold', 'sale', 'free', 'came_back', 'sold_back') AND NOT (l.role IN ('sale', 'free') AND u.origin IS NOT NULL))
	FROM selling.line l JOIN selling.document d USING (company, no)
	JOIN selling.line u ON u.company = l.company AND u.no = CASE d.reverses WHEN 0 THEN d.no ELSE d.reverses END AND u.line_no = l.line_no
	WHERE l.company = p_company AND l.no >= p_first AND l.code IS NOT NULL GROUP BY 1, 2
$$;

-- Before goods of documents from p_first on come in: what a reversal takes back is waited for. What names a line of an order uses up what is reserved for it; what comes in serves who waits.
CREATE FUNCTION selling.promise(p_company text, p_first integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m record;
BEGIN
	PERFORM selling.wait(p_company, s.code, s.line_no, s.quantity - s.cancelled - s.shipped - s.reserved - s.required)
	FROM selling.followed(p_company, p_first) f JOIN selling.state s ON s.company = p_company AND s.code = f.code AND s.line_no = f.line_no
	WHERE f.back AND s.role <> 'service' AND s.state IN ('confirmed', 'closed') AND EXISTS (SELECT FROM selling.document d WHERE d.company = p_company AND d.no >= p_first AND d.reverses <> 0);
	FOR m IN SELECT l.code, l.ord_line, -t.quantity AS quantity, r.quantity AS reserved FROM selling.move t JOIN selling.line l USING (company, no, line_no) JOIN selling.reserved r ON r.company = l.company AND r.code = l.code AND r.line_no = l.ord_line
		WHERE t.company = p_company AND t.no >= p_first AND t.leg = 1 AND t.quantity < 0 AND l.demanded ORDER BY t.seq LOOP
		PERFORM selling.reserve(p_company, m.code, m.ord_line, -least(m.quantity, coalesce((SELECT r.quantity FROM selling.reserved r WHERE r.company = p_company AND r.code = m.code AND r.line_no = m.ord_line), 0)));
	END LOOP;
	FOR m IN SELECT t.item, t.warehouse, sum(t.quantity) AS quantity FROM selling.move t WHERE t.company = p_company AND t.no >= p_first AND t.quantity > 0 AND NOT t.shipped GROUP BY 1, 2 LOOP
		PERFORM selling.serve(p_company, m.item, m.warehouse, m.quantity);
	END LOOP;
	FOR m IN SELECT DISTINCT t.item, t.warehouse FROM selling.move t WHERE t.company = p_company AND t.no >= p_first LOOP
		PERFORM trial.refuse('TR050') FROM selling.free(p_company, m.item, m.warehouse) f WHERE f.on_hand < f.reserved;
	END LOOP;
END
$$;

-- Orders follow documents from p_first on: no more than is ordered, of orders that are confirmed; what was shipped is not waited for, what came back is again.
CREATE FUNCTION selling.follow(p_company text, p_first integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	f record;
	s selling.state;
BEGIN
	FOR f IN SELECT * FROM selling.followed(p_company, p_first) ORDER BY 1, 2 LOOP
		SELECT * INTO s FROM selling.state t WHERE t.company = p_company AND t.code = f.code AND t.line_no = f.line_no;
		PERFORM trial.refuse('TR272') WHERE f.more AND s.state NOT IN ('confirmed', 'closed');
		PERFORM trial.refuse('TR271') WHERE f.more AND greatest(s.shipped, s.billed) + s.cancelled > s.quantity;
		PERFORM selling.wait_less(p_company, s.code, s.line_no, s.reserved + s.required - (s.quantity - s.cancelled - s.shipped)) WHERE f.ships AND s.reserved + s.required > s.quantity - s.cancelled - s.shipped;
		PERFORM selling.wait(p_company, s.code, s.line_no, s.quantity - s.cancelled - s.shipped - s.reserved - s.required) WHERE f.back AND NOT s.accepts AND s.role <> 'service' AND s.state IN ('confirmed', 'closed');
		DELETE FROM selling.waiting w WHERE w.company = p_company AND w.code = s.code AND f.back AND s.accepts;
	END LOOP;
	PERFORM selling.settle_state(p_company, c.code) FROM (SELECT DISTINCT t.code FROM selling.followed(p_company, p_first) t) c;
END
$$;
