/* What solves pools that carry to each other: components of a graph against what can be reached from where, remainders against schoolbook arithmetic. */
#include "inventory/components.h"
#include "inventory/modular.h"

#include "tap.h"

#define CASES 3000
#define NODES_MAX 12
#define EDGES_MAX 30
#define CHAIN 200000
#define UNKNOWNS_MAX 5

/* By node: where edges lead from it, itself included. */
static void
FindReached(int nodes, const GraphEdge *edges, int edgeCount, bool reached[NODES_MAX][NODES_MAX])
{
	memset(reached, 0, sizeof(bool) * NODES_MAX * NODES_MAX);
	for (int i = 0; i < nodes; i++)
		reached[i][i] = true;
	for (int i = 0; i < edgeCount; i++)
		reached[edges[i].from][edges[i].to] = true;
	for (int by = 0; by < nodes; by++)
	{
		for (int i = 0; i < nodes; i++)
		{
			for (int j = 0; j < nodes; j++)
				reached[i][j] |= reached[i][by] && reached[by][j];
		}
	}
}

static bool
AreComponents(int nodes, bool reached[NODES_MAX][NODES_MAX], const int *components)
{
	bool		right = true;

	for (int i = 0; i < nodes; i++)
	{
		for (int j = 0; j < nodes; j++)
		{
			right &= (components[i] == components[j]) == (reached[i][j] && reached[j][i]);
			right &= !reached[i][j] || components[j] <= components[i];
		}
	}
	return right;
}

static void
CheckComponents(void)
{
	BeginProperty("components are what lies in circles, behind what they depend on");
	for (int i = 0; i < CASES; i++)
	{
		int			nodes = RandomInt(1, NODES_MAX);
		int			edgeCount = RandomInt(0, EDGES_MAX);
		int			components[NODES_MAX];
		GraphEdge	edges[EDGES_MAX];
		bool		reached[NODES_MAX][NODES_MAX];

		for (int j = 0; j < edgeCount; j++)
			edges[j] = (GraphEdge) {.from = RandomInt(0, nodes - 1), .to = RandomInt(0, nodes - 1)};
		FindReached(nodes, edges, edgeCount, reached);
		(void) FindComponents(nodes, edges, edgeCount, components);
		CountCase();
		if (!AreComponents(nodes, reached, components))
			FailCase("%d nodes, %d edges", nodes, edgeCount);
		ResetMemory();
	}
	EndProperty();
}

/* A chain, and the same closed to a circle: no stack of calls holds it. */
static void
CheckLong(void)
{
	int		   *components = palloc(sizeof(int) * CHAIN);
	GraphEdge  *edges = palloc(sizeof(GraphEdge) * CHAIN);

	for (int i = 0; i < CHAIN; i++)
		edges[i] = (GraphEdge) {.from = i, .to = (i + 1) % CHAIN};
	Ok(FindComponents(CHAIN, edges, CHAIN - 1, components) == CHAIN && components[CHAIN - 1] == 0 && components[0] == CHAIN - 1, "a long chain");
	Ok(FindComponents(CHAIN, edges, CHAIN, components) == 1 && components[7] == 0, "a long circle");
	ResetMemory();
}

static void
CheckPrimes(void)
{
	Ok(PrimeNumber(0) == 2147483647 && PrimeNumber(1) == 2147483629 && PrimeNumber(2) == 2147483587, "the greatest primes below 2^31");
	Ok(PrimeNumber(PRIMES_MAX - 1) >> PRIME_BITS == 1, "the last has as many bits");
}

/* Numbers from 0 to 2^100 by their remainders by four primes. */
static void
CheckDigits(void)
{
	uint32		primes[4];
	uint32		inverses[4];

	for (int i = 0; i < 4; i++)
		primes[i] = PrimeNumber(i);
	InversesOfProducts(primes, 4, inverses);
	BeginProperty("a number is what its remainders say");
	for (int i = 0; i < CASES; i++)
	{
		int128		number = RandomDigits(30);
		uint32		remainders[4];
		uint32		digits[4];
		int128		found = 0;

		number = number < 0 ? -number : number;
		for (int j = 0; j < 4; j++)
			remainders[j] = Remainder(number, primes[j]);
		DigitsOfRemainders(remainders, primes, inverses, 4, digits);
		for (int j = 3; j >= 0; j--)
			found = found * primes[j] + digits[j];
		CountCase();
		if (found != number)
			FailCase("%s is found as %s", Show(number), Show(found));
	}
	EndProperty();
}

/* Cramer's rule in the numbers themselves, by Laplace: `column` is replaced by the right side. */
static int128
Determinant(int size, int rows[UNKNOWNS_MAX][UNKNOWNS_MAX + 1], int unknowns, int column, unsigned used)
{
	int128		sum = 0;
	int			sign = 1;

	if (size == 0)
		return 1;
	for (int i = 0; i < unknowns; i++)
	{
		if (used & (1u << i))
			continue;
		sum += sign * (int128) rows[unknowns - size][i == column ? unknowns : i] * Determinant(size - 1, rows, unknowns, column, used | (1u << i));
		sign = -sign;
	}
	return sum;
}

static void
CheckSolved(void)
{
	BeginProperty("equations are solved as by Cramer's rule");
	for (int i = 0; i < CASES; i++)
	{
		int			unknowns = RandomInt(1, UNKNOWNS_MAX);
		int			rows[UNKNOWNS_MAX][UNKNOWNS_MAX + 1];
		uint32		remainders[UNKNOWNS_MAX * (UNKNOWNS_MAX + 1)];
		uint32		found[UNKNOWNS_MAX + 1];
		uint32		prime = PrimeNumber(RandomInt(0, 9));
		bool		right = true;

		for (int j = 0; j < unknowns; j++)
		{
			for (int k = 0; k <= unknowns; k++)
			{
				rows[j][k] = j == k ? RandomInt(2000, 4000) : RandomInt(-400, 400);
				remainders[j * (unknowns + 1) + k] = Remainder(rows[j][k], prime);
			}
		}
		CountCase();
		right = SolveModulo(remainders, unknowns, prime, found);
		for (int k = 0; k <= unknowns && right; k++)
			right = found[k] == Remainder(Determinant(unknowns, rows, unknowns, k < unknowns ? k : -1, 0), prime);
		if (!right)
			FailCase("%d unknowns", unknowns);
		ResetMemory();
	}
	EndProperty();
}

int
main(void)
{
	CheckComponents();
	CheckLong();
	CheckPrimes();
	CheckDigits();
	CheckSolved();
	return Finish();
}
