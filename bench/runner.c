#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "memory.h"
#include "process.h"

#define STATEMENT_NAME "call"
#define MAX_EVENTS 64

/* Server state at the beginning of a slot. */
typedef struct Mark
{
	double		time;
	double		cpuSeconds;
	double		walPosition;
} Mark;

PGconn *
Connect(const char *database)
{
	const char *names[] = {"dbname", "application_name", NULL};
	const char *values[] = {database, "bench", NULL};
	PGconn	   *connection = PQconnectdbParams(names, values, 0);

	if (PQstatus(connection) != CONNECTION_OK)
		Fail("%s", PQerrorMessage(connection));
	return connection;
}

PGresult *
Execute(PGconn *connection, const char *sql)
{
	PGresult   *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		Fail("%s: %s", sql, PQerrorMessage(connection));
	return result;
}

/* Runs the statements of an array of the scenario, if it has it. */
static void
ExecuteAll(const Scenario *scenario, PGconn *connection, const char *field)
{
	size_t		i;
	json_t	   *sql;

	json_array_foreach(json_object_get(scenario->source, field), i, sql)
		PQclear(Execute(connection, json_string_value(sql)));
}

static void
OpenSession(const Scenario *scenario, Session *session)
{
	session->connection = Connect(scenario->database);
	ExecuteAll(scenario, session->connection, "session");
	if (scenario->kind == SCENARIO_CALLS)
	{
		PGresult   *result = PQprepare(session->connection, STATEMENT_NAME, scenario->statement, 0, NULL);

		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			Fail("%s: %s", scenario->name, PQerrorMessage(session->connection));
		PQclear(result);
	}
}

Runner *
OpenRunner(const Scenario *scenario, int sessionCount)
{
	Runner	   *runner = AllocateZeroed(1, sizeof(Runner));

	runner->scenario = scenario;
	runner->notes = json_object();
	if (scenario->kind == SCENARIO_CONSTANT)
		return runner;
	runner->control = Connect(scenario->database == NULL ? "postgres" : scenario->database);
	if (scenario->kind == SCENARIO_COMMAND)
		return runner;
	runner->sessionCount = scenario->kind == SCENARIO_ONCE ? 1 : sessionCount;
	runner->sessions = AllocateZeroed((size_t) runner->sessionCount, sizeof(Session));
	for (int i = 0; i < runner->sessionCount; i++)
		OpenSession(scenario, &runner->sessions[i]);
	return runner;
}

void
CloseRunner(Runner *runner)
{
	for (int i = 0; i < runner->sessionCount; i++)
		PQfinish(runner->sessions[i].connection);
	PQfinish(runner->control);
	json_decref(runner->notes);
	free(runner->sessions);
	free(runner->latencies);
	free(runner->values.buffer);
	free(runner);
}

static double
WalPosition(PGconn *control)
{
	PGresult   *result = Execute(control, "SELECT pg_catalog.pg_current_wal_insert_lsn() - '0/0'");
	double		position = atof(PQgetvalue(result, 0, 0));

	PQclear(result);
	return position;
}

/*
 * Processor time of the scenario's backends. Those of a program have ended
 * with it: the postmaster, which is the parent of ours, has their sum.
 */
static double
BackendSeconds(const Runner *runner)
{
	double		sum = 0;

	if (runner->scenario->kind == SCENARIO_COMMAND)
	{
		/* it takes the postmaster a moment to notice */
		usleep(100000);
		return ChildrenSeconds(ParentOf(PQbackendPID(runner->control)));
	}
	for (int i = 0; i < runner->sessionCount; i++)
	{
		double		seconds = ProcessSeconds(PQbackendPID(runner->sessions[i].connection));

		if (seconds < 0)
			return -1;
		sum += seconds;
	}
	return sum;
}

static Mark
TakeMark(const Runner *runner)
{
	Mark		mark;

	mark.cpuSeconds = BackendSeconds(runner);
	mark.walPosition = WalPosition(runner->control);
	mark.time = Now();
	return mark;
}

/* Fills in what went by since the mark. */
static void
MeasureSince(const Runner *runner, Mark mark, Sample *sample)
{
	double		cpuSeconds;

	sample->seconds = Now() - mark.time;
	cpuSeconds = BackendSeconds(runner);
	sample->cpuSeconds = cpuSeconds < 0 || mark.cpuSeconds < 0 ? -1 : cpuSeconds - mark.cpuSeconds;
	sample->walBytes = WalPosition(runner->control) - mark.walPosition;
}

static void
SendCall(Runner *runner, Session *session)
{
	const Scenario *scenario = runner->scenario;

	DrawValues(scenario, &runner->values);
	session->sentAt = Now();
	if (!PQsendQueryPrepared(session->connection, STATEMENT_NAME, scenario->parameterCount,
							 runner->values.values, NULL, NULL, 0))
		Fail("%s: %s", scenario->name, PQerrorMessage(session->connection));
}

