# Every SQL block of the documentation runs, in order, in a database of its file's own; where a block of
# text follows it, that is what psql prints.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('docs');
my $docs = "$FindBin::RealBin/../docs";
my $database = 0;

for my $file ("$docs/tutorial.md", "$docs/how-to/read-the-books.md")
{
	(my $name = $file) =~ s{.*/}{};
	$database++;
	$node->safe_psql('postgres', "CREATE DATABASE docs$database");
	$node->safe_psql("docs$database", 'CREATE EXTENSION erp; SELECT erp.setup()');
	my $text = slurp_file($file);
	my $number = 0;
	while ($text =~ /^```sql\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/msg)
	{
		my ($sql, $wanted) = ($1, $2);
		my ($output, $errors) = ('', '');
		$number++;
		IPC::Run::run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr("docs$database")],
			'<', \$sql, '>', \$output, '2>', \$errors);
		is($errors, '', "$name: block $number runs");
		is($output, $wanted, "$name: block $number prints what it says") if defined $wanted;
	}
	cmp_ok($number, '>', 5, "$name: it has blocks of SQL");
}

$node->stop;
done_testing();
