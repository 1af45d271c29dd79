# The program that verifies an exported journal without a database: whole exports hold, whatever is altered is named.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use Digest::SHA qw(sha256_hex);
use Encode qw(encode);
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/..";
my $directory = PostgreSQL::Test::Utils::tempdir;
my ($made, $complaints) = ('', '');
ok(IPC::Run::run(['make', '-s', '-C', "$tree/tools", "OUT=$directory"], '>', \$made, '2>', \$complaints), 'the program is built') or diag($made . $complaints);

my $node = new_node('journal');
load_trial($node);
play($node, 41 .. 42);
$node->safe_psql('postgres', q{SELECT trial.make_company('NEVER'); SELECT trial.receive('NEVER', 'r' || i, '2009-01-05', 'F', i, 10) FROM generate_series(1, 3) i});
my $company = 'SEED41';
$node->safe_psql('postgres', q{SELECT trial.receive('SEED41', 'special', '2009-12-01', 'F', 3, 10, '{"description": "Ünï \" \\\\ \t 汉字 / </x>"}')});
$node->poll_query_until('postgres', 'SELECT NOT EXISTS (SELECT FROM erp.document WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot()))');
$node->safe_psql('postgres', "CALL erp.run_seal('$company', 7)");
my ($count, $head) = split /\|/, $node->safe_psql('postgres', "SELECT h.position, h.hash FROM erp.seal_head('$company') h");
cmp_ok($count, '>', 20, 'documents are sealed, in steps');
is($node->safe_psql('postgres', "SELECT * FROM erp.verify_chain('$company')"), '', 'the chain holds');
my @journal = split /^/, $node->safe_psql('postgres', "SELECT erp.export_journal('$company')") . "\n";
is(scalar(@journal), $count, 'a line a document is exported');

# Exit code and what it prints.
sub verify
{
	my ($text, @arguments) = @_;
	my ($output, $errors) = ('', '');
	# From a file: the program ends at the first line that is wrong, and a pipe would break.
	open my $file, '>', "$directory/journal" or die $!;
	print $file $text;
	close $file;
	IPC::Run::run(["$directory/verify_journal", @arguments], '<', "$directory/journal", '>', \$output, '2>', \$errors);
	return ($? >> 8) . ' ' . $output . $errors;
}

my $all = join '', @journal;
is(verify($all), "0 OK: $count documents, positions 1 to $count, head $head\n", 'the whole journal');
is(verify($all, $head), "0 OK: $count documents, positions 1 to $count, head $head\n", 'with the head that was kept');
my $part = $node->safe_psql('postgres', "SELECT erp.export_journal('$company', 5, 9)");
like(verify($part), qr/^0 OK: 5 documents, positions 5 to 9, head [0-9a-f]{64}$/, 'a part of it');
like(verify(join('', @journal[0 .. $count - 2]), $head), qr/^1 BAD: position ${\($count - 1)}: the head is [0-9a-f]{64}, not $head$/, 'the last voucher left out');

# A voucher somewhere among them is altered, and so are things of it; calls stand before it.
my ($place) = grep { $journal[$_ - 1] =~ /voucher_line.*voucher_line/ && $journal[$_] =~ /voucher_line/ } 4 .. $count - 1;
my $next = $place + 1;

