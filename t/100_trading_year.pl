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
my $work = PostgreSQL::Test::Utils::tempdir();
my $csv = "$work/year.csv";

my ($ignored, $buildErrors) = ('', '');
IPC::Run::run(['make', '-s', '-C', "$root/bench", "OUT=$work", "$work/year_plain"], '>', \$ignored, '2>', \$buildErrors)
  or BAIL_OUT("year_plain does not build: $buildErrors");

for my $seed (1, 2)
{
	my $invoices = year_script($node, 'postgres', 'generate.sql', variables => ["seed=$seed"]);
	open(my $handle, '>', $csv) or die $!;
	print $handle $invoices;
	close($handle);
	for my $method (['fifo', 'fifo'], ['average', 'moving_average'])
	{
		my $database = "year_$seed\_$method->[0]";
		my $wanted = '';
		IPC::Run::run(["$work/year_plain", $csv, $method->[0]], '>', \$wanted) or die 'year_plain failed';
		load_year($node, $database, $invoices, $method->[1]);
		is(year_script($node, $database, 'figures.sql'), $wanted, "seed $seed, $method->[0]: the books say what a plain recomputation says");
		like($wanted, qr/^documents [1-9]\d{2,}$/m, "seed $seed, $method->[0]: of many documents");
	}
}

# Books too large for maintenance_work_mem are checked slice by slice, and the same is found: a damage of each kind on
# every thousandth fact.
my $books = 'year_1_fifo';
$node->safe_psql($books, q{
	SET session_replication_role = replica;
	DO $$ DECLARE m record; BEGIN
		FOR m IN SELECT DISTINCT table_name FROM erp_private.guard_manifest() LOOP
			EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', m.table_name);
		END LOOP;
	END $$;
	UPDATE erp.document_line SET amount = amount + 1 WHERE document_id % 1000 = 1;
	UPDATE erp.document_line SET voucher_line_no = 99 WHERE document_id % 1000 = 2;
	UPDATE erp.document_line SET item_id = item_id + 1 WHERE document_id % 1000 = 3 AND item_id <> 0;
	DELETE FROM erp.voucher_line WHERE voucher_id % 1000 = 4;
	UPDATE erp.voucher_line SET amount = amount + 1 WHERE voucher_id % 1000 = 5;
	UPDATE erp.stock_move SET day = day + 1 WHERE move_id % 1000 = 6;
	DELETE FROM erp.stock_move WHERE move_id % 1000 = 7;
	UPDATE erp.stock_move SET origin_move_id = 999999 WHERE move_id % 1000 = 8 AND quantity > 0;
	UPDATE erp.cost_entry SET amount = amount + 1 WHERE move_id % 1000 = 9;
	UPDATE erp.cost_entry SET source_move_id = 999999 WHERE move_id % 1000 = 10;
	UPDATE erp.cost_entry SET counter_line_no = 99 WHERE move_id % 1000 = 11;
	UPDATE erp_private.cost_pool SET value = value + 1 WHERE item_id % 100 = 12;
	UPDATE erp_private.stock_position SET on_hand = on_hand + 1 WHERE item_id % 100 = 13;
	UPDATE erp.document SET posting_day = day - 1 WHERE document_id % 1000 = 14;
	UPDATE erp.document SET request_hash = 'short' WHERE document_id % 1000 = 15;
	UPDATE erp.document SET party_id = 999999 WHERE document_id % 1000 = 16;
	UPDATE erp.document SET reverses_document_id = 999999 + document_id WHERE document_id % 1000 = 17;
	DELETE FROM erp.document WHERE document_id % 1000 = 18;
	ALTER TABLE erp.document DROP CONSTRAINT document_request_key;
	UPDATE erp.document SET key = 'again ' || document_id % 2 WHERE document_id % 1000 IN (19, 20);
	UPDATE erp.document_link SET target_document_id = 999999 WHERE document_id % 100 = 21;
	UPDATE erp.document_tax SET base_amount = base_amount + 0.001 WHERE document_id % 1000 = 22;
	UPDATE erp.voucher SET period_id = 999999 WHERE document_id % 1000 = 23;
	DELETE FROM erp.assigned_number WHERE document_id % 1000 = 24;
	UPDATE erp.assigned_number SET scope_value = '2001-01' WHERE document_id % 1000 = 25;
	UPDATE erp.open_item SET company_amount = company_amount + 1 WHERE open_item_id % 100 = 27;
	INSERT INTO erp.assigned_number SELECT company_id, series_id, scope_value, number + 999999, document_id + 1, voucher_id
	FROM erp.assigned_number WHERE document_id % 1000 = 26;
});

# What the check reports with so much memory, sorted, and in how many slices it looked.
sub reported
{
	my ($memory) = @_;
	my $notices = '';
	my $rows = $node->safe_psql($books, "SET maintenance_work_mem = '$memory'; SET client_min_messages = debug1;
		SELECT c FROM erp.check_integrity() c WHERE c.check_name <> 'guards' ORDER BY c::text COLLATE \"C\"",
		extra_params => ['-v', 'SHOW_CONTEXT=never']);
	$node->psql($books, "SET maintenance_work_mem = '$memory'; SET client_min_messages = debug1; SELECT count(*) FROM erp_private.check_stock()",
		stderr => \$notices);
	return ($rows, $notices =~ /checked in (\d+) slices/ ? $1 : 0);
}
my ($whole, $one) = reported('64MB');
my ($sliced, $several) = reported('1MB');
is($one, 1, 'with memory enough the facts are checked at once');
cmp_ok($several, '>', 1, 'with little memory in slices');
cmp_ok(scalar(split(/\n/, $whole)), '>', 200, 'what was damaged is found');
is($sliced, $whole, 'and the same in slices');

$node->stop;
done_testing();
