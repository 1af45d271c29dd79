-- The naive re-derivation: what the books must be after a list of documents, by
-- loops over plain tables. It reads the documents as they were handed to the
-- engine and shares no code, table or result with it.

CREATE TABLE trial.closed (company text NOT NULL, month date NOT NULL, module text NOT NULL, PRIMARY KEY (company, month, module));

CREATE TABLE trial.document (
	company text NOT NULL, no integer NOT NULL, key text NOT NULL, kind text NOT NULL, day date NOT NULL, tod time NOT NULL,
	posting_day date NOT NULL, party text NOT NULL, reverses integer NOT NULL DEFAULT 0, body jsonb NOT NULL,
	currency text NOT NULL DEFAULT 'GBP', rate numeric NOT NULL DEFAULT 1, tax numeric NOT NULL DEFAULT 0, tax_base numeric NOT NULL DEFAULT 0,
	PRIMARY KEY (company, no), UNIQUE (company, key));

CREATE TABLE trial.line (
	company text NOT NULL, no integer NOT NULL, line_no integer NOT NULL, role text NOT NULL, item text NOT NULL, warehouse text NOT NULL,
	quantity numeric NOT NULL, amount numeric NOT NULL, cost numeric, tax_code text NOT NULL, account text NOT NULL, side text NOT NULL,
	origin_key text, origin_line integer, base numeric NOT NULL DEFAULT 0,
	PRIMARY KEY (company, no, line_no));

-- source: receipt and given carry their value, issue asks the pool, return takes
-- a part of its origin's cost, restore all of it, takeback its origin's own value.
CREATE TABLE trial.move (
	company text NOT NULL, seq integer NOT NULL, no integer NOT NULL, line_no integer NOT NULL, item text NOT NULL, warehouse text NOT NULL,
	day date NOT NULL, tod time NOT NULL, quantity numeric NOT NULL, source text NOT NULL, given numeric, origin integer,
	inventory text NOT NULL, counter text, value numeric,
	PRIMARY KEY (company, seq));

CREATE TABLE trial.pool (company text NOT NULL, item text NOT NULL, pool integer NOT NULL, quantity numeric NOT NULL, value numeric NOT NULL,
	PRIMARY KEY (company, item, pool));

CREATE TABLE trial.gl (company text NOT NULL, day date NOT NULL, account text NOT NULL, party text NOT NULL, amount numeric NOT NULL);
CREATE INDEX ON trial.gl (company);

