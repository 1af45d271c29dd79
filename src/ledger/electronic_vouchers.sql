-- ledger: electronic vouchers (电子凭证) from outside are received, verified, booked, and what was booked is given back.
-- What the rules for accounting software of China ask for: 财会〔2024〕12号, sections 17 to 20; the kinds are those of its data standard.

CREATE FUNCTION erp_private.store_electronic_vouchers(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'erp_store_electronic_vouchers';
CREATE FUNCTION erp_private.store_electronic_voucher_events(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'erp_store_electronic_voucher_events';
COMMENT ON FUNCTION erp_private.store_electronic_vouchers(integer, bigint, jsonb) IS
	'Writes received electronic vouchers: company, document of the call, rows as columns of erp.electronic_voucher, the hash as hexadecimal digits.';
COMMENT ON FUNCTION erp_private.store_electronic_voucher_events(integer, bigint, jsonb) IS
	'Writes what became of electronic vouchers: company, document of the call, rows as columns of erp.electronic_voucher_event.';

CREATE FUNCTION erp_private.check_received_rows(rows jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(rows, '$[#]', '{"kind": "code!", "issuer": "code!", "number": "code!", "day": "day!", "amount": "signed amount!",
		"tax": "signed amount", "currency": "code", "issuer_name": "name", "recipient": "name", "content_type": "code!", "content_hash": "hash!", "location": "name"}');
	PERFORM erp_private.check_choice(rows, '$[#]', 'kind', ARRAY['vat_invoice', 'rail_ticket', 'air_itinerary', 'fiscal_receipt', 'non_tax_payment',
		'treasury_payment', 'bank_receipt', 'bank_statement', 'other']);
	PERFORM erp_private.check_choice(rows, '$[#]', 'content_type', ARRAY['ofd', 'pdf', 'xml', 'xbrl', 'json', 'other']);
	PERFORM erp_private.check_once(rows, '$[#]', ARRAY['kind', 'issuer', 'number']);
	PERFORM erp_private.check_once(rows, '$[#]', ARRAY['content_hash']);
	SELECT e.n, e.value ->> 'tax' AS tax INTO bad FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'tax')::numeric NOT BETWEEN LEAST((e.value ->> 'amount')::numeric, 0) AND GREATEST((e.value ->> 'amount')::numeric, 0)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the tax is no part of the amount', format('$[%s].tax', bad.n - 1), bad.tax,
			'The amount is what is to be paid, tax included.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_received_rows(jsonb) IS 'Raises LE011 unless the rows are electronic vouchers.';

CREATE FUNCTION erp_private.electronic_vouchers_with_currency(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	resolved jsonb;
BEGIN
	SELECT e.n, e.value ->> 'currency' AS currency INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.currency m WHERE m.code = e.value ->> 'currency') AND e.value ->> 'currency' IS NOT NULL
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'currency', bad.currency, 'currency', 'Add it with erp.put_currencies().');
	SELECT e.n, e.value ->> 'amount' AS amount INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.company c ON c.company_id = electronic_vouchers_with_currency.company_id
	  JOIN erp.currency m ON CASE WHEN e.value ->> 'currency' IS NULL THEN m.currency_id = c.currency_id ELSE m.code = e.value ->> 'currency' END
	 WHERE GREATEST(min_scale((e.value ->> 'amount')::numeric), min_scale((e.value ->> 'tax')::numeric)) > m.decimals ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the amount or its tax has more decimals than its currency', format('$[%s].amount', bad.n - 1), bad.amount,
			'Give both in the currency''s decimals.');
	END IF;
	SELECT jsonb_agg('{"tax_amount": 0, "issuer_name": "", "recipient": "", "location": ""}' || jsonb_strip_nulls(e.value)
			|| jsonb_build_object('currency_id', COALESCE(m.currency_id, c.currency_id), 'tax_amount', COALESCE((e.value ->> 'tax')::numeric, 0)) ORDER BY e.n)
	  INTO resolved
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.company c ON c.company_id = electronic_vouchers_with_currency.company_id
	  LEFT JOIN erp.currency m ON m.code = e.value ->> 'currency';
	RETURN COALESCE(resolved, '[]');
END
$function$;
COMMENT ON FUNCTION erp_private.electronic_vouchers_with_currency(integer, jsonb) IS
	'The rows with the ids of their currencies and with what was left out. Errors: LE012 for an unknown currency, LE011 for too many decimals.';

