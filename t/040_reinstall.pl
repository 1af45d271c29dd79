# DROP EXTENSION CASCADE, CREATE EXTENSION, setup(): nothing is lost, and nothing works in between.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use Test::More;

my $node = new_node('reinstall');
load_trial($node);
play($node, 11 .. 13);
my $before = checksums($node);
my $triggers = q{SELECT string_agg(concat_ws(' ', tgrelid::regclass, tgname, tgenabled, tgtype), ', ' ORDER BY tgrelid::regclass::text, tgname) FROM pg_trigger WHERE NOT tgisinternal};
my $views = q{SELECT string_agg(concat_ws(' ', oid::regclass, pg_get_viewdef(oid)), ', ' ORDER BY oid::regclass::text) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'erp'::regnamespace};
my $rights = q{SELECT string_agg(concat_ws(' ', p.oid::regprocedure, (SELECT string_agg(a.grantee::regrole || ' ' || a.privilege_type, ',' ORDER BY a.grantee::regrole::text) FROM aclexplode(p.proacl) a)), E'\n' ORDER BY p.oid::regprocedure::text) FROM pg_proc p WHERE pronamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)};
my %was = map { $_ => $node->safe_psql('postgres', $_) } ($triggers, $views, $rights);

$node->safe_psql('postgres', 'DROP EXTENSION erp CASCADE');
is(checksums($node), $before, 'every table stands after the drop');
is($node->safe_psql('postgres', q{SELECT trial.refused($$SELECT trial.receive('SEED11', 'between', '2009-12-01', 'F', 3, 10)$$)}), '42883', 'no function is left');
$node->safe_psql('postgres', 'CREATE EXTENSION erp');
is(checksums($node), $before, 'nor does CREATE EXTENSION touch one');
is($node->safe_psql('postgres', q{SELECT trial.refused($$SELECT trial.receive('SEED11', 'between', '2009-12-01', 'F', 3, 10)$$)}), 'LE001', 'without guards nothing is posted');
isnt(violations($node), '', 'and the report says why');
$node->safe_psql('postgres', 'SELECT erp.setup()');
is(checksums($node), $before, 'setup() loses nothing');
is(violations($node), '', 'and no law is broken');
is($node->safe_psql('postgres', $triggers), $was{$triggers}, 'the triggers are the same');
is($node->safe_psql('postgres', $views), $was{$views}, 'the views are the same');
is($node->safe_psql('postgres', $rights), $was{$rights}, 'the rights are the same');
is($node->safe_psql('postgres', q{SELECT trial.refused($$SELECT trial.receive('SEED11', 'between', '2009-12-01', 'F', 3, 10)$$)}), 'accepted', 'work goes on');

# A session that was open all the time has kept plans and caches of before.
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query(q{SELECT trial.receive('SEED12', 'open 1', '2009-12-01', 'F', 3, 10)});
$node->safe_psql('postgres', 'DROP EXTENSION erp CASCADE; CREATE EXTENSION erp');
is($session->query(q{SELECT trial.refused($$SELECT trial.receive('SEED12', 'open 2', '2009-12-01', 'F', 3, 10)$$)}), 'LE001', 'an open session sees that the guards are gone');
$node->safe_psql('postgres', 'SELECT erp.setup()');
is($session->query(q{SELECT trial.refused($$SELECT trial.receive('SEED12', 'open 2', '2009-12-01', 'F', 3, 10)$$)}), 'accepted', 'and that they stand again');
$session->quit;
# A user's own column, index and view outlive it all.
$node->safe_psql('postgres', q{ALTER TABLE erp.party ADD COLUMN mood text; CREATE INDEX mine ON erp.party (mood); CREATE VIEW public.mine AS SELECT mood FROM erp.party});
$node->safe_psql('postgres', 'DROP EXTENSION erp CASCADE; CREATE EXTENSION erp; SELECT erp.setup()');
is($node->safe_psql('postgres', q{SELECT count(mood) FROM public.mine}), '0', 'what a user added is still there');
is(violations($node), '', 'no law is broken at the end');
$node->stop;
done_testing();
