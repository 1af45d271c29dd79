-- sales: the calls on quotes, contracts and templates.

CREATE FUNCTION erp.quote(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.quote(text, text, json) IS
	'Writes a quote, or another version of one, which takes the place of the one before. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: what erp.place_order() takes, with "quote"? (its code, default the key) instead of "order", "valid_until"? (the last day on which it can be accepted), and in lines "optional"? (true: the customer may choose it beside the others; not in the total). Nothing is reserved. Where a line brings no price, rules price them all on the day of the quote: what a line costs by itself is held by the quote, and promotions are those that what is not optional comes to. Returns {"quote", "version", "state" (drafted), "total" (with tax, without options), "total_with_options"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of a sales_invoice; LE240 and LE241 for prices, as of erp.place_order(); LE276 for a quote that is accepted.';

CREATE FUNCTION erp.send_quote(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.send_quote(text, text, json) IS
	'Says that the latest version of a quote, which is drafted, was sent, or that it is sent again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"quote", "token_hash"? (SHA-256, in 64 hexadecimal digits, of a token of 1 to 200 characters that the client made, at random)}. Returns {"quote", "version", "state" (sent), "token"}: who has the token accepts the quote, once. Without "token_hash" the token is made here; only its hash is kept, so that the same call again returns no token: who lost it sends the quote again under another key, and the token before is of no use then. With "token_hash" none is returned. Writes the event quote_sent. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown quote, LE276 for one that is neither drafted nor sent, LE277 for the token of another quote.';

CREATE FUNCTION erp.accept_quote(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.accept_quote(text, text, json) IS
	'Accepts a quote that was sent, by its token, once. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"token", "day", "options"?: [numbers of optional lines that are taken], "accepted_by"? (a name)}. Where rules priced the quote, promotions are asked again for just what is taken, of the day of the quote; without options they are what the quote said. Returns {"quote", "version", "state" (accepted), "total" (with tax, of what is taken)}. Writes the event quote_accepted. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE277 for a token that was used or is of no quote or of a version that was replaced, LE278 after the last day, and for a quote that was expired.';

CREATE FUNCTION erp.decline_quote(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.decline_quote(text, text, json) IS
	'Says that a quote will come to nothing. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"quote", "reason": 1 to 500 characters}. Returns {"quote", "state" (declined)}. Writes the event quote_declined. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown quote, LE276 for one that is neither drafted nor sent.';

CREATE FUNCTION erp.order_quote(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.order_quote(text, text, json) IS
	'Places the order of a quote that was accepted, with the options that were chosen, at the prices that were accepted. The promotions in them count against their limits from now on. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"quote", "day", "order"?, "needed_by"?, "reference"?, "priority"?, "channel"?, "short"?}, as in erp.place_order(), instead of what the quote says. Returns what erp.place_order() returns. Errors: those of erp.place_order(), LE242 where others have used up a promotion since; LE012 for an unknown quote, LE276 for one that is not accepted, or ordered already.';

CREATE FUNCTION erp.expire_quotes(company text, max integer DEFAULT 1000) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_step';
COMMENT ON FUNCTION erp.expire_quotes(text, integer) IS
	'Lets quotes expire that were sent and whose last day is over, everywhere on earth. A step that any session or pg_cron may call at any time; what others are at work on is left for the next time. company: code. max: how many at most, 1 to 100000. Event quote_expired for each. Another version of an expired quote may be written. Returns how many expired. Errors: LE001 to LE003, LE011 for a max out of range, LE012 for an unknown company, LE070 for who is no member of erp_sales.';

CREATE FUNCTION erp.put_print_templates(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_print_templates(text, text, json) IS
	'Adds or changes templates of what is printed. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "format" (markdown, html), "lines": [texts]}]. In a template {{name}} is the value of that name, {{name.member}} that of a member, escaped for the format; {{#each lines}} ... {{/each}} and {{#each taxes}} ... {{/each}} are repeated. Of quotes there are: company, quote, version, customer, customer_code, day, valid_until, currency, reference, description, total; of lines: line, item, name, quantity, unit, price, amount, optional; of taxes: tax_code, rate, base, tax; of contracts also contract, contract_day, terms.MEMBER. Returns {"put"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.make_contract(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.make_contract(text, text, json) IS
	'Writes a contract about the latest version of a quote, from a template; its text stays as it is from then on. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"contract": its code, "quote", "template", "day", "terms"?: {members that the template names as terms.MEMBER}}. Returns {"contract", "state" (drafted), "hash" (SHA-256 of the text)}. Writes the event contract_made. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown quote or template, LE270 for a code that is in use.';

CREATE FUNCTION erp.sign_contract(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.sign_contract(text, text, json) IS
	'Says that a contract was signed, its text being the one of that hash. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"contract", "day", "hash": SHA-256 in hexadecimal}. Returns {"contract", "state" (signed)}. Writes the event contract_signed. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown contract, LE276 for one that is not drafted or has another text.';

CREATE FUNCTION erp.print_quote(company text, quote text, template text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	of_company integer := (SELECT c.company_id FROM erp.company c WHERE c.code = company);
	chosen record;
BEGIN
	SELECT t.body, t.format INTO chosen FROM erp.print_template t WHERE t.company_id = of_company AND t.code = template;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'there is no template "%"', template
			USING ERRCODE = 'LE012', DETAIL = format('At template, value "%s".', template), HINT = 'Add it with erp.put_print_templates().';
	END IF;
	RETURN erp_private.render_template(chosen.body, erp_private.printed_quote(of_company, erp_private.named_quote(of_company, jsonb_build_object('quote', quote))), chosen.format);
END
$function$;
COMMENT ON FUNCTION erp.print_quote(text, text, text) IS
	'The latest version of a quote as the template prints it, see erp.put_print_templates(). company, quote, template: codes. Returns Markdown or HTML. Errors: LE012 for what is not known.';
