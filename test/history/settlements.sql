-- Settlements, naively: which receivables of documents met, by how much, and until when. Open is what is owed less what stands.

CREATE TABLE trial.meeting (
	company text NOT NULL, call_key text NOT NULL, seq integer NOT NULL, debit_no integer NOT NULL, credit_no integer NOT NULL,
	amount numeric NOT NULL, day date NOT NULL, undone_on date, base numeric NOT NULL, debit_difference numeric NOT NULL, credit_difference numeric NOT NULL,
	PRIMARY KEY (company, call_key, seq));

-- What a document put on the account of receivables, debit positive: in its currency, and in pounds.
CREATE FUNCTION trial.owed(p_company text, p_no integer, OUT amount numeric, OUT base numeric)
LANGUAGE sql STABLE AS $$
	SELECT coalesce(sum(trial.total_sign(d.kind) * (l.amount + d.tax)), 0), coalesce(sum(trial.total_sign(d.kind) * (l.base + d.tax_base)), 0)
	FROM trial.document d, LATERAL (SELECT sum(t.amount) AS amount, sum(t.base) AS base FROM trial.line t WHERE t.company = d.company AND t.no = d.no) l
	WHERE d.company = p_company AND d.no = p_no AND d.kind IN ('sales_invoice', 'credit_note', 'bad_debt', 'customer_payment')
$$;

-- What meetings that stand took of a document's item, as magnitudes: in its currency, and in pounds with its exchange differences.
CREATE FUNCTION trial.taken(p_company text, p_no integer, OUT amount numeric, OUT base numeric)
LANGUAGE sql STABLE AS $$
	SELECT coalesce(sum(m.amount), 0), coalesce(sum(m.base + CASE p_no WHEN m.debit_no THEN m.debit_difference ELSE m.credit_difference END), 0)
	FROM trial.meeting m WHERE m.company = p_company AND p_no IN (m.debit_no, m.credit_no) AND m.undone_on IS NULL
$$;

CREATE FUNCTION trial.open(p_company text, p_no integer, OUT amount numeric, OUT base numeric)
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN gone THEN 0 ELSE o.amount - sign(o.amount) * t.amount END, CASE WHEN gone THEN 0 ELSE o.base - sign(o.amount) * t.base END
	FROM trial.owed(p_company, p_no) o, trial.taken(p_company, p_no) t, LATERAL (
		SELECT EXISTS (SELECT FROM trial.document d WHERE d.company = p_company AND (d.reverses = p_no OR d.no = p_no AND d.reverses <> 0))) g (gone)
$$;

-- What the next part of an item is in pounds: up to there its share of the whole, rounded, less what was taken before; never less than nothing,
-- never more than is left.
CREATE FUNCTION trial.share(p_company text, p_no integer, p_part numeric) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT greatest(0, least(round(abs(o.base) * (t.amount + p_part) / abs(o.amount), 2), abs(o.base)) - t.base)
	FROM trial.owed(p_company, p_no) o, trial.taken(p_company, p_no) t
$$;

