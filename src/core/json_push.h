/*
 * What a call returns, as jsonb that is put together without being parsed.
 * A state that is NULL at first is that of pushJsonbValue(), which opens and
 * closes objects and arrays.
 */
#ifndef ERP_JSON_PUSH_H
#define ERP_JSON_PUSH_H

#include "postgres.h"

#include "utils/jsonb.h"

/* A text, as a key (WJB_KEY) or a value (WJB_VALUE) of an object. It is not copied. */
extern void PushJsonText(JsonbParseState **state, JsonbIteratorToken token, const char *text);

/* A member of an object that is an id, a number or a count. */
extern void PushJsonInteger(JsonbParseState **state, const char *name, int64 value);

/* The same of an id; 0 shows as null. */
extern void PushJsonId(JsonbParseState **state, const char *name, int64 id);

/* A member that is the value at `scale`, without zeros at its end. */
extern void PushJsonFixed(JsonbParseState **state, const char *name, int128 value, int scale);

/* The result, once all is closed: what the last pushJsonbValue() gave. */
extern Datum PushedJson(JsonbValue *root);

#endif
