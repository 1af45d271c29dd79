/*
 * What documents that were just posted did for lines of orders: those that they
 * name as demands, those that the lines which they name as origins were posted
 * for, and those of documents that they reverse.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/bulk_insert.h"
#include "core/errors.h"
#include "core/numeric_io.h"
#include "sales/order_link.h"

const char *const OrderLinkNames[LINK_KIND_COUNT] = {"ships", "bills", "returns", "credits"};

static const char *const linkColumns[] = {
	"company_id", "document_id", "line_no", "sales_order_id", "order_line_no", "link", "quantity", "amount"
};

static void
AddLink(OrderLinks *links, const OrderLink *link)
{
	if (links->count == links->capacity)
	{
		links->capacity = Max(16, 2 * links->capacity);
		links->rows = links->rows == NULL ? palloc(sizeof(OrderLink) * links->capacity) :
			repalloc_huge(links->rows, sizeof(OrderLink) * links->capacity);
	}
	links->rows[links->count++] = *link;
}

static void
RefuseDemand(const PostedDocument *document, int32 lineNo, const char *demand, int32 demandLine)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_OTHER_DEMAND),
			 errmsg("line %s of order \"%s\" is of another customer or item, or is not there",
					demandLine == 0 ? "" : psprintf("%d", demandLine), demand),
			 errdetail("At document \"%s\", line %d, value \"%s\".", document->key, lineNo, demand),
			 errhint("Name the order and line of what is delivered, or no demand.")));
}

/* A sale ships and bills at once, and so does a gift; what is not in stock is delivered when it is billed. What is billed ahead is not shipped yet. */
static unsigned
LinksOfLine(const char *kind, const PostedLine *line)
{
	const unsigned ships = 1 << LINK_SHIPS;
	const unsigned bills = 1 << LINK_BILLS;

	if (strcmp(kind, "credit_note") == 0)
		return line->moved > 0 ? 1 << LINK_RETURNS | 1 << LINK_CREDITS : 1 << LINK_CREDITS;
	if (strcmp(kind, "shipment") == 0 || strcmp(kind, "sales_shipment") == 0)
		return ships;
	if (strcmp(kind, "sales_invoice") == 0 && strcmp(line->role, "invoiced") == 0)
		return bills;
	return strcmp(kind, "sales_invoice") == 0 || strcmp(kind, "free_issue") == 0 ? ships | bills : 0;
}

/* What a line that names another line does: it bills what was shipped, or gives back what was billed or shipped. */
static unsigned
LinksOfOrigin(const char *kind, const PostedLine *line)
{
	if (strcmp(kind, "shipment_return") == 0 || strcmp(kind, "sales_shipment_return") == 0)
		return 1 << LINK_SHIPS;
	if (strcmp(kind, "sales_invoice") == 0)
		return 1 << LINK_BILLS;
	return LinksOfLine(kind, line);
}

static void
AddLinks(LinkRun *run, OrderLink link, unsigned kinds)
{
	for (int kind = 0; kind < LINK_KIND_COUNT; kind++)
	{
		if ((kinds & 1 << kind) == 0)
			continue;
		link.kind = kind;
		AddLink(&run->links, &link);
	}
}

static int128
Magnitude(int128 quantity)
{
	return quantity < 0 ? -quantity : quantity;
}

/* The number of goods that it moved, else that of its own, or of the link to what it names; what has none is one. */
static int128
LinkedQuantity(const PostedLine *line, int128 named)
{
	if (line->moved != 0)
		return Magnitude(line->moved);
	if (named != 0)
		return Magnitude(named);
	return line->quantity != 0 ? line->quantity : PowerOfTen(QUANTITY_SCALE);
}

static void
LinkDemand(LinkRun *run, const PostedDocument *document, int32 lineNo, const char *demand, int32 demandLine)
{
	PostedLine	line = ReadPostedLine(run, document->documentId, lineNo);
	int32		orderLine = demandLine;
	OrderLink	link = {.documentId = document->documentId, .lineNo = lineNo, .orderId = run->orderId};

	if (demandLine == 0)
		orderLine = FirstLineOfItem(run, line.itemId);
	else if (!IsLineOfItem(run, demandLine, line.itemId))
		orderLine = 0;
	if (orderLine == 0 || (document->partyId != 0 && document->partyId != run->partyId))
		RefuseDemand(document, lineNo, demand, demandLine);
	link.orderLineNo = orderLine;
	link.quantity = LinkedQuantity(&line, 0);
	link.amount = line.amount;
	AddLinks(run, link, LinksOfLine(document->kind, &line));
}

