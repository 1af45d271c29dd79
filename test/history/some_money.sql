-- Requests of money and open items: payments of both sides, bad debts, offsets, manual vouchers and their corrections, and what they settle at once.

-- Items with what they have open, of documents that nothing took back.
CREATE VIEW trial.open_item AS
SELECT i.*, d.key, concat_ws(' ', i.account, i.party, i.currency) AS place, abs(i.amount) - coalesce(t.amount, 0) AS open, sign(i.amount)::integer AS turn
FROM trial.item i JOIN trial.document d USING (company, no)
LEFT JOIN LATERAL (SELECT sum(t.amount) AS amount FROM trial.taking t WHERE t.company = i.company AND t.item = i.item AND t.undone_on IS NULL) t ON true
WHERE d.reverses = 0 AND NOT EXISTS (SELECT FROM trial.document r WHERE r.company = d.company AND r.reverses = d.no);

CREATE FUNCTION trial.some_amount(p_currency text, p_about numeric) RETURNS numeric
LANGUAGE sql AS $$
	SELECT greatest(round(p_about * (trial.rand(11) + 1) / 11, trial.decimals(p_currency)), 10::numeric ^ -trial.decimals(p_currency))
$$;

-- How a request names an item; now and then with an amount, a discount, given or by terms, or a rest to be written off.
CREATE FUNCTION trial.named(i trial.open_item) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	named jsonb := jsonb_strip_nulls(jsonb_build_object('key', i.key, 'line', i.line));
	discount numeric := trial.some_amount(i.currency, i.open / 20);
BEGIN
	IF trial.rand(5) = 0 THEN
		named := named || jsonb_build_object('amount', trial.some_amount(i.currency, i.open));
	END IF;
	IF trial.rand(5) = 0 THEN
		named := named || CASE WHEN trial.rand(12) < CASE WHEN (SELECT t.steps <> '[]' FROM trial.terms t WHERE t.terms = i.terms) THEN 9 ELSE 1 END
			THEN '{"discount": "terms"}' ELSE jsonb_build_object('discount', discount) END;
	END IF;
	RETURN named || CASE trial.rand(9) WHEN 0 THEN '{"write_off": true}' ELSE '{}'::jsonb END;
END
$$;

