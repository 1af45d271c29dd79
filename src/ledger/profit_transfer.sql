-- ledger: accounts of profit are transferred to the profit of the year, by the close of a month or of the year.

CREATE FUNCTION erp_private.closing_account(company_id integer, kind text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	code text;
BEGIN
	SELECT a.code INTO code
	  FROM erp.posting_rule r
	  JOIN erp.account a ON a.company_id = r.company_id AND a.account_id = r.account_id
	 WHERE r.company_id = $1 AND r.kind = $2 AND r.line_role = 'document' AND r.amount_role = 'total' AND r.active
	 ORDER BY r.posting_rule_id LIMIT 1;
	IF code IS NULL THEN
		PERFORM erp_private.refuse('LE302', format('no posting rule says to which account a %s goes', $2), 'kind', $2,
			format('Name it with erp.put_posting_rules(): kind "%s", line_role "document", amount_role "total".', $2));
	END IF;
	RETURN code;
END
$function$;
COMMENT ON FUNCTION erp_private.closing_account(integer, text) IS
	'Code of the account to which profit_transfer or year_transfer carries a result: that of the posting rule of the kind for the total of its document. Error LE302 without one.';

-- A value has a key of its own for all lines that have it; what is not in the sets of several values is in the set of it alone.
CREATE FUNCTION erp_private.folded_by_set(company_id integer, last_day date, accounts integer[])
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, balance numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off
AS $function$
	WITH key AS MATERIALIZED (
		SELECT k.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, sum(f.company_debit - f.company_credit) AS balance
		  FROM erp_private.live_cut c
		  JOIN erp_private.balance_key k ON k.company_id = c.company_id AND k.account_id = ANY ($3)
		 CROSS JOIN LATERAL erp_private.folded_until(c.company_id, k.balance_key_id, $2) f
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8
		 GROUP BY k.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id
	), of_value AS (
		SELECT k.account_id, u.id AS value_id, sum(k.balance) AS balance
		  FROM key k
		  JOIN erp.dimension_set t ON t.company_id = $1 AND t.dimension_set_id = k.dimension_set_id
		 CROSS JOIN LATERAL unnest(t.dimension_value_ids) AS u (id)
		 WHERE k.party_id = 0 AND k.dimension_set_id <> 0
		 GROUP BY k.account_id, u.id
	), of_some AS MATERIALIZED (
		SELECT k.account_id, k.dimension_set_id, k.balance FROM key k WHERE k.party_id = 0 AND k.dimension_set_id <> 0
		UNION ALL
		SELECT k.account_id, s.dimension_set_id, k.balance - COALESCE(v.balance, 0)
		  FROM key k
		  JOIN erp.dimension_set s ON s.company_id = $1 AND s.dimension_value_ids = ARRAY[k.dimension_value_id]
		  LEFT JOIN of_value v ON v.account_id = k.account_id AND v.value_id = k.dimension_value_id
		 WHERE k.party_id = 0 AND k.dimension_value_id <> 0
	), of_set AS (
		SELECT a.account_id, a.dimension_set_id, a.balance FROM of_some a
		UNION ALL
		SELECT k.account_id, 0, k.balance - COALESCE(a.balance, 0)
		  FROM key k
		  LEFT JOIN (SELECT o.account_id, sum(o.balance) AS balance FROM of_some o GROUP BY o.account_id) a ON a.account_id = k.account_id
		 WHERE k.party_id = 0 AND k.dimension_set_id = 0 AND k.dimension_value_id = 0
	), of_party AS MATERIALIZED (
		SELECT k.account_id, k.party_id, k.dimension_set_id, k.balance - CASE k.dimension_set_id WHEN 0 THEN COALESCE(m.balance, 0) ELSE 0 END AS balance
		  FROM key k
		  LEFT JOIN (SELECT o.account_id, o.party_id, sum(o.balance) AS balance FROM key o WHERE o.party_id <> 0 AND o.dimension_set_id <> 0
		              GROUP BY o.account_id, o.party_id) m ON m.account_id = k.account_id AND m.party_id = k.party_id
		 WHERE k.party_id <> 0
	)
	SELECT p.account_id, p.party_id, p.dimension_set_id, p.balance FROM of_party p
	UNION ALL
	SELECT s.account_id, 0, s.dimension_set_id, s.balance - COALESCE(p.balance, 0)
	  FROM of_set s
	  LEFT JOIN (SELECT o.account_id, o.dimension_set_id, sum(o.balance) AS balance FROM of_party o GROUP BY o.account_id, o.dimension_set_id) p
	    ON p.account_id = s.account_id AND p.dimension_set_id = s.dimension_set_id
$function$;
COMMENT ON FUNCTION erp_private.folded_by_set(integer, date, integer[]) IS
	'What is folded of accounts up to the end of a day, by dimension set and, on accounts kept by party, by party: each line is in one row. Debit positive, in the company''s currency.';

CREATE FUNCTION erp_private.balances_by_set(company_id integer, last_day date, accounts integer[])
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, balance numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT b.account_id, b.party_id, b.dimension_set_id, sum(b.balance)
	  FROM (
		SELECT f.* FROM erp_private.folded_by_set($1, $2, $3) f
		UNION ALL
		SELECT l.account_id, CASE WHEN p.by_party OR a.by_party THEN l.party_id ELSE 0 END, l.dimension_set_id, l.company_debit - l.company_credit
		  FROM erp_private.unfolded_line l
		  JOIN erp_private.account_by_party p ON p.company_id = l.company_id AND p.account_id = l.account_id
		  JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
		 WHERE l.company_id = $1 AND l.day <= $2 AND l.account_id = ANY ($3)) b
	 GROUP BY b.account_id, b.party_id, b.dimension_set_id
	HAVING sum(b.balance) <> 0;
END
$function$;
COMMENT ON FUNCTION erp_private.balances_by_set(integer, date, integer[]) IS
	'Balances of accounts at the end of a day by dimension set and, on accounts kept by party, by party, none of them zero: debit positive, in the company''s currency.';

CREATE FUNCTION erp_private.set_codes(company_id integer, dimension_set_id integer, balancing_only boolean) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(jsonb_object_agg(d.code, v.code), '{}')
	  FROM erp.dimension_set s
	 CROSS JOIN LATERAL unnest(s.dimension_value_ids) AS u (id)
	  JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = u.id
	  JOIN erp.dimension d ON d.company_id = v.company_id AND d.dimension_id = v.dimension_id AND (d.balancing OR NOT $3)
	 WHERE s.company_id = $1 AND s.dimension_set_id = $2
$function$;
COMMENT ON FUNCTION erp_private.set_codes(integer, integer, boolean) IS 'The values of a dimension set, {dimension: value} in codes, as lines of documents name them; of all its dimensions or of the balancing ones only.';

-- An account of profit is emptied on the side opposite to its own: what stands against its side goes in red. Others on the side opposite to their balance.
CREATE FUNCTION erp_private.transfer_lines(company_id integer, last_day date, accounts integer[], to_account text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	lines jsonb;
BEGIN
	WITH balance AS MATERIALIZED (
		SELECT b.* FROM erp_private.balances_by_set($1, $2, $3) b
	), codes AS MATERIALIZED (
		SELECT s.dimension_set_id, erp_private.set_codes($1, s.dimension_set_id, false) AS all_codes, erp_private.set_codes($1, s.dimension_set_id, true) AS balancing
		  FROM (SELECT DISTINCT b.dimension_set_id FROM balance b) s
	), source AS MATERIALIZED (
		SELECT a.code, p.code AS party, c.all_codes, c.balancing, CASE WHEN s.is_debit THEN 'credit' ELSE 'debit' END AS side,
		       CASE WHEN s.is_debit THEN b.balance ELSE -b.balance END AS amount
		  FROM balance b
		  JOIN codes c ON c.dimension_set_id = b.dimension_set_id
		  JOIN erp.account a ON a.company_id = $1 AND a.account_id = b.account_id
		  JOIN erp.party p ON p.company_id = $1 AND p.party_id = b.party_id
		 CROSS JOIN LATERAL (SELECT CASE WHEN a.class IN ('revenue', 'expense') THEN a.normal_side = 'debit' ELSE b.balance > 0 END) AS s (is_debit)
	), line AS (
		SELECT 1 AS part, s.side, s.code, s.party, s.all_codes AS dimensions, s.amount FROM source s
		UNION ALL
		SELECT 2, CASE s.side WHEN 'debit' THEN 'credit' ELSE 'debit' END, to_account, '', s.balancing, sum(s.amount)
		  FROM source s
		 GROUP BY s.side, s.balancing HAVING sum(s.amount) <> 0
	)
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('account', l.code, 'side', l.side, 'amount', l.amount, 'party', NULLIF(l.party, ''),
	       'dimensions', NULLIF(l.dimensions, '{}'))) ORDER BY l.side = 'credit', l.part = 2, l.code COLLATE "C", l.party COLLATE "C", l.dimensions)
	  INTO lines FROM line l;
	RETURN lines;
