-- sales: orders that somebody has to approve.

-- Of what a line came to before any discount, with that of the whole as it is spread over the lines.
CREATE FUNCTION erp_private.order_discount(company_id integer, sales_order_id bigint) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH line AS MATERIALIZED (
		SELECT p.price_amount, p.price_amount - COALESCE((l.terms ->> 'discount')::numeric, p.price_amount * (l.terms ->> 'discount_percent')::numeric / 100, 0) AS amount
		  FROM erp.sales_order_line l
		 CROSS JOIN LATERAL (SELECT COALESCE((l.terms ->> 'amount')::numeric, (l.terms ->> 'price')::numeric * l.entered_quantity, 0) AS price_amount) p
		 WHERE l.company_id = $1 AND l.sales_order_id = $2
	)
	SELECT NULLIF(round(max(100 - 100 * l.amount / l.price_amount * (1 - COALESCE((o.terms ->> 'discount_percent')::numeric / 100, (o.terms ->> 'discount')::numeric / NULLIF(t.amount, 0), 0))), 4), 0)
	  FROM erp.sales_order o
	 CROSS JOIN (SELECT sum(l.amount) AS amount FROM line l) t
	 CROSS JOIN line l
	 WHERE o.company_id = $1 AND o.sales_order_id = $2 AND l.price_amount > 0
$function$;
COMMENT ON FUNCTION erp_private.order_discount(integer, bigint) IS
	'The greatest discount of a line of an order in per cent, that of the line and of the whole together, whether as amounts or as per cent; null without one.';

CREATE FUNCTION erp_private.order_facts(company_id integer, sales_order_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT jsonb_build_object('amount', o.company_total, 'party', p.code, 'party_group', p.party_group, 'channel', NULLIF(o.channel, ''), 'currency', m.code,
	       'payment_terms', o.terms ->> 'payment_terms', 'warehouse', o.terms ->> 'warehouse', 'description', o.terms ->> 'description',
	       'discount_percent', erp_private.order_discount($1, $2))
	  FROM erp.sales_order o
	  JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	 WHERE o.company_id = $1 AND o.sales_order_id = $2);
END
$function$;
COMMENT ON FUNCTION erp_private.order_facts(integer, bigint) IS
	'What rules of approval ask of an order: amount with tax in the company''s currency, the greatest discount of a line with its part of the whole''s, in per cent, and its texts.';

