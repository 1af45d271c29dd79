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
	Datum	   *solved;			/* numeric: the rows once they are solved, each with its unknown alone */
} LinearSystem;

/* A system whose cells are all zero. */
extern LinearSystem *CreateSystem(int unknowns);

/* Gives back what it takes. */
extern void FreeSystem(LinearSystem *system);

/* The cell of an equation: the factor of an unknown, or in column `unknowns` the right side. */
extern int128 *SystemCell(LinearSystem *system, int row, int column);

/* Solves it; false unless each determinant of the first rows and columns is above zero, as it is where each unknown outweighs in its own row what that takes from others. */
extern bool SolveSystem(LinearSystem *system);

/* Of a solved system, so many times an unknown that is not below zero, rounded to multiples of a step, half away from zero. */
extern int128 TimesSolved(const LinearSystem *system, int unknown, int128 factor, int128 step);

#endif
