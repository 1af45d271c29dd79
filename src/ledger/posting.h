/*
 * The way from a document to its voucher: what posting.c emits, and the rule that takes it.
 */
#ifndef ERP_POSTING_H
#define ERP_POSTING_H

#include "ledger/ledger.h"

#define RULE_MEMO_SIZE 256

/* What an amount was emitted for. */
typedef struct Emission
{
	Document   *document;
	DocumentLine *line;			/* NULL: the document itself */
	AmountRole	amountRole;
	int32		taxCodeId;
	bool		inDocumentCurrency;
	int128		amount;			/* debit positive */
	int128		companyAmount;
	int128		quantity;
} Emission;

typedef struct RuleMemo
{
	RuleQuery	query;
	const PostingRule *rule;
} RuleMemo;

typedef struct PostingBuilder
{
	DocumentBatch *batch;
	VoucherSet *set;			/* NULL: looks whether rules are there, makes nothing */
	RuleMemo	memo[RULE_MEMO_SIZE];
} PostingBuilder;

/*
 * posting_rule.c: the rule that takes an amount; without one, reports
 * no_posting_rule and returns NULL.
 */
extern const PostingRule *RuleFor(PostingBuilder *builder, const Emission *emission);

/* posting_rule.c: the rule's summary with {kind}, {reference}, {key} and {description} filled in. */
extern const char *RuleSummary(const PostingRule *rule, const Document *document);

#endif
