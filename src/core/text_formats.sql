-- core: values in texts of other formats.

CREATE FUNCTION erp_private.escape_text(value text, format text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE format
		WHEN 'html' THEN replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
		WHEN 'csv' THEN CASE WHEN value ~ '[",\r\n]' THEN '"' || replace(value, '"', '""') || '"' ELSE value END
		ELSE regexp_replace(value, '([\\`*_{}\[\]<>#|])', '\\\1', 'g') END
$function$;
COMMENT ON FUNCTION erp_private.escape_text(text, text) IS
	'A value as text of the format (html, markdown, csv): nothing of it is markup. csv: a field as RFC 4180 has it, quoted where it must be.';
