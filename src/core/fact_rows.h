/*
 * Facts that SQL of the engine's own has put together, written from C.
 */
#ifndef ERP_FACT_ROWS_H
#define ERP_FACT_ROWS_H

#include "fmgr.h"

#include "core/plan_cache.h"

/* A plan of one INSERT: $1 company, $2 document of the call that writes, $3 rows as jsonb, whose columns FACT_ROWS names; see StoreFactRows(). */
#define FACT_ROWS_PLAN(text) {.query = text, .argumentCount = 3, .argumentTypes = {INT4OID, INT8OID, JSONBOID}}
#define FACT_ROWS(columns) " FROM ROWS FROM (pg_catalog.jsonb_to_recordset($3) AS (" columns ")) WITH ORDINALITY r ORDER BY r.ordinality"

/*
 * Runs the plan for a function (company_id integer, document_id bigint, rows
 * jsonb): its INSERT passes the guards. Error fact_foreign outside of a call of
 * the engine.
 */
extern Datum StoreFactRows(KeptPlan *plan, FunctionCallInfo fcinfo);

#endif
