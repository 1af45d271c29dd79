#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "core/numeric_io.h"
#include "inventory/linear_system.h"
#include "inventory/modular.h"

/*
 * By Cramer's rule each unknown is one whole number by another, the determinant of all. They are solved for modulo one prime after the
 * other, until the product of these is beyond what a determinant of such rows can be, and put together from their remainders.
 */

/* A prime that divides some determinant on the way says nothing; that several do is no chance. */
#define USELESS_PRIMES_MAX 4

/* The remainders by each prime. */
typedef struct Remainders
{
	int			count;			/* primes */
	uint32	   *primes;
	uint32	   *inverses;
	uint32	   *values;			/* by prime: the numerator of each unknown, behind them the denominator */
	Datum		product;		/* numeric: of the primes */
} Remainders;

/* Whole numbers of any size. */
static Datum
Times(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_mul, a, b);
}

static Datum
Plus(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_add, a, b);
}

static Datum
Whole(int128 value)
{
	return FixedToNumeric(value, 0);
}

static bool
IsBelow(Datum a, Datum b)
{
	return DatumGetBool(DirectFunctionCall2(numeric_lt, a, b));
}

LinearSystem *
CreateSystem(int unknowns)
{
	LinearSystem *system = palloc(sizeof(LinearSystem));

	system->memory = AllocSetContextCreate(CurrentMemoryContext, "erp linear system", ALLOCSET_DEFAULT_SIZES);
	system->scratch = AllocSetContextCreate(system->memory, "erp linear system, one value", ALLOCSET_SMALL_SIZES);
	system->unknowns = unknowns;
	system->cells = MemoryContextAllocZero(system->memory, sizeof(int128) * unknowns * (unknowns + 1));
	system->solved = MemoryContextAlloc(system->memory, sizeof(Datum) * (unknowns + 1));
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

static int128
Magnitude(int128 value)
{
	return value < 0 ? NegateExact(value) : value;
}

/* The equation in the smallest whole numbers. */
static void
ReduceRow(LinearSystem *system, int row)
{
	int128		divisor = 0;

	for (int column = 0; column <= system->unknowns; column++)
	{
		int128		rest = Magnitude(*SystemCell(system, row, column));

		while (rest != 0)
		{
			int128		before = divisor;

			divisor = rest;
			rest = before % rest;
		}
	}
	for (int column = 0; column <= system->unknowns && divisor > 1; column++)
		*SystemCell(system, row, column) /= divisor;
}

/* How many numbers other than zero the row has, and how many bits the greatest. */
static int
MeasureRow(LinearSystem *system, int row, int *bits)
{
	int			count = 0;

	*bits = 0;
	for (int column = 0; column <= system->unknowns; column++)
	{
		int128		rest = Magnitude(*SystemCell(system, row, column)) >> *bits;

		count += *SystemCell(system, row, column) != 0;
		for (; rest != 0; rest >>= 1)
			(*bits)++;
	}
	return count;
}

/* An unknown that nothing is said of is 0. Returns how many primes suffice: a determinant is below the product of the sums of the rows, on either side of zero. */
static int
PrepareRows(LinearSystem *system)
{
	int			bits = 1;

	for (int row = 0; row < system->unknowns; row++)
	{
		int			rowBits;
		int			count = MeasureRow(system, row, &rowBits);

		if (count == 0)
			*SystemCell(system, row, row) = 1;
		ReduceRow(system, row);
		count = MeasureRow(system, row, &rowBits);
		bits += rowBits;
		for (; count > 1; count = (count + 1) / 2)
			bits++;
	}
	return bits / PRIME_BITS + 1;
}

/* The unknowns in the order in which they are eliminated: first those of equations with few others, so that rows stay short. */
static int *
ShortestFirst(LinearSystem *system)
{
	int		   *order = palloc(sizeof(int) * system->unknowns);
	int		   *lengths = palloc(sizeof(int) * system->unknowns);

	for (int row = 0; row < system->unknowns; row++)
	{
		int			place = row;
		int			bits;
		int			length = MeasureRow(system, row, &bits);

		for (; place > 0 && lengths[place - 1] > length; place--)
		{
			lengths[place] = lengths[place - 1];
			order[place] = order[place - 1];
		}
		lengths[place] = length;
		order[place] = row;
	}
	pfree(lengths);
	return order;
}

/* The rows modulo a prime, in that order, and their unknowns in the same. */
static void
TakeRemainders(LinearSystem *system, const int *order, uint32 prime, uint32 *rows)
{
	for (int i = 0; i < system->unknowns; i++)
	{
		for (int j = 0; j <= system->unknowns; j++)
		{
			int128		cell = *SystemCell(system, order[i], j < system->unknowns ? order[j] : j);

			rows[(size_t) i * (system->unknowns + 1) + j] = cell == 0 ? 0 : Remainder(cell, prime);
		}
	}
}

/* Solves the system modulo as many primes; false if it has no one solution. */
static bool
SolveByPrimes(LinearSystem *system, const int *order, int count, Remainders *remainders)
{
	int			width = system->unknowns + 1;
	uint32	   *rows = palloc(sizeof(uint32) * system->unknowns * width);

	*remainders = (Remainders) {
		.primes = palloc(sizeof(uint32) * count), .inverses = palloc(sizeof(uint32) * count),
		.values = palloc(sizeof(uint32) * count * width), .product = Whole(1)
	};
	for (int number = 0; remainders->count < count; number++)
	{
		if (number == PRIMES_MAX || number - remainders->count == USELESS_PRIMES_MAX)
			return false;
		TakeRemainders(system, order, PrimeNumber(number), rows);
		if (!SolveModulo(rows, system->unknowns, PrimeNumber(number), &remainders->values[(size_t) remainders->count * width]))
			continue;
		remainders->product = Times(remainders->product, Whole(PrimeNumber(number)));
		remainders->primes[remainders->count++] = PrimeNumber(number);
	}
	InversesOfProducts(remainders->primes, count, remainders->inverses);
	return true;
}

/* The number of these digits. */
static Datum
NumberOfDigits(const uint32 *digits, const uint32 *primes, int count)
{
	Datum		number = Whole(0);

	for (int i = count - 1; i >= 0; i--)
		number = Plus(Times(number, Whole(primes[i])), Whole(digits[i]));
	return number;
}

/* The number of either sign that is known by its remainders; `column` in the order in which the system was solved. */
static Datum
FromRemainders(const Remainders *remainders, int unknowns, int column)
{
	uint32	   *values = palloc(sizeof(uint32) * remainders->count);
	uint32	   *digits = palloc(sizeof(uint32) * remainders->count);
	Datum		number;

	for (int i = 0; i < remainders->count; i++)
		values[i] = remainders->values[(size_t) i * (unknowns + 1) + column];
	DigitsOfRemainders(values, remainders->primes, remainders->inverses, remainders->count, digits);
	number = NumberOfDigits(digits, remainders->primes, remainders->count);
	return IsBelow(Plus(number, number), remainders->product) ? number : DirectFunctionCall2(numeric_sub, number, remainders->product);
}

/* Keeps what is solved for; false if some of it is below zero, or the determinant not above. */
static bool
KeepSolved(LinearSystem *system, const int *order, const Remainders *remainders)
{
	for (int i = 0; i <= system->unknowns; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(system->scratch);
		Datum		number = FromRemainders(remainders, system->unknowns, i);
		bool		isBelow = IsBelow(number, Whole(i < system->unknowns ? 0 : 1));

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(system->memory);
		system->solved[i < system->unknowns ? order[i] : i] = datumCopy(number, false, -1);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(system->scratch);
		if (isBelow)
			return false;
	}
	return true;
}

bool
SolveSystem(LinearSystem *system)
{
	MemoryContext caller = MemoryContextSwitchTo(system->memory);
	int			primes = PrepareRows(system);
	int		   *order = ShortestFirst(system);
	Remainders	remainders;
	bool		isSolved = SolveByPrimes(system, order, primes, &remainders) && KeepSolved(system, order, &remainders);

	MemoryContextSwitchTo(caller);
	return isSolved;
}

/* Half away from zero; what is solved for is not below it. */
int128
TimesSolved(const LinearSystem *system, int unknown, int128 factor, int128 step)
{
	MemoryContext caller = MemoryContextSwitchTo(system->scratch);
	Datum		of = Times(Whole(step), system->solved[system->unknowns]);
	Datum		product = Times(Whole(factor), system->solved[unknown]);
	Datum		doubled = Plus(Times(product, Whole(2)), of);
	Datum		steps = DirectFunctionCall2(numeric_div_trunc, doubled, Times(of, Whole(2)));
	int128		solved = MultiplyExact(NumericToFixed(steps, 0), step);

	MemoryContextSwitchTo(caller);
	MemoryContextReset(system->scratch);
	return solved;
}
