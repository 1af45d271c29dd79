# A month is closed step by step, and at each step the server is killed before it commits: the books come out as those of a company that
# was closed at once. Then the same within one call.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = new_node('close', settings => "restart_after_crash = on\nfsync = off\n");
# Open items and money in euro, goods by monthly average, revenue and expense: a step for each posts.
sub make_company
{
	my ($company) = @_;
	$node->safe_psql('postgres', qq{
		SELECT erp.create_company('$company', 'c', '{"name": "Close", "currency": "CNY", "chart": "china_small_enterprise"}');
		SELECT erp.create_fiscal_year('$company', 'y', '{"code": "2026", "first_day": "2026-01-01"}');
		SELECT erp.put_exchange_rates('$company', 'x', '[{"from": "EUR", "to": "CNY", "day": "2026-01-02", "rate": 7.5}, {"from": "EUR", "to": "CNY", "day": "2026-01-31", "rate": 7.8}]');
		SELECT erp.put_parties('$company', 'p', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
		SELECT erp.put_items('$company', 'i', '[{"code": "M", "name": "By the month", "kind": "stock", "method": "monthly_average"}]');
		SELECT erp.post_documents('$company', '[
			{"key": "capital", "kind": "manual_voucher", "day": "2026-01-02", "currency": "EUR", "lines": [{"account": "1002", "side": "debit", "amount": 1000}, {"account": "3001", "side": "credit", "amount": 1000}]},
			{"key": "in 1", "kind": "goods_receipt", "day": "2026-01-03", "party": "S1", "lines": [{"item": "M", "quantity": 10, "amount": 100}]},
			{"key": "sold", "kind": "sales_invoice", "day": "2026-01-10", "party": "C1", "currency": "EUR", "lines": [{"item": "M", "quantity": 4, "price": 9}]},
			{"key": "in 2", "kind": "goods_receipt", "day": "2026-01-20", "party": "S1", "lines": [{"item": "M", "quantity": 10, "amount": 140}]},
			{"key": "rent", "kind": "manual_voucher", "day": "2026-01-25", "lines": [{"account": "5602", "side": "debit", "amount": 60}, {"account": "1002", "side": "credit", "amount": 60}]}]')});
}
# Balances and what is open of each party, as of both sides of the end of the month.
sub books
{
	my ($company) = @_;
	return $node->safe_psql('postgres', qq{
		SELECT d, account_code, closing_debit, closing_credit FROM unnest('{2026-01-31,2026-02-01}'::date[]) d, erp.trial_balance('$company', d, d) ORDER BY 1, 2;
		SELECT d, party_code, account_code, open_amount, company_open_amount FROM unnest('{2026-01-31,2026-02-01}'::date[]) d, erp.open_items('$company', d) ORDER BY 1, 2, 3, 4, 5;
		SELECT step, state, regexp_replace(figures::text, '"hash": "[0-9a-f]+"', '"hash"', 'g'), array_length(documents, 1) FROM erp.month_close_step_list WHERE company = '$company' ORDER BY rank, step;
		SELECT v.day, count(*), max(n.number) FROM erp.voucher v JOIN erp.company c USING (company_id) LEFT JOIN erp.assigned_number n USING (company_id, document_id, voucher_id) WHERE c.code = '$company' GROUP BY v.day ORDER BY 1});
}
# Runs the statements, and kills their server process when it sleeps at their end.
sub run_and_kill
{
	my ($statements) = @_;
	my $harness = IPC::Run::start(['psql', '-X', '-q', '-d', $node->connstr('postgres') . ' application_name=closing', '-c', "BEGIN; $statements; SELECT pg_sleep(600)"], '<', \undef, '>', '/dev/null', '2>', '/dev/null');
	my $pid = '';
	for (1 .. 1200)
	{
		$pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE application_name = 'closing' AND wait_event = 'PgSleep'});
		last if $pid ne '';
		usleep(50_000);
	}
	die 'the call did not come to its end' if $pid eq '';
	kill 'KILL', $pid;
	eval { IPC::Run::finish($harness) };
	usleep(200_000);
	$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
}
make_company($_) for qw(PLAIN STEPS WHOLE);
is($node->safe_psql('postgres', q{SELECT erp.close_month('PLAIN', 'close', '{"period": "2026-01"}') ->> 'state'}), 'closed', 'a month is closed at once');
my $plain = books('PLAIN');
# 36 EUR at 7.8, where they stood at 7.5; 1000 EUR; 20 pieces for 240, of which 4 were sold.
like($plain, qr/^2026-01-31\|C1\|1122\|0.00\|10.80$/m, 'the receivable is worth 36 x 0.3 more at the end of the month');
like($plain, qr/^2026-01-31\|3103\|\|?/m, 'its profit is transferred');

my $steps = $node->safe_psql('postgres', 'SELECT count(*) FROM erp_private.close_step');
my $kills = 0;
for my $step (1 .. $steps)
{
	run_and_kill(qq{SELECT erp.close_month('STEPS', 'killed $step', '{"period": "2026-01", "max_steps": 1}')});
	$kills++;
	is($node->safe_psql('postgres', q{SELECT COALESCE(sum(done_steps), 0) FROM erp.month_close_list WHERE company = 'STEPS'}), $step - 1, "killed at step $step, nothing of it is there");
	my $state = $node->safe_psql('postgres', qq{SELECT erp.close_month('STEPS', 'step $step', '{"period": "2026-01", "max_steps": 1}') ->> 'state'});
	is($state, $step == $steps ? 'closed' : 'under_way', "step $step is done");
}
is($kills, $steps, "killed at each of $steps steps");
is(books('STEPS'), $plain, 'the books are those of the company that was closed at once');
is($node->safe_psql('postgres', q{SELECT count(DISTINCT round) || ' ' || max(attempts) FROM erp.month_close_step_list WHERE company = 'STEPS'}), '1 1', 'in one round, each step once');

run_and_kill(q{SELECT erp.close_month('WHOLE', 'killed', '{"period": "2026-01"}')});
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.month_close_list WHERE company = 'WHOLE'}), 0, 'killed before it commits, nothing of a close in one call is there');
is($node->safe_psql('postgres', q{SELECT erp.close_month('WHOLE', 'killed', '{"period": "2026-01"}') ->> 'state'}), 'closed', 'under the same key it closes');
is(books('WHOLE'), $plain, 'with the same books');

