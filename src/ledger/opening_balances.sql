-- ledger: balances of the books before these, and the day on which a company goes live.

CREATE FUNCTION erp_private.check_opening_lines(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	books record;
	bad record;
BEGIN
	SELECT c.currency, c.decimals INTO books FROM erp_private.company_money c WHERE c.company_id = check_opening_lines.company_id;
	PERFORM erp_private.check_object(request, '{"day": "day!", "lines": "list!"}');
	PERFORM erp_private.check_rows(request -> 'lines', '$.lines[#]', '{"account": "code!", "side": "code!", "amount": "amount!", "currency": "code", "company_amount": "amount", "party": "code",
		"dimensions": "object", "due_day": "day", "original_day": "day", "reference": "name", "description": "name"}');
	PERFORM erp_private.check_choice(request -> 'lines', '$.lines[#]', 'side', ARRAY['debit', 'credit']);
	PERFORM erp_private.check_currencies((SELECT jsonb_agg(jsonb_build_object('currency', COALESCE(e.value -> 'currency', to_jsonb(books.currency))) ORDER BY e.n)
		FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)), '$.lines[#]', 'currency');
	SELECT e.n, f.field, e.value ->> f.field AS value, f.message, f.hint INTO bad
	  FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (SELECT (e.value ->> 'amount')::numeric AS amount, (e.value ->> 'company_amount')::numeric AS company_amount) a
	 CROSS JOIN LATERAL (VALUES
		('amount', 'a balance is above zero on its side', 'Leave out what is zero.', a.amount = 0),
		('company_amount', 'a balance in the company''s currency has one amount', 'Leave out the field.',
		 a.company_amount IS NOT NULL AND COALESCE(e.value ->> 'currency', books.currency) = books.currency),
		('company_amount', 'no rate of ten decimals makes this of the amount', 'Part the line into two.', a.amount > 0 AND a.company_amount IS NOT NULL
		 AND round(a.amount * round(a.company_amount / a.amount, 10), books.decimals) <> a.company_amount)) AS f (field, message, hint, wrong)
	 WHERE f.wrong ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.message, format('$.lines[%s].%s', bad.n - 1, bad.field), bad.value, bad.hint);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_opening_lines(integer, jsonb) IS 'Raises LE011 or LE012 unless a request has balances that can be taken over.';

CREATE FUNCTION erp_private.opening_account(company_id integer) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	code text := (SELECT a.code FROM erp.company c JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = c.opening_account_id
	               WHERE c.company_id = opening_account.company_id);
BEGIN
	IF code IS NULL THEN
		PERFORM erp_private.refuse('LE011', 'no account takes opening balances', 'opening_account', NULL, 'Name it with erp.put_company(): opening_account.');
	END IF;
	RETURN code;
END
$function$;
COMMENT ON FUNCTION erp_private.opening_account(integer) IS 'Code of the account that opening balances are set against. Errors: LE011 without one.';

-- What is settled by itself later (an open item), or has a rate of its own, is a document of its own; all else is one.
CREATE FUNCTION erp_private.opening_documents(company_id integer, key text, request jsonb, against text) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH line AS (
		SELECT e.n, e.value, c.currency, COALESCE(e.value ->> 'currency', c.currency) AS money, e.value ?| ARRAY['due_day', 'reference', 'original_day']
			OR COALESCE(e.value ->> 'currency', c.currency) <> c.currency OR a.control <> 'none' AS alone
		  FROM erp_private.company_money c
		 CROSS JOIN jsonb_array_elements($3 -> 'lines') WITH ORDINALITY AS e (value, n)
		  LEFT JOIN erp.account a ON a.company_id = c.company_id AND a.code = e.value ->> 'account'
		 WHERE c.company_id = $1
	), entry AS (
		SELECT CASE WHEN l.alone THEN l.n ELSE 0 END AS document_no, l.n, l.money, x.value || jsonb_build_object('amount', l.value -> 'amount')
			|| CASE WHEN l.value ? 'dimensions' THEN jsonb_build_object('dimensions', l.value -> 'dimensions') ELSE '{}' END
			|| CASE WHEN l.value ?| ARRAY['description', 'original_day'] THEN jsonb_build_object('description',
				concat_ws(' ', l.value ->> 'description', l.value ->> 'original_day')) ELSE '{}' END AS cells,
			x.rank, CASE WHEN l.alone THEN l.value ELSE '{}' END AS own
		  FROM line l
		 CROSS JOIN LATERAL (VALUES (1, jsonb_strip_nulls(jsonb_build_object('account', l.value -> 'account', 'side', l.value -> 'side', 'party', l.value -> 'party'))),
			(2, jsonb_build_object('account', $4, 'side', CASE l.value ->> 'side' WHEN 'debit' THEN 'credit' ELSE 'debit' END))) AS x (rank, value)
	)
	SELECT jsonb_agg(d.document ORDER BY d.document_no)
	  FROM (
		SELECT e.document_no, jsonb_strip_nulls(jsonb_build_object('key', $2 || '/' || e.document_no, 'kind', 'opening_balance', 'day', $3 -> 'day', 'currency', min(e.money),
			'rate', max(round((e.own ->> 'company_amount')::numeric / (e.own ->> 'amount')::numeric, 10)), 'reference', max(e.own ->> 'reference'), 'due_day', max(e.own ->> 'due_day')))
			|| jsonb_build_object('lines', jsonb_agg(e.cells ORDER BY e.n, e.rank)) AS document
		  FROM entry e
		 GROUP BY e.document_no) d
