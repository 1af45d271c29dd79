-- What goods are worth, naively: every move from the first one on, each time anew.

CREATE FUNCTION selling.add_move(d selling.document, l selling.line, p_leg integer, p_quantity numeric, p_shipped boolean, p_source text, p_given numeric, p_origin integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	new_seq integer := coalesce((SELECT max(m.seq) FROM selling.move m WHERE m.company = d.company), 0) + 1;
BEGIN
	INSERT INTO selling.move VALUES (d.company, new_seq, d.no, l.line_no, p_leg, l.item, l.warehouse, p_shipped, d.day, d.tod, p_quantity, p_source, p_given, p_origin,
		selling.pool_of(l.item, l.warehouse, p_shipped), (SELECT r.counter FROM selling.role r WHERE r.kind = d.kind AND r.role = l.role), NULL);
	RETURN new_seq;
END
$$;

-- One move through its pool. p_origin: what its origin is worth by then, of the quantity p_whole.
CREATE FUNCTION selling.cost_move(p trial.cost_pool, m selling.move, p_origin numeric, p_whole numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	p.worth := 0;
	IF m.source = 'given' THEN
		RETURN trial.bring(p, m.seq, m.quantity, m.given);
	ELSIF m.source IN ('return', 'restore', 'arrive') THEN
		RETURN trial.bring(p, m.seq, m.quantity, trial.share(p_origin, m.quantity, p_whole));
	ELSIF m.source = 'takeback' THEN
		RETURN trial.give_back(p, m.origin, -m.quantity, p_origin);
	END IF;
	RETURN trial.issue(p, m.seq, -m.quantity);
END
$$;

-- Values of all moves in the order (day, time, sequence); sets the pools. Raises TR050 to TR052 where no history like this may exist.
CREATE FUNCTION selling.derive(p_company text) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	m selling.move;
	p trial.cost_pool;
	known numeric[] := '{}';
	pools trial.cost_pool[] := '{}';
	places numeric[] := '{}';
BEGIN
	FOR r IN
		SELECT t AS move, abs(o.quantity) AS whole, i.method, dense_rank() OVER (ORDER BY t.pool) AS n, dense_rank() OVER (ORDER BY t.item, t.warehouse, t.shipped) AS w
		FROM selling.move t JOIN selling.item i USING (item) LEFT JOIN selling.move o ON o.company = t.company AND o.seq = t.origin
		WHERE t.company = p_company ORDER BY t.day, t.tod, t.seq
	LOOP
		m := r.move;
		places[r.w] := coalesce(places[r.w], 0) + m.quantity;
		IF m.origin IS NOT NULL AND known[m.origin] IS NULL THEN
			PERFORM trial.refuse('TR051');
		ELSIF m.quantity < 0 AND places[r.w] < 0 THEN
			PERFORM trial.refuse(CASE m.source WHEN 'takeback' THEN 'TR052' ELSE 'TR050' END);
		END IF;
		p := coalesce(pools[r.n], ROW(m.item, m.pool, r.method, false, 0, 0, '{}', '{}', NULL, 0, '{}', NULL, NULL, 0, 0, 0)::trial.cost_pool);
		p := selling.cost_move(p, m, abs(known[m.origin]), r.whole);
		IF p.value < 0 OR p.quantity = 0 AND p.value <> 0 THEN
			PERFORM trial.refuse('TR052');
		END IF;
		known[m.seq] := p.worth;
		pools[r.n] := p;
	END LOOP;
	DELETE FROM selling.pool t WHERE t.company = p_company;
	INSERT INTO selling.pool SELECT p_company, u.item, u.name, u.quantity, u.value FROM unnest(pools) u WHERE u.name <> '';
	RETURN known;
END
$$;

-- Re-values all goods after documents of one day, of which p_first is the first. Their own moves stand on it; what else changed, on the later of that and the day of the move.
CREATE FUNCTION selling.revalue(p_company text, p_first integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	known numeric[] := selling.derive(p_company);
	cause date := (SELECT d.day FROM selling.document d WHERE d.company = p_company AND d.no = p_first);
BEGIN
	INSERT INTO selling.gl
	SELECT p_company, p_first, greatest(m.day, cause), a.account, a.amount, 'GBP', a.amount, true
	FROM selling.move m CROSS JOIN LATERAL (SELECT known[m.seq] - coalesce(m.value, 0) AS changed) c
	CROSS JOIN LATERAL (VALUES (CASE WHEN m.shipped THEN '1220' ELSE '1200' END, c.changed), (m.counter, -c.changed)) a (account, amount)
	WHERE m.company = p_company AND c.changed <> 0 AND a.account <> '' AND a.amount <> 0;
	UPDATE selling.move m SET value = known[m.seq] WHERE m.company = p_company AND m.value IS DISTINCT FROM known[m.seq];
END
$$;
