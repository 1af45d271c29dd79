-- sales: what a customer owes and has ordered, against what it may.

-- What is on order counts by its share of the order's total that is not billed; what is billed stands in open items.
CREATE FUNCTION erp_private.ordered_unbilled(company_id integer, party_id integer) RETURNS numeric
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT COALESCE(sum(u.company_unbilled), 0) FROM erp_private.order_unbilled u WHERE u.company_id = $1 AND u.party_id = $2 AND u.state = 'confirmed');
END
$function$;
COMMENT ON FUNCTION erp_private.ordered_unbilled(integer, integer) IS
	'What a customer has on order and is not billed for, shipped or not, with tax, in the company''s currency: of each confirmed order its total times the share of its net amount that is not billed or cancelled.';

-- The party's row is held, so that of two orders at once the second sees the first.
CREATE FUNCTION erp_private.credit_reasons(company_id integer, party_id integer, ordered numeric, at date) RETURNS TABLE (check_kind text, reason text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	party record;
	exposure numeric;
	overdue record;
BEGIN
	SELECT p.code, p.credit_check, p.credit_limit, p.overdue_check, p.overdue_days INTO party FROM erp.party p WHERE p.company_id = $1 AND p.party_id = $2;
	IF party.credit_check <> 'none' THEN
		exposure := erp_private.owed_by($1, $2) + erp_private.ordered_unbilled($1, $2) + $3;
		IF exposure > party.credit_limit THEN
			RETURN QUERY SELECT party.credit_check, format('party "%s" would owe and have on order %s, more than its credit limit of %s', party.code, trim_scale(exposure), trim_scale(party.credit_limit));
		END IF;
	END IF;
	IF party.overdue_check <> 'none' THEN
		SELECT d.* INTO overdue FROM erp_private.overdue_debt($1, $2, $4, party.overdue_days) d;
		IF overdue.amount > 0 THEN
			RETURN QUERY SELECT party.overdue_check, format('party "%s" owes %s that is overdue, since %s', party.code, trim_scale(overdue.amount), to_char(overdue.oldest_due_day, 'YYYY-MM-DD'));
		END IF;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.credit_reasons(integer, integer, numeric, date) IS
	'What speaks against an order of so much more (company''s currency, with tax) of a customer on a day, and what its row says is to be done then (warn, hold, refuse): more than its credit limit of open items on receivable accounts, orders that are not billed and the order; debts that are overdue for longer than it may.';

CREATE FUNCTION erp_private.credit_state(company_id integer, party_id integer, ordered numeric, at date, OUT state text, OUT reason text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	worst text;
BEGIN
	SELECT c.reason, c.check_kind INTO reason, worst FROM erp_private.credit_reasons($1, $2, $3, $4) c
	 ORDER BY array_position(ARRAY['refuse', 'hold', 'warn'], c.check_kind) LIMIT 1;
	IF worst = 'refuse' THEN
		PERFORM erp_private.refuse('LE123', reason, '$.party', NULL, 'Have it pay first, raise its limit, or have its orders held.');
	END IF;
	state := CASE WHEN worst = 'hold' THEN 'held' ELSE 'confirmed' END;
	reason := COALESCE(reason, '');
END
$function$;
COMMENT ON FUNCTION erp_private.credit_state(integer, integer, numeric, date) IS
	'Whether an order is confirmed or held for its customer''s credit, with the reason, of two the one that is stricter; LE123 where it is refused. Of a party that is only warned of it is confirmed and says why.';
