-- Calls on master data: one C function runs them all, once per key, as erp_owner.

CREATE FUNCTION erp.create_company(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.create_company(text, text, json) IS
	'Makes a company. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"name", "currency" (code), "chart"? ("english", "china_small_enterprise" or null), "member_role"? (role whose members work for it, default erp_read), "reversal_style"? ("red_letter", the default, or "opposite_side")}. Copies the chart with its posting rules and voucher words, makes warehouse MAIN and the deferred series of voucher numbers by month. Returns {"company_id", "accounts", "posting_rules"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for a company that exists under another key, LE012 for an unknown currency, chart or role.';

CREATE FUNCTION erp.put_company(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_company(text, text, json) IS
	'Changes a company. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"name"?, "write_off_limit"? (the greatest rest of an open item that erp.settle() may write off, in the company''s currency), "rounding_limit"? (the greatest difference in the company''s currency that the lines of a manual voucher in a foreign currency may leave when each is converted by itself; 0, the default: none), "rounding_account"? (the account that takes it; needed for a limit above 0), "review_required"? (what can be drafted posts from a reviewed draft only; of settlements, those that post a voucher), "separate_reviewer"? (nobody reviews a draft that he or she prepared), "cashier_signs"? (the cashier signs a reviewed draft that moves cash before it posts; with review_required only), "bill_ahead"? (true, the default: bills may be of more than was received, or come before the goods; what is ahead stays on the account of goods that are not billed until it is received; false: they are refused, LE197), "negative_stock"? (false, the default: an issue of more than is there is refused, LE050; true: what is beyond it costs what was last paid for one unit until the receipts come that cover it, see erp.provisional_costs; turn it off when nothing is below zero), "issue_expired"? (false, the default: goods past their last day, the earlier of removal_day and expires_on of their lot, are not issued to customers, LE220; true: they are; an item may say otherwise), "pending_at_close"? (what closing the stock or general module of a period does while adjustments of its days or earlier are pending, see erp.pending_adjustments: year, the default: refuses the last period of a fiscal year with LE222, and warns otherwise; warn: warns; refuse: refuses)}. A field that is not given keeps its value. Returns {"updated"}: 1, or 0 if nothing changed. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown account, LE042 for one that cannot take the difference.';

CREATE FUNCTION erp.create_fiscal_year(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.create_fiscal_year(text, text, json) IS
	'Makes a fiscal year and its monthly periods, open for all modules. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"code", "first_day" (the first of a month), "months"? (1 to 24, default 12)}. It must join the years that exist without gap or overlap (else LE011). Returns {"fiscal_year_id", "periods"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); 40001 under REPEATABLE READ or SERIALIZABLE if the company has posted or called anything since the snapshot of this transaction: call it under READ COMMITTED, or try again.';

CREATE FUNCTION erp.set_period_state(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.set_period_state(text, text, json) IS
	'Opens or closes a period for modules. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"period" (YYYY-MM), "modules"? (of general, stock, sales, purchasing; default all), "state" (open, warned, closed), "reason"? (why; needed to reopen what is closed)}. Into a period in state warned one can post, with a WARNING and a row in erp.warned_posting. Waits for postings into the period that are under way. Closing gives the deferred numbers that the period still lacks, in the name of the call: those of vouchers with the general module. Closing (and opening) seals, as erp.seal_documents() does, all that the company has committed, and the call itself at the end: all that is dated in the period is in the chain with its close. Returns {"changed"}: the number of modules whose state changed, and "pending_adjustments": how many were pending at the end of the period, with a WARNING, where a company lets it close so. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE222 where it does not, see "pending_at_close" of erp.put_company(); LE011 also for a reopening without a reason, LE012 for an unknown period, LE032 for the reopening of a period before the hard lock, LE105 for closing the general module of a period with a draft that is neither posted nor withdrawn; 40001 under REPEATABLE READ or SERIALIZABLE if the company has posted or called anything since the snapshot of this transaction: call it under READ COMMITTED, or try again.';

CREATE FUNCTION erp.set_hard_lock(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.set_hard_lock(text, text, json) IS
	'Locks all days up to one for ever: nothing is posted on or before it in any module, and no closed period before it reopens. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"day" (the last locked day), "reason"}. Waits for postings into the periods concerned that are under way. Gives the deferred numbers that these days still lack, in the name of the call. Seals all that the company has committed, and the call itself at the end. Asks of each period whose last day comes under the lock, for the modules that are not closed, what a close asks. Returns {"day", "before"}: the lock and what it was, null for none; and, where something is pending at the end of such periods and the company lets it close so, "periods": {code: {"pending_adjustments"}}, how many of each, with a WARNING. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE222 where it does not let it, see "pending_at_close" of erp.put_company(); LE032 for a day that is not after the lock that stands; 40001 under REPEATABLE READ or SERIALIZABLE if the company has posted or called anything since the snapshot of this transaction: call it under READ COMMITTED, or try again.';

CREATE FUNCTION erp.put_currencies(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_currencies(text, text, json) IS
	'Adds or changes currencies, shared by all companies. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code" (three capitals), "name", "decimals" (0 to 4)}]. The decimals of a currency in use cannot change (LE140). Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_units(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_units(text, text, json) IS
	'Adds or changes units, shared by all companies. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "measure"? (what it measures, e.g. mass, volume, count; default none: it converts into no other unit), "numerator"?, "denominator"? (one unit is numerator / denominator of the base unit of the measure, each a whole number of at most 12 digits, default 1)}]. A field that is not given keeps its value. Measure and ratio of a unit that an item or a line of a document names cannot change (LE140). Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_exchange_rates(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_exchange_rates(text, text, json) IS
	'Adds or changes exchange rates: 1 unit of "from" is worth rate units of "to" from that day on, until the next rate. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"from", "to", "day", "rate" (positive, up to 10 decimals)}]. Shared by all companies. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown currency.';

CREATE FUNCTION erp.put_parties(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_parties(text, text, json) IS
	'Adds or changes customers, suppliers and other parties. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "roles" (of customer, supplier, employee, bank, other; required for a new one), "group"?, "country"?, "payment_days"? (0 to 3650, default 0: days until what has no payment terms falls due), "customer_terms"? (code of the payment terms of what it owes; "": none), "supplier_terms"? (of what it is owed), "active"?, "credit_limit"? (what the party may owe on receivable accounts, in the company''s currency), "credit_check"? (refuse, the default where a limit is given, warn or none: what happens to a sale that goes beyond the limit)}]. A field that is not given keeps its value; roles that are given replace all of before. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_items(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_items(text, text, json) IS
	'Adds or changes items. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "kind" (stock or service), "method"? (fifo, moving_average, monthly_average, whose cost_pool is company, specific, whose cost_pool is lot: what goes out costs the average of what came in of its lot or serial number, or standard, whose cost_pool is company: see erp.put_standard_costs(); required for a new stock item), "group"? (erp.put_item_groups() says what its new items have), "unit"?, "second_unit"? (a unit to which no ratio leads, e.g. kg beside piece: every line that moves the item gives its "second_quantity"; "": none), "cost_pool"? (company, the default, warehouse or lot), "active"?, "tracking"? (none, the default, lot or serial: whether its moves name a lot, and whether that is a serial number, of which there is at most one), "shelf_life_days"? (0, the default: none; days from a lot''s production day to the day on which it expires, for items with lots), "issue_expired"? (whether lots past their last day, the earlier of removal_day and expires_on, may be issued to customers: allow, refuse, or "", the default: as erp.put_company() says), "weight"?, "volume"? (of one unit, up to 6 decimals, default 0, in what measure the company likes: landed costs may be spread by them)}]. A field that is not given keeps its value. Kind, method, units, pool and tracking of an item that has moved cannot change (LE140). Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown unit, LE180 for another unit of an item that says what others hold.';

CREATE FUNCTION erp.put_warehouses(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_warehouses(text, text, json) IS
	'Adds or changes warehouses. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "active"?}]. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_locations(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_locations(text, text, json) IS
	'Adds or changes locations: places within a warehouse, which are a tree. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"warehouse", "code" (unique in the warehouse), "name", "kind"? (storage, the default, receiving, shipping, in_transit, production, scrap, lent or consignment), "parent"? (code of the location of the same warehouse that it lies in; "": none), "active"?}]. A field that is not given keeps its value. Lines of documents name a location; stock of a location is that of it alone, not of those within it. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for a location that would lie within itself, LE012 for an unknown warehouse or parent, LE215 where goods lie that would become lent or consigned ones, or would no longer be.';

CREATE FUNCTION erp.put_lots(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_lots(text, text, json) IS
	'Adds or changes lots, and serial numbers, of items that are tracked. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"item", "code" (unique for the item), "production_day"?, "expires_on"? (default production_day + shelf life of the item), "best_before"?, "removal_day"? (when what is left is taken away), "alert_day"? (from when on it is warned of)}]. Days are YYYY-MM-DD, none before production_day. A field that is not given keeps its value. A lot can be made by the line that receives it, too: "lot_days" of erp.post_document(). Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown item, LE170 for one that has no lots.';

CREATE FUNCTION erp.put_tax_codes(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_tax_codes(text, text, json) IS
	'Adds or changes tax codes and their rates. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "rates" ([{"from" (day), "rate" (a fraction, 0.2 is 20%)}]), "discount_reduces_tax"? (whether a cash discount that is taken reduces the taxable amount and the tax, default false; what was taken before stays as it was)}]. Rates of other days stay. Returns {"inserted", "updated", "rates"}: codes and rates written. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_accounts(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_accounts(text, text, json) IS
	'Adds or changes accounts. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "parent"? (code), "class" (asset, liability, equity, cost, revenue, expense, none), "side" (debit, credit), "control"? (none, receivable, payable, accrued_payable, open_items: any other account whose lines are open items of a party, inventory), "postable"? (default: not a parent of another), "active"?, "money"? (none, cash, bank: by which the word of a voucher is chosen, erp.put_voucher_words()), "by_party"? (default false; true: balances of the account are kept by party, so that they are read without its lines; those of open items always are)}]. Class, side, control and parent of an account with voucher lines cannot change, nor can it become a heading (LE140). Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown parent.';

CREATE FUNCTION erp.put_posting_rules(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_posting_rules(text, text, json) IS
	'Adds or changes the rules that say which account an amount of a document hits. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"kind", "line_role" (or document), "amount_role" (amount, inventory, cost, tax, total, price_variance: what was paid for goods above their standard cost, usage_variance and usage: what production consumed beyond the standard cost of its products, and the same as it leaves work in progress), "side", "account", "item_group"?, "party_group"?, "warehouse"?, "tax_code"?, "condition"? (any, debit, credit), "entry"? (1 to 999, default 1), "when"?, "expression"?, "dimensions"? ([{"dimension", "source", "value"?}]), "merge"? (default true), "merge_rules"? (default false), "carry_dimensions"? (default true), "summary"?, "active"? (default true)}]. The rule with the most conditions given wins, "when" being one; of two with as many, the one of the lower item group, and a rule of a group fits the groups below it; rules that differ in "entry" only take the amount together, in this order, each of them whose "when" holds. "when": a condition; "expression": the amount that the rule takes, in the sign in which the document states it, rounded once; both over the numbers amount, quantity, price, inventory, cost (of a line), tax, base (of the tax of a code), net, taxes, total, rate and, in an expression, rest (what the entries before have left), with + - * /, brackets, min, max, abs and round, comparisons, and, or, not, and = <> in of the texts kind, reference, currency, party, party_group, country, and of a line line_role, item, item_group, warehouse, tax_code. "source" of a dimension: none, line (the document''s), constant ("value"), or one of these texts: the value of that code; dimensions not named follow "carry_dimensions". "merge": amounts of one rule, account, currency, party, tax code and dimension set come together in one line; "merge_rules": also with those of other rules that say so, of the same amount role, side and summary (not of kinds that the engine posts by itself); erp.explain_posting() shows the share of each. "summary": a text with {kind}, {reference}, {key}, {description}, {party}, {day}. Each rule is written as given; what is left out is as by default. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown code, LE042 for an account that is a heading or not active, LE120 for a condition, expression or summary that cannot be read, with its position.';

CREATE FUNCTION erp.put_dimensions(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_dimensions(text, text, json) IS
	'Adds or changes dimensions and their values. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "balancing"? (every voucher balances in it), "values"? ([{"code", "name"}])}]. A dimension cannot become balancing once the company has vouchers (LE140). Returns {"inserted", "updated", "values"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.put_account_dimensions(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_account_dimensions(text, text, json) IS
	'Says which dimensions the lines on an account must and must not have, from now on. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"account" (code), "dimension" (code), "rule" (required, optional, forbidden)}]; what was never said is optional. Waits for postings under way. A reversal is not held against it. Returns {"written", "removed"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown account or dimension.';

CREATE FUNCTION erp.put_series(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_series(text, text, json) IS
	'Adds or changes series of gapless numbers. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "target" (voucher or a kind of document), "word"? (of vouchers: the word whose vouchers it numbers, default those without one), "scope" (ever, year, month), "mode" (immediate, deferred)}]. A series that has given numbers cannot change. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown word, LE080 for a series that has given numbers, or whose target another series numbers.';

CREATE FUNCTION erp.start_import(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.start_import(text, text, json) IS
	'Opens an import job for rows that are then COPYed into erp.staged_line. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"name" (new in the company, else LE011), "skip_bad"? (default false: nothing is posted if any row is bad)}. Returns {"job_id"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';
