/*
 * The cost methods: pure functions from the ordered moves of a cost pool to
 * costs. One loop runs them for one new move, for a backdated move's item and
 * for all of history. Needs no server.
 *
 * Quantities are at QUANTITY_SCALE, values at AMOUNT_SCALE; both positive here,
 * whatever the direction.
 */
#ifndef ERP_COSTING_H
#define ERP_COSTING_H

#include "core/cost_method.h"
#include "core/money.h"

/* The word for each method, as in erp.item. */
extern const char *const CostMethodNames[COST_METHOD_COUNT];

/* The method of that word; FIFO for any other, as for items that have no cost. */
extern CostMethod FindCostMethod(const char *name);

/* The scope of pools of that word, as in erp.item; the company for any other. */
extern CostPoolScope FindPoolScope(const char *name);

/* Place of a move in the order of its item. */
typedef struct MovePosition
{
	int32		day;			/* DateADT */
	int64		timeOfDay;		/* TimeADT */
	int64		moveId;
} MovePosition;

/* What is left of an incoming move. */
typedef struct CostLayer
{
	MovePosition position;
	int128		quantity;
	int128		value;
} CostLayer;

/* A queue of layers, oldest first. */
typedef struct LayerQueue
{
	CostLayer  *layers;
	int			first;
	int			count;			/* from first on */
	int			capacity;
} LayerQueue;

/*
 * A month whose cost was run, while its moves are costed: what was there at its
 * beginning and all that comes in, less what is taken back of that, and what of
 * it has gone out so far. Not open: nothing of a month is known.
 */
typedef struct CostMonth
{
	int128		quantity;
	int128		value;
	int128		issued;			/* less what of it has come back */
	bool		isOpen;
} CostMonth;

/* What of an issue was not there, and what it costs until it is. */
typedef struct CostDebt
{
	int64		moveId;
	int128		quantity;
	int128		amount;
} CostDebt;

/* A queue of debts, oldest first. */
typedef struct CostDebts
{
	CostDebt   *debts;
	int			first;
	int			count;
	int			capacity;
} CostDebts;

/* So much of an issue costs its share of a receipt that came later, instead of what it cost provisionally. */
typedef struct CostSettlement
{
	int64		moveId;
	int64		sourceMoveId;
	int128		quantity;
	int128		provisional;
	int128		amount;
	bool		isLast;			/* nothing of the issue is provisional any more */
} CostSettlement;

typedef struct CostPool CostPool;

/* Is told of each settlement. */
typedef void (*SettleIssue) (CostPool *pool, const CostSettlement *settlement, void *argument);

/* Appends the stored layers behind those that were loaded last (at first, behind the pool's cursor) to pool->stored; sets pool->complete when there are no more. */
typedef void (*LoadLayers) (CostPool *pool, void *argument);

struct CostPool
{
	CostMethod	method;
	int			decimals;		/* of the company's currency */
	int128		quantity;
	int128		value;
	CostMonth	month;			/* of the monthly average */
	int128		standard;		/* of standard cost: of one unit, at PRICE_SCALE */
	LayerQueue	stored;			/* loaded from the database, or replayed */
	LayerQueue	fresh;			/* came in during this run */
	MovePosition cursor;		/* layers after it that are not loaded are whole */
	bool		complete;		/* no stored layer is missing from the queue */
	int128		lastQuantity;	/* of what came in last; 0: nothing did, UNKNOWN_QUANTITY: not found yet */
	int128		lastValue;
	bool		keepsLast;	/* more than there is may go out */
	CostDebts	debts;
	SettleIssue settle;			/* not NULL where there are debts */
	void	   *settleArgument;
	LoadLayers	loadLayers;		/* may be NULL if complete */
	void	   *loadArgument;
};

/* How much of an issue came from which layer; sourceMoveId 0 is the pool as a whole. */
typedef struct CostEdge
{
	int64		sourceMoveId;
	int128		quantity;
	int128		amount;
} CostEdge;

typedef struct CostEdges
{
	CostEdge   *edges;
	int			count;
	int			capacity;
} CostEdges;

typedef enum CostOutcome
{
	COST_OK,
	COST_SHORT,					/* the pool holds less than the quantity */
	COST_LAYER_TOUCHED			/* the layer is not whole any more, or the pool cannot give its exact value */
} CostOutcome;

extern int	ComparePosition(const MovePosition *a, const MovePosition *b);

