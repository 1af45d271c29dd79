-- sales: orders follow what is posted for them, by whatever call: by the demands that lines name, by the documents they name, and by reversals.

CREATE FUNCTION erp_private.lock_orders(company_id integer, demands text[], keys text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	IF keys = '{}' THEN
		PERFORM 1 FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = ANY (demands) ORDER BY o.sales_order_id FOR NO KEY UPDATE;
		RETURN;
	END IF;
	PERFORM 1 FROM erp.sales_order o
	 WHERE o.company_id = $1
	   AND o.sales_order_id IN (
		SELECT c.sales_order_id FROM unnest(demands) AS n (code) JOIN erp.sales_order c ON c.company_id = $1 AND c.code = n.code
		 UNION
		SELECT l.sales_order_id FROM unnest(keys) AS k (key)
		 CROSS JOIN LATERAL (SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 AND d.key = k.key OFFSET 0) d
		 CROSS JOIN LATERAL (SELECT f.sales_order_id FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id OFFSET 0) l)
	 ORDER BY o.sales_order_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_orders(integer, text[], text[]) IS
	'Holds the orders that a posting will change: those that are named as demands, and those that documents of these keys were posted for. See erp_private.demand_follower.';

-- A sale ships and bills at once, and so does a gift; what is not in stock is delivered when it is billed. What is billed ahead is not shipped yet.
CREATE FUNCTION erp_private.order_links(kind text, line_role text, brings_back boolean) RETURNS text[]
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE WHEN kind = 'credit_note' THEN CASE WHEN brings_back THEN '{returns,credits}'::text[] ELSE '{credits}' END
	            WHEN kind IN ('shipment', 'sales_shipment') THEN '{ships}'
	            WHEN kind = 'free_issue' THEN '{ships,bills}'
	            WHEN kind = 'sales_invoice' THEN CASE line_role WHEN 'invoiced' THEN '{bills}'::text[] ELSE '{ships,bills}' END
	            ELSE '{}' END
$function$;
COMMENT ON FUNCTION erp_private.order_links(text, text, boolean) IS
	'What a line of a document of the kind does for the order that it names. brings_back: its goods come in.';

CREATE FUNCTION erp_private.link_demands(company_id integer, line_documents bigint[], line_nos integer[], demands text[], demand_lines integer[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.sales_order_link (company_id, document_id, line_no, sales_order_id, order_line_no, link, quantity, amount)
	SELECT $1, n.document_id, n.line_no, o.sales_order_id, l.line_no, k.link, COALESCE(abs(m.quantity), NULLIF(d.quantity, 0), 1), d.amount
	  FROM unnest($2, $3, $4, $5) AS n (document_id, line_no, demand, demand_line)
	 CROSS JOIN LATERAL (SELECT f.sales_order_id FROM erp.sales_order f WHERE f.company_id = $1 AND f.code = n.demand OFFSET 0) o
	 CROSS JOIN LATERAL (SELECT f.kind FROM erp.document f WHERE f.company_id = $1 AND f.document_id = n.document_id OFFSET 0) h
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.line_no = n.line_no OFFSET 0) d
	 CROSS JOIN LATERAL (SELECT f.line_no FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = o.sales_order_id
	                        AND (f.line_no = n.demand_line OR n.demand_line = 0 AND f.item_id = d.item_id) ORDER BY f.line_no LIMIT 1) l
	  LEFT JOIN LATERAL (SELECT f.quantity FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.line_no = n.line_no
	                      ORDER BY f.move_id LIMIT 1) m ON true
	 CROSS JOIN LATERAL unnest(erp_private.order_links(h.kind, d.line_role, m.quantity > 0)) AS k (link);
END
$function$;
COMMENT ON FUNCTION erp_private.link_demands(integer, bigint[], integer[], text[], integer[]) IS
	'Records what lines of documents did for the lines of orders that they name as demands (line 0: the first of the item).';

-- A line that names a line which was posted for an order does something for it, too: it bills what was shipped, or gives back what was billed or shipped.
CREATE FUNCTION erp_private.link_origins(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.sales_order_link (company_id, document_id, line_no, sales_order_id, order_line_no, link, quantity, amount)
	SELECT $1, n.document_id, k.line_no, o.sales_order_id, o.order_line_no, x.link,
	       CASE WHEN h.kind IN ('shipment_return', 'sales_shipment_return') THEN -1 ELSE 1 END * COALESCE(abs(m.quantity), NULLIF(abs(k.quantity), 0), NULLIF(d.quantity, 0), 1), d.amount
	  FROM unnest($2) AS n (document_id)
	 CROSS JOIN LATERAL (SELECT f.kind FROM erp.document f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.reverses_document_id = 0 OFFSET 0) h
	 CROSS JOIN LATERAL (SELECT DISTINCT ON (f.line_no) f.* FROM erp.document_link f WHERE f.company_id = $1 AND f.document_id = n.document_id
	                        AND f.line_no <> 0 AND f.link IN ('returns', 'bills', 'fulfils', 'corrects') ORDER BY f.line_no) k
	 CROSS JOIN LATERAL (SELECT DISTINCT f.sales_order_id, f.order_line_no FROM erp.sales_order_link f
	                      WHERE f.company_id = $1 AND f.document_id = k.target_document_id AND f.line_no = k.target_line_no) o
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.line_no = k.line_no OFFSET 0) d
	  LEFT JOIN LATERAL (SELECT f.quantity FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.line_no = k.line_no
	                      ORDER BY f.move_id LIMIT 1) m ON true
	 CROSS JOIN LATERAL unnest(CASE WHEN h.kind IN ('shipment_return', 'sales_shipment_return') THEN '{ships}' WHEN h.kind = 'sales_invoice' THEN '{bills}'
	                                ELSE erp_private.order_links(h.kind, d.line_role, m.quantity > 0) END) AS x (link)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.line_no = k.line_no);
END
$function$;
COMMENT ON FUNCTION erp_private.link_origins(integer, bigint[]) IS
	'Records what lines of documents did for the orders that the lines which they name as their origins were posted for.';

CREATE FUNCTION erp_private.link_reversals(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.sales_order_link (company_id, document_id, line_no, sales_order_id, order_line_no, link, quantity, amount)
	SELECT $1, n.document_id, l.line_no, l.sales_order_id, l.order_line_no, l.link, -l.quantity, -l.amount
	  FROM unnest($2) AS n (document_id)
	 CROSS JOIN LATERAL (SELECT f.reverses_document_id FROM erp.document f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.reverses_document_id <> 0 OFFSET 0) h
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = h.reverses_document_id OFFSET 0) l;
END
$function$;
COMMENT ON FUNCTION erp_private.link_reversals(integer, bigint[]) IS
	'Records that what reversed documents did for orders is taken back.';

-- A demand that is an order is the document's customer's, and its line is of the item.
CREATE FUNCTION erp_private.check_demands(company_id integer, line_documents bigint[], line_nos integer[], demands text[], demand_lines integer[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	SELECT n.demand, n.demand_line, h.key, n.line_no INTO bad
	  FROM unnest($2, $3, $4, $5) AS n (document_id, line_no, demand, demand_line)
	 CROSS JOIN LATERAL (SELECT f.sales_order_id, f.party_id FROM erp.sales_order f WHERE f.company_id = $1 AND f.code = n.demand OFFSET 0) o
	 CROSS JOIN LATERAL (SELECT f.key, f.party_id FROM erp.document f WHERE f.company_id = $1 AND f.document_id = n.document_id OFFSET 0) h
	 CROSS JOIN LATERAL (SELECT f.item_id FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = n.document_id AND f.line_no = n.line_no OFFSET 0) d
	 WHERE h.party_id NOT IN (0, o.party_id)
	    OR NOT EXISTS (SELECT 1 FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = o.sales_order_id AND n.demand_line IN (0, f.line_no) AND f.item_id = d.item_id)
	 LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE279', format('line %s of order "%s" is of another customer or item, or is not there', NULLIF(bad.demand_line, 0), bad.demand),
			format('document "%s", line %s', bad.key, bad.line_no), bad.demand, 'Name the order and line of what is delivered, or no demand.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_demands(integer, bigint[], integer[], text[], integer[]) IS
	'Raises LE279 where a line that was posted names an order of another customer, or a line of another item.';

CREATE FUNCTION erp_private.check_followed(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT o.code, o.state, l.line_no, l.quantity, l.cancelled, s.shipped, s.billed INTO bad
	  FROM (SELECT DISTINCT k.sales_order_id, k.order_line_no FROM erp.sales_order_link k
	         WHERE k.company_id = $1 AND k.document_id = ANY ($2) AND k.quantity > 0 AND k.link IN ('ships', 'bills')) c
	 CROSS JOIN LATERAL (SELECT f.code, f.state FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = c.sales_order_id OFFSET 0) o
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = c.sales_order_id AND f.line_no = c.order_line_no OFFSET 0) l
	 CROSS JOIN LATERAL (SELECT COALESCE(sum(f.quantity) FILTER (WHERE f.link = 'ships'), 0) AS shipped, COALESCE(sum(f.quantity) FILTER (WHERE f.link = 'bills'), 0) AS billed
	                       FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.sales_order_id = l.sales_order_id AND f.order_line_no = l.line_no) s
	 WHERE o.state NOT IN ('confirmed', 'closed') OR greatest(s.shipped, s.billed) + l.cancelled > l.quantity
	 ORDER BY o.code, l.line_no LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF bad.state NOT IN ('confirmed', 'closed') THEN
		PERFORM erp_private.refuse('LE272', format('order "%s" is %s', bad.code, bad.state), 'lines', bad.code, 'Release it first, or name another order.');
	END IF;
	PERFORM erp_private.refuse('LE271', format('line %s of order "%s" is of %s, of which %s would be shipped and %s billed', bad.line_no, bad.code,
		trim_scale(bad.quantity - bad.cancelled), trim_scale(bad.shipped), trim_scale(bad.billed)), 'lines', bad.code,
		'Ship and bill no more than is ordered, or change the order first.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_followed(integer, bigint[]) IS
	'Raises LE271 where documents ship or bill more than orders are of, LE272 where an order is not confirmed.';

-- What was shipped from elsewhere is not required any more; the posting holds the pools of its items.
CREATE FUNCTION erp_private.drop_served(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	lines jsonb;
BEGIN
	IF NOT EXISTS (
		SELECT 1 FROM unnest($2) AS d (document_id)
		 CROSS JOIN LATERAL (SELECT f.sales_order_id FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id OFFSET 0) k
		 CROSS JOIN LATERAL (SELECT f.code FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = k.sales_order_id OFFSET 0) o
		 CROSS JOIN LATERAL (SELECT FROM erp.requirement f WHERE f.company_id = $1 AND f.demand = o.code OFFSET 0) r) THEN
		RETURN;
	END IF;
	SELECT jsonb_agg(jsonb_build_object('demand', o.code, 'line', l.line_no, 'item', i.code, 'quantity', least(r.quantity, n.quantity))) INTO lines
	  FROM (SELECT DISTINCT k.sales_order_id, k.order_line_no FROM unnest($2) AS d (document_id)
	         CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.link = 'ships' AND f.quantity > 0 OFFSET 0) k) c
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = c.sales_order_id OFFSET 0) o
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = c.sales_order_id AND f.line_no = c.order_line_no OFFSET 0) l
	 CROSS JOIN LATERAL (SELECT sum(f.quantity) AS quantity FROM erp.requirement f WHERE f.company_id = $1 AND f.demand = o.code AND f.demand_line = l.line_no) r
	 CROSS JOIN LATERAL (SELECT erp_private.held_for($1, o.code, l.line_no) - (l.quantity - l.cancelled - l.shipped) AS quantity) n
	 CROSS JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = $1 AND f.item_id = l.item_id OFFSET 0) i
	 WHERE r.quantity > 0 AND n.quantity > 0;
	IF lines IS NOT NULL THEN
		PERFORM erp_private.drop_requirements($1, lines);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.drop_served(integer, bigint[]) IS
	'Takes what documents shipped beyond what was reserved for it off what is required for orders.';

-- What a reversal takes back is required before it comes in, so that it is reserved for its order at once, unless others wait for it with a higher priority or since longer.
CREATE FUNCTION erp_private.require_reversed(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM erp_private.add_requirement($1, l.item_id, l.warehouse_id, o.code, l.line_no, n.quantity, o.priority,
	        CASE WHEN l.is_scheduled THEN erp_private.next_part_day($1, l.sales_order_id, l.line_no, l.shipped - c.quantity) ELSE l.needed_by END)
	   FROM (SELECT k.sales_order_id, k.order_line_no, sum(k.quantity) AS quantity FROM unnest($2) AS d (document_id)
	          CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.link = 'ships' AND f.quantity > 0 OFFSET 0) k
	          GROUP BY 1, 2 ORDER BY 1, 2) c
	  CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = c.sales_order_id AND f.state IN ('confirmed', 'closed') OFFSET 0) o
	  CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = c.sales_order_id AND f.line_no = c.order_line_no AND f.moves_stock OFFSET 0) l
	  CROSS JOIN LATERAL (SELECT l.quantity - l.cancelled - l.shipped + c.quantity - erp_private.held_for($1, o.code, l.line_no) AS quantity) n
	  WHERE n.quantity > 0;
