# 64 sessions sell at once: few items, few customers with limits of credit; orders are placed, changed, shipped, billed, paid, given back, cancelled and let go,
# goods come for what waits, and sales go over the counter. Then the same while backends are killed with -9. Nobody meets a deadlock or a serialization error,
# no law is broken, what was acknowledged is there, orders are what was posted for them, and in every snapshot what sales sees reserved is what the warehouse has.
# SESSIONS, CALLS.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use POSIX ();
use Time::HiRes qw(usleep);

my ($sessions, $calls) = ($ENV{SESSIONS} || 64, $ENV{CALLS} || 8);
my $node = new_node('orders', settings => "fsync = off\ndeadlock_timeout = 500ms\nmax_connections = 200\nrestart_after_crash = on\n");
$node->safe_psql('postgres', q{
	CREATE SCHEMA trial;
	SELECT erp.create_company('BUSY', 'company', '{"name": "Busy", "currency": "GBP", "chart": "english"}');
	SELECT erp.create_fiscal_year('BUSY', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	SELECT erp.put_parties('BUSY', 'parties', '[{"code": "C1", "name": "1", "roles": ["customer"]}, {"code": "C2", "name": "2", "roles": ["customer"], "credit_limit": 60, "credit_check": "hold"},
		{"code": "C3", "name": "3", "roles": ["customer"], "credit_limit": 90, "credit_check": "refuse"}, {"code": "S", "name": "Supplier", "roles": ["supplier"]}]');
	SELECT erp.put_items('BUSY', 'items', (SELECT json_agg(json_build_object('code', c, 'name', c, 'kind', 'stock', 'method', CASE c WHEN 'B' THEN 'moving_average' ELSE 'fifo' END)) FROM unnest('{A,B,C,D}'::text[]) c));
	SELECT erp.post_document('BUSY', '{"key": "stock", "kind": "goods_receipt", "day": "2026-01-05", "party": "S", "lines": [{"item": "A", "quantity": 40, "price": 1}, {"item": "B", "quantity": 40, "price": 2}, {"item": "C", "quantity": 20, "price": 3}]}');
	CREATE TABLE trial.outcome (key text, outcome text);
	-- Some order by chance, or one that is not there.
	CREATE FUNCTION trial.order_in(p_states text[], p_dice integer) RETURNS text LANGUAGE sql AS $$
		SELECT coalesce((SELECT order_code FROM erp.order_list WHERE company = 'BUSY' AND state = ANY (p_states) ORDER BY hashtext(order_code || p_dice) LIMIT 1), 'none')
	$$;
	CREATE FUNCTION trial.call(p_key text, p_dice integer) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		lines json := (SELECT json_agg(json_build_object('item', i, 'quantity', 1 + p_dice / 7 % 3, 'price', 5)) FROM unnest((ARRAY['{A,B,C}', '{C,A}', '{B}', '{D,B,A}', '{B,D}'])[1 + p_dice % 5]::text[]) i);
		customer text := 'C' || 1 + p_dice / 3 % 3;
		name text;
	BEGIN
		CASE p_dice / 11 % 12
			WHEN 0, 1, 2 THEN PERFORM erp.place_order('BUSY', p_key, json_build_object('party', customer, 'day', '2026-01-10', 'priority', p_dice % 3, 'lines', lines)); RETURN 'place';
			WHEN 3, 4 THEN PERFORM erp.ship_order('BUSY', p_key, json_build_object('order', trial.order_in('{confirmed}', p_dice), 'day', '2026-01-11')); RETURN 'ship';
			WHEN 5, 6 THEN PERFORM erp.invoice_orders('BUSY', p_key, json_build_object('orders', json_build_array(trial.order_in('{confirmed}', p_dice)), 'day', '2026-01-12')); RETURN 'bill';
			WHEN 7 THEN PERFORM erp.post_document('BUSY', json_build_object('key', p_key, 'kind', 'goods_receipt', 'day', '2026-01-10', 'party', 'S', 'lines',
					(SELECT json_agg(json_build_object('item', i, 'quantity', 6, 'price', 1)) FROM unnest('{D,C,B,A}'::text[]) i))); RETURN 'receive';
			WHEN 8 THEN PERFORM erp.cancel_order('BUSY', p_key, json_build_object('order', trial.order_in('{confirmed,held}', p_dice), 'reason', 'no more')); RETURN 'cancel';
			WHEN 9 THEN
				IF p_dice % 2 = 0 THEN
					PERFORM erp.order_to_cash('BUSY', p_key, json_build_object('party', customer, 'day', '2026-01-10', 'lines', lines, 'payment', json_build_object('role', 'bank'))); RETURN 'counter';
				END IF;
				PERFORM erp.release_order('BUSY', p_key, json_build_object('order', trial.order_in('{held}', p_dice), 'reason', 'paid')); RETURN 'release';
			WHEN 10 THEN PERFORM erp.change_order('BUSY', p_key, json_build_object('order', trial.order_in('{confirmed}', p_dice), 'day', '2026-01-10', 'lines', json_build_array(json_build_object('line', 1, 'quantity', 1 + p_dice / 7 % 4)))); RETURN 'change';
			ELSE
				SELECT d.key INTO name FROM erp.document d JOIN erp.company c USING (company_id)
				 WHERE c.code = 'BUSY' AND d.kind IN ('sales_invoice', 'shipment') AND d.reverses_document_id = 0 ORDER BY hashtext(d.key || p_dice) LIMIT 1;
				PERFORM erp.reverse_document('BUSY', json_build_object('key', p_key, 'reverses', coalesce(name, 'none'), 'day', '2026-01-15')); RETURN 'reverse';
		END CASE;
	END $$;
	-- One call; what it was refused for is an outcome. The row of an outcome is there with what the call did, or neither is.
	CREATE FUNCTION trial.sell(p_run text, p_session integer, p_n integer) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		code text; message text; did text;
		name text := format('%s-%s-%s', p_run, p_session, p_n);
	BEGIN
		BEGIN
			did := trial.call(name, hashtext(name) & 1048575) || ' done';
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
			did := CASE WHEN code LIKE 'LE%' THEN 'refused ' || code ELSE code || ' ' || message END;
		END;
		INSERT INTO trial.outcome VALUES (name, did);
		RETURN name;
	END $$;
	-- What sales sees against what the warehouse sees, in one snapshot: items where they differ.
	CREATE FUNCTION trial.differs() RETURNS bigint LANGUAGE sql STABLE AS $$
		SELECT count(*) FROM (SELECT item_code, sum(reserved) AS seen FROM erp.order_lines WHERE company = 'BUSY' GROUP BY 1) s
		  FULL JOIN (SELECT item_code, sum(reserved) AS has FROM erp.stock_on_hand WHERE company = 'BUSY' GROUP BY 1) w USING (item_code) WHERE coalesce(s.seen, 0) <> coalesce(w.has, 0)
	$$;
	CREATE TABLE trial.seen (differs bigint);
});
my $dir = PostgreSQL::Test::Utils::tempdir;

sub sell_all
{
	my ($run) = @_;
	for my $s (1 .. $sessions)
	{
		append_to_file("$dir/$run$s.sql", join("\n", "SET statement_timeout = '90s'; SET client_min_messages = error;", map { "SELECT trial.sell('$run', $s, $_);" . ($_ % 4 == 0 ? ' INSERT INTO trial.seen SELECT trial.differs();' : '') } 1 .. $calls) . "\n");
	}
	return join('', run_scripts($node, map { "$dir/$run$_.sql" } 1 .. $sessions));
}
# Orders against what was posted for them, and customers against their limits.
my $orders = q{
	SELECT count(*) FROM erp.sales_order_line l JOIN erp.company c USING (company_id)
	 CROSS JOIN LATERAL (SELECT coalesce(sum(k.quantity) FILTER (WHERE k.link = 'ships'), 0) AS shipped, coalesce(sum(k.quantity) FILTER (WHERE k.link = 'bills'), 0) AS billed
		FROM erp.sales_order_link k WHERE k.company_id = l.company_id AND k.sales_order_id = l.sales_order_id AND k.order_line_no = l.line_no) s
	 WHERE c.code = 'BUSY' AND (l.shipped, l.billed) <> (s.shipped, s.billed)};
my $beyond = q{SELECT string_agg(format('%s %s', o.order_code, l.line_no), ', ') FROM erp.order_list o JOIN erp.order_lines l USING (company, order_code)
	 WHERE o.company = 'BUSY' AND o.state IN ('confirmed') AND l.reserved + l.expected + l.required > l.to_ship};

is(sell_all('quiet'), '', "$sessions sessions came through");
is($node->safe_psql('postgres', q{SELECT DISTINCT outcome FROM trial.outcome WHERE outcome !~ '( done|refused LE...)$'}), '', 'nobody met a deadlock or a serialization error: what was done, and refusals with a reason');
cmp_ok($node->safe_psql('postgres', q{SELECT count(DISTINCT outcome) FROM trial.outcome WHERE outcome LIKE '% done'}), '>=', 9, 'calls of each kind were done');
is($node->safe_psql('postgres', 'SELECT coalesce(sum(differs), 0) FROM trial.seen'), '0', 'in every snapshot sales sees what the warehouse has');
is($node->safe_psql('postgres', $orders), '0', 'orders are what was posted for them');
is($node->safe_psql('postgres', $beyond), '', 'nothing is held beyond what is to be shipped');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.requirement_list r JOIN erp.stock_on_hand s USING (company, item_code) WHERE r.company = 'BUSY' AND s.available > 0}), '0', 'nothing waits beside goods that came for it')
	if $node->safe_psql('postgres', q{SELECT erp.serve_requirements('BUSY', 100)}) ne '';
