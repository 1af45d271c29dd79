#include "report.h"

#include <stdio.h>
#include <string.h>

static const char *const unitNames[] = {"calls/s", "seconds", "microseconds"};
static const char *const verdictNames[] = {"shown", "met", "short", "unclear"};

void
PrintHead(json_t *machine, const BenchOptions *options)
{
	const char *name;
	json_t	   *value;

	printf("cores %d, kernel %s, fdatasync %.0f us; %d pairs, slots of %g s\n",
		   (int) json_integer_value(json_object_get(machine, "cores")),
		   json_string_value(json_object_get(machine, "kernel")),
		   json_real_value(json_object_get(machine, "fdatasync_us")),
		   options->pairs, options->slotSeconds);
	json_object_foreach(json_object_get(machine, "settings"), name, value)
		printf("%s=%s ", name, json_string_value(value));
	printf("\n\n%-28s %12s %12s %8s %16s %8s %-8s %s\n",
		   "NAME", "OURS", "RIVAL", "RATIO", "LOW..HIGH", "GOAL", "VERDICT",
		   "SERVER CPU us/call  WAL bytes/call  P99 us (ours, rival; errors where there were any)");
}

static double
PerCall(const Side *side, double sum)
{
	return side->total.calls == 0 ? 0 : sum / (double) side->total.calls;
}

static double
CpuPerCall(const Side *side)
{
	return side->total.cpuSeconds < 0 ? 0 : PerCall(side, side->total.cpuSeconds * 1e6);
}

/* A figure with as many digits as it deserves. */
static void
FormatFigure(double figure, char *text, size_t size)
{
	snprintf(text, size, "%.*f", figure < 10 ? 3 : figure < 1000 ? 1 : 0, figure);
}

/* What 99 of 100 calls took at most, where calls were timed one by one. */
static void
PrintLatencies(const Side *ours, const Side *theirs)
{
	const Runner *runners[] = {ours->runner, theirs->runner};

	if (runners[0]->latencyCount == 0 || runners[1]->latencyCount == 0)
		return;
	for (int i = 0; i < 2; i++)
	{
		SortTimes(runners[i]->latencies, runners[i]->latencyCount);
		printf("%s%u", i == 0 ? "  " : ", ", SortedPercentile(runners[i]->latencies, runners[i]->latencyCount, 99));
	}
}

static void
PrintErrors(const Side *side)
{
	if (side->total.errors > 0)
		printf(" %lld errors: %s", (long long) side->total.errors, side->runner->firstError);
}

void
PrintRow(const Group *group, const Row *row, int rival)
{
	char		ours[32];
	char		theirs[32];
	char		range[48];
	char		goal[32] = "-";

	FormatFigure(row->ours, ours, sizeof(ours));
	FormatFigure(row->rival, theirs, sizeof(theirs));
	snprintf(range, sizeof(range), "%.3f..%.3f", row->ratio.low, row->ratio.high);
	if (row->hasGoal)
		snprintf(goal, sizeof(goal), "%s%.2f", row->atMost ? "<=" : ">=", row->goal);
	printf("%-28s %12s %12s %8.3f %16s %8s %-8s", row->name, ours, theirs,
		   row->ratio.median, range, goal, verdictNames[row->verdict]);
	if (rival > 0)
		printf(" %.1f, %.1f  %.0f, %.0f",
			   CpuPerCall(&group->sides[0]), CpuPerCall(&group->sides[rival]),
			   PerCall(&group->sides[0], group->sides[0].total.walBytes),
			   PerCall(&group->sides[rival], group->sides[rival].total.walBytes));
	if (rival > 0)
	{
		PrintLatencies(&group->sides[0], &group->sides[rival]);
		PrintErrors(&group->sides[0]);
		PrintErrors(&group->sides[rival]);
	}
	printf("\n");
	fflush(stdout);
}

static json_t *
SampleArray(const Group *group, const Side *side)
{
	json_t	   *samples = json_array();

	for (int i = 0; i < group->pairs; i++)
		json_array_append_new(samples, json_pack("{s:f, s:I}", "seconds", side->samples[i].seconds,
												 "calls", (json_int_t) side->samples[i].calls));
	return samples;
}

static json_t *
LatencyJson(Runner *runner)
{
	uint32_t   *times = runner->latencies;
	size_t		count = runner->latencyCount;

	if (count == 0)
		return json_null();
	SortTimes(times, count);
	return json_pack("{s:i, s:i, s:i, s:i}",
					 "p50", (int) SortedPercentile(times, count, 50),
					 "p95", (int) SortedPercentile(times, count, 95),
					 "p99", (int) SortedPercentile(times, count, 99),
					 "max", (int) SortedPercentile(times, count, 100));
}

static json_t *
SideJson(const Group *group, const Side *side)
{
	return json_pack("{s:s, s:I, s:I, s:s, s:o, s:f, s:f, s:O, s:o}",
					 "scenario", side->scenario->name,
					 "calls", (json_int_t) side->total.calls,
					 "errors", (json_int_t) side->total.errors,
					 "first_error", side->runner->firstError,
					 "latency_us", LatencyJson(side->runner),
					 "server_cpu_us_per_call", CpuPerCall(side),
					 "wal_bytes_per_call", PerCall(side, side->total.walBytes),
					 "notes", side->runner->notes,
					 "samples", SampleArray(group, side));
}

json_t *
RowJson(const Group *group, const Row *row, int rival)
{
	json_t	   *json = json_pack("{s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:s, s:s, s:s, s:i}",
								 "name", row->name,
								 "ours", row->ours,
								 "rival", row->rival,
								 "ratio", row->ratio.median,
								 "low", row->ratio.low,
								 "high", row->ratio.high,
								 "coverage", row->ratio.coverage,
								 "verdict", verdictNames[row->verdict],
								 "unit", rival == 0 ? "value" : unitNames[group->unit],
								 "synchronous_commit", group->isAsync ? "off" : "on",
								 "sessions", group->sessions);

	if (row->hasGoal)
		json_object_set_new(json, "goal", json_pack("{s:f}", row->atMost ? "at_most" : "at_least", row->goal));
	if (rival > 0)
	{
		json_object_set_new(json, "ours_detail", SideJson(group, &group->sides[0]));
		json_object_set_new(json, "rival_detail", SideJson(group, &group->sides[rival]));
	}
	return json;
}