/* Lines stand in the order of their documents. */
static void
LinkDemands(LinkRun *run)
{
	const PostedDemands *posted = run->posted;
	int			at = 0;

	for (int i = 0; i < posted->lineCount; i++)
	{
		int64		documentId = DatumGetInt64(posted->lineDocuments[i]);
		const char *demand = TextDatumGetCString(posted->demands[i]);

		CHECK_FOR_INTERRUPTS();
		while (at < posted->documentCount && run->documents[at].documentId != documentId)
			at++;
		if (at == posted->documentCount)
			elog(ERROR, "a line of document " INT64_FORMAT " is out of order", documentId);
		if (FindOrder(run, demand))
			LinkDemand(run, &run->documents[at], DatumGetInt32(posted->lineNos[i]), demand, DatumGetInt32(posted->demandLines[i]));
	}
}

/* A link that stands. */
static OrderLink
StoredLink(IndexProbe *probe, TupleTableSlot *row)
{
	OrderLink	link = {
		.lineNo = DatumGetInt32(ProbedColumn(probe, row, "line_no")),
		.orderId = DatumGetInt64(ProbedColumn(probe, row, "sales_order_id")),
		.orderLineNo = DatumGetInt32(ProbedColumn(probe, row, "order_line_no")),
		.quantity = QuantityFromDatum(ProbedColumn(probe, row, "quantity")),
		.amount = AmountFromDatum(ProbedColumn(probe, row, "amount"))
	};
	const char *name = TextDatumGetCString(ProbedColumn(probe, row, "link"));

	while (link.kind < LINK_KIND_COUNT && strcmp(OrderLinkNames[link.kind], name) != 0)
		link.kind++;
	return link;
}

/* The lines of orders that a line of a document was posted for, each once: as links without a kind. */
static OrderLinks
LinesOfOrigin(LinkRun *run, IndexProbe *linked, int64 documentId, int32 lineNo)
{
	Datum		values[3] = {CompanyOfLinks(run), Int64GetDatum(documentId), Int32GetDatum(lineNo)};
	OrderLinks	lines = {0};
	TupleTableSlot *row;

	ProbeIndex(linked, values, 3);
	while ((row = NextProbedRow(linked)) != NULL)
	{
		OrderLink	link = StoredLink(linked, row);
		int			i = 0;

		while (i < lines.count && (lines.rows[i].orderId != link.orderId || lines.rows[i].orderLineNo != link.orderLineNo))
			i++;
		if (i == lines.count)
			AddLink(&lines, &link);
	}
	return lines;
}

/* A link of a document's line to another line that can be for an order; lines that named a demand have theirs. */
static void
LinkOrigin(LinkRun *run, IndexProbe *linked, const PostedDocument *document, int32 lineNo, IndexProbe *origins, TupleTableSlot *row)
{
	OrderLinks	lines = LinesOfOrigin(run, linked, DatumGetInt64(ProbedColumn(origins, row, "target_document_id")),
									  DatumGetInt32(ProbedColumn(origins, row, "target_line_no")));
	PostedLine	line;
	bool		takesBack = strcmp(document->kind, "shipment_return") == 0 || strcmp(document->kind, "sales_shipment_return") == 0;
	int128		quantity;

	if (lines.count == 0 || LinesOfOrigin(run, linked, document->documentId, lineNo).count > 0)
		return;
	line = ReadPostedLine(run, document->documentId, lineNo);
	quantity = LinkedQuantity(&line, QuantityFromDatum(ProbedColumn(origins, row, "quantity")));
	for (int i = 0; i < lines.count; i++)
	{
		OrderLink	link = {.documentId = document->documentId, .lineNo = lineNo, .orderId = lines.rows[i].orderId,
			.orderLineNo = lines.rows[i].orderLineNo, .quantity = takesBack ? -quantity : quantity, .amount = line.amount};

		AddLinks(run, link, LinksOfOrigin(document->kind, &line));
	}
}

