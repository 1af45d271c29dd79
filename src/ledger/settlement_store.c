#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/bulk_insert.h"
#include "core/hash.h"
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
AppendRow(StringInfo text, const SettlementRow *row)
{
	char		amount[FIXED_TEXT_MAX];
	char		companyAmount[FIXED_TEXT_MAX];

	FormatFixed(row->amount, AMOUNT_SCALE, amount);
	FormatFixed(row->companyAmount, AMOUNT_SCALE, companyAmount);
	appendStringInfo(text, "{\"settlement_id\": " INT64_FORMAT ", \"debit_open_item_id\": " INT64_FORMAT
					 ", \"credit_open_item_id\": " INT64_FORMAT ", \"amount\": %s, \"company_amount\": %s}",
					 row->settlementId, row->debitItemId, row->creditItemId, amount, companyAmount);
}

static char *
IdOrNull(int64 id)
{
	return id == 0 ? "null" : psprintf(INT64_FORMAT, id);
}

static void
AppendSettlement(StringInfo text, const Settlement *settlement)
{
	appendStringInfo(text, "{\"document_id\": %s, \"voucher_id\": %s, \"number\": %s, \"settlements\": [",
					 IdOrNull(settlement->document->documentId), IdOrNull(settlement->document->voucherId),
					 IdOrNull(settlement->document->number));
	for (int i = 0; i < settlement->rowCount; i++)
	{
		if (i > 0)
			appendStringInfoString(text, ", ");
		AppendRow(text, &settlement->rows[i]);
	}
	appendStringInfoString(text, "]}");
}

Datum
SettlementResult(const SettlementRun *run, bool single)
{
	StringInfoData text;

	initStringInfo(&text);
	if (!single)
		appendStringInfoChar(&text, '[');
	for (int i = 0; i < run->count; i++)
	{
		if (i > 0)
			appendStringInfoString(&text, ", ");
		AppendSettlement(&text, &run->settlements[i]);
	}
	if (!single)
		appendStringInfoChar(&text, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}
