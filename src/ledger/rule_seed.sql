-- ledger: the rules by which documents post to the accounts of the charts that ship as data.

-- Reductions of revenue and cost stand on the opposite side in the English chart.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code) VALUES
	('english', 'goods_receipt', 'receipt', 'inventory', 'debit', '1200'),
	('english', 'goods_receipt', 'document', 'tax', 'debit', '2200'),
	('english', 'goods_receipt', 'document', 'total', 'credit', '2100'),
	('english', 'supplier_bill', 'billed', 'amount', 'debit', '2100'),
	('english', 'supplier_bill', 'billed', 'inventory', 'debit', '1200'),
	('english', 'supplier_bill', 'billed', 'cost', 'credit', '2100'),
	('english', 'supplier_bill', 'service', 'amount', 'debit', '6500'),
	('english', 'supplier_bill', 'document', 'tax', 'debit', '2200'),
	('english', 'supplier_bill', 'document', 'total', 'credit', '2000'),
	('english', 'receipt_amendment', 'received_more', 'inventory', 'debit', '1200'),
	('english', 'receipt_amendment', 'received_less', 'inventory', 'debit', '1200'),
	('english', 'receipt_amendment', 'repriced', 'inventory', 'debit', '1200'),
	('english', 'receipt_amendment', 'document', 'tax', 'debit', '2200'),
	('english', 'receipt_amendment', 'document', 'total', 'credit', '2100'),
	('english', 'supplier_return', 'sent_back', 'inventory', 'credit', '1200'),
	('english', 'supplier_return', 'sent_back', 'price_variance', 'debit', '5050'),
	('english', 'supplier_return', 'document', 'tax', 'credit', '2200'),
	('english', 'supplier_return', 'document', 'total', 'debit', '2100'),
	('english', 'issue_amendment', 'issued_more', 'inventory', 'credit', '1200'),
	('english', 'issue_amendment', 'issued_more', 'cost', 'debit', '5000'),
	('english', 'issue_amendment', 'issued_less', 'inventory', 'debit', '1200'),
	('english', 'issue_amendment', 'issued_less', 'cost', 'credit', '5000'),
	('english', 'revaluation', 'revalued_from', 'inventory', 'debit', '1200'),
	('english', 'revaluation', 'revalued_from', 'cost', 'credit', '4900'),
	('english', 'revaluation', 'revalued_to', 'inventory', 'debit', '1200'),
	('english', 'revaluation', 'revalued_to', 'cost', 'credit', '4900'),
	('english', 'write_down', 'revalued_from', 'inventory', 'debit', '1200'),
	('english', 'write_down', 'revalued_from', 'cost', 'debit', '5200'),
	('english', 'write_down', 'revalued_to', 'inventory', 'debit', '1200'),
	('english', 'write_down', 'revalued_to', 'cost', 'debit', '5200'),
	('english', 'landed_cost', 'landed', 'inventory', 'debit', '1200'),
	('english', 'landed_cost', 'document', 'tax', 'debit', '2200'),
	('english', 'landed_cost', 'document', 'total', 'credit', '2000'),
	('english', 'absorbed_cost', 'absorbed', 'inventory', 'debit', '1200'),
	('english', 'absorbed_cost', 'absorbed', 'cost', 'credit', '6500'),
	('english', 'sales_invoice', 'sale', 'amount', 'credit', '4000'),
	('english', 'sales_invoice', 'free', 'amount', 'credit', '4000'),
	('english', 'sales_invoice', 'gain', 'amount', 'credit', '4000'),
	('english', 'sales_invoice', 'loss', 'amount', 'credit', '4000'),
	('english', 'sales_invoice', 'allowance', 'amount', 'credit', '4000'),
	('english', 'sales_invoice', 'service', 'amount', 'credit', '4100'),
	('english', 'sales_invoice', 'sale', 'inventory', 'credit', '1200'),
	('english', 'sales_invoice', 'sale', 'cost', 'debit', '5000'),
	('english', 'sales_invoice', 'free', 'inventory', 'credit', '1200'),
	('english', 'sales_invoice', 'free', 'cost', 'debit', '5100'),
	('english', 'sales_invoice', 'gain', 'inventory', 'debit', '1200'),
	('english', 'sales_invoice', 'gain', 'cost', 'credit', '4900'),
	('english', 'sales_invoice', 'loss', 'inventory', 'credit', '1200'),
	('english', 'sales_invoice', 'loss', 'cost', 'debit', '5200'),
	('english', 'sales_invoice', 'document', 'tax', 'credit', '2200'),
	('english', 'sales_invoice', 'document', 'total', 'debit', '1100'),
	('english', 'credit_note', 'return', 'amount', 'debit', '4000'),
	('english', 'credit_note', 'gift_return', 'amount', 'debit', '4000'),
	('english', 'credit_note', 'gift_return', 'inventory', 'debit', '1200'),
	('english', 'credit_note', 'gift_return', 'cost', 'credit', '5100'),
	('english', 'credit_note', 'service', 'amount', 'debit', '4100'),
	('english', 'credit_note', 'allowance', 'amount', 'debit', '4000'),
	('english', 'credit_note', 'return', 'inventory', 'debit', '1200'),
	('english', 'credit_note', 'return', 'cost', 'credit', '5000'),
	('english', 'credit_note', 'document', 'tax', 'debit', '2200'),
	('english', 'credit_note', 'document', 'total', 'credit', '1100'),
	('english', 'opening_stock', 'opening', 'inventory', 'debit', '1200'),
	('english', 'opening_stock', 'opening', 'cost', 'credit', '3900'),
	('english', 'assembly', 'component', 'inventory', 'credit', '1200'),
	('english', 'assembly', 'component', 'cost', 'debit', '1250'),
	('english', 'disassembly', 'component', 'inventory', 'credit', '1200'),
	('english', 'disassembly', 'component', 'cost', 'debit', '1250'),
	('english', 'production_issue', 'component', 'inventory', 'credit', '1200'),
	('english', 'production_issue', 'component', 'cost', 'debit', '1250'),
	('english', 'assembly', 'product', 'inventory', 'debit', '1200'),
	('english', 'assembly', 'product', 'cost', 'credit', '1250'),
	('english', 'disassembly', 'product', 'inventory', 'debit', '1200'),
	('english', 'disassembly', 'product', 'cost', 'credit', '1250'),
	('english', 'production_receipt', 'product', 'inventory', 'debit', '1200'),
	('english', 'production_receipt', 'product', 'cost', 'credit', '1250'),
	('english', 'scrap', 'scrap', 'inventory', 'credit', '1200'),
	('english', 'scrap', 'scrap', 'cost', 'debit', '5200'),
	('english', 'stock_gain', 'gain', 'inventory', 'debit', '1200'),
	('english', 'stock_gain', 'gain', 'cost', 'credit', '4900'),
	('english', 'stock_loss', 'loss', 'inventory', 'credit', '1200'),
	('english', 'stock_loss', 'loss', 'cost', 'debit', '5200'),
	('english', 'free_issue', 'free', 'inventory', 'credit', '1200'),
	('english', 'free_issue', 'free', 'cost', 'debit', '5100'),
	('english', 'bad_debt', 'bad_debt', 'amount', 'debit', '6100'),
	('english', 'bad_debt', 'document', 'tax', 'debit', '2200'),
	('english', 'bad_debt', 'document', 'total', 'credit', '1100'),
	('english', 'goods_receipt', 'receipt', 'price_variance', 'debit', '5050'),
	('english', 'assembly', 'product', 'usage_variance', 'debit', '5060'),
	('english', 'assembly', 'product', 'usage', 'credit', '1250'),
	('english', 'disassembly', 'product', 'usage_variance', 'debit', '5060'),
	('english', 'disassembly', 'product', 'usage', 'credit', '1250'),
	('english', 'production_receipt', 'product', 'usage_variance', 'debit', '5060'),
	('english', 'production_receipt', 'product', 'usage', 'credit', '1250'),
	('english', 'standard_revaluation', 'standard_cost', 'inventory', 'debit', '1200'),
	('english', 'standard_revaluation', 'standard_cost', 'cost', 'debit', '5050'),
	('english', 'standard_revaluation', 'standard_cost', 'price_variance', 'debit', '5050'),
	('english', 'costing_change', 'costing_method', 'inventory', 'debit', '1200'),
	('english', 'costing_change', 'costing_method', 'cost', 'debit', '5050'),
	('english', 'cost_adjustment', 'adjustment', 'inventory', 'debit', '1200'),
	('english', 'cost_adjustment', 'adjustment', 'cost', 'debit', '5000');

