/*
 * A sale over the counter: order, invoice with delivery, and payment in one
 * call. The invoice is checked once, gives the order its amounts, and is posted.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/company_call.h"
#include "core/index_probe.h"
#include "core/json_push.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/request.h"
#include "inventory/inventory.h"
#include "sales/order.h"

/* Longer keys, in bytes, are shortened by erp_private.short_key(). */
#define SHORT_KEY_MAX 180

PG_FUNCTION_INFO_V1(erp_order_to_cash);

static KeptPlan pricePlan = {
	.query = "SELECT p.request, p.approval FROM erp_private.price_order($1, $2, $3) p",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTOID, JSONBOID}
};

static KeptPlan keyPlan = {
	.query = "SELECT erp_private.short_key($1)",
	.argumentCount = 1,
	.argumentTypes = {TEXTOID}
};

static KeptPlan creditPlan = {
	.query = "SELECT c.reason FROM erp_private.credit_state($1, $2, $3, $4) c WHERE c.state = 'held'",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4OID, NUMERICOID, DATEOID}
};

typedef struct Sale
{
	NewOrder	order;
	const CompanyInfo *company;
	const char *key;			/* of the call, short */
	const JsonNode *request;
	const JsonNode *payment;	/* NULL: none */
	Datum		invoiced;		/* what posting the invoice gave */
	Datum		paid;			/* 0: nothing was paid */
} Sale;

/* What the keys of its documents begin with. */
static char *
KeyOfSale(const NewOrder *order)
{
	char	   *key = ProbeText("document", "document_key", order->companyId, Int64GetDatum(order->orderId), "key");
	Datum		value = CStringGetTextDatum(key);

	if (strlen(key) <= SHORT_KEY_MAX)
		return key;
	(void) RunPlan(&keyPlan, &value, NULL);
	return TextDatumGetCString(PlanValue(0, 1));
}

static const JsonNode *
GivenMember(const JsonNode *object, const char *name)
{
	const JsonNode *member = JsonMember(object, name);

	return member == NULL || member->kind == JSON_NULL_VALUE ? NULL : member;
}

static void
CheckRequestOfSale(Jsonb *request)
{
	static Jsonb *more = NULL;
	static Jsonb *paymentFields = NULL;
	JsonbValue	payment;

	CheckOrderRequest(request, KeptJson(&more, "{\"time\": \"code\", \"payment\": \"object\"}"));
	if (OrderMember(request, "payment", &payment) != NULL)
		CheckRequest(JsonbValueToJsonb(&payment), KeptJson(&paymentFields, "{\"role\": \"code\", \"account\": \"code\", \"amount\": \"amount\"}"), NULL);
}

/* What is sold over the counter has no lines that are delivered on several days, and no milestones. */
static void
RefuseLater(const JsonNode *request)
{
	for (const JsonNode *line = JsonMember(request, "lines")->first; line != NULL; line = line->next)
	{
		const JsonNode *schedule = GivenMember(line, "schedule");

		if (schedule != NULL && schedule->count > 0)
			RefuseRequest(ERRCODE_ERP_SCHEDULE_DIFFERS, "what is sold over the counter is delivered at once", "$.lines", NULL,
						  "Place the order with erp.place_order().");
	}
	if (JsonMember(request, "milestones") != NULL)
		RefuseRequest(ERRCODE_ERP_MILESTONES_DIFFER, "what is sold over the counter is billed at once", "$.milestones", NULL,
					  "Place the order with erp.place_order().");
}

/* Whether rules may give the line its price. */
static bool
LacksPrice(const JsonNode *line)
{
	const JsonNode *role = GivenMember(line, "role");

	return GivenMember(line, "item") != NULL && GivenMember(line, "price") == NULL && GivenMember(line, "amount") == NULL &&
		(role == NULL || (role->kind == JSON_STRING && (strcmp(role->text, "sale") == 0 || strcmp(role->text, "service") == 0)));
}

/* What is priced by rules has its prices, and gifts, in the request from here on. */
static void
PriceSale(Sale *sale)
{
	Datum		values[3] = {Int32GetDatum(sale->company->companyId), CStringGetTextDatum(sale->order.code), JsonbPGetDatum(sale->order.request)};
	const JsonNode *line = JsonMember(sale->request, "lines")->first;
	bool		isNull;
	Datum		approval;

	while (line != NULL && !LacksPrice(line))
		line = line->next;
	if (line == NULL)
		return;
	(void) RunPlan(&pricePlan, values, NULL);
	sale->order.request = DatumGetJsonbPCopy(PlanValue(0, 1));
	approval = PlanValueOrNull(0, 2, &isNull);
	if (!isNull)
		RefuseRequest(ERRCODE_ERP_PRICE_REFUSED, TextDatumGetCString(approval), "$.lines", NULL,
					  "Place the order with erp.place_order(), which holds it, and have it released.");
	sale->request = ParseJsonbDatum(JsonbPGetDatum(sale->order.request));
}

