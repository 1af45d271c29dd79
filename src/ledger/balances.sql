-- Balances without hot rows. A posting writes no balance; now and then somebody folds.
--
-- erp_private.folded_balance holds the sums of all voucher lines whose document has transaction_id < cut;
-- a reader adds the lines of the documents with transaction_id >= cut (erp_private.unfolded_line).
--
-- Sums run: from the beginning up to a month, and in the month up to each day. So a balance as of any day is one row,
-- whatever the history; a line that comes late adds to the row of its month and to those of the months since.
-- Days and months without lines have nothing of their own: what stands before them holds.
--
-- Why nothing is lost or counted twice:
-- 1. One fold of a company at a time: it holds the row of fold_cut; a second one finds it locked and leaves.
-- 2. The new cut is the xmin of a snapshot: every transaction below it has ended, and what it committed is
--    seen by that snapshot and all later ones. transaction_id is the id of the top transaction, which is in
--    progress for the snapshot as long as any of its subtransactions is, and while it is prepared.
--    So the vouchers between the old and the new cut are final when they are summed, and none can join them.
-- 3. The sums and the cut are written by one transaction. A reader is one statement with one snapshot: it
--    sees both as before or both as after, and in either case each voucher on exactly one side of the cut.
-- 4. The statement that sums begins after the one that took the cut (READ COMMITTED), so it sees at least as much.
--    Under REPEATABLE READ the rows of another fold could be unseen: refused.
-- 5. Transaction ids mean something in their own cluster only. When the cluster is not the one that the cut was
--    made in (restore, logical replica), readers take no notice of the folded sums, and the next fold starts anew.

CREATE FUNCTION erp_private.fold_balances(company_id integer)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
	this_cluster bigint := (SELECT s.system_identifier FROM pg_control_system() s);
	old_cut xid8;
	old_cluster bigint;
	new_cut xid8;
	folded bigint;
BEGIN
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION 'balances are folded under READ COMMITTED only'
			USING ERRCODE = 'invalid_transaction_state',
				DETAIL = format('The transaction is %s.', upper(current_setting('transaction_isolation'))),
				HINT = 'Call it in a transaction of its own.';
	END IF;

	-- ON CONFLICT would wait for a fold under way, so it is for the very first one only.
	IF NOT EXISTS (SELECT FROM erp_private.fold_cut f WHERE f.company_id = $1) THEN
		INSERT INTO erp_private.fold_cut (company_id, cut, cluster)
		VALUES ($1, '0', this_cluster)
		ON CONFLICT ON CONSTRAINT fold_cut_key DO NOTHING;
	END IF;
	SELECT f.cut, f.cluster INTO old_cut, old_cluster
	FROM erp_private.fold_cut f
	WHERE f.company_id = $1
	FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;

	new_cut := pg_snapshot_xmin(pg_current_snapshot());
	IF old_cluster <> this_cluster OR old_cut > new_cut THEN
		DELETE FROM erp_private.folded_balance b WHERE b.company_id = $1;
		DELETE FROM erp_private.balance_key k WHERE k.company_id = $1;
		old_cut := '0';
	END IF;

	SELECT count(*) INTO folded
	FROM (
		SELECT d.document_id FROM erp.document d
		WHERE d.company_id = $1 AND d.transaction_id >= old_cut AND d.transaction_id < new_cut
		OFFSET 0
	) d
	CROSS JOIN LATERAL (SELECT FROM erp.voucher t WHERE t.company_id = $1 AND t.voucher_id = d.document_id OFFSET 0) v;
	IF folded > 0 THEN
		PERFORM erp_private.fold_vouchers($1, old_cut, new_cut);
	END IF;
	UPDATE erp_private.fold_cut f SET cut = new_cut, cluster = this_cluster WHERE f.company_id = $1;
	RETURN folded;
END
$$;
COMMENT ON FUNCTION erp_private.fold_balances(integer) IS
'Folds the lines of a company''s ended transactions into its balances and returns the number of vouchers; 0 when another session is at it. READ COMMITTED only.';

CREATE FUNCTION erp_private.month_first(day date) RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN COALESCE(day - (EXTRACT(day FROM day)::integer - 1), day);
COMMENT ON FUNCTION erp_private.month_first(date) IS 'First day of the month of a day; infinity of infinity.';

