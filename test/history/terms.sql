-- What is agreed on, naively: when debts fall due, what early payers may keep, what a customer may owe.

CREATE TABLE trial.terms (terms text PRIMARY KEY, net_days integer NOT NULL, month_end_days integer, next_month_day integer, steps jsonb NOT NULL);
INSERT INTO trial.terms VALUES
	('2/10 1/20 n/30', 30, NULL, NULL, '[{"percent": 2, "days": 10}, {"percent": 1, "days": 20}]'),
	('3/5 n/14', 14, NULL, NULL, '[{"percent": "3.3333", "days": 5}]'),
	('5 eom 10', 5, 10, NULL, '[{"percent": "0.5", "days": 60}]'),
	('15th', 0, NULL, 15, '[]'),
	('20 last', 20, NULL, 31, '[{"percent": 4, "days": 0}, {"percent": 1.5, "days": 15}]');

-- What parties have where the company has terms; what a customer may owe where it has limits.
CREATE TABLE trial.agreement (party text PRIMARY KEY, name text NOT NULL, field text NOT NULL, terms text NOT NULL, credit_limit numeric, refuses boolean NOT NULL);
INSERT INTO trial.agreement VALUES ('C1', 'Customer 1', 'customer_terms', '20 last', 70, false), ('C2', 'Customer 2', 'customer_terms', '5 eom 10', 60, true),
	('C3', 'Customer 3', 'customer_terms', '2/10 1/20 n/30', 25, false), ('S1', 'Supplier 1', 'supplier_terms', '3/5 n/14', NULL, false), ('S2', 'Supplier 2', 'supplier_terms', '15th', NULL, false);

CREATE FUNCTION trial.put_agreements(p_company text, b trial.book) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.put_payment_terms(p_company, 'terms', (SELECT json_agg(json_strip_nulls(json_build_object('code', terms, 'name', terms, 'net_days', net_days,
		'month_end_days', month_end_days, 'next_month_day', next_month_day, 'discounts', steps))) FROM trial.terms));
	IF b.terms THEN
		PERFORM erp.put_parties(p_company, 'agreed', (SELECT json_agg(json_build_object('code', party, 'name', name, field, terms)) FROM trial.agreement));
	END IF;
	IF b.credit THEN
		PERFORM erp.put_parties(p_company, 'limits', (SELECT json_agg(json_build_object('code', party, 'name', name, 'credit_limit', credit_limit,
			'credit_check', CASE WHEN refuses THEN 'refuse' ELSE 'warn' END)) FROM trial.agreement WHERE credit_limit IS NOT NULL));
	END IF;
END
$$;

