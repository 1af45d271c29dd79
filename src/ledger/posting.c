/*
 * From a document to its voucher: every amount of the document is emitted under
 * a role, signed debit positive; the posting rules say which account takes it
 * and on which side it shows. Amounts of one rule, party and dimension set come
 * together in one line unless the rule keeps lines apart, and with those of other
 * rules where both say so.
 */
#include "postgres.h"

#include "utils/date.h"
#include "utils/builtins.h"

#include "ledger/ledger.h"
#include "ledger/posting.h"
#include "ledger/voucher_balance.h"

/* Each line must lead back to the subledgers that prove it, so only what is one kind of amount comes together. */
static bool
RulesMerge(const VoucherLine *a, const VoucherLine *b)
{
	if (a->rule == b->rule)
		return true;
	return a->rule != NULL && a->rule->mergeRules && b->rule->mergeRules && a->rule->amountRole == b->rule->amountRole &&
		a->isCredit == b->isCredit && strcmp(a->summary, b->summary) == 0;
}

static bool
SameLine(const VoucherLine *a, const VoucherLine *b)
{
	return RulesMerge(a, b) && a->account == b->account && a->party.partyId == b->party.partyId && a->taxCodeId == b->taxCodeId &&
		a->dimensionSetId == b->dimensionSetId && a->currency == b->currency;
}

/* The line that takes the emission; made if there is none yet or the rule keeps lines apart. */
static int
LineFor(Voucher *voucher, const VoucherLine *wanted)
{
	if (wanted->rule->merge)
	{
		for (int i = 0; i < voucher->count; i++)
		{
			if (SameLine(&voucher->lines[i], wanted))
				return i + 1;
		}
	}
	return AddVoucherLine(voucher, wanted);
}

static void
AddToLine(VoucherLine *line, const Emission *emission)
{
	line->amount = AddExact(line->amount, emission->amount);
	line->companyAmount = AddExact(line->companyAmount, emission->companyAmount);
	AddLineQuantity(line, emission->unitId, emission->quantity);
	if (emission->amount != 0 || emission->companyAmount != 0)
		line->isEmpty = false;
}

int
EmitByRule(VoucherBuilder *builder, Voucher *voucher, const Emission *emission, const PostingRule *rule)
{
	Document   *document = emission->document;
	VoucherLine wanted = {0};
	int			number;

	wanted.rule = rule;
	wanted.postingRuleId = rule->postingRuleId;
	wanted.account = FindAccountById(builder->batch->company->companyId,
									 emission->accountId != 0 ? emission->accountId : rule->accountId);
	wanted.currency = EmissionCurrency(builder, emission);
	wanted.party = emission->party != NULL ? *emission->party : document->party;
	wanted.taxCodeId = emission->taxCodeId;
	if (rule->dimensionCount > 0)
		wanted.dimensionSetId = MappedDimensions(builder, emission, rule);
	else
		wanted.dimensionSetId = emission->line != NULL ? CarriedDimensions(rule, emission->line->dimensionSetId) : 0;
	wanted.documentLineNo = emission->line != NULL && !rule->merge ? emission->line->lineNo : 0;
	wanted.isCredit = rule->isCredit;
	wanted.isEmpty = true;
	wanted.summary = RuleSummary(rule, document);
	number = LineFor(voucher, &wanted);
	AddToLine(&voucher->lines[number - 1], emission);
	if (voucher->lines[number - 1].rule != rule)
		voucher->lines[number - 1].ofSeveralRules = true;
	return number;
}

int
Emit(VoucherBuilder *builder, Voucher *voucher, const Emission *emission)
{
	const PostingRule *rule = RuleFor(builder, emission);

	if (rule == NULL)
		return 0;
	if (!rule->plain)
		return EmitEntries(builder, voucher, emission, rule);
	return builder->set == NULL ? 0 : EmitByRule(builder, voucher, emission, rule);
}

static void
EmitAmount(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	int			sign = line->document->kind->totalSign;
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = IsBilledAhead(line) ? AMOUNT_AHEAD : AMOUNT_AMOUNT,
		.direction = -sign,
		.accountId = line->accountId,
		.currency = line->document->currency,
		.amount = MultiplyExact(line->amount, -sign),
		.companyAmount = MultiplyExact(line->companyAmount, -sign)
	};

	if (line->amount != 0)
		line->voucherLineNo = Emit(builder, voucher, &emission);
}

