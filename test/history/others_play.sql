-- Plays histories of the third kind and compares.

CREATE TABLE others.played (seed integer PRIMARY KEY, steps integer NOT NULL, tally jsonb NOT NULL);

-- Of several faults only one is named, and which is its own affair.
CREATE FUNCTION others.same_refusal(p_doc jsonb, p_expected text, p_got text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT p_expected = p_got OR p_expected <> '' AND p_got <> '' AND (jsonb_array_length(coalesce(p_doc -> 'lines', '[]')) > 1
		OR p_expected IN ('LE050', 'LE051', 'LE052', 'LE195', 'LE216', 'LE187') AND p_got IN ('LE050', 'LE051', 'LE052', 'LE195', 'LE216', 'LE187')
		OR p_expected IN ('LE215', 'LE217', 'LE011', 'LE216', 'LE050') AND p_got IN ('LE215', 'LE217', 'LE011', 'LE216', 'LE050')
		OR p_expected IN ('LE186', 'LE210', 'LE211', 'LE212', 'LE011') AND p_got IN ('LE186', 'LE210', 'LE211', 'LE212', 'LE011')
		OR p_got IN ('LE030', 'LE032') OR p_expected IN ('LE030', 'LE032'))
$$;

-- The calls of the engine that a document stands for.
CREATE FUNCTION others.call(p_company text, p_doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	valid_from date := p_doc ->> 'day';
BEGIN
	CASE
		WHEN p_doc ? 'reverses' THEN PERFORM erp.reverse_document(p_company, p_doc::text::json);
		WHEN p_doc ->> 'kind' = 'month_cost' THEN PERFORM erp.run_month_cost(p_company, p_doc ->> 'key', json_build_object('period', left(p_doc ->> 'day', 7)));
		WHEN p_doc ->> 'kind' = 'standard_revaluation' THEN PERFORM erp.put_standard_costs(p_company, p_doc ->> 'key', json_build_object('day', valid_from, 'costs', p_doc -> 'lines'));
		WHEN p_doc ->> 'kind' = 'costing_change' THEN
			PERFORM erp.change_costing_method(p_company, p_doc ->> 'key', json_build_object('day', valid_from + 1, 'method', p_doc ->> 'method', 'items', p_doc -> 'lines'));
		ELSE PERFORM erp.post_document(p_company, p_doc::text::json);
	END CASE;
END
$$;

CREATE FUNCTION others.engine(p_company text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	code text;
	message text;
	detail text;
BEGIN
	PERFORM others.call(p_company, p_doc);
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	PERFORM set_config('trial.message', message || ' / ' || detail, false);
	RETURN code;
END
$$;

-- Hands a document to both; an error with all that repeats it where they disagree.
CREATE FUNCTION others.attempt(p_company text, p_doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	docs text := set_config('trial.docs', p_doc::text, false);
	expected text := others.predict(p_company, p_doc);
	got text := others.engine(p_company, p_doc);
BEGIN
	IF NOT others.same_refusal(p_doc, expected, got) THEN
		RAISE EXCEPTION '%: expected "%", got "%" (%) for %', p_company, expected, got, CASE got WHEN '' THEN 'accepted' ELSE current_setting('trial.message', true) END, p_doc;
	END IF;
	RETURN CASE got WHEN '' THEN 'posted' ELSE got END;
END
$$;

-- The reversal of one of the last documents, or of a kind that few are of; NULL while there is none. Mostly of its own day, so that it was never there.
CREATE FUNCTION others.some_reversal(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	d others.document;
	dice integer := trial.rand(1000);
BEGIN
	SELECT * INTO d FROM others.document t WHERE t.company = p_company AND (dice % 2 = 0 OR t.kind NOT IN ('goods_receipt', 'sales_invoice', 'costing_change', 'standard_revaluation', 'month_cost') AND others.stands(p_company, t.no))
	ORDER BY CASE WHEN dice % 2 = 0 THEN -t.no END, md5(concat(t.kind, dice)), md5(concat(t.no, dice)) OFFSET CASE WHEN dice % 2 = 0 THEN dice % 12 ELSE 0 END LIMIT 1;
	RETURN CASE WHEN d.no IS NOT NULL THEN jsonb_build_object('reverses', d.key, 'day', CASE trial.rand(2) WHEN 0 THEN d.posting_day ELSE greatest(d.posting_day, p_today) END, 'time', '23:00:00') END;
END
$$;

-- Something is expected, for the first time or otherwise than before; or asked for, of stock or of what is expected; or given up.
CREATE FUNCTION others.promise_step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	item text := others.some_item();
	e others.expected;
	r others.promise;
	request jsonb;
	what text := trial.pick('expect', 'expect', 'reserve', 'reserve', 'reserve', 'reserve', 'expect otherwise', 'release');
	expected numeric[];
	got numeric[];
BEGIN
	IF what LIKE 'expect%' THEN
		SELECT * INTO e FROM others.expected t WHERE t.company = p_company AND what = 'expect otherwise' ORDER BY md5(t.source || p_step) LIMIT 1;
		IF e.n IS NULL THEN
			e := (p_company, p_step, 'PO' || p_step, item, trial.pick('MAIN', 'MAIN', 'NORTH'), p_today + trial.rand(20), trim_scale(trial.some_quantity(12)));
			INSERT INTO others.expected SELECT e.*;
			what := 'expect';
		ELSE
			UPDATE others.expected t SET day = p_today + trial.rand(20) WHERE t.company = p_company AND t.n = e.n RETURNING t.day INTO e.day;
			e.quantity := CASE trial.rand(3) WHEN 0 THEN 0 ELSE trim_scale(trial.some_quantity(8)) END;
			PERFORM others.expect_less(p_company, e, e.quantity);
		END IF;
		PERFORM erp.put_expected_receipts(p_company, json_build_object('key', 'expect ' || p_step, 'receipts', json_build_array(json_build_object('source', e.source, 'item', e.item, 'warehouse', e.warehouse, 'day', e.day, 'quantity', e.quantity))));
		RETURN what;
	ELSIF what = 'release' THEN
		SELECT * INTO r FROM others.promise t WHERE t.company = p_company ORDER BY md5(t.demand || p_step) LIMIT 1;
		IF r.n IS NOT NULL THEN
			PERFORM erp.release(p_company, json_build_object('key', 'release ' || p_step, 'lines', json_build_array(json_build_object('demand', r.demand))));
			DELETE FROM others.promise t WHERE t.company = p_company AND t.demand = r.demand;
		END IF;
		RETURN what;
	END IF;
	SELECT * INTO e FROM others.expected t WHERE t.company = p_company AND trial.rand(4) > 0 ORDER BY md5(t.source || p_step) LIMIT 1;
	request := jsonb_build_object('key', 'reserve ' || p_step, 'demand', 'D' || p_step, 'warehouse', coalesce(e.warehouse, trial.pick('MAIN', 'MAIN', 'NORTH')), 'strategy', 'nearest', 'mode', trial.pick('all', 'partial', 'partial'),
		'lines', jsonb_build_array(jsonb_build_object('item', coalesce(e.item, item), 'quantity', trim_scale(trial.some_quantity(8))) || others.lot_of(coalesce(e.item, item))), 'priority', trial.rand(3))
		|| CASE trial.rand(5) WHEN 0 THEN '{}' ELSE '{"expected": true}'::jsonb END || CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('needed_by', p_today + trial.rand(20)) ELSE '{}' END;
	PERFORM set_config('trial.docs', request::text, false);
	IF request #>> '{lines,0,lot}' IS NOT NULL AND NOT EXISTS (SELECT FROM others.move m WHERE m.company = p_company AND m.lot = request #>> '{lines,0,lot}') THEN
		RETURN 'no such lot';
	END IF;
	expected := others.reserve(p_company, request);
	got := others.reserved(p_company, request);
	IF expected <> got THEN
		RAISE EXCEPTION '%: expected %, got % for %', p_company, expected, got, request;
	END IF;
	RETURN CASE WHEN got[2] > 0 THEN 'claim' ELSE 'reserve' END;
END
$$;

CREATE FUNCTION others.step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(100);
	doc jsonb;
BEGIN
	CASE
		WHEN dice < 3 THEN RETURN trial.close_month(p_company, p_today, p_step);
		WHEN dice < 5 THEN RETURN trial.reopen_month(p_company, p_step);
		WHEN dice < 17 THEN RETURN others.promise_step(p_company, p_step, p_today);
		WHEN dice < 25 THEN doc := others.some_reversal(p_company, p_today);
		ELSE NULL;
	END CASE;
	FOR i IN 1 .. 5 LOOP
		doc := coalesce(doc, others.some_document(p_company, p_today));
	END LOOP;
	IF doc IS NULL THEN
		RETURN 'nothing to do';
	END IF;
	-- What a document says of its day stands; most are of today, some come late.
	doc := jsonb_build_object('day', CASE trial.rand(4) WHEN 0 THEN greatest(p_today - trial.rand(35), '2009-01-01') ELSE p_today END)
		|| CASE WHEN trial.rand(4) = 0 OR doc ->> 'kind' = 'receipt_amendment' THEN '{}' ELSE jsonb_build_object('time', trial.pick('08:00:00', '08:00:00', '12:30:00', '17:45:10')) END
		|| doc || CASE WHEN doc ->> 'kind' IN ('costing_change', 'month_cost', 'standard_revaluation') OR trial.rand(3) > 0 THEN '{}' ELSE '{"late": true}'::jsonb END || jsonb_build_object('key', p_step::text);
	RETURN others.attempt(p_company, doc);
END
$$;

-- How every history begins: with standards, without which nothing is costed by them, and some goods.
CREATE FUNCTION others.open_books(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM others.attempt(p_company, jsonb_build_object('key', 'first', 'kind', 'standard_revaluation', 'day', '2009-01-01', 'time', '00:00:00',
		'lines', (SELECT jsonb_agg(jsonb_build_object('item', item, 'cost', standard) ORDER BY item) FROM others.item WHERE method = 'standard')));
	PERFORM others.attempt(p_company, jsonb_build_object('key', 'goods', 'kind', 'goods_receipt', 'day', '2009-01-10', 'party', 'S1', 'lines', jsonb_build_array(others.some_incoming('paid')))
		|| others.some_currency());
	PERFORM others.attempt(p_company, jsonb_build_object('key', 'kept here', 'kind', 'consignment_receipt', 'day', '2009-01-12', 'party', 'S1', 'lines', jsonb_build_array(others.some_incoming(''))));
	PERFORM others.attempt(p_company, jsonb_build_object('key', 'borrowed', 'kind', 'borrowing', 'day', '2009-01-15', 'party', 'S2', 'lines', jsonb_build_array(others.some_incoming(''))));
END
$$;

-- Plays the history of a seed, each step its own transaction, and compares at the end or, to find the step that went wrong, after each.
CREATE PROCEDURE others.play(p_seed integer, p_steps integer DEFAULT NULL, p_compare_each boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
	company text := 'OTHERS' || p_seed;
	today date := '2009-01-31';
	steps integer;
	outcome text;
	tally jsonb := '{}';
BEGIN
	PERFORM set_config('client_min_messages', 'error', false);
	PERFORM set_config('trial.docs', 'none', false);
	PERFORM set_config('others.seed', p_seed::text, false);
	PERFORM set_config('trial.state', ((p_seed::bigint * 7919 + 4242) % 2147483646 + 1)::text, false);
	PERFORM trial.rand(2) FROM generate_series(1, 5);
	PERFORM others.make_book(company, p_seed);
	PERFORM others.open_books(company);
	steps := coalesce(p_steps, 30 + trial.rand(25));
	COMMIT;
	FOR i IN 1 .. steps LOOP
		today := today + trial.rand(3);
		outcome := others.step(company, i, today);
		tally := tally || jsonb_build_object(outcome, coalesce((tally ->> outcome)::integer, 0) + 1);
		COMMIT;
		IF p_compare_each OR i = steps THEN
			PERFORM others.compare(company, i);
		END IF;
	END LOOP;
	INSERT INTO others.played VALUES (p_seed, steps, tally);
	COMMIT;
END
$$;
