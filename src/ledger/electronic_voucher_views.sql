-- ledger: electronic vouchers and how they stand. Run by every erp.setup().

CREATE OR REPLACE VIEW erp_private.electronic_voucher_state AS
SELECT e.company_id,
	e.electronic_voucher_id,
	f.event = 'valid' AS valid,
	f.verified_by,
	CASE WHEN NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = e.company_id AND r.reverses_document_id = b.booked_document_id)
		THEN b.booked_document_id END AS booked_document_id,
	GREATEST(f.event_no, b.event_no, 0) AS events
FROM erp.electronic_voucher e
LEFT JOIN LATERAL (
	SELECT v.event, v.event_no, v.verified_by
	FROM erp.electronic_voucher_event v
	WHERE v.company_id = e.company_id AND v.electronic_voucher_id = e.electronic_voucher_id AND v.booked_document_id = 0
	ORDER BY v.event_no DESC LIMIT 1
) f ON true
LEFT JOIN LATERAL (
	SELECT k.booked_document_id, k.event_no
	FROM erp.electronic_voucher_event k
	WHERE k.company_id = e.company_id AND k.electronic_voucher_id = e.electronic_voucher_id AND k.booked_document_id <> 0
	ORDER BY k.event_no DESC LIMIT 1
) b ON true;
COMMENT ON VIEW erp_private.electronic_voucher_state IS 'How each electronic voucher stands: by its last verification, and by its last booking unless that document was reversed.';
COMMENT ON COLUMN erp_private.electronic_voucher_state.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.electronic_voucher_state.electronic_voucher_id IS 'Identity of the electronic voucher.';
COMMENT ON COLUMN erp_private.electronic_voucher_state.valid IS 'What the last verification says; null: there was none.';
COMMENT ON COLUMN erp_private.electronic_voucher_state.verified_by IS 'Who or what that asked; null: there was none.';
COMMENT ON COLUMN erp_private.electronic_voucher_state.booked_document_id IS 'The document whose voucher rests on it; null: none that stands.';
COMMENT ON COLUMN erp_private.electronic_voucher_state.events IS 'How many events there were.';

CREATE OR REPLACE VIEW erp.electronic_voucher_list AS
SELECT c.code AS company,
	e.kind,
	e.issuer,
	e.number,
	e.day,
	m.code AS currency,
	pg_catalog.round(e.amount, m.decimals) AS amount,
	pg_catalog.round(e.tax_amount, m.decimals) AS tax_amount,
	e.issuer_name,
	e.recipient,
	e.content_type,
	pg_catalog.encode(e.content_hash, 'hex') AS content_hash,
	e.location,
	CASE WHEN b.key IS NOT NULL THEN 'booked'
		WHEN s.valid THEN 'valid'
		WHEN NOT s.valid THEN 'invalid'
		ELSE 'received' END AS state,
	s.verified_by,
	d.recorded_by::pg_catalog.name AS received_by,
	d.recorded_at AS received_at,
	b.key AS document_key,
	n.number AS voucher_number
FROM erp.electronic_voucher e
JOIN erp.company c ON c.company_id = e.company_id
JOIN erp.currency m ON m.currency_id = e.currency_id
JOIN erp.document d ON d.company_id = e.company_id AND d.document_id = e.document_id
JOIN erp_private.electronic_voucher_state s ON s.company_id = e.company_id AND s.electronic_voucher_id = e.electronic_voucher_id
LEFT JOIN erp.document b ON b.company_id = e.company_id AND b.document_id = s.booked_document_id
LEFT JOIN erp.voucher v ON v.company_id = b.company_id AND v.voucher_id = b.document_id
LEFT JOIN erp_private.number_text n ON n.company_id = v.company_id AND n.document_id = v.document_id
	AND n.voucher_id = v.voucher_id AND n.target = 'voucher';
COMMENT ON VIEW erp.electronic_voucher_list IS 'Electronic vouchers from outside, how they stand, and the voucher that rests on each.';
COMMENT ON COLUMN erp.electronic_voucher_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.electronic_voucher_list.kind IS 'What it is: vat_invoice, rail_ticket, bank_receipt and so on.';
COMMENT ON COLUMN erp.electronic_voucher_list.issuer IS 'Tax or bank identifier of who issued it.';
COMMENT ON COLUMN erp.electronic_voucher_list.number IS 'Number that the issuer gave it.';
COMMENT ON COLUMN erp.electronic_voucher_list.day IS 'Day of issue.';
COMMENT ON COLUMN erp.electronic_voucher_list.currency IS 'Code of the currency of its amounts.';
COMMENT ON COLUMN erp.electronic_voucher_list.amount IS 'Amount with tax, negative in red.';
COMMENT ON COLUMN erp.electronic_voucher_list.tax_amount IS 'Tax in the amount.';
COMMENT ON COLUMN erp.electronic_voucher_list.issuer_name IS 'Name of the issuer.';
COMMENT ON COLUMN erp.electronic_voucher_list.recipient IS 'Identifier that it was issued to.';
COMMENT ON COLUMN erp.electronic_voucher_list.content_type IS 'Format of the file.';
COMMENT ON COLUMN erp.electronic_voucher_list.content_hash IS 'SHA-256 of the file, in hexadecimal digits.';
COMMENT ON COLUMN erp.electronic_voucher_list.location IS 'Where the file is kept.';
COMMENT ON COLUMN erp.electronic_voucher_list.state IS 'received (not verified yet), valid, invalid, or booked.';
COMMENT ON COLUMN erp.electronic_voucher_list.verified_by IS 'Who or what the last verification asked; null for none.';
COMMENT ON COLUMN erp.electronic_voucher_list.received_by IS 'Who received it.';
COMMENT ON COLUMN erp.electronic_voucher_list.received_at IS 'When it was received.';
COMMENT ON COLUMN erp.electronic_voucher_list.document_key IS 'Key of the document whose voucher rests on it; null while it is not booked.';
COMMENT ON COLUMN erp.electronic_voucher_list.voucher_number IS 'Number of that voucher; null while it has none.';
