-- ledger: the check of the chain. It holds the links against each other; erp.verify_chain() derives them again from the facts.

CREATE FUNCTION erp_private.check_seal_chain()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'seal_chain', c.code, 'position ' || s.position,
		CASE WHEN octet_length(s.hash) <> 32 THEN format('the hash has %s bytes', octet_length(s.hash))
			WHEN s.position > 1 AND p.position IS NULL THEN format('position %s is missing', s.position - 1)
			ELSE format('names %s as the hash before it, which is %s', encode(s.previous_hash, 'hex'),
				COALESCE(encode(p.hash, 'hex'), 'that of nothing: 32 zero bytes')) END
	FROM erp.seal s
	LEFT JOIN erp.seal p ON p.company_id = s.company_id AND p.position = s.position - 1
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE octet_length(s.hash) <> 32 OR (s.position > 1 AND p.position IS NULL)
		OR s.previous_hash <> COALESCE(p.hash, decode(repeat('00', 32), 'hex'))
	UNION ALL
	SELECT 'seal_chain', c.code, 'document ' || n.document_id, 'has no seal, though it lies below the cut'
	FROM erp_private.seal_cut k
	JOIN pg_control_system() o ON o.system_identifier = k.cluster
	JOIN erp.document n ON n.company_id = k.company_id AND n.transaction_id < k.cut
	LEFT JOIN erp.seal s ON s.company_id = n.company_id AND s.document_id = n.document_id
	LEFT JOIN erp.company c ON c.company_id = n.company_id
	WHERE NOT k.restored AND s.position IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_seal_chain() IS
'Law 2: the positions of each chain run from 1 without a gap, each seal names the hash before it, and every document below the cut has one. No content is hashed again.';
