/*
 * What the integrity checks in C share: facts read row by row, the master data
 * that they refer to, and the report.
 *
 * A check reads each table once and keeps what it must compare in maps by key.
 * Books too large for that are read several times, a slice of the keys each
 * time: memory is that of a slice.
 */
#ifndef ERP_FACT_CHECK_H
#define ERP_FACT_CHECK_H

#include "core/fact_map.h"
#include "core/mix_bits.h"
#include "core/money.h"
#include "fmgr.h"
#include "nodes/execnodes.h"
#include "utils/date.h"

/* One row of master data. What value is, each query says. */
typedef struct MasterEntry
{
	FactKey		key;
	int32		value;
	const char *code;
} MasterEntry;

typedef struct FactCheck
{
	ReturnSetInfo *result;
	MemoryContext context;		/* of one slice */
	MemoryContext whole;		/* of all slices */
	void	   *kept;			/* by the checker, there, from slice to slice; NULL at first */
	int			slice;
	int			slices;
	FactMap    *companies;		/* by id; value: decimals of its currency */
	FactMap    *currencies;		/* by id; value: decimals */
	int64		unmatched;		/* facts whose partner was not of the slice, over all slices */
} FactCheck;

/* A row of a query, valid while it is read. Columns count from 0. */
typedef struct FactRow
{
	const Datum *values;
	const bool *nulls;
} FactRow;

typedef void (*FactReader) (void *state, const FactRow *row);

/* Checks the facts of one slice of the keys. */
typedef void (*SliceChecker) (FactCheck *check);

/*
 * The body of a set-returning check function: rows (check_name, company,
 * object, detail). Calls checkSlice once a slice; sizeQuery tells how many
 * bytes of facts there are.
 */
extern Datum RunFactCheck(FunctionCallInfo fcinfo, const char *sizeQuery, SliceChecker checkSlice);

/* True if what has this key is of the slice that is being checked. */
static inline bool
InSlice(const FactCheck *check, int64 id)
{
	/* The upper half of the hash as a fraction, in place of a division. */
	return check->slices == 1 || ((MixBits((uint64) id) >> 32) * (uint64) check->slices) >> 32 == (uint64) check->slice;
}

/*
 * Runs a query of constant text and hands each row to the reader; what that
 * allocates lives as long as the slice. Returns how many rows there were.
 */
extern uint64 ReadFacts(FactCheck *check, const char *query, FactReader read, void *state);

/*
 * The same for the columns of all rows of a table of schema erp, without a query and without taking apart what was not
 * asked for: what is large is read in a fraction of the time. A value that is stored out of line or compressed is handed
 * over as it is stored. What the reader allocates lives as long as the memory context of the caller.
 */
extern uint64 ReadTable(const char *table, const char *const *columns, int count, FactReader read, void *state);

/* Master data by key. The query's columns: company_id, id (bigint), value (integer), code (text or NULL). */
extern FactMap *ReadMaster(FactCheck *check, const char *query);

/* Columns of a row. A missing number is 0, which nothing refers to; a missing day lies before all others. */
static inline int16
RowInt16(const FactRow *row, int column)
{
	return row->nulls[column] ? 0 : DatumGetInt16(row->values[column]);
}

static inline int32
RowInt32(const FactRow *row, int column)
{
	return row->nulls[column] ? 0 : DatumGetInt32(row->values[column]);
}

static inline int64
RowInt64(const FactRow *row, int column)
{
	return row->nulls[column] ? 0 : DatumGetInt64(row->values[column]);
}

static inline DateADT
RowDay(const FactRow *row, int column)
{
	return row->nulls[column] ? DATEVAL_NOBEGIN : DatumGetDateADT(row->values[column]);
}

static inline bool
RowBool(const FactRow *row, int column)
{
	return !row->nulls[column] && DatumGetBool(row->values[column]);
}

/* True if the text is this word. */
static inline bool
RowIs(const FactRow *row, int column, const char *word)
{
	const struct varlena *text = (const struct varlena *) DatumGetPointer(row->values[column]);
	size_t		length = strlen(word);

	return !row->nulls[column] && VARSIZE_ANY_EXHDR(text) == length && memcmp(VARDATA_ANY(text), word, length) == 0;
}

/* The text, for a report or as a key; "null" for none. In the current memory context. */
extern char *RowText(const FactRow *row, int column);

/* The value at `scale`; 0 and *bad, else left as it is, for no number that the books can hold (NULL, NaN, infinity, further decimals). */
extern int128 RowFixed(const FactRow *row, int column, int scale, bool *bad);

#define RowAmount(row, column, bad) RowFixed((row), (column), AMOUNT_SCALE, (bad))
#define RowQuantity(row, column, bad) RowFixed((row), (column), QUANTITY_SCALE, (bad))

/* How reports say so. */
#define NO_NUMBER "has an amount or a quantity that is no number of the books"

/* True if an amount has no more decimals than that; any may be given. */
extern bool HasDecimals(int128 amount, int decimals);

/* How many decimals the company's currency has, AMOUNT_SCALE if it is unknown. */
extern int	CompanyDecimals(const FactCheck *check, int32 companyId);

/* One row of the report; company 0: none. */
extern void ReportViolation(FactCheck *check, const char *checkName, int32 companyId, const char *object, const char *detail);

/* Texts for a report, in the current memory context. */
extern char *FixedString(int128 value, int scale);
extern char *DayString(DateADT day);

#define AmountString(value) FixedString((value), AMOUNT_SCALE)
#define QuantityString(value) FixedString((value), QUANTITY_SCALE)

#endif
