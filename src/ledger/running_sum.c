/*
 * Running sums of a month, kept as two arrays: the days that have lines, ascending,
 * and the sum up to each of them (erp_private.folded_balance).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(erp_add_days);
PG_FUNCTION_INFO_V1(erp_add_sums);

/* The elements of an array argument; a null one has none. */
typedef struct Elements
{
	Datum	   *values;
	int			count;
} Elements;

static Elements
ReadElements(FunctionCallInfo fcinfo, int number, Oid type)
{
	Elements	elements = {.count = 0};

	if (PG_ARGISNULL(number))
	{
		elements.values = palloc(sizeof(Datum));
		return elements;
	}
	if (type == DATEOID)
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(number), DATEOID, sizeof(DateADT), true, TYPALIGN_INT,
						  &elements.values, NULL, &elements.count);
	else
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(number), NUMERICOID, -1, false, TYPALIGN_INT,
						  &elements.values, NULL, &elements.count);
	return elements;
}

/*
 * Two ascending lists of days are merged. Each step says which of them stands at the next day,
 * by how far their positions move.
 */
static DateADT
NextDay(const Elements *old, const Elements *more, int *oldAt, int *moreAt)
{
	DateADT		oldDay = *oldAt < old->count ? DatumGetDateADT(old->values[*oldAt]) : DATEVAL_NOEND;
	DateADT		moreDay = *moreAt < more->count ? DatumGetDateADT(more->values[*moreAt]) : DATEVAL_NOEND;
	DateADT		day = Min(oldDay, moreDay);

	*oldAt += *oldAt < old->count && oldDay == day ? 1 : 0;
	*moreAt += *moreAt < more->count && moreDay == day ? 1 : 0;
	return day;
}

/* add_days(days, more): the days of both, ascending, each once. */
Datum
erp_add_days(PG_FUNCTION_ARGS)
{
	Elements	old = ReadElements(fcinfo, 0, DATEOID);
	Elements	more = ReadElements(fcinfo, 1, DATEOID);
	Datum	   *days = palloc(sizeof(Datum) * (old.count + more.count + 1));
	int			oldAt = 0;
	int			moreAt = 0;
	int			count = 0;

	while (oldAt < old.count || moreAt < more.count)
		days[count++] = DateADTGetDatum(NextDay(&old, &more, &oldAt, &moreAt));
	PG_RETURN_ARRAYTYPE_P(construct_array(days, count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
}

static Datum
AddNumeric(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_add, a, b);
}

/* add_sums(days, sums, more, amounts): the running sums at add_days(days, more) when the amounts of those days come to them. */
Datum
erp_add_sums(PG_FUNCTION_ARGS)
{
	Elements	old = ReadElements(fcinfo, 0, DATEOID);
	Elements	sums = ReadElements(fcinfo, 1, NUMERICOID);
	Elements	more = ReadElements(fcinfo, 2, DATEOID);
	Elements	amounts = ReadElements(fcinfo, 3, NUMERICOID);
	Datum	   *merged = palloc(sizeof(Datum) * (old.count + more.count + 1));
	Datum		zero = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
	Datum		added = zero;
	int			oldAt = 0;
	int			moreAt = 0;
	int			count = 0;

	if (sums.count != old.count || amounts.count != more.count)
		elog(ERROR, "days and sums do not match: %d and %d, %d and %d", old.count, sums.count, more.count, amounts.count);
	while (oldAt < old.count || moreAt < more.count)
	{
		int			before = moreAt;

		(void) NextDay(&old, &more, &oldAt, &moreAt);
		if (moreAt > before)
			added = AddNumeric(added, amounts.values[before]);
		merged[count++] = AddNumeric(oldAt > 0 ? sums.values[oldAt - 1] : zero, added);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(merged, count, NUMERICOID, -1, false, TYPALIGN_INT));
}
