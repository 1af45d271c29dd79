#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "sales/order_link.h"

/* Documents that were just posted for orders, their lines and what they moved, and the orders that they name. */

Datum
CompanyOfLinks(const LinkRun *run)
{
	return Int32GetDatum(run->posted->companyId);
}

static void
ReadDocument(IndexProbe *probe, Datum company, PostedDocument *document)
{
	Datum		values[2] = {company, Int64GetDatum(document->documentId)};
	TupleTableSlot *row;

	ProbeIndex(probe, values, 2);
	row = NextProbedRow(probe);
	if (row == NULL)
		elog(ERROR, "document " INT64_FORMAT " was not posted", document->documentId);
	document->kind = TextDatumGetCString(ProbedColumn(probe, row, "kind"));
	document->key = TextDatumGetCString(ProbedColumn(probe, row, "key"));
	document->partyId = DatumGetInt32(ProbedColumn(probe, row, "party_id"));
	document->reversesDocumentId = DatumGetInt64(ProbedColumn(probe, row, "reverses_document_id"));
}

LinkRun
BeginLinks(const PostedDemands *posted)
{
	LinkRun		run = {.posted = posted};
	IndexProbe *probe = OpenIndexProbe("erp", "document", "document_key", PROBE_TRANSACTION);

	run.documents = palloc0(sizeof(PostedDocument) * posted->documentCount);
	for (int i = 0; i < posted->documentCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		run.documents[i].documentId = DatumGetInt64(posted->documents[i]);
		ReadDocument(probe, CompanyOfLinks(&run), &run.documents[i]);
	}
	CloseIndexProbe(probe);
	run.lines = OpenIndexProbe("erp", "document_line", "document_line_key", PROBE_TRANSACTION);
	run.moves = OpenIndexProbe("erp", "stock_move", "stock_move_line_key", PROBE_TRANSACTION);
	run.orders = OpenIndexProbe("erp", "sales_order", "sales_order_code_key", PROBE_TRANSACTION);
	run.orderLines = OpenIndexProbe("erp", "sales_order_line", "sales_order_line_key", PROBE_TRANSACTION);
	return run;
}

void
EndLinks(LinkRun *run)
{
	CloseIndexProbe(run->lines);
	CloseIndexProbe(run->moves);
	CloseIndexProbe(run->orders);
	CloseIndexProbe(run->orderLines);
}

/* What its first move moved; a line that carries goods has two. */
static int128
MovedQuantity(LinkRun *run, int64 documentId, int32 lineNo)
{
	Datum		values[3] = {CompanyOfLinks(run), Int64GetDatum(documentId), Int32GetDatum(lineNo)};
	int64		first = 0;
	int128		moved = 0;
	TupleTableSlot *row;

	ProbeIndex(run->moves, values, 3);
	while ((row = NextProbedRow(run->moves)) != NULL)
	{
		int64		moveId = DatumGetInt64(ProbedColumn(run->moves, row, "move_id"));

		if (first != 0 && moveId > first)
			continue;
		first = moveId;
		moved = QuantityFromDatum(ProbedColumn(run->moves, row, "quantity"));
	}
	return moved;
}

PostedLine
ReadPostedLine(LinkRun *run, int64 documentId, int32 lineNo)
{
	Datum		values[3] = {CompanyOfLinks(run), Int64GetDatum(documentId), Int32GetDatum(lineNo)};
	PostedLine	line;
	TupleTableSlot *row;

	ProbeIndex(run->lines, values, 3);
	row = NextProbedRow(run->lines);
	if (row == NULL)
		elog(ERROR, "line %d of document " INT64_FORMAT " was not posted", lineNo, documentId);
	line.itemId = DatumGetInt32(ProbedColumn(run->lines, row, "item_id"));
	line.role = TextDatumGetCString(ProbedColumn(run->lines, row, "line_role"));
	line.quantity = QuantityFromDatum(ProbedColumn(run->lines, row, "quantity"));
	line.amount = AmountFromDatum(ProbedColumn(run->lines, row, "amount"));
	line.moved = MovedQuantity(run, documentId, lineNo);
	return line;
}

bool
FindOrder(LinkRun *run, const char *code)
{
	Datum		values[2] = {CompanyOfLinks(run)};
	TupleTableSlot *row;

	if (run->code != NULL && strcmp(run->code, code) == 0)
		return run->orderId != 0;
	values[1] = CStringGetTextDatum(code);
	ProbeIndex(run->orders, values, 2);
	row = NextProbedRow(run->orders);
	run->code = code;
	run->orderId = row == NULL ? 0 : DatumGetInt64(ProbedColumn(run->orders, row, "sales_order_id"));
	run->partyId = row == NULL ? 0 : DatumGetInt32(ProbedColumn(run->orders, row, "party_id"));
	return row != NULL;
}

bool
IsLineOfItem(LinkRun *run, int32 lineNo, int32 itemId)
{
	Datum		values[3] = {CompanyOfLinks(run), Int64GetDatum(run->orderId), Int32GetDatum(lineNo)};
	TupleTableSlot *row;

	ProbeIndex(run->orderLines, values, 3);
	row = NextProbedRow(run->orderLines);
	return row != NULL && DatumGetInt32(ProbedColumn(run->orderLines, row, "item_id")) == itemId;
}

int32
FirstLineOfItem(LinkRun *run, int32 itemId)
{
	Datum		values[2] = {CompanyOfLinks(run), Int64GetDatum(run->orderId)};
	IndexProbe *probe = OpenIndexProbe("erp", "sales_order_line", "sales_order_line_key", PROBE_TRANSACTION);
	TupleTableSlot *row;
	int32		lineNo = 0;

	ProbeIndex(probe, values, 2);
	while (lineNo == 0 && (row = NextProbedRow(probe)) != NULL)
	{
		if (DatumGetInt32(ProbedColumn(probe, row, "item_id")) == itemId)
			lineNo = DatumGetInt32(ProbedColumn(probe, row, "line_no"));
	}
	CloseIndexProbe(probe);
	return lineNo;
}
