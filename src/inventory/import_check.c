/*
 * What the validation of an import looks at beside what every call checks: the
 * balance of manual vouchers, posting rules. All that only posting can tell
 * (stock, what an origin still has to give back) is left to it.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "inventory/import.h"
#include "ledger/ledger.h"

typedef struct RuleSearch
{
	DocumentBatch *batch;
	RuleMemo	memo;
} RuleSearch;

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

/* Law 1 of what the rows say themselves; staged rows have no dimensions, so that one sum a currency is enough. */
static void
CheckBalance(DocumentBatch *batch, Document *document)
{
	int128		sum = 0;
	int128		companySum = 0;
	char		text[FIXED_TEXT_MAX];

	for (int i = 0; i < document->lineCount; i++)
	{
		const DocumentLine *line = &document->lines[i];

		if (line->accountId == 0)
			continue;
		sum = AddExact(sum, line->isCredit ? NegateExact(line->amount) : line->amount);
		companySum = AddExact(companySum, line->isCredit ? NegateExact(line->companyAmount) : line->companyAmount);
	}
	if (sum == 0 && companySum == 0)
		return;
	FormatFixed(sum != 0 ? sum : companySum, AMOUNT_SCALE, text);
	ReportProblem(batch, document, NULL, "amount", NULL, ERRCODE_ERP_UNBALANCED,
				  psprintf("the voucher does not balance in %s: debits exceed credits by %s",
						   sum != 0 ? psprintf("currency %s", document->currency->code) : "the company's currency", text));
}

static void
RequireRule(RuleSearch *search, Document *document, DocumentLine *line, RuleQuery *query, bool anySign)
{
	int32		companyId = search->batch->company->companyId;

	if (RememberedRule(&search->memo, companyId, query) != NULL)
		return;
	if (anySign)
	{
		query->isCredit = !query->isCredit;
		if (RememberedRule(&search->memo, companyId, query) != NULL)
			return;
	}
	ReportProblem(search->batch, document, line, NULL, NULL, ERRCODE_ERP_NO_POSTING_RULE,
				  psprintf("no posting rule for kind %s, line role %s, amount role %s, item group \"%s\", party group \"%s\"",
						   document->kind->name, line == NULL ? "document" : line->role->name,
						   AmountRoleNames[query->amountRole], MasterTextOf(query->itemGroup),
						   MasterTextOf(query->partyGroup)));
}

/* The amounts that posting will emit for the line; the value of a move is not known yet, so either sign will do. */
static void
CheckLineRules(RuleSearch *search, DocumentLine *line)
{
	Document   *document = line->document;
	RuleQuery	query = {
		.kind = document->kind,
		.role = line->role,
		.itemGroup = line->itemGroup,
		.partyGroup = document->party.groupNumber,
		.warehouseId = line->warehouseId
	};
	bool		fromAmount = line->role->valueSource == VALUE_AMOUNT;

	if (line->role->direction != STOCK_NONE)
	{
		query.amountRole = AMOUNT_INVENTORY;
		query.isCredit = line->role->direction == STOCK_OUT;
		RequireRule(search, document, line, &query, true);
		query.amountRole = AMOUNT_COST;
		query.isCredit = line->role->direction != STOCK_OUT;
		if (!fromAmount)
			RequireRule(search, document, line, &query, true);
	}
	query.amountRole = AMOUNT_AMOUNT;
	query.isCredit = MultiplyExact(line->companyAmount, -document->kind->totalSign) < 0;
	if (!fromAmount && line->accountId == 0 && line->amount != 0)
		RequireRule(search, document, line, &query, false);
}

static void
CheckDocumentRules(RuleSearch *search, Document *document)
{
	int			sign = document->kind->totalSign;
	RuleQuery	query = {
		.kind = document->kind,
		.amountRole = AMOUNT_TAX,
		.partyGroup = document->party.groupNumber
	};

	for (int i = 0; i < document->lineCount; i++)
		CheckLineRules(search, &document->lines[i]);
	for (int i = 0; i < document->taxCount; i++)
	{
		query.taxCodeId = document->taxes[i].taxCode->taxCodeId;
		query.isCredit = MultiplyExact(document->taxes[i].companyAmount, -sign) < 0;
		if (document->taxes[i].taxAmount != 0)
			RequireRule(search, document, NULL, &query, false);
	}
	query.amountRole = AMOUNT_TOTAL;
	query.taxCodeId = 0;
	query.isCredit = MultiplyExact(document->companyTotal, sign) < 0;
	if (sign != 0 && (document->total != 0 || document->companyTotal != 0))
		RequireRule(search, document, NULL, &query, false);
}

void
CheckVouchers(DocumentBatch *batch)
{
	RuleSearch *search = palloc0(sizeof(RuleSearch));

	search->batch = batch;
	for (int i = 0; i < batch->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (batch->documents[i].bad || batch->documents[i].repeated)
			continue;
		CheckBalance(batch, &batch->documents[i]);
		CheckDocumentRules(search, &batch->documents[i]);
	}
	pfree(search);
}
