/*
 * Closed is closed (law 6). A posting holds the shared gate of the earliest
 * period that it writes into until it ends, and reads states only then; whoever
 * changes a state takes the gates of the period and of all before it
 * exclusively first, by day, and so waits for postings under way, those too
 * that reach later periods than their own, and is seen by all that come later.
 * So a posting waits for one gate, whatever it reaches. The gate is an advisory
 * lock in a key space of the engine's own (its fourth field is no user's).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/company_call.h"
#include "core/gate.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"
#include "ledger/period_gate.h"
#include "ledger/period_state.h"

PG_FUNCTION_INFO_V1(erp_lock_period_gate);
PG_FUNCTION_INFO_V1(erp_require_latest_periods);
PG_FUNCTION_INFO_V1(erp_lock_for_drafts);

/* The periods of a batch's documents, ascending by id, and the company's hard lock. */
typedef struct Gate
{
	PeriodState *states;
	int			count;
	DateADT		hardLock;		/* nothing lands on or before this day */
} Gate;

/* What a reversal or a correction locks too, in the order of ids. */
static KeptPlan namedPlan = {
	.query = "SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 AND d.key = ANY ($2)"
	" ORDER BY d.document_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static void
LockGate(int32 companyId, int32 periodId, LOCKMODE mode)
{
	TakeGate((uint32) companyId, (uint32) periodId, PERIOD_GATE, mode);
}

Datum
erp_lock_period_gate(PG_FUNCTION_ARGS)
{
	LockGate(PG_GETARG_INT32(0), PG_GETARG_INT32(1), ExclusiveLock);
	PG_RETURN_VOID();
}

/* erp_private.require_latest_periods(company_id): of a call that has its gates, before it reads anything that it goes by. */
Datum
erp_require_latest_periods(PG_FUNCTION_ARGS)
{
	RequireLatestSnapshot(PG_GETARG_INT32(0), "a change of periods");
	PG_RETURN_VOID();
}

static int
ComparePeriodState(const void *left, const void *right)
{
	int32		a = ((const PeriodState *) left)->periodId;
	int32		b = ((const PeriodState *) right)->periodId;

	return a < b ? -1 : a > b;
}

static PeriodState *
FindState(const Gate *gate, int32 periodId)
{
	PeriodState key = {.periodId = periodId};

	return bsearch(&key, gate->states, gate->count, sizeof(PeriodState), ComparePeriodState);
}

/* Fills in the period of each document's own day, or reports no_period; returns whether any is left. */
static bool
FindPeriods(DocumentBatch *batch)
{
	bool		any = false;

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];
		DateADT		lastDay;

		if (document->bad || document->repeated)
			continue;
		if (FindPeriod(batch->company->companyId, document->day, &document->postingPeriodId, &lastDay))
			any = true;
		else
			ReportProblem(batch, document, NULL, "day", document->fields[HEADER_DAY], ERRCODE_ERP_NO_PERIOD,
						  "no period of the company contains the day");
	}
	return any;
}

bool
LockPeriodGate(DocumentBatch *batch)
{
	const Document *earliest = NULL;

	if (!FindPeriods(batch))
		return false;
	for (int i = 0; i < batch->count; i++)
	{
		const Document *document = &batch->documents[i];

		if (!document->bad && !document->repeated && (earliest == NULL || document->day < earliest->day))
			earliest = document;
	}
	LockGate(batch->company->companyId, earliest->postingPeriodId, ShareLock);
	return true;
}

/* The distinct periods of the batch's documents. */
static Gate
CollectPeriods(const DocumentBatch *batch)
{
	Gate		gate = {.states = palloc0(sizeof(PeriodState) * Max(batch->count, 1))};
	int			found = 0;

	for (int i = 0; i < batch->count; i++)
	{
		if (!batch->documents[i].bad && !batch->documents[i].repeated)
			gate.states[found++].periodId = batch->documents[i].postingPeriodId;
	}
	qsort(gate.states, found, sizeof(PeriodState), ComparePeriodState);
	for (int i = 0; i < found; i++)
	{
		if (i == 0 || gate.states[i].periodId != gate.states[gate.count - 1].periodId)
			gate.states[gate.count++] = gate.states[i];
	}
	return gate;
}

