#include "postgres.h"

#include "core/document.h"

const char *const HeaderFieldNames[HEADER_FIELD_COUNT] = {
	"key", "kind", "day", "time", "party", "reference", "currency", "rate",
	"tax_code", "warehouse", "description", "late", "word", "corrects",
	"payment_terms", "due_day",
	"prices_include_tax", "tax_rounding", "discount", "discount_percent", "cash_rounding"
};

const char *const LineFieldNames[LINE_FIELD_COUNT] = {
	"role", "item", "account", "side", "quantity", "price", "amount", "cost", "share",
	"tax_code", "warehouse", "party", "description", "unit", "second_quantity", "basis",
	"location", "lot", "state", "owner",
	"to_warehouse", "to_location", "to_lot", "to_state", "to_owner", "reservations", "allow_expired",
	"origin.key", "origin.line",
	"demand.key", "demand.line",
	"discount", "discount_percent"
};

static void InvalidNode(const JsonNode *node, const char *reason) pg_attribute_noreturn();

static void
InvalidNode(const JsonNode *node, const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_INVALID_FIELD),
			 errmsg("%s: %s", JsonPath(node), reason),
			 errdetail("Line %d, column %d.", node->line, node->column),
			 errhint("%s", ErrorCure(ERRCODE_ERP_INVALID_FIELD))));
}

