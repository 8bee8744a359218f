// Preloaded into the server: a sync of the disk takes exactly SYNC_US microseconds and writes nothing. What a killed
// process has written is still there for the next one, so a SIGKILL shows what was said too early.
#include <stdlib.h>
#include <time.h>

static int wait_for_disk(void) {
  const char *text = getenv("SYNC_US");
  long us = text ? atol(text) : 2000;
  struct timespec time = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&time, NULL);
  return 0;
}

int fsync(int file) {
  (void)file;
  return wait_for_disk();
}

int fdatasync(int file) {
  (void)file;
  return wait_for_disk();
}
