-- inventory: drafts by state, who has to act, what they say and what became of them.

CREATE OR REPLACE VIEW erp.draft_list AS
SELECT c.company,
	d.key AS draft_key,
	d.kind AS document_kind,
	d.day,
	d.state,
	s.next_step,
	CASE s.next_step WHEN 'draft' THEN p.happened_by::text
		ELSE (
			SELECT pg_catalog.string_agg(t.allowed_role, ', ' ORDER BY t.allowed_role)
			FROM erp.document_transition t
			WHERE t.kind = d.kind AND t.from_state = d.state
				AND t.to_state = CASE s.next_step WHEN 'review' THEN 'reviewed' WHEN 'sign' THEN 'signed' ELSE 'posted' END
		) END AS next_by,
	pg_catalog.round(d.amount, c.decimals) AS amount,
	d.attachments,
	d.moves_cash,
	d.reason,
	p.happened_by AS prepared_by,
	p.happened_at AS prepared_at,
	r.happened_by AS reviewed_by,
	r.happened_at AS reviewed_at,
	g.happened_by AS signed_by,
	g.happened_at AS signed_at,
	b.happened_by AS posted_by,
	b.happened_at AS posted_at,
	b.document_id,
	v.voucher_id,
	n.number AS voucher_number,
	COALESCE(d.request ->> 'description', d.request #>> '{settle,description}', d.request #>> '{unsettle,description}') AS description
FROM erp_private.company_money c
JOIN erp.company o ON o.company_id = c.company_id
JOIN erp.draft d ON d.company_id = c.company_id
CROSS JOIN LATERAL (
	SELECT CASE WHEN d.state IN ('posted', 'withdrawn') THEN NULL
		WHEN d.state = 'returned' THEN 'draft'
		WHEN d.state = 'drafted' AND o.review_required THEN 'review'
		WHEN d.state = 'reviewed' AND o.cashier_signs AND d.moves_cash THEN 'sign'
		ELSE 'post' END AS next_step
) s
JOIN LATERAL (
	SELECT e.event_no, e.happened_by, e.happened_at
	FROM erp.draft_event e
	WHERE e.company_id = d.company_id AND e.draft_id = d.draft_id AND e.to_state = 'drafted'
	ORDER BY e.event_no DESC LIMIT 1
) p ON true
LEFT JOIN erp.draft_event r ON r.company_id = d.company_id AND r.draft_id = d.draft_id AND r.event_no > p.event_no AND r.to_state = 'reviewed'
LEFT JOIN erp.draft_event g ON g.company_id = d.company_id AND g.draft_id = d.draft_id AND g.event_no > p.event_no AND g.to_state = 'signed'
LEFT JOIN erp.draft_event b ON b.company_id = d.company_id AND b.draft_id = d.draft_id AND b.document_id <> 0
LEFT JOIN erp.voucher v ON v.company_id = b.company_id AND v.voucher_id = b.document_id
LEFT JOIN erp_private.number_text n ON n.company_id = v.company_id AND n.document_id = v.document_id
	AND n.voucher_id = v.voucher_id AND n.target = 'voucher';

COMMENT ON VIEW erp.draft_list IS 'Drafts by state, and who has to act next; one row a draft.';
COMMENT ON COLUMN erp.draft_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.draft_list.draft_key IS 'Key of the draft, and of the document that it becomes.';
COMMENT ON COLUMN erp.draft_list.document_kind IS 'Kind of that document.';
COMMENT ON COLUMN erp.draft_list.day IS 'Day that it belongs to.';
COMMENT ON COLUMN erp.draft_list.state IS 'drafted, reviewed, signed, posted, returned or withdrawn.';
COMMENT ON COLUMN erp.draft_list.next_step IS 'What the company''s rules have come next: draft (again), review, sign or post; null where nothing does.';
COMMENT ON COLUMN erp.draft_list.next_by IS 'Who does that: the roles whose members may; of a draft that was returned, who prepared it.';
COMMENT ON COLUMN erp.draft_list.amount IS 'Debit of its voucher, in the company''s currency, as of when it was drafted.';
COMMENT ON COLUMN erp.draft_list.attachments IS 'Number of papers that come with it.';
COMMENT ON COLUMN erp.draft_list.moves_cash IS 'Whether its voucher has a line on an account of cash or bank.';
COMMENT ON COLUMN erp.draft_list.reason IS 'Why it was returned or withdrawn; else empty.';
COMMENT ON COLUMN erp.draft_list.prepared_by IS 'Role that drafted it as it stands.';
COMMENT ON COLUMN erp.draft_list.prepared_at IS 'When that was.';
COMMENT ON COLUMN erp.draft_list.reviewed_by IS 'Role that reviewed it as it stands; null if nobody did.';
COMMENT ON COLUMN erp.draft_list.reviewed_at IS 'When that was.';
COMMENT ON COLUMN erp.draft_list.signed_by IS 'Cashier who signed it as it stands; null if nobody did.';
COMMENT ON COLUMN erp.draft_list.signed_at IS 'When that was.';
COMMENT ON COLUMN erp.draft_list.posted_by IS 'Role that posted it; null until then.';
COMMENT ON COLUMN erp.draft_list.posted_at IS 'When that was.';
COMMENT ON COLUMN erp.draft_list.document_id IS 'Identity of the document that it became.';
COMMENT ON COLUMN erp.draft_list.voucher_id IS 'Identity of its voucher.';
COMMENT ON COLUMN erp.draft_list.voucher_number IS 'Gapless number of that voucher; null until it is assigned.';
COMMENT ON COLUMN erp.draft_list.description IS 'Free text about it.';

CREATE OR REPLACE VIEW erp.draft_lines AS
SELECT c.company,
	d.key AS draft_key,
	d.state,
	l.n::integer AS line_no,
	l.value ->> 'role' AS line_role,
	l.value ->> 'account' AS account_code,
	a.name AS account_name,
	l.value ->> 'side' AS side,
	(l.value ->> 'amount')::numeric AS amount,
	CASE WHEN d.kind <> 'settlement' THEN COALESCE(d.request ->> 'currency', c.currency) END AS currency,
	COALESCE(l.value ->> 'party', d.request ->> 'party') AS party_code,
	l.value -> 'dimensions' AS dimensions,
	l.value ->> 'description' AS description,
	l.value ->> 'key' AS settled_key,
	(l.value ->> 'open_item_id')::bigint AS open_item_id,
	(l.value ->> 'discount')::numeric AS discount,
	(l.value ->> 'write_off')::boolean AS writes_off
FROM erp_private.company_money c
JOIN erp.draft d ON d.company_id = c.company_id
CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(COALESCE(d.request -> 'lines', d.request #> '{settle,items}')) WITH ORDINALITY AS l (value, n)
LEFT JOIN erp.account a ON a.company_id = d.company_id AND a.code = l.value ->> 'account';

COMMENT ON VIEW erp.draft_lines IS 'What drafts say, line by line. Order by draft_key, line_no. A draft that settles has a line for each open item; one that reverses or unsettles has none.';
COMMENT ON COLUMN erp.draft_lines.company IS 'Code of the company.';
COMMENT ON COLUMN erp.draft_lines.draft_key IS 'Key of the draft.';
COMMENT ON COLUMN erp.draft_lines.state IS 'State of the draft.';
COMMENT ON COLUMN erp.draft_lines.line_no IS 'Line within the draft, from 1.';
COMMENT ON COLUMN erp.draft_lines.line_role IS 'Role of the line; null for the default of the kind.';
COMMENT ON COLUMN erp.draft_lines.account_code IS 'Code of the account; null where the posting rules give it.';
COMMENT ON COLUMN erp.draft_lines.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.draft_lines.side IS 'debit or credit; null where the posting rules give it.';
COMMENT ON COLUMN erp.draft_lines.amount IS 'Amount, as it was entered; of an open item null for as much as stands against it.';
COMMENT ON COLUMN erp.draft_lines.currency IS 'Currency of amount; null for an open item, which has its own.';
COMMENT ON COLUMN erp.draft_lines.party_code IS 'Code of the party of the line, or of the draft.';
COMMENT ON COLUMN erp.draft_lines.dimensions IS 'Dimensions of the line, code to value.';
COMMENT ON COLUMN erp.draft_lines.description IS 'Free text about the line.';
COMMENT ON COLUMN erp.draft_lines.settled_key IS 'Of an open item to settle: key of the document that opened it, where it is named by that.';
COMMENT ON COLUMN erp.draft_lines.open_item_id IS 'Its identity, where it is named by that.';
COMMENT ON COLUMN erp.draft_lines.discount IS 'Cash discount of it, in its currency.';
COMMENT ON COLUMN erp.draft_lines.writes_off IS 'True where what is left of it is written off.';

CREATE OR REPLACE VIEW erp.draft_history AS
SELECT c.company,
	d.key AS draft_key,
	e.event_no,
	e.from_state,
	e.to_state,
	e.happened_at,
	e.happened_by,
	e.reason,
	e.attachments,
	e.request,
	NULLIF(e.document_id, 0) AS document_id
FROM erp_private.company_money c
JOIN erp.draft d ON d.company_id = c.company_id
JOIN erp.draft_event e ON e.company_id = d.company_id AND e.draft_id = d.draft_id;

COMMENT ON VIEW erp.draft_history IS 'What became of drafts, step by step. Order by draft_key, event_no.';
COMMENT ON COLUMN erp.draft_history.company IS 'Code of the company.';
COMMENT ON COLUMN erp.draft_history.draft_key IS 'Key of the draft.';
COMMENT ON COLUMN erp.draft_history.event_no IS 'Step, from 1.';
COMMENT ON COLUMN erp.draft_history.from_state IS 'State before the step; empty for the first.';
COMMENT ON COLUMN erp.draft_history.to_state IS 'State after it; the same as before where a draft was drafted again.';
COMMENT ON COLUMN erp.draft_history.happened_at IS 'When that was.';
COMMENT ON COLUMN erp.draft_history.happened_by IS 'Role that did it.';
COMMENT ON COLUMN erp.draft_history.reason IS 'Why it was returned or withdrawn; else empty.';
COMMENT ON COLUMN erp.draft_history.attachments IS 'Number of papers that came with it then.';
COMMENT ON COLUMN erp.draft_history.request IS 'What the draft says from this step on; null where it says what it said before.';
COMMENT ON COLUMN erp.draft_history.document_id IS 'Identity of the document that it became in this step.';
