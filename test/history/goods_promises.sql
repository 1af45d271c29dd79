-- What is promised to whom, naively: a row for each place that a demand has something of.

CREATE TABLE goods.promise (company text NOT NULL, n integer NOT NULL, demand text NOT NULL, demand_line integer NOT NULL, item text NOT NULL, warehouse text NOT NULL, location text NOT NULL,
	lot text NOT NULL, quantity numeric NOT NULL, priority integer NOT NULL, held boolean NOT NULL, PRIMARY KEY (company, n));

-- What lies in each place, whatever its day.
CREATE VIEW goods.place AS
SELECT company, item, warehouse, location, lot, state, sum(quantity) AS on_hand FROM goods.move GROUP BY company, item, warehouse, location, lot, state;

-- What of it nobody was promised. Only what is available and not on its way is promised at all.
CREATE VIEW goods.free AS
SELECT p.*, p.on_hand - coalesce((SELECT sum(r.quantity) FROM goods.promise r WHERE r.company = p.company AND r.item = p.item AND r.warehouse = p.warehouse
	AND r.location = p.location AND r.lot = p.lot AND p.state = 'available'), 0) AS free, p.state = 'available' AND coalesce(l.kind, 'storage') = 'storage' AS promisable
FROM goods.place p LEFT JOIN goods.location l USING (warehouse, location);

