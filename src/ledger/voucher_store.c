#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"
#include "ledger/voucher_balance.h"

static const char *const voucherColumns[] = {
	"company_id", "voucher_id", "document_id", "day", "period_id", "voucher_word_id", "summary"
};

static const char *const lineColumns[] = {
	"company_id", "voucher_id", "line_no", "account_id", "day", "side", "currency_id", "party_id", "tax_code_id",
	"dimension_set_id", "cash_flow_item_id", "unit_id", "posting_rule_id", "document_line_no", "due_day", "amount",
	"company_amount", "quantity", "summary"
};

static const char *const itemColumns[] = {
	"company_id", "payment_terms_id", "open_item_id", "voucher_id", "line_no", "document_id", "account_id", "party_id", "day", "due_day",
	"currency_id", "due_day_given", "instalment_no", "amount", "company_amount"
};

/* A row for each id, in their order. The number of the kind's own series, else of the voucher's: what ShowNumber() shows the first time. */
static KeptPlan postedPlan = {
	.query = "SELECT COALESCE((SELECT v.voucher_id FROM erp.voucher v"
	"   WHERE v.company_id = $1 AND v.voucher_id = u.document_id), 0),"
	" (SELECT n.number FROM erp.assigned_number n"
	"   JOIN erp.series s ON s.company_id = n.company_id AND s.series_id = n.series_id"
	"  WHERE n.company_id = $1 AND n.document_id = u.document_id AND s.mode = 'immediate'"
	"  ORDER BY s.target = 'voucher', s.series_id DESC LIMIT 1)"
	" FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (document_id, number) ORDER BY u.number",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static char *
VoucherSummary(const Document *document)
{
	if (document->correctionText != NULL)
		return document->description[0] == '\0' ? (char *) document->correctionText :
			psprintf("%s %s", document->correctionText, document->description);
	if (document->description[0] != '\0')
		return (char *) document->description;
	if (document->reference[0] == '\0')
		return (char *) document->kind->name;
	return psprintf("%s %s", document->kind->name, document->reference);
}

static void
InsertVoucher(BulkInsert *bulk, int32 companyId, const Document *document)
{
	Datum		values[lengthof(voucherColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(document->voucherId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = DateADTGetDatum(document->postingDay);
	values[i++] = Int32GetDatum(document->postingPeriodId);
	values[i++] = Int32GetDatum(document->voucherWordId);
	values[i++] = CStringGetTextDatum(VoucherSummary(document));
	BulkInsertRow(bulk, values, NULL);
}

/* The amount as the side shows it: what is against its side is negative (red). */
static int128
ShownAmount(int128 amount, bool isCredit)
{
	return isCredit ? NegateExact(amount) : amount;
}

static void
InsertLine(BulkInsert *bulk, int32 companyId, const Document *document, const VoucherLine *line, int lineNo)
{
	Datum		values[lengthof(lineColumns)];
	bool		nulls[lengthof(lineColumns)] = {false};
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(document->voucherId);
	values[i++] = Int32GetDatum(lineNo);
	values[i++] = Int32GetDatum(line->account->accountId);
	values[i++] = DateADTGetDatum(document->postingDay);
	values[i++] = CStringGetTextDatum(line->isCredit ? "credit" : "debit");
	values[i++] = Int32GetDatum(line->currency->currencyId);
	values[i++] = Int32GetDatum(line->party.partyId);
	values[i++] = Int32GetDatum(line->taxCodeId);
	values[i++] = Int32GetDatum(line->dimensionSetId);
	values[i++] = Int32GetDatum(0);	/* no cash-flow item: the default costs more to work out */
	values[i++] = Int32GetDatum(line->unitId);
	values[i++] = Int32GetDatum(line->postingRuleId);
	values[i++] = Int32GetDatum(line->documentLineNo);
	nulls[i] = !HasOpenItems(line->account);
	values[i++] = DateADTGetDatum(DueDay(companyId, document, line));
	values[i++] = AmountGetDatum(CheckAmount(ShownAmount(line->amount, line->isCredit), "amount of a voucher line"));
	values[i++] = AmountGetDatum(CheckAmount(ShownAmount(line->companyAmount, line->isCredit),
											 "company amount of a voucher line"));
	values[i++] = QuantityGetDatum(CheckQuantity(line->quantity, "quantity of a voucher line"));
	values[i++] = CStringGetTextDatum(line->summary);
	BulkInsertRow(bulk, values, nulls);
}

static void
InsertOpenItem(BulkInsert *bulk, int32 companyId, const Document *document, const VoucherLine *line, int lineNo)
{
	Datum		values[lengthof(itemColumns)];
	const PaymentTermsInfo *terms = ItemTerms(companyId, document, line);
	int			i = 0;

	ErpAssert(line->openItemId != 0);
	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int32GetDatum(terms == NULL ? 0 : terms->paymentTermsId);
	values[i++] = Int64GetDatum(line->openItemId);
	values[i++] = Int64GetDatum(document->voucherId);
	values[i++] = Int32GetDatum(lineNo);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = Int32GetDatum(line->account->accountId);
	values[i++] = Int32GetDatum(line->party.partyId);
	values[i++] = DateADTGetDatum(document->postingDay);
	values[i++] = DateADTGetDatum(DueDay(companyId, document, line));
	values[i++] = Int32GetDatum(line->currency->currencyId);
	values[i++] = BoolGetDatum(document->dueDayGiven);
	values[i++] = Int32GetDatum(line->instalmentNo);
	values[i++] = AmountGetDatum(line->amount);
	values[i++] = AmountGetDatum(line->companyAmount);
	BulkInsertRow(bulk, values, NULL);
}

static void
CheckParty(const Voucher *voucher, const VoucherLine *line)
{
	if (HasOpenItems(line->account) && line->party.partyId == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_INVALID_FIELD),
				 errmsg("account %s of document \"%s\" needs a party", line->account->code, voucher->document->key),
				 errhint("%s", ErrorCure(ERRCODE_ERP_INVALID_FIELD))));
}

static void
CheckAccount(const Voucher *voucher, const VoucherLine *line)
{
	if (line->account == NULL || !line->account->postable)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_ACCOUNT_NOT_POSTABLE),
				 errmsg("a posting rule of document \"%s\" names an account that cannot be posted to",
						voucher->document->key),
				 errdetail("Account %s.", line->account == NULL ? "unknown" : line->account->code),
				 errhint("%s", ErrorCure(ERRCODE_ERP_ACCOUNT_NOT_POSTABLE))));
}

