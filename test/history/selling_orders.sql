-- Random calls on orders.

CREATE FUNCTION selling.some_order_line() RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	quantity numeric := trial.some_quantity(6);
BEGIN
	CASE trial.rand(12)
		WHEN 0 THEN RETURN jsonb_build_object('role', 'service', 'item', 'SV', 'amount', trial.rand(5000) / 100.0 + 1);
		WHEN 1 THEN RETURN jsonb_build_object('role', 'free', 'item', selling.some_item(), 'quantity', quantity) || selling.some_warehouse();
		ELSE RETURN jsonb_build_object('item', selling.some_item(), 'quantity', quantity) || selling.some_amount(quantity) || selling.some_warehouse();
	END CASE;
END
$$;

CREATE FUNCTION selling.some_placing() RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	lines jsonb := '[]';
BEGIN
	FOR i IN 1 .. 1 + trial.rand(3) LOOP
		lines := lines || selling.some_order_line();
	END LOOP;
	RETURN jsonb_build_object('party', selling.some_party(), 'lines', lines) || selling.some_currency() || selling.some_tax() || trial.pick('{}', '{}', '{"priority": 5}')::jsonb || trial.pick('{}', '{}', '{}', '{"short": "accept"}')::jsonb;
END
$$;

-- An order with something to do by what, now and then another.
CREATE FUNCTION selling.some_order(p_company text, p_what text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(100000);
BEGIN
	RETURN (SELECT o.code FROM selling.ord o JOIN LATERAL (SELECT bool_or(s.reserved > 0) AS ready, bool_or(s.shipped > s.billed OR s.role = 'service' AND s.billed + s.cancelled < s.quantity) AS unbilled,
			bool_or(s.shipped > 0) AS shipped, bool_or(s.quantity - s.cancelled > greatest(s.shipped, s.billed)) AS open FROM selling.state s WHERE s.company = o.company AND s.code = o.code) s ON true
		WHERE o.company = p_company AND (dice % 15 = 0 OR CASE p_what WHEN 'ship' THEN o.state = 'confirmed' AND s.ready WHEN 'bill' THEN s.unbilled WHEN 'return' THEN s.shipped ELSE o.state = 'confirmed' AND s.open END)
		ORDER BY md5(concat(o.code, dice)) LIMIT 1);
END
$$;

-- Some lines of an order, with a part of what is open of each by what.
CREATE FUNCTION selling.some_lines(p_company text, p_code text, p_what text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	s selling.state;
	lines jsonb := '[]';
BEGIN
	FOR s IN SELECT * FROM selling.state t WHERE t.company = p_company AND t.code = p_code AND (t.role <> 'service' OR p_what = 'cancel') ORDER BY t.line_no LOOP
		CONTINUE WHEN trial.rand(3) = 0;
		lines := lines || jsonb_build_object('line', s.line_no, 'quantity', selling.some_part(CASE p_what WHEN 'ship' THEN least(s.quantity - s.cancelled - s.shipped, s.reserved + 1) WHEN 'return' THEN least(s.shipped, 2)
			ELSE s.quantity - s.cancelled - greatest(s.shipped, s.billed) END));
	END LOOP;
	RETURN lines;
END
$$;

CREATE FUNCTION selling.some_change(p_company text, p_code text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	s selling.state;
	dice integer := trial.rand(100000);
BEGIN
	SELECT * INTO s FROM selling.state t WHERE t.company = p_company AND t.code = p_code AND t.role <> 'service' ORDER BY md5(concat(t.line_no, dice)) LIMIT 1;
	IF s.code IS NULL OR dice % 4 = 0 THEN
		RETURN jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('item', selling.some_item(), 'quantity', trial.some_quantity(5), 'price', selling.some_price()) || selling.some_warehouse()));
	END IF;
	-- The price changes of what is neither shipped nor billed; an amount goes along with its quantity.
	RETURN jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('line', s.line_no, 'quantity', trial.some_quantity(8)) || CASE WHEN s.said ? 'amount' THEN jsonb_build_object('amount', s.amount + trial.rand(500) / 100.0)
		WHEN s.said ? 'price' AND s.shipped = 0 AND s.billed = 0 THEN jsonb_build_object('price', selling.some_price()) ELSE '{}' END)) || trial.pick('{}', '{}', '{"priority": 7}')::jsonb;
END
$$;

-- A call on orders, or NULL where there is nothing to do.
CREATE FUNCTION selling.some_call(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(34);
	what text := CASE WHEN dice < 8 THEN 'place' WHEN dice < 10 THEN 'counter' WHEN dice < 18 THEN 'ship' WHEN dice < 24 THEN 'bill' WHEN dice < 28 THEN 'return' WHEN dice < 31 THEN 'cancel' ELSE 'change' END;
	chosen text := selling.some_order(p_company, what);
	other text;
	r jsonb;
BEGIN
	IF what = 'place' OR chosen IS NULL THEN
		RETURN jsonb_build_object('call', 'place_order', 'request', selling.some_placing());
	ELSIF what = 'counter' THEN
		RETURN jsonb_build_object('call', 'order_to_cash', 'request', (selling.some_placing() - 'short' - 'priority') || trial.pick('{}', '{"payment": {}}', '{"payment": {}}')::jsonb);
	ELSIF what = 'bill' THEN
		SELECT o.code INTO other FROM selling.ord o JOIN selling.ord f ON f.company = o.company AND f.code = chosen WHERE o.company = p_company AND o.code <> f.code AND (o.party, o.currency, o.taxed) = (f.party, f.currency, f.taxed) ORDER BY md5(o.code || dice) LIMIT 1;
		RETURN jsonb_build_object('call', 'invoice_orders', 'request', jsonb_build_object('orders', CASE WHEN other IS NOT NULL AND trial.rand(3) = 0 THEN jsonb_build_array(other, chosen) ELSE jsonb_build_array(chosen) END));
	END IF;
	r := jsonb_build_object('order', chosen);
	IF what = 'change' THEN
		RETURN jsonb_build_object('call', 'change_order', 'request', r || selling.some_change(p_company, chosen));
	END IF;
	IF what = 'return' OR trial.rand(2) = 0 THEN
		r := r || jsonb_build_object('lines', selling.some_lines(p_company, chosen, what));
	END IF;
	RETURN CASE WHEN r -> 'lines' = '[]' THEN NULL ELSE jsonb_build_object('call', what || '_order', 'request', r || CASE what WHEN 'return' THEN jsonb_build_object('outcome', trial.pick('refund', 'replace')) WHEN 'cancel' THEN '{"reason": "no longer wanted"}' ELSE '{}' END) END;
END
$$;
