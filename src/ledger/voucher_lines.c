#include "postgres.h"

#include "utils/datetime.h"

#include "ledger/ledger.h"

Voucher *
AddVoucher(VoucherSet *set, Document *document)
{
	Voucher    *voucher;

	if (set->count == set->capacity)
	{
		set->capacity = Max(16, set->capacity * 2);
		if (set->vouchers == NULL)
			set->vouchers = palloc(sizeof(Voucher) * set->capacity);
		else
			set->vouchers = repalloc_huge(set->vouchers, sizeof(Voucher) * set->capacity);
	}
	voucher = &set->vouchers[set->count++];
	memset(voucher, 0, sizeof(Voucher));
	voucher->document = document;
	return voucher;
}

int
AddVoucherLine(Voucher *voucher, const VoucherLine *line)
{
	if (voucher->count == voucher->capacity)
	{
		/* Many vouchers have two lines: what a batch takes beyond that costs more to get from the system than to write. */
		voucher->capacity = Max(2, voucher->capacity * 2);
		if (voucher->lines == NULL)
			voucher->lines = palloc(sizeof(VoucherLine) * voucher->capacity);
		else
			voucher->lines = repalloc_huge(voucher->lines, sizeof(VoucherLine) * voucher->capacity);
	}
	voucher->lines[voucher->count++] = *line;
	return voucher->count;
}

static char *
DayText(DateADT day)
{
	int			year;
	int			month;
	int			dayOfMonth;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &dayOfMonth);
	return psprintf("%04d-%02d-%02d", year, month, dayOfMonth);
}

const char *const SummaryNames[SUMMARY_NAME_COUNT] = {"{kind}", "{reference}", "{key}", "{description}", "{party}", "{day}"};

const char *
RuleSummary(const PostingRule *rule, const Document *document)
{
	const char *values[SUMMARY_NAME_COUNT] = {document->kind->name, document->reference, document->key, document->description};

	if (rule->summaryTemplate[0] == '\0')
		return "";
	values[4] = document->fields[HEADER_PARTY] != NULL ? document->fields[HEADER_PARTY] : "";
	values[5] = DayText(document->day);
	return FillTemplate(rule->summaryTemplate, SummaryNames, values, SUMMARY_NAME_COUNT);
}

void
AddLineQuantity(VoucherLine *line, int32 unitId, int128 quantity)
{
	if (quantity == 0 || line->unitsDiffer)
		return;
	line->unitsDiffer = line->hasQuantity && line->unitId != unitId;
	line->hasQuantity = true;
	line->unitId = line->unitsDiffer ? 0 : unitId;
	line->quantity = line->unitsDiffer ? 0 : AddExact(line->quantity, quantity);
}
