-- ledger: what repeats, as people read it. The state of a posting is looked up by keys, whatever a session's first plan knew of the tables.

CREATE OR REPLACE VIEW erp_private.generated_state AS
SELECT g.company_id,
	g.document_id,
	g.origin,
	g.code,
	g.day,
	g.attempt,
	g.amount,
	g.voucher_key,
	d.document_id AS posted_document_id,
	x.key AS reversed_by,
	CASE
		WHEN d.document_id IS NULL AND t.state = 'withdrawn'::text THEN 'withdrawn'::text
		WHEN d.document_id IS NULL THEN 'drafted'::text
		WHEN x.key IS NULL THEN 'posted'::text
		WHEN p.voucher_key IS NOT NULL THEN 'reversed as planned'::text
		ELSE 'reversed'::text
	END AS state
FROM erp.generated_posting g
LEFT JOIN LATERAL (
	SELECT f.document_id
	FROM erp.document f
	WHERE f.company_id = g.company_id AND f.key = g.voucher_key
	OFFSET 0
) d ON true
LEFT JOIN LATERAL (
	SELECT f.state
	FROM erp.draft f
	WHERE f.company_id = g.company_id AND f.key = g.voucher_key
	OFFSET 0
) t ON true
LEFT JOIN LATERAL (
	SELECT f.key
	FROM erp.document f
	WHERE f.company_id = g.company_id AND f.reverses_document_id = d.document_id AND f.reverses_document_id <> 0
	OFFSET 0
) x ON true
LEFT JOIN LATERAL (
	SELECT f.voucher_key
	FROM erp.generated_posting f
	WHERE f.company_id = g.company_id AND f.voucher_key = x.key AND f.origin = 'reversal'::text AND f.code = g.voucher_key
	OFFSET 0
) p ON true;
COMMENT ON VIEW erp_private.generated_state IS 'What was posted or drafted for templates and their like, and what became of it.';
COMMENT ON COLUMN erp_private.generated_state.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.generated_state.document_id IS 'The call that posted it.';
COMMENT ON COLUMN erp_private.generated_state.origin IS 'What it was made by: template, recurring, schedule, allocation, transfer or reversal.';
COMMENT ON COLUMN erp_private.generated_state.code IS 'Code of that; of a reversal, the key of the voucher that it takes back.';
COMMENT ON COLUMN erp_private.generated_state.day IS 'Day for which it was due.';
COMMENT ON COLUMN erp_private.generated_state.attempt IS 'Which attempt it is: what was taken back may be posted again.';
COMMENT ON COLUMN erp_private.generated_state.amount IS 'Amount, in the company''s currency.';
COMMENT ON COLUMN erp_private.generated_state.voucher_key IS 'Key of the voucher or its draft.';
COMMENT ON COLUMN erp_private.generated_state.posted_document_id IS 'Identity of the voucher''s document; null while it is a draft.';
COMMENT ON COLUMN erp_private.generated_state.reversed_by IS 'Key of the document that takes it back; null while it stands.';
COMMENT ON COLUMN erp_private.generated_state.state IS 'drafted, withdrawn, posted, reversed as planned, or reversed.';

CREATE OR REPLACE VIEW erp_private.standing_posting AS
SELECT s.company_id,
	s.document_id,
	s.origin,
	s.code,
	s.day,
	s.attempt,
	s.amount,
	s.voucher_key,
	s.posted_document_id
FROM erp_private.generated_state s
WHERE s.state <> ALL (ARRAY['reversed'::text, 'withdrawn'::text]);
COMMENT ON VIEW erp_private.standing_posting IS 'What counts as done: posted or drafted, and neither reversed by hand nor withdrawn.';
COMMENT ON COLUMN erp_private.standing_posting.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.standing_posting.document_id IS 'The call that posted it.';
COMMENT ON COLUMN erp_private.standing_posting.origin IS 'What it was made by: template, recurring, schedule, allocation, transfer or reversal.';
COMMENT ON COLUMN erp_private.standing_posting.code IS 'Code of that; of a reversal, the key of the voucher that it takes back.';
COMMENT ON COLUMN erp_private.standing_posting.day IS 'Day for which it was due.';
COMMENT ON COLUMN erp_private.standing_posting.attempt IS 'Which attempt it is: what was taken back may be posted again.';
COMMENT ON COLUMN erp_private.standing_posting.amount IS 'Amount, in the company''s currency.';
COMMENT ON COLUMN erp_private.standing_posting.voucher_key IS 'Key of the voucher or its draft.';
COMMENT ON COLUMN erp_private.standing_posting.posted_document_id IS 'Identity of the voucher''s document; null while it is a draft.';

