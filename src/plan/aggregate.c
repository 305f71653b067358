/* GROUP BY: group keys and arguments are computed where the row is read, travel to their group's partition, and are aggregated
 * there; HAVING filters the groups. */
#include "plan/build.h"

#include "types/pack.h"

/* One cell per grouping expression, then one per argument of each aggregate. */
struct group_row {
	const struct weir_expr **expressions;
	struct weir_column *columns;
	size_t count;
};

static size_t argument_count(const struct weir_bound_query *query)
{
	size_t count = 0;

	for (size_t i = 0; i < query->aggregate_count; i++)
		count += query->aggregates[i].binding.column_arg_count;
	return count;
}

static void add_cell(
	struct weir_planning *planning, struct group_row *row, const struct weir_expr *expr, enum weir_column_role role)
{
	row->expressions[row->count] = weir_planning_expr(planning, expr, 0);
	row->columns[row->count] = (struct weir_column){
		.name = row->expressions[row->count]->text,
		.type = row->expressions[row->count]->type,
		.role = role,
	};
	row->count++;
}

static struct group_row make_group_row(struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;
	size_t limit = query->group_by_count + argument_count(query) + 1;
	struct group_row row = {
		.expressions = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, limit),
		.columns = WEIR_ARENA_ARRAY(planning->arena, struct weir_column, limit),
	};

	for (size_t i = 0; i < query->group_by_count; i++)
		add_cell(planning, &row, query->group_by[i], WEIR_COLUMN_KEY);
	for (size_t i = 0; i < query->aggregate_count; i++)
		for (size_t j = 0; j < query->aggregates[i].binding.column_arg_count; j++)
			add_cell(planning, &row, query->aggregates[i].args[j], WEIR_COLUMN_VALUE);
	return row;
}

static void add_group_key(struct weir_planning *planning, const struct group_row *row)
{
	const struct weir_plan_node *child = planning->node;
	struct weir_schema *schema = WEIR_ARENA_NEW(planning->arena, struct weir_schema);

	*schema =
		(struct weir_schema){ .columns = row->columns, .count = row->count, .key_count = planning->query->group_by_count };
	struct weir_plan_node *node = weir_planning_node(
		planning, child->is_table ? WEIR_NODE_TABLE_GROUP_KEY : WEIR_NODE_GROUP_KEY, schema, child->is_table, child);
	node->expressions = row->expressions;
	planning->node = node;
}

/* Rows that lie by their group already stay where they are. */
static bool is_grouped_by_key(const struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;
	const struct weir_source *source = query->from[0].source;

	if (source->is_table)
		return false;
	if (planning->partitions == 1)
		return true;
	return query->from_count == 1 && query->group_by_count == 1 && source->schema->key_count == 1 &&
	       query->group_by[0]->kind == WEIR_EXPR_COLUMN && query->group_by[0]->index == 0;
}

/* ---- The aggregation ---- */

/* The literals are the arguments behind the columns. */
static struct weir_value *copy_literals(struct weir_arena *arena, const struct weir_bound_aggregate *aggregate)
{
	const struct weir_aggregate_binding *binding = &aggregate->binding;
	struct weir_value *copy = WEIR_ARENA_ARRAY(arena, struct weir_value, binding->literal_count + 1);

	for (size_t i = 0; i < binding->literal_count; i++) {
		const struct weir_type *type = aggregate->args[binding->column_arg_count + i]->type;

		copy[i] = binding->literals[i];
		if (!copy[i].is_null)
			copy[i].cell = weir_cell_copy(arena, type, copy[i].cell);
	}
	return copy;
}

static struct weir_plan_aggregate copy_aggregate(
	struct weir_planning *planning, const struct weir_bound_aggregate *aggregate, size_t first_cell)
{
	size_t count = aggregate->binding.column_arg_count;
	const struct weir_expr **args = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, count + 1);
	struct weir_plan_aggregate copy = {
		.function = aggregate->function,
		.binding = aggregate->binding,
		.args = args,
		.text = weir_arena_copy(planning->arena, aggregate->text),
	};

	copy.binding.state_type = weir_type_copy(planning->arena, aggregate->binding.state_type);
	copy.binding.return_type = weir_type_copy(planning->arena, aggregate->binding.return_type);
	copy.binding.literals = copy_literals(planning->arena, aggregate);
	for (size_t i = 0; i < count; i++)
		args[i] = weir_planning_cell(planning, (int)(first_cell + i));
	return copy;
}

static void add_aggregate(struct weir_planning *planning)
{
	const struct weir_bound_query *query = planning->query;
	struct weir_plan_aggregate *aggregates =
		WEIR_ARENA_ARRAY(planning->arena, struct weir_plan_aggregate, query->aggregate_count);
	size_t cell = query->group_by_count;

	for (size_t i = 0; i < query->aggregate_count; i++) {
		aggregates[i] = copy_aggregate(planning, &query->aggregates[i], cell);
		cell += query->aggregates[i].binding.column_arg_count;
	}
	struct weir_plan_node *node =
		weir_planning_node(planning, planning->node->is_table ? WEIR_NODE_TABLE_AGGREGATE : WEIR_NODE_AGGREGATE,
			weir_schema_copy(planning->arena, query->aggregate_row), true, planning->node);
	node->aggregates = aggregates;
	node->aggregate_count = query->aggregate_count;
	node->window = query->window;
	node->store = WEIR_SLICE("Aggregate-Aggregate-Materialize");
	planning->node = node;
	planning->materialization = (struct weir_plan_materialization){ (int)planning->stages.count, node };
}

bool weir_planning_aggregate(struct weir_planning *planning, struct weir_err *err)
{
	const struct weir_bound_query *query = planning->query;
	struct group_row row = make_group_row(planning);
	bool stays = is_grouped_by_key(planning);

	add_group_key(planning, &row);
	if (!stays)
		weir_planning_cut(planning, "Aggregate-GroupBy", planning->partitions, NULL);
	add_aggregate(planning);
	planning->map = NULL; /* what follows is bound to the aggregate row */
	if (query->having)
		weir_planning_filter(planning, weir_planning_expr(planning, query->having, 0));
	return true;
}
