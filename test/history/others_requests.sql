-- Random requests: a document of each kind, mostly one that can be, now and then one that cannot.

CREATE FUNCTION others.some_item() RETURNS text
LANGUAGE sql AS $$
	SELECT item FROM (SELECT i.item, sum(i.weight) OVER (ORDER BY md5(i.item || current_setting('others.seed'))) AS upto FROM others.item i) w, (SELECT trial.rand(17)) d (n) WHERE w.upto > d.n ORDER BY w.upto LIMIT 1
$$;

CREATE FUNCTION others.lot_of(p_item text) RETURNS jsonb
LANGUAGE sql AS $$ SELECT CASE WHEN i.pool = 'lot' THEN jsonb_build_object('lot', trial.pick('L1', 'L1', 'L2')) ELSE '{}' END FROM others.item i WHERE i.item = p_item $$;

CREATE FUNCTION others.some_target() RETURNS jsonb
LANGUAGE sql AS $$ SELECT trial.pick('{}', '{}', '{}', '{"location": "A"}', '{"location": "A"}', '{"warehouse": "NORTH"}', '{"warehouse": "NORTH"}')::jsonb $$;

-- A place with something in it; stored: from which it may go as it is; owner: of whom it is.
CREATE FUNCTION others.some_place(p_company text, p_owner text DEFAULT '', p_stored boolean DEFAULT true) RETURNS others.free
LANGUAGE plpgsql AS $$
DECLARE
	f others.free;
	dice integer := trial.rand(100000);
BEGIN
	SELECT t.* INTO f FROM others.free t LEFT JOIN others.location l USING (warehouse, location) WHERE t.company = p_company AND t.on_hand > 0 AND (t.owner = p_owner OR p_owner = 'any' AND t.owner <> '')
		AND (NOT p_stored OR coalesce(l.kind, 'storage') = 'storage')
	ORDER BY md5(concat(t.item, t.warehouse, t.location, t.lot, t.owner, dice)) LIMIT 1;
	RETURN f;
END
$$;

-- How a line names goods in a place; defaults are left out.
CREATE FUNCTION others.at(f others.free) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('item', coalesce(f.item, 'F'), 'warehouse', nullif(f.warehouse, 'MAIN'), 'location', nullif(f.location, ''), 'lot', nullif(f.lot, '')))
$$;

-- A part of what is there, all of it, or now and then more.
CREATE FUNCTION others.some_part(p_there numeric) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('quantity', CASE trial.rand(6) WHEN 0 THEN coalesce(nullif(greatest(p_there, 0), 0), 1) WHEN 1 THEN trial.some_quantity(12) ELSE least(trial.some_quantity(4), coalesce(nullif(greatest(p_there, 0), 0), 0.5)) END) $$;

-- What is paid: an amount or a price.
CREATE FUNCTION others.some_amount(p_kind text) RETURNS jsonb
LANGUAGE sql AS $$ SELECT CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('amount', trial.rand(3000) / 100.0) ELSE jsonb_build_object('price', (trial.rand(3500) + 300) / 1000.0) END $$;

-- In pounds, or in another currency at some rate.
CREATE FUNCTION others.some_currency() RETURNS jsonb
LANGUAGE sql AS $$ SELECT CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('currency', trial.pick('USD', 'CHF'), 'rate', (trial.rand(9000) + 3000) / 10000.0) ELSE '{}' END $$;

