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
#include "core/cost_method.h"
#include "core/errors.h"
#include "core/json_in.h"
#include "core/master_cache.h"
#include "core/money.h"
#include "core/payment_terms.h"
#include "core/ratio.h"

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
	HEADER_FIELD_COUNT
} HeaderField;

typedef enum LineField
{
	LINE_ROLE,
	LINE_ITEM,
	LINE_ACCOUNT,
	LINE_SIDE,
	LINE_QUANTITY,
	LINE_PRICE,
	LINE_AMOUNT,
	LINE_COST,
	LINE_SHARE,
	LINE_TAX_CODE,
	LINE_WAREHOUSE,
	LINE_PARTY,
	LINE_DESCRIPTION,
	LINE_UNIT,
	LINE_SECOND_QUANTITY,
	LINE_BASIS,
	LINE_LOCATION,
	LINE_LOT,
	LINE_STATE,
	LINE_OWNER,
	LINE_TO_WAREHOUSE,
	LINE_TO_LOCATION,
	LINE_TO_LOT,
	LINE_TO_STATE,
	LINE_TO_OWNER,
	LINE_RESERVATIONS,
	LINE_ALLOW_EXPIRED,
	LINE_ORIGIN_KEY,
	LINE_ORIGIN_LINE,
	LINE_DEMAND_KEY,
	LINE_DEMAND_LINE,
	LINE_FIELD_COUNT
} LineField;

/* What belongs to others, or only changes its place, is in no pool: it has a quantity, and no value and no cost entries. */
#define NO_COST_POOL (-1)

struct Document;
struct CostPart;

/* Whether the moves of an item name a lot, and whether that is a serial number. */
typedef enum Tracking
{
	TRACK_NONE,
	TRACK_LOT,
	TRACK_SERIAL
} Tracking;

/* A party, as far as documents need it; party 0 is "none". */
typedef struct PartyInfo
{
	int32		partyId;
	int			groupNumber;	/* of MasterText */
	int			paymentDays;
	int32		customerTermsId;	/* 0: none */
	int32		supplierTermsId;
	bool		isCustomer;
	bool		isSupplier;
	bool		hasCreditLimit;
} PartyInfo;

/* A line of a document that stands, as amended by others that stand, and what of it they have used: billed, or received. */
typedef struct NamedLine
{
	int64		documentId;
	int64		moveId;			/* 0: it moved no stock */
	int64		costPoolId;
	const DocumentKindInfo *kind;
	const LineRoleInfo *role;
	TimeADT		timeOfDay;
	int32		partyId;
	int32		currencyId;
	int64		lotId;
	int32		itemId;
	int32		warehouseId;
	int32		locationId;
	int32		stateId;
	DateADT		day;
	DateADT		rateDay;
	int128		rate;			/* RATE_SCALE */
	int128		ownQuantity;	/* QUANTITY_SCALE, in the item's unit, as it was posted */
	int128		quantity;
	int128		amount;			/* AMOUNT_SCALE, document currency */
	int128		ownAmount;		/* as it was posted */
	int128		companyAmount;	/* amount, as the vouchers have it in the company's currency */
	int128		usedQuantity;
	int128		usedAmount;
	int128		usedCompanyAmount;
	bool		isReversed;
	bool		hasTax;
} NamedLine;

