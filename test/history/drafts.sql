-- Drafts, naively, and the steps that histories take with them. What is drafted or reviewed could be posted at this moment;
-- what is posted is a document from then on; what is withdrawn never was anything.

-- What posting it would be refused for, and whether it would move cash; nothing stays.
CREATE FUNCTION trial.would(p_company text, p_doc jsonb, OUT code text, OUT cash boolean)
LANGUAGE plpgsql AS $$
BEGIN
	code := trial.predict(p_company, jsonb_build_array(p_doc), true, true);
	cash := EXISTS (SELECT FROM trial.gl g JOIN trial.document d USING (company, no) WHERE d.company = p_company AND d.key = p_doc ->> 'key' AND g.account IN ('1000', '1010')
		AND (g.amount <> 0 OR g.currency_amount <> 0));
	RAISE EXCEPTION SQLSTATE 'TX000';
EXCEPTION WHEN SQLSTATE 'TX000' THEN
	RETURN;
END
$$;

-- The state that a step leads to, '' where there is no such step.
CREATE FUNCTION trial.draft_state_after(p_state text, p_step text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE p_step
		WHEN 'draft' THEN CASE WHEN p_state IN ('drafted', 'reviewed', 'signed', 'returned') THEN 'drafted' ELSE '' END
		WHEN 'review' THEN CASE p_state WHEN 'drafted' THEN 'reviewed' ELSE '' END
		WHEN 'sign' THEN CASE p_state WHEN 'reviewed' THEN 'signed' ELSE '' END
		WHEN 'post' THEN CASE WHEN p_state IN ('drafted', 'reviewed', 'signed') THEN 'posted' ELSE '' END
		WHEN 'return' THEN CASE WHEN p_state IN ('drafted', 'reviewed', 'signed') THEN 'returned' ELSE '' END
		ELSE CASE WHEN p_state IN ('drafted', 'reviewed', 'signed', 'returned') THEN 'withdrawn' ELSE '' END END
$$;

-- What a step of a draft must be refused for; '' and it is taken.
CREATE FUNCTION trial.predict_draft(p_company text, p_step text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	d trial.draft;
	b trial.book;
	state_after text;
	moves boolean;
	code text := '';
BEGIN
	SELECT * INTO b FROM trial.book t WHERE t.company = p_company;
	SELECT * INTO d FROM trial.draft t WHERE t.company = p_company AND t.key = p_doc ->> 'key';
	moves := d.cash;
	state_after := CASE WHEN d.key IS NULL THEN 'drafted' ELSE trial.draft_state_after(d.state, p_step) END;
	IF state_after = '' THEN
		RETURN 'LE070';
	ELSIF p_step = 'post' AND d.state = 'drafted' AND b.reviewed THEN
		RETURN 'LE100';
	ELSIF p_step = 'post' AND d.state <> 'signed' AND d.cash AND b.cashier THEN
		RETURN 'LE102';
	ELSIF p_step IN ('draft', 'review') THEN
		SELECT w.code, w.cash INTO code, moves FROM trial.would(p_company, p_doc) w;
	ELSIF p_step = 'post' THEN
		code := trial.predict(p_company, jsonb_build_array(p_doc), true, true);
	END IF;
	IF code = '' THEN
		INSERT INTO trial.draft VALUES (p_company, p_doc ->> 'key', state_after, p_doc, moves)
		ON CONFLICT (company, key) DO UPDATE SET state = EXCLUDED.state, body = EXCLUDED.body, cash = EXCLUDED.cash;
	END IF;
	RETURN code;
END
$$;

-- One step of a draft, handed to both; its name, or the code of its refusal.
CREATE FUNCTION trial.take_step(p_company text, p_key text, p_step text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	expected text := trial.predict_draft(p_company, p_step, p_doc);
	got text := '';
BEGIN
	PERFORM set_config('trial.docs', p_doc::text, false);
	BEGIN
		CASE p_step
			WHEN 'draft' THEN PERFORM erp.draft_voucher(p_company, p_key, json_build_object('document', p_doc));
			WHEN 'review' THEN PERFORM erp.review_draft(p_company, p_key, json_build_object('draft', p_doc ->> 'key'));
			WHEN 'sign' THEN PERFORM erp.sign_draft(p_company, p_key, json_build_object('draft', p_doc ->> 'key'));
			WHEN 'post' THEN PERFORM erp.post_draft(p_company, p_key, json_build_object('draft', p_doc ->> 'key'));
			WHEN 'return' THEN PERFORM erp.return_draft(p_company, p_key, json_build_object('draft', p_doc ->> 'key', 'reason', 'a paper is missing'));
			ELSE PERFORM erp.withdraw_draft(p_company, p_key, json_build_object('draft', p_doc ->> 'key', 'reason', 'it was a mistake'));
		END CASE;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS got = RETURNED_SQLSTATE;
		PERFORM set_config('trial.message', SQLERRM, false);
	END;
	IF expected <> got AND NOT trial.same_refusal(p_company, jsonb_build_array(p_doc), expected, got) THEN
		RAISE EXCEPTION '%: expected "%", got "%" (%) for % of draft %', p_company, expected, got, current_setting('trial.message', true), p_step, p_doc;
	END IF;
	RETURN CASE got WHEN '' THEN p_step ELSE got END;
END
$$;

-- A draft that goes its whole way at once; where the cashier is asked for, now and then past him.
CREATE FUNCTION trial.draft_and_post(p_company text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	s text;
	outcome text;
BEGIN
	FOREACH s IN ARRAY CASE WHEN (SELECT b.cashier FROM trial.book b WHERE b.company = p_company) AND trial.rand(6) > 0 THEN '{draft,review,sign,post}'
			WHEN (SELECT b.reviewed FROM trial.book b WHERE b.company = p_company) OR trial.rand(2) = 0 THEN '{draft,review,post}' ELSE '{draft,post}' END::text[] LOOP
		outcome := trial.take_step(p_company, concat_ws(' ', s, p_doc ->> 'key'), s, p_doc);
		EXIT WHEN outcome LIKE 'LE%';
	END LOOP;
	RETURN CASE outcome WHEN 'post' THEN 'posted draft' ELSE outcome END;
END
$$;

-- Some step of a draft that waits, or now and then of one that has ended; NULL while there is none.
CREATE FUNCTION trial.some_draft_step(p_company text, p_step integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	d trial.draft;
BEGIN
	SELECT * INTO d FROM trial.draft t WHERE t.company = p_company AND (t.state IN ('drafted', 'reviewed', 'signed', 'returned') OR t.state = 'withdrawn' AND p_step % 7 = 0)
	ORDER BY md5(t.key || p_step) LIMIT 1;
	IF d.key IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN trial.take_step(p_company, concat_ws(' ', 'step', p_step), trial.pick('draft', 'review', 'review', 'sign', 'post', 'post', 'post', 'return', 'withdraw'), d.body);
END
$$;

-- May the general module of a month be closed?
CREATE FUNCTION trial.drafts_wait(p_company text, p_month date) RETURNS boolean
LANGUAGE sql AS $$
	SELECT EXISTS (SELECT FROM trial.draft t WHERE t.company = p_company AND t.state IN ('drafted', 'reviewed', 'signed', 'returned')
		AND date_trunc('month', (t.body ->> 'day')::date) = p_month)
$$;

-- Every draft stands where its steps took it.
CREATE FUNCTION trial.draft_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'draft', coalesce(b.key, t.key), concat_ws(' ', b.state, b.moves_cash), concat_ws(' ', t.state, t.cash)
	FROM (SELECT d.key, d.state, d.moves_cash FROM erp.company c JOIN erp.draft d USING (company_id) WHERE c.code = p_company) b
	FULL JOIN (SELECT * FROM trial.draft WHERE company = p_company) t ON t.key = b.key WHERE (b.state, b.moves_cash) IS DISTINCT FROM (t.state, t.cash)
$$;
