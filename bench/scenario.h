/*
 * A scenario: one kind of work that the load generator repeats and times,
 * read from a JSON file that README.md describes.
 */
#ifndef BENCH_SCENARIO_H
#define BENCH_SCENARIO_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define MAX_PARAMETERS 16
#define MAX_VARIABLES 32

typedef enum ScenarioKind
{
	SCENARIO_CALLS,				/* a prepared statement, again and again, in many sessions */
	SCENARIO_ONCE,				/* one statement a slot */
	SCENARIO_COMMAND,			/* one program a slot */
	SCENARIO_CONSTANT			/* a figure known beforehand, in seconds */
} ScenarioKind;

typedef enum VariableKind
{
	VARIABLE_UNIFORM,			/* an integer from low to high */
	VARIABLE_KEY				/* 32 random hexadecimal digits */
} VariableKind;

typedef struct Variable
{
	const char *name;
	VariableKind kind;
	int64_t		low;
	int64_t		high;
} Variable;

typedef struct Scenario
{
	char	   *name;
	json_t	   *source;			/* owns the texts below */
	ScenarioKind kind;
	const char *database;
	const char *statement;
	double		constant;
	int64_t		callsPerSlot;	/* how many calls one statement or command counts for */
	int64_t		slotCalls;		/* after how many calls a slot ends; 0: after its time */
	int			variableCount;
	Variable	variables[MAX_VARIABLES];
	int			parameterCount;
	const char *parameters[MAX_PARAMETERS];
} Scenario;

/* The texts of one call's parameters. */
typedef struct CallValues
{
	const char *values[MAX_PARAMETERS];
	char	   *buffer;
	size_t		size;
} CallValues;

/* Prints a message to standard error, as printf, and ends the program with status 1. */
extern void Fail(const char *format,...) __attribute__((format(printf, 1, 2), noreturn));

/* Reads a JSON file; the program ends with a message naming line and column when it is none. */
extern json_t *ReadJson(const char *path);

/* Reads and checks the scenario `name` from the folder; ends the program with a message when it is not right. */
extern Scenario *ReadScenario(const char *folder, const char *name);

/* Draws the variables anew and fills in the parameters, replacing ${name}. */
extern void DrawValues(const Scenario *scenario, CallValues *call);

/* Random bits from the system. */
extern uint64_t RandomBits(void);

#endif
