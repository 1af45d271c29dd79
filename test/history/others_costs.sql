-- What goods are worth, naively: every move from the first one on, each time anew, through pools whose method changes on the way.

-- What joined the cost of a move by documents that stand, or that take back what does not.
CREATE FUNCTION others.joined(p_company text, p_seq integer) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT sum(p.amount) FROM others.part p WHERE p.company = p_company AND p.seq = p_seq), 0);
END
$$;

-- What a product used: its share of what the components of its document took, as assumed from the pass before or known by now.
CREATE FUNCTION others.used(p_company text, m others.move, p_known numeric[], p_assumed numeric[]) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
	total numeric := (SELECT -sum(coalesce(p_assumed[c.seq], p_known[c.seq], 0)) FROM others.move c WHERE c.company = p_company AND c.no = m.no AND c.source = 'issue');
	weights numeric[];
	place integer;
BEGIN
	SELECT array_agg(p.given ORDER BY p.seq), count(*) FILTER (WHERE p.seq <= m.seq) INTO weights, place FROM others.move p WHERE p.company = p_company AND p.no = m.no AND p.source = 'product';
	RETURN (trial.parts(total, weights))[place];
END
$$;

-- Whether the month of a day, in which an item was costed by monthly average, is run: by itself, or by a change that ends it.
CREATE FUNCTION others.is_run(p_company text, p_item text, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM others.move e WHERE e.company = p_company AND e.item = p_item AND e.source IN ('month', 'change') AND date_trunc('month', e.day) = date_trunc('month', p_day))
		AND others.method_on(p_company, p_item, p_day) = 'monthly_average';
END
$$;

-- Whether a move of a month is an issue of it that comes back, or goes out again.
CREATE FUNCTION others.undoes_issue(p_company text, m others.move) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
	o others.move;
BEGIN
	SELECT * INTO o FROM others.move t WHERE t.company = p_company AND t.seq = m.origin AND date_trunc('month', t.day) = date_trunc('month', m.day);
	RETURN FOUND AND (o.quantity < 0 OR others.undoes_issue(p_company, o));
END
$$;

-- What a move adds to what comes in during its month; NULL for issues, what undoes one, and moves of value alone.
CREATE FUNCTION others.month_part(p_company text, m others.move, p_known numeric[], p_assumed numeric[]) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
	o others.move;
BEGIN
	IF m.source IN ('given', 'product') THEN
		RETURN CASE m.source WHEN 'given' THEN m.given ELSE others.used(p_company, m, p_known, p_assumed) END + others.joined(p_company, m.seq);
	ELSIF m.origin IS NULL OR others.undoes_issue(p_company, m) THEN
		RETURN NULL;
	END IF;
	SELECT * INTO o FROM others.move t WHERE t.company = p_company AND t.seq = m.origin;
	RETURN CASE WHEN date_trunc('month', o.day) = date_trunc('month', m.day) THEN -others.month_part(p_company, o, p_known, p_assumed)
		ELSE trial.share(abs(p_known[m.origin]), m.quantity, abs(o.quantity)) END;
END
$$;

-- The pool as the move meets it: a month that was run begins with what was there and comes in during it; TR052 where that cannot be.
CREATE FUNCTION others.enter_month(p_company text, p trial.cost_pool, m others.move, p_known numeric[], p_assumed numeric[]) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	first date := date_trunc('month', m.day);
BEGIN
	IF p.month = first THEN
		RETURN p;
	END IF;
	p.month := CASE WHEN others.is_run(p_company, m.item, m.day) THEN first END;
	p.issued := 0;
	IF p.month IS NOT NULL THEN
		SELECT p.quantity + coalesce(sum(t.quantity), 0), p.value + coalesce(sum(c.part), 0) INTO p.month_quantity, p.month_value
		FROM others.move t, others.month_part(p_company, t, p_known, p_assumed) c (part)
		WHERE t.company = p_company AND t.pool = p.name AND date_trunc('month', t.day) = first AND c.part IS NOT NULL;
		IF p.month_quantity < 0 OR p.month_value < 0 OR p.month_quantity = 0 AND p.month_value <> 0 THEN
			PERFORM trial.refuse('TR052');
		END IF;
	END IF;
	RETURN p;
