/*
 * A batch of documents on its way from a request to facts. Every domain fills
 * the fields that are its own; the order of the steps stands in
 * inventory/post_documents.c.
 */
#ifndef ERP_DOCUMENT_H
#define ERP_DOCUMENT_H

#include "postgres.h"

#include "utils/date.h"

#include "core/compat.h"
#include "core/document_line.h"
#include "core/errors.h"
#include "core/json_in.h"
#include "core/master_cache.h"
#include "core/money.h"
#include "core/payment_terms.h"
#include "core/price_amounts.h"

#define DOCUMENT_LINES_MAX 1000000
#define DOCUMENT_KEY_MAX 200
#define DOCUMENT_HASH_LENGTH 32

/* The warehouse of lines of items where neither line nor header names one. */
#define DEFAULT_WAREHOUSE "MAIN"

typedef enum HeaderField
{
	HEADER_KEY,
	HEADER_KIND,
	HEADER_DAY,
	HEADER_TIME,
	HEADER_PARTY,
	HEADER_REFERENCE,
	HEADER_CURRENCY,
	HEADER_RATE,
	HEADER_TAX_CODE,
	HEADER_WAREHOUSE,
	HEADER_DESCRIPTION,
	HEADER_LATE,
	HEADER_WORD,
	HEADER_CORRECTS,
	HEADER_PAYMENT_TERMS,
	HEADER_DUE_DAY,
	HEADER_PRICES_INCLUDE_TAX,	/* from here on: how its prices are meant */
	HEADER_TAX_ROUNDING,
	HEADER_DISCOUNT,
	HEADER_DISCOUNT_PERCENT,
	HEADER_CASH_ROUNDING,		/* to here */
	HEADER_FIELD_COUNT
} HeaderField;

typedef struct DocumentTax
{
	const TaxCodeInfo *taxCode;
	int128		rate;			/* RATE_SCALE, a fraction */
	int128		baseAmount;
	int128		taxAmount;
	int128		companyAmount;
} DocumentTax;

/* How the prices of a document are meant, where they are not without tax, whole, and tax is not rounded once per code. */
typedef struct DocumentPricing
{
	bool		includesTax;
	bool		taxPerLine;
	bool		hasPercent;		/* the discount is so much per cent: */
	int128		percent;		/* DISCOUNT_SCALE */
	int128		discount;		/* AMOUNT_SCALE, document currency, of all lines together */
	int128		cashStep;		/* AMOUNT_SCALE, document currency, that the total is a multiple of; 0: any */
	CashMethod	cashMethod;
} DocumentPricing;

typedef struct Document
{
	const char *fields[HEADER_FIELD_COUNT];
	int			index;			/* place in the request, from 0 */
	const DocumentKindInfo *kind;
	PartyInfo	party;
	DateADT		day;
	DateADT		dueDay;			/* of its open items, where dueDayGiven */
	TimeADT		timeOfDay;
	DateADT		postingDay;
	int32		postingPeriodId;
	bool		late;
	bool		dueDayGiven;
	unsigned	warnedModules;	/* in which the period that it lands in is about to close, bits */
	const CurrencyInfo *currency;
	int128		rate;			/* RATE_SCALE */
	DateADT		rateDay;
	int32		warehouseId;
	int32		voucherWordId;	/* 0: none, or none found yet */
	const char *key;
	const char *reference;
	const char *description;
	const char *correctionText; /* what its voucher says of the one that it takes back or corrects; NULL: nothing */
	uint8		hash[DOCUMENT_HASH_LENGTH];
	const PaymentTermsInfo *terms;	/* those that it names; NULL: its parties' */
	const JsonNode *consumes;	/* production issues whose value its products take over; NULL: none */
	const JsonNode *settles;	/* open items that the document's own settle at once; NULL: none */
	DocumentLine *lines;
	int			lineCount;
	DocumentPricing *pricing;	/* NULL: nothing out of the ordinary */
	DocumentTax *taxes;
	int			taxCount;
	int128		total;			/* net and tax, document currency */
	int128		companyTotal;

	int64		reversesDocumentId; /* 0: not a reversal */
	int64		reversesVoucherId;	/* of that document; 0: it has none */
	int64		correctsDocumentId; /* of an adjustment or a supplementary voucher; else 0 */
	int64		settlesDocumentId;	/* of a settlement: the document of the call, or the payment, that settles; else 0 */
	int64	   *madeFrom;		/* documents whose consumed goods its products are made of */
	int			madeFromCount;
	DateADT		reversedDay;	/* posting day of what it reverses */
	int64		documentId;
	int64		voucherId;		/* 0: nothing to post */
	int64		number;			/* 0: none yet */
	bool		bad;			/* has a problem (collecting) */
	bool		repeated;		/* was posted before: documentId is the first one's */
	struct Document *first;		/* the document of the same call with this key, if it is not the first */
} Document;

