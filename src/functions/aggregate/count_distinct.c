/* COUNT_DISTINCT: about how many different values there are, by HyperLogLog with 2^14 registers of up to 5 bits. Hash functions and
 * the estimate are those of functions.md §3.3, so that equal data gives equal numbers.
 *
 * State: BYTES. Sparse: 3 bytes a register that is not 0 (index low, index high, rank), sorted by index; from MAX_SPARSE on dense:
 * one byte a register.
 */
#include "functions/aggregate/state.h"
#include "types/text.h"

#include <math.h>

#define REGISTERS  16384
#define MAX_SPARSE 1024
#define ENTRY      3
#define MULTIPLIER UINT32_C(0x5bd1e995)

/* ---- Hashes ---- */

static uint32_t finish_hash(uint32_t h)
{
	h ^= h >> 13;
	h *= MULTIPLIER;
	return h ^ h >> 15;
}

static uint32_t hash_i64(uint64_t value)
{
	uint32_t k = (uint32_t)value * MULTIPLIER, h = 0;

	k ^= k >> 24;
	h ^= k * MULTIPLIER;
	k = (uint32_t)(value >> 32) * MULTIPLIER;
	k ^= k >> 24;
	h *= MULTIPLIER;
	h ^= k * MULTIPLIER;
	return finish_hash(h);
}

static uint32_t tail_byte(struct weir_slice text, size_t i)
{
	return (uint32_t)(int32_t)(signed char)text.ptr[i];
}

static uint32_t hash_text(struct weir_slice text)
{
	uint32_t h = UINT32_MAX ^ (uint32_t)text.len, k;
	size_t i = 0;

	for (; i + 4 <= text.len; i += 4) {
		const unsigned char *p = (const unsigned char *)text.ptr + i;
		k = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		k *= MULTIPLIER;
		k ^= k >> 24;
		k *= MULTIPLIER;
		h *= MULTIPLIER;
		h ^= k;
	}
	size_t rest = text.len - i;
	if (rest) {
		for (size_t j = 0; j < rest; j++)
			h ^= tail_byte(text, text.len - 1 - j) << (8 * j);
		h *= MULTIPLIER;
	}
	return finish_hash(h);
}

/* Other types by their text; BYTES count as equal when as long, and a TIME without its milliseconds. */
static uint32_t hash_by_text(const struct weir_type *type, union weir_cell cell)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_MAX_STRING_BYTES);
	if (type->kind == WEIR_KIND_BYTES) {
		weir_buf_printf(&text, "java.nio.HeapByteBuffer[pos=0 lim=%zu cap=%zu]", cell.str.len, cell.str.len);
	} else {
		if (type->kind == WEIR_KIND_TIME)
			cell.i32 -= cell.i32 % 1000;
		weir_value_print(&text, type, cell);
	}
	uint32_t hash = hash_text(weir_buf_slice(&text));
	weir_buf_fini(&text);
	return hash;
}

static uint32_t hash_of(const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_INTEGER:
		return hash_i64((uint64_t)(int64_t)cell.i32);
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_DOUBLE:
		return hash_i64((uint64_t)cell.i64);
	case WEIR_KIND_STRING:
		return hash_text(cell.str);
	default:
		return hash_by_text(type, cell);
	}
}

/* ---- Registers ---- */

static bool is_dense(struct weir_slice state)
{
	return state.len == REGISTERS;
}

static uint32_t entry_index(const char *entry)
{
	return (unsigned char)entry[0] | (uint32_t)(unsigned char)entry[1] << 8;
}

