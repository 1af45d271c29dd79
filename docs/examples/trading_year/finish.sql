-- After an import: vouchers get their numbers, balances are folded so that readers add up less.
\set ON_ERROR_STOP on
SELECT erp.assign_numbers('TRADING');
SELECT erp_private.fold_balances(c.company_id) FROM erp.company c WHERE c.code = 'TRADING';
ANALYZE;
