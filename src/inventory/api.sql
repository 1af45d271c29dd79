CREATE FUNCTION erp.post_document(company text, document json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_post_document';
COMMENT ON FUNCTION erp.post_document(text, json) IS
	'Posts one document with all that it implies: stock moves, costs, voucher, open item, number. company: code. document: {"key", "kind", "day", "time"?, "party"?, "reference"?, "currency"?, "rate"?, "tax_code"?, "warehouse"?, "description"?, "late"?, "lines": [{"role"?, "item"?, "account"?, "side"?, "quantity"?, "price"?, "amount"?, "cost"?, "tax_code"?, "warehouse"?, "party"?, "description"?, "dimensions"?, "origin": {"key", "line"}?}]}. Returns {"document_id", "voucher_id", "number"}; the same key with the same request returns the first result. Errors: LE003, LE010 to LE012, LE020, LE030, LE031, LE040 to LE044, LE050, LE051.';

CREATE FUNCTION erp.post_documents(company text, documents json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_post_documents';
COMMENT ON FUNCTION erp.post_documents(text, json) IS
	'Posts many documents, all or nothing, in the order of the array. company: code. documents: an array of what erp.post_document() takes, at most 100000. Returns an array of its results. Errors: those of erp.post_document(); the detail names the first bad document and field.';

CREATE FUNCTION erp.reverse_document(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_reverse_document';
COMMENT ON FUNCTION erp.reverse_document(text, json) IS
	'Takes a posted document back by a document of the same kind with every line negated: goods move back at exactly their cost, the voucher is the original''s with negative amounts, open items are settled. company: code. request: {"key", "reverses": key of the document, "day"?, "time"? (default those of the original), "late"?, "description"?}. Returns {"document_id", "voucher_id", "number"}. Errors: LE052 if it is a reversal, was reversed before, or what it brought in has moved on; LE050, LE030, LE012.';
