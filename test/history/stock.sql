-- Stock, naively: every move of an item from its first one on, each time anew.

-- Parts of an amount by weights: whole cents, and those that are left one by one to who lost most, of equal ones to the first.
CREATE FUNCTION trial.parts(p_total numeric, p_weights numeric[]) RETURNS numeric[]
LANGUAGE sql AS $$
	WITH share AS (
		SELECT n, p_total * w / (SELECT sum(x) FROM unnest(p_weights) x) AS exact FROM unnest(p_weights) WITH ORDINALITY u (w, n)),
	lost AS (
		SELECT n, trunc(exact, 2) AS whole, row_number() OVER (ORDER BY exact - trunc(exact, 2) DESC, n) AS turn FROM share)
	SELECT array_agg(whole + CASE WHEN turn <= 100 * (p_total - (SELECT sum(whole) FROM lost)) THEN 0.01 ELSE 0 END ORDER BY n) FROM lost
$$;

-- What a product is worth: its share of what the components of its document, or of the issues that it names, took.
CREATE FUNCTION trial.product_value(p_company text, m trial.move, p_known numeric[]) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	total numeric;
	weights numeric[];
	place integer;
BEGIN
	SELECT -sum(p_known[c.seq]) INTO total FROM trial.move c JOIN trial.document d USING (company, no)
	WHERE c.company = p_company AND c.source = 'component'
		AND (c.no = m.no OR d.key IN (SELECT jsonb_array_elements_text(t.body -> 'consumes') FROM trial.document t WHERE t.company = p_company AND t.no = m.no));
	SELECT array_agg(p.given ORDER BY p.seq), count(*) FILTER (WHERE p.seq <= m.seq) INTO weights, place
	FROM trial.move p WHERE p.company = p_company AND p.no = m.no AND p.source = 'product';
	RETURN (trial.parts(total, weights))[place];
END
$$;

-- Values of all moves, in the order (day, time, sequence), of all items at once: what one is made of comes before it.
-- Raises TR050, TR051 or TR052 where no history like this may exist. Also sets the pools.
CREATE FUNCTION trial.derive(p_company text) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	items CONSTANT text[] := '{F,A,FW,AW}';
	is_fifo boolean;
	m trial.move;
	o trial.move;
	p integer;
	w integer;
	v numeric;
	take numeric;
	rest numeric;
	part numeric;
	i integer;
	pool_quantity numeric[] := array_fill(0::numeric, '{8}');
	pool_value numeric[] := array_fill(0::numeric, '{8}');
	place numeric[] := array_fill(0::numeric, '{8}');
	layer_seq integer[] := '{}';
	layer_pool integer[] := '{}';
	layer_quantity numeric[] := '{}';
	layer_value numeric[] := '{}';
	known numeric[] := '{}';
