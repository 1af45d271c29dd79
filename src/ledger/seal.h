/*
 * The seal: a chain of hashes over the documents of a company. Each link is
 * the SHA-256 of the link before it and the canonical content of one document:
 * its header and every fact that was written with it.
 */
#ifndef ERP_SEAL_H
#define ERP_SEAL_H

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

#include "core/hash.h"
#include "core/plan_cache.h"

/* Documents whose contents are read at once. */
#define SEAL_CHUNK 100

/* How the one problem is called that leaves a document without a content. */
#define MISSING_DOCUMENT "missing document"

/* A document at its position, and what ReadContents() makes of it. */
typedef struct SealedDocument
{
	int64		position;
	int64		documentId;
	TimestampTz sealedAt;
	StringInfoData content;
	const char *problem;		/* NULL, or why there is no content */
} SealedDocument;

/*
 * Where the codes stand that an id is written as. The plan takes company and
 * id (int4, int8) and gives the code; with `pairs` rows of two, written
 * a=b,c=d. Without a query the id itself is written.
 */
typedef struct SealCode
{
	KeptPlan	plan;
	int			number;			/* given when a record that uses it is registered */
	bool		pairs;
} SealCode;

#define SEAL_CODE_PLAN(text) {.query = text, .argumentCount = 2, .argumentTypes = {INT4OID, INT8OID}}
#define SEAL_RECORD_FIELDS 24

/* A column of a fact, written by its type, or as the code of the id that it is. */
typedef struct SealField
{
	const char *column;
	SealCode   *code;
} SealField;

#define SEAL_VALUE(name) {.column = (name)}
#define SEAL_CODED(name, kind) {.column = (name), .code = &(kind)}

/*
 * A kind of facts in the contents: rows of one table, found by the documents,
 * or by ids that the rows of a kind before it have. The index begins with the
 * company and that id; what it goes on with decides the order of the facts of
 * one id, so it must leave none open. A fact must belong to one document for
 * ever, and be written by the call that writes the document: what comes later
 * would alter a content that is sealed.
 */
typedef struct SealRecord
{
	const char *name;			/* NULL: only leads to others, nothing of it is written */
	const char *table;			/* of schema erp */
	const char *index;
	const struct SealRecord *parent;	/* whose ids lead to it; NULL: those of the documents */
	const char *idColumn;		/* the ids that lead to other kinds; NULL: none do */
	bool		(*belongs) (const Datum *values, const bool *nulls, int64 id); /* of fields and the id that led there; NULL: all do */
	struct SealRecord *next;
	int			number;			/* given when it is registered, from 0 */
	SealField	fields[SEAL_RECORD_FIELDS]; /* in the order in which they are written */
} SealRecord;

/*
 * Adds a kind of facts behind those that are registered: called once per
 * backend by _PG_init for each domain, in the order of the domains. So the
 * ledger knows nothing of the facts of a domain that builds on it.
 */
extern void RegisterSealRecord(SealRecord *record);

/* Registers the kinds of facts of core and ledger. */
extern void RegisterLedgerSealRecords(void);

/* The kind whose ids are those of vouchers. */
extern SealRecord SealVoucherRecord;

/* Codes that several domains refer to. Those of items and warehouses have no query until the inventory gives it. */
extern SealCode SealAccountCode;
extern SealCode SealCashFlowItemCode;
extern SealCode SealCurrencyCode;
extern SealCode SealDimensionsCode;
extern SealCode SealItemCode;
extern SealCode SealPartyCode;
extern SealCode SealPaymentTermsCode;
extern SealCode SealPeriodCode;
extern SealCode SealTaxCode;
extern SealCode SealUnitCode;
extern SealCode SealWarehouseCode;
extern SealCode SealWordCode;

/* Codes by id that were looked up, escaped, as they stand in a content. Lives in the context in which it was made. */
typedef struct SealCodes SealCodes;

extern SealCodes *CreateSealCodes(int32 companyId);

typedef struct SealText
{
	const char *text;
	int			length;
} SealText;

/* The code of an id: empty for 0, \?id for an id that nothing has. SPI is connected; the last result stays. */
extern SealText FindSealCode(SealCodes *codes, SealCode *code, int64 id);

/* What stands behind a backslash in every field: \\, \t, \n, \r. What is NULL is \N. */
#define SEAL_ESCAPED "\\\t\n\r"
#define SEAL_NULL "\\N"

/* Text as it stands in a content, the characters of `escaped` behind a backslash. */
extern void AppendEscaped(StringInfo content, const char *text, int length, const char *escaped);

/* Bytes as they are. What is appended so ends in no zero byte before the content is whole: fields are many, and short. */
static inline void
AppendSealBytes(StringInfo content, const char *bytes, int length)
{
	if (content->len + length >= content->maxlen)
		enlargeStringInfo(content, length);
	memcpy(content->data + content->len, bytes, length);
	content->len += length;
}

/* A value behind a tab, in the form of its type; nothing of the session changes it. */
extern void AppendSealField(StringInfo content, Datum value, Oid type);
extern void AppendSealNumber(StringInfo content, int64 value);

/* Ids that facts of a chunk have, each with the document, from 0, in whose content it stands. */
typedef struct SealId
{
	int64		id;
	int			document;
} SealId;

typedef struct SealIds
{
	SealId	   *ids;
	int			count;
	int			room;
} SealIds;

extern void AddSealId(SealIds *ids, int64 id, int document);

/* Appends the facts of a kind that the ids lead to, to the contents of their documents; adds the ids that lead on to `found`. */
extern void ReadSealedFacts(const SealRecord *record, SealCodes *codes, int32 companyId, const SealIds *ids, SealIds *found,
							SealedDocument *documents);

/*
 * Makes the contents of `count` documents of a company, of which position,
 * documentId and sealedAt are given, in the current memory context. The one place that
 * knows the form of a content; docs/how-to/seal-the-books.md says it.
 */
extern void ReadContents(SealCodes *codes, int32 companyId, const char *company, SealedDocument *documents, int count);

/* The link of a content: SHA-256 of the previous link and the content in UTF-8. */
extern void HashLink(const uint8 *previous, const StringInfoData *content, uint8 *link);

/* Id of a company by its code, for functions that only read; error LE012. SPI is connected. */
extern int32 SealedCompanyId(const char *code);

#endif
