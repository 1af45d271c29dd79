# Many sessions settle, undo, pay and reverse the same few open items at once, under READ COMMITTED and REPEATABLE READ: nobody
# meets a deadlock, under READ COMMITTED nobody a serialization error, and no item is settled beyond its amount.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my ($sessions, $calls) = (32, 10);
my $node = new_node('settle', settings => "fsync = off\nsynchronous_commit = off\ndeadlock_timeout = 200ms\n");
$node->safe_psql('postgres', q{
	CREATE SCHEMA trial;
	SELECT erp.create_company('BUSY', 'company', '{"name": "Busy", "currency": "GBP", "chart": "english"}');
	SELECT erp.create_fiscal_year('BUSY', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	SELECT erp.put_parties('BUSY', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}]');
	SELECT erp.put_company('BUSY', 'limit', '{"write_off_limit": 5}');
	SELECT erp.put_series('BUSY', 'series', '[{"code": "ST", "target": "settlement", "scope": "ever", "mode": "immediate"}]');
	-- Twelve debits and twelve credits in dollars, each at a rate of its own.
	SELECT erp.post_document('BUSY', json_build_object('key', 'd' || i, 'kind', 'manual_voucher', 'day', '2026-01-05', 'currency', 'USD', 'rate', 0.7 + i * 0.01,
		'lines', json_build_array(json_build_object('account', '1100', 'party', 'C1', 'side', 'debit', 'amount', a), json_build_object('account', '4800', 'side', 'credit', 'amount', a))))
	FROM generate_series(0, 23) i, LATERAL (SELECT CASE WHEN i < 12 THEN 100 + i ELSE -40 - i END) s (a);
	CREATE TABLE trial.outcome (outcome text);
	CREATE FUNCTION trial.busy(p_session integer, p_n integer) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		code text := 'done';
		dice integer := hashint4(p_session * 1000 + p_n) & 1023;
		key text := p_session || '-' || p_n;
		items json := json_build_array(json_build_object('key', 'd' || dice % 12), json_build_object('key', 'd' || 12 + dice / 3 % 12, 'write_off', dice % 2 = 0), json_build_object('key', 'd' || dice / 7 % 12));
	BEGIN
		BEGIN
			CASE
				WHEN dice % 5 = 0 THEN PERFORM erp.unsettle('BUSY', key, json_build_object('day', '2026-01-10', 'key', (SELECT d.key FROM erp.document d WHERE d.kind = 'administration' AND d.description = 'settle' ORDER BY md5(d.key || p_session || p_n) LIMIT 1)));
				WHEN dice % 7 = 0 THEN PERFORM erp.post_document('BUSY', json_build_object('key', key, 'kind', 'customer_payment', 'day', '2026-01-10', 'party', 'C1', 'currency', 'USD', 'rate', 0.9,
					'lines', json_build_array(json_build_object('amount', 1 + p_n)), 'settles', json_build_array(json_build_object('key', 'd' || dice % 12))));
				WHEN dice % 11 = 0 THEN PERFORM erp.reverse_document('BUSY', json_build_object('key', key, 'reverses', 'd' || dice % 24, 'day', '2026-01-10'));
				ELSE PERFORM erp.settle('BUSY', key, json_build_object('day', '2026-01-10', 'items', items));
			END CASE;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
		END;
		INSERT INTO trial.outcome VALUES (current_setting('transaction_isolation') || ' ' || code);
	END $$;
});
my $dir = PostgreSQL::Test::Utils::tempdir;
for my $s (1 .. $sessions)
{
	my $level = $s % 4 == 0 ? "SET default_transaction_isolation = 'repeatable read';\n" : '';
	append_to_file("$dir/$s.sql", $level . join('', map { "SELECT trial.busy($s, $_);\n" } 1 .. $calls));
}
is(join('', run_scripts($node, map { "$dir/$_.sql" } 1 .. $sessions)), '', "$sessions sessions came through");
is($node->safe_psql('postgres', 'SELECT count(*) FROM trial.outcome'), $sessions * $calls, 'every call had an outcome');
is($node->safe_psql('postgres', q{SELECT DISTINCT outcome FROM trial.outcome WHERE outcome !~ '(done|LE011|LE052|LE09[0-5])$|^repeatable read 40001$'}), '', 'nothing but what was done, and refusals with a reason (immediate numbers are not for REPEATABLE READ)');
cmp_ok($node->safe_psql('postgres', q{SELECT count(*) FROM trial.outcome WHERE outcome LIKE '%done'}), '>', 20, 'some was done');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.open_items_by_party WHERE open_amount * sign(amount) < 0 OR abs(open_amount) > abs(amount)}), 0, 'no item is settled beyond its amount');
is(violations($node), '', 'no law is broken');
is($node->safe_psql('postgres', q{SELECT count(*) = max(number) FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id) WHERE s.code = 'ST'}), 't', 'the numbers of settlements have no gap');
diag($node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', outcome, n), ', ' ORDER BY outcome) FROM (SELECT outcome, count(*) AS n FROM trial.outcome GROUP BY outcome) t}));
$node->stop;
done_testing();
