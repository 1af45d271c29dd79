#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/document.h"
#include "ledger/seal.h"

/*
 * A content is a record that says whose it is, where it stands and since when,
 * then a record for each fact of the document. A record is its name and its fields,
 * each behind a tab, and ends in a line feed.
 */
#define CONTENT_FORM "seal 3"

/* The first is the document itself. */
static SealRecord *firstRecord = NULL;
static SealRecord *lastRecord = NULL;
static int	recordCount = 0;
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
		SealCode   *code = record->fields[i].code;

		if (code != NULL && code->number == 0)
			code->number = ++codeCount;
	}
	if (firstRecord == NULL)
		firstRecord = record;
	else
		lastRecord->next = record;
	lastRecord = record;
	record->number = recordCount++;
}

static void
BeginContent(SealedDocument *document, const char *company)
{
	document->problem = MISSING_DOCUMENT;
	initStringInfo(&document->content);
	AppendSealBytes(&document->content, CONTENT_FORM "\t", (int) strlen(CONTENT_FORM "\t"));
	AppendEscaped(&document->content, company, (int) strlen(company), SEAL_ESCAPED);
	AppendSealNumber(&document->content, document->position);
	AppendSealField(&document->content, TimestampTzGetDatum(document->sealedAt), TIMESTAMPTZOID);
	AppendSealBytes(&document->content, "\n", 1);
}

void
ReadContents(SealCodes *codes, int32 companyId, const char *company, SealedDocument *documents, int count)
{
	SealIds		given = {0};
	SealIds    *found = palloc0(sizeof(SealIds) * recordCount);
	int			headers[SEAL_CHUNK];

	ErpAssert(count <= SEAL_CHUNK);
	for (int i = 0; i < count; i++)
	{
		AddSealId(&given, documents[i].documentId, i);
		BeginContent(&documents[i], company);
		headers[i] = documents[i].content.len;
	}
	ReadSealedFacts(firstRecord, codes, companyId, &given, &found[0], documents);
	for (int i = 0; i < count; i++)
	{
		if (documents[i].content.len > headers[i])
			documents[i].problem = NULL;
	}
	for (SealRecord *record = firstRecord->next; record != NULL; record = record->next)
		ReadSealedFacts(record, codes, companyId, record->parent == NULL ? &given : &found[record->parent->number],
						&found[record->number], documents);
	for (int i = 0; i < count; i++)
		documents[i].content.data[documents[i].content.len] = '\0';
}

void
HashLink(const uint8 *previous, const StringInfoData *content, uint8 *link)
{
	char	   *text = pg_server_to_any(content->data, content->len, PG_UTF8);
	int			length = text == content->data ? content->len : (int) strlen(text);

	HashTexts((const char *) previous, HASH_LENGTH, text, length, link);
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
