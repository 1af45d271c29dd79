#include "postgres.h"

#include "inventory/check_costs.h"

/* Cost entries against moves, layers, cost pools and the voucher lines that took them: laws 3, 9 and 10. */

CheckedPool *
CostPoolOf(const CostCheck *costs, CheckedItem *item, int64 costPoolId)
{
	bool		found;

	if (item->lastPool == NULL || item->lastPool->costPoolId != costPoolId)
	{
		item->lastPool = AddFact(costs->pools, item->key.companyId, item->key.id, PairNumber(costs->poolIds, (uint64) costPoolId), &found);
		item->lastPool->costPoolId = costPoolId;
		item->lastPool->item = item;
	}
	return item->lastPool;
}

/* What goes back by FIFO to where it came from, and what of it may be beyond what there was, draws on either. */
static EntrySource
SourceOf(const CostCheck *costs, const MoveRow *move)
{
	if (move->quantity >= 0)
		return SOURCE_ANY;
	if (CheckedMethod(move->item, move->day) != COST_FIFO)
		return move->originMoveId != 0 ? SOURCE_RECEIPT : SOURCE_POOL;
	if (move->originMoveId != 0)
		return SOURCE_ANY;
	return AllowsNegative(costs->companies, move->key.companyId) ? SOURCE_ANY : SOURCE_LAYER;
}

/* Where FIFO begins anew, what was there is a layer of a move of value alone. */
static void
AddLayer(const CostCheck *costs, const MoveRow *move, const CheckedPool *pool)
{
	bool		found;
	CheckedLayer *layer = AddFact(costs->layers, move->key.companyId, move->key.id, 0, &found);

	layer->pool = pool;
	layer->kept = move->quantity;
	layer->isFifo = CheckedMethod(move->item, move->quantity == 0 ? move->day + 1 : move->day) == COST_FIFO;
}

bool
KeepCostMove(const CostCheck *costs, const MoveRow *row)
{
	bool		found;
	CheckedMove *move = AddFact(costs->moves, row->key.companyId, row->key.id, 0, &found);

	move->pool = CostPoolOf(costs, row->item, row->costPoolId);
	move->quantity = row->quantity;
	move->source = SourceOf(costs, row);
	if (row->item->points != NULL)
		move->point = PointOfMove(row);
	if (row->quantity >= 0)
		AddLayer(costs, row, move->pool);
	return !found;
}

bool
IsKeptMove(const CostCheck *costs, int32 companyId, int64 moveId)
{
	return FindFact(costs->moves, companyId, moveId, 0) != NULL;
}

static const char *const lineColumns[] = {
	"company_id", "voucher_id", "line_no", "account_id", "posting_rule_id", "side", "company_amount"
};

static void
ReadVoucherLine(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	int32		companyId = RowInt32(row, 0);
	int64		voucherId = RowInt64(row, 1);
	const MasterEntry *account;
	const MasterEntry *rule;
	CostLine   *line;
	bool		found;
	bool		bad;

	if (!InSlice(costs->check, voucherId))
		return;
	account = FindFact(costs->accounts, companyId, RowInt32(row, 3), 0);
	rule = FindFact(costs->rules, companyId, RowInt32(row, 4), 0);
	line = AddFact(costs->lines, companyId, voucherId, RowInt32(row, 2), &found);
	line->inventory = account != NULL && account->value == 1;
	line->takesCosts = rule != NULL && rule->value == 1;
	/* check_vouchers() reports what is no number. */
	line->posted = RowAmount(row, 6, &bad);
	if (!RowIs(row, 5, "debit"))
		line->posted = -line->posted;
}

static void
ReportEntry(const CostCheck *costs, const EntryRow *entry, const char *checkName, const char *detail)
{
	ReportViolation(costs->check, checkName, entry->key.companyId,
					psprintf("move " INT64_FORMAT ", entry %d", entry->key.id, entry->key.lineNo), detail);
}