CREATE OR REPLACE VIEW erp.generated_posting_list AS
SELECT c.company,
	s.origin,
	s.code,
	s.day,
	s.attempt,
	pg_catalog.round(s.amount, c.decimals) AS amount,
	s.voucher_key,
	s.state,
	s.reversed_by,
	k.key AS call_key
FROM erp_private.company_money c
JOIN erp_private.generated_state s ON s.company_id = c.company_id
JOIN erp.document k ON k.company_id = s.company_id AND k.document_id = s.document_id;
COMMENT ON VIEW erp.generated_posting_list IS 'Vouchers that templates, recurring vouchers, planned reversals, schedules, allocations and transfer templates made, with what made them.';
COMMENT ON COLUMN erp.generated_posting_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.generated_posting_list.origin IS 'template, recurring, reversal, schedule, allocation or transfer.';
COMMENT ON COLUMN erp.generated_posting_list.code IS 'Code of what made it; of a reversal the key of what it reverses.';
COMMENT ON COLUMN erp.generated_posting_list.day IS 'The day for which it was due; of allocations and transfers the last of the period.';
COMMENT ON COLUMN erp.generated_posting_list.attempt IS 'From 1 on: those before were reversed; of a template 0.';
COMMENT ON COLUMN erp.generated_posting_list.amount IS 'What was posted, in the company''s currency.';
COMMENT ON COLUMN erp.generated_posting_list.voucher_key IS 'Key of the document, or of the draft.';
COMMENT ON COLUMN erp.generated_posting_list.state IS 'posted, drafted, withdrawn (a draft), reversed (by hand: it is due again), or reversed as planned.';
COMMENT ON COLUMN erp.generated_posting_list.reversed_by IS 'Key of the document that reverses it; null if none does.';
COMMENT ON COLUMN erp.generated_posting_list.call_key IS 'Key of the call that made it.';

CREATE OR REPLACE VIEW erp.planned_reversal_list AS
SELECT c.company,
	p.voucher_key,
	d.posting_day AS voucher_day,
	CASE
		WHEN p.day IS NULL THEN 'next_period'::text
		ELSE (p.day)::text
	END AS reverses_on,
	p.withdrawn,
	x.key AS reversed_by,
	x.posting_day AS reversed_on
FROM erp_private.company_money c
JOIN erp.planned_reversal p ON p.company_id = c.company_id
LEFT JOIN erp.document d ON d.company_id = p.company_id AND d.key = p.voucher_key
LEFT JOIN erp.document x ON x.company_id = d.company_id AND x.reverses_document_id = d.document_id AND x.reverses_document_id <> 0;
COMMENT ON VIEW erp.planned_reversal_list IS 'Vouchers that are to reverse themselves, and whether they have.';
COMMENT ON COLUMN erp.planned_reversal_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.planned_reversal_list.voucher_key IS 'Key of the document, or of the draft that is to become it.';
COMMENT ON COLUMN erp.planned_reversal_list.voucher_day IS 'Day on which it stands in the books; null: it is not there yet.';
COMMENT ON COLUMN erp.planned_reversal_list.reverses_on IS 'A day, or next_period.';
COMMENT ON COLUMN erp.planned_reversal_list.withdrawn IS 'Whether it is not to be reversed any more.';
COMMENT ON COLUMN erp.planned_reversal_list.reversed_by IS 'Key of the document that reverses it; null if none does.';
COMMENT ON COLUMN erp.planned_reversal_list.reversed_on IS 'Day on which that stands in the books.';
