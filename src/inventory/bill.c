/*
 * Bills of suppliers against receipts. A receipt stands at its estimate on the
 * account of goods that are not billed yet; a bill clears there what it bills,
 * and what its price differs by joins the cost of the receipt. What is billed
 * beyond what came in waits on that account for a receipt that names the bill.
 * A credit note is a bill the other way: of what was billed and went back.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "inventory/cost_part.h"
#include "inventory/named_line.h"

/* Lines of the batch, of documents that are posted, of that value source, which name a line. */
static LineList
CollectNamed(DocumentBatch *batch, ValueSource source)
{
	LineList	lines = {0};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated && document->reversesDocumentId == 0; j++)
		{
			if (document->lines[j].named != NULL && document->lines[j].role->valueSource == source)
				AppendLine(&lines, &document->lines[j]);
		}
	}
	return lines;
}

/* An amount of a credit note, or its estimate, in one currency: of what was billed and has gone back, and of what is still there. */
typedef struct CreditedAmount
{
	int128		ofGone;
	int128		ofOthers;
} CreditedAmount;

/* How much of what is credited was billed and has gone back; the rest is credited before its goods go. */
static int128
CreditedOfGone(const NamedLine *named, int128 quantity)
{
	return Min(quantity, Max(SubtractExact(named->usedQuantity, named->quantity), 0));
}

/*
 * The estimate of what is credited: of what was billed and has gone back, so
 * that the last credit note clears the rest of it; of the rest of all that is billed.
 */
static CreditedAmount
CreditedEstimate(const NamedLine *named, int128 quantity, int128 amount, int128 used, int decimals)
{
	int128		gone = Max(SubtractExact(named->usedQuantity, named->quantity), 0);
	int128		goneAmount = gone > 0 ? SubtractExact(used, amount) : 0;
	int128		ofGone = CreditedOfGone(named, quantity);
	CreditedAmount estimate = {0};

	if (ofGone > 0)
		estimate.ofGone = ShareRounded(goneAmount, ofGone, gone, decimals);
	if (quantity > ofGone)
		estimate.ofOthers = ShareRounded(SubtractExact(used, goneAmount), SubtractExact(quantity, ofGone),
										 SubtractExact(named->usedQuantity, gone), decimals);
	return estimate;
}

/*
 * Of what a credit is more (negative: less) than its estimate, what is of goods that were
 * sent back at cost: a price variance, as the return's own. Others go back at the receipt's price, and their difference joins its cost.
 */
static int128
CreditedVariance(const DocumentLine *line, int128 amount, const CreditedAmount *estimate, int decimals)
{
	const NamedLine *named = line->named;
	int128		ofGone = CreditedOfGone(named, line->baseQuantity);
	int128		more;

	if (ofGone == 0 || named->sentBackQuantity == 0)
		return 0;
	more = SubtractExact(ShareRounded(amount, ofGone, line->baseQuantity, decimals), estimate->ofGone);
	return ShareRounded(more, named->sentBackQuantity, named->lessQuantity, decimals);
}

static void
CheckCredited(DocumentBatch *batch, DocumentLine *line)
{
	char		text[FIXED_TEXT_MAX];

	if (line->baseQuantity <= line->named->usedQuantity)
		return;
	FormatFixed(Max(line->named->usedQuantity, 0), QUANTITY_SCALE, text);
	RaiseProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_OVER_CREDITED,
				 psprintf("%s of what was received is billed and not credited", text));
}

