#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/bulk_insert.h"
#include "core/document.h"
#include "core/errors.h"
#include "core/index_probe.h"
#include "core/relation_name.h"
#include "ledger/period_state.h"

#define KNOWN_MAX 16

/*
 * Where the rows of a period were found last. The rows themselves are read anew each time: one that is shown under the
 * period's key is the row of the key, and where it is not the index tells.
 */
typedef struct KnownRows
{
	Oid			tableId;
	int32		companyId;
	int32		periodId;
	ItemPointerData rows[MODULE_COUNT];
} KnownRows;

/* The table as it is now, open for some rows. */
typedef struct StateTable
{
	Relation	relation;
	Snapshot	snapshot;
	BlockNumber blocks;
	TupleTableSlot *slot;
	AttrNumber	company;
	AttrNumber	period;
	AttrNumber	module;
	AttrNumber	state;
} StateTable;

static KnownRows knownRows[KNOWN_MAX];

static KnownRows *
PlaceOf(int32 companyId, int32 periodId)
{
	return &knownRows[((uint32) companyId * 13 + (uint32) periodId) % KNOWN_MAX];
}

static int
ModuleNumber(const char *name)
{
	for (int i = 0; i < MODULE_COUNT; i++)
	{
		if (strcmp(name, ModuleNames[i]) == 0)
			return i;
	}
	elog(ERROR, "unknown module \"%s\"", name);
}

static void
NoteState(PeriodState *state, int module, const char *name)
{
	if (strcmp(name, "closed") == 0)
		state->closed |= 1u << module;
	else if (strcmp(name, "warned") == 0)
		state->warned |= 1u << module;
}

static const char *
TextOf(TupleTableSlot *row, AttrNumber column)
{
	return TextDatumGetCString(ProbedValue(row, column));
}

/* The row of a module where it was last found; false if it is not there. */
static bool
IsWhereKnown(StateTable *table, KnownRows *known, int module)
{
	ItemPointer row = &known->rows[module];

	return ItemPointerIsValid(row) && ItemPointerGetBlockNumber(row) < table->blocks &&
		table_tuple_fetch_row_version(table->relation, row, table->snapshot, table->slot) &&
		DatumGetInt32(ProbedValue(table->slot, table->company)) == known->companyId &&
		DatumGetInt32(ProbedValue(table->slot, table->period)) == known->periodId &&
		strcmp(TextOf(table->slot, table->module), ModuleNames[module]) == 0;
}

static bool
ReadWhereKnown(StateTable *table, int32 companyId, PeriodState *state, unsigned modules)
{
	KnownRows  *known = PlaceOf(companyId, state->periodId);

	if (known->tableId != RelationGetRelid(table->relation) || known->companyId != companyId || known->periodId != state->periodId)
		return false;
	for (int i = 0; i < MODULE_COUNT; i++)
	{
		if ((modules & (1u << i)) == 0)
			continue;
		if (!IsWhereKnown(table, known, i))
			return false;
		NoteState(state, i, TextOf(table->slot, table->state));
	}
	return true;
}

/* One row of each module, by their key: what is not there is not taken to be open. */
static void
CheckComplete(int rows)
{
	if (rows == MODULE_COUNT)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_GUARDS_MISSING),
			 errmsg("the state of a period is missing"),
			 errdetail("Table erp.period_lock has %d rows for a period of %d modules.", rows, MODULE_COUNT),
			 errhint("It has one row for each period and module; see SELECT * FROM erp.check_integrity().")));
}

/* By the index, noting where the rows are. */
static void
FindStates(const StateTable *table, int32 companyId, PeriodState *state)
{
	IndexProbe *probe = OpenIndexProbe("erp", "period_lock", "period_lock_key", PROBE_LATEST);
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(state->periodId)};
	KnownRows  *known = PlaceOf(companyId, state->periodId);
	TupleTableSlot *row;
	int			rows = 0;

	state->closed = 0;
	state->warned = 0;
	known->tableId = InvalidOid;
	ProbeIndex(probe, values, 2);
	while ((row = NextProbedRow(probe)) != NULL)
	{
		int			module = ModuleNumber(TextOf(row, table->module));

		rows++;
		known->rows[module] = row->tts_tid;
		NoteState(state, module, TextOf(row, table->state));
	}
	CloseIndexProbe(probe);
	CheckComplete(rows);
	known->tableId = RelationGetRelid(table->relation);
	known->companyId = companyId;
	known->periodId = state->periodId;
}

static StateTable
OpenStateTable(void)
{
	StateTable	table;

	table.relation = table_open(EngineRelation("erp", "period_lock"), AccessShareLock);
	table.snapshot = RegisterSnapshot(GetLatestSnapshot());
	table.blocks = RelationGetNumberOfBlocks(table.relation);
	table.slot = table_slot_create(table.relation, NULL);
	table.company = ColumnAttribute(table.relation, "company_id");
	table.period = ColumnAttribute(table.relation, "period_id");
	table.module = ColumnAttribute(table.relation, "module");
	table.state = ColumnAttribute(table.relation, "state");
	return table;
}

void
ReadPeriodStates(int32 companyId, PeriodState *states, int count, unsigned modules)
{
	StateTable	table = OpenStateTable();

	for (int i = 0; i < count; i++)
	{
		if (!ReadWhereKnown(&table, companyId, &states[i], modules))
			FindStates(&table, companyId, &states[i]);
	}
	ExecDropSingleTupleTableSlot(table.slot);
	UnregisterSnapshot(table.snapshot);
	table_close(table.relation, NoLock);
}

/* Most databases have none. */
static bool
IsEmptyTable(const char *schema, const char *name)
{
	Relation	relation = table_open(EngineRelation(schema, name), AccessShareLock);
	bool		isEmpty = RelationGetNumberOfBlocks(relation) == 0;

	table_close(relation, NoLock);
	return isEmpty;
}

DateADT
ReadHardLock(int32 companyId)
{
	Datum		value = Int32GetDatum(companyId);
	DateADT		day = DATEVAL_NOBEGIN;
	IndexProbe *probe;
	TupleTableSlot *row;

	if (IsEmptyTable("erp", "hard_lock"))
		return day;
	probe = OpenIndexProbe("erp", "hard_lock", "hard_lock_key", PROBE_LATEST);
	ProbeIndex(probe, &value, 1);
	row = NextProbedRow(probe);
	if (row != NULL)
		day = DatumGetDateADT(ProbedColumn(probe, row, "day"));
	CloseIndexProbe(probe);
	return day;
}
