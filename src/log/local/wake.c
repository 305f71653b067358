/* See wake.h. */
#include "log/local/wake.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES          4096
#define OTHER_PROCESSES_MS  25 /* without a shared counter: how often others' commits are looked for */
#define NANOSECONDS_OF_A_MS 1000000L

void local_wake_open(struct local_wake *wake, const char *folder, bool read_only)
{
	char path[4096];

	*wake = (struct local_wake){ 0 };
	wake->counter = &wake->own;
	snprintf(path, sizeof path, "%s/wake", folder);
	int fd = open(path, (read_only ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC, 0660);
	if (fd < 0)
		return;
	if (!read_only && lseek(fd, 0, SEEK_END) < PAGE_BYTES && ftruncate(fd, PAGE_BYTES) != 0) {
		close(fd);
		return;
	}
	void *page = lseek(fd, 0, SEEK_END) < PAGE_BYTES
			     ? MAP_FAILED
			     : mmap(NULL, PAGE_BYTES, read_only ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (page == MAP_FAILED)
		return;
	wake->counter = page;
	wake->is_shared = true;
}

void local_wake_close(struct local_wake *wake)
{
	if (wake->is_shared)
		munmap(wake->counter, PAGE_BYTES);
	wake->is_shared = false;
}

uint32_t local_wake_load(const struct local_wake *wake)
{
	return __atomic_load_n(wake->counter, __ATOMIC_SEQ_CST);
}

void local_wake_all(struct local_wake *wake)
{
	__atomic_add_fetch(wake->counter, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, wake->counter, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void local_wake_wait(struct local_wake *wake, uint32_t seen, int timeout_ms)
{
	int longest = wake->is_shared ? LOCAL_WAKE_LONGEST_MS : OTHER_PROCESSES_MS;
	int wait_ms = timeout_ms < longest ? timeout_ms : longest;
	struct timespec timeout = { .tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * NANOSECONDS_OF_A_MS };

	syscall(SYS_futex, wake->counter, FUTEX_WAIT, seen, &timeout, NULL, 0);
}
