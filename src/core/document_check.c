/*
 * Checks of one batch before anything is locked or written: the header of every
 * document, so that an import can list all that is wrong at once. Its lines:
 * document_line_check.c.
 */
#include "postgres.h"

#include "core/call.h"
#include "core/document.h"
#include "core/document_field.h"

static void
CheckKey(DocumentBatch *batch, Document *document)
{
	const char *key = document->fields[HEADER_KEY];

	if (key == NULL || key[0] == '\0')
		ReportProblem(batch, document, NULL, "key", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "an idempotency key is missing");
	else if (strlen(key) > DOCUMENT_KEY_MAX)
		ReportProblem(batch, document, NULL, "key", key, ERRCODE_ERP_INVALID_FIELD,
					  "the idempotency key is longer than 200 bytes");
	else if (IsEngineKey(key))
		ReportProblem(batch, document, NULL, "key", key, ERRCODE_ERP_INVALID_FIELD,
					  "keys that begin with \"erp:\" are the engine's own");
	document->key = key;
}

static void
CheckKind(DocumentBatch *batch, Document *document)
{
	const char *name = document->fields[HEADER_KIND];

	document->kind = name == NULL ? NULL : FindKind(name);
	if (name == NULL)
		ReportProblem(batch, document, NULL, "kind", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "the kind of document is missing");
	else if (document->kind == NULL)
		ReportProblem(batch, document, NULL, "kind", name, ERRCODE_ERP_UNKNOWN_CODE,
					  "the kind of document is unknown");
	else if (document->kind->engineOnly)
		ReportProblem(batch, document, NULL, "kind", name, ERRCODE_ERP_INVALID_FIELD,
					  "documents of this kind are made by the engine only");
}

static void
CheckDates(DocumentBatch *batch, Document *document, bool dayIsOptional)
{
	const char *day = document->fields[HEADER_DAY];
	const char *timeOfDay = document->fields[HEADER_TIME];

	if (day == NULL ? !dayIsOptional : !ParseDay(day, &document->day))
		ReportProblem(batch, document, NULL, "day", day, ERRCODE_ERP_INVALID_FIELD,
					  "a day of the form YYYY-MM-DD is expected");
	if (timeOfDay != NULL && !ParseTimeOfDay(timeOfDay, &document->timeOfDay))
		ReportProblem(batch, document, NULL, "time", timeOfDay, ERRCODE_ERP_INVALID_FIELD,
					  "a local time of the form HH:MM:SS is expected");
	if (document->fields[HEADER_LATE] != NULL && !ParseFlag(document->fields[HEADER_LATE], &document->late))
		ReportProblem(batch, document, NULL, "late", document->fields[HEADER_LATE], ERRCODE_ERP_INVALID_FIELD,
					  "true or false is expected");
	document->postingDay = document->day;
	document->rateDay = document->day;
}

static void
CheckCurrency(DocumentBatch *batch, Document *document)
{
	const char *code = document->fields[HEADER_CURRENCY];
	const char *rate = document->fields[HEADER_RATE];

	document->currency = code == NULL ? batch->company->currency : FindCurrency(code);
	document->rate = PowerOfTen(RATE_SCALE);
	if (document->currency == NULL)
	{
		ReportProblem(batch, document, NULL, "currency", code, ERRCODE_ERP_UNKNOWN_CODE, "unknown currency");
		return;
	}
	if (rate == NULL)
	{
		if (document->currency != batch->company->currency && !document->bad)
			LookUpRate(batch, document);
		return;
	}
	if (ParseFixed(rate, (int) strlen(rate), RATE_SCALE, RATE_DIGITS, &document->rate) != FIXED_OK || document->rate <= 0)
		ReportProblem(batch, document, NULL, "rate", rate, ERRCODE_ERP_INVALID_FIELD,
					  "a positive rate of at most 6 digits and 10 decimals is expected");
	else if (document->currency == batch->company->currency && document->rate != PowerOfTen(RATE_SCALE))
		ReportProblem(batch, document, NULL, "rate", rate, ERRCODE_ERP_INVALID_FIELD,
					  "the rate of the company's own currency is 1");
}

/* What the document says of when its debts fall due, instead of its party's terms. */
static void
CheckTerms(DocumentBatch *batch, Document *document)
{
	const char *code = document->fields[HEADER_PAYMENT_TERMS];
	const char *dueDay = document->fields[HEADER_DUE_DAY];
	bool		allowed = document->kind == NULL || HasPaymentTerms(document->kind);

	if (code == NULL && dueDay == NULL)
		return;
	if (!allowed)
		ReportProblem(batch, document, NULL, code != NULL ? "payment_terms" : "due_day", code != NULL ? code : dueDay,
					  ERRCODE_ERP_INVALID_FIELD, psprintf("documents of kind %s make no debt that falls due", document->kind->name));
	if (code != NULL)
		document->terms = FindPaymentTerms(batch->company->companyId, code);
	if (code != NULL && (document->terms == NULL || !document->terms->active))
		ReportProblem(batch, document, NULL, "payment_terms", code, ERRCODE_ERP_UNKNOWN_CODE, "unknown or inactive payment terms");
	document->dueDayGiven = dueDay != NULL;
	if (dueDay != NULL && !ParseDay(dueDay, &document->dueDay))
		ReportProblem(batch, document, NULL, "due_day", dueDay, ERRCODE_ERP_INVALID_FIELD, "a day of the form YYYY-MM-DD is expected");
}

/* Before anything is looked up: what a repeated request named may have changed since, and it still has its first result. */
static void
CheckKeys(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		CheckKey(batch, &batch->documents[i]);
		if (!batch->documents[i].bad && !batch->checkOnly)
			HashDocument(&batch->documents[i]);
	}
	FindRepeated(batch);
}

void
CheckHeaders(DocumentBatch *batch)
{
	CheckKeys(batch);
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->repeated)
			continue;
		CheckKind(batch, document);
		CheckDates(batch, document, false);
		CheckCurrency(batch, document);
		CheckTerms(batch, document);
		document->reference = document->fields[HEADER_REFERENCE] ? document->fields[HEADER_REFERENCE] : "";
		document->description = document->fields[HEADER_DESCRIPTION] ? document->fields[HEADER_DESCRIPTION] : "";
		if (document->lineCount == 0)
			ReportProblem(batch, document, NULL, "lines", NULL, ERRCODE_ERP_INVALID_FIELD,
						  "a document has at least one line");
		if (document->fields[HEADER_CASH_ROUNDING] != NULL)
			AddCashLine(batch, document);
	}
}

void
CheckReversalFields(DocumentBatch *batch, Document *document)
{
	CheckKey(batch, document);
	CheckDates(batch, document, true);
}
