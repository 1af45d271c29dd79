/*
 * Whether what a backdated issue takes is missing at any later point. Costs do
 * not matter for that: quantities are summed up from the issue to the end, where
 * what is on hand is known, and from there the least of them is. Where the batch
 * never takes more than it has brought to the place by then, no less is there
 * than before, and nothing is read.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/date.h"

#include "core/numeric_io.h"
#include "inventory/replay.h"
#include "inventory/stock_lock.h"

#define QUANTITY_COLUMNS 9

static const char *const quantityNames[] = {
	"quantity", "day", "time_of_day", "move_id", "warehouse_id", "location_id", "lot_id", "owner_id", "stock_state_id"
};

/* A point at which less was there than ever before since the first issue. */
typedef struct LowPoint
{
	MovePosition position;
	int128		quantity;
} LowPoint;

/* A place that the run moves goods at; quantities count from the first issue on that leaves less than was there before. */
typedef struct WatchedPlace
{
	Place		place;
	int128		change;			/* of what is there, by the lines so far */
	bool		isWatched;
	int128		quantity;
	LowPoint   *points;
	int			pointCount;
	int			pointCapacity;
} WatchedPlace;

typedef struct Watch
{
	StockRun   *run;
	StockItem  *item;
	PairMap    *numbers;
	WatchedPlace *places;
	int			count;
	bool		any;			/* is watched */
	MovePosition from;
} Watch;

static int
CompareLines(const void *left, const void *right)
{
	MovePosition first = PositionOfLine(*(DocumentLine *const *) left);
	MovePosition second = PositionOfLine(*(DocumentLine *const *) right);

	return ComparePosition(&first, &second);
}

static void
WatchLine(Watch *watch, const DocumentLine *line)
{
	StockRun   *run = watch->run;
	MovePosition position = PositionOfLine(line);
	Place		where = PlaceOfLine(line);
	WatchedPlace *place = &watch->places[PairNumber(watch->numbers, PlaceKey(run->placeIds, line->itemId, &where))];

	place->place = where;
	place->change = AddExact(place->change, line->moveQuantity);
	if (line->moveQuantity >= 0 || place->change >= 0 || PlaceMayGoNegative(run, line))
		return;
	place->isWatched = true;
	watch->any = true;
	if (ComparePosition(&position, &watch->from) < 0)
		watch->from = position;
}

static void
WatchPlaces(Watch *watch, const ItemLines *lines)
{
	DocumentLine **ordered = palloc(sizeof(DocumentLine *) * Max(lines->count, 1));

	watch->numbers = CreatePairMap();
	watch->places = palloc0(sizeof(WatchedPlace) * Max(lines->count, 1));
	watch->from = EndPosition;
	memcpy(ordered, lines->lines, sizeof(DocumentLine *) * lines->count);
	qsort(ordered, lines->count, sizeof(DocumentLine *), CompareLines);
	for (int i = 0; i < lines->count; i++)
		WatchLine(watch, ordered[i]);
	watch->count = PairCount(watch->numbers);
	pfree(ordered);
}

static void
AddLowPoint(WatchedPlace *place, const MovePosition *position)
{
	if (place->pointCount == place->pointCapacity)
	{
		place->pointCapacity = Max(8, place->pointCapacity * 2);
		place->points = place->points == NULL ? palloc(sizeof(LowPoint) * place->pointCapacity) :
			repalloc_huge(place->points, sizeof(LowPoint) * place->pointCapacity);
	}
	place->points[place->pointCount].position = *position;
	place->points[place->pointCount++].quantity = place->quantity;
}

static void
AddQuantity(const Watch *watch, const AttrNumber *columns, TupleTableSlot *row)
{
	Place		where = {
		.warehouseId = DatumGetInt32(ProbedValue(row, columns[4])), .locationId = DatumGetInt32(ProbedValue(row, columns[5])),
		.lotId = DatumGetInt64(ProbedValue(row, columns[6])), .ownerId = DatumGetInt32(ProbedValue(row, columns[7])),
		.stateId = DatumGetInt16(ProbedValue(row, columns[8]))
	};
	int			number = FindPair(watch->numbers, PlaceKey(watch->run->placeIds, watch->item->itemId, &where));
	WatchedPlace *place;
	MovePosition position;

	if (number < 0 || !watch->places[number].isWatched)
		return;
	place = &watch->places[number];
	place->quantity = AddExact(place->quantity, QuantityFromDatum(ProbedValue(row, columns[0])));
	if (place->quantity >= (place->pointCount == 0 ? 0 : place->points[place->pointCount - 1].quantity))
		return;
	position = (MovePosition) {
		DatumGetDateADT(ProbedValue(row, columns[1])), DatumGetTimeADT(ProbedValue(row, columns[2])), DatumGetInt64(ProbedValue(row, columns[3]))
	};
	AddLowPoint(place, &position);
}

static void
AddQuantities(const Watch *watch)
{
	Datum		values[5] = {
		Int32GetDatum(watch->run->batch->company->companyId), Int32GetDatum(watch->item->itemId),
		DateADTGetDatum(watch->from.day), TimeADTGetDatum(watch->from.timeOfDay), Int64GetDatum(watch->from.moveId)
	};
	IndexProbe *moves = OpenIndexProbe("erp", "stock_move", "stock_move_order", PROBE_TRANSACTION);
	AttrNumber	columns[QUANTITY_COLUMNS];
	TupleTableSlot *row;

	for (int i = 0; i < QUANTITY_COLUMNS; i++)
		columns[i] = ProbeColumn(moves, quantityNames[i]);
	ProbeIndexFrom(moves, values, 2, 5);
	while ((row = NextProbedRow(moves)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		AddQuantity(watch, columns, row);
	}
	CloseIndexProbe(moves);
}

static void
CheckPlace(const Watch *watch, const WatchedPlace *place)
{
	int128		onHand = StockPlaceOf(watch->run, watch->item->itemId, &place->place)->onHand;
	int128		before = SubtractExact(onHand, place->quantity);

	for (int i = 0; i < place->pointCount; i++)
	{
		int128		quantity = AddExact(before, place->points[i].quantity);

		if (quantity < 0)
			RaiseShort(watch->run->batch, watch->item->cause, &place->place, NegateExact(quantity), &place->points[i].position);
	}
}

void
CheckShortage(StockRun *run, StockItem *item, const ItemLines *lines)
{
	Watch		watch = {.run = run, .item = item};

	WatchPlaces(&watch, lines);
	if (!watch.any)
		return;
	AddQuantities(&watch);
	for (int i = 0; i < watch.count; i++)
	{
		if (watch.places[i].isWatched)
			CheckPlace(&watch, &watch.places[i]);
	}
}
