#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"

/* What products are made of, in the batch or in the books, and their shares of its value. */

/* Moves that the document's products are made of, and these. OFFSET 0: see core/plan_cache.h. */
static KeptPlan conversionPlan = {
	.query = "SELECT false, m.move_id, m.item_id, 0::numeric"
	"  FROM (SELECT DISTINCT l.target_document_id FROM erp.document_link l WHERE l.company_id = $1 AND l.document_id = $2"
	"           AND l.link = 'made_from') t"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = t.target_document_id"
	"                        AND f.quantity < 0 OFFSET 0) m"
	" UNION ALL"
	" SELECT true, m.move_id, m.item_id, p.quantity"
	"  FROM (SELECT DISTINCT l.line_no, l.quantity FROM erp.document_link l WHERE l.company_id = $1 AND l.document_id = $2"
	"           AND l.link = 'made_from') p"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = $2"
	"                        AND f.line_no = p.line_no AND f.leg = 1 OFFSET 0) m"
	" ORDER BY 1, 2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* Moves of a document that was posted before and is consumed now. */
static KeptPlan consumedPlan = {
	.query = "SELECT move_id, item_id FROM erp.stock_move WHERE company_id = $1 AND document_id = $2 AND quantity < 0 ORDER BY move_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static void
AddSource(Conversion *conversion, int64 moveId, int32 itemId)
{
	if (conversion->sourceCount == conversion->sourceCapacity)
	{
		int			capacity = Max(8, conversion->sourceCapacity * 2);

		conversion->sources = conversion->sources == NULL ? palloc(sizeof(int64) * capacity) :
			repalloc_huge(conversion->sources, sizeof(int64) * capacity);
		conversion->sourceItems = conversion->sourceItems == NULL ? palloc(sizeof(int32) * capacity) :
			repalloc_huge(conversion->sourceItems, sizeof(int32) * capacity);
		conversion->sourceCapacity = capacity;
	}
	conversion->sources[conversion->sourceCount] = moveId;
	conversion->sourceItems[conversion->sourceCount++] = itemId;
}

static void
AddProduct(Conversion *conversion, int64 moveId, int128 share)
{
	if (conversion->productCount == conversion->productCapacity)
	{
		int			capacity = Max(4, conversion->productCapacity * 2);

		conversion->products = conversion->products == NULL ? palloc(sizeof(int64) * capacity) :
			repalloc_huge(conversion->products, sizeof(int64) * capacity);
		conversion->shares = conversion->shares == NULL ? palloc(sizeof(int128) * capacity) :
			repalloc_huge(conversion->shares, sizeof(int128) * capacity);
		conversion->parts = conversion->parts == NULL ? palloc(sizeof(int128) * capacity) :
			repalloc_huge(conversion->parts, sizeof(int128) * capacity);
		conversion->productCapacity = capacity;
	}
	conversion->products[conversion->productCount] = moveId;
	conversion->shares[conversion->productCount++] = share;
}

static Conversion *
NewConversion(StockRun *run, int64 documentId)
{
	int			number;

	if (run->conversionNumbers == NULL)
		run->conversionNumbers = CreatePairMap();
	number = PairNumber(run->conversionNumbers, (uint64) documentId);
	run->conversions = run->conversions == NULL ? palloc(sizeof(Conversion *)) :
		repalloc_huge(run->conversions, sizeof(Conversion *) * (number + 1));
	run->conversions[number] = palloc0(sizeof(Conversion));
	run->conversions[number]->documentId = documentId;
	return run->conversions[number];
}

static void
ReadConversion(const StockRun *run, Conversion *conversion)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), Int64GetDatum(conversion->documentId)};
	uint64		rows = RunPlan(&conversionPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		int64		moveId = DatumGetInt64(PlanValue(i, 2));

		if (DatumGetBool(PlanValue(i, 1)))
			AddProduct(conversion, moveId, QuantityFromDatum(PlanValue(i, 4)));
		else
			AddSource(conversion, moveId, DatumGetInt32(PlanValue(i, 3)));
	}
	SPI_freetuptable(SPI_tuptable);
}

