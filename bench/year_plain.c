/*
 * year_plain FILE fifo|average [--lines]: works the documents of the file in
 * order and prints the figures of the trading year, and with --lines the
 * counts of stock lines by what they did.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "year_stock.h"

#define HUNDREDTHS (PRICE_ONE / 100)

typedef struct Figures
{
	int128		receivable;
	int128		goodsRevenue;
	int128		serviceRevenue;
	int128		vat;
	int128		badDebt;
	int128		purchases;
	int128		purchaseQuantity;
	int128		costOfSales;
	int128		costOfFree;
	int128		loss;
	int128		gain;
	int128		returns;
	int128		otherQuantity;	/* gains and returns less issues and losses */
	int64_t		receiptLines;
	int64_t		issueLines;
	int64_t		lossLines;
	int64_t		gainLines;
	int64_t		returnLines;
} Figures;

typedef struct Month
{
	int64_t		number;			/* yyyymm, 0 before the first */
	int128		revenue;
	int128		vat;
	int128		cost;
} Month;

typedef struct Books
{
	const Year *year;
	bool		isAverage;
	Pile	   *piles;			/* by item */
	IssueTable	issues;
	Figures		figures;
	Month	   *months;			/* those that have a document, ascending */
	size_t		monthCount;
	size_t		monthSize;
	Month	   *month;			/* of the document being worked */
} Books;

static int128
LineAmount(const Line *line)
{
	return RoundedQuotient((int128) line->quantity * line->price, HUNDREDTHS);
}

/* round(quantity x period cost, 2); the period cost has four decimals. */
static int64_t
AtPeriodCost(const Books *books, uint32_t item, int32_t period, int64_t quantity)
{
	int128		cost = (int128) books->year->items[item].basePrice * (50 + 2 * period);

	cost = RoundedQuotient(cost, HUNDREDTHS);
	return Narrow(RoundedQuotient(quantity * cost, 100));
}

/* 15% before 2010, 17.5% before 2011-01-04, 20% from then, in thousandths. */
static int
VatRate(const Document *document)
{
	int64_t		day = document->time / 1000000;

	if (!document->isDomestic || document->kind == BAD_DEBT)
		return 0;
	if (day < 20100101)
		return 150;
	return day < 20110104 ? 175 : 200;
}

static void
ReceiveItem(Books *books, uint32_t item, int32_t period, int128 demand)
{
	int64_t		quantity = Narrow((11 * demand + 119) / 120 * 12);
	int64_t		value = AtPeriodCost(books, item, period, quantity);

	PutStock(&books->piles[item], books->isAverage, quantity, value);
	books->figures.purchases += value;
	books->figures.purchaseQuantity += quantity;
	books->figures.receiptLines++;
}

/* Adds what the document will take out of stock. */
static void
AddDemand(const Year *year, const Document *document, int128 *demand)
{
	for (uint32_t i = 0; i < document->lineCount; i++)
	{
		const Line *line = &year->lines[year->byDocument[document->first + i]];

		if (line->quantity < 0)
			demand[line->item] -= line->quantity;
		else if (IsIssue(document, line))
			demand[line->item] += line->quantity;
	}
}

/* Receives what the documents of the period that begins at this place of the working order will need. */
static void
ReceivePeriod(Books *books, size_t place)
{
	const Year *year = books->year;
	int32_t		period = year->documents[year->workOrder[place]].period;
	int128	   *demand = AllocateZeroed(year->itemNames.count, sizeof(int128));

	for (; place < year->invoiceNames.count; place++)
	{
		const Document *document = &year->documents[year->workOrder[place]];

		if (document->period != period)
			break;
		if (document->kind == INVOICE)
			AddDemand(year, document, demand);
	}
	for (size_t i = 0; i < year->itemNames.count; i++)
	{
		if (year->items[i].isStock && demand[i] > 0)
			ReceiveItem(books, (uint32_t) i, period, demand[i]);
	}
	free(demand);
}

