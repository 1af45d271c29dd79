/*
 * Checks of one batch before anything is locked or written: every field of
 * every line.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/document.h"
#include "core/document_unit.h"

/* The role given, or the kind's default: a service item on a kind that sells services is a service. */
static void
CheckRole(DocumentBatch *batch, DocumentLine *line)
{
	const DocumentKindInfo *kind = line->document->kind;
	const char *name = line->fields[LINE_ROLE];

	line->role = RoleOfKind(kind, name);
	if (line->role == NULL)
	{
		ReportProblem(batch, line->document, line, "role", name, ERRCODE_ERP_INVALID_FIELD,
					  psprintf("documents of kind %s have no lines of this role", kind->name));
		return;
	}
	for (int i = 1; name == NULL && line->itemId != 0 && !line->isStock && i < kind->roleCount; i++)
	{
		if (strcmp(kind->roles[i]->name, "service") == 0)
			line->role = kind->roles[i];
	}
}

static void
CheckLineDecimals(DocumentBatch *batch, DocumentLine *line, LineField field, int128 value, int decimals)
{
	CheckDecimals(batch, line->document, line, LineFieldNames[field], line->fields[field], value, decimals);
}

/* The amount is quantity x price, rounded once; given beside them it must agree. */
static void
CheckAmountOfLine(DocumentBatch *batch, DocumentLine *line)
{
	int			decimals = line->document->currency->decimals;
	int128		product;
	bool		given = ReadLineNumber(batch, line, LINE_AMOUNT, AMOUNT_SCALE, AMOUNT_DIGITS, &line->amount);

	if (given)
		CheckLineDecimals(batch, line, LINE_AMOUNT, line->amount, decimals);
	if (!line->hasPrice || (line->role->valueSource == VALUE_AMENDED && line->role->direction == STOCK_NONE))
	{
		if (!given && ((line->role->valueSource == VALUE_AMOUNT && line->ownerId == 0) ||
					   (line->role->valueSource == VALUE_SOLD && line->fields[LINE_ORIGIN_KEY] == NULL) ||
					   (line->role->direction == STOCK_NONE && line->role->valueSource != VALUE_AMENDED)))
			ReportProblem(batch, line->document, line, "amount", NULL, ERRCODE_ERP_INVALID_FIELD,
						  "an amount, or a quantity and a price, is missing");
		return;
	}
	if (!line->hasQuantity)
	{
		ReportProblem(batch, line->document, line, "quantity", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "a price needs a quantity");
		return;
	}
	product = MultiplyRounded(line->quantity, QUANTITY_SCALE, line->unitPrice, PRICE_SCALE, decimals);
	if (!AmountFits(product))
		ReportProblem(batch, line->document, line, "price", line->fields[LINE_PRICE], ERRCODE_ERP_INVALID_FIELD,
					  "quantity x price is out of the range of amounts");
	else if (given && product != line->amount)
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_INVALID_FIELD,
					  "the amount is not quantity x price");
	line->amount = product;
}

static void
CheckNumbers(DocumentBatch *batch, DocumentLine *line)
{
	line->hasQuantity = ReadLineNumber(batch, line, LINE_QUANTITY, QUANTITY_SCALE, QUANTITY_DIGITS, &line->quantity);
	line->hasPrice = ReadLineNumber(batch, line, LINE_PRICE, PRICE_SCALE, PRICE_DIGITS, &line->unitPrice);
	line->hasCost = ReadLineNumber(batch, line, LINE_COST, AMOUNT_SCALE, AMOUNT_DIGITS, &line->cost);
	CheckUnit(batch, line);
	CheckAmountOfLine(batch, line);
	if (!ReadLineNumber(batch, line, LINE_SHARE, QUANTITY_SCALE, QUANTITY_DIGITS, &line->share) && line->role->valueSource == VALUE_SHARE)
		line->share = PowerOfTen(QUANTITY_SCALE);
	if (line->hasCost)
		CheckLineDecimals(batch, line, LINE_COST, line->cost, batch->company->currency->decimals);
	if (line->hasCost && line->cost < 0)
		ReportProblem(batch, line->document, line, "cost", line->fields[LINE_COST], ERRCODE_ERP_INVALID_FIELD,
					  "a cost is not negative");
}

