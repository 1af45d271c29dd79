-- The pages of the reference, out of the catalog of a database where erp is set up:
--     psql -X -q -v directory=DIRECTORY -f scripts/reference.sql
-- A row is a block of Markdown. Nothing here depends on the machine or the day, and everything is sorted.
\set ON_ERROR_STOP 1
\pset pager off
\pset format unaligned
\pset tuples_only on
\pset recordsep '\n\n'
SET client_min_messages = warning;
LOAD 'erp';
SET search_path = pg_catalog, pg_temp;

-- A comment as running text, and as a cell of a table. A missing one shows as such, and fails the test.
CREATE FUNCTION pg_temp.prose(comment text) RETURNS text LANGUAGE sql AS
	$$SELECT replace(COALESCE(NULLIF(comment, ''), 'NO COMMENT'), '<', '&lt;')$$;
CREATE FUNCTION pg_temp.cell(comment text) RETURNS text LANGUAGE sql AS
	$$SELECT replace(pg_temp.prose(comment), '|', '\|')$$;
-- The first sentence, without its full stop.
CREATE FUNCTION pg_temp.gist(comment text) RETURNS text LANGUAGE sql AS
	$$SELECT rtrim(regexp_replace(pg_temp.prose(comment), '\. .*', ''), '.')$$;
CREATE FUNCTION pg_temp.link(name text, page text DEFAULT '') RETURNS text LANGUAGE sql AS
	$$SELECT format('[`%s`](%s#%s)', name, page, replace(name, '.', ''))$$;
-- Roles of erp that have a right of their own; who is a member of one has it too.
CREATE FUNCTION pg_temp.holders(rights aclitem[], wanted text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('`%s`', r.rolname), ', ' ORDER BY r.rolname)
	  FROM aclexplode(rights) a JOIN pg_roles r ON r.oid = a.grantee
	 WHERE a.privilege_type = wanted AND r.rolname ~ '^erp_' AND r.rolname <> 'erp_owner'
$$;

