CREATE FUNCTION erp.post_document(company text, document json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_post_document';
COMMENT ON FUNCTION erp.post_document(text, json) IS
	'Posts one document with all that it implies: stock moves, costs, voucher, open item, number. company: code. document: {"key", "kind", "day", "time"?, "party"?, "reference"?, "currency"?, "rate"?, "tax_code"?, "warehouse"?, "description"?, "late"?, "settles"?, "lines": [{"role"?, "item"?, "account"?, "side"?, "quantity"?, "price"?, "amount"?, "cost"?, "tax_code"?, "warehouse"?, "party"?, "description"?, "dimensions"?, "origin": {"key", "line"}?}]}. Returns {"document_id", "voucher_id", "number"} (number: of an immediate series of the kind, else null); the same key with the same request returns the first result. key: 1 to 200 bytes, not beginning with erp:. day: YYYY-MM-DD; time: HH:MM or HH:MM:SS, local, the order within the day. rate: one unit of currency in the company''s, up to 10 decimals, default erp.exchange_rate of the day. late: true lets it post on the first open day when its own is closed. quantity: above zero, in the item''s unit, up to 6 decimals; the role gives the direction. price: of one unit, up to 8 decimals, or amount: both in the document''s currency, without tax. cost: of what comes in, in the company''s currency. origin: the line that issued what a return brings back. account: of a manual voucher, and of the bank or till of a payment where it is not the one of the rules. settles: open items of earlier documents, as in erp.settle(), that the open items of this one settle at once, by a settlement of their own (undone by erp.unsettle() under the key of this document). Formulas: amount = quantity x price; tax = rate of the code x sum of the lines'' amounts, rounded once per code; both half away from zero. Cost of t taken: fifo round(v x t / q) of a layer of value v and quantity q, all of v when t = q; moving average the same of the pool. Errors: LE001 to LE003, LE010 to LE012, LE020, LE030, LE031, LE040 to LE044, LE050, LE051; with settles those of erp.settle().';

CREATE FUNCTION erp.post_documents(company text, documents json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_post_documents';
COMMENT ON FUNCTION erp.post_documents(text, json) IS
	'Posts many documents, all or nothing, in the order of the array. company: code. documents: an array of what erp.post_document() takes, at most 100000. Returns an array of its results. Errors: those of erp.post_document(); the detail names the first bad document and field. LE011 also for more than 100000.';

CREATE FUNCTION erp.reverse_document(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	AS 'MODULE_PATHNAME', 'erp_reverse_document';
COMMENT ON FUNCTION erp.reverse_document(text, json) IS
	'Takes a posted document back by a document of the same kind with every line negated: goods move back at exactly their cost, the voucher is the original''s with negative amounts or, in a company of that reversal_style, on the opposite side; open items are settled. company: code. request: {"key", "reverses": key of the document, "day"?, "time"? (default those of the original), "late"?, "description"?}. Returns {"document_id", "voucher_id", "number"}. Errors: LE052 if it is a reversal, was reversed before, or what it brought in has moved on; LE095 while an open item of it is settled; LE050 if stock would then be missing; LE011 also for a day before the original''s; LE012 also for an unknown document; LE001 to LE003, LE010, LE020, LE030, LE031.';
