#include "core/json_reader.h"

#include "mb/pg_wchar.h"

/* Where a reader of JSON is in its text, and what is wrong there. */

static int
CharacterLength(const JsonReader *reader, const char *p)
{
	int			length;

	if (!IS_HIGHBIT_SET(*p))
		return 1;
	length = pg_encoding_mblen(reader->encoding, p);
	return Min(length, (int) (reader->end - p));
}

void
JsonAdvanceTo(JsonReader *reader, const char *target)
{
	while (reader->position < target)
	{
		if (*reader->position == '\n')
		{
			reader->line++;
			reader->column = 1;
		}
		else
			reader->column++;
		reader->position += CharacterLength(reader, reader->position);
	}
}

/* Copies as much of text as fits, whole characters only. */
static void
CopyCut(const JsonReader *reader, char *target, size_t size, const char *text)
{
	size_t		length = strlen(text);
	size_t		used = 0;

	while (used < length)
	{
		size_t		width = IS_HIGHBIT_SET(text[used]) ? pg_encoding_mblen(reader->encoding, text + used) : 1;

		if (used + width > length || used + width >= size)
			break;
		used += width;
	}
	memcpy(target, text, used);
	target[used] = '\0';
}

/* Fills the problem; returns false so that an action can return it. */
static bool
Refuse(JsonReader *reader, int line, int column, const JsonNode *at, const char *message)
{
	JsonProblem *problem = reader->problem;

	problem->line = line;
	problem->column = column;
	CopyCut(reader, problem->message, sizeof(problem->message), message);
	CopyCut(reader, problem->path, sizeof(problem->path), at == NULL ? "$" : JsonPath(at));
	return false;
}

bool
JsonRefuseNode(JsonReader *reader, const JsonNode *node, const char *message)
{
	return Refuse(reader, node->line, node->column, node, message);
}

bool
JsonRefuseHere(JsonReader *reader, const char *message)
{
	JsonNode	here = {.parent = reader->container, .name = reader->name};

	if (reader->container == NULL)
		return Refuse(reader, reader->line, reader->column, NULL, message);
	if (reader->name == NULL)
		return Refuse(reader, reader->line, reader->column, reader->container, message);
	return Refuse(reader, reader->line, reader->column, &here, message);
}
