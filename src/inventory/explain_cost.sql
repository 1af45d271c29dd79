-- inventory: from a cost to what it came from, by look-ups of single moves.

-- Inlined where they are called, so without a search_path of their own: every name is qualified.
CREATE FUNCTION erp_private.pool_receipts(company_id integer, move_id bigint)
	RETURNS TABLE (receipt_move_id bigint, quantity numeric, amount numeric)
	LANGUAGE sql STABLE
AS $function$
	SELECT k.move_id, k.quantity + COALESCE(b.quantity, 0), v.amount + COALESCE(b.amount, 0)
	  FROM erp.stock_move m
	  JOIN erp.stock_move k ON k.company_id = m.company_id AND k.item_id = m.item_id AND k.cost_pool_id = m.cost_pool_id AND k.quantity > 0
	   AND (k.day, k.time_of_day, k.move_id) < (m.day, m.time_of_day, m.move_id)
	 CROSS JOIN LATERAL (SELECT pg_catalog.sum(e.amount) AS amount FROM erp.cost_entry e WHERE e.company_id = k.company_id AND e.move_id = k.move_id) v
	  LEFT JOIN LATERAL (
		SELECT pg_catalog.sum(r.quantity) AS quantity, pg_catalog.sum((SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = r.company_id AND e.move_id = r.move_id)) AS amount
		  FROM erp.stock_move r
		 WHERE r.company_id = k.company_id AND r.origin_move_id = k.move_id AND r.quantity < 0 AND r.origin_move_id <> 0
		   AND (r.day, r.time_of_day, r.move_id) < (m.day, m.time_of_day, m.move_id)
	  ) b ON true
	 WHERE m.company_id = $1 AND m.move_id = $2
	 ORDER BY k.day, k.time_of_day, k.move_id
$function$;
COMMENT ON FUNCTION erp_private.pool_receipts(integer, bigint) IS 'What came into the pool of an issue before it, less what was taken back.';

CREATE FUNCTION erp_private.component_moves(company_id integer, move_id bigint)
	RETURNS TABLE (component_move_id bigint, quantity numeric, amount numeric)
	LANGUAGE sql STABLE
AS $function$
	SELECT k.move_id, -k.quantity, -v.amount
	  FROM (SELECT f.document_id, f.line_no FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = $2 AND f.quantity > 0 OFFSET 0) m
	 CROSS JOIN LATERAL (SELECT f.target_document_id FROM erp.document_link f
			WHERE f.company_id = $1 AND f.document_id = m.document_id AND f.line_no = m.line_no AND f.link = 'made_from' OFFSET 0) l
	 CROSS JOIN LATERAL (SELECT f.move_id, f.quantity FROM erp.stock_move f
			WHERE f.company_id = $1 AND f.document_id = l.target_document_id AND f.quantity < 0 OFFSET 0) k
	 CROSS JOIN LATERAL (SELECT pg_catalog.sum(e.amount) AS amount FROM erp.cost_entry e WHERE e.company_id = $1 AND e.move_id = k.move_id) v
	 ORDER BY k.move_id
$function$;
COMMENT ON FUNCTION erp_private.component_moves(integer, bigint) IS 'What a product was made of: the moves of the components of its document, or of the production issues that it took over, and what they cost; no rows for other moves.';

-- What a move's cost is made of: moves that it draws on, the entries that give it a cost of its own, the components of a product,
-- or the receipts of its pool. The last two are shared out. Where FIFO begins anew, a move of value alone is a layer of what was
-- there: it draws on that as an issue does. What a product was worth when it was made is its first entry.
CREATE FUNCTION erp_private.cost_parts(company_id integer, move_id bigint, decimals integer)
	RETURNS TABLE (part_no bigint, source_move_id bigint, cause text, voucher_id bigint, quantity numeric, amount numeric, proportional boolean)
	LANGUAGE sql STABLE
