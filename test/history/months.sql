-- What is known of costs only later, naively: months whose cost is run, stock below zero; and the calls that say what stock is worth.

CREATE FUNCTION trial.may_go_below(b trial.book, g trial.goods) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT b.below_zero AND g.method <> 'monthly_average' AND g.tracking <> 'serial' $$;

CREATE FUNCTION trial.looks_ahead(p_company text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT b.below_zero FROM trial.book b WHERE b.company = p_company) OR EXISTS (SELECT FROM trial.move m WHERE m.company = p_company AND m.source = 'month');
END
$$;

CREATE FUNCTION trial.has_standard(p_item text) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT FROM trial.goods g WHERE g.item = p_item AND g.method = 'standard') $$;

-- Whether the cost of the month of a day was run for the item.
CREATE FUNCTION trial.is_run(p_company text, p_item text, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM trial.move e WHERE e.company = p_company AND e.item = p_item AND e.source = 'month' AND date_trunc('month', e.day) = date_trunc('month', p_day));
END
$$;

-- Whether a move of a month that was run is an issue of it that comes back, or goes out again.
CREATE FUNCTION trial.undoes_issue(p_company text, m trial.move) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
	o trial.move;
BEGIN
	SELECT * INTO o FROM trial.move t WHERE t.company = p_company AND t.seq = m.origin AND date_trunc('month', t.day) = date_trunc('month', m.day);
	RETURN FOUND AND (o.quantity < 0 OR trial.undoes_issue(p_company, o));
END
$$;

-- What a move adds to what comes in during its month; NULL for issues, what undoes one, and the end of the month.
CREATE FUNCTION trial.month_part(p_company text, m trial.move, p_known numeric[], p_assumed numeric[]) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
	o trial.move;
BEGIN
	IF m.source IN ('receipt', 'given') THEN
		RETURN m.given;
	ELSIF m.source = 'product' THEN
		RETURN trial.product_value(p_company, m, p_known, p_assumed);
	ELSIF m.origin IS NULL OR trial.undoes_issue(p_company, m) THEN
		RETURN NULL;
	END IF;
	SELECT * INTO o FROM trial.move t WHERE t.company = p_company AND t.seq = m.origin;
	RETURN CASE WHEN date_trunc('month', o.day) = date_trunc('month', m.day) THEN -trial.month_part(p_company, o, p_known, p_assumed)
		ELSE trial.share(abs(p_known[m.origin]), m.quantity, abs(o.quantity)) END;
END
$$;

-- The pool as the move meets it: a month that was run begins with what was there and comes in during it; TR052 where that cannot be.
CREATE FUNCTION trial.enter_month(p_company text, p trial.cost_pool, m trial.move, p_known numeric[], p_assumed numeric[]) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	first date := date_trunc('month', m.day);
BEGIN
	IF p.month = first THEN
		RETURN p;
	END IF;
	p.month := CASE WHEN trial.is_run(p_company, m.item, m.day) THEN first END;
	p.issued := 0;
	IF p.month IS NOT NULL THEN
		SELECT p.quantity + coalesce(sum(t.quantity), 0), p.value + coalesce(sum(c.part), 0) INTO p.month_quantity, p.month_value
		FROM trial.move t, trial.month_part(p_company, t, p_known, p_assumed) c (part)
		WHERE t.company = p_company AND t.item = m.item AND date_trunc('month', t.day) = first AND c.part IS NOT NULL;
		IF p.month_quantity < 0 OR p.month_value < 0 OR p.month_quantity = 0 AND p.month_value <> 0 THEN
			PERFORM trial.refuse('TR052');
		END IF;
	END IF;
	RETURN p;
END
$$;

-- Of a serial number, one piece is in stock at most, ever: TR171. What goes out of a lot is of one that came once: TR012.
CREATE FUNCTION trial.check_lots(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	m trial.move;
BEGIN
	FOR m IN SELECT t.* FROM trial.move t JOIN trial.goods g USING (item) WHERE t.company = p_company AND t.no = p_no AND g.tracking <> 'none' AND t.source <> 'month' LOOP
		IF NOT EXISTS (SELECT FROM trial.move t WHERE t.company = p_company AND t.item = m.item AND t.lot = m.lot AND t.quantity > 0) THEN
			PERFORM trial.refuse('TR012');
		ELSIF m.item IN (SELECT g.item FROM trial.goods g WHERE g.tracking = 'serial') AND (abs(m.quantity) <> 1
			OR (SELECT max(held) FROM (SELECT sum(t.quantity) OVER (ORDER BY t.day, t.tod, t.seq) AS held FROM trial.move t
				WHERE t.company = p_company AND t.item = m.item AND t.lot = m.lot) h) > 1) THEN
			PERFORM trial.refuse('TR171');
		END IF;
	END LOOP;
END
$$;

-- The cost of a month is run after that of all months before it in which goods moved: TR186.
CREATE FUNCTION trial.check_months_before(p_company text, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF p_doc ->> 'kind' = 'month_cost' AND EXISTS (SELECT FROM trial.move m JOIN trial.goods g USING (item) WHERE m.company = p_company AND g.method = 'monthly_average'
		AND m.source <> 'month' AND m.day < date_trunc('month', (p_doc ->> 'day')::date) AND NOT trial.is_run(p_company, m.item, m.day)) THEN
		PERFORM trial.refuse('TR186');
	END IF;
END
$$;

-- The call that runs the cost of a month, as a document: a line for each item that moved in it, unless it was run for that before.
CREATE FUNCTION trial.month_cost(p_company text, p_month date) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('kind', 'month_cost', 'day', (p_month + interval '1 month - 1 day')::date, 'time', '24:00:00', 'warehouse', '',
		'lines', coalesce((SELECT jsonb_agg(jsonb_build_object('role', 'month_cost', 'item', k.item) ORDER BY k.item)
			FROM (SELECT DISTINCT m.item FROM trial.move m JOIN trial.goods g USING (item) WHERE m.company = p_company AND g.method = 'monthly_average'
				AND m.source <> 'month' AND date_trunc('month', m.day) = p_month) k
			WHERE NOT trial.is_run(p_company, k.item, p_month)), '[]'))
$$;

-- The call that puts standards in force, as a document.
CREATE FUNCTION trial.standard_costs(p_day date, p_costs jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('kind', 'standard_revaluation', 'day', p_day, 'time', '00:00:00', 'warehouse', '',
		'lines', (SELECT jsonb_agg(jsonb_build_object('role', 'standard_cost', 'item', item, 'cost', cost) ORDER BY item) FROM jsonb_each(p_costs) c (item, cost)))
$$;

CREATE FUNCTION trial.is_value_kind(p_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT p_kind IN ('month_cost', 'standard_revaluation') $$;

-- The calls of the engine that such documents stand for.
CREATE FUNCTION trial.call_value(p_company text, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF p_doc ->> 'kind' = 'month_cost' THEN
		PERFORM erp.run_month_cost(p_company, p_doc ->> 'key', json_build_object('period', left(p_doc ->> 'day', 7)));
	ELSE
		PERFORM erp.put_standard_costs(p_company, p_doc ->> 'key', json_build_object('day', p_doc ->> 'day',
			'costs', (SELECT json_agg(json_build_object('item', l ->> 'item', 'cost', l -> 'cost')) FROM jsonb_array_elements(p_doc -> 'lines') l)));
	END IF;
END
$$;
