/*
 * The seal: a chain of hashes over the documents of a company. Each link is
 * the SHA-256 of the link before it and the canonical content of one document:
 * its header and every fact that was written with it.
 */
#ifndef ERP_SEAL_H
#define ERP_SEAL_H

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

/*
 * A kind of facts in the contents. The plan takes the company and an array of
 * ids of documents, and gives for each fact the number of its document in the
 * array, from 1, and its fields, in an order that only the facts decide. How a
 * field is written follows from its type; codeOf says which are ids to be
 * written as codes. A fact must belong to one document for ever, and be
 * written in that document's own transaction: what comes later would alter a
 * content that is sealed.
 */
typedef struct SealRecord
{
	const char *name;
	KeptPlan	plan;
	SealCode   *codeOf[SEAL_RECORD_FIELDS];
	struct SealRecord *next;
} SealRecord;

/*
 * Adds a kind of facts behind those that are registered: called once per
 * backend by _PG_init for each domain, in the order of the domains. So the
 * ledger knows nothing of the facts of a domain that builds on it.
 */
extern void RegisterSealRecord(SealRecord *record);

/* Registers the kinds of facts of core and ledger. */
extern void RegisterLedgerSealRecords(void);

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

/* The code of an id: empty for 0, \?id for an id that nothing has. SPI is connected; the last result stays. */
extern const char *FindSealCode(SealCodes *codes, SealCode *code, int64 id);

/* What stands behind a backslash in every field: \\, \t, \n, \r. What is NULL is \N. */
#define SEAL_ESCAPED "\\\t\n\r"
#define SEAL_NULL "\\N"

/* Text as it stands in a content, the characters of `escaped` behind a backslash. */
extern void AppendEscaped(StringInfo content, const char *text, const char *escaped);

/* A value behind a tab, in the form of its type; nothing of the session changes it. */
extern void AppendSealField(StringInfo content, Datum value, Oid type);
extern void AppendSealNumber(StringInfo content, int64 value);

/*
 * Makes the contents of `count` documents of a company, of which position and
 * documentId are given, in the current memory context. The one place that
 * knows the form of a content; docs/how-to/seal-the-books.md says it.
 */
extern void ReadContents(SealCodes *codes, int32 companyId, const char *company, SealedDocument *documents, int count);

/* The link of a content: SHA-256 of the previous link and the content in UTF-8. */
extern void HashLink(const uint8 *previous, const StringInfoData *content, uint8 *link);

/* Id of a company by its code, for functions that only read; error LE012. SPI is connected. */
extern int32 SealedCompanyId(const char *code);

#endif
