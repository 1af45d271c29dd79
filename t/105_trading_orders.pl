# The trading year through orders: what was sold in its first weeks is sold over the counter by erp.order_to_cash(), the rest is imported. The books are those of the import alone: by account and
# day, by customer, by item, and to the figures of the year.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('year_orders', bare => 1, settings => "fsync = off\n");
my $example = "$FindBin::RealBin/../docs/examples/trading_year";
my $until = $ENV{UNTIL} || '2010-01-05';
my $csv;

# Runs a script of the example; returns what it prints.
sub script
{
	my ($database, $file, @options) = @_;
	my ($output, $errors) = ('', '');
	my $input = $file eq 'load.sql' ? $csv : '';
	IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database), @options, '-f', "$example/$file"], '<', \$input, '>', \$output, '2>', \$errors) or die "$file: $errors";
	return $output;
}

# DATA is a file of the example's layout; without it, a company is made up.
$csv = $ENV{DATA} ? slurp_file($ENV{DATA}) : script('postgres', 'generate.sql', '-v', 'seed=1');
for my $method ('fifo', 'moving_average')
{
	my %said;
	for my $way ('imported', 'ordered')
	{
		my $database = "${way}_$method";
		$node->safe_psql('postgres', "CREATE DATABASE $database");
		$node->safe_psql($database, 'CREATE EXTENSION erp; SELECT erp.setup()');
		script($database, 'load.sql');
		script($database, 'mapping.sql');
		script($database, 'company.sql', '-v', "method=$method");
		chomp(my $job = script($database, 'stage.sql'));
		if ($way eq 'ordered')
		{
			my ($orders, $documents) = split /\|/, script($database, 'orders.sql', '-v', "job=$job", '-v', "until=$until");
			cmp_ok($orders, '>', 50, "$method: many orders");
			cmp_ok($documents, '>', $orders, "$method: and documents that are none");
			is($node->safe_psql($database, "SELECT count(*) FROM erp.sales_order WHERE state = 'closed'"), $orders, "$method: each is delivered and billed");
		}
		script($database, 'import.sql', '-v', "job=$job");
		script($database, 'finish.sql');
		$said{$way} = join("\n", script($database, 'figures.sql'), map { $node->safe_psql($database, $_) } (
			q{SELECT l.day, a.code, l.side, sum(l.amount), count(*) FROM erp.voucher_line l JOIN erp.account a USING (company_id, account_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3},
			q{SELECT p.code, sum(l.amount) FROM erp.voucher_line l JOIN erp.party p USING (company_id, party_id) GROUP BY 1 ORDER BY 1},
			q{SELECT i.code, p.quantity, p.value FROM erp_private.cost_pool p JOIN erp.item i USING (company_id, item_id) ORDER BY 1},
			q{SELECT i.code, m.day, m.time_of_day, m.quantity, sum(e.amount) FROM erp.stock_move m JOIN erp.item i USING (company_id, item_id) LEFT JOIN erp.cost_entry e USING (company_id, move_id) GROUP BY m.move_id, 1, 2, 3, 4 ORDER BY 1, 2, 3, 4, 5}));
	}
	like($said{ordered}, qr/^integrity_violations 0$/m, "$method: no law is broken");
	ok($said{ordered} eq $said{imported}, "$method: the books are those of the import");
}
$node->stop;
done_testing();
