-- Plays histories of goods and compares.

CREATE TABLE goods.played (seed integer PRIMARY KEY, steps integer NOT NULL, tally jsonb NOT NULL);

-- Of several faults only one is named, and which is its own affair.
CREATE FUNCTION goods.same_refusal(p_doc jsonb, p_expected text, p_got text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT p_expected = p_got OR p_expected <> '' AND p_got <> '' AND (jsonb_array_length(coalesce(p_doc -> 'lines', '[]')) > 1
		OR p_expected IN ('LE050', 'LE051', 'LE052', 'LE195') AND p_got IN ('LE050', 'LE051', 'LE052', 'LE195')
		OR p_got IN ('LE030', 'LE031', 'LE032') OR p_expected IN ('LE030', 'LE031', 'LE032'))
$$;

-- What a document would change, account by account and item by item, is known before it is posted. Called between its derivation and its posting.
CREATE FUNCTION goods.check_preview(p_company text, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	preview jsonb;
	new_no integer := (SELECT max(d.no) FROM goods.document d WHERE d.company = p_company);
	d record;
BEGIN
	BEGIN
		preview := erp.preview(p_company, p_doc::text::json);
	EXCEPTION WHEN SQLSTATE 'LE000' THEN
		-- Posting it is refused with the same.
		RETURN;
	END;
	FOR d IN SELECT 'account ' || coalesce(b.account, t.account) AS place, b.change AS books, t.change AS derived
		FROM (SELECT a ->> 'account' AS account, (a ->> 'change')::numeric AS change FROM jsonb_array_elements(nullif(preview -> 'accounts', 'null')) a) b
		FULL JOIN (SELECT g.account, sum(g.amount) AS change FROM goods.gl g WHERE g.company = p_company AND g.no = new_no GROUP BY 1) t USING (account) WHERE coalesce(b.change, 0) <> coalesce(t.change, 0)
		UNION ALL
		SELECT 'item ' || b.item, b.value, t.value FROM (SELECT i ->> 'item' AS item, (i ->> 'value_after')::numeric AS value FROM jsonb_array_elements(nullif(preview -> 'items', 'null')) i) b
		LEFT JOIN (SELECT m.item, sum(m.value) AS value FROM goods.move m WHERE m.company = p_company GROUP BY 1) t USING (item) WHERE coalesce(b.value, 0) <> coalesce(t.value, 0)
	LOOP
		RAISE EXCEPTION '%: preview of %: "%", derived "%" for %', p_company, d.place, d.books, d.derived, p_doc;
	END LOOP;
END
$$;

-- Hands a document to both; an error with all that repeats it where they disagree.
CREATE FUNCTION goods.attempt(p_company text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	docs text := set_config('trial.docs', p_doc::text, false);
	expected text := goods.predict(p_company, p_doc);
	got text;
BEGIN
	PERFORM goods.check_preview(p_company, p_doc) WHERE expected = '' AND NOT p_doc ? 'reverses' AND trial.rand(3) = 0;
	got := trial.engine(p_company, jsonb_build_array(p_doc));
	IF NOT goods.same_refusal(p_doc, expected, got) THEN
		RAISE EXCEPTION '%: expected "%", got "%" (%) for %', p_company, expected, got, CASE got WHEN '' THEN 'accepted' ELSE current_setting('trial.message', true) END, p_doc;
	END IF;
	RETURN CASE got WHEN '' THEN 'posted' ELSE got END;
END
$$;

-- The reversal of one of the last documents, or of a kind that few are of; NULL while there is none. Mostly of its own day, so that it was never there.
CREATE FUNCTION goods.some_reversal(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	d goods.document;
	dice integer := trial.rand(1000);
BEGIN
	SELECT * INTO d FROM goods.document t WHERE t.company = p_company AND (dice % 2 = 0 OR t.kind NOT IN ('goods_receipt', 'sales_invoice') AND goods.stands(p_company, t.no))
	ORDER BY CASE WHEN dice % 2 = 0 THEN -t.no END, md5(concat(t.kind, dice)), md5(concat(t.no, dice)) OFFSET CASE WHEN dice % 2 = 0 THEN dice % 12 ELSE 0 END LIMIT 1;
	RETURN CASE WHEN d.no IS NOT NULL THEN jsonb_build_object('reverses', d.key, 'day', CASE trial.rand(2) WHEN 0 THEN d.posting_day ELSE greatest(d.posting_day, p_today) END,
		'time', CASE trial.rand(2) WHEN 0 THEN greatest(d.tod, '08:00:00') ELSE '23:00:00' END) END;
END
$$;

-- The same request again gives the first result and adds nothing.
CREATE FUNCTION goods.repeat(p_company text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	body jsonb := (SELECT d.body FROM goods.document d WHERE d.company = p_company ORDER BY d.no DESC OFFSET trial.rand(5) LIMIT 1);
	before bigint := trial.documents(p_company);
	got text;
BEGIN
	got := CASE WHEN body IS NULL THEN '' ELSE trial.engine(p_company, jsonb_build_array(body)) END;
	IF got <> '' OR before <> trial.documents(p_company) THEN
		RAISE EXCEPTION '%: repeating % gave "%"', p_company, body, got;
	END IF;
	RETURN 'repeat';
END
$$;

CREATE FUNCTION goods.step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(100);
	doc jsonb;
BEGIN
	CASE
		WHEN dice < 4 THEN RETURN trial.close_month(p_company, p_today, p_step);
		WHEN dice < 6 THEN RETURN trial.reopen_month(p_company, p_step);
		WHEN dice < 9 THEN RETURN goods.repeat(p_company);
		WHEN dice < 17 THEN RETURN goods.reserve_step(p_company, p_step);
		WHEN dice < 22 THEN RETURN goods.promise_step(p_company, p_step);
		WHEN dice < 33 THEN doc := goods.some_reversal(p_company, p_today);
		ELSE NULL;
	END CASE;
	-- What a document says of its day stands; most are of today, some come late.
	doc := jsonb_build_object('day', CASE trial.rand(4) WHEN 0 THEN p_today - trial.rand(35) ELSE p_today END)
		|| CASE WHEN trial.rand(4) = 0 THEN '{}' ELSE jsonb_build_object('time', trial.pick('08:00:00', '08:00:00', '12:30:00', '17:45:10')) END
		|| coalesce(doc, goods.some_document(p_company)) || CASE trial.rand(3) WHEN 0 THEN '{"late": true}' ELSE '{}'::jsonb END || jsonb_build_object('key', p_step::text);
	IF doc ->> 'kind' IN ('receipt_amendment', 'supplier_return') AND trial.rand(3) > 0 THEN
		doc := doc - 'time';
	END IF;
	RETURN goods.attempt(p_company, doc);
END
$$;

-- Plays the history of a seed, each step its own transaction, and compares at the end or, to find the step that went wrong, after each.
CREATE PROCEDURE goods.play(p_seed integer, p_steps integer DEFAULT NULL, p_compare_each boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
	company text := 'GOODS' || p_seed;
	today date := '2009-01-31';
	steps integer;
	outcome text;
	tally jsonb := '{}';
BEGIN
	PERFORM set_config('client_min_messages', 'error', false);
	PERFORM set_config('trial.docs', 'none', false);
	PERFORM set_config('goods.seed', p_seed::text, false);
	PERFORM set_config('trial.state', ((p_seed::bigint * 7919 + 777) % 2147483646 + 1)::text, false);
	PERFORM trial.rand(2) FROM generate_series(1, 5);
	PERFORM goods.make_book(company, p_seed);
	steps := coalesce(p_steps, 22 + trial.rand(22));
	COMMIT;
	FOR i IN 1 .. steps LOOP
		today := today + trial.rand(3);
		outcome := goods.step(company, i, today);
		tally := tally || jsonb_build_object(outcome, coalesce((tally ->> outcome)::integer, 0) + 1);
		COMMIT;
		IF p_compare_each OR i = steps THEN
			PERFORM goods.compare(company, i);
		END IF;
	END LOOP;
	INSERT INTO goods.played VALUES (p_seed, steps, tally);
	COMMIT;
END
$$;
