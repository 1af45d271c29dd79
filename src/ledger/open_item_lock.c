/*
 * Open items, locked in ascending order and read. Whoever settles or undoes
 * holds the row of each item FOR NO KEY UPDATE, and reads what is settled only
 * then: an item has one settler at a time, and the next one sees what the last
 * one did.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "ledger/settlement.h"

/* Columns of open_item. */
typedef struct ItemColumns
{
	AttrNumber	documentId;
	AttrNumber	accountId;
	AttrNumber	partyId;
	AttrNumber	currencyId;
	AttrNumber	day;
	AttrNumber	dueDay;
	AttrNumber	amount;
	AttrNumber	companyAmount;
} ItemColumns;

/* Columns of settlement. */
typedef struct SettledColumns
{
	AttrNumber	amount;
	AttrNumber	companyAmount;
	AttrNumber	day;
	AttrNumber	reversesId;
} SettledColumns;

static int
CompareId(const void *left, const void *right)
{
	int64		a = DatumGetInt64(*(const Datum *) left);
	int64		b = DatumGetInt64(*(const Datum *) right);

	return a < b ? -1 : a > b;
}

/* Distinct ids, ascending: the order in which all lock. */
static DatumArray
SortedIds(const DatumArray *ids)
{
	DatumArray	sorted = {0};
	Datum	   *values = palloc(sizeof(Datum) * ids->count);

	memcpy(values, ids->values, sizeof(Datum) * ids->count);
	qsort(values, ids->count, sizeof(Datum), CompareId);
	for (int i = 0; i < ids->count; i++)
	{
		if (i == 0 || CompareId(&values[i], &values[i - 1]) != 0)
			AppendDatum(&sorted, values[i]);
	}
	pfree(values);
	return sorted;
}

static ItemColumns
FindItemColumns(const IndexProbe *probe)
{
	ItemColumns columns = {
		.documentId = ProbeColumn(probe, "document_id"),
		.accountId = ProbeColumn(probe, "account_id"),
		.partyId = ProbeColumn(probe, "party_id"),
		.currencyId = ProbeColumn(probe, "currency_id"),
		.day = ProbeColumn(probe, "day"),
		.dueDay = ProbeColumn(probe, "due_day"),
		.amount = ProbeColumn(probe, "amount"),
		.companyAmount = ProbeColumn(probe, "company_amount")
	};

	return columns;
}

static void
FillOpenItem(OpenItem *item, TupleTableSlot *row, const ItemColumns *columns)
{
	item->documentId = DatumGetInt64(ProbedValue(row, columns->documentId));
	item->accountId = DatumGetInt32(ProbedValue(row, columns->accountId));
	item->party.partyId = DatumGetInt32(ProbedValue(row, columns->partyId));
	item->currency = FindCurrencyById(DatumGetInt32(ProbedValue(row, columns->currencyId)));
	item->day = DatumGetDateADT(ProbedValue(row, columns->day));
	item->dueDay = DatumGetDateADT(ProbedValue(row, columns->dueDay));
	item->lastUndone = DATEVAL_NOBEGIN;
	item->amount = AmountFromDatum(ProbedValue(row, columns->amount));
	item->companyAmount = AmountFromDatum(ProbedValue(row, columns->companyAmount));
}

/* Locks those that are of the company, one after the other, and reads them. */
static void
LockItems(OpenItemSet *set, int32 companyId, const DatumArray *ids)
{
	IndexProbe *probe = OpenIndexProbe("erp", "open_item", "open_item_key", PROBE_LATEST);
	ItemColumns columns = FindItemColumns(probe);

	for (int i = 0; i < ids->count; i++)
	{
		Datum		values[2] = {Int32GetDatum(companyId), ids->values[i]};
		OpenItem   *item = &set->items[set->count];
		TupleTableSlot *row;

		CHECK_FOR_INTERRUPTS();
		ProbeIndex(probe, values, 2);
		if (NextProbedRow(probe) == NULL)
			continue;
		row = LockProbedRow(probe, LockTupleNoKeyExclusive);
		if (row == NULL)
			continue;
		item->openItemId = DatumGetInt64(ids->values[i]);
		FillOpenItem(item, row, &columns);
		(void) PairNumber(set->numbers, (uint64) item->openItemId);
		set->count++;
	}
	CloseIndexProbe(probe);
}

static void
AddSettled(OpenItem *item, TupleTableSlot *row, const SettledColumns *columns, bool asDebit)
{
	int128		amount = AmountFromDatum(ProbedValue(row, columns->amount));
	int128		companyAmount = AmountFromDatum(ProbedValue(row, columns->companyAmount));

	item->settled = AddExact(item->settled, asDebit ? amount : NegateExact(amount));
	item->companySettled = AddExact(item->companySettled, asDebit ? companyAmount : NegateExact(companyAmount));
	if (DatumGetInt64(ProbedValue(row, columns->reversesId)) != 0)
		item->lastUndone = Max(item->lastUndone, DatumGetDateADT(ProbedValue(row, columns->day)));
}

/* Debits are settled as debits, credits as credits; what is of the company's currency alone, as either. */
static bool
MayStandAs(const OpenItem *item, bool asDebit)
{
	return item->amount == 0 || (item->amount > 0) == asDebit;
}

/* What the settlements say of their debit, or of their credit. */
static void
ReadSettled(OpenItemSet *set, int32 companyId, bool asDebit)
{
	IndexProbe *probe = OpenIndexProbe("erp", "settlement", asDebit ? "settlement_debit" : "settlement_credit", PROBE_LATEST);
	SettledColumns columns = {
		.amount = ProbeColumn(probe, "amount"),
		.companyAmount = ProbeColumn(probe, "company_amount"),
		.day = ProbeColumn(probe, "day"),
		.reversesId = ProbeColumn(probe, "reverses_settlement_id")
	};

	for (int i = 0; i < set->count; i++)
	{
		Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(set->items[i].openItemId)};
		TupleTableSlot *row;

		if (!MayStandAs(&set->items[i], asDebit))
			continue;
		ProbeIndex(probe, values, 2);
		while ((row = NextProbedRow(probe)) != NULL)
		{
			CHECK_FOR_INTERRUPTS();
			AddSettled(&set->items[i], row, &columns, asDebit);
		}
	}
	CloseIndexProbe(probe);
}

OpenItemSet *
LockOpenItems(const CompanyInfo *company, const DatumArray *ids)
{
	OpenItemSet *set = palloc0(sizeof(OpenItemSet));
	DatumArray	sorted;

	set->numbers = CreatePairMap();
	if (ids->count == 0)
		return set;
	sorted = SortedIds(ids);
	set->items = palloc0(sizeof(OpenItem) * sorted.count);
	LockItems(set, company->companyId, &sorted);
	ReadSettled(set, company->companyId, true);
	ReadSettled(set, company->companyId, false);
	return set;
}

OpenItem *
FindOpenItem(const OpenItemSet *set, int64 openItemId)
{
	int			number = FindPair(set->numbers, (uint64) openItemId);

	return number < 0 ? NULL : &set->items[number];
}
