#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/errors.h"
#include "core/numeric_io.h"
#include "ledger/expression.h"

/*
 * Formulas over named numbers: the lines of a statement that follow from
 * others, what a transfer or an allocation takes. All formulas of a form are
 * read once and run for each of its columns.
 */

PG_FUNCTION_INFO_V1(erp_run_formulas);
PG_FUNCTION_INFO_V1(erp_formula_weights);
PG_FUNCTION_INFO_V1(erp_formula_problem);

typedef struct FormulaBook
{
	const char **names;			/* of what is given, then of the results */
	int			givenCount;
	int			formulaCount;
	Expression **formulas;
	const char **texts;
} FormulaBook;

/* The texts of an array argument, behind those that `texts` has; none of them null. */
static int
AddTexts(FunctionCallInfo fcinfo, int argument, const char **texts)
{
	Datum	   *values;
	bool	   *nulls;
	int			count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a name or a formula is null")));
		texts[i] = TextDatumGetCString(values[i]);
	}
	return count;
}

static int
CountOf(FunctionCallInfo fcinfo, int argument)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argument);

	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
}

static void
ReportFormula(int code, const char *formula, const char *what)
{
	ereport(ERROR,
			(errcode(code), errmsg("formula \"%s\": %s", formula, what),
			 errhint("Mend the formula: it adds, subtracts, multiplies and divides numbers and names, with min(), max(), abs() and round().")));
}

/* Each formula knows what is given and the results of those before it. The arguments of names, formulas and results. */
static void
ReadFormulas(FunctionCallInfo fcinfo, int names, int formulas, int results, FormulaBook *book)
{
	int			resultCount;

	book->names = palloc(sizeof(char *) * (CountOf(fcinfo, names) + CountOf(fcinfo, results) + 1));
	book->texts = palloc(sizeof(char *) * (CountOf(fcinfo, formulas) + 1));
	book->givenCount = AddTexts(fcinfo, names, book->names);
	book->formulaCount = AddTexts(fcinfo, formulas, book->texts);
	resultCount = AddTexts(fcinfo, results, book->names + book->givenCount);
	if (resultCount != book->formulaCount)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("%d formulas have %d names", book->formulaCount, resultCount)));
	book->formulas = palloc(sizeof(Expression *) * (book->formulaCount + 1));
	for (int i = 0; i < book->formulaCount; i++)
	{
		ExpressionProblem problem;

		book->formulas[i] = ReadFormula(book->texts[i], book->names, book->givenCount + i, &problem);
		if (book->formulas[i] == NULL)
			ReportFormula(ERRCODE_ERP_EXPRESSION_INVALID, book->texts[i], psprintf("position %d: %s", problem.position, problem.message));
	}
}

/* One formula for one column: its result goes to *result, and to the array, where a division by zero is null if the caller says so. */
static void
RunFormula(const FormulaBook *book, int number, const ExpressionInput *input, bool zeroIsNull, Ratio *result, DatumArray *results)
{
	ExpressionOutcome outcome = RunAmount(book->formulas[number], input, result);
	int128		value = 0;

	if (outcome == EXPRESSION_OK && !RatioRound(*result, RATE_SCALE, &value))
		outcome = EXPRESSION_OVERFLOW;
	if (outcome == EXPRESSION_DIVISION_BY_ZERO && zeroIsNull)
	{
		*result = RatioOf(0, 0);
		AppendNull(results);
		return;
	}
	if (outcome != EXPRESSION_OK)
		ReportFormula(ERRCODE_ERP_EXPRESSION_FAILED, book->texts[number],
					  outcome == EXPRESSION_DIVISION_BY_ZERO ? "division by zero" : "the result is out of range");
	AppendDatum(results, RateGetDatum(value));
}

/* run_formulas(names, amounts, formulas, results, decimals, zero_is_null) */
Datum
erp_run_formulas(PG_FUNCTION_ARGS)
{
	FormulaBook book;
	ExpressionInput input = {.decimals = PG_GETARG_INT32(4)};
	DatumArray	results = {0};
	Datum	   *amounts;
	bool	   *nulls;
	int			amountCount;
	int			columnCount;
	Ratio	   *values;

	ReadFormulas(fcinfo, 0, 2, 3, &book);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), NUMERICOID, -1, false, TYPALIGN_INT, &amounts, &nulls, &amountCount);
	if (book.givenCount == 0 ? amountCount != 0 : amountCount % book.givenCount != 0)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("%d amounts are not the same number for each of %d names", amountCount, book.givenCount)));
	columnCount = book.givenCount == 0 ? 1 : amountCount / book.givenCount;
	values = palloc(sizeof(Ratio) * (book.givenCount + book.formulaCount + 1));
	input.given = values;
	for (int column = 0; column < columnCount; column++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < book.givenCount; i++)
		{
			int			at = column * book.givenCount + i;

			values[i] = RatioOf(nulls[at] ? 0 : NumericToFixed(amounts[at], RATE_SCALE), RATE_SCALE);
		}
		for (int i = 0; i < book.formulaCount; i++)
			RunFormula(&book, i, &input, PG_GETARG_BOOL(5), &values[book.givenCount + i], &results);
	}
	PG_RETURN_DATUM(DatumArrayValue(&results, NUMERICOID));
}

