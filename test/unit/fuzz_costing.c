/* Whatever the moves: by both methods, in one go and in pieces, costs, edges and refusals are those of the naive derivation. */
#include "history.h"

#include "tap.h"

int			LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

static void
Play(const History *history, bool inPieces)
{
	const char *problem = PlayHistory(history, inPieces);

	if (problem != NULL)
	{
		fprintf(stderr, "%s, %s: %s\n", CostMethodNames[history->method],
				inPieces ? "in pieces" : "in one go", problem);
		abort();
	}
	ResetMemory();
}

/* One method after the other, so that each new way through one of them is a new input for both. */
int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	static History history;

	for (CostMethod method = COST_FIFO; method < COST_METHOD_COUNT; method++)
	{
		ReadHistory(&history, data, size, method);
		Play(&history, false);
		Play(&history, true);
	}
	return 0;
}
