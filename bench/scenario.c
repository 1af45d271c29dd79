#include "scenario.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "memory.h"

/* Room for any drawn value: 32 digits of a key, or an integer of 64 bits. */
#define DRAWN_SIZE 40

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

uint64_t
RandomBits(void)
{
	static uint64_t state;

	if (state == 0 && getrandom(&state, sizeof(state), 0) != (ssize_t) sizeof(state))
		Fail("no random numbers");

	/* splitmix64 */
	state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t	bits = state;

	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return bits ^ (bits >> 31);
}

json_t *
ReadJson(const char *path)
{
	json_error_t error;
	json_t	   *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
		Fail("%s: line %d, column %d: %s", path, error.line, error.column, error.text);
	return json;
}

static void
ReadVariable(Scenario *scenario, const char *name, json_t *source)
{
	Variable   *variable = &scenario->variables[scenario->variableCount++];
	json_t	   *uniform = json_object_get(source, "uniform");

	variable->name = name;
	variable->kind = uniform != NULL ? VARIABLE_UNIFORM : VARIABLE_KEY;
	if (uniform == NULL)
	{
		if (!json_is_true(json_object_get(source, "key")))
			Fail("%s: variable \"%s\" is neither uniform nor a key", scenario->name, name);
		return;
	}
	variable->low = json_integer_value(json_array_get(uniform, 0));
	variable->high = json_integer_value(json_array_get(uniform, 1));
	if (json_array_size(uniform) != 2 || variable->low > variable->high)
		Fail("%s: variable \"%s\" needs [low, high]", scenario->name, name);
}

static void
ReadVariables(Scenario *scenario)
{
	const char *name;
	json_t	   *value;

	json_object_foreach(json_object_get(scenario->source, "variables"), name, value)
	{
		if (scenario->variableCount == MAX_VARIABLES)
			Fail("%s: too many variables", scenario->name);
		ReadVariable(scenario, name, value);
	}
}

static void
ReadParameters(Scenario *scenario)
{
	json_t	   *parameters = json_object_get(scenario->source, "parameters");

	if (json_array_size(parameters) > MAX_PARAMETERS)
		Fail("%s: too many parameters", scenario->name);
	for (size_t i = 0; i < json_array_size(parameters); i++)
	{
		const char *text = json_string_value(json_array_get(parameters, i));

		if (text == NULL)
			Fail("%s: a parameter is not a string", scenario->name);
		scenario->parameters[scenario->parameterCount++] = text;
	}
}

static ScenarioKind
ReadKind(const Scenario *scenario)
{
	if (json_object_get(scenario->source, "constant") != NULL)
		return SCENARIO_CONSTANT;
	if (json_object_get(scenario->source, "command") != NULL)
		return SCENARIO_COMMAND;
	if (scenario->statement == NULL || scenario->database == NULL)
		Fail("%s: a scenario needs \"database\" and \"statement\", \"command\" or \"constant\"", scenario->name);
	return json_is_true(json_object_get(scenario->source, "once")) ? SCENARIO_ONCE : SCENARIO_CALLS;
}

/* A scenario that is like another one but for some fields names it and gives these. */
static json_t *
ReadSource(const char *folder, const char *name)
{
	char		path[4096];
	json_t	   *source;
	json_t	   *model;
	const char *like;

	snprintf(path, sizeof(path), "%s/%s.json", folder, name);
	source = ReadJson(path);
	like = json_string_value(json_object_get(source, "like"));
	if (like == NULL)
		return source;
	model = ReadSource(folder, like);
	json_object_update(model, source);
	json_decref(source);
	return model;
}

Scenario *
ReadScenario(const char *folder, const char *name)
{
	Scenario   *scenario = AllocateZeroed(1, sizeof(Scenario));
	json_t	   *calls;

	scenario->name = strdup(name);
	scenario->source = ReadSource(folder, name);
	scenario->database = json_string_value(json_object_get(scenario->source, "database"));
	scenario->statement = json_string_value(json_object_get(scenario->source, "statement"));
	scenario->constant = json_number_value(json_object_get(scenario->source, "constant"));
	scenario->kind = ReadKind(scenario);
	calls = json_object_get(scenario->source, "calls");
	scenario->callsPerSlot = calls == NULL ? 1 : json_integer_value(calls);
	scenario->slotCalls = json_integer_value(json_object_get(scenario->source, "slot_calls"));
	ReadVariables(scenario);
	ReadParameters(scenario);
	return scenario;
}

static void
DrawVariable(const Variable *variable, char *text)
{
	uint64_t	width = (uint64_t) (variable->high - variable->low) + 1;

	if (variable->kind == VARIABLE_KEY)
		snprintf(text, DRAWN_SIZE, "%016" PRIx64 "%016" PRIx64, RandomBits(), RandomBits());
	else
		snprintf(text, DRAWN_SIZE, "%" PRId64, variable->low + (int64_t) (RandomBits() % width));
}

/* The number of the variable that ${name} at this place names; ends the program when there is none. */
static int
VariableAt(const Scenario *scenario, const char *place, size_t length)
{
	for (int i = 0; i < scenario->variableCount; i++)
	{
		if (strlen(scenario->variables[i].name) == length &&
			memcmp(scenario->variables[i].name, place, length) == 0)
			return i;
	}
	Fail("%s: no variable \"%.*s\"", scenario->name, (int) length, place);
}

/* Appends a text at `used`; what moves is the buffer, so callers keep offsets. */
static size_t
Append(CallValues *call, size_t used, const char *text, size_t length)
{
	while (call->size - used < length + 1)
		call->buffer = GrowArray(call->buffer, &call->size, 1);
	memcpy(call->buffer + used, text, length);
	call->buffer[used + length] = '\0';
	return used + length;
}

static size_t
FillParameter(const Scenario *scenario, CallValues *call, const char *text,
			  char drawn[][DRAWN_SIZE], size_t used)
{
	for (;;)
	{
		const char *open = strstr(text, "${");
		const char *close = open == NULL ? NULL : strchr(open, '}');
		int			variable;

		if (close == NULL)
			return Append(call, used, text, strlen(text)) + 1;
		used = Append(call, used, text, (size_t) (open - text));
		variable = VariableAt(scenario, open + 2, (size_t) (close - open - 2));
		used = Append(call, used, drawn[variable], strlen(drawn[variable]));
		text = close + 1;
	}
}

void
DrawValues(const Scenario *scenario, CallValues *call)
{
	char		drawn[MAX_VARIABLES][DRAWN_SIZE];
	size_t		offsets[MAX_PARAMETERS];
	size_t		used = 0;

	for (int i = 0; i < scenario->variableCount; i++)
		DrawVariable(&scenario->variables[i], drawn[i]);
	for (int i = 0; i < scenario->parameterCount; i++)
	{
		offsets[i] = used;
		used = FillParameter(scenario, call, scenario->parameters[i], drawn, used);
	}
	for (int i = 0; i < scenario->parameterCount; i++)
		call->values[i] = call->buffer + offsets[i];
}