END
$function$;
COMMENT ON FUNCTION erp_private.require_reversed(integer, bigint[]) IS
	'Requires what the reversal of documents leaves to be shipped of orders, under the pools that their posting holds, before its goods come in. See erp_private.demand_follower.';

-- What came back and was not shipped is required again, where the order wants that; what is reserved for a line of which nothing is left is let go by erp.expire_holds().
CREATE FUNCTION erp_private.require_taken_back(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	unwanted jsonb;
BEGIN
	PERFORM erp_private.add_requirement($1, l.item_id, l.warehouse_id, o.code, l.line_no, n.quantity, o.priority, l.needed_by)
	   FROM (SELECT DISTINCT k.sales_order_id, k.order_line_no FROM unnest($2) AS d (document_id)
	          CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.link = 'ships' AND f.quantity < 0 OFFSET 0) k) c
	   JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = c.sales_order_id AND o.state IN ('confirmed', 'closed') AND COALESCE(o.terms ->> 'short', 'require') = 'require'
	   JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = c.sales_order_id AND l.line_no = c.order_line_no AND l.moves_stock
	  CROSS JOIN LATERAL (SELECT l.quantity - l.cancelled - l.shipped - erp_private.held_for($1, o.code, l.line_no) AS quantity) n
	  WHERE n.quantity > 0;
	SELECT jsonb_agg(jsonb_build_object('demand', c.code)) INTO unwanted
	  FROM (SELECT DISTINCT o.code FROM unnest($2) AS d (document_id)
	         CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.link = 'ships' AND f.quantity < 0 OFFSET 0) k
	         CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = k.sales_order_id AND f.terms ->> 'short' <> 'require' OFFSET 0) o) c;
	IF unwanted IS NOT NULL THEN
		PERFORM erp_private.drop_requirements($1, unwanted);
	END IF;
	UPDATE erp.reservation r SET expires_at = now()
	  FROM (SELECT DISTINCT k.sales_order_id, k.order_line_no FROM unnest($2) AS d (document_id)
	         CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.link = 'ships' AND f.quantity > 0 OFFSET 0) k) c
	  JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = c.sales_order_id
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = c.sales_order_id AND l.line_no = c.order_line_no
	 WHERE r.company_id = $1 AND r.demand = o.code AND r.demand_line = l.line_no AND l.shipped + l.cancelled = l.quantity;