static void
CheckEntryLines(const CostCheck *costs, const EntryRow *entry)
{
	CostLine   *line = FindFact(costs->lines, entry->key.companyId, entry->voucherId, entry->inventoryLineNo);
	CostLine   *counter = FindFact(costs->lines, entry->key.companyId, entry->voucherId, entry->counterLineNo);
	int			decimals = CompanyDecimals(costs->check, entry->key.companyId);

	if (line != NULL)
		line->entered += entry->amount;
	else if (entry->inventoryLineNo != 0)
		ReportEntry(costs, entry, "stock_references",
					psprintf("has no inventory line %d in voucher " INT64_FORMAT, entry->inventoryLineNo, entry->voucherId));
	if (counter != NULL)
		counter->countered += entry->amount;
	else if (entry->counterLineNo != 0)
		ReportEntry(costs, entry, "stock_references",
					psprintf("has no counter line %d in voucher " INT64_FORMAT, entry->counterLineNo, entry->voucherId));
	if (!HasDecimals(entry->amount, decimals))
		ReportEntry(costs, entry, "cost_amounts",
					psprintf("amount %s: more than the %d decimals of the company's currency", AmountString(entry->amount), decimals));
}

/* True on first sight of this number of the move. */
static bool
NoteEntryNumber(CostCheck *costs, CheckedMove *move, int32 entryNo)
{
	bool		found;
	uint64		bit;

	if (entryNo < 0 || entryNo >= 64)
	{
		AddFact(costs->laterEntries, move->key.companyId, move->key.id, entryNo, &found);
		return !found;
	}
	bit = UINT64CONST(1) << entryNo;
	found = (move->entryNumbers & bit) != 0;
	move->entryNumbers |= bit;
	return !found;
}

/* False, and reported, if the source does not exist. */
static bool
CheckSource(const CostCheck *costs, const EntryRow *entry)
{
	bool		exists = IsKeptMove(costs, entry->key.companyId, entry->sourceMoveId);

	if (!exists)
		ReportEntry(costs, entry, "stock_references", psprintf("has the unknown source " INT64_FORMAT, entry->sourceMoveId));
	return exists;
}

static void
AddToRest(CheckedLayer *layer, const EntryRow *entry)
{
	if (entry->move->source == SOURCE_RECEIPT)
		layer->kept += entry->quantity;
	else
	{
		layer->rest += entry->quantity;
		layer->restValue += entry->amount;
	}
}

/* What comes in is a layer; what goes out draws on one, if its method has layers, or is of the receipt that goes back. */
static void
AddToLayer(const CostCheck *costs, const EntryRow *entry, const CheckedMove *move)
{
	bool		incoming = move->quantity > 0;
	int64		layerId = incoming ? entry->key.id : entry->sourceMoveId;
	CheckedLayer *layer;

	if (move->pool->item->points != NULL && move->pool->costPoolId != NO_COST_POOL)
		AddToPoints(costs, entry, move->source == SOURCE_RECEIPT ? 0 : layerId);
	if (incoming && entry->sourceMoveId != 0)
		CheckSource(costs, entry);
	if (layerId == 0)
		return;
	layer = move->pool->lastLayer;
	if (layer == NULL || layer->key.id != layerId)
		layer = FindFact(costs->layers, entry->key.companyId, layerId, 0);
	if (layer == NULL)
	{
		if (CheckSource(costs, entry))
			ReportEntry(costs, entry, "cost_layers", psprintf("draws on move " INT64_FORMAT ", which brought nothing", layerId));
	}
	else if (layer->pool != move->pool)
		ReportEntry(costs, entry, "cost_layers", psprintf("draws on move " INT64_FORMAT " of another item or pool", layerId));
	else
	{
		move->pool->lastLayer = layer;
		AddToRest(layer, entry);
	}
}

static const char *const entryColumns[] = {
	"company_id", "move_id", "entry_no", "source_move_id", "voucher_id", "inventory_line_no", "counter_line_no", "quantity",
	"amount"
};

