-- ledger: open items and money in foreign currencies at the closing rate. What an open item differs by is posted on the last day and
-- reversed on the first day of the next month, so that a settlement meets the original amounts; money is revalued for good.

CREATE FUNCTION erp_private.closing_rate(company_id integer, currency_id integer, day date, OUT rate numeric, OUT rate_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT x.rate, x.day
	  FROM erp.company c
	  JOIN erp.exchange_rate x ON x.from_currency_id = $2 AND x.to_currency_id = c.currency_id AND x.day <= $3
	 WHERE c.company_id = $1
	 ORDER BY x.day DESC LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.closing_rate(integer, integer, date) IS 'The last rate of a currency up to a day, in the company''s, and its day; nulls without one.';

-- Goods and advances are no claims on money: what stands on accounts of advances keeps the rate that it was paid at.
CREATE FUNCTION erp_private.foreign_items(company_id integer, last_day date)
RETURNS TABLE (open_item_id bigint, account_id integer, party_id integer, voucher_id bigint, line_no integer, due_day date, currency_id integer,
	amount numeric, company_amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off SET work_mem = '64MB'
AS $function$
	WITH settled AS MATERIALIZED (
		SELECT e.open_item_id, sum(e.amount) AS amount, sum(e.company_amount) AS company_amount
		  FROM (SELECT s.debit_open_item_id AS open_item_id, s.amount, s.company_amount FROM erp.settlement s WHERE s.company_id = $1 AND s.day <= $2
		        UNION ALL
		        SELECT s.credit_open_item_id, -s.amount, -s.company_amount FROM erp.settlement s WHERE s.company_id = $1 AND s.day <= $2) e
		 GROUP BY e.open_item_id
	)
	SELECT o.open_item_id, o.account_id, o.party_id, o.voucher_id, o.line_no, o.due_day, o.currency_id,
	       o.amount - COALESCE(s.amount, 0), o.company_amount - COALESCE(s.company_amount, 0)
	  FROM erp.company c
	  JOIN erp.account a ON a.company_id = c.company_id AND a.control IN ('receivable', 'payable', 'accrued_payable')
	  JOIN erp.open_item o ON o.company_id = a.company_id AND o.account_id = a.account_id AND o.day <= $2 AND o.currency_id <> c.currency_id
	  LEFT JOIN settled s ON s.open_item_id = o.open_item_id
	 WHERE c.company_id = $1 AND o.amount <> COALESCE(s.amount, 0)
	   -- Books without them are not read.
	   AND (SELECT EXISTS (
		SELECT FROM erp_private.balances_on($1, ARRAY[$2], ARRAY(SELECT t.account_id FROM erp.account t WHERE t.company_id = $1 AND t.control IN ('receivable', 'payable', 'accrued_payable')), 0, '{}') b
		  JOIN erp.company f ON f.company_id = $1 AND f.currency_id <> b.currency_id))
$function$;
COMMENT ON FUNCTION erp_private.foreign_items(integer, date) IS
	'Open items on receivable and payable accounts in foreign currencies, with what was open of them at the end of a day, debit positive.';

CREATE FUNCTION erp_private.foreign_money(company_id integer, last_day date)
RETURNS TABLE (account_id integer, currency_id integer, amount numeric, company_amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT b.account_id, b.currency_id, b.debit - b.credit, b.company_debit - b.company_credit
	  FROM erp.company c
	 CROSS JOIN LATERAL erp_private.balances_on(c.company_id, ARRAY[$2],
	       ARRAY(SELECT a.account_id FROM erp.account a WHERE a.company_id = c.company_id AND a.money <> 'none' AND a.control = 'none'), 0, '{}') b
	 WHERE c.company_id = $1 AND b.currency_id <> c.currency_id
$function$;
COMMENT ON FUNCTION erp_private.foreign_money(integer, date) IS
	'Balances of accounts of cash and banks in foreign currencies at the end of a day, also those that are zero in their currency, debit positive.';

-- What is revalued on the last day of a month, and by what.
CREATE FUNCTION erp_private.revalued(company_id integer, last_day date)
RETURNS TABLE (part text, currency_id integer, rate numeric, rate_day date, account_id integer, party_id integer, dimension_set_id integer, due_day date,
	difference numeric, summary text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
AS $function$
	-- The items are many, or few: lines and documents are looked up one by one (OFFSET 0).
	WITH foreign_amount AS MATERIALIZED (
		SELECT 'items' AS part, i.currency_id, i.account_id, i.party_id, i.voucher_id, i.line_no, i.due_day, i.amount, i.company_amount FROM erp_private.foreign_items($1, $2) i
		UNION ALL
		SELECT 'money', m.currency_id, m.account_id, 0, 0, 0, $2, m.amount, m.company_amount FROM erp_private.foreign_money($1, $2) m
	), rate AS MATERIALIZED (
		SELECT f.currency_id, r.rate, r.rate_day FROM (SELECT DISTINCT a.currency_id FROM foreign_amount a) f, erp_private.closing_rate($1, f.currency_id, $2) r
	)
	SELECT f.part, f.currency_id, r.rate, r.rate_day, f.account_id, f.party_id, COALESCE(l.dimension_set_id, 0), f.due_day,
	       round(f.amount * r.rate, k.decimals) - f.company_amount, COALESCE(d.key, '')
	  FROM foreign_amount f
	  JOIN rate r ON r.currency_id = f.currency_id
	  JOIN erp.company c ON c.company_id = $1
	  JOIN erp.currency k ON k.currency_id = c.currency_id
	  LEFT JOIN LATERAL (SELECT t.dimension_set_id FROM erp.voucher_line t WHERE t.company_id = $1 AND t.voucher_id = f.voucher_id AND t.line_no = f.line_no
	       -- In a company without dimensions none is asked.
	       AND (SELECT EXISTS (SELECT FROM erp.dimension_set s WHERE s.company_id = $1 AND s.dimension_set_id <> 0)) OFFSET 0) l ON true
	  LEFT JOIN LATERAL (SELECT t.key FROM erp.document t WHERE t.company_id = $1 AND t.document_id = f.voucher_id OFFSET 0) d ON true
	 WHERE round(f.amount * r.rate, k.decimals) <> f.company_amount
$function$;
COMMENT ON FUNCTION erp_private.revalued(integer, date) IS
	'What open items (part items, one row each) and accounts of money (part money) in foreign currencies are worth more, debit positive, in the company''s currency at the last rate up to a day, than they stand for; without those that differ by nothing or have no rate. summary: key of the item''s document.';

CREATE FUNCTION erp_private.post_revaluation(company_id integer, key text, day date, currency_id integer, account_ids integer[], party_ids integer[],
	dimension_set_ids integer[], due_days date[], differences numeric[], summaries text[], reference text, mirrors boolean) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_post_revaluation';
COMMENT ON FUNCTION erp_private.post_revaluation(integer, text, date, integer, integer[], integer[], integer[], date[], numeric[], text[], text, boolean) IS
	'Posts a document of kind exchange_revaluation: a line of one currency for each element of the arrays, with no amount in that and a difference in the company''s currency, debit positive; against exchange gains and losses by the posting rules; mirrors: they take back a whole voucher, that among them. Lines of one dimension set and sign follow each other.';

CREATE FUNCTION erp_private.next_first_day(company_id integer, last_day date) RETURNS date
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT min(p.first_day) FROM erp.period p WHERE p.company_id = $1 AND p.first_day > $2 $function$;
COMMENT ON FUNCTION erp_private.next_first_day(integer, date) IS 'First day of the period after a day; null if there is none.';

CREATE FUNCTION erp_private.reverse_next_day(company_id integer, key text, day date) RETURNS text
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp.reverse_document(c.code, json_build_object('key', $2 || '/back', 'reverses', $2, 'day', erp_private.next_first_day($1, $3), 'time', '00:00:00'))
	   FROM erp.company c WHERE c.company_id = $1;
	RETURN $2 || '/back';
END
$function$;
COMMENT ON FUNCTION erp_private.reverse_next_day(integer, text, date) IS 'Reverses a document on the first day of the period after a day, with the key KEY/back, which it returns.';

CREATE FUNCTION erp_private.check_rates_at_close(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN r.rate IS NULL THEN 'blocker' ELSE 'warning' END,
	       CASE WHEN r.rate IS NULL THEN format('There is no rate of %s in %s on %s.', m.code, k.code, p.last_day)
	            ELSE format('The last rate of %s in %s is of %s, before the month.', m.code, k.code, r.rate_day) END,
	       jsonb_build_object('currency', m.code),
	       format('SELECT erp.put_exchange_rates(%L, ''<key>'', ''[{"from": "%s", "to": "%s", "day": "%s", "rate": <rate>}]'')', c.code, m.code, k.code, p.last_day)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	  JOIN erp.currency k ON k.currency_id = c.currency_id
	 CROSS JOIN LATERAL (
		SELECT i.currency_id FROM erp_private.foreign_items(p.company_id, p.last_day) i
		UNION
		SELECT b.currency_id FROM erp_private.foreign_money(p.company_id, p.last_day) b WHERE b.amount <> 0) f
	  JOIN erp.currency m ON m.currency_id = f.currency_id
	 CROSS JOIN LATERAL erp_private.closing_rate(p.company_id, f.currency_id, p.last_day) r
	 WHERE p.company_id = $1 AND p.period_id = $2 AND (r.rate IS NULL OR r.rate_day < p.first_day)
	UNION ALL
	SELECT 'blocker', format('There is no period after %s, on whose first day the revaluation of open items is reversed.', p.code), jsonb_build_object('period', p.code),
	       format('SELECT erp.create_fiscal_year(%L, ''<key>'', ''{"code": "<code>", "first_day": "%s"}'')', c.code, p.last_day + 1)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	 WHERE p.company_id = $1 AND p.period_id = $2 AND erp_private.next_first_day(p.company_id, p.last_day) IS NULL
	   AND EXISTS (SELECT FROM erp_private.foreign_items(p.company_id, p.last_day))
$function$;
COMMENT ON FUNCTION erp_private.check_rates_at_close(integer, integer) IS
	'A check of the close: currencies of open items and money without a rate, or with none of the month; open items, and no period after the month.';

CREATE FUNCTION erp_private.close_revaluation(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $function$
DECLARE
	closing date := (SELECT p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.period_id = $2);
	part record;
	part_key text;
	documents jsonb := '[]';
	figures jsonb := '[]';
BEGIN
	FOR part IN
		SELECT v.part, v.currency_id, m.code AS currency, v.rate, v.rate_day, sum(v.difference) AS difference, count(*) AS lines,
		       array_agg(v.account_id) AS account_ids,
		       array_agg(v.party_id) AS party_ids,
		       array_agg(v.dimension_set_id) AS set_ids,
		       array_agg(v.due_day) AS due_days,
		       array_agg(v.difference) AS differences,
		       array_agg(v.summary) AS summaries
		  FROM (SELECT r.* FROM erp_private.revalued($1, closing) r ORDER BY r.part, r.currency_id, r.dimension_set_id, r.difference < 0, r.party_id, r.account_id, r.due_day, r.summary) v
		  JOIN erp.currency m ON m.currency_id = v.currency_id
		 GROUP BY v.part, v.currency_id, m.code, v.rate, v.rate_day
		 ORDER BY v.part, m.code
	LOOP
		part_key := format('%s/revaluation/%s/%s', $3, part.part, part.currency);
		PERFORM erp_private.post_revaluation($1, part_key, closing, part.currency_id, part.account_ids, part.party_ids, part.set_ids, part.due_days,
			part.differences, part.summaries, format('%s %s of %s', part.currency, trim_scale(part.rate), part.rate_day), false);
		documents := documents || to_jsonb(part_key);
		IF part.part = 'items' THEN
			documents := documents || to_jsonb(erp_private.reverse_next_day($1, part_key, closing));
		END IF;
		figures := figures || jsonb_build_array(jsonb_build_object('part', part.part, 'currency', part.currency, 'rate', trim_scale(part.rate), 'rate_day', part.rate_day,
			'lines', part.lines, 'difference', part.difference));
	END LOOP;
	RETURN jsonb_build_object('documents', documents, 'revalued', figures);
END
$function$;
COMMENT ON FUNCTION erp_private.close_revaluation(integer, integer, text) IS
	'A step of the close: revalues open items and money in foreign currencies, a document for each currency; those of items are reversed on the first day of the next month. Returns {"documents", "revalued": [{"part" (items or money), "currency", "rate", "rate_day", "lines", "difference" (debit positive)}]}.';

-- A reversal is not reversed: what items were revalued by is posted once more the other way round, with its own reversal.
CREATE FUNCTION erp_private.undo_revaluation(company_id integer, period_id integer, keys text[], reason text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	posted record;
	taken_back jsonb := '[]';
BEGIN
	FOR posted IN
		SELECT d.key, d.posting_day, d.reference, x.*
		  FROM erp.document d
		 CROSS JOIN LATERAL (
			SELECT min(l.currency_id) AS currency_id, array_agg(l.account_id ORDER BY l.line_no) AS account_ids, array_agg(l.party_id ORDER BY l.line_no) AS party_ids,
			       array_agg(l.dimension_set_id ORDER BY l.line_no) AS set_ids, array_agg(l.due_day ORDER BY l.line_no) AS due_days,
			       array_agg(CASE l.side WHEN 'debit' THEN -l.company_amount ELSE l.company_amount END ORDER BY l.line_no) AS differences,
			       array_agg(l.summary ORDER BY l.line_no) AS summaries
			  FROM erp.voucher_line l
			 WHERE l.company_id = d.company_id AND l.voucher_id = d.document_id) x
		 WHERE d.company_id = $1 AND d.key = ANY (keys) AND d.reverses_document_id = 0 AND d.key || '/back' = ANY (keys)
		 ORDER BY d.document_id DESC
	LOOP
		PERFORM erp_private.post_revaluation($1, posted.key || '/undone', posted.posting_day, posted.currency_id, posted.account_ids, posted.party_ids, posted.set_ids,
			posted.due_days, posted.differences, posted.summaries, posted.reference, true);
		PERFORM erp_private.reverse_next_day($1, posted.key || '/undone', posted.posting_day);
		taken_back := taken_back || jsonb_build_array(jsonb_build_object('document', posted.key || '/back', 'reversal', posted.key || '/undone/back'),
			jsonb_build_object('document', posted.key, 'reversal', posted.key || '/undone'));
	END LOOP;
	RETURN taken_back || erp_private.reverse_closing($1, keys, $4);
END
$function$;
COMMENT ON FUNCTION erp_private.undo_revaluation(integer, integer, text[], text) IS
	'Takes back what the close revalued: money by reversal, items by the opposite on the same day, which is reversed on the first day of the next month in its turn. Returns [{"document", "reversal"}].';
