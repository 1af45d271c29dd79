CREATE FUNCTION erp.assign_numbers(company text, max bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_assign_numbers';
COMMENT ON FUNCTION erp.assign_numbers(text, bigint) IS
	'Gives the numbers of the deferred series of a company, in the order (day, voucher). company: code. max: how many at most, null for all. Returns how many were given. Errors: LE001 to LE003, LE011 for no company or a max below 1, LE012 for an unknown company.';

CREATE FUNCTION erp.fold_balances(company text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_fold_balances';
COMMENT ON FUNCTION erp.fold_balances(text) IS
	'Adds the lines of vouchers that no transaction under way in this database can precede to the folded balances, and the moves and costs of their documents to the folded stock, so that readers sum less; keeps accounts by party that were declared so (erp.put_accounts()), reading all vouchers once. company: code. Returns how many vouchers were folded; 0 if another session is folding. A transaction that stays open in the database, or prepared in the cluster, holds up all that came after it. Call it under READ COMMITTED. Errors: LE001 to LE003, LE012 for an unknown company, 25000 under another isolation level.';
