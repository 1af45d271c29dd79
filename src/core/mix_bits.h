/*
 * The one hash of integers.
 */
#ifndef ERP_MIX_BITS_H
#define ERP_MIX_BITS_H

#include "postgres.h"

/* The finalizer of MurmurHash3 (Appleby): every bit of the key reaches every bit of the hash. */
static inline uint64
MixBits(uint64 key)
{
	key ^= key >> 33;
	key *= UINT64CONST(0xff51afd7ed558ccd);
	key ^= key >> 33;
	key *= UINT64CONST(0xc4ceb9fe1a85ec53);
	key ^= key >> 33;
	return key;
}

#endif
