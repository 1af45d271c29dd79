-- The steps of a history: what is posted, in batches or alone, backdated, late, from drafts, reversed, repeated; periods that close behind
-- it and open again.

-- The reversal of some document; NULL while there is none.
CREATE FUNCTION trial.some_reversal(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	n integer := (SELECT count(*) FROM trial.document WHERE company = p_company);
BEGIN
	IF n = 0 THEN
		RETURN NULL;
	END IF;
	SELECT * INTO d FROM trial.document WHERE company = p_company ORDER BY no DESC OFFSET trial.rand(least(n, 14)) LIMIT 1;
	RETURN jsonb_build_object('reverses', d.key, 'day', greatest(d.day, d.posting_day, p_today - trial.rand(3)), 'time', '23:00:00');
END
$$;

-- Closes the oldest month that is open, in one module or in all, here and in the books; while a draft of it waits, not its general one.
CREATE FUNCTION trial.close_month(p_company text, p_today date, p_step integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	m date := date_trunc('month', trial.first_open(p_company, '2009-01-01', '{general}'));
	modules text[] := CASE trial.rand(3) WHEN 0 THEN ARRAY[trial.pick('sales', 'purchasing', 'stock', 'general')] ELSE '{sales,purchasing,stock,general}' END;
	expected text := CASE WHEN 'general' = ANY (modules) AND trial.drafts_wait(p_company, m) THEN 'LE105' ELSE '' END;
	got text := '';
BEGIN
	IF m >= date_trunc('month', p_today) THEN
		RETURN 'nothing to close';
	END IF;
	PERFORM erp.set_period_state(p_company, 'warn ' || p_step, json_build_object('period', to_char(m, 'YYYY-MM'), 'state', 'warned', 'reason', 'the rest of the month'));
	DELETE FROM trial.closed WHERE company = p_company AND month = m;
	BEGIN
		PERFORM erp.set_period_state(p_company, 'close ' || p_step, json_build_object('period', to_char(m, 'YYYY-MM'), 'modules', modules, 'state', 'closed'));
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS got = RETURNED_SQLSTATE;
	END;
	IF expected <> got THEN
		RAISE EXCEPTION '%: expected "%", got "%" for closing %', p_company, expected, got, m;
	END IF;
	INSERT INTO trial.closed SELECT p_company, m, module FROM unnest(modules) module WHERE got = '';
	IF got = '' AND 'general' = ANY (modules) THEN
		PERFORM trial.number_days(p_company, p_step, m, (m + interval '1 month - 1 day')::date);
	END IF;
	RETURN CASE got WHEN '' THEN 'close' ELSE got END;
END
$$;

-- Opens a month again, in one module or in all that are closed, here and in the books; never one that is locked.
CREATE FUNCTION trial.reopen_month(p_company text, p_step integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	n integer := (SELECT count(*) FROM trial.closed WHERE company = p_company);
	c trial.closed;
	modules text[];
	expected text;
	got text := '';
BEGIN
	IF n = 0 THEN
		RETURN 'nothing to reopen';
	END IF;
	SELECT * INTO c FROM trial.closed WHERE company = p_company ORDER BY month, module OFFSET trial.rand(n) LIMIT 1;
	modules := CASE trial.rand(2) WHEN 0 THEN ARRAY[c.module] ELSE (SELECT array_agg(module ORDER BY module) FROM trial.closed WHERE company = p_company AND month = c.month) END;
	expected := CASE WHEN trial.is_locked(p_company, (c.month + interval '1 month - 1 day')::date) THEN 'LE032' ELSE '' END;
	BEGIN
		PERFORM erp.set_period_state(p_company, 'reopen ' || p_step, json_build_object('period', to_char(c.month, 'YYYY-MM'), 'modules', modules,
			'state', trial.pick('open', 'warned'), 'reason', 'something was forgotten'));
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS got = RETURNED_SQLSTATE;
	END;
	IF expected <> got THEN
		RAISE EXCEPTION '%: expected "%", got "%" for opening %', p_company, expected, got, c.month;
	END IF;
	DELETE FROM trial.closed WHERE got = '' AND company = p_company AND month = c.month AND module = ANY (modules);
	RETURN CASE got WHEN '' THEN 'reopen' ELSE got END;
END
$$;

-- Locks all days up to some weeks ago, here and in the books; a lock never moves back.
CREATE FUNCTION trial.lock_days(p_company text, p_today date, p_step integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	last date := p_today - 12 - trial.rand(30);
	expected text := CASE WHEN trial.is_locked(p_company, last) THEN 'LE032' ELSE '' END;
	got text := '';
BEGIN
	BEGIN
		PERFORM erp.set_hard_lock(p_company, 'lock ' || p_step, json_build_object('day', last, 'reason', 'these days are audited'));
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS got = RETURNED_SQLSTATE;
	END;
	IF expected <> got THEN
		RAISE EXCEPTION '%: expected "%", got "%" for a lock at %', p_company, expected, got, last;
	END IF;
	IF got = '' THEN
		INSERT INTO trial.hard_lock VALUES (p_company, last) ON CONFLICT (company) DO UPDATE SET day = EXCLUDED.day;
		PERFORM trial.number_days(p_company, p_step, '-infinity', last);
	END IF;
	RETURN CASE got WHEN '' THEN 'lock' ELSE got END;
END
$$;

-- What runs beside postings and must change nothing that anyone reads. Numbers that are given in two goes are those of one.
CREATE FUNCTION trial.upkeep(p_company text, p_step integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	CASE trial.rand(3)
		WHEN 0 THEN PERFORM erp.fold_balances(p_company);
		WHEN 1 THEN
			PERFORM erp.assign_numbers(p_company, 1 + trial.rand(20));
			PERFORM trial.number_all(p_company, p_step);
		ELSE PERFORM erp.seal_documents(p_company);
	END CASE;
END
$$;

-- One call of the engine: the code of its refusal, or ''.
CREATE FUNCTION trial.engine(p_company text, p_docs jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	code text;
	message text;
	detail text;
BEGIN
	IF jsonb_array_length(p_docs) > 1 THEN
		PERFORM erp.post_documents(p_company, p_docs::text::json);
	ELSIF trial.is_value_kind(p_docs -> 0 ->> 'kind') THEN
		PERFORM trial.call_value(p_company, p_docs -> 0);
	ELSIF p_docs -> 0 ? 'reverses' THEN
		PERFORM erp.reverse_document(p_company, (p_docs -> 0)::text::json);
	ELSE
		PERFORM erp.post_document(p_company, (p_docs -> 0)::text::json);
	END IF;
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	PERFORM set_config('trial.message', message || ' / ' || detail, false);
	RETURN code;
END
$$;

-- May the engine refuse with this code where the model foresaw the other? Only the first of several faults is named,
-- and which one is first is its own affair.
CREATE FUNCTION trial.same_refusal(p_company text, p_docs jsonb, p_expected text, p_got text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT p_expected = p_got OR p_expected <> '' AND p_got <> '' AND (jsonb_array_length(p_docs) > 1
		OR p_got IN ('LE030', 'LE032', 'LE050', 'LE051', 'LE052') AND p_expected IN ('LE030', 'LE032', 'LE050', 'LE051', 'LE052')
			AND (jsonb_array_length(coalesce(p_docs -> 0 -> 'lines', '[]')) <> 1 OR EXISTS (SELECT FROM trial.move WHERE company = p_company AND source = 'takeback'))
		OR p_got IN ('LE012', 'LE050', 'LE051', 'LE052', 'LE171') AND p_expected IN ('LE012', 'LE050', 'LE051', 'LE052', 'LE171') AND (p_docs @> '[{"lines": [{"item": "N"}]}]' OR p_docs -> 0 ? 'reverses')
		OR p_got IN ('LE050', 'LE051') AND p_expected = 'LE123'
		OR p_got IN ('LE190', 'LE192') AND p_expected IN ('LE190', 'LE192') AND jsonb_array_length(p_docs -> 0 -> 'consumes') > 1
		OR p_got IN ('LE040', 'LE045', 'LE110', 'LE030', 'LE032') AND p_expected IN ('LE040', 'LE045', 'LE110', 'LE030', 'LE032'))
$$;

-- What must come of documents that are posted one after another; leaves nothing behind.
CREATE FUNCTION trial.foresee(p_company text, p_docs jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	outcome text;
BEGIN
	outcome := trial.predict(p_company, p_docs);
	PERFORM trial.refuse('TR000');
EXCEPTION WHEN SQLSTATE 'TR000' THEN
	RETURN outcome;
END
$$;

-- Hands the documents to both; an error with everything needed to repeat it where they disagree.
CREATE FUNCTION trial.attempt(p_company text, p_docs jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	docs text := set_config('trial.docs', p_docs::text, false);
	is_batch boolean := jsonb_array_length(p_docs) > 1;
	expected text := CASE WHEN is_batch THEN trial.foresee(p_company, p_docs) ELSE trial.predict(p_company, p_docs) END;
	got text := trial.engine(p_company, p_docs);
BEGIN
	-- A batch that fails one by one may still hold as a set, where an earlier day comes later in it; what its documents are worth when all of it is there, they are posted at.
	IF is_batch AND got = '' THEN
		expected := trial.predict(p_company, p_docs, false);
	END IF;
	IF NOT trial.same_refusal(p_company, p_docs, expected, got) THEN
		RAISE EXCEPTION '%: expected "%", got "%" (%) for %', p_company, expected, got,
			CASE got WHEN '' THEN 'accepted' ELSE current_setting('trial.message', true) END, p_docs;
	END IF;
	RETURN got;
END
$$;

CREATE FUNCTION trial.documents(p_company text) RETURNS bigint
LANGUAGE sql AS $$ SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = p_company $$;

-- The same request again gives the first result and adds nothing; another one under its key is refused.
CREATE FUNCTION trial.repeat(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	before bigint := trial.documents(p_company);
	got text;
BEGIN
	SELECT * INTO d FROM trial.document WHERE company = p_company ORDER BY no DESC OFFSET trial.rand(5) LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	got := trial.engine(p_company, jsonb_build_array(d.body));
	IF got <> '' OR before <> trial.documents(p_company) THEN
		RAISE EXCEPTION '%: repeating % gave "%"', p_company, d.body, got;
	END IF;
	got := trial.engine(p_company, jsonb_build_array(d.body || '{"description": "another"}'));
	IF got <> 'LE020' THEN
		RAISE EXCEPTION '%: another request under the key of % gave "%"', p_company, d.body, got;
	END IF;
END
$$;

CREATE FUNCTION trial.some_document(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
	RETURN CASE WHEN trial.rand(9) < CASE WHEN trial.is_workshop(p_company) THEN 1 ELSE 5 END THEN trial.some_money(p_company) ELSE trial.some_goods(p_company) END
		|| jsonb_build_object('day', CASE trial.rand(5) WHEN 0 THEN p_today - trial.rand(30) ELSE p_today END, 'time', trial.pick('08:00:00', '08:00:00', '12:30:00', '17:45:10'));
END
$$;

-- A document, some in a batch, or a reversal: posted, or drafted where it can be and often must.
CREATE FUNCTION trial.post_step(p_company text, p_step integer, p_today date, p_batch boolean, p_reverse boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	docs jsonb := '[]';
	doc jsonb;
	drafted boolean;
BEGIN
	FOR i IN 0 .. CASE WHEN p_batch THEN 1 + trial.rand(4) ELSE 0 END LOOP
		doc := CASE WHEN p_reverse THEN trial.some_reversal(p_company, p_today) END;
		doc := coalesce(doc, trial.some_document(p_company, p_today)) || CASE trial.rand(3) WHEN 0 THEN '{"late": true}' ELSE '{}'::jsonb END;
		docs := docs || jsonb_build_array(doc || jsonb_build_object('key', concat_ws('-', p_step, i)));
	END LOOP;
	doc := docs -> 0;
	drafted := NOT p_batch AND trial.is_drafted(coalesce(doc ->> 'kind', (SELECT d.kind FROM trial.document d WHERE d.company = p_company AND d.key = doc ->> 'reverses')))
		AND trial.rand(10) < CASE WHEN (SELECT b.reviewed FROM trial.book b WHERE b.company = p_company) THEN 9 ELSE 2 END;
	IF drafted AND trial.rand(3) = 0 THEN
		RETURN trial.take_step(p_company, 'draft ' || p_step, 'draft', doc);
	END IF;
	RETURN CASE WHEN drafted THEN trial.draft_and_post(p_company, doc) ELSE trial.attempt(p_company, docs) END;
END
$$;

-- One step of a history: a month closes or opens again, a request is repeated, open items are settled, a draft goes on, or documents are tried.
CREATE FUNCTION trial.step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(100);
	outcome text;
BEGIN
	IF dice < 5 THEN
		RETURN trial.close_month(p_company, p_today, p_step);
	ELSIF dice < 9 THEN
		PERFORM trial.repeat(p_company);
		RETURN 'repeat';
	ELSIF dice IN (20, 21) THEN
		RETURN trial.reopen_month(p_company, p_step);
	ELSIF dice = 29 THEN
		RETURN trial.lock_days(p_company, p_today, p_step);
	ELSIF dice IN (22, 23) THEN
		PERFORM trial.upkeep(p_company, p_step);
		RETURN 'upkeep';
	ELSIF dice BETWEEN 24 AND 28 THEN
		outcome := trial.some_draft_step(p_company, p_step);
	ELSIF dice BETWEEN 72 AND 88 THEN
		outcome := trial.settle_step(p_company, p_step, p_today);
	END IF;
	-- Where there is nothing to settle and no draft, something is posted.
	RETURN coalesce(outcome, trial.post_step(p_company, p_step, p_today, dice BETWEEN 9 AND 15, dice > 88));
END
$$;
