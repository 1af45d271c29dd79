/*
 * The engine's own relations by their names, found in the catalogs once until
 * something there changes.
 */
#ifndef ERP_RELATION_NAME_H
#define ERP_RELATION_NAME_H

#include "postgres.h"

/* The relation of that name in schema erp or erp_private; an error, which says how it should be, if there is none. */
extern Oid	EngineRelation(const char *schema, const char *name);

#endif
