/*
 * Vouchers while they are checked: erp_private.check_vouchers(). Sums of
 * vouchers are debit positive. Everything is of the slice that its document is
 * of; vouchers are kept in all of them, for they lead from lines to documents.
 */
#ifndef ERP_CHECK_VOUCHERS_H
#define ERP_CHECK_VOUCHERS_H

#include "core/fact_check.h"
#include "core/fact_words.h"

typedef struct CheckedDocument
{
	FactKey		key;
	int			totalSign;		/* of what its lines add up to in its voucher's total; 0: they say nothing of it */
	bool		isPriced;		/* says how its prices are meant */
	bool		statesEntries;	/* its lines are those of its voucher: how many there are, their highest number, and the sum of their numbers */
	int64		entries;
	int64		lastEntry;
	int64		entryNumbers;
	int			vouchers;		/* at most one: lines are numbered in it */
	DateADT		postingDay;
	const MasterEntry *currency;	/* NULL if unknown */
	int128		net;
	int128		amount;
	int128		tax;
	int128		postedAmount;
	int128		postedTax;
	int128		postedTotal;
} CheckedDocument;

/* The tax of a document by one code, which stands for the line of its key. */
typedef struct CheckedTax
{
	FactKey		key;
	bool		isStated;
	bool		hasLines;
	int128		rate;			/* RATE_SCALE */
	int128		base;			/* what the lines add up to */
	int128		statedBase;
	int128		amount;
} CheckedTax;

typedef struct CheckedVoucher
{
	FactKey		key;
	int64		documentId;
	DateADT		day;
	int32		wordId;
	int			lines;
	int32		currencyId;		/* of the first line; sums in others stand apart */
	int128		amount;
	int128		companyAmount;
} CheckedVoucher;

/* What a line can refer to. */
typedef enum Reference
{
	OF_ACCOUNT,
	OF_PARTY,
	OF_CURRENCY,
	OF_TAX_CODE,
	OF_DIMENSION_SET,
	OF_POSTING_RULE,
	OF_CASH_FLOW_ITEM,
	OF_UNIT,
	REFERENCES
} Reference;

/* A line of a voucher; debit positive once it has been checked in itself. */
typedef struct CheckedLine
{
	int32		companyId;
	int64		voucherId;
	int32		lineNo;
	DateADT		day;
	int32		references[REFERENCES];
	int128		amount;
	int128		companyAmount;
} CheckedLine;

/* value of an account's MasterEntry: any of these. */
#define ACCOUNT_POSTABLE 1
#define ACCOUNT_OF_OPEN_ITEMS 2

/* value of a kind of documents whose lines are those of their vouchers: else the sign of the total. */
#define STATES_ENTRIES 2

/* The voucher and, as line, the currency. */
typedef struct CurrencySum
{
	FactKey		key;
	int128		amount;
} CurrencySum;

typedef struct VoucherCheck
{
	FactCheck  *check;
	FactMap    *masters[REFERENCES];
	int32		knownCompanyId; /* of the last line of a document whose references exist, and what it refers to */
	int32		knownReferences[REFERENCES];
	FactWords  *kinds;			/* of documents; value: sign of their total, or STATES_ENTRIES */
	FactWords  *roles;			/* of lines; value: 1 where the amount is posted, not as inventory the cost */
	FactMap    *periods;
	FactMap    *words;
	FactMap    *documents;
	FactMap    *vouchers;		/* of all slices: they lead from lines to documents */
	FactMap    *otherCurrencies;	/* sums of a voucher in others than its first line's: the currency stands for the line */
	FactMap    *postedLines;	/* by document and line of its voucher: it has one */
	FactMap    *taxes;
	FactMap    *controlLines;	/* on accounts of open items, by voucher and line */
	FactMap    *controlSums;	/* of all slices, by account and, as line, party */
} VoucherCheck;

/* What reports call it. */
extern const char *ReferenceName(Reference reference);

/* True if the line refers to something that does not exist. */
extern bool IsUnknown(const VoucherCheck *books, Reference reference, int32 companyId, int32 id);

/* Names a line for a report: what is "voucher" or "document". */
extern char *LineName(const char *what, int64 id, int32 lineNo);

/* Reads vouchers and their lines and checks them in themselves; documents have been read. */
extern void ReadVouchers(VoucherCheck *books);

/* The maps of open items; a line of a voucher, kept if it must have one; the open items against these lines (law 4). */
extern void BeginOpenItems(VoucherCheck *books);
extern void KeepControlLine(VoucherCheck *books, const CheckedLine *line);
extern void ReadOpenItems(VoucherCheck *books);

/* What vouchers are checked against on their days; a voucher against its document, period and word (laws 6 and 10). */
extern void BeginVoucherDays(VoucherCheck *books);
extern void CheckVoucherDay(const VoucherCheck *books, const CheckedVoucher *voucher, int32 periodId);

/* Reads the numbers of vouchers, which have been read (law 8). */
extern void ReadVoucherNumbers(VoucherCheck *books);

/* Reads the taxes of documents, which have been read; takes in a line; what the lines have come to against the taxes. */
extern void ReadDocumentTaxes(VoucherCheck *books);
extern void AddTaxedLine(VoucherCheck *books, const CheckedDocument *document, int32 taxCodeId, int128 amount);
extern void CheckDocumentTaxes(const VoucherCheck *books);

/* Reads the lines of documents and what they refer to; vouchers have been read. */
extern void ReadDocumentLines(VoucherCheck *books);

#endif
