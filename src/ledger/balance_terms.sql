-- ledger: balance terms, the one form in which statements, transfer templates and allocations say which balance they mean.

CREATE FUNCTION erp_private.balance_term(terms jsonb)
RETURNS TABLE (term_no integer, accounts jsonb, measure text, sign integer, parties text, due text, dimensions jsonb, span text,
	without_closing boolean, quantity boolean)
	LANGUAGE sql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n::integer, e.value -> 'accounts', COALESCE(e.value ->> 'measure', 'closing'),
	       CASE e.value ->> 'side' WHEN 'credit' THEN -1 ELSE 1 END, COALESCE(e.value ->> 'parties', 'all'), COALESCE(e.value ->> 'due', 'all'),
	       COALESCE(e.value -> 'dimensions', '{}'), COALESCE(e.value ->> 'span', 'period'),
	       COALESCE(e.value ->> 'closing_vouchers', 'with') = 'without', COALESCE((e.value ->> 'quantity')::boolean, false)
	  FROM jsonb_array_elements($1) WITH ORDINALITY AS e (value, n)
$function$;
COMMENT ON FUNCTION erp_private.balance_term(jsonb) IS
'Balance terms, a JSON array, as rows with what they leave out filled in: measure closing, side debit, parties and due all, span period, closing_vouchers with. sign: 1 debit positive, -1 credit positive.';

CREATE FUNCTION erp_private.check_terms(company_id integer, terms jsonb, path text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(terms, path || '[#]', '{"accounts": "list!", "measure": "code", "side": "code", "parties": "code", "due": "code",
		"dimensions": "object", "span": "code", "closing_vouchers": "code", "quantity": "boolean"}');
	PERFORM erp_private.check_choice(terms, path || '[#]', 'measure', ARRAY['opening', 'debit', 'credit', 'net', 'closing']);
	PERFORM erp_private.check_choice(terms, path || '[#]', 'side', ARRAY['debit', 'credit']);
	PERFORM erp_private.check_choice(terms, path || '[#]', 'parties', ARRAY['all', 'debit', 'credit']);
	PERFORM erp_private.check_choice(terms, path || '[#]', 'due', ARRAY['all', 'within_year', 'over_year']);
	PERFORM erp_private.check_choice(terms, path || '[#]', 'span', ARRAY['period', 'year', 'to_date']);
	PERFORM erp_private.check_choice(terms, path || '[#]', 'closing_vouchers', ARRAY['with', 'without']);
	SELECT t.term_no - 1 AS n, a.value #>> '{}' AS value INTO bad
	  FROM erp_private.balance_term(terms) t
	  LEFT JOIN jsonb_array_elements(t.accounts) AS a (value) ON true
	 WHERE jsonb_typeof(a.value) IS DISTINCT FROM 'string'
	    OR a.value #>> '{}' !~ '^[^\x01-\x1f\x7f]{1,60}$' OR a.value #>> '{}' IN ('..', '*')
	 ORDER BY 1 LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'accounts are named by a code, a range or a beginning', format('%s[%s].accounts', path, bad.n), bad.value,
			'For example "1001", "1403..1411" or "1122*".');
	END IF;
	SELECT t.term_no - 1 AS n, CASE WHEN t.quantity THEN 'quantity' WHEN t.parties <> 'all' THEN 'parties' ELSE 'due' END AS field INTO bad
	  FROM erp_private.balance_term(terms) t
	 WHERE (t.parties <> 'all' OR t.due <> 'all') AND (t.measure NOT IN ('opening', 'closing') OR t.quantity)
	 ORDER BY 1 LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'only an amount that is an opening or a closing balance is taken apart by parties or by due days',
			format('%s[%s].%s', path, bad.n, bad.field), NULL, 'Leave out the field, or take measure "closing".');
	END IF;
	PERFORM erp_private.dimension_values(company_id, t.dimensions) FROM erp_private.balance_term(terms) t WHERE t.dimensions <> '{}';
END
$function$;
COMMENT ON FUNCTION erp_private.check_terms(integer, jsonb, text) IS
'Raises LE011 or LE012 unless terms, which stand at path, are balance terms. A code of an account need not exist: such a term is 0.';

-- What an account code with no more than its beginning compares: sub-accounts lie in the range of what they are below.
CREATE FUNCTION erp_private.term_accounts(company_id integer, terms jsonb)
RETURNS TABLE (term_no integer, part_no integer, account_id integer)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE part AS MATERIALIZED (
		SELECT t.term_no, a.n::integer AS part_no, a.code, split_part(a.code, '..', 1) COLLATE "C" AS low,
		       CASE WHEN a.code LIKE '%..%' THEN split_part(a.code, '..', 2) COLLATE "C" END AS high,
		       CASE WHEN a.code LIKE '%*' THEN left(a.code, -1) END AS beginning
		  FROM erp_private.balance_term($2) t
		 CROSS JOIN LATERAL jsonb_array_elements_text(t.accounts) WITH ORDINALITY AS a (code, n)
	), account AS MATERIALIZED (
		SELECT a.account_id, a.parent_account_id, a.code FROM erp.account a WHERE a.company_id = $1
	), above AS (
		SELECT a.account_id, a.code, a.parent_account_id FROM account a
		UNION ALL
		SELECT u.account_id, a.code, a.parent_account_id FROM above u JOIN account a ON a.account_id = u.parent_account_id
	)
	SELECT f.term_no, min(f.part_no), f.account_id
	  FROM (
		SELECT p.term_no, p.part_no, u.account_id
		  FROM part p JOIN above u ON u.code = p.code
		 WHERE p.high IS NULL AND p.beginning IS NULL
		UNION ALL
		SELECT p.term_no, p.part_no, a.account_id
		  FROM part p JOIN account a ON left(a.code, length(p.low)) COLLATE "C" >= p.low AND left(a.code, length(p.high)) COLLATE "C" <= p.high
		 WHERE p.high IS NOT NULL
		UNION ALL
		SELECT p.term_no, p.part_no, a.account_id
		  FROM part p JOIN account a ON starts_with(a.code, p.beginning)
		 WHERE p.beginning IS NOT NULL) f
	 GROUP BY f.term_no, f.account_id;
END
$function$;
COMMENT ON FUNCTION erp_private.term_accounts(integer, jsonb) IS
'The accounts that balance terms name, each once a term: a code is the account with all below it, "low..high" all whose codes begin with something from low to high, "1122*" all that begin so. part_no: which of the term''s names it comes by.';
