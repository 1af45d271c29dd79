# The example that follows a company's events: none is lost, whatever the order of commits, over a lost connection and from one run to the next.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/..";
my $directory = PostgreSQL::Test::Utils::tempdir;
my ($made, $complaints) = ('', '');
ok(IPC::Run::run(['make', '-s', '-C', "$tree/docs/examples", "OUT=$directory"], '>', \$made, '2>', \$complaints), 'the example is built without a warning') or diag($made . $complaints);

my $node = new_node('follow');
$node->safe_psql('postgres', q{
	SELECT erp.create_company(c, 'company', '{"name": "Shop", "currency": "GBP", "chart": "english"}') FROM unnest(ARRAY['SHOP', 'OTHER']) c;
	SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01"}') FROM unnest(ARRAY['SHOP', 'OTHER']) c;
	SELECT erp.put_parties(c, 'parties', '[{"code": "ANNA", "name": "Anna", "roles": ["customer"]}]') FROM unnest(ARRAY['SHOP', 'OTHER']) c;
	SELECT erp.put_items(c, 'items', '[{"code": "ADVICE", "name": "Advice", "kind": "service"}]') FROM unnest(ARRAY['SHOP', 'OTHER']) c});

# Statements that place orders, of which each writes an event.
sub orders
{
	my ($company, @codes) = @_;
	return join "\n", map { qq{SELECT erp.place_order('$company', '$_', '{"party": "ANNA", "day": "2026-02-02", "lines": [{"item": "ADVICE", "amount": 10}]}');} } @codes;
}

my ($reader, $printed, $told);

sub follow
{
	my ($after) = @_;
	($printed, $told) = ('', '');
	$reader = IPC::Run::start(["$directory/follow_orders", $node->connstr('postgres'), 'SHOP', $after], '<', \undef, '>', \$printed, '2>', \$told,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
}

# The codes of the orders that were printed, once there are that many.
sub printed
{
	my ($count) = @_;
	$reader->pump while (() = $printed =~ / order_confirmed .*\n/g) < $count;
	return join ' ', $printed =~ /"order": "(\w+)"/g;
}

# Ends it with a signal; returns the number after which to go on.
sub end
{
	$reader->signal('TERM');
	$reader->finish;
	is($reader->result(0), 0, 'a signal ends it, without an error');
	return $told =~ /go on after (\d+)\n\z/ ? $1 : -1;
}

$node->safe_psql('postgres', orders('SHOP', 'a'));
follow(0);
is(printed(1), 'a', 'what was there before');
like($printed, qr/\A\d+ party_changed .*\n\d+ item_changed .*\n\d+ order_confirmed \{.*\}\n\z/, 'number, topic, payload, in their order');

# b has the smaller number and is committed behind c; x is taken back.
my $early = $node->background_psql('postgres', on_error_stop => 0);
$early->query('BEGIN; ' . orders('SHOP', 'b'));
$node->safe_psql('postgres', 'BEGIN; ' . orders('SHOP', 'x') . ' ROLLBACK;');
$node->safe_psql('postgres', orders('OTHER', 'o'));
$node->safe_psql('postgres', orders('SHOP', 'c'));
is(printed(2), 'a c', 'what is committed, of this company');
$node->safe_psql('postgres', orders('SHOP', 'd'));
is(printed(3), 'a c d', 'again, while b is open');
$early->query('COMMIT');
is(printed(4), 'a c d b', 'what is committed late is not lost');
$early->quit;

# Nobody wakes it while the connection is lost.
$node->restart;
$node->safe_psql('postgres', orders('SHOP', 'e', 'f'));
is(printed(6), 'a c d b e f', 'nor what is committed while the connection is lost; nothing comes twice');

# A second run goes on where the first one says, while an order of the first is still open.
$early = $node->background_psql('postgres', on_error_stop => 0);
$early->query('BEGIN; ' . orders('SHOP', 'g'));
$node->safe_psql('postgres', orders('SHOP', 'h'));
is(printed(7), 'a c d b e f h', 'before it ends');
my %number = reverse $printed =~ /^(\d+) .*"order": "(\w+)"/mg;
my $after = end();
cmp_ok($after, '>=', $number{b}, 'what had ended long ago is settled');
cmp_ok($after, '<', $number{h}, 'what is open is not');
$early->query('COMMIT');
$early->quit;
follow($after);
printed(2);
$node->safe_psql('postgres', orders('SHOP', 'i'));
$reader->pump until $printed =~ /"i"/;
like(printed(3), qr/g h i\z/, 'the second run has all that the first one lacked');
end();

is(violations($node), '', 'the books are whole');
$node->stop;
done_testing();