/* What a formula is a sum of: for each given name how often it counts, and at the end a constant. */
typedef Ratio *Weights;

static bool
IsConstant(const FormulaBook *book, Weights weights)
{
	for (int i = 0; i < book->givenCount; i++)
	{
		if (weights[i].numerator != 0)
			return false;
	}
	return true;
}

/* a = a x factor; false if that does not fit. */
static bool
ScaleWeights(const FormulaBook *book, Weights a, Ratio factor)
{
	bool		fits = true;

	for (int i = 0; i <= book->givenCount; i++)
		fits = fits && RatioMultiply(a[i], factor, &a[i]);
	return fits;
}

/* a = a and b by an operation on two values; false if no sum of multiples comes of it, or it does not fit. */
static bool
CombineWeights(const FormulaBook *book, ExpressionOperation operation, Weights a, Weights b)
{
	Ratio		constant = b[book->givenCount];
	bool		fits = true;

	switch (operation)
	{
		case STEP_ADD:
			for (int i = 0; i <= book->givenCount; i++)
				fits = fits && RatioAdd(a[i], b[i], &a[i]);
			return fits;
		case STEP_SUBTRACT:
			for (int i = 0; i <= book->givenCount; i++)
				fits = fits && RatioSubtract(a[i], b[i], &a[i]);
			return fits;
		case STEP_MULTIPLY:
			if (IsConstant(book, b))
				return ScaleWeights(book, a, constant);
			constant = a[book->givenCount];
			if (!IsConstant(book, a) || !ScaleWeights(book, b, constant))
				return false;
			memcpy(a, b, sizeof(Ratio) * (book->givenCount + 1));
			return true;
		case STEP_DIVIDE:
			return IsConstant(book, b) && constant.numerator != 0 && RatioDivide(RatioOf(1, 0), constant, &constant) &&
				ScaleWeights(book, a, constant);
		default:
			return false;
	}
}

/* The weights of a formula, those of the results before it known (NULL: none); NULL if it is no sum of multiples of names. */
static Weights
WeightsOf(const FormulaBook *book, const Expression *formula, Weights *results)
{
	size_t		size = sizeof(Ratio) * (book->givenCount + 1);
	Weights		stack[EXPRESSION_STACK_MAX];
	int			depth = 0;

	for (int i = 0; i < formula->stepCount; i++)
	{
		const ExpressionStep *step = &formula->steps[i];

		if (step->operation == STEP_NUMBER || step->operation == STEP_GIVEN)
		{
			Weights		top = stack[depth++] = palloc(size);
			int			which = step->operation == STEP_NUMBER ? book->givenCount : step->operand;

			if (which > book->givenCount || (step->operation == STEP_GIVEN && which == book->givenCount))
			{
				if (results[which - book->givenCount] == NULL)
					return NULL;
				memcpy(top, results[which - book->givenCount], size);
				continue;
			}
			for (int name = 0; name <= book->givenCount; name++)
				top[name] = RatioOf(name == which, 0);
			if (step->operation == STEP_NUMBER)
				top[which] = formula->numbers[step->operand];
		}
		else if (step->operation == STEP_NEGATE)
		{
			if (!ScaleWeights(book, stack[depth - 1], RatioOf(-1, 0)))
				return NULL;
		}
		else if (depth < 2 || !CombineWeights(book, step->operation, stack[depth - 2], stack[depth - 1]))
			return NULL;
		else
			depth--;
	}
	return stack[0][book->givenCount].numerator == 0 ? stack[0] : NULL;
}

/* formula_weights(names, formulas, results) */
Datum
erp_formula_weights(PG_FUNCTION_ARGS)
{
	FormulaBook book;
	DatumArray	shown = {0};
	Weights    *results;

	ReadFormulas(fcinfo, 0, 1, 2, &book);
	results = palloc0(sizeof(Weights) * (book.formulaCount + 1));
	for (int i = 0; i < book.formulaCount; i++)
	{
		results[i] = WeightsOf(&book, book.formulas[i], results);
		for (int name = 0; name < book.givenCount; name++)
		{
			int128		weight = 0;

			if (results[i] != NULL && RatioRound(results[i][name], RATE_SCALE, &weight) &&
				RatioCompare(RatioOf(weight, RATE_SCALE), results[i][name]) == 0)
				AppendDatum(&shown, RateGetDatum(weight));
			else
				AppendNull(&shown);
		}
	}
	PG_RETURN_DATUM(DatumArrayValue(&shown, NUMERICOID));
}

/* formula_problem(formula, names) */
Datum
erp_formula_problem(PG_FUNCTION_ARGS)
{
	const char *formula = TextDatumGetCString(PG_GETARG_DATUM(0));
	const char **names = palloc(sizeof(char *) * (CountOf(fcinfo, 1) + 1));
	int			count = AddTexts(fcinfo, 1, names);
	ExpressionProblem problem;

	for (int i = 0; i < count; i++)
	{
		if (!IsFormulaName(names[i]))
			PG_RETURN_DATUM(CStringGetTextDatum(psprintf("\"%s\" is no name that a formula can have", names[i])));
	}
	if (ReadFormula(formula, names, count, &problem) != NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(CStringGetTextDatum(psprintf("position %d: %s", problem.position, problem.message)));
}
