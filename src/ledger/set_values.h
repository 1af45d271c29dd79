/*
 * What the dimension sets of vouchers say.
 */
#ifndef ERP_SET_VALUES_H
#define ERP_SET_VALUES_H

#include "ledger/ledger.h"

typedef struct SetValue
{
	int32		dimensionSetId;
	int32		dimensionId;
	int32		valueId;
} SetValue;

typedef struct SetValues
{
	SetValue   *values;			/* ascending by set and dimension */
	int			count;
} SetValues;

/* The values of all dimension sets that lines of the vouchers have, in the current memory context. */
extern SetValues ReadSetValues(int32 companyId, const VoucherSet *set);

/* The value that a set has in a dimension, 0 if none. */
extern int32 ValueInSet(const SetValues *values, int32 setId, int32 dimensionId);

#endif
