#include "postgres.h"

#include "inventory/check_costs.h"
#include "inventory/check_moves.h"

/* Moves, each against its document, line, item and place: laws 3, 6, 9 and 10. */

static const char *const documentColumns[] = {"company_id", "document_id", "posting_day"};

static void
ReadDocument(void *state, const FactRow *row)
{
	MoveCheck *stock = state;
	int64		documentId = RowInt64(row, 1);

	if (InSlice(stock->check, documentId))
	{
		bool		found;
		CheckedDocument *document = AddFact(stock->documents, RowInt32(row, 0), documentId, 0, &found);

		document->postingDay = RowDay(row, 2);
	}
}

static void
ReadReturn(void *state, const FactRow *row)
{
	MoveCheck *stock = state;
	int32		companyId = RowInt32(row, 0);
	int64		documentId = RowInt64(row, 1);
	CheckedDocument *document = FindFact(stock->documents, companyId, documentId, 0);
	bool		found;

	if (document == NULL)
		return;
	document->returns = true;
	AddFact(stock->returns, companyId, documentId, RowInt32(row, 2), &found);
}

static const char *const lineColumns[] = {"company_id", "document_id", "line_no", "item_id", "warehouse_id"};

static void
ReadLine(void *state, const FactRow *row)
{
	MoveCheck *stock = state;
	int32		companyId = RowInt32(row, 0);
	int64		documentId = RowInt64(row, 1);
	int32		lineNo = RowInt32(row, 2);
	int32		itemId = RowInt32(row, 3);
	int32		warehouseId = RowInt32(row, 4);
	ItemLine   *line;
	bool		found;

	if ((itemId == 0 && warehouseId == 0) || !InSlice(stock->check, itemId))
		return;
	if (itemId != 0 && FindFact(stock->items, companyId, itemId, 0) == NULL)
		ReportViolation(stock->check, "stock_references", companyId, psprintf("document " INT64_FORMAT ", line %d", documentId, lineNo),
						psprintf("has the unknown item %d", itemId));
	if (warehouseId != 0 && FindFact(stock->warehouses, companyId, warehouseId, 0) == NULL)
		ReportViolation(stock->check, "stock_references", companyId, psprintf("document " INT64_FORMAT ", line %d", documentId, lineNo),
						psprintf("has the unknown warehouse %d", warehouseId));
	line = AddFact(stock->lines, companyId, documentId, lineNo, &found);
	line->itemId = itemId;
}

void
ReportMove(const MoveCheck *stock, const MoveRow *move, const char *checkName, const char *detail)
{
	ReportViolation(stock->check, checkName, move->key.companyId, psprintf("move " INT64_FORMAT, move->key.id), detail);
}

static void
CheckMoveDocument(const MoveCheck *stock, const MoveRow *move)
{
	const CheckedDocument *document = FindFact(stock->documents, move->key.companyId, move->documentId, 0);

	if (document == NULL)
		ReportMove(stock, move, "stock_references", psprintf("has no document: " INT64_FORMAT, move->documentId));
	else if (document->postingDay != move->day)
		ReportMove(stock, move, "stock_days", psprintf("day %s is not the posting day %s of document " INT64_FORMAT,
													  DayString(move->day), DayString(document->postingDay), move->documentId));
	if (document != NULL && document->returns && move->originMoveId == 0 && FindFact(stock->returns, move->key.companyId, move->documentId, move->lineNo) != NULL)
		ReportMove(stock, move, "stock_references", "has no origin, but its line returns something");
}

/* Own goods that only change their place are in no pool: what a line takes so it brings. */
static void
AddNeutral(const MoveCheck *stock, const MoveRow *move)
{
	bool		found;
	NeutralLine *line = AddFact(stock->neutral, move->key.companyId, move->documentId, move->lineNo, &found);

	line->quantity += move->quantity;
}

/* The pool that a move is in by its place; one of value alone has none but says itself whether its goods are shipped. */
static int64
PoolByPlace(const MoveCheck *stock, const MoveRow *move, const CheckedItem *item)
{
	int64		pool = PoolOfPlace(&move->place, item->poolScope);
	bool		isShipped = move->quantity == 0 ? IsShippedPool(move->costPoolId) :
		move->place.locationId != 0 && FindFact(stock->shippedLocations, move->key.companyId, move->place.locationId, 0) != NULL;

	return isShipped ? ShippedPool(pool) : pool;
}

static void
CheckMoveItem(const MoveCheck *stock, const MoveRow *move, const CheckedItem *item)
{
	const ItemLine *line = FindFact(stock->lines, move->key.companyId, move->documentId, move->lineNo);
	int64		pool = PoolByPlace(stock, move, item);

	if (line == NULL || line->itemId != move->itemId)
		ReportMove(stock, move, "stock_references", psprintf("is of item %d, which is not that of line %d of document " INT64_FORMAT,
															move->itemId, move->lineNo, move->documentId));
	if (item->code == NULL)
		ReportMove(stock, move, "stock_references", psprintf("has the unknown item %d", move->itemId));
	else if (move->costPoolId == NO_COST_POOL && pool != NO_COST_POOL)
		AddNeutral(stock, move);
	else if (move->costPoolId != pool)
		ReportMove(stock, move, "stock_references", psprintf("is in cost pool " INT64_FORMAT ", by its item in " INT64_FORMAT, move->costPoolId, pool));
}

