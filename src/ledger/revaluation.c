/*
 * What the close makes of open items and money in a foreign currency at its
 * closing rate: one document for a currency, whose lines have no amount in that
 * and the difference in the company's. A line on an account of open items is
 * one itself, so open items add up to their account in both (law 4).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/company_call.h"
#include "core/hash.h"
#include "core/numeric_io.h"
#include "ledger/ledger.h"
#include "ledger/period_gate.h"

PG_FUNCTION_INFO_V1(erp_post_revaluation);

#define KIND "exchange_revaluation"
#define ROLE "exchange_difference"

/* The lines of a request, by columns; lines of one set and sign of difference follow each other. */
typedef struct RevaluedLines
{
	Datum	   *accountIds;
	Datum	   *partyIds;
	Datum	   *setIds;
	Datum	   *dueDays;
	Datum	   *differences;	/* in the company's currency, debit positive, not zero */
	Datum	   *summaries;
	int			count;
} RevaluedLines;

typedef struct Revaluation
{
	DocumentBatch batch;
	Document	document;
	const CurrencyInfo *currency;
	bool		mirrors;		/* the lines take back a whole voucher: its counter is among them */
	RevaluedLines lines;
} Revaluation;

static Datum *
ReadColumn(FunctionCallInfo fcinfo, int argument, Oid type, int16 length, int *count)
{
	Datum	   *values;
	bool	   *nulls;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), type, length, length > 0, TYPALIGN_INT, &values, &nulls, count);
	/* Lines that are no open items do not fall due. */
	for (int i = 0; i < *count; i++)
	{
		if (nulls[i])
			values[i] = (Datum) 0;
	}
	return values;
}

static RevaluedLines
ReadLines(FunctionCallInfo fcinfo)
{
	RevaluedLines lines;
	int			counts[5];

	lines.accountIds = ReadColumn(fcinfo, 4, INT4OID, sizeof(int32), &lines.count);
	lines.partyIds = ReadColumn(fcinfo, 5, INT4OID, sizeof(int32), &counts[0]);
	lines.setIds = ReadColumn(fcinfo, 6, INT4OID, sizeof(int32), &counts[1]);
	lines.dueDays = ReadColumn(fcinfo, 7, DATEOID, sizeof(DateADT), &counts[2]);
	lines.differences = ReadColumn(fcinfo, 8, NUMERICOID, -1, &counts[3]);
	lines.summaries = ReadColumn(fcinfo, 9, TEXTOID, -1, &counts[4]);
	for (int i = 0; i < (int) lengthof(counts); i++)
	{
		if (counts[i] != lines.count)
			elog(ERROR, "the columns of a revaluation differ in length");
	}
	return lines;
}

static void
FillDocument(Revaluation *revaluation, FunctionCallInfo fcinfo)
{
	Document   *document = &revaluation->document;
	const CurrencyInfo *currency = revaluation->batch.company->currency;
	char	   *content;

	document->key = text_to_cstring(PG_GETARG_TEXT_PP(1));
	document->fields[HEADER_KEY] = document->key;
	document->kind = FindKind(KIND);
	document->day = PG_GETARG_DATEADT(2);
	document->postingDay = document->day;
	document->rateDay = document->day;
	document->timeOfDay = USECS_PER_DAY - USECS_PER_SEC;
	document->currency = currency;
	document->rate = PowerOfTen(RATE_SCALE);
	document->reference = text_to_cstring(PG_GETARG_TEXT_PP(10));
	document->description = "";
	content = psprintf(KIND "\n%s\n%s", document->key, document->reference);
	HashText(content, (int) strlen(content), document->hash);
}

/* The line of the item, or of the money; it falls due when the item does. */
static void
AddRevaluedLine(Revaluation *revaluation, Voucher *voucher, int number)
{
	const RevaluedLines *lines = &revaluation->lines;
	VoucherLine line = {0};

	line.account = MirroredAccount(revaluation->batch.company->companyId, DatumGetInt32(lines->accountIds[number]));
	line.currency = revaluation->currency;
	line.party.partyId = DatumGetInt32(lines->partyIds[number]);
	line.party.paymentDays = DatumGetDateADT(lines->dueDays[number]) - revaluation->document.day;
	line.dimensionSetId = DatumGetInt32(lines->setIds[number]);
	line.companyAmount = NumericToFixed(lines->differences[number], AMOUNT_SCALE);
	/* In red on the side of what it takes back, unless the company takes back on the opposite side. */
	line.isCredit = (line.companyAmount < 0) != (revaluation->mirrors && !revaluation->batch.company->oppositeSide);
	line.summary = TextDatumGetCString(lines->summaries[number]);
	(void) AddVoucherLine(voucher, &line);
}