CREATE FUNCTION erp_private.lock_order_approval(company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_orders($1, ARRAY[$2], '{}');
	PERFORM erp_private.lock_party_credit(o.company_id, p.code)
	   FROM erp.sales_order o JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id WHERE o.company_id = $1 AND o.code = $2;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_order_approval(integer, text, jsonb) IS 'Holds the order, and its customer''s credit. See erp_private.approval_subject.';

-- What follows from the state that an order has come to.
CREATE FUNCTION erp_private.announce_order(company_id integer, sales_order_id bigint) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	header record;
	reserved jsonb := jsonb '[]';
BEGIN
	SELECT o.code, o.state, o.reason INTO header FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2;
	IF header.state = 'confirmed' THEN
		reserved := erp_private.reserve_order($1, $2);
	END IF;
	PERFORM erp_private.emit_event($1, 'order_' || header.state, $2,
		jsonb_strip_nulls(jsonb_build_object('order', header.code, 'state', header.state, 'reason', NULLIF(header.reason, ''))));
	RETURN reserved;
END
$function$;
COMMENT ON FUNCTION erp_private.announce_order(integer, bigint) IS
	'Reserves the goods of an order that is confirmed, and writes the event order_<state>. Returns the lines of erp.reserve(), or [].';

-- Its credit is looked at as it is by now; a confirmed order is among those that count already.
CREATE FUNCTION erp_private.confirm_order(company_id integer, sales_order_id bigint, at date, objection text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	credit record;
BEGIN
	SELECT c.* INTO credit FROM erp.sales_order o CROSS JOIN LATERAL erp_private.credit_state($1, o.party_id, CASE o.state WHEN 'confirmed' THEN 0 ELSE o.company_total END, $3) c
	 WHERE o.company_id = $1 AND o.sales_order_id = $2;
	UPDATE erp.sales_order o SET state = CASE WHEN $4 IS NULL THEN credit.state ELSE 'held' END, reason = concat_ws('; ', NULLIF(credit.reason, ''), $4) WHERE o.company_id = $1 AND o.sales_order_id = $2;
	RETURN erp_private.announce_order($1, $2);
END
$function$;
COMMENT ON FUNCTION erp_private.confirm_order(integer, bigint, date, text) IS
	'Confirms an order that is written, and reserves its goods, or holds it for its customer''s credit on that day, or for the objection that is given. An order that is held after a change keeps what is reserved and required for it. Returns the lines of erp.reserve(), or [].';

-- An order that somebody has to approve waits; else it is confirmed or held.
CREATE FUNCTION erp_private.submit_order(company_id integer, sales_order_id bigint, document_id bigint, at date, objection text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	name text := (SELECT o.code FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2);
BEGIN
	IF erp_private.submit_for_approval($1, 'sales_order', name, erp_private.order_facts($1, $2), erp_private.caller(), $3) = 'pending' THEN
		RETURN erp_private.announce_order($1, $2);
	END IF;
	RETURN erp_private.confirm_order($1, $2, $4, $5);
END
$function$;
COMMENT ON FUNCTION erp_private.submit_order(integer, bigint, bigint, date, text) IS
	'Asks for the approval of an order in state pending, and confirms or holds it, also for the objection that is given, where no rule asks for one. document_id: of the call. Returns the lines of erp.reserve(), or [].';

CREATE FUNCTION erp_private.approve_order(company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.confirm_order(o.company_id, o.sales_order_id, o.day) FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = $2 AND o.state = 'pending';
END
$function$;
COMMENT ON FUNCTION erp_private.approve_order(integer, text, jsonb) IS 'An order was approved: it is confirmed, or held.';

CREATE FUNCTION erp_private.end_order_approval(company_id integer, subject text, details jsonb, new_state text, topic text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint := (SELECT o.sales_order_id FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = $2);
BEGIN
	IF new_state = 'cancelled' THEN
		PERFORM erp_private.release_cancelled($1, id, NULL);
		UPDATE erp.sales_order_line l SET cancelled = l.quantity - greatest(l.shipped, l.billed) WHERE l.company_id = $1 AND l.sales_order_id = id;
		PERFORM erp_private.fit_schedules($1, id);
	END IF;
	UPDATE erp.sales_order o
	   SET reason = COALESCE(details ->> 'reason', ''),
	       state = CASE WHEN new_state = 'cancelled' AND EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = id AND l.cancelled < l.quantity) THEN 'confirmed' ELSE new_state END
	 WHERE o.company_id = $1 AND o.sales_order_id = id AND o.state = 'pending';
	PERFORM erp_private.settle_order_state($1, id);
	PERFORM erp_private.emit_event($1, topic, id, jsonb_build_object('order', $2, 'state', new_state, 'reason', COALESCE(details ->> 'reason', '')));
END
$function$;
COMMENT ON FUNCTION erp_private.end_order_approval(integer, text, jsonb, text, text) IS 'An order was not approved.';

CREATE FUNCTION erp_private.send_back_order(company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.end_order_approval($1, $2, $3, 'returned', 'order_returned_to_sales'); END $function$;
COMMENT ON FUNCTION erp_private.send_back_order(integer, text, jsonb) IS 'An order was sent back to who placed it: erp.change_order() submits it again.';

CREATE FUNCTION erp_private.refuse_order(company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.end_order_approval($1, $2, $3, 'cancelled', 'order_cancelled'); END $function$;
COMMENT ON FUNCTION erp_private.refuse_order(integer, text, jsonb) IS 'An order was refused: it is cancelled.';
