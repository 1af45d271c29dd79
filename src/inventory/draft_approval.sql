-- inventory: drafts of vouchers that somebody has to approve, where the company has rules of kind voucher: then that is their review.

CREATE FUNCTION erp_private.draft_facts(company_id integer, key text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('amount', d.amount, 'document_kind', d.kind, 'party', p.code, 'party_group', NULLIF(p.party_group, ''), 'currency', COALESCE(d.request ->> 'currency', m.code),
	       'description', left(erp_private.draft_text(d.request, 'description'), 200)))
	  FROM erp.draft d
	  JOIN erp.company c ON c.company_id = d.company_id
	  JOIN erp.currency m ON m.currency_id = c.currency_id
	  LEFT JOIN erp.party p ON p.company_id = d.company_id AND p.code = d.request ->> 'party'
	 WHERE d.company_id = $1 AND d.key = $2);
END
$function$;
COMMENT ON FUNCTION erp_private.draft_facts(integer, text) IS
	'What rules of approval ask of a draft: the debit of its voucher in the company''s currency, the kind of document, its party and currency where it says them, its description.';

CREATE FUNCTION erp_private.withdraw_draft_approval(company_id integer, document_id bigint, key text, reason text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF erp_private.approval_state($1, 'voucher', $3) = 'pending' THEN
		PERFORM erp_private.withdraw_approval($1, 'voucher', $3, $4, $2);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.withdraw_draft_approval(integer, bigint, text, text) IS 'Nobody is asked any more to approve a draft; nothing if nobody was. document_id: of the call.';

CREATE FUNCTION erp_private.submit_draft(company_id integer, document_id bigint, key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.withdraw_draft_approval($1, $2, $3, 'drafted again');
	IF erp_private.submit_for_approval($1, 'voucher', $3, erp_private.draft_facts($1, $3), erp_private.caller(), $2) <> 'pending' THEN
		RETURN jsonb '{}';
	END IF;
	UPDATE erp.draft d SET state = 'submitted' WHERE d.company_id = $1 AND d.key = $3;
	RETURN jsonb '{"state": "submitted"}';
END
$function$;
COMMENT ON FUNCTION erp_private.submit_draft(integer, bigint, text) IS
	'Asks for the approval of a draft as it stands now, where a rule wants it: then it is submitted. document_id: of the call. Returns {"state"}, or {} where nobody is asked.';

CREATE FUNCTION erp_private.stop_drafts(company_id integer, document_id bigint, request jsonb, to_state text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	fields constant jsonb := jsonb '{"draft": "key!", "reason": "reason!"}';
	answer jsonb := erp_private.take_drafts($1, $3, $4, fields);
BEGIN
	PERFORM erp_private.withdraw_draft_approval($1, $2, n.key, n.reason) FROM erp_private.named_drafts($1, $3, fields) n;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.stop_drafts(integer, bigint, jsonb, text) IS 'Takes the drafts of a request to state returned or withdrawn, so that nobody has to approve them.';

CREATE FUNCTION erp_private.lock_draft_approval(company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_draft_keys($1, ARRAY[$2]); END $function$;
COMMENT ON FUNCTION erp_private.lock_draft_approval(integer, text, jsonb) IS 'Holds the draft. See erp_private.approval_subject.';

CREATE FUNCTION erp_private.end_draft_approval(company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	UPDATE erp.draft d
	   SET state = CASE details ->> 'state' WHEN 'approved' THEN 'reviewed' WHEN 'sent_back' THEN 'returned' ELSE 'withdrawn' END,
	       reason = CASE details ->> 'state' WHEN 'approved' THEN '' ELSE details ->> 'reason' END
	 WHERE d.company_id = $1 AND d.key = $2 AND d.state = 'submitted';
END
$function$;
COMMENT ON FUNCTION erp_private.end_draft_approval(integer, text, jsonb) IS 'A draft that was submitted was approved, and so is reviewed; or sent back, and returned; or refused, and withdrawn.';
