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
	('gift_return', 'in', 'origin', 'Goods given free of charge that come back, at the cost of the line that issued them.'),
	('return', 'in', 'origin', 'Goods that come back, at the cost of the line that issued them or at the line''s cost.'),
	('scrap', 'out', 'replay', 'Goods that are scrapped, at cost.'),
	('component', 'out', 'consumed', 'Goods that become part of others, or are taken apart, at cost.'),
	('product', 'in', 'share', 'Goods that are made, or won by taking others apart: worth their share of what they are made of.'),
	('bad_debt', 'none', 'none', 'A debt given up.'),
	('landed', 'none', 'spread', 'What others charge for bringing goods in, such as freight or duty: part of what the goods cost.'),
	('billed', 'none', 'bill', 'Goods that a supplier bills: what its price differs from the receipt''s joins their cost.'),
	('received_more', 'in', 'amended', 'Goods that came with a receipt beyond what it says.'),
	('received_less', 'out', 'amended', 'Goods that a receipt says, and that did not come.'),
	('sent_back', 'out', 'returned', 'Goods that go back to the supplier, at cost; what that differs from the receipt''s price, at which he owes for them, is a price variance.'),
	('repriced', 'none', 'amended', 'What the price of a receipt should have been more, or less.'),
	('revalued_from', 'out', 'replay', 'Goods before they are revalued, at cost.'),
	('revalued_to', 'in', 'given', 'The same goods at their new value, the line''s cost.'),
	('issued_more', 'out', 'replay', 'Goods that left with an issue beyond what it says, at cost.'),
	('issued_less', 'in', 'origin', 'Goods that an issue says, and that did not leave, at the cost of the line that issued them.'),
	('absorbed', 'none', 'spread', 'A cost of the company''s own that becomes part of what goods cost.'),
	('adjustment', 'none', 'none', 'A change of costs that a replay found.'),
	('standard_cost', 'value', 'replay', 'A standard cost that comes into force: what is on hand is worth it.'),
	('costing_method', 'value', 'replay', 'Another costing method of an item: its pool of cost is closed by the old one and opened by the new one.'),
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
	('arrival', 'out', 'replay', true, true, 'Goods that were sent and arrive.'),
	('shipped', 'out', 'replay', true, false, 'Goods that leave for a customer and stay the company''s own until they are billed.');

-- Goods of others: borrowed, or on consignment from a supplier, and what becomes the company's own of them.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, of_party, fulfils, description) VALUES
	('held', 'in', 'given', true, false, 'Goods of a party that come in: borrowed, or on consignment from a supplier.'),
	('given_back', 'out', 'replay', true, true, 'Such goods that go back.'),
	('bought_from', 'out', 'replay', true, true, 'Borrowed goods before they are bought.'),
	('withdrawn_from', 'out', 'replay', true, false, 'Goods on consignment before they are withdrawn.'),
	('withdrawn', 'in', 'amount', false, false, 'Goods of a party that become the company''s own, worth the line''s amount until they are billed.'),
	('settled', 'none', 'bill', false, true, 'Goods on consignment that were withdrawn, and that a statement bills.');

-- What rounds a total: the engine makes such a line where a document asks for it; of a bill it may be entered.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, is_rounding, description) VALUES
	('cash_rounding', 'none', 'none', true, 'What a total is rounded by, to a multiple of the smallest coin; has no tax.');

INSERT INTO erp.line_role (line_role, stock_direction, value_source, fulfils, description) VALUES
	('credited', 'none', 'bill', true, 'Goods that a supplier billed and gives credit for, since they went back: what its price differs from the receipt''s leaves their cost.');

-- What leaves for a customer is not past its last day; what is scrapped, lost, amended away, made into something else or brought elsewhere may be.
UPDATE erp.line_role SET refuses_expired = true WHERE line_role IN ('sale', 'free', 'issued_more', 'shipped');

-- Goods that are sold when they are shipped, and billed apart.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, fulfils, refuses_expired, description) VALUES
	('sold', 'out', 'sold', false, true, 'Goods that are shipped and sold by that, at cost of sales; their revenue is billed later, or was before.'),
	('sold_back', 'in', 'unsold', true, false, 'Such goods that come back before they are billed, at the cost and the price of the line that shipped them.'),
	('invoiced', 'none', 'invoice', false, false, 'Goods that were shipped and sold, or are still to be shipped, and that an invoice bills.');

