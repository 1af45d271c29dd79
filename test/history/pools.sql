-- Pools of cost, naively, by every method: what is there, what an issue takes of it, what a receipt brings.

-- What items are costed by, which pools they have and what they are tracked by.
CREATE TABLE trial.goods (item text PRIMARY KEY, method text NOT NULL, pool text NOT NULL, tracking text NOT NULL);
INSERT INTO trial.goods VALUES ('F', 'fifo', 'company', 'none'), ('A', 'moving_average', 'company', 'none'), ('FW', 'fifo', 'warehouse', 'none'), ('AW', 'moving_average', 'warehouse', 'none');

-- So much of a receipt that is left, or of an issue that was not covered yet.
CREATE TYPE trial.part AS (seq integer, quantity numeric, value numeric);

-- worth: of the move that was last, out negative. settled: by how much it changed what issues before it are worth. latest: what came in last.
-- month: the first day of the month that was run and is being costed; then what was there and comes in during it, and what of that went out.
CREATE TYPE trial.cost_pool AS (
	item text, name text, method text, below boolean, quantity numeric, value numeric, layers trial.part[], debts trial.part[], latest trial.part,
	worth numeric, settled trial.part[], standard numeric, month date, month_quantity numeric, month_value numeric, issued numeric);

CREATE FUNCTION trial.pool_name(g trial.goods, p_warehouse text, p_lot text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE g.pool WHEN 'company' THEN '' WHEN 'warehouse' THEN p_warehouse ELSE p_lot END $$;

-- The nearest penny to value x part / whole, half of one away from zero; without a fraction that could be cut off.
CREATE FUNCTION trial.share(p_value numeric, p_part numeric, p_whole numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN p_whole = 0 THEN 0 ELSE sign(p_value) * sign(p_part) * sign(p_whole) * div(200 * abs(p_value * p_part) + abs(p_whole), 2 * abs(p_whole)) / 100 END
$$;

-- By standard cost all that is there is worth its quantity at standard, and a move what it changes that by.
CREATE FUNCTION trial.at_standard(p trial.cost_pool, p_quantity numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	IF p.standard IS NULL THEN
		PERFORM trial.refuse('TR187');
	END IF;
	p.quantity := p.quantity + p_quantity;
	p.worth := trial.share(p.quantity, p.standard, 1) - p.value;
	p.value := p.value + p.worth;
	RETURN p;
END
$$;

-- First in, first out.
CREATE FUNCTION trial.take_layers(p trial.cost_pool, p_quantity numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	rest numeric := p_quantity;
	take numeric;
	part numeric;
BEGIN
	FOR i IN 1 .. cardinality(p.layers) LOOP
		EXIT WHEN rest = 0;
		take := least(rest, p.layers[i].quantity);
		CONTINUE WHEN take = 0;
		part := trial.share(p.layers[i].value, take, p.layers[i].quantity);
		p.layers[i].quantity := p.layers[i].quantity - take;
		p.layers[i].value := p.layers[i].value - part;
		p.worth := p.worth - part;
		rest := rest - take;
	END LOOP;
	RETURN p;
END
$$;

-- What the first units to go out cost in a month that was run, all of it together.
CREATE FUNCTION trial.through_month(p trial.cost_pool, p_quantity numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	p.worth := trial.share(p.month_value, p.issued, p.month_quantity) - trial.share(p.month_value, p.issued - p_quantity, p.month_quantity);
	p.issued := p.issued - p_quantity;
	p.quantity := p.quantity + p_quantity;
	p.value := p.value + p.worth;
	RETURN p;
END
$$;

-- What is not there costs what one unit cost of what came in last, and is owed.
CREATE FUNCTION trial.owe(p trial.cost_pool, p_seq integer, p_quantity numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	amount numeric := CASE WHEN p.latest IS NULL THEN 0 ELSE trial.share((p.latest).value, p_quantity, (p.latest).quantity) END;
BEGIN
	p.debts := p.debts || ROW(p_seq, p_quantity, amount)::trial.part;
	p.quantity := p.quantity - p_quantity;
	p.value := p.value - amount;
	p.worth := p.worth - amount;
	RETURN p;
END
$$;

CREATE FUNCTION trial.issue(p trial.cost_pool, p_seq integer, p_quantity numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	there numeric := CASE WHEN p.below THEN least(p_quantity, greatest(p.quantity, 0)) ELSE p_quantity END;
BEGIN
	IF p.method = 'standard' THEN
		RETURN trial.at_standard(p, -p_quantity);
	ELSIF p.month IS NOT NULL THEN
		RETURN trial.through_month(p, -p_quantity);
	END IF;
	p.worth := 0;
	IF p.method = 'fifo' THEN
		p := trial.take_layers(p, there);
	ELSIF there > 0 THEN
		p.worth := -trial.share(p.value, there, p.quantity);
	END IF;
	p.quantity := p.quantity - there;
	p.value := p.value + p.worth;
	RETURN CASE WHEN there < p_quantity THEN trial.owe(p, p_seq, p_quantity - there) ELSE p END;
END
$$;

-- What came in covers what is owed, the oldest first, each at its share; what is left of it is returned as the last layer.
CREATE FUNCTION trial.cover(p trial.cost_pool) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	i integer;
	l integer := cardinality(p.layers);
	take numeric;
	owed numeric;
	paid numeric;
BEGIN
	FOR i IN 1 .. cardinality(p.debts) LOOP
		take := least(p.debts[i].quantity, p.layers[l].quantity);
		CONTINUE WHEN take = 0;
		owed := trial.share(p.debts[i].value, take, p.debts[i].quantity);
		paid := trial.share(p.layers[l].value, take, p.layers[l].quantity);
		p.debts[i].quantity := p.debts[i].quantity - take;
		p.debts[i].value := p.debts[i].value - owed;
		p.layers[l].quantity := p.layers[l].quantity - take;
		p.layers[l].value := p.layers[l].value - paid;
		p.value := p.value + owed - paid;
		p.settled := p.settled || ROW(p.debts[i].seq, take, owed - paid)::trial.part;
	END LOOP;
	RETURN p;
END
$$;

CREATE FUNCTION trial.bring(p trial.cost_pool, p_seq integer, p_quantity numeric, p_value numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
BEGIN
	IF p.method = 'standard' THEN
		RETURN trial.at_standard(p, p_quantity);
	END IF;
	p.latest := ROW(p_seq, p_quantity, p_value)::trial.part;
	p.layers := p.layers || p.latest;
	p.quantity := p.quantity + p_quantity;
	p.value := p.value + p_value;
	p.worth := p_value;
	RETURN CASE WHEN cardinality(p.debts) > 0 THEN trial.cover(p) ELSE p END;
END
$$;

-- What came in goes back at what it was worth: TR052 unless all of it is there, or a pool stays that can be; by standard cost at what it is worth then.
CREATE FUNCTION trial.give_back(p trial.cost_pool, p_seq integer, p_quantity numeric, p_value numeric) RETURNS trial.cost_pool
LANGUAGE plpgsql AS $$
DECLARE
	i integer;
	oldest integer;
	instead trial.cost_pool;
BEGIN
	IF p.quantity >= p_quantity AND p.method = 'standard' THEN
		RETURN trial.at_standard(p, -p_quantity);
	END IF;
	IF p.quantity < p_quantity OR p.month IS NULL AND (p.value < p_value OR p.quantity = p_quantity AND p.value <> p_value) THEN
		PERFORM trial.refuse('TR052');
	END IF;
	IF p.method = 'fifo' THEN
		SELECT n INTO i FROM unnest(p.layers) WITH ORDINALITY u (seq, quantity, value, n) WHERE seq = p_seq;
		IF p.layers[i].quantity = p_quantity THEN
			p.layers[i] := ROW(p_seq, 0, 0)::trial.part;
		ELSE
			-- Some went out and came back: then what an issue would take may go, if nothing older than the rest is there and it is worth the same.
			SELECT min(n) INTO oldest FROM unnest(p.layers) WITH ORDINALITY u (seq, quantity, value, n) WHERE u.quantity > 0;
			instead := p;
			instead.worth := 0;
			instead := trial.take_layers(instead, p_quantity);
			IF instead.worth <> -p_value OR p.layers[i].quantity > 0 AND i <> oldest THEN
				PERFORM trial.refuse('TR052');
			END IF;
			p := instead;
		END IF;
	END IF;
	p.quantity := p.quantity - p_quantity;
	p.value := p.value - p_value;
	p.worth := -p_value;
	RETURN p;
END
$$;
