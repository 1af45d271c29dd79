/* JSON input: worked examples, attacks, and the canonical form. */
#include "core/json_in.h"

#include "tap.h"

#define DEEP 100000
#define MANY_KEYS 200000
#define CASES 20000

typedef struct BadExample
{
	const char *name;
	const char *text;
	const char *message;		/* what the message must contain */
	int			line;
	int			column;
	const char *path;
} BadExample;

static const BadExample badExamples[] = {
	{"empty text", "", "ends too early", 1, 1, "$"},
	{"blank text", " \n ", "ends too early", 2, 2, "$"},
	{"an object cut short", "{\"a\": 1", "ends too early", 1, 8, "$"},
	{"a string cut short", "{\"a\": \"x", "not a token", 1, 7, "$"},
	{"a word cut short", "[tru", "not a token", 1, 2, "$"},
	{"a number cut short", "[1, -", "not a token", 1, 5, "$"},
	{"an escape cut short", "\"\\u12", "not a token", 1, 1, "$"},
	{"an escape of two digits", "[\"\\u12zz\"]", "four hexadecimal digits", 1, 2, "$"},
	{"two values", "1 2", "expected the end", 1, 3, "$"},
	{"a comma too many", "[1,]", "expected a value", 1, 4, "$"},
	{"a member without quotes", "{a: 1}", "not a token", 1, 2, "$"},
	{"a member without a value", "{\"a\":}", "expected a value", 1, 6, "$.a"},
	{"single quotes", "['x']", "not a token", 1, 2, "$"},
	{"a leading zero", "[012]", "not a token", 1, 2, "$"},
	{"a plus sign", "[+1]", "not a token", 1, 2, "$"},
	{"a point without digits", "[1.]", "not a token", 1, 2, "$"},
	{"NaN", "[NaN]", "not a token", 1, 2, "$"},
	{"a line break in a string", "\"a\nb\"", "control character", 1, 1, "$"},
	{"an unknown escape", "\"\\x41\"", "unknown escape", 1, 3, "$"},
	{"a zero character", "{\"lines\": [{\"note\": \"a\\u0000b\"}]}", "\\u0000", 1, 21, "$.lines[0]"},
	{"a lone high surrogate", "[\"\\ud800\"]", "surrogate", 1, 2, "$"},
	{"a lone low surrogate", "[\"\\udc00\"]", "surrogate", 1, 2, "$"},
	{"two high surrogates", "[\"\\ud800\\ud800\"]", "surrogate", 1, 2, "$"},
	{"a byte that is not UTF-8", "{\"a\": \"\xff\"}", "not valid", 1, 8, "$"},
	{"an overlong encoding", "\"\xc0\xaf\"", "not valid", 1, 2, "$"},
	{"an encoded surrogate", "\"\xed\xa0\x80\"", "not valid", 1, 2, "$"},
	{"a character cut short", "\"\xe4\xbd", "not valid", 1, 2, "$"},
	{"a key given twice", "{\"a\": 1,\n \"b\": 2, \"a\": 3}", "key \"a\" is given twice", 2, 15, "$.a"},
	{"a key given twice by an escape", "{\"a\": 1, \"\\u0061\": 2}", "key \"a\" is given twice", 1, 20, "$.a"},
	{"a key given twice within", "{\"lines\": [{}, {\"q\": 1, \"q\": 1}]}", "key \"q\" is given twice", 1, 30, "$.lines[1].q"},
	{"columns count characters", "[\"\xe4\xbd\xa0\xe5\xa5\xbd\", x]", "not a token", 1, 8, "$"},
	{"17 levels", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "deeper than 16", 1, 17, "$[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"},
	{"41 digits", "{\"n\": 12345678901234567890123456789012345678901}", "more than 40 significant digits", 1, 7, "$.n"},
	{"41 digits around a point", "[-1234567890123456789012345678901234567890.1]", "more than 40 significant digits", 1, 2, "$[0]"},
	{"a huge exponent", "[1e999999999]", "exponent", 1, 2, "$[0]"},
	{"an exponent beyond 64 bits", "[1E+99999999999999999999999999]", "exponent", 1, 2, "$[0]"},
	{"an exponent one beyond the limit", "[1e9999, 1e10000]", "exponent", 1, 10, "$[1]"},
	{"an exponent one below the limit", "[1e-9999, 1e-10000]", "exponent", 1, 11, "$[1]"},
	{"a tiny exponent", "[1, 1e-999999999]", "exponent", 1, 5, "$[1]"}
};

