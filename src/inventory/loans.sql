-- inventory: what is out on loan or on consignment, and which adjustments are pending, as of a day: what erp.loan_list and erp.pending_adjustments show of all days.

-- A document counts where it is known, and one that takes it back too; both from their days on.
CREATE FUNCTION erp.loans_as_known(company text, as_of date, seal_position bigint)
RETURNS TABLE (document_kind text, document_key text, line_no integer, day date, party_code text, item_code text, lot_code text, warehouse_code text,
	location_code text, quantity numeric, returned numeric, traded numeric, open_quantity numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
	WITH sealed AS MATERIALIZED (
		SELECT k.document_id FROM erp.documents_as_known($1, $3) k WHERE $3 IS NOT NULL
	), known AS MATERIALIZED (
		SELECT d.company_id, d.document_id, d.kind, d.key, d.posting_day, d.party_id
		FROM erp.company c
		JOIN erp.document d ON d.company_id = c.company_id AND d.reverses_document_id = 0
		WHERE c.code = $1 AND d.posting_day <= COALESCE($2, 'infinity') AND ($3 IS NULL OR d.document_id IN (SELECT s.document_id FROM sealed s))
			AND d.kind IN ('loan', 'consignment_delivery', 'borrowing')
			AND NOT EXISTS (
				SELECT FROM erp.document r
				WHERE r.company_id = d.company_id AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0
					AND r.posting_day <= COALESCE($2, 'infinity') AND ($3 IS NULL OR r.document_id IN (SELECT s.document_id FROM sealed s)))
	)
	SELECT d.kind, d.key, m.line_no, d.posting_day, p.code, i.code, k.code, w.code, l.code, m.quantity, t.returned, t.traded, m.quantity - t.taken
	FROM known d
	JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id AND m.quantity > 0
	JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
	JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
	JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
	LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id
	LEFT JOIN erp.lot k ON k.company_id = m.company_id AND k.lot_id = m.lot_id
	CROSS JOIN LATERAL (
		SELECT COALESCE(sum(f.quantity), 0.000000) AS taken,
			COALESCE(sum(f.quantity) FILTER (WHERE x.kind IN ('loan_return', 'consignment_return', 'borrowing_return')), 0.000000) AS returned,
			COALESCE(sum(f.quantity) FILTER (WHERE x.kind NOT IN ('loan_return', 'consignment_return', 'borrowing_return')), 0.000000) AS traded
		FROM erp.document_link f
		JOIN erp.document x ON x.company_id = f.company_id AND x.document_id = f.document_id AND x.reverses_document_id = 0
		WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'
			AND x.posting_day <= COALESCE($2, 'infinity') AND ($3 IS NULL OR x.document_id IN (SELECT s.document_id FROM sealed s))
			AND NOT EXISTS (
				SELECT FROM erp.document r
				WHERE r.company_id = x.company_id AND r.reverses_document_id = x.document_id AND r.reverses_document_id <> 0
					AND r.posting_day <= COALESCE($2, 'infinity') AND ($3 IS NULL OR r.document_id IN (SELECT s.document_id FROM sealed s)))
	) t
	WHERE m.quantity <> t.taken
	ORDER BY d.posting_day, d.document_id, m.line_no
$$;
COMMENT ON FUNCTION erp.loans_as_known(text, date, bigint) IS
'What was out of loans, consignment deliveries and borrowings as of a day, as known at a position of the seal. company: code. as_of: the last day that counts; null: all. seal_position: the last position that counts, see erp.seal_head(); null: all that was posted. Returns a row for each line of which something was neither returned nor sold, bought, given away or lost by then, as erp.loan_list does, without names, which may change: quantities in the item''s unit; none for an unknown company.';

CREATE FUNCTION erp.pending_adjustments_as_of(company text, as_of date)
RETURNS TABLE (document_kind text, document_key text, line_no integer, day date, item_code text, quantity numeric, account_code text, amount numeric, approved numeric,
	pending numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.kind, d.key, m.line_no, d.posting_day, i.code, m.quantity, a.code, round(x.amount, o.decimals), round(x.approved, o.decimals), round(x.amount - x.approved, o.decimals)
	FROM erp.company c
	JOIN erp.currency o ON o.currency_id = c.currency_id
	CROSS JOIN LATERAL (
		SELECT DISTINCT r.account_id, k.kind
		FROM erp.posting_rule r
		JOIN erp.document_kind_role n ON n.kind = r.kind AND n.line_role = r.line_role
		CROSS JOIN LATERAL unnest(n.names_kinds) AS k (kind)
		WHERE r.company_id = c.company_id AND r.kind = 'adjustment_approval' AND r.amount_role = 'amount' AND r.active
	) r
	JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = r.account_id
	JOIN erp.document d ON d.company_id = c.company_id AND d.kind = r.kind AND d.reverses_document_id = 0 AND d.posting_day <= COALESCE($2, 'infinity')
	JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id
	JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
	CROSS JOIN LATERAL (
		SELECT COALESCE((SELECT sum(-e.amount)
				FROM erp.cost_entry e
				JOIN erp.voucher_line v ON v.company_id = e.company_id AND v.voucher_id = e.voucher_id AND v.line_no = e.counter_line_no
				WHERE e.company_id = m.company_id AND e.move_id = m.move_id AND v.account_id = r.account_id AND v.day <= COALESCE($2, 'infinity')), 0) AS amount,
			COALESCE((SELECT sum(f.amount)
				FROM erp.document_link f
				JOIN erp.document s ON s.company_id = f.company_id AND s.document_id = f.document_id AND s.reverses_document_id = 0
					AND s.posting_day <= COALESCE($2, 'infinity')
				WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'
					AND NOT EXISTS (SELECT FROM erp.document t WHERE t.company_id = s.company_id AND t.reverses_document_id = s.document_id
						AND t.reverses_document_id <> 0 AND t.posting_day <= COALESCE($2, 'infinity'))), 0) * sign(-m.quantity) AS approved
	) x
	WHERE c.code = $1 AND x.amount <> x.approved
		AND NOT EXISTS (SELECT FROM erp.document t WHERE t.company_id = d.company_id AND t.reverses_document_id = d.document_id AND t.reverses_document_id <> 0
			AND t.posting_day <= COALESCE($2, 'infinity'))
	ORDER BY d.posting_day, d.document_id, m.line_no
$$;
COMMENT ON FUNCTION erp.pending_adjustments_as_of(text, date) IS
'Lines of documents of goods found or lost by a day whose cost stood on a pending account then and was not all approved, see erp.pending_adjustments, which shows them without a day. company: code. as_of: the last day that counts; null: all. Returns a row for each line and account: quantity in the item''s unit, amount (what stood of it, debit positive), approved (what approvals had cleared, in the same sign) and pending, the rest, in the company''s currency; none for an unknown company.';

CREATE FUNCTION erp_private.check_no_pending(company_id integer, period_id integer, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	closed record;
	found_key text;
	pending bigint;
BEGIN
	IF NOT (erp_private.names_module(request, 'general') OR erp_private.names_module(request, 'stock')) THEN
		RETURN NULL;
	END IF;
	SELECT p.last_day, c.pending_at_close = 'refuse' OR c.pending_at_close = 'year' AND p.last_day = y.last_day AS refused INTO closed
	  FROM erp.period p
	  JOIN erp.fiscal_year y ON y.company_id = p.company_id AND y.fiscal_year_id = p.fiscal_year_id
	  JOIN erp.company c ON c.company_id = p.company_id
	 WHERE p.company_id = check_no_pending.company_id AND p.period_id = check_no_pending.period_id;
	SELECT count(*), min(x.document_key) INTO pending, found_key
	  FROM erp.company c, erp.pending_adjustments_as_of(c.code, closed.last_day) x WHERE c.company_id = check_no_pending.company_id;
	IF pending = 0 THEN
		RETURN NULL;
	ELSIF closed.refused THEN
		PERFORM erp_private.refuse('LE222', format('%s adjustments of stock are pending at the end of the period', pending), '$.period', request ->> 'period',
			format('Approve what is pending of "%s", and all others that erp.pending_adjustments shows, by a day of the period.', found_key));
	END IF;
	RAISE WARNING '% adjustments of stock are pending at the end of period %', pending, request ->> 'period'
		USING HINT = 'erp.pending_adjustments shows them; the last period of the year does not close with them unless the company says so.';
	RETURN jsonb_build_object('pending_adjustments', pending);
END
$$;
COMMENT ON FUNCTION erp_private.check_no_pending(integer, integer, jsonb) IS
'A check of the close, see erp_private.close_check: where the stock or general module closes, or the hard lock takes in the last day of the period, while adjustments are pending as of the last day of the period, raises LE222 or warns and says how many, as the company has it.';
