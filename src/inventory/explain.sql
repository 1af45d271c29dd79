-- inventory: what a posting did, with the rights of the caller, and what one would do.

-- Lines that name the voucher line as theirs, moves whose costs stand on it, and whose amounts a rule took for it.
CREATE FUNCTION erp_private.lines_of_voucher_line(company_id integer, document_id bigint, voucher_id bigint, line_no integer) RETURNS integer[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(DISTINCT g.line_no ORDER BY g.line_no)
	FROM (
		SELECT x.line_no
		FROM erp.document_line x
		WHERE x.company_id = $1 AND x.document_id = $2 AND x.voucher_line_no = $4
		UNION ALL
		SELECT m.line_no
		FROM erp.stock_move m
		JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id AND e.voucher_id = $3 AND $4 IN (e.inventory_line_no, e.counter_line_no)
		WHERE m.company_id = $1 AND m.document_id = $2
		UNION ALL
		SELECT NULLIF(l.document_line_no, 0)
		FROM erp.voucher_line l
		WHERE l.company_id = $1 AND l.voucher_id = $3 AND l.line_no = $4
		UNION ALL
		SELECT NULLIF(e.document_line_no, 0)
		FROM erp.posting_evaluation e
		WHERE e.company_id = $1 AND e.voucher_id = $3 AND e.line_no = $4
	) g
	WHERE g.line_no IS NOT NULL
$$;
COMMENT ON FUNCTION erp_private.lines_of_voucher_line(integer, bigint, bigint, integer) IS
'Numbers of the lines of a document that the amount of a line of its voucher comes from; null for those that come from all.';

CREATE FUNCTION erp.explain_posting(company text, document_key text)
RETURNS TABLE (voucher_id bigint, line_no integer, account_code text, side text, amount numeric, company_amount numeric, posting_rule_id integer,
	amount_role text, rule_conditions jsonb, merges boolean, document_lines integer[], explanation text, evaluations jsonb, shares jsonb)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH rule AS NOT MATERIALIZED (
		SELECT r.*, jsonb_strip_nulls(jsonb_build_object('kind', r.kind, 'line_role', NULLIF(r.line_role, ''), 'item_group', NULLIF(r.item_group, ''),
			'party_group', NULLIF(r.party_group, ''), 'warehouse', w.code, 'tax_code', t.code, 'condition', NULLIF(r.condition, 'any'),
			'entry', NULLIF(r.entry, 1), 'when', NULLIF(r.applies_when, ''), 'expression', NULLIF(r.amount_expression, ''))) AS conditions
		FROM erp.posting_rule r
		LEFT JOIN erp.warehouse w ON w.company_id = r.company_id AND w.warehouse_id = r.warehouse_id
		LEFT JOIN erp.tax_code t ON t.company_id = r.company_id AND t.tax_code_id = r.tax_code_id
	), line AS (
		SELECT l.*, CASE l.side WHEN 'debit' THEN 1 ELSE -1 END AS sign
		FROM erp.voucher_line l
	), taken AS NOT MATERIALIZED (
		SELECT e.*, (e.applies_when, e.amount_expression) <> ('', '') AS asked,
			(e.applies_when, e.amount_expression) <> (r.applies_when, r.amount_expression) AS changed, r.conditions
		FROM erp.posting_evaluation e
		LEFT JOIN rule r ON r.company_id = e.company_id AND r.posting_rule_id = e.posting_rule_id
	)
	SELECT l.voucher_id, l.line_no, a.code, l.side, l.amount, l.company_amount, NULLIF(l.posting_rule_id, 0), r.amount_role, r.conditions, r.merge,
		erp_private.lines_of_voucher_line(d.company_id, d.document_id, l.voucher_id, l.line_no),
		CASE WHEN d.reverses_document_id <> 0 THEN 'the line of the reversed voucher, turned round'
			WHEN r.posting_rule_id IS NOT NULL THEN format('%s for the %s of a %s%s',
				CASE WHEN p.shares IS NULL THEN 'the most specific rule' ELSE 'several rules' END, r.amount_role, r.kind,
				CASE WHEN q.changed THEN ', as it was then' ELSE '' END)
			WHEN l.amount = 0 AND l.document_line_no = 0 THEN 'the rounding difference of the entries, converted one by one'
			WHEN d.kind = 'cost_adjustment' THEN 'the accounts of the moves whose cost changed'
			ELSE 'the document itself names the account' END,
		q.evaluations, p.shares
	FROM erp.company c
	JOIN erp.document d ON d.company_id = c.company_id AND d.key = $2
	JOIN line l ON l.company_id = d.company_id AND l.voucher_id = d.document_id
	JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
	LEFT JOIN rule r ON r.company_id = l.company_id AND r.posting_rule_id = l.posting_rule_id
	CROSS JOIN LATERAL (
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('document_line', NULLIF(e.document_line_no, 0), 'when', NULLIF(e.applies_when, ''),
				'expression', NULLIF(e.amount_expression, ''), 'values', e.named_values, 'amount', l.sign * e.amount)) ORDER BY e.evaluation_no) AS evaluations,
			COALESCE(bool_or(e.changed), false) AS changed
		FROM taken e
		WHERE e.company_id = l.company_id AND e.voucher_id = l.voucher_id AND e.line_no = l.line_no AND e.asked
	) q
	CROSS JOIN LATERAL (
		SELECT CASE WHEN count(*) > 1 THEN jsonb_agg(jsonb_build_object('posting_rule_id', e.posting_rule_id, 'rule_conditions', e.conditions,
			'document_lines', e.lines, 'amount', e.amount, 'company_amount', e.company_amount) ORDER BY e.first_no) END AS shares
		FROM (
			SELECT t.posting_rule_id, t.conditions, min(t.evaluation_no) AS first_no, l.sign * sum(t.amount) AS amount,
				l.sign * sum(t.company_amount) AS company_amount,
				array_agg(DISTINCT t.document_line_no) FILTER (WHERE t.document_line_no <> 0) AS lines
			FROM taken t
			WHERE t.company_id = l.company_id AND t.voucher_id = l.voucher_id AND t.line_no = l.line_no
			GROUP BY t.posting_rule_id, t.conditions
		) e
	) p
	WHERE c.code = $1
	ORDER BY l.voucher_id, l.line_no
