-- inventory: what a posting would write and change, without writing it.

CREATE FUNCTION erp_private.show_documents(company_id integer, documents bigint[]) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(jsonb_build_object('key', d.key, 'kind', d.kind, 'day', d.day, 'posting_day', d.posting_day,
		'voucher', (
			SELECT jsonb_agg(jsonb_build_object('account', a.code, 'side', l.side, 'amount', l.amount, 'currency', m.code,
				'company_amount', l.company_amount, 'summary', l.summary) ORDER BY l.voucher_id, l.line_no)
			  FROM erp.voucher v
			  JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
			  JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
			  JOIN erp.currency m ON m.currency_id = l.currency_id
			 WHERE v.company_id = d.company_id AND v.voucher_id = d.document_id),
		'moves', (
			SELECT jsonb_agg(jsonb_build_object('item', i.code, 'warehouse', w.code, 'quantity', s.quantity, 'value', (
				SELECT sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = s.company_id AND e.move_id = s.move_id)) ORDER BY s.move_id)
			  FROM erp.stock_move s
			  JOIN erp.item i ON i.company_id = s.company_id AND i.item_id = s.item_id
			  JOIN erp.warehouse w ON w.company_id = s.company_id AND w.warehouse_id = s.warehouse_id
			 WHERE s.company_id = d.company_id AND s.document_id = d.document_id),
		'open_items', (
			SELECT jsonb_agg(jsonb_build_object('party', p.code, 'amount', o.amount, 'due_day', o.due_day) ORDER BY o.open_item_id)
			  FROM erp.open_item o
			  JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
			 WHERE o.company_id = d.company_id AND o.document_id = d.document_id)) ORDER BY d.document_id)
	  FROM unnest($2) AS n (document_id)
	  JOIN erp.document d ON d.company_id = $1 AND d.document_id = n.document_id
$function$;
COMMENT ON FUNCTION erp_private.show_documents(integer, bigint[]) IS 'The documents as erp.dry_run() returns them.';

