/*
 * Fields of documents as text: strict readers, and look-ups by code.
 */
#ifndef ERP_DOCUMENT_FIELD_H
#define ERP_DOCUMENT_FIELD_H

#include "core/document.h"

/* YYYY-MM-DD of a year from 1900 to 9999; false if it is anything else or no day of the calendar. */
extern bool ParseDay(const char *text, DateADT *day);

/* HH:MM or HH:MM:SS, 24 hours, without zone. */
extern bool ParseTimeOfDay(const char *text, TimeADT *timeOfDay);

/* true or false. */
extern bool ParseFlag(const char *text, bool *flag);

/* Sets rate and rateDay to the last rate on or before the document's day; rate 0: none is known, which CheckRates() reports of a document that names others' lines unless it takes the rate of one, and this of the rest. */
extern void LookUpRate(DocumentBatch *batch, Document *document);

#endif