-- In the Chinese chart they stand in red: negative, on the side of what they reduce.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code) VALUES
	('china_small_enterprise', 'goods_receipt', 'receipt', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'goods_receipt', 'document', 'tax', 'debit', '2221.01.01'),
	('china_small_enterprise', 'goods_receipt', 'document', 'total', 'credit', '2202.02'),
	('china_small_enterprise', 'supplier_bill', 'billed', 'amount', 'debit', '2202.02'),
	('china_small_enterprise', 'supplier_bill', 'billed', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'supplier_bill', 'billed', 'cost', 'credit', '2202.02'),
	('china_small_enterprise', 'supplier_bill', 'service', 'amount', 'debit', '5602'),
	('china_small_enterprise', 'supplier_bill', 'document', 'tax', 'debit', '2221.01.01'),
	('china_small_enterprise', 'supplier_bill', 'document', 'total', 'credit', '2202.01'),
	('china_small_enterprise', 'receipt_amendment', 'received_more', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'receipt_amendment', 'received_less', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'receipt_amendment', 'repriced', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'receipt_amendment', 'document', 'tax', 'debit', '2221.01.01'),
	('china_small_enterprise', 'receipt_amendment', 'document', 'total', 'credit', '2202.02'),
	('china_small_enterprise', 'supplier_return', 'sent_back', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'supplier_return', 'sent_back', 'price_variance', 'debit', '1404'),
	('china_small_enterprise', 'supplier_return', 'document', 'tax', 'debit', '2221.01.01'),
	('china_small_enterprise', 'supplier_return', 'document', 'total', 'credit', '2202.02'),
	('china_small_enterprise', 'issue_amendment', 'issued_more', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'issue_amendment', 'issued_more', 'cost', 'debit', '5401'),
	('china_small_enterprise', 'issue_amendment', 'issued_less', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'issue_amendment', 'issued_less', 'cost', 'debit', '5401'),
	('china_small_enterprise', 'revaluation', 'revalued_from', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'revaluation', 'revalued_from', 'cost', 'credit', '5301.02'),
	('china_small_enterprise', 'revaluation', 'revalued_to', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'revaluation', 'revalued_to', 'cost', 'credit', '5301.02'),
	('china_small_enterprise', 'write_down', 'revalued_from', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'write_down', 'revalued_from', 'cost', 'debit', '5711.02'),
	('china_small_enterprise', 'write_down', 'revalued_to', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'write_down', 'revalued_to', 'cost', 'debit', '5711.02'),
	('china_small_enterprise', 'landed_cost', 'landed', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'landed_cost', 'document', 'tax', 'debit', '2221.01.01'),
	('china_small_enterprise', 'landed_cost', 'document', 'total', 'credit', '2202.01'),
	('china_small_enterprise', 'absorbed_cost', 'absorbed', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'absorbed_cost', 'absorbed', 'cost', 'debit', '5602'),
	('china_small_enterprise', 'sales_invoice', 'sale', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'sales_invoice', 'free', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'sales_invoice', 'gain', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'sales_invoice', 'loss', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'sales_invoice', 'allowance', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'sales_invoice', 'service', 'amount', 'credit', '5051'),
	('china_small_enterprise', 'sales_invoice', 'sale', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'sales_invoice', 'sale', 'cost', 'debit', '5401'),
	('china_small_enterprise', 'sales_invoice', 'free', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'sales_invoice', 'free', 'cost', 'debit', '5601.03'),
	('china_small_enterprise', 'sales_invoice', 'gain', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'sales_invoice', 'gain', 'cost', 'credit', '5301.02'),
	('china_small_enterprise', 'sales_invoice', 'loss', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'sales_invoice', 'loss', 'cost', 'debit', '5711.02'),
	('china_small_enterprise', 'sales_invoice', 'document', 'tax', 'credit', '2221.01.07'),
	('china_small_enterprise', 'sales_invoice', 'document', 'total', 'debit', '1122'),
	('china_small_enterprise', 'credit_note', 'return', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'credit_note', 'gift_return', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'credit_note', 'gift_return', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'credit_note', 'gift_return', 'cost', 'debit', '5601.03'),
	('china_small_enterprise', 'credit_note', 'service', 'amount', 'credit', '5051'),
	('china_small_enterprise', 'credit_note', 'allowance', 'amount', 'credit', '5001'),
	('china_small_enterprise', 'credit_note', 'return', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'credit_note', 'return', 'cost', 'debit', '5401'),
	('china_small_enterprise', 'credit_note', 'document', 'tax', 'credit', '2221.01.07'),
	('china_small_enterprise', 'credit_note', 'document', 'total', 'debit', '1122'),
	('china_small_enterprise', 'opening_stock', 'opening', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'opening_stock', 'opening', 'cost', 'credit', '1901'),
	('china_small_enterprise', 'assembly', 'component', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'assembly', 'component', 'cost', 'debit', '4001'),
	('china_small_enterprise', 'disassembly', 'component', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'disassembly', 'component', 'cost', 'debit', '4001'),
	('china_small_enterprise', 'production_issue', 'component', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'production_issue', 'component', 'cost', 'debit', '4001'),
	('china_small_enterprise', 'assembly', 'product', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'assembly', 'product', 'cost', 'credit', '4001'),
	('china_small_enterprise', 'disassembly', 'product', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'disassembly', 'product', 'cost', 'credit', '4001'),
	('china_small_enterprise', 'production_receipt', 'product', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'production_receipt', 'product', 'cost', 'credit', '4001'),
	('china_small_enterprise', 'scrap', 'scrap', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'scrap', 'scrap', 'cost', 'debit', '5711.02'),
	('china_small_enterprise', 'stock_gain', 'gain', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'stock_gain', 'gain', 'cost', 'credit', '1901'),
	('china_small_enterprise', 'stock_loss', 'loss', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'stock_loss', 'loss', 'cost', 'debit', '1901'),
	('china_small_enterprise', 'free_issue', 'free', 'inventory', 'credit', '1405'),
	('china_small_enterprise', 'free_issue', 'free', 'cost', 'debit', '5601.03'),
	('china_small_enterprise', 'bad_debt', 'bad_debt', 'amount', 'debit', '5711.01'),
	('china_small_enterprise', 'bad_debt', 'document', 'tax', 'credit', '2221.01.07'),
	('china_small_enterprise', 'bad_debt', 'document', 'total', 'credit', '1122'),
	('china_small_enterprise', 'goods_receipt', 'receipt', 'price_variance', 'debit', '1404'),
	('china_small_enterprise', 'assembly', 'product', 'usage_variance', 'debit', '1404'),
	('china_small_enterprise', 'assembly', 'product', 'usage', 'credit', '4001'),
	('china_small_enterprise', 'disassembly', 'product', 'usage_variance', 'debit', '1404'),
	('china_small_enterprise', 'disassembly', 'product', 'usage', 'credit', '4001'),
	('china_small_enterprise', 'production_receipt', 'product', 'usage_variance', 'debit', '1404'),
	('china_small_enterprise', 'production_receipt', 'product', 'usage', 'credit', '4001'),
	('china_small_enterprise', 'standard_revaluation', 'standard_cost', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'standard_revaluation', 'standard_cost', 'cost', 'debit', '1404'),
	('china_small_enterprise', 'standard_revaluation', 'standard_cost', 'price_variance', 'debit', '1404'),
	('china_small_enterprise', 'costing_change', 'costing_method', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'costing_change', 'costing_method', 'cost', 'debit', '1404'),
	('china_small_enterprise', 'cost_adjustment', 'adjustment', 'inventory', 'debit', '1405'),
	('china_small_enterprise', 'cost_adjustment', 'adjustment', 'cost', 'debit', '5401');

