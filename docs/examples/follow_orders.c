/*
 * Follows what happens in a company: prints every event of erp.outbox once it is committed.
 *     follow_orders CONNECTION COMPANY [AFTER]
 * CONNECTION is what psql takes ("dbname=books user=shop"), COMPANY a code, AFTER the event
 * that the reader had come to before, default 0: from the first.
 * Prints a line an event: its number, its topic and its payload. Ends on SIGINT or SIGTERM, exit
 * code 0, and tells on stderr the number to go on after: nothing is lost then, and what came
 * behind it may come again.
 *
 * Numbers of events are not the order of commits. A number is drawn when an event is written and
 * seen when its transaction has ended: 8 may be seen before 7, and 7 may never come, because its
 * transaction was taken back. Who asks for "all after the last that I saw" loses events. So:
 *
 * - A notification only wakes; what is new is read from the table. LISTEN comes before the first
 *   reading, so that what is committed between them wakes too. After a lost connection it is the
 *   same again: notifications were lost, events were not.
 * - "settled" is the number up to which nothing can come any more. Each reading takes all behind
 *   it, again, and prints what was not there the last time.
 * - A transaction of the extension has its id before it draws a number of an event, since it has
 *   stored what the event is about. So all numbers up to the last that a snapshot shows were drawn by
 *   transactions with ids below the snapshot's xmax. When a later snapshot has an xmin that is no
 *   less, they have all ended, and what that snapshot does not show never comes.
 */
#define _GNU_SOURCE				/* ppoll */

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libpq-fe.h>

#define WAIT_SECONDS 10			/* at most, until it is read again what is settled */
#define RETRY_SECONDS 1			/* between attempts to connect */

/* Numbers of events, ascending. */
typedef struct Events
{
	int64_t    *numbers;
	size_t		count;
	size_t		room;
} Events;

/* Where the reader stands. */
typedef struct Reader
{
	const char *company;
	int64_t		settled;
	Events		seen;			/* behind settled */
	int64_t		last;			/* of the snapshot that is waited for; 0: none is */
	uint64_t	xmax;			/* of that snapshot */
} Reader;

/* What a reading has come to. */
typedef struct Reading
{
	Events		found;
	size_t		known;			/* how far the reader's events have been passed */
	uint64_t	xmin;
	uint64_t	xmax;
} Reading;

static volatile sig_atomic_t stopped = 0;

static void
stop(int signal)
{
	(void) signal;
	stopped = 1;
}

static void
append(Events *events, int64_t number)
{
	if (events->count == events->room)
	{
		events->room = events->room == 0 ? 64 : 2 * events->room;
		events->numbers = reallocarray(events->numbers, events->room, sizeof(int64_t));
		if (events->numbers == NULL)
		{
			perror("follow_orders");
			exit(1);
		}
	}
	events->numbers[events->count++] = number;
}

/* Prints an event that was not there the last time. Both lists ascend: they are merged. */
static void
take_row(const Reader *reader, Reading *reading, const PGresult *row)
{
	int64_t		number = strtoll(PQgetvalue(row, 0, 0), NULL, 10);

	reading->xmin = strtoull(PQgetvalue(row, 0, 3), NULL, 10);
	reading->xmax = strtoull(PQgetvalue(row, 0, 4), NULL, 10);
	while (reading->known < reader->seen.count && reader->seen.numbers[reading->known] < number)
		reading->known++;
	if (reading->known == reader->seen.count || reader->seen.numbers[reading->known] != number)
		printf("%" PRId64 " %s %s\n", number, PQgetvalue(row, 0, 1), PQgetvalue(row, 0, 2));
	append(&reading->found, number);
}

/* After a whole reading: what is settled now, and what is waited for next. */
static void
settle(Reader *reader, Reading *reading)
{
	size_t		gone = 0;
	Events		found = reading->found;

	if (reader->last > 0 && found.count > 0 && reading->xmin >= reader->xmax)
	{
		reader->settled = reader->last;
		reader->last = 0;
	}
	while (gone < found.count && found.numbers[gone] <= reader->settled)
		gone++;
	if (gone > 0)
		memmove(found.numbers, found.numbers + gone, (found.count - gone) * sizeof(int64_t));
	found.count -= gone;
	free(reader->seen.numbers);
	reader->seen = found;
	if (reader->last == 0 && found.count > 0)
	{
		reader->last = found.numbers[found.count - 1];
		reader->xmax = reading->xmax;
	}
}

