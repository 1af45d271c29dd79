-- Goods of an order that come back, naively.

-- What can come back of each line that shipped or sold something of a line of an order: unbilled, or billed, at what it was billed at.
CREATE FUNCTION selling.returnable(p_company text, p_code text, p_line integer) RETURNS TABLE (no integer, line_no integer, kind text, day date, is_billed boolean, quantity numeric, whole numeric, amount numeric, returned numeric)
LANGUAGE sql STABLE AS $$
	SELECT l.no, l.line_no, d.kind, d.day, x.is_billed, x.quantity, f.quantity, f.amount, b.returned
	FROM selling.line l JOIN selling.document d USING (company, no)
	CROSS JOIN LATERAL (SELECT coalesce(sum(t.quantity) FILTER (WHERE t.role NOT IN ('return', 'gift_return')), 0) AS taken, coalesce(sum(t.quantity) FILTER (WHERE t.role = 'invoiced'), 0) AS billed,
		coalesce(sum(t.amount) FILTER (WHERE t.role = 'invoiced'), 0) AS billed_amount, coalesce(sum(t.quantity) FILTER (WHERE t.role IN ('return', 'gift_return')), 0) AS returned
		FROM selling.line t WHERE t.company = p_company AND t.origin = l.no AND t.origin_line = l.line_no AND selling.stands(p_company, t.no)) b
	CROSS JOIN LATERAL (SELECT CASE l.role WHEN 'shipped' THEN 0 WHEN 'sale' THEN l.quantity WHEN 'free' THEN l.quantity ELSE CASE WHEN l.origin IS NULL THEN b.billed ELSE l.quantity END END AS quantity,
		CASE WHEN l.role = 'sold' AND l.origin IS NULL THEN b.billed_amount ELSE l.amount END AS amount) f
	CROSS JOIN LATERAL (VALUES (false, CASE WHEN l.role IN ('sale', 'free') OR l.role = 'sold' AND l.origin IS NOT NULL THEN 0 ELSE l.quantity - b.taken END), (true, f.quantity - b.returned)) x (is_billed, quantity)
	WHERE l.company = p_company AND l.code = p_code AND l.ord_line = p_line AND l.role IN ('shipped', 'sold', 'sale', 'free') AND selling.stands(p_company, l.no) AND x.quantity > 0
$$;

