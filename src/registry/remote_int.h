/* The remote registry's inside: calls with failover and retry (remote_call.c), what they mean (remote.c), fetching without waiting
 * (remote_fetch.c).
 *
 * Holds: a schema that came with an id stays in the cache for the registry's life, so pointers into it stay valid.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "http/client.h"
#include "registry/registry.h"

#include <pthread.h>
#include <stdatomic.h>

/* One HTTP client and who may use it. */
struct weir_remote_line {
	pthread_mutex_t lock; /* held during a call */
	struct weir_http_client *client;
};

struct weir_remote_request {
	int32_t id;
	weir_registry_answer_fn *answer;
	void *ctx;
};

struct weir_remote_registry {
	struct weir_registry registry; /* first */
	struct weir_arena settings_arena;
	WEIR_VEC(struct weir_slice) urls; /* without a trailing slash; NUL-terminated */
	atomic_size_t good_url;           /* the one that answered last */
	int max_attempts;
	int64_t backoff_ms;
	struct weir_remote_line calls, fetches; /* of callers; of the fetching thread */

	pthread_mutex_t cache_lock;
	struct weir_arena cache_arena;
	struct weir_map cache; /* decimal id → struct weir_registered_schema */

	pthread_t thread;
	pthread_mutex_t queue_lock;
	pthread_cond_t queue_changed;
	WEIR_VEC(struct weir_remote_request) queue; /* in order; from queue_at */
	size_t queue_at;
	bool is_closing; /* under queue_lock */
};

/* What a call came back with: a status below 500 and a body. */
struct weir_remote_answer {
	int status;
	struct weir_slice body; /* in the arena of the call */
	int error_code;         /* of the body, when status is not 2xx; 0: none */
	struct weir_slice message;
};

/* path: begins with '/', already encoded. body.ptr NULL: none. Errors: REGISTRY_AWAY, REGISTRY_REFUSED (credentials, no registry
 * there), CANCELLED. */
bool weir_remote_call(struct weir_remote_registry *self, struct weir_remote_line *line, const char *method, struct weir_slice path,
	struct weir_slice body, struct weir_arena *arena, struct weir_remote_answer *ret_answer, struct weir_err *err);
/* The error that an answer other than 2xx means. */
bool weir_remote_fail(const struct weir_remote_answer *answer, struct weir_err *err);

/* {"schema", "schemaType", "references"} of a 2xx answer, else its error. Points into the answer and the arena. */
bool weir_remote_read_schema(const struct weir_remote_answer *answer, struct weir_arena *arena, struct weir_schema_text *ret_schema,
	struct weir_err *err);

/* NULL when it is not there. */
const struct weir_registered_schema *weir_remote_cache_find(struct weir_remote_registry *self, int32_t id);
const struct weir_registered_schema *weir_remote_cache_put(
	struct weir_remote_registry *self, int32_t id, const struct weir_schema_text *schema);
/* From the cache or the registry. */
bool weir_remote_fetch(struct weir_remote_registry *self, struct weir_remote_line *line, int32_t id,
	const struct weir_registered_schema **ret_schema, struct weir_err *err);

bool weir_remote_start_fetching(struct weir_remote_registry *self, struct weir_err *err);
void weir_remote_stop_fetching(struct weir_remote_registry *self);
void weir_remote_request_schema(struct weir_registry *registry, int32_t id, weir_registry_answer_fn *answer, void *ctx);
/* Waits at most that long; false when the registry closes. */
bool weir_remote_pause(struct weir_remote_registry *self, int64_t pause_ms);
