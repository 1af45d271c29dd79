/*
 * What templates, schedules, allocations and transfer templates posted: the
 * facts, written for the calls of generated.sql.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"

#include "core/fact_rows.h"

static KeptPlan postingPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.generated_posting (company_id, document_id, origin, code, day, attempt, amount, voucher_key)"
	" SELECT $1, $2, r.origin, r.code, r.day, r.attempt, r.amount, r.voucher_key"
	FACT_ROWS("origin text, code text, day date, attempt integer, amount numeric, voucher_key text"));

PG_FUNCTION_INFO_V1(erp_store_generated_postings);

/* erp_private.store_generated_postings(company_id, document_id, rows) */
Datum
erp_store_generated_postings(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&postingPlan, fcinfo);
}
