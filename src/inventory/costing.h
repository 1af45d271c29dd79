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

typedef struct CostPool CostPool;

/* Appends the stored layers behind those that were loaded last (at first, behind the pool's cursor) to pool->stored; sets pool->complete when there are no more. */
typedef void (*LoadLayers) (CostPool *pool, void *argument);

struct CostPool
{
	CostMethod	method;
	int			decimals;		/* of the company's currency */
	int128		quantity;
	int128		value;
	LayerQueue	stored;			/* loaded from the database, or replayed */
	LayerQueue	fresh;			/* came in during this run */
	MovePosition cursor;		/* layers after it that are not loaded are whole */
	bool		complete;		/* no stored layer is missing from the queue */
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

/* An incoming move: the newest layer, or into the average. */
extern void CostReceive(CostPool *pool, MovePosition position, int128 quantity, int128 value);

/*
 * An outgoing move: appends its edges. FIFO: taking t of a layer that holds q
 * worth v takes round(v x t / q), all of v when t = q. Moving average:
 * round(pool value x t / pool quantity), the last unit takes the rest.
 */
extern CostOutcome CostIssue(CostPool *pool, int128 quantity, CostEdges *edges);

/*
 * Takes an incoming move, or a part of it, back at a given value: out of its own
 * layer, of which so much must be left, or by average out of the pool, which must stay sound.
 */
extern CostOutcome CostTakeBack(CostPool *pool, int64 moveId, int128 quantity, int128 value, CostEdges *edges);

/* Adds an edge to the list. */
extern void AppendEdge(CostEdges *edges, int64 sourceMoveId, int128 quantity, int128 amount);

/* Sum of amounts of edges [first, count). */
extern int128 SumOfEdges(const CostEdges *edges, int first);

/* Adds a layer at the end of a queue. */
extern void AppendLayer(LayerQueue *queue, const CostLayer *layer);

/* The layer that the next issue takes from, loaded if needed; NULL if there is none. */
extern CostLayer *HeadLayer(CostPool *pool);

#endif