-- Issues that name a demand use up what it was promised there. What is lost takes from who was promised least urgently, of equals from the latest; nobody else may take it (TR050).
CREATE FUNCTION goods.take_promised(p_company text, d goods.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	p record;
	r goods.promise;
	rest numeric;
BEGIN
	FOR l IN SELECT * FROM goods.line t WHERE t.company = p_company AND t.no = d.no AND t.demand IS NOT NULL ORDER BY t.line_no LOOP
		UPDATE goods.promise t SET quantity = t.quantity - least(t.quantity, l.quantity)
		WHERE (t.company, t.demand, t.demand_line, t.item, t.warehouse, t.location, t.lot) = (p_company, l.demand, l.demand_line, l.item, l.warehouse, l.location, l.lot);
	END LOOP;
	FOR p IN SELECT f.* FROM goods.free f WHERE f.company = p_company AND f.state = 'available' AND f.free < 0 LOOP
		IF NOT EXISTS (SELECT FROM goods.move m WHERE m.company = p_company AND m.no = d.no AND m.counter = '5200' AND d.kind = 'stock_loss' AND m.quantity < 0
			AND (m.item, m.warehouse, m.location, m.lot) = (p.item, p.warehouse, p.location, p.lot)) THEN
			PERFORM trial.refuse('TR050');
		END IF;
		rest := -p.free;
		FOR r IN SELECT * FROM goods.promise t WHERE (t.company, t.item, t.warehouse, t.location, t.lot) = (p_company, p.item, p.warehouse, p.location, p.lot) ORDER BY t.priority, t.n DESC LOOP
			UPDATE goods.promise t SET quantity = t.quantity - least(rest, t.quantity) WHERE t.company = p_company AND t.n = r.n;
			rest := rest - least(rest, r.quantity);
		END LOOP;
	END LOOP;
	DELETE FROM goods.promise t WHERE t.company = p_company AND t.quantity = 0;
END
$$;

CREATE FUNCTION goods.next_promise(p_company text) RETURNS integer
LANGUAGE sql AS $$ SELECT coalesce(max(n), 0) + 1 FROM goods.promise WHERE company = p_company $$;

-- What one line is promised: of the places of one warehouse, location or lot, by the code of the location; all or nothing unless a part will do.
CREATE FUNCTION goods.promise_line(p_company text, p_request jsonb, p_line integer) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	l jsonb := p_request -> 'lines' -> (p_line - 1);
	wanted numeric := (l ->> 'quantity')::numeric;
	rest numeric;
	p record;
BEGIN
	rest := least(wanted, coalesce((SELECT sum(f.free) FROM goods.free f WHERE f.company = p_company AND f.promisable AND f.free > 0 AND f.item = l ->> 'item' AND f.warehouse = p_request ->> 'warehouse'
		AND f.location = coalesce(p_request ->> 'location', f.location) AND f.lot = coalesce(l ->> 'lot', '')), 0));
	IF rest < wanted AND p_request ->> 'mode' <> 'partial' THEN
		RETURN 0;
	END IF;
	wanted := rest;
	FOR p IN SELECT * FROM goods.free f WHERE f.company = p_company AND f.promisable AND f.free > 0 AND f.item = l ->> 'item' AND f.warehouse = p_request ->> 'warehouse'
		AND f.location = coalesce(p_request ->> 'location', f.location) AND f.lot = coalesce(l ->> 'lot', '') ORDER BY f.location COLLATE "C" LOOP
		EXIT WHEN rest = 0;
		INSERT INTO goods.promise VALUES (p_company, goods.next_promise(p_company), p_request ->> 'demand', p_line, l ->> 'item', p.warehouse, p.location, p.lot, least(rest, p.free),
			coalesce((p_request ->> 'priority')::integer, 0), p_request ? 'hold_minutes');
		rest := rest - least(rest, p.free);
	END LOOP;
	RETURN wanted;
END
$$;

-- The answer to a request, a quantity for each line; where all of them were asked for and one is short, nothing is promised.
CREATE FUNCTION goods.promise_all(p_company text, p_request jsonb) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	got numeric[] := '{}';
BEGIN
	FOR i IN 1 .. jsonb_array_length(p_request -> 'lines') LOOP
		got := got || goods.promise_line(p_company, p_request, i);
	END LOOP;
	IF p_request ->> 'mode' = 'all_or_nothing' AND EXISTS (SELECT FROM unnest(got) WITH ORDINALITY g (q, n) WHERE q < (p_request -> 'lines' -> (n::integer - 1) ->> 'quantity')::numeric) THEN
		DELETE FROM goods.promise WHERE company = p_company AND demand = p_request ->> 'demand';
		RETURN array_fill(0::numeric, ARRAY[cardinality(got)]);
	END IF;
	RETURN got;
END
$$;

-- Less is promised to a line of a demand, or all of it to another. Of what was promised in one place, a part; of several, all.
CREATE FUNCTION goods.give_up(p_company text, p_demand text, p_line integer, p_quantity numeric, p_to text) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	r goods.promise;
	part numeric;
	total numeric := 0;
BEGIN
	FOR r IN SELECT * FROM goods.promise t WHERE t.company = p_company AND t.demand = p_demand AND t.demand_line = p_line ORDER BY t.n LOOP
		part := least(r.quantity, coalesce(p_quantity, r.quantity));
		total := total + part;
		IF p_to IS NOT NULL AND part = r.quantity THEN
			UPDATE goods.promise t SET demand = p_to WHERE t.company = p_company AND t.n = r.n;
			CONTINUE;
		END IF;
		UPDATE goods.promise t SET quantity = t.quantity - part WHERE t.company = p_company AND t.n = r.n;
		-- Who keeps a part of what was moved has it from now on.
		IF p_to IS NOT NULL THEN
			INSERT INTO goods.promise SELECT p_company, goods.next_promise(p_company), r.demand, r.demand_line, r.item, r.warehouse, r.location, r.lot, r.quantity - part, r.priority, r.held;
			UPDATE goods.promise t SET demand = p_to, quantity = part WHERE t.company = p_company AND t.n = r.n;
		END IF;
	END LOOP;
	DELETE FROM goods.promise t WHERE t.company = p_company AND t.quantity = 0;
	RETURN total;
END
$$;

-- What a call answered, line by line.
CREATE FUNCTION goods.answered(p_answer jsonb, p_list text, p_field text) RETURNS numeric[]
LANGUAGE sql AS $$ SELECT array_agg(trim_scale((l ->> p_field)::numeric) ORDER BY n) FROM jsonb_array_elements(p_answer -> p_list) WITH ORDINALITY e (l, n) $$;

CREATE FUNCTION goods.same_answer(p_what text, p_request jsonb, p_expected numeric[], p_got numeric[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF p_expected IS DISTINCT FROM p_got THEN
		RAISE EXCEPTION '%: expected %, got % for %', p_what, p_expected, p_got, p_request;
	END IF;
END
$$;

-- Something is asked for: of one warehouse, mostly where there is some.
CREATE FUNCTION goods.reserve_step(p_company text, p_step integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	wh text := trial.pick('MAIN', 'MAIN', 'NORTH');
	request jsonb := jsonb_build_object('key', 'reserve ' || p_step, 'demand', 'D' || p_step, 'warehouse', wh, 'strategy', 'nearest', 'mode', trial.pick('all', 'partial', 'partial', 'all_or_nothing'));
	lines jsonb := '[]';
	p record;
BEGIN
	FOR i IN 0 .. trial.rand(3) LOOP
		p := goods.some_place(p_company, 'item', wh);
		CONTINUE WHEN p.item IS NULL;
		lines := lines || jsonb_build_array(jsonb_build_object('item', p.item, 'quantity', trim_scale(trial.some_quantity(4))) || CASE p.lot WHEN '' THEN '{}' ELSE jsonb_build_object('lot', p.lot) END);
	END LOOP;
	IF lines = '[]' THEN
		RETURN 'nothing to reserve';
	END IF;
	request := request || jsonb_build_object('lines', lines) || CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('priority', trial.rand(4)) ELSE '{}' END
		|| CASE trial.rand(4) WHEN 0 THEN '{"hold_minutes": 5}' ELSE '{}'::jsonb END
		|| CASE WHEN trial.rand(4) = 0 AND p.location <> '' AND p.promisable THEN jsonb_build_object('location', p.location) ELSE '{}' END;
	PERFORM goods.same_answer('reserve', request, (SELECT array_agg(trim_scale(q) ORDER BY n) FROM unnest(goods.promise_all(p_company, request)) WITH ORDINALITY u (q, n)),
		goods.answered(erp.reserve(p_company, request::text::json), 'lines', 'reserved'));
	RETURN 'reserve';
END
$$;

-- Something that was promised is given up, moved to another demand, or its hold is over.
CREATE FUNCTION goods.promise_step(p_company text, p_step integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	what text := trial.pick('release', 'move', 'expire');
	part numeric;
	request jsonb;
BEGIN
	SELECT t.demand, t.demand_line, max(t.item) AS item, sum(t.quantity) AS quantity, count(*) AS places INTO r FROM goods.promise t WHERE t.company = p_company
	GROUP BY 1, 2 ORDER BY md5(concat(t.demand, t.demand_line, p_step)) LIMIT 1;
	IF what = 'expire' THEN
		-- The time of a hold passes by itself; here it is made to have passed.
		UPDATE erp.reservation v SET expires_at = now() - interval '1 minute' FROM erp.company c WHERE c.company_id = v.company_id AND c.code = p_company AND isfinite(v.expires_at);
		PERFORM goods.same_answer('expire', '{}', ARRAY[(SELECT count(*) FROM goods.promise t WHERE t.company = p_company AND t.held)::numeric], ARRAY[erp.expire_holds(p_company)::numeric]);
		DELETE FROM goods.promise t WHERE t.company = p_company AND t.held;
		RETURN 'expire';
	ELSIF r.item IS NULL THEN
		RETURN 'nothing is promised';
	END IF;
	part := CASE WHEN r.places = 1 AND trial.rand(2) = 0 THEN trim_scale(least(r.quantity, trial.some_quantity(3))) END;
	IF what = 'release' THEN
		request := jsonb_build_object('key', 'release ' || p_step, 'lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('demand', r.demand, 'line', r.demand_line, 'item', r.item, 'quantity', part))));
		PERFORM goods.same_answer(what, request, ARRAY[trim_scale(goods.give_up(p_company, r.demand, r.demand_line, part, NULL))], goods.answered(erp.release(p_company, request::text::json), 'lines', 'quantity'));
	ELSE
		request := jsonb_build_object('key', 'move ' || p_step, 'moves', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('from', r.demand, 'from_line', r.demand_line,
			'to', 'M' || p_step, 'to_line', r.demand_line, 'item', r.item, 'quantity', part))));
		PERFORM goods.same_answer(what, request, ARRAY[trim_scale(goods.give_up(p_company, r.demand, r.demand_line, part, 'M' || p_step))], goods.answered(erp.move_reservation(p_company, request::text::json), 'moves', 'quantity'));
	END IF;
	RETURN what;
END
$$;
