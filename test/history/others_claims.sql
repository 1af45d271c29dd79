-- What is expected, and what is promised of that and of stock, naively.

CREATE TABLE others.expected (company text NOT NULL, n integer NOT NULL, source text NOT NULL, item text NOT NULL, warehouse text NOT NULL, day date NOT NULL, quantity numeric NOT NULL, PRIMARY KEY (company, n));

-- source: what it is expected from; '' for what is in stock, at the location. age: the older, the lower.
CREATE TABLE others.promise (company text NOT NULL, n integer NOT NULL, demand text NOT NULL, item text NOT NULL, warehouse text NOT NULL, location text NOT NULL, lot text NOT NULL, source text NOT NULL,
	quantity numeric NOT NULL, priority integer NOT NULL, age integer NOT NULL, PRIMARY KEY (company, n));

-- What lies in each place, whatever its day, and what of it nobody was promised. What is lent or on consignment, or another's, is not promised.
CREATE VIEW others.place AS
SELECT company, item, warehouse, location, lot, owner, sum(quantity) AS on_hand FROM others.move WHERE quantity <> 0 GROUP BY company, item, warehouse, location, lot, owner;
CREATE VIEW others.free AS
SELECT p.*, p.on_hand - coalesce((SELECT sum(r.quantity) FROM others.promise r WHERE r.company = p.company AND r.item = p.item AND r.warehouse = p.warehouse
	AND r.location = p.location AND r.lot = p.lot AND r.source = '' AND p.owner = ''), 0) AS free, p.owner = '' AND coalesce(l.kind, 'storage') = 'storage' AS promisable
FROM others.place p LEFT JOIN others.location l USING (warehouse, location);

