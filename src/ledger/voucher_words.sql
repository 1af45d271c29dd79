-- ledger: the words under which vouchers are numbered.

CREATE FUNCTION erp_private.add_word_series(company_id integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	taken record;
BEGIN
	SELECT w.code AS word, s.code AS series INTO taken
	  FROM erp.voucher_word w
	  JOIN erp.series s ON s.company_id = w.company_id AND s.code = 'voucher ' || w.code AND s.voucher_word_id <> w.voucher_word_id
	 WHERE w.company_id = add_word_series.company_id ORDER BY w.code LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE080', 'another series has the code that the word''s would have', '$', taken.series,
			'Use another word, or give that series another code first.');
	END IF;
	INSERT INTO erp.series (company_id, code, target, voucher_word_id, scope, mode)
	SELECT w.company_id, CASE w.voucher_word_id WHEN 0 THEN 'voucher' ELSE 'voucher ' || w.code END, 'voucher', w.voucher_word_id, 'month', 'deferred'
	  FROM erp.voucher_word w
	 WHERE w.company_id = add_word_series.company_id
	   AND NOT EXISTS (SELECT 1 FROM erp.series s
	                    WHERE s.company_id = w.company_id AND s.target = 'voucher' AND s.voucher_word_id = w.voucher_word_id)
	 ORDER BY w.voucher_word_id;
END
$function$;
COMMENT ON FUNCTION erp_private.add_word_series(integer) IS
	'Gives the words of a company that have none their series: "voucher" of no word, "voucher <word>" of the others, by month, deferred. LE080 if such a code is taken.';

CREATE FUNCTION erp_private.lock_put_voucher_words(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_structure(company_id);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_voucher_words(integer, jsonb) IS
	'Waits for the postings under way: what commits after the call obeys it; and two such calls do not make two words of one rule.';

CREATE FUNCTION erp_private.check_voucher_words(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "rule": "code!", "money": "code", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'rule', ARRAY['all', 'receipt', 'payment', 'transfer', 'named']);
	PERFORM erp_private.check_choice(request, '$[#]', 'money', ARRAY['any', 'cash', 'bank']);
	SELECT e.n, e.value ->> 'money' AS money INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE COALESCE(e.value ->> 'money', 'any') <> 'any' AND e.value ->> 'rule' NOT IN ('receipt', 'payment') ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'only receipts and payments are of cash or bank', format('$[%s].money', bad.n - 1), bad.money,
			'Leave it out.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_voucher_words(jsonb) IS 'Raises LE011 unless the rows are voucher words.';

CREATE FUNCTION erp_private.put_voucher_words(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_voucher_words(request);
	WITH put AS (
		INSERT INTO erp.voucher_word AS w (company_id, code, name, rule, money, active)
		SELECT put_voucher_words.company_id, e.value ->> 'code', e.value ->> 'name', e.value ->> 'rule',
		       COALESCE(e.value ->> 'money', 'any'), COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.voucher_word old ON old.company_id = put_voucher_words.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, rule = EXCLUDED.rule, money = EXCLUDED.money, active = EXCLUDED.active
		WHERE (w.name, w.rule, w.money, w.active) <> (EXCLUDED.name, EXCLUDED.rule, EXCLUDED.money, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	SELECT min(w.code) AS one, max(w.code) AS other INTO bad FROM erp.voucher_word w
	 WHERE w.company_id = put_voucher_words.company_id AND w.voucher_word_id <> 0 AND w.active AND w.rule <> 'named'
	 GROUP BY w.rule, w.money HAVING count(*) > 1 ORDER BY 1 LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', format('the words "%s" and "%s" would take the same vouchers', bad.one, bad.other), '$', bad.other,
			'Give one of them another rule, or make it inactive.');
	END IF;
	PERFORM erp_private.add_word_series(put_voucher_words.company_id);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_voucher_words(integer, jsonb) IS 'Does what erp.put_voucher_words() says.';

CREATE FUNCTION erp.put_voucher_words(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_voucher_words(text, text, json) IS
	'Adds or changes the words under which vouchers are numbered, from now on: one for all, or those of receipts, payments and transfers, or others. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code" (the word), "name", "rule" (payment: an account of money is credited; receipt: debited; transfer: neither; all; named: only vouchers whose request names the word), "money"? (of receipts and payments: cash or bank, default any), "active"?}]. Accounts of money are declared by erp.put_accounts(). A voucher whose request names no word has that of the first rule that takes it, in the order given here, a rule of cash or bank before one of any; one that none takes has none. So what goes between cash and bank is a payment. A reversal in red has the word of what it reverses. A new word has a series of its own, "voucher <word>", by month and deferred; erp.put_series() changes it while it has given no number. No two active words have one rule. Waits for postings under way. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE011 also for two words of one rule, LE080 if the code of the series is taken.';
