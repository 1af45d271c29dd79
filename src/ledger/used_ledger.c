/*
 * What an account, a company and a dimension are once vouchers stand on them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/used_master.h"

PG_FUNCTION_INFO_V1(erp_guard_used_account);
PG_FUNCTION_INFO_V1(erp_guard_used_company);
PG_FUNCTION_INFO_V1(erp_guard_used_dimension);
PG_FUNCTION_INFO_V1(erp_guard_used_payment_terms);

/* Postings under way hold the gate: what they use is seen when it is got. */
#define WAIT_FOR_POSTINGS "SELECT erp_private.lock_structure($1) WHERE $2 > 0"

/* What balances and statements were read by stays; control is what laws 3 and 4 compare. */
static UsedMaster usedAccount = {
	.what = "account",
	.keptColumns = {"class", "normal_side", "control", "parent_account_id", "postable"},
	.keyColumns = {"company_id", "account_id"},
	.waitPlan = {.query = WAIT_FOR_POSTINGS, .argumentCount = 2, .argumentTypes = {INT4OID, INT4OID}},
	.usedPlan = {
		.query = "SELECT 1 WHERE EXISTS (SELECT FROM erp.voucher_line l WHERE l.company_id = $1 AND l.account_id = $2)",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.reason = "It has voucher lines.",
	.cure = "Make a new account, and deactivate this one."
};

static UsedMaster usedCompany = {
	.what = "company",
	.keptColumns = {"currency_id"},
	.keyColumns = {"company_id", "company_id"},
	.waitPlan = {.query = WAIT_FOR_POSTINGS, .argumentCount = 2, .argumentTypes = {INT4OID, INT4OID}},
	.usedPlan = {
		.query = "SELECT 1 WHERE $2 > 0 AND EXISTS (SELECT FROM erp.voucher v WHERE v.company_id = $1)",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.reason = "It has vouchers.",
	.cure = "Make a new company."
};

/* It may stop balancing. */
static UsedMaster usedDimension = {
	.what = "dimension",
	.keptColumns = {"balancing"},
	.keyColumns = {"company_id", "dimension_id"},
	.waitPlan = {.query = WAIT_FOR_POSTINGS, .argumentCount = 2, .argumentTypes = {INT4OID, INT4OID}},
	.usedPlan = {
		.query = "SELECT 1 FROM erp.dimension d WHERE d.company_id = $1 AND d.dimension_id = $2 AND d.balancing"
		" AND EXISTS (SELECT FROM erp.voucher v WHERE v.company_id = $1)",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.reason = "Vouchers posted before need not balance in it.",
	.cure = "Make a new dimension that balances, before the first voucher."
};

/* What was agreed on. Open items have no index by terms: terms change seldom, open items come often. */
static UsedMaster usedPaymentTerms = {
	.what = "payment terms",
	.keptColumns = {"net_days", "month_end_days", "next_month_day", "discount_days", "discount_percents",
	"instalment_parts", "instalment_days", "instalment_month_end_days", "instalment_month_days"},
	.keyColumns = {"company_id", "payment_terms_id"},
	.waitPlan = {.query = WAIT_FOR_POSTINGS, .argumentCount = 2, .argumentTypes = {INT4OID, INT4OID}},
	.usedPlan = {
		.query = "SELECT 1 WHERE EXISTS (SELECT FROM erp.open_item o WHERE o.company_id = $1 AND o.payment_terms_id = $2)",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.reason = "Open items were agreed on by them.",
	.cure = "Make new payment terms, give them to the parties, and deactivate these."
};

/* AFTER UPDATE, row, on erp.account. */
Datum
erp_guard_used_account(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedAccount);
}

/* AFTER UPDATE, row, on erp.company. */
Datum
erp_guard_used_company(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedCompany);
}

/* AFTER UPDATE, row, on erp.dimension. */
Datum
erp_guard_used_dimension(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedDimension);
}

/* AFTER UPDATE, row, on erp.payment_terms. */
Datum
erp_guard_used_payment_terms(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedPaymentTerms);
}
