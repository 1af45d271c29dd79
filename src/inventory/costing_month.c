#include "inventory/costing.h"

/*
 * The monthly weighted average. Source: 小企业会计准则 (财会〔2011〕17号), article 14, names the
 * weighted average among the methods; unit cost = (opening value + value of the
 * month's receipts) / (opening quantity + quantity of the month's receipts).
 */

CostOutcome
CostOpenMonth(CostPool *pool, int128 quantity, int128 value)
{
	CostMonth	month = {
		.quantity = AddExact(pool->quantity, quantity), .value = AddExact(pool->value, value), .isOpen = true
	};

	if (month.quantity < 0 || month.value < 0 || (month.quantity == 0 && month.value != 0))
		return COST_LAYER_TOUCHED;
	pool->month = month;
	return COST_OK;
}

/* What the first n units cost that go out; at the same rate on, should more go out for a while than stays. */
static int128
CostOfFirst(const CostPool *pool, int128 count)
{
	const CostMonth *month = &pool->month;

	if (month->quantity == 0)
		return 0;
	if (count < 0)
		return NegateExact(ShareRounded(month->value, NegateExact(count), month->quantity, pool->decimals));
	return ShareRounded(month->value, count, month->quantity, pool->decimals);
}

int128
CostThroughMonth(CostPool *pool, int128 quantity)
{
	int128		before = CostOfFirst(pool, pool->month.issued);

	pool->month.issued = AddExact(pool->month.issued, quantity);
	return SubtractExact(CostOfFirst(pool, pool->month.issued), before);
}

void
CostCloseMonth(CostPool *pool)
{
	pool->month.isOpen = false;
	ErpAssert(pool->value >= 0 && (pool->quantity > 0 || pool->value == 0));
}
