-- Plays histories of selling and compares.

CREATE TABLE selling.played (seed integer PRIMARY KEY, steps integer NOT NULL, tally jsonb NOT NULL);

-- Adds what a call does and what follows from it; '' or the code that it must be refused with, leaving nothing behind then.
CREATE FUNCTION selling.predict(p_company text, p_call jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	r jsonb := p_call -> 'request';
	key text := r ->> 'key';
BEGIN
	CASE p_call ->> 'call'
		WHEN 'post' THEN
			IF r ->> 'kind' IN ('customer_payment', 'customer_deposit', 'customer_deposit_refund', 'offset') THEN
				PERFORM selling.pay(p_company, r);
			ELSE
				PERFORM selling.post_batch(p_company, jsonb_build_array(r));
			END IF;
		WHEN 'reverse' THEN PERFORM selling.post_batch(p_company, jsonb_build_array(r));
		WHEN 'place_order' THEN PERFORM selling.place(p_company, key, r), selling.reserve_order(p_company, key), selling.settle_state(p_company, key);
		WHEN 'order_to_cash' THEN PERFORM selling.counter(p_company, key, r);
		WHEN 'ship_order' THEN PERFORM selling.ship(p_company, key, r);
		WHEN 'invoice_orders' THEN PERFORM selling.bill(p_company, key, r);
		WHEN 'cancel_order' THEN PERFORM selling.cancel(p_company, r);
		WHEN 'change_order' THEN PERFORM selling.change(p_company, r);
		WHEN 'return_order' THEN PERFORM selling.give_back(p_company, key, r);
	END CASE;
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE NOT LIKE 'TR%' THEN
		RAISE;
	END IF;
	RETURN replace(SQLSTATE, 'TR', 'LE');
END
$$;

CREATE FUNCTION selling.engine(p_company text, p_call jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	r json := p_call -> 'request';
	key text := r ->> 'key';
	bare json := (p_call -> 'request') - 'key';
	code text;
	message text;
	detail text;
BEGIN
	CASE p_call ->> 'call'
		WHEN 'post' THEN PERFORM erp.post_document(p_company, r);
		WHEN 'reverse' THEN PERFORM erp.reverse_document(p_company, r);
		WHEN 'place_order' THEN PERFORM erp.place_order(p_company, key, bare);
		WHEN 'order_to_cash' THEN PERFORM erp.order_to_cash(p_company, key, bare);
		WHEN 'ship_order' THEN PERFORM erp.ship_order(p_company, key, bare);
		WHEN 'invoice_orders' THEN PERFORM erp.invoice_orders(p_company, key, bare);
		WHEN 'cancel_order' THEN PERFORM erp.cancel_order(p_company, key, bare);
		WHEN 'change_order' THEN PERFORM erp.change_order(p_company, key, bare);
		WHEN 'return_order' THEN PERFORM erp.return_order(p_company, key, bare);
	END CASE;
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	PERFORM set_config('trial.message', message || ' / ' || detail, false);
	RETURN code;
END
$$;

-- Hands a call to both; an error with all that repeats it where they disagree. Of several faults only one is named, and which is its own affair.
CREATE FUNCTION selling.attempt(p_company text, p_call jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	docs text := set_config('trial.docs', p_call::text, false);
	expected text := selling.predict(p_company, p_call);
	got text := selling.engine(p_company, p_call);
BEGIN
	IF (expected = '') <> (got = '') OR got NOT LIKE 'LE%' AND got <> '' THEN
		RAISE EXCEPTION '%: expected "%", got "%" (%) for %', p_company, expected, got, CASE got WHEN '' THEN 'accepted' ELSE current_setting('trial.message', true) END, p_call;
	END IF;
	RETURN concat_ws(' ', p_call ->> 'call', CASE p_call ->> 'call' WHEN 'post' THEN p_call #>> '{request,kind}' END, nullif(got, ''));
END
$$;

CREATE FUNCTION selling.some_document(p_company text, p_today date) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(60);
BEGIN
	RETURN CASE WHEN dice < 13 THEN selling.some_receipt() WHEN dice < 23 THEN selling.some_shipment(p_company) WHEN dice < 40 THEN selling.some_invoice(p_company) WHEN dice < 44 THEN selling.some_fulfilment(p_company)
		WHEN dice < 49 THEN selling.some_unbilled_return(p_company) WHEN dice < 53 THEN selling.some_credit(p_company) ELSE selling.some_money(p_company, p_today) END;
END
$$;

-- What a request says of its day stands; most are of today, some come late, and so change what was shipped and billed since.
CREATE FUNCTION selling.step(p_company text, p_step integer, p_today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	dice integer := trial.rand(100);
	call jsonb;
	request jsonb;
	head jsonb := jsonb_build_object('day', CASE trial.rand(4) WHEN 0 THEN greatest(p_today - trial.rand(25), '2009-01-01') ELSE p_today END, 'time', trial.pick('08:00:00', '08:00:00', '12:30:00', '17:45:10'));
BEGIN
	IF dice < 8 THEN
		request := selling.some_reversal(p_company, p_today);
		call := CASE WHEN request IS NOT NULL THEN jsonb_build_object('call', 'reverse', 'request', request) END;
	ELSIF dice < 45 THEN
		call := selling.some_call(p_company);
	END IF;
	FOR i IN 1 .. 5 LOOP
		EXIT WHEN call IS NOT NULL;
		request := selling.some_document(p_company, p_today);
		call := CASE WHEN request IS NOT NULL THEN jsonb_build_object('call', 'post', 'request', request) END;
	END LOOP;
	IF call IS NULL THEN
		RETURN 'nothing to do';
	END IF;
	request := head || (call -> 'request') || jsonb_build_object('key', p_step::text);
	-- Orders know no time, and what is cancelled no day.
	request := CASE call ->> 'call' WHEN 'cancel_order' THEN request - 'day' - 'time' WHEN 'place_order' THEN request - 'time' WHEN 'change_order' THEN request - 'time' ELSE request END;
	RETURN selling.attempt(p_company, jsonb_set(call, '{request}', request));
END
$$;

-- Plays the history of a seed, each step its own transaction, and compares at the end or, to find the step that went wrong, after each.
CREATE PROCEDURE selling.play(p_seed integer, p_steps integer DEFAULT NULL, p_compare_each boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
	company text := 'SELLING' || p_seed;
	today date := '2009-01-31';
	steps integer;
	outcome text;
	tally jsonb := '{}';
BEGIN
	PERFORM set_config('client_min_messages', 'error', false), set_config('trial.docs', 'none', false);
	PERFORM set_config('trial.state', ((p_seed::bigint * 7919 + 9341) % 2147483646 + 1)::text, false);
	PERFORM trial.rand(2) FROM generate_series(1, 5);
	PERFORM selling.make_book(company, p_seed);
	PERFORM selling.attempt(company, jsonb_build_object('call', 'post', 'request', selling.some_receipt() || jsonb_build_object('key', 'first ' || n, 'day', '2009-01-02'::date + n, 'time', '08:00:00'))) FROM generate_series(1, 3) n;
	steps := coalesce(p_steps, 40 + trial.rand(40));
	COMMIT;
	FOR i IN 1 .. steps LOOP
		today := today + trial.rand(3);
		outcome := selling.step(company, i, today);
		tally := tally || jsonb_build_object(outcome, coalesce((tally ->> outcome)::integer, 0) + 1);
		COMMIT;
		IF p_compare_each OR i = steps THEN
			PERFORM selling.compare(company, i);
		END IF;
	END LOOP;
	INSERT INTO selling.played VALUES (p_seed, steps, tally);
	COMMIT;
END
$$;
