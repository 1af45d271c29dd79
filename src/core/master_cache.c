#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/code_map.h"
#include "core/engine.h"
#include "core/master_cache.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"

const char *const ModuleNames[MODULE_COUNT] = {"general", "stock", "sales", "purchasing"};

typedef struct CompanyEntry
{
	CompanyInfo info;
	struct CompanyEntry *next;
} CompanyEntry;

static MemoryContext masterContext = NULL;
static uint64 generation = 0;
static bool stale = true;
static Oid	clockId = InvalidOid;

static CurrencyInfo *currencies;
static int	currencyCount;
static LineRoleInfo *roles;
static int	roleCount;
static DocumentKindInfo *kinds;
static int	kindCount;
static CompanyEntry *companies;
static CodeMap *texts;

static KeptPlan currencyPlan = {
	.query = "SELECT currency_id, code, decimals::integer FROM erp.currency ORDER BY currency_id"
};

static KeptPlan rolePlan = {
	.query = "SELECT line_role, stock_direction, value_source, names_account, takes_reserved, carries, fulfils FROM erp.line_role ORDER BY line_role COLLATE \"C\""
};

static KeptPlan kindPlan = {
	.query = "SELECT k.kind, k.modules, k.party_role, k.total_sign::integer, k.poster_role::text, k.initial_state,"
	" EXISTS (SELECT 1 FROM erp.document_transition t WHERE t.kind = k.kind AND t.from_state = '')"
	" FROM erp.document_kind k ORDER BY k.kind COLLATE \"C\""
};

static KeptPlan kindRolePlan = {
	.query = "SELECT kind, line_role FROM erp.document_kind_role ORDER BY kind COLLATE \"C\", rank, line_role"
};

static KeptPlan companyPlan = {
	.query = "SELECT company_id, member_role::text, reversal_style, currency_id, write_off_limit, rounding_limit, rounding_account_id,"
	" review_required, NOT bill_ahead, negative_stock FROM erp.company WHERE code = $1",
	.argumentCount = 1,
	.argumentTypes = {TEXTOID}
};

static void
ForgetMasterData(Datum argument, Oid relationId)
{
	if (relationId == InvalidOid || relationId == clockId || clockId == InvalidOid)
		stale = true;
}

void
InitMasterCache(void)
{
	CacheRegisterRelcacheCallback(ForgetMasterData, (Datum) 0);
}

char *
KeepMasterText(Datum value)
{
	char	   *string = TextDatumGetCString(value);
	char	   *kept = MemoryContextStrdup(masterContext, string);

	pfree(string);
	return kept;
}

void *
KeepMasterArray(Size elementSize, uint64 count)
{
	return MemoryContextAllocZero(masterContext, elementSize * Max(count, 1));
}

static void
LoadCurrencies(void)
{
	currencyCount = (int) RunPlanLatest(&currencyPlan, NULL, NULL);
	currencies = KeepMasterArray(sizeof(CurrencyInfo), currencyCount);
	for (int i = 0; i < currencyCount; i++)
	{
		currencies[i].currencyId = DatumGetInt32(PlanValue(i, 1));
		currencies[i].code = KeepMasterText(PlanValue(i, 2));
		currencies[i].decimals = DatumGetInt32(PlanValue(i, 3));
	}
}

static StockDirection
DirectionOf(const char *name)
{
	static const char *const names[] = {"none", "in", "out", "value"};

	for (int i = 1; i < (int) lengthof(names); i++)
	{
		if (strcmp(name, names[i]) == 0)
			return (StockDirection) i;
	}
	return STOCK_NONE;
}

static ValueSource
ValueSourceOf(const char *name)
{
	static const char *const names[] = {"none", "replay", "given", "origin", "amount", "amended", "bill", "spread", "consumed", "share"};

	for (int i = 1; i < (int) lengthof(names); i++)
	{
		if (strcmp(name, names[i]) == 0)
			return (ValueSource) i;
	}
	return VALUE_NONE;
}

static void
LoadRoles(void)
{
	roleCount = (int) RunPlanLatest(&rolePlan, NULL, NULL);
	roles = KeepMasterArray(sizeof(LineRoleInfo), roleCount);
	for (int i = 0; i < roleCount; i++)
	{
		roles[i].number = i;
		roles[i].name = KeepMasterText(PlanValue(i, 1));
		roles[i].direction = DirectionOf(TextDatumGetCString(PlanValue(i, 2)));
		roles[i].valueSource = ValueSourceOf(TextDatumGetCString(PlanValue(i, 3)));
		roles[i].namesAccount = DatumGetBool(PlanValue(i, 4));
		roles[i].takesReserved = DatumGetBool(PlanValue(i, 5));
		roles[i].carries = DatumGetBool(PlanValue(i, 6));
		roles[i].fulfils = DatumGetBool(PlanValue(i, 7));
	}
}

static unsigned
ModuleBits(Datum array)
{
	Datum	   *names;
	int			count;
	unsigned	bits = 0;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *name = TextDatumGetCString(names[i]);

		for (int module = 0; module < MODULE_COUNT; module++)
		{
			if (strcmp(name, ModuleNames[module]) == 0)
				bits |= 1u << module;
		}
	}
	return bits;
}

static void
FillKind(DocumentKindInfo *kind, int number)
{
	char	   *partyRole = TextDatumGetCString(PlanValue(number, 3));

	kind->number = number;
	kind->name = KeepMasterText(PlanValue(number, 1));
	kind->modules = ModuleBits(PlanValue(number, 2));
	kind->needsCustomer = strcmp(partyRole, "customer") == 0;
	kind->needsSupplier = strcmp(partyRole, "supplier") == 0;
	kind->totalSign = DatumGetInt32(PlanValue(number, 4));
	kind->posterRole = KeepMasterText(PlanValue(number, 5));
	kind->initialState = KeepMasterText(PlanValue(number, 6));
	kind->isDrafted = DatumGetBool(PlanValue(number, 7));
	kind->engineOnly = strcmp(kind->posterRole, ENGINE_OWNER) == 0;
}

