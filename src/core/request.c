/*
 * Requests of calls, checked before they are used: every field known, of its
 * type, named by its path.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/errors.h"
#include "core/request.h"

#define VALUE_SHOWN_MAX 100

typedef struct RequestField
{
	char	   *name;
	int			nameLength;
	const FieldType *type;
	bool		needed;
} RequestField;

typedef struct RequestFields
{
	RequestField *fields;
	int			count;
} RequestFields;

/* The first thing that is wrong with a row: of lowest rank, then of the first name. */
typedef struct RowProblem
{
	int			rank;			/* 0: none yet */
	const char *name;
	const char *value;			/* NULL: none */
	const char *reason;
} RowProblem;

#define RANK_ROW 1
#define RANK_UNKNOWN 2
#define RANK_MISSING 3
#define RANK_VALUE 4

PG_FUNCTION_INFO_V1(erp_check_rows);
PG_FUNCTION_INFO_V1(erp_check_object);

/* {"name": "type", or "type!" where it must be given}. */
static void
ReadFields(RequestFields *fields, Jsonb *object)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		RequestField *field = &fields->fields[fields->count];
		int			length = value.type == jbvString ? value.val.string.len : 0;

		if (token == WJB_KEY)
		{
			field->name = pnstrdup(value.val.string.val, length);
			field->nameLength = length;
		}
		else if (token == WJB_VALUE && length > 0)
		{
			field->needed = value.val.string.val[length - 1] == '!';
			field->type = FindFieldType(value.val.string.val, length - (field->needed ? 1 : 0));
			fields->count++;
		}
	}
}

static RequestFields
FieldsOf(Jsonb *first, Jsonb *more)
{
	int			count = (int) JB_ROOT_COUNT(first) + (more == NULL ? 0 : (int) JB_ROOT_COUNT(more));
	RequestFields fields = {.fields = palloc(sizeof(RequestField) * Max(count, 1))};

	ReadFields(&fields, first);
	if (more != NULL)
		ReadFields(&fields, more);
	return fields;
}

static void
NoteProblem(RowProblem *problem, int rank, const char *name, const char *value, const char *reason)
{
	if (problem->rank != 0 && (problem->rank < rank || (problem->rank == rank && strcmp(problem->name, name) <= 0)))
		return;
	*problem = (RowProblem) {.rank = rank, .name = name, .value = value, .reason = reason};
}

static const RequestField *
FindField(const RequestFields *fields, const JsonbValue *name)
{
	for (int i = 0; i < fields->count; i++)
	{
		if (fields->fields[i].nameLength == name->val.string.len &&
			memcmp(fields->fields[i].name, name->val.string.val, name->val.string.len) == 0)
			return &fields->fields[i];
	}
	return NULL;
}

static void
CheckMembers(RowProblem *problem, JsonbContainer *row, const RequestFields *fields)
{
	JsonbIterator *iterator = JsonbIteratorInit(row);
	JsonbIteratorToken token;
	JsonbValue	name;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &name, true)) != WJB_DONE)
	{
		const RequestField *field;

		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&iterator, &value, true);
		field = FindField(fields, &name);
		if (field == NULL)
			NoteProblem(problem, RANK_UNKNOWN, JsonbText(&name), JsonbText(&value), "is not known here");
		else if (value.type != jbvNull && !IsOfFieldType(field->type, &value))
			NoteProblem(problem, RANK_VALUE, field->name, JsonbText(&value), FieldTypeReason(field->type));
	}
}

static void
CheckNeeded(RowProblem *problem, JsonbContainer *row, const RequestFields *fields)
{
	for (int i = 0; i < fields->count; i++)
	{
		const RequestField *field = &fields->fields[i];
		JsonbValue	found;

		if (field->needed &&
			(getKeyJsonValueFromContainer(row, field->name, field->nameLength, &found) == NULL || found.type == jbvNull))
			NoteProblem(problem, RANK_MISSING, field->name, NULL, "is missing");
	}
}

