#include "postgres.h"

#include "fmgr.h"

#include "core/master_cache.h"
#include "erp.h"
#include "inventory/sealed_stock.h"
#include "ledger/seal.h"

PG_MODULE_MAGIC;

extern void _PG_init(void);

void
_PG_init(void)
{
	InitEngine();
	InitGuardCheck();
	InitMasterCache();
	RegisterLedgerSealRecords();
	RegisterInventorySealRecords();
}
