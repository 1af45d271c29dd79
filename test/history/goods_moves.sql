-- From a request to its moves, naively; and what it must be refused for.

-- The lines of a request with its defaults filled in; what arrives has the state in which it was sent, unless the line says another. Of a revaluation a line is two: out at cost, in at its value.
CREATE FUNCTION goods.read_lines(p_company text, p_no integer, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO goods.line
	SELECT p_company, p_no, CASE WHEN r.pairs THEN 2 * n - 1 + half ELSE n END, coalesce(l ->> 'role', r.roles[1 + half]), coalesce(l ->> 'item', ''), p.warehouse, p.location, p.lot, p.state,
		coalesce(l ->> 'to_warehouse', p.warehouse), coalesce(l ->> 'to_location', CASE WHEN coalesce(l ->> 'to_warehouse', p.warehouse) = p.warehouse THEN p.location ELSE '' END),
		coalesce(l ->> 'to_lot', p.lot), coalesce(l ->> 'to_state', p.state),
		coalesce((l ->> 'quantity')::numeric, 0), coalesce((l ->> 'amount')::numeric, round((l ->> 'quantity')::numeric * (l ->> 'price')::numeric, 2), 0),
		CASE WHEN l ->> 'role' = 'product' THEN coalesce((l ->> 'share')::numeric, 1) WHEN r.pairs AND half = 0 THEN NULL ELSE (l ->> 'cost')::numeric END,
		(SELECT d.no FROM goods.document d WHERE d.company = p_company AND d.key = l -> 'origin' ->> 'key'), (l -> 'origin' ->> 'line')::integer,
		l -> 'demand' ->> 'key', (l -> 'demand' ->> 'line')::integer
	FROM jsonb_array_elements(p_doc -> 'lines') WITH ORDINALITY e (l, n),
		(SELECT array_agg(role ORDER BY role), p_doc ->> 'kind' IN ('revaluation', 'write_down') FROM goods.role WHERE kind = p_doc ->> 'kind') r (roles, pairs),
		generate_series(0, CASE WHEN r.pairs THEN 1 ELSE 0 END) half,
		LATERAL (SELECT coalesce(l ->> 'warehouse', p_doc ->> 'warehouse', 'MAIN'), coalesce(l ->> 'location', ''), coalesce(l ->> 'lot', ''), coalesce(l ->> 'state', CASE p_doc ->> 'kind' WHEN 'transfer_receipt' THEN '' ELSE 'available' END)) p (warehouse, location, lot, state);
END
$$;

CREATE FUNCTION goods.add_move(p_company text, d goods.document, l goods.line, p_leg integer, p_quantity numeric, p_place text[], p_source text, p_given numeric, p_origin integer, p_carried boolean) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	new_seq integer := coalesce((SELECT max(m.seq) FROM goods.move m WHERE m.company = p_company), 0) + 1;
BEGIN
	INSERT INTO goods.move VALUES (p_company, new_seq, d.no, l.line_no, p_leg, l.item, p_place[1], p_place[2], p_place[3], p_place[4], d.posting_day, d.tod, p_quantity,
		p_source, p_given, p_origin, p_carried, goods.account(p_company, l.item, p_place[1]), (SELECT r.counter FROM goods.role r WHERE r.kind = d.kind AND r.role = l.role), NULL);
	RETURN new_seq;
END
$$;

-- Out of one place into another. An arrival takes from where its origin sent, no more than is still on its way.
CREATE FUNCTION goods.carry(p_company text, d goods.document, l goods.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	source text[] := ARRAY[l.warehouse, l.location, l.lot, l.state];
	target text[] := ARRAY[l.to_warehouse, l.to_location, l.to_lot, l.to_state];
	o goods.move;
	stays boolean;
BEGIN
	IF l.role = 'arrival' THEN
		SELECT m.* INTO o FROM goods.move m JOIN goods.document t USING (company, no) WHERE m.company = p_company AND m.no = l.origin AND m.line_no = l.origin_line AND m.leg = 2
			AND m.item = l.item AND t.kind = 'transfer_dispatch' AND (m.day, m.tod) <= (d.posting_day, d.tod) AND goods.stands(p_company, m.no);
		IF o.seq IS NULL THEN
			PERFORM trial.refuse('TR051');
		ELSIF l.quantity + coalesce((SELECT sum(a.quantity) FROM goods.line a WHERE a.company = p_company AND a.role = 'arrival' AND a.origin = l.origin AND a.origin_line = l.origin_line
			AND (a.no, a.line_no) <> (l.no, l.line_no) AND goods.stands(p_company, a.no)), 0) > o.quantity THEN
			PERFORM trial.refuse('TR175');
		END IF;
		source := ARRAY[o.warehouse, o.location, o.lot, o.state];
		target := ARRAY[l.warehouse, l.location, o.lot, coalesce(nullif(l.state, ''), o.state)];
	ELSIF source = target THEN
		PERFORM trial.refuse('TR011');
	ELSIF d.kind = 'transfer_dispatch' AND (SELECT t.kind FROM goods.location t WHERE t.warehouse = target[1] AND t.location = target[2]) IS DISTINCT FROM 'in_transit' THEN
		PERFORM trial.refuse('TR176');
	END IF;
	stays := goods.pool_of(l.item, source[1], source[3]) = goods.pool_of(l.item, target[1], target[3])
		AND goods.account(p_company, l.item, source[1]) = goods.account(p_company, l.item, target[1]);
	PERFORM goods.add_move(p_company, d, l, 2, l.quantity, target, 'arrive', NULL, goods.add_move(p_company, d, l, 1, -l.quantity, source, 'issue', NULL, NULL, stays), stays);
END
$$;

-- The issue that goods come back from: it stands and is of the item. What comes back without one has its cost in the line.
CREATE FUNCTION goods.come_back(p_company text, d goods.document, l goods.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	o goods.move;
	place text[] := ARRAY[l.warehouse, l.location, l.lot, l.state];
BEGIN
	IF l.origin IS NULL THEN
		PERFORM goods.add_move(p_company, d, l, 1, l.quantity, place, 'given', l.cost, NULL, false);
		RETURN;
	END IF;
	SELECT m.* INTO o FROM goods.move m WHERE m.company = p_company AND m.no = l.origin AND m.line_no = l.origin_line AND m.item = l.item AND m.source = 'issue' AND NOT m.carried
		AND goods.stands(p_company, m.no) AND NOT EXISTS (SELECT FROM goods.line t WHERE t.company = p_company AND t.no = m.no AND t.line_no = m.line_no AND t.role IN ('transfer', 'arrival'));
	IF o.seq IS NULL THEN
		PERFORM trial.refuse('TR051');
	END IF;
	PERFORM goods.add_move(p_company, d, l, 1, l.quantity, place, 'return', NULL, o.seq, false);
END
$$;

-- The receipt or bill that a line names: it stands, is of the item and the party, and is no later than an amendment or bill of it (TR194).
CREATE FUNCTION goods.check_named(p_company text, d goods.document, l goods.line) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF l.origin IS NOT NULL AND NOT EXISTS (SELECT FROM goods.line o JOIN goods.document t USING (company, no) WHERE o.company = p_company AND o.no = l.origin AND o.line_no = l.origin_line
		AND o.role = CASE l.role WHEN 'receipt' THEN 'billed' ELSE 'receipt' END AND o.item = l.item AND t.party = d.party AND goods.stands(p_company, t.no)
		AND (l.role = 'receipt' OR t.posting_day <= CASE WHEN l.role IN ('billed', 'credited') THEN d.posting_day ELSE d.day END)) THEN
		PERFORM trial.refuse('TR194');
	END IF;
END
$$;

-- What one line does; p_body is the line as the request says it.
CREATE FUNCTION goods.add_line(p_company text, d goods.document, l goods.line, p_body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	place text[] := ARRAY[l.warehouse, l.location, l.lot, l.state];
	o goods.move;
BEGIN
	IF l.role IN ('receipt', 'billed', 'credited', 'received_more', 'received_less', 'sent_back', 'repriced') THEN
		PERFORM goods.check_named(p_company, d, l);
	END IF;
	-- What is sold, given away or used is available; what is scrapped need not be.
	IF l.state <> 'available' AND l.role IN ('sale', 'free', 'component', 'issued_more') THEN
		PERFORM trial.refuse('TR172');
	END IF;
	CASE
		WHEN l.role IN ('landed', 'absorbed') THEN PERFORM goods.land(p_company, d, l, p_body);
		WHEN l.role = 'billed' THEN PERFORM goods.bill(p_company, d, l);
		WHEN l.role = 'credited' THEN PERFORM goods.credit(p_company, d, l);
		WHEN l.role = 'sent_back' THEN PERFORM goods.send_back(p_company, d, l, p_body);
		WHEN l.role IN ('transfer', 'arrival') THEN PERFORM goods.carry(p_company, d, l);
		WHEN l.role IN ('return', 'issued_less') THEN PERFORM goods.come_back(p_company, d, l);
		WHEN l.role = 'receipt' THEN
			PERFORM goods.fulfil(p_company, d, l) WHERE l.origin IS NOT NULL;
			PERFORM goods.add_move(p_company, d, l, 1, l.quantity, place, 'given', l.amount, NULL, false);
		WHEN l.role IN ('received_more', 'received_less', 'repriced') THEN
			PERFORM goods.amend(p_company, d, l, p_body);
			SELECT m.* INTO o FROM goods.move m WHERE m.company = p_company AND m.no = l.origin AND m.line_no = l.origin_line;
			PERFORM goods.add_move(p_company, d, l, 1, t.linked, ARRAY[o.warehouse, o.location, o.lot, o.state], CASE l.role WHEN 'received_less' THEN 'less' ELSE 'given' END,
				abs(t.amount), CASE l.role WHEN 'received_less' THEN o.seq END, false) FROM goods.line t WHERE t.company = p_company AND t.no = d.no AND t.line_no = l.line_no AND l.role <> 'repriced';
		WHEN l.role IN ('opening', 'gain', 'revalued_to') THEN PERFORM goods.add_move(p_company, d, l, 1, l.quantity, place, 'given', l.cost, NULL, false);
		WHEN l.role = 'product' THEN PERFORM goods.add_move(p_company, d, l, 1, l.quantity, place, 'product', l.cost, NULL, false);
		ELSE PERFORM goods.add_move(p_company, d, l, 1, -l.quantity, place, 'issue', NULL, NULL, false);
	END CASE;
END
$$;

-- Every line, components before products.
CREATE FUNCTION goods.add_lines(p_company text, d goods.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
BEGIN
	FOR l IN SELECT * FROM goods.line t WHERE t.company = p_company AND t.no = d.no ORDER BY t.role = 'product', t.line_no LOOP
		PERFORM goods.add_line(p_company, d, l, d.body -> 'lines' -> CASE WHEN l.role LIKE 'revalued%' THEN (l.line_no - 1) / 2 ELSE l.line_no - 1 END);
	END LOOP;
END
$$;

-- What a document put into the books goes the other way, and what it joined to costs is taken from them.
CREATE FUNCTION goods.reverse_lines(p_company text, d goods.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m goods.move;
	l goods.line;
BEGIN
	INSERT INTO goods.line (company, no, line_no, role, item, warehouse, location, lot, state, to_warehouse, to_location, to_lot, to_state, quantity, amount, cost, variance)
	SELECT company, d.no, line_no, role, item, warehouse, location, lot, state, to_warehouse, to_location, to_lot, to_state, -quantity, -amount, -cost, -variance
	FROM goods.line WHERE company = p_company AND no = d.reverses;
	INSERT INTO goods.part SELECT company, d.no, line_no, seq, -amount FROM goods.part WHERE company = p_company AND no = d.reverses;
	FOR m IN SELECT * FROM goods.move t WHERE t.company = p_company AND t.no = d.reverses ORDER BY t.line_no, t.leg LOOP
		SELECT * INTO l FROM goods.line t WHERE t.company = p_company AND t.no = d.no AND t.line_no = m.line_no;
		PERFORM goods.add_move(p_company, d, l, m.leg, -m.quantity, ARRAY[m.warehouse, m.location, m.lot, m.state], CASE WHEN m.quantity > 0 THEN 'takeback' ELSE 'restore' END, NULL, m.seq, m.carried);
	END LOOP;
END
$$;

-- Nothing that stands may rest on what is taken back: amendments and returns (TR112), costs, bills, credit notes, receipts and arrivals (TR196); of what is credited so much stays billed.
CREATE FUNCTION goods.check_reversible(p_company text, o goods.document) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF o.no IS NULL OR NOT goods.stands(p_company, o.no) THEN
		PERFORM trial.refuse('TR052');
	ELSIF EXISTS (SELECT FROM goods.line l WHERE l.company = p_company AND l.origin = o.no AND l.role IN ('received_more', 'received_less', 'sent_back', 'repriced') AND goods.stands(p_company, l.no)) THEN
		PERFORM trial.refuse('TR112');
	ELSIF EXISTS (SELECT FROM goods.line l, goods.named(p_company, l.origin, l.origin_line) n WHERE l.company = p_company AND l.no = o.no AND l.role = 'received_more' AND n.quantity < l.linked) THEN
		PERFORM trial.refuse('TR112');
	ELSIF EXISTS (SELECT FROM goods.line l WHERE l.company = p_company AND l.origin = o.no AND l.role IN ('billed', 'credited', 'receipt', 'arrival') AND goods.stands(p_company, l.no))
		OR EXISTS (SELECT FROM (SELECT l.origin, l.origin_line, sum(l.linked) FROM goods.line l WHERE l.company = p_company AND l.no = o.no AND l.role = 'billed' AND l.linked > 0 GROUP BY 1, 2) b (no, line, billed),
			goods.named(p_company, b.no, b.line) n WHERE n.used < b.billed)
		OR EXISTS (SELECT FROM goods.part p JOIN goods.move m USING (company, seq) WHERE p.company = p_company AND m.no = o.no AND p.no <> o.no AND goods.stands(p_company, p.no)) THEN
		PERFORM trial.refuse('TR196');
	END IF;
END
$$;

-- Adds one document and what follows from it; '' or the code that it must be refused with, leaving nothing behind then.
CREATE FUNCTION goods.predict(p_company text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	d goods.document;
	o goods.document;
BEGIN
	IF p_doc ? 'reverses' THEN
		SELECT * INTO o FROM goods.document t WHERE t.company = p_company AND t.key = p_doc ->> 'reverses';
		PERFORM goods.check_reversible(p_company, o);
	END IF;
	d := (p_company, coalesce((SELECT max(no) FROM goods.document WHERE company = p_company), 0) + 1, p_doc ->> 'key', coalesce(o.kind, p_doc ->> 'kind'), p_doc ->> 'day',
		goods.time_of(p_company, p_doc), trial.posting_day(p_company, p_doc, coalesce(o.kind, p_doc ->> 'kind')), coalesce(o.party, p_doc ->> 'party', ''), coalesce(o.no, 0), p_doc);
	IF o.no IS NOT NULL AND d.posting_day < o.posting_day THEN
		PERFORM trial.refuse('TR011');
	END IF;
	INSERT INTO goods.document SELECT d.*;
	IF o.no IS NULL THEN
		PERFORM goods.read_lines(p_company, d.no, p_doc);
		PERFORM goods.add_lines(p_company, d);
	ELSE
		PERFORM goods.reverse_lines(p_company, d);
	END IF;
	PERFORM goods.post_amounts(p_company, d);
	PERFORM goods.revalue(p_company, d);
	PERFORM goods.take_promised(p_company, d);
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE NOT LIKE 'TR%' THEN
		RAISE;
	END IF;
	RETURN replace(SQLSTATE, 'TR', 'LE');
END
$$;

-- An amendment, or a return, that names no time stands behind its receipt where it is of the same day.
CREATE FUNCTION goods.time_of(p_company text, p_doc jsonb) RETURNS time
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((p_doc ->> 'time')::time, (SELECT max(o.tod) FROM jsonb_array_elements(p_doc -> 'lines') l JOIN goods.document o ON o.company = p_company AND o.key = l -> 'origin' ->> 'key'
		WHERE p_doc ->> 'kind' IN ('receipt_amendment', 'supplier_return') AND o.posting_day = (p_doc ->> 'day')::date), '00:00');
END
$$;
