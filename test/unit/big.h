/*
 * The independent reference of the property tests: schoolbook arithmetic on
 * decimal digits, of any length that the tests need. Shares nothing with the
 * code under test but the type int128.
 */
#ifndef ERP_UNIT_BIG_H
#define ERP_UNIT_BIG_H

#include "core/compat.h"

#define BIG_DIGITS 96

typedef struct Big
{
	bool		negative;
	uint8		digit[BIG_DIGITS];	/* least first */
} Big;

extern Big	BigFrom(int128 value);
extern Big	BigAdd(Big a, Big b);
extern Big	BigSubtract(Big a, Big b);
extern Big	BigMultiply(Big a, Big b);
extern Big	BigPower(int power);
extern int	BigCompare(Big a, Big b);

/* The greatest whole number not above a / b. */
extern Big	BigFloor(Big a, Big b);

/* a / b to the nearest whole number, halves away from zero. */
extern Big	BigRound(Big a, Big b);

/* False if the number is no int128. */
extern bool BigToInt128(Big a, int128 *value);

#endif
