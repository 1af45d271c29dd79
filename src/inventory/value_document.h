/*
 * A call erp.<name>(company, key, request) that changes what stock is worth
 * without moving any: one document of a kind of the engine's own, each line of
 * which is a move of value alone in one pool of cost.
 */
#ifndef ERP_VALUE_DOCUMENT_H
#define ERP_VALUE_DOCUMENT_H

#include "fmgr.h"

#include "core/engine.h"
#include "core/json_in.h"
#include "inventory/inventory.h"

typedef struct ValueCall
{
	EngineScope scope;
	MemoryContext caller;
	DocumentBatch batch;
	Document	document;
	int			lineCapacity;
	const JsonNode *request;
} ValueCall;

/* Opens the company and reads key and request. Errors: those of every call. */
extern void BeginValueCall(ValueCall *call, FunctionCallInfo fcinfo, const char *kind);

/* A field of an object of the request, which must be there (error invalid_field). */
extern const char *RequestText(ValueCall *call, const JsonNode *object, const char *name);

/* The day that the request names, also kept as a field of the document (error invalid_field). */
extern DateADT RequestDay(ValueCall *call);

/* The day and time from which the pools are worth something else. */
extern void SetValueDay(ValueCall *call, DateADT day, TimeADT timeOfDay);

/* False if the key was used before; error key_reused if the request was another. What the request says is in the fields of document and lines. */
extern bool ValueCallIsNew(ValueCall *call);

/* The next line, empty but for its role; valid until another is added. */
extern DocumentLine *AddValueLine(ValueCall *call, const char *role);

/* standard_cost.c: the price of the line is the standard that a request gives (error invalid_field). */
extern void SetStandardOfLine(ValueCall *call, DocumentLine *line, const char *cost);

/* standard_cost.c: no line before it names its item (error invalid_field). */
extern void CheckNamedOnce(ValueCall *call, DocumentLine *line);

/* Each line, of an item, becomes one for each pool of cost that the item has or, by warehouse, may get. */
extern void SpreadOverPools(ValueCall *call);

/* The line is of this pool, and where its scope says. */
extern void SetPoolOfLine(DocumentLine *line, int64 costPoolId);

/* Posts the document unless it was posted before. */
extern void PostValueCall(ValueCall *call);

/* The result of the call, which ends. */
extern Datum FinishValueCall(ValueCall *call);

#endif
