/*
 * What undoes settlements: for each a negative row. What the settlement had
 * posted is taken back on the same accounts, by open items that settle those
 * of the settlement, so that all of them stay closed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "ledger/settlement.h"

#define UNDONE_COLUMNS "SELECT s.settlement_id, s.document_id, s.day, s.debit_open_item_id, s.credit_open_item_id," \
	" s.amount, s.company_amount, s.reverses_settlement_id, s.follows_settlement_id," \
	" (SELECT d.kind = 'settlement' FROM erp.document d WHERE d.company_id = $1 AND d.document_id = s.document_id)"

/* Settlements of the documents that a call, or a payment, made. */
static KeptPlan keyPlan = {
	.query = UNDONE_COLUMNS
	"  FROM (SELECT f.document_id FROM erp.document f WHERE f.company_id = $1 AND f.key = $2 OFFSET 0) k"
	" CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document_link f WHERE f.company_id = $1"
	"                        AND f.target_document_id = k.document_id AND f.target_line_no = 0 AND f.link = 'settles' OFFSET 0) l"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.settlement f WHERE f.company_id = $1 AND f.document_id = l.document_id OFFSET 0) s"
	" ORDER BY s.settlement_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

static KeptPlan documentPlan = {
	.query = UNDONE_COLUMNS " FROM erp.settlement s WHERE s.company_id = $1 AND s.document_id = $2 ORDER BY s.settlement_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan idPlan = {
	.query = UNDONE_COLUMNS " FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (settlement_id, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.settlement f WHERE f.company_id = $1 AND f.settlement_id = u.settlement_id OFFSET 0) s"
	" ORDER BY u.number",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static KeptPlan followerPlan = {
	.query = UNDONE_COLUMNS " FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (settlement_id, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.settlement f WHERE f.company_id = $1 AND f.follows_settlement_id = u.settlement_id"
	"                        AND f.follows_settlement_id <> 0 OFFSET 0) s"
	" ORDER BY u.number, s.settlement_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static KeptPlan undonePlan = {
	.query = "SELECT s.reverses_settlement_id FROM pg_catalog.unnest($2) AS u (settlement_id)"
	" CROSS JOIN LATERAL (SELECT f.reverses_settlement_id FROM erp.settlement f WHERE f.company_id = $1"
	"                        AND f.reverses_settlement_id = u.settlement_id AND f.reverses_settlement_id <> 0 OFFSET 0) s",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

/* The lines that an adjustment posted: of the account of the item, and of the account that the rules gave. */
static KeptPlan adjustmentPlan = {
	.query = "SELECT l.line_role, l.amount, i.side = 'credit', c.side = 'credit', c.account_id, c.party_id, c.posting_rule_id, c.summary, l.tax_code_id"
	"  FROM (SELECT f.* FROM erp.open_item f WHERE f.company_id = $1 AND f.open_item_id = $2 OFFSET 0) o"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.voucher_line f WHERE f.company_id = $1 AND f.voucher_id = o.voucher_id"
	"                        AND f.line_no = o.line_no OFFSET 0) i"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = o.document_id"
	"                        AND f.line_no = i.document_line_no OFFSET 0) l"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.voucher_line f WHERE f.company_id = $1 AND f.voucher_id = o.voucher_id"
	"                        AND f.line_no = l.voucher_line_no OFFSET 0) c",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* A settlement that is to be undone. */
typedef struct Undone
{
	SettlementRow row;
	int64		documentId;
	DateADT		day;
	bool		ofSettlement;	/* its document is a settlement, not a reversal */
	const JsonNode *node;		/* where it is named; NULL: its document is */
	int			request;
	int			firstFollower;
	int			followerCount;
} Undone;

typedef struct UndoneList
{
	Undone	   *items;
	int			count;
	int			capacity;
	PairMap    *seen;
} UndoneList;

static void
AppendUndone(UndoneList *list, const Undone *undone)
{
	if (list->count == list->capacity)
	{
		list->capacity = Max(16, list->capacity * 2);
		if (list->items == NULL)
			list->items = palloc(sizeof(Undone) * list->capacity);
		else
			list->items = repalloc_huge(list->items, sizeof(Undone) * list->capacity);
	}
	list->items[list->count++] = *undone;
}

static Undone
UndoneOfRow(uint64 row, int request)
{
	Undone		undone = {.request = request};

	undone.row.settlementId = DatumGetInt64(PlanValue(row, 1));
	undone.documentId = DatumGetInt64(PlanValue(row, 2));
	undone.day = DatumGetDateADT(PlanValue(row, 3));
	undone.row.debitItemId = DatumGetInt64(PlanValue(row, 4));
	undone.row.creditItemId = DatumGetInt64(PlanValue(row, 5));
	undone.row.amount = AmountFromDatum(PlanValue(row, 6));
	undone.row.companyAmount = AmountFromDatum(PlanValue(row, 7));
	undone.row.reversesId = DatumGetInt64(PlanValue(row, 8));
	undone.row.followsId = DatumGetInt64(PlanValue(row, 9));
	undone.ofSettlement = DatumGetBool(PlanValue(row, 10));
	return undone;
}

/* What may be named: what follows from another is undone with that. */
static bool
StandsAlone(const Undone *undone)
{
	return undone->ofSettlement && undone->row.reversesId == 0 && undone->row.followsId == 0;
}

static void
CollectOfDocument(SettlementRun *run, int request, const JsonNode *node, KeptPlan *plan, Datum value, UndoneList *list)
{
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId), value};
	uint64		rows = RunPlanLatest(plan, values, NULL);
	int			before = list->count;

	for (uint64 i = 0; i < rows; i++)
	{
		Undone		undone = UndoneOfRow(i, request);

		if (StandsAlone(&undone) && PairNumber(list->seen, (uint64) undone.row.settlementId) == list->count)
			AppendUndone(list, &undone);
	}
	if (list->count == before)
		RefuseNode(node, rows == 0 ? ERRCODE_ERP_UNKNOWN_CODE : ERRCODE_ERP_NOT_UNSETTLED,
				   rows == 0 ? "the company has no settlements of this" : "nothing of this can be undone");
}

static void
CollectNamed(SettlementRun *run, int request, const JsonNode *named, UndoneList *list)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId)};
	uint64		rows;
	uint64		row = 0;

	if (named->kind != JSON_ARRAY || named->count == 0 || named->count > SETTLEMENT_ITEMS_MAX)
		RefuseNode(named, ERRCODE_ERP_INVALID_FIELD, psprintf("an array of 1 to %d settlement ids is expected", SETTLEMENT_ITEMS_MAX));
	for (const JsonNode *node = named->first; node != NULL; node = node->next)
		AppendDatum(&ids, Int64GetDatum(ReadSettlementId(node)));
	values[1] = DatumArrayValue(&ids, INT8OID);
	rows = RunPlanLatest(&idPlan, values, NULL);
	for (const JsonNode *node = named->first; node != NULL; node = node->next)
	{
		Undone		undone;

		if (row == rows || DatumGetInt64(PlanValue(row, 1)) != ReadSettlementId(node))
			RefuseNode(node, ERRCODE_ERP_UNKNOWN_CODE, "the company has no such settlement");
		undone = UndoneOfRow(row++, request);
		undone.node = node;
		if (PairNumber(list->seen, (uint64) undone.row.settlementId) != list->count)
			RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "the same settlement is named twice");
		if (!StandsAlone(&undone))
			RefuseNode(node, ERRCODE_ERP_NOT_UNSETTLED, "the settlement undoes another, follows from another or belongs to a reversal");
		AppendUndone(list, &undone);
	}
}