static void
CheckBad(const char *name, const char *text, int length, const JsonLimits *limits, const BadExample *expected)
{
	JsonProblem problem = {0};
	JsonNode   *root = ParseJson(text, length, limits, &problem);
	bool		right = root == NULL && strstr(problem.message, expected->message) != NULL &&
		problem.line == expected->line && problem.column == expected->column &&
		strcmp(problem.path, expected->path) == 0;

	Ok(right, "%s is refused", name);
	if (!right)
		printf("# %s at line %d, column %d, %s: \"%s\"\n", root == NULL ? "refused" : "accepted",
			   problem.line, problem.column, problem.path, problem.message);
	ResetMemory();
}

static void
CheckBadExamples(void)
{
	for (int i = 0; i < (int) lengthof(badExamples); i++)
		CheckBad(badExamples[i].name, badExamples[i].text, (int) strlen(badExamples[i].text), &DefaultJsonLimits, &badExamples[i]);

	CheckBad("a zero byte", "[1\0]", 4, &DefaultJsonLimits, &(BadExample) {.message = "not valid", .line = 1, .column = 3, .path = "$"});
	CheckBad("a text beyond the limit of bytes", "[1234567]", 9, &(JsonLimits) {16, 8, 40, 100},
			 &(BadExample) {.message = "longer than 8 bytes", .line = 1, .column = 1, .path = "$"});
	CheckBad("a text beyond the limit of values", "{\"a\": [1, 2, 3]}", 16, &(JsonLimits) {16, 100, 40, 4},
			 &(BadExample) {.message = "more than 4 values", .line = 1, .column = 14, .path = "$.a"});
	CheckBad("a second level under a limit of one", "{\"a\": []}", 9, &(JsonLimits) {1, 100, 40, 10},
			 &(BadExample) {.message = "deeper than 1 level", .line = 1, .column = 7, .path = "$.a"});
}

/* The depth limit stops the parser before its recursion could exhaust the stack. */
static void
CheckDeep(void)
{
	char	   *text = palloc(6 * DEEP);
	JsonProblem problem;

	memset(text, '[', DEEP);
	Ok(ParseJson(text, DEEP, &DefaultJsonLimits, &problem) == NULL && problem.column == 17, "%d brackets are refused at the 17th", DEEP);
	Ok(ParseJson(text, DEEP, &(JsonLimits) {DEEP, 6 * DEEP, 40, DEEP}, &problem) == NULL && problem.column == JSON_DEPTH_MAX + 1,
	   "no limit of the caller's goes deeper than %d", JSON_DEPTH_MAX);
	for (int i = 0; i < DEEP; i++)
		memcpy(text + 5 * i, "{\"a\":", 5);
	Ok(ParseJson(text, 5 * DEEP, &DefaultJsonLimits, &problem) == NULL && problem.column == 81, "%d braces are refused at the 17th", DEEP);
	ResetMemory();
}

/* All keys share a long beginning, in descending order, the last one given twice. */
static void
CheckManyKeys(void)
{
	int			size = MANY_KEYS * 40;
	char	   *text = palloc(size);
	int			length = 0;
	JsonProblem problem;
	JsonNode   *root;

	for (int i = 0; i < MANY_KEYS; i++)
		length += sprintf(text + length, "%c\"a_long_beginning_%08d\":1", i == 0 ? '{' : ',', MANY_KEYS - i);
	text[length] = '}';
	root = ParseJson(text, length + 1, &DefaultJsonLimits, &problem);
	Ok(root != NULL && root->count == MANY_KEYS, "%d different keys are accepted", MANY_KEYS);

	length += sprintf(text + length, ",\"a_long_beginning_%08d\":2}", MANY_KEYS);
	Ok(ParseJson(text, length, &DefaultJsonLimits, &problem) == NULL && strcmp(problem.path, "$.a_long_beginning_00200000") == 0,
	   "the one key of %d that is given twice is found", MANY_KEYS);
	ResetMemory();
}

static void
CheckLongNumbers(void)
{
	int			size = 1000000;
	char	   *text = palloc(size + 1);
	JsonProblem problem;

	memset(text, '0', size);
	memcpy(text, "1.", 2);
	Ok(ParseJson(text, size, &DefaultJsonLimits, &problem) != NULL, "1 with a million zeros after the point is 1");
	text[1] = '0';
	Ok(ParseJson(text, size, &DefaultJsonLimits, &problem) == NULL, "1 with a million zeros before the point is refused");
	memset(text, '9', size);
	Ok(ParseJson(text, size, &DefaultJsonLimits, &problem) == NULL, "a million nines are refused");
	ResetMemory();
}

