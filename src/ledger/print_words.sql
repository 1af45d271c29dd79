-- ledger: the words that printed books and vouchers have, and what their rows share.

CREATE FUNCTION erp_private.book_words(language text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE language WHEN 'zh' THEN '{"general_ledger": "总账", "subsidiary_ledger": "明细账", "money_journal": "日记账", "multi_column_ledger": "多栏式明细账",
		"trial_balance": "科目余额表", "voucher_summary": "科目汇总表", "balances_by_dimensions": "核算项目余额表", "expense_detail": "费用明细表",
		"quantity_ledger": "数量金额式明细账", "voucher": "记账凭证", "account": "科目编码", "name": "科目名称", "title": "会计科目", "day": "日期", "number": "凭证字号", "summary": "摘要",
		"counter": "对方科目", "party": "往来单位", "receipt": "收入", "payment": "支出", "debit": "借方", "credit": "贷方", "side": "方向", "balance": "余额", "opening": "期初余额",
		"closing": "期末余额", "opening_debit": "期初借方", "opening_credit": "期初贷方", "period_debit": "本期借方", "period_credit": "本期贷方", "year_debit": "本年累计借方",
		"year_credit": "本年累计贷方", "closing_debit": "期末借方", "closing_credit": "期末贷方", "carried_year": "上年结转", "day_total": "本日合计", "month_total": "本月合计",
		"year_total": "本年累计", "total": "合计", "carried_forward": "过次页", "brought_forward": "承前页", "page_title": "第{page}页 共{pages}页", "on_debit": "借", "on_credit": "贷",
		"on_none": "平", "currency": "币别", "unit": "单位", "quantity": "数量", "price": "单价", "company": "核算单位", "period": "期间", "attachments": "附单据", "sheets": "张",
		"prepared": "制单", "reviewed": "审核", "signed": "出纳", "posted": "记账"}'::jsonb
	ELSE '{"general_ledger": "General ledger", "subsidiary_ledger": "Subsidiary ledger", "money_journal": "Journal", "multi_column_ledger": "Multi-column ledger",
		"trial_balance": "Trial balance", "voucher_summary": "Voucher summary", "balances_by_dimensions": "Balances by dimension", "expense_detail": "Expenses by month",
		"quantity_ledger": "Quantities and amounts", "voucher": "Voucher", "account": "Account", "name": "Name", "title": "Account", "day": "Day", "number": "Voucher", "summary": "Summary",
		"counter": "Counter account", "party": "Party", "receipt": "Receipt", "payment": "Payment", "debit": "Debit", "credit": "Credit", "side": "Side", "balance": "Balance", "opening": "Opening balance",
		"closing": "Closing balance", "opening_debit": "Opening debit", "opening_credit": "Opening credit", "period_debit": "Debit", "period_credit": "Credit", "year_debit": "Year debit",
		"year_credit": "Year credit", "closing_debit": "Closing debit", "closing_credit": "Closing credit", "carried_year": "Opening balance", "day_total": "Total of the day",
		"month_total": "Total of the month", "year_total": "Total of the year", "total": "Total", "carried_forward": "Carried forward", "brought_forward": "Brought forward",
		"page_title": "Page {page} of {pages}", "on_debit": "Dr", "on_credit": "Cr", "on_none": "-", "currency": "Currency", "unit": "Unit", "quantity": "quantity", "price": "price",
		"company": "Company", "period": "Period", "attachments": "Attachments", "sheets": "", "prepared": "Prepared", "reviewed": "Reviewed", "signed": "Signed", "posted": "Posted"}'::jsonb END
$function$;
COMMENT ON FUNCTION erp_private.book_words(text) IS 'What printed books call things, in a language: zh or en.';

CREATE FUNCTION erp_private.book_columns(names text[], words jsonb, decimals integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT jsonb_agg(jsonb_build_object('name', u.name, 'title', COALESCE($2 ->> u.name, u.name))
		|| CASE u.mark WHEN '+' THEN jsonb_build_object('type', 'number', 'decimals', $3, 'blank_zero', true, 'carry', 'sum')
			WHEN '#' THEN jsonb_build_object('type', 'number', 'decimals', $3, 'blank_zero', true)
			WHEN '%' THEN jsonb_build_object('type', 'number', 'blank_zero', true)
			WHEN '=' THEN jsonb_build_object('type', 'number', 'decimals', $3, 'blank_zero', true, 'carry', 'last')
			WHEN '>' THEN jsonb_build_object('align', 'center', 'carry', 'last') ELSE '{}' END ORDER BY u.n)
	  FROM (SELECT t.n, CASE WHEN t.field ~ '^[+#%=>]' THEN left(t.field, 1) END AS mark, ltrim(t.field, '+#%=>') AS name
	          FROM unnest($1) WITH ORDINALITY AS t (field, n)) u
$function$;
COMMENT ON FUNCTION erp_private.book_columns(text[], jsonb, integer) IS
	'Columns of erp.print_table() for names of book_words(). A sign before a name: + an amount that sums over pages, = one whose last is carried, # an amount, % another number, > a text whose last is carried.';

CREATE FUNCTION erp_private.printed_number(word text, number text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT concat_ws('-', word, regexp_replace(number, '^.*/', ''))
$function$;
COMMENT ON FUNCTION erp_private.printed_number(text, text) IS 'Word and number of a voucher as books print them, without the month; empty for null.';

CREATE FUNCTION erp_private.currency_words(words jsonb, currency text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT $1 || COALESCE(jsonb_object_agg('currency_' || u.word, $2 || ' ' || ($1 ->> u.word)) FILTER (WHERE $2 IS NOT NULL), '{}')
	  FROM unnest('{opening,debit,credit,closing,balance}'::text[]) AS u (word)
$function$;
COMMENT ON FUNCTION erp_private.currency_words(jsonb, text) IS 'Words with those for columns of a currency; null: without.';
