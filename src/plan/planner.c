/* Bound query → plan: sources and joins, aggregation, projection to the result, output. */
#include "plan/build.h"

/* ---- Which cells of the from row are read at all ---- */

static void use(struct weir_planning *planning, const struct weir_expr *expr, int shift)
{
	if (expr->kind == WEIR_EXPR_COLUMN)
		planning->used[expr->index + shift] = true;
	for (size_t i = 0; i < expr->child_count; i++)
		use(planning, expr->children[i], shift);
}

static void use_list(struct weir_planning *planning, const struct weir_expr *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		use(planning, list[i], 0);
}

static void collect_used(struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;

	if (query->where)
		use(planning, query->where, 0);
	for (size_t i = 1; i < query->from_count; i++)
		use(planning, query->from[i].left_key, (int)(query->from_count - i));
	use_list(planning, query->table_calls, query->table_call_count);
	use_list(planning, query->partition_by, query->partition_by_count);
	use_list(planning, query->group_by, query->group_by_count);
	for (size_t i = 0; i < query->aggregate_count; i++)
		use_list(planning, query->aggregates[i].args, query->aggregates[i].binding.column_arg_count);
	for (size_t i = 0; !query->is_aggregate && i < query->column_count; i++)
		use(planning, query->columns[i].expr, 0);
}

static size_t from_row_count(const struct weir_bound_query *query)
{
	const struct weir_bound_from *last = &query->from[query->from_count - 1];
	size_t count = last->row->count;

	return query->from_count == 1 && last->has_pseudo_cells ? count + 3 : count;
}

/* ---- Table functions ---- */

/* The child's cells, then one for each function. */
static void add_table_functions(struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;
	const struct weir_plan_node *child = planning->node;
	size_t width = child->schema->count, count = width + query->table_call_count;
	struct weir_column *columns = WEIR_ARENA_ARRAY(planning->arena, struct weir_column, count);
	const struct weir_expr **calls = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, query->table_call_count);
	struct weir_schema *schema = WEIR_ARENA_NEW(planning->arena, struct weir_schema);

	for (size_t i = 0; i < width; i++)
		columns[i] = child->schema->columns[i];
	for (size_t i = 0; i < query->table_call_count; i++) {
		calls[i] = weir_planning_expr(planning, query->table_calls[i], 0);
		columns[width + i] =
			(struct weir_column){ .name = calls[i]->text, .type = calls[i]->type->element, .role = WEIR_COLUMN_VALUE };
		planning->map[planning->from_row_count + i] = (int)(width + i);
	}
	*schema = (struct weir_schema){ .columns = columns, .count = count, .key_count = child->schema->key_count };
	struct weir_plan_node *node = weir_planning_node(planning, WEIR_NODE_TABLE_FUNCTIONS, schema, false, child);
	node->expressions = calls;
	planning->node = node;
}

/* ---- The result ---- */

static enum weir_node_kind projection_kind(const struct weir_planning *planning)
{
	if (planning->query->key_kind == WEIR_KEY_PARTITIONED)
		return WEIR_NODE_REKEY;
	return planning->node->is_table ? WEIR_NODE_TABLE_PROJECT : WEIR_NODE_PROJECT;
}

static void add_projection(struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;
	const struct weir_expr **expressions = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, query->column_count + 1);

	for (size_t i = 0; i < query->column_count; i++)
		expressions[i] = weir_planning_expr(planning, query->columns[i].expr, 0);
	struct weir_plan_node *node = weir_planning_node(planning, projection_kind(planning),
		weir_schema_copy(planning->arena, query->schema), planning->node->is_table, planning->node);
	node->expressions = expressions;
	planning->node = node;
}

static bool make_output(struct weir_planning *planning, struct weir_plan_output *ret, struct weir_err *err)
{
	struct weir_plan_output output = {
		.kind = planning->request->is_materialize_only ? WEIR_OUTPUT_NONE : WEIR_OUTPUT_CLIENT,
		.layout = { .schema = planning->node->schema, .timestamp = { .column = -1 } },
		.is_windowed = planning->query->window.type != WEIR_WINDOW_NONE,
	};

	if (planning->request->sink) {
		output.kind = WEIR_OUTPUT_SINK;
		if (!weir_plan_source_layout(planning->arena, planning->request->sink, &output.layout, err))
			return false;
	}
	*ret = output;
	return true;
}

/* ---- The plan's head ---- */

static const int *copy_order(struct weir_arena *arena, const int *order, size_t count)
{
	int *copy = order ? WEIR_ARENA_ARRAY(arena, int, count + 1) : NULL;

	for (size_t i = 0; order && i < count; i++)
		copy[i] = order[i];
	return copy;
}

static const struct weir_slice *source_names(struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;
	struct weir_slice *names = WEIR_ARENA_ARRAY(planning->arena, struct weir_slice, query->from_count);

	for (size_t i = 0; i < query->from_count; i++)
		names[i] = weir_arena_copy(planning->arena, query->from[i].source->name);
	return names;
}

static bool is_queryable(const struct weir_planning *planning)
{
	const struct weir_plan_request *request = planning->request;

	return planning->materialization.node && (request->is_materialize_only || (request->sink && request->sink->is_table));
}

static const struct weir_plan *make_plan(struct weir_planning *planning)
{
	const struct weir_plan_request *request = planning->request;
	const struct weir_bound_query *query = planning->query;
	struct weir_plan *plan = WEIR_ARENA_NEW(planning->arena, struct weir_plan);

	*plan = (struct weir_plan){
		.query_id = weir_arena_copy(planning->arena, request->query_id),
		.statement = weir_arena_copy(planning->arena, request->statement),
		.stages = planning->stages.items,
		.stage_count = planning->stages.count,
		.schema = weir_schema_copy(planning->arena, query->schema),
		.result_order = copy_order(planning->arena, query->result_order, query->column_count),
		.result_count = query->column_count,
		.is_table = query->is_table,
		.window = query->window,
		.limit = query->limit,
		.materialization = { .stage = -1 },
		.source_names = source_names(planning),
		.source_count = query->from_count,
	};
	if (is_queryable(planning))
		plan->materialization = planning->materialization;
	if (request->sink)
		plan->sink_name = weir_arena_copy(planning->arena, request->sink->name);
	return plan;
}

bool weir_plan_query(
	struct weir_arena *arena, const struct weir_plan_request *request, const struct weir_plan **ret, struct weir_err *err)
{
	struct weir_planning planning = {
		.arena = arena,
		.request = request,
		.query = request->query,
		.materialization = { .stage = -1 },
	};
	struct weir_plan_output output;

	planning.from_row_count = from_row_count(request->query);
	size_t cells = planning.from_row_count + request->query->table_call_count;
	planning.used = WEIR_ARENA_ARRAY(arena, bool, cells + 1);
	planning.map = WEIR_ARENA_ARRAY(arena, int, cells + 1);
	for (size_t i = 0; i < cells; i++)
		planning.map[i] = -1;
	collect_used(&planning);
	if (!weir_planning_joins(&planning, err))
		return false;
	if (request->query->table_call_count)
		add_table_functions(&planning);
	if (request->query->is_aggregate && !weir_planning_aggregate(&planning, err))
		return false;
	if (!request->is_materialize_only)
		add_projection(&planning);
	if (!make_output(&planning, &output, err))
		return false;
	weir_planning_finish_stage(&planning, output);
	*ret = make_plan(&planning);
	return true;
}
