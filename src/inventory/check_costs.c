#include "postgres.h"

#include "core/fact_check.h"
#include "inventory/check_stock.h"

/* Cost entries against moves, layers, cost pools and the voucher lines that took them: laws 3, 9 and 10. */

/* A line of a voucher and the cost entries that name it. Debit positive. */
typedef struct CostLine
{
	FactKey		key;
	bool		inventory;		/* on an inventory account: its entries are its amount */
	bool		takesCosts;		/* by its posting rule: the entries that it counters are its amount */
	int128		posted;
	int128		entered;
	int128		countered;
} CostLine;

typedef struct CostCheck
{
	StockCheck *stock;
	FactCheck  *check;
	FactMap    *accounts;		/* value: 1 for inventory */
	FactMap    *rules;			/* value: 1 for amount role cost */
	FactMap    *lines;
	FactMap    *laterEntries;	/* beyond the bits of their move */
} CostCheck;

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

/* A cost entry as its row says. */
typedef struct EntryRow
{
	FactKey		key;			/* its move and its number */
	int64		sourceMoveId;
	int64		voucherId;
	int32		inventoryLineNo;
	int32		counterLineNo;
	int128		quantity;
	int128		amount;
} EntryRow;

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
	else if (entry->inventoryLineNo != 0 || entry->amount != 0)
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
	bool		exists = FindFact(costs->stock->moves, entry->key.companyId, entry->sourceMoveId, 0) != NULL;

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
		layer = FindFact(costs->stock->layers, entry->key.companyId, layerId, 0);
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

static void
ReadEntry(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	EntryRow	entry = {
		.key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1), .lineNo = RowInt32(row, 2)},
		.sourceMoveId = RowInt64(row, 3), .voucherId = RowInt64(row, 4),
		.inventoryLineNo = RowInt32(row, 5), .counterLineNo = RowInt32(row, 6)
	};
	CheckedMove *move = FindFact(costs->stock->moves, entry.key.companyId, entry.key.id, 0);
	bool		bad = false;

	entry.quantity = RowQuantity(row, 7, &bad);
	entry.amount = RowAmount(row, 8, &bad);

	if (InSlice(costs->check, entry.voucherId))
		CheckEntryLines(costs, &entry);
	if (move == NULL)
	{
		costs->check->unmatched++;
		return;
	}
	if (bad)
		ReportEntry(costs, &entry, "cost_amounts", NO_NUMBER);
	if (!NoteEntryNumber(costs, move, entry.key.lineNo))
		ReportEntry(costs, &entry, "stock_moves", "stands more than once");
	move->entered += entry.quantity;
	move->value += entry.amount;
	move->pool->quantity += entry.quantity;
	move->pool->value += entry.amount;
	AddToLayer(costs, &entry, move);
}

/* What has been added up. */

static int
SignOf(int128 value)
{
	return (value > 0) - (value < 0);
}

static void
CheckMoveEntries(const CostCheck *costs, const CheckedMove *move)
{
	char	   *detail = NULL;

	if (move->entryNumbers == 0 && move->entered == 0)
		detail = "has no cost entries";
	else if (move->entered != move->quantity)
		detail = psprintf("is of %s, its cost entries of %s", QuantityString(move->quantity), QuantityString(move->entered));
	else if (SignOf(move->value) * SignOf(move->quantity) < 0)
		detail = psprintf("is of %s and its value is %s", QuantityString(move->quantity), AmountString(move->value));
	if (detail != NULL)
		ReportViolation(costs->check, "stock_moves", move->key.companyId, psprintf("move " INT64_FORMAT, move->key.id), detail);
}

static void
CheckMoves(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->stock->moves); i++)
	{
		ErpCheckInterrupts();
		CheckMoveEntries(costs, FactAt(costs->stock->moves, i));
	}
}

static void
CheckLayers(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->stock->layers); i++)
	{
		const CheckedLayer *layer = FactAt(costs->stock->layers, i);

		ErpCheckInterrupts();
		if (layer->rest < 0 || layer->restValue < 0 || (layer->rest == 0 && layer->restValue != 0))
			ReportViolation(costs->check, "cost_layers", layer->key.companyId, psprintf("move " INT64_FORMAT, layer->key.id),
							psprintf("what is left of it: %s worth %s", QuantityString(layer->rest), AmountString(layer->restValue)));
	}
}

static void
ReportPool(const CostCheck *costs, const CheckedPool *pool, const char *checkName, const char *detail)
{
	ReportViolation(costs->check, checkName, pool->key.companyId,
					psprintf("cost pool %d of item %s", pool->key.lineNo, ItemCode(pool->item)), detail);
}

