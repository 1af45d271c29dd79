/*
 * Quantities of lines: as they were entered, in the item's own unit, and in its second one.
 */
#ifndef ERP_DOCUMENT_UNIT_H
#define ERP_DOCUMENT_UNIT_H

#include "core/document.h"

/* Reads a number of the line into *value; false if it is not given, or with a problem if it cannot be read. */
extern bool ReadLineNumber(DocumentBatch *batch, DocumentLine *line, LineField field, int scale, int digits, int128 *value);

/* The quantity in the item's own unit: exactly what was entered, or a problem (inexact_quantity, invalid_field). */
extern void CheckUnit(DocumentBatch *batch, DocumentLine *line);

/* The quantity in the item's second unit: a line that moves an item with one gives it, others do not (second_quantity). */
extern void CheckSecondQuantity(DocumentBatch *batch, DocumentLine *line);

#endif
