-- What the company of a history has beside trial.make_company(): accounts and rules for money, offsets and settlements,
-- and what its seed decides: how it reverses, whether it asks for reviews and signatures, numbers under words, what it tolerates, what is agreed with its parties.

CREATE TABLE trial.book (company text PRIMARY KEY, seed integer NOT NULL, opposite boolean NOT NULL, reviewed boolean NOT NULL, worded boolean NOT NULL,
	department_required boolean NOT NULL, write_off_limit numeric NOT NULL, rounding_limit numeric NOT NULL, cashier boolean NOT NULL, credit boolean NOT NULL,
	balancing boolean NOT NULL, terms boolean NOT NULL, below_zero boolean NOT NULL DEFAULT false);

-- As trial.rule, of the kinds that only histories post; of an offset, "amount" is what is cleared and "total" where it goes.
CREATE TABLE trial.money_rule (LIKE trial.rule INCLUDING ALL);
INSERT INTO trial.money_rule (kind, line_role, amount_role, side, account) VALUES
	('customer_payment', 'cash', 'amount', 'debit', '1010'),
	('supplier_payment', 'bank', 'amount', 'credit', '1000'),
	('supplier_payment', 'cash', 'amount', 'credit', '1010'),
	('supplier_payment', 'document', 'total', 'debit', '2000'),
	('offset', 'advance_received_to_receivable', 'amount', 'debit', '2050'),
	('offset', 'advance_received_to_receivable', 'total', 'credit', '1100'),
	('offset', 'advance_paid_to_payable', 'amount', 'credit', '1150'),
	('offset', 'advance_paid_to_payable', 'total', 'debit', '2000'),
	('offset', 'receivable_to_payable', 'amount', 'credit', '1100'),
	('offset', 'receivable_to_payable', 'total', 'debit', '2000'),
	('offset', 'receivable_to_receivable', 'amount', 'credit', '1100'),
	('offset', 'receivable_to_receivable', 'total', 'debit', '1100'),
	('offset', 'payable_to_payable', 'amount', 'debit', '2000'),
	('offset', 'payable_to_payable', 'total', 'credit', '2000'),
	('settlement', 'exchange_difference', 'amount', 'debit', '5500'),
	('settlement', 'discount', 'amount', 'debit', '5600'),
	('settlement', 'write_off', 'amount', 'debit', '5700');

CREATE VIEW trial.every_rule AS SELECT * FROM trial.rule UNION ALL SELECT * FROM trial.money_rule;

-- Account and side of an amount: the rule of the item's group before the one of all.
CREATE FUNCTION trial.rule_of(p_kind text, p_role text, p_amount text, p_group text DEFAULT '', OUT account text, OUT side text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT r.account, r.side INTO account, side FROM trial.every_rule r
	WHERE r.kind = p_kind AND r.line_role = p_role AND r.amount_role = p_amount AND r.item_group IN ('', p_group)
	ORDER BY r.item_group DESC LIMIT 1;
END
$$;

CREATE FUNCTION trial.has_open_items(p_account text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT p_account IN ('1100', '1150', '2000', '2050', '2150') $$;

-- Money and open items; departments (which accounts may require) and projects.
CREATE FUNCTION trial.put_money(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.put_accounts(p_company, 'money', '[
		{"code": "1000", "name": "Cash", "class": "asset", "side": "debit", "money": "bank"},
		{"code": "1010", "name": "Till", "class": "asset", "side": "debit", "money": "cash"},
		{"code": "1150", "name": "Advances paid", "class": "asset", "side": "debit", "control": "open_items"},
		{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"},
		{"code": "2050", "name": "Advances received", "class": "liability", "side": "credit", "control": "open_items"},
		{"code": "5500", "name": "Exchange differences", "class": "expense", "side": "debit"},
		{"code": "5600", "name": "Cash discounts", "class": "expense", "side": "debit"},
		{"code": "5700", "name": "Write-offs", "class": "expense", "side": "debit"},
		{"code": "5800", "name": "Rounding", "class": "expense", "side": "debit"}]');
	PERFORM erp.put_posting_rules(p_company, 'money rules', (
		SELECT json_agg(json_build_object('kind', kind, 'line_role', line_role, 'amount_role', amount_role, 'side', side, 'account', account)) FROM trial.money_rule));
	PERFORM erp.put_parties(p_company, 'second supplier', '[{"code": "S2", "name": "Supplier 2", "roles": ["supplier"]}]');
	PERFORM erp.put_dimensions(p_company, 'dimensions', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]},
		{"code": "PROJ", "name": "Project", "values": [{"code": "P", "name": "Project P"}, {"code": "Q", "name": "Project Q"}]},
		{"code": "UNIT", "name": "Unit", "values": [{"code": "U", "name": "Unit U"}, {"code": "V", "name": "Unit V"}]}]');
	PERFORM erp.put_exchange_rates(p_company, 'rates', (SELECT json_agg(json_build_object('from', currency, 'to', 'GBP', 'day', day, 'rate', rate)) FROM trial.rate));
END
$$;

-- Numbers: invoices at once, credit notes later; under words, receipts and payments at once, transfers later.
CREATE FUNCTION trial.put_numbers(p_company text, p_worded boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF p_worded THEN
		PERFORM erp.put_voucher_words(p_company, 'words', '[{"code": "R", "name": "Receipts", "rule": "receipt"}, {"code": "P", "name": "Payments", "rule": "payment"},
			{"code": "T", "name": "Transfers", "rule": "transfer"}]');
	END IF;
	PERFORM erp.put_series(p_company, 'series', ('[{"code": "INV", "target": "sales_invoice", "scope": "month", "mode": "immediate"},
		{"code": "CN", "target": "credit_note", "scope": "month", "mode": "deferred"}'
		|| CASE WHEN p_worded THEN ', {"code": "voucher R", "target": "voucher", "word": "R", "scope": "month", "mode": "immediate"},
			{"code": "voucher P", "target": "voucher", "word": "P", "scope": "month", "mode": "immediate"}' ELSE '' END || ']')::json);
END
$$;

CREATE FUNCTION trial.make_book(p_company text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	b trial.book;
BEGIN
	INSERT INTO trial.book VALUES (p_company, p_seed, p_seed % 2 = 1, p_seed % 3 = 0, p_seed % 4 IN (1, 2), p_seed % 5 = 0,
		('{0,0.05,20}'::numeric[])[1 + p_seed / 2 % 3], ('{0,0.02}'::numeric[])[1 + p_seed / 3 % 2],
		p_seed % 6 = 0, p_seed % 5 IN (1, 3), p_seed % 7 IN (2, 5), p_seed % 4 <> 3) RETURNING * INTO b;
	PERFORM trial.make_company(p_company, 'GBP', CASE WHEN b.opposite THEN 'opposite_side' ELSE 'red_letter' END);
	PERFORM trial.put_money(p_company);
	PERFORM trial.put_numbers(p_company, b.worded);
	PERFORM erp.put_company(p_company, 'book', json_build_object('write_off_limit', b.write_off_limit, 'rounding_limit', b.rounding_limit,
		'rounding_account', '5800', 'review_required', b.reviewed, 'cashier_signs', b.cashier));
	PERFORM trial.put_agreements(p_company, b);
	IF b.balancing THEN
		PERFORM erp.put_dimensions(p_company, 'balancing', '[{"code": "UNIT", "name": "Unit", "balancing": true}]');
	END IF;
	IF b.department_required THEN
		PERFORM erp.put_account_dimensions(p_company, 'required', '[{"account": "6000", "dimension": "DEPT", "rule": "required"}]');
	END IF;
END
$$;
