/*
 * Stock while it is checked, by erp_private.check_stock(): moves against documents and places (check_moves.h), their
 * costs against layers, pools and vouchers (check_costs.h). In positive, out negative.
 *
 * Moves, lines and kept state are of the slice that their item is of: an item's
 * moves, layers and pools come together. What belongs to a document or a
 * voucher is of the slice that this is of.
 */
#ifndef ERP_CHECK_STOCK_H
#define ERP_CHECK_STOCK_H

#include "core/cost_method.h"
#include "core/fact_check.h"
#include "inventory/costing.h"
#include "inventory/place.h"

typedef struct CheckedItem
{
	FactKey		key;
	const char *code;			/* NULL: facts name it, but it does not exist */
	int32		unitId;
	bool		isFifo;
	CostMethod	method;
	struct CheckedChange *changes;	/* of its method, in order */
	int			changeCount;
	CostPoolScope poolScope;
	bool		isTracked;
	int64		lastPlace;		/* of the last move of it that was read: the number of its place, and what lies there */
	struct CheckedPosition *lastPosition;
	struct CheckedPool *lastPool;	/* and its pool */
	struct CheckedPoints *points;	/* where replays of it may begin; NULL: nowhere */
} CheckedItem;

/* The method of an item from a day on, and the one before. */
typedef struct CheckedChange
{
	DateADT		validFrom;
	CostMethod	before;
	CostMethod	method;
} CheckedChange;

/* A move's quantity, and as it was entered. */
typedef struct EnteredQuantity
{
	int128		quantity;
	int128		entered;
	int64		moveId;
	int32		unitId;
} EnteredQuantity;

/* A move as its row says. */
typedef struct MoveRow
{
	FactKey		key;
	int64		documentId;
	int32		lineNo;
	DateADT		day;
	TimeADT		timeOfDay;
	int64		originMoveId;
	Place		place;
	int64		costPoolId;
	int32		itemId;
	CheckedItem *item;
	int128		quantity;
	EnteredQuantity entered;
} MoveRow;

/* All items of the master data by id. */
extern FactMap *ReadItems(FactCheck *check);

/* check_items.c: by which method moves of the day are costed, as the facts say. */
extern CostMethod CheckedMethod(const CheckedItem *item, DateADT day);

/* All companies, and whether stock of one may be below zero. */
extern FactMap *ReadCompanies(FactCheck *check);
extern bool AllowsNegative(const FactMap *companies, int32 companyId);

/* The item of that id, known or not; its code for a report. */
extern CheckedItem *ItemOf(FactMap *items, int32 companyId, int32 itemId);
extern const char *ItemCode(const CheckedItem *item);

/* check_units.c: the ways from other units to those of the items of the slice: of measures, and declared ones of items. */
extern FactMap *ReadItemUnits(FactCheck *check);

/* check_units.c: reports a move whose quantity is not exactly what was entered, of any sign. */
extern void CheckMoveUnit(FactCheck *check, FactMap *units, const CheckedItem *item, const EnteredQuantity *move);

#endif
