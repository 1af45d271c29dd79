/*
 * Expressions of the catalogs, read and made ready once a session: for a check
 * of a table that takes as long as writing some of its rows.
 */
#ifndef ERP_PARSED_EXPRESSION_H
#define ERP_PARSED_EXPRESSION_H

#include "postgres.h"

#include "nodes/execnodes.h"

/*
 * The stored text, ready to be evaluated in the executor. It is found by its text, so that it cannot be out of date;
 * one that calls functions that are not the server's own is made ready anew, for they may have been replaced: then lasts
 * becomes false.
 */
extern ExprState *ReadyExpression(const char *text, EState *executor, bool *lasts);

/* True for what may come to mean something else while its text stays: functions and domains of users. A walker: no context. */
extern bool MayChange(Node *node, void *context);

#endif
