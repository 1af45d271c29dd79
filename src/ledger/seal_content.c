#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/document.h"
#include "ledger/seal.h"

/*
 * A content is a record that says whose it is and where it stands, then a
 * record for each fact of the document. A record is its name and its fields,
 * each behind a tab, and ends in a line feed.
 */
#define CONTENT_FORM "seal 2"

/* The first is the document itself. */
static SealRecord *firstRecord = NULL;
static SealRecord *lastRecord = NULL;
static int	codeCount = 0;

static KeptPlan companyPlan = {
	.query = "SELECT c.company_id FROM erp.company c WHERE c.code = $1",
	.argumentCount = 1,
	.argumentTypes = {TEXTOID}
};

void
RegisterSealRecord(SealRecord *record)
{
	for (int i = 0; i < SEAL_RECORD_FIELDS; i++)
	{
		if (record->codeOf[i] != NULL && record->codeOf[i]->number == 0)
			record->codeOf[i]->number = ++codeCount;
	}
	if (firstRecord == NULL)
		firstRecord = record;
	else
		lastRecord->next = record;
	lastRecord = record;
}

static int64
WholeValue(Datum value, Oid type)
{
	return type == INT8OID ? DatumGetInt64(value) : type == INT2OID ? DatumGetInt16(value) : DatumGetInt32(value);
}

/* One fact, from a row of the last result. A column that guards and constraints keep from being NULL may be so where they were taken off. */
static void
AppendRecord(StringInfo content, const SealRecord *record, SealCodes *codes, uint64 row)
{
	TupleDesc	descriptor = SPI_tuptable->tupdesc;

	appendStringInfoString(content, record->name);
	for (int i = 1; i < descriptor->natts; i++)
	{
		Oid			type = TupleDescAttr(descriptor, i)->atttypid;
		SealCode   *code = record->codeOf[i - 1];
		bool		isNull;
		Datum		value = PlanValueOrNull(row, i + 1, &isNull);

		if (isNull)
			appendStringInfoString(content, "\t" SEAL_NULL);
		else if (code == NULL)
			AppendSealField(content, value, type);
		else
		{
			appendStringInfoChar(content, '\t');
			appendStringInfoString(content, FindSealCode(codes, code, WholeValue(value, type)));
		}
	}
	appendStringInfoChar(content, '\n');
}

/* Facts of one kind of all the documents, in one query. */
static void
AppendRecords(SealRecord *record, SealCodes *codes, Datum *values, SealedDocument *documents)
{
	uint64		count = RunPlan(&record->plan, values, NULL);

	for (uint64 row = 0; row < count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendRecord(&documents[DatumGetInt64(PlanValue(row, 1)) - 1].content, record, codes, row);
	}
	SPI_freetuptable(SPI_tuptable);
}

static void
BeginContent(SealedDocument *document, const char *company)
{
	document->problem = MISSING_DOCUMENT;
	initStringInfo(&document->content);
	appendStringInfoString(&document->content, CONTENT_FORM "\t");
	AppendEscaped(&document->content, company, SEAL_ESCAPED);
	AppendSealNumber(&document->content, document->position);
	appendStringInfoChar(&document->content, '\n');
}

void
ReadContents(SealCodes *codes, int32 companyId, const char *company, SealedDocument *documents, int count)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(companyId)};
	int			headers[SEAL_CHUNK];

	ErpAssert(count <= SEAL_CHUNK);
	for (int i = 0; i < count; i++)
	{
		AppendDatum(&ids, Int64GetDatum(documents[i].documentId));
		BeginContent(&documents[i], company);
		headers[i] = documents[i].content.len;
	}
	values[1] = DatumArrayValue(&ids, INT8OID);
	AppendRecords(firstRecord, codes, values, documents);
	for (int i = 0; i < count; i++)
	{
		if (documents[i].content.len > headers[i])
			documents[i].problem = NULL;
	}
	for (SealRecord *record = firstRecord->next; record != NULL; record = record->next)
		AppendRecords(record, codes, values, documents);
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
