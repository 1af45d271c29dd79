# Dump and restore, as text and as a directory by four jobs: every table equal, the same report, and work goes on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('dump');
load_trial($node);
play($node, 1 .. 6);
$node->safe_psql('postgres', 'SELECT erp.assign_numbers(code) FROM erp.company');
$node->safe_psql('postgres', 'SELECT erp.seal_documents(code) FROM erp.company');
# Drafts in every state, with their history.
my $lines = q{"lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]};
$node->safe_psql('postgres', qq{SELECT erp.draft_voucher('SEED1', k, ('{"document": {"key": "draft ' || k || '", "kind": "manual_voucher", "day": "2009-12-01", $lines}}')::json)
	FROM unnest('{drafted,reviewed,posted,withdrawn}'::text[]) k});
$node->safe_psql('postgres', q{SELECT erp.review_draft('SEED1', 'review', '[{"draft": "draft reviewed"}, {"draft": "draft posted"}]');
	SELECT erp.post_draft('SEED1', 'post', '{"draft": "draft posted"}'); SELECT erp.withdraw_draft('SEED1', 'withdraw', '{"draft": "draft withdrawn", "reason": "x"}');
	SELECT erp.assign_numbers('SEED1'); SELECT erp.seal_documents('SEED1')});
$node->safe_psql('postgres', 'SELECT erp.fold_balances(code) FROM erp.company');
my $balances = q{SELECT c.code, b.* FROM erp.company c, erp.balances_as_of(c.code, '2009-06-30') b ORDER BY 1, 2, 6};
my $balances_before = $node->safe_psql('postgres', $balances);
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM erp_private.folded_balance'), '>', 100, 'balances are folded');
my $dir = PostgreSQL::Test::Utils::tempdir;
my $problems = 'SELECT c.code, v.* FROM erp.company c, erp.verify_chain(c.code) v';
my $connection = $node->connstr('postgres');
my $before = checksums($node);
cmp_ok(length($before), '>', 1000, 'there are tables to compare');
is(violations($node), '', 'no law is broken before');

$node->command_ok(['pg_dump', '-f', "$dir/plain.sql", $connection], 'dump as text');
$node->command_ok(['pg_dump', '-Fd', '-j4', '-f', "$dir/directory", $connection], 'dump as a directory by four jobs');
$node->command_ok(['pg_dump', '-s', '-f', "$dir/schema.sql", $connection], 'dump of the schema');
$node->safe_psql('postgres', "CREATE DATABASE plain; CREATE DATABASE directory");
$node->command_ok(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/plain.sql", '-d', $node->connstr('plain')], 'restore the text');
$node->command_ok(['pg_restore', '-e', '-j4', '-d', $node->connstr('directory'), "$dir/directory"], 'restore the directory by four jobs');

for my $copy (qw(plain directory))
{
	is(checksums($node, $copy), $before, "$copy: every table is equal");
	is(violations($node, $copy), '', "$copy: the report is equal");
	is($node->safe_psql($copy, "SELECT trial.refused(\$\$UPDATE erp.voucher_line SET amount = 0\$\$), trial.refused(\$\$INSERT INTO erp.voucher_line SELECT * FROM erp.voucher_line\$\$)"), 'LE060|LE061', "$copy: the guards stand");
	is($node->safe_psql($copy, q{SELECT trial.refused($$SELECT trial.receive('SEED1', 'after restore', '2009-12-01', 'F', 3, 10)$$)}), 'accepted', "$copy: work goes on");
	is($node->safe_psql($copy, q{SELECT trial.refused($$SELECT trial.receive('SEED1', 'after restore', '2009-12-01', 'F', 4, 10)$$)}), 'LE020', "$copy: with keys remembered");
	is($node->safe_psql($copy, q{SELECT erp.post_draft('SEED1', 'post later', '{"draft": "draft reviewed"}') ->> 'state'}), 'posted', "$copy: a reviewed draft is posted");
	is($node->safe_psql($copy, q{SELECT string_agg(to_state, ' ' ORDER BY event_no) FROM erp.draft_history WHERE draft_key = 'draft reviewed'}), 'drafted reviewed posted', "$copy: and its history goes on");
	cmp_ok($node->safe_psql($copy, q{SELECT erp.assign_numbers('SEED1')}), '>=', 1, "$copy: numbers go on");
	is($node->safe_psql($copy, $balances), $balances_before, "$copy: balances are equal");
	cmp_ok($node->safe_psql($copy, q{SELECT erp.fold_balances('SEED1')}), '>=', 1, "$copy: what came is folded");
	$node->safe_psql($copy, q{UPDATE erp_private.fold_cut SET cluster = cluster + 1; SELECT erp.fold_balances(code) FROM erp.company});
	is($node->safe_psql($copy, $balances), $balances_before, "$copy: folded anew, as in another cluster, too");
	is(violations($node, $copy), '', "$copy: and no law is broken");
	is($node->safe_psql($copy, $problems), '', "$copy: the chains hold");
	is($node->safe_psql($copy, q{SELECT r ->> 'sealed' FROM erp.seal_documents('SEED1') r}), '4', "$copy: and go on: a receipt, a posted draft, the call that posted it, and what gave their numbers");
	is($node->safe_psql($copy, $problems), '', "$copy: as they should");
}
# setup() again, as after every restore: views are written anew, and the schema is that of before to the letter.
for my $copy (qw(plain directory))
{
	my $after = checksums($node, $copy);
	is($node->safe_psql($copy, 'SELECT erp.setup() IS NOT NULL'), 't', "$copy: setup() may be run again");
	is(checksums($node, $copy), $after, "$copy: and changes no row");
	is(violations($node, $copy), '', "$copy: nor the report");
	$node->command_ok(['pg_dump', '-s', '-f', "$dir/$copy.again.sql", $node->connstr($copy)], "$copy: its schema is dumped");
	is(dump_text("$dir/$copy.again.sql") eq dump_text("$dir/schema.sql"), 1, "$copy: and equal to the letter");
}
$node->stop;
done_testing();
