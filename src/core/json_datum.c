#include "core/json_in.h"

#include "fmgr.h"
#include "utils/jsonb.h"

#include "core/errors.h"

static void
ReportJsonProblem(const JsonProblem *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_INVALID_JSON),
			 errmsg("invalid JSON document: %s", problem->message),
			 errdetail("Line %d, column %d, at %s.", problem->line, problem->column, problem->path),
			 errhint("Mend the document at that place.")));
}

static JsonNode *
ParseOrReport(const char *text, int length)
{
	JsonProblem problem;
	JsonNode   *root = ParseJson(text, length, &DefaultJsonLimits, &problem);

	if (root == NULL)
		ReportJsonProblem(&problem);
	return root;
}

JsonNode *
ParseJsonDatum(Datum json)
{
	text	   *value = DatumGetTextPP(json);

	return ParseOrReport(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

JsonNode *
ParseJsonbDatum(Datum jsonb)
{
	Jsonb	   *value = DatumGetJsonbP(jsonb);
	char	   *text = JsonbToCString(NULL, &value->root, VARSIZE(value));

	return ParseOrReport(text, (int) strlen(text));
}
