/*
 * A text of JSON on its way into a tree: what json_in.c, which reads it, and json_refuse.c, which says where something is wrong, share.
 */
#ifndef ERP_JSON_READER_H
#define ERP_JSON_READER_H

#include "core/json_in.h"

#include <setjmp.h>

#include "common/jsonapi.h"

typedef struct JsonReader
{
	JsonLexContext *lexer;
	const JsonLimits *limits;
	JsonProblem *problem;
	JsonNode   *root;
	JsonNode   *container;		/* array or object being read, NULL outside */
	const char *name;			/* key of the value that comes next, or NULL */
	int			depth;
	int			nodeCount;
	JsonNode   *block;			/* where nodes come from */
	int			blockSize, blockUsed;
	int			encoding;
	const char *end;			/* of the text */
	const char *position;		/* line and column are of this byte */
	int			line;
	int			column;
#if !ERP_JSON_ACTIONS_STOP
	sigjmp_buf	stop;
#endif
} JsonReader;

/* json_refuse.c: moves line and column on to a byte that is not before the present one. */
extern void JsonAdvanceTo(JsonReader *reader, const char *target);

/* json_refuse.c: fills the problem with what is wrong with a node, or at the reader's position, naming the member that was being read. False, so that an action can return it. */
extern bool JsonRefuseNode(JsonReader *reader, const JsonNode *node, const char *message);
extern bool JsonRefuseHere(JsonReader *reader, const char *message);

#endif
