/*
 * Requests of calls: what their fields may say.
 */
#ifndef ERP_REQUEST_H
#define ERP_REQUEST_H

#include "postgres.h"

#include "utils/jsonb.h"

/* Whether a text of so many bytes is a day of the calendar written YYYY-MM-DD. */
extern bool IsDayText(const char *text, int length);

/*
 * Raises invalid_field unless the request is an object whose members are as the fields say: {"name": "type", or "type!" where
 * it must be given}. more: others; NULL: none. JSON null counts as not given.
 */
extern void CheckRequest(Jsonb *request, Jsonb *first, Jsonb *more);

/* Raises an error of the engine's own: path and value of the field (NULL: none), and what to do. */
extern void RefuseRequest(int errorCode, const char *message, const char *at, const char *value, const char *hint) pg_attribute_noreturn();

/* A type of fields, by its name, an error if there is none; and whether a value is of it. */
typedef struct FieldType FieldType;
extern const FieldType *FindFieldType(const char *name, int length);
extern bool IsOfFieldType(const FieldType *type, const JsonbValue *value);

/* What values of the type must be. */
extern const char *FieldTypeReason(const FieldType *type);

/* A value as the operator #>> gives it; NULL of null. */
extern char *JsonbText(const JsonbValue *value);

#endif