-- The latest first. What is billed is credited at its share of what it was billed at; what is not comes back of its shipment. It is cancelled then, or ordered again and served from what is free.
CREATE FUNCTION selling.give_back(p_company text, p_key text, r jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	o selling.ord := selling.order_of(p_company, r ->> 'order', '{confirmed,closed,cancelled}');
	docs jsonb;
	parts jsonb;
	p record;
BEGIN
	WITH open AS (
		SELECT l.n, (l.l ->> 'quantity')::numeric AS wanted, (l.l ->> 'line')::integer AS ord_line, t.*, sum(t.quantity) OVER (PARTITION BY l.n ORDER BY t.day DESC, t.no DESC, t.line_no DESC, t.is_billed) - t.quantity AS before
		FROM jsonb_array_elements(r -> 'lines') WITH ORDINALITY l (l, n) CROSS JOIN LATERAL selling.returnable(p_company, o.code, (l.l ->> 'line')::integer) t
	), part AS (SELECT open.*, least(quantity, wanted - before) AS share FROM open WHERE before < wanted)
	SELECT jsonb_agg(to_jsonb(part)) INTO parts FROM part;
	PERFORM trial.refuse('TR290') FROM jsonb_array_elements(r -> 'lines') WITH ORDINALITY l (l, n) WHERE (l ->> 'quantity')::numeric > coalesce((SELECT sum((t ->> 'share')::numeric) FROM jsonb_array_elements(parts) t WHERE (t ->> 'n')::integer = n), 0);
	WITH line AS (
		SELECT t.*, s.item, s.warehouse, g.role, d.key, CASE WHEN t.is_billed THEN 'credit_note' ELSE t.kind || '_return' END AS doc_kind, CASE WHEN t.is_billed THEN 0 ELSE t.no END AS apart
		FROM jsonb_to_recordset(parts) t (n integer, ord_line integer, no integer, line_no integer, kind text, is_billed boolean, share numeric, whole numeric, amount numeric, returned numeric)
		JOIN selling.ord_line s ON s.company = p_company AND s.code = o.code AND s.line_no = t.ord_line JOIN selling.document d ON d.company = p_company AND d.no = t.no
		JOIN selling.line g ON g.company = p_company AND g.no = t.no AND g.line_no = t.line_no
	), doc AS (
		SELECT doc_kind, apart, row_number() OVER (ORDER BY doc_kind, apart) AS m, jsonb_agg(jsonb_build_object('item', item, 'warehouse', warehouse, 'quantity', share, 'origin', jsonb_build_object('key', key, 'line', line_no))
			|| CASE WHEN is_billed THEN jsonb_build_object('amount', selling.amount_share(amount, whole, share, returned)) ELSE '{}' END || CASE WHEN is_billed AND role = 'free' THEN '{"role": "gift_return"}'::jsonb ELSE '{}' END ORDER BY n, no, line_no) AS lines FROM line GROUP BY 1, 2
	)
	SELECT jsonb_agg(jsonb_build_object('key', p_key || '/return' || CASE m WHEN 1 THEN '' ELSE '/' || m END, 'kind', doc_kind, 'day', r -> 'day', 'time', r -> 'time', 'party', o.party, 'currency', CASE doc_kind WHEN 'shipment_return' THEN 'GBP' ELSE o.currency END, 'lines', lines)
		|| CASE WHEN doc_kind = 'credit_note' AND o.taxed THEN '{"tax_code": "VAT"}'::jsonb ELSE '{}' END ORDER BY m) INTO docs FROM doc;
	PERFORM selling.post_batch(p_company, docs);
	FOR p IN SELECT t.ord_line, t.is_billed, sum(t.share) AS quantity, s.said, s.quantity AS ordered FROM jsonb_to_recordset(parts) t (ord_line integer, is_billed boolean, share numeric)
		JOIN selling.ord_line s ON s.company = p_company AND s.code = o.code AND s.line_no = t.ord_line GROUP BY 1, 2, 4, 5 LOOP
		IF r ->> 'outcome' = 'refund' AND NOT p.is_billed THEN
			-- What was billed ahead is still to be shipped.
			UPDATE selling.ord_line t SET cancelled = t.cancelled + least(p.quantity, greatest(s.quantity - s.cancelled - greatest(s.shipped, s.billed), 0)) FROM selling.state s
			WHERE s.company = p_company AND s.code = o.code AND s.line_no = p.ord_line AND t.company = p_company AND t.code = o.code AND t.line_no = p.ord_line;
		ELSIF r ->> 'outcome' = 'replace' AND p.is_billed THEN
			PERFORM selling.reorder(p_company, o.code, p.ord_line, jsonb_build_object('quantity', p.ordered + p.quantity)
				|| CASE WHEN p.said ? 'amount' THEN jsonb_build_object('amount', round((p.said ->> 'amount')::numeric * (p.ordered + p.quantity) / p.ordered, 2)) ELSE '{}' END);
		END IF;
	END LOOP;
	PERFORM selling.settle_state(p_company, o.code);
	IF r ->> 'outcome' = 'refund' THEN
		PERFORM selling.release_excess(p_company, o.code);
	ELSE
		PERFORM selling.reserve_order(p_company, o.code);
		PERFORM selling.serve(p_company, s.item, w.warehouse, f.on_hand - f.reserved) FROM (SELECT DISTINCT t.item FROM selling.state t WHERE t.company = p_company AND t.code = o.code AND t.required > 0) s
		CROSS JOIN (VALUES ('MAIN'), ('NORTH')) w (warehouse) CROSS JOIN LATERAL selling.free(p_company, s.item, w.warehouse) f;
	END IF;
END
$$;