BEGIN
	FOR m IN SELECT * FROM trial.move t WHERE t.company = p_company ORDER BY t.day, t.tod, t.seq LOOP
		is_fifo := m.item LIKE 'F%';
		w := 2 * array_position(items, m.item) - CASE m.warehouse WHEN 'MAIN' THEN 1 ELSE 0 END;
		p := CASE WHEN m.item LIKE '%W' THEN w ELSE 2 * array_position(items, m.item) - 1 END;
		IF m.origin IS NOT NULL THEN
			SELECT * INTO o FROM trial.move t WHERE t.company = p_company AND t.seq = m.origin;
			IF known[m.origin] IS NULL THEN
				PERFORM trial.refuse('TR051');
			END IF;
		END IF;
		IF m.quantity < 0 AND (place[w] + m.quantity < 0 OR pool_quantity[p] + m.quantity < 0) THEN
			PERFORM trial.refuse(CASE m.source WHEN 'takeback' THEN 'TR052' ELSE 'TR050' END);
		END IF;

		IF m.source IN ('receipt', 'given') THEN
			v := m.given;
		ELSIF m.source = 'product' THEN
			v := trial.product_value(p_company, m, known);
		ELSIF m.source = 'return' THEN
			v := round(m.quantity * known[m.origin] / o.quantity, 2);
		ELSIF m.source IN ('restore', 'takeback') THEN
			v := -known[m.origin];
		ELSIF is_fifo THEN
			v := 0;
			rest := -m.quantity;
			FOR i IN 1 .. cardinality(layer_seq) LOOP
				EXIT WHEN rest = 0;
				CONTINUE WHEN layer_pool[i] <> p OR layer_quantity[i] = 0;
				take := least(rest, layer_quantity[i]);
				part := CASE WHEN take = layer_quantity[i] THEN layer_value[i] ELSE round(layer_value[i] * take / layer_quantity[i], 2) END;
				layer_quantity[i] := layer_quantity[i] - take;
				layer_value[i] := layer_value[i] - part;
				rest := rest - take;
				v := v - part;
			END LOOP;
		ELSIF pool_quantity[p] + m.quantity = 0 THEN
			v := -pool_value[p];
		ELSE
			v := round(pool_value[p] * m.quantity / pool_quantity[p], 2);
		END IF;

		IF m.quantity > 0 AND is_fifo THEN
			layer_seq := layer_seq || m.seq;
			layer_pool := layer_pool || p;
			layer_quantity := layer_quantity || m.quantity;
			layer_value := layer_value || v;
		ELSIF m.source = 'takeback' AND is_fifo THEN
			i := array_position(layer_seq, m.origin);
			IF layer_quantity[i] <> o.quantity THEN
				PERFORM trial.refuse('TR052');
			END IF;
			layer_quantity[i] := 0;
			layer_value[i] := 0;
		END IF;

		known[m.seq] := v;
		place[w] := place[w] + m.quantity;
		pool_quantity[p] := pool_quantity[p] + m.quantity;
		pool_value[p] := pool_value[p] + v;
		IF pool_value[p] < 0 OR (pool_quantity[p] = 0 AND pool_value[p] <> 0) THEN
			PERFORM trial.refuse('TR052');
		END IF;
	END LOOP;

	DELETE FROM trial.pool t WHERE t.company = p_company;
	INSERT INTO trial.pool SELECT p_company, items[1 + n / 2], 1 + n % 2, pool_quantity[n + 1], pool_value[n + 1]
	FROM generate_series(0, 7) n WHERE n % 2 = 0 OR items[1 + n / 2] LIKE '%W';
	RETURN known;
END
$$;

-- Re-values all goods; what changed on older moves goes to the ledger on the day
-- of the move or the first open one from there, with the dimensions of its line.
CREATE FUNCTION trial.revalue(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	known numeric[] := trial.derive(p_company);
	m record;
BEGIN
	FOR m IN
		SELECT t.*, d.posting_day, d.currency, l.role, l.amount, l.dimensions FROM trial.move t JOIN trial.document d USING (company, no) JOIN trial.line l USING (company, no, line_no)
		WHERE t.company = p_company AND t.value IS DISTINCT FROM known[t.seq]
	LOOP
		-- What is received is worth what its line says, in the currency in which it says so.
		INSERT INTO trial.gl (company, no, day, account, amount, currency, currency_amount, dimensions)
		SELECT p_company, CASE WHEN m.value IS NULL THEN m.no ELSE 0 END,
			CASE WHEN m.value IS NULL THEN m.posting_day ELSE trial.first_open(p_company, m.day, '{stock,general}') END, a.account, a.amount,
			CASE m.role WHEN 'receipt' THEN m.currency ELSE 'GBP' END, CASE m.role WHEN 'receipt' THEN m.amount ELSE a.amount END, m.dimensions
		FROM (VALUES (m.inventory, known[m.seq] - coalesce(m.value, 0)), (m.counter, coalesce(m.value, 0) - known[m.seq])) a (account, amount)
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
	FOR l IN SELECT * FROM trial.line t WHERE t.company = p_company AND t.no = p_no AND t.role IN ('receipt', 'sale', 'free', 'gain', 'loss', 'return', 'scrap', 'component', 'product')
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
				WHEN l.role IN ('receipt', 'component', 'product') THEN l.role WHEN NOT incoming THEN 'issue' WHEN o.seq IS NOT NULL THEN 'return' ELSE 'given' END,
			CASE WHEN l.role = 'receipt' THEN l.base ELSE l.cost END, o.seq,
			(trial.rule_of(d.kind, l.role, 'inventory', CASE WHEN l.item LIKE '%W' THEN 'B' ELSE 'A' END)).account,
			CASE WHEN l.role <> 'receipt' THEN (trial.rule_of(d.kind, l.role, 'cost')).account END, NULL);
	END LOOP;
END
$$;
