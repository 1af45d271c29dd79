-- ledger: costs are allocated by shares, balances or quantities, exactly, once a period.

CREATE FUNCTION erp_private.check_allocation(company_id integer, allocation jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	targets jsonb := allocation -> 'targets';
	bad record;
BEGIN
	PERFORM erp_private.check_terms($1, jsonb_build_array(allocation -> 'source'), path || '.source');
	PERFORM erp_private.check_rows(targets, path || '.targets[#]', '{"account": "code", "party": "name", "dimensions": "object", "summary": "name", "share": "quantity", "term": "object", "by": "code", "measure": "code"}');
	SELECT e.n INTO bad FROM jsonb_array_elements(targets) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'share' IS NOT NULL)::integer + (e.value ->> 'term' IS NOT NULL)::integer + (e.value ->> 'measure' IS NOT NULL)::integer <> 1
	    OR (e.value ->> 'measure' IS NOT NULL AND e.value ->> 'by' IS NULL) OR (e.value ->> 'share' IS NOT NULL AND e.value ->> 'by' IS NOT NULL) ORDER BY e.n LIMIT 1;
	IF FOUND OR jsonb_array_length(targets) = 0 THEN
		PERFORM erp_private.refuse('LE011', 'a target takes a share, what a term says, or by a dimension what a term or a measure says of each value', format('%s.targets[%s]', path, COALESCE(bad.n - 1, 0)), NULL,
			'Give one of "share", "term" and "measure"; the latter with "by".');
	END IF;
	PERFORM erp_private.check_terms($1, jsonb_build_array(e.value -> 'term'), format('%s.targets[%s].term', path, e.n - 1)) FROM jsonb_array_elements(targets) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'term') = 'object';
	SELECT e.n, f.field, f.value, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(targets) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('by', e.value ->> 'by', 'dimension', 'Add it with erp.put_dimensions().', EXISTS (SELECT 1 FROM erp.dimension d WHERE d.company_id = $1 AND d.code = e.value ->> 'by')),
		('account', e.value ->> 'account', 'account', 'Add it with erp.put_accounts().', EXISTS (SELECT 1 FROM erp.account a WHERE a.company_id = $1 AND a.code = e.value ->> 'account'))) AS f (field, value, what, cure, known)
	 WHERE f.value IS NOT NULL AND NOT f.known ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path || '.targets[#]', bad.field, bad.value, bad.what, bad.cure);
	PERFORM erp_private.check_entries($1, (SELECT jsonb_agg(e.value || jsonb_build_object('side', 'debit', 'account', COALESCE(e.value ->> 'account', a.code)) ORDER BY e.n)
	                                         FROM jsonb_array_elements(targets) WITH ORDINALITY AS e (value, n), (SELECT min(o.code) AS code FROM erp.account o WHERE o.company_id = $1) a),
		path || '.targets', ARRAY['day', 'month', 'year', 'period']);
END
$function$;
COMMENT ON FUNCTION erp_private.check_allocation(integer, jsonb, text) IS 'Raises LE011, LE012 or LE320 unless source and targets make an allocation.';

