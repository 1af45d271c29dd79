/*
 * Frozen statements: the facts, written for the calls of freeze_statement.sql.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"

#include "core/fact_rows.h"

static KeptPlan statementPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.frozen_statement (company_id, document_id, statement_no, template, first_day, last_day, content, hash)"
	" SELECT $1, $2, r.ordinality, r.content OPERATOR(pg_catalog.->>) 'template', (r.content OPERATOR(pg_catalog.->>) 'first_day')::pg_catalog.date,"
	" (r.content OPERATOR(pg_catalog.->>) 'last_day')::pg_catalog.date, r.content, erp_private.statement_hash(r.content)"
	FACT_ROWS("content jsonb"));

PG_FUNCTION_INFO_V1(erp_store_frozen_statements);

/* erp_private.store_frozen_statements(company_id, document_id, rows) */
Datum
erp_store_frozen_statements(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&statementPlan, fcinfo);
}
