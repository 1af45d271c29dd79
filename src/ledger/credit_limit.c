/*
 * What a customer may owe. A sales document of a party with a limit holds the
 * party's row, reads what it owes on receivable accounts, and adds what it
 * posts itself: the next one waits and sees it. What is only warned of is on
 * record with the document.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"

typedef struct CreditParty
{
	const char *code;
	int32		partyId;
	int128		limit;
	int128		exposure;		/* debit positive, company currency */
	bool		refuses;		/* else warns */
} CreditParty;

/* A document that took a party above its limit, and the most that the party owed then. */
typedef struct CreditWarning
{
	const Document *document;
	int			party;			/* its number */
	int128		exposure;
} CreditWarning;

struct CreditCheck
{
	PairMap    *numbers;		/* of parties, in the order of the array */
	CreditParty *parties;
	int			count;
	CreditWarning *warnings;
	int			warningCount;
	int			warningCapacity;
};

static const char *const warningColumns[] = {"company_id", "document_id", "party_id", "exposure", "credit_limit"};

/* Ascending, as all lock. */
static KeptPlan lockPlan = {
	.query = "SELECT p.party_id, p.code, p.credit_check, p.credit_limit"
	"  FROM (SELECT DISTINCT id FROM pg_catalog.unnest($2) AS n (id) ORDER BY id) u"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.party f WHERE f.company_id = $1 AND f.party_id = u.id FOR NO KEY UPDATE) p"
	" WHERE p.credit_check <> 'none'",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan exposurePlan = {
	.query = "SELECT erp_private.owed_by($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

/* A sale, as against what takes it back, payments and refunds. Of what was posted before not even the kind is looked up. */
static bool
UsesCredit(const Document *document)
{
	return !document->repeated && document->reversesDocumentId == 0 && document->kind->needsCustomer && document->kind->totalSign > 0
		&& !IsMoneyKind(document->kind);
}

static void
ReadExposures(CreditCheck *credit, int32 companyId)
{
	for (int i = 0; i < credit->count; i++)
	{
		Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(credit->parties[i].partyId)};

		(void) RunPlanLatest(&exposurePlan, values, NULL);
		credit->parties[i].exposure = AmountFromDatum(PlanValue(0, 1));
	}
}

CreditCheck *
LockCredit(DocumentBatch *batch)
{
	DatumArray	ids = {0};
	CreditCheck *credit = palloc0(sizeof(CreditCheck));
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};

	for (int i = 0; i < batch->count; i++)
	{
		if (UsesCredit(&batch->documents[i]) && batch->documents[i].party.hasCreditLimit)
			AppendDatum(&ids, Int32GetDatum(batch->documents[i].party.partyId));
	}
	if (ids.count == 0)
		return NULL;
	values[1] = DatumArrayValue(&ids, INT4OID);
	credit->count = (int) RunPlanLatest(&lockPlan, values, NULL);
	credit->numbers = CreatePairMap();
	credit->parties = palloc0(sizeof(CreditParty) * Max(credit->count, 1));
	for (int i = 0; i < credit->count; i++)
	{
		credit->parties[i].partyId = DatumGetInt32(PlanValue(i, 1));
		(void) PairNumber(credit->numbers, (uint64) credit->parties[i].partyId);
		credit->parties[i].code = TextDatumGetCString(PlanValue(i, 2));
		credit->parties[i].refuses = strcmp(TextDatumGetCString(PlanValue(i, 3)), "refuse") == 0;
		credit->parties[i].limit = AmountFromDatum(PlanValue(i, 4));
	}
	ReadExposures(credit, batch->company->companyId);
	return credit;
}

/* What the line adds to what its party owes; its number there is put into *number. */
static int128
AddedCredit(const CreditCheck *credit, const VoucherLine *line, int *number)
{
	*number = line->account->control != CONTROL_RECEIVABLE ? -1 : FindPair(credit->numbers, (uint64) line->party.partyId);
	return *number < 0 ? 0 : line->companyAmount;
}

