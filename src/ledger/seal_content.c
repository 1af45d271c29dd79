#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "core/datum_array.h"
#include "core/document.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "ledger/seal.h"

/*
 * A content is a record for the voucher, one for its document and one for each
 * line. A record is its name and its fields, each behind a tab, and ends in a
 * line feed. What is absent is the empty text: no field is ever NULL.
 */
#define CONTENT_FORM "voucher 1"

static KeptPlan headPlan = {
	.query = "SELECT v.voucher_id, v.day, v.period_id, v.summary, COALESCE(r.reverses_voucher_id, 0), v.voucher_word_id,"
	" d.document_id, d.kind, d.key, d.party_id, d.day, d.time_of_day, d.posting_day, d.recorded_at, d.recorded_by::text,"
	" d.currency_id, d.rate, d.rate_day, d.reverses_document_id, d.reference, d.description, d.request_hash"
	" FROM pg_catalog.unnest($2) WITH ORDINALITY u (voucher_id, number)"
	" LEFT JOIN LATERAL (SELECT t.* FROM erp.voucher t WHERE t.company_id = $1 AND t.voucher_id = u.voucher_id OFFSET 0) v ON true"
	" LEFT JOIN LATERAL (SELECT t.* FROM erp.document t WHERE t.company_id = $1 AND t.document_id = v.document_id OFFSET 0) d ON true"
	" LEFT JOIN LATERAL (SELECT t.* FROM erp.voucher_reversal t WHERE t.company_id = $1 AND t.voucher_id = u.voucher_id OFFSET 0) r ON true"
	" ORDER BY u.number",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

enum HeadColumn
{
	HEAD_VOUCHER_ID = 1, HEAD_DAY, HEAD_PERIOD, HEAD_SUMMARY, HEAD_REVERSES, HEAD_WORD,
	DOC_ID, DOC_KIND, DOC_KEY, DOC_PARTY, DOC_DAY, DOC_TIME, DOC_POSTING_DAY, DOC_RECORDED_AT, DOC_RECORDED_BY,
	DOC_CURRENCY, DOC_RATE, DOC_RATE_DAY, DOC_REVERSES, DOC_REFERENCE, DOC_DESCRIPTION, DOC_REQUEST_HASH
};

static KeptPlan linePlan = {
	.query = "SELECT u.number, l.line_no, l.account_id, l.day, l.side, l.currency_id, l.party_id, l.tax_code_id,"
	" l.dimension_set_id, l.cash_flow_item_id, l.unit_id, l.amount, l.company_amount, l.quantity, l.due_day, l.summary,"
	" l.posting_rule_id, l.document_line_no"
	" FROM pg_catalog.unnest($2) WITH ORDINALITY u (voucher_id, number)"
	" CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher_line t WHERE t.company_id = $1 AND t.voucher_id = u.voucher_id OFFSET 0) l"
	" ORDER BY u.number, l.line_no",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

enum LineColumn
{
	POSTED_NUMBER = 1, POSTED_LINE_NO, POSTED_ACCOUNT, POSTED_DAY, POSTED_SIDE, POSTED_CURRENCY, POSTED_PARTY, POSTED_TAX_CODE,
	POSTED_DIMENSIONS, POSTED_CASH_FLOW_ITEM, POSTED_UNIT, POSTED_AMOUNT, POSTED_COMPANY_AMOUNT, POSTED_QUANTITY, POSTED_DUE_DAY,
	POSTED_SUMMARY, POSTED_POSTING_RULE, POSTED_DOCUMENT_LINE
};

static KeptPlan companyPlan = {
	.query = "SELECT c.company_id FROM erp.company c WHERE c.code = $1",
	.argumentCount = 1,
	.argumentTypes = {TEXTOID}
};

/* One record that is being written, from a row of the last result. */
typedef struct Record
{
	StringInfo	content;
	uint64		row;
	SealCodes  *codes;
} Record;

/* Fields are many: none of them is printed through a format. */
static void
AppendField(StringInfo content, const char *text)
{
	appendStringInfoChar(content, '\t');
	appendStringInfoString(content, text);
}

static void
AppendNumber(StringInfo content, int64 value)
{
	char		digits[MAXINT8LEN + 1];

	appendStringInfoChar(content, '\t');
	appendBinaryStringInfo(content, digits, pg_lltoa(value, digits));
}

/* A column that guards and constraints keep from being NULL may be so nevertheless where they were taken off. */
static bool
FieldValue(const Record *record, int column, Datum *value)
{
	bool		isNull;

	*value = PlanValueOrNull(record->row, column, &isNull);
	return !isNull;
}

static void
AppendBigint(const Record *record, int column)
{
	Datum		value;

	AppendNumber(record->content, FieldValue(record, column, &value) ? DatumGetInt64(value) : 0);
}

static void
AppendInteger(const Record *record, int column)
{
	Datum		value;

	AppendNumber(record->content, FieldValue(record, column, &value) ? DatumGetInt32(value) : 0);
}

static void
AppendText(const Record *record, int column)
{
	Datum		value;

	appendStringInfoChar(record->content, '\t');
	if (FieldValue(record, column, &value))
		AppendEscaped(record->content, TextDatumGetCString(value), SEAL_ESCAPED);
}

static void
AppendCode(const Record *record, int column, CodeOf of)
{
	Datum		value;
	int32		id = FieldValue(record, column, &value) ? DatumGetInt32(value) : 0;

	AppendField(record->content, SealCode(record->codes, of, id));
}

/* YYYY-MM-DD, whatever DateStyle says. */
static void
AppendDay(const Record *record, int column)
{
	char		text[MAXDATELEN + 1] = "";
	struct pg_tm day;
	Datum		value;

	if (FieldValue(record, column, &value) && DATE_NOT_FINITE(DatumGetDateADT(value)))
		EncodeSpecialDate(DatumGetDateADT(value), text);
	else if (FieldValue(record, column, &value))
	{
		j2date(DatumGetDateADT(value) + POSTGRES_EPOCH_JDATE, &day.tm_year, &day.tm_mon, &day.tm_mday);
		EncodeDateOnly(&day, USE_ISO_DATES, text);
	}
	AppendField(record->content, text);
}

/* HH:MM:SS, and the decimals of the second that are not zero. */
static void
AppendTimeOfDay(const Record *record, int column)
{
	char		text[MAXDATELEN + 1] = "";
	struct pg_tm time;
	fsec_t		fraction;
	Datum		value;

	if (FieldValue(record, column, &value))
	{
		time2tm(DatumGetTimeADT(value), &time, &fraction);
		EncodeTimeOnly(&time, fraction, false, 0, USE_ISO_DATES, text);
	}
	AppendField(record->content, text);
}

/* YYYY-MM-DDTHH:MM:SS.ffffffZ, in UTC. */
static void
AppendMoment(const Record *record, int column)
{
	struct pg_tm moment;
	fsec_t		fraction;
	Datum		value;

	appendStringInfoChar(record->content, '\t');
	if (!FieldValue(record, column, &value))
		return;
	if (timestamp2tm(DatumGetTimestampTz(value), NULL, &moment, &fraction, NULL, NULL) != 0)
		appendStringInfoString(record->content, timestamptz_to_str(DatumGetTimestampTz(value)));
	else
		appendStringInfo(record->content, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", moment.tm_year, moment.tm_mon, moment.tm_mday,
						 moment.tm_hour, moment.tm_min, moment.tm_sec, (int) fraction);
}

/* The shortest decimal text. What is no number of the books, as the server writes it. */
static void
AppendDecimal(const Record *record, int column, int scale)
{
	char		text[FIXED_TEXT_MAX] = "";
	int128		fixed;
	Datum		value;

	appendStringInfoChar(record->content, '\t');
	if (!FieldValue(record, column, &value))
		return;
	if (FindFixed(value, scale, &fixed))
	{
		(void) FormatFixed(fixed, scale, text);
		appendStringInfoString(record->content, text);
	}
	else
		appendStringInfoString(record->content, DatumGetCString(DirectFunctionCall1(numeric_out, value)));
}

static void
AppendHash(const Record *record, int column)
{
	Datum		value;
	bytea	   *bytes;

	appendStringInfoChar(record->content, '\t');
	if (!FieldValue(record, column, &value))
		return;
	bytes = DatumGetByteaPP(value);
	enlargeStringInfo(record->content, 2 * VARSIZE_ANY_EXHDR(bytes));
	record->content->len += hex_encode(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), record->content->data + record->content->len);
	record->content->data[record->content->len] = '\0';
}

static void
AppendVoucher(const Record *record, const char *company, const SealedVoucher *voucher)
{
	appendStringInfoString(record->content, CONTENT_FORM "\t");
	AppendEscaped(record->content, company, SEAL_ESCAPED);
	AppendNumber(record->content, voucher->position);
	AppendNumber(record->content, voucher->voucherId);
	AppendDay(record, HEAD_DAY);
	AppendCode(record, HEAD_PERIOD, CODE_OF_PERIOD);
	AppendText(record, HEAD_SUMMARY);
	AppendBigint(record, HEAD_REVERSES);
	AppendCode(record, HEAD_WORD, CODE_OF_WORD);
	appendStringInfoChar(record->content, '\n');
}

static void
AppendDocument(const Record *record)
{
	appendStringInfoString(record->content, "document");
	AppendBigint(record, DOC_ID);
	AppendText(record, DOC_KIND);
	AppendText(record, DOC_KEY);
	AppendCode(record, DOC_PARTY, CODE_OF_PARTY);
	AppendDay(record, DOC_DAY);
	AppendTimeOfDay(record, DOC_TIME);
	AppendDay(record, DOC_POSTING_DAY);
	AppendMoment(record, DOC_RECORDED_AT);
	AppendText(record, DOC_RECORDED_BY);
	AppendCode(record, DOC_CURRENCY, CODE_OF_CURRENCY);
	AppendDecimal(record, DOC_RATE, RATE_SCALE);
	AppendDay(record, DOC_RATE_DAY);
	AppendBigint(record, DOC_REVERSES);
	AppendText(record, DOC_REFERENCE);
	AppendText(record, DOC_DESCRIPTION);
	AppendHash(record, DOC_REQUEST_HASH);
	appendStringInfoChar(record->content, '\n');
}

static void
AppendLine(const Record *record)
{
	appendStringInfoString(record->content, "line");
	AppendInteger(record, POSTED_LINE_NO);
	AppendCode(record, POSTED_ACCOUNT, CODE_OF_ACCOUNT);
	AppendDay(record, POSTED_DAY);
	AppendText(record, POSTED_SIDE);
	AppendCode(record, POSTED_CURRENCY, CODE_OF_CURRENCY);
	AppendCode(record, POSTED_PARTY, CODE_OF_PARTY);
	AppendCode(record, POSTED_TAX_CODE, CODE_OF_TAX_CODE);
	AppendCode(record, POSTED_DIMENSIONS, CODE_OF_DIMENSIONS);
	AppendCode(record, POSTED_CASH_FLOW_ITEM, CODE_OF_CASH_FLOW_ITEM);
	AppendCode(record, POSTED_UNIT, CODE_OF_UNIT);
	AppendDecimal(record, POSTED_AMOUNT, AMOUNT_SCALE);
	AppendDecimal(record, POSTED_COMPANY_AMOUNT, AMOUNT_SCALE);
	AppendDecimal(record, POSTED_QUANTITY, QUANTITY_SCALE);
	AppendDay(record, POSTED_DUE_DAY);
	AppendText(record, POSTED_SUMMARY);
	AppendInteger(record, POSTED_POSTING_RULE);
	AppendInteger(record, POSTED_DOCUMENT_LINE);
	appendStringInfoChar(record->content, '\n');
}

static void
ReadHead(Record *record, const char *company, SealedVoucher *voucher)
{
	Datum		value;

	voucher->problem = NULL;
	initStringInfo(&voucher->content);
	record->content = &voucher->content;
	if (!FieldValue(record, HEAD_VOUCHER_ID, &value))
		voucher->problem = MISSING_VOUCHER;
	else if (!FieldValue(record, DOC_ID, &value))
		voucher->problem = MISSING_DOCUMENT;
	else
	{
		AppendVoucher(record, company, voucher);
		AppendDocument(record);
	}
}

void
ReadContents(SealCodes *codes, int32 companyId, const char *company, SealedVoucher *vouchers, int count)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(companyId)};
	Record		record = {.codes = codes};
	uint64		lines;

	for (int i = 0; i < count; i++)
		AppendDatum(&ids, Int64GetDatum(vouchers[i].voucherId));
	values[1] = DatumArrayValue(&ids, INT8OID);
	(void) RunPlan(&headPlan, values, NULL);
	for (int i = 0; i < count; i++)
	{
		record.row = i;
		ReadHead(&record, company, &vouchers[i]);
	}
	SPI_freetuptable(SPI_tuptable);
	lines = RunPlan(&linePlan, values, NULL);
	for (record.row = 0; record.row < lines; record.row++)
	{
		CHECK_FOR_INTERRUPTS();
		record.content = &vouchers[DatumGetInt64(PlanValue(record.row, POSTED_NUMBER)) - 1].content;
		AppendLine(&record);
	}
	SPI_freetuptable(SPI_tuptable);
}

void
HashLink(const uint8 *previous, const StringInfoData *content, uint8 *link)
{
	char	   *text = pg_server_to_any(content->data, content->len, PG_UTF8);
	int			length = text == content->data ? content->len : (int) strlen(text);
	StringInfoData linked;

	initStringInfo(&linked);
	appendBinaryStringInfo(&linked, (const char *) previous, HASH_LENGTH);
	appendBinaryStringInfo(&linked, text, length);
	HashText(linked.data, linked.len, link);
	pfree(linked.data);
}

int32
SealedCompanyId(const char *code)
{
	Datum		value = CStringGetTextDatum(code);
	int32		companyId;

	if (RunPlan(&companyPlan, &value, NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_UNKNOWN_CODE),
				 errmsg("unknown company"),
				 errdetail("At company, value \"%s\".", code),
				 errhint("%s", ErrorCure(ERRCODE_ERP_UNKNOWN_CODE))));
	companyId = DatumGetInt32(PlanValue(0, 1));
	SPI_freetuptable(SPI_tuptable);
	return companyId;
}
