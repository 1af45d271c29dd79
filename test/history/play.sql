-- Plays histories and compares.

CREATE TABLE trial.played (seed integer PRIMARY KEY, steps integer NOT NULL, tally jsonb NOT NULL);

-- Every difference between the books and the re-derivation.
CREATE FUNCTION trial.differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE plpgsql AS $$
DECLARE
	family text;
BEGIN
	FOREACH family IN ARRAY '{document,stock,ledger,draft,settlement,settlement_voucher,open,document_number,voucher_number,account,party,dimension,due,credit,lock}'::text[] LOOP
		RETURN QUERY EXECUTE format('SELECT * FROM trial.%I($1)', family || '_differences') USING p_company;
	END LOOP;
END
$$;

-- Raises the first difference between the books and the re-derivation, if any. To plan the views well would cost more than to read them.
CREATE FUNCTION trial.compare(p_seed integer, p_step integer) RETURNS void
LANGUAGE plpgsql SET join_collapse_limit = 1 SET from_collapse_limit = 1 AS $$
DECLARE
	d record;
BEGIN
	SELECT * INTO d FROM trial.differences('SEED' || p_seed) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'seed %, step %: % at %: books "%", derived "%"', p_seed, p_step, d.what, d.place, d.books, d.derived
			USING DETAIL = 'Last documents: ' || coalesce(current_setting('trial.docs', true), 'none');
	END IF;
END
$$;

-- How every history begins: goods that cost nothing are sold for a department, and only then others are found to have come before them, at a price.
CREATE FUNCTION trial.begin_history(p_company text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	goods text := ('{F,A,FW,AW}'::text[])[1 + p_seed % 4];
BEGIN
	PERFORM trial.attempt(p_company, jsonb_build_array(d.doc)) FROM (VALUES
		(jsonb_build_object('key', 'gift', 'kind', 'goods_receipt', 'day', '2009-01-20', 'party', 'S1', 'lines', jsonb_build_array(jsonb_build_object('item', goods, 'quantity', 6, 'amount', 0)))),
		(jsonb_build_object('key', 'sold', 'kind', 'sales_invoice', 'day', '2009-01-25', 'party', 'C1', 'lines', jsonb_build_array(
			jsonb_build_object('item', goods, 'quantity', 3, 'price', 7, 'dimensions', jsonb_build_object('DEPT', 'S', 'PROJ', 'P'))))),
		(jsonb_build_object('key', 'bought', 'kind', 'goods_receipt', 'day', '2009-01-10', 'party', 'S2', 'lines', jsonb_build_array(jsonb_build_object('item', goods, 'quantity', 5, 'amount', 40))))) d (doc);
END
$$;

-- Plays the history of a seed, each step its own transaction, and compares at the
-- end or, to find the step that went wrong, after each.
CREATE PROCEDURE trial.play(p_seed integer, p_steps integer DEFAULT NULL, p_compare_each boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
	company text := 'SEED' || p_seed;
	today date := '2009-01-31';
	steps integer;
	outcome text;
	tally jsonb := '{}';
	i integer;
BEGIN
	PERFORM set_config('client_min_messages', 'error', false);
	PERFORM set_config('trial.state', ((p_seed::bigint * 7919 + 12345) % 2147483646 + 1)::text, false);
	PERFORM trial.rand(2) FROM generate_series(1, 5);
	PERFORM trial.make_book(company, p_seed);
	PERFORM trial.begin_history(company, p_seed);
	steps := coalesce(p_steps, 30 + trial.rand(29));
	COMMIT;
	FOR i IN 1 .. steps LOOP
		today := today + trial.rand(3);
		outcome := trial.step(company, i, today);
		tally := tally || jsonb_build_object(outcome, coalesce((tally ->> outcome)::integer, 0) + 1);
		COMMIT;
		-- Some of the books are folded at any time, and what comes late is added to it.
		IF i % 7 = 0 THEN
			PERFORM erp.fold_balances(company);
			COMMIT;
		END IF;
		IF p_compare_each THEN
			PERFORM trial.number_all(company, i);
			PERFORM trial.compare(p_seed, i);
		END IF;
	END LOOP;
	PERFORM trial.number_all(company, steps);
	PERFORM trial.compare(p_seed, steps);
	INSERT INTO trial.played VALUES (p_seed, steps, tally);
	COMMIT;
END
$$;
