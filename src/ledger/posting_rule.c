#include "postgres.h"

#include "ledger/posting.h"

/* The posting rule of an amount. Few questions are asked again and again, so the answers are kept. */

static bool
SameQuery(const RuleQuery *a, const RuleQuery *b)
{
	return a->kind == b->kind && a->role == b->role && a->amountRole == b->amountRole &&
		a->itemGroup == b->itemGroup && a->partyGroup == b->partyGroup &&
		a->warehouseId == b->warehouseId && a->taxCodeId == b->taxCodeId && a->isCredit == b->isCredit;
}

static unsigned
QuerySlot(const RuleQuery *query)
{
	unsigned	hash = query->kind->number;

	hash = hash * 31 + (query->role == NULL ? 0 : query->role->number + 1);
	hash = hash * 31 + query->amountRole;
	hash = hash * 31 + query->itemGroup;
	hash = hash * 31 + query->partyGroup;
	hash = hash * 31 + query->warehouseId;
	hash = hash * 31 + query->taxCodeId;
	return (hash * 2 + query->isCredit) % RULE_MEMO_SIZE;
}

static void
MissingRule(VoucherBuilder *builder, const Emission *emission)
{
	const char *role = emission->line == NULL ? "document" : emission->line->role->name;

	ReportProblem(builder->batch, emission->document, emission->line, NULL, NULL, ERRCODE_ERP_NO_POSTING_RULE,
				  psprintf("no posting rule for kind %s, line role %s, amount role %s, item group \"%s\","
						   " party group \"%s\", warehouse %d, tax code %d",
						   emission->document->kind->name, role, AmountRoleNames[emission->amountRole],
						   MasterTextOf(emission->line == NULL ? 0 : emission->line->itemGroup),
						   MasterTextOf(emission->document->party.groupNumber),
						   emission->line == NULL ? 0 : emission->line->warehouseId, emission->taxCodeId));
}

static const PostingRule *
Remembered(VoucherBuilder *builder, const RuleQuery *query)
{
	RuleMemo   *memo;

	if (builder->memos == NULL)
		builder->memos = palloc0(sizeof(RuleMemo) * RULE_MEMO_SIZE);
	memo = &builder->memos[QuerySlot(query)];
	if (memo->rule == NULL || !SameQuery(&memo->query, query))
	{
		memo->query = *query;
		memo->rule = NextPostingRule(RuleBookOf(builder->batch->company->companyId), query, NULL);
	}
	return memo->rule;
}

/*
 * The most specific rule that fits by its fields and whose condition holds.
 * NULL if there is none, or *refused is set since a condition was.
 */
static const PostingRule *
RuleThatHolds(VoucherBuilder *builder, const Emission *emission, const RuleQuery *query, bool *refused)
{
	const PostingRule *rule = Remembered(builder, query);

	while (rule != NULL && !rule->plain)
	{
		RuleAnswer	answer = AskRule(builder, emission, rule);

		*refused = answer == RULE_REFUSED;
		if (answer != RULE_DOES_NOT_HOLD)
			return *refused ? NULL : rule;
		rule = NextPostingRule(RuleBookOf(builder->batch->company->companyId), query, rule);
	}
	return rule;
}

void
AskForStandard(RuleQuery *query)
{
	query->kind = FindKind("standard_revaluation");
	query->role = FindRole("standard_cost");
	query->amountRole = AMOUNT_PRICE_VARIANCE;
}

const PostingRule *
RuleFor(VoucherBuilder *builder, const Emission *emission)
{
	RuleQuery	query = {
		.kind = emission->document->kind,
		.role = emission->line == NULL ? NULL : emission->line->role,
		.amountRole = emission->amountRole,
		.itemGroup = emission->line == NULL ? 0 : emission->line->itemGroup,
		.partyGroup = emission->party != NULL ? emission->party->groupNumber : emission->document->party.groupNumber,
		.warehouseId = emission->line == NULL ? 0 : emission->line->warehouseId,
		.taxCodeId = emission->taxCodeId,
		.isCredit = emission->companyAmount < 0
	};
	bool		refused = false;
	const PostingRule *rule;

	if (emission->ofStandard)
		AskForStandard(&query);
	rule = RuleThatHolds(builder, emission, &query, &refused);
	/* The value of a move is not known yet: either sign will do. */
	if (rule == NULL && !refused && builder->set == NULL &&
		(query.amountRole == AMOUNT_INVENTORY || query.amountRole == AMOUNT_COST || query.amountRole == AMOUNT_PRICE_VARIANCE))
	{
		query.isCredit = !query.isCredit;
		rule = RuleThatHolds(builder, emission, &query, &refused);
	}
	if (rule == NULL && !refused)
		MissingRule(builder, emission);
	return rule;
}
