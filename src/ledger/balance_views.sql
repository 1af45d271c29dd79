-- ledger: balances, and what is summed from them: general ledger, trial balance, profit.
-- debit and credit are in the company's currency; a red-letter amount is negative on its own side.

-- From where on a reader adds voucher lines to the folded sums. 0: nothing is folded that may be trusted,
-- because the sums were made in another cluster (restored, replicated), whose transaction ids mean nothing here.
CREATE OR REPLACE VIEW erp_private.live_cut AS
SELECT c.company_id,
	COALESCE(CASE WHEN f.cut <= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) THEN f.cut END, '0'::xid8) AS cut
FROM erp.company c
CROSS JOIN pg_catalog.pg_control_system() s
LEFT JOIN erp_private.fold_cut f ON f.company_id = c.company_id AND f.cluster = s.system_identifier;
COMMENT ON VIEW erp_private.live_cut IS 'First transaction id whose voucher lines are not in folded_balance; 0 if the folded sums are not of this cluster.';
COMMENT ON COLUMN erp_private.live_cut.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.live_cut.cut IS 'That transaction id.';

CREATE OR REPLACE VIEW erp_private.debit_credit_line AS
SELECT l.company_id, l.voucher_id, l.account_id, l.day, l.currency_id, l.party_id, l.dimension_set_id,
	CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END AS debit,
	CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END AS credit,
	CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END AS company_debit,
	CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END AS company_credit
FROM erp.voucher_line l;
COMMENT ON VIEW erp_private.debit_credit_line IS 'Voucher lines with their amount in the column of its side.';
COMMENT ON COLUMN erp_private.debit_credit_line.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.debit_credit_line.voucher_id IS 'Identity of the voucher.';
COMMENT ON COLUMN erp_private.debit_credit_line.account_id IS 'Identity of the account.';
COMMENT ON COLUMN erp_private.debit_credit_line.day IS 'Day of the voucher.';
COMMENT ON COLUMN erp_private.debit_credit_line.currency_id IS 'Identity of the currency of debit and credit.';
COMMENT ON COLUMN erp_private.debit_credit_line.party_id IS 'Identity of the party; 0 without one.';
COMMENT ON COLUMN erp_private.debit_credit_line.dimension_set_id IS 'Identity of the dimension set; 0 without dimensions.';
COMMENT ON COLUMN erp_private.debit_credit_line.debit IS 'Debit in that currency; negative when red-letter.';
COMMENT ON COLUMN erp_private.debit_credit_line.credit IS 'Credit in that currency; negative when red-letter.';
COMMENT ON COLUMN erp_private.debit_credit_line.company_debit IS 'Debit in the company''s currency.';
COMMENT ON COLUMN erp_private.debit_credit_line.company_credit IS 'Credit in the company''s currency.';

-- The tail must be read through document_transaction, however wrong the planner's guess of its size: OFFSET 0 keeps
-- each step a loop, and the second bound, always true, makes it guess a narrow range and not a third of the table.
CREATE OR REPLACE VIEW erp_private.unfolded_document AS
SELECT k.company_id, d.document_id
FROM erp_private.live_cut k
CROSS JOIN LATERAL (
	SELECT t.document_id
	FROM erp.document t
	WHERE t.company_id = k.company_id
		AND t.transaction_id >= k.cut AND t.transaction_id <= '18446744073709551615'::xid8
	OFFSET 0
) d;
COMMENT ON VIEW erp_private.unfolded_document IS 'The documents that no folded row counts yet. What reads their facts joins them by a LATERAL subquery with OFFSET 0.';
COMMENT ON COLUMN erp_private.unfolded_document.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.unfolded_document.document_id IS 'Identity of the document.';

-- The company is that of the document, so that who asks for one company does not read what others have not folded.
CREATE OR REPLACE VIEW erp_private.unfolded_line AS
SELECT d.company_id, l.voucher_id, l.account_id, l.day, l.currency_id, l.party_id, l.dimension_set_id,
	l.debit, l.credit, l.company_debit, l.company_credit
