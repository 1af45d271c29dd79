-- ledger: the check of electronic vouchers.

CREATE FUNCTION erp_private.check_electronic_vouchers()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'electronic_vouchers', c.code, 'electronic voucher ' || k.electronic_voucher_id,
		CASE WHEN e.electronic_voucher_id IS NULL THEN 'is booked and was never received'
			WHEN v.voucher_id IS NULL THEN format('is booked with document %s, which has no voucher', k.booked_document_id)
			WHEN f.event IS DISTINCT FROM 'valid' THEN format('is booked with document %s, and was not valid then', k.booked_document_id)
			ELSE format('is booked with document %s while it was with document %s', k.booked_document_id, b.booked_document_id) END
	FROM erp.electronic_voucher_event k
	LEFT JOIN erp.electronic_voucher e ON e.company_id = k.company_id AND e.electronic_voucher_id = k.electronic_voucher_id
	LEFT JOIN erp.voucher v ON v.company_id = k.company_id AND v.voucher_id = k.booked_document_id
	LEFT JOIN LATERAL (
		SELECT g.event
		FROM erp.electronic_voucher_event g
		WHERE g.company_id = k.company_id AND g.electronic_voucher_id = k.electronic_voucher_id AND g.booked_document_id = 0 AND g.event_no < k.event_no
		ORDER BY g.event_no DESC LIMIT 1
	) f ON true
	LEFT JOIN erp.electronic_voucher_event b ON b.company_id = k.company_id AND b.electronic_voucher_id = k.electronic_voucher_id
		AND b.booked_document_id <> 0 AND b.event_no < k.event_no
		AND NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = b.company_id AND r.reverses_document_id = b.booked_document_id
			AND r.document_id < k.document_id)
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	WHERE k.event = 'booked' AND (e.electronic_voucher_id IS NULL OR v.voucher_id IS NULL OR f.event IS DISTINCT FROM 'valid' OR b.event_no IS NOT NULL)
	UNION ALL
	SELECT 'electronic_vouchers', c.code, 'electronic voucher ' || k.electronic_voucher_id,
		format('event %s is "%s" with document %s', k.event_no, k.event, k.booked_document_id)
	FROM erp.electronic_voucher_event k
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	WHERE NOT (k.event = 'booked' AND k.booked_document_id <> 0 OR k.event IN ('valid', 'invalid') AND k.booked_document_id = 0)
	UNION ALL
	SELECT 'electronic_vouchers', c.code, 'electronic voucher ' || e.electronic_voucher_id,
		CASE WHEN m.currency_id IS NULL THEN 'has an unknown currency'
			WHEN octet_length(e.content_hash) <> 32 THEN format('has a hash of %s bytes', octet_length(e.content_hash))
			ELSE format('of %s with tax %s: more than the %s decimals of %s, or no part of the amount', e.amount, e.tax_amount, m.decimals, m.code) END
	FROM erp.electronic_voucher e
	LEFT JOIN erp.currency m ON m.currency_id = e.currency_id
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	WHERE m.currency_id IS NULL OR octet_length(e.content_hash) <> 32 OR min_scale(e.amount) > m.decimals OR min_scale(e.tax_amount) > m.decimals
		OR e.tax_amount NOT BETWEEN LEAST(e.amount, 0) AND GREATEST(e.amount, 0)
$$;
COMMENT ON FUNCTION erp_private.check_electronic_vouchers() IS
'Law 10: a booked electronic voucher was received, was valid by its last verification before, and stands behind one voucher at a time, which is there; its amounts have the decimals of its currency.';
