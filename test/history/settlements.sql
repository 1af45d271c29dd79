-- Settlements, naively: which items met, what was given up of them, and until when. Open is what was opened less what stands.

-- What an item has open, with the sign that it has: in its currency, and in pounds with its exchange differences. Nothing of what was reversed.
CREATE FUNCTION trial.open(i trial.item, p_as_of date DEFAULT 'infinity', OUT amount numeric, OUT base numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT i.amount - sign(i.amount) * coalesce(sum(t.amount), 0), i.base - sign(i.amount) * coalesce(sum(t.base), 0) INTO amount, base
	FROM trial.taking t WHERE t.company = i.company AND t.item = i.item AND t.day <= p_as_of AND (t.undone_on IS NULL OR t.undone_on > p_as_of);
	IF EXISTS (SELECT FROM trial.document d WHERE d.company = i.company AND d.posting_day <= p_as_of AND (d.reverses = i.no OR d.no = i.no AND d.reverses <> 0)) THEN
		amount := 0;
		base := 0;
	END IF;
END
$$;

-- What the next part of an item is in pounds: up to there its share of the whole, rounded, less what was taken before; never less than nothing,
-- never more than is left.
CREATE FUNCTION trial.share(p_company text, p_item integer, p_part numeric) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
	i trial.item;
	taken numeric;
	base numeric;
BEGIN
	SELECT * INTO i FROM trial.item t WHERE t.company = p_company AND t.item = p_item;
	SELECT coalesce(sum(t.amount), 0), coalesce(sum(t.base), 0) INTO taken, base
	FROM trial.taking t WHERE t.company = p_company AND t.item = p_item AND t.undone_on IS NULL;
	RETURN greatest(0, least(round(abs(i.base) * (taken + p_part) / abs(i.amount), 2), abs(i.base)) - base);
END
$$;

-- What closes so much of an item, against the account of the reason: a debit on the credit side, a credit on the debit side.
-- Undone it stands on the other side, or in red on the same.
CREATE FUNCTION trial.post_loss(p_key text, p_day date, i trial.item, p_reason text, p_amount numeric, p_base numeric, p_undone boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r record := trial.rule_of('settlement', p_reason, 'amount');
	closing text := CASE WHEN i.amount > 0 THEN 'credit' ELSE 'debit' END;
	turn integer := sign(i.amount) * CASE WHEN p_undone THEN -1 ELSE 1 END;
	flip boolean := p_undone AND (SELECT b.opposite FROM trial.book b WHERE b.company = i.company);
BEGIN
	INSERT INTO trial.gl (company, day, account, side, party, amount, currency, currency_amount, call_key)
	SELECT i.company, p_day, a.account, CASE WHEN flip THEN trial.other_side(a.side) ELSE a.side END, i.party, a.turn * p_base, i.currency, a.turn * p_amount, p_key
	FROM (VALUES (r.account, r.side, turn), (i.account, closing, -turn)) a (account, side, turn)
	WHERE p_base <> 0 OR p_amount <> 0;
END
$$;

-- So much of an item is given up: a loss on a debit, a gain on a credit.
CREATE FUNCTION trial.take(p_company text, p_key text, p_seq integer, p_item integer, p_reason text, p_amount numeric, p_base numeric, p_day date, p_percent numeric DEFAULT 0) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO trial.taking VALUES (p_company, p_item, p_key, p_seq, p_reason, p_amount, p_base, p_day, NULL, p_percent);
	IF p_reason <> 'settlement' THEN
		PERFORM trial.post_loss(p_key, p_day, i, p_reason, p_amount, p_base, false) FROM trial.item i WHERE i.company = p_company AND i.item = p_item;
	END IF;
END
$$;

-- Two items meet: by the lesser share; what the other is worth more is a realized exchange difference.
CREATE FUNCTION trial.meet(p_company text, p_key text, p_seq integer, p_debit integer, p_credit integer, p_amount numeric, p_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	debit numeric := trial.share(p_company, p_debit, p_amount);
	credit numeric := trial.share(p_company, p_credit, p_amount);
	base numeric := least(debit, credit);
BEGIN
	INSERT INTO trial.meeting VALUES (p_company, p_key, p_seq, p_debit, p_credit, p_amount, base, p_day);
	PERFORM trial.take(p_company, p_key, p_seq, p_debit, 'settlement', p_amount, base, p_day);
	PERFORM trial.take(p_company, p_key, p_seq, p_credit, 'settlement', p_amount, base, p_day);
	IF debit <> credit THEN
		PERFORM trial.take(p_company, p_key, p_seq, CASE WHEN debit > credit THEN p_debit ELSE p_credit END, 'exchange_difference', 0, abs(debit - credit), p_day);
	END IF;
END
$$;

CREATE FUNCTION trial.last_undone(p_company text, p_item integer) RETURNS date
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT max(t.undone_on) FROM trial.taking t WHERE t.company = p_company AND t.item = p_item), '-infinity');
END
$$;

-- A document whose item is settled is not reversed, nor before its settlement was undone.
CREATE FUNCTION trial.check_reversible(p_company text, p_no integer, p_posting_day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM trial.item i JOIN trial.taking t USING (company, item) WHERE i.company = p_company AND i.no = p_no AND t.undone_on IS NULL) THEN
		PERFORM trial.refuse('TR095');
	ELSIF p_posting_day < (SELECT max(trial.last_undone(p_company, i.item)) FROM trial.item i WHERE i.company = p_company AND i.no = p_no) THEN
		PERFORM trial.refuse('TR011');
	END IF;
END
$$;

-- Names one item for the settlement that is being derived; p_named is what a request says of it.
CREATE FUNCTION trial.name_item(p_company text, p_n integer, i trial.item, p_named jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO trial.named VALUES (p_company, p_n, i.item, concat_ws(' ', i.account, i.party, i.currency), i.amount > 0, i.day,
		i.due, greatest(i.day, trial.last_undone(p_company, i.item)), abs((trial.open(i)).amount), (p_named ->> 'amount')::numeric,
		coalesce(nullif(p_named ->> 'discount', 'terms')::numeric, 0), coalesce((p_named ->> 'write_off')::boolean, false), coalesce(p_named ->> 'discount' = 'terms', false));
END
$$;

CREATE FUNCTION trial.item_named(p_company text, p_named jsonb) RETURNS trial.item
LANGUAGE plpgsql STABLE AS $$
DECLARE
	i trial.item;
BEGIN
	SELECT t.* INTO STRICT i FROM trial.item t JOIN trial.document d USING (company, no)
	WHERE t.company = p_company AND d.key = p_named ->> 'key' AND (NOT p_named ? 'line' OR t.line = (p_named ->> 'line')::integer);
	RETURN i;
END
$$;

-- May the named items be settled on that day, by themselves and with each other? Returns by how much the two sides meet. p_own_day: that of the request.
CREATE FUNCTION trial.check_named(p_company text, p_day date, p_own_day date) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	first_place text := (SELECT n.place FROM trial.named n WHERE n.company = p_company ORDER BY n.n LIMIT 1);
	i trial.named;
	d record;
	c record;
	meets numeric;
BEGIN
	FOR i IN SELECT * FROM trial.named n WHERE n.company = p_company ORDER BY n.n LOOP
		PERFORM trial.refuse(CASE WHEN i.place <> first_place THEN 'TR090' WHEN i.open = 0 THEN 'TR091' WHEN p_day < i.not_before THEN 'TR011' ELSE 'TR092' END)
		WHERE i.place <> first_place OR i.open = 0 OR p_day < i.not_before OR coalesce(i.given, 0) + i.discount > i.open;
	END LOOP;
	PERFORM trial.find_discounts(p_company, p_own_day);
	SELECT count(*) AS n, coalesce(sum(n.given), 0) AS given, coalesce(sum(coalesce(n.given, n.open - n.discount)), 0) AS offered INTO d FROM trial.named n WHERE n.company = p_company AND n.debit;
	SELECT count(*) AS n, coalesce(sum(n.given), 0) AS given, coalesce(sum(coalesce(n.given, n.open - n.discount)), 0) AS offered INTO c FROM trial.named n WHERE n.company = p_company AND NOT n.debit;
	meets := least(d.offered, c.offered);
	-- One side alone is settled only by what is given up of it.
	IF d.n = 0 OR c.n = 0 THEN
		PERFORM trial.refuse('TR090') WHERE d.given + c.given > 0 OR EXISTS (SELECT FROM trial.named n WHERE n.company = p_company AND (n.discount = 0 OR n.by_terms) AND NOT n.write_off);
	ELSIF greatest(d.given, c.given) > meets THEN
		PERFORM trial.refuse('TR092');
	END IF;
	RETURN meets;
END
$$;

-- The amounts that are given, then what is left to the oldest; cent by cent would give the same.
CREATE FUNCTION trial.spread(p_company text, p_meets numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	i trial.named;
BEGIN
	UPDATE trial.named n SET part = n.given WHERE n.company = p_company AND n.given IS NOT NULL;
	FOR i IN SELECT * FROM trial.named n WHERE n.company = p_company AND n.given IS NULL ORDER BY n.due, n.item LOOP
		UPDATE trial.named n SET part = least(i.open - i.discount, p_meets - (SELECT sum(t.part) FROM trial.named t WHERE t.company = p_company AND t.debit = i.debit))
		WHERE n.company = p_company AND n.n = i.n;
	END LOOP;
END
$$;

-- What is given up of the named items, in the order in which they are named.
CREATE FUNCTION trial.give_up(p_company text, p_key text, p_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	i trial.named;
	rest numeric;
	base numeric;
BEGIN
	FOR i IN SELECT * FROM trial.named n WHERE n.company = p_company ORDER BY n.n LOOP
		IF i.discount <> 0 THEN
			PERFORM trial.take(p_company, p_key, 0, i.item, 'discount', i.discount, trial.share(p_company, i.item, i.discount), p_day, i.percent);
		END IF;
		IF i.write_off THEN
			SELECT abs(o.amount), abs(o.base) INTO rest, base FROM trial.item t, trial.open(t) o WHERE t.company = p_company AND t.item = i.item;
			PERFORM trial.refuse('TR093') WHERE rest <> 0 AND base > (SELECT b.write_off_limit FROM trial.book b WHERE b.company = p_company);
			PERFORM trial.take(p_company, p_key, 0, i.item, 'write_off', rest, base, p_day) WHERE rest <> 0;
		END IF;
	END LOOP;
END
$$;

-- Settles the named items, or raises what the engine must refuse with.
CREATE FUNCTION trial.settle_named(p_company text, p_key text, p_day date, p_own_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	i integer;
	j integer;
	take numeric;
	seq integer := coalesce((SELECT max(m.seq) FROM trial.meeting m WHERE m.company = p_company AND m.call_key = p_key), 0);
BEGIN
	PERFORM trial.spread(p_company, trial.check_named(p_company, p_day, p_own_day));
	PERFORM trial.fit_discounts(p_company);
	FOR i IN SELECT n.item FROM trial.named n WHERE n.company = p_company AND n.debit ORDER BY n.due, n.item LOOP
		FOR j IN SELECT n.item FROM trial.named n WHERE n.company = p_company AND NOT n.debit ORDER BY n.due, n.item LOOP
			take := (SELECT min(n.part) FROM trial.named n WHERE n.company = p_company AND n.item IN (i, j));
			CONTINUE WHEN take = 0;
			seq := seq + 1;
			PERFORM trial.meet(p_company, p_key, seq, i, j, take, p_day);
			UPDATE trial.named n SET part = n.part - take WHERE n.company = p_company AND n.item IN (i, j);
		END LOOP;
	END LOOP;
	PERFORM trial.give_up(p_company, p_key, p_day);
END
$$;

-- What a posted document settles at once: for each account, party and currency that it names, in this order, with what it opens of them.
CREATE FUNCTION trial.settle_posted(p_company text, d trial.document) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	g record;
	own trial.item;
	n integer;
BEGIN
	FOR g IN
		SELECT i.account, i.party, i.currency, jsonb_agg(e.value ORDER BY e.n) AS named FROM jsonb_array_elements(d.body -> 'settles') WITH ORDINALITY e (value, n), trial.item_named(p_company, e.value) i
		GROUP BY i.account, i.party, i.currency ORDER BY min(e.n)
	LOOP
		DELETE FROM trial.named t WHERE t.company = p_company;
		PERFORM trial.name_item(p_company, e.n::integer, trial.item_named(p_company, e.value), e.value) FROM jsonb_array_elements(g.named) WITH ORDINALITY e (value, n);
		n := jsonb_array_length(g.named);
		FOR own IN SELECT * FROM trial.item i WHERE i.company = p_company AND i.no = d.no AND i.account = g.account AND i.party = g.party AND i.currency = g.currency ORDER BY i.item LOOP
			n := n + 1;
			-- What it opens itself is taken to be due on the day on which it is posted.
			own.due := d.posting_day;
			PERFORM trial.name_item(p_company, n, own, '{}');
		END LOOP;
		PERFORM trial.refuse('TR090') WHERE n = jsonb_array_length(g.named);
		PERFORM trial.settle_named(p_company, d.key, d.posting_day, d.day);
	END LOOP;
END
$$;

-- What erp.settle() must refuse with, or '' and it is settled. It comes late where its day is closed.
CREATE FUNCTION trial.predict_settle(p_company text, p_key text, p_request jsonb) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM trial.named t WHERE t.company = p_company;
	PERFORM trial.name_item(p_company, e.n::integer, trial.item_named(p_company, e.value), e.value) FROM jsonb_array_elements(p_request -> 'items') WITH ORDINALITY e (value, n);
	PERFORM trial.settle_named(p_company, p_key, trial.first_open(p_company, (p_request ->> 'day')::date, '{general}'), (p_request ->> 'day')::date);
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE NOT LIKE 'TR%' THEN
		RAISE;
	END IF;
	RETURN replace(SQLSTATE, 'TR', 'LE');
END
$$;

-- Undoes what stands of a call, or of one meeting of it.
CREATE FUNCTION trial.predict_unsettle(p_company text, p_call text, p_key text, p_day date, p_seq integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	posting date := trial.first_open(p_company, p_day, '{general}');
	latest date := (SELECT max(t.day) FROM trial.taking t WHERE t.company = p_company AND t.call_key = p_key AND t.seq = coalesce(p_seq, t.seq) AND t.undone_on IS NULL);
BEGIN
	IF latest IS NULL THEN
		RETURN 'LE094';
	ELSIF posting < latest THEN
		RETURN 'LE011';
	END IF;
	PERFORM trial.post_loss(p_call, posting, i, t.reason, t.amount, t.base, true)
	FROM trial.taking t JOIN trial.item i USING (company, item)
	WHERE t.company = p_company AND t.call_key = p_key AND t.seq = coalesce(p_seq, t.seq) AND t.undone_on IS NULL AND t.reason <> 'settlement';
	UPDATE trial.taking t SET undone_on = posting WHERE t.company = p_company AND t.call_key = p_key AND t.seq = coalesce(p_seq, t.seq) AND t.undone_on IS NULL;
	UPDATE trial.meeting m SET undone_on = posting WHERE m.company = p_company AND m.call_key = p_key AND m.seq = coalesce(p_seq, m.seq) AND m.undone_on IS NULL;
	RETURN '';
END
$$;
