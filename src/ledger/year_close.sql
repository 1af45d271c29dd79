-- ledger: closing a fiscal year. What it posts lands in the year's last month, which is closed before and after it: the call holds
-- its gate, so nobody sees it open.

CREATE FUNCTION erp_private.named_year(company_id integer, request jsonb) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id integer := (SELECT y.fiscal_year_id FROM erp.fiscal_year y WHERE y.company_id = $1 AND y.code = $2 ->> 'year');
BEGIN
	IF id IS NULL THEN
		PERFORM erp_private.check_known(1, '$', 'year', request ->> 'year', 'fiscal year', 'Make it with erp.create_fiscal_year().');
	END IF;
	RETURN id;
END
$function$;
COMMENT ON FUNCTION erp_private.named_year(integer, jsonb) IS 'The fiscal year that a request names by its code; LE012 if there is none.';

CREATE FUNCTION erp_private.lock_close_year(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_period_gates($1, (SELECT y.last_day FROM erp.fiscal_year y WHERE y.company_id = $1 AND y.code = $2 ->> 'year'));
END
$function$;
COMMENT ON FUNCTION erp_private.lock_close_year(integer, jsonb) IS 'Takes what erp.close_year() waits for: the gates of all periods up to the end of the year.';

CREATE FUNCTION erp_private.lock_reopen_year(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_close_year($1, $2); END $function$;
COMMENT ON FUNCTION erp_private.lock_reopen_year(integer, jsonb) IS 'Takes what erp.reopen_year() waits for.';

CREATE FUNCTION erp_private.check_year_request(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, '{"year": "code!", "appropriations": "list", "next_year": "code", "note": "name"}');
	IF jsonb_typeof(request -> 'appropriations') = 'array' THEN
		PERFORM erp_private.check_rows(request -> 'appropriations', '$.appropriations[#]', '{"account": "code!", "percent": "percent!", "through": "code"}');
		SELECT e.n, f.name, e.value ->> f.name AS value INTO bad
		  FROM jsonb_array_elements(request -> 'appropriations') WITH ORDINALITY AS e (value, n), (VALUES ('account'), ('through')) AS f (name)
		 WHERE e.value ->> f.name IS NOT NULL AND NOT EXISTS (SELECT FROM erp.account a WHERE a.company_id = $1 AND a.code = e.value ->> f.name)
		 ORDER BY e.n LIMIT 1;
		PERFORM erp_private.check_known(bad.n, '$.appropriations[#]', bad.name, bad.value, 'account', 'Make it with erp.put_accounts().');
		SELECT sum((e.value ->> 'percent')::numeric) AS percent, bool_or((e.value ->> 'percent')::numeric <= 0) AS negative INTO bad
		  FROM jsonb_array_elements(request -> 'appropriations') AS e (value);
		IF bad.percent > 100 OR bad.negative THEN
			PERFORM erp_private.refuse('LE011', 'what is appropriated is above zero and at most the whole profit', '$.appropriations', bad.percent::text, 'Give per cents above 0 whose sum is at most 100.');
		END IF;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_year_request(integer, jsonb) IS 'Raises LE011 or LE012 unless a request says which year is to be closed, and how its profit is appropriated.';

-- Earlier losses are made good first: what is appropriated is a part of the profit as far as it exceeds them.
CREATE FUNCTION erp_private.post_appropriations(company_id integer, last_day date, key text, retained_account text, profit numeric, parts jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	base numeric;
	lines jsonb;
BEGIN
	SELECT GREATEST(LEAST(profit, -COALESCE(sum(b.balance), 0)), 0) INTO base
	  FROM erp_private.balances_by_set($1, $2, ARRAY(SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.code = retained_account)) b;
	WITH part AS (
		SELECT e.n, e.value ->> 'account' AS account, e.value ->> 'through' AS through, round(base * (e.value ->> 'percent')::numeric / 100, m.decimals) AS amount
		  FROM jsonb_array_elements(parts) WITH ORDINALITY AS e (value, n)
		  JOIN erp.company c ON c.company_id = $1
		  JOIN erp.currency m ON m.currency_id = c.currency_id
	), entry AS (
		SELECT p.n, 1 AS rank, COALESCE(p.through, retained_account) AS account, 'debit' AS side, p.amount FROM part p
		UNION ALL
		SELECT p.n, 2, p.account, 'credit', p.amount FROM part p
		UNION ALL
		SELECT p.n, 3, retained_account, 'debit', p.amount FROM part p WHERE p.through IS NOT NULL
		UNION ALL
		SELECT p.n, 4, p.through, 'credit', p.amount FROM part p WHERE p.through IS NOT NULL
	)
	SELECT jsonb_agg(jsonb_build_object('account', e.account, 'side', e.side, 'amount', e.amount) ORDER BY e.n, e.rank) INTO lines FROM entry e WHERE e.amount <> 0;
	IF lines IS NULL THEN
		RETURN jsonb_build_object('base', base, 'appropriations', jsonb '[]');
	END IF;
	RETURN jsonb_build_object('base', base, 'documents', jsonb_build_array(erp_private.post_transfer($1, 'year_transfer', $3, $2, lines)),
		'appropriations', (SELECT jsonb_agg(jsonb_build_object('account', l.value -> 'account', 'amount', l.value -> 'amount') ORDER BY l.n)
		                     FROM jsonb_array_elements(lines) WITH ORDINALITY AS l (value, n) JOIN jsonb_array_elements(parts) AS p (value) ON p.value -> 'account' = l.value -> 'account'
		                    WHERE l.value ->> 'side' = 'credit'));
END
$function$;
COMMENT ON FUNCTION erp_private.post_appropriations(integer, date, text, text, numeric, jsonb) IS
	'Appropriates per cents of the profit of a year, [{"account", "percent", "through"?}], as far as it exceeds earlier losses, rounded each: from the account of what is retained, by way of another where one is named. Returns {"base", "appropriations": [{"account", "amount"}], "documents"?}.';

CREATE FUNCTION erp_private.post_year_close(company_id integer, close_id bigint, close_key text, last_day date, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	profit_account text := erp_private.closing_account($1, 'profit_transfer');
	profit jsonb;
	retained jsonb;
	parts jsonb := '{}';
BEGIN
	profit := erp_private.post_profit_transfer($1, $4, $3 || '/profit_transfer');
	retained := erp_private.post_closing_transfer($1, 'year_transfer', $4, $3 || '/year_transfer',
		ARRAY(SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.code = profit_account));
	IF jsonb_typeof(request -> 'appropriations') = 'array' AND (retained ->> 'profit')::numeric > 0 THEN
		parts := erp_private.post_appropriations($1, $4, $3 || '/appropriation', retained ->> 'account', (retained ->> 'profit')::numeric, request -> 'appropriations');
	END IF;
	UPDATE erp.year_close y
	   SET documents = ARRAY(SELECT d.key FROM jsonb_array_elements_text(COALESCE(profit -> 'documents', '[]') || COALESCE(retained -> 'documents', '[]')
	                         || COALESCE(parts -> 'documents', '[]')) WITH ORDINALITY AS d (key, n) ORDER BY d.n),
	       figures = jsonb_build_object('transferred', profit -> 'profit', 'profit', retained -> 'profit', 'retained_account', retained -> 'account') || (parts - 'documents')
	 WHERE y.company_id = $1 AND y.year_close_id = $2;
END
$function$;
COMMENT ON FUNCTION erp_private.post_year_close(integer, bigint, text, date, jsonb) IS
	'Posts what closes a year on its last day: what stands on accounts of revenue and expense to the profit of the year, that to what is retained, and its appropriation; records the documents.';

CREATE FUNCTION erp_private.make_next_year(company_id integer, fiscal_year_id integer, code text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	closing record;
	next_code text;
BEGIN
	SELECT y.code, y.last_day + 1 AS next_day, n.code AS next_code INTO closing
	  FROM erp.fiscal_year y
	  LEFT JOIN erp.fiscal_year n ON n.company_id = y.company_id AND n.first_day = y.last_day + 1
	 WHERE y.company_id = $1 AND y.fiscal_year_id = $2;
	IF closing.next_code IS NOT NULL THEN
		RETURN jsonb_build_object('code', closing.next_code, 'made', false);
	END IF;
	next_code := COALESCE($3, to_char(closing.next_day, 'YYYY'));
	PERFORM erp_private.create_fiscal_year($1, jsonb_build_object('code', next_code, 'first_day', closing.next_day));
	RETURN jsonb_build_object('code', next_code, 'made', true);
END
$function$;
COMMENT ON FUNCTION erp_private.make_next_year(integer, integer, text) IS
	'Makes the fiscal year after one, of twelve months, if it is missing; code: null for its year. Returns {"code", "made"}.';

-- Balances go on from year to year: what the next one opens with is what this one ends with.
CREATE FUNCTION erp_private.year_opening(company_id integer, last_day date) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object('day', $2 + 1, 'accounts', count(*), 'debit', COALESCE(sum(b.balance) FILTER (WHERE b.balance > 0), 0),
	       'credit', COALESCE(-sum(b.balance) FILTER (WHERE b.balance < 0), 0), 'posted', 'Nothing: balances are continuous.')
	  FROM (SELECT sum(x.company_debit - x.company_credit) AS balance FROM erp_private.balances_on($1, ARRAY[$2], NULL, 0, '{}') x
	         GROUP BY x.account_id HAVING sum(x.company_debit - x.company_credit) <> 0) b
$function$;
COMMENT ON FUNCTION erp_private.year_opening(integer, date) IS
	'What the year after a day opens with: {"day", "accounts" (with a balance), "debit", "credit" (sums of balances), "posted"}.';

CREATE FUNCTION erp_private.insert_year_close(company_id integer, document_id bigint, fiscal_year_id integer, request jsonb) RETURNS text
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	INSERT INTO erp.year_close (company_id, fiscal_year_id, year_close_id, round, state, reason, documents, figures, closed_by)
	VALUES ($1, $3, $2, 1 + COALESCE((SELECT max(y.round) FROM erp.year_close y WHERE y.company_id = $1 AND y.fiscal_year_id = $3), 0), 'closed',
		COALESCE($4 ->> 'note', ''), '{}', '{}', erp_private.caller())
	RETURNING format('close/%s/%s', $4 ->> 'year', round)
$function$;
COMMENT ON FUNCTION erp_private.insert_year_close(integer, bigint, integer, jsonb) IS 'Records the next close of a year; returns what the keys of its documents begin with.';

-- Nothing of the last month is open to others meanwhile.
CREATE FUNCTION erp_private.set_general_state(company_id integer, document_id bigint, period text, state text, reason text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.set_period_state($1, $2, jsonb_build_object('period', $3, 'state', $4, 'modules', jsonb '["general"]', 'reason', left($5, 200)));
END
$function$;
COMMENT ON FUNCTION erp_private.set_general_state(integer, bigint, text, text, text) IS 'Opens or closes the general module of a period within a call that holds its gate.';

CREATE FUNCTION erp_private.close_year(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	year_id integer;
	month record;
	answer jsonb;
	close_key text;
BEGIN
	PERFORM erp_private.check_year_request($1, request);
	year_id := erp_private.named_year($1, request);
	SELECT p.period_id, p.code, p.last_day INTO month FROM erp.period p WHERE p.company_id = $1 AND p.fiscal_year_id = year_id ORDER BY p.last_day DESC LIMIT 1;
	IF EXISTS (SELECT FROM erp.year_close y WHERE y.company_id = $1 AND y.fiscal_year_id = year_id AND y.state = 'closed') THEN
		RETURN jsonb_build_object('year', request ->> 'year', 'state', 'closed', 'period', month.code, 'message', 'The year is closed already; nothing was done.');
	END IF;
	answer := jsonb_build_object('year', request ->> 'year', 'next_year', erp_private.make_next_year($1, year_id, request ->> 'next_year'));
	IF NOT erp_private.period_is_closed($1, month.period_id) THEN
		answer := answer || jsonb_build_object('month', erp_private.close_month($1, $2, jsonb_build_object('period', month.code)));
		IF answer #>> '{month,state}' <> 'closed' THEN
			RETURN answer || jsonb_build_object('state', 'blocked');
		END IF;
	END IF;
	PERFORM erp_private.set_general_state($1, $2, month.code, 'open', 'Close of the year');
	close_key := erp_private.insert_year_close($1, $2, year_id, request);
	PERFORM erp_private.post_year_close($1, $2, close_key, month.last_day, request);
	PERFORM erp_private.set_general_state($1, $2, month.code, 'closed', '');
	SELECT answer || jsonb_build_object('state', y.state, 'period', month.code, 'round', y.round, 'documents', y.documents) || y.figures INTO answer
	  FROM erp.year_close y WHERE y.company_id = $1 AND y.year_close_id = $2;
	RETURN answer || jsonb_build_object('opening', erp_private.year_opening($1, month.last_day));
END
$function$;
COMMENT ON FUNCTION erp_private.close_year(integer, bigint, jsonb) IS 'Does what erp.close_year() says.';

CREATE FUNCTION erp_private.finish_close_year(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.finish_set_period_state($1, jsonb '{"state": "closed"}'); END $function$;
COMMENT ON FUNCTION erp_private.finish_close_year(integer, jsonb) IS 'The close of a year seals all that the company has committed, with the call itself at the end.';

CREATE FUNCTION erp_private.finish_reopen_year(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.finish_set_period_state($1, jsonb '{"state": "closed"}'); END $function$;
COMMENT ON FUNCTION erp_private.finish_reopen_year(integer, jsonb) IS 'Undoing the close of a year seals all that the company has committed, with the call itself at the end.';

CREATE FUNCTION erp_private.reopen_year(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	year_id integer;
	closed record;
	month record;
	later text;
	taken_back jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"year": "code!", "reason": "reason!"}');
	year_id := erp_private.named_year($1, request);
	SELECT y.year_close_id, y.documents, y.figures INTO closed FROM erp.year_close y WHERE y.company_id = $1 AND y.fiscal_year_id = year_id AND y.state = 'closed';
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE301', 'the year is not closed', '$.year', request ->> 'year', 'Nothing is to be undone.');
	END IF;
	SELECT p.code, p.last_day INTO month FROM erp.period p WHERE p.company_id = $1 AND p.fiscal_year_id = year_id ORDER BY p.last_day DESC LIMIT 1;
	later := erp_private.closed_after($1, month.last_day);
	IF later IS NOT NULL THEN
		PERFORM erp_private.refuse('LE300', 'a year is reopened before any later month is closed', '$.year', request ->> 'year', format('Reopen month %s first.', later));
	END IF;
	PERFORM erp_private.set_general_state($1, $2, month.code, 'open', request ->> 'reason');
	taken_back := erp_private.reverse_closing($1, closed.documents, request ->> 'reason');
	PERFORM erp_private.set_general_state($1, $2, month.code, 'closed', '');
	UPDATE erp.year_close y SET state = 'reopened', reason = request ->> 'reason' WHERE y.company_id = $1 AND y.year_close_id = closed.year_close_id;
	RETURN jsonb_build_object('year', request ->> 'year', 'state', 'reopened', 'taken_back', taken_back, 'figures', closed.figures,
		'message', format('What the close of the year posted on %s is reversed on that day. Month %s stays closed, and the next year stays.', month.last_day, month.code));
END
$function$;
COMMENT ON FUNCTION erp_private.reopen_year(integer, bigint, jsonb) IS 'Does what erp.reopen_year() says.';