# Reopened, killed, reopened; closed again.
run_and_kill(q{SELECT erp.reopen_month('WHOLE', 'reopen', '{"period": "2026-01", "reason": "a test"}')});
is($node->safe_psql('postgres', q{SELECT state FROM erp.month_close_list WHERE company = 'WHOLE'}), 'closed', 'killed, a reopening has opened nothing');
is($node->safe_psql('postgres', q{SELECT erp.reopen_month('WHOLE', 'reopen', '{"period": "2026-01", "reason": "a test"}') ->> 'state'}), 'open', 'it reopens');
is($node->safe_psql('postgres', q{SELECT erp.close_month('WHOLE', 'again', '{"period": "2026-01"}') ->> 'state'}), 'closed', 'and closes again');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.trial_balance('WHOLE', '2026-01-31', '2026-01-31') w FULL JOIN erp.trial_balance('PLAIN', '2026-01-31', '2026-01-31') p USING (account_code)
	WHERE (w.closing_debit, w.closing_credit) IS DISTINCT FROM (p.closing_debit, p.closing_credit)}), 0, 'with the same balances');
is(violations($node), '', 'no law is broken');
is($node->safe_psql('postgres', q{SELECT count(*) FROM unnest('{PLAIN,STEPS,WHOLE}'::text[]) c, erp.verify_chain(c)}), 0, 'and the chains hold');
$node->stop;
done_testing();
