-- Balances without hot rows. A posting writes no balance; now and then somebody folds.
--
-- erp_private.folded_balance holds the sums of all voucher lines whose document has transaction_id < cut;
-- a reader adds the lines of the documents with transaction_id >= cut (erp_private.unfolded_line).
--
-- Sums run: from the beginning up to a month, and in the month up to each day. So a balance as of any day is one row,
-- whatever the history; a line that comes late adds to the row of its month and to those of the months since.
-- Days and months without lines have nothing of their own: what stands before them holds. Sums in the company's currency are
-- kept where they are others than those in the currency of the key.
--
-- Why nothing is lost or counted twice:
-- 1. One fold of a company at a time: it holds the row of fold_cut; a second one finds it locked and leaves.
-- 2. The new cut is the first id under which a snapshot sees a transaction in progress, its own included, but for
--    those that run in another database: every other one below it has ended, and what it committed is seen by that
--    snapshot and all later ones. transaction_id is the id of the top transaction, which is in progress for the
--    snapshot as long as any of its subtransactions is, and while it is prepared.
--    So the vouchers between the old and the new cut are final when they are summed, and none can join them.
-- 3. The sums and the cut are written by one transaction. A reader is one statement with one snapshot: it
--    sees both as before or both as after, and in either case each voucher on exactly one side of the cut.
-- 4. The statement that sums begins after the one that took the cut (READ COMMITTED), so it sees at least as much.
--    Under REPEATABLE READ the rows of another fold could be unseen: refused.
-- 5. Transaction ids mean something in their own cluster only. When the cluster is not the one that the cut was
--    made in (restore, logical replica), readers take no notice of the folded sums, and the next fold starts anew.

CREATE FUNCTION erp_private.runs_elsewhere(transaction xid8) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_runs_elsewhere';
COMMENT ON FUNCTION erp_private.runs_elsewhere(xid8) IS
'Whether a transaction is under way in another database of the cluster; false for one that is prepared or has ended.';

CREATE FUNCTION erp_private.ended_before() RETURNS xid8
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT min(t.id)
	FROM (
		SELECT x.id FROM pg_snapshot_xip(pg_current_snapshot()) AS x (id) WHERE NOT erp_private.runs_elsewhere(x.id)
		UNION ALL
		SELECT pg_snapshot_xmax(pg_current_snapshot())
		UNION ALL
		SELECT pg_current_xact_id_if_assigned()
	) t
$$;
COMMENT ON FUNCTION erp_private.ended_before() IS
'Below this id no transaction is under way in this database for the snapshot of the caller, the current one included.';

CREATE FUNCTION erp_private.lock_fold(company_id integer) RETURNS xid8
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	this_cluster bigint := (SELECT s.system_identifier FROM pg_control_system() s);
	old record;
BEGIN
	-- ON CONFLICT would wait for a fold under way, so it is for the very first one only.
	IF NOT EXISTS (SELECT FROM erp_private.fold_cut f WHERE f.company_id = $1) THEN
		INSERT INTO erp_private.fold_cut (company_id, cut, cluster)
		VALUES ($1, '0', this_cluster)
		ON CONFLICT ON CONSTRAINT fold_cut_key DO NOTHING;
	END IF;
	SELECT f.cut, f.cluster INTO old
	FROM erp_private.fold_cut f
	WHERE f.company_id = $1
	FOR UPDATE SKIP LOCKED;
	IF old.cluster = this_cluster AND old.cut <= pg_snapshot_xmax(pg_current_snapshot()) THEN
		RETURN old.cut;
	ELSIF old.cluster IS NOT NULL THEN
		DELETE FROM erp_private.folded_balance b WHERE b.company_id = $1;
		DELETE FROM erp_private.balance_key k WHERE k.company_id = $1;
		UPDATE erp_private.fold_cut f SET cut = '0', cluster = this_cluster WHERE f.company_id = $1;
		RETURN '0'::xid8;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION erp_private.lock_fold(integer) IS
