/*
 * Which items values ever flowed into from which. By monthly average what comes in changes what went out
 * earlier in the month, so that its flows count from any day on. A replay of an item may go on
 * in all that can be reached from it, and those are locked with it: in order, so
 * all at once. More than needed may be locked, never less.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/gate.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"

static KeptPlan reachedPlan = {
	.query = "WITH RECURSIVE r (item_id, day) AS (SELECT u.item_id, (SELECT CASE i.costing_method WHEN 'monthly_average' THEN '-infinity' ELSE $3 END"
	"         FROM erp.item i WHERE i.company_id = $1 AND i.item_id = u.item_id) FROM pg_catalog.unnest($2) AS u (item_id)"
	" UNION SELECT f.product_item_id, (SELECT CASE i.costing_method WHEN 'monthly_average' THEN '-infinity' ELSE r.day END"
	"         FROM erp.item i WHERE i.company_id = $1 AND i.item_id = f.product_item_id)"
	"  FROM r CROSS JOIN LATERAL (SELECT w.product_item_id FROM erp_private.value_flow w"
	"       WHERE w.company_id = $1 AND w.item_id = r.item_id AND w.last_day >= r.day OFFSET 0) f)"
	" SELECT DISTINCT r.item_id FROM r",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, DATEOID}
};

/* Only who holds the pools of the consumed item writes its flows: none is missing for who waited for them. */
static KeptPlan storePlan = {
	.query = "INSERT INTO erp_private.value_flow AS w (company_id, item_id, product_item_id, last_day)"
	" SELECT $1, n.item_id, n.product_item_id, pg_catalog.max(n.day)"
	"   FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4)) AS n (item_id, product_item_id, day)"
	"  GROUP BY 2, 3 ORDER BY 2, 3"
	" ON CONFLICT ON CONSTRAINT value_flow_key DO UPDATE SET last_day = EXCLUDED.last_day WHERE w.last_day < EXCLUDED.last_day",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT4ARRAYOID, DATEARRAYOID}
};

static bool
HasFlows(int32 companyId)
{
	/* A company that had one keeps them; to take one that has none for such costs a subtransaction. */
	static int32 known = 0;
	Datum		value = Int32GetDatum(companyId);
	IndexProbe *probe;

	if (companyId == known)
		return true;
	probe = OpenIndexProbe("erp_private", "value_flow", "value_flow_key", PROBE_LATEST);
	ProbeIndex(probe, &value, 1);
	if (NextProbedRow(probe) != NULL)
		known = companyId;
	CloseIndexProbe(probe);
	return companyId == known;
}

/*
 * While a company has no flows, postings of stock hold this gate shared, and whoever makes its first one holds it alone: a
 * posting that locked its items without asking for flows would find them with those locks, which it cannot give up.
 */
bool
PassFlowGate(const StockRun *run)
{
	int32		companyId = run->batch->company->companyId;

	if (HasFlows(companyId))
		return true;
	TakeGate((uint32) companyId, 0, FLOW_GATE, run->hasProducts ? ExclusiveLock : ShareLock);
	return run->hasProducts || HasFlows(companyId);
}

/* The items that are replayed, and the first day from which they are: any, where receipts settle what went out before. */
static DateADT
CollectReplayed(const StockRun *run, DatumArray *items)
{
	DateADT		day = run->batch->company->allowsNegativeStock ? DATEVAL_NOBEGIN : DATEVAL_NOEND;

	for (int i = 0; i < run->itemCount; i++)
	{
		if (run->items[i].backdated)
			AppendDatum(items, Int32GetDatum(run->items[i].itemId));
	}
	for (int i = 0; i < run->lineCount; i++)
		day = Min(day, run->lines[i]->document->postingDay);
	for (int i = 0; i < run->partCount; i++)
		day = Min(day, run->parts[i]->moveDay);
	return day;
}

bool
WantReachedItems(StockRun *run)
{
	DatumArray	items = {0};
	DateADT		day = CollectReplayed(run, &items);
	Datum		values[3] = {Int32GetDatum(run->batch->company->companyId), 0, DateADTGetDatum(day)};
	bool		wanted = false;
	uint64		rows;

	if (items.count == 0)
		return false;
	values[1] = DatumArrayValue(&items, INT4OID);
	rows = RunPlanLatest(&reachedPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		int32		itemId = DatumGetInt32(PlanValue(i, 1));

		if (FindPair(run->itemNumbers, PAIR_KEY(itemId, 0)) >= 0)
			continue;
		WantItem(run, itemId);
		wanted = true;
	}
	SPI_freetuptable(SPI_tuptable);
	return wanted;
}

static void
AppendFlows(DatumArray *columns, const Conversion *conversion, const Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		for (int j = 0; IsProduct(&document->lines[i]) && j < conversion->sourceCount; j++)
		{
			AppendDatum(&columns[0], Int32GetDatum(conversion->sourceItems[j]));
			AppendDatum(&columns[1], Int32GetDatum(document->lines[i].itemId));
			AppendDatum(&columns[2], DateADTGetDatum(document->postingDay));
		}
	}
}

void
StoreFlows(StockRun *run)
{
	DatumArray	columns[3] = {0};
	Datum		values[4] = {Int32GetDatum(run->batch->company->companyId)};

	for (int i = 0; run->conversionNumbers != NULL && i < run->batch->count; i++)
	{
		const Document *document = &run->batch->documents[i];
		int			number = FindPair(run->conversionNumbers, (uint64) document->documentId);

		if (number >= 0 && !document->bad && !document->repeated)
			AppendFlows(columns, run->conversions[number], document);
	}
	if (columns[0].count == 0)
		return;
	values[1] = DatumArrayValue(&columns[0], INT4OID);
	values[2] = DatumArrayValue(&columns[1], INT4OID);
	values[3] = DatumArrayValue(&columns[2], DATEOID);
	(void) RunPlan(&storePlan, values, NULL);
}
