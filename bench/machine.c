#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "process.h"
#include "runner.h"
#include "stats.h"

#define PAGE_SIZE 8192
#define SYNC_COUNT 200

static const char settingsQuery[] =
	"SELECT name, setting || coalesce(unit, '') FROM pg_catalog.pg_settings"
	" WHERE name IN ('server_version', 'shared_buffers', 'max_connections', 'fsync', 'wal_sync_method',"
	" 'full_page_writes', 'wal_level', 'wal_compression', 'wal_buffers', 'max_wal_size', 'checkpoint_timeout',"
	" 'autovacuum', 'jit', 'huge_pages', 'debug_assertions', 'commit_delay', 'synchronous_commit') ORDER BY name";

/* Writes the page at the beginning of the file and waits until it is on the disk; seconds that it took. */
static double
SyncPage(int file, const char *page)
{
	double		start = Now();

	if (pwrite(file, page, PAGE_SIZE, 0) != PAGE_SIZE || fdatasync(file) != 0)
		Fail("fdatasync: %s", strerror(errno));
	return Now() - start;
}

static double
SyncMicroseconds(const char *folder)
{
	char		path[4096];
	char		page[PAGE_SIZE] = {0};
	double		times[SYNC_COUNT];
	int			file;

	snprintf(path, sizeof(path), "%s/bench_sync_XXXXXX", folder);
	file = mkstemp(path);
	if (file < 0)
		Fail("%s: %s", path, strerror(errno));
	unlink(path);
	for (int i = 0; i < SYNC_COUNT; i++)
		times[i] = SyncPage(file, page);
	close(file);
	return Median(times, SYNC_COUNT) * 1e6;
}

static json_t *
ReadSettings(void)
{
	PGconn	   *connection = Connect("postgres");
	PGresult   *result = Execute(connection, settingsQuery);
	json_t	   *settings = json_object();

	for (int i = 0; i < PQntuples(result); i++)
		json_object_set_new(settings, PQgetvalue(result, i, 0), json_string(PQgetvalue(result, i, 1)));
	PQclear(result);
	PQfinish(connection);
	return settings;
}

json_t *
DescribeMachine(const char *folder)
{
	struct utsname names;

	uname(&names);
	return json_pack("{s:I, s:s, s:s, s:f, s:o}",
					 "cores", (json_int_t) sysconf(_SC_NPROCESSORS_ONLN),
					 "kernel", names.release,
					 "machine", names.machine,
					 "fdatasync_us", SyncMicroseconds(folder),
					 "settings", ReadSettings());
}
