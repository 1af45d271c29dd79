/* Check digits of identifiers: worked examples, and what one changed digit does. */
#include "tap.h"

#include "core/check_digits.h"

typedef struct Example
{
	const char *scheme;
	const char *value;
	IdentifierVerdict verdict;
} Example;

static const Example examples[] = {
	{"uscc", "91440300708461136T", IDENTIFIER_GOOD},
	{"uscc", "91110000600037341L", IDENTIFIER_GOOD},
	{"uscc", "91310000MA1FL3LJ3M", IDENTIFIER_WRONG_DIGIT},
	{"uscc", "914403007084611360", IDENTIFIER_WRONG_DIGIT},
	{"uscc", "9144030070846113T", IDENTIFIER_MALFORMED},
	{"uscc", "91440300708461136TT", IDENTIFIER_MALFORMED},
	{"uscc", "A1440300708461136T", IDENTIFIER_MALFORMED},
	{"uscc", "91440300I08461136T", IDENTIFIER_MALFORMED},
	{"uscc", "91440300708461136t", IDENTIFIER_MALFORMED},
	{"uscc", "", IDENTIFIER_MALFORMED},
	{"vat", "DE136695976", IDENTIFIER_GOOD},
	{"vat", "DE136695978", IDENTIFIER_WRONG_DIGIT},
	{"vat", "DE036695976", IDENTIFIER_MALFORMED},
	{"vat", "DE13669597", IDENTIFIER_MALFORMED},
	{"vat", "GB980780684", IDENTIFIER_GOOD},
	{"vat", "GB980780685", IDENTIFIER_WRONG_DIGIT},
	{"vat", "GB980780684001", IDENTIFIER_GOOD},
	{"vat", "GB98078068400", IDENTIFIER_MALFORMED},
	{"vat", "XI980780684", IDENTIFIER_GOOD},
	/* 9 x 7 + 9 x 6 = 117: with 7 x 10 + 7 it is 2 x 97; with 2 x 10 + 2 it is 97 + 42, which is good from 100 on: 8 + 117 + 10 + 4 */
	{"vat", "GB099000077", IDENTIFIER_GOOD},
	{"vat", "GB099000022", IDENTIFIER_WRONG_DIGIT},
	{"vat", "GB199000014", IDENTIFIER_GOOD},
	{"vat", "BE0428759497", IDENTIFIER_GOOD},
	{"vat", "BE0428759496", IDENTIFIER_WRONG_DIGIT},
	{"vat", "BE2428759497", IDENTIFIER_MALFORMED},
	{"vat", "IT00743110157", IDENTIFIER_GOOD},
	{"vat", "IT00743110158", IDENTIFIER_WRONG_DIGIT},
	{"vat", "ATU13585627", IDENTIFIER_GOOD},
	{"vat", "ATU13585626", IDENTIFIER_WRONG_DIGIT},
	{"vat", "AT13585627", IDENTIFIER_MALFORMED},
	{"vat", "PL8567346215", IDENTIFIER_GOOD},
	{"vat", "PL8567346216", IDENTIFIER_WRONG_DIGIT},
	{"vat", "DK13585628", IDENTIFIER_GOOD},
	{"vat", "DK13585627", IDENTIFIER_WRONG_DIGIT},
	{"vat", "DK03585628", IDENTIFIER_MALFORMED},
	{"vat", "IE6433435F", IDENTIFIER_GOOD},
	{"vat", "IE6433435E", IDENTIFIER_WRONG_DIGIT},
	{"vat", "IE6433435OA", IDENTIFIER_GOOD},
	{"vat", "IE6433435FA", IDENTIFIER_WRONG_DIGIT},
	{"vat", "IE8D79739I", IDENTIFIER_GOOD},
	{"vat", "IE8D79739J", IDENTIFIER_WRONG_DIGIT},
	{"vat", "IE6433435", IDENTIFIER_MALFORMED},
	{"vat", "IE6433435FZ", IDENTIFIER_MALFORMED},
	{"vat", "IE8D79739IA", IDENTIFIER_MALFORMED},
	{"vat", "PT501964843", IDENTIFIER_GOOD},
	{"vat", "PT501964842", IDENTIFIER_WRONG_DIGIT},
	{"vat", "NL4495445B01", IDENTIFIER_GOOD},
	{"vat", "N", IDENTIFIER_MALFORMED},
	{"vat", "", IDENTIFIER_MALFORMED},
	{"vat", "136695976", IDENTIFIER_MALFORMED},
	{"vat", "FR", IDENTIFIER_MALFORMED},
	{"vat", "FR40-303265045", IDENTIFIER_MALFORMED},
	{"duns", "anything", IDENTIFIER_GOOD}
};

/* Numbers whose scheme finds every single digit that is wrong. */
static const Example sensitive[] = {
	{"uscc", "91440300708461136T", IDENTIFIER_GOOD},
	{"vat", "DE136695976", IDENTIFIER_GOOD},
	{"vat", "BE0428759497", IDENTIFIER_GOOD},
	{"vat", "IT00743110157", IDENTIFIER_GOOD},
	{"vat", "ATU13585627", IDENTIFIER_GOOD},
	{"vat", "PL8567346215", IDENTIFIER_GOOD},
	{"vat", "DK13585628", IDENTIFIER_GOOD},
	{"vat", "IE6433435F", IDENTIFIER_GOOD}
};

static void
CheckExamples(void)
{
	for (int i = 0; i < (int) lengthof(examples); i++)
	{
		const Example *example = &examples[i];

		Ok(CheckIdentifier(example->scheme, example->value) == example->verdict, "%s \"%s\" is %s", example->scheme, example->value,
		   example->verdict == IDENTIFIER_GOOD ? "good" : example->verdict == IDENTIFIER_MALFORMED ? "malformed" : "of a wrong digit");
	}
}

static void
CheckSingleErrors(void)
{
	BeginProperty("one digit that is another is always found");
	for (int i = 0; i < (int) lengthof(sensitive); i++)
	{
		char		value[32];

		strlcpy(value, sensitive[i].value, sizeof(value));
		for (char *place = value; *place != '\0'; place++)
		{
			char		was = *place;

			for (char digit = '0'; was >= '0' && was <= '9' && digit <= '9'; digit++)
			{
				*place = digit;
				CountCase();
				if ((CheckIdentifier(sensitive[i].scheme, value) == IDENTIFIER_GOOD) != (digit == was))
					FailCase("%s %s", sensitive[i].scheme, value);
			}
			*place = was;
		}
	}
	EndProperty();
}

int
main(void)
{
	CheckExamples();
	CheckSingleErrors();
	return Finish();
}
