-- What plpgsql_check says of every PL/pgSQL function and procedure of the engine, a line each; nothing when clean.
-- A trigger function is checked with each table that carries it. Functions of one shape have parameters
-- that some of them do not use.
SELECT p.oid::regprocedure, c.message
  FROM pg_proc p
  JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
  LEFT JOIN pg_trigger t ON t.tgfoid = p.oid AND NOT t.tgisinternal
 CROSS JOIN LATERAL plpgsql_check_function(p.oid::regprocedure, relid => coalesce(t.tgrelid, 0),
		fatal_errors => false, extra_warnings => true, performance_warnings => false) WITH ORDINALITY AS c (message, line)
 WHERE p.pronamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
   AND (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL)
   AND c.message NOT LIKE 'warning extra:00000:unused parameter %'
 ORDER BY p.oid::regprocedure::text, c.line;
