-- Balances without hot rows. A posting writes no balance; now and then somebody folds.
--
-- erp_private.folded_balance holds the sums of all voucher lines whose voucher has transaction_id < cut;
-- a reader adds the lines of the vouchers with transaction_id >= cut (erp_private.balance_part).
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

CREATE FUNCTION erp_private.fold_vouchers(company_id integer, from_cut xid8, to_cut xid8)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
	INSERT INTO erp_private.folded_balance AS b
		(company_id, account_id, day, currency_id, dimension_set_id, debit, credit, company_debit, company_credit)
	SELECT l.company_id, l.account_id, l.day, l.currency_id, l.dimension_set_id,
		sum(CASE l.side WHEN 'debit' THEN l.amount ELSE 0 END),
		sum(CASE l.side WHEN 'credit' THEN l.amount ELSE 0 END),
		sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE 0 END),
		sum(CASE l.side WHEN 'credit' THEN l.company_amount ELSE 0 END)
	FROM erp.voucher v
	JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
	WHERE v.company_id = $1 AND v.transaction_id >= $2 AND v.transaction_id < $3
	GROUP BY l.company_id, l.account_id, l.day, l.currency_id, l.dimension_set_id
	ON CONFLICT ON CONSTRAINT folded_balance_key DO UPDATE SET
		debit = b.debit + excluded.debit,
		credit = b.credit + excluded.credit,
		company_debit = b.company_debit + excluded.company_debit,
		company_credit = b.company_credit + excluded.company_credit
$$;
COMMENT ON FUNCTION erp_private.fold_vouchers(integer, xid8, xid8) IS
'Adds the lines of the vouchers with from_cut <= transaction_id < to_cut to the folded balances. For fold_balances() only.';
