-- Random requests of goods: a document of each kind, mostly one that can be, now and then one that cannot.

-- A place with something in it: of any, of those of a warehouse, or without what is on its way.
CREATE FUNCTION goods.some_place(p_company text, p_what text DEFAULT 'any', p_warehouse text DEFAULT NULL) RETURNS goods.free
LANGUAGE plpgsql AS $$
DECLARE
	f goods.free;
	dice integer := trial.rand(100000);
BEGIN
	SELECT * INTO f FROM goods.free t WHERE t.company = p_company AND t.on_hand > 0 AND t.warehouse = coalesce(p_warehouse, t.warehouse) AND (p_what <> 'stored' OR t.promisable)
	ORDER BY md5(concat(t.item, t.warehouse, t.location, t.lot, t.state, dice)) LIMIT 1;
	RETURN f;
END
$$;

-- How a line names a place; defaults are left out.
CREATE FUNCTION goods.at(p_warehouse text, p_location text, p_lot text, p_state text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('warehouse', nullif(p_warehouse, 'MAIN'), 'location', nullif(p_location, ''), 'lot', nullif(p_lot, ''), 'state', nullif(p_state, 'available')))
$$;

-- A place where something of an item may be put.
CREATE FUNCTION goods.some_target(p_item text, p_damaged boolean DEFAULT true) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	wh text := trial.pick('MAIN', 'MAIN', 'NORTH');
BEGIN
	RETURN goods.at(wh, CASE wh WHEN 'MAIN' THEN trial.pick('', '', 'A', 'B') ELSE trial.pick('', 'N') END, CASE WHEN (SELECT i.lots FROM goods.item i WHERE i.item = p_item) THEN trial.pick('L1', 'L2') ELSE '' END,
		CASE WHEN p_damaged AND trial.rand(12) = 0 THEN 'damaged' ELSE 'available' END);
END
$$;

-- Mostly one of three that the history has most of, so that what is learned of one document reaches others.
CREATE FUNCTION goods.some_item() RETURNS text
LANGUAGE sql AS $$
	SELECT (SELECT i.item FROM goods.item i ORDER BY md5(i.item || current_setting('goods.seed')) OFFSET d.n LIMIT 1)
	FROM (SELECT CASE trial.rand(6) WHEN 0 THEN trial.rand(7) ELSE trial.rand(3) END) d (n)
$$;

