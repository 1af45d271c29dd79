#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

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

	system->unknowns = unknowns;
	system->cells = palloc0(sizeof(int128) * unknowns * (unknowns + 1));
	system->solved = palloc(sizeof(Datum) * unknowns * (unknowns + 1));
	return system;
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

/* Every other row without the unknown of this one; what went before divides each cell without a rest (Bareiss, 1968). */
static void
Eliminate(LinearSystem *system, int pivot, Datum before)
{
	Datum		of = *SolvedCell(system, pivot, pivot);

	for (int row = 0; row < system->unknowns; row++)
	{
		Datum		factor = *SolvedCell(system, row, pivot);

		CHECK_FOR_INTERRUPTS();
		for (int column = 0; column <= system->unknowns && row != pivot; column++)
		{
			Datum	   *cell = SolvedCell(system, row, column);
			Datum		left = DirectFunctionCall2(numeric_sub, Times(of, *cell), Times(factor, *SolvedCell(system, pivot, column)));

			*cell = DirectFunctionCall2(numeric_div_trunc, left, before);
		}
	}
}

static bool
IsPositive(Datum number)
{
	return DatumGetBool(DirectFunctionCall2(numeric_gt, number, Whole(0)));
}

bool
SolveSystem(LinearSystem *system)
{
	Datum		before = Whole(1);
	int			cells = system->unknowns * (system->unknowns + 1);

	for (int i = 0; i < cells; i++)
		system->solved[i] = Whole(system->cells[i]);
	for (int pivot = 0; pivot < system->unknowns; pivot++)
	{
		if (!IsPositive(*SolvedCell(system, pivot, pivot)))
			return false;
		Eliminate(system, pivot, before);
		before = *SolvedCell(system, pivot, pivot);
	}
	return true;
}

/* Half away from zero; what is solved for is not below it. */
int128
TimesSolved(const LinearSystem *system, int unknown, int128 factor, int128 step)
{
	Datum		of = Times(Whole(step), *SolvedCell(system, unknown, unknown));
	Datum		product = Times(Whole(factor), *SolvedCell(system, unknown, system->unknowns));
	Datum		doubled = DirectFunctionCall2(numeric_add, Times(product, Whole(2)), of);
	Datum		steps = DirectFunctionCall2(numeric_div_trunc, doubled, Times(of, Whole(2)));

	return MultiplyExact(NumericToFixed(steps, 0), step);
}
