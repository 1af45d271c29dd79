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

CREATE FUNCTION erp_private.tell_call(company_id integer, document_id bigint, call text, topic text, name_field text, request jsonb, result jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	changed boolean := COALESCE((SELECT bool_or(r.value <> '0') FROM jsonb_each(result) AS r (name, value) WHERE jsonb_typeof(r.value) = 'number'), true);
	rows jsonb := CASE jsonb_typeof(request) WHEN 'array' THEN request ELSE jsonb_build_array(request) END;
BEGIN
	IF changed AND result ->> 'state' IS DISTINCT FROM 'refused' AND result -> 'dry_run' IS DISTINCT FROM 'true' THEN
		PERFORM erp_private.emit_event($1, $4, $2, jsonb_build_object('call', $3, $5 || 's', (SELECT jsonb_agg(DISTINCT e.value -> $5) FROM jsonb_array_elements(rows) AS e (value))));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.tell_call(integer, bigint, text, text, text, jsonb, jsonb) IS
	'The event of a call of erp_private.call_event: {"call", and by the plural of its name_field, such as "codes", what the rows of the request name in it}. None where nothing was changed: all counts of the result are 0, or it was refused or a dry run.';
