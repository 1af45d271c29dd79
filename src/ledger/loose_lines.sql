-- ledger: lines that are read one by one for balances of slices (balance_slices.sql), added up by what slices are told by.

-- The vouchers of a month's or a year's transfer of profit, and what takes them back: few, found by an index of their own.
CREATE FUNCTION erp_private.closing_documents(company_id integer, last_day date, seal_position bigint) RETURNS TABLE (document_id bigint)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT DISTINCT r.document_id
	  FROM (
		SELECT d.document_id FROM erp.document d
		 WHERE d.company_id = $1 AND d.kind IN ('profit_transfer', 'year_transfer') AND d.posting_day <= $2
		OFFSET 0) c
	 CROSS JOIN LATERAL (
		SELECT c.document_id
		UNION ALL
		SELECT x.document_id FROM erp.document x
		 WHERE x.company_id = $1 AND x.reverses_document_id = c.document_id AND x.reverses_document_id <> 0
		OFFSET 0) r
	 WHERE $3 IS NULL OR EXISTS (
		SELECT FROM erp.seal s WHERE s.company_id = $1 AND s.document_id = r.document_id AND s.position <= $3 OFFSET 0)
$function$;
COMMENT ON FUNCTION erp_private.closing_documents(integer, date, bigint) IS
'Documents of the kinds of erp_private.closing_kind up to a day, and their reversals; of a seal_position those that were known there.';

CREATE FUNCTION erp_private.closing_lines(company_id integer, accounts integer[], after_day date, last_day date, seal_position bigint)
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, day date, debit numeric, credit numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT l.account_id, l.party_id, l.dimension_set_id, l.day, sum(l.company_debit), sum(l.company_credit)
	  FROM erp_private.closing_documents($1, $4, $5) v
	 CROSS JOIN LATERAL (
		SELECT t.* FROM erp_private.debit_credit_line t
		 WHERE t.company_id = $1 AND t.voucher_id = v.document_id AND t.account_id = ANY ($2) AND t.day > $3 AND t.day <= $4
		OFFSET 0) l
	 GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.day
$function$;
COMMENT ON FUNCTION erp_private.closing_lines(integer, integer[], date, date, bigint) IS
'Lines of closing vouchers (kinds profit_transfer, year_transfer, and their reversals) after a day and up to another, added up as erp_private.loose_lines() does.';

-- A quantity is debit positive on either side.
CREATE FUNCTION erp_private.quantity_lines(company_id integer, accounts integer[], last_day date, seal_position bigint)
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, day date, debit numeric, credit numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT a.account_id, l.party_id, l.dimension_set_id, l.day, sum(CASE l.side WHEN 'debit' THEN l.quantity ELSE 0 END),
	       sum(CASE l.side WHEN 'credit' THEN -l.quantity ELSE 0 END)
	  FROM unnest($2) AS a (account_id)
	 CROSS JOIN LATERAL (
		SELECT t.* FROM erp.voucher_line t
		 WHERE t.company_id = $1 AND t.account_id = a.account_id AND t.day <= $3 AND t.quantity <> 0
		OFFSET 0) l
	 WHERE $4 IS NULL OR EXISTS (
		SELECT FROM erp.seal s WHERE s.company_id = $1 AND s.document_id = l.voucher_id AND s.position <= $4 OFFSET 0)
	 GROUP BY a.account_id, l.party_id, l.dimension_set_id, l.day
$function$;
COMMENT ON FUNCTION erp_private.quantity_lines(integer, integer[], date, bigint) IS
'Quantities of all lines of accounts up to a day, added up as erp_private.loose_lines() does amounts: no folded balance has them.';

