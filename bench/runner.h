/* Runs a scenario for a slot of time in its sessions, and measures it. */
#ifndef BENCH_RUNNER_H
#define BENCH_RUNNER_H

#include <libpq-fe.h>

#include "scenario.h"

typedef struct Sample
{
	double		seconds;		/* from the first call sent to the last answer */
	int64_t		calls;			/* that succeeded */
	int64_t		errors;
	double		cpuSeconds;		/* of the backends; -1 when not known */
	double		walBytes;		/* of the whole server */
} Sample;

typedef struct Session
{
	PGconn	   *connection;
	double		sentAt;
} Session;

typedef struct Runner
{
	const Scenario *scenario;
	PGconn	   *control;		/* NULL for a constant */
	Session    *sessions;
	int			sessionCount;
	CallValues	values;
	uint32_t   *latencies;		/* of all slots since they were cleared, in microseconds */
	size_t		latencyCount;
	size_t		latencySize;
	char		firstError[256];
	json_t	   *notes;			/* what the finishing program printed, or NULL */
} Runner;

/* Connects by the usual environment; the program ends with a message when that fails. */
extern PGconn *Connect(const char *database);

/* Runs SQL that must succeed and returns its result, to be cleared; the program ends with a message otherwise. */
extern PGresult *Execute(PGconn *connection, const char *sql);

/* Opens the sessions of the scenario and prepares its statement in each. */
extern Runner *OpenRunner(const Scenario *scenario, int sessionCount);

/* Runs one slot, between the statements of its fields "before" and "after"; `seconds` counts for repeated calls only. */
extern Sample RunSlot(Runner *runner, double seconds);

/* Closes the sessions and frees the runner. */
extern void CloseRunner(Runner *runner);

#endif
