/*
 * A line of a document on its way from a request to facts: what it says, what it
 * refers to, and what became of it. Every domain fills the fields that are its own.
 */
#ifndef ERP_DOCUMENT_LINE_H
#define ERP_DOCUMENT_LINE_H

#include "postgres.h"

#include "utils/date.h"

#include "core/compat.h"
#include "core/cost_method.h"
#include "core/json_in.h"
#include "core/master_cache.h"
#include "core/money.h"
#include "core/ratio.h"

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
	LINE_DISCOUNT,
	LINE_DISCOUNT_PERCENT,
	LINE_FIELD_COUNT
} LineField;

/* What belongs to others, or only changes its place, is in no pool: it has a quantity, and no value and no cost entries. */
#define NO_COST_POOL (-1)

/* What of a pool was shipped and is not billed is a pool of its own, and that one's is the pool again. */
static inline int64
ShippedPool(int64 costPoolId)
{
	return -2 - costPoolId;
}

static inline bool
IsShippedPool(int64 costPoolId)
{
	return costPoolId < NO_COST_POOL;
}

struct Document;
struct CostPart;

/* What allows goods past their last day to be issued to customers. */
typedef enum ExpiredPermission
{
	EXPIRED_REFUSED,
	EXPIRED_BY_LINE,
	EXPIRED_BY_ITEM,
	EXPIRED_BY_COMPANY
} ExpiredPermission;

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
	int128		lessQuantity;	/* by which amendments and returns have made it less */
	int128		sentBackQuantity;	/* of which by returns, at what the goods cost then */
	bool		isReversed;
	bool		hasTax;
} NamedLine;

/* What the price of a line comes to before its amount, where it has a discount or tax inside. AMOUNT_SCALE, document currency. */
typedef struct LinePricing
{
	int128		priceAmount;	/* quantity x price, or the amount as given */
	int128		percent;		/* DISCOUNT_SCALE */
	int128		discount;		/* its own */
	int128		documentDiscount;	/* its part of the document's */
	bool		hasPercent;		/* its own discount is so much per cent */
} LinePricing;

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
	ExpiredPermission allowsExpired;	/* by what goods past their last day may be issued to customers */
	bool		isExpired;		/* they are issued so; last day of their lot: */
	DateADT		lastDay;
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
	LinePricing *pricing;		/* NULL: its amount is quantity x price, or as given */
	int128		amount;			/* AMOUNT_SCALE, document currency, without tax */
	int128		companyAmount;	/* AMOUNT_SCALE, company currency */
	int128		cost;			/* AMOUNT_SCALE, company currency, as given */
	int128		share;			/* QUANTITY_SCALE: of a product in what it is made of, against those of the document's others */
	bool		hasQuantity;
	bool		hasPrice;
	bool		hasCost;
	bool		isWithOthers;	/* its location is one of lent, consigned or shipped goods */
	bool		isShipped;		/* its goods are shipped and not billed */

	/* the line that this one amends, bills or fulfils, and how much of it */
	NamedLine  *named;
	int128		linkQuantity;	/* in the item's unit */
	int128		linkAmount;
	int128		linkCompanyAmount;
	int128		varianceAmount; /* of a credit note: by how much it differs from the receipt's price (negative: it is more) of goods that were sent back at cost */
	int128		varianceCompanyAmount;

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

/* What the price of a line comes to after all discounts, with tax where it is inside. */
static inline int128
AmountWithTax(const LinePricing *pricing)
{
	return SubtractExact(SubtractExact(pricing->priceAmount, pricing->discount), pricing->documentDiscount);
}

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

/* JSON names of the fields. */
extern const char *const LineFieldNames[LINE_FIELD_COUNT];

#endif