static void
CollectRequest(SettlementRun *run, int request, UndoneList *list)
{
	const JsonNode *found = NamedSettlements(run->settlements[request].node);

	if (found->name[0] == 'k')
		CollectOfDocument(run, request, found, &keyPlan, CStringGetTextDatum(ReadKey(found)), list);
	else if (found->name[0] == 'd')
		CollectOfDocument(run, request, found, &documentPlan, Int64GetDatum(ReadId(found)), list);
	else
		CollectNamed(run, request, found, list);
}

static Datum
IdsOf(const UndoneList *list)
{
	DatumArray	ids = {0};

	for (int i = 0; i < list->count; i++)
		AppendDatum(&ids, Int64GetDatum(list->items[i].row.settlementId));
	return DatumArrayValue(&ids, INT8OID);
}

static OpenItemSet *
LockItemsOf(const SettlementRun *run, const UndoneList *list, const UndoneList *followers)
{
	const UndoneList *lists[] = {list, followers};
	DatumArray	ids = {0};

	for (int i = 0; i < (int) lengthof(lists); i++)
	{
		for (int j = 0; j < lists[i]->count; j++)
		{
			AppendDatum(&ids, Int64GetDatum(lists[i]->items[j].row.debitItemId));
			AppendDatum(&ids, Int64GetDatum(lists[i]->items[j].row.creditItemId));
		}
	}
	return LockOpenItems(run->batch.company, &ids);
}

