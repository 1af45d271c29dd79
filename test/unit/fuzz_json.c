/* Whatever the bytes: no crash; and the canonical text of what is accepted is accepted and canonical. */
#include "core/json_in.h"

#include "tap.h"

int			LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

static char *
Canonical(const char *text, int length, JsonProblem *problem)
{
	JsonNode   *root = ParseJson(text, length, &DefaultJsonLimits, problem);
	StringInfoData out;

	if (root == NULL)
		return NULL;
	initStringInfo(&out);
	JsonCanonical(root, &out);
	return out.data;
}

/* A problem says where and what. */
static void
CheckProblem(const JsonProblem *problem)
{
	if (problem->line < 1 || problem->column < 1 || problem->path[0] != '$' || problem->message[0] == '\0' ||
		strlen(problem->path) >= sizeof(problem->path) || strlen(problem->message) >= sizeof(problem->message))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	JsonProblem problem;
	char	   *text = palloc(size);
	char	   *once;

	memcpy(text, data, size);
	once = Canonical(text, (int) size, &problem);
	if (once == NULL)
		CheckProblem(&problem);
	else
	{
		char	   *twice = Canonical(once, (int) strlen(once), &problem);

		if (twice == NULL || strcmp(once, twice) != 0)
			abort();
	}
	ResetMemory();
	return 0;
}
