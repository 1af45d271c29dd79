#include "core/json_reader.h"

#include "mb/pg_wchar.h"

/* Nodes are taken from blocks, each twice the last: one allocation a node would cost a quarter more memory. */
#define FIRST_BLOCK_NODES 16
#define BLOCK_NODES_MAX 256

/* Ends an action; what went wrong is in the problem already. */
#if ERP_JSON_ACTIONS_STOP
#define FINISH_ACTION(reader, accepted) return (accepted) ? JSON_SUCCESS : JSON_SEM_ACTION_FAILED
#else
#define FINISH_ACTION(reader, accepted) \
	do { \
		if (!(accepted)) \
			siglongjmp((reader)->stop, 1); \
	} while (0)
#endif

static int
ServerEncoding(void)
{
#ifdef FRONTEND
	return PG_UTF8;
#else
	return GetDatabaseEncoding();
#endif
}

static JsonNode *
NewNode(JsonReader *reader)
{
	if (reader->blockUsed == reader->blockSize)
	{
		reader->blockSize = Min(Max(reader->blockSize * 2, FIRST_BLOCK_NODES), BLOCK_NODES_MAX);
		reader->block = palloc0(sizeof(JsonNode) * reader->blockSize);
		reader->blockUsed = 0;
	}
	return &reader->block[reader->blockUsed++];
}

static void
AppendChild(JsonNode *container, JsonNode *node)
{
	node->index = container->count++;
	if (container->last != NULL)
		container->last->next = node;
	else
		container->first = node;
	container->last = node;
}

/* Makes the node of the value at the reader's position; NULL if there are too many. */
static JsonNode *
AddNode(JsonReader *reader, JsonKind kind)
{
	JsonNode   *node;

	ErpCheckInterrupts();
	if (++reader->nodeCount > reader->limits->maxNodes)
	{
		JsonRefuseHere(reader, psprintf("more than %d values", reader->limits->maxNodes));
		return NULL;
	}

	node = NewNode(reader);
	node->kind = kind;
	node->line = reader->line;
	node->column = reader->column;
	node->name = reader->name;
	node->parent = reader->container;
	if (reader->container != NULL)
		AppendChild(reader->container, node);
	else
		reader->root = node;
	reader->name = NULL;
	return node;
}

/* The depth limit holds here, before the parser descends. */
static bool
OpenContainer(JsonReader *reader, JsonKind kind)
{
	JsonNode   *node = AddNode(reader, kind);

	if (node == NULL)
		return false;
	reader->container = node;
	if (++reader->depth > Min(reader->limits->maxDepth, JSON_DEPTH_MAX))
		return JsonRefuseNode(reader, node, psprintf("nested deeper than %d levels", reader->limits->maxDepth));
	return true;
}

static bool
CloseContainer(JsonReader *reader)
{
	ErpAssert(reader->depth > 0 && reader->container != NULL);
	reader->container = reader->container->parent;
	reader->depth--;
	return true;
}

/* Of members with the same key the later one is at fault. */
static bool
CheckKeysUnique(JsonReader *reader, const JsonNode *object)
{
	const JsonNode **members = JsonSortedMembers(object);
	bool		unique = true;

	for (int i = 1; i < object->count && unique; i++)
	{
		if (strcmp(members[i - 1]->name, members[i]->name) == 0)
			unique = JsonRefuseNode(reader, members[i], psprintf("key \"%s\" is given twice", members[i]->name));
	}
	pfree(members);
	return unique;
}

static bool
CheckNumber(JsonReader *reader, const JsonNode *node)
{
	JsonNumber	number = JsonNumberParts(node->text, node->length);

	if (number.digitCount > reader->limits->maxDigits)
		return JsonRefuseNode(reader, node, psprintf("number has more than %d significant digits", reader->limits->maxDigits));
	if (number.exponent > JSON_EXPONENT_MAX || number.exponent < -JSON_EXPONENT_MAX)
		return JsonRefuseNode(reader, node, psprintf("exponent of number lies beyond %d", JSON_EXPONENT_MAX));
	return true;
}

static bool
AddScalar(JsonReader *reader, char *token, JsonTokenType type)
{
	JsonKind	kind = type == JSON_TOKEN_STRING ? JSON_STRING :
		type == JSON_TOKEN_NUMBER ? JSON_NUMBER_TEXT :
		type == JSON_TOKEN_NULL ? JSON_NULL_VALUE : JSON_BOOLEAN;
	JsonNode   *node = AddNode(reader, kind);

	if (node == NULL)
		return false;
	node->boolean = type == JSON_TOKEN_TRUE;
	if (kind == JSON_STRING || kind == JSON_NUMBER_TEXT)
	{
		node->text = token;
		node->length = (int) strlen(token);
	}
	return kind != JSON_NUMBER_TEXT || CheckNumber(reader, node);
}