-- What was found or lost and waits on the pending account, and where it goes.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, fulfils, needs_party, description) VALUES
	('loss_expensed', 'none', 'none', true, false, 'A loss that is a cost of management.'),
	('loss_claimed', 'none', 'none', true, true, 'A loss that a party, such as an insurer or who is to blame for it, makes good.'),
	('loss_non_operating', 'none', 'none', true, false, 'A loss that is no cost of operation, such as one by disaster.'),
	('gain_non_operating', 'none', 'none', true, false, 'A gain that is no income of operation.'),
	('gain_expensed', 'none', 'none', true, false, 'A gain that makes the cost of management less.');

-- The variants of an offset: what is open on one account, of the document's party, is carried to another, of the line's party.
INSERT INTO erp.line_role (line_role, stock_direction, value_source, description) VALUES
	('advance_received_to_receivable', 'none', 'none', 'An advance from a customer pays a receivable.'),
	('advance_paid_to_payable', 'none', 'none', 'An advance to a supplier pays a payable.'),
	('receivable_to_payable', 'none', 'none', 'A receivable is set off against a payable.'),
	('receivable_to_receivable', 'none', 'none', 'A receivable passes to another party.'),
	('payable_to_payable', 'none', 'none', 'A payable passes to another party.');
UPDATE erp.line_role SET needs_party = true
WHERE line_role IN ('advance_received_to_receivable', 'advance_paid_to_payable', 'receivable_to_payable', 'receivable_to_receivable', 'payable_to_payable');

