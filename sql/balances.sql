\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- Balances of any account, party and dimension as of any day, whatever of it is folded. What a fold takes has committed:
-- nothing here is rolled back.
\o /dev/null
\i :company_file
SELECT trial.make_company('BAL');
SELECT erp.put_accounts('BAL', 'more', '[{"code": "6", "name": "Expenses", "class": "expense", "side": "debit", "postable": false},
	{"code": "61", "name": "Running", "class": "expense", "side": "debit", "parent": "6", "postable": false},
	{"code": "6100", "name": "Rent", "class": "expense", "side": "debit", "parent": "61"},
	{"code": "6200", "name": "Travel", "class": "expense", "side": "debit", "parent": "6"}]');
SELECT erp.put_dimensions('BAL', 'd', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]},
	{"code": "PROJ", "name": "Project", "values": [{"code": "P", "name": "One"}, {"code": "Q", "name": "Two"}]}]');
SELECT erp.put_exchange_rates('BAL', 'r', '[{"from": "EUR", "to": "GBP", "day": "2009-01-01", "rate": "0.9"}]');
-- A voucher of two lines; what they say beyond account and amount is the same in both, but for the party.
CREATE FUNCTION trial.book(p_key text, p_day date, p_debit text, p_credit text, p_amount numeric, p_dimensions jsonb DEFAULT '{}', p_party text DEFAULT NULL,
	p_currency text DEFAULT 'GBP') RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('BAL', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'currency', p_currency, 'lines', json_build_array(
		json_strip_nulls(json_build_object('account', p_debit, 'side', 'debit', 'amount', p_amount, 'party', p_party, 'dimensions', p_dimensions)),
		json_build_object('account', p_credit, 'side', 'credit', 'amount', p_amount, 'dimensions', p_dimensions)))) IS NOT NULL
$$;
CREATE FUNCTION trial.fold() RETURNS bigint LANGUAGE sql AS $$SELECT erp.fold_balances('BAL')$$;
CREATE FUNCTION trial.read(p_account text, p_day date, p_party text DEFAULT NULL, p_dimensions jsonb DEFAULT NULL) RETURNS numeric LANGUAGE sql STABLE AS $$
	SELECT erp.account_balance('BAL', p_account, p_day, p_party, p_dimensions)
