# A private cluster with the extension and the trial company, for the tests that need a whole server.
# pg_config of the PATH names the server; it must not be run as root, which initdb refuses.
package ErpNode;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);

our @EXPORT = qw(new_node load_trial play checksums violations crash dump_text history_dir run_scripts year_script load_year);
our $pgxs;

BEGIN
{
	chomp($pgxs = `pg_config --pgxs`);
	$pgxs = dirname(dirname($pgxs));
	unshift @INC, "$pgxs/test/perl";
	$ENV{PG_REGRESS} //= "$pgxs/test/regress/pg_regress";
}

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

BAIL_OUT('these tests start clusters of their own: run them as an ordinary user') if $> == 0;

sub history_dir { return abs_path(dirname(__FILE__) . '/../test/history'); }

# A started node; settings are lines of postgresql.conf. 'bare' leaves the extension out.
sub new_node
{
	my ($name, %option) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(allows_streaming => $option{logical} ? 'logical' : 0);
	$node->append_conf('postgresql.conf', "max_connections = 100\nlog_min_messages = warning\nlog_statement = none\n" . ($option{settings} // ''));
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION erp; SELECT erp.setup()') unless $option{bare};
	return $node;
}

# The trial schema, its company and the naive re-derivation.
sub load_trial
{
	my ($node, $database) = @_;
	$node->safe_psql($database // 'postgres', join("\n", map { slurp_file(history_dir() . "/$_.sql") } qw(company books random tables currency terms pools months stock documents settlements numbers drafts compare_documents compare_balances compare_agreed
		some_goods some_money some_settlements steps play
		methods some_stock compare_methods play_methods
		goods_company goods_documents goods_replay goods_promises goods_moves goods_requests goods_compare goods_play
		others_company others_tables others_costs others_documents others_values others_claims others_requests others_compare others_play
		selling_company selling_costs selling_documents selling_promises selling_calls selling_returns selling_requests selling_orders selling_compare selling_play)));
}

# Runs a script of the trading year's example; returns what it prints. input: what it reads; variables: NAME=VALUE for psql.
sub year_script
{
	my ($node, $database, $file, %option) = @_;
	my ($output, $errors) = ('', '');
	IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database), (map { ('-v', $_) } @{ $option{variables} // [] }),
			'-f', history_dir() . "/../../docs/examples/trading_year/$file"], '<', \($option{input} // ''), '>', \$output, '2>', \$errors)
	  or die "$file: $errors";
	return $output;
}

# A database with the books of a trading year: invoices are the text of a CSV file, method fifo or moving_average.
sub load_year
{
	my ($node, $database, $invoices, $method) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION erp; SELECT erp.setup()');
	year_script($node, $database, 'load.sql', input => $invoices);
	year_script($node, $database, 'mapping.sql');
	year_script($node, $database, 'company.sql', variables => ["method=$method"]);
	chomp(my $job = year_script($node, $database, 'stage.sql'));
	year_script($node, $database, 'import.sql', variables => ["job=$job"]);
	year_script($node, $database, 'finish.sql');
	return;
}

# Plays the histories of some seeds; dies with the first difference.
sub play
{
	my ($node, @seeds) = @_;
	$node->safe_psql('postgres', join("\n", map { "CALL trial.play($_);" } @seeds));
}

# One line for each table: its name, its rows and a digest of them in any order.
sub checksums
{
	my ($node, $database) = @_;
	return $node->safe_psql($database // 'postgres', q{
		SELECT c.oid::regclass, (xpath('/row/c/text()', query_to_xml(format(
			'SELECT concat_ws('' '', count(*), md5(coalesce(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C"), ''''))) AS c FROM %s t', c.oid::regclass), false, true, '')))[1]
		FROM pg_class c WHERE c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace) AND c.relkind = 'r'
		ORDER BY c.oid::regclass::text COLLATE "C"});
}

sub violations
{
	my ($node, $database) = @_;
	return $node->safe_psql($database // 'postgres', 'SELECT * FROM erp.check_integrity()');
}

# Kills the postmaster and all its processes with -9, as a power cut would, and starts it again:
# a backend that is busy would otherwise outlive its postmaster and work on.
sub crash
{
	my ($node) = @_;
	my @pids = ($node->{_pid}, split ' ', `ps -o pid= --ppid $node->{_pid}`);
	kill 'KILL', @pids;
	$node->{_pid} = undef;
	for (1 .. 600)
	{
		last unless kill 0, @pids;
		usleep(20_000);
	}
	for (1 .. 100)
	{
		return if $node->start(fail_ok => 1);
		usleep(200_000);
	}
	die 'the server did not start after its crash';
}

# What pg_dump wrote, without the key that it draws anew each time.
sub dump_text
{
	my $text = slurp_file($_[0]);
	$text =~ s/^\\(un)?restrict .*\n//mg;
	return $text;
}

# Runs SQL files in as many sessions at once, each to its end; returns what each wrote as error.
sub run_scripts
{
	my ($node, @files) = @_;
	my @runs = map {
		my $errors = '';
		my $harness = IPC::Run::start(['psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres'), '-f', $_], '<', \undef, '>', '/dev/null', '2>', \$errors);
		{ harness => $harness, errors => \$errors };
	} @files;
	IPC::Run::finish($_->{harness}) for @runs;
	return map { ${ $_->{errors} } } @runs;
}

1;
