#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/engine.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/transition.h"
#include "sales/order.h"

/* Writing an order as its request says and its document was computed. */

PG_FUNCTION_INFO_V1(erp_insert_order);
PG_FUNCTION_INFO_V1(erp_insert_order_lines);

static const char *const orderColumns[] = {
	"company_id", "sales_order_id", "code", "state", "reason", "party_id", "day", "needed_by", "currency_id", "rate", "priority",
	"ship_complete", "channel", "total", "company_total", "placed_by", "terms"
};

static const char *const lineColumns[] = {
	"company_id", "sales_order_id", "line_no", "item_id", "warehouse_id", "unit_id", "tax_code_id", "line_role", "moves_stock", "quantity",
	"entered_quantity", "unit_price", "amount", "shipped", "billed", "billed_amount", "needed_by", "terms"
};

/* What its documents do not say in their headers and lines. */
static const char *const ownMembers[] = {
	"order", "party", "day", "needed_by", "channel", "priority", "ship_complete", "milestones", "lines", "payment", "time"
};
static const char *const ownLineMembers[] = {"needed_by", "schedule", "line"};

/* After lines are written: what they say of several days. */
static KeptPlan schedulePlan = {
	.query = "SELECT erp_private.insert_schedule($1, $2, e.n::integer, e.value -> 'schedule', pg_catalog.format('$.lines[%s]', e.n - 1))"
	" FROM pg_catalog.jsonb_array_elements($3 -> 'lines') WITH ORDINALITY AS e (value, n) WHERE e.n > $4 AND e.value #> '{schedule,0}' IS NOT NULL ORDER BY e.n",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT8OID, JSONBOID, INT4OID}
};

/* A line without goods counts as it was entered, one that says no quantity as one. */
static void
SetQuantities(DrawnLine *line, int128 entered, int128 quantity)
{
	line->enteredQuantity = entered != 0 ? entered : PowerOfTen(QUANTITY_SCALE);
	line->quantity = line->movesStock ? quantity : line->enteredQuantity;
}

static void
DrawLine(DrawnLine *drawn, const DocumentLine *line)
{
	drawn->lineNo = line->lineNo;
	drawn->itemId = line->itemId;
	drawn->warehouseId = line->warehouseId;
	drawn->unitId = line->unitId;
	drawn->taxCodeId = line->taxCode == NULL ? 0 : line->taxCode->taxCodeId;
	drawn->role = line->role->name;
	drawn->movesStock = line->role->direction == STOCK_OUT && line->isStock;
	SetQuantities(drawn, line->quantity, line->hasQuantity ? line->baseQuantity : 0);
	drawn->unitPrice = line->unitPrice;
	drawn->amount = line->amount;
}

DrawnOrder
DrawnOfDocument(const Document *document)
{
	DrawnOrder	order = {.partyId = document->party.partyId, .currencyId = document->currency->currencyId, .rate = document->rate,
		.total = document->total, .companyTotal = document->companyTotal, .lineCount = document->lineCount};

	order.lines = palloc0(sizeof(DrawnLine) * Max(document->lineCount, 1));
	for (int i = 0; i < document->lineCount; i++)
		DrawLine(&order.lines[i], &document->lines[i]);
	return order;
}

static int128
DrawnNumber(const JsonNode *object, const char *name, int scale)
{
	const JsonNode *member = JsonMember(object, name);
	int128		value;

	if (member == NULL || member->kind != JSON_NUMBER_TEXT || ParseFixed(member->text, member->length, scale, FIXED_MAX_POWER, &value) != FIXED_OK)
		elog(ERROR, "what was drawn up has no number \"%s\"", name);
	return value;
}

static void
ReadDrawnLine(DrawnLine *line, const JsonNode *node)
{
	line->lineNo = (int32) DrawnNumber(node, "line_no", 0);
	line->itemId = (int32) DrawnNumber(node, "item_id", 0);
	line->warehouseId = (int32) DrawnNumber(node, "warehouse_id", 0);
	line->unitId = (int32) DrawnNumber(node, "unit_id", 0);
	line->taxCodeId = (int32) DrawnNumber(node, "tax_code_id", 0);
	line->role = JsonMember(node, "line_role")->text;
	line->movesStock = DrawnNumber(node, "moves_stock", 0) == 1;
	SetQuantities(line, DrawnNumber(node, "entered_quantity", QUANTITY_SCALE), DrawnNumber(node, "quantity", QUANTITY_SCALE));
	line->unitPrice = DrawnNumber(node, "unit_price", PRICE_SCALE);
	line->amount = DrawnNumber(node, "amount", AMOUNT_SCALE);
}

