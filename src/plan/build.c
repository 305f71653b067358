/* Nodes, inputs and stages. */
#include "plan/build.h"

struct weir_plan_node *weir_planning_node(struct weir_planning *planning, enum weir_node_kind kind,
	const struct weir_schema *schema, bool is_table, const struct weir_plan_node *child)
{
	struct weir_plan_node *node = WEIR_ARENA_NEW(planning->arena, struct weir_plan_node);

	*node = (struct weir_plan_node){
		.kind = kind,
		.id = planning->next_node_id++,
		.schema = schema,
		.is_table = is_table,
		.children = { child },
		.input = -1,
	};
	if (child)
		node->window = child->window;
	return node;
}

const struct weir_expr *weir_planning_expr(struct weir_planning *planning, const struct weir_expr *expr, int shift)
{
	return weir_expr_copy(planning->arena, expr, shift, planning->map);
}

const struct weir_expr *weir_planning_column(
	struct weir_planning *planning, int index, const struct weir_type *type, struct weir_slice text)
{
	struct weir_expr *expr = WEIR_ARENA_NEW(planning->arena, struct weir_expr);

	*expr = (struct weir_expr){ .kind = WEIR_EXPR_COLUMN, .type = type, .index = index, .text = text };
	return expr;
}

const struct weir_expr *weir_planning_cell(struct weir_planning *planning, int index)
{
	const struct weir_column *column = &planning->node->schema->columns[index];

	return weir_planning_column(planning, index, column->type, column->name);
}

/* ---- Sources ---- */

static const bool *wanted_columns(
	struct weir_planning *planning, const struct weir_bound_from *from, const struct weir_topic_layout *layout)
{
	bool *wanted = WEIR_ARENA_ARRAY(planning->arena, bool, layout->schema->count + 1);

	for (size_t i = 0; i < layout->schema->count; i++)
		wanted[i] = planning->used[from->first_cell + i] || (from->source->is_table && i < layout->schema->key_count);
	if (layout->timestamp.column >= 0)
		wanted[layout->timestamp.column] = true;
	return wanted;
}

/* ROWTIME, ROWPARTITION and ROWOFFSET become cells (analyze/bound.h: has_pseudo_cells). */
static const struct weir_plan_node *add_pseudo_cells(struct weir_planning *planning, const struct weir_plan_node *source)
{
	static const char *const names[] = { "ROWTIME", "ROWPARTITION", "ROWOFFSET" };
	static const struct weir_type *const types[] = { &weir_type_bigint, &weir_type_integer, &weir_type_bigint };
	size_t columns = source->schema->count, count = columns + 3;
	struct weir_column *cells = WEIR_ARENA_ARRAY(planning->arena, struct weir_column, count);
	const struct weir_expr **expressions = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, count);
	struct weir_schema *schema = WEIR_ARENA_NEW(planning->arena, struct weir_schema);

	for (size_t i = 0; i < columns; i++) {
		cells[i] = source->schema->columns[i];
		expressions[i] = weir_planning_column(planning, (int)i, cells[i].type, cells[i].name);
	}
	for (size_t i = 0; i < 3; i++) {
		struct weir_expr *pseudo = WEIR_ARENA_NEW(planning->arena, struct weir_expr);

		*pseudo = (struct weir_expr){
			.kind = WEIR_EXPR_PSEUDO, .type = types[i], .pseudo = (enum weir_pseudo)i, .text = weir_slice_of(names[i])
		};
		cells[columns + i] = (struct weir_column){ .name = pseudo->text, .type = types[i], .role = WEIR_COLUMN_VALUE };
		expressions[columns + i] = pseudo;
	}
	*schema = (struct weir_schema){ .columns = cells, .count = count, .key_count = source->schema->key_count };
	struct weir_plan_node *node = weir_planning_node(
		planning, source->is_table ? WEIR_NODE_TABLE_PROJECT : WEIR_NODE_PROJECT, schema, source->is_table, source);
	node->expressions = expressions;
	return node;
}