CREATE FUNCTION others.promise(p_company text, p_demand text, p_item text, p_place text[], p_source text, p_quantity numeric, p_priority integer, p_age integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO others.promise SELECT p_company, coalesce((SELECT max(n) FROM others.promise WHERE company = p_company), 0) + 1, p_demand, p_item, p_place[1], p_place[2], p_place[3], p_source, p_quantity, p_priority, p_age
	WHERE p_quantity > 0;
END
$$;

-- So much is missing of a claim, or of a place, and is taken from who was promised least urgently, of equals from the latest.
CREATE FUNCTION others.take_away(p_company text, p_item text, p_place text[], p_source text, p_missing numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r others.promise;
	rest numeric := p_missing;
BEGIN
	FOR r IN SELECT * FROM others.promise t WHERE t.company = p_company AND t.item = p_item AND t.source = p_source AND (p_source <> '' OR ARRAY[t.warehouse, t.location, t.lot] = p_place)
		ORDER BY t.priority, t.age DESC, t.n DESC LOOP
		UPDATE others.promise t SET quantity = t.quantity - least(greatest(rest, 0), t.quantity) WHERE t.company = p_company AND t.n = r.n;
		rest := rest - r.quantity;
	END LOOP;
	DELETE FROM others.promise t WHERE t.company = p_company AND t.quantity = 0;
END
$$;

-- Up to so much of claims on what is expected (p_source null: on any in the warehouse) becomes stock of the place: those of higher priority first, then the older ones. Returns how much.
CREATE FUNCTION others.firm(p_company text, p_item text, p_place text[], p_source text, p_quantity numeric) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	r others.promise;
	part numeric;
	firmed numeric := 0;
BEGIN
	FOR r IN SELECT t.* FROM others.promise t JOIN others.expected e USING (company, source, item, warehouse) WHERE t.company = p_company AND t.item = p_item AND t.warehouse = p_place[1] AND t.source = coalesce(p_source, t.source)
		ORDER BY t.priority DESC, t.age, e.day, t.n LOOP
		part := least(r.quantity, p_quantity - firmed);
		CONTINUE WHEN part <= 0;
		UPDATE others.promise t SET quantity = t.quantity - part WHERE t.company = p_company AND t.n = r.n;
		PERFORM others.promise(p_company, r.demand, p_item, p_place, '', part, r.priority, r.age);
		firmed := firmed + part;
	END LOOP;
	DELETE FROM others.promise t WHERE t.company = p_company AND t.quantity = 0;
	RETURN firmed;
END
$$;

-- What arrives at a place serves who waits; what of it comes from a supplier comes off what is expected, of its source first, then by day, and claims that are left without goods are lost.
CREATE FUNCTION others.arrive(p_company text, p_item text, p_place text[], p_arrived numeric, p_received numeric, p_reference text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	e others.expected;
	part numeric;
	rest numeric := p_received;
	firmed numeric := 0;
BEGIN
	FOR e IN SELECT * FROM others.expected t WHERE t.company = p_company AND t.item = p_item AND t.warehouse = p_place[1] ORDER BY t.source = p_reference DESC, t.day, t.n LOOP
		part := least(e.quantity, rest);
		CONTINUE WHEN part <= 0;
		firmed := firmed + others.firm(p_company, p_item, p_place, e.source, least(part, p_arrived - firmed));
		PERFORM others.expect_less(p_company, e, e.quantity - part);
		rest := rest - part;
	END LOOP;
	PERFORM others.firm(p_company, p_item, p_place, NULL, p_arrived - firmed);
END
$$;

CREATE FUNCTION others.expect_less(p_company text, e others.expected, p_quantity numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	claimed numeric := coalesce((SELECT sum(r.quantity) FROM others.promise r WHERE r.company = p_company AND r.source = e.source), 0);
BEGIN
	IF claimed > p_quantity THEN
		PERFORM others.take_away(p_company, e.item, NULL, e.source, claimed - p_quantity);
	END IF;
	UPDATE others.expected t SET quantity = p_quantity WHERE t.company = p_company AND t.n = e.n;
	DELETE FROM others.expected t WHERE t.company = p_company AND t.n = e.n AND p_quantity = 0;
END
$$;

-- What a document does to promises: what names a demand uses up what it was promised there; what arrives serves claims; what is lost is taken from somebody; nobody else may take it (TR050).
CREATE FUNCTION others.serve(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m record;
	p record;
BEGIN
	FOR m IN SELECT t.*, l.demand FROM others.move t JOIN others.line l USING (company, no, line_no) WHERE t.company = p_company AND t.no = d.no AND l.demand IS NOT NULL AND t.quantity < 0 ORDER BY t.seq LOOP
		UPDATE others.promise t SET quantity = t.quantity - least(t.quantity, greatest(-m.quantity - b.before, 0))
		FROM (SELECT r.n, sum(r.quantity) OVER (ORDER BY r.n) - r.quantity AS before FROM others.promise r
			WHERE (r.company, r.demand, r.item, r.warehouse, r.location, r.lot, r.source) = (p_company, m.demand, m.item, m.warehouse, m.location, m.lot, '')) b
		WHERE t.company = p_company AND t.n = b.n;
	END LOOP;
	DELETE FROM others.promise t WHERE t.company = p_company AND t.quantity = 0;
	FOR m IN SELECT t.item, ARRAY[t.warehouse, t.location, t.lot] AS place, sum(t.quantity) AS quantity FROM others.move t LEFT JOIN others.location l USING (warehouse, location)
		WHERE t.company = p_company AND t.no = d.no AND t.quantity > 0 AND t.owner = '' AND coalesce(l.kind, 'storage') = 'storage' GROUP BY 1, 2 ORDER BY min(t.seq) LOOP
		PERFORM others.arrive(p_company, m.item, m.place, m.quantity, CASE WHEN d.kind IN ('goods_receipt', 'borrowing_purchase', 'consignment_withdrawal') THEN m.quantity ELSE 0 END, coalesce(d.body ->> 'reference', ''));
	END LOOP;
	FOR p IN SELECT f.* FROM others.free f WHERE f.company = p_company AND f.owner = '' AND f.free < 0 LOOP
		IF d.kind <> 'stock_loss' OR d.reverses <> 0 THEN
			PERFORM trial.refuse('TR050');
		END IF;
		PERFORM others.take_away(p_company, p.item, ARRAY[p.warehouse, p.location, p.lot], '', -p.free);
	END LOOP;
END
$$;

-- What a demand is promised of stock and of what is expected by a day: by the code of the location, then by the day it comes; all or nothing unless a part will do. Of a lot nothing is claimed.
CREATE FUNCTION others.reserve(p_company text, p_request jsonb) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	l jsonb := p_request -> 'lines' -> 0;
	wanted numeric := (l ->> 'quantity')::numeric;
	priority integer := coalesce((p_request ->> 'priority')::integer, 0);
	age integer := coalesce((SELECT max(r.age) FROM others.promise r WHERE r.company = p_company), 0) + 1;
	got numeric[] := '{0,0}';
	p record;
BEGIN
	FOR p IN
		SELECT 1 AS turn, f.location COLLATE "C" AS place, NULL::date AS day, 0 AS n, f.location, f.lot, '' AS source, f.free FROM others.free f WHERE f.company = p_company AND f.promisable AND f.free > 0 AND f.item = l ->> 'item'
			AND f.warehouse = p_request ->> 'warehouse' AND f.lot = coalesce(l ->> 'lot', f.lot)
		UNION ALL
		SELECT 2, '', e.day, e.n, '', '', e.source, e.quantity - coalesce((SELECT sum(r.quantity) FROM others.promise r WHERE r.company = p_company AND r.source = e.source), 0) FROM others.expected e
		WHERE e.company = p_company AND e.item = l ->> 'item' AND e.warehouse = p_request ->> 'warehouse' AND p_request ? 'expected' AND NOT l ? 'lot' AND e.day <= coalesce((p_request ->> 'needed_by')::date, 'infinity')
		ORDER BY 1, 2, 3, 4
	LOOP
		PERFORM others.promise(p_company, p_request ->> 'demand', l ->> 'item', ARRAY[p_request ->> 'warehouse', p.location, p.lot], p.source, least(wanted - got[1] - got[2], p.free), priority, age);
		got[p.turn] := got[p.turn] + greatest(least(wanted - got[1] - got[2], p.free), 0);
	END LOOP;
	IF p_request ->> 'mode' = 'all' AND got[1] + got[2] < wanted THEN
		DELETE FROM others.promise r WHERE r.company = p_company AND r.demand = p_request ->> 'demand';
		RETURN '{0,0}';
	END IF;
	RETURN got;
END
$$;

-- The same by the engine: reserved, expected.
CREATE FUNCTION others.reserved(p_company text, p_request jsonb) RETURNS numeric[]
LANGUAGE sql AS $$
	SELECT ARRAY[(l ->> 'reserved')::numeric, coalesce((SELECT sum((e ->> 'quantity')::numeric) FROM jsonb_array_elements(l -> 'expected') e), 0)] FROM (SELECT erp.reserve(p_company, p_request::text::json) -> 'lines' -> 0) a (l)
$$;
