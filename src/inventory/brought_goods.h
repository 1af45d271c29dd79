/*
 * Lines that take goods from where a line of an earlier document brought them:
 * what was sent, lent, brought on consignment or borrowed.
 */
#ifndef ERP_BROUGHT_GOODS_H
#define ERP_BROUGHT_GOODS_H

#include "inventory/inventory.h"

/* The kind of location for goods on their way. */
#define IN_TRANSIT "in_transit"

/* The kind of location for goods that were shipped and are not billed. */
#define SHIPPED "shipped"

/* Whether lines of the kind bring goods there. */
static inline bool
IsShipment(const DocumentKindInfo *kind)
{
	return strcmp(kind->toLocationKind, SHIPPED) == 0;
}

/*
 * Gives such lines the place where their goods lie, once lots have their ids and
 * before cost pools are chosen. Raises no_origin, other_party.
 */
extern void FindBroughtGoods(StockRun *run);

/* Raises over_received or over_returned where more is taken than is left of what was brought, no_origin if that was taken back; once the items are locked. */
extern void CheckBroughtGoods(StockRun *run);

/* Raises return_capped where more is returned of what a line issued than that, in a company that asks for it; once the items are locked and origins are known. */
extern void CheckReturned(StockRun *run);

/* Reports with_others for lines that bring goods to locations of lent, consigned or shipped goods, or take them from there, in another way. */
extern void CheckWithOthers(DocumentBatch *batch, DocumentLine *line);

#endif