FROM erp_private.unfolded_document d
CROSS JOIN LATERAL (
	SELECT t.*
	FROM erp_private.debit_credit_line t
	WHERE t.company_id = d.company_id AND t.voucher_id = d.document_id
	OFFSET 0
) l;
COMMENT ON VIEW erp_private.unfolded_line IS 'The voucher lines that are not in the folded balances.';
COMMENT ON COLUMN erp_private.unfolded_line.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.unfolded_line.voucher_id IS 'Identity of the voucher.';
COMMENT ON COLUMN erp_private.unfolded_line.account_id IS 'Identity of the account.';
COMMENT ON COLUMN erp_private.unfolded_line.day IS 'Day of the voucher.';
COMMENT ON COLUMN erp_private.unfolded_line.currency_id IS 'Identity of the currency of debit and credit.';
COMMENT ON COLUMN erp_private.unfolded_line.party_id IS 'Identity of the party; 0 without one.';
COMMENT ON COLUMN erp_private.unfolded_line.dimension_set_id IS 'Identity of the dimension set; 0 without dimensions.';
COMMENT ON COLUMN erp_private.unfolded_line.debit IS 'Debit in that currency; negative when red-letter.';
COMMENT ON COLUMN erp_private.unfolded_line.credit IS 'Credit in that currency; negative when red-letter.';
COMMENT ON COLUMN erp_private.unfolded_line.company_debit IS 'Debit in the company''s currency.';
COMMENT ON COLUMN erp_private.unfolded_line.company_credit IS 'Credit in the company''s currency.';

CREATE OR REPLACE VIEW erp_private.account_by_party AS
SELECT a.company_id, a.account_id,
	a.control IN ('receivable', 'payable', 'accrued_payable', 'open_items') OR p.account_id IS NOT NULL AS by_party
FROM erp.account a
LEFT JOIN erp_private.party_account p ON p.company_id = a.company_id AND p.account_id = a.account_id;
COMMENT ON VIEW erp_private.account_by_party IS 'Accounts, and whether their balances are kept by party too: those of open items are, and those that were declared so, from the next fold on. control does not change once an account has lines.';
COMMENT ON COLUMN erp_private.account_by_party.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.account_by_party.account_id IS 'Identity of the account.';
COMMENT ON COLUMN erp_private.account_by_party.by_party IS 'True if balances are kept by party.';

-- What balances are kept by is here and nowhere else. A line counts for its account as a whole and for each value of its dimensions;
-- for its dimension set, where that is more than one value; and on the accounts that are kept by party, for the party and for party and set.
CREATE OR REPLACE VIEW erp_private.balance_part AS
SELECT a.company_id, a.account_id, s.dimension_set_id, k.by_party, k.part_set_id, k.part_value_id
FROM erp_private.account_by_party a
JOIN erp.dimension_set s ON s.company_id = a.company_id
CROSS JOIN LATERAL (
	SELECT false, 0, 0
	UNION ALL
	SELECT false, 0, u.id FROM pg_catalog.unnest(s.dimension_value_ids) AS u (id)
	UNION ALL
	SELECT false, s.dimension_set_id, 0 WHERE pg_catalog.cardinality(s.dimension_value_ids) > 1
	UNION ALL
	SELECT true, 0, 0 WHERE a.by_party
	UNION ALL
	SELECT true, s.dimension_set_id, 0 WHERE a.by_party AND s.dimension_set_id <> 0
) k (by_party, part_set_id, part_value_id);
COMMENT ON VIEW erp_private.balance_part IS 'The parts of an account that a line of a dimension set counts for, see erp_private.balance_key.';
COMMENT ON COLUMN erp_private.balance_part.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.balance_part.account_id IS 'Identity of the account.';
COMMENT ON COLUMN erp_private.balance_part.dimension_set_id IS 'Dimension set of the line.';
COMMENT ON COLUMN erp_private.balance_part.by_party IS 'True for a part of the line''s party: not of lines without one. False: of all parties.';
COMMENT ON COLUMN erp_private.balance_part.part_set_id IS 'Dimension set of the part; 0: all.';
COMMENT ON COLUMN erp_private.balance_part.part_value_id IS 'Dimension value of the part; 0: all.';

CREATE OR REPLACE VIEW erp_private.folded_month AS
SELECT b.company_id, b.balance_key_id, b.month, b.debit, b.credit, b.company_debit, b.company_credit, b.days, b.debits, b.credits,
	COALESCE(b.company_debits, b.debits) AS company_debits, COALESCE(b.company_credits, b.credits) AS company_credits
