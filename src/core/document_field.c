#include "postgres.h"

#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "utils/datetime.h"

#include "core/document_field.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"

#define FIRST_YEAR 1900
#define LAST_YEAR 9999

/* `count` digits at text as a number; false if one is no digit. */
static bool
ReadDigits(const char *text, int count, int *number)
{
	*number = 0;
	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number * 10 + (text[i] - '0');
	}
	return true;
}

bool
ParseDay(const char *text, DateADT *day)
{
	int			year;
	int			month;
	int			dayOfMonth;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
		!ReadDigits(text, 4, &year) || !ReadDigits(text + 5, 2, &month) || !ReadDigits(text + 8, 2, &dayOfMonth))
		return false;
	if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 ||
		dayOfMonth < 1 || dayOfMonth > day_tab[isleap(year)][month - 1])
		return false;
	*day = date2j(year, month, dayOfMonth) - POSTGRES_EPOCH_JDATE;
	return true;
}

bool
ParseTimeOfDay(const char *text, TimeADT *timeOfDay)
{
	size_t		length = strlen(text);
	int			hour;
	int			minute;
	int			second = 0;

	if ((length != 5 && length != 8) || text[2] != ':' ||
		!ReadDigits(text, 2, &hour) || !ReadDigits(text + 3, 2, &minute))
		return false;
	if (length == 8 && (text[5] != ':' || !ReadDigits(text + 6, 2, &second)))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*timeOfDay = ((int64) hour * 3600 + minute * 60 + second) * USECS_PER_SEC;
	return true;
}

bool
ParseFlag(const char *text, bool *flag)
{
	*flag = strcmp(text, "true") == 0;
	return *flag || strcmp(text, "false") == 0;
}

static KeptPlan ratePlan = {
	.query = "SELECT day, rate FROM erp.exchange_rate"
	" WHERE from_currency_id = $1 AND to_currency_id = $2 AND day <= $3 ORDER BY day DESC LIMIT 1",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, DATEOID}
};

static void
ReportNoRate(DocumentBatch *batch, Document *document)
{
	ReportProblem(batch, document, NULL, "currency", document->currency->code, ERRCODE_ERP_NO_EXCHANGE_RATE,
				  psprintf("no rate from %s to %s is known on or before the day",
						   document->currency->code, batch->company->currency->code));
}

/* Whether it names lines of other documents, from which it may have its rate. */
static bool
NamesLines(const Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].fields[LINE_ORIGIN_KEY] != NULL)
			return true;
	}
	return false;
}

void
LookUpRate(DocumentBatch *batch, Document *document)
{
	Datum		values[3] = {
		Int32GetDatum(document->currency->currencyId),
		Int32GetDatum(batch->company->currency->currencyId),
		DateADTGetDatum(document->day)
	};

	document->rate = 0;
	if (RunPlan(&ratePlan, values, NULL) == 0)
	{
		if (!NamesLines(document))
			ReportNoRate(batch, document);
		return;
	}
	document->rateDay = DatumGetDateADT(PlanValue(0, 1));
	document->rate = RateFromDatum(PlanValue(0, 2));
}

void
CheckRates(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (!document->bad && !document->repeated && document->currency != NULL && document->rate == 0)
			ReportNoRate(batch, document);
	}
}