static bool
IsAmong(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static bool
IsNumberField(const char *name)
{
	static const char *const numbers[] = {
		"quantity", "second_quantity", "price", "amount", "cost", "share", "rate", "line", "discount", "discount_percent", "cash_rounding"
	};

	return IsAmong(numbers, lengthof(numbers), name);
}

static bool
IsFlagField(const char *name)
{
	static const char *const flags[] = {"late", "allow_expired", "prices_include_tax"};

	return IsAmong(flags, lengthof(flags), name);
}

/* The text of a scalar member: a string, or where a number is meant a number. NULL is as good as absent. */
static const char *
ScalarText(const JsonNode *node)
{
	if (node->kind == JSON_NULL_VALUE)
		return NULL;
	if (IsFlagField(node->name))
	{
		if (node->kind != JSON_BOOLEAN)
			InvalidNode(node, "true or false is expected");
		return node->boolean ? "true" : "false";
	}
	if (node->kind == JSON_STRING)
		return node->text;
	if (node->kind == JSON_NUMBER_TEXT && IsNumberField(node->name))
		return node->text;
	InvalidNode(node, IsNumberField(node->name) ? "a number or its text is expected" : "a string is expected");
}

#define POOL_LINES_MAX 512

/* Where the next lines come from. */
typedef struct LinePool
{
	DocumentLine *next;
	int			left;
	int			size;			/* of the last allocation */
} LinePool;

static int
FieldIndex(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

/* An object with "key" and "line", into two fields that follow one another. */
static void
ReadReference(DocumentLine *line, const JsonNode *reference, LineField key)
{
	if (reference->kind != JSON_OBJECT)
		InvalidNode(reference, "an object with key and line is expected");
	for (const JsonNode *member = reference->first; member != NULL; member = member->next)
	{
		if (strcmp(member->name, "key") == 0)
			line->fields[key] = ScalarText(member);
		else if (strcmp(member->name, "line") == 0)
			line->fields[key + 1] = ScalarText(member);
		else
			InvalidNode(member, "unknown field");
	}
}

/* Those in between are members of objects, read as references. */
static int
LineFieldOf(const char *name)
{
	int			field = FieldIndex(LineFieldNames, LINE_ORIGIN_KEY, name);

	if (field >= 0)
		return field;
	field = FieldIndex(LineFieldNames + LINE_DISCOUNT, LINE_FIELD_COUNT - LINE_DISCOUNT, name);
	return field < 0 ? -1 : field + LINE_DISCOUNT;
}

static void
ReadLine(DocumentLine *line, const JsonNode *node)
{
	if (node->kind != JSON_OBJECT)
		InvalidNode(node, "an object is expected");
	for (const JsonNode *member = node->first; member != NULL; member = member->next)
	{
		int			field;

		if (strcmp(member->name, "origin") == 0)
			ReadReference(line, member, LINE_ORIGIN_KEY);
		else if (strcmp(member->name, "demand") == 0)
			ReadReference(line, member, LINE_DEMAND_KEY);
		else if (strcmp(member->name, "dimensions") == 0)
			line->dimensions = member;
		else if (strcmp(member->name, "receipts") == 0)
			line->receipts = member->kind == JSON_NULL_VALUE ? NULL : member;
		else if (strcmp(member->name, "lot_days") == 0)
			line->lotDays = member->kind == JSON_NULL_VALUE ? NULL : member;
		else if ((field = LineFieldOf(member->name)) >= 0)
			line->fields[field] = ScalarText(member);
		else
			InvalidNode(member, "unknown field");
	}
}

/* Lines of many documents come from one allocation: many small ones would each take up to twice their size. */
static DocumentLine *
TakeLines(LinePool *pool, int count)
{
	DocumentLine *lines;

	if (count > pool->left)
	{
		pool->size = Max(count, Min(pool->size * 2, POOL_LINES_MAX));
		pool->left = pool->size;
		pool->next = palloc0(sizeof(DocumentLine) * Max(pool->size, 1));
	}
	lines = pool->next;
	pool->next += count;
	pool->left -= count;
	return lines;
}

static void
ReadLines(LinePool *pool, Document *document, const JsonNode *node)
{
	int			i = 0;

	if (node->kind != JSON_ARRAY)
		InvalidNode(node, "an array of lines is expected");
	if (node->count > DOCUMENT_LINES_MAX)
		InvalidNode(node, "too many lines in one document");
	document->lineCount = node->count;
	document->lines = TakeLines(pool, node->count);
	for (const JsonNode *child = node->first; child != NULL; child = child->next)
	{
		DocumentLine *line = &document->lines[i++];

		line->document = document;
		line->lineNo = i;
		ReadLine(line, child);
	}
}

static void
ReadDocument(LinePool *pool, Document *document, const JsonNode *node)
{
	if (node->kind != JSON_OBJECT)
		InvalidNode(node, "an object is expected");
	for (const JsonNode *member = node->first; member != NULL; member = member->next)
	{
		int			field;

		if (strcmp(member->name, "lines") == 0)
			ReadLines(pool, document, member);
		else if (strcmp(member->name, "consumes") == 0)
			document->consumes = member->kind == JSON_NULL_VALUE ? NULL : member;
		else if (strcmp(member->name, "settles") == 0)
			document->settles = member->kind == JSON_NULL_VALUE ? NULL : member;
		else if ((field = FieldIndex(HeaderFieldNames, HEADER_FIELD_COUNT, member->name)) >= 0)
			document->fields[field] = ScalarText(member);
		else
			InvalidNode(member, "unknown field");
	}
}

void
ReadDocuments(DocumentBatch *batch, const JsonNode *root)
{
	const JsonNode *node = root;
	LinePool	pool = {0};
	int			i = 0;

	batch->count = root->kind == JSON_ARRAY ? root->count : 1;
	batch->documents = palloc0(sizeof(Document) * Max(batch->count, 1));
	if (root->kind == JSON_ARRAY)
		node = root->first;
	for (; node != NULL && i < batch->count; node = node->next)
	{
		batch->documents[i].index = i;
		ReadDocument(&pool, &batch->documents[i++], node);
	}
}

void
ReadReversalFields(Document *document, const JsonNode *root)
{
	static const HeaderField allowed[] = {HEADER_KEY, HEADER_DAY, HEADER_TIME, HEADER_LATE, HEADER_DESCRIPTION, HEADER_WORD};

	for (const JsonNode *member = root->first; member != NULL; member = member->next)
	{
		bool		known = strcmp(member->name, "reverses") == 0;

		for (int i = 0; i < (int) lengthof(allowed) && !known; i++)
		{
			known = strcmp(member->name, HeaderFieldNames[allowed[i]]) == 0;
			if (known)
				document->fields[allowed[i]] = ScalarText(member);
		}
		if (!known)
			InvalidNode(member, "unknown field");
	}
}
