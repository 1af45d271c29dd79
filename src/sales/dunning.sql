-- sales: what is overdue is proposed for dunning, and dunned.

CREATE FUNCTION erp.propose_dunning(company text, day date)
RETURNS TABLE (party_code text, party_name text, currency text, document_kind text, document_key text, reference text, item_day date, due_day date,
	days_overdue integer, open_amount numeric, last_level integer, last_day date, next_level integer, level_name text, fee numeric,
	interest_from date, interest_percent numeric, interest numeric, open_item_id bigint)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH open AS MATERIALIZED (
		SELECT c.company_id, f.party_id, f.currency_id, f.document_id, f.amount, o.party_code, o.party_name, o.currency, o.document_kind, o.document_key, o.reference,
			o.item_day, o.due_day, $2 - o.due_day AS days_overdue, o.open_amount, o.open_item_id,
			sum(o.open_amount) OVER (PARTITION BY o.party_code, o.currency) AS owed
		FROM erp.company c
		CROSS JOIN LATERAL erp.open_items(c.code, $2) o
		JOIN erp.open_item f ON f.company_id = c.company_id AND f.open_item_id = o.open_item_id
		WHERE c.code = $1 AND o.control = 'receivable'
	)
	SELECT o.party_code, o.party_name, o.currency, o.document_kind, o.document_key, o.reference, o.item_day, o.due_day, o.days_overdue, o.open_amount,
		last.level, last.day, n.level, n.name, round(n.fee, m.decimals), b.interest_from, b.interest_percent,
		-- What is divided has decimals enough that the quotient is rounded once.
		round(b.interest_percent * (o.amount * ($2 - b.interest_from) - paid.amount_days) / 36500.000000000000000000000000, m.decimals), o.open_item_id
	FROM open o
	JOIN erp.currency m ON m.currency_id = o.currency_id
	CROSS JOIN LATERAL (
		SELECT max(l.level) AS level, max(t.day) AS day,
			max(t.day) FILTER (WHERE l.interest_percent > 0 AND t.invoice_document_id <> 0 AND NOT EXISTS (
				SELECT FROM erp.document r WHERE r.company_id = t.company_id AND r.reverses_document_id = t.invoice_document_id)) AS billed_until
		FROM erp.dunning_letter_line l
		JOIN erp.dunning_letter t ON t.company_id = l.company_id AND t.document_id = l.document_id AND t.letter_no = l.letter_no
		WHERE l.company_id = o.company_id AND l.open_item_id = o.open_item_id AND NOT l.taken_back
	) last
	CROSS JOIN LATERAL (
		SELECT v.level, v.name, v.days, v.wait_days, v.fee, v.interest_percent
		FROM erp.dunning_level v
		WHERE v.company_id = o.company_id AND v.currency_id = o.currency_id AND v.active AND v.level > COALESCE(last.level, 0)
		ORDER BY v.level
		LIMIT 1
	) n
	CROSS JOIN LATERAL (
		-- No interest on what dunning itself has billed.
		SELECT LEAST(GREATEST(o.due_day, last.billed_until), $2) AS interest_from,
			CASE WHEN EXISTS (SELECT FROM erp.dunning_letter t WHERE t.company_id = o.company_id AND t.invoice_document_id = o.document_id AND t.invoice_document_id <> 0)
			THEN 0 ELSE n.interest_percent END AS interest_percent
	) b
	CROSS JOIN LATERAL (
		SELECT COALESCE(sum(s.amount * ($2 - GREATEST(s.day, b.interest_from))), 0) AS amount_days
		FROM erp.settlement s
		WHERE s.company_id = o.company_id AND s.debit_open_item_id = o.open_item_id AND s.day <= $2
	) paid
	WHERE o.open_amount > 0 AND o.owed > 0 AND o.days_overdue >= n.days AND (last.day IS NULL OR $2 - last.day >= n.wait_days)
		AND NOT EXISTS (
			SELECT FROM erp.dunning_stop x
			WHERE x.company_id = o.company_id AND x.party_id = o.party_id AND x.document_id IN (0, o.document_id) AND x.until >= $2)
	ORDER BY o.party_code, o.currency, o.due_day, o.open_item_id
$$;
COMMENT ON FUNCTION erp.propose_dunning(text, date) IS
	'What customers would be dunned for on a day: open debts on receivable accounts as of the end of it. company: code. day: that of the letters. A debt comes to the level after its last one when it has been due for the days of that level and wait_days have passed since its last letter; letters that were taken back do not count. What is settled by then, or stopped (erp.put_dunning_stops()), is not there; nor is a customer whom, in the currency, the company owes no less. last_level, last_day: of its last letter; null: none. fee: of the level, once for a letter. interest_from: the due day, or that of the last letter whose interest was billed. interest: each day on what was open then, by days / 365, rounded once; none on what dunning billed. Returns a row for each debt, by customer, currency and due day; writes nothing.';