/* A location is of the warehouse, a lot of the item. */
static void
CheckPart(const MoveCheck *stock, const MoveRow *move, FactMap *master, const char *what, int64 id, int32 wholeId)
{
	const MasterEntry *entry = FindFact(master, move->key.companyId, id, 0);

	if (entry == NULL)
		ReportMove(stock, move, "stock_references", psprintf("has the unknown %s " INT64_FORMAT, what, id));
	else if (entry->value != wholeId)
		ReportMove(stock, move, "stock_references", psprintf("has the %s " INT64_FORMAT " of another warehouse or item", what, id));
}

static void
CheckMovePlace(const MoveCheck *stock, const MoveRow *move)
{
	int32		companyId = move->key.companyId;
	const Place *place = &move->place;

	/* A move of value alone is of a pool, not of a place. */
	if ((move->quantity != 0 || place->warehouseId != 0) && FindFact(stock->warehouses, companyId, place->warehouseId, 0) == NULL)
		ReportMove(stock, move, "stock_references", psprintf("has the unknown warehouse %d", place->warehouseId));
	if (place->locationId != 0)
		CheckPart(stock, move, stock->locations, "location", place->locationId, place->warehouseId);
	if (place->lotId != 0)
		CheckPart(stock, move, stock->lots, "lot", place->lotId, move->itemId);
	else if (move->item->isTracked && move->quantity != 0)
		ReportMove(stock, move, "stock_references", "has no lot, but its item is tracked");
}

void
ReadPlace(const FactRow *row, int column, Place *place)
{
	*place = (Place) {
		.warehouseId = RowInt32(row, column), .locationId = RowInt32(row, column + 1), .lotId = RowInt64(row, column + 2),
		.ownerId = RowInt32(row, column + 3), .stateId = RowInt16(row, column + 4)
	};
}

CheckedPosition *
PositionAt(MoveCheck *stock, CheckedItem *item, const Place *place)
{
	int			number = PlaceNumber(stock->places, place);
	bool		found;

	if (item->lastPosition == NULL || item->lastPlace != number)
	{
		item->lastPosition = AddFact(stock->positions, item->key.companyId, item->key.id, number, &found);
		item->lastPlace = number;
	}
	return item->lastPosition;
}

/* Keeps the move for its cost entries and for those that name it. */
static void
KeepMove(const MoveCheck *stock, const MoveRow *row)
{
	bool		found;

	if (!KeepCostMove(stock->costs, row))
		ReportMove(stock, row, "stock_moves", "stands more than once");
	if (row->originMoveId != 0)
	{
		CheckedOrigin *origin = AddFact(stock->origins, row->key.companyId, row->key.id, 0, &found);

		origin->originMoveId = row->originMoveId;
	}
}

static const char *const moveColumns[] = {
	"company_id", "move_id", "document_id", "line_no", "origin_move_id", "day", "item_id", "cost_pool_id", "warehouse_id",
	"location_id", "lot_id", "owner_id", "stock_state_id", "quantity", "entered_unit_id", "entered_quantity",
	"leg", "time_of_day"
};

static void
AddMoves(MoveCheck *stock)
{
	for (int i = 0; i < stock->rowCount; i++)
	{
		PrefetchFact(stock->rows[i].item->lastPosition);
		PrefetchFact(stock->rows[i].item->lastPool);
	}
	for (int i = 0; i < stock->rowCount; i++)
	{
		const MoveRow *move = &stock->rows[i];

		CheckMoveItem(stock, move, move->item);
		CheckMovePlace(stock, move);
		CheckMoveUnit(stock->check, stock->units, move->item, &move->entered);
		PositionAt(stock, move->item, &move->place)->quantity += move->quantity;
		KeepMove(stock, move);
	}
	stock->rowCount = 0;
}

static void
ReadMove(void *state, const FactRow *row)
{
	MoveCheck *stock = state;
	MoveRow    *move = &stock->rows[stock->rowCount];
	bool		bad = false;

	*move = (MoveRow) {
		.key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1)},
		.documentId = RowInt64(row, 2), .lineNo = RowInt32(row, 3), .originMoveId = RowInt64(row, 4), .day = RowDay(row, 5),
		.timeOfDay = RowInt64(row, 17), .itemId = RowInt32(row, 6), .costPoolId = RowInt64(row, 7)
	};
	stock->carries = stock->carries || (uint16) RowInt16(row, 16) > 1;
	if (InSlice(stock->check, move->documentId))
		CheckMoveDocument(stock, move);
	if (!InSlice(stock->check, move->itemId))
		return;
	ReadPlace(row, 8, &move->place);
	move->quantity = RowQuantity(row, 13, &bad);
	move->entered = (EnteredQuantity) {move->quantity, RowQuantity(row, 15, &bad), move->key.id, RowInt32(row, 14)};
	if (bad)
		ReportMove(stock, move, "stock_moves", NO_NUMBER);
	move->item = ItemOf(stock->items, move->key.companyId, move->itemId);
	PrefetchFact(move->item);
	if (++stock->rowCount == MOVE_BATCH)
		AddMoves(stock);
}

void
ReadMoves(MoveCheck *stock)
{
	ReadTable("document", documentColumns, lengthof(documentColumns), ReadDocument, stock);
	ReadFacts(stock->check, "SELECT r.company_id, r.document_id, r.line_no FROM erp.document_link r WHERE r.link = 'returns'", ReadReturn, stock);
	ReadTable("document_line", lineColumns, lengthof(lineColumns), ReadLine, stock);
	ReadTable("stock_move", moveColumns, lengthof(moveColumns), ReadMove, stock);
	AddMoves(stock);
}