DrawnOrder
ReadDrawn(Datum drawn)
{
	const JsonNode *root = ParseJsonbDatum(drawn);
	const JsonNode *lines = JsonMember(root, "lines");
	DrawnOrder	order = {0};

	order.partyId = (int32) DrawnNumber(root, "party_id", 0);
	order.currencyId = (int32) DrawnNumber(root, "currency_id", 0);
	order.rate = DrawnNumber(root, "rate", RATE_SCALE);
	order.total = DrawnNumber(root, "total", AMOUNT_SCALE);
	order.companyTotal = DrawnNumber(root, "company_total", AMOUNT_SCALE);
	order.lines = palloc0(sizeof(DrawnLine) * Max(lines->count, 1));
	for (const JsonNode *node = lines->first; node != NULL; node = node->next)
		ReadDrawnLine(&order.lines[order.lineCount++], node);
	return order;
}

/* The object without some members. */
static Datum
WithoutMembers(Datum object, const char *const *names, int count)
{
	DatumArray	array = {0};

	for (int i = 0; i < count; i++)
		AppendDatum(&array, CStringGetTextDatum(names[i]));
	return DirectFunctionCall2(jsonb_delete_array, object, DatumArrayValue(&array, TEXTOID));
}

/* A day of a request, for ever where it says none. */
static Datum
DayOrEnd(const char *text)
{
	DateADT		end;

	DATE_NOEND(end);
	return text == NULL ? DateADTGetDatum(end) : DirectFunctionCall1(date_in, CStringGetDatum(text));
}

static int32
PriorityOf(Jsonb *request)
{
	JsonbValue	found;

	return OrderMember(request, "priority", &found) == NULL ? 0 :
		DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(found.val.numeric)));
}

static bool
IsShippedWhole(Jsonb *request)
{
	JsonbValue	found;

	return OrderMember(request, "ship_complete", &found) != NULL && found.val.boolean;
}

static void
StoreHeader(const NewOrder *order)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "sales_order", orderColumns, lengthof(orderColumns));
	const char *channel = OrderText(order->request, "channel");
	Datum		values[] = {
		Int32GetDatum(order->companyId),
		Int64GetDatum(order->orderId),
		CStringGetTextDatum(order->code),
		CStringGetTextDatum(order->state),
		CStringGetTextDatum(order->reason),
		Int32GetDatum(order->drawn.partyId),
		DayOrEnd(OrderText(order->request, "day")),
		DayOrEnd(OrderText(order->request, "needed_by")),
		Int32GetDatum(order->drawn.currencyId),
		RateGetDatum(order->drawn.rate),
		Int32GetDatum(PriorityOf(order->request)),
		BoolGetDatum(IsShippedWhole(order->request)),
		CStringGetTextDatum(channel == NULL ? "" : channel),
		AmountGetDatum(order->drawn.total),
		AmountGetDatum(order->drawn.companyTotal),
		DirectFunctionCall1(namein, CStringGetDatum(EngineCallerName())),
		WithoutMembers(JsonbPGetDatum(order->request), ownMembers, lengthof(ownMembers))
	};

	BulkInsertRow(bulk, values, NULL);
	EndBulkInsert(bulk);
}

