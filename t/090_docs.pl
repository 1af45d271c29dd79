# Every SQL block of the documentation runs, in order, and prints the text that stands behind it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use File::Find;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('docs');
my $tree = "$FindBin::RealBin/..";
# The pages with SQL, in the order in which they are read: each goes on with the company of those before, but the last fifteen, which have their own.
my @pages = ('docs/tutorial.md', 'docs/how-to/read-the-books.md', 'docs/how-to/seal-the-books.md', 'docs/how-to/settle-open-items.md',
	'docs/how-to/control-postings.md', 'docs/how-to/number-and-correct-vouchers.md',
	'docs/how-to/payment-terms.md', 'docs/how-to/prices-and-tax.md', 'docs/how-to/keep-electronic-vouchers.md', 'docs/how-to/places-and-lots.md', 'docs/how-to/items-and-units.md', 'docs/how-to/landed-costs-and-bills.md',
	'docs/vouchers.md', 'docs/how-to/import-documents.md', 'docs/how-to/reserve-stock.md', 'docs/how-to/consignment-and-loans.md',
	'docs/warehouse-day.md', 'docs/how-to/parties.md', 'docs/how-to/ship-and-bill.md', 'docs/how-to/orders.md', 'docs/how-to/working-days.md',
	'docs/how-to/approve-documents.md', 'docs/how-to/dunning-and-commission.md',
	'docs/how-to/close-a-month.md', 'docs/how-to/recurring-and-schedules.md', 'docs/how-to/transfer-templates.md', 'docs/how-to/prices.md', 'docs/how-to/budgets.md', 'docs/how-to/opening-balances.md', 'docs/how-to/statements.md', 'docs/order-to-bank.md', 'docs/how-to/follow-events.md');

# What psql prints for some statements, and what it complains of.
sub psql
{
	my ($database, $sql) = @_;
	my ($output, $errors) = ('', '');
	IPC::Run::run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database)], '<', \$sql, '>', \$output, '2>', \$errors);
	return ($output, $errors);
}

sub new_database
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'CREATE EXTENSION erp; SELECT erp.setup()');
}

new_database('docs');
# The month in the ledger is one of the trading year.
load_year($node, 'month', year_script($node, 'postgres', 'generate.sql', variables => ['seed=3']), 'fifo');
for my $page (@pages, 'docs/month.md')
{
	my $database = $page eq 'docs/month.md' ? 'month' : 'docs';
	my $text = slurp_file("$tree/$page");
	my $number = 0;
	while ($text =~ /^```sql\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/msg)
	{
		my ($sql, $wanted) = ($1, $2);
		my ($output, $errors) = psql($database, $sql);
		$number++;
		is($errors, '', "$page: block $number runs");
		is($output, $wanted // 'no text behind it', "$page: block $number prints what it says");
	}
	cmp_ok($number, '>=', 4, "$page: it has blocks of SQL");
}

# No other page has SQL that nobody runs; the generated ones have signatures only.
my @others;
find({ wanted => sub { push @others, $_ if /\.md$/ }, no_chdir => 1 }, "$tree/docs");
for my $file (sort @others, "$tree/README.md")
{
	(my $page = $file) =~ s{^\Q$tree/\E}{};
	unlike(slurp_file($file), qr/^```sql/m, "$page: has no block of SQL") unless grep { $_ eq $page } @pages, 'docs/month.md';
}

# The ten lines of README.md run from an empty database to whole books.
new_database('readme');
my ($lines) = slurp_file("$tree/README.md") =~ /^## Ten lines\n\n((?:    .*\n)+)/m;
is(scalar(() = $lines =~ /\n/g), 10, 'README.md: the ten lines are ten');
my ($output, $errors) = psql('readme', $lines);
is($errors, '', 'README.md: they run');
like($output, qr/detail \n[-+]+\n\(0 rows\)\n\n\z/, 'README.md: and no law is broken');

$node->stop;
done_testing();