static void
AddText(JsonNode *object, const char *name, const char *text)
{
	(void) AddJson(object, MakeJson(JSON_STRING, name, text));
}

/* Members of another object that are given. */
static void
AddMembers(JsonNode *object, const JsonNode *from, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		const JsonNode *member = GivenMember(from, names[i]);

		if (member != NULL)
			(void) AddJson(object, RenamedJson(member, member->name));
	}
}

/* What the line says, but for what an order says of itself; it serves the line of the order. */
static void
AddSoldLine(JsonNode *lines, const JsonNode *line, const char *code)
{
	JsonNode   *sold = AddJson(lines, MakeJson(JSON_OBJECT, NULL, NULL));
	JsonNode   *demand;

	sold->parent = line->parent;
	for (const JsonNode *member = line->first; member != NULL; member = member->next)
	{
		if (member->kind != JSON_NULL_VALUE && strcmp(member->name, "needed_by") != 0 && strcmp(member->name, "schedule") != 0 &&
			strcmp(member->name, "line") != 0)
			(void) AddJson(sold, RenamedJson(member, member->name));
	}
	demand = AddJson(sold, MakeJson(JSON_OBJECT, "demand", NULL));
	AddText(demand, "key", code);
	(void) AddJson(demand, MakeJson(JSON_NUMBER_TEXT, "line", psprintf("%d", line->index + 1)));
}

/* The invoice with immediate delivery that serves the whole order. */
static JsonNode *
InvoiceOfSale(const Sale *sale)
{
	static const char *const members[] = {
		"party", "day", "time", "warehouse", "currency", "rate", "tax_code", "payment_terms", "reference", "description",
		"prices_include_tax", "tax_rounding", "discount", "discount_percent", "cash_rounding"
	};
	JsonNode   *invoice = MakeJson(JSON_OBJECT, NULL, NULL);
	JsonNode   *lines;

	AddText(invoice, "kind", "sales_invoice");
	AddText(invoice, "key", psprintf("%s/invoice", sale->key));
	AddMembers(invoice, sale->request, members, lengthof(members));
	lines = AddJson(invoice, MakeJson(JSON_ARRAY, "lines", NULL));
	for (const JsonNode *line = JsonMember(sale->request, "lines")->first; line != NULL; line = line->next)
		AddSoldLine(lines, line, sale->order.code);
	return invoice;
}

/* The payment that settles the invoice, by default all of it. */
static JsonNode *
PaymentOfSale(const Sale *sale)
{
	static const char *const members[] = {"party", "day", "time", "currency", "rate", "reference"};
	const JsonNode *role = GivenMember(sale->payment, "role");
	const JsonNode *account = GivenMember(sale->payment, "account");
	const JsonNode *amount = GivenMember(sale->payment, "amount");
	char	   *total = palloc(FIXED_TEXT_MAX);
	JsonNode   *payment = MakeJson(JSON_OBJECT, NULL, NULL);
	JsonNode   *line;
	JsonNode   *settles;

	FormatFixed(sale->order.drawn.total, AMOUNT_SCALE, total);
	AddText(payment, "key", psprintf("%s/payment", sale->key));
	AddText(payment, "kind", "customer_payment");
	AddMembers(payment, sale->request, members, lengthof(members));
	line = AddJson(AddJson(payment, MakeJson(JSON_ARRAY, "lines", NULL)), MakeJson(JSON_OBJECT, NULL, NULL));
	AddText(line, "role", role == NULL ? "cash" : role->text);
	if (account != NULL)
		AddText(line, "account", account->text);
	(void) AddJson(line, MakeJson(JSON_NUMBER_TEXT, "amount", amount == NULL ? total : amount->text));
	settles = AddJson(AddJson(payment, MakeJson(JSON_ARRAY, "settles", NULL)), MakeJson(JSON_OBJECT, NULL, NULL));
	AddText(settles, "key", psprintf("%s/invoice", sale->key));
	return payment;
}

/* Whether the customer pays all at once. */
static bool
IsPaidWhole(const Sale *sale)
{
	const JsonNode *amount = sale->payment == NULL ? NULL : GivenMember(sale->payment, "amount");
	int128		value;

	if (sale->payment == NULL)
		return false;
	return amount == NULL || ParseFixed(amount->text, amount->length, AMOUNT_SCALE, FIXED_MAX_POWER, &value) != FIXED_OK ||
		value >= sale->order.drawn.total;
}

