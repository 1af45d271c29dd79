# Folding goes by what is under way in its own database: an open transaction there holds it up, one elsewhere in the cluster does not.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use Test::More;

my $node = new_node('fold_elsewhere', settings => "autovacuum = off\nmax_prepared_transactions = 2\n");
load_trial($node);
$node->safe_psql('postgres', q{SELECT trial.make_company('FOLD')});
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
my $amount = 0;
# Posts another voucher and folds; how many vouchers that took.
sub fold
{
	$amount++;
	$node->safe_psql('postgres', qq{SELECT erp.post_document('FOLD', '{"key": "v$amount", "kind": "manual_voucher", "day": "2009-01-05", "lines": [
		{"account": "6000", "side": "debit", "amount": $amount}, {"account": "1000", "side": "credit", "amount": $amount}]}')});
	return $node->safe_psql('postgres', q{SELECT erp.fold_balances('FOLD')});
}
sub folded { return $node->safe_psql('postgres', q{SELECT debits[1]::integer FROM erp_private.folded_balance JOIN erp_private.balance_key USING (company_id, balance_key_id) JOIN erp.account USING (company_id, account_id) WHERE code = '6000'}); }
sub balance { return $node->safe_psql('postgres', q{SELECT erp.account_balance('FOLD', '6000', NULL)::integer}); }

is(fold(), '1', 'a voucher is folded');
my $elsewhere = $node->background_psql('elsewhere', on_error_stop => 0);
$elsewhere->query_safe('BEGIN; SELECT pg_current_xact_id()');
is(fold(), '1', 'while a transaction is open in another database');
# 1 + 2
is(folded(), '3', 'all is folded');
is(balance(), '3', 'and read once');
my $here = $node->background_psql('postgres', on_error_stop => 0);
$here->query_safe('BEGIN; SELECT pg_current_xact_id()');
is(fold(), '0', 'nothing is while one is open in this database');
is(balance(), '6', 'what is not folded is read');
$here->query_safe('COMMIT');
is(fold(), '2', 'it is when that has ended');
# 1 + 2 + 3 + 4
is(folded(), '10', 'all of it');
is(balance(), '10', 'once');
$node->safe_psql('elsewhere', q{BEGIN; CREATE TABLE t (); PREPARE TRANSACTION 'elsewhere'});
is(fold(), '0', 'a prepared one holds it up wherever it is');
is(balance(), '15', 'what is not folded is read');
$node->safe_psql('elsewhere', q{COMMIT PREPARED 'elsewhere'});
is(fold(), '2', 'until it has ended');
is(balance(), '21', 'all is read once');
is(violations($node), '', 'the books are whole');
$elsewhere->quit;
$here->quit;
$node->stop;
done_testing();