-- What settlements post: for small enterprises of China an exchange loss is a financial expense, a gain non-operating income.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, condition, side, account_code) VALUES
	('english', 'exchange_revaluation', 'exchange_difference', 'amount', 'debit', 'debit', '6400'),
	('english', 'exchange_revaluation', 'exchange_difference', 'amount', 'credit', 'credit', '6400'),
	('english', 'profit_transfer', 'document', 'total', 'any', 'credit', '3200'),
	('english', 'year_transfer', 'document', 'total', 'any', 'credit', '3100'),
	('china_small_enterprise', 'exchange_revaluation', 'exchange_difference', 'amount', 'debit', 'debit', '5603'),
	('china_small_enterprise', 'exchange_revaluation', 'exchange_difference', 'amount', 'credit', 'credit', '5301.04'),
	('china_small_enterprise', 'profit_transfer', 'document', 'total', 'any', 'credit', '3103'),
	('china_small_enterprise', 'year_transfer', 'document', 'total', 'any', 'credit', '3104.04'),
	('english', 'settlement', 'exchange_difference', 'amount', 'debit', 'debit', '6400'),
	('english', 'settlement', 'exchange_difference', 'amount', 'credit', 'credit', '6400'),
	('english', 'settlement', 'discount', 'amount', 'debit', 'debit', '6150'),
	('english', 'settlement', 'discount', 'amount', 'credit', 'credit', '4700'),
	('english', 'settlement', 'discount_tax', 'amount', 'debit', 'debit', '2200'),
	('english', 'settlement', 'discount_tax', 'amount', 'credit', 'credit', '2200'),
	('english', 'settlement', 'write_off', 'amount', 'debit', 'debit', '6500'),
	('english', 'settlement', 'write_off', 'amount', 'credit', 'credit', '4800'),
	('china_small_enterprise', 'settlement', 'exchange_difference', 'amount', 'debit', 'debit', '5603'),
	('china_small_enterprise', 'settlement', 'exchange_difference', 'amount', 'credit', 'credit', '5301.04'),
	('china_small_enterprise', 'settlement', 'discount', 'amount', 'any', 'debit', '5603'),
	('china_small_enterprise', 'settlement', 'discount_tax', 'amount', 'debit', 'credit', '2221.01.07'),
	('china_small_enterprise', 'settlement', 'discount_tax', 'amount', 'credit', 'debit', '2221.01.01'),
	('china_small_enterprise', 'settlement', 'write_off', 'amount', 'debit', 'debit', '5711.05'),
	('china_small_enterprise', 'settlement', 'write_off', 'amount', 'credit', 'credit', '5301.03');