static void
IssueLine(Books *books, const Document *document, const Line *line)
{
	int64_t		cost = TakeStock(&books->piles[line->item], line->quantity);

	RecordIssue(&books->issues, line->item, document->customer, line->quantity, cost);
	if (line->price > 0)
		books->figures.costOfSales += cost;
	else
		books->figures.costOfFree += cost;
	books->month->cost += cost;
	books->figures.otherQuantity -= line->quantity;
	books->figures.issueLines++;
}

static void
GainLine(Books *books, const Document *document, const Line *line)
{
	int64_t		value = AtPeriodCost(books, line->item, document->period, line->quantity);

	PutStock(&books->piles[line->item], books->isAverage, line->quantity, value);
	books->figures.gain += value;
	books->figures.otherQuantity += line->quantity;
	books->figures.gainLines++;
}

static void
LoseLine(Books *books, const Line *line)
{
	books->figures.loss += TakeStock(&books->piles[line->item], -line->quantity);
	books->figures.otherQuantity += line->quantity;
	books->figures.lossLines++;
}

static void
ReturnLine(Books *books, const Document *document, const Line *line)
{
	const IssueRecord *issue = FindIssue(&books->issues, line->item, document->customer);
	int64_t		quantity = -line->quantity;
	int64_t		value;

	if (issue == NULL)
		value = AtPeriodCost(books, line->item, document->period, quantity);
	else
		value = Narrow(RoundedQuotient((int128) quantity * issue->value, issue->quantity));
	PutStock(&books->piles[line->item], books->isAverage, quantity, value);
	books->figures.returns += value;
	books->month->cost -= value;
	books->figures.otherQuantity += quantity;
	books->figures.returnLines++;
}

/* Moves the stock that a line of a stock item moves, if any. */
static void
MoveStock(Books *books, const Document *document, const Line *line)
{
	if (document->kind == CREDIT_NOTE)
	{
		if (line->quantity < 0)
			ReturnLine(books, document, line);
	}
	else if (line->quantity < 0)
		LoseLine(books, line);
	else if (line->quantity > 0 && IsIssue(document, line))
		IssueLine(books, document, line);
	else if (line->quantity > 0)
		GainLine(books, document, line);
}

/* Books one line of an invoice or credit note and returns its amount. */
static int128
WorkLine(Books *books, const Document *document, const Line *line)
{
	int128		amount = LineAmount(line);

	if (books->year->items[line->item].isStock)
	{
		books->figures.goodsRevenue += amount;
		MoveStock(books, document, line);
	}
	else
		books->figures.serviceRevenue += amount;
	books->month->revenue += amount;
	return amount;
}

/* Makes the month of the document the current one. */
static void
EnterMonth(Books *books, const Document *document)
{
	int64_t		number = document->time / 100000000;

	if (books->monthCount > 0 && books->month->number == number)
		return;
	if (books->monthCount == books->monthSize)
		books->months = GrowArray(books->months, &books->monthSize, sizeof(Month));
	books->month = &books->months[books->monthCount++];
	memset(books->month, 0, sizeof(Month));
	books->month->number = number;
}

static void
WorkDocument(Books *books, const Document *document)
{
	const Year *year = books->year;
	int128		net = 0;
	int128		vat;

	EnterMonth(books, document);
	for (uint32_t i = 0; i < document->lineCount; i++)
	{
		const Line *line = &year->lines[year->byDocument[document->first + i]];

		net += document->kind == BAD_DEBT ? LineAmount(line) : WorkLine(books, document, line);
	}
	if (document->kind == BAD_DEBT)
		books->figures.badDebt -= net;
	vat = RoundedQuotient(net * VatRate(document), 1000);
	books->figures.vat += vat;
	books->month->vat += vat;
	books->figures.receivable += net + vat;
}

static void
WorkYear(Books *books)
{
	const Year *year = books->year;
	int32_t		period = -1;

	for (size_t place = 0; place < year->invoiceNames.count; place++)
	{
		const Document *document = &year->documents[year->workOrder[place]];

		if (document->period != period)
			ReceivePeriod(books, place);
		period = document->period;
		WorkDocument(books, document);
	}
}