static bool
MayBeForOrder(const char *link)
{
	return strcmp(link, "returns") == 0 || strcmp(link, "bills") == 0 || strcmp(link, "fulfils") == 0 || strcmp(link, "corrects") == 0;
}

/* Of several links of a line the first counts. */
static void
LinkOriginsOf(LinkRun *run, IndexProbe *linked, IndexProbe *origins, const PostedDocument *document)
{
	Datum		values[2] = {CompanyOfLinks(run), Int64GetDatum(document->documentId)};
	int32		last = 0;
	TupleTableSlot *row;

	ProbeIndex(origins, values, 2);
	while ((row = NextProbedRow(origins)) != NULL)
	{
		int32		lineNo = DatumGetInt32(ProbedColumn(origins, row, "line_no"));

		if (lineNo == last || !MayBeForOrder(TextDatumGetCString(ProbedColumn(origins, row, "link"))))
			continue;
		last = lineNo;
		LinkOrigin(run, linked, document, lineNo, origins, row);
	}
}

static void
LinkOrigins(LinkRun *run)
{
	IndexProbe *linked = OpenIndexProbe("erp", "sales_order_link", "sales_order_link_key", PROBE_TRANSACTION);
	IndexProbe *origins = OpenIndexProbe("erp", "document_link", "document_link_key", PROBE_TRANSACTION);

	for (int i = 0; i < run->posted->documentCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (run->documents[i].reversesDocumentId == 0)
			LinkOriginsOf(run, linked, origins, &run->documents[i]);
	}
	CloseIndexProbe(origins);
	CloseIndexProbe(linked);
}

/* What a reversed document did is taken back. */
static void
LinkReversals(LinkRun *run)
{
	IndexProbe *linked = OpenIndexProbe("erp", "sales_order_link", "sales_order_link_key", PROBE_TRANSACTION);

	for (int i = 0; i < run->posted->documentCount; i++)
	{
		const PostedDocument *document = &run->documents[i];
		Datum		values[2] = {CompanyOfLinks(run), Int64GetDatum(document->reversesDocumentId)};
		TupleTableSlot *row;

		CHECK_FOR_INTERRUPTS();
		if (document->reversesDocumentId == 0)
			continue;
		ProbeIndex(linked, values, 2);
		while ((row = NextProbedRow(linked)) != NULL)
		{
			OrderLink	link = StoredLink(linked, row);

			link.documentId = document->documentId;
			link.quantity = -link.quantity;
			link.amount = -link.amount;
			AddLink(&run->links, &link);
		}
	}
	CloseIndexProbe(linked);
}

/* Writes the links from one on. */
static void
StoreLinks(const LinkRun *run, int from)
{
	BulkInsert *bulk;

	if (from == run->links.count)
		return;
	bulk = BeginBulkInsert("erp", "sales_order_link", linkColumns, lengthof(linkColumns));
	for (int i = from; i < run->links.count; i++)
	{
		const OrderLink *link = &run->links.rows[i];
		MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
		Datum		values[] = {
			CompanyOfLinks(run),
			Int64GetDatum(link->documentId),
			Int32GetDatum(link->lineNo),
			Int64GetDatum(link->orderId),
			Int32GetDatum(link->orderLineNo),
			CStringGetTextDatum(OrderLinkNames[link->kind]),
			QuantityGetDatum(link->quantity),
			AmountGetDatum(link->amount)
		};

		BulkInsertRow(bulk, values, NULL);
		MemoryContextSwitchTo(previous);
	}
	EndBulkInsert(bulk);
}

/* A line may name as its origin what the same call did for an order. */
OrderLinks
LinkOrders(const PostedDemands *posted)
{
	LinkRun		run = BeginLinks(posted);
	int			stored;

	LinkDemands(&run);
	StoreLinks(&run, 0);
	stored = run.links.count;
	LinkOrigins(&run);
	LinkReversals(&run);
	StoreLinks(&run, stored);
	EndLinks(&run);
	return run.links;
}