FROM erp_private.folded_balance b;
COMMENT ON VIEW erp_private.folded_month IS 'erp_private.folded_balance with the sums in the company''s currency also where they are those in the key''s.';
COMMENT ON COLUMN erp_private.folded_month.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.folded_month.balance_key_id IS 'Identity of the key.';
COMMENT ON COLUMN erp_private.folded_month.month IS 'First day of the month.';
COMMENT ON COLUMN erp_private.folded_month.debit IS 'Debits of all months before, in the key''s currency.';
COMMENT ON COLUMN erp_private.folded_month.credit IS 'Credits of all months before, in the key''s currency.';
COMMENT ON COLUMN erp_private.folded_month.company_debit IS 'Debits of all months before, in the company''s currency.';
COMMENT ON COLUMN erp_private.folded_month.company_credit IS 'Credits of all months before, in the company''s currency.';
COMMENT ON COLUMN erp_private.folded_month.days IS 'Days of the month with lines.';
COMMENT ON COLUMN erp_private.folded_month.debits IS 'Debits of the month up to each of them, in the key''s currency.';
COMMENT ON COLUMN erp_private.folded_month.credits IS 'Credits of the month up to each of them, in the key''s currency.';
COMMENT ON COLUMN erp_private.folded_month.company_debits IS 'The same debits in the company''s currency.';
COMMENT ON COLUMN erp_private.folded_month.company_credits IS 'The same credits in the company''s currency.';

CREATE OR REPLACE VIEW erp_private.folded_account AS
SELECT k.account_id, k.currency_id, f.*
FROM erp_private.live_cut c
JOIN erp_private.balance_key k ON k.company_id = c.company_id AND k.party_id = 0 AND k.dimension_set_id = 0 AND k.dimension_value_id = 0
JOIN erp_private.folded_month f ON f.company_id = k.company_id AND f.balance_key_id = k.balance_key_id
WHERE c.cut > '0'::xid8;
COMMENT ON VIEW erp_private.folded_account IS 'The folded balances of whole accounts, if they are of this cluster.';
COMMENT ON COLUMN erp_private.folded_account.account_id IS 'Identity of the account.';
COMMENT ON COLUMN erp_private.folded_account.currency_id IS 'Identity of the currency of debits and credits.';
COMMENT ON COLUMN erp_private.folded_account.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.folded_account.balance_key_id IS 'Identity of the key.';
COMMENT ON COLUMN erp_private.folded_account.month IS 'First day of the month.';
COMMENT ON COLUMN erp_private.folded_account.debit IS 'Debits of all months before, in that currency.';
COMMENT ON COLUMN erp_private.folded_account.credit IS 'Credits of all months before, in that currency.';
COMMENT ON COLUMN erp_private.folded_account.company_debit IS 'Debits of all months before, in the company''s currency.';
COMMENT ON COLUMN erp_private.folded_account.company_credit IS 'Credits of all months before, in the company''s currency.';
COMMENT ON COLUMN erp_private.folded_account.days IS 'Days of the month with lines.';
COMMENT ON COLUMN erp_private.folded_account.debits IS 'Debits of the month up to each of them, in that currency.';
COMMENT ON COLUMN erp_private.folded_account.credits IS 'Credits of the month up to each of them, in that currency.';
COMMENT ON COLUMN erp_private.folded_account.company_debits IS 'The same debits in the company''s currency.';
COMMENT ON COLUMN erp_private.folded_account.company_credits IS 'The same credits in the company''s currency.';

CREATE OR REPLACE VIEW erp.balances AS
SELECT c.company,
	a.code AS account_code,
	a.name AS account_name,
	a.class,
	b.day,
	pg_catalog.round(pg_catalog.sum(b.company_debit), c.decimals) AS debit,
	pg_catalog.round(pg_catalog.sum(b.company_credit), c.decimals) AS credit,
	m.code AS currency,
	pg_catalog.round(pg_catalog.sum(b.debit), m.decimals) AS currency_debit,
	pg_catalog.round(pg_catalog.sum(b.credit), m.decimals) AS currency_credit
FROM erp_private.company_money c
JOIN (
	SELECT f.company_id, f.account_id, d.day, f.currency_id,
		f.debits[d.n] - COALESCE(f.debits[d.n - 1], 0) AS debit, f.credits[d.n] - COALESCE(f.credits[d.n - 1], 0) AS credit,
		f.company_debits[d.n] - COALESCE(f.company_debits[d.n - 1], 0) AS company_debit,
		f.company_credits[d.n] - COALESCE(f.company_credits[d.n - 1], 0) AS company_credit
	FROM erp_private.folded_account f
	CROSS JOIN LATERAL pg_catalog.unnest(f.days) WITH ORDINALITY AS d (day, n)
	UNION ALL
	SELECT u.company_id, u.account_id, u.day, u.currency_id, u.debit, u.credit, u.company_debit, u.company_credit
	FROM erp_private.unfolded_line u
) b ON b.company_id = c.company_id
JOIN erp.account a ON a.company_id = b.company_id AND a.account_id = b.account_id
JOIN erp.currency m ON m.currency_id = b.currency_id
GROUP BY c.company, c.decimals, a.code, a.name, a.class, b.day, m.code, m.decimals;

