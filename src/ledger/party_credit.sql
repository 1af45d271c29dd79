-- ledger: what a party owes, and what of it is overdue, for the credit limit and for whoever takes its orders.

-- A settlement takes as much of a debit as of a credit: items add up to what is open.
CREATE FUNCTION erp_private.owed_by(company_id integer, party_id integer) RETURNS numeric
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT COALESCE(sum(o.company_amount), 0)
	  FROM (SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.control = 'receivable' OFFSET 0) a
	 CROSS JOIN LATERAL (SELECT f.company_amount FROM erp.open_item f WHERE f.company_id = $1 AND f.party_id = $2 AND f.account_id = a.account_id OFFSET 0) o);
END
$function$;
COMMENT ON FUNCTION erp_private.owed_by(integer, integer) IS
	'What a customer owes on receivable accounts, less what it has paid on account, in the company''s currency.';

CREATE FUNCTION erp_private.overdue_debt(company_id integer, party_id integer, day date, days integer) RETURNS TABLE (amount numeric, oldest_due_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(sum(r.rest), 0), min(o.due_day)
	  FROM (SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.control = 'receivable' OFFSET 0) a
	 CROSS JOIN LATERAL (SELECT f.open_item_id, f.due_day, f.company_amount FROM erp.open_item f
	                      WHERE f.company_id = $1 AND f.party_id = $2 AND f.account_id = a.account_id AND f.due_day < $3 - $4 AND f.amount > 0 OFFSET 0) o
	 CROSS JOIN LATERAL (SELECT o.company_amount - COALESCE(sum(s.company_amount), 0) AS rest FROM erp.settlement s
	                      WHERE s.company_id = $1 AND s.debit_open_item_id = o.open_item_id) r
	 WHERE r.rest > 0
$function$;
COMMENT ON FUNCTION erp_private.overdue_debt(integer, integer, date, integer) IS
	'What a party owes on receivable accounts that on a day has been due for more than so many days (see overdue_days of erp.party), as it is settled by now, in the company''s currency, and since when; 0 and null if nothing is. What stands on account does not count against it.';