CREATE FUNCTION erp_private.add_days(days date[], more date[]) RETURNS date[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_add_days';
COMMENT ON FUNCTION erp_private.add_days(date[], date[]) IS 'The days of both lists, each once; both are ascending, null is empty.';

CREATE FUNCTION erp_private.add_sums(days date[], sums numeric[], more date[], amounts numeric[]) RETURNS numeric[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_add_sums';
COMMENT ON FUNCTION erp_private.add_sums(date[], numeric[], date[], numeric[]) IS
'Running sums at erp_private.add_days(days, more): sums are those at days, amounts come to them on the days of more. Null is empty.';

-- Every step goes by an index or over a materialized part, whatever the statistics say (plan_cache.h). A key that is
-- new takes its id in its first row. Months after those of the lines are brought forward more.
CREATE FUNCTION erp_private.fold_vouchers(company_id integer, from_cut xid8, to_cut xid8)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	WITH line AS MATERIALIZED (
		SELECT l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.day, sum(l.debit) AS debit, sum(l.credit) AS credit,
			sum(l.company_debit) AS company_debit, sum(l.company_credit) AS company_credit
		FROM (
			SELECT t.document_id AS voucher_id
			FROM erp.document t
			WHERE t.company_id = $1 AND t.transaction_id >= $2 AND t.transaction_id < $3
			OFFSET 0
		) v
		CROSS JOIN LATERAL (SELECT t.* FROM erp_private.debit_credit_line t WHERE t.company_id = $1 AND t.voucher_id = v.voucher_id OFFSET 0) l
		GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.day
	), part_day AS (
		SELECT l.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, l.currency_id, l.day, sum(l.debit) AS debit,
			sum(l.credit) AS credit, sum(l.company_debit) AS company_debit, sum(l.company_credit) AS company_credit
		FROM line l
		CROSS JOIN LATERAL (
			SELECT CASE WHEN t.by_party THEN l.party_id ELSE 0 END AS party_id, t.part_set_id AS dimension_set_id, t.part_value_id AS dimension_value_id
			FROM erp_private.balance_part t
			WHERE t.company_id = $1 AND t.account_id = l.account_id AND t.dimension_set_id = l.dimension_set_id
				AND (NOT t.by_party OR l.party_id <> 0)
			OFFSET 0
		) k
		GROUP BY l.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, l.currency_id, l.day
	), part_month AS (
		SELECT d.account_id, d.party_id, d.dimension_set_id, d.dimension_value_id, d.currency_id, erp_private.month_first(d.day) AS month,
			sum(d.debit) AS debit, sum(d.credit) AS credit, sum(d.company_debit) AS company_debit, sum(d.company_credit) AS company_credit,
			array_agg(d.day ORDER BY d.day) AS days, array_agg(d.debit ORDER BY d.day) AS debits, array_agg(d.credit ORDER BY d.day) AS credits,
			array_agg(d.company_debit ORDER BY d.day) AS company_debits, array_agg(d.company_credit ORDER BY d.day) AS company_credits
		FROM part_day d
		GROUP BY d.account_id, d.party_id, d.dimension_set_id, d.dimension_value_id, d.currency_id, erp_private.month_first(d.day)
	), found AS (
		SELECT p.*, k.balance_key_id, row_number() OVER key_month AS row_no
		FROM part_month p
		LEFT JOIN LATERAL (
			SELECT t.balance_key_id
			FROM erp_private.balance_key t
			WHERE t.company_id = $1 AND t.party_id = p.party_id AND t.dimension_set_id = p.dimension_set_id
				AND t.dimension_value_id = p.dimension_value_id AND t.account_id = p.account_id AND t.currency_id = p.currency_id
			OFFSET 0
		) k ON true
		WINDOW key_month AS (PARTITION BY p.account_id, p.party_id, p.dimension_set_id, p.dimension_value_id, p.currency_id ORDER BY p.month)
	), numbered AS (
		SELECT f.*, CASE WHEN f.balance_key_id IS NULL AND f.row_no = 1
			THEN nextval('erp_private.balance_key_balance_key_id_seq'::regclass) END AS new_key_id
		FROM found f
	), keyed AS MATERIALIZED (
		SELECT n.*, COALESCE(n.balance_key_id, max(n.new_key_id) OVER (
			PARTITION BY n.account_id, n.party_id, n.dimension_set_id, n.dimension_value_id, n.currency_id)) AS key_id
		FROM numbered n
	), new_key AS (
		INSERT INTO erp_private.balance_key (company_id, balance_key_id, account_id, party_id, dimension_set_id, dimension_value_id, currency_id)
		SELECT $1, k.new_key_id, k.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, k.currency_id
		FROM keyed k
		WHERE k.new_key_id IS NOT NULL
	), grown AS (
		SELECT k.key_id, k.month, k.debit, k.credit, k.company_debit, k.company_credit,
			k.days, k.debits, k.credits, k.company_debits, k.company_credits
		FROM keyed k
		UNION ALL
		SELECT k.key_id, f.month, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL
		FROM (SELECT t.key_id, array_agg(t.month) AS months, min(t.month) AS first_month FROM keyed t GROUP BY t.key_id) k
		CROSS JOIN LATERAL (
			SELECT t.month
			FROM erp_private.folded_balance t
			WHERE t.company_id = $1 AND t.balance_key_id = k.key_id AND t.month > k.first_month AND t.month <> ALL (k.months)
			OFFSET 0
		) f
	), brought AS (
		SELECT g.key_id, g.month, g.days, g.debits, g.credits, g.company_debits, g.company_credits,
			sum(g.debit) OVER up_to - g.debit AS debit, sum(g.credit) OVER up_to - g.credit AS credit,
			sum(g.company_debit) OVER up_to - g.company_debit AS company_debit,
			sum(g.company_credit) OVER up_to - g.company_credit AS company_credit
		FROM grown g
		WINDOW up_to AS (PARTITION BY g.key_id ORDER BY g.month)
	)
	INSERT INTO erp_private.folded_balance (company_id, balance_key_id, month, debit, credit, company_debit, company_credit,
		days, debits, credits, company_debits, company_credits)
	SELECT $1, b.key_id, b.month, b.debit + COALESCE(o.debit, 0), b.credit + COALESCE(o.credit, 0),
		b.company_debit + COALESCE(o.company_debit, 0), b.company_credit + COALESCE(o.company_credit, 0),
		erp_private.add_days(o.days, b.days), erp_private.add_sums(o.days, o.debits, b.days, b.debits),
		erp_private.add_sums(o.days, o.credits, b.days, b.credits),
		erp_private.add_sums(o.days, o.company_debits, b.days, b.company_debits),
		erp_private.add_sums(o.days, o.company_credits, b.days, b.company_credits)
	FROM brought b
	LEFT JOIN LATERAL (
		SELECT t.debit + CASE WHEN t.month < b.month THEN t.debits[cardinality(t.days)] ELSE 0 END AS debit,
			t.credit + CASE WHEN t.month < b.month THEN t.credits[cardinality(t.days)] ELSE 0 END AS credit,
			t.company_debit + CASE WHEN t.month < b.month THEN t.company_debits[cardinality(t.days)] ELSE 0 END AS company_debit,
			t.company_credit + CASE WHEN t.month < b.month THEN t.company_credits[cardinality(t.days)] ELSE 0 END AS company_credit,
			CASE WHEN t.month = b.month THEN t.days END AS days,
			CASE WHEN t.month = b.month THEN t.debits END AS debits, CASE WHEN t.month = b.month THEN t.credits END AS credits,
			CASE WHEN t.month = b.month THEN t.company_debits END AS company_debits,
			CASE WHEN t.month = b.month THEN t.company_credits END AS company_credits
		FROM erp_private.folded_balance t
		WHERE t.company_id = $1 AND t.balance_key_id = b.key_id AND t.month <= b.month
		ORDER BY t.month DESC
		LIMIT 1
	) o ON true
	ORDER BY b.key_id, b.month
	ON CONFLICT ON CONSTRAINT folded_balance_key DO UPDATE SET debit = excluded.debit, credit = excluded.credit,
		company_debit = excluded.company_debit, company_credit = excluded.company_credit, days = excluded.days,
		debits = excluded.debits, credits = excluded.credits,
		company_debits = excluded.company_debits, company_credits = excluded.company_credits
$$;
COMMENT ON FUNCTION erp_private.fold_vouchers(integer, xid8, xid8) IS
'Adds the lines of the documents with from_cut <= transaction_id < to_cut to the folded balances. For fold_balances() only.';