static const char *
FirstModule(unsigned modules)
{
	for (int i = 0; i < MODULE_COUNT; i++)
	{
		if (modules & (1u << i))
			return ModuleNames[i];
	}
	return "general";
}

static void
ReportClosed(DocumentBatch *batch, Document *document, unsigned closed)
{
	ReportProblem(batch, document, NULL, "day",
				  DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(document->day))),
				  closed == 0 ? ERRCODE_ERP_HARD_LOCKED : ERRCODE_ERP_PERIOD_CLOSED,
				  closed == 0 ? "the day is not after the hard lock of the company" :
				  psprintf("the period of the day is closed for module %s", FirstModule(closed)));
}

static void
PassDocument(DocumentBatch *batch, Document *document, const Gate *gate)
{
	const PeriodState *state = FindState(gate, document->postingPeriodId);
	unsigned	closed = state->closed & document->kind->modules;

	if (closed == 0 && document->day > gate->hardLock)
		document->warnedModules = state->warned & document->kind->modules;
	else if (document->late)
		LandOnOpenDay(batch->company->companyId, document);
	else
		ReportClosed(batch, document, closed);
	if (document->warnedModules != 0 && !batch->collecting)
		ereport(WARNING,
				(errmsg("document \"%s\" posts into a period that is about to close", document->key)));
}

/*
 * erp_private.lock_for_drafts(company_id, keys, days): what postings of these
 * days wait for before they claim their keys: the gate of the company, the
 * documents of the keys, which they reverse or correct, the gate of the earliest period.
 */
Datum
erp_lock_for_drafts(PG_FUNCTION_ARGS)
{
	DocumentBatch batch = {.collecting = true};
	Datum		values[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	Datum	   *days;
	bool	   *nulls;
	int			count;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	batch.company = OpenCompanyById(PG_GETARG_INT32(0));
	(void) RunPlan(&namedPlan, values, NULL);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &days, &nulls, &count);
	batch.documents = palloc0(sizeof(Document) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		if (nulls[i])
			continue;
		batch.documents[batch.count].day = DatumGetDateADT(days[i]);
		batch.documents[batch.count++].late = true;
	}
	(void) LockPeriodGate(&batch);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}

void
PassPeriodGate(DocumentBatch *batch)
{
	Gate		gate;
	unsigned	modules = 0;

	if (!LockPeriodGate(batch))
		return;
	gate = CollectPeriods(batch);
	for (int i = 0; i < batch->count; i++)
	{
		if (!batch->documents[i].bad && !batch->documents[i].repeated)
			modules |= batch->documents[i].kind->modules;
	}
	ReadPeriodStates(batch->company->companyId, gate.states, gate.count, modules);
	gate.hardLock = ReadHardLock(batch->company->companyId);
	for (int i = 0; i < batch->count; i++)
	{
		if (!batch->documents[i].bad && !batch->documents[i].repeated)
			PassDocument(batch, &batch->documents[i], &gate);
	}
}

static void
RaiseNoOpenPeriod(DateADT day)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_NO_PERIOD),
			 errmsg("no open period follows"),
			 errdetail("All periods before %s are closed for a module that is touched, and no period contains it.",
					   DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)))),
			 errhint("%s", ErrorCure(ERRCODE_ERP_NO_PERIOD))));
}

void
LandOnOpenDay(int32 companyId, Document *document)
{
	DateADT		day = document->day;

	for (;;)
	{
		PeriodState state = {0};
		DateADT		hardLock;
		DateADT		lastDay;

		if (!FindPeriod(companyId, day, &state.periodId, &lastDay))
			RaiseNoOpenPeriod(day);
		/* That of the batch stands for it, unless a month's costs reach back into a period before. */
		LockGate(companyId, state.periodId, ShareLock);
		ReadPeriodStates(companyId, &state, 1, document->kind->modules);
		hardLock = ReadHardLock(companyId);
		if ((state.closed & document->kind->modules) == 0 && day > hardLock)
		{
			document->postingDay = day;
			document->postingPeriodId = state.periodId;
			document->warnedModules = state.warned & document->kind->modules;
			return;
		}
		/* The lock of a part of the period leaves its rest. */
		if ((state.closed & document->kind->modules) == 0 && hardLock < lastDay)
			day = hardLock + 1;
		else
			day = lastDay + 1;
	}
}
