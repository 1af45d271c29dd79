/*
 * The tax in a cash discount. A discount that reduces the taxable amount is
 * parted like the document that it is of: the base and tax of each code that
 * says so, and the rest, by largest remainder. The tax of a code is a line and
 * a settlement of its own, which follows the one of the rest, so that both are
 * undone together; what it takes from the taxable amount is a row of erp.discount_tax.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/bulk_insert.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "ledger/settlement.h"

/* The tax of each code of one document, and its weights: base and tax of each, and last the rest of the total. */
typedef struct TaxedDocument
{
	DiscountTax *taxes;
	int128	   *weights;
	int			count;
} TaxedDocument;

static KeptPlan taxPlan = {
	.query = "SELECT t.tax_code_id, t.rate, t.base_amount, t.tax_amount,"
	"       (SELECT pg_catalog.sum(l.amount) FROM erp.document_line l WHERE l.company_id = $1 AND l.document_id = $2)"
	"     + (SELECT pg_catalog.sum(x.tax_amount) FROM erp.document_tax x WHERE x.company_id = $1 AND x.document_id = $2)"
	"  FROM (SELECT f.* FROM erp.document_tax f WHERE f.company_id = $1 AND f.document_id = $2 OFFSET 0) t"
	" CROSS JOIN LATERAL (SELECT f.discount_reduces_tax FROM erp.tax_code f WHERE f.company_id = $1 AND f.tax_code_id = t.tax_code_id"
	"                        OFFSET 0) c"
	" WHERE c.discount_reduces_tax AND t.base_amount > 0 AND t.tax_amount > 0"
	" ORDER BY t.tax_code_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* What undoes the tax of a discount gives the taxable amount back. */
static KeptPlan undoPlan = {
	.query = "INSERT INTO erp.discount_tax (company_id, settlement_id, document_id, tax_code_id, rate, base_amount, company_base_amount,"
	" tax_amount, company_tax_amount)"
	" SELECT t.company_id, u.settlement_id, u.document_id, t.tax_code_id, t.rate, - t.base_amount, - t.company_base_amount,"
	"        - t.tax_amount, - t.company_tax_amount"
	"   FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4)) AS u (settlement_id, document_id, reverses_id)"
	"  CROSS JOIN LATERAL (SELECT f.* FROM erp.discount_tax f WHERE f.company_id = $1 AND f.settlement_id = u.reverses_id OFFSET 0) t",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID}
};

static TaxedDocument
ReadTaxes(int32 companyId, int64 documentId)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(documentId)};
	uint64		rows = DiscountsReduceTax(companyId) ? RunPlanLatest(&taxPlan, values, NULL) : 0;
	TaxedDocument document = {.count = (int) rows};
	int128		rest;

	if (rows == 0)
		return document;
	document.taxes = palloc0(sizeof(DiscountTax) * rows);
	document.weights = palloc0(sizeof(int128) * (2 * rows + 1));
	rest = AmountFromDatum(PlanValue(0, 5));
	for (int i = 0; i < document.count; i++)
	{
		int128	   *weights = &document.weights[2 * i];

		document.taxes[i].taxCode = FindTaxCodeById(companyId, DatumGetInt32(PlanValue(i, 1)));
		document.taxes[i].rate = RateFromDatum(PlanValue(i, 2));
		weights[0] = AmountFromDatum(PlanValue(i, 3));
		weights[1] = AmountFromDatum(PlanValue(i, 4));
		rest = SubtractExact(rest, AddExact(weights[0], weights[1]));
	}
	document.weights[2 * rows] = rest;
	/* A document whose other lines are negative in sum cannot be parted. */
	if (rest < 0)
		document.count = 0;
	return document;
}

/* The tax of a code, behind the rest of the discount that it follows. */
static void
AddTax(SettlementRun *run, Settlement *settlement, OpenItem *item, int64 followsId, const DiscountTax *tax, int128 amount)
{
	SettlementRow *row;

	if (amount == 0)
		return;
	row = AdjustItem(run, settlement, item, "discount_tax", tax->taxCode, amount);
	row->followsId = followsId;
	row->tax = tax;
}

