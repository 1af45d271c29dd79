/*
 * Histories of one cost pool for the tests of costing.c: made of bytes, derived
 * naively, and played against the engine. The derivation shares nothing with
 * the engine but its types: layers stay where they came in, a pool is one sum,
 * and a share is one division of whole numbers.
 *
 * Quantities and values are within their types (numeric(18,6), (19,4)); sums
 * of them may go beyond.
 */
#ifndef ERP_UNIT_HISTORY_H
#define ERP_UNIT_HISTORY_H

#include "inventory/costing.h"

#define HISTORY_MOVES_MAX 64

/* Each layer ends once, and each move ends on at most one that it does not use up. */
#define HISTORY_PARTS_MAX (2 * HISTORY_MOVES_MAX)

typedef enum HistoryKind
{
	HISTORY_RECEIPT,			/* comes in with a value of its own */
	HISTORY_ISSUE,				/* a sale, a loss */
	HISTORY_RETURN,				/* comes in with its share of what an issue cost; all of it is the issue's reversal */
	HISTORY_TAKE_BACK			/* the reversal of a receipt or return */
} HistoryKind;

/* What an outgoing move took of one source: the number of a move, from 1, or 0 for the pool as a whole. */
typedef struct HistoryPart
{
	int			source;
	int128		quantity;
	int128		amount;
} HistoryPart;

typedef struct HistoryMove
{
	HistoryKind kind;
	int128		quantity;		/* > 0, whatever the direction */
	int			origin;			/* index of what is returned or taken back */
	bool		putAway;		/* when played in pieces, the pool is stored after this move and loaded again */

	/* as derived */
	CostOutcome outcome;
	bool		mayOverflow;	/* the pool is beyond its types, so that the engine may say so instead */
	int128		value;			/* that came in, or cost of what went out */
	int128		leftQuantity;	/* of a layer */
	int128		leftValue;
	int			takenBackBy;	/* index of the move that took it back, 0 if none did */
	int			firstPart;
	int			partCount;
} HistoryMove;

typedef struct History
{
	CostMethod	method;
	int			decimals;
	int128		standard;		/* of standard cost, at PRICE_SCALE */
	int			loadAtOnce;		/* layers that a stored pool gives back at a time */
	int128		quantity;		/* of the pool, as derived */
	int128		value;
	HistoryMove moves[HISTORY_MOVES_MAX];
	int			count;
	HistoryPart parts[HISTORY_PARTS_MAX];
	int			partCount;
} History;

/* history_naive.c: adds a move behind the others (there is room for it) and derives what it does. */
extern HistoryMove *AddReceipt(History *history, int128 quantity, int128 value);
extern HistoryMove *AddIssue(History *history, int128 quantity);
extern HistoryMove *AddReturn(History *history, int issue, int128 quantity);
extern HistoryMove *AddTakeBack(History *history, int incoming);

/* history_naive.c: whether the move came in, or went out, and was not refused. */
extern bool CameIn(const HistoryMove *move);
extern bool WentOut(const HistoryMove *move);

/* history_read.c: any bytes are a history by the method, the more bytes the longer. */
extern void ReadHistory(History *history, const uint8 *bytes, size_t size, CostMethod method);

/*
 * history_play.c: plays the history through costing.c, in one go or put away
 * and loaded again where its moves say so. NULL if each outcome, cost and edge
 * is as derived and no law is broken; otherwise what is wrong (a static text).
 */
extern const char *PlayHistory(const History *history, bool inPieces);

#endif
