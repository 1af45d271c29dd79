/*
 * Electronic vouchers from outside: their facts, written for the calls of
 * electronic_vouchers.sql, which have checked what the rows say.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"

#include "core/plan_cache.h"

#define ROWS " FROM ROWS FROM (pg_catalog.jsonb_to_recordset($3) AS ("
#define IN_ORDER ")) WITH ORDINALITY r ORDER BY r.ordinality"
#define STORE_PLAN(text) {.query = text, .argumentCount = 3, .argumentTypes = {INT4OID, INT8OID, JSONBOID}}

static KeptPlan receivedPlan = STORE_PLAN(
	"INSERT INTO erp.electronic_voucher (company_id, document_id, kind, issuer, number, day, currency_id, amount, tax_amount,"
	" issuer_name, recipient, content_type, content_hash, location)"
	" SELECT $1, $2, r.kind, r.issuer, r.number, r.day, r.currency_id, r.amount, r.tax_amount,"
	" r.issuer_name, r.recipient, r.content_type, pg_catalog.decode(r.content_hash, 'hex'), r.location"
	ROWS "kind text, issuer text, number text, day date, currency_id integer, amount numeric, tax_amount numeric,"
	" issuer_name text, recipient text, content_type text, content_hash text, location text" IN_ORDER);

static KeptPlan eventPlan = STORE_PLAN(
	"INSERT INTO erp.electronic_voucher_event (company_id, document_id, electronic_voucher_id, event_no, event, verified_by, remark, booked_document_id)"
	" SELECT $1, $2, r.electronic_voucher_id, r.event_no, r.event, r.verified_by, r.remark, r.booked_document_id"
	ROWS "electronic_voucher_id bigint, event_no integer, event text, verified_by text, remark text, booked_document_id bigint" IN_ORDER);

PG_FUNCTION_INFO_V1(erp_store_electronic_vouchers);
PG_FUNCTION_INFO_V1(erp_store_electronic_voucher_events);

static Datum
StoreRows(KeptPlan *plan, FunctionCallInfo fcinfo)
{
	Datum		values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	(void) RunFactPlan(plan, values, NULL);
	SPI_finish();
	PG_RETURN_VOID();
}

/* erp_private.store_electronic_vouchers(company_id, document_id, rows) */
Datum
erp_store_electronic_vouchers(PG_FUNCTION_ARGS)
{
	return StoreRows(&receivedPlan, fcinfo);
}

/* erp_private.store_electronic_voucher_events(company_id, document_id, rows) */
Datum
erp_store_electronic_voucher_events(PG_FUNCTION_ARGS)
{
	return StoreRows(&eventPlan, fcinfo);
}