-- What a document settles at once: open items of a place on that side, the oldest first; or, now and then, of another; {} where there are none.
CREATE FUNCTION trial.some_settles(p_company text, p_account text, p_party text, p_currency text, p_turn integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	named jsonb;
	stray integer := trial.rand(25);
BEGIN
	SELECT jsonb_agg(trial.named(i)) INTO named
	FROM (SELECT i FROM trial.open_item i WHERE i.company = p_company AND (stray = 0 AND i.item % 5 = 0 OR stray > 0 AND i.place = concat_ws(' ', p_account, p_party, p_currency) AND i.turn = p_turn)
		AND (i.open > 0 OR stray = 1) ORDER BY i.item LIMIT 1 + trial.rand(3)) t;
	RETURN CASE WHEN named IS NULL THEN '{}' ELSE jsonb_build_object('settles', named) END;
END
$$;

-- A place with something open on that side, of the accounts given; or, now and then, any.
CREATE FUNCTION trial.some_place(p_company text, p_account text, p_turn integer, OUT party text, OUT currency text, OUT about numeric)
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(1000);
BEGIN
	SELECT i.party, i.currency, sum(i.open) INTO party, currency, about FROM trial.open_item i
	WHERE i.company = p_company AND i.account = p_account AND i.turn = p_turn AND i.open > 0
	GROUP BY 1, 2 ORDER BY md5(concat(i.party, i.currency, dice)) LIMIT 1;
	IF NOT FOUND OR dice % 6 = 0 THEN
		party := CASE WHEN p_account IN ('1100', '2050') THEN trial.pick('C1', 'C2', 'C3') ELSE trial.pick('S1', 'S2') END;
		currency := trial.pick('GBP', 'GBP', 'USD', 'JPY', 'BHD');
		about := CASE currency WHEN 'JPY' THEN 3000 ELSE 40 END;
	END IF;
END
$$;

CREATE FUNCTION trial.some_rate(p_currency text) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('currency', p_currency) || CASE WHEN p_currency <> 'GBP' AND trial.rand(3) = 0 THEN jsonb_build_object('rate', (trial.rand(150000) + 500) / 100000.0) ELSE '{}' END
$$;

-- Now and then what is paid is short by about what the company tolerates, and the rest is to be written off; NULL otherwise.
CREATE FUNCTION trial.paid_short(p_company text, p_settles jsonb, p_currency text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	named jsonb := (p_settles #> '{settles,0}') - '{amount,discount}'::text[] || '{"write_off": true}';
	amount numeric;
BEGIN
	IF named IS NULL OR trial.rand(3) > 0 THEN
		RETURN NULL;
	END IF;
	SELECT i.open - ('{1,4,5,5,6}'::integer[])[1 + trial.rand(5)] * 10::numeric ^ -trial.decimals(i.currency) INTO amount
	FROM trial.open_item i WHERE i.company = p_company AND i.key = named ->> 'key' AND i.currency = p_currency AND (NOT named ? 'line' OR i.line = (named ->> 'line')::integer);
	RETURN CASE WHEN amount > 0 THEN jsonb_build_object('amount', amount, 'settles', jsonb_build_array(named)) END;
END
$$;

-- Money on account, or for what it settles: less, more, with a discount; from a bank, the till or both.
CREATE FUNCTION trial.some_payment(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	kind text := trial.pick('customer_payment', 'customer_payment', 'supplier_payment');
	account text := CASE kind WHEN 'customer_payment' THEN '1100' ELSE '2000' END;
	turn integer := CASE kind WHEN 'customer_payment' THEN 1 ELSE -1 END;
	p record := trial.some_place(p_company, account, turn);
	settles jsonb := CASE WHEN trial.rand(5) > 0 THEN trial.some_settles(p_company, account, p.party, p.currency, turn) ELSE '{}' END;
	short jsonb := trial.paid_short(p_company, settles, p.currency);
	lines jsonb := jsonb_build_array(jsonb_build_object('amount', coalesce((short ->> 'amount')::numeric, trial.some_amount(p.currency, p.about))) || trial.some_dimensions()
		|| CASE trial.rand(4) WHEN 0 THEN '{"role": "cash"}' WHEN 1 THEN '{"role": "bank", "account": "1010"}' ELSE '{}'::jsonb END);
BEGIN
	IF short IS NOT NULL THEN
		settles := short - 'amount';
	ELSIF trial.rand(4) = 0 THEN
		lines := lines || jsonb_build_array(jsonb_build_object('role', 'cash', 'amount', trial.some_amount(p.currency, p.about / 5)));
	END IF;
	RETURN jsonb_build_object('kind', kind, 'party', p.party, 'lines', lines) || trial.some_rate(p.currency) || settles;
END
$$;

-- One of the five variants, from what stands open to another account or party, settling on one side, on both or not at once.
CREATE FUNCTION trial.some_offset(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	variant text := trial.pick('advance_received_to_receivable', 'advance_paid_to_payable', 'receivable_to_payable', 'receivable_to_receivable', 'payable_to_payable');
	cleared record := trial.rule_of('offset', variant, 'amount');
	reached record := trial.rule_of('offset', variant, 'total');
	turn integer := CASE cleared.side WHEN 'debit' THEN -1 ELSE 1 END;
	p record := trial.some_place(p_company, cleared.account, turn);
	other text := CASE variant WHEN 'receivable_to_receivable' THEN trial.pick('C1', 'C2', 'C3') WHEN 'advance_received_to_receivable' THEN p.party
		WHEN 'advance_paid_to_payable' THEN p.party ELSE trial.pick('S1', 'S2') END;
	settles jsonb := trial.some_settles(p_company, cleared.account, p.party, p.currency, turn) -> 'settles';
	more jsonb := trial.some_settles(p_company, reached.account, other, p.currency, -turn) -> 'settles';
BEGIN
	settles := CASE trial.rand(4) WHEN 0 THEN NULL WHEN 1 THEN settles WHEN 2 THEN coalesce(settles, '[]') || coalesce(more, '[]') ELSE coalesce(more, '[]') || coalesce(settles, '[]') END;
	RETURN jsonb_build_object('kind', 'offset', 'party', p.party, 'lines', (
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('role', variant, 'party', CASE WHEN other <> p.party OR n = 2 THEN other END,
			'amount', trial.some_amount(p.currency, p.about / n))) || trial.some_dimensions()) FROM generate_series(1, 1 + trial.rand(5) / 4) n))
		|| trial.some_rate(p.currency) || CASE WHEN settles IS NULL OR settles = '[]' THEN '{}' ELSE jsonb_build_object('settles', (
			SELECT jsonb_agg(s ORDER BY n) FROM (SELECT DISTINCT ON (e.value -> 'key', e.value -> 'line') e.value AS s, e.n FROM jsonb_array_elements(settles) WITH ORDINALITY e (value, n) ORDER BY e.value -> 'key', e.value -> 'line', e.n) t)) END;
END
$$;

-- Expenses, bills, what was open before the books began, advances of both sides, bills of goods received; in two lines or three.
CREATE FUNCTION trial.some_entries(p_currency text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	customer text := trial.pick('C1', 'C2', 'C3');
	supplier text := trial.pick('S1', 'S2');
	debit jsonb;
	credit jsonb;
	amount numeric := (trial.rand(9000) + 1) / 100.0 * CASE trial.rand(9) WHEN 0 THEN -1 ELSE 1 END;
	part numeric;
BEGIN
	amount := round(amount * CASE p_currency WHEN 'JPY' THEN 100 ELSE 1 END, trial.decimals(p_currency));
	part := round(amount / 3, trial.decimals(p_currency));
	CASE trial.rand(11)
		WHEN 0, 1 THEN debit := '{"account": "6000"}'; credit := jsonb_build_object('account', trial.pick('1000', '1010'));
		WHEN 2, 3 THEN debit := '{"account": "6000"}'; credit := jsonb_build_object('account', '2000', 'party', supplier);
		WHEN 4 THEN debit := jsonb_build_object('account', '1100', 'party', customer); credit := '{"account": "4100"}';
		WHEN 5, 8 THEN debit := '{"account": "1010"}'; credit := jsonb_build_object('account', '2050', 'party', customer);
		WHEN 6, 9 THEN debit := jsonb_build_object('account', '1150', 'party', supplier); credit := '{"account": "1000"}';
		WHEN 7 THEN debit := jsonb_build_object('account', '2150', 'party', supplier); credit := jsonb_build_object('account', '2000', 'party', supplier);
		ELSE debit := '{"account": "1010"}'; credit := '{"account": "1000"}';
	END CASE;
	debit := debit || '{"side": "debit"}';
	credit := credit || jsonb_build_object('side', 'credit', 'amount', amount) || trial.some_dimensions();
	IF trial.rand(3) = 0 AND part <> 0 AND part <> amount THEN
		RETURN jsonb_build_array(debit || jsonb_build_object('amount', part) || trial.some_dimensions(), debit || jsonb_build_object('amount', amount - part) || trial.some_dimensions(), credit);
	END IF;
	RETURN jsonb_build_array(debit || jsonb_build_object('amount', amount) || trial.some_dimensions(), credit);
END
$$;

-- Now and then what a document opens has terms or a due day of its own.
CREATE FUNCTION trial.some_terms() RETURNS jsonb
LANGUAGE sql AS $$
	SELECT CASE trial.rand(12) WHEN 0 THEN jsonb_build_object('payment_terms', (SELECT terms FROM trial.terms ORDER BY terms OFFSET trial.rand(5) LIMIT 1))
		WHEN 1 THEN jsonb_build_object('due_day', '2009-02-01'::date + trial.rand(120)) ELSE '{}' END
$$;

-- Now and then a voucher is of one unit; or each line of some unit.
CREATE FUNCTION trial.in_units(p_doc jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	unit text := trial.pick('U', 'V');
	dice integer := trial.rand(15);
BEGIN
	RETURN CASE WHEN dice > 5 THEN p_doc ELSE p_doc || jsonb_build_object('lines', (
		SELECT jsonb_agg(l || jsonb_build_object('dimensions', coalesce(l -> 'dimensions', '{}') || jsonb_build_object('UNIT', CASE dice WHEN 0 THEN trial.pick('U', 'V') ELSE unit END)) ORDER BY n)
		FROM jsonb_array_elements(p_doc -> 'lines') WITH ORDINALITY e (l, n))) END;
END
$$;

-- A manual voucher; now and then it corrects another one.
CREATE FUNCTION trial.some_voucher(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	currency text := trial.pick('GBP', 'GBP', 'GBP', 'USD', 'JPY', 'BHD', ('{USD,JPY,BHD,CHF}'::text[])[1 + substr(p_company, 5)::integer % 4]);
	doc jsonb := jsonb_build_object('kind', 'manual_voucher', 'lines', trial.some_entries(currency)) || trial.some_rate(currency);
	dice integer := trial.rand(100);
BEGIN
	-- Where the company asks for departments, only one in five forgets.
	IF dice % 5 > 0 THEN
		doc := doc || jsonb_build_object('lines', (SELECT jsonb_agg(CASE l ->> 'account' WHEN '6000' THEN l || '{"dimensions": {"DEPT": "N"}}' ELSE l END ORDER BY n)
			FROM jsonb_array_elements(doc -> 'lines') WITH ORDINALITY e (l, n)));
	END IF;
	RETURN trial.in_units(doc) || trial.some_terms() || coalesce((SELECT jsonb_build_object('corrects', d.key) FROM trial.document d WHERE dice < 25 AND d.company = p_company
		AND (d.kind = 'manual_voucher' OR dice % 4 = 0) ORDER BY md5(concat(d.key, dice)) LIMIT 1), '{}');
END
$$;

CREATE FUNCTION trial.some_bad_debt(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	p record := trial.some_place(p_company, '1100', 1);
BEGIN
	RETURN jsonb_build_object('kind', 'bad_debt', 'party', p.party, 'lines', jsonb_build_array(
		jsonb_build_object('amount', trial.some_amount(p.currency, p.about / 3) * CASE trial.rand(7) WHEN 0 THEN -1 ELSE 1 END) || trial.some_dimensions())) || trial.some_rate(p.currency);
END
$$;

CREATE FUNCTION trial.some_money(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
	CASE trial.rand(12)
		WHEN 0, 1, 2, 3, 4 THEN RETURN trial.some_payment(p_company);
		WHEN 5, 6 THEN RETURN trial.some_offset(p_company);
		WHEN 7 THEN RETURN trial.some_bad_debt(p_company);
		ELSE RETURN trial.some_voucher(p_company);
	END CASE;
END
$$;