-- Payments, and what is paid back.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code) VALUES
	('english', 'customer_payment', 'bank', 'amount', 'debit', '1010'),
	('english', 'customer_payment', 'cash', 'amount', 'debit', '1000'),
	('english', 'customer_payment', 'document', 'total', 'credit', '1100'),
	('english', 'supplier_payment', 'bank', 'amount', 'credit', '1010'),
	('english', 'supplier_payment', 'cash', 'amount', 'credit', '1000'),
	('english', 'supplier_payment', 'document', 'total', 'debit', '2000'),
	('china_small_enterprise', 'customer_payment', 'bank', 'amount', 'debit', '1002'),
	('china_small_enterprise', 'customer_payment', 'cash', 'amount', 'debit', '1001'),
	('china_small_enterprise', 'customer_payment', 'document', 'total', 'credit', '1122'),
	('china_small_enterprise', 'supplier_payment', 'bank', 'amount', 'credit', '1002'),
	('china_small_enterprise', 'supplier_payment', 'cash', 'amount', 'credit', '1001'),
	('china_small_enterprise', 'supplier_payment', 'document', 'total', 'debit', '2202.01'),
	('english', 'customer_refund', 'bank', 'amount', 'credit', '1010'),
	('english', 'customer_refund', 'cash', 'amount', 'credit', '1000'),
	('english', 'customer_refund', 'document', 'total', 'debit', '1100'),
	('english', 'supplier_refund', 'bank', 'amount', 'debit', '1010'),
	('english', 'supplier_refund', 'cash', 'amount', 'debit', '1000'),
	('english', 'supplier_refund', 'document', 'total', 'credit', '2000'),
	('china_small_enterprise', 'customer_refund', 'bank', 'amount', 'credit', '1002'),
	('china_small_enterprise', 'customer_refund', 'cash', 'amount', 'credit', '1001'),
	('china_small_enterprise', 'customer_refund', 'document', 'total', 'debit', '1122'),
	('china_small_enterprise', 'supplier_refund', 'bank', 'amount', 'debit', '1002'),
	('china_small_enterprise', 'supplier_refund', 'cash', 'amount', 'debit', '1001'),
	('china_small_enterprise', 'supplier_refund', 'document', 'total', 'credit', '2202.01');

