/* HISTOGRAM: how often each text occurs, for the first 1000 different ones. NULL counts once, as the text null, where ksqlDB's
 * does: its key does not survive being stored. */
#include "functions/aggregate/state.h"

#define MAX_KEYS 1000

static bool histogram_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = *ret_result = weir_type_map(arena, &weir_type_string, &weir_type_bigint);
	return true;
}

static void init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	static const struct weir_map_value empty;

	*state = (struct weir_value){ .cell.map = &empty };
}

static size_t find(const struct weir_map_value *map, struct weir_slice key)
{
	size_t i = 0;

	while (i < map->count && !weir_slice_equals(map->keys[i].str, key))
		i++;
	return i;
}

static const struct weir_map_value *copy(struct weir_arena *arena, const struct weir_map_value *from, size_t room,
	union weir_cell **ret_keys, union weir_cell **ret_values)
{
	struct weir_map_value *map = WEIR_ARENA_NEW(arena, struct weir_map_value);

	*ret_keys = weir_arena_alloc(arena, (from->count + room) * sizeof **ret_keys);
	*ret_values = weir_arena_alloc(arena, (from->count + room) * sizeof **ret_values);
	if (from->count) {
		memcpy(*ret_keys, from->keys, from->count * sizeof **ret_keys);
		memcpy(*ret_values, from->values, from->count * sizeof **ret_values);
	}
	*map = (struct weir_map_value){ .count = from->count, .keys = *ret_keys, .values = *ret_values };
	return map;
}

/* Keys that are new when the map is full are left out. */
static void count_key(struct weir_aggregate_call *call, struct weir_value *state, struct weir_slice key, int64_t by)
{
	const struct weir_map_value *old = state->cell.map;
	size_t at = find(old, key);
	union weir_cell *keys, *values;

	if (at == old->count && old->count >= MAX_KEYS)
		return;
	struct weir_map_value *map = (struct weir_map_value *)copy(call->arena, old, 1, &keys, &values);
	if (at == map->count) {
		keys[map->count].str = key;
		values[map->count++].i64 = 0;
	}
	values[at].i64 += by;
	state->cell.map = map;
}

static struct weir_slice key_of(const struct weir_aggregate_call *call)
{
	return ARG_IS_NULL(0) ? WEIR_SLICE("null") : ARG(0).str;
}

static enum weir_result add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	bool is_known_null = ARG_IS_NULL(0) && find(state->cell.map, key_of(call)) < state->cell.map->count;

	if (!is_known_null)
		count_key(call, state, key_of(call), 1);
	return WEIR_VALUE;
}

/* A key that the full map left out is not there to be taken back. */
static enum weir_result undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_map_value *old = state->cell.map;
	size_t at = find(old, key_of(call));
	union weir_cell *keys, *values;

	if (at == old->count || ARG_IS_NULL(0))
		return WEIR_VALUE;
	struct weir_map_value *map = (struct weir_map_value *)copy(call->arena, old, 0, &keys, &values);
	if (--values[at].i64 <= 0) {
		map->count--;
		memmove(keys + at, keys + at + 1, (map->count - at) * sizeof *keys);
		memmove(values + at, values + at + 1, (map->count - at) * sizeof *values);
	}
	state->cell.map = map;
	return WEIR_VALUE;
}

static enum weir_result merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	for (size_t i = 0; i < other->cell.map->count; i++)
		count_key(call, state, other->cell.map->keys[i].str, other->cell.map->values[i].i64);
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_histogram = {
	.name = "HISTOGRAM",
	.spelling = "histogram",
	.summary = "How often each text occurs, as a map; at most 1000 different texts.",
	.overloads = { { .params = { PARAM(STRING, "value") },
		.types = histogram_types,
		.init = init,
		.add = add,
		.undo = undo,
		.merge = merge } },
};