-- The terms of what a document opens on an account: its own, or the party's; '' for none. Money, what is carried over and what takes back have none.
CREATE FUNCTION trial.terms_of(d trial.document, p_account text, p_party text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF d.reverses <> 0 OR p_account NOT IN ('1100', '2000', '2150') OR d.kind NOT IN ('goods_receipt', 'sales_invoice', 'credit_note', 'bad_debt', 'manual_voucher') THEN
		RETURN '';
	END IF;
	RETURN coalesce(d.body ->> 'payment_terms', (SELECT a.terms FROM trial.agreement a JOIN trial.book b ON b.company = d.company AND b.terms
		WHERE a.party = p_party AND a.field = CASE p_account WHEN '1100' THEN 'customer_terms' ELSE 'supplier_terms' END), '');
END
$$;

-- When it falls due: as the document says, or by the terms, counted from its own day; without any, at once.
CREATE FUNCTION trial.due_day(d trial.document, p_terms text) RETURNS date
LANGUAGE plpgsql STABLE AS $$
DECLARE
	t trial.terms;
	reached date;
	next_month date;
BEGIN
	IF d.body ? 'due_day' THEN
		RETURN d.body ->> 'due_day';
	END IF;
	SELECT * INTO t FROM trial.terms s WHERE s.terms = p_terms;
	reached := d.day + coalesce(t.net_days, 0);
	next_month := (date_trunc('month', reached) + interval '1 month')::date;
	IF t.month_end_days IS NOT NULL THEN
		RETURN next_month - 1 + t.month_end_days;
	ELSIF t.next_month_day IS NOT NULL THEN
		RETURN least(next_month + t.next_month_day - 1, (next_month + interval '1 month - 1 day')::date);
	END IF;
	RETURN reached;
END
$$;

-- What the named items' terms give to who pays on the latest day of what stands against them, all being paid; TR130 where that is nothing.
CREATE FUNCTION trial.find_discounts(p_company text, p_own_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	i record;
	pay_day date;
	rate numeric;
BEGIN
	FOR i IN SELECT n.*, t.terms, t.currency, d.day AS document_day FROM trial.named n JOIN trial.item t USING (company, item) JOIN trial.document d USING (company, no)
		WHERE n.company = p_company AND n.by_terms ORDER BY n.n
	LOOP
		pay_day := coalesce((SELECT max(d.day) FROM trial.named n JOIN trial.item t USING (company, item) JOIN trial.document d USING (company, no)
			WHERE n.company = p_company AND n.debit <> i.debit), p_own_day);
		rate := (SELECT max((s ->> 'percent')::numeric) FROM trial.terms t, jsonb_array_elements(t.steps) s
			WHERE t.terms = i.terms AND pay_day <= i.document_day + (s ->> 'days')::integer);
		PERFORM trial.refuse('TR130') WHERE rate IS NULL;
		UPDATE trial.named n SET percent = rate, discount = round(i.open * rate / 100, trial.decimals(i.currency)) WHERE n.company = p_company AND n.n = i.n;
	END LOOP;
END
$$;

-- Of what is paid and discounted together: who pays 98 of 200 at 2% has paid for 100. Who pays all but the discount, or more, has paid all.
CREATE FUNCTION trial.fit_discounts(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE trial.named n SET discount = CASE WHEN n.part = 0 THEN 0 WHEN n.open - n.part <= n.discount THEN n.open - n.part
		ELSE least(n.discount, round(n.part * n.percent / (100 - n.percent), trial.decimals(t.currency))) END
	FROM trial.item t WHERE n.company = p_company AND n.by_terms AND t.company = p_company AND t.item = n.item;
END
$$;

-- What a customer owes when an invoice adds to it: beyond the limit it is refused, TR123, or there is a warning.
CREATE FUNCTION trial.check_credit(d trial.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	a trial.agreement;
	owed numeric := (SELECT sum(g.amount) FROM trial.gl g WHERE g.company = d.company AND g.account = '1100' AND g.party = d.party);
	added numeric := (SELECT sum(g.amount) FROM trial.gl g WHERE g.company = d.company AND g.account = '1100' AND g.party = d.party AND g.no = d.no);
BEGIN
	SELECT * INTO a FROM trial.agreement t WHERE t.party = d.party AND (SELECT b.credit FROM trial.book b WHERE b.company = d.company);
	IF d.kind <> 'sales_invoice' OR d.reverses <> 0 OR a.credit_limit IS NULL OR coalesce(added, 0) <= 0 OR owed <= a.credit_limit THEN
		RETURN;
	ELSIF a.refuses THEN
		PERFORM trial.refuse('TR123');
	END IF;
	INSERT INTO trial.credit_warning VALUES (d.company, d.no, d.party, owed);
END
$$;

-- Where units balance, a manual voucher does in each of them. Nothing else names one.
CREATE FUNCTION trial.check_units(d trial.document) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM trial.refuse('TR040') FROM trial.gl g WHERE (SELECT b.balancing FROM trial.book b WHERE b.company = d.company) AND d.kind = 'manual_voucher' AND g.company = d.company AND g.no = d.no
	GROUP BY coalesce(g.dimensions ->> 'UNIT', '') HAVING sum(g.amount) <> 0;
END
$$;
