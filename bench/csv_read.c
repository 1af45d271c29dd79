#include "csv_read.h"

#include <stdlib.h>
#include <unistd.h>

#include "memory.h"

void
CsvFail(const CsvReader *reader, const char *problem)
{
	fprintf(stderr, "line %ld: %s\n", reader->line, problem);
	exit(1);
}

/* Whether the file at standard input begins as gzip's do; leaves it at its start. */
static bool
IsGzip(void)
{
	unsigned char magic[2];

	return pread(STDIN_FILENO, magic, sizeof(magic), 0) == (ssize_t) sizeof(magic) &&
		magic[0] == 0x1f && magic[1] == 0x8b;
}

CsvReader *
CsvOpen(const char *path)
{
	CsvReader  *reader = AllocateZeroed(1, sizeof(CsvReader));

	/* gzip inherits the file as its standard input, so no name passes through a shell */
	if (freopen(path, "rb", stdin) == NULL)
	{
		perror(path);
		exit(1);
	}
	reader->isPipe = IsGzip();
	reader->input = reader->isPipe ? popen("exec gzip -dc", "r") : stdin;
	if (reader->input == NULL)
	{
		perror("gzip");
		exit(1);
	}
	reader->nextLine = 1;
	return reader;
}

void
CsvClose(CsvReader *reader)
{
	if (reader->isPipe && pclose(reader->input) != 0)
		CsvFail(reader, "gzip could not read the file");
	free(reader->record);
	free(reader);
}

/* The next byte, or EOF. */
static inline int
NextByte(CsvReader *reader)
{
	if (reader->bufferNext == reader->bufferUsed)
	{
		reader->bufferUsed = fread(reader->buffer, 1, CSV_BUFFER_SIZE, reader->input);
		reader->bufferNext = 0;
		if (reader->bufferUsed == 0)
			return EOF;
	}
	return (unsigned char) reader->buffer[reader->bufferNext++];
}

static inline void
AppendByte(CsvReader *reader, int byte)
{
	if (reader->recordUsed == reader->recordSize)
		reader->record = GrowArray(reader->record, &reader->recordSize, 1);
	reader->record[reader->recordUsed++] = (char) byte;
}

static void
StartField(CsvReader *reader)
{
	if (reader->fieldCount == CSV_MAX_FIELDS)
		CsvFail(reader, "too many fields");
	reader->start[reader->fieldCount++] = reader->recordUsed;
}

/* Reads the rest of a quoted field, its opening quote consumed; returns the byte after it. */
static int
ReadQuoted(CsvReader *reader)
{
	for (;;)
	{
		int			byte = NextByte(reader);

		if (byte == EOF)
			CsvFail(reader, "a quoted field does not end");
		if (byte == '"')
		{
			byte = NextByte(reader);
			if (byte != '"')
				return byte;
		}
		else if (byte == '\n')
			reader->nextLine++;
		AppendByte(reader, byte);
	}
}

/* Reads one field and returns the byte that ended it: ',', '\n' or EOF. */
static int
ReadField(CsvReader *reader, int byte)
{
	size_t		start = reader->recordUsed;

	StartField(reader);
	while (byte != ',' && byte != '\n' && byte != EOF)
	{
		if (byte == '"' && reader->recordUsed == start)
			byte = ReadQuoted(reader);
		else
		{
			AppendByte(reader, byte);
			byte = NextByte(reader);
		}
	}
	return byte;
}

static inline bool
IsBlank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static CsvField
Trimmed(const char *start, const char *end)
{
	CsvField	field;

	while (start < end && IsBlank(*start))
		start++;
	while (end > start && IsBlank(end[-1]))
		end--;
	field.text = start;
	field.length = (size_t) (end - start);
	return field;
}

/* Points the fields into the record, once it stopped moving. */
static void
LocateFields(CsvReader *reader)
{
	for (int i = 0; i < reader->fieldCount; i++)
	{
		size_t		end = i + 1 < reader->fieldCount ? reader->start[i + 1] : reader->recordUsed;

		reader->fields[i] = Trimmed(reader->record + reader->start[i], reader->record + end);
	}
}

/* Reads a record whatever it holds; false at the end of the file. */
static bool
ReadRecord(CsvReader *reader)
{
	int			byte = NextByte(reader);

	reader->recordUsed = 0;
	reader->fieldCount = 0;
	reader->line = reader->nextLine;
	if (byte == EOF)
		return false;
	while ((byte = ReadField(reader, byte)) == ',')
		byte = NextByte(reader);
	reader->nextLine++;

	/* the line may have ended with CR LF */
	if (reader->recordUsed > reader->start[reader->fieldCount - 1] &&
		reader->record[reader->recordUsed - 1] == '\r')
		reader->recordUsed--;
	LocateFields(reader);
	return true;
}

bool
CsvNext(CsvReader *reader)
{
	while (ReadRecord(reader))
	{
		if (reader->fieldCount > 1 || reader->fields[0].length > 0)
			return true;
	}
	return false;
}
