/*
 * Numbers of immediate series (law 8): the last step of a posting. The counters
 * of a batch are locked in the order of series and scope; each is raised once
 * by the count of its documents, which take their numbers in batch order.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "core/bulk_insert.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"

typedef struct Claim
{
	const Series *series;
	int			scopeKey;
	Document   *document;
	int			order;
	int64		number;
} Claim;

static const char *const numberColumns[] = {
	"company_id", "series_id", "scope_value", "number", "document_id", "voucher_id", "assigning_document_id"
};

static KeptPlan counterPlan = {
	.query = "INSERT INTO erp_private.series_counter AS c (company_id, series_id, scope_value, last_number)"
	" VALUES ($1, $2, $3, $4)"
	" ON CONFLICT ON CONSTRAINT series_counter_key DO UPDATE SET last_number = c.last_number + EXCLUDED.last_number"
	" RETURNING last_number",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4OID, TEXTOID, INT8OID}
};

/* Year x 100 + month of a month, year x 100 of a year, 0 of ever. */
static int
ScopeKey(SeriesScope scope, DateADT day)
{
	int			year;
	int			month;
	int			dayOfMonth;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &dayOfMonth);
	if (scope == SCOPE_EVER)
		return 0;
	return scope == SCOPE_YEAR ? year * 100 : year * 100 + month;
}

static char *
ScopeText(const Claim *claim)
{
	if (claim->series->scope == SCOPE_EVER)
		return "";
	if (claim->series->scope == SCOPE_YEAR)
		return psprintf("%04d", claim->scopeKey / 100);
	return psprintf("%04d-%02d", claim->scopeKey / 100, claim->scopeKey % 100);
}

static bool
Wants(const Series *series, const Document *document)
{
	if (document->bad || document->repeated)
		return false;
	if (strcmp(series->target, "voucher") == 0)
		return document->voucherId != 0 && document->voucherWordId == series->voucherWordId;
	return strcmp(series->target, document->kind->name) == 0;
}

static int
CompareClaim(const void *left, const void *right)
{
	const Claim *a = left;
	const Claim *b = right;

	if (a->series->seriesId != b->series->seriesId)
		return a->series->seriesId < b->series->seriesId ? -1 : 1;
	if (a->scopeKey != b->scopeKey)
		return a->scopeKey < b->scopeKey ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static Claim *
CollectClaims(DocumentBatch *batch, const Series *series, int seriesCount, int *count)
{
	Claim	   *claims = palloc(sizeof(Claim) * Max(batch->count * seriesCount, 1));

	*count = 0;
	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < seriesCount; j++)
		{
			Claim	   *claim = &claims[*count];

			if (!Wants(&series[j], &batch->documents[i]))
				continue;
			claim->series = &series[j];
			claim->document = &batch->documents[i];
			claim->scopeKey = ScopeKey(series[j].scope, claim->document->postingDay);
			claim->order = (*count)++;
		}
	}
	qsort(claims, *count, sizeof(Claim), CompareClaim);
	return claims;
}

/* Raises the counter of one scope by `count` and returns the first of the new numbers. */
static int64
RaiseCounter(int32 companyId, const Claim *claim, int count)
{
	Datum		values[4] = {
		Int32GetDatum(companyId),
		Int32GetDatum(claim->series->seriesId),
		CStringGetTextDatum(ScopeText(claim)),
		Int64GetDatum(count)
	};

	(void) RunPlan(&counterPlan, values, NULL);
	return DatumGetInt64(PlanValue(0, 1)) - count + 1;
}

static void
StoreNumbers(int32 companyId, const Claim *claims, int count)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "assigned_number", numberColumns, lengthof(numberColumns));
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));

	for (int i = 0; i < count; i++)
	{
		const Claim *claim = &claims[i];
		bool		ofVoucher = strcmp(claim->series->target, "voucher") == 0;
		Datum		values[lengthof(numberColumns)] = {
			Int32GetDatum(companyId),
			Int32GetDatum(claim->series->seriesId),
			CStringGetTextDatum(ScopeText(claim)),
			Int64GetDatum(claim->number),
			Int64GetDatum(claim->document->documentId),
			Int64GetDatum(ofVoucher ? claim->document->voucherId : 0),
			Int64GetDatum(claim->document->documentId)
		};

		BulkInsertRow(bulk, values, NULL);
	}
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}

/* A document shows the number of its own series, else that of its voucher. */
static void
ShowNumber(const Claim *claim)
{
	if (claim->document->number == 0 || strcmp(claim->series->target, "voucher") != 0)
		claim->document->number = claim->number;
}

void
TakeNumbers(DocumentBatch *batch)
{
	int			seriesCount;
	int			count;
	const Series *series = ImmediateSeries(batch->company->companyId, &seriesCount);
	Claim	   *claims;

	if (seriesCount == 0)
		return;
	claims = CollectClaims(batch, series, seriesCount, &count);
	for (int first = 0, next; first < count; first = next)
	{
		int64		number;

		next = first + 1;
		while (next < count && claims[next].series == claims[first].series &&
			   claims[next].scopeKey == claims[first].scopeKey)
			next++;
		number = RaiseCounter(batch->company->companyId, &claims[first], next - first);
		for (int i = first; i < next; i++)
		{
			claims[i].number = number++;
			ShowNumber(&claims[i]);
		}
	}
	if (count > 0)
		StoreNumbers(batch->company->companyId, claims, count);
}
