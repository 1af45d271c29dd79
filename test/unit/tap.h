/*
 * Test harness: TAP output, a deterministic generator of values, and the
 * caught overflow.
 */
#ifndef ERP_UNIT_TAP_H
#define ERP_UNIT_TAP_H

#include "core/money.h"

#include <setjmp.h>

/* Prints one TAP line; the rest is a printf format that names what holds. */
extern void Ok(bool passed, const char *format,...) __attribute__((format(printf, 2, 3)));

/* A property over many cases: Fail prints the first few cases that break it, then Done prints its line. */
extern void BeginProperty(const char *name);
extern void FailCase(const char *format,...) __attribute__((format(printf, 1, 2)));
extern void CountCase(void);
extern void EndProperty(void);

/* Prints the plan; the exit status of the program. */
extern int	Finish(void);

/* The same sequence in every run (xorshift64*). SEED in the environment changes it. */
extern uint64 Random(void);

/* From low to high, both included. */
extern int	RandomInt(int low, int high);

/* Any int128, of any length in bits, often a power of ten or of two or a limit, give or take one. */
extern int128 RandomInt128(void);

/* A value of at most so many decimal digits, of any length up to it. */
extern int128 RandomDigits(int digits);

/* Decimal text of an integer, for messages; one of a few static buffers. */
extern const char *Show(int128 value);

/* Frees all that was palloc'd. */
extern void ResetMemory(void);

/* Outside OVERFLOWS an overflow ends the program. */
extern sigjmp_buf OverflowCatcher;
extern volatile bool OverflowExpected;

/* True if the expression calls ReportArithmeticOverflow. Its side effects on locals that are not volatile are then lost. */
#define OVERFLOWS(expression) \
	(OverflowExpected = true, \
	 sigsetjmp(OverflowCatcher, 0) != 0 ? (OverflowExpected = false, true) : \
	 ((void) (expression), OverflowExpected = false, false))

#endif
