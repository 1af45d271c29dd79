#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "core/plan_cache.h"
#include "ledger/posting.h"

/* What the names of a rule's expressions stand for in one document. */

/* Of the party of a document that the engine makes, only the id is known. */
static KeptPlan partyPlan = {
	.query = "SELECT code, country FROM erp.party WHERE company_id = $1 AND party_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

const CurrencyInfo *
EmissionCurrency(const VoucherBuilder *builder, const Emission *emission)
{
	return emission->currency != NULL ? emission->currency : builder->batch->company->currency;
}

static const DocumentTax *
TaxOf(const Document *document, int32 taxCodeId)
{
	for (int i = 0; i < document->taxCount; i++)
	{
		if (document->taxes[i].taxCode->taxCodeId == taxCodeId)
			return &document->taxes[i];
	}
	return NULL;
}

static void
ReadDocumentNumbers(const Emission *emission, Ratio *numbers)
{
	const Document *document = emission->document;
	const DocumentTax *tax = emission->amountRole == AMOUNT_TAX ? TaxOf(document, emission->taxCodeId) : NULL;
	int128		taxes = 0;

	for (int i = 0; i < document->taxCount; i++)
		taxes = AddExact(taxes, document->taxes[i].taxAmount);
	numbers[NAME_NET] = RatioOf(SubtractExact(document->total, taxes), AMOUNT_SCALE);
	numbers[NAME_TAXES] = RatioOf(taxes, AMOUNT_SCALE);
	numbers[NAME_TOTAL] = RatioOf(document->total, AMOUNT_SCALE);
	/* A document that the engine makes is in the company's currency. */
	numbers[NAME_RATE] = RatioOf(document->rate == 0 ? PowerOfTen(RATE_SCALE) : document->rate, RATE_SCALE);
	numbers[NAME_TAX] = RatioOf(tax == NULL ? 0 : tax->taxAmount, AMOUNT_SCALE);
	numbers[NAME_BASE] = RatioOf(tax == NULL ? 0 : tax->baseAmount, AMOUNT_SCALE);
}

static void
ReadLineNumbers(const Emission *emission, Ratio *numbers)
{
	const DocumentLine *line = emission->line;
	bool		isValue = emission->amountRole == AMOUNT_INVENTORY || emission->amountRole == AMOUNT_COST ||
		emission->amountRole == AMOUNT_PRICE_VARIANCE || emission->amountRole == AMOUNT_USAGE_VARIANCE ||
		emission->amountRole == AMOUNT_USAGE || emission->amountRole == AMOUNT_UNBILLED ||
		emission->amountRole == AMOUNT_REVENUE || emission->amountRole == AMOUNT_EXCHANGE || emission->amountRole == AMOUNT_SHIPPED;

	/* What a settlement posts is the amount that it emits. */
	numbers[NAME_AMOUNT] = RatioOf(isValue ? line->amount : MultiplyExact(emission->amount, emission->direction), AMOUNT_SCALE);
	numbers[NAME_QUANTITY] = RatioOf(line->baseQuantity, QUANTITY_SCALE);
	numbers[NAME_PRICE] = RatioOf(line->unitPrice, PRICE_SCALE);
	numbers[NAME_INVENTORY] = RatioOf(line->moveValue, AMOUNT_SCALE);
	numbers[NAME_COST] = RatioOf(NegateExact(line->moveValue), AMOUNT_SCALE);
}

static void
ReadParty(const VoucherBuilder *builder, const Emission *emission, const char **texts)
{
	const PartyInfo *party = emission->party != NULL ? emission->party : &emission->document->party;
	Datum		values[2] = {Int32GetDatum(builder->batch->company->companyId), Int32GetDatum(party->partyId)};
	PlanResult	result = KeepPlanResult();
	bool		found = RunPlan(&partyPlan, values, NULL) > 0;

	texts[ATTRIBUTE_PARTY] = found ? TextDatumGetCString(PlanValue(0, 1)) : "";
	texts[ATTRIBUTE_COUNTRY] = found ? TextDatumGetCString(PlanValue(0, 2)) : "";
	RestorePlanResult(result);
}

static const char *
TextOrEmpty(const char *text)
{
	return text == NULL ? "" : text;
}

static const char *
WarehouseOf(const DocumentLine *line)
{
	if (line->warehouseId == 0)
		return "";
	if (line->fields[LINE_WAREHOUSE] != NULL)
		return line->fields[LINE_WAREHOUSE];
	return line->document->fields[HEADER_WAREHOUSE] != NULL ? line->document->fields[HEADER_WAREHOUSE] : DEFAULT_WAREHOUSE;
}

static void
ReadTexts(const VoucherBuilder *builder, const Emission *emission, const char **texts)
{
	const Document *document = emission->document;
	const DocumentLine *line = emission->line;
	const PartyInfo *party = emission->party != NULL ? emission->party : &document->party;
	const TaxCodeInfo *taxCode = line != NULL ? line->taxCode : FindTaxCodeById(builder->batch->company->companyId, emission->taxCodeId);

	texts[ATTRIBUTE_KIND] = document->kind->name;
	texts[ATTRIBUTE_REFERENCE] = TextOrEmpty(document->reference);
	texts[ATTRIBUTE_CURRENCY] = EmissionCurrency(builder, emission)->code;
	texts[ATTRIBUTE_PARTY_GROUP] = MasterTextOf(party->groupNumber);
	texts[ATTRIBUTE_LINE_ROLE] = line == NULL ? "document" : line->role->name;
	texts[ATTRIBUTE_ITEM] = line == NULL ? "" : TextOrEmpty(line->fields[LINE_ITEM]);
	texts[ATTRIBUTE_ITEM_GROUP] = MasterTextOf(line == NULL ? 0 : line->itemGroup);
	texts[ATTRIBUTE_WAREHOUSE] = line == NULL ? "" : WarehouseOf(line);
	texts[ATTRIBUTE_TAX_CODE] = taxCode == NULL ? "" : taxCode->code;
}

void
ReadRuleValues(const VoucherBuilder *builder, const Emission *emission, unsigned names, unsigned attributes, ExpressionInput *input)
{
	memset(input, 0, sizeof(ExpressionInput));
	input->decimals = EmissionCurrency(builder, emission)->decimals;
	if (names != 0)
	{
		ReadDocumentNumbers(emission, input->numbers);
		if (emission->line != NULL)
			ReadLineNumbers(emission, input->numbers);
	}
	if (attributes != 0)
		ReadTexts(builder, emission, input->texts);
	if ((attributes & (1u << ATTRIBUTE_PARTY | 1u << ATTRIBUTE_COUNTRY)) != 0)
		ReadParty(builder, emission, input->texts);
}

const char *
RuleValuesText(const ExpressionInput *input, unsigned names, unsigned attributes)
{
	StringInfoData text;
	const char *separator = "{";

	initStringInfo(&text);
	for (int i = 0; i < EXPRESSION_NAME_COUNT; i++)
	{
		char		number[FIXED_TEXT_MAX];
		int128		value;

		/* No name has more decimals than a rate. */
		if ((names & (1u << i)) == 0 || !RatioRound(input->numbers[i], RATE_SCALE, &value))
			continue;
		FormatFixed(value, RATE_SCALE, number);
		appendStringInfo(&text, "%s\"%s\": %s", separator, ExpressionNames[i], number);
		separator = ", ";
	}
	for (int i = 0; i < EXPRESSION_ATTRIBUTE_COUNT; i++)
	{
		if ((attributes & (1u << i)) == 0)
			continue;
		appendStringInfo(&text, "%s\"%s\": ", separator, ExpressionAttributes[i]);
		escape_json(&text, input->texts[i]);
		separator = ", ";
	}
	appendStringInfoString(&text, text.len == 0 ? "{}" : "}");
	return text.data;
}
