-- ledger: the steps of the close that post what is due, and the transfer templates of charts.

-- China, general taxpayers: the VAT of the month that is not paid (财会〔2016〕22号), the surcharges on it by the rates of a city, the
-- enterprise income tax of the year to date less what was provided. Costs of services and overheads are transferred by who has them: not active.
INSERT INTO erp.chart_transfer (chart, code, name, rank, every, terms, parameters, entries, active) VALUES
	('china_small_enterprise', 'OVERHEAD', '结转制造费用', 40, 'month',
		'{"overhead": {"accounts": ["4101"], "measure": "closing", "side": "debit"}}', '[]',
		'[{"account": "4001", "side": "debit", "formula": "overhead"}, {"account": "4101", "side": "credit", "formula": "overhead"}]', false),
	('china_small_enterprise', 'COST_OF_SALES', '结转销售成本', 50, 'month',
		'{"cost": {"accounts": ["4001"], "measure": "closing", "side": "debit"}}', '[]',
		'[{"account": "5401", "side": "debit", "formula": "cost"}, {"account": "4001", "side": "credit", "formula": "cost"}]', false),
	('china_small_enterprise', 'UNPAID_VAT', '转出未交增值税', 100, 'month',
		'{"vat": {"accounts": ["2221.01"], "measure": "closing", "side": "credit"}, "paid": {"accounts": ["2221.01.03"], "measure": "net", "side": "debit"}}', '[]',
		'[{"account": "2221.01.04", "side": "debit", "formula": "max(vat, 0)", "summary": "转出未交增值税"}, {"account": "2221.02", "side": "credit", "formula": "max(vat, 0)", "summary": "转出未交增值税"},
		  {"account": "2221.02", "side": "debit", "formula": "max(min(paid, -vat), 0)", "summary": "转出多交增值税"}, {"account": "2221.01.10", "side": "credit", "formula": "max(min(paid, -vat), 0)", "summary": "转出多交增值税"}]', true),
	('china_small_enterprise', 'SURCHARGES', '计提附加税', 200, 'month',
		'{"unpaid": {"accounts": ["2221.01.04"], "measure": "net", "side": "debit"}, "paid": {"accounts": ["2221.01.03"], "measure": "net", "side": "debit"}, "overpaid": {"accounts": ["2221.01.10"], "measure": "net", "side": "credit"},
		  "simple": {"accounts": ["2221.08"], "measure": "credit"}, "consumption": {"accounts": ["2221.11"], "measure": "credit"}}',
		'[{"name": "city_rate", "default": 0.07}, {"name": "education_rate", "default": 0.03}, {"name": "local_rate", "default": 0.02}]',
		'[{"account": "5403", "side": "debit", "formula": "balance"},
		  {"account": "2221.12", "side": "credit", "formula": "max(unpaid + paid - overpaid + simple + consumption, 0) * city_rate", "summary": "城市维护建设税"},
		  {"account": "2221.13", "side": "credit", "formula": "max(unpaid + paid - overpaid + simple + consumption, 0) * education_rate", "summary": "教育费附加"},
		  {"account": "2221.14", "side": "credit", "formula": "max(unpaid + paid - overpaid + simple + consumption, 0) * local_rate", "summary": "地方教育附加"}]', true),
	('china_small_enterprise', 'INCOME_TAX', '计提企业所得税', 300, 'quarter',
		'{"income": {"accounts": ["5001", "5051", "5111", "5301"], "measure": "net", "side": "credit", "span": "year", "closing_vouchers": "without"},
		  "expense": {"accounts": ["5401", "5402", "5403", "5601", "5602", "5603", "5711"], "measure": "net", "side": "debit", "span": "year", "closing_vouchers": "without"},
		  "provided": {"accounts": ["5801"], "measure": "net", "side": "debit", "span": "year", "closing_vouchers": "without"}}',
		'[{"name": "rate", "default": 0.25}]',
		'[{"account": "5801", "side": "debit", "formula": "max((income - expense) * rate, 0) - provided"}, {"account": "2221.15", "side": "credit", "formula": "max((income - expense) * rate, 0) - provided"}]', true);

INSERT INTO erp_private.close_step (step, rank, title, check_function, run_function) VALUES
	('scheduled_accounts', 150, 'Accounts that schedules keep hold what these have left', 'check_scheduled_balances', ''),
	('schedules', 300, 'Parts of schedules are posted', '', 'close_schedules'),
	('recurring', 310, 'Recurring vouchers are posted, accruals reversed', 'check_recurring_posted', 'close_recurring'),
	('allocations', 320, 'Costs are allocated', '', 'close_allocations'),
	('transfers', 450, 'Transfer templates have run', '', 'close_transfers');
