/*
 * Expressions of the catalogs, read once a session: reading a check of a table
 * takes as long as writing some of its rows.
 */
#ifndef ERP_PARSED_EXPRESSION_H
#define ERP_PARSED_EXPRESSION_H

#include "postgres.h"

#include "nodes/primnodes.h"

/* What the stored text reads as, by its text, so that it can not be out of date. Not to be changed: it is shared. */
extern Expr *ParseExpression(const char *text);

#endif
