/*
 * Orders of customers, and what is posted for their lines.
 */
#ifndef ERP_ORDER_H
#define ERP_ORDER_H

#include "postgres.h"

#include "utils/date.h"
#include "utils/jsonb.h"

#include "core/document.h"

/* What a line of a document does for a line of an order. */
typedef enum OrderLinkKind
{
	LINK_SHIPS,
	LINK_BILLS,
	LINK_RETURNS,
	LINK_CREDITS,
	LINK_KIND_COUNT
} OrderLinkKind;

/* A row of erp.sales_order_link; what a reversal takes back is negative. */
typedef struct OrderLink
{
	int64		documentId;
	int32		lineNo;
	int64		orderId;
	int32		orderLineNo;
	OrderLinkKind kind;
	int128		quantity;		/* QUANTITY_SCALE, in the item's unit */
	int128		amount;			/* AMOUNT_SCALE, document currency, without tax */
} OrderLink;

typedef struct OrderLinks
{
	OrderLink  *rows;
	int			count;
	int			capacity;
} OrderLinks;

/* Documents that were just posted, and which of their lines named demands. */
typedef struct PostedDemands
{
	int32		companyId;
	const Datum *documents;		/* bigint */
	int			documentCount;
	const Datum *lineDocuments; /* one for each line: bigint */
	const Datum *lineNos;		/* integer */
	const Datum *demands;		/* text */
	const Datum *demandLines;	/* integer, 0: the first line of the item */
	int			lineCount;
} PostedDemands;

/* A line of an order as its document has it that was drawn up. */
typedef struct DrawnLine
{
	int32		lineNo;
	int32		itemId;
	int32		warehouseId;
	int32		unitId;
	int32		taxCodeId;
	const char *role;
	bool		movesStock;
	int128		quantity;		/* QUANTITY_SCALE: of goods, in the item's unit; of what is no goods, as entered, one if nothing was */
	int128		enteredQuantity;
	int128		unitPrice;		/* PRICE_SCALE */
	int128		amount;			/* AMOUNT_SCALE */
	int128		shipped;		/* QUANTITY_SCALE, where it is written with what is posted next */
	int128		billed;
	int128		billedAmount;
} DrawnLine;

typedef struct DrawnOrder
{
	int32		partyId;
	int32		currencyId;
	int128		rate;			/* RATE_SCALE */
	int128		total;			/* AMOUNT_SCALE, with tax, document currency */
	int128		companyTotal;
	DrawnLine  *lines;
	int			lineCount;
} DrawnOrder;

/* An order that is new. */
typedef struct NewOrder
{
	int32		companyId;
	int64		orderId;		/* the document of the call that places it */
	const char *code;
	const char *state;
	const char *reason;
	Jsonb	   *request;		/* checked, and priced */
	DrawnOrder	drawn;
} NewOrder;

/* order_store.c: what an order keeps of its document that was checked and computed; of the same as jsonb, which erp_private.draw_up() returned. */
extern DrawnOrder DrawnOfDocument(const Document *document);
extern DrawnOrder ReadDrawn(Datum drawn);

/* order_store.c: writes the order as it is once all of it is delivered and billed, which the posting that follows does. */
extern void StoreSoldOrder(NewOrder *order);

/* order_follow.c: the order that was written so and is just being posted; 0: none is. After an error it may stand, since there is no such order then. */
extern void FollowSale(int64 orderId);

/* order_store.c: writes the order, and its lines behind the first so many. */
extern void StoreOrder(const NewOrder *order);
extern void StoreOrderLines(const NewOrder *order, int after);

/* order_answer.c: what calls on orders return of one. reserved: lines of erp.reserve(), 0: none. */
extern Datum AnswerOfOrder(int32 companyId, int64 orderId, Datum reserved);

/* order_request.c: raises invalid_field unless the request is an order's, with a payment or without. */
extern void CheckOrderRequest(Jsonb *request, Jsonb *more);

/* order_request.c: the code of a new order: what the request says, by default the key of the call. Raises order_exists. */
extern char *CodeOfOrder(int32 companyId, int64 documentId, Jsonb *request);

/* order_request.c: jsonb of a constant text, made once a session. */
extern Jsonb *KeptJson(Jsonb **kept, const char *text);

/* order_request.c: a member of a request, NULL where it is not given or null. */
extern JsonbValue *OrderMember(Jsonb *request, const char *name, JsonbValue *found);

/* The same as text. */
extern char *OrderText(Jsonb *request, const char *name);

/* Names of the kinds of links, as erp.sales_order_link has them. */
extern const char *const OrderLinkNames[LINK_KIND_COUNT];

/*
 * order_link.c: finds what the documents did for orders, by the demands that their lines name, by the lines that these
 * name as their origins, and by what is reversed, and writes it as rows of erp.sales_order_link. Raises other_demand.
 */
extern OrderLinks LinkOrders(const PostedDemands *posted);

/* order_events.c: writes the events order_shipped, order_billed, order_returned and order_credited of the links, which it sorts. */
extern void TellOrders(int32 companyId, OrderLinks *links);

#endif
