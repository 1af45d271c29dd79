/*
 * Backend-local copies of shared master data that changes seldom: companies,
 * currencies, tax codes, kinds and roles. Parties and items are not cached;
 * whether a period is open is never read from here.
 */
#ifndef ERP_MASTER_CACHE_H
#define ERP_MASTER_CACHE_H

#include "postgres.h"

#include "utils/date.h"

#include "core/price_amounts.h"

typedef struct CurrencyInfo
{
	int32		currencyId;
	const char *code;
	int			decimals;
} CurrencyInfo;

typedef struct CompanyInfo
{
	int32		companyId;
	int32		roundingAccountId;	/* takes what conversion line by line leaves open; 0: none */
	const char *code;
	const char *memberRole;
	bool		oppositeSide;	/* reversals show on the opposite side, not in red */
	bool		refusesBillAhead;	/* bills of more than was received are refused */
	bool		capsReturns;	/* no more comes back of an issue than it was of */
	bool		revenueAtShipment;	/* goods that are shipped before they are billed are sold then */
	bool		allowsNegativeStock;	/* more may go out than is there: its cost is provisional */
	bool		isLive;			/* nothing is taken over from the books before these any more */
	bool		issuesExpired;	/* goods past their last day may be issued to customers */
	bool		reviewRequired; /* what has drafts posts from a reviewed one */
	bool		taxPerLine;		/* tax is rounded for each line, not once per document and code, unless a document says otherwise */
	CashMethod	cashMethod;		/* how totals are rounded for cash, where a document asks for it */
	const CurrencyInfo *currency;
	int128		writeOffLimit;	/* AMOUNT_SCALE: the greatest rest that a settlement may write off */
	int128		roundingLimit;	/* AMOUNT_SCALE: the greatest difference that conversion line by line may leave */
} CompanyInfo;

typedef struct TaxRateInfo
{
	DateADT		validFrom;
	int128		rate;			/* RATE_SCALE, a fraction */
} TaxRateInfo;

typedef struct TaxCodeInfo
{
	int32		taxCodeId;
	const char *code;
	TaxRateInfo *rates;			/* ascending by validFrom */
	int			rateCount;
} TaxCodeInfo;

typedef enum StockDirection
{
	STOCK_NONE,
	STOCK_IN,
	STOCK_OUT,
	STOCK_VALUE					/* no goods move, but what they are worth may change */
} StockDirection;

typedef enum ValueSource
{
	VALUE_NONE,
	VALUE_REPLAY,				/* what the cost method gives */
	VALUE_GIVEN,				/* the line's cost */
	VALUE_ORIGIN,				/* the share of the move it returns, or the line's cost */
	VALUE_AMOUNT,				/* the line's amount */
	VALUE_AMENDED,				/* the line's amount, or what it makes more of a receipt's */
	VALUE_RETURNED,				/* what the cost method gives; what the amount, the receipt's price, differs by is a price variance */
	VALUE_BILL,					/* what a bill differs from the receipt that it bills */
	VALUE_SPREAD,				/* none of its own: its amount joins the cost of moves that stand */
	VALUE_CONSUMED,				/* what the cost method gives, and what is made of it takes over */
	VALUE_SHARE,				/* a share of what it is made of */
	VALUE_SOLD,					/* what the cost method gives, and its amount is revenue that is not billed yet */
	VALUE_UNSOLD,				/* the share of the move it returns, and as much of that revenue */
	VALUE_INVOICE				/* none; its amount bills what was sold so, or is still to be */
} ValueSource;

typedef struct LineRoleInfo
{
	int			number;			/* dense, from 0 */
	const char *name;
	StockDirection direction;
	ValueSource valueSource;
	bool		carries;		/* its lines bring goods from one place to another, each by two moves */
	bool		fulfils;		/* its lines name the line that they fulfil */
	bool		ofParty;		/* the goods of its lines belong to the document's party */
	bool		needsParty;		/* its lines have a party */
	bool		namesAccount;	/* its lines may name the account that the rules else give */
	bool		takesReserved;	/* its lines take what others reserved, which is then freed */
	bool		refusesExpired; /* its lines do not take goods past their last day unless something allows it */
	bool		isRounding;		/* its lines round a total: no tax, no discount */
} LineRoleInfo;

