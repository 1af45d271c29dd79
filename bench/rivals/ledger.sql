-- Rivals of reversing, settling and numbering, and the tables that the batch is copied into.

-- A voucher taken back once, by one of the negated lines. The key of the request tells a repeated call; whoever closes a
-- period takes the lock that calls share, so that what is read as open is open until they commit.
CREATE TABLE rival.reversal (voucher_id bigint PRIMARY KEY REFERENCES rival.voucher, reverses_voucher_id bigint NOT NULL UNIQUE REFERENCES rival.voucher);
CREATE FUNCTION rival.reverse(p_original text, p_key text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	o rival.voucher;
	v bigint;
BEGIN
	SELECT voucher_id INTO v FROM rival.voucher WHERE key = p_key;
	IF FOUND THEN
		RETURN v;
	END IF;
	SELECT * INTO o FROM rival.voucher WHERE key = p_original;
	IF NOT FOUND OR EXISTS (SELECT FROM rival.reversal WHERE voucher_id = o.voucher_id) THEN
		RAISE EXCEPTION 'there is no voucher %, or it is a reversal', p_original;
	END IF;
	PERFORM pg_advisory_xact_lock_shared(o.period_id);
	IF NOT EXISTS (SELECT FROM rival.period WHERE period_id = o.period_id AND open) THEN
		RAISE EXCEPTION 'period % is closed', o.period_id;
	END IF;
	INSERT INTO rival.voucher (day, period_id, summary, key) VALUES (o.day, o.period_id, 'reversal of ' || p_original, p_key) RETURNING voucher_id INTO v;
	INSERT INTO rival.voucher_line SELECT v, l.line_no, l.account_id, -l.amount FROM rival.voucher_line l WHERE l.voucher_id = o.voucher_id;
	INSERT INTO rival.reversal VALUES (v, o.voucher_id);
	RETURN v;
END
$$;

-- What is left of an open item stands in its row. Items are named by the key of their document, and locked in its order.
CREATE TABLE rival.party (party_id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO rival.party VALUES (1, 'Party');
CREATE TABLE rival.open_item (
	open_item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE, account_id integer NOT NULL REFERENCES rival.account,
	party_id integer NOT NULL REFERENCES rival.party, debit boolean NOT NULL, day date NOT NULL, due_day date NOT NULL, amount numeric(19,2) NOT NULL,
	rest numeric(19,2) NOT NULL CHECK (rest >= 0)) WITH (fillfactor = 50);
CREATE TABLE rival.settlement (
	settlement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE, day date NOT NULL, period_id integer NOT NULL REFERENCES rival.period,
	debit_open_item_id bigint NOT NULL REFERENCES rival.open_item, credit_open_item_id bigint NOT NULL REFERENCES rival.open_item,
	amount numeric(19,2) NOT NULL CHECK (amount > 0), created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON rival.settlement (debit_open_item_id);
CREATE INDEX ON rival.settlement (credit_open_item_id);
CREATE FUNCTION rival.settle(p_key text, p_day date, p_debit text, p_credit text, p_amount numeric) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	p integer;
	a rival.open_item;
	b rival.open_item;
	s bigint;
BEGIN
	SELECT settlement_id INTO s FROM rival.settlement WHERE key = p_key;
	IF FOUND THEN
		RETURN s;
	END IF;
	SELECT period_id INTO p FROM rival.period WHERE p_day BETWEEN first_day AND last_day;
	PERFORM pg_advisory_xact_lock_shared(p);
	IF NOT EXISTS (SELECT FROM rival.period WHERE period_id = p AND open) THEN
		RAISE EXCEPTION 'no open period contains %', p_day;
	END IF;
	UPDATE rival.open_item SET rest = rest - p_amount WHERE key = least(p_debit, p_credit) RETURNING * INTO a;
	UPDATE rival.open_item SET rest = rest - p_amount WHERE key = greatest(p_debit, p_credit) RETURNING * INTO b;
	IF (a.party_id = b.party_id AND a.account_id = b.account_id AND a.debit = (p_debit < p_credit) AND b.debit <> a.debit
		AND p_day >= a.day AND p_day >= b.day) IS NOT TRUE THEN
		RAISE EXCEPTION '% and % do not belong together', p_debit, p_credit;
	END IF;
	INSERT INTO rival.settlement (key, day, period_id, debit_open_item_id, credit_open_item_id, amount)
	VALUES (p_key, p_day, p, CASE WHEN a.debit THEN a.open_item_id ELSE b.open_item_id END,
		CASE WHEN a.debit THEN b.open_item_id ELSE a.open_item_id END, p_amount) RETURNING settlement_id INTO s;
	RETURN s;
END
$$;
INSERT INTO rival.open_item (key, account_id, party_id, debit, day, due_day, amount, rest)
SELECT w.side || ' ' || g, 1, 1, w.side = 'debit', '2026-01-02', '2026-01-02', 1000000, 1000000 FROM generate_series(1, 10000) g, (VALUES ('debit'), ('credit')) w (side);

-- Gapless numbers: from a counter at once, or later in one step for all that have none.
CREATE TABLE rival.counter (counter_id integer PRIMARY KEY, last_number bigint NOT NULL) WITH (fillfactor = 10);
INSERT INTO rival.counter VALUES (1, 0), (2, 0);
CREATE TABLE rival.numbered_voucher (
	voucher_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, day date NOT NULL, period_id integer NOT NULL REFERENCES rival.period,
	summary text NOT NULL, key text NOT NULL UNIQUE, series integer NOT NULL, number bigint, created_at timestamptz NOT NULL DEFAULT now());
CREATE UNIQUE INDEX ON rival.numbered_voucher (series, number) WHERE number IS NOT NULL;
CREATE INDEX ON rival.numbered_voucher (voucher_id) WHERE number IS NULL;
CREATE TABLE rival.numbered_line (
	voucher_id bigint NOT NULL REFERENCES rival.numbered_voucher, line_no integer NOT NULL, account_id integer NOT NULL REFERENCES rival.account,
	amount numeric(19,2) NOT NULL CHECK (amount <> 0), PRIMARY KEY (voucher_id, line_no));
CREATE INDEX ON rival.numbered_line (account_id, voucher_id);
CREATE FUNCTION rival.post_numbered(p_series integer, p_key text, p_accounts integer[], p_amounts numeric[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v bigint := nextval('rival.numbered_voucher_voucher_id_seq');
	n bigint;
BEGIN
	IF p_series = 1 THEN
		UPDATE rival.counter SET last_number = last_number + 1 WHERE counter_id = 1 RETURNING last_number INTO n;
	END IF;
	INSERT INTO rival.numbered_voucher (voucher_id, day, period_id, summary, key, series, number) OVERRIDING SYSTEM VALUE
	VALUES (v, '2026-01-15', 1, 'bench', p_key, p_series, n);
	INSERT INTO rival.numbered_line SELECT v, u.n, u.a, u.m FROM unnest(p_accounts, p_amounts) WITH ORDINALITY u (a, m, n);
	RETURN n;
END
$$;
CREATE FUNCTION rival.assign_numbers() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	first bigint;
	given bigint;
BEGIN
	SELECT last_number INTO first FROM rival.counter WHERE counter_id = 2 FOR UPDATE;
	UPDATE rival.numbered_voucher v SET number = first + w.n
	FROM (SELECT voucher_id, row_number() OVER (ORDER BY voucher_id) AS n FROM rival.numbered_voucher WHERE number IS NULL) w
	WHERE v.voucher_id = w.voucher_id;
	GET DIAGNOSTICS given = ROW_COUNT;
	UPDATE rival.counter SET last_number = first + given WHERE counter_id = 2;
	RETURN given;
END
$$;
