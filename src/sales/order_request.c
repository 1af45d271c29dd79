#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "core/errors.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"
#include "core/request.h"
#include "sales/order.h"

/* Requests of orders: what they may say, and the code of a new one. */

#define ORDER_LINES_MAX 10000
#define ORDER_CODE_MAX 60

PG_FUNCTION_INFO_V1(erp_check_order);
PG_FUNCTION_INFO_V1(erp_order_code);

/* What an order says of itself alone; all else goes into its documents. */
static const char headerFields[] =
"{\"order\": \"code\", \"party\": \"code!\", \"day\": \"day!\", \"needed_by\": \"day\", \"warehouse\": \"code\", \"currency\": \"code\","
" \"rate\": \"decimal\", \"tax_code\": \"code\", \"payment_terms\": \"code\", \"reference\": \"name\", \"description\": \"name\","
" \"channel\": \"name\", \"priority\": \"integer\", \"ship_complete\": \"boolean\", \"short\": \"code\", \"prices_include_tax\": \"boolean\","
" \"tax_rounding\": \"code\", \"discount\": \"amount\", \"discount_percent\": \"decimal\", \"cash_rounding\": \"amount\", \"milestones\": \"list\", \"lines\": \"list!\"}";

static KeptPlan schedulePlan = {
	.query = "SELECT erp_private.check_schedule($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {JSONBOID, TEXTOID}
};

static KeptPlan milestonesPlan = {
	.query = "SELECT erp_private.check_milestones($1)",
	.argumentCount = 1,
	.argumentTypes = {JSONBOID}
};

Jsonb *
KeptJson(Jsonb **kept, const char *text)
{
	MemoryContext previous;

	if (*kept != NULL)
		return *kept;
	previous = MemoryContextSwitchTo(TopMemoryContext);
	*kept = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	MemoryContextSwitchTo(previous);
	return *kept;
}

JsonbValue *
OrderMember(Jsonb *request, const char *name, JsonbValue *found)
{
	JsonbValue *member = getKeyJsonValueFromContainer(&request->root, name, (int) strlen(name), found);

	return member == NULL || member->type == jbvNull ? NULL : member;
}

char *
OrderText(Jsonb *request, const char *name)
{
	JsonbValue	found;
	JsonbValue *member = OrderMember(request, name, &found);

	return member == NULL ? NULL : JsonbText(member);
}

static bool
IsAmong(const char *text, const char *const *choices, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(text, choices[i]) == 0)
			return true;
	}
	return false;
}

static void
CheckShort(Jsonb *request)
{
	static const char *const choices[] = {"require", "refuse", "accept"};
	const char *choice = OrderText(request, "short");

	if (choice != NULL && !IsAmong(choice, choices, lengthof(choices)))
		RefuseRequest(ERRCODE_ERP_INVALID_FIELD, "field \"short\" has a value that is not known", "$.short", choice,
					  "It is one of: require, refuse, accept.");
}

static void
RefuseLine(int place, const char *day)
{
	RefuseRequest(ERRCODE_ERP_INVALID_FIELD, "a line of an order is an object without demand and origin, of role sale, service, free or allowance, whose needed_by is a day written YYYY-MM-DD",
				  psprintf("$.lines[%d]", place), day, "Mend the line.");
}

/* What a line says else is checked when it is drawn up. */
static void
CheckLine(const JsonbValue *value, int place)
{
	static const char *const roles[] = {"sale", "service", "free", "allowance"};
	JsonbValue	found;
	Jsonb	   *line;
	const char *role;
	const char *day;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		RefuseLine(place, NULL);
	line = JsonbValueToJsonb(unconstify(JsonbValue *, value));
	role = OrderText(line, "role");
	day = OrderText(line, "needed_by");
	if (getKeyJsonValueFromContainer(&line->root, "demand", (int) strlen("demand"), &found) != NULL ||
		getKeyJsonValueFromContainer(&line->root, "origin", (int) strlen("origin"), &found) != NULL ||
		(role != NULL && !IsAmong(role, roles, lengthof(roles))) ||
		(day != NULL && !IsDayText(day, (int) strlen(day))))
		RefuseLine(place, day);
}

static void
CheckMilestones(Jsonb *request)
{
	JsonbValue	found;
	JsonbValue *milestones = getKeyJsonValueFromContainer(&request->root, "milestones", (int) strlen("milestones"), &found);
	Datum		value;

	if (milestones == NULL)
		return;
	value = JsonbPGetDatum(JsonbValueToJsonb(milestones));
	(void) RunPlan(&milestonesPlan, &value, NULL);
}

static void
CheckSchedule(const JsonbValue *value, int place)
{
	Datum		values[2];
	JsonbValue	found;

	if (getKeyJsonValueFromContainer(value->val.binary.data, "schedule", (int) strlen("schedule"), &found) == NULL)
		return;
	values[0] = JsonbPGetDatum(JsonbValueToJsonb(unconstify(JsonbValue *, value)));
	values[1] = CStringGetTextDatum(psprintf("$.lines[%d]", place));
	(void) RunPlan(&schedulePlan, values, NULL);
}

void
CheckOrderRequest(Jsonb *request, Jsonb *more)
{
	static Jsonb *fields = NULL;
	JsonbValue	lines;
	uint32		count;

	CheckRequest(request, KeptJson(&fields, headerFields), more);
	CheckShort(request);
	(void) OrderMember(request, "lines", &lines);
	count = JsonContainerSize(lines.val.binary.data);
	if (count < 1 || count > ORDER_LINES_MAX)
		RefuseRequest(ERRCODE_ERP_INVALID_FIELD, psprintf("an order has 1 to %d lines", ORDER_LINES_MAX), "$.lines", NULL, "Split the order.");
	for (uint32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		CheckLine(getIthJsonbValueFromContainer(lines.val.binary.data, i), (int) i);
	}
	CheckMilestones(request);
	for (uint32 i = 0; i < count; i++)
		CheckSchedule(getIthJsonbValueFromContainer(lines.val.binary.data, i), (int) i);
}

/* erp_private.check_order(request, more). */
Datum
erp_check_order(PG_FUNCTION_ARGS)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	CheckOrderRequest(PG_GETARG_JSONB_P(0), PG_GETARG_JSONB_P(1));
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}

char *
CodeOfOrder(int32 companyId, int64 documentId, Jsonb *request)
{
	char	   *code = OrderText(request, "order");
	Datum		values[2] = {Int32GetDatum(companyId)};
	IndexProbe *probe;

	if (code == NULL)
		code = ProbeText("document", "document_key", companyId, Int64GetDatum(documentId), "key");
	if (pg_mbstrlen(code) > ORDER_CODE_MAX)
		RefuseRequest(ERRCODE_ERP_INVALID_FIELD, psprintf("a code has at most %d characters, and the key has more", ORDER_CODE_MAX), "$.order", code,
					  "Give the order a code.");
	probe = OpenIndexProbe("erp", "sales_order", "sales_order_code_key", PROBE_TRANSACTION);
	values[1] = CStringGetTextDatum(code);
	ProbeIndex(probe, values, lengthof(values));
	if (NextProbedRow(probe) != NULL)
		RefuseRequest(ERRCODE_ERP_ORDER_EXISTS, psprintf("there is an order \"%s\" already", code), "$.order", code,
					  "Give the order another code, or change that one with erp.change_order().");
	CloseIndexProbe(probe);
	return code;
}

/* erp_private.order_code(company_id, document_id, request). */
Datum
erp_order_code(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(CodeOfOrder(PG_GETARG_INT32(0), PG_GETARG_INT64(1), PG_GETARG_JSONB_P(2))));
}
