# 64 sessions want the same few goods: they reserve, release, move, ship, receive, lose and let holds expire, in transactions that commit, roll
# back, roll back to a savepoint and are prepared, while backends are killed with -9. Under READ COMMITTED nobody meets a deadlock or a serialization
# error, nothing is promised twice, and what is sold out is sold out exactly. SESSIONS, CALLS.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use POSIX qw(WNOHANG);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my ($sessions, $calls) = ($ENV{SESSIONS} || 64, $ENV{CALLS} || 12);
my $node = new_node('reserve', settings => "fsync = off\nsynchronous_commit = off\ndeadlock_timeout = 500ms\nmax_connections = 200\nmax_prepared_transactions = 200\nrestart_after_crash = on\n");
$node->safe_psql('postgres', q{
	CREATE SCHEMA trial;
	SELECT erp.create_company('BUSY', 'company', '{"name": "Busy", "currency": "GBP", "chart": "english"}');
	SELECT erp.create_fiscal_year('BUSY', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	SELECT erp.put_parties('BUSY', 'parties', '[{"code": "C", "name": "Customer", "roles": ["customer"]}, {"code": "S", "name": "Supplier", "roles": ["supplier"]}]');
	SELECT erp.put_warehouses('BUSY', 'warehouses', '[{"code": "NORTH", "name": "North"}]');
	SELECT erp.put_items('BUSY', 'items', (SELECT json_agg(json_build_object('code', c, 'name', c, 'kind', 'stock', 'method', 'fifo')) FROM unnest('{A,B,C,HOT,LAST,ONE,TURN}'::text[]) c));
	SELECT erp.post_document('BUSY', json_build_object('key', 'stock ' || w, 'kind', 'goods_receipt', 'day', '2026-01-05', 'party', 'S', 'warehouse', w, 'lines',
		(SELECT json_agg(json_build_object('item', c, 'quantity', 25, 'price', 1)) FROM unnest('{A,B,C}'::text[]) c))) FROM unnest('{MAIN,NORTH}'::text[]) w;
	SELECT erp.post_document('BUSY', '{"key": "hot", "kind": "goods_receipt", "day": "2026-01-05", "party": "S", "lines": [{"item": "HOT", "quantity": 100000, "price": 1}, {"item": "LAST", "quantity": 700, "price": 1}, {"item": "ONE", "quantity": 1, "price": 1}, {"item": "TURN", "quantity": 1, "price": 1}]}');
	CREATE TABLE trial.outcome (outcome text, item text, got numeric);
	-- One call, by chance; what it was refused for is an outcome.
	CREATE FUNCTION trial.busy(p_session integer, p_n integer) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		code text := 'done';
		message text;
		dice integer := hashint4(p_session * 1000 + p_n) & 1048575;
		key text := p_session || '-' || p_n;
		items text[] := (ARRAY['{A,B,C}', '{C,A}', '{B}', '{C,B,A}', '{B,A}'])[1 + dice % 5]::text[];
		demand text := 'D' || dice / 5 % 20;
		lines json := (SELECT json_agg(json_build_object('item', i, 'quantity', 1 + dice / 7 % 9)) FROM unnest(items) i);
	BEGIN
		BEGIN
			CASE dice / 11 % 10
				WHEN 0, 1, 2, 3 THEN PERFORM erp.reserve('BUSY', json_build_object('key', key, 'demand', demand, 'mode', (ARRAY['all', 'partial', 'all_or_nothing'])[1 + dice / 13 % 3],
					'expected', dice % 2 = 0, 'priority', dice / 17 % 3, 'hold_minutes', CASE WHEN dice % 7 = 0 THEN 1 END, 'lines', lines));
				WHEN 4 THEN PERFORM erp.release('BUSY', json_build_object('key', key, 'lines', json_build_array(json_build_object('demand', demand))));
				WHEN 5 THEN PERFORM erp.move_reservation('BUSY', json_build_object('key', key, 'moves', json_build_array(
					json_build_object('from', demand, 'from_line', 1 + dice % 3, 'to', 'D' || dice / 3 % 20, 'to_line', 1, 'item', items[1], 'quantity', 1))));
				WHEN 6 THEN PERFORM erp.post_document('BUSY', json_build_object('key', key, 'kind', 'sales_invoice', 'day', '2026-01-10', 'party', 'C', 'lines',
					(SELECT json_agg(json_build_object('item', i, 'quantity', 1 + dice / 7 % 4, 'price', 2, 'demand', json_build_object('key', demand))) FROM unnest(items) i)));
				WHEN 7 THEN PERFORM erp.post_document('BUSY', json_build_object('key', key, 'kind', 'goods_receipt', 'day', '2026-01-10', 'party', 'S', 'lines',
					(SELECT json_agg(json_build_object('item', i, 'quantity', 5, 'price', 1)) FROM unnest(items) i)));
				WHEN 8 THEN PERFORM erp.put_expected_receipts('BUSY', json_build_object('key', key, 'receipts', (SELECT json_agg(json_build_object('source', 'PO' || i || dice % 4,
					'item', i, 'warehouse', 'MAIN', 'day', '2026-02-01', 'quantity', dice / 19 % 40)) FROM unnest(items) i)));
				ELSE PERFORM erp.post_document('BUSY', json_build_object('key', key, 'kind', 'stock_loss', 'day', '2026-01-10', 'warehouse', (ARRAY['MAIN', 'NORTH'])[1 + dice % 2], 'lines', lines));
			END CASE;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
			IF code NOT LIKE 'LE%' THEN code := code || ' ' || message; END IF;
		END;
		INSERT INTO trial.outcome (outcome) VALUES (dice / 11 % 10 || ' ' || code);
	END $$;
	-- One of an item, as long as there is one.
	CREATE FUNCTION trial.take(p_item text, p_key text, p_quantity integer) RETURNS void LANGUAGE sql AS $$
		INSERT INTO trial.outcome SELECT 'take', p_item, (r -> 'lines' -> 0 ->> 'reserved')::numeric
		  FROM erp.reserve('BUSY', json_build_object('key', p_key, 'demand', p_key, 'mode', 'partial', 'lines', json_build_array(json_build_object('item', p_item, 'quantity', p_quantity)))) r
	$$;
});
my $dir = PostgreSQL::Test::Utils::tempdir;

# The scripts of all sessions, each a list of statements; what waits for more than a minute is an error, so that it has a name.
sub play_scripts
{
	my ($name, $script) = @_;
	for my $s (1 .. $sessions) { append_to_file("$dir/$name$s.sql", join("\n", "SET statement_timeout = '60s';", map { $script->($s, $_) } 1 .. $calls) . "\n"); }
	return join('', run_scripts($node, map { "$dir/$name$_.sql" } 1 .. $sessions));
}

# Every kind of call.
is(play_scripts('busy', sub {
	my ($s, $n) = @_;
	my $call = "SELECT trial.busy($s, $n);";
	return "BEGIN; $call ROLLBACK;" if ($s + $n) % 9 == 0;
	return "BEGIN; SAVEPOINT a; $call ROLLBACK TO a; COMMIT;" if ($s + $n) % 11 == 0;
	return $call . ($n % 5 == 0 ? ' SELECT erp.expire_holds(\'BUSY\', 3);' : '');
}), '', "$sessions sessions came through");
is($node->safe_psql('postgres', q{SELECT DISTINCT outcome FROM trial.outcome WHERE outcome !~ '(done|LE050|LE200)$'}), '', 'nobody met a deadlock or a serialization error: what was done, and refusals with a reason');
cmp_ok($node->safe_psql('postgres', q{SELECT count(DISTINCT outcome) FROM trial.outcome WHERE outcome LIKE '%done'}), '>=', 9, 'calls of each kind were done');
is(violations($node), '', 'no law is broken');
diag($node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', outcome, n), ', ' ORDER BY outcome) FROM (SELECT outcome, count(*) AS n FROM trial.outcome GROUP BY outcome) t}));

# One item that everybody wants: its free quantity is split, so that takers do not meet.
is(play_scripts('hot', sub { my ($s, $n) = @_; return "SELECT trial.take('HOT', 'hot $s $n', 1);" }), '', 'everybody takes of one item');
is($node->safe_psql('postgres', q{SELECT sum(got) FROM trial.outcome WHERE item = 'HOT'}), $sessions * $calls, 'everybody got one each time');
my $slots = q{SELECT count(*) FROM erp_private.free_stock f JOIN erp_private.stock_position p USING (company_id, position_id) JOIN erp.item i USING (company_id, item_id) WHERE i.code = '%s'};
cmp_ok($node->safe_psql('postgres', sprintf($slots, 'HOT')), '>', 1, 'it was split where they met');

# Who waits in vain for a slot gets an error, and the session is as after any other: out of a transaction, or in what its own savepoint or handler leaves.
$node->safe_psql('postgres', q{SELECT trial.take('ONE', 'one', 1); SELECT erp.release('BUSY', '{"key": "one free", "lines": [{"demand": "one"}]}'); DELETE FROM trial.outcome WHERE item = 'ONE'});
$node->safe_psql('postgres', q{BEGIN; SELECT trial.take('ONE', 'held', 1); PREPARE TRANSACTION 'held'});
my ($status, $output, $error) = $node->psql('postgres', q{
	SET lock_timeout = '100ms';
	SELECT trial.take('ONE', 'in vain', 1);
	SELECT erp.reserve('BUSY', '{"key": "in vain", "demand": "in vain", "mode": "all_or_nothing", "lines": [{"item": "HOT", "quantity": 1}, {"item": "ONE", "quantity": 1}]}');
	DO $$ BEGIN
		BEGIN PERFORM trial.take('ONE', 'in vain', 1); EXCEPTION WHEN lock_not_available THEN INSERT INTO trial.outcome VALUES ('caught', 'ONE', 0); END;
	END $$;
	BEGIN; SAVEPOINT a; SELECT trial.take('ONE', 'in vain', 1); ROLLBACK TO a; INSERT INTO trial.outcome VALUES ('went on', 'ONE', 0); COMMIT;
	SELECT string_agg(outcome, ', ' ORDER BY outcome) || '; ' || (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype IN ('transactionid', 'tuple')) FROM trial.outcome WHERE item = 'ONE';
}, on_error_stop => 0);
is($output, 'caught, went on; 0', 'sessions go on after errors, and hold nothing');
is(scalar(() = $error =~ /canceling statement due to lock timeout/g), 3, 'each met its error');
is(scalar(() = $error =~ /ERROR|FATAL/g), 3, 'and no other');
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'held'});
$node->safe_psql('postgres', q{SELECT trial.take('ONE', 'after', 1)});
is($node->safe_psql('postgres', q{SELECT trim_scale(got) FROM trial.outcome WHERE item = 'ONE' AND outcome = 'take'}), 1, 'what was held is free again');

