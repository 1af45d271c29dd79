#include "year.h"

#include <string.h>

#include "csv_read.h"
#include "memory.h"

typedef enum Column
{
	INVOICE_NO,
	STOCK_CODE,
	QUANTITY,
	INVOICE_TIME,
	UNIT_PRICE,
	CUSTOMER_ID,
	COUNTRY,
	COLUMN_COUNT
} Column;

static const char *const columnNames[COLUMN_COUNT] = {
	"invoice_no", "stock_code", "quantity", "invoice_time", "unit_price", "customer_id", "country"
};

static bool
FieldIs(CsvField field, const char *text)
{
	return field.length == strlen(text) && memcmp(field.text, text, field.length) == 0;
}

/* Where the header has each column. */
static void
ReadHeader(CsvReader *reader, int *columns)
{
	if (!CsvNext(reader))
		CsvFail(reader, "the file is empty");
	for (int c = 0; c < COLUMN_COUNT; c++)
	{
		columns[c] = -1;
		for (int i = 0; i < reader->fieldCount; i++)
		{
			if (FieldIs(reader->fields[i], columnNames[c]))
				columns[c] = i;
		}
		if (columns[c] < 0)
			CsvFail(reader, "the header lacks a column");
	}
}

static inline bool
IsDigit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* A decimal number with at most `decimals` digits after the point, scaled by 10^decimals. */
static int64_t
ReadDecimal(const CsvReader *reader, CsvField field, int decimals)
{
	const char *at = field.text;
	const char *end = at + field.length;
	bool		isNegative = at < end && *at == '-';
	int			digits = 0;
	int			after = -1;		/* digits after the point, -1 before it */
	int64_t		value = 0;

	if (at < end && (*at == '-' || *at == '+'))
		at++;
	for (; at < end; at++)
	{
		if (*at == '.' && after < 0 && decimals > 0)
		{
			after = 0;
			continue;
		}
		if (!IsDigit(*at))
			CsvFail(reader, "not a number");
		if (++digits > MAX_DIGITS || after == decimals)
			CsvFail(reader, "too many digits");
		value = value * 10 + (*at - '0');
		after += after >= 0;
	}
	if (digits == 0)
		CsvFail(reader, "not a number");
	for (int i = after < 0 ? 0 : after; i < decimals; i++)
	{
		if (++digits > MAX_DIGITS)
			CsvFail(reader, "too many digits");
		value *= 10;
	}
	return isNegative ? -value : value;
}

/* A time written YYYY-MM-DD HH:MM:SS, as the number yyyymmddhhmmss. */
static int64_t
ReadTime(const CsvReader *reader, CsvField field)
{
	static const char form[] = "dddd-dd-dd dd:dd:dd";
	int64_t		value = 0;

	if (field.length != sizeof(form) - 1)
		CsvFail(reader, "not a time of the form YYYY-MM-DD HH:MM:SS");
	for (size_t i = 0; i < field.length; i++)
	{
		if (form[i] == 'd' ? !IsDigit(field.text[i]) : field.text[i] != form[i])
			CsvFail(reader, "not a time of the form YYYY-MM-DD HH:MM:SS");
		if (form[i] == 'd')
			value = value * 10 + (field.text[i] - '0');
	}
	return value;
}

static DocumentKind
KindOf(CsvField invoice)
{
	if (invoice.length > 0 && invoice.text[0] == 'A')
		return BAD_DEBT;
	if (invoice.length > 0 && invoice.text[0] == 'C')
		return CREDIT_NOTE;
	return INVOICE;
}

/* The document of the record, made from it when this is its first line. */
static uint32_t
DocumentOf(Year *year, const CsvReader *reader, const int *columns)
{
	CsvField	invoice = reader->fields[columns[INVOICE_NO]];
	CsvField	customer = reader->fields[columns[CUSTOMER_ID]];
	bool		isNew;
	uint32_t	number = NameNumber(&year->invoiceNames, invoice.text, invoice.length, &isNew);
	Document   *document;

	if (!isNew)
		return number;
	if (number >= year->documentSize)
		year->documents = GrowArray(year->documents, &year->documentSize, sizeof(Document));
	document = &year->documents[number];
	memset(document, 0, sizeof(*document));
	document->kind = KindOf(invoice);
	document->time = ReadTime(reader, reader->fields[columns[INVOICE_TIME]]);
	document->hasCustomer = customer.length > 0;
	document->customer = NameNumber(&year->customerNames, customer.text, customer.length, &isNew);
	document->isDomestic = FieldIs(reader->fields[columns[COUNTRY]], "United Kingdom");
	return number;
}

static uint32_t
ItemOf(Year *year, CsvField code)
{
	bool		isNew;
	uint32_t	number = NameNumber(&year->itemNames, code.text, code.length, &isNew);

	if (!isNew)
		return number;
	if (number >= year->itemSize)
		year->items = GrowArray(year->items, &year->itemSize, sizeof(Item));
	year->items[number].isStock = code.length >= 5;
	for (int i = 0; i < 5 && year->items[number].isStock; i++)
		year->items[number].isStock = IsDigit(code.text[i]);
	year->items[number].basePrice = PRICE_ONE;
	return number;
}

static void
ReadLine(Year *year, const CsvReader *reader, const int *columns)
{
	Line	   *line;

	for (int c = 0; c < COLUMN_COUNT; c++)
	{
		if (columns[c] >= reader->fieldCount)
			CsvFail(reader, "a column is missing");
	}
	if (year->lineCount == UINT32_MAX)
		CsvFail(reader, "too many lines");
	if (year->lineCount == year->lineSize)
		year->lines = GrowArray(year->lines, &year->lineSize, sizeof(Line));
	line = &year->lines[year->lineCount++];
	line->document = DocumentOf(year, reader, columns);
	line->item = ItemOf(year, reader->fields[columns[STOCK_CODE]]);
	line->quantity = ReadDecimal(reader, reader->fields[columns[QUANTITY]], 0);
	line->price = ReadDecimal(reader, reader->fields[columns[UNIT_PRICE]], PRICE_DECIMALS);
	year->documents[line->document].lineCount++;
}

Year *
ReadYear(const char *path)
{
	Year	   *year = AllocateZeroed(1, sizeof(Year));
	CsvReader  *reader = CsvOpen(path);
	int			columns[COLUMN_COUNT];

	ReadHeader(reader, columns);
	while (CsvNext(reader))
		ReadLine(year, reader, columns);
	CsvClose(reader);
	return year;
}