/* The parser tells of a member or element when its value is the current token, of a scalar when it no longer is. */
static JsonActionResult
StartField(void *state, char *name, bool isNull)
{
	JsonReader *reader = (JsonReader *) state;

	(void) isNull;
	reader->name = name;
	JsonAdvanceTo(reader, reader->lexer->token_start);
	FINISH_ACTION(reader, true);
}

static JsonActionResult
StartElement(void *state, bool isNull)
{
	JsonReader *reader = (JsonReader *) state;

	(void) isNull;
	JsonAdvanceTo(reader, reader->lexer->token_start);
	FINISH_ACTION(reader, true);
}

static JsonActionResult
StartObject(void *state)
{
	JsonReader *reader = (JsonReader *) state;

	FINISH_ACTION(reader, OpenContainer(reader, JSON_OBJECT));
}

static JsonActionResult
StartArray(void *state)
{
	JsonReader *reader = (JsonReader *) state;

	FINISH_ACTION(reader, OpenContainer(reader, JSON_ARRAY));
}

static JsonActionResult
EndObject(void *state)
{
	JsonReader *reader = (JsonReader *) state;

	FINISH_ACTION(reader, CheckKeysUnique(reader, reader->container) && CloseContainer(reader));
}

static JsonActionResult
EndArray(void *state)
{
	JsonReader *reader = (JsonReader *) state;

	FINISH_ACTION(reader, CloseContainer(reader));
}

static JsonActionResult
TakeScalar(void *state, char *token, JsonTokenType type)
{
	JsonReader *reader = (JsonReader *) state;

	FINISH_ACTION(reader, AddScalar(reader, token, type));
}

/* What is wrong with text that the parser itself refused. */
static bool
RefuseSyntax(JsonReader *reader, JsonParseErrorType error)
{
	const char *token = reader->lexer->token_start;

	/* There is no token at the end of the text. */
	JsonAdvanceTo(reader, token != NULL ? token : reader->end);
	return JsonRefuseHere(reader, JsonSyntaxMessage(error));
}

static bool
RunParser(JsonReader *reader)
{
	JsonSemAction actions = {
		.semstate = reader,
		.object_start = StartObject,
		.object_end = EndObject,
		.array_start = StartArray,
		.array_end = EndArray,
		.object_field_start = StartField,
		.array_element_start = StartElement,
		.scalar = TakeScalar
	};
	JsonParseErrorType error = pg_parse_json(reader->lexer, &actions);

#if ERP_JSON_ACTIONS_STOP
	if (error == JSON_SEM_ACTION_FAILED)
		return false;
#endif
	return error == JSON_SUCCESS || RefuseSyntax(reader, error);
}

/* In 15 an action stops the parser by a jump; the parser holds nothing but memory of the current context. */
static bool
RunStoppableParser(JsonReader *reader)
{
#if !ERP_JSON_ACTIONS_STOP
	if (sigsetjmp(reader->stop, 0) != 0)
		return false;
#endif
	return RunParser(reader);
}

/* Size and encoding; also moves to the first byte that is not white space. */
static bool
CheckText(JsonReader *reader, const char *text, int length)
{
	const char *start = text;
	int			valid;

	if ((size_t) length > reader->limits->maxBytes)
		return JsonRefuseHere(reader, psprintf("longer than %zu bytes", reader->limits->maxBytes));

	valid = pg_encoding_verifymbstr(reader->encoding, text, length);
	if (valid != length)
	{
		JsonAdvanceTo(reader, text + valid);
		return JsonRefuseHere(reader, "a byte is not valid in the encoding");
	}
	while (start < reader->end && strchr(" \t\r\n", *start) != NULL)
		start++;
	JsonAdvanceTo(reader, start);
	return true;
}

JsonNode *
ParseJson(const char *text, int length, const JsonLimits *limits, JsonProblem *problem)
{
	JsonReader	reader = {
		.limits = limits,
		.problem = problem,
		.encoding = ServerEncoding(),
		.end = text + length,
		.position = text,
		.line = 1,
		.column = 1
	};

	ErpAssert(length >= 0);
	if (!CheckText(&reader, text, length))
		return NULL;
	reader.lexer = MakeJsonLexer(text, length, reader.encoding);
	return RunStoppableParser(&reader) ? reader.root : NULL;
}
