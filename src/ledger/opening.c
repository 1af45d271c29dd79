/*
 * What was there before the books begin is taken over until the company goes live.
 */
#include "postgres.h"

#include "ledger/batch_checks.h"

static bool
IsOpening(const Document *document)
{
	return document->kind != NULL &&
		(strcmp(document->kind->name, "opening_balance") == 0 || strcmp(document->kind->name, "opening_stock") == 0);
}

void
CheckOpening(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count && batch->company->isLive; i++)
	{
		Document   *document = &batch->documents[i];

		if (IsOpening(document) && !document->bad && !document->repeated)
			ReportProblem(batch, document, NULL, "kind", document->kind->name, ERRCODE_ERP_COMPANY_LIVE,
						  "the company is live: nothing is taken over any more");
	}
}
