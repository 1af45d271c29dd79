/*
 * Headers of documents while they are checked: erp_private.check_documents().
 * What belongs to a document is of the slice that the document is of.
 */
#ifndef ERP_CHECK_DOCUMENTS_H
#define ERP_CHECK_DOCUMENTS_H

#include "core/fact_check.h"
#include "core/fact_words.h"

/* What the check asks of a kind. */
#define KIND_CALL 1
#define KIND_NUMBERING 2

typedef struct KnownDocument
{
	FactKey		key;
	const MasterEntry *currency;	/* NULL if unknown */
	bool		givesNumbers;
} KnownDocument;

/* The result of a call. */
typedef struct KnownResult
{
	FactKey		key;			/* its document's */
	bool		closesDays;		/* and so may give the numbers that they lack */
	bool		hasDocument;
} KnownResult;

/* What a document says that it takes back. */
typedef struct KnownReversal
{
	FactKey		key;			/* its document's */
	int64		reversesDocumentId;
} KnownReversal;

typedef struct DocumentCheck
{
	FactCheck  *check;
	FactWords  *kinds;			/* value: KIND_… */
	FactWords  *closingCalls;
	FactMap    *parties;
	FactMap    *taxCodes;
	FactMap    *series;
	FactMap    *documents;
	FactMap    *results;
	FactMap    *reversals;		/* of documents of the slice */
	FactMap    *keys;			/* by the hash of the key, which their slice goes by too */
	bool		keyIsRepeated;	/* or two have one hash */
	FactMap    *scopes;			/* of series; first slice only */
	FactMap    *numbered;		/* documents and vouchers by series */
	FactMap    *numberedVouchers;
} DocumentCheck;

/* Reads the numbers and checks them (law 8); documents have been read. */
extern void CheckNumbers(DocumentCheck *books);

#endif
