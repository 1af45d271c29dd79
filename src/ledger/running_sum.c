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

/* The elements of an array argument. */
typedef struct Elements
{
	Datum	   *values;
	int			count;
} Elements;

static Elements
ReadElements(FunctionCallInfo fcinfo, int number, Oid type)
{
	Elements	elements;

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

/* add_days(days, more_days): the days of both, ascending, each once. */
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

/* The sum at the last day before a position; nothing before the first. */
static Datum
SumUpTo(const Elements *sums, int at)
{
	return at > 0 ? sums->values[at - 1] : DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
}

/* add_sums(days, sums, more_days, more_sums): the sum of both series at each of add_days(days, more_days). */
Datum
erp_add_sums(PG_FUNCTION_ARGS)
{
	Elements	old = ReadElements(fcinfo, 0, DATEOID);
	Elements	sums = ReadElements(fcinfo, 1, NUMERICOID);
	Elements	more = ReadElements(fcinfo, 2, DATEOID);
	Elements	moreSums = ReadElements(fcinfo, 3, NUMERICOID);
	Datum	   *merged = palloc(sizeof(Datum) * (old.count + more.count + 1));
	int			oldAt = 0;
	int			moreAt = 0;
	int			count = 0;

	if (sums.count != old.count || moreSums.count != more.count)
		elog(ERROR, "days and sums do not match: %d and %d, %d and %d", old.count, sums.count, more.count, moreSums.count);
	while (oldAt < old.count || moreAt < more.count)
	{
		(void) NextDay(&old, &more, &oldAt, &moreAt);
		merged[count++] = DirectFunctionCall2(numeric_add, SumUpTo(&sums, oldAt), SumUpTo(&moreSums, moreAt));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(merged, count, NUMERICOID, -1, false, TYPALIGN_INT));
}
