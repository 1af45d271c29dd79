-- sales: what is printed, from templates that are data.

CREATE FUNCTION erp_private.fill_template(body text, data jsonb, format text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	filled text := '';
	rest text := body;
	found text[];
BEGIN
	LOOP
		found := regexp_match(rest, '^(.*?)\{\{([a-z_.]+)\}\}(.*)$');
		EXIT WHEN found IS NULL;
		filled := filled || found[1] || COALESCE(erp_private.escape_text(data #>> string_to_array(found[2], '.'), format), '');
		rest := found[3];
	END LOOP;
	RETURN filled || rest;
END
$function$;
COMMENT ON FUNCTION erp_private.fill_template(text, jsonb, text) IS 'The text with each {{path.to.member}} replaced by that member of data, escaped for the format; nothing where there is none.';

-- A section is of the whole data and of one element of its array.
CREATE FUNCTION erp_private.render_template(body text, data jsonb, format text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	rendered text := '';
	rest text := body;
	found text[];
BEGIN
	LOOP
		found := regexp_match(rest, '^(.*?)\{\{#each ([a-z_]+)\}\}\n?(.*?)\{\{/each\}\}\n?(.*)$');
		EXIT WHEN found IS NULL;
		rendered := rendered || erp_private.fill_template(found[1], data, format) || COALESCE((
			SELECT string_agg(erp_private.fill_template(found[3], data || e.value, format), '' ORDER BY e.n)
			  FROM jsonb_array_elements(CASE jsonb_typeof(data -> found[2]) WHEN 'array' THEN data -> found[2] ELSE '[]' END) WITH ORDINALITY AS e (value, n)), '');
		rest := found[4];
	END LOOP;
	RETURN rendered || erp_private.fill_template(rest, data, format);
END
$function$;
COMMENT ON FUNCTION erp_private.render_template(text, jsonb, text) IS
	'The body of a template filled with data: {{path}} is a value, {{#each name}} ... {{/each}} is repeated for each object of an array, whose members stand before those of the whole.';

CREATE FUNCTION erp_private.put_print_templates(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	put bigint;
	long record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "format": "code!", "lines": "list!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'format', ARRAY['markdown', 'html']);
	SELECT e.n INTO long FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value -> 'lines' = '[]' OR EXISTS (SELECT 1 FROM jsonb_array_elements(e.value -> 'lines') AS l (value) WHERE jsonb_typeof(l.value) <> 'string') ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the lines of a template are texts', format('$[%s].lines', long.n - 1), NULL, 'Give one text or more.');
	END IF;
	SELECT e.n INTO long FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE length(e.value ->> 'lines') > 100000 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a template has at most 100000 characters', format('$[%s].lines', long.n - 1), NULL, 'Shorten it.');
	END IF;
	INSERT INTO erp.print_template AS t (company_id, code, format, body)
	SELECT $1, e.value ->> 'code', e.value ->> 'format', (SELECT string_agg(l.value #>> '{}', E'\n' ORDER BY l.n) || E'\n' FROM jsonb_array_elements(e.value -> 'lines') WITH ORDINALITY AS l (value, n))
	  FROM jsonb_array_elements(request) AS e (value) ORDER BY 2
	ON CONFLICT ON CONSTRAINT print_template_key DO UPDATE SET format = EXCLUDED.format, body = EXCLUDED.body;
	GET DIAGNOSTICS put = ROW_COUNT;
	RETURN jsonb_build_object('put', put);
END
$function$;
COMMENT ON FUNCTION erp_private.put_print_templates(integer, jsonb) IS 'Does what erp.put_print_templates() says.';

-- The lines of a drawn-up document as they are printed.
CREATE FUNCTION erp_private.printed_lines(company_id integer, lines jsonb, drawn jsonb, decimals integer) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(jsonb_build_object('line', e.n, 'item', i.code, 'name', COALESCE(e.value ->> 'description', i.name), 'quantity', trim_scale(COALESCE(NULLIF(r.entered_quantity, 0), 1))::text, 'unit', u.code,
	       'price', CASE WHEN r.unit_price <> 0 THEN trim_scale(r.unit_price)::text END, 'amount', round(r.amount, decimals)::text,
	       'optional', CASE WHEN (e.value ->> 'optional')::boolean THEN 'optional' END) ORDER BY e.n)
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	  JOIN jsonb_to_recordset(drawn) AS r (line_no integer, item_id integer, unit_id integer, entered_quantity numeric, unit_price numeric, amount numeric) ON r.line_no = e.n
	  LEFT JOIN erp.item i ON i.company_id = $1 AND i.item_id = r.item_id AND r.item_id <> 0
	  LEFT JOIN erp.unit u ON u.unit_id = r.unit_id AND r.unit_id <> 0
$function$;
COMMENT ON FUNCTION erp_private.printed_lines(integer, jsonb, jsonb, integer) IS 'Lines of a request and of what erp_private.draw_up() made of them, as members of printed lines.';

CREATE FUNCTION erp_private.printed_quote(company_id integer, sales_quote_id bigint) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_build_object('company', c.name, 'quote', q.code, 'version', q.version, 'customer', p.name, 'customer_code', p.code, 'day', q.day,
	       'valid_until', CASE WHEN isfinite(q.valid_until) THEN q.valid_until END, 'currency', m.code, 'reference', q.request ->> 'reference', 'description', q.request ->> 'description',
	       'lines', erp_private.printed_lines($1, q.drawn #> '{printed,lines}', q.drawn #> '{printed,drawn}', m.decimals),
	       'taxes', (SELECT jsonb_agg(jsonb_build_object('tax_code', t.code, 'rate', trim_scale(x.rate * 100)::text || ' %', 'base', round(x.base, m.decimals)::text, 'tax', round(x.tax, m.decimals)::text) ORDER BY t.code)
	                   FROM jsonb_to_recordset(q.drawn -> 'taxes') AS x (tax_code_id integer, rate numeric, base numeric, tax numeric)
	                   JOIN erp.tax_code t ON t.company_id = $1 AND t.tax_code_id = x.tax_code_id),
	       'total', round(q.total, m.decimals)::text)
	  FROM erp.sales_quote q
	  JOIN erp.company c ON c.company_id = q.company_id
	  JOIN erp.party p ON p.company_id = q.company_id AND p.party_id = q.party_id
	  JOIN erp.currency m ON m.currency_id = q.currency_id
	 WHERE q.company_id = $1 AND q.sales_quote_id = $2
$function$;
COMMENT ON FUNCTION erp_private.printed_quote(integer, bigint) IS 'What templates of quotes can name.';
