/*
 * Verifies a journal that erp.export_journal() wrote, without a database.
 *     verify_journal [HEAD] < journal
 * HEAD is the hash that the journal must end with, as erp.seal_head() told it.
 * Prints OK with the count and the head, exit code 0; or BAD with the first
 * position that does not hold, exit code 1.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/evp.h>

#define HASH_BYTES 32
#define HASH_DIGITS (2 * HASH_BYTES)
#define CONTENT_FORM "seal 3\t"
#define NUMBER_RECORD "assigned_number\t"
#define NUMBER_FIELDS 3			/* that say which it is: series, scope, number */
#define FIELDS 4

/* What of the journal has been read. */
typedef struct Journal
{
	long long	line;
	long long	first;
	long long	last;			/* 0: nothing yet */
	char	   *company;		/* as it stands in the contents */
	json_t	   *numbers;		/* those that were given: position by series, scope and number */
	char		head[HASH_DIGITS + 1];
} Journal;

/* One line: a document that is sealed. */
typedef struct Sealed
{
	json_int_t	position;
	const char *previousHash;
	const char *hash;
	const char *content;
	size_t		contentLength;
} Sealed;

static void bad(const char *place, long long number, const char *format,...) __attribute__((noreturn, format(printf, 3, 4)));

static void
bad(const char *place, long long number, const char *format,...)
{
	va_list		arguments;

	printf("BAD: %s %lld: ", place, number);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	exit(1);
}

static int
digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* False unless text is a hash in lower-case hexadecimal. */
static bool
read_hash(const char *text, unsigned char *hash)
{
	if (strlen(text) != HASH_DIGITS)
		return false;
	for (int i = 0; i < HASH_BYTES; i++)
	{
		int			high = digit_value(text[2 * i]);
		int			low = digit_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		hash[i] = (unsigned char) (high * 16 + low);
	}
	return true;
}

static void
write_hash(const unsigned char *hash, char *text)
{
	for (int i = 0; i < HASH_BYTES; i++)
		sprintf(text + 2 * i, "%02x", hash[i]);
}

/* SHA-256 of the previous hash and the content. */
static void
hash_link(const unsigned char *previous, const Sealed *sealed, char *text)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1 ||
		EVP_DigestUpdate(context, previous, HASH_BYTES) != 1 ||
		EVP_DigestUpdate(context, sealed->content, sealed->contentLength) != 1 ||
		EVP_DigestFinal_ex(context, hash, NULL) != 1)
	{
		fputs("verify_journal: SHA-256 failed\n", stderr);
		exit(1);
	}
	EVP_MD_CTX_free(context);
	write_hash(hash, text);
}

static const json_t *
string_field(const Journal *journal, const json_t *object, const char *name)
{
	const json_t *field = json_object_get(object, name);

	if (!json_is_string(field))
		bad("line", journal->line, "\"%s\" is no text", name);
	return field;
}

static Sealed
read_sealed(const Journal *journal, const json_t *object)
{
	const json_t *position = json_object_get(object, "position");
	const json_t *content;
	Sealed		sealed;

	if (!json_is_object(object) || json_object_size(object) != FIELDS)
		bad("line", journal->line, "no object of position, previous_hash, hash and content");
	if (!json_is_integer(position) || json_integer_value(position) < 1)
		bad("line", journal->line, "\"position\" is no positive integer");
	content = string_field(journal, object, "content");
	sealed.position = json_integer_value(position);
	sealed.previousHash = json_string_value(string_field(journal, object, "previous_hash"));
	sealed.hash = json_string_value(string_field(journal, object, "hash"));
	sealed.content = json_string_value(content);
	sealed.contentLength = json_string_length(content);
	return sealed;
}

static void
check_position(Journal *journal, const Sealed *sealed)
{
	long long	expected = journal->last + 1;

	if (journal->last == 0)
		journal->first = sealed->position;
	else if (sealed->position > expected)
		bad("position", expected, "missing position");
	else if (sealed->position < expected)
		bad("position", sealed->position, "stands behind position %lld", journal->last);
}

static void
check_company(Journal *journal, const Sealed *sealed, const char *company, size_t length)
{
	if (journal->company == NULL)
	{
		journal->company = strndup(company, length);
		if (journal->company == NULL)
			bad("line", journal->line, "out of memory");
	}
	else if (strlen(journal->company) != length || strncmp(journal->company, company, length) != 0)
		bad("position", sealed->position, "the content is that of another company");
}

