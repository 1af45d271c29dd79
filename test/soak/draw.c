#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
Draw(Session *session, int limit)
{
	uint64_t	bits;

	/* splitmix64 */
	session->random += UINT64_C(0x9e3779b97f4a7c15);
	bits = session->random;
	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (int) ((bits ^ (bits >> 31)) % (uint64_t) limit);
}

char *
DrawDay(Session *session)
{
	char	   *day = malloc(KEY_SIZE);

	if (day == NULL)
		Fail("out of memory");
	snprintf(day, KEY_SIZE, "%s-%02d", Draw(session, 10) == 0 ? options.lastMonth : options.month, 1 + Draw(session, 27));
	return day;
}

void
FreeCall(Call *call)
{
	free(call->request);
	call->request = NULL;
}

/* Takes the request over; without one the call only folds. */
static void
SetRequest(Call *call, const char *function, Shape shape, json_t *request)
{
	call->function = request == NULL ? "fold_balances" : function;
	call->shape = request == NULL ? SHAPE_COMPANY : shape;
	call->request = request == NULL ? strdup("") : json_dumps(request, JSON_COMPACT);
	json_decref(request);
}

/* One document, or three at once. */
static void
DrawPosting(Session *session, Call *call)
{
	json_t	   *documents;

	if (Draw(session, 8) != 0)
	{
		SetRequest(call, "post_document", SHAPE_DOCUMENT, DrawDocument(session, call->key, &call->ring));
		return;
	}
	documents = json_array();
	for (int i = 0; i < 3; i++)
	{
		char		key[KEY_SIZE + 4];
		int			ring;

		snprintf(key, sizeof(key), "%s.%d", call->key, i);
		json_array_append_new(documents, DrawDocument(session, key, &ring));
	}
	SetRequest(call, "post_documents", SHAPE_DOCUMENT, documents);
}

static json_t *
DrawPeriodState(Session *session)
{
	static const char *const states[] = {"open", "open", "open", "warned", "closed"};
	static const char *const modules[] = {"general", "stock", "sales", "purchasing"};

	return json_pack("{s:s, s:[s], s:s, s:s}", "period", Draw(session, 3) == 0 ? options.lastMonth : options.month, "modules",
					 modules[Draw(session, 4)], "state", states[Draw(session, 5)], "reason", "drawn");
}

/* Master data that postings read: a rate and a party's name. */
static void
DrawMasterData(Session *session, Call *call)
{
	if (Draw(session, 2) == 0)
		SetRequest(call, "put_parties", SHAPE_KEYED, json_pack("[{s:s, s:o}]", "code", Draw(session, 2) == 0 ? "C1" : "C2", "name",
															   json_sprintf("Customer %s", call->key)));
	else
		SetRequest(call, "put_exchange_rates", SHAPE_KEYED, json_pack("[{s:s, s:o, s:o}]", "currency", "USD", "day",
																	  json_sprintf("%s-%02d", options.month, 1 + Draw(session, 28)),
																	  "rate", json_sprintf("0.%d", 6000 + Draw(session, 3000))));
}

/* What runs beside the postings, and what looks at the books meanwhile. */
static void
DrawUpkeep(Session *session, Call *call)
{
	static const char *const functions[] = {"seal_documents", "assign_numbers", "fold_balances"};

	/* Few look at all the books: they take the longer the more there are. */
	call->function = session->number % 16 == 0 && Draw(session, 2) == 0 ? (Draw(session, 2) == 0 ? "verify_chain" : "check_integrity") :
		functions[Draw(session, 3)];
	call->shape = SHAPE_COMPANY;
	call->request = strdup("");
}

/* A statement on a fact, as the owner of the tables or as superuser, with triggers of replicas or not. */
static void
DrawAttack(Session *session, Call *call)
{
	static const char *const facts[] = {
		"document_line", "voucher", "voucher_line", "open_item", "settlement", "assigned_number", "seal", "stock_move", "cost_entry",
		"voucher_reversal", "call_result", "document_link", "warned_posting", "credit_warning"
	};
	static const char *const callers[] = {"attack as owner", "attack as replica", "attack as owner and replica"};
	/* %1$s: the table */
	static const char *const statements[] = {
		"UPDATE erp.%1$s SET company_id = company_id", "DELETE FROM erp.%1$s", "INSERT INTO erp.%1$s SELECT * FROM erp.%1$s LIMIT 1",
		"TRUNCATE erp.%1$s CASCADE"
	};
	char		text[256];

	snprintf(text, sizeof(text), statements[Draw(session, 4)], facts[Draw(session, 14)]);
	call->function = callers[Draw(session, 3)];
	call->shape = SHAPE_STATEMENT;
	call->request = strdup(text);
}