-- Two items meet: by the lesser share; what the other is worth more is a loss on a debit, a gain on a credit.
CREATE FUNCTION trial.meet(p_company text, p_key text, p_seq integer, p_debit integer, p_credit integer, p_amount numeric, p_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	debit numeric := trial.share(p_company, p_debit, p_amount);
	credit numeric := trial.share(p_company, p_credit, p_amount);
BEGIN
	INSERT INTO trial.meeting VALUES (p_company, p_key, p_seq, p_debit, p_credit, p_amount, p_day, NULL,
		least(debit, credit), debit - least(debit, credit), credit - least(debit, credit));
	PERFORM trial.post_difference(p_company, p_day, p_debit, debit - credit);
END
$$;

CREATE FUNCTION trial.post_difference(p_company text, p_day date, p_no integer, p_loss numeric) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO trial.gl
	SELECT p_company, p_day, a.account, a.party, a.amount
	FROM trial.document d, LATERAL (VALUES ('5500', '', p_loss), ('1100', d.party, -p_loss)) a (account, party, amount)
	WHERE d.company = p_company AND d.no = p_no AND p_loss <> 0
$$;

CREATE FUNCTION trial.last_undone(p_company text, p_no integer) RETURNS date
LANGUAGE sql STABLE AS $$
	SELECT coalesce(max(m.undone_on), '-infinity') FROM trial.meeting m WHERE m.company = p_company AND p_no IN (m.debit_no, m.credit_no)
$$;

-- A document whose item is settled is not reversed, nor before its settlement was undone.
CREATE FUNCTION trial.check_reversible(p_company text, p_no integer, p_posting_day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM trial.meeting m WHERE m.company = p_company AND p_no IN (m.debit_no, m.credit_no) AND m.undone_on IS NULL) THEN
		RAISE EXCEPTION 'settled' USING ERRCODE = 'TR095';
	ELSIF p_posting_day < trial.last_undone(p_company, p_no) THEN
		RAISE EXCEPTION 'before it was undone' USING ERRCODE = 'TR011';
	END IF;
END
$$;

-- What erp.settle() must refuse with, or '' and the meetings are there.
CREATE FUNCTION trial.predict_settle(p_company text, p_key text, p_request jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	posting date := trial.first_open(p_company, (p_request ->> 'day')::date, '{general}');
	first_party text;
	i record;
	j record;
	debits numeric;
	credits numeric;
	take numeric;
	seq integer := 0;
BEGIN
	CREATE TEMP TABLE item ON COMMIT DROP AS
	SELECT e.n, d.no, d.posting_day, d.party || d.currency AS party, (trial.owed(p_company, d.no)).amount > 0 AS debit, abs((trial.open(p_company, d.no)).amount) AS open,
		(e.value ->> 'amount')::numeric AS given, 0::numeric AS part
	FROM jsonb_array_elements(p_request -> 'items') WITH ORDINALITY e (value, n) JOIN trial.document d ON d.company = p_company AND d.key = e.value ->> 'key';
	first_party := (SELECT party FROM item ORDER BY n LIMIT 1);
	FOR i IN SELECT * FROM item ORDER BY n LOOP
		IF i.party <> first_party THEN
			RETURN 'LE090';
		ELSIF i.open = 0 THEN
			RETURN 'LE091';
		ELSIF posting < greatest(i.posting_day, trial.last_undone(p_company, i.no)) THEN
			RETURN 'LE011';
		ELSIF i.given > i.open THEN
			RETURN 'LE092';
		END IF;
	END LOOP;
	SELECT sum(coalesce(t.given, t.open)) FILTER (WHERE t.debit), sum(coalesce(t.given, t.open)) FILTER (WHERE NOT t.debit) INTO debits, credits FROM item t;
	IF debits IS NULL OR credits IS NULL THEN
		RETURN 'LE090';
	ELSIF (SELECT sum(t.given) FROM item t WHERE t.debit) > credits OR (SELECT sum(t.given) FROM item t WHERE NOT t.debit) > debits THEN
		RETURN 'LE092';
	END IF;
	-- The amounts that are given, then what is left to the oldest; cent by cent would give the same.
	UPDATE item SET part = given WHERE given IS NOT NULL;
	FOR i IN SELECT * FROM item WHERE given IS NULL ORDER BY debit, posting_day, no LOOP
		take := (SELECT least(i.open, least(debits, credits) - sum(t.part)) FROM item t WHERE t.debit = i.debit);
		UPDATE item t SET part = take WHERE t.no = i.no;
	END LOOP;
	FOR i IN SELECT * FROM item WHERE debit ORDER BY posting_day, no LOOP
		FOR j IN SELECT * FROM item WHERE NOT debit ORDER BY posting_day, no LOOP
			take := least((SELECT t.part FROM item t WHERE t.no = i.no), (SELECT t.part FROM item t WHERE t.no = j.no));
			CONTINUE WHEN take = 0;
			seq := seq + 1;
			PERFORM trial.meet(p_company, p_key, seq, i.no, j.no, take, posting);
			UPDATE item t SET part = t.part - take WHERE t.no IN (i.no, j.no);
		END LOOP;
	END LOOP;
	RETURN '';
END
$$;

CREATE FUNCTION trial.predict_unsettle(p_company text, p_key text, p_day date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	posting date := trial.first_open(p_company, p_day, '{general}');
BEGIN
	IF NOT EXISTS (SELECT FROM trial.meeting m WHERE m.company = p_company AND m.call_key = p_key AND m.undone_on IS NULL) THEN
		RETURN 'LE094';
	ELSIF posting < (SELECT max(m.day) FROM trial.meeting m WHERE m.company = p_company AND m.call_key = p_key AND m.undone_on IS NULL) THEN
		RETURN 'LE011';
	END IF;
	PERFORM trial.post_difference(p_company, posting, m.debit_no, m.credit_difference - m.debit_difference)
	FROM trial.meeting m WHERE m.company = p_company AND m.call_key = p_key AND m.undone_on IS NULL;
	UPDATE trial.meeting m SET undone_on = posting WHERE m.company = p_company AND m.call_key = p_key AND m.undone_on IS NULL;
	RETURN '';
END
$$;

-- A few documents of one customer, now and then one of another; with amounts or without.
CREATE FUNCTION trial.some_settlement(p_company text, p_day date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	-- Those who have something open on both sides, or now and then anybody.
	pairs text[] := (SELECT array_agg(t.pair ORDER BY t.pair) FROM (SELECT d.party || ' ' || d.currency AS pair FROM trial.document d, trial.open(p_company, d.no) o
		WHERE d.company = p_company AND d.party LIKE 'C%' GROUP BY 1 HAVING max(o.amount) > 0 AND min(o.amount) < 0) t);
	pair text := CASE WHEN trial.rand(8) > 0 AND pairs IS NOT NULL THEN trial.pick(VARIADIC pairs) ELSE trial.pick('C1', 'C2', 'C3') || ' GBP' END;
	items jsonb := '[]';
	wanted integer := 2 + trial.rand(4);
	d record;
BEGIN
	-- Of both sides in turn, the latest first.
	FOR d IN SELECT t.no, t.key, abs(o.amount) AS open, trial.decimals(t.currency) AS places FROM trial.document t, trial.owed(p_company, t.no) w, trial.open(p_company, t.no) o
		WHERE t.company = p_company AND w.amount <> 0 AND (t.party || ' ' || t.currency = pair OR t.no % 29 = 0)
		AND (o.amount <> 0 OR t.no % 17 = 0)
		ORDER BY row_number() OVER (PARTITION BY w.amount > 0 ORDER BY t.no DESC), t.no LIMIT 12
	LOOP
		-- The first two are of both sides, where there are any.
		CONTINUE WHEN trial.rand(CASE WHEN jsonb_array_length(items) < 2 THEN 9 ELSE 3 END) = 0 OR jsonb_array_length(items) = wanted;
		items := items || jsonb_build_array(jsonb_build_object('key', d.key) || CASE trial.rand(5)
			WHEN 0 THEN jsonb_build_object('amount', greatest(round(d.open * (trial.rand(11) + 1) / 11, d.places), 10::numeric ^ -d.places)) ELSE '{}' END);
	END LOOP;
	RETURN CASE WHEN items <> '[]' THEN jsonb_build_object('day', p_day, 'items', items) END;
END
$$;

-- One call that settles or undoes, handed to both; NULL where there is nothing to settle.
CREATE FUNCTION trial.settle_step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	call text := CASE trial.rand(4) WHEN 0 THEN 'unsettle' ELSE 'settle' END;
	day date := p_today - trial.rand(3) + trial.rand(2);
	target text;
	request jsonb;
	expected text;
	got text := '';
BEGIN
	IF call = 'unsettle' THEN
		SELECT m.call_key INTO target FROM (SELECT DISTINCT t.call_key FROM trial.meeting t WHERE t.company = p_company) m ORDER BY md5(m.call_key || p_step) LIMIT 1;
	END IF;
	IF target IS NOT NULL THEN
		request := jsonb_build_object('day', day, 'key', target);
	ELSE
		call := 'settle';
		request := trial.some_settlement(p_company, day);
	END IF;
	IF request IS NULL THEN
		RETURN NULL;
	END IF;
	PERFORM set_config('trial.docs', request::text, false);
	expected := CASE call WHEN 'settle' THEN trial.predict_settle(p_company, 'settle ' || p_step, request) ELSE trial.predict_unsettle(p_company, target, day) END;
	BEGIN
		EXECUTE format('SELECT erp.%I(%L, %L, %L)', call, p_company, 'settle ' || p_step, request);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS got = RETURNED_SQLSTATE;
	END;
	IF expected <> got THEN
		RAISE EXCEPTION '%: expected "%", got "%" for % %', p_company, expected, got, call, request;
	END IF;
	RETURN CASE got WHEN '' THEN call ELSE got END;
END
$$;

-- Every difference between the settlements of the books and those meetings.
CREATE FUNCTION trial.settlement_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH stand AS (
		SELECT call_key || ': ' || debit_document_key || ' ' || credit_document_key AS place, amount, company_amount AS base, day, undone_by_settlement_id IS NOT NULL AS undone
		FROM erp.settlement_list WHERE company = p_company AND reason = 'settlement'
	), met AS (
		SELECT m.call_key || ': ' || d.key || ' ' || k.key AS place, m.amount, m.base, m.day, m.undone_on IS NOT NULL AS undone
		FROM trial.meeting m JOIN trial.document d ON d.company = m.company AND d.no = m.debit_no JOIN trial.document k ON k.company = m.company AND k.no = m.credit_no
		WHERE m.company = p_company
	), item AS MATERIALIZED (
		SELECT document_key, open_amount, company_open_amount FROM erp.open_items_by_party WHERE company = p_company AND account_code = '1100'
	)
	SELECT 'settlement', coalesce(s.place, m.place), concat_ws(' ', s.amount, s.base, s.day, s.undone), concat_ws(' ', m.amount, m.base, m.day, m.undone)
	FROM stand s FULL JOIN met m ON m.place = s.place
	WHERE (s.amount, s.base, s.day, s.undone) IS DISTINCT FROM (m.amount, m.base, m.day, m.undone)
	UNION ALL
	SELECT 'open', t.key, concat_ws(' ', b.open_amount, b.company_open_amount), o::text
	FROM trial.document t CROSS JOIN LATERAL trial.open(p_company, t.no) o LEFT JOIN item b ON b.document_key = t.key
	WHERE t.company = p_company AND (coalesce(b.open_amount, 0), coalesce(b.company_open_amount, 0)) <> (o.amount, o.base)
$$;
