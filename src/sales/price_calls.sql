-- sales: what lines cost, and the calls that keep lists, rules and promotions.

CREATE FUNCTION erp.price(company text, party text, lines json, day date, options json DEFAULT NULL) RETURNS jsonb
	LANGUAGE c STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_price';
COMMENT ON FUNCTION erp.price(text, text, json, date, json) IS
	'What lines cost a party on a day, and why; changes nothing. company: code. party: code; null: nobody in particular. lines: 1 to 10,000 of {"item", "quantity" (above zero), "unit"? (default the item''s own), "price"? (of one unit, given by hand: no rule is asked), "discount"? (percent, given by hand in place of a discount rule), "tax_code"?, "tax_included"? (whether a price given by hand is with tax)}. day: of the document. options: {"currency"? (default the company''s), "tax_code"? (of lines without one), "tax_included"? (only lists with tax, or only without), "discount"? or "discount_amount"? (on the document, spread over its lines), "promotions"? (codes of promotions that count only where they are given), "document"? (name under which it uses promotions: its own uses are not counted against limits)}. Returns {"currency", "lines": [{"line", "item", "quantity", "unit"?, "price" (of one unit before discounts; null: no rule gives one), "gross", "discount", "net" (gross + discount), "cost", "margin" (both in the company''s currency; null where not known), "tax_code" (that stands in for the given one in the party''s zone of tax; null: none), "tax_included", "rules": what made it, in order: {"effect" (base: a price that another begins from; price, given_price, discount, given_discount, promotion, document_discount), "rule"?, "list"?, "promotion"?, "price"?, "percent"?, "amount"}, whose amounts add up to "net", "stops": [{"stop" (floor, cost_stop, no_price), "action", "limit" (the least that the line may come to without tax), "rule", "list"}]}], "gifts": [{"promotion", "role": "free", "item", "quantity" (in its own unit), "cost"}], "promotions": [{"promotion", "uses", "amount", "party_id"}], "net", "untaxed", "cost", "margin", "action" (none, warn, approve or refuse: the worst of all stops)}. Errors: LE003, LE010 to LE012, LE043 (a rule begins from another currency), LE044, LE181, LE182, 22003.';

CREATE FUNCTION erp_private.price_lines(company_id integer, party_id integer, currency_id integer, day date, lines jsonb, options jsonb DEFAULT '{}') RETURNS jsonb
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_price_lines';
COMMENT ON FUNCTION erp_private.price_lines(integer, integer, integer, date, jsonb, jsonb) IS
	'As erp.price(), for calls of the engine that know the ids; party_id 0: nobody in particular.';

CREATE FUNCTION erp_private.changed_price(price numeric, percent numeric, amount numeric, round_to numeric, ending numeric) RETURNS numeric
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_changed_price';
COMMENT ON FUNCTION erp_private.changed_price(numeric, numeric, numeric, numeric, numeric) IS
	'price x (100 + percent) / 100 + amount, and of that the nearest that is a multiple of round_to plus ending; round_to 0: 8 decimals. Not below zero.';

