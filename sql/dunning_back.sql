\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Letters of dunning that are taken back: their debts go back a level, their invoices are reversed.
SELECT plan(24);
CREATE SCHEMA trial;
CREATE FUNCTION trial.call(p_call text, p_key text, p_request json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, 'BACK') INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
CREATE FUNCTION trial.proposed(p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', party_code, document_key, days_overdue, open_amount, COALESCE(last_level, 0) || '>' || next_level, to_char(interest_from, 'MM-DD'), interest), ', ' ORDER BY party_code, due_day, open_item_id)
	FROM erp.propose_dunning('BACK', p_day)
$$;
CREATE FUNCTION trial.owed() RETURNS numeric LANGUAGE sql AS $$SELECT sum(open_amount) FROM erp.open_items_by_party WHERE company = 'BACK' AND party_code = 'C1'$$;
CREATE FUNCTION trial.states() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', call_key, level, state, reason), ', ' ORDER BY call_key) FROM erp.dunning_letter_list WHERE company = 'BACK'
$$;
\o /dev/null
SELECT erp.create_company('BACK', 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('BACK', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('BACK', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_items('BACK', 'items', '[{"code": "FIT", "name": "Fitting", "kind": "service"}, {"code": "FEE", "name": "Fee of dunning", "kind": "service"}, {"code": "INT", "name": "Interest", "kind": "service"}]');
SELECT erp.put_dunning_levels('BACK', 'levels', '[{"level": 1, "name": "Reminder", "days": 10}, {"level": 2, "name": "Demand", "days": 30, "wait_days": 14, "fee": 5, "interest_percent": 8, "fee_item": "FEE", "interest_item": "INT"}]');
SELECT erp.post_document('BACK', '{"key": "i1", "kind": "sales_invoice", "day": "2026-01-10", "party": "C1", "lines": [{"item": "FIT", "amount": 1000}]}');
SELECT erp.dun('BACK', 'a', '{"day": "2026-01-20"}');
\o
-- 1000 x 30 x 8 / 36500 = 6.5753, and 5.00.
SELECT is(trial.call('dun', 'b', '{"day": "2026-02-09", "charge": true}')::jsonb #>> '{letters,0,interest}', '6.58', 'a demand');
SELECT is(trial.owed(), 1011.58, 'which is billed');
SELECT is(trial.proposed('2026-03-11'), 'C1 b/1 30 11.58 0>1 02-09 0.00', 'nothing is left to ask for but what dunning billed');
SELECT is(trial.call('take_back_dunning', 'x', '{"dunning": "b", "day": "2026-02-10"}'), 'LE011', 'a letter is taken back for a reason');
SELECT is(trial.call('take_back_dunning', 'x', '{"dunning": "none", "day": "2026-02-10", "reason": "x"}'), 'LE012', 'of a call that is there');
SELECT is(trial.call('take_back_dunning', 'x', '{"dunning": "b", "letter": 2, "day": "2026-02-10", "reason": "x"}'), 'LE012', 'and a letter of it');
SELECT is(trial.call('take_back_dunning', 'back', '{"dunning": "b", "day": "2026-02-10", "reason": "sent by mistake"}'),
	'{"letters": [{"level": 2, "party": "C1", "letter": 1, "invoice": "b/1", "currency": "GBP", "reversal": "back/1"}]}', 'the demand is taken back');
SELECT is(trial.owed(), 1000.00, 'with its invoice');
SELECT is(trial.states(), 'a 1 issued, b 2 taken_back sent by mistake', 'and is so on record');
-- As if it had not been: 1000 x 60 x 8 / 36500 = 13.1507, from the due day on.
SELECT is(trial.proposed('2026-03-11'), 'C1 i1 60 1000.00 1>2 01-10 13.15', 'the debt is at the level before');
SELECT is(trial.call('take_back_dunning', 'back', '{"dunning": "b", "day": "2026-02-10", "reason": "sent by mistake"}'),
	'{"letters": [{"level": 2, "party": "C1", "letter": 1, "invoice": "b/1", "currency": "GBP", "reversal": "back/1"}]}', 'the same request has the same answer');
SELECT is(trial.call('take_back_dunning', 'x', '{"dunning": "b", "day": "2026-02-10", "reason": "x"}'), 'LE293', 'once');
SELECT is((SELECT string_agg(o.payload::text, ' ') FROM erp.outbox o JOIN erp.company c USING (company_id) WHERE c.code = 'BACK' AND o.topic = 'dunning_taken_back'),
	'{"level": 2, "party": "C1", "letter": 1, "reason": "sent by mistake", "dunning": "b", "invoice": "b/1", "currency": "GBP", "reversal": "back/1"}', 'an event tells it');
SELECT is((SELECT string_agg(e.to_state, ' ' ORDER BY e.event_no) FROM erp.state_event e JOIN erp.dunning_letter t ON t.company_id = e.company_id AND t.dunning_letter_id = e.subject_id JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
	WHERE e.kind = 'dunning_letter' AND d.key = 'b'), 'issued taken_back', 'and its history');
-- Dunned again at the same level, and paid: then it stays.
SELECT is(trial.call('dun', 'c', '{"day": "2026-03-11", "charge": true}')::jsonb #>> '{letters,0,interest}', '13.15', 'dunned again at that level');
SELECT is(trial.owed(), 1018.15, 'billed again');
\o /dev/null
SELECT erp.post_document('BACK', '{"key": "p", "kind": "customer_payment", "day": "2026-03-12", "party": "C1", "lines": [{"amount": 18.15}], "settles": [{"key": "c/1"}]}');
\o
SELECT is(trial.call('take_back_dunning', 'x', '{"dunning": "c", "day": "2026-03-13", "reason": "x"}'), 'LE095', 'what was paid is not taken back');
SELECT is(trial.states(), 'a 1 issued, b 2 taken_back sent by mistake, c 2 issued', 'and the letter stands');
SELECT is(trial.call('take_back_dunning', 'back a', '{"dunning": "a", "letter": 1, "day": "2026-03-13", "reason": "never sent"}'), '{"letters": [{"level": 1, "party": "C1", "letter": 1, "currency": "GBP"}]}', 'a letter that was not billed');
SELECT is(trial.proposed('2026-04-30'), NULL, 'the debt stays at the level of the one that stands');
-- The table of transitions holds, against direct SQL too.
SELECT throws_ok($$UPDATE erp.dunning_letter SET state = 'issued' WHERE state = 'taken_back'$$, 'LE070', NULL, 'what is taken back stays so');
SELECT throws_ok($$UPDATE erp.dunning_letter SET state = 'paid' WHERE state = 'issued'$$, 'LE070', NULL, 'there are no other states');
SELECT throws_ok($$DELETE FROM erp.dunning_letter$$, NULL, NULL, 'no letter is deleted');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
