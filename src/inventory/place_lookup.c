/*
 * What lines say of the place of their goods beside the warehouse: location,
 * lot, state and owner, by codes, which most lines do not name.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "inventory/brought_goods.h"
#include "inventory/line_list.h"
#include "inventory/transfers.h"

/* What a code belongs to: the number of its line, the warehouse or item whose code it is, and the code. */
#define NAMED "ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS n (parent_id, code, number)"
#define NAMED_TYPES {INT4OID, INT4ARRAYOID, TEXTARRAYOID}

static KeptPlan locationPlan = {
	.query = "SELECT n.number::integer - 1, l.location_id::bigint, l.kind IN ('lent', 'consignment', 'shipped') FROM " NAMED
	" CROSS JOIN LATERAL (SELECT f.location_id, f.kind FROM erp.location f WHERE f.company_id = $1 AND f.warehouse_id = n.parent_id"
	"   AND f.code = n.code AND f.active OFFSET 0) l",
	.argumentCount = 3,
	.argumentTypes = NAMED_TYPES
};

static KeptPlan lotPlan = {
	.query = "SELECT n.number::integer - 1, l.lot_id FROM " NAMED
	" CROSS JOIN LATERAL (SELECT f.lot_id FROM erp.lot f WHERE f.company_id = $1 AND f.item_id = n.parent_id"
	"   AND f.code = n.code OFFSET 0) l",
	.argumentCount = 3,
	.argumentTypes = NAMED_TYPES
};

static KeptPlan statePlan = {
	.query = "SELECT n.number::integer - 1, s.stock_state_id::bigint FROM " NAMED
	" CROSS JOIN LATERAL (SELECT f.stock_state_id FROM erp.stock_state f WHERE $1 > 0 AND f.code = n.code OFFSET 0) s",
	.argumentCount = 3,
	.argumentTypes = NAMED_TYPES
};

static KeptPlan ownerPlan = {
	.query = "SELECT n.number::integer - 1, p.party_id::bigint FROM " NAMED
	" CROSS JOIN LATERAL (SELECT f.party_id FROM erp.party f WHERE f.company_id = $1 AND f.code = n.code AND f.active OFFSET 0) p",
	.argumentCount = 3,
	.argumentTypes = NAMED_TYPES
};

/* Which of the lines' roles move stock of the state that the line names. */
static KeptPlan allowedPlan = {
	.query = "SELECT n.number::integer - 1 FROM " NAMED
	" CROSS JOIN LATERAL (SELECT f.line_role FROM erp.line_role_state f WHERE $1 > 0 AND f.line_role = n.code"
	"   AND f.stock_state_id = n.parent_id OFFSET 0) r",
	.argumentCount = 3,
	.argumentTypes = NAMED_TYPES
};

/* One of the fields that make up a place. */
typedef struct PlaceField
{
	LineField	field;
	KeptPlan   *plan;
	const char *unknown;		/* what is wrong with a code that is not found; NULL: nothing yet, it may come with this call */
} PlaceField;

static const PlaceField placeFields[] = {
	{LINE_LOCATION, &locationPlan, "unknown or inactive location of the warehouse"},
	{LINE_LOT, &lotPlan, NULL},
	{LINE_STATE, &statePlan, "unknown state of stock"},
	{LINE_OWNER, &ownerPlan, "unknown or inactive party"}
};

static int32
ParentOf(const DocumentLine *line, LineField field)
{
	return field == LINE_LOT ? line->itemId : line->warehouseId;
}

static void
SetPlaceField(DocumentLine *line, LineField field, int64 id)
{
	switch (field)
	{
		case LINE_LOCATION:
			line->locationId = (int32) id;
			break;
		case LINE_LOT:
			line->lotId = id;
			break;
		case LINE_STATE:
			line->stateId = (int32) id;
			break;
		default:
			line->ownerId = (int32) id;
			break;
	}
}

/* The lines of items that name the field. */
static LineList
LinesThatName(const LineList *all, LineField field)
{
	LineList	naming = {0};

	for (int i = 0; i < all->count; i++)
	{
		if (all->lines[i]->fields[field] != NULL)
			AppendLine(&naming, all->lines[i]);
	}
	return naming;
}

