# Sourced by the scripts of this folder.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sql()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# stands DATABASE [TABLE]: whether there is the database, and in it the table.
stands()
{
	[ "$(sql -d postgres -c "SELECT EXISTS (SELECT FROM pg_database WHERE datname = '$1')")" = t ] &&
		{ [ $# -eq 1 ] || [ "$(sql -d "$1" -c "SELECT to_regclass('$2') IS NOT NULL")" = t ]; }
}

# says DATABASE: of what it was made, once it is finished.
says()
{
	sql -d postgres -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
}

# finish DATABASE MARK: it is vacuumed, and says of what it was made.
finish()
{
	sql -d "$1" -o /dev/null -c 'VACUUM ANALYZE' -c CHECKPOINT -c "COMMENT ON DATABASE $1 IS '$2'"
}

# mark FILE...: of the extension's SQL as installed, and of files.
mark()
{
	cat "$(pg_config --sharedir)"/extension/erp--*.sql "$@" | md5sum | cut -d ' ' -f 1
}

# make_database NAME: anew, with the extension, set up.
make_database()
{
	sql -d postgres -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $1 WITH (FORCE)" -c "CREATE DATABASE $1 TEMPLATE template0"
	set_up "$1"
}

# set_up DATABASE: the code that is installed, on the tables that the database has.
set_up()
{
	sql -d "$1" -o /dev/null -c 'SET client_min_messages = warning' -c 'DROP EXTENSION IF EXISTS erp CASCADE' -c 'CREATE EXTENSION erp' -c 'SELECT erp.setup()'
}

# call DATABASE STATEMENT: a procedure that commits as it goes; its notices are the progress.
call()
{
	PGOPTIONS='-c synchronous_commit=off' sql -d "$1" -c "CALL $2" 2>&1 | sed -u "s/^NOTICE: */$1: /" >&2
}

# all COMMAND...: functions, at once; fails when one of them fails.
all()
{
	local command pids=() pid
	for command in "$@"; do
		$command &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
}
