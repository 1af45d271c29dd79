/*
 * What other domains call of the ledger: accounts, the gate of periods,
 * vouchers of a batch of documents.
 */
#ifndef ERP_LEDGER_H
#define ERP_LEDGER_H

#include "core/datum_array.h"
#include "core/document.h"

typedef enum AccountControl
{
	CONTROL_NONE,
	CONTROL_RECEIVABLE,
	CONTROL_PAYABLE,
	CONTROL_ACCRUED_PAYABLE,
	CONTROL_OPEN_ITEMS,			/* any other account whose lines are open items */
	CONTROL_INVENTORY
} AccountControl;

/* Whether an account is of money. */
typedef enum MoneyKind
{
	MONEY_NONE,
	MONEY_CASH,
	MONEY_BANK,
	MONEY_KIND_COUNT
} MoneyKind;

typedef struct AccountInfo
{
	int32		accountId;
	const char *code;
	AccountControl control;
	MoneyKind	money;
	bool		postable;		/* a leaf, and active */
} AccountInfo;

typedef enum AmountRole
{
	AMOUNT_AMOUNT,
	AMOUNT_INVENTORY,
	AMOUNT_COST,
	AMOUNT_TAX,
	AMOUNT_TOTAL,
	AMOUNT_PRICE_VARIANCE,
	AMOUNT_USAGE_VARIANCE,
	AMOUNT_USAGE,
	AMOUNT_UNBILLED,			/* what of a price variance of a credit note was not billed; the counter of the two below */
	AMOUNT_REVENUE,				/* what an invoice's price differs from the shipment's */
	AMOUNT_EXCHANGE,			/* what the rates of invoice and shipment make of it */
	AMOUNT_SHIPPED,				/* the value of stock that was shipped and is not billed */
	AMOUNT_AHEAD,				/* what is billed ahead of its shipment, instead of amount, and what of a shipment's total was, instead of total */
	AMOUNT_ROLE_COUNT
} AmountRole;

/* The role of the value of stock in the pool. */
static inline AmountRole
InventoryRole(int64 costPoolId)
{
	return IsShippedPool(costPoolId) ? AMOUNT_SHIPPED : AMOUNT_INVENTORY;
}

/* A dimension of the voucher line and where its value comes from. */
typedef struct RuleDimension
{
	int32		dimensionId;
	int			source;			/* an ExpressionAttribute, or a RuleSource */
	int32		valueId;		/* of SOURCE_CONSTANT */
	const char *code;			/* of the dimension */
} RuleDimension;

typedef enum RuleSource
{
	SOURCE_NONE = -3,			/* has no value */
	SOURCE_CONSTANT,			/* always the same */
	SOURCE_LINE					/* that of the document's line */
} RuleSource;

typedef struct PostingRule
{
	int32		postingRuleId;
	int			kindNumber;
	int			roleNumber;		/* of a line role; -1: the document itself */
	AmountRole	amountRole;
	int			itemGroup;		/* MasterText, of it and the groups below it; 0 fits all, as do the next three */
	int			groupDepth;		/* how many groups stand above itemGroup */
	int			partyGroup;
	int32		warehouseId;
	int32		taxCodeId;
	int			sign;			/* 0 any, 1 debit amounts only, -1 credit amounts only */
	int			entry;			/* of rules that are alike otherwise */
	int			fit;			/* the greater, the more specific */
	int			alikeAfter;		/* how many rules that are alike but for their entry follow in the rule book */
	int32		accountId;
	int			dimensionCount;
	const struct Expression *when;	/* NULL: whatever the document says */
	const struct Expression *expression;	/* NULL: the amount itself */
	const char *whenText;
	const char *expressionText;
	const char *problem;		/* why one of them cannot be read; NULL: they can */
	const RuleDimension *dimensions;
	const char *summaryTemplate;
	bool		plain;			/* it alone takes the whole amount, whatever the document says */
	bool		isCredit;
	bool		merge;
	bool		mergeRules;		/* with others of its amount role that do */
	bool		carryDimensions;
} PostingRule;

