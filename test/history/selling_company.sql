-- The fourth kind of history: goods that are ordered, shipped and billed apart, come back, are paid in advance or later. What its company has, and the naive facts of it.
-- It shares no code, table or result with the engine; pools of cost go by the functions of pools.sql.
CREATE SCHEMA selling;

CREATE TABLE selling.item (item text PRIMARY KEY, method text NOT NULL, pool text NOT NULL);
INSERT INTO selling.item VALUES ('F', 'fifo', 'company'), ('A', 'moving_average', 'company'), ('W', 'fifo', 'warehouse');

-- What a line of a document is by default; names: roles of the lines that it may name; counter: where the cost of what moves goes to.
CREATE TABLE selling.role (kind text NOT NULL, role text NOT NULL, names text[] NOT NULL, counter text NOT NULL, PRIMARY KEY (kind, role));
INSERT INTO selling.role VALUES
	('goods_receipt', 'receipt', '{}', ''), ('shipment', 'shipped', '{}', ''), ('shipment_return', 'came_back', '{shipped}', ''),
	('sales_shipment', 'sold', '{invoiced}', '5000'), ('sales_shipment_return', 'sold_back', '{sold}', '5000'),
	('sales_invoice', 'sale', '{shipped}', '5000'), ('sales_invoice', 'free', '{shipped}', '5100'), ('sales_invoice', 'service', '{}', ''), ('sales_invoice', 'invoiced', '{sold}', ''),
	('credit_note', 'return', '{sale,sold}', '5000'), ('credit_note', 'gift_return', '{free}', '5100'), ('credit_note', 'allowance', '{}', ''), ('free_issue', 'free', '{}', '5100'),
	('customer_payment', 'money', '{}', ''), ('customer_deposit', 'money', '{}', ''), ('customer_deposit_refund', 'money', '{}', ''), ('offset', 'money', '{}', '');

-- at_shipment: it earns with the shipment.
CREATE TABLE selling.book (company text PRIMARY KEY, at_shipment boolean NOT NULL);

-- taxed: with VAT. total and tax in its currency, with their worth in pounds.
CREATE TABLE selling.document (company text NOT NULL, no integer NOT NULL, key text NOT NULL, kind text NOT NULL, day date NOT NULL, tod time NOT NULL, party text NOT NULL, currency text NOT NULL,
	rate numeric NOT NULL, reverses integer NOT NULL, taxed boolean NOT NULL, tax numeric NOT NULL DEFAULT 0, tax_base numeric NOT NULL DEFAULT 0, PRIMARY KEY (company, no), UNIQUE (company, key));

-- base: the amount in pounds. linked: how much of the line that is named it clears, for which part of its amount, in its currency and in pounds. code, ord_line: the line of an order that it is for.
CREATE TABLE selling.line (company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, role text NOT NULL, item text NOT NULL, warehouse text NOT NULL, quantity numeric NOT NULL, amount numeric NOT NULL,
	base numeric NOT NULL DEFAULT 0, origin integer, origin_line integer, linked numeric NOT NULL DEFAULT 0, linked_amount numeric NOT NULL DEFAULT 0, linked_base numeric NOT NULL DEFAULT 0,
	code text, ord_line integer, demanded boolean NOT NULL DEFAULT false, PRIMARY KEY (company, no, line_no));

-- source: given carries its value; issue asks the pool; return has a part of its origin's cost; arrive, restore and takeback its origin's, turned. shipped: it lies with a customer.
CREATE TABLE selling.move (company text NOT NULL, seq integer NOT NULL, no integer NOT NULL, line_no integer NOT NULL, leg integer NOT NULL, item text NOT NULL, warehouse text NOT NULL, shipped boolean NOT NULL,
	day date NOT NULL, tod time NOT NULL, quantity numeric NOT NULL, source text NOT NULL, given numeric, origin integer, pool text NOT NULL, counter text NOT NULL, value numeric, PRIMARY KEY (company, seq));
CREATE INDEX ON selling.move (company, no);

CREATE TABLE selling.pool (company text NOT NULL, item text NOT NULL, pool text NOT NULL, quantity numeric NOT NULL, value numeric NOT NULL, PRIMARY KEY (company, pool));

