#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scenario.h"

#define MAX_ARGUMENTS 16

/* Numbers of the fields of /proc/PID/stat, counted as proc(5) does. */
#define STAT_PARENT 4
#define STAT_USER 14
#define STAT_CHILDREN_USER 16

double
Now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* Reads two neighbouring fields, from STAT_PARENT on; false when there is no such process. */
static bool
ReadStat(int pid, int field, long *first, long *second)
{
	char		path[64];
	char		text[1024];
	FILE	   *file;
	char	   *at;
	size_t		length;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';

	/* the name may hold blanks and parentheses; after the last one come the state and the parent */
	at = strrchr(text, ')');
	for (int i = 2; at != NULL && i < field; i++)
		at = strchr(at + 1, ' ');
	return at != NULL && sscanf(at, "%ld %ld", first, second) == 2;
}

static double
StatSeconds(int pid, int field)
{
	long		user;
	long		system;

	if (!ReadStat(pid, field, &user, &system))
		return -1;
	return (double) (user + system) / (double) sysconf(_SC_CLK_TCK);
}

double
ProcessSeconds(int pid)
{
	return StatSeconds(pid, STAT_USER);
}

double
ChildrenSeconds(int pid)
{
	return StatSeconds(pid, STAT_CHILDREN_USER);
}

int
ParentOf(int pid)
{
	long		parent;
	long		group;

	return ReadStat(pid, STAT_PARENT, &parent, &group) ? (int) parent : -1;
}

/* In the child: becomes the program. */
static void
BecomeProgram(json_t *arguments, int output)
{
	char	   *argv[MAX_ARGUMENTS + 1] = {0};

	for (size_t i = 0; i < json_array_size(arguments) && i < MAX_ARGUMENTS; i++)
		argv[i] = strdup(json_string_value(json_array_get(arguments, i)));
	dup2(output, STDOUT_FILENO);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void
ReadNotes(FILE *output, json_t *notes)
{
	char		line[1024];
	char		name[256];
	double		value;

	while (fgets(line, sizeof(line), output) != NULL)
	{
		if (notes != NULL && sscanf(line, "%255s %lf", name, &value) == 2)
			json_object_set_new(notes, name, json_real(value));
	}
}

void
RunProgram(json_t *arguments, json_t *notes)
{
	int			ends[2];
	int			status;
	pid_t		child;
	FILE	   *output;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		Fail("no process for %s", json_string_value(json_array_get(arguments, 0)));
	if (child == 0)
	{
		close(ends[0]);
		BecomeProgram(arguments, ends[1]);
	}
	close(ends[1]);
	output = fdopen(ends[0], "r");
	ReadNotes(output, notes);
	fclose(output);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		Fail("%s failed", json_string_value(json_array_get(arguments, 0)));
}
