#include "inventory/modular.h"

static bool
IsPrime(uint32 odd)
{
	for (uint32 divisor = 3; (uint64) divisor * divisor <= odd; divisor += 2)
	{
		if (odd % divisor == 0)
			return false;
	}
	return true;
}

uint32
PrimeNumber(int number)
{
	static uint32 known[PRIMES_MAX];
	static int	count = 0;

	ErpAssert(number < PRIMES_MAX);
	for (uint32 odd = count == 0 ? 0x7fffffff : known[count - 1] - 2; count <= number; odd -= 2)
	{
		if (IsPrime(odd))
			known[count++] = odd;
	}
	return known[number];
}

uint32
Remainder(int128 value, uint32 prime)
{
	int64		rest = (int64) (value % prime);

	return (uint32) (rest < 0 ? rest + prime : rest);
}

static uint32
Times(uint32 a, uint32 b, uint32 prime)
{
	return (uint32) ((uint64) a * b % prime);
}

/* a - b x c; b is below the prime. */
static uint32
Less(uint32 a, uint32 b, uint32 c, uint32 prime)
{
	return (uint32) ((a + (uint64) (prime - b) * c) % prime);
}

/* By Fermat: the power prime - 2. */
static uint32
Inverse(uint32 value, uint32 prime)
{
	uint32		inverse = 1;
	uint32		power = value;

	for (uint32 exponent = prime - 2; exponent > 0; exponent /= 2)
	{
		if (exponent % 2 == 1)
			inverse = Times(inverse, power, prime);
		power = Times(power, power, prime);
	}
	return inverse;
}

/* The rows below without the unknown of this one; most do not have it. */
static void
Eliminate(uint32 *rows, int unknowns, int pivot, uint32 inverse, uint32 prime)
{
	int			width = unknowns + 1;
	const uint32 *above = rows + (size_t) pivot * width;

	for (int i = pivot + 1; i < unknowns; i++)
	{
		uint32	   *row = rows + (size_t) i * width;
		uint32		factor = Times(row[pivot], inverse, prime);

		for (int j = pivot + 1; j < width && factor != 0; j++)
			row[j] = Less(row[j], factor, above[j], prime);
	}
}

/* The unknowns of rows that have only those behind their own, the last first. */
static void
Substitute(const uint32 *rows, int unknowns, const uint32 *inverses, uint32 prime, uint32 *solved)
{
	int			width = unknowns + 1;

	for (int i = unknowns - 1; i >= 0; i--)
	{
		const uint32 *row = rows + (size_t) i * width;
		uint32		rest = row[unknowns];

		for (int j = i + 1; j < unknowns; j++)
			rest = Less(rest, row[j], solved[j], prime);
		solved[i] = Times(rest, inverses[i], prime);
	}
}

/* The triangle of the rows, and what the factors of their own unknowns are inverse to; the determinant, or 0. */
static uint32
EliminateAll(uint32 *rows, int unknowns, uint32 prime, uint32 *inverses)
{
	uint32		determinant = 1;

	for (int pivot = 0; pivot < unknowns && determinant != 0; pivot++)
	{
		uint32		of = rows[(size_t) pivot * (unknowns + 1) + pivot];

		ErpCheckInterrupts();
		determinant = Times(determinant, of, prime);
		inverses[pivot] = Inverse(of, prime);
		Eliminate(rows, unknowns, pivot, inverses[pivot], prime);
	}
	return determinant;
}

bool
SolveModulo(uint32 *rows, int unknowns, uint32 prime, uint32 *numerators)
{
	uint32	   *inverses = palloc(sizeof(uint32) * unknowns);
	uint32		determinant = EliminateAll(rows, unknowns, prime, inverses);

	if (determinant != 0)
	{
		Substitute(rows, unknowns, inverses, prime, numerators);
		for (int i = 0; i < unknowns; i++)
			numerators[i] = Times(numerators[i], determinant, prime);
		numerators[unknowns] = determinant;
	}
	pfree(inverses);
	return determinant != 0;
}

/* The digits that are known, taken modulo a prime. */
static uint32
TakeDigits(const uint32 *digits, const uint32 *primes, int count, uint32 prime)
{
	uint64		value = 0;

	for (int i = count - 1; i >= 0; i--)
		value = (value * primes[i] + digits[i]) % prime;
	return (uint32) value;
}

void
InversesOfProducts(const uint32 *primes, int count, uint32 *inverses)
{
	for (int i = 0; i < count; i++)
	{
		uint32		product = 1;

		for (int j = 0; j < i; j++)
			product = Times(product, primes[j] % primes[i], primes[i]);
		inverses[i] = Inverse(product, primes[i]);
	}
}

void
DigitsOfRemainders(const uint32 *remainders, const uint32 *primes, const uint32 *inverses, int count, uint32 *digits)
{
	for (int i = 0; i < count; i++)
	{
		uint32		known = TakeDigits(digits, primes, i, primes[i]);

		digits[i] = Times(Less(remainders[i], known, 1, primes[i]), inverses[i], primes[i]);
	}
}
