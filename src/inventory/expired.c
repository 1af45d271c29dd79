/*
 * Goods past their last day: what is left of a lot is taken away on its removal
 * day and is no good from the day after its expiry, so the earlier of both is
 * the last day on which it is issued to a customer. The day of the document
 * counts, whenever it is posted. The item, the company or the line may allow more: then it is on record.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/document_field.h"
#include "core/engine.h"
#include "core/plan_cache.h"
#include "inventory/expired.h"
#include "inventory/line_list.h"

/* Who may say on a line that goods past their last day go out all the same. */
#define ALLOWING_ROLE "erp_warehouse"

static KeptPlan pastPlan = {
	.query = "SELECT n.number::integer - 1, l.last_day"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS n (lot_id, day, number)"
	" CROSS JOIN LATERAL (SELECT LEAST(f.removal_day, f.expires_on) AS last_day FROM erp.lot f"
	"                      WHERE f.company_id = $1 AND f.lot_id = n.lot_id OFFSET 0) l"
	" WHERE l.last_day < n.day ORDER BY n.number",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8ARRAYOID, DATEARRAYOID}
};

ExpiredPermission
AllowsExpired(const CompanyInfo *company, const char *issueExpired)
{
	if (issueExpired[0] == '\0')
		return company->issuesExpired ? EXPIRED_BY_COMPANY : EXPIRED_REFUSED;
	return strcmp(issueExpired, "allow") == 0 ? EXPIRED_BY_ITEM : EXPIRED_REFUSED;
}

/* Whether the line says that goods past their last day are issued; reports what it may not say. */
static bool
LineAllows(DocumentBatch *batch, DocumentLine *line)
{
	const char *text = line->fields[LINE_ALLOW_EXPIRED];
	bool		allows = false;

	if (text == NULL)
		return false;
	if (!ParseFlag(text, &allows))
		ReportProblem(batch, line->document, line, "allow_expired", text, ERRCODE_ERP_INVALID_FIELD, "true or false is expected");
	else if (!line->role->refusesExpired)
		ReportProblem(batch, line->document, line, "allow_expired", text, ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s issues nothing to a customer", line->role->name));
	else if (allows)
		CheckCallerRole(ALLOWING_ROLE, "goods past their last day");
	return allows;
}

/* A line that issues goods past their last day is reported, or remembers it. */
static void
NoteExpired(DocumentBatch *batch, DocumentLine *line, DateADT lastDay)
{
	if (line->allowsExpired != EXPIRED_REFUSED)
	{
		line->isExpired = true;
		line->lastDay = lastDay;
		return;
	}
	ReportProblem(batch, line->document, line, "lot", line->fields[LINE_LOT], ERRCODE_ERP_EXPIRED,
				  psprintf("the last day of the lot was %s", DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(lastDay)))));
}

/* For lines of HasLastDay(): those whose document is of a later day than the last one of their lot. */
static void
CheckLastDays(DocumentBatch *batch, const LineList *lines)
{
	DatumArray	lots = {0};
	DatumArray	days = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	uint64		rows;

	if (lines->count == 0)
		return;
	for (int i = 0; i < lines->count; i++)
	{
		AppendDatum(&lots, Int64GetDatum(lines->lines[i]->lotId));
		AppendDatum(&days, DateADTGetDatum(lines->lines[i]->document->day));
	}
	values[1] = DatumArrayValue(&lots, INT8OID);
	values[2] = DatumArrayValue(&days, DATEOID);
	rows = RunPlanLatest(&pastPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
		NoteExpired(batch, lines->lines[DatumGetInt32(PlanValue(i, 1))], DatumGetDateADT(PlanValue(i, 2)));
}

/* Whether goods of a lot leave for a customer with the line: what was shipped has left before. */
static bool
HasLastDay(const DocumentLine *line)
{
	return line->role != NULL && line->role->refusesExpired && line->lotId != 0 && !line->isShipped;
}

void
CheckExpired(DocumentBatch *batch)
{
	LineList	lines = {0};

	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount && !batch->documents[i].repeated; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];

			if (line->role == NULL)
				continue;
			if (LineAllows(batch, line))
				line->allowsExpired = EXPIRED_BY_LINE;
			line->findsLotLater = line->lotId == 0 && line->tracking != TRACK_NONE;
			if (HasLastDay(line))
				AppendLine(&lines, line);
		}
	}
	CheckLastDays(batch, &lines);
}

void
CheckExpiredLater(const StockRun *run)
{
	LineList	lines = {0};

	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->findsLotLater && HasLastDay(run->lines[i]))
			AppendLine(&lines, run->lines[i]);
	}
	CheckLastDays(run->batch, &lines);
}

static const char *const issueColumns[] = {"company_id", "document_id", "line_no", "last_day", "allowed_by"};

static const char *const permissionNames[] = {"", "line", "item", "company"};

static void
StoreExpiredLine(BulkInsert *bulk, int32 companyId, const DocumentLine *line)
{
	Datum		values[lengthof(issueColumns)] = {
		Int32GetDatum(companyId), Int64GetDatum(line->document->documentId), Int32GetDatum(line->lineNo), DateADTGetDatum(line->lastDay)
	};

	values[4] = CStringGetTextDatum(permissionNames[line->allowsExpired]);
	BulkInsertRow(bulk, values, NULL);
}

void
StoreExpired(const DocumentBatch *batch)
{
	BulkInsert *bulk = NULL;
	MemoryContext previous = CurrentMemoryContext;

	for (int i = 0; i < batch->count; i++)
	{
		const Document *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
		{
			if (!document->lines[j].isExpired)
				continue;
			if (bulk == NULL)
			{
				bulk = BeginBulkInsert("erp", "expired_issue", issueColumns, lengthof(issueColumns));
				(void) MemoryContextSwitchTo(BulkInsertContext(bulk));
			}
			StoreExpiredLine(bulk, batch->company->companyId, &document->lines[j]);
		}
	}
	(void) MemoryContextSwitchTo(previous);
	if (bulk != NULL)
		EndBulkInsert(bulk);
}
