/*
 * Documents that were just posted, while what they did for orders is found: what
 * order_posted.c reads and order_link.c makes of it.
 */
#ifndef ERP_ORDER_LINK_H
#define ERP_ORDER_LINK_H

#include "core/index_probe.h"
#include "sales/order.h"

typedef struct PostedDocument
{
	int64		documentId;
	const char *kind;
	const char *key;
	int32		partyId;
	int64		reversesDocumentId;
} PostedDocument;

typedef struct PostedLine
{
	int32		itemId;
	const char *role;
	int128		quantity;
	int128		amount;
	int128		moved;			/* by its first move, signed; 0: it moved nothing */
} PostedLine;

typedef struct LinkRun
{
	const PostedDemands *posted;
	PostedDocument *documents;	/* in the order of posted->documents */
	IndexProbe *lines;			/* document_line_key */
	IndexProbe *moves;			/* stock_move_line_key */
	IndexProbe *orders;			/* sales_order_code_key */
	IndexProbe *orderLines;		/* sales_order_line_key, of one line */
	const char *code;			/* of the order that was looked for last; NULL: none yet */
	int64		orderId;		/* 0: there is no such order */
	int32		partyId;
	OrderLinks	links;
} LinkRun;

/* Reads the documents, and opens what their lines and orders are looked for in; closes that. */
extern LinkRun BeginLinks(const PostedDemands *posted);
extern void EndLinks(LinkRun *run);

/* The company, for a probe. */
extern Datum CompanyOfLinks(const LinkRun *run);

extern PostedLine ReadPostedLine(LinkRun *run, int64 documentId, int32 lineNo);

/* Whether there is an order of that code, whose id and party the run has then; of lines that name one order it is looked for once. */
extern bool FindOrder(LinkRun *run, const char *code);

/* Whether the line of the order that was found is there and of the item; the first line that is, 0: none. */
extern bool IsLineOfItem(LinkRun *run, int32 lineNo, int32 itemId);
extern int32 FirstLineOfItem(LinkRun *run, int32 itemId);

#endif
