/* How other threads reach the I/O thread: a list of response handles that have something new, and an eventfd to wake it.
 *
 * Holds: outlives the server as long as a handle exists; a handle is on the list at most once and the list owns a reference to it;
 * while the I/O thread is awake it looks at the list before it sleeps, so posting costs a system call only when it sleeps.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

struct weir_http_response;

struct weir_http_mailbox {
	int refs; /* atomic */
	int event_fd;
	pthread_mutex_t lock;
	/* under lock */
	struct weir_http_response *first, *last;
	bool is_awake, is_closed;
};

/* NULL with errno when there is no eventfd left. */
struct weir_http_mailbox *weir_http_mailbox_new(void);
struct weir_http_mailbox *weir_http_mailbox_ref(struct weir_http_mailbox *mailbox);
void weir_http_mailbox_unref(struct weir_http_mailbox *mailbox);
/* Thread: any. Dropped when the server is gone. */
void weir_http_mailbox_post(struct weir_http_mailbox *mailbox, struct weir_http_response *response);
/* Wakes the I/O thread without a message. Thread: any. */
void weir_http_mailbox_wake(struct weir_http_mailbox *mailbox);

/* Thread: I/O. */
/* The next posted handle, with its reference; NULL when there is none. */
struct weir_http_response *weir_http_mailbox_next(struct weir_http_mailbox *mailbox);
/* About to sleep: false when something has been posted meanwhile. */
bool weir_http_mailbox_may_sleep(struct weir_http_mailbox *mailbox);
void weir_http_mailbox_woke(struct weir_http_mailbox *mailbox);
/* No more posts are taken; those on the list are dropped. */
void weir_http_mailbox_close(struct weir_http_mailbox *mailbox);