static void
MatchCredit(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;
	int			decimals = line->document->currency->decimals;
	int			companyDecimals = batch->company->currency->decimals;
	CreditedAmount estimate;
	CreditedAmount companyEstimate;

	CheckCredited(batch, line);
	estimate = CreditedEstimate(named, line->baseQuantity, named->amount, named->usedAmount, decimals);
	companyEstimate = CreditedEstimate(named, line->baseQuantity, named->companyAmount, named->usedCompanyAmount, companyDecimals);
	line->linkQuantity = NegateExact(line->baseQuantity);
	line->linkAmount = NegateExact(AddExact(estimate.ofGone, estimate.ofOthers));
	line->linkCompanyAmount = NegateExact(AddExact(companyEstimate.ofGone, companyEstimate.ofOthers));
	line->varianceAmount = NegateExact(CreditedVariance(line, line->amount, &estimate, decimals));
	line->varianceCompanyAmount = NegateExact(CreditedVariance(line, line->companyAmount, &companyEstimate, companyDecimals));
	SpreadAmount(batch, line, SubtractExact(SubtractExact(NegateExact(line->amount), line->linkAmount), line->varianceAmount),
				 SubtractExact(SubtractExact(NegateExact(line->companyAmount), line->linkCompanyAmount), line->varianceCompanyAmount));
}

static void
MatchBill(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;
	int128		open = Max(SubtractExact(named->quantity, named->usedQuantity), 0);
	int			decimals = line->document->currency->decimals;
	int128		billed;
	int128		companyBilled;

	line->linkQuantity = Min(line->baseQuantity, open);
	if (line->linkQuantity < line->baseQuantity && line->role->fulfils)
	{
		char		text[FIXED_TEXT_MAX];

		FormatFixed(open, QUANTITY_SCALE, text);
		RaiseProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_OVER_STATED,
					 psprintf("%s of what was withdrawn is not billed yet", text));
	}
	if (line->linkQuantity < line->baseQuantity && batch->company->refusesBillAhead)
		RaiseProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_BILLED_AHEAD,
					 "the bill is of more than was received and is not billed yet");
	TakeEstimate(batch, line, open);
	billed = ShareRounded(line->amount, line->linkQuantity, line->baseQuantity, decimals);
	companyBilled = ShareRounded(line->companyAmount, line->linkQuantity, line->baseQuantity, batch->company->currency->decimals);
	SpreadAmount(batch, line, SubtractExact(billed, line->linkAmount), SubtractExact(companyBilled, line->linkCompanyAmount));
}

void
MatchBills(DocumentBatch *batch)
{
	LineList	named = CollectNamed(batch, VALUE_BILL);

	if (named.count == 0)
		return;
	ReadNamedLines(batch, &named);
	for (int i = 0; i < named.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AddEarlier(batch, named.lines, i);
		if (named.lines[i]->document->kind->totalSign > 0)
			MatchCredit(batch, named.lines[i]);
		else
			MatchBill(batch, named.lines[i]);
	}
	pfree(named.lines);
}

static void
CheckFulfilment(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;
	int128		open = SubtractExact(named->quantity, named->usedQuantity);
	int128		amount;
	char		text[FIXED_TEXT_MAX];

	if (line->baseQuantity > open)
	{
		FormatFixed(open, QUANTITY_SCALE, text);
		RaiseProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_BILL_DIFFERS,
					 psprintf("the bill waits for %s and no more", text));
	}
	amount = ShareRounded(SubtractExact(named->amount, named->usedAmount), line->baseQuantity, open, line->document->currency->decimals);
	if (amount != line->amount)
	{
		FormatFixed(amount, AMOUNT_SCALE, text);
		RaiseProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_BILL_DIFFERS,
					 psprintf("the bill says %s for this quantity", text));
	}
	line->linkQuantity = line->baseQuantity;
	line->linkAmount = line->amount;
	line->linkCompanyAmount = line->companyAmount;
}

void
CheckFulfilled(DocumentBatch *batch)
{
	LineList	named = CollectNamed(batch, VALUE_AMOUNT);

	if (named.count == 0)
		return;
	ReadNamedLines(batch, &named);
	for (int i = 0; i < named.count; i++)
	{
		AddEarlier(batch, named.lines, i);
		CheckFulfilment(batch, named.lines[i]);
	}
	pfree(named.lines);
}