CREATE FUNCTION erp_private.refuse_received(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	known record;
BEGIN
	SELECT e.n, v.kind, v.issuer, v.number, d.key INTO known
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.electronic_voucher v ON v.company_id = refuse_received.company_id
	   AND ((v.kind, v.issuer, v.number) = (e.value ->> 'kind', e.value ->> 'issuer', e.value ->> 'number')
	     OR v.content_hash = decode(e.value ->> 'content_hash', 'hex'))
	  JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.document_id
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE160', 'the electronic voucher was received before', format('$[%s]', known.n - 1),
			format('%s %s of %s', known.kind, known.number, known.issuer), format('It came with the call of key "%s"; leave it out.', known.key));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.refuse_received(integer, jsonb) IS
	'Raises LE160 at the first row whose kind, issuer and number, or whose file, the company has already.';

CREATE FUNCTION erp_private.receive_electronic_vouchers(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_received_rows(request);
	PERFORM erp_private.refuse_received(company_id, request);
	PERFORM erp_private.store_electronic_vouchers(company_id, document_id, erp_private.electronic_vouchers_with_currency(company_id, request));
	RETURN jsonb_build_object('received', jsonb_array_length(request));
EXCEPTION WHEN unique_violation THEN
	-- Another call brought one of them while this one waited for it, and is not seen by this one's snapshot.
	PERFORM erp_private.refuse('LE160', 'an electronic voucher of the request was received by another call just now', '$', NULL,
		'See erp.electronic_voucher_list, and leave it out.');
	RETURN NULL;
END
$function$;
COMMENT ON FUNCTION erp_private.receive_electronic_vouchers(integer, bigint, jsonb) IS 'Does what erp.receive_electronic_vouchers() says.';

CREATE FUNCTION erp_private.lock_electronic_vouchers(company_id integer, rows jsonb, path text) RETURNS bigint[]
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	ids bigint[];
BEGIN
	SELECT min(e.n) FILTER (WHERE v.electronic_voucher_id IS NULL) AS n, array_agg(v.electronic_voucher_id ORDER BY e.n) AS ids INTO bad
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.electronic_voucher v ON v.company_id = lock_electronic_vouchers.company_id
	   AND v.kind = e.value ->> 'kind' AND v.issuer = e.value ->> 'issuer' AND v.number = e.value ->> 'number';
	PERFORM erp_private.check_known(bad.n, path, 'number', rows -> (bad.n - 1)::integer ->> 'number', 'such electronic voucher of its issuer',
		'Receive it first with erp.receive_electronic_vouchers().');
	ids := bad.ids;
	PERFORM 1 FROM erp.electronic_voucher v
	  WHERE v.company_id = lock_electronic_vouchers.company_id AND v.electronic_voucher_id = ANY (ids)
	  ORDER BY v.electronic_voucher_id FOR UPDATE;
	RETURN ids;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_electronic_vouchers(integer, jsonb, text) IS
	'The electronic vouchers that the rows name by kind, issuer and number, in their order, locked: who verifies or books one waits for who does already. LE012 for one that was not received.';

CREATE FUNCTION erp_private.verify_electronic_vouchers(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ids bigint[];
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"kind": "code!", "issuer": "code!", "number": "code!", "valid": "boolean!", "verified_by": "name!", "remark": "name"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['kind', 'issuer', 'number']);
	ids := erp_private.lock_electronic_vouchers(verify_electronic_vouchers.company_id, request, '$[#]');
	PERFORM erp_private.store_electronic_voucher_events(verify_electronic_vouchers.company_id, verify_electronic_vouchers.document_id, COALESCE((
		SELECT jsonb_agg(jsonb_build_object('electronic_voucher_id', ids[e.n], 'event_no', 1 + s.events,
			'event', CASE WHEN (e.value ->> 'valid')::boolean THEN 'valid' ELSE 'invalid' END,
			'verified_by', e.value ->> 'verified_by', 'remark', COALESCE(e.value ->> 'remark', ''), 'booked_document_id', 0) ORDER BY e.n)
		  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
		  JOIN erp_private.electronic_voucher_state s ON s.company_id = verify_electronic_vouchers.company_id AND s.electronic_voucher_id = ids[e.n]), '[]'));
	RETURN jsonb_build_object('valid', (SELECT count(*) FROM jsonb_array_elements(request) AS e (value) WHERE (e.value ->> 'valid')::boolean),
		'invalid', (SELECT count(*) FROM jsonb_array_elements(request) AS e (value) WHERE NOT (e.value ->> 'valid')::boolean));
EXCEPTION WHEN unique_violation THEN
	RAISE serialization_failure USING MESSAGE = 'could not serialize the verification of an electronic voucher', HINT = 'Try again.';
END
$function$;
COMMENT ON FUNCTION erp_private.verify_electronic_vouchers(integer, bigint, jsonb) IS 'Does what erp.verify_electronic_vouchers() says.';

-- Whether a document stands: it has a voucher, and is neither reversed nor a reversal.
CREATE FUNCTION erp_private.document_to_book(company_id integer, document_key text) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	found_document record;
BEGIN
	SELECT d.document_id, d.reverses_document_id = 0
	       AND EXISTS (SELECT FROM erp.voucher v WHERE v.company_id = d.company_id AND v.voucher_id = d.document_id)
	       AND NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = d.company_id AND r.reverses_document_id = d.document_id) AS stands
	  INTO found_document
	  FROM erp.document d WHERE d.company_id = document_to_book.company_id AND d.key = document_key;
	IF found_document.document_id IS NULL THEN
		PERFORM erp_private.check_known(1, '$', 'document', document_key, 'document', 'Post it first.');
	ELSIF NOT found_document.stands THEN
		PERFORM erp_private.refuse('LE163', 'the document has no voucher that stands', '$.document', document_key,
			'Name a document that posted a voucher, is no reversal and was not reversed.');
	END IF;
	RETURN found_document.document_id;
