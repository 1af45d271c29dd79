#include "inventory/components.h"

/*
 * Strongly connected components (Tarjan, 1972), with a path in memory in the
 * place of the recursion: a chain may be as long as there are nodes.
 */

#define NONE (-1)

typedef struct Search
{
	int		   *first;			/* by node: its first edge in targets; behind the last node the end of all */
	int		   *targets;
	int		   *next;			/* by node: its next edge to follow */
	int		   *order;			/* by node: when it was met; NONE: not yet */
	int		   *lowest;			/* by node: the first met that is on the stack and that it leads to */
	int		   *components;
	int		   *path;			/* from where the search began to where it is */
	int			pathLength;
	int		   *stack;			/* nodes that were met and whose component is not known */
	int			stackHeight;
	int			met;
	int			count;			/* components */
} Search;

static int *
Numbers(int count, int value)
{
	int		   *numbers = palloc(sizeof(int) * Max(count, 1));

	for (int i = 0; i < count; i++)
		numbers[i] = value;
	return numbers;
}

/* The edges of each node, side by side. */
static void
SortEdges(Search *search, int nodes, const GraphEdge *edges, int edgeCount)
{
	search->first = Numbers(nodes + 1, 0);
	search->next = Numbers(nodes, 0);
	search->targets = Numbers(edgeCount, 0);
	for (int i = 0; i < edgeCount; i++)
		search->first[edges[i].from + 1]++;
	for (int i = 0; i < nodes; i++)
	{
		search->first[i + 1] += search->first[i];
		search->next[i] = search->first[i];
	}
	for (int i = 0; i < edgeCount; i++)
		search->targets[search->next[edges[i].from]++] = edges[i].to;
	memcpy(search->next, search->first, sizeof(int) * nodes);
}

static void
Enter(Search *search, int node)
{
	search->order[node] = search->lowest[node] = search->met++;
	search->path[search->pathLength++] = node;
	search->stack[search->stackHeight++] = node;
}

/* All that the node leads to was met: with nothing before it on the stack among that, all above it there is in circles with it. */
static void
Leave(Search *search, int node)
{
	int			member;

	search->pathLength--;
	if (search->pathLength > 0)
	{
		int			before = search->path[search->pathLength - 1];

		search->lowest[before] = Min(search->lowest[before], search->lowest[node]);
	}
	if (search->lowest[node] < search->order[node])
		return;
	do
	{
		member = search->stack[--search->stackHeight];
		search->components[member] = search->count;
	} while (member != node);
	search->count++;
}

static void
Follow(Search *search, int node, int target)
{
	if (search->order[target] == NONE)
		Enter(search, target);
	else if (search->components[target] == NONE)
		search->lowest[node] = Min(search->lowest[node], search->order[target]);
}

int
FindComponents(int nodes, const GraphEdge *edges, int edgeCount, int *components)
{
	Search		search = {
		.order = Numbers(nodes, NONE), .lowest = Numbers(nodes, NONE), .path = Numbers(nodes, 0), .stack = Numbers(nodes, 0), .components = components
	};

	SortEdges(&search, nodes, edges, edgeCount);
	for (int i = 0; i < nodes; i++)
		components[i] = NONE;
	for (int i = 0; i < nodes; i++)
	{
		if (search.order[i] == NONE)
			Enter(&search, i);
		while (search.pathLength > 0)
		{
			int			node = search.path[search.pathLength - 1];

			if (search.next[node] < search.first[node + 1])
				Follow(&search, node, search.targets[search.next[node]++]);
			else
				Leave(&search, node);
		}
	}
	return search.count;
}