CREATE FUNCTION others.some_incoming(p_value text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	item text := others.some_item();
BEGIN
	RETURN jsonb_build_object('item', item, 'quantity', trial.some_quantity(14)) || others.lot_of(item) || others.some_target()
		|| CASE p_value WHEN 'cost' THEN jsonb_build_object('cost', trial.rand(3000) / 100.0) WHEN 'paid' THEN others.some_amount('') ELSE '{}' END;
END
$$;

-- A line of one of some kinds that stands, mostly one of which something is left; NULL where there is none.
CREATE FUNCTION others.some_line(p_company text, p_kinds text[], p_role text DEFAULT NULL) RETURNS others.line
LANGUAGE plpgsql AS $$
DECLARE
	l others.line;
	dice integer := trial.rand(100000);
BEGIN
	SELECT t.* INTO l FROM others.line t JOIN others.document d USING (company, no) WHERE t.company = p_company AND d.kind = ANY (p_kinds) AND d.reverses = 0 AND t.role = coalesce(p_role, t.role)
		AND (dice % 15 = 0 OR others.stands(p_company, no) AND (dice % 7 = 0 OR p_role IS NOT NULL OR others.left_of(p_company, no, t.line_no) > 0))
	ORDER BY md5(concat(t.no, t.line_no, dice)) LIMIT 1;
	RETURN l;
END
$$;

CREATE FUNCTION others.named_as(l others.line) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('origin', jsonb_build_object('key', d.key, 'line', l.line_no)) FROM others.document d WHERE d.company = l.company AND d.no = l.no $$;

CREATE FUNCTION others.party_of(l others.line) RETURNS text
LANGUAGE sql AS $$ SELECT d.party FROM others.document d WHERE d.company = l.company AND d.no = l.no $$;

-- Goods that leave: of what is stored, or of what is lent or on consignment; from time to time for a demand.
CREATE FUNCTION others.some_outgoing(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	f others.free := others.some_place(p_company, '', trial.rand(20) > 0);
	l others.line;
	r others.promise;
	doc jsonb := jsonb_build_object('kind', p_kind) || CASE p_kind WHEN 'sales_invoice' THEN jsonb_build_object('party', trial.pick('C1', 'C1', 'C2')) ELSE '{}' END;
	line jsonb := others.at(f) || others.some_part(f.on_hand);
BEGIN
	IF trial.rand(3) = 0 THEN
		l := others.some_line(p_company, '{loan,consignment_delivery}');
	ELSIF trial.rand(3) = 0 THEN
		SELECT t.* INTO r FROM others.promise t WHERE t.company = p_company AND t.source = '' ORDER BY md5(t.demand || t.n) LIMIT 1;
	END IF;
	IF l.item IS NOT NULL THEN
		line := jsonb_build_object('item', l.item) || others.some_part(others.left_of(p_company, l.no, l.line_no)) || others.named_as(l);
		doc := doc || CASE WHEN p_kind = 'sales_invoice' AND trial.rand(12) > 0 THEN jsonb_build_object('party', others.party_of(l)) ELSE '{}' END;
	ELSIF r.item IS NOT NULL AND p_kind <> 'stock_loss' THEN
		line := jsonb_strip_nulls(jsonb_build_object('item', r.item, 'warehouse', nullif(r.warehouse, 'MAIN'), 'location', nullif(r.location, ''), 'lot', nullif(r.lot, ''), 'demand', jsonb_build_object('key', r.demand))) || others.some_part(r.quantity);
	END IF;
	RETURN doc || jsonb_build_object('lines', jsonb_build_array(line || CASE p_kind WHEN 'sales_invoice' THEN jsonb_build_object('price', trial.some_price() * 3) ELSE '{}' END));
END
$$;

-- To another place of our own, to who borrows it, or to a customer who sells it; what is another's is carried about as well.
CREATE FUNCTION others.some_carrying(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	f others.free := others.some_place(p_company, CASE WHEN p_kind = 'transfer' AND trial.rand(3) = 0 THEN 'any' ELSE '' END, trial.rand(20) > 0);
	target jsonb := CASE WHEN trial.rand(15) = 0 THEN '{"to_warehouse": "MAIN", "to_location": "A"}' ELSE CASE p_kind WHEN 'loan' THEN trial.pick('{"to_warehouse": "MAIN", "to_location": "LENT"}', '{"to_warehouse": "NORTH", "to_location": "OUT"}')
		WHEN 'consignment_delivery' THEN trial.pick('{"to_warehouse": "MAIN", "to_location": "NEAR"}', '{"to_warehouse": "NORTH", "to_location": "SHOP"}')
		ELSE trial.pick('{"to_warehouse": "MAIN", "to_location": "A"}', '{"to_warehouse": "NORTH"}', '{"to_warehouse": "MAIN"}') END END;
BEGIN
	RETURN jsonb_build_object('kind', p_kind, 'lines', jsonb_build_array(others.at(f) || others.some_part(f.on_hand) || target || CASE WHEN f.owner <> '' THEN jsonb_build_object('owner', f.owner) ELSE '{}' END))
		|| CASE p_kind WHEN 'transfer' THEN '{}' ELSE jsonb_build_object('party', trial.pick('C1', 'C1', 'C2')) END;
END
$$;

-- What comes back from, or goes back to, or is bought of others, in parts.
CREATE FUNCTION others.some_named(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	names text[] := (SELECT r.names FROM others.role r WHERE r.kind = p_kind AND r.names <> '{}');
	l others.line := others.some_line(p_company, names);
	f others.free;
	line jsonb;
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	line := jsonb_build_object('item', l.item) || others.some_part(others.left_of(p_company, l.no, l.line_no)) || others.named_as(l);
	IF p_kind IN ('loan_return', 'consignment_return') THEN
		line := line || others.some_target();
	ELSE
		SELECT t.* INTO f FROM others.free t WHERE t.company = p_company AND t.item = l.item AND t.owner = others.party_of(l) AND t.on_hand > 0 AND t.lot = l.lot ORDER BY t.on_hand DESC, t.warehouse, t.location LIMIT 1;
		-- Where they lie, if they were carried there; else where they were brought.
		line := line || CASE WHEN f.item IS NULL OR (f.warehouse, f.location) = (l.warehouse, l.location) THEN jsonb_strip_nulls(jsonb_build_object('lot', nullif(l.lot, '')))
			ELSE others.at(f) || jsonb_build_object('warehouse', f.warehouse) || CASE f.location WHEN '' THEN '{}' ELSE jsonb_build_object('location', f.location) END END;
	END IF;
	RETURN jsonb_build_object('kind', p_kind, 'lines', jsonb_build_array(line || CASE p_kind WHEN 'borrowing_purchase' THEN others.some_amount('') ELSE '{}' END))
		|| CASE WHEN p_kind LIKE '%_return' AND p_kind NOT LIKE 'b%' AND p_kind <> 'consignor_return' AND trial.rand(2) = 0 THEN '{}'
			ELSE jsonb_build_object('party', CASE trial.rand(15) WHEN 0 THEN 'S2' ELSE others.party_of(l) END) END
		|| CASE p_kind WHEN 'borrowing_purchase' THEN others.some_currency() ELSE '{}' END;
END
$$;

CREATE FUNCTION others.some_withdrawal(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	f others.free := others.some_place(p_company, 'any');
BEGIN
	RETURN jsonb_build_object('kind', 'consignment_withdrawal', 'party', coalesce(f.owner, 'S1'), 'lines', jsonb_build_array(others.at(f) || others.some_part(f.on_hand) || others.some_amount(''))) || others.some_currency();
END
$$;

-- A bill or a statement of what came, in parts and at some price; or what it should have cost; in the currency of the receipt, mostly at another rate.
CREATE FUNCTION others.some_bill(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l others.line := others.some_line(p_company, CASE p_kind WHEN 'supplier_bill' THEN '{goods_receipt,borrowing_purchase}' WHEN 'consignment_statement' THEN '{consignment_withdrawal}'
		WHEN 'landed_cost' THEN '{goods_receipt,borrowing_purchase,consignment_withdrawal,assembly}' ELSE '{goods_receipt,borrowing_purchase,consignment_withdrawal}' END::text[],
		CASE WHEN p_kind = 'consignment_statement' THEN 'withdrawn' WHEN p_kind = 'landed_cost' AND trial.rand(2) = 0 THEN 'product' ELSE trial.pick('receipt', 'receipt', 'withdrawn') END);
	d others.document;
	lines jsonb := '[]';
	part numeric;
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT * INTO d FROM others.document t WHERE t.company = p_company AND t.no = l.no;
	FOR i IN 0 .. trial.rand(3) / 2 LOOP
		part := CASE WHEN trial.rand(2) = 0 THEN l.quantity WHEN trial.rand(6) = 0 THEN trial.some_quantity(9) ELSE least(trial.some_quantity(5), l.quantity) END;
		lines := lines || jsonb_build_array(jsonb_build_object('item', l.item) || others.named_as(l) || CASE p_kind
			WHEN 'receipt_amendment' THEN jsonb_build_object('role', 'repriced') || CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('price', trial.some_price()) ELSE jsonb_build_object('amount', (trial.rand(400) - 150) / 100.0 + 0.01) END
			WHEN 'landed_cost' THEN jsonb_build_object('amount', trial.rand(500) / 100.0 + 0.01)
			ELSE jsonb_build_object('quantity', part, 'amount', round(l.amount * part / l.quantity * (80 + trial.rand(50)) / 100, 2)) END);
		EXIT WHEN p_kind IN ('receipt_amendment', 'landed_cost');
	END LOOP;
	IF p_kind = 'landed_cost' THEN
		lines := (SELECT jsonb_agg(x - 'item') FROM jsonb_array_elements(lines) x);
	END IF;
	RETURN jsonb_build_object('kind', p_kind, 'party', CASE WHEN trial.rand(20) = 0 THEN 'S2' ELSE coalesce(nullif(d.party, ''), 'S1') END, 'lines', lines)
		|| CASE WHEN p_kind = 'landed_cost' THEN others.some_currency() WHEN d.currency = 'GBP' THEN '{}' ELSE jsonb_build_object('currency', d.currency, 'rate', CASE WHEN p_kind = 'receipt_amendment' OR trial.rand(3) = 0 THEN d.rate ELSE (trial.rand(9000) + 3000) / 10000.0 END) END;
END
$$;

CREATE FUNCTION others.some_approval(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	gain boolean := trial.rand(3) = 0;
	l others.line := others.some_line(p_company, CASE WHEN gain THEN '{stock_gain}' ELSE '{stock_loss}' END::text[], CASE WHEN gain THEN 'gain' ELSE 'loss' END);
	pending numeric;
	lines jsonb := '[]';
	role text;
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	pending := abs(others.pending(p_company, l.no, l.line_no));
	FOR i IN 0 .. trial.rand(2) LOOP
		role := CASE WHEN gain THEN 'gain_non_operating' ELSE trial.pick('loss_expensed', 'loss_claimed') END;
		lines := lines || jsonb_build_array(jsonb_build_object('role', role, 'amount', CASE trial.rand(4) WHEN 0 THEN pending WHEN 1 THEN pending + 0.01 ELSE round(pending * trial.rand(60) / 100, 2) END) || others.named_as(l)
			|| CASE role WHEN 'loss_claimed' THEN '{"party": "K1"}' ELSE '{}'::jsonb END);
	END LOOP;
	RETURN CASE WHEN NOT lines @> '[{"amount": 0}]' THEN jsonb_build_object('kind', 'adjustment_approval', 'lines', lines) END;
END
$$;

CREATE FUNCTION others.some_assembly(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	lines jsonb := '[]';
	f others.free;
BEGIN
	-- What is made stands behind what it is made of in the order of items, so that no value is its own cause.
	FOR i IN 0 .. trial.rand(2) LOOP
		f := others.some_place(p_company);
		lines := lines || jsonb_build_array(others.at(f) || jsonb_build_object('quantity', least(trial.some_quantity(3), coalesce(f.on_hand, 1)))) WHERE NOT others.at(f) ->> 'item' IN ('T', 'P');
	END LOOP;
	FOR i IN 0 .. trial.rand(2) LOOP
		lines := lines || jsonb_build_array(jsonb_build_object('role', 'product', 'item', CASE i WHEN 0 THEN 'P' ELSE 'T' END, 'quantity', trial.some_quantity(3)) || others.some_target()
			|| CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('share', trial.some_quantity(9)) ELSE '{}' END);
	END LOOP;
	RETURN CASE WHEN lines @> '[{"role": "product"}]' AND jsonb_array_length(lines) > 1 AND NOT (lines -> 0) ? 'role' THEN jsonb_build_object('kind', 'assembly', 'lines', lines) END;
END
$$;

-- Another standard, another method, or a month that is run.
CREATE FUNCTION others.some_restatement(p_company text, p_kind text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	item text := CASE WHEN trial.rand(12) = 0 THEN others.some_item() ELSE (SELECT i.item FROM others.item i WHERE (p_kind = 'costing_change' OR others.method_on(p_company, i.item, 'infinity') = 'standard') ORDER BY md5(concat(i.item, trial.rand(1000))) LIMIT 1) END;
	method text := others.method_on(p_company, item, 'infinity');
	day date := p_today + 5 - trial.rand(25);
BEGIN
	IF item IS NULL THEN
		RETURN NULL;
	ELSIF p_kind = 'standard_revaluation' THEN
		RETURN jsonb_build_object('kind', p_kind, 'day', p_today - trial.rand(30), 'time', '00:00:00', 'lines', jsonb_build_array(jsonb_build_object('item', item, 'cost', round((trial.rand(300) + 100) / 123.0, 8))));
	END IF;
	method := CASE WHEN item IN ('FW', 'AW') THEN trial.pick('fifo', 'moving_average') WHEN item = 'L' THEN trial.pick('fifo', 'moving_average', 'specific') WHEN trial.rand(15) = 0 THEN 'specific'
		ELSE trial.pick('fifo', 'moving_average', 'standard', 'monthly_average') END;
	IF 'monthly_average' IN (method, others.method_on(p_company, item, 'infinity')) AND trial.rand(12) > 0 THEN
		day := date_trunc('month', day);
	END IF;
	RETURN jsonb_build_object('kind', p_kind, 'day', greatest(day, '2009-01-02') - 1, 'time', '24:00:00', 'method', method, 'lines', jsonb_build_array(jsonb_build_object('item', item)
		|| CASE method WHEN 'standard' THEN jsonb_build_object('cost', round((trial.rand(300) + 100) / 123.0, 8)) ELSE '{}' END));
END
$$;

-- The call that runs the cost of a month, as a document: a line for each item that moved in it by monthly average, unless it was run for that before.
CREATE FUNCTION others.month_cost(p_company text, p_month date) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('kind', 'month_cost', 'day', (p_month + interval '1 month - 1 day')::date, 'time', '24:00:00',
		'lines', coalesce((SELECT jsonb_agg(jsonb_build_object('item', i.item) ORDER BY i.item) FROM others.item i
			WHERE EXISTS (SELECT FROM others.move m WHERE m.company = p_company AND m.item = i.item AND m.pool <> '' AND m.quantity <> 0 AND date_trunc('month', m.day) = p_month)
				AND others.method_on(p_company, i.item, p_month) = 'monthly_average' AND NOT others.is_run(p_company, i.item, p_month)), '[]'))
$$;

-- A document of some kind, without its key; NULL where there is nothing for it.
CREATE FUNCTION others.some_document(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	kind text := trial.pick('goods_receipt', 'goods_receipt', 'goods_receipt', 'goods_receipt', 'goods_receipt', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'stock_gain', 'stock_loss', 'stock_loss', 'free_issue',
		'transfer', 'loan', 'loan', 'loan_return', 'consignment_delivery', 'consignment_delivery', 'consignment_return', 'borrowing', 'borrowing_return', 'borrowing_purchase', 'borrowing_purchase',
		'consignment_receipt', 'consignor_return', 'consignment_withdrawal', 'consignment_withdrawal', 'consignment_statement', 'consignment_statement', 'supplier_bill', 'supplier_bill', 'receipt_amendment',
		'landed_cost', 'adjustment_approval', 'adjustment_approval', 'adjustment_approval', 'assembly', 'assembly', 'costing_change', 'costing_change', 'standard_revaluation', 'month_cost', 'credit_note');
	lines jsonb;
BEGIN
	CASE
		WHEN kind IN ('sales_invoice', 'stock_loss', 'free_issue') THEN RETURN others.some_outgoing(p_company, kind);
		WHEN kind IN ('transfer', 'loan', 'consignment_delivery') THEN RETURN others.some_carrying(p_company, kind);
		WHEN kind IN ('loan_return', 'consignment_return', 'borrowing_return', 'borrowing_purchase', 'consignor_return') THEN RETURN others.some_named(p_company, kind);
		WHEN kind = 'consignment_withdrawal' THEN RETURN others.some_withdrawal(p_company);
		WHEN kind IN ('consignment_statement', 'supplier_bill', 'receipt_amendment', 'landed_cost') THEN RETURN others.some_bill(p_company, kind);
		WHEN kind = 'adjustment_approval' THEN RETURN others.some_approval(p_company);
		WHEN kind = 'assembly' THEN RETURN others.some_assembly(p_company);
		WHEN kind IN ('costing_change', 'standard_revaluation') THEN RETURN others.some_restatement(p_company, kind, p_today);
		WHEN kind = 'month_cost' THEN RETURN others.month_cost(p_company, date_trunc('month', greatest(p_today - trial.rand(45), '2009-01-01'))::date);
		WHEN kind = 'credit_note' THEN RETURN others.some_return(p_company);
		ELSE NULL;
	END CASE;
	lines := (SELECT jsonb_agg(l ORDER BY n) FROM (SELECT DISTINCT ON (l ->> 'item') l, n FROM (SELECT others.some_incoming(CASE kind WHEN 'goods_receipt' THEN 'paid' WHEN 'stock_gain' THEN 'cost' ELSE '' END), n
		FROM generate_series(0, trial.rand(2)) n) x (l, n) ORDER BY l ->> 'item', n) y);
	RETURN jsonb_build_object('kind', kind, 'lines', lines) || CASE kind WHEN 'stock_gain' THEN '{}' WHEN 'goods_receipt' THEN '{"party": "S1"}' ELSE jsonb_build_object('party', trial.pick('S1', 'S1', 'S2')) END
		|| CASE kind WHEN 'goods_receipt' THEN others.some_currency() || others.some_reference(p_company) ELSE '{}' END;
END
$$;

CREATE FUNCTION others.some_return(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l others.line := others.some_line(p_company, '{sales_invoice}', 'sale');
	-- Of what was sold where it is lent the loan says the lot.
	lot text := (SELECT m.lot FROM others.move m WHERE m.company = p_company AND m.no = l.no AND m.line_no = l.line_no);
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN jsonb_build_object('kind', 'credit_note', 'party', 'C1', 'lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('item', l.item, 'lot', nullif(lot, ''),
		'quantity', CASE trial.rand(2) WHEN 0 THEN l.quantity ELSE trial.some_quantity(3) END, 'price', 1)) || others.some_target() || others.named_as(l)));
END
$$;

-- A receipt says what it was expected from, or not.
CREATE FUNCTION others.some_reference(p_company text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT coalesce((SELECT jsonb_build_object('reference', e.source) FROM others.expected e WHERE e.company = p_company AND trial.rand(2) = 0 ORDER BY md5(e.source) LIMIT 1), '{}')
$$;
