-- Random requests of stock: what histories of one method do.

-- Where something of the item is, or, now and then and where nothing is, anywhere.
CREATE FUNCTION trial.some_place(p_company text, p_item text, OUT warehouse text, OUT lot text, OUT quantity numeric)
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(1000);
	tracking text := (SELECT g.tracking FROM trial.goods g WHERE g.item = p_item);
BEGIN
	warehouse := trial.pick('MAIN', 'MAIN', 'NORTH');
	lot := CASE tracking WHEN 'lot' THEN trial.pick('L1', 'L2', 'L3') WHEN 'serial' THEN trial.pick('N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7') ELSE '' END;
	quantity := 5;
	SELECT p.warehouse, p.lot, p.quantity INTO warehouse, lot, quantity
	FROM (SELECT m.warehouse, m.lot, sum(m.quantity) AS quantity FROM trial.move m WHERE m.company = p_company AND m.item = p_item GROUP BY 1, 2 HAVING sum(m.quantity) > 0
		ORDER BY md5(concat_ws(' ', m.warehouse, m.lot, dice)) LIMIT CASE WHEN dice % 12 > 0 THEN 1 ELSE 0 END) p
	UNION ALL SELECT warehouse, lot, quantity LIMIT 1;
END
$$;

-- Something that goes out: mostly what is there, often all of it, now and then more; where stock may go below zero mostly more.
CREATE FUNCTION trial.some_out(p_company text, p_item text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	p record := trial.some_place(p_company, p_item);
	below boolean := (SELECT b.below_zero FROM trial.book b WHERE b.company = p_company);
	quantity numeric := CASE WHEN p_item = 'N' THEN 1 WHEN trial.rand(5) = 0 THEN p.quantity WHEN trial.rand(5) = 0 OR below AND trial.rand(3) = 0 THEN p.quantity + trial.some_quantity(6)
		ELSE least(trial.some_quantity(6), p.quantity) END;
BEGIN
	RETURN jsonb_build_object('item', p_item, 'quantity', quantity, 'warehouse', p.warehouse) || CASE p.lot WHEN '' THEN '{}' ELSE jsonb_build_object('lot', p.lot) END;
END
$$;

CREATE FUNCTION trial.some_in(p_item text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	tracking text := (SELECT g.tracking FROM trial.goods g WHERE g.item = p_item);
BEGIN
	RETURN jsonb_build_object('item', p_item, 'quantity', CASE p_item WHEN 'N' THEN 1 ELSE trial.some_quantity(12) END, 'warehouse', trial.pick('MAIN', 'MAIN', 'NORTH'))
		|| CASE tracking WHEN 'lot' THEN jsonb_build_object('lot', trial.pick('L1', 'L1', 'L2', 'L3')) WHEN 'serial' THEN jsonb_build_object('lot', 'N' || 1 + trial.rand(7)) ELSE '{}' END;
END
$$;

-- Goods of the family: mostly of its method, which in the middle of its ranking.
CREATE FUNCTION trial.some_good(p_company text) RETURNS text
LANGUAGE sql AS $$ SELECT trial.pick(VARIADIC ranking || ranking || ranking[2] || ranking[2] || ranking[2]) FROM trial.ranking_of(p_company) r (ranking) $$;

-- What some customer bought comes back, or goods of known cost; now and then to the other warehouse.
CREATE FUNCTION trial.some_return(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	m trial.move := trial.some_issue(p_company);
BEGIN
	IF m.seq IS NULL OR trial.rand(5) = 0 THEN
		RETURN trial.some_in(trial.some_good(p_company)) || jsonb_build_object('price', trial.some_price(), 'cost', trial.rand(900) / 100.0);
	END IF;
	RETURN jsonb_build_object('item', m.item, 'quantity', CASE WHEN m.item = 'N' OR trial.rand(3) = 0 THEN -m.quantity ELSE least(trial.some_quantity(5), -m.quantity) END, 'price', trial.some_price(),
		'warehouse', CASE trial.rand(4) WHEN 0 THEN 'NORTH' ELSE m.warehouse END,
		'origin', (SELECT jsonb_build_object('key', d.key, 'line', m.line_no) FROM trial.document d WHERE d.company = p_company AND d.no = m.no))
		|| CASE m.lot WHEN '' THEN '{}' ELSE jsonb_build_object('lot', m.lot) END;
END
$$;

-- One good, or a few, are made of one or two of lower ranking; what is taken apart the same way.
CREATE FUNCTION trial.some_making(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	ranking text[] := trial.ranking_of(p_company);
	lowest integer := (SELECT min(n) FROM unnest(ranking) WITH ORDINALITY u (item, n) JOIN trial.goods g USING (item) WHERE n > 1 AND g.method <> 'standard');
	rank integer := lowest + trial.rand(cardinality(ranking) - lowest + 1);
	kind text := trial.pick('assembly', 'assembly', 'disassembly', 'production_issue', 'production_receipt');
	issues jsonb := (SELECT jsonb_agg(k.key) FROM (SELECT d.key FROM trial.document d WHERE d.company = p_company AND d.kind = 'production_issue' AND d.reverses = 0
		AND NOT trial.is_taken(p_company, d.key) ORDER BY d.no DESC LIMIT 1 + trial.rand(2)) k);
	components jsonb;
	products jsonb;
BEGIN
	kind := CASE WHEN kind = 'production_receipt' AND issues IS NULL THEN 'production_issue' ELSE kind END;
	-- Of production issues nobody remembers what they took: what is made of them is what stands last.
	rank := CASE kind WHEN 'production_receipt' THEN cardinality(ranking) WHEN 'production_issue' THEN cardinality(ranking) ELSE rank END;
	components := (SELECT jsonb_agg(trial.some_out(p_company, ranking[1 + trial.rand(rank - 1)])) FROM generate_series(1, CASE kind WHEN 'disassembly' THEN 1 ELSE 1 + trial.rand(2) END));
	products := (SELECT jsonb_agg('{"role": "product"}' || trial.some_in(ranking[rank]) || CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('share', trial.some_quantity(9)) ELSE '{}' END)
		FROM generate_series(1, CASE kind WHEN 'disassembly' THEN 2 ELSE 1 END + trial.rand(2)));
	RETURN jsonb_build_object('kind', kind, 'lines', CASE kind WHEN 'assembly' THEN products || components WHEN 'disassembly' THEN components || products
		WHEN 'production_receipt' THEN products ELSE components END) || CASE kind WHEN 'production_receipt' THEN jsonb_build_object('consumes', issues) ELSE '{}' END;
END
$$;

-- A line of a kind.
CREATE FUNCTION trial.some_stock_line(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	item text := trial.some_good(p_company);
BEGIN
	CASE p_kind
		WHEN 'goods_receipt' THEN
			RETURN trial.some_in(item) || CASE trial.rand(6) WHEN 0 THEN '{"amount": 0}' WHEN 1 THEN jsonb_build_object('amount', trial.rand(3000) / 100.0) ELSE jsonb_build_object('price', trial.some_price()) END;
		WHEN 'stock_gain' THEN RETURN trial.some_in(item) || jsonb_build_object('cost', trial.rand(1500) / 100.0);
		WHEN 'credit_note' THEN RETURN trial.some_return(p_company);
		WHEN 'sales_invoice' THEN RETURN trial.some_out(p_company, item) || jsonb_build_object('price', trial.some_price());
		ELSE RETURN trial.some_out(p_company, item);
	END CASE;
END
$$;

CREATE FUNCTION trial.some_stock(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
	IF p_kind = 'made' THEN
		RETURN trial.some_making(p_company);
	END IF;
	RETURN jsonb_build_object('kind', p_kind, 'lines', (SELECT jsonb_agg(trial.some_stock_line(p_company, p_kind)) FROM generate_series(0, CASE p_kind WHEN 'credit_note' THEN 0 ELSE trial.rand(3) END)))
		|| CASE p_kind WHEN 'goods_receipt' THEN '{"party": "S1"}' WHEN 'sales_invoice' THEN '{"party": "C1"}' WHEN 'credit_note' THEN '{"party": "C1"}' ELSE '{}'::jsonb END;
END
$$;

-- The cost of a month: of the first that was not run, of the one before today, or of any.
CREATE FUNCTION trial.some_month_cost(p_company text, p_today date) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT trial.month_cost(p_company, CASE trial.rand(5)
		WHEN 0 THEN date_trunc('month', p_today)::date
		WHEN 1 THEN ('2009-01-01'::date + trial.rand(5) * interval '1 month')::date
		ELSE greatest('2009-01-01', coalesce((SELECT min(date_trunc('month', m.day))::date FROM trial.move m JOIN trial.goods g USING (item) WHERE m.company = p_company AND g.method = 'monthly_average'
			AND NOT trial.is_run(p_company, m.item, m.day)), date_trunc('month', p_today - 31)::date)) END)
$$;

-- New standards, of one item or of both; now and then of a day that is long gone.
CREATE FUNCTION trial.some_standards(p_today date) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT trial.standard_costs(CASE trial.rand(4) WHEN 0 THEN p_today - trial.rand(30) ELSE p_today END,
		CASE trial.rand(3) WHEN 0 THEN '{}' ELSE jsonb_build_object('T', trial.some_price()) END || jsonb_build_object('U', round((trial.rand(900) + 1) / 300.0, trial.rand(3) * 4)))
$$;
