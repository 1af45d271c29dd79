/*
 * The cost layers that a pool has yet to hand out, read from the moves that came in, few at first: mostly the next issue is served by one.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/date.h"

#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "inventory/inventory.h"
#include "inventory/replay.h"
#include "inventory/stock_lock.h"

#define LAYERS_FIRST 1
#define LAYERS_GROWTH 4
#define LAYERS_MAX 256

/* What the index stock_move_layer says of a layer: pool, and position in it. */
#define POOL_KEY_COLUMNS 3
#define LAYER_KEY_COLUMNS 6

typedef struct LayerSource
{
	int32		companyId;
	int32		itemId;
	int64		costPoolId;
	MovePosition after;			/* of the last layer that was loaded, though it may have been used up or taken back since */
	MovePosition before;
	int			atOnce;			/* how many are loaded next */
} LayerSource;

typedef struct LayerReader
{
	const LayerSource *source;
	IndexProbe *received;
	IndexProbe *takenBack;
	IndexProbe *entries;
	AttrNumber	moveId;
	AttrNumber	day;
	AttrNumber	timeOfDay;
	AttrNumber	quantity;
	AttrNumber	sourceMoveId;	/* of an entry, as the two that follow */
	AttrNumber	entryQuantity;
	AttrNumber	amount;
} LayerReader;

static LayerReader
OpenLayers(const LayerSource *source)
{
	LayerReader reader = {.source = source};

	reader.received = OpenIndexProbe("erp", "stock_move", "stock_move_layer", PROBE_TRANSACTION);
	reader.takenBack = OpenIndexProbe("erp", "stock_move", "stock_move_layer_reversed", PROBE_TRANSACTION);
	reader.entries = OpenIndexProbe("erp", "cost_entry", "cost_entry_key", PROBE_TRANSACTION);
	reader.moveId = ProbeColumn(reader.received, "move_id");
	reader.day = ProbeColumn(reader.received, "day");
	reader.timeOfDay = ProbeColumn(reader.received, "time_of_day");
	reader.quantity = ProbeColumn(reader.received, "quantity");
	reader.sourceMoveId = ProbeColumn(reader.entries, "source_move_id");
	reader.entryQuantity = ProbeColumn(reader.entries, "quantity");
	reader.amount = ProbeColumn(reader.entries, "amount");
	return reader;
}

static void
CloseLayers(const LayerReader *reader)
{
	CloseIndexProbe(reader->entries);
	CloseIndexProbe(reader->takenBack);
	CloseIndexProbe(reader->received);
}

static MovePosition
PositionOfRow(const LayerReader *reader, TupleTableSlot *row)
{
	return (MovePosition) {
		DatumGetDateADT(ProbedValue(row, reader->day)), DatumGetTimeADT(ProbedValue(row, reader->timeOfDay)),
		DatumGetInt64(ProbedValue(row, reader->moveId))
	};
}

/* Adds the sum of the move's entries; false if it has none yet. */
static bool
AddEntries(const LayerReader *reader, int64 moveId, int128 *value)
{
	Datum		key[2] = {Int32GetDatum(reader->source->companyId), Int64GetDatum(moveId)};
	bool		any = false;
	TupleTableSlot *row;

	ProbeIndex(reader->entries, key, lengthof(key));
	while ((row = NextProbedRow(reader->entries)) != NULL)
	{
		*value = AddExact(*value, AmountFromDatum(ProbedValue(row, reader->amount)));
		any = true;
	}
	return any;
}

/* Less what the move took back out of this layer: not what of it came from others. */
static void
AddTakenOut(const LayerReader *reader, int64 moveId, CostLayer *layer)
{
	Datum		key[2] = {Int32GetDatum(reader->source->companyId), Int64GetDatum(moveId)};
	TupleTableSlot *row;

	ProbeIndex(reader->entries, key, lengthof(key));
	while ((row = NextProbedRow(reader->entries)) != NULL)
	{
		if (DatumGetInt64(ProbedValue(row, reader->sourceMoveId)) != layer->position.moveId)
			continue;
		layer->quantity = AddExact(layer->quantity, QuantityFromDatum(ProbedValue(row, reader->entryQuantity)));
		layer->value = AddExact(layer->value, AmountFromDatum(ProbedValue(row, reader->amount)));
	}
}

