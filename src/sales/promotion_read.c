#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "sales/price.h"

#define UNLIMITED (-1)

/* What is left of limits is what other documents than this one have not used. */
static KeptPlan promotionPlan = {
	.query = "SELECT p.promotion_id, p.code, CASE p.kind WHEN 'gift' THEN 0 WHEN 'threshold' THEN 1 ELSE 2 END, p.exclusive_group, p.each,"
	"       p.item_id, p.item_group, g.code, p.buy_quantity, p.gift_quantity, p.threshold, p.percent, p.amount, p.bundle_price,"
	"       CASE WHEN p.max_uses = 0 THEN -1 ELSE GREATEST(p.max_uses - ("
	"           SELECT COALESCE(pg_catalog.sum(u.uses), 0) FROM erp.promotion_use u"
	"            WHERE u.company_id = $1 AND u.promotion_id = p.promotion_id AND u.document <> $7), 0) END,"
	"       CASE WHEN p.max_uses_of_party = 0 THEN -1 ELSE GREATEST(p.max_uses_of_party - ("
	"           SELECT COALESCE(pg_catalog.sum(u.uses), 0) FROM erp.promotion_use u"
	"            WHERE u.company_id = $1 AND u.promotion_id = p.promotion_id AND u.party_id = $2 AND u.document <> $7), 0) END"
	"  FROM erp.promotion p"
	"  LEFT JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = $1 AND f.item_id = p.gift_item_id AND f.active OFFSET 0) g ON true"
	" WHERE p.company_id = $1 AND p.active AND p.valid_from <= $5 AND p.valid_to >= $5 AND p.party_id = ANY (ARRAY[0, $2])"
	"   AND p.party_group = ANY (ARRAY['', $3]) AND p.currency_id = ANY (ARRAY[0, $4]) AND (NOT p.by_code OR p.code = ANY ($6))"
	"   AND (p.kind <> 'gift' OR g.code IS NOT NULL)"
	" ORDER BY p.priority DESC, p.code COLLATE \"C\"",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4OID, TEXTOID, INT4OID, DATEOID, TEXTARRAYOID, TEXTOID}
};

static KeptPlan bundlePlan = {
	.query = "SELECT n.number::integer - 1, i.item_id, i.quantity FROM pg_catalog.unnest($2) WITH ORDINALITY AS n (promotion_id, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.promotion_item f WHERE f.company_id = $1 AND f.promotion_id = n.promotion_id OFFSET 0) i",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static Datum
GivenCodes(const PriceRun *run)
{
	DatumArray	codes = {0};

	if (run->codes == NULL || run->codes->count == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	for (const JsonNode *code = run->codes->first; code != NULL; code = code->next)
		AppendDatum(&codes, CStringGetTextDatum(code->text));
	return DatumArrayValue(&codes, TEXTOID);
}

/* The lesser of the two limits that the row has. */
static int64
UsesLeft(uint64 i)
{
	int64		ofAll = DatumGetInt64(PlanValue(i, 15));
	int64		ofParty = DatumGetInt64(PlanValue(i, 16));

	if (ofAll == UNLIMITED || ofParty == UNLIMITED)
		return Max(ofAll, ofParty);
	return Min(ofAll, ofParty);
}

static void
FillPromotion(PriceRun *run, Promotion *promotion, uint64 i)
{
	bool		hasNoGift;
	Datum		gift = PlanValueOrNull(i, 8, &hasNoGift);

	promotion->promotionId = DatumGetInt32(PlanValue(i, 1));
	promotion->code = TextDatumGetCString(PlanValue(i, 2));
	promotion->kind = (PromotionKind) DatumGetInt32(PlanValue(i, 3));
	promotion->exclusiveGroup = TextDatumGetCString(PlanValue(i, 4));
	promotion->each = DatumGetBool(PlanValue(i, 5));
	promotion->itemId = DatumGetInt32(PlanValue(i, 6));
	promotion->itemGroup = TextDatumGetCString(PlanValue(i, 7));
	promotion->buyQuantity = QuantityFromDatum(PlanValue(i, 9));
	promotion->giftQuantity = QuantityFromDatum(PlanValue(i, 10));
	promotion->threshold = AmountFromDatum(PlanValue(i, 11));
	promotion->percent = NumericToFixed(PlanValue(i, 12), PERCENT_SCALE);
	promotion->amount = AmountFromDatum(PlanValue(i, 13));
	promotion->bundlePrice = AmountFromDatum(PlanValue(i, 14));
	promotion->usesLeft = UsesLeft(i);
	if (hasNoGift)
		return;
	promotion->giftCode = TextDatumGetCString(gift);
	(void) CodeNumber(run->itemCodes, promotion->giftCode);
}

static void
ReadBundles(PriceRun *run)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(run->company->companyId)};
	uint64		rows;

	for (int i = 0; i < run->promotionCount; i++)
		AppendDatum(&ids, Int32GetDatum(run->promotions[i].kind == PROMOTION_BUNDLE ? run->promotions[i].promotionId : 0));
	values[1] = DatumArrayValue(&ids, INT4OID);
	rows = RunPlanAt(&bundlePlan, values, NULL, GetActiveSnapshot());
	for (uint64 i = 0; i < rows; i++)
	{
		Promotion  *promotion = &run->promotions[DatumGetInt32(PlanValue(i, 1))];
		BundleItem *item = palloc0(sizeof(BundleItem));

		item->itemId = DatumGetInt32(PlanValue(i, 2));
		item->quantity = QuantityFromDatum(PlanValue(i, 3));
		item->next = promotion->bundle;
		promotion->bundle = item;
	}
}

void
ReadPromotions(PriceRun *run)
{
	Datum		values[7] = {
		Int32GetDatum(run->company->companyId), Int32GetDatum(run->partyId), CStringGetTextDatum(run->partyGroup),
		Int32GetDatum(run->currency->currencyId), DateADTGetDatum(run->day), GivenCodes(run), CStringGetTextDatum(run->document)
	};
	uint64		rows = RunPlanAt(&promotionPlan, values, NULL, GetActiveSnapshot());

	run->promotionCount = (int) rows;
	if (rows == 0)
		return;
	run->promotions = palloc0(sizeof(Promotion) * rows);
	for (uint64 i = 0; i < rows; i++)
		FillPromotion(run, &run->promotions[i], i);
	ReadBundles(run);
}
