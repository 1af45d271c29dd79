/*
 * What lines of the batch name: a line of an earlier document that they amend,
 * bill or fulfil.
 */
#ifndef ERP_NAMED_LINE_H
#define ERP_NAMED_LINE_H

#include "inventory/inventory.h"
#include "inventory/line_list.h"

/* Of a query in a company $1: that the document of a link k was not reversed. */
#define LINK_STANDS "(SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = k.document_id" \
	" AND r.reverses_document_id <> 0) IS NULL"

/*
 * named_line.c: finds what lines name, locks its document against reversal and
 * against others that name it, and gives an amendment the place, and where it is
 * of the same day the time, of its receipt, a supplier return the place unless it
 * names one; documents in a foreign currency the rate of what they amend or
 * fulfil. After parties, items and the roles of lines, before their numbers.
 * Reports no_receipt, no_shipment, invalid_field, billed_ahead, stock_of_others.
 */
extern void LookUpNamedLines(DocumentBatch *batch);

/* named_line.c: fills named of the lines, as it is by now, whatever the transaction's snapshot; NULL where there is none. */
extern void ReadNamedLines(DocumentBatch *batch, const LineList *list);

/*
 * shipped_line.c: adds what lines before this one, of the same call, have used of what it names, or taken back; of other documents
 * only where these are not left out if they are refused.
 */
extern void AddEarlier(const DocumentBatch *batch, DocumentLine *const *lines, int number);

/* shipped_line.c: fills the link of the line, of its linkQuantity, with its share of what is open of what it names, in both currencies. */
extern void TakeEstimate(DocumentBatch *batch, DocumentLine *line, int128 open);

/*
 * shipped_line.c: what each line bills, ships or brings back of what it names, once that is looked up; the amount of what it
 * ships or brings back. Reports over_billed, bill_differs, invalid_field, wrong_shipment.
 */
extern void LinkShipments(DocumentBatch *batch);

/* paid_value.c: what the lines of a document of the rate came to in the company's currency, in their order, and then its taxes: converted whole, as it was posted. */
extern int128 *ConvertedLines(const DocumentBatch *batch, int64 documentId, int128 rate);

/* amendment.c: what each amendment comes to, and what goes back to a supplier, by the price of what it names. Reports invalid_field, over_sent_back. */
extern void AmendAmounts(DocumentBatch *batch);

/* bill.c: once the pools are locked: what each line bills of its receipt, and by how much that changes the receipt's cost. Errors billed_ahead, over_stated, over_credited. */
extern void MatchBills(DocumentBatch *batch);

/* bill.c: once the pools are locked: that receipts which fulfil a bill bring what it still waits for. Error bill_differs. */
extern void CheckFulfilled(DocumentBatch *batch);

#endif
