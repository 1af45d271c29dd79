/*
 * Lines of goods that are sold when they are shipped and billed apart: an
 * invoice bills a shipment or comes ahead of it, a shipment fulfils an invoice,
 * goods come back before they are billed. What each has of the line that it
 * names is its share of what is open of that, so that the last one clears the rest.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "inventory/brought_goods.h"
#include "inventory/named_line.h"

/* What lines before this one, of the same call, have used of what it names. */
void
AddEarlier(const DocumentBatch *batch, DocumentLine *const *lines, int number)
{
	NamedLine  *named = lines[number]->named;

	for (int i = 0; i < number; i++)
	{
		if (lines[i]->named->documentId != named->documentId || lines[i]->originLineNo != lines[number]->originLineNo ||
			(batch->leavesOut && lines[i]->document != lines[number]->document))
			continue;
		if (lines[i]->role->valueSource == VALUE_UNSOLD)
		{
			named->quantity = AddExact(named->quantity, lines[i]->linkQuantity);
			named->amount = AddExact(named->amount, lines[i]->linkAmount);
			named->companyAmount = AddExact(named->companyAmount, lines[i]->linkCompanyAmount);
			continue;
		}
		named->usedQuantity = AddExact(named->usedQuantity, lines[i]->linkQuantity);
		named->usedAmount = AddExact(named->usedAmount, lines[i]->linkAmount);
		named->usedCompanyAmount = AddExact(named->usedCompanyAmount, lines[i]->linkCompanyAmount);
	}
}

/* What is billed, or comes in, of a line is its share of what is open of that, so that the last one clears the rest. */
void
TakeEstimate(DocumentBatch *batch, DocumentLine *line, int128 open)
{
	const NamedLine *named = line->named;

	if (line->linkQuantity == 0)
		return;
	line->linkAmount = ShareRounded(SubtractExact(named->amount, named->usedAmount), line->linkQuantity, open,
									line->document->currency->decimals);
	line->linkCompanyAmount = ShareRounded(SubtractExact(named->companyAmount, named->usedCompanyAmount), line->linkQuantity, open,
										   batch->company->currency->decimals);
}

/* Whether the line says its amount itself. */
static bool
SaysAmount(const DocumentLine *line)
{
	return line->hasPrice || line->fields[LINE_AMOUNT] != NULL;
}

/* What was invoiced ahead is shipped at the invoice's price. */
static void
PriceSold(DocumentBatch *batch, DocumentLine *line)
{
	char		text[FIXED_TEXT_MAX];

	if (SaysAmount(line) && line->amount != line->linkAmount)
	{
		FormatFixed(line->linkAmount, AMOUNT_SCALE, text);
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_BILL_DIFFERS,
					  psprintf("the invoice says %s for this quantity", text));
	}
	line->amount = line->linkAmount;
}

/* What comes back before it is billed does so at the shipment's price. */
static void
PriceUnsold(DocumentBatch *batch, DocumentLine *line)
{
	if (SaysAmount(line))
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_INVALID_FIELD,
					  "what comes back before it is billed has the shipment's price: give the quantity alone");
	line->amount = line->linkAmount;
	line->linkQuantity = NegateExact(line->linkQuantity);
	line->linkAmount = NegateExact(line->linkAmount);
	line->linkCompanyAmount = NegateExact(line->linkCompanyAmount);
}

static void
LinkLine(DocumentBatch *batch, DocumentLine *line)
{
	int128		open = Max(SubtractExact(line->named->quantity, line->named->usedQuantity), 0);
	char		text[FIXED_TEXT_MAX];

	if (line->baseQuantity > open)
	{
		FormatFixed(open, QUANTITY_SCALE, text);
		ReportProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_OVER_BILLED,
					  psprintf(line->role->valueSource == VALUE_SOLD ? "%s of what was invoiced is not shipped yet" : "%s of what was shipped is not billed yet", text));
		return;
	}
	line->linkQuantity = line->baseQuantity;
	TakeEstimate(batch, line, open);
	if (line->role->valueSource == VALUE_SOLD)
		PriceSold(batch, line);
	else if (line->role->valueSource == VALUE_UNSOLD)
		PriceUnsold(batch, line);
}

/* When goods that are shipped before they are billed become revenue is the company's choice; what was invoiced ahead is sold when it is shipped. */
static void
CheckRevenueAt(DocumentBatch *batch, DocumentLine *line)
{
	bool		isSold = line->role->valueSource == VALUE_SOLD && line->fields[LINE_ORIGIN_KEY] == NULL;
	bool		isStill = IsShipment(line->document->kind);

	if (batch->company->revenueAtShipment ? isStill : isSold)
		ReportProblem(batch, line->document, NULL, "kind", line->document->kind->name, ERRCODE_ERP_WRONG_SHIPMENT,
					  isStill ? "the company's revenue comes with the shipment" : "the company's revenue comes with the invoice");
}

static LineList
CollectLinked(DocumentBatch *batch)
{
	LineList	lines = {0};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
		{
			DocumentLine *line = &document->lines[j];

			CheckRevenueAt(batch, line);
			if (line->named != NULL && IsOfCutOff(line->role) && !document->bad)
				AppendLine(&lines, line);
		}
	}
	return lines;
}

void
LinkShipments(DocumentBatch *batch)
{
	LineList	lines = CollectLinked(batch);

	for (int i = 0; i < lines.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AddEarlier(batch, lines.lines, i);
		LinkLine(batch, lines.lines[i]);
	}
}
