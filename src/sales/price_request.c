#include "postgres.h"

#include "core/errors.h"
#include "ledger/settlement.h"
#include "sales/price.h"

#define PRICE_LINES_MAX 10000
#define CODE_MAX 200

static const char *
ReadCode(const JsonNode *node)
{
	if (node->kind != JSON_STRING || node->length == 0 || node->length > CODE_MAX)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "a text of 1 to 200 bytes is expected");
	return node->text;
}

static bool
ReadTruth(const JsonNode *node)
{
	if (node->kind != JSON_BOOLEAN)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "true or false is expected");
	return node->boolean;
}

/* A number that is not below zero; `what` it should be completes the error. */
static int128
ReadFixed(const JsonNode *node, int scale, int digits, const char *what)
{
	int128		value;

	if ((node->kind != JSON_NUMBER_TEXT && node->kind != JSON_STRING) ||
		ParseFixed(node->text, node->length, scale, digits, &value) != FIXED_OK || value < 0)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, psprintf("%s is expected", what));
	return value;
}

static int128
ReadPercent(const JsonNode *node)
{
	const char *what = "a percentage from 0 to 100, of at most 4 decimals,";
	int128		value = ReadFixed(node, PERCENT_SCALE, PERCENT_DIGITS, what);

	if (value > MultiplyExact(100, PowerOfTen(PERCENT_SCALE)))
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, psprintf("%s is expected", what));
	return value;
}

static void
ReadLineMember(PriceLine *line, const JsonNode *member)
{
	if (member->kind == JSON_NULL_VALUE)
		return;
	if (strcmp(member->name, "item") == 0)
		line->itemCode = ReadCode(member);
	else if (strcmp(member->name, "quantity") == 0)
		line->quantity = ReadFixed(member, QUANTITY_SCALE, QUANTITY_DIGITS, "a quantity above zero, of at most 12 digits and 6 decimals,");
	else if (strcmp(member->name, "unit") == 0)
		line->unitCode = ReadCode(member);
	else if (strcmp(member->name, "tax_code") == 0)
		line->taxCodeText = ReadCode(member);
	else if (strcmp(member->name, "tax_included") == 0)
		line->taxIncluded = ReadTruth(member);
	else if (strcmp(member->name, "price") == 0)
	{
		line->unitPrice = ReadFixed(member, PRICE_SCALE, PRICE_DIGITS, "a price of at most 10 digits and 8 decimals");
		line->priceGiven = true;
	}
	else if (strcmp(member->name, "discount") == 0)
	{
		line->discount = ReadPercent(member);
		line->discountGiven = true;
	}
	else
		RefuseMember(member->parent, member->name, "is not known here");
}

void
ReadPriceLines(PriceRun *run, const JsonNode *lines)
{
	if (lines->kind != JSON_ARRAY || lines->count == 0 || lines->count > PRICE_LINES_MAX)
		RefuseNode(lines, ERRCODE_ERP_INVALID_FIELD, psprintf("an array of 1 to %d lines is expected", PRICE_LINES_MAX));
	run->lines = palloc0(sizeof(PriceLine) * lines->count);
	for (const JsonNode *node = lines->first; node != NULL; node = node->next)
	{
		PriceLine  *line = &run->lines[run->lineCount++];

		if (node->kind != JSON_OBJECT)
			RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an object is expected");
		line->node = node;
		line->number = run->lineCount;
		line->taxIncluded = run->taxIncluded == 1;
		for (const JsonNode *member = node->first; member != NULL; member = member->next)
			ReadLineMember(line, member);
		if (line->itemCode == NULL)
			RefuseMember(node, "item", "is missing");
		if (line->quantity == 0)
			RefuseMember(node, "quantity", "is missing or zero");
	}
}

static void
ReadOption(PriceRun *run, const JsonNode *member)
{
	if (strcmp(member->name, "tax_code") == 0)
		run->taxCodeText = ReadCode(member);
	else if (strcmp(member->name, "tax_included") == 0)
		run->taxIncluded = ReadTruth(member);
	else if (strcmp(member->name, "document") == 0)
		run->document = ReadCode(member);
	else if (strcmp(member->name, "discount") == 0)
		run->discount = ReadPercent(member);
	else if (strcmp(member->name, "discount_amount") == 0)
		run->discountAmount = ReadFixed(member, AMOUNT_SCALE, AMOUNT_DIGITS, "an amount of at most 15 digits and 4 decimals");
	else if (strcmp(member->name, "promotions") == 0)
		run->codes = member;
	else if (strcmp(member->name, "currency") != 0)
		RefuseMember(member->parent, member->name, "is not known here");
}

static void
CheckOptions(const PriceRun *run, const JsonNode *options)
{
	if (run->discount != 0 && run->discountAmount != 0)
		RefuseMember(options, "discount_amount", "stands beside \"discount\"");
	if (RoundAmount(run->discountAmount, AMOUNT_SCALE, run->currency->decimals) != run->discountAmount)
		RefuseMember(options, "discount_amount", "has more decimals than the currency");
	if (run->codes == NULL)
		return;
	if (run->codes->kind != JSON_ARRAY)
		RefuseNode(run->codes, ERRCODE_ERP_INVALID_FIELD, "an array of codes is expected");
	for (const JsonNode *code = run->codes->first; code != NULL; code = code->next)
		(void) ReadCode(code);
}

void
ReadPriceOptions(PriceRun *run, const JsonNode *options)
{
	run->taxIncluded = -1;
	run->document = "";
	if (options == NULL || options->kind == JSON_NULL_VALUE)
		return;
	if (options->kind != JSON_OBJECT)
		RefuseNode(options, ERRCODE_ERP_INVALID_FIELD, "an object is expected");
	for (const JsonNode *member = options->first; member != NULL; member = member->next)
	{
		if (member->kind != JSON_NULL_VALUE)
			ReadOption(run, member);
	}
	CheckOptions(run, options);
}