END
$function$;
COMMENT ON FUNCTION erp_private.transfer_lines(integer, date, integer[], text) IS
	'The lines of a voucher that empties accounts at the end of a day, per dimension set and party kept, to one account, debits and credits apart, per value of balancing dimensions. Null if nothing stands on them.';

CREATE FUNCTION erp_private.post_transfer(company_id integer, kind text, key text, day date, lines jsonb) RETURNS text
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp.post_document(c.code, json_build_object('key', $3, 'kind', $2, 'day', $4, 'time', '23:59:59', 'lines', $5))
	   FROM erp.company c WHERE c.company_id = $1;
	RETURN $3;
END
$function$;
COMMENT ON FUNCTION erp_private.post_transfer(integer, text, text, date, jsonb) IS 'Posts a voucher of the close at the end of a day; returns its key.';

CREATE FUNCTION erp_private.post_closing_transfer(company_id integer, kind text, last_day date, key text, accounts integer[]) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	account text := erp_private.closing_account($1, $2);
	lines jsonb := erp_private.transfer_lines($1, $3, $5, account);
	profit numeric;
BEGIN
	IF lines IS NULL THEN
		RETURN jsonb '{"lines": 0, "profit": 0}';
	END IF;
	SELECT COALESCE(sum(CASE l.value ->> 'side' WHEN 'credit' THEN (l.value ->> 'amount')::numeric ELSE -(l.value ->> 'amount')::numeric END), 0) INTO profit
	  FROM jsonb_array_elements(lines) AS l (value) WHERE l.value ->> 'account' = account;
	RETURN jsonb_build_object('documents', jsonb_build_array(erp_private.post_transfer($1, $2, $4, $3, lines)),
		'lines', jsonb_array_length(lines), 'profit', profit, 'account', account);
