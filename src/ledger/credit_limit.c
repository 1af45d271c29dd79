/*
 * What a customer may owe. A sales document of a party with a limit holds the
 * party's row, reads what it owes on receivable accounts, and adds what it
 * posts itself: the next one waits and sees it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"

typedef struct CreditParty
{
	const char *code;
	int128		limit;
	int128		exposure;		/* debit positive, company currency */
	bool		refuses;		/* else warns */
} CreditParty;

struct CreditCheck
{
	PairMap    *numbers;		/* of parties, in the order of the array */
	CreditParty *parties;
	int			count;
};

/* Ascending, as all lock. */
static KeptPlan lockPlan = {
	.query = "SELECT p.party_id, p.code, p.credit_check, p.credit_limit"
	"  FROM (SELECT DISTINCT id FROM pg_catalog.unnest($2) AS n (id) ORDER BY id) u"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.party f WHERE f.company_id = $1 AND f.party_id = u.id FOR NO KEY UPDATE) p"
	" WHERE p.credit_check <> 'none'",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

/* A settlement takes as much of a debit as of a credit: items add up to what is open. */
static KeptPlan exposurePlan = {
	.query = "SELECT COALESCE(pg_catalog.sum(o.company_amount), 0)"
	"  FROM (SELECT a.account_id FROM erp.account a WHERE a.company_id = $1 AND a.control = 'receivable' OFFSET 0) a"
	" CROSS JOIN LATERAL (SELECT f.company_amount FROM erp.open_item f WHERE f.company_id = $1 AND f.party_id = $2"
	"                        AND f.account_id = a.account_id OFFSET 0) o",
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
ReadExposures(CreditCheck *credit, int32 companyId, const int32 *partyIds)
{
	for (int i = 0; i < credit->count; i++)
	{
		Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(partyIds[i])};

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
	int32	   *partyIds;

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
	partyIds = palloc(sizeof(int32) * Max(credit->count, 1));
	for (int i = 0; i < credit->count; i++)
	{
		partyIds[i] = DatumGetInt32(PlanValue(i, 1));
		(void) PairNumber(credit->numbers, (uint64) partyIds[i]);
		credit->parties[i].code = TextDatumGetCString(PlanValue(i, 2));
		credit->parties[i].refuses = strcmp(TextDatumGetCString(PlanValue(i, 3)), "refuse") == 0;
		credit->parties[i].limit = AmountFromDatum(PlanValue(i, 4));
	}
	ReadExposures(credit, batch->company->companyId, partyIds);
	return credit;
}

/* What the line adds to what its party owes; its number there is put into *number. */
static int128
AddedCredit(const CreditCheck *credit, const VoucherLine *line, int *number)
{
	*number = line->account->control != CONTROL_RECEIVABLE ? -1 : FindPair(credit->numbers, (uint64) line->party.partyId);
	return *number < 0 ? 0 : line->companyAmount;
}

static void
OverLimit(DocumentBatch *batch, Document *document, const CreditParty *party)
{
	char		exposure[FIXED_TEXT_MAX];
	char		limit[FIXED_TEXT_MAX];
	const char *reason;

	FormatFixed(party->exposure, AMOUNT_SCALE, exposure);
	FormatFixed(party->limit, AMOUNT_SCALE, limit);
	reason = psprintf("party \"%s\" would owe %s %s, more than its credit limit of %s", party->code, exposure,
					  batch->company->currency->code, limit);
	if (party->refuses)
		RaiseProblem(batch, document, NULL, "party", party->code, ERRCODE_ERP_CREDIT_LIMIT, reason);
	ereport(WARNING,
			(errcode(ERRCODE_ERP_CREDIT_LIMIT),
			 errmsg("%s", reason),
			 errdetail("Document \"%s\".", document->key),
			 errhint("%s", ErrorCure(ERRCODE_ERP_CREDIT_LIMIT))));
}

void
CheckCredit(DocumentBatch *batch, const CreditCheck *credit, const VoucherSet *set)
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
				OverLimit(batch, voucher->document, &credit->parties[number]);
		}
	}
}