/* What was billed before it was shipped is parted from the total: it is owed to the customer until then. */
static void
EmitTotal(VoucherBuilder *builder, Voucher *voucher, Emission total)
{
	Emission	ahead = total;

	ahead.amountRole = AMOUNT_AHEAD;
	ahead.amount = ahead.companyAmount = 0;
	for (int i = 0; i < total.document->lineCount; i++)
		AddShippedAhead(&total.document->lines[i], &ahead);
	total.amount = SubtractExact(total.amount, ahead.amount);
	total.companyAmount = SubtractExact(total.companyAmount, ahead.companyAmount);
	/* What rounding leaves of nothing goes with the rest. */
	if (total.amount == 0 && ahead.amount != 0)
	{
		ahead.companyAmount = AddExact(ahead.companyAmount, total.companyAmount);
		total.companyAmount = 0;
	}
	if (ahead.amount != 0 || ahead.companyAmount != 0)
		(void) Emit(builder, voucher, &ahead);
	if (total.amount != 0 || total.companyAmount != 0)
		(void) Emit(builder, voucher, &total);
}

/* Taxes, and the total to the control account of the party. */
static void
EmitDocument(VoucherBuilder *builder, Voucher *voucher, Document *document)
{
	int			sign = document->kind->totalSign;
	Emission	total = {
		.document = document,
		.amountRole = AMOUNT_TOTAL,
		.direction = sign,
		.currency = document->currency,
		.amount = MultiplyExact(document->total, sign),
		.companyAmount = MultiplyExact(document->companyTotal, sign)
	};

	for (int i = 0; i < document->taxCount; i++)
	{
		const DocumentTax *tax = &document->taxes[i];
		Emission	emission = {
			.document = document,
			.amountRole = AMOUNT_TAX,
			.direction = -sign,
			.taxCodeId = tax->taxCode->taxCodeId,
			.currency = document->currency,
			.amount = MultiplyExact(tax->taxAmount, -sign),
			.companyAmount = MultiplyExact(tax->companyAmount, -sign)
		};

		if (tax->taxAmount != 0)
			(void) Emit(builder, voucher, &emission);
	}
	if (sign != 0)
		EmitTotal(builder, voucher, total);
}

/* A line without a text shows its voucher's; one of a correction says what it corrects in any case. */
static const char *
EntrySummary(const DocumentLine *line)
{
	const char *description = line->fields[LINE_DESCRIPTION];

	if (description == NULL)
		return "";
	return line->document->correctionText == NULL ? description : psprintf("%s %s", line->document->correctionText, description);
}

/* A manual voucher says itself where its amounts go. */
static void
EmitEntry(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	VoucherLine entry = {0};

	entry.account = FindAccountById(builder->batch->company->companyId, line->accountId);
	entry.currency = line->document->currency;
	entry.party = line->party;
	entry.dimensionSetId = line->dimensionSetId;
	entry.documentLineNo = line->lineNo;
	entry.isCredit = line->isCredit;
	entry.amount = line->isCredit ? NegateExact(line->amount) : line->amount;
	entry.companyAmount = line->isCredit ? NegateExact(line->companyAmount) : line->companyAmount;
	entry.isEmpty = line->amount == 0;
	entry.summary = EntrySummary(line);
	line->voucherLineNo = AddVoucherLine(voucher, &entry);
}

/*
 * What is carried leaves the account of the rule for "amount", of the
 * document's party, on that rule's side, and comes to the one of the rule for
 * "total", of the line's party, on the other.
 */
static void
EmitTransfer(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_AMOUNT,
		.direction = 1,
		.currency = line->document->currency,
		.amount = line->amount,
		.companyAmount = line->companyAmount
	};
	const PostingRule *rule = RuleFor(builder, &emission);

	if (rule == NULL || line->amount == 0)
		return;
	if (rule->isCredit)
	{
		emission.direction = -1;
		emission.amount = NegateExact(emission.amount);
		emission.companyAmount = NegateExact(emission.companyAmount);
	}
	line->voucherLineNo = Emit(builder, voucher, &emission);
	emission.amountRole = AMOUNT_TOTAL;
	emission.direction = -emission.direction;
	emission.party = &line->party;
	emission.amount = NegateExact(emission.amount);
	emission.companyAmount = NegateExact(emission.companyAmount);
	(void) Emit(builder, voucher, &emission);
}

