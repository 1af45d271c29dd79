-- inventory: drafts of what is posted by hand. Saving and reviewing try the posting; posting one is the ordinary posting.
-- Every call on drafts first waits for others on the same drafts, then takes the gates that the posting will want, then its key.

CREATE FUNCTION erp_private.lock_draft_keys(company_id integer, keys text[]) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_lock_draft_keys';
COMMENT ON FUNCTION erp_private.lock_draft_keys(integer, text[]) IS
	'Waits for other calls on drafts of these keys, known or new.';

CREATE FUNCTION erp_private.lock_for_drafts(company_id integer, keys text[], days date[]) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_lock_for_drafts';
COMMENT ON FUNCTION erp_private.lock_for_drafts(integer, text[], date[]) IS
	'Takes, in the order of postings, the gate of the company, the documents of these keys (to be reversed or corrected), and the gates of the periods from each of the days on.';

CREATE FUNCTION erp_private.post_drafted(company text, documents json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_post_drafted';
COMMENT ON FUNCTION erp_private.post_drafted(text, json) IS
	'As erp.post_documents(), whoever the caller is: the state machine of drafts says who posts them.';

CREATE FUNCTION erp_private.reverse_drafted(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_reverse_drafted';
COMMENT ON FUNCTION erp_private.reverse_drafted(text, json) IS 'The same for erp.reverse_document().';

CREATE FUNCTION erp_private.run_drafted_call(company_id integer, call text, key text, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_run_drafted_call';
COMMENT ON FUNCTION erp_private.run_drafted_call(integer, text, text, jsonb) IS
	'As erp.<call>() under the key, once, by erp_private.<call>_drafted(): what it posts was reviewed, or is tried.';

CREATE FUNCTION erp_private.check_draft_step(company_id integer, draft_id bigint, to_state text) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_check_draft_step';
COMMENT ON FUNCTION erp_private.check_draft_step(integer, bigint, text) IS
	'Raises what the trigger of erp.draft would: LE070 for a step that is not the caller''s, LE100 to LE102 for one that the company''s rules forbid.';

-- One request or an array of them, as rows; path is where a row stands.
CREATE FUNCTION erp_private.draft_rows(request jsonb, OUT rows jsonb, OUT path text)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN jsonb_typeof(request) = 'array' THEN request ELSE jsonb_build_array(request) END,
	       CASE WHEN jsonb_typeof(request) = 'array' THEN '$[#]' ELSE '$' END
$function$;
COMMENT ON FUNCTION erp_private.draft_rows(jsonb) IS 'The rows of a request that is one object or an array, and the path of a row for errors.';

-- The call on open items that a draft says, under its name; all other drafts say a document.
CREATE FUNCTION erp_private.drafted_call(document jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN document ? 'settle' THEN 'settle' WHEN document ? 'unsettle' THEN 'unsettle' END
$function$;
COMMENT ON FUNCTION erp_private.drafted_call(jsonb) IS 'settle or unsettle, of a draft that says what erp.settle() or erp.unsettle() takes; else null.';

CREATE FUNCTION erp_private.draft_text(document jsonb, field text) RETURNS text
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(document ->> field, document -> erp_private.drafted_call(document) ->> field)
$function$;
COMMENT ON FUNCTION erp_private.draft_text(jsonb, text) IS 'Day, description or reference of a draft, wherever they stand in it; null if not given.';

CREATE FUNCTION erp_private.lock_named_drafts(company_id integer, request jsonb, posts boolean) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	keys text[] := ARRAY(SELECT e.value ->> 'draft' FROM jsonb_array_elements((SELECT r.rows FROM erp_private.draft_rows(request) r)) AS e (value));
BEGIN
	PERFORM erp_private.lock_draft_keys(company_id, keys);
	IF posts THEN
		PERFORM erp_private.lock_for_drafts(d.company_id, array_agg(d.request ->> 'reverses') || array_agg(d.request ->> 'corrects'), array_agg(d.day))
		   FROM erp.draft d WHERE d.company_id = lock_named_drafts.company_id AND d.key = ANY (keys) GROUP BY d.company_id;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_named_drafts(integer, jsonb, boolean) IS
	'Takes what a call on drafts that exist waits for; posts: whether it posts them or tries to.';

CREATE FUNCTION erp_private.lock_draft_voucher(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	rows jsonb := (SELECT r.rows FROM erp_private.draft_rows(request) r);
BEGIN
	PERFORM erp_private.lock_draft_keys(company_id, ARRAY(SELECT e.value #>> '{document,key}' FROM jsonb_array_elements(rows) AS e (value)));
	PERFORM erp_private.lock_for_drafts(company_id, array_agg(e.value #>> '{document,reverses}') || array_agg(e.value #>> '{document,corrects}'),
		array_agg(CASE WHEN erp_private.is_day(erp_private.draft_text(e.value -> 'document', 'day'))
		               THEN erp_private.draft_text(e.value -> 'document', 'day')::date
		               ELSE (SELECT d.day FROM erp.document d
		                      WHERE d.company_id = lock_draft_voucher.company_id AND d.key = e.value #>> '{document,reverses}') END))
	   FROM jsonb_array_elements(rows) AS e (value);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_draft_voucher(integer, jsonb) IS 'Takes what erp.draft_voucher() waits for.';

CREATE FUNCTION erp_private.lock_review_draft(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_drafts(company_id, request, true); END $function$;
COMMENT ON FUNCTION erp_private.lock_review_draft(integer, jsonb) IS 'Takes what erp.review_draft() waits for.';
CREATE FUNCTION erp_private.lock_post_draft(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_drafts(company_id, request, true); END $function$;
COMMENT ON FUNCTION erp_private.lock_post_draft(integer, jsonb) IS 'Takes what erp.post_draft() waits for.';
CREATE FUNCTION erp_private.lock_sign_draft(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_drafts(company_id, request, false); END $function$;
COMMENT ON FUNCTION erp_private.lock_sign_draft(integer, jsonb) IS 'Takes what erp.sign_draft() waits for.';
CREATE FUNCTION erp_private.lock_return_draft(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_drafts(company_id, request, false); END $function$;
COMMENT ON FUNCTION erp_private.lock_return_draft(integer, jsonb) IS 'Takes what erp.return_draft() waits for.';
CREATE FUNCTION erp_private.lock_withdraw_draft(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_named_drafts(company_id, request, false); END $function$;
COMMENT ON FUNCTION erp_private.lock_withdraw_draft(integer, jsonb) IS 'Takes what erp.withdraw_draft() waits for.';

CREATE FUNCTION erp_private.moves_cash(company_id integer, document_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT EXISTS (
		SELECT 1 FROM erp.voucher v
		  JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
		  JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id AND a.money <> 'none'
		 WHERE v.company_id = $1 AND v.voucher_id = $2)
$function$;
COMMENT ON FUNCTION erp_private.moves_cash(integer, bigint) IS
	'Whether the voucher of a document has a line on an account of money: cash or bank.';

CREATE FUNCTION erp_private.settle_one_drafted(company text, document jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	call text := erp_private.drafted_call(document);
BEGIN
	PERFORM erp_private.check_object(document, jsonb_build_object('key', 'key!', call, 'object!'));
	RETURN erp_private.run_drafted_call(c.company_id, call, document ->> 'key', document -> call)
	  FROM erp.company c WHERE c.code = settle_one_drafted.company;
END
$function$;
COMMENT ON FUNCTION erp_private.settle_one_drafted(text, jsonb) IS
	'Settles or unsettles what {"key", "settle"} or {"key", "unsettle"} says, under the key; LE011 unless it is one of these.';

CREATE FUNCTION erp_private.post_one_drafted(company text, document jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN erp_private.drafted_call(document) IS NOT NULL THEN erp_private.settle_one_drafted(company, document)
	       WHEN document ? 'reverses' THEN erp_private.reverse_drafted(company, document::json)
	       ELSE erp_private.post_drafted(company, jsonb_build_array(document)::json) -> 0 END
$function$;
COMMENT ON FUNCTION erp_private.post_one_drafted(text, jsonb) IS 'Posts what a draft says; returns what the posting returns.';

-- What is written is rolled back with the subtransaction, as by erp.dry_run().
CREATE FUNCTION erp_private.try_draft(company_id integer, document jsonb, OUT kind text, OUT day date, OUT amount numeric, OUT moves_cash boolean)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	posted jsonb;
BEGIN
	posted := erp_private.post_one_drafted((SELECT c.code FROM erp.company c WHERE c.company_id = try_draft.company_id), document);
	SELECT d.kind, d.day, erp_private.moves_cash(d.company_id, d.document_id), COALESCE((
			SELECT sum(l.company_amount) FROM erp.voucher_line l
			 WHERE l.company_id = d.company_id AND l.voucher_id = (posted ->> 'voucher_id')::bigint AND l.side = 'debit'), 0)
	  INTO kind, day, moves_cash, amount
	  FROM erp.document d
	 WHERE d.company_id = try_draft.company_id AND d.document_id = (posted ->> 'document_id')::bigint;
	RAISE EXCEPTION USING ERRCODE = 'LE999', MESSAGE = 'a trial is taken back';
EXCEPTION WHEN SQLSTATE 'LE999' THEN
	NULL;
END
$function$;
COMMENT ON FUNCTION erp_private.try_draft(integer, jsonb) IS
	'Posts a document and takes it back: raises what the posting raises; else the document''s kind and day, the debit of its voucher in the company''s currency, and whether that moves cash.';

CREATE FUNCTION erp_private.check_new_drafts(company_id integer, rows jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	documents jsonb;
BEGIN
	PERFORM erp_private.check_rows(rows, path, '{"document": "object!", "attachments": "integer"}');
	SELECT jsonb_agg(jsonb_build_object('key', e.value #> '{document,key}') ORDER BY e.n) INTO documents
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n);
	PERFORM erp_private.check_rows(documents, path || '.document', '{"key": "key!"}');
	PERFORM erp_private.check_once(documents, path || '.document', ARRAY['key']);
	SELECT e.n, e.value ->> 'attachments' AS value INTO bad FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'attachments')::integer NOT BETWEEN 0 AND 9999 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a draft has 0 to 9999 attachments', replace(path, '#', (bad.n - 1)::text) || '.attachments',
			bad.value, 'Give the number of papers that come with it.');
	END IF;
	SELECT e.n, e.value ->> 'key' AS key INTO bad FROM jsonb_array_elements(documents) WITH ORDINALITY AS e (value, n)
	 WHERE EXISTS (SELECT 1 FROM erp.document d WHERE d.company_id = check_new_drafts.company_id AND d.key = e.value ->> 'key')
	   AND NOT EXISTS (SELECT 1 FROM erp.draft t WHERE t.company_id = check_new_drafts.company_id AND t.key = e.value ->> 'key')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE020', format('the key "%s" was used before', bad.key),
			replace(path, '#', (bad.n - 1)::text) || '.document.key', bad.key, 'Use a new key for a new document.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_new_drafts(integer, jsonb, text) IS
	'Raises LE011 unless the rows are drafts, LE020 for the key of something else that was posted.';

-- Saves one draft: a new one, or what an old one says from now on.
CREATE FUNCTION erp_private.save_draft(company_id integer, document jsonb, attachments integer) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	old_id bigint;
	tried record;
BEGIN
	SELECT d.draft_id INTO old_id FROM erp.draft d WHERE d.company_id = save_draft.company_id AND d.key = document ->> 'key';
	IF FOUND THEN
		PERFORM erp_private.check_draft_step(save_draft.company_id, old_id, 'drafted');
	END IF;
	SELECT * INTO tried FROM erp_private.try_draft(save_draft.company_id, document);
	IF old_id IS NULL THEN
		INSERT INTO erp.draft (company_id, key, kind, day, amount, attachments, moves_cash, request)
		VALUES (save_draft.company_id, document ->> 'key', tried.kind, tried.day, tried.amount, save_draft.attachments, tried.moves_cash, document);
	ELSE
		UPDATE erp.draft d SET state = 'drafted', reason = '', kind = tried.kind, day = tried.day, amount = tried.amount,
		       attachments = save_draft.attachments, moves_cash = tried.moves_cash, request = document
		 WHERE d.company_id = save_draft.company_id AND d.draft_id = old_id;
	END IF;
	RETURN jsonb_build_object('draft', document ->> 'key', 'state', 'drafted');
END
$function$;
COMMENT ON FUNCTION erp_private.save_draft(integer, jsonb, integer) IS
	'Tries what a draft says and saves it, in state drafted. Returns {"draft", "state"}.';

CREATE FUNCTION erp_private.one_or_all(request jsonb, answers jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN jsonb_typeof(request) = 'array' THEN COALESCE(answers, '[]') ELSE answers -> 0 END
$function$;
COMMENT ON FUNCTION erp_private.one_or_all(jsonb, jsonb) IS 'The answers as an array if the request was one, else the only one.';

CREATE FUNCTION erp_private.draft_voucher(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	given record;
	answers jsonb;
BEGIN
	SELECT r.* INTO given FROM erp_private.draft_rows(request) r;
	PERFORM erp_private.check_count(given.rows);
	PERFORM erp_private.check_new_drafts(company_id, given.rows, given.path);
	SELECT jsonb_agg(erp_private.save_draft(draft_voucher.company_id, e.value -> 'document', COALESCE((e.value ->> 'attachments')::integer, 0))
	       || erp_private.submit_draft(draft_voucher.company_id, draft_voucher.document_id, e.value #>> '{document,key}'))
	  INTO answers FROM jsonb_array_elements(given.rows) AS e (value);
	RETURN erp_private.one_or_all(request, answers);
END
$function$;
COMMENT ON FUNCTION erp_private.draft_voucher(integer, bigint, jsonb) IS 'Does what erp.draft_voucher() says.';

CREATE FUNCTION erp_private.check_count(rows jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF jsonb_array_length(rows) > 10000 THEN
		PERFORM erp_private.refuse('LE011', 'too many drafts in one call', '$', jsonb_array_length(rows)::text, 'Give at most 10000.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_count(jsonb) IS 'Raises LE011 for more than 10000 rows.';

CREATE FUNCTION erp_private.named_drafts(company_id integer, request jsonb, fields jsonb)
	RETURNS TABLE (n bigint, draft_id bigint, key text, reason text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	given record;
	missing record;
BEGIN
	SELECT r.* INTO given FROM erp_private.draft_rows(request) r;
	PERFORM erp_private.check_count(given.rows);
	PERFORM erp_private.check_rows(given.rows, given.path, fields);
	PERFORM erp_private.check_once(given.rows, given.path, ARRAY['draft']);
	SELECT e.n, e.value ->> 'draft' AS key INTO missing FROM jsonb_array_elements(given.rows) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.draft d WHERE d.company_id = named_drafts.company_id AND d.key = e.value ->> 'draft')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(missing.n, given.path, 'draft', missing.key, 'draft', 'See erp.draft_list, or draft it with erp.draft_voucher().');
	RETURN QUERY SELECT e.n, d.draft_id, d.key, COALESCE(e.value ->> 'reason', '')
	  FROM jsonb_array_elements(given.rows) WITH ORDINALITY AS e (value, n)
	  JOIN erp.draft d ON d.company_id = named_drafts.company_id AND d.key = e.value ->> 'draft' ORDER BY e.n;
END
$function$;
COMMENT ON FUNCTION erp_private.named_drafts(integer, jsonb, jsonb) IS
	'The drafts that a request names, in its order; LE011 unless its rows have the fields, LE012 for an unknown draft.';

-- A step that writes nothing but the draft itself.
CREATE FUNCTION erp_private.take_drafts(company_id integer, request jsonb, to_state text, fields jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answers jsonb;
BEGIN
	-- The trigger lets pass what changes nothing: a draft that is where the step leads has no such step either.
	PERFORM erp_private.check_draft_step(take_drafts.company_id, n.draft_id, to_state) FROM erp_private.named_drafts(take_drafts.company_id, request, fields) n;
	WITH named AS MATERIALIZED (
		SELECT * FROM erp_private.named_drafts(take_drafts.company_id, request, fields)
	), taken AS (
		UPDATE erp.draft d SET state = to_state, reason = n.reason
		  FROM named n WHERE d.company_id = take_drafts.company_id AND d.draft_id = n.draft_id
	)
	SELECT jsonb_agg(jsonb_build_object('draft', n.key, 'state', to_state) ORDER BY n.n) INTO answers FROM named n;
	RETURN erp_private.one_or_all(request, answers);
END
$function$;
COMMENT ON FUNCTION erp_private.take_drafts(integer, jsonb, text, jsonb) IS
	'Takes the drafts of a request to a state; the trigger of erp.draft says whether the caller may. Returns {"draft", "state"}, or an array.';

CREATE FUNCTION erp_private.review_draft(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	draft record;
BEGIN
	FOR draft IN
		SELECT n.draft_id, n.key, d.request FROM erp_private.named_drafts(company_id, request, '{"draft": "key!"}') n
		  JOIN erp.draft d ON d.company_id = review_draft.company_id AND d.draft_id = n.draft_id ORDER BY n.n
	LOOP
		PERFORM erp_private.check_draft_step(company_id, draft.draft_id, 'reviewed');
		PERFORM erp_private.require_approval(company_id, 'voucher', draft.key);
		UPDATE erp.draft d SET moves_cash = t.moves_cash FROM erp_private.try_draft(review_draft.company_id, draft.request) t
		 WHERE d.company_id = review_draft.company_id AND d.draft_id = draft.draft_id AND d.moves_cash <> t.moves_cash;
	END LOOP;
	RETURN erp_private.take_drafts(company_id, request, 'reviewed', '{"draft": "key!"}');
END
$function$;
COMMENT ON FUNCTION erp_private.review_draft(integer, jsonb) IS 'Does what erp.review_draft() says.';

CREATE FUNCTION erp_private.sign_draft(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.take_drafts($1, $2, 'signed', '{"draft": "key!"}') $function$;
COMMENT ON FUNCTION erp_private.sign_draft(integer, jsonb) IS 'Does what erp.sign_draft() says.';
CREATE FUNCTION erp_private.return_draft(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.stop_drafts($1, $2, $3, 'returned') $function$;
COMMENT ON FUNCTION erp_private.return_draft(integer, bigint, jsonb) IS 'Does what erp.return_draft() says.';
CREATE FUNCTION erp_private.withdraw_draft(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.stop_drafts($1, $2, $3, 'withdrawn') $function$;
COMMENT ON FUNCTION erp_private.withdraw_draft(integer, bigint, jsonb) IS 'Does what erp.withdraw_draft() says.';