END
$$;

-- All that is there is one layer from now on, or one sum, or worth its quantity at standard.
CREATE FUNCTION others.change_method(p trial.cost_pool, m others.move) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	p.layers := CASE WHEN p.quantity > 0 THEN ARRAY[ROW(m.seq, p.quantity, p.value)::trial.part] ELSE '{}' END;
	p.method := m.method;
	p.month := NULL;
	p.standard := m.given;
	RETURN CASE m.method WHEN 'standard' THEN trial.at_standard(p, 0) ELSE p END;
END
$$;

-- One move through its pool. p_origin: what its origin is worth by then, of the quantity p_whole; p_paid: what was paid for what comes in.
CREATE FUNCTION others.cost_move(p trial.cost_pool, m others.move, p_origin numeric, p_whole numeric, p_paid numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	p.worth := 0;
	IF m.source = 'month' THEN
		RETURN p;
	ELSIF m.source = 'change' THEN
		RETURN others.change_method(p, m);
	ELSIF m.source = 'standard' THEN
		p.standard := m.given;
		RETURN trial.at_standard(p, 0);
	ELSIF p.month IS NOT NULL AND others.undoes_issue(m.company, m) THEN
		RETURN trial.through_month(p, m.quantity);
	ELSIF m.source IN ('given', 'product') THEN
		RETURN trial.bring(p, m.seq, m.quantity, p_paid);
	ELSIF m.source IN ('return', 'restore', 'arrive') THEN
		RETURN trial.bring(p, m.seq, m.quantity, trial.share(p_origin, m.quantity, p_whole));
	ELSIF m.source = 'takeback' THEN
		RETURN trial.give_back(p, m.origin, -m.quantity, p_origin);
	END IF;
	RETURN trial.issue(p, m.seq, -m.quantity);
END
$$;

-- What was paid for, or used for, what a move brings in or takes back. What a product used before it was taken back stays what it was then, where it is not its value.
CREATE FUNCTION others.paid_of(p_company text, m others.move, p_method text, p_known numeric[], p_assumed numeric[], p_paid numeric[]) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF m.variance = '' AND m.source <> 'given' THEN
		RETURN NULL;
	ELSIF m.source = 'takeback' THEN
		RETURN -p_paid[m.origin];
	ELSIF m.source = 'product' AND p_method = 'standard' AND EXISTS (SELECT FROM others.document r WHERE r.company = p_company AND r.reverses = m.no) THEN
		RETURN m.paid;
	END IF;
	RETURN CASE m.source WHEN 'given' THEN m.given ELSE others.used(p_company, m, p_known, p_assumed) END + others.joined(p_company, m.seq);
END
$$;

-- Values of all moves in the order (day, time, sequence), and what was paid for them; sets the pools. Raises TR050 to TR052 where no history like this may exist.
CREATE FUNCTION others.cost_pass(p_company text, p_assumed numeric[], OUT known numeric[], OUT paid numeric[])
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	m others.move;
	p trial.cost_pool;
	pools trial.cost_pool[] := '{}';
	places numeric[] := '{}';
BEGIN
	known := '{}';
	paid := '{}';
	FOR r IN
		SELECT t AS move, abs(o.quantity) AS whole, i.method, dense_rank() OVER (ORDER BY t.pool) AS n, dense_rank() OVER (ORDER BY t.item, t.warehouse, t.location, t.lot, t.owner) AS w
		FROM others.move t JOIN others.item i USING (item) LEFT JOIN others.move o ON o.company = t.company AND o.seq = t.origin
		WHERE t.company = p_company ORDER BY t.day, t.tod, t.seq
	LOOP
		m := r.move;
		places[r.w] := coalesce(places[r.w], 0) + m.quantity;
		IF m.origin IS NOT NULL AND known[m.origin] IS NULL THEN
			PERFORM trial.refuse('TR051');
		ELSIF m.quantity < 0 AND places[r.w] < 0 THEN
			PERFORM trial.refuse(CASE m.source WHEN 'takeback' THEN 'TR052' ELSE 'TR050' END);
		END IF;
		known[m.seq] := 0;
		CONTINUE WHEN m.pool = '';
		p := coalesce(pools[r.n], ROW(m.item, m.pool, r.method, false, 0, 0, '{}', '{}', NULL, 0, '{}', NULL, NULL, 0, 0, 0)::trial.cost_pool);
		IF p.method = 'monthly_average' THEN
			p := others.enter_month(p_company, p, m, known, p_assumed);
		END IF;
		paid[m.seq] := others.paid_of(p_company, m, p.method, known, p_assumed, paid);
		IF m.source IN ('given', 'product') AND paid[m.seq] < 0 THEN
			PERFORM trial.refuse('TR195');
		END IF;
		p := others.cost_move(p, m, abs(known[m.origin]), r.whole, paid[m.seq]);
		IF p.month IS NULL AND (p.value < 0 OR p.quantity = 0 AND p.value <> 0) THEN
			PERFORM trial.refuse('TR052');
		END IF;
		known[m.seq] := p.worth;
		pools[r.n] := p;
	END LOOP;
	DELETE FROM others.pool t WHERE t.company = p_company;
	INSERT INTO others.pool SELECT p_company, u.item, u.name, u.method, u.quantity, u.value FROM unnest(pools) u WHERE u.name <> '';
END
$$;

-- Mostly one pass. Where a month is run, what went out in it is known at its end only: others follow until what products are made of is worth what was assumed.
CREATE FUNCTION others.derive(p_company text, OUT known numeric[], OUT paid numeric[])
LANGUAGE plpgsql AS $$
DECLARE
	assumed numeric[];
BEGIN
	SELECT * INTO known, paid FROM others.cost_pass(p_company, '{}');
	WHILE known IS DISTINCT FROM assumed AND EXISTS (SELECT FROM others.move m WHERE m.company = p_company AND m.source IN ('month', 'change')) LOOP
		assumed := known;
		SELECT * INTO known, paid FROM others.cost_pass(p_company, assumed);
	END LOOP;
END
$$;

-- Re-values all goods after a document. Its own moves stand on its day; what else changed, on the later of that and the day of the move, or the first open day from there.
-- What comes in is worth what was paid or used for it, or by standard cost less or more: then the rest is a variance. What new standards have made of a product that is taken back goes where they put it.
CREATE FUNCTION others.revalue(p_company text, d others.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	worth record := others.derive(p_company);
	m others.move;
	changed numeric;
	given numeric;
	joined numeric;
	restated numeric;
	landed date;
BEGIN
	FOR m IN SELECT * FROM others.move t WHERE t.company = p_company AND (t.value IS DISTINCT FROM worth.known[t.seq] OR t.paid IS DISTINCT FROM worth.paid[t.seq]) LOOP
		landed := CASE m.no WHEN d.no THEN d.posting_day ELSE trial.first_open(p_company, greatest(m.day, d.posting_day), '{stock,general}') END;
		changed := worth.known[m.seq] - coalesce(m.value, 0);
		given := worth.paid[m.seq] - coalesce(m.paid, 0);
		joined := coalesce((SELECT sum(p.amount) FROM others.part p WHERE p.company = p_company AND p.no = d.no AND p.seq = m.seq), 0);
		restated := CASE WHEN m.no = d.no AND m.source = 'takeback' AND m.variance <> '' THEN changed + worth.known[m.origin] ELSE 0 END;
		PERFORM others.post(p_company, d.no, landed, m.account, changed), others.post(p_company, d.no, landed, m.variance, given - changed + restated), others.post(p_company, d.no, landed, '5050', -restated),
			others.post(p_company, d.no, landed, m.counter, CASE WHEN m.variance = '' THEN -changed ELSE joined - given END);
		UPDATE others.move t SET value = worth.known[t.seq], paid = worth.paid[t.seq] WHERE t.company = p_company AND t.seq = m.seq;
	END LOOP;
END
$$;
