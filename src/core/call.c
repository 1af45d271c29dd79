#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "core/bulk_insert.h"
#include "core/call.h"
#include "core/call_lock.h"
#include "core/company_call.h"
#include "core/document.h"
#include "core/engine.h"
#include "core/errors.h"
#include "core/hash.h"
#include "core/json_in.h"
#include "core/plan_cache.h"

#define KEY_MAX 200
#define CREATE_COMPANY "create_company"

/* One call of erp.<name>(company, key, request). */
typedef struct Call
{
	const char *name;
	const char *implementation; /* of schema erp_private */
	const char *company;
	const char *key;
	Datum		request;		/* jsonb */
	uint8		hash[HASH_LENGTH];
	int32		companyId;
	int64		documentId;
} Call;

static KeptPlan firstResultPlan = {
	.query = "SELECT d.request_hash, r.result FROM erp.document d"
	" LEFT JOIN erp.call_result r ON r.company_id = d.company_id AND r.document_id = d.document_id"
	" WHERE d.company_id = $1 AND d.key = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

static const char *const resultColumns[] = {"company_id", "document_id", "call", "request", "result"};

PG_FUNCTION_INFO_V1(erp_run_call);
PG_FUNCTION_INFO_V1(erp_run_call_in_c);
PG_FUNCTION_INFO_V1(erp_run_drafted_call);
PG_FUNCTION_INFO_V1(erp_run_step_call);

bool
IsEngineKey(const char *key)
{
	return strncmp(key, ENGINE_KEY_PREFIX, strlen(ENGINE_KEY_PREFIX)) == 0;
}

static void
CheckSameRequest(const char *key, const uint8 *storedHash, const uint8 *hash)
{
	if (memcmp(storedHash, hash, HASH_LENGTH) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_KEY_REUSED),
			 errmsg("the key \"%s\" was used before, with another request", key),
			 errdetail("%s", ArgumentDetail("key", key)),
			 errhint("Use a new key for a new request.")));
}

/* The hash covers the call's name, so that one key cannot mean two calls. */
static void
ReadRequest(Call *call, const JsonNode *request)
{
	StringInfoData text;
	int			nameLength = (int) strlen(call->name) + 1;

	initStringInfo(&text);
	appendStringInfo(&text, "%s\n", call->name);
	JsonCanonical(request, &text);
	HashText(text.data, text.len, call->hash);
	call->request = DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data + nameLength));
}

static void
CheckKey(const char *key)
{
	if (*key == '\0' || pg_mbstrlen(key) > KEY_MAX)
		RaiseInvalidArgument("key", key, psprintf("must have 1 to %d characters", KEY_MAX));
	if (IsEngineKey(key))
		RaiseInvalidArgument("key", key, "begins with \"erp:\", as only the engine's own keys do");
}

static void
ReadArguments(Call *call, FunctionCallInfo fcinfo)
{
	call->name = get_func_name(fcinfo->flinfo->fn_oid);
	call->implementation = call->name;
	call->company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	call->key = TextDatumGetCString(RequiredArgument(fcinfo, 1, "key"));
	if (*call->company == '\0')
		RaiseInvalidArgument("company", call->company, "is empty");
	CheckKey(call->key);
	ReadRequest(call, ParseJsonDatum(RequiredArgument(fcinfo, 2, "request")));
}

/* The company as it is now; NULL if there is none. */
static const CompanyInfo *
CurrentCompany(const Call *call)
{
	RefreshMasterData();
	return FindCompany(call->company);
}

/* Finds the company and checks that the caller works for it; false if there is none. */
static bool
FindCallCompany(Call *call)
{
	const CompanyInfo *company = CurrentCompany(call);

	if (company == NULL)
		return false;
	call->companyId = company->companyId;
	CheckCallerRole(company->memberRole, psprintf("working for company \"%s\"", call->company));
	return true;
}

static void
RequireCallCompany(Call *call)
{
	if (FindCallCompany(call))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_UNKNOWN_CODE),
			 errmsg("there is no company \"%s\"", call->company),
			 errdetail("%s", ArgumentDetail("company", call->company)),
			 errhint("Create it with erp.create_company().")));
}

