-- sales: what a customer owes and has ordered, against what it may.

-- What is on order counts by its share of the order's total that is not billed; what is billed stands in open items.
CREATE FUNCTION erp_private.ordered_unbilled(company_id integer, party_id integer) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(sum(CASE WHEN n.amount = 0 THEN 0 ELSE round(o.company_total * n.unbilled / n.amount, 4) END), 0)
	  FROM erp.sales_order o
	 CROSS JOIN LATERAL (SELECT sum(l.amount) AS amount,
	                            sum(l.amount - round(l.amount * l.cancelled / l.quantity, 4) - l.billed_amount) FILTER (WHERE l.billed + l.cancelled < l.quantity) AS unbilled
	                       FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = o.sales_order_id OFFSET 0) n
	 WHERE o.company_id = $1 AND o.party_id = $2 AND o.state NOT IN ('closed', 'cancelled')
$function$;
COMMENT ON FUNCTION erp_private.ordered_unbilled(integer, integer) IS
	'What a customer has on order and is not billed for, shipped or not, with tax, in the company''s currency: of each open order its total times the share of its net amount that is not billed or cancelled.';

CREATE FUNCTION erp_private.owed_by(company_id integer, party_id integer) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(sum(o.company_amount), 0)
	  FROM (SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.control = 'receivable' OFFSET 0) a
	 CROSS JOIN LATERAL (SELECT f.company_amount FROM erp.open_item f WHERE f.company_id = $1 AND f.party_id = $2 AND f.account_id = a.account_id OFFSET 0) o
$function$;
COMMENT ON FUNCTION erp_private.owed_by(integer, integer) IS
	'What a customer owes on receivable accounts, less what it has paid on account, in the company''s currency.';

-- The party's row is held, so that of two orders at once the second sees the first.
CREATE FUNCTION erp_private.credit_reason(company_id integer, party_id integer, ordered numeric, day date, OUT check_kind text, OUT reason text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	party record;
	exposure numeric;
	debt record;
BEGIN
	SELECT p.code, p.credit_check, p.credit_limit, p.overdue_check, p.overdue_days INTO party FROM erp.party p WHERE p.company_id = $1 AND p.party_id = $2;
	check_kind := 'none';
	IF party.credit_check <> 'none' THEN
		exposure := erp_private.owed_by($1, $2) + erp_private.ordered_unbilled($1, $2) + $3;
		IF exposure > party.credit_limit THEN
			check_kind := party.credit_check;
			reason := format('party "%s" would owe and have on order %s, more than its credit limit of %s', party.code, trim_scale(exposure), trim_scale(party.credit_limit));
		END IF;
	END IF;
	-- Of two reasons the one that is stricter.
	IF array_position('{none,warn,hold,refuse}'::text[], party.overdue_check) > array_position('{none,warn,hold,refuse}'::text[], check_kind) THEN
		SELECT o.* INTO debt FROM erp_private.overdue_debt($1, $2, $4, party.overdue_days) o;
		IF debt.amount > 0 THEN
			check_kind := party.overdue_check;
			reason := format('party "%s" owes %s that is overdue, since %s', party.code, trim_scale(debt.amount), to_char(debt.oldest_due_day, 'YYYY-MM-DD'));
		END IF;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.credit_reason(integer, integer, numeric, date) IS
	'Why an order of so much (company''s currency, with tax) on a day goes beyond the credit of a customer, null if it does not: exposure = open items on receivable accounts + orders not billed + the order, against its limit; or debts that have been due for more than its overdue_days. check_kind: what its party row says is to be done then (none where there is no reason); of two reasons the stricter counts.';
