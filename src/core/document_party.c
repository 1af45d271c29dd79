#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/code_map.h"
#include "core/document.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"

static KeptPlan partyPlan = {
	.query = "SELECT c.number::integer - 1, p.party_id, p.party_group, p.payment_days, p.active,"
	"       EXISTS (SELECT FROM erp.party_role r WHERE r.company_id = p.company_id AND r.party_id = p.party_id AND r.role = 'customer'),"
	"       EXISTS (SELECT FROM erp.party_role r WHERE r.company_id = p.company_id AND r.party_id = p.party_id AND r.role = 'supplier'),"
	"       p.credit_check <> 'none', p.customer_terms_id, p.supplier_terms_id"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS c (code, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.party f WHERE f.company_id = $1 AND f.code = c.code OFFSET 0) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

/* Numbers of all party codes of the batch. */
static CodeMap *
CollectParties(DocumentBatch *batch)
{
	CodeMap    *codes = CreateCodeMap();

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->repeated)
			continue;
		if (document->fields[HEADER_PARTY] != NULL)
			(void) CodeNumber(codes, document->fields[HEADER_PARTY]);
		for (int j = 0; j < document->lineCount; j++)
		{
			if (document->lines[j].fields[LINE_PARTY] != NULL)
				(void) CodeNumber(codes, document->lines[j].fields[LINE_PARTY]);
		}
	}
	return codes;
}

static PartyInfo *
FetchParties(DocumentBatch *batch, CodeMap *codes)
{
	PartyInfo  *parties = palloc0(sizeof(PartyInfo) * Max(CodeCount(codes), 1));
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), CodeArray(codes)};
	uint64		rows = RunPlan(&partyPlan, values, NULL);

	for (int i = 0; i < CodeCount(codes); i++)
		parties[i].partyId = -1;
	for (uint64 i = 0; i < rows; i++)
	{
		PartyInfo  *party = &parties[DatumGetInt32(PlanValue(i, 1))];

		if (!DatumGetBool(PlanValue(i, 5)))
			continue;
		party->partyId = DatumGetInt32(PlanValue(i, 2));
		party->groupNumber = MasterText(TextDatumGetCString(PlanValue(i, 3)));
		party->paymentDays = DatumGetInt32(PlanValue(i, 4));
		party->isCustomer = DatumGetBool(PlanValue(i, 6));
		party->isSupplier = DatumGetBool(PlanValue(i, 7));
		party->hasCreditLimit = DatumGetBool(PlanValue(i, 8));
		party->customerTermsId = DatumGetInt32(PlanValue(i, 9));
		party->supplierTermsId = DatumGetInt32(PlanValue(i, 10));
	}
	return parties;
}

/* The party of a code; "none" where no code is given. */
static PartyInfo
PartyOf(DocumentBatch *batch, Document *document, DocumentLine *line, const char *code,
		const CodeMap *codes, const PartyInfo *parties)
{
	PartyInfo	none = {0};
	PartyInfo	party;
	int			number;

	if (code == NULL)
		return none;
	number = FindCode(codes, code);
	/* CollectParties met every code; without any there are no parties and nobody asks. */
	ErpAssert(parties != NULL && number >= 0);
	party = parties[number];
	if (party.partyId <= 0)
	{
		ReportProblem(batch, document, line, "party", code, ERRCODE_ERP_UNKNOWN_CODE,
					  "unknown or inactive party");
		return none;
	}
	return party;
}

static void
CheckPartyRole(DocumentBatch *batch, Document *document)
{
	const DocumentKindInfo *kind = document->kind;

	if (kind == NULL || document->bad)
		return;
	if (kind->needsParty && document->party.partyId == 0)
		ReportProblem(batch, document, NULL, "party", document->fields[HEADER_PARTY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a document of kind %s needs a party", kind->name));
	if (kind->needsCustomer && !document->party.isCustomer)
		ReportProblem(batch, document, NULL, "party", document->fields[HEADER_PARTY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a document of kind %s needs a customer", kind->name));
	if (kind->needsSupplier && !document->party.isSupplier)
		ReportProblem(batch, document, NULL, "party", document->fields[HEADER_PARTY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a document of kind %s needs a supplier", kind->name));
}

void
LookUpParties(DocumentBatch *batch)
{
	CodeMap    *codes = CollectParties(batch);
	PartyInfo  *parties = CodeCount(codes) > 0 ? FetchParties(batch, codes) : NULL;

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->repeated)
			continue;
		document->party = PartyOf(batch, document, NULL, document->fields[HEADER_PARTY], codes, parties);
		CheckPartyRole(batch, document);
		for (int j = 0; j < document->lineCount; j++)
		{
			DocumentLine *line = &document->lines[j];

			line->party = line->fields[LINE_PARTY] == NULL ? document->party :
				PartyOf(batch, document, line, line->fields[LINE_PARTY], codes, parties);
		}
	}
}

int
PartyGroup(int32 companyId, int32 partyId)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(partyId)};
	IndexProbe *probe;
	TupleTableSlot *row;
	int			groupNumber;

	if (partyId == 0)
		return 0;
	probe = OpenIndexProbe("erp", "party", "party_key", PROBE_LATEST);
	ProbeIndex(probe, values, 2);
	row = NextProbedRow(probe);
	if (row == NULL)
		elog(ERROR, "party %d does not exist", partyId);
	groupNumber = MasterText(TextDatumGetCString(ProbedColumn(probe, row, "party_group")));
	CloseIndexProbe(probe);
	return groupNumber;
}
