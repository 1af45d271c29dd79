# The upgrade path: new code refuses old tables, erp.migrate() takes them along by recorded steps, once.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('upgrade');
load_trial($node);
play($node, 31 .. 32);
my $before = checksums($node);
is($node->safe_psql('postgres', 'SELECT erp.migrate()'), 0, 'nothing to migrate');
is(checksums($node), $before, 'and nothing changed');
is($node->safe_psql('postgres', 'SELECT erp.data_version() = erp.version()'), 't', 'code and tables are of one version');

# Code of a later version, as ALTER EXTENSION UPDATE would bring it: two more steps.
my $open = $node->background_psql('postgres', on_error_stop => 0);
$open->query(q{SELECT trial.receive('SEED31', 'open 1', '2009-12-01', 'F', 3, 10)});
my $definition = $node->safe_psql('postgres', q{SELECT pg_get_functiondef('erp_private.migration_step()'::regprocedure)});
(my $later = $definition) =~ s/\s*\$function\$\s*\z/ UNION ALL VALUES (2, 'a column', '0.2', 'ALTER TABLE erp.company ADD COLUMN motto text NOT NULL DEFAULT ''none'''), (3, 'a table', '0.3', 'CREATE TABLE erp.motto (company_id integer PRIMARY KEY)') \$function\$/;
isnt($later, $definition, 'two steps are added');
$node->safe_psql('postgres', $later);
my $post = q{SELECT trial.refused($$SELECT trial.receive('SEED31', 'open 2', '2009-12-01', 'F', 3, 10)$$)};
is($node->safe_psql('postgres', $post), 'LE002', 'new code refuses old tables');
is($open->query($post), 'LE002', 'in a session that was open as well');
is($node->safe_psql('postgres', 'SELECT erp.migrate()'), 2, 'two steps are run');
is($node->safe_psql('postgres', 'SELECT erp.migrate()'), 0, 'once');
is($node->safe_psql('postgres', q{SELECT string_agg(step || ' ' || version, ', ' ORDER BY step) FROM erp.migration}), $node->safe_psql('postgres', q{SELECT string_agg(step || ' ' || version, ', ' ORDER BY step) FROM erp_private.migration_step()}), 'and recorded');
is($node->safe_psql('postgres', q{SELECT DISTINCT motto FROM erp.company}), 'none', 'the column is there');
is($node->safe_psql('postgres', q{SELECT relowner::regrole FROM pg_class WHERE oid = 'erp.motto'::regclass}), 'erp_owner', 'the table belongs to the owner');
is($open->query($post), 'accepted', 'the open session works on');
$open->quit;
is(violations($node), '', 'no law is broken');

# A step that fails takes all of its migration back.
(my $broken = $later) =~ s/\s*\$function\$\s*\z/ UNION ALL VALUES (4, 'good', '0.4', 'ALTER TABLE erp.company ADD COLUMN good text'), (5, 'bad', '0.5', 'ALTER TABLE erp.nothing ADD COLUMN bad text') \$function\$/;
$node->safe_psql('postgres', $broken);
my ($code) = $node->psql('postgres', 'SELECT erp.migrate()');
isnt($code, 0, 'a step that fails');
is($node->safe_psql('postgres', q{SELECT max(step) FROM erp.migration}), 3, 'leaves what was before');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_attribute WHERE attrelid = 'erp.company'::regclass AND attname = 'good'}), 0, 'all of it');

# A migrated database equals a fresh one.
$node->safe_psql('postgres', $definition);
$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION erp; SELECT erp.setup()');
$node->safe_psql('postgres', 'CREATE DATABASE migrated');
$node->safe_psql('migrated', 'CREATE EXTENSION erp; SELECT erp.setup(); SELECT erp.migrate()');
my %schema;
for my $database (qw(fresh migrated))
{
	my $file = PostgreSQL::Test::Utils::tempdir . '/schema.sql';
	$node->command_ok(['pg_dump', '-s', '-f', $file, $node->connstr($database)], "dump the schema of $database");
	$schema{$database} = dump_text($file);
}
is($schema{migrated} eq $schema{fresh}, 1, 'a migrated database equals a fresh one');
$node->stop;
done_testing();
