/*
 * Pools and places of a run, as stock_lock.c and its users share them.
 */
#ifndef ERP_STOCK_LOCK_H
#define ERP_STOCK_LOCK_H

#include "inventory/inventory.h"

/* What is of the item at the place; nothing if it is new. */
extern StockPlace *StockPlaceOf(StockRun *run, int32 itemId, const Place *place);

/* The number of the item's pool in run->poolNumbers, given on first sight; and the pool, which is locked. */
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
