#include "postgres.h"

#include "utils/date.h"

#include "core/bulk_insert.h"
#include "core/hash.h"
#include "core/json_push.h"
#include "core/numeric_io.h"
#include "ledger/period_gate.h"
#include "ledger/settlement.h"

static const char *const settlementColumns[] = {
	"company_id", "settlement_id", "document_id", "day", "debit_open_item_id", "credit_open_item_id", "amount",
	"company_amount", "reverses_settlement_id", "follows_settlement_id", "terms_percent"
};

BulkInsert *
BeginSettlementRows(void)
{
	return BeginBulkInsert("erp", "settlement", settlementColumns, lengthof(settlementColumns));
}

void
StoreSettlementRow(BulkInsert *bulk, int32 companyId, const Document *document, const SettlementRow *row)
{
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	Datum		values[lengthof(settlementColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(row->settlementId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = DateADTGetDatum(document->postingDay);
	values[i++] = Int64GetDatum(row->debitItemId);
	values[i++] = Int64GetDatum(row->creditItemId);
	values[i++] = AmountGetDatum(row->amount);
	values[i++] = AmountGetDatum(row->companyAmount);
	values[i++] = Int64GetDatum(row->reversesId);
	values[i++] = Int64GetDatum(row->followsId);
	values[i++] = AmountGetDatum(row->termsPercent);
	BulkInsertRow(bulk, values, NULL);
	MemoryContextSwitchTo(previous);
}

static void
StoreRows(const SettlementRun *run)
{
	BulkInsert *bulk = BeginSettlementRows();

	for (int i = 0; i < run->count; i++)
	{
		const Settlement *settlement = &run->settlements[i];

		for (int j = 0; j < settlement->rowCount; j++)
			StoreSettlementRow(bulk, run->batch.company->companyId, settlement->document, &settlement->rows[j]);
	}
	EndBulkInsert(bulk);
}

void
StoreSettlements(SettlementRun *run)
{
	for (int i = 0; i < run->count; i++)
		HashText(run->batch.documents[i].key, (int) strlen(run->batch.documents[i].key), run->batch.documents[i].hash);
	ClaimKeys(&run->batch);
	if (run->set != NULL)
		MakeDimensionSets(&run->batch, run->set);
	StoreLines(&run->batch);
	StoreWarnings(&run->batch);
	if (run->set != NULL)
		StoreVouchers(&run->batch, run->set);
	StoreRows(run);
	StoreDiscountTaxes(run);
}

static void
PushRow(JsonbParseState **state, const SettlementRow *row)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonInteger(state, "settlement_id", row->settlementId);
	PushJsonInteger(state, "debit_open_item_id", row->debitItemId);
	PushJsonInteger(state, "credit_open_item_id", row->creditItemId);
	PushJsonFixed(state, "amount", row->amount, AMOUNT_SCALE);
	PushJsonFixed(state, "company_amount", row->companyAmount, AMOUNT_SCALE);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static JsonbValue *
PushSettlement(JsonbParseState **state, const Settlement *settlement)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonId(state, "document_id", settlement->document->documentId);
	PushJsonId(state, "voucher_id", settlement->document->voucherId);
	PushJsonId(state, "number", settlement->document->number);
	PushJsonText(state, WJB_KEY, "settlements");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < settlement->rowCount; i++)
		PushRow(state, &settlement->rows[i]);
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Datum
SettlementResult(const SettlementRun *run, bool single)
{
	JsonbParseState *state = NULL;
	JsonbValue *result = NULL;

	if (!single)
		(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < run->count; i++)
		result = PushSettlement(&state, &run->settlements[i]);
	if (!single)
		result = pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return PushedJson(result);
}