/* Leaves out what was undone before; once their items are locked, nobody else undoes the rest. */
static void
DropUndone(SettlementRun *run, UndoneList *list)
{
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId), IdsOf(list)};
	uint64		rows = RunPlanLatest(&undonePlan, values, NULL);
	PairMap    *gone = CreatePairMap();
	int			kept = 0;

	for (uint64 i = 0; i < rows; i++)
		(void) PairNumber(gone, (uint64) DatumGetInt64(PlanValue(i, 1)));
	for (int i = 0; i < list->count; i++)
	{
		const Undone *undone = &list->items[i];

		if (FindPair(gone, (uint64) undone->row.settlementId) < 0)
			list->items[kept++] = *undone;
		else if (undone->node != NULL)
			RefuseNode(undone->node, ERRCODE_ERP_NOT_UNSETTLED, "the settlement was undone before");
	}
	list->count = kept;
}

/* The voucher lines of an adjustment, negated: in red, or on the other side. */
static void
TakeBackAdjustment(SettlementRun *run, Settlement *settlement, OpenItem *item, int64 followsId)
{
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId), Int64GetDatum(item->openItemId)};
	bool		turn = run->batch.company->oppositeSide;
	VoucherLine counter = {0};
	DocumentLine *line;
	SettlementRow *row;
	bool		isCredit;
	int64		closing;

	if (RunPlanLatest(&adjustmentPlan, values, NULL) != 1)
		elog(ERROR, "what open item " INT64_FORMAT " adjusts is not in the books", item->openItemId);
	isCredit = DatumGetBool(PlanValue(0, 3)) != turn;
	counter.isCredit = DatumGetBool(PlanValue(0, 4)) != turn;
	counter.account = MirroredAccount(run->batch.company->companyId, DatumGetInt32(PlanValue(0, 5)));
	counter.party.partyId = DatumGetInt32(PlanValue(0, 6));
	counter.postingRuleId = DatumGetInt32(PlanValue(0, 7));
	counter.summary = TextDatumGetCString(PlanValue(0, 8));
	counter.taxCodeId = DatumGetInt32(PlanValue(0, 9));
	counter.currency = item->currency;
	counter.amount = item->amount;
	counter.companyAmount = item->companyAmount;
	line = AddSettlementLine(settlement, FindRole(TextDatumGetCString(PlanValue(0, 1))), NegateExact(AmountFromDatum(PlanValue(0, 2))));
	line->taxCode = FindTaxCodeById(run->batch.company->companyId, counter.taxCodeId);
	closing = AddControlLine(run, settlement, item, isCredit, NegateExact(item->amount), NegateExact(item->companyAmount));
	line->voucherLineNo = AddVoucherLine(settlement->voucher, &counter);
	if (IsDebitItem(item->amount, item->companyAmount))
		row = AddSettlementRow(settlement, item->openItemId, closing, item->amount, item->companyAmount);
	else
		row = AddSettlementRow(settlement, closing, item->openItemId, NegateExact(item->amount), NegateExact(item->companyAmount));
	row->followsId = followsId;
}

