-- The naive facts: what was asked for, as tables.

CREATE TABLE others.document (company text NOT NULL, no integer NOT NULL, key text NOT NULL, kind text NOT NULL, day date NOT NULL, tod time NOT NULL, posting_day date NOT NULL,
	party text NOT NULL, currency text NOT NULL, rate numeric NOT NULL, reverses integer NOT NULL, body jsonb NOT NULL, PRIMARY KEY (company, no), UNIQUE (company, key));

-- base: the amount in pounds. linked: how much of the line that is named is billed, for which part of its estimate, in its currency and in pounds.
CREATE TABLE others.line (company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, role text NOT NULL, item text NOT NULL, warehouse text NOT NULL, location text NOT NULL, lot text NOT NULL,
	owner text NOT NULL, to_warehouse text NOT NULL, to_location text NOT NULL, quantity numeric NOT NULL, amount numeric NOT NULL, base numeric NOT NULL, cost numeric, origin integer, origin_line integer,
	demand text, linked numeric NOT NULL DEFAULT 0, linked_amount numeric NOT NULL DEFAULT 0, linked_base numeric NOT NULL DEFAULT 0, PRIMARY KEY (company, no, line_no));

-- source: given carries its value; issue asks the pool; product takes a share of what its document consumed; return a part of its origin's cost; arrive, restore and takeback its
-- origin's, turned; standard, change and month are of value alone. pool: '' where it is in none, since the goods are another's or only their place changes.
-- paid: what was paid or used for what came in, of which by standard cost not all is its value. method: of a change, the new one.
CREATE TABLE others.move (company text NOT NULL, seq integer NOT NULL, no integer NOT NULL, line_no integer NOT NULL, leg integer NOT NULL, item text NOT NULL,
	warehouse text NOT NULL, location text NOT NULL, lot text NOT NULL, owner text NOT NULL, day date NOT NULL, tod time NOT NULL, quantity numeric NOT NULL,
	source text NOT NULL, given numeric, origin integer, pool text NOT NULL, account text NOT NULL, counter text NOT NULL, variance text NOT NULL, method text NOT NULL, value numeric, paid numeric,
	PRIMARY KEY (company, seq));
CREATE INDEX ON others.move (company, no);

-- What joined the cost of a move later, by the document and line that said so.
CREATE TABLE others.part (company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, seq integer NOT NULL, amount numeric NOT NULL, PRIMARY KEY (company, no, line_no, seq));

CREATE TABLE others.pool (company text NOT NULL, item text NOT NULL, pool text NOT NULL, method text NOT NULL, quantity numeric NOT NULL, value numeric NOT NULL, PRIMARY KEY (company, pool));

-- Debit positive; what is owed in another currency also in that.
CREATE TABLE others.gl (company text NOT NULL, no integer NOT NULL, day date NOT NULL, account text NOT NULL, amount numeric NOT NULL, currency text NOT NULL DEFAULT 'GBP', currency_amount numeric NOT NULL);

-- In the books, neither taken back nor taking back.
CREATE FUNCTION others.stands(p_company text, p_no integer) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM others.document d WHERE d.company = p_company AND d.no = p_no AND d.reverses = 0)
		AND NOT EXISTS (SELECT FROM others.document r WHERE r.company = p_company AND r.reverses = p_no);
END
$$;

CREATE FUNCTION others.post(p_company text, p_no integer, p_day date, p_account text, p_amount numeric, p_currency text DEFAULT 'GBP', p_currency_amount numeric DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO others.gl SELECT p_company, p_no, p_day, p_account, p_amount, p_currency, coalesce(p_currency_amount, p_amount)
	WHERE p_account <> '' AND (p_amount <> 0 OR coalesce(p_currency_amount, 0) <> 0);
END
$$;

-- The day on which it lands: TR030 where its own is closed and it does not say that it may come late. Never outside of the years that there are.
CREATE FUNCTION others.posting_day(p_company text, p_doc jsonb, p_kind text) RETURNS date
LANGUAGE plpgsql STABLE AS $$
DECLARE
	posting date := trial.first_open(p_company, (p_doc ->> 'day')::date, others.modules(p_kind));
BEGIN
	IF posting <> (p_doc ->> 'day')::date AND NOT coalesce((p_doc ->> 'late')::boolean, false) THEN
		PERFORM trial.refuse('TR030');
	END IF;
	RETURN posting;
END
$$;

-- The method of an item on a day: the last change from a day on or before it.
CREATE FUNCTION others.method_on(p_company text, p_item text, p_day date) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT m.method FROM others.move m WHERE m.company = p_company AND m.item = p_item AND m.source = 'change' AND m.day < p_day ORDER BY m.day DESC, m.seq DESC LIMIT 1),
		(SELECT i.method FROM others.item i WHERE i.item = p_item));
END
$$;
