#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/check_digits.h"

PG_FUNCTION_INFO_V1(erp_identifier_problem);

/* erp_private.identifier_problem(scheme, value): what is wrong with it; null if nothing is. */
Datum
erp_identifier_problem(PG_FUNCTION_ARGS)
{
	const char *scheme = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const char *value = text_to_cstring(PG_GETARG_TEXT_PP(1));

	switch (CheckIdentifier(scheme, value))
	{
		case IDENTIFIER_MALFORMED:
			PG_RETURN_TEXT_P(cstring_to_text("is not of the form of its scheme"));
		case IDENTIFIER_WRONG_DIGIT:
			PG_RETURN_TEXT_P(cstring_to_text("has a wrong check digit"));
		default:
			PG_RETURN_NULL();
	}
}
