-- core: rows that every database starts with.

INSERT INTO erp.currency (code, name, decimals) VALUES
	('AUD', 'Australian dollar', 2), ('BHD', 'Bahraini dinar', 3), ('BRL', 'Brazilian real', 2), ('CAD', 'Canadian dollar', 2),
	('CHF', 'Swiss franc', 2), ('CLP', 'Chilean peso', 0), ('CNY', 'Renminbi', 2), ('CZK', 'Czech koruna', 2),
	('DKK', 'Danish krone', 2), ('EUR', 'Euro', 2), ('GBP', 'Pound sterling', 2), ('HKD', 'Hong Kong dollar', 2),
	('HUF', 'Hungarian forint', 2), ('INR', 'Indian rupee', 2), ('JPY', 'Yen', 0), ('KRW', 'Won', 0),
	('KWD', 'Kuwaiti dinar', 3), ('MXN', 'Mexican peso', 2), ('NOK', 'Norwegian krone', 2), ('NZD', 'New Zealand dollar', 2),
	('PLN', 'Polish zloty', 2), ('SEK', 'Swedish krona', 2), ('SGD', 'Singapore dollar', 2), ('THB', 'Thai baht', 2),
	('TND', 'Tunisian dinar', 3), ('TRY', 'Turkish lira', 2), ('TWD', 'New Taiwan dollar', 2), ('USD', 'US dollar', 2),
	('VND', 'Vietnamese dong', 0), ('ZAR', 'South African rand', 2);

INSERT INTO erp.unit (unit_id, code, name) VALUES (0, '', 'none');
INSERT INTO erp.unit (code, name) VALUES
	('set', 'set'), ('box', 'box'), ('pallet', 'pallet'), ('day', 'day');
-- The pound, the inch and the US gallon by their definitions of 1959 and as 231 cubic inches.
INSERT INTO erp.unit (code, name, measure, numerator, denominator) VALUES
	('piece', 'piece', 'count', 1, 1), ('pair', 'pair', 'count', 2, 1), ('dozen', 'dozen', 'count', 12, 1), ('gross', 'gross', 'count', 144, 1),
	('g', 'gram', 'mass', 1, 1000), ('kg', 'kilogram', 'mass', 1, 1), ('t', 'tonne', 'mass', 1000, 1),
	('lb', 'pound', 'mass', 45359237, 100000000), ('oz', 'ounce', 'mass', 45359237, 1600000000),
	('ml', 'millilitre', 'volume', 1, 1000), ('l', 'litre', 'volume', 1, 1), ('m3', 'cubic metre', 'volume', 1000, 1),
	('gal', 'US gallon', 'volume', 473176473, 125000000),
	('mm', 'millimetre', 'length', 1, 1000), ('cm', 'centimetre', 'length', 1, 100), ('m', 'metre', 'length', 1, 1),
	('in', 'inch', 'length', 127, 5000), ('ft', 'foot', 'length', 381, 1250),
	('cm2', 'square centimetre', 'area', 1, 10000), ('m2', 'square metre', 'area', 1, 1),
	('kWh', 'kilowatt hour', 'energy', 1, 1), ('MWh', 'megawatt hour', 'energy', 1000, 1),
	('minute', 'minute', 'time', 1, 60), ('hour', 'hour', 'time', 1, 1);

