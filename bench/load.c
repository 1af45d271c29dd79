/*
 * load [--only REGEX] [--pairs N] [--seconds S] [--warmup S] [--minutes M] ROWS SCENARIOS RESULTS
 *
 * Runs the groups of ROWS (JSON), whose scenarios lie in the folder SCENARIOS,
 * prints the table, and writes RESULTS after each group. Connects by the PG*
 * environment. With --minutes the groups share what is left of the time, and
 * those that it does not reach are named.
 */
#include <getopt.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "machine.h"
#include "process.h"
#include "report.h"

typedef struct Bench
{
	BenchOptions options;
	regex_t		only;
	bool		hasOnly;
	double		end;			/* 0: there is time for all */
	int			groupsLeft;
	const char *resultPath;
	json_t	   *results;
} Bench;

static void
ReadOptions(Bench *bench, int argc, char **argv)
{
	static const struct option known[] = {
		{"only", required_argument, NULL, 'o'},
		{"pairs", required_argument, NULL, 'p'},
		{"seconds", required_argument, NULL, 's'},
		{"warmup", required_argument, NULL, 'w'},
		{"minutes", required_argument, NULL, 'm'},
		{NULL, 0, NULL, 0}
	};
	int			option;

	bench->options.pairs = 9;
	bench->options.slotSeconds = 2;
	bench->options.warmupSeconds = 3;
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
	{
		if (option == 'o' && optarg[0] != '\0')
		{
			if (regcomp(&bench->only, optarg, REG_EXTENDED | REG_NOSUB) != 0)
				Fail("not a regular expression: %s", optarg);
			bench->hasOnly = true;
		}
		else if (option == 'p')
			bench->options.pairs = atoi(optarg);
		else if (option == 's')
			bench->options.slotSeconds = atof(optarg);
		else if (option == 'w')
			bench->options.warmupSeconds = atof(optarg);
		else if (option == 'm' && atof(optarg) > 0)
			bench->end = Now() + 60 * atof(optarg);
		else if (option == '?')
			exit(2);
	}
	if (argc - optind != 3 || bench->options.pairs < 1)
		Fail("usage: load [--only REGEX] [--pairs N] [--seconds S] [--warmup S] [--minutes M] ROWS SCENARIOS RESULTS");
}

/* Whether the row that `source` describes is asked for. */
static bool
IsWanted(const Bench *bench, const Group *group, json_t *source)
{
	char		name[128];

	NameRow(group, json_string_value(json_object_get(source, "row")), name, sizeof(name));
	return !bench->hasOnly || regexec(&bench->only, name, 0, NULL, 0) == 0;
}

static bool
IsAnyWanted(const Bench *bench, const Group *group)
{
	static const char *const fields[] = {"rivals", "notes"};

	for (size_t f = 0; f < 2; f++)
	{
		size_t		i;
		json_t	   *row;

		json_array_foreach(json_object_get(group->source, fields[f]), i, row)
		{
			if (IsWanted(bench, group, row))
				return true;
		}
	}
	return false;
}

static void
ReportRow(Bench *bench, const Group *group, const Row *row, int rival)
{
	PrintRow(group, row, rival);
	json_array_append_new(json_object_get(bench->results, "rows"), RowJson(group, row, rival));
}

static void
ReportGroup(Bench *bench, const Group *group)
{
	size_t		i;
	json_t	   *source;

	json_array_foreach(json_object_get(group->source, "rivals"), i, source)
	{
		Row			row = CompareSides(group, (int) i + 1, source);

		if (IsWanted(bench, group, source))
			ReportRow(bench, group, &row, (int) i + 1);
	}
	json_array_foreach(json_object_get(group->source, "notes"), i, source)
	{
		Row			row = JudgeNote(group, source);

		if (IsWanted(bench, group, source))
			ReportRow(bench, group, &row, 0);
	}
	if (json_dump_file(bench->results, bench->resultPath, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) != 0)
		Fail("%s cannot be written", bench->resultPath);
}

/* Says which rows the group would have given. */
static void
ReportLeft(const Bench *bench, const Group *group)
{
	size_t		i;
	json_t	   *source;

	json_array_foreach(json_object_get(group->source, "rivals"), i, source)
	{
		char		name[128];

		NameRow(group, json_string_value(json_object_get(source, "row")), name, sizeof(name));
		if (IsWanted(bench, group, source))
			printf("%-28s was left out: the time is over\n", name);
	}
}

static void
CountGroup(Bench *bench, Group *group)
{
	(void) group;
	bench->groupsLeft++;
}

static void
RunWanted(Bench *bench, Group *group)
{
	double		left = bench->end - Now();

	if (bench->end > 0 && left <= 0)
	{
		ReportLeft(bench, group);
		return;
	}
	group->share = bench->end > 0 ? left / bench->groupsLeft : 0;
	bench->groupsLeft--;

	/* reaches our sessions and those of the programs that we run */
	setenv("PGOPTIONS", group->isAsync ? "-c synchronous_commit=off" : "-c synchronous_commit=on", 1);
	RunGroup(group, &bench->options);
	ReportGroup(bench, group);
	CloseGroup(group);
}

/* Calls `visit` with the group as it stands, if any of its rows is asked for. */
static void
VisitGroup(Bench *bench, json_t *source, int sessions, bool isAsync, void (*visit) (Bench *, Group *))
{
	Group		group = {0};

	group.source = source;
	group.sessions = sessions;
	group.isAsync = isAsync;
	group.unit = json_is_true(json_object_get(source, "in_seconds")) ? UNIT_SECONDS :
		json_is_true(json_object_get(source, "in_microseconds")) ? UNIT_MICROSECONDS : UNIT_CALLS;
	if (IsAnyWanted(bench, &group))
		visit(bench, &group);
}

static void
VisitGroups(Bench *bench, json_t *rows, void (*visit) (Bench *, Group *))
{
	size_t		row;
	json_t	   *source;

	json_array_foreach(rows, row, source)
	{
		json_t	   *sessions = json_object_get(source, "sessions");
		size_t		count = sessions == NULL ? 1 : json_array_size(sessions);

		for (size_t i = 0; i < 2 * count; i++)
			VisitGroup(bench, source, sessions == NULL ? 1 : (int) json_integer_value(json_array_get(sessions, i % count)),
					   i >= count, visit);
	}
}

int
main(int argc, char **argv)
{
	Bench		bench = {0};
	json_t	   *rows;
	const char *folder = getenv("BENCH_FOLDER");

	ReadOptions(&bench, argc, argv);
	rows = ReadJson(argv[optind]);
	bench.options.scenarioFolder = argv[optind + 1];
	bench.resultPath = argv[optind + 2];
	bench.results = json_pack("{s:o, s:[]}", "machine", DescribeMachine(folder == NULL ? "." : folder), "rows");
	PrintHead(json_object_get(bench.results, "machine"), &bench.options);
	VisitGroups(&bench, rows, CountGroup);
	VisitGroups(&bench, rows, RunWanted);
	json_decref(bench.results);
	json_decref(rows);
	return 0;
}
