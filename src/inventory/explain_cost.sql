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
-- or the receipts of its pool. The last two are shared out.
CREATE FUNCTION erp_private.cost_parts(company_id integer, move_id bigint)
	RETURNS TABLE (source_move_id bigint, cause text, voucher_id bigint, quantity numeric, amount numeric, proportional boolean)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	-- Where FIFO begins anew, a move of value alone is a layer of what was there: it draws on that as an issue does.
	outgoing boolean := (SELECT m.quantity <= 0 FROM erp.stock_move m WHERE m.company_id = $1 AND m.move_id = $2);
	made boolean := false;
	made_by bigint;
	shared numeric := 0;
	entry record;
	parts record;
BEGIN
	-- What a product was worth when it was made is its first entry.
	FOR entry IN
		SELECT e.source_move_id AS source, CASE e.source_move_id WHEN 0 THEN e.cause END AS cause, CASE e.source_move_id WHEN 0 THEN e.voucher_id END AS voucher_id,
			abs(sum(e.quantity)) AS quantity, CASE WHEN outgoing THEN -sum(e.amount) ELSE sum(e.amount) END AS amount
		  FROM erp.cost_entry e
		 WHERE e.company_id = $1 AND e.move_id = $2 AND e.source_move_id <> $2
		 GROUP BY 1, 2, 3
		HAVING sum(e.amount) <> 0
		 ORDER BY min(e.entry_no)
	LOOP
		IF entry.cause = 'production' THEN
			made := true;
			made_by := entry.voucher_id;
		END IF;
		IF entry.source = 0 AND (outgoing OR made AND entry.cause IN ('production', 'replay')) THEN
			shared := shared + entry.amount;
			CONTINUE;
		END IF;
		source_move_id := entry.source;
		cause := entry.cause;
		voucher_id := entry.voucher_id;
		quantity := entry.quantity;
		amount := entry.amount;
		proportional := false;
		RETURN NEXT;
	END LOOP;
	IF shared = 0 THEN
		RETURN;
	ELSIF outgoing THEN
		SELECT array_agg(r.receipt_move_id) AS ids, array_agg(r.quantity) AS quantities, array_agg(r.amount) AS amounts, sum(r.amount) AS total INTO parts
		  FROM erp_private.pool_receipts($1, $2) r WHERE r.amount <> 0;
	ELSE
		SELECT array_agg(r.component_move_id) AS ids, array_agg(r.quantity) AS quantities, array_agg(r.amount) AS amounts, sum(r.amount) AS total INTO parts
		  FROM erp_private.component_moves($1, $2) r WHERE r.amount <> 0;
	END IF;
	IF COALESCE(parts.total, 0) <> 0 THEN
		RETURN QUERY
		SELECT s.id, NULL::text, NULL::bigint, s.quantity * shared / parts.total, s.amount, outgoing OR shared <> parts.total
		  FROM unnest(parts.ids, parts.quantities, erp.allocate(shared, parts.amounts,
				(SELECT c.decimals FROM erp_private.company_money c WHERE c.company_id = $1))) AS s (id, quantity, amount);
	ELSIF made THEN
		RETURN QUERY VALUES (0::bigint, 'production', made_by, NULL::numeric, shared, false);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.cost_parts(integer, bigint) IS
	'The parts of a move''s cost, which add up to it: source_move_id of what it draws on, or 0 with the cause and voucher of an entry that gives it a cost of its own. Of a product, its components, in proportion to their value where it has a share of them. Of an average pool, which keeps no layers, the receipts that came into it before, in proportion to their value.';

CREATE FUNCTION erp_private.explain_move(company_id integer, move_id bigint, quantity numeric, amount numeric, decimals integer, path integer[], proportional boolean)
	RETURNS TABLE (part_path integer[], part_move_id bigint, cause text, voucher_id bigint, part_quantity numeric, part_amount numeric, part_proportional boolean)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	parts record;
	whole numeric := (SELECT CASE WHEN m.quantity <> 0 THEN abs(m.quantity) ELSE (SELECT sum(e.quantity) FROM erp.cost_entry e
		WHERE e.company_id = $1 AND e.move_id = $2 AND e.source_move_id = $2) END FROM erp.stock_move m WHERE m.company_id = $1 AND m.move_id = $2);
	shares numeric[];
	is_share boolean;