CREATE FUNCTION erp_private.put_allocations(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "order": "integer!", "source": "object!", "targets": "list!", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_allocation($1, e.value, format('$[%s]', e.n - 1)) FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n);
	WITH put AS (
		INSERT INTO erp.allocation AS t (company_id, code, name, rank, source, targets, active)
		SELECT $1, e.value ->> 'code', e.value ->> 'name', (e.value ->> 'order')::integer, e.value -> 'source', e.value -> 'targets', COALESCE((e.value ->> 'active')::boolean, true)
		  FROM jsonb_array_elements(request) AS e (value) ORDER BY 2
		ON CONFLICT ON CONSTRAINT allocation_code_key DO UPDATE
		SET name = EXCLUDED.name, rank = EXCLUDED.rank, source = EXCLUDED.source, targets = EXCLUDED.targets, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_allocations(integer, jsonb) IS 'Does what erp.put_allocations() says.';

CREATE FUNCTION erp_private.put_allocation_quantities(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"measure": "code!", "dimension": "code!", "value": "code!", "from": "day!", "quantity": "quantity or zero!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['measure', 'dimension', 'value', 'from']);
	SELECT e.n, e.value ->> 'value' AS code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.dimension d JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id
	                    WHERE d.company_id = $1 AND d.code = e.value ->> 'dimension' AND v.code = e.value ->> 'value') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'value', bad.code, 'such value of the dimension', 'Add it with erp.put_dimensions().');
	INSERT INTO erp.allocation_quantity AS q (company_id, measure, dimension_value_id, first_day, quantity)
	SELECT $1, e.value ->> 'measure', v.dimension_value_id, (e.value ->> 'from')::date, (e.value ->> 'quantity')::numeric
	  FROM jsonb_array_elements(request) AS e (value)
	  JOIN erp.dimension d ON d.company_id = $1 AND d.code = e.value ->> 'dimension'
	  JOIN erp.dimension_value v ON v.company_id = $1 AND v.dimension_id = d.dimension_id AND v.code = e.value ->> 'value'
	 ORDER BY 2, 3, 4
	ON CONFLICT ON CONSTRAINT allocation_quantity_key DO UPDATE SET quantity = EXCLUDED.quantity;
	RETURN jsonb_build_object('written', jsonb_array_length(request));
END
$function$;
COMMENT ON FUNCTION erp_private.put_allocation_quantities(integer, jsonb) IS 'Does what erp.put_allocation_quantities() says.';