/* Whether the line names a lot is what its item demands; a serial number is one piece. */
static void
CheckLot(DocumentBatch *batch, DocumentLine *line)
{
	const char *lot = line->fields[LINE_LOT];

	if (batch->drawsUp && lot == NULL)
		return;
	if ((lot != NULL) != (line->tracking != TRACK_NONE) && (lot != NULL || !TakesBroughtGoods(line)))
		ReportProblem(batch, line->document, line, "lot", lot, ERRCODE_ERP_LOT_REQUIRED,
					  line->tracking == TRACK_NONE ? "the item has no lots" :
					  line->tracking == TRACK_LOT ? "the item is tracked by lot: the lot is missing" :
					  "the item is tracked by serial number: the number is missing in \"lot\"");
	if (line->tracking == TRACK_SERIAL && line->hasQuantity && line->baseQuantity != PowerOfTen(QUANTITY_SCALE))
		ReportProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_SERIAL_TAKEN,
					  "a serial number is one piece");
	if (line->lotDays != NULL && line->role->direction != STOCK_IN && !line->role->carries)
		ReportProblem(batch, line->document, line, "lot_days", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "the days of a lot are given where it comes in");
}

/* What a line that moves stock, or bills it, must have. What could not be read or found is a problem of its own already. */
static void
CheckStockLine(DocumentBatch *batch, DocumentLine *line)
{
	bool		hasOrigin = line->fields[LINE_ORIGIN_KEY] != NULL;

	if (!line->isStock && (line->itemId != 0 || line->fields[LINE_ITEM] == NULL))
		ReportProblem(batch, line->document, line, "item", line->fields[LINE_ITEM], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s needs an item of kind stock", line->role->name));
	if (line->itemId != 0 && line->role->direction != STOCK_NONE)
		CheckLot(batch, line);
	if (line->itemId != 0)
		CheckSecondQuantity(batch, line);
	if (line->hasQuantity ? line->quantity <= 0 : line->fields[LINE_QUANTITY] == NULL)
		ReportProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_INVALID_FIELD,
					  "a quantity above zero is expected: the role gives the direction");
	if (line->role->valueSource == VALUE_GIVEN && !line->hasCost && line->ownerId == 0)
		ReportProblem(batch, line->document, line, "cost", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "the cost of what comes in is missing");
	if (line->role->valueSource == VALUE_ORIGIN && line->hasCost == hasOrigin)
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_INVALID_FIELD,
					  "a return names either its origin or its cost");
	if (line->ownerId != 0 && !line->role->carries && ((line->hasCost && line->cost != 0) || (line->role->valueSource == VALUE_AMOUNT && line->amount != 0)))
		ReportProblem(batch, line->document, line, "owner", line->fields[LINE_OWNER], ERRCODE_ERP_STOCK_OF_OTHERS,
					  "goods that belong to others have no value here");
	if (line->role->valueSource == VALUE_SHARE && line->share <= 0)
		ReportProblem(batch, line->document, line, "share", line->fields[LINE_SHARE], ERRCODE_ERP_INVALID_FIELD,
					  "a share above zero is expected");
	if ((line->role->valueSource == VALUE_AMOUNT || IsOfCutOff(line->role)) && line->amount < 0)
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("the amount of a line of role %s is not negative", line->role->name));
}

/* Whether the line may name a line of an earlier document. */
static bool
NamesOrigin(const DocumentLine *line)
{
	ValueSource source = line->role->valueSource;

	return ReturnsGoods(line->role) || source == VALUE_SPREAD || *KindsToName(line->document->kind, line->role) != NULL;
}

