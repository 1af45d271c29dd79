#include "inventory/costing.h"

/*
 * Stock below zero: what an issue takes beyond what is there costs, until the
 * receipts come that cover it, what was last paid. Its debt is settled by them,
 * the oldest first, each at its share of the receipt.
 */

#define FIRST_DEBTS 8

static void
AddDebt(CostPool *pool, int64 moveId, int128 quantity, int128 amount)
{
	CostDebts  *debts = &pool->debts;

	if (debts->debts == NULL)
	{
		debts->capacity = FIRST_DEBTS;
		debts->debts = palloc(sizeof(CostDebt) * debts->capacity);
	}
	else if (debts->first + debts->count == debts->capacity)
	{
		debts->capacity *= 2;
		debts->debts = repalloc(debts->debts, sizeof(CostDebt) * debts->capacity);
	}
	debts->debts[debts->first + debts->count++] = (CostDebt) {.moveId = moveId, .quantity = quantity, .amount = amount};
}

CostOutcome
CostIssueBeyond(CostPool *pool, int64 moveId, int128 quantity, CostEdges *edges)
{
	int128		there = Max(pool->quantity, 0);
	int128		beyond = SubtractExact(quantity, Min(there, quantity));
	int128		amount = 0;
	CostOutcome outcome = COST_OK;

	if (pool->method == COST_STANDARD)
		return CostAtStandardBeyond(pool, quantity, edges);
	if (beyond == 0 || there > 0)
		outcome = CostIssue(pool, SubtractExact(quantity, beyond), edges);
	if (beyond == 0 || outcome != COST_OK)
		return outcome;
	if (pool->lastQuantity > 0)
		amount = ShareRounded(pool->lastValue, beyond, pool->lastQuantity, pool->decimals);
	AppendEdge(edges, 0, beyond, amount);
	AddDebt(pool, moveId, beyond, amount);
	pool->quantity = SubtractExact(pool->quantity, beyond);
	pool->value = SubtractExact(pool->value, amount);
	return COST_OK;
}

/* So much of a debt is settled by so much of the receipt. */
static void
SettleDebt(CostPool *pool, CostDebt *debt, CostLayer *receipt, int128 quantity)
{
	CostSettlement settlement = {
		.moveId = debt->moveId, .sourceMoveId = receipt->position.moveId, .quantity = quantity,
		.provisional = ShareRounded(debt->amount, quantity, debt->quantity, pool->decimals),
		.amount = ShareRounded(receipt->value, quantity, receipt->quantity, pool->decimals)
	};

	debt->quantity -= quantity;
	debt->amount -= settlement.provisional;
	receipt->quantity -= quantity;
	receipt->value -= settlement.amount;
	settlement.isLast = debt->quantity == 0;
	pool->value = AddExact(pool->value, SubtractExact(settlement.provisional, settlement.amount));
	pool->settle(pool, &settlement, pool->settleArgument);
}

void
CostSettleDebts(CostPool *pool, CostLayer *receipt)
{
	CostDebts  *debts = &pool->debts;

	while (debts->count > 0 && receipt->quantity > 0)
	{
		CostDebt	debt = debts->debts[debts->first];

		ErpCheckInterrupts();
		SettleDebt(pool, &debt, receipt, Min(debt.quantity, receipt->quantity));
		debts->debts[debts->first] = debt;
		if (debt.quantity > 0)
			break;
		debts->first++;
		debts->count--;
	}
}