'Locks the folded balances of a company and returns their cut: 0 where nothing is folded, or was in another cluster only: that is deleted. Null if another session is folding.';

CREATE FUNCTION erp_private.fold_balances(company_id integer)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
	old_cut xid8;
	new_cut xid8;
	folded bigint;
	step record;
BEGIN
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION 'balances are folded under READ COMMITTED only'
			USING ERRCODE = 'invalid_transaction_state',
				DETAIL = format('The transaction is %s.', upper(current_setting('transaction_isolation'))),
				HINT = 'Call it in a transaction of its own.';
	END IF;
	old_cut := erp_private.lock_fold($1);
	IF old_cut IS NULL THEN
		RETURN 0;
	END IF;
	PERFORM erp_private.fold_declared_parties($1, old_cut);
	-- A transaction of another database that was prepared meanwhile is taken for one of this.
	new_cut := GREATEST(old_cut, erp_private.ended_before());
	SELECT count(*) INTO folded
	FROM (
		SELECT d.document_id FROM erp.document d
		WHERE d.company_id = $1 AND d.transaction_id >= old_cut AND d.transaction_id < new_cut
		OFFSET 0
	) d
	CROSS JOIN LATERAL (SELECT FROM erp.voucher t WHERE t.company_id = $1 AND t.voucher_id = d.document_id OFFSET 0) v;
	IF folded > 0 THEN
		PERFORM erp_private.fold_vouchers($1, old_cut, new_cut, NULL);
	END IF;
	FOR step IN SELECT s.function_name FROM erp_private.fold_step s ORDER BY s.rank LOOP
		EXECUTE format('SELECT erp_private.%I($1, $2, $3)', step.function_name) USING $1, old_cut, new_cut;
	END LOOP;
	UPDATE erp_private.fold_cut f SET cut = new_cut WHERE f.company_id = $1;
	RETURN folded;
END
$$;
COMMENT ON FUNCTION erp_private.fold_balances(integer) IS
'Folds the lines of a company''s ended transactions into its balances, and what erp_private.fold_step names, and returns the number of vouchers; 0 when another session is at it. READ COMMITTED only.';

CREATE FUNCTION erp_private.month_first(day date) RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN COALESCE(day - (EXTRACT(day FROM day)::integer - 1), day);
COMMENT ON FUNCTION erp_private.month_first(date) IS 'First day of the month of a day; infinity of infinity.';