/* The content says itself whose it is and where it stands. */
static void
check_content(Journal *journal, const Sealed *sealed)
{
	const char *company = sealed->content + strlen(CONTENT_FORM);
	const char *end = NULL;
	char		position[32];

	if (strncmp(sealed->content, CONTENT_FORM, strlen(CONTENT_FORM)) == 0)
		end = strchr(company, '\t');
	if (end == NULL)
		bad("position", sealed->position, "the content is not of a known form");
	snprintf(position, sizeof position, "\t%lld\t", (long long) sealed->position);
	if (strncmp(end, position, strlen(position)) != 0)
		bad("position", sealed->position, "the content is that of another position");
	check_company(journal, sealed, company, (size_t) (end - company));
}

/* A number of a series and scope is given once. */
static void
check_number(Journal *journal, const Sealed *sealed, const char *record)
{
	const char *end = record;
	char		key[512];
	const json_t *before;

	for (int i = 0; i < NUMBER_FIELDS; i++)
	{
		end += i > 0;
		end += strcspn(end, "\t\n");
		if (*end != '\t' || end - record >= (long) sizeof key)
			bad("position", sealed->position, "a number is not of a known form");
	}
	memcpy(key, record, (size_t) (end - record));
	key[end - record] = '\0';
	before = json_object_get(journal->numbers, key);
	if (before != NULL)
		bad("position", sealed->position, "a number that was given at position %lld is given again", (long long) json_integer_value(before));
	if (json_object_set_new(journal->numbers, key, json_integer(sealed->position)) != 0)
		bad("position", sealed->position, "a number is no text, or memory is out");
}

static void
check_numbers(Journal *journal, const Sealed *sealed)
{
	for (const char *record = strchr(sealed->content, '\n'); record != NULL; record = strchr(record + 1, '\n'))
	{
		if (strncmp(record + 1, NUMBER_RECORD, strlen(NUMBER_RECORD)) == 0)
			check_number(journal, sealed, record + 1 + strlen(NUMBER_RECORD));
	}
}

static void
check_link(const Journal *journal, const Sealed *sealed)
{
	unsigned char previous[HASH_BYTES];
	unsigned char hash[HASH_BYTES];
	char		derived[HASH_DIGITS + 1];

	if (!read_hash(sealed->previousHash, previous) || !read_hash(sealed->hash, hash))
		bad("position", sealed->position, "malformed hash");
	if (sealed->position == 1 ? strspn(sealed->previousHash, "0") != HASH_DIGITS
		: journal->last != 0 && strcmp(sealed->previousHash, journal->head) != 0)
		bad("position", sealed->position, "broken link: %s is not the hash before it", sealed->previousHash);
	hash_link(previous, sealed, derived);
	if (strcmp(derived, sealed->hash) != 0)
		bad("position", sealed->position, "altered content: its hash is %s, not %s", derived, sealed->hash);
}

static void
verify_line(Journal *journal, const char *text, size_t length)
{
	json_error_t error;
	json_t	   *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	Sealed		sealed;

	journal->line++;
	if (object == NULL)
		bad("line", journal->line, "no JSON: %s", error.text);
	sealed = read_sealed(journal, object);
	check_position(journal, &sealed);
	check_content(journal, &sealed);
	check_link(journal, &sealed);
	check_numbers(journal, &sealed);
	journal->last = sealed.position;
	memcpy(journal->head, sealed.hash, sizeof journal->head);
	json_decref(object);
}

static void
read_journal(Journal *journal)
{
	char	   *text = NULL;
	size_t		room = 0;
	ssize_t		length;

	while ((length = getline(&text, &room, stdin)) > 0)
		verify_line(journal, text, (size_t) length);
	free(text);
	if (ferror(stdin))
		bad("line", journal->line + 1, "cannot be read: %s", strerror(errno));
	if (journal->last == 0)
		bad("line", 1, "there is no document");
}

int
main(int argumentCount, char **arguments)
{
	Journal		journal = {0};
	unsigned char head[HASH_BYTES];

	if (argumentCount > 2 || (argumentCount == 2 && !read_hash(arguments[1], head)))
	{
		fputs("usage: verify_journal [HEAD] < journal\nHEAD is a hash of 64 digits 0-9 and a-f.\n", stderr);
		return 1;
	}
	journal.numbers = json_object();
	read_journal(&journal);
	if (argumentCount == 2 && strcmp(journal.head, arguments[1]) != 0)
		bad("position", journal.last, "the head is %s, not %s", journal.head, arguments[1]);
	printf("OK: %lld documents, positions %lld to %lld, head %s\n", journal.last - journal.first + 1, journal.first, journal.last,
		   journal.head);
	json_decref(journal.numbers);
	free(journal.company);
	return 0;
}
