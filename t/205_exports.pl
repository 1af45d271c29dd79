# Exports of the books, read back by the programs that they are for: of random histories, with foreign currencies, red letters and
# settlements, hledger and ledger find each balance that the books have, in each currency and at cost.
use strict;
use warnings;
use utf8;
use Encode qw(decode encode);
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('exports');
my $work = PostgreSQL::Test::Utils::tempdir();
my @seeds = split(/ /, $ENV{EXPORT_SEEDS} // '1 2 3 4 5');

sub exported
{
	my ($company, $first, $last, $format) = @_;
	my $file = "$work/$company.$format";
	my ($text, $errors) = ('', '');
	IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-c',
			"SET client_min_messages = warning; SELECT erp.export_books('$company', '$first', '$last', '$format')"],
		'>', \$text, '2>', \$errors) or die $errors;
	open(my $handle, '>', $file) or die $!;
	print $handle $text;
	close($handle);
	return $file;
}

# Balances of the books as lines "code amount currency", without zeros: in each currency, or in the company's.
sub balances_of_books
{
	my ($company, $last, $atCost) = @_;
	my $balance = $atCost ? 'sum(b.balance)' : 'sum(b.currency_balance)';
	my $currency = $atCost ? 'c.currency' : 'b.currency';
	return join("\n", sort split(/\n/, $node->safe_psql('postgres', qq{
		SELECT b.account_code || ' ' || trim_scale($balance) || ' ' || $currency
		  FROM erp.balances_as_of('$company', '$last') b JOIN erp_private.company_money c ON c.company = '$company'
		 GROUP BY b.account_code, $currency HAVING $balance <> 0})));
}

# What a program prints of a journal, brought to the same form. hledger prints a line of CSV for each account, ledger a line for each
# currency, the last of an account with its name.
sub balances_read
{
	my ($program, $file, @options) = @_;
	my ($output, $errors) = ('', '');
	my @command = $program eq 'hledger' ? (qw(hledger -f), $file, qw(bal --flat -N -O csv), @options) : (qw(ledger -f), $file, qw(bal --flat --no-total), @options);
	local $ENV{LC_ALL} = 'C.UTF-8';
	IPC::Run::run(\@command, '>', \$output, '2>', \$errors) or return "refused: $errors";
	my (@rows, @amounts);
	for my $line (split(/\n/, $output))
	{
		my ($code, $amounts) = $program eq 'hledger' ? $line =~ /^"(?:.*:)?(\S+) [^:]*","(.*)"$/ : $line =~ /^ *(-?[\d.]+ \S+)  (?:.*:)?(\S+) [^:]*$/ ? ($2, $1) : ('', $line =~ s/^ *//r);
		next unless defined $amounts;
		push @amounts, split(/, /, $amounts);
		next if $code eq '';
		for (@amounts)
		{
			my ($amount, $currency) = /^(-?[\d.]+) (\S+)$/ or next;
			$amount =~ s/\.?0+$// if $amount =~ /\./;
			push @rows, "$code $amount $currency" if $amount ne '0';
		}
		@amounts = ();
	}
	return join("\n", sort @rows);
}

# A document of GB/T 24589.1 of company ODD, checked by the schema; as text where it is in UTF-8.
sub exported_xml
{
	my ($root, $encoding) = @_;
	my $file = "$work/$encoding.xml";
	my $errors = '';
	my $output = '';
	local $ENV{PGCLIENTENCODING} = $encoding eq 'UTF-8' ? 'UTF8' : $encoding;
	IPC::Run::run(['psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres'), '-o', $file, '-f', '-'], '<',
		\encode($encoding eq 'UTF-8' ? 'UTF-8' : 'cp936', "SET client_min_messages = warning; SELECT * FROM erp.export_gbt24589('ODD', '2009', '$root', '$encoding');"),
		'2>', \$errors) or die $errors;
	IPC::Run::run(['xmllint', '--noout', '--schema', "$FindBin::RealBin/../tools/gbt24589.xsd", $file], '>', \$output, '2>', \$errors);
	like($errors, qr/validates$/, ($root eq '总账' ? 'ledger' : 'archives') . " in $encoding: as the schema has it");
	return decode('UTF-8', slurp_file($file));
}

# In each currency but the company's: what has no amount in a foreign currency is read as one of the company's.
sub foreign
{
	my ($text, $currency) = @_;
	return join("\n", grep { !/ \Q$currency\E$/ } split(/\n/, $text));
}

load_trial($node);
for my $seed (@seeds)
{
	play($node, $seed);
	my $company = "SEED$seed";
	my ($currency, $first, $middle, $last) = split(/\|/, $node->safe_psql('postgres', qq{
		SELECT c.currency, min(j.day), min(j.day) + (max(j.day) - min(j.day)) / 2, max(j.day)
		  FROM erp_private.company_money c JOIN erp.journal j ON j.company = c.company WHERE c.company = '$company' GROUP BY c.currency}));
	for my $from ($first, $middle)
	{
		for my $program (qw(hledger ledger))
		{
			my $file = exported($company, $from, $last, $program);
			is(balances_read($program, $file, '-B'), balances_of_books($company, $last, 1), "seed $seed from $from: $program finds the balances");
			is(foreign(balances_read($program, $file), $currency), foreign(balances_of_books($company, $last, 0), $currency),
				"seed $seed from $from: $program finds them in other currencies");
		}
	}
}

