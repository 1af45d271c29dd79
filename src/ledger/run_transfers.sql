-- ledger: transfer templates run, in their order, once a period.

CREATE FUNCTION erp_private.period_days(company_id integer, request jsonb, OUT first_day date, OUT last_day date)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id integer := erp_private.named_period($1, $2);
BEGIN
	SELECT p.first_day, p.last_day INTO first_day, last_day FROM erp.period p WHERE p.company_id = $1 AND p.period_id = id;
END
$function$;
COMMENT ON FUNCTION erp_private.period_days(integer, jsonb) IS 'The days of the period that a request names; LE012 if there is none.';

CREATE FUNCTION erp_private.ends_span(company_id integer, last_day date, every text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE $3 WHEN 'month' THEN true WHEN 'year' THEN $2 = f.last_day
	       ELSE $2 = f.last_day OR (extract(year FROM age($2 + 1, f.first_day)) * 12 + extract(month FROM age($2 + 1, f.first_day)))::integer % 3 = 0 END
	  FROM erp.fiscal_year f WHERE f.company_id = $1 AND $2 BETWEEN f.first_day AND f.last_day
$function$;
COMMENT ON FUNCTION erp_private.ends_span(integer, date, text) IS
	'Whether the last day of a period ends a month, a quarter counted from the first month of its fiscal year (the year''s end, too), or that year.';

CREATE FUNCTION erp_private.lock_run_of_period(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.take_posting_turn($1);
	PERFORM erp_private.lock_for_drafts($1, '{}', ARRAY[p.last_day]) FROM erp.period p WHERE p.company_id = $1 AND p.code = request ->> 'period';
END
$function$;
COMMENT ON FUNCTION erp_private.lock_run_of_period(integer, jsonb) IS 'Takes what runs of allocations and transfer templates for a period wait for.';

CREATE FUNCTION erp_private.lock_run_transfers(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_run_of_period($1, $2); END $function$;
COMMENT ON FUNCTION erp_private.lock_run_transfers(integer, jsonb) IS 'Takes what erp.run_transfers() waits for.';

-- What ran later in the order was worked out without what this one would post.
CREATE FUNCTION erp_private.check_run_order(company_id integer, origin text, code text, day date, later text[]) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ran record;
BEGIN
	SELECT s.code, s.voucher_key INTO ran FROM erp_private.standing_posting s
	 WHERE s.company_id = $1 AND s.origin = $2 AND s.day = $4 AND s.code = ANY ($5) ORDER BY s.posted_document_id DESC LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE326', format('%s "%s" comes before "%s", which ran for the period already', $2, $3, ran.code), '$.period', ran.voucher_key,
			format('Reverse "%s" with erp.reverse_document() and run again: all run in their order.', ran.voucher_key));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_run_order(integer, text, text, date, text[]) IS
	'Raises LE326 where one of the later codes of the origin (allocation or transfer) stands for the day.';

CREATE FUNCTION erp_private.run_transfers_of(company_id integer, document_id bigint, key text, first_day date, last_day date, codes text[]) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	template record;
	lines jsonb;
	answer jsonb := jsonb '[]';
BEGIN
	FOR template IN
		SELECT t.*, ARRAY(SELECT o.code FROM erp.transfer_template o WHERE o.company_id = $1 AND (o.rank, o.code) > (t.rank, t.code)) AS later
		  FROM erp.transfer_template t
		 WHERE t.company_id = $1 AND t.active AND ($6 IS NULL OR t.code = ANY ($6)) AND erp_private.ends_span($1, $5, t.every)
		   AND NOT EXISTS (SELECT 1 FROM erp_private.standing_posting s WHERE s.company_id = $1 AND s.origin = 'transfer' AND s.code = t.code AND s.day = $5)
		 ORDER BY t.rank, t.code
	LOOP
		lines := erp_private.transfer_entries($1, template.transfer_template_id, $4, $5);
		CONTINUE WHEN lines IS NULL;
		PERFORM erp_private.check_run_order($1, 'transfer', template.code, $5, template.later);
		answer := answer || erp_private.generate_vouchers($1, $2, $3, 'transfer', jsonb_build_array(jsonb_build_object('code', template.code, 'day', $5, 'document',
			jsonb_build_object('kind', 'period_transfer', 'day', $5, 'reference', template.code, 'lines', lines, 'description', erp_private.fill_placeholders(COALESCE(NULLIF(template.summary, ''), template.name),
				(SELECT COALESCE(jsonb_object_agg(p.value ->> 'name', p.value -> 'default'), '{}') FROM jsonb_array_elements(template.parameters) AS p (value)) || erp_private.day_values($5))))));
	END LOOP;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.run_transfers_of(integer, bigint, text, date, date, text[]) IS
	'Runs transfer templates (codes; null: all) for a period in their order, in the name of the call and under keys that begin with this one; those that stand for it or come to zero post nothing.';

CREATE FUNCTION erp_private.run_transfers(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	days record;
	codes text[];
BEGIN
	PERFORM erp_private.check_object(request, '{"period": "code!", "templates": "list"}');
	days := erp_private.period_days($1, request);
	codes := erp_private.named_codes(request, 'templates', ARRAY(SELECT t.code FROM erp.transfer_template t WHERE t.company_id = $1), 'transfer template', 'Add it with erp.put_transfer_templates().');
	RETURN jsonb_build_object('posted', erp_private.run_transfers_of($1, $2, erp_private.call_key($1, $2), days.first_day, days.last_day, codes));
END
$function$;
COMMENT ON FUNCTION erp_private.run_transfers(integer, bigint, jsonb) IS 'Does what erp.run_transfers() says.';

CREATE FUNCTION erp.run_transfers(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.run_transfers(text, text, json) IS
	'Runs transfer templates for a period, in their order, each once: a period_transfer of its last day, of the key KEY/1, KEY/2 and so on. What a template posted is taken back by reversing its document, and then it may run again. What comes to zero posts nothing. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"period" (code), "templates"? (codes, default all that are active)}. erp.dry_run() shows what it would post: {"call": "run_transfers", "request": {...}}. Returns {"posted": [{"code", "day", "voucher" (its key), "document_id", "voucher_id", "number"}]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of the posting (erp.post_document()), such as LE040 where the entries do not balance; LE012 also for an unknown period or template, LE121 for a formula that cannot be computed, LE326 where a later template of the order stands for the period.';
