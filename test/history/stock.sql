-- Stock, naively: every move of an item from its first one on, each time anew.

-- Parts of an amount by weights: whole pennies, and those that are left one by one to who lost most, of equal ones to the first.
-- What each lost is compared as a whole number, a fraction of the sum of the weights.
CREATE FUNCTION trial.parts(p_total numeric, p_weights numeric[]) RETURNS numeric[]
LANGUAGE sql AS $$
	WITH share AS (
		SELECT n, div(100 * p_total * w, s) AS whole, mod(100 * p_total * w, s) AS lost
		FROM unnest(p_weights) WITH ORDINALITY u (w, n), (SELECT sum(x) FROM unnest(p_weights) x) t (s)),
	turn AS (SELECT n, whole, row_number() OVER (ORDER BY abs(lost) DESC, n) AS turn FROM share)
	SELECT array_agg((whole + CASE WHEN turn <= abs(100 * p_total - (SELECT sum(whole) FROM share)) THEN sign(p_total) ELSE 0 END) / 100 ORDER BY n) FROM turn
$$;

-- What a product is worth: its share of what the components of its document, or of the issues that it names, took. What they are
-- worth in the end, which is assumed from the pass before, or what is known by now.
CREATE FUNCTION trial.product_value(p_company text, m trial.move, p_known numeric[], p_assumed numeric[]) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	total numeric;
	weights numeric[];
	place integer;
BEGIN
	SELECT -sum(coalesce(p_assumed[c.seq], p_known[c.seq], 0)) INTO total FROM trial.move c JOIN trial.document d USING (company, no)
	WHERE c.company = p_company AND c.source = 'component'
		AND (c.no = m.no OR d.key IN (SELECT jsonb_array_elements_text(t.body -> 'consumes') FROM trial.document t WHERE t.company = p_company AND t.no = m.no));
	SELECT array_agg(p.given ORDER BY p.seq), count(*) FILTER (WHERE p.seq <= m.seq) INTO weights, place
	FROM trial.move p WHERE p.company = p_company AND p.no = m.no AND p.source = 'product';
	RETURN (trial.parts(total, weights))[place];
END
$$;

