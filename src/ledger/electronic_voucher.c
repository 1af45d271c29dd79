/*
 * Electronic vouchers from outside: their facts, written for the calls of
 * electronic_vouchers.sql, which have checked what the rows say.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"

#include "core/fact_rows.h"

static KeptPlan receivedPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.electronic_voucher (company_id, document_id, kind, issuer, number, day, currency_id, amount, tax_amount,"
	" issuer_name, recipient, content_type, content_hash, location)"
	" SELECT $1, $2, r.kind, r.issuer, r.number, r.day, r.currency_id, r.amount, r.tax_amount,"
	" r.issuer_name, r.recipient, r.content_type, pg_catalog.decode(r.content_hash, 'hex'), r.location"
	FACT_ROWS("kind text, issuer text, number text, day date, currency_id integer, amount numeric, tax_amount numeric,"
	" issuer_name text, recipient text, content_type text, content_hash text, location text"));

static KeptPlan eventPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.electronic_voucher_event (company_id, document_id, electronic_voucher_id, event_no, event, verified_by, remark, booked_document_id)"
	" SELECT $1, $2, r.electronic_voucher_id, r.event_no, r.event, r.verified_by, r.remark, r.booked_document_id"
	FACT_ROWS("electronic_voucher_id bigint, event_no integer, event text, verified_by text, remark text, booked_document_id bigint"));

PG_FUNCTION_INFO_V1(erp_store_electronic_vouchers);
PG_FUNCTION_INFO_V1(erp_store_electronic_voucher_events);

/* erp_private.store_electronic_vouchers(company_id, document_id, rows) */
Datum
erp_store_electronic_vouchers(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&receivedPlan, fcinfo);
}

/* erp_private.store_electronic_voucher_events(company_id, document_id, rows) */
Datum
erp_store_electronic_voucher_events(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&eventPlan, fcinfo);
}
