/* The list of posted response handles and the wake-up. */
#include "http/mailbox.h"

#include "base/memory.h"
#include "http/conn.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct weir_http_mailbox *weir_http_mailbox_new(void)
{
	int event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (event_fd < 0)
		return NULL;
	struct weir_http_mailbox *mailbox = weir_alloc_zero(sizeof *mailbox);
	mailbox->refs = 1;
	mailbox->event_fd = event_fd;
	pthread_mutex_init(&mailbox->lock, NULL);
	return mailbox;
}

struct weir_http_mailbox *weir_http_mailbox_ref(struct weir_http_mailbox *mailbox)
{
	__atomic_add_fetch(&mailbox->refs, 1, __ATOMIC_RELAXED);
	return mailbox;
}

void weir_http_mailbox_unref(struct weir_http_mailbox *mailbox)
{
	if (!mailbox || __atomic_sub_fetch(&mailbox->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	assert(!mailbox->first);
	close(mailbox->event_fd);
	pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

static void ring(struct weir_http_mailbox *mailbox)
{
	ssize_t written = write(mailbox->event_fd, &(uint64_t){ 1 }, sizeof(uint64_t));

	(void)written; /* full means that it rings already */
}

void weir_http_mailbox_post(struct weir_http_mailbox *mailbox, struct weir_http_response *response)
{
	bool must_ring = false;

	pthread_mutex_lock(&mailbox->lock);
	if (!mailbox->is_closed && !response->is_posted) {
		atomic_fetch_add(&response->refs, 1);
		response->is_posted = true;
		response->next_posted = NULL;
		if (mailbox->last)
			mailbox->last->next_posted = response;
		else
			mailbox->first = response;
		mailbox->last = response;
		must_ring = !mailbox->is_awake;
		mailbox->is_awake = true;
	}
	pthread_mutex_unlock(&mailbox->lock);
	if (must_ring)
		ring(mailbox);
}

void weir_http_mailbox_wake(struct weir_http_mailbox *mailbox)
{
	ring(mailbox);
}

struct weir_http_response *weir_http_mailbox_next(struct weir_http_mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	struct weir_http_response *response = mailbox->first;
	if (response) {
		mailbox->first = response->next_posted;
		if (!mailbox->first)
			mailbox->last = NULL;
		response->next_posted = NULL;
		response->is_posted = false;
	}
	pthread_mutex_unlock(&mailbox->lock);
	return response;
}

bool weir_http_mailbox_may_sleep(struct weir_http_mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	bool may_sleep = mailbox->first == NULL;
	mailbox->is_awake = !may_sleep;
	pthread_mutex_unlock(&mailbox->lock);
	return may_sleep;
}

void weir_http_mailbox_woke(struct weir_http_mailbox *mailbox)
{
	uint64_t count;

	pthread_mutex_lock(&mailbox->lock);
	mailbox->is_awake = true;
	pthread_mutex_unlock(&mailbox->lock);
	ssize_t got = read(mailbox->event_fd, &count, sizeof count);
	(void)got; /* nothing to read: another event woke the thread */
}

void weir_http_mailbox_close(struct weir_http_mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	mailbox->is_closed = true;
	pthread_mutex_unlock(&mailbox->lock);
	for (struct weir_http_response *response; (response = weir_http_mailbox_next(mailbox));)
		weir_http_exchange_unref(response);
}