/* The taxable amounts in the company's currency are parts of what the rest of the discount came to. */
static void
AddParts(SettlementRun *run, Settlement *settlement, OpenItem *item, const TaxedDocument *document, const int128 *parts, int128 amount,
		 int128 termsPercent)
{
	int128	   *bases = palloc0(sizeof(int128) * (document->count + 1));
	int128	   *companyBases = palloc0(sizeof(int128) * (document->count + 1));
	SettlementRow *row;
	int64		followsId;

	for (int i = 0; i < document->count; i++)
	{
		bases[i] = parts[2 * i];
		amount = SubtractExact(amount, parts[2 * i + 1]);
	}
	bases[document->count] = parts[2 * document->count];
	row = AdjustItem(run, settlement, item, "discount", NULL, amount);
	row->termsPercent = termsPercent;
	followsId = row->settlementId;
	AllocateAmount(row->companyAmount, bases, document->count + 1, run->batch.company->currency->decimals, companyBases);
	for (int i = 0; i < document->count; i++)
	{
		document->taxes[i].baseAmount = bases[i];
		document->taxes[i].companyBaseAmount = companyBases[i];
		AddTax(run, settlement, item, followsId, &document->taxes[i], parts[2 * i + 1]);
	}
}

void
AddDiscount(SettlementRun *run, Settlement *settlement, OpenItem *item, int128 amount, int128 termsPercent)
{
	TaxedDocument document = ReadTaxes(run->batch.company->companyId, item->documentId);
	int128	   *parts;
	int128		tax = 0;

	if (document.count > 0)
	{
		parts = palloc0(sizeof(int128) * (2 * document.count + 1));
		AllocateAmount(amount, document.weights, 2 * document.count + 1, item->currency->decimals, parts);
		for (int i = 0; i < document.count; i++)
			tax = AddExact(tax, parts[2 * i + 1]);
		if (tax > 0 && tax < amount)
		{
			AddParts(run, settlement, item, &document, parts, amount, termsPercent);
			return;
		}
	}
	AdjustItem(run, settlement, item, "discount", NULL, amount)->termsPercent = termsPercent;
}

static const char *const taxColumns[] = {
	"company_id", "settlement_id", "document_id", "tax_code_id", "rate", "base_amount", "company_base_amount",
	"tax_amount", "company_tax_amount"
};

static void
InsertTax(BulkInsert *bulk, int32 companyId, const Document *document, const SettlementRow *row)
{
	Datum		values[lengthof(taxColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(row->settlementId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = Int32GetDatum(row->tax->taxCode->taxCodeId);
	values[i++] = RateGetDatum(row->tax->rate);
	values[i++] = AmountGetDatum(row->tax->baseAmount);
	values[i++] = AmountGetDatum(row->tax->companyBaseAmount);
	values[i++] = AmountGetDatum(row->amount);
	values[i++] = AmountGetDatum(row->companyAmount);
	BulkInsertRow(bulk, values, NULL);
}

static bool
HasTax(const Settlement *settlement)
{
	for (int i = 0; i < settlement->document->lineCount; i++)
	{
		if (settlement->document->lines[i].taxCode != NULL)
			return true;
	}
	return false;
}

/* Rows that undo are gathered: what they undo may be a tax. */
static void
StoreTaxesOf(int32 companyId, const Settlement *settlement, BulkInsert *bulk, DatumArray *undone)
{
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));

	for (int i = 0; i < settlement->rowCount; i++)
	{
		if (settlement->rows[i].tax != NULL)
			InsertTax(bulk, companyId, settlement->document, &settlement->rows[i]);
	}
	MemoryContextSwitchTo(previous);
	for (int i = 0; i < settlement->rowCount; i++)
	{
		if (settlement->rows[i].reversesId == 0)
			continue;
		AppendDatum(&undone[0], Int64GetDatum(settlement->rows[i].settlementId));
		AppendDatum(&undone[1], Int64GetDatum(settlement->document->documentId));
		AppendDatum(&undone[2], Int64GetDatum(settlement->rows[i].reversesId));
	}
}

void
StoreDiscountTaxes(const SettlementRun *run)
{
	int32		companyId = run->batch.company->companyId;
	BulkInsert *bulk = NULL;
	DatumArray	undone[3] = {{0}};
	Datum		values[4] = {Int32GetDatum(companyId)};

	for (int i = 0; i < run->count; i++)
	{
		if (!HasTax(&run->settlements[i]))
			continue;
		if (bulk == NULL)
			bulk = BeginBulkInsert("erp", "discount_tax", taxColumns, lengthof(taxColumns));
		StoreTaxesOf(companyId, &run->settlements[i], bulk, undone);
	}
	if (bulk != NULL)
		EndBulkInsert(bulk);
	if (undone[0].count == 0)
		return;
	for (int i = 0; i < (int) lengthof(undone); i++)
		values[i + 1] = DatumArrayValue(&undone[i], INT8OID);
	(void) RunFactPlan(&undoPlan, values, NULL);
}
