# An import is killed again and again, its backend or the whole server, and goes on: no document twice, none missing.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $documents = 3000;
my $node = new_node('import', settings => "restart_after_crash = on\nfsync = off\n");
load_trial($node);
$node->safe_psql('postgres', "SELECT trial.make_company('IMPORT'); SELECT erp.start_import('IMPORT', 'job', '{\"name\": \"year\"}')");
# Document n: every third is a receipt of 7 F and 5 A, of the rest each sells 1 F and 1 A and a service. Day by day, in order.
$node->safe_psql('postgres', qq{
	INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, line_role, item, quantity, unit_price)
	SELECT (SELECT job_id FROM erp.job), row_number() OVER (ORDER BY n, l), 'doc ' || n, CASE WHEN n % 3 = 1 THEN 'goods_receipt' ELSE 'sales_invoice' END,
		('2009-01-01'::date + n / 10)::text, CASE WHEN n % 3 = 1 THEN 'S1' ELSE 'C' || 1 + n % 3 / 2 END,
		CASE WHEN item = 'SV' THEN 'service' WHEN n % 3 = 1 THEN 'receipt' ELSE 'sale' END, item,
		CASE WHEN n % 3 <> 1 THEN '1' WHEN item = 'F' THEN '7' ELSE '5' END, (1 + n % 7)::text || '.25'
	FROM generate_series(1, $documents) n, (VALUES (1, 'F'), (2, 'A'), (3, 'SV')) i (l, item)
	WHERE NOT (n % 3 = 1 AND item = 'SV')});

my $job = $node->safe_psql('postgres', 'SELECT job_id FROM erp.job');
my ($kills, $rounds) = (0, 0);
sub job_state { return $node->safe_psql('postgres', 'SELECT state FROM erp.job'); }
sub wait_for_server { $node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back'; }

srand(5);
while (job_state() ne 'done' && $rounds++ < 60)
{
	my $harness = IPC::Run::start(['psql', '-X', '-q', '-d', $node->connstr('postgres'), '-c', 'SET application_name = import',
		'-c', "CALL erp.run_import('IMPORT', $job, 20)"], '<', \undef, '>', '/dev/null', '2>', '/dev/null');
	usleep(30_000 + int(rand(150_000)));
	if ($kills < 10)
	{
		if ($rounds % 3 == 0)
		{
			crash($node);
			eval { IPC::Run::finish($harness) };
			$kills++;
		}
		else
		{
			my $pid = $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE application_name = 'import' AND state = 'active'");
			kill 'KILL', $pid if $pid ne '';
			$kills++ if $pid ne '';
			eval { IPC::Run::finish($harness) };
			wait_for_server();
		}
	}
	else
	{
		eval { IPC::Run::finish($harness) };
	}
}
is(job_state(), 'done', "the import came to its end after $kills kills");
cmp_ok($kills, '>=', 8, 'it was killed at many points');
is($node->safe_psql('postgres', q{SELECT count(*), count(DISTINCT key) FROM erp.document WHERE key LIKE 'doc %'}), "$documents|$documents", 'every document is there once');
is($node->safe_psql('postgres', q{SELECT done_rows = total_rows, done_documents FROM erp.job}), "t|$documents", 'and the job says so');
# 1000 receipts of 7 F and 5 A, 2000 sales of one each.
is($node->safe_psql('postgres', q{SELECT trim_scale(sum(quantity)) FROM erp.stock_move m JOIN erp.item i USING (company_id, item_id) WHERE i.code = 'F'}), 7 * 1000 - 2000, 'the quantity of F');
is($node->safe_psql('postgres', q{SELECT trim_scale(sum(quantity)) FROM erp.stock_move m JOIN erp.item i USING (company_id, item_id) WHERE i.code = 'A'}), 5 * 1000 - 2000, 'the quantity of A');
is($node->safe_psql('postgres', qq{SELECT trial.balance('IMPORT', '1100') = sum(3 * (1.25 + n % 7)) FROM generate_series(1, $documents) n WHERE n % 3 <> 1}), 't', 'the receivables');
is(violations($node), '', 'no law is broken');
is($node->safe_psql('postgres', q{SELECT erp.assign_numbers('IMPORT')}), $documents, 'every voucher is numbered');
is(violations($node), '', 'without a gap');

# The same rows again are the same documents.
my $before = checksums($node);
is($node->safe_psql('postgres', q{SELECT erp.import_step('IMPORT', (SELECT job_id FROM erp.job)) ->> 'state'}), 'done', 'a step more does nothing');
is(checksums($node), $before, 'nothing at all');
$node->stop;
done_testing();
