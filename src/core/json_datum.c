#include "core/json_in.h"

#include "fmgr.h"

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

JsonNode *
ParseJsonDatum(Datum json)
{
	text	   *value = DatumGetTextPP(json);
	JsonProblem problem;
	JsonNode   *root = ParseJson(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &DefaultJsonLimits, &problem);

	if (root == NULL)
		ReportJsonProblem(&problem);
	return root;
}