/* Credit is asked for only where not all is paid. */
static void
CheckCreditOfSale(const Sale *sale, const Document *invoice)
{
	Datum		values[4] = {Int32GetDatum(sale->company->companyId), Int32GetDatum(sale->order.drawn.partyId),
	AmountGetDatum(sale->order.drawn.companyTotal), DateADTGetDatum(invoice->day)};

	if (IsPaidWhole(sale) || RunPlan(&creditPlan, values, NULL) == 0)
		return;
	RefuseRequest(ERRCODE_ERP_CREDIT_LIMIT, TextDatumGetCString(PlanValue(0, 1)), "$.party", GivenMember(sale->request, "party")->text,
				  "Have it pay at once, or place the order with erp.place_order(), which holds it.");
}

/* A document that was posted under its key before is no delivery of a new order. */
static void
RequireNew(DocumentBatch *batch)
{
	if (batch->documents[0].repeated)
		RaiseProblem(batch, &batch->documents[0], NULL, "key", batch->documents[0].key, ERRCODE_ERP_KEY_REUSED,
					 "the key was used before, with another request");
}

static void
PostSale(Sale *sale)
{
	DocumentBatch batch = {.company = sale->company};

	ReadDocuments(&batch, InvoiceOfSale(sale));
	CheckBatch(&batch);
	RequireNew(&batch);
	sale->order.drawn = DrawnOfDocument(&batch.documents[0]);
	CheckCreditOfSale(sale, &batch.documents[0]);
	StoreSoldOrder(&sale->order);
	FollowSale(sale->order.orderId);
	PostCheckedBatch(&batch);
	FollowSale(0);
	sale->invoiced = DocumentResult(&batch, true);
}

static void
PostPayment(Sale *sale)
{
	DocumentBatch batch = {.company = sale->company};

	if (sale->payment == NULL || sale->order.drawn.total == 0)
		return;
	ReadDocuments(&batch, PaymentOfSale(sale));
	PostBatch(&batch);
	sale->paid = DocumentResult(&batch, true);
}

/* {name: what posting gave, and its key}. */
static Datum
WithDocument(Datum answer, const Sale *sale, const char *name, Datum posted)
{
	JsonbParseState *state = NULL;
	JsonbIterator *iterator = JsonbIteratorInit(&DatumGetJsonbP(posted)->root);
	JsonbIteratorToken token;
	JsonbValue	member;
	JsonbValue	value;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushJsonText(&state, WJB_KEY, name);
	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	while ((token = JsonbIteratorNext(&iterator, &member, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&iterator, &value, true);
		if (value.type == jbvNull)
			continue;
		(void) pushJsonbValue(&state, WJB_KEY, &member);
		(void) pushJsonbValue(&state, WJB_VALUE, &value);
	}
	PushJsonText(&state, WJB_KEY, "key");
	PushJsonText(&state, WJB_VALUE, psprintf("%s/%s", sale->key, name));
	(void) pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	return DirectFunctionCall2(jsonb_concat, answer, PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

static Datum
AnswerOfSale(const Sale *sale)
{
	Datum		answer = AnswerOfOrder(sale->company->companyId, sale->order.orderId, (Datum) 0);

	answer = WithDocument(answer, sale, "invoice", sale->invoiced);
	return sale->paid == (Datum) 0 ? answer : WithDocument(answer, sale, "payment", sale->paid);
}

/* erp_private.order_to_cash(company_id, document_id, request), in the frame of erp.order_to_cash(). */
Datum
erp_order_to_cash(PG_FUNCTION_ARGS)
{
	Sale		sale = {.order = {.companyId = PG_GETARG_INT32(0), .orderId = PG_GETARG_INT64(1), .state = "confirmed", .reason = "",
	.request = PG_GETARG_JSONB_P(2)}};

	PlanByIndexes();
	CheckRequestOfSale(sale.order.request);
	sale.company = OpenCompanyById(sale.order.companyId);
	sale.key = KeyOfSale(&sale.order);
	sale.request = ParseJsonbDatum(PG_GETARG_DATUM(2));
	RefuseLater(sale.request);
	sale.order.code = CodeOfOrder(sale.order.companyId, sale.order.orderId, sale.order.request);
	PriceSale(&sale);
	sale.payment = GivenMember(sale.request, "payment");
	PostSale(&sale);
	PostPayment(&sale);
	PG_RETURN_DATUM(AnswerOfSale(&sale));
}
