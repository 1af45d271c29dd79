/*
 * The seal: a chain of hashes over the vouchers of a company. Each link is the
 * SHA-256 of the link before it and the canonical content of one voucher.
 */
#ifndef ERP_SEAL_H
#define ERP_SEAL_H

#include "lib/stringinfo.h"

#include "core/hash.h"

/* Vouchers whose contents are read at once. */
#define SEAL_CHUNK 100

/* How problems are called, where they are raised and where they are listed. */
#define MISSING_VOUCHER "missing voucher"
#define MISSING_DOCUMENT "missing document"

/* A voucher at its position, and what ReadContents() makes of it. */
typedef struct SealedVoucher
{
	int64		position;
	int64		voucherId;
	StringInfoData content;
	const char *problem;		/* NULL, or why there is no content */
} SealedVoucher;

/*
 * Codes by id, of the master data that vouchers refer to: escaped, as they
 * stand in a content. Lives in the memory context in which it was made.
 */
typedef enum CodeOf
{
	CODE_OF_ACCOUNT,
	CODE_OF_CASH_FLOW_ITEM,
	CODE_OF_CURRENCY,
	CODE_OF_DIMENSIONS,			/* dimension=value,... of a dimension set */
	CODE_OF_PARTY,
	CODE_OF_PERIOD,
	CODE_OF_TAX_CODE,
	CODE_OF_UNIT,
	CODE_OF_WORD,
	CODES
} CodeOf;

typedef struct SealCodes SealCodes;

extern SealCodes *CreateSealCodes(int32 companyId);

/* The code of an id: empty for 0, \?id for an id that nothing has. SPI is connected; the last result stays. */
extern const char *SealCode(SealCodes *codes, CodeOf of, int32 id);

/* What stands behind a backslash in every field: \\, \t, \n, \r. */
#define SEAL_ESCAPED "\\\t\n\r"

/* Text as it stands in a content, the characters of `escaped` behind a backslash. */
extern void AppendEscaped(StringInfo content, const char *text, const char *escaped);

/*
 * Makes the contents of `count` vouchers of a company, of which position and
 * voucherId are given, in the current memory context. The one place that knows
 * the form of a content; docs/how-to/seal-the-books.md says it.
 */
extern void ReadContents(SealCodes *codes, int32 companyId, const char *company, SealedVoucher *vouchers, int count);

/* The link of a content: SHA-256 of the previous link and the content in UTF-8. */
extern void HashLink(const uint8 *previous, const StringInfoData *content, uint8 *link);

/* Id of a company by its code, for functions that only read; error LE012. SPI is connected. */
extern int32 SealedCompanyId(const char *code);

#endif
