#include "postgres.h"

#include "ledger/posting.h"

/*
 * An amount that is taken by rules that ask the document: by all alike whose
 * condition holds, in the order of their entries, each the amount of its
 * expression. Together they take the whole amount, to the cent.
 */

static unsigned
NamesOfRule(const PostingRule *rule)
{
	return (rule->when == NULL ? 0 : NamesOf(rule->when)) | (rule->expression == NULL ? 0 : NamesOf(rule->expression));
}

static unsigned
AttributesOfRule(const PostingRule *rule)
{
	return (rule->when == NULL ? 0 : AttributesOf(rule->when)) | (rule->expression == NULL ? 0 : AttributesOf(rule->expression));
}

/* Documents are also checked before the values of their moves are known. */
static bool
AsksUnknown(const VoucherBuilder *builder, const PostingRule *rule)
{
	return builder->set == NULL && (NamesOfRule(rule) & (1u << NAME_COST | 1u << NAME_INVENTORY)) != 0;
}

static void
ReportRule(VoucherBuilder *builder, const Emission *emission, const PostingRule *rule, const char *text, const char *what, int errorCode)
{
	ReportProblem(builder->batch, emission->document, emission->line, NULL, NULL, errorCode,
				  psprintf("posting rule %d (kind %s, amount role %s, entry %d), \"%s\": %s", rule->postingRuleId,
						   emission->document->kind->name, AmountRoleNames[rule->amountRole], rule->entry, text, what));
}

static const char *
OutcomeText(ExpressionOutcome outcome)
{
	return outcome == EXPRESSION_DIVISION_BY_ZERO ? "division by zero" : "the result is out of range";
}

RuleAnswer
AskRule(VoucherBuilder *builder, const Emission *emission, const PostingRule *rule)
{
	ExpressionInput input;
	ExpressionOutcome outcome;
	bool		holds;

	if (rule->problem != NULL)
	{
		ReportProblem(builder->batch, emission->document, emission->line, NULL, NULL, ERRCODE_ERP_EXPRESSION_INVALID,
					  psprintf("posting rule %d cannot be read: %s", rule->postingRuleId, rule->problem));
		return RULE_REFUSED;
	}
	if (rule->when == NULL || AsksUnknown(builder, rule))
		return RULE_HOLDS;
	ReadRuleValues(builder, emission, NamesOf(rule->when), AttributesOf(rule->when), &input);
	outcome = RunCondition(rule->when, &input, &holds);
	if (outcome == EXPRESSION_OK)
		return holds ? RULE_HOLDS : RULE_DOES_NOT_HOLD;
	ReportRule(builder, emission, rule, rule->whenText, OutcomeText(outcome), ERRCODE_ERP_EXPRESSION_FAILED);
	return RULE_REFUSED;
}

/* The rule's amount, debit positive, rounded once; false if it was refused. taken: what entries before have. */
static bool
EntryAmount(VoucherBuilder *builder, const Emission *emission, const PostingRule *rule, int128 taken, ExpressionInput *input,
			int128 *amount)
{
	Ratio		result;
	ExpressionOutcome outcome;
	int128		value;

	ReadRuleValues(builder, emission, NamesOfRule(rule), AttributesOfRule(rule), input);
	input->numbers[NAME_REST] = RatioOf(MultiplyExact(SubtractExact(emission->amount, taken), emission->direction), AMOUNT_SCALE);
	*amount = emission->amount;
	if (rule->expression == NULL)
		return true;
	outcome = RunAmount(rule->expression, input, &result);
	if (outcome == EXPRESSION_OK && !RatioRound(result, input->decimals, &value))
		outcome = EXPRESSION_OVERFLOW;
	if (outcome == EXPRESSION_OK)
	{
		Ratio		rounded = RatioOf(value, input->decimals);

		if (RatioRound(rounded, AMOUNT_SCALE, amount) && AmountFits(*amount))
		{
			*amount = MultiplyExact(*amount, emission->direction);
			return true;
		}
		outcome = EXPRESSION_OVERFLOW;
	}
	ReportRule(builder, emission, rule, rule->expressionText, OutcomeText(outcome), ERRCODE_ERP_EXPRESSION_FAILED);
	return false;
}

