/*
 * What the voucher of a reversal or a correction says of the one that it is
 * about: its day and number, in the words of the company's template.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "core/index_probe.h"
#include "ledger/ledger.h"

static bool
FindVoucher(int32 companyId, int64 documentId, NamedVoucher *named)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(documentId)};
	IndexProbe *probe = OpenIndexProbe("erp", "voucher", "voucher_key", PROBE_LATEST);
	TupleTableSlot *row;

	ProbeIndex(probe, values, 2);
	row = NextProbedRow(probe);
	if (row != NULL)
	{
		named->voucherId = DatumGetInt64(ProbedColumn(probe, row, "voucher_id"));
		named->day = DatumGetDateADT(ProbedColumn(probe, row, "day"));
		named->voucherWordId = DatumGetInt32(ProbedColumn(probe, row, "voucher_word_id"));
	}
	CloseIndexProbe(probe);
	return row != NULL;
}

/* A text of a row that must be there. */
static char *
FindText(const char *table, const char *index, int32 companyId, Datum id, const char *column)
{
	char	   *text = ProbeText(table, index, companyId, id, column);

	if (text == NULL)
		elog(ERROR, "a row of table \"%s\" is missing", table);
	return text;
}

/* Its number in the series of its word, not that of its document; 0: none yet. */
static int64
FindNumber(int32 companyId, int64 documentId, int64 voucherId)
{
	Datum		values[3] = {Int32GetDatum(companyId), Int64GetDatum(documentId), Int64GetDatum(voucherId)};
	IndexProbe *probe = OpenIndexProbe("erp", "assigned_number", "assigned_number_once", PROBE_LATEST);
	TupleTableSlot *row;
	int64		number = 0;

	ProbeIndex(probe, values, 3);
	while (number == 0 && (row = NextProbedRow(probe)) != NULL)
	{
		char	   *target = FindText("series", "series_key", companyId, ProbedColumn(probe, row, "series_id"), "target");

		if (strcmp(target, "voucher") == 0)
			number = DatumGetInt64(ProbedColumn(probe, row, "number"));
	}
	CloseIndexProbe(probe);
	return number;
}

bool
FindNamedVoucher(int32 companyId, int64 documentId, NamedVoucher *named)
{
	if (!FindVoucher(companyId, documentId, named))
		return false;
	named->word = FindText("voucher_word", "voucher_word_key", companyId, Int32GetDatum(named->voucherWordId), "code");
	named->key = FindText("document", "document_key", companyId, Int64GetDatum(documentId), "key");
	named->number = FindNumber(companyId, documentId, named->voucherId);
	return true;
}

char *
FillTemplate(const char *template, const char *const *names, const char *const *values, int count)
{
	StringInfoData text;

	initStringInfo(&text);
	for (const char *at = template; *at != '\0';)
	{
		int			i = 0;

		while (i < count && strncmp(at, names[i], strlen(names[i])) != 0)
			i++;
		if (i < count)
		{
			appendStringInfoString(&text, values[i]);
			at += strlen(names[i]);
		}
		else
			appendStringInfoChar(&text, *at++);
	}
	return text.data;
}

const char *
VoucherText(int32 companyId, VoucherOccasion occasion, const NamedVoucher *named)
{
	static const char *const names[] = {"{date}", "{year}", "{month}", "{day}", "{word}", "{number}", "{key}"};
	int			year;
	int			month;
	int			day;
	const char *values[lengthof(names)];

	j2date(named->day + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	values[0] = psprintf("%04d-%02d-%02d", year, month, day);
	values[1] = psprintf("%d", year);
	values[2] = psprintf("%d", month);
	values[3] = psprintf("%d", day);
	values[4] = named->word;
	values[5] = named->number == 0 ? "" : psprintf(INT64_FORMAT, named->number);
	values[6] = named->key;
	return FillTemplate(VoucherTemplate(companyId, named->number == 0 ? occasion + 1 : occasion), names, values, lengthof(names));
}
