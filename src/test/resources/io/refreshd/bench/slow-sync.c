// Preloaded into a process: each of its syncs takes longer by SLOW_SYNC_MICROS, asleep, as on a
// slower disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static void rest(void) {
  const char *text = getenv("SLOW_SYNC_MICROS");
  long micros = text ? atol(text) : 0;
  struct timespec time = {micros / 1000000, micros % 1000000 * 1000};
  prctl(PR_SET_TIMERSLACK, 1); // else a short sleep takes 50 microseconds more
  nanosleep(&time, NULL);
}

int fsync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int result = real(file);
  rest();
  return result;
}

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(file);
  rest();
  return result;
}
