-- Settlements of open items and what undoes them, handed to both.

-- Items of one place, now and then one of another; of both sides in turn, the latest first, or of one side alone to give up.
CREATE FUNCTION trial.some_settlement(p_company text, p_day date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	-- Those that have something open on both sides, or now and then any.
	places text[] := ARRAY(SELECT i.place FROM trial.open_item i WHERE i.company = p_company AND i.open > 0 GROUP BY i.place HAVING count(DISTINCT i.turn) = 2 ORDER BY 1);
	wanted text := CASE WHEN trial.rand(8) > 0 AND places <> '{}' THEN trial.pick(VARIADIC places) ELSE '1100 ' || trial.pick('C1', 'C2', 'C3') || ' GBP' END;
	alone integer := CASE trial.rand(8) WHEN 0 THEN trial.rand(3) - 1 ELSE 0 END;
	stray integer := trial.rand(12);
	items jsonb := '[]';
	i trial.open_item;
BEGIN
	FOR i IN SELECT o.* FROM trial.open_item o
		WHERE o.company = p_company AND (o.place = wanted OR stray = 0 AND o.item % 7 = 0) AND (alone = 0 OR o.turn = alone) AND (o.open > 0 OR o.item % 17 = 0)
		ORDER BY row_number() OVER (PARTITION BY o.turn ORDER BY o.item DESC), o.item LIMIT 2 + trial.rand(4)
	LOOP
		CONTINUE WHEN trial.rand(CASE WHEN jsonb_array_length(items) < 2 THEN 9 ELSE 3 END) = 0;
		items := items || jsonb_build_array(trial.named(i) || CASE WHEN alone <> 0 AND trial.rand(4) > 0 THEN '{"write_off": true}' ELSE '{}'::jsonb END);
	END LOOP;
	RETURN CASE WHEN items <> '[]' THEN jsonb_build_object('day', p_day, 'items', items) END;
END
$$;

-- The identity that the books have given to a meeting of a call, the p_seq-th one: a settlement of two items that it did not open itself.
CREATE FUNCTION trial.settlement_id(p_company text, p_key text, p_seq integer) RETURNS bigint
LANGUAGE plpgsql SET join_collapse_limit = 1 AS $$
BEGIN
	RETURN (SELECT s.settlement_id FROM erp.company c JOIN erp.document d ON d.company_id = c.company_id AND d.key = p_key
		JOIN erp.document_link l ON l.company_id = c.company_id AND l.target_document_id = d.document_id AND l.link = 'settles'
		JOIN erp.settlement s ON s.company_id = c.company_id AND s.document_id = l.document_id AND s.reverses_settlement_id = 0
		JOIN erp.open_item o ON o.company_id = c.company_id AND o.open_item_id = s.debit_open_item_id AND o.document_id <> s.document_id
		JOIN erp.open_item q ON q.company_id = c.company_id AND q.open_item_id = s.credit_open_item_id AND q.document_id <> s.document_id
		WHERE c.code = p_company ORDER BY s.settlement_id OFFSET p_seq - 1 LIMIT 1);
END
$$;

-- What undoes a call that settled, or one meeting of it; NULL where there is none.
CREATE FUNCTION trial.some_unsettlement(p_company text, p_day date, p_step integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	target text;
	meeting integer;
BEGIN
	SELECT t.call_key INTO target FROM (SELECT DISTINCT k.call_key FROM trial.taking k WHERE k.company = p_company) t ORDER BY md5(t.call_key || p_step) LIMIT 1;
	IF trial.rand(3) = 0 THEN
		SELECT m.seq INTO meeting FROM trial.meeting m WHERE m.company = p_company AND m.call_key = target ORDER BY md5(concat(m.seq, p_step)) LIMIT 1;
	END IF;
	RETURN CASE WHEN target IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object('day', p_day, 'key', target, 'seq', meeting)) END;
END
$$;

-- What the engine is asked: a meeting is named by its identity.
CREATE FUNCTION trial.settle_request(p_company text, p_request jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT CASE WHEN p_request ? 'seq' THEN jsonb_build_object('day', p_request -> 'day', 'settlement_ids',
		jsonb_build_array(trial.settlement_id(p_company, p_request ->> 'key', (p_request ->> 'seq')::integer))) ELSE p_request END
$$;

-- The call to the engine: '' or the code of its refusal.
CREATE FUNCTION trial.settle_call(p_company text, p_key text, p_call text, p_request jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	got text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, %L, %L)', p_call, p_company, p_key, trial.settle_request(p_company, p_request));
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS got = RETURNED_SQLSTATE;
	PERFORM set_config('trial.message', SQLERRM, false);
	RETURN got;
END
$$;

-- Where the company asks for reviews, what posts a voucher is settled by a draft, under the same key. Returns ''.
CREATE FUNCTION trial.settle_by_draft(p_company text, p_key text, p_call text, p_request jsonb) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.draft_voucher(p_company, 'draft ' || p_key, json_build_object('document', json_build_object('key', p_key, p_call, trial.settle_request(p_company, p_request))));
	PERFORM erp.review_draft(p_company, 'review ' || p_key, json_build_object('draft', p_key));
	PERFORM erp.post_draft(p_company, 'post ' || p_key, json_build_object('draft', p_key));
	INSERT INTO trial.draft VALUES (p_company, p_key, 'posted', p_request);
	RETURN '';
END
$$;

-- One call that settles or undoes, handed to both; NULL where there is nothing to settle.
CREATE FUNCTION trial.settle_step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	call text := CASE trial.rand(4) WHEN 0 THEN 'unsettle' ELSE 'settle' END;
	day date := p_today - trial.rand(3) + trial.rand(2);
	request jsonb := CASE call WHEN 'unsettle' THEN trial.some_unsettlement(p_company, day, p_step) ELSE trial.some_settlement(p_company, day) END;
	expected text;
	got text;
BEGIN
	IF request IS NULL THEN
		RETURN NULL;
	END IF;
	PERFORM set_config('trial.docs', request::text, false);
	expected := CASE call WHEN 'settle' THEN trial.predict_settle(p_company, 'settle ' || p_step, request)
		ELSE trial.predict_unsettle(p_company, 'settle ' || p_step, request ->> 'key', day, (request ->> 'seq')::integer) END;
	got := trial.settle_call(p_company, 'settle ' || p_step, call, request);
	IF got = 'LE100' AND (SELECT b.reviewed FROM trial.book b WHERE b.company = p_company) AND EXISTS (SELECT FROM trial.gl g WHERE g.company = p_company AND g.call_key = 'settle ' || p_step) THEN
		got := trial.settle_by_draft(p_company, 'settle ' || p_step, call, request);
	END IF;
	IF expected <> got THEN
		RAISE EXCEPTION '%: expected "%", got "%" (%) for % %', p_company, expected, got, current_setting('trial.message', true), call, request;
	END IF;
	RETURN CASE got WHEN '' THEN call ELSE got END;
END
$$;
