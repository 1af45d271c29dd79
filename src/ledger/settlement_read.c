#include "postgres.h"

#include "core/call.h"
#include "core/company_call.h"
#include "core/document_field.h"
#include "ledger/settlement.h"

#define CALL_SETTLEMENTS_MAX 10000
#define ID_DIGITS 18

static void
Refuse(const char *path, const JsonNode *value, int errorCode, const char *reason)
{
	ereport(ERROR,
			(errcode(errorCode),
			 errmsg("%s", reason),
			 errdetail("%s", ArgumentDetail(path, value == NULL ? NULL : value->text)),
			 errhint("%s", ErrorCure(errorCode))));
}

void
RefuseNode(const JsonNode *node, int errorCode, const char *reason)
{
	Refuse(JsonPath(node), node, errorCode, reason);
	pg_unreachable();
}

void
RefuseMember(const JsonNode *object, const char *name, const char *reason)
{
	Refuse(psprintf("%s.%s", JsonPath(object), name), JsonMember(object, name), ERRCODE_ERP_INVALID_FIELD,
		   psprintf("field \"%s\" %s", name, reason));
	pg_unreachable();
}

static void
RefuseUnknown(const JsonNode *member)
{
	RefuseMember(member->parent, member->name, "is not known here");
}

int64
ReadId(const JsonNode *node)
{
	int128		value;

	if (node->kind != JSON_NUMBER_TEXT || ParseFixed(node->text, node->length, 0, ID_DIGITS, &value) != FIXED_OK || value <= 0)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "a whole number above zero is expected");
	return (int64) value;
}

const char *
ReadKey(const JsonNode *node)
{
	if (node->kind != JSON_STRING || node->length == 0 || node->length > DOCUMENT_KEY_MAX)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "the key of a document, 1 to 200 bytes, is expected");
	return node->text;
}

int128
ReadAmount(const JsonNode *node)
{
	int128		value;

	if ((node->kind != JSON_NUMBER_TEXT && node->kind != JSON_STRING) ||
		ParseFixed(node->text, node->length, AMOUNT_SCALE, AMOUNT_DIGITS, &value) != FIXED_OK || value <= 0)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an amount above zero, of at most 15 digits and 4 decimals, is expected");
	return value;
}

static bool
ReadFlag(const JsonNode *node)
{
	if (node->kind != JSON_BOOLEAN)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "true or false is expected");
	return node->boolean;
}

/* An amount, or "terms": what the payment terms give. */
static void
ReadDiscount(NamedItem *item, const JsonNode *node)
{
	item->byTerms = node->kind == JSON_STRING && strcmp(node->text, "terms") == 0;
	if (!item->byTerms)
		item->discount = ReadAmount(node);
}

static void
ReadItemMember(NamedItem *item, const JsonNode *member)
{
	if (member->kind == JSON_NULL_VALUE)
		return;
	if (strcmp(member->name, "key") == 0)
		item->key = ReadKey(member);
	else if (strcmp(member->name, "line") == 0)
		item->lineNo = (int) Min(ReadId(member), PG_INT32_MAX);
	else if (strcmp(member->name, "open_item_id") == 0)
		item->openItemId = ReadId(member);
	else if (strcmp(member->name, "amount") == 0)
	{
		item->amount = ReadAmount(member);
		item->hasAmount = true;
	}
	else if (strcmp(member->name, "discount") == 0)
		ReadDiscount(item, member);
	else if (strcmp(member->name, "write_off") == 0)
		item->writeOff = ReadFlag(member);
	else
		RefuseUnknown(member);
}

static void
ReadNamedItem(NamedItem *item, const JsonNode *node)
{
	if (node->kind != JSON_OBJECT)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an object that names an open item is expected");
	item->node = node;
	for (const JsonNode *member = node->first; member != NULL; member = member->next)
		ReadItemMember(item, member);
	if ((item->key != NULL) == (item->openItemId != 0))
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an open item is named by \"key\" or by \"open_item_id\"");
	if (item->lineNo != 0 && item->key == NULL)
		RefuseMember(node, "line", "goes with \"key\" only");
}

