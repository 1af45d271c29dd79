#include "soak.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TALLIES 100

typedef struct Ring
{
	char		keys[RING_SIZE][KEY_SIZE];
	int			count;			/* how many were put in, ever */
} Ring;

typedef struct Tally
{
	char		name[16];
	int			count;
} Tally;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Ring rings[RING_COUNT];
static Call offers[RING_SIZE];
static int	offerCount;
static Tally tallies[MAX_TALLIES];
static int	tallyCount;
static int	outcomeCount;
static FILE *outcomes;

static const char *const modeNames[MODE_COUNT] = {
	"plain", "repeatable read", "serializable", "savepoint", "rollback", "prepared", "statement timeout", "lock timeout"
};

void
OpenOutcomes(const char *path)
{
	outcomes = fopen(path, "w");
	if (outcomes == NULL)
		Fail("%s cannot be written", path);
}

/* Under the mutex. */
static void
Count(const char *name)
{
	int			i = 0;

	while (i < tallyCount && strcmp(tallies[i].name, name) != 0)
		i++;
	if (i == tallyCount && tallyCount < MAX_TALLIES)
		snprintf(tallies[tallyCount++].name, sizeof(tallies[0].name), "%s", name);
	if (i < tallyCount)
		tallies[i].count++;
}

/* A field of COPY's text format. */
static void
WriteField(const char *text, char end)
{
	if (text == NULL)
		fputs("\\N", outcomes);
	for (; text != NULL && *text != '\0'; text++)
	{
		if (*text == '\\' || *text == '\n' || *text == '\t')
			fputc('\\', outcomes);
		fputc(*text, outcomes);
	}
	fputc(end, outcomes);
}

void
WriteOutcome(const Call *call, Mode mode, const char *outcome, const char *result)
{
	pthread_mutex_lock(&mutex);
	WriteField(options.company, '\t');
	WriteField(call->function, '\t');
	WriteField(call->key, '\t');
	WriteField(modeNames[mode], '\t');
	WriteField(outcome, '\t');
	WriteField(call->request, '\t');
	WriteField(result, '\n');
	if (fflush(outcomes) != 0)
		Fail("outcomes cannot be written");
	outcomeCount++;
	Count(outcome);
	pthread_mutex_unlock(&mutex);
}

void
CountRetry(const char *state)
{
	char		name[16];

	snprintf(name, sizeof(name), "again %s", state);
	pthread_mutex_lock(&mutex);
	Count(name);
	pthread_mutex_unlock(&mutex);
}

void
PutKey(int ring, const char *key)
{
	pthread_mutex_lock(&mutex);
	strcpy(rings[ring].keys[rings[ring].count % RING_SIZE], key);
	rings[ring].count++;
	pthread_mutex_unlock(&mutex);
}

/* Where by chance in a ring that so many were put into; -1 if none were. */
static int
DrawPlace(Session *session, int count)
{
	if (count == 0)
		return -1;
	return Draw(session, count < RING_SIZE ? count : RING_SIZE);
}

bool
TakeKey(Session *session, int ring, char *key)
{
	int			place;

	pthread_mutex_lock(&mutex);
	place = DrawPlace(session, rings[ring].count);
	if (place >= 0)
		strcpy(key, rings[ring].keys[place]);
	pthread_mutex_unlock(&mutex);
	return place >= 0;
}

void
OfferCall(const Call *call)
{
	Call	   *place;

	pthread_mutex_lock(&mutex);
	place = &offers[offerCount++ % RING_SIZE];
	free(place->request);
	*place = *call;
	place->request = strdup(call->request);
	pthread_mutex_unlock(&mutex);
}

bool
TakeOffer(Session *session, Call *call)
{
	int			place;

	pthread_mutex_lock(&mutex);
	place = DrawPlace(session, offerCount);
	if (place >= 0)
	{
		*call = offers[place];
		call->request = strdup(offers[place].request);
		call->ring = -1;
	}
	pthread_mutex_unlock(&mutex);
	return place >= 0;
}

void
PrintProgress(double seconds, bool whole)
{
	pthread_mutex_lock(&mutex);
	printf("%s%.0f s, %d calls, %.0f/s:", whole ? "in all " : "", seconds, outcomeCount, outcomeCount / seconds);
	for (int i = 0; i < tallyCount; i++)
		printf("%s %s %d", i == 0 ? "" : ",", tallies[i].name, tallies[i].count);
	putchar('\n');
	fflush(stdout);
	pthread_mutex_unlock(&mutex);
}