const struct weir_plan_node *weir_planning_source(
	struct weir_planning *planning, size_t from_index, bool is_bootstrap, struct weir_err *err)
{
	const struct weir_bound_from *from = &planning->query->from[from_index];
	struct weir_plan_input input = {
		.kind = from->source->is_table ? WEIR_INPUT_TABLE : WEIR_INPUT_STREAM,
		.source_name = weir_arena_copy(planning->arena, from->source->name),
		.producer_stage = -1,
		.is_bootstrap = is_bootstrap,
	};

	if (!weir_plan_source_layout(planning->arena, from->source, &input.layout, err))
		return NULL;
	input.wanted = wanted_columns(planning, from, &input.layout);
	WEIR_VEC_PUSH_IN(planning->arena, &planning->inputs, input);
	struct weir_plan_node *node =
		weir_planning_node(planning, WEIR_NODE_SOURCE, input.layout.schema, from->source->is_table, NULL);
	node->input = (int)planning->inputs.count - 1;
	node->window = from->source->window;
	return from->has_pseudo_cells ? add_pseudo_cells(planning, node) : node;
}

/* ---- Stages ---- */

void weir_planning_finish_stage(struct weir_planning *planning, struct weir_plan_output output)
{
	struct weir_plan_stage stage = {
		.index = (int)planning->stages.count,
		.inputs = planning->inputs.items,
		.input_count = planning->inputs.count,
		.root = planning->node,
		.output = output,
		.partitions = planning->partitions,
	};

	WEIR_VEC_PUSH_IN(planning->arena, &planning->stages, stage);
	memset(&planning->inputs, 0, sizeof planning->inputs);
	planning->node = NULL;
}

static const bool *all_wanted(struct weir_arena *arena, size_t count)
{
	bool *wanted = WEIR_ARENA_ARRAY(arena, bool, count + 1);

	for (size_t i = 0; i < count; i++)
		wanted[i] = true;
	return wanted;
}

void weir_planning_cut(
	struct weir_planning *planning, const char *step, int32_t partitions, const struct weir_format_spec *partition_key)
{
	const struct weir_plan_node *last = planning->node;
	const struct weir_plan_request *request = planning->request;
	struct weir_plan_output output = {
		.kind = WEIR_OUTPUT_REPARTITION,
		.layout = {
			.topic = weir_arena_printf(planning->arena, "_confluent-ksql-%.*squery_%.*s-%s-repartition",
				WEIR_SLICE_ARG(request->service_id), WEIR_SLICE_ARG(request->query_id), step),
			.partitions = partitions,
			.schema = last->schema,
			.timestamp = { .column = -1 },
			.is_internal = true,
		},
		.is_windowed = last->window.type != WEIR_WINDOW_NONE,
	};
	struct weir_plan_input input = {
		.kind = last->is_table ? WEIR_INPUT_TABLE : WEIR_INPUT_STREAM,
		.layout = output.layout,
		.wanted = all_wanted(planning->arena, last->schema->count),
		.producer_stage = (int)planning->stages.count,
	};

	if (partition_key)
		output.partition_key = *partition_key;
	weir_planning_finish_stage(planning, output);
	planning->partitions = partitions;
	WEIR_VEC_PUSH_IN(planning->arena, &planning->inputs, input);
	struct weir_plan_node *source = weir_planning_node(planning, WEIR_NODE_SOURCE, last->schema, last->is_table, NULL);
	source->input = 0;
	source->window = last->window;
	planning->node = source;
}

/* ---- Small nodes ---- */

void weir_planning_filter(struct weir_planning *planning, const struct weir_expr *predicate)
{
	const struct weir_plan_node *child = planning->node;
	struct weir_plan_node *node = weir_planning_node(
		planning, child->is_table ? WEIR_NODE_TABLE_FILTER : WEIR_NODE_FILTER, child->schema, child->is_table, child);

	node->predicate = predicate;
	planning->node = node;
}

void weir_planning_materialize(struct weir_planning *planning, const char *store)
{
	const struct weir_plan_node *child = planning->node;
	struct weir_plan_node *node = weir_planning_node(planning, WEIR_NODE_MATERIALIZE, child->schema, true, child);

	node->store = weir_slice_of(store);
	planning->node = node;
	planning->materialization = (struct weir_plan_materialization){ (int)planning->stages.count, node };
}
