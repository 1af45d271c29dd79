#include "name_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* FNV-1a, then mixed so that its low bits may choose a slot. */
uint64_t
HashBytes(const char *bytes, size_t length)
{
	uint64_t	hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char) bytes[i]) * UINT64_C(1099511628211);
	return hash ^ (hash >> 32);
}

/* The slot where the name is or belongs. */
static uint32_t *
FindSlot(const NameTable *table, uint64_t hash, const char *name, size_t length)
{
	size_t		at = hash & (table->slotCount - 1);

	for (;; at = (at + 1) & (table->slotCount - 1))
	{
		uint32_t   *slot = &table->slots[at];
		const NameEntry *entry;

		if (*slot == 0)
			return slot;
		entry = &table->entries[*slot - 1];
		if (entry->hash == hash && entry->length == length &&
			(length == 0 || memcmp(table->text + entry->offset, name, length) == 0))
			return slot;
	}
}

/* Keeps at least half of the slots free. */
static void
MakeSlots(NameTable *table)
{
	if (table->slotCount > table->count * 2)
		return;
	table->slotCount = table->slotCount == 0 ? 1024 : table->slotCount * 4;
	free(table->slots);
	table->slots = AllocateZeroed(table->slotCount, sizeof(uint32_t));
	for (size_t i = 0; i < table->count; i++)
	{
		size_t		at = table->entries[i].hash & (table->slotCount - 1);

		while (table->slots[at] != 0)
			at = (at + 1) & (table->slotCount - 1);
		table->slots[at] = (uint32_t) (i + 1);
	}
}

static void
AppendName(NameTable *table, uint64_t hash, const char *name, size_t length)
{
	NameEntry  *entry;

	if (table->count == table->size)
		table->entries = GrowArray(table->entries, &table->size, sizeof(NameEntry));
	while (table->textSize - table->textUsed < length)
		table->text = GrowArray(table->text, &table->textSize, 1);
	entry = &table->entries[table->count++];
	entry->hash = hash;
	entry->offset = table->textUsed;
	entry->length = length;
	if (length > 0)
		memcpy(table->text + table->textUsed, name, length);
	table->textUsed += length;
}

uint32_t
NameNumber(NameTable *table, const char *name, size_t length, bool *isNew)
{
	uint64_t	hash = HashBytes(name, length);
	uint32_t   *slot;

	MakeSlots(table);
	slot = FindSlot(table, hash, name, length);
	*isNew = *slot == 0;
	if (*isNew)
	{
		if (table->count >= UINT32_MAX - 1)
		{
			fprintf(stderr, "too many names\n");
			exit(1);
		}
		AppendName(table, hash, name, length);
		*slot = (uint32_t) table->count;
	}
	return *slot - 1;
}
