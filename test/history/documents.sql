-- Documents, naively: what each says, what it puts into the ledger, which items it opens, and what it must be refused for.

-- The lines of a document as they were meant: amounts rounded, defaults filled in.
CREATE FUNCTION trial.read_lines(p_company text, p_no integer, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO trial.line
	SELECT p_company, p_no, n, coalesce(l ->> 'role', CASE WHEN l ->> 'item' = 'SV' THEN 'service' ELSE
			CASE p_doc ->> 'kind' WHEN 'goods_receipt' THEN 'receipt' WHEN 'sales_invoice' THEN 'sale' WHEN 'credit_note' THEN 'return'
			WHEN 'stock_gain' THEN 'gain' WHEN 'stock_loss' THEN 'loss' WHEN 'free_issue' THEN 'free' WHEN 'scrap' THEN 'scrap' WHEN 'production_receipt' THEN 'product'
			WHEN 'assembly' THEN 'component' WHEN 'disassembly' THEN 'component' WHEN 'production_issue' THEN 'component' WHEN 'bad_debt' THEN 'bad_debt'
			WHEN 'customer_payment' THEN 'bank' WHEN 'supplier_payment' THEN 'bank' ELSE 'entry' END END),
		coalesce(l ->> 'item', ''), coalesce(l ->> 'warehouse', p_doc ->> 'warehouse', 'MAIN'), coalesce((l ->> 'quantity')::numeric, 0),
		coalesce((l ->> 'amount')::numeric, round((l ->> 'quantity')::numeric * (l ->> 'price')::numeric, trial.decimals(p_doc ->> 'currency')), 0),
		coalesce((l ->> 'cost')::numeric, (l ->> 'share')::numeric, CASE WHEN l ->> 'role' = 'product' OR p_doc ->> 'kind' = 'production_receipt' THEN 1 END), coalesce(l ->> 'tax_code', p_doc ->> 'tax_code', ''), coalesce(l ->> 'account', ''), coalesce(l ->> 'side', ''),
		coalesce(l ->> 'party', CASE p_doc ->> 'kind' WHEN 'offset' THEN p_doc ->> 'party' END, ''), coalesce(l -> 'dimensions', '{}'),
		l -> 'origin' ->> 'key', (l -> 'origin' ->> 'line')::integer, 0, coalesce(l ->> 'lot', '')
	FROM jsonb_array_elements(p_doc -> 'lines') WITH ORDINALITY e (l, n);
END
$$;

-- What was posted is taken back with its sign turned, whatever the rules say by now.
CREATE FUNCTION trial.reverse_lines(p_company text, p_no integer, o trial.document) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO trial.line
	SELECT company, p_no, line_no, role, item, warehouse, -quantity, -amount, -cost, tax_code, account, side, party, dimensions, NULL, NULL, -base, lot
	FROM trial.line WHERE company = p_company AND no = o.no;
	UPDATE trial.document d SET tax = -o.tax, tax_base = -o.tax_base, rounding = -o.rounding WHERE d.company = p_company AND d.no = p_no;
END
$$;

CREATE FUNCTION trial.other_side(p_side text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE p_side WHEN 'debit' THEN 'credit' ELSE 'debit' END $$;

-- One amount of a document, debit positive; where the company reverses on the opposite side, a reversal shows it there.
CREATE FUNCTION trial.post(d trial.document, p_account text, p_side text, p_party text, p_amount numeric, p_currency_amount numeric, p_dimensions jsonb, p_place integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO trial.gl VALUES (d.company, d.no, d.posting_day, p_account,
		CASE WHEN d.reverses <> 0 AND (SELECT opposite FROM trial.book b WHERE b.company = d.company) THEN trial.other_side(p_side) ELSE p_side END,
		p_party, p_amount, d.currency, p_currency_amount, p_dimensions, p_place);
END
$$;

-- Entries go where they say, an offset's amounts from one account to another, all others against the total by the rules.
CREATE FUNCTION trial.post_line(d trial.document, l trial.line) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r record := trial.rule_of(d.kind, l.role, 'amount');
	t record;
	sign integer := CASE coalesce(nullif(l.side, ''), r.side) WHEN 'debit' THEN 1 ELSE -1 END;
BEGIN
	IF l.role = 'entry' THEN
		PERFORM trial.post(d, l.account, l.side, l.party, sign * l.base, sign * l.amount, l.dimensions, l.line_no);
	ELSIF d.kind = 'offset' THEN
		t := trial.rule_of(d.kind, l.role, 'total');
		PERFORM trial.post(d, r.account, r.side, d.party, sign * l.base, sign * l.amount, l.dimensions, 2 * l.line_no - 1);
		PERFORM trial.post(d, t.account, t.side, l.party, -sign * l.base, -sign * l.amount, l.dimensions, 2 * l.line_no);
	ELSIF l.role <> 'receipt' AND trial.total_sign(d.kind) <> 0 AND l.amount <> 0 THEN
		sign := -trial.total_sign(d.kind);
		PERFORM trial.post(d, coalesce(nullif(l.account, ''), r.account), r.side, d.party, sign * l.base, sign * l.amount, l.dimensions, l.line_no);
	END IF;
END
$$;

-- Net, tax, total and rounding of a document into the ledger.
CREATE FUNCTION trial.post_amounts(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	l trial.line;
	net numeric := 0;
	base numeric := 0;
	r record;
	sign integer;
BEGIN
	SELECT * INTO d FROM trial.document WHERE company = p_company AND no = p_no;
	sign := trial.total_sign(d.kind);
	FOR l IN SELECT * FROM trial.line t WHERE t.company = p_company AND t.no = p_no ORDER BY t.line_no LOOP
		PERFORM trial.post_line(d, l);
		net := net + l.amount;
		base := base + l.base;
	END LOOP;
	IF d.tax <> 0 THEN
		r := trial.rule_of(d.kind, 'document', 'tax');
		PERFORM trial.post(d, r.account, r.side, d.party, -sign * d.tax_base, -sign * d.tax, '{}', 1000);
	END IF;
	IF sign <> 0 AND net + d.tax <> 0 THEN
		r := trial.rule_of(d.kind, 'document', 'total');
		PERFORM trial.post(d, r.account, r.side, d.party, sign * (base + d.tax_base), sign * (net + d.tax), '{}', 1001);
	END IF;
	IF d.rounding <> 0 THEN
		PERFORM trial.post(d, '5800', CASE WHEN (d.rounding > 0) = (d.reverses = 0) THEN 'credit' ELSE 'debit' END, '', -d.rounding, 0,
			CASE WHEN (SELECT count(DISTINCT t.dimensions) FROM trial.line t WHERE t.company = p_company AND t.no = p_no) = 1
				THEN (SELECT t.dimensions FROM trial.line t WHERE t.company = p_company AND t.no = p_no LIMIT 1) ELSE '{}' END, 1002);
	END IF;
END
$$;

-- Entries open an item each; other amounts of one account, party and set of dimensions come together.
CREATE FUNCTION trial.open_items_of(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
BEGIN
	SELECT * INTO d FROM trial.document WHERE company = p_company AND no = p_no;
	INSERT INTO trial.item
	SELECT p_company, coalesce((SELECT max(i.item) FROM trial.item i WHERE i.company = p_company), 0) + row_number() OVER (ORDER BY g.place), p_no,
		CASE d.kind WHEN 'manual_voucher' THEN g.place WHEN 'offset' THEN row_number() OVER (ORDER BY g.place) END,
		g.account, g.party, d.currency, d.posting_day, g.currency_amount, g.amount, trial.due_day(d, t.terms), t.terms
	FROM (SELECT min(t.place) AS place, t.account, t.party, sum(t.currency_amount) AS currency_amount, sum(t.amount) AS amount
		FROM trial.gl t WHERE t.company = p_company AND t.no = p_no AND trial.has_open_items(t.account) AND t.currency_amount <> 0
		GROUP BY t.account, t.side, t.party, t.dimensions, CASE d.kind WHEN 'manual_voucher' THEN t.place END) g, trial.terms_of(d, g.account, g.party) t (terms);
END
$$;

-- Whether a production receipt that stands took over what an issue consumed.
CREATE FUNCTION trial.is_taken(p_company text, p_key text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT EXISTS (SELECT FROM trial.document d WHERE d.company = p_company AND d.reverses = 0 AND d.body -> 'consumes' ? p_key
		AND NOT EXISTS (SELECT FROM trial.document r WHERE r.company = p_company AND r.reverses = d.no))
$$;

-- What a production receipt names stands and is not later (TR192), and no other took it over (TR190).
CREATE FUNCTION trial.check_consumed(p_company text, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM trial.document d WHERE d.company = p_company AND p_doc -> 'consumes' ? d.key
		AND (d.kind <> 'production_issue' OR d.reverses <> 0 OR (d.posting_day, d.tod) > ((p_doc ->> 'day')::date, coalesce((p_doc ->> 'time')::time, '00:00'))
			OR EXISTS (SELECT FROM trial.document r WHERE r.company = p_company AND r.reverses = d.no))) THEN
		PERFORM trial.refuse('TR192');
	ELSIF EXISTS (SELECT FROM jsonb_array_elements_text(p_doc -> 'consumes') k WHERE trial.is_taken(p_company, k)) THEN
		PERFORM trial.refuse('TR190');
	END IF;
END
$$;

-- The document that another takes back: it and its supplementary vouchers stand, TR052 and TR112.
CREATE FUNCTION trial.reversed(p_company text, p_key text) RETURNS trial.document
LANGUAGE plpgsql AS $$
DECLARE
	o trial.document;
BEGIN
	SELECT * INTO o FROM trial.document WHERE company = p_company AND key = p_key;
	IF o.reverses <> 0 OR trial.is_value_kind(o.kind) OR EXISTS (SELECT FROM trial.document WHERE company = p_company AND reverses = o.no) THEN
		PERFORM trial.refuse('TR052');
	ELSIF EXISTS (SELECT FROM trial.document c WHERE c.company = p_company AND c.corrects = o.no
		AND NOT EXISTS (SELECT FROM trial.document r WHERE r.company = p_company AND r.reverses = c.no)) THEN
		PERFORM trial.refuse('TR112');
	ELSIF trial.is_taken(p_company, p_key) THEN
		PERFORM trial.refuse('TR191');
	END IF;
	RETURN o;
END
$$;

-- The number of the document that a supplementary voucher names, 0 for none: it stands and has a voucher (TR111) that is not later (TR011).
CREATE FUNCTION trial.corrected(p_company text, p_doc jsonb) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	o trial.document;
BEGIN
	IF NOT p_doc ? 'corrects' THEN
		RETURN 0;
	END IF;
	SELECT * INTO o FROM trial.document WHERE company = p_company AND key = p_doc ->> 'corrects';
	IF o.reverses <> 0 OR EXISTS (SELECT FROM trial.document WHERE company = p_company AND reverses = o.no)
		OR NOT EXISTS (SELECT FROM trial.gl g WHERE g.company = p_company AND g.no = o.no AND (g.amount <> 0 OR g.currency_amount <> 0)) THEN
		PERFORM trial.refuse('TR111');
	ELSIF (p_doc ->> 'day')::date < o.posting_day THEN
		PERFORM trial.refuse('TR011');
	END IF;
	RETURN o.no;
END
$$;

-- The day on which it lands: TR031 outside of the years, TR030 where its own is closed, TR032 where it is only locked.
CREATE FUNCTION trial.posting_day(p_company text, p_doc jsonb, p_kind text) RETURNS date
LANGUAGE plpgsql AS $$
DECLARE
	day date := p_doc ->> 'day';
	posting date := trial.first_open(p_company, day, trial.modules(p_kind));
BEGIN
	IF day NOT BETWEEN '2009-01-01' AND '2010-12-31' THEN
		PERFORM trial.refuse('TR031');
	ELSIF posting <> day AND NOT coalesce((p_doc ->> 'late')::boolean, false) THEN
		PERFORM trial.refuse(CASE WHEN trial.is_closed(p_company, day, trial.modules(p_kind)) THEN 'TR030' ELSE 'TR032' END);
	END IF;
	RETURN posting;
END
$$;

-- An office expense names its department, where the company asks for that.
CREATE FUNCTION trial.check_departments(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT b.department_required FROM trial.book b WHERE b.company = p_company)
		AND EXISTS (SELECT FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND l.account = '6000' AND NOT l.dimensions ? 'DEPT') THEN
		PERFORM trial.refuse('TR045');
	END IF;
END
$$;

-- Adds one document, without looking at stock and settlements yet.
CREATE FUNCTION trial.add_document(p_company text, p_doc jsonb, p_from_draft boolean) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	new_no integer := coalesce((SELECT max(no) FROM trial.document WHERE company = p_company), 0) + 1;
	original trial.document;
	new_kind text := p_doc ->> 'kind';
	corrects integer;
	posting date;
BEGIN
	IF p_doc ? 'reverses' THEN
		original := trial.reversed(p_company, p_doc ->> 'reverses');
		new_kind := original.kind;
	END IF;
	IF NOT p_from_draft AND trial.is_drafted(new_kind) AND (SELECT b.reviewed FROM trial.book b WHERE b.company = p_company) THEN
		PERFORM trial.refuse('TR100');
	END IF;
	corrects := trial.corrected(p_company, p_doc);
	PERFORM trial.check_consumed(p_company, p_doc);
	PERFORM trial.check_months_before(p_company, p_doc);
	posting := trial.posting_day(p_company, p_doc, new_kind);
	IF original.no IS NOT NULL THEN
		PERFORM trial.check_reversible(p_company, original.no, posting);
	END IF;
	INSERT INTO trial.document VALUES (p_company, new_no, p_doc ->> 'key', new_kind, (p_doc ->> 'day')::date, coalesce((p_doc ->> 'time')::time, '00:00'), posting,
		coalesce(original.party, p_doc ->> 'party', ''), coalesce(original.no, 0), corrects, p_doc, coalesce(original.currency, p_doc ->> 'currency', 'GBP'));
	IF original.no IS NULL THEN
		PERFORM trial.read_lines(p_company, new_no, p_doc);
		PERFORM trial.convert(p_company, new_no);
		PERFORM trial.check_departments(p_company, new_no);
	ELSE
		PERFORM trial.reverse_lines(p_company, new_no, original);
	END IF;
	PERFORM trial.post_amounts(p_company, new_no);
	PERFORM trial.check_units(d), trial.check_credit(d) FROM trial.document d WHERE d.company = p_company AND d.no = new_no;
	PERFORM trial.add_moves(p_company, new_no);
	PERFORM trial.check_lots(p_company, new_no);
	PERFORM trial.open_items_of(p_company, new_no);
	RETURN new_no;
END
$$;

CREATE FUNCTION trial.revalue_from(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM trial.move WHERE company = p_company AND no >= p_no) THEN
		PERFORM trial.revalue(p_company, (SELECT min(d.posting_day) FROM trial.document d WHERE d.company = p_company AND d.no >= p_no));
	END IF;
END
$$;

-- Adds documents one by one (each re-valued before the next) or as one set, then what they settle;
-- returns '' or the error that must come (as LE code), leaving nothing behind then.
CREATE FUNCTION trial.predict(p_company text, p_docs jsonb, p_one_by_one boolean DEFAULT true, p_from_draft boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	doc jsonb;
	new_no integer;
	first_no integer;
BEGIN
	-- Documents are read before any is posted.
	IF EXISTS (SELECT FROM jsonb_array_elements(p_docs) e (d) WHERE NOT d ? 'reverses' AND trial.rate_of(d) IS NULL) THEN
		RETURN 'LE043';
	END IF;
	FOR doc IN SELECT value FROM jsonb_array_elements(p_docs) LOOP
		new_no := trial.add_document(p_company, doc, p_from_draft);
		first_no := coalesce(first_no, new_no);
		IF p_one_by_one THEN
			PERFORM trial.revalue_from(p_company, new_no);
		END IF;
	END LOOP;
	IF NOT p_one_by_one THEN
		PERFORM trial.revalue_from(p_company, first_no);
	END IF;
	PERFORM trial.settle_posted(p_company, d) FROM (SELECT t FROM trial.document t WHERE t.company = p_company AND t.no >= first_no AND t.body ? 'settles' ORDER BY t.no) d (d);
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE NOT LIKE 'TR%' THEN
		RAISE;
	END IF;
	RETURN replace(SQLSTATE, 'TR', 'LE');
END
$$;