CREATE FUNCTION trial.modules(p_kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE p_kind
		WHEN 'goods_receipt' THEN '{purchasing,stock,general}'
		WHEN 'sales_invoice' THEN '{sales,stock,general}'
		WHEN 'credit_note' THEN '{sales,stock,general}'
		WHEN 'bad_debt' THEN '{sales,general}'
		WHEN 'customer_payment' THEN '{sales,general}'
		WHEN 'manual_voucher' THEN '{general}'
		ELSE '{stock,general}' END::text[]
$$;

CREATE FUNCTION trial.total_sign(p_kind text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN p_kind IN ('goods_receipt', 'credit_note', 'bad_debt', 'customer_payment') THEN -1 WHEN p_kind = 'sales_invoice' THEN 1 ELSE 0 END
$$;

CREATE FUNCTION trial.decimals(p_currency text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE p_currency WHEN 'JPY' THEN 0 WHEN 'BHD' THEN 3 ELSE 2 END $$;

CREATE FUNCTION trial.first_open(p_company text, p_day date, p_modules text[]) RETURNS date
LANGUAGE plpgsql STABLE AS $$
DECLARE
	day date := p_day;
BEGIN
	WHILE EXISTS (SELECT FROM trial.closed c WHERE c.company = p_company AND c.month = date_trunc('month', day)::date AND c.module = ANY (p_modules)) LOOP
		day := (date_trunc('month', day) + interval '1 month')::date;
	END LOOP;
	RETURN day;
END
$$;

-- Values of all moves of an item, in the order (day, time, sequence); raises
-- TR050, TR051 or TR052 where no history like this may exist. Also sets the pools.
CREATE FUNCTION trial.derive(p_company text, p_item text) RETURNS numeric[]
LANGUAGE plpgsql AS $$
DECLARE
	is_fifo boolean := p_item LIKE 'F%';
	by_warehouse boolean := p_item LIKE '%W';
	m trial.move;
	o trial.move;
	p integer;
	w integer;
	v numeric;
	take numeric;
	rest numeric;
	part numeric;
	i integer;
	pool_quantity numeric[] := '{0,0}';
	pool_value numeric[] := '{0,0}';
	place numeric[] := '{0,0}';
	layer_seq integer[] := '{}';
	layer_pool integer[] := '{}';
	layer_quantity numeric[] := '{}';
	layer_value numeric[] := '{}';
	known numeric[] := '{}';
BEGIN
	FOR m IN SELECT * FROM trial.move t WHERE t.company = p_company AND t.item = p_item ORDER BY t.day, t.tod, t.seq LOOP
		w := CASE m.warehouse WHEN 'MAIN' THEN 1 ELSE 2 END;
		p := CASE WHEN by_warehouse THEN w ELSE 1 END;
		IF m.origin IS NOT NULL THEN
			SELECT * INTO o FROM trial.move t WHERE t.company = p_company AND t.seq = m.origin;
			IF known[m.origin] IS NULL THEN
				RAISE EXCEPTION 'origin is later' USING ERRCODE = 'TR051';
			END IF;
		END IF;
		IF m.quantity < 0 AND place[w] + m.quantity < 0 THEN
			RAISE EXCEPTION 'place negative' USING ERRCODE = CASE m.source WHEN 'takeback' THEN 'TR052' ELSE 'TR050' END;
		END IF;
		IF m.quantity < 0 AND pool_quantity[p] + m.quantity < 0 THEN
			RAISE EXCEPTION 'pool negative' USING ERRCODE = CASE m.source WHEN 'takeback' THEN 'TR052' ELSE 'TR050' END;
		END IF;

		IF m.source IN ('receipt', 'given') THEN
			v := m.given;
		ELSIF m.source = 'return' THEN
			v := round(m.quantity * known[m.origin] / o.quantity, 2);
		ELSIF m.source IN ('restore', 'takeback') THEN
			v := -known[m.origin];
		ELSIF is_fifo THEN
			v := 0;
			rest := -m.quantity;
			FOR i IN 1 .. cardinality(layer_seq) LOOP
				EXIT WHEN rest = 0;
				CONTINUE WHEN layer_pool[i] <> p OR layer_quantity[i] = 0;
				take := least(rest, layer_quantity[i]);
				part := CASE WHEN take = layer_quantity[i] THEN layer_value[i] ELSE round(layer_value[i] * take / layer_quantity[i], 2) END;
				layer_quantity[i] := layer_quantity[i] - take;
				layer_value[i] := layer_value[i] - part;
				rest := rest - take;
				v := v - part;
			END LOOP;
		ELSIF pool_quantity[p] + m.quantity = 0 THEN
			v := -pool_value[p];
		ELSE
			v := round(pool_value[p] * m.quantity / pool_quantity[p], 2);
		END IF;

		IF m.quantity > 0 AND is_fifo THEN
			layer_seq := layer_seq || m.seq;
			layer_pool := layer_pool || p;
			layer_quantity := layer_quantity || m.quantity;
			layer_value := layer_value || v;
		ELSIF m.source = 'takeback' AND is_fifo THEN
			i := array_position(layer_seq, m.origin);
			IF layer_quantity[i] <> o.quantity THEN
				RAISE EXCEPTION 'layer not whole' USING ERRCODE = 'TR052';
			END IF;
			layer_quantity[i] := 0;
			layer_value[i] := 0;
		END IF;

		known[m.seq] := v;
		place[w] := place[w] + m.quantity;
		pool_quantity[p] := pool_quantity[p] + m.quantity;
		pool_value[p] := pool_value[p] + v;
		IF pool_value[p] < 0 OR (pool_quantity[p] = 0 AND pool_value[p] <> 0) THEN
			RAISE EXCEPTION 'pool worth %', pool_value[p] USING ERRCODE = 'TR052';
		END IF;
	END LOOP;

	DELETE FROM trial.pool t WHERE t.company = p_company AND t.item = p_item;
	INSERT INTO trial.pool SELECT p_company, p_item, n, pool_quantity[n], pool_value[n] FROM generate_series(1, 2) n WHERE n = 1 OR by_warehouse;
	RETURN known;
END
$$;

-- Re-values an item; what changed on older moves goes to the ledger on the day
-- of the move or the first open one from there.
CREATE FUNCTION trial.revalue(p_company text, p_item text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	known numeric[] := trial.derive(p_company, p_item);
	m record;
BEGIN
	FOR m IN
		SELECT t.*, d.kind, d.posting_day FROM trial.move t JOIN trial.document d USING (company, no)
		WHERE t.company = p_company AND t.item = p_item AND t.value IS DISTINCT FROM known[t.seq]
	LOOP
		INSERT INTO trial.gl
		SELECT p_company, CASE WHEN m.value IS NULL THEN m.posting_day ELSE trial.first_open(p_company, m.day, '{stock,general}') END, a.account, '', a.amount
		FROM (VALUES (m.inventory, known[m.seq] - coalesce(m.value, 0)), (m.counter, coalesce(m.value, 0) - known[m.seq])) a (account, amount)
		WHERE a.account IS NOT NULL;
		UPDATE trial.move t SET value = known[t.seq] WHERE t.company = p_company AND t.seq = m.seq;
	END LOOP;
END
$$;

-- The lines of a document as they were meant: amounts rounded, defaults filled in.
CREATE FUNCTION trial.read_lines(p_company text, p_no integer, p_doc jsonb) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO trial.line
	SELECT p_company, p_no, n, role, item, coalesce(l ->> 'warehouse', p_doc ->> 'warehouse', 'MAIN'),
		coalesce((l ->> 'quantity')::numeric, 0),
		coalesce((l ->> 'amount')::numeric, round((l ->> 'quantity')::numeric * (l ->> 'price')::numeric, trial.decimals(p_doc ->> 'currency')), 0),
		(l ->> 'cost')::numeric, coalesce(l ->> 'tax_code', p_doc ->> 'tax_code', ''), coalesce(l ->> 'account', ''), coalesce(l ->> 'side', ''),
		l -> 'origin' ->> 'key', (l -> 'origin' ->> 'line')::integer
	FROM jsonb_array_elements(p_doc -> 'lines') WITH ORDINALITY e (l, n),
		LATERAL (SELECT coalesce(l ->> 'item', '')) i (item),
		LATERAL (SELECT coalesce(l ->> 'role', CASE WHEN item = 'SV' THEN 'service' ELSE
			CASE p_doc ->> 'kind' WHEN 'goods_receipt' THEN 'receipt' WHEN 'sales_invoice' THEN 'sale' WHEN 'credit_note' THEN 'return'
			WHEN 'stock_gain' THEN 'gain' WHEN 'stock_loss' THEN 'loss' WHEN 'free_issue' THEN 'free' WHEN 'bad_debt' THEN 'bad_debt' ELSE 'entry' END END)) r (role)
$$;

CREATE FUNCTION trial.reverse_lines(p_company text, p_no integer, p_original integer) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO trial.line
	SELECT company, p_no, line_no, role, item, warehouse, -quantity, -amount, -cost, tax_code, account, side, NULL, NULL, -base
	FROM trial.line WHERE company = p_company AND no = p_original
$$;

-- The stock moves of a document, on the day on which it lands; TR051 where a return names no issue of the item.
CREATE FUNCTION trial.add_moves(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	l trial.line;
	o trial.move;
	seq integer := coalesce((SELECT max(m.seq) FROM trial.move m WHERE m.company = p_company), 0);
	incoming boolean;
BEGIN
	SELECT * INTO d FROM trial.document WHERE company = p_company AND no = p_no;
	FOR l IN SELECT * FROM trial.line t WHERE t.company = p_company AND t.no = p_no AND t.role IN ('receipt', 'sale', 'free', 'gain', 'loss', 'return') ORDER BY t.line_no LOOP
		seq := seq + 1;
		incoming := l.role IN ('receipt', 'gain', 'return');
		o := NULL;
		IF d.reverses <> 0 THEN
			SELECT * INTO o FROM trial.move m WHERE m.company = p_company AND m.no = d.reverses AND m.line_no = l.line_no;
		ELSIF l.origin_key IS NOT NULL THEN
			SELECT m.* INTO o FROM trial.move m JOIN trial.document t USING (company, no)
			WHERE m.company = p_company AND t.key = l.origin_key AND m.line_no = l.origin_line AND m.item = l.item AND m.source = 'issue';
			IF NOT FOUND OR EXISTS (SELECT FROM trial.document r WHERE r.company = p_company AND r.reverses = o.no) THEN
				RAISE EXCEPTION 'no such issue' USING ERRCODE = 'TR051';
			END IF;
		END IF;
		INSERT INTO trial.move VALUES (p_company, seq, p_no, l.line_no, l.item, l.warehouse, d.posting_day, d.tod,
			CASE WHEN incoming THEN l.quantity ELSE -l.quantity END,
			CASE WHEN d.reverses <> 0 THEN CASE WHEN incoming THEN 'takeback' ELSE 'restore' END
				WHEN l.role = 'receipt' THEN 'receipt' WHEN NOT incoming THEN 'issue' WHEN o.seq IS NOT NULL THEN 'return' ELSE 'given' END,
			CASE WHEN l.role = 'receipt' THEN l.base ELSE l.cost END, o.seq,
			trial.account(d.kind, l.role, 'inventory', CASE WHEN l.item LIKE '%W' THEN 'B' ELSE 'A' END),
			CASE WHEN l.role <> 'receipt' THEN trial.account(d.kind, l.role, 'cost', '') END, NULL);
	END LOOP;
END
$$;

-- Adds one document, without looking at stock yet.
CREATE FUNCTION trial.add_document(p_company text, p_doc jsonb) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	new_no integer := coalesce((SELECT max(no) FROM trial.document WHERE company = p_company), 0) + 1;
	original trial.document;
	new_kind text := p_doc ->> 'kind';
	new_day date := p_doc ->> 'day';
	posting date;
BEGIN
	IF p_doc ? 'reverses' THEN
		SELECT * INTO original FROM trial.document WHERE company = p_company AND key = p_doc ->> 'reverses';
		IF original.reverses <> 0 OR EXISTS (SELECT FROM trial.document WHERE company = p_company AND reverses = original.no) THEN
			RAISE EXCEPTION 'reversed, or a reversal' USING ERRCODE = 'TR052';
		END IF;
		new_kind := original.kind;
	END IF;
	IF new_day NOT BETWEEN '2009-01-01' AND '2010-12-31' THEN
		RAISE EXCEPTION 'no period' USING ERRCODE = 'TR031';
	END IF;
	posting := trial.first_open(p_company, new_day, trial.modules(new_kind));
	IF posting <> new_day AND NOT coalesce((p_doc ->> 'late')::boolean, false) THEN
		RAISE EXCEPTION 'closed' USING ERRCODE = 'TR030';
	END IF;
	IF original.no IS NOT NULL THEN
		PERFORM trial.check_reversible(p_company, original.no, posting);
	END IF;
	INSERT INTO trial.document VALUES (p_company, new_no, p_doc ->> 'key', new_kind, new_day, coalesce((p_doc ->> 'time')::time, '00:00'), posting,
		coalesce(original.party, p_doc ->> 'party', ''), coalesce(original.no, 0), p_doc, coalesce(original.currency, p_doc ->> 'currency', 'GBP'));
	IF original.no IS NULL THEN
		PERFORM trial.read_lines(p_company, new_no, p_doc);
		PERFORM trial.convert(p_company, new_no);
	ELSE
		PERFORM trial.reverse_lines(p_company, new_no, original.no);
		UPDATE trial.document d SET tax = -original.tax, tax_base = -original.tax_base WHERE d.company = p_company AND d.no = new_no;
	END IF;
	PERFORM trial.post_amounts(p_company, new_no);
	PERFORM trial.add_moves(p_company, new_no);
	RETURN new_no;
END
$$;

-- Adds documents one by one (each re-valued before the next) or as one set;
-- returns '' or the error that must come (as LE code), leaving nothing behind then.
CREATE FUNCTION trial.predict(p_company text, p_docs jsonb, p_one_by_one boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	doc jsonb;
	first_no integer;
	new_no integer;
	touched text;
	code text;
BEGIN
	-- Documents are read before any is posted.
	IF EXISTS (SELECT FROM jsonb_array_elements(p_docs) e (d) WHERE NOT d ? 'reverses' AND trial.rate_of(d) IS NULL) THEN
		RETURN 'LE043';
	END IF;
	FOR doc IN SELECT value FROM jsonb_array_elements(p_docs) LOOP
		new_no := trial.add_document(p_company, doc);
		first_no := coalesce(first_no, new_no);
		IF p_one_by_one THEN
			FOR touched IN SELECT DISTINCT item FROM trial.move WHERE company = p_company AND no = new_no LOOP
				PERFORM trial.revalue(p_company, touched);
			END LOOP;
		END IF;
	END LOOP;
	IF NOT p_one_by_one THEN
		FOR touched IN SELECT DISTINCT item FROM trial.move WHERE company = p_company AND no >= first_no LOOP
			PERFORM trial.revalue(p_company, touched);
		END LOOP;
	END IF;
	RETURN '';
EXCEPTION WHEN SQLSTATE 'TR011' OR SQLSTATE 'TR095' OR SQLSTATE 'TR030' OR SQLSTATE 'TR031' OR SQLSTATE 'TR050' OR SQLSTATE 'TR051' OR SQLSTATE 'TR052' THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN replace(code, 'TR', 'LE');
END
$$;

-- Every difference between the books and the re-derivation, one row each.
CREATE FUNCTION trial.differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company),
	doc AS (SELECT d.* FROM erp.document d JOIN c USING (company_id) WHERE d.kind NOT IN ('administration', 'numbering', 'cost_adjustment', 'settlement'))
	SELECT 'document', coalesce(d.key, t.key), concat_ws(' ', d.kind, d.day, d.time_of_day, d.posting_day, p.code),
		concat_ws(' ', t.kind, t.day, t.tod, t.posting_day, t.party)
	FROM doc d JOIN erp.party p USING (company_id, party_id)
	FULL JOIN (SELECT * FROM trial.document WHERE company = p_company) t ON t.key = d.key
	WHERE (d.kind, d.day, d.time_of_day, d.posting_day, p.code) IS DISTINCT FROM (t.kind, t.day, t.tod, t.posting_day, t.party)
	UNION ALL
	SELECT 'currency', d.key, concat_ws(' ', k.code, d.rate), concat_ws(' ', t.currency, t.rate)
	FROM doc d JOIN erp.currency k USING (currency_id) JOIN trial.document t ON t.company = p_company AND t.key = d.key
	WHERE t.reverses = 0 AND (k.code, d.rate) IS DISTINCT FROM (t.currency, t.rate)
	UNION ALL
	SELECT 'line', coalesce(b.key, t.key) || ' ' || coalesce(b.line_no, t.line_no), concat_ws(' ', b.role, b.quantity, b.amount), concat_ws(' ', t.role, t.quantity, t.amount)
	FROM (SELECT d.key, l.line_no, l.line_role AS role, l.quantity, l.amount FROM doc d JOIN erp.document_line l USING (company_id, document_id)) b
	FULL JOIN (SELECT d.key, l.line_no, l.role, l.quantity, l.amount FROM trial.line l JOIN trial.document d USING (company, no) WHERE company = p_company) t
		ON t.key = b.key AND t.line_no = b.line_no
	WHERE (b.role, b.quantity, b.amount) IS DISTINCT FROM (t.role, t.quantity, t.amount)
	UNION ALL
	SELECT 'move', coalesce(b.key, t.key) || ' ' || coalesce(b.line_no, t.line_no), concat_ws(' ', b.item, b.warehouse, b.quantity, b.value), concat_ws(' ', t.item, t.warehouse, t.quantity, t.value)
	FROM (SELECT d.key, m.line_no, i.code AS item, w.code AS warehouse, m.quantity,
			coalesce((SELECT sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id), 0) AS value
		FROM doc d JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.item i USING (company_id, item_id) JOIN erp.warehouse w USING (company_id, warehouse_id)) b
	FULL JOIN (SELECT d.key, m.line_no, m.item, m.warehouse, m.quantity, m.value FROM trial.move m JOIN trial.document d USING (company, no) WHERE company = p_company) t
		ON t.key = b.key AND t.line_no = b.line_no
	WHERE (b.item, b.warehouse, b.quantity, b.value) IS DISTINCT FROM (t.item, t.warehouse, t.quantity, t.value)
	UNION ALL
	SELECT 'ledger', coalesce(b.day, t.day) || ' ' || coalesce(b.account, t.account), b.amount::text, t.amount::text
	FROM (SELECT l.day, a.code AS account, sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS amount
		FROM erp.voucher_line l JOIN c USING (company_id) JOIN erp.account a USING (company_id, account_id) GROUP BY 1, 2) b
	FULL JOIN (SELECT day, account, sum(amount) AS amount FROM trial.gl WHERE company = p_company GROUP BY 1, 2) t ON t.day = b.day AND t.account = b.account
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'company amount', v.voucher_id::text, l.company_amount::text, l.amount::text
	FROM erp.voucher v JOIN c USING (company_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.currency k ON k.currency_id = l.currency_id
	WHERE k.code = 'GBP' AND l.amount <> l.company_amount
	UNION ALL
	SELECT 'voucher day', v.voucher_id::text, v.day::text, l.day::text
	FROM erp.voucher v JOIN c USING (company_id) JOIN erp.voucher_line l USING (company_id, voucher_id) WHERE l.day <> v.day
	UNION ALL
	SELECT 'open items', coalesce(b.account, t.account) || ' ' || coalesce(b.party, t.party), b.amount::text, t.amount::text
	FROM (SELECT a.code AS account, p.code AS party, sum(o.company_amount) AS amount
		FROM erp.open_item o JOIN c USING (company_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.party p USING (company_id, party_id) GROUP BY 1, 2) b
	FULL JOIN (SELECT account, party, sum(amount) AS amount FROM trial.gl WHERE company = p_company AND account IN ('1100', '2150') GROUP BY 1, 2) t ON t.account = b.account AND t.party = b.party
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'on hand', coalesce(b.item, t.item) || ' ' || coalesce(b.warehouse, t.warehouse), b.quantity::text, t.quantity::text
	FROM (SELECT i.code AS item, w.code AS warehouse, sum(s.on_hand) AS quantity
		FROM erp_private.stock_position s JOIN c USING (company_id) JOIN erp.item i USING (company_id, item_id) JOIN erp.warehouse w USING (company_id, warehouse_id) GROUP BY 1, 2) b
	FULL JOIN (SELECT item, warehouse, sum(quantity) AS quantity FROM trial.move WHERE company = p_company GROUP BY 1, 2) t ON t.item = b.item AND t.warehouse = b.warehouse
	WHERE coalesce(b.quantity, 0) <> coalesce(t.quantity, 0)
	UNION ALL
	SELECT 'pool', coalesce(b.item, t.item) || ' ' || coalesce(b.pool, t.pool), concat_ws(' ', b.quantity, b.value), concat_ws(' ', t.quantity, t.value)
	FROM (SELECT i.code AS item, CASE WHEN i.cost_pool = 'company' OR w.code = 'MAIN' THEN 1 ELSE 2 END AS pool, s.quantity, s.value
		FROM erp_private.cost_pool s JOIN c USING (company_id) JOIN erp.item i USING (company_id, item_id)
		LEFT JOIN erp.warehouse w ON w.company_id = s.company_id AND w.warehouse_id = s.cost_pool_id) b
	FULL JOIN (SELECT * FROM trial.pool WHERE company = p_company) t ON t.item = b.item AND t.pool = b.pool
	WHERE (coalesce(b.quantity, 0), coalesce(b.value, 0)) IS DISTINCT FROM (coalesce(t.quantity, 0), coalesce(t.value, 0))
	UNION ALL
	SELECT 'tax', coalesce(b.key, t.key), concat_ws(' ', b.base_amount, b.tax_amount), concat_ws(' ', t.base, t.tax)
	FROM (SELECT d.key, x.base_amount, x.tax_amount FROM doc d JOIN erp.document_tax x USING (company_id, document_id)) b
	FULL JOIN (
		SELECT d.key, sum(l.amount) AS base, d.tax FROM trial.document d JOIN trial.line l USING (company, no)
		WHERE d.company = p_company AND l.tax_code <> '' GROUP BY d.key, d.tax) t ON t.key = b.key
	WHERE (coalesce(b.base_amount, 0), coalesce(b.tax_amount, 0)) IS DISTINCT FROM (coalesce(t.base, 0), coalesce(t.tax, 0))
$$;
