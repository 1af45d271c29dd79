-- ledger: what the close looks at in the books: balances, money, numbers, open items. Sums are read from the folded balances.

CREATE FUNCTION erp_private.close_fold(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RETURN jsonb_build_object('folded', 0, 'why', 'not read committed');
	END IF;
	RETURN jsonb_build_object('folded', erp_private.fold_balances($1));
END
$function$;
COMMENT ON FUNCTION erp_private.close_fold(integer, integer, text) IS
	'A step of the close: folds the balances, so that all others read sums. Returns {"folded"}: how many vouchers; 0 where another session does it.';

CREATE FUNCTION erp_private.check_balance_sides(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'warning', format('Account %s %s has a balance on the wrong side, %s: %s.', a.code, a.name, CASE WHEN b.balance > 0 THEN 'debit' ELSE 'credit' END,
	              round(abs(b.balance), m.decimals)),
	       jsonb_build_object('accounts', jsonb_build_array(a.code), 'balance', round(b.balance, m.decimals)),
	       format('SELECT * FROM erp.general_ledger WHERE company = %L AND account_code = %L ORDER BY day', c.code, a.code)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	  JOIN erp.currency m ON m.currency_id = c.currency_id
	 CROSS JOIN LATERAL (SELECT x.account_id, sum(x.company_debit - x.company_credit) AS balance FROM erp_private.balances_on(p.company_id, ARRAY[p.last_day], NULL, 0, '{}') x
	                      GROUP BY x.account_id) b
	  JOIN erp.account a ON a.company_id = p.company_id AND a.account_id = b.account_id AND a.class IN ('asset', 'liability', 'cost') AND a.money <> 'cash'
	 WHERE p.company_id = $1 AND p.period_id = $2 AND CASE a.normal_side WHEN 'debit' THEN b.balance < 0 ELSE b.balance > 0 END
	 ORDER BY a.code COLLATE "C"
$function$;
COMMENT ON FUNCTION erp_private.check_balance_sides(integer, integer) IS
	'A check of the close: accounts of assets, liabilities and costs whose balance at the end of the month is not on their side. Cash has a check of its own.';

-- There is no less than nothing in a till, on no day of the month.
CREATE FUNCTION erp_private.check_cash(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN bool_or(b.day = p.last_day) THEN 'blocker' ELSE 'warning' END,
	       format('Cash account %s is below zero in %s from %s on: %s.', a.code, m.code, min(b.day), round(min(b.debit - b.credit), m.decimals)),
	       jsonb_build_object('accounts', jsonb_build_array(a.code), 'days', jsonb_agg(b.day ORDER BY b.day)),
	       format('SELECT * FROM erp.general_ledger WHERE company = %L AND account_code = %L ORDER BY day', c.code, a.code)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	 CROSS JOIN LATERAL erp_private.balances_on(p.company_id, ARRAY(SELECT g.day::date FROM generate_series(p.first_day, p.last_day, interval '1 day') AS g (day)),
	       ARRAY(SELECT t.account_id FROM erp.account t WHERE t.company_id = p.company_id AND t.money = 'cash'), 0, '{}') b
	  JOIN erp.account a ON a.company_id = p.company_id AND a.account_id = b.account_id
	  JOIN erp.currency m ON m.currency_id = b.currency_id
	 WHERE p.company_id = $1 AND p.period_id = $2 AND b.debit - b.credit < 0
	 GROUP BY c.code, a.code, m.code, m.decimals
	 ORDER BY a.code COLLATE "C", m.code
$function$;
COMMENT ON FUNCTION erp_private.check_cash(integer, integer) IS
	'A check of the close: accounts of cash below zero in a currency: at the end of the month a blocker, on other days of it a warning.';

-- No number stands twice (a key), so that as many as the last one says are all of them.
CREATE FUNCTION erp_private.check_close_numbers(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'blocker', format('Series %s has %s numbers of scope "%s", the last of which is %s.', s.code, n.numbers, k.scope_value, k.last_number),
	       jsonb_build_object('series', s.code, 'scope', k.scope_value), 'SELECT * FROM erp.number_proof'
	  FROM erp.period p
	  JOIN erp.series s ON s.company_id = p.company_id
	  JOIN erp_private.series_counter k ON k.company_id = s.company_id AND k.series_id = s.series_id AND k.scope_value = erp_private.scope_value(s.scope, p.last_day)
	 CROSS JOIN LATERAL (SELECT count(*) AS numbers FROM erp.assigned_number a WHERE a.company_id = k.company_id AND a.series_id = k.series_id AND a.scope_value = k.scope_value) n
	 WHERE p.company_id = $1 AND p.period_id = $2 AND n.numbers <> k.last_number
	UNION ALL
	SELECT 'blocker', format('No series numbers vouchers of word "%s".', w.code), jsonb_build_object('word', w.code),
	       format('SELECT erp.put_series(%L, ''<key>'', ''[{"code": "<code>", "target": "voucher", "word": "%s", "scope": "month", "mode": "deferred"}]'')', c.code, w.code)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	  JOIN erp.voucher_word w ON w.company_id = p.company_id
	 WHERE p.company_id = $1 AND p.period_id = $2
	   AND NOT EXISTS (SELECT FROM erp.series s WHERE s.company_id = w.company_id AND s.target = 'voucher' AND s.voucher_word_id = w.voucher_word_id)
	   AND EXISTS (SELECT FROM erp.voucher v WHERE v.company_id = w.company_id AND v.voucher_word_id = w.voucher_word_id AND v.period_id = p.period_id)
$function$;
COMMENT ON FUNCTION erp_private.check_close_numbers(integer, integer) IS
	'A check of the close: series of which a number is missing in the scope of the month, and vouchers of the month that no series numbers.';

-- What is settled is settled on both sides, so that the items themselves add up to the account.
CREATE FUNCTION erp_private.check_close_items(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
	SELECT 'blocker', format('Open items of account %s add up to %s, its balance is %s.', a.code, COALESCE(i.amount, 0), COALESCE(b.balance, 0)),
	       jsonb_build_object('accounts', jsonb_build_array(a.code)), 'SELECT * FROM erp.check_integrity()'
	  FROM erp.account a
	  LEFT JOIN (SELECT o.account_id, sum(o.company_amount) AS amount FROM erp.open_item o WHERE o.company_id = $1 GROUP BY o.account_id) i ON i.account_id = a.account_id
	  LEFT JOIN (SELECT x.account_id, sum(x.company_debit - x.company_credit) AS balance
	               FROM erp_private.balances_on($1, ARRAY[date 'infinity'], ARRAY(SELECT t.account_id FROM erp.account t WHERE t.company_id = $1
	                    AND t.control IN ('receivable', 'payable', 'accrued_payable', 'open_items')), 0, '{}') x
	              GROUP BY x.account_id) b ON b.account_id = a.account_id
	 WHERE a.company_id = $1 AND a.control IN ('receivable', 'payable', 'accrued_payable', 'open_items') AND COALESCE(i.amount, 0) <> COALESCE(b.balance, 0)
	 ORDER BY a.code COLLATE "C"
$function$;
COMMENT ON FUNCTION erp_private.check_close_items(integer, integer) IS
	'A check of the close: accounts of open items whose balance is not what all their items come to, whenever they are of.';