/* After a reading that was broken off: what was printed in it is known now, what was known and not reached is so still. */
static void
keep(Reader *reader, Reading *reading)
{
	Events	   *found = &reading->found;
	Events	   *seen = &reader->seen;

	for (; reading->known < seen->count; reading->known++)
		if (found->count == 0 || seen->numbers[reading->known] > found->numbers[found->count - 1])
			append(found, seen->numbers[reading->known]);
	free(seen->numbers);
	*seen = *found;
}

/* One reading, in one statement, so in one snapshot; row by row, whatever their number. False if the connection failed. */
static bool
read_events(PGconn *connection, Reader *reader)
{
	char		settled[32];
	const char *values[] = {reader->company, settled};
	Reading		reading = {.known = 0};
	PGresult   *result;
	bool		whole = false;

	snprintf(settled, sizeof settled, "%" PRId64, reader->settled);
	if (!PQsendQueryParams(connection,
						   "SELECT o.event_id, o.topic, o.payload, pg_snapshot_xmin(s), pg_snapshot_xmax(s)"
						   "  FROM pg_current_snapshot() s, erp.outbox o JOIN erp.company c ON c.company_id = o.company_id"
						   " WHERE c.code = $1 AND o.event_id > $2::bigint ORDER BY o.event_id",
						   2, NULL, values, NULL, NULL, 0) || !PQsetSingleRowMode(connection))
		return false;
	while ((result = PQgetResult(connection)) != NULL)
	{
		if (PQresultStatus(result) == PGRES_SINGLE_TUPLE)
			take_row(reader, &reading, result);
		else
			whole = PQresultStatus(result) == PGRES_TUPLES_OK;
		PQclear(result);
	}
	if (fflush(stdout) != 0)
	{
		perror("follow_orders");
		exit(1);
	}
	if (whole)
		settle(reader, &reading);
	else
		keep(reader, &reading);
	return whole;
}

/* Sleeps until something can be read from the socket (-1: of none), the time is over, or a signal comes; signals come here only. */
static void
wait_for(int socket, int seconds, const sigset_t *signals)
{
	struct pollfd polled = {.fd = socket, .events = POLLIN};
	struct timespec most = {.tv_sec = seconds};

	if (!stopped)
		(void) ppoll(&polled, 1, &most, signals);
}

static bool
listen_to(PGconn *connection)
{
	PGresult   *result = PQexec(connection, "LISTEN erp_outbox");
	bool		listens = PQresultStatus(result) == PGRES_COMMAND_OK;

	PQclear(result);
	return listens;
}

/* Follows as long as the connection lasts. */
static void
follow(PGconn *connection, Reader *reader, const sigset_t *signals)
{
	if (!listen_to(connection))
		return;
	while (!stopped && read_events(connection, reader))
	{
		PGnotify   *notification = PQnotifies(connection);

		/* A notification may have come with the answer. */
		if (notification == NULL)
			wait_for(PQsocket(connection), WAIT_SECONDS, signals);
		else
			PQfreemem(notification);
		if (!PQconsumeInput(connection))
			return;
		while ((notification = PQnotifies(connection)) != NULL)
			PQfreemem(notification);
	}
}

int
main(int count, char **arguments)
{
	Reader		reader = {.settled = 0};
	struct sigaction action = {.sa_handler = stop};
	sigset_t	ends;
	sigset_t	before;
	PGconn	   *connection;

	if (count < 3 || count > 4)
	{
		fprintf(stderr, "usage: follow_orders CONNECTION COMPANY [AFTER]\n");
		return 2;
	}
	reader.company = arguments[2];
	if (count == 4)
		reader.settled = strtoll(arguments[3], NULL, 10);
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, &before);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);

	connection = PQconnectdb(arguments[1]);
	while (!stopped)
	{
		if (PQstatus(connection) == CONNECTION_OK)
			follow(connection, &reader, &before);
		if (!stopped)
		{
			fprintf(stderr, "follow_orders: %s", PQerrorMessage(connection));
			wait_for(-1, RETRY_SECONDS, &before);
			PQreset(connection);
		}
		/* Signals that came while it was connecting. */
		wait_for(-1, 0, &before);
	}
	PQfinish(connection);
	free(reader.seen.numbers);
	fprintf(stderr, "follow_orders: go on after %" PRId64 "\n", reader.settled);
	return 0;
}
