/*
 * Check digits of the identifiers of parties: the unified social credit code
 * of China (GB 32100) and value added tax numbers. Needs no server.
 */
#ifndef ERP_CHECK_DIGITS_H
#define ERP_CHECK_DIGITS_H

#include "core/compat.h"

typedef enum IdentifierVerdict
{
	IDENTIFIER_GOOD,			/* or of a scheme, or a country, without check digits here */
	IDENTIFIER_MALFORMED,		/* other characters, or more or fewer, than the scheme has */
	IDENTIFIER_WRONG_DIGIT
} IdentifierVerdict;

#define SCHEME_USCC "uscc"
#define SCHEME_VAT "vat"

/*
 * The verdict on an identifier, in capitals and without spaces or separators:
 * of scheme "uscc" the 18 characters, of "vat" the two letters of the country
 * and its number; whatever another scheme says is good.
 */
extern IdentifierVerdict CheckIdentifier(const char *scheme, const char *value);

#endif
