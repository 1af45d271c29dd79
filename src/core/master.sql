-- core: what the calls on shared master data, parties, taxes and jobs do.
--
-- lock_<call>() runs before the call claims its key. Its order is that of all calls: the codes of the request (which the
-- engine locks before, see LockCallCodes()), the gate of postings, if the request changes what a row is, then the rows that
-- exist, ascending by id. No other call changes these meanwhile, and a statement after it sees them as they are.

CREATE FUNCTION erp_private.lock_structure(company_id integer) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_lock_structure';
COMMENT ON FUNCTION erp_private.lock_structure(integer) IS
	'Waits for the postings of the company that are under way and holds up new ones until the transaction ends.';

CREATE FUNCTION erp_private.keep_structure(company_id integer) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_keep_structure';
COMMENT ON FUNCTION erp_private.keep_structure(integer) IS
	'Waits for changes of what master data of the company is that are under way and holds up new ones until the transaction ends, as postings do.';

CREATE FUNCTION erp_private.rows_of(request jsonb) RETURNS SETOF jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.value FROM jsonb_array_elements(CASE jsonb_typeof(request) WHEN 'array' THEN request ELSE '[]' END) AS e (value)
$function$;
COMMENT ON FUNCTION erp_private.rows_of(jsonb) IS 'The rows of a request that is not checked yet; none if it is no array.';

