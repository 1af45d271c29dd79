-- core: exact arithmetic and the canonical form of requests

CREATE FUNCTION erp.round_amount(value numeric, decimals integer)
RETURNS numeric
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'erp_round_amount';
REVOKE ALL ON FUNCTION erp.round_amount(numeric, integer) FROM PUBLIC;
COMMENT ON FUNCTION erp.round_amount(numeric, integer) IS
'The amount rounded half away from zero, as the engine rounds. value: any number with up to 14 decimals. decimals: of the currency, 0 to 4. Returns a number with that many decimals. Errors: 22023 decimals out of range; 22003 value with more than 14 decimals, not finite, or beyond 15 digits before the point.';

CREATE FUNCTION erp.allocate(total numeric, weights numeric[], decimals integer)
RETURNS numeric[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'erp_allocate';
REVOKE ALL ON FUNCTION erp.allocate(numeric, numeric[], integer) FROM PUBLIC;
COMMENT ON FUNCTION erp.allocate(numeric, numeric[], integer) IS
'Splits an amount in proportion to weights by largest remainder: the parts add up to the total exactly and each lies less than the smallest unit of the currency from its exact share; of equal remainders the earliest part gets the unit. total: an amount with up to `decimals` decimals. weights: any numbers with up to 6 decimals, of either sign, whose sum is not zero. decimals: of the currency, 0 to 4. Returns one part for each weight, in their order. Errors: 22023 decimals out of range, total with more decimals, weights that add up to zero; 22004 a weight is null; 2202E no weights or more than one dimension; 22003 a number out of range.';

CREATE FUNCTION erp_private.canonical_json(document json)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'erp_canonical_json';
REVOKE ALL ON FUNCTION erp_private.canonical_json(json) FROM PUBLIC;
COMMENT ON FUNCTION erp_private.canonical_json(json) IS
'The one text of a JSON document, the same for every spelling of the same values: members sorted by the bytes of their keys, numbers by value (1.0, 1.00 and 1e0 are 1), strings escaped one way, no white space. Requests under the same idempotency key are compared by it. document: up to 16 levels, 256 MB, 4 million values, 40 significant digits a number. Errors: LE010 beyond a limit or a key given twice.';
