/*
 * Orders of customers, and what is posted for their lines.
 */
#ifndef ERP_ORDER_H
#define ERP_ORDER_H

#include "postgres.h"

#include "core/compat.h"

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