/* What a rule is looked up by. */
typedef struct RuleQuery
{
	const DocumentKindInfo *kind;
	const LineRoleInfo *role;	/* NULL: the document itself */
	AmountRole	amountRole;
	int			itemGroup;
	int			partyGroup;
	int32		warehouseId;
	int32		taxCodeId;
	bool		isCredit;		/* of the signed amount */
} RuleQuery;

/* Each returns NULL if there is none. Valid until the next RefreshMasterData. */
extern const AccountInfo *FindAccount(int32 companyId, const char *code);
extern const AccountInfo *FindAccountById(int32 companyId, int32 accountId);

/* What was posted to an account is taken back there, whether or not it still takes anything else: a copy that can be posted to. */
extern const AccountInfo *MirroredAccount(int32 companyId, int32 accountId);

/* Whether a line on the account is an open item. */
extern bool HasOpenItems(const AccountInfo *account);

/* rule_book.c: the most specific rule that fits whatever the document says, or NULL. */
extern const PostingRule *FindPostingRule(int32 companyId, const RuleQuery *query);

/* posting_rule.c: makes the query ask for the rule of what another standard cost changes of goods that go back. */
extern void AskForStandard(RuleQuery *query);

/* rule_dimension.c: the dimension set that a line of the rule has from the document's line; 0 where the rule does not carry it, or maps its own. */
extern int32 CarriedDimensions(const PostingRule *rule, int32 dimensionSetId);

/* Which vouchers have a word when their request names none. */
typedef enum WordRule
{
	WORD_NAMED,
	WORD_ALL,
	WORD_TRANSFER,
	WORD_RECEIPT,
	WORD_PAYMENT
} WordRule;

typedef struct VoucherWord
{
	int32		voucherWordId;
	WordRule	rule;
	MoneyKind	money;			/* of receipts and payments; MONEY_NONE: of any */
	bool		active;
	const char *code;
} VoucherWord;

/* ledger_cache.c: the words of a company but for word 0, in the order in which a voucher tries them. */
extern const VoucherWord *VoucherWords(int32 companyId, int *count);

typedef enum SeriesScope
{
	SCOPE_EVER,
	SCOPE_YEAR,
	SCOPE_MONTH
} SeriesScope;

typedef struct Series
{
	int32		seriesId;
	int32		voucherWordId;	/* of vouchers: whose it numbers */
	const char *target;
	SeriesScope scope;
} Series;

/* ledger_cache.c: the company's series that number at once, ascending by id. */
extern const Series *ImmediateSeries(int32 companyId, int *count);

/* What a voucher says of the one that it takes back or corrects; the second of each where that has no number yet. */
typedef enum VoucherOccasion
{
	TEXT_REVERSAL,
	TEXT_REVERSAL_UNNUMBERED,
	TEXT_CORRECTION,
	TEXT_CORRECTION_UNNUMBERED,
	TEXT_COUNT
} VoucherOccasion;

/* ledger_cache.c: the company's template; empty if it has none. */
extern const char *VoucherTemplate(int32 companyId, VoucherOccasion occasion);

/* A voucher as another one names it. */
typedef struct NamedVoucher
{
	int64		voucherId;
	DateADT		day;
	int32		voucherWordId;
	int64		number;			/* 0: none yet */
	const char *word;
	const char *key;			/* of its document */
} NamedVoucher;

/* voucher_text.c: the voucher of a document, as it is by now; false if it has none. */
extern bool FindNamedVoucher(int32 companyId, int64 documentId, NamedVoucher *named);

/* voucher_text.c: the company's text for the occasion (of the two numbered ones: the other is taken where there is no number). */
extern const char *VoucherText(int32 companyId, VoucherOccasion occasion, const NamedVoucher *named);

/* voucher_text.c: the template with each of the names, as {this}, replaced by its value. */
extern char *FillTemplate(const char *template, const char *const *names, const char *const *values, int count);

/*
 * correction.c: the documents that supplementary vouchers correct, locked so
 * that none is reversed meanwhile; reports unknown_code and not_correctable.
 * After LookUpAccounts, before the period gate.
 */
extern void LookUpCorrected(DocumentBatch *batch);

