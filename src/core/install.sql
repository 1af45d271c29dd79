-- The schema of internals is ordinary, not a member of the extension: DROP EXTENSION CASCADE
-- leaves it and its tables standing. A schema that somebody else prepared is refused.
DO $install$
DECLARE
	owner pg_catalog.name;
BEGIN
	IF pg_catalog.to_regnamespace('erp_private') IS NULL THEN
		CREATE SCHEMA erp_private;
		ALTER EXTENSION erp DROP SCHEMA erp_private;
	END IF;
	SELECT r.rolname INTO owner
	  FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) n.nspowner
	 WHERE n.nspname OPERATOR(pg_catalog.=) ANY (ARRAY['erp', 'erp_private']::pg_catalog.name[])
	   AND NOT r.rolsuper AND r.rolname OPERATOR(pg_catalog.<>) 'erp_owner'
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'schema erp or erp_private belongs to "%"', owner
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = 'It must belong to a superuser or to erp_owner: its owner could plant objects in it.',
			      HINT = 'ALTER SCHEMA ... OWNER TO a superuser, and look through what it holds.';
	END IF;
END
$install$;

-- Trigger functions; which table carries which stands in triggers.sql of each domain.
CREATE FUNCTION erp_private.guard_insert() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_insert';
CREATE FUNCTION erp_private.guard_change() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_change';
CREATE FUNCTION erp_private.guard_truncate() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_truncate';
CREATE FUNCTION erp_private.guard_master_delete() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_master_delete';
CREATE FUNCTION erp_private.touch_master_data() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_touch_master_data';
CREATE FUNCTION erp_private.guard_used_currency() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_currency';
CREATE FUNCTION erp_private.document_transition() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_document_transition';
CREATE FUNCTION erp_private.draft_transition() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_draft_transition';

COMMENT ON FUNCTION erp_private.guard_insert() IS
	'Statement trigger of fact tables: refuses (LE061) every INSERT, COPY and MERGE that is not the engine''s own or a subscription''s.';
COMMENT ON FUNCTION erp_private.guard_change() IS
	'Statement trigger of fact tables: refuses (LE060) UPDATE and DELETE.';
COMMENT ON FUNCTION erp_private.guard_truncate() IS
	'Statement trigger of fact tables: refuses (LE060) TRUNCATE.';
COMMENT ON FUNCTION erp_private.guard_master_delete() IS
	'Statement trigger of master data that facts refer to: refuses (LE060) DELETE and TRUNCATE.';
COMMENT ON FUNCTION erp_private.touch_master_data() IS
	'Statement trigger of cached master data: tells every backend that its copies are stale.';
COMMENT ON FUNCTION erp_private.guard_used_currency() IS
	'Row trigger of erp.currency: refuses (LE140) other decimals once companies or documents have the currency.';
COMMENT ON FUNCTION erp_private.document_transition() IS
	'Row trigger of erp.document: of a document only its state changes (else LE060), along erp.document_transition and by the members of its roles (else LE070).';
COMMENT ON FUNCTION erp_private.draft_transition() IS
	'Row trigger of erp.draft: its state changes along erp.document_transition (else LE070) and as the company''s rules say (else LE100 to LE102), its content only with or in state drafted (else LE104), to posted only with its document (else LE103); writes erp.draft_event.';

CREATE FUNCTION erp_private.caller() RETURNS name
	LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'erp_caller_name';
COMMENT ON FUNCTION erp_private.caller() IS
	'Name of the user who called the engine, while the engine works as erp_owner.';

CREATE FUNCTION erp.errors(OUT sqlstate text, OUT name text, OUT meaning text, OUT cure text) RETURNS SETOF record
	LANGUAGE c IMMUTABLE AS 'MODULE_PATHNAME', 'erp_list_errors';
COMMENT ON FUNCTION erp.errors() IS
	'Every SQLSTATE of the engine''s own (class LE): its name, what it means and what cures it.';
