-- ledger: what schedules have due is posted.

CREATE FUNCTION erp_private.schedule_parts_due(company_id integer, through date)
	RETURNS TABLE (schedule_id integer, code text, day date, amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.schedule_id, s.code, p.day, p.amount
	  FROM erp.schedule s
	 CROSS JOIN LATERAL (SELECT f.day, f.amount FROM erp.schedule_part f WHERE f.company_id = $1 AND f.schedule_id = s.schedule_id AND f.day <= $2 OFFSET 0) p
	 CROSS JOIN LATERAL (SELECT count(*) AS standing FROM erp_private.standing_posting f
	                      WHERE f.company_id = $1 AND f.origin = 'schedule' AND f.code = s.code AND f.day = p.day OFFSET 0) g
	 WHERE s.company_id = $1 AND s.active AND g.standing = 0
$function$;
COMMENT ON FUNCTION erp_private.schedule_parts_due(integer, date) IS 'The parts of schedules that are due through a day and were not posted.';

-- One query for all parts: a function a part would be planned anew for each.
CREATE FUNCTION erp_private.schedule_documents(company_id integer, through date, schedules text[])
	RETURNS TABLE (code text, day date, amount numeric, document jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT s.code, d.day, d.amount,
	       jsonb_build_object('kind', 'schedule_posting', 'day', d.day, 'description', s.name || ' ' || to_char(d.day, 'YYYY-MM'), 'reference', s.code, 'late', true, 'lines', jsonb_build_array(
		x.says || jsonb_build_object('account', t.code, 'side', CASE s.kind WHEN 'expense' THEN 'debit' ELSE 'credit' END),
		x.says || jsonb_build_object('account', f.code, 'side', CASE s.kind WHEN 'expense' THEN 'credit' ELSE 'debit' END)))
	  FROM erp_private.schedule_parts_due($1, $2) d
	  JOIN erp.schedule s ON s.company_id = $1 AND s.schedule_id = d.schedule_id
	  JOIN erp.account f ON f.company_id = $1 AND f.account_id = s.from_account_id
	  JOIN erp.account t ON t.company_id = $1 AND t.account_id = s.to_account_id
	  JOIN erp.party p ON p.company_id = $1 AND p.party_id = s.party_id
	 CROSS JOIN LATERAL (SELECT jsonb_strip_nulls(jsonb_build_object('amount', d.amount::text, 'party', NULLIF(p.code, ''), 'dimensions', NULLIF(s.dimensions, '{}'))) AS says) x
	 WHERE $3 IS NULL OR s.code = ANY ($3);
END
$function$;
COMMENT ON FUNCTION erp_private.schedule_documents(integer, date, text[]) IS
	'The documents, without keys, of the parts of schedules (codes; null: all) that are due through a day: an amount to its account, out of the one on which it waits.';

CREATE FUNCTION erp_private.lock_post_schedules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.take_posting_turn($1);
	IF erp_private.is_day(request ->> 'through') THEN
		PERFORM erp_private.lock_for_drafts($1, '{}', COALESCE(array_agg(d.day), '{}')) FROM erp_private.schedule_parts_due($1, (request ->> 'through')::date) d;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_post_schedules(integer, jsonb) IS 'Takes what erp.post_schedules() waits for.';

CREATE FUNCTION erp_private.post_due_parts(company_id integer, document_id bigint, key text, through date, schedules text[]) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	rows jsonb;
BEGIN
	SELECT jsonb_agg(to_jsonb(d) ORDER BY d.day, d.code) INTO rows FROM erp_private.schedule_documents($1, $4, $5) d;
	RETURN erp_private.generate_vouchers($1, $2, $3, 'schedule', rows);
END
$function$;
COMMENT ON FUNCTION erp_private.post_due_parts(integer, bigint, text, date, text[]) IS
	'Posts the parts of schedules (codes; null: all) that are due through a day, in the name of the call and under keys that begin with this one.';

CREATE FUNCTION erp_private.post_schedules(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	schedules text[];
BEGIN
	PERFORM erp_private.check_object(request, '{"through": "day!", "schedules": "list"}');
	schedules := erp_private.named_codes(request, 'schedules', ARRAY(SELECT s.code FROM erp.schedule s WHERE s.company_id = $1), 'schedule', 'Add it with erp.put_schedules().');
	RETURN jsonb_build_object('posted', erp_private.post_due_parts($1, $2, erp_private.call_key($1, $2), (request ->> 'through')::date, schedules));
END
$function$;
COMMENT ON FUNCTION erp_private.post_schedules(integer, bigint, jsonb) IS 'Does what erp.post_schedules() says.';

CREATE FUNCTION erp.put_schedules(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_schedules(text, text, json) IS
	'Adds or changes schedules, which spread a prepaid expense or deferred revenue over months. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "kind" (expense: the amount waits on the debit of from_account; revenue: on its credit), "from_account", "to_account", "total" (in the company''s currency; negative: of a credit), or instead of kind, from_account and total "document" and "line" (key of a document and line of its voucher, which say them, party and dimensions), "party"?, "dimensions"? (of both lines), "first_day", "last_day" or "months" (from first_day on), "method"? (equal_months, the default: the same for each calendar month touched; by_days: by the days of each), "residue"? (last, the default: the last part takes what rounding leaves; largest_remainder), "active"? (false: stopped)}]. Each is written as given. Parts are posted on the last day of their month by erp.post_schedules() or the close. What was posted stays: of a schedule that changes the rest is planned anew, over its months after the last one posted, or where there is none in the month after that; of one that is stopped nothing is. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown account, party, value of a dimension or line of a voucher, LE324 for another kind or from_account once something was posted.';

CREATE FUNCTION erp.put_scheduled_accounts(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_scheduled_accounts(text, text, json) IS
	'Says which accounts schedules keep: the integrity check holds their balance to what the schedules have left. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"account", "kept"? (false: no more)}]. Returns {"kept", "released"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp.post_schedules(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.post_schedules(text, text, json) IS
	'Posts the parts of schedules that are due through a day, each once, by a schedule_posting of the key KEY/1, KEY/2 and so on; what falls into a closed period lands on the first open day. A part whose document is reversed is due again. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"through" (day), "schedules"? (codes, default all)}. They post without a review: the schedule was decided before. Returns {"posted": [{"code", "day", "voucher" (its key), "document_id", "voucher_id", "number"}]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020) and of the posting (erp.post_document()).';
