/*
 * Approvals: their facts, written for the functions of approvals.sql, which
 * have checked what the rows say, and the functions of what is approved.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"

#include "core/fact_rows.h"

static KeptPlan approvalPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.approval (company_id, document_id, kind, subject, round, submitted_by, facts)"
	" SELECT $1, $2, r.kind, r.subject, r.round, r.submitted_by, r.facts"
	FACT_ROWS("kind text, subject text, round integer, submitted_by name, facts jsonb"));

static KeptPlan stepPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.approval_step (company_id, document_id, approval_id, step_no, rank, rule_code, needed, signers, own_allowed, timeout_minutes, escalate_to)"
	" SELECT $1, $2, r.approval_id, r.step_no, r.rank, r.rule_code, r.needed, r.signers, r.own_allowed, r.timeout_minutes, r.escalate_to"
	FACT_ROWS("approval_id bigint, step_no integer, rank numeric, rule_code text, needed integer, signers jsonb, own_allowed boolean,"
	" timeout_minutes integer, escalate_to jsonb"));

static KeptPlan decisionPlan = FACT_ROWS_PLAN(
	"INSERT INTO erp.approval_decision (company_id, document_id, approval_id, decision_no, step_no, action, from_state, to_state,"
	" decided_by, decided_for, signed_as, ends_step, reason)"
	" SELECT $1, $2, r.approval_id, r.decision_no, r.step_no, r.action, r.from_state, r.to_state,"
	" r.decided_by, r.decided_for, r.signed_as, r.ends_step, r.reason"
	FACT_ROWS("approval_id bigint, decision_no integer, step_no integer, action text, from_state text, to_state text, decided_by name,"
	" decided_for name, signed_as text, ends_step boolean, reason text"));

PG_FUNCTION_INFO_V1(erp_store_approval);
PG_FUNCTION_INFO_V1(erp_store_approval_steps);
PG_FUNCTION_INFO_V1(erp_store_approval_decisions);
PG_FUNCTION_INFO_V1(erp_call_approval_subject);

/* erp_private.store_approval(company_id, document_id, rows) */
Datum
erp_store_approval(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&approvalPlan, fcinfo);
}

/* erp_private.store_approval_steps(company_id, document_id, rows) */
Datum
erp_store_approval_steps(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&stepPlan, fcinfo);
}

/* erp_private.store_approval_decisions(company_id, document_id, rows) */
Datum
erp_store_approval_decisions(PG_FUNCTION_ARGS)
{
	return StoreFactRows(&decisionPlan, fcinfo);
}

/* A function that returns nothing may say so by NULL. */
static void
CallSubject(const char *functionName, Datum companyId, Datum subject, Datum details)
{
	Oid			argumentTypes[] = {INT4OID, TEXTOID, JSONBOID};
	List	   *name = list_make2(makeString("erp_private"), makeString(unconstify(char *, functionName)));
	FmgrInfo	function;

	LOCAL_FCINFO(call, 3);
	fmgr_info(LookupFuncName(name, lengthof(argumentTypes), argumentTypes, false), &function);
	InitFunctionCallInfoData(*call, &function, 3, InvalidOid, NULL, NULL);
	call->args[0] = (NullableDatum) {companyId, false};
	call->args[1] = (NullableDatum) {subject, false};
	call->args[2] = (NullableDatum) {details, false};
	(void) FunctionCallInvoke(call);
}

/* erp_private.call_approval_subject(function_name, company_id, subject, details): the function of that name of schema erp_private, if one is named. */
Datum
erp_call_approval_subject(PG_FUNCTION_ARGS)
{
	const char *functionName = NameStr(*PG_GETARG_NAME(0));

	if (*functionName != '\0')
		CallSubject(functionName, PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), PG_GETARG_DATUM(3));
	PG_RETURN_VOID();
}