/* Less what was taken back of the layer before the position up to which layers are wanted. */
static void
AddTakenBack(const LayerReader *reader, CostLayer *layer)
{
	Datum		key[2] = {Int32GetDatum(reader->source->companyId), Int64GetDatum(layer->position.moveId)};
	TupleTableSlot *row;

	ProbeIndex(reader->takenBack, key, lengthof(key));
	while ((row = NextProbedRow(reader->takenBack)) != NULL)
	{
		MovePosition position = PositionOfRow(reader, row);

		if (ComparePosition(&position, &reader->source->before) < 0)
			AddTakenOut(reader, position.moveId, layer);
	}
}

static CostLayer
ReadLayer(const LayerReader *reader, TupleTableSlot *row)
{
	CostLayer	layer = {.position = PositionOfRow(reader, row), .quantity = QuantityFromDatum(ProbedValue(row, reader->quantity))};

	if (!AddEntries(reader, layer.position.moveId, &layer.value))
		elog(ERROR, "the value of move " INT64_FORMAT " is not known yet", layer.position.moveId);
	AddTakenBack(reader, &layer);
	return layer;
}

/* Begins with the moves that came into the pool, in their order from the source's position on. */
static void
ProbeLayers(const LayerReader *reader)
{
	const LayerSource *source = reader->source;
	Datum		key[LAYER_KEY_COLUMNS] = {
		Int32GetDatum(source->companyId), Int32GetDatum(source->itemId), Int64GetDatum(source->costPoolId),
		DateADTGetDatum(source->after.day), TimeADTGetDatum(source->after.timeOfDay), Int64GetDatum(source->after.moveId)
	};

	ProbeIndexFrom(reader->received, key, POOL_KEY_COLUMNS, LAYER_KEY_COLUMNS);
}

/* Loads layers between the two positions; those of which nothing is left are passed over. */
static void
LoadStoredLayers(CostPool *pool, void *argument)
{
	LayerSource *source = argument;
	LayerReader reader = OpenLayers(source);
	const MovePosition after = source->after;
	int			count = 0;
	TupleTableSlot *row = NULL;

	ProbeLayers(&reader);
	while (count < source->atOnce && (row = NextProbedRow(reader.received)) != NULL)
	{
		MovePosition position = PositionOfRow(&reader, row);
		CostLayer	layer;

		CHECK_FOR_INTERRUPTS();
		if (ComparePosition(&position, &source->before) >= 0)
		{
			row = NULL;
			break;
		}
		if (ComparePosition(&position, &after) <= 0)
			continue;
		layer = ReadLayer(&reader, row);
		source->after = layer.position;
		if (layer.quantity <= 0)
			continue;
		AppendLayer(&pool->stored, &layer);
		count++;
	}
	pool->complete = row == NULL;
	source->atOnce = Min(source->atOnce * LAYERS_GROWTH, LAYERS_MAX);
	CloseLayers(&reader);
}

void
AttachLayersBefore(StockPool *stock, int32 companyId, MovePosition position)
{
	LayerSource *source = palloc(sizeof(LayerSource));
	const LayerQueue *queue = &stock->pool.stored;

	source->companyId = companyId;
	source->itemId = stock->itemId;
	source->costPoolId = stock->costPoolId;
	source->after = queue->count > 0 ? queue->layers[queue->first].position : stock->pool.cursor;
	source->before = position;
	source->atOnce = LAYERS_FIRST;
	stock->pool.loadLayers = LoadStoredLayers;
	stock->pool.loadArgument = source;
	stock->pool.complete = false;
}

void
AttachStoredLayers(StockPool *stock, int32 companyId)
{
	AttachLayersBefore(stock, companyId, EndPosition);
}
