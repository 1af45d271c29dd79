/*
 * A set of distinct pairs of integers, each with the number under which it was
 * first seen: (item, pool), (item, warehouse), or a bigint id as one key.
 */
#ifndef ERP_PAIR_MAP_H
#define ERP_PAIR_MAP_H

#include "postgres.h"

typedef struct PairMap PairMap;

#define PAIR_KEY(a, b) (((uint64) (uint32) (a) << 32) | (uint32) (b))

/* An empty map in the current memory context. */
extern PairMap *CreatePairMap(void);

/* The number of the key (from 0), given on first sight. */
extern int	PairNumber(PairMap *map, uint64 key);

/* The number of the key, or -1 if it was never seen. */
extern int	FindPair(const PairMap *map, uint64 key);

extern int	PairCount(const PairMap *map);

#endif
