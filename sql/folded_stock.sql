\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- Stock as of any day, whatever of it is folded. What a fold takes has committed: nothing here is rolled back.
\o /dev/null
\i :company_file
SELECT trial.make_company('HELD');
SELECT erp.put_accounts('HELD', 'more accounts', '[{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"}]');
SELECT erp.put_parties('HELD', 'more parties', '[{"code": "CARRIER", "name": "Carrier", "roles": ["supplier"]}]');
SELECT erp.put_posting_rules('HELD', 'more rules', '[
	{"kind": "landed_cost", "line_role": "landed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "landed_cost", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"}]');
CREATE FUNCTION trial.fold() RETURNS bigint LANGUAGE sql AS $$SELECT erp.fold_balances('HELD')$$;
SELECT trial.receive('HELD', 'r1', '2009-01-10', 'F', 10, 100);
SELECT trial.receive('HELD', 'a1', '2009-01-12', 'A', 10, 35);
SELECT trial.sell('HELD', 's1', '2009-01-20', 'F', 4, 20);
SELECT trial.receive('HELD', 'r2', '2009-02-05', 'F', 10, 130);
SELECT trial.sell('HELD', 'a2', '2009-02-10', 'A', 4, 20);
SELECT trial.fold();
-- After what is folded, before all of it, between its days; a cost that is learned later; another place; another's goods; a reversal.
SELECT trial.sell('HELD', 's2', '2009-02-20', 'F', 8, 20);
SELECT trial.receive('HELD', 'r0', '2009-01-05', 'F', 2, 30);
SELECT erp.post_document('HELD', '{"key": "l1", "kind": "landed_cost", "day": "2009-03-10", "party": "CARRIER", "lines": [{"amount": 20, "receipts": [{"key": "r2"}]}]}');
SELECT erp.post_document('HELD', '{"key": "t1", "kind": "transfer", "day": "2009-03-15", "lines": [{"item": "F", "quantity": 3, "to_warehouse": "NORTH"}]}');
SELECT erp.post_document('HELD', '{"key": "c1", "kind": "goods_receipt", "day": "2009-01-25", "party": "S1", "lines": [{"item": "F", "quantity": 6, "owner": "S1"}]}');
SELECT trial.reverse('HELD', 'a3', 'a2', '2009-03-20');
SELECT trial.make_company('EMPTY');
\o
SELECT plan(46);
-- Worked out by hand. F: layers of 2 at 15, 10 at 10, 10 at 13. The first 4 cost 40.00, then 2 x 15 + 2 x 10 = 50.00 since the 2 came before;
-- the 8 cost 86.00, then 80.00. Freight of 20.00 on the 10 of 5 February, all there, is booked on 10 March. A: 10 at 3.50.
CREATE TEMP TABLE wanted (day date, items text);
INSERT INTO wanted VALUES ('-infinity', NULL), ('2009-01-04', NULL), ('2009-01-05', 'F 2 30.00'), ('2009-01-09', 'F 2 30.00'), ('2009-01-10', 'F 12 130.00'),
	('2009-01-12', 'A 10 35.00, F 12 130.00'), ('2009-01-19', 'A 10 35.00, F 12 130.00'), ('2009-01-20', 'A 10 35.00, F 8 80.00'), ('2009-01-31', 'A 10 35.00, F 8 80.00'),
	('2009-02-05', 'A 10 35.00, F 18 210.00'), ('2009-02-10', 'A 6 21.00, F 18 210.00'), ('2009-02-20', 'A 6 21.00, F 10 130.00'), ('2009-03-09', 'A 6 21.00, F 10 130.00'),
	('2009-03-10', 'A 6 21.00, F 10 150.00'), ('2009-03-19', 'A 6 21.00, F 10 150.00'), ('2009-03-20', 'A 10 35.00, F 10 150.00'), ('2010-12-31', 'A 10 35.00, F 10 150.00'),
	('infinity', 'A 10 35.00, F 10 150.00');