AS $function$
	WITH entry AS MATERIALIZED (
		SELECT g.*, m.outgoing, g.source = 0 AND (m.outgoing OR g.cause IN ('production', 'replay') AND pg_catalog.bool_or(g.cause = 'production') OVER ()) AS shared
		  FROM (SELECT f.quantity <= 0 AS outgoing FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = $2 OFFSET 0) m
		 CROSS JOIN LATERAL (
			SELECT e.source_move_id AS source, CASE e.source_move_id WHEN 0 THEN e.cause END AS cause, CASE e.source_move_id WHEN 0 THEN e.voucher_id END AS voucher_id,
				pg_catalog.abs(pg_catalog.sum(e.quantity)) AS quantity, CASE WHEN m.outgoing THEN -pg_catalog.sum(e.amount) ELSE pg_catalog.sum(e.amount) END AS amount,
				pg_catalog.min(e.entry_no)::bigint AS entry_no
			  FROM erp.cost_entry e
			 WHERE e.company_id = $1 AND e.move_id = $2 AND e.source_move_id <> $2
			 GROUP BY 1, 2, 3
			HAVING pg_catalog.sum(e.amount) <> 0) g
	), due AS MATERIALIZED (
		SELECT pg_catalog.sum(e.amount) AS amount, pg_catalog.bool_and(e.outgoing) AS outgoing, pg_catalog.max(e.voucher_id) FILTER (WHERE e.cause = 'production') AS made_by
		  FROM entry e
		 WHERE e.shared
		HAVING pg_catalog.sum(e.amount) <> 0
	), origin AS MATERIALIZED (
		SELECT d.*, o.ids, o.quantities, o.amounts, o.total
		  FROM due d
		 CROSS JOIN LATERAL (
			SELECT pg_catalog.array_agg(r.id) AS ids, pg_catalog.array_agg(r.quantity) AS quantities, pg_catalog.array_agg(r.amount) AS amounts, pg_catalog.sum(r.amount) AS total
			  FROM (
				SELECT p.receipt_move_id AS id, p.quantity, p.amount FROM erp_private.pool_receipts($1, $2) p WHERE d.outgoing
				UNION ALL
				SELECT c.component_move_id, c.quantity, c.amount FROM erp_private.component_moves($1, $2) c WHERE NOT d.outgoing) r
			 WHERE r.amount <> 0) o
	)
	SELECT e.entry_no, e.source, e.cause, e.voucher_id, e.quantity, e.amount, false FROM entry e WHERE NOT e.shared
	UNION ALL
	SELECT 1::bigint << 32 | s.no, s.id, NULL, NULL, s.quantity * o.amount / o.total, s.amount, o.outgoing OR o.amount <> o.total
	  FROM origin o
	 CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(o.ids), pg_catalog.unnest(o.quantities),
			pg_catalog.unnest(CASE WHEN o.total <> 0 THEN erp.allocate(o.amount, o.amounts, $3) END)) WITH ORDINALITY AS s (id, quantity, amount, no)
	 WHERE o.total <> 0
	UNION ALL
	SELECT 1::bigint << 32, 0, 'production', o.made_by, NULL, o.amount, false FROM origin o WHERE COALESCE(o.total, 0) = 0 AND NOT o.outgoing
$function$;
COMMENT ON FUNCTION erp_private.cost_parts(integer, bigint, integer) IS
	'The parts of a move''s cost, which add up to it, in the order of part_no: source_move_id of what it draws on, or 0 with the cause and voucher of an entry that gives it a cost of its own. Of a product, its components, in proportion to their value where it has a share of them. Of an average pool, which keeps no layers, the receipts that came into it before, in proportion to their value.';

-- A statement that goes from level to level: every step is a look-up, and its plan is kept.
CREATE FUNCTION erp_private.explain_move(company_id integer, move_id bigint, quantity numeric, amount numeric, decimals integer)
	RETURNS TABLE (path integer[], part_move_id bigint, cause text, voucher_id bigint, part_quantity numeric, part_amount numeric, proportional boolean)
	LANGUAGE sql STABLE
AS $function$
	WITH RECURSIVE part AS (
		SELECT ARRAY[]::integer[] AS path, $2 AS move_id, true AS draws, NULL::text AS cause, NULL::bigint AS voucher_id, $3 AS quantity, $4 AS amount, false AS proportional
		UNION ALL
		SELECT p.path || s.no::integer, CASE s.source WHEN 0 THEN p.move_id ELSE s.source END, s.source <> 0, s.cause, s.voucher_id,
			CASE WHEN s.source <> 0 THEN pg_catalog.round(s.quantity * p.quantity / w.quantity, 6) END, s.amount,
			p.proportional OR s.proportional OR p.amount <> t.total AND pg_catalog.cardinality(t.amounts) > 1
		  FROM part p
		 CROSS JOIN LATERAL (
			SELECT CASE WHEN m.quantity <> 0 THEN pg_catalog.abs(m.quantity) ELSE (SELECT pg_catalog.sum(e.quantity) FROM erp.cost_entry e
				WHERE e.company_id = $1 AND e.move_id = p.move_id AND e.source_move_id = p.move_id) END AS quantity
			  FROM erp.stock_move m
			 WHERE m.company_id = $1 AND m.move_id = p.move_id
			OFFSET 0) w
		 CROSS JOIN LATERAL (
			SELECT pg_catalog.array_agg(c.source_move_id) AS sources, pg_catalog.array_agg(c.cause) AS causes, pg_catalog.array_agg(c.voucher_id) AS vouchers,
				pg_catalog.array_agg(c.quantity) AS quantities, pg_catalog.array_agg(c.amount) AS amounts, pg_catalog.array_agg(c.proportional) AS proportional, pg_catalog.sum(c.amount) AS total
			  FROM (SELECT x.* FROM erp_private.cost_parts($1, p.move_id, $5) x ORDER BY x.part_no) c) t
		 CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(t.sources), pg_catalog.unnest(t.causes), pg_catalog.unnest(t.vouchers), pg_catalog.unnest(t.quantities), pg_catalog.unnest(t.proportional),
				pg_catalog.unnest(CASE WHEN p.amount = t.total THEN t.amounts WHEN t.total <> 0 THEN erp.allocate(p.amount, t.amounts, $5) END))
			WITH ORDINALITY AS s (source, cause, voucher_id, quantity, proportional, amount, no)
		 WHERE p.draws AND p.amount <> 0 AND t.total <> 0 AND pg_catalog.cardinality(p.path) <= 200
	)
	SELECT p.path, p.move_id, p.cause, p.voucher_id, p.quantity, p.amount, p.proportional FROM part p
