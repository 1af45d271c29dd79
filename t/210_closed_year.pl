# The company of the trading year is closed month by month, thirteen times, with a year end between: its statements are those of a
# derivation in plain SQL over the voucher lines; all of it reopened, the last month first, and closed again, they are identical.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('closed_year', bare => 1);
load_year($node, 'year', year_script($node, 'postgres', 'generate.sql', variables => ['seed=3']), 'fifo');

sub value { return $node->safe_psql('year', shift); }

# Money comes in, costs are paid and wages accrue, so that more than trade stands in the statements.
value(q{
	SELECT erp.post_documents('TRADING', json_agg(json_build_object('key', format('%s of %s', e.what, m.day), 'kind', 'manual_voucher', 'day', m.day, 'lines', json_build_array(
			json_build_object('account', e.debit, 'side', 'debit', 'amount', e.amount), json_build_object('account', e.credit, 'side', 'credit', 'amount', e.amount)))))
	  FROM generate_series('2009-12-01'::date, '2010-12-01', '1 month') AS g (month) CROSS JOIN LATERAL (SELECT (g.month + interval '20 days')::date) AS m (day)
	 CROSS JOIN (VALUES ('capital', '1010', '3000', 5000.00), ('rent', '6200', '1010', 731.50), ('wages', '6000', '2300', 2250.25), ('interest', '7000', '1010', 12.34),
		('equipment', '1500', '1010', 300.00), ('depreciation', '6300', '1590', 41.17), ('tax', '8000', '2400', 3.21)) AS e (what, debit, credit, amount)});

# What each line of the two forms is, by account; 'debit' and 'credit' count parties whose balance stands there only.
my @balance = (
	[1, '1000', '1099', 1, 'all'], [2, '1100', '1100', 1, 'debit'], [2, '2050', '2050', 1, 'debit'], [3, '1120', '1120', 1, 'all'], [4, '1150', '1150', 1, 'debit'], [4, '2000', '2000', 1, 'debit'],
	[5, '1200', '1299', 1, 'all'], [6, '1300', '1499', 1, 'all'], [8, '1500', '1589', 1, 'all'], [9, '1590', '1599', -1, 'all'], [11, '1600', '1999', 1, 'all'],
	[14, '2000', '2000', -1, 'credit'], [14, '1150', '1150', -1, 'credit'], [15, '2100', '2199', -1, 'all'], [16, '2050', '2050', -1, 'credit'], [16, '1100', '1100', -1, 'credit'],
	[17, '2200', '2299', -1, 'all'], [17, '2400', '2499', -1, 'all'], [18, '2300', '2399', -1, 'all'], [20, '2500', '2599', -1, 'all'], [22, '3000', '3099', -1, 'all']);
my @profit = ([1, '4000', '4699', -1], [2, '5000', '5999', 1], [4, '4700', '4999', -1], [5, '6000', '6099', 1], [6, '6200', '6299', 1], [7, '6300', '6399', 1], [8, '6400', '6449', 1],
	[9, '6100', '6199', 1], [9, '6450', '6999', 1], [11, '7000', '7999', 1], [13, '8000', '8999', 1]);
