#include "postgres.h"

#include "executor/executor.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "core/fact_check.h"
#include "core/numeric_io.h"

/* A slice is this many times maintenance_work_mem of stored facts; its maps take about two thirds of that. */
#define SLICE_FACTOR 4

/* Takes the rows of a query straight from the executor, without a copy. */
typedef struct FactReceiver
{
	DestReceiver receiver;
	FactReader	read;
	void	   *state;
	MemoryContext context;
} FactReceiver;

static bool
ReceiveFact(TupleTableSlot *slot, DestReceiver *self)
{
	FactReceiver *facts = (FactReceiver *) self;
	MemoryContext former;
	FactRow		row;

	slot_getallattrs(slot);
	row = (FactRow) {.values = slot->tts_values, .nulls = slot->tts_isnull};
	former = MemoryContextSwitchTo(facts->context);
	facts->read(facts->state, &row);
	MemoryContextSwitchTo(former);
	return true;
}

static void
StartFacts(DestReceiver *self, int operation, TupleDesc description)
{
}

static void
EndFacts(DestReceiver *self)
{
}

uint64
ReadFacts(FactCheck *check, const char *query, FactReader read, void *state)
{
	FactReceiver facts = {
		.receiver = {
			.receiveSlot = ReceiveFact, .rStartup = StartFacts, .rShutdown = EndFacts, .rDestroy = EndFacts, .mydest = DestNone
		},
		.read = read, .state = state, .context = check->context
	};
	SPIExecuteOptions options = {.read_only = true, .dest = &facts.receiver};
	int			result = SPI_execute_extended(query, &options);

	if (result < 0)
		elog(ERROR, "could not run \"%s\": %s", query, SPI_result_code_string(result));
	return SPI_processed;
}

char *
RowText(const FactRow *row, int column)
{
	return row->nulls[column] ? pstrdup("null") : TextDatumGetCString(row->values[column]);
}

int128
RowFixed(const FactRow *row, int column, int scale, bool *bad)
{
	int128		value = 0;

	if (row->nulls[column] || !FindFixed(row->values[column], scale, &value))
		*bad = true;
	return value;
}

bool
HasDecimals(int128 amount, int decimals)
{
	int64		unit;

	if (decimals >= AMOUNT_SCALE)
		return true;
	unit = (int64) PowerOfTen(AMOUNT_SCALE - decimals);
	/* Division of 64 bits takes a fraction of that of 128. */
	return amount == (int64) amount ? (int64) amount % unit == 0 : amount % unit == 0;
}

static void
ReadMasterRow(void *state, const FactRow *row)
{
	bool		found;
	MasterEntry *entry = AddFact(state, RowInt32(row, 0), RowInt64(row, 1), 0, &found);

	entry->value = RowInt32(row, 2);
	entry->code = row->nulls[3] ? NULL : TextDatumGetCString(row->values[3]);
}

FactMap *
ReadMaster(FactCheck *check, const char *query)
{
	MemoryContext former = MemoryContextSwitchTo(check->context);
	FactMap    *map = CreateFactMap(sizeof(MasterEntry));

	MemoryContextSwitchTo(former);
	ReadFacts(check, query, ReadMasterRow, map);
	return map;
}

/* What the company's code is, or NULL. */
static const char *
CompanyCode(const FactCheck *check, int32 companyId)
{
	const MasterEntry *company = FindFact(check->companies, 0, companyId, 0);

	return company == NULL ? NULL : company->code;
}

int
CompanyDecimals(const FactCheck *check, int32 companyId)
{
	const MasterEntry *company = FindFact(check->companies, 0, companyId, 0);

	return company == NULL ? AMOUNT_SCALE : company->value;
}

void
ReportViolation(FactCheck *check, const char *checkName, int32 companyId, const char *object, const char *detail)
{
	const char *company = CompanyCode(check, companyId);
	bool		nulls[4] = {false, company == NULL, false, false};
	Datum		values[4];

	values[0] = CStringGetTextDatum(checkName);
	values[1] = company == NULL ? (Datum) 0 : CStringGetTextDatum(company);
	values[2] = CStringGetTextDatum(object);
	values[3] = CStringGetTextDatum(detail);
	tuplestore_putvalues(check->result->setResult, check->result->setDesc, values, nulls);
}

char *
FixedString(int128 value, int scale)
{
	char	   *text = palloc(FIXED_TEXT_MAX);

	FormatFixed(value, scale, text);
	return text;
}

char *
DayString(DateADT day)
{
	return DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)));
}

/* How many slices the facts are checked in. */
static int
CountSlices(const char *sizeQuery)
{
	bool		isNull;
	int64		bytes;
	int			slices;

	if (SPI_execute(sizeQuery, true, 0) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "could not run \"%s\"", sizeQuery);
	bytes = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isNull));
	slices = 1 + (int) (bytes / (SLICE_FACTOR * INT64CONST(1024) * maintenance_work_mem));
	elog(DEBUG1, "facts are checked in %d slices", slices);
	return slices;
}

Datum
RunFactCheck(FunctionCallInfo fcinfo, const char *sizeQuery, SliceChecker checkSlice)
{
	FactCheck	check = {.result = (ReturnSetInfo *) fcinfo->resultinfo, .kept = NULL};

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	check.whole = CurrentMemoryContext;
	check.slices = CountSlices(sizeQuery);
	for (check.slice = 0; check.slice < check.slices; check.slice++)
	{
		MemoryContext former;

		check.context = AllocSetContextCreate(CurrentMemoryContext, "erp fact check", ALLOCSET_DEFAULT_SIZES);
		former = MemoryContextSwitchTo(check.context);
		check.companies = ReadMaster(&check, "SELECT 0, c.company_id::bigint, m.decimals::integer, c.code"
									 " FROM erp.company c LEFT JOIN erp.currency m ON m.currency_id = c.currency_id");
		check.currencies = ReadMaster(&check, "SELECT 0, m.currency_id::bigint, m.decimals::integer, m.code FROM erp.currency m");
		checkSlice(&check);
		MemoryContextSwitchTo(former);
		MemoryContextDelete(check.context);
	}
	SPI_finish();
	return (Datum) 0;
}
