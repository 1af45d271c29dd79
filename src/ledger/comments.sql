-- ledger: what every table is. Run by every erp.setup().

COMMENT ON TABLE erp.fiscal_year IS 'Fiscal years of a company, joined without gap or overlap.';
COMMENT ON TABLE erp.period IS 'Calendar months of a fiscal year, coded YYYY-MM.';
COMMENT ON TABLE erp.period_lock IS 'State of a period for each module. Postings read it under a shared lock that closing waits for.';
COMMENT ON TABLE erp.hard_lock IS 'The day up to which nothing can be posted any more in any module, whatever the state of the period. It only moves forward.';
COMMENT ON TABLE erp.warned_posting IS 'Documents that were posted into a period in state warned, one row for each of its modules that they touch. Insert-only.';
COMMENT ON TABLE erp.chart IS 'Charts of accounts that ship as data; a company copies one. An account that is a parent is a heading.';
COMMENT ON TABLE erp.chart_rule IS 'Posting rules that a company copies with a chart.';
COMMENT ON TABLE erp.account IS 'Accounts of a company. control: the subledger that the account is the sum of; parent_account_id 0: none.';
COMMENT ON TABLE erp.dimension IS 'Dimensions of voucher lines. Every voucher balances in each value of a balancing one.';
COMMENT ON TABLE erp.dimension_value IS 'Values of a dimension.';
COMMENT ON TABLE erp.dimension_set IS 'Combinations of dimension values, each stored once, ids ascending. Set 0 is empty.';
COMMENT ON TABLE erp.account_dimension IS 'Dimensions that lines on an account must have (required) or must not have (forbidden); all others are optional.';
COMMENT ON TABLE erp.cash_flow_item IS 'Items of the cash flow statement.';
COMMENT ON TABLE erp.posting_rule IS 'Which account and side an amount of a document hits. Empty or 0 matches all; the rule with the most conditions given wins. A credit rule shows the amount with the sign turned.';
COMMENT ON TABLE erp.voucher IS 'Vouchers, insert-only; each belongs to a document.';
COMMENT ON COLUMN erp.voucher.transaction_id IS 'Transaction that wrote it: what readers of folded balances compare with the cut. Means nothing after a restore into another cluster.';
COMMENT ON TABLE erp.voucher_line IS 'Lines of vouchers, insert-only. amount is positive on its side, negative in red; in the voucher''s currency, company_amount in the company''s.';
COMMENT ON TABLE erp.voucher_reversal IS 'Which voucher reverses which; none is reversed twice. Insert-only.';
COMMENT ON TABLE erp.seal IS 'The chain of a company: hash is the SHA-256 of previous_hash (32 zero bytes at position 1) and the canonical content of the document with all its facts. Insert-only.';
COMMENT ON TABLE erp_private.seal_cut IS 'Transaction id below which all documents of a company are sealed, the round of sealing that is under way, and the cluster they belong to.';
COMMENT ON TABLE erp.open_item IS 'What a party owes (positive, a debit) or is owed (negative, a credit). Insert-only.';
COMMENT ON TABLE erp.settlement IS 'A debit and a credit open item of one party and account that meet; amounts positive, undone by a negative one. Insert-only.';
COMMENT ON COLUMN erp.settlement.reverses_settlement_id IS 'The settlement that this negative one undoes; 0: none. None is undone twice.';
COMMENT ON COLUMN erp.settlement.follows_settlement_id IS 'The settlement whose exchange difference this one closes, or whose posting it takes back; 0: none.';
COMMENT ON TABLE erp_private.folded_balance IS 'Sums of the voucher lines below the cut, per account, day, currency and dimension set.';
COMMENT ON TABLE erp_private.fold_cut IS 'Transaction id below which a company''s voucher lines are folded, and the cluster it belongs to.';
