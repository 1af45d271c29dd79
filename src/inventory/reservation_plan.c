#include "postgres.h"

#include "inventory/reservation.h"

void
ForgetClaims(ReserveLine *line)
{
	line->claimCount = 0;
	line->missing = line->quantity;
}

void
AddClaim(ReserveLine *line, const ReservePosition *position, const ExpectedRow *expected, int128 quantity)
{
	if (line->claimCount == line->claimCapacity)
	{
		line->claimCapacity = Max(4, line->claimCapacity * 2);
		line->claims = line->claims == NULL ? palloc(sizeof(ReserveClaim) * line->claimCapacity) :
			repalloc(line->claims, sizeof(ReserveClaim) * line->claimCapacity);
	}
	line->claims[line->claimCount++] = (ReserveClaim) {
		.quantity = quantity, .position = position, .expected = expected
	};
	line->missing = SubtractExact(line->missing, quantity);
}

static void
PlanStock(ReserveLine *line)
{
	for (int i = 0; i < line->candidateCount && line->missing > 0; i++)
	{
		ReservePosition *position = line->candidates[i];
		int128		part = Min(position->free, line->missing);

		if (part <= 0)
			continue;
		position->free -= part;
		position->planned += part;
		AddClaim(line, position, NULL, part);
	}
}

static bool
Brings(const ReserveLine *line, const ExpectedRow *expected)
{
	bool		warehouse = line->warehouseCount == 0;

	for (int i = 0; i < line->warehouseCount && !warehouse; i++)
		warehouse = line->warehouseIds[i] == expected->warehouseId;
	return warehouse && expected->day <= line->terms.neededBy;
}

/* What is expected has no lot or location yet. */
static void
PlanExpected(ReserveLine *line, ExpectedRow *expected, int count)
{
	if (!line->terms.expected || line->lotId != 0 || line->locationId != 0)
		return;
	for (int i = 0; i < count && line->missing > 0; i++)
	{
		int128		part = Min(expected[i].free, line->missing);

		if (part <= 0 || !Brings(line, &expected[i]))
			continue;
		expected[i].free -= part;
		expected[i].planned += part;
		AddClaim(line, NULL, &expected[i], part);
	}
}

/* A line that is not to be reserved in part gives back what it would have had; what it lacks is kept. */
static void
GiveBack(ReserveLine *line, ReservePosition **positions, ExpectedRow *expected)
{
	for (int i = 0; i < line->claimCount; i++)
	{
		const ReserveClaim *claim = &line->claims[i];

		for (int j = 0; claim->position != NULL && j < line->candidateCount; j++)
		{
			if (positions[j] != claim->position)
				continue;
			positions[j]->free += claim->quantity;
			positions[j]->planned -= claim->quantity;
		}
		if (claim->expected != NULL)
		{
			ExpectedRow *row = &expected[claim->expected - expected];

			row->free += claim->quantity;
			row->planned -= claim->quantity;
		}
	}
	line->claimCount = 0;
}

bool
PlanLines(ReserveRun *run, ReserveLine **lines, int count, ExpectedRow *expected, int expectedCount)
{
	bool		any = false;

	for (int i = 0; i < count; i++)
	{
		ForgetClaims(lines[i]);
		PlanStock(lines[i]);
		PlanExpected(lines[i], expected, expectedCount);
		if (lines[i]->missing > 0 && run->mode != RESERVE_PARTIAL)
			GiveBack(lines[i], lines[i]->candidates, expected);
		any |= lines[i]->claimCount > 0;
	}
	return any;
}
