/*
 * Orders follow what is posted for them, by whatever call: their lines and state
 * are brought to what the links of new documents say.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/datum_array.h"
#include "core/errors.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "sales/order.h"

PG_FUNCTION_INFO_V1(erp_follow_orders);
PG_FUNCTION_INFO_V1(erp_settle_order_state);

static KeptPlan linesPlan = {
	.query = "UPDATE erp.sales_order_line l"
	" SET shipped = l.shipped + c.shipped, billed = l.billed + c.billed, returned = l.returned + c.returned, billed_amount = l.billed_amount + c.amount,"
	" needed_by = CASE WHEN l.is_scheduled THEN erp_private.next_part_day($1, l.sales_order_id, l.line_no, l.shipped + c.shipped) ELSE l.needed_by END"
	" FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7))"
	" AS c (sales_order_id, line_no, shipped, billed, returned, amount)"
	" WHERE l.company_id = $1 AND l.sales_order_id = c.sales_order_id AND l.line_no = c.line_no",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT8ARRAYOID, INT4ARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID}
};

static KeptPlan statePlan = {
	.query = "UPDATE erp.sales_order o SET state = $3, reason = ''"
	" WHERE o.company_id = $1 AND o.sales_order_id = $2 AND o.state IN ('confirmed', 'closed') AND o.state <> $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8OID, TEXTOID}
};

static KeptPlan servedPlan = {
	.query = "SELECT erp_private.drop_served($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static KeptPlan takenBackPlan = {
	.query = "SELECT erp_private.require_taken_back($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

/* The order that its sale has written as it will be; 0: none. */
static int64 soldOrderId = 0;

/* Where the state of an order comes from, and what its lines are. */
typedef struct FollowRun
{
	int32		companyId;
	IndexProbe *orders;			/* sales_order_key */
	IndexProbe *lines;			/* sales_order_line_key, of one line */
	IndexProbe *required;		/* requirement_demand, of a demand */
	IndexProbe *reserved;		/* reservation_demand, of a line */
	int64		orderId;		/* that was read last */
	char	   *code;
	char	   *state;
	bool		anyRequired;	/* something is required for an order of these */
	bool		anyTakenBack;	/* something that was shipped is not any more */
	bool		anyLeft;		/* something is reserved for a line that is shipped whole */
	DatumArray	orderIds;		/* of the lines that change */
	DatumArray	lineNos;
	DatumArray	sums[4];		/* shipped, billed, returned, amount billed */
} FollowRun;

/* What all links of one line of an order come to. */
typedef struct LineChange
{
	int64		orderId;
	int32		lineNo;
	int128		of[LINK_KIND_COUNT];
	int128		billedAmount;
	bool		serves;			/* some of them ship or bill */
	bool		isStored;		/* the line was written with them */
	bool		ships;
	bool		takesBack;		/* some of them take back what was shipped */
} LineChange;

void
FollowSale(int64 orderId)
{
	soldOrderId = orderId;
}

static int
CompareLines(const void *left, const void *right)
{
	const OrderLink *a = left;
	const OrderLink *b = right;

	if (a->orderId != b->orderId)
		return a->orderId < b->orderId ? -1 : 1;
	return a->orderLineNo < b->orderLineNo ? -1 : a->orderLineNo > b->orderLineNo;
}

/* The order, and whether something is required for it. */
static void
ReadOrder(FollowRun *run, int64 orderId)
{
	Datum		values[2] = {Int32GetDatum(run->companyId), Int64GetDatum(orderId)};
	TupleTableSlot *row;

	if (run->orderId == orderId)
		return;
	ProbeIndex(run->orders, values, 2);
	row = NextProbedRow(run->orders);
	if (row == NULL)
		elog(ERROR, "order " INT64_FORMAT " is gone", orderId);
	run->orderId = orderId;
	run->code = TextDatumGetCString(ProbedColumn(run->orders, row, "code"));
	run->state = TextDatumGetCString(ProbedColumn(run->orders, row, "state"));
	values[1] = CStringGetTextDatum(run->code);
	ProbeIndex(run->required, values, 2);
	run->anyRequired = run->anyRequired || NextProbedRow(run->required) != NULL;
}

static void
RefuseState(const FollowRun *run)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_ORDER_STATE),
			 errmsg("order \"%s\" is %s", run->code, run->state),
			 errdetail("At lines, value \"%s\".", run->code),
			 errhint("Release it first, or name another order.")));
}

static const char *
QuantityText(int128 quantity)
{
	char	   *text = palloc(FIXED_TEXT_MAX);

	FormatFixed(quantity, QUANTITY_SCALE, text);
	return text;
}

static void
RefuseMore(const FollowRun *run, const LineChange *change, int128 ordered, int128 shipped, int128 billed)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_OVER_ORDERED),
			 errmsg("line %d of order \"%s\" is of %s, of which %s would be shipped and %s billed", change->lineNo, run->code,
					QuantityText(ordered), QuantityText(shipped), QuantityText(billed)),
			 errdetail("At lines, value \"%s\".", run->code),
			 errhint("Ship and bill no more than is ordered, or change the order first.")));
}

