#include "postgres.h"

#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "core/relation_name.h"

#define NAMED_MAX 64

typedef struct NamedRelation
{
	NameData	schema;
	NameData	name;
	Oid			relationId;
} NamedRelation;

static NamedRelation named[NAMED_MAX];
static int	namedCount = 0;
static uint64 changes = 0;
static bool listens = false;

static void
ForgetNames(Datum argument, int cacheId, uint32 hashValue)
{
	namedCount = 0;
	changes++;
}

static void
Listen(void)
{
	CacheRegisterSyscacheCallback(RELNAMENSP, ForgetNames, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACENAME, ForgetNames, (Datum) 0);
	listens = true;
}

static Oid
LookUpName(const char *schema, const char *name)
{
	Oid			relationId = get_relname_relid(name, get_namespace_oid(schema, false));

	if (!OidIsValid(relationId))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("\"%s.%s\" does not exist", schema, name),
				 errhint("The engine's own tables, indexes and sequences must stay as erp.setup() made them.")));
	return relationId;
}

Oid
EngineRelation(const char *schema, const char *name)
{
	uint64		before = changes;
	Oid			relationId;

	for (int i = 0; i < namedCount; i++)
	{
		if (strcmp(NameStr(named[i].name), name) == 0 && strcmp(NameStr(named[i].schema), schema) == 0)
			return named[i].relationId;
	}
	if (!listens)
		Listen();
	relationId = LookUpName(schema, name);
	/* What changed meanwhile may have changed this. */
	if (before == changes && namedCount < NAMED_MAX)
	{
		namestrcpy(&named[namedCount].schema, schema);
		namestrcpy(&named[namedCount].name, name);
		named[namedCount++].relationId = relationId;
	}
	return relationId;
}
