#include "postgres.h"

#include "inventory/check_costs.h"
#include "inventory/check_moves.h"

/* What moves add up to, for the lines that they are of and for what is kept on hand: laws 3 and 10. */

static void
CheckOrigins(const MoveCheck *stock)
{
	for (int64 i = 0; i < FactCount(stock->origins); i++)
	{
		const CheckedOrigin *origin = FactAt(stock->origins, i);

		ErpCheckInterrupts();
		if (!IsKeptMove(stock->costs, origin->key.companyId, origin->originMoveId))
			ReportViolation(stock->check, "stock_references", origin->key.companyId, psprintf("move " INT64_FORMAT, origin->key.id),
							psprintf("has the unknown origin " INT64_FORMAT, origin->originMoveId));
	}
}

static void
CheckNeutral(const MoveCheck *stock)
{
	for (int64 i = 0; i < FactCount(stock->neutral); i++)
	{
		const NeutralLine *line = FactAt(stock->neutral, i);

		ErpCheckInterrupts();
		if (line->quantity != 0)
			ReportViolation(stock->check, "stock_moves", line->key.companyId,
							psprintf("document " INT64_FORMAT ", line %d", line->key.id, line->key.lineNo),
							psprintf("moves own goods of %s in no cost pool", QuantityString(line->quantity)));
	}
}

/* What is kept on hand is taken from what the moves say: nothing must be left. */
static void
ReadPosition(void *state, const FactRow *row)
{
	MoveCheck *stock = state;
	int32		companyId = RowInt32(row, 0);
	int32		itemId = RowInt32(row, 1);
	CheckedItem *item;
	CheckedPosition *position;
	Place		place;
	int128		onHand;
	bool		bad = false;

	if (!InSlice(stock->check, itemId))
		return;
	item = ItemOf(stock->items, companyId, itemId);
	ReadPlace(row, 2, &place);
	position = PositionAt(stock, item, &place);
	onHand = RowQuantity(row, 7, &bad);
	if (bad || onHand != position->quantity || (onHand < 0 && !AllowsNegative(stock->companies, companyId)))
		ReportViolation(stock->check, "stock_positions", companyId,
						psprintf("item %s, warehouse %d, location %d, lot " INT64_FORMAT ", owner %d, state %d", ItemCode(item),
								 place.warehouseId, place.locationId, place.lotId, place.ownerId, place.stateId),
						psprintf("on hand %s, moves %s", QuantityString(onHand), QuantityString(position->quantity)));
	position->quantity = 0;
}

/* Positions that nobody keeps. */
static void
CheckPositions(const MoveCheck *stock)
{
	for (int64 i = 0; i < FactCount(stock->positions); i++)
	{
		const CheckedPosition *position = FactAt(stock->positions, i);

		ErpCheckInterrupts();
		if (position->quantity != 0)
			ReportViolation(stock->check, "stock_positions", position->key.companyId,
							psprintf("item " INT64_FORMAT, position->key.id),
							psprintf("moves leave %s at a place of which no position is kept", QuantityString(position->quantity)));
	}
}

/* The second move of a line that disagrees with the first. */
static void
ReadSecondMove(void *state, const FactRow *row)
{
	const MoveCheck *stock = state;
	MoveRow		move = {.key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1)}};
	const char *detail = "is the second of a line that has no first";

	if (!row->nulls[4])
		detail = psprintf("brings %s of item %d, the first move of its line takes %s of item %d",
						  RowText(row, 2), RowInt32(row, 3), RowText(row, 4), RowInt32(row, 5));
	ReportMove(stock, &move, "transfers", detail);
}

/* What is carried comes to its place in the quantity in which it left the other. */
static void
CheckCarried(MoveCheck *stock)
{
	if (stock->carries && stock->check->slice == stock->check->slices - 1)
		ReadFacts(stock->check, "SELECT m.company_id, m.move_id, m.quantity::text, m.item_id, (-f.quantity)::text, f.item_id FROM erp.stock_move m"
				  " LEFT JOIN erp.stock_move f ON f.company_id = m.company_id AND f.document_id = m.document_id AND f.line_no = m.line_no AND f.leg = 1"
				  " WHERE m.leg NOT IN (0, 1) AND (m.leg, f.quantity, f.item_id) IS DISTINCT FROM (2::smallint, -m.quantity, m.item_id)",
				  ReadSecondMove, stock);
}

void
CheckMoveSums(MoveCheck *stock)
{
	CheckNeutral(stock);
	CheckCarried(stock);
	CheckOrigins(stock);
	ReadFacts(stock->check, "SELECT p.company_id, p.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id, p.on_hand"
			  " FROM erp_private.stock_position p", ReadPosition, stock);
	CheckPositions(stock);
}
