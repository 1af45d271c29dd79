#include "postgres.h"

#include "miscadmin.h"

#include "core/code_map.h"
#include "inventory/named_line.h"

/* What amendments of receipts come to: by the receipt's own price unless they say another. */

static void
ReportField(DocumentBatch *batch, DocumentLine *line, LineField field, const char *reason)
{
	ReportProblem(batch, line->document, line, LineFieldNames[field], line->fields[field], ERRCODE_ERP_INVALID_FIELD, reason);
}

/* More came than was received: at the amount given, else at the receipt's price. */
static void
AmendMore(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;

	if (line->hasPrice || line->fields[LINE_AMOUNT] != NULL)
	{
		if (line->amount < 0)
			ReportField(batch, line, LINE_AMOUNT, "a receipt's amount is not negative");
	}
	else if (named->quantity <= 0)
		ReportField(batch, line, LINE_AMOUNT, "nothing is left of the receipt that has a price: give an amount");
	else
		line->amount = ShareRounded(named->amount, line->baseQuantity, named->quantity, line->document->currency->decimals);
}

/* Less came: what did not goes at the receipt's price. */
static void
AmendLess(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;

	if (line->hasPrice || line->fields[LINE_AMOUNT] != NULL)
		ReportField(batch, line, line->hasPrice ? LINE_PRICE : LINE_AMOUNT, "what did not come had the receipt's price: give the quantity alone");
	else if (line->baseQuantity > named->quantity)
		ReportField(batch, line, LINE_QUANTITY, "the receipt did not bring so much");
	else
		line->amount = NegateExact(ShareRounded(named->amount, line->baseQuantity, named->quantity, line->document->currency->decimals));
}

/* The price was another: of one unit, or by how much the whole differs. */
static void
AmendPrice(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;
	int128		right;

	if (line->hasQuantity)
		ReportField(batch, line, LINE_QUANTITY, "a line of role repriced has no quantity: it is of all that came");
	if (line->hasPrice == (line->fields[LINE_AMOUNT] != NULL))
		ReportField(batch, line, LINE_PRICE, "either the right price or the difference as an amount is expected");
	if (!line->hasPrice)
		return;
	right = MultiplyRounded(named->quantity, QUANTITY_SCALE, line->unitPrice, PRICE_SCALE, line->document->currency->decimals);
	if (right < 0 || !AmountFits(right))
		ReportField(batch, line, LINE_PRICE, "quantity x price is out of the range of amounts");
	else
		line->amount = SubtractExact(right, named->amount);
}

/* What goes back to the supplier is owed by him at the receipt's price, whatever its goods cost by now. */
static void
SendBack(DocumentBatch *batch, DocumentLine *line)
{
	char		text[FIXED_TEXT_MAX];

	if (line->baseQuantity <= line->named->quantity)
	{
		AmendLess(batch, line);
		return;
	}
	FormatFixed(Max(line->named->quantity, 0), QUANTITY_SCALE, text);
	ReportProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_OVER_SENT_BACK,
				  psprintf("%s of what the receipt brought has not gone back", text));
}

static void
AmendLine(DocumentBatch *batch, DocumentLine *line)
{
	if (line->role->direction == STOCK_NONE)
	{
		AmendPrice(batch, line);
		return;
	}
	line->linkQuantity = line->role->direction == STOCK_IN ? line->baseQuantity : NegateExact(line->baseQuantity);
	if (line->role->direction == STOCK_IN)
		AmendMore(batch, line);
	else if (line->role->valueSource == VALUE_RETURNED)
		SendBack(batch, line);
	else
		AmendLess(batch, line);
}

/* Lines of the batch that change a receipt. */
static LineList
CollectChanging(DocumentBatch *batch)
{
	LineList	lines = {0};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
		{
			DocumentLine *line = &document->lines[j];

			if (line->named != NULL && ChangesReceipt(line->role))
				AppendLine(&lines, line);
		}
	}
	return lines;
}

/* What the line leaves of the receipt for those after it. */
static void
CountLine(const DocumentBatch *batch, const DocumentLine *line)
{
	NamedLine  *named = line->named;

	if (batch->leavesOut && line->linkQuantity < 0)
		return;
	named->quantity = AddExact(named->quantity, line->linkQuantity);
	named->amount = AddExact(named->amount, line->amount);
}

/* Of several lines of a call that change one line of a receipt, each finds what those before it have left. */
void
AmendAmounts(DocumentBatch *batch)
{
	LineList	lines = CollectChanging(batch);
	CodeMap    *receipts = CreateCodeMap();
	NamedLine **latest = palloc(sizeof(NamedLine *) * Max(lines.count, 1));

	for (int i = 0; i < lines.count; i++)
	{
		DocumentLine *line = lines.lines[i];
		NamedLine  *named = line->named;
		int			before = CodeCount(receipts);
		int			number = CodeNumber(receipts, psprintf(INT64_FORMAT " %d", named->documentId, line->originLineNo));

		CHECK_FOR_INTERRUPTS();
		if (number < before)
		{
			named->quantity = latest[number]->quantity;
			named->amount = latest[number]->amount;
		}
		AmendLine(batch, line);
		CountLine(batch, line);
		latest[number] = named;
	}
	pfree(latest);
}
