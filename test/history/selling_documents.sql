-- Documents of selling, naively: from a request to its lines, moves and amounts, and what it must be refused for.

-- A line that is named: what is open of it, and its amount, in its currency and in pounds. Goods that come back before they are billed are neither.
CREATE FUNCTION selling.open_of(p_company text, p_no integer, p_line integer, OUT quantity numeric, OUT amount numeric, OUT base numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT l.quantity - coalesce(sum(t.linked), 0), l.amount - coalesce(sum(t.linked_amount), 0), l.base - coalesce(sum(t.linked_base), 0) INTO quantity, amount, base
	FROM selling.line l LEFT JOIN selling.line t ON t.company = l.company AND t.origin = l.no AND t.origin_line = l.line_no AND t.role NOT IN ('return', 'gift_return') AND selling.stands(p_company, t.no)
	WHERE l.company = p_company AND l.no = p_no AND l.line_no = p_line GROUP BY l.quantity, l.amount, l.base;
END
$$;

-- The last rate on or before a day.
CREATE FUNCTION selling.rate_on(p_currency text, p_day date) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT CASE p_currency WHEN 'GBP' THEN 1 ELSE (SELECT r.rate FROM trial.rate r WHERE r.currency = p_currency AND r.day <= p_day ORDER BY r.day DESC LIMIT 1) END
$$;

CREATE FUNCTION selling.default_role(p_kind text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE p_kind WHEN 'goods_receipt' THEN 'receipt' WHEN 'shipment' THEN 'shipped' WHEN 'shipment_return' THEN 'came_back' WHEN 'sales_shipment' THEN 'sold' WHEN 'sales_shipment_return' THEN 'sold_back'
		WHEN 'sales_invoice' THEN 'sale' WHEN 'credit_note' THEN 'return' WHEN 'free_issue' THEN 'free' ELSE 'money' END
$$;

CREATE FUNCTION selling.read_lines(d selling.document, p_lines jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO selling.line (company, no, line_no, role, item, warehouse, quantity, amount, origin, origin_line, code, ord_line, demanded)
	SELECT d.company, d.no, n, r.role, coalesce(l ->> 'item', ''), coalesce(l ->> 'warehouse', o.warehouse, 'MAIN'), coalesce((l ->> 'quantity')::numeric, 1),
		coalesce((l ->> 'amount')::numeric, round((l ->> 'quantity')::numeric * (l ->> 'price')::numeric, 2), 0), o.no, (l -> 'origin' ->> 'line')::integer,
		coalesce(l -> 'demand' ->> 'key', o.code), coalesce((l -> 'demand' ->> 'line')::integer, o.ord_line), l ? 'demand'
	FROM jsonb_array_elements(p_lines) WITH ORDINALITY e (l, n) CROSS JOIN LATERAL (SELECT coalesce(l ->> 'role', selling.default_role(d.kind)) AS role) r
	LEFT JOIN LATERAL (SELECT t.no, t.code, t.ord_line, CASE WHEN r.role IN ('sale', 'free', 'came_back') THEN t.warehouse END AS warehouse FROM selling.line t JOIN selling.document k USING (company, no)
		WHERE t.company = d.company AND k.key = l -> 'origin' ->> 'key' AND t.line_no = (l -> 'origin' ->> 'line')::integer) o ON true;
END
$$;

-- The line that is named stands, is one that may be, of the item and the party (and currency, where it stands on the cut-off account), no later, and has so much left.
CREATE FUNCTION selling.check_origin(d selling.document, l selling.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	k selling.document;
	o selling.line;
	at_cut_off boolean := l.role IN ('invoiced', 'sold', 'sold_back');
BEGIN
	SELECT * INTO k FROM selling.document t WHERE t.company = d.company AND t.no = l.origin;
	SELECT * INTO o FROM selling.line t WHERE t.company = d.company AND t.no = l.origin AND t.line_no = l.origin_line;
	IF o.no IS NULL OR NOT o.role = ANY ((SELECT r.names FROM selling.role r WHERE r.kind = d.kind AND r.role = l.role)::text[]) OR NOT selling.stands(d.company, o.no) OR o.item <> l.item
		OR l.role NOT IN ('return', 'gift_return') AND k.party <> d.party OR at_cut_off AND (k.currency <> d.currency OR k.day > d.day OR o.origin IS NOT NULL) THEN
		PERFORM trial.refuse('TR260');
	ELSIF NOT at_cut_off AND l.role NOT IN ('return', 'gift_return') AND (k.day, k.tod) > (d.day, d.tod) THEN
		PERFORM trial.refuse('TR051');
	ELSIF l.role NOT IN ('return', 'gift_return') AND l.quantity > (selling.open_of(d.company, o.no, o.line_no)).quantity THEN
		PERFORM trial.refuse('TR261');
	END IF;
END
$$;

-- What a line clears of what it names is its share of what is open, so that the last one clears the rest. What was billed ahead, or comes back unbilled, is of that amount.
CREATE FUNCTION selling.link_line(d selling.document, p_line selling.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line := p_line;
	o record := selling.open_of(d.company, l.origin, l.origin_line);
BEGIN
	l.linked := l.quantity;
	IF l.role IN ('invoiced', 'sold', 'sold_back') THEN
		l.linked_amount := trial.share(o.amount, l.quantity, o.quantity);
		l.linked_base := trial.share(o.base, l.quantity, o.quantity);
		l.amount := CASE l.role WHEN 'invoiced' THEN l.amount ELSE l.linked_amount END;
	END IF;
	UPDATE selling.line t SET linked = l.linked, linked_amount = l.linked_amount, linked_base = l.linked_base, amount = l.amount WHERE t.company = d.company AND t.no = d.no AND t.line_no = l.line_no;
END
$$;

CREATE FUNCTION selling.move_line(d selling.document, l selling.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	source selling.line := l;
	first integer;
	sold integer;
BEGIN
	-- What comes back may do so to another warehouse than it lay at by the books.
	IF l.role = 'came_back' THEN
		source.warehouse := (SELECT o.warehouse FROM selling.line o WHERE o.company = d.company AND o.no = l.origin AND o.line_no = l.origin_line);
	END IF;
	CASE
		WHEN l.role = 'receipt' THEN PERFORM selling.add_move(d, l, 1, l.quantity, false, 'given', l.base, NULL);
		WHEN l.role IN ('shipped', 'came_back') THEN
			first := selling.add_move(d, source, 1, -l.quantity, l.role = 'came_back', 'issue', NULL, NULL);
			PERFORM selling.add_move(d, l, 2, l.quantity, l.role = 'shipped', 'arrive', NULL, first);
		WHEN l.role IN ('sale', 'free') THEN PERFORM selling.add_move(d, l, 1, -l.quantity, l.origin IS NOT NULL, 'issue', NULL, NULL);
		WHEN l.role = 'sold' THEN PERFORM selling.add_move(d, l, 1, -l.quantity, false, 'issue', NULL, NULL);
		WHEN l.role IN ('sold_back', 'return', 'gift_return') THEN
			SELECT m.seq INTO sold FROM selling.move m WHERE m.company = d.company AND m.no = l.origin AND m.line_no = l.origin_line;
			PERFORM selling.add_move(d, l, 1, l.quantity, false, 'return', NULL, sold);
		ELSE NULL;
	END CASE;
END
$$;

-- Lines and tax in pounds.
CREATE FUNCTION selling.convert(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d selling.document;
	bases numeric[];
BEGIN
	UPDATE selling.document t SET tax = CASE WHEN t.taxed THEN round((SELECT sum(l.amount) FROM selling.line l WHERE l.company = p_company AND l.no = p_no) * 0.2, 2) ELSE 0 END
	WHERE t.company = p_company AND t.no = p_no RETURNING * INTO d;
	bases := others.convert((SELECT array_agg(l.amount ORDER BY l.line_no) FROM selling.line l WHERE l.company = p_company AND l.no = p_no) || d.tax, d.rate);
	UPDATE selling.line l SET base = bases[l.line_no] WHERE l.company = p_company AND l.no = p_no;
	UPDATE selling.document t SET tax_base = bases[cardinality(bases)] WHERE t.company = p_company AND t.no = p_no;
END
$$;

-- What a line that stands on the cut-off account, or clears some of it, does there: what its amount differs by is price, which is revenue, or rate.
CREATE FUNCTION selling.post_cut_off(d selling.document, l selling.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	turn integer := CASE l.role WHEN 'sold' THEN 1 ELSE -1 END;
	price numeric := CASE WHEN l.origin IS NULL THEN 0 ELSE l.amount - l.linked_amount END;
	price_base numeric := round(price * d.rate, 2);
	exchange numeric := CASE WHEN l.origin IS NULL THEN 0 ELSE l.base - l.linked_base - price_base END;
BEGIN
	PERFORM selling.post(d, '1120', turn * (l.base - price_base - exchange), turn * (l.amount - price)), selling.post(d, '4000', turn * price_base, turn * price), selling.post(d, '6400', turn * exchange, 0);
	IF l.role <> 'invoiced' THEN
		PERFORM selling.post(d, '4000', -turn * l.base, -turn * l.amount);
	END IF;
END
$$;

CREATE FUNCTION selling.post_amounts(d selling.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	l selling.line;
	turn integer := CASE d.kind WHEN 'sales_invoice' THEN -1 WHEN 'credit_note' THEN 1 ELSE 0 END;
	total record;
BEGIN
	FOR l IN SELECT * FROM selling.line t WHERE t.company = d.company AND t.no = d.no ORDER BY t.line_no LOOP
		IF l.role IN ('invoiced', 'sold', 'sold_back') THEN
			PERFORM selling.post_cut_off(d, l);
		ELSIF turn <> 0 THEN
			PERFORM selling.post(d, CASE l.role WHEN 'service' THEN '4100' ELSE '4000' END, turn * l.base, turn * l.amount);
		ELSIF d.kind = 'goods_receipt' THEN
			PERFORM selling.post(d, '2100', -l.base, -l.amount);
		END IF;
	END LOOP;
	IF turn <> 0 THEN
		SELECT sum(t.amount) + d.tax AS amount, sum(t.base) + d.tax_base AS base INTO total FROM selling.line t WHERE t.company = d.company AND t.no = d.no;
		PERFORM selling.post(d, '2200', turn * d.tax_base, turn * d.tax), selling.post(d, '1100', -turn * total.base, -turn * total.amount);
		INSERT INTO selling.item_open SELECT d.company, d.no, -turn * total.amount, -turn * total.base WHERE total.amount <> 0;
	END IF;
END
$$;

-- Nothing that stands may rest on what is taken back, nor may it be settled; what it did goes the other way.
CREATE FUNCTION selling.reverse(d selling.document, o selling.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m selling.move;
	l selling.line;
BEGIN
	IF o.no IS NULL OR NOT selling.stands(d.company, o.no) OR (d.day, d.tod) < (o.day, o.tod) THEN
		PERFORM trial.refuse('TR052');
	ELSIF EXISTS (SELECT FROM selling.line t WHERE t.company = d.company AND t.origin = o.no AND t.role NOT IN ('return', 'gift_return') AND selling.stands(d.company, t.no)) THEN
		PERFORM trial.refuse('TR196');
	ELSIF EXISTS (SELECT FROM selling.item_open i WHERE i.company = d.company AND i.no = o.no AND i.settled) THEN
		PERFORM trial.refuse('TR095');
	END IF;
	INSERT INTO selling.document SELECT d.*;
	INSERT INTO selling.line (company, no, line_no, role, item, warehouse, quantity, amount, base, code, ord_line)
	SELECT company, d.no, line_no, role, item, warehouse, -quantity, -amount, -base, code, ord_line FROM selling.line t WHERE t.company = d.company AND t.no = o.no;
	FOR m IN SELECT * FROM selling.move t WHERE t.company = d.company AND t.no = o.no ORDER BY t.line_no, t.leg LOOP
		SELECT * INTO l FROM selling.line t WHERE t.company = d.company AND t.no = d.no AND t.line_no = m.line_no;
		l.warehouse := m.warehouse;
		PERFORM selling.add_move(d, l, m.leg, -m.quantity, m.shipped, CASE WHEN m.quantity > 0 THEN 'takeback' ELSE 'restore' END, NULL, m.seq);
	END LOOP;
	PERFORM selling.post(d, g.account, -g.amount, -g.currency_amount) FROM selling.gl g WHERE g.company = d.company AND g.no = o.no AND NOT g.cost;
	DELETE FROM selling.item_open i WHERE i.company = d.company AND i.no = o.no;
END
$$;

-- One document: its header, lines, moves and amounts.
CREATE FUNCTION selling.add_document(p_company text, p_doc jsonb) RETURNS selling.document
LANGUAGE plpgsql AS $$
DECLARE
	d selling.document;
	o selling.document;
	named selling.document;
	l selling.line;
	at_shipment boolean := (SELECT b.at_shipment FROM selling.book b WHERE b.company = p_company);
BEGIN
	SELECT * INTO o FROM selling.document t WHERE t.company = p_company AND t.key = p_doc ->> 'reverses';
	SELECT * INTO named FROM selling.document t WHERE t.company = p_company AND t.key = p_doc #>> '{lines,0,origin,key}' AND p_doc ->> 'kind' IN ('sales_shipment', 'sales_shipment_return');
	d := (p_company, coalesce((SELECT max(no) FROM selling.document WHERE company = p_company), 0) + 1, p_doc ->> 'key', coalesce(o.kind, p_doc ->> 'kind'), p_doc ->> 'day', coalesce((p_doc ->> 'time')::time, '00:00'),
		coalesce(o.party, p_doc ->> 'party', ''), coalesce(o.currency, p_doc ->> 'currency', 'GBP'), coalesce(o.rate, named.rate, selling.rate_on(coalesce(p_doc ->> 'currency', 'GBP'), (p_doc ->> 'day')::date)),
		coalesce(o.no, 0), p_doc ? 'tax_code', 0, 0);
	IF p_doc ? 'reverses' THEN
		PERFORM selling.reverse(d, o);
		RETURN d;
	END IF;
	PERFORM trial.refuse('TR262') WHERE d.kind = 'shipment' AND at_shipment OR d.kind = 'sales_shipment' AND NOT at_shipment AND named.no IS NULL;
	INSERT INTO selling.document SELECT d.*;
	PERFORM selling.read_lines(d, p_doc -> 'lines');
	FOR l IN SELECT * FROM selling.line t WHERE t.company = p_company AND t.no = d.no AND t.origin IS NOT NULL ORDER BY t.line_no LOOP
		PERFORM selling.check_origin(d, l);
		PERFORM selling.link_line(d, l) WHERE l.role NOT IN ('return', 'gift_return');
	END LOOP;
	PERFORM selling.convert(p_company, d.no) WHERE d.kind NOT IN ('shipment', 'shipment_return', 'free_issue');
	SELECT * INTO d FROM selling.document t WHERE t.company = p_company AND t.no = d.no;
	FOR l IN SELECT * FROM selling.line t WHERE t.company = p_company AND t.no = d.no ORDER BY t.line_no LOOP
		PERFORM selling.move_line(d, l);
	END LOOP;
	PERFORM selling.post_amounts(d);
	RETURN d;
END
$$;