sub rows { return join(', ', map { my @r = @$_; '(' . join(', ', $r[0], "'$r[1]'", "'$r[2]'", $r[3], $#r > 3 ? "'$r[4]'" : "'all'") . ')' } @_); }
value(q{
	CREATE VIEW plain_line AS
	SELECT l.day, a.code, l.party_id, CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END AS amount,
	       d.kind IN ('profit_transfer', 'year_transfer') OR EXISTS (SELECT FROM erp.document o WHERE o.company_id = d.company_id AND o.document_id = d.reverses_document_id
		AND o.kind IN ('profit_transfer', 'year_transfer')) AS closes
	  FROM erp.company c JOIN erp.voucher_line l USING (company_id) JOIN erp.account a USING (company_id, account_id)
	  JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.voucher_id
	 WHERE c.code = 'TRADING'});
value('CREATE VIEW plain_balance AS SELECT m.last_day, f.line_no, sum(f.sign * p.balance) AS amount
	FROM erp.period m CROSS JOIN (VALUES ' . rows(@balance) . ") AS f (line_no, from_code, to_code, sign, parties)
	CROSS JOIN LATERAL (SELECT sum(l.amount) AS balance FROM plain_line l WHERE l.day <= m.last_day AND l.code BETWEEN f.from_code AND f.to_code
		GROUP BY CASE WHEN f.parties <> 'all' THEN l.party_id END) p
	WHERE CASE f.parties WHEN 'debit' THEN p.balance > 0 WHEN 'credit' THEN p.balance < 0 ELSE true END GROUP BY m.last_day, f.line_no");
value('CREATE VIEW plain_profit AS SELECT m.last_day, f.line_no, sum(f.sign * l.amount) FILTER (WHERE l.day >= m.first_day) AS month, sum(f.sign * l.amount) AS year
	FROM (SELECT m.*, y.first_day AS year_begins FROM erp.period m JOIN erp.fiscal_year y USING (company_id, fiscal_year_id)) m
	CROSS JOIN (VALUES ' . rows(@profit) . ') AS f (line_no, from_code, to_code, sign, parties)
	JOIN plain_line l ON NOT l.closes AND l.day BETWEEN m.year_begins AND m.last_day AND l.code BETWEEN f.from_code AND f.to_code
	GROUP BY m.last_day, f.line_no');
# Equity beyond the capital is what is left of all other balances: by month ends, whatever was transferred.
my $differences = q{
	SELECT p.code, s.template, s.line_no, s.column_no, s.amount, s.derived FROM (
		SELECT y.last_day, 'balance' AS template, t.line_no, t.column_no, t.amount, COALESCE(b.amount, 0) AS derived
		  FROM erp.period y CROSS JOIN LATERAL erp.statement('TRADING', 'en_balance_sheet', y.code, columns => '["period"]') t
		  LEFT JOIN plain_balance b ON b.last_day = y.last_day AND b.line_no = t.line_no
		 WHERE t.line_no IN (1, 2, 3, 4, 5, 6, 8, 9, 11, 14, 15, 16, 17, 18, 20, 22)
		UNION ALL
		SELECT y.last_day, 'profit', t.line_no, t.column_no, t.amount, COALESCE(CASE t.column_no WHEN 1 THEN r.month ELSE r.year END, 0)
		  FROM erp.period y CROSS JOIN LATERAL erp.statement('TRADING', 'en_profit', y.code, columns => '["period", "year_to_date"]') t
		  LEFT JOIN plain_profit r ON r.last_day = y.last_day AND r.line_no = t.line_no
		 WHERE t.line_no IN (1, 2, 4, 5, 6, 7, 8, 9, 11, 13)) s
	  JOIN erp.period p ON p.last_day = s.last_day
	 WHERE s.amount <> s.derived AND s.last_day < '2011-01-01'};
my $equity = q{
	SELECT y.code, e.amount, d.amount FROM erp.period y
	 CROSS JOIN LATERAL (SELECT sum(t.amount) AS amount FROM erp.statement('TRADING', 'en_balance_sheet', y.code, columns => '["period"]') t WHERE t.line_no IN (23, 24, 25)) e
	 CROSS JOIN LATERAL (SELECT -COALESCE(sum(l.amount), 0) AS amount FROM plain_line l WHERE l.day <= y.last_day AND l.code >= '3100') d
	 WHERE e.amount <> d.amount AND y.last_day < '2011-01-01'};
my $checks = q{SELECT y.code, f.* FROM erp.period y CROSS JOIN (VALUES ('en_balance_sheet'), ('en_profit')) AS t (template)
	CROSS JOIN LATERAL erp.statement_checks('TRADING', t.template, y.code) f WHERE y.last_day < '2011-01-01'};
my $printed = q{SELECT md5(string_agg(s::text, E'\n' ORDER BY y.first_day, t.template, s.line_no, s.column_no)) FROM erp.period y CROSS JOIN (VALUES ('en_balance_sheet'), ('en_profit')) AS t (template)
	CROSS JOIN LATERAL erp.statement('TRADING', t.template, y.code) s WHERE y.last_day < '2011-01-01'};
my $balances = q{SELECT md5(string_agg(b::text, E'\n' ORDER BY y.first_day, b.account_code)) FROM erp.period y
	CROSS JOIN LATERAL erp.balances_as_of('TRADING', y.last_day) b WHERE y.last_day < '2011-01-01'};

sub right
{
	my ($when) = @_;
	is(value($differences), '', "$when: the statements are those of the derivation");
	is(value($equity), '', "$when: and so is the equity");
	is(value($checks), '', "$when: the checks of the forms hold");
}

my @months = split(/\n/, value(q{SELECT code FROM erp.period WHERE last_day < '2011-01-01' ORDER BY first_day}));
is(scalar(@months), 13, 'thirteen months');

sub close_all
{
	my ($attempt) = @_;
	for my $month (@months)
	{
		is(value("SELECT erp.close_month('TRADING', 'close $month, $attempt', '{\"period\": \"$month\"}') ->> 'state'"), 'closed', "attempt $attempt: $month is closed");
		next if $month ne '2010-11';
		is(value("SELECT erp.close_year('TRADING', 'close the year, $attempt', '{\"year\": \"FY2010\"}') ->> 'state'"), 'closed', "attempt $attempt: the year is closed");
	}
}

right('open');
close_all(1);
right('closed');
cmp_ok(value(q{SELECT count(DISTINCT line_no) FROM plain_profit WHERE month <> 0}), '>=', 7, 'many lines have figures');
my ($statements, $books) = (value($printed), value($balances));

for my $month (reverse @months)
{
	value(q{SELECT erp.reopen_year('TRADING', 'reopen the year', '{"year": "FY2010", "reason": "to be closed again"}')}) if $month eq '2010-11';
	value("SELECT erp.reopen_month('TRADING', 'reopen $month', '{\"period\": \"$month\", \"reason\": \"to be closed again\"}')");
}
right('reopened');
close_all(2);
right('closed again');
is(value($printed), $statements, 'closed again, the statements are identical');
is(value($balances), $books, 'and all balances');
is(value('SELECT count(*) FROM erp.check_integrity()'), '0', 'no law is broken');
done_testing();
