/*
 * Kinds of documents and roles of lines, as kept with the other master data that changes seldom.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/engine.h"
#include "core/master_cache.h"
#include "core/plan_cache.h"

static LineRoleInfo *roles;
static int	roleCount;
static DocumentKindInfo *kinds;
static int	kindCount;

static KeptPlan rolePlan = {
	.query = "SELECT line_role, stock_direction, value_source, names_account, takes_reserved, carries, fulfils, of_party, needs_party, refuses_expired, is_rounding FROM erp.line_role ORDER BY line_role COLLATE \"C\""
};

static KeptPlan kindPlan = {
	.query = "SELECT k.kind, k.modules, k.party_role, k.total_sign::integer, k.poster_role::text, k.initial_state,"
	" EXISTS (SELECT 1 FROM erp.document_transition t WHERE t.kind = k.kind AND t.from_state = ''), k.to_location_kind, k.two_sided, k.event_topic"
	" FROM erp.document_kind k ORDER BY k.kind COLLATE \"C\""
};

static KeptPlan kindRolePlan = {
	.query = "SELECT kind, line_role, names_kinds FROM erp.document_kind_role ORDER BY kind COLLATE \"C\", rank, line_role"
};

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
	static const char *const names[] = {"none", "replay", "given", "origin", "amount", "amended", "returned", "bill", "spread", "consumed", "share", "sold", "unsold", "invoice"};

	for (int i = 1; i < (int) lengthof(names); i++)
	{
		if (strcmp(name, names[i]) == 0)
			return (ValueSource) i;
	}
	return VALUE_NONE;
}

void
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
		roles[i].ofParty = DatumGetBool(PlanValue(i, 8));
		roles[i].needsParty = DatumGetBool(PlanValue(i, 9));
		roles[i].refusesExpired = DatumGetBool(PlanValue(i, 10));
		roles[i].isRounding = DatumGetBool(PlanValue(i, 11));
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
	kind->needsParty = strcmp(partyRole, "any") == 0;
	kind->totalSign = DatumGetInt32(PlanValue(number, 4));
	kind->posterRole = KeepMasterText(PlanValue(number, 5));
	kind->initialState = KeepMasterText(PlanValue(number, 6));
	kind->isDrafted = DatumGetBool(PlanValue(number, 7));
	kind->toLocationKind = KeepMasterText(PlanValue(number, 8));
	kind->isTwoSided = DatumGetBool(PlanValue(number, 9));
	kind->eventTopic = KeepMasterText(PlanValue(number, 10));
	kind->engineOnly = strcmp(kind->posterRole, ENGINE_OWNER) == 0;
}

/* The texts of an array, up to a NULL. */
static const char *const *
KeepTexts(Datum array)
{
	Datum	   *elements;
	int			count;
	const char **kept;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	kept = KeepMasterArray(sizeof(char *), count + 1);
	for (int i = 0; i < count; i++)
		kept[i] = KeepMasterText(elements[i]);
	return kept;
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
		kind->namedKinds[kind->roleCount] = KeepTexts(PlanValue(i, 3));
		kind->roles[kind->roleCount++] = role;
	}
}

void
LoadKinds(void)
{
	kindCount = (int) RunPlanLatest(&kindPlan, NULL, NULL);
	kinds = KeepMasterArray(sizeof(DocumentKindInfo), kindCount);
	for (int i = 0; i < kindCount; i++)
		FillKind(&kinds[i], i);
	LoadKindRoles();
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

const LineRoleInfo *
RoleOfKind(const DocumentKindInfo *kind, const char *name)
{
	for (int i = 0; i < kind->roleCount; i++)
	{
		if (name == NULL || strcmp(kind->roles[i]->name, name) == 0)
			return kind->roles[i];
	}
	return NULL;
}

const char *const *
KindsToName(const DocumentKindInfo *kind, const LineRoleInfo *role)
{
	static const char *const none[] = {NULL};

	for (int i = 0; i < kind->roleCount; i++)
	{
		if (kind->roles[i] == role)
			return kind->namedKinds[i];
	}
	return none;
}

bool
MayNameKind(const DocumentKindInfo *kind, const LineRoleInfo *role, const DocumentKindInfo *named)
{
	for (const char *const *name = KindsToName(kind, role); *name != NULL && named != NULL; name++)
	{
		if (strcmp(*name, named->name) == 0)
			return true;
	}
	return false;
}
