#include "year_stock.h"

#include <stdlib.h>

#include "memory.h"

void
PutStock(Pile *pile, bool isAverage, int64_t quantity, int64_t value)
{
	Layer	   *layer;

	if (isAverage && pile->count == 1)
	{
		layer = &pile->layers[0];
		layer->quantity = Narrow((int128) layer->quantity + quantity);
		layer->value = Narrow((int128) layer->value + value);
		pile->head = 0;
		return;
	}
	if (pile->count == pile->size)
		pile->layers = GrowArray(pile->layers, &pile->size, sizeof(Layer));
	layer = &pile->layers[pile->count++];
	layer->quantity = quantity;
	layer->value = value;
}

/* Takes up to `quantity` from the layer; all of it gives all of its value. */
static int64_t
TakeLayer(Layer *layer, int64_t quantity)
{
	int64_t		cost = layer->value;

	if (quantity < layer->quantity)
		cost = Narrow(RoundedQuotient((int128) layer->value * quantity, layer->quantity));
	layer->quantity -= quantity;
	layer->value -= cost;
	return cost;
}

int64_t
TakeStock(Pile *pile, int64_t quantity)
{
	int128		cost = 0;

	while (quantity > 0)
	{
		Layer	   *layer;
		int64_t		part;

		if (pile->head == pile->count)
			YearFail("more is issued than there is");
		layer = &pile->layers[pile->head];
		part = quantity < layer->quantity ? quantity : layer->quantity;
		cost += TakeLayer(layer, part);
		quantity -= part;
		if (layer->quantity == 0)
			pile->head++;
	}
	return Narrow(cost);
}

/* The record of the key, or the free one where it belongs. */
static IssueRecord *
FindRecord(const IssueTable *table, uint64_t key)
{
	size_t		at = HashBytes((const char *) &key, sizeof(key)) & (table->size - 1);

	while (table->records[at].quantity > 0 && table->records[at].key != key)
		at = (at + 1) & (table->size - 1);
	return &table->records[at];
}

/* Makes room, so that at least half of the records are free. */
static void
GrowTable(IssueTable *table)
{
	IssueRecord *old = table->records;
	size_t		oldSize = table->size;

	table->size = oldSize == 0 ? 1 << 16 : oldSize * 4;
	table->records = AllocateZeroed(table->size, sizeof(IssueRecord));
	for (size_t i = 0; i < oldSize; i++)
	{
		if (old[i].quantity > 0)
			*FindRecord(table, old[i].key) = old[i];
	}
	free(old);
}

static uint64_t
IssueKey(uint32_t item, uint32_t customer)
{
	return (uint64_t) item << 32 | customer;
}

const IssueRecord *
FindIssue(const IssueTable *table, uint32_t item, uint32_t customer)
{
	const IssueRecord *record;

	if (table->size == 0)
		return NULL;
	record = FindRecord(table, IssueKey(item, customer));
	return record->quantity > 0 ? record : NULL;
}

void
RecordIssue(IssueTable *table, uint32_t item, uint32_t customer, int64_t quantity, int64_t value)
{
	IssueRecord *record;

	if (table->count * 2 >= table->size)
		GrowTable(table);
	record = FindRecord(table, IssueKey(item, customer));
	table->count += record->quantity == 0;
	record->key = IssueKey(item, customer);
	record->quantity = quantity;
	record->value = value;
}
