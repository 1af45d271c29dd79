/*
 * The way from a document to its voucher: what posting.c emits, and the rule that takes it.
 */
#ifndef ERP_POSTING_H
#define ERP_POSTING_H

#include "core/code_map.h"
#include "ledger/expression.h"
#include "ledger/ledger.h"

#define RULE_MEMO_SIZE 256

/* Of the rule for price variances that stands for those that are missing. */
#define RECEIPT_KIND "goods_receipt"
#define RECEIPT_ROLE "receipt"

/* What an amount was emitted for. */
typedef struct Emission
{
	Document   *document;
	DocumentLine *line;			/* NULL: the document itself */
	AmountRole	amountRole;
	int			direction;		/* times what the document says it is debit positive: 1, -1, or 0 */
	int32		taxCodeId;
	int32		accountId;		/* named by the line; 0: the rule's */
	int32		unitId;			/* of quantity */
	const PartyInfo *party;		/* NULL: the document's */
	const CurrencyInfo *currency;	/* of amount; NULL: the company's */
	int128		amount;			/* debit positive */
	int128		companyAmount;
	int128		quantity;
	bool		ofStandard;		/* by the rule for standard costs that come into force, not by that of the document's kind */
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
	CodeMap    *mapped;			/* what dimension sets were made for, */
	DatumArray	mappedSets;		/* and these, in the order of their numbers */
	RuleMemo   *memos;			/* RULE_MEMO_SIZE of them; made when the first amount asks */
};

/* A group of items that is part of another; numbers of MasterText. */
typedef struct GroupParent
{
	int			group;
	int			parent;
} GroupParent;

/* The rules of a company: those that take one amount together, the most specific first, those that are alike by entry. */
typedef struct RuleBook
{
	PostingRule *rules;
	GroupParent *parents;
	int			count;
	int			parentCount;
} RuleBook;

/* rule_book.c: reads the rules of a company into memory of the master data. */
extern RuleBook ReadRuleBook(Datum companyId);

/* ledger_cache.c: those rules, from the cache. */
extern const RuleBook *RuleBookOf(int32 companyId);

/*
 * rule_book.c: the rules that fit the query by their fields, the most specific first; NULL after the last. after NULL: the first.
 * For a price variance for which there is none, those of goods received.
 */
extern const PostingRule *NextPostingRule(const RuleBook *book, const RuleQuery *query, const PostingRule *after);

/* rule_book.c: what the expressions of a rule may name. */
extern unsigned RuleScope(bool ofLine, AmountRole amountRole);

/*
 * posting_rule.c: the rule that takes an amount, of several entries the first;
 * without one, reports no_posting_rule and returns NULL.
 */
extern const PostingRule *RuleFor(VoucherBuilder *builder, const Emission *emission);

/*
 * rounding.c: gives a manual voucher in a foreign currency the line that its
 * entries, converted one by one, are short of; reports rounding_refused if the
 * company's rule does not allow it. Does nothing if they balance, or do not
 * balance in their own currency.
 */
extern void AddRoundingLine(DocumentBatch *batch, Voucher *voucher);

/*
 * item_terms.c: parts each line of a receivable or payable account whose payment
 * terms have instalments: a line, and so an open item, for each; further ones
 * come behind all others.
 */
extern void SplitInstalments(const DocumentBatch *batch, Voucher *voucher);

/* posting.c: posts one amount by its rules; returns the number of its voucher line, 0 if there is nothing to show. */
extern int	Emit(VoucherBuilder *builder, Voucher *voucher, const Emission *emission);

/* posting_stock.c: posts what the moves of the line, and what it adds to the cost of others, change of the value of stock. */
extern void EmitStockOfLine(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line);

/* posting_stock.c: posts the amount by its own role, and the same out of another. */
extern void EmitOutOf(VoucherBuilder *builder, Voucher *voucher, Emission emission, AmountRole counterRole);

/* posting_shipped.c: whether a line bills goods that are not shipped yet. */
extern bool IsBilledAhead(const DocumentLine *line);

/* posting_shipped.c: adds a line that ships what was billed ahead, on the emission's side. */
extern void AddShippedAhead(const DocumentLine *line, Emission *ahead);

/* posting_shipped.c: posts what a line differs by from what it clears of the cut-off account: in price, and by the exchange rate. */
extern void EmitCutOff(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line);

/* posting.c: posts an amount by the rule, whatever others there are; returns the number of its voucher line. */
extern int	EmitByRule(VoucherBuilder *builder, Voucher *voucher, const Emission *emission, const PostingRule *rule);

/*
 * posting_entries.c: posts an amount by the first rule and those alike whose
 * condition holds, each its expression's amount. Returns the number of the first
 * voucher line that got something, 0 if nothing is made. Reports
 * expression_failed, and entries_differ unless the entries add up to the amount.
 */
extern int	EmitEntries(VoucherBuilder *builder, Voucher *voucher, const Emission *emission, const PostingRule *first);

/*
 * posting_entries.c: whether the condition of a rule holds; where a value is not
 * known yet it does. Refused: expression_failed or expression_invalid was reported.
 */
typedef enum RuleAnswer
{
	RULE_HOLDS,
	RULE_DOES_NOT_HOLD,
	RULE_REFUSED
} RuleAnswer;
extern RuleAnswer AskRule(VoucherBuilder *builder, const Emission *emission, const PostingRule *rule);

/* rule_values.c: what the names stand for that are asked for by bits; all but NAME_REST. */
extern void ReadRuleValues(const VoucherBuilder *builder, const Emission *emission, unsigned names, unsigned attributes,
						   ExpressionInput *input);

/* rule_values.c: such values as a JSON object. */
extern const char *RuleValuesText(const ExpressionInput *input, unsigned names, unsigned attributes);

/* rule_values.c: the currency of the emission's amount. */
extern const CurrencyInfo *EmissionCurrency(const VoucherBuilder *builder, const Emission *emission);

/* rule_dimension.c: the dimension set of a line by the map of the rule; error unknown_code for a value that is not there. */
extern int32 MappedDimensions(VoucherBuilder *builder, const Emission *emission, const PostingRule *rule);

#endif
