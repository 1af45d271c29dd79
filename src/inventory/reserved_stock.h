/*
 * One item of a posting, on its way to what it does to reservations: see
 * reserved_stock.c.
 */
#ifndef ERP_RESERVED_STOCK_H
#define ERP_RESERVED_STOCK_H

#include "inventory/inventory.h"

/* A place that the run changed, and what of the change reservations take or give. */
typedef struct ServedPlace
{
	StockPlace *place;
	int128		consumed;		/* or carried to another place */
	int128		firmed;			/* or carried here */
	int128		freeSeen;		/* of a place whose reservations follow: what was free when it was seen how much of them does */
	bool		followed;
} ServedPlace;

/* The places of one item, and the lines of it that serve demands. */
typedef struct ServedItem
{
	StockRun   *run;
	int32		itemId;
	ServedPlace *places;
	int			placeCount;
	DocumentLine **lines;
	int			lineCount;
	bool		arrives;		/* something that was expected */
	bool		waited;			/* something arrives, and is required */
	bool		frees;			/* not all that is lost is free: what is reserved where goods are lost is locked before anything is taken */
	bool		outrun;			/* others reserved more meanwhile, so that more has to follow or to be freed: it is begun again */
} ServedItem;

/* Only available stock of the company's own is reserved. */
static inline bool
MayBeReserved(const StockPlace *place)
{
	return place->place.ownerId == 0 && place->place.stateId == 0;
}

/* Whether what leaves the place, and was reserved from, may be what others reserved. */
static inline bool
MayFree(const StockPlace *place)
{
	return place->positionId != 0 && place->issue != NULL && !place->refuses;
}

/* What the place gives that is not reserved. */
static inline int128
TakenOfFree(const ServedPlace *served)
{
	return Max(served->place->before, 0) - Max(served->place->onHand, 0) - served->consumed + served->firmed;
}

/* reserved_stock.c: the key of a place as arguments of a plan; returns how many. */
extern int	FillServedPlace(Datum *values, const StockRun *run, const StockPlace *place);

/* reserved_stock.c: the place of the item that the line moves from or to. */
extern ServedPlace *ServedPlaceOf(const ServedItem *item, const DocumentLine *line);

/* carried_reservations.c: whether reservations follow what the line carries, whomever they are for. */
extern bool ReservationsFollow(const DocumentLine *line);

/* carried_reservations.c: the places that lines of the item take goods from with their reservations, or where they are to be freed, as jsonb. */
extern Datum PlacesToLock(const ServedItem *item);

/* carried_reservations.c: whether reservations follow what some line of the item carries. */
extern bool AnyFollows(const ServedItem *item);

/*
 * carried_reservations.c: moves locked reservations along with what the line carries: those of the demand that it names, or what is
 * not free. Sets outrun where it could not have as many as it needed. Raises not_followed.
 */
extern void CarryReservations(ServedItem *item, DocumentLine *line);

#endif
