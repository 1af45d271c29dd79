#include "postgres.h"

#include "fmgr.h"

#include "inventory/check_stock.h"
#include "inventory/place.h"

/* Moves, where they leave things, and the lines that they are of: laws 3, 6 and 10. */

typedef struct CheckedDocument
{
	FactKey		key;
	DateADT		postingDay;
	bool		returns;		/* some line takes something back from another document */
} CheckedDocument;

typedef struct ItemLine
{
	FactKey		key;
	int32		itemId;
} ItemLine;

/* What of an item lies at a place. */
typedef struct CheckedPosition
{
	FactKey		key;			/* the item and, as line, the number of the place */
	int128		quantity;
} CheckedPosition;

/* Which move a move says that it takes back. */
typedef struct CheckedOrigin
{
	FactKey		key;			/* its move's */
	int64		originMoveId;
} CheckedOrigin;

typedef struct NeutralLine
{
	FactKey		key;
	int128		quantity;
} NeutralLine;

/* A move as its row says. */
typedef struct MoveRow
{
	FactKey		key;
	int64		documentId;
	int32		lineNo;
	DateADT		day;
	int64		originMoveId;
	Place		place;
	int64		costPoolId;
	int32		itemId;
	CheckedItem *item;
	int128		quantity;
	EnteredQuantity entered;
} MoveRow;

/* So many moves are read before they are added: their items and positions are on their way from memory meanwhile. */
#define MOVE_BATCH 32

typedef struct MoveCheck
{
	FactCheck  *check;
	FactMap    *items;
	FactMap    *companies;
	FactMap    *warehouses;
	FactMap    *locations;
	FactMap    *lots;
	FactMap    *documents;
	FactMap    *lines;			/* of documents */
	FactMap    *returns;		/* those that take something back from another document */
	FactMap    *moves;
	FactMap    *origins;
	FactMap    *positions;
	FactMap    *neutral;		/* lines whose goods of our own only change their place */
	FactMap    *units;			/* ways from other units to those of items */
	PlaceNumbers *places;
	int			rowCount;
	MoveRow		rows[MOVE_BATCH];
} MoveCheck;

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

static void
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

