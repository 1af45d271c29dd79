# The example of the trading year on its made-up company, by both methods: the figures read back from the books
# are those of a plain recomputation that shares nothing with the engine (bench/year_plain.c).
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('year', bare => 1);
my $root = "$FindBin::RealBin/..";
my $example = "$root/docs/examples/trading_year";
my $work = PostgreSQL::Test::Utils::tempdir();
my $csv = "$work/year.csv";

my ($ignored, $buildErrors) = ('', '');
IPC::Run::run(['make', '-s', '-C', "$root/bench", "OUT=$work", "$work/year_plain"], '>', \$ignored, '2>', \$buildErrors)
  or BAIL_OUT("year_plain does not build: $buildErrors");

# Runs a script of the example; returns what it prints.
sub script
{
	my ($database, $file, @options) = @_;
	my ($output, $errors) = ('', '');
	my $input = '';
	if ($file eq 'load.sql')
	{
		$input = slurp_file($csv);
	}
	IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database), @options, '-f', "$example/$file"],
		'<', \$input, '>', \$output, '2>', \$errors)
	  or die "$file: $errors";
	return $output;
}

for my $seed (1, 2)
{
	open(my $handle, '>', $csv) or die $!;
	print $handle script('postgres', 'generate.sql', '-v', "seed=$seed");
	close($handle);
	for my $method (['fifo', 'fifo'], ['average', 'moving_average'])
	{
		my $database = "year_$seed\_$method->[0]";
		my $wanted = '';
		IPC::Run::run(["$work/year_plain", $csv, $method->[0]], '>', \$wanted) or die 'year_plain failed';
		$node->safe_psql('postgres', "CREATE DATABASE $database");
		$node->safe_psql($database, 'CREATE EXTENSION erp; SELECT erp.setup()');
		script($database, 'load.sql');
		script($database, 'mapping.sql');
		script($database, 'company.sql', '-v', "method=$method->[1]");
		chomp(my $job = script($database, 'stage.sql'));
		script($database, 'import.sql', '-v', "job=$job");
		script($database, 'finish.sql');
		is(script($database, 'figures.sql'), $wanted, "seed $seed, $method->[0]: the books say what a plain recomputation says");
		like($wanted, qr/^documents [1-9]\d{2,}$/m, "seed $seed, $method->[0]: of many documents");
	}
}

$node->stop;
done_testing();