-- Fee and interest are lines of services; where they go is a matter of posting rules.
CREATE FUNCTION erp_private.dunning_invoices(company_id integer, document_id bigint) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(jsonb_build_object('key', d.key || '/' || t.letter_no, 'kind', 'sales_invoice', 'day', t.day, 'party', p.code, 'currency', m.code,
	       'description', v.name, 'lines', x.lines) ORDER BY t.letter_no)
	  FROM erp.dunning_letter t
	  JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
	  JOIN erp.party p ON p.company_id = t.company_id AND p.party_id = t.party_id
	  JOIN erp.currency m ON m.currency_id = t.currency_id
	  JOIN erp.dunning_level v ON v.company_id = t.company_id AND v.currency_id = t.currency_id AND v.level = t.level
	 CROSS JOIN LATERAL (
		SELECT jsonb_agg(jsonb_build_object('role', 'service', 'item', i.code, 'amount', f.amount) ORDER BY f.rank) AS lines
		  FROM (VALUES (1, v.fee_item_id, t.fee), (2, v.interest_item_id, t.interest)) AS f (rank, item_id, amount)
		  LEFT JOIN erp.item i ON i.company_id = t.company_id AND i.item_id = f.item_id AND f.item_id <> 0
		 WHERE f.amount > 0) x
	 WHERE t.company_id = $1 AND t.document_id = $2 AND x.lines IS NOT NULL
$function$;
COMMENT ON FUNCTION erp_private.dunning_invoices(integer, bigint) IS 'The invoices of fee and interest of the letters that a call made; an item that a level does not name is null. Null: nothing is to be billed.';

