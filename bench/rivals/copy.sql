-- The rival of the batch: COPY of the very rows that posting 20,000 vouchers wrote (those of company CHAIN), into tables
-- of the same columns, checks, primary keys and unique indexes. The files lie in the server's data directory.
CREATE SCHEMA copied;
DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['document', 'voucher', 'voucher_line'] LOOP
		EXECUTE format('CREATE TABLE copied.%1$I (LIKE erp.%1$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', t);
		EXECUTE format('COPY (SELECT f.* FROM erp.%I f JOIN erp.company c USING (company_id) WHERE c.code = ''CHAIN'' %s) TO %L', t,
			CASE t WHEN 'document' THEN 'AND kind = ''manual_voucher''' END, current_setting('data_directory') || '/bench_' || t || '.copy');
	END LOOP;
	FOR t IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid::regclass::text LIKE 'copied.%' AND NOT indisunique LOOP
		EXECUTE 'DROP INDEX ' || t;
	END LOOP;
END
$$;
