#include "postgres.h"

#include "core/document_unit.h"

bool
ReadNumber(DocumentBatch *batch, Document *document, DocumentLine *line, const char *field, const char *text, int scale, int digits,
		   int128 *value)
{
	const char *reason;

	if (text == NULL)
		return false;
	switch (ParseFixed(text, (int) strlen(text), scale, digits, value))
	{
		case FIXED_OK:
			return true;
		case FIXED_SYNTAX:
			reason = "a decimal number is expected";
			break;
		case FIXED_TOO_PRECISE:
			reason = psprintf("more than %d decimals", scale);
			break;
		default:
			reason = psprintf("more than %d digits before the point", digits - scale);
			break;
	}
	ReportProblem(batch, document, line, field, text, ERRCODE_ERP_INVALID_FIELD, reason);
	return false;
}

bool
ReadLineNumber(DocumentBatch *batch, DocumentLine *line, LineField field, int scale, int digits, int128 *value)
{
	return ReadNumber(batch, line->document, line, LineFieldNames[field], line->fields[field], scale, digits, value);
}

void
CheckDecimals(DocumentBatch *batch, Document *document, DocumentLine *line, const char *field, const char *text, int128 value, int decimals)
{
	if (value % PowerOfTen(AMOUNT_SCALE - decimals) != 0)
		ReportProblem(batch, document, line, field, text, ERRCODE_ERP_INVALID_FIELD, psprintf("the currency has %d decimals", decimals));
}

void
CheckUnit(DocumentBatch *batch, DocumentLine *line)
{
	const char *unit = line->fields[LINE_UNIT];
	ScaleStatus status = SCALE_EXACT;

	line->baseQuantity = line->quantity;
	if (unit != NULL && line->fields[LINE_ITEM] == NULL)
		ReportProblem(batch, line->document, line, "unit", unit, ERRCODE_ERP_INVALID_FIELD, "only a line of an item has a unit");
	if (line->unitRatio.denominator != 0)
		status = RatioScale(line->quantity, line->unitRatio, &line->baseQuantity);
	if (status == SCALE_INEXACT)
		ReportProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_INEXACT_QUANTITY,
					  psprintf("the quantity in unit \"%s\" is no quantity of %d decimals in the item's unit", unit, QUANTITY_SCALE));
	else if (status == SCALE_OVERFLOW || !QuantityFits(line->baseQuantity))
		ReportProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("more than %d digits before the point in the item's unit", QUANTITY_DIGITS - QUANTITY_SCALE));
}

void
CheckSecondQuantity(DocumentBatch *batch, DocumentLine *line)
{
	const char *text = line->fields[LINE_SECOND_QUANTITY];
	bool		wanted = line->secondUnitId != 0 && line->role->direction != STOCK_NONE && line->role->direction != STOCK_VALUE;

	if (batch->drawsUp && text == NULL)
		return;
	if (wanted != (text != NULL))
		ReportProblem(batch, line->document, line, "second_quantity", text, ERRCODE_ERP_SECOND_QUANTITY,
					  wanted ? "the item has a second unit: the quantity in it is missing" : "only a line that moves an item with a second unit has one");
	else if (wanted && ReadLineNumber(batch, line, LINE_SECOND_QUANTITY, QUANTITY_SCALE, QUANTITY_DIGITS, &line->secondQuantity) &&
			 line->secondQuantity <= 0)
		ReportProblem(batch, line->document, line, "second_quantity", text, ERRCODE_ERP_INVALID_FIELD,
					  "a quantity above zero is expected: the role gives the direction");
}
