\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Approvals: rules that fit, steps in order, who signs, and what becomes of what is approved.
SELECT plan(188);
\o /dev/null
CREATE SCHEMA trial;
-- Sam sells, and is asked nothing. Ann and Bob are managers, Ann leads the sales of the north. Eve leads all sales; Cid is the cashier's chief; Dan helps out.
CREATE ROLE trial_managers;
CREATE ROLE trial_sam LOGIN IN ROLE erp_sales;
CREATE ROLE trial_ann LOGIN IN ROLE erp_sales, trial_managers;
CREATE ROLE trial_bob LOGIN IN ROLE erp_approver, trial_managers;
CREATE ROLE trial_eve LOGIN IN ROLE erp_approver;
CREATE ROLE trial_cid LOGIN IN ROLE erp_approver;
CREATE ROLE trial_dan LOGIN IN ROLE erp_approver;
CREATE ROLE trial_reader LOGIN IN ROLE erp_read;
-- Members of the group who never sign: one does not work here, one does not log in.
CREATE ROLE trial_stranger LOGIN IN ROLE trial_managers;
CREATE ROLE trial_robot IN ROLE erp_read, trial_managers;
CREATE SEQUENCE trial.call;
CREATE FUNCTION trial.call(p_role text, p_call text, p_request text, p_key text DEFAULT NULL, OUT answer jsonb, OUT code text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('role', CASE p_role WHEN 'admin' THEN 'none' ELSE 'trial_' || p_role END, true);
	EXECUTE format('SELECT erp.%I(''APP'', %L, %L)', p_call, COALESCE(p_key, 'call ' || nextval('trial.call')), p_request) INTO answer;
	PERFORM set_config('role', 'none', true);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
END
$$;
GRANT USAGE ON SCHEMA trial TO PUBLIC;
GRANT USAGE ON SEQUENCE trial.call TO PUBLIC;
-- The state that a call leads to, with whose signatures were given, or the SQLSTATE of its refusal.
CREATE FUNCTION trial.act(p_role text, p_call text, p_subject text, p_more jsonb DEFAULT '{}', p_kind text DEFAULT 'other', p_key text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE(t.code, concat_ws(' for ', t.answer ->> 'state', (SELECT string_agg(replace(s, 'trial_', ''), ',') FROM jsonb_array_elements_text(t.answer -> 'signed_for') s)))
	FROM trial.call(p_role, p_call, (jsonb_build_object('kind', p_kind, 'subject', p_subject) || p_more)::text, p_key) t
$$;
CREATE FUNCTION trial.submit(p_role text, p_subject text, p_facts jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.act(p_role, 'submit_for_approval', p_subject, jsonb_build_object('facts', p_facts))
$$;
CREATE FUNCTION trial.approve(p_role text, p_subject text) RETURNS text LANGUAGE sql AS $$SELECT trial.act(p_role, 'approve', p_subject)$$;
CREATE FUNCTION trial.rules(p_rules text) RETURNS text LANGUAGE sql AS $$SELECT COALESCE(t.code, t.answer::text) FROM trial.call('admin', 'put_approval_rules', p_rules) t$$;
-- What waits for a person: subject, with whose signatures are asked.
CREATE FUNCTION trial.inbox(p_role text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	PERFORM set_config('role', 'trial_' || p_role, true);
	SELECT string_agg(concat_ws(' ', subject, replace(signs_for::text, 'trial_', '')), ', ' ORDER BY subject) INTO found FROM erp.approval_inbox WHERE company = 'APP';
	PERFORM set_config('role', 'none', true);
	RETURN COALESCE(found, 'nothing');
END
$$;
-- Who has the last step before them.
CREATE FUNCTION trial.waits_for(p_subject text) RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE(string_agg(p, ',' ORDER BY p), 'nobody') FROM unnest('{sam,ann,bob,eve,cid,dan,reader,robot}'::text[]) p
	WHERE trial.inbox(p) ~ ('(^|, )' || p_subject || ' ')
$$;
CREATE FUNCTION trial.history(p_subject text, p_kind text DEFAULT 'other') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', replace(decided_by, 'trial_', ''), action, replace(decided_for, 'trial_', ''), signed_as, NULLIF(reason, '')), ', ' ORDER BY round, decision_no)
	FROM erp.approval_list WHERE company = 'APP' AND kind = p_kind AND subject = p_subject AND decision_no IS NOT NULL
$$;
CREATE FUNCTION trial.events(p_subject text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(CASE topic WHEN 'approval_waiting' THEN replace(o.payload ->> 'persons', 'trial_', '') ELSE o.payload ->> 'state' END, ', ' ORDER BY event_id)
	FROM erp.outbox o WHERE o.topic LIKE 'approval%' AND o.payload ->> 'subject' = p_subject
$$;
SELECT erp.create_company('APP', 'company', '{"name": "Approvals", "currency": "GBP", "chart": "english"}');
\o

-- Departments: a tree, whose heads are roles.
SELECT is(code, 'LE012', 'departments: ' || r) FROM unnest(ARRAY['[{"code": "A", "name": "A", "head": "nobody_here"}]', '[{"code": "A", "name": "A", "parent": "B"}]']) r, trial.call('admin', 'put_departments', r);
SELECT is(code, 'LE011', 'departments: ' || r) FROM unnest(ARRAY['[{"name": "A"}]', '[{"code": "A", "name": "A", "parent": "A"}]', '[{"code": "A", "name": "A", "parent": "B"}, {"code": "B", "name": "B", "parent": "A"}]']) r,
	trial.call('admin', 'put_departments', r);
SELECT is(answer, '{"inserted": 4, "updated": 0}', 'sales, north, its shop without a head, and an island') FROM trial.call('admin', 'put_departments',
	'[{"code": "N", "name": "North", "head": "trial_ann", "parent": "S"}, {"code": "S", "name": "Sales", "head": "trial_eve"}, {"code": "SHOP", "name": "Shop", "parent": "N"}, {"code": "I", "name": "Island"}]');
SELECT is(answer, '{"inserted": 0, "updated": 1}', 'what is not given stays') FROM trial.call('admin', 'put_departments', '[{"code": "N", "name": "The north"}]');
SELECT is((SELECT concat_ws(' ', name, head, parent_code) FROM erp.department WHERE code = 'N'), 'The north trial_ann S', 'as it was');

-- Rules that are none.
SELECT is(trial.rules('[' || r || ']'), 'LE011', r) FROM unnest(ARRAY[
	'{"code": "X", "kind": "other"}', '{"code": "X", "steps": [{"signers": [{"person": "trial_ann"}]}]}', '{"code": "X", "kind": "other", "steps": []}',
	'{"code": "X", "kind": "other", "steps": [{"signers": []}]}', '{"code": "X", "kind": "other", "steps": [{"signers": [{}]}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann", "group": "trial_managers"}]}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}, {"person": "trial_ann"}]}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}], "needed": 0}]}', '{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}], "needed": "some"}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}], "timeout_minutes": 5}]}', '{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}], "escalate_to": [{"person": "trial_eve"}]}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}], "timeout_minutes": -5, "escalate_to": [{"person": "trial_eve"}]}]}',
	'{"code": "X", "kind": "other", "when": [{"field": "colour", "in": ["red"]}], "steps": [{"signers": [{"person": "trial_ann"}]}]}',
	'{"code": "X", "kind": "other", "when": [{"field": "amount", "in": ["5"]}], "steps": [{"signers": [{"person": "trial_ann"}]}]}',
	'{"code": "X", "kind": "other", "when": [{"field": "party", "from": 5}], "steps": [{"signers": [{"person": "trial_ann"}]}]}',
	'{"code": "X", "kind": "other", "when": [{"field": "party", "in": [5]}], "steps": [{"signers": [{"person": "trial_ann"}]}]}',
	'{"code": "X", "kind": "other", "when": [{"field": "amount"}], "steps": [{"signers": [{"person": "trial_ann"}]}]}',
	'{"code": "X", "kind": "other", "when": [{"field": "amount", "from": 1}, {"field": "amount", "below": 5}], "steps": [{"signers": [{"person": "trial_ann"}]}]}']) r;
SELECT is(trial.rules('[' || r || ']'), 'LE012', r) FROM unnest(ARRAY[
	'{"code": "X", "kind": "nothing", "steps": [{"signers": [{"person": "trial_ann"}]}]}', '{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "nobody_here"}]}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"group": "nobody_here"}]}]}', '{"code": "X", "kind": "other", "steps": [{"signers": [{"head_of": "NONE"}]}]}',
	'{"code": "X", "kind": "other", "steps": [{"signers": [{"person": "trial_ann"}], "timeout_minutes": 5, "escalate_to": [{"person": "nobody_here"}]}]}']) r;

-- Without a rule there is nothing to approve, and no trace of it.
SELECT is(trial.submit('sam', 'first', '{"amount": 1000000}'), 'approved', 'no rule, no signature');
SELECT is_empty('SELECT 1 FROM erp.approval JOIN erp.company USING (company_id) WHERE code = ''APP''', 'and no trace');
SELECT is(trial.approve('ann', 'first'), 'LE012', 'nor anything to sign');

-- Conditions, at their borders.
SELECT is(trial.rules('[{"code": "T", "kind": "other", "when": [{"field": "amount", "from": 1000, "below": "2000.00"}, {"field": "discount_percent", "above": 10, "to": 20}, {"field": "channel", "in": ["web", "shop"]}],
	"steps": [{"signers": [{"person": "trial_ann"}]}]}]'), '{"steps": 1, "updated": 0, "inserted": 1}', 'a rule with three conditions');
SELECT is(trial.submit('sam', 'c' || n, facts), state, facts::text) FROM (VALUES
	(1, jsonb '{"amount": 1000, "discount_percent": 10.01, "channel": "web"}', 'pending'), (2, '{"amount": "1999.99", "discount_percent": 20, "channel": "shop"}', 'pending'),
	(3, '{"amount": "999.9999", "discount_percent": 15, "channel": "web"}', 'approved'), (4, '{"amount": 2000, "discount_percent": 15, "channel": "web"}', 'approved'),
	(5, '{"amount": 1500, "discount_percent": 10, "channel": "web"}', 'approved'), (6, '{"amount": 1500, "discount_percent": "20.0001", "channel": "web"}', 'approved'),
	(7, '{"amount": 1500, "discount_percent": 15, "channel": "WEB"}', 'approved'), (8, '{"amount": 1500, "discount_percent": 15}', 'approved'),
	(9, '{"discount_percent": 15, "channel": "web"}', 'approved'), (10, '{"amount": null, "discount_percent": 15, "channel": "web"}', 'approved')) v (n, facts, state);
SELECT is(trial.submit('sam', 'c11', f), 'LE011', 'facts: ' || f::text) FROM unnest(ARRAY['{"colour": "red"}', '{"amount": "much"}', '{"party": 5}']::jsonb[]) f;
SELECT is(trial.rules('[{"code": "T", "active": false}]'), '{"steps": 0, "updated": 1, "inserted": 0}', 'the rule is given up');
SELECT is(trial.submit('sam', 'c12', '{"amount": 1000, "discount_percent": 15, "channel": "web"}'), 'approved', 'and asked no more');
SELECT is(trial.approve('ann', 'c1') || ' ' || trial.approve('ann', 'c2'), 'approved for ann approved for ann', 'what waited by it is signed all the same');

-- Three rules, whose steps come in the order of step and code; what both first rules ask of the managers is asked once.
SELECT is(trial.rules('[{"code": "1 managers", "kind": "other", "when": [{"field": "amount", "from": 1000}], "steps": [{"signers": [{"group": "trial_managers"}], "needed": "any"}]},
	{"code": "2 chief", "kind": "other", "when": [{"field": "amount", "from": 10000}], "steps": [{"signers": [{"group": "trial_managers"}], "needed": "any"}, {"signers": [{"person": "trial_cid"}]}]},
	{"code": "3 discount", "kind": "other", "when": [{"field": "discount_percent", "above": 10}], "steps": [{"signers": [{"head_of": ""}]}]}]'), '{"steps": 4, "updated": 0, "inserted": 3}', 'three rules');
SELECT results_eq($$SELECT rule_code, step_no, needed, signers FROM erp.approval_rule_list WHERE company = 'APP' AND active ORDER BY 1, 2$$,
	$$VALUES ('1 managers', 1, 1, jsonb '[{"group": "trial_managers"}]'), ('2 chief', 1, 1, '[{"group": "trial_managers"}]'), ('2 chief', 2, 0, '[{"person": "trial_cid"}]'), ('3 discount', 1, 0, '[{"head_of": ""}]')$$, 'as they are listed');
SELECT is(trial.submit('sam', 'small', '{"amount": "999.99"}'), 'approved', 'little is approved at once');
SELECT is(trial.submit('sam', 'large', '{"amount": 20000, "discount_percent": 15, "department": "SHOP", "description": "Large"}'), 'pending', 'much, at a discount, waits');
SELECT is(trial.waits_for('large'), 'ann,bob', 'for the managers who work here and log in');
SELECT is((SELECT string_agg(concat_ws(' ', rule_code, step_no, CASE WHEN waits THEN 'waits' END), ', ' ORDER BY rank) FROM erp.approval_list WHERE subject = 'large' AND decision_no IS NULL),
	'1 managers 1 waits, 3 discount 2, 2 chief 3', 'its steps');
SELECT is(trial.submit('sam', 'large'), 'LE250', 'it is not submitted while it waits');
SELECT is(trial.approve(r, 'large'), c, r || ' does not sign') FROM (VALUES ('cid', 'LE251'), ('sam', 'LE252'), ('reader', '42501'), ('stranger', '42501')) v (r, c);
SELECT is(trial.approve('bob', 'large'), 'pending for bob', 'one manager signs');
SELECT is(trial.waits_for('large'), 'ann', 'the shop has no head: that of the north signs');
SELECT is(trial.approve('bob', 'large'), 'LE251', 'not the other manager');
SELECT is(trial.approve('ann', 'large'), 'pending for ann', 'she does');
SELECT is(trial.approve('cid', 'large'), 'approved for cid', 'and then the chief');
SELECT is(trial.waits_for('large'), 'nobody', 'it waits for nobody');
SELECT is(trial.approve('ann', 'large'), 'LE250', 'it is signed no more');
SELECT is(trial.history('large'), 'sam submit, bob approve bob signer, ann approve ann signer, cid approve cid signer', 'who signed is on record');
SELECT is(trial.events('large'), '["ann", "bob"], ["ann"], ["cid"], approved', 'and who had to was told');
SELECT ok((SELECT bool_and(k.key = l.call_key AND k.recorded_by = l.decided_by::text) FROM erp.approval_list l LEFT JOIN erp.document k ON k.key = l.call_key WHERE l.subject = 'large'), 'each by a call of who did it');

-- Who submits does not sign, also where he or she leads the department, unless the rule says so.
SELECT is(trial.submit('ann', 'own', '{"amount": 5000}') || ' ' || trial.waits_for('own'), 'pending bob', 'a manager''s waits for the other one');
SELECT is(trial.approve('ann', 'own'), 'LE252', 'she does not sign it');
SELECT is(trial.submit('ann', 'own discount', '{"discount_percent": 11, "department": "N"}') || ' ' || trial.waits_for('own discount'), 'pending eve', 'of her department the head above signs');
SELECT is(trial.submit('eve', 'top discount', '{"discount_percent": 11, "department": "S"}'), 'LE254', 'above whom there is nobody');
SELECT is(trial.submit('sam', 'island', '{"discount_percent": 11, "department": "I"}'), 'LE254', 'nor in a department without a head');
SELECT is(trial.submit('sam', 'nowhere', '{"discount_percent": 11}'), 'LE254', 'nor without a department');
SELECT is_empty($$SELECT 1 FROM erp.approval WHERE subject IN ('top discount', 'island', 'nowhere')$$, 'which leaves nothing behind');
SELECT isnt(trial.rules('[{"code": "3 discount", "own": true}]'), 'LE011', 'the rule lets them');
SELECT is(trial.submit('eve', 'top discount', '{"discount_percent": 11, "department": "S"}') || ', ' || trial.approve('eve', 'top discount'), 'pending, approved for eve', 'then who leads signs her own');
SELECT is(trial.approve('ann', 'own discount'), 'LE252', 'but what waited goes by the rule as it was');
SELECT is(trial.approve('eve', 'own discount') || ', ' || trial.approve('bob', 'own'), 'approved for eve, approved for bob', 'and is signed by others');
SELECT isnt(trial.rules('[{"code": "1 managers", "active": false}, {"code": "2 chief", "active": false}, {"code": "3 discount", "active": false}]'), 'LE011', 'these rules are given up');

-- All, and so many.
SELECT isnt(trial.rules('[{"code": "all", "kind": "other", "when": [{"field": "team", "in": ["all"]}], "steps": [{"signers": [{"person": "trial_eve"}, {"group": "trial_managers"}]}]},
	{"code": "two", "kind": "other", "when": [{"field": "team", "in": ["two"]}], "steps": [{"signers": [{"person": "trial_eve"}, {"person": "trial_cid"}, {"person": "trial_ann"}], "needed": 2}]},
	{"code": "four", "kind": "other", "when": [{"field": "team", "in": ["four"]}], "steps": [{"signers": [{"person": "trial_eve"}, {"group": "trial_managers"}], "needed": 4}]}]'), 'LE011', 'all, two and four');
SELECT is(trial.submit('sam', 'all', '{"team": "all"}') || ' ' || trial.waits_for('all'), 'pending ann,bob,eve', 'all of them');
SELECT is(concat_ws(', ', trial.approve('bob', 'all'), trial.approve('bob', 'all'), trial.waits_for('all'), trial.approve('eve', 'all'), trial.approve('ann', 'all')), 'pending for bob, LE253, ann,eve, pending for eve, approved for ann', 'in any order, each once');
SELECT is(trial.submit('sam', 'two', '{"team": "two"}') || ' ' || trial.waits_for('two'), 'pending ann,cid,eve', 'two of three');
SELECT is(concat_ws(', ', trial.approve('cid', 'two'), trial.approve('cid', 'two'), trial.waits_for('two'), trial.approve('ann', 'two'), trial.approve('eve', 'two')), 'pending for cid, LE253, ann,eve, approved for ann, LE250', 'whoever comes first');
SELECT is(trial.submit('sam', 'four', '{"team": "four"}'), 'LE254', 'four of three cannot be');
SELECT is(trial.submit('ann', 'two of two', '{"team": "two"}') || ' ' || trial.waits_for('two of two'), 'pending cid,eve', 'two of three, one of whom submitted');

-- The leaders of a team, of the document's where none is named.
\o /dev/null
SELECT erp.put_sales_teams('APP', 'teams', '[{"code": "KEY", "name": "Key accounts"}, {"code": "WEB", "name": "Web"}]');
SELECT erp.put_sales_representatives('APP', 'reps', '[{"code": "b", "name": "Bob", "team": "KEY", "login": "trial_bob", "leads_team": true}, {"code": "d", "name": "Dan", "team": "KEY", "login": "trial_dan", "leads_team": true},
	{"code": "a", "name": "Ann", "team": "KEY", "login": "trial_ann"}]');
\o
SELECT is(trial.rules('[{"code": "lead", "kind": "other", "when": [{"field": "channel", "in": ["team"]}], "steps": [{"signers": [{"leader_of": ""}], "needed": "any"}, {"signers": [{"leader_of": "KEY"}], "needed": 2}]}]'), '{"steps": 2, "updated": 0, "inserted": 1}', 'leaders of teams');
SELECT is(trial.rules('[{"code": "X", "kind": "other", "steps": [{"signers": [{"leader_of": "NONE"}]}]}]'), 'LE012', 'a team that there is not');
SELECT is(trial.submit('sam', 'web', '{"channel": "team", "team": "WEB"}'), 'LE254', 'a team without a leader');
SELECT is(concat_ws(', ', trial.submit('sam', 'key', '{"channel": "team", "team": "KEY"}'), trial.waits_for('key'), trial.approve('dan', 'key'), trial.approve('bob', 'key'), trial.approve('dan', 'key')),
	'pending, bob,dan, pending for dan, pending for bob, approved for dan', 'one of them, then both');

-- Delegates.
SELECT is(code, c, 'delegates: ' || r) FROM (VALUES ('LE011', '[{"delegate": "trial_eve", "from": "2026-01-02", "until": "2026-01-01"}]'), ('LE011', '[{"delegate": "trial_cid", "from": "2026-01-01", "until": "2026-01-01"}]'),
	('LE011', '[{"delegate": "trial_dan"}]'), ('LE012', '[{"delegate": "nobody_here", "from": "2026-01-01", "until": "2026-01-01"}]'), ('LE012', '[{"delegate": "trial_dan", "kind": "x", "from": "2026-01-01", "until": "2026-01-01"}]'),
	('LE003', '[{"person": "trial_ann", "delegate": "trial_cid", "from": "2026-01-01", "until": "2026-01-01"}]'),
	('LE011', '[{"delegate": "trial_dan", "from": "2026-01-01", "until": "2026-01-01"}, {"person": "trial_cid", "delegate": "trial_dan", "from": "2026-01-01", "until": "2026-01-02"}]')) v (c, r), trial.call('cid', 'put_delegates', r);
CREATE FUNCTION trial.delegate(p_role text, p_more jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE(t.code, t.answer::text) FROM trial.call(p_role, 'put_delegates', jsonb_build_array(jsonb_build_object('delegate', 'trial_dan', 'from', (now() AT TIME ZONE 'UTC')::date,
		'until', (now() AT TIME ZONE 'UTC')::date) || p_more)::text) t
$$;
SELECT is(trial.delegate('cid', format('{"from": "2000-01-01", "until": "%s"}', (now() AT TIME ZONE 'UTC')::date - 1)::jsonb), '{"updated": 0, "inserted": 1}', 'Dan stood in for Cid until yesterday');
SELECT is(trial.delegate('cid', format('{"from": "%s", "until": "2100-01-01"}', (now() AT TIME ZONE 'UTC')::date + 1)::jsonb), '{"updated": 0, "inserted": 1}', 'and will from tomorrow');
SELECT is(trial.inbox('dan'), 'nothing', 'but not today');
SELECT is(trial.delegate('cid', '{}'), '{"updated": 0, "inserted": 1}', 'today too');
SELECT is(trial.inbox('dan'), 'two of two {cid}', 'what waits for one waits for the other');
SELECT is(trial.delegate('cid', '{"active": false}') || trial.inbox('dan'), '{"updated": 1, "inserted": 0}nothing', 'unless it is taken back');
SELECT is(trial.delegate('cid', '{}'), '{"updated": 1, "inserted": 0}', 'and given again');
SELECT is(concat_ws(', ', trial.approve('dan', 'two of two'), trial.approve('dan', 'two of two'), trial.approve('cid', 'two of two'), trial.waits_for('two of two')), 'pending for cid, LE253, LE251, eve', 'he signs for Cid, once');
SELECT is((SELECT COALESCE(code, answer::text) FROM trial.call('admin', 'put_delegates', format('[{"person": "trial_eve", "delegate": "trial_dan", "from": "2000-01-01", "until": "2100-01-01"}, {"person": "trial_eve", "delegate": "trial_sam", "from": "2000-01-01", "until": "2100-01-01"}]'))),
	'{"updated": 0, "inserted": 2}', 'an administrator names others''');
SELECT is(trial.approve('dan', 'two of two'), 'LE253', 'nobody is two of two');
SELECT is(trial.approve('eve', 'two of two'), 'approved for eve', 'but she is the other one');
SELECT is(trial.history('two of two'), 'ann submit, dan approve cid delegate, eve approve eve signer', 'whose signature it was is on record');
SELECT is(trial.submit('sam', 'eve alone', '{"team": "all"}') || ' ' || trial.waits_for('eve alone'), 'pending ann,bob,dan,eve', 'a delegate who submitted is none');
SELECT is(trial.delegate('ann', '{"kind": "other"}') || trial.inbox('dan'), '{"updated": 0, "inserted": 1}eve alone {ann,eve}', 'who stands in for two');
SELECT is(concat_ws(', ', trial.approve('dan', 'eve alone'), trial.approve('bob', 'eve alone')), 'pending for ann,eve, approved for bob', 'signs for both');
SELECT is(trial.delegate('bob', '{"delegate": "trial_sam"}') || trial.submit('cid', 'chain', '{"team": "two"}') || ' ' || trial.waits_for('chain'), '{"updated": 0, "inserted": 1}pending ann,dan,eve,sam', 'a delegate of a delegate is none');

-- Another signer, before and after.
CREATE FUNCTION trial.add(p_role text, p_subject text, p_signer text, p_place text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.act(p_role, 'add_signer', p_subject, jsonb_build_object('signer', p_signer, 'place', p_place))
$$;
UPDATE erp.approval_delegate SET active = false;
SELECT is(trial.submit('sam', 'more', '{"team": "two"}'), 'pending', 'two of Eve, Cid and Ann');
SELECT is(trial.add(r, 'more', s, p), c, concat_ws(' ', r, 'adds', s, p)) FROM (VALUES ('cid', 'nobody_here', 'after', 'LE012'), ('cid', 'trial_bob', 'beside', 'LE011'), ('cid', 'trial_cid', 'after', 'LE011'),
	('cid', 'trial_stranger', 'after', 'LE011'), ('cid', 'trial_sam', 'after', 'LE252'), ('bob', 'trial_dan', 'after', 'LE251'), ('sam', 'trial_dan', 'after', 'LE252')) v (r, s, p, c);
SELECT is(concat_ws(', ', trial.approve('cid', 'more'), trial.add('cid', 'more', 'trial_dan', 'after')), 'pending for cid, LE253', 'who has signed adds nobody');
SELECT is(concat_ws(', ', trial.add('eve', 'more', 'trial_bob', 'before'), trial.waits_for('more')), 'pending, bob', 'first somebody else');
SELECT is(concat_ws(', ', trial.add('bob', 'more', 'trial_dan', 'before'), trial.waits_for('more'), trial.approve('bob', 'more')), 'pending, dan, LE251', 'who has another before him');
SELECT is(concat_ws(', ', trial.approve('dan', 'more'), trial.approve('bob', 'more'), trial.waits_for('more')), 'pending for dan, pending for bob, ann,eve', 'then those who were first; what was signed stays');
SELECT is(concat_ws(', ', trial.add('ann', 'more', 'trial_dan', 'after'), trial.waits_for('more'), trial.approve('ann', 'more'), trial.waits_for('more'), trial.approve('dan', 'more')), 'pending, ann,eve, pending for ann, dan, approved for dan', 'and one after them');
SELECT is(trial.history('more'), 'sam submit, cid approve cid signer, eve add_signer eve signer before trial_bob, bob add_signer bob signer before trial_dan, dan approve dan signer, bob approve bob signer, ann add_signer ann signer after trial_dan, ann approve ann signer, dan approve dan signer', 'all on record');

-- Sent back, mended, and submitted again.
SELECT is(trial.submit('sam', 'back', '{"team": "two"}') || ', ' || trial.approve('eve', 'back'), 'pending, pending for eve', 'half of it is signed');
SELECT is(concat_ws(', ', trial.act('cid', 'send_back', 'back'), trial.act('cid', 'send_back', 'back', '{"reason": " "}'), trial.act('bob', 'send_back', 'back', '{"reason": "no"}'), trial.act('eve', 'send_back', 'back', '{"reason": "no"}')),
	'LE011, LE011, LE251, LE253', 'it is sent back with a reason, by a signer who has not signed');
SELECT is(concat_ws(', ', trial.act('cid', 'send_back', 'back', '{"reason": "too dear"}'), trial.approve('ann', 'back'), trial.act('cid', 'send_back', 'back', '{"reason": "x"}')), 'sent_back, LE250, LE250', 'once');
SELECT is(concat_ws(', ', trial.submit('sam', 'back', '{"team": "two"}'), trial.waits_for('back')), 'pending, ann,cid,eve', 'submitted again, all of it is asked again');
SELECT is(concat_ws(', ', trial.act('eve', 'approve', 'back', '{"round": 1}'), trial.act('eve', 'approve', 'back', '{"round": 2}')), 'LE250, pending for eve', 'who read what it said before signs nothing');
SELECT is(concat_ws(', ', trial.act('cid', 'refuse_approval', 'back'), trial.act('cid', 'refuse_approval', 'back', '{"reason": "never"}'), trial.submit('sam', 'back', '{"team": "two"}'), trial.approve('ann', 'back')), 'LE011, refused, LE250, LE250', 'what is refused is refused');
SELECT is(trial.history('back'), 'sam submit, eve approve eve signer, cid send_back cid signer too dear, sam submit, eve approve eve signer, cid refuse cid signer never', 'both rounds are on record');
SELECT is(trial.events('back'), '["ann", "cid", "eve"], sent_back, ["ann", "cid", "eve"], refused', 'and were told');

-- Withdrawn; and what was approved may change, and is asked about again.
SELECT is(concat_ws(', ', trial.submit('sam', 'again', '{"team": "two"}'), trial.act('eve', 'withdraw_approval', 'again'), trial.act('sam', 'withdraw_approval', 'again', '{"reason": "wrong"}'), trial.approve('eve', 'again'), trial.act('sam', 'withdraw_approval', 'again')),
	'pending, LE251, withdrawn, LE250, LE250', 'who submitted it withdraws it');
SELECT is(concat_ws(', ', trial.submit('sam', 'again', '{"team": "none"}'), trial.submit('sam', 'again', '{"team": "two"}'), trial.approve('eve', 'again'), trial.approve('cid', 'again'), trial.submit('sam', 'again', '{"team": "two"}')),
	'approved, pending, pending for eve, approved for cid, pending', 'what has a history keeps one, whether a rule fits or not');
SELECT is((SELECT string_agg(DISTINCT round || ' ' || state, ', ') FROM erp.approval_list WHERE subject = 'again'), '1 withdrawn, 2 approved, 3 approved, 4 pending', 'round by round');

-- Time-outs.
SELECT isnt(trial.rules('[{"code": "timed", "kind": "other", "when": [{"field": "team", "in": ["timed"]}], "steps": [{"signers": [{"person": "trial_ann"}, {"person": "trial_bob"}], "timeout_minutes": 30, "escalate_to": [{"head_of": "N"}, {"person": "trial_cid"}]}, {"signers": [{"person": "trial_dan"}]}]}]'), 'LE011', 'a step with a time');
CREATE FUNCTION trial.let_pass(p_subject text, p_minutes integer) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	UPDATE erp_private.approval_waiting w SET due_at = w.due_at - make_interval(mins => p_minutes) FROM erp.approval a WHERE a.approval_id = w.approval_id AND a.subject = p_subject;
	RETURN erp.escalate_approvals('APP');
END
$$;
SELECT is(trial.submit('sam', 'timed', '{"team": "timed"}') || ' ' || trial.waits_for('timed'), 'pending ann,bob', 'it waits for both');
SELECT is((SELECT due_at - now() FROM erp.approval_list WHERE subject = 'timed' AND waits), '30 minutes', 'for half an hour');
SELECT is(trial.let_pass('timed', 29) || ' ' || trial.waits_for('timed'), '0 ann,bob', 'which is not over');
SELECT is(trial.let_pass('timed', 1) || ' ' || trial.waits_for('timed'), '1 ann,bob,cid', 'when it is, it waits for others too');
SELECT is(trial.let_pass('timed', 1000), 0::bigint, 'once');
SELECT is(concat_ws(', ', trial.approve('bob', 'timed'), trial.waits_for('timed'), trial.approve('cid', 'timed'), trial.waits_for('timed'), trial.approve('dan', 'timed')), 'pending for bob, ann,cid, pending for cid, dan, approved for dan', 'one of whom suffices');
SELECT is(trial.history('timed'), 'sam submit, ' || current_user || ' escalate, bob approve bob signer, cid approve cid escalation, dan approve dan signer', 'on record');
SELECT is(trial.events('timed'), '["ann", "bob"], ["ann", "bob", "cid"], ["dan"], approved', 'and told');

-- A kind of its own: its functions hear what becomes of it, in the same transaction.
\o /dev/null
CREATE TABLE trial.quote (subject text PRIMARY KEY, state text NOT NULL, heard jsonb);
GRANT ALL ON trial.quote TO erp_owner;
GRANT USAGE ON SCHEMA trial TO erp_owner;
CREATE FUNCTION erp_private.trial_lock(company_id integer, subject text, details jsonb) RETURNS void LANGUAGE sql AS $$SELECT 1 FROM trial.quote q WHERE q.subject = $2 FOR UPDATE$$;
CREATE FUNCTION erp_private.trial_heard(company_id integer, subject text, details jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF subject = 'stubborn' THEN
		RAISE EXCEPTION 'no' USING ERRCODE = 'LE123';
	END IF;
	UPDATE trial.quote q SET state = details ->> 'state', heard = details WHERE q.subject = $2;
END
$$;
CREATE FUNCTION erp_private.trial_submit(company_id integer, document_id bigint, request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	state text := erp_private.submit_for_approval($1, 'trial_quote', request ->> 'subject', '{"amount": 5}', erp_private.caller(), $2);
BEGIN
	INSERT INTO trial.quote VALUES (request ->> 'subject', state) ON CONFLICT ON CONSTRAINT quote_pkey DO UPDATE SET state = EXCLUDED.state;
	RETURN jsonb_build_object('state', state);
END
$$;
CREATE FUNCTION erp_private.trial_ship(company_id integer, document_id bigint, request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp_private.require_approval($1, 'trial_quote', request ->> 'subject');
	RETURN '{"state": "shipped"}';
END
$$;
CREATE FUNCTION erp.trial_submit(company text, key text, request json) RETURNS jsonb LANGUAGE c SET search_path = pg_catalog, pg_temp AS '$libdir/erp', 'erp_run_call';
CREATE FUNCTION erp.trial_ship(company text, key text, request json) RETURNS jsonb LANGUAGE c SET search_path = pg_catalog, pg_temp AS '$libdir/erp', 'erp_run_call';
INSERT INTO erp_private.approval_subject VALUES ('trial_quote', false, 'trial_lock', 'trial_heard', 'trial_heard', 'trial_heard', 'A quote');
\o
SELECT is(trial.act('sam', 'trial_submit', 'q0') || ' ' || trial.act('sam', 'trial_ship', 'q0'), 'approved shipped', 'without a rule it goes on');
SELECT isnt(trial.rules('[{"code": "quotes", "kind": "trial_quote", "steps": [{"signers": [{"person": "trial_eve"}]}]}]'), 'LE011', 'all quotes are signed by Eve');
SELECT is(trial.act('sam', 'trial_submit', s), 'pending', s || ' waits') FROM unnest('{q1,q2,q3,stubborn}'::text[]) s;
SELECT is(trial.act('sam', 'submit_for_approval', 'q4', '{}', 'trial_quote') || ' ' || trial.act('sam', 'withdraw_approval', 'q1', '{}', 'trial_quote'), 'LE011 LE011', 'by its own calls only');
SELECT is(trial.act('sam', 'trial_ship', 'q1'), 'LE255', 'and goes no further');
SELECT is(concat_ws(', ', trial.act('eve', 'approve', 'q1', '{"reason": "good"}', 'trial_quote'), trial.act('eve', 'send_back', 'q2', '{"reason": "dear"}', 'trial_quote'), trial.act('eve', 'refuse_approval', 'q3', '{"reason": "bad"}', 'trial_quote')),
	'approved for eve, sent_back, refused', 'Eve decides');
SELECT is((SELECT string_agg(concat_ws(' ', subject, q.state, heard ->> 'state', heard ->> 'decided_by', heard ->> 'reason', heard ->> 'round', k.recorded_by), ', ' ORDER BY subject) FROM trial.quote q JOIN erp.document k ON k.document_id = (heard ->> 'document_id')::bigint),
	'q1 approved approved trial_eve good 1 trial_eve, q2 sent_back sent_back trial_eve dear 1 trial_eve, q3 refused refused trial_eve bad 1 trial_eve', 'and each hears of it');
SELECT is(trial.act('sam', 'trial_ship', s), c, s || ' then') FROM (VALUES ('q1', 'shipped'), ('q2', 'LE255'), ('q3', 'LE255')) v (s, c);
SELECT is(trial.act('eve', 'approve', 'stubborn', '{}', 'trial_quote') || ' ' || trial.history('stubborn', 'trial_quote'), 'LE123 sam submit', 'what cannot go on is not approved');

-- Once: the same key again is the same answer.
SELECT is(trial.submit('sam', 'once', '{"team": "two"}'), 'pending', 'one more');
SELECT is(concat_ws(', ', trial.act('eve', 'approve', 'once', '{}', 'other', 'once'), trial.act('eve', 'approve', 'once', '{}', 'other', 'once'), trial.act('eve', 'approve', 'once', '{"reason": "x"}', 'other', 'once')), 'pending for eve, pending for eve, LE020', 'signed twice under one key, it is signed once');
SELECT is(trial.history('once'), 'sam submit, eve approve eve signer', 'and on record once');
SELECT is(code, '42501', r || ' does not ' || c) FROM unnest('{reader,stranger}'::text[]) r, unnest('{approve,send_back,refuse_approval,add_signer,submit_for_approval,withdraw_approval,put_delegates}'::text[]) c, trial.call(r, c, '{}');
SELECT is(code, '42501', r || ' makes no ' || c) FROM unnest('{sam,eve}'::text[]) r, unnest('{put_approval_rules,put_departments}'::text[]) c, trial.call(r, c, '[]');

SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
