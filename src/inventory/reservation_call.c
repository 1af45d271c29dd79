#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/bulk_insert.h"
#include "core/company_call.h"
#include "core/gate.h"
#include "core/index_probe.h"
#include "inventory/reservation.h"
#include "ledger/settlement.h"

PG_FUNCTION_INFO_V1(erp_reserve);
PG_FUNCTION_INFO_V1(erp_run_reservation_call);
PG_FUNCTION_INFO_V1(erp_reserve_lines);

static const char *const callColumns[] = {
	"company_id", "recorded_by", "call", "key", "request_hash", "result"
};

/* Whoever comes second with a key waits here, before anything else. */
static void
LockKey(const ReservationCall *call)
{
	uint32		hash = DatumGetUInt32(hash_any((const unsigned char *) call->key, (int) strlen(call->key)));

	TakeGate((uint32) call->company->companyId, hash, RESERVATION_KEY_GATE, ExclusiveLock);
}

/* The name of the call is part of it, so that one key cannot mean two calls. */
static void
HashRequest(ReservationCall *call, const JsonNode *request)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "%s\n", call->name);
	JsonCanonical(request, &text);
	HashText(text.data, text.len, call->hash);
}

static void
CheckSame(const ReservationCall *call, Datum stored)
{
	bytea	   *hash = DatumGetByteaPP(stored);

	if (VARSIZE_ANY_EXHDR(hash) == HASH_LENGTH && memcmp(VARDATA_ANY(hash), call->hash, HASH_LENGTH) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_KEY_REUSED),
			 errmsg("the key \"%s\" was used before, with another request", call->key),
			 errdetail("%s", ArgumentDetail("key", call->key)),
			 errhint("%s", ErrorCure(ERRCODE_ERP_KEY_REUSED))));
}

bool
FindReservationCall(ReservationCall *call, const JsonNode *request, Datum *result)
{
	const JsonNode *key = JsonMember(request, "key");
	IndexProbe *probe;
	TupleTableSlot *row;
	Datum		values[2] = {Int32GetDatum(call->company->companyId)};
	bool		found;

	if (key == NULL)
		RefuseMember(request, "key", "is missing");
	call->key = ReadKey(key);
	HashRequest(call, request);
	LockKey(call);
	values[1] = CStringGetTextDatum(call->key);
	probe = OpenIndexProbe("erp", "reservation_call", "reservation_call_key", PROBE_LATEST);
	ProbeIndex(probe, values, lengthof(values));
	row = NextProbedRow(probe);
	found = row != NULL;
	if (found)
	{
		CheckSame(call, ProbedColumn(probe, row, "request_hash"));
		*result = PointerGetDatum(PG_DETOAST_DATUM_COPY(ProbedColumn(probe, row, "result")));
	}
	CloseIndexProbe(probe);
	return found;
}

void
StoreReservationCall(const ReservationCall *call, Datum result)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "reservation_call", callColumns, lengthof(callColumns));
	bytea	   *hash = palloc(VARHDRSZ + HASH_LENGTH);
	Datum		values[lengthof(callColumns)] = {
		Int32GetDatum(call->company->companyId), DirectFunctionCall1(namein, CStringGetDatum(EngineCallerName())),
		CStringGetTextDatum(call->name), CStringGetTextDatum(call->key), PointerGetDatum(hash), result
	};

	SET_VARSIZE(hash, VARHDRSZ + HASH_LENGTH);
	memcpy(VARDATA(hash), call->hash, HASH_LENGTH);
	BulkInsertRow(bulk, values, NULL);
	EndBulkInsert(bulk);
}

static Datum
Reserve(const CompanyInfo *company, const JsonNode *request)
{
	ReserveRun	run = {.company = company};

	ReadReserve(&run, request);
	TakeOrRequire(&run);
	StoreReservations(&run);
	StoreRequirements(&run);
	return ReserveResult(&run);
}

/* erp_private.<name>(company_id, request jsonb). */
static Datum
RunImplementation(const ReservationCall *call, Datum request)
{
	Oid			argumentTypes[] = {INT4OID, JSONBOID};
	List	   *name = list_make2(makeString("erp_private"), makeString(unconstify(char *, call->name)));

	return OidFunctionCall2(LookupFuncName(name, 2, argumentTypes, false), Int32GetDatum(call->company->companyId),
							DirectFunctionCall1(jsonb_in, CStringGetDatum(TextDatumGetCString(request))));
}

static Datum
RunCall(FunctionCallInfo fcinfo, bool inC)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	Datum		json = RequiredArgument(fcinfo, 1, "request");
	MemoryContext caller = CurrentMemoryContext;
	ReservationCall call = {.name = inC ? "reserve" : get_func_name(fcinfo->flinfo->fn_oid)};
	EngineScope scope;
	const JsonNode *request;
	Datum		result;

	BeginEngine(&scope);
	PlanByIndexes();
	call.company = OpenCompany(company);
	request = ParseJsonDatum(json);
	if (request->kind != JSON_OBJECT)
		RefuseNode(request, ERRCODE_ERP_INVALID_FIELD, "a request is a JSON object");
	if (!FindReservationCall(&call, request, &result))
	{
		result = inC ? Reserve(call.company, request) : RunImplementation(&call, json);
		StoreReservationCall(&call, result);
	}
	return FinishCall(&scope, caller, result);
}

Datum
erp_reserve(PG_FUNCTION_ARGS)
{
	return RunCall(fcinfo, true);
}

/* erp.<name>(company, request): runs erp_private.<name>() as erp_owner, once per key. */
Datum
erp_run_reservation_call(PG_FUNCTION_ARGS)
{
	return RunCall(fcinfo, false);
}

/* erp_private.reserve_lines(company, request): in the frame of another call. */
Datum
erp_reserve_lines(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	const JsonNode *request = ParseJsonDatum(PG_GETARG_DATUM(1));
	EngineScope scope;

	BeginEngine(&scope);
	PlanByIndexes();
	return FinishCall(&scope, caller, Reserve(OpenCompany(TextDatumGetCString(PG_GETARG_DATUM(0))), request));
}