/* The cursor of a FIFO pool says what is left of its layer. */
static void
CheckCursor(const CostCheck *costs, const CheckedPool *pool, int64 headMoveId, int128 headQuantity, int128 headValue)
{
	const CheckedLayer *head = FindFact(costs->stock->layers, pool->key.companyId, headMoveId, 0);

	if (!pool->item->isFifo || headMoveId == 0)
		return;
	if (head == NULL)
		ReportPool(costs, pool, "cost_layers", psprintf("its cursor stands on move " INT64_FORMAT ", which is no receipt of its item", headMoveId));
	else if (head->rest != headQuantity || head->restValue != headValue)
		ReportPool(costs, pool, "cost_layers",
				   psprintf("what is left of move " INT64_FORMAT ": %s worth %s; its cursor says %s worth %s", headMoveId,
							QuantityString(head->rest), AmountString(head->restValue),
							QuantityString(headQuantity), AmountString(headValue)));
}

static void
CheckPoolSum(const CostCheck *costs, const CheckedPool *pool, int128 quantity, int128 value)
{
	if (pool->quantity != quantity || pool->value != value || pool->quantity < 0 || pool->value < 0 || (pool->quantity == 0 && pool->value != 0))
		ReportPool(costs, pool, "stock_moves", psprintf("pool %s worth %s, moves %s worth %s", QuantityString(quantity),
															 AmountString(value), QuantityString(pool->quantity), AmountString(pool->value)));
}

/* What is kept of a pool is taken from what the entries say: nothing must be left. */
static void
ReadPool(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	int32		itemId = RowInt32(row, 1);
	CheckedPool *pool;
	int128		quantity;
	int128		value;
	bool		bad = false;

	if (!InSlice(costs->check, itemId))
		return;
	pool = PoolOf(costs->stock, ItemOf(costs->stock, RowInt32(row, 0), itemId), RowInt32(row, 2));
	quantity = RowQuantity(row, 3, &bad);
	value = RowAmount(row, 4, &bad);
	CheckPoolSum(costs, pool, quantity, value);
	CheckCursor(costs, pool, RowInt64(row, 5), RowQuantity(row, 6, &bad), RowAmount(row, 7, &bad));
	if (bad)
		ReportPool(costs, pool, "stock_moves", NO_NUMBER);
	pool->quantity = 0;
	pool->value = 0;
}

/* Pools that nobody keeps. */
static void
CheckPools(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->stock->pools); i++)
		CheckPoolSum(costs, FactAt(costs->stock->pools, i), 0, 0);
}

static void
CheckLines(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->lines); i++)
	{
		const CostLine *line = FactAt(costs->lines, i);
		int128		expected = line->inventory ? line->posted : 0;
		char	   *detail = NULL;

		ErpCheckInterrupts();
		if (line->entered != expected)
			detail = psprintf("cost entries %s, inventory line %s", AmountString(line->entered), AmountString(expected));
		else if (line->takesCosts && line->posted != -line->countered)
			detail = psprintf("cost entries %s, counter line %s", AmountString(-line->countered), AmountString(line->posted));
		if (detail != NULL)
			ReportViolation(costs->check, "stock_value", line->key.companyId,
							psprintf("voucher " INT64_FORMAT ", line %d", line->key.id, line->key.lineNo), detail);
	}
}

/* An entry whose move was in no slice: counted before, found only now. */
static void
ReadStray(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	EntryRow	entry = {.key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1), .lineNo = RowInt32(row, 2)}};

	ReportEntry(costs, &entry, "stock_moves", "is of a move that does not exist");
}

void
ReadCosts(StockCheck *stock)
{
	FactCheck  *check = stock->check;
	CostCheck	costs = {
		.stock = stock, .check = check,
		.accounts = ReadMaster(check, "SELECT a.company_id, a.account_id::bigint, (a.control = 'inventory')::integer, NULL::text FROM erp.account a"),
		.rules = ReadMaster(check, "SELECT r.company_id, r.posting_rule_id::bigint, (r.amount_role = 'cost')::integer, NULL::text FROM erp.posting_rule r"),
		.lines = CreateFactMap(sizeof(CostLine)), .laterEntries = CreateFactMap(sizeof(FactKey))
	};
	int64		entries;

	ReadTable("voucher_line", lineColumns, lengthof(lineColumns), ReadVoucherLine, &costs);
	entries = ReadTable("cost_entry", entryColumns, lengthof(entryColumns), ReadEntry, &costs);
	CheckMoves(&costs);
	CheckLayers(&costs);
	ReadFacts(check, "SELECT p.company_id, p.item_id, p.cost_pool_id, p.quantity, p.value, p.head_move_id, p.head_quantity, p.head_value"
			  " FROM erp_private.cost_pool p", ReadPool, &costs);
	CheckPools(&costs);
	CheckLines(&costs);
	/* Each entry has its move in one slice and in all others not. */
	if (check->slice == check->slices - 1 && check->unmatched != entries * (check->slices - 1))
		ReadFacts(check, "SELECT e.company_id, e.move_id, e.entry_no FROM erp.cost_entry e WHERE NOT EXISTS"
				  " (SELECT FROM erp.stock_move m WHERE m.company_id = e.company_id AND m.move_id = e.move_id)", ReadStray, &costs);
}
