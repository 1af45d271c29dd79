#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/call_lock.h"
#include "core/gate.h"

PG_FUNCTION_INFO_V1(erp_lock_draft_keys);

/* Codes share locks, so that a call on very many of them takes no more than these. */
#define CODE_STRIPES 128

static uint32
HashOf(const char *text, int length)
{
	return DatumGetUInt32(hash_any((const unsigned char *) text, length));
}

/* The code of a row that is an object with one; else NULL. */
static const JsonbValue *
CodeOfRow(JsonbContainer *rows, uint32 number)
{
	const JsonbValue *row = getIthJsonbValueFromContainer(rows, number);
	const JsonbValue *code = NULL;

	if (row->type == jbvBinary && JsonContainerIsObject(row->val.binary.data))
		code = getKeyJsonValueFromContainer(row->val.binary.data, "code", (int) strlen("code"), NULL);
	return code != NULL && code->type == jbvString ? code : NULL;
}

/* Ascending, as a set is: two calls on the same codes wait in one order. */
static Bitmapset *
StripesOf(Datum request)
{
	JsonbContainer *rows = &DatumGetJsonbP(request)->root;
	Bitmapset  *stripes = NULL;

	if (!JsonContainerIsArray(rows) || JsonContainerIsScalar(rows))
		return NULL;
	for (uint32 i = 0; i < JsonContainerSize(rows); i++)
	{
		const JsonbValue *code = CodeOfRow(rows, i);

		if (code != NULL)
			stripes = bms_add_member(stripes, HashOf(code->val.string.val, code->val.string.len) % CODE_STRIPES);
	}
	return stripes;
}

static void
LockStripes(const char *space, int32 companyId, const Bitmapset *stripes)
{
	uint32		firstStripe = HashOf(space, (int) strlen(space)) / CODE_STRIPES * CODE_STRIPES;
	int			stripe = -1;

	while ((stripe = bms_next_member(stripes, stripe)) >= 0)
		TakeGate((uint32) companyId, firstStripe + stripe, CODE_GATE, ExclusiveLock);
}

void
LockCallCodes(const char *call, int32 companyId, Datum request)
{
	LockStripes(call, companyId, StripesOf(request));
}

void
LockIds(const char *space, int32 companyId, const int32 *ids, int count)
{
	Bitmapset  *stripes = NULL;

	for (int i = 0; i < count; i++)
		stripes = bms_add_member(stripes, (int) ((uint32) ids[i] % CODE_STRIPES));
	LockStripes(space, companyId, stripes);
}

/* erp_private.lock_draft_keys(company_id, keys): all calls on drafts wait for each other's here, before anything else. */
Datum
erp_lock_draft_keys(PG_FUNCTION_ARGS)
{
	Bitmapset  *stripes = NULL;
	Datum	   *keys;
	bool	   *nulls;
	int			count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &keys, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		text	   *key = nulls[i] ? NULL : DatumGetTextPP(keys[i]);

		if (key != NULL)
			stripes = bms_add_member(stripes, HashOf(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)) % CODE_STRIPES);
	}
	LockStripes("draft", PG_GETARG_INT32(0), stripes);
	PG_RETURN_VOID();
}

void
RunCallPart(const char *part, const char *call, int32 companyId, Datum request)
{
	Oid			argumentTypes[] = {INT4OID, JSONBOID};
	List	   *name = list_make2(makeString("erp_private"), makeString(psprintf("%s_%s", part, call)));
	Oid			partId = LookupFuncName(name, 2, argumentTypes, true);

	if (OidIsValid(partId))
		(void) OidFunctionCall2(partId, Int32GetDatum(companyId), request);
}