CREATE FUNCTION pg_temp.valued(p_day date) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(concat_ws(' ', item_code, trim_scale(quantity), value), ', ' ORDER BY item_code) FROM erp.stock_valuation('HELD', p_day)
$$;
CREATE FUNCTION pg_temp.differ() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(': ', w.day, 'is', pg_temp.valued(w.day), 'not', w.items) FROM wanted w WHERE pg_temp.valued(w.day) IS DISTINCT FROM w.items
$$;
CREATE FUNCTION pg_temp.places(p_day date, p_item text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, owner_code, trim_scale(on_hand)), ', ') FROM erp.stock_on_hand('HELD', p_day, p_item)
$$;
PREPARE places AS SELECT day, pg_temp.places(day, 'F') FROM (VALUES (date '2009-01-04'), ('2009-01-24'), ('2009-01-25'), ('2009-02-20'), ('2009-03-14'), ('2009-03-15'), ('infinity')) d (day);
PREPARE places_by_hand AS VALUES (date '2009-01-04', NULL), ('2009-01-24', 'MAIN 8'), ('2009-01-25', 'MAIN 8, MAIN S1 6'), ('2009-02-20', 'MAIN 10, MAIN S1 6'),
	('2009-03-14', 'MAIN 10, MAIN S1 6'), ('2009-03-15', 'MAIN 7, MAIN S1 6, NORTH 3'), ('infinity', 'MAIN 7, MAIN S1 6, NORTH 3');
-- As now known, on the day of the move: the freight belongs to what came on 5 February. The 6 of the supplier are worth nothing.
PREPARE card AS SELECT day, document_key, trim_scale(quantity), value, trim_scale(running_quantity), running_value FROM erp.stock_card('HELD', 'F', '2009-02-01', '2009-02-28');
PREPARE card_by_hand AS VALUES (date '2009-02-01', NULL::text, NULL::numeric, NULL::numeric, 14::numeric, 80.00), ('2009-02-05', 'r2', 10, 150.00, 24, 230.00), ('2009-02-20', 's2', -8, -80.00, 16, 150.00);
SELECT is(trial.documents_read($$SELECT * FROM erp.stock_valuation('EMPTY', '2009-03-31')$$), (SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'EMPTY'),
	'of another company, none of which is folded, its own documents are read and no more');
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'valuations, a part folded');
SELECT results_eq('places', 'places_by_hand', 'places');
SELECT results_eq('card', 'card_by_hand', 'a card of a month');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is(trial.fold(), 6::bigint, 'the rest is folded: documents without a voucher too, which are not counted');
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'valuations, all folded');
SELECT results_eq('places', 'places_by_hand', 'places');
SELECT results_eq('card', 'card_by_hand', 'a card of a month');
SELECT is((SELECT count(*) FROM erp_private.unfolded_stock u JOIN erp.company c USING (company_id) WHERE c.code = 'HELD'), 0::bigint, 'nothing is left to add');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT results_eq($$SELECT f.month, f.quantity::numeric(18, 0), f.booked_value::numeric(19, 2), f.known_value::numeric(19, 2), f.days, f.quantities::numeric(18, 0)[], f.booked_values::numeric(19, 2)[], f.known_values::numeric(19, 2)[]
	FROM erp.company c JOIN erp.item i USING (company_id) JOIN erp_private.stock_key k USING (company_id, item_id) JOIN erp_private.folded_stock f USING (company_id, stock_key_id)
	WHERE c.code = 'HELD' AND i.code = 'F' AND k.warehouse_id = 0 ORDER BY f.month$$,
	$$VALUES (date '2009-01-01', 0::numeric, 0.00, 0.00, '{2009-01-05,2009-01-10,2009-01-20}'::date[], '{2,12,8}'::numeric[], '{30.00,130.00,80.00}'::numeric[], '{30.00,130.00,80.00}'::numeric[]),
		('2009-02-01', 8, 80.00, 80.00, '{2009-02-05,2009-02-20}', '{10,2}', '{130.00,50.00}', '{150.00,70.00}'),
		('2009-03-01', 10, 130.00, 150.00, '{2009-03-10,2009-03-15}', '{0,0}', '{20.00,20.00}', '{0.00,0.00}')$$, 'a row for each month with changes');
SELECT results_eq($$SELECT item_code, quantity::text, unit_cost::text, value::text FROM erp.stock_valuation('HELD', '2009-03-10')$$,
	$$VALUES ('A', '6.000000', '3.50000000', '21.00'), ('F', '10.000000', '15.00000000', '150.00')$$, 'what the company owns, of which others'' goods are no part');
SELECT results_eq($$SELECT item_code, trim_scale(quantity), value FROM erp.stock_valuation WHERE company = 'HELD' ORDER BY item_code$$,
	$$SELECT item_code, trim_scale(quantity), value FROM erp.stock_valuation('HELD', 'infinity')$$, 'in the end it is what is valued now');
SELECT results_eq($$SELECT item_code, warehouse_code, owner_code, on_hand FROM erp.stock_on_hand WHERE company = 'HELD' ORDER BY 1, 2, 3 NULLS FIRST$$,
	$$SELECT item_code, warehouse_code, owner_code, on_hand FROM erp.stock_on_hand('HELD', 'infinity')$$, 'and what is there now');