-- A deposit is owed to the customer on the account of advances until it is offset or paid back.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code)
SELECT r.chart, k.kind, r.line_role, r.amount_role, r.side, CASE r.amount_role WHEN 'total' THEN CASE r.chart WHEN 'english' THEN '2050' ELSE '2203' END ELSE r.account_code END
FROM erp.chart_rule r
JOIN (VALUES ('customer_payment', 'customer_deposit'), ('customer_refund', 'customer_deposit_refund')) AS k (as_kind, kind) ON k.as_kind = r.kind;

-- Offsets: the first account, of the document's party, on the side where it is cleared, and the second, of the line's party.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code)
SELECT c.chart, 'offset', v.line_role, a.amount_role, a.side, CASE c.chart WHEN 'english' THEN a.english ELSE a.chinese END
FROM (VALUES ('english'), ('china_small_enterprise')) AS c (chart),
	(VALUES
		('advance_received_to_receivable', 'debit', '2050', '2203', 'credit', '1100', '1122'),
		('advance_paid_to_payable', 'credit', '1150', '1123', 'debit', '2000', '2202.01'),
		('receivable_to_payable', 'credit', '1100', '1122', 'debit', '2000', '2202.01'),
		('receivable_to_receivable', 'credit', '1100', '1122', 'debit', '1100', '1122'),
		('payable_to_payable', 'debit', '2000', '2202.01', 'credit', '2000', '2202.01')
	) AS v (line_role, side, english, chinese, other_side, other_english, other_chinese),
	LATERAL (VALUES ('amount', v.side, v.english, v.chinese), ('total', v.other_side, v.other_english, v.other_chinese)
	) AS a (amount_role, side, english, chinese);

