#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "core/errors.h"

typedef struct ErrorRow
{
	int			code;
	const char *name;
	const char *meaning;
	const char *cure;
} ErrorRow;

#define ERROR_ROW(symbol, a, b, c, d, e, name, meaning, cure) {ERRCODE_ERP_##symbol, name, meaning, cure},
static const ErrorRow errorRows[] = {
	ERP_ERROR_LIST(ERROR_ROW)
};
#undef ERROR_ROW

PG_FUNCTION_INFO_V1(erp_list_errors);

/* erp.errors(): one row per SQLSTATE of the engine's own, in the order of the list. */
Datum
erp_list_errors(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		nulls[4] = {false};

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < (int) lengthof(errorRows); i++)
	{
		Datum		values[4];

		values[0] = CStringGetTextDatum(unpack_sql_state(errorRows[i].code));
		values[1] = CStringGetTextDatum(errorRows[i].name);
		values[2] = CStringGetTextDatum(errorRows[i].meaning);
		values[3] = CStringGetTextDatum(errorRows[i].cure);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
