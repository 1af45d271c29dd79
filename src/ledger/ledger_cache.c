#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/plan_cache.h"
#include "ledger/batch_checks.h"
#include "ledger/period_gate.h"
#include "ledger/posting.h"

typedef struct PeriodInfo
{
	int32		periodId;
	DateADT		firstDay;
	DateADT		lastDay;
} PeriodInfo;

struct LedgerData
{
	int32		companyId;
	AccountInfo *accounts;		/* ascending by code */
	const AccountInfo **accountsById;	/* the same, ascending by id */
	int			accountCount;
	RuleBook	rules;
	PeriodInfo *periods;		/* ascending */
	int			periodCount;
	const char *texts[TEXT_COUNT];
	VoucherWord *words;			/* in the order in which a voucher tries them */
	int			wordCount;
	Series	   *series;			/* immediate ones, ascending by id */
	int			seriesCount;
	bool		balancing;
	bool		accountDimensions;
	bool		budgetControl;
	LedgerData *next;
};

static LedgerData *ledgers = NULL;
static uint64 ledgerGeneration = 0;

static KeptPlan accountPlan = {
	.query = "SELECT account_id, code, control, postable AND active, money FROM erp.account"
	" WHERE company_id = $1 ORDER BY code COLLATE \"C\"",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan periodPlan = {
	.query = "SELECT period_id, first_day, last_day FROM erp.period WHERE company_id = $1 ORDER BY first_day",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

/* A payment before a receipt: money carried between cash and bank is a payment. Of each, what names the money comes first. */
static KeptPlan wordPlan = {
	.query = "SELECT voucher_word_id, code, rule, money, active FROM erp.voucher_word WHERE company_id = $1 AND voucher_word_id <> 0"
	" ORDER BY CASE rule WHEN 'payment' THEN 1 WHEN 'receipt' THEN 2 WHEN 'transfer' THEN 3 ELSE 4 END,"
	" CASE money WHEN 'cash' THEN 1 WHEN 'bank' THEN 2 ELSE 3 END, voucher_word_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan seriesPlan = {
	.query = "SELECT series_id, target, scope, voucher_word_id FROM erp.series WHERE company_id = $1 AND mode = 'immediate' ORDER BY series_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan textPlan = {
	.query = "SELECT occasion, template FROM erp.voucher_text WHERE company_id = $1",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan dimensionPlan = {
	.query = "SELECT EXISTS (SELECT FROM erp.dimension WHERE company_id = $1 AND balancing),"
	" EXISTS (SELECT FROM erp.account_dimension WHERE company_id = $1),"
	" EXISTS (SELECT FROM erp.budget WHERE company_id = $1 AND active AND control <> 'none')",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

/* The place of a name in a list; 0 if it is not there. */
static int
NameIndex(const char *const *names, int count, Datum name)
{
	char	   *wanted = TextDatumGetCString(name);

	for (int i = 0; i < count; i++)
	{
		if (strcmp(wanted, names[i]) == 0)
			return i;
	}
	return 0;
}

static AccountControl
ControlOf(Datum name)
{
	static const char *const names[] = {"none", "receivable", "payable", "accrued_payable", "open_items", "inventory"};

	return (AccountControl) NameIndex(names, lengthof(names), name);
}

/* "any" of a word is none in particular. */
static MoneyKind
MoneyOf(Datum name)
{
	static const char *const names[] = {"none", "cash", "bank"};

	return (MoneyKind) NameIndex(names, lengthof(names), name);
}

static WordRule
WordRuleOf(Datum name)
{
	static const char *const names[] = {"named", "all", "transfer", "receipt", "payment"};

	return (WordRule) NameIndex(names, lengthof(names), name);
}

static SeriesScope
ScopeOf(Datum name)
{
	static const char *const names[] = {"ever", "year", "month"};

	return (SeriesScope) NameIndex(names, lengthof(names), name);
}

static int
CompareAccountId(const void *left, const void *right)
{
	int32		a = (*(const AccountInfo *const *) left)->accountId;
	int32		b = (*(const AccountInfo *const *) right)->accountId;

	return a < b ? -1 : a > b;
}

static void
LoadAccounts(LedgerData *ledger, Datum companyId)
{
	ledger->accountCount = (int) RunPlanLatest(&accountPlan, &companyId, NULL);
	ledger->accounts = KeepMasterArray(sizeof(AccountInfo), ledger->accountCount);
	ledger->accountsById = KeepMasterArray(sizeof(AccountInfo *), ledger->accountCount);
	for (int i = 0; i < ledger->accountCount; i++)
	{
		AccountInfo *account = &ledger->accounts[i];

		account->accountId = DatumGetInt32(PlanValue(i, 1));
		account->code = KeepMasterText(PlanValue(i, 2));
		account->control = ControlOf(PlanValue(i, 3));
		account->postable = DatumGetBool(PlanValue(i, 4));
		account->money = MoneyOf(PlanValue(i, 5));
		ledger->accountsById[i] = account;
	}
	qsort(ledger->accountsById, ledger->accountCount, sizeof(AccountInfo *), CompareAccountId);
}

static void
LoadWords(LedgerData *ledger, Datum companyId)
{
	ledger->wordCount = (int) RunPlanLatest(&wordPlan, &companyId, NULL);
	ledger->words = KeepMasterArray(sizeof(VoucherWord), ledger->wordCount);
	for (int i = 0; i < ledger->wordCount; i++)
	{
		ledger->words[i].voucherWordId = DatumGetInt32(PlanValue(i, 1));
		ledger->words[i].code = KeepMasterText(PlanValue(i, 2));
		ledger->words[i].rule = WordRuleOf(PlanValue(i, 3));
		ledger->words[i].money = MoneyOf(PlanValue(i, 4));
		ledger->words[i].active = DatumGetBool(PlanValue(i, 5));
	}
}

static void
LoadSeries(LedgerData *ledger, Datum companyId)
{
	ledger->seriesCount = (int) RunPlanLatest(&seriesPlan, &companyId, NULL);
	ledger->series = KeepMasterArray(sizeof(Series), ledger->seriesCount);
	for (int i = 0; i < ledger->seriesCount; i++)
	{
		ledger->series[i].seriesId = DatumGetInt32(PlanValue(i, 1));
		ledger->series[i].target = KeepMasterText(PlanValue(i, 2));
		ledger->series[i].scope = ScopeOf(PlanValue(i, 3));
		ledger->series[i].voucherWordId = DatumGetInt32(PlanValue(i, 4));
	}
}

static void
LoadTexts(LedgerData *ledger, Datum companyId)
{
	static const char *const names[] = {"reversal", "reversal_unnumbered", "correction", "correction_unnumbered"};
	uint64		rows = RunPlanLatest(&textPlan, &companyId, NULL);

	for (int i = 0; i < TEXT_COUNT; i++)
		ledger->texts[i] = "";
	for (uint64 i = 0; i < rows; i++)
		ledger->texts[NameIndex(names, lengthof(names), PlanValue(i, 1))] = KeepMasterText(PlanValue(i, 2));
}

static void
LoadPeriods(LedgerData *ledger, Datum companyId)
{
	ledger->periodCount = (int) RunPlanLatest(&periodPlan, &companyId, NULL);
	ledger->periods = KeepMasterArray(sizeof(PeriodInfo), ledger->periodCount);
	for (int i = 0; i < ledger->periodCount; i++)
	{
		ledger->periods[i].periodId = DatumGetInt32(PlanValue(i, 1));
		ledger->periods[i].firstDay = DatumGetDateADT(PlanValue(i, 2));
		ledger->periods[i].lastDay = DatumGetDateADT(PlanValue(i, 3));
	}
}

const LedgerData *
LedgerOf(int32 companyId)
{
	LedgerData *ledger;
	PlanResult	result = KeepPlanResult();
	Datum		value = Int32GetDatum(companyId);

	if (ledgerGeneration != MasterDataGeneration())
	{
		ledgers = NULL;
		ledgerGeneration = MasterDataGeneration();
	}
	for (ledger = ledgers; ledger != NULL; ledger = ledger->next)
	{
		if (ledger->companyId == companyId)
			return ledger;
	}
	ledger = KeepMasterArray(sizeof(LedgerData), 1);
	ledger->companyId = companyId;
	LoadAccounts(ledger, value);
	ledger->rules = ReadRuleBook(value);
	LoadPeriods(ledger, value);
	LoadWords(ledger, value);
	LoadSeries(ledger, value);
	LoadTexts(ledger, value);
	(void) RunPlanLatest(&dimensionPlan, &value, NULL);
	ledger->balancing = DatumGetBool(PlanValue(0, 1));
	ledger->accountDimensions = DatumGetBool(PlanValue(0, 2));
	ledger->budgetControl = DatumGetBool(PlanValue(0, 3));
	RestorePlanResult(result);
	ledger->next = ledgers;
	ledgers = ledger;
	return ledger;
}

static int
CompareCode(const void *key, const void *element)
{
	return strcmp((const char *) key, ((const AccountInfo *) element)->code);
}

const AccountInfo *
FindAccount(int32 companyId, const char *code)
{
	const LedgerData *ledger = LedgerOf(companyId);

	return bsearch(code, ledger->accounts, ledger->accountCount, sizeof(AccountInfo), CompareCode);
}

const AccountInfo *
FindAccountById(int32 companyId, int32 accountId)
{
	const LedgerData *ledger = LedgerOf(companyId);
	const AccountInfo wanted = {.accountId = accountId};
	const AccountInfo *key = &wanted;
	const AccountInfo **found = bsearch(&key, ledger->accountsById, ledger->accountCount, sizeof(AccountInfo *), CompareAccountId);

	return found == NULL ? NULL : *found;
}

const RuleBook *
RuleBookOf(int32 companyId)
{
	return &LedgerOf(companyId)->rules;
}

bool
HasBalancingDimensions(int32 companyId)
{
	return LedgerOf(companyId)->balancing;
}

bool
HasAccountDimensions(int32 companyId)
{
	return LedgerOf(companyId)->accountDimensions;
}

bool
HasBudgetControl(int32 companyId)
{
	return LedgerOf(companyId)->budgetControl;
}

bool
FindPeriod(int32 companyId, DateADT day, int32 *periodId, DateADT *lastDay)
{
	const LedgerData *ledger = LedgerOf(companyId);
	int			low = 0;
	int			high = ledger->periodCount - 1;

	while (low <= high)
	{
		int			middle = (low + high) / 2;
		const PeriodInfo *period = &ledger->periods[middle];

		if (day < period->firstDay)
			high = middle - 1;
		else if (day > period->lastDay)
			low = middle + 1;
		else
		{
			*periodId = period->periodId;
			*lastDay = period->lastDay;
			return true;
		}
	}
	return false;
}

const VoucherWord *
VoucherWords(int32 companyId, int *count)
{
	const LedgerData *ledger = LedgerOf(companyId);

	*count = ledger->wordCount;
	return ledger->words;
}

const Series *
ImmediateSeries(int32 companyId, int *count)
{
	const LedgerData *ledger = LedgerOf(companyId);

	*count = ledger->seriesCount;
	return ledger->series;
}

const char *
VoucherTemplate(int32 companyId, VoucherOccasion occasion)
{
	return LedgerOf(companyId)->texts[occasion];
}