static void
CheckTree(void)
{
	const char *text = "{\"kind\": \"sales_invoice\",\n \"lines\": [\n  {\"item\": \"A\\u00e9\\n\", \"quantity\": 1.50},\n"
		"  {\"free\": true, \"note\": null, \"a b\\\"\": -0.0e+1}],\n \"big\": 12345678901234567890}";
	JsonProblem problem;
	JsonNode   *root = ParseJson(text, (int) strlen(text), &DefaultJsonLimits, &problem);
	const JsonNode *lines = JsonMember(root, "lines");
	const JsonNode *quantity = JsonMember(lines->first, "quantity");
	const JsonNode *odd = JsonMember(lines->last, "a b\"");

	Ok(root->kind == JSON_OBJECT && root->count == 3 && root->parent == NULL, "the root is an object of three members");
	Ok(strcmp(JsonMember(root, "kind")->text, "sales_invoice") == 0 && JsonMember(root, "kind")->length == 13, "a string");
	Ok(lines->kind == JSON_ARRAY && lines->count == 2 && lines->first->next == lines->last && lines->last->index == 1, "an array of two");
	Ok(strcmp(JsonMember(lines->first, "item")->text, "A\xc3\xa9\n") == 0, "escapes are resolved");
	Ok(quantity->kind == JSON_NUMBER_TEXT && strcmp(quantity->text, "1.50") == 0, "a number keeps its text");
	Ok(quantity->line == 3 && quantity->column == 37, "a value knows its line and column");
	Ok(strcmp(JsonPath(quantity), "$.lines[0].quantity") == 0, "a value knows its path");
	Ok(strcmp(JsonPath(odd), "$.lines[1].\"a b\\\"\"") == 0, "odd keys are quoted in a path");
	Ok(strcmp(JsonPath(root), "$") == 0, "the path of the root is $");
	Ok(JsonMember(lines->last, "free")->boolean && JsonMember(lines->last, "free")->kind == JSON_BOOLEAN, "true");
	Ok(JsonMember(lines->last, "note")->kind == JSON_NULL_VALUE, "null");
	Ok(strcmp(JsonMember(root, "big")->text, "12345678901234567890") == 0, "20 digits lose none");
	Ok(JsonMember(root, "none") == NULL && JsonMember(lines, "kind") == NULL, "what is not there is not found");
	ResetMemory();
}

/* Canonical text of JSON that must be valid; NULL if it is not. */
static const char *
Canonical(const char *text)
{
	JsonProblem problem;
	JsonNode   *root = ParseJson(text, (int) strlen(text), &DefaultJsonLimits, &problem);
	StringInfoData out;

	if (root == NULL)
		return NULL;
	initStringInfo(&out);
	JsonCanonical(root, &out);
	return out.data;
}

static void
CheckCanonical(const char *text, const char *expected)
{
	const char *got = Canonical(text);

	Ok(got != NULL && strcmp(got, expected) == 0, "%.60s is %.60s", text, expected);
	if (got == NULL || strcmp(got, expected) != 0)
		printf("# got %s\n", got == NULL ? "a refusal" : got);
	ResetMemory();
}

static void
CheckCanonicalExamples(void)
{
	CheckCanonical(" { \"b\" : [ 1 , 2 ] , \"a\" : { } } ", "{\"a\":{},\"b\":[1,2]}");
	CheckCanonical("{\"b\":1,\"B\":2,\"\":3,\"ab\":4,\"a\":5,\"\xc3\xa9\":6}", "{\"\":3,\"B\":2,\"a\":5,\"ab\":4,\"b\":1,\"\xc3\xa9\":6}");
	CheckCanonical("[1.0, 1.00, 1e0, 1, 10e-1, 0.1e1, 100E-2]", "[1,1,1,1,1,1,1]");
	CheckCanonical("[0, -0, 0.000, -0.0e5, 0e-99999999999]", "[0,0,0,0,0]");
	CheckCanonical("[-12.50, 1.25e1, 0.0125, 125e-6, 1200]", "[-12.5,12.5,0.0125,0.000125,1200]");
	CheckCanonical("[12345678901234567890.12345678900]", "[12345678901234567890.123456789]");
	CheckCanonical("[1e39, 1e40, 10e39]", "[1000000000000000000000000000000000000000,1e40,1e40]");
	CheckCanonical("[1e-40, 0.1e-40, 1.5e300, -15e-301]", "[0.0000000000000000000000000000000000000001,1e-41,15e299,-15e-301]");
	CheckCanonical("[1e9999, 0.1e10000]", "[1e9999,1e9999]");
	CheckCanonical("\"\\u0041\\/\\\"\\\\\\n\\t\\u001f\\u00e9\\ud83d\\ude00\"", "\"A/\\\"\\\\\\u000a\\u0009\\u001f\xc3\xa9\xf0\x9f\x98\x80\"");
	CheckCanonical("[true,false,null,[],\"\"]", "[true,false,null,[],\"\"]");
	CheckCanonical("7.10", "7.1");
}

