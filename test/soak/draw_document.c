#include "soak.h"

#include <stdio.h>
#include <stdlib.h>

#define ITEMS 8

static const char *const parties[] = {"C1", "C2"};
static const char *const currencies[] = {"GBP", "USD"};

static json_t *
Decimal(int units, int hundredths)
{
	return json_sprintf("%d.%02d", units, hundredths);
}

json_t *
BeginDocument(Session *session, const char *key, const char *kind)
{
	char	   *day = DrawDay(session);
	json_t	   *document = json_pack("{s:s, s:s, s:s, s:s+, s:b}", "key", key, "kind", kind, "day", day, "time",
									 Draw(session, 2) == 0 ? "0" : "1", Draw(session, 2) == 0 ? "9:00" : "7:30:01", "late", 1);

	free(day);
	return document;
}

/* One to three of the items, in any order: locks are met in each order. What is sold may have been reserved. */
static json_t *
DrawItemLines(Session *session, bool isReceipt)
{
	json_t	   *lines = json_array();
	int			count = 1 + Draw(session, 3);
	char		demand[KEY_SIZE];

	for (int i = 0; i < count; i++)
	{
		json_t	   *line = json_pack("{s:o, s:i, s:o}", "item", json_sprintf("I%d", Draw(session, ITEMS)), "quantity",
									 isReceipt ? 1 + Draw(session, 9) : 1 + Draw(session, 4), "price",
									 Decimal(1 + Draw(session, 30), Draw(session, 100)));

		if (!isReceipt && Draw(session, 3) == 0 && TakeKey(session, RING_DEMANDS, demand))
			json_object_set_new(line, "demand", json_pack("{s:s}", "key", demand));
		json_array_append_new(lines, line);
	}
	return lines;
}

static json_t *
DrawGoods(Session *session, const char *key, int *ring)
{
	bool		isReceipt = Draw(session, 3) == 0;
	int			party = Draw(session, 2);
	json_t	   *document = BeginDocument(session, key, isReceipt ? "goods_receipt" : "sales_invoice");

	json_object_set_new(document, "party", json_string(isReceipt ? "S1" : parties[party]));
	json_object_set_new(document, "lines", DrawItemLines(session, isReceipt));
	*ring = isReceipt ? (Draw(session, 2) == 0 ? RING_RECEIPTS : RING_DOCUMENTS) : OPEN_ITEM_RING(party, 0, 0);
	return document;
}

/* In a foreign currency at a rate of its own. */
static void
SetCurrency(Session *session, json_t *document, int currency)
{
	json_object_set_new(document, "currency", json_string(currencies[currency]));
	if (currency != 0)
		json_object_set_new(document, "rate", json_sprintf("0.%d", 6000 + Draw(session, 3000)));
}

/* A debit or credit of a party, balanced by income; now and then not quite, which is refused. */
static json_t *
DrawVoucher(Session *session, const char *key, int *ring)
{
	int			party = Draw(session, 2);
	int			currency = Draw(session, 2);
	int			credit = Draw(session, 2);
	json_t	   *document = BeginDocument(session, key, "manual_voucher");
	json_t	   *amount = Decimal(1 + Draw(session, 90), Draw(session, 100));
	json_t	   *counter = Draw(session, 20) == 0 ? Decimal(91, 1) : json_incref(amount);

	SetCurrency(session, document, currency);
	json_object_set_new(document, "lines", json_pack("[{s:s, s:s, s:s, s:O}, {s:s, s:s, s:O}]",
													 "account", "1100", "party", parties[party], "side",
													 credit ? "credit" : "debit", "amount", amount,
													 "account", "4800", "side", credit ? "debit" : "credit", "amount", counter));
	json_decref(amount);
	json_decref(counter);
	*ring = OPEN_ITEM_RING(party, currency, credit);
	return document;
}

/* Appends items of a ring, each with an amount, a discount, a write-off or nothing of the kind. */
static void
AppendItems(Session *session, json_t *items, int ring, int count)
{
	for (int i = 0; i < count; i++)
	{
		char		key[KEY_SIZE];
		json_t	   *item;

		if (!TakeKey(session, ring, key))
			return;
		item = json_pack("{s:s}", "key", key);
		if (Draw(session, 8) == 0)
			json_object_set_new(item, "write_off", json_true());
		else if (Draw(session, 8) == 0)
			json_object_set_new(item, "discount", Decimal(0, 1 + Draw(session, 99)));
		else if (Draw(session, 4) == 0)
			json_object_set_new(item, "amount", Decimal(1 + Draw(session, 20), Draw(session, 100)));
		json_array_append_new(items, item);
	}
}

static json_t *
DrawPayment(Session *session, const char *key, int *ring)
{
	int			party = Draw(session, 2);
	int			currency = Draw(session, 2);
	json_t	   *document = BeginDocument(session, key, "customer_payment");
	json_t	   *settles = json_array();

	SetCurrency(session, document, currency);
	json_object_set_new(document, "party", json_string(parties[party]));
	json_object_set_new(document, "lines", json_pack("[{s:o}]", "amount", Decimal(1 + Draw(session, 90), Draw(session, 100))));
	AppendItems(session, settles, OPEN_ITEM_RING(party, currency, 0), Draw(session, 3));
	if (json_array_size(settles) > 0)
		json_object_set(document, "settles", settles);
	json_decref(settles);
	*ring = OPEN_ITEM_RING(party, currency, 1);
	return document;
}

json_t *
DrawDocument(Session *session, const char *key, int *ring)
{
	switch (Draw(session, 8))
	{
		case 0:
		case 1:
			return DrawGoods(session, key, ring);
		case 2:
			return DrawVoucher(session, key, ring);
		case 3:
		case 4:
			return DrawStock(session, key, ring);
		case 5:
		case 6:
			return DrawOthers(session, key, ring);
		default:
			return DrawPayment(session, key, ring);
	}
}

/* After what it concerns, mostly. */
static json_t *
DrawLateDay(Session *session)
{
	return json_sprintf("%s-28", Draw(session, 5) == 0 ? options.month : options.nextMonth);
}

json_t *
DrawSettlement(Session *session)
{
	int			party = Draw(session, 2);
	int			currency = Draw(session, 2);
	int			credit = Draw(session, 2);
	json_t	   *items = json_array();

	AppendItems(session, items, OPEN_ITEM_RING(party, currency, credit), 1 + Draw(session, 3));
	AppendItems(session, items, OPEN_ITEM_RING(party, currency, !credit), 1 + Draw(session, 3));
	if (json_array_size(items) == 0)
	{
		json_decref(items);
		return NULL;
	}
	return json_pack("{s:o, s:o}", "day", DrawLateDay(session), "items", items);
}

json_t *
DrawUndoing(Session *session)
{
	char		key[KEY_SIZE];

	if (!TakeKey(session, RING_SETTLED, key))
		return NULL;
	return json_pack("{s:o, s:s}", "day", DrawLateDay(session), "key", key);
}

json_t *
DrawReversal(Session *session, const char *key)
{
	char		target[KEY_SIZE];

	if (!TakeKey(session, Draw(session, 2) == 0 ? RING_DOCUMENTS + Draw(session, RING_DEMANDS - RING_DOCUMENTS) : Draw(session, RING_SETTLED), target))
		return NULL;
	return json_pack("{s:s, s:s, s:o, s:b}", "key", key, "reverses", target, "day", DrawLateDay(session), "late", 1);
}
