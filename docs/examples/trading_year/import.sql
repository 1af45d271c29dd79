-- Validates and posts the staged rows, each step in its own transaction. Killed and run again, it goes on.
--     psql -d DATABASE -v job=1 -f import.sql
\set ON_ERROR_STOP on
CALL erp.run_import('TRADING', :job, 200000);