$$;
SELECT trial.book('v1', '2009-01-10', '6100', '1000', 100, '{"DEPT": "N"}');
SELECT trial.book('v2', '2009-01-31', '6200', '1000', 50, '{"DEPT": "N", "PROJ": "P"}');
SELECT trial.book('v3', '2009-02-01', '6100', '1000', 30, '{"DEPT": "S"}');
SELECT trial.book('v4', '2009-02-15', '1100', '4000', 80, '{"DEPT": "N"}', 'C1');
SELECT trial.fold();
-- Late, between days that are folded, before all of them, and after.
SELECT trial.book('v5', '2009-01-20', '6100', '1000', 7, '{"DEPT": "N"}');
SELECT trial.book('v6', '2009-02-20', '1100', '4000', 20, '{}', 'C2');
SELECT trial.reverse('BAL', 'v7', 'v3', '2009-03-02');
SELECT trial.book('v8', '2009-03-10', '1000', '4000', 100, '{}', NULL, 'EUR');
SELECT trial.book('v9', '2009-03-11', '6000', '1000', 4, '{}', 'C1');
SELECT trial.make_company('EMPTY');
\o
SELECT plan(60);
-- Worked out by hand: 100 (10 Jan), 7 (20 Jan), 50 (31 Jan), 30 (1 Feb), -30 (2 Mar) of expenses.
CREATE TEMP TABLE wanted (account text, day date, party text, dimensions jsonb, balance numeric);
INSERT INTO wanted VALUES
	('6', '2009-01-09', NULL, NULL, 0), ('6', '2009-01-10', NULL, NULL, 100.00), ('6', '2009-01-19', NULL, NULL, 100.00), ('6', '2009-01-20', NULL, NULL, 107.00),
	('6', '2009-01-30', NULL, NULL, 107.00), ('6', '2009-01-31', NULL, NULL, 157.00), ('6', '2009-02-01', NULL, NULL, 187.00), ('6', '2009-02-28', NULL, NULL, 187.00),
	('6', '2009-03-01', NULL, NULL, 187.00), ('6', '2009-03-02', NULL, NULL, 157.00), ('6', '2099-12-31', NULL, NULL, 157.00), ('6', NULL, NULL, NULL, 157.00),
	('6', 'infinity', NULL, NULL, 157.00), ('6', '-infinity', NULL, NULL, 0), ('6', '5874897-12-30', NULL, NULL, 157.00), ('61', '2009-02-28', NULL, NULL, 137.00),
	('6100', '2009-02-28', NULL, NULL, 137.00), ('6200', '2009-02-28', NULL, NULL, 50.00), ('1000', '2009-01-31', NULL, NULL, -157.00), ('1000', '2009-02-28', NULL, NULL, -187.00),
	('1000', '2009-03-31', NULL, NULL, -71.00),
	('6', '2009-02-28', NULL, '{"DEPT": "N"}', 157.00), ('6', '2009-02-28', NULL, '{"DEPT": "S"}', 30.00), ('6', '2009-03-31', NULL, '{"DEPT": "S"}', 0.00),
	('6', '2009-02-28', NULL, '{"PROJ": "P"}', 50.00), ('6', '2009-02-28', NULL, '{"DEPT": "N", "PROJ": "P"}', 50.00), ('6', '2009-02-28', NULL, '{"DEPT": "S", "PROJ": "P"}', 0),
	('6', '2009-01-30', NULL, '{"PROJ": "P"}', 0), ('6', '2009-02-28', NULL, '{}', 187.00),
	('1100', '2009-02-14', 'C1', NULL, 0), ('1100', '2009-02-28', 'C1', NULL, 80.00), ('1100', '2009-02-28', 'C2', NULL, 20.00), ('1100', '2009-02-28', NULL, NULL, 100.00),
	('1100', '2009-02-28', 'C1', '{"DEPT": "N"}', 80.00), ('1100', '2009-02-28', 'C1', '{"DEPT": "S"}', 0), ('1100', '2009-02-28', 'C2', '{"DEPT": "N"}', 0),
	-- not kept by party
	('6000', '2009-03-31', 'C1', NULL, 4.00), ('6000', '2009-03-31', 'C2', NULL, 0), ('6000', '2009-03-10', 'C1', NULL, 0),
	('4000', '2009-03-31', NULL, NULL, -190.00), ('9999', '2009-03-31', NULL, NULL, NULL);
CREATE FUNCTION pg_temp.differ() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', w.account, w.day, w.party, w.dimensions, 'is', r.balance, 'not', w.balance)
	FROM wanted w, LATERAL (SELECT trial.read(w.account, w.day, w.party, w.dimensions)) r (balance) WHERE r.balance IS DISTINCT FROM w.balance