/*
 * What a part of the emission's amount is in the company's currency: its share.
 * Of parts that are added up this is taken of each sum, so that the whole is
 * the whole whatever is rounded.
 */
static int128
CompanyShare(const VoucherBuilder *builder, const Emission *emission, int128 part)
{
	int			decimals = builder->batch->company->currency->decimals;

	if (part == emission->amount)
		return emission->companyAmount;
	if (emission->amount == 0)
		return MultiplyRounded(part, AMOUNT_SCALE, emission->document->rate, RATE_SCALE, decimals);
	if (emission->amount < 0)
		return ShareRounded(emission->companyAmount, NegateExact(part), NegateExact(emission->amount), decimals);
	return ShareRounded(emission->companyAmount, part, emission->amount, decimals);
}

/* One entry on its way into the voucher; returns the number of its line, 0 if nothing is made. */
static int
EmitPart(VoucherBuilder *builder, Voucher *voucher, const Emission *part, const PostingRule *rule, const ExpressionInput *input)
{
	RuleEvaluation evaluation = {.rule = rule, .documentLineNo = part->line == NULL ? 0 : part->line->lineNo,
		.amount = part->amount, .companyAmount = part->companyAmount};

	if (builder->set == NULL)
		return 0;
	evaluation.voucherLineNo = EmitByRule(builder, voucher, part, rule);
	if (rule->when != NULL || rule->expression != NULL || rule->mergeRules)
	{
		evaluation.values = RuleValuesText(input, NamesOfRule(rule), AttributesOfRule(rule));
		AddEvaluation(voucher, &evaluation);
	}
	return evaluation.voucherLineNo;
}

static void
CheckEntriesTake(VoucherBuilder *builder, const Emission *emission, const PostingRule *first, int128 taken)
{
	char		whole[FIXED_TEXT_MAX];
	char		sum[FIXED_TEXT_MAX];

	if (taken == emission->amount)
		return;
	FormatFixed(MultiplyExact(emission->amount, emission->direction), AMOUNT_SCALE, whole);
	FormatFixed(MultiplyExact(taken, emission->direction), AMOUNT_SCALE, sum);
	ReportRule(builder, emission, first, first->expressionText,
			   psprintf("the entries take %s of the amount %s", sum, whole), ERRCODE_ERP_ENTRIES_DIFFER);
}

int
EmitEntries(VoucherBuilder *builder, Voucher *voucher, const Emission *emission, const PostingRule *first)
{
	int128		taken = 0;
	int128		companyTaken = 0;
	int			number = 0;
	bool		filled = false;

	for (const PostingRule *rule = first; rule <= first + first->alikeAfter; rule++)
	{
		ExpressionInput input;
		Emission	part = *emission;
		RuleAnswer	answer = rule == first ? RULE_HOLDS : AskRule(builder, emission, rule);
		int			entryNo;

		if (answer == RULE_DOES_NOT_HOLD)
			continue;
		if (answer == RULE_REFUSED || AsksUnknown(builder, rule) ||
			!EntryAmount(builder, emission, rule, taken, &input, &part.amount))
			return 0;
		taken = AddExact(taken, part.amount);
		part.companyAmount = SubtractExact(CompanyShare(builder, emission, taken), companyTaken);
		companyTaken = AddExact(companyTaken, part.companyAmount);
		part.quantity = rule == first ? emission->quantity : 0;
		entryNo = EmitPart(builder, voucher, &part, rule, &input);
		if (number == 0 || (!filled && part.amount != 0))
			number = entryNo;
		filled = filled || part.amount != 0;
	}
	CheckEntriesTake(builder, emission, first, taken);
	return number;
}
