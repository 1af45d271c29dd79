/*
 * Posting with bad documents skipped. A part of the step is posted in a
 * subtransaction; where it is refused for what a document says, or one is bad
 * whose takings those after it found gone, it is rolled back and halved, until
 * a document is alone with the error that is its own.
 * Halves follow each other in the order of the rows, as steps do. Their locks
 * are ordered within each, not across: a deadlock with another session is an
 * error of the step, which is then called again.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/subtransaction.h"
#include "inventory/import.h"
#include "inventory/inventory.h"
#include "inventory/pending.h"

typedef struct Attempt
{
	const DocumentBatch *read;
	int64		jobId;
	ProblemStore store;
	int			first;			/* of the part that is tried */
	int			count;
	int			partPosted;
	int			posted;
} Attempt;

void
DropMarked(DocumentBatch *batch)
{
	int			kept = 0;

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[kept];

		if (batch->documents[i].bad || batch->documents[i].repeated)
			continue;
		if (kept++ == i)
			continue;
		*document = batch->documents[i];
		document->index = kept - 1;
		for (int j = 0; j < document->lineCount; j++)
			document->lines[j].document = document;
	}
	batch->count = kept;
}

/* What a document is refused for; guards, rights, states and number series are no document's fault. */
static bool
IsOfDocument(int errorCode)
{
	static const int codes[] = {
		ERRCODE_ERP_INVALID_FIELD, ERRCODE_ERP_UNKNOWN_CODE, ERRCODE_ERP_KEY_REUSED, ERRCODE_ERP_PERIOD_CLOSED,
		ERRCODE_ERP_NO_PERIOD, ERRCODE_ERP_HARD_LOCKED, ERRCODE_ERP_UNBALANCED, ERRCODE_ERP_NO_POSTING_RULE,
		ERRCODE_ERP_ACCOUNT_NOT_POSTABLE, ERRCODE_ERP_NO_EXCHANGE_RATE, ERRCODE_ERP_NO_TAX_RATE, ERRCODE_ERP_DIMENSION_REFUSED,
		ERRCODE_ERP_NOT_ENOUGH_STOCK, ERRCODE_ERP_NO_ORIGIN, ERRCODE_ERP_NOT_REVERSIBLE, ERRCODE_ERP_NOT_OPPOSITE,
		ERRCODE_ERP_ALREADY_SETTLED, ERRCODE_ERP_OVER_SETTLED, ERRCODE_ERP_WRITE_OFF_REFUSED, ERRCODE_ERP_REVIEW_REQUIRED,
		ERRCODE_ERP_ROUNDING_REFUSED, ERRCODE_ERP_NOT_CORRECTABLE, ERRCODE_ERP_EXPRESSION_FAILED, ERRCODE_ERP_ENTRIES_DIFFER,
		ERRCODE_ERP_CREDIT_LIMIT, ERRCODE_ERP_NO_RECEIPT, ERRCODE_ERP_COST_REFUSED, ERRCODE_ERP_BILLED_AHEAD, ERRCODE_ERP_BILL_DIFFERS, ERRCODE_ERP_OVER_CREDITED, ERRCODE_ERP_OVER_SENT_BACK,
		ERRCODE_ERP_NO_SHIPMENT, ERRCODE_ERP_OVER_BILLED, ERRCODE_ERP_WRONG_SHIPMENT, ERRCODE_ERP_RETURN_CAPPED,
		ERRCODE_ERP_LOT_REQUIRED, ERRCODE_ERP_SERIAL_TAKEN, ERRCODE_ERP_LOT_DIFFERS, ERRCODE_ERP_OVER_RECEIVED, ERRCODE_ERP_SECOND_QUANTITY,
		ERRCODE_ERP_NO_STANDARD_COST, ERRCODE_ERP_CONSUMED_BEFORE, ERRCODE_ERP_NOT_CONSUMABLE, ERRCODE_ERP_VALUES_CIRCLE,
		ERRCODE_ERP_EXPIRED, ERRCODE_ERP_NOT_FOLLOWED, ERRCODE_ERP_OTHER_PARTY, ERRCODE_ERP_OVER_RETURNED, ERRCODE_ERP_OVER_STATED,
		ERRCODE_ERP_POOL_TOO_EARLY, ERRCODE_ERP_METHOD_BELOW_ZERO, ERRCODE_ERP_DISCOUNT_REFUSED, ERRCODE_ERP_NO_PRICES,
		ERRCODE_ERP_CASH_ROUNDING_REFUSED, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE
	};

	for (int i = 0; i < (int) lengthof(codes); i++)
	{
		if (codes[i] == errorCode)
			return true;
	}
	return false;
}

