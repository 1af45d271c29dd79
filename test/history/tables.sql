-- The naive re-derivation: what the books must be after a list of requests, by loops over plain tables. It reads the
-- requests as they were handed to the engine and shares no code, table or result with it.

CREATE TABLE trial.closed (company text NOT NULL, month date NOT NULL, module text NOT NULL, PRIMARY KEY (company, month, module));
CREATE TABLE trial.hard_lock (company text PRIMARY KEY, day date NOT NULL);

-- rounding: what the entries of a manual voucher leave open in pounds. step: the numbering of deferred numbers that reached it.
CREATE TABLE trial.document (
	company text NOT NULL, no integer NOT NULL, key text NOT NULL, kind text NOT NULL, day date NOT NULL, tod time NOT NULL,
	posting_day date NOT NULL, party text NOT NULL, reverses integer NOT NULL, corrects integer NOT NULL, body jsonb NOT NULL,
	currency text NOT NULL, rate numeric NOT NULL DEFAULT 1, tax numeric NOT NULL DEFAULT 0, tax_base numeric NOT NULL DEFAULT 0,
	rounding numeric NOT NULL DEFAULT 0, step integer,
	PRIMARY KEY (company, no), UNIQUE (company, key));

CREATE TABLE trial.line (
	company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, role text NOT NULL, item text NOT NULL, warehouse text NOT NULL,
	quantity numeric NOT NULL, amount numeric NOT NULL, cost numeric, tax_code text NOT NULL, account text NOT NULL, side text NOT NULL,
	party text NOT NULL, dimensions jsonb NOT NULL, origin_key text, origin_line integer, base numeric NOT NULL DEFAULT 0, lot text NOT NULL DEFAULT '',
	PRIMARY KEY (company, no, line_no));

-- source: receipt and given carry their value, issue asks the pool, return takes
-- a part of its origin's cost, restore all of it, takeback its origin's own value; standard (given: of one unit) and month move no goods.
CREATE TABLE trial.move (
	company text NOT NULL, seq integer NOT NULL, no integer NOT NULL, line_no integer NOT NULL, item text NOT NULL, warehouse text NOT NULL,
	day date NOT NULL, tod time NOT NULL, quantity numeric NOT NULL, source text NOT NULL, given numeric, origin integer,
	inventory text NOT NULL, counter text, value numeric, lot text NOT NULL DEFAULT '',
	PRIMARY KEY (company, seq));

-- pool: '' for that of the company, else the warehouse or the lot.
CREATE TABLE trial.pool (company text NOT NULL, item text NOT NULL, pool text NOT NULL, quantity numeric NOT NULL, value numeric NOT NULL,
	PRIMARY KEY (company, item, pool));

-- What went out and was not covered.
CREATE TABLE trial.owed (company text NOT NULL, seq integer NOT NULL, quantity numeric NOT NULL, PRIMARY KEY (company, seq));

-- Debit positive. no: the document whose own voucher it stands in, 0 for what settlements and changed costs post. side: where a
-- document or a settlement shows it; costs say none. place: the order within the document. call_key: of the call that settled or undid.
CREATE TABLE trial.gl (company text NOT NULL, no integer NOT NULL DEFAULT 0, day date NOT NULL, account text NOT NULL, side text NOT NULL DEFAULT '',
	party text NOT NULL DEFAULT '', amount numeric NOT NULL, currency text NOT NULL DEFAULT 'GBP', currency_amount numeric NOT NULL,
	dimensions jsonb NOT NULL DEFAULT '{}', place integer NOT NULL DEFAULT 0, call_key text NOT NULL DEFAULT '');
CREATE INDEX ON trial.gl (company, no);

-- What a document opens. line: of its voucher, where it may open several.
CREATE TABLE trial.item (company text NOT NULL, item integer NOT NULL, no integer NOT NULL, line integer, account text NOT NULL, party text NOT NULL,
	currency text NOT NULL, day date NOT NULL, amount numeric NOT NULL, base numeric NOT NULL, due date NOT NULL, terms text NOT NULL, PRIMARY KEY (company, item));
CREATE INDEX ON trial.item (company, no);

-- Two items met; what was taken of each by that, by discounts (percent: by terms) and by write-offs, as magnitudes.
CREATE TABLE trial.meeting (company text NOT NULL, call_key text NOT NULL, seq integer NOT NULL, debit integer NOT NULL, credit integer NOT NULL,
	amount numeric NOT NULL, base numeric NOT NULL, day date NOT NULL, undone_on date, PRIMARY KEY (company, call_key, seq));
