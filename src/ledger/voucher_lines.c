#include "postgres.h"

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
		voucher->capacity = Max(8, voucher->capacity * 2);
		if (voucher->lines == NULL)
			voucher->lines = palloc(sizeof(VoucherLine) * voucher->capacity);
		else
			voucher->lines = repalloc_huge(voucher->lines, sizeof(VoucherLine) * voucher->capacity);
	}
	voucher->lines[voucher->count++] = *line;
	return voucher->count;
}

const char *
RuleSummary(const PostingRule *rule, const Document *document)
{
	static const char *const names[] = {"{kind}", "{reference}", "{key}", "{description}"};
	const char *values[] = {document->kind->name, document->reference, document->key, document->description};

	return rule->summaryTemplate[0] == '\0' ? "" : FillTemplate(rule->summaryTemplate, names, values, lengthof(names));
}