my $json = JSON::PP->new->utf8->canonical;
sub altered
{
	my ($change, $position) = @_;
	my @lines = @journal;
	$change->($lines[ ($position // $place) - 1 ]);
	return verify(join('', @lines), $head);
}

# One field of the decoded object changed.
sub field_altered
{
	my ($change) = @_;
	return altered(sub { my $object = $json->decode($_[0]); $change->($object); $_[0] = $json->encode($object) . "\n"; });
}

is(field_altered(sub { }), "0 OK: $count documents, positions 1 to $count, head $head\n", 'written anew by another program it is the same');
like(field_altered(sub { $_[0]{content} =~ s/debit/credit/ }), qr/^1 BAD: position $place: altered content: /, 'a side altered');
like(field_altered(sub { chop $_[0]{content} }), qr/^1 BAD: position $place: altered content: /, 'the last character gone');
like(field_altered(sub { $_[0]{content} =~ s/^(cost_entry|document_line|open_item)\t.*\n//m }), qr/^1 BAD: position $place: altered content: /, 'a fact beside the voucher gone');
like(field_altered(sub { $_[0]{content} =~ s/^voucher_line\t.*\n//m }), qr/^1 BAD: position $place: altered content: /, 'a line gone');
like(field_altered(sub { $_[0]{content} =~ s/debit/credit/; $_[0]{hash} = sha256_hex(pack('H*', $_[0]{previous_hash}) . encode('UTF-8', $_[0]{content})) }),
	qr/^1 BAD: position $next: broken link: /, 'altered with its hash');
like(field_altered(sub { $_[0]{previous_hash} =~ tr/0-9a-f/1-9a-f0/ }), qr/^1 BAD: position $place: broken link: /, 'another hash before it');
like(field_altered(sub { $_[0]{hash} = uc $_[0]{hash} }), qr/^1 BAD: position $place: malformed hash$/, 'a hash in upper case');
like(field_altered(sub { $_[0]{content} =~ s/^(seal 3\t.*):(\d\d)\.(\d+)Z$/$1:$2.0${3}Z/m }), qr/^1 BAD: position $place: altered content: /, 'another time of the seal');
like(field_altered(sub { $_[0]{position} = $next }), qr/^1 BAD: position $place: missing position$/, 'another position');
like(field_altered(sub { $_[0]{position} = "$place" }), qr/^1 BAD: line $place: "position" is no positive integer$/, 'a position that is text');
like(field_altered(sub { $_[0]{content} =~ s/\tSEED41\t$place\t/\tSEED41\t$next\t/ }), qr/^1 BAD: position $place: the content is that of another position$/, 'the position of the content');
like(field_altered(sub { $_[0]{content} =~ s/\tSEED41\t/\tNEVER\t/ }), qr/^1 BAD: position $place: the content is that of another company$/, 'the company of the content');
like(field_altered(sub { $_[0]{content} =~ s/^seal 3/seal 4/ }), qr/^1 BAD: position $place: the content is not of a known form$/, 'another form');
like(field_altered(sub { $_[0]{more} = 1 }), qr/^1 BAD: line $place: no object of /, 'one more field');
like(field_altered(sub { delete $_[0]{hash} }), qr/^1 BAD: line $place: no object of /, 'a field less');
like(field_altered(sub { $_[0]{content} = undef }), qr/^1 BAD: line $place: "content" is no text$/, 'no content');
like(altered(sub { $_[0] = '' }), qr/^1 BAD: position $place: missing position$/, 'a document left out');
like(altered(sub { $_[0] .= $_[0] }), qr/^1 BAD: position $place: stands behind position $place$/, 'a document twice');
like(altered(sub { $_[0] = $journal[$place] . $_[0] }), qr/^1 BAD: position $place: missing position$/, 'documents that change places');
like(altered(sub { $_[0] = substr($_[0], 0, 40) . "\n" }), qr/^1 BAD: line $place: no JSON: /, 'a line cut off');
like(altered(sub { $_[0] =~ s/^\{/{"position": 3, / }), qr/^1 BAD: line $place: no JSON: duplicate/, 'a field twice');
like(altered(sub { $_[0] = "\n" }), qr/^1 BAD: line $place: no JSON: /, 'an empty line');
like(altered(sub { my $o = $json->decode($_[0]); $o->{previous_hash} = $o->{hash}; $_[0] = $json->encode($o) . "\n" }, 1), qr/^1 BAD: position 1: broken link: /, 'the first voucher follows another');
is(verify(''), "1 BAD: line 1: there is no document\n", 'nothing at all');
like(verify($all, 'head'), qr/^1 usage: verify_journal \[HEAD\] < journal$/m, 'a head that is none');

# Numbers: with the document that took or gave them, each once.
my ($numbered) = grep { $journal[$_ - 1] =~ /assigned_number.*assigned_number/ } 1 .. $count;
ok($numbered, 'numbers that were given later are in it');
sub number_altered
{
	my ($change) = @_;
	return altered(sub { my $object = $json->decode($_[0]); $change->($object); $_[0] = $json->encode($object) . "\n"; }, $numbered);
}
# The end of the chain is hashed anew from there on, as whoever holds the database could.
sub chained_anew
{
	my ($change) = @_;
	my @documents = map { $json->decode($_) } @journal;
	$change->($documents[$numbered - 1]);
	for my $i (0 .. $#documents)
	{
		$documents[$i]{previous_hash} = $i > 0 ? $documents[$i - 1]{hash} : '0' x 64;
		$documents[$i]{hash} = sha256_hex(pack('H*', $documents[$i]{previous_hash}) . encode('UTF-8', $documents[$i]{content}));
	}
	return verify(join('', map { $json->encode($_) . "\n" } @documents));
}
like(number_altered(sub { $_[0]{content} =~ s/^(assigned_number\t.*?\t.*?\t)(\d+)/$1 . ($2 + 1)/me }), qr/^1 BAD: position $numbered: altered content: /, 'a number altered');
like(number_altered(sub { $_[0]{content} =~ s/^assigned_number\t.*\n//m }), qr/^1 BAD: position $numbered: altered content: /, 'a number gone');
like(number_altered(sub { $_[0]{content} =~ s/^(assigned_number\t.*\n)/$1$1/m }), qr/^1 BAD: position $numbered: altered content: /, 'a number put in');
like(chained_anew(sub { }), qr/^0 OK: $count documents, positions 1 to $count, head $head$/, 'hashed anew it is the same');
like(chained_anew(sub { $_[0]{content} =~ s/^(assigned_number\t.*\n)/$1$1/m }), qr/^1 BAD: position $numbered: a number that was given at position $numbered is given again$/, 'a number given twice, all hashed anew');
like(chained_anew(sub { $_[0]{content} =~ s/^assigned_number\t.*/assigned_number\t1/m }), qr/^1 BAD: position $numbered: a number is not of a known form$/, 'a number of another form');

# The chain outlives dump and restore, and goes on in another cluster.
my $dump = "$directory/books.sql";
$node->command_ok(['pg_dump', '-f', $dump, $node->connstr('postgres')], 'dump');
# The roles are the cluster's: its first database brings them.
my $other = new_node('other');
$other->safe_psql('postgres', 'CREATE DATABASE restored');
$other->command_ok(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $other->connstr('restored')], 'restore into another cluster');
is($other->safe_psql('restored', "SELECT * FROM erp.verify_chain('$company')"), '', 'the chain holds there');
$other->safe_psql('restored', "SELECT trial.receive('$company', 'after restore', '2009-12-02', 'F', 3, 10)");
$other->poll_query_until('restored', q{SELECT NOT EXISTS (SELECT FROM erp.document WHERE key = 'after restore' AND transaction_id >= pg_snapshot_xmin(pg_current_snapshot()))});
is($other->safe_psql('restored', "SELECT r ->> 'sealed' FROM erp.seal_documents('$company') r"), '1', 'what is posted there is sealed');
is($other->safe_psql('restored', "SELECT r ->> 'sealed' FROM erp.seal_documents('NEVER') r"), $other->safe_psql('restored', q{SELECT count(*) FROM erp.document JOIN erp.company USING (company_id) WHERE code = 'NEVER'}), 'so is all of a company that was never sealed');
is($other->safe_psql('restored', "SELECT r ->> 'sealed' FROM erp.seal_documents('NEVER') r"), '0', 'once');
is(violations($other, 'restored'), '', 'no law is broken');
like(verify($other->safe_psql('restored', "SELECT erp.export_journal('$company')")), qr/^0 OK: ${\($count + 1)} documents/, 'and the export there holds');
# Drop, create, setup: the chain is data of the company's.
$other->safe_psql('restored', 'DROP EXTENSION erp CASCADE; CREATE EXTENSION erp; SELECT erp.setup()');
is($other->safe_psql('restored', "SELECT * FROM erp.verify_chain('$company')"), '', 'it outlives the extension');
$other->stop;
$node->stop;
done_testing();
