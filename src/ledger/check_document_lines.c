#include "postgres.h"

#include "ledger/check_vouchers.h"

/* Lines of documents: what they add up to, and what they refer to (laws 9 and 10). */

typedef struct CheckedDocumentLine
{
	int32		companyId;
	int64		documentId;
	int32		lineNo;
	int32		voucherLineNo;
	int32		references[REFERENCES];
	int128		amount;
	int128		cost;
} CheckedDocumentLine;

static void
ReportDocumentLine(const VoucherCheck *books, const CheckedDocumentLine *line, const char *checkName, const char *detail)
{
	ReportViolation(books->check, checkName, line->companyId, LineName("document", line->documentId, line->lineNo), detail);
}

/* Lines that follow each other mostly refer to the same. */
static bool
IsKnownToRefer(const VoucherCheck *books, const CheckedDocumentLine *line)
{
	return books->knownCompanyId == line->companyId && memcmp(books->knownReferences, line->references, sizeof(line->references)) == 0;
}

static void
CheckDocumentLineReferences(VoucherCheck *books, const CheckedDocumentLine *line)
{
	bool		known = true;
	static const struct
	{
		Reference	reference;
		const char *checkName;
	} kinds[] = {
		{OF_ACCOUNT, "voucher_references"}, {OF_DIMENSION_SET, "voucher_references"},
		{OF_TAX_CODE, "document_references"}, {OF_UNIT, "document_references"}
	};

	if (IsKnownToRefer(books, line))
		return;
	for (int i = 0; i < (int) lengthof(kinds); i++)
	{
		Reference	reference = kinds[i].reference;

		if (!IsUnknown(books, reference, line->companyId, line->references[reference]))
			continue;
		known = false;
		ReportDocumentLine(books, line, kinds[i].checkName,
						   psprintf("has the unknown %s %d", ReferenceName(reference), line->references[reference]));
	}
	if (known)
	{
		books->knownCompanyId = line->companyId;
		memcpy(books->knownReferences, line->references, sizeof(line->references));
	}
}

static void
CheckPostedLine(const VoucherCheck *books, const CheckedDocumentLine *line)
{
	if (line->voucherLineNo != 0 && FindFact(books->postedLines, line->companyId, line->documentId, line->voucherLineNo) == NULL)
		ReportDocumentLine(books, line, "voucher_references",
						   psprintf("names a voucher line that does not exist: %d", line->voucherLineNo));
}

static void
CheckDocumentLineDecimals(const VoucherCheck *books, const CheckedDocumentLine *line, const MasterEntry *currency)
{
	int			companyDecimals;

	if (currency != NULL && !HasDecimals(line->amount, currency->value))
		ReportDocumentLine(books, line, "document_amounts", psprintf("amount %s: more than the %d decimals of %s",
																	AmountString(line->amount), currency->value, currency->code));
	if (line->cost == 0)
		return;
	companyDecimals = CompanyDecimals(books->check, line->companyId);
	if (!HasDecimals(line->cost, companyDecimals))
		ReportDocumentLine(books, line, "document_amounts", psprintf("cost %s: more than the %d decimals of the company's currency",
																	AmountString(line->cost), companyDecimals));
}

static const char *const lineColumns[] = {
	"company_id", "document_id", "line_no", "line_role", "account_id", "tax_code_id", "dimension_set_id", "unit_id",
	"voucher_line_no", "amount", "cost"
};

static void
ReadDocumentLine(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	CheckedDocumentLine line = {.companyId = RowInt32(row, 0), .documentId = RowInt64(row, 1), .lineNo = RowInt32(row, 2)};
	CheckedDocument *document;
	int32		postedAsAmount = 1;
	bool		hasRole;
	bool		bad = false;

	if (!InSlice(books->check, line.documentId))
		return;
	document = FindFact(books->documents, line.companyId, line.documentId, 0);
	hasRole = FindWord(books->roles, row, 3, &postedAsAmount);
	line.references[OF_ACCOUNT] = RowInt32(row, 4);
	line.references[OF_TAX_CODE] = RowInt32(row, 5);
	line.references[OF_DIMENSION_SET] = RowInt32(row, 6);
	line.references[OF_UNIT] = RowInt32(row, 7);
	line.voucherLineNo = RowInt32(row, 8);
	line.amount = RowAmount(row, 9, &bad);
	line.cost = row->nulls[10] ? 0 : RowAmount(row, 10, &bad);
	if (bad)
		ReportDocumentLine(books, &line, "document_amounts", NO_NUMBER);
	if (document == NULL)
		ReportDocumentLine(books, &line, "document_references", "has no document");
	if (!hasRole)
		ReportDocumentLine(books, &line, "document_references", psprintf("has the unknown role %s", RowText(row, 3)));
	CheckDocumentLineReferences(books, &line);
	CheckPostedLine(books, &line);
	CheckDocumentLineDecimals(books, &line, document == NULL ? NULL : document->currency);
	if (document == NULL)
		return;
	document->net += line.amount;
	AddTaxedLine(books, document, line.references[OF_TAX_CODE], line.amount);
	if (postedAsAmount != 0)
		document->amount += line.amount;
}

void
ReadDocumentLines(VoucherCheck *books)
{
	books->roles = ReadWords(books->check, "SELECT r.line_role, (r.value_source NOT IN ('amount', 'amended', 'returned', 'spread'))::integer FROM erp.line_role r");
	ReadTable("document_line", lineColumns, lengthof(lineColumns), ReadDocumentLine, books);
}
