-- ledger: integrity of what templates, schedules and their like posted.

CREATE FUNCTION erp_private.check_generated_postings() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'generated_postings', c.code, 'voucher ' || g.voucher_key, p.problem
	  FROM erp_private.generated_state g
	  JOIN erp.company c ON c.company_id = g.company_id
	 CROSS JOIN LATERAL (
		SELECT 'is neither a document nor a draft' AS problem WHERE g.posted_document_id IS NULL
		   AND NOT EXISTS (SELECT 1 FROM erp.draft t WHERE t.company_id = g.company_id AND t.key = g.voucher_key)
		UNION ALL
		SELECT 'was made by no call' WHERE NOT EXISTS (SELECT 1 FROM erp.document d WHERE d.company_id = g.company_id AND d.document_id = g.document_id AND d.kind = 'administration')
		UNION ALL
		SELECT 'is of another amount' WHERE g.origin IN ('schedule', 'allocation', 'transfer') AND g.amount IS DISTINCT FROM (
			SELECT sum(l.company_amount) FROM erp.voucher_line l WHERE l.company_id = g.company_id AND l.voucher_id = g.posted_document_id AND l.side = 'debit')
		UNION ALL
		SELECT 'is of no part of its schedule' WHERE g.origin = 'schedule' AND g.state NOT IN ('reversed', 'withdrawn')
		   AND NOT EXISTS (SELECT 1 FROM erp.schedule s JOIN erp.schedule_part q ON q.company_id = s.company_id AND q.schedule_id = s.schedule_id
		                    WHERE s.company_id = g.company_id AND s.code = g.code AND q.day = g.day AND q.amount = g.amount)
		UNION ALL
		SELECT 'reverses another document' WHERE g.origin = 'reversal'
		   AND NOT EXISTS (SELECT 1 FROM erp.document d JOIN erp.document r ON r.company_id = d.company_id AND r.document_id = d.reverses_document_id
		                    WHERE d.company_id = g.company_id AND d.document_id = g.posted_document_id AND r.key = g.code)
		UNION ALL
		SELECT 'is of something that does not exist' WHERE NOT CASE g.origin
			WHEN 'template' THEN EXISTS (SELECT 1 FROM erp.voucher_template t WHERE t.company_id = g.company_id AND t.code = g.code)
			WHEN 'recurring' THEN EXISTS (SELECT 1 FROM erp.recurring_voucher t WHERE t.company_id = g.company_id AND t.code = g.code)
			ELSE true END) p
	UNION ALL
	SELECT 'generated_postings', c.code, format('%s %s of %s', s.origin, s.code, s.day), format('was posted %s times', count(*))
	  FROM erp_private.standing_posting s JOIN erp.company c ON c.company_id = s.company_id
	 WHERE s.origin <> 'template'
	 GROUP BY c.code, s.origin, s.code, s.day HAVING count(*) > 1
$function$;
COMMENT ON FUNCTION erp_private.check_generated_postings() IS
	'Law 7, law 10: what was posted for a template, schedule or their like is there, by a call, of what it says, and once for its day as long as it stands.';

CREATE FUNCTION erp_private.scheduled_differences(company_id integer)
	RETURNS TABLE (account_code text, balance numeric, left_amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT a.code, b.balance, COALESCE(s.left_amount, 0)
	  FROM erp.scheduled_account k
	  JOIN erp.account a ON a.company_id = k.company_id AND a.account_id = k.account_id
	 CROSS JOIN LATERAL (SELECT COALESCE(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0) AS balance
	                       FROM erp.voucher_line l WHERE l.company_id = k.company_id AND l.account_id = k.account_id) b
	  LEFT JOIN LATERAL (
		SELECT sum(CASE t.kind WHEN 'expense' THEN 1 ELSE -1 END * (t.total - COALESCE((
		       	SELECT sum(g.amount) FROM erp_private.standing_posting g WHERE g.company_id = t.company_id AND g.origin = 'schedule' AND g.code = t.code), 0))) AS left_amount
		  FROM erp.schedule t WHERE t.company_id = k.company_id AND t.from_account_id = k.account_id) s ON true
	 WHERE k.company_id = $1 AND b.balance <> COALESCE(s.left_amount, 0)
$function$;
COMMENT ON FUNCTION erp_private.scheduled_differences(integer) IS
	'Accounts that schedules keep and whose balance is not what these have left; both debit positive, in the company''s currency.';

CREATE FUNCTION erp_private.check_scheduled_accounts() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'scheduled_accounts', c.code, 'account ' || d.account_code, format('has a balance of %s, and its schedules have %s left', d.balance, d.left_amount)
	  FROM erp.company c CROSS JOIN LATERAL erp_private.scheduled_differences(c.company_id) d
	UNION ALL
	SELECT 'scheduled_accounts', c.code, 'schedule ' || s.code, format('is of %s, and posted and planned are %s', s.total, sum(p.amount))
	  FROM erp.schedule s
	  JOIN erp.company c ON c.company_id = s.company_id
	  LEFT JOIN erp.schedule_part p ON p.company_id = s.company_id AND p.schedule_id = s.schedule_id
	 WHERE s.active
	 GROUP BY c.code, s.code, s.total HAVING s.total IS DISTINCT FROM sum(p.amount)
$function$;
COMMENT ON FUNCTION erp_private.check_scheduled_accounts() IS
	'Law 10: the balance of an account that schedules keep is what they have left; parts of a schedule that goes on add up to its total.';