/* voucher_word.c: the words that requests name; reports unknown_code, and invalid_field for one that is not active. */
extern void LookUpWords(DocumentBatch *batch);

/* Names of amount roles as posting_rule has them. */
extern const char *const AmountRoleNames[AMOUNT_ROLE_COUNT];

/*
 * voucher_entry.c: accounts, sides and dimensions of the lines of manual
 * vouchers and dimensions of all lines; before ComputeAmounts.
 */
extern void LookUpAccounts(DocumentBatch *batch);

/* dimension.c: the set of the dimensions that a line names, 0 for none; it may be new. */
extern void LookUpDimensions(DocumentBatch *batch);
extern bool HasBalancingDimensions(int32 companyId);
extern bool HasAccountDimensions(int32 companyId);

/* What a rule that asks the document, or merges with others, made of an amount. */
typedef struct RuleEvaluation
{
	const PostingRule *rule;
	int			voucherLineNo;
	int			documentLineNo; /* 0: the document itself */
	const char *values;			/* JSON of the names that the rule uses */
	int128		amount;			/* debit positive */
	int128		companyAmount;	/* debit positive */
} RuleEvaluation;

/* One voucher on its way; lines are kept in the order of their first amount. */
typedef struct VoucherLine
{
	const PostingRule *rule;	/* NULL where no rule gave the line */
	int32		postingRuleId;
	const AccountInfo *account;
	const CurrencyInfo *currency;
	PartyInfo	party;
	int32		taxCodeId;
	int32		dimensionSetId;
	int32		unitId;
	int			documentLineNo;
	int			instalmentNo;	/* of its payment terms, from 1 on; 0: not parted */
	bool		isCredit;
	bool		isEmpty;		/* no amount but zeros came here: not written */
	bool		ofSeveralRules;	/* rule is the first */
	bool		hasQuantity;
	bool		unitsDiffer;	/* of what came here: quantity and unit stay zero */
	int64		openItemId;		/* of a line that has one; 0: given by StoreVouchers */
	int128		amount;			/* signed, debit positive, in its currency */
	int128		companyAmount;	/* signed, debit positive */
	int128		quantity;
	const char *summary;
} VoucherLine;

typedef struct Voucher
{
	Document   *document;
	VoucherLine *lines;
	int			count;
	int			capacity;
	RuleEvaluation *evaluations;
	int			evaluationCount;
	int			evaluationCapacity;
} Voucher;

typedef struct VoucherSet
{
	Voucher    *vouchers;
	int			count;
	int			capacity;
} VoucherSet;

/* Whether an id stands for a set that the batch is the first to name. */
#define IS_NEW_SET(setId) ((setId) < -1)

/* dimension_set.c: the set of values (int4, at least one), which are sorted; a new one until MakeDimensionSets() where nobody made it before. */
extern int32 DimensionSetOf(DocumentBatch *batch, DatumArray *valueIds);

/* dimension_set.c: the ids of the values of a new set between commas, "" for one that is not new. */
extern const char *NewSetForm(const DocumentBatch *batch, int32 setId);

/* dimension_set.c: makes what is new, in one order; the lines of documents and vouchers have real ids afterwards. Nothing but series is locked later. */
extern void MakeDimensionSets(DocumentBatch *batch, VoucherSet *set);

/* posting_stock.c: an amount in the company's currency in that of the document, at its rate, rounded. */
extern int128 InDocumentCurrency(const Document *document, int128 value);

/*
 * posting.c: makes the voucher of each new document through the posting rules;
 * sets voucher ids and the voucher line numbers of the document's lines.
 */
extern VoucherSet *BuildVouchers(DocumentBatch *batch);

/*
 * posting.c: reports what BuildVouchers and the balance of vouchers would refuse
 * of each document, as far as it is known before the values of moves are.
 */
extern void CheckPosting(DocumentBatch *batch);

/*
 * item_terms.c: the payment terms of the open item that the line is: those
 * that the document names, else the party's of the side on which it stands;
 * NULL: none.
 */
extern const PaymentTermsInfo *ItemTerms(int32 companyId, const Document *document, const VoucherLine *line);