$$;
PREPARE by_month AS SELECT * FROM erp.balances_by_dimension('BAL', 'DEPT', '2009-01-15', '2009-03-01');
-- From 15 January, up to 1 March.
PREPARE by_month_by_hand AS VALUES
	('2009-01', '1000', 'N', 'North', -100.00, 0.00, 57.00, -157.00), ('2009-01', '6100', 'N', 'North', 100.00, 7.00, 0.00, 107.00), ('2009-01', '6200', 'N', 'North', 0.00, 50.00, 0.00, 50.00),
	('2009-02', '1000', 'N', 'North', -157.00, 0.00, 0.00, -157.00), ('2009-02', '1000', 'S', 'South', 0.00, 0.00, 30.00, -30.00), ('2009-02', '1100', 'N', 'North', 0.00, 80.00, 0.00, 80.00),
	('2009-02', '4000', 'N', 'North', 0.00, 0.00, 80.00, -80.00), ('2009-02', '6100', 'N', 'North', 107.00, 0.00, 0.00, 107.00), ('2009-02', '6100', 'S', 'South', 0.00, 30.00, 0.00, 30.00),
	('2009-02', '6200', 'N', 'North', 50.00, 0.00, 0.00, 50.00),
	('2009-03', '1000', 'N', 'North', -157.00, 0.00, 0.00, -157.00), ('2009-03', '1000', 'S', 'South', -30.00, 0.00, 0.00, -30.00), ('2009-03', '1100', 'N', 'North', 80.00, 0.00, 0.00, 80.00),
	('2009-03', '4000', 'N', 'North', -80.00, 0.00, 0.00, -80.00), ('2009-03', '6100', 'N', 'North', 107.00, 0.00, 0.00, 107.00), ('2009-03', '6100', 'S', 'South', 30.00, 0.00, 0.00, 30.00),
	('2009-03', '6200', 'N', 'North', 50.00, 0.00, 0.00, 50.00);
PREPARE by_party AS SELECT account_code, party_code, opening, debit, credit, closing FROM erp.balances_by_party('BAL', '2009-02-16', '2009-02-28');
PREPARE by_party_by_hand AS VALUES ('1100', 'C1', 80.00, 0.00, 0.00, 80.00), ('1100', 'C2', 0.00, 20.00, 0.00, 20.00);
PREPARE north AS SELECT account_code, opening_debit, opening_credit, debit, credit, closing_debit, closing_credit FROM erp.trial_balance('BAL', '2009-01-20', '2009-02-28', '{"DEPT": "N"}');
PREPARE north_by_hand AS VALUES ('1000', 0.00, 100.00, 0.00, 57.00, 0.00, 157.00), ('1100', 0.00, 0.00, 80.00, 0.00, 80.00, 0.00), ('4000', 0.00, 0.00, 0.00, 80.00, 0.00, 80.00),
	('6100', 100.00, 0.00, 7.00, 0.00, 107.00, 0.00), ('6200', 0.00, 0.00, 50.00, 0.00, 50.00, 0.00);
PREPARE in_euro AS SELECT * FROM erp.balances_as_of('BAL', '2009-03-31', '1000');
PREPARE in_euro_by_hand AS VALUES ('1000', 90.00, 0.00, 90.00, 'EUR', 100.00, 0.00, 100.00), ('1000', 0.00, 161.00, -161.00, 'GBP', 0.00, 161.00, -161.00);
PREPARE by_period AS SELECT period, account_code, debit, credit, closing_debit, closing_credit FROM erp.trial_balance_by_period
	WHERE company = 'BAL' AND account_code = '1000' AND period IN ('2009-01', '2009-02', '2009-03', '2009-04') ORDER BY period;
PREPARE by_period_by_hand AS VALUES ('2009-01', '1000', 0.00, 157.00, 0.00, 157.00), ('2009-02', '1000', 0.00, 30.00, 0.00, 187.00), ('2009-03', '1000', 90.00, -26.00, 0.00, 71.00),
	('2009-04', '1000', 0.00, 0.00, 0.00, 71.00);
