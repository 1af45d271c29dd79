-- ledger: the basic set of GB/T 24589.1-2010 (财经信息技术 会计核算软件数据接口 第1部分: 企业) as XML: one document with the root
-- 公共档案, one with the root 总账. A row is an element; tools/gbt24589.xsd says which there are.

CREATE FUNCTION erp_private.gbt_amount(value numeric) RETURNS text
	LANGUAGE sql IMMUTABLE
	RETURN to_char(value, 'FM999999999999999990.00');
COMMENT ON FUNCTION erp_private.gbt_amount(numeric) IS 'An amount as the standard has it: 20 digits, two of them decimals. Currencies of three decimals are rounded.';

CREATE FUNCTION erp_private.gbt_side(value numeric) RETURNS text
	LANGUAGE sql IMMUTABLE
	RETURN CASE sign(value) WHEN 1 THEN '借' WHEN -1 THEN '贷' ELSE '平' END;
COMMENT ON FUNCTION erp_private.gbt_side(numeric) IS 'The side of a balance, debit positive: 借, 贷, or 平 for none.';

-- The first auxiliary item is the party, the others are the dimensions by their codes: the standard has 30.
CREATE FUNCTION erp_private.gbt_auxiliary(company_id integer)
RETURNS TABLE (auxiliary_no bigint, code text, name text, archive text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 1, 'PARTY', '往来单位', '客户、供应商档案'
	UNION ALL
	SELECT 1 + row_number() OVER (ORDER BY d.code COLLATE "C"), d.code, d.name, '自定义档案'
	  FROM erp.dimension d WHERE d.company_id = $1
$function$;
COMMENT ON FUNCTION erp_private.gbt_auxiliary(integer) IS 'Auxiliary items (辅助项) by their number: the party, then the dimensions by code.';

CREATE FUNCTION erp_private.gbt_auxiliary_codes(auxiliary text[], party_code text, dimensions jsonb) RETURNS xml
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT xmlparse(CONTENT COALESCE(string_agg(format('<辅助项%s编号>%s</辅助项%s编号>', a.auxiliary_no, erp_private.escape_text(v.code, 'html'), a.auxiliary_no), ''
			ORDER BY a.auxiliary_no), ''))
	  FROM unnest(auxiliary) WITH ORDINALITY AS a (code, auxiliary_no)
	 CROSS JOIN LATERAL (SELECT CASE a.auxiliary_no WHEN 1 THEN party_code ELSE dimensions ->> a.code END) AS v (code)
	 WHERE v.code IS NOT NULL AND a.auxiliary_no <= 30
$function$;
COMMENT ON FUNCTION erp_private.gbt_auxiliary_codes(text[], text, jsonb) IS 'The auxiliary items of a line, those that it has. auxiliary: the codes of erp_private.gbt_auxiliary() by number. dimensions: {dimension: value}.';

CREATE FUNCTION erp_private.gbt_public(company_id integer, fiscal_year_id integer) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT xmlelement(name "电子账簿", xmlforest(c.code || '-' || y.code AS "电子账簿编号", c.name || ' ' || y.code AS "电子账簿名称", c.name AS "会计核算单位",
			'erp' AS "开发单位", erp.version() AS "版本号", m.code AS "本位币", y.code AS "会计年度", 'GB/T 24589.1-2010' AS "标准版本号"))::text
	  FROM erp.company c JOIN erp.currency m ON m.currency_id = c.currency_id JOIN erp.fiscal_year y ON y.company_id = c.company_id
	 WHERE c.company_id = $1 AND y.fiscal_year_id = $2;
	RETURN QUERY
	SELECT xmlelement(name "会计期间", xmlforest(p.year AS "会计年度", p.period_no AS "会计期间号",
			to_char(p.first_day, 'YYYYMMDD') AS "会计期间起始日期", to_char(p.last_day, 'YYYYMMDD') AS "会计期间结束日期"))::text
	  FROM erp_private.gbt_period($1, $2) p ORDER BY p.period_no;
	RETURN QUERY
	SELECT xmlelement(name "记账凭证类型", xmlforest(w.code AS "记账凭证类型编号", w.name AS "记账凭证类型名称", w.code AS "记账凭证类型简称"))::text
	  FROM erp.voucher_word w WHERE w.company_id = $1 AND w.code <> '' ORDER BY w.code;
	RETURN QUERY
	SELECT xmlelement(name "币种", xmlforest(m.code AS "币种编码", m.name AS "币种名称"))::text FROM erp.currency m ORDER BY m.code;
	RETURN QUERY
	SELECT xmlelement(name "部门档案", xmlforest(d.code AS "部门编码", d.name AS "部门名称", NULLIF(d.parent_code, '') AS "上级部门编码"))::text
	  FROM erp.department d WHERE d.company_id = $1 ORDER BY d.code;
	RETURN QUERY
	SELECT xmlelement(name "往来单位档案", xmlforest(p.code AS "往来单位编码", p.name AS "往来单位名称", p.name AS "往来单位简称"))::text
	  FROM erp.party p WHERE p.company_id = $1 AND p.party_id <> 0 ORDER BY p.code;
	RETURN QUERY
	SELECT xmlelement(name "自定义档案项", xmlforest(d.code AS "档案编码", d.name AS "档案名称"))::text
	  FROM erp.dimension d WHERE d.company_id = $1 ORDER BY d.code;
	RETURN QUERY
	SELECT xmlelement(name "自定义档案值", xmlforest(d.code AS "档案编码", v.code AS "档案值编码", v.name AS "档案值名称"))::text
	  FROM erp.dimension d JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id
	 WHERE d.company_id = $1 ORDER BY d.code, v.code;
END
$function$;
COMMENT ON FUNCTION erp_private.gbt_public(integer, integer) IS 'The elements of 公共档案 for a fiscal year.';

CREATE FUNCTION erp_private.gbt_period(company_id integer, fiscal_year_id integer)
RETURNS TABLE (period_no bigint, year text, first_day date, last_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT row_number() OVER (ORDER BY p.first_day), y.code, p.first_day, p.last_day
	  FROM erp.period p JOIN erp.fiscal_year y ON y.company_id = p.company_id AND y.fiscal_year_id = p.fiscal_year_id
	 WHERE p.company_id = $1 AND p.fiscal_year_id = $2
$function$;
COMMENT ON FUNCTION erp_private.gbt_period(integer, integer) IS 'The periods of a fiscal year, numbered from 1.';

CREATE FUNCTION erp_private.gbt_accounts(company_id integer) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE level AS (
		SELECT a.account_id, 1 AS level FROM erp.account a WHERE a.company_id = $1 AND a.parent_account_id = 0
		UNION ALL
		SELECT a.account_id, l.level + 1 FROM level l JOIN erp.account a ON a.company_id = $1 AND a.parent_account_id = l.account_id
	)
	SELECT xmlelement(name "会计科目", xmlforest(a.code AS "科目编号", a.name AS "科目名称", l.level AS "科目级次",
			CASE a.class WHEN 'asset' THEN '资产' WHEN 'liability' THEN '负债' WHEN 'equity' THEN '所有者权益' WHEN 'cost' THEN '成本' WHEN 'none' THEN '其他' ELSE '损益' END AS "科目类型",
			CASE a.normal_side WHEN 'debit' THEN '借' ELSE '贷' END AS "余额方向"))::text
	  FROM erp.account a JOIN level l ON l.account_id = a.account_id
	 WHERE a.company_id = $1 ORDER BY a.code;
	RETURN QUERY
	SELECT xmlelement(name "科目辅助核算", xmlforest(a.code AS "科目编号", x.auxiliary_no AS "辅助项编号", x.name AS "辅助项名称", x.archive AS "对应档案", x.code AS "辅助项描述"))::text
	  FROM erp.account a CROSS JOIN erp_private.gbt_auxiliary($1) x
	 WHERE a.company_id = $1 AND x.auxiliary_no <= 30 AND CASE x.auxiliary_no
		WHEN 1 THEN a.by_party OR a.control IN ('receivable', 'payable', 'accrued_payable', 'open_items')
		ELSE EXISTS (SELECT FROM erp.account_dimension r JOIN erp.dimension d ON d.company_id = r.company_id AND d.dimension_id = r.dimension_id
			WHERE r.company_id = a.company_id AND r.account_id = a.account_id AND r.rule = 'required' AND d.code = x.code) END
	 ORDER BY a.code, x.auxiliary_no;
	RETURN QUERY
	SELECT xmlelement(name "现金流量项目", xmlforest(f.code AS "现金流量项目编码", f.name AS "现金流量项目名称", '1' AS "是否末级", 1 AS "现金流量项目级次"))::text
	  FROM erp.cash_flow_item f WHERE f.company_id = $1 AND f.code <> '' ORDER BY f.code;
END
$function$;
COMMENT ON FUNCTION erp_private.gbt_accounts(integer) IS 'The elements 会计科目, 科目辅助核算 and 现金流量项目 of 总账.';

-- What was before the year is summed with it: the standard wants a balance for each combination of auxiliary items.
CREATE FUNCTION erp_private.gbt_balances(company_id integer, fiscal_year_id integer) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $function$
#variable_conflict use_column
DECLARE
	auxiliary text[] := ARRAY(SELECT a.code FROM erp_private.gbt_auxiliary($1) a ORDER BY a.auxiliary_no);
BEGIN
	RETURN QUERY
	WITH span AS MATERIALIZED (
		SELECT p.* FROM erp_private.gbt_period($1, $2) p
	), moved AS MATERIALIZED (
		SELECT l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.unit_id, COALESCE(p.period_no, 0) AS period_no,
		       sum(CASE l.side WHEN 'debit' THEN l.quantity ELSE 0 END) AS debit_quantity, sum(CASE l.side WHEN 'credit' THEN l.quantity ELSE 0 END) AS credit_quantity,
		       sum(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END) AS debit, sum(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END) AS credit,
		       sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END) AS company_debit,
		       sum(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END) AS company_credit
		  FROM erp.voucher_line l LEFT JOIN span p ON l.day BETWEEN p.first_day AND p.last_day
		 WHERE l.company_id = $1 AND l.day <= (SELECT max(s.last_day) FROM span s)
		 GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.unit_id, COALESCE(p.period_no, 0)
	), part AS (
		SELECT DISTINCT m.account_id, m.party_id, m.dimension_set_id, m.currency_id, m.unit_id FROM moved m
	), balance AS (
		SELECT k.*, s.period_no, s.year, m.debit_quantity, m.credit_quantity, m.debit, m.credit, m.company_debit, m.company_credit,
		       b.quantity, b.balance, b.company_balance
		  FROM part k CROSS JOIN span s
		  LEFT JOIN moved m ON (m.account_id, m.party_id, m.dimension_set_id, m.currency_id, m.unit_id, m.period_no)
			= (k.account_id, k.party_id, k.dimension_set_id, k.currency_id, k.unit_id, s.period_no)
		 CROSS JOIN LATERAL (
			SELECT COALESCE(sum(o.debit_quantity - o.credit_quantity), 0), COALESCE(sum(o.debit - o.credit), 0), COALESCE(sum(o.company_debit - o.company_credit), 0)
			  FROM moved o
			 WHERE (o.account_id, o.party_id, o.dimension_set_id, o.currency_id, o.unit_id) = (k.account_id, k.party_id, k.dimension_set_id, k.currency_id, k.unit_id)
			   AND o.period_no < s.period_no) AS b (quantity, balance, company_balance)
		 WHERE m.account_id IS NOT NULL OR b.company_balance <> 0 OR b.balance <> 0
	)
	SELECT erp_private.gbt_balance_element(auxiliary, a.code, p.code, d.dimensions, u.code, NULLIF(n.code, ''), b.year, b.period_no,
		b.quantity, b.balance, b.company_balance, COALESCE(b.debit_quantity, 0), COALESCE(b.debit, 0), COALESCE(b.company_debit, 0),
		COALESCE(b.credit_quantity, 0), COALESCE(b.credit, 0), COALESCE(b.company_credit, 0))::text
	  FROM balance b
	  JOIN erp.account a ON a.company_id = $1 AND a.account_id = b.account_id
	  JOIN erp.currency u ON u.currency_id = b.currency_id
	  JOIN erp.unit n ON n.unit_id = b.unit_id
	  LEFT JOIN erp.party p ON p.company_id = $1 AND p.party_id = b.party_id AND b.party_id <> 0
	  LEFT JOIN erp_private.dimension_codes($1) d ON d.dimension_set_id = b.dimension_set_id
	 ORDER BY b.period_no, a.code, u.code, p.code NULLS FIRST, b.dimension_set_id, n.code;
END
$function$;
COMMENT ON FUNCTION erp_private.gbt_balances(integer, integer) IS
	'The elements 科目余额及发生额: for each period, account, currency, unit and combination of auxiliary items the opening balance, debits, credits and the closing balance.';

CREATE FUNCTION erp_private.gbt_balance_element(auxiliary text[], account text, party text, dimensions jsonb, currency text, unit text, year text, period_no bigint,
	quantity numeric, balance numeric, company_balance numeric, debit_quantity numeric, debit numeric, company_debit numeric,
	credit_quantity numeric, credit numeric, company_credit numeric) RETURNS xml
	LANGUAGE sql STABLE
AS $function$
	SELECT xmlelement(name "科目余额及发生额", xmlforest(account AS "科目编号"), erp_private.gbt_auxiliary_codes(auxiliary, party, dimensions),
		xmlforest(erp_private.gbt_side(company_balance) AS "期初余额方向", erp_private.gbt_side(company_balance + company_debit - company_credit) AS "期末余额方向",
			currency AS "币种编码", unit AS "计量单位", year AS "会计年度", period_no AS "会计期间号",
			abs(quantity)::numeric(20,6) AS "期初数量", erp_private.gbt_amount(balance * s.opening) AS "期初原币余额", erp_private.gbt_amount(abs(company_balance)) AS "期初本币余额",
			debit_quantity::numeric(20,6) AS "借方数量", erp_private.gbt_amount(debit) AS "借方原币金额", erp_private.gbt_amount(company_debit) AS "借方本币金额",
			credit_quantity::numeric(20,6) AS "贷方数量", erp_private.gbt_amount(credit) AS "贷方原币金额", erp_private.gbt_amount(company_credit) AS "贷方本币金额",
			abs(quantity + debit_quantity - credit_quantity)::numeric(20,6) AS "期末数量",
			erp_private.gbt_amount((balance + debit - credit) * s.closing) AS "期末原币余额",
			erp_private.gbt_amount(abs(company_balance + company_debit - company_credit)) AS "期末本币余额"))
	  FROM (SELECT CASE WHEN company_balance < 0 THEN -1 ELSE 1 END, CASE WHEN company_balance + company_debit - company_credit < 0 THEN -1 ELSE 1 END) AS s (opening, closing)
$function$;
COMMENT ON FUNCTION erp_private.gbt_balance_element(text[], text, text, jsonb, text, text, text, bigint, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric) IS
	'One 科目余额及发生额. Balances stand on the side that the element names.';

CREATE FUNCTION erp_private.gbt_vouchers(company_id integer, year text, period_no bigint, first_day date, last_day date) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	auxiliary text[] := ARRAY(SELECT a.code FROM erp_private.gbt_auxiliary($1) a ORDER BY a.auxiliary_no);
BEGIN
	RETURN QUERY
	SELECT xmlelement(name "记账凭证", xmlforest(to_char(l.day, 'YYYYMMDD') AS "记账凭证日期", $2 AS "会计年度", $3 AS "会计期间号", l.voucher_word AS "记账凭证类型编号",
			COALESCE(l.voucher_number, l.voucher_id::text) AS "记账凭证编号", l.line_no AS "记账凭证行号", COALESCE(NULLIF(l.summary, ''), l.voucher_summary) AS "记账凭证摘要", l.account_code AS "科目编号"),
		erp_private.gbt_auxiliary_codes(auxiliary, l.party_code, l.dimensions),
		xmlforest(l.currency AS "币种编码", l.unit AS "计量单位",
			CASE l.side WHEN 'debit' THEN l.quantity ELSE 0 END::numeric(20,6) AS "借方数量", erp_private.gbt_amount(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END) AS "借方原币金额",
			erp_private.gbt_amount(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END) AS "借方本币金额",
			CASE l.side WHEN 'credit' THEN l.quantity ELSE 0 END::numeric(20,6) AS "贷方数量", erp_private.gbt_amount(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END) AS "贷方原币金额",
			erp_private.gbt_amount(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END) AS "贷方本币金额",
			(l.company_amount / NULLIF(l.amount, 0))::numeric(13,4) AS "汇率", (l.amount / NULLIF(l.quantity, 0))::numeric(20,4) AS "单价",
			e.attachments AS "附件数", COALESCE(e.drafted_by, l.recorded_by) AS "制单人", e.reviewed_by AS "审核人", l.recorded_by AS "记账人",
			'1' AS "记账标志", '0' AS "作废标志", 'erp' AS "凭证来源系统"))::text
	  FROM erp_private.exported_lines($1, $4, $5) l
	  LEFT JOIN erp.draft_event p ON p.company_id = $1 AND p.document_id = l.voucher_id AND p.document_id <> 0
	  LEFT JOIN LATERAL (
		SELECT max(t.attachments) AS attachments, (array_agg(t.happened_by::text ORDER BY t.event_no))[1] AS drafted_by,
		       (array_agg(t.happened_by::text ORDER BY t.event_no DESC) FILTER (WHERE t.to_state = 'reviewed'))[1] AS reviewed_by
		  FROM erp.draft_event t WHERE t.company_id = p.company_id AND t.draft_id = p.draft_id) e ON true
	 ORDER BY l.day, l.voucher_id, l.line_no;
END
$function$;
COMMENT ON FUNCTION erp_private.gbt_vouchers(integer, text, bigint, date, date) IS
	'The elements 记账凭证 of a period, one a line of a voucher; what has no number yet goes by the voucher''s identity. A rate is what the two columns say.';

CREATE FUNCTION erp_private.gbt_ledger(company_id integer, fiscal_year_id integer) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	started timestamptz := clock_timestamp();
	periods bigint := (SELECT count(*) FROM erp_private.gbt_period($1, $2));
	p record;
BEGIN
	RETURN QUERY SELECT erp_private.gbt_accounts($1);
	RETURN QUERY SELECT erp_private.gbt_balances($1, $2);
	FOR p IN SELECT * FROM erp_private.gbt_period($1, $2) g ORDER BY g.period_no LOOP
		RETURN QUERY SELECT erp_private.gbt_vouchers($1, p.year, p.period_no, p.first_day, p.last_day);
		PERFORM erp_private.report_progress('export, periods', p.period_no, periods, started);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.gbt_ledger(integer, integer) IS 'The elements of 总账 for a fiscal year, with a NOTICE behind each period.';

CREATE FUNCTION erp.export_gbt24589(company text, fiscal_year text, root text, encoding text DEFAULT 'GB18030') RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	year record;
BEGIN
	SELECT y.company_id, y.fiscal_year_id, y.first_day, y.last_day INTO year
	  FROM erp.company c JOIN erp.fiscal_year y ON y.company_id = c.company_id WHERE c.code = $1 AND y.code = $2;
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE012', format('company "%s" has no fiscal year "%s"', left($1, 100), left($2, 100)), 'fiscal_year', $2, 'erp.fiscal_year lists them.');
	END IF;
	PERFORM erp_private.exported_days($1, year.first_day, year.last_day, $3, ARRAY['公共档案', '总账']);
	IF $4 IS NULL OR $4 <> ALL (ARRAY['GB18030', 'UTF-8']) THEN
		PERFORM erp_private.refuse('LE011', 'the encoding is not one of the standard''s', 'encoding', $4, 'GB18030, or UTF-8 for a program that asks for it.');
	END IF;
	RETURN NEXT format('<?xml version="1.0" encoding="%s"?>', $4);
	RETURN NEXT format('<%s>', $3);
	IF $3 = '公共档案' THEN
		RETURN QUERY SELECT erp_private.gbt_public(year.company_id, year.fiscal_year_id);
	ELSE
		RETURN QUERY SELECT erp_private.gbt_ledger(year.company_id, year.fiscal_year_id);
	END IF;
	RETURN NEXT format('</%s>', $3);
END
$function$;
COMMENT ON FUNCTION erp.export_gbt24589(text, text, text, text) IS
	'The basic set of GB/T 24589.1-2010 for a fiscal year as XML, a row for each element, in order. company, fiscal_year: codes. root: 公共档案 or 总账, one document each. encoding: what the document says of itself, GB18030 or UTF-8; write it so, COPY (SELECT * FROM erp.export_gbt24589(...)) TO STDOUT (ENCODING ''GB18030'', ...). What is left out stands in docs/how-to/export-the-books.md. Errors: LE012 for an unknown company or year, LE011 for another root or encoding.';
