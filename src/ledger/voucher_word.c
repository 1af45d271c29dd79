/*
 * The word of a voucher, under which it is numbered: what its request names,
 * else the first of the company's words whose rule takes the voucher's lines.
 */
#include "postgres.h"

#include "ledger/ledger.h"

/* On which side money of each kind moved. */
typedef struct MovedMoney
{
	bool		credited[MONEY_KIND_COUNT];
	bool		debited[MONEY_KIND_COUNT];
} MovedMoney;

static MovedMoney
MoneyMovedBy(const Voucher *voucher)
{
	MovedMoney	moved = {0};

	for (int i = 0; i < voucher->count; i++)
	{
		const VoucherLine *line = &voucher->lines[i];

		if (line->isEmpty || line->account->money == MONEY_NONE)
			continue;
		if (line->isCredit)
			moved.credited[line->account->money] = true;
		else
			moved.debited[line->account->money] = true;
	}
	return moved;
}

static bool
HasMoved(const bool *moved, MoneyKind money)
{
	return money == MONEY_NONE ? moved[MONEY_CASH] || moved[MONEY_BANK] : moved[money];
}

static bool
TakesVoucher(const VoucherWord *word, const MovedMoney *moved)
{
	switch (word->rule)
	{
		case WORD_PAYMENT:
			return HasMoved(moved->credited, word->money);
		case WORD_RECEIPT:
			return HasMoved(moved->debited, word->money);
		case WORD_TRANSFER:
			return !HasMoved(moved->credited, MONEY_NONE) && !HasMoved(moved->debited, MONEY_NONE);
		case WORD_ALL:
			return true;
		default:
			return false;
	}
}

void
ChooseWord(int32 companyId, const Voucher *voucher)
{
	int			count;
	const VoucherWord *words = VoucherWords(companyId, &count);
	MovedMoney	moved;

	if (count == 0 || voucher->document->voucherWordId != 0)
		return;
	moved = MoneyMovedBy(voucher);
	for (int i = 0; i < count; i++)
	{
		if (!words[i].active || !TakesVoucher(&words[i], &moved))
			continue;
		voucher->document->voucherWordId = words[i].voucherWordId;
		return;
	}
}

static const VoucherWord *
FindWord(int32 companyId, const char *code)
{
	int			count;
	const VoucherWord *words = VoucherWords(companyId, &count);

	for (int i = 0; i < count; i++)
	{
		if (strcmp(words[i].code, code) == 0)
			return &words[i];
	}
	return NULL;
}

void
LookUpWords(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];
		const char *code = document->fields[HEADER_WORD];
		const VoucherWord *word;

		if (code == NULL || document->repeated)
			continue;
		word = FindWord(batch->company->companyId, code);
		if (word == NULL)
			ReportProblem(batch, document, NULL, "word", code, ERRCODE_ERP_UNKNOWN_CODE, "unknown voucher word");
		else if (!word->active)
			ReportProblem(batch, document, NULL, "word", code, ERRCODE_ERP_INVALID_FIELD, "the voucher word is not active");
		else
			document->voucherWordId = word->voucherWordId;
	}
}
