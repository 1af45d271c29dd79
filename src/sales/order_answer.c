#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/index_probe.h"
#include "core/json_push.h"
#include "core/numeric_io.h"
#include "sales/order.h"

/* What calls on orders return of one. */

PG_FUNCTION_INFO_V1(erp_order_answer);

/* Lines of erp.reserve() by the number of their line of the order; NULL: none. */
typedef struct ReservedLines
{
	const JsonNode **byLine;
	int			count;
} ReservedLines;

static int
LineOf(const JsonNode *node)
{
	const JsonNode *line = JsonMember(node, "line");

	return line == NULL || line->text == NULL ? 0 : pg_strtoint32(line->text);
}

static ReservedLines
ReadReserved(Datum reserved)
{
	ReservedLines lines = {0};
	const JsonNode *root;

	if (reserved == (Datum) 0)
		return lines;
	root = ParseJsonbDatum(reserved);
	for (const JsonNode *node = root->first; node != NULL; node = node->next)
		lines.count = Max(lines.count, LineOf(node) + 1);
	lines.byLine = palloc0(sizeof(JsonNode *) * Max(lines.count, 1));
	for (const JsonNode *node = root->first; node != NULL; node = node->next)
		lines.byLine[LineOf(node)] = node;
	return lines;
}

static void
PushDay(JsonbParseState **state, const char *name, DateADT day)
{
	PushJsonText(state, WJB_KEY, name);
	PushJsonText(state, WJB_VALUE, DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day))));
}

/* A number that is given, as it is; 0 only where it is asked for. */
static void
PushGiven(JsonbParseState **state, const JsonNode *object, const char *name, bool orZero)
{
	const JsonNode *member = JsonMember(object, name);
	int128		value;

	if (member == NULL || member->text == NULL ||
		ParseFixed(member->text, member->length, QUANTITY_SCALE, FIXED_MAX_POWER, &value) != FIXED_OK || (value == 0 && !orZero))
		return;
	PushJsonFixed(state, name, value, QUANTITY_SCALE);
}

/* What is expected for the line, which has no nulls. */
static void
PushExpected(JsonbParseState **state, const JsonNode *reserved)
{
	const JsonNode *expected = JsonMember(reserved, "expected");
	StringInfoData text;
	JsonbValue	value = {.type = jbvBinary};
	Jsonb	   *copy;

	if (expected == NULL || expected->count == 0)
		return;
	initStringInfo(&text);
	JsonCanonical(expected, &text);
	copy = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data)));
	value.val.binary.data = &copy->root;
	value.val.binary.len = VARSIZE_ANY_EXHDR(copy);
	PushJsonText(state, WJB_KEY, "expected");
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static void
PushLine(JsonbParseState **state, IndexProbe *lines, TupleTableSlot *row, const ReservedLines *reserved)
{
	int32		lineNo = DatumGetInt32(ProbedColumn(lines, row, "line_no"));
	int128		quantity = QuantityFromDatum(ProbedColumn(lines, row, "quantity")) - QuantityFromDatum(ProbedColumn(lines, row, "cancelled"));
	bool		isNull;
	Datum		promised = slot_getattr(row, ProbeColumn(lines, "promise_day"), &isNull);

	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonInteger(state, "line", lineNo);
	PushJsonFixed(state, "amount", AmountFromDatum(ProbedColumn(lines, row, "amount")), AMOUNT_SCALE);
	PushJsonFixed(state, "quantity", quantity, QUANTITY_SCALE);
	if (!isNull)
		PushDay(state, "promise_day", DatumGetDateADT(promised));
	if (lineNo < reserved->count && reserved->byLine[lineNo] != NULL)
	{
		PushGiven(state, reserved->byLine[lineNo], "reserved", true);
		PushExpected(state, reserved->byLine[lineNo]);
		PushGiven(state, reserved->byLine[lineNo], "short", false);
	}
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
PushLines(JsonbParseState **state, const Datum *order, const ReservedLines *reserved)
{
	IndexProbe *lines = OpenIndexProbe("erp", "sales_order_line", "sales_order_line_key", PROBE_TRANSACTION);
	TupleTableSlot *row;

	PushJsonText(state, WJB_KEY, "lines");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	ProbeIndex(lines, order, 2);
	while ((row = NextProbedRow(lines)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		PushLine(state, lines, row, reserved);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	CloseIndexProbe(lines);
}

static void
PushText(JsonbParseState **state, const char *name, const char *text)
{
	PushJsonText(state, WJB_KEY, name);
	PushJsonText(state, WJB_VALUE, text);
}

Datum
AnswerOfOrder(int32 companyId, int64 orderId, Datum reserved)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(orderId)};
	ReservedLines lines = ReadReserved(reserved);
	IndexProbe *orders = OpenIndexProbe("erp", "sales_order", "sales_order_key", PROBE_TRANSACTION);
	JsonbParseState *state = NULL;
	TupleTableSlot *row;
	const char *reason;

	ProbeIndex(orders, values, lengthof(values));
	row = NextProbedRow(orders);
	if (row == NULL)
		elog(ERROR, "order " INT64_FORMAT " is gone", orderId);
	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushText(&state, "order", TextDatumGetCString(ProbedColumn(orders, row, "code")));
	PushText(&state, "state", TextDatumGetCString(ProbedColumn(orders, row, "state")));
	reason = TextDatumGetCString(ProbedColumn(orders, row, "reason"));
	if (*reason != '\0')
		PushText(&state, "reason", reason);
	PushJsonFixed(&state, "total", AmountFromDatum(ProbedColumn(orders, row, "total")), AMOUNT_SCALE);
	PushLines(&state, values, &lines);
	CloseIndexProbe(orders);
	return PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* erp_private.order_answer(company_id, sales_order_id, reserved). */
Datum
erp_order_answer(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(AnswerOfOrder(PG_GETARG_INT32(0), PG_GETARG_INT64(1), PG_ARGISNULL(2) ? (Datum) 0 : PG_GETARG_DATUM(2)));
}