CREATE FUNCTION erp_private.add_days(days date[], more_days date[]) RETURNS date[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_add_days';
COMMENT ON FUNCTION erp_private.add_days(date[], date[]) IS 'The days of both lists, each once, ascending as both are.';

CREATE FUNCTION erp_private.add_sums(days date[], sums numeric[], more_days date[], more_sums numeric[]) RETURNS numeric[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_add_sums';
COMMENT ON FUNCTION erp_private.add_sums(date[], numeric[], date[], numeric[]) IS
'The running sums at days and those at more_days added up: at each of erp_private.add_days(days, more_days).';

-- Inlined where it is called, so without a search_path of its own: every name is qualified.
CREATE FUNCTION erp_private.folded_until(company_id integer, balance_key_id bigint, day date)
RETURNS TABLE (debit numeric, credit numeric, company_debit numeric, company_credit numeric)
	LANGUAGE sql STABLE
AS $function$
	SELECT f.debit + COALESCE(f.debits[f.n], 0), f.credit + COALESCE(f.credits[f.n], 0),
	       f.company_debit + COALESCE(f.company_debits[f.n], 0), f.company_credit + COALESCE(f.company_credits[f.n], 0)
	  FROM (SELECT t.*, pg_catalog.width_bucket($3, t.days) AS n
	          FROM erp_private.folded_month t
	         WHERE t.company_id = $1 AND t.balance_key_id = $2 AND t.month <= $3
	         ORDER BY t.month DESC LIMIT 1) f
$function$;
COMMENT ON FUNCTION erp_private.folded_until(integer, bigint, date) IS
	'What is folded under a key up to a day; no row if nothing is.';

-- The steps of a fold. Each goes by an index or over the rows of a function, whatever the statistics say (plan_cache.h).
CREATE FUNCTION erp_private.lines_to_fold(company_id integer, from_cut xid8, to_cut xid8, accounts integer[])
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, currency_id integer, day date,
	debit numeric, credit numeric, company_debit numeric, company_credit numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	SELECT l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.day, sum(l.debit), sum(l.credit),
		sum(l.company_debit), sum(l.company_credit)
	FROM (
		SELECT t.document_id AS voucher_id
		FROM erp.document t
		WHERE t.company_id = $1 AND t.transaction_id >= $2 AND t.transaction_id < $3
		OFFSET 0
	) v
	CROSS JOIN LATERAL (SELECT t.* FROM erp_private.debit_credit_line t WHERE t.company_id = $1 AND t.voucher_id = v.voucher_id OFFSET 0) l
	WHERE $4 IS NULL OR l.account_id = ANY ($4)
	GROUP BY l.account_id, l.party_id, l.dimension_set_id, l.currency_id, l.day
$$;
COMMENT ON FUNCTION erp_private.lines_to_fold(integer, xid8, xid8, integer[]) IS
'Voucher lines added up by day and all that balances are kept by. The arguments are those of erp_private.fold_vouchers().';

CREATE FUNCTION erp_private.parts_to_fold(company_id integer, from_cut xid8, to_cut xid8, accounts integer[])
RETURNS TABLE (account_id integer, party_id integer, dimension_set_id integer, dimension_value_id integer, currency_id integer, month date,
	days date[], debits numeric[], credits numeric[], company_debits numeric[], company_credits numeric[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	SELECT d.account_id, d.party_id, d.dimension_set_id, d.dimension_value_id, d.currency_id, d.month, array_agg(d.day ORDER BY d.day),
		array_agg(d.debit ORDER BY d.day), array_agg(d.credit ORDER BY d.day),
		NULLIF(array_agg(d.company_debit ORDER BY d.day), array_agg(d.debit ORDER BY d.day)),
		NULLIF(array_agg(d.company_credit ORDER BY d.day), array_agg(d.credit ORDER BY d.day))
	FROM (
		SELECT l.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, l.currency_id, erp_private.month_first(l.day) AS month, l.day,
			sum(sum(l.debit)) OVER up_to AS debit, sum(sum(l.credit)) OVER up_to AS credit,
			sum(sum(l.company_debit)) OVER up_to AS company_debit, sum(sum(l.company_credit)) OVER up_to AS company_credit
		FROM erp_private.lines_to_fold($1, $2, $3, $4) l
		CROSS JOIN LATERAL (
			SELECT CASE WHEN t.by_party THEN l.party_id ELSE 0 END AS party_id, t.part_set_id AS dimension_set_id, t.part_value_id AS dimension_value_id
			FROM erp_private.balance_part t
			WHERE t.company_id = $1 AND t.account_id = l.account_id AND t.dimension_set_id = l.dimension_set_id
				AND (t.by_party OR $4 IS NULL) AND (NOT t.by_party OR l.party_id <> 0)
			OFFSET 0
		) k
		GROUP BY l.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, l.currency_id, l.day
		WINDOW up_to AS (PARTITION BY l.account_id, k.party_id, k.dimension_set_id, k.dimension_value_id, l.currency_id,
			erp_private.month_first(l.day) ORDER BY l.day)
	) d
	GROUP BY d.account_id, d.party_id, d.dimension_set_id, d.dimension_value_id, d.currency_id, d.month
$$;
COMMENT ON FUNCTION erp_private.parts_to_fold(integer, xid8, xid8, integer[]) IS
'What comes to each balance: for a month, its days with lines and the running sums at them. The arguments are those of erp_private.fold_vouchers().';

CREATE FUNCTION erp_private.keyed_parts(company_id integer, from_cut xid8, to_cut xid8, accounts integer[])
RETURNS TABLE (balance_key_id bigint, month date, days date[], debits numeric[], credits numeric[], company_debits numeric[], company_credits numeric[])
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	WITH part AS MATERIALIZED (
		SELECT p.*, k.balance_key_id
		FROM erp_private.parts_to_fold($1, $2, $3, $4) p
		LEFT JOIN LATERAL (
			SELECT t.balance_key_id
			FROM erp_private.balance_key t
			WHERE t.company_id = $1 AND t.party_id = p.party_id AND t.dimension_set_id = p.dimension_set_id
				AND t.dimension_value_id = p.dimension_value_id AND t.account_id = p.account_id AND t.currency_id = p.currency_id
			OFFSET 0
		) k ON true
	), new_key AS (
		INSERT INTO erp_private.balance_key (company_id, account_id, party_id, dimension_set_id, dimension_value_id, currency_id)
		SELECT DISTINCT $1, p.account_id, p.party_id, p.dimension_set_id, p.dimension_value_id, p.currency_id
		FROM part p
		WHERE p.balance_key_id IS NULL
		RETURNING balance_key_id, account_id, party_id, dimension_set_id, dimension_value_id, currency_id
	)
	SELECT COALESCE(p.balance_key_id, n.balance_key_id), p.month, p.days, p.debits, p.credits, p.company_debits, p.company_credits
	FROM part p
	LEFT JOIN new_key n ON n.account_id = p.account_id AND n.party_id = p.party_id AND n.dimension_set_id = p.dimension_set_id
		AND n.dimension_value_id = p.dimension_value_id AND n.currency_id = p.currency_id
$$;
COMMENT ON FUNCTION erp_private.keyed_parts(integer, xid8, xid8, integer[]) IS
'The same by the key of the balance, made where it is new. The arguments are those of erp_private.fold_vouchers().';

-- What is brought forward to months that stand already, after those of the lines, becomes more, and their days stay as they are.
CREATE FUNCTION erp_private.fold_vouchers(company_id integer, from_cut xid8, to_cut xid8, accounts integer[])
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	WITH part AS MATERIALIZED (
		SELECT p.* FROM erp_private.keyed_parts($1, $2, $3, $4) p
	), grown AS (
		SELECT p.* FROM part p
		UNION ALL
		SELECT k.balance_key_id, f.month, '{}', '{}', '{}', NULL, NULL
		FROM (SELECT p.balance_key_id, array_agg(p.month) AS months, min(p.month) AS first_month FROM part p GROUP BY p.balance_key_id) k
		CROSS JOIN LATERAL (
			SELECT t.month
			FROM erp_private.folded_balance t
			WHERE t.company_id = $1 AND t.balance_key_id = k.balance_key_id AND t.month > k.first_month AND t.month <> ALL (k.months)
			OFFSET 0
		) f
	), brought AS (
		SELECT g.*, sum(g.debits[cardinality(g.days)]) OVER before AS debit, sum(g.credits[cardinality(g.days)]) OVER before AS credit,
			sum((COALESCE(g.company_debits, g.debits))[cardinality(g.days)]) OVER before AS company_debit,
			sum((COALESCE(g.company_credits, g.credits))[cardinality(g.days)]) OVER before AS company_credit
		FROM grown g
		WINDOW before AS (PARTITION BY g.balance_key_id ORDER BY g.month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	)
	INSERT INTO erp_private.folded_balance AS o (company_id, balance_key_id, month, debit, credit, company_debit, company_credit,
		days, debits, credits, company_debits, company_credits)
	SELECT $1, b.balance_key_id, b.month, COALESCE(b.debit, 0) + COALESCE(f.debit, 0), COALESCE(b.credit, 0) + COALESCE(f.credit, 0),
		COALESCE(b.company_debit, 0) + COALESCE(f.company_debit, 0), COALESCE(b.company_credit, 0) + COALESCE(f.company_credit, 0),
		b.days, b.debits, b.credits, b.company_debits, b.company_credits
	FROM brought b
	LEFT JOIN LATERAL erp_private.folded_until($1, b.balance_key_id, b.month - 1) f ON true
	ORDER BY b.balance_key_id, b.month
	ON CONFLICT ON CONSTRAINT folded_balance_key DO UPDATE SET debit = excluded.debit, credit = excluded.credit,
		company_debit = excluded.company_debit, company_credit = excluded.company_credit, days = erp_private.add_days(o.days, excluded.days),
		debits = erp_private.add_sums(o.days, o.debits, excluded.days, excluded.debits),
		credits = erp_private.add_sums(o.days, o.credits, excluded.days, excluded.credits),
		company_debits = CASE WHEN o.company_debits IS NOT NULL OR excluded.company_debits IS NOT NULL THEN erp_private.add_sums(o.days,
			COALESCE(o.company_debits, o.debits), excluded.days, COALESCE(excluded.company_debits, excluded.debits)) END,
		company_credits = CASE WHEN o.company_credits IS NOT NULL OR excluded.company_credits IS NOT NULL THEN erp_private.add_sums(o.days,
			COALESCE(o.company_credits, o.credits), excluded.days, COALESCE(excluded.company_credits, excluded.credits)) END
$$;
COMMENT ON FUNCTION erp_private.fold_vouchers(integer, xid8, xid8, integer[]) IS
'Adds the lines of the documents with from_cut <= transaction_id < to_cut to the folded balances. accounts: null for all; otherwise to the balances of parties on these accounts only. For fold_balances() only.';

CREATE FUNCTION erp_private.forget_parties(company_id integer, accounts integer[]) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
	WITH key AS (
		DELETE FROM erp_private.balance_key k
		WHERE k.company_id = $1 AND k.account_id = ANY ($2) AND k.party_id <> 0
		RETURNING k.balance_key_id
	)
	DELETE FROM erp_private.folded_balance b USING key k WHERE b.company_id = $1 AND b.balance_key_id = k.balance_key_id
$$;
COMMENT ON FUNCTION erp_private.forget_parties(integer, integer[]) IS 'Deletes the folded balances of parties on accounts. For fold_balances() only.';

CREATE FUNCTION erp_private.fold_declared_parties(company_id integer, cut xid8) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	ended integer[];
	declared integer[];
BEGIN
	WITH gone AS (
		DELETE FROM erp_private.party_account p
		USING erp.account a
		WHERE p.company_id = $1 AND a.company_id = $1 AND a.account_id = p.account_id AND NOT a.by_party
		RETURNING p.account_id
	)
	SELECT array_agg(g.account_id) INTO ended FROM gone g;
	IF ended IS NOT NULL THEN
		PERFORM erp_private.forget_parties($1, ended);
	END IF;
	WITH added AS (
		INSERT INTO erp_private.party_account AS p (company_id, account_id)
		SELECT k.company_id, k.account_id
		FROM erp_private.account_by_party k
		JOIN erp.account a ON a.company_id = k.company_id AND a.account_id = k.account_id
		WHERE k.company_id = $1 AND a.by_party AND NOT k.by_party
		RETURNING p.account_id
	)
	SELECT array_agg(a.account_id) INTO declared FROM added a;
	IF declared IS NOT NULL THEN
		PERFORM erp_private.fold_vouchers($1, '0', fold_declared_parties.cut, declared);
	END IF;
END
$$;
COMMENT ON FUNCTION erp_private.fold_declared_parties(integer, xid8) IS
'Where accounts were declared to be kept by party (erp.account.by_party), or no longer, since the last fold: folds what stands below the cut by party too, or forgets it. For fold_balances() only.';