static void
EmitLine(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	if (IsEntry(line))
		EmitEntry(builder, voucher, line);
	else if (IsTransfer(line))
		EmitTransfer(builder, voucher, line);
	EmitStockOfLine(builder, voucher, line);
	EmitCutOff(builder, voucher, line);
	if (!IsCostAmount(line) && !IsEntry(line) && !IsTransfer(line))
		EmitAmount(builder, voucher, line);
}

static int
WrittenNumber(const Voucher *voucher, int lineNo)
{
	return lineNo == 0 || voucher->lines[lineNo - 1].isEmpty ? 0 : lineNo;
}

static void
DropEmptyNumbers(const Voucher *voucher, DocumentLine *line)
{
	line->voucherLineNo = WrittenNumber(voucher, line->voucherLineNo);
	line->inventoryLineNo = WrittenNumber(voucher, line->inventoryLineNo);
	line->counterLineNo = WrittenNumber(voucher, line->counterLineNo);
}

/* Document lines must not point to voucher lines that are not written. */
static void
DropEmptyLines(Voucher *voucher)
{
	Document   *document = voucher->document;

	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];

		DropEmptyNumbers(voucher, line);
		if (line->pairedLine != NULL)
			DropEmptyNumbers(voucher, line->pairedLine);
		for (int j = 0; j < line->partCount; j++)
			DropEmptyNumbers(voucher, &line->parts[j].line);
	}
}

static bool
HasWrittenLine(const Voucher *voucher)
{
	for (int i = 0; i < voucher->count; i++)
	{
		if (!voucher->lines[i].isEmpty)
			return true;
	}
	return false;
}

static void
EmitAll(VoucherBuilder *builder, Voucher *voucher, Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
		EmitLine(builder, voucher, &document->lines[i]);
	EmitDocument(builder, voucher, document);
}

static void
BuildVoucher(VoucherBuilder *builder, Document *document)
{
	Voucher    *voucher = AddVoucher(builder->set, document);

	EmitAll(builder, voucher, document);
	AddRoundingLine(builder->batch, voucher);
	SplitInstalments(builder->batch, voucher);
	DropEmptyLines(voucher);

	if (HasWrittenLine(voucher))
		TakeVoucherId(document);
	else
		builder->set->count--;
}

static bool
IsToBuild(const Document *document)
{
	return !document->bad && !document->repeated && document->reversesDocumentId == 0;
}

VoucherBuilder *
BeginVouchers(DocumentBatch *batch, VoucherSet *set)
{
	VoucherBuilder *builder = palloc0(sizeof(VoucherBuilder));

	builder->batch = batch;
	builder->set = set;
	return builder;
}

void
AddByRule(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, const CurrencyInfo *currency,
		  int128 amount, int128 companyAmount)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = AMOUNT_AMOUNT,
		.direction = 1,
		.taxCodeId = line->taxCode != NULL ? line->taxCode->taxCodeId : 0,
		.currency = currency,
		.amount = amount,
		.companyAmount = companyAmount
	};

	line->voucherLineNo = Emit(builder, voucher, &emission);
}

VoucherSet *
BuildVouchers(DocumentBatch *batch)
{
	VoucherBuilder *builder = BeginVouchers(batch, palloc0(sizeof(VoucherSet)));

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		CHECK_FOR_INTERRUPTS();
		if (IsToBuild(document))
			BuildVoucher(builder, document);
	}
	return builder->set;
}

/* Without values only the entries of manual vouchers get lines: what they say must balance by itself. */
static void
CheckEntries(DocumentBatch *batch, Document *document, const Voucher *entries)
{
	const char *in;
	int128		difference = Imbalance(entries, &in);
	char		text[FIXED_TEXT_MAX];

	if (difference == 0)
		return;
	FormatFixed(difference, AMOUNT_SCALE, text);
	ReportProblem(batch, document, NULL, "amount", NULL, ERRCODE_ERP_UNBALANCED,
				  psprintf("the voucher does not balance in %s: debits exceed credits by %s", in, text));
}

void
CheckPosting(DocumentBatch *batch)
{
	VoucherBuilder *builder = BeginVouchers(batch, NULL);

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];
		Voucher		entries = {.document = document};

		CHECK_FOR_INTERRUPTS();
		if (!IsToBuild(document))
			continue;
		EmitAll(builder, &entries, document);
		AddRoundingLine(batch, &entries);
		CheckEntries(batch, document, &entries);
	}
	pfree(builder);
}