CREATE FUNCTION erp_private.lock_put_currencies(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	changes boolean;
BEGIN
	SELECT EXISTS (SELECT 1 FROM erp.currency c JOIN erp_private.rows_of(request) AS e (value) ON c.code = e.value ->> 'code'
	                WHERE c.decimals::text <> e.value ->> 'decimals') INTO changes;
	IF changes THEN
		PERFORM erp_private.lock_structure(o.company_id) FROM (SELECT c.company_id FROM erp.company c ORDER BY 1 OFFSET 0) o;
	END IF;
	PERFORM 1 FROM erp.currency c WHERE c.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY c.currency_id FOR NO KEY UPDATE;
	-- Whoever just refers to it, a new company too, holds it FOR KEY SHARE.
	PERFORM 1 FROM erp.currency c JOIN erp_private.rows_of(request) AS e (value) ON c.code = e.value ->> 'code'
	  WHERE changes AND c.decimals::text <> e.value ->> 'decimals' ORDER BY c.currency_id FOR UPDATE OF c;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_currencies(integer, jsonb) IS
	'Locks the currencies of the request; if decimals change, waits for the postings of all companies.';

CREATE FUNCTION erp_private.put_currencies(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "decimals": "integer!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, e.value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'code' !~ '^[A-Z]{3}$' OR (e.value ->> 'decimals')::integer NOT BETWEEN 0 AND 4 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a currency has a code of three capital letters and 0 to 4 decimals',
			format('$[%s]', bad.n - 1), bad.value ->> 'code', 'Use the code of ISO 4217.');
	END IF;
	WITH put AS (
		INSERT INTO erp.currency AS c (code, name, decimals)
		SELECT e.value ->> 'code', e.value ->> 'name', (e.value ->> 'decimals')::smallint
		  FROM jsonb_array_elements(request) AS e (value) ORDER BY 1
		ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, decimals = EXCLUDED.decimals
		 WHERE (c.name, c.decimals) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.decimals)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_currencies(jsonb) IS 'Does what erp.put_currencies() says.';

-- A posting reads ratios without a lock.
CREATE FUNCTION erp_private.lock_put_units(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp.unit u JOIN erp_private.rows_of(request) AS e (value) ON u.code = e.value ->> 'code'
	            WHERE e.value ->> 'measure' <> u.measure OR e.value ->> 'numerator' <> u.numerator::text
	               OR e.value ->> 'denominator' <> u.denominator::text) THEN
		PERFORM erp_private.lock_structure(o.company_id) FROM (SELECT c.company_id FROM erp.company c ORDER BY 1 OFFSET 0) o;
	END IF;
	PERFORM 1 FROM erp.unit u WHERE u.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY u.unit_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_units(integer, jsonb) IS
	'Locks the units of the request; if a measure or ratio changes, waits for the postings of all companies.';

CREATE FUNCTION erp_private.put_units(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "measure": "name", "numerator": "ratio", "denominator": "ratio"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, e.value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.unit u ON u.code = e.value ->> 'code'
	 WHERE COALESCE(e.value ->> 'measure', u.measure, '') = ''
	   AND (COALESCE((e.value ->> 'numerator')::bigint, u.numerator, 1), COALESCE((e.value ->> 'denominator')::bigint, u.denominator, 1)) <> (1, 1)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a unit without a measure has no ratio', format('$[%s].measure', bad.n - 1),
			bad.value ->> 'measure', 'Name the measure that the ratio is of, e.g. mass.');
	END IF;
	WITH wanted AS (
		SELECT e.value ->> 'code' AS code, e.value ->> 'name' AS name, COALESCE(e.value ->> 'measure', u.measure, '') AS measure,
		       COALESCE((e.value ->> 'numerator')::bigint, u.numerator, 1) AS numerator,
		       COALESCE((e.value ->> 'denominator')::bigint, u.denominator, 1) AS denominator
		  FROM jsonb_array_elements(request) AS e (value) LEFT JOIN erp.unit u ON u.code = e.value ->> 'code'
	), put AS (
		INSERT INTO erp.unit AS u (code, name, measure, numerator, denominator)
		SELECT w.code, w.name, w.measure, w.numerator / gcd(w.numerator, w.denominator), w.denominator / gcd(w.numerator, w.denominator)
		  FROM wanted w ORDER BY 1
		ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, measure = EXCLUDED.measure, numerator = EXCLUDED.numerator, denominator = EXCLUDED.denominator
		 WHERE (u.name, u.measure, u.numerator, u.denominator) <> (EXCLUDED.name, EXCLUDED.measure, EXCLUDED.numerator, EXCLUDED.denominator)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_units(jsonb) IS 'Does what erp.put_units() says.';

CREATE FUNCTION erp_private.check_currencies(rows jsonb, path text, field text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	missing record;
BEGIN
	SELECT e.n, e.value ->> field AS code INTO missing
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.currency c WHERE c.code = e.value ->> field)
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(missing.n, path, field, missing.code, 'currency', 'Add it with erp.put_currencies().');
END
$function$;
COMMENT ON FUNCTION erp_private.check_currencies(jsonb, text, text) IS 'Raises LE012 at the first row whose currency is unknown.';

CREATE FUNCTION erp_private.put_exchange_rates(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"from": "code!", "to": "code!", "day": "day!", "rate": "decimal!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['from', 'to', 'day']);
	PERFORM erp_private.check_currencies(request, '$[#]', 'from');
	PERFORM erp_private.check_currencies(request, '$[#]', 'to');
	SELECT e.n, e.value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'rate')::numeric <= 0 OR e.value ->> 'from' = e.value ->> 'to' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a rate is positive and between two currencies', format('$[%s].rate', bad.n - 1),
			bad.value ->> 'rate', 'One unit of "from" is worth rate units of "to".');
	END IF;
	WITH put AS (
		INSERT INTO erp.exchange_rate AS x (from_currency_id, to_currency_id, day, rate)
		SELECT f.currency_id, t.currency_id, (e.value ->> 'day')::date, (e.value ->> 'rate')::numeric
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.currency f ON f.code = e.value ->> 'from' JOIN erp.currency t ON t.code = e.value ->> 'to'
		 ORDER BY 1, 2, 3
		ON CONFLICT (from_currency_id, to_currency_id, day) DO UPDATE SET rate = EXCLUDED.rate WHERE x.rate <> EXCLUDED.rate
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_exchange_rates(jsonb) IS 'Does what erp.put_exchange_rates() says.';

CREATE FUNCTION erp_private.put_tax_rates(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	tax record;
	bad record;
	written bigint;
BEGIN
	FOR tax IN SELECT e.value -> 'rates' AS rates, format('$[%s].rates[#]', e.n - 1) AS path
	             FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	LOOP
		PERFORM erp_private.check_rows(tax.rates, tax.path, '{"from": "day!", "rate": "decimal!"}');
		PERFORM erp_private.check_once(tax.rates, tax.path, ARRAY['from']);
		SELECT r.n, r.value INTO bad FROM jsonb_array_elements(tax.rates) WITH ORDINALITY AS r (value, n)
		 WHERE (r.value ->> 'rate')::numeric NOT BETWEEN 0 AND 10 ORDER BY r.n LIMIT 1;
		IF FOUND THEN
			PERFORM erp_private.refuse('LE011', 'a tax rate is a fraction from 0 to 10', replace(tax.path, '#', (bad.n - 1)::text) || '.rate',
				bad.value ->> 'rate', '20% is 0.2.');
		END IF;
	END LOOP;
	WITH put AS (
		INSERT INTO erp.tax_rate AS x (company_id, tax_code_id, valid_from, rate)
		SELECT put_tax_rates.company_id, t.tax_code_id, (r.value ->> 'from')::date, (r.value ->> 'rate')::numeric
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.tax_code t ON t.company_id = put_tax_rates.company_id AND t.code = e.value ->> 'code',
		       jsonb_array_elements(e.value -> 'rates') AS r (value)
		ON CONFLICT (company_id, tax_code_id, valid_from) DO UPDATE SET rate = EXCLUDED.rate WHERE x.rate <> EXCLUDED.rate
		RETURNING 1
	)
	SELECT count(*) INTO written FROM put;
	RETURN written;
END
$function$;
COMMENT ON FUNCTION erp_private.put_tax_rates(integer, jsonb) IS 'Writes the rates of the tax codes of a request; returns how many changed.';

CREATE FUNCTION erp_private.put_tax_codes(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "rates": "list!", "discount_reduces_tax": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	WITH put AS (
		INSERT INTO erp.tax_code AS t (company_id, code, name, discount_reduces_tax)
		SELECT put_tax_codes.company_id, e.value ->> 'code', e.value ->> 'name',
		       COALESCE((e.value ->> 'discount_reduces_tax')::boolean, old.discount_reduces_tax, false)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.tax_code old ON old.company_id = put_tax_codes.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, discount_reduces_tax = EXCLUDED.discount_reduces_tax
		 WHERE (t.name, t.discount_reduces_tax) <> (EXCLUDED.name, EXCLUDED.discount_reduces_tax)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer || jsonb_build_object('rates', erp_private.put_tax_rates(put_tax_codes.company_id, request));
END
$function$;
COMMENT ON FUNCTION erp_private.put_tax_codes(integer, jsonb) IS 'Does what erp.put_tax_codes() says.';

CREATE FUNCTION erp_private.start_import(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	job bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"name": "code!", "skip_bad": "boolean"}');
	INSERT INTO erp.job (company_id, name, kind, state, skip_bad)
	VALUES (start_import.company_id, request ->> 'name', 'import', 'staging', COALESCE((request ->> 'skip_bad')::boolean, false))
	ON CONFLICT (company_id, name) DO NOTHING
	RETURNING job_id INTO job;
	IF job IS NULL THEN
		PERFORM erp_private.refuse('LE011', 'a job has this name already', '$.name', request ->> 'name', 'Use another name, or go on with that job.');
	END IF;
	RETURN jsonb_build_object('job_id', job);
END
$function$;
COMMENT ON FUNCTION erp_private.start_import(integer, jsonb) IS 'Does what erp.start_import() says.';
