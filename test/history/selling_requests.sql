-- Random requests of selling: mostly what can be, now and then what cannot.

CREATE FUNCTION selling.some_item() RETURNS text LANGUAGE sql AS $$ SELECT trial.pick('F', 'F', 'A', 'A', 'W') $$;
CREATE FUNCTION selling.some_price() RETURNS numeric LANGUAGE sql AS $$ SELECT (trial.rand(9000) + 500) / 1000.0 $$;
CREATE FUNCTION selling.some_warehouse() RETURNS jsonb LANGUAGE sql AS $$ SELECT trial.pick('{}', '{}', '{"warehouse": "NORTH"}')::jsonb $$;
CREATE FUNCTION selling.some_currency() RETURNS jsonb LANGUAGE sql AS $$ SELECT trial.pick('{}', '{}', '{"currency": "USD"}')::jsonb $$;
CREATE FUNCTION selling.some_tax() RETURNS jsonb LANGUAGE sql AS $$ SELECT trial.pick('{}', '{"tax_code": "VAT"}', '{"tax_code": "VAT"}')::jsonb $$;
CREATE FUNCTION selling.some_party() RETURNS text LANGUAGE sql AS $$ SELECT trial.pick('C1', 'C1', 'C2') $$;

-- A part of what there is, all of it, or now and then more.
CREATE FUNCTION selling.some_part(p_there numeric) RETURNS numeric
LANGUAGE plpgsql AS $$
BEGIN
	CASE trial.rand(8)
		WHEN 0, 1, 2 THEN RETURN CASE WHEN p_there > 0 THEN p_there ELSE 1 END;
		WHEN 3 THEN RETURN trial.some_quantity(9);
		ELSE RETURN least(trial.some_quantity(4), CASE WHEN p_there > 0 THEN p_there ELSE 0.5 END);
	END CASE;
END
$$;

-- A price, or an amount of what is so much.
CREATE FUNCTION selling.some_amount(p_quantity numeric) RETURNS jsonb
LANGUAGE sql AS $$ SELECT CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('amount', round(p_quantity * selling.some_price(), 2)) ELSE jsonb_build_object('price', selling.some_price()) END $$;

-- A line of some roles that stands, mostly of which something is open; NULL where there is none.
CREATE FUNCTION selling.some_line(p_company text, p_roles text[], p_ahead boolean DEFAULT false, p_party text DEFAULT NULL) RETURNS selling.line
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line;
	dice integer := trial.rand(100000);
BEGIN
	SELECT t.* INTO l FROM selling.line t JOIN selling.document d USING (company, no) WHERE t.company = p_company AND t.role = ANY (p_roles) AND d.reverses = 0 AND (t.origin IS NULL OR t.role IN ('sale', 'sold') AND 'sale' = ANY (p_roles))
		AND d.party = coalesce(p_party, d.party) AND d.kind <> 'free_issue'
		AND (dice % 20 = 0 OR selling.stands(p_company, no) AND (dice % 9 = 0 OR 'sale' = ANY (p_roles) OR (selling.open_of(p_company, no, t.line_no)).quantity > 0))
	ORDER BY md5(concat(t.no, t.line_no, dice)) LIMIT 1;
	RETURN l;
END
$$;

CREATE FUNCTION selling.named_as(l selling.line) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('origin', jsonb_build_object('key', d.key, 'line', l.line_no)) FROM selling.document d WHERE d.company = l.company AND d.no = l.no $$;

CREATE FUNCTION selling.header_of(p_company text, p_no integer) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('party', CASE trial.rand(25) WHEN 0 THEN 'C2' ELSE party END) || CASE currency WHEN 'GBP' THEN '{}' ELSE jsonb_build_object('currency', currency) END FROM selling.document WHERE company = p_company AND no = p_no $$;

-- A line of goods of an order of which something is to be shipped.
CREATE FUNCTION selling.some_demand(p_company text) RETURNS selling.state
LANGUAGE plpgsql AS $$
DECLARE
	s selling.state;
	dice integer := trial.rand(100000);
BEGIN
	SELECT * INTO s FROM selling.state t WHERE t.company = p_company AND t.role = 'sale' AND (dice % 25 = 0 OR t.state = 'confirmed' AND t.quantity - t.cancelled > greatest(t.shipped, t.billed)) ORDER BY md5(concat(t.code, t.line_no, dice)) LIMIT 1;
	RETURN s;
END
$$;

CREATE FUNCTION selling.some_receipt() RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	lines jsonb := '[]';
BEGIN
	FOR i IN 1 .. 1 + trial.rand(2) LOOP
		lines := lines || (jsonb_build_object('item', selling.some_item(), 'quantity', trial.some_quantity(14), 'price', selling.some_price() / 2) || selling.some_warehouse());
	END LOOP;
	RETURN jsonb_build_object('kind', 'goods_receipt', 'party', 'S1', 'lines', lines);
END
$$;

