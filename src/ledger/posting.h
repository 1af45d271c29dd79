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
	int32		accountId;		/* named by the line; 0: the rule's */
	const PartyInfo *party;		/* NULL: the document's */
	const CurrencyInfo *currency;	/* of amount; NULL: the company's */
	int128		amount;			/* debit positive */
	int128		companyAmount;
	int128		quantity;
} Emission;

typedef struct RuleMemo
{
	RuleQuery	query;
	const PostingRule *rule;
} RuleMemo;

struct VoucherBuilder
{
	DocumentBatch *batch;
	VoucherSet *set;			/* NULL: looks whether rules are there, makes nothing */
	RuleMemo	memo[RULE_MEMO_SIZE];
};

/*
 * posting_rule.c: the rule that takes an amount; without one, reports
 * no_posting_rule and returns NULL.
 */
extern const PostingRule *RuleFor(VoucherBuilder *builder, const Emission *emission);

/*
 * rounding.c: gives a manual voucher in a foreign currency the line that its
 * entries, converted one by one, are short of; reports rounding_refused if the
 * company's rule does not allow it. Does nothing if they balance, or do not
 * balance in their own currency.
 */
extern void AddRoundingLine(DocumentBatch *batch, Voucher *voucher);

#endif