static void
LookUpField(DocumentBatch *batch, const LineList *all, const PlaceField *wanted)
{
	LineList	naming = LinesThatName(all, wanted->field);
	DatumArray	parents = {0};
	DatumArray	codes = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	bool	   *found = palloc0(sizeof(bool) * Max(naming.count, 1));
	uint64		rows;

	for (int i = 0; i < naming.count; i++)
	{
		AppendDatum(&parents, Int32GetDatum(ParentOf(naming.lines[i], wanted->field)));
		AppendDatum(&codes, CStringGetTextDatum(naming.lines[i]->fields[wanted->field]));
	}
	values[1] = DatumArrayValue(&parents, INT4OID);
	values[2] = DatumArrayValue(&codes, TEXTOID);
	rows = naming.count == 0 ? 0 : RunPlan(wanted->plan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		int			number = DatumGetInt32(PlanValue(i, 1));

		found[number] = true;
		SetPlaceField(naming.lines[number], wanted->field, DatumGetInt64(PlanValue(i, 2)));
		if (wanted->field == LINE_LOCATION)
			naming.lines[number]->isWithOthers = DatumGetBool(PlanValue(i, 3));
	}
	for (int i = 0; i < naming.count; i++)
	{
		DocumentLine *line = naming.lines[i];

		if (!found[i] && wanted->unknown != NULL)
			ReportProblem(batch, line->document, line, LineFieldNames[wanted->field], line->fields[wanted->field],
						  ERRCODE_ERP_UNKNOWN_CODE, wanted->unknown);
	}
}

/* What is available any line moves. */
static LineList
LinesOfStates(const LineList *all)
{
	LineList	named = {0};

	for (int i = 0; i < all->count; i++)
	{
		if (all->lines[i]->stateId != 0 && all->lines[i]->role != NULL)
			AppendLine(&named, all->lines[i]);
	}
	return named;
}

static void
CheckStates(DocumentBatch *batch, const LineList *all)
{
	LineList	named = LinesOfStates(all);
	DatumArray	states = {0};
	DatumArray	roles = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	bool	   *allowed = palloc0(sizeof(bool) * Max(named.count, 1));
	uint64		rows;

	for (int i = 0; i < named.count; i++)
	{
		AppendDatum(&states, Int32GetDatum(named.lines[i]->stateId));
		AppendDatum(&roles, CStringGetTextDatum(named.lines[i]->role->name));
	}
	values[1] = DatumArrayValue(&states, INT4OID);
	values[2] = DatumArrayValue(&roles, TEXTOID);
	rows = named.count == 0 ? 0 : RunPlan(&allowedPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
		allowed[DatumGetInt32(PlanValue(i, 1))] = true;
	for (int i = 0; i < named.count; i++)
	{
		DocumentLine *line = named.lines[i];

		if (!allowed[i])
			ReportProblem(batch, line->document, line, "state", line->fields[LINE_STATE], ERRCODE_ERP_STATE_NOT_ALLOWED,
						  psprintf("a line of role %s does not move stock of this state", line->role->name));
	}
}

static bool
NamesPlace(const DocumentLine *line)
{
	return line->fields[LINE_LOCATION] != NULL || line->fields[LINE_LOT] != NULL || line->fields[LINE_STATE] != NULL ||
		line->fields[LINE_OWNER] != NULL;
}

static void
AddPlaced(LineList *placed, DocumentLine *line)
{
	if (line != NULL && line->itemId != 0 && NamesPlace(line))
		AppendLine(placed, line);
}

/* The lines of items, and their paired lines, that name more of their place than the warehouse. */
static LineList
PlacedLines(DocumentBatch *batch)
{
	LineList	placed = {0};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->repeated; j++)
		{
			AddPlaced(&placed, &document->lines[j]);
			AddPlaced(&placed, document->lines[j].pairedLine);
		}
	}
	return placed;
}

static void
SetCostPools(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount && !batch->documents[i].repeated; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];

			line->costPoolId = PoolOfLine(line);
		}
	}
}

/* What lines of some roles move belongs to the party of their document. */
static void
FillOwners(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->repeated && document->kind != NULL; j++)
		{
			DocumentLine *line = &document->lines[j];
			const LineRoleInfo *role = RoleOfKind(document->kind, line->fields[LINE_ROLE]);
			const char *party = document->fields[HEADER_PARTY];

			if (role == NULL || !role->ofParty || party == NULL)
				continue;
			if (line->fields[LINE_OWNER] != NULL && strcmp(line->fields[LINE_OWNER], party) != 0)
				ReportProblem(batch, document, line, "owner", line->fields[LINE_OWNER], ERRCODE_ERP_OTHER_PARTY,
							  "the goods belong to the party of the document");
			line->fields[LINE_OWNER] = party;
		}
	}
}

void
LookUpPlaces(DocumentBatch *batch)
{
	LineList	placed;

	FillOwners(batch);
	MakePairs(batch);
	placed = PlacedLines(batch);
	for (int i = 0; i < (int) lengthof(placeFields) && placed.count > 0; i++)
		LookUpField(batch, &placed, &placeFields[i]);
	SetCostPools(batch);
}

void
CheckPlaces(DocumentBatch *batch)
{
	LineList	placed;

	CompletePairs(batch);
	placed = PlacedLines(batch);
	CheckStates(batch, &placed);
	for (int i = 0; i < placed.count; i++)
	{
		CheckLotDays(batch, placed.lines[i]);
		if (placed.lines[i]->role != NULL)
			CheckWithOthers(batch, placed.lines[i]);
	}
}
