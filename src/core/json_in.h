/*
 * JSON documents: read by the server's own SAX parser into a tree in which
 * numbers stay text, within limits of depth, size, nodes and digits. Works in
 * the server and without it.
 */
#ifndef ERP_JSON_IN_H
#define ERP_JSON_IN_H

#include "core/compat.h"

#include "lib/stringinfo.h"

/* No limit goes deeper: the parser of PostgreSQL 15 and 16 and the canonical writer recurse. */
#define JSON_DEPTH_MAX 100

/* A number is refused beyond 10^JSON_EXPONENT_MAX, and below its inverse. */
#define JSON_EXPONENT_MAX 9999

typedef enum JsonKind
{
	JSON_NULL_VALUE,
	JSON_BOOLEAN,
	JSON_NUMBER_TEXT,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
} JsonKind;

typedef struct JsonNode
{
	JsonKind	kind;
	bool		boolean;		/* of JSON_BOOLEAN */
	int			line;			/* where the value begins, from 1 */
	int			column;			/* in characters, from 1 */
	int			length;			/* bytes of text */
	int			count;			/* children of an array or object */
	int			index;			/* place among the siblings, from 0 */
	const char *name;			/* key in the object around it, else NULL */
	const char *text;			/* of JSON_STRING (unescaped) and JSON_NUMBER_TEXT (as written), else NULL */
	struct JsonNode *parent;
	struct JsonNode *first;
	struct JsonNode *last;
	struct JsonNode *next;
} JsonNode;

typedef struct JsonLimits
{
	int			maxDepth;		/* arrays and objects within one another; beyond JSON_DEPTH_MAX as JSON_DEPTH_MAX */
	size_t		maxBytes;		/* of the text */
	int			maxDigits;		/* significant digits of a number */
	int			maxNodes;		/* values in all */
} JsonLimits;

/* Depth 16, 256 MB, 40 digits, 4 million nodes. */
extern const JsonLimits DefaultJsonLimits;

typedef struct JsonProblem
{
	int			line;			/* from 1 */
	int			column;			/* in characters, from 1 */
	char		path[256];		/* e.g. $.lines[3].quantity; cut if longer */
	char		message[200];	/* what is wrong; cut if longer */
} JsonProblem;

/*
 * Reads `length` bytes of JSON in the server's encoding (UTF-8 without the
 * server) into a tree in the current memory context. Returns its root, or NULL
 * with *problem filled for text that is malformed, badly encoded, gives a key
 * twice, has \u0000 or goes beyond a limit. The path is that of the value at
 * fault, or of the array or object around it where the parser had not yet
 * reached a value.
 */
extern JsonNode *ParseJson(const char *text, int length, const JsonLimits *limits, JsonProblem *problem);

#ifndef FRONTEND
/* The same for a value of type json under DefaultJsonLimits; a problem is error invalid_json (LE010). */
extern JsonNode *ParseJsonDatum(Datum json);

/* The same for a value of type jsonb, whose places in a text mean nothing. */
extern JsonNode *ParseJsonbDatum(Datum jsonb);
#endif

/* Where the node is, e.g. $.lines[3].quantity (arrays from 0), palloc'd. */
extern char *JsonPath(const JsonNode *node);

/* The member of that name, or NULL if the object has none or the node is no object. */
extern const JsonNode *JsonMember(const JsonNode *object, const char *name);

/* A node that is made and not read: of that name in an object, and that text; the last child of a container, which may stand in another tree. */
extern JsonNode *MakeJson(JsonKind kind, const char *name, const char *text);
extern JsonNode *AddJson(JsonNode *container, JsonNode *node);

/* The node under another name, with the same children, which stay where they are. */
extern JsonNode *RenamedJson(const JsonNode *node, const char *name);

/*
 * Appends the one text of the value: members sorted by the bytes of their keys, numbers by
 * value (1.0, 1.00 and 1e0 are 1), strings escaped one way, no white space.
 * Reading it back and writing it again gives the same bytes.
 */
extern void JsonCanonical(const JsonNode *node, StringInfo out);

/*
 * A number token by value: sign, significant digits without zeros at either
 * end (text, length; none for zero), times 10^exponent.
 */
typedef struct JsonNumber
{
	bool		negative;
	int			digitCount;
	int64		exponent;
	const char *start;			/* first significant digit; a point may lie among the digits */
	const char *end;			/* after the last */
} JsonNumber;

/* Takes apart a token that is a valid JSON number. */
extern JsonNumber JsonNumberParts(const char *text, int length);

/* What a JsonParseErrorType of the server's parser means, in words. */
extern const char *JsonSyntaxMessage(int parseError);

/* Pointers to the members of an object, ascending by the bytes of their keys, palloc'd; equal keys by place. */
extern const JsonNode **JsonSortedMembers(const JsonNode *object);

#endif
