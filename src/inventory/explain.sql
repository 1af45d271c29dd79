-- inventory: what a posting did, and would do. With the rights of the caller.

CREATE FUNCTION erp.explain_posting(company text, document_key text)
RETURNS TABLE (voucher_id bigint, line_no integer, account_code text, side text, amount numeric, company_amount numeric, posting_rule_id integer,
	amount_role text, rule_conditions jsonb, merges boolean, document_lines integer[], explanation text, evaluations jsonb)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT v.voucher_id, l.line_no, a.code, l.side, l.amount, l.company_amount, NULLIF(l.posting_rule_id, 0), r.amount_role,
		jsonb_strip_nulls(jsonb_build_object('kind', r.kind, 'line_role', NULLIF(r.line_role, ''), 'item_group', NULLIF(r.item_group, ''),
			'party_group', NULLIF(r.party_group, ''), 'warehouse', w.code, 'tax_code', t.code, 'condition', NULLIF(r.condition, 'any'),
			'entry', NULLIF(r.entry, 1), 'when', NULLIF(r.applies_when, ''), 'expression', NULLIF(r.amount_expression, ''))),
		r.merge, s.lines,
		CASE WHEN d.reverses_document_id <> 0 THEN 'the line of the reversed voucher, turned round'
			WHEN r.posting_rule_id IS NOT NULL THEN format('the most specific rule for the %s of a %s%s', r.amount_role, r.kind,
				CASE WHEN q.changed THEN ', as it was then' ELSE '' END)
			WHEN l.amount = 0 AND l.document_line_no = 0 THEN 'the rounding difference of the entries, converted one by one'
			WHEN d.kind = 'cost_adjustment' THEN 'the accounts of the moves whose cost changed'
			ELSE 'the document itself names the account' END,
		q.evaluations
	FROM erp.company c
	JOIN erp.document d ON d.company_id = c.company_id AND d.key = $2
	JOIN erp.voucher v ON v.company_id = d.company_id AND v.voucher_id = d.document_id
	JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
	JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
	LEFT JOIN erp.posting_rule r ON r.company_id = l.company_id AND r.posting_rule_id = l.posting_rule_id
	LEFT JOIN erp.warehouse w ON w.company_id = r.company_id AND w.warehouse_id = r.warehouse_id
	LEFT JOIN erp.tax_code t ON t.company_id = r.company_id AND t.tax_code_id = r.tax_code_id
	CROSS JOIN LATERAL (
		SELECT array_agg(DISTINCT g.line_no ORDER BY g.line_no) AS lines
		FROM (
			SELECT x.line_no
			FROM erp.document_line x
			WHERE x.company_id = d.company_id AND x.document_id = d.document_id AND x.voucher_line_no = l.line_no
			UNION ALL
			SELECT m.line_no
			FROM erp.stock_move m
			JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id AND e.voucher_id = l.voucher_id
				AND l.line_no IN (e.inventory_line_no, e.counter_line_no)
			WHERE m.company_id = d.company_id AND m.document_id = d.document_id
			UNION ALL
			SELECT NULLIF(l.document_line_no, 0)
			UNION ALL
			SELECT NULLIF(e.document_line_no, 0)
			FROM erp.posting_evaluation e
			WHERE e.company_id = l.company_id AND e.voucher_id = l.voucher_id AND e.line_no = l.line_no
		) g
		WHERE g.line_no IS NOT NULL
	) s
	CROSS JOIN LATERAL (
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('document_line', NULLIF(e.document_line_no, 0), 'when', NULLIF(e.applies_when, ''),
				'expression', NULLIF(e.amount_expression, ''), 'values', e.named_values,
				'amount', CASE l.side WHEN 'debit' THEN e.amount ELSE -e.amount END)) ORDER BY e.evaluation_no) AS evaluations,
			COALESCE(bool_or((e.applies_when, e.amount_expression) <> (r.applies_when, r.amount_expression)), false) AS changed
		FROM erp.posting_evaluation e
		WHERE e.company_id = l.company_id AND e.voucher_id = l.voucher_id AND e.line_no = l.line_no
	) q
	WHERE c.code = $1
	ORDER BY v.voucher_id, l.line_no