/* A spelling of value / 10^scale, zeros and exponent chosen at random. */
static void
WriteNumber(StringInfo out, int128 value, int scale)
{
	int			exponent = RandomInt(-20, 20);

	appendStringInfo(out, "%s", Show(value));
	if (RandomInt(0, 1) == 0)
	{
		for (int i = exponent; i > 0 && value != 0; i--, scale++)
			appendStringInfoChar(out, '0');
		appendStringInfo(out, ".%.*s", RandomInt(1, 9), "000000000");
	}
	appendStringInfo(out, "e%d", -scale);
}

/* Numbers have the same canonical text if and only if they are equal. */
static void
CheckNumbers(void)
{
	BeginProperty("canonical numbers are equal exactly if their values are");
	for (int i = 0; i < CASES; i++)
	{
		int			scale = RandomInt(0, 8);
		int128		a = RandomDigits(18);
		int128		b = RandomInt(0, 1) == 0 ? a : a + RandomInt(-1, 1) * PowerOfTen(RandomInt(0, 17));
		StringInfoData first;
		StringInfoData second;

		initStringInfo(&first);
		initStringInfo(&second);
		WriteNumber(&first, a, scale);
		WriteNumber(&second, b, scale);
		CountCase();
		if ((strcmp(Canonical(first.data), Canonical(second.data)) == 0) != (a == b))
			FailCase("%s and %s", first.data, second.data);
		ResetMemory();
	}
	EndProperty();
}

static void
WriteRandomValue(StringInfo out, int depth, bool shuffled);

/* Members in a random order if shuffled; the order of their keys is that of a rotation. */
static void
WriteRandomObject(StringInfo out, int depth, bool shuffled)
{
	static const char *const keys[] = {"a", "b", "\\u0062b", "c c", "\\n", "\xc3\xa9"};
	int			start = shuffled ? 3 : 0;

	appendStringInfoChar(out, '{');
	for (int i = 0; i < (int) lengthof(keys); i++)
	{
		int			key = (start + i) % (int) lengthof(keys);

		appendStringInfo(out, "%s\"%s\":%s", i == 0 ? "" : shuffled ? " , " : ",", keys[key], shuffled ? "\t" : "");
		if (key == 2)
			WriteRandomValue(out, depth + 1, shuffled);
		else
			appendStringInfo(out, shuffled ? "%d.0" : "%d", key);
	}
	appendStringInfoChar(out, '}');
}

static void
WriteRandomValue(StringInfo out, int depth, bool shuffled)
{
	if (depth < 12)
		WriteRandomObject(out, depth, shuffled);
	else
		appendStringInfoString(out, shuffled ? "\"\\u0078\"" : "\"x\"");
}

static void
CheckOrder(void)
{
	StringInfoData plain;
	StringInfoData shuffled;

	initStringInfo(&plain);
	initStringInfo(&shuffled);
	WriteRandomValue(&plain, 0, false);
	WriteRandomValue(&shuffled, 0, true);
	Ok(strcmp(plain.data, shuffled.data) != 0 && strcmp(Canonical(plain.data), Canonical(shuffled.data)) == 0,
	   "order of members, blanks and spelling do not matter, 12 levels deep");
	ResetMemory();
}

int
main(void)
{
	CheckBadExamples();
	CheckDeep();
	CheckManyKeys();
	CheckLongNumbers();
	CheckTree();
	CheckCanonicalExamples();
	CheckNumbers();
	CheckOrder();
	return Finish();
}