static void
CheckMoveItem(const MoveCheck *stock, const MoveRow *move, const CheckedItem *item)
{
	const ItemLine *line = FindFact(stock->lines, move->key.companyId, move->documentId, move->lineNo);
	int64		pool = PoolOfPlace(&move->place, item->poolScope);

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

static void
ReadPlace(const FactRow *row, int column, Place *place)
{
	*place = (Place) {
		.warehouseId = RowInt32(row, column), .locationId = RowInt32(row, column + 1), .lotId = RowInt64(row, column + 2),
		.ownerId = RowInt32(row, column + 3), .stateId = RowInt16(row, column + 4)
	};
}

static CheckedPosition *
PositionAt(MoveCheck *stock, CheckedItem *item, const Place *place)
{
	int			number = PlaceNumber(stock->places, place);
	bool		found;

	if (item->lastPosition == NULL || item->lastPlaceId != number)
	{
		item->lastPosition = AddFact(stock->positions, item->key.companyId, item->key.id, number, &found);
		item->lastPlaceId = number;
	}
	return item->lastPosition;
}

/* Keeps the move for those that name it. */
static void
KeepMove(MoveCheck *stock, const MoveRow *row)
{
	bool		found;

	AddFact(stock->moves, row->key.companyId, row->key.id, 0, &found);
	if (found)
		ReportMove(stock, row, "stock_moves", "stands more than once");
	if (row->originMoveId != 0)
	{
		CheckedOrigin *origin = AddFact(stock->origins, row->key.companyId, row->key.id, 0, &found);

		origin->originMoveId = row->originMoveId;
	}
}

static const char *const moveColumns[] = {
	"company_id", "move_id", "document_id", "line_no", "origin_move_id", "day", "item_id", "cost_pool_id", "warehouse_id",
	"location_id", "lot_id", "owner_id", "stock_state_id", "quantity", "entered_unit_id", "entered_quantity"
};

static void
AddMoves(MoveCheck *stock)
{
	for (int i = 0; i < stock->rowCount; i++)
		PrefetchFact(stock->rows[i].item->lastPosition);
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
		.itemId = RowInt32(row, 6), .costPoolId = RowInt64(row, 7)
	};
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

static void
CheckOrigins(const MoveCheck *stock)
{
	for (int64 i = 0; i < FactCount(stock->origins); i++)
	{
		const CheckedOrigin *origin = FactAt(stock->origins, i);

		ErpCheckInterrupts();
		if (FindFact(stock->moves, origin->key.companyId, origin->originMoveId, 0) == NULL)
			ReportViolation(stock->check, "stock_references", origin->key.companyId, psprintf("move " INT64_FORMAT, origin->key.id),
							psprintf("has the unknown origin " INT64_FORMAT, origin->originMoveId));
	}
}

static void
CheckNeutral(const MoveCheck *stock)
{
	for (int64 i = 0; i < FactCount(stock->neutral); i++)
	{
		const NeutralLine *line = FactAt(stock->neutral, i);

		ErpCheckInterrupts();
		if (line->quantity != 0)
			ReportViolation(stock->check, "stock_moves", line->key.companyId,
							psprintf("document " INT64_FORMAT ", line %d", line->key.id, line->key.lineNo),
							psprintf("moves own goods of %s in no cost pool", QuantityString(line->quantity)));
	}
}

/* What is kept on hand is taken from what the moves say: nothing must be left. */
static void
ReadPosition(void *state, const FactRow *row)
{
	MoveCheck *stock = state;
	int32		companyId = RowInt32(row, 0);
	int32		itemId = RowInt32(row, 1);
	CheckedItem *item;
	CheckedPosition *position;
	Place		place;
	int128		onHand;
	bool		bad = false;

	if (!InSlice(stock->check, itemId))
		return;
	item = ItemOf(stock->items, companyId, itemId);
	ReadPlace(row, 2, &place);
	position = PositionAt(stock, item, &place);
	onHand = RowQuantity(row, 7, &bad);
	if (bad || onHand != position->quantity || (onHand < 0 && !AllowsNegative(stock->companies, companyId)))
		ReportViolation(stock->check, "stock_positions", companyId,
						psprintf("item %s, warehouse %d, location %d, lot " INT64_FORMAT ", owner %d, state %d", ItemCode(item),
								 place.warehouseId, place.locationId, place.lotId, place.ownerId, place.stateId),
						psprintf("on hand %s, moves %s", QuantityString(onHand), QuantityString(position->quantity)));
	position->quantity = 0;
}

/* Positions that nobody keeps. */
static void
CheckPositions(const MoveCheck *stock)
{
	for (int64 i = 0; i < FactCount(stock->positions); i++)
	{
		const CheckedPosition *position = FactAt(stock->positions, i);

		ErpCheckInterrupts();
		if (position->quantity != 0)
			ReportViolation(stock->check, "stock_positions", position->key.companyId,
							psprintf("item " INT64_FORMAT, position->key.id),
							psprintf("moves leave %s at a place of which no position is kept", QuantityString(position->quantity)));
	}
}

static void
CheckMoveSlice(FactCheck *check)
{
	MoveCheck	stock = {
		.check = check,
		.items = ReadItems(check),
		.companies = ReadCompanies(check),
		.warehouses = ReadMaster(check, "SELECT w.company_id, w.warehouse_id::bigint, 0, NULL::text FROM erp.warehouse w"),
		.locations = ReadMaster(check, "SELECT l.company_id, l.location_id::bigint, l.warehouse_id, NULL::text FROM erp.location l"),
		.lots = ReadMaster(check, "SELECT l.company_id, l.lot_id, l.item_id, NULL::text FROM erp.lot l"),
		.documents = CreateFactMap(sizeof(CheckedDocument)), .lines = CreateFactMap(sizeof(ItemLine)),
		.returns = CreateFactMap(sizeof(FactKey)), .moves = CreateFactMap(sizeof(FactKey)),
		.origins = CreateFactMap(sizeof(CheckedOrigin)), .positions = CreateFactMap(sizeof(CheckedPosition)),
		.neutral = CreateFactMap(sizeof(NeutralLine)), .units = ReadItemUnits(check),
		.places = CreatePlaceNumbers()
	};

	ReadTable("document", documentColumns, lengthof(documentColumns), ReadDocument, &stock);
	ReadFacts(check, "SELECT r.company_id, r.document_id, r.line_no FROM erp.document_link r WHERE r.link = 'returns'", ReadReturn, &stock);
	ReadTable("document_line", lineColumns, lengthof(lineColumns), ReadLine, &stock);
	ReadTable("stock_move", moveColumns, lengthof(moveColumns), ReadMove, &stock);
	AddMoves(&stock);
	CheckNeutral(&stock);
	CheckOrigins(&stock);
	ReadFacts(check, "SELECT p.company_id, p.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id, p.on_hand"
			  " FROM erp_private.stock_position p", ReadPosition, &stock);
	CheckPositions(&stock);
}

PG_FUNCTION_INFO_V1(erp_check_moves);

Datum
erp_check_moves(PG_FUNCTION_ARGS)
{
	return RunFactCheck(fcinfo, "SELECT pg_catalog.pg_relation_size('erp.document_line') + pg_catalog.pg_relation_size('erp.stock_move')",
						CheckMoveSlice);
}
