-- ledger: what vouchers say of those that they take back or correct.

CREATE FUNCTION erp_private.put_voucher_texts(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	updated bigint;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"occasion": "code!", "template": "name!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['occasion']);
	PERFORM erp_private.check_choice(request, '$[#]', 'occasion', ARRAY['reversal', 'reversal_unnumbered', 'correction', 'correction_unnumbered']);
	SELECT e.n, e.value ->> 'template' AS template INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'template' = ''
	    OR regexp_replace(e.value ->> 'template', '\{(date|year|month|day|word|number|key)\}', '', 'g') ~ '[{}]' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the template is empty or names what is not known', format('$[%s].template', bad.n - 1), bad.template,
			'The names are {date}, {year}, {month}, {day}, {word}, {number} and {key}.');
	END IF;
	UPDATE erp.voucher_text t SET template = e.value ->> 'template'
	  FROM jsonb_array_elements(request) AS e (value)
	 WHERE t.company_id = put_voucher_texts.company_id AND t.occasion = e.value ->> 'occasion' AND t.template <> e.value ->> 'template';
	GET DIAGNOSTICS updated = ROW_COUNT;
	RETURN jsonb_build_object('updated', updated);
END
$function$;
COMMENT ON FUNCTION erp_private.put_voucher_texts(integer, jsonb) IS 'Does what erp.put_voucher_texts() says.';

CREATE FUNCTION erp.put_voucher_texts(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_voucher_texts(text, text, json) IS
	'Says how the vouchers of a company name those that they take back or correct, from now on. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"occasion" (reversal, correction; reversal_unnumbered, correction_unnumbered: while the other voucher has no number yet), "template"}]. In a template {date} (YYYY-MM-DD), {year}, {month}, {day} (of the month), {word}, {number} and {key} (of the document) are those of the other voucher. A company begins with the texts of its chart. Returns {"updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';