typedef struct DocumentLine
{
	struct Document *document;
	int			lineNo;
	int64		stagedRow;
	const char *fields[LINE_FIELD_COUNT];	/* as entered; NULL if not */
	const JsonNode *dimensions;
	const JsonNode *receipts;	/* whose cost its amount joins, beside its origin; NULL: none are named */
	const JsonNode *lotDays;	/* of a lot that the line brings; NULL: none */
	const LineRoleInfo *role;
	PartyInfo	party;			/* of a manual voucher's line, else the document's */
	const TaxCodeInfo *taxCode; /* NULL if none */

	/* of the item (inventory) */
	int32		itemId;
	int			itemGroup;
	int32		unitId;			/* that quantity and price are of */
	int32		baseUnitId;		/* the item's own */
	int32		secondUnitId;	/* of the item; 0: none */
	int64		costPoolId;
	CostMethod	method;			/* on the day of its document */
	CostMethod	newMethod;		/* of a line that changes the method */
	bool		isStock;
	bool		allowsExpired;	/* goods past their last day may be issued to customers */
	bool		findsLotLater;	/* which the call itself brings, or the line that it names */
	CostPoolScope poolScope;
	Tracking	tracking;
	int32		shelfLifeDays;	/* 0: none */
	int32		warehouseId;

	/* where in the warehouse its goods lie, which, whose and in what state (inventory); 0: none, none, own, available */
	int32		locationId;
	int32		ownerId;
	int32		stateId;
	int64		lotId;
	struct DocumentLine *pairedLine;	/* where the goods of a line that carries them come to; NULL: it does not. A move of its own, no line */
	int			leg;			/* 2: of such a line's second move; else 0 */

	/* of the account (ledger) */
	int32		accountId;
	bool		isCredit;
	int32		dimensionSetId;

	Ratio		unitRatio;		/* what of the item's own unit one of unitId is; denominator 0: the same */
	int128		quantity;		/* QUANTITY_SCALE, as entered */
	int128		baseQuantity;	/* QUANTITY_SCALE, exactly the same in the item's own unit */
	int128		secondQuantity; /* QUANTITY_SCALE, in the item's second unit */
	int128		unitPrice;		/* PRICE_SCALE */
	int128		amount;			/* AMOUNT_SCALE, document currency */
	int128		companyAmount;	/* AMOUNT_SCALE, company currency */
	int128		cost;			/* AMOUNT_SCALE, company currency, as given */
	int128		share;			/* QUANTITY_SCALE: of a product in what it is made of, against those of the document's others */
	bool		hasQuantity;
	bool		hasPrice;
	bool		hasCost;
	bool		isWithOthers;	/* its location is one of lent or consigned goods */

	/* the line that this one amends, bills or fulfils, and how much of it */
	NamedLine  *named;
	int128		linkQuantity;	/* in the item's unit */
	int128		linkAmount;
	int128		linkCompanyAmount;

	/* what a return or a reversal refers to */
	int64		originDocumentId;
	int			originLineNo;
	int32		demandLineNo;	/* of the demand that the line serves; 0: all of them */
	int64		originMoveId;
	struct DocumentLine *originLine;	/* in the same batch */
	int128		originQuantity;
	int128		originValue;

	/* what became of it */
	int64		moveId;
	int128		moveQuantity;	/* signed: in positive */
	int128		moveValue;		/* signed: in positive, company currency */
	int128		consumedValue;	/* of a product: its share of the value that was consumed */
	int128		counteredValue; /* of a reversal whose original had no counter: what of its value has one */
	int128		restatedValue;	/* of its value what standard costs have changed since the goods came, or left, that it takes back */
	int			firstEdge;
	int			edgeCount;
	int			voucherLineNo;
	int			inventoryLineNo;
	int			counterLineNo;
	int			restatedLineNo;
	struct CostPart *parts;		/* of an amount that joins the cost of moves that stand: one for each of them */
	int			partCount;
} DocumentLine;

/*
 * What a line adds to the cost of one move that stands. line is a copy of the
 * document's with the item, place and pool of the move, its moveId, the share of
 * the amount, and, as moveValue, what the move's cost becomes more.
 */
typedef struct CostPart
{
	DocumentLine line;
	DateADT		moveDay;
	TimeADT		moveTime;
	const char *cause;			/* as cost_entry has it */
	int128		weight;			/* by which the amount is spread */
	int			entryNo;		/* of its cost entry */
	struct CostPart *next;		/* of the same move */
} CostPart;

typedef struct DocumentTax
{
	const TaxCodeInfo *taxCode;
	int128		rate;			/* RATE_SCALE, a fraction */
	int128		baseAmount;
	int128		taxAmount;
	int128		companyAmount;
} DocumentTax;

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

/* A line whose amount is itself what its goods cost, and has no account of its own. */
static inline bool
IsCostAmount(const DocumentLine *line)
{
	return line->role->valueSource == VALUE_AMOUNT || line->role->valueSource == VALUE_SPREAD ||
		line->role->valueSource == VALUE_AMENDED;
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
extern const char *const LineFieldNames[LINE_FIELD_COUNT];

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

/* document_check.c: dates, kinds, parties, roles, quantities, amounts and taxes of every document that is not bad. */
extern void CheckHeaders(DocumentBatch *batch);
extern void CheckLines(DocumentBatch *batch);

/* document_field.c: reports no_exchange_rate of documents that have no rate by then, of their own or of what they name. */
extern void CheckRates(DocumentBatch *batch);

/* document_reference.c: lines of other documents and demands that a line names by number; whether its role may name a demand. */
extern void CheckReferences(DocumentBatch *batch, DocumentLine *line);

/* document_party.c: parties of codes, in one query. */
extern void LookUpParties(DocumentBatch *batch);

/* document_party.c: the number of a party's group; that of party 0 is the empty one's. */
extern int	PartyGroup(int32 companyId, int32 partyId);

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

/*
 * The next value of an identity sequence of schema erp, by its table and column,
 * and of one that was found before, for many.
 */
extern int64 NextIdentity(const char *table, const char *column);

/* Gives the document's voucher its id, which is the document's; where that has none yet, it gets one. */
extern void TakeVoucherId(Document *document);
extern Oid	IdentitySequence(const char *table, const char *column);
extern int64 NextOfSequence(Oid sequence);

/* document_result.c: the jsonb that a call returns, of one document or of all of them. */
extern Datum DocumentResult(DocumentBatch *batch, bool single);

#endif
