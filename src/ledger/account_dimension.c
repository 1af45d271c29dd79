#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/plan_cache.h"
#include "ledger/voucher_balance.h"

/* Which dimensions accounts ask of their voucher lines, or forbid. */

typedef struct AccountDimension
{
	int32		accountId;
	int32		dimensionId;
	bool		required;		/* else forbidden */
	char	   *code;			/* of the dimension */
} AccountDimension;

typedef struct AccountDimensions
{
	AccountDimension *rules;	/* ascending by account */
	int			count;
} AccountDimensions;

static KeptPlan rulePlan = {
	.query = "SELECT r.account_id, r.dimension_id, r.rule = 'required', d.code FROM erp.account_dimension r"
	"  JOIN erp.dimension d ON d.company_id = r.company_id AND d.dimension_id = r.dimension_id"
	" WHERE r.company_id = $1 ORDER BY 1, 2",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static AccountDimensions
ReadRules(int32 companyId)
{
	Datum		company = Int32GetDatum(companyId);
	AccountDimensions rules;

	rules.count = (int) RunPlanLatest(&rulePlan, &company, NULL);
	rules.rules = palloc(sizeof(AccountDimension) * Max(rules.count, 1));
	for (int i = 0; i < rules.count; i++)
	{
		rules.rules[i].accountId = DatumGetInt32(PlanValue(i, 1));
		rules.rules[i].dimensionId = DatumGetInt32(PlanValue(i, 2));
		rules.rules[i].required = DatumGetBool(PlanValue(i, 3));
		rules.rules[i].code = TextDatumGetCString(PlanValue(i, 4));
	}
	return rules;
}

/* The place of the first rule of the account, or of where it would be. */
static int
FirstRule(const AccountDimensions *rules, int32 accountId)
{
	int			low = 0;
	int			high = rules->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (rules->rules[middle].accountId < accountId)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
RaiseDimension(const Voucher *voucher, const VoucherLine *line, const AccountDimension *rule)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_DIMENSION_REFUSED),
			 errmsg("account %s of document \"%s\" %s dimension \"%s\"", line->account->code, voucher->document->key,
					rule->required ? "needs" : "has no", rule->code),
			 line->documentLineNo == 0 ? 0 : errdetail("Line %d of the document.", line->documentLineNo),
			 errhint("%s", ErrorCure(ERRCODE_ERP_DIMENSION_REFUSED))));
}

static void
CheckLine(const Voucher *voucher, const VoucherLine *line, const AccountDimensions *rules, const SetValues *values)
{
	for (int i = FirstRule(rules, line->account->accountId); i < rules->count; i++)
	{
		const AccountDimension *rule = &rules->rules[i];

		if (rule->accountId != line->account->accountId)
			return;
		if ((ValueInSet(values, line->dimensionSetId, rule->dimensionId) != 0) != rule->required)
			RaiseDimension(voucher, line, rule);
	}
}

void
CheckAccountDimensions(int32 companyId, const VoucherSet *set, const SetValues *values)
{
	AccountDimensions rules = ReadRules(companyId);

	for (int i = 0; i < set->count; i++)
	{
		const Voucher *voucher = &set->vouchers[i];

		CHECK_FOR_INTERRUPTS();
		/* A reversal repeats what was posted, whatever the rules say by now. */
		for (int j = 0; j < voucher->count && voucher->document->reversesDocumentId == 0; j++)
		{
			if (!voucher->lines[j].isEmpty)
				CheckLine(voucher, &voucher->lines[j], &rules, values);
		}
	}
}
