-- Foreign currency, naively: the rates that histories know, and what a document is worth in the company's currency.

-- 1 of the currency in pounds, from that day on. The rates are shared by all companies, so they are the same for all histories.
CREATE TABLE trial.rate (currency text NOT NULL, day date NOT NULL, rate numeric NOT NULL, PRIMARY KEY (currency, day));
INSERT INTO trial.rate
SELECT currency, first + 6 * n + (n % 3), round(about * (1 + 0.37 * sin(n * 1.7 + about)::numeric), 8)
FROM (VALUES ('USD', '2009-01-01'::date, 0.68), ('JPY', '2009-01-01', 0.0075), ('BHD', '2009-01-01', 1.81), ('CHF', '2009-02-20', 0.59)) c (currency, first, about),
	generate_series(0, 30) n;

-- The rate of a request: its own, or the last one on or before its day; NULL where none is known.
CREATE FUNCTION trial.rate_of(p_doc jsonb) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN coalesce(p_doc ->> 'currency', 'GBP') = 'GBP' THEN 1 ELSE coalesce((p_doc ->> 'rate')::numeric,
		(SELECT r.rate FROM trial.rate r WHERE r.currency = p_doc ->> 'currency' AND r.day <= (p_doc ->> 'day')::date ORDER BY r.day DESC LIMIT 1)) END
$$;

-- What a company needs beside trial.make_company(): rates, an account and rules for exchange differences, a series that numbers at once.
CREATE FUNCTION trial.add_currencies(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.put_exchange_rates(p_company, 'rates', (SELECT json_agg(json_build_object('from', currency, 'to', 'GBP', 'day', day, 'rate', rate)) FROM trial.rate));
	PERFORM erp.put_accounts(p_company, 'differences', '[{"code": "5500", "name": "Exchange differences", "class": "expense", "side": "debit"}]');
	PERFORM erp.put_posting_rules(p_company, 'difference rules',
		'[{"kind": "settlement", "line_role": "exchange_difference", "amount_role": "amount", "side": "debit", "account": "5500"}]');
	PERFORM erp.put_series(p_company, 'invoices', '[{"code": "INV", "target": "sales_invoice", "scope": "month", "mode": "immediate"}]');
END
$$;

-- Tax once on the sum of its lines; then lines and tax in pounds: each rounded down, and the pence that are missing from the
-- rounded total to those that lost most, the first of equals first. What is negative as a whole is the same with the sign turned.
CREATE FUNCTION trial.convert(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	places integer;
	amounts numeric[];
	pence numeric[];
	total numeric;
	turn integer;
	best integer;
BEGIN
	UPDATE trial.document t SET rate = trial.rate_of(t.body) WHERE t.company = p_company AND t.no = p_no RETURNING * INTO d;
	places := trial.decimals(d.currency);
	d.tax := coalesce((SELECT round(sum(l.amount) * CASE WHEN d.day < '2009-03-01' THEN 0.15 ELSE 0.175 END, places)
		FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND l.tax_code <> ''), 0);
	amounts := (SELECT array_agg(CASE l.side WHEN 'credit' THEN -l.amount ELSE l.amount END ORDER BY l.line_no) FROM trial.line l WHERE l.company = p_company AND l.no = p_no) || d.tax;
	total := (SELECT sum(a) FROM unnest(amounts) a);
	turn := CASE WHEN total < 0 OR total = 0 AND (SELECT a FROM unnest(amounts) WITH ORDINALITY u (a, n) WHERE a <> 0 ORDER BY n LIMIT 1) < 0 THEN -1 ELSE 1 END;
	pence := (SELECT array_agg(floor(turn * a * d.rate * 100) ORDER BY n) FROM unnest(amounts) WITH ORDINALITY u (a, n));
	WHILE (SELECT sum(p) FROM unnest(pence) p) < round(turn * total * d.rate * 100) LOOP
		best := (SELECT n FROM unnest(amounts, pence) WITH ORDINALITY u (a, p, n) ORDER BY turn * a * d.rate * 100 - p DESC, n LIMIT 1);
		pence[best] := pence[best] + 1;
	END LOOP;
	UPDATE trial.line l SET base = CASE l.side WHEN 'credit' THEN -turn ELSE turn END * pence[l.line_no] / 100 WHERE l.company = p_company AND l.no = p_no;
	UPDATE trial.document t SET tax = d.tax, tax_base = turn * pence[cardinality(pence)] / 100 WHERE t.company = p_company AND t.no = p_no;
END
$$;

-- Net, tax and total of a document into the ledger.
CREATE FUNCTION trial.post_amounts(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	sign integer;
BEGIN
	SELECT * INTO d FROM trial.document WHERE company = p_company AND no = p_no;
	sign := trial.total_sign(d.kind);
	INSERT INTO trial.gl
	SELECT p_company, d.posting_day, l.account, '', CASE l.side WHEN 'debit' THEN l.base ELSE -l.base END
	FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND l.role = 'entry'
	UNION ALL
	SELECT p_company, d.posting_day, trial.account(d.kind, l.role, 'amount', ''), '', -sign * l.base
	FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND l.role NOT IN ('entry', 'receipt') AND sign <> 0
	UNION ALL
	SELECT p_company, d.posting_day, trial.account(d.kind, 'document', 'tax', ''), '', -sign * d.tax_base
	WHERE EXISTS (SELECT FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND l.tax_code <> '')
	UNION ALL
	SELECT p_company, d.posting_day, trial.account(d.kind, 'document', 'total', ''), d.party, sign * (sum(l.base) + d.tax_base)
	FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND sign <> 0 HAVING count(*) > 0;
END
$$;

-- A document as it is, in the foreign currency of the history, or now and then in another. Yen have no hundredths.
CREATE FUNCTION trial.in_some_currency(p_company text, p_doc jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	own text := ('{USD,JPY,BHD,CHF}'::text[])[1 + substr(p_company, 5)::integer % 4];
	currency text := trial.pick('GBP', 'GBP', 'GBP', own, own, own, trial.pick('USD', 'JPY', 'BHD', 'CHF'));
	doc jsonb := p_doc || jsonb_build_object('currency', currency);
BEGIN
	IF p_doc ->> 'kind' IN ('stock_gain', 'stock_loss', 'free_issue') OR currency = 'GBP' THEN
		RETURN p_doc;
	END IF;
	IF currency = 'JPY' THEN
		doc := doc || jsonb_build_object('lines', (SELECT jsonb_agg(CASE WHEN l ? 'amount' THEN l || jsonb_build_object('amount', (l ->> 'amount')::numeric * 100) ELSE l END ORDER BY n)
			FROM jsonb_array_elements(doc -> 'lines') WITH ORDINALITY e (l, n)));
	END IF;
	RETURN doc || CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('rate', (trial.rand(150000) + 500) / 100000.0) ELSE '{}' END;
END
$$;
