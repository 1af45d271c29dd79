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
	const JsonNode *request;
} ValueCall;

/* Opens the company and reads key and request. Errors: those of every call. */
extern void BeginValueCall(ValueCall *call, FunctionCallInfo fcinfo, const char *kind);

/* A field of an object of the request, which must be there (error invalid_field). */
extern const char *RequestText(ValueCall *call, const JsonNode *object, const char *name);

/* The day and time from which the pools are worth something else. */
extern void SetValueDay(ValueCall *call, DateADT day, TimeADT timeOfDay);

/* False if the key was used before; error key_reused if the request was another. What the request says is in the fields of document and lines. */
extern bool ValueCallIsNew(ValueCall *call);

/* Room for so many lines; the next of them, empty but for its role. */
extern void AllocateValueLines(ValueCall *call, int count);
extern DocumentLine *AddValueLine(ValueCall *call, const char *role);

/* Posts the document unless it was posted before; the result of the call. */
extern Datum FinishValueCall(ValueCall *call);

#endif
