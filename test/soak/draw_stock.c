#include "soak.h"

#include <stdlib.h>

/* Documents that move goods between places, make them of others or learn of costs later, and what is reserved of them. */

#define ITEMS 8

static const char *const warehouses[] = {"MAIN", "NORTH"};

static json_t *
Item(int number)
{
	return json_sprintf("I%d", number);
}

/* From one warehouse to the other; half of them take along what is reserved. */
static json_t *
DrawTransfer(Session *session, const char *key)
{
	int			from = Draw(session, 2);
	json_t	   *document = BeginDocument(session, key, "transfer");
	json_t	   *lines = json_array();
	int			count = 1 + Draw(session, 2);

	for (int i = 0; i < count; i++)
	{
		json_t	   *line = json_pack("{s:o, s:i, s:s, s:s}", "item", Item(Draw(session, ITEMS)), "quantity", 1 + Draw(session, 5),
									 "warehouse", warehouses[from], "to_warehouse", warehouses[1 - from]);

		if (Draw(session, 2) == 0)
			json_object_set_new(line, "reservations", json_string("follow"));
		json_array_append_new(lines, line);
	}
	json_object_set_new(document, "lines", lines);
	return document;
}

/* One or two items become one that comes behind them, now and then before. */
static json_t *
DrawAssembly(Session *session, const char *key)
{
	json_t	   *document = BeginDocument(session, key, "assembly");
	int			product = 1 + Draw(session, ITEMS - 1);
	json_t	   *lines = json_array();
	int			count = 1 + Draw(session, 2);

	for (int i = 0; i < count; i++)
		json_array_append_new(lines, json_pack("{s:o, s:i}", "item", Item(Draw(session, 10) == 0 ? ITEMS - 1 : Draw(session, product)),
											   "quantity", 1 + Draw(session, 3)));
	json_array_append_new(lines, json_pack("{s:s, s:o, s:i}", "role", "product", "item", Item(product), "quantity", 1 + Draw(session, 3)));
	json_object_set_new(document, "lines", lines);
	return document;
}

static json_t *
DrawProductionIssue(Session *session, const char *key)
{
	json_t	   *document = BeginDocument(session, key, "production_issue");

	json_object_set_new(document, "lines", json_pack("[{s:o, s:i}]", "item", Item(Draw(session, ITEMS)), "quantity", 1 + Draw(session, 3)));
	return document;
}

/* Of an issue that somebody made, which another receipt may have taken over; on a day that may be before it. */
static json_t *
DrawProductionReceipt(Session *session, const char *key)
{
	char		issue[KEY_SIZE];
	json_t	   *document;

	if (!TakeKey(session, RING_ISSUES, issue))
		return NULL;
	document = BeginDocument(session, key, "production_receipt");
	json_object_set_new(document, "consumes", json_pack("[s]", issue));
	json_object_set_new(document, "lines", json_pack("[{s:o, s:i}]", "item", Item(Draw(session, ITEMS)), "quantity", 1 + Draw(session, 3)));
	return document;
}

/* Freight on receipts that somebody made. */
static json_t *
DrawLandedCost(Session *session, const char *key)
{
	static const char *const bases[] = {"quantity", "value", "equal"};
	char		receipt[KEY_SIZE];
	json_t	   *document;

	if (!TakeKey(session, RING_RECEIPTS, receipt))
		return NULL;
	document = BeginDocument(session, key, "landed_cost");
	json_object_set_new(document, "party", json_string("S1"));
	json_object_set_new(document, "lines", json_pack("[{s:o, s:[{s:s}], s:s}]", "amount",
													 json_sprintf("%d.%02d", 1 + Draw(session, 20), Draw(session, 100)),
													 "receipts", "key", receipt, "basis", bases[Draw(session, 3)]));
	return document;
}

json_t *
DrawStock(Session *session, const char *key, int *ring)
{
	json_t	   *document = NULL;
	int			dice = Draw(session, 10);

	*ring = RING_DOCUMENTS;
	if (dice < 2)
		document = DrawProductionReceipt(session, key);
	else if (dice < 4)
		document = DrawLandedCost(session, key);
	else if (dice < 6)
		document = DrawAssembly(session, key);
	if (document != NULL)
		return document;
	if (dice < 8)
		return DrawTransfer(session, key);
	*ring = RING_ISSUES;
	return DrawProductionIssue(session, key);
}

/* Of one to three items, by key of its own, which is the demand's. */
json_t *
DrawReserve(Session *session, const char *key)
{
	static const char *const modes[] = {"all", "partial", "all_or_nothing"};
	json_t	   *lines = json_array();
	int			count = 1 + Draw(session, 3);

	for (int i = 0; i < count; i++)
		json_array_append_new(lines, json_pack("{s:o, s:i}", "item", Item(Draw(session, ITEMS)), "quantity", 1 + Draw(session, 6)));
	return json_pack("{s:s, s:s, s:s, s:i, s:o}", "key", key, "demand", key, "mode", modes[Draw(session, 3)], "priority", Draw(session, 3), "lines", lines);
}

json_t *
DrawRelease(Session *session, const char *key)
{
	char		demand[KEY_SIZE];

	if (!TakeKey(session, RING_DEMANDS, demand))
		return NULL;
	return json_pack("{s:s, s:[{s:s}]}", "key", key, "lines", "demand", demand);
}

/* From a day on an item is costed by another method. */
json_t *
DrawMethod(Session *session)
{
	char	   *day = DrawDay(session);
	json_t	   *request = json_pack("{s:s, s:s, s:[{s:o}]}", "day", day, "method", Draw(session, 2) == 0 ? "fifo" : "moving_average",
									"items", "item", Item(Draw(session, ITEMS)));

	free(day);
	return request;
}