COMMENT ON VIEW erp.balances IS 'Sums of each account, day and currency, always up to date; a balance is their sum up to a day.';
COMMENT ON COLUMN erp.balances.company IS 'Code of the company.';
COMMENT ON COLUMN erp.balances.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.balances.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.balances.class IS 'Class of the account.';
COMMENT ON COLUMN erp.balances.day IS 'Day of the vouchers.';
COMMENT ON COLUMN erp.balances.debit IS 'Sum of debits in the company''s currency.';
COMMENT ON COLUMN erp.balances.credit IS 'Sum of credits in the company''s currency.';
COMMENT ON COLUMN erp.balances.currency IS 'Currency of currency_debit and currency_credit.';
COMMENT ON COLUMN erp.balances.currency_debit IS 'Sum of debits in the lines'' own currency.';
COMMENT ON COLUMN erp.balances.currency_credit IS 'Sum of credits in the lines'' own currency.';

CREATE OR REPLACE VIEW erp.general_ledger AS
SELECT g.company,
	g.account_code,
	g.account_name,
	g.day,
	g.closing - g.debit + g.credit AS opening,
	g.debit,
	g.credit,
	g.closing
FROM (
	SELECT b.company, b.account_code, b.account_name, b.day,
		pg_catalog.sum(b.debit) AS debit,
		pg_catalog.sum(b.credit) AS credit,
		pg_catalog.sum(pg_catalog.sum(b.debit - b.credit)) OVER (
			PARTITION BY b.company, b.account_code ORDER BY b.day
		) AS closing
	FROM erp.balances b
	GROUP BY b.company, b.account_code, b.account_name, b.day
) g;

COMMENT ON VIEW erp.general_ledger IS 'Each account by day with opening and closing balance. Order by account_code, day.';
COMMENT ON COLUMN erp.general_ledger.company IS 'Code of the company.';
COMMENT ON COLUMN erp.general_ledger.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.general_ledger.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.general_ledger.day IS 'Day with vouchers.';
COMMENT ON COLUMN erp.general_ledger.opening IS 'Balance before the day, in the company''s currency; debit positive.';
COMMENT ON COLUMN erp.general_ledger.debit IS 'Debits of the day, in the company''s currency.';
COMMENT ON COLUMN erp.general_ledger.credit IS 'Credits of the day, in the company''s currency.';
COMMENT ON COLUMN erp.general_ledger.closing IS 'Balance after the day, in the company''s currency; debit positive.';

-- Every account meets every period by an empty row, so that balances are carried through periods without lines.
-- x - x is a zero that has the decimals of x.
CREATE OR REPLACE VIEW erp.trial_balance_by_period AS
SELECT e.company,
	e.fiscal_year,
	e.period,
	e.account_code,
	e.account_name,
	GREATEST(e.opening, e.opening - e.opening) AS opening_debit,
	GREATEST(-e.opening, e.opening - e.opening) AS opening_credit,
	e.debit,
	e.credit,
	GREATEST(e.closing, e.closing - e.closing) AS closing_debit,
	GREATEST(-e.closing, e.closing - e.closing) AS closing_credit,
	e.first_day,
	e.last_day
