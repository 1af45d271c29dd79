-- core: addresses, contacts and identifiers of parties. Rows name their party, as those of an import do; the lists of a row of
-- erp.put_parties() are checked where they stand, and written as such rows.

CREATE FUNCTION erp_private.identifier_problem(scheme text, value text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_identifier_problem';
COMMENT ON FUNCTION erp_private.identifier_problem(text, text) IS
	'What is wrong with an identifier of a party, as erp_private.plain_identifier() gives it: its form or its check digit; null if nothing is, or the scheme has no check digits.';

CREATE FUNCTION erp_private.plain_identifier(scheme text, value text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN scheme IN ('uscc', 'vat') THEN upper(regexp_replace(value, '[[:space:]./-]', '', 'g')) ELSE btrim(value) END
$function$;
COMMENT ON FUNCTION erp_private.plain_identifier(text, text) IS 'An identifier as it is kept: of schemes with check digits in capitals, without spaces, dots, strokes and hyphens.';

-- What a row of each kind has beside its party.
CREATE FUNCTION erp_private.party_list() RETURNS TABLE (list text, fields jsonb, key_fields text[])
	LANGUAGE sql IMMUTABLE
AS $function$
	VALUES ('addresses', jsonb '{"code": "code!", "kind": "code", "default": "boolean", "name": "name", "street": "name", "street2": "name", "postal_code": "name",
	                             "city": "name", "region": "name", "country": "name", "phone": "name", "active": "boolean"}', ARRAY['code']),
	       ('contacts', jsonb '{"code": "code!", "name": "name!", "role": "name", "email": "name", "phone": "name", "active": "boolean"}', ARRAY['code']),
	       ('identifiers', jsonb '{"scheme": "code!", "value": "code!"}', ARRAY['scheme', 'value'])
$function$;
COMMENT ON FUNCTION erp_private.party_list() IS 'The lists that a party has: the fields of their rows, and which tell them apart.';

CREATE FUNCTION erp_private.check_party_list(list text, rows jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	IF list = 'addresses' THEN
		PERFORM erp_private.check_choice(rows, path, 'kind', ARRAY['main', 'billing', 'delivery', 'returns', 'other']);
	END IF;
	SELECT e.n, c.* INTO bad
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (SELECT erp_private.identifier_problem(s.scheme, erp_private.plain_identifier(s.scheme, e.value ->> 'value')) AS problem
	                       FROM (SELECT lower(e.value ->> 'scheme') AS scheme) s) p
	 CROSS JOIN LATERAL (VALUES
		('addresses', 'default', 'LE011', (e.value ->> 'default')::boolean AND NOT (e.value ->> 'active')::boolean, 'what is not active is no default',
		 e.value ->> 'default', 'Leave one of the two out.'),
		('contacts', 'email', 'LE011', e.value ->> 'email' !~ '^[^@[:space:]]+@[^@[:space:]]+$' AND e.value ->> 'email' <> '', 'this is no e-mail address',
		 e.value ->> 'email', 'It has one @, something on either side of it, and no spaces.'),
		('identifiers', 'value', 'LE225', p.problem IS NOT NULL, format('the identifier %s', p.problem), e.value ->> 'value',
		 'Copy it again from the certificate or the invoice; a VAT number begins with the two letters of its country.')
	  ) AS c (list, field, code, wrong, message, value, hint)
	 WHERE c.list = check_party_list.list AND c.wrong ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse(bad.code, bad.message, replace(path, '#', (bad.n - 1)::text) || '.' || bad.field, bad.value, bad.hint);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_party_list(text, jsonb, text) IS
	'Raises LE011 or LE225 unless rows that have the right fields are addresses, contacts or identifiers (list says which) in what they say. path: where a row stands, # for its place.';

CREATE FUNCTION erp_private.check_party_lists(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	given record;
BEGIN
	FOR given IN
		SELECT l.list, l.fields, l.key_fields, e.value -> l.list AS rows, format('$[%s].%s[#]', e.n - 1, l.list) AS path
		  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n), erp_private.party_list() l
		 WHERE jsonb_typeof(e.value -> l.list) = 'array' ORDER BY e.n
	LOOP
		PERFORM erp_private.check_rows(given.rows, given.path, given.fields);
		PERFORM erp_private.check_once(given.rows, given.path, given.key_fields);
		PERFORM erp_private.check_party_list(given.list, given.rows, given.path);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_party_lists(jsonb) IS 'Raises LE011 or LE225 unless the addresses, contacts and identifiers of the parties of a request are such.';

CREATE FUNCTION erp_private.write_party_addresses(company_id integer, rows jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	WITH put AS (
		INSERT INTO erp.party_address AS a (company_id, party_id, code, kind, name, street, street2, postal_code, city, region, country, phone, active, is_default)
		SELECT write_party_addresses.company_id, p.party_id, e.value ->> 'code', k.kind, COALESCE(e.value ->> 'name', old.name, ''),
		       COALESCE(e.value ->> 'street', old.street, ''), COALESCE(e.value ->> 'street2', old.street2, ''),
		       COALESCE(e.value ->> 'postal_code', old.postal_code, ''), COALESCE(e.value ->> 'city', old.city, ''),
		       COALESCE(e.value ->> 'region', old.region, ''), COALESCE(e.value ->> 'country', old.country, p.country),
		       COALESCE(e.value ->> 'phone', old.phone, ''), k.active,
		       -- Who becomes the default is said below: until then nobody new is.
		       COALESCE(old.is_default, false) AND old.kind = k.kind AND k.active AND COALESCE((e.value ->> 'default')::boolean, true)
		  FROM jsonb_array_elements(rows) AS e (value)
		  JOIN erp.party p ON p.company_id = write_party_addresses.company_id AND p.code = e.value ->> 'party'
		  LEFT JOIN erp.party_address old ON old.company_id = p.company_id AND old.party_id = p.party_id AND old.code = e.value ->> 'code'
		 CROSS JOIN LATERAL (SELECT COALESCE(e.value ->> 'kind', old.kind, 'main') AS kind, COALESCE((e.value ->> 'active')::boolean, old.active, true) AS active) k
		 ORDER BY 2, 3
		ON CONFLICT (company_id, party_id, code) DO UPDATE
		SET kind = EXCLUDED.kind, name = EXCLUDED.name, street = EXCLUDED.street, street2 = EXCLUDED.street2, postal_code = EXCLUDED.postal_code,
		    city = EXCLUDED.city, region = EXCLUDED.region, country = EXCLUDED.country, phone = EXCLUDED.phone, active = EXCLUDED.active, is_default = EXCLUDED.is_default
		WHERE (a.kind, a.name, a.street, a.street2, a.postal_code, a.city, a.region, a.country, a.phone, a.active, a.is_default)
		      <> (EXCLUDED.kind, EXCLUDED.name, EXCLUDED.street, EXCLUDED.street2, EXCLUDED.postal_code, EXCLUDED.city, EXCLUDED.region, EXCLUDED.country,
		          EXCLUDED.phone, EXCLUDED.active, EXCLUDED.is_default)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	PERFORM erp_private.set_default_addresses(write_party_addresses.company_id, rows);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.write_party_addresses(integer, jsonb) IS 'Writes checked addresses; each row names its party. Returns {"inserted", "updated"}.';

CREATE FUNCTION erp_private.set_default_addresses(company_id integer, rows jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	-- Those that a row takes the place of, of its kind.
	UPDATE erp.party_address a SET is_default = false
	  FROM jsonb_array_elements(rows) AS e (value)
	  JOIN erp.party p ON p.company_id = set_default_addresses.company_id AND p.code = e.value ->> 'party'
	  JOIN erp.party_address n ON n.company_id = p.company_id AND n.party_id = p.party_id AND n.code = e.value ->> 'code'
	 WHERE a.company_id = p.company_id AND a.party_id = p.party_id AND a.kind = n.kind AND a.is_default
	   AND a.party_address_id <> n.party_address_id AND (e.value ->> 'default')::boolean;
	UPDATE erp.party_address a SET is_default = true
	  FROM (SELECT DISTINCT ON (x.party_id, x.kind) x.party_address_id
	          FROM erp.party_address x
	          JOIN erp.party p ON p.company_id = x.company_id AND p.party_id = x.party_id
	          LEFT JOIN jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n) ON e.value ->> 'party' = p.code AND e.value ->> 'code' = x.code
	         WHERE x.company_id = set_default_addresses.company_id AND x.active
	           AND p.code IN (SELECT r.value ->> 'party' FROM jsonb_array_elements(rows) AS r (value))
	           AND NOT EXISTS (SELECT 1 FROM erp.party_address d WHERE d.company_id = x.company_id AND d.party_id = x.party_id AND d.kind = x.kind AND d.is_default)
	         ORDER BY x.party_id, x.kind, COALESCE((e.value ->> 'default')::boolean, false) DESC,
		          CASE WHEN (e.value ->> 'default')::boolean THEN e.n END DESC NULLS LAST, COALESCE((e.value ->> 'default')::boolean, true) DESC, x.party_address_id) w
	 WHERE a.company_id = set_default_addresses.company_id AND a.party_address_id = w.party_address_id;
END
$function$;
COMMENT ON FUNCTION erp_private.set_default_addresses(integer, jsonb) IS
	'Makes one active address of each kind the default of the parties that the rows name: the last that says so, else the one that is, else the one that was added first.';

CREATE FUNCTION erp_private.write_party_contacts(company_id integer, rows jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	WITH put AS (
		INSERT INTO erp.party_contact AS c (company_id, party_id, code, name, role, email, phone, active)
		SELECT write_party_contacts.company_id, p.party_id, e.value ->> 'code', e.value ->> 'name', COALESCE(e.value ->> 'role', old.role, ''),
		       COALESCE(e.value ->> 'email', old.email, ''), COALESCE(e.value ->> 'phone', old.phone, ''), COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(rows) AS e (value)
		  JOIN erp.party p ON p.company_id = write_party_contacts.company_id AND p.code = e.value ->> 'party'
		  LEFT JOIN erp.party_contact old ON old.company_id = p.company_id AND old.party_id = p.party_id AND old.code = e.value ->> 'code'
		 ORDER BY 2, 3
		ON CONFLICT (company_id, party_id, code) DO UPDATE
		SET name = EXCLUDED.name, role = EXCLUDED.role, email = EXCLUDED.email, phone = EXCLUDED.phone, active = EXCLUDED.active
		WHERE (c.name, c.role, c.email, c.phone, c.active) <> (EXCLUDED.name, EXCLUDED.role, EXCLUDED.email, EXCLUDED.phone, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.write_party_contacts(integer, jsonb) IS 'Writes checked contacts; each row names its party. Returns {"inserted", "updated"}.';

CREATE FUNCTION erp_private.write_party_identifiers(company_id integer, rows jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	WITH put AS (
		INSERT INTO erp.party_identifier (company_id, party_id, scheme, value)
		SELECT DISTINCT write_party_identifiers.company_id, p.party_id, s.scheme, erp_private.plain_identifier(s.scheme, e.value ->> 'value')
		  FROM jsonb_array_elements(rows) AS e (value)
		  JOIN erp.party p ON p.company_id = write_party_identifiers.company_id AND p.code = e.value ->> 'party'
		 CROSS JOIN LATERAL (SELECT lower(e.value ->> 'scheme') AS scheme) s
		 ORDER BY 2, 3, 4
		ON CONFLICT DO NOTHING
		RETURNING 1
	)
	SELECT jsonb_build_object('inserted', count(*), 'updated', 0) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.write_party_identifiers(integer, jsonb) IS 'Adds checked identifiers; each row names its party. Returns {"inserted", "updated"}.';

CREATE FUNCTION erp_private.write_party_list(company_id integer, list text, rows jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	CASE list
		WHEN 'addresses' THEN RETURN erp_private.write_party_addresses(company_id, rows);
		WHEN 'contacts' THEN RETURN erp_private.write_party_contacts(company_id, rows);
		ELSE RETURN erp_private.write_party_identifiers(company_id, rows);
	END CASE;
END
$function$;
COMMENT ON FUNCTION erp_private.write_party_list(integer, text, jsonb) IS 'Writes rows of one of the lists of parties.';

CREATE FUNCTION erp_private.put_party_lists(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	given record;
BEGIN
	-- Identifiers that are given replace all of before.
	DELETE FROM erp.party_identifier i USING erp.party p, jsonb_array_elements(request) AS e (value)
	 WHERE i.company_id = put_party_lists.company_id AND p.company_id = i.company_id AND p.party_id = i.party_id AND p.code = e.value ->> 'code'
	   AND jsonb_typeof(e.value -> 'identifiers') = 'array'
	   AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(e.value -> 'identifiers') AS g (value)
	                    WHERE lower(g.value ->> 'scheme') = i.scheme AND erp_private.plain_identifier(i.scheme, g.value ->> 'value') = i.value);
	FOR given IN
		SELECT l.list, jsonb_agg(r.value || jsonb_build_object('party', e.value ->> 'code') ORDER BY e.n, r.n) AS rows
		  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
		 CROSS JOIN erp_private.party_list() l
		 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(e.value -> l.list) WHEN 'array' THEN e.value -> l.list ELSE '[]' END) WITH ORDINALITY AS r (value, n)
		 GROUP BY l.list ORDER BY l.list
	LOOP
		PERFORM erp_private.write_party_list(put_party_lists.company_id, given.list, given.rows);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.put_party_lists(integer, jsonb) IS 'Writes the addresses, contacts and identifiers of the parties of a checked request.';

-- What an import of rows that name their party does.
CREATE FUNCTION erp_private.put_party_rows(company_id integer, list text, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	kind record;
	bad record;
BEGIN
	SELECT l.* INTO kind FROM erp_private.party_list() l WHERE l.list = put_party_rows.list;
	PERFORM erp_private.check_rows(request, '$[#]', kind.fields || '{"party": "code!"}');
	PERFORM erp_private.check_once(request, '$[#]', 'party'::text || kind.key_fields);
	PERFORM erp_private.check_party_list(kind.list, request, '$[#]');
	SELECT e.n, e.value ->> 'party' AS code INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = put_party_rows.company_id AND p.code = e.value ->> 'party') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'party', bad.code, 'party', 'Add it with erp.put_parties().');
	PERFORM 1 FROM erp.party p WHERE p.company_id = put_party_rows.company_id
	    AND p.code IN (SELECT e.value ->> 'party' FROM jsonb_array_elements(request) AS e (value)) ORDER BY p.party_id FOR NO KEY UPDATE;
	RETURN erp_private.write_party_list(put_party_rows.company_id, kind.list, request);
END
$function$;
COMMENT ON FUNCTION erp_private.put_party_rows(integer, text, jsonb) IS
	'Checks and writes rows of addresses, contacts or identifiers (list says which) that name their party; locks the parties. Returns {"inserted", "updated"}. Errors: LE011, LE012, LE225.';

CREATE FUNCTION erp_private.party_address(company_id integer, party_id integer, kind text) RETURNS integer
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT a.party_address_id FROM erp.party_address a
	 WHERE a.company_id = $1 AND a.party_id = $2 AND a.is_default AND a.kind IN ($3, 'main')
	 ORDER BY a.kind <> $3 LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.party_address(integer, integer, text) IS
	'The address of a party for a purpose (main, billing, delivery, returns or other): the default of that kind, else its main one; null if it has neither.';
