-- inventory: a draft is posted, and the calls on drafts.

-- All in one posting, so that open items and series are locked in their order; what was posted before answers with its first result.
CREATE FUNCTION erp_private.post_requests(company_id integer, requests jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = post_requests.company_id);
BEGIN
	IF jsonb_array_length(requests) = 1 THEN
		RETURN jsonb_build_array(erp_private.post_one_drafted(company, requests -> 0));
	END IF;
	IF jsonb_path_exists(requests, '$[*] ? (exists (@.reverses) || exists (@.settle) || exists (@.unsettle))') THEN
		PERFORM erp_private.refuse('LE011', 'a draft that reverses a document, settles or unsettles is posted by a call of its own', '$', NULL, 'Post it alone.');
	END IF;
	RETURN erp_private.post_drafted(company, requests::json);
END
$function$;
COMMENT ON FUNCTION erp_private.post_requests(integer, jsonb) IS
	'Posts what drafts say, all or nothing; returns the array of what the posting returns.';

CREATE FUNCTION erp_private.post_draft(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ids bigint[];
	posted jsonb;
	answers jsonb;
BEGIN
	SELECT array_agg(n.draft_id ORDER BY n.n) INTO ids FROM erp_private.named_drafts(post_draft.company_id, request, '{"draft": "key!"}') n;
	IF ids IS NULL THEN
		RETURN '[]'::jsonb;
	END IF;
	PERFORM erp_private.check_draft_step(d.company_id, d.draft_id, 'posted')
	   FROM unnest(ids) WITH ORDINALITY AS i (draft_id, n)
	   JOIN erp.draft d ON d.company_id = post_draft.company_id AND d.draft_id = i.draft_id AND d.state <> 'posted' ORDER BY i.n;
	SELECT erp_private.post_requests(post_draft.company_id, jsonb_agg(d.request ORDER BY i.n)) INTO posted
	  FROM unnest(ids) WITH ORDINALITY AS i (draft_id, n) JOIN erp.draft d ON d.company_id = post_draft.company_id AND d.draft_id = i.draft_id;
	WITH result AS MATERIALIZED (
		SELECT ids[p.n] AS draft_id, p.n, p.value FROM jsonb_array_elements(posted) WITH ORDINALITY AS p (value, n)
	), taken AS (
		UPDATE erp.draft d SET state = 'posted', reason = '',
		       moves_cash = erp_private.moves_cash(d.company_id, (r.value ->> 'document_id')::bigint)
		  FROM result r WHERE d.company_id = post_draft.company_id AND d.draft_id = r.draft_id AND d.state <> 'posted'
	)
	SELECT jsonb_agg(jsonb_build_object('draft', d.key, 'state', 'posted') || r.value ORDER BY r.n) INTO answers
	  FROM result r JOIN erp.draft d ON d.company_id = post_draft.company_id AND d.draft_id = r.draft_id;
	RETURN erp_private.one_or_all(request, answers);
END
$function$;
COMMENT ON FUNCTION erp_private.post_draft(integer, jsonb) IS 'Does what erp.post_draft() says.';

CREATE FUNCTION erp.draft_voucher(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.draft_voucher(text, text, json) IS
	'Saves the draft of a voucher, a payment, an offset, a bad debt, the reversal of one, or of what is settled or unsettled: a working document, not a fact. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"document": what erp.post_document() or erp.reverse_document() takes, or {"key", "settle": one object of what erp.settle() takes}, or {"key", "unsettle": the same of erp.unsettle()}, "attachments"? (the number of papers that come with it, 0 to 9999, default 0)}, or an array of these, at most 10000, all or nothing. The key of the document names the draft, and will be that of the posted document; of what is settled, that of the call that settled it. What is saved could be posted at this moment: it is posted and taken back. A draft whose key is known says from now on what the request says; one that was reviewed, signed or returned is drafted then, and goes its way again. Where a rule of approval of kind voucher fits it (asked about "amount": the debit in the company''s currency, "document_kind", "party", "currency" and "description"), it is submitted: erp.approve() reviews it then, erp.send_back() returns it, erp.refuse_approval() withdraws it. Returns {"draft" (its key), "state" (drafted, or submitted)}, or an array of these. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of the posting; LE254 where fewer people can sign than a step asks for; LE020 also for the key of something else, LE070 for a kind that has no drafts, and for a draft that is posted or withdrawn, LE104 for another kind than before.';

CREATE FUNCTION erp.review_draft(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.review_draft(text, text, json) IS
	'Says that a draft was reviewed. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"draft": key of the draft}, or an array of these, at most 10000, all or nothing. The posting is tried as by erp.draft_voucher(). Returns {"draft", "state" (reviewed)}, or an array of these. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of the posting; LE012 also for an unknown draft, LE070 for one that is not drafted, LE101 for who prepared it, in a company whose reviewer is another.';

CREATE FUNCTION erp.sign_draft(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.sign_draft(text, text, json) IS
	'The cashier signs a draft that was reviewed. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"draft": key of the draft}, or an array of these, at most 10000, all or nothing. Returns {"draft", "state" (signed)}, or an array of these. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown draft, LE070 for one that is not reviewed.';

CREATE FUNCTION erp.post_draft(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.post_draft(text, text, json) IS
	'Posts a draft, as erp.post_document(), erp.reverse_document(), erp.settle() or erp.unsettle() would under its key: the draft becomes a document and its voucher, and names it. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"draft": key of the draft}, or an array of these, at most 10000, all or nothing, posted in its order; a draft that reverses a document, settles or unsettles is posted alone. Returns {"draft", "state" (posted), "document_id", "voucher_id", "number"}, with the "settlements" of one that settles or unsettles, or an array of these; for a draft that is posted already, the same again. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of the posting; LE012 also for an unknown draft, LE070 for one that is returned or withdrawn, LE100 for one that was not reviewed and LE102 for one that the cashier has not signed, in a company that asks for that.';

CREATE FUNCTION erp.return_draft(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.return_draft(text, text, json) IS
	'Sends a draft back to who prepared it. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"draft": key of the draft, "reason": 1 to 500 characters}, or an array of these, at most 10000, all or nothing. Drafting it again goes on with it. Returns {"draft", "state" (returned)}, or an array of these. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown draft, LE070 for one that is returned, posted or withdrawn.';

CREATE FUNCTION erp.withdraw_draft(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.withdraw_draft(text, text, json) IS
	'Discards a draft for ever; it never had a number, and its key is used up. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"draft": key of the draft, "reason": 1 to 500 characters}, or an array of these, at most 10000, all or nothing. Returns {"draft", "state" (withdrawn)}, or an array of these. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown draft, LE070 for one that is posted or withdrawn.';