CREATE FUNCTION erp_private.check_prices(priced jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	IF priced ->> 'action' = 'refuse' THEN
		SELECT l.value ->> 'line' AS line, l.value ->> 'item' AS item, s.value ->> 'stop' AS stop, s.value ->> 'limit' AS least, s.value ->> 'list' AS list INTO bad
		  FROM jsonb_array_elements(priced -> 'lines') WITH ORDINALITY AS l (value, n),
		       jsonb_array_elements(l.value -> 'stops') AS s (value)
		 WHERE s.value ->> 'action' = 'refuse' ORDER BY l.n LIMIT 1;
		IF bad.stop = 'no_price' THEN
			PERFORM erp_private.refuse('LE241', format('no rule gives item "%s" a price', bad.item), 'line ' || bad.line, bad.item,
				'Give the line a price, or add a rule with erp.put_price_rules().');
		END IF;
		PERFORM erp_private.refuse('LE240', format('the price of item "%s" is below its floor', bad.item), 'line ' || bad.line, bad.item,
			format('List "%s" asks for at least %s without tax; raise the price, or have the rule ask for approval.', bad.list, bad.least));
	END IF;
	RETURN priced ->> 'action';
END
$function$;
COMMENT ON FUNCTION erp_private.check_prices(jsonb) IS
	'Raises LE240 or LE241 for a result of erp_private.price_lines() that is refused; else returns its action: none, warn or approve.';

CREATE FUNCTION erp.put_price_lists(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_price_lists(text, text, json) IS
	'Adds or changes price lists. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "currency" (code; only documents in it see the list), "tax_included"? (its prices are with tax; default false), "base_only"? (only rules of other lists begin from it; default false), "priority"? (of rules that fit a line those of the list with the higher one count; default 0), "from"?, "to"? (days; default always), "parties"? (codes) and "party_groups"? (texts: for whom it is; neither: for everybody; what is given replaces all of before), "active"?}]. A field that is not given keeps its value. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE243 where rules would begin from a list that is with tax and be of one without, or the other way round.';

CREATE FUNCTION erp.put_price_rules(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_price_rules(text, text, json) IS
	'Adds or replaces rules of price lists. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"list", "purpose"? (price, the default; discount; floor; cost_stop), "party"? (code) or "party_group"?, "item"? (code) or "item_group"? (of it and of the groups below it), "unit"? (for lines in that unit, whose price it is; default: of the item''s own, for lines in any unit), "min_quantity"? (of the line, in the rule''s unit, else the item''s own; default 0), "from"?, "to"? (days; default always), "price"? (of one unit) or "base"? ("cost": what a unit costs in stock) or "base_list"? (what that list gives the line) with "percent"? (-10: ten percent less), "amount"? (added to one unit after that), "round_to"? and "ending"? (the price is the nearest multiple of round_to, plus ending), "net"? (no discount rule changes it), "action"? (of a floor or cost_stop: warn, approve or refuse, the default), "active"?}]. A discount has percent only; a cost_stop begins from the cost. A row replaces the rule of its list, purpose, party, item, unit, min_quantity and first day as a whole. Of the rules that fit a line the best counts: the higher priority of its list; the nearer to the party (it, its group, all; of rule and list the nearer; the list that the party names as its own is for it); the nearer to the item (it, its groups upwards, all); its unit before any; the greater min_quantity; the later first day; the one made last. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE243 for lists that would begin from each other, or of which one is with tax and one without.';

CREATE FUNCTION erp.put_promotions(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_promotions(text, text, json) IS
	'Adds or replaces promotions. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "kind": gift ("buy_quantity" of "item" or "item_group" gives "gift_quantity" of "gift_item", default the item itself; in own units), threshold (what is bought, of "item", "item_group" or all, comes to "threshold": "percent" (-5: five percent less) or "amount" (-10) is taken off) or bundle ("items": [{"item", "quantity" (in own units)}] cost "bundle_price" together), "currency"? (of amounts; needed but for gifts), "each"? (true, the default: for every full buy_quantity, threshold or bundle; false: once a document), "priority"? (default 0: they are tried from the highest down, equal ones by code, and stack), "exclusive_group"? (of those with the same one only the first that gives something does), "by_code"? (counts only where the document gives its code), "party"? or "party_group"?, "from"?, "to"?, "max_uses"?, "max_uses_of_party"? (0: no limit; every gift and bundle is a use), "active"?}]. A row replaces the promotion of its code as a whole. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.change_prices(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.change_prices(text, text, json) IS
	'Changes many prices of a list at once, or shows what would become of them. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"list", "percent"? (5: five percent more), "amount"? (added to each after that), "round_to"?, "ending"? (as in erp.put_price_rules()), "items"? (codes), "item_group"? (with those below it), "party"?, "party_group"?, "unit"? (which rules of the list: those that say just that), "from"? (a day from which the new prices count: the old ones stay for the days before; default: they are replaced), "dry_run"? (true: nothing changes)}. Only active rules of purpose price that name a price are changed; with "from", those that count on that day. Returns {"changed", "dry_run", "prices": [{"rule", "item", "item_group", "party", "party_group", "unit", "min_quantity", "before", "after"}]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); 22003 for a price out of range.';
