/*
 * The life of a draft: one trigger holds its state machine, who may take each
 * step, the rules of its company, and writes what became of it. The calls ask
 * beforehand by erp_private.check_draft_step(), which looks at the same.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "core/engine.h"
#include "core/errors.h"
#include "core/guards.h"
#include "core/plan_cache.h"
#include "core/transition.h"

typedef struct DraftStep
{
	int64		draftId;
	const char *key;
	const char *kind;
	const char *fromState;
	const char *toState;
	int32		companyId;
	bool		movesCash;
} DraftStep;

static KeptPlan draftPlan = {
	.query = "SELECT key, kind, state, moves_cash FROM erp.draft WHERE company_id = $1 AND draft_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* The rules of the company, and who prepared the draft as it stands. */
static KeptPlan rulePlan = {
	.query = "SELECT c.review_required, c.separate_reviewer, c.cashier_signs, (SELECT e.happened_by::text FROM erp.draft_event e"
	" WHERE e.company_id = $1 AND e.draft_id = $2 AND e.to_state = 'drafted' ORDER BY e.event_no DESC LIMIT 1)"
	" FROM erp.company c WHERE c.company_id = $1",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan documentPlan = {
	.query = "SELECT d.document_id FROM erp_private.drafted_document($1, $2, $3) d",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTOID, TEXTOID}
};

static KeptPlan eventPlan = {
	.query = "INSERT INTO erp.draft_event (company_id, draft_id, event_no, from_state, to_state, happened_by, reason, attachments, request, document_id)"
	" SELECT d.company_id, d.draft_id, 1 + COALESCE((SELECT max(e.event_no) FROM erp.draft_event e"
	" WHERE e.company_id = $1 AND e.draft_id = $2), 0), $3, d.state, $4, d.reason, d.attachments, CASE WHEN $5 THEN d.request END, $6"
	" FROM erp.draft d WHERE d.company_id = $1 AND d.draft_id = $2",
	.argumentCount = 6,
	.argumentTypes = {INT4OID, INT8OID, TEXTOID, NAMEOID, BOOLOID, INT8OID}
};

PG_FUNCTION_INFO_V1(erp_draft_transition);
PG_FUNCTION_INFO_V1(erp_check_draft_step);

static bool
LeadsTo(const DraftStep *step, const char *state)
{
	return strcmp(step->toState, state) == 0;
}

static bool
ComesFrom(const DraftStep *step, const char *state)
{
	return strcmp(step->fromState, state) == 0;
}

static void Refuse(const DraftStep *step, int errorCode, const char *reason, const char *cure) pg_attribute_noreturn();

static void
Refuse(const DraftStep *step, int errorCode, const char *reason, const char *cure)
{
	ereport(ERROR,
			(errcode(errorCode),
			 errmsg("draft \"%s\" cannot become %s: %s", step->key, step->toState, reason),
			 errdetail("Its state is %s; the caller is \"%s\".", step->fromState, EngineCallerName()),
			 errhint("%s", cure)));
}

/* What the company asks of a draft that is reviewed or posted. */
static void
CheckCompanyRules(const DraftStep *step)
{
	Datum		values[] = {Int32GetDatum(step->companyId), Int64GetDatum(step->draftId)};
	bool		nobody;
	Datum		preparer;

	if (RunPlanLatest(&rulePlan, values, NULL) == 0)
		return;
	preparer = PlanValueOrNull(0, 4, &nobody);
	if (LeadsTo(step, "reviewed") && DatumGetBool(PlanValue(0, 2)) && !nobody &&
		strcmp(TextDatumGetCString(preparer), EngineCallerName()) == 0)
		Refuse(step, ERRCODE_ERP_OWN_DRAFT, "the caller prepared it", "Have another member of the reviewing role review it.");
	if (!LeadsTo(step, "posted"))
		return;
	if (DatumGetBool(PlanValue(0, 1)) && ComesFrom(step, "drafted"))
		Refuse(step, ERRCODE_ERP_REVIEW_REQUIRED, "it was not reviewed", "Have it reviewed with erp.review_draft().");
	if (DatumGetBool(PlanValue(0, 3)) && step->movesCash && !ComesFrom(step, "signed"))
		Refuse(step, ERRCODE_ERP_SIGNATURE_MISSING, "it moves cash and the cashier has not signed it", "Have it signed with erp.sign_draft().");
}

/* Drafting again what is drafted asks for the same role as the first time. */
static void
CheckDraftStep(const DraftStep *step)
{
	bool		again = strcmp(step->fromState, step->toState) == 0 && LeadsTo(step, "drafted");

	CheckTransition(step->kind, again ? "" : step->fromState, step->toState);
	CheckCompanyRules(step);
}

static HeapTuple
NewTuple(const TriggerData *trigger)
{
	return TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? trigger->tg_trigtuple : trigger->tg_newtuple;
}

