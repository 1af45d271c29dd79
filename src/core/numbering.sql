-- Deferred numbers: a batch step numbers what has been posted; no posting waits for a number.
--
-- Why there is no gap and no duplicate in any committed state: the counter and the numbers that it counts are
-- written by one statement, so an abort takes both back; one session at a time numbers a series, because it holds
-- the series' row of series_cut; and a session that waited for it looks again, in a statement begun after the wait.
-- What has a number is left out by looking at the numbers; the cut only saves reading the vouchers below it.
--
-- Within one step the order is (day, voucher_id). A voucher that commits later than others of its scope were
-- numbered comes after them, whatever its day: a number that was given never changes.
--
-- A call that closes days gives the numbers that these days still lack, in its own name: see erp_private.number_days().

-- A number is looked up by what has it (OFFSET 0), not by its series: a plan that was made on few numbers would read them all for each.

CREATE FUNCTION erp_private.scope_value(scope text, day date)
RETURNS text
LANGUAGE sql STABLE
AS $$
	SELECT CASE $1 WHEN 'month' THEN pg_catalog.to_char($2, 'YYYY-MM') WHEN 'year' THEN pg_catalog.to_char($2, 'YYYY') ELSE '' END
$$;
COMMENT ON FUNCTION erp_private.scope_value(text, date) IS
'The scope of a series that a day falls into: YYYY-MM for month, YYYY for year, empty for ever.';

CREATE FUNCTION erp_private.number_vouchers(company_id integer, series_id integer, from_cut xid8, first_day date, last_day date, max bigint, assigning_document_id bigint)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
	numbered bigint;
BEGIN
	WITH candidate AS (
		SELECT v.document_id, v.voucher_id, v.day, erp_private.scope_value(s.scope, v.day) AS scope_value
		FROM erp.series s
		CROSS JOIN LATERAL (
			SELECT t.document_id FROM erp.document t WHERE t.company_id = $1 AND t.transaction_id >= $3 OFFSET 0
		) d
		CROSS JOIN LATERAL (SELECT t.* FROM erp.voucher t WHERE t.company_id = $1 AND t.voucher_id = d.document_id AND t.day BETWEEN $4 AND $5 OFFSET 0) v
		WHERE s.company_id = $1 AND s.series_id = $2 AND v.voucher_word_id = s.voucher_word_id
			AND NOT EXISTS (
				SELECT FROM (
					SELECT n.series_id FROM erp.assigned_number n
					WHERE n.company_id = v.company_id AND n.document_id = v.document_id AND n.voucher_id = v.voucher_id OFFSET 0
				) g
				WHERE g.series_id = $2
			)
		ORDER BY v.day, v.voucher_id
		LIMIT $6
	), placed AS (
		SELECT c.document_id, c.voucher_id, c.scope_value,
			row_number() OVER (PARTITION BY c.scope_value ORDER BY c.day, c.voucher_id) AS place,
			count(*) OVER (PARTITION BY c.scope_value) AS places
		FROM candidate c
	), counted AS (
		INSERT INTO erp_private.series_counter AS k (company_id, series_id, scope_value, last_number)
		SELECT $1, $2, p.scope_value, count(*)
		FROM placed p
		GROUP BY p.scope_value
		ORDER BY p.scope_value
		ON CONFLICT ON CONSTRAINT series_counter_key DO UPDATE SET last_number = k.last_number + excluded.last_number
		RETURNING k.scope_value, k.last_number
	)
	INSERT INTO erp.assigned_number (company_id, series_id, scope_value, number, document_id, voucher_id, assigning_document_id)
	SELECT $1, $2, p.scope_value, k.last_number - p.places + p.place, p.document_id, p.voucher_id, $7
	FROM placed p
	JOIN counted k ON k.scope_value = p.scope_value
	ORDER BY p.scope_value, p.place;
	GET DIAGNOSTICS numbered = ROW_COUNT;
	RETURN numbered;
END
$$;
COMMENT ON FUNCTION erp_private.number_vouchers(integer, integer, xid8, date, date, bigint, bigint) IS
'Numbers up to max (null: all) vouchers of these days, both included, from the cut on that have no number of the series, in the name of a document; returns how many. One statement, whose insert of numbers the engine lets pass. For assign_numbers() and number_days() only.';