-- What is learned of a move later is found by the voucher that took it, what its own document gave it by the move.
CREATE FUNCTION erp_private.written_costs(company_id integer, documents bigint[])
	RETURNS TABLE (document_id bigint, line_no integer, item_id integer, cause text, quantity numeric, amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT m.document_id, m.line_no, m.item_id, e.cause, e.quantity, e.amount
	  FROM unnest($2) AS n (document_id)
	  JOIN erp.stock_move m ON m.company_id = $1 AND m.document_id = n.document_id
	  JOIN erp.cost_entry e ON e.company_id = $1 AND e.move_id = m.move_id
	   AND e.cause NOT IN ('landed', 'bill', 'amendment', 'revaluation', 'replay')
	UNION ALL
	SELECT m.document_id, m.line_no, m.item_id, e.cause, e.quantity, e.amount
	  FROM unnest($2) AS n (document_id)
	  JOIN erp.cost_entry e ON e.company_id = $1 AND e.voucher_id = n.document_id
	   AND e.cause IN ('landed', 'bill', 'amendment', 'revaluation', 'replay')
	  JOIN erp.stock_move m ON m.company_id = $1 AND m.move_id = e.move_id
$function$;
COMMENT ON FUNCTION erp_private.written_costs(integer, bigint[]) IS 'The cost entries that documents brought, with the line whose goods they are of.';

CREATE FUNCTION erp_private.show_items(company_id integer, documents bigint[]) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH written AS MATERIALIZED (
		SELECT * FROM erp_private.written_costs($1, $2)
	), quantity AS (
		SELECT m.item_id, sum(m.quantity) AS change
		  FROM unnest($2) AS n (document_id)
		  JOIN erp.stock_move m ON m.company_id = $1 AND m.document_id = n.document_id
		 GROUP BY m.item_id
	)
	SELECT jsonb_agg(jsonb_build_object('item', i.code, 'quantity_before', k.quantity - COALESCE(q.change, 0), 'quantity_after', k.quantity,
		'value_before', k.value - w.change, 'value_after', k.value,
		'changes', (SELECT jsonb_agg(jsonb_build_object('cause', c.cause, 'amount', c.amount) ORDER BY c.cause)
			FROM (SELECT t.cause, sum(t.amount) AS amount FROM written t WHERE t.item_id = i.item_id GROUP BY t.cause) c),
		'recosted', (SELECT jsonb_agg(jsonb_build_object('document', d.key, 'line', r.line_no, 'day', d.posting_day, 'amount', r.amount)
				ORDER BY d.posting_day, r.document_id, r.line_no)
			FROM (SELECT t.document_id, t.line_no, sum(t.amount) AS amount FROM written t
				WHERE t.item_id = i.item_id AND t.cause = 'replay' GROUP BY t.document_id, t.line_no) r
			JOIN erp.document d ON d.company_id = $1 AND d.document_id = r.document_id)) ORDER BY i.code)
	  FROM (SELECT t.item_id, sum(t.amount) AS change FROM written t GROUP BY t.item_id) w
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = w.item_id
	  LEFT JOIN quantity q ON q.item_id = w.item_id
	 CROSS JOIN LATERAL (SELECT COALESCE(sum(p.quantity), 0) AS quantity, COALESCE(sum(p.value), 0) AS value
		FROM erp_private.cost_pool p WHERE p.company_id = $1 AND p.item_id = w.item_id) k
$function$;
COMMENT ON FUNCTION erp_private.show_items(integer, bigint[]) IS 'By how much documents that were just written changed quantity and value of items, as erp.preview() returns it.';

CREATE FUNCTION erp_private.show_places(company_id integer, documents bigint[]) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(jsonb_build_object('item', i.code, 'warehouse', w.code, 'location', l.code, 'lot', b.code, 'state', s.code, 'owner', NULLIF(o.code, ''),
		'on_hand_before', p.on_hand - c.change, 'on_hand_after', p.on_hand) ORDER BY i.code, w.code, l.code, b.code, s.code, o.code)
	  FROM (
		SELECT m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id, sum(m.quantity) AS change
		  FROM unnest($2) AS n (document_id)
		  JOIN erp.stock_move m ON m.company_id = $1 AND m.document_id = n.document_id
		 GROUP BY m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id
	  ) c
	  JOIN erp_private.stock_position p ON p.company_id = $1 AND (p.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id)
	       = (c.item_id, c.warehouse_id, c.location_id, c.lot_id, c.owner_id, c.stock_state_id)
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = c.item_id
	  JOIN erp.warehouse w ON w.company_id = $1 AND w.warehouse_id = c.warehouse_id
	  LEFT JOIN erp.location l ON l.company_id = $1 AND l.location_id = c.location_id
	  LEFT JOIN erp.lot b ON b.company_id = $1 AND b.lot_id = c.lot_id
	  LEFT JOIN erp.stock_state s ON s.stock_state_id = c.stock_state_id
	  LEFT JOIN erp.party o ON o.company_id = $1 AND o.party_id = c.owner_id
	 WHERE c.change <> 0
$function$;
COMMENT ON FUNCTION erp_private.show_places(integer, bigint[]) IS 'By how much documents that were just written changed what is where, as erp.preview() returns it.';

CREATE FUNCTION erp_private.show_accounts(company_id integer, documents bigint[]) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(jsonb_build_object('account', c.code, 'balance_before', b.balance - c.change, 'change', c.change, 'balance_after', b.balance) ORDER BY c.code)
	  FROM (
		SELECT o.code AS company, a.code, sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS change
		  FROM unnest($2) AS n (document_id)
		  JOIN erp.voucher_line l ON l.company_id = $1 AND l.voucher_id = n.document_id
		  JOIN erp.account a ON a.company_id = $1 AND a.account_id = l.account_id
		  JOIN erp.company o ON o.company_id = $1
		 GROUP BY o.code, a.code
	  ) c
	 CROSS JOIN LATERAL (SELECT erp.account_balance(c.company, c.code, NULL) AS balance) b
$function$;
COMMENT ON FUNCTION erp_private.show_accounts(integer, bigint[]) IS 'By how much documents that were just written changed balances of accounts, as erp.preview() returns it.';

-- What is written is rolled back with the subtransaction; variables keep what they were given. LE999 leaves this function never,
-- and does not end in 000, which would catch the whole class.
CREATE FUNCTION erp_private.try_and_show(company text, request json, changes boolean) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	own bigint;
	result jsonb;
	documents bigint[];
	shown jsonb;
	company_number integer := (SELECT c.company_id FROM erp.company c WHERE c.code = try_and_show.company);
BEGIN
	SELECT COALESCE(max(d.document_id), 0) INTO own
	  FROM erp.document d WHERE d.company_id = company_number AND d.transaction_id = pg_current_xact_id();
	BEGIN
		result := erp_private.try_request(try_and_show.company, try_and_show.request);
		SELECT array_agg(w.document_id ORDER BY w.document_id) INTO documents
		  FROM (
			SELECT (r.value ->> 'document_id')::bigint AS document_id
			  FROM jsonb_array_elements(CASE jsonb_typeof(result) WHEN 'array' THEN result ELSE jsonb_build_array(result) END) AS r (value)
			UNION
			SELECT d.document_id
			  FROM erp.document d
			  JOIN erp.voucher v ON v.company_id = d.company_id AND v.voucher_id = d.document_id
			 WHERE d.company_id = company_number AND d.transaction_id = pg_current_xact_id() AND d.document_id > own
		  ) w;
		shown := erp_private.show_documents(company_number, documents);
		IF try_and_show.changes THEN
			shown := jsonb_build_object('documents', shown, 'items', erp_private.show_items(company_number, documents),
				'places', erp_private.show_places(company_number, documents), 'accounts', erp_private.show_accounts(company_number, documents));
		END IF;
		RAISE EXCEPTION USING ERRCODE = 'LE999', MESSAGE = 'a dry run is taken back';
	EXCEPTION WHEN SQLSTATE 'LE999' THEN
		NULL;
	END;
	RETURN shown;
END
$function$;
COMMENT ON FUNCTION erp_private.try_and_show(text, json, boolean) IS 'Does what erp.dry_run() says, or where changes are asked for erp.preview().';

CREATE FUNCTION erp_private.dry_run(company text, request json) RETURNS jsonb
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.try_and_show($1, $2, false) $function$;
COMMENT ON FUNCTION erp_private.dry_run(text, json) IS 'Does what erp.dry_run() says.';

CREATE FUNCTION erp_private.preview(company text, request json) RETURNS jsonb
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.try_and_show($1, $2, true) $function$;
COMMENT ON FUNCTION erp_private.preview(text, json) IS 'Does what erp.preview() says.';

CREATE FUNCTION erp.dry_run(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_dry_run';
COMMENT ON FUNCTION erp.dry_run(text, json) IS
	'What a posting would write, without writing it: posts, reads what was written, and takes it all back. company: code. request: what erp.post_document(), erp.post_documents() or erp.reverse_document() (an object with "reverses") takes, or {"key", "settle": one object of what erp.settle() takes}, or {"key", "unsettle": the same of erp.unsettle()}, or {"call": post_template, post_recurring, post_schedules, run_allocations or run_transfers, "request": what that call takes}, whose drafts, where the company asks for reviews, are not shown. No review is asked for. Returns an array of the documents that would come to be, cost adjustments of a backdated move included: {"key", "kind", "day", "posting_day", "voucher": [{"account", "side", "amount", "currency", "company_amount", "summary"}], "moves": [{"item", "warehouse", "quantity" (in positive, out negative), "value" (company''s currency)}], "open_items": [{"party", "amount" (debit positive), "due_day"}]}; null where there is none. For a key that was posted before: the document that stands. While it runs it waits and holds others up as the posting itself would; ids of documents, moves and vouchers are used up, numbers are not. Errors: those of the call.';

CREATE FUNCTION erp.preview(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_preview';
COMMENT ON FUNCTION erp.preview(text, json) IS
	'What a posting would change, item by item and account by account, without writing it; of a backdated, amended, landed or billed cost all that it re-costs. company: code. request: as for erp.dry_run(). Returns {"documents": what erp.dry_run() returns, "items": [{"item", "quantity_before", "quantity_after", "value_before", "value_after", "changes": [{"cause" (of cost entries; replay is what earlier moves change), "amount" (in positive)}], "recosted": [{"document", "line", "day", "amount" (by how much the move is worth more; an issue, which is negative, costs that much less)}]}], "places": [{"item", "warehouse", "location", "lot", "state", "owner", "on_hand_before", "on_hand_after"}], "accounts": [{"account", "balance_before", "change", "balance_after"}]}; quantities in the items'' units, amounts in the company''s currency, balances debit positive and of all days; null where there is nothing. As erp.dry_run() it waits and holds others up while it runs. Errors: those of the call.';
