-- ledger: kinds, states and steps of the close.

INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, initial_state, description) VALUES
	('exchange_revaluation', '{general}', 'none', 0, 'erp_accountant', 'posted', 'Open items and money in foreign currencies, at the closing rate.'),
	('profit_transfer', '{general}', 'none', 0, 'erp_accountant', 'posted', 'Accounts of profit, transferred to the profit of the year.'),
	('year_transfer', '{general}', 'none', 0, 'erp_accountant', 'posted', 'The profit of the year, transferred to what is retained, and its appropriation.'),
	('year_close', '{general}', 'none', 0, 'erp_owner', 'closed', 'The close of a fiscal year; a working document.'),
	('month_close', '{general}', 'none', 0, 'erp_owner', 'under_way', 'The close of a month; a working document, whose steps post documents of their own.');

INSERT INTO erp.document_kind_role (kind, line_role, rank) VALUES
	('exchange_revaluation', 'exchange_difference', 1), ('profit_transfer', 'entry', 1), ('year_transfer', 'entry', 1);

INSERT INTO erp.chart_option (chart, profit_transfer) VALUES ('english', 'year'), ('china_small_enterprise', 'month');

INSERT INTO erp_private.closing_kind (kind) VALUES ('profit_transfer'), ('year_transfer');

INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role)
SELECT 'month_close', t.from_state, t.to_state, 'erp_accountant'
  FROM (VALUES ('', 'under_way'), ('under_way', 'blocked'), ('blocked', 'under_way'), ('under_way', 'closed'),
               ('under_way', 'reopened'), ('blocked', 'reopened'), ('closed', 'reopened')) AS t (from_state, to_state);

INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role) VALUES
	('year_close', '', 'closed', 'erp_accountant'), ('year_close', 'closed', 'reopened', 'erp_accountant');

INSERT INTO erp_private.close_step (step, rank, title, check_function, run_function, undo_function) VALUES
	('balances', 90, 'Balances are folded', '', 'close_fold', ''),
	('previous_month', 100, 'The month before is closed', 'check_previous_month', '', ''),
	('drafts', 105, 'All drafts are posted or withdrawn', 'check_close_drafts', '', ''),
	('number_gaps', 110, 'No number is missing, and all vouchers can have one', 'check_close_numbers', '', ''),
	('cash', 120, 'There is no less than nothing in a till', 'check_cash', '', ''),
	('balance_sides', 125, 'Balances stand on their side', 'check_balance_sides', '', ''),
	('open_items', 130, 'Open items equal their accounts', 'check_close_items', '', ''),
	('exchange_rates', 190, 'Foreign currencies have their closing rates', 'check_rates_at_close', '', ''),
	('revaluation', 400, 'Open items and money in foreign currencies are worth what the closing rate says', '', 'close_revaluation', 'undo_revaluation'),
	('profit_transfer', 500, 'Accounts of profit are transferred to the profit of the year', '', 'close_profit', ''),
	('numbers', 600, 'All vouchers and documents have their numbers', '', 'close_numbers', ''),
	('lock', 900, 'The month is locked, and sealed with the call', '', 'close_lock', '');