/* It is a line of the voucher and nothing beside: what that has no place for would be lost. */
static void
CheckEntry(DocumentBatch *batch, DocumentLine *line)
{
	static const LineField others[] = {LINE_ITEM, LINE_QUANTITY, LINE_PRICE, LINE_UNIT, LINE_SECOND_QUANTITY};

	for (int i = 0; i < (int) lengthof(others); i++)
	{
		if (line->fields[others[i]] != NULL)
			ReportProblem(batch, line->document, line, LineFieldNames[others[i]], line->fields[others[i]], ERRCODE_ERP_INVALID_FIELD,
						  "an entry of a manual voucher is an account, a side and an amount");
	}
	if (line->amount == 0)
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_INVALID_FIELD,
					  "an entry is of some amount");
}

static void
CheckUnusedFields(DocumentBatch *batch, DocumentLine *line)
{
	bool		wantsCost = line->role->valueSource == VALUE_GIVEN || line->role->valueSource == VALUE_ORIGIN ||
		line->role->carries;

	if (line->hasCost && !wantsCost)
		ReportProblem(batch, line->document, line, "cost", line->fields[LINE_COST], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s takes no cost: the engine finds it", line->role->name));
	if (line->fields[LINE_SHARE] != NULL && line->role->valueSource != VALUE_SHARE)
		ReportProblem(batch, line->document, line, "share", line->fields[LINE_SHARE], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s is no product", line->role->name));
	if (line->fields[LINE_ORIGIN_KEY] != NULL && !NamesOrigin(line))
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s has no origin", line->role->name));
	if (line->fields[LINE_ORIGIN_KEY] == NULL && ChangesReceipt(line->role))
		ReportProblem(batch, line->document, line, "origin", NULL, ERRCODE_ERP_INVALID_FIELD, "the line of the receipt is missing");
	if (line->fields[LINE_ORIGIN_KEY] == NULL && line->role->fulfils)
		ReportProblem(batch, line->document, line, "origin", NULL, ERRCODE_ERP_NO_ORIGIN,
					  psprintf("a line of role %s names the line that it fulfils", line->role->name));
	if ((line->fields[LINE_ORIGIN_KEY] == NULL) != (line->fields[LINE_ORIGIN_LINE] == NULL))
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_INVALID_FIELD,
					  "an origin has both a key and a line");
	for (LineField i = LINE_TO_WAREHOUSE; i <= LINE_TO_OWNER && (!line->role->carries || line->role->fulfils); i++)
	{
		if (line->fields[i] != NULL)
			ReportProblem(batch, line->document, line, LineFieldNames[i], line->fields[i], ERRCODE_ERP_INVALID_FIELD,
						  psprintf("a line of role %s does not say where goods come to so", line->role->name));
	}
	for (LineField i = LINE_LOCATION; i <= LINE_OWNER && line->role->direction == STOCK_NONE; i++)
	{
		if (line->fields[i] != NULL)
			ReportProblem(batch, line->document, line, LineFieldNames[i], line->fields[i], ERRCODE_ERP_INVALID_FIELD,
						  psprintf("a line of role %s moves no stock", line->role->name));
	}
	if (line->document->kind->totalSign == 0 && line->amount != 0 && line->role->direction != STOCK_NONE)
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("documents of kind %s have no price", line->document->kind->name));
}