static void
RecordLatency(Runner *runner, double seconds)
{
	if (runner->latencyCount == runner->latencySize)
		runner->latencies = GrowArray(runner->latencies, &runner->latencySize, sizeof(uint32_t));
	runner->latencies[runner->latencyCount++] = (uint32_t) (seconds * 1e6);
}

/* Counts one answer. A failed call is an error and no call; a lost connection ends the benchmark. */
static void
RecordAnswer(Runner *runner, Session *session, const PGresult *result, Sample *sample)
{
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
	{
		sample->calls++;
		RecordLatency(runner, Now() - session->sentAt);
		return;
	}
	if (PQstatus(session->connection) != CONNECTION_OK)
		Fail("%s: %s", runner->scenario->name, PQerrorMessage(session->connection));
	if (sample->errors++ == 0 && runner->firstError[0] == '\0')
		snprintf(runner->firstError, sizeof(runner->firstError), "%s", PQresultErrorMessage(result));
}

/* Takes what has arrived; true when the session has nothing under way any more. */
static bool
ReceiveAnswer(Runner *runner, Session *session, Sample *sample)
{
	if (!PQconsumeInput(session->connection))
		Fail("%s: %s", runner->scenario->name, PQerrorMessage(session->connection));
	while (!PQisBusy(session->connection))
	{
		PGresult   *result = PQgetResult(session->connection);

		if (result == NULL)
			return true;
		RecordAnswer(runner, session, result, sample);
		PQclear(result);
	}
	return false;
}

static int
WatchSessions(Runner *runner)
{
	int			watch = epoll_create1(EPOLL_CLOEXEC);

	for (int i = 0; i < runner->sessionCount; i++)
	{
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &runner->sessions[i]};

		if (epoll_ctl(watch, EPOLL_CTL_ADD, PQsocket(runner->sessions[i].connection), &event) != 0)
			Fail("epoll: %s", strerror(errno));
	}
	return watch;
}

/* Whether a slot has time, or calls, for one more. */
static bool
HasMore(const Runner *runner, double deadline, int64_t sent)
{
	return runner->scenario->slotCalls == 0 ? Now() < deadline : sent < runner->scenario->slotCalls;
}

/* Keeps every session busy until the slot has no more, then waits for the answers under way. */
static void
RunCalls(Runner *runner, double deadline, Sample *sample)
{
	int			watch = WatchSessions(runner);
	int			busy = runner->sessionCount;
	int64_t		sent = runner->sessionCount;

	for (int i = 0; i < runner->sessionCount; i++)
		SendCall(runner, &runner->sessions[i]);
	while (busy > 0)
	{
		struct epoll_event events[MAX_EVENTS];
		int			count = epoll_wait(watch, events, MAX_EVENTS, -1);

		for (int i = 0; i < count; i++)
		{
			Session    *session = events[i].data.ptr;

			if (!ReceiveAnswer(runner, session, sample))
				continue;
			if (HasMore(runner, deadline, sent))
			{
				SendCall(runner, session);
				sent++;
			}
			else
				busy--;
		}
	}
	close(watch);
}

static Sample
RunOnce(Runner *runner)
{
	Sample		sample = {0};
	PGconn	   *connection = runner->sessions[0].connection;
	Mark		mark;

	ExecuteAll(runner->scenario, connection, "before");
	mark = TakeMark(runner);
	PQclear(Execute(connection, runner->scenario->statement));
	MeasureSince(runner, mark, &sample);
	ExecuteAll(runner->scenario, connection, "after");
	sample.calls = runner->scenario->callsPerSlot;
	return sample;
}

static Sample
RunCommand(Runner *runner)
{
	Sample		sample = {0};
	json_t	   *source = runner->scenario->source;
	json_t	   *before = json_object_get(source, "prepare");
	json_t	   *after = json_object_get(source, "finish");
	Mark		mark;

	if (before != NULL)
		RunProgram(before, NULL);
	mark = TakeMark(runner);
	RunProgram(json_object_get(source, "command"), NULL);
	MeasureSince(runner, mark, &sample);
	if (after != NULL)
		RunProgram(after, runner->notes);
	sample.calls = runner->scenario->callsPerSlot;
	return sample;
}

Sample
RunSlot(Runner *runner, double seconds)
{
	Sample		sample = {0};
	Mark		mark;

	switch (runner->scenario->kind)
	{
		case SCENARIO_CONSTANT:
			sample.seconds = runner->scenario->constant;
			sample.calls = 1;
			sample.cpuSeconds = -1;
			break;
		case SCENARIO_ONCE:
			return RunOnce(runner);
		case SCENARIO_COMMAND:
			return RunCommand(runner);
		case SCENARIO_CALLS:
			ExecuteAll(runner->scenario, runner->control, "before");
			mark = TakeMark(runner);
			RunCalls(runner, mark.time + seconds, &sample);
			MeasureSince(runner, mark, &sample);
			ExecuteAll(runner->scenario, runner->control, "after");
			break;
	}
	return sample;
}
