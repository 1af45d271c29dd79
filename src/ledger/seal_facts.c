/*
 * Facts that are sealed, one kind of them after the other, read through the
 * index that they are found by: of an executor, starting it, sorting and
 * copying rows took most of the time that sealing takes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "core/document.h"
#include "core/index_probe.h"
#include "ledger/seal.h"

#define FIRST_ROOM 128

/* A column that is written. The code that was written last is mostly the next one too. */
typedef struct FactColumn
{
	SealCode   *code;
	SealText	lastCode;
	int64		lastId;
	Oid			type;
	int			number;			/* of the table's columns, from 0 */
} FactColumn;

/* A kind of facts while it is read. */
typedef struct FactReader
{
	const SealRecord *record;
	SealCodes  *codes;
	IndexProbe *probe;
	int			count;
	int			nameLength;
	AttrNumber	foundBy;		/* the column that has the id which led there */
	AttrNumber	leadsTo;		/* that which has the ids that lead on */
	FactColumn	columns[SEAL_RECORD_FIELDS];
	Datum		values[SEAL_RECORD_FIELDS];
	bool		nulls[SEAL_RECORD_FIELDS];
} FactReader;

void
AddSealId(SealIds *ids, int64 id, int document)
{
	if (ids->ids == NULL)
	{
		ids->room = FIRST_ROOM;
		ids->ids = palloc(sizeof(SealId) * ids->room);
	}
	else if (ids->count == ids->room)
	{
		ids->room *= 2;
		ids->ids = repalloc_huge(ids->ids, sizeof(SealId) * ids->room);
	}
	ids->ids[ids->count].id = id;
	ids->ids[ids->count++].document = document;
}

/* Ids of another type would be taken for what they are not. */
static void
CheckKey(const FactReader *reader)
{
	if (ProbeColumnType(reader->probe, IndexedColumn(reader->probe, 1)) != INT4OID ||
		ProbeColumnType(reader->probe, reader->foundBy) != INT8OID)
		elog(ERROR, "index %s does not begin with a company and an id", reader->record->index);
}

static void
OpenFacts(FactReader *reader)
{
	const SealRecord *record = reader->record;

	reader->probe = OpenIndexProbe("erp", record->table, record->index, PROBE_LATEST);
	reader->foundBy = IndexedColumn(reader->probe, 2);
	CheckKey(reader);
	reader->nameLength = record->name == NULL ? 0 : (int) strlen(record->name);
	if (record->idColumn != NULL)
		reader->leadsTo = ProbeColumn(reader->probe, record->idColumn);
	for (; record->fields[reader->count].column != NULL; reader->count++)
	{
		FactColumn *column = &reader->columns[reader->count];
		AttrNumber	number = ProbeColumn(reader->probe, record->fields[reader->count].column);

		column->code = record->fields[reader->count].code;
		column->number = number - 1;
		column->type = ProbeColumnType(reader->probe, number);
	}
}

static int64
WholeValue(Datum value, Oid type)
{
	return type == INT8OID ? DatumGetInt64(value) : type == INT2OID ? DatumGetInt16(value) : DatumGetInt32(value);
}

static void
AppendCode(StringInfo content, FactColumn *column, SealCodes *codes, Datum value)
{
	int64		id = WholeValue(value, column->type);

	if (column->lastCode.text == NULL || id != column->lastId)
	{
		column->lastCode = FindSealCode(codes, column->code, id);
		column->lastId = id;
	}
	AppendSealBytes(content, "\t", 1);
	AppendSealBytes(content, column->lastCode.text, column->lastCode.length);
}

/* A column that guards and constraints keep from being NULL may be so where they were taken off. */
static void
AppendFact(StringInfo content, FactReader *reader)
{
	AppendSealBytes(content, reader->record->name, reader->nameLength);
	for (int i = 0; i < reader->count; i++)
	{
		if (reader->nulls[i])
			AppendSealBytes(content, "\t" SEAL_NULL, (int) strlen("\t" SEAL_NULL));
		else if (reader->columns[i].code == NULL)
			AppendSealField(content, reader->values[i], reader->columns[i].type);
		else
			AppendCode(content, &reader->columns[i], reader->codes, reader->values[i]);
	}
	AppendSealBytes(content, "\n", 1);
}

/* One fact that an id led to. */
static void
TakeFact(FactReader *reader, TupleTableSlot *row, const SealId *id, SealIds *found, StringInfo content)
{
	const SealRecord *record = reader->record;
	bool		isNull;

	for (int i = 0; i < reader->count; i++)
	{
		reader->values[i] = row->tts_values[reader->columns[i].number];
		reader->nulls[i] = row->tts_isnull[reader->columns[i].number];
	}
	if (record->belongs != NULL && !record->belongs(reader->values, reader->nulls, id->id))
		return;
	if (record->idColumn != NULL)
		AddSealId(found, DatumGetInt64(slot_getattr(row, reader->leadsTo, &isNull)), id->document);
	if (record->name != NULL)
		AppendFact(content, reader);
}

/* How many of the ids, from the first on, follow each other without a gap: what belongs together was mostly written together. */
static int
CountRun(const SealId *ids, int count)
{
	int			run = 1;

	while (run < count && ids[run].id == ids[run - 1].id + 1)
		run++;
	return run;
}

/* The facts of a run of ids, in one reading of the index. */
static void
ReadRun(FactReader *reader, int32 companyId, const SealId *ids, int run, SealIds *found, SealedDocument *documents)
{
	Datum		company = Int32GetDatum(companyId);
	TupleTableSlot *row;

	ProbeIndexRange(reader->probe, &company, 1, Int64GetDatum(ids[0].id), Int64GetDatum(ids[run - 1].id));
	while ((row = NextProbedRow(reader->probe)) != NULL)
	{
		const SealId *id;

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(row);
		id = &ids[DatumGetInt64(row->tts_values[reader->foundBy - 1]) - ids[0].id];
		TakeFact(reader, row, id, found, &documents[id->document].content);
	}
}

/* With the latest snapshot: what is sealed has been committed, or is this transaction's, and whoever seals under an older one must see it. */
void
ReadSealedFacts(const SealRecord *record, SealCodes *codes, int32 companyId, const SealIds *ids, SealIds *found,
				SealedDocument *documents)
{
	FactReader	reader = {.record = record, .codes = codes};

	if (ids->count == 0)
		return;
	OpenFacts(&reader);
	for (int i = 0, run; i < ids->count; i += run)
	{
		run = CountRun(&ids->ids[i], ids->count - i);
		ReadRun(&reader, companyId, &ids->ids[i], run, found, documents);
	}
	CloseIndexProbe(reader.probe);
}
