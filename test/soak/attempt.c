#include "soak.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONFLICTS 10
#define MAX_LEFT 256
#define NAME_SIZE 128

/* A prepared transaction that its session left to be ended by another. */
typedef struct Left
{
	Call		call;
	char	   *result;
	bool		isCommit;
	char		name[NAME_SIZE];
} Left;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Left left[MAX_LEFT];
static int	leftCount;

static Answer
AskForTexts(Session *session, const char *function)
{
	char		statement[128];

	snprintf(statement, sizeof(statement), "SELECT string_agg(p::text, '; ') FROM erp.%s(%s) p", function,
			 strcmp(function, "verify_chain") == 0 ? "$1" : "");
	return Ask(session, statement, strcmp(function, "verify_chain") == 0 ? 1 : 0, &options.company);
}

/* The call itself, in whatever transaction there is. */
static Answer
SendCall(Session *session, const Call *call)
{
	static const char *const parameters[] = {"$1, $2::json", "$1, $2, $3::json", "$1"};
	static const int counts[] = {2, 3, 1};
	const char *values[3] = {options.company, call->shape == SHAPE_KEYED ? call->key : call->request, call->request};
	char		statement[128];

	if (call->shape == SHAPE_STATEMENT)
		return Ask(session, call->request, 0, NULL);
	if (strcmp(call->function, "verify_chain") == 0 || strcmp(call->function, "check_integrity") == 0)
		return AskForTexts(session, call->function);
	snprintf(statement, sizeof(statement), "SELECT erp.%s(%s)", call->function, parameters[call->shape]);
	return Ask(session, statement, counts[call->shape], values);
}

/* A transaction that may be there is ended: true unless the server refuses. What is not there was ended before. */
static bool
EndNamed(Session *session, const char *name, bool isCommit)
{
	char		statement[NAME_SIZE + 32];

	snprintf(statement, sizeof(statement), "%s PREPARED '%s'", isCommit ? "COMMIT" : "ROLLBACK", name);
	for (;;)
	{
		Answer		answer = Ask(session, statement, 0, NULL);

		free(answer.value);
		if (strcmp(answer.state, "LOST") == 0)
			Connect(session);
		else if (strcmp(answer.state, "55000") != 0)	/* 55000: whoever was to end it is still at it */
			return answer.state[0] == '\0' || strcmp(answer.state, "42704") == 0;
	}
}

static bool
Leave(const Call *call, const char *name, Answer *answer, bool isCommit)
{
	bool		isLeft;

	pthread_mutex_lock(&mutex);
	isLeft = leftCount < MAX_LEFT;
	if (isLeft)
	{
		Left	   *entry = &left[leftCount++];

		entry->call = *call;
		entry->call.request = strdup(call->request);
		entry->result = answer->value;
		entry->isCommit = isCommit;
		strcpy(entry->name, name);
		answer->value = NULL;
	}
	pthread_mutex_unlock(&mutex);
	return isLeft;
}

/* The last one left, if there is one. */
static bool
TakeLeft(Left *entry)
{
	bool		found;

	pthread_mutex_lock(&mutex);
	found = leftCount > 0;
	if (found)
		*entry = left[--leftCount];
	pthread_mutex_unlock(&mutex);
	return found;
}

void
EndPrepared(Session *session, bool all)
{
	Left		entry;

	while ((all || Draw(session, 3) != 0) && TakeLeft(&entry))
	{
		const char *outcome = entry.isCommit ? "done" : "rolled back";

		if (!EndNamed(session, entry.name, entry.isCommit))
			outcome = "not ended";
		WriteOutcome(&entry.call, MODE_PREPARED, outcome, entry.isCommit ? entry.result : NULL);
		free(entry.result);
		FreeCall(&entry.call);
	}
}

/* Prepares what was done; the answer becomes what became of it. */
static void
PrepareTransaction(Session *session, const Call *call, Answer *answer)
{
	char		name[NAME_SIZE];
	char		statement[NAME_SIZE + 32];
	int			dice = Draw(session, 10);
	Answer		prepared;

	snprintf(name, sizeof(name), "%s-%d-%d", options.prefix, session->number, ++session->prepared);
	snprintf(statement, sizeof(statement), "PREPARE TRANSACTION '%s'", name);
	prepared = Ask(session, statement, 0, NULL);
	strcpy(answer->state, prepared.state);
	free(prepared.value);
	if (strcmp(prepared.state, "LOST") == 0)
	{
		Connect(session);
		EndNamed(session, name, false);
	}
	else if (prepared.state[0] != '\0')
		return;
	else if (dice < 3 && Leave(call, name, answer, dice < 2))
		strcpy(answer->state, "left");
	else if (!EndNamed(session, name, dice < 7))
		strcpy(answer->state, "stuck");
	else if (dice >= 7)
		strcpy(answer->state, "undone");
}

/*
 * Whether the call may take stock. Who waits for what a subtransaction within a savepoint took waits for the whole transaction, though that
 * was rolled back to the savepoint: then a second call waits in a circle with others, which the server ends. One call a transaction does not.
 */
static bool
TakesStock(const Call *call)
{
	return strstr(call->request, "\"item\"") != NULL || strstr(call->request, "\"receipts\"") != NULL ||
		strcmp(call->function, "reverse_document") == 0 || strcmp(call->function, "release") == 0;
}

