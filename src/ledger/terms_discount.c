/*
 * The cash discount that payment terms give. It is of what is paid and
 * discounted together: who pays 98 of 200 on terms of 2% has paid for 100.
 * The day of a payment is the latest day of the documents that stand against
 * the item.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/fact_check.h"
#include "core/plan_cache.h"
#include "ledger/settlement.h"

static KeptPlan agreedPlan = {
	.query = "SELECT u.number::integer - 1, o.payment_terms_id, d.day"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (open_item_id, number)"
	" CROSS JOIN LATERAL (SELECT f.payment_terms_id, f.document_id FROM erp.open_item f WHERE f.company_id = $1"
	"                        AND f.open_item_id = u.open_item_id OFFSET 0) o"
	" CROSS JOIN LATERAL (SELECT f.day FROM erp.document f WHERE f.company_id = $1 AND f.document_id = o.document_id OFFSET 0) d",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static bool
AnyByTerms(const Settlement *settlement)
{
	for (int i = 0; i < settlement->itemCount; i++)
	{
		if (settlement->items[i].byTerms)
			return true;
	}
	return false;
}

static void
ReadAgreed(const SettlementRun *run, Settlement *settlement)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId)};
	uint64		rows;

	for (int i = 0; i < settlement->itemCount; i++)
		AppendDatum(&ids, Int64GetDatum(settlement->items[i].openItemId));
	values[1] = DatumArrayValue(&ids, INT8OID);
	rows = RunPlanLatest(&agreedPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		NamedItem  *named = &settlement->items[DatumGetInt32(PlanValue(i, 1))];

		named->paymentTermsId = DatumGetInt32(PlanValue(i, 2));
		named->documentDay = DatumGetDateADT(PlanValue(i, 3));
	}
}

/* Where nothing stands against the item, the settlement is refused anyway. */
static DateADT
PayDay(const Settlement *settlement, const NamedItem *named)
{
	DateADT		day = DATEVAL_NOBEGIN;

	for (int i = 0; i < settlement->itemCount; i++)
	{
		const NamedItem *other = &settlement->items[i];

		if ((other->item->amount < 0) != (named->item->amount < 0))
			day = Max(day, other->documentDay);
	}
	return day == DATEVAL_NOBEGIN ? settlement->document->day : day;
}

static void
FindPercent(const SettlementRun *run, const Settlement *settlement, NamedItem *named)
{
	const PaymentTermsInfo *terms = FindPaymentTermsById(run->batch.company->companyId, named->paymentTermsId);
	const JsonNode *node = JsonMember(named->node, "discount");
	DateADT		payDay = PayDay(settlement, named);
	DateADT		lastDay = payDay;

	named->percent = terms == NULL ? 0 : DiscountPercent(terms, named->documentDay, payDay, &lastDay);
	if (named->percent == 0)
		RefuseNode(node, ERRCODE_ERP_NO_TERMS_DISCOUNT,
				   terms == NULL || terms->stepCount == 0 ? "the open item has no payment terms with a discount" :
				   psprintf("the payment terms %s gave a discount until %s; the payment is of %s", terms->code, DayString(lastDay), DayString(payDay)));
}

/* The discount of so much that is paid; who pays what is open but for its discount, or more, gets all that is left. */
static int128
DiscountOf(const NamedItem *named, int128 paid)
{
	int128		hundred = 100 * PowerOfTen(PERCENT_SCALE);
	int			decimals = named->item->currency->decimals;
	int128		open = OpenAmount(named->item);
	int128		whole = ShareRounded(open, named->percent, hundred, decimals);
	int128		rest = SubtractExact(open, paid);

	if (paid == 0)
		return 0;
	if (rest <= whole)
		return rest;
	return Min(whole, ShareRounded(paid, named->percent, SubtractExact(hundred, named->percent), decimals));
}

void
FindTermsDiscounts(SettlementRun *run, Settlement *settlement)
{
	if (!AnyByTerms(settlement))
		return;
	ReadAgreed(run, settlement);
	for (int i = 0; i < settlement->itemCount; i++)
	{
		NamedItem  *named = &settlement->items[i];

		if (!named->byTerms)
			continue;
		FindPercent(run, settlement, named);
		named->discount = ShareRounded(OpenAmount(named->item), named->percent, 100 * PowerOfTen(PERCENT_SCALE),
									   named->item->currency->decimals);
	}
}

void
FitTermsDiscounts(const Settlement *settlement)
{
	for (int i = 0; i < settlement->itemCount; i++)
	{
		NamedItem  *named = &settlement->items[i];

		if (named->byTerms)
			named->discount = DiscountOf(named, named->part);
	}
}