SELECT results_eq($$SELECT day, time_of_day, move_id, document_kind, document_key, line_no, reference, party_code, warehouse_code, quantity, value, running_quantity, running_value, unit
	FROM erp.stock_card WHERE company = 'HELD' AND item_code = 'F' ORDER BY day, time_of_day, move_id$$,
	$$SELECT * FROM erp.stock_card('HELD', 'F', '2009-01-01', '2010-12-31') OFFSET 1$$, 'and the card of the whole history');
SELECT is_empty($$SELECT item_code FROM erp.stock_valuation('NOBODY', '2009-12-31') UNION ALL SELECT item_code FROM erp.stock_on_hand('NOBODY', '2009-12-31') UNION ALL SELECT item_code FROM erp.stock_on_hand('HELD', '2009-12-31', 'NONE')
	UNION ALL SELECT unit FROM erp.stock_card('HELD', 'NONE', '2009-01-01', '2009-12-31') UNION ALL SELECT item_code FROM erp.stock_valuation('HELD', NULL)$$, 'an unknown company or item has none');
-- Folded sums of another cluster count for nothing, and the next fold begins anew.
\o /dev/null
UPDATE erp_private.fold_cut SET cluster = cluster + 1;
\o
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'valuations, nothing folded that may be trusted');
SELECT results_eq('places', 'places_by_hand', 'places');
SELECT results_eq('card', 'card_by_hand', 'a card of a month');
SELECT cmp_ok(trial.fold(), '>', 6::bigint, 'all is folded anew');
SELECT is_empty('SELECT * FROM pg_temp.differ()', 'valuations, folded anew');
SELECT results_eq('places', 'places_by_hand', 'places');
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
SELECT is(pg_temp.found('UPDATE erp_private.folded_stock f SET ' || s || ' FROM erp_private.stock_key k, erp.company c WHERE c.code = ''HELD'' AND k.company_id = c.company_id
	AND f.company_id = k.company_id AND f.stock_key_id = k.stock_key_id AND ' || w), 'folded_stock', s || ' where ' || w)
FROM (VALUES ('quantity = f.quantity + 1', 'k.owner_id <> 0'), ('quantities[1] = quantities[1] + 1', 'k.warehouse_id <> 0'), ('booked_value = booked_value + 0.01', 'k.warehouse_id = 0'),
	('known_values[1] = known_values[1] + 0.01', 'k.warehouse_id = 0'), ('days[1] = days[1] - 1', 'k.warehouse_id = 0'), ('days = ''{}''', 'k.owner_id <> 0'),
	('month = month + 31', 'f.month = ''2009-03-01'''), ('stock_key_id = -f.stock_key_id', 'k.owner_id <> 0')) v (s, w);
SELECT is(pg_temp.found('DELETE FROM erp_private.folded_stock f USING erp.company c WHERE c.code = ''HELD'' AND f.company_id = c.company_id AND f.month = ''2009-02-01'''), 'folded_stock', 'a month gone');
-- 120 random documents, most of them late, folded now and then: every sum is that of the moves and costs.
CREATE PROCEDURE pg_temp.play() LANGUAGE plpgsql AS $$
DECLARE
	item text;
	day date;
	warehouse jsonb;
BEGIN
	PERFORM setseed(0.75);
	FOR i IN 1 .. 120 LOOP
		item := ('{F,A,FW,AW}'::text[])[1 + floor(random() * 4)];
		day := date '2009-01-01' + (random() * random() * 700)::integer;
		warehouse := ('["MAIN", "NORTH"]'::jsonb) -> floor(random() * 2)::integer;
		PERFORM trial.refused(CASE floor(random() * 5)
			WHEN 0 THEN format('SELECT trial.sell(''HELD'', %L, %L, %L, %s, 9, ''{"warehouse": %s}'')', 'p' || i, day, item, 1 + floor(random() * 4), warehouse)
			WHEN 1 THEN format('SELECT erp.post_document(''HELD'', ''{"key": "p%s", "kind": "transfer", "day": "%s", "lines": [{"item": "%s", "quantity": 1, "warehouse": %s, "to_warehouse": "MAIN"}]}'')', i, day, item, warehouse)
			WHEN 2 THEN format('SELECT erp.reverse_document(''HELD'', ''{"key": "p%s", "reverses": "p%s", "day": "2010-12-01"}'')', i, (random() * i)::integer)
			ELSE format('SELECT trial.receive(''HELD'', %L, %L, %L, %s, %s, ''{"warehouse": %s}'')', 'p' || i, day, item, 3 + floor(random() * 9), 10 + floor(random() * 90), warehouse) END);
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
SELECT trial.receive('HELD', 'last', '2009-06-01', 'F', 1, 5);
\o
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	WITH day AS (SELECT date '2009-01-01' + g AS day FROM generate_series(0, 720, 72) g),
	company AS (SELECT company_id FROM erp.company WHERE code = 'HELD')
	SELECT concat_ws(' ', 'value', d.day, w.code, w.quantity, w.value, s.quantity, s.value)
	FROM day d
	CROSS JOIN LATERAL (
		SELECT i.code, (SELECT coalesce(sum(m.quantity), 0) FROM erp.stock_move m WHERE m.company_id = i.company_id AND m.item_id = i.item_id AND m.owner_id = 0 AND m.day <= d.day) AS quantity,
			(SELECT coalesce(sum(e.amount), 0) FROM erp.stock_move m JOIN erp.cost_entry e USING (company_id, move_id) JOIN erp.voucher v USING (company_id, voucher_id)
				WHERE m.company_id = i.company_id AND m.item_id = i.item_id AND v.day <= d.day) AS value
		FROM company JOIN erp.item i USING (company_id) WHERE i.kind = 'stock') w
	LEFT JOIN erp.stock_valuation('HELD', d.day) s ON s.item_code = w.code
	WHERE (coalesce(s.quantity, 0), coalesce(s.value, 0)) <> (w.quantity, w.value)
	UNION ALL
	SELECT concat_ws(' ', 'place', d.day, w.item, w.warehouse, w.quantity, s.quantity)
	FROM day d
	CROSS JOIN LATERAL (
		SELECT i.code AS item, h.code AS warehouse, sum(m.quantity) AS quantity FROM company JOIN erp.stock_move m USING (company_id) JOIN erp.item i USING (company_id, item_id) JOIN erp.warehouse h USING (company_id, warehouse_id)
		WHERE m.day <= d.day GROUP BY 1, 2) w
	LEFT JOIN LATERAL (SELECT sum(o.on_hand) FROM erp.stock_on_hand('HELD', d.day) o WHERE o.item_code = w.item AND o.warehouse_code = w.warehouse) s (quantity) ON true
	WHERE coalesce(s.quantity, 0) <> w.quantity
	UNION ALL
	SELECT concat_ws(' ', 'card', i.item, c.move_id, c.running_quantity, c.running_value, v.running_quantity, v.running_value)
	FROM (VALUES ('F'), ('A'), ('FW')) i (item) CROSS JOIN LATERAL erp.stock_card('HELD', i.item, '2009-04-17', '2010-06-30') c
	LEFT JOIN erp.stock_card v ON v.company = 'HELD' AND v.item_code = i.item AND v.move_id = c.move_id
	WHERE c.move_id IS NOT NULL AND (c.quantity, c.value, c.running_quantity, c.running_value) IS DISTINCT FROM (v.quantity, v.value, v.running_quantity, v.running_value)
$$;
SELECT cmp_ok((SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'HELD' AND d.key LIKE 'p%'), '>', 40::bigint, 'many of them were posted');
SELECT cmp_ok((SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'HELD' AND d.kind = 'cost_adjustment'), '>', 10::bigint, 'and changed the costs of others');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'a part folded');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT cmp_ok(trial.fold(), '>', 0::bigint, 'the rest is folded');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'all folded');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is_empty($$SELECT l.voucher_id, l.line_no, l.company_amount, o.amount
	FROM erp.document d JOIN erp.company c USING (company_id) JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id)
	CROSS JOIN LATERAL (SELECT sum(r.amount) AS amount FROM erp.voucher_line_origin r WHERE r.company = 'HELD' AND r.voucher_id = v.voucher_id AND r.line_no = l.line_no) o
	WHERE c.code = 'HELD' AND d.kind = 'cost_adjustment' AND o.amount IS DISTINCT FROM CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END$$,
	'lines of adjustments lead back to the costs that changed, and to them alone');
-- Who may read them.
SELECT ok(has_function_privilege('erp_read', p.oid, 'EXECUTE') AND p.prosecdef, p.oid::regprocedure || ' is for whoever reads')
FROM pg_proc p WHERE p.oid IN ('erp.stock_valuation(text, date)'::regprocedure, 'erp.stock_on_hand(text, date, text)'::regprocedure, 'erp.stock_card(text, text, date, date)'::regprocedure,
	'erp.stock_as_known(text, date, bigint)'::regprocedure) ORDER BY 1;
SET ROLE erp_read;
SELECT results_eq($$SELECT pg_catalog.count(*) FROM erp.stock_valuation('HELD', '2009-03-10')$$, 'VALUES (4::bigint)', 'and read');
RESET ROLE;
SELECT * FROM finish();
DROP SCHEMA trial CASCADE;
