#include "postgres.h"

#include "ledger/posting.h"

/*
 * The cut-off account holds what was shipped at the shipment's price and rate
 * until it is billed, and what was billed at the invoice's until it is shipped.
 * A line that clears some of it posts its own amount there; what that differs by
 * goes on to revenue, where it is the price, and to exchange differences.
 */

bool
IsBilledAhead(const DocumentLine *line)
{
	return line->role->valueSource == VALUE_INVOICE && line->named == NULL;
}

void
AddShippedAhead(const DocumentLine *line, Emission *ahead)
{
	if (line->role->valueSource != VALUE_SOLD || line->named == NULL)
		return;
	ahead->amount = AddExact(ahead->amount, MultiplyExact(line->amount, ahead->direction));
	ahead->companyAmount = AddExact(ahead->companyAmount, MultiplyExact(line->companyAmount, ahead->direction));
}

static void
EmitDifference(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line, AmountRole amountRole, int128 amount, int128 companyAmount)
{
	Emission	emission = {
		.document = line->document,
		.line = line,
		.amountRole = amountRole,
		.direction = 1,
		.currency = line->document->currency,
		.amount = amount,
		.companyAmount = companyAmount
	};

	if (amount != 0 || companyAmount != 0)
		EmitOutOf(builder, voucher, emission, AMOUNT_UNBILLED);
}

/* What of the line's amount is not of the price that it clears; in the company's currency at the rate of its document. */
static int128
PriceDifference(const VoucherBuilder *builder, const DocumentLine *line, int128 *companyAmount)
{
	int128		cleared = line->linkQuantity < 0 ? NegateExact(line->linkAmount) : line->linkAmount;
	int128		difference = SubtractExact(line->amount, cleared);
	const CurrencyInfo *currency = builder->batch->company->currency;

	*companyAmount = line->document->currency == currency ? difference :
		MultiplyRounded(difference, AMOUNT_SCALE, line->document->rate, RATE_SCALE, currency->decimals);
	return difference;
}

void
EmitCutOff(VoucherBuilder *builder, Voucher *voucher, DocumentLine *line)
{
	int128		cleared;
	int128		companyPrice;
	int128		price;
	int128		exchange;
	int128		sign;

	if (line->named == NULL || !IsOfCutOff(line->role))
		return;
	price = PriceDifference(builder, line, &companyPrice);
	cleared = line->linkQuantity < 0 ? NegateExact(line->linkCompanyAmount) : line->linkCompanyAmount;
	exchange = SubtractExact(SubtractExact(line->companyAmount, cleared), companyPrice);
	/* A shipment debits the account, an invoice and a return credit it. */
	sign = line->role->valueSource == VALUE_SOLD ? 1 : -1;
	EmitDifference(builder, voucher, line, AMOUNT_REVENUE, MultiplyExact(price, sign), MultiplyExact(companyPrice, sign));
	EmitDifference(builder, voucher, line, AMOUNT_EXCHANGE, 0, MultiplyExact(exchange, sign));
}
