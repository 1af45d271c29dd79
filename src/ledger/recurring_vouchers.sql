-- ledger: vouchers that are due every month, quarter or year, and vouchers that reverse themselves.

CREATE FUNCTION erp_private.due_days(first_day date, last_day date, every text, day_of_month integer, through date) RETURNS SETOF date
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT d.day
	  FROM generate_series(date_trunc('month', $1::timestamp), LEAST($2, $5)::timestamp,
	       CASE $3 WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' ELSE interval '1 year' END) AS m (month)
	 CROSS JOIN LATERAL (SELECT LEAST(m.month::date + $4 - 1, (m.month + interval '1 month - 1 day')::date) AS day) d
	 WHERE d.day BETWEEN $1 AND LEAST($2, $5);
END
$function$;
COMMENT ON FUNCTION erp_private.due_days(date, date, text, integer, date) IS
	'The days on which a recurring voucher (first_day, last_day, every, day_of_month) is due, through a day.';

-- Once a month, also where its rule has another day since.
CREATE FUNCTION erp_private.recurring_posted(company_id integer, code text, day date) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN EXISTS (SELECT 1 FROM erp_private.standing_posting s
	                WHERE s.company_id = $1 AND s.origin = 'recurring' AND s.code = $2
	                  AND s.day BETWEEN date_trunc('month', $3::timestamp)::date AND (date_trunc('month', $3::timestamp) + interval '1 month - 1 day')::date);
END
$function$;
COMMENT ON FUNCTION erp_private.recurring_posted(integer, text, date) IS 'Whether a recurring voucher was posted, or drafted, for the month of a day, and stands.';

CREATE FUNCTION erp_private.recurring_due(company_id integer, through date)
	RETURNS TABLE (recurring_voucher_id integer, code text, day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT r.recurring_voucher_id, r.code, d.day
	  FROM erp.recurring_voucher r CROSS JOIN LATERAL erp_private.due_days(r.first_day, r.last_day, r.every, r.day_of_month, $2) AS d (day)
	 WHERE r.company_id = $1 AND r.active
	   AND NOT erp_private.recurring_posted($1, r.code, d.day)
$function$;
COMMENT ON FUNCTION erp_private.recurring_due(integer, date) IS 'What recurring vouchers are due through a day and not posted.';

CREATE FUNCTION erp_private.reversals_due(company_id integer, through date)
	RETURNS TABLE (voucher_key text, day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT p.voucher_key, f.day
	  FROM erp.planned_reversal p
	 CROSS JOIN LATERAL (SELECT d.document_id, d.posting_day FROM erp.document d WHERE d.company_id = $1 AND d.key = p.voucher_key OFFSET 0) d
	 CROSS JOIN LATERAL (
		SELECT CASE WHEN p.day IS NULL THEN (SELECT min(o.first_day) FROM erp.period o WHERE o.company_id = $1 AND o.first_day > d.posting_day)
		       ELSE (SELECT p.day FROM erp.period o WHERE o.company_id = $1 AND p.day BETWEEN o.first_day AND o.last_day) END AS day) f
	 WHERE p.company_id = $1 AND NOT p.withdrawn AND f.day <= $2
	   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0)
$function$;
COMMENT ON FUNCTION erp_private.reversals_due(integer, date) IS
	'The vouchers in the books that are to be reversed on a day through this one, in a period that there is, and were not.';

CREATE FUNCTION erp_private.check_recurring_vouchers(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "template": "code!", "every": "code!", "day": "integer!", "first_day": "day!", "last_day": "day", "values": "object", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'every', ARRAY['month', 'quarter', 'year']);
	SELECT e.n, f.field, f.value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES ('day', e.value ->> 'day', (e.value ->> 'day')::integer NOT BETWEEN 1 AND 31),
		('last_day', e.value ->> 'last_day', e.value ->> 'last_day' < e.value ->> 'first_day')) AS f (field, value, wrong)
	 WHERE f.wrong ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', CASE bad.field WHEN 'day' THEN 'it is due on a day of the month from 1 to 31' ELSE 'the last day comes before the first' END,
			format('$[%s].%s', bad.n - 1, bad.field), bad.value, CASE bad.field WHEN 'day' THEN '31 is the last day of every month.' ELSE 'Mend it.' END);
	END IF;
	SELECT e.n, e.value ->> 'template' AS code INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.voucher_template t WHERE t.company_id = $1 AND t.code = e.value ->> 'template') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'template', bad.code, 'template', 'Add it with erp.put_voucher_templates().');
	PERFORM erp_private.check_values(t.parameters, COALESCE(NULLIF(e.value -> 'values', 'null'), '{}'), format('$[%s].values', e.n - 1))
	   FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) JOIN erp.voucher_template t ON t.company_id = $1 AND t.code = e.value ->> 'template';
