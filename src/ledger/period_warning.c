#include "postgres.h"

#include "utils/builtins.h"

#include "core/bulk_insert.h"
#include "ledger/ledger.h"
#include "ledger/period_gate.h"

static const char *const warningColumns[] = {"company_id", "document_id", "module"};

static bool
IsWarned(const Document *document)
{
	return document->warnedModules != 0 && !document->bad && !document->repeated;
}

static void
StoreWarning(BulkInsert *bulk, int32 companyId, const Document *document)
{
	for (int i = 0; i < MODULE_COUNT; i++)
	{
		Datum		values[lengthof(warningColumns)] = {Int32GetDatum(companyId), Int64GetDatum(document->documentId)};

		if (!(document->warnedModules & (1u << i)))
			continue;
		values[2] = CStringGetTextDatum(ModuleNames[i]);
		BulkInsertRow(bulk, values, NULL);
	}
}

void
StoreWarnings(const DocumentBatch *batch)
{
	BulkInsert *bulk = NULL;
	MemoryContext previous = CurrentMemoryContext;

	for (int i = 0; i < batch->count; i++)
	{
		if (!IsWarned(&batch->documents[i]))
			continue;
		if (bulk == NULL)
		{
			bulk = BeginBulkInsert("erp", "warned_posting", warningColumns, lengthof(warningColumns));
			(void) MemoryContextSwitchTo(BulkInsertContext(bulk));
		}
		StoreWarning(bulk, batch->company->companyId, &batch->documents[i]);
	}
	(void) MemoryContextSwitchTo(previous);
	if (bulk != NULL)
		EndBulkInsert(bulk);
}
