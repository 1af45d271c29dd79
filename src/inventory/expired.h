/*
 * Goods past the last day on which they are issued to customers.
 */
#ifndef ERP_EXPIRED_H
#define ERP_EXPIRED_H

#include "inventory/inventory.h"

/* What allows goods of an item past their last day to be issued to customers: what the item says of it, or else the company. */
extern ExpiredPermission AllowsExpired(const CompanyInfo *company, const char *issueExpired);

/* Reports expired for lines of the batch that issue a lot to a customer by a document of a later day than its last one; after CheckPlaces(). */
extern void CheckExpired(DocumentBatch *batch);

/* The same for lines that name no lot that was there before, once FindBroughtGoods() has found them. */
extern void CheckExpiredLater(const StockRun *run);

/* Puts on record which lines of the batch issue goods past their last day, and what allowed it. */
extern void StoreExpired(const DocumentBatch *batch);

#endif