/* item_terms.c: when it falls due: the day that the document names, or that follows from the terms, or after the party's days. */
extern DateADT DueDay(int32 companyId, const Document *document, const VoucherLine *line);

/* rule_evaluation.c: keeps an evaluation with its voucher; writes those of all vouchers. */
extern void AddEvaluation(Voucher *voucher, const RuleEvaluation *evaluation);
extern void StoreEvaluations(int32 companyId, const VoucherSet *set);

/* voucher_lines.c: what a summary may name, and the rule's summary with these filled in. */
#define SUMMARY_NAME_COUNT 6
extern const char *const SummaryNames[SUMMARY_NAME_COUNT];
extern const char *RuleSummary(const PostingRule *rule, const Document *document);

/* voucher_lines.c: a voucher for a document that the engine makes; its lines come by AddVoucherLine. */
extern Voucher *AddVoucher(VoucherSet *set, Document *document);

/*
 * posting.c: a document's vouchers amount by amount. AddByRule adds an amount
 * of a line, debit positive, in the currency, where the rule for the line's
 * role says, and sets the line's voucherLineNo; error no_posting_rule.
 */
typedef struct VoucherBuilder VoucherBuilder;
extern VoucherBuilder *BeginVouchers(DocumentBatch *batch, VoucherSet *set);
extern void AddByRule(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, const CurrencyInfo *currency,
					  int128 amount, int128 companyAmount);

/*
 * voucher_word.c: gives the voucher's document the first word that takes its
 * lines, unless it has one. By the side that a line stands on: money that is
 * taken back in red is still of the receipts or payments it came with.
 */
extern void ChooseWord(int32 companyId, const Voucher *voucher);

/* Adds a line as it stands and returns its number. */
extern int	AddVoucherLine(Voucher *voucher, const VoucherLine *line);

/* voucher_lines.c: adds a quantity to a line's; what comes in several units has no quantity together, which is then 0 and of no unit. */
extern void AddLineQuantity(VoucherLine *line, int32 unitId, int128 quantity);

/* voucher_store.c: checks law 1 and writes vouchers, lines, open items, reversals and their settlement. */
extern void StoreVouchers(DocumentBatch *batch, const VoucherSet *set);

/* voucher_reversal.c: links the vouchers of reversals to what they take back, and settles the open items of both; all are stored. */
extern void LinkReversals(int32 companyId, const VoucherSet *set);

/* voucher_store.c: voucher and number of documents that were posted before. */
extern void LookUpPosted(DocumentBatch *batch);

/* open_items.c: locks the open items of what the batch reverses; error still_settled. After ClaimKeys. */
extern void LockReversedItems(DocumentBatch *batch);

/*
 * settle_posted.c: documents that settle open items at once, by those that
 * they open themselves. PrepareSettlements reads and locks the items, after
 * ClaimKeys; NULL if there are none. SettlePosted settles them when the
 * vouchers stand; NumberSettlements comes last. Errors as of erp.settle().
 */
typedef struct SettlementRun SettlementRun;
extern SettlementRun *PrepareSettlements(DocumentBatch *batch);
extern void SettlePosted(SettlementRun *run, const VoucherSet *set);
extern void NumberSettlements(SettlementRun *run);

/*
 * credit_limit.c: LockCredit locks the parties with a credit limit to which the
 * batch sells and reads what they owe, after ClaimKeys; NULL if there are none.
 * CheckCredit adds what the vouchers post: error credit_limit, or, where the
 * party has it so, what StoreCreditWarnings() warns of and puts on record.
 */
typedef struct CreditCheck CreditCheck;
extern CreditCheck *LockCredit(DocumentBatch *batch);
extern void CheckCredit(DocumentBatch *batch, CreditCheck *credit, const VoucherSet *set);
extern void StoreCreditWarnings(const DocumentBatch *batch, const CreditCheck *credit);

/* series.c: numbers of immediate series, as the last step. */
extern void TakeNumbers(DocumentBatch *batch);

/* ledger_cache.c: loads accounts, rules and periods of a company when master data was dropped. */
typedef struct LedgerData LedgerData;
extern const LedgerData *LedgerOf(int32 companyId);

#endif
