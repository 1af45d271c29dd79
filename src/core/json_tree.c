#include "core/json_in.h"

#include "common/jsonapi.h"

#define MEGABYTE ((size_t) 1024 * 1024)

const JsonLimits DefaultJsonLimits = {
	.maxDepth = 16,
	.maxBytes = 256 * MEGABYTE,
	.maxDigits = 40,
	.maxNodes = 4000000
};

/* True for a key that a path may show without quotes. */
static bool
IsPlainKey(const char *key)
{
	if (*key == '\0' || (*key >= '0' && *key <= '9'))
		return false;
	for (; *key != '\0'; key++)
	{
		bool		plain = (*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z') ||
			(*key >= '0' && *key <= '9') || *key == '_';

		if (!plain)
			return false;
	}
	return true;
}

/* Appends a key in quotes, those within it escaped. */
static void
AppendQuotedKey(StringInfo path, const char *key)
{
	appendStringInfoChar(path, '"');
	for (; *key != '\0'; key++)
	{
		if (*key == '"' || *key == '\\')
			appendStringInfoChar(path, '\\');
		appendStringInfoChar(path, *key);
	}
	appendStringInfoChar(path, '"');
}

/* The step from a node's parent to the node. */
static void
AppendStep(StringInfo path, const JsonNode *node)
{
	if (node->name == NULL)
	{
		appendStringInfo(path, "[%d]", node->index);
		return;
	}
	appendStringInfoChar(path, '.');
	if (IsPlainKey(node->name))
		appendStringInfoString(path, node->name);
	else
		AppendQuotedKey(path, node->name);
}

char *
JsonPath(const JsonNode *node)
{
	const JsonNode *steps[JSON_DEPTH_MAX + 2];
	int			count = 0;
	StringInfoData path;

	for (; node->parent != NULL; node = node->parent)
	{
		ErpAssert(count < (int) lengthof(steps));
		steps[count++] = node;
	}

	initStringInfo(&path);
	appendStringInfoChar(&path, '$');
	while (count > 0)
		AppendStep(&path, steps[--count]);
	return path.data;
}

const JsonNode *
JsonMember(const JsonNode *object, const char *name)
{
	if (object->kind != JSON_OBJECT)
		return NULL;
	for (const JsonNode *member = object->first; member != NULL; member = member->next)
	{
		if (strcmp(member->name, name) == 0)
			return member;
	}
	return NULL;
}

/* Merges the ascending runs [low, middle) and [middle, high) of source into target; of equal keys the left run's first. */
static void
MergeRuns(const JsonNode **source, const JsonNode **target, int low, int middle, int high)
{
	int			left = low;
	int			right = middle;

	for (int i = low; i < high; i++)
	{
		bool		takeLeft = left < middle &&
			(right >= high || strcmp(source[left]->name, source[right]->name) <= 0);

		target[i] = takeLeft ? source[left++] : source[right++];
	}
}

/*
 * A merge sort: whoever writes the keys can choose them so that a quicksort
 * takes quadratic time.
 */
const JsonNode **
JsonSortedMembers(const JsonNode *object)
{
	int			count = object->count;
	const JsonNode **source = palloc(sizeof(JsonNode *) * Max(count, 1));
	const JsonNode **target = palloc(sizeof(JsonNode *) * Max(count, 1));
	int			filled = 0;

	for (const JsonNode *member = object->first; member != NULL; member = member->next)
		source[filled++] = member;
	ErpAssert(filled == count && object->kind == JSON_OBJECT);

	for (int64 width = 1; width < count; width *= 2)
	{
		const JsonNode **sorted = target;

		ErpCheckInterrupts();
		for (int64 low = 0; low < count; low += 2 * width)
			MergeRuns(source, target, (int) low, (int) Min(low + width, count), (int) Min(low + 2 * width, count));
		target = source;
		source = sorted;
	}
	pfree(target);
	return source;
}

/* Our own words: the server's come in its language, and not at all without the server. */
const char *
JsonSyntaxMessage(int parseError)
{
	switch ((JsonParseErrorType) parseError)
	{
		case JSON_EXPECTED_ARRAY_FIRST:
			return "expected a value or ]";
		case JSON_EXPECTED_ARRAY_NEXT:
			return "expected , or ]";
		case JSON_EXPECTED_OBJECT_FIRST:
			return "expected a key in quotes or }";
		case JSON_EXPECTED_OBJECT_NEXT:
			return "expected , or }";
		case JSON_EXPECTED_COLON:
			return "expected : after a key";
		case JSON_EXPECTED_STRING:
			return "expected a key in quotes";
		case JSON_EXPECTED_JSON:
			return "expected a value";
		case JSON_EXPECTED_END:
			return "expected the end after the value";
		case JSON_EXPECTED_MORE:
			return "the text ends too early";
		case JSON_ESCAPING_INVALID:
			return "a string has an unknown escape sequence";
		case JSON_ESCAPING_REQUIRED:
			return "a string has a control character that is not escaped";
		case JSON_UNICODE_CODE_POINT_ZERO:
			return "a string has the character \\u0000, which text cannot hold";
		case JSON_UNICODE_ESCAPE_FORMAT:
			return "\\u is not followed by four hexadecimal digits";
		case JSON_UNICODE_HIGH_SURROGATE:
		case JSON_UNICODE_LOW_SURROGATE:
			return "a string has half of a surrogate pair";
		case JSON_UNICODE_HIGH_ESCAPE:
			return "a string has a character that the encoding lacks";
		default:
			return "not a token of JSON";
	}
}

JsonNode *
MakeJson(JsonKind kind, const char *name, const char *text)
{
	JsonNode   *node = palloc0(sizeof(JsonNode));

	node->kind = kind;
	node->name = name;
	node->text = text;
	node->length = text == NULL ? 0 : (int) strlen(text);
	node->line = 1;
	node->column = 1;
	return node;
}

JsonNode *
AddJson(JsonNode *container, JsonNode *node)
{
	node->parent = container;
	node->next = NULL;
	node->index = container->count++;
	if (container->last != NULL)
		container->last->next = node;
	else
		container->first = node;
	container->last = node;
	return node;
}

JsonNode *
RenamedJson(const JsonNode *node, const char *name)
{
	JsonNode   *copy = palloc(sizeof(JsonNode));

	*copy = *node;
	copy->name = name;
	return copy;
}
