/*
 * soak COMPANY PREFIX MONTH SEED SESSIONS SECONDS OUTCOMES
 *
 * SESSIONS sessions make calls in COMPANY for SECONDS, dated in MONTH (YYYY-MM) and its neighbours, with keys that begin
 * with PREFIX, and write to the file OUTCOMES what was answered. Connects by the PG* environment.
 */
#include "soak.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_SECONDS 5
#define LOOK_MICROSECONDS 100000

Options		options;
static atomic_int running;
static double began;

void
Fail(const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

static double
Now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static Session
BeginSession(int number)
{
	Session		session = {0};

	session.number = number;
	session.random = options.seed * UINT64_C(1000003) + (uint64_t) number;
	Connect(&session);
	return session;
}

static void *
RunSession(void *argument)
{
	Session		session = BeginSession((int) (intptr_t) argument);

	while (Now() - began < options.seconds)
	{
		Call		call = DrawCall(&session);
		Mode		mode = DrawMode(&session, &call);

		MakeCall(&session, &call, mode);
		FreeCall(&call);
	}
	PQfinish(session.connection);
	atomic_fetch_sub(&running, 1);
	return NULL;
}

/* Ends what sessions left prepared and says how far it is, until all sessions are through. */
static void
Attend(void)
{
	Session		attendant = BeginSession(0);
	double		said = Now();

	while (atomic_load(&running) > 0)
	{
		usleep(LOOK_MICROSECONDS);
		EndPrepared(&attendant, false);
		if (Now() - said >= PROGRESS_SECONDS)
		{
			said = Now();
			PrintProgress(said - began, false);
		}
	}
	EndPrepared(&attendant, true);
	PrintProgress(Now() - began, true);
	PQfinish(attendant.connection);
}

static void
WriteMonth(char *text, size_t size, int months)
{
	snprintf(text, size, "%04d-%02d", months / 12 % 10000, months % 12 + 1);
}

/* The month and its neighbours. */
static void
WriteMonths(const char *text)
{
	int			year;
	int			month;

	if (sscanf(text, "%4d-%2d", &year, &month) != 2 || year < 1 || month < 1 || month > 12)
		Fail("\"%s\" is no month", text);
	WriteMonth(options.lastMonth, sizeof(options.lastMonth), year * 12 + month - 2);
	WriteMonth(options.month, sizeof(options.month), year * 12 + month - 1);
	WriteMonth(options.nextMonth, sizeof(options.nextMonth), year * 12 + month);
}

static void
ReadArguments(char **argv)
{
	options.company = argv[1];
	options.prefix = argv[2];
	WriteMonths(argv[3]);
	options.seed = strtoull(argv[4], NULL, 10);
	options.sessions = atoi(argv[5]);
	options.seconds = atof(argv[6]);
	if (options.sessions < 1 || options.seconds <= 0)
		Fail("at least one session and some time");
}

int
main(int argc, char **argv)
{
	pthread_t  *threads;

	if (argc != 8)
		Fail("usage: soak COMPANY PREFIX MONTH SEED SESSIONS SECONDS OUTCOMES");
	ReadArguments(argv);
	OpenOutcomes(argv[7]);
	began = Now();
	atomic_store(&running, options.sessions);
	threads = calloc((size_t) options.sessions, sizeof(pthread_t));
	if (threads == NULL)
		Fail("out of memory");
	for (int i = 0; i < options.sessions; i++)
	{
		if (pthread_create(&threads[i], NULL, RunSession, (void *) (intptr_t) (i + 1)) != 0)
			Fail("no thread");
	}
	Attend();
	for (int i = 0; i < options.sessions; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	return 0;
}
