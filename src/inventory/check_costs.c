#include "postgres.h"

#include "fmgr.h"

#include "inventory/check_costs.h"

/* Cost entries against moves, layers, cost pools and the voucher lines that took them: laws 3, 9 and 10. */

CheckedPool *
CostPoolOf(CostCheck *costs, CheckedItem *item, int64 costPoolId)
{
	bool		found;

	if (item->lastPool == NULL || item->lastPlaceId != costPoolId)
	{
		item->lastPool = AddFact(costs->pools, item->key.companyId, item->key.id, PairNumber(costs->poolIds, (uint64) costPoolId), &found);
		item->lastPlaceId = costPoolId;
		item->lastPool->costPoolId = costPoolId;
		item->lastPool->item = item;
	}
	return item->lastPool;
}

static const char *const moveColumns[] = {"company_id", "move_id", "item_id", "cost_pool_id", "quantity", "origin_move_id", "day"};

/* What goes back to where it came from, and what of it may be beyond what there was, draws on either. */
static EntrySource
SourceOf(const CostCheck *costs, const CheckedMove *move, int64 originMoveId, DateADT day)
{
	if (move->quantity >= 0 || originMoveId != 0)
		return SOURCE_ANY;
	if (CheckedMethod(move->pool->item, day) != COST_FIFO)
		return SOURCE_POOL;
	return AllowsNegative(costs->companies, move->key.companyId) ? SOURCE_ANY : SOURCE_LAYER;
}

/* Keeps the move for its cost entries. */
static void
ReadMove(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	int32		companyId = RowInt32(row, 0);
	int64		moveId = RowInt64(row, 1);
	int32		itemId = RowInt32(row, 2);
	CheckedMove *move;
	bool		found;
	bool		bad;

	if (!InSlice(costs->check, itemId))
		return;
	move = AddFact(costs->moves, companyId, moveId, 0, &found);
	move->pool = CostPoolOf(costs, ItemOf(costs->items, companyId, itemId), RowInt64(row, 3));
	/* check_moves() reports what is no number. */
	move->quantity = RowQuantity(row, 4, &bad);
	move->source = SourceOf(costs, move, RowInt64(row, 5), RowDay(row, 6));
	/* Where FIFO begins anew, what was there is a layer of a move of value alone. */
	if (move->quantity >= 0)
	{
		CheckedLayer *layer = AddFact(costs->layers, companyId, moveId, 0, &found);

		layer->pool = move->pool;
		layer->isFifo = CheckedMethod(move->pool->item, move->quantity == 0 ? RowDay(row, 6) + 1 : RowDay(row, 6)) == COST_FIFO;
	}
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
	bool		exists = FindFact(costs->moves, entry->key.companyId, entry->sourceMoveId, 0) != NULL;

	if (!exists)
		ReportEntry(costs, entry, "stock_references", psprintf("has the unknown source " INT64_FORMAT, entry->sourceMoveId));
	return exists;
}

/* What comes in is a layer; what goes out draws on one, if its method has layers. */
static void
AddToLayer(const CostCheck *costs, const EntryRow *entry, const CheckedMove *move)
{
	bool		incoming = move->quantity > 0;
	int64		layerId = incoming ? entry->key.id : entry->sourceMoveId;
	CheckedLayer *layer;

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
		layer->rest += entry->quantity;
		layer->restValue += entry->amount;
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

static void
CheckCostSlice(FactCheck *check)
{
	CostCheck	costs = {
		.check = check,
		.items = ReadItems(check),
		.companies = ReadCompanies(check),
		.accounts = ReadMaster(check, "SELECT a.company_id, a.account_id::bigint, (a.control = 'inventory')::integer, NULL::text FROM erp.account a"),
		.rules = ReadMaster(check, "SELECT r.company_id, r.posting_rule_id::bigint, (r.amount_role = 'cost')::integer, NULL::text FROM erp.posting_rule r"),
		.moves = CreateFactMap(sizeof(CheckedMove)), .layers = CreateFactMap(sizeof(CheckedLayer)),
		.pools = CreateFactMap(sizeof(CheckedPool)), .poolIds = CreatePairMap(), .lines = CreateFactMap(sizeof(CostLine)),
		.laterEntries = CreateFactMap(sizeof(FactKey))
	};
	int64		entries;

	ReadTable("stock_move", moveColumns, lengthof(moveColumns), ReadMove, &costs);
	ReadTable("voucher_line", lineColumns, lengthof(lineColumns), ReadVoucherLine, &costs);
	entries = ReadTable("cost_entry", entryColumns, lengthof(entryColumns), ReadEntry, &costs);
	AddEntries(&costs);
	CheckCostSums(&costs);
	/* Each entry has its move in one slice and in all others not. */
	if (check->slice == check->slices - 1 && check->unmatched != entries * (check->slices - 1))
		ReadFacts(check, "SELECT e.company_id, e.move_id, e.entry_no FROM erp.cost_entry e WHERE NOT EXISTS"
				  " (SELECT FROM erp.stock_move m WHERE m.company_id = e.company_id AND m.move_id = e.move_id)", ReadStray, &costs);
}

PG_FUNCTION_INFO_V1(erp_check_costs);

Datum
erp_check_costs(PG_FUNCTION_ARGS)
{
	return RunFactCheck(fcinfo, "SELECT pg_catalog.pg_relation_size('erp.stock_move') + pg_catalog.pg_relation_size('erp.cost_entry')",
						CheckCostSlice);
}