/* said: the line as the request has it. */
static void
StoreLine(BulkInsert *bulk, const NewOrder *order, const DrawnLine *line, Jsonb *said)
{
	const char *neededBy = OrderText(said, "needed_by");
	Datum		values[] = {
		Int32GetDatum(order->companyId),
		Int64GetDatum(order->orderId),
		Int32GetDatum(line->lineNo),
		Int32GetDatum(line->itemId),
		Int32GetDatum(line->warehouseId),
		Int32GetDatum(line->unitId),
		Int32GetDatum(line->taxCodeId),
		CStringGetTextDatum(line->role),
		BoolGetDatum(line->movesStock),
		QuantityGetDatum(line->quantity),
		QuantityGetDatum(line->enteredQuantity),
		PriceGetDatum(line->unitPrice),
		AmountGetDatum(line->amount),
		QuantityGetDatum(line->shipped),
		QuantityGetDatum(line->billed),
		AmountGetDatum(line->billedAmount),
		DayOrEnd(neededBy != NULL ? neededBy : OrderText(order->request, "needed_by")),
		WithoutMembers(JsonbPGetDatum(said), ownLineMembers, lengthof(ownLineMembers))
	};

	BulkInsertRow(bulk, values, NULL);
}

static bool
IsScheduled(const JsonbValue *line)
{
	JsonbValue	found;

	return getKeyJsonValueFromContainer(line->val.binary.data, "schedule", (int) strlen("schedule"), &found) != NULL && found.type == jbvBinary;
}

static void
StoreSchedules(const NewOrder *order, int after)
{
	Datum		values[4] = {Int32GetDatum(order->companyId), Int64GetDatum(order->orderId), JsonbPGetDatum(order->request), Int32GetDatum(after)};

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	(void) RunPlan(&schedulePlan, values, NULL);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
}

/* What rounds the document for cash is no line of the order. */
void
StoreOrderLines(const NewOrder *order, int after)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "sales_order_line", lineColumns, lengthof(lineColumns));
	JsonbValue	lines;
	bool		anyScheduled = false;

	if (OrderMember(order->request, "lines", &lines) == NULL)
		elog(ERROR, "an order has no lines");
	for (int i = 0; i < order->drawn.lineCount; i++)
	{
		const DrawnLine *line = &order->drawn.lines[i];
		MemoryContext previous;
		JsonbValue *said;

		CHECK_FOR_INTERRUPTS();
		said = getIthJsonbValueFromContainer(lines.val.binary.data, line->lineNo - 1);
		if (line->lineNo <= after || said == NULL)
			continue;
		anyScheduled = anyScheduled || IsScheduled(said);
		previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
		StoreLine(bulk, order, line, JsonbValueToJsonb(said));
		MemoryContextSwitchTo(previous);
	}
	EndBulkInsert(bulk);
	if (anyScheduled)
		StoreSchedules(order, after);
}

void
StoreOrder(const NewOrder *order)
{
	StoreHeader(order);
	StoreOrderLines(order, 0);
}

void
StoreSoldOrder(NewOrder *order)
{
	for (int i = 0; i < order->drawn.lineCount; i++)
	{
		DrawnLine  *line = &order->drawn.lines[i];

		line->shipped = line->quantity;
		line->billed = line->quantity;
		line->billedAmount = line->amount;
	}
	InsertPassed("sales_order", order->orderId, order->state);
	order->state = "closed";
	StoreOrder(order);
}

/* erp_private.insert_order(company_id, document_id, code, state, reason, request, drawn). */
Datum
erp_insert_order(PG_FUNCTION_ARGS)
{
	NewOrder	order = {
		.companyId = PG_GETARG_INT32(0),
		.orderId = PG_GETARG_INT64(1),
		.code = text_to_cstring(PG_GETARG_TEXT_PP(2)),
		.state = text_to_cstring(PG_GETARG_TEXT_PP(3)),
		.reason = text_to_cstring(PG_GETARG_TEXT_PP(4)),
		.request = PG_GETARG_JSONB_P(5),
		.drawn = ReadDrawn(PG_GETARG_DATUM(6))
	};

	StoreOrder(&order);
	PG_RETURN_VOID();
}

/* erp_private.insert_order_lines(company_id, sales_order_id, request, drawn, after). */
Datum
erp_insert_order_lines(PG_FUNCTION_ARGS)
{
	NewOrder	order = {
		.companyId = PG_GETARG_INT32(0),
		.orderId = PG_GETARG_INT64(1),
		.request = PG_GETARG_JSONB_P(2),
		.drawn = ReadDrawn(PG_GETARG_DATUM(3))
	};

	StoreOrderLines(&order, PG_GETARG_INT32(4));
	PG_RETURN_VOID();
}
