/*
 * Law 1: a voucher balances in each of its currencies, in the company's
 * currency, and in every dimension that is declared as balancing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "ledger/voucher_balance.h"

typedef struct SetValue
{
	int32		dimensionSetId;
	int32		dimensionId;
	int32		valueId;
} SetValue;

static KeptPlan dimensionPlan = {
	.query = "SELECT dimension_id FROM erp.dimension WHERE company_id = $1 AND balancing ORDER BY dimension_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan setPlan = {
	.query = "SELECT s.dimension_set_id, v.dimension_id, v.dimension_value_id FROM erp.dimension_set s"
	"  JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids)"
	" WHERE s.company_id = $1 AND s.dimension_set_id = ANY ($2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
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

/* The value that a set has in a dimension, 0 if none. */
static int32
ValueIn(const SetValue *values, int count, int32 setId, int32 dimensionId)
{
	for (int i = 0; i < count; i++)
	{
		if (values[i].dimensionSetId == setId && values[i].dimensionId == dimensionId)
			return values[i].valueId;
	}
	return 0;
}

static void
CheckDimension(const Voucher *voucher, const SetValue *values, int count, int32 dimensionId)
{
	for (int i = 0; i < voucher->count; i++)
	{
		int32		valueId = ValueIn(values, count, voucher->lines[i].dimensionSetId, dimensionId);
		int128		sum = 0;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < voucher->count; j++)
		{
			if (ValueIn(values, count, voucher->lines[j].dimensionSetId, dimensionId) == valueId)
				sum = AddExact(sum, voucher->lines[j].companyAmount);
		}
		if (sum != 0)
			Unbalanced(voucher, psprintf("balancing dimension %d, value %d", dimensionId, valueId), sum);
	}
}

void
CheckBalancingDimensions(int32 companyId, const VoucherSet *set)
{
	Datum		values[2] = {Int32GetDatum(companyId)};
	DatumArray	setIds = {0};
	DatumArray	dimensions = {0};
	SetValue   *setValues;
	uint64		rows = RunPlanLatest(&dimensionPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
		AppendDatum(&dimensions, PlanValue(i, 1));
	for (int i = 0; i < set->count; i++)
	{
		for (int j = 0; j < set->vouchers[i].count; j++)
			AppendDatum(&setIds, Int32GetDatum(set->vouchers[i].lines[j].dimensionSetId));
	}
	values[1] = DatumArrayValue(&setIds, INT4OID);
	rows = RunPlan(&setPlan, values, NULL);
	setValues = palloc(sizeof(SetValue) * Max(rows, 1));
	for (uint64 i = 0; i < rows; i++)
	{
		setValues[i].dimensionSetId = DatumGetInt32(PlanValue(i, 1));
		setValues[i].dimensionId = DatumGetInt32(PlanValue(i, 2));
		setValues[i].valueId = DatumGetInt32(PlanValue(i, 3));
	}
	for (int i = 0; i < set->count; i++)
	{
		for (int j = 0; j < dimensions.count; j++)
			CheckDimension(&set->vouchers[i], setValues, (int) rows, DatumGetInt32(dimensions.values[j]));
	}
}