/* One bad cell of an import. */
typedef struct DocumentProblem
{
	int64		stagedRow;
	const char *documentKey;
	const char *field;
	const char *value;
	int			errorCode;
	const char *reason;
} DocumentProblem;

typedef struct NewDimensionSets NewDimensionSets;

typedef struct DocumentBatch
{
	const CompanyInfo *company;
	Document   *documents;
	int			count;
	bool		collecting;		/* problems are listed instead of raised */
	bool		fromDrafts;		/* who may post them says the state machine of drafts */
	bool		isTrial;		/* a dry run: nothing of it stays */
	bool		checkOnly;		/* nothing is posted: a request has its hash only where its key was used before */
	bool		leavesOut;		/* what is refused is left out: what a document takes is not gone for those after it before both are posted */
	bool		drawsUp;		/* what is ordered or offered: which goods it will be is not known yet, beside their item */
	DocumentProblem *problems;
	int			problemCount;
	int			problemCapacity;
	NewDimensionSets *newSets;	/* the ledger's: dimension sets that it is the first to name; NULL: none */
} DocumentBatch;

/* Whether what can be drafted is refused here: it posts from a reviewed draft only. */
static inline bool
WantsReview(const DocumentBatch *batch)
{
	return batch->company->reviewRequired && !batch->fromDrafts && !batch->isTrial;
}

/* A line that names its account and side itself: of a manual voucher. */
static inline bool
IsEntry(const DocumentLine *line)
{
	return line->document->kind->totalSign == 0 && line->role->namesAccount;
}

/* A line of money that comes in or goes out, which may name its account. */
static inline bool
IsMoney(const DocumentLine *line)
{
	return line->document->kind->totalSign != 0 && line->role->namesAccount;
}

/* Payments and refunds: all their lines are of money. */
static inline bool
IsMoneyKind(const DocumentKindInfo *kind)
{
	return kind->totalSign != 0 && kind->roleCount > 0 && kind->roles[0]->namesAccount;
}

/* What makes debts that fall due: trading documents and manual vouchers, not money or what is carried over. */
static inline bool
HasPaymentTerms(const DocumentKindInfo *kind)
{
	return kind->roleCount > 0 && (kind->totalSign != 0) != kind->roles[0]->namesAccount;
}

/* A line that carries an amount from one account or party to another. */
static inline bool
IsTransfer(const DocumentLine *line)
{
	return line->document->kind->totalSign == 0 && !line->role->namesAccount && line->role->direction == STOCK_NONE &&
		line->role->valueSource == VALUE_NONE;
}

/* A line that takes goods from where the line that it names as its origin brought them, and no more than those. */
static inline bool
TakesBroughtGoods(const DocumentLine *line)
{
	return line->fields[LINE_ORIGIN_KEY] != NULL && line->role->direction == STOCK_OUT && line->role->valueSource == VALUE_REPLAY;
}

/* A line that changes how much a receipt brought, or at what price: an amendment of it, or goods of it that go back to the supplier. */
static inline bool
ChangesReceipt(const LineRoleInfo *role)
{
	return role->valueSource == VALUE_AMENDED || role->valueSource == VALUE_RETURNED;
}

/* A role of goods that are billed apart from when they are sold: what is between the two stands on the cut-off account. */
static inline bool
IsOfCutOff(const LineRoleInfo *role)
{
	return role->valueSource == VALUE_SOLD || role->valueSource == VALUE_UNSOLD || role->valueSource == VALUE_INVOICE;
}

/* A role of goods that come in at the cost of the line that issued them. */
static inline bool
ReturnsGoods(const LineRoleInfo *role)
{
	return role->valueSource == VALUE_ORIGIN || role->valueSource == VALUE_UNSOLD;
}

/* A line whose amount is what its goods cost, but for price variances, and has no account of its own. */
static inline bool
IsCostAmount(const DocumentLine *line)
{
	return line->role->valueSource == VALUE_AMOUNT || line->role->valueSource == VALUE_SPREAD || ChangesReceipt(line->role);
}

/* A line that adds to the cost of moves that stand. */
static inline bool
AddsCost(const DocumentLine *line)
{
	return line->role->valueSource == VALUE_SPREAD || (line->role->valueSource == VALUE_BILL && line->fields[LINE_ORIGIN_KEY] != NULL) ||
		(line->role->valueSource == VALUE_AMENDED && line->role->direction == STOCK_NONE);
}