FROM (
	SELECT r.*, r.closing - r.debit + r.credit AS opening
	FROM (
		SELECT g.company, g.fiscal_year, g.period, g.first_day, g.last_day, g.account_code, g.account_name,
			pg_catalog.round(pg_catalog.sum(g.debit), g.decimals) AS debit,
			pg_catalog.round(pg_catalog.sum(g.credit), g.decimals) AS credit,
			pg_catalog.round(pg_catalog.sum(pg_catalog.sum(g.debit - g.credit)) OVER (
				PARTITION BY g.company, g.account_code ORDER BY g.first_day
			), g.decimals) AS closing,
			pg_catalog.sum(pg_catalog.sum(g.parts)) OVER (PARTITION BY g.company, g.account_code) AS account_parts
		FROM (
			SELECT c.company, c.decimals, f.code AS fiscal_year, y.code AS period, y.first_day, y.last_day,
				a.code AS account_code, a.name AS account_name, b.debit, b.credit, b.parts
			FROM erp_private.company_money c
			JOIN erp.account a ON a.company_id = c.company_id
			JOIN (
				SELECT p.company_id, p.account_id, p.month AS day, p.company_debits[pg_catalog.cardinality(p.days)] AS debit,
					p.company_credits[pg_catalog.cardinality(p.days)] AS credit, 1 AS parts
				FROM erp_private.folded_account p
				UNION ALL
				SELECT u.company_id, u.account_id, u.day, u.company_debit, u.company_credit, 1
				FROM erp_private.unfolded_line u
				UNION ALL
				SELECT q.company_id, q.account_id, y.first_day, 0, 0, 0
				FROM erp.account q
				JOIN erp.period y ON y.company_id = q.company_id
			) b ON b.company_id = a.company_id AND b.account_id = a.account_id
			JOIN erp.period y ON y.company_id = b.company_id AND b.day BETWEEN y.first_day AND y.last_day
			JOIN erp.fiscal_year f ON f.company_id = y.company_id AND f.fiscal_year_id = y.fiscal_year_id
		) g
		GROUP BY g.company, g.decimals, g.fiscal_year, g.period, g.first_day, g.last_day, g.account_code, g.account_name
	) r
	WHERE r.account_parts > 0
) e;

COMMENT ON VIEW erp.trial_balance_by_period IS 'The trial balance of every period; accounts that ever had a line. For other ranges: erp.trial_balance().';
COMMENT ON COLUMN erp.trial_balance_by_period.company IS 'Code of the company.';
COMMENT ON COLUMN erp.trial_balance_by_period.fiscal_year IS 'Code of the fiscal year.';
COMMENT ON COLUMN erp.trial_balance_by_period.period IS 'Code of the period.';
COMMENT ON COLUMN erp.trial_balance_by_period.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.trial_balance_by_period.account_name IS 'Name of the account.';
COMMENT ON COLUMN erp.trial_balance_by_period.opening_debit IS 'Opening balance when it is a debit, in the company''s currency.';
COMMENT ON COLUMN erp.trial_balance_by_period.opening_credit IS 'Opening balance when it is a credit, in the company''s currency.';
COMMENT ON COLUMN erp.trial_balance_by_period.debit IS 'Debits of the period, in the company''s currency.';
COMMENT ON COLUMN erp.trial_balance_by_period.credit IS 'Credits of the period, in the company''s currency.';
COMMENT ON COLUMN erp.trial_balance_by_period.closing_debit IS 'Closing balance when it is a debit, in the company''s currency.';
COMMENT ON COLUMN erp.trial_balance_by_period.closing_credit IS 'Closing balance when it is a credit, in the company''s currency.';
COMMENT ON COLUMN erp.trial_balance_by_period.first_day IS 'First day of the period.';
COMMENT ON COLUMN erp.trial_balance_by_period.last_day IS 'Last day of the period.';

CREATE OR REPLACE VIEW erp.profit_by_month AS
SELECT b.company,
	pg_catalog.to_char(b.day, 'YYYY-MM') AS month,
	pg_catalog.sum(CASE b.class WHEN 'revenue' THEN b.credit - b.debit ELSE b.debit - b.debit END) AS revenue,
	pg_catalog.sum(CASE b.class WHEN 'cost' THEN b.debit - b.credit ELSE b.debit - b.debit END) AS cost,
	pg_catalog.sum(CASE b.class WHEN 'expense' THEN b.debit - b.credit ELSE b.debit - b.debit END) AS expense,
	pg_catalog.sum(b.credit - b.debit) AS profit
FROM erp.balances b
WHERE b.class IN ('revenue', 'cost', 'expense')
GROUP BY b.company, pg_catalog.to_char(b.day, 'YYYY-MM');

COMMENT ON VIEW erp.profit_by_month IS 'Profit of each month, from the accounts of class revenue, cost and expense.';
COMMENT ON COLUMN erp.profit_by_month.company IS 'Code of the company.';
COMMENT ON COLUMN erp.profit_by_month.month IS 'Month, YYYY-MM.';
COMMENT ON COLUMN erp.profit_by_month.revenue IS 'Credits less debits of revenue accounts, in the company''s currency.';
COMMENT ON COLUMN erp.profit_by_month.cost IS 'Debits less credits of cost accounts, in the company''s currency.';
COMMENT ON COLUMN erp.profit_by_month.expense IS 'Debits less credits of expense accounts, in the company''s currency.';
COMMENT ON COLUMN erp.profit_by_month.profit IS 'Revenue less cost and expense, in the company''s currency.';
