# A logical replica of all tables stays equal: the first copy, then what is posted, replayed, reversed and numbered.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $publisher = new_node('publisher', logical => 1);
load_trial($publisher);
# The tables of the trial itself, some without a key, are published too, and the derivation updates them.
$publisher->safe_psql('postgres', q{DO $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'trial'::regnamespace AND c.relkind = 'r' LOOP
		EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', r.name);
	END LOOP;
END
$$});
play($publisher, 21 .. 22);
my $subscriber = new_node('subscriber', bare => 1);
my $dir = PostgreSQL::Test::Utils::tempdir;
$publisher->command_ok(['pg_dumpall', '-r', '-f', "$dir/roles.sql", '-d', $publisher->connstr('postgres')], 'dump the roles');
$publisher->command_ok(['pg_dump', '-s', '-f', "$dir/schema.sql", $publisher->connstr('postgres')], 'dump the schema');
# The role of the user who runs this is there already, and may come first.
$subscriber->psql('postgres', slurp_file("$dir/roles.sql"), on_error_stop => 0);
$subscriber->safe_psql('postgres', slurp_file("$dir/schema.sql"));
$publisher->safe_psql('postgres', 'CREATE PUBLICATION books FOR ALL TABLES');
(my $connection = $publisher->connstr('postgres')) =~ s/'/''/g;
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION books CONNECTION '$connection' PUBLICATION books");
$subscriber->wait_for_subscription_sync($publisher, 'books');
is(checksums($subscriber), checksums($publisher), 'the first copy is equal');
play($publisher, 23 .. 26);
$publisher->safe_psql('postgres', 'SELECT erp.assign_numbers(code) FROM erp.company');
$publisher->wait_for_catchup('books');
is(checksums($subscriber), checksums($publisher), 'what was posted since is equal');
is(violations($subscriber), violations($publisher), 'so is the report');
is(violations($subscriber), '', 'which is empty');
is($subscriber->safe_psql('postgres', q{SELECT trial.refused($$DELETE FROM erp.voucher_line$$)}), 'LE060', 'the replica has guards of its own');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION books');
$subscriber->stop;
$publisher->stop;
done_testing();
