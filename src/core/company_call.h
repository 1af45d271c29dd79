/*
 * The beginning and the end of a call that works for one company.
 */
#ifndef ERP_COMPANY_CALL_H
#define ERP_COMPANY_CALL_H

#include "fmgr.h"

#include "core/engine.h"
#include "core/master_cache.h"

/* The code of a company that is known to exist. */
extern char *CodeOfCompany(int32 companyId);

/*
 * The company of a code, its member role checked against the caller (error
 * not_permitted); refreshes master data. Until the transaction ends nobody
 * changes what used master data is.
 */
extern const CompanyInfo *OpenCompany(const char *code);

/* The same for a company that the frame of a call has found. */
extern const CompanyInfo *OpenCompanyById(int32 companyId);

/*
 * The same, without holding what master data is: for calls that derive from
 * facts only. They wait for no change of master data, nor it for them.
 */
extern const CompanyInfo *ReadCompany(const char *code);

/*
 * For a change that holds whatever others must wait for: raises a serialization
 * failure where a snapshot that stays (REPEATABLE READ, SERIALIZABLE) does not
 * show what they did before. Every posting and every call makes a document of
 * the company, so the snapshot is asked for the documents there are: what other
 * companies or the server itself do meanwhile is no reason.
 * change completes "could not serialize ... among postings".
 */
extern void RequireLatestSnapshot(int32 companyId, const char *change);

/* The DETAIL of an error in an argument: its name and its value, of which at most 100 characters; NULL: no value. */
extern char *ArgumentDetail(const char *name, const char *value);

/* Raises invalid_field (LE011) for an argument of a call. */
extern void RaiseInvalidArgument(const char *name, const char *value, const char *reason) pg_attribute_noreturn();

/* An argument that must be given; error invalid_field names it when it is null. */
extern Datum RequiredArgument(FunctionCallInfo fcinfo, int number, const char *name);

/* Copies a pass-by-reference result into the caller's memory and ends the scope. */
extern Datum FinishCall(const EngineScope *scope, MemoryContext caller, Datum result);

#endif
