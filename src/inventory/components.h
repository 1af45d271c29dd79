/*
 * Which nodes of a directed graph lie in circles with each other. Needs no
 * server.
 */
#ifndef ERP_COMPONENTS_H
#define ERP_COMPONENTS_H

#include "core/compat.h"

/* From a node to one that it depends on; nodes are numbers from 0. */
typedef struct GraphEdge
{
	int			from;
	int			to;
} GraphEdge;

/*
 * The strongly connected component of each node, by its number from 0, into components[]: nodes of one
 * depend on each other in a circle, and what a component depends on has a lower number. Returns how many there are.
 */
extern int	FindComponents(int nodes, const GraphEdge *edges, int edgeCount, int *components);

#endif
