/*
 * Linear equations in whole numbers, solved exactly: what pools cost that take from each other.
 */
#ifndef ERP_LINEAR_SYSTEM_H
#define ERP_LINEAR_SYSTEM_H

#include "postgres.h"

#include "core/money.h"

/* As many equations as unknowns: a row each, whose last cell is the right side. */
typedef struct LinearSystem
{
	int			unknowns;
	MemoryContext memory;		/* all that the system has */
	MemoryContext scratch;		/* of one value that is asked for */
	int128	   *cells;
	Datum	   *solved;			/* numeric, once it is solved: by unknown what it is times the last one, which stands behind them */
} LinearSystem;

/* A system whose cells are all zero. */
extern LinearSystem *CreateSystem(int unknowns);

/* Gives back what it takes. */
extern void FreeSystem(LinearSystem *system);

/* The cell of an equation: the factor of an unknown, or in column `unknowns` the right side. */
extern int128 *SystemCell(LinearSystem *system, int row, int column);

/* Solves it, and uses the cells up; false unless there is one solution, and nothing in it is below zero. */
extern bool SolveSystem(LinearSystem *system);

/* Of a solved system, so many times an unknown, rounded to multiples of a step, half away from zero. */
extern int128 TimesSolved(const LinearSystem *system, int unknown, int128 factor, int128 step);

#endif
