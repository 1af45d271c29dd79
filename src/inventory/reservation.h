/*
 * Reserving: what a request of erp.reserve() asks for, the places that may serve it, and what came of it.
 */
#ifndef ERP_RESERVATION_H
#define ERP_RESERVATION_H

#include "postgres.h"

#include "utils/date.h"
#include "utils/timestamp.h"

#include "core/datum_array.h"
#include "core/hash.h"
#include "core/json_in.h"
#include "core/master_cache.h"
#include "core/money.h"

/* What is not reserved wholly: nothing of the line, what there is, or nothing of the whole call. */
typedef enum ReserveMode
{
	RESERVE_ALL,
	RESERVE_PARTIAL,
	RESERVE_ALL_OR_NOTHING
} ReserveMode;

/* Which places come first: by age of the lot, by its expiry, by code of location. */
typedef enum ReserveStrategy
{
	RESERVE_FIFO,
	RESERVE_FEFO,
	RESERVE_NEAREST
} ReserveStrategy;

/* From where and how; a line has those of the request unless it gives its own. */
typedef struct ReserveTerms
{
	const JsonNode *warehouses; /* a code or an array of codes; NULL: all */
	const JsonNode *location;	/* NULL: any */
	const JsonNode *lot;		/* NULL: any */
	TimestampTz expiresAt;
	DateADT		neededBy;
	int32		priority;
	int32		shelfLife;		/* days that are left at least on the day; -1: not asked for */
	ReserveStrategy strategy;
	bool		expected;		/* what is short may be claimed on what is expected */
	bool		allowExpired;	/* lots past their last day serve too */
	bool		required;		/* what is short becomes a requirement */
} ReserveTerms;

/* A place of an item that has been reserved from, or will be. */
typedef struct ReservePosition
{
	int128		free;			/* as read, less what is planned */
	int128		planned;
	int64		positionId;
	int64		lotId;
	int32		warehouseId;
	int32		locationId;
	int32		itemId;
	DateADT		expiresOn;
	DateADT		lastDay;		/* on which it is issued to a customer */
	const char *locationCode;
} ReservePosition;

typedef struct PositionList
{
	ReservePosition *positions;
	int			count;
	int			capacity;
} PositionList;

typedef struct ExpectedRow
{
	int128		free;
	int128		planned;
	int64		expectedReceiptId;
	int32		warehouseId;
	DateADT		day;
} ExpectedRow;

/* Either of a position or of an expected receipt. */
typedef struct ReserveClaim
{
	int128		quantity;
	const ReservePosition *position;
	const ExpectedRow *expected;
} ReserveClaim;

typedef struct ReserveLine
{
	int128		quantity;
	int128		missing;
	const JsonNode *node;
	const char *demand;
	const char *itemCode;
	ReserveTerms terms;
	int32		demandLine;
	int32		itemId;
	bool		allowsExpired;	/* the item, the company or the terms */
	int32	   *warehouseIds;
	int			warehouseCount;
	int			index;			/* in the request */
	int64		lotId;
	int32		locationId;
	int			candidateCount;
	ReservePosition **candidates;	/* in the order of the strategy */
	ReserveClaim *claims;
	int			claimCount;
	int			claimCapacity;
} ReserveLine;

typedef struct ReserveRun
{
	const CompanyInfo *company;
	ReserveMode mode;
	bool		served;			/* nothing is missing */
	bool		again;			/* the items' pools are held: what others did meanwhile is seen */
	ReserveLine *lines;
	ReserveLine **byItem;		/* ascending by item */
	int			lineCount;
} ReserveRun;

/* A call on reservations: its key, and what its request hashes to. */
typedef struct ReservationCall
{
	const CompanyInfo *company;
	const char *name;
	const char *key;
	uint8		hash[HASH_LENGTH];
} ReservationCall;

/*
 * reservation_call.c: takes the key of a request, an object whose member "key" it is, waiting for whoever is using it. True if it was
 * used before, by the same request (else LE020): *result is what came of it.
 */
extern bool FindReservationCall(ReservationCall *call, const JsonNode *request, Datum *result);

/* reservation_call.c: keeps the result (jsonb) of the call. */
extern void StoreReservationCall(const ReservationCall *call, Datum result);

/* reservation_read.c: the lines of a request; LE011 names what is wrong. */
extern void ReadReserve(ReserveRun *run, const JsonNode *request);

/* reservation_places.c: items, warehouses, lots and locations that lines name (LE012), and the places that may serve each line. */
extern void FindPlaces(ReserveRun *run);

/* reservation_places.c: how many of the lines, which are sorted by item, are of the item of the first. */
extern int	LinesOfItem(ReserveLine **lines, int rest);

/* reservation_positions.c: what there is of the items of all lines, in the order of run->byItem, where it can be promised. */
extern PositionList ReadPositions(const ReserveRun *run);

/* reservation_positions.c: the items of all lines, ascending. */
extern DatumArray ItemsOfRun(const ReserveRun *run);

/* reservation_positions.c: holds all pools of the items, ascending, and of an item without any its first: goods of them neither come nor go until the transaction ends. */
extern void LockItemPools(int32 companyId, const DatumArray *items);

/* reservation_positions.c: what is free of positions of these items that were never reserved from begins, with one slot each. */
extern void BeginSlots(const ReserveRun *run);

/* reservation_plan.c: claims for the lines of one item, by what is free as read; true if there are any. */
extern bool PlanLines(ReserveRun *run, ReserveLine **lines, int count, ExpectedRow *expected, int expectedCount);

/* reservation_plan.c: forgets the claims of a line; adds one. */
extern void ForgetClaims(ReserveLine *line);
extern void AddClaim(ReserveLine *line, const ReservePosition *position, const ExpectedRow *expected, int128 quantity);

/* reservation_take.c: takes for every line what it gets; sets claims and what is missing. */
extern void TakeLines(ReserveRun *run);

/* requirement.c: finds places and takes for every line what it gets; where something that is required is short, it is done again with the pools of all items held. */
extern void TakeOrRequire(ReserveRun *run);

/* requirement.c: a requirement, and its event, for each line that is short and says so. */
extern void StoreRequirements(const ReserveRun *run);

/* reservation_store.c: a row for each claim; the jsonb that erp.reserve() returns. */
extern void StoreReservations(const ReserveRun *run);
extern Datum ReserveResult(const ReserveRun *run);

#endif