static DraftStep
StepOf(const TriggerData *trigger)
{
	HeapTuple	tuple = NewTuple(trigger);
	DraftStep	step = {
		.companyId = DatumGetInt32(ColumnValue(trigger, tuple, "company_id")),
		.draftId = DatumGetInt64(ColumnValue(trigger, tuple, "draft_id")),
		.key = ColumnText(trigger, tuple, "key"),
		.kind = ColumnText(trigger, tuple, "kind"),
		.fromState = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? "" : ColumnText(trigger, trigger->tg_trigtuple, "state"),
		.toState = ColumnText(trigger, tuple, "state"),
		.movesCash = DatumGetBool(ColumnValue(trigger, tuple, "moves_cash"))
	};

	return step;
}

/* Content changes with or in state drafted only; a step that leads elsewhere changes no more than it must. */
static void
CheckContent(const TriggerData *trigger, const DraftStep *step)
{
	static const char *const names[] = {"state", "reason", "moves_cash", "day", "amount", "attachments", "request"};
	bool		moves = strcmp(step->fromState, step->toState) != 0;
	const char *column = ChangedColumn(trigger, names, LeadsTo(step, "drafted") ? (int) lengthof(names) : moves ? 3 : 0);

	if (column != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_DRAFT_FIXED),
				 errmsg("column \"%s\" of draft \"%s\" does not change in state %s", column, step->key, step->toState),
				 errdetail("What is reviewed, signed or posted is what was drafted."),
				 errhint("Draft it again with erp.draft_voucher(), which takes it back to be reviewed.")));
}

/* The document that the draft became; an error if it is not there. */
static int64
PostedDocument(const DraftStep *step)
{
	Datum		values[] = {Int32GetDatum(step->companyId), CStringGetTextDatum(step->key), CStringGetTextDatum(step->kind)};

	if (!LeadsTo(step, "posted"))
		return 0;
	if (RunPlanLatest(&documentPlan, values, NULL) == 0)
		Refuse(step, ERRCODE_ERP_DRAFT_NOT_POSTED, "no document of its key and kind is in the books", "Post it with erp.post_draft().");
	return DatumGetInt64(PlanValue(0, 1));
}

static void
StoreEvent(const DraftStep *step, bool newContent)
{
	NameData	caller;
	Datum		values[6];

	namestrcpy(&caller, EngineCallerName());
	values[0] = Int32GetDatum(step->companyId);
	values[1] = Int64GetDatum(step->draftId);
	values[2] = CStringGetTextDatum(step->fromState);
	values[3] = NameGetDatum(&caller);
	values[4] = BoolGetDatum(newContent);
	values[5] = Int64GetDatum(PostedDocument(step));
	(void) RunFactPlan(&eventPlan, values, NULL);
}

static void
RunDraftTrigger(const TriggerData *trigger)
{
	static const char *const unsaid[] = {"state", "reason", "moves_cash"};
	DraftStep	step = StepOf(trigger);
	bool		inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	bool		newContent = inserted || ChangedColumn(trigger, unsaid, lengthof(unsaid)) != NULL;

	if (!inserted)
		CheckContent(trigger, &step);
	if (!newContent && strcmp(step.fromState, step.toState) == 0)
		return;
	CheckDraftStep(&step);
	if (TRIGGER_FIRED_AFTER(trigger->tg_event))
		StoreEvent(&step, newContent);
}

/*
 * BEFORE and AFTER INSERT OR UPDATE, row, on erp.draft: before, to answer ahead
 * of constraints; after, when no other trigger alters the row any more, the
 * step is checked as it was written, and recorded.
 */
Datum
erp_draft_transition(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = FiringTrigger(fcinfo);

	if (!IsLogicalWorker())
	{
		if (SPI_connect() != SPI_OK_CONNECT)
			elog(ERROR, "could not connect to SPI");
		RunDraftTrigger(trigger);
		if (SPI_finish() != SPI_OK_FINISH)
			elog(ERROR, "could not disconnect from SPI");
	}
	PG_RETURN_POINTER(NewTuple(trigger));
}

/* check_draft_step(company_id, draft_id, to_state): what the trigger would refuse, before anything is written. */
Datum
erp_check_draft_step(PG_FUNCTION_ARGS)
{
	Datum		values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	DraftStep	step = {.companyId = PG_GETARG_INT32(0), .draftId = PG_GETARG_INT64(1)};

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (RunPlan(&draftPlan, values, NULL) == 0)
		elog(ERROR, "draft " INT64_FORMAT " does not exist", step.draftId);
	step.key = TextDatumGetCString(PlanValue(0, 1));
	step.kind = TextDatumGetCString(PlanValue(0, 2));
	step.fromState = TextDatumGetCString(PlanValue(0, 3));
	step.movesCash = DatumGetBool(PlanValue(0, 4));
	step.toState = TextDatumGetCString(PG_GETARG_DATUM(2));
	CheckDraftStep(&step);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}
