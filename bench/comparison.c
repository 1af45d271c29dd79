#include "comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "process.h"

/* A group has as many even where the time of the whole is short. */
#define FEWEST_PAIRS 3

static void
AddSample(Sample *total, const Sample *sample)
{
	total->seconds += sample->seconds;
	total->calls += sample->calls;
	total->errors += sample->errors;
	total->walBytes += sample->walBytes;
	if (sample->cpuSeconds < 0)
		total->cpuSeconds = -1;
	else if (total->cpuSeconds >= 0)
		total->cpuSeconds += sample->cpuSeconds;
}

/* The database that the scenario works on is made, unless it stands, when the first row needs it. */
static void
PrepareDatabase(const char *name)
{
	static json_t *prepared;
	json_t	   *program;

	if (prepared == NULL)
		prepared = json_object();
	if (name == NULL || json_object_get(prepared, name) != NULL)
		return;
	program = json_pack("[s, s, s]", "bash", "bench/database", name);
	RunProgram(program, NULL);
	json_decref(program);
	json_object_set_new(prepared, name, json_true());
}

static void
OpenSides(Group *group, const BenchOptions *options)
{
	json_t	   *rivals = json_object_get(group->source, "rivals");
	int			count = (int) json_array_size(rivals);

	if (count < 1 || count > MAX_RIVALS)
		Fail("a group needs 1 to %d rivals", MAX_RIVALS);
	group->sideCount = count + 1;
	for (int i = 0; i <= count; i++)
	{
		json_t	   *owner = i == 0 ? group->source : json_array_get(rivals, (size_t) i - 1);
		const char *name = json_string_value(json_object_get(owner, i == 0 ? "ours" : "scenario"));

		if (name == NULL)
			Fail("a side of a group has no scenario");
		group->sides[i].scenario = ReadScenario(options->scenarioFolder, name);
		PrepareDatabase(group->sides[i].scenario->database);
		group->sides[i].runner = OpenRunner(group->sides[i].scenario, group->sessions);
		group->sides[i].samples = AllocateZeroed((size_t) group->pairs, sizeof(Sample));
	}
}

/* Fills caches and plans; nothing of it counts. Work that is done once a slot is its own warm-up. */
static void
WarmUp(Group *group, const BenchOptions *options)
{
	for (int i = 0; i < group->sideCount; i++)
	{
		Side	   *side = &group->sides[i];

		if (side->scenario->kind == SCENARIO_CALLS)
			RunSlot(side->runner, options->warmupSeconds);
		else if (json_is_true(json_object_get(group->source, "warm_up")))
			RunSlot(side->runner, 0);
		side->runner->latencyCount = 0;
	}
}

static void
RunTurn(Group *group, int turn, double seconds)
{
	for (int i = 0; i < group->sideCount; i++)
	{
		Side	   *side = &group->sides[turn % 2 == 0 ? i : group->sideCount - 1 - i];

		side->samples[turn] = RunSlot(side->runner, seconds);
		AddSample(&side->total, &side->samples[turn]);
	}
}

void
RunGroup(Group *group, const BenchOptions *options)
{
	json_t	   *pairs = json_object_get(group->source, "pairs");
	json_t	   *after = json_object_get(group->source, "finish");
	double		end;
	int			turn = 0;

	group->pairs = pairs == NULL ? options->pairs : (int) json_integer_value(pairs);
	OpenSides(group, options);
	WarmUp(group, options);
	end = Now() + group->share;
	while (turn < group->pairs && (group->share == 0 || turn < FEWEST_PAIRS || Now() < end))
		RunTurn(group, turn++, options->slotSeconds);
	group->pairs = turn;
	if (after != NULL)
		RunProgram(after, group->sides[0].runner->notes);
}

void
CloseGroup(Group *group)
{
	for (int i = 0; i < group->sideCount; i++)
	{
		CloseRunner(group->sides[i].runner);
		json_decref(group->sides[i].scenario->source);
		free(group->sides[i].scenario->name);
		free(group->sides[i].scenario);
		free(group->sides[i].samples);
	}
}