/* Documents first to first + count - 1 as they were read, in memory of the current context. */
static DocumentBatch
CopyPart(const DocumentBatch *read, int first, int count)
{
	DocumentBatch part = {.company = read->company, .count = count};
	Size		size = sizeof(Document) * count;

	part.documents = MemoryContextAllocHuge(CurrentMemoryContext, size);
	memcpy(part.documents, &read->documents[first], size);
	for (int i = 0; i < count; i++)
	{
		Document   *document = &part.documents[i];
		const DocumentLine *lines = document->lines;

		size = sizeof(DocumentLine) * document->lineCount;
		document->index = i;
		document->lines = MemoryContextAllocHuge(CurrentMemoryContext, size);
		memcpy(document->lines, lines, size);
		for (int j = 0; j < document->lineCount; j++)
			document->lines[j].document = document;
	}
	return part;
}

/* Whether lines take what lines of other documents of the call find gone. */
static bool
TakesOfOthers(const Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		const DocumentLine *line = &document->lines[i];

		if (line->role != NULL && (ChangesReceipt(line->role) || IsOfCutOff(line->role) || IsApproval(line)))
			return true;
	}
	return false;
}

/* Whether what bad documents of the part would have taken may have been counted against others. */
static bool
CountsBad(const DocumentBatch *part)
{
	for (int i = 0; i < part->count && part->count > 1; i++)
	{
		if (part->documents[i].bad && TakesOfOthers(&part->documents[i]))
			return true;
	}
	return false;
}

/* Documents that the checks find bad are problems; the others are posted, now or before: partPosted says how many. False: it is to be halved. */
static bool
PostPart(void *argument)
{
	Attempt    *attempt = argument;
	DocumentBatch part = CopyPart(attempt->read, attempt->first, attempt->count);

	attempt->partPosted = 0;
	part.collecting = true;
	CheckBatch(&part);
	part.collecting = false;
	if (CountsBad(&part))
		return false;
	attempt->store(&part, attempt->jobId);
	for (int i = 0; i < attempt->count; i++)
		attempt->partPosted += part.documents[i].bad ? 0 : 1;
	DropMarked(&part);
	if (part.count > 0)
		PostCheckedBatch(&part);
	return true;
}

/* Runs PostPart in a subtransaction; false if it is to be halved. *error is what it was refused for, if a document says that. */
static bool
TryPart(Attempt *attempt, int first, int count, ErrorData **error)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext memory = AllocSetContextCreate(outer, "part of an import", ALLOCSET_DEFAULT_SIZES);
	ErrorData  *volatile refusal = NULL;
	volatile bool isPosted = false;

	attempt->first = first;
	attempt->count = count;
	MemoryContextSwitchTo(memory);
	PG_TRY();
	{
		isPosted = TryInSubtransaction(PostPart, attempt);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(outer);
		refusal = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(memory);
	if (refusal != NULL && !IsOfDocument(refusal->sqlerrcode))
		ReThrowError(refusal);
	*error = refusal;
	return isPosted;
}

/* The refusal of the document that was alone. */
static void
StoreRefusal(Attempt *attempt, int first, const ErrorData *error)
{
	DocumentBatch part = CopyPart(attempt->read, first, 1);

	part.collecting = true;
	ReportProblem(&part, part.documents, NULL, NULL, NULL, error->sqlerrcode,
				  error->detail == NULL ? error->message : psprintf("%s. %s", error->message, error->detail));
	attempt->store(&part, attempt->jobId);
}

static void
PostHalves(Attempt *attempt, int first, int count)
{
	ErrorData  *error;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (count == 0)
		return;
	if (TryPart(attempt, first, count, &error))
	{
		attempt->posted += attempt->partPosted;
		return;
	}
	if (count > 1)
	{
		PostHalves(attempt, first, count / 2);
		PostHalves(attempt, first + count / 2, count - count / 2);
	}
	else if (error != NULL)
		StoreRefusal(attempt, first, error);
	if (error != NULL)
		FreeErrorData(error);
}

int
PostSkipping(const DocumentBatch *read, int64 jobId, ProblemStore store)
{
	Attempt		attempt = {.read = read, .jobId = jobId, .store = store};

	PostHalves(&attempt, 0, read->count);
	return attempt.posted;
}
