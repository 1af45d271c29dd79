-- ledger: formulas over named numbers (formula.c).

CREATE FUNCTION erp_private.run_formulas(names text[], amounts numeric[], formulas text[], results text[], decimals integer, zero_is_null boolean)
RETURNS numeric[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_run_formulas';
COMMENT ON FUNCTION erp_private.run_formulas(text[], numeric[], text[], text[], integer, boolean) IS
'Formulas over named numbers, for any number of columns. names: of what is given. amounts: for each column one number a name, null is 0. formulas: in an order in which each knows names and the results of those before it. results: their names. decimals: where round(x) rounds. zero_is_null: a division by zero gives null, and 0 to what goes on with it; else it is an error. Returns for each column one number a formula, exact and rounded once, to 10 decimals. Errors: LE120 a formula that cannot be read; LE121 division by zero, or a result out of range.';

CREATE FUNCTION erp_private.run_formula(formula text, named_amounts jsonb, decimals integer DEFAULT 2) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT (erp_private.run_formulas(COALESCE(array_agg(e.key), '{}'), COALESCE(array_agg(e.value::numeric), '{}'), ARRAY[$1], ARRAY['result'], $3, false))[1]
	  FROM jsonb_each_text($2) e
$function$;
COMMENT ON FUNCTION erp_private.run_formula(text, jsonb, integer) IS
'A formula over named numbers, {name: number}; null is 0. decimals: where round(x) rounds. Returns the exact result rounded to 10 decimals. Errors: as erp_private.run_formulas().';

CREATE FUNCTION erp_private.formula_weights(names text[], formulas text[], results text[]) RETURNS numeric[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_formula_weights';
COMMENT ON FUNCTION erp_private.formula_weights(text[], text[], text[]) IS
'How often each name counts in each formula, where that is all that it does: for each formula in order one number for each name, to 10 decimals; null where the formula is another than a sum of multiples of names. The arguments are those of erp_private.run_formulas(). Errors: LE120.';

CREATE FUNCTION erp_private.formula_problem(formula text, names text[]) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_formula_problem';
COMMENT ON FUNCTION erp_private.formula_problem(text, text[]) IS
'What is wrong with a formula over these names, or with a name: "position n: what"; null if nothing is.';
