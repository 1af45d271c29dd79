/*
 * Pools and places of a run, as stock_lock.c and its users share them.
 */
#ifndef ERP_STOCK_LOCK_H
#define ERP_STOCK_LOCK_H

#include "core/index_probe.h"
#include "inventory/inventory.h"

/* Columns of erp_private.cost_pool, in the order of PoolRows.columns: those that a posting stores, then the others. */
typedef enum PoolColumn
{
	POOL_QUANTITY,
	POOL_VALUE,
	POOL_HEAD_MOVE,
	POOL_HEAD_DAY,
	POOL_HEAD_TIME,
	POOL_HEAD_QUANTITY,
	POOL_HEAD_VALUE,
	POOL_LAST_DAY,
	POOL_LAST_TIME,
	POOL_STORED_COLUMNS,
	POOL_ITEM = POOL_STORED_COLUMNS,
	POOL_ID,
	POOL_METHOD_CHANGED,
	POOL_NO,
	POOL_COLUMNS
} PoolColumn;

/* The rows of the pools, found by company, item and pool. */
typedef struct PoolRows
{
	IndexProbe *probe;
	AttrNumber	columns[POOL_COLUMNS];
} PoolRows;

/* pool_lock.c: opens them, to be locked or changed. */
extern PoolRows OpenPoolRows(ProbeSnapshot snapshot);

/* pool_lock.c: makes the pools of the run's lines that are new, and locks all pools of its items, by item, the oldest of each first; run->items has these. */
extern void LoadPools(StockRun *run);

/* The places of stock as they are now, to be read and changed. */
extern IndexProbe *OpenPositions(void);

/* What is of the item at the place; nothing if it is new. */
extern StockPlace *StockPlaceOf(StockRun *run, int32 itemId, const Place *place);

/* pool_lock.c: the number of the item's pool in run->poolNumbers, given on first sight; and the pool, which is locked. */
extern int	PoolNumber(StockRun *run, int32 itemId, int64 costPoolId);
extern StockPool *PoolOfRun(StockRun *run, int32 itemId, int64 costPoolId);

/* Adds the line's move to what is on hand at its place, which it returns. */
extern StockPlace *MoveAtPlace(StockRun *run, DocumentLine *line);

/* Lets the pool load its layers from the database. */
extern void AttachStoredLayers(StockPool *stock, int32 companyId);

/* The same for the pool as it was just before the position. */
extern void AttachLayersBefore(StockPool *stock, int32 companyId, MovePosition position);

/* The cursor to keep: the layer that the next issue takes from, if it is known. */
extern CostLayer CursorOf(const CostPool *pool);

#endif