PREPARE by_day AS SELECT day, opening, debit, credit, closing FROM erp.general_ledger WHERE company = 'BAL' AND account_code = '6100' ORDER BY day;
PREPARE by_day_by_hand AS VALUES ('2009-01-10'::date, 0.00, 100.00, 0.00, 100.00), ('2009-01-20', 100.00, 7.00, 0.00, 107.00), ('2009-02-01', 107.00, 30.00, 0.00, 137.00), ('2009-03-02', 137.00, -30.00, 0.00, 107.00);
SELECT is(trial.documents_read($$SELECT erp.account_balance('EMPTY', '1000', '2009-03-31')$$), (SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'EMPTY'),
	'of another company, none of which is folded, its own documents are read and no more');
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'balances, a part folded');
SELECT results_eq('by_month', 'by_month_by_hand', 'accounts by department and month');
SELECT results_eq('by_party', 'by_party_by_hand', 'customers');
SELECT results_eq('north', 'north_by_hand', 'the trial balance of a department');
SELECT results_eq('in_euro', 'in_euro_by_hand', 'an account in two currencies');
SELECT results_eq('by_period', 'by_period_by_hand', 'an account by period');
SELECT results_eq('by_day', 'by_day_by_hand', 'an account by day');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is(trial.fold(), 5::bigint, 'all is folded');
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'balances, all folded');
SELECT results_eq('by_month', 'by_month_by_hand', 'accounts by department and month');
SELECT results_eq('by_party', 'by_party_by_hand', 'customers');
SELECT results_eq('north', 'north_by_hand', 'the trial balance of a department');
SELECT results_eq('in_euro', 'in_euro_by_hand', 'an account in two currencies');
SELECT results_eq('by_period', 'by_period_by_hand', 'an account by period');
SELECT results_eq('by_day', 'by_day_by_hand', 'an account by day');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT results_eq($$SELECT d.code, b.month, b.company_debit::numeric(19, 2), b.days, b.debits::numeric(19, 2)[]
	FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp_private.balance_key k USING (company_id, account_id) JOIN erp_private.folded_balance b USING (company_id, balance_key_id)
	LEFT JOIN erp.dimension_value d ON d.dimension_value_id = k.dimension_value_id
	WHERE c.code = 'BAL' AND a.code = '6100' ORDER BY d.code, b.month$$,
	$$VALUES ('N', '2009-01-01'::date, 0.00, '{2009-01-10,2009-01-20}'::date[], '{100.00,107.00}'::numeric[]),
		('S', '2009-02-01', 0.00, '{2009-02-01}', '{30.00}'), ('S', '2009-03-01', 30.00, '{2009-03-02}', '{-30.00}'),
		(NULL, '2009-01-01', 0.00, '{2009-01-10,2009-01-20}', '{100.00,107.00}'), (NULL, '2009-02-01', 107.00, '{2009-02-01}', '{30.00}'),
		(NULL, '2009-03-01', 137.00, '{2009-03-02}', '{-30.00}')$$, 'a row for each month with lines, by value and in all');
