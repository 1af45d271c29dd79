/*
 * Settlement of open items, on its way from a request to facts. Amounts of
 * open items are debit positive; those of settlements are positive, and
 * negative where one is undone. An item may stand on one side in its own
 * currency and on the other in the company's (a price difference between two
 * rates): its settlements are then negative in the company's currency.
 */
#ifndef ERP_SETTLEMENT_H
#define ERP_SETTLEMENT_H

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/document.h"
#include "core/pair_map.h"
#include "ledger/ledger.h"

#define SETTLEMENT_KIND "settlement"
#define SETTLEMENT_ITEMS_MAX 100000

/* An open item, locked until the transaction ends. */
typedef struct OpenItem
{
	int64		openItemId;
	int64		documentId;
	int32		accountId;
	PartyInfo	party;			/* without its group */
	const CurrencyInfo *currency;
	DateADT		day;
	DateADT		dueDay;
	DateADT		lastUndone;		/* day on which a settlement of it was last undone: none may begin before */
	int128		amount;
	int128		companyAmount;
	int128		settled;
	int128		companySettled;
} OpenItem;

typedef struct OpenItemSet
{
	OpenItem   *items;			/* ascending by id */
	int			count;
	PairMap    *numbers;
} OpenItemSet;

/* An item that a request names, and how much of it meets the other side. */
typedef struct NamedItem
{
	const JsonNode *node;		/* where it stands; NULL: the engine named it */
	const char *key;			/* of its document, or NULL */
	int			lineNo;			/* of the voucher; 0: not given */
	int64		openItemId;
	bool		hasAmount;
	bool		writeOff;
	bool		byTerms;		/* its discount is what its payment terms give */
	bool		ofInstalments;	/* the key names all instalments; the amount, until they are locked, is of them together */
	DateADT		documentDay;	/* with its terms, read where any discount is by terms */
	int32		paymentTermsId;
	OpenItem   *item;
	int128		amount;
	int128		discount;
	int128		percent;		/* of a discount by terms, PERCENT_SCALE */
	int128		part;
} NamedItem;

/* What a cash discount takes from the taxable amount of a tax code; the tax is the amount of its settlement. */
typedef struct DiscountTax
{
	const TaxCodeInfo *taxCode;
	int128		rate;			/* RATE_SCALE */
	int128		baseAmount;
	int128		companyBaseAmount;
} DiscountTax;

/* A row of erp.settlement to be. */
typedef struct SettlementRow
{
	int64		settlementId;
	int64		debitItemId;
	int64		creditItemId;
	const DiscountTax *tax;		/* NULL: not the tax of a discount, or undone */
	int128		amount;
	int128		companyAmount;
	int128		termsPercent;	/* of a discount by terms, PERCENT_SCALE; else 0 */
	int64		reversesId;
	int64		followsId;
} SettlementRow;

/* One settlement document. */
typedef struct Settlement
{
	const JsonNode *node;		/* of its request */
	Document   *document;
	NamedItem  *items;
	int			itemCount;
	Voucher    *voucher;		/* while it is being built */
	int			lineCapacity;
	SettlementRow *rows;
	int			rowCount;
	int			rowCapacity;
} Settlement;

/* All settlements of a call. */
struct SettlementRun
{
	DocumentBatch batch;		/* a document for each settlement */
	Settlement *settlements;
	int			count;
	VoucherSet *set;
	VoucherBuilder *builder;
};

/* settlement_read.c: raises an error of the engine's own at a value of the request. */
extern void RefuseNode(const JsonNode *node, int errorCode, const char *reason) pg_attribute_noreturn();

/* The same for a member of it, which may be missing. */
extern void RefuseMember(const JsonNode *object, const char *name, const char *reason) pg_attribute_noreturn();

/* settlement_read.c: strict readers of members; what is wrong is error invalid_field. */
extern int64 ReadId(const JsonNode *node);
extern const char *ReadKey(const JsonNode *node);
extern int128 ReadAmount(const JsonNode *node);

/* Whether the member of that name is one of every settlement request ("day", "description", "reference"), and is not for its reader. */
extern bool IsHeaderMember(const char *name);

/* settlement_read.c: the documents of a request (an object, or an array of them) with day and texts; settlements point to them. */
extern void BeginSettlements(SettlementRun *run, const CompanyInfo *company, int64 callDocumentId, const JsonNode *root);

/* settlement_read.c: room for so many settlements; the document of one, which settles for another: a call, or a payment. */
extern void MakeSettlements(SettlementRun *run, const CompanyInfo *company, int count);
extern void BeginSettlement(SettlementRun *run, int number, int64 causeDocumentId, const JsonNode *node);

/* settlement_read.c: the days of a request that nothing has checked, as documents that come late; bad ones are left out. */
extern void ReadDays(DocumentBatch *batch, const CompanyInfo *company, const JsonNode *root);

/* settlement_read.c: "items" of a request. */
extern void ReadNamedItems(Settlement *settlement, const JsonNode *items);

/*
 * open_items.c: finds the open items that the settlements name by document;
 * reports unknown_code. A key that names a debt by instalments names them all.
 */
extern void FindNamedItems(SettlementRun *run);