$$;
COMMENT ON FUNCTION erp.explain_posting(text, text) IS
'Why the voucher of a document looks as it does: for each of its lines the posting rule that gave it. company: code. document_key: key of the document. Returns voucher and line, account, side, amount in the line''s currency and company_amount in the company''s (negative in red); posting_rule_id, null if no rule gave the line, of several the first; amount_role (amount, inventory, cost, tax or total); rule_conditions: what the rule asks for, an omitted one matches all; merges: lines of one account are merged by the rule; document_lines: the lines of the document that the amount comes from, null for tax and total, which come from all; explanation; evaluations: of a rule with a condition or an expression, for each amount that it took {"document_line", "when", "expression", "values" (what the names in them stood for), "amount" (as the line shows it)}, as they were when the voucher was posted; null for other rules; shares: of a line that several rules gave ("merge_rules"), for each of them {"posting_rule_id", "rule_conditions", "document_lines", "amount", "company_amount"}, which add up to the line; null for other lines. rule_conditions show the rule as it is now. No rows for an unknown company or document, or one without a voucher.';

CREATE FUNCTION erp_private.try_documents(company text, documents json, single boolean) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_try_documents';
COMMENT ON FUNCTION erp_private.try_documents(text, json, boolean) IS
	'As erp.post_documents(), or where single is true erp.post_document(), but no review is asked for: for what takes it back.';

CREATE FUNCTION erp_private.try_reversal(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_try_reversal';
COMMENT ON FUNCTION erp_private.try_reversal(text, json) IS 'The same for erp.reverse_document().';

-- The key is of a call that is taken back.
CREATE FUNCTION erp_private.try_call(company text, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	key text := 'dry run ' || pg_current_xact_id();
	given json := (request -> 'request')::json;
BEGIN
	PERFORM erp_private.check_object(request, '{"call": "code!", "request": "object!"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'call', ARRAY['post_template', 'post_recurring', 'post_schedules', 'run_allocations', 'run_transfers']);
	RETURN CASE request ->> 'call' WHEN 'post_template' THEN erp.post_template(company, key, given) WHEN 'post_recurring' THEN erp.post_recurring(company, key, given)
		WHEN 'post_schedules' THEN erp.post_schedules(company, key, given) WHEN 'run_allocations' THEN erp.run_allocations(company, key, given) ELSE erp.run_transfers(company, key, given) END;
END
$function$;
COMMENT ON FUNCTION erp_private.try_call(text, jsonb) IS 'Does what a call that posts what is due says, {"call", "request"}, for erp.dry_run(). LE011 for another call.';

CREATE FUNCTION erp_private.try_request(company text, request json) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN json_typeof(request) = 'array' THEN erp_private.try_documents(company, request, false)
	       WHEN request -> 'settle' IS NOT NULL OR request -> 'unsettle' IS NOT NULL THEN erp_private.settle_one_drafted(company, request::jsonb)
	       WHEN request -> 'call' IS NOT NULL THEN erp_private.try_call(company, request::jsonb)
	       WHEN request -> 'reverses' IS NOT NULL THEN erp_private.try_reversal(company, request)
	       ELSE erp_private.try_documents(company, request, true) END
$function$;
COMMENT ON FUNCTION erp_private.try_request(text, json) IS 'Posts what erp.dry_run() takes, whether it was reviewed or not; returns what the posting returns.';