$function$;
COMMENT ON FUNCTION erp_private.opening_documents(integer, text, jsonb, text) IS
	'The documents of kind opening_balance that take over the balances of a request, each line set against an account; their keys are the key and a number.';

CREATE FUNCTION erp_private.post_opening_balances(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	call record;
	documents jsonb;
BEGIN
	PERFORM erp_private.check_opening_lines($1, request);
	SELECT c.code, d.key INTO call FROM erp.company c JOIN erp.document d ON d.company_id = c.company_id AND d.document_id = $2 WHERE c.company_id = $1;
	documents := COALESCE(erp_private.opening_documents($1, call.key, request, erp_private.opening_account($1)), '[]');
	PERFORM erp.post_documents(call.code, documents::json);
	RETURN jsonb_build_object('lines', jsonb_array_length(request -> 'lines'), 'documents', (SELECT COALESCE(jsonb_agg(d.value -> 'key' ORDER BY d.n), '[]')
		FROM jsonb_array_elements(documents) WITH ORDINALITY AS d (value, n)));
END
$function$;
COMMENT ON FUNCTION erp_private.post_opening_balances(integer, bigint, jsonb) IS 'Does what erp.post_opening_balances() says.';

CREATE FUNCTION erp_private.lock_go_live(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_structure(company_id);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_go_live(integer, jsonb) IS 'Waits for the postings under way: none of them takes anything over once the company is live.';

CREATE FUNCTION erp_private.go_live(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	since date;
BEGIN
	PERFORM erp_private.check_object(request, '{"day": "day!"}');
	SELECT s.account_code, s.balance INTO bad FROM erp_private.company_money c JOIN erp.opening_status s ON s.company = c.company
	 WHERE c.company_id = $1 AND s.balance <> 0 ORDER BY s.account_code LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE364', format('account "%s" of opening balances is not zero', bad.account_code), 'account ' || bad.account_code, bad.balance::text,
			'Post what is missing, or reverse what is too much; erp.opening_status shows the accounts.');
	END IF;
	UPDATE erp.company c SET live_since = (request ->> 'day')::date WHERE c.company_id = $1 AND c.live_since IS NULL;
	SELECT c.live_since INTO since FROM erp.company c WHERE c.company_id = $1;
	RETURN jsonb_build_object('live_since', since);
END
$function$;
COMMENT ON FUNCTION erp_private.go_live(integer, jsonb) IS 'Does what erp.go_live() says.';

CREATE FUNCTION erp.post_opening_balances(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.post_opening_balances(text, text, json) IS
	'Takes over balances of the books before these. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"day" (of the documents), "lines": [{"account", "side" (debit or credit), "amount" (above zero), "currency"? (default the company''s), "company_amount"? (of another currency: what it is worth in the books; default at the rate of the day), "party"?, "dimensions"?, "due_day"?, "original_day"? (shown in the text), "reference"? (of the bill that is open), "description"?}]}. Each line is set against the account of opening balances (erp.put_company(): opening_account), in documents of kind opening_balance: one for each open item and each line in another currency, one for all others. Stock is taken over by documents of kind opening_stock. Returns {"lines", "documents" (keys)}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of posting; LE365 once the company is live.';

CREATE FUNCTION erp.go_live(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.go_live(text, text, json) IS
	'Ends the taking over of balances and stock. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"day" (from which on the company is live)}. Waits for the postings under way. Afterwards documents of kind opening_balance and opening_stock, and their reversals, are refused (LE365). Returns {"live_since"}; of a company that is live already, the day it has been since. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE364 while an account of erp.opening_status is not zero.';