/* The place of the first entry that is not below the index. */
static size_t sparse_find(struct weir_slice state, uint32_t index)
{
	size_t low = 0, high = state.len / ENTRY;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (entry_index(state.ptr + middle * ENTRY) < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low * ENTRY;
}

static unsigned rank_at(struct weir_slice state, uint32_t index)
{
	if (is_dense(state))
		return (unsigned char)state.ptr[index];
	size_t at = sparse_find(state, index);
	return at < state.len && entry_index(state.ptr + at) == index ? (unsigned char)state.ptr[at + 2] : 0;
}

static struct weir_slice make_dense(struct weir_arena *arena, struct weir_slice state)
{
	char *registers = weir_arena_alloc_zero(arena, REGISTERS);

	if (is_dense(state))
		memcpy(registers, state.ptr, REGISTERS);
	else
		for (size_t i = 0; i + ENTRY <= state.len; i += ENTRY)
			registers[entry_index(state.ptr + i) % REGISTERS] = state.ptr[i + 2];
	return weir_slice_make(registers, REGISTERS);
}

static struct weir_slice sparse_put(struct weir_arena *arena, struct weir_slice state, uint32_t index, unsigned rank)
{
	size_t at = sparse_find(state, index);
	bool is_new = at == state.len || entry_index(state.ptr + at) != index;
	char *bytes = weir_arena_alloc(arena, state.len + ENTRY);
	size_t rest = at + (is_new ? 0 : ENTRY);

	if (at)
		memcpy(bytes, state.ptr, at);
	bytes[at] = (char)(index & 0xFF);
	bytes[at + 1] = (char)(index >> 8);
	bytes[at + 2] = (char)rank;
	if (state.len > rest)
		memcpy(bytes + at + ENTRY, state.ptr + rest, state.len - rest);
	return weir_slice_make(bytes, at + ENTRY + state.len - rest);
}

static struct weir_slice put(struct weir_arena *arena, struct weir_slice state, uint32_t index, unsigned rank)
{
	if (rank_at(state, index) >= rank)
		return state;
	if (!is_dense(state) && state.len < (size_t)MAX_SPARSE * ENTRY)
		return sparse_put(arena, state, index, rank);
	struct weir_slice dense = make_dense(arena, state);
	((char *)dense.ptr)[index] = (char)rank;
	return dense;
}

/* ---- The function ---- */

static bool types(struct weir_arena *arena, const struct weir_type *const *args, size_t count, const struct weir_value *literals,
	size_t literal_count, const struct weir_type **ret_state, const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = &weir_type_bytes;
	*ret_result = &weir_type_bigint;
	return true;
}

static void init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ .cell.str = WEIR_SLICE("") };
}

static enum weir_result add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (ARG_IS_NULL(0))
		return WEIR_VALUE;
	uint32_t hash = hash_of(call->arg_types[0], ARG(0));
	unsigned rank = (unsigned)__builtin_clz(hash << 14 | 8193) + 1;
	state->cell.str = put(call->arena, state->cell.str, hash >> 18, rank);
	return WEIR_VALUE;
}

static enum weir_result merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	struct weir_slice from = other->cell.str;

	if (is_dense(from)) {
		struct weir_slice dense = make_dense(call->arena, state->cell.str);
		for (size_t i = 0; i < REGISTERS; i++)
			if (dense.ptr[i] < from.ptr[i])
				((char *)dense.ptr)[i] = from.ptr[i];
		state->cell.str = dense;
		return WEIR_VALUE;
	}
	for (size_t i = 0; i + ENTRY <= from.len; i += ENTRY)
		state->cell.str =
			put(call->arena, state->cell.str, entry_index(from.ptr + i) % REGISTERS, (unsigned char)from.ptr[i + 2]);
	return WEIR_VALUE;
}

static enum weir_result finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	struct weir_slice bytes = state->cell.str;
	size_t step = is_dense(bytes) ? 1 : ENTRY, used = 0;
	double sum = 0;

	for (size_t i = step - 1; i < bytes.len; i += step)
		if (bytes.ptr[i]) {
			sum += ldexp(1.0, -(int)(unsigned char)bytes.ptr[i]);
			used++;
		}
	double zeros = REGISTERS - (double)used, registers = REGISTERS;
	double estimate = 0.7213 / (1 + 1.079 / registers) * registers * registers / (sum + zeros);
	if (estimate <= 2.5 * registers)
		estimate = registers * log(registers / zeros);
	*ret = (struct weir_value){ .cell.i64 = (int64_t)floor(estimate + 0.5) };
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_count_distinct = {
	.name = "COUNT_DISTINCT",
	.summary = "About how many different values there are (within a percent or two); NULLs are left out.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		.types = types,
		.init = init,
		.add = add,
		.merge = merge,
		.finish = finish } },
};