CREATE FUNCTION erp_private.later_item_lines(company_id integer, accounts integer[], days date[], seal_position bigint)
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, day date, voucher_id bigint, line_no integer, due_day date, amount numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT i.account_id, i.party_id, l.dimension_set_id, d.day, i.voucher_id, i.line_no, i.due_day, i.company_amount - s.amount
	  FROM unnest($2) AS a (account_id)
	 CROSS JOIN (SELECT DISTINCT u.day FROM unnest($3) AS u (day) WHERE isfinite(u.day)) d
	 CROSS JOIN LATERAL (
		SELECT t.* FROM erp.open_item t
		 WHERE t.company_id = $1 AND t.account_id = a.account_id AND t.due_day > (d.day + interval '1 year')::date AND t.day <= d.day
		   AND t.due_day - t.day > 365
		OFFSET 0) i
	 CROSS JOIN LATERAL (
		SELECT t.dimension_set_id FROM erp.voucher_line t
		 WHERE t.company_id = $1 AND t.voucher_id = i.voucher_id AND t.line_no = i.line_no
		OFFSET 0) l
	 CROSS JOIN LATERAL (
		SELECT COALESCE(sum(m.company_amount), 0) AS amount
		  FROM (
			SELECT t.document_id, t.day, t.company_amount FROM erp.settlement t
			 WHERE t.company_id = $1 AND t.debit_open_item_id = i.open_item_id
			UNION ALL
			SELECT t.document_id, t.day, -t.company_amount FROM erp.settlement t
			 WHERE t.company_id = $1 AND t.credit_open_item_id = i.open_item_id) m
		 WHERE m.day <= d.day AND ($4 IS NULL OR EXISTS (
			SELECT FROM erp.seal s WHERE s.company_id = $1 AND s.document_id = m.document_id AND s.position <= $4 OFFSET 0))) s
	 WHERE $4 IS NULL OR EXISTS (
		SELECT FROM erp.seal s WHERE s.company_id = $1 AND s.document_id = i.document_id AND s.position <= $4 OFFSET 0)
$function$;
COMMENT ON FUNCTION erp_private.later_item_lines(integer, integer[], date[], bigint) IS
'Items that stand at the end of each day and fall due more than a year after it, with what is open of them then, debit positive, in the company''s currency.';

CREATE FUNCTION erp_private.later_items(company_id integer, accounts integer[], days date[], seal_position bigint)
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, day date, amount numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT l.account_id, l.party_id, l.dimension_set_id, l.day, sum(l.amount)
	  FROM erp_private.later_item_lines($1, $2, $3, $4) l
	 GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.day
$function$;
COMMENT ON FUNCTION erp_private.later_items(integer, integer[], date[], bigint) IS
'What is open at the end of each day of items that fall due more than a year after it, debit positive, in the company''s currency, by account, party and dimension set.';

CREATE FUNCTION erp_private.known_lines(company_id integer, accounts integer[], last_day date, seal_position bigint)
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, day date, debit numeric, credit numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $function$
	SELECT l.account_id, l.party_id, l.dimension_set_id, l.day, sum(l.company_debit), sum(l.company_credit)
	  FROM (SELECT t.document_id FROM erp.seal t WHERE t.company_id = $1 AND t.position <= $4 OFFSET 0) s
	 CROSS JOIN LATERAL (
		SELECT t.* FROM erp_private.debit_credit_line t
		 WHERE t.company_id = $1 AND t.voucher_id = s.document_id AND t.account_id = ANY ($2) AND t.day <= $3
		OFFSET 0) l
	 GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.day
$function$;
COMMENT ON FUNCTION erp_private.known_lines(integer, integer[], date, bigint) IS
'Lines of accounts up to a day that were known at a position of the seal, in the company''s currency, added up as erp_private.loose_lines() does.';

CREATE FUNCTION erp_private.loose_lines(company_id integer, source text, accounts integer[], days date[], seal_position bigint)
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, day date, debit numeric, credit numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	last_day date := (SELECT max(u.day) FROM unnest($4) AS u (day));
BEGIN
	CASE
	WHEN $2 = 'later' THEN
		RETURN QUERY SELECT l.account_id, l.party_id, l.dimension_set_id, l.day, l.amount, 0::numeric FROM erp_private.later_items($1, $3, $4, $5) l;
	WHEN $2 = 'closing' THEN
		RETURN QUERY SELECT * FROM erp_private.closing_lines($1, $3, (SELECT min(u.day) FROM unnest($4) AS u (day)), last_day, $5);
	WHEN $2 = 'quantity' THEN
		RETURN QUERY SELECT * FROM erp_private.quantity_lines($1, $3, last_day, $5);
	WHEN $5 IS NOT NULL THEN
		RETURN QUERY SELECT * FROM erp_private.known_lines($1, $3, last_day, $5);
	ELSE
		RETURN QUERY
		SELECT l.account_id, l.party_id, l.dimension_set_id, l.day, sum(l.company_debit), sum(l.company_credit)
		  FROM erp_private.unfolded_line l
		 WHERE l.company_id = $1 AND l.account_id = ANY ($3) AND l.day <= last_day
		 GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.day;
	END CASE;
END
$function$;
COMMENT ON FUNCTION erp_private.loose_lines(integer, text, integer[], date[], bigint) IS
'The lines of a source of erp_private.slice_balances() that are read one by one, added up by account, party, dimension set and day, in the company''s currency: those that are not folded; of a seal_position all that was known there.';