-- Folded sums of another cluster count for nothing, and the next fold begins anew.
\o /dev/null
UPDATE erp_private.fold_cut SET cluster = cluster + 1;
\o
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'balances, nothing folded that may be trusted');
SELECT results_eq('by_month', 'by_month_by_hand', 'accounts by department and month');
SELECT is(trial.fold(), 9::bigint, 'all is folded anew');
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'balances, folded anew');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- Kept sums that are wrong are found, in whichever part.
CREATE FUNCTION pg_temp.found(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	EXECUTE p_statement;
	SELECT string_agg(DISTINCT check_name, ',') INTO found FROM erp.check_integrity();
	RAISE EXCEPTION 'undo' USING ERRCODE = 'XX998';
EXCEPTION WHEN SQLSTATE 'XX998' THEN
	RETURN found;
END
$$;
SELECT is(pg_temp.found('UPDATE erp_private.folded_balance b SET ' || s || ' FROM erp_private.balance_key k, erp.company c WHERE c.code = ''BAL'' AND k.company_id = c.company_id
	AND b.company_id = k.company_id AND b.balance_key_id = k.balance_key_id AND ' || w), 'folded_balances', s || ' where ' || w)
FROM (VALUES ('credit = credit + 0.01', 'k.party_id <> 0 AND k.dimension_set_id = 0'), ('company_debits = (SELECT array_agg(d - 1) FROM unnest(debits) AS d)', 'k.party_id <> 0 AND k.dimension_set_id <> 0'),
	('debits[1] = debits[1] + 1, debit = debit - 1', 'k.dimension_value_id <> 0'), ('days[1] = days[1] - 1', 'k.dimension_set_id <> 0'), ('days = ''{}''', 'k.dimension_set_id <> 0'),
	('month = month + 31', 'b.month = ''2009-03-01'''), ('balance_key_id = -b.balance_key_id', 'k.party_id <> 0')) v (s, w);
SELECT is(trial.refused(format($$SELECT erp.balances_as_of('BAL', '2009-12-31', NULL, %L, %L)$$, party, dimensions)), code, concat_ws(' ', party, dimensions))
FROM (VALUES ('NOBODY', NULL, 'LE012'), (NULL, '{"NONE": "N"}', 'LE012'), (NULL, '{"DEPT": "X"}', 'LE012'), (NULL, '["DEPT"]', 'LE011'), (NULL, '{"DEPT": null}', 'LE012'), ('C1', '{}', 'accepted')) v (party, dimensions, code);
SELECT is(trial.refused($$SELECT erp.balances_by_dimension('BAL', 'NONE', '2009-01-01', '2009-12-31')$$), 'LE012', 'a dimension that is not there');
SELECT is_empty($$SELECT account_code FROM erp.balances_as_of('NOBODY', NULL) UNION ALL SELECT account_code FROM erp.balances_as_of('BAL', NULL, '9999')
	UNION ALL SELECT account_code FROM erp.balances_by_party('NOBODY', '2009-01-01', '2009-12-31') UNION ALL SELECT account_code FROM erp.balances_by_dimension('NOBODY', 'DEPT', '2009-01-01', '2009-12-31')$$,
	'an unknown company or account has none');
-- 250 random vouchers, most of them late, folded now and then: every sum is that of the lines.
CREATE PROCEDURE pg_temp.play() LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(0.25);
	FOR i IN 1 .. 250 LOOP
		PERFORM trial.book('r' || i, date '2009-01-01' + (random() * random() * 700)::integer, ('{6000,6100,6200,1100}'::text[])[1 + floor(random() * 4)], ('{1000,4000}'::text[])[1 + floor(random() * 2)],
			(1 + floor(random() * 1000) / 100)::numeric, ('{"{}","{\"DEPT\": \"N\"}","{\"DEPT\": \"S\"}","{\"PROJ\": \"P\"}","{\"DEPT\": \"S\", \"PROJ\": \"Q\"}","{\"DEPT\": \"N\", \"PROJ\": \"P\"}"}'::jsonb[])[1 + floor(random() * 6)],
			('{C1,C2,C3}'::text[])[1 + floor(random() * 3)]);
		COMMIT;
		IF random() < 0.1 THEN
			PERFORM trial.fold();
			COMMIT;
		END IF;
	END LOOP;
END
$$;
\o /dev/null
CALL pg_temp.play();
\o
CREATE FUNCTION pg_temp.sum_of_lines(p_account text, p_day date, p_party text, p_dimensions jsonb) RETURNS numeric LANGUAGE sql STABLE AS $$
	SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0)
	FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id) JOIN erp.party p USING (company_id, party_id)
	WHERE c.code = 'BAL' AND a.code LIKE p_account || '%' AND (p_account <> '6' OR a.code <> '6000') AND l.day <= p_day AND (p_party IS NULL OR p.code = p_party)
		AND NOT EXISTS (SELECT FROM jsonb_each_text(p_dimensions) w WHERE NOT EXISTS (
			SELECT FROM erp.dimension_set s, unnest(s.dimension_value_ids) u (id), erp.dimension_value v, erp.dimension d
			WHERE s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id AND v.dimension_value_id = u.id AND d.dimension_id = v.dimension_id AND d.code = w.key AND v.code = w.value))
$$;
CREATE TEMP TABLE asked AS SELECT ('{6,61,6200,1100,1000,4000}'::text[])[1 + floor(random() * 6)] AS account, date '2009-01-01' + (random() * 720)::integer AS day,
	('{C1,C2,C3,NULL,NULL}'::text[])[1 + floor(random() * 5)] AS party, ('{"{}","{\"DEPT\": \"N\"}","{\"PROJ\": \"P\"}","{\"DEPT\": \"S\", \"PROJ\": \"Q\"}",NULL}'::jsonb[])[1 + floor(random() * 5)] AS dimensions
	FROM generate_series(1, 300);
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', account, day, party, dimensions, trial.read(account, day, party, dimensions), pg_temp.sum_of_lines(account, day, party, dimensions)) FROM asked
	WHERE trial.read(account, day, party, dimensions) <> pg_temp.sum_of_lines(account, day, party, dimensions)
	UNION ALL
	SELECT concat_ws(' ', b.month, b.account_code, b.value_code, b.closing) FROM erp.balances_by_dimension('BAL', 'PROJ', '2009-01-01', '2010-12-31') b
	WHERE b.closing <> pg_temp.sum_of_lines(b.account_code, ((b.month || '-01')::date + interval '1 month')::date - 1, NULL, jsonb_build_object('PROJ', b.value_code)) OR b.closing <> b.opening + b.debit - b.credit
	UNION ALL
	SELECT concat_ws(' ', b.account_code, b.party_code, b.opening, b.closing) FROM erp.balances_by_party('BAL', '2009-05-17', '2009-11-03') b
	WHERE b.closing <> pg_temp.sum_of_lines(b.account_code, '2009-11-03', b.party_code, NULL) OR b.opening <> pg_temp.sum_of_lines(b.account_code, '2009-05-16', b.party_code, NULL)
$$;
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'a part folded');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT cmp_ok(trial.fold(), '>', 0::bigint, 'the rest is folded');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'all folded');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- An account that is kept by party because it was declared so: from the next fold on, with all its history; and no longer.
CREATE FUNCTION trial.keep_by_party(p_key text, p_by_party boolean) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.put_accounts('BAL', p_key, json_build_array(json_build_object('code', '6200', 'name', 'Travel', 'class', 'expense', 'side', 'debit', 'parent', '6', 'by_party', p_by_party))) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.parties_kept() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT p.code FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp_private.balance_key k USING (company_id, account_id) JOIN erp.party p USING (company_id, party_id)
	WHERE c.code = 'BAL' AND a.code = '6200' AND k.party_id <> 0 AND k.dimension_set_id = 0
		AND EXISTS (SELECT FROM erp_private.folded_balance f WHERE f.company_id = k.company_id AND f.balance_key_id = k.balance_key_id)
