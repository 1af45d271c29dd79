# 64 sessions make every kind of call (of goods: receipts, sales, transfers, production, landed costs, reservations, loans, consignment, losses and their approvals, changes of method) in every way that a client has, for MINUTES (0.7): alone, under each isolation level, beside what is
# rolled back, prepared, with timeouts, repeated, and as attacks on the facts; meanwhile backends are killed with -9 and the server is stopped
# at once and started again. After each round no law is broken and nothing that was acknowledged is lost. SEED, SESSIONS.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use POSIX qw(WNOHANG);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);

my $minutes = $ENV{MINUTES} || 0.7;
my $seed = $ENV{SEED} || 1;
my $sessions = $ENV{SESSIONS} || 64;
my $secondsOfRound = 20;
my $roundsOfCompany = 20;
my $folder = "$FindBin::RealBin/../test/soak";
my $directory = PostgreSQL::Test::Utils::tempdir;
my ($made, $complaints) = ('', '');
ok(IPC::Run::run(['make', '-s', '-C', $folder, "OUT=$directory", 'PG_CONFIG=' . ($ENV{PG_CONFIG} // 'pg_config')], '>', \$made, '2>', \$complaints), 'the load is built')
	or diag($made . $complaints);

my $node = new_node('soak', settings => "restart_after_crash = on\nfsync = off\nmax_prepared_transactions = 300\nlog_lock_waits = off\n");
$node->safe_psql('postgres', slurp_file("$folder/company.sql") . slurp_file("$folder/checks.sql"));
srand($seed);

# What the server answers, or nothing while it is down.
sub ask
{
	my ($sql) = @_;
	my ($output, $errors) = ('', '');
	my $ok = IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres'), '-c', $sql], '<', \undef, '>', \$output, '2>', \$errors);
	chomp($output);
	return $ok ? $output : undef;
}
my %done = (kills => 0, stops => 0);
# Kills a backend that is at work, or now and then stops the whole server at once.
sub strike
{
	if (rand() < 0.3)
	{
		$node->stop('immediate');
		$node->start;
		$done{stops}++;
		return;
	}
	my $pid = ask(q{SELECT pid FROM pg_stat_activity WHERE application_name = 'soak' AND state <> 'idle' ORDER BY random() LIMIT 1});
	return unless defined $pid && $pid =~ /^\d+$/;
	$done{kills} += kill 'KILL', $pid;
}
# One round of the load, struck every few seconds; true if all sessions came through.
sub run_round
{
	my ($company, $round, $month) = @_;
	my $pid = fork();
	die 'cannot fork' unless defined $pid;
	if ($pid == 0)
	{
		open(STDOUT, '>&', Test::More->builder->failure_output) or POSIX::_exit(126);
		local $ENV{PGHOST} = $node->host;
		local $ENV{PGPORT} = $node->port;
		local $ENV{PGDATABASE} = 'postgres';
		exec("$directory/soak", $company, "r$round", $month, $seed * 1000 + $round, $sessions, $secondsOfRound, "$directory/outcomes") or POSIX::_exit(127);
	}
	my $next = time() + 4 + rand(4);
	my $last = time() + $secondsOfRound;
	while (waitpid($pid, WNOHANG) == 0)
	{
		usleep(50_000);
		# What began before the end may come through: who asks for the whole books, and is struck each time, would never.
		if (time() > $next && time() < $last)
		{
			strike();
			$next = time() + 5 + rand(8);
		}
	}
	return $? == 0;
}

my $end = time() + 60 * $minutes;
my $round = 0;
while ($round < 2 || time() < $end)
{
	my $company = 'SOAK' . int($round / $roundsOfCompany);
	my $m = $round % $roundsOfCompany + 1;
	my $month = sprintf('%d-%02d', 2026 + int($m / 12), $m % 12 + 1);
	$node->safe_psql('postgres', "SELECT soak.make_company('$company')") if $m == 1;
	ok(run_round($company, $round, $month), "round $round: $sessions sessions came through");
	# A strike may have been the last thing that happened.
	for (1 .. 1200) { last if defined ask('SELECT true'); usleep(50_000); }
	is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_prepared_xacts'), 0, 'nothing is left prepared');
	$node->safe_psql('postgres', "\\copy soak.outcome FROM '$directory/outcomes'");
	$node->safe_psql('postgres', "SELECT erp.assign_numbers('$company'); CALL erp.run_seal('$company'); CALL erp.run_seal('$company')");
	is($node->safe_psql('postgres', "SELECT * FROM soak.violations('$company')"), '', 'no law is broken, nothing is lost');
	is($node->safe_psql('postgres', "SELECT * FROM soak.other_results('$company', 'r$round-')"), '', 'what was acknowledged has its first result');
	$round++;
}
cmp_ok($done{kills} + $done{stops}, '>', 0, "backends were killed $done{kills} times, the server stopped at once $done{stops} times");
# Killed backends are ours: anything else that ended a process is not.
my @crashes = grep { /PANIC|TRAP|was terminated by signal/ && !/was terminated by signal 9/ } split /\n/, slurp_file($node->logfile);
is(join("\n", @crashes), '', 'nothing crashed but what was killed');
my $answers = $node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', outcome, n), ', ' ORDER BY n DESC) FROM (SELECT outcome, count(*) AS n FROM soak.outcome GROUP BY outcome) o});
like($answers, qr/\bdone /, 'some was done');
diag("$round rounds: $answers");
diag('documents: ' . $node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', kind, n), ', ' ORDER BY n DESC) FROM (SELECT kind, count(*) AS n FROM erp.document GROUP BY kind) d}));
$node->stop;
done_testing();