INSERT INTO erp.line_role (line_role, stock_direction, value_source, description) VALUES
	('receipt', 'in', 'amount', 'Goods received from a supplier, worth the line''s amount.'),
	('sale', 'out', 'replay', 'Goods sold, at cost of sales.'),
	('service', 'none', 'none', 'A service sold or credited; moves no stock.'),
	('free', 'out', 'replay', 'Goods given free of charge, an expense of its own.'),
	('gain', 'in', 'given', 'Goods found, worth the line''s cost.'),
	('opening', 'in', 'given', 'Goods that were there before the books begin, worth the line''s cost.'),
	('loss', 'out', 'replay', 'Goods lost, at cost.'),
	('allowance', 'none', 'none', 'An amount of revenue that moves no stock.'),
	('return', 'in', 'origin', 'Goods that come back, at the cost of the line that issued them or at the line''s cost.'),
	('scrap', 'out', 'replay', 'Goods that are scrapped, at cost.'),
	('component', 'out', 'consumed', 'Goods that become part of others, or are taken apart, at cost.'),
	('product', 'in', 'share', 'Goods that are made, or won by taking others apart: worth their share of what they are made of.'),
	('bad_debt', 'none', 'none', 'A debt given up.'),
	('landed', 'none', 'spread', 'What others charge for bringing goods in, such as freight or duty: part of what the goods cost.'),
	('billed', 'none', 'bill', 'Goods that a supplier bills: what its price differs from the receipt''s joins their cost.'),
	('received_more', 'in', 'amended', 'Goods that came with a receipt beyond what it says.'),
	('received_less', 'out', 'amended', 'Goods that a receipt says, and that did not come.'),
	('repriced', 'none', 'amended', 'What the price of a receipt should have been more, or less.'),
	('revalued_from', 'out', 'replay', 'Goods before they are revalued, at cost.'),
	('revalued_to', 'in', 'given', 'The same goods at their new value, the line''s cost.'),
	('issued_more', 'out', 'replay', 'Goods that left with an issue beyond what it says, at cost.'),
	('issued_less', 'in', 'origin', 'Goods that an issue says, and that did not leave, at the cost of the line that issued them.'),
	('absorbed', 'none', 'spread', 'A cost of the company''s own that becomes part of what goods cost.'),
	('adjustment', 'none', 'none', 'A change of costs that a replay found.'),
	('standard_cost', 'value', 'replay', 'A standard cost that comes into force: what is on hand is worth it.'),
	('month_cost', 'value', 'none', 'The end of a month in a pool of cost by monthly average: the cost of its issues is final.'),
	('exchange_difference', 'none', 'none', 'A realized exchange difference of a settlement; a loss is positive.'),
	('discount', 'none', 'none', 'A cash discount of a settlement; one that is given is positive.'),
	('discount_tax', 'none', 'none', 'The tax in a cash discount that reduces the taxable amount; of one that is given positive.'),
	('write_off', 'none', 'none', 'A rest of an open item that a settlement writes off; a loss is positive.');

-- What is gone cannot be refused: it takes what is reserved, too.
UPDATE erp.line_role SET takes_reserved = true WHERE line_role = 'loss';

-- An entry names its account; where money comes in or goes out, the rules give it unless the line names another.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, names_account, description) VALUES
	('entry', 'none', 'none', true, 'A line of a manual voucher.'),
	('bank', 'none', 'none', true, 'Money that a bank account takes or gives.'),
	('cash', 'none', 'none', true, 'Money that the till takes or gives.');

-- What carries goods from one place to another has two moves; an arrival names the line that sent them.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, carries, fulfils, description) VALUES
	('transfer', 'out', 'replay', true, false, 'Goods brought to another place, lot, state or owner.'),
	('arrival', 'out', 'replay', true, true, 'Goods that were sent and arrive.');

-- The variants of an offset: what is open on one account, of the document's party, is carried to another, of the line's party.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, description) VALUES
	('advance_received_to_receivable', 'none', 'none', 'An advance from a customer pays a receivable.'),
	('advance_paid_to_payable', 'none', 'none', 'An advance to a supplier pays a payable.'),
	('receivable_to_payable', 'none', 'none', 'A receivable is set off against a payable.'),
	('receivable_to_receivable', 'none', 'none', 'A receivable passes to another party.'),
	('payable_to_payable', 'none', 'none', 'A payable passes to another party.');