-- Transfers: value goes from the inventory account of one place to that of the other; what others own, or owned, has a counter.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, condition, side, account_code)
SELECT c.chart, k.kind, k.line_role, a.amount_role, s.side, s.side, CASE c.chart WHEN 'english' THEN a.english ELSE a.chinese END
FROM (VALUES ('english'), ('china_small_enterprise')) AS c (chart),
	(VALUES ('transfer', 'transfer'), ('transfer_dispatch', 'transfer'), ('transfer_receipt', 'arrival'), ('loan', 'transfer'), ('loan_return', 'arrival'),
		('consignment_delivery', 'transfer'), ('consignment_return', 'arrival'), ('shipment', 'shipped'), ('shipment_return', 'arrival')) AS k (kind, line_role),
	(VALUES ('inventory', '1200', '1405'), ('cost', '1260', '1402')) AS a (amount_role, english, chinese),
	(VALUES ('debit'), ('credit')) AS s (side);

-- Goods that are sold when they are shipped: their revenue stands on the cut-off account until it is billed, and what is billed ahead until it is shipped.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, condition, side, account_code) VALUES
	('english', 'sales_shipment', 'sold', 'amount', 'any', 'credit', '4000'),
	('english', 'sales_shipment', 'sold', 'inventory', 'any', 'credit', '1200'),
	('english', 'sales_shipment', 'sold', 'cost', 'any', 'debit', '5000'),
	('english', 'sales_shipment', 'document', 'total', 'any', 'debit', '1120'),
	('english', 'sales_shipment_return', 'sold_back', 'amount', 'any', 'debit', '4000'),
	('english', 'sales_shipment_return', 'sold_back', 'inventory', 'any', 'debit', '1200'),
	('english', 'sales_shipment_return', 'sold_back', 'cost', 'any', 'credit', '5000'),
	('english', 'sales_shipment_return', 'document', 'total', 'any', 'credit', '1120'),
	('english', 'sales_invoice', 'invoiced', 'amount', 'any', 'credit', '1120'),
	('english', 'sales_invoice', 'invoiced', 'ahead', 'any', 'credit', '1120'),
	('english', 'sales_shipment', 'document', 'ahead', 'any', 'debit', '1120'),
	('english', 'sales_invoice', 'invoiced', 'revenue', 'any', 'credit', '4000'),
	('china_small_enterprise', 'sales_shipment', 'sold', 'amount', 'any', 'credit', '5001'),
	('china_small_enterprise', 'sales_shipment', 'sold', 'inventory', 'any', 'credit', '1405'),
	('china_small_enterprise', 'sales_shipment', 'sold', 'cost', 'any', 'debit', '5401'),
	('china_small_enterprise', 'sales_shipment', 'document', 'total', 'any', 'debit', '1124'),
	('china_small_enterprise', 'sales_shipment_return', 'sold_back', 'amount', 'any', 'credit', '5001'),
	('china_small_enterprise', 'sales_shipment_return', 'sold_back', 'inventory', 'any', 'debit', '1405'),
	('china_small_enterprise', 'sales_shipment_return', 'sold_back', 'cost', 'any', 'debit', '5401'),
	('china_small_enterprise', 'sales_shipment_return', 'document', 'total', 'any', 'debit', '1124'),
	('china_small_enterprise', 'sales_invoice', 'invoiced', 'amount', 'any', 'credit', '1124'),
	('china_small_enterprise', 'sales_invoice', 'invoiced', 'ahead', 'any', 'credit', '1124'),
	('china_small_enterprise', 'sales_shipment', 'document', 'ahead', 'any', 'debit', '1124'),
	('china_small_enterprise', 'sales_invoice', 'invoiced', 'revenue', 'any', 'credit', '5001');
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, condition, side, account_code)
SELECT a.chart, k.kind, k.line_role, a.amount_role, a.condition, a.side, a.account_code
FROM (VALUES ('sales_shipment', 'sold'), ('sales_shipment_return', 'sold_back'), ('sales_invoice', 'invoiced')) AS k (kind, line_role),
	(VALUES ('english', 'unbilled', 'any', 'debit', '1120'), ('english', 'exchange', 'any', 'debit', '6400'), ('china_small_enterprise', 'unbilled', 'any', 'debit', '1124'),
		('china_small_enterprise', 'exchange', 'debit', 'debit', '5603'), ('china_small_enterprise', 'exchange', 'credit', 'credit', '5301.04')) AS a (chart, amount_role, condition, side, account_code);

