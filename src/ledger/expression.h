/*
 * The expressions of posting rules: conditions and amounts over what a document
 * says, read once into a flat program and run on exact fractions. Needs no
 * server. A formula is an expression over numbers that its caller names. The grammar:
 *
 *     condition  = conjunction { "or" conjunction }
 *     conjunction = negation { "and" negation }
 *     negation   = "not" negation | comparison
 *     comparison = sum [ ( "=" | "<>" | "<" | "<=" | ">" | ">=" ) sum | [ "not" ] "in" "(" text { "," text } ")" ]
 *     sum        = product { ( "+" | "-" ) product }
 *     product    = factor { ( "*" | "/" ) factor }
 *     factor     = "-" factor | number | text | name | function "(" sum { "," sum } ")" | "(" condition ")"
 *
 * A text stands in single quotes, one in it is doubled. Texts and attributes
 * know "=", "<>" and "in" only. What follows "and" and "or" is computed only
 * where it matters.
 */
#ifndef ERP_EXPRESSION_H
#define ERP_EXPRESSION_H

#include "core/ratio.h"

#define EXPRESSION_LENGTH_MAX 500
#define EXPRESSION_DEPTH_MAX 32
#define EXPRESSION_STACK_MAX 64

/* Amounts and other numbers that an expression names. */
typedef enum ExpressionName
{
	NAME_AMOUNT,
	NAME_QUANTITY,
	NAME_PRICE,
	NAME_INVENTORY,
	NAME_COST,
	NAME_TAX,
	NAME_BASE,
	NAME_NET,
	NAME_TAXES,
	NAME_TOTAL,
	NAME_RATE,
	NAME_REST,
	EXPRESSION_NAME_COUNT
} ExpressionName;

/* Texts that it names. */
typedef enum ExpressionAttribute
{
	ATTRIBUTE_KIND,
	ATTRIBUTE_REFERENCE,
	ATTRIBUTE_CURRENCY,
	ATTRIBUTE_PARTY,
	ATTRIBUTE_PARTY_GROUP,
	ATTRIBUTE_COUNTRY,
	ATTRIBUTE_LINE_ROLE,
	ATTRIBUTE_ITEM,
	ATTRIBUTE_ITEM_GROUP,
	ATTRIBUTE_WAREHOUSE,
	ATTRIBUTE_TAX_CODE,
	EXPRESSION_ATTRIBUTE_COUNT
} ExpressionAttribute;

extern const char *const ExpressionNames[EXPRESSION_NAME_COUNT];
extern const char *const ExpressionAttributes[EXPRESSION_ATTRIBUTE_COUNT];

/* Where a rule stands, bits: what its expressions may name. What belongs to the document, all may. */
#define SCOPE_LINE 1u			/* an amount of a line */
#define SCOPE_TAX 2u			/* the tax of a code */
#define SCOPE_ENTRY 4u			/* an amount, where "rest" is what the entries before have left */

typedef enum ExpressionType
{
	EXPRESSION_NUMBER,
	EXPRESSION_TRUTH,
	EXPRESSION_TEXT
} ExpressionType;

typedef struct ExpressionProblem
{
	int			position;		/* in characters, from 1 */
	char		message[120];
} ExpressionProblem;

/* A program that was read; its memory is palloc'd in one context. */
typedef struct Expression Expression;

/*
 * Reads text, which is UTF-8 and ends in a zero byte, as an expression of the
 * type (number or truth). NULL with *problem filled if it is none, is too long
 * or too deep, or names what its scope does not have.
 */
extern Expression *ReadExpression(const char *text, ExpressionType type, unsigned scope, ExpressionProblem *problem);

/* The same of a number over names that the caller gives: words that no function and no sign of the grammar has (IsFormulaName). */
extern Expression *ReadFormula(const char *text, const char *const *names, int nameCount, ExpressionProblem *problem);

/* Whether a formula can name something so: a letter, then letters, digits and "_", and no word of the grammar. */
extern bool IsFormulaName(const char *name);

/* The names and attributes that it uses, a bit for each. */
extern unsigned NamesOf(const Expression *expression);
extern unsigned AttributesOf(const Expression *expression);

/* Whether an attribute can be named where a rule stands. */
extern bool AttributeInScope(ExpressionAttribute attribute, unsigned scope);

/* What the names stand for; only those that an expression uses are read. */
typedef struct ExpressionInput
{
	Ratio		numbers[EXPRESSION_NAME_COUNT];
	const char *texts[EXPRESSION_ATTRIBUTE_COUNT];
	const Ratio *given;			/* of a formula: what each of its names stands for */
	int			decimals;		/* of the currency: where round(x) rounds */
} ExpressionInput;

typedef enum ExpressionOutcome
{
	EXPRESSION_OK,
	EXPRESSION_DIVISION_BY_ZERO,
	EXPRESSION_OVERFLOW
} ExpressionOutcome;

/* Run an expression of the type in their name; set *result only with EXPRESSION_OK. */
extern ExpressionOutcome RunAmount(const Expression *expression, const ExpressionInput *input, Ratio *result);
extern ExpressionOutcome RunCondition(const Expression *expression, const ExpressionInput *input, bool *result);

/* Between reading and running. */
typedef enum ExpressionOperation
{
	STEP_NUMBER,				/* operand: which of numbers */
	STEP_NAME,					/* an ExpressionName */
	STEP_GIVEN,					/* which of a formula's names */
	STEP_TEXT,					/* which of texts */
	STEP_ATTRIBUTE,				/* an ExpressionAttribute */
	STEP_ADD,
	STEP_SUBTRACT,
	STEP_MULTIPLY,
	STEP_DIVIDE,
	STEP_NEGATE,
	STEP_ABSOLUTE,
	STEP_LESSER,
	STEP_GREATER,
	STEP_ROUND,					/* decimals; -1: those of the currency */
	STEP_COMPARE,				/* a set of the signs that hold, bits: 1 less, 2 equal, 4 greater */
	STEP_SAME_TEXT,				/* operand 1: the same, 0: another */
	STEP_NOT,
	STEP_AND,					/* what is false stays and the run goes on at step operand; else it is dropped */
	STEP_OR						/* the same of what is true */
} ExpressionOperation;

typedef struct ExpressionStep
{
	ExpressionOperation operation;
	int			operand;
} ExpressionStep;

struct Expression
{
	ExpressionStep *steps;
	Ratio	   *numbers;
	const char **texts;
	int			stepCount;
	int			numberCount;
	int			textCount;
	unsigned	names;
	unsigned	attributes;
};

#endif
