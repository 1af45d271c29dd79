#include "postgres.h"

#include "common/hashfn.h"

#include "core/check_documents.h"

/* Numbers of documents and vouchers (law 8). */

/* The numbers of a series in one scope, and its counter. */
typedef struct ScopeNumbers
{
	FactKey		key;			/* the hash of the scope or, where another has it, one of the next; and, as line, the series */
	const char *scope;
	bool		hasCounter;
	int64		numbers;
	int64		first;
	int64		last;
	int64		counter;
} ScopeNumbers;

/* How many numbers of a series, the line, a document or a voucher has. */
typedef struct NumberedFact
{
	FactKey		key;
	int64		numbers;
} NumberedFact;

/* Of the row's scope, its third column. */
static ScopeNumbers *
ScopeOf(DocumentCheck *books, int32 companyId, int32 seriesId, const FactRow *row)
{
	char	   *scope = RowText(row, 2);
	uint32		hash = hash_bytes((const unsigned char *) scope, (int) strlen(scope));

	for (int64 id = hash;; id++)
	{
		bool		found;
		ScopeNumbers *numbers = AddFact(books->scopes, companyId, id, seriesId, &found);

		if (!found)
		{
			numbers->scope = scope;
			return numbers;
		}
		if (strcmp(numbers->scope, scope) == 0)
		{
			pfree(scope);
			return numbers;
		}
	}
}

static const char *
SeriesCode(const DocumentCheck *books, int32 companyId, int64 seriesId)
{
	const MasterEntry *series = FindFact(books->series, companyId, seriesId, 0);

	return series == NULL ? "unknown" : series->code;
}

static void
CountNumber(DocumentCheck *books, int32 companyId, int32 seriesId, const FactRow *row)
{
	ScopeNumbers *numbers = ScopeOf(books, companyId, seriesId, row);
	int64		number = RowInt64(row, 3);

	if (numbers->numbers++ == 0)
		numbers->first = numbers->last = number;
	numbers->first = Min(numbers->first, number);
	numbers->last = Max(numbers->last, number);
}

static void
CountNumbered(DocumentCheck *books, FactMap *facts, int32 companyId, int64 id, int32 seriesId)
{
	if (InSlice(books->check, id))
	{
		bool		found;
		NumberedFact *fact = AddFact(facts, companyId, id, seriesId, &found);

		fact->numbers++;
	}
}

static const char *const numberColumns[] = {
	"company_id", "series_id", "scope_value", "number", "document_id", "voucher_id", "assigning_document_id"
};

/* What is wrong with a number by what it is of, as far as that is in the slice; or NULL. */
static const char *
NumberProblem(const DocumentCheck *books, int32 companyId, const FactRow *row)
{
	int64		documentId = RowInt64(row, 4);
	int64		giverId = RowInt64(row, 6);

	if (InSlice(books->check, documentId)
		&& (FindFact(books->documents, companyId, documentId, 0) == NULL || FindFact(books->series, companyId, RowInt32(row, 1), 0) == NULL))
		return "has no document or no series";
	if (giverId != documentId && InSlice(books->check, giverId))
	{
		const KnownDocument *giver = FindFact(books->documents, companyId, giverId, 0);

		if (giver == NULL || !giver->givesNumbers)
			return "was given by no document that gives numbers";
	}
	return NULL;
}

static void
ReadNumber(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	int32		companyId = RowInt32(row, 0);
	int32		seriesId = RowInt32(row, 1);
	int64		voucherId = RowInt64(row, 5);
	const char *problem = NumberProblem(books, companyId, row);

	if (books->check->slice == 0)
		CountNumber(books, companyId, seriesId, row);
	if (voucherId != 0)
		CountNumbered(books, books->numberedVouchers, companyId, voucherId, seriesId);
	else
		CountNumbered(books, books->numbered, companyId, RowInt64(row, 4), seriesId);
	if (problem != NULL)
		ReportViolation(books->check, "document_references", companyId,
						psprintf("number " INT64_FORMAT " of scope \"%s\"", RowInt64(row, 3), RowText(row, 2)), problem);
}

static void
ReadCounter(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	ScopeNumbers *numbers = ScopeOf(books, RowInt32(row, 0), RowInt32(row, 1), row);

	numbers->hasCounter = true;
	numbers->counter = RowInt64(row, 3);
}

static void
CheckScopes(const DocumentCheck *books)
{
	for (int64 i = 0; i < FactCount(books->scopes); i++)
	{
		const ScopeNumbers *scope = FactAt(books->scopes, i);

		if ((scope->numbers == 0 || scope->first == 1) && scope->last == scope->numbers && scope->last == scope->counter)
			continue;
		ReportViolation(books->check, "numbers", scope->key.companyId,
						psprintf("series %s, scope \"%s\"", SeriesCode(books, scope->key.companyId, scope->key.lineNo), scope->scope),
						psprintf(INT64_FORMAT " numbers from " INT64_FORMAT " to " INT64_FORMAT ", counter at %s", scope->numbers,
								 scope->first, scope->last, scope->hasCounter ? psprintf(INT64_FORMAT, scope->counter) : "nothing"));
	}
}

static void
CheckNumberedOnce(const DocumentCheck *books, const FactMap *facts, const char *what)
{
	for (int64 i = 0; i < FactCount(facts); i++)
	{
		const NumberedFact *fact = FactAt(facts, i);

		ErpCheckInterrupts();
		if (fact->numbers > 1)
			ReportViolation(books->check, "numbers", fact->key.companyId,
							psprintf("%s " INT64_FORMAT ", series %s", what, fact->key.id, SeriesCode(books, fact->key.companyId, fact->key.lineNo)),
							psprintf("has " INT64_FORMAT " numbers", fact->numbers));
	}
}

void
CheckNumbers(DocumentCheck *books)
{
	books->scopes = CreateFactMap(sizeof(ScopeNumbers));
	books->numbered = CreateFactMap(sizeof(NumberedFact));
	books->numberedVouchers = CreateFactMap(sizeof(NumberedFact));
	ReadTable("assigned_number", numberColumns, lengthof(numberColumns), ReadNumber, books);
	if (books->check->slice == 0)
		ReadFacts(books->check, "SELECT k.company_id, k.series_id, k.scope_value, k.last_number FROM erp_private.series_counter k", ReadCounter, books);
	CheckScopes(books);
	CheckNumberedOnce(books, books->numbered, "document");
	CheckNumberedOnce(books, books->numberedVouchers, "voucher");
}