void
NameRow(const Group *group, const char *base, char *name, size_t size)
{
	char		sessions[16] = "";

	if (json_object_get(group->source, "sessions") != NULL)
		snprintf(sessions, sizeof(sessions), ".%d", group->sessions);
	snprintf(name, size, "%s%s%s", base, group->isAsync ? "_async" : "", sessions);
}

static double
Figure(const Group *group, const Sample *sample)
{
	switch (group->unit)
	{
		case UNIT_SECONDS:
			return sample->seconds;
		case UNIT_MICROSECONDS:
			return sample->seconds * 1e6 * group->sessions / (double) sample->calls;
		case UNIT_CALLS:
			break;
	}
	return (double) sample->calls / sample->seconds;
}

static double
MedianFigure(const Group *group, const Side *side, double *values)
{
	for (int i = 0; i < group->pairs; i++)
		values[i] = Figure(group, &side->samples[i]);
	return Median(values, (size_t) group->pairs);
}

/* With synchronous_commit off a row may have a goal of its own. */
static void
ReadGoal(const Group *group, Row *row, json_t *source)
{
	json_t	   *ofAsync = json_object_get(source, "async_goal");
	json_t	   *goal = group->isAsync && ofAsync != NULL ? ofAsync : json_object_get(source, "goal");
	json_t	   *atMost = json_object_get(goal, "at_most");

	row->hasGoal = goal != NULL;
	row->atMost = atMost != NULL;
	row->goal = json_number_value(atMost != NULL ? atMost : json_object_get(goal, "at_least"));
}

static Verdict
Judge(const Row *row, int64_t errors)
{
	bool		lowPasses = row->atMost ? row->ratio.low <= row->goal : row->ratio.low >= row->goal;
	bool		highPasses = row->atMost ? row->ratio.high <= row->goal : row->ratio.high >= row->goal;

	if (errors > 0)
		return VERDICT_SHORT;
	if (!row->hasGoal)
		return VERDICT_SHOWN;
	if (row->ratio.coverage < 0.9 || lowPasses != highPasses || isnan(row->ratio.median))
		return VERDICT_UNCLEAR;
	return lowPasses ? VERDICT_MET : VERDICT_SHORT;
}

Row
CompareSides(const Group *group, int rival, json_t *source)
{
	Row			row = {0};
	const Side *ours = &group->sides[0];
	const Side *theirs = &group->sides[rival];
	double	   *values = AllocateZeroed((size_t) group->pairs, sizeof(double));

	NameRow(group, json_string_value(json_object_get(source, "row")), row.name, sizeof(row.name));
	row.ours = MedianFigure(group, ours, values);
	row.rival = MedianFigure(group, theirs, values);
	for (int i = 0; i < group->pairs; i++)
		values[i] = Figure(group, &ours->samples[i]) / Figure(group, &theirs->samples[i]);
	row.ratio = MedianInterval(values, (size_t) group->pairs);
	free(values);
	ReadGoal(group, &row, source);
	row.verdict = Judge(&row, ours->total.errors + theirs->total.errors);
	return row;
}

/* The figure whose name stands in the field of the row; the program ends when nothing printed it. */
static double
ReadNote(const Group *group, json_t *source, const char *field)
{
	const char *note = json_string_value(json_object_get(source, field));
	json_t	   *value = json_object_get(group->sides[0].runner->notes, note);

	if (value == NULL)
		Fail("%s printed no \"%s\"", group->sides[0].scenario->name, note);
	return json_number_value(value);
}

Row
JudgeNote(const Group *group, json_t *source)
{
	Row			row = {0};
	json_t	   *limit = json_object_get(source, "limit");

	NameRow(group, json_string_value(json_object_get(source, "row")), row.name, sizeof(row.name));
	row.ours = ReadNote(group, source, "note");
	row.rival = limit != NULL ? json_number_value(limit) : ReadNote(group, source, "beside");
	row.ratio.low = row.ratio.median = row.ratio.high = row.rival == 0 ? row.ours : row.ours / row.rival;
	row.ratio.coverage = 1;
	ReadGoal(group, &row, source);
	row.verdict = Judge(&row, 0);
	return row;
}
