#include "postgres.h"

#include "utils/builtins.h"

#include "core/fact_words.h"

typedef struct FactWord
{
	char	   *text;
	int			length;
	int32		value;
} FactWord;

struct FactWords
{
	FactWord   *words;
	int			count;
	int			last;			/* that was found */
};

static void
ReadWord(void *state, const FactRow *row)
{
	FactWords  *words = state;
	FactWord   *word;

	words->words = words->words == NULL ? palloc(sizeof(FactWord)) : repalloc(words->words, sizeof(FactWord) * (words->count + 1));
	word = &words->words[words->count++];
	word->text = TextDatumGetCString(row->values[0]);
	word->length = (int) strlen(word->text);
	word->value = RowInt32(row, 1);
}

FactWords *
ReadWords(FactCheck *check, const char *query)
{
	FactWords  *words = palloc0(sizeof(FactWords));

	ReadFacts(check, query, ReadWord, words);
	return words;
}

/* The number of the word, or -1. */
static int
SeekWord(const FactWords *words, const char *text, int length)
{
	for (int i = 0, number = words->last; i < words->count; i++, number++)
	{
		if (number == words->count)
			number = 0;
		if (words->words[number].length == length && memcmp(words->words[number].text, text, length) == 0)
			return number;
	}
	return -1;
}

bool
FindWord(FactWords *words, const FactRow *row, int column, int32 *value)
{
	struct varlena *text;
	int			number;

	if (row->nulls[column])
		return false;
	text = PG_DETOAST_DATUM_PACKED(row->values[column]);
	number = SeekWord(words, VARDATA_ANY(text), (int) VARSIZE_ANY_EXHDR(text));
	if ((Pointer) text != DatumGetPointer(row->values[column]))
		pfree(text);
	if (number < 0)
		return false;
	words->last = number;
	*value = words->words[number].value;
	return true;
}