CREATE TEMP VIEW routine AS
SELECT 'erp.' || p.proname AS name, obj_description(p.oid, 'pg_proc') AS comment, p.proacl AS rights,
	format('%s erp.%s(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.proname, pg_get_function_arguments(p.oid))
		|| COALESCE(E'\nRETURNS ' || pg_get_function_result(p.oid), '') AS signature
  FROM pg_proc p WHERE p.pronamespace = 'erp'::regnamespace;
CREATE TEMP VIEW relation AS
SELECT c.oid, 'erp.' || c.relname AS name, c.relkind, obj_description(c.oid, 'pg_class') AS comment, c.relacl AS rights
  FROM pg_class c WHERE c.relnamespace = 'erp'::regnamespace AND c.relkind IN ('r', 'v');
CREATE TEMP VIEW relation_column AS
SELECT a.attrelid AS oid, a.attnum AS place, format('`%s`', a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type,
	col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped;

\cd :directory

\o index.md
\qecho '# Reference\n'
\qecho 'Made by `make docs` from the catalog of a database with the extension; `\\df+` and `\\d+` of psql show the same texts.\n'
\qecho '- [Functions](functions.md): every call, step and report'
\qecho '- [Documents](documents.md): their kinds, and what a line can be'
\qecho '- [Views](views.md): what people and other programs read'
\qecho '- [Tables](tables.md): facts and master data'
\qecho '- [Errors](errors.md): every SQLSTATE of erp\'s own'
\qecho '- [Laws](laws.md): what is derived again from the facts'
\qecho '- [Roles](roles.md): who may do what'
\qecho '- [Settings](settings.md): parameters of the server'

\o functions.md
\qecho '# Functions\n'
\qecho 'A `?` marks a field of a request that may be left out. `erp_admin` is a member of all roles and may call what they may; a superuser may call everything.'
\qecho 'SQLSTATEs that begin with LE are [errors](errors.md) of erp\'s own.\n'
SELECT string_agg(format('- %s: %s', pg_temp.link(r.name), pg_temp.gist(r.comment)), E'\n' ORDER BY r.name COLLATE "C") FROM routine r;
\qecho
SELECT format(E'## %s\n\n```\n%s\n```\n\n%s\n\nMay be called by %s.', r.name, r.signature,
	regexp_replace(pg_temp.prose(r.comment), ' (Returns |Formulas: |Errors?:? )', E'\n\n\\1', 'g'),
	COALESCE(pg_temp.holders(r.rights, 'EXECUTE'), 'a superuser'))
  FROM routine r ORDER BY r.name COLLATE "C", r.signature COLLATE "C";

\o documents.md
\qecho '# Documents\n'
\qecho 'What [`erp.post_document`](functions.md#erppost_document) takes as `kind`, and as `role` of a line; the first role of a kind is its default.'
\qecho 'A document obeys the locks of its modules. Its total is owed to the company (1), by the company (-1) or by nobody (0).\n'
\qecho '| kind | meaning | line roles | modules | total | posted by |\n|---|---|---|---|---|---|'
SELECT string_agg(format('| `%s` | %s | %s | %s | %s | `%s` |', k.kind, pg_temp.cell(k.description), roles.names,
		array_to_string(k.modules, ', '), k.total_sign, k.poster_role), E'\n' ORDER BY k.kind COLLATE "C")
  FROM erp.document_kind k
 CROSS JOIN LATERAL (SELECT string_agg(format('`%s`', r.line_role), ', ' ORDER BY r.rank) AS names
                       FROM erp.document_kind_role r WHERE r.kind = k.kind) roles;
\qecho '\n## Line roles\n'
\qecho '| role | meaning | stock | where the value of the move comes from |\n|---|---|---|---|'
SELECT string_agg(format('| `%s` | %s | %s | %s |', l.line_role, pg_temp.cell(l.description), l.stock_direction,
		CASE l.value_source WHEN 'amount' THEN 'the line''s amount' WHEN 'given' THEN 'the line''s cost' WHEN 'replay' THEN 'the item''s costing method'
			WHEN 'origin' THEN 'the line that issued the goods, or the line''s cost' ELSE l.value_source END), E'\n' ORDER BY l.line_role COLLATE "C")
  FROM erp.line_role l;

\o views.md
\qecho '# Views\n'
\qecho 'Members of `erp_read` read all of them. The first column is the code of the company: name it in every query.\n'
SELECT string_agg(format('- %s: %s', pg_temp.link(v.name), pg_temp.gist(v.comment)), E'\n' ORDER BY v.name COLLATE "C") FROM relation v WHERE v.relkind = 'v';
\qecho
SELECT format(E'## %s\n\n%s\n\n| column | type | meaning |\n|---|---|---|\n%s', v.name, pg_temp.prose(v.comment),
	(SELECT string_agg(format('| %s | %s | %s |', c.name, c.type, pg_temp.cell(c.comment)), E'\n' ORDER BY c.place)
	   FROM relation_column c WHERE c.oid = v.oid))
  FROM relation v WHERE v.relkind = 'v' ORDER BY v.name COLLATE "C";

\o tables.md
\qecho '# Tables\n'
\qecho 'Members of `erp_read` read all of them; the [functions](functions.md) write them, but for the rows of an import, which are COPYed in.'
\qecho 'Where a [view](views.md) serves the purpose, read that.\n'
SELECT format(E'## %s\n\n%s%s\n\nKey: %s.\n\nColumns: %s.%s', t.name, pg_temp.prose(t.comment),
	E'\n\nInserted into by ' || pg_temp.holders(t.rights, 'INSERT') || '.',
	(SELECT string_agg(c.name, ', ' ORDER BY array_position(k.conkey, c.place))
	   FROM pg_constraint k JOIN relation_column c ON c.oid = k.conrelid AND c.place = ANY (k.conkey) WHERE k.conrelid = t.oid AND k.contype = 'p'),
	(SELECT string_agg(c.name || ' ' || c.type, ', ' ORDER BY c.place) FROM relation_column c WHERE c.oid = t.oid),
	(SELECT E'\n\n' || string_agg(format('- %s: %s', c.name, pg_temp.prose(c.comment)), E'\n' ORDER BY c.place)
	   FROM relation_column c WHERE c.oid = t.oid AND c.comment IS NOT NULL))
  FROM relation t WHERE t.relkind = 'r' ORDER BY t.name COLLATE "C";

\o errors.md
\qecho '# Errors\n'
\qecho 'Class LE is erp\'s own. The message of an error names the object, its detail the field or the figures, its hint the way out.'
\qecho '`SELECT * FROM erp.errors()` gives this table to a program.\n'
\qecho '| SQLSTATE | name | what it means | way out |\n|---|---|---|---|'
SELECT string_agg(format('| %s | `%s` | %s | %s |', e.sqlstate, e.name, pg_temp.cell(e.meaning), pg_temp.cell(e.cure)), E'\n' ORDER BY e.sqlstate COLLATE "C")
  FROM erp.errors() e;

\o laws.md
\qecho '# Laws\n'
\qecho 'Each check derives a law of the books again from the facts; [`erp.check_integrity`](functions.md#erpcheck_integrity) runs them all.\n'
\qecho '| law | check | what must hold |\n|---|---|---|'
SELECT string_agg(format('| %s | `%s` | %s |', i.law, i.check_name, pg_temp.cell(i.description)), E'\n' ORDER BY i.law, i.rank, i.check_name COLLATE "C")
  FROM erp.integrity_check i;

\o roles.md
\qecho '# Roles\n'
\qecho 'Groups that cannot log in, to be granted to users; nothing is granted to PUBLIC. A company may ask for one more role of those who work for it,'
\qecho 'see [`erp.create_company`](functions.md#erpcreate_company).\n'
SELECT format(E'## %s\n\n%s%s%s', r.rolname, pg_temp.prose(shobj_description(r.oid, 'pg_authid')),
	(SELECT E'\n\nMember of ' || string_agg(pg_temp.link(g.rolname), ', ' ORDER BY g.rolname) || '.'
	   FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname ~ '^erp_'),
	(SELECT E'\n\nMay call ' || string_agg(pg_temp.link(f.name, 'functions.md'), ', ' ORDER BY f.name COLLATE "C") || '.'
	   FROM routine f WHERE pg_temp.holders(f.rights, 'EXECUTE') LIKE '%`' || r.rolname || '`%'))
  FROM pg_roles r WHERE r.rolname IN ('erp_owner', 'erp_read', 'erp_sales', 'erp_warehouse', 'erp_accountant', 'erp_reviewer', 'erp_cashier', 'erp_approver', 'erp_admin')
 ORDER BY r.rolname;

\o settings.md
\qecho '# Settings\n'
SELECT COALESCE(E'| setting | type | default | context | meaning |\n|---|---|---|---|---|\n' || string_agg(format('| `%s` | %s | %s | %s | %s |',
		s.name, s.vartype, s.boot_val, s.context, pg_temp.cell(concat_ws(' ', s.short_desc, s.extra_desc))), E'\n' ORDER BY s.name COLLATE "C"),
	'erp has no parameters of its own; the server''s apply.')
  FROM pg_settings s WHERE s.name ~ '^erp\.';
\o
