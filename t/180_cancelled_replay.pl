# A replay of a long history that is cancelled leaves nothing behind, wherever it was: neither rows nor anything in its session, which goes on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = new_node('cancelled_replay', settings => "fsync = off\n");
load_trial($node);
# 6000 times 10 in, for 100.00 to 160.00, and 7 out.
$node->safe_psql('postgres', q{
	SELECT trial.make_company('LONG');
	SELECT erp.post_documents('LONG', (SELECT json_agg(json_build_object('key', 'pairs ' || d, 'kind', 'sales_invoice', 'day', date '2009-01-02' + d, 'party', 'C1', 'lines',
		(SELECT json_agg(CASE l WHEN 0 THEN json_build_object('item', 'F', 'role', 'gain', 'quantity', 10, 'cost', 100 + 10 * (k % 7)) ELSE json_build_object('item', 'F', 'role', 'loss', 'quantity', 7) END ORDER BY k, l)
		   FROM generate_series(d * 200 + 1, d * 200 + 200) k, generate_series(0, 1) l)) ORDER BY d) FROM generate_series(0, 29) d))});
my $early = q{SELECT erp.post_document('LONG', '{"key": "early", "kind": "stock_gain", "day": "2009-01-01", "lines": [{"item": "F", "quantity": 5, "cost": 60}]}')};
my $issued = q{SELECT -sum(e.amount) FROM erp.cost_entry e JOIN erp.stock_move m USING (company_id, move_id) WHERE m.quantity < 0};
my $before = checksums($node);
my $cost = $node->safe_psql('postgres', $issued);
# 42,000 go out: all of layers 1 to 4200, 600 times 100 to 160 each.
is($cost, '546000.0000', 'what went out costs all of 4200 layers');
# Cancelled from elsewhere while it says how far it is.
SKIP:
{
	my ($out, $error) = ('', '');
	my $call = IPC::Run::start(['psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres') . ' application_name=early', '-c', $early], '<', \undef, '>', \$out, '2>', \$error,
		IPC::Run::timer($PostgreSQL::Test::Utils::timeout_default));
	IPC::Run::pump($call) while IPC::Run::pumpable($call) && $error !~ /replay: 6000 moves/;
	$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'early'});
	IPC::Run::finish($call);
	skip 'a build without assertions says it every 100,000 moves only', 2 if $error !~ /replay:/;
	like($error, qr/canceling statement due to user request/, 'a replay in the middle of its history is cancelled');
	is(checksums($node), $before, 'and leaves nothing');
}

# At all stages, in one session: while it reads, compares, groups and writes.
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query('SET client_min_messages = warning');
# The second call has nothing to make ready.
my $whole;
for (1 .. 2)
{
	my $start = time;
	$session->query("BEGIN; $early; ROLLBACK");
	$whole = (time - $start) * 1000;
}
is(checksums($node), $before, 'rolled back, nothing is left');
my $cancelled = 0;
for my $share (1 .. 9)
{
	my $timeout = int($whole * $share / 10) + 1;
	$session->query("SET statement_timeout = $timeout");
	my $result = $session->query("BEGIN; $early");
	$cancelled++ if $result eq '';
	$session->query('ROLLBACK; RESET statement_timeout');
	is(checksums($node), $before, "after $share tenths of its time nothing is left");
}
cmp_ok($cancelled, '>=', 1, 'some were cancelled');
is($session->query(q{SELECT trial.refused('INSERT INTO erp.cost_entry SELECT * FROM erp.cost_entry LIMIT 1')}), 'LE061', 'the guards stand in that session');
isnt($session->query($early), '', 'which posts it in the end');
# 5 units of 60.00 more are there, so the last 5 of layer 4200, worth 50.00, did not go.
is($session->query($issued), '546010.0000', 'all costs what it must');
is(violations($node), '', 'the books are whole');
$session->quit;
$node->stop;
done_testing();
