#include "soak.h"

/*
 * Goods lent, borrowed and on consignment, and goods lost whose cost waits for approvals. A later document names a line that somebody
 * made: item and party of that follow from its key.
 */

#define ITEMS 8

/* A kind that begins, what follows it, and where the keys of both are kept; followers are of the same party. */
typedef struct Chain
{
	const char *first;
	const char *location;		/* where goods are carried to; NULL: they come from the party */
	const char *back;
	const char *trade;			/* sells or buys them */
	int			ring;
} Chain;

static const Chain chains[] = {
	{"loan", "LENT", "loan_return", "sales_invoice", RING_LOANS},
	{"consignment_delivery", "SHOP", "consignment_return", "sales_invoice", RING_DELIVERIES},
	{"borrowing", NULL, "borrowing_return", "borrowing_purchase", RING_BORROWINGS}
};

static unsigned
HashOfKey(const char *key)
{
	unsigned	hash = 2166136261u;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char) *key) * 16777619u;
	return hash >> 8;
}

static json_t *
ItemOfKey(const char *key)
{
	return json_sprintf("I%u", HashOfKey(key) % ITEMS);
}

static json_t *
PartyOfKey(const char *key)
{
	return json_string(HashOfKey(key) / ITEMS % 2 == 0 ? "C1" : "C2");
}

/* One line, which the document takes over. */
static json_t *
WithLine(json_t *document, json_t *line)
{
	json_object_set_new(document, "lines", json_pack("[o]", line));
	return document;
}

static json_t *
LineOf(Session *session, const char *key, int quantity)
{
	return json_pack("{s:o, s:i}", "item", ItemOfKey(key), "quantity", 1 + Draw(session, quantity));
}

static void
SetPrice(Session *session, json_t *line)
{
	json_object_set_new(line, "price", json_sprintf("%d.%02d", 1 + Draw(session, 30), Draw(session, 100)));
}

static void
SetOrigin(json_t *line, const char *key, int lineNo)
{
	json_object_set_new(line, "origin", json_pack("{s:s, s:i}", "key", key, "line", lineNo));
}

static json_t *
DrawFirst(Session *session, const char *key, const Chain *chain)
{
	json_t	   *document = BeginDocument(session, key, chain->first);
	json_t	   *line = LineOf(session, key, 6);

	json_object_set_new(document, "party", chain->location == NULL ? json_string("S1") : PartyOfKey(key));
	if (chain->location != NULL)
		json_object_set_new(line, "to_location", json_string(chain->location));
	return WithLine(document, line);
}

/* Part of what is out comes back, or is sold or bought. */
static json_t *
DrawFollower(Session *session, const char *key, const Chain *chain, const char *first)
{
	bool		isTrade = Draw(session, 2) == 0;
	json_t	   *document = BeginDocument(session, key, isTrade ? chain->trade : chain->back);
	json_t	   *line = LineOf(session, first, 3);

	json_object_set_new(document, "party", chain->location == NULL ? json_string("S1") : PartyOfKey(first));
	if (isTrade)
		SetPrice(session, line);
	SetOrigin(line, first, 1);
	return WithLine(document, line);
}

/* Goods of a supplier's come, become our own when they are withdrawn, and are billed. */
static json_t *
DrawConsignment(Session *session, const char *key, int *ring)
{
	static const char *const kinds[] = {"consignment_receipt", "consignment_withdrawal", "consignment_statement"};
	int			kind = Draw(session, 3);
	char		withdrawal[KEY_SIZE];
	json_t	   *document;
	json_t	   *line;

	if (kind == 2 && !TakeKey(session, RING_WITHDRAWALS, withdrawal))
		kind = 0;
	document = BeginDocument(session, key, kinds[kind]);
	json_object_set_new(document, "party", json_string("S1"));
	line = LineOf(session, kind == 2 ? withdrawal : key, kind == 0 ? 20 : 3);
	if (kind != 0)
		SetPrice(session, line);
	if (kind == 1)
		*ring = RING_WITHDRAWALS;
	else if (kind == 2)
		SetOrigin(line, withdrawal, 2);
	return WithLine(document, line);
}

/* Goods are lost, or part of the cost of what is lost is approved. */
static json_t *
DrawLoss(Session *session, const char *key, int *ring)
{
	char		loss[KEY_SIZE];
	json_t	   *line;

	if (Draw(session, 2) == 0 || !TakeKey(session, RING_LOSSES, loss))
	{
		*ring = RING_LOSSES;
		return WithLine(BeginDocument(session, key, "stock_loss"), LineOf(session, key, 3));
	}
	line = json_pack("{s:s, s:o}", "role", "loss_expensed", "amount", json_sprintf("%d.%02d", 1 + Draw(session, 12), Draw(session, 100)));
	SetOrigin(line, loss, 1);
	return WithLine(BeginDocument(session, key, "adjustment_approval"), line);
}

json_t *
DrawOthers(Session *session, const char *key, int *ring)
{
	const Chain *chain = &chains[Draw(session, 3)];
	int			dice = Draw(session, 10);
	char		first[KEY_SIZE];

	*ring = RING_DOCUMENTS;
	if (dice < 2)
		return DrawConsignment(session, key, ring);
	if (dice < 5)
		return DrawLoss(session, key, ring);
	if (dice < 8 && TakeKey(session, chain->ring, first))
		return DrawFollower(session, key, chain, first);
	*ring = chain->ring;
	return DrawFirst(session, key, chain);
}
