/*
 * Law 1: a voucher balances in each of its currencies, in the company's
 * currency, and in every dimension that is declared as balancing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/datum_array.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "ledger/voucher_balance.h"

static KeptPlan dimensionPlan = {
	.query = "SELECT dimension_id FROM erp.dimension WHERE company_id = $1 AND balancing ORDER BY dimension_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static void Unbalanced(const Voucher *voucher, const char *in, int128 difference) pg_attribute_noreturn();

static void
Unbalanced(const Voucher *voucher, const char *in, int128 difference)
{
	char		text[FIXED_TEXT_MAX];

	FormatFixed(difference, AMOUNT_SCALE, text);
	ereport(ERROR,
			(errcode(ERRCODE_ERP_UNBALANCED),
			 errmsg("the voucher of document \"%s\" does not balance in %s", voucher->document->key, in),
			 errdetail("Debits exceed credits by %s.", text),
			 errhint("%s", ErrorCure(ERRCODE_ERP_UNBALANCED))));
}

static int128
SumOfCurrency(const Voucher *voucher, const CurrencyInfo *currency)
{
	int128		sum = 0;

	for (int i = 0; i < voucher->count; i++)
	{
		if (voucher->lines[i].currency == currency)
			sum = AddExact(sum, voucher->lines[i].amount);
	}
	return sum;
}

int128
Imbalance(const Voucher *voucher, const char **in)
{
	int128		sum = 0;

	for (int i = 0; i < voucher->count; i++)
	{
		const CurrencyInfo *currency = voucher->lines[i].currency;
		bool		seen = false;
		int128		difference;

		sum = AddExact(sum, voucher->lines[i].companyAmount);
		for (int j = 0; j < i && !seen; j++)
			seen = voucher->lines[j].currency == currency;
		if (seen)
			continue;
		difference = SumOfCurrency(voucher, currency);
		if (difference != 0)
		{
			*in = psprintf("currency %s", currency->code);
			return difference;
		}
	}
	*in = "the company's currency";
	return sum;
}

void
CheckBalanced(const Voucher *voucher)
{
	const char *in;
	int128		difference = Imbalance(voucher, &in);

	if (difference != 0)
		Unbalanced(voucher, in, difference);
}

/* Sums by value, added up in one pass whatever the number of lines. */
static void
CheckDimension(const Voucher *voucher, const SetValues *values, int32 dimensionId)
{
	PairMap    *valueNumbers = CreatePairMap();
	int128	   *sums = palloc0(sizeof(int128) * Max(voucher->count, 1));

	for (int i = 0; i < voucher->count; i++)
	{
		int32		valueId = ValueInSet(values, voucher->lines[i].dimensionSetId, dimensionId);
		int			number = PairNumber(valueNumbers, PAIR_KEY(valueId, 0));

		CHECK_FOR_INTERRUPTS();
		sums[number] = AddExact(sums[number], voucher->lines[i].companyAmount);
	}
	for (int i = 0; i < voucher->count; i++)
	{
		int32		valueId = ValueInSet(values, voucher->lines[i].dimensionSetId, dimensionId);
		int128		sum = sums[FindPair(valueNumbers, PAIR_KEY(valueId, 0))];

		if (sum != 0)
			Unbalanced(voucher, psprintf("balancing dimension %d, value %d", dimensionId, valueId), sum);
	}
	pfree(sums);
}

void
CheckBalancingDimensions(int32 companyId, const VoucherSet *set, const SetValues *values)
{
	Datum		company = Int32GetDatum(companyId);
	DatumArray	dimensions = {0};
	uint64		rows = RunPlanLatest(&dimensionPlan, &company, NULL);

	for (uint64 i = 0; i < rows; i++)
		AppendDatum(&dimensions, PlanValue(i, 1));
	for (int i = 0; i < set->count; i++)
	{
		for (int j = 0; j < dimensions.count; j++)
			CheckDimension(&set->vouchers[i], values, DatumGetInt32(dimensions.values[j]));
	}
}