/* JSON names of the fields. */
extern const char *const HeaderFieldNames[HEADER_FIELD_COUNT];

/*
 * Reports a problem of a document (line NULL: of its header). field may be
 * NULL. Raises the error, or when the batch collects, lists it and marks the
 * document bad. reason is a sentence without a full stop.
 */
extern void ReportProblem(DocumentBatch *batch, Document *document, DocumentLine *line,
						  const char *field, const char *value, int errorCode, const char *reason);

/* The same where nothing is collected any more, since facts are being made: does not return. */
extern void RaiseProblem(DocumentBatch *batch, Document *document, DocumentLine *line,
						 const char *field, const char *value, int errorCode, const char *reason) pg_attribute_noreturn();

/* The cure that errors.h gives for an error code of the engine's own. */
extern const char *ErrorCure(int errorCode);

/* document_read.c: fills batch->documents from a JSON array (or one object) of documents. Raises on unknown fields and wrong types. */
extern void ReadDocuments(DocumentBatch *batch, const JsonNode *root);

/* The same for a reversal's request, which has "reverses" and no lines; the two steps of reading and checking it. */
extern void ReadReversalFields(Document *document, const JsonNode *root);
extern void CheckReversalFields(DocumentBatch *batch, Document *document);

/* document_check.c: keys, dates, kinds, currencies and payment terms of every document. */
extern void CheckHeaders(DocumentBatch *batch);

/* document_line_check.c: roles, quantities, amounts and tax codes of the lines of every document that is known well enough. */
extern void CheckLines(DocumentBatch *batch);

/* document_field.c: reports no_exchange_rate of documents that have no rate by then, of their own or of what they name. */
extern void CheckRates(DocumentBatch *batch);

/*
 * document_pricing.c: takes discounts, and tax that is inside, out of the amounts of the lines of a document that is known
 * well enough, and gives it its pricing if there is any.
 */
extern void TakePrices(DocumentBatch *batch, Document *document);

/* document_pricing.c: gives a document that is rounded for cash the line that takes the difference, behind its own. */
extern void AddCashLine(DocumentBatch *batch, Document *document);

/* document_reference.c: lines of other documents and demands that a line names by number; whether its role may name a demand. */
extern void CheckReferences(DocumentBatch *batch, DocumentLine *line);

/* document_party.c: parties of codes, in one query. */
extern void LookUpParties(DocumentBatch *batch);

/* document_party.c: the number of a party's group; that of party 0 is the empty one's. */
extern int	PartyGroup(int32 companyId, int32 partyId);

/* document_amounts.c: the document's tax of the code, added on first sight. */
extern DocumentTax *TaxOfCode(Document *document, const TaxCodeInfo *code);

/* document_amounts.c: taxes, totals and their values in the company's currency, of every document that is not bad. */
extern void ComputeAmounts(DocumentBatch *batch);

/* document_hash.c: SHA-256 of the canonical form of the request, into document->hash. */
extern void HashDocument(Document *document);

/*
 * document_store.c. FindRepeated marks documents whose key was used before
 * (error key_reused if the request differs); ClaimKeys inserts the headers,
 * waiting for another session with the same key, and marks those it lost.
 */
extern void FindRepeated(DocumentBatch *batch);
extern void ClaimKeys(DocumentBatch *batch);

/*
 * document_store.c: the same for one document that is no part of a request and has its kind, days, texts, currency and hash:
 * gives it its id and stores its header. False if its key was used before; waits for a session that is just using it.
 */
extern bool ClaimKey(const CompanyInfo *company, Document *document);
extern void StoreLines(DocumentBatch *batch);

/* document_event.c: writes the events of the batch's documents that were just made, those of kinds that have a topic. */
extern void TellDocuments(const DocumentBatch *batch);

/*
 * document_event.c: writes the event of a call, where it has one (erp_private.call_event) and its result says that it
 * changed something.
 */
extern void TellCall(int32 companyId, int64 documentId, const char *call, Datum request, Datum result);

/*
 * The next value of an identity sequence of schema erp, by its table and column,
 * and of one that was found before, for many.
 */
extern int64 NextIdentity(const char *table, const char *column);
extern Oid	IdentitySequence(const char *table, const char *column);
extern int64 NextOfSequence(Oid sequence);

/* Gives the document's voucher its id, which is the document's; where that has none yet, it gets one. */
extern void TakeVoucherId(Document *document);

/* document_result.c: the jsonb that a call returns, of one document or of all of them. */
extern Datum DocumentResult(DocumentBatch *batch, bool single);

#endif
