-- Foreign currency, naively: the rates that histories know, and what a document is worth in the company's currency.

-- 1 of the currency in pounds, from that day on. The rates are shared by all companies, so they are the same for all histories.
CREATE TABLE trial.rate (currency text NOT NULL, day date NOT NULL, rate numeric NOT NULL, PRIMARY KEY (currency, day));
INSERT INTO trial.rate
SELECT currency, first + 6 * n + (n % 3), round(about * (1 + 0.37 * sin(n * 1.7 + about)::numeric), 8)
FROM (VALUES ('USD', '2009-01-01'::date, 0.68), ('JPY', '2009-01-01', 0.0075), ('BHD', '2009-01-01', 1.81), ('CHF', '2009-02-20', 0.59)) c (currency, first, about),
	generate_series(0, 30) n;

-- The rate of a request: its own, or the last one on or before its day; NULL where none is known.
CREATE FUNCTION trial.rate_of(p_doc jsonb) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN coalesce(p_doc ->> 'currency', 'GBP') = 'GBP' THEN 1 ELSE coalesce((p_doc ->> 'rate')::numeric,
		(SELECT r.rate FROM trial.rate r WHERE r.currency = p_doc ->> 'currency' AND r.day <= (p_doc ->> 'day')::date ORDER BY r.day DESC LIMIT 1)) END;
END
$$;

-- Entries of a manual voucher are worth what each is by itself; what they then leave open is a rounding difference, TR110 beyond the limit.
CREATE FUNCTION trial.convert_entries(p_company text, p_no integer, p_rate numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	difference numeric;
BEGIN
	UPDATE trial.line l SET base = round(l.amount * p_rate, 2) WHERE l.company = p_company AND l.no = p_no;
	difference := (SELECT sum(CASE l.side WHEN 'credit' THEN -l.base ELSE l.base END) FROM trial.line l WHERE l.company = p_company AND l.no = p_no);
	IF abs(difference) > (SELECT b.rounding_limit FROM trial.book b WHERE b.company = p_company) THEN
		PERFORM trial.refuse('TR110');
	END IF;
	UPDATE trial.document t SET rounding = difference WHERE t.company = p_company AND t.no = p_no;
END
$$;

-- Lines and tax in pounds: each rounded down, and the pence that are missing from the rounded total to those that lost most,
-- the first of equals first. What is negative as a whole is the same with the sign turned.
CREATE FUNCTION trial.convert_parts(p_company text, p_no integer, p_rate numeric, p_tax numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	amounts numeric[] := (SELECT array_agg(l.amount ORDER BY l.line_no) FROM trial.line l WHERE l.company = p_company AND l.no = p_no) || p_tax;
	total numeric := (SELECT sum(a) FROM unnest(amounts) a);
	turn integer := CASE WHEN total < 0 OR total = 0 AND (SELECT a FROM unnest(amounts) WITH ORDINALITY u (a, n) WHERE a <> 0 ORDER BY n LIMIT 1) < 0 THEN -1 ELSE 1 END;
	pence numeric[] := (SELECT array_agg(floor(turn * a * p_rate * 100) ORDER BY n) FROM unnest(amounts) WITH ORDINALITY u (a, n));
	best integer;
BEGIN
	WHILE (SELECT sum(p) FROM unnest(pence) p) < round(turn * total * p_rate * 100) LOOP
		best := (SELECT n FROM unnest(amounts, pence) WITH ORDINALITY u (a, p, n) ORDER BY turn * a * p_rate * 100 - p DESC, n LIMIT 1);
		pence[best] := pence[best] + 1;
	END LOOP;
	UPDATE trial.line l SET base = turn * pence[l.line_no] / 100 WHERE l.company = p_company AND l.no = p_no;
	UPDATE trial.document t SET tax_base = turn * pence[cardinality(pence)] / 100 WHERE t.company = p_company AND t.no = p_no;
END
$$;

-- Tax once on the sum of its lines, then all of it in pounds.
CREATE FUNCTION trial.convert(p_company text, p_no integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
BEGIN
	UPDATE trial.document t SET rate = trial.rate_of(t.body) WHERE t.company = p_company AND t.no = p_no RETURNING * INTO d;
	d.tax := coalesce((SELECT round(sum(l.amount) * CASE WHEN d.day < '2009-03-01' THEN 0.15 ELSE 0.175 END, trial.decimals(d.currency))
		FROM trial.line l WHERE l.company = p_company AND l.no = p_no AND l.tax_code <> ''), 0);
	UPDATE trial.document t SET tax = d.tax, tax_base = d.tax WHERE t.company = p_company AND t.no = p_no;
	IF d.currency = 'GBP' THEN
		UPDATE trial.line l SET base = l.amount WHERE l.company = p_company AND l.no = p_no;
	ELSIF d.kind = 'manual_voucher' THEN
		PERFORM trial.convert_entries(p_company, p_no, d.rate);
	ELSE
		PERFORM trial.convert_parts(p_company, p_no, d.rate, d.tax);
	END IF;
END
$$;
