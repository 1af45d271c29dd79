/*
 * What of the inventory is sealed with a document.
 */
#ifndef ERP_SEALED_STOCK_H
#define ERP_SEALED_STOCK_H

/* Registers moves and costs with the seal, behind what the ledger registers. */
extern void RegisterInventorySealRecords(void);

#endif