/* The entry in the sums of its move and layer; those of pools are of their moves. */
static void
AddEntry(CostCheck *costs, const EntryRow *entry)
{
	CheckedMove *move = entry->move;

	if (InSlice(costs->check, entry->voucherId))
		CheckEntryLines(costs, entry);
	if (move == NULL)
	{
		costs->check->unmatched++;
		return;
	}
	if (entry->bad)
		ReportEntry(costs, entry, "cost_amounts", NO_NUMBER);
	if (!NoteEntryNumber(costs, move, entry->key.lineNo))
		ReportEntry(costs, entry, "stock_moves", "stands more than once");
	if (entry->sourceMoveId == 0)
		move->pooled += entry->quantity;
	if (entry->inventoryLineNo == 0)
		move->unposted += entry->amount;
	move->entered += entry->quantity;
	move->value += entry->amount;
	AddToLayer(costs, entry, move);
}

/* Adds the entries that were read: their pools have come meanwhile, and lead to the layers that are mostly drawn on. */
static void
AddEntries(CostCheck *costs)
{
	for (int i = 0; i < costs->entryCount; i++)
	{
		if (costs->entries[i].move != NULL)
			PrefetchFact(costs->entries[i].move->pool->lastLayer);
	}
	for (int i = 0; i < costs->entryCount; i++)
		AddEntry(costs, &costs->entries[i]);
	costs->entryCount = 0;
}

static void
ReadEntry(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	EntryRow   *entry = &costs->entries[costs->entryCount++];

	*entry = (EntryRow) {
		.key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1), .lineNo = RowInt32(row, 2)},
		.sourceMoveId = RowInt64(row, 3), .voucherId = RowInt64(row, 4),
		.inventoryLineNo = RowInt32(row, 5), .counterLineNo = RowInt32(row, 6)
	};
	entry->quantity = RowQuantity(row, 7, &entry->bad);
	entry->amount = RowAmount(row, 8, &entry->bad);
	entry->move = FindFact(costs->moves, entry->key.companyId, entry->key.id, 0);
	if (entry->move != NULL)
		PrefetchFact(entry->move->pool);
	if (costs->entryCount == ENTRY_BATCH)
		AddEntries(costs);
}

/* An entry whose move was in no slice: counted before, found only now. */
static void
ReadStray(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	EntryRow	entry = {.key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1), .lineNo = RowInt32(row, 2)}};

	ReportEntry(costs, &entry, "stock_moves", "is of a move that does not exist");
}

CostCheck *
BeginCosts(FactCheck *check, FactMap *items, FactMap *companies)
{
	CostCheck  *costs = palloc0(sizeof(CostCheck));

	costs->check = check;
	costs->items = items;
	costs->companies = companies;
	costs->accounts = ReadMaster(check, "SELECT a.company_id, a.account_id::bigint, (a.control = 'inventory')::integer, NULL::text FROM erp.account a");
	costs->rules = ReadMaster(check, "SELECT r.company_id, r.posting_rule_id::bigint, (r.amount_role = 'cost')::integer, NULL::text FROM erp.posting_rule r");
	costs->moves = CreateFactMap(sizeof(CheckedMove));
	costs->layers = CreateFactMap(sizeof(CheckedLayer));
	costs->pools = CreateFactMap(sizeof(CheckedPool));
	costs->poolIds = CreatePairMap();
	costs->lines = CreateFactMap(sizeof(CostLine));
	costs->laterEntries = CreateFactMap(sizeof(FactKey));
	ReadCheckpoints(costs);
	return costs;
}

void
CheckCosts(CostCheck *costs)
{
	FactCheck  *check = costs->check;
	int64		entries;

	ReadTable("voucher_line", lineColumns, lengthof(lineColumns), ReadVoucherLine, costs);
	entries = ReadTable("cost_entry", entryColumns, lengthof(entryColumns), ReadEntry, costs);
	AddEntries(costs);
	CheckCostSums(costs);
	CheckPoints(costs);
	/* Each entry has its move in one slice and in all others not. */
	if (check->slice == check->slices - 1 && check->unmatched != entries * (check->slices - 1))
		ReadFacts(check, "SELECT e.company_id, e.move_id, e.entry_no FROM erp.cost_entry e WHERE NOT EXISTS"
				  " (SELECT FROM erp.stock_move m WHERE m.company_id = e.company_id AND m.move_id = e.move_id)", ReadStray, costs);
}