/* Open items that have no id yet get theirs; returns whether there are any open items. */
static bool
NameOpenItems(Voucher *voucher)
{
	bool		any = false;

	for (int i = 0; i < voucher->count; i++)
	{
		VoucherLine *line = &voucher->lines[i];

		if (line->isEmpty || !HasOpenItems(line->account))
			continue;
		any = true;
		if (line->openItemId == 0)
			line->openItemId = NextIdentity("open_item", "open_item_id");
	}
	return any;
}

static void
CheckVoucher(const Voucher *voucher)
{
	for (int i = 0; i < voucher->count; i++)
	{
		if (voucher->lines[i].isEmpty)
			continue;
		CheckAccount(voucher, &voucher->lines[i]);
		CheckParty(voucher, &voucher->lines[i]);
	}
	CheckBalanced(voucher);
}

typedef void (*InsertRow) (BulkInsert *bulk, int32 companyId, const Document *document, const VoucherLine *line, int lineNo);

/* Runs insertRow for every written line, or for those with an open item only. */
static void
StoreLinesOf(const VoucherSet *set, int32 companyId, BulkInsert *bulk, bool openItems, InsertRow insertRow)
{
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));

	for (int i = 0; i < set->count; i++)
	{
		const Voucher *voucher = &set->vouchers[i];

		for (int j = 0; j < voucher->count; j++)
		{
			const VoucherLine *line = &voucher->lines[j];

			if (!line->isEmpty && (!openItems || HasOpenItems(line->account)))
				insertRow(bulk, companyId, voucher->document, line, j + 1);
		}
	}
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}

static BulkInsert *
BeginLines(const VoucherSet *set)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "voucher_line", lineColumns, lengthof(lineColumns));
	int			count = 0;

	for (int i = 0; i < set->count; i++)
		count += set->vouchers[i].count;
	if (count >= LATE_ROWS)
		BulkInsertLate(bulk, "voucher_line_account", "account_id", count);
	return bulk;
}

static void
StoreHeaders(const VoucherSet *set, int32 companyId)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "voucher", voucherColumns, lengthof(voucherColumns));
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));

	for (int i = 0; i < set->count; i++)
		InsertVoucher(bulk, companyId, set->vouchers[i].document);
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}

/* What the sets of the lines say is read once, and only where somebody asks. */
static void
CheckDimensions(int32 companyId, const VoucherSet *set)
{
	bool		balancing = HasBalancingDimensions(companyId);
	bool		ruled = HasAccountDimensions(companyId);
	SetValues	values;

	if (!balancing && !ruled)
		return;
	values = ReadSetValues(companyId, set);
	if (balancing)
		CheckBalancingDimensions(companyId, set, &values);
	if (ruled)
		CheckAccountDimensions(companyId, set, &values);
}

void
StoreVouchers(DocumentBatch *batch, const VoucherSet *set)
{
	int32		companyId = batch->company->companyId;
	bool		openItems = false;

	if (set->count == 0)
		return;
	for (int i = 0; i < set->count; i++)
	{
		CheckVoucher(&set->vouchers[i]);
		ChooseWord(companyId, &set->vouchers[i]);
		openItems |= NameOpenItems(&set->vouchers[i]);
	}
	CheckDimensions(companyId, set);

	StoreHeaders(set, companyId);
	StoreLinesOf(set, companyId, BeginLines(set), false, InsertLine);
	if (openItems)
		StoreLinesOf(set, companyId, BeginBulkInsert("erp", "open_item", itemColumns, lengthof(itemColumns)),
					 true, InsertOpenItem);
	StoreEvaluations(companyId, set);
	LinkReversals(companyId, set);
}

/* Voucher and number from a row of postedPlan. */
static void
FillPosted(Document *document, int row)
{
	bool		noNumber;
	Datum		number = PlanValueOrNull(row, 2, &noNumber);

	document->voucherId = DatumGetInt64(PlanValue(row, 1));
	document->number = noNumber ? 0 : DatumGetInt64(number);
}

void
LookUpPosted(DocumentBatch *batch)
{
	PairMap    *numbers = CreatePairMap();
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->repeated && PairNumber(numbers, (uint64) document->documentId) == ids.count)
			AppendDatum(&ids, Int64GetDatum(document->documentId));
	}
	if (ids.count == 0)
		return;
	values[1] = DatumArrayValue(&ids, INT8OID);
	(void) RunPlanLatest(&postedPlan, values, NULL);
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].repeated)
			FillPosted(&batch->documents[i], FindPair(numbers, (uint64) batch->documents[i].documentId));
	}
}
