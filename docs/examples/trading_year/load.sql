-- Step 1: the file, as it stands, into a table of its own.
--     gzip -dc FILE.csv.gz | psql -d DATABASE -f load.sql
-- The schema trading_year is the example's; the extension knows nothing of it.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS trading_year CASCADE;
CREATE SCHEMA trading_year;

-- Unlogged: lost in a crash of the server, and then the file is read again.
-- The identity remembers the order of the file. A whole block of numbers is fetched at a time.
CREATE UNLOGGED TABLE trading_year.raw (
	line_no bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000),
	invoice_no text NOT NULL,
	stock_code text NOT NULL,
	description text NOT NULL,
	quantity bigint NOT NULL,
	invoice_time timestamp NOT NULL,
	unit_price numeric NOT NULL,
	customer_id text NOT NULL,
	country text NOT NULL
);

-- Numbers and times may have blanks around them; texts lose theirs in mapping.sql.
SET DateStyle = 'ISO, YMD';
\copy trading_year.raw (invoice_no, stock_code, description, quantity, invoice_time, unit_price, customer_id, country) FROM pstdin WITH (FORMAT csv, HEADER true, FORCE_NOT_NULL (invoice_no, stock_code, description, customer_id, country))
-- Only what is grouped by, and from a tenth of the usual sample: more would take longer than it saves.
SET default_statistics_target = 10;
ANALYZE trading_year.raw (line_no, invoice_no, stock_code);
