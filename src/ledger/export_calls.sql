-- ledger: exports of the books. A program takes them with COPY (SELECT * FROM erp.export_books(...)) TO STDOUT.

CREATE FUNCTION erp_private.csv_line(VARIADIC fields text[]) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT string_agg(COALESCE(erp_private.escape_text(f.field, 'csv'), ''), ',' ORDER BY f.field_no) FROM unnest(fields) WITH ORDINALITY AS f (field, field_no)
$function$;
COMMENT ON FUNCTION erp_private.csv_line(text[]) IS 'Fields as a line of CSV (RFC 4180), null as nothing.';

CREATE FUNCTION erp_private.csv_vouchers(company_id integer, first_day date, last_day date) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company_decimals integer := (SELECT c.decimals FROM erp_private.company_money c WHERE c.company_id = $1);
BEGIN
	RETURN QUERY
	SELECT erp_private.csv_line(l.day::text, l.period, l.voucher_word, l.voucher_number, l.voucher_id::text, l.line_no::text, l.account_code, l.account_name,
		l.side, round(l.company_amount, company_decimals)::text, l.currency, round(l.amount, l.decimals)::text, NULLIF(trim_scale(l.quantity), 0)::text, l.unit, l.party_code,
		l.dimensions::text, l.tax_code, l.cash_flow_item, l.due_day::text, COALESCE(NULLIF(l.summary, ''), l.voucher_summary), l.document_kind, l.document_key, l.reference,
		to_char(l.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), l.recorded_by)
	  FROM erp_private.exported_lines($1, $2, $3) l;
END
$function$;
COMMENT ON FUNCTION erp_private.csv_vouchers(integer, date, date) IS 'The voucher lines of some days as lines of CSV, without a heading; what they say stands in erp.export_books().';

CREATE FUNCTION erp_private.exported_vouchers(company_id integer, first_day date, last_day date, format text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	started timestamptz := clock_timestamp();
	days integer := $3 - $2 + 1;
	first date := $2;
	last date;
BEGIN
	WHILE first <= $3 LOOP
		last := LEAST((date_trunc('month', first) + interval '1 month - 1 day')::date, $3);
		IF $4 = 'csv' THEN
			RETURN QUERY SELECT erp_private.csv_vouchers($1, first, last);
		ELSE
			RETURN QUERY SELECT erp_private.journal_vouchers($1, first, last);
		END IF;
		PERFORM erp_private.report_progress('export, days', last - $2 + 1, days, started);
		first := last + 1;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.exported_vouchers(integer, date, date, text) IS 'The vouchers of some days in a format, a month after the other, with a NOTICE behind each.';

CREATE FUNCTION erp_private.exported_days(company text, first_day date, last_day date, format text, formats text[]) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	found_company integer := (SELECT c.company_id FROM erp.company c WHERE c.code = $1);
BEGIN
	IF found_company IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no company "%s"', left($1, 100)), 'company', $1, 'erp.company lists them.');
	END IF;
	IF $2 IS NULL OR $3 IS NULL OR NOT isfinite($2) OR NOT isfinite($3) OR $2 > $3 THEN
		PERFORM erp_private.refuse('LE011', 'days to export are a first and a last one, not after it', 'first_day, last_day', format('%s to %s', $2, $3), 'For example 2026-01-01 and 2026-01-31.');
	END IF;
	IF $4 IS NULL OR $4 <> ALL ($5) THEN
		PERFORM erp_private.refuse('LE011', format('there is no format "%s"', left($4, 100)), 'format', $4, format('One of %s.', array_to_string($5, ', ')));
	END IF;
	RETURN found_company;
END
$function$;
COMMENT ON FUNCTION erp_private.exported_days(text, date, date, text, text[]) IS
	'The identity of the company that exports. Errors: LE012 for an unknown company, LE011 for days that are none, or an unknown format.';

CREATE FUNCTION erp.export_books(company text, first_day date, last_day date, format text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	company_id integer := erp_private.exported_days($1, $2, $3, $4, ARRAY['hledger', 'ledger', 'csv']);
BEGIN
	IF $4 = 'csv' THEN
		RETURN NEXT 'day,period,voucher_word,voucher_number,voucher_id,line_no,account_code,account_name,side,company_amount,currency,amount,quantity,unit,'
			'party_code,dimensions,tax_code,cash_flow_item,due_day,summary,document_kind,document_key,reference,recorded_at,recorded_by';
		RETURN QUERY SELECT erp_private.exported_vouchers(company_id, $2, $3, $4);
		RETURN;
	END IF;
	RETURN QUERY SELECT erp_private.journal_heading(company_id, $2, $3, $4);
	RETURN QUERY SELECT erp_private.journal_opening(company_id, $2);
	RETURN QUERY SELECT erp_private.exported_vouchers(company_id, $2, $3, $4);
	RETURN QUERY SELECT erp_private.journal_closing(company_id, $3);
END
$function$;
COMMENT ON FUNCTION erp.export_books(text, date, date, text) IS
	'The books of some days as text, in order; several lines may come in one row. company: code. first_day, last_day: posting days, both included. format: hledger or ledger, a journal that these programs read: it begins with the balances brought forward, has amounts of other currencies at their cost in the company''s (their option -B shows that), and ends by asserting the balances; csv, a line with all codes for each voucher line, under a heading. A NOTICE after each month says how far it is. Errors: LE012 for an unknown company, LE011 for days that are none or an unknown format.';