-- What is shipped and not billed stands on an account of its own until it is sold, given away or lost, or comes back.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code)
SELECT c.chart, k.kind, k.line_role, 'shipped', k.side, CASE c.chart WHEN 'english' THEN '1220' ELSE '1406' END
FROM (VALUES ('english'), ('china_small_enterprise')) AS c (chart),
	(VALUES ('shipment', 'shipped', 'debit'), ('shipment_return', 'arrival', 'credit'), ('sales_invoice', 'sale', 'credit'), ('sales_invoice', 'free', 'credit'),
		('free_issue', 'free', 'credit'), ('stock_loss', 'loss', 'credit'), ('standard_revaluation', 'standard_cost', 'debit'),
		('costing_change', 'costing_method', 'debit')) AS k (kind, line_role, side);

-- Goods of others that become the company's own stand at their estimate until they are billed, as goods received do.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code)
SELECT r.chart, k.kind, CASE r.line_role WHEN 'receipt' THEN 'withdrawn' ELSE r.line_role END, r.amount_role, r.side, r.account_code
FROM erp.chart_rule r, (VALUES ('consignment_withdrawal'), ('borrowing_purchase')) AS k (kind)
WHERE r.kind = 'goods_receipt'
UNION ALL
SELECT r.chart, 'consignment_statement', CASE r.line_role WHEN 'billed' THEN 'settled' ELSE r.line_role END, r.amount_role, r.side, r.account_code
FROM erp.chart_rule r
WHERE r.kind = 'supplier_bill' AND r.line_role <> 'service';

