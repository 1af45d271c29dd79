-- Documents of goods, naively: what each says, by loops over plain tables.

CREATE TABLE goods.document (company text NOT NULL, no integer NOT NULL, key text NOT NULL, kind text NOT NULL, day date NOT NULL, tod time NOT NULL, posting_day date NOT NULL,
	party text NOT NULL, reverses integer NOT NULL, body jsonb NOT NULL, PRIMARY KEY (company, no), UNIQUE (company, key));

-- linked: how much of the line that is named a line amends or sends back (signed), bills, credits (negative) or fulfils; linked_amount: for how much of its estimate. variance: what of a credit is a price variance.
CREATE TABLE goods.line (company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, role text NOT NULL, item text NOT NULL,
	warehouse text NOT NULL, location text NOT NULL, lot text NOT NULL, state text NOT NULL, to_warehouse text NOT NULL, to_location text NOT NULL, to_lot text NOT NULL, to_state text NOT NULL,
	quantity numeric NOT NULL, amount numeric NOT NULL, cost numeric, origin integer, origin_line integer, demand text, demand_line integer,
	linked numeric NOT NULL DEFAULT 0, linked_amount numeric NOT NULL DEFAULT 0, variance numeric NOT NULL DEFAULT 0, PRIMARY KEY (company, no, line_no));

-- source: given carries its value; issue asks the pool; less takes its value out of its origin's layer; product takes a share of what its document consumed; return a part
-- of its origin's cost; arrive, restore and takeback its origin's, turned. carried: it stays in its pool and on its account, and only its place changes.
CREATE TABLE goods.move (company text NOT NULL, seq integer NOT NULL, no integer NOT NULL, line_no integer NOT NULL, leg integer NOT NULL, item text NOT NULL,
	warehouse text NOT NULL, location text NOT NULL, lot text NOT NULL, state text NOT NULL, day date NOT NULL, tod time NOT NULL, quantity numeric NOT NULL,
	source text NOT NULL, given numeric, origin integer, carried boolean NOT NULL, account text NOT NULL, counter text NOT NULL, value numeric, PRIMARY KEY (company, seq));
CREATE INDEX ON goods.move (company, no);

-- What joined the cost of a move later, by the document and line that said so.
CREATE TABLE goods.part (company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, seq integer NOT NULL, amount numeric NOT NULL, PRIMARY KEY (company, no, line_no, seq));

-- Debit positive.
CREATE TABLE goods.gl (company text NOT NULL, no integer NOT NULL, day date NOT NULL, account text NOT NULL, amount numeric NOT NULL);

-- In the books, neither taken back nor taking back.
CREATE FUNCTION goods.stands(p_company text, p_no integer) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM goods.document d WHERE d.company = p_company AND d.no = p_no AND d.reverses = 0)
		AND NOT EXISTS (SELECT FROM goods.document r WHERE r.company = p_company AND r.reverses = p_no);
END
$$;

-- A line that is named: what it brought, or bills, by now; what of it was used, by bills of a receipt or receipts on a bill.
CREATE FUNCTION goods.named(p_company text, p_no integer, p_line integer, OUT quantity numeric, OUT amount numeric, OUT used numeric, OUT used_amount numeric)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	l goods.line;
BEGIN
	SELECT * INTO l FROM goods.line t WHERE t.company = p_company AND t.no = p_no AND t.line_no = p_line;
	quantity := l.quantity + coalesce((SELECT sum(a.linked) FROM goods.line a WHERE a.company = p_company AND a.origin = p_no AND a.origin_line = p_line
		AND a.role IN ('received_more', 'received_less', 'sent_back') AND goods.stands(p_company, a.no)), 0);
	amount := l.amount + coalesce((SELECT sum(a.amount) FROM goods.line a WHERE a.company = p_company AND a.origin = p_no AND a.origin_line = p_line
		AND a.role IN ('received_more', 'received_less', 'sent_back', 'repriced') AND goods.stands(p_company, a.no)), 0);
	-- What a line of a receipt came on is billed; what a bill found there on its own day, too. Of a bill that found some, the whole amount is shared.
	used := l.linked + coalesce((SELECT sum(b.linked) FROM goods.line b WHERE b.company = p_company AND b.origin = p_no AND b.origin_line = p_line
		AND b.role IN ('billed', 'credited', 'receipt') AND goods.stands(p_company, b.no)), 0);
	used_amount := CASE l.role WHEN 'billed' THEN round(l.amount * l.linked / l.quantity, 2) ELSE l.linked_amount END
		+ coalesce((SELECT sum(b.linked_amount) FROM goods.line b WHERE b.company = p_company AND b.origin = p_no AND b.origin_line = p_line
		AND b.role IN ('billed', 'credited', 'receipt') AND goods.stands(p_company, b.no)), 0);
END
$$;

