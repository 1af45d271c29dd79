-- The seal: documents get their place in the company's chain after they have been committed.
--
-- Why none is left out and none can come between: a round takes the documents whose transaction id lies between the cut
-- and the xmin of a snapshot. Every transaction below that has ended, and transaction_id is the id of the top
-- transaction, so nothing can join them. One session at a time seals a company, because it holds the company's row of
-- seal_cut; seals and cut are written by one transaction. What has a seal is left out by looking at the seals; the cut
-- only saves reading what lies below it.
-- A call that closes or opens a period seals with it all that has been committed, whatever may still come before it: what a
-- snapshot shows is whole in itself, nothing in it stands on what it does not show. Postings into the period have ended,
-- because the call holds its gate. What is running below is sealed later; the cut stays below it.
-- Transaction ids mean something in their own cluster only. After a restore a round begins at 0 and also takes what
-- carries an id that this cluster has not given yet: only a document that was restored can.

-- No SET, so that it becomes part of the query that calls it. OFFSET 0: a seal is looked up by its key for each document,
-- however few seals the statistics know of.
CREATE FUNCTION erp_private.unsealed(p_company_id integer, p_cut xid8, p_next_cut xid8, p_restored boolean, p_committed boolean)
RETURNS TABLE (document_id bigint, transaction_id xid8)
LANGUAGE sql STABLE
AS $$
	SELECT d.document_id, d.transaction_id
	FROM erp.document d
	WHERE d.company_id OPERATOR(pg_catalog.=) $1
		AND d.transaction_id OPERATOR(pg_catalog.>=) $2
		AND d.transaction_id OPERATOR(pg_catalog.<) CASE WHEN $4 OR $5 THEN '18446744073709551615'::pg_catalog.xid8 ELSE $3 END
		AND ($5 OR d.transaction_id OPERATOR(pg_catalog.<) pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())
			OR d.transaction_id OPERATOR(pg_catalog.>=) pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()))
		AND d.transaction_id OPERATOR(pg_catalog.<>) pg_catalog.pg_current_xact_id()
		AND NOT EXISTS (
			SELECT FROM erp.seal s
			WHERE s.company_id OPERATOR(pg_catalog.=) d.company_id AND s.document_id OPERATOR(pg_catalog.=) d.document_id
			OFFSET 0
		)
$$;
COMMENT ON FUNCTION erp_private.unsealed(integer, xid8, xid8, boolean, boolean) IS
'Documents of a round of sealing that have no seal: their transactions have ended and lie between the cuts, or at the first one or above it in a round after a restore; p_committed: all that have been committed from the first cut on, whatever may still come before them.';

-- In this order: what a session that was waited for has sealed is seen, and the next cut is older than what is looked at.
CREATE FUNCTION erp_private.lock_seal_cut(p_company_id integer, OUT cut xid8, OUT next_cut xid8, OUT waiting bigint, OUT restored boolean, OUT horizon xid8)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	this_cluster bigint := (SELECT s.system_identifier FROM pg_control_system() s);
	made_in bigint;
BEGIN
	INSERT INTO erp_private.seal_cut (company_id, cut, next_cut, waiting, restored, cluster)
	VALUES ($1, '0', '0', 0, true, 0)
	ON CONFLICT ON CONSTRAINT seal_cut_key DO NOTHING;
	SELECT k.cut, k.next_cut, k.waiting, k.restored, k.cluster INTO cut, next_cut, waiting, restored, made_in
	FROM erp_private.seal_cut k
	WHERE k.company_id = $1
	FOR UPDATE;
	horizon := pg_snapshot_xmin(pg_current_snapshot());
	IF made_in <> this_cluster OR next_cut > horizon THEN
		cut := '0';
		waiting := 0;
		restored := true;
	END IF;
END
$$;
COMMENT ON FUNCTION erp_private.lock_seal_cut(integer) IS
'Waits for whoever seals the company; returns the round of sealing that is under way: from which cut to which, how many documents it still has, and whether it takes restored ones; and the transaction id below which nothing is running. For the sealer only.';

