#include "postgres.h"

#include "ledger/settlement.h"

/* What a request to undo names, and how much of it. */

static bool
NamesSettlements(const JsonNode *member)
{
	static const char *const names[] = {"key", "document_id", "settlement_ids", "settlements"};

	for (int i = 0; i < (int) lengthof(names); i++)
	{
		if (strcmp(member->name, names[i]) == 0)
			return true;
	}
	return false;
}

const JsonNode *
NamedSettlements(const JsonNode *object)
{
	const char *ways = "settlements are named in one way: by \"key\", \"document_id\", \"settlement_ids\" or \"settlements\"";
	const JsonNode *found = NULL;

	for (const JsonNode *member = object->first; member != NULL; member = member->next)
	{
		if (!NamesSettlements(member) && !IsHeaderMember(member->name))
			RefuseMember(object, member->name, "is not known here");
		if (!NamesSettlements(member))
			continue;
		if (found != NULL)
			RefuseNode(object, ERRCODE_ERP_INVALID_FIELD, ways);
		found = member;
	}
	if (found == NULL)
		RefuseNode(object, ERRCODE_ERP_INVALID_FIELD, ways);
	return found;
}

/* Ids stand in "settlement_ids", objects in "settlements". */
int64
ReadSettlementId(const JsonNode *node)
{
	const JsonNode *id = NULL;

	if (strcmp(node->parent->name, "settlement_ids") == 0)
		return ReadId(node);
	if (node->kind != JSON_OBJECT)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an object with \"settlement_id\" is expected");
	for (const JsonNode *member = node->first; member != NULL; member = member->next)
	{
		if (strcmp(member->name, "settlement_id") == 0)
			id = member;
		else if (strcmp(member->name, "amount") != 0)
			RefuseMember(node, member->name, "is not known here");
	}
	if (id != NULL)
		return ReadId(id);
	RefuseMember(node, "settlement_id", "is missing");
}

static void
CheckUndonePart(const JsonNode *node, const SettlementRow *undone, const CurrencyInfo *currency, int128 amount)
{
	if (amount > undone->amount)
		RefuseNode(node, ERRCODE_ERP_OVER_SETTLED, "more is to be undone than was settled");
	if (RoundAmount(amount, AMOUNT_SCALE, currency->decimals) != amount)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, psprintf("the amount has more decimals than %s", currency->code));
}

void
MeetRest(SettlementRun *run, Settlement *settlement, const OpenItemSet *set, const JsonNode *node,
		 const SettlementRow *undone, int64 documentId)
{
	const JsonNode *member = JsonMember(node, "amount");
	OpenItem   *debit = FindOpenItem(set, undone->debitItemId);
	OpenItem   *credit = FindOpenItem(set, undone->creditItemId);
	int128		amount;

	if (member == NULL || member->kind == JSON_NULL_VALUE)
		return;
	if (debit->documentId == documentId || credit->documentId == documentId)
		RefuseNode(member, ERRCODE_ERP_NOT_UNSETTLED, "a discount, write-off or exchange difference is undone as a whole");
	amount = ReadAmount(member);
	CheckUndonePart(member, undone, debit->currency, amount);
	if (amount < undone->amount)
		MeetItems(run, settlement, debit, credit, SubtractExact(undone->amount, amount));
}
