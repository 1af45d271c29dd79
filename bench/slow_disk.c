/*
 * Preloaded into the server of the benchmark: every fdatasync takes FDATASYNC_US
 * microseconds longer, as on a disk that is slower than this machine's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int
fdatasync(int file)
{
	static int	(*real) (int) = NULL;
	const char *delay = getenv("FDATASYNC_US");
	long		microseconds = delay == NULL ? 0 : atol(delay);
	struct timespec wait = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};

	if (real == NULL)
		*(void **) &real = dlsym(RTLD_NEXT, "fdatasync");
	nanosleep(&wait, NULL);
	return real(file);
}