-- Debit positive, with its amount in the currency of its document. cost: of goods, which follows what is learned of it.
CREATE TABLE selling.gl (company text NOT NULL, no integer NOT NULL, day date NOT NULL, account text NOT NULL, amount numeric NOT NULL, currency text NOT NULL, currency_amount numeric NOT NULL, cost boolean NOT NULL);

-- What is open of what a document owes, in its currency and in pounds; of deposits it is owed.
CREATE TABLE selling.item_open (company text NOT NULL, no integer NOT NULL, amount numeric NOT NULL, base numeric NOT NULL, settled boolean NOT NULL DEFAULT false, PRIMARY KEY (company, no));

CREATE TABLE selling.ord (company text NOT NULL, n integer NOT NULL, code text NOT NULL, party text NOT NULL, currency text NOT NULL, taxed boolean NOT NULL, state text NOT NULL, priority integer NOT NULL,
	accepts boolean NOT NULL, PRIMARY KEY (company, n), UNIQUE (company, code));
-- said: the request of the line.
CREATE TABLE selling.ord_line (company text NOT NULL, code text NOT NULL, line_no integer NOT NULL, role text NOT NULL, item text NOT NULL, warehouse text NOT NULL, quantity numeric NOT NULL, amount numeric NOT NULL,
	cancelled numeric NOT NULL DEFAULT 0, said jsonb NOT NULL, PRIMARY KEY (company, code, line_no));
-- What is reserved for a line; what it waits for, in the order in which it came to wait.
CREATE TABLE selling.reserved (company text NOT NULL, code text NOT NULL, line_no integer NOT NULL, quantity numeric NOT NULL, PRIMARY KEY (company, code, line_no));
CREATE TABLE selling.waiting (company text NOT NULL, n integer NOT NULL, code text NOT NULL, line_no integer NOT NULL, quantity numeric NOT NULL, PRIMARY KEY (company, n));

CREATE FUNCTION selling.make_book(p_company text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO selling.book VALUES (p_company, p_seed % 2 = 0);
	PERFORM erp.create_company(p_company, 'company', json_build_object('name', 'Seller', 'currency', 'GBP', 'chart', 'english', 'reversal_style', CASE WHEN p_seed % 3 = 0 THEN 'opposite_side' ELSE 'red_letter' END));
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2009", "first_day": "2009-01-01", "months": 12}');
	PERFORM erp.put_company(p_company, 'revenue', json_build_object('revenue_at', CASE WHEN p_seed % 2 = 0 THEN 'shipment' ELSE 'invoice' END));
	PERFORM erp.put_warehouses(p_company, 'warehouses', '[{"code": "NORTH", "name": "North"}]');
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "C2", "name": "Customer 2", "roles": ["customer"]}]');
	PERFORM erp.put_items(p_company, 'items', (SELECT json_agg(json_build_object('code', item, 'name', item, 'kind', 'stock', 'method', method, 'cost_pool', pool)) FROM selling.item));
	PERFORM erp.put_items(p_company, 'services', '[{"code": "SV", "name": "Service", "kind": "service"}]');
	PERFORM erp.put_tax_codes(p_company, 'taxes', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2009-01-01", "rate": "0.2"}]}]');
	PERFORM erp.put_exchange_rates(p_company, 'rates', (SELECT json_agg(json_build_object('from', currency, 'to', 'GBP', 'day', day, 'rate', rate)) FROM trial.rate));
END
$$;

-- In the books, neither taken back nor taking back.
CREATE FUNCTION selling.stands(p_company text, p_no integer) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM selling.document d WHERE d.company = p_company AND d.no = p_no AND d.reverses = 0)
		AND NOT EXISTS (SELECT FROM selling.document r WHERE r.company = p_company AND r.reverses = p_no);
END
$$;

CREATE FUNCTION selling.pool_of(p_item text, p_warehouse text, p_shipped boolean) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT concat_ws(' ', i.item, CASE i.pool WHEN 'warehouse' THEN p_warehouse END, CASE WHEN p_shipped THEN 'shipped' END) FROM selling.item i WHERE i.item = p_item $$;

CREATE FUNCTION selling.post(d selling.document, p_account text, p_amount numeric, p_currency_amount numeric) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO selling.gl SELECT d.company, d.no, d.day, p_account, p_amount, d.currency, p_currency_amount, false WHERE p_amount <> 0 OR p_currency_amount <> 0;
END
$$;
