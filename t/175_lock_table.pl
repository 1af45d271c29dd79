# An item lies in 2,000 places, and the server has room for a few hundred locks: who wants all of it, and in the end holds all that it plans from, since others took of it
# three times meanwhile, takes one place in a queue at a time.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $places = $ENV{PLACES} || 2000;
my $node = new_node('locks', settings => "fsync = off\nmax_prepared_transactions = 5\n");
$node->safe_psql('postgres', qq{
	CREATE SCHEMA trial;
	SELECT erp.create_company('WIDE', 'company', '{"name": "Wide", "currency": "GBP", "chart": "english"}');
	SELECT erp.create_fiscal_year('WIDE', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	SELECT erp.put_parties('WIDE', 'parties', '[{"code": "S", "name": "Supplier", "roles": ["supplier"]}]');
	SELECT erp.put_locations('WIDE', 'places', (SELECT json_agg(json_build_object('warehouse', 'MAIN', 'code', 'P' || n, 'name', 'Place')) FROM generate_series(1, $places) n));
	SELECT erp.put_items('WIDE', 'items', '[{"code": "A", "name": "A", "kind": "stock", "method": "fifo"}]');
	SELECT erp.post_document('WIDE', json_build_object('key', 'stock', 'kind', 'goods_receipt', 'day', '2026-01-05', 'party', 'S', 'lines',
		(SELECT json_agg(json_build_object('item', 'A', 'quantity', 1, 'price', 1, 'location', 'P' || n)) FROM generate_series(1, $places) n)));
	CREATE FUNCTION trial.take(p_key text, p_quantity integer, p_location text DEFAULT NULL) RETURNS text LANGUAGE sql AS \$\$
		SELECT concat_ws(' ', r -> 'lines' -> 0 ->> 'reserved', r -> 'lines' -> 0 ->> 'short') FROM erp.reserve('WIDE', json_strip_nulls(json_build_object('key', p_key, 'demand', p_key, 'mode', 'partial',
			'lines', json_build_array(json_build_object('item', 'A', 'quantity', p_quantity, 'warehouse', 'MAIN', 'location', p_location))))) r
	\$\$;
	-- The first reservation of a place begins what is free of it.
	SELECT trial.take('all', $places); SELECT erp.release('WIDE', '{"key": "none", "lines": [{"demand": "all"}]}');
});
$node->append_conf('postgresql.conf', "max_connections = 12\nmax_wal_senders = 0\nmax_worker_processes = 1\nautovacuum = off\nmax_locks_per_transaction = 10\n");
$node->restart;

# What others have of the last three places; each gives what it has to those that come behind it.
my @last = split /\n/, $node->safe_psql('postgres', q{SELECT l.code FROM erp_private.stock_position p JOIN erp.location l USING (company_id, location_id) WHERE p.position_id <> 0 ORDER BY p.position_id DESC LIMIT 3});
$node->safe_psql('postgres', "BEGIN; SELECT trial.take('holder $_', 1, '$last[$_]'); PREPARE TRANSACTION 'h$_'") for 0 .. 2;
my ($output, $errors) = ('', '');
my $taker = IPC::Run::start(['psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres'), '-c', "SELECT trial.take('taker', $places)"], '<', \undef, '>', \$output, '2>', \$errors);
my $waited = 0;
for my $holder (2, 1, 0)
{
	$node->poll_query_until('postgres', "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND transactionid::text <> '$waited'") or last;
	$waited = $node->safe_psql('postgres', q{SELECT transactionid FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'});
	is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid >= 32 AND pid IS NOT NULL}), 1, 'who waits stands in one queue');
	$node->safe_psql('postgres', "COMMIT PREPARED 'h$holder'");
}
IPC::Run::finish($taker);
is($errors, '', 'the table of locks is not full');
is($output, ($places - 3) . " 3\n", 'who wanted all has what the others left');
$node->append_conf('postgresql.conf', "max_connections = 100\nmax_locks_per_transaction = 64\n");
$node->restart;
is(violations($node), '', 'no law is broken');
$node->stop;
done_testing();
