/*
 * State machines as data: what the row triggers of documents and drafts share.
 */
#ifndef ERP_TRANSITION_H
#define ERP_TRANSITION_H

#include "postgres.h"

#include "commands/trigger.h"

/* A column of a row that a trigger fires for; an error if the table has none of that name. */
extern int	ColumnNumber(const TriggerData *trigger, const char *name);
extern Datum ColumnValue(const TriggerData *trigger, HeapTuple tuple, const char *name);
extern char *ColumnText(const TriggerData *trigger, HeapTuple tuple, const char *name);

/* Whether an updated row keeps the value of a column. */
extern bool KeepsValue(const TriggerData *trigger, Form_pg_attribute attribute);

/* The first column, generated ones left out, that an UPDATE changes and that is not among the names; NULL if there is none. */
extern const char *ChangedColumn(const TriggerData *trigger, const char *const *names, int count);

/*
 * Raises state_refused unless erp.document_transition lets the caller take a
 * document of the kind from one state to the other. SPI is connected.
 */
extern void CheckTransition(const char *kind, const char *fromState, const char *toState);

/*
 * working_document.c: the working document of that kind and id, which is inserted next, passed through this state before the one that it
 * is inserted in; its history says so too. kind and state are constants.
 */
extern void InsertPassed(const char *kind, int64 subjectId, const char *state);

#endif