BEGIN
	SELECT array_agg(p.source_move_id) AS sources, array_agg(p.cause) AS causes, array_agg(p.voucher_id) AS vouchers, array_agg(p.quantity) AS quantities,
		array_agg(p.amount) AS amounts, array_agg(p.proportional) AS proportional, sum(p.amount) AS total INTO parts
	  FROM erp_private.cost_parts($1, $2) p;
	IF COALESCE(parts.total, 0) = 0 OR $4 = 0 OR cardinality($6) > 200 THEN
		RETURN;
	END IF;
	is_share := $4 <> parts.total AND cardinality(parts.amounts) > 1;
	shares := CASE WHEN $4 = parts.total THEN parts.amounts ELSE erp.allocate($4, parts.amounts, $5) END;
	FOR i IN 1 .. cardinality(shares) LOOP
		part_path := $6 || i;
		part_move_id := CASE parts.sources[i] WHEN 0 THEN $2 ELSE parts.sources[i] END;
		cause := parts.causes[i];
		voucher_id := parts.vouchers[i];
		part_quantity := CASE WHEN parts.sources[i] <> 0 THEN round(parts.quantities[i] * $3 / whole, 6) END;
		part_amount := shares[i];
		part_proportional := $7 OR is_share OR parts.proportional[i];
		RETURN NEXT;
		IF parts.sources[i] <> 0 THEN
			RETURN QUERY SELECT * FROM erp_private.explain_move($1, parts.sources[i], part_quantity, shares[i], $5, part_path, part_proportional);
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.explain_move(integer, bigint, numeric, numeric, integer, integer[], boolean) IS
	'The parts of so much of a move''s cost, and their parts; those of one level add up to it by largest remainder.';

CREATE FUNCTION erp.explain_cost(company text, document_key text, line_no integer)
	RETURNS TABLE (depth integer, path integer[], item_code text, document_kind text, document_key text, line_no integer, day date,
		cause text, quantity numeric, amount numeric, proportional boolean)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
	SET plan_cache_mode = force_generic_plan
AS $function$
	WITH start AS MATERIALIZED (
		SELECT c.company_id, c.decimals::integer AS decimals, m.move_id, abs(m.quantity) AS quantity, sign(m.quantity) * v.amount AS amount
		  FROM erp_private.company_money c
		 CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document f WHERE f.company_id = c.company_id AND f.key = $2 OFFSET 0) d
		 CROSS JOIN LATERAL (SELECT f.move_id, f.quantity FROM erp.stock_move f
				WHERE f.company_id = c.company_id AND f.document_id = d.document_id AND f.line_no = $3 AND f.leg = 1 OFFSET 0) m
		 CROSS JOIN LATERAL (SELECT sum(e.amount) AS amount FROM erp.cost_entry e WHERE e.company_id = c.company_id AND e.move_id = m.move_id) v
		 WHERE c.company = $1
	), part AS (
		SELECT s.company_id, s.decimals, ARRAY[]::integer[] AS path, s.move_id, NULL::text AS cause, NULL::bigint AS voucher_id, s.quantity, s.amount, false AS proportional
		  FROM start s
		UNION ALL
		SELECT s.company_id, s.decimals, p.part_path, p.part_move_id, p.cause, p.voucher_id, p.part_quantity, p.part_amount, p.part_proportional
		  FROM start s
		 CROSS JOIN LATERAL erp_private.explain_move(s.company_id, s.move_id, s.quantity, s.amount, s.decimals, ARRAY[]::integer[], false) p
	)
	SELECT cardinality(p.path), p.path, i.code, d.kind, d.key, CASE WHEN d.document_id = m.document_id THEN m.line_no END, d.posting_day,
		p.cause, p.quantity, round(p.amount, p.decimals), p.proportional
	  FROM part p
	 CROSS JOIN LATERAL (SELECT f.item_id, f.document_id, f.line_no FROM erp.stock_move f WHERE f.company_id = p.company_id AND f.move_id = p.move_id OFFSET 0) m
	 CROSS JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = p.company_id AND f.item_id = m.item_id OFFSET 0) i
	 CROSS JOIN LATERAL (SELECT f.document_id, f.kind, f.key, f.posting_day FROM erp.document f
			WHERE f.company_id = p.company_id AND f.document_id = COALESCE(NULLIF(p.voucher_id, 0), m.document_id) OFFSET 0) d
	 ORDER BY p.path
$function$;
COMMENT ON FUNCTION erp.explain_cost(text, text, integer) IS
	'Where the cost of a line''s goods comes from, down to receipts, landed costs, bills and amendments. company, document_key: codes; line_no: of a line that moved goods. Returns a row for the line (depth 0) and for each part of a row above it (depth one more, path: the number of the part at each depth): what it draws on (cause null), or an entry that gives goods a cost of their own (cause as in erp.cost_explanation, and the document that brought it); item, document, line (null where the document is not that of the goods) and day; quantity that is drawn on, in the item''s unit, 6 decimals, null for an entry; amount in the company''s currency: the parts of a row add up to it; proportional: the amount is a share by largest remainder and no entry of its own. What a product cost leads to its components, in its share. Goods of a FIFO layer are drawn on by entries; those of an average pool have no layers, so they are shown in proportion to what came into it before. No rows for an unknown company, document or line.';