CREATE FUNCTION erp_private.number_documents(company_id integer, series_id integer, from_cut xid8, first_day date, last_day date, max bigint, assigning_document_id bigint)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	numbered bigint;
BEGIN
	WITH candidate AS (
		SELECT d.document_id, d.posting_day, erp_private.scope_value(s.scope, d.posting_day) AS scope_value
		FROM erp.series s
		JOIN erp.document d ON d.company_id = s.company_id AND d.kind = s.target
		WHERE s.company_id = $1 AND s.series_id = $2 AND d.company_id = $1 AND d.transaction_id >= $3 AND d.posting_day BETWEEN $4 AND $5
			AND NOT EXISTS (
				SELECT FROM (
					SELECT n.series_id FROM erp.assigned_number n
					WHERE n.company_id = d.company_id AND n.document_id = d.document_id AND n.voucher_id = 0 OFFSET 0
				) g
				WHERE g.series_id = $2
			)
		ORDER BY d.posting_day, d.document_id
		LIMIT $6
	), placed AS (
		SELECT c.document_id, c.scope_value,
			row_number() OVER (PARTITION BY c.scope_value ORDER BY c.posting_day, c.document_id) AS place,
			count(*) OVER (PARTITION BY c.scope_value) AS places
		FROM candidate c
	), counted AS (
		INSERT INTO erp_private.series_counter AS k (company_id, series_id, scope_value, last_number)
		SELECT $1, $2, p.scope_value, count(*)
		FROM placed p
		GROUP BY p.scope_value
		ORDER BY p.scope_value
		ON CONFLICT ON CONSTRAINT series_counter_key DO UPDATE SET last_number = k.last_number + excluded.last_number
		RETURNING k.scope_value, k.last_number
	)
	INSERT INTO erp.assigned_number (company_id, series_id, scope_value, number, document_id, voucher_id, assigning_document_id)
	SELECT $1, $2, p.scope_value, k.last_number - p.places + p.place, p.document_id, 0, $7
	FROM placed p
	JOIN counted k ON k.scope_value = p.scope_value
	ORDER BY p.scope_value, p.place;
	GET DIAGNOSTICS numbered = ROW_COUNT;
	RETURN numbered;
END
$$;
COMMENT ON FUNCTION erp_private.number_documents(integer, integer, xid8, date, date, bigint, bigint) IS
'Numbers up to max (null: all) documents of the series'' kind of these days, both included, from the cut on that have no number of it, in the name of a document; returns how many. One statement, whose insert of numbers the engine lets pass. For assign_numbers() and number_days() only.';

-- What gives numbers is a document of its own, which comes when there are some: so they are sealed like everything that is written.
CREATE FUNCTION erp_private.add_numbering(company_id integer, document_id bigint, assigned_by name)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
	INSERT INTO erp.document (company_id, document_id, kind, party_id, day, time_of_day, posting_day, recorded_by, currency_id, rate, rate_day, state, key,
		request_hash)
	SELECT c.company_id, $2, k.kind, 0, n.moment::date, n.moment::time, n.moment::date, $3, c.currency_id, 1, n.moment::date, k.initial_state,
		'erp:numbering:' || $2, sha256(convert_to('numbering ' || $2, 'UTF8'))
	FROM erp.company c
	CROSS JOIN erp.document_kind k
	CROSS JOIN timezone('UTC', now()) n (moment)
	WHERE c.company_id = $1 AND k.kind = 'numbering'
$$;
COMMENT ON FUNCTION erp_private.add_numbering(integer, bigint, name) IS
'The document in whose name numbers were just given, with an id that was taken for it before. For assign_numbers() only.';

-- In this order: what a session that was waited for has numbered is seen, and the cut is older than what is looked at.
CREATE FUNCTION erp_private.open_series_cut(company_id integer, series_id integer, OUT from_cut xid8, OUT to_cut xid8)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	this_cluster bigint := (SELECT s.system_identifier FROM pg_control_system() s);
BEGIN
	INSERT INTO erp_private.series_cut (company_id, series_id, cut, cluster)
	VALUES ($1, $2, '0', this_cluster)
	ON CONFLICT ON CONSTRAINT series_cut_key DO NOTHING;
	SELECT CASE WHEN s.cluster = this_cluster THEN s.cut ELSE '0' END INTO from_cut
	FROM erp_private.series_cut s
	WHERE s.company_id = $1 AND s.series_id = $2
	FOR UPDATE;
	to_cut := pg_snapshot_xmin(pg_current_snapshot());
	IF from_cut > to_cut THEN
		from_cut := '0';
	END IF;
END
$$;
COMMENT ON FUNCTION erp_private.open_series_cut(integer, integer) IS
'Waits for whoever numbers the series; returns the cut to look on from and the one that holds when all is numbered. After a restore the cut is of another cluster and counts as 0.';

CREATE FUNCTION erp_private.move_series_cut(company_id integer, series_id integer, to_cut xid8)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
	UPDATE erp_private.series_cut s SET cut = $3, cluster = c.system_identifier
	FROM pg_control_system() c
	WHERE s.company_id = $1 AND s.series_id = $2 AND (s.cut, s.cluster) IS DISTINCT FROM ($3, c.system_identifier)
$$;
COMMENT ON FUNCTION erp_private.move_series_cut(integer, integer, xid8) IS
'Moves the cut of a series, of which nothing below it was left over.';
