# Random histories against the naive re-derivation: SEEDS of them (200), FIRST_SEED on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $seeds = $ENV{SEEDS} || 200;
my $first = $ENV{FIRST_SEED} || 1;
my $sessions = $ENV{JOBS} || 2;

my $node = new_node('history', settings => "fsync = off\njit = off\nsynchronous_commit = off\n");
load_trial($node);
my $dir = PostgreSQL::Test::Utils::tempdir;
for my $session (0 .. $sessions - 1)
{
	append_to_file("$dir/$session.sql", join('', map { "CALL trial.play($_);\n" } grep { $_ % $sessions == $session } $first .. $first + $seeds - 1));
}
my @errors = grep { $_ ne '' } run_scripts($node, grep { -e } map { "$dir/$_.sql" } 0 .. $sessions - 1);
is(join("\n", @errors), '', 'the books are what the documents say');
is($node->safe_psql('postgres', 'SELECT count(*) FROM trial.played'), $seeds, "$seeds histories were played to their end");
is(violations($node), '', 'and no law is broken');
diag($node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', coalesce(nullif(key, ''), 'posted'), n), ', ' ORDER BY key)
	FROM (SELECT key, sum(value::integer) AS n FROM trial.played, jsonb_each_text(tally) GROUP BY key) t}));
# A history that never meets a case tests nothing of it.
SKIP:
{
	skip 'too few seeds to meet every case', 19 if $seeds < 50;
	for my $case (qw(LE030 LE043 LE050 LE051 LE052 LE090 LE091 LE092 LE095 settle unsettle close reopen repeat upkeep))
	{
		cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM trial.played WHERE tally ? '$case'"), '>', 0, "some met $case");
	}
	cmp_ok($node->safe_psql('postgres', q{SELECT count(*) FROM erp.document WHERE kind = 'cost_adjustment'}), '>', $seeds, 'costs were adjusted');
	for my $reason (qw(settlement exchange_difference))
	{
		cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM erp.settlement_list l JOIN erp.currency c ON c.code = l.currency WHERE l.reason = '$reason' AND c.code <> 'GBP'"), '>', $seeds / 4, "documents in other currencies were settled: $reason");
	}
	cmp_ok($node->safe_psql('postgres', q{SELECT count(*) FROM erp.document WHERE posting_day > day}), '>', 0, 'documents came late');
}
$node->stop;
done_testing();