/* A line that adds to the cost of receipts names one as its origin, or some, and by what its amount is spread over them. */
static void
CheckReceipts(DocumentBatch *batch, DocumentLine *line)
{
	static const char *const bases[] = {"quantity", "value", "weight", "volume", "equal"};
	const char *basis = line->fields[LINE_BASIS];
	bool		known = basis == NULL;

	if (line->role->valueSource != VALUE_SPREAD)
	{
		if (line->receipts != NULL || basis != NULL)
			ReportProblem(batch, line->document, line, basis != NULL ? "basis" : "receipts", basis, ERRCODE_ERP_INVALID_FIELD,
						  psprintf("a line of role %s is not spread over receipts", line->role->name));
		return;
	}
	for (int i = 0; i < (int) lengthof(bases) && !known; i++)
		known = strcmp(basis, bases[i]) == 0;
	if (!known)
		ReportProblem(batch, line->document, line, "basis", basis, ERRCODE_ERP_INVALID_FIELD,
					  "quantity, value, weight, volume or equal is expected");
	if ((line->fields[LINE_ORIGIN_KEY] == NULL) == (line->receipts == NULL))
		ReportProblem(batch, line->document, line, "receipts", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "a line of this role names one receipt as its origin, or several in \"receipts\"");
	else if (line->receipts != NULL && (line->receipts->kind != JSON_ARRAY || line->receipts->count == 0))
		ReportProblem(batch, line->document, line, "receipts", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "an array of objects with key and line is expected");
}

/* The kind or the role says which way money goes, and what is carried. */
static void
CheckDirected(DocumentBatch *batch, DocumentLine *line)
{
	if (line->role->needsParty && (line->party.partyId == 0 || (IsTransfer(line) && !line->role->fulfils && line->document->party.partyId == 0)))
		ReportProblem(batch, line->document, line, "party", line->fields[LINE_PARTY], ERRCODE_ERP_INVALID_FIELD,
					  "a party is missing, of the document or of the line");
	if ((IsMoney(line) || IsTransfer(line)) && line->amount <= 0)
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s needs an amount above zero", line->role->name));
}

static void
CheckTaxCode(DocumentBatch *batch, DocumentLine *line)
{
	Document   *document = line->document;
	const char *code = line->fields[LINE_TAX_CODE];
	int128		rate;

	if (code == NULL && !line->role->isRounding)
		code = document->fields[HEADER_TAX_CODE];

	if (code == NULL || code[0] == '\0')
		return;
	line->taxCode = FindTaxCode(batch->company->companyId, code);
	if (line->taxCode == NULL)
		ReportProblem(batch, document, line, "tax_code", code, ERRCODE_ERP_UNKNOWN_CODE, "unknown tax code");
	else if (line->role->valueSource == VALUE_SOLD || line->role->valueSource == VALUE_UNSOLD)
		ReportProblem(batch, document, line, "tax_code", code, ERRCODE_ERP_INVALID_FIELD,
					  "tax comes with the invoice");
	else if (document->kind->totalSign == 0 || line->role->namesAccount)
		ReportProblem(batch, document, line, "tax_code", code, ERRCODE_ERP_INVALID_FIELD,
					  psprintf("documents of kind %s have no tax", document->kind->name));
	else if (line->role->isRounding)
		ReportProblem(batch, document, line, "tax_code", code, ERRCODE_ERP_INVALID_FIELD, "what rounds a total has no tax");
	else if (!TaxRateOn(line->taxCode, document->day, &rate))
		ReportProblem(batch, document, line, "tax_code", code, ERRCODE_ERP_NO_TAX_RATE,
					  "the tax code has no rate on the day of the document");
}

void
CheckLines(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		CHECK_FOR_INTERRUPTS();
		if (document->repeated || document->kind == NULL || document->kind->roleCount == 0 || document->currency == NULL)
			continue;
		for (int j = 0; j < document->lineCount; j++)
		{
			DocumentLine *line = &document->lines[j];

			CheckRole(batch, line);
			if (line->role == NULL)
				continue;
			CheckNumbers(batch, line);
			if (line->role->direction != STOCK_NONE || line->role->valueSource == VALUE_BILL || line->role->valueSource == VALUE_INVOICE)
				CheckStockLine(batch, line);
			CheckUnusedFields(batch, line);
			if (IsEntry(line))
				CheckEntry(batch, line);
			CheckReceipts(batch, line);
			CheckDirected(batch, line);
			CheckTaxCode(batch, line);
			CheckReferences(batch, line);
		}
		TakePrices(batch, document);
	}
}