-- Who takes how much, as one row a line: what a target says by a dimension is a row for each value.
CREATE FUNCTION erp_private.allocation_weights(company_id integer, targets jsonb, first_day date, last_day date)
	RETURNS TABLE (target_no bigint, value_code text, target jsonb, weight numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n, w.value_code, CASE WHEN w.value_code IS NULL THEN e.value
	       ELSE e.value || jsonb_build_object('dimensions', COALESCE(NULLIF(e.value -> 'dimensions', 'null'), '{}') || jsonb_build_object(e.value ->> 'by', w.value_code)) END, w.weight
	  FROM jsonb_array_elements($2) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (
		SELECT NULL::text AS value_code, (e.value ->> 'share')::numeric AS weight WHERE e.value ->> 'share' IS NOT NULL
		UNION ALL
		SELECT NULL, t.amount FROM erp_private.term_amounts($1, $3, $4, jsonb_build_array(e.value -> 'term')) t WHERE e.value ->> 'term' IS NOT NULL AND e.value ->> 'by' IS NULL
		UNION ALL
		SELECT c.value_code, a.amount
		  FROM erp_private.cell_amounts($1, (SELECT jsonb_agg(o.says ORDER BY o.column_no) FROM erp_private.transfer_columns($1, $3, $4, e.value ->> 'by') o), jsonb_build_array(e.value -> 'term'), NULL) a
		  JOIN erp_private.transfer_columns($1, $3, $4, e.value ->> 'by') c ON c.column_no = a.column_no
		 WHERE e.value ->> 'term' IS NOT NULL AND e.value ->> 'by' IS NOT NULL AND c.value_code IS NOT NULL
		UNION ALL
		SELECT v.code, q.quantity
		  FROM erp.dimension d
		  JOIN erp.dimension_value v ON v.company_id = $1 AND v.dimension_id = d.dimension_id
		 CROSS JOIN LATERAL (SELECT f.quantity FROM erp.allocation_quantity f
		                      WHERE f.company_id = $1 AND f.measure = e.value ->> 'measure' AND f.dimension_value_id = v.dimension_value_id AND f.first_day <= $4 ORDER BY f.first_day DESC LIMIT 1) q
		 WHERE d.company_id = $1 AND d.code = e.value ->> 'by' AND e.value ->> 'measure' IS NOT NULL) w
	 WHERE w.weight <> 0
$function$;
COMMENT ON FUNCTION erp_private.allocation_weights(integer, jsonb, date, date) IS
	'The targets of an allocation for a period with what each counts: its share, what a term comes to, or the quantity in force on the last day; by a dimension a row for each value. What counts zero is left out.';

CREATE FUNCTION erp_private.allocation_sources(company_id integer, source jsonb, first_day date, last_day date)
	RETURNS TABLE (account_code text, amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH account AS MATERIALIZED (
		SELECT a.code, row_number() OVER (ORDER BY a.code COLLATE "C") AS n
		  FROM erp_private.term_accounts($1, jsonb_build_array($2)) t JOIN erp.account a ON a.company_id = $1 AND a.account_id = t.account_id WHERE a.postable
	)
	SELECT a.code, round(t.amount, m.decimals)
	  FROM erp_private.term_amounts($1, $3, $4, (SELECT COALESCE(jsonb_agg($2 || jsonb_build_object('side', 'debit', 'accounts', jsonb_build_array(o.code)) ORDER BY o.n), '[]') FROM account o)) t
	  JOIN account a ON a.n = t.term_no
	  JOIN erp_private.company_money m ON m.company_id = $1
	 WHERE t.amount <> 0
$function$;
COMMENT ON FUNCTION erp_private.allocation_sources(integer, jsonb, date, date) IS
	'What each account of the source of an allocation gives up in a period, debit positive, in the company''s currency.';

CREATE FUNCTION erp_private.allocation_lines(company_id integer, allocation_id integer, first_day date, last_day date) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	said record;
	decimals integer := (SELECT m.decimals FROM erp_private.company_money m WHERE m.company_id = $1);
	weights numeric[];
	targets jsonb[];
BEGIN
	SELECT a.code, a.source, a.targets INTO said FROM erp.allocation a WHERE a.company_id = $1 AND a.allocation_id = $2;
	IF NOT EXISTS (SELECT 1 FROM erp_private.allocation_sources($1, said.source, $3, $4)) THEN
		RETURN NULL;
	END IF;
	SELECT array_agg(w.weight ORDER BY w.target_no, w.value_code), array_agg(w.target ORDER BY w.target_no, w.value_code) INTO weights, targets
	  FROM erp_private.allocation_weights($1, said.targets, $3, $4) w;
	IF COALESCE((SELECT sum(w.weight) FROM unnest(weights) AS w (weight)), 0) = 0 THEN
		PERFORM erp_private.refuse('LE325', format('what allocation "%s" goes by adds up to zero', said.code), '$.period', said.code, 'Give shares or quantities, or deactivate it for the period.');
	END IF;
	RETURN (
		SELECT jsonb_agg(erp_private.filled_entry(l.entry, l.amount, erp_private.day_values($4)) ORDER BY l.account_code COLLATE "C", l.n)
		  FROM (
			SELECT s.account_code, 0 AS n, jsonb_build_object('account', s.account_code, 'side', 'credit', 'dimensions', said.source -> 'dimensions') AS entry, s.amount
			  FROM erp_private.allocation_sources($1, said.source, $3, $4) s
			UNION ALL
			SELECT s.account_code, p.n, jsonb_build_object('account', s.account_code) || jsonb_strip_nulls(targets[p.n]) || jsonb_build_object('side', 'debit'), p.part
			  FROM erp_private.allocation_sources($1, said.source, $3, $4) s
			 CROSS JOIN LATERAL unnest(erp.allocate(s.amount, weights, decimals)) WITH ORDINALITY AS p (part, n)) l
		 WHERE l.amount <> 0);
END
$function$;
COMMENT ON FUNCTION erp_private.allocation_lines(integer, integer, date, date) IS
	'The lines of the voucher of an allocation for a period: each account of its source is credited, the targets debited with its parts by largest remainder; null where there is nothing to allocate. Raises LE325 where what it goes by adds up to zero.';

CREATE FUNCTION erp_private.lock_run_allocations(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_run_of_period($1, $2); END $function$;
COMMENT ON FUNCTION erp_private.lock_run_allocations(integer, jsonb) IS 'Takes what erp.run_allocations() waits for.';

CREATE FUNCTION erp_private.run_allocations_of(company_id integer, document_id bigint, key text, first_day date, last_day date, codes text[]) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	allocation record;
	lines jsonb;
	answer jsonb := jsonb '[]';
BEGIN
	FOR allocation IN
		SELECT t.*, ARRAY(SELECT o.code FROM erp.allocation o WHERE o.company_id = $1 AND (o.rank, o.code) > (t.rank, t.code)) AS later
		  FROM erp.allocation t
		 WHERE t.company_id = $1 AND t.active AND ($6 IS NULL OR t.code = ANY ($6))
		   AND NOT EXISTS (SELECT 1 FROM erp_private.standing_posting s WHERE s.company_id = $1 AND s.origin = 'allocation' AND s.code = t.code AND s.day = $5)
		 ORDER BY t.rank, t.code
	LOOP
		lines := erp_private.allocation_lines($1, allocation.allocation_id, $4, $5);
		CONTINUE WHEN lines IS NULL;
		PERFORM erp_private.check_run_order($1, 'allocation', allocation.code, $5, allocation.later);
		answer := answer || erp_private.generate_vouchers($1, $2, $3, 'allocation', jsonb_build_array(jsonb_build_object('code', allocation.code, 'day', $5, 'document',
			jsonb_build_object('kind', 'cost_allocation', 'day', $5, 'reference', allocation.code, 'description', allocation.name || ' ' || to_char($5, 'YYYY-MM'), 'lines', lines))));
	END LOOP;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.run_allocations_of(integer, bigint, text, date, date, text[]) IS
	'Runs allocations (codes; null: all) for a period in their order, in the name of the call and under keys that begin with this one; those that stand for it or have nothing to allocate post nothing.';

CREATE FUNCTION erp_private.run_allocations(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	days record;
	codes text[];
BEGIN
	PERFORM erp_private.check_object(request, '{"period": "code!", "allocations": "list"}');
	days := erp_private.period_days($1, request);
	codes := erp_private.named_codes(request, 'allocations', ARRAY(SELECT t.code FROM erp.allocation t WHERE t.company_id = $1), 'allocation', 'Add it with erp.put_allocations().');
	RETURN jsonb_build_object('posted', erp_private.run_allocations_of($1, $2, erp_private.call_key($1, $2), days.first_day, days.last_day, codes));
END
$function$;
COMMENT ON FUNCTION erp_private.run_allocations(integer, bigint, jsonb) IS 'Does what erp.run_allocations() says.';

CREATE FUNCTION erp.put_allocations(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_allocations(text, text, json) IS
	'Adds or changes allocations of costs. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "order" (lower ones run first; what they post is seen by the later ones), "source" (a balance term, see erp.put_transfer_templates(): each of its accounts is credited with what the term says of it, with the term''s dimensions), "targets": [{"account"? (default that of the source), "dimensions"?, "party"?, "summary"?, and "share" (a number), or "term" (a balance term that says how much it counts), or "by" (a dimension: each of its values takes a part, with that value) with "term" (of each value) or "measure" (quantities of erp.put_allocation_quantities())}], "active"?}]. What each account gives up is parted by largest remainder: the parts add up to it; of a dozen accounts each is parted by itself. Each is written as given; what is left out is as by default. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown account, dimension, value or party, LE320 for a name in braces that is not known.';

CREATE FUNCTION erp.put_allocation_quantities(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_allocation_quantities(text, text, json) IS
	'Says by which quantities costs are allocated, such as heads or square metres. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"measure" (its name), "dimension", "value", "from" (day from which it holds, until the next one of the same value), "quantity" (0: none)}]. A period goes by what holds on its last day. Returns {"written"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown value.';

CREATE FUNCTION erp.run_allocations(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.run_allocations(text, text, json) IS
	'Allocates costs for a period, in their order, each allocation once: a cost_allocation of its last day, of the key KEY/1, KEY/2 and so on. What it posted is taken back by reversing its document, and then it may run again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"period" (code), "allocations"? (codes, default all that are active)}. erp.dry_run() shows what it would post: {"call": "run_allocations", "request": {...}}. Returns {"posted": [{"code", "day", "voucher" (its key), "document_id", "voucher_id", "number"}]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of the posting (erp.post_document()); LE012 also for an unknown period or allocation, LE325 where what one goes by adds up to zero, LE326 where a later one of the order stands for the period.';