/* Whether something is reserved for the line. */
static bool
IsReserved(FollowRun *run, int32 lineNo)
{
	Datum		values[3] = {Int32GetDatum(run->companyId), CStringGetTextDatum(run->code), Int32GetDatum(lineNo)};

	ProbeIndex(run->reserved, values, 3);
	return NextProbedRow(run->reserved) != NULL;
}

static int128
LineQuantity(const FollowRun *run, TupleTableSlot *row, const char *column)
{
	return QuantityFromDatum(ProbedColumn(run->lines, row, column));
}

/* Checks the line against what it will be, and what must be seen to beside it. */
static void
CheckOrderLine(FollowRun *run, const LineChange *change)
{
	Datum		values[3] = {Int32GetDatum(run->companyId), Int64GetDatum(change->orderId), Int32GetDatum(change->lineNo)};
	TupleTableSlot *row;
	int128		open;
	int128		shipped;
	int128		billed;

	ReadOrder(run, change->orderId);
	ProbeIndex(run->lines, values, 3);
	row = NextProbedRow(run->lines);
	if (row == NULL)
		elog(ERROR, "line %d of order \"%s\" is gone", change->lineNo, run->code);
	open = LineQuantity(run, row, "quantity") - LineQuantity(run, row, "cancelled");
	shipped = (change->isStored ? 0 : LineQuantity(run, row, "shipped")) + change->of[LINK_SHIPS];
	billed = (change->isStored ? 0 : LineQuantity(run, row, "billed")) + change->of[LINK_BILLS];
	if (change->isStored && (shipped != open || billed != open || change->billedAmount != AmountFromDatum(ProbedColumn(run->lines, row, "billed_amount"))))
		elog(ERROR, "line %d of order \"%s\" was not sold whole", change->lineNo, run->code);
	if (change->serves && strcmp(run->state, "confirmed") != 0 && strcmp(run->state, "closed") != 0)
		RefuseState(run);
	if (change->serves && Max(shipped, billed) > open)
		RefuseMore(run, change, open, shipped, billed);
	run->anyTakenBack = run->anyTakenBack || change->takesBack;
	if (change->ships && shipped == open)
		run->anyLeft = run->anyLeft || IsReserved(run, change->lineNo);
}

static void
AddChange(FollowRun *run, const LineChange *change)
{
	AppendDatum(&run->orderIds, Int64GetDatum(change->orderId));
	AppendDatum(&run->lineNos, Int32GetDatum(change->lineNo));
	AppendDatum(&run->sums[0], QuantityGetDatum(change->of[LINK_SHIPS]));
	AppendDatum(&run->sums[1], QuantityGetDatum(change->of[LINK_BILLS]));
	AppendDatum(&run->sums[2], QuantityGetDatum(change->of[LINK_RETURNS]));
	AppendDatum(&run->sums[3], AmountGetDatum(change->billedAmount));
}

/* The links of one line from one on; returns how many there are. */
static int
SumLine(const OrderLinks *links, int from, LineChange *change)
{
	int			i = from;

	memset(change, 0, sizeof(LineChange));
	change->orderId = links->rows[from].orderId;
	change->lineNo = links->rows[from].orderLineNo;
	change->isStored = change->orderId == soldOrderId;
	for (; i < links->count && CompareLines(&links->rows[from], &links->rows[i]) == 0; i++)
	{
		const OrderLink *link = &links->rows[i];

		change->of[link->kind] = AddExact(change->of[link->kind], link->quantity);
		if (link->kind == LINK_BILLS)
			change->billedAmount = AddExact(change->billedAmount, link->amount);
		change->takesBack = change->takesBack || (link->kind == LINK_SHIPS && link->quantity < 0);
		change->ships = change->ships || (link->kind == LINK_SHIPS && link->quantity > 0);
		change->serves = change->serves || (link->quantity > 0 && (link->kind == LINK_SHIPS || link->kind == LINK_BILLS));
	}
	return i - from;
}

/* Checks all lines, by the order of orders, and collects what they change by. The orders are locked. */
static void
CheckOrderLines(FollowRun *run, OrderLinks *links)
{
	LineChange	change;

	run->orders = OpenIndexProbe("erp", "sales_order", "sales_order_key", PROBE_TRANSACTION);
	run->lines = OpenIndexProbe("erp", "sales_order_line", "sales_order_line_key", PROBE_TRANSACTION);
	run->required = OpenIndexProbe("erp", "requirement", "requirement_demand", PROBE_TRANSACTION);
	run->reserved = OpenIndexProbe("erp", "reservation", "reservation_demand", PROBE_TRANSACTION);
	qsort(links->rows, links->count, sizeof(OrderLink), CompareLines);
	for (int i = 0; i < links->count;)
	{
		CHECK_FOR_INTERRUPTS();
		i += SumLine(links, i, &change);
		CheckOrderLine(run, &change);
		if (!change.isStored)
			AddChange(run, &change);
	}
	CloseIndexProbe(run->orders);
	CloseIndexProbe(run->lines);
	CloseIndexProbe(run->required);
	CloseIndexProbe(run->reserved);
}

