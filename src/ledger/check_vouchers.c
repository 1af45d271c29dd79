#include "postgres.h"

#include "fmgr.h"

#include "ledger/check_vouchers.h"

/* Documents against their vouchers (law 9). */

typedef struct Master
{
	const char *name;
	const char *query;			/* NULL: the currencies of all checks */
} Master;

static const Master Masters[REFERENCES] = {
	[OF_ACCOUNT] = {"account", "SELECT a.company_id, a.account_id::bigint, a.postable::integer"
	" + CASE WHEN a.control IN ('receivable', 'payable', 'accrued_payable', 'open_items') THEN 2 ELSE 0 END, a.code FROM erp.account a"},
	[OF_PARTY] = {"party", "SELECT p.company_id, p.party_id::bigint, 0, p.code FROM erp.party p"},
	[OF_CURRENCY] = {"currency", NULL},
	[OF_TAX_CODE] = {"tax code", "SELECT t.company_id, t.tax_code_id::bigint, 0, NULL::text FROM erp.tax_code t"},
	[OF_DIMENSION_SET] = {"dimension set", "SELECT s.company_id, s.dimension_set_id::bigint, 0, NULL::text FROM erp.dimension_set s"},
	[OF_POSTING_RULE] = {"posting rule", "SELECT r.company_id, r.posting_rule_id::bigint,"
	" CASE r.amount_role WHEN 'amount' THEN 1 WHEN 'tax' THEN 2 WHEN 'total' THEN 3"
	" WHEN 'ahead' THEN CASE r.line_role WHEN 'document' THEN 3 ELSE 1 END ELSE 0 END, NULL::text FROM erp.posting_rule r"},
	[OF_CASH_FLOW_ITEM] = {"cash-flow item", "SELECT f.company_id, f.cash_flow_item_id::bigint, 0, NULL::text FROM erp.cash_flow_item f"},
	[OF_UNIT] = {"unit", "SELECT 0, u.unit_id::bigint, 0, NULL::text FROM erp.unit u"}
};

const char *
ReferenceName(Reference reference)
{
	return Masters[reference].name;
}

bool
IsUnknown(const VoucherCheck *books, Reference reference, int32 companyId, int32 id)
{
	bool		shared = reference == OF_CURRENCY || reference == OF_UNIT;

	/* 0 refers to nothing, but every amount has a currency. */
	if (id == 0 && reference != OF_CURRENCY)
		return false;
	return FindFact(books->masters[reference], shared ? 0 : companyId, id, 0) == NULL;
}

char *
LineName(const char *what, int64 id, int32 lineNo)
{
	return psprintf("%s " INT64_FORMAT ", line %d", what, id, lineNo);
}

static const char *const documentColumns[] = {"company_id", "document_id", "kind", "currency_id", "day", "posting_day"};

static void
ReadDocument(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	int64		documentId = RowInt64(row, 1);
	DateADT		day = RowDay(row, 4);
	CheckedDocument *document;
	int32		totalSign = 0;
	bool		found;

	if (!InSlice(books->check, documentId))
		return;
	document = AddFact(books->documents, RowInt32(row, 0), documentId, 0, &found);
	/* That its kind is unknown, check_documents() says. */
	(void) FindWord(books->kinds, row, 2, &totalSign);
	document->statesEntries = totalSign == STATES_ENTRIES;
	document->totalSign = document->statesEntries ? 0 : totalSign;
	document->currency = FindFact(books->masters[OF_CURRENCY], 0, RowInt32(row, 3), 0);
	document->postingDay = RowDay(row, 5);
	if (document->postingDay < day)
		ReportViolation(books->check, "voucher_days", document->key.companyId, psprintf("document " INT64_FORMAT, documentId),
						psprintf("is posted on %s, before the day %s that it belongs to", DayString(document->postingDay), DayString(day)));
}

static void
CheckDocumentTotals(const VoucherCheck *books)
{
	for (int64 i = 0; i < FactCount(books->documents); i++)
	{
		const CheckedDocument *document = FactAt(books->documents, i);
		int			sign = document->totalSign;
		int128		amount = sign * document->amount;
		int128		tax = sign * document->tax;
		int128		total = sign * (document->net + document->tax);

		ErpCheckInterrupts();
		if (sign == 0 || (amount == document->postedAmount && tax == document->postedTax && total == document->postedTotal))
			continue;
		ReportViolation(books->check, "document_totals", document->key.companyId, psprintf("document " INT64_FORMAT, document->key.id),
						psprintf("lines %s, tax %s, total %s; posted %s, %s, %s", AmountString(amount), AmountString(tax),
								 AmountString(total), AmountString(document->postedAmount), AmountString(document->postedTax),
								 AmountString(document->postedTotal)));
	}
}

/* Nothing but the voucher says what a manual voucher stated: its entries are numbered from 1 on, so that only the last can be missed. */
static void
CheckEntries(const VoucherCheck *books)
{
	for (int64 i = 0; i < FactCount(books->documents); i++)
	{
		const CheckedDocument *document = FactAt(books->documents, i);
		int64		count = document->entries;

		ErpCheckInterrupts();
		if (!document->statesEntries || (count > 0 && document->lastEntry == count && document->entryNumbers == count * (count + 1) / 2))
			continue;
		ReportViolation(books->check, "voucher_references", document->key.companyId, psprintf("document " INT64_FORMAT, document->key.id),
						psprintf("has " INT64_FORMAT " entries, which are not numbered from 1 on", count));
	}
}

static void
CheckVoucherSlice(FactCheck *check)
{
	VoucherCheck books = {
		.check = check,
		.documents = CreateFactMap(sizeof(CheckedDocument)), .vouchers = CreateFactMap(sizeof(CheckedVoucher)),
		.otherCurrencies = CreateFactMap(sizeof(CurrencySum)), .postedLines = CreateFactMap(sizeof(FactKey)),
		.taxes = CreateFactMap(sizeof(CheckedTax))
	};

	for (int i = 0; i < REFERENCES; i++)
		books.masters[i] = Masters[i].query == NULL ? check->currencies : ReadMaster(check, Masters[i].query);
	books.kinds = ReadWords(check, "SELECT k.kind, CASE WHEN k.total_sign = 0 AND EXISTS (SELECT FROM erp.document_kind_role r"
							" JOIN erp.line_role l ON l.line_role = r.line_role WHERE r.kind = k.kind AND l.names_account)"
							" THEN 2 ELSE k.total_sign::integer END FROM erp.document_kind k");
	ReadTable("document", documentColumns, lengthof(documentColumns), ReadDocument, &books);
	ReadDocumentTaxes(&books);
	ReadVouchers(&books);
	ReadDocumentLines(&books);
	CheckDocumentTaxes(&books);
	CheckDocumentTotals(&books);
	CheckEntries(&books);
}

PG_FUNCTION_INFO_V1(erp_check_vouchers);

Datum
erp_check_vouchers(PG_FUNCTION_ARGS)
{
	return RunFactCheck(fcinfo, "SELECT pg_catalog.pg_relation_size('erp.document_line') + pg_catalog.pg_relation_size('erp.voucher_line')"
						" + pg_catalog.pg_relation_size('erp.document')", CheckVoucherSlice);
}
