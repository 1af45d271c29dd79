-- ledger: checks of vouchers and of what is derived from their lines. Amounts in details are debit positive.

CREATE FUNCTION erp_private.check_vouchers() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE c STABLE PARALLEL SAFE
	COST 1000000
	SET search_path = pg_catalog, pg_temp
	SET max_parallel_workers_per_gather = 0
	AS 'MODULE_PATHNAME', 'erp_check_vouchers';
COMMENT ON FUNCTION erp_private.check_vouchers() IS
'Reads documents, their lines and taxes, vouchers, their lines, numbers and open items once. Law 1: every voucher has lines and balances in each of its currencies and in the company''s. Law 4: the lines of control accounts are the open items, one to one, and in sum by account and party. Law 6: a voucher lies in its period and on the posting day of its document, which is not before the day that it belongs to, a line on the day of its voucher. Law 8: the number of a voucher belongs to the series of its word and to the scope that its day lies in. Law 9: what a voucher says of amounts, tax and total is what the lines and taxes of its document add up to; a taxable amount is the sum of its lines, and its tax follows from the rate; amounts have no more decimals than their currency. Law 10: what vouchers and lines refer to exists; stands in for foreign keys on the hot tables.';

CREATE FUNCTION erp_private.check_dimensions_balance()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'dimensions_balance', c.code, 'voucher ' || t.voucher_id, format('does not balance in %s %s: %s', d.code, x.code, t.company_amount)
	FROM (
		SELECT l.company_id, l.voucher_id, s.dimension_value_id,
			sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS company_amount
		FROM (
			SELECT e.company_id, e.dimension_set_id, w.dimension_value_id
			FROM erp.dimension_set e
			CROSS JOIN LATERAL unnest(e.dimension_value_ids) AS w (dimension_value_id)
			JOIN erp.dimension_value y ON y.company_id = e.company_id AND y.dimension_value_id = w.dimension_value_id
			JOIN erp.dimension b ON b.company_id = y.company_id AND b.dimension_id = y.dimension_id AND b.balancing
		) s
		JOIN erp.voucher_line l ON l.company_id = s.company_id AND l.dimension_set_id = s.dimension_set_id
		GROUP BY l.company_id, l.voucher_id, s.dimension_value_id
		HAVING sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) <> 0
	) t
	JOIN erp.dimension_value x ON x.company_id = t.company_id AND x.dimension_value_id = t.dimension_value_id
	JOIN erp.dimension d ON d.company_id = x.company_id AND d.dimension_id = x.dimension_id
	LEFT JOIN erp.company c ON c.company_id = t.company_id
$$;
COMMENT ON FUNCTION erp_private.check_dimensions_balance() IS
'Law 1: every voucher balances in each value of every balancing dimension.';

