-- Histories of stock by one method: shorter than the others and of goods alone, so that there may be many of them.

-- The document that says what stock is worth, where the method has one.
CREATE FUNCTION trial.value_step(p_company text, p_today date) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT CASE trial.family_of(p_company) WHEN 'monthly_average' THEN trial.some_month_cost(p_company, p_today) WHEN 'standard' THEN trial.some_standards(p_today) END
$$;

-- Some documents of one kind and day: what they change together is dated as what each changes alone.
CREATE FUNCTION trial.stock_step(p_company text, p_step integer, p_today date, p_count integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	kind text := trial.pick('goods_receipt', 'goods_receipt', 'goods_receipt', 'goods_receipt', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'credit_note', 'credit_note',
		'stock_gain', 'stock_loss', 'free_issue', 'scrap', 'made', 'made');
	header jsonb := jsonb_build_object('day', CASE trial.rand(CASE WHEN kind IN ('goods_receipt', 'credit_note', 'stock_gain') THEN 3 ELSE 8 END) WHEN 0 THEN p_today - trial.rand(35) ELSE p_today END, 'time', trial.pick('08:00:00', '08:00:00', '12:30:00', '17:45:10'))
		|| CASE trial.rand(2) WHEN 0 THEN '{"late": true}' ELSE '{}'::jsonb END;
	docs jsonb := '[]';
BEGIN
	FOR i IN 1 .. p_count LOOP
		docs := docs || jsonb_build_array(trial.some_stock(p_company, kind) || header || jsonb_build_object('key', concat_ws('-', p_step, i)));
	END LOOP;
	RETURN trial.attempt(p_company, docs);
END
$$;

-- The reversal of one of the last documents, or of a kind that few are of.
CREATE FUNCTION trial.some_rare_reversal(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	d trial.document;
	dice integer := trial.rand(1000);
BEGIN
	SELECT * INTO d FROM trial.document t WHERE t.company = p_company AND t.reverses = 0 AND t.kind NOT IN ('goods_receipt', 'sales_invoice') AND NOT trial.is_value_kind(t.kind)
		AND NOT EXISTS (SELECT FROM trial.document r WHERE r.company = p_company AND r.reverses = t.no)
	ORDER BY md5(concat(t.kind, dice)), md5(concat(t.no, dice)) LIMIT 1;
	IF d.no IS NULL OR trial.rand(2) = 0 THEN
		RETURN trial.some_reversal(p_company, p_today);
	END IF;
	RETURN jsonb_build_object('reverses', d.key, 'day', greatest(d.day, d.posting_day, p_today - trial.rand(3)), 'time', '23:00:00');
END
$$;

CREATE FUNCTION trial.method_step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(100);
	doc jsonb;
BEGIN
	IF dice < 5 THEN
		RETURN trial.close_month(p_company, p_today, p_step);
	ELSIF dice < 9 AND EXISTS (SELECT FROM trial.closed c WHERE c.company = p_company) THEN
		RETURN trial.reopen_month(p_company, p_step);
	ELSIF dice BETWEEN 9 AND 20 THEN
		doc := trial.value_step(p_company, p_today);
	ELSIF dice BETWEEN 21 AND 38 THEN
		doc := trial.some_rare_reversal(p_company, p_today);
	END IF;
	IF doc IS NULL THEN
		RETURN trial.stock_step(p_company, p_step, p_today, CASE WHEN dice BETWEEN 39 AND 46 THEN 2 + trial.rand(2) ELSE 1 END);
	END IF;
	RETURN trial.attempt(p_company, jsonb_build_array(doc || jsonb_build_object('key', concat_ws('-', p_step, 1))));
END
$$;

CREATE FUNCTION trial.compare_method(p_company text, p_step integer) RETURNS void
LANGUAGE plpgsql SET join_collapse_limit = 1 SET from_collapse_limit = 1 AS $$
DECLARE
	family text;
	d record;
BEGIN
	FOREACH family IN ARRAY '{document,stock,ledger,provisional,valuation}'::text[] LOOP
		EXECUTE format('SELECT * FROM trial.%I($1) LIMIT 1', family || '_differences') INTO d USING p_company;
		IF d.what IS NOT NULL THEN
			RAISE EXCEPTION '%, step %: % at %: books "%", derived "%"', p_company, p_step, d.what, d.place, d.books, d.derived
				USING DETAIL = 'Last documents: ' || coalesce(current_setting('trial.docs', true), 'none');
		END IF;
	END LOOP;
END
$$;

-- How histories begin: where a month is run, something of it is made of other goods; now and then January and March are run before anything happens in February; a standard of a time when nothing was on hand is found after goods came.
CREATE FUNCTION trial.begin_method(p_company text, p_family text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	docs jsonb[] := CASE p_family WHEN 'monthly_average' THEN ARRAY['{"key": "f", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 9, "amount": 7.77}]}',
			'{"key": "m", "kind": "assembly", "day": "2009-01-06", "lines": [{"item": "F", "quantity": 4}, {"role": "product", "item": "M", "quantity": 7}]}',
			'{"key": "sold", "kind": "sales_invoice", "day": "2009-01-07", "party": "C1", "lines": [{"item": "M", "quantity": 3, "price": 5}]}']::jsonb[]
		WHEN 'standard' THEN ARRAY[trial.standard_costs('2009-01-01', '{"T": 1.25, "U": 0.33333333}') || '{"key": "first"}',
			'{"key": "t", "kind": "goods_receipt", "day": "2009-01-15", "party": "S1", "lines": [{"item": "T", "quantity": 6, "amount": 9}]}',
			trial.standard_costs('2009-01-10', '{"T": 1.5}') || '{"key": "second"}'] END;
	doc jsonb;
BEGIN
	FOREACH doc IN ARRAY coalesce(docs, '{}') LOOP
		EXIT WHEN p_seed % 5 = 0;
		PERFORM trial.attempt(p_company, jsonb_build_array(doc));
	END LOOP;
	IF p_family = 'monthly_average' AND p_seed % 3 = 1 THEN
		PERFORM trial.attempt(p_company, '[{"key": "ahead", "kind": "goods_receipt", "day": "2009-03-05", "party": "S1", "lines": [{"item": "M", "quantity": 8, "amount": 29}]}]');
		PERFORM trial.attempt(p_company, jsonb_build_array(trial.month_cost(p_company, month) || jsonb_build_object('key', 'run ' || month))) FROM unnest('{2009-01-01,2009-03-01}'::date[]) month;
	END IF;
END
$$;

-- Plays the history of a seed by a method, each step its own transaction, and compares at the end or after each.
CREATE PROCEDURE trial.play_method(p_family text, p_seed integer, p_steps integer DEFAULT NULL, p_compare_each boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
	company text := upper(p_family) || '-' || p_seed;
	today date := '2009-01-20';
	steps integer;
	outcome text;
	tally jsonb := '{}';
BEGIN
	PERFORM set_config('client_min_messages', 'error', false);
	PERFORM set_config('trial.state', ((p_seed::bigint * 7919 + 999 * ascii(p_family) + 77 * length(p_family)) % 2147483646 + 1)::text, false);
	PERFORM trial.rand(2) FROM generate_series(1, 5);
	PERFORM trial.make_method_book(company, p_family, p_seed);
	COMMIT;
	PERFORM trial.begin_method(company, p_family, p_seed);
	steps := coalesce(p_steps, 15 + trial.rand(11));
	FOR i IN 1 .. steps LOOP
		today := today + trial.rand(7);
		outcome := trial.method_step(company, i, today);
		tally := tally || jsonb_build_object(outcome, coalesce((tally ->> outcome)::integer, 0) + 1);
		COMMIT;
		IF p_compare_each THEN
			PERFORM trial.compare_method(company, i);
		END IF;
	END LOOP;
	PERFORM trial.compare_method(company, steps);
	INSERT INTO trial.played_method VALUES (p_family, p_seed, steps, tally);
	COMMIT;
END
$$;

CREATE TABLE trial.played_method (family text NOT NULL, seed integer NOT NULL, steps integer NOT NULL, tally jsonb NOT NULL, PRIMARY KEY (family, seed));
