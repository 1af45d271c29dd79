-- ledger: open items are settled, and unsettled.

CREATE FUNCTION erp_private.lock_settle(company_id integer, request jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_lock_settle';
COMMENT ON FUNCTION erp_private.lock_settle(integer, jsonb) IS
	'Takes the gates of the company and of the periods that the request may write into: before the key of the call, as postings do.';

CREATE FUNCTION erp_private.lock_unsettle(company_id integer, request jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_lock_settle';
COMMENT ON FUNCTION erp_private.lock_unsettle(integer, jsonb) IS 'The same for erp.unsettle().';

CREATE FUNCTION erp_private.settle(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_settle';
COMMENT ON FUNCTION erp_private.settle(integer, bigint, jsonb) IS 'Does what erp.settle() says; document_id is that of the call.';

CREATE FUNCTION erp_private.unsettle(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_unsettle';
COMMENT ON FUNCTION erp_private.unsettle(integer, bigint, jsonb) IS 'Does what erp.unsettle() says; document_id is that of the call.';

CREATE FUNCTION erp_private.settle_drafted(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_settle_drafted';
COMMENT ON FUNCTION erp_private.settle_drafted(integer, bigint, jsonb) IS
	'The same for a draft: what it posts was reviewed where the company asks for that, or is tried.';

CREATE FUNCTION erp_private.unsettle_drafted(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_unsettle_drafted';
COMMENT ON FUNCTION erp_private.unsettle_drafted(integer, bigint, jsonb) IS 'The same for erp.unsettle().';

-- These pin their search_path themselves, where they run SQL (PinSearchPath()).
CREATE FUNCTION erp.settle(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_run_call_in_c';
COMMENT ON FUNCTION erp.settle(text, text, json) IS
	'Settles debit open items against credit open items of one party, account and currency. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"day", "items": [{"key" (of the document that opened it), "line"? (of its voucher, where it opened several; of instalments the key alone names all that are open, the amount going to the earliest) or "open_item_id", "amount"?, "discount"?, "write_off"?}], "reference"?, "description"?}, or an array of these, at most 10000, all or nothing. amount: above zero, in the item''s currency; amounts given are used in full, of items without one as much as stands against them, oldest due day first. discount: a cash discount on top of that; "terms": what the payment terms of the item give for a payment of the latest day of the documents that stand against it, of what is paid and discounted together, rounded by the currency; whoever pays all that is open but that discount settles the item. Where a tax code says so (erp.put_tax_codes()), the tax in a discount is a line and a settlement of its own (role discount_tax) that follows the rest; erp.tax_list shows it. write_off: true writes off what is left of the item then, up to the company''s limit (erp.put_company()). A day in a closed period lands on the first open day; none is earlier than its items. Each meeting of two items is a row of erp.settlement. Its company amount is the lesser of the two exact shares, share = round(company amount of the item x amount settled so far / its amount) less what was settled before (nothing where one of the two stands on the other side in the company''s currency, as a price difference between two rates may), and the difference is posted as a realized exchange difference; an item of nothing but company currency is closed by one; differences, discounts and write-offs post by the rules of kind settlement. Returns {"document_id", "voucher_id" (null: nothing to post), "number", "settlements": [{"settlement_id", "debit_open_item_id", "credit_open_item_id", "amount", "company_amount"}]}, or an array of these. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE031 if no open period follows, LE041 without a posting rule, LE090 for items that do not belong together, LE091 for an item that is settled, LE092 for an amount that is not open, LE093 for a rest beyond the limit, LE130 for a discount that the terms do not give, LE100 where it would post a voucher in a company that posts from reviewed drafts only (erp.draft_voucher()).';

CREATE FUNCTION erp.unsettle(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_run_call_in_c';
COMMENT ON FUNCTION erp.unsettle(text, text, json) IS
	'Undoes settlements by negative ones; their exchange differences, discounts and write-offs are taken back on the same accounts. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"day", and "key" (of the call that settled), "document_id" (of one settlement document), "settlement_ids" (an array) or "settlements" ([{"settlement_id", "amount"?}]), "reference"?, "description"?}, or an array of these, at most 10000, all or nothing. By key or document, what was undone before is left out. amount: how much of a meeting of two items is undone, all if it is not given: the whole is undone and the rest meets again, a new settlement of this call, with the exchange difference of the rest; what was posted is undone as a whole. A day in a closed period lands on the first open day; none is earlier than what is undone. Returns what erp.settle() returns. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE031 if no open period follows, LE092 for more than was settled, LE094 for a settlement that cannot be undone, LE100 as erp.settle().';
