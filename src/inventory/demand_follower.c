/*
 * Demands are kept by domains above this one. Those that registered in
 * erp_private.demand_follower are asked to lock what a customer's documents will
 * change of them, before anything else is locked, and told what was posted.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "inventory/demand_follower.h"

#define FOLLOWER_ARGUMENTS_MAX 6

/* Columns of followerPlan. */
#define FOLLOWER_LOCKS 1
#define FOLLOWER_FOLLOWS 2
#define FOLLOWER_REVERSES 3

static KeptPlan followerPlan = {
	.query = "SELECT f.lock_function, f.follow_function, f.reversed_function FROM erp_private.demand_follower f ORDER BY f.rank",
	.argumentCount = 0
};

/* The documents of a batch that followers may want to know of, and the lines that name demands. */
typedef struct Followed
{
	DatumArray	demands;		/* as text, by line */
	DatumArray	keys;			/* of documents that others name or reverse */
	DatumArray	documents;
	DatumArray	lineDocuments;
	DatumArray	lines;
	DatumArray	demandLines;
} Followed;

/* What brings goods back that were carried to a customer names no party, nor does what gives goods away. */
static bool
IsOfCustomers(const DocumentKindInfo *kind)
{
	const LineRoleInfo *role = kind->roleCount > 0 ? kind->roles[0] : NULL;

	return (kind->needsCustomer && !IsMoneyKind(kind)) || (role != NULL && ((role->carries && role->fulfils) || role->refusesExpired));
}

static bool
IsFollowed(const Document *document)
{
	return document->kind != NULL && !document->bad && !document->repeated && IsOfCustomers(document->kind);
}

static void
CollectLine(Followed *followed, const DocumentLine *line)
{
	const char *demand = line->fields[LINE_DEMAND_KEY];
	const char *origin = line->fields[LINE_ORIGIN_KEY];

	if (origin != NULL)
		AppendDatum(&followed->keys, CStringGetTextDatum(origin));
	if (demand == NULL)
		return;
	AppendDatum(&followed->demands, CStringGetTextDatum(demand));
	AppendDatum(&followed->lineDocuments, Int64GetDatum(line->document->documentId));
	AppendDatum(&followed->lines, Int32GetDatum(line->lineNo));
	AppendDatum(&followed->demandLines, Int32GetDatum(line->demandLineNo));
}

/* A reversal names what it reverses as its reference, until that is found. */
static Followed
CollectFollowed(const DocumentBatch *batch)
{
	Followed	followed = {0};

	for (int i = 0; i < batch->count; i++)
	{
		const Document *document = &batch->documents[i];
		int			before = followed.keys.count + followed.demands.count;

		if (!IsFollowed(document))
			continue;
		for (int j = 0; j < document->lineCount && document->reversesDocumentId == 0; j++)
			CollectLine(&followed, &document->lines[j]);
		if (document->reversesDocumentId != 0 || followed.keys.count + followed.demands.count > before)
			AppendDatum(&followed.documents, Int64GetDatum(document->documentId));
	}
	return followed;
}

/* The function of schema erp_private that the follower registered, called with these arguments. */
static void
CallFollower(const char *function, const Oid *types, const Datum *values, int count)
{
	LOCAL_FCINFO(call, FOLLOWER_ARGUMENTS_MAX);
	FmgrInfo	info;
	List	   *name = list_make2(makeString("erp_private"), makeString(pstrdup(function)));

	Assert(count <= FOLLOWER_ARGUMENTS_MAX);
	fmgr_info(LookupFuncName(name, count, types, false), &info);
	InitFunctionCallInfoData(*call, &info, count, InvalidOid, NULL, NULL);
	for (int i = 0; i < count; i++)
		call->args[i] = (NullableDatum) {.value = values[i]};
	(void) FunctionCallInvoke(call);
}

/* column: of followerPlan. */
static void
CallFollowers(int column, const Oid *types, const Datum *values, int count)
{
	uint64		rows = RunPlan(&followerPlan, NULL, NULL);
	char	  **functions = palloc(sizeof(char *) * Max(rows, 1));

	for (uint64 i = 0; i < rows; i++)
		functions[i] = TextDatumGetCString(PlanValue(i, column));
	for (uint64 i = 0; i < rows; i++)
		CallFollower(functions[i], types, values, count);
}

static void
CallLocks(const DocumentBatch *batch, const DatumArray *demands, const DatumArray *keys)
{
	static const Oid types[] = {INT4OID, TEXTARRAYOID, TEXTARRAYOID};
	Datum		values[lengthof(types)] = {Int32GetDatum(batch->company->companyId)};

	if (demands->count == 0 && keys->count == 0)
		return;
	values[1] = DatumArrayValue(demands, TEXTOID);
	values[2] = DatumArrayValue(keys, TEXTOID);
	CallFollowers(FOLLOWER_LOCKS, types, values, lengthof(types));
}

void
LockFollowed(const DocumentBatch *batch)
{
	Followed	followed = CollectFollowed(batch);

	if (!batch->checkOnly)
		CallLocks(batch, &followed.demands, &followed.keys);
}

void
LockReversedFollowed(const DocumentBatch *batch, const char *key)
{
	DatumArray	demands = {0};
	DatumArray	keys = {0};

	AppendDatum(&keys, CStringGetTextDatum(key));
	CallLocks(batch, &demands, &keys);
}

void
FollowReversed(const DocumentBatch *batch)
{
	static const Oid types[] = {INT4OID, INT8ARRAYOID};
	DatumArray	reversed = {0};
	Datum		values[lengthof(types)] = {Int32GetDatum(batch->company->companyId)};

	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].reversesDocumentId != 0 && IsFollowed(&batch->documents[i]))
			AppendDatum(&reversed, Int64GetDatum(batch->documents[i].reversesDocumentId));
	}
	if (reversed.count == 0)
		return;
	values[1] = DatumArrayValue(&reversed, INT8OID);
	CallFollowers(FOLLOWER_REVERSES, types, values, lengthof(types));
}

void
FollowPosted(const DocumentBatch *batch)
{
	static const Oid types[] = {INT4OID, INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID};
	Followed	followed = CollectFollowed(batch);
	Datum		values[lengthof(types)] = {Int32GetDatum(batch->company->companyId)};

	if (followed.documents.count == 0)
		return;
	values[1] = DatumArrayValue(&followed.documents, INT8OID);
	values[2] = DatumArrayValue(&followed.lineDocuments, INT8OID);
	values[3] = DatumArrayValue(&followed.lines, INT4OID);
	values[4] = DatumArrayValue(&followed.demands, TEXTOID);
	values[5] = DatumArrayValue(&followed.demandLines, INT4OID);
	CallFollowers(FOLLOWER_FOLLOWS, types, values, lengthof(types));
}