-- cost_adjustment, month_cost, standard_revaluation, costing_change, settlement, numbering and administration are made by the engine alone: nobody is a member of erp_owner.
INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, description) VALUES
	('goods_receipt', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'Goods received from a supplier, not billed yet.'),
	('landed_cost', '{purchasing,stock,general}', 'supplier', -1, 'erp_accountant', 'Freight, duty and the like, which others charge, on goods received.'),
	('supplier_bill', '{purchasing,stock,general}', 'supplier', -1, 'erp_accountant', 'Bill of a supplier, for goods received or still to come, and for services.'),
	('supplier_credit_note', '{purchasing,stock,general}', 'supplier', 1, 'erp_accountant', 'Credit note of a supplier, for goods that were billed and went back, and for services.'),
	('receipt_amendment', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'What a goods receipt should have said: quantity or price, on its true day.'),
	('supplier_return', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'Goods that go back to their supplier, on the day on which they leave.'),
	('revaluation', '{stock,general}', 'none', 0, 'erp_accountant', 'Goods that are worth another amount from a day on.'),
	('write_down', '{stock,general}', 'none', 0, 'erp_accountant', 'Goods that are worth less from a day on.'),
	('issue_amendment', '{stock,general}', 'none', 0, 'erp_warehouse', 'What an issue of goods should have said: its quantity, on its true day.'),
	('absorbed_cost', '{stock,general}', 'none', 0, 'erp_accountant', 'Costs of the company''s own that goods received take up.'),
	('sales_invoice', '{sales,stock,general}', 'customer', 1, 'erp_sales', 'Sales invoice with immediate delivery.'),
	('credit_note', '{sales,stock,general}', 'customer', -1, 'erp_sales', 'Credit note, with goods that come back or without.'),
	('shipment', '{stock,general}', 'customer', 0, 'erp_warehouse', 'Goods that leave for a customer: they stay the company''s own, apart, until they are billed.'),
	('shipment_return', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods that were shipped and come back before they are billed.'),
	('sales_shipment', '{sales,stock,general}', 'customer', 1, 'erp_warehouse', 'Goods that leave for a customer and are sold by that: their revenue is not billed yet, or was billed ahead.'),
	('sales_shipment_return', '{sales,stock,general}', 'customer', -1, 'erp_warehouse', 'Goods of a sales shipment that come back before they are billed.'),
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
	('loan', '{stock,general}', 'any', 0, 'erp_warehouse', 'Goods lent to a party: they stay the company''s own.'),
	('loan_return', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods that were lent and come back, all of them or a part.'),
	('borrowing', '{stock,general}', 'any', 0, 'erp_warehouse', 'Goods that a party lends: they have no value here.'),
	('borrowing_return', '{stock,general}', 'any', 0, 'erp_warehouse', 'Borrowed goods that go back, all of them or a part.'),
	('borrowing_purchase', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'Borrowed goods that are bought, not billed yet.'),
	('consignment_delivery', '{stock,general}', 'customer', 0, 'erp_warehouse', 'Goods brought to a customer, who sells them: they stay the company''s own until then.'),
	('consignment_return', '{stock,general}', 'none', 0, 'erp_warehouse', 'Goods that were on consignment with a customer and come back.'),
	('consignment_receipt', '{stock,general}', 'supplier', 0, 'erp_warehouse', 'Goods that a supplier keeps here on consignment: they have no value here until they are withdrawn.'),
	('consignor_return', '{stock,general}', 'supplier', 0, 'erp_warehouse', 'Goods on consignment that go back to the supplier, all of them or a part.'),
	('consignment_withdrawal', '{purchasing,stock,general}', 'supplier', -1, 'erp_warehouse', 'Goods that a supplier keeps here on consignment and that are used: they become the company''s own.'),
	('consignment_statement', '{purchasing,stock,general}', 'supplier', -1, 'erp_accountant', 'Statement with a supplier of goods on consignment that were withdrawn: what is owed for them.'),
	('adjustment_approval', '{stock,general}', 'none', 0, 'erp_accountant', 'Where goods that were found or lost go from the pending account, in parts.'),
	('bad_debt', '{sales,general}', 'customer', -1, 'erp_accountant', 'Debts given up.'),
	('manual_voucher', '{general}', 'none', 0, 'erp_accountant', 'Voucher entered by hand.'),
	('opening_balance', '{general}', 'none', 0, 'erp_accountant', 'Balances taken over from the books before these.'),
	('customer_payment', '{sales,general}', 'customer', -1, 'erp_accountant', 'Money received from a customer.'),
	('supplier_payment', '{purchasing,general}', 'supplier', 1, 'erp_accountant', 'Money paid to a supplier.'),
	('customer_refund', '{sales,general}', 'customer', 1, 'erp_accountant', 'Money paid back to a customer.'),
	('customer_deposit', '{sales,general}', 'customer', -1, 'erp_accountant', 'Money that a customer pays in advance: it is owed to the customer until it is offset against an invoice or paid back.'),
	('customer_deposit_refund', '{sales,general}', 'customer', 1, 'erp_accountant', 'A deposit that is paid back.'),
	('supplier_refund', '{purchasing,general}', 'supplier', -1, 'erp_accountant', 'Money that a supplier pays back.'),
	('offset', '{general}', 'none', 0, 'erp_accountant', 'Open items carried from one account or party to another.'),
	('cost_adjustment', '{stock,general}', 'none', 0, 'erp_owner', 'Costs changed by a backdated document.'),
	('month_cost', '{stock,general}', 'none', 0, 'erp_owner', 'The cost of a month, by monthly average.'),
	('standard_revaluation', '{stock,general}', 'none', 0, 'erp_owner', 'Standard costs that come into force.'),
	('costing_change', '{stock,general}', 'none', 0, 'erp_owner', 'Items that are costed by another method from a day on.'),
	('schedule_posting', '{general}', 'none', 0, 'erp_accountant', 'A part of a prepaid expense or of deferred revenue.'),
	('cost_allocation', '{general}', 'none', 0, 'erp_accountant', 'Costs that are allocated to those they are of.'),
	('period_transfer', '{general}', 'none', 0, 'erp_accountant', 'What a transfer template posts at the end of a period.'),
	('settlement', '{general}', 'none', 0, 'erp_owner', 'Open items that are settled, or whose settlement is undone.'),
	('numbering', '{}', 'none', 0, 'erp_owner', 'Numbers of deferred series, given to what was posted before.'),
	('administration', '{}', 'none', 0, 'erp_owner', 'A call on master data or periods.');

INSERT INTO erp.document_kind_role (kind, line_role, rank) VALUES
	('goods_receipt', 'receipt', 1),
	('supplier_bill', 'billed', 1), ('supplier_bill', 'service', 2), ('supplier_credit_note', 'credited', 1), ('supplier_credit_note', 'service', 2),
	('receipt_amendment', 'received_more', 1), ('receipt_amendment', 'received_less', 2), ('receipt_amendment', 'repriced', 3),
	('supplier_return', 'sent_back', 1),
	('revaluation', 'revalued_from', 1), ('revaluation', 'revalued_to', 2), ('write_down', 'revalued_from', 1), ('write_down', 'revalued_to', 2),
	('issue_amendment', 'issued_more', 1), ('issue_amendment', 'issued_less', 2),
	('landed_cost', 'landed', 1), ('absorbed_cost', 'absorbed', 1),
	('sales_invoice', 'sale', 1), ('sales_invoice', 'service', 2), ('sales_invoice', 'free', 3), ('sales_invoice', 'gain', 4),
	('sales_invoice', 'loss', 5), ('sales_invoice', 'allowance', 6), ('sales_invoice', 'invoiced', 7),
	('credit_note', 'return', 1), ('credit_note', 'service', 2), ('credit_note', 'allowance', 3), ('credit_note', 'gift_return', 4),
	('stock_gain', 'gain', 1), ('opening_stock', 'opening', 1), ('stock_loss', 'loss', 1), ('free_issue', 'free', 1),
	('scrap', 'scrap', 1), ('assembly', 'component', 1), ('assembly', 'product', 2), ('disassembly', 'component', 1),
	('disassembly', 'product', 2), ('production_issue', 'component', 1), ('production_receipt', 'product', 1),
	('transfer', 'transfer', 1), ('transfer_dispatch', 'transfer', 1), ('transfer_receipt', 'arrival', 1),
	('loan', 'transfer', 1), ('loan_return', 'arrival', 1), ('consignment_delivery', 'transfer', 1), ('consignment_return', 'arrival', 1),
	('shipment', 'shipped', 1), ('shipment_return', 'arrival', 1), ('sales_shipment', 'sold', 1), ('sales_shipment_return', 'sold_back', 1),
	('borrowing', 'held', 1), ('borrowing_return', 'given_back', 1), ('consignment_receipt', 'held', 1), ('consignor_return', 'given_back', 1),
	('borrowing_purchase', 'bought_from', 1), ('borrowing_purchase', 'withdrawn', 2),
	('consignment_withdrawal', 'withdrawn_from', 1), ('consignment_withdrawal', 'withdrawn', 2), ('consignment_statement', 'settled', 1),
	('adjustment_approval', 'loss_expensed', 1), ('adjustment_approval', 'loss_claimed', 2), ('adjustment_approval', 'loss_non_operating', 3),
	('adjustment_approval', 'gain_non_operating', 4), ('adjustment_approval', 'gain_expensed', 5),
	('bad_debt', 'bad_debt', 1), ('manual_voucher', 'entry', 1), ('schedule_posting', 'entry', 1), ('cost_allocation', 'entry', 1), ('period_transfer', 'entry', 1), ('opening_balance', 'entry', 1),
	('offset', 'advance_received_to_receivable', 1), ('offset', 'advance_paid_to_payable', 2), ('offset', 'receivable_to_payable', 3),
	('offset', 'receivable_to_receivable', 4), ('offset', 'payable_to_payable', 5),
	('customer_payment', 'bank', 1), ('customer_payment', 'cash', 2), ('supplier_payment', 'bank', 1), ('supplier_payment', 'cash', 2),
	('customer_deposit', 'bank', 1), ('customer_deposit', 'cash', 2), ('customer_deposit_refund', 'bank', 1), ('customer_deposit_refund', 'cash', 2),
	('customer_refund', 'bank', 1), ('customer_refund', 'cash', 2), ('supplier_refund', 'bank', 1), ('supplier_refund', 'cash', 2),
	('cost_adjustment', 'adjustment', 1), ('month_cost', 'month_cost', 1), ('standard_revaluation', 'standard_cost', 1),
	('costing_change', 'costing_method', 1),
	('settlement', 'exchange_difference', 1), ('settlement', 'discount', 2), ('settlement', 'write_off', 3),
	('settlement', 'discount_tax', 4),
	('sales_invoice', 'cash_rounding', 20), ('credit_note', 'cash_rounding', 20), ('supplier_bill', 'cash_rounding', 20),
	('supplier_credit_note', 'cash_rounding', 20);

-- Where goods are carried to, and whose lines become two.
UPDATE erp.document_kind SET to_location_kind = 'in_transit' WHERE kind = 'transfer_dispatch';
UPDATE erp.document_kind SET to_location_kind = 'lent' WHERE kind = 'loan';
UPDATE erp.document_kind SET to_location_kind = 'consignment' WHERE kind = 'consignment_delivery';
UPDATE erp.document_kind SET to_location_kind = 'shipped' WHERE kind = 'shipment';
UPDATE erp.document_kind k SET event_topic = t.topic
  FROM (VALUES ('customer_payment', 'payment_posted'), ('supplier_payment', 'payment_posted'), ('customer_refund', 'refund_posted'), ('supplier_refund', 'refund_posted'),
	('customer_deposit', 'deposit_posted'), ('customer_deposit_refund', 'deposit_refunded'), ('credit_note', 'credit_note_posted'), ('supplier_credit_note', 'credit_note_posted'),
	('offset', 'offset_posted'), ('bad_debt', 'bad_debt_posted'), ('settlement', 'settlement_changed')) AS t (kind, topic)
 WHERE k.kind = t.kind;
INSERT INTO erp_private.call_event (call, topic, name_field) VALUES
	('put_parties', 'party_changed', 'code'), ('put_items', 'item_changed', 'code'), ('put_item_units', 'item_changed', 'item'), ('put_barcodes', 'item_changed', 'item'),
	('put_variants', 'item_changed', 'template'), ('put_item_templates', 'item_template_changed', 'code'), ('put_item_groups', 'item_group_changed', 'code'),
	('put_warehouses', 'warehouse_changed', 'code'), ('put_tax_codes', 'tax_code_changed', 'code'), ('put_payment_terms', 'payment_terms_changed', 'code'),
	('import_master_data', 'master_data_imported', 'job_id');
UPDATE erp.document_kind SET two_sided = true WHERE kind IN ('revaluation', 'write_down', 'consignment_withdrawal', 'borrowing_purchase');

-- Which documents' lines a line may name. What is sold, given away or lost of what is lent, on consignment or shipped is a line like any other, and names it.
UPDATE erp.document_kind_role r SET names_kinds = n.names_kinds
FROM (VALUES ('goods_receipt', 'receipt', '{supplier_bill}'::text[]),
	('supplier_bill', 'billed', '{goods_receipt,borrowing_purchase}'), ('supplier_credit_note', 'credited', '{goods_receipt,borrowing_purchase}'), ('consignment_statement', 'settled', '{consignment_withdrawal}'),
	('receipt_amendment', 'received_more', '{goods_receipt}'), ('receipt_amendment', 'received_less', '{goods_receipt}'),
	('supplier_return', 'sent_back', '{goods_receipt,borrowing_purchase}'),
	('receipt_amendment', 'repriced', '{goods_receipt,borrowing_purchase,consignment_withdrawal}'),
	('transfer_receipt', 'arrival', '{transfer_dispatch}'), ('loan_return', 'arrival', '{loan}'), ('consignment_return', 'arrival', '{consignment_delivery}'),
	('shipment_return', 'arrival', '{shipment}'), ('sales_shipment', 'sold', '{sales_invoice}'), ('sales_shipment_return', 'sold_back', '{sales_shipment}'),
	('sales_invoice', 'invoiced', '{sales_shipment}'),
	('borrowing_return', 'given_back', '{borrowing}'), ('consignor_return', 'given_back', '{consignment_receipt,goods_receipt}'), ('borrowing_purchase', 'bought_from', '{borrowing}'),
	('sales_invoice', 'sale', '{loan,consignment_delivery,shipment}'), ('sales_invoice', 'free', '{shipment}'), ('free_issue', 'free', '{loan,consignment_delivery,shipment}'),
	('stock_loss', 'loss', '{loan,consignment_delivery,shipment}'),
	('adjustment_approval', 'loss_expensed', '{stock_loss}'), ('adjustment_approval', 'loss_claimed', '{stock_loss}'),
	('adjustment_approval', 'loss_non_operating', '{stock_loss}'),
	('adjustment_approval', 'gain_non_operating', '{stock_gain}'), ('adjustment_approval', 'gain_expensed', '{stock_gain}')) AS n (kind, line_role, names_kinds)
WHERE r.kind = n.kind AND r.line_role = n.line_role;

-- The life of a draft: what an accountant writes by hand, and what settling and unsettling post. Who sends back gives a reason; who drafts again takes it back to be reviewed.
INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role)
SELECT k.kind, t.from_state, t.to_state, t.allowed_role
  FROM (VALUES ('manual_voucher'), ('bad_debt'), ('customer_payment'), ('supplier_payment'), ('customer_refund'), ('supplier_refund'), ('customer_deposit'), ('customer_deposit_refund'), ('offset'), ('settlement')) AS k (kind),
       (VALUES ('', 'drafted', 'erp_accountant'),
               ('drafted', 'reviewed', 'erp_reviewer'), ('reviewed', 'signed', 'erp_cashier'),
               ('drafted', 'posted', 'erp_accountant'), ('reviewed', 'posted', 'erp_accountant'), ('signed', 'posted', 'erp_accountant'),
               ('drafted', 'returned', 'erp_reviewer'),
               ('reviewed', 'returned', 'erp_reviewer'), ('reviewed', 'returned', 'erp_cashier'), ('reviewed', 'returned', 'erp_accountant'),
               ('signed', 'returned', 'erp_reviewer'), ('signed', 'returned', 'erp_cashier'), ('signed', 'returned', 'erp_accountant'),
               ('returned', 'drafted', 'erp_accountant'), ('reviewed', 'drafted', 'erp_accountant'), ('signed', 'drafted', 'erp_accountant'),
               ('drafted', 'withdrawn', 'erp_accountant'), ('returned', 'withdrawn', 'erp_accountant'),
               ('reviewed', 'withdrawn', 'erp_accountant'), ('signed', 'withdrawn', 'erp_accountant')) AS t (from_state, to_state, allowed_role);
