/* The engine's rounding, allocation and canonical form of JSON, callable from SQL. */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/json_in.h"
#include "core/money.h"
#include "core/numeric_io.h"

/* A quantity times a price is exact at this scale. */
#define PRODUCT_SCALE (QUANTITY_SCALE + PRICE_SCALE)

PG_FUNCTION_INFO_V1(erp_round_amount);
PG_FUNCTION_INFO_V1(erp_allocate);
PG_FUNCTION_INFO_V1(erp_canonical_json);

static void
CheckDecimals(int decimals)
{
	if (decimals < 0 || decimals > AMOUNT_SCALE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("decimals of a currency must be between 0 and %d", AMOUNT_SCALE),
				 errdetail("Decimals given: %d.", decimals)));
}

/* An amount that is a multiple of 10^-decimals, as a numeric that shows so many decimals. */
static Datum
AmountWithDecimals(int128 amount, int decimals)
{
	return FixedToNumeric(amount / PowerOfTen(AMOUNT_SCALE - decimals), decimals);
}

Datum
erp_round_amount(PG_FUNCTION_ARGS)
{
	int			decimals = PG_GETARG_INT32(1);
	int128		value;

	CheckDecimals(decimals);
	value = NumericToFixed(PG_GETARG_DATUM(0), PRODUCT_SCALE);
	PG_RETURN_DATUM(AmountWithDecimals(CheckAmount(RoundAmount(value, PRODUCT_SCALE, decimals), "rounded amount"),
									   decimals));
}

/* The elements of an array of numeric at QUANTITY_SCALE, palloc'd. */
static int128 *
ReadWeights(ArrayType *array, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int128	   *weights;

	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &elements, &nulls, count);
	if (ARR_NDIM(array) != 1 || *count < 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("weights must be an array of one dimension with at least one element"),
				 errdetail("Dimensions: %d, elements: %d.", ARR_NDIM(array), *count)));

	weights = palloc(sizeof(int128) * *count);
	for (int i = 0; i < *count; i++)
	{
		ErpCheckInterrupts();
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("a weight must not be null"),
					 errdetail("Weight %d is null.", i + 1),
					 errhint("Give 0 for what takes no share.")));
		weights[i] = NumericToFixed(elements[i], QUANTITY_SCALE);
	}
	return weights;
}

static void
CheckAllocation(int128 total, const int128 *weights, int count, int decimals)
{
	int128		sum = 0;

	for (int i = 0; i < count; i++)
		sum = AddExact(sum, weights[i]);
	if (sum == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights must not add up to zero"),
				 errdetail("The sum of the %d weights is zero.", count),
				 errhint("Give equal weights to allocate equally.")));

	if (total % PowerOfTen(AMOUNT_SCALE - decimals) != 0)
	{
		char		text[FIXED_TEXT_MAX];

		FormatFixed(total, AMOUNT_SCALE, text);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("total has more than %d decimals", decimals),
				 errdetail("The total is %s.", text),
				 errhint("Round the total first: erp.round_amount(total, %d).", decimals)));
	}
}

Datum
erp_allocate(PG_FUNCTION_ARGS)
{
	int128		total = CheckAmount(NumericToFixed(PG_GETARG_DATUM(0), AMOUNT_SCALE), "total");
	int			decimals = PG_GETARG_INT32(2);
	int			count;
	int128	   *weights = ReadWeights(PG_GETARG_ARRAYTYPE_P(1), &count);
	int128	   *parts;
	Datum	   *elements;

	CheckDecimals(decimals);
	CheckAllocation(total, weights, count, decimals);

	parts = palloc(sizeof(int128) * count);
	AllocateAmount(total, weights, count, decimals, parts);
	elements = palloc(sizeof(Datum) * count);
	for (int i = 0; i < count; i++)
		elements[i] = AmountWithDecimals(CheckAmount(parts[i], "allocated part"), decimals);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, NUMERICOID, -1, false, TYPALIGN_INT));
}

Datum
erp_canonical_json(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	JsonCanonical(ParseJsonDatum(PG_GETARG_DATUM(0)), &out);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