-- Goods leave, unbilled: for nobody, for an order, or for an invoice that came ahead.
CREATE FUNCTION selling.some_shipment(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	kind text := CASE WHEN (SELECT b.at_shipment FROM selling.book b WHERE b.company = p_company) <> (trial.rand(40) = 0) THEN 'sales_shipment' ELSE 'shipment' END;
	s selling.state := CASE WHEN trial.rand(3) = 0 THEN selling.some_demand(p_company) END;
	lines jsonb := '[]';
	quantity numeric;
BEGIN
	FOR i IN 1 .. 1 + trial.rand(3) LOOP
		quantity := CASE WHEN s.code IS NULL THEN trial.some_quantity(4) ELSE selling.some_part(s.quantity - s.cancelled - s.shipped) END;
		lines := lines || (jsonb_build_object('item', coalesce(s.item, selling.some_item()), 'quantity', quantity) || CASE WHEN s.code IS NULL THEN selling.some_warehouse() ELSE jsonb_build_object('warehouse', s.warehouse, 'demand', jsonb_build_object('key', s.code, 'line', s.line_no)) END
			|| CASE kind WHEN 'shipment' THEN '{}' ELSE selling.some_amount(quantity) END);
		EXIT WHEN s.code IS NOT NULL;
	END LOOP;
	RETURN jsonb_build_object('kind', kind, 'party', coalesce(s.party, selling.some_party()), 'lines', lines) || CASE WHEN kind = 'shipment' THEN '{}'::jsonb WHEN s.currency = 'USD' THEN '{"currency": "USD"}' WHEN s.code IS NULL THEN selling.some_currency() ELSE '{}' END;
END
$$;

CREATE FUNCTION selling.some_fulfilment(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line := selling.some_line(p_company, '{invoiced}');
BEGIN
	RETURN CASE WHEN l.item IS NOT NULL THEN jsonb_build_object('kind', 'sales_shipment', 'lines', jsonb_build_array(jsonb_build_object('item', l.item, 'warehouse', l.warehouse, 'quantity', selling.some_part((selling.open_of(p_company, l.no, l.line_no)).quantity)) || selling.named_as(l)))
		|| selling.header_of(p_company, l.no) END;
END
$$;

CREATE FUNCTION selling.some_unbilled_return(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line := selling.some_line(p_company, '{shipped,sold}');
BEGIN
	RETURN CASE WHEN l.item IS NOT NULL THEN jsonb_build_object('kind', CASE l.role WHEN 'sold' THEN 'sales_shipment_return' ELSE 'shipment_return' END,
			'lines', jsonb_build_array(jsonb_build_object('item', l.item, 'warehouse', CASE trial.rand(4) WHEN 0 THEN 'NORTH' ELSE l.warehouse END, 'quantity', selling.some_part((selling.open_of(p_company, l.no, l.line_no)).quantity)) || selling.named_as(l)))
		|| selling.header_of(p_company, l.no) END;
END
$$;

-- Bills what is shipped, of one or several shipments, in parts; or sells at once; or bills ahead, for an order or for none; and services.
CREATE FUNCTION selling.some_invoice(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line;
	s selling.state := CASE WHEN trial.rand(3) = 0 THEN selling.some_demand(p_company) END;
	head jsonb := jsonb_build_object('party', coalesce(s.party, selling.some_party())) || CASE WHEN s.currency = 'USD' THEN '{"currency": "USD"}' WHEN s.code IS NULL THEN selling.some_currency() ELSE '{}' END;
	lines jsonb := '[]';
	quantity numeric;
	dice integer := trial.rand(10);
BEGIN
	FOR i IN 1 .. CASE WHEN dice < 6 THEN 1 + trial.rand(3) ELSE 0 END LOOP
		l := selling.some_line(p_company, '{shipped,sold}', false, CASE i WHEN 1 THEN NULL ELSE head ->> 'party' END);
		CONTINUE WHEN l.item IS NULL;
		head := CASE i WHEN 1 THEN selling.header_of(p_company, l.no) || CASE l.role WHEN 'shipped' THEN selling.some_currency() ELSE '{}' END ELSE head END;
		quantity := selling.some_part((selling.open_of(p_company, l.no, l.line_no)).quantity);
		lines := lines || (jsonb_build_object('item', l.item, 'quantity', quantity) || selling.named_as(l) || selling.some_amount(quantity) || CASE WHEN l.role = 'sold' THEN '{"role": "invoiced"}'::jsonb WHEN trial.rand(8) = 0 THEN '{"role": "free", "amount": 0}' ELSE '{}' END);
		lines := jsonb_set(lines, ARRAY[(jsonb_array_length(lines) - 1)::text], CASE lines -> -1 ->> 'role' WHEN 'free' THEN (lines -> -1) - 'price' - 'amount' ELSE lines -> -1 END);
	END LOOP;
	IF dice >= 6 THEN
		quantity := CASE WHEN s.code IS NULL THEN trial.some_quantity(4) ELSE selling.some_part(s.quantity - s.cancelled - greatest(s.shipped, s.billed)) END;
		lines := lines || (jsonb_build_object('item', coalesce(s.item, selling.some_item()), 'quantity', quantity) || selling.some_amount(quantity) || CASE WHEN dice < 8 THEN '{"role": "invoiced"}'::jsonb ELSE '{}' END
			|| CASE WHEN s.code IS NULL THEN selling.some_warehouse() ELSE jsonb_build_object('warehouse', s.warehouse, 'demand', jsonb_build_object('key', s.code, 'line', s.line_no)) END);
	END IF;
	IF trial.rand(5) = 0 THEN
		lines := lines || jsonb_build_object('role', 'service', 'item', 'SV', 'amount', trial.rand(5000) / 100.0 + 1);
	END IF;
	RETURN CASE WHEN lines <> '[]' THEN jsonb_build_object('kind', 'sales_invoice', 'lines', lines) || head || selling.some_tax() END;
END
$$;

CREATE FUNCTION selling.some_credit(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line := selling.some_line(p_company, '{sale,sold}');
	quantity numeric;
BEGIN
	IF l.item IS NULL THEN
		RETURN NULL;
	END IF;
	quantity := least(trial.some_quantity(3), l.quantity);
	RETURN jsonb_build_object('kind', 'credit_note', 'lines', jsonb_build_array(jsonb_build_object('item', l.item, 'quantity', quantity) || selling.named_as(l) || selling.some_amount(quantity) || selling.some_warehouse())
		|| CASE trial.rand(4) WHEN 0 THEN jsonb_build_object('role', 'allowance', 'amount', trial.rand(500) / 100.0 + 0.01) ELSE '[]' END) || selling.header_of(p_company, l.no) || selling.some_tax();
END
$$;

-- Money comes in for an invoice, all of it or (in pounds) a part; before it, as a deposit; that is offset, or paid back.
CREATE FUNCTION selling.some_money(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	i record;
	p record;
	dice integer := trial.rand(100000);
	head jsonb := jsonb_build_object('day', p_today, 'time', '20:00:00');
	amount numeric;
BEGIN
	SELECT t.amount, d.key, d.party, d.currency INTO i FROM selling.item_open t JOIN selling.document d USING (company, no) WHERE t.company = p_company AND t.amount > 0 AND d.day <= p_today ORDER BY md5(concat(d.no, dice)) LIMIT 1;
	SELECT t.amount, d.key, d.party INTO p FROM selling.item_open t JOIN selling.document d USING (company, no) WHERE t.company = p_company AND t.amount < 0 AND d.kind = 'customer_deposit' AND d.party = coalesce(i.party, d.party) AND d.day <= p_today ORDER BY md5(concat(d.no, dice)) LIMIT 1;
	IF dice % 3 = 0 THEN
		RETURN head || jsonb_build_object('kind', 'customer_deposit', 'party', selling.some_party(), 'lines', jsonb_build_array(jsonb_build_object('amount', trial.rand(5000) / 100.0 + 1)));
	ELSIF p.key IS NOT NULL AND dice % 3 = 1 THEN
		RETURN head || CASE WHEN i.currency = 'GBP' AND dice % 2 = 0 THEN jsonb_build_object('kind', 'offset', 'settles', jsonb_build_array(jsonb_build_object('key', p.key), jsonb_build_object('key', i.key)),
				'lines', jsonb_build_array(jsonb_build_object('role', 'advance_received_to_receivable', 'party', p.party, 'amount', least(-p.amount, i.amount))))
			ELSE jsonb_build_object('kind', 'customer_deposit_refund', 'settles', jsonb_build_array(jsonb_build_object('key', p.key)), 'lines', jsonb_build_array(jsonb_build_object('amount', -p.amount))) END || jsonb_build_object('party', p.party);
	END IF;
	amount := CASE WHEN i.currency = 'GBP' AND dice % 2 = 0 THEN greatest(round(i.amount * (1 + dice % 9) / 10, 2), 0.01) ELSE i.amount END;
	RETURN CASE WHEN i.key IS NOT NULL THEN head || jsonb_build_object('kind', 'customer_payment', 'party', i.party, 'currency', i.currency, 'lines', jsonb_build_array(jsonb_build_object('amount', amount)), 'settles', jsonb_build_array(jsonb_build_object('key', i.key))) END;
END
$$;

-- The reversal of one of the last documents, mostly of its own day, so that it was never there.
CREATE FUNCTION selling.some_reversal(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	d selling.document;
	dice integer := trial.rand(1000);
BEGIN
	SELECT * INTO d FROM selling.document t WHERE t.company = p_company AND t.kind NOT IN ('customer_payment', 'customer_deposit', 'customer_deposit_refund', 'offset') AND (dice % 12 = 0 OR selling.stands(p_company, t.no) AND (dice % 4 = 0 OR t.kind <> 'goods_receipt'))
	ORDER BY t.no DESC OFFSET dice % 7 LIMIT 1;
	RETURN CASE WHEN d.no IS NOT NULL THEN jsonb_build_object('reverses', d.key, 'day', CASE trial.rand(2) WHEN 0 THEN d.day ELSE greatest(d.day, p_today) END, 'time', '23:00:00') END;
END
$$;