void
ReadNamedItems(Settlement *settlement, const JsonNode *items)
{
	int			i = 0;

	if (items->kind != JSON_ARRAY || items->count == 0 || items->count > SETTLEMENT_ITEMS_MAX)
		RefuseNode(items, ERRCODE_ERP_INVALID_FIELD, psprintf("an array of 1 to %d open items is expected", SETTLEMENT_ITEMS_MAX));
	settlement->itemCount = items->count;
	settlement->items = palloc0(sizeof(NamedItem) * items->count);
	for (const JsonNode *node = items->first; node != NULL; node = node->next)
		ReadNamedItem(&settlement->items[i++], node);
}

bool
IsHeaderMember(const char *name)
{
	return strcmp(name, "day") == 0 || strcmp(name, "description") == 0 || strcmp(name, "reference") == 0;
}

static const char *
ReadText(const JsonNode *object, const char *name)
{
	const JsonNode *node = JsonMember(object, name);

	if (node == NULL || node->kind == JSON_NULL_VALUE)
		return "";
	if (node->kind != JSON_STRING || node->length > DOCUMENT_KEY_MAX)
		RefuseMember(object, name, "must be a text of at most 200 bytes");
	return node->text;
}

/* A settlement comes late where its day is closed: it lands on the first open day. */
static void
FillDay(Document *document, const JsonNode *node)
{
	const JsonNode *day = JsonMember(node, "day");

	if (day == NULL || day->kind != JSON_STRING || !ParseDay(day->text, &document->day))
		RefuseMember(node, "day", "must be a day of the calendar written YYYY-MM-DD");
	document->fields[HEADER_DAY] = day->text;
	document->postingDay = document->day;
	document->rateDay = document->day;
	document->late = true;
}

void
MakeSettlements(SettlementRun *run, const CompanyInfo *company, int count)
{
	run->count = count;
	run->batch.company = company;
	run->batch.count = count;
	run->batch.documents = palloc0(sizeof(Document) * count);
	run->settlements = palloc0(sizeof(Settlement) * count);
}

void
BeginSettlement(SettlementRun *run, int number, int64 causeDocumentId, const JsonNode *node)
{
	Document   *document = &run->batch.documents[number];

	document->index = number;
	document->kind = FindKind(SETTLEMENT_KIND);
	document->key = psprintf(ENGINE_KEY_PREFIX "settlement:" INT64_FORMAT ":%d", causeDocumentId, number);
	document->currency = run->batch.company->currency;
	document->rate = PowerOfTen(RATE_SCALE);
	document->settlesDocumentId = causeDocumentId;
	document->reference = "";
	document->description = "";
	run->settlements[number].node = node;
	run->settlements[number].document = document;
}

void
BeginSettlements(SettlementRun *run, const CompanyInfo *company, int64 callDocumentId, const JsonNode *root)
{
	const JsonNode *node = root->kind == JSON_ARRAY ? root->first : root;
	int			count = root->kind == JSON_ARRAY ? root->count : 1;

	if (count == 0 || count > CALL_SETTLEMENTS_MAX)
		RefuseNode(root, ERRCODE_ERP_INVALID_FIELD, psprintf("1 to %d requests are expected", CALL_SETTLEMENTS_MAX));
	MakeSettlements(run, company, count);
	for (int i = 0; i < count; i++, node = node->next)
	{
		Document   *document = &run->batch.documents[i];

		if (node->kind != JSON_OBJECT)
			RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an object is expected");
		BeginSettlement(run, i, callDocumentId, node);
		document->description = ReadText(node, "description");
		document->reference = ReadText(node, "reference");
		FillDay(document, node);
	}
}

void
ReadDays(DocumentBatch *batch, const CompanyInfo *company, const JsonNode *root)
{
	batch->company = company;
	batch->collecting = true;
	batch->documents = palloc0(sizeof(Document) * Max(root->kind == JSON_ARRAY ? root->count : 1, 1));
	for (const JsonNode *node = root->kind == JSON_ARRAY ? root->first : root; node != NULL; node = node->next)
	{
		const JsonNode *day = JsonMember(node, "day");
		Document   *document = &batch->documents[batch->count];

		if (day == NULL || day->kind != JSON_STRING || !ParseDay(day->text, &document->day))
			continue;
		document->kind = FindKind(SETTLEMENT_KIND);
		document->late = true;
		batch->count++;
	}
}