static void
LoadKindRoles(void)
{
	uint64		count = RunPlanLatest(&kindRolePlan, NULL, NULL);

	for (uint64 i = 0; i < count; i++)
	{
		DocumentKindInfo *kind = (DocumentKindInfo *) FindKind(TextDatumGetCString(PlanValue(i, 1)));
		const LineRoleInfo *role = FindRole(TextDatumGetCString(PlanValue(i, 2)));

		if (kind == NULL || role == NULL || kind->roleCount == KIND_ROLES_MAX)
			continue;
		kind->roles[kind->roleCount++] = role;
	}
}

static void
LoadKinds(void)
{
	kindCount = (int) RunPlanLatest(&kindPlan, NULL, NULL);
	kinds = KeepMasterArray(sizeof(DocumentKindInfo), kindCount);
	for (int i = 0; i < kindCount; i++)
		FillKind(&kinds[i], i);
	LoadKindRoles();
}

static void
CreateTexts(void)
{
	MemoryContext previous = MemoryContextSwitchTo(masterContext);

	texts = CreateCodeMap();
	(void) CodeNumber(texts, "");
	MemoryContextSwitchTo(previous);
}

void
RefreshMasterData(void)
{
	Oid			schemaId;

	if (!stale)
		return;
	if (masterContext == NULL)
		masterContext = AllocSetContextCreate(CacheMemoryContext, "erp master data", ALLOCSET_DEFAULT_SIZES);

	/* The clock's id and the flag come first: an invalidation while loading makes the next call load again. */
	schemaId = get_namespace_oid("erp_private", false);
	clockId = get_relname_relid("master_data_clock", schemaId);
	stale = false;
	generation++;
	MemoryContextReset(masterContext);
	companies = NULL;
	PG_TRY();
	{
		CreateTexts();
		LoadCurrencies();
		LoadRoles();
		LoadKinds();
	}
	PG_CATCH();
	{
		stale = true;
		PG_RE_THROW();
	}
	PG_END_TRY();
}

uint64
MasterDataGeneration(void)
{
	return generation;
}

MemoryContext
MasterDataContext(void)
{
	return masterContext;
}

static void
LoadCompany(CompanyEntry *entry, const char *code)
{
	entry->info.companyId = DatumGetInt32(PlanValue(0, 1));
	entry->info.code = MemoryContextStrdup(masterContext, code);
	entry->info.memberRole = KeepMasterText(PlanValue(0, 2));
	entry->info.oppositeSide = strcmp(TextDatumGetCString(PlanValue(0, 3)), "opposite_side") == 0;
	entry->info.currency = FindCurrencyById(DatumGetInt32(PlanValue(0, 4)));
	entry->info.writeOffLimit = AmountFromDatum(PlanValue(0, 5));
	entry->info.roundingLimit = AmountFromDatum(PlanValue(0, 6));
	entry->info.roundingAccountId = DatumGetInt32(PlanValue(0, 7));
	entry->info.reviewRequired = DatumGetBool(PlanValue(0, 8));
	entry->info.refusesBillAhead = DatumGetBool(PlanValue(0, 9));
	entry->info.allowsNegativeStock = DatumGetBool(PlanValue(0, 10));
}

const CompanyInfo *
FindKnownCompany(int32 companyId)
{
	for (const CompanyEntry *entry = companies; entry != NULL; entry = entry->next)
	{
		if (entry->info.companyId == companyId)
			return &entry->info;
	}
	return NULL;
}

const CompanyInfo *
FindCompany(const char *code)
{
	CompanyEntry *entry;
	PlanResult	result;
	Datum		value;

	for (entry = companies; entry != NULL; entry = entry->next)
	{
		if (strcmp(entry->info.code, code) == 0)
			return &entry->info;
	}

	result = KeepPlanResult();
	value = CStringGetTextDatum(code);
	if (RunPlanLatest(&companyPlan, &value, NULL) > 0)
	{
		entry = KeepMasterArray(sizeof(CompanyEntry), 1);
		LoadCompany(entry, code);
	}
	RestorePlanResult(result);
	if (entry == NULL)
		return NULL;
	entry->next = companies;
	companies = entry;
	return &entry->info;
}

const CurrencyInfo *
FindCurrency(const char *code)
{
	for (int i = 0; i < currencyCount; i++)
	{
		if (strcmp(currencies[i].code, code) == 0)
			return &currencies[i];
	}
	return NULL;
}

const CurrencyInfo *
FindCurrencyById(int32 currencyId)
{
	for (int i = 0; i < currencyCount; i++)
	{
		if (currencies[i].currencyId == currencyId)
			return &currencies[i];
	}
	return NULL;
}

const DocumentKindInfo *
FindKind(const char *name)
{
	for (int i = 0; i < kindCount; i++)
	{
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

const LineRoleInfo *
FindRole(const char *name)
{
	for (int i = 0; i < roleCount; i++)
	{
		if (strcmp(roles[i].name, name) == 0)
			return &roles[i];
	}
	return NULL;
}

int
MasterText(const char *text)
{
	MemoryContext previous;
	int			number = FindCode(texts, text);

	if (number >= 0)
		return number;
	previous = MemoryContextSwitchTo(masterContext);
	number = CodeNumber(texts, pstrdup(text));
	MemoryContextSwitchTo(previous);
	return number;
}

const char *
MasterTextOf(int number)
{
	return CodeText(texts, number);
}
