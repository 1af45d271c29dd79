#include "postgres.h"

#include "commands/async.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/bulk_insert.h"
#include "core/document.h"
#include "core/index_probe.h"
#include "core/json_push.h"
#include "sales/order.h"

/* Events of orders: what was just done for their lines, one for each document, order and kind of link. */

static const char *const topics[LINK_KIND_COUNT] = {"order_shipped", "order_billed", "order_returned", "order_credited"};

static const char *const eventColumns[] = {"company_id", "event_id", "topic", "document_id", "payload"};

/* Shipped comes before billed, and what comes back before what is credited. */
static int
CompareEvents(const void *left, const void *right)
{
	const OrderLink *a = left;
	const OrderLink *b = right;

	if (a->documentId != b->documentId)
		return a->documentId < b->documentId ? -1 : 1;
	if (a->orderId != b->orderId)
		return a->orderId < b->orderId ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->orderLineNo != b->orderLineNo)
		return a->orderLineNo < b->orderLineNo ? -1 : 1;
	return a->lineNo < b->lineNo ? -1 : a->lineNo > b->lineNo;
}

static bool
IsOneEvent(const OrderLink *a, const OrderLink *b)
{
	return a->documentId == b->documentId && a->orderId == b->orderId && a->kind == b->kind;
}

static void
PushLine(JsonbParseState **state, const OrderLink *link)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonInteger(state, "line", link->orderLineNo);
	PushJsonFixed(state, "quantity", link->quantity, QUANTITY_SCALE);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* Of links that are one event: the order, its state by now, and its lines. */
static Datum
Payload(IndexProbe *orders, int32 companyId, const OrderLink *links, int count)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(links->orderId)};
	JsonbParseState *state = NULL;
	TupleTableSlot *row;

	ProbeIndex(orders, values, 2);
	row = NextProbedRow(orders);
	if (row == NULL)
		elog(ERROR, "order " INT64_FORMAT " is gone", links->orderId);
	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushJsonText(&state, WJB_KEY, "order");
	PushJsonText(&state, WJB_VALUE, TextDatumGetCString(ProbedColumn(orders, row, "code")));
	PushJsonText(&state, WJB_KEY, "state");
	PushJsonText(&state, WJB_VALUE, TextDatumGetCString(ProbedColumn(orders, row, "state")));
	PushJsonText(&state, WJB_KEY, "lines");
	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < count; i++)
		PushLine(&state, &links[i]);
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

void
TellOrders(int32 companyId, OrderLinks *links)
{
	IndexProbe *orders = OpenIndexProbe("erp", "sales_order", "sales_order_key", PROBE_TRANSACTION);
	BulkInsert *bulk = BeginBulkInsert("erp", "outbox", eventColumns, lengthof(eventColumns));
	Oid			sequence = IdentitySequence("outbox", "event_id");
	int			count;

	qsort(links->rows, links->count, sizeof(OrderLink), CompareEvents);
	for (int i = 0; i < links->count; i += count)
	{
		const OrderLink *first = &links->rows[i];
		Datum		values[lengthof(eventColumns)] = {Int32GetDatum(companyId)};

		CHECK_FOR_INTERRUPTS();
		for (count = 1; i + count < links->count && IsOneEvent(first, &links->rows[i + count]); count++)
			;
		values[1] = Int64GetDatum(NextOfSequence(sequence));
		values[2] = CStringGetTextDatum(topics[first->kind]);
		values[3] = Int64GetDatum(first->documentId);
		values[4] = Payload(orders, companyId, first, count);
		BulkInsertRow(bulk, values, NULL);
	}
	EndBulkInsert(bulk);
	CloseIndexProbe(orders);
	Async_Notify("erp_outbox", "order");
}