$$;
COMMENT ON FUNCTION erp.explain_posting(text, text) IS
'Why the voucher of a document looks as it does: for each of its lines the posting rule that gave it. company: code. document_key: key of the document. Returns voucher and line, account, side, amount in the line''s currency and company_amount in the company''s (negative in red); posting_rule_id, null if no rule gave the line; amount_role (amount, inventory, cost, tax or total); rule_conditions: what the rule asks for, an omitted one matches all; merges: lines of one account are merged by the rule; document_lines: the lines of the document that the amount comes from, null for tax and total, which come from all; explanation; evaluations: of a rule with a condition or an expression, for each amount that it took {"document_line", "when", "expression", "values" (what the names in them stood for), "amount" (as the line shows it)}, as they were when the voucher was posted; null for other rules. rule_conditions show the rule as it is now. No rows for an unknown company or document, or one without a voucher.';

-- What is written is rolled back with the subtransaction; variables keep what they were given. LE999 leaves this function never,
-- and does not end in 000, which would catch the whole class.
CREATE FUNCTION erp.dry_run(company text, request json) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	own bigint;
	result jsonb;
	shown jsonb;
	company_number integer := (SELECT c.company_id FROM erp.company c WHERE c.code = dry_run.company);
BEGIN
	SELECT COALESCE(max(d.document_id), 0) INTO own
	  FROM erp.document d WHERE d.company_id = company_number AND d.transaction_id = pg_current_xact_id();
	BEGIN
		result := CASE WHEN json_typeof(dry_run.request) = 'array' THEN erp.post_documents(dry_run.company, dry_run.request)
			WHEN dry_run.request -> 'reverses' IS NOT NULL THEN erp.reverse_document(dry_run.company, dry_run.request)
			ELSE erp.post_document(dry_run.company, dry_run.request) END;
		WITH written AS (
			SELECT (r.value ->> 'document_id')::bigint AS document_id
			  FROM jsonb_array_elements(CASE jsonb_typeof(result) WHEN 'array' THEN result ELSE jsonb_build_array(result) END) AS r (value)
			UNION
			SELECT d.document_id
			  FROM erp.document d
			  JOIN erp.voucher v ON v.company_id = d.company_id AND v.voucher_id = d.document_id
			 WHERE d.company_id = company_number AND d.transaction_id = pg_current_xact_id() AND d.document_id > own
		)
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
		  INTO shown
		  FROM written n
		  JOIN erp.document d ON d.company_id = company_number AND d.document_id = n.document_id;
		RAISE EXCEPTION USING ERRCODE = 'LE999', MESSAGE = 'a dry run is taken back';
	EXCEPTION WHEN SQLSTATE 'LE999' THEN
		NULL;
	END;
	RETURN shown;
END
$function$;
COMMENT ON FUNCTION erp.dry_run(text, json) IS
	'What a posting would write, without writing it: posts, reads what was written, and takes it all back. company: code. request: what erp.post_document(), erp.post_documents() or erp.reverse_document() (an object with "reverses") takes. Returns an array of the documents that would come to be, cost adjustments of a backdated move included: {"key", "kind", "day", "posting_day", "voucher": [{"account", "side", "amount", "currency", "company_amount", "summary"}], "moves": [{"item", "warehouse", "quantity" (in positive, out negative), "value" (company''s currency)}], "open_items": [{"party", "amount" (debit positive), "due_day"}]}; null where there is none. For a key that was posted before: the document that stands. While it runs it waits and holds others up as the posting itself would; ids of documents, moves and vouchers are used up, numbers are not. Errors: those of the call.';