typedef enum Module
{
	MODULE_GENERAL,
	MODULE_STOCK,
	MODULE_SALES,
	MODULE_PURCHASING,
	MODULE_COUNT
} Module;

#define KIND_ROLES_MAX 16

typedef struct DocumentKindInfo
{
	int			number;			/* dense, from 0 */
	const char *name;
	unsigned	modules;		/* bit per ModuleNames */
	bool		needsCustomer;
	bool		needsSupplier;
	bool		needsParty;		/* whatever it is */
	bool		isTwoSided;		/* its lines come in pairs, of its first role and of its second */
	int			totalSign;
	const char *posterRole;
	const char *initialState;
	const char *toLocationKind; /* that its lines carry goods to; empty: no certain one */
	const char *eventTopic;		/* of the event that each of its documents writes; empty: none does */
	const LineRoleInfo *roles[KIND_ROLES_MAX];	/* the first is the default */
	const char *const *namedKinds[KIND_ROLES_MAX];	/* that lines of the role may name, up to a NULL */
	int			roleCount;
	bool		engineOnly;		/* its documents are made by the engine alone */
	bool		isDrafted;		/* its documents can be drafts */
} DocumentKindInfo;

extern const char *const ModuleNames[MODULE_COUNT];

/*
 * Drops what is stale. Called once at the start of a call: what the look-ups
 * return stays valid until the next refresh. SPI must be connected.
 */
extern void RefreshMasterData(void);

/* Grows by one whenever master data was dropped: other caches compare it. */
extern uint64 MasterDataGeneration(void);

/* Memory that lives as long as the present generation; a text of a row, and an array of zeros, in it. */
extern MemoryContext MasterDataContext(void);
extern char *KeepMasterText(Datum value);
extern void *KeepMasterArray(Size elementSize, uint64 count);

/* The company if it was found since master data was dropped; else NULL. */
extern const CompanyInfo *FindKnownCompany(int32 companyId);

/* Each returns NULL if there is none. */
extern const CompanyInfo *FindCompany(const char *code);
extern const CurrencyInfo *FindCurrency(const char *code);
extern const CurrencyInfo *FindCurrencyById(int32 currencyId);
extern const DocumentKindInfo *FindKind(const char *name);
extern const LineRoleInfo *FindRole(const char *name);

/* The role of the kind of that name; NULL if it has none. Without a name its default. */
extern const LineRoleInfo *RoleOfKind(const DocumentKindInfo *kind, const char *name);

/* The kinds of documents whose lines a line of the role in a document of the kind may name, up to a NULL. */
extern const char *const *KindsToName(const DocumentKindInfo *kind, const LineRoleInfo *role);

/* Whether a line of the role in a document of the kind may name one of a document of the other kind. */
extern bool MayNameKind(const DocumentKindInfo *kind, const LineRoleInfo *role, const DocumentKindInfo *named);

/* tax_cache.c: NULL if there is none. */
extern const TaxCodeInfo *FindTaxCode(int32 companyId, const char *code);
extern const TaxCodeInfo *FindTaxCodeById(int32 companyId, int32 taxCodeId);

/* tax_cache.c: whether a cash discount reduces the tax of any code of the company. */
extern bool DiscountsReduceTax(int32 companyId);

/* tax_cache.c: the rate valid on the day, at RATE_SCALE; false if none is. */
extern bool TaxRateOn(const TaxCodeInfo *taxCode, DateADT day, int128 *rate);

/* A number for a text, the same for equal texts within a generation; 0 is the empty text. */
extern int	MasterText(const char *text);

/* The text of such a number. */
extern const char *MasterTextOf(int number);

/* kind_cache.c: roles, then kinds, into memory of the present generation. */
extern void LoadRoles(void);
extern void LoadKinds(void);

/* Registers the invalidation callback; called from _PG_init. */
extern void InitMasterCache(void);

#endif