is(violations($node), '', 'no law is broken');
diag($node->safe_psql('postgres', q{SELECT string_agg(format('%s %s', outcome, n), ', ' ORDER BY outcome) FROM (SELECT outcome, count(*) AS n FROM trial.outcome GROUP BY outcome) t}));

# The same while backends are killed.
my $killer = fork();
die 'cannot fork' unless defined $killer;
if ($killer == 0)
{
	for (1 .. 4)
	{
		usleep(900_000);
		my ($out) = (`psql -X -A -t -d '@{[$node->connstr('postgres')]}' -c "SELECT pid FROM pg_stat_activity WHERE state <> 'idle' AND query LIKE '%trial.sell%' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1" 2>/dev/null`);
		kill('KILL', $1) if defined $out && $out =~ /^(\d+)/;
	}
	POSIX::_exit(0);
}
my $lost = sell_all('killed');
waitpid($killer, 0);
$node->poll_query_until('postgres', 'SELECT true');
unlike($lost, qr/ERROR:  (?!canceling)/, 'sessions end with their server, not with an error');
is($node->safe_psql('postgres', q{SELECT DISTINCT outcome FROM trial.outcome WHERE outcome !~ '( done|refused LE...)$'}), '', 'nor did any call');
is($node->safe_psql('postgres', q{SELECT count(*) FROM trial.outcome o WHERE o.outcome LIKE '% done' AND NOT EXISTS (SELECT 1 FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'BUSY' AND d.key = o.key)}), '0', 'what was acknowledged is there');
is($node->safe_psql('postgres', q{SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'BUSY' AND d.key ~ '^(quiet|killed)-[0-9]+-[0-9]+$' AND NOT EXISTS (SELECT 1 FROM trial.outcome o WHERE o.key = d.key AND o.outcome LIKE '% done')}), '0', 'and nothing else');
is($node->safe_psql('postgres', $orders), '0', 'orders are what was posted for them, still');
is(violations($node), '', 'and no law is broken');
done_testing();
