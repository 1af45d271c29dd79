# A posting may be prepared: it holds what it took over a crash, and is committed or given back as a whole.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use ErpNode;
use PostgreSQL::Test::Cluster;
use Test::More;

my $node = new_node('two_phase', settings => "max_prepared_transactions = 10\nfsync = on\n");
load_trial($node);
$node->safe_psql('postgres', q{SELECT trial.make_company('TWO'); SELECT trial.receive('TWO', 'stock', '2009-01-01', 'F', 10, 100)});
my $sell = q{SELECT trial.sell('TWO', '%s', '2009-01-02', 'F', 6, 20)};
sub attempt { my ($key) = @_; return $node->safe_psql('postgres', sprintf(q{SET lock_timeout = '300ms'; SELECT trial.refused($$%s$$)}, sprintf($sell, $key))); }

$node->safe_psql('postgres', sprintf("BEGIN; $sell; PREPARE TRANSACTION 'one'", 'p1'));
is($node->safe_psql('postgres', q{SELECT trial.closing('TWO', 'F')}), '10 100.00', 'what is prepared is not seen');
my $seal = q{SELECT r ->> 'sealed' FROM erp.seal_documents('TWO') r};
is($node->safe_psql('postgres', $seal), $node->safe_psql('postgres', q{SELECT count(*) FROM erp.document JOIN erp.company USING (company_id) WHERE code = 'TWO'}), 'it is not sealed, what is seen is');
$node->safe_psql('postgres', q{SELECT trial.sell('TWO', 'service', '2009-01-02', 'SV', 1, 1)});
is($node->safe_psql('postgres', $seal), '0', 'nor what was posted after it');
is(attempt('p2'), '55P03', 'but held: another sale waits');
is(attempt('p1'), '55P03', 'and so does the same key');
my ($code, $out, $error) = $node->psql('postgres', q{SET lock_timeout = '300ms'; SELECT erp.set_period_state('TWO', 'close', '{"period": "2009-01", "state": "closed"}')});
like($error, qr/lock timeout/, 'and the closing of its month');
crash($node);
is(attempt('p2'), '55P03', 'it is held over a crash');
$node->safe_psql('postgres', "COMMIT PREPARED 'one'");
is($node->safe_psql('postgres', q{SELECT trial.closing('TWO', 'F')}), '4 40.00', 'then it is committed');
is($node->safe_psql('postgres', $seal), '2', 'and both are sealed');
is($node->safe_psql('postgres', q{SELECT * FROM erp.verify_chain('TWO')}), '', 'the chain holds');
is(attempt('p2'), 'LE050', 'and the other sale refused');
is(violations($node), '', 'no law is broken');
is($node->safe_psql('postgres', q{SELECT trial.sell('TWO', 'p1', '2009-01-02', 'F', 6, 20) ->> 'document_id' = document_id::text FROM erp.document WHERE key = 'p1'}), 't', 'its key is remembered');

$node->safe_psql('postgres', q{BEGIN; SELECT trial.receive('TWO', 'early', '2009-01-01', 'F', 2, 2, '{"time": "00:00:01"}'); SELECT trial.reverse('TWO', 'undo', 'p1', '2009-01-03'); PREPARE TRANSACTION 'two'});
$node->safe_psql('postgres', "ROLLBACK PREPARED 'two'");
is($node->safe_psql('postgres', q{SELECT trial.closing('TWO', 'F')}), '4 40.00', 'what is given back leaves nothing');
is(violations($node), '', 'no law is broken');
is($node->safe_psql('postgres', q{SELECT trial.refused($$SELECT trial.reverse('TWO', 'undo', 'p1', '2009-01-03')$$)}), 'accepted', 'and may be done again');
is($node->safe_psql('postgres', q{SELECT erp.assign_numbers('TWO')}), 4, 'four vouchers are numbered');
is(violations($node), '', 'without a gap');
$node->stop;
done_testing();
