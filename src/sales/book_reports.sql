-- sales: the order book page by page and day by day. They read tables and views of schema erp only, so whoever may read those may call these.

CREATE FUNCTION erp.backlog_page(company text, after_order text DEFAULT NULL, after_line integer DEFAULT NULL, page_rows integer DEFAULT 100)
RETURNS TABLE (order_code text, line_no integer, state text, party_code text, party_name text, item_code text, item_name text, warehouse_code text,
	to_ship numeric, reserved numeric, value numeric, currency text, company_value numeric, needed_by date, promise_day date, due_day date, days_late integer)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	id integer := (SELECT c.company_id FROM erp.company c WHERE c.code = $1);
	behind record;
BEGIN
	IF page_rows IS NULL OR page_rows NOT BETWEEN 1 AND 10000 THEN
		RAISE EXCEPTION 'argument "page_rows" is not between 1 and 10000'
			USING ERRCODE = 'LE011', DETAIL = format('At page_rows, value "%s".', page_rows), HINT = 'Ask for one page after the other.';
	END IF;
	SELECT l.needed_by, l.sales_order_id, l.line_no INTO behind
	  FROM erp.sales_order o
	  JOIN erp.sales_order_line l ON l.company_id = o.company_id AND l.sales_order_id = o.sales_order_id AND l.line_no = after_line
	 WHERE o.company_id = id AND o.code = after_order;
	IF NOT FOUND AND (after_order IS NOT NULL OR after_line IS NOT NULL) THEN
		RAISE EXCEPTION 'order "%" has no line %', after_order, after_line
			USING ERRCODE = 'LE012', DETAIL = format('At after_order, value "%s".', after_order), HINT = 'Name the last line of the page before, or neither for the first page.';
	END IF;
	RETURN QUERY
	SELECT b.order_code, b.line_no, b.state, b.party_code, b.party_name, b.item_code, b.item_name, b.warehouse_code, b.to_ship, b.reserved, b.value, b.currency,
		b.company_value, b.needed_by, b.promise_day, b.due_day, b.days_late
	FROM (
		SELECT l.needed_by, l.sales_order_id, l.line_no
		FROM erp.sales_order_line l
		WHERE l.company_id = id AND l.shipped + l.cancelled < l.quantity
			AND (l.needed_by, l.sales_order_id, l.line_no) > (COALESCE(behind.needed_by, '-infinity'), COALESCE(behind.sales_order_id, 0), COALESCE(behind.line_no, 0))
		ORDER BY l.needed_by, l.sales_order_id, l.line_no
		LIMIT page_rows
	) k
	CROSS JOIN LATERAL (SELECT v.* FROM erp.backlog v WHERE v.company = $1 AND v.sales_order_id = k.sales_order_id AND v.line_no = k.line_no OFFSET 0) b
	ORDER BY k.needed_by, k.sales_order_id, k.line_no, b.part_no;
END
$$;
COMMENT ON FUNCTION erp.backlog_page(text, text, integer, integer) IS
'A page of erp.backlog by the days that lines are needed by, those without one last, then by age: each page takes the same time, however long the backlog is. company: code. after_order, after_line: last line of the page before; null: the first page. page_rows: lines of a page, 1 to 10000; one with a schedule has a row for each part that is not shipped. Returns rows as erp.backlog has them; none behind the last page, or for an unknown company. Errors: LE011 for page_rows out of range, LE012 for a line that is not there.';

CREATE FUNCTION erp.deliveries_due(company text, first_day date, last_day date)
RETURNS TABLE (day date, lines bigint, orders bigint, customers bigint, lines_ready bigint, company_value numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.due_day, count(*), count(DISTINCT d.sales_order_id), count(DISTINCT d.party_code), count(*) FILTER (WHERE d.reserved >= d.to_ship), sum(d.company_value)
	FROM (
		SELECT b.due_day, b.sales_order_id, b.party_code, b.reserved, b.to_ship, b.company_value
		FROM erp.backlog b
		WHERE b.company = $1 AND b.sort_day BETWEEN $2 AND $3 AND isfinite(b.sort_day) AND b.is_goods AND b.state = 'confirmed' AND b.part_no = 0
		UNION ALL
		SELECT b.due_day, b.sales_order_id, b.party_code, b.reserved, b.to_ship, b.company_value
		FROM erp.sales_order_schedule s
		CROSS JOIN LATERAL (SELECT v.* FROM erp.backlog v WHERE v.company = $1 AND v.sales_order_id = s.sales_order_id AND v.line_no = s.line_no AND v.part_no = s.part_no AND v.state = 'confirmed' OFFSET 0) b
		WHERE s.company_id = (SELECT c.company_id FROM erp.company c WHERE c.code = $1) AND s.day BETWEEN $2 AND $3
		UNION ALL
		SELECT b.due_day, b.sales_order_id, b.party_code, b.reserved, b.to_ship, b.company_value
		FROM erp.backlog b
		WHERE b.company = $1 AND b.sort_day = 'infinity' AND b.promise_day BETWEEN $2 AND $3 AND b.is_goods AND b.state = 'confirmed'
	) d
	GROUP BY d.due_day
	ORDER BY d.due_day
$$;
COMMENT ON FUNCTION erp.deliveries_due(text, date, date) IS
'What is to be delivered day by day: goods of confirmed orders that are not shipped, by the day they are needed by, lines with a schedule part by part, else the day they are promised for. company: code. first_day, last_day: both included; one in the past asks for what is late. Returns a row for each day that something is due on: lines (a part of a schedule counts as one), orders and customers, lines_ready: lines whose goods are reserved in stock, all of them, company_value: net value of what is to be shipped, in the company''s currency. erp.backlog has the lines.';