CREATE TABLE trial.taking (company text NOT NULL, item integer NOT NULL, call_key text NOT NULL, seq integer NOT NULL, reason text NOT NULL,
	amount numeric NOT NULL, base numeric NOT NULL, day date NOT NULL, undone_on date, percent numeric NOT NULL DEFAULT 0);
CREATE INDEX ON trial.taking (company, item);

-- The items of the settlement that is being derived.
CREATE TABLE trial.named (company text NOT NULL, n integer NOT NULL, item integer NOT NULL, place text NOT NULL, debit boolean NOT NULL, day date NOT NULL,
	due date NOT NULL, not_before date NOT NULL, open numeric NOT NULL, given numeric, discount numeric NOT NULL, write_off boolean NOT NULL, by_terms boolean NOT NULL,
	part numeric NOT NULL DEFAULT 0, percent numeric NOT NULL DEFAULT 0,
	PRIMARY KEY (company, n));

CREATE TABLE trial.draft (company text NOT NULL, key text NOT NULL, state text NOT NULL, body jsonb NOT NULL, cash boolean NOT NULL DEFAULT false, PRIMARY KEY (company, key));

-- What a customer owed when an invoice took it beyond its limit.
CREATE TABLE trial.credit_warning (company text NOT NULL, no integer NOT NULL, party text NOT NULL, exposure numeric NOT NULL, PRIMARY KEY (company, no));

-- Deferred numbers of credit notes.
CREATE TABLE trial.number (company text NOT NULL, no integer NOT NULL, month text NOT NULL, number integer NOT NULL, PRIMARY KEY (company, no));

-- Ends a derivation with the code of the refusal that the engine must give: TR for its LE.
CREATE FUNCTION trial.refuse(p_code text) RETURNS void
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = p_code; END $$;

CREATE FUNCTION trial.modules(p_kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE p_kind
		WHEN 'goods_receipt' THEN '{purchasing,stock,general}'
		WHEN 'supplier_bill' THEN '{purchasing,stock,general}'
		WHEN 'supplier_credit_note' THEN '{purchasing,stock,general}'
		WHEN 'supplier_return' THEN '{purchasing,stock,general}'
		WHEN 'landed_cost' THEN '{purchasing,stock,general}'
		WHEN 'receipt_amendment' THEN '{purchasing,stock,general}'
		WHEN 'sales_invoice' THEN '{sales,stock,general}'
		WHEN 'credit_note' THEN '{sales,stock,general}'
		WHEN 'bad_debt' THEN '{sales,general}'
		WHEN 'customer_payment' THEN '{sales,general}'
		WHEN 'supplier_payment' THEN '{purchasing,general}'
		WHEN 'manual_voucher' THEN '{general}'
		WHEN 'offset' THEN '{general}'
		ELSE '{stock,general}' END::text[]
$$;

CREATE FUNCTION trial.is_drafted(p_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT p_kind IN ('manual_voucher', 'bad_debt', 'customer_payment', 'supplier_payment', 'offset') $$;

CREATE FUNCTION trial.total_sign(p_kind text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN p_kind IN ('goods_receipt', 'credit_note', 'bad_debt', 'customer_payment') THEN -1
		WHEN p_kind IN ('sales_invoice', 'supplier_payment') THEN 1 ELSE 0 END
$$;

CREATE FUNCTION trial.decimals(p_currency text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE p_currency WHEN 'JPY' THEN 0 WHEN 'BHD' THEN 3 ELSE 2 END $$;

CREATE FUNCTION trial.is_closed(p_company text, p_day date, p_modules text[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM trial.closed c WHERE c.company = p_company AND c.month = date_trunc('month', p_day)::date AND c.module = ANY (p_modules));
END
$$;

CREATE FUNCTION trial.is_locked(p_company text, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN p_day <= (SELECT h.day FROM trial.hard_lock h WHERE h.company = p_company); END $$;

-- Day by day.
CREATE FUNCTION trial.first_open(p_company text, p_day date, p_modules text[]) RETURNS date
LANGUAGE plpgsql STABLE AS $$
DECLARE
	day date := p_day;
BEGIN
	WHILE trial.is_closed(p_company, day, p_modules) OR trial.is_locked(p_company, day) LOOP
		day := day + 1;
	END LOOP;
	RETURN day;
END
$$;