-- cost_adjustment, month_cost, standard_revaluation, settlement, numbering and administration are made by the engine alone: nobody is a member of erp_owner.
INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, description) VALUES
	('goods_receipt', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'Goods received from a supplier, not billed yet.'),
	('landed_cost', '{purchasing,stock,general}', 'supplier', -1, 'erp_accountant', 'Freight, duty and the like, which others charge, on goods received.'),
	('supplier_bill', '{purchasing,stock,general}', 'supplier', -1, 'erp_accountant', 'Bill of a supplier, for goods received or still to come, and for services.'),
	('receipt_amendment', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'What a goods receipt should have said: quantity or price, on its true day.'),
	('revaluation', '{stock,general}', 'none', 0, 'erp_accountant', 'Goods that are worth another amount from a day on.'),
	('write_down', '{stock,general}', 'none', 0, 'erp_accountant', 'Goods that are worth less from a day on.'),
	('issue_amendment', '{stock,general}', 'none', 0, 'erp_warehouse', 'What an issue of goods should have said: its quantity, on its true day.'),
	('absorbed_cost', '{stock,general}', 'none', 0, 'erp_accountant', 'Costs of the company''s own that goods received take up.'),
	('sales_invoice', '{sales,stock,general}', 'customer', 1, 'erp_sales', 'Sales invoice with immediate delivery.'),
	('credit_note', '{sales,stock,general}', 'customer', -1, 'erp_sales', 'Credit note, with goods that come back or without.'),
	('stock_gain', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods found.'),
	('opening_stock', '{stock,general}', 'none', 0, 'erp_accountant', 'Stock taken over from the books before these.'),
	('stock_loss', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods lost.'),
	('free_issue', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods given free of charge.'),
	('scrap', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods scrapped.'),
	('assembly', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods put together from others.'),
	('disassembly', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods taken apart into others.'),
	('production_issue', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods issued to production.'),
	('production_receipt', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods received from production, made of what was issued to it.'),
	('transfer', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods brought to another place, lot, state or owner at once.'),
	('transfer_dispatch', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods sent on their way to another warehouse.'),
	('transfer_receipt', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods that were sent and arrive, all of them or a part.'),
	('bad_debt', '{sales,general}', 'customer', -1, 'erp_accountant', 'Debts given up.'),
	('manual_voucher', '{general}', 'none', 0, 'erp_accountant', 'Voucher entered by hand.'),
	('customer_payment', '{sales,general}', 'customer', -1, 'erp_accountant', 'Money received from a customer.'),
	('supplier_payment', '{purchasing,general}', 'supplier', 1, 'erp_accountant', 'Money paid to a supplier.'),
	('customer_refund', '{sales,general}', 'customer', 1, 'erp_accountant', 'Money paid back to a customer.'),
	('supplier_refund', '{purchasing,general}', 'supplier', -1, 'erp_accountant', 'Money that a supplier pays back.'),
	('offset', '{general}', 'none', 0, 'erp_accountant', 'Open items carried from one account or party to another.'),
	('cost_adjustment', '{stock,general}', 'none', 0, 'erp_owner', 'Costs changed by a backdated document.'),
	('month_cost', '{stock,general}', 'none', 0, 'erp_owner', 'The cost of a month, by monthly average.'),
	('standard_revaluation', '{stock,general}', 'none', 0, 'erp_owner', 'Standard costs that come into force.'),
	('settlement', '{general}', 'none', 0, 'erp_owner', 'Open items that are settled, or whose settlement is undone.'),
	('numbering', '{}', 'none', 0, 'erp_owner', 'Numbers of deferred series, given to what was posted before.'),
	('administration', '{}', 'none', 0, 'erp_owner', 'A call on master data or periods.');

INSERT INTO erp.document_kind_role (kind, line_role, rank) VALUES
	('goods_receipt', 'receipt', 1),
	('supplier_bill', 'billed', 1), ('supplier_bill', 'service', 2),
	('receipt_amendment', 'received_more', 1), ('receipt_amendment', 'received_less', 2), ('receipt_amendment', 'repriced', 3),
	('revaluation', 'revalued_from', 1), ('revaluation', 'revalued_to', 2), ('write_down', 'revalued_from', 1), ('write_down', 'revalued_to', 2),
	('issue_amendment', 'issued_more', 1), ('issue_amendment', 'issued_less', 2),
	('landed_cost', 'landed', 1), ('absorbed_cost', 'absorbed', 1),
	('sales_invoice', 'sale', 1), ('sales_invoice', 'service', 2), ('sales_invoice', 'free', 3), ('sales_invoice', 'gain', 4),
	('sales_invoice', 'loss', 5), ('sales_invoice', 'allowance', 6),
	('credit_note', 'return', 1), ('credit_note', 'service', 2), ('credit_note', 'allowance', 3),
	('stock_gain', 'gain', 1), ('opening_stock', 'opening', 1), ('stock_loss', 'loss', 1), ('free_issue', 'free', 1),
	('scrap', 'scrap', 1), ('assembly', 'component', 1), ('assembly', 'product', 2), ('disassembly', 'component', 1),
	('disassembly', 'product', 2), ('production_issue', 'component', 1), ('production_receipt', 'product', 1),
	('transfer', 'transfer', 1), ('transfer_dispatch', 'transfer', 1), ('transfer_receipt', 'arrival', 1),
	('bad_debt', 'bad_debt', 1), ('manual_voucher', 'entry', 1),
	('offset', 'advance_received_to_receivable', 1), ('offset', 'advance_paid_to_payable', 2), ('offset', 'receivable_to_payable', 3),
	('offset', 'receivable_to_receivable', 4), ('offset', 'payable_to_payable', 5),
	('customer_payment', 'bank', 1), ('customer_payment', 'cash', 2), ('supplier_payment', 'bank', 1), ('supplier_payment', 'cash', 2),
	('customer_refund', 'bank', 1), ('customer_refund', 'cash', 2), ('supplier_refund', 'bank', 1), ('supplier_refund', 'cash', 2),
	('cost_adjustment', 'adjustment', 1), ('month_cost', 'month_cost', 1), ('standard_revaluation', 'standard_cost', 1),
	('settlement', 'exchange_difference', 1), ('settlement', 'discount', 2), ('settlement', 'write_off', 3),
	('settlement', 'discount_tax', 4);

-- The life of a draft: what an accountant writes by hand, and what settling and unsettling post. Who sends back gives a reason; who drafts again takes it back to be reviewed.
INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role)
SELECT k.kind, t.from_state, t.to_state, t.allowed_role
  FROM (VALUES ('manual_voucher'), ('bad_debt'), ('customer_payment'), ('supplier_payment'), ('customer_refund'), ('supplier_refund'), ('offset'), ('settlement')) AS k (kind),
       (VALUES ('', 'drafted', 'erp_accountant'),
               ('drafted', 'reviewed', 'erp_reviewer'), ('reviewed', 'signed', 'erp_cashier'),
               ('drafted', 'posted', 'erp_accountant'), ('reviewed', 'posted', 'erp_accountant'), ('signed', 'posted', 'erp_accountant'),
               ('drafted', 'returned', 'erp_reviewer'),
               ('reviewed', 'returned', 'erp_reviewer'), ('reviewed', 'returned', 'erp_cashier'), ('reviewed', 'returned', 'erp_accountant'),
               ('signed', 'returned', 'erp_reviewer'), ('signed', 'returned', 'erp_cashier'), ('signed', 'returned', 'erp_accountant'),
               ('returned', 'drafted', 'erp_accountant'), ('reviewed', 'drafted', 'erp_accountant'), ('signed', 'drafted', 'erp_accountant'),
               ('drafted', 'withdrawn', 'erp_accountant'), ('returned', 'withdrawn', 'erp_accountant'),
               ('reviewed', 'withdrawn', 'erp_accountant'), ('signed', 'withdrawn', 'erp_accountant')) AS t (from_state, to_state, allowed_role);
