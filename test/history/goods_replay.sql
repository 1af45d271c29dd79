-- What goods are worth, naively: every move from the first one on, each time anew, by loops over layers and pools.

-- What a product is worth: its share of what the components of its document took.
CREATE FUNCTION goods.product_value(p_company text, m goods.move, p_known numeric[]) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	total numeric := (SELECT -sum(p_known[c.seq]) FROM goods.move c JOIN goods.line l USING (company, no, line_no) WHERE c.company = p_company AND c.no = m.no AND l.role = 'component');
	weights numeric[];
	place integer;
BEGIN
	SELECT array_agg(p.given ORDER BY p.seq), count(*) FILTER (WHERE p.seq <= m.seq) INTO weights, place
	FROM goods.move p WHERE p.company = p_company AND p.no = m.no AND p.source = 'product';
	RETURN (goods.parts(total, weights))[place];
END
$$;

-- What joined the cost of a move by documents that stand, or that take back what does not.
CREATE FUNCTION goods.joined(p_company text, p_seq integer) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT sum(p.amount) FROM goods.part p WHERE p.company = p_company AND p.seq = p_seq), 0);
END
$$;

-- Whether a layer can give back so much, at a value of its own.
CREATE FUNCTION goods.gives_back(p_quantity numeric, p_value numeric, p_back numeric, p_worth numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT p_quantity >= p_back AND p_value >= p_worth AND (p_quantity > p_back OR p_value = p_worth) $$;

-- Values of all moves in the order (day, time, sequence); sets the pools. Raises TR050, TR051 or TR052 where no history like this may exist.
CREATE FUNCTION goods.derive(p_company text) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	m goods.move;
	o goods.move;
	is_fifo boolean;
	places text[] := '{}';
	place_quantity numeric[] := '{}';
	pools text[] := '{}';
	pool_quantity numeric[] := '{}';
	pool_value numeric[] := '{}';
	layer_seq integer[] := '{}';
	layer_pool integer[] := '{}';
	layer_quantity numeric[] := '{}';
	layer_value numeric[] := '{}';
	known numeric[] := '{}';
	w integer;
	p integer;
	i integer;
	v numeric;
	rest numeric;
	take numeric;
	part numeric;
	taken numeric;
	oldest integer;
BEGIN
	FOR m IN SELECT * FROM goods.move t WHERE t.company = p_company ORDER BY t.day, t.tod, t.seq LOOP
		w := array_position(places, concat_ws('/', m.item, m.warehouse, m.location, m.lot, m.state));
		IF w IS NULL THEN
			places := places || concat_ws('/', m.item, m.warehouse, m.location, m.lot, m.state);
			place_quantity := place_quantity || 0::numeric;
			w := cardinality(places);
		END IF;
		p := array_position(pools, goods.pool_of(m.item, m.warehouse, m.lot));
		IF p IS NULL THEN
			pools := pools || goods.pool_of(m.item, m.warehouse, m.lot);
			pool_quantity := pool_quantity || 0::numeric;
			pool_value := pool_value || 0::numeric;
			p := cardinality(pools);
		END IF;
		IF m.origin IS NOT NULL THEN
			SELECT * INTO o FROM goods.move t WHERE t.company = p_company AND t.seq = m.origin;
			IF known[m.origin] IS NULL THEN
				PERFORM trial.refuse('TR051');
			END IF;
		END IF;
		IF m.quantity < 0 AND place_quantity[w] + m.quantity < 0 THEN
			PERFORM trial.refuse('TR050');
		END IF;
		place_quantity[w] := place_quantity[w] + m.quantity;
		known[m.seq] := 0;
		CONTINUE WHEN m.carried;
		IF m.quantity < 0 AND pool_quantity[p] + m.quantity < 0 THEN
			PERFORM trial.refuse('TR050');
		END IF;
		is_fifo := (SELECT t.fifo FROM goods.item t WHERE t.item = m.item);

		IF m.source = 'given' THEN
			v := m.given + goods.joined(p_company, m.seq);
		ELSIF m.source = 'product' THEN
			v := goods.product_value(p_company, m, known) + goods.joined(p_company, m.seq);
		ELSIF m.source = 'return' THEN
			v := round(m.quantity * known[m.origin] / o.quantity, 2);
		ELSIF m.source IN ('restore', 'takeback', 'arrive') THEN
			v := -known[m.origin];
		ELSIF m.source = 'less' THEN
			v := -m.given;
		ELSIF is_fifo THEN
			v := NULL;
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
		ELSIF m.source IN ('takeback', 'less') AND is_fifo AND goods.gives_back(layer_quantity[array_position(layer_seq, m.origin)], layer_value[array_position(layer_seq, m.origin)], -m.quantity, -v) THEN
			i := array_position(layer_seq, m.origin);
			layer_quantity[i] := layer_quantity[i] + m.quantity;
			layer_value[i] := layer_value[i] + v;
		ELSIF m.quantity < 0 AND is_fifo THEN
			taken := 0;
			rest := -m.quantity;
			oldest := NULL;
			FOR i IN 1 .. cardinality(layer_seq) LOOP
				CONTINUE WHEN layer_pool[i] <> p OR layer_quantity[i] = 0;
				-- Goods that went out and came back go as an issue does, unless others are older than the rest of them.
				IF oldest IS NOT NULL AND v IS NOT NULL AND layer_seq[i] = m.origin THEN
					PERFORM trial.refuse('TR052');
				END IF;
				oldest := coalesce(oldest, i);
				CONTINUE WHEN rest = 0;
				take := least(rest, layer_quantity[i]);
				part := CASE WHEN take = layer_quantity[i] THEN layer_value[i] ELSE round(layer_value[i] * take / layer_quantity[i], 2) END;
				layer_quantity[i] := layer_quantity[i] - take;
				layer_value[i] := layer_value[i] - part;
				rest := rest - take;
				taken := taken - part;
			END LOOP;
			IF v <> taken THEN
				PERFORM trial.refuse('TR052');
			END IF;
			v := taken;
		END IF;

		known[m.seq] := v;
		pool_quantity[p] := pool_quantity[p] + m.quantity;
		pool_value[p] := pool_value[p] + v;
		IF m.quantity > 0 AND v < 0 THEN
			PERFORM trial.refuse('TR195');
		ELSIF pool_value[p] < 0 OR pool_quantity[p] = 0 AND pool_value[p] <> 0 THEN
			PERFORM trial.refuse('TR052');
		END IF;
	END LOOP;
	DELETE FROM goods.pool t WHERE t.company = p_company;
	INSERT INTO goods.pool SELECT p_company, split_part(n, ' ', 1), n, q, x FROM unnest(pools, pool_quantity, pool_value) u (n, q, x);
	RETURN known;
END
$$;

CREATE TABLE goods.pool (company text NOT NULL, item text NOT NULL, pool text NOT NULL, quantity numeric NOT NULL, value numeric NOT NULL, PRIMARY KEY (company, pool));

-- Re-values all goods after a document. Its own moves, and what it joins to the cost of others, stand on its day; what else changed, on the later of that and the
-- day of the move, or the first open day from there.
CREATE FUNCTION goods.revalue(p_company text, d goods.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	known numeric[] := goods.derive(p_company);
	m goods.move;
	own numeric;
	other numeric;
BEGIN
	FOR m IN SELECT * FROM goods.move t WHERE t.company = p_company AND t.value IS DISTINCT FROM known[t.seq]
		OR t.company = p_company AND EXISTS (SELECT FROM goods.part p WHERE p.company = p_company AND p.no = d.no AND p.seq = t.seq)
	LOOP
		own := CASE WHEN m.no = d.no THEN known[m.seq] ELSE coalesce((SELECT sum(p.amount) FROM goods.part p WHERE p.company = p_company AND p.no = d.no AND p.seq = m.seq), 0) END;
		other := CASE WHEN m.no = d.no THEN 0 ELSE known[m.seq] - m.value - own END;
		PERFORM goods.post(p_company, d.no, d.posting_day, m.account, own),
			goods.post(p_company, d.no, d.posting_day, m.counter, CASE WHEN m.no = d.no THEN -own ELSE 0 END);
		PERFORM goods.post(p_company, d.no, c.day, m.account, other), goods.post(p_company, d.no, c.day, m.counter, -other)
		FROM trial.first_open(p_company, greatest(m.day, d.posting_day), '{stock,general}') c (day) WHERE other <> 0;
		UPDATE goods.move t SET value = known[t.seq] WHERE t.company = p_company AND t.seq = m.seq;
	END LOOP;
END
$$;

-- A counter that a move has none of is ''.
CREATE FUNCTION goods.post(p_company text, p_no integer, p_day date, p_account text, p_amount numeric) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO goods.gl SELECT p_company, p_no, p_day, p_account, p_amount WHERE p_amount <> 0 AND p_account <> '';
END
$$;

-- Amounts of a document that are owed, by line, whatever its goods are worth.
CREATE FUNCTION goods.post_amounts(p_company text, d goods.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	total numeric := coalesce((SELECT sum(l.amount) FROM goods.line l WHERE l.company = p_company AND l.no = d.no), 0);
	lost numeric := coalesce((SELECT sum(l.variance) FROM goods.line l WHERE l.company = p_company AND l.no = d.no), 0);
	joined numeric := coalesce((SELECT sum(p.amount) FROM goods.part p WHERE p.company = p_company AND p.no = d.no), 0);
BEGIN
	CASE d.kind
		WHEN 'goods_receipt', 'receipt_amendment' THEN PERFORM goods.post(p_company, d.no, d.posting_day, '2150', -total);
		WHEN 'supplier_bill' THEN
			PERFORM goods.post(p_company, d.no, d.posting_day, '2000', -total), goods.post(p_company, d.no, d.posting_day, '2150', total - joined);
		WHEN 'supplier_return' THEN PERFORM goods.post(p_company, d.no, d.posting_day, '2150', -total), goods.post(p_company, d.no, d.posting_day, '5450', total);
		WHEN 'supplier_credit_note' THEN
			PERFORM goods.post(p_company, d.no, d.posting_day, '2000', total), goods.post(p_company, d.no, d.posting_day, '2150', -total - joined - lost), goods.post(p_company, d.no, d.posting_day, '5450', lost);
		WHEN 'landed_cost' THEN PERFORM goods.post(p_company, d.no, d.posting_day, '2000', -total);
		WHEN 'absorbed_cost' THEN PERFORM goods.post(p_company, d.no, d.posting_day, '6000', -joined);
		WHEN 'sales_invoice' THEN PERFORM goods.post(p_company, d.no, d.posting_day, '1100', total), goods.post(p_company, d.no, d.posting_day, '4000', -total);
		WHEN 'credit_note' THEN PERFORM goods.post(p_company, d.no, d.posting_day, '1100', -total), goods.post(p_company, d.no, d.posting_day, '4000', total);
		ELSE NULL;
	END CASE;
END
$$;