END
$function$;
COMMENT ON FUNCTION erp_private.require_taken_back(integer, bigint[]) IS
	'Requires again what documents take back of shipments for orders and nobody holds for them, under the pools that their posting holds, gives up what orders that wait for nothing were not served, and ends what is left of reservations for lines that are shipped whole.';

CREATE FUNCTION erp_private.update_orders(company_id integer, documents bigint[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	UPDATE erp.sales_order_line l
	   SET shipped = l.shipped + c.shipped, billed = l.billed + c.billed, returned = l.returned + c.returned, billed_amount = l.billed_amount + c.billed_amount,
	       needed_by = CASE WHEN l.is_scheduled THEN erp_private.next_part_day($1, l.sales_order_id, l.line_no, l.shipped + c.shipped) ELSE l.needed_by END
	  FROM (SELECT k.sales_order_id, k.order_line_no,
	               COALESCE(sum(k.quantity) FILTER (WHERE k.link = 'ships'), 0) AS shipped, COALESCE(sum(k.quantity) FILTER (WHERE k.link = 'bills'), 0) AS billed,
	               COALESCE(sum(k.quantity) FILTER (WHERE k.link = 'returns'), 0) AS returned, COALESCE(sum(k.amount) FILTER (WHERE k.link = 'bills'), 0) AS billed_amount
	          FROM unnest($2) AS n (document_id)
	         CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = n.document_id OFFSET 0) k
	         GROUP BY 1, 2) c
	 WHERE l.company_id = $1 AND l.sales_order_id = c.sales_order_id AND l.line_no = c.order_line_no;
	PERFORM erp_private.drop_served($1, $2);
	PERFORM erp_private.require_taken_back($1, $2);
	PERFORM erp_private.settle_order_state($1, s.sales_order_id)
	   FROM (SELECT DISTINCT k.sales_order_id FROM unnest($2) AS n (document_id)
	          JOIN erp.sales_order_link k ON k.company_id = $1 AND k.document_id = n.document_id ORDER BY 1) s;
	INSERT INTO erp.outbox (company_id, topic, document_id, payload)
	SELECT $1, CASE s.link WHEN 'ships' THEN 'order_shipped' WHEN 'bills' THEN 'order_billed' WHEN 'returns' THEN 'order_returned' ELSE 'order_credited' END,
	       s.document_id, jsonb_build_object('order', o.code, 'state', o.state, 'lines', s.lines)
	  FROM (SELECT k.document_id, k.sales_order_id, k.link,
	               jsonb_agg(jsonb_build_object('line', k.order_line_no, 'quantity', trim_scale(k.quantity)) ORDER BY k.order_line_no, k.line_no) AS lines
	          FROM unnest($2) AS n (document_id)
	         CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.document_id = n.document_id OFFSET 0) k
	         GROUP BY 1, 2, 3) s
	 CROSS JOIN LATERAL (SELECT f.code, f.state FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = s.sales_order_id OFFSET 0) o
	 ORDER BY s.document_id, s.sales_order_id, s.link DESC;
	PERFORM pg_notify('erp_outbox', 'order');
