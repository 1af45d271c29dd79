-- Balances without hot rows. A posting writes no balance; now and then somebody folds.
--
-- erp_private.folded_balance holds the sums of all voucher lines whose voucher has transaction_id < cut;
-- a reader adds the lines of the vouchers with transaction_id >= cut (erp_private.unfolded_line).
--
-- Sums run: of a month up to a day, and of all time up to the last day of a month. So a balance as of any day is two
-- rows, whatever the history; a line that comes late adds to at most the rest of its month and the months since.
-- What has no row of its own (days and months without lines) is in the row before.
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
SET search_path = pg_catalog, pg_temp
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
	FROM erp.voucher v
	WHERE v.company_id = $1 AND v.transaction_id >= old_cut AND v.transaction_id < new_cut;
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

CREATE FUNCTION erp_private.month_last(day date) RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN erp_private.month_first(erp_private.month_first(day) + 31) - 1;
COMMENT ON FUNCTION erp_private.month_last(date) IS 'Last day of the month of a day; infinity of infinity.';

-- Every step goes by an index or over a materialized part, whatever the statistics say (plan_cache.h). A key that is
-- new takes its id in its first row. Rows of days (or months) after those of the lines grow with them.
CREATE FUNCTION erp_private.fold_vouchers(company_id integer, from_cut xid8, to_cut xid8)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
	WITH line AS MATERIALIZED (
		SELECT l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.day, sum(l.debit) AS debit, sum(l.credit) AS credit,
			sum(l.company_debit) AS company_debit, sum(l.company_credit) AS company_credit
		FROM (
			SELECT t.voucher_id
			FROM erp.voucher t
			WHERE t.company_id = $1 AND t.transaction_id >= $2 AND t.transaction_id < $3
			OFFSET 0
		) v
		CROSS JOIN LATERAL (SELECT t.* FROM erp_private.debit_credit_line t WHERE t.company_id = $1 AND t.voucher_id = v.voucher_id OFFSET 0) l
		GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.day
	), change AS (
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
	), found AS (
		SELECT c.*, k.balance_key_id, row_number() OVER key_day AS row_no
		FROM change c
		LEFT JOIN LATERAL (
			SELECT t.balance_key_id
			FROM erp_private.balance_key t
			WHERE t.company_id = $1 AND t.party_id = c.party_id AND t.dimension_set_id = c.dimension_set_id
				AND t.dimension_value_id = c.dimension_value_id AND t.account_id = c.account_id AND t.currency_id = c.currency_id
			OFFSET 0
		) k ON true
		WINDOW key_day AS (PARTITION BY c.account_id, c.party_id, c.dimension_set_id, c.dimension_value_id, c.currency_id ORDER BY c.day)
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
	), span AS MATERIALIZED (
		SELECT k.key_id, erp_private.month_first(k.day) AS from_day, k.day, k.debit, k.credit, k.company_debit, k.company_credit
		FROM keyed k
		UNION ALL
		SELECT k.key_id, '-infinity', erp_private.month_last(k.day), sum(k.debit), sum(k.credit), sum(k.company_debit), sum(k.company_credit)
		FROM keyed k
		GROUP BY k.key_id, erp_private.month_last(k.day)
	), grown AS (
		SELECT s.key_id, s.from_day, s.day, s.debit, s.credit, s.company_debit, s.company_credit
		FROM span s
		UNION ALL
		SELECT s.key_id, s.from_day, f.day, 0, 0, 0, 0
		FROM (SELECT t.key_id, t.from_day, min(t.day) AS day FROM span t GROUP BY t.key_id, t.from_day) s
		CROSS JOIN LATERAL (
			SELECT t.day
			FROM erp_private.folded_balance t
			WHERE t.company_id = $1 AND t.balance_key_id = s.key_id AND t.from_day = s.from_day AND t.day > s.day
			OFFSET 0
		) f
	), running AS (
		SELECT g.key_id, g.from_day, g.day, sum(sum(g.debit)) OVER up_to AS debit, sum(sum(g.credit)) OVER up_to AS credit,
			sum(sum(g.company_debit)) OVER up_to AS company_debit, sum(sum(g.company_credit)) OVER up_to AS company_credit
		FROM grown g
		GROUP BY g.key_id, g.from_day, g.day
		WINDOW up_to AS (PARTITION BY g.key_id, g.from_day ORDER BY g.day)
	)
	INSERT INTO erp_private.folded_balance (company_id, balance_key_id, from_day, day, debit, credit, company_debit, company_credit)
	SELECT $1, r.key_id, r.from_day, r.day, r.debit + COALESCE(b.debit, 0), r.credit + COALESCE(b.credit, 0),
		r.company_debit + COALESCE(b.company_debit, 0), r.company_credit + COALESCE(b.company_credit, 0)
	FROM running r
	LEFT JOIN LATERAL (
		SELECT t.debit, t.credit, t.company_debit, t.company_credit
		FROM erp_private.folded_balance t
		WHERE t.company_id = $1 AND t.balance_key_id = r.key_id AND t.from_day = r.from_day AND t.day <= r.day
		ORDER BY t.day DESC
		LIMIT 1
	) b ON true
	ORDER BY r.key_id, r.from_day, r.day
	ON CONFLICT ON CONSTRAINT folded_balance_key DO UPDATE SET debit = excluded.debit, credit = excluded.credit,
		company_debit = excluded.company_debit, company_credit = excluded.company_credit
$$;
COMMENT ON FUNCTION erp_private.fold_vouchers(integer, xid8, xid8) IS
'Adds the lines of the vouchers with from_cut <= transaction_id < to_cut to the folded balances. For fold_balances() only.';
