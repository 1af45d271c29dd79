# Sourced by the scripts of this folder: a copy of the server and of this tree in a scratch directory.
# Nothing outside that directory is changed. Callers may set
#   ERP_SCRATCH     the directory, kept afterwards; without it one is made and removed
#   ERP_ASSERTIONS  0 builds without the extension's own assertions (default 1)
#   ERP_PGOPTIONS   more options of the server, as -c name=value
#   ERP_CONF        a file with more settings of the server
#   KEEP            1 leaves the server up and the directory in place
# shellcheck shell=bash
set -eu -o pipefail
umask 022

sourceTree=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pgMajor=15
port=5432
scratch=''
scratchIsOurs=''
endIsDone=''

# Options of a make that called us are not for the make that we call; its variables are in the environment.
unset MAKEFLAGS MFLAGS MAKELEVEL GNUMAKEFLAGS
# Neither are the settings of whoever calls us for the servers that they know.
unset PGDATA PGDATABASE PGHOST PGHOSTADDR PGOPTIONS PGPASSFILE PGPORT PGSERVICE PGSERVICEFILE PGUSER PG_CONFIG

# fail MESSAGE...: prints a line each and ends the script.
fail()
{
	printf '%s\n' "$@" >&2
	exit 1
}

# say MESSAGE: a line of progress.
say()
{
	printf '%s\n' "$*" >&2
}

# The user that the server runs as: ourselves, or for root, whom initdb refuses, one without rights.
if [ "$(id -u)" -ne 0 ]; then
	serverUser=$(id -un)
elif id -u postgres > /dev/null 2>&1; then
	serverUser=postgres
else
	serverUser=nobody
fi

# as_server COMMAND...: runs it as the server's user in the scratch directory.
as_server()
{
	(
		cd "$scratch"
		export HOME="$scratch" TMPDIR="$scratch/tmp" LC_ALL=C.UTF-8
		if [ "$(id -u)" -ne 0 ]; then
			exec "$@"
		fi
		exec setpriv --reuid="$serverUser" --regid="$(id -g "$serverUser")" --init-groups -- "$@"
	)
}

