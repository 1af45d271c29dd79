/*
 * What the voucher of a reversal or a correction says of the one that it is
 * about: its day and number, in the words of the company's template.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "core/plan_cache.h"
#include "ledger/ledger.h"

static KeptPlan namedPlan = {
	.query = "SELECT v.day, v.voucher_word_id, w.code, d.key,"
	"       (SELECT n.number FROM erp.assigned_number n"
	"          JOIN erp.series s ON s.company_id = n.company_id AND s.series_id = n.series_id AND s.target = 'voucher'"
	"         WHERE n.company_id = v.company_id AND n.document_id = v.document_id AND n.voucher_id = v.voucher_id LIMIT 1)"
	"  FROM erp.voucher v"
	"  JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = v.voucher_id"
	"  JOIN erp.voucher_word w ON w.company_id = v.company_id AND w.voucher_word_id = v.voucher_word_id"
	" WHERE v.company_id = $1 AND v.voucher_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

bool
FindNamedVoucher(int32 companyId, int64 documentId, NamedVoucher *named)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(documentId)};
	bool		noNumber;
	Datum		number;

	if (RunPlanLatest(&namedPlan, values, NULL) == 0)
		return false;
	named->day = DatumGetDateADT(PlanValue(0, 1));
	named->voucherWordId = DatumGetInt32(PlanValue(0, 2));
	named->word = TextDatumGetCString(PlanValue(0, 3));
	named->key = TextDatumGetCString(PlanValue(0, 4));
	number = PlanValueOrNull(0, 5, &noNumber);
	named->number = noNumber ? 0 : DatumGetInt64(number);
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
