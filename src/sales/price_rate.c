#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/snapmgr.h"

#include "core/errors.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "sales/price.h"

static KeptPlan ratePlan = {
	.query = "SELECT r.rate FROM erp.exchange_rate r WHERE r.from_currency_id = $1 AND r.to_currency_id = $2 AND r.day <= $3"
	" ORDER BY r.day DESC LIMIT 1",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, DATEOID}
};

Ratio
MultiplyRatio(Ratio a, Ratio b)
{
	Ratio		result;

	if (!RatioMultiply(a, b, &result))
		ReportArithmeticOverflow("a price");
	return result;
}

Ratio
DivideRatio(Ratio a, Ratio b)
{
	Ratio		result;

	if (b.numerator == 0 || !RatioDivide(a, b, &result))
		ReportArithmeticOverflow("a price");
	return result;
}

int128
RoundRatio(Ratio value, int scale)
{
	int128		result;

	if (!RatioRound(value, scale, &result))
		ReportArithmeticOverflow("a price");
	return result;
}

int128
RoundToCurrency(Ratio value, const CurrencyInfo *currency)
{
	return MultiplyExact(RoundRatio(value, currency->decimals), PowerOfTen(AMOUNT_SCALE - currency->decimals));
}

/* One of the currency in the company's, RATE_SCALE; 0: no rate is known. */
static int128
RateOf(PriceRun *run, const CurrencyInfo *currency)
{
	RateOfCurrency *known = run->rates;
	Datum		values[3] = {Int32GetDatum(currency->currencyId), Int32GetDatum(run->company->currency->currencyId), DateADTGetDatum(run->day)};

	if (currency == run->company->currency)
		return PowerOfTen(RATE_SCALE);
	while (known != NULL && known->currency != currency)
		known = known->next;
	if (known == NULL)
	{
		known = palloc0(sizeof(RateOfCurrency));
		known->currency = currency;
		if (RunPlanAt(&ratePlan, values, NULL, GetActiveSnapshot()) > 0)
			known->rate = RateFromDatum(PlanValue(0, 1));
		known->next = run->rates;
		run->rates = known;
	}
	return known->rate;
}

static Ratio
KnownRate(PriceRun *run, const CurrencyInfo *currency)
{
	int128		rate = RateOf(run, currency);

	if (rate == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_NO_EXCHANGE_RATE),
				 errmsg("no rate from %s to %s is known on or before the day", currency->code, run->company->currency->code),
				 errdetail("A price rule begins from a list or a cost in another currency."),
				 errhint("Add the rate with erp.put_exchange_rates().")));
	return RatioOf(rate, RATE_SCALE);
}

Ratio
InCurrency(PriceRun *run, Ratio value, const CurrencyInfo *from, const CurrencyInfo *to)
{
	if (from == to)
		return value;
	return DivideRatio(MultiplyRatio(value, KnownRate(run, from)), KnownRate(run, to));
}

bool
InCompanyCurrency(PriceRun *run, int128 amount, int128 *companyAmount)
{
	int128		rate = RateOf(run, run->currency);

	*companyAmount = amount;
	if (rate != 0 && run->currency != run->company->currency)
		*companyAmount = MultiplyRounded(amount, AMOUNT_SCALE, rate, RATE_SCALE, run->company->currency->decimals);
	return rate != 0;
}