# make_scratch: sets scratch and all names below it; the directory exists afterwards and is the server user's.
make_scratch()
{
	local base
	if [ -n "${ERP_SCRATCH:-}" ]; then
		mkdir -p "$ERP_SCRATCH"
		scratch=$(cd -P "$ERP_SCRATCH" && pwd)
	else
		base=${TMPDIR:-/tmp}
		[ "$(id -u)" -ne 0 ] || base=/tmp
		scratch=$(cd -P "$(mktemp -d "$base/erp.XXXXXX")" && pwd)
		scratchIsOurs=1
	fi
	bin=$scratch/usr/lib/postgresql/$pgMajor/bin
	data=$scratch/data
	logs=$scratch/log
	build=$scratch/src
	mkdir -p "$scratch/usr/lib/postgresql" "$scratch/usr/share/postgresql" "$build" "$logs" "$scratch/tmp"
	if [ "$(id -u)" -eq 0 ]; then
		chown "$serverUser" "$scratch" "$build" "$logs" "$scratch/tmp"
	fi
	chmod 0700 "$scratch"
	as_server test -w "$logs" 2> /dev/null ||
		fail "user \"$serverUser\", who runs the server, cannot reach $scratch" \
			'Set ERP_SCRATCH to a directory whose parents may be entered by everyone.'
	socket=$scratch
	if [ $((${#scratch} + 15)) -gt 107 ]; then
		fail "the path of the scratch directory is too long for a Unix socket: $scratch" \
			'Set ERP_SCRATCH to a shorter one.'
	fi
}

# copy_server: the installed server, in the layout that lets it find its files in the new place.
copy_server()
{
	local from
	for from in /usr/lib/postgresql/$pgMajor /usr/share/postgresql/$pgMajor; do
		[ -d "$from" ] || fail "$from is missing: run scripts/install-dependencies"
		rsync -a --no-owner --no-group --exclude=/lib/bitcode "$from/" "$scratch$from/"
	done
	mkdir -p "$scratch/usr/include"
	ln -sfn /usr/include/postgresql "$scratch/usr/include/postgresql"
	ln -sfn "/usr/lib/$(gcc -print-multiarch)" "$scratch/usr/lib/$(gcc -print-multiarch)"
	if [ "$(id -u)" -eq 0 ]; then
		chown -R --no-dereference "$serverUser" "$scratch/usr"
	fi
}

# copy_source: this tree without what make and git keep in it; what was built in the copy stays.
copy_source()
{
	[ "$sourceTree" != "$build" ] || return 0
	rsync -rlt --delete --chmod=D755,Fu+rw,Fgo-w --executability \
		--exclude=/.git --exclude='*.o' --exclude='*.d' --exclude='*.so' --exclude='*.bc' \
		--exclude=/.build-flags --exclude='/erp--[0-9.]*[0-9].sql' --exclude=/results --exclude=/output_iso \
		--exclude=/tmp_check --exclude='/regression.*' --exclude=/bench/results.json --exclude=/bench/build \
		--exclude=/test/unit/build \
		"$sourceTree/" "$build/"
	if [ "$(id -u)" -eq 0 ]; then
		chown -R --no-dereference "$serverUser" "$build"
	fi
}

# make_copy TARGET...: make in the copy, as the server's user, with the copied server.
make_copy()
{
	# DATA is a list of files to install to PGXS, and a file of invoices to `make demo`.
	as_server env -u DATA make --no-print-directory -C "$build" PG_CONFIG="$bin/pg_config" \
		ERP_ASSERTIONS="${ERP_ASSERTIONS:-1}" "$@"
}

# show_log FILE: its last lines, for a message of failure.
show_log()
{
	say "--- the last lines of $1"
	tail -n "${2:-40}" "$1" >&2 || true
}

# install_copy: builds the extension and installs it into the copied server.
install_copy()
{
	if ! { make_copy -s -k -j "$(nproc)" all && make_copy -s install; } > "$logs/build.log" 2>&1; then
		show_log "$logs/build.log"
		fail 'the build failed'
	fi
}

# server_runs: whether the private server is up.
server_runs()
{
	[ -f "$data/postmaster.pid" ] && as_server "$bin/pg_ctl" -D "$data" status > /dev/null 2>&1
}

write_settings()
{
	{
		printf "listen_addresses = ''\n"
		printf "unix_socket_directories = '%s'\n" "$socket"
		printf '%s\n' "port = $port" 'shared_buffers = 256MB' 'max_connections = 150' 'wal_level = logical' \
			'max_prepared_transactions = 20' 'max_wal_size = 4GB' 'log_line_prefix = '"'%m [%p] %a '" \
			'log_checkpoints = off' "timezone = 'UTC'"
		[ -z "${ERP_CONF:-}" ] || cat "$ERP_CONF"
	} > "$scratch/tmp/erp.conf"
	as_server cp "$scratch/tmp/erp.conf" "$data/erp.conf"
}

init_cluster()
{
	[ ! -f "$data/PG_VERSION" ] || return 0
	if ! as_server "$bin/initdb" -D "$data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
		--no-sync --no-instructions > "$logs/initdb.log" 2>&1; then
		show_log "$logs/initdb.log"
		fail 'initdb failed'
	fi
	as_server sh -c "echo \"include_if_exists = 'erp.conf'\" >> '$data/postgresql.conf'"
}

# start_server: scratch directory, copy, build, cluster; the server is up afterwards, restarted if it was.
start_server()
{
	local action=start
	[ -n "$scratch" ] || make_scratch
	copy_server
	copy_source
	install_copy
	init_cluster
	write_settings
	! server_runs || action=restart
	# shellcheck disable=SC2086
	if ! as_server "$bin/pg_ctl" -D "$data" -s -w -t 120 -m fast -l "$logs/server.log" \
		${ERP_PGOPTIONS:+-o "$ERP_PGOPTIONS"} "$action" < /dev/null > "$logs/start.log" 2>&1; then
		show_log "$logs/start.log"
		[ ! -f "$logs/server.log" ] || show_log "$logs/server.log"
		fail 'the private server did not start'
	fi
	use_server
}

# use_server: clients and make of this script find the private server.
use_server()
{
	export PGHOST=$socket PGPORT=$port PGUSER=postgres PGDATABASE=postgres PG_CONFIG=$bin/pg_config
	export PATH=$bin:$PATH ERP_SCRATCH_IN_USE=$scratch
}

# psql_line: the command that a person types to look at the private server.
psql_line()
{
	printf '%s\n' "psql -h $socket -p $port -U postgres ${1:-postgres}"
}

stop_server()
{
	! server_runs || as_server "$bin/pg_ctl" -D "$data" -s -w -t 120 -m fast stop < /dev/null
}

# stop_unless_kept: the server is down afterwards, or with KEEP=1 up, and how to reach it is said.
stop_unless_kept()
{
	if [ "${KEEP:-}" != 1 ]; then
		stop_server || true
	elif server_runs; then
		say "The server is left up (ERP_SCRATCH=$scratch scripts/private-server stop ends it):"
		say "    $(psql_line "${PGDATABASE:-postgres}")"
	fi
	endIsDone=1
}

# end_scratch STATUS: stop_unless_kept, unless done; removes a directory of ours unless it is kept or the work failed.
end_scratch()
{
	[ -n "$scratch" ] || return 0
	[ -n "$endIsDone" ] || { stop_unless_kept; endIsDone=''; }
	[ "${KEEP:-}" != 1 ] || return 0
	if [ -n "$scratchIsOurs" ] && [ "$1" -eq 0 ]; then
		rm -rf "$scratch"
	elif [ "$1" -ne 0 ] && [ -z "$endIsDone" ]; then
		say "Logs are kept in $logs"
	fi
}

# end_at_exit: from here on the server stops when the script ends, whatever ends it.
end_at_exit()
{
	trap 'status=$?; trap - EXIT; end_scratch $status; exit $status' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
