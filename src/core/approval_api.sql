-- core: approvals, what people call.

CREATE FUNCTION erp.put_departments(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_departments(text, text, json) IS
	'Adds or changes departments, a tree. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "head"? (role of the person who leads it; "": nobody), "parent"? (code of the department that it is part of; "": none)}]. A field that is not given keeps its value. Where a rule asks for the head of a department that has none, the head of the one above signs. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for a department that would be part of itself, LE012 for an unknown role or parent.';

CREATE FUNCTION erp.put_approval_rules(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_approval_rules(text, text, json) IS
	'Adds or changes rules of approval: which documents are signed by whom. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name"?, "kind" (of what is approved, as in erp_private.approval_subject; required for a new rule), "when"? ([{"field", "from"?, "above"?, "to"?, "below"?, "in"?}], all of which hold; none: always), "own"? (true: who submitted may sign too; default false), "active"? (default true), "steps" ([{"signers": [{"person" (role that logs in) or "group" (role whose members sign) or "head_of" (code of a department; "": of that of the document) or "leader_of" (code of a sales team, whose leading representatives sign; "": of that of the document)}], "needed"? (all, the default, any, or how many different persons), "timeout_minutes"? and "escalate_to"? (signers as above, of whom one suffices once the time is over)}], at most 20, signed in order; required for a new rule)}]. field: amount (in the company''s currency), discount_percent, margin_percent, which are compared: from (>=), above (>), to (<=), below (<); department, team, owner, party, party_group, channel, currency, payment_terms, warehouse, document_kind (of the draft of a voucher), which are one of "in", an array of texts. No condition holds on what a document does not say. A field that is not given keeps its value; steps and conditions that are given replace all of before. All rules that fit apply: their first steps, then their second ones, by code; signers whom two rules ask for alike are asked once. What is pending goes on by the rules of when it was submitted; who is a member, head or delegate counts as of when it is signed. Returns {"inserted", "updated", "steps"}: how many of the latter were written. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown kind, role, department or team.';

CREATE FUNCTION erp.put_delegates(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_delegates(text, text, json) IS
	'Names who signs approvals in somebody''s place, and when. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"person"? (default the caller; others are named by members of erp_admin), "delegate" (role of the person who signs), "kind"? (of what is approved; default all), "from", "until" (first and last day, UTC), "active"? (false: not any more)}]. The same person, delegate, kind and first day again replaces the last day. A delegate of a delegate signs for neither; both the person and the delegate may sign, and whoever submitted does not. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE003 also for who names a delegate of somebody else, LE012 for an unknown role or kind.';

CREATE FUNCTION erp.submit_for_approval(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.submit_for_approval(text, text, json) IS
	'Asks for the approval of something that is no document of these books; documents are submitted by their own calls. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"kind" (other), "subject" (its name, 1 to 200 characters), "facts"? (what rules are asked about: "amount", in the company''s currency, "discount_percent", "margin_percent", "department", "team", "owner", "party", "party_group", "channel", "currency", "payment_terms", "warehouse", "document_kind"; "description", for people)}. Who signs first finds it in erp.approval_inbox, and event approval_waiting in erp.outbox names them. What was approved, sent back or withdrawn may be submitted again: a new round. Returns {"state"}: approved where no rule fits, else pending. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for a kind that has calls of its own, LE250 for what is pending or was refused, LE254 where fewer people can sign than a step asks for.';

CREATE FUNCTION erp.withdraw_approval(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.withdraw_approval(text, text, json) IS
	'Takes back what waits for approval, by who submitted it; documents are withdrawn by their own calls. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"kind" (other), "subject", "round"? (must be the present one), "reason"? (1 to 500 characters)}. Returns {"state" (withdrawn)}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for what was never submitted, LE250 for what is not pending, LE251 for who did not submit it.';

CREATE FUNCTION erp.approve(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.approve(text, text, json) IS
	'Signs what waits for the caller: for himself or herself, and for all of whom he or she is a delegate. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"kind", "subject", "round"? (must be the present one, so that what was read is what is signed), "reason"? (1 to 500 characters)}. A step ends when all of its signers have been signed for, or so many different persons have signed as it asks for, or one has to whom it was escalated; then the next step waits, with event approval_waiting. With the last step it is approved, with event approval_decided, and what it was about goes on in the same transaction: what that refuses, refuses this. Returns {"state" (pending or approved), "signed_for": [whose signatures these were]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of what then goes on; LE012 also for what was never submitted, LE250 for what is not pending, LE251 for who is no signer of the step that waits, LE252 for who submitted it, LE253 for who has signed already.';

CREATE FUNCTION erp.send_back(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.send_back(text, text, json) IS
	'Sends what waits for the caller back to who submitted it, who may mend it and submit it again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"kind", "subject", "round"? (must be the present one), "reason" (1 to 500 characters)}. Event approval_decided. Returns {"state" (sent_back)}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for what was never submitted, LE250 for what is not pending, LE251 to LE253 as erp.approve().';

CREATE FUNCTION erp.refuse_approval(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.refuse_approval(text, text, json) IS
	'Refuses what waits for the caller for good: it cannot be submitted again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"kind", "subject", "round"? (must be the present one), "reason" (1 to 500 characters)}. Event approval_decided. Returns {"state" (refused)}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for what was never submitted, LE250 for what is not pending, LE251 to LE253 as erp.approve().';

CREATE FUNCTION erp.add_signer(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.add_signer(text, text, json) IS
	'Has another person sign what waits for the caller. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"kind", "subject", "round"? (must be the present one), "signer" (role of the person, who works for the company), "place" (before: before the step of the caller goes on; after: right after it), "reason"? (1 to 500 characters)}. What was signed of the step stays signed. At most 20 in a round. Returns {"state" (pending)}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown role and for what was never submitted, LE250 for what is not pending, LE251 to LE253 as erp.approve(), LE252 for a signer who submitted it.';

CREATE FUNCTION erp.escalate_approvals(company text, max integer DEFAULT 1000) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_step';
COMMENT ON FUNCTION erp.escalate_approvals(text, integer) IS
	'Escalates the steps of approvals whose time is over, or that nobody can sign any more, because who could has left (erp.approval_stuck): from then on one signature of those to whom their rule escalates them suffices; their signers may still sign. A step that any session or pg_cron may call at any time; what others are at work on is left for the next time. company: code. max: how many at most, 1 to 100000. Event approval_waiting for each. What is escalated is so by a call of its own, under a key of the engine''s. Returns how many were escalated. Errors: LE001 to LE003, LE011 for a max out of range, LE012 for an unknown company.';