-- A credit note takes back what a bill says: in red in the Chinese chart. Price differences have their sign.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code)
SELECT r.chart, 'supplier_credit_note', CASE r.line_role WHEN 'billed' THEN 'credited' ELSE r.line_role END, r.amount_role,
	CASE WHEN r.chart <> 'english' OR r.amount_role IN ('inventory', 'cost') THEN r.side WHEN r.side = 'debit' THEN 'credit' ELSE 'debit' END, r.account_code
FROM erp.chart_rule r
WHERE r.kind = 'supplier_bill';

-- What it differs by of goods that went back at their cost.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code) VALUES
	('english', 'supplier_credit_note', 'credited', 'price_variance', 'debit', '5050'),
	('english', 'supplier_credit_note', 'credited', 'unbilled', 'credit', '2100'),
	('china_small_enterprise', 'supplier_credit_note', 'credited', 'price_variance', 'debit', '1404'),
	('china_small_enterprise', 'supplier_credit_note', 'credited', 'unbilled', 'debit', '2202.02');

-- Where adjustments go from the pending account. In the English chart none is pending: found and lost goods are income and expense at once.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, side, account_code) VALUES
	('china_small_enterprise', 'adjustment_approval', 'loss_expensed', 'amount', 'credit', '1901'),
	('china_small_enterprise', 'adjustment_approval', 'loss_expensed', 'total', 'debit', '5602'),
	('china_small_enterprise', 'adjustment_approval', 'loss_claimed', 'amount', 'credit', '1901'),
	('china_small_enterprise', 'adjustment_approval', 'loss_claimed', 'total', 'debit', '1221'),
	('china_small_enterprise', 'adjustment_approval', 'loss_non_operating', 'amount', 'credit', '1901'),
	('china_small_enterprise', 'adjustment_approval', 'loss_non_operating', 'total', 'debit', '5711.02'),
	('china_small_enterprise', 'adjustment_approval', 'gain_non_operating', 'amount', 'debit', '1901'),
	('china_small_enterprise', 'adjustment_approval', 'gain_non_operating', 'total', 'credit', '5301.02'),
	('china_small_enterprise', 'adjustment_approval', 'gain_expensed', 'amount', 'debit', '1901'),
	('china_small_enterprise', 'adjustment_approval', 'gain_expensed', 'total', 'debit', '5602');

-- What totals are rounded by for cash: a loss is debited, a gain credited; for small enterprises of China both are a financial expense.
INSERT INTO erp.chart_rule (chart, kind, line_role, amount_role, condition, side, account_code)
SELECT v.chart, k.kind, 'cash_rounding', 'amount', v.condition, v.side, v.account_code
FROM (VALUES
		('english', 'debit', 'debit', '6450'), ('english', 'credit', 'credit', '6450'), ('china_small_enterprise', 'any', 'debit', '5603')
	) AS v (chart, condition, side, account_code),
	(VALUES ('sales_invoice'), ('credit_note'), ('supplier_bill'), ('supplier_credit_note')) AS k (kind);
