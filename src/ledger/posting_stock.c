#include "postgres.h"

#include "ledger/posting.h"

/* What lines change of the value of stock. */

int128
InDocumentCurrency(const Document *document, int128 value)
{
	return RoundAmount(DivideRounded(MultiplyExact(value, MultiplyExact(PowerOfTen(RATE_SCALE), PowerOfTen(AMOUNT_SCALE))), document->rate),
					   AMOUNT_SCALE + AMOUNT_SCALE, document->currency->decimals);
}

/* Whether the goods of a line are worth another amount than it says: at their standard cost, or, where they go back to a supplier, at what they cost by now. */
static bool
HasVariance(const DocumentLine *line)
{
	return line->method == COST_STANDARD || line->role->valueSource == VALUE_RETURNED;
}

/* The change of value in the currency in which it is emitted. What joins the cost of goods that stand does so whole; a replay finds their standard. */
static int128
ValueOf(const DocumentLine *line, bool fromAmount)
{
	if (!fromAmount)
		return line->moveValue;
	return HasVariance(line) && line->moveQuantity != 0 ? InDocumentCurrency(line->document, line->moveValue) : line->amount;
}

/* In the currency of the document where its amount is the value. */
static Emission
StockEmission(DocumentLine *line, AmountRole amountRole, bool fromAmount)
{
	return (Emission) {
		.document = line->document,
		.line = line,
		.amountRole = amountRole,
		.direction = 1,
		.currency = fromAmount ? line->document->currency : NULL,
		.amount = ValueOf(line, fromAmount),
		.companyAmount = line->moveValue,
		.unitId = line->baseUnitId,
		.quantity = line->moveQuantity
	};
}

/* The change itself. */
static void
EmitInventory(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, bool fromAmount)
{
	Emission	emission = StockEmission(line, InventoryRole(line->costPoolId), fromAmount);

	line->inventoryLineNo = Emit(builder, voucher, &emission);
}

/* What stands against it. */
static void
EmitCost(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, bool fromAmount)
{
	Emission	emission = StockEmission(line, AMOUNT_COST, fromAmount);

	emission.amount = NegateExact(emission.amount);
	emission.companyAmount = NegateExact(emission.companyAmount);
	emission.quantity = NegateExact(emission.quantity);
	line->counterLineNo = Emit(builder, voucher, &emission);
}

/* What other standards have changed of goods that go back since they came: what was gained by them (negative: lost) is gone. */
static Emission
RestatedEmission(DocumentLine *line)
{
	int128		gained = NegateExact(line->restatedValue);

	return (Emission) {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_PRICE_VARIANCE,
		.ofStandard = true,
		.direction = 1,
		.currency = line->document->currency,
		.amount = InDocumentCurrency(line->document, gained),
		.companyAmount = gained
	};
}

/* What was paid for goods above (below: negative) their standard cost, and what goods that go back cost above what the supplier owes for them. */
static void
EmitVariance(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	Emission	restated = RestatedEmission(line);
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_PRICE_VARIANCE,
		.direction = 1,
		.currency = line->document->currency,
		.amount = SubtractExact(SubtractExact(line->amount, ValueOf(line, true)), restated.amount),
		.companyAmount = SubtractExact(SubtractExact(line->companyAmount, line->moveValue), restated.companyAmount)
	};

	if (restated.companyAmount != 0)
		(void) Emit(builder, voucher, &restated);
	if (emission.amount != 0 || emission.companyAmount != 0)
		(void) Emit(builder, voucher, &emission);
}

void
EmitOutOf(VoucherBuilder *builder, Voucher *voucher, Emission emission, AmountRole counterRole)
{
	(void) Emit(builder, voucher, &emission);
	emission.amountRole = counterRole;
	emission.amount = NegateExact(emission.amount);
	emission.companyAmount = NegateExact(emission.companyAmount);
	(void) Emit(builder, voucher, &emission);
}

/* What was consumed for a product beyond (below: negative) its standard cost, and the same as it leaves work in progress. */
static void
EmitUsage(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_USAGE_VARIANCE,
		.direction = 1,
		.amount = SubtractExact(line->consumedValue, line->moveValue)
	};

	if (emission.amount == 0)
		return;
	emission.companyAmount = emission.amount;
	EmitOutOf(builder, voucher, emission, AMOUNT_USAGE);
}

/* The change of stock value, and its counter where the amount is not the value itself. */
static void
EmitStock(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	bool		fromAmount = IsCostAmount(line) || line->role->valueSource == VALUE_BILL;
	bool		hasCounter = !IsCostAmount(line) || line->document->kind->totalSign == 0;

	if (line->role->direction == STOCK_VALUE && line->moveValue == 0)
		return;
	EmitInventory(builder, voucher, line, fromAmount);
	if (hasCounter)
		EmitCost(builder, voucher, line, fromAmount);
	else if (HasVariance(line))
		EmitVariance(builder, voucher, line);
	if (line->method == COST_STANDARD && line->role->valueSource == VALUE_SHARE)
		EmitUsage(builder, voucher, line);
}

/* Pools at standard cost are each worth their quantity at it, rounded: what goods leave and come in for may differ by cents. */
static void
EmitRounding(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_PRICE_VARIANCE,
		.direction = 1,
		.amount = NegateExact(AddExact(line->moveValue, line->pairedLine->moveValue))
	};

	if (emission.amount == 0)
		return;
	emission.companyAmount = emission.amount;
	(void) Emit(builder, voucher, &emission);
}

/*
 * What is carried goes from one inventory account to the other, where it has a
 * value; what comes from or goes to others has a counter. Before the cost pools
 * are known nothing is asked for.
 */
static void
EmitCarried(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	DocumentLine *legs[2] = {line, line->pairedLine};
	bool		both = line->costPoolId != NO_COST_POOL && line->pairedLine->costPoolId != NO_COST_POOL;

	line->pairedLine->dimensionSetId = line->dimensionSetId;
	for (int i = 0; i < 2 && builder->set != NULL; i++)
	{
		if (legs[i]->costPoolId == NO_COST_POOL)
			continue;
		EmitInventory(builder, voucher, legs[i], false);
		if (!both)
			EmitCost(builder, voucher, legs[i], false);
	}
	if (both && builder->set != NULL)
		EmitRounding(builder, voucher, line);
}

/* What a credit note differs by of goods that were sent back at cost, out of the account of goods that are not billed. */
static void
EmitCreditVariance(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_PRICE_VARIANCE,
		.direction = 1,
		.currency = line->document->currency,
		.amount = line->varianceAmount,
		.companyAmount = line->varianceCompanyAmount
	};

	if (line->varianceAmount == 0 && line->varianceCompanyAmount == 0)
		return;
	EmitOutOf(builder, voucher, emission, AMOUNT_UNBILLED);
}

void
EmitStockOfLine(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	if (line->pairedLine != NULL)
		EmitCarried(builder, voucher, line);
	else if (line->role->direction != STOCK_NONE && line->costPoolId != NO_COST_POOL)
		EmitStock(builder, voucher, line);
	EmitCreditVariance(builder, voucher, line);
	/* Each part by the rules for its own item and place. */
	for (int i = 0; i < line->partCount; i++)
	{
		DocumentLine *part = &line->parts[i].line;

		if (part->amount != 0 || part->moveValue != 0)
			EmitStock(builder, voucher, part);
	}
}