/* Another call is made and rolled back; its locks go with it. */
static void
RollBackAnother(Session *session)
{
	Call		other = DrawCall(session);

	if ((other.shape == SHAPE_KEYED || other.shape == SHAPE_DOCUMENT) && !TakesStock(&other))
	{
		Tell(session, "SAVEPOINT before");
		free(SendCall(session, &other).value);
		Tell(session, "ROLLBACK TO before");
		WriteOutcome(&other, MODE_SAVEPOINT, "rolled back", NULL);
	}
	Tell(session, "SAVEPOINT before");
	FreeCall(&other);
}

/* As the owner, past the triggers that are not for replicas, or both; it must not wait long. */
static void
BeginAttack(Session *session, const Call *call)
{
	Tell(session, "SET LOCAL lock_timeout = 500");
	if (strstr(call->function, "replica") != NULL)
		Tell(session, "SET LOCAL session_replication_role = replica");
	if (strstr(call->function, "owner") != NULL)
		Tell(session, "SET LOCAL ROLE erp_owner");
}

static Answer
CallInTransaction(Session *session, const Call *call, Mode mode)
{
	Answer		answer = {0};

	if (!Tell(session, mode == MODE_REPEATABLE_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ" :
			  mode == MODE_SERIALIZABLE ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN"))
	{
		strcpy(answer.state, "LOST");
		return answer;
	}
	if (mode == MODE_SAVEPOINT)
		RollBackAnother(session);
	if (call->shape == SHAPE_STATEMENT)
		BeginAttack(session, call);
	answer = SendCall(session, call);
	if (answer.state[0] != '\0')
		Tell(session, "ROLLBACK");
	else if (mode == MODE_PREPARED)
		PrepareTransaction(session, call, &answer);
	else
	{
		Answer		end = Ask(session, mode == MODE_ROLLBACK ? "ROLLBACK" : "COMMIT", 0, NULL);

		free(end.value);
		strcpy(answer.state, end.state[0] == '\0' && mode == MODE_ROLLBACK ? "undone" : end.state);
	}
	return answer;
}

static Answer
CallWithTimeout(Session *session, const Call *call, Mode mode)
{
	const char *name = mode == MODE_LOCK_TIMEOUT ? "lock_timeout" : "statement_timeout";
	char		statement[64];
	Answer		answer;

	snprintf(statement, sizeof(statement), "SET %s = %d", name, 2 + Draw(session, mode == MODE_LOCK_TIMEOUT ? 60 : 300));
	Tell(session, statement);
	answer = SendCall(session, call);
	snprintf(statement, sizeof(statement), "RESET %s", name);
	/* On a busy machine the time may be over for this one too. */
	while (!Tell(session, statement) && PQstatus(session->connection) == CONNECTION_OK)
		continue;
	return answer;
}

static Answer
Attempt(Session *session, const Call *call, Mode mode)
{
	if (mode == MODE_STATEMENT_TIMEOUT || mode == MODE_LOCK_TIMEOUT)
		return CallWithTimeout(session, call, mode);
	if (mode == MODE_PLAIN && call->shape != SHAPE_STATEMENT)
		return SendCall(session, call);
	return CallInTransaction(session, call, mode);
}

/* Whether nothing is known of the call, or it is to be made again whatever became of it. */
static bool
IsNoAnswer(Session *session, Mode mode, const char *state)
{
	if (strcmp(state, "LOST") == 0)
	{
		Connect(session);
		return true;
	}
	return strcmp(state, "40001") == 0 && (mode == MODE_REPEATABLE_READ || mode == MODE_SERIALIZABLE);
}

/* Whether a call that left nothing is made again under the same key, by itself. */
static bool
IsMadeAgain(Session *session, Mode mode, const char *state)
{
	bool		isTimeout = mode == MODE_STATEMENT_TIMEOUT || mode == MODE_LOCK_TIMEOUT;

	return strcmp(state, "undone") == 0 ||
		(isTimeout && (strcmp(state, "57014") == 0 || strcmp(state, "55P03") == 0) && Draw(session, 2) == 0);
}

static void
Record(const Call *call, Mode mode, const Answer *answer)
{
	bool		isUndone = strcmp(answer->state, "undone") == 0;

	if (answer->state[0] == '\0' && call->ring >= 0)
		PutKey(call->ring, call->key);
	WriteOutcome(call, mode, answer->state[0] == '\0' ? "done" : isUndone ? "rolled back" : answer->state,
				 isUndone ? NULL : answer->value);
}

void
MakeCall(Session *session, Call *call, Mode mode)
{
	int			conflicts = 0;

	for (;;)
	{
		Answer		answer = Attempt(session, call, mode);
		bool		isOver = true;

		if (IsNoAnswer(session, mode, answer.state))
		{
			CountRetry(answer.state);
			isOver = false;
			if (strcmp(answer.state, "40001") == 0 && ++conflicts == MAX_CONFLICTS)
				mode = MODE_PLAIN;
		}
		else if (strcmp(answer.state, "left") != 0)
		{
			Record(call, mode, &answer);
			isOver = !IsMadeAgain(session, mode, answer.state);
			if (!isOver)
				mode = MODE_PLAIN;
		}
		free(answer.value);
		if (isOver)
			return;
	}
}
