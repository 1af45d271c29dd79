-- Settlements, naively: which receivables of documents met, by how much, and until when. Open is what is owed less what stands.

CREATE TABLE trial.meeting (
	company text NOT NULL, call_key text NOT NULL, seq integer NOT NULL, debit_no integer NOT NULL, credit_no integer NOT NULL,
	amount numeric NOT NULL, day date NOT NULL, undone_on date,
	PRIMARY KEY (company, call_key, seq));

-- What a document put on the account of receivables, debit positive.
CREATE FUNCTION trial.owed(p_company text, p_no integer) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT coalesce((
		SELECT trial.total_sign(d.kind) * (sum(l.amount) + round(coalesce(sum(l.amount) FILTER (WHERE l.tax_code <> ''), 0)
			* CASE WHEN coalesce(r.day, d.day) < '2009-03-01' THEN 0.15 ELSE 0.175 END, 2))
		FROM trial.document d LEFT JOIN trial.document r ON r.company = d.company AND r.no = d.reverses
		JOIN trial.line l ON l.company = d.company AND l.no = d.no
		WHERE d.company = p_company AND d.no = p_no AND d.kind IN ('sales_invoice', 'credit_note', 'bad_debt', 'customer_payment')
		GROUP BY d.kind, r.day, d.day), 0)
$$;

CREATE FUNCTION trial.open(p_company text, p_no integer) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN EXISTS (SELECT FROM trial.document d WHERE d.company = p_company AND (d.reverses = p_no OR d.no = p_no AND d.reverses <> 0)) THEN 0
		ELSE trial.owed(p_company, p_no) - coalesce((SELECT sum(CASE p_no WHEN m.debit_no THEN m.amount ELSE -m.amount END)
			FROM trial.meeting m WHERE m.company = p_company AND p_no IN (m.debit_no, m.credit_no) AND m.undone_on IS NULL), 0) END
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
	SELECT e.n, d.no, d.posting_day, d.party, trial.owed(p_company, d.no) > 0 AS debit, abs(trial.open(p_company, d.no)) AS open,
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
			INSERT INTO trial.meeting VALUES (p_company, p_key, seq, i.no, j.no, take, posting);
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
	UPDATE trial.meeting m SET undone_on = posting WHERE m.company = p_company AND m.call_key = p_key AND m.undone_on IS NULL;
	RETURN '';
END
$$;

-- A few documents of one customer, now and then one of another; with amounts or without.
CREATE FUNCTION trial.some_settlement(p_company text, p_day date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	buyer text := trial.pick('C1', 'C2', 'C3');
	items jsonb := '[]';
	wanted integer := 2 + trial.rand(4);
	d record;
BEGIN
	-- Of both sides in turn, the latest first.
	FOR d IN SELECT t.no, t.key, abs(trial.open(p_company, t.no)) AS open FROM trial.document t
		WHERE t.company = p_company AND trial.owed(p_company, t.no) <> 0 AND (t.party = buyer OR t.no % 29 = 0)
		AND (trial.open(p_company, t.no) <> 0 OR t.no % 17 = 0) 
		ORDER BY row_number() OVER (PARTITION BY trial.owed(p_company, t.no) > 0 ORDER BY t.no DESC), t.no LIMIT 12
	LOOP
		CONTINUE WHEN trial.rand(3) = 0 OR jsonb_array_length(items) = wanted;
		items := items || jsonb_build_array(jsonb_build_object('key', d.key) || CASE trial.rand(5)
			WHEN 0 THEN jsonb_build_object('amount', greatest(round(d.open * (trial.rand(11) + 1) / 11, 2), 0.01)) ELSE '{}' END);
	END LOOP;
	RETURN CASE WHEN items <> '[]' THEN jsonb_build_object('day', p_day, 'items', items) END;
END
$$;

-- One call that settles or undoes, handed to both.
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
		request := CASE WHEN target IS NOT NULL THEN jsonb_build_object('day', day, 'key', target) END;
	ELSE
		request := trial.some_settlement(p_company, day);
	END IF;
	IF request IS NULL THEN
		RETURN 'nothing to settle';
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
		SELECT call_key || ': ' || debit_document_key || ' ' || credit_document_key AS place, amount, day, undone_by_settlement_id IS NOT NULL AS undone
		FROM erp.settlement_list WHERE company = p_company AND reason = 'settlement'
	), met AS (
		SELECT m.call_key || ': ' || d.key || ' ' || k.key AS place, m.amount, m.day, m.undone_on IS NOT NULL AS undone
		FROM trial.meeting m JOIN trial.document d ON d.company = m.company AND d.no = m.debit_no JOIN trial.document k ON k.company = m.company AND k.no = m.credit_no
		WHERE m.company = p_company
	)
	SELECT 'settlement', coalesce(s.place, m.place), concat_ws(' ', s.amount, s.day, s.undone), concat_ws(' ', m.amount, m.day, m.undone)
	FROM stand s FULL JOIN met m ON m.place = s.place
	WHERE (s.amount, s.day, s.undone) IS DISTINCT FROM (m.amount, m.day, m.undone)
	UNION ALL
	SELECT 'open', t.key, b.open_amount::text, trial.open(p_company, t.no)::text
	FROM trial.document t LEFT JOIN erp.open_items_by_party b ON b.company = p_company AND b.document_key = t.key AND b.account_code = '1100'
	WHERE t.company = p_company AND coalesce(b.open_amount, 0) <> trial.open(p_company, t.no)
$$;
