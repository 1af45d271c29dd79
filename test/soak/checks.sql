-- What the soak test asks of the books once all sessions are through.

-- The refusals that a call may meet: each has a reason that the caller can mend.
CREATE FUNCTION soak.is_expected(p_function text, p_mode text, p_outcome text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
		WHEN p_function LIKE 'attack%' THEN p_outcome ~ '^(LE060|LE061|55P03)$'
		WHEN p_outcome IN ('done', 'rolled back') THEN true
		WHEN p_mode = 'statement timeout' AND p_outcome = '57014' OR p_mode = 'lock timeout' AND p_outcome = '55P03' THEN true
		-- What writes an event notifies whoever listens, which the server does not prepare: money, master data, freed reservations.
		WHEN p_mode = 'prepared' AND p_outcome = '0A000' THEN p_function ~ '^(post_document|reverse_document|settle|unsettle|put_)'
		WHEN p_function IN ('seal_documents', 'assign_numbers', 'fold_balances', 'verify_chain', 'check_integrity') THEN false
		-- LE012: what is named was rolled back; LE020: the key was used with another request; LE19n: what is made of others, or costs more later, stands or does not;
		-- LE051: what a line names was rolled back or is later; LE21n: the method was changed for a later day, or less is out, withdrawn or pending than is named.
		ELSE p_outcome ~ '^LE(011|012|020|030|032|040|05[0-2]|09[0-5]|19[0-26]|194|21[01346-9])$'
	END
$$;

-- Each key with what its calls were answered; a call of many documents has as many.
CREATE FUNCTION soak.key_outcomes(p_company text) RETURNS TABLE (key text, is_done boolean, results bigint)
LANGUAGE sql STABLE AS $$
	SELECT k.key, bool_or(o.outcome = 'done'), count(DISTINCT o.result::jsonb) FILTER (WHERE o.outcome = 'done')
	FROM soak.outcome o, LATERAL (
		SELECT o.key WHERE o.function <> 'post_documents'
		UNION ALL
		SELECT d ->> 'key' FROM json_array_elements(CASE o.function WHEN 'post_documents' THEN o.request ELSE '[]' END::json) d) k
	WHERE o.company = p_company AND o.function ~ '^(post_|reverse_|settle|unsettle|set_|put_|change_)'
	GROUP BY k.key
$$;

-- Nothing acknowledged is lost, nothing else is there, and each has its one result.
CREATE FUNCTION soak.lost_keys(p_company text) RETURNS TABLE (what text, place text)
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN d.key IS NULL THEN 'acknowledged, but not there' WHEN NOT k.is_done THEN 'there, but never acknowledged' ELSE 'acknowledged with several results' END, k.key
	FROM soak.key_outcomes(p_company) k
	LEFT JOIN (SELECT d.key FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = p_company) d USING (key)
	WHERE k.is_done <> (d.key IS NOT NULL) OR k.results > 1
$$;

-- The same of calls on reservations, whose keys are a space of their own.
CREATE FUNCTION soak.lost_reservations(p_company text) RETURNS TABLE (what text, place text)
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN r.key IS NULL THEN 'acknowledged, but not reserved' WHEN NOT o.is_done THEN 'reserved, but never acknowledged' ELSE 'acknowledged with several results' END, o.key
	FROM (SELECT key, bool_or(outcome = 'done') AS is_done, count(DISTINCT result::jsonb) FILTER (WHERE outcome = 'done') AS results
		FROM soak.outcome WHERE company = p_company AND function IN ('reserve', 'release') GROUP BY key) o
	LEFT JOIN (SELECT r.key FROM erp.reservation_call r JOIN erp.company c USING (company_id) WHERE c.code = p_company) r USING (key)
	WHERE o.is_done <> (r.key IS NOT NULL) OR o.results > 1
$$;

-- Nothing is promised twice, without what the engine keeps of stock: what is reserved of a place against its moves, and what a demand
-- was acknowledged to have against what of it stands, was shipped, given back or lost.
CREATE FUNCTION soak.promised_twice(p_company text) RETURNS TABLE (what text, place text)
LANGUAGE sql STABLE AS $$
	SELECT 'reserved beyond what the moves leave', format('item %s, warehouse %s, location %s: reserved %s, moves %s', r.item_id, r.warehouse_id, r.location_id, r.quantity, m.quantity)
	FROM (SELECT company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id, sum(quantity) AS quantity
		FROM erp.reservation WHERE claim = 'stock' GROUP BY 1, 2, 3, 4, 5, 6, 7) r
	JOIN erp.company c USING (company_id)
	LEFT JOIN (SELECT company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id, sum(quantity) AS quantity FROM erp.stock_move GROUP BY 1, 2, 3, 4, 5, 6, 7) m
		USING (company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id)
	WHERE c.code = p_company AND r.quantity > greatest(coalesce(m.quantity, 0), 0)
	UNION ALL
	SELECT 'a demand has not what was acknowledged', format('%s: acknowledged %s, stands %s, gone %s', a.demand, a.quantity, r.quantity, g.quantity)
	FROM (SELECT o.key AS demand, sum((l ->> 'reserved')::numeric) AS quantity
		FROM (SELECT DISTINCT key, result::jsonb FROM soak.outcome WHERE company = p_company AND function = 'reserve' AND outcome = 'done') o (key, result), jsonb_array_elements(o.result -> 'lines') l GROUP BY 1) a
	JOIN erp.company c ON c.code = p_company
	LEFT JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS quantity FROM erp.reservation WHERE company_id = c.company_id AND demand = a.demand OFFSET 0) r ON true
	LEFT JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS quantity FROM erp.reservation_change
		WHERE company_id = c.company_id AND demand = a.demand AND change IN ('released', 'expired', 'consumed', 'freed') OFFSET 0) g ON true
	WHERE a.quantity <> r.quantity + g.quantity
