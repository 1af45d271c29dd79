-- From a request to its lines and moves, naively, and what it must be refused for.

-- An amount and its parts in pounds: each rounded down, and the pence that are missing from the rounded total to those that lost most, the first of equals first.
CREATE FUNCTION others.convert(p_amounts numeric[], p_rate numeric) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	total numeric := (SELECT sum(a) FROM unnest(p_amounts) a);
	turn integer := CASE WHEN total < 0 THEN -1 ELSE 1 END;
	pence numeric[] := (SELECT array_agg(floor(turn * a * p_rate * 100) ORDER BY n) FROM unnest(p_amounts) WITH ORDINALITY u (a, n));
	best integer;
BEGIN
	WHILE (SELECT sum(p) FROM unnest(pence) p) < round(turn * total * p_rate * 100) LOOP
		best := (SELECT n FROM unnest(p_amounts, pence) WITH ORDINALITY u (a, p, n) ORDER BY turn * a * p_rate * 100 - p DESC, n LIMIT 1);
		pence[best] := pence[best] + 1;
	END LOOP;
	RETURN (SELECT array_agg(turn * p / 100 ORDER BY n) FROM unnest(pence) WITH ORDINALITY u (p, n));
END
$$;

-- The lines of a request with its defaults filled in. Of a kind with two sides a line is two: out of what is the party's, and in.
CREATE FUNCTION others.read_lines(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	pairs boolean := (SELECT count(*) = 2 AND bool_or(role = 'withdrawn') FROM others.role WHERE kind = d.kind);
	roles text[] := (SELECT array_agg(role ORDER BY way) FROM others.role WHERE kind = d.kind);
	bases numeric[];
BEGIN
	INSERT INTO others.line
	SELECT p_company, d.no, CASE WHEN pairs THEN 2 * n - 1 + half ELSE n END, coalesce(l ->> 'role', roles[1 + half]), coalesce(l ->> 'item', ''), w.warehouse, coalesce(l ->> 'location', ''),
		coalesce(l ->> 'lot', ''), CASE WHEN (SELECT r.own FROM others.role r WHERE r.kind = d.kind AND r.role = coalesce(l ->> 'role', roles[1 + half])) THEN coalesce(l ->> 'owner', '') ELSE d.party END,
		coalesce(l ->> 'to_warehouse', w.warehouse), coalesce(l ->> 'to_location', CASE WHEN coalesce(l ->> 'to_warehouse', w.warehouse) = w.warehouse THEN l ->> 'location' END, ''),
		coalesce((l ->> 'quantity')::numeric, 0), CASE WHEN pairs AND half = 0 THEN 0 ELSE coalesce((l ->> 'amount')::numeric, round((l ->> 'quantity')::numeric * (l ->> 'price')::numeric, 2), 0) END, 0,
		CASE WHEN l ->> 'role' = 'product' THEN coalesce((l ->> 'share')::numeric, 1) ELSE (l ->> 'cost')::numeric END,
		CASE WHEN pairs AND half = 1 THEN NULL ELSE (SELECT t.no FROM others.document t WHERE t.company = p_company AND t.key = l -> 'origin' ->> 'key') END,
		CASE WHEN pairs AND half = 1 THEN NULL ELSE (l -> 'origin' ->> 'line')::integer END, l -> 'demand' ->> 'key'
	FROM jsonb_array_elements(d.body -> 'lines') WITH ORDINALITY e (l, n), generate_series(0, CASE WHEN pairs THEN 1 ELSE 0 END) half,
		LATERAL (SELECT coalesce(l ->> 'warehouse', d.body ->> 'warehouse', 'MAIN')) w (warehouse);
	bases := others.convert((SELECT array_agg(l.amount ORDER BY l.line_no) FROM others.line l WHERE l.company = p_company AND l.no = d.no), d.rate);
	UPDATE others.line l SET base = bases[l.line_no] WHERE l.company = p_company AND l.no = d.no;
END
$$;

CREATE FUNCTION others.add_move(p_company text, d others.document, l others.line, p_leg integer, p_quantity numeric, p_place text[], p_source text, p_given numeric, p_origin integer, p_pool text, p_method text DEFAULT '')
RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	new_seq integer := coalesce((SELECT max(m.seq) FROM others.move m WHERE m.company = p_company), 0) + 1;
BEGIN
	INSERT INTO others.move VALUES (p_company, new_seq, d.no, l.line_no, p_leg, l.item, p_place[1], p_place[2], p_place[3], p_place[4], d.posting_day, d.tod, p_quantity, p_source, p_given, p_origin, p_pool,
		others.account(l.item, p_place[1]), (SELECT r.counter FROM others.role r WHERE r.kind = d.kind AND r.role = l.role),
		CASE WHEN l.role IN ('receipt', 'withdrawn') THEN '5050' WHEN l.role = 'product' THEN '5060' ELSE '' END, p_method, NULL, NULL);
	RETURN new_seq;
END
$$;

-- The line of which a line takes goods, or which it clears: it stands, is of the kinds that the role may name, of the item, and no later (TR051); of the party (TR217).
CREATE FUNCTION others.check_origin(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	names text[] := (SELECT r.names FROM others.role r WHERE r.kind = d.kind AND r.role = l.role);
	o others.document;
BEGIN
	SELECT t.* INTO o FROM others.document t JOIN others.line n USING (company, no) WHERE t.company = p_company AND t.no = l.origin AND n.line_no = l.origin_line AND n.item = l.item AND t.kind = ANY (names);
	IF o.no IS NULL OR NOT others.stands(p_company, o.no) OR (o.posting_day, o.tod) > (d.posting_day, d.tod) THEN
		PERFORM trial.refuse('TR051');
	ELSIF d.party <> '' AND d.party <> o.party THEN
		PERFORM trial.refuse('TR217');
	END IF;
END
$$;

-- How much of what a line brought is left by the lines that stand and name it.
CREATE FUNCTION others.left_of(p_company text, p_no integer, p_line integer) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT l.quantity FROM others.line l WHERE l.company = p_company AND l.no = p_no AND l.line_no = p_line)
		- coalesce((SELECT sum(a.quantity) FROM others.line a WHERE a.company = p_company AND a.origin = p_no AND a.origin_line = p_line AND others.stands(p_company, a.no)), 0);
END
$$;

-- Whether goods may lie in a place: what is lent or on consignment lies where the kind of its document says, and nothing else does (TR215).
CREATE FUNCTION others.check_place(p_warehouse text, p_location text, p_kind text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF coalesce((SELECT t.kind FROM others.location t WHERE t.warehouse = p_warehouse AND t.location = p_location), 'storage') <> p_kind THEN
		PERFORM trial.refuse('TR215');
	END IF;
END
$$;

-- Out of one place into another; what comes back from others takes from where it lies.
CREATE FUNCTION others.carry(p_company text, d others.document, l others.line, p_source text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	target text[] := CASE l.role WHEN 'arrival' THEN ARRAY[l.warehouse, l.location, p_source[3], l.owner] ELSE ARRAY[l.to_warehouse, l.to_location, l.lot, l.owner] END;
	pools text[] := ARRAY[others.pool_of(l.item, p_source[1], p_source[3]), others.pool_of(l.item, target[1], target[3])];
	first integer;
BEGIN
	IF p_source = target THEN
		PERFORM trial.refuse('TR011');
	ELSIF l.role = 'arrival' THEN
		PERFORM others.check_place(target[1], target[2], 'storage');
	ELSE
		PERFORM others.check_place(target[1], target[2], r.to_kind) FROM others.role r WHERE r.kind = d.kind;
		PERFORM others.check_place(p_source[1], p_source[2], 'storage');
	END IF;
	IF l.owner <> '' OR pools[1] = pools[2] AND others.account(l.item, p_source[1]) = others.account(l.item, target[1]) THEN
		pools := '{"",""}';
	END IF;
	first := others.add_move(p_company, d, l, 1, -l.quantity, p_source, 'issue', NULL, NULL, pools[1]);
	PERFORM others.add_move(p_company, d, l, 2, l.quantity, target, 'arrive', NULL, first, pools[2]);
END
$$;

-- Where the goods are that a line takes: where the loan or delivery that it names brought them; else where it says.
CREATE FUNCTION others.source_of(p_company text, d others.document, l others.line) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
	source text[] := ARRAY[l.warehouse, l.location, l.lot, l.owner];
	o others.move;
	required boolean := l.role IN ('arrival', 'given_back', 'bought_from');
BEGIN
	IF l.origin IS NULL THEN
		PERFORM trial.refuse('TR051') WHERE required;
		PERFORM others.check_place(l.warehouse, l.location, 'storage');
		RETURN source;
	END IF;
	PERFORM others.check_origin(p_company, d, l);
	PERFORM trial.refuse('TR216') WHERE others.left_of(p_company, l.origin, l.origin_line) < 0;
	SELECT * INTO o FROM others.move m WHERE m.company = p_company AND m.no = l.origin AND m.line_no = l.origin_line AND m.leg = 2;
	IF o.seq IS NULL AND NOT coalesce(d.body -> 'lines' -> CASE l.role WHEN 'bought_from' THEN l.line_no / 2 ELSE l.line_no - 1 END ?| '{warehouse,location}', false) THEN
		SELECT * INTO o FROM others.move m WHERE m.company = p_company AND m.no = l.origin AND m.line_no = l.origin_line;
	END IF;
	RETURN CASE WHEN o.seq IS NULL THEN source ELSE ARRAY[o.warehouse, o.location, o.lot, o.owner] END;
END
$$;

-- The issue that goods come back from: it stands and is of the item. What comes back without one has its cost in the line.
CREATE FUNCTION others.come_back(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	o others.move;
	place text[] := ARRAY[l.warehouse, l.location, l.lot, l.owner];
BEGIN
	PERFORM others.check_place(l.warehouse, l.location, 'storage');
	IF l.origin IS NOT NULL THEN
		SELECT m.* INTO o FROM others.move m JOIN others.line t USING (company, no, line_no) WHERE m.company = p_company AND m.no = l.origin AND m.line_no = l.origin_line AND m.item = l.item AND m.source = 'issue'
			AND t.role IN ('sale', 'loss', 'free', 'component') AND others.stands(p_company, m.no);
		PERFORM trial.refuse('TR051') WHERE o.seq IS NULL;
	END IF;
	PERFORM others.add_move(p_company, d, l, 1, l.quantity, place, CASE WHEN o.seq IS NULL THEN 'given' ELSE 'return' END, l.cost, o.seq, others.pool_of(l.item, l.warehouse, l.lot));
END
$$;

-- What one line does.
CREATE FUNCTION others.add_line(p_company text, d others.document, l others.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r others.role;
	source text[];
	pool text;
BEGIN
	SELECT * INTO r FROM others.role t WHERE t.kind = d.kind AND t.role = l.role;
	IF r.role IN ('billed', 'settled', 'repriced', 'landed') THEN
		PERFORM others.learn(p_company, d, l);
	ELSIF d.kind = 'adjustment_approval' THEN
		PERFORM others.approve(p_company, d, l);
	ELSIF d.kind IN ('standard_revaluation', 'costing_change', 'month_cost') THEN
		PERFORM others.restate(p_company, d, l);
	ELSIF r.role = 'return' THEN
		PERFORM others.come_back(p_company, d, l);
	ELSE
		-- What becomes ours lies where it lay.
		source := CASE WHEN l.role = 'withdrawn' THEN (SELECT ARRAY[m.warehouse, m.location, m.lot, ''] FROM others.move m WHERE m.company = p_company AND m.no = d.no AND m.line_no = l.line_no - 1)
			WHEN r.way = 1 THEN ARRAY[l.warehouse, l.location, l.lot, l.owner] ELSE others.source_of(p_company, d, l) END;
		pool := CASE WHEN r.own THEN others.pool_of(l.item, source[1], source[3]) ELSE '' END;
		IF r.way = 2 THEN
			PERFORM others.carry(p_company, d, l, source);
		ELSIF r.way = -1 THEN
			PERFORM others.add_move(p_company, d, l, 1, -l.quantity, source, 'issue', NULL, NULL, pool);
		ELSE
			PERFORM others.check_place(l.warehouse, l.location, 'storage');
			PERFORM others.add_move(p_company, d, l, 1, l.quantity, source, CASE l.role WHEN 'product' THEN 'product' ELSE 'given' END,
				CASE WHEN l.role IN ('receipt', 'withdrawn') THEN l.base WHEN l.role = 'held' THEN 0 ELSE l.cost END, NULL, pool);
		END IF;
	END IF;
END
$$;

-- Nothing that stands may rest on what is taken back: another price (TR112); bills, costs, approvals, and what became of goods that are named (TR196).
CREATE FUNCTION others.check_reversible(p_company text, o others.document) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF o.no IS NULL OR NOT others.stands(p_company, o.no) OR o.kind IN ('standard_revaluation', 'costing_change', 'month_cost') THEN
		PERFORM trial.refuse('TR052');
	ELSIF EXISTS (SELECT FROM others.line l WHERE l.company = p_company AND l.origin = o.no AND l.role = 'repriced' AND others.stands(p_company, l.no)) THEN
		PERFORM trial.refuse('TR112');
	ELSIF EXISTS (SELECT FROM others.line l WHERE l.company = p_company AND l.origin = o.no AND l.role <> 'return' AND others.stands(p_company, l.no))
		OR EXISTS (SELECT FROM others.part p JOIN others.move m USING (company, seq) WHERE p.company = p_company AND m.no = o.no AND p.no <> o.no AND others.stands(p_company, p.no)) THEN
		PERFORM trial.refuse('TR196');
	END IF;
END
$$;

-- What a document put into the books goes the other way, and what it joined to costs is taken from them.
CREATE FUNCTION others.reverse_lines(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m others.move;
	l others.line;
BEGIN
	INSERT INTO others.line SELECT company, d.no, line_no, role, item, warehouse, location, lot, owner, to_warehouse, to_location, -quantity, -amount, -base, -cost FROM others.line WHERE company = p_company AND no = d.reverses;
	INSERT INTO others.part SELECT company, d.no, line_no, seq, -amount FROM others.part WHERE company = p_company AND no = d.reverses;
	FOR m IN SELECT * FROM others.move t WHERE t.company = p_company AND t.no = d.reverses ORDER BY t.line_no, t.leg LOOP
		SELECT * INTO l FROM others.line t WHERE t.company = p_company AND t.no = d.no AND t.line_no = m.line_no;
		PERFORM others.add_move(p_company, d, l, m.leg, -m.quantity, ARRAY[m.warehouse, m.location, m.lot, m.owner], CASE WHEN m.quantity > 0 THEN 'takeback' ELSE 'restore' END, NULL, m.seq, m.pool);
	END LOOP;
END
$$;

-- Adds one document and what follows from it; '' or the code that it must be refused with, leaving nothing behind then.
CREATE FUNCTION others.predict(p_company text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	d others.document;
	o others.document;
	l others.line;
BEGIN
	IF p_doc ? 'reverses' THEN
		SELECT * INTO o FROM others.document t WHERE t.company = p_company AND t.key = p_doc ->> 'reverses';
		PERFORM others.check_reversible(p_company, o);
	END IF;
	d := (p_company, coalesce((SELECT max(no) FROM others.document WHERE company = p_company), 0) + 1, p_doc ->> 'key', coalesce(o.kind, p_doc ->> 'kind'), p_doc ->> 'day',
		others.time_of(p_company, p_doc), others.posting_day(p_company, p_doc, coalesce(o.kind, p_doc ->> 'kind')), coalesce(o.party, p_doc ->> 'party', ''),
		coalesce(o.currency, p_doc ->> 'currency', 'GBP'), coalesce(o.rate, (p_doc ->> 'rate')::numeric, 1), coalesce(o.no, 0), p_doc);
	IF o.no IS NOT NULL AND d.posting_day < o.posting_day THEN
		PERFORM trial.refuse('TR011');
	END IF;
	INSERT INTO others.document SELECT d.*;
	IF o.no IS NULL THEN
		PERFORM others.check_months(p_company, d), others.read_lines(p_company, d);
		FOR l IN SELECT * FROM others.line t WHERE t.company = p_company AND t.no = d.no ORDER BY t.role = 'product', t.line_no LOOP
			PERFORM others.add_line(p_company, d, l);
		END LOOP;
	ELSE
		PERFORM others.reverse_lines(p_company, d);
	END IF;
	PERFORM others.check_left_out(p_company, d);
	PERFORM others.post_amounts(p_company, d);
	PERFORM others.revalue(p_company, d);
	PERFORM others.serve(p_company, d);
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE NOT LIKE 'TR%' THEN
		RAISE;
	END IF;
	RETURN replace(SQLSTATE, 'TR', 'LE');
END
$$;

-- A new price that names no time stands behind its receipt where it is of the same day.
CREATE FUNCTION others.time_of(p_company text, p_doc jsonb) RETURNS time
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((p_doc ->> 'time')::time, (SELECT max(o.tod) FROM jsonb_array_elements(p_doc -> 'lines') l JOIN others.document o ON o.company = p_company AND o.key = l -> 'origin' ->> 'key'
		WHERE p_doc ->> 'kind' = 'receipt_amendment' AND o.posting_day = (p_doc ->> 'day')::date), '00:00');
END
$$;