/* A call that somebody makes or made, again; now and then not quite the same. */
static bool
DrawRepetition(Session *session, Call *call)
{
	json_t	   *request;

	if (!TakeOffer(session, call))
		return false;
	if (call->shape != SHAPE_DOCUMENT || call->request[0] != '{' || strstr(call->function, "document") == NULL || Draw(session, 4) != 0)
		return true;
	request = json_loads(call->request, 0, NULL);
	json_object_set_new(request, "description", json_string("altered"));
	free(call->request);
	SetRequest(call, call->function, SHAPE_DOCUMENT, request);
	return true;
}

static void
DrawSettling(Session *session, Call *call)
{
	if (Draw(session, 3) == 0)
		SetRequest(call, "unsettle", SHAPE_KEYED, DrawUndoing(session));
	else
		SetRequest(call, "settle", SHAPE_KEYED, DrawSettlement(session));
	call->ring = strcmp(call->function, "settle") == 0 ? RING_SETTLED : -1;
}

/* Reserved under the key of the call, which is the demand; now and then given back. */
static void
DrawReserving(Session *session, Call *call)
{
	if (Draw(session, 4) == 0)
		SetRequest(call, "release", SHAPE_DOCUMENT, DrawRelease(session, call->key));
	else
		SetRequest(call, "reserve", SHAPE_DOCUMENT, DrawReserve(session, call->key));
	call->ring = strcmp(call->function, "reserve") == 0 ? RING_DEMANDS : -1;
}

static void
DrawKeyed(Session *session, Call *call)
{
	int			dice = Draw(session, 100);

	if (dice < 12)
		DrawReserving(session, call);
	else if (dice < 50)
		DrawPosting(session, call);
	else if (dice < 80)
		DrawSettling(session, call);
	else if (dice < 91)
		SetRequest(call, "reverse_document", SHAPE_DOCUMENT, DrawReversal(session, call->key));
	else if (dice < 93)
		SetRequest(call, "dry_run", SHAPE_DOCUMENT, DrawDocument(session, call->key, &call->ring));
	else if (dice < 96)
		SetRequest(call, "set_period_state", SHAPE_KEYED, DrawPeriodState(session));
	else if (dice < 98 && session->number % 8 == 2)
		SetRequest(call, "change_costing_method", SHAPE_KEYED, DrawMethod(session));
	else if (dice < 98 && session->number == 1)
		SetRequest(call, "set_hard_lock", SHAPE_KEYED, json_pack("{s:o, s:s}", "day",
																 json_sprintf("%s-%02d", options.lastMonth, 1 + Draw(session, 28)), "reason", "drawn"));
	else
		DrawMasterData(session, call);
}

Call
DrawCall(Session *session)
{
	Call		call = {0};
	int			dice = Draw(session, 100);

	session->calls++;
	call.ring = -1;
	if (dice < 8 && DrawRepetition(session, &call))
		return call;
	snprintf(call.key, sizeof(call.key), "%s-%d-%d", options.prefix, session->number, session->calls);
	if (dice < 14)
		DrawUpkeep(session, &call);
	else if (dice < 22 && session->number % 2 == 0)
		DrawAttack(session, &call);
	else
		DrawKeyed(session, &call);
	if (strcmp(call.function, "dry_run") == 0)
		call.ring = -1;
	else if (call.shape == SHAPE_KEYED || call.shape == SHAPE_DOCUMENT)
		OfferCall(&call);
	return call;
}

Mode
DrawMode(Session *session, const Call *call)
{
	int			dice = Draw(session, 100);

	if (call->shape == SHAPE_COMPANY || dice < 55)
		return MODE_PLAIN;
	if (call->shape == SHAPE_STATEMENT)
		return dice % 3 == 0 ? MODE_REPEATABLE_READ : dice % 3 == 1 ? MODE_SERIALIZABLE : MODE_PLAIN;
	if (dice < 70)
		return dice % 2 == 0 ? MODE_REPEATABLE_READ : MODE_SERIALIZABLE;
	if (dice < 80)
		return MODE_SAVEPOINT;
	if (dice < 83)
		return MODE_ROLLBACK;
	if (dice < 88)
		return MODE_PREPARED;
	return dice % 2 == 0 ? MODE_STATEMENT_TIMEOUT : MODE_LOCK_TIMEOUT;
}