static Conversion *
ConversionOf(StockRun *run, int64 documentId)
{
	int			number = run->conversionNumbers == NULL ? -1 : FindPair(run->conversionNumbers, (uint64) documentId);
	Conversion *conversion;

	if (number >= 0)
		return run->conversions[number];
	conversion = NewConversion(run, documentId);
	ReadConversion(run, conversion);
	return conversion;
}

int128
ProductValue(StockRun *run, int64 documentId, int64 moveId, FindMoveValue find, void *context)
{
	Conversion *conversion = ConversionOf(run, documentId);
	int128		total = 0;

	for (int i = 0; i < conversion->sourceCount; i++)
		total = SubtractExact(total, find(context, conversion->sources[i]));
	AllocateAmount(total, conversion->shares, conversion->productCount, run->batch->company->currency->decimals, conversion->parts);
	for (int i = 0; i < conversion->productCount; i++)
	{
		if (conversion->products[i] == moveId)
			return conversion->parts[i];
	}
	elog(ERROR, "move " INT64_FORMAT " is no product of document " INT64_FORMAT, moveId, documentId);
}

/* The document of the batch of that id; NULL if it was posted before. */
static Document *
BatchDocument(const DocumentBatch *batch, int64 documentId)
{
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].documentId == documentId && !batch->documents[i].repeated)
			return &batch->documents[i];
	}
	return NULL;
}

static void
AddConsumedLines(Conversion *conversion, const Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		if (IsConsumed(&document->lines[i]))
			AddSource(conversion, document->lines[i].moveId, document->lines[i].itemId);
	}
}

static void
AddConsumedMoves(const StockRun *run, Conversion *conversion, int64 documentId)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), Int64GetDatum(documentId)};
	uint64		rows = RunPlan(&consumedPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
		AddSource(conversion, DatumGetInt64(PlanValue(i, 1)), DatumGetInt32(PlanValue(i, 2)));
	SPI_freetuptable(SPI_tuptable);
}

static bool
HasProducts(const Document *document)
{
	for (int i = 0; i < document->lineCount && !document->bad && !document->repeated; i++)
	{
		if (IsProduct(&document->lines[i]))
			return true;
	}
	return false;
}

/* A document without production issues is made of its own components. */
static void
FindMadeFrom(StockRun *run, Document *document)
{
	run->hasProducts = true;
	if (document->consumes == NULL)
	{
		document->madeFrom = palloc(sizeof(int64));
		document->madeFrom[0] = document->documentId;
		document->madeFromCount = 1;
	}
	for (int i = 0; i < document->madeFromCount; i++)
	{
		Conversion	consumed = {0};

		if (BatchDocument(run->batch, document->madeFrom[i]) == NULL)
			AddConsumedMoves(run, &consumed, document->madeFrom[i]);
		for (int j = 0; j < consumed.sourceCount; j++)
			WantItem(run, consumed.sourceItems[j]);
	}
}

void
CollectConsumed(StockRun *run)
{
	for (int i = 0; i < run->batch->count; i++)
	{
		if (HasProducts(&run->batch->documents[i]))
			FindMadeFrom(run, &run->batch->documents[i]);
	}
}

static void
CollectConversion(StockRun *run, const Document *document)
{
	Conversion *conversion = NewConversion(run, document->documentId);

	for (int i = 0; i < document->madeFromCount; i++)
	{
		const Document *source = BatchDocument(run->batch, document->madeFrom[i]);

		if (source != NULL)
			AddConsumedLines(conversion, source);
		else
			AddConsumedMoves(run, conversion, document->madeFrom[i]);
	}
	for (int i = 0; i < document->lineCount; i++)
	{
		if (IsProduct(&document->lines[i]))
			AddProduct(conversion, document->lines[i].moveId, document->lines[i].share);
	}
}

void
CollectConversions(StockRun *run)
{
	for (int i = 0; run->hasProducts && i < run->batch->count; i++)
	{
		if (HasProducts(&run->batch->documents[i]))
			CollectConversion(run, &run->batch->documents[i]);
	}
}