static RowProblem
ProblemOfRow(const JsonbValue *row, const RequestFields *fields)
{
	RowProblem	problem = {0};

	if (row->type != jbvBinary || !JsonContainerIsObject(row->val.binary.data))
		return (RowProblem) {.rank = RANK_ROW, .name = "", .value = JsonbText(row)};
	CheckMembers(&problem, row->val.binary.data, fields);
	CheckNeeded(&problem, row->val.binary.data, fields);
	return problem;
}

static int
CompareNames(const void *left, const void *right)
{
	return strcmp(((const RequestField *) left)->name, ((const RequestField *) right)->name);
}

static char *
NamesOf(const RequestFields *fields)
{
	StringInfoData names;

	initStringInfo(&names);
	qsort(fields->fields, fields->count, sizeof(RequestField), CompareNames);
	for (int i = 0; i < fields->count; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", fields->fields[i].name);
	return names.data;
}

/* The first characters of a value, for a message. */
static char *
Shown(const char *value)
{
	int			length = (int) strlen(value);

	return pnstrdup(value, pg_mbcharcliplen(value, length, VALUE_SHOWN_MAX));
}

void
RefuseRequest(int errorCode, const char *message, const char *at, const char *value, const char *hint)
{
	ereport(ERROR,
			(errcode(errorCode),
			 errmsg("%s", message),
			 value == NULL ? errdetail("At %s.", at) : errdetail("At %s, value \"%s\".", at, Shown(value)),
			 errhint("%s", hint)));
	pg_unreachable();
}

/* path: where a row stands, # for its place. */
static void
RefuseRow(const RowProblem *problem, const char *path, uint32 place, const RequestFields *fields)
{
	StringInfoData at;

	initStringInfo(&at);
	for (const char *p = path; *p != '\0'; p++)
	{
		if (*p == '#')
			appendStringInfo(&at, "%u", place);
		else
			appendStringInfoChar(&at, *p);
	}
	if (problem->rank != RANK_ROW)
		appendStringInfo(&at, ".%s", problem->name);
	RefuseRequest(ERRCODE_ERP_INVALID_FIELD, problem->rank == RANK_ROW ? "a row must be an object" : psprintf("field \"%s\" %s", problem->name, problem->reason),
				  at.data, problem->value, psprintf("The fields are %s.", NamesOf(fields)));
}

static void
CheckRow(const JsonbValue *row, const char *path, uint32 place, RequestFields *fields)
{
	RowProblem	problem = ProblemOfRow(row, fields);

	if (problem.rank != 0)
		RefuseRow(&problem, path, place, fields);
}

/* erp_private.check_rows(rows, path, fields). */
Datum
erp_check_rows(PG_FUNCTION_ARGS)
{
	Jsonb	   *rows = PG_GETARG_JSONB_P(0);
	char	   *path = text_to_cstring(PG_GETARG_TEXT_PP(1));
	RequestFields fields = FieldsOf(PG_GETARG_JSONB_P(2), NULL);

	if (!JB_ROOT_IS_ARRAY(rows) || JB_ROOT_IS_SCALAR(rows))
		RefuseRequest(ERRCODE_ERP_INVALID_FIELD, "an array of objects is expected", pnstrdup(path, strcspn(path, "[")), NULL, "Put the rows into an array.");
	for (uint32 i = 0; i < JB_ROOT_COUNT(rows); i++)
	{
		CHECK_FOR_INTERRUPTS();
		CheckRow(getIthJsonbValueFromContainer(&rows->root, i), path, i, &fields);
	}
	PG_RETURN_VOID();
}

void
CheckRequest(Jsonb *request, Jsonb *first, Jsonb *more)
{
	RequestFields fields = FieldsOf(first, more);
	JsonbValue	row = {.type = jbvBinary, .val.binary = {.data = &request->root, .len = VARSIZE_ANY_EXHDR(request)}};

	if (JB_ROOT_IS_SCALAR(request))
		row = *getIthJsonbValueFromContainer(&request->root, 0);
	CheckRow(&row, "$", 0, &fields);
}

/* erp_private.check_object(request, fields). */
Datum
erp_check_object(PG_FUNCTION_ARGS)
{
	CheckRequest(PG_GETARG_JSONB_P(0), PG_GETARG_JSONB_P(1), NULL);
	PG_RETURN_VOID();
}