# Who waits is served before who comes later: of the one that somebody holds and gives back while who waits for it is not at work, it gets it all the same, however many come meanwhile.
sub begin_take
{
	my ($name) = @_;
	my $pid = fork();
	die 'cannot fork' unless defined $pid;
	if ($pid == 0) { exec('psql', '-X', '-q', '-d', $node->connstr('postgres'), '-o', '/dev/null', '-c', "SELECT trial.take('TURN', '$name', 1)") or POSIX::_exit(127); }
	return $pid;
}
my $waits = q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%''%s''%%' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()};
$node->safe_psql('postgres', q{SELECT trial.take('TURN', 'turn', 1); SELECT erp.release('BUSY', '{"key": "turn free", "lines": [{"demand": "turn"}]}'); DELETE FROM trial.outcome WHERE item = 'TURN'});
$node->safe_psql('postgres', q{BEGIN; SELECT trial.take('TURN', 'holder', 1); PREPARE TRANSACTION 'turn'});
my @takers = (begin_take('first'));
$node->poll_query_until('postgres', sprintf($waits, 'first') =~ s/count\(\*\)/count(*) = 1/r) or die 'nobody waits';
my $first = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE query LIKE '%''first''%' AND pid <> pg_backend_pid()});
kill 'STOP', $first;
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'turn'});
for my $later (1 .. 5)
{
	push @takers, begin_take("later $later");
	for (1 .. 200)
	{
		last if $node->safe_psql('postgres', sprintf($waits, "later $later") . qq{ UNION ALL SELECT count(*) FROM erp.reservation_call WHERE key = 'later $later'}) =~ /1/;
		usleep(50_000);
	}
}
kill 'CONT', $first;
waitpid($_, 0) for @takers;
is($node->safe_psql('postgres', q{SELECT demand FROM erp.reservation_list WHERE item_code = 'TURN'}), 'first', 'who waits is served before five that come later');

