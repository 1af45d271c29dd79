/*
 * Facts by their key, while the books are checked: a hash table whose records
 * stay where they are, in the order in which they were added. Keys that are
 * sought in that order cost no look-up: facts that belong together were
 * mostly written together.
 */
#ifndef ERP_FACT_MAP_H
#define ERP_FACT_MAP_H

#include "postgres.h"

/* What identifies a fact; line_no is 0 where the id says it all, company_id where companies share it. */
typedef struct FactKey
{
	int64		id;
	int32		companyId;
	int32		lineNo;
} FactKey;

typedef struct FactMap FactMap;

/* An empty map in the current memory context. A record begins with its FactKey; recordSize counts it in. */
extern FactMap *CreateFactMap(Size recordSize);

/* The record of the key: all zeros but for the key on first sight, when *found is false. */
extern void *AddFact(FactMap *map, int32 companyId, int64 id, int32 lineNo, bool *found);

/* The record of the key, or NULL. */
extern void *FindFact(FactMap *map, int32 companyId, int64 id, int32 lineNo);

/* Has the record brought from memory while other work is done; any address will do. */
#define PrefetchFact(record) __builtin_prefetch(record)

/* How many records there are; the one that was added as number `number` (from 0). */
extern int64 FactCount(const FactMap *map);
extern void *FactAt(const FactMap *map, int64 number);

#endif