static void
Undo(SettlementRun *run, Settlement *settlement, const OpenItemSet *set, const Undone *undone, int64 followsId)
{
	int64		itemIds[2];
	SettlementRow *row;

	ErpAssert(undone != NULL);
	itemIds[0] = undone->row.debitItemId;
	itemIds[1] = undone->row.creditItemId;
	row = AddSettlementRow(settlement, itemIds[0], itemIds[1], NegateExact(undone->row.amount), NegateExact(undone->row.companyAmount));
	row->reversesId = undone->row.settlementId;
	for (int i = 0; i < (int) lengthof(itemIds); i++)
	{
		OpenItem   *item = FindOpenItem(set, itemIds[i]);

		if (item->documentId == undone->documentId)
			TakeBackAdjustment(run, settlement, item, followsId);
		else if (i == 0)
			SettleItem(item, NegateExact(undone->row.amount), NegateExact(undone->row.companyAmount));
		else
			SettleItem(item, undone->row.amount, undone->row.companyAmount);
	}
}

static void
CheckDay(const Settlement *settlement, const Undone *undone)
{
	if (settlement->document->postingDay < undone->day)
		RefuseMember(settlement->node, "day", "is earlier than what is undone");
}

/* The document is of the party of what it undoes, or of none. */
static void
NoteParty(Document *document, const PartyInfo *party, bool first)
{
	PartyInfo	none = {0};

	if (first)
		document->party = *party;
	else if (document->party.partyId != party->partyId)
		document->party = none;
}

/* Undoes what the request names, from *next of the list on, with what follows from it. */
static void
UndoRequest(SettlementRun *run, int request, const OpenItemSet *set, const UndoneList *list, int *next,
			const UndoneList *followers)
{
	Settlement *settlement = &run->settlements[request];

	BeginSettlementVoucher(run, settlement);
	for (; *next < list->count && list->items[*next].request == request; (*next)++)
	{
		const Undone *undone = &list->items[*next];

		CHECK_FOR_INTERRUPTS();
		CheckDay(settlement, undone);
		NoteParty(settlement->document, &FindOpenItem(set, undone->row.debitItemId)->party, settlement->rowCount == 0);
		Undo(run, settlement, set, undone, undone->row.settlementId);
		for (int i = 0; i < undone->followerCount; i++)
			Undo(run, settlement, set, &followers->items[undone->firstFollower + i], undone->row.settlementId);
		if (undone->node != NULL && undone->node->kind == JSON_OBJECT)
			MeetRest(run, settlement, set, undone->node, &undone->row, undone->documentId);
	}
	EndSettlementVoucher(run, settlement);
	if (settlement->rowCount == 0)
		RefuseNode(settlement->node, ERRCODE_ERP_NOT_UNSETTLED, "all of it was undone before");
}

/* The followers come in the order of what they follow. */
static void
CollectFollowers(SettlementRun *run, UndoneList *list, UndoneList *followers)
{
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId), IdsOf(list)};
	uint64		rows = RunPlanLatest(&followerPlan, values, NULL);
	int			followed = 0;

	for (uint64 i = 0; i < rows; i++)
	{
		Undone		undone = UndoneOfRow(i, 0);

		if (undone.row.reversesId != 0)
			continue;
		while (followed < list->count && list->items[followed].row.settlementId != undone.row.followsId)
			followed++;
		ErpAssert(followed < list->count);
		if (list->items[followed].followerCount++ == 0)
			list->items[followed].firstFollower = followers->count;
		AppendUndone(followers, &undone);
	}
}

void
UndoSettlements(SettlementRun *run)
{
	UndoneList	list = {.seen = CreatePairMap()};
	UndoneList	followers = {0};
	OpenItemSet *set;
	int			next = 0;

	for (int i = 0; i < run->count; i++)
		CollectRequest(run, i, &list);
	CollectFollowers(run, &list, &followers);
	set = LockItemsOf(run, &list, &followers);
	DropUndone(run, &list);
	for (int i = 0; i < run->count; i++)
		UndoRequest(run, i, set, &list, &next, &followers);
}