static bool
SameGroup(const RevaluedLines *lines, int a, int b)
{
	return DatumGetInt32(lines->setIds[a]) == DatumGetInt32(lines->setIds[b]) &&
		(NumericToFixed(lines->differences[a], AMOUNT_SCALE) < 0) == (NumericToFixed(lines->differences[b], AMOUNT_SCALE) < 0);
}

/* The first line of a group of one set and sign begins a line of the document, whose amount is a loss where it is positive. */
static void
CountLoss(Revaluation *revaluation, int number)
{
	Document   *document = &revaluation->document;
	const RevaluedLines *lines = &revaluation->lines;
	DocumentLine *line;

	if (number == 0 || !SameGroup(lines, number - 1, number))
	{
		line = &document->lines[document->lineCount++];
		memset(line, 0, sizeof(DocumentLine));
		line->document = document;
		line->lineNo = document->lineCount;
		line->role = FindRole(ROLE);
		line->dimensionSetId = DatumGetInt32(lines->setIds[number]);
	}
	line = &document->lines[document->lineCount - 1];
	line->amount = SubtractExact(line->amount, NumericToFixed(lines->differences[number], AMOUNT_SCALE));
	line->companyAmount = line->amount;
}

/* What the lines differ by, against gains and losses. */
static void
AddCounter(Revaluation *revaluation, VoucherSet *set, Voucher *voucher)
{
	VoucherBuilder *builder = BeginVouchers(&revaluation->batch, set);
	Document   *document = &revaluation->document;
	int			groups = 1;

	for (int i = 1; i < revaluation->lines.count; i++)
		groups += !SameGroup(&revaluation->lines, i - 1, i);
	document->lines = palloc(sizeof(DocumentLine) * groups);
	for (int i = 0; i < revaluation->lines.count; i++)
		CountLoss(revaluation, i);
	for (int i = 0; i < document->lineCount; i++)
		AddByRule(builder, voucher, &document->lines[i], revaluation->currency, 0, document->lines[i].amount);
}

static VoucherSet *
BuildRevaluation(Revaluation *revaluation)
{
	VoucherSet *set = palloc0(sizeof(VoucherSet));
	Voucher    *voucher = AddVoucher(set, &revaluation->document);

	for (int i = 0; i < revaluation->lines.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AddRevaluedLine(revaluation, voucher, i);
	}
	if (!revaluation->mirrors)
		AddCounter(revaluation, set, voucher);
	TakeVoucherId(&revaluation->document);
	return set;
}

/* The same order of steps as that of documents of a request (inventory/post_documents.c). */
static void
PostRevaluation(Revaluation *revaluation)
{
	DocumentBatch *batch = &revaluation->batch;
	VoucherSet *set;

	PassPeriodGate(batch);
	ClaimKeys(batch);
	if (revaluation->document.repeated)
		return;
	set = BuildRevaluation(revaluation);
	StoreLines(batch);
	StoreWarnings(batch);
	StoreVouchers(batch, set);
	TakeNumbers(batch);
}

/*
 * erp_private.post_revaluation(company_id, key, day, currency_id, account_ids,
 * party_ids, dimension_set_ids, due_days, differences, summaries, reference,
 * mirrors): posts a document of one line or more.
 */
Datum
erp_post_revaluation(PG_FUNCTION_ARGS)
{
	EngineScope scope;
	Revaluation revaluation = {0};

	BeginEngine(&scope);
	PlanByIndexes();
	revaluation.batch.company = OpenCompanyById(PG_GETARG_INT32(0));
	revaluation.batch.documents = &revaluation.document;
	revaluation.batch.count = 1;
	revaluation.currency = FindCurrencyById(PG_GETARG_INT32(3));
	revaluation.mirrors = PG_GETARG_BOOL(11);
	revaluation.lines = ReadLines(fcinfo);
	if (revaluation.lines.count == 0)
		elog(ERROR, "a revaluation has lines");
	FillDocument(&revaluation, fcinfo);
	PostRevaluation(&revaluation);
	EndEngine(&scope);
	PG_RETURN_VOID();
}