END
$function$;
COMMENT ON FUNCTION erp_private.check_recurring_vouchers(integer, jsonb) IS 'Raises LE011, LE012 or LE321 unless the rows say when templates are due.';

CREATE FUNCTION erp_private.put_recurring_vouchers(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_recurring_vouchers($1, request);
	WITH put AS (
		INSERT INTO erp.recurring_voucher AS r (company_id, code, name, voucher_template_id, every, day_of_month, first_day, last_day, given_values, active)
		SELECT $1, e.value ->> 'code', e.value ->> 'name', t.voucher_template_id, e.value ->> 'every', (e.value ->> 'day')::integer, (e.value ->> 'first_day')::date,
		       COALESCE((e.value ->> 'last_day')::date, 'infinity'), COALESCE(NULLIF(e.value -> 'values', 'null'), '{}'), COALESCE((e.value ->> 'active')::boolean, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.voucher_template t ON t.company_id = $1 AND t.code = e.value ->> 'template'
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT recurring_voucher_code_key DO UPDATE
		SET name = EXCLUDED.name, voucher_template_id = EXCLUDED.voucher_template_id, every = EXCLUDED.every, day_of_month = EXCLUDED.day_of_month,
		    first_day = EXCLUDED.first_day, last_day = EXCLUDED.last_day, given_values = EXCLUDED.given_values, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_recurring_vouchers(integer, jsonb) IS 'Does what erp.put_recurring_vouchers() says.';

CREATE FUNCTION erp_private.plan_reversals(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"document": "key!", "on": "name!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['document']);
	SELECT e.n, e.value ->> 'document' AS key INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.document d JOIN erp.voucher v ON v.company_id = $1 AND v.voucher_id = d.document_id
	                    WHERE d.company_id = $1 AND d.key = e.value ->> 'document' AND d.reverses_document_id = 0)
	   AND NOT EXISTS (SELECT 1 FROM erp.draft t WHERE t.company_id = $1 AND t.key = e.value ->> 'document') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'document', bad.key, 'voucher', 'Name the key of a document that posted one, or of a draft.');
	PERFORM erp_private.check_reverses_on(e.value ->> 'on', d.day)
	   FROM jsonb_array_elements(request) AS e (value)
	   LEFT JOIN erp.document d ON d.company_id = $1 AND d.key = e.value ->> 'document' ;
	INSERT INTO erp.planned_reversal AS p (company_id, voucher_key, day, withdrawn)
	SELECT $1, e.value ->> 'document', CASE WHEN e.value ->> 'on' NOT IN ('', 'next_period') THEN (e.value ->> 'on')::date END, e.value ->> 'on' = ''
	  FROM jsonb_array_elements(request) AS e (value) ORDER BY 2
	ON CONFLICT ON CONSTRAINT planned_reversal_key DO UPDATE SET day = EXCLUDED.day, withdrawn = EXCLUDED.withdrawn;
	RETURN jsonb_build_object('planned', jsonb_array_length(request));
END
$function$;
COMMENT ON FUNCTION erp_private.plan_reversals(integer, jsonb) IS 'Does what erp.plan_reversals() says.';

CREATE FUNCTION erp_private.lock_post_recurring(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	through date;
BEGIN
	PERFORM erp_private.take_posting_turn($1);
	IF NOT erp_private.is_day(request ->> 'through') THEN
		RETURN;
	END IF;
	through := (request ->> 'through')::date;
	PERFORM erp_private.lock_for_drafts($1, COALESCE(array_agg(d.key), '{}'), COALESCE(array_agg(d.day), '{}'))
	   FROM (SELECT r.voucher_key, r.day FROM erp_private.reversals_due($1, through) r UNION ALL SELECT NULL, v.day FROM erp_private.recurring_due($1, through) v) AS d (key, day);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_post_recurring(integer, jsonb) IS 'Takes what erp.post_recurring() waits for.';

CREATE FUNCTION erp_private.post_reversals(company_id integer, document_id bigint, key text, through date) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	written bigint := erp_private.generated_count($1, $2);
	due record;
	voucher_key text;
	posted jsonb;
	rows jsonb := jsonb '[]';
	answer jsonb := jsonb '[]';
BEGIN
	FOR due IN SELECT r.voucher_key, r.day FROM erp_private.reversals_due($1, $4) r ORDER BY r.day, r.voucher_key LOOP
		written := written + 1;
		voucher_key := $3 || '/' || written;
		posted := erp_private.reverse_drafted(company, json_build_object('key', voucher_key, 'reverses', due.voucher_key, 'day', due.day, 'late', true));
		rows := rows || jsonb_build_object('code', due.voucher_key, 'day', due.day, 'voucher_key', voucher_key, 'amount', erp_private.generated_amount($1, due.voucher_key));
		answer := answer || jsonb_build_array(jsonb_build_object('reverses', due.voucher_key, 'day', due.day, 'voucher', voucher_key) || posted);
	END LOOP;
	IF rows <> '[]' THEN
		PERFORM erp_private.record_generated($1, $2, 'reversal', rows);
	END IF;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.post_reversals(integer, bigint, text, date) IS
	'Reverses, in the name of the call and under keys that begin with this one, what is to be reversed through a day, each on its day or the first open one after it; returns [{"reverses", "day", "voucher", and what the reversal returns}].';

CREATE FUNCTION erp_private.post_recurring_due(company_id integer, document_id bigint, key text, through date, late boolean) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	rows jsonb;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('code', d.code, 'day', d.day, 'reverses_on', t.reverses_on, 'document', f.document || jsonb_build_object('late', $5)) ORDER BY d.day, d.code) INTO rows
	  FROM erp_private.recurring_due($1, $4) d
	  JOIN erp.recurring_voucher r ON r.company_id = $1 AND r.recurring_voucher_id = d.recurring_voucher_id
	  JOIN erp.voucher_template t ON t.company_id = $1 AND t.voucher_template_id = r.voucher_template_id
	 CROSS JOIN LATERAL (SELECT erp_private.template_document($1, r.voucher_template_id, d.day, r.given_values, 'values of "' || r.code || '"') AS document OFFSET 0) f
	 WHERE f.document IS NOT NULL;
	RETURN erp_private.generate_vouchers($1, $2, $3, 'recurring', rows);
END
$function$;
COMMENT ON FUNCTION erp_private.post_recurring_due(integer, bigint, text, date, boolean) IS
	'Posts what recurring vouchers are due through a day, in the name of the call and under keys that begin with this one; late: on the first open day where their own is closed.';

CREATE FUNCTION erp_private.post_recurring(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	key text := erp_private.call_key($1, $2);
	posted jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"through": "day!", "late": "boolean"}');
	posted := erp_private.post_recurring_due($1, $2, key, (request ->> 'through')::date, COALESCE((request ->> 'late')::boolean, false));
	RETURN jsonb_build_object('posted', posted, 'reversals', erp_private.post_reversals($1, $2, key, (request ->> 'through')::date));
END
$function$;
COMMENT ON FUNCTION erp_private.post_recurring(integer, bigint, jsonb) IS 'Does what erp.post_recurring() says.';

CREATE FUNCTION erp.put_recurring_vouchers(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_recurring_vouchers(text, text, json) IS
	'Says when templates of vouchers are due. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "template" (code, erp.put_voucher_templates()), "every" (month, quarter or year, from the month of first_day on), "day" (of the month, 1 to 31; where the month is shorter its last day, so that 31 is the end of every month), "first_day", "last_day"? (none is due before or after them), "values"? ({name: number or text} of the parameters), "active"?}]. Each is written as given; what is left out is as by default. What was posted stays. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown template, LE321 for a parameter without a value.';

CREATE FUNCTION erp.plan_reversals(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.plan_reversals(text, text, json) IS
	'Says which vouchers are to reverse themselves: accruals. erp.post_recurring() and the close of a month reverse them. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"document" (key of a document with a voucher, or of a draft), "on" (next_period: the first day of the next period; a day that is not before that of the document; "": it is not reversed any more)}]. Returns {"planned"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for a document that is not there, has no voucher or is a reversal.';

CREATE FUNCTION erp.post_recurring(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.post_recurring(text, text, json) IS
	'Posts the recurring vouchers that are due through a day and were not posted, each once for its month (again where it was reversed by hand), all or nothing, as drafts where the company asks for reviews; then reverses the vouchers that are to be reversed by then (templates with "reverses_on", erp.plan_reversals()), on their day or the first open one after it. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"through" (day), "late"? (true: what is due in a closed period lands on the first open day; else it is refused)}. Vouchers have the keys KEY/1, KEY/2 and so on. What comes to zero is not posted. Returns {"posted": [{"code", "day", "voucher" (its key), "document_id", "voucher_id", "number", or of a draft "state"}], "reversals": [{"reverses" (key), "day", "voucher", "document_id", "voucher_id", "number"}]}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020), of a manual_voucher (erp.post_document()) and of erp.reverse_document(); LE121 for a formula that cannot be computed, LE322 for a template that is not active.';

CREATE FUNCTION erp.recurring_due(company text, through date)
	RETURNS TABLE (origin text, code text, name text, day date, template text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'recurring', d.code, r.name, d.day, t.code
	  FROM erp.company c
	 CROSS JOIN LATERAL erp_private.recurring_due(c.company_id, $2) d
	  JOIN erp.recurring_voucher r ON r.company_id = c.company_id AND r.recurring_voucher_id = d.recurring_voucher_id
	  JOIN erp.voucher_template t ON t.company_id = c.company_id AND t.voucher_template_id = r.voucher_template_id
	 WHERE c.code = $1
	UNION ALL
	SELECT 'reversal', d.voucher_key, COALESCE(h.description, ''), d.day, NULL
	  FROM erp.company c
	 CROSS JOIN LATERAL erp_private.reversals_due(c.company_id, $2) d
	  JOIN erp.document h ON h.company_id = c.company_id AND h.key = d.voucher_key
	 WHERE c.code = $1
	 ORDER BY 4, 1, 2
$function$;
COMMENT ON FUNCTION erp.recurring_due(text, date) IS
	'What erp.post_recurring() would post through a day: recurring vouchers (origin recurring: code, name, template) and planned reversals (origin reversal: code is the key of what is reversed, name its description), by day.';

CREATE FUNCTION erp.recurring_vouchers(company text)
	RETURNS TABLE (code text, name text, template text, every text, day_of_month integer, first_day date, last_day date, active boolean, posted bigint, last_posted date, next_due date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT r.code, r.name, t.code, r.every, r.day_of_month, r.first_day, NULLIF(r.last_day, 'infinity'), r.active, p.posted, p.last_posted, n.next_due
	  FROM erp.company c
	  JOIN erp.recurring_voucher r ON r.company_id = c.company_id
	  JOIN erp.voucher_template t ON t.company_id = r.company_id AND t.voucher_template_id = r.voucher_template_id
	 CROSS JOIN LATERAL (
		SELECT count(*) AS posted, max(s.day) AS last_posted
		  FROM erp_private.standing_posting s WHERE s.company_id = r.company_id AND s.origin = 'recurring' AND s.code = r.code) p
	  LEFT JOIN LATERAL (
		SELECT min(d.day) AS next_due
		  FROM erp_private.due_days(r.first_day, r.last_day, r.every, r.day_of_month, COALESCE(p.last_posted, r.first_day) + 400) AS d (day)
		 WHERE NOT erp_private.recurring_posted(r.company_id, r.code, d.day)) n ON r.active
	 WHERE c.code = $1
	 ORDER BY r.code COLLATE "C"
$function$;
COMMENT ON FUNCTION erp.recurring_vouchers(text) IS
	'Recurring vouchers of a company with what was posted of them. posted: how many were posted or drafted and stand; last_posted: the latest day for which one was; next_due: the first day for which none was; null: there is none. last_day: null: without end.';
