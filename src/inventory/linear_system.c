#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "core/numeric_io.h"
#include "inventory/linear_system.h"

/* Whole numbers of any size. */
static Datum
Times(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_mul, a, b);
}

static Datum
Whole(int128 value)
{
	return FixedToNumeric(value, 0);
}

LinearSystem *
CreateSystem(int unknowns)
{
	LinearSystem *system = palloc(sizeof(LinearSystem));

	system->memory = AllocSetContextCreate(CurrentMemoryContext, "erp linear system", ALLOCSET_DEFAULT_SIZES);
	system->scratch = AllocSetContextCreate(system->memory, "erp linear system, one value", ALLOCSET_SMALL_SIZES);
	system->unknowns = unknowns;
	system->cells = MemoryContextAllocZero(system->memory, sizeof(int128) * unknowns * (unknowns + 1));
	system->solved = MemoryContextAlloc(system->memory, sizeof(Datum) * unknowns * (unknowns + 1));
	return system;
}

void
FreeSystem(LinearSystem *system)
{
	MemoryContextDelete(system->memory);
	pfree(system);
}

int128 *
SystemCell(LinearSystem *system, int row, int column)
{
	return &system->cells[row * (system->unknowns + 1) + column];
}

static Datum *
SolvedCell(const LinearSystem *system, int row, int column)
{
	return &system->solved[row * (system->unknowns + 1) + column];
}

/* Sets a cell to (of * cell - factor * above) / before; there are as many as the third power of the unknowns, so that none of it may stay. */
static void
EliminateCell(Datum *cell, Datum of, Datum factor, Datum above, Datum before)
{
	Datum		kept = Times(of, *cell);
	Datum		taken = Times(factor, above);
	Datum		left = DirectFunctionCall2(numeric_sub, kept, taken);

	pfree(DatumGetPointer(*cell));
	*cell = DirectFunctionCall2(numeric_div_trunc, left, before);
	pfree(DatumGetPointer(kept));
	pfree(DatumGetPointer(taken));
	pfree(DatumGetPointer(left));
}

/* Every other row without the unknown of this one; what went before divides each cell without a rest (Bareiss, 1968). */
static void
Eliminate(LinearSystem *system, int pivot, Datum before)
{
	Datum		of = *SolvedCell(system, pivot, pivot);

	for (int row = 0; row < system->unknowns; row++)
	{
		Datum		factor = datumCopy(*SolvedCell(system, row, pivot), false, -1);

		CHECK_FOR_INTERRUPTS();
		for (int column = 0; column <= system->unknowns && row != pivot; column++)
			EliminateCell(SolvedCell(system, row, column), of, factor, *SolvedCell(system, pivot, column), before);
		pfree(DatumGetPointer(factor));
	}
}

static bool
IsPositive(Datum number)
{
	return DatumGetBool(DirectFunctionCall2(numeric_gt, number, Whole(0)));
}

/* An unknown that nothing is said of is 0. */
static void
FillEmptyRows(LinearSystem *system)
{
	for (int row = 0; row < system->unknowns; row++)
	{
		bool		isEmpty = true;

		for (int column = 0; column <= system->unknowns; column++)
			isEmpty &= *SystemCell(system, row, column) == 0;
		if (isEmpty)
			*SystemCell(system, row, row) = 1;
	}
}

bool
SolveSystem(LinearSystem *system)
{
	Datum		before;
	MemoryContext caller;
	bool		isSolved = true;
	int			cells = system->unknowns * (system->unknowns + 1);

	FillEmptyRows(system);
	caller = MemoryContextSwitchTo(system->memory);
	for (int i = 0; i < cells; i++)
		system->solved[i] = Whole(system->cells[i]);
	before = Whole(1);
	for (int pivot = 0; pivot < system->unknowns && (isSolved = IsPositive(*SolvedCell(system, pivot, pivot))); pivot++)
	{
		Eliminate(system, pivot, before);
		before = datumCopy(*SolvedCell(system, pivot, pivot), false, -1);
	}
	MemoryContextSwitchTo(caller);
	return isSolved;
}

/* Half away from zero; what is solved for is not below it. */
int128
TimesSolved(const LinearSystem *system, int unknown, int128 factor, int128 step)
{
	MemoryContext caller = MemoryContextSwitchTo(system->scratch);
	Datum		of = Times(Whole(step), *SolvedCell(system, unknown, unknown));
	Datum		product = Times(Whole(factor), *SolvedCell(system, unknown, system->unknowns));
	Datum		doubled = DirectFunctionCall2(numeric_add, Times(product, Whole(2)), of);
	Datum		steps = DirectFunctionCall2(numeric_div_trunc, doubled, Times(of, Whole(2)));
	int128		solved = MultiplyExact(NumericToFixed(steps, 0), step);

	MemoryContextSwitchTo(caller);
	MemoryContextReset(system->scratch);
	return solved;
}