/* An incoming move: the newest layer, or into the average. Returns what it enters at: the value, or what it is at standard. */
extern int128 CostReceive(CostPool *pool, MovePosition position, int128 quantity, int128 value);

/*
 * An outgoing move: appends its edges. FIFO: taking t of a layer that holds q
 * worth v takes round(v x t / q), all of v when t = q. Moving average:
 * round(pool value x t / pool quantity), the last unit takes the rest.
 */
extern CostOutcome CostIssue(CostPool *pool, int128 quantity, CostEdges *edges);

/*
 * Standard cost: after each move the pool is worth round(quantity x standard),
 * whatever was paid, so that no quantity is worth nothing; a move's value is the
 * difference. Source: IAS 2, paragraph 21; the variances are the posting's matter.
 * CostAtStandard is the value of a move of so much, in positive, out negative;
 * CostRestate puts another standard in force and returns the change of value.
 */
extern int128 CostAtStandard(const CostPool *pool, int128 quantity);
extern int128 CostRestate(CostPool *pool, int128 standard);

/*
 * Another method from here on: appends what leaves the pool by the old one (its
 * layers, or a part of the pool as a whole), and as what goes in, negative, what is
 * there by the new one: one layer, of the move at the position, or the pool as a whole.
 * The value stays, but for standard cost, which says it. COST_SHORT: the pool is below zero.
 */
extern CostOutcome CostChangeMethod(CostPool *pool, CostMethod method, int128 standard, MovePosition position, CostEdges *edges);

/*
 * costing_month.c: the monthly weighted average (全月一次加权平均). Until the cost of a
 * month is run its issues are costed as by moving average, provisionally. When
 * it is run, all its moves are costed again between these two calls: of what
 * was there and comes in, Q worth V (`quantity` and `value` are what comes in
 * within the month), the first n units to go out cost round(V x n / Q), and each
 * issue what it adds to that. So the issues of a month cost, together, exactly
 * round(V x issued / Q), each within one of the currency's smallest units of its
 * share, and who takes the last unit takes the residue. What is issued and comes
 * back within the month is no receipt but an issue less. The pool's value is that
 * of the books again when the month is closed, and may be anything between.
 * COST_LAYER_TOUCHED: more is taken back than there is.
 */
extern CostOutcome CostOpenMonth(CostPool *pool, int128 quantity, int128 value);
extern void CostCloseMonth(CostPool *pool);

/* costing_month.c: issues a quantity in the open month (negative: what was issued in it comes back); returns its cost, of the same sign. */
extern int128 CostThroughMonth(CostPool *pool, int128 quantity);

/*
 * costing_negative.c: an issue that may take more than there is: what is beyond
 * it costs what one unit cost that came in last (nothing, if none ever did), from
 * no source. The receipts that follow settle it, the oldest first, at their share:
 * pool->settle is told by CostReceive.
 */
extern CostOutcome CostIssueBeyond(CostPool *pool, int64 moveId, int128 quantity, CostEdges *edges);

/* costing_negative.c: settles debts by what came in; the rest of it is left. */
extern void CostSettleDebts(CostPool *pool, CostLayer *receipt);

#define UNKNOWN_QUANTITY (-1)

/* By standard cost an issue beyond what is there needs no settlement. */
extern CostOutcome CostAtStandardBeyond(CostPool *pool, int128 quantity, CostEdges *edges);

/*
 * costing_take_back.c: takes an incoming move, or a part of it, back at a given value: out of its own
 * layer, of which so much must be left, or as an issue that costs exactly this (goods
 * of it that went out and came back are layers of their own), or by average out of the pool, which must stay sound,
 * by standard cost at what it is worth now, whatever the value.
 */
extern CostOutcome CostTakeBack(CostPool *pool, int64 moveId, int128 quantity, int128 value, CostEdges *edges);

/* FIFO: takes so much, which is there, out of the layers from the head on; the pool's quantity and value are the caller's matter. */
extern void CostIssueByLayers(CostPool *pool, int128 quantity, CostEdges *edges);

/* Adds an edge to the list. */
extern void AppendEdge(CostEdges *edges, int64 sourceMoveId, int128 quantity, int128 amount);

/* Sum of amounts of edges [first, count). */
extern int128 SumOfEdges(const CostEdges *edges, int first);

/* Adds a layer at the end of a queue. */
extern void AppendLayer(LayerQueue *queue, const CostLayer *layer);

/* The layer that the next issue takes from, loaded if needed; NULL if there is none. */
extern CostLayer *HeadLayer(CostPool *pool);

#endif