/*
 * open_item_lock.c: locks the open items in ascending order and reads how far they
 * are settled. Ids that are not of the company are not in the set.
 */
extern OpenItemSet *LockOpenItems(const CompanyInfo *company, const DatumArray *ids);
extern OpenItem *FindOpenItem(const OpenItemSet *set, int64 openItemId);

/*
 * open_items.c: locks what the settlements name and points to it; error
 * unknown_code. Of instalments that a key names together, those that are settled
 * are left out, and the amount given goes to the earliest.
 */
extern void LockNamedItems(SettlementRun *run);

/* settlement_match.c: spreads and meets the items of one settlement; adds its rows and what it posts. */
extern void MatchItems(SettlementRun *run, Settlement *settlement);

/* settlement_match.c: two items meet by so much; adds the row, and closes the exchange difference. */
extern void MeetItems(SettlementRun *run, Settlement *settlement, OpenItem *debit, OpenItem *credit, int128 amount);

/* settlement_match.c: what is open of an item, without its sign. */
extern int128 OpenAmount(const OpenItem *item);

/* settlement_rows.c: whether an item of these amounts is a debit: by its own currency, where it is nothing there by the company's. */
extern bool IsDebitItem(int128 amount, int128 companyAmount);

/* settlement_match.c: posts what closes so much of an item (positive) at its share in the company's currency; returns the row. */
extern SettlementRow *AdjustItem(SettlementRun *run, Settlement *settlement, OpenItem *item, const char *role,
								 const TaxCodeInfo *taxCode, int128 amount);

/*
 * terms_discount.c: finds what the payment terms give for the items whose
 * discount is by terms (error no_terms_discount), all that is open being paid;
 * then, once each has its part of what meets, the discount of that part.
 */
extern void FindTermsDiscounts(SettlementRun *run, Settlement *settlement);
extern void FitTermsDiscounts(const Settlement *settlement);

/*
 * discount_tax.c: a cash discount of so much (positive) on an item, with the percent
 * that its terms gave, or 0. Where the
 * tax codes of its document say so, the tax in it is apart, by largest
 * remainder, and follows the rest; writes what it takes from the taxable amounts.
 */
extern void AddDiscount(SettlementRun *run, Settlement *settlement, OpenItem *item, int128 amount, int128 termsPercent);
extern void StoreDiscountTaxes(const SettlementRun *run);

/* settlement_rows.c: a voucher begins, and ends if it has lines. */
extern void BeginSettlementVoucher(SettlementRun *run, Settlement *settlement);
extern void EndSettlementVoucher(SettlementRun *run, Settlement *settlement);

/* settlement_rows.c: an item is settled by so much more, both debit positive as the item's own are. */
extern void SettleItem(OpenItem *item, int128 amount, int128 companyAmount);

/* settlement_rows.c: adds a row of two items, whichever is the debit, and returns it. */
extern SettlementRow *AddSettlementRow(Settlement *settlement, int64 debitItemId, int64 creditItemId,
									   int128 amount, int128 companyAmount);

/* settlement_rows.c: a line of the settlement's document. */
extern DocumentLine *AddSettlementLine(Settlement *settlement, const LineRoleInfo *role, int128 amount);

/* settlement_rows.c: a voucher line on the item's account that is an open item; returns its id. */
extern int64 AddControlLine(SettlementRun *run, Settlement *settlement, const OpenItem *item, bool isCredit,
							int128 amount, int128 companyAmount);

/*
 * settlement_rows.c: posts what closes so much of an item (both debit positive) against the account of the role (and tax code, or NULL), and settles the two; returns the row.
 */
extern SettlementRow *AddAdjustment(SettlementRun *run, Settlement *settlement, OpenItem *item, const char *role,
									const TaxCodeInfo *taxCode, int128 amount, int128 companyAmount);

/* settlement_store.c: an insert of settlements, and a row of it, of that document; EndBulkInsert() ends it. */
extern BulkInsert *BeginSettlementRows(void);
extern void StoreSettlementRow(BulkInsert *bulk, int32 companyId, const Document *document, const SettlementRow *row);

/* settlement_store.c: keys, documents, vouchers and settlements; numbers come after. */
extern void StoreSettlements(SettlementRun *run);

/* settlement_store.c: the jsonb that a call returns. */
extern Datum SettlementResult(const SettlementRun *run, bool single);

/* unsettle_part.c: the member of a request that names what is to be undone: "key", "document_id", "settlement_ids" or "settlements". */
extern const JsonNode *NamedSettlements(const JsonNode *object);

/* unsettle_part.c: the id of a settlement that is named, as a number or as {"settlement_id", "amount"?}. */
extern int64 ReadSettlementId(const JsonNode *node);

/*
 * unsettle_part.c: what such an object leaves of a settlement, which is undone
 * by now, meets again. Of two items that met, a part may be left; what was
 * posted goes back as a whole (errors not_unsettled, over_settled).
 */
extern void MeetRest(SettlementRun *run, Settlement *settlement, const OpenItemSet *set, const JsonNode *node,
					 const SettlementRow *undone, int64 documentId);

/* unsettle.c: fills the settlements with what undoes those that the requests name. */
extern void UndoSettlements(SettlementRun *run);

#endif