static char *
LimitReason(const DocumentBatch *batch, const CreditParty *party, int128 owed)
{
	char		exposure[FIXED_TEXT_MAX];
	char		limit[FIXED_TEXT_MAX];

	FormatFixed(owed, AMOUNT_SCALE, exposure);
	FormatFixed(party->limit, AMOUNT_SCALE, limit);
	return psprintf("party \"%s\" would owe %s %s, more than its credit limit of %s", party->code, exposure,
					batch->company->currency->code, limit);
}

/* One for a document and party, of the most that it came to. */
static void
NoteWarning(CreditCheck *credit, const Document *document, int number)
{
	int128		exposure = credit->parties[number].exposure;
	CreditWarning *last = credit->warningCount == 0 ? NULL : &credit->warnings[credit->warningCount - 1];

	if (last != NULL && last->document == document && last->party == number)
	{
		last->exposure = Max(last->exposure, exposure);
		return;
	}
	if (credit->warningCount == credit->warningCapacity)
	{
		credit->warningCapacity = Max(4, credit->warningCapacity * 2);
		credit->warnings = credit->warnings == NULL ? palloc(sizeof(CreditWarning) * credit->warningCapacity) :
			repalloc_huge(credit->warnings, sizeof(CreditWarning) * credit->warningCapacity);
	}
	ErpAssert(credit->warnings != NULL);
	credit->warnings[credit->warningCount++] = (CreditWarning) {document, number, exposure};
}

static void
OverLimit(DocumentBatch *batch, CreditCheck *credit, Document *document, int number)
{
	const CreditParty *party = &credit->parties[number];

	if (party->refuses)
		RaiseProblem(batch, document, NULL, "party", party->code, ERRCODE_ERP_CREDIT_LIMIT,
					 LimitReason(batch, party, party->exposure));
	NoteWarning(credit, document, number);
}

void
CheckCredit(DocumentBatch *batch, CreditCheck *credit, const VoucherSet *set)
{
	for (int i = 0; credit != NULL && i < set->count; i++)
	{
		const Voucher *voucher = &set->vouchers[i];
		bool		sells = UsesCredit(voucher->document);

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < voucher->count; j++)
		{
			int			number;
			int128		added = AddedCredit(credit, &voucher->lines[j], &number);

			if (number < 0)
				continue;
			credit->parties[number].exposure = AddExact(credit->parties[number].exposure, added);
			if (sells && added > 0 && credit->parties[number].exposure > credit->parties[number].limit)
				OverLimit(batch, credit, voucher->document, number);
		}
	}
}

static void
WarnOf(const DocumentBatch *batch, const CreditCheck *credit, const CreditWarning *warning)
{
	ereport(WARNING,
			(errcode(ERRCODE_ERP_CREDIT_LIMIT),
			 errmsg("%s", LimitReason(batch, &credit->parties[warning->party], warning->exposure)),
			 errdetail("Document \"%s\".", warning->document->key),
			 errhint("%s", ErrorCure(ERRCODE_ERP_CREDIT_LIMIT))));
}

void
StoreCreditWarnings(const DocumentBatch *batch, const CreditCheck *credit)
{
	BulkInsert *bulk;
	MemoryContext previous;

	if (credit == NULL || credit->warningCount == 0)
		return;
	bulk = BeginBulkInsert("erp", "credit_warning", warningColumns, lengthof(warningColumns));
	previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	for (int i = 0; i < credit->warningCount; i++)
	{
		const CreditWarning *warning = &credit->warnings[i];
		const CreditParty *party = &credit->parties[warning->party];
		Datum		values[lengthof(warningColumns)] = {
			Int32GetDatum(batch->company->companyId),
			Int64GetDatum(warning->document->documentId),
			Int32GetDatum(party->partyId),
			AmountGetDatum(warning->exposure),
			AmountGetDatum(party->limit)
		};

		BulkInsertRow(bulk, values, NULL);
		WarnOf(batch, credit, warning);
	}
	(void) MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}
