-- The checks of the ledger. Run again by every erp.setup().
INSERT INTO erp.integrity_check (check_name, law, rank, function_name, description) VALUES
	('vouchers_balance', 1, 200, 'check_vouchers', 'Vouchers balance in their currencies and in the company''s.'),
	('dimensions_balance', 1, 210, 'check_dimensions_balance', 'Vouchers balance in every balancing dimension.'),
	('folded_balances', 1, 220, 'check_folded_balances', 'Folded balances equal the voucher lines that they stand for.'),
	('seal_chain', 2, 225, 'check_seal_chain', 'Positions of the seal run from 1 without a gap, each link names the hash before it, and nothing below the cut is unsealed.'),
	('control_accounts', 4, 230, 'check_vouchers', 'Open items of a party add up to the control account.'),
	('open_items', 4, 240, 'check_vouchers', 'Every line of a control account is one open item.'),
	('settlements', 4, 245, 'check_settlements', 'Open items are settled no further than their amount, by others of their party, account and currency.'),
	('voucher_days', 6, 250, 'check_vouchers', 'Vouchers and their lines lie in their period, on the posting day of their document.'),
	('closed_periods', 6, 260, 'check_closed_periods', 'Nothing was recorded in a closed period.'),
	('period_states', 6, 265, 'check_period_states', 'States of periods and the hard lock are what the calls say.'),
	('voucher_numbers', 8, 270, 'check_vouchers', 'A voucher''s number is of its word and of the scope of its day.'),
	('voucher_amounts', 9, 280, 'check_vouchers', 'Amounts of vouchers and open items have the decimals of their currency.'),
	('entry_conversions', 9, 282, 'check_entry_conversions', 'Entries in a foreign currency are converted one by one at the rate of their document.'),
	('document_amounts', 9, 285, 'check_vouchers', 'Amounts of documents have the decimals of their currency.'),
	('discount_tax', 9, 287, 'check_discount_tax', 'The tax in a cash discount is its share of the document, and is given back where the discount is undone.'),
	('document_totals', 9, 290, 'check_vouchers', 'Lines and taxes of a document add up to what its voucher says.'),
	('payment_terms', 10, 292, 'check_payment_terms_agreed', 'Open items fall due on the day that their document names or their payment terms give.'),
	('posting_evaluations', 10, 295, 'check_posting_evaluations', 'What rules with conditions and expressions made of amounts is what the voucher lines say.'),
	('electronic_vouchers', 10, 297, 'check_electronic_vouchers', 'An electronic voucher stands behind one voucher at most, which is there, after it was found valid.'),
	('voucher_references', 10, 300, 'check_voucher_references', 'What vouchers and open items refer to exists; a document has at most one voucher.')
ON CONFLICT (check_name) DO UPDATE SET law = excluded.law, rank = excluded.rank,
	function_name = excluded.function_name, description = excluded.description;
