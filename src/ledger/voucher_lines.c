#include "postgres.h"

#include "lib/stringinfo.h"

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
	StringInfoData text;

	if (rule->summaryTemplate[0] == '\0')
		return "";
	initStringInfo(&text);
	for (const char *at = rule->summaryTemplate; *at != '\0';)
	{
		int			i = 0;

		while (i < (int) lengthof(names) && strncmp(at, names[i], strlen(names[i])) != 0)
			i++;
		if (i < (int) lengthof(names))
		{
			appendStringInfoString(&text, values[i]);
			at += strlen(names[i]);
		}
		else
			appendStringInfoChar(&text, *at++);
	}
	return text.data;
}
