#include "operators/window.h"

bool weir_window_times_open(struct weir_window_times *times, struct weir_op *op, int64_t initial, struct weir_err *err)
{
	struct weir_slice value, name = weir_arena_printf(op->env->task_arena, "%.*s-Times", WEIR_SLICE_ARG(op->node->store));
	bool found;

	for (int i = 0; i < WEIR_WINDOW_TIMES; i++)
		times->values[i] = initial;
	if (!op->env->store(op->env, name, &times->store, err) ||
		!weir_store_get(times->store, WEIR_SLICE("times"), &value, &found, err))
		return false;
	if (found && value.len != sizeof times->values)
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "The times of a windowed state are damaged");
	if (found)
		memcpy(times->values, value.ptr, sizeof times->values);
	memcpy(times->saved, times->values, sizeof times->saved);
	return true;
}

bool weir_window_times_save(struct weir_window_times *times, struct weir_err *err)
{
	if (memcmp(times->values, times->saved, sizeof times->values) == 0)
		return true;
	memcpy(times->saved, times->values, sizeof times->saved);
	return weir_store_put(
		times->store, WEIR_SLICE("times"), weir_slice_make((const char *)times->values, sizeof times->values), err);
}

bool weir_window_expire(struct weir_store *store, int64_t limit, int64_t *oldest, struct weir_err *err)
{
	char from[8];

	while (*oldest < limit) {
		struct weir_slice key, value;
		bool found;
		weir_key_put_i64(from, *oldest < 0 ? 0 : *oldest);
		if (!weir_store_seek(store, weir_slice_make(from, 8), false, &key, &value, &found, err))
			return false;
		if (!found || key.len < 8) {
			*oldest = INT64_MAX;
			return true;
		}
		*oldest = weir_key_get_i64(key.ptr);
		/* `key` points into the entry, which a delete keeps until the commit. */
		if (*oldest < limit && !weir_store_delete(store, key, err))
			return false;
	}
	return true;
}