-- Lines are summed first by what makes a difference, and then for the parts that they count for: those are many more.
CREATE FUNCTION erp_private.check_folded_balances()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH line AS (
		SELECT l.company_id, l.account_id, CASE WHEN a.by_party THEN l.party_id ELSE 0 END AS party_id, l.dimension_set_id, l.currency_id,
			l.day, sum(l.debit) AS debit, sum(l.credit) AS credit, sum(l.company_debit) AS company_debit, sum(l.company_credit) AS company_credit
		FROM erp_private.live_cut k
		JOIN erp.document d ON d.company_id = k.company_id AND d.transaction_id < k.cut
		JOIN erp_private.debit_credit_line l ON l.company_id = d.company_id AND l.voucher_id = d.document_id
		JOIN erp_private.account_by_party a ON a.company_id = l.company_id AND a.account_id = l.account_id
		GROUP BY 1, 2, 3, 4, 5, 6
	), part AS (
		SELECT l.company_id, l.account_id, CASE WHEN p.by_party THEN l.party_id ELSE 0 END AS party_id, p.part_set_id, p.part_value_id,
			l.currency_id, l.day, l.debit, l.credit, l.company_debit, l.company_credit
		FROM line l
		JOIN erp_private.balance_part p ON p.company_id = l.company_id AND p.account_id = l.account_id
			AND p.dimension_set_id = l.dimension_set_id AND (NOT p.by_party OR l.party_id <> 0)
	), part_day AS (
		SELECT p.company_id, p.account_id, p.party_id, p.part_set_id, p.part_value_id, p.currency_id, p.day, sum(p.debit) AS debit,
			sum(p.credit) AS credit, sum(p.company_debit) AS company_debit, sum(p.company_credit) AS company_credit
		FROM part p
		GROUP BY 1, 2, 3, 4, 5, 6, 7
	), running AS (
		SELECT d.*, ARRAY[sum(d.debit) OVER up_to, sum(d.credit) OVER up_to, sum(d.company_debit) OVER up_to, sum(d.company_credit) OVER up_to] AS sums
		FROM part_day d
		WINDOW up_to AS (PARTITION BY d.company_id, d.account_id, d.party_id, d.part_set_id, d.part_value_id, d.currency_id ORDER BY d.day)
	), folded AS (
		SELECT b.company_id, b.month, d.day, k.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, k.currency_id,
			ARRAY[b.debit + b.debits[d.n], b.credit + b.credits[d.n], b.company_debit + b.company_debits[d.n],
				b.company_credit + b.company_credits[d.n]] AS sums,
			b.debits[d.n] - COALESCE(b.debits[d.n - 1], 0) AS debit, b.credits[d.n] - COALESCE(b.credits[d.n - 1], 0) AS credit,
			b.company_debits[d.n] - COALESCE(b.company_debits[d.n - 1], 0) AS company_debit,
			b.company_credits[d.n] - COALESCE(b.company_credits[d.n - 1], 0) AS company_credit
		FROM erp_private.folded_month b
		JOIN erp_private.live_cut c ON c.company_id = b.company_id AND c.cut > '0'::xid8
		LEFT JOIN erp_private.balance_key k ON k.company_id = b.company_id AND k.balance_key_id = b.balance_key_id
		LEFT JOIN LATERAL unnest(b.days) WITH ORDINALITY AS d (day, n) ON true
	)
	SELECT 'folded_balances', c.code, format('account %s, party %s, dimension set %s, value %s, currency %s, day %s',
			COALESCE(f.account_id, t.account_id), COALESCE(f.party_id, t.party_id), COALESCE(f.dimension_set_id, t.part_set_id),
			COALESCE(f.dimension_value_id, t.part_value_id), COALESCE(f.currency_id, t.currency_id), COALESCE(f.day, t.day)),
		format('folded debit %s credit %s (company %s, %s), up to then %s; lines debit %s credit %s (company %s, %s), up to then %s',
			f.debit, f.credit, f.company_debit, f.company_credit, f.sums, t.debit, t.credit, t.company_debit, t.company_credit, t.sums)
	FROM folded f
	FULL JOIN running t ON t.company_id = f.company_id AND t.account_id = f.account_id AND t.party_id = f.party_id
		AND t.part_set_id = f.dimension_set_id AND t.part_value_id = f.dimension_value_id AND t.currency_id = f.currency_id
		AND t.day = f.day AND erp_private.month_first(t.day) = f.month
	LEFT JOIN erp.company c ON c.company_id = COALESCE(f.company_id, t.company_id)
	WHERE (f.sums, f.debit, f.credit, f.company_debit, f.company_credit) IS DISTINCT FROM (t.sums, t.debit, t.credit, t.company_debit, t.company_credit)
$$;
COMMENT ON FUNCTION erp_private.check_folded_balances() IS
'Law 1: the folded balances, of whole accounts, parties, dimension values and sets, equal the sums of the voucher lines below the cut, on each day and up to it.';

CREATE FUNCTION erp_private.check_voucher_references()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'voucher_references', c.code, 'reversal of voucher ' || r.reverses_voucher_id, format('voucher %s or the reversed one does not exist', r.voucher_id)
	FROM erp.voucher_reversal r
	LEFT JOIN erp.voucher v ON v.company_id = r.company_id AND v.voucher_id = r.voucher_id
	LEFT JOIN erp.voucher w ON w.company_id = r.company_id AND w.voucher_id = r.reverses_voucher_id
	LEFT JOIN erp.company c ON c.company_id = r.company_id
	WHERE v.voucher_id IS NULL OR w.voucher_id IS NULL
	UNION ALL
	SELECT 'voucher_references', c.code, 'seal ' || s.position, 'has no document: ' || s.document_id
	FROM erp.seal s
	LEFT JOIN erp.document d ON d.company_id = s.company_id AND d.document_id = s.document_id
	LEFT JOIN erp.company c ON c.company_id = s.company_id
	WHERE d.document_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_voucher_references() IS
'Law 10: the vouchers of reversals and the documents of seals exist. What vouchers and their lines refer to is seen where these are read.';

CREATE FUNCTION erp_private.check_entry_conversions()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'entry_conversions', c.code, format('voucher %s, line %s', l.voucher_id, l.line_no),
		format('%s at the rate %s is not %s', l.amount, d.rate, l.company_amount)
	FROM erp.document d
	JOIN erp.company c ON c.company_id = d.company_id
	JOIN erp.currency m ON m.currency_id = c.currency_id
	JOIN erp.voucher v ON v.company_id = d.company_id AND v.voucher_id = d.document_id
	JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
	WHERE d.kind IN (SELECT r.kind FROM erp.document_kind_role r WHERE r.line_role = 'entry') AND d.currency_id <> c.currency_id
		AND CASE l.document_line_no WHEN 0 THEN l.amount <> 0 ELSE l.company_amount <> round(l.amount * d.rate, m.decimals) END
$$;
COMMENT ON FUNCTION erp_private.check_entry_conversions() IS
'Law 9: an entry of a manual voucher in a foreign currency is its amount at the rate of the document, rounded half away from zero; what no entry stands for is a rounding difference and has no amount in that currency.';