$$;

-- Numbers run from 1 without a gap, each invoice has its own, and after assign_numbers() each voucher.
CREATE FUNCTION soak.number_gaps(p_company text) RETURNS TABLE (what text, place text)
LANGUAGE sql STABLE AS $$
	SELECT 'gap in a series', format('%s %s: %s numbers from %s to %s', s.code, n.scope_value, count(*), min(n.number), max(n.number))
	FROM erp.company c JOIN erp.series s USING (company_id) JOIN erp.assigned_number n USING (company_id, series_id)
	WHERE c.code = p_company
	GROUP BY s.code, n.scope_value HAVING min(n.number) <> 1 OR max(n.number) <> count(*) OR count(DISTINCT n.number) <> count(*)
	UNION ALL
	SELECT 'invoice without a number', d.key
	FROM erp.company c JOIN erp.document d USING (company_id)
	WHERE c.code = p_company AND d.kind = 'sales_invoice' AND NOT EXISTS (
		SELECT FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id)
		WHERE n.company_id = d.company_id AND n.document_id = d.document_id AND s.target = 'sales_invoice')
	UNION ALL
	SELECT 'voucher without a number', v.voucher_id::text
	FROM erp.company c JOIN erp.voucher v USING (company_id)
	WHERE c.code = p_company AND NOT EXISTS (SELECT FROM erp.assigned_number n WHERE n.company_id = v.company_id AND n.voucher_id = v.voucher_id)
	UNION ALL
	SELECT 'document without a seal', d.key
	FROM erp.company c JOIN erp.document d USING (company_id)
	WHERE c.code = p_company AND NOT EXISTS (SELECT FROM erp.seal s WHERE s.company_id = d.company_id AND s.document_id = d.document_id)
$$;

-- Every violation after a round; none when all is well.
CREATE FUNCTION soak.violations(p_company text) RETURNS TABLE (what text, place text)
LANGUAGE sql STABLE AS $$
	SELECT 'unexpected answer', format('%s of %s (%s), %s times, as %s %s: %s', outcome, function, mode, count(*), min(key), min(request), min(result))
	FROM soak.outcome WHERE company = p_company AND NOT soak.is_expected(function, mode, outcome) GROUP BY outcome, function, mode
	UNION ALL
	SELECT function || ' under load', result FROM soak.outcome
	WHERE company = p_company AND function IN ('verify_chain', 'check_integrity') AND outcome = 'done' AND result IS NOT NULL
	UNION ALL
	SELECT * FROM soak.lost_keys(p_company)
	UNION ALL
	SELECT * FROM soak.lost_reservations(p_company)
	UNION ALL
	SELECT * FROM soak.promised_twice(p_company)
	UNION ALL
	SELECT * FROM soak.number_gaps(p_company)
	UNION ALL
	SELECT 'integrity', i::text FROM erp.check_integrity() i
	UNION ALL
	SELECT 'chain', v::text FROM erp.verify_chain(p_company) v
$$;

-- What was acknowledged, asked for again, has its first result; of keys that begin so.
CREATE FUNCTION soak.other_results(p_company text, p_prefix text) RETURNS TABLE (key text, first_result text, now text)
LANGUAGE sql AS $$
	SELECT o.key, o.result, r.result::text
	FROM (SELECT DISTINCT ON (key) * FROM soak.outcome WHERE company = p_company AND outcome = 'done' AND function ~ '^(post_|reverse_|settle|unsettle|set_|put_|change_|reserve|release)'
		AND starts_with(key, p_prefix) ORDER BY key) o, LATERAL (SELECT soak.call(o.company, o.function, o.key, o.request) OFFSET 0) r (result)
	WHERE r.result IS DISTINCT FROM o.result::jsonb
$$;