$$;
SELECT is_empty('SELECT * FROM pg_temp.parties_kept()', 'an account is not kept by party');
\o /dev/null
SELECT trial.keep_by_party('by party', true);
\o
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'declared, not folded yet');
SELECT is(trial.fold(), 0::bigint, 'no voucher is new');
SELECT bag_eq('SELECT * FROM pg_temp.parties_kept()', ARRAY['C1', 'C2', 'C3'], 'but its history is folded by party');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'declared and folded');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
\o /dev/null
SELECT trial.book('p1', '2009-01-05', '6200', '1000', 3, '{"DEPT": "N"}', 'C1');
SELECT trial.book('p2', '2010-12-01', '6200', '1000', 5, '{}', 'S1');
\o
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'more of it, a part folded');
SELECT is(trial.fold(), 2::bigint, 'more is folded');
SELECT bag_eq('SELECT * FROM pg_temp.parties_kept()', ARRAY['C1', 'C2', 'C3', 'S1'], 'another party');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'more of it, folded');
SELECT is((SELECT closing FROM erp.balances_by_party('BAL', '2009-01-01', '2010-12-31', '6200') WHERE party_code = 'S1'), 5.00, 'the list by party has it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
\o /dev/null
SELECT trial.keep_by_party('not by party', false);
\o
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'declared no longer, kept still');
\o /dev/null
SELECT trial.fold();
\o
SELECT is_empty('SELECT * FROM pg_temp.parties_kept()', 'not kept any more');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'its lines are read');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
DROP SCHEMA trial CASCADE;
