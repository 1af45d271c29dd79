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

CREATE FUNCTION erp_private.settle_order_state(company_id integer, sales_order_id bigint) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_settle_order_state';
COMMENT ON FUNCTION erp_private.settle_order_state(integer, bigint) IS
	'Closes a confirmed order whose lines are all shipped and billed or cancelled, and opens it again where that is no longer so.';

CREATE FUNCTION erp_private.follow_orders(company_id integer, documents bigint[], line_documents bigint[], line_nos integer[], demands text[], demand_lines integer[]) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_follow_orders';
COMMENT ON FUNCTION erp_private.follow_orders(integer, bigint[], bigint[], integer[], text[], integer[]) IS
	'Brings orders to what documents that were just posted did for them, and writes the events order_shipped, order_billed, order_returned and order_credited: by the demands that lines name (line 0: the first of the item), by the lines that they name as origins, and by what is reversed. See erp_private.demand_follower. Raises LE279 where a line names an order of another customer, or a line of another item, LE271 where more would be shipped or billed than is ordered, LE272 where an order is not confirmed.';