$function$;
COMMENT ON FUNCTION erp_private.explain_move(integer, bigint, numeric, numeric, integer) IS
	'So much of a move''s cost (an empty path), its parts, and their parts; those of one level add up to what is above them by largest remainder.';

CREATE FUNCTION erp_private.explain_line(company text, asked_key text, asked_line_no integer)
	RETURNS TABLE (depth integer, path integer[], item_code text, document_kind text, document_key text, line_no integer, day date,
		cause text, quantity numeric, amount numeric, proportional boolean)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
	SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT cardinality(p.path), p.path, i.code, d.kind, d.key, CASE WHEN d.document_id = m.document_id THEN m.line_no END, d.posting_day,
		p.cause, p.part_quantity, round(p.part_amount, s.decimals), p.proportional
	  FROM (
		SELECT c.company_id, c.decimals::integer AS decimals, m.move_id, abs(m.quantity) AS quantity, sign(m.quantity) * v.amount AS amount
		  FROM erp_private.company_money c
		 CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document f WHERE f.company_id = c.company_id AND f.key = $2 OFFSET 0) d
		 CROSS JOIN LATERAL (SELECT f.move_id, f.quantity FROM erp.stock_move f
				WHERE f.company_id = c.company_id AND f.document_id = d.document_id AND f.line_no = $3 AND f.leg = 1 OFFSET 0) m
		 CROSS JOIN LATERAL (SELECT sum(e.amount) AS amount FROM erp.cost_entry e WHERE e.company_id = c.company_id AND e.move_id = m.move_id) v
		 WHERE c.company = $1
		OFFSET 0) s
	 CROSS JOIN LATERAL erp_private.explain_move(s.company_id, s.move_id, s.quantity, s.amount, s.decimals) p
	 CROSS JOIN LATERAL (SELECT f.item_id, f.document_id, f.line_no FROM erp.stock_move f WHERE f.company_id = s.company_id AND f.move_id = p.part_move_id OFFSET 0) m
	 CROSS JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = s.company_id AND f.item_id = m.item_id OFFSET 0) i
	 CROSS JOIN LATERAL (SELECT f.document_id, f.kind, f.key, f.posting_day FROM erp.document f
			WHERE f.company_id = s.company_id AND f.document_id = COALESCE(NULLIF(p.voucher_id, 0), m.document_id) OFFSET 0) d
	 ORDER BY p.path;
END
$function$;
COMMENT ON FUNCTION erp_private.explain_line(text, text, integer) IS 'The rows of erp.explain_cost(), in the order of their path.';

CREATE FUNCTION erp.explain_cost(company text, document_key text, line_no integer)
	RETURNS TABLE (depth integer, path integer[], item_code text, document_kind text, document_key text, line_no integer, day date,
		cause text, quantity numeric, amount numeric, proportional boolean)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT l.* FROM erp_private.explain_line($1, $2, $3) l
$function$;
COMMENT ON FUNCTION erp.explain_cost(text, text, integer) IS
	'Where the cost of a line''s goods comes from, down to receipts, landed costs, bills and amendments. company, document_key: codes; line_no: of a line that moved goods. Returns a row for the line (depth 0) and for each part of a row above it (depth one more, path: the number of the part at each depth): what it draws on (cause null), or an entry that gives goods a cost of their own (cause as in erp.cost_explanation, and the document that brought it); item, document, line (null where the document is not that of the goods) and day; quantity that is drawn on, in the item''s unit, 6 decimals, null for an entry; amount in the company''s currency: the parts of a row add up to it; proportional: the amount is a share by largest remainder and no entry of its own. What a product cost leads to its components, in its share. Goods of a FIFO layer are drawn on by entries; those of an average pool have no layers, so they are shown in proportion to what came into it before. No rows for an unknown company, document or line.';
