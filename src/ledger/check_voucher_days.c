#include "postgres.h"

#include "utils/datetime.h"

#include "ledger/check_vouchers.h"

/* Where vouchers stand: on the day of their document, in their period (law 6), with a number of their word and day (law 8). */

typedef struct CheckedPeriod
{
	FactKey		key;
	DateADT		firstDay;
	DateADT		lastDay;
} CheckedPeriod;

typedef enum SeriesScope
{
	SCOPE_EVER,
	SCOPE_YEAR,
	SCOPE_MONTH
} SeriesScope;

/* A series of vouchers. */
typedef struct VoucherSeries
{
	FactKey		key;
	const char *code;
	int32		wordId;
	SeriesScope scope;
} VoucherSeries;

typedef struct NumberCheck
{
	const VoucherCheck *books;
	FactMap    *series;
} NumberCheck;

static void
ReadPeriod(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	bool		found;
	CheckedPeriod *period = AddFact(books->periods, RowInt32(row, 0), RowInt32(row, 1), 0, &found);

	period->firstDay = RowDay(row, 2);
	period->lastDay = RowDay(row, 3);
}

void
BeginVoucherDays(VoucherCheck *books)
{
	books->periods = CreateFactMap(sizeof(CheckedPeriod));
	ReadFacts(books->check, "SELECT p.company_id, p.period_id, p.first_day, p.last_day FROM erp.period p", ReadPeriod, books);
	books->words = ReadMaster(books->check, "SELECT w.company_id, w.voucher_word_id::bigint, 0, NULL::text FROM erp.voucher_word w");
}

static void
ReportVoucher(const VoucherCheck *books, const CheckedVoucher *voucher, const char *checkName, const char *detail)
{
	ReportViolation(books->check, checkName, voucher->key.companyId, psprintf("voucher " INT64_FORMAT, voucher->key.id), detail);
}

void
CheckVoucherDay(const VoucherCheck *books, const CheckedVoucher *voucher, int32 periodId)
{
	int32		companyId = voucher->key.companyId;
	const CheckedDocument *document = FindFact(books->documents, companyId, voucher->documentId, 0);
	const CheckedPeriod *period = FindFact(books->periods, companyId, periodId, 0);

	if (document == NULL)
		ReportVoucher(books, voucher, "voucher_references", psprintf("has no document: " INT64_FORMAT, voucher->documentId));
	else if (voucher->documentId != voucher->key.id)
		ReportVoucher(books, voucher, "voucher_references", psprintf("is not of its document: " INT64_FORMAT, voucher->documentId));
	else if (document->postingDay != voucher->day)
		ReportVoucher(books, voucher, "voucher_days", psprintf("day %s is not the posting day %s of document " INT64_FORMAT, DayString(voucher->day),
															  DayString(document->postingDay), voucher->documentId));
	if (FindFact(books->words, companyId, voucher->wordId, 0) == NULL)
		ReportVoucher(books, voucher, "voucher_references", psprintf("has the unknown word %d", voucher->wordId));
	if (period == NULL || voucher->day < period->firstDay || voucher->day > period->lastDay)
		ReportVoucher(books, voucher, "voucher_days", psprintf("day %s is not in period %d", DayString(voucher->day), periodId));
}

static void
ReadSeries(void *state, const FactRow *row)
{
	NumberCheck *numbers = state;
	bool		found;
	VoucherSeries *series = AddFact(numbers->series, RowInt32(row, 0), RowInt32(row, 1), 0, &found);

	series->wordId = RowInt32(row, 2);
	series->code = RowText(row, 3);
	series->scope = RowIs(row, 4, "month") ? SCOPE_MONTH : RowIs(row, 4, "year") ? SCOPE_YEAR : SCOPE_EVER;
}

/* True if the text names the scope of a series that the day lies in, as to_char() writes it. */
static bool
IsScopeOf(const FactRow *row, int column, SeriesScope scope, DateADT day)
{
	char		name[MAXDATELEN + 1] = "";
	int			year;
	int			month;
	int			dayOfMonth;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &dayOfMonth);
	/* There is no year 0: it is written as 1, as is that after it. */
	if (year <= 0)
		year = 1 - year;
	if (scope == SCOPE_YEAR)
		snprintf(name, sizeof(name), "%04d", year);
	else if (scope == SCOPE_MONTH)
		snprintf(name, sizeof(name), "%04d-%02d", year, month);
	return RowIs(row, column, name);
}

static const char *const numberColumns[] = {"company_id", "series_id", "scope_value", "number", "document_id", "voucher_id"};

static void
ReadNumber(void *state, const FactRow *row)
{
	const NumberCheck *numbers = state;
	const VoucherCheck *books = numbers->books;
	int32		companyId = RowInt32(row, 0);
	int64		documentId = RowInt64(row, 4);
	const VoucherSeries *series = FindFact(numbers->series, companyId, RowInt32(row, 1), 0);
	const CheckedVoucher *voucher;
	char	   *detail;

	if (series == NULL || !InSlice(books->check, documentId))
		return;
	voucher = FindFact(books->vouchers, companyId, RowInt64(row, 5), 0);
	if (voucher == NULL || voucher->documentId != documentId)
		detail = psprintf("voucher " INT64_FORMAT " of document " INT64_FORMAT " does not exist", RowInt64(row, 5), documentId);
	else if (voucher->wordId != series->wordId)
		detail = psprintf("voucher " INT64_FORMAT " is of another word", voucher->key.id);
	else if (!IsScopeOf(row, 2, series->scope, voucher->day))
		detail = psprintf("voucher " INT64_FORMAT " is of %s", voucher->key.id, DayString(voucher->day));
	else
		return;
	ReportViolation(books->check, "voucher_numbers", companyId,
					psprintf("series %s, number " INT64_FORMAT " of scope \"%s\"", series->code, RowInt64(row, 3), RowText(row, 2)),
					detail);
}

void
ReadVoucherNumbers(VoucherCheck *books)
{
	NumberCheck numbers = {.books = books, .series = CreateFactMap(sizeof(VoucherSeries))};

	/* What has no series, check_documents() says. */
	ReadFacts(books->check, "SELECT s.company_id, s.series_id, s.voucher_word_id, s.code, s.scope FROM erp.series s WHERE s.target = 'voucher'",
			  ReadSeries, &numbers);
	ReadTable("assigned_number", numberColumns, lengthof(numberColumns), ReadNumber, &numbers);
}
