-- What a careful engineer writes for reservations: a row lock on the stock, and what can be promised in one query over plain tables.
CREATE TABLE rival.reserved_stock (item_id integer PRIMARY KEY, on_hand numeric(18,6) NOT NULL,
	reserved numeric(18,6) NOT NULL DEFAULT 0 CHECK (reserved >= 0), CHECK (reserved <= on_hand)) WITH (fillfactor = 50);
CREATE TABLE rival.reservation (reservation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item_id integer NOT NULL REFERENCES rival.reserved_stock,
	holder text NOT NULL, quantity numeric(18,6) NOT NULL CHECK (quantity > 0), created timestamptz NOT NULL DEFAULT now());

CREATE FUNCTION rival.reserve(p_item integer, p_quantity numeric, p_holder text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	r bigint;
	s record;
BEGIN
	SELECT on_hand, reserved INTO s FROM rival.reserved_stock WHERE item_id = p_item FOR UPDATE;
	IF NOT FOUND OR s.on_hand - s.reserved < p_quantity THEN
		RAISE EXCEPTION 'not enough stock of %', p_item;
	END IF;
	UPDATE rival.reserved_stock SET reserved = reserved + p_quantity WHERE item_id = p_item;
	INSERT INTO rival.reservation (item_id, holder, quantity) VALUES (p_item, p_holder, p_quantity) RETURNING reservation_id INTO r;
	RETURN r;
END
$$;

-- An order of many lines, items ascending; all or nothing.
CREATE FUNCTION rival.reserve_order(p_items integer[], p_holder text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(rival.reserve(i.item_id, 1, p_holder)) FROM (SELECT u.item_id FROM unnest(p_items) AS u (item_id) ORDER BY 1) i
$$;

INSERT INTO rival.reserved_stock SELECT g, 1000000000 FROM generate_series(1, 1001) g;

CREATE TABLE rival.expected (expected_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item_id integer NOT NULL, day date NOT NULL,
	quantity numeric(18,6) NOT NULL, claimed numeric(18,6) NOT NULL);
CREATE INDEX ON rival.expected (item_id, day);
CREATE TABLE rival.promise_stock (item_id integer PRIMARY KEY, code text NOT NULL UNIQUE, on_hand numeric(18,6) NOT NULL, reserved numeric(18,6) NOT NULL, safety numeric(18,6) NOT NULL);
INSERT INTO rival.promise_stock SELECT g, 'P' || g, 100, CASE WHEN g % 5 = 0 THEN 10 ELSE 0 END, CASE WHEN g % 3 = 0 THEN 5 ELSE 0 END FROM generate_series(1, 10000) g;
INSERT INTO rival.expected (item_id, day, quantity, claimed) SELECT g, date '2026-02-01' + g % 28, 50, 0 FROM generate_series(1, 10000, 2) g;
CREATE FUNCTION rival.available_to_promise(p_items text[], p_first date, p_last date)
RETURNS TABLE (code text, day date, available numeric) LANGUAGE sql STABLE AS $$
	WITH part AS (
		SELECT s.code, p_first AS day, s.on_hand - s.reserved - s.safety AS quantity FROM rival.promise_stock s WHERE s.code = ANY (p_items)
		UNION ALL
		SELECT s.code, greatest(e.day, p_first), e.quantity - e.claimed FROM rival.promise_stock s JOIN rival.expected e ON e.item_id = s.item_id
		 WHERE s.code = ANY (p_items) AND e.day <= p_last
	)
	SELECT p.code, p.day, greatest(sum(sum(p.quantity)) OVER (PARTITION BY p.code ORDER BY p.day), 0) FROM part p GROUP BY 1, 2 ORDER BY 1, 2
$$;
