/*
 * Numbers of documents and their lines; quantities as they were entered, in the item's own unit, and in its second one.
 */
#ifndef ERP_DOCUMENT_UNIT_H
#define ERP_DOCUMENT_UNIT_H

#include "core/document.h"

/*
 * Reads the text of a field of a document (line NULL: of its header) into *value, at `scale`; false if there is none, or with
 * a problem if it cannot be read.
 */
extern bool ReadNumber(DocumentBatch *batch, Document *document, DocumentLine *line, const char *field, const char *text,
					   int scale, int digits, int128 *value);

/* Reports an amount (AMOUNT_SCALE) of more decimals than its currency has. */
extern void CheckDecimals(DocumentBatch *batch, Document *document, DocumentLine *line, const char *field, const char *text,
						  int128 value, int decimals);

/* Reads a number of the line into *value; false if it is not given, or with a problem if it cannot be read. */
extern bool ReadLineNumber(DocumentBatch *batch, DocumentLine *line, LineField field, int scale, int digits, int128 *value);

/* The quantity in the item's own unit: exactly what was entered, or a problem (inexact_quantity, invalid_field). */
extern void CheckUnit(DocumentBatch *batch, DocumentLine *line);

/* The quantity in the item's second unit: a line that moves an item with one gives it, others do not (second_quantity). */
extern void CheckSecondQuantity(DocumentBatch *batch, DocumentLine *line);

#endif