END
$function$;
COMMENT ON FUNCTION erp_private.post_closing_transfer(integer, text, date, text, integer[]) IS
	'Transfers all that stands on accounts at the end of a day to the account of the kind (profit_transfer or year_transfer), by a document of that kind and of this key. Returns {"documents", "lines", "profit", "account"}; no documents and account where nothing stands on them.';

CREATE FUNCTION erp_private.post_profit_transfer(company_id integer, last_day date, key text) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.post_closing_transfer($1, 'profit_transfer', $2, $3, ARRAY(SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.class IN ('revenue', 'expense')))
$function$;
COMMENT ON FUNCTION erp_private.post_profit_transfer(integer, date, text) IS
	'Transfers all that stands on accounts of revenue and expense at the end of a day to the profit of the year, as erp_private.post_closing_transfer() does.';

CREATE FUNCTION erp_private.close_profit(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	month record;
BEGIN
	SELECT p.last_day, m.profit_transfer INTO month
	  FROM erp.period p
	  JOIN erp.month_close m ON m.company_id = p.company_id AND m.period_id = p.period_id AND m.state = 'under_way'
	 WHERE p.company_id = $1 AND p.period_id = $2;
	IF month.profit_transfer = 'year' THEN
		RETURN jsonb '{"when": "year"}';
	END IF;
	RETURN erp_private.post_profit_transfer($1, month.last_day, $3 || '/profit_transfer');
END
$function$;
COMMENT ON FUNCTION erp_private.close_profit(integer, integer, text) IS
	'A step of the close: transfers accounts of revenue and expense to the profit of the year, where the company does it each month.';
