#include "postgres.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

/* What is on hand of items that are replayed: it does not depend on costs. */

/* What is on hand at the end, and the last move of each pool. */
static void
MoveLines(StockRun *run, const ItemLines *lines)
{
	for (int i = 0; i < lines->count; i++)
	{
		DocumentLine *line = lines->lines[i];
		MovePosition position = PositionOfLine(line);
		StockPool  *stock = PoolOfRun(run, line->itemId, line->costPoolId);

		if (line->moveQuantity != 0)
			(void) MoveAtPlace(run, line);
		stock->changed = true;
		if (ComparePosition(&position, &stock->last) > 0)
			stock->last = position;
	}
}

static void
CheckOnHand(StockRun *run, const StockItem *item, const ItemLines *lines)
{
	for (int i = 0; i < lines->count; i++)
	{
		DocumentLine *line = lines->lines[i];
		Place		where = PlaceOfLine(line);
		const StockPlace *place;

		if (line->moveQuantity >= 0)
			continue;
		place = StockPlaceOf(run, line->itemId, &where);
		if (place->onHand < 0 && !PlaceMayGoNegative(run, line))
			RaiseShort(run->batch, line, &where, NegateExact(place->onHand), &item->last);
	}
}

/* The lines of each item of the run. */
static ItemLines *
LinesOfItems(const StockRun *run)
{
	ItemLines  *items = palloc0(sizeof(ItemLines) * run->itemCount);
	DocumentLine **next = palloc(sizeof(DocumentLine *) * Max(run->lineCount, 1));
	int		   *numbers = palloc(sizeof(int) * Max(run->lineCount, 1));

	for (int i = 0; i < run->lineCount; i++)
	{
		numbers[i] = FindPair(run->itemNumbers, PAIR_KEY(run->lines[i]->itemId, 0));
		items[numbers[i]].count++;
	}
	for (int i = 0; i < run->itemCount; i++)
	{
		items[i].lines = next;
		next += items[i].count;
		items[i].count = 0;
	}
	for (int i = 0; i < run->lineCount; i++)
		items[numbers[i]].lines[items[numbers[i]].count++] = run->lines[i];
	return items;
}

void
MoveQuantities(StockRun *run)
{
	const ItemLines *lines = LinesOfItems(run);

	for (int i = 0; i < run->itemCount; i++)
	{
		StockItem  *item = &run->items[i];

		if (!item->backdated)
			continue;
		MoveLines(run, &lines[i]);
		CheckShortage(run, item, &lines[i]);
		CheckOnHand(run, item, &lines[i]);
	}
}