static void
PrintMoney(const char *name, int128 hundredths, char after)
{
	int128		size = hundredths < 0 ? -hundredths : hundredths;

	printf("%s%s%" PRId64 ".%02d%c", name, hundredths < 0 ? "-" : "",
		   Narrow(size / 100), (int) (size % 100), after);
}

static void
PrintCount(const char *name, int128 count)
{
	printf("%s %" PRId64 "\n", name, Narrow(count));
}

/* What is left in stock; as a violation, whether it is not what came in less what went out. */
static void
PrintClosing(const Books *books)
{
	const Figures *figures = &books->figures;
	int128		quantity = 0;
	int128		value = 0;
	int128		valueMoved = figures->purchases + figures->gain + figures->returns -
		figures->costOfSales - figures->costOfFree - figures->loss;

	for (size_t i = 0; i < books->year->itemNames.count; i++)
	{
		for (size_t l = 0; l < books->piles[i].count; l++)
		{
			quantity += books->piles[i].layers[l].quantity;
			value += books->piles[i].layers[l].value;
		}
	}
	PrintCount("closing_qty", quantity);
	PrintMoney("closing_value ", value, '\n');
	PrintCount("integrity_violations", (quantity != figures->purchaseQuantity + figures->otherQuantity) +
			   (value != valueMoved));
}

static void
PrintFigures(const Books *books)
{
	const Figures *figures = &books->figures;

	PrintCount("documents", books->year->invoiceNames.count);
	PrintMoney("ar ", figures->receivable, '\n');
	PrintMoney("goods_revenue ", figures->goodsRevenue, '\n');
	PrintMoney("service_revenue ", figures->serviceRevenue, '\n');
	PrintMoney("vat ", figures->vat, '\n');
	PrintMoney("bad_debt ", figures->badDebt, '\n');
	PrintMoney("purchases ", figures->purchases, '\n');
	PrintCount("purchase_qty", figures->purchaseQuantity);
	PrintMoney("cogs_sales ", figures->costOfSales, '\n');
	PrintMoney("cogs_free ", figures->costOfFree, '\n');
	PrintMoney("stock_loss ", figures->loss, '\n');
	PrintMoney("stock_gain ", figures->gain, '\n');
	PrintMoney("returns_at_cost ", figures->returns, '\n');
	PrintClosing(books);
}

static void
PrintMonths(const Books *books)
{
	for (size_t i = 0; i < books->monthCount; i++)
	{
		const Month *month = &books->months[i];

		printf("month %04d-%02d ", (int) (month->number / 100), (int) (month->number % 100));
		PrintMoney("revenue=", month->revenue, ' ');
		PrintMoney("vat=", month->vat, ' ');
		PrintMoney("cogs=", month->cost, '\n');
	}
}

static void
PrintLineCounts(const Figures *figures)
{
	PrintCount("receipt_lines", figures->receiptLines);
	PrintCount("issue_lines", figures->issueLines);
	PrintCount("loss_lines", figures->lossLines);
	PrintCount("gain_lines", figures->gainLines);
	PrintCount("return_lines", figures->returnLines);
}

int
main(int argc, char **argv)
{
	Books		books = {0};
	bool		withLines = argc == 4 && strcmp(argv[3], "--lines") == 0;
	Year	   *year;

	if ((argc != 3 && !withLines) || (strcmp(argv[2], "fifo") != 0 && strcmp(argv[2], "average") != 0))
	{
		fprintf(stderr, "usage: year_plain FILE fifo|average [--lines]\n");
		return 2;
	}
	year = ReadYear(argv[1]);
	OrderYear(year);
	books.year = year;
	books.isAverage = strcmp(argv[2], "average") == 0;
	books.piles = AllocateZeroed(year->itemNames.count, sizeof(Pile));
	WorkYear(&books);
	PrintFigures(&books);
	PrintMonths(&books);
	if (withLines)
		PrintLineCounts(&books.figures);
	return 0;
}
