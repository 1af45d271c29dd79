/* Whatever the bytes: no crash; what is accepted is within its type, and its canonical text reads back as the same value. */
#include "tap.h"

int			LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

static void
CheckRoundTrip(int128 value, int scale, int digits)
{
	char		text[FIXED_TEXT_MAX];
	int			length = FormatFixed(value, scale, text);
	int128		back;

	if (value >= PowerOfTen(digits) || value <= -PowerOfTen(digits))
		abort();
	if (ParseFixed(text, length, scale, digits, &back) != FIXED_OK || back != value)
		abort();
}

/* The first byte chooses scale and digits, the rest is the text. */
int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	int			scale;
	int			digits;
	char	   *text;
	int128		value;

	if (size == 0)
		return 0;
	scale = data[0] % 16;
	digits = scale + 1 + data[0] / 16;
	text = palloc(size - 1);
	memcpy(text, data + 1, size - 1);
	if (ParseFixed(text, (int) size - 1, scale, digits, &value) == FIXED_OK)
		CheckRoundTrip(value, scale, digits);
	ResetMemory();
	return 0;
}
