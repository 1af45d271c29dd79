-- sales: the last prices at which a party bought. What the cut means, and why nothing is lost or counted twice, says src/ledger/balances.sql.

CREATE FUNCTION erp_private.sold_lines(company_id integer, from_cut xid8, to_cut xid8)
	RETURNS TABLE (party_id integer, item_id integer, day date, document_id bigint, line_no integer)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT d.party_id, l.item_id, d.day, d.document_id, l.line_no
	  FROM (SELECT t.party_id, t.day, t.document_id FROM erp.document t
	         WHERE t.company_id = $1 AND t.transaction_id >= $2 AND t.transaction_id < $3 AND t.kind IN ('sales_invoice', 'sales_shipment') AND t.reverses_document_id = 0
	        OFFSET 0) d
	 CROSS JOIN LATERAL (SELECT t.item_id, t.line_no FROM erp.document_line t
	                      WHERE t.company_id = $1 AND t.document_id = d.document_id AND t.item_id <> 0 AND t.unit_price IS NOT NULL AND t.quantity > 0 AND t.line_role <> 'free'
	                     OFFSET 0) l
$function$;
COMMENT ON FUNCTION erp_private.sold_lines(integer, xid8, xid8) IS
	'Lines of the documents with from_cut <= transaction_id < to_cut that sold an item at a price.';

CREATE FUNCTION erp_private.fold_sold_lines(company_id integer, from_cut xid8, to_cut xid8) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF from_cut = '0'::xid8 THEN
		DELETE FROM erp_private.sold_line s WHERE s.company_id = $1;
	END IF;
	INSERT INTO erp_private.sold_line (company_id, party_id, item_id, day, document_id, line_no)
	SELECT $1, s.party_id, s.item_id, s.day, s.document_id, s.line_no FROM erp_private.sold_lines($1, from_cut, to_cut) s ORDER BY 2, 3, 4, 5, 6;
END
$function$;
COMMENT ON FUNCTION erp_private.fold_sold_lines(integer, xid8, xid8) IS
	'The step of erp.fold_balances() for last prices, see erp_private.fold_step.';

CREATE FUNCTION erp.last_prices(company text, party text, items text[])
	RETURNS TABLE (item_code text, day date, document_key text, line_no integer, quantity numeric, unit text, price numeric, currency text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	of_company integer := (SELECT c.company_id FROM erp.company c WHERE c.code = company);
	of_party integer := (SELECT p.party_id FROM erp.party p WHERE p.company_id = of_company AND p.code = party);
	folded_to xid8 := (SELECT c.cut FROM erp_private.live_cut c WHERE c.company_id = of_company);
BEGIN
	RETURN QUERY
	WITH tail AS MATERIALIZED (
		SELECT s.* FROM erp_private.sold_lines(of_company, folded_to, '18446744073709551615') s WHERE s.party_id = of_party
	)
	SELECT i.code, x.day, d.key, x.line_no, l.quantity, u.code, l.unit_price, m.code
	  FROM unnest(items) AS a (code)
	 CROSS JOIN LATERAL (SELECT f.item_id, f.code FROM erp.item f WHERE f.company_id = of_company AND f.code = a.code OFFSET 0) i
	 CROSS JOIN LATERAL (
		SELECT s.day, s.document_id, s.line_no
		  FROM ((SELECT f.day, f.document_id, f.line_no FROM erp_private.sold_line f
		          WHERE f.company_id = of_company AND f.party_id = of_party AND f.item_id = i.item_id AND folded_to > '0'::xid8
		            AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = of_company AND r.reverses_document_id = f.document_id AND r.reverses_document_id <> 0)
		          ORDER BY f.day DESC, f.document_id DESC, f.line_no DESC LIMIT 1)
		        UNION ALL
		        SELECT t.day, t.document_id, t.line_no FROM tail t
		         WHERE t.item_id = i.item_id
		           AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = of_company AND r.reverses_document_id = t.document_id AND r.reverses_document_id <> 0)) s
		 ORDER BY s.day DESC, s.document_id DESC, s.line_no DESC LIMIT 1) x
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.document f WHERE f.company_id = of_company AND f.document_id = x.document_id OFFSET 0) d
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = of_company AND f.document_id = x.document_id AND f.line_no = x.line_no OFFSET 0) l
	  JOIN erp.currency m ON m.currency_id = d.currency_id
	  JOIN erp.unit u ON u.unit_id = l.unit_id
	 ORDER BY i.code;
END
$function$;
COMMENT ON FUNCTION erp.last_prices(text, text, text[]) IS
	'The last price at which a party bought each of some items: the latest line, by day and then by document, of its invoices and shipments with revenue that stand (not reversed); gifts do not count. company, party: codes. items: codes; one that the party never bought has no row. Returns document_key and line_no of that line, quantity and price of one unit in the unit it was sold in (empty: the item''s own) and in the document''s currency, as the line has it.';
