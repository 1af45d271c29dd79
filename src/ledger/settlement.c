/*
 * erp.settle() and erp.unsettle(), within the frame of a call: first the gates
 * (erp_lock_settle), then the frame claims the key, then the open items in
 * ascending order, then the series. Facts are written last.
 */
#include "postgres.h"

#include "fmgr.h"

#include "core/company_call.h"
#include "ledger/period_gate.h"
#include "ledger/settlement.h"

PG_FUNCTION_INFO_V1(erp_lock_settle);
PG_FUNCTION_INFO_V1(erp_settle);
PG_FUNCTION_INFO_V1(erp_unsettle);
PG_FUNCTION_INFO_V1(erp_settle_drafted);
PG_FUNCTION_INFO_V1(erp_unsettle_drafted);

/* lock_settle(company_id, request) and lock_unsettle(): the gates of the company and of the earliest period that the request may write into. */
Datum
erp_lock_settle(PG_FUNCTION_ARGS)
{
	DocumentBatch batch = {0};
	const CompanyInfo *company = OpenCompanyById(PG_GETARG_INT32(0));

	ReadDays(&batch, company, ParseJsonbDatum(PG_GETARG_DATUM(1)));
	(void) LockPeriodGate(&batch);
	PG_RETURN_VOID();
}

static void
ReadSettlement(Settlement *settlement)
{
	for (const JsonNode *member = settlement->node->first; member != NULL; member = member->next)
	{
		if (!IsHeaderMember(member->name) && strcmp(member->name, "items") != 0)
			RefuseMember(settlement->node, member->name, "is not known here");
	}
	if (JsonMember(settlement->node, "items") == NULL)
		RefuseMember(settlement->node, "items", "is missing");
	ReadNamedItems(settlement, JsonMember(settlement->node, "items"));
}

static const JsonNode *
BeginRun(SettlementRun *run, FunctionCallInfo fcinfo, bool fromDraft)
{
	const JsonNode *root = ParseJsonbDatum(PG_GETARG_DATUM(2));

	BeginSettlements(run, OpenCompanyById(PG_GETARG_INT32(0)), PG_GETARG_INT64(1), root);
	run->batch.fromDrafts = fromDraft;
	PassPeriodGate(&run->batch);
	return root;
}

static Datum
Settle(FunctionCallInfo fcinfo, bool fromDraft)
{
	SettlementRun run = {0};
	const JsonNode *root = BeginRun(&run, fcinfo, fromDraft);

	for (int i = 0; i < run.count; i++)
		ReadSettlement(&run.settlements[i]);
	FindNamedItems(&run);
	LockNamedItems(&run);
	for (int i = 0; i < run.count; i++)
		MatchItems(&run, &run.settlements[i]);
	StoreSettlements(&run);
	TakeNumbers(&run.batch);
	return SettlementResult(&run, root->kind == JSON_OBJECT);
}

static Datum
Unsettle(FunctionCallInfo fcinfo, bool fromDraft)
{
	SettlementRun run = {0};
	const JsonNode *root = BeginRun(&run, fcinfo, fromDraft);

	UndoSettlements(&run);
	StoreSettlements(&run);
	TakeNumbers(&run.batch);
	return SettlementResult(&run, root->kind == JSON_OBJECT);
}

/* settle(company_id, document_id of the call, request), and the same for a draft. */
Datum
erp_settle(PG_FUNCTION_ARGS)
{
	return Settle(fcinfo, false);
}

Datum
erp_settle_drafted(PG_FUNCTION_ARGS)
{
	return Settle(fcinfo, true);
}

/* unsettle(company_id, document_id of the call, request), and the same for a draft. */
Datum
erp_unsettle(PG_FUNCTION_ARGS)
{
	return Unsettle(fcinfo, false);
}

Datum
erp_unsettle_drafted(PG_FUNCTION_ARGS)
{
	return Unsettle(fcinfo, true);
}