# Names and texts that mean something to these programs; a yen has no decimals; red letters; an account below a heading.
$node->safe_psql('postgres', q{
	SELECT trial.make_company('ODD');
	SELECT erp.put_accounts('ODD', 'odd', '[
		{"code": "7000", "name": "Heading: of  ; odd [2026-13-99] (names)", "class": "expense", "side": "debit", "postable": false},
		{"code": "7001", "name": "* a \"quoted\" one | = @ 5 EUR", "class": "expense", "side": "debit", "parent": "7000"}]');
	SELECT erp.post_document('ODD', '{"key": "x; [2009-99-99] (y)", "kind": "manual_voucher", "day": "2009-01-15", "description": "* ! (a)  ; b [2009-99-99] date:never  = 1",
		"lines": [{"account": "7001", "side": "debit", "amount": 12.34, "description": "* ! (a)  ; b [2009-99-99] date:never  = 1"}, {"account": "1000", "side": "credit", "amount": 12.34}]}');
	SELECT erp.post_document('ODD', '{"key": "red", "kind": "manual_voucher", "day": "2009-02-15", "currency": "JPY", "rate": 0.0075,
		"lines": [{"account": "7001", "side": "debit", "amount": -200}, {"account": "1000", "side": "debit", "amount": 200}]}');
});
for my $program (qw(hledger ledger))
{
	my $file = exported('ODD', '2009-01-01', '2009-02-28', $program);
	is(balances_read($program, $file, '-B'), "1000 -10.84 GBP\n7001 10.84 GBP", "$program reads odd names and texts");
	is(balances_read($program, $file), "1000 -12.34 GBP\n1000 200 JPY\n7001 -200 JPY\n7001 12.34 GBP", "$program reads both currencies");
	my $journal = slurp_file($file);
	$journal =~ s/^2009-02-15.*?\n\n//ms or die 'no such voucher';
	open(my $handle, '>', $file) or die $!;
	print $handle $journal;
	close($handle);
	like(balances_read($program, $file), qr/^refused/, "$program finds that a voucher is missing");
}

# GB/T 24589.1: both documents are as the schema has them, in the encoding that they name, and say what the books say.
my $odd = exported_xml('总账', 'UTF-8');
my @lines = $odd =~ m{<记账凭证>(.*?)</记账凭证>}g;
is(scalar(@lines), 4, 'each line of a voucher is an element');
is(join(' ', map { m{<科目编号>(\d+)<.*<借方原币金额>([-\d.]+)<.*<借方本币金额>([-\d.]+)<.*<贷方本币金额>([-\d.]+)<} } @lines),
	'7001 12.34 12.34 0.00 1000 0.00 0.00 12.34 7001 -200.00 -1.50 0.00 1000 200.00 1.50 0.00', 'with its amounts, in red too');
my @december = map { m{<科目编号>(\d+)<.*<期末余额方向>(.)<.*<币种编码>(\w+)<.*<期末原币余额>([-\d.]+)<.*<期末本币余额>([-\d.]+)<} }
  grep { m{<会计期间号>12<} } $odd =~ m{<科目余额及发生额>(.*?)</科目余额及发生额>}g;
is(join(' ', @december), '1000 贷 GBP 12.34 12.34 1000 借 JPY 200.00 1.50 7001 借 GBP 12.34 12.34 7001 贷 JPY 200.00 1.50', 'and balances stand on their side');
like(exported_xml('公共档案', 'UTF-8'), qr{<会计期间><会计年度>2009</会计年度><会计期间号>2</会计期间号><会计期间起始日期>20090201<}, 'periods have their days');
exported_xml($_, 'GB18030') for qw(总账 公共档案);

# CSV, read back by the server: sums of both columns, texts as they were.
my $csv = exported('ODD', '2009-01-01', '2009-12-31', 'csv');
$node->safe_psql('postgres', 'CREATE TABLE read_back (' . join(', ', map { "$_ text" } split(/,/, (split(/\n/, slurp_file($csv)))[0])) . ')');
IPC::Run::run(['psql', '-X', '-q', '-d', $node->connstr('postgres'), '-c', '\copy read_back FROM PSTDIN (FORMAT csv, HEADER)'], '<', $csv) or die 'not read back';
is($node->safe_psql('postgres', q{SELECT string_agg(format('%s %s %s %s %s', account_code, side, company_amount, currency, amount), ';' ORDER BY day, line_no) FROM read_back}),
	'7001 debit 12.34 GBP 12.34;1000 credit 12.34 GBP 12.34;7001 debit -1.50 JPY -200;1000 debit 1.50 JPY 200', 'CSV has the lines');
is($node->safe_psql('postgres', q{SELECT count(*) FROM read_back r JOIN erp.journal j ON j.voucher_id = r.voucher_id::bigint AND j.line_no = r.line_no::integer
	WHERE j.summary = r.summary AND j.account_name = r.account_name AND j.document_key = r.document_key}), '4', 'CSV has texts as they are');
done_testing();
