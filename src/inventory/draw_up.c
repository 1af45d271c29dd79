/*
 * What a document would be that is not posted: an order and a quote have the
 * amounts and taxes that the invoice will have, checked as that will be.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/company_call.h"
#include "core/json_push.h"
#include "inventory/inventory.h"

/* No request can have it. */
#define DRAWN_KEY "\001draw up"

PG_FUNCTION_INFO_V1(erp_draw_up);

static void
PushText(JsonbParseState **state, const char *name, const char *text)
{
	PushJsonText(state, WJB_KEY, name);
	PushJsonText(state, WJB_VALUE, text);
}

static void
PushLine(JsonbParseState **state, const DocumentLine *line)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonInteger(state, "line_no", line->lineNo);
	PushText(state, "line_role", line->role->name);
	PushJsonInteger(state, "item_id", line->itemId);
	PushJsonInteger(state, "warehouse_id", line->warehouseId);
	PushJsonInteger(state, "unit_id", line->unitId);
	PushJsonInteger(state, "moves_stock", line->role->direction == STOCK_OUT && line->isStock);
	PushJsonInteger(state, "tax_code_id", line->taxCode == NULL ? 0 : line->taxCode->taxCodeId);
	PushJsonFixed(state, "entered_quantity", line->quantity, QUANTITY_SCALE);
	PushJsonFixed(state, "quantity", line->hasQuantity ? line->baseQuantity : 0, QUANTITY_SCALE);
	PushJsonFixed(state, "second_quantity", line->secondQuantity, QUANTITY_SCALE);
	PushJsonFixed(state, "unit_price", line->unitPrice, PRICE_SCALE);
	PushJsonFixed(state, "amount", line->amount, AMOUNT_SCALE);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
PushTax(JsonbParseState **state, const DocumentTax *tax)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonInteger(state, "tax_code_id", tax->taxCode->taxCodeId);
	PushJsonFixed(state, "rate", tax->rate, RATE_SCALE);
	PushJsonFixed(state, "base", tax->baseAmount, AMOUNT_SCALE);
	PushJsonFixed(state, "tax", tax->taxAmount, AMOUNT_SCALE);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static Datum
DrawnDocument(const Document *document)
{
	JsonbParseState *state = NULL;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushJsonInteger(&state, "party_id", document->party.partyId);
	PushJsonInteger(&state, "currency_id", document->currency->currencyId);
	PushJsonFixed(&state, "rate", document->rate, RATE_SCALE);
	PushJsonFixed(&state, "total", document->total, AMOUNT_SCALE);
	PushJsonFixed(&state, "company_total", document->companyTotal, AMOUNT_SCALE);
	PushJsonText(&state, WJB_KEY, "lines");
	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < document->lineCount; i++)
		PushLine(&state, &document->lines[i]);
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	PushJsonText(&state, WJB_KEY, "taxes");
	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < document->taxCount; i++)
		PushTax(&state, &document->taxes[i]);
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* erp_private.draw_up(company, document json): a document without a key, checked and computed as erp.post_document() would. */
Datum
erp_draw_up(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	DocumentBatch batch = {.checkOnly = true, .isTrial = true, .drawsUp = true};
	EngineScope scope;

	BeginEngine(&scope);
	PlanByIndexes();
	batch.company = OpenCompany(TextDatumGetCString(PG_GETARG_DATUM(0)));
	ReadDocuments(&batch, ParseJsonDatum(PG_GETARG_DATUM(1)));
	batch.documents[0].fields[HEADER_KEY] = DRAWN_KEY;
	CheckBatch(&batch);
	return FinishCall(&scope, caller, DrawnDocument(&batch.documents[0]));
}
