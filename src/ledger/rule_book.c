#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/plan_cache.h"
#include "ledger/posting.h"

/* The posting rules of a company as a session keeps them: read, compiled and put in order once. */

const char *const AmountRoleNames[AMOUNT_ROLE_COUNT] = {"amount", "inventory", "cost", "tax", "total", "price_variance",
	"usage_variance", "usage", "unbilled", "revenue", "exchange", "shipped", "ahead"};

static KeptPlan rulePlan = {
	.query = "SELECT posting_rule_id, kind, line_role, amount_role, item_group, party_group, warehouse_id, tax_code_id,"
	" condition, side, account_id, merge, carry_dimensions, summary_template, entry, applies_when, amount_expression, merge_rules"
	" FROM erp.posting_rule WHERE company_id = $1 AND active ORDER BY posting_rule_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan dimensionPlan = {
	.query = "SELECT r.posting_rule_id, r.dimension_id, r.source, r.dimension_value_id, d.code FROM erp.posting_rule_dimension r"
	"  JOIN erp.dimension d ON d.company_id = r.company_id AND d.dimension_id = r.dimension_id"
	" WHERE r.company_id = $1 ORDER BY 1, 2",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan parentPlan = {
	.query = "SELECT code, parent_code FROM erp.item_group WHERE company_id = $1 AND parent_code <> '' ORDER BY code",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static AmountRole
AmountRoleOf(const char *name)
{
	for (int i = 0; i < AMOUNT_ROLE_COUNT; i++)
	{
		if (strcmp(name, AmountRoleNames[i]) == 0)
			return (AmountRole) i;
	}
	return AMOUNT_AMOUNT;
}

unsigned
RuleScope(bool ofLine, AmountRole amountRole)
{
	return (ofLine ? SCOPE_LINE : 0) | (amountRole == AMOUNT_TAX ? SCOPE_TAX : 0);
}

/* Reads one of the rule's expressions into memory of the master data; NULL if it is empty, or with the rule's problem set. */
static const Expression *
ReadRuleExpression(PostingRule *rule, const char *text, ExpressionType type, unsigned scope)
{
	MemoryContext previous;
	ExpressionProblem problem;
	const Expression *expression;

	if (text[0] == '\0')
		return NULL;
	previous = MemoryContextSwitchTo(MasterDataContext());
	expression = ReadExpression(text, type, scope | RuleScope(rule->roleNumber >= 0, rule->amountRole), &problem);
	if (expression == NULL)
		rule->problem = psprintf("\"%s\", position %d: %s", text, problem.position, problem.message);
	MemoryContextSwitchTo(previous);
	return expression;
}

/*
 * How many fields of the rule say something, its condition among them; of two
 * rules with as many, the earlier field weighs more: no two different rules tie.
 */
static int
RuleFit(const PostingRule *rule)
{
	bool		says[] = {
		rule->itemGroup != 0, rule->partyGroup != 0, rule->warehouseId != 0, rule->taxCodeId != 0, rule->sign != 0,
		rule->whenText[0] != '\0'
	};
	int			count = 0;
	int			bits = 0;

	for (int i = 0; i < (int) lengthof(says); i++)
	{
		count += says[i];
		bits = bits * 2 + says[i];
	}
	return count * 64 + bits;
}

/* Fills a rule from row i; false if it names a kind or role that is gone. */
static bool
FillRule(PostingRule *rule, uint64 i)
{
	const DocumentKindInfo *kind = FindKind(TextDatumGetCString(PlanValue(i, 2)));
	char	   *roleName = TextDatumGetCString(PlanValue(i, 3));
	const LineRoleInfo *role = FindRole(roleName);
	char	   *condition = TextDatumGetCString(PlanValue(i, 9));

	if (kind == NULL || (role == NULL && strcmp(roleName, "document") != 0))
		return false;
	rule->postingRuleId = DatumGetInt32(PlanValue(i, 1));
	rule->kindNumber = kind->number;
	rule->roleNumber = role == NULL ? -1 : role->number;
	rule->amountRole = AmountRoleOf(TextDatumGetCString(PlanValue(i, 4)));
	rule->itemGroup = MasterText(TextDatumGetCString(PlanValue(i, 5)));
	rule->partyGroup = MasterText(TextDatumGetCString(PlanValue(i, 6)));
	rule->warehouseId = DatumGetInt32(PlanValue(i, 7));
	rule->taxCodeId = DatumGetInt32(PlanValue(i, 8));
	rule->sign = strcmp(condition, "debit") == 0 ? 1 : strcmp(condition, "credit") == 0 ? -1 : 0;
	rule->isCredit = strcmp(TextDatumGetCString(PlanValue(i, 10)), "credit") == 0;
	rule->accountId = DatumGetInt32(PlanValue(i, 11));
	rule->merge = DatumGetBool(PlanValue(i, 12));
	rule->carryDimensions = DatumGetBool(PlanValue(i, 13));
	rule->summaryTemplate = KeepMasterText(PlanValue(i, 14));
	rule->entry = DatumGetInt32(PlanValue(i, 15));
	rule->whenText = KeepMasterText(PlanValue(i, 16));
	rule->expressionText = KeepMasterText(PlanValue(i, 17));
	rule->mergeRules = DatumGetBool(PlanValue(i, 18));
	rule->when = ReadRuleExpression(rule, rule->whenText, EXPRESSION_TRUTH, 0);
	rule->expression = ReadRuleExpression(rule, rule->expressionText, EXPRESSION_NUMBER, SCOPE_ENTRY);
	rule->fit = RuleFit(rule);
	return true;
}

static void
ReadParents(RuleBook *book, Datum companyId)
{
	uint64		rows = RunPlanLatest(&parentPlan, &companyId, NULL);

	book->parents = KeepMasterArray(sizeof(GroupParent), rows);
	book->parentCount = (int) rows;
	for (uint64 i = 0; i < rows; i++)
	{
		book->parents[i].group = MasterText(TextDatumGetCString(PlanValue(i, 1)));
		book->parents[i].parent = MasterText(TextDatumGetCString(PlanValue(i, 2)));
	}
}

/* The group that this one is part of; 0: it stands by itself. */
static int
ParentOf(const RuleBook *book, int group)
{
	for (int i = 0; i < book->parentCount; i++)
	{
		if (book->parents[i].group == group)
			return book->parents[i].parent;
	}
	return 0;
}

/* How many steps lead from the group up to the other; -1: none do. There are no more steps than parents, whatever the rows say. */
static int
StepsUp(const RuleBook *book, int group, int other)
{
	for (int steps = 0; steps <= book->parentCount; steps++)
	{
		if (group == other)
			return steps;
		group = ParentOf(book, group);
	}
	return -1;
}

static int
CompareInt(int a, int b)
{
	return (a > b) - (a < b);
}

/* By what one query asks for, then by all else but the entry. Rules that are equal here are alike. */
static int
CompareAlike(const PostingRule *a, const PostingRule *b)
{
	const int	fields[][2] = {
		{a->kindNumber, b->kindNumber}, {a->roleNumber, b->roleNumber}, {(int) a->amountRole, (int) b->amountRole},
		{b->fit, a->fit}, {b->groupDepth, a->groupDepth}, {a->itemGroup, b->itemGroup}, {a->partyGroup, b->partyGroup}, {a->warehouseId, b->warehouseId},
		{a->taxCodeId, b->taxCodeId}, {a->sign, b->sign}
	};

	for (int i = 0; i < (int) lengthof(fields); i++)
	{
		if (fields[i][0] != fields[i][1])
			return CompareInt(fields[i][0], fields[i][1]);
	}
	return 0;
}

static int
CompareRule(const void *left, const void *right)
{
	const PostingRule *a = left;
	const PostingRule *b = right;
	int			order = CompareAlike(a, b);

	return order != 0 ? order : CompareInt(a->entry, b->entry);
}

/* From the last to the first: how many are alike behind each, and which need no more than their fields and leave no share. */
static void
FindAlike(const RuleBook *book)
{
	for (int i = book->count - 1; i >= 0; i--)
	{
		PostingRule *rule = &book->rules[i];

		if (i + 1 < book->count && CompareAlike(rule, rule + 1) == 0)
			rule->alikeAfter = rule[1].alikeAfter + 1;
		rule->plain = rule->alikeAfter == 0 && !rule->mergeRules && rule->whenText[0] == '\0' && rule->expressionText[0] == '\0';
	}
}

static int
SourceOf(const char *name)
{
	for (int i = 0; i < EXPRESSION_ATTRIBUTE_COUNT; i++)
	{
		if (strcmp(name, ExpressionAttributes[i]) == 0)
			return i;
	}
	return strcmp(name, "line") == 0 ? SOURCE_LINE : strcmp(name, "constant") == 0 ? SOURCE_CONSTANT : SOURCE_NONE;
}

/* Rows of one rule follow one another. */
static void
ReadDimensions(const RuleBook *book, Datum companyId)
{
	int			count = (int) RunPlanLatest(&dimensionPlan, &companyId, NULL);
	RuleDimension *dimensions = KeepMasterArray(sizeof(RuleDimension), count);

	for (int i = 0; i < count; i++)
	{
		dimensions[i].dimensionId = DatumGetInt32(PlanValue(i, 2));
		dimensions[i].source = SourceOf(TextDatumGetCString(PlanValue(i, 3)));
		dimensions[i].valueId = DatumGetInt32(PlanValue(i, 4));
		dimensions[i].code = KeepMasterText(PlanValue(i, 5));
		for (int j = 0; j < book->count; j++)
		{
			PostingRule *rule = &book->rules[j];

			if (rule->postingRuleId != DatumGetInt32(PlanValue(i, 1)))
				continue;
			if (rule->dimensionCount++ == 0)
				rule->dimensions = &dimensions[i];
		}
	}
}

RuleBook
ReadRuleBook(Datum companyId)
{
	RuleBook	book = {0};
	uint64		rows = RunPlanLatest(&rulePlan, &companyId, NULL);

	book.rules = KeepMasterArray(sizeof(PostingRule), rows);
	for (uint64 i = 0; i < rows; i++)
	{
		if (FillRule(&book.rules[book.count], i))
			book.count++;
	}
	ReadParents(&book, companyId);
	for (int i = 0; i < book.count; i++)
		book.rules[i].groupDepth = StepsUp(&book, book.rules[i].itemGroup, 0);
	qsort(book.rules, book.count, sizeof(PostingRule), CompareRule);
	FindAlike(&book);
	ReadDimensions(&book, companyId);
	return book;
}

static bool
Fits(const RuleBook *book, const PostingRule *rule, const RuleQuery *query)
{
	if (rule->kindNumber != query->kind->number || rule->amountRole != query->amountRole ||
		rule->roleNumber != (query->role == NULL ? -1 : query->role->number))
		return false;
	if (rule->sign != 0 && (rule->sign < 0) != query->isCredit)
		return false;
	return (rule->itemGroup == 0 || StepsUp(book, query->itemGroup, rule->itemGroup) >= 0) &&
		(rule->partyGroup == 0 || rule->partyGroup == query->partyGroup) &&
		(rule->warehouseId == 0 || rule->warehouseId == query->warehouseId) &&
		(rule->taxCodeId == 0 || rule->taxCodeId == query->taxCodeId);
}

static const PostingRule *
NextThatFits(const RuleBook *book, const RuleQuery *query, const PostingRule *after)
{
	const PostingRule *rule = after == NULL ? book->rules : after + 1;

	while (rule < book->rules + book->count && !Fits(book, rule, query))
		rule++;
	return rule < book->rules + book->count ? rule : NULL;
}

/* What goods at standard cost differ by goes where it goes when they are received, unless a rule says otherwise. */
const PostingRule *
NextPostingRule(const RuleBook *book, const RuleQuery *query, const PostingRule *after)
{
	RuleQuery	received = *query;

	if (query->amountRole != AMOUNT_PRICE_VARIANCE || NextThatFits(book, query, NULL) != NULL)
		return NextThatFits(book, query, after);
	received.kind = FindKind(RECEIPT_KIND);
	received.role = FindRole(RECEIPT_ROLE);
	return NextThatFits(book, &received, after);
}

const PostingRule *
FindPostingRule(int32 companyId, const RuleQuery *query)
{
	const RuleBook *book = RuleBookOf(companyId);
	const PostingRule *rule = NextPostingRule(book, query, NULL);

	while (rule != NULL && rule->whenText[0] != '\0')
		rule = NextPostingRule(book, query, rule);
	return rule;
}