-- Whole cents by largest remainder, of a negative amount as of a positive one.
CREATE FUNCTION goods.parts(p_total numeric, p_weights numeric[]) RETURNS numeric[]
LANGUAGE sql AS $$
	SELECT array_agg(CASE WHEN p_total < 0 THEN -p ELSE p END ORDER BY n) FROM unnest(trial.parts(abs(p_total), p_weights)) WITH ORDINALITY u (p, n)
$$;

-- The moves that a document, or one of its lines, brought in of its own, and what came with them by amendments that stand.
CREATE FUNCTION goods.brought(p_company text, p_no integer, p_line integer) RETURNS SETOF goods.move
LANGUAGE sql STABLE AS $$
	SELECT m.* FROM goods.move m LEFT JOIN goods.line l ON l.company = m.company AND l.no = m.no AND l.line_no = m.line_no
	WHERE m.company = p_company AND m.quantity > 0 AND m.origin IS NULL AND m.leg = 1
		AND (m.no = p_no AND p_line IN (0, m.line_no) OR l.role = 'received_more' AND l.origin = p_no AND p_line IN (0, l.origin_line) AND goods.stands(p_company, l.no))
	ORDER BY m.no, m.line_no
$$;

-- Joins an amount to the cost of moves, by weights; none may be later (TR194), and no receipt may come to cost less than nothing (TR195).
CREATE FUNCTION goods.spread(p_company text, p_no integer, p_line integer, p_amount numeric, p_moves integer[], p_weights numeric[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM goods.move m JOIN goods.document d ON d.company = p_company AND d.no = p_no WHERE m.company = p_company AND m.seq = ANY (p_moves) AND m.day > d.posting_day) THEN
		PERFORM trial.refuse('TR194');
	ELSIF coalesce((SELECT sum(w) FROM unnest(p_weights) w), 0) <= 0 THEN
		PERFORM trial.refuse('TR195');
	END IF;
	INSERT INTO goods.part SELECT p_company, p_no, p_line, s, a FROM unnest(p_moves, goods.parts(p_amount, p_weights)) u (s, a);
	IF EXISTS (SELECT FROM goods.part p JOIN goods.move m USING (company, seq) WHERE p.company = p_company AND p.no = p_no
		GROUP BY m.seq, m.value HAVING m.value + sum(p.amount) < 0) THEN
		PERFORM trial.refuse('TR195');
	END IF;
END
$$;

-- Freight and the like: the receipts that are named stand, are not later, and none is named twice.
CREATE FUNCTION goods.land(p_company text, d goods.document, l goods.line, p_body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	moves integer[];
	weights numeric[];
	basis text := coalesce(p_body ->> 'basis', 'quantity');
BEGIN
	SELECT array_agg(m.seq ORDER BY n, m.no, m.line_no), array_agg(CASE basis WHEN 'quantity' THEN m.quantity WHEN 'value' THEN m.value WHEN 'weight' THEN m.quantity * i.weight
		WHEN 'volume' THEN m.quantity * i.volume ELSE 1 END ORDER BY n, m.no, m.line_no) INTO moves, weights
	FROM jsonb_array_elements(p_body -> 'receipts') WITH ORDINALITY r (r, n) JOIN goods.document t ON t.company = p_company AND t.key = r ->> 'key',
		goods.brought(p_company, t.no, coalesce((r ->> 'line')::integer, 0)) m JOIN goods.item i USING (item);
	IF moves IS NULL OR cardinality(moves) <> (SELECT count(DISTINCT s) FROM unnest(moves) s)
		OR EXISTS (SELECT FROM goods.move m WHERE m.company = p_company AND m.seq = ANY (moves) AND NOT goods.stands(p_company, m.no)) THEN
		PERFORM trial.refuse('TR194');
	END IF;
	PERFORM goods.spread(p_company, d.no, l.line_no, l.amount, moves, weights);
END
$$;

-- A bill: of what was received and is not billed, at most; the difference to the estimate joins the cost, the rest is ahead.
CREATE FUNCTION goods.bill(p_company text, d goods.document, l goods.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	n record;
	part numeric;
	estimate numeric := 0;
BEGIN
	IF l.origin IS NULL THEN
		RETURN;
	END IF;
	n := goods.named(p_company, l.origin, l.origin_line);
	part := least(l.quantity, greatest(n.quantity - n.used, 0));
	IF part > 0 THEN
		estimate := round((n.amount - n.used_amount) * part / (n.quantity - n.used), 2);
	END IF;
	UPDATE goods.line t SET linked = part, linked_amount = estimate WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no;
	PERFORM goods.spread(p_company, d.no, l.line_no, round(l.amount * part / l.quantity, 2) - estimate, array_agg(m.seq), array_agg(m.quantity))
	FROM goods.brought(p_company, l.origin, l.origin_line) m;
END
$$;

-- What comes on a bill is what the bill waits for, at its amount.
CREATE FUNCTION goods.fulfil(p_company text, d goods.document, l goods.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	n record := goods.named(p_company, l.origin, l.origin_line);
BEGIN
	IF l.quantity > n.quantity - n.used OR l.amount <> round((n.amount - n.used_amount) * l.quantity / (n.quantity - n.used), 2) THEN
		PERFORM trial.refuse('TR198');
	END IF;
	UPDATE goods.line t SET linked = l.quantity, linked_amount = l.amount WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no;
END
$$;

-- More, at the amount given or the receipt's price; less, at its price; or another price.
CREATE FUNCTION goods.amend(p_company text, d goods.document, l goods.line, p_body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	n record := goods.named(p_company, l.origin, l.origin_line);
	sign integer := CASE l.role WHEN 'received_less' THEN -1 ELSE 1 END;
	difference numeric := l.amount;
BEGIN
	IF l.role = 'repriced' THEN
		IF p_body ? 'price' THEN
			difference := round(n.quantity * (p_body ->> 'price')::numeric, 2) - n.amount;
		END IF;
	ELSIF n.quantity <= 0 AND NOT p_body ? 'amount' OR l.role = 'received_less' AND l.quantity > n.quantity THEN
		PERFORM trial.refuse('TR011');
	ELSIF NOT p_body ? 'amount' THEN
		difference := sign * round(n.amount * l.quantity / n.quantity, 2);
	END IF;
	UPDATE goods.line t SET amount = difference, linked = sign * l.quantity WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no;
	IF l.role = 'repriced' THEN
		PERFORM goods.spread(p_company, d.no, l.line_no, difference, array_agg(m.seq), array_agg(m.quantity)) FROM goods.brought(p_company, l.origin, l.origin_line) m;
	END IF;
END
$$;

-- What goes back to its supplier: he owes for it at the receipt's price; it leaves like any issue, from where the line says or else from where it came in.
CREATE FUNCTION goods.send_back(p_company text, d goods.document, l goods.line, p_body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	n record := goods.named(p_company, l.origin, l.origin_line);
	place text[] := ARRAY[l.warehouse, l.location, l.lot, l.state];
BEGIN
	IF l.quantity > n.quantity THEN
		PERFORM trial.refuse('TR224');
	END IF;
	UPDATE goods.line t SET amount = -round(n.amount * l.quantity / n.quantity, 2), linked = -l.quantity WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no;
	IF NOT p_body ?| '{warehouse,location}' THEN
		SELECT ARRAY[o.warehouse, o.location, l.lot, coalesce(p_body ->> 'state', o.state)] INTO place FROM goods.move o WHERE o.company = p_company AND o.no = l.origin AND o.line_no = l.origin_line;
	END IF;
	PERFORM goods.add_move(p_company, d, l, 1, -l.quantity, place, 'issue', NULL, NULL, false);
END
$$;

-- A credit note: first of what was billed and went back, then of what is billed and still there. What it is more than the estimate leaves the cost of the receipt;
-- of what went back, the share that was sent back (and not amended away) is a price variance instead.
CREATE FUNCTION goods.credit(p_company text, d goods.document, l goods.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	n record := goods.named(p_company, l.origin, l.origin_line);
	gone numeric := greatest(n.used - n.quantity, 0);
	of_gone numeric := least(l.quantity, gone);
	gone_estimate numeric := 0;
	there_estimate numeric := 0;
	sent numeric;
	less numeric;
	lost numeric := 0;
BEGIN
	IF EXISTS (SELECT FROM goods.brought(p_company, l.origin, l.origin_line) m WHERE m.day > d.posting_day) THEN
		PERFORM trial.refuse('TR194');
	ELSIF l.quantity > n.used THEN
		PERFORM trial.refuse('TR223');
	END IF;
	IF of_gone > 0 THEN
		gone_estimate := round((n.used_amount - n.amount) * of_gone / gone, 2);
	END IF;
	IF l.quantity > of_gone THEN
		there_estimate := round((n.used_amount - CASE WHEN gone > 0 THEN n.used_amount - n.amount ELSE 0 END) * (l.quantity - of_gone) / (n.used - gone), 2);
	END IF;
	SELECT -sum(a.linked) FILTER (WHERE a.role = 'sent_back'), -sum(a.linked) INTO sent, less FROM goods.line a WHERE a.company = p_company AND a.origin = l.origin AND a.origin_line = l.origin_line
		AND a.role IN ('received_less', 'sent_back') AND goods.stands(p_company, a.no);
	IF of_gone > 0 AND sent > 0 THEN
		lost := round((round(l.amount * of_gone / l.quantity, 2) - gone_estimate) * sent / less, 2);
	END IF;
	UPDATE goods.line t SET linked = -l.quantity, linked_amount = -(gone_estimate + there_estimate), variance = -lost WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no;
	PERFORM goods.spread(p_company, d.no, l.line_no, gone_estimate + there_estimate + lost - l.amount, array_agg(m.seq), array_agg(m.quantity)) FROM goods.brought(p_company, l.origin, l.origin_line) m;
END
$$;