-- One move through its pool. p_origin: what its origin is worth by then, of the quantity p_whole.
CREATE FUNCTION trial.cost_move(p trial.cost_pool, m trial.move, p_origin numeric, p_whole numeric, p_product numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	p.settled := '{}';
	p.worth := 0;
	IF m.source = 'month' THEN
		RETURN p;
	ELSIF p.month IS NOT NULL AND trial.undoes_issue(m.company, m) THEN
		RETURN trial.through_month(p, m.quantity);
	ELSIF m.source = 'standard' THEN
		p.standard := m.given;
		RETURN trial.at_standard(p, 0);
	ELSIF m.source IN ('receipt', 'given') THEN
		RETURN trial.bring(p, m.seq, m.quantity, m.given);
	ELSIF m.source = 'product' THEN
		RETURN trial.bring(p, m.seq, m.quantity, p_product);
	ELSIF m.source IN ('return', 'restore') THEN
		RETURN trial.bring(p, m.seq, m.quantity, trial.share(p_origin, m.quantity, p_whole));
	ELSIF m.source = 'takeback' THEN
		RETURN trial.give_back(p, m.origin, -m.quantity, p_origin);
	END IF;
	RETURN trial.issue(p, m.seq, -m.quantity);
END
$$;

-- Quantities, whatever they cost: TR050 or, of what goes back, TR052 where more leaves a place or a pool than is there.
CREATE FUNCTION trial.check_there(m trial.move, p_place numeric, p_pool numeric) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF m.quantity < 0 AND (p_place + m.quantity < 0 OR p_pool + m.quantity < 0) THEN
		PERFORM trial.refuse(CASE m.source WHEN 'takeback' THEN 'TR052' ELSE 'TR050' END);
	END IF;
END
$$;

-- Values of all moves, in the order (day, time, sequence), of all items at once: what one is made of comes before it.
-- Raises TR050, TR051 or TR052 where no history like this may exist. Also sets the pools. Pools and places go by their rank.
CREATE FUNCTION trial.cost_pass(p_company text, p_assumed numeric[]) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	m trial.move;
	p trial.cost_pool;
	pools trial.cost_pool[] := '{}';
	places numeric[] := '{}';
	known numeric[] := '{}';
BEGIN
	FOR r IN
		SELECT t AS move, abs(o.quantity) AS whole, trial.pool_name(g, o.warehouse, o.lot) <> k.pool AS elsewhere, g.method, k.pool, trial.may_go_below(b, g) AS below,
			dense_rank() OVER (ORDER BY t.item, k.pool) AS n, dense_rank() OVER (ORDER BY t.item, t.warehouse, t.lot) AS w
		FROM trial.move t JOIN trial.goods g USING (item) JOIN trial.book b USING (company) LEFT JOIN trial.move o ON o.company = t.company AND o.seq = t.origin, trial.pool_name(g, t.warehouse, t.lot) k (pool)
		WHERE t.company = p_company ORDER BY t.day, t.tod, t.seq
	LOOP
		m := r.move;
		p := coalesce(pools[r.n], ROW(m.item, r.pool, r.method, r.below, 0, 0, '{}', '{}', NULL, 0, '{}', NULL, NULL, 0, 0, 0)::trial.cost_pool);
		IF r.method = 'monthly_average' THEN
			p := trial.enter_month(p_company, p, m, known, p_assumed);
		END IF;
		IF m.origin IS NOT NULL AND known[m.origin] IS NULL THEN
			PERFORM trial.refuse('TR051');
		ELSIF NOT r.below THEN
			PERFORM trial.check_there(m, coalesce(places[r.w], 0), p.quantity);
		END IF;
		-- What went out of another pool is worth what it costs in the end, though it may be owed there yet.
		p := trial.cost_move(p, m, abs(CASE WHEN r.elsewhere THEN coalesce(p_assumed[m.origin], known[m.origin]) ELSE known[m.origin] END), r.whole, CASE m.source WHEN 'product' THEN trial.product_value(p_company, m, known, p_assumed) END);
		IF NOT p.below AND p.month IS NULL AND (p.value < 0 OR (p.quantity = 0 AND p.value <> 0)) THEN
			PERFORM trial.refuse('TR052');
		END IF;
		known[m.seq] := p.worth;
		FOR i IN 1 .. cardinality(p.settled) LOOP
			known[p.settled[i].seq] := known[p.settled[i].seq] + p.settled[i].value;
		END LOOP;
		places[r.w] := coalesce(places[r.w], 0) + m.quantity;
		pools[r.n] := p;
	END LOOP;
	DELETE FROM trial.pool t WHERE t.company = p_company;
	DELETE FROM trial.owed t WHERE t.company = p_company;
	INSERT INTO trial.pool SELECT p_company, u.item, u.name, u.quantity, u.value FROM unnest(pools) u;
	INSERT INTO trial.owed SELECT p_company, e.seq, e.quantity FROM unnest(pools) u, unnest(u.debts) e WHERE e.quantity > 0;
	RETURN known;
END
$$;

-- Mostly one pass. Where a cost is known only later, by a month that is run or a receipt that covers what went out before, others follow until
-- what products are made of is worth what was assumed.
CREATE FUNCTION trial.derive(p_company text) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	known numeric[] := trial.cost_pass(p_company, '{}');
	assumed numeric[];
BEGIN
	WHILE trial.looks_ahead(p_company) AND known IS DISTINCT FROM assumed LOOP
		assumed := known;
		known := trial.cost_pass(p_company, assumed);
	END LOOP;
	RETURN known;
END
$$;

-- Re-values all goods; what changed on older moves goes to the ledger on the day of the move, on that of what changed it where this
-- is later, or the first open one from there, with the dimensions of its line.
CREATE FUNCTION trial.revalue(p_company text, p_cause date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	known numeric[] := trial.derive(p_company);
	m record;
BEGIN
	FOR m IN
		SELECT t.*, d.posting_day, d.currency, l.role, l.amount, l.dimensions FROM trial.move t JOIN trial.document d USING (company, no) JOIN trial.line l USING (company, no, line_no)
		WHERE t.company = p_company AND t.value IS DISTINCT FROM known[t.seq]
	LOOP
		-- What is received is worth what its line says, in the currency in which it says so; by standard cost the rest of that is a variance.
		INSERT INTO trial.gl (company, no, day, account, amount, currency, currency_amount, dimensions)
		SELECT p_company, CASE WHEN m.value IS NULL THEN m.no ELSE 0 END,
			CASE WHEN m.value IS NULL THEN m.posting_day ELSE trial.first_open(p_company, greatest(m.day, p_cause), '{stock,general}') END, a.account, a.amount,
			CASE m.role WHEN 'receipt' THEN m.currency ELSE 'GBP' END, CASE WHEN m.role = 'receipt' AND m.currency <> 'GBP' THEN m.amount ELSE a.amount END, m.dimensions
		FROM (VALUES (m.inventory, known[m.seq] - coalesce(m.value, 0)), (m.counter, coalesce(m.value, CASE m.role WHEN 'receipt' THEN m.given END, 0) - known[m.seq])) a (account, amount)
		WHERE a.account IS NOT NULL;
		UPDATE trial.move t SET value = known[t.seq] WHERE t.company = p_company AND t.seq = m.seq;
	END LOOP;
END
$$;

-- The stock moves of a document, on the day on which it lands; TR051 where a return names no issue of the item.
CREATE FUNCTION trial.add_moves(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	l trial.line;
	o trial.move;
	seq integer := coalesce((SELECT max(m.seq) FROM trial.move m WHERE m.company = p_company), 0);
	incoming boolean;
BEGIN
	SELECT * INTO d FROM trial.document WHERE company = p_company AND no = p_no;
	FOR l IN SELECT * FROM trial.line t WHERE t.company = p_company AND t.no = p_no AND t.role IN ('receipt', 'sale', 'free', 'gain', 'loss', 'return', 'scrap', 'component', 'product', 'standard_cost', 'month_cost')
		ORDER BY t.role = 'product' AND d.reverses = 0, t.line_no LOOP
		seq := seq + 1;
		incoming := l.role IN ('receipt', 'gain', 'return', 'product');
		o := NULL;
		IF d.reverses <> 0 THEN
			SELECT * INTO o FROM trial.move m WHERE m.company = p_company AND m.no = d.reverses AND m.line_no = l.line_no;
		ELSIF l.origin_key IS NOT NULL THEN
			SELECT m.* INTO o FROM trial.move m JOIN trial.document t USING (company, no)
			WHERE m.company = p_company AND t.key = l.origin_key AND m.line_no = l.origin_line AND m.item = l.item AND m.source = 'issue';
			IF NOT FOUND OR EXISTS (SELECT FROM trial.document r WHERE r.company = p_company AND r.reverses = o.no) THEN
				PERFORM trial.refuse('TR051');
			END IF;
		END IF;
		INSERT INTO trial.move VALUES (p_company, seq, p_no, l.line_no, l.item, l.warehouse, d.posting_day, d.tod,
			CASE WHEN incoming THEN l.quantity ELSE -l.quantity END,
			CASE WHEN d.reverses <> 0 THEN CASE WHEN incoming THEN 'takeback' ELSE 'restore' END
				WHEN l.role IN ('standard_cost', 'month_cost') THEN split_part(l.role, '_', 1)
				WHEN l.role IN ('receipt', 'component', 'product') THEN l.role WHEN NOT incoming THEN 'issue' WHEN o.seq IS NOT NULL THEN 'return' ELSE 'given' END,
			CASE WHEN l.role = 'receipt' THEN l.base ELSE l.cost END, o.seq,
			coalesce((trial.rule_of(d.kind, l.role, 'inventory', CASE WHEN l.item LIKE '%W' THEN 'B' ELSE 'A' END)).account, '1200'),
			CASE WHEN l.role <> 'receipt' THEN (trial.rule_of(d.kind, l.role, 'cost')).account WHEN trial.has_standard(l.item) THEN (trial.rule_of(d.kind, l.role, 'price_variance')).account END,
			NULL, l.lot);
	END LOOP;
END
$$;
