/*
 * The beginning and the end of a call that works for one company.
 */
#ifndef ERP_COMPANY_CALL_H
#define ERP_COMPANY_CALL_H

#include "core/engine.h"
#include "core/master_cache.h"

/* The company of a code, its member role checked against the caller (error not_permitted); refreshes master data. */
extern const CompanyInfo *OpenCompany(const char *code);

/* Copies a pass-by-reference result into the caller's memory and ends the scope. */
extern Datum FinishCall(const EngineScope *scope, MemoryContext caller, Datum result);

#endif