END
$function$;
COMMENT ON FUNCTION erp_private.update_orders(integer, bigint[]) IS
	'Brings orders to what the links of these documents, which are new, say, and writes the events order_shipped, order_billed, order_returned and order_credited.';

-- An order is closed while all that is left of it is delivered and billed.
CREATE FUNCTION erp_private.settle_order_state(company_id integer, sales_order_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	UPDATE erp.sales_order o SET state = n.state, reason = ''
	  FROM (SELECT CASE WHEN bool_and(l.shipped + l.cancelled = l.quantity AND l.billed >= l.shipped)
	                    THEN CASE WHEN bool_and(l.cancelled = l.quantity) THEN 'cancelled' ELSE 'closed' END ELSE 'confirmed' END AS state
	          FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2) n
	 WHERE o.company_id = $1 AND o.sales_order_id = $2 AND o.state IN ('confirmed', 'closed') AND o.state <> n.state;
END
$function$;
COMMENT ON FUNCTION erp_private.settle_order_state(integer, bigint) IS
	'Closes a confirmed order whose lines are all shipped and billed or cancelled, and opens it again where that is no longer so.';

CREATE FUNCTION erp_private.follow_orders(company_id integer, documents bigint[], line_documents bigint[], line_nos integer[], demands text[], demand_lines integer[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
	PERFORM erp_private.check_demands($1, $3, $4, $5, $6);
	PERFORM erp_private.link_demands($1, $3, $4, $5, $6);
	PERFORM erp_private.link_origins($1, $2);
	PERFORM erp_private.link_reversals($1, $2);
	IF EXISTS (SELECT 1 FROM unnest($2) AS n (document_id) JOIN erp.sales_order_link k ON k.company_id = $1 AND k.document_id = n.document_id) THEN
		PERFORM erp_private.check_followed($1, $2);
		PERFORM erp_private.update_orders($1, $2);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.follow_orders(integer, bigint[], bigint[], integer[], text[], integer[]) IS
	'Brings orders to what documents that were just posted did for them. See erp_private.demand_follower.';
