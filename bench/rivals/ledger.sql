-- Rivals of reversing, settling and numbering, and the tables that the batch is copied into.

-- A voucher taken back once, by one of the negated lines.
CREATE TABLE rival.reversal (voucher_id bigint PRIMARY KEY REFERENCES rival.voucher, reverses_voucher_id bigint NOT NULL UNIQUE REFERENCES rival.voucher);
CREATE FUNCTION rival.reverse(p_voucher bigint, p_key text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v bigint;
BEGIN
	INSERT INTO rival.voucher (day, period_id, summary, key)
	SELECT o.day, o.period_id, 'reversal', p_key FROM rival.voucher o WHERE o.voucher_id = p_voucher RETURNING voucher_id INTO v;
	INSERT INTO rival.voucher_line SELECT v, l.line_no, l.account_id, -l.amount FROM rival.voucher_line l WHERE l.voucher_id = p_voucher;
	INSERT INTO rival.reversal VALUES (v, p_voucher);
	RETURN v;
END
$$;

-- What is left of an open item stands in its row.
CREATE TABLE rival.open_item (open_item_id integer PRIMARY KEY, party_id integer NOT NULL, amount numeric(19,2) NOT NULL,
	rest numeric(19,2) NOT NULL CHECK (rest >= 0)) WITH (fillfactor = 50);
CREATE TABLE rival.settlement (
	settlement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE, day date NOT NULL,
	debit_open_item_id integer NOT NULL REFERENCES rival.open_item, credit_open_item_id integer NOT NULL REFERENCES rival.open_item,
	amount numeric(19,2) NOT NULL CHECK (amount > 0));
CREATE INDEX ON rival.settlement (debit_open_item_id);
CREATE INDEX ON rival.settlement (credit_open_item_id);
CREATE FUNCTION rival.settle(p_key text, p_debit integer, p_credit integer, p_amount numeric) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	s bigint;
BEGIN
	UPDATE rival.open_item SET rest = rest - p_amount WHERE open_item_id = least(p_debit, p_credit);
	UPDATE rival.open_item SET rest = rest - p_amount WHERE open_item_id = greatest(p_debit, p_credit);
	INSERT INTO rival.settlement (key, day, debit_open_item_id, credit_open_item_id, amount)
	VALUES (p_key, '2026-01-15', p_debit, p_credit, p_amount) RETURNING settlement_id INTO s;
	RETURN s;
END
$$;
INSERT INTO rival.open_item SELECT g, 1, 1000000, 1000000 FROM generate_series(1, 20000) g;

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