CREATE FUNCTION erp_private.bill_dunning(company_id integer, document_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	call_key text := (SELECT d.key FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2);
	invoices jsonb := erp_private.dunning_invoices($1, $2);
	bad record;
BEGIN
	SELECT e.value ->> 'description' AS name INTO bad FROM jsonb_array_elements(invoices) AS e (value) CROSS JOIN LATERAL jsonb_array_elements(e.value -> 'lines') AS l (value)
	 WHERE l.value -> 'item' = 'null' LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE280', format('level "%s" does not say as what its fee or interest is billed', bad.name), '$.charge', NULL, 'Give it a fee_item and an interest_item with erp.put_dunning_levels().');
	END IF;
	IF invoices IS NOT NULL THEN
		PERFORM erp_private.post_drafted(company, invoices::text::json);
		UPDATE erp.dunning_letter t SET invoice_document_id = d.document_id
		  FROM erp.document d
		 WHERE t.company_id = $1 AND t.document_id = $2 AND d.company_id = $1 AND d.key = call_key || '/' || t.letter_no;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.bill_dunning(integer, bigint) IS 'Posts the invoices of fee and interest of the letters that a call made; LE280 where a level has no item for them.';

CREATE FUNCTION erp_private.printed_dunning(company_id integer, document_id bigint, letter_no integer) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object('company', c.name, 'customer', p.name, 'customer_code', p.code, 'day', t.day, 'level', t.level, 'level_name', v.name, 'currency', m.code,
	       'open_amount', round(t.open_amount, m.decimals)::text, 'fee', round(t.fee, m.decimals)::text, 'interest', round(t.interest, m.decimals)::text,
	       'total', round(t.open_amount + t.fee + t.interest, m.decimals)::text,
	       'lines', (SELECT jsonb_agg(jsonb_build_object('document', d.key, 'reference', d.reference, 'item_day', o.day, 'due_day', o.due_day, 'days_overdue', l.days_overdue,
	       		'open_amount', round(l.open_amount, m.decimals)::text, 'interest', round(l.interest, m.decimals)::text) ORDER BY o.due_day, o.open_item_id)
	                   FROM erp.dunning_letter_line l
	                   JOIN erp.open_item o ON o.company_id = l.company_id AND o.open_item_id = l.open_item_id
	                   JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
	                  WHERE l.company_id = $1 AND l.document_id = $2 AND l.letter_no = $3))
	  FROM erp.dunning_letter t
	  JOIN erp.company c ON c.company_id = t.company_id
	  JOIN erp.party p ON p.company_id = t.company_id AND p.party_id = t.party_id
	  JOIN erp.currency m ON m.currency_id = t.currency_id
	  JOIN erp.dunning_level v ON v.company_id = t.company_id AND v.currency_id = t.currency_id AND v.level = t.level
	 WHERE t.company_id = $1 AND t.document_id = $2 AND t.letter_no = $3
$function$;
COMMENT ON FUNCTION erp_private.printed_dunning(integer, bigint, integer) IS 'What templates of dunning letters can name.';

-- They are written, so that a snapshot from before another call is refused (40001).
CREATE FUNCTION erp_private.lock_dunning_levels(company_id integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.dunning_level v WHERE v.company_id = lock_dunning_levels.company_id ORDER BY v.currency_id, v.level FOR NO KEY UPDATE;
	UPDATE erp.dunning_level v SET active = v.active WHERE v.company_id = lock_dunning_levels.company_id;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_dunning_levels(integer) IS 'Where calls that dun, or take letters back, meet: before the gate of a posting.';

CREATE FUNCTION erp_private.lock_dun(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_dunning_levels(company_id);
	IF request -> 'charge' = 'true' AND erp_private.is_day(request ->> 'day') THEN
		PERFORM erp_private.lock_for_drafts(lock_dun.company_id, '{}', ARRAY[(request ->> 'day')::date]);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_dun(integer, jsonb) IS 'Takes what erp.dun() waits for.';

CREATE FUNCTION erp_private.write_dunning_letters(company_id integer, document_id bigint, day date, parties text[]) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH proposed AS MATERIALIZED (
		SELECT f.party_id, f.currency_id, p.*, dense_rank() OVER (ORDER BY f.party_id, f.currency_id) AS letter_no
		  FROM erp.company c
		 CROSS JOIN LATERAL erp.propose_dunning(c.code, $3) p
		  JOIN erp.open_item f ON f.company_id = $1 AND f.open_item_id = p.open_item_id
		 WHERE c.company_id = $1 AND ($4 IS NULL OR p.party_code = ANY ($4))
	), letter AS (
		INSERT INTO erp.dunning_letter (company_id, document_id, letter_no, party_id, currency_id, day, level, open_amount, fee, interest)
		SELECT $1, $2, p.letter_no, p.party_id, p.currency_id, $3, max(p.next_level), sum(p.open_amount), (array_agg(p.fee ORDER BY p.next_level DESC))[1], sum(p.interest)
		  FROM proposed p GROUP BY p.letter_no, p.party_id, p.currency_id
	)
	INSERT INTO erp.dunning_letter_line (company_id, document_id, letter_no, open_item_id, level, open_amount, days_overdue, interest_from, interest_percent, interest)
	SELECT $1, $2, p.letter_no, p.open_item_id, p.next_level, p.open_amount, p.days_overdue, p.interest_from, p.interest_percent, p.interest FROM proposed p
$function$;
COMMENT ON FUNCTION erp_private.write_dunning_letters(integer, bigint, date, text[]) IS 'Writes letters about what erp.propose_dunning() says; parties: codes, null for all.';

CREATE FUNCTION erp_private.dun(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	parties text[];
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"day": "day!", "parties": "list", "charge": "boolean"}');
	SELECT e.n, e.value AS code INTO bad FROM jsonb_array_elements_text(COALESCE(NULLIF(request -> 'parties', 'null'), '[]')) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = $1 AND p.code = e.value) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE012', format('there is no party "%s"', left(bad.code, 100)), format('$.parties[%s]', bad.n - 1), bad.code, 'Add it with erp.put_parties().');
	END IF;
	IF jsonb_typeof(request -> 'parties') = 'array' THEN
		parties := ARRAY(SELECT jsonb_array_elements_text(request -> 'parties'));
	END IF;
	PERFORM erp_private.write_dunning_letters($1, $2, (request ->> 'day')::date, parties);
	IF request -> 'charge' = 'true' THEN
		PERFORM erp_private.bill_dunning($1, $2);
	END IF;
	UPDATE erp.dunning_letter t SET body = erp_private.render_template(x.body, erp_private.printed_dunning($1, $2, t.letter_no), x.format)
	  FROM erp.dunning_level v JOIN erp.print_template x ON x.company_id = v.company_id AND x.code = v.template
	 WHERE t.company_id = $1 AND t.document_id = $2 AND v.company_id = $1 AND v.currency_id = t.currency_id AND v.level = t.level;
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('letter', t.letter_no, 'party', t.party_code, 'currency', t.currency, 'level', t.level, 'open_amount', t.open_amount,
	       'fee', t.fee, 'interest', t.interest, 'invoice', t.invoice_key)) ORDER BY t.letter_no) INTO answer
	  FROM erp.company c
	  JOIN erp.document d ON d.company_id = c.company_id AND d.document_id = $2
	  JOIN erp.dunning_letter_list t ON t.company = c.code AND t.call_key = d.key
	 WHERE c.company_id = $1;
	PERFORM erp_private.emit_event($1, 'customer_dunned', $2, e.value) FROM jsonb_array_elements(answer) AS e (value);
	RETURN jsonb_build_object('letters', COALESCE(answer, '[]'));
END
$function$;
COMMENT ON FUNCTION erp_private.dun(integer, bigint, jsonb) IS 'Does what erp.dun() says.';

CREATE FUNCTION erp.dun(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.dun(text, text, json) IS
	'Duns customers for what erp.propose_dunning() says: a letter for each customer and currency, at the highest level of what it asks for; each debt once at each level. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"day", "parties"? (codes, default all), "charge"? (true: fee and interest are billed by a sales_invoice of the key KEY/NUMBER OF THE LETTER, as the services that the level names)}. Returns {"letters": [{"letter", "party", "currency", "level", "open_amount", "fee", "interest", "invoice"? (its key)}]}. Writes the event customer_dunned for each letter. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and, with charge, of a sales_invoice (erp.post_document()); LE280 for a level that does not say as what fee or interest is billed.';
