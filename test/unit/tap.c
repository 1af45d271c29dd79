#include "tap.h"

#include <stdarg.h>

#define SHOWN_FAILURES 5
#define SHOW_BUFFERS 8

sigjmp_buf	OverflowCatcher;
volatile bool OverflowExpected = false;

static int	testCount = 0;
static int	failureCount = 0;
static const char *propertyName;
static int	caseCount;
static int	failedCases;
static uint64 generatorState = 0;

void
ReportArithmeticOverflow(const char *operation)
{
	if (!OverflowExpected)
	{
		fprintf(stderr, "overflow that no test expects: %s\n", operation);
		abort();
	}
	siglongjmp(OverflowCatcher, 1);
}

void
Ok(bool passed, const char *format,...)
{
	va_list		arguments;

	testCount++;
	if (!passed)
		failureCount++;
	printf("%s %d - ", passed ? "ok" : "not ok", testCount);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}

void
BeginProperty(const char *name)
{
	propertyName = name;
	caseCount = 0;
	failedCases = 0;
}

void
CountCase(void)
{
	caseCount++;
}

void
FailCase(const char *format,...)
{
	va_list		arguments;

	if (++failedCases > SHOWN_FAILURES)
		return;
	printf("# %s: ", propertyName);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

/* A property without cases has not been tested. */
void
EndProperty(void)
{
	Ok(failedCases == 0 && caseCount > 0, "%s (%d cases)", propertyName, caseCount);
	ResetMemory();
}

int
Finish(void)
{
	printf("1..%d\n", testCount);
	if (failureCount > 0)
		printf("# %d of %d tests failed\n", failureCount, testCount);
	ResetMemory();
	return failureCount > 0 ? 1 : 0;
}

static void
SeedGenerator(void)
{
	const char *seed = getenv("SEED");

	generatorState = UINT64CONST(0x9E3779B97F4A7C15) ^ (seed != NULL ? strtoull(seed, NULL, 10) : 1);
	printf("# SEED=%s\n", seed != NULL ? seed : "1");
}

uint64
Random(void)
{
	if (generatorState == 0)
		SeedGenerator();
	generatorState ^= generatorState >> 12;
	generatorState ^= generatorState << 25;
	generatorState ^= generatorState >> 27;
	return generatorState * UINT64CONST(0x2545F4914F6CDD1D);
}

int
RandomInt(int low, int high)
{
	return low + (int) (Random() % (uint64) (high - low + 1));
}

static uint128
RandomMagnitude(void)
{
	uint128		any = ((uint128) Random() << 64) | Random();

	switch (RandomInt(0, 3))
	{
		case 0:
			return (uint128) PowerOfTen(RandomInt(0, FIXED_MAX_POWER)) + RandomInt(-1, 1);
		case 1:
			return ((uint128) 1 << RandomInt(0, 127)) + RandomInt(-1, 1);
		default:
			return any >> RandomInt(0, 127);
	}
}

int128
RandomInt128(void)
{
	uint128		magnitude = RandomMagnitude();

	return (int128) (RandomInt(0, 1) == 0 ? magnitude : (uint128) 0 - magnitude);
}

int128
RandomDigits(int digits)
{
	int128		limit = PowerOfTen(RandomInt(0, digits));
	int128		value = RandomInt128() % limit;

	return RandomInt(0, 20) == 0 ? (value < 0 ? 1 - limit : limit - 1) : value;
}

const char *
Show(int128 value)
{
	static char buffers[SHOW_BUFFERS][FIXED_TEXT_MAX];
	static int	next = 0;
	char	   *buffer = buffers[next++ % SHOW_BUFFERS];

	FormatFixed(value, 0, buffer);
	return buffer;
}
