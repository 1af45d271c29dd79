#include "postgres.h"

#include "access/xact.h"

#include "core/document_field.h"
#include "inventory/reservation.h"
#include "ledger/settlement.h"

#define RESERVE_LINES_MAX 10000
#define WHOLE_DIGITS 9
#define HOLD_MINUTES_MAX 5256000

static int32
ReadWhole(const JsonNode *node, int32 least, int32 most)
{
	int128		value;

	if (node->kind != JSON_NUMBER_TEXT || ParseFixed(node->text, node->length, 0, WHOLE_DIGITS, &value) != FIXED_OK ||
		value < least || value > most)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, psprintf("a whole number from %d to %d is expected", least, most));
	return (int32) value;
}

static const char *
ReadName(const JsonNode *node)
{
	if (node->kind != JSON_STRING || node->length == 0 || node->length > DOCUMENT_KEY_MAX)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "a text of 1 to 200 bytes is expected");
	return node->text;
}

static int
ReadChoice(const JsonNode *node, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (node->kind == JSON_STRING && strcmp(node->text, names[i]) == 0)
			return i;
	}
	RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "is none of the values that are known here");
	pg_unreachable();
}

static DateADT
ReadDay(const JsonNode *node)
{
	DateADT		day;

	if (node->kind != JSON_STRING || !ParseDay(node->text, &day))
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "a day of the calendar written YYYY-MM-DD is expected");
	return day;
}

static const JsonNode *
ReadCodes(const JsonNode *node)
{
	if (node->kind == JSON_STRING)
		return node;
	if (node->kind != JSON_ARRAY || node->count == 0)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "a code, or an array of codes, is expected");
	for (const JsonNode *code = node->first; code != NULL; code = code->next)
		(void) ReadName(code);
	return node;
}

static bool
ReadFlag(const JsonNode *node)
{
	if (node->kind != JSON_BOOLEAN)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "true or false is expected");
	return node->boolean;
}

/* What both the request and a line may say; false: something else. */
static bool
ReadTerm(ReserveTerms *terms, const JsonNode *member)
{
	static const char *const strategies[] = {"fifo", "fefo", "nearest"};

	if (strcmp(member->name, "warehouse") == 0)
		terms->warehouses = ReadCodes(member);
	else if (strcmp(member->name, "location") == 0)
		terms->location = (ReadName(member), member);
	else if (strcmp(member->name, "strategy") == 0)
		terms->strategy = (ReserveStrategy) ReadChoice(member, strategies, lengthof(strategies));
	else if (strcmp(member->name, "minimum_shelf_life") == 0)
		terms->shelfLife = ReadWhole(member, 0, 100000);
	else if (strcmp(member->name, "expected") == 0)
		terms->expected = ReadFlag(member);
	else if (strcmp(member->name, "allow_expired") == 0)
		terms->allowExpired = ReadFlag(member);
	else if (strcmp(member->name, "require") == 0)
		terms->required = ReadFlag(member);
	else if (strcmp(member->name, "priority") == 0)
		terms->priority = ReadWhole(member, -1000000, 1000000);
	else if (strcmp(member->name, "needed_by") == 0)
		terms->neededBy = ReadDay(member);
	else if (strcmp(member->name, "hold_minutes") == 0)
		terms->expiresAt = GetCurrentTransactionStartTimestamp() + ReadWhole(member, 1, HOLD_MINUTES_MAX) * USECS_PER_MINUTE;
	else
		return false;
	return true;
}

static int128
ReadQuantity(const JsonNode *node)
{
	int128		value;

	if ((node->kind != JSON_NUMBER_TEXT && node->kind != JSON_STRING) ||
		ParseFixed(node->text, node->length, QUANTITY_SCALE, QUANTITY_DIGITS, &value) != FIXED_OK || value <= 0)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "a quantity above zero, of at most 12 digits and 6 decimals, is expected");
	return value;
}

static void
ReadLineMember(ReserveLine *line, const JsonNode *member)
{
	if (member->kind == JSON_NULL_VALUE)
		return;
	if (strcmp(member->name, "item") == 0)
		line->itemCode = ReadName(member);
	else if (strcmp(member->name, "demand") == 0)
		line->demand = ReadName(member);
	else if (strcmp(member->name, "line") == 0)
		line->demandLine = ReadWhole(member, 0, 999999999);
	else if (strcmp(member->name, "quantity") == 0)
		line->quantity = ReadQuantity(member);
	else if (strcmp(member->name, "lot") == 0)
		line->terms.lot = (ReadName(member), member);
	else if (!ReadTerm(&line->terms, member))
		RefuseMember(member->parent, member->name, "is not known here");
}

static void
ReadLine(ReserveLine *line, const JsonNode *node)
{
	if (node->kind != JSON_OBJECT)
		RefuseNode(node, ERRCODE_ERP_INVALID_FIELD, "an object is expected");
	line->node = node;
	for (const JsonNode *member = node->first; member != NULL; member = member->next)
		ReadLineMember(line, member);
	if (line->itemCode == NULL)
		RefuseMember(node, "item", "is missing");
	if (line->demand == NULL)
		RefuseMember(node, "demand", "is missing");
	if (line->quantity == 0)
		RefuseMember(node, "quantity", "is missing");
	if (line->terms.required && (line->terms.lot != NULL || line->terms.location != NULL))
		RefuseMember(node, "require", "goes without a lot or location: what arrives is of another lot, and may lie elsewhere");
	if (line->terms.required && line->terms.warehouses != NULL && line->terms.warehouses->count > 1)
		RefuseMember(node, "require", "goes with one warehouse, or with any");
}

static void
ReadLines(ReserveRun *run, const JsonNode *lines, const ReserveTerms *terms, const char *demand)
{
	if (lines->kind != JSON_ARRAY || lines->count == 0 || lines->count > RESERVE_LINES_MAX)
		RefuseNode(lines, ERRCODE_ERP_INVALID_FIELD, psprintf("an array of 1 to %d lines is expected", RESERVE_LINES_MAX));
	run->lines = palloc0(sizeof(ReserveLine) * lines->count);
	for (const JsonNode *node = lines->first; node != NULL; node = node->next)
	{
		ReserveLine *line = &run->lines[run->lineCount];

		line->index = run->lineCount++;
		line->terms = *terms;
		line->demand = demand;
		line->demandLine = run->lineCount;
		ReadLine(line, node);
	}
}

void
ReadReserve(ReserveRun *run, const JsonNode *request)
{
	static const char *const modes[] = {"all", "partial", "all_or_nothing"};
	ReserveTerms terms = {.shelfLife = -1, .neededBy = DATEVAL_NOEND, .expiresAt = DT_NOEND};
	const JsonNode *lines = JsonMember(request, "lines");
	const char *demand = NULL;

	for (const JsonNode *member = request->first; member != NULL; member = member->next)
	{
		if (member->kind == JSON_NULL_VALUE || strcmp(member->name, "key") == 0 || strcmp(member->name, "lines") == 0)
			continue;
		if (strcmp(member->name, "mode") == 0)
			run->mode = (ReserveMode) ReadChoice(member, modes, lengthof(modes));
		else if (strcmp(member->name, "demand") == 0)
			demand = ReadName(member);
		else if (!ReadTerm(&terms, member))
			RefuseMember(request, member->name, "is not known here");
	}
	if (lines == NULL)
		RefuseMember(request, "lines", "is missing");
	ReadLines(run, lines, &terms, demand);
}
