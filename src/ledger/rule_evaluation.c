#include "postgres.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/bulk_insert.h"
#include "core/numeric_io.h"
#include "ledger/ledger.h"

/* What posting rules asked and answered is kept beside the voucher: the rules may have changed when somebody wants to know. */

static const char *const evaluationColumns[] = {
	"company_id", "voucher_id", "evaluation_no", "line_no", "posting_rule_id", "document_line_no", "applies_when",
	"amount_expression", "named_values", "amount", "company_amount"
};

void
AddEvaluation(Voucher *voucher, const RuleEvaluation *evaluation)
{
	if (voucher->evaluationCount == voucher->evaluationCapacity)
	{
		voucher->evaluationCapacity = Max(8, voucher->evaluationCapacity * 2);
		if (voucher->evaluations == NULL)
			voucher->evaluations = palloc(sizeof(RuleEvaluation) * voucher->evaluationCapacity);
		else
			voucher->evaluations = repalloc_huge(voucher->evaluations, sizeof(RuleEvaluation) * voucher->evaluationCapacity);
	}
	voucher->evaluations[voucher->evaluationCount++] = *evaluation;
}

static void
InsertEvaluation(BulkInsert *bulk, int32 companyId, const Voucher *voucher, int number)
{
	const RuleEvaluation *evaluation = &voucher->evaluations[number];
	Datum		values[lengthof(evaluationColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(voucher->document->voucherId);
	values[i++] = Int32GetDatum(number + 1);
	values[i++] = Int32GetDatum(evaluation->voucherLineNo);
	values[i++] = Int32GetDatum(evaluation->rule->postingRuleId);
	values[i++] = Int32GetDatum(evaluation->documentLineNo);
	values[i++] = CStringGetTextDatum(evaluation->rule->whenText);
	values[i++] = CStringGetTextDatum(evaluation->rule->expressionText);
	values[i++] = DirectFunctionCall1(jsonb_in, CStringGetDatum(evaluation->values));
	values[i++] = AmountGetDatum(evaluation->amount);
	values[i++] = AmountGetDatum(evaluation->companyAmount);
	BulkInsertRow(bulk, values, NULL);
}

/* A line that came to nothing is not written; that a rule which asks nothing gave all of a line, the line says. */
static bool
IsToKeep(const Voucher *voucher, const RuleEvaluation *evaluation)
{
	const VoucherLine *line = &voucher->lines[evaluation->voucherLineNo - 1];

	return !line->isEmpty && (line->ofSeveralRules || evaluation->rule->when != NULL || evaluation->rule->expression != NULL);
}

void
StoreEvaluations(int32 companyId, const VoucherSet *set)
{
	BulkInsert *bulk = NULL;
	MemoryContext previous = CurrentMemoryContext;

	for (int i = 0; i < set->count; i++)
	{
		const Voucher *voucher = &set->vouchers[i];

		for (int j = 0; j < voucher->evaluationCount; j++)
		{
			if (!IsToKeep(voucher, &voucher->evaluations[j]))
				continue;
			if (bulk == NULL)
			{
				bulk = BeginBulkInsert("erp", "posting_evaluation", evaluationColumns, lengthof(evaluationColumns));
				(void) MemoryContextSwitchTo(BulkInsertContext(bulk));
			}
			InsertEvaluation(bulk, companyId, voucher, j);
		}
	}
	(void) MemoryContextSwitchTo(previous);
	if (bulk != NULL)
		EndBulkInsert(bulk);
}
