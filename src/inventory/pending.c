/*
 * What is pending of an adjustment is the cost of its line, as now known, that
 * stands on the account which the approval clears, less what other approvals
 * have cleared of it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/line_list.h"
#include "inventory/pending.h"

/* The documents of the keys, held until the transaction ends. */
static KeptPlan lockPlan = {
	.query = "SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 AND d.key = ANY ($2) ORDER BY d.document_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

/* What stands of the line's cost on the account, debit positive, and what approvals that stand have cleared. OFFSET 0: see core/plan_cache.h. */
static KeptPlan pendingPlan = {
	.query = "SELECT d.document_id, d.kind, d.posting_day,"
	"       d.reverses_document_id <> 0 OR (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1"
	"           AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0) IS NOT NULL,"
	"       COALESCE((SELECT pg_catalog.sum(-e.amount)"
	"          FROM (SELECT f.move_id FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = d.document_id AND f.line_no = $3 OFFSET 0) m"
	"         CROSS JOIN LATERAL (SELECT f.* FROM erp.cost_entry f WHERE f.company_id = $1 AND f.move_id = m.move_id OFFSET 0) e"
	"         CROSS JOIN LATERAL (SELECT f.account_id FROM erp.voucher_line f WHERE f.company_id = $1 AND f.voucher_id = e.voucher_id"
	"                                AND f.line_no = e.counter_line_no OFFSET 0) l"
	"         WHERE l.account_id = $4), 0),"
	"       COALESCE((SELECT pg_catalog.sum(k.amount) FROM erp.document_link k WHERE k.company_id = $1 AND k.target_document_id = d.document_id"
	"                    AND k.target_line_no = $3 AND k.link = 'fulfils'"
	"                    AND (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = k.document_id"
	"                            AND r.reverses_document_id <> 0) IS NULL), 0)"
	"  FROM (SELECT f.* FROM erp.document f WHERE f.company_id = $1 AND f.key = $2 OFFSET 0) d",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, TEXTOID, INT4OID, INT4OID}
};

bool
IsApproval(const DocumentLine *line)
{
	return line->role != NULL && IsTransfer(line) && line->role->fulfils && line->fields[LINE_ORIGIN_KEY] != NULL &&
		line->fields[LINE_ORIGIN_LINE] != NULL;
}

static LineList
CollectApprovals(DocumentBatch *batch)
{
	LineList	approvals = {0};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
		{
			if (IsApproval(&document->lines[j]))
				AppendLine(&approvals, &document->lines[j]);
		}
	}
	return approvals;
}

static void
LockAdjustments(DocumentBatch *batch, const LineList *approvals)
{
	DatumArray	keys = {0};
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};

	for (int i = 0; i < approvals->count; i++)
		AppendDatum(&keys, CStringGetTextDatum(approvals->lines[i]->fields[LINE_ORIGIN_KEY]));
	values[1] = DatumArrayValue(&keys, TEXTOID);
	(void) RunPlan(&lockPlan, values, NULL);
}

/* The rule by which the approval clears the pending account; NULL if there is none, which is reported elsewhere. */
static const PostingRule *
ClearingRule(DocumentBatch *batch, const DocumentLine *line)
{
	RuleQuery	query = {
		.kind = line->document->kind, .role = line->role, .amountRole = AMOUNT_AMOUNT, .partyGroup = line->document->party.groupNumber
	};

	return FindPostingRule(batch->company->companyId, &query);
}

/* What lines before this one, of the same call, clear of the same line. */
static int128
ClearedBefore(const DocumentBatch *batch, const LineList *approvals, int number)
{
	const DocumentLine *line = approvals->lines[number];
	int128		cleared = 0;

	for (int i = 0; i < number && !batch->leavesOut; i++)
	{
		const DocumentLine *other = approvals->lines[i];

		if (other->originDocumentId == line->originDocumentId && other->originLineNo == line->originLineNo)
			cleared = AddExact(cleared, other->amount);
	}
	return cleared;
}

/* Why the line in the first row is none that the approval can clear; NULL: it is one. */
static const char *
WhyNot(const DocumentLine *line, uint64 rows)
{
	const DocumentKindInfo *kind = rows == 0 ? NULL : FindKind(TextDatumGetCString(PlanValue(0, 2)));

	if (kind == NULL)
		return "the adjustment is unknown, or stands in the same call";
	if (!MayNameKind(line->document->kind, line->role, kind))
		return psprintf("a line of role %s names no line of a %s", line->role->name, kind->name);
	if (DatumGetBool(PlanValue(0, 4)))
		return "the adjustment was reversed, or is a reversal";
	if (DatumGetDateADT(PlanValue(0, 3)) > line->document->day)
		return "the adjustment is later than its approval";
	return NULL;
}

static void
CheckApproval(DocumentBatch *batch, const LineList *approvals, int number)
{
	DocumentLine *line = approvals->lines[number];
	const PostingRule *rule = ClearingRule(batch, line);
	Datum		values[4] = {
		Int32GetDatum(batch->company->companyId), CStringGetTextDatum(line->fields[LINE_ORIGIN_KEY]), Int32GetDatum(line->originLineNo),
		Int32GetDatum(rule == NULL ? 0 : rule->accountId)
	};
	uint64		rows = RunPlanLatest(&pendingPlan, values, NULL);
	const char *reason = WhyNot(line, rows);
	int128		pending;
	char		text[FIXED_TEXT_MAX];

	if (reason != NULL)
	{
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_NO_ORIGIN, reason);
		return;
	}
	line->originDocumentId = DatumGetInt64(PlanValue(0, 1));
	pending = AmountFromDatum(PlanValue(0, 5));
	if (rule != NULL && !rule->isCredit)
		pending = NegateExact(pending);
	pending = SubtractExact(SubtractExact(pending, AmountFromDatum(PlanValue(0, 6))), ClearedBefore(batch, approvals, number));
	FormatFixed(pending, AMOUNT_SCALE, text);
	if (rule != NULL && line->amount > pending)
		ReportProblem(batch, line->document, line, "amount", line->fields[LINE_AMOUNT], ERRCODE_ERP_OVER_APPROVED,
					  psprintf("%s is pending of it", text));
}

void
LookUpPending(DocumentBatch *batch)
{
	LineList	approvals = CollectApprovals(batch);

	if (approvals.count == 0)
		return;
	if (!batch->checkOnly)
		LockAdjustments(batch, &approvals);
	for (int i = 0; i < approvals.count; i++)
	{
		DocumentLine *line = approvals.lines[i];

		if (line->document->currency != batch->company->currency)
			ReportProblem(batch, line->document, NULL, "currency", line->document->fields[HEADER_CURRENCY], ERRCODE_ERP_INVALID_FIELD,
						  "an adjustment is approved in the company's currency");
		CheckApproval(batch, &approvals, i);
	}
}