static void
ChangeLines(FollowRun *run)
{
	Datum		values[7] = {Int32GetDatum(run->companyId)};

	values[1] = DatumArrayValue(&run->orderIds, INT8OID);
	values[2] = DatumArrayValue(&run->lineNos, INT4OID);
	for (int i = 0; i < (int) lengthof(run->sums); i++)
		values[3 + i] = DatumArrayValue(&run->sums[i], NUMERICOID);
	(void) RunPlan(&linesPlan, values, NULL);
}

/* The state that the lines of a confirmed order give it: an order is closed while all that is left of it is delivered and billed. */
static const char *
StateOfLines(int32 companyId, int64 orderId)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(orderId)};
	FollowRun	run = {.lines = OpenIndexProbe("erp", "sales_order_line", "sales_order_line_key", PROBE_TRANSACTION)};
	TupleTableSlot *row;
	bool		allCancelled = true;
	bool		allDone = true;
	bool		any = false;

	ProbeIndex(run.lines, values, 2);
	while (allDone && (row = NextProbedRow(run.lines)) != NULL)
	{
		int128		open = LineQuantity(&run, row, "quantity") - LineQuantity(&run, row, "cancelled");
		int128		shipped = LineQuantity(&run, row, "shipped");

		any = true;
		allDone = shipped == open && LineQuantity(&run, row, "billed") >= shipped;
		allCancelled = allCancelled && open == 0;
	}
	CloseIndexProbe(run.lines);
	return !any || !allDone ? "confirmed" : allCancelled ? "cancelled" : "closed";
}

static void
SettleState(int32 companyId, int64 orderId)
{
	const char *state = StateOfLines(companyId, orderId);
	const char *before = ProbeText("sales_order", "sales_order_key", companyId, Int64GetDatum(orderId), "state");
	Datum		values[3] = {Int32GetDatum(companyId), Int64GetDatum(orderId), CStringGetTextDatum(state)};

	if (before != NULL && strcmp(before, state) != 0)
		(void) RunPlan(&statePlan, values, NULL);
}

/* erp_private.settle_order_state(company_id, sales_order_id). */
Datum
erp_settle_order_state(PG_FUNCTION_ARGS)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	SettleState(PG_GETARG_INT32(0), PG_GETARG_INT64(1));
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}

/* What follows for requirements and reservations is rare: only where there are such. */
static void
FollowDemands(const FollowRun *run, Datum documents)
{
	Datum		values[2] = {Int32GetDatum(run->companyId), documents};

	if (run->anyRequired)
		(void) RunPlan(&servedPlan, values, NULL);
	if (run->anyTakenBack || run->anyLeft)
		(void) RunPlan(&takenBackPlan, values, NULL);
}

static void
UpdateOrders(int32 companyId, Datum documents, OrderLinks *links)
{
	FollowRun	run = {.companyId = companyId};

	CheckOrderLines(&run, links);
	if (run.orderIds.count > 0)
		ChangeLines(&run);
	FollowDemands(&run, documents);
	for (int i = 0; i < links->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if ((i == 0 || links->rows[i].orderId != links->rows[i - 1].orderId) && links->rows[i].orderId != soldOrderId)
			SettleState(companyId, links->rows[i].orderId);
	}
	TellOrders(companyId, links);
}

static int
ReadArray(Datum array, Oid type, const Datum **values)
{
	Datum	   *elements;
	int16		length;
	bool		byValue;
	char		alignment;
	int			count;

	get_typlenbyvalalign(type, &length, &byValue, &alignment);
	deconstruct_array(DatumGetArrayTypeP(array), type, length, byValue, alignment, &elements, NULL, &count);
	*values = elements;
	return count;
}

/* erp_private.follow_orders(company_id, documents, line_documents, line_nos, demands, demand_lines). See erp_private.demand_follower. */
Datum
erp_follow_orders(PG_FUNCTION_ARGS)
{
	PostedDemands posted = {.companyId = PG_GETARG_INT32(0)};
	OrderLinks	links;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	posted.documentCount = ReadArray(PG_GETARG_DATUM(1), INT8OID, &posted.documents);
	posted.lineCount = ReadArray(PG_GETARG_DATUM(2), INT8OID, &posted.lineDocuments);
	(void) ReadArray(PG_GETARG_DATUM(3), INT4OID, &posted.lineNos);
	(void) ReadArray(PG_GETARG_DATUM(4), TEXTOID, &posted.demands);
	(void) ReadArray(PG_GETARG_DATUM(5), INT4OID, &posted.demandLines);
	links = LinkOrders(&posted);
	if (links.count > 0)
		UpdateOrders(posted.companyId, PG_GETARG_DATUM(1), &links);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}
