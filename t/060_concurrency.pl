# 64 sessions post at once while random backends are killed with -9 under them. Each comes back and hands in everything
# again: every document is there once, nothing was sold twice, nobody met a deadlock.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use POSIX ();
use Test::More;
use Time::HiRes qw(usleep);

my ($sessions, $posts, $kills) = (64, 12, $ENV{KILLS} // 5);
my $node = new_node('concurrency', settings => "restart_after_crash = on\nfsync = off\ndeadlock_timeout = 200ms\n");
load_trial($node);
$node->safe_psql('postgres', q{
	SELECT trial.make_company('BUSY');
	SELECT erp.put_series('BUSY', 'series', '[{"code": "INV", "target": "sales_invoice", "scope": "ever", "mode": "immediate"}]');
	SELECT trial.receive('BUSY', 'stock ' || i, '2009-01-01', i, 500, 1000) FROM unnest('{F,A,FW,AW}'::text[]) i;
	CREATE TABLE trial.refusal (key text PRIMARY KEY);
	-- Goods of several items in any order, so that each kind of lock is met in each order.
	CREATE FUNCTION trial.busy(p_session integer, p_n integer) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		items text[] := (SELECT array_agg(i ORDER BY md5(p_session || i || p_n)) FROM unnest('{F,A,FW,AW}'::text[]) i);
		doc json := json_build_object('key', p_session || '-' || p_n, 'kind', CASE WHEN p_n % 6 = 5 THEN 'goods_receipt' ELSE 'sales_invoice' END,
			'day', '2009-01-01'::date + CASE WHEN p_n % 6 = 5 THEN 0 ELSE 1 + (p_session + p_n) % 9 END, 'party', CASE WHEN p_n % 6 = 5 THEN 'S1' ELSE 'C1' END,
			'lines', (SELECT json_agg(json_build_object('item', i, 'quantity', 1, 'price', 3)) FROM unnest(items[1:1 + (p_session + p_n) % 4]) i));
	BEGIN
		PERFORM erp.post_document('BUSY', doc);
	EXCEPTION WHEN SQLSTATE 'LE050' THEN
		INSERT INTO trial.refusal VALUES (p_session || '-' || p_n) ON CONFLICT DO NOTHING;
	END $$;
});
my $dir = PostgreSQL::Test::Utils::tempdir;
for my $s (1 .. $sessions)
{
	append_to_file("$dir/$s.sql", join('', map { "SELECT trial.busy($s, $_);\n" } 1 .. $posts));
}

# Each child hands in its file until all of it went through.
my @children;
for my $s (1 .. $sessions)
{
	my $pid = fork();
	die 'cannot fork' unless defined $pid;
	if ($pid == 0)
	{
		my $tries = 0;
		while ($tries++ < 100)
		{
			my $code = system(qq{psql -X -q -A -t -v ON_ERROR_STOP=1 -d "@{[$node->connstr('postgres')]}" -f $dir/$s.sql >/dev/null 2>>$dir/$s.err});
			POSIX::_exit(0) if $code == 0;
			usleep(200_000);
		}
		POSIX::_exit(1);
	}
	push @children, $pid;
}
# What the server answers, or nothing while it is down: by -c, for a psql that does not come through breaks the pipe that it would read from.
sub ask
{
	my ($sql) = @_;
	my ($output, $errors) = ('', '');
	my $ok = IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres'), '-c', $sql], '<', \undef, '>', \$output, '2>', \$errors);
	chomp($output);
	return $ok ? $output : undef;
}
sub wait_for_server
{
	for (1 .. 1800)
	{
		return if defined ask('SELECT true');
		usleep(100_000);
	}
	die 'the server did not come back';
}
my $killed = 0;
srand(7);
for (1 .. $kills)
{
	usleep(400_000 + int(rand(800_000)));
	my $pid = ask(q{SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT trial.busy%' AND state = 'active' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1});
	if (defined $pid && $pid =~ /^\d+$/)
	{
		kill 'KILL', $pid;
		$killed++;
		wait_for_server();
	}
}
my $failed = 0;
for my $pid (@children)
{
	waitpid($pid, 0);
	$failed++ if $? != 0;
}
is($failed, 0, "all $sessions sessions came through $killed kills");
cmp_ok($killed, '>', 0, 'backends were killed') if $kills > 0;
my $errors = join('', map { -e "$dir/$_.err" ? slurp_file("$dir/$_.err") : '' } 1 .. $sessions);
unlike($errors, qr/deadlock|serializ|duplicate key|violates/i, 'nobody met a deadlock or a serialization error');
is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT key FROM erp.document WHERE key ~ '^\d+-\d+$' UNION SELECT key FROM trial.refusal) k}), $sessions * $posts, 'every document is there, or was refused');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.document d JOIN trial.refusal r USING (key)}), 0, 'and none is both') if $kills == 0;
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp_private.stock_position WHERE on_hand < 0}), 0, 'nothing was sold that was not there');
is(violations($node), '', 'no law is broken');
is($node->safe_psql('postgres', q{SELECT count(*) = max(number) FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id) WHERE s.target = 'sales_invoice'}), 't', 'immediate numbers have no gap');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.document d WHERE kind = 'sales_invoice' AND NOT EXISTS (SELECT FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id) WHERE s.target = 'sales_invoice' AND n.document_id = d.document_id)}), 0, 'and every invoice has one');
# Deferred numbers, assigned by eight sessions at once.
append_to_file("$dir/assign$_.sql", "SELECT erp.assign_numbers('BUSY', 40);\n" x 12) for 1 .. 8;
is(join('', run_scripts($node, map { "$dir/assign$_.sql" } 1 .. 8)), '', 'eight sessions assign numbers at once');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.voucher v WHERE NOT EXISTS (SELECT FROM erp.assigned_number n WHERE n.company_id = v.company_id AND n.voucher_id = v.voucher_id)}), 0, 'every voucher has a number');
is(violations($node), '', 'without a gap');
$node->stop;
done_testing();