# 700 are wanted by more: the last is sold, and not twice, whatever is rolled back, prepared or killed meanwhile.
# A crash ends the sessions that there are, but not what they had prepared, and sessions that come later would wait for that for ever: who prepares
# is the one to finish it, so the killer does in the place of those that it killed. Whom it wrongs, of those that are slow, gets an error and goes on.
sub finish_prepared
{
	my ($age) = @_;
	my $psql = sprintf(q{psql -X -A -t -d '%s' 2>/dev/null}, $node->connstr('postgres'));
	for my $gid (split /\n/, `$psql -c "SELECT gid FROM pg_prepared_xacts WHERE prepared <= clock_timestamp() - interval '$age'"`) { system("$psql -c \"ROLLBACK PREPARED '$gid'\" >/dev/null"); }
}
my $killer = fork();
die 'cannot fork' unless defined $killer;
if ($killer == 0)
{
	my ($kills, $ends) = (0, 0);
	local $SIG{TERM} = sub { $ends = 1 };
	for (my $n = 1; !$ends; $n++)
	{
		usleep(700_000);
		finish_prepared('1 second');
		next if $n > 3;
		my ($out) = (`psql -X -A -t -d '@{[$node->connstr('postgres')]}' -c "SELECT pid FROM pg_stat_activity WHERE state <> 'idle' AND query LIKE '%trial.take%' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1" 2>/dev/null`);
		print {Test::More->builder->failure_output} "# killed $1\n" if defined $out && $out =~ /^(\d+)/ && kill('KILL', $1);
	}
	POSIX::_exit(0);
}
my $refusals = play_scripts('last', sub {
	my ($s, $n) = @_;
	my $take = "SELECT trial.take('LAST', 'last $s $n', 2);";
	return "BEGIN; $take ROLLBACK;" if ($s + $n) % 4 == 0;
	return "BEGIN; SAVEPOINT a; $take ROLLBACK TO a; SELECT trial.take('LAST', 'again $s $n', 1); COMMIT;" if ($s + $n) % 7 == 0;
	return "BEGIN; $take PREPARE TRANSACTION 'p$s.$n';\n" . ($n % 2 ? 'COMMIT' : 'ROLLBACK') . " PREPARED 'p$s.$n';" if ($s + $n) % 5 == 0;
	return $take;
});
kill 'TERM', $killer;
waitpid($killer, 0);
$node->poll_query_until('postgres', 'SELECT true') or die 'the server does not come back';
# What is still prepared is given back; then the rest is taken.
finish_prepared('0');
unlike($refusals, qr/statement timeout/, 'nobody waited for ever');
unlike($refusals, qr/current transaction is aborted|unexpected state/, 'no statement met a transaction that another had left open');
is(violations($node), '', 'no law is broken');
$node->safe_psql('postgres', q{SELECT trial.take('LAST', 'rest', 100000)});
is($node->safe_psql('postgres', q{SELECT trim_scale(sum(got)) FROM trial.outcome WHERE item = 'LAST'}), 700, 'it is sold out exactly');
is($node->safe_psql('postgres', q{SELECT trim_scale(reserved) || ' ' || trim_scale(available) FROM erp.stock_on_hand WHERE item_code = 'LAST'}), '700 0', 'nothing of it is free');
is(violations($node), '', 'no law is broken');
$node->stop;
done_testing();
