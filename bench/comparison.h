/*
 * A group of rows: our scenario and its rivals, run in turn, slot by slot,
 * and what came of it.
 */
#ifndef BENCH_COMPARISON_H
#define BENCH_COMPARISON_H

#include "runner.h"
#include "stats.h"

#define MAX_RIVALS 4

typedef enum Verdict
{
	VERDICT_SHOWN,				/* the row has no goal */
	VERDICT_MET,				/* the whole interval passes */
	VERDICT_SHORT,				/* none of it passes, or calls failed */
	VERDICT_UNCLEAR
} Verdict;

/* What figures are given in. */
typedef enum Unit
{
	UNIT_CALLS,					/* calls a second */
	UNIT_SECONDS,				/* seconds a slot */
	UNIT_MICROSECONDS			/* microseconds a call */
} Unit;

typedef struct BenchOptions
{
	const char *scenarioFolder;
	int			pairs;
	double		slotSeconds;
	double		warmupSeconds;
} BenchOptions;

/* One scenario of a group with its samples, one for each turn. */
typedef struct Side
{
	Scenario   *scenario;
	Runner	   *runner;
	Sample	   *samples;
	Sample		total;
} Side;

typedef struct Group
{
	json_t	   *source;			/* of rows.json */
	int			sessions;
	bool		isAsync;		/* with synchronous_commit off */
	Unit		unit;
	double		share;			/* seconds after which no pair begins any more; 0: no limit */
	int			pairs;			/* wanted, and then those that were run */
	int			sideCount;
	Side		sides[MAX_RIVALS + 1];	/* ours first */
} Group;

typedef struct Row
{
	char		name[128];
	double		ours;			/* medians */
	double		rival;
	Interval	ratio;
	bool		hasGoal;
	bool		atMost;
	double		goal;
	Verdict		verdict;
} Row;

/* Runs the group: what makes its databases, warm-up, then its pairs, each turn in the order opposite to the one before, and its finishing program. */
extern void RunGroup(Group *group, const BenchOptions *options);

/* Closes its sessions and frees its samples. */
extern void CloseGroup(Group *group);

/* The name of the row that the rival (from 1) makes in this group: NAME[_async][.SESSIONS]. */
extern void NameRow(const Group *group, const char *base, char *name, size_t size);

/* The figures of the row that the rival (from 1) makes, its name and goal from `source`. */
extern Row	CompareSides(const Group *group, int rival, json_t *source);

/* A row about one figure that a finishing program printed, against its limit or beside another one; where that is 0 its ratio is the figure itself. */
extern Row	JudgeNote(const Group *group, json_t *source);

#endif