END
$function$;
COMMENT ON FUNCTION erp_private.document_to_book(integer, text) IS
	'The document whose voucher can rest on electronic vouchers. Errors: LE012 if there is none of the key, LE163 if it has no voucher that stands.';

CREATE FUNCTION erp_private.check_booking(company_id integer, rows jsonb, ids bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	SELECT u.n, rows -> (u.n - 1)::integer ->> 'number' AS number, s.valid, d.key INTO bad
	  FROM unnest(ids) WITH ORDINALITY AS u (id, n)
	  JOIN erp_private.electronic_voucher_state s ON s.company_id = check_booking.company_id AND s.electronic_voucher_id = u.id
	  LEFT JOIN erp.document d ON d.company_id = check_booking.company_id AND d.document_id = s.booked_document_id
	 WHERE s.valid IS NOT TRUE OR d.key IS NOT NULL ORDER BY u.n LIMIT 1;
	IF bad.key IS NOT NULL THEN
		PERFORM erp_private.refuse('LE162', 'the electronic voucher is booked already', format('$.electronic_vouchers[%s]', bad.n - 1), bad.number,
			format('The voucher of "%s" rests on it; reverse that first if it is wrong.', bad.key));
	ELSIF bad.n IS NOT NULL THEN
		PERFORM erp_private.refuse('LE161', CASE WHEN NOT bad.valid THEN 'the electronic voucher was found invalid'
				ELSE 'the electronic voucher was not verified' END, format('$.electronic_vouchers[%s]', bad.n - 1), bad.number,
			'Verify it, and say what came of it with erp.verify_electronic_vouchers().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_booking(integer, jsonb, bigint[]) IS
	'Raises LE162 at the first electronic voucher that a voucher rests on already, LE161 at the first whose last verification does not say that it is valid.';

CREATE FUNCTION erp_private.book_electronic_vouchers(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	booked bigint;
	ids bigint[];
BEGIN
	PERFORM erp_private.check_object(request, '{"document": "key!", "electronic_vouchers": "list!"}');
	PERFORM erp_private.check_rows(request -> 'electronic_vouchers', '$.electronic_vouchers[#]', '{"kind": "code!", "issuer": "code!", "number": "code!"}');
	PERFORM erp_private.check_once(request -> 'electronic_vouchers', '$.electronic_vouchers[#]', ARRAY['kind', 'issuer', 'number']);
	ids := erp_private.lock_electronic_vouchers(book_electronic_vouchers.company_id, request -> 'electronic_vouchers', '$.electronic_vouchers[#]');
	booked := erp_private.document_to_book(book_electronic_vouchers.company_id, request ->> 'document');
	PERFORM erp_private.check_booking(book_electronic_vouchers.company_id, request -> 'electronic_vouchers', ids);
	PERFORM erp_private.store_electronic_voucher_events(book_electronic_vouchers.company_id, book_electronic_vouchers.document_id, COALESCE((
		SELECT jsonb_agg(jsonb_build_object('electronic_voucher_id', u.id, 'event_no', 1 + s.events, 'event', 'booked',
			'verified_by', '', 'remark', '', 'booked_document_id', booked) ORDER BY u.n)
		  FROM unnest(ids) WITH ORDINALITY AS u (id, n)
		  JOIN erp_private.electronic_voucher_state s ON s.company_id = book_electronic_vouchers.company_id AND s.electronic_voucher_id = u.id), '[]'));
	RETURN jsonb_build_object('booked', COALESCE(cardinality(ids), 0));
EXCEPTION WHEN unique_violation THEN
	RAISE serialization_failure USING MESSAGE = 'could not serialize the booking of an electronic voucher', HINT = 'Try again.';
END
$function$;
COMMENT ON FUNCTION erp_private.book_electronic_vouchers(integer, bigint, jsonb) IS 'Does what erp.book_electronic_vouchers() says.';

CREATE FUNCTION erp.receive_electronic_vouchers(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.receive_electronic_vouchers(text, text, json) IS
	'Takes electronic vouchers from outside into the register, each once for ever. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"kind" (vat_invoice, rail_ticket, air_itinerary, fiscal_receipt, non_tax_payment, treasury_payment, bank_receipt, bank_statement, other), "issuer" (its tax or bank identifier), "number", "day" (of issue), "amount" (tax included; negative in red), "tax"? (part of the amount, default 0), "currency"? (code, default the company''s), "issuer_name"?, "recipient"? (the identifier that it was issued to), "content_type" (ofd, pdf, xml, xbrl, json, other), "content_hash" (SHA-256 of the file, 64 hexadecimal digits in small letters), "location"? (where the file is kept)}]. The file itself stays outside. Posts nothing. Returns {"received"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown currency, LE160 for one whose kind, issuer and number, or whose file, was received before.';

CREATE FUNCTION erp.verify_electronic_vouchers(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.verify_electronic_vouchers(text, text, json) IS
	'Records what came of verifying electronic vouchers: the signature and the issuer are asked for outside, where the certificates are. The last verification of one says how it stands. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"kind", "issuer", "number", "valid" (true or false), "verified_by" (who or what was asked), "remark"?}]. Returns {"valid", "invalid"}: how many of each. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for one that was not received.';

CREATE FUNCTION erp.book_electronic_vouchers(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.book_electronic_vouchers(text, text, json) IS
	'Says that the voucher of a document rests on electronic vouchers. Each stands behind one voucher at most; when that is reversed it can be booked again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"document" (key of the document that posted the voucher), "electronic_vouchers": [{"kind", "issuer", "number"}]}. Returns {"booked"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for a document or an electronic voucher that is not there, LE161 for one whose last verification does not say that it is valid, LE162 for one that is booked already, LE163 for a document without a voucher that stands.';

CREATE FUNCTION erp.booking_data(company text, kind text, issuer text, number text) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object(
		'electronic_voucher', jsonb_build_object('kind', e.kind, 'issuer', e.issuer, 'number', e.number, 'day', e.day, 'amount', e.amount, 'tax', e.tax_amount,
			'currency', e.currency, 'content_hash', e.content_hash),
		'company', e.company, 'state', e.state, 'document', e.document_key, 'voucher_word', j.voucher_word, 'voucher_number', e.voucher_number,
		'period', j.period, 'day', j.day, 'recorded_by', j.recorded_by, 'reviewed_by', j.reviewed_by, 'lines', j.lines)
	  FROM erp.electronic_voucher_list e
	  LEFT JOIN LATERAL (
		SELECT min(w.code) AS voucher_word, min(p.code) AS period, min(v.day) AS day, min(d.recorded_by::text) AS recorded_by,
		       (SELECT r.happened_by FROM erp.draft_event b
		          JOIN erp.draft_event r ON r.company_id = b.company_id AND r.draft_id = b.draft_id AND r.to_state = 'reviewed'
		         WHERE b.company_id = c.company_id AND b.document_id = d.document_id ORDER BY r.event_no DESC LIMIT 1) AS reviewed_by,
		       jsonb_agg(jsonb_build_object('line', l.line_no, 'summary', COALESCE(NULLIF(l.summary, ''), v.summary), 'account', a.code, 'account_name', a.name, 'side', l.side,
		           'amount', round(l.company_amount, m.decimals)) ORDER BY l.line_no) AS lines
		  FROM erp.company c
		  JOIN erp.currency m ON m.currency_id = c.currency_id
		  JOIN erp.document d ON d.company_id = c.company_id AND d.key = e.document_key
		  JOIN erp.voucher v ON v.company_id = d.company_id AND v.voucher_id = d.document_id
		  JOIN erp.period p ON p.company_id = v.company_id AND p.period_id = v.period_id
		  LEFT JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id AND w.voucher_word_id <> 0
		  JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
		  JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
		 WHERE c.code = e.company
		 GROUP BY c.company_id, d.document_id
	  ) j ON true
	 WHERE e.company = $1 AND e.kind = $2 AND e.issuer = $3 AND e.number = $4
$function$;
COMMENT ON FUNCTION erp.booking_data(text, text, text, text) IS
	'How an electronic voucher was booked, as structured data that can be kept beside its file: 财会〔2024〕12号, section 20. company: code; kind, issuer, number: of the electronic voucher. Returns {"electronic_voucher" (kind, issuer, number, day, amount, tax, currency, content_hash), "company", "state", "document" (key), "voucher_word", "voucher_number", "period", "day", "recorded_by", "reviewed_by", "lines": [{"line", "summary", "account", "account_name", "side", "amount" (in the company''s currency)}]}; null where it is not booked or has none. Null for one that was not received.';
