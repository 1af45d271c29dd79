-- core: events for the world outside.

CREATE FUNCTION erp_private.emit_event(company_id integer, topic text, document_id bigint, payload jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	INSERT INTO erp.outbox (company_id, topic, document_id, payload) VALUES ($1, $2, $3, $4);
	PERFORM pg_notify('erp_outbox', topic);
END
$function$;
COMMENT ON FUNCTION erp_private.emit_event(integer, text, bigint, jsonb) IS
	'An event in erp.outbox, and a NOTIFY of its topic on channel erp_outbox once it is committed. topic: what happened, a word that the documentation names; document_id: that caused it, 0 for none; payload: what is told of it.';
