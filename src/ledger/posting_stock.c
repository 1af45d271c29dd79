#include "postgres.h"

#include "ledger/posting.h"

/* What lines change of the value of stock. */

/* The change itself, in the currency of the document where its amount is the value. */
static void
EmitInventory(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, bool fromAmount)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_INVENTORY,
		.direction = 1,
		.currency = fromAmount ? line->document->currency : NULL,
		.amount = fromAmount ? line->amount : line->moveValue,
		.companyAmount = line->moveValue,
		.unitId = line->baseUnitId,
		.quantity = line->moveQuantity
	};

	line->inventoryLineNo = Emit(builder, voucher, &emission);
}

static void
EmitCost(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, bool fromAmount)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_COST,
		.direction = 1,
		.currency = fromAmount ? line->document->currency : NULL,
		.amount = NegateExact(fromAmount ? line->amount : line->moveValue),
		.companyAmount = NegateExact(line->moveValue),
		.unitId = line->baseUnitId,
		.quantity = NegateExact(line->moveQuantity)
	};

	line->counterLineNo = Emit(builder, voucher, &emission);
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
}

void
EmitStockOfLine(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	if (line->pairedLine != NULL)
		EmitCarried(builder, voucher, line);
	else if (line->role->direction != STOCK_NONE)
		EmitStock(builder, voucher, line);
	/* Each part by the rules for its own item and place. */
	for (int i = 0; i < line->partCount; i++)
	{
		DocumentLine *part = &line->parts[i].line;

		if (part->amount != 0 || part->moveValue != 0)
			EmitStock(builder, voucher, part);
	}
}
