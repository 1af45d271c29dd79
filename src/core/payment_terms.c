#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/datetime.h"

#include "core/master_cache.h"
#include "core/numeric_io.h"
#include "core/payment_terms.h"
#include "core/plan_cache.h"

/* The payment terms of companies, in the memory of master_cache.c. */

typedef struct CompanyTerms
{
	int32		companyId;
	int			count;
	PaymentTermsInfo *terms;
	struct CompanyTerms *next;
} CompanyTerms;

static CompanyTerms *companyTerms = NULL;
static uint64 termsGeneration = 0;

/* A row for each step, at least one for each of the terms. */
static KeptPlan termsPlan = {
	.query = "SELECT t.payment_terms_id, t.code, t.net_days, COALESCE(t.month_end_days, -1), COALESCE(t.next_month_day, 0), t.active,"
	"       COALESCE(s.days, -1), COALESCE(s.percent, 0), pg_catalog.cardinality(t.discount_days)"
	"  FROM erp.payment_terms t"
	"  LEFT JOIN LATERAL ROWS FROM (pg_catalog.unnest(t.discount_days), pg_catalog.unnest(t.discount_percents)) AS s (days, percent) ON true"
	" WHERE t.company_id = $1 AND t.payment_terms_id <> 0 ORDER BY t.payment_terms_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

/* A row for each instalment. */
static KeptPlan instalmentPlan = {
	.query = "SELECT t.payment_terms_id, i.parts, i.days, COALESCE(i.month_end_days, -1), COALESCE(i.month_day, 0), pg_catalog.cardinality(t.instalment_parts)"
	"  FROM erp.payment_terms t"
	" CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(t.instalment_parts), pg_catalog.unnest(t.instalment_days),"
	"       pg_catalog.unnest(t.instalment_month_end_days), pg_catalog.unnest(t.instalment_month_days)) WITH ORDINALITY"
	"       AS i (parts, days, month_end_days, month_day, number)"
	" WHERE t.company_id = $1 ORDER BY t.payment_terms_id, i.number",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static DueRule
DueRuleOf(uint64 row, int firstColumn)
{
	DueRule		due = {
		.netDays = DatumGetInt32(PlanValue(row, firstColumn)),
		.monthEndDays = DatumGetInt32(PlanValue(row, firstColumn + 1)),
		.nextMonthDay = DatumGetInt32(PlanValue(row, firstColumn + 2))
	};

	return due;
}

static void
FillStep(PaymentTermsInfo *terms, uint64 row)
{
	DiscountStep *step = &terms->steps[terms->stepCount];

	step->days = DatumGetInt32(PlanValue(row, 7));
	step->percent = AmountFromDatum(PlanValue(row, 8));
	terms->stepCount += step->days >= 0;
}

static void
FillTerms(CompanyTerms *company, uint64 rows)
{
	company->terms = KeepMasterArray(sizeof(PaymentTermsInfo), rows);
	for (uint64 i = 0; i < rows; i++)
	{
		int32		paymentTermsId = DatumGetInt32(PlanValue(i, 1));
		PaymentTermsInfo *terms;

		if (company->count == 0 || company->terms[company->count - 1].paymentTermsId != paymentTermsId)
		{
			terms = &company->terms[company->count++];
			terms->paymentTermsId = paymentTermsId;
			terms->code = KeepMasterText(PlanValue(i, 2));
			terms->due = DueRuleOf(i, 3);
			terms->active = DatumGetBool(PlanValue(i, 6));
			terms->steps = KeepMasterArray(sizeof(DiscountStep), DatumGetInt32(PlanValue(i, 9)) + 1);
		}
		FillStep(&company->terms[company->count - 1], i);
	}
}

/* Both ascend by the terms; those that came between the two readings are not known yet. */
static void
FillInstalments(CompanyTerms *company, uint64 rows)
{
	int			number = 0;

	for (uint64 i = 0; i < rows; i++)
	{
		PaymentTermsInfo *terms;
		int32		paymentTermsId = DatumGetInt32(PlanValue(i, 1));
		int			count = DatumGetInt32(PlanValue(i, 6));

		while (number < company->count && company->terms[number].paymentTermsId < paymentTermsId)
			number++;
		if (number == company->count)
			return;
		terms = &company->terms[number];
		if (terms->paymentTermsId != paymentTermsId)
			continue;
		if (terms->instalmentCount == 0)
		{
			terms->instalmentParts = KeepMasterArray(sizeof(int128), count);
			terms->instalmentDue = KeepMasterArray(sizeof(DueRule), count);
		}
		terms->instalmentParts[terms->instalmentCount] = DatumGetInt64(PlanValue(i, 2));
		terms->instalmentDue[terms->instalmentCount++] = DueRuleOf(i, 3);
	}
}

/* What was kept of an earlier generation is gone with its memory. */
static const CompanyTerms *
TermsOf(int32 companyId)
{
	CompanyTerms *company;
	PlanResult	result = KeepPlanResult();
	Datum		value = Int32GetDatum(companyId);
	uint64		rows;

	if (termsGeneration != MasterDataGeneration())
	{
		companyTerms = NULL;
		termsGeneration = MasterDataGeneration();
	}
	for (company = companyTerms; company != NULL; company = company->next)
	{
		if (company->companyId == companyId)
			return company;
	}
	rows = RunPlanLatest(&termsPlan, &value, NULL);
	company = KeepMasterArray(sizeof(CompanyTerms), 1);
	company->companyId = companyId;
	FillTerms(company, rows);
	FillInstalments(company, RunPlanLatest(&instalmentPlan, &value, NULL));
	RestorePlanResult(result);
	company->next = companyTerms;
	companyTerms = company;
	return company;
}

const PaymentTermsInfo *
FindPaymentTerms(int32 companyId, const char *code)
{
	const CompanyTerms *company = TermsOf(companyId);

	for (int i = 0; i < company->count; i++)
	{
		if (strcmp(company->terms[i].code, code) == 0)
			return &company->terms[i];
	}
	return NULL;
}

const PaymentTermsInfo *
FindPaymentTermsById(int32 companyId, int32 paymentTermsId)
{
	const CompanyTerms *company;

	if (paymentTermsId == 0)
		return NULL;
	company = TermsOf(companyId);
	for (int i = 0; i < company->count; i++)
	{
		if (company->terms[i].paymentTermsId == paymentTermsId)
			return &company->terms[i];
	}
	return NULL;
}

/* The first day of the month that many months after the day's, and how many days it has. */
static DateADT
FirstOfMonth(DateADT day, int months, int *days)
{
	int			year;
	int			month;
	int			dayOfMonth;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &dayOfMonth);
	month += months;
	if (month > 12)
	{
		month -= 12;
		year++;
	}
	*days = day_tab[isleap(year)][month - 1];
	return date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
}

DateADT
DueDayOfTerms(const PaymentTermsInfo *terms, int instalmentNo, DateADT day)
{
	const DueRule *due = instalmentNo == 0 ? &terms->due : &terms->instalmentDue[instalmentNo - 1];
	DateADT		reached = day + due->netDays;
	int			days;
	DateADT		first;

	if (due->monthEndDays >= 0)
	{
		first = FirstOfMonth(reached, 0, &days);
		return first + days - 1 + due->monthEndDays;
	}
	if (due->nextMonthDay > 0)
	{
		first = FirstOfMonth(reached, 1, &days);
		return first + Min(due->nextMonthDay, days) - 1;
	}
	return reached;
}

void
PartByInstalments(const PaymentTermsInfo *terms, int128 amount, int decimals, int128 *parts)
{
	AllocateAmount(amount, terms->instalmentParts, terms->instalmentCount, decimals, parts);
}

int128
DiscountPercent(const PaymentTermsInfo *terms, DateADT day, DateADT payDay, DateADT *lastDay)
{
	int128		percent = 0;

	*lastDay = day;
	for (int i = 0; i < terms->stepCount; i++)
	{
		DateADT		last = day + terms->steps[i].days;

		*lastDay = Max(*lastDay, last);
		if (payDay <= last)
			percent = Max(percent, terms->steps[i].percent);
	}
	return percent;
}
