-- sales: the whole chain in one call, for the counter.

CREATE FUNCTION erp_private.lock_order_to_cash(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- The gate of the period comes before the party, as in a posting.
	IF erp_private.is_day(request ->> 'day') THEN
		PERFORM erp_private.lock_for_drafts(company_id, '{}', ARRAY[(request ->> 'day')::date]);
	END IF;
	PERFORM erp_private.lock_party_credit(company_id, request ->> 'party');
END
$function$;
COMMENT ON FUNCTION erp_private.lock_order_to_cash(integer, jsonb) IS 'Takes what erp.order_to_cash() waits for.';

CREATE FUNCTION erp_private.order_to_cash(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_order_to_cash';
COMMENT ON FUNCTION erp_private.order_to_cash(integer, bigint, jsonb) IS 'Does what erp.order_to_cash() says, in its frame.';
