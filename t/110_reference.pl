# The generated reference: everything of schema erp stands in it with what it means, the same in every database;
# what has a comment says something, and what the documentation links to is there.
# (That tables, views and functions have comments is asserted in sql/setup.sql.)
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use ErpNode;
use File::Basename qw(basename dirname);
use File::Find;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/..";
my $node = new_node('reference');

# Writes the reference of a database; returns the pages, name to text.
sub reference
{
	my ($database) = @_;
	my $directory = PostgreSQL::Test::Utils::tempdir;
	my ($output, $errors) = ('', '');
	IPC::Run::run(['psql', '-X', '-q', '-d', $node->connstr($database), '-v', "directory=$directory", '-f', "$tree/scripts/reference.sql"],
		'<', \undef, '>', \$output, '2>', \$errors);
	is($output . $errors, '', "$database: the reference is written without a word");
	return ($directory, map { basename($_) => slurp_file($_) } glob("$directory/*.md"));
}

sub rows { return map { [split /\|/, $_, -1] } split /\n/, $node->safe_psql('postgres', $_[0]); }

# The section of a page under a heading of the second level.
sub section
{
	my ($page, $heading) = @_;
	return $page =~ /^## \Q$heading\E\n(.*?)(?=^## |\z)/ms ? $1 : '';
}

my ($directory, %page) = reference('postgres');
$node->safe_psql('postgres', 'CREATE DATABASE another');
$node->safe_psql('another', 'CREATE EXTENSION erp; SELECT erp.setup()');
my (undef, %again) = reference('another');
is_deeply(\%again, \%page, 'every database gives the same pages');
is_deeply([grep { $page{$_} =~ /NO COMMENT/ } sort keys %page], [], 'no page misses a comment');

# Functions.
for my $row (rows(q{SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'erp'::regnamespace ORDER BY 1}))
{
	like(section($page{'functions.md'}, "erp.$row->[0]"),
		qr/\A\n```\n(FUNCTION|PROCEDURE) erp\.\Q$row->[0]\E\(.*?\n```\n\n\w[^\n]{10,}\n.*^May be called by /ms, "erp.$row->[0] is described");
}

# Views and their columns.
for my $row (rows(q{SELECT relname, string_agg(attname, ' ' ORDER BY attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE relkind = 'v' AND relnamespace = 'erp'::regnamespace GROUP BY relname ORDER BY relname}))
{
	my ($view, $columns) = @$row;
	my $text = section($page{'views.md'}, "erp.$view");
	like($text, qr/\A\n\w[^\n]{10,}\n\n\| column /, "erp.$view is described");
	is_deeply([$text =~ /^\| `(\w+)` \| \w[^|]* \| \w[^|]+ \|$/mg], [split / /, $columns], "erp.$view: so is every column");
}

# Errors: the list of the C code, the function and the page say the same.
my $header = slurp_file("$tree/src/core/errors.h");
my @errors;
while ($header =~ /^\tX\(\w+, ((?:'.', ?){5})"(\w+)", "((?:[^"\\]|\\.)+)", "((?:[^"\\]|\\.)+)"\)/mg)
{
	my ($letters, @texts) = ($1, $2, $3, $4);
	s/\\"/"/g for @texts;
	push @errors, [join('', $letters =~ /'(.)'/g), @texts];
}
is(scalar(@errors), scalar(() = $header =~ /^\tX\(/mg), 'every error of the C code has a code, a name, a meaning and a way out');
is_deeply([grep { $_->[0] !~ /^LE\d\d\d$/ } @errors], [], 'every SQLSTATE is of class LE');
my (%code, %name);
is_deeply([grep { $code{ $_->[0] }++ || $name{ $_->[1] }++ } @errors], [], 'no SQLSTATE and no name is there twice');
is_deeply([rows('SELECT * FROM erp.errors()')], \@errors, 'erp.errors() lists them');
like($page{'errors.md'}, qr/^\| $_->[0] \| `$_->[1]` \| \Q$_->[2]\E \| \Q$_->[3]\E \|$/m, "$_->[0] is on the page") for @errors;
is_deeply([grep { !$code{$_} } join('', values %page) =~ /\b(LE\d+)\b/g], [], 'no page names another');

# Comments beyond those of tables, views and functions.
my $schemas = q{IN ('erp'::regnamespace, 'erp_private'::regnamespace)};
is($node->safe_psql('postgres', "SELECT nspname FROM pg_namespace n WHERE oid $schemas AND obj_description(oid, 'pg_namespace') IS NULL"), '', 'both schemas have a comment');
is($node->safe_psql('postgres', q{SELECT rolname FROM pg_roles WHERE rolname ~ '^erp_' AND shobj_description(oid, 'pg_authid') IS NULL}), '', 'every role has one');
is($node->safe_psql('postgres', qq{SELECT c.oid::regclass, attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE relkind = 'v' AND relnamespace $schemas AND col_description(c.oid, attnum) IS NULL}), '', 'every column of every view has one');
is($node->safe_psql('postgres', "SELECT typname FROM pg_type t WHERE typnamespace $schemas AND typtype <> 'c' AND typelem = 0
	AND obj_description(oid, 'pg_type') IS NULL"), '', 'so has every type');

# Links, of the generated pages too.
sub anchors
{
	return map { my $slug = lc; $slug =~ s/[^\w\- ]//g; $slug =~ tr/ /-/; $slug => 1 } $_[0] =~ /^#+ (.+)$/mg;
}

sub dead_links
{
	my ($file) = @_;
	my @dead;
	for my $link (slurp_file($file) =~ /\]\(([^)\s]+)\)/g)
	{
		next if $link =~ /^[a-z]+:/;
		my ($path, $anchor) = split /#/, $link, 2;
		my $target = $path eq '' ? $file : dirname($file) . "/$path";
		my %anchor = -f $target ? anchors(slurp_file($target)) : ();
		push @dead, $link if !-e $target || (defined $anchor && !$anchor{$anchor});
	}
	return \@dead;
}

my @pages = ("$tree/README.md", "$tree/CONTRIBUTING.md");
find({ wanted => sub { push @pages, $_ if /\.md$/ }, no_chdir => 1 }, "$tree/docs", "$tree/src", $directory);
is_deeply(dead_links($_), [], basename(dirname($_)) . '/' . basename($_) . ': every link leads somewhere') for @pages;

# A file that a page names in passing is there; * stands for any.
sub there { return grep { -e } glob($_[0]); }

for my $file (grep { !/^\Q$directory\E/ } @pages)
{
	my @named = slurp_file($file) =~ m{`((?:bench|docs|scripts|specs|sql|src|t|test)/[\w./*-]+)}g;
	is_deeply([grep { !there("$tree/$_") } @named], [], basename(dirname($file)) . '/' . basename($file) . ': every file that it names is there');
}

$node->stop;
done_testing();
