/* Makes each sync of a file take SLOW_SYNC_US microseconds longer, as a slow disk does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void slowly(void) {
    const char *text = getenv("SLOW_SYNC_US");
    if (text != NULL) usleep((useconds_t)atoi(text));
}

int fsync(int file) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    slowly();
    return next(file);
}

int fdatasync(int file) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    slowly();
    return next(file);
}