/* The call's document: of the moment in UTC, since a call belongs to no place. */
static Document
DocumentOfCall(const Call *call, const CompanyInfo *company)
{
	Datum		moment = TimestampGetDatum((Timestamp) GetCurrentTransactionStartTimestamp());
	Document	document = {
		.kind = FindKind("administration"),
		.day = DatumGetDateADT(DirectFunctionCall1(timestamp_date, moment)),
		.timeOfDay = DatumGetTimeADT(DirectFunctionCall1(timestamp_time, moment)),
		.currency = company->currency,
		.rate = PowerOfTen(RATE_SCALE),
		.key = call->key,
		.reference = "",
		.description = call->name
	};

	document.postingDay = document.day;
	document.rateDay = document.day;
	memcpy(document.hash, call->hash, HASH_LENGTH);
	return document;
}

/*
 * Makes the call's document; false if the key was used before. Waits for
 * another session that is just using the key.
 */
static bool
ClaimCallKey(Call *call)
{
	const CompanyInfo *company = CurrentCompany(call);
	Document	document = DocumentOfCall(call, company);

	if (!ClaimKey(company, &document))
		return false;
	call->documentId = document.documentId;
	return true;
}

/* The result of the first call with this key; false if no call used it. */
static bool
FindFirstResult(const Call *call, Datum *result)
{
	Datum		values[] = {Int32GetDatum(call->companyId), CStringGetTextDatum(call->key)};
	bytea	   *storedHash;

	if (RunPlanLatest(&firstResultPlan, values, NULL) == 0)
		return false;
	storedHash = DatumGetByteaPP(PlanValue(0, 1));
	CheckSameRequest(call->key, (const uint8 *) VARDATA_ANY(storedHash), call->hash);
	*result = PlanValue(0, 2);
	return true;
}

static List *
ImplementationName(const Call *call)
{
	return list_make2(makeString("erp_private"), makeString(unconstify(char *, call->implementation)));
}

/* erp_private.<implementation>(request), of a call on data that companies share; else InvalidOid. */
static Oid
SharedImplementation(const Call *call)
{
	Oid			argumentTypes[] = {JSONBOID};

	return LookupFuncName(ImplementationName(call), 1, argumentTypes, true);
}

/* That, or erp_private.<implementation>(company_id, request); of a call that makes documents, (company_id, document_id, request): they name the call's. */
static Datum
RunImplementation(const Call *call)
{
	Oid			argumentTypes[] = {INT4OID, JSONBOID};
	Oid			sharedId = SharedImplementation(call);
	Oid			makerTypes[] = {INT4OID, INT8OID, JSONBOID};
	Oid			makerId = LookupFuncName(ImplementationName(call), 3, makerTypes, true);

	if (OidIsValid(sharedId))
		return OidFunctionCall1(sharedId, call->request);
	if (OidIsValid(makerId))
		return OidFunctionCall3(makerId, Int32GetDatum(call->companyId), Int64GetDatum(call->documentId), call->request);
	return OidFunctionCall2(LookupFuncName(ImplementationName(call), 2, argumentTypes, false),
							Int32GetDatum(call->companyId), call->request);
}

/* What is kept of a result: a "token" is told once, and who reads tables does not see it. */
static Datum
KeptResult(Datum result)
{
	Jsonb	   *whole = DatumGetJsonbP(result);

	if (!JB_ROOT_IS_OBJECT(whole) || getKeyJsonValueFromContainer(&whole->root, "token", strlen("token"), NULL) == NULL)
		return result;
	return DirectFunctionCall2(jsonb_delete, result, CStringGetTextDatum("token"));
}

static void
StoreResult(const Call *call, Datum result)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "call_result", resultColumns, lengthof(resultColumns));
	Datum		values[lengthof(resultColumns)] = {
		Int32GetDatum(call->companyId),
		Int64GetDatum(call->documentId),
		CStringGetTextDatum(call->name),
		call->request,
		KeptResult(result)
	};

	BulkInsertRow(bulk, values, NULL);
	EndBulkInsert(bulk);
}

static Datum
RunOnce(Call *call)
{
	Datum		result;

	LockCallCodes(call->name, OidIsValid(SharedImplementation(call)) ? 0 : call->companyId, call->request);
	RunCallPart("lock", call->name, call->companyId, call->request);
	if (!ClaimCallKey(call))
	{
		if (!FindFirstResult(call, &result))
			elog(ERROR, "the document of key \"%s\" is not visible", call->key);
		return result;
	}
	result = RunImplementation(call);
	StoreResult(call, result);
	TellCall(call->companyId, call->documentId, call->name, call->request, result);
	RunCallPart("finish", call->name, call->companyId, call->request);
	return result;
}

