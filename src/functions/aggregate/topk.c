/* TOPK: the k greatest values, with other columns of their rows if any are named; equal ones in the order of their arrival. */
#include "functions/aggregate/topk.h"

static bool topk_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, count);
	const struct weir_type *item = args[0];

	if (!weir_topk_check(literals, err))
		return false;
	fields[0] = (struct weir_field){ WEIR_SLICE("sort_col"), args[0] };
	for (size_t i = 1; i < count; i++) {
		if (args[i]->kind == WEIR_KIND_NULL)
			return weir_err_set(err, WEIR_E_TYPE, "A bare NULL has no type; TOPK cannot keep it");
		fields[i] = (struct weir_field){ weir_arena_printf(arena, "col%zu", i - 1), args[i] };
	}
	if (count > 1)
		item = weir_type_struct(arena, fields, count);
	*ret_state = *ret_result = weir_type_array(arena, item);
	return true;
}

static union weir_cell item_of(struct weir_aggregate_call *call)
{
	union weir_cell *cells;
	uint64_t *nulls;

	if (call->arg_count == 1)
		return ARG(0);
	struct weir_struct_value *record = weir_new_record(call->arena, call->arg_count, &cells, &nulls);
	for (size_t i = 0; i < call->arg_count; i++) {
		cells[i] = ARG(i);
		weir_null_assign(nulls, i, ARG_IS_NULL(i));
	}
	return (union weir_cell){ .record = record };
}

static enum weir_result add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!ARG_IS_NULL(0))
		weir_topk_insert(call, state, call->arg_types[0], item_of(call), call->arg_count > 1);
	return WEIR_VALUE;
}

static enum weir_result merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	weir_topk_merge(call, state, other->cell.array, call->arg_types[0], call->arg_count > 1, false);
	return WEIR_VALUE;
}

#define TOPK_OVERLOAD(kind_)                                                                                                       \
	{                                                                                                                          \
		.params = { PARAM(kind_, "col"),                                                                                   \
			{ .pattern = { .kind = WEIR_PATTERN_ANY }, .name = "others", .is_variadic = true } },                      \
		.literals = { PARAM(INTEGER, "k") }, .types = topk_types, .init = weir_state_init_list, .add = add, .merge = merge \
	}

const struct weir_aggregate_function weir_aggregate_topk = {
	.name = "TOPK",
	.summary = "The k greatest values, greatest first, with other columns of their rows if any are named.",
	.overloads = { TOPK_OVERLOAD(INTEGER), TOPK_OVERLOAD(BIGINT), TOPK_OVERLOAD(DOUBLE), TOPK_OVERLOAD(STRING) },
};
