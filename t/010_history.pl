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
my @seeds = $first .. $first + $seeds - 1;

my $node = new_node('history', settings => "fsync = off\njit = off\nsynchronous_commit = off\n");
load_trial($node);
my $dir = PostgreSQL::Test::Utils::tempdir;
for my $session (0 .. $sessions - 1)
{
	append_to_file("$dir/$session.sql", join('', map { "CALL trial.play($_);\n" } grep { $_ % $sessions == $session } @seeds));
}
my @errors = grep { $_ ne '' } run_scripts($node, grep { -e } map { "$dir/$_.sql" } 0 .. $sessions - 1);
is(join("\n", @errors), '', 'the books are what the documents say');
is($node->safe_psql('postgres', 'SELECT count(*) FROM trial.played'), $seeds, "$seeds histories were played to their end");
is(violations($node), '', 'and no law is broken');
diag($node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', coalesce(nullif(key, ''), 'posted'), n), ', ' ORDER BY key)
	FROM (SELECT key, sum(value::integer) AS n FROM trial.played, jsonb_each_text(tally) GROUP BY key) t}));
# How often each outcome was met, and how much of each kind stands in the books, which are what was derived.
sub tally
{
	return map { /^(.*)\|(\d+)$/ } split /\n/, $node->safe_psql('postgres', $_[0]);
}
# A history that never meets a case tests nothing of it.
SKIP:
{
	my @outcomes = qw(LE011 LE030 LE032 LE040 LE043 LE045 LE050 LE051 LE052 LE070 LE090 LE091 LE092 LE093 LE094 LE095 LE100 LE102 LE105 LE110 LE111 LE112 LE123 LE130
		settle unsettle close reopen lock repeat upkeep draft review sign return withdraw);
	my @kinds = ('late', 'corrects', 'in red', 'on the other side', 'cost_adjustment', 'discount', 'write_off', 'undone', 'own word', 'credit warning', 'discount by terms', 'own terms', 'own due day', 'unit', 'numbered by a close', 'numbered by a lock',
		'credit_note against sales_invoice', 'customer_payment against sales_invoice', 'supplier_payment against manual_voucher',
		'posted scrap', 'posted production_receipt',
		map { ("posted $_", "reversed $_") } qw(assembly disassembly production_issue goods_receipt sales_invoice credit_note bad_debt manual_voucher customer_payment supplier_payment
			advance_received_to_receivable advance_paid_to_payable receivable_to_payable receivable_to_receivable payable_to_payable));
	skip 'too few seeds to meet every case', @outcomes + @kinds + 1 if $seeds < 100;
	my %met = tally('SELECT key, sum(value::integer) FROM trial.played, jsonb_each_text(tally) GROUP BY key');
	cmp_ok($met{$_} // 0, '>', 0, "some met $_") for @outcomes;
	my %stood = tally(q{
		SELECT concat_ws(' ', CASE WHEN d.reverses = 0 THEN 'posted' ELSE 'reversed' END, CASE d.kind WHEN 'offset' THEN l.role ELSE d.kind END), count(DISTINCT (d.company, d.no))
		FROM trial.document d JOIN trial.line l USING (company, no) GROUP BY 1
		UNION ALL SELECT CASE WHEN b.opposite THEN 'on the other side' ELSE 'in red' END, count(*) FROM trial.document d JOIN trial.book b USING (company) WHERE d.reverses <> 0 GROUP BY 1
		UNION ALL SELECT 'own word', count(*) FROM erp.voucher WHERE voucher_word_id <> 0
		UNION ALL SELECT 'credit warning', count(*) FROM trial.credit_warning
		UNION ALL SELECT 'discount by terms', count(*) FROM erp.call_result r, jsonb_path_query(r.request, '$.**.discount ? (@ == "terms")') WHERE r.call = 'settle'
		UNION ALL SELECT CASE k WHEN 'due_day' THEN 'own due day' ELSE 'own terms' END, count(*) FROM trial.document, jsonb_object_keys(body) k WHERE k IN ('due_day', 'payment_terms') GROUP BY 1
		UNION ALL SELECT 'unit', count(*) FROM trial.gl WHERE dimensions ? 'UNIT'
		UNION ALL SELECT CASE r.call WHEN 'set_hard_lock' THEN 'numbered by a lock' ELSE 'numbered by a close' END, count(*) FROM erp.assigned_number n
			JOIN erp.call_result r ON r.company_id = n.company_id AND r.document_id = n.assigning_document_id GROUP BY 1
		UNION ALL SELECT 'late', count(*) FROM trial.document WHERE posting_day > day
		UNION ALL SELECT 'corrects', count(*) FROM trial.document WHERE corrects <> 0
		UNION ALL SELECT 'cost_adjustment', count(*) FROM erp.document WHERE kind = 'cost_adjustment'
		UNION ALL SELECT reason, count(*) FROM trial.taking GROUP BY reason
		UNION ALL SELECT 'undone', count(*) FROM trial.taking WHERE undone_on IS NOT NULL
		UNION ALL SELECT k.kind || ' against ' || d.kind, count(*) FROM trial.meeting m
			JOIN trial.item i ON i.company = m.company AND i.item = m.debit JOIN trial.document d ON d.company = m.company AND d.no = i.no
			JOIN trial.item j ON j.company = m.company AND j.item = m.credit JOIN trial.document k ON k.company = m.company AND k.no = j.no GROUP BY 1
		UNION ALL SELECT 'supplier_payment against ' || k.kind, count(*) FROM trial.meeting m
			JOIN trial.item i ON i.company = m.company AND i.item = m.debit JOIN trial.document d ON d.company = m.company AND d.no = i.no AND d.kind = 'supplier_payment'
			JOIN trial.item j ON j.company = m.company AND j.item = m.credit JOIN trial.document k ON k.company = m.company AND k.no = j.no GROUP BY 1});
	cmp_ok($stood{$_} // 0, '>', 0, "some $_") for @kinds;
	cmp_ok($stood{exchange_difference} // 0, '>', $seeds / 4, 'documents in other currencies were settled with a difference');
}
$node->stop;
done_testing();
