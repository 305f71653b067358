/* Waking readers of all processes that have the data folder open: a counter in a shared file page, waited on with futex(2).
 *
 * Holds: whoever loads the counter, then looks for news, then waits with the counter it loaded, never sleeps through a commit;
 * should a committing process be killed between its commit and the wake, waiting ends by itself within LOCAL_WAKE_LONGEST_MS.
 * Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LOCAL_WAKE_LONGEST_MS 500

struct local_wake {
	uint32_t *counter; /* shared, or &own */
	uint32_t own;      /* the file cannot be mapped: commits of other processes are looked for */
	bool is_shared;
};

void local_wake_open(struct local_wake *wake, const char *folder, bool read_only);
void local_wake_close(struct local_wake *wake);
uint32_t local_wake_load(const struct local_wake *wake);
void local_wake_all(struct local_wake *wake);
/* Until the counter is no longer `seen`, or at most timeout_ms (or less). */
void local_wake_wait(struct local_wake *wake, uint32_t seen, int timeout_ms);