-- Goods that come in: what for, and at which price or cost.
CREATE FUNCTION goods.some_incoming(p_value text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	item text := goods.some_item();
	line jsonb := jsonb_build_object('item', item, 'quantity', trial.some_quantity(16)) || goods.some_target(item);
BEGIN
	RETURN line || CASE WHEN p_value = 'cost' OR trial.rand(3) = 0 THEN jsonb_build_object(p_value, trial.rand(3000) / 100.0) ELSE jsonb_build_object('price', trial.some_price()) END;
END
$$;

-- Goods that leave a place: a part of what is there, all of it, or now and then more; a sale from time to time for a demand, a loss often where most is promised.
CREATE FUNCTION goods.some_outgoing(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	f goods.free := goods.some_place(p_company, CASE trial.rand(9) WHEN 0 THEN 'any' ELSE 'stored' END);
	g goods.free;
	r goods.promise;
	line jsonb;
BEGIN
	IF p_kind = 'stock_loss' AND trial.rand(3) > 0 THEN
		SELECT t.* INTO g FROM goods.free t WHERE t.company = p_company AND t.promisable AND t.free < t.on_hand ORDER BY t.on_hand - t.free DESC, t.item, t.warehouse, t.location, t.lot LIMIT 1;
		IF FOUND THEN
			RETURN jsonb_build_object('item', g.item, 'quantity', CASE trial.rand(3) WHEN 0 THEN g.on_hand ELSE greatest(round(g.on_hand * 0.7, 3), 0.001) END) || goods.at(g.warehouse, g.location, g.lot, g.state);
		END IF;
	ELSIF p_kind <> 'stock_loss' AND trial.rand(3) = 0 THEN
		SELECT * INTO r FROM goods.promise t WHERE t.company = p_company ORDER BY md5(t.demand || t.n) LIMIT 1;
	END IF;
	IF r.item IS NOT NULL THEN
		line := jsonb_build_object('item', r.item, 'quantity', CASE trial.rand(3) WHEN 0 THEN r.quantity ELSE trial.some_quantity(4) END, 'demand', jsonb_build_object('key', r.demand, 'line', r.demand_line))
			|| goods.at(r.warehouse, r.location, r.lot, 'available');
	ELSE
		line := jsonb_build_object('item', coalesce(f.item, 'F'), 'quantity', CASE trial.rand(6) WHEN 0 THEN coalesce(f.on_hand, 1) WHEN 1 THEN trial.some_quantity(20) ELSE trial.some_quantity(5) END)
			|| goods.at(f.warehouse, f.location, f.lot, f.state);
	END IF;
	RETURN line || CASE p_kind WHEN 'sales_invoice' THEN jsonb_build_object('price', trial.some_price() * 3) ELSE '{}' END;
END
$$;

-- To another warehouse, location, lot or state, or on its way.
CREATE FUNCTION goods.some_transfer(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	f goods.free := goods.some_place(p_company);
	target jsonb := goods.some_target(f.item);
	kind text := trial.pick('transfer', 'transfer', 'transfer_dispatch');
BEGIN
	IF f.item IS NULL THEN
		RETURN NULL;
	ELSIF kind = 'transfer_dispatch' THEN
		target := CASE trial.rand(3) WHEN 0 THEN '{"location": "WAY"}' ELSE '{"warehouse": "NORTH", "location": "ROAD"}' END;
	END IF;
	RETURN jsonb_build_object('kind', kind, 'lines', jsonb_build_array(jsonb_build_object('item', f.item, 'quantity', CASE trial.rand(4) WHEN 0 THEN f.on_hand ELSE trial.some_quantity(5) END)
		|| goods.at(f.warehouse, f.location, f.lot, f.state) || jsonb_strip_nulls(jsonb_build_object('to_warehouse', coalesce(target ->> 'warehouse', 'MAIN'), 'to_location', coalesce(target ->> 'location', ''),
			'to_lot', CASE WHEN f.lot <> '' THEN CASE trial.rand(3) WHEN 0 THEN target ->> 'lot' ELSE f.lot END END, 'to_state', CASE trial.rand(4) WHEN 0 THEN coalesce(target ->> 'state', 'available') ELSE f.state END))));
END
$$;

-- A line of one of some roles, mostly one that stands, often one that others name already; NULL where there is none.
CREATE FUNCTION goods.some_line(p_company text, p_roles text[]) RETURNS goods.line
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	dice integer := trial.rand(100000);
BEGIN
	SELECT t.* INTO l FROM goods.line t JOIN goods.document d USING (company, no) WHERE t.company = p_company AND t.role = ANY (p_roles) AND d.reverses = 0 AND (dice % 15 = 0 OR goods.stands(p_company, no))
	ORDER BY CASE WHEN dice % 3 = 0 THEN (SELECT -count(*) FROM goods.line n WHERE n.company = p_company AND n.origin = t.no AND n.origin_line = t.line_no) END, md5(concat(t.no, t.line_no, dice)) LIMIT 1;
	RETURN l;
END
$$;

CREATE FUNCTION goods.named_as(l goods.line) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('origin', jsonb_build_object('key', d.key, 'line', l.line_no)) FROM goods.document d WHERE d.company = l.company AND d.no = l.no $$;

CREATE FUNCTION goods.some_arrival(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	wh text := trial.pick('MAIN', 'NORTH', 'NORTH');
BEGIN
	SELECT t.* INTO l FROM goods.line t JOIN goods.document d USING (company, no) WHERE t.company = p_company AND d.kind = 'transfer_dispatch' AND goods.stands(p_company, no) ORDER BY md5(concat(t.no, trial.rand(9))) LIMIT 1;
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN jsonb_build_object('kind', 'transfer_receipt', 'lines', jsonb_build_array(jsonb_build_object('item', l.item, 'quantity', CASE trial.rand(3) WHEN 0 THEN l.quantity ELSE trial.some_quantity(4) END)
		|| goods.at(wh, CASE wh WHEN 'MAIN' THEN trial.pick('', 'B') ELSE trial.pick('', 'N') END, l.to_lot, trial.pick('available', 'available', 'damaged')) || goods.named_as(l)));
END
$$;

-- Goods that a customer brings back, at the cost at which they left or at a given one.
CREATE FUNCTION goods.some_return(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line := goods.some_line(p_company, '{sale}');
	line jsonb;
BEGIN
	IF l.item IS NULL OR trial.rand(5) = 0 THEN
		line := goods.some_incoming('cost') || jsonb_build_object('price', trial.some_price());
	ELSE
		line := jsonb_build_object('item', l.item, 'quantity', CASE trial.rand(3) WHEN 0 THEN l.quantity ELSE trial.some_quantity(4) END, 'price', trial.some_price())
			|| (goods.some_target(l.item) || CASE l.lot WHEN '' THEN '{}' ELSE jsonb_build_object('lot', l.lot) END) || goods.named_as(l);
	END IF;
	RETURN jsonb_build_object('kind', 'credit_note', 'party', 'C1', 'lines', jsonb_build_array(line));
END
$$;

-- Freight on one line or all of a document, or on two; sometimes money back.
CREATE FUNCTION goods.some_landed(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	kind text := trial.pick('landed_cost', 'landed_cost', 'absorbed_cost');
	receipts jsonb := '[]';
BEGIN
	FOR i IN 0 .. trial.rand(2) LOOP
		l := goods.some_line(p_company, '{receipt,opening,gain,product,revalued_to}');
		IF l.item IS NULL THEN
			RETURN NULL;
		END IF;
		receipts := receipts || jsonb_build_array((goods.named_as(l) -> 'origin') - CASE WHEN trial.rand(2) = 0 THEN 'line' ELSE '' END);
	END LOOP;
	RETURN jsonb_build_object('kind', kind, 'lines', jsonb_build_array(jsonb_build_object('amount', (trial.rand(900) - CASE trial.rand(3) WHEN 0 THEN 700 ELSE 0 END) / 100.0 + 0.01,
		'receipts', receipts) || CASE trial.rand(6) WHEN 0 THEN '{}' ELSE jsonb_build_object('basis', trial.pick('quantity', 'value', 'weight', 'volume', 'equal')) END))
		|| CASE kind WHEN 'landed_cost' THEN '{"party": "S1"}' ELSE '{}'::jsonb END;
END
$$;

-- A bill of what was received: of all, a part or more of it, at its price or another; or of goods that are still to come.
CREATE FUNCTION goods.some_bill(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	lines jsonb := '[]';
	part numeric;
BEGIN
	FOR i IN 0 .. trial.rand(3) / 2 LOOP
		l := goods.some_line(p_company, '{receipt}');
		part := CASE trial.rand(3) WHEN 0 THEN trial.some_quantity(10) ELSE l.quantity END;
		IF l.item IS NULL OR trial.rand(4) = 0 THEN
			lines := lines || jsonb_build_array(jsonb_build_object('item', goods.some_item(), 'quantity', trial.some_quantity(9), 'amount', trial.rand(2000) / 100.0));
		ELSE
			lines := lines || jsonb_build_array(jsonb_build_object('item', l.item, 'quantity', part, 'amount', round(l.amount * part / l.quantity * (80 + trial.rand(50)) / 100, 2)) || goods.named_as(l));
		END IF;
	END LOOP;
	RETURN jsonb_build_object('kind', 'supplier_bill', 'party', 'S1', 'lines', lines);
END
$$;

-- A line that comes on a bill which waits; NULL where none does.
CREATE FUNCTION goods.some_fulfilment(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	n record;
	part numeric;
BEGIN
	SELECT t.* INTO l FROM goods.line t, goods.named(p_company, t.no, t.line_no) w WHERE t.company = p_company AND t.role = 'billed' AND w.quantity > w.used AND goods.stands(p_company, t.no) ORDER BY t.no LIMIT 1;
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	n := goods.named(p_company, l.no, l.line_no);
	part := CASE trial.rand(2) WHEN 0 THEN n.quantity - n.used ELSE least(trial.some_quantity(5), n.quantity - n.used) END;
	RETURN jsonb_build_object('item', l.item, 'quantity', part, 'amount', round((n.amount - n.used_amount) * part / (n.quantity - n.used), 2) + CASE trial.rand(12) WHEN 0 THEN 0.01 ELSE 0 END)
		|| goods.some_target(l.item) || goods.named_as(l);
END
$$;

-- What a receipt, or an issue, should have said; mostly on its true day.
CREATE FUNCTION goods.some_amendment(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	role text := trial.pick('received_more', 'received_more', 'received_less', 'received_less', 'repriced', 'repriced', 'issued_more', 'issued_less', 'issued_less');
	l goods.line := goods.some_line(p_company, CASE WHEN role LIKE 'issued%' THEN '{sale,scrap,free}' ELSE '{receipt}' END::text[]);
	line jsonb := jsonb_build_object('role', role, 'item', l.item) || CASE WHEN l.lot = '' OR role = 'repriced' THEN '{}' ELSE jsonb_build_object('lot', l.lot) END;
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	line := line || CASE role WHEN 'repriced' THEN CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('price', trial.some_price()) ELSE jsonb_build_object('amount', (trial.rand(400) - 150) / 100.0 + 0.01) END
		WHEN 'received_more' THEN jsonb_build_object('quantity', trial.some_quantity(5)) || CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('amount', trial.rand(900) / 100.0) ELSE '{}' END
		ELSE jsonb_build_object('quantity', CASE trial.rand(6) WHEN 0 THEN l.quantity ELSE trial.some_quantity(3) END) END;
	IF role LIKE 'issued%' THEN
		line := line || goods.at(l.warehouse, l.location, l.lot, 'available');
	END IF;
	RETURN jsonb_build_object('lines', jsonb_build_array(line || CASE role WHEN 'issued_more' THEN '{}' ELSE goods.named_as(l) END), 'kind', CASE WHEN role LIKE 'issued%' THEN 'issue_amendment' ELSE 'receipt_amendment' END)
		|| CASE WHEN role LIKE 'issued%' THEN '{}' ELSE '{"party": "S1"}' END::jsonb
		|| CASE WHEN trial.rand(3) = 0 THEN '{}' ELSE (SELECT jsonb_build_object('day', d.posting_day) FROM goods.document d WHERE d.company = p_company AND d.no = l.no) END;
END
$$;

-- A line of a receipt that is billed, first of those of which more is billed than is there; NULL where none is.
CREATE FUNCTION goods.some_billed(p_company text) RETURNS goods.line
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line;
	dice integer := trial.rand(100000);
BEGIN
	SELECT t.* INTO l FROM goods.line t, goods.named(p_company, t.no, t.line_no) w WHERE t.company = p_company AND t.role = 'receipt' AND t.quantity > 0 AND w.used > 0 AND goods.stands(p_company, t.no)
	ORDER BY dice % 4 > 0 AND w.used <= w.quantity, md5(concat(t.no, t.line_no, dice)) LIMIT 1;
	RETURN l;
END
$$;

-- Goods of a receipt that go back: from where they came in, from where some of the item lie, or more than came.
CREATE FUNCTION goods.some_supplier_return(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line := CASE trial.rand(3) WHEN 0 THEN goods.some_line(p_company, '{receipt}') ELSE goods.some_billed(p_company) END;
	f goods.free;
	line jsonb := jsonb_build_object('item', l.item, 'quantity', CASE trial.rand(4) WHEN 0 THEN l.quantity ELSE trial.some_quantity(4) END);
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT * INTO f FROM goods.free t WHERE t.company = p_company AND t.item = l.item AND t.on_hand > 0 ORDER BY md5(concat(t.warehouse, t.location, t.lot, t.state, trial.rand(99))) LIMIT 1;
	line := line || CASE WHEN f.item IS NULL OR trial.rand(3) = 0 THEN jsonb_strip_nulls(jsonb_build_object('lot', nullif(l.lot, ''))) ELSE goods.at(f.warehouse, f.location, f.lot, f.state) END;
	RETURN jsonb_build_object('kind', 'supplier_return', 'party', 'S1', 'lines', jsonb_build_array(line || goods.named_as(l)));
END
$$;

-- Credit for what was billed, mostly for what went back since: all of it or a part, at the price of the receipt or another.
CREATE FUNCTION goods.some_credit(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l goods.line := goods.some_billed(p_company);
	n record;
	part numeric;
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	n := goods.named(p_company, l.no, l.line_no);
	part := CASE trial.rand(4) WHEN 0 THEN n.used WHEN 1 THEN CASE WHEN n.used > n.quantity THEN least(n.used - n.quantity, n.used) ELSE n.used END ELSE trial.some_quantity(4) END;
	RETURN jsonb_build_object('kind', 'supplier_credit_note', 'party', 'S1', 'lines', jsonb_build_array(jsonb_build_object('item', l.item, 'quantity', part,
		'amount', round(l.amount * part / l.quantity * (80 + trial.rand(50)) / 100, 2)) || goods.named_as(l)));
END
$$;

CREATE FUNCTION goods.some_assembly(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	item text;
	lines jsonb := '[]';
BEGIN
	FOR i IN 0 .. trial.rand(2) LOOP
		item := goods.some_item();
		lines := lines || jsonb_build_array(jsonb_build_object('role', 'product', 'item', item, 'quantity', trial.some_quantity(4)) || goods.some_target(item)
			|| CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('share', trial.some_quantity(9)) ELSE '{}' END);
	END LOOP;
	RETURN jsonb_build_object('kind', 'assembly', 'lines', lines || (SELECT jsonb_agg(goods.some_outgoing(p_company, 'assembly')) FROM generate_series(0, trial.rand(2))));
END
$$;

CREATE FUNCTION goods.some_revaluation(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	f goods.free := goods.some_place(p_company);
BEGIN
	RETURN jsonb_build_object('kind', trial.pick('revaluation', 'write_down'), 'lines', jsonb_build_array(jsonb_build_object('item', coalesce(f.item, 'F'),
		'quantity', CASE trial.rand(2) WHEN 0 THEN coalesce(f.on_hand, 1) ELSE trial.some_quantity(4) END, 'cost', trial.rand(1500) / 100.0) || goods.at(f.warehouse, f.location, f.lot, f.state)));
END
$$;

-- A document of some kind, without its key.
CREATE FUNCTION goods.some_document(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	kind text := trial.pick('goods_receipt', 'goods_receipt', 'goods_receipt', 'goods_receipt', 'opening_stock', 'stock_gain', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'sales_invoice',
		'stock_loss', 'free_issue', 'scrap', 'transfer', 'transfer', 'transfer', 'transfer_receipt', 'transfer_receipt', 'credit_note', 'credit_note', 'landed_cost', 'landed_cost', 'landed_cost',
		'supplier_bill', 'supplier_bill', 'supplier_bill', 'amendment', 'amendment', 'amendment', 'supplier_return', 'supplier_return', 'supplier_credit_note', 'supplier_credit_note', 'supplier_credit_note', 'assembly', 'revaluation');
	doc jsonb := CASE kind WHEN 'transfer' THEN goods.some_transfer(p_company) WHEN 'transfer_receipt' THEN goods.some_arrival(p_company) WHEN 'credit_note' THEN goods.some_return(p_company)
		WHEN 'landed_cost' THEN goods.some_landed(p_company) WHEN 'supplier_bill' THEN goods.some_bill(p_company) WHEN 'amendment' THEN goods.some_amendment(p_company)
		WHEN 'supplier_return' THEN goods.some_supplier_return(p_company) WHEN 'supplier_credit_note' THEN goods.some_credit(p_company)
		WHEN 'assembly' THEN goods.some_assembly(p_company) WHEN 'revaluation' THEN goods.some_revaluation(p_company) END;
BEGIN
	IF doc IS NOT NULL THEN
		RETURN doc;
	ELSIF kind IN ('transfer', 'transfer_receipt', 'landed_cost', 'amendment', 'supplier_return', 'supplier_credit_note') THEN
		kind := 'goods_receipt';
	END IF;
	IF kind IN ('goods_receipt', 'opening_stock', 'stock_gain') THEN
		RETURN jsonb_build_object('kind', kind, 'lines', (SELECT jsonb_agg(coalesce(CASE WHEN kind = 'goods_receipt' AND trial.rand(2) = 0 THEN goods.some_fulfilment(p_company) END,
			goods.some_incoming(CASE kind WHEN 'goods_receipt' THEN 'amount' ELSE 'cost' END))) FROM generate_series(0, trial.rand(3)))) || CASE kind WHEN 'goods_receipt' THEN '{"party": "S1"}' ELSE '{}'::jsonb END;
	END IF;
	RETURN jsonb_build_object('kind', kind, 'lines', (SELECT jsonb_agg(goods.some_outgoing(p_company, kind)) FROM generate_series(0, trial.rand(2)))) || CASE kind WHEN 'sales_invoice' THEN '{"party": "C1"}' ELSE '{}'::jsonb END;
END
$$;
