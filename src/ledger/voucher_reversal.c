/*
 * What the voucher of a reversal is linked by: the fact that names the one that
 * it takes back, and the settlements of their open items. A reversal has the
 * lines of what it reverses under the same numbers.
 */
#include "postgres.h"

#include "core/bulk_insert.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "ledger/settlement.h"

static const char *const reversalColumns[] = {"company_id", "voucher_id", "reverses_voucher_id"};

static bool
IsReversal(const Voucher *voucher)
{
	return voucher->document->reversesVoucherId != 0;
}

static void
StoreReversals(int32 companyId, const VoucherSet *set)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "voucher_reversal", reversalColumns, lengthof(reversalColumns));

	for (int i = 0; i < set->count; i++)
	{
		const Document *document = set->vouchers[i].document;
		Datum		values[lengthof(reversalColumns)] = {
			Int32GetDatum(companyId),
			Int64GetDatum(document->voucherId),
			Int64GetDatum(document->reversesVoucherId)
		};

		if (IsReversal(&set->vouchers[i]))
			BulkInsertRow(bulk, values, NULL);
	}
	EndBulkInsert(bulk);
}

/*
 * The settlement of an open item by what takes it back; the reversal's is the debit where the original is none.
 * In the company's currency it is what the debit is there: less than nothing where that stands on the other side.
 */
static SettlementRow
ReversingRow(int64 originalId, const VoucherLine *line)
{
	bool		isDebit = !IsDebitItem(line->amount, line->companyAmount);
	SettlementRow row = {
		.settlementId = NextIdentity("settlement", "settlement_id"),
		.debitItemId = isDebit ? originalId : line->openItemId,
		.creditItemId = isDebit ? line->openItemId : originalId,
		.amount = isDebit ? NegateExact(line->amount) : line->amount,
		.companyAmount = isDebit ? NegateExact(line->companyAmount) : line->companyAmount
	};

	return row;
}

/* False where the original has no open item on this line, or not of this amount: costs may have changed since. */
static bool
FindReversed(IndexProbe *probe, int32 companyId, const Voucher *voucher, int lineNo, SettlementRow *settlement)
{
	const VoucherLine *line = &voucher->lines[lineNo - 1];
	Datum		values[3] = {Int32GetDatum(companyId), Int64GetDatum(voucher->document->reversesVoucherId), Int32GetDatum(lineNo)};
	TupleTableSlot *row;
	int128		amount;

	ProbeIndex(probe, values, 3);
	row = NextProbedRow(probe);
	if (row == NULL)
		return false;
	amount = AmountFromDatum(ProbedColumn(probe, row, "amount"));
	if (amount != NegateExact(line->amount))
		return false;
	*settlement = ReversingRow(DatumGetInt64(ProbedColumn(probe, row, "open_item_id")), line);
	return true;
}

static void
SettleReversed(int32 companyId, const Voucher *voucher)
{
	IndexProbe *probe = NULL;
	BulkInsert *bulk = NULL;

	for (int i = 0; i < voucher->count; i++)
	{
		SettlementRow row;

		if (voucher->lines[i].isEmpty || voucher->lines[i].openItemId == 0)
			continue;
		if (probe == NULL)
			probe = OpenIndexProbe("erp", "open_item", "open_item_line_key", PROBE_LATEST);
		if (!FindReversed(probe, companyId, voucher, i + 1, &row))
			continue;
		if (bulk == NULL)
			bulk = BeginSettlementRows();
		StoreSettlementRow(bulk, companyId, voucher->document, &row);
	}
	if (bulk != NULL)
		EndBulkInsert(bulk);
	if (probe != NULL)
		CloseIndexProbe(probe);
}

void
LinkReversals(int32 companyId, const VoucherSet *set)
{
	bool		any = false;

	for (int i = 0; i < set->count; i++)
		any |= IsReversal(&set->vouchers[i]);
	if (!any)
		return;
	StoreReversals(companyId, set);
	for (int i = 0; i < set->count; i++)
	{
		if (IsReversal(&set->vouchers[i]))
			SettleReversed(companyId, &set->vouchers[i]);
	}
}
