/*
 * How much room a text takes in a terminal or a text file: what is printed
 * there stands in columns, and Chinese characters take two of them.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"

PG_FUNCTION_INFO_V1(erp_text_width);

/* erp_private.text_width(value): its columns; a character that is not shown takes none. */
Datum
erp_text_width(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	const char *next = VARDATA_ANY(value);
	const char *end = next + VARSIZE_ANY_EXHDR(value);
	int			width = 0;

	while (next < end)
	{
		width += Max(pg_dsplen(next), 0);
		next += pg_mblen(next);
	}
	PG_RETURN_INT32(width);
}