CREATE FUNCTION erp_private.open_seal_round(p_company_id integer, OUT cut xid8, OUT next_cut xid8, OUT waiting bigint, OUT restored boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	horizon xid8;
BEGIN
	SELECT l.cut, l.next_cut, l.waiting, l.restored, l.horizon INTO cut, next_cut, waiting, restored, horizon
	FROM erp_private.lock_seal_cut($1) l;
	IF waiting > 0 THEN
		RETURN;
	END IF;
	next_cut := horizon;
	SELECT count(*) INTO waiting FROM erp_private.unsealed($1, cut, next_cut, restored, false);
	UPDATE erp_private.seal_cut k
	SET cut = open_seal_round.cut, next_cut = open_seal_round.next_cut, waiting = open_seal_round.waiting,
		restored = open_seal_round.restored, cluster = s.system_identifier
	FROM pg_control_system() s
	WHERE k.company_id = $1;
END
$$;
COMMENT ON FUNCTION erp_private.open_seal_round(integer) IS
'Waits for whoever seals the company; returns the round of sealing that is under way, or opens one. For seal_documents() only.';

CREATE FUNCTION erp_private.end_seal_round(p_company_id integer, p_horizon xid8)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
	UPDATE erp_private.seal_cut k
	SET cut = $2, next_cut = $2, waiting = 0, restored = false, cluster = s.system_identifier
	FROM pg_control_system() s
	WHERE k.company_id = $1
$$;
COMMENT ON FUNCTION erp_private.end_seal_round(integer, xid8) IS
'Says that all that has been committed below a transaction id, below which nothing was running, is sealed. For the sealer only.';

CREATE FUNCTION erp_private.beside_chain(p_company_id integer) RETURNS TABLE (document_id bigint, problem text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.document_id, 'not sealed'
	FROM erp_private.seal_cut k
	JOIN pg_control_system() s ON s.system_identifier = k.cluster
	JOIN erp.document d ON d.company_id = k.company_id AND d.transaction_id < k.cut
	WHERE k.company_id = $1 AND NOT k.restored
		AND NOT EXISTS (SELECT FROM erp.seal e WHERE e.company_id = d.company_id AND e.document_id = d.document_id OFFSET 0)
	UNION ALL
	SELECT n.document_id, 'number given by no document'
	FROM erp.assigned_number n
	WHERE n.company_id = $1 AND n.assigning_document_id <> n.document_id
		AND NOT EXISTS (SELECT FROM erp.document d WHERE d.company_id = n.company_id AND d.document_id = n.assigning_document_id OFFSET 0)
	UNION ALL
	SELECT 0, concat_ws(' ', p.object, p.detail)
	FROM erp.company c
	JOIN erp_private.check_period_states() p ON p.company = c.code
	WHERE c.company_id = $1
$$;
COMMENT ON FUNCTION erp_private.beside_chain(integer) IS
'What no content of a company shows: documents below the cut of its seal that have no seal (put there behind the guards, or their seal was taken away; none while a round after a restore is under way), numbers that no document gave, and, for document 0, states of periods and a hard lock that are not what the calls say.';

-- The last step of calls that close and open periods, which hold the gates of these periods.
CREATE FUNCTION erp_private.seal_with_call(company_id integer, company text) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
	SET enable_mergejoin = off SET enable_sort = off SET jit = off
	AS 'MODULE_PATHNAME', 'erp_seal_with_call';
COMMENT ON FUNCTION erp_private.seal_with_call(integer, text) IS
	'Seals everything of a company that has been committed, then what the transaction itself has written, whatever its isolation level. It waits for whoever seals the company, and for no posting.';

CREATE FUNCTION erp.seal_documents(company text, max_documents integer DEFAULT 10000) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
	SET enable_mergejoin = off SET enable_sort = off SET jit = off
	AS 'MODULE_PATHNAME', 'erp_seal_documents';
COMMENT ON FUNCTION erp.seal_documents(text, integer) IS
	'Gives committed documents of a company their places in its chain: those that no running transaction can precede, the oldest transactions first, in the order of their ids. No posting waits for it, nor it for one; one session at a time seals a company, others wait for it. Call it again while something is left, erp.run_seal() does. company: code. max_documents: how many at most, 1 to 1000000. Returns {"sealed", "left", "position"}: how many were sealed, how many of those that were found when this round of sealing began are left, and the last position of the chain. Call it under READ COMMITTED. Errors: LE001 to LE003, LE011 for no company or a max_documents out of range, LE012 for an unknown company, LE081 for a document that is missing, 25000 under another isolation level.';

-- Neither SET nor SECURITY DEFINER: either would forbid COMMIT. So every name is qualified.
CREATE PROCEDURE erp.run_seal(company text, max_documents integer DEFAULT 10000)
	LANGUAGE plpgsql
AS $procedure$
DECLARE
	waiting bigint;
BEGIN
	LOOP
		waiting := (erp.seal_documents(company, max_documents) OPERATOR(pg_catalog.->>) 'left')::pg_catalog.int8;
		COMMIT;
		EXIT WHEN waiting OPERATOR(pg_catalog.=) 0;
	END LOOP;
END
$procedure$;
COMMENT ON PROCEDURE erp.run_seal(text, integer) IS
	'Runs erp.seal_documents() until nothing is left of a round, each step in its own transaction. Call it outside a transaction block; called again after a crash it goes on where the last step ended. company: code. max_documents: documents of one step, 1 to 1000000. Returns nothing. Errors: those of erp.seal_documents(); 2D000 within a transaction block.';

CREATE FUNCTION erp.seal_head(company text, OUT "position" bigint, OUT hash text, OUT documents bigint, OUT sealed_at timestamptz)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT s.position, encode(s.hash, 'hex'),
		(SELECT count(*) FROM erp.seal n WHERE n.company_id = s.company_id), s.sealed_at
	FROM erp.company c
	JOIN erp.seal s ON s.company_id = c.company_id
	WHERE c.code = $1
	ORDER BY s.position DESC
	LIMIT 1
$$;
COMMENT ON FUNCTION erp.seal_head(text) IS
	'The head of a company''s chain, to be kept where nobody who can write the database can: whoever has it sees whether what stands up to its position was altered. company: code. Returns the last position, its hash in hexadecimal, how many documents are sealed and when the last one was; nulls for an unknown company and one of which nothing is sealed.';

-- Seals of later positions are not earlier, so the position is found by halving, through the primary key.
CREATE FUNCTION erp.seal_position_at(company text, moment timestamptz) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	sealed_company integer := (SELECT c.company_id FROM erp.company c WHERE c.code = company);
	low bigint := 0;
	high bigint := COALESCE((SELECT max(s.position) FROM erp.seal s WHERE s.company_id = sealed_company), 0);
	middle bigint;
BEGIN
	WHILE low < high LOOP
		middle := low + (high - low + 1) / 2;
		IF (SELECT s.sealed_at FROM erp.seal s WHERE s.company_id = sealed_company AND s.position <= middle
				ORDER BY s.position DESC LIMIT 1) <= moment THEN
			low := middle;
		ELSE
			high := middle - 1;
		END IF;
	END LOOP;
	RETURN low;
END
$$;
COMMENT ON FUNCTION erp.seal_position_at(text, timestamptz) IS
	'The last position of a company''s chain that was sealed at a moment or before; what was sealed by then is what was known then. company: code. moment: a time, of which a sealing that is still running must not be part. Returns a position, 0 if nothing was sealed by then or the company is unknown.';

CREATE FUNCTION erp.verify_chain(company text, from_position bigint DEFAULT NULL, to_position bigint DEFAULT NULL, max_problems integer DEFAULT 100)
	RETURNS TABLE ("position" bigint, document_id bigint, problem text)
	LANGUAGE c STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
	SET enable_mergejoin = off SET enable_sort = off SET jit = off
	AS 'MODULE_PATHNAME', 'erp_verify_chain';
COMMENT ON FUNCTION erp.verify_chain(text, bigint, bigint, integer) IS
	'Derives a company''s chain again from its facts and returns what disagrees, first position first; no rows: the chain holds. company: code. from_position, to_position: the range, both included; null: from the first, to the last. max_problems: stop after so many, 1 to 1000000. Returns position, document and problem: altered content (the document, or a fact that was written with it - lines, links, taxes, call, voucher, open items, settlements, numbers, moves, costs - or the time of the seal is not what was sealed, is missing or was put in), broken link (the hash before it is another one), malformed hash, missing document, missing position; over the whole chain also, with no position: not sealed (a document that the sealer has passed by: it was put there later, or its seal was taken away), number given by no document, and states of periods or a hard lock that are not what the calls in the chain say. Runs with the rights of erp_owner, whether guards stand or not. Errors: LE011 for no company, a position below 1 or a max_problems out of range, LE012 for an unknown company.';

CREATE FUNCTION erp.export_journal(company text, from_position bigint DEFAULT NULL, to_position bigint DEFAULT NULL)
	RETURNS SETOF text
	LANGUAGE c STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
	SET enable_mergejoin = off SET enable_sort = off SET jit = off
	AS 'MODULE_PATHNAME', 'erp_export_journal';
COMMENT ON FUNCTION erp.export_journal(text, bigint, bigint) IS
	'The sealed journal as text, by position: a JSON object for each document with position, previous_hash and hash in hexadecimal, and content, the text that hash is the SHA-256 of behind previous_hash. The program verify_journal verifies it without a database. company: code. from_position, to_position: the range, both included; null: from the first, to the last. Returns a line of text a document. Errors: LE011 for no company, LE012 for an unknown company, LE081 for a position whose document is missing.';