/* Makes the company unless another session just did, which is then a result of JSON null: false. */
static bool
MakeCompany(Call *call, Datum *result)
{
	Oid			argumentTypes[] = {TEXTOID, JSONBOID};

	*result = OidFunctionCall2(LookupFuncName(ImplementationName(call), 2, argumentTypes, false),
							   CStringGetTextDatum(call->company), call->request);
	if (JB_ROOT_IS_SCALAR(DatumGetJsonbP(*result)))
	{
		RequireCallCompany(call);
		return false;
	}
	return FindCallCompany(call);
}

/* The company comes before the document that makes it, so its key is looked up by hand. */
static Datum
CreateCompanyOnce(Call *call)
{
	Datum		result;

	if (!FindCallCompany(call) && MakeCompany(call, &result) && ClaimCallKey(call))
	{
		StoreResult(call, result);
		return result;
	}
	if (!FindFirstResult(call, &result))
		ereport(ERROR,
				(errcode(ERRCODE_ERP_INVALID_FIELD),
				 errmsg("company \"%s\" exists already", call->company),
				 errdetail("%s", ArgumentDetail("company", call->company)),
				 errhint("Use another code.")));
	return result;
}

/* The result in the caller's memory, whole: it may come from a table. */
static Datum
EndCall(const EngineScope *scope, MemoryContext caller, Datum result)
{
	MemoryContext engine = MemoryContextSwitchTo(caller);

	result = PointerGetDatum(PG_DETOAST_DATUM_COPY(result));
	MemoryContextSwitchTo(engine);
	EndEngine(scope);
	return result;
}

/* `inC`: the implementation plans by indexes, and pins its search path where it runs SQL; else the entry point SETs what it needs. */
static Datum
RunCall(FunctionCallInfo fcinfo, bool inC)
{
	MemoryContext caller = CurrentMemoryContext;
	EngineScope scope;
	Call		call = {0};
	Datum		result;

	ReadArguments(&call, fcinfo);
	BeginEngine(&scope);
	if (inC)
		PlanByIndexes();
	if (strcmp(call.name, CREATE_COMPANY) == 0)
		result = CreateCompanyOnce(&call);
	else
	{
		RequireCallCompany(&call);
		result = RunOnce(&call);
	}
	return EndCall(&scope, caller, result);
}

/*
 * erp.<call>(company text, key text, request json) returns jsonb, for every
 * call: runs erp_private.<call>() as erp_owner, once per key.
 */
Datum
erp_run_call(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(RunCall(fcinfo, false));
}

/* The same, for calls whose implementation is C that mostly runs no SQL. */
Datum
erp_run_call_in_c(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(RunCall(fcinfo, true));
}

/* A call that the engine makes for itself, within the scope of whoever it works for. */
static Datum
RunOwnCall(Call *call, Datum request)
{
	MemoryContext caller = CurrentMemoryContext;
	EngineScope scope;

	ReadRequest(call, ParseJsonbDatum(request));
	BeginEngine(&scope);
	call->company = CodeOfCompany(call->companyId);
	return EndCall(&scope, caller, RunOnce(call));
}

/* erp_private.run_drafted_call(company_id, call, key, request): what a draft says, as erp.<call>() does it, once; but by erp_private.<call>_drafted(). */
Datum
erp_run_drafted_call(PG_FUNCTION_ARGS)
{
	Call		call = {.companyId = PG_GETARG_INT32(0)};

	call.name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	call.implementation = psprintf("%s_drafted", call.name);
	call.key = text_to_cstring(PG_GETARG_TEXT_PP(2));
	CheckKey(call.key);
	PG_RETURN_DATUM(RunOwnCall(&call, PG_GETARG_DATUM(3)));
}

/* erp_private.run_step_call(company_id, call, request): what a step that finds something to do writes facts as, under a new key of the engine's own. */
Datum
erp_run_step_call(PG_FUNCTION_ARGS)
{
	Call		call = {.companyId = PG_GETARG_INT32(0)};

	call.name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	call.implementation = call.name;
	call.key = psprintf(ENGINE_KEY_PREFIX "%s:" INT64_FORMAT, call.name, NextIdentity("document", "document_id"));
	PG_RETURN_DATUM(RunOwnCall(&call, PG_GETARG_DATUM(2)));
}
